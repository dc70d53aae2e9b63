//! Import and export, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;

use law::applicant::ApplicantClass;
use law::classification::Classification;
use law::decision::Decision;
use law::docket::dispute::{Block, DisputeEvent, Outcome};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::figure::FigureEvent;
use law::docket::request::{Carrier, Consulted, Delivery, Opinion, RequestEvent, ServiceMethod, Wanted};
use law::docket::unit::UnitEvent;
use law::receipt::Channel;
use place::{another, day, now, on_both, operator, seed, units};
use service::request::NewRequest;
use service::row::{DisputeFilter, DocumentFilter, FigureFilter, RequestFilter};
use service::transfer::{ExportFormat, ImportMode, Kind};
use service::vault::Person;
use service::{Actor, Change, Context, Error, Location, Page, Role, Service};
use uuid::Uuid;

const FROM_2020: &str = "2020-03-02";

fn new_request(unit: Uuid, subject: &str) -> NewRequest {
    NewRequest {
        arrived_on: day(FROM_2020),
        channel: Channel::Counter,
        addressee: unit,
        counted_by: unit,
        class: ApplicantClass::NaturalPerson,
        subject: subject.into(),
        person: Some(Person { name: "样本甲".into(), phone: "=000".into(), ..Person::default() }),
        wanted: Wanted {
            delivery: vec![Delivery::Post, Delivery::Inspection],
            carrier: Some(Carrier::Paper),
            other_way: true,
        },
        confirmed_on: None,
    }
}

async fn happen(service: &Service, id: Uuid, changes: Vec<Change<RequestEvent>>) {
    for change in changes {
        let version = service.request_view(&operator(now()), id).await.unwrap().version;
        service.change_request(operator(now()), id, version, change).await.unwrap();
    }
}

fn on(date: &str, event: RequestEvent) -> Change<RequestEvent> {
    Change::event(day(date), event)
}

