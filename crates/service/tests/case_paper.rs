//! The papers of a case: filled from its docket, masked for who may not see personal data, journaled when they show it.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{described, officer, on, verifies};
use law::decision::Decision;
use law::docket::request::{Consulted, Delivery, Draft, Opinion, RequestEvent, Wanted as Form};
use law::letter::Letter;
use law::review::Step;
use place::{day, now, on_both, operator, units};
use service::letter::{CasePaper, Printed, Wanted};
use service::vault::Person;
use service::{Actor, Change, Error, Location, Role, Service};
use uuid::Uuid;

on_both! {
    the_registration_form_says_what_was_registered_and_masks_the_person
    the_review_sheet_has_a_box_for_each_step_of_the_chain
    a_slip_and_an_envelope_are_for_the_letters_that_go_out_together
    a_slip_to_pay_by_is_there_while_the_fee_is_awaited
    what_a_case_has_no_paper_for_is_refused
}

const NAME: &str = "欧阳样本";

fn person() -> Person {
    Person {
        name: NAME.into(),
        id_kind: "居民身份证".into(),
        id_number: "11010519491231002X".into(),
        phone: "00012345678".into(),
        address: "样本市样本路一号院二号楼三单元".into(),
        postcode: "048400".into(),
        agent_name: "代理样本".into(),
        ..Person::default()
    }
}

async fn act(service: &Service, id: Uuid, date: &str, actor: &Actor, event: RequestEvent) -> u32 {
    let version = service.request_view(&operator(now()), id).await.unwrap().version;
    let change = Change::event(day(date), event);
    service.change_request(on(date, actor), id, version, change).await.unwrap()
}

/// A request that arrived by registered mail on Monday 4 March 2024.
async fn received(service: &Service, unit: Uuid, actor: &Actor, person: Person) -> Uuid {
    let new = service::request::NewRequest {
        person: Some(person),
        wanted: Form { delivery: vec![Delivery::Post], ..Form::default() },
        channel: law::receipt::Channel::RegisteredMail,
        ..cases::request(unit, "2024-03-04")
    };
    service.receive_request(on("2024-03-04", actor), new).await.unwrap().id
}

/// Every word of a form.
fn words(printed: &Printed) -> String {
    match printed {
        Printed::Sheet(sheet) => {
            let fields = sheet.groups.iter().flat_map(|g| &g.rows).flat_map(|r| &r.boxes);
            let said = fields.map(|f| format!("{}：{}　{}", f.label, f.entry, f.foot));
            format!("{}\n{}\n{}", sheet.title, sheet.corner, said.collect::<Vec<_>>().join("\n"))
        }
        Printed::Envelope(envelope) => format!("{envelope:?}"),
    }
}

async fn paper(service: &Service, id: Uuid, actor: &Actor, paper: CasePaper) -> (String, String) {
    let view = service.case_paper(on("2024-03-20", actor), id, paper, None).await.unwrap();
    (view.name, words(&view.printed))
}

/// How often a paper with personal data was looked at.
async fn seen(service: &Service) -> usize {
    let all = service.journal(&operator(now()), 0, 10_000).await.unwrap();
    all.iter().filter(|line| line.event == "paper-viewed").count()
}

fn granted() -> RequestEvent {
    let draft = Draft {
        decision: Decision::Granted,
        facts: "经检索，本机关保存该批复".into(),
        basis: vec!["条例第三十六条第二项".into()],
        reasons: String::new(),
        disclosed: vec![],
        withheld: vec![],
        provided: "提供纸质复印件3页".into(),
        attachments: vec![],
    };
    RequestEvent::Drafted { draft, chain: Vec::new() }
}

fn passed(step: Step, opinion: &str) -> RequestEvent {
    RequestEvent::Reviewed { step, passed: true, opinion: opinion.into() }
}

