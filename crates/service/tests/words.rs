//! The lists of words a unit keeps, and what they stop from becoming public, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, made, officer, verifies};
use law::docket::document::DocumentEvent;
use law::word_list::ListKind;
use place::{day, now, on_both, operator, units};
use service::document::AtAddress;
use service::words::Lists;
use service::{Change, Error, Location, Result, Role, Service};
use uuid::Uuid;

on_both! { wrong_words_stop_a_document_until_a_person_answers_for_them
lists_of_units_above_apply_and_words_may_be_let_through lists_are_versioned_and_belong_to_their_unit
an_old_name_is_right_in_an_old_document }

fn lists(kind: ListKind, lines: &str) -> Lists {
    Lists::default().with(kind, lines)
}

async fn document(service: &Service, office: Uuid, title: &str, on: &str) -> Uuid {
    service.make_document(operator(now()), day(on), made(office, title)).await.unwrap()
}

async fn disclose(service: &Service, document: Uuid) -> Result<u32> {
    let version = service.document_view(&operator(now()), document).await.unwrap().version;
    let change = Change::event(day("2021-03-01"), DocumentEvent::Disclosed { url: None });
    service.change_document(operator(now()), document, version, change).await
}

async fn found(service: &Service, document: Uuid) -> Vec<(String, String, String, String)> {
    let found = service.check_document(&operator(now()), document).await.unwrap();
    found.into_iter().map(|f| (f.what, f.place, f.text, f.hint)).collect()
}

fn four(what: &str, place: &str, text: &str, hint: &str) -> (String, String, String, String) {
    (what.into(), place.into(), text.into(), hint.into())
}

async fn wrong_words_stop_a_document_until_a_person_answers_for_them(service: Service, at: Location) {
    let files = tempfile::tempdir().unwrap();
    let service = match at {
        Location::Folder(_) => service,
        Location::Postgres(_) => service.with_files(files.path()),
    };
    let office = units(&service).await.1;
    let own = lists(ListKind::Leader, "王明远　市长").with(ListKind::Sensitive, "残废人 → 残疾人");
    service.save_word_lists(operator(now()), office, 0, own).await.unwrap();
    let id = document(&service, office, "关于布署残废人工作的通知", "2021-02-01").await;
    service.write_body(operator(now()), id, None, "第一段。\n\n副市长王明远主持会议。").await.unwrap();
    assert_eq!(
        found(&service, id).await,
        [
            four("错别字", "标题", "布署", "建议改为“部署”"),
            four("敏感词", "标题", "残废人", "建议改为“残疾人”"),
            four("不正确的领导姓名或者职务", "正文第2段", "副市长王明远", "词表中王明远为市长"),
        ]
    );
    let refused = disclose(&service, id).await;
    let Err(Error::Refused(no)) = &refused else { panic!("{refused:?}") };
    assert_eq!(
        no[2].text,
        "正文第2段有不正确的领导姓名或者职务“副市长王明远”，请修改（词表中王明远为市长），或者在“公开前检查”中说明可以公开的理由"
    );
    assert!(matches!(service.public_document(id).await, Err(Error::NotFound(_))), "nothing is public");
    for finding in service.check_document(&operator(now()), id).await.unwrap() {
        let version = service.document_view(&operator(now()), id).await.unwrap().version;
        let said = (finding.key.as_str(), "原文如此");
        service.settle_finding(operator(now()), id, version, said).await.unwrap();
    }
    disclose(&service, id).await.unwrap();
    assert!(matches!(service.public_document(id).await, Ok(AtAddress::Public(_))));
    verifies(&service).await;
}

async fn lists_of_units_above_apply_and_words_may_be_let_through(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let sensitive = lists(ListKind::Sensitive, "试用词语");
    service.save_word_lists(operator(now()), government, 0, sensitive).await.unwrap();
    let below = document(&service, office, "试用词语和截止目前", "2021-02-01").await;
    assert_eq!(found(&service, below).await.len(), 2);
    let view = service.word_lists(&operator(now()), office).await.unwrap();
    assert_eq!((view.version, view.above), (0, vec![(government, 1)]));
    let allowed = lists(ListKind::Allowed, "截止目前\n试用词语");
    service.save_word_lists(operator(now()), office, 0, allowed).await.unwrap();
    assert!(found(&service, below).await.is_empty());
    disclose(&service, below).await.unwrap();
    // What a unit lets through it does not let through for the unit above.
    let above = document(&service, government, "试用词语", "2021-02-01").await;
    assert_eq!(found(&service, above).await.len(), 1);
}

async fn lists_are_versioned_and_belong_to_their_unit(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer, Role::UnitHead]);
    let save = |unit, seen, own: Lists| service.save_word_lists(by(&clerk), unit, seen, own);
    assert_eq!(save(office, 0, lists(ListKind::Typo, "做为 → 作为")).await.unwrap(), 1);
    let unseen = save(office, 0, lists(ListKind::Typo, "叫作 → 叫做")).await;
    assert!(matches!(unseen, Err(Error::Conflict(_))), "{unseen:?}");
    assert_eq!(save(office, 1, lists(ListKind::Typo, "叫作 → 叫做")).await.unwrap(), 2);
    assert_eq!(codes(save(office, 2, lists(ListKind::Typo, "叫作")).await), ["words-typo"]);
    let view = service.word_lists(&by(&clerk), office).await.unwrap();
    assert_eq!((view.lists.of(ListKind::Typo), view.version), ("叫作 → 叫做", 2));
    assert_eq!(view.saved.unwrap().0, day("2021-03-01"));
    assert_eq!(save(office, 2, Lists::default()).await.unwrap(), 0);
    assert!(service.word_lists(&by(&clerk), office).await.unwrap().saved.is_none());
    // A number that was given is not given again.
    assert_eq!(save(office, 0, lists(ListKind::Typo, "做为 → 作为")).await.unwrap(), 3);
    let other = save(government, 0, lists(ListKind::Typo, "做为 → 作为")).await;
    assert!(matches!(other, Err(Error::NotAllowed(_))), "{other:?}");
    let reader = officer(office, &[Role::Supervisor]);
    let denied = service.save_word_lists(by(&reader), office, 3, Lists::default()).await;
    assert!(matches!(denied, Err(Error::NotAllowed(_))), "{denied:?}");
}

async fn an_old_name_is_right_in_an_old_document(service: Service, _: Location) {
    let office = units(&service).await.1;
    let title = "转发市国土资源局文件的通知";
    let old = document(&service, office, title, "2019-03-31").await;
    assert!(found(&service, old).await.is_empty());
    let new = document(&service, office, title, "2019-04-01").await;
    assert_eq!(
        found(&service, new).await,
        [four("不正确的机构名称", "标题", "国土资源局", "建议改为“自然资源局”")]
    );
}