/// A store with something of every kind.
async fn fill(service: &Service) {
    let (government, office) = units(service).await;
    let event = UnitEvent::Renamed {
        name: "样本市人民政府办公室（新）".into(), short_name: "市府办".into()
    };
    service.change_unit(operator(now()), office, 1, Change::event(day("2019-01-01"), event)).await.unwrap();

    let made = |title: &str, number: &str, category| DocumentEvent::Made {
        counted_by: office.to_string(),
        maker: government.to_string(),
        category,
        title: title.into(),
        number: Some(number.into()),
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    let normative = made("=样本办法", "样政发〔2018〕1号", Category::Normative);
    let id = service.make_document(operator(now()), day("2018-05-01"), normative).await.unwrap();
    let url = Some("https://www.example.gov.cn/1.html".to_owned());
    let events = [
        ("2018-05-10", DocumentEvent::Disclosed { url }),
        ("2018-06-01", DocumentEvent::InForce),
        ("2020-07-01", DocumentEvent::Repealed { by: "样政发〔2020〕9号".into() }),
    ];
    for (n, (date, event)) in (1..).zip(events) {
        service.change_document(operator(now()), id, n, Change::event(day(date), event)).await.unwrap();
    }
    // Classified once as the columns of a table hold it, and once as they do not.
    for (n, description) in (4..).zip(["样本内容", " 样本内容"]) {
        let classified = Classification {
            subject: Some("02-01".into()),
            genre: Some("notice".into()),
            audience: "样本对象".into(),
            columns: vec!["a21-county-07".into(), "a20-11".into()],
            keywords: vec!["样本".into(), "办法".into()],
            description: description.into(),
        };
        let event = DocumentEvent::Classified(Box::new(classified));
        service
            .change_document(operator(now()), id, n, Change::event(day("2018-05-08"), event))
            .await
            .unwrap();
    }
    // The date of publication was wrong, and the document is taken down, changed and published again.
    let right = Change::replace(2, day("2018-05-09"), DocumentEvent::Disclosed { url: None }, "日期有误");
    service.change_document(operator(now()), id, 6, right).await.unwrap();
    let other = made("样本通知", "样政办发〔2020〕2号", Category::Official);
    let id = service.make_document(operator(now()), day("2020-02-01"), other).await.unwrap();
    let withdrawn =
        DocumentEvent::Withdrawn { reason: "内容有误".into(), told: String::new(), kept: String::new() };
    let changed =
        |attribute| DocumentEvent::AttributeChanged { attribute, reason: "条例第十八条".into() };
    let events = [
        ("2020-02-03", DocumentEvent::Disclosed { url: None }),
        ("2020-02-04", withdrawn),
        ("2020-02-05", changed(DisclosureAttribute::OnRequest)),
        ("2020-02-06", changed(DisclosureAttribute::Proactive)),
        ("2020-02-07", DocumentEvent::Disclosed { url: None }),
    ];
    for (n, (date, event)) in (1..).zip(events) {
        service.change_document(operator(now()), id, n, Change::event(day(date), event)).await.unwrap();
    }

    let full =
        service.receive_request(operator(now()), new_request(office, "样本，\"规划\"")).await.unwrap().id;
    let sent = RequestEvent::ConsultationSent {
        consultation: 1,
        whom: Consulted::ThirdParty,
        party: "样本公司".into(),
    };
    let extended =
        RequestEvent::Extended {
            days: 10, approved_by: "样本负责人".into(), reason: "需要检索档案".into()
        };
    let decided = RequestEvent::Decided {
        decision: Decision::GrantedInPart,
        number: "样公复〔2020〕1号".into(),
        reasons: "部分内容涉及第三方".into(),
    };
    happen(
        service,
        full,
        vec![
            on("2020-03-03", RequestEvent::Assigned { unit: office.to_string(), until: None }),
            on("2020-03-04", RequestEvent::Searched { note: "查阅档案室".into() }),
            on("2020-03-05", sent),
            on("2020-03-06", RequestEvent::ConsultationDelivered { consultation: 1 }),
            on("2020-03-12", RequestEvent::ConsultationClosed { consultation: 1, opinion: Opinion::Objects }),
            on("2020-03-20", extended),
            on("2020-04-10", decided),
            on("2020-04-13", RequestEvent::Served { method: ServiceMethod::Post, evidence: String::new() }),
            on(
                "2020-05-01",
                RequestEvent::Archived {
                    file_number: "2020-001".into(),
                    retention: Some(law::retention::Retention::Years30),
                },
            ),
        ],
    )
    .await;
    let short = NewRequest {
        channel: Channel::Internet,
        confirmed_on: Some(day("2020-03-03")),
        person: None,
        class: ApplicantClass::LegalServiceOrg,
        ..new_request(government, "样本二")
    };
    service.receive_request(operator(now()), short).await.unwrap();
    let waiting = NewRequest { channel: Channel::Fax, ..new_request(government, "样本三") };
    service.receive_request(operator(now()), waiting).await.unwrap();

    let filed = DisputeEvent::Filed {
        unit: office.to_string(),
        block: Block::Reconsideration,
        request: Some(full.to_string()),
        number: "样复〔2020〕1号".into(),
        body: "样本市上一级人民政府".into(),
    };
    let id = service.file_dispute(operator(now()), day("2020-05-06"), filed).await.unwrap();
    let accepted = Change::event(day("2020-05-08"), DisputeEvent::Accepted);
    service.change_dispute(operator(now()), id, 1, accepted).await.unwrap();
    let decided =
        DisputeEvent::Decided { outcome: Outcome::Upheld, number: "样复决〔2020〕1号".into() };
    service.change_dispute(operator(now()), id, 2, Change::event(day("2020-07-01"), decided)).await.unwrap();

    let entered = FigureEvent::Entered {
        unit: office.to_string(),
        year: 2020,
        key: "proactive.licensing.decisions".into(),
        amount: "1234".parse().unwrap(),
        measure: "件".into(),
        source: "样本审批局".into(),
        evidence: Some("来函".into()),
    };
    service.enter_figure(operator(now()), day("2021-01-10"), entered).await.unwrap();
}

/// Every row of every register, without what an import makes anew.
async fn everything(service: &Service) -> Vec<serde_json::Value> {
    let ctx = operator(now());
    let mut all = Vec::new();
    let mut add = |rows: Vec<serde_json::Value>| {
        for mut row in rows {
            let object = row.as_object_mut().unwrap();
            object.remove("version");
            if let Some(personal) = object.get_mut("personal") {
                *personal = (!personal.is_null()).into();
            }
            all.push(row);
        }
    };
    fn json<R: serde::Serialize>(rows: Vec<R>) -> Vec<serde_json::Value> {
        rows.iter().map(|r| serde_json::to_value(r).unwrap()).collect()
    }
    add(json(service.units().await.unwrap()));
    add(json(service.documents(&ctx, DocumentFilter::default(), Page::first(1000)).await.unwrap()));
    add(json(service.requests(&ctx, RequestFilter::default(), Page::first(1000)).await.unwrap()));
    add(json(service.disputes(&ctx, DisputeFilter::default(), Page::first(1000)).await.unwrap()));
    add(json(
        service.figures(&ctx, FigureFilter::default(), Page { after: None, limit: 1000 }).await.unwrap(),
    ));
    all
}

async fn what_is_exported_imports_as_the_same(service: Service, at: Location) {
    fill(&service).await;
    let before = everything(&service).await;
    let table = service.export(&operator(now()), Kind::Requests, ExportFormat::Json).await.unwrap();
    let table: serde_json::Value = serde_json::from_slice(&table).unwrap();
    let full = table.as_array().unwrap().iter().find(|r| r["申请内容"] == "样本，\"规划\"").unwrap();
    assert_eq!((&full["第三方"], &full["延期工作日数"]), (&"样本公司".into(), &"10".into()));
    assert_eq!((&full["处理结果"], &full["送达方式"]), (&"部分公开".into(), &"邮寄".into()));
    // Only what has no column is in the last one.
    assert_eq!(full["其他经过"].as_str().unwrap().matches("\"type\"").count(), 1);
    for format in ExportFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let (empty, _) = another(&at, folder.path()).await;
        for kind in Kind::ALL {
            let file = service.export(&operator(now()), kind, format).await.unwrap();
            let outcome =
                empty.import(operator(now()), kind, &file, "export", ImportMode::AllOrNothing).await.unwrap();
            assert!(
                outcome.bad.is_empty() && outcome.taken == outcome.rows && outcome.rows > 0,
                "{kind:?} {outcome:?}"
            );
            let again = empty.export(&operator(now()), kind, ExportFormat::Json).await.unwrap();
            let first = service.export(&operator(now()), kind, ExportFormat::Json).await.unwrap();
            assert_eq!(
                String::from_utf8_lossy(&again),
                String::from_utf8_lossy(&first),
                "{kind:?} as {format:?}"
            );
        }
        assert_eq!(everything(&empty).await, before, "{format:?}");
        assert_eq!(empty.verify(&operator(now()), |_, _| {}).await.unwrap().problems, Vec::<String>::new());
        empty.close().await;
    }
}

