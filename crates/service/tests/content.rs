//! The text and the attachments of documents, and the check before they are public, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, made, officer, verifies};
use law::docket::document::{DisclosureAttribute, DocumentEvent};
use law::docket::file::{FileEvent, FileRole};
use place::{day, now, on_both, operator, units};
use service::document::{AtAddress, AtFile, PublicDocument};
use service::file::Upload;
use service::{Change, Error, Location, Result, Role, Service};
use std::path::Path;
use uuid::Uuid;

on_both! { text_and_attachments_are_public_with_their_document what_is_found_is_settled_by_a_person
what_comes_later_is_checked_and_made_public_by_itself a_replaced_text_is_gone_or_stays_until_the_next_is_public
a_title_is_checked_too many_findings_are_all_settled_before_anything_is_public
another_day_of_publication_publishes_nothing_else what_the_page_says_is_checked
the_name_of_a_file_stands_in_no_docket_and_is_erased_with_it files_that_nothing_can_read_must_be_looked_at reach_is_that_of_the_document
hostile_files_do_not_come_in }

const MOBILE: &str = "13800138000";

fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

async fn document(service: &Service, title: &str) -> Uuid {
    let office = match service.find_unit("sample-office").await {
        Ok(office) => office.id,
        Err(_) => units(service).await.1,
    };
    service.make_document(operator(now()), day("2021-02-01"), made(office, title)).await.unwrap()
}

fn file(service: &Service, name: &str, content: &[u8]) -> Upload {
    let mut upload = service.upload(FileRole::Annex, name);
    upload.push(content);
    upload
}

async fn annex(service: &Service, document: Uuid, name: &str, content: &[u8]) -> Uuid {
    service.add_annex(operator(now()), document, file(service, name, content)).await.unwrap()
}

async fn write(service: &Service, document: Uuid, text: &str) -> Uuid {
    let over = service.document_body(&operator(now()), document).await.unwrap().map(|(id, _)| id);
    service.write_body(operator(now()), document, over, text).await.unwrap()
}

async fn version(service: &Service, document: Uuid) -> u32 {
    service.document_view(&operator(now()), document).await.unwrap().version
}

async fn record(service: &Service, document: Uuid, on: &str, event: DocumentEvent) -> Result<u32> {
    let version = version(service, document).await;
    service.change_document(operator(now()), document, version, Change::event(day(on), event)).await
}

async fn disclose(service: &Service, document: Uuid) -> Result<u32> {
    record(service, document, "2021-02-02", DocumentEvent::Disclosed { url: None }).await
}

async fn change_file(service: &Service, document: Uuid, id: Uuid, event: FileEvent) -> Result<u32> {
    let files = service.document_files(&operator(now()), document).await.unwrap();
    let version = files.iter().find(|f| f.id == id).unwrap().version;
    service.change_document_file(operator(now()), (document, id), version, event).await
}

/// Settles everything the check finds.
async fn settle(service: &Service, document: Uuid) {
    for finding in service.check_document(&operator(now()), document).await.unwrap() {
        if !finding.settled {
            let version = version(service, document).await;
            let said = (finding.key.as_str(), "属于办公电话");
            service.settle_finding(operator(now()), document, version, said).await.unwrap();
        }
    }
}

async fn shown(service: &Service, document: Uuid) -> PublicDocument {
    match service.public_document(document).await.unwrap() {
        AtAddress::Public(document) => *document,
        AtAddress::Withdrawn { .. } => panic!("taken down"),
    }
}

fn is_nowhere<T: std::fmt::Debug>(found: Result<T>) -> bool {
    matches!(found, Err(Error::NotFound(_)))
}

