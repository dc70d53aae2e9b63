//! Standard catalogues: entered and imported, published together, and what is owed under their entries, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, establish, made, morning, officer, verifies};
use law::catalogue::{Item, Limit, Tier};
use law::docket::catalogue::CatalogueEvent;
use law::docket::document::DocumentEvent;
use law::docket::unit::{Level, UnitKind};
use place::{day, now, on_both, operator, seed, units};
use service::catalogue::coverage::{Cover, FieldCover};
use service::catalogue::{Imported, ToImport};
use service::row::CatalogueEntryFilter;
use service::search::{Ask, Facet, Order};
use service::unit::NewUnit;
use service::{Change, Context, Error, Location, Page, Result, Role, Service};
use std::collections::BTreeSet;
use uuid::Uuid;

on_both! { a_catalogue_is_published_whole an_entry_says_what_is_published_under_it a_workbook_is_imported_again_and_again
a_bad_row_takes_nothing who_may_keep_a_catalogue what_is_owed_is_absent_present_late_or_stale entries_without_an_agency_are_told
as_above_is_as_the_one_above a_search_is_narrowed_by_the_field }

const FIELD: &str = "social-assistance";

fn item(first: &str, second: &str, limit: &str) -> Item {
    Item {
        first: first.into(),
        second: second.into(),
        content: "●救助对象名单".into(),
        basis: "【行政法规】《社会救助暂行办法》".into(),
        limit: limit.into(),
        body: "样本市民政局".into(),
        channels: vec!["政府网站".into()],
        everybody: true,
        proactive: true,
        tiers: BTreeSet::from([Tier::County]),
        ..Item::default()
    }
}

const PROMPT: &str = "及时公开";
const TWENTY: &str = "自信息形成或者变更之日起20个工作日内予以公开";

fn entered(kept_by: Uuid, position: u32, item: Item) -> CatalogueEvent {
    CatalogueEvent::Entered {
        kept_by: kept_by.to_string(),
        field: FIELD.into(),
        position,
        item: Box::new(item),
    }
}

async fn enter(service: &Service, kept_by: Uuid, position: u32, item: Item) -> Uuid {
    let event = entered(kept_by, position, item);
    service.enter_catalogue_entry(operator(now()), day("2020-10-15"), event).await.unwrap()
}

async fn publish(service: &Service) -> Result<usize> {
    service.publish_catalogue(operator(now()), FIELD, day("2020-10-20")).await
}

async fn township(service: &Service, code: &str, above: Uuid) -> Uuid {
    let unit = NewUnit {
        code: code.into(),
        name: format!("样本市{code}镇人民政府"),
        short_name: format!("{code}镇"),
        kind: UnitKind::Township,
        level: Level::Township,
        parent: Some(above),
        consolidates_into: Some(above),
    };
    service.establish_unit(operator(now()), day("2010-01-01"), unit).await.unwrap()
}

async fn change(service: &Service, id: Uuid, date: &str, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(date), event)).await
}

/// A public document of a unit under these entries.
async fn under(service: &Service, unit: Uuid, made_on: &str, published_on: &str, entries: &[Uuid]) -> Uuid {
    let title = format!("样本{made_on}{published_on}{entries:?}");
    let id = service.make_document(operator(now()), day(made_on), made(unit, &title)).await.unwrap();
    let entries = entries.iter().map(Uuid::to_string).collect();
    change(service, id, made_on, DocumentEvent::Catalogued { entries }).await.unwrap();
    change(service, id, published_on, DocumentEvent::Disclosed { url: None }).await.unwrap();
    id
}