async fn a_file_taken_twice_does_nothing_twice(service: Service, at: Location) {
    fill(&service).await;
    let folder = tempfile::tempdir().unwrap();
    let (empty, _) = another(&at, folder.path()).await;
    units(&empty).await;
    let file = "受理机关,统计单位,到达日期,收到方式,申请人类别,申请内容\n\
                市政府,市政府,2020-03-02,当面提交,自然人,某文件\n\
                市政府,市政府,2020-03-02,当面提交,自然人,某文件\n";
    let import = || {
        empty.import(operator(now()), Kind::Requests, file.as_bytes(), "台账.csv", ImportMode::AllOrNothing)
    };
    let first = import().await.unwrap();
    assert_eq!((first.rows, first.taken, first.known, first.bad.len()), (2, 2, 0, 0), "{first:?}");
    let second = import().await.unwrap();
    assert_eq!((second.rows, second.taken, second.known, second.bad.len()), (2, 0, 2, 0), "{second:?}");
    let rows = empty.requests(&operator(now()), RequestFilter::default(), Page::first(10)).await.unwrap();
    let mut numbers: Vec<_> = rows.iter().filter_map(|r| r.number.as_deref()).collect();
    numbers.sort();
    assert_eq!(numbers, ["2020-00001", "2020-00002"]);

    // What was exported from a store is in it already, whatever the format.
    for kind in Kind::ALL {
        let file = service.export(&operator(now()), kind, ExportFormat::Xlsx).await.unwrap();
        let outcome =
            service.import(operator(now()), kind, &file, "x", ImportMode::AllOrNothing).await.unwrap();
        assert_eq!((outcome.taken, outcome.known), (0, outcome.rows), "{kind:?} {outcome:?}");
    }
    empty.close().await;
}