async fn text_and_attachments_are_public_with_their_document(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    write(&service, id, "一、总体要求\r\n做好工作。\n").await;
    let table = annex(&service, id, "任务分解表.csv", "序号,任务\n1,计划\n".as_bytes()).await;
    assert!(
        is_nowhere(service.public_document(id).await) && is_nowhere(service.public_file(id, table).await)
    );
    disclose(&service, id).await.unwrap();
    let public = shown(&service, id).await;
    assert_eq!(public.body.as_deref(), Some("一、总体要求\n做好工作。"));
    assert_eq!(public.annexes.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["任务分解表.csv"]);
    let AtFile::Public(opened) = service.public_file(id, table).await.unwrap() else { panic!("not public") };
    assert_eq!(opened.content, "序号,任务\n1,计划\n".as_bytes());
    let other = document(&service, "样本通知").await;
    assert!(is_nowhere(service.public_file(other, table).await), "under the address of another document");
    let body = service.document_files(&operator(now()), id).await.unwrap()[0].id;
    assert!(is_nowhere(service.public_file(id, body).await), "the text is on the page, not a file");

    // The attachment is taken down, its address stays.
    change_file(&service, id, table, FileEvent::Withdrawn { reason: "数据有误".into() }).await.unwrap();
    assert!(shown(&service, id).await.annexes.is_empty());
    assert!(matches!(service.public_file(id, table).await.unwrap(), AtFile::Withdrawn { .. }));
    change_file(&service, id, table, FileEvent::Published).await.unwrap();
    assert_eq!(shown(&service, id).await.annexes.len(), 1);
    // And with the whole document.
    let down = DocumentEvent::Withdrawn { reason: "核对".into(), told: String::new(), kept: String::new() };
    record(&service, id, "2021-03-01", down).await.unwrap();
    assert!(matches!(service.public_file(id, table).await.unwrap(), AtFile::Withdrawn { .. }));
    verifies(&service).await;
}

async fn what_is_found_is_settled_by_a_person(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    write(&service, id, &format!("第一段。\n联系电话：{MOBILE}。\n")).await;
    annex(&service, id, "名单.csv", format!("姓名,电话\n某甲,{MOBILE}\n某乙,13900139000\n").as_bytes()).await;
    assert_eq!(codes(disclose(&service, id).await), ["check-open", "check-open"], "each words once");
    assert!(is_nowhere(service.public_document(id).await), "nothing is public before the check");
    let found = service.check_document(&operator(now()), id).await.unwrap();
    assert_eq!((found[0].what.as_str(), found[0].place.as_str()), ("手机号码", "正文第2段"));
    assert_eq!(found[0].text, MOBILE);

    let at_version = version(&service, id).await;
    let silent = service.settle_finding(operator(now()), id, at_version, (&found[0].key, " ")).await;
    assert_eq!(codes(silent), ["reason-missing"]);
    let unknown = service.settle_finding(operator(now()), id, at_version, ("0", "办公电话")).await;
    assert!(is_nowhere(unknown));
    settle(&service, id).await;
    let history = service.document_view(&operator(now()), id).await.unwrap().history;
    let journal = format!("{history:?}");
    assert!(journal.contains("手机号码") && !journal.contains(MOBILE), "the words stand in no docket");
    disclose(&service, id).await.unwrap();
    assert!(shown(&service, id).await.body.unwrap().contains(MOBILE), "a person said it may be public");
    verifies(&service).await;
}

async fn what_comes_later_is_checked_and_made_public_by_itself(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    let early = annex(&service, id, "表一.csv", b"a,b\n").await;
    let before = change_file(&service, id, early, FileEvent::Published).await;
    assert_eq!(codes(before), ["document-not-public"]);
    disclose(&service, id).await.unwrap();
    let late = annex(&service, id, "表二.csv", format!("电话\n{MOBILE}\n").as_bytes()).await;
    assert_eq!(shown(&service, id).await.annexes.len(), 1, "the later one waits");
    assert!(is_nowhere(service.public_file(id, late).await));
    assert_eq!(codes(change_file(&service, id, late, FileEvent::Published).await), ["check-open"]);
    settle(&service, id).await;
    change_file(&service, id, late, FileEvent::Published).await.unwrap();
    assert_eq!(shown(&service, id).await.annexes.len(), 2);
    verifies(&service).await;
}