async fn a_catalogue_is_published_whole(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    assert!(matches!(service.public_catalogue(FIELD, None).await, Err(Error::NotFound(_))));
    let both =
        Item { tiers: BTreeSet::from([Tier::County, Tier::Township]), ..item("综合业务", "", PROMPT) };
    let second = enter(&service, office, 2, item("临时救助", "名单", PROMPT)).await;
    let first = enter(&service, office, 1, both).await;
    assert!(service.public_catalogues().await.unwrap().is_empty(), "entered is not published");
    assert!(service.public_catalogue_entry(first, None).await.is_err());
    assert_eq!(publish(&service).await.unwrap(), 2);
    assert_eq!(codes(publish(&service).await), ["nothing-to-publish"]);
    let lines = service.public_catalogues().await.unwrap();
    assert_eq!((lines.len(), lines[0].tiers, lines[0].updated_on), (1, [2, 1, 0], day("2020-10-20")));
    let ids = |c: service::catalogue::CatalogueOf| c.entries.into_iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!(ids(service.public_catalogue(FIELD, None).await.unwrap()), [first, second], "by 序号");
    assert_eq!(ids(service.public_catalogue(FIELD, Some(Tier::Township)).await.unwrap()), [first]);
    // A changed entry is changed in public; a withdrawn one is nowhere.
    let named = Item { field_name: "低保".into(), ..item("综合业务", "", "实时公开") };
    let event = CatalogueEvent::Changed { position: 1, item: Box::new(named) };
    let changed = Change::event(day("2020-11-01"), event);
    service.change_catalogue_entry(operator(now()), first, 2, changed).await.unwrap();
    let line = service.public_catalogues().await.unwrap().remove(0);
    assert_eq!((line.name.as_str(), line.updated_on), ("低保", day("2020-11-01")));
    let gone = Change::event(day("2020-11-02"), CatalogueEvent::Withdrawn { reason: "事项取消".into() });
    service.change_catalogue_entry(operator(now()), second, 2, gone).await.unwrap();
    assert_eq!(ids(service.public_catalogue(FIELD, None).await.unwrap()), [first]);
    assert!(service.public_catalogue_entry(second, None).await.is_err());
    let (name, bytes) = service.public_catalogue_sheet(FIELD, None).await.unwrap();
    assert!(name.ends_with("低保领域基层政务公开标准目录") && bytes.starts_with(b"PK"), "{name}");
    verifies(&service).await;
}

async fn an_entry_says_what_is_published_under_it(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let entry = enter(&service, office, 1, item("综合业务", "", PROMPT)).await;
    let other = enter(&service, office, 2, item("临时救助", "", PROMPT)).await;
    publish(&service).await.unwrap();
    let id = under(&service, office, "2020-11-02", "2020-11-03", &[entry]).await;
    let later = under(&service, office, "2020-11-02", "2020-11-04", &[entry, other]).await;
    let listed =
        |page: service::catalogue::CataloguePage| page.documents.iter().map(|d| d.id).collect::<Vec<_>>();
    let page = service.public_catalogue_entry(entry, None).await.unwrap();
    assert_eq!(page.entry.published, 2);
    assert_eq!(listed(page), [later, id], "the latest first");
    let after = Some((day("2020-11-04"), later));
    assert_eq!(listed(service.public_catalogue_entry(entry, after).await.unwrap()), [id]);
    let counts = service.public_catalogue(FIELD, None).await.unwrap().entries;
    assert_eq!(counts.iter().map(|e| e.published).collect::<Vec<_>>(), [2, 1]);
    // Taken down, it is under no entry; named anew, it is only under what is named.
    let withdrawn =
        DocumentEvent::Withdrawn { reason: "内容有误".into(), told: String::new(), kept: String::new() };
    change(&service, id, "2020-11-05", withdrawn).await.unwrap();
    change(&service, later, "2020-11-05", DocumentEvent::Catalogued { entries: vec![other.to_string()] })
        .await
        .unwrap();
    let page = service.public_catalogue_entry(entry, None).await.unwrap();
    assert_eq!((page.entry.published, listed(page)), (0, vec![]));
    verifies(&service).await;
    // What is withdrawn or unknown is named by nobody.
    let gone = Change::event(day("2020-11-06"), CatalogueEvent::Withdrawn { reason: "事项取消".into() });
    service.change_catalogue_entry(operator(now()), entry, 2, gone).await.unwrap();
    for name in
        [entry.to_string(), Uuid::from_bytes(seed()[..16].try_into().unwrap()).to_string(), "一".into()]
    {
        let event = DocumentEvent::Catalogued { entries: vec![name] };
        assert_eq!(codes(change(&service, later, "2020-11-06", event).await), ["entry-unknown"]);
    }
}

fn to_import(kept_by: Uuid, on: &str, dry: bool) -> ToImport {
    ToImport { on: day(on), kept_by, field: None, tiers: BTreeSet::new(), dry }
}

async fn import(service: &Service, file: &[u8], to: ToImport) -> Imported {
    service.import_catalogue(operator(now()), file.to_vec(), to).await.unwrap()
}