const MIXED: &str = "\
制作机关,统计单位,公文类别,标题,公开属性,成文日期,发文字号,发布日期,属性理由
市政府,市政府,其他公文,好的一行,主动公开,2020/1/2,样1号,2020年1月3日,
市政府,市政府,其他公文,日期不对,主动公开,2020-13-01,样2号,,
某某局,市政府,其他公文,没有这个机关,主动公开,2020-01-02,样3号,,
市政府,市政府,公告,类别不对,主动公开,2020-01-02,样4号,,
市政府,市政府,其他公文,理由没写,不予公开,2020-01-02,样5号,,
市政府,市政府,其他公文,发布早于成文,主动公开,2020-01-02,样6号,2019-12-31,
市政府,市政府,其他公文,文号重复,主动公开,2020-01-02,样1号,,
市政府,市政府,其他公文,还没有到,主动公开,2030-01-02,样7号,,
市政府,市政府,其他公文,又一行好的,主动公开,2020-01-02,样8号,,
市政府,市政府,其他公文,关于13800138000来电的通知,主动公开,2020-01-02,样9号,2020-01-03,
";

async fn every_bad_row_is_named(service: Service, _: Location) {
    units(&service).await;
    let import = |mode| service.import(operator(now()), Kind::Documents, MIXED.as_bytes(), "a.csv", mode);
    let count = || async {
        service.documents(&operator(now()), DocumentFilter::default(), Page::first(100)).await.unwrap().len()
    };
    let dry = import(ImportMode::DryRun).await.unwrap();
    let named: Vec<(usize, &str)> = dry.bad.iter().map(|b| (b.row, b.column.as_str())).collect();
    let expected = [
        (3, "成文日期"),
        (4, "制作机关"),
        (5, "公文类别"),
        (6, ""),
        (7, ""),
        (8, "发文字号"),
        (9, ""),
        (11, "标题"),
    ];
    assert_eq!(named, expected, "{dry:?}");
    assert!(dry.bad.iter().all(|b| !b.reason.is_empty()));
    assert_eq!((dry.rows, dry.taken, count().await), (10, 2, 0));

    let none = import(ImportMode::AllOrNothing).await.unwrap();
    assert_eq!((none.taken, &none.bad, count().await), (0, &dry.bad, 0));

    let good = import(ImportMode::TakeGood).await.unwrap();
    assert_eq!((good.taken, &good.bad, count().await), (2, &dry.bad, 2));
    let again = import(ImportMode::TakeGood).await.unwrap();
    assert_eq!((again.taken, again.known, count().await), (0, 2, 2));
    assert!(service.verify(&operator(now()), |_, _| {}).await.unwrap().problems.is_empty());
}

const CLASSIFIED: &str = "\
制作机关,统计单位,公文类别,标题,公开属性,成文日期,发布日期,主题分类,体裁,公开栏目,关键词,内容概述,其他经过
市政府,市政府,其他公文,好的一行,主动公开,2020-01-02,2020-01-03,综合政务\\政务公开,通知,财政预决算；土地征收,预算，征地,样例,
市政府,市政府,其他公文,只有大类,主动公开,2020-01-02,,综合政务,,,,,
市政府,市政府,其他公文,没有体裁,主动公开,2020-01-02,,,新闻,,,,
市政府,市政府,其他公文,没有栏目,主动公开,2020-01-02,,,,筹资筹劳,,,
市政府,市政府,其他公文,概述有号码,主动公开,2020-01-02,2020-01-03,,,,,电话13800138000,
市政府,市政府,其他公文,号码在后面,主动公开,2020-01-02,2020-01-03,,,,,,\
\"[{\"\"on\"\":\"\"2020-01-02\"\",\"\"event\"\":{\"\"type\"\":\"\"classified\"\",\"\"description\"\":\"\"电话13800138000\"\"}}]\"
市政府,市政府,其他公文,没有公开,主动公开,2020-01-02,,,,,,电话13800138000,
";

/// Labels are read as keys; what everybody would read is looked at, wherever in the row it stands.
async fn classes_come_in_by_label(service: Service, _: Location) {
    units(&service).await;
    let file = CLASSIFIED.as_bytes();
    let taken = service.import(operator(now()), Kind::Documents, file, "a.csv", ImportMode::TakeGood).await;
    let taken = taken.unwrap();
    let named: Vec<(usize, &str)> = taken.bad.iter().map(|b| (b.row, b.column.as_str())).collect();
    let expected = [(3, "主题分类"), (4, "体裁"), (5, "公开栏目"), (6, "内容概述"), (7, "其他经过")];
    assert_eq!((named.as_slice(), taken.taken), (expected.as_slice(), 2), "{taken:?}");
    let public = DocumentFilter { public: true, ..DocumentFilter::default() };
    let found = service.documents(&operator(now()), public, Page::first(100)).await.unwrap();
    let standing = service.document_view(&operator(now()), found[0].id).await.unwrap().standing.unwrap();
    let c = standing.classification;
    assert_eq!((c.subject.as_deref(), c.genre.as_deref()), (Some("02-01"), Some("notice")));
    assert_eq!(c.columns, ["a20-07", "a21-county-04"], "the county's, not the township's");
    assert_eq!(c.keywords, ["预算", "征地"]);
    assert!(service.verify(&operator(now()), |_, _| {}).await.unwrap().problems.is_empty());
}