async fn a_replaced_text_is_gone_or_stays_until_the_next_is_public(service: Service, at: Location) {
    let (service, own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    let contents = || {
        count(match &at {
            Location::Folder(folder) => folder,
            Location::Postgres(_) => own.path(),
        })
    };
    write(&service, id, "第一稿").await;
    let one = contents();
    write(&service, id, "第二稿").await;
    assert_eq!(contents(), one, "what nobody could read is gone");
    disclose(&service, id).await.unwrap();
    assert_eq!(shown(&service, id).await.body.as_deref(), Some("第二稿"));
    assert_eq!(shown(&service, id).await.texts, [day("2021-03-01")]);
    let third = write(&service, id, "第三稿").await;
    assert_eq!(shown(&service, id).await.body.as_deref(), Some("第二稿"), "until the next is made public");
    let last = service.document_body(&operator(now()), id).await.unwrap().unwrap();
    assert_eq!(last, (third, "第三稿".to_owned()));
    let blind = service.write_body(operator(now()), id, None, "另一人的稿子").await;
    assert!(
        matches!(blind, Err(Error::Conflict(_))),
        "the later of two does not destroy what the first wrote"
    );
    change_file(&service, id, third, FileEvent::Published).await.unwrap();
    assert_eq!(shown(&service, id).await.body.as_deref(), Some("第三稿"));
    assert_eq!(
        shown(&service, id).await.texts,
        [day("2021-03-01"); 2],
        "the second version of what was public"
    );
    for (text, code) in [(" \n", "body-empty"), ("长".repeat(100_001).as_str(), "body-too-long")] {
        assert_eq!(codes(service.write_body(operator(now()), id, None, text).await), [code]);
    }
    verifies(&service).await;
}

/// Files below a folder of contents.
fn count(folder: &Path) -> usize {
    let Ok(read) = std::fs::read_dir(folder) else { return 0 };
    let entries = read.map(|e| e.unwrap().path());
    entries.map(|p| if p.is_dir() { count(&p) } else { usize::from(is_content(&p)) }).sum()
}

fn is_content(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.len() == 64)
}

async fn a_title_is_checked_too(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, &format!("关于{MOBILE}来电的通知")).await;
    assert_eq!(codes(disclose(&service, id).await), ["check-open"]);
    let plain = document(&service, "样本通知").await;
    disclose(&service, plain).await.unwrap();
    let view = service.document_view(&operator(now()), plain).await.unwrap();
    let DocumentEvent::Made { counted_by, maker, category, number, .. } =
        view.history[0].recorded.event.clone().unwrap()
    else {
        panic!("the making comes first")
    };
    let told = DocumentEvent::Made {
        counted_by,
        maker,
        category,
        title: format!("关于{MOBILE}来电的通知"),
        number,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    let change = Change::replace(1, day("2021-02-01"), told, "标题有误");
    let outcome = service.change_document(operator(now()), plain, view.version, change).await;
    assert_eq!(codes(outcome), ["check-open"], "a public title is checked when it is corrected");
}