async fn the_registration_form_says_what_was_registered_and_masks_the_person(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let id = received(&service, office, &clerk, person()).await;
    let (name, text) = paper(&service, id, &clerk, CasePaper::Registration).await;
    assert_eq!(name, "政府信息公开申请登记表（2024-00001）");
    for said in [
        "申请编号：2024-00001",
        NAME,
        "11010519491231002X",
        "048400",
        "代理样本",
        "☑邮寄",
        "☑自然人",
        "邮寄（签收）",
        "收到日期：2024年3月4日",
        // From Tuesday 5 March: 5 to 8, 11 to 15, 18 to 22, 25 to 29 March, Monday 1 April.
        "答复期限：2024年4月1日",
        "登记人：样本员",
    ] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    assert_eq!(seen(&service).await, 1);
    // A reviewer of secrecy takes it along without the person, and nothing is to be written down.
    let reviewer = officer(office, &[Role::SecrecyReviewer]);
    let (name, text) = paper(&service, id, &reviewer, CasePaper::Registration).await;
    assert_eq!(name, "政府信息公开申请登记表（2024-00001，个人信息已遮盖）");
    assert!(text.contains("欧***") && text.contains("1***************2X"), "{text}");
    for hidden in [NAME, "11010519491231002X", "00012345678", "样本路一号院", "代理样本"] {
        assert!(!text.contains(hidden), "{hidden} in\n{text}");
    }
    assert_eq!(seen(&service).await, 1);
    verifies(&service).await;
}

async fn the_review_sheet_has_a_box_for_each_step_of_the_chain(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let clerk = officer(office, &[Role::Officer]);
    let chain = officer(office, &[Role::SecrecyReviewer, Role::LegalReviewer, Role::Head]);
    let id = received(&service, office, &clerk, person()).await;
    act(&service, id, "2024-03-05", &clerk, RequestEvent::Searched { note: "查档案室".into() }).await;
    let party = "样本公司".to_owned();
    let sent = RequestEvent::ConsultationSent { consultation: 1, whom: Consulted::ThirdParty, party };
    act(&service, id, "2024-03-06", &clerk, sent).await;
    act(&service, id, "2024-03-07", &clerk, RequestEvent::ConsultationDelivered { consultation: 1 }).await;
    let closed = RequestEvent::ConsultationClosed { consultation: 1, opinion: Opinion::Consents };
    act(&service, id, "2024-03-08", &clerk, closed).await;
    act(&service, id, "2024-03-11", &clerk, granted()).await;
    act(&service, id, "2024-03-12", &chain, passed(Step::Secrecy, "不涉及国家秘密")).await;
    let (_, text) = paper(&service, id, &clerk, CasePaper::Review).await;
    for said in [
        "2024年3月5日检索：查档案室",
        "2024年3月6日征求样本公司意见，2024年3月8日同意公开",
        "拟作决定：予以公开",
        "《中华人民共和国政府信息公开条例》第三十六条第二项",
        "保密审查：不涉及国家秘密　样本员　2024年3月12日",
        "合法性审核：　签名：",
        "审批签发：　签名：",
    ] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    assert!(!text.contains("承办单位审核") && !text.contains("工作机构审核"), "not in this chain:\n{text}");
    // Sent back and drafted anew: what was concluded of the first draft is not that of the second.
    let back =
        RequestEvent::Reviewed { step: Step::Legality, passed: false, opinion: "请补充依据".into() };
    act(&service, id, "2024-03-13", &chain, back).await;
    let (_, text) = paper(&service, id, &clerk, CasePaper::Review).await;
    assert!(text.contains("合法性审核：退回：请补充依据"), "{text}");
    act(&service, id, "2024-03-14", &clerk, granted()).await;
    let (_, text) = paper(&service, id, &clerk, CasePaper::Review).await;
    assert!(text.contains("保密审查：　签名："), "{text}");
    verifies(&service).await;
}