async fn a_wrong_file_gets_one_sentence(service: Service, _: Location) {
    units(&service).await;
    let sentence = async |kind: Kind, file: &[u8]| match service
        .import(operator(now()), kind, file, "a", ImportMode::TakeGood)
        .await
    {
        Err(Error::Invalid(sentence)) => sentence,
        other => panic!("{other:?}"),
    };
    let unknown = "受理机关,统计单位,到达日期,收到方式,申请人类别,申请内容,颜色\n";
    assert!(sentence(Kind::Requests, unknown.as_bytes()).await.contains("“颜色”"));
    assert!(sentence(Kind::Requests, MIXED.as_bytes()).await.contains("“制作机关”"));
    assert!(sentence(Kind::Documents, &MIXED.as_bytes()[..400]).await.contains("不完整"));
    assert!(sentence(Kind::Documents, b"PK\x03\x04nothing").await.contains("XLSX"));
    assert!(sentence(Kind::Documents, "标题\n甲\n".as_bytes()).await.contains("缺少"));
    // Short and long rows in the middle are rows, not the file.
    let uneven = MIXED.replace("市政府,市政府,其他公文,好的一行", "市政府,其他公文,好的一行");
    let outcome = service
        .import(operator(now()), Kind::Documents, uneven.as_bytes(), "a", ImportMode::DryRun)
        .await
        .unwrap();
    assert!(outcome.bad.iter().any(|b| b.row == 2 && b.reason.contains("列")), "{outcome:?}");
}

async fn numbers_go_on_after_those_imported(service: Service, _: Location) {
    let (government, _) = units(&service).await;
    let file = "申请编号,受理机关,统计单位,到达日期,收到方式,申请人类别,申请内容\n\
                ,市政府,市政府,2020-03-03,当面提交,自然人,没有编号\n\
                2020-00007,市政府,市政府,2020-03-02,当面提交,自然人,七号\n\
                旧字第3号,市政府,市政府,2020-03-02,当面提交,自然人,旧编号\n\
                2020-00002,市政府,市政府,2020-03-02,当面提交,自然人,二号\n";
    let outcome = service
        .import(operator(now()), Kind::Requests, file.as_bytes(), "a", ImportMode::AllOrNothing)
        .await
        .unwrap();
    assert_eq!((outcome.taken, outcome.bad.len()), (4, 0), "{outcome:?}");
    let next = service.receive_request(operator(now()), new_request(government, "新的")).await.unwrap();
    assert_eq!(next.number.as_deref(), Some("2020-00009"));
    let twice = file.replace("没有编号", "还是没有编号");
    let outcome = service
        .import(operator(now()), Kind::Requests, twice.as_bytes(), "b", ImportMode::AllOrNothing)
        .await
        .unwrap();
    let named: Vec<(usize, &str)> = outcome.bad.iter().map(|b| (b.row, b.column.as_str())).collect();
    assert_eq!(named, [(3, "申请编号"), (4, "申请编号"), (5, "申请编号")]);
}

async fn a_finished_request_without_number_gets_one(service: Service, _: Location) {
    units(&service).await;
    let file = "受理机关,统计单位,到达日期,收到方式,双方确认日期,申请人类别,申请内容,答复日期,处理结果,文号,处理理由,送达日期,送达方式\n\
                市政府,市政府,2020-03-02,互联网,2020-03-04,自然人,某文件,2020-03-10,予以公开,样1号,理由,2020-03-11,邮寄\n\
                市政府,市政府,2020-03-02,传真,,自然人,尚未确认,,,,,,\n";
    let outcome = service
        .import(operator(now()), Kind::Requests, file.as_bytes(), "a", ImportMode::AllOrNothing)
        .await
        .unwrap();
    assert_eq!((outcome.taken, outcome.bad.len()), (2, 0), "{outcome:?}");
    let mut rows =
        service.requests(&operator(now()), RequestFilter::default(), Page::first(9)).await.unwrap();
    rows.sort_by_key(|r| r.finished_on);
    assert_eq!((rows[0].number.as_deref(), rows[0].received_on), (None, None));
    assert_eq!(rows[1].number.as_deref(), Some("2020-00001"));
    assert_eq!(
        (rows[1].received_on, rows[1].finished_on),
        (Some(day("2020-03-04")), Some(day("2020-03-11")))
    );
}