async fn a_workbook_is_imported_again_and_again(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let civil = establish(&service, "civil", Some(government)).await;
    let body = |text: &str| Item { body: text.into(), ..item("综合业务", "政策法规文件", PROMPT) };
    let kept = enter(&service, office, 1, body("civil局、乡镇人民政府")).await;
    enter(&service, office, 2, item("综合业务", "监督检查", PROMPT)).await;
    publish(&service).await.unwrap();
    let (_, first) = service.public_catalogue_sheet(FIELD, None).await.unwrap();
    // What was written is as it was.
    let same = Imported { rows: 2, same: 2, ..Imported::default() };
    assert_eq!(import(&service, &first, to_import(office, "2020-11-01", false)).await, same);
    // One goes, one is changed: the file of the second state is imported over the first.
    let event = CatalogueEvent::Changed {
        position: 2,
        item: Box::new(item("综合业务", "监督检查", "实时公开")),
    };
    let rows =
        service.catalogue_entries(&operator(now()), FIELD, CatalogueEntryFilter::default(), page()).await;
    let second = rows.unwrap()[1].id;
    service
        .change_catalogue_entry(operator(now()), second, 2, Change::event(day("2020-11-02"), event))
        .await
        .unwrap();
    let changed = Imported { rows: 2, changed: 1, same: 1, ..Imported::default() };
    assert_eq!(import(&service, &first, to_import(office, "2020-11-03", true)).await, changed, "tried");
    assert_eq!(
        import(&service, &first, to_import(office, "2020-11-03", true)).await,
        changed,
        "and nothing was kept"
    );
    assert_eq!(import(&service, &first, to_import(office, "2020-11-03", false)).await, changed);
    let gone = Change::event(day("2020-11-04"), CatalogueEvent::Withdrawn { reason: "事项取消".into() });
    service.change_catalogue_entry(operator(now()), kept, 2, gone).await.unwrap();
    // What is withdrawn is entered anew, with the agencies whose names its 公开主体 has.
    let anew = Imported { rows: 2, new: 1, same: 1, ..Imported::default() };
    assert_eq!(import(&service, &first, to_import(office, "2020-11-05", false)).await, anew);
    let rows =
        service.catalogue_entries(&operator(now()), FIELD, CatalogueEntryFilter::default(), page()).await;
    let found = rows.unwrap().into_iter().find(|r| r.stage == "entered").unwrap();
    assert_eq!(service::catalogue::item_of(&found).unwrap().units, [civil.to_string()]);
    // What the file does not name is told and left.
    enter(&service, office, 3, item("临时救助", "", PROMPT)).await;
    let left = import(&service, &first, to_import(office, "2020-11-06", false)).await;
    assert_eq!(left.left, [(FIELD.to_owned(), "临时救助".to_owned())]);
    verifies(&service).await;
}

fn page() -> Page<u32> {
    Page { after: None, limit: 100 }
}