async fn a_slip_and_an_envelope_are_for_the_letters_that_go_out_together(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let clerk = officer(office, &[Role::Officer]);
    let company = Person { contact: "样本联系人".into(), name: "样本公司".into(), ..person() };
    let id = received(&service, office, &clerk, company).await;
    let finish = async |date: &str, letter| {
        let wanted = Wanted { letter, n: None };
        let version = service.request_view(&operator(now()), id).await.unwrap().version;
        service.write_letter(on(date, &clerk), id, version, wanted).await.unwrap();
    };
    finish("2024-03-05", Letter::Receipt).await;
    let sent = RequestEvent::ConsultationSent {
        consultation: 1,
        whom: Consulted::ThirdParty,
        party: "样本第三方".into(),
    };
    act(&service, id, "2024-03-06", &clerk, sent).await;
    finish("2024-03-07", Letter::ConsultationNotice).await;
    let third = Wanted { letter: Letter::ThirdParty, n: Some(1) };
    let version = service.request_view(&operator(now()), id).await.unwrap().version;
    service.write_letter(on("2024-03-07", &clerk), id, version, third).await.unwrap();

    let (_, slip) = paper(&service, id, &clerk, CasePaper::Slip).await;
    let notice = Letter::ConsultationNotice.title();
    assert!(slip.contains("受送达人：样本公司") && slip.contains(notice), "{slip}");
    assert!(slip.contains("☑邮寄送达") && slip.contains("代理人：代理样本"), "{slip}");
    assert!(!slip.contains(Letter::Receipt.title()), "it went out two days before:\n{slip}");
    let (_, envelope) = paper(&service, id, &clerk, CasePaper::Envelope).await;
    for said in ["048400", "样本市样本路一号院", "样本路一号\"", "政府信息公开文书", "样公复〔2024〕"]
    {
        assert!(envelope.contains(said), "{said} in\n{envelope}");
    }
    // Of one letter, and of one to a third party, of whom the docket knows the name alone.
    let of = async |which: CasePaper, letter| {
        let view = service.case_paper(on("2024-03-20", &clerk), id, which, Some(letter)).await.unwrap();
        words(&view.printed)
    };
    let slip = of(CasePaper::Slip, Wanted { letter: Letter::Receipt, n: None }).await;
    assert!(slip.contains(Letter::Receipt.title()) && !slip.contains(notice), "{slip}");
    let slip = of(CasePaper::Slip, third).await;
    assert!(slip.contains("受送达人：样本第三方") && !slip.contains("样本路"), "{slip}");
    assert!(of(CasePaper::Envelope, third).await.contains("样本第三方"));
    assert_eq!(seen(&service).await, 5);
    verifies(&service).await;
}

async fn a_slip_to_pay_by_is_there_while_the_fee_is_awaited(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let clerk = officer(office, &[Role::Officer]);
    let id = received(&service, office, &clerk, person()).await;
    let offered = async || {
        let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
        Service::papers_of(&standing, &clerk).contains(&CasePaper::Payment)
    };
    assert!(!offered().await);
    let asked = RequestEvent::FeeNoticed { basis: law::fee::Basis::PerPage, count: 31, yuan: 10 };
    act(&service, id, "2024-03-08", &clerk, asked).await;
    assert!(offered().await);
    let (_, slip) = paper(&service, id, &clerk, CasePaper::Payment).await;
    // Twenty working days from Monday 11 March: 11 to 15, 18 to 22, 25 to 29 March, 1 to 3 April, Sunday 7 and 8 April.
    for said in [
        "缴款人：欧阳样本",
        "10元（大写：人民币壹拾元整）",
        "按量计收，共31页",
        "国办函〔2020〕109号第五条",
        "到样本窗口缴纳",
        "2024年4月8日前（含当日）缴纳",
        "视为放弃申请",
    ] {
        assert!(slip.contains(said), "{said} in\n{slip}");
    }
    act(&service, id, "2024-03-20", &clerk, RequestEvent::FeePaid).await;
    assert!(!offered().await);
    let refused = service.case_paper(on("2024-03-20", &clerk), id, CasePaper::Payment, None).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
}

async fn what_a_case_has_no_paper_for_is_refused(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let id = received(&service, office, &clerk, person()).await;
    let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
    assert_eq!(Service::papers_of(&standing, &clerk), [CasePaper::Registration]);
    for missing in [CasePaper::Review, CasePaper::Slip, CasePaper::Envelope] {
        let refused = service.case_paper(on("2024-03-20", &clerk), id, missing, None).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    }
    let receipt = Wanted { letter: Letter::Receipt, n: None };
    let unfinished = service.case_paper(on("2024-03-20", &clerk), id, CasePaper::Slip, Some(receipt)).await;
    assert!(matches!(unfinished, Err(Error::NotFound(_))), "{unfinished:?}");
    // Whoever may not see the person gets nothing that is of no use without.
    let reviewer = officer(office, &[Role::SecrecyReviewer]);
    let refused = service.case_paper(on("2024-03-20", &reviewer), id, CasePaper::Envelope, None).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let stranger = officer(Uuid::nil(), &[Role::Officer]);
    let refused = service.case_paper(on("2024-03-20", &stranger), id, CasePaper::Registration, None).await;
    assert!(refused.is_err());
    let anonymous =
        service.case_paper(on("2024-03-20", &Actor::Anonymous), id, CasePaper::Registration, None).await;
    assert!(matches!(anonymous, Err(Error::SignIn)), "{anonymous:?}");
}