fn officer(unit: Option<Uuid>, role: Role) -> Context {
    let actor =
        Actor::Officer { account: Uuid::from_u128(1), name: "样本员".into(), unit, roles: vec![role] };
    Context::new(now(), actor, seed())
}

async fn nobody_takes_what_is_not_theirs(service: Service, _: Location) {
    fill(&service).await;
    let (government, office) = (
        service.find_unit("sample-gov").await.unwrap().id,
        service.find_unit("sample-office").await.unwrap().id,
    );
    let text = async |ctx: &Context, kind| {
        String::from_utf8(service.export(ctx, kind, ExportFormat::Csv).await.unwrap()).unwrap()
    };
    let all = text(&officer(None, Role::Officer), Kind::Requests).await;
    assert!(all.contains("样本甲") && all.contains("样本二"));
    assert!(all.contains("'=000"), "a telephone number that looks like a formula");
    // Who may read the registers but not the applicants gets the register without them.
    let some = text(&officer(None, Role::Supervisor), Kind::Requests).await;
    assert!(some.contains("样本二") && !some.contains("样本甲") && !some.contains("联系电话"));
    // An officer of the office sees the office.
    let own = text(&officer(Some(office), Role::Officer), Kind::Requests).await;
    assert!(own.contains("规划") && !own.contains("样本二"));

    let file = "受理机关,统计单位,到达日期,收到方式,申请人类别,申请内容\n\
                市政府,市政府,2020-03-02,当面提交,自然人,别人的\n\
                sample-office,sample-office,2020-03-02,当面提交,自然人,自己的\n";
    let ctx = officer(Some(office), Role::Officer);
    let outcome =
        service.import(ctx, Kind::Requests, file.as_bytes(), "a", ImportMode::TakeGood).await.unwrap();
    assert_eq!((outcome.taken, outcome.bad.len(), outcome.bad[0].row), (1, 1, 2), "{outcome:?}");
    for (role, kind) in
        [(Role::Officer, Kind::Units), (Role::Supervisor, Kind::Requests), (Role::Auditor, Kind::Units)]
    {
        let ctx = officer(Some(government), role);
        let refused = service.import(ctx, kind, file.as_bytes(), "a", ImportMode::DryRun).await;
        assert!(matches!(refused, Err(Error::NotAllowed(_))), "{role:?} {refused:?}");
    }

    let lines = service.journal(&officer(None, Role::Auditor), 0, 1000).await.unwrap();
    let taken: Vec<&str> = lines.iter().filter(|l| l.kind == "access").map(|l| l.event.as_str()).collect();
    assert_eq!(taken, ["initialized", "exported", "exported", "exported", "imported"]);
}

async fn units_may_come_in_any_order(service: Service, _: Location) {
    let file = "代码,名称,简称,类别,层级,上级机关,汇总机关,设立日期,撤销日期,承接机关\n\
                c,样本旧局,旧局,政府部门,县级,a,a,2010-01-01,2019-03-01,b\n\
                b,样本新局,新局,政府部门,县级,a,a,2019-03-01,,\n\
                a,样本县人民政府,县政府,人民政府,县级,,,1990-01-01,,\n";
    let outcome = service
        .import(operator(now()), Kind::Units, file.as_bytes(), "a", ImportMode::AllOrNothing)
        .await
        .unwrap();
    assert_eq!((outcome.taken, outcome.bad.len()), (3, 0), "{outcome:?}");
    let (old, new) = (service.find_unit("c").await.unwrap(), service.find_unit("新局").await.unwrap());
    assert_eq!((old.successor, old.valid_to), (Some(new.id), Some(day("2019-03-01"))));
    let twice = file.replace("样本旧局", "另一个名称");
    let outcome = service
        .import(operator(now()), Kind::Units, twice.as_bytes(), "b", ImportMode::AllOrNothing)
        .await
        .unwrap();
    assert_eq!(outcome.bad.len(), 3, "{outcome:?}");
}

on_both! {
    what_is_exported_imports_as_the_same
    a_file_taken_twice_does_nothing_twice
    every_bad_row_is_named
    classes_come_in_by_label
    a_wrong_file_gets_one_sentence
    numbers_go_on_after_those_imported
    a_finished_request_without_number_gets_one
    nobody_takes_what_is_not_theirs
    units_may_come_in_any_order
}