async fn files_that_nothing_can_read_must_be_looked_at(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    // One grey point.
    let png: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9BU\0\0\0\nIDATx\x9Cch\0\0\0\x82\0\x81\
        w\xCDr\xB6\0\0\0\0IEND\xAEB`\x82";
    annex(&service, id, "示意图.png", png).await;
    let found = service.check_document(&operator(now()), id).await.unwrap();
    assert!(found.iter().any(|f| f.what == "需要打开查看的文件"), "{found:?}");
    assert!(codes(disclose(&service, id).await).contains(&"check-open".to_owned()));
    settle(&service, id).await;
    // Another picture under the same name is another picture.
    let first = service.document_files(&operator(now()), id).await.unwrap().remove(0);
    change_file(&service, id, first.id, FileEvent::Erased { reason: "更换".into() }).await.unwrap();
    let mut other = png.to_vec();
    let at = other.len() - 12;
    other.splice(at..at, *b"\0\0\0\x01tEXtx\xD9\x9B\xC6\xE8");
    annex(&service, id, "示意图.png", &other).await;
    assert!(codes(disclose(&service, id).await).contains(&"check-open".to_owned()));
    settle(&service, id).await;
    disclose(&service, id).await.unwrap();
}

async fn many_findings_are_all_settled_before_anything_is_public(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    let list: String = (0..150).map(|n| format!("电话,13800138{n:03}\n")).collect();
    annex(&service, id, "名单.csv", list.as_bytes()).await;
    assert_eq!(service.check_document(&operator(now()), id).await.unwrap().len(), 100, "so many at once");
    settle(&service, id).await;
    assert!(!codes(disclose(&service, id).await).is_empty(), "fifty more");
    settle(&service, id).await;
    disclose(&service, id).await.unwrap();
}

async fn another_day_of_publication_publishes_nothing_else(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    write(&service, id, "第一稿").await;
    disclose(&service, id).await.unwrap();
    write(&service, id, &format!("第二稿，电话{MOBILE}")).await;
    annex(&service, id, "表.csv", b"a,b\n").await;
    let view = service.document_view(&operator(now()), id).await.unwrap();
    let event = DocumentEvent::Disclosed { url: None };
    let change = Change::replace(2, day("2021-02-03"), event, "日期有误");
    service.change_document(operator(now()), id, view.version, change).await.unwrap();
    let public = shown(&service, id).await;
    assert_eq!((public.body.as_deref(), public.annexes.len()), (Some("第一稿"), 0));
    // Taken down and published again, everything is looked at again.
    let down = DocumentEvent::Withdrawn { reason: "核对".into(), told: String::new(), kept: String::new() };
    record(&service, id, "2021-02-04", down).await.unwrap();
    let again = record(&service, id, "2021-02-05", DocumentEvent::Disclosed { url: None }).await;
    assert_eq!(codes(again), ["check-open"]);
    verifies(&service).await;
}

async fn what_the_page_says_is_checked(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    disclose(&service, id).await.unwrap();
    let by = || format!("某人（{MOBILE}）的来信");
    for event in [
        DocumentEvent::Repealed { by: by() },
        DocumentEvent::Lapsed { reason: by() },
        DocumentEvent::Withdrawn { reason: "核对".into(), told: by(), kept: String::new() },
    ] {
        assert_eq!(codes(record(&service, id, "2021-02-05", event).await), ["check-open"]);
    }
    let settled = DocumentEvent::Settled {
        finding: "0".into(),
        what: "手机号码".into(),
        place: "正文".into(),
        reason: "自己写的".into(),
    };
    let outcome = record(&service, id, "2021-02-05", settled).await;
    assert!(matches!(outcome, Err(Error::Invalid(_))), "only what was found is settled");
}

async fn the_name_of_a_file_stands_in_no_docket_and_is_erased_with_it(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    let named =
        annex(&service, id, &format!("某甲{MOBILE}.csv"), format!("电话\n{MOBILE}\n").as_bytes()).await;
    settle(&service, id).await;
    let history = service.document_view(&operator(now()), id).await.unwrap().history;
    assert!(!format!("{history:?}").contains("某甲"), "{history:?}");
    change_file(&service, id, named, FileEvent::Erased { reason: "误传".into() }).await.unwrap();
    let files = service.document_files(&operator(now()), id).await.unwrap();
    assert_eq!(files[0].name, "附件.csv", "the name is gone with the content");
}

async fn reach_is_that_of_the_document(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    let table = annex(&service, id, "表.csv", b"a,b\n").await;
    let elsewhere = cases::establish(&service, "elsewhere", None).await;
    let stranger = officer(elsewhere, &[Role::Officer]);
    let refused = |outcome: Result<()>| matches!(outcome, Err(Error::NotAllowed(_) | Error::NotFound(_)));
    assert!(refused(service.document_files(&by(&stranger), id).await.map(drop)));
    assert!(refused(service.document_body(&by(&stranger), id).await.map(drop)));
    assert!(refused(service.check_document(&by(&stranger), id).await.map(drop)));
    assert!(refused(service.open_document_file(&by(&stranger), id, table).await.map(drop)));
    assert!(refused(service.write_body(by(&stranger), id, None, "别人的").await.map(drop)));
    assert!(refused(service.add_annex(by(&stranger), id, file(&service, "x.csv", b"x\n")).await.map(drop)));
    let event = FileEvent::Erased { reason: "x".into() };
    assert!(refused(service.change_document_file(by(&stranger), (id, table), 1, event).await.map(drop)));
}

async fn hostile_files_do_not_come_in(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let id = document(&service, "样本办法").await;
    for (name, content, code) in [
        ("x.html", b"<html><script>alert(1)</script>".as_slice(), "file-script"),
        ("x.docx", b"PK\x03\x04broken".as_slice(), "file-broken"),
        ("x.exe", b"MZ\x90".as_slice(), "file-program"),
        ("x.pdf", b"%PDF-1.7 cut off".as_slice(), "file-broken"),
    ] {
        let outcome = service.add_annex(operator(now()), id, file(&service, name, content)).await;
        assert_eq!(codes(outcome), [code], "{name}");
        assert!(!codes(service.words_of(file(&service, name, content)).await).is_empty(), "{name}");
    }
    assert!(service.document_files(&operator(now()), id).await.unwrap().is_empty());
    let (gbk, _, _) = encoding_rs::GB18030.encode("任务,责任单位\n计划,样本局\n");
    annex(&service, id, "表.csv", &gbk).await;
    assert!(
        service.check_document(&operator(now()), id).await.unwrap().is_empty(),
        "read in its own encoding"
    );
}