/// A workbook whose rows have these 公开时限.
fn workbook(limits: &[&str]) -> Vec<u8> {
    let headings = [
        "一级事项",
        "公开内容",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开渠道和载体",
        "全社会",
        "主动",
        "依申请",
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("社会救助").unwrap();
    for (at, text) in (0..).zip(headings) {
        sheet.write(0, at, text).unwrap();
    }
    for (row, limit) in (1..).zip(limits) {
        let first = format!("事项{row}");
        let cells = [&first, "名单", "《社会救助暂行办法》", limit, "民政部门", "■政府网站", "√", "√", ""];
        for (at, text) in (0..).zip(cells) {
            sheet.write(row, at, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

async fn a_bad_row_takes_nothing(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let both = BTreeSet::from([Tier::County, Tier::Township]);
    let to = |tiers: &BTreeSet<Tier>, on| ToImport { tiers: tiers.clone(), ..to_import(office, on, false) };
    let file = workbook(&[PROMPT, "", PROMPT]);
    let tried = import(&service, &file, to(&both, "2020-11-01")).await;
    let said: Vec<_> = tried.bad.iter().map(|b| (b.row, b.column.as_str(), b.reason.as_str())).collect();
    assert_eq!(said, [(3, "社会救助", "请填写公开时限")]);
    // The sheet has no 公开层级: it is asked for.
    let without = import(&service, &workbook(&[PROMPT]), to(&BTreeSet::new(), "2020-11-01")).await;
    assert_eq!(without.bad[0].reason, "请选择公开层级");
    let tomorrow =
        service.import_catalogue(operator(now()), workbook(&[PROMPT]), to(&both, "2021-03-02")).await;
    assert_eq!(codes(tomorrow), ["future-date"]);
    let kept =
        service.catalogue_entries(&operator(now()), FIELD, CatalogueEntryFilter::default(), page()).await;
    assert!(kept.unwrap().is_empty());
    let whole = import(&service, &workbook(&[PROMPT, TWENTY]), to(&both, "2020-11-01")).await;
    assert_eq!((whole.rows, whole.new, whole.bad.len()), (2, 2, 0));
}

async fn who_may_keep_a_catalogue(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let civil = establish(&service, "civil", Some(government)).await;
    let clerk = officer(civil, &[Role::Officer]);
    let own = entered(civil, 1, item("综合业务", "", PROMPT));
    let id = service.enter_catalogue_entry(by(&clerk), day("2020-10-15"), own).await.unwrap();
    let others = entered(office, 2, item("临时救助", "", PROMPT));
    let no = service.enter_catalogue_entry(by(&clerk), day("2020-10-15"), others).await;
    assert!(matches!(no, Err(Error::NotAllowed(_))), "{no:?}");
    let of_office = enter(&service, office, 2, item("临时救助", "", PROMPT)).await;
    let rows =
        service.catalogue_entries(&by(&clerk), FIELD, CatalogueEntryFilter::default(), page()).await.unwrap();
    assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [id]);
    assert!(service.catalogue_entry_view(&by(&clerk), of_office).await.is_err());
    let published = service.publish_catalogue(by(&clerk), FIELD, day("2020-10-20")).await.unwrap();
    assert_eq!(published, 1, "only its own");
    let reader = officer(civil, &[Role::Supervisor]);
    let no = service.publish_catalogue(by(&reader), FIELD, day("2020-10-20")).await;
    assert!(matches!(no, Err(Error::NotAllowed(_))), "{no:?}");
}

async fn coverage(service: &Service, date: &str) -> FieldCover {
    let ctx = Context::new(morning(date), operator(now()).actor, seed());
    service.catalogue_coverage(&ctx, Some(FIELD)).await.unwrap().remove(0)
}

fn covers(of: &FieldCover, line: usize) -> Vec<Cover> {
    of.lines[line].owed.iter().map(|o| o.cover).collect()
}

async fn what_is_owed_is_absent_present_late_or_stale(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let civil = establish(&service, "civil", Some(government)).await;
    let (east, north) =
        (township(&service, "east", government).await, township(&service, "north", government).await);
    let of = |limit: &str, tiers: &[Tier]| Item {
        units: vec![civil.to_string()],
        tiers: tiers.iter().copied().collect(),
        ..item("综合业务", limit, limit)
    };
    let in_days = enter(&service, office, 1, of(TWENTY, &[Tier::County, Tier::Township])).await;
    let monthly = enter(&service, office, 2, of("每月10日前公开", &[Tier::County])).await;
    let asked = Item { proactive: false, on_request: true, ..of(PROMPT, &[Tier::County]) };
    enter(&service, office, 3, asked).await;
    publish(&service).await.unwrap();
    let all = coverage(&service, "2021-03-01").await;
    assert_eq!(all.lines.len(), 2, "what is given on request is owed to nobody in advance");
    assert_eq!(covers(&all, 0), [Cover::Absent; 3]);
    assert_eq!(all.counts(), (4, [4, 0, 0, 0]));
    // Made on 30 December 2020, it is due on 28 January 2021 (1 to 3 January are holidays): the day, and the day after.
    under(&service, civil, "2020-12-30", "2021-01-28", &[in_days]).await;
    under(&service, east, "2020-12-30", "2021-01-29", &[in_days]).await;
    under(&service, office, "2020-12-30", "2020-12-31", &[in_days]).await;
    let line = &coverage(&service, "2021-03-01").await.lines[0];
    let of_unit = |unit: Uuid| line.owed.iter().find(|o| o.unit == unit).unwrap();
    assert_eq!((of_unit(civil).cover, of_unit(civil).until), (Cover::Present, Some(day("2021-01-28"))));
    assert_eq!(of_unit(east).cover, Cover::Late);
    assert_eq!(of_unit(north).cover, Cover::Absent, "what another agency publishes does not count");
    // A later one in time mends it.
    under(&service, east, "2021-02-01", "2021-02-02", &[in_days]).await;
    let line = &coverage(&service, "2021-03-01").await.lines[0];
    let found = line.owed.iter().find(|o| o.unit == east).unwrap();
    assert_eq!((found.cover, found.count), (Cover::Present, 2));
    // Anew every month: the last day, and the day after.
    under(&service, civil, "2021-01-31", "2021-01-31", &[monthly]).await;
    assert_eq!(covers(&coverage(&service, "2021-02-28").await, 1), [Cover::Present]);
    assert_eq!(covers(&coverage(&service, "2021-03-01").await, 1), [Cover::Stale]);
    // An officer sees what the own agency owes.
    let clerk = officer(civil, &[Role::Officer]);
    let own = service.catalogue_coverage(&by(&clerk), None).await.unwrap().remove(0);
    assert!(own.lines.iter().flat_map(|l| &l.owed).all(|o| o.unit == civil));
    verifies(&service).await;
}

async fn entries_without_an_agency_are_told(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    enter(&service, office, 1, item("综合业务", "", PROMPT)).await;
    publish(&service).await.unwrap();
    let all = coverage(&service, "2021-03-01").await;
    assert_eq!((all.unassigned(), all.counts().0), (1, 0));
    let nobody = Item { units: vec!["样本市民政局".into()], ..item("临时救助", "", PROMPT) };
    let no =
        service.enter_catalogue_entry(operator(now()), day("2020-10-15"), entered(office, 2, nobody)).await;
    assert!(matches!(no, Err(Error::Invalid(_))), "{no:?}");
}

async fn as_above_is_as_the_one_above(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    for (n, limit) in (1..).zip(["每年更新", "同上", PROMPT, "同上"]) {
        enter(&service, office, n, item("综合业务", &format!("第{n}项"), limit)).await;
    }
    publish(&service).await.unwrap();
    let limits: Vec<Limit> = coverage(&service, "2021-03-01").await.lines.iter().map(|l| l.limit).collect();
    assert_eq!(limits, [Limit::Every(12), Limit::Every(12), Limit::Promptly, Limit::Promptly]);
}

async fn a_search_is_narrowed_by_the_field(service: Service, _: Location) {
    let (folder, (_, office)) = (tempfile::tempdir().unwrap(), units(&service).await);
    let started = |name: &str| service.clone().with_search(folder.path().join(name));
    let service = started("one");
    // What the field narrows to, and how many documents the page says have it.
    let found = async |service: &Service| {
        let filters = vec![(Facet::Field, "社会救助".to_owned())];
        let ask = Ask { text: "样本".into(), filters, order: Order::Newest, ..Ask::default() };
        let found = service.search_public(&ask, day("2021-03-01")).await.unwrap();
        let counted = found.facets.iter().find(|(facet, _)| *facet == Facet::Field).unwrap();
        let counted: Vec<_> = counted.1.iter().map(|v| (v.label.clone(), v.count)).collect();
        (found.items.iter().map(|i| i.id).collect::<Vec<_>>(), counted)
    };
    let entry = enter(&service, office, 1, item("临时救助", "名单", PROMPT)).await;
    let other = enter(&service, office, 2, item("医疗救助", "", PROMPT)).await;
    let document = under(&service, office, "2020-11-02", "2020-11-03", &[entry, other]).await;
    let beside = under(&service, office, "2020-11-04", "2020-11-05", &[entry]).await;
    assert_eq!(found(&service).await, (vec![], vec![]), "the entry is not published");
    publish(&service).await.unwrap();
    let both = (vec![beside, document], vec![("社会救助".to_owned(), 2)]);
    assert_eq!(found(&service).await, both, "two entries of a field are one field");
    change(&service, beside, "2020-11-07", DocumentEvent::Catalogued { entries: vec![] }).await.unwrap();
    let one = (vec![document], vec![("社会救助".to_owned(), 1)]);
    assert_eq!(found(&service).await, one);
    assert_eq!(found(&started("two")).await, one, "so says an index that is built anew");
    for (id, still) in [(entry, &one), (other, &(vec![], vec![]))] {
        let version = service.catalogue_entry_view(&operator(now()), id).await.unwrap().version;
        let event = CatalogueEvent::Withdrawn { reason: "样例".into() };
        let change = Change::event(day("2021-02-01"), event);
        service.change_catalogue_entry(operator(now()), id, version, change).await.unwrap();
        assert_eq!(&found(&service).await, still);
    }
    assert_eq!(found(&started("three")).await, (vec![], vec![]));
    verifies(&service).await;
}
