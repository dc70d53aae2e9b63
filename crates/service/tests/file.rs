//! Files of requests, on both engines: what comes in, who opens it, what is given out, what is erased, and what a crash
//! or a hostile hand leaves.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, entries, officer, request, verifies};
use jiff::SignedDuration;
use law::docket::file::{FileEvent, FileRole, Media};
use law::docket::request::{Carrier, Delivery, RequestEvent, Wanted};
use place::{day, now, on_both, operator, seed, units};
use service::asking::{Asking, Matter, Second, SubmissionKind};
use service::file::{FileView, HeldFile, Limits, Scanner, Upload};
use service::vault::Person;
use service::{Actor, Change, Context, Error, Location, Role, Service};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

on_both! { added_and_opened_by_those_who_may bad_files_leave_nothing names_are_harmless the_same_content_twice
two_at_once limits_of_a_request given_to_the_applicant_until_its_day erased_is_gone killed_between_content_and_row
a_form_holds_files_for_each_of_its_requests what_a_form_holds_is_its_own corrected_with_files
contents_are_verified asking_twice_adds_once the_scanner_has_a_word reach_is_that_of_the_request }

/// An empty page: whole enough for the gate that reads what is given out.
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n\
    trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";

/// The service with a folder for files, where the engine gives none; the folder of contents.
fn equipped(service: Service, at: &Location) -> (Service, PathBuf, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    let region = service.region().to_string();
    match at {
        Location::Folder(folder) => (service, folder.join("files").join(region), own),
        Location::Postgres(_) => (service.with_files(own.path()), own.path().join(region), own),
    }
}

fn upload(service: &Service, role: FileRole, name: &str, content: &[u8]) -> Upload {
    let mut upload = service.upload(role, name);
    for piece in content.chunks(1000) {
        upload.push(piece);
    }
    upload
}

async fn add(service: &Service, request: Uuid, role: FileRole, name: &str, content: &[u8]) -> Uuid {
    let upload = upload(service, role, name, content);
    service.add_file(operator(now()), request, upload).await.unwrap()
}

async fn registered(service: &Service) -> (Uuid, Uuid) {
    let (_, office) = units(service).await;
    let made = service.receive_request(operator(now()), request(office, "2021-03-01")).await.unwrap();
    (made.id, office)
}

async fn only(service: &Service, request: Uuid) -> FileView {
    let mut files = service.files(&operator(now()), request).await.unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0)
}

/// Every content on the disk, whatever it is called.
fn contents(folder: &Path) -> Vec<PathBuf> {
    let Ok(shelves) = std::fs::read_dir(folder) else { return Vec::new() };
    let shelves = shelves.map(|s| s.unwrap().path());
    shelves.flat_map(|s| std::fs::read_dir(s).unwrap().map(|f| f.unwrap().path())).collect()
}

async fn added_and_opened_by_those_who_may(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, office) = registered(&service).await;
    let file = add(&service, request, FileRole::IdentityProof, "样本甲身份证.exe", PDF).await;
    let clean = add(&service, request, FileRole::CleanCopy, "批复.pdf", PDF).await;
    let list = service.files(&by(&officer(office, &[Role::Officer])), request).await.unwrap();
    assert_eq!(list.len(), 2);
    let proof = |list: Vec<FileView>| list.into_iter().find(|f| f.id == file).unwrap();
    let view = proof(list);
    assert_eq!(view.name, "样本甲身份证.pdf", "shown as what it is");
    assert_eq!((view.standing.media, view.standing.size), (Media::Pdf, PDF.len() as u64));
    for path in contents(&folder) {
        let kept = std::fs::read(path).unwrap();
        assert!(!kept.windows(4).any(|w| w == b"%PDF"), "what is kept is sealed");
    }
    // A supervisor sees that there is an identity proof, not whose; and does not open it.
    let supervisor = officer(office, &[Role::Supervisor]);
    let list = service.files(&by(&supervisor), request).await.unwrap();
    assert_eq!(proof(list).name, "身份证明.pdf");
    let outcome = service.open_file(by(&supervisor), request, file).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    let before = entries(&service).await;
    assert_eq!(service.open_file(by(&supervisor), request, clean).await.unwrap().content, PDF);
    assert_eq!(entries(&service).await, before, "a clean copy is not personal");
    let opened = service.open_file(by(&officer(office, &[Role::Officer])), request, file).await.unwrap();
    assert_eq!((opened.content.as_slice(), opened.name.as_str()), (PDF, "样本甲身份证.pdf"));
    let journal = service.journal(&operator(now()), 0, 1000).await.unwrap();
    assert_eq!(journal.last().map(|l| (l.kind.as_str(), l.event.as_str())), Some(("access", "file-opened")));
    assert!(matches!(service.open_file(operator(now()), Uuid::nil(), file).await, Err(Error::NotFound(_))));
    let other = service.receive_request(operator(now()), cases::request(office, "2021-03-01")).await.unwrap();
    let outcome = service.open_file(operator(now()), other.id, file).await;
    assert!(matches!(outcome, Err(Error::NotFound(_))), "a file is opened through its own request");
    verifies(&service).await;
}

async fn bad_files_leave_nothing(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let before = entries(&service).await;
    for (name, content, code) in [
        ("申请表.pdf", &b"MZ\x90\0program"[..], "file-program"),
        ("a.docx", b"Rar!\x1A\x07\0", "file-archive"),
        ("a.pdf", b"%PDF-1.6\n<</Encrypt 5 0 R>>\n%%EOF", "file-encrypted"),
        ("a.svg", b"<svg onload='x'/>", "file-script"),
        ("a.pdf", b"", "file-empty"),
        ("a.pdf", b"%PDF-1.7 cut", "file-broken"),
    ] {
        let outcome = service
            .add_file(operator(now()), request, upload(&service, FileRole::Other, name, content))
            .await;
        assert_eq!(codes(outcome), [code], "{name}");
    }
    let small = service.clone().with_file_limits(Limits { file_bytes: 1 << 20, ..Limits::default() });
    let mut endless = small.upload(FileRole::Other, "a.pdf");
    assert!(endless.push(PDF));
    while endless.push(&[b' '; 4096]) {}
    assert!(!endless.push(b"more"), "once too large, always too large");
    let outcome = small.add_file(operator(now()), request, endless).await;
    assert!(outcome.as_ref().unwrap_err().to_string().contains("1MB"), "{outcome:?}");
    assert_eq!(codes(outcome), ["file-too-large"]);
    assert!(contents(&folder).is_empty(), "nothing is left");
    assert_eq!(entries(&service).await, before);
}

async fn names_are_harmless(service: Service, at: Location) {
    let (service, _folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    for name in
        ["../../../etc/passwd", "a\0b.pdf", &"长".repeat(300), "x\r\nSet-Cookie: a.pdf", "", "..\\..\\a.pdf"]
    {
        add(&service, request, FileRole::Other, name, PDF).await;
    }
    for file in service.files(&operator(now()), request).await.unwrap() {
        assert!(!file.name.contains(['/', '\\', '\0', '\r', '\n']), "{:?}", file.name);
        assert!(file.name.ends_with(".pdf") && file.name.chars().count() <= 85, "{:?}", file.name);
    }
    verifies(&service).await;
}

async fn the_same_content_twice(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let one = add(&service, request, FileRole::Other, "a.pdf", PDF).await;
    let two = add(&service, request, FileRole::Other, "a.pdf", PDF).await;
    assert_eq!(contents(&folder).len(), 2, "sealed apart: nobody sees that they are the same");
    let version = only_of(&service, request, one).await.version;
    let erase = FileEvent::Erased { reason: "重复上传".into() };
    service.change_file(operator(now()), request, one, version, erase).await.unwrap();
    assert_eq!(service.open_file(operator(now()), request, two).await.unwrap().content, PDF);
    verifies(&service).await;
}

async fn only_of(service: &Service, request: Uuid, file: Uuid) -> FileView {
    let files = service.files(&operator(now()), request).await.unwrap();
    files.into_iter().find(|f| f.id == file).unwrap()
}

async fn two_at_once(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let limits = Limits { files: 5, ..Limits::default() };
    let service = service.with_file_limits(limits);
    let sent = (0..8).map(|n| {
        let upload = upload(&service, FileRole::Other, &format!("{n}.pdf"), PDF);
        service.add_file(operator(now()), request, upload)
    });
    let outcomes = futures_util::future::join_all(sent).await;
    let (added, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((added.len(), refused.len()), (5, 3), "the limit holds also for those who come together");
    for outcome in refused {
        assert_eq!(codes(outcome), ["file-too-many"]);
    }
    assert_eq!(service.files(&operator(now()), request).await.unwrap().len(), 5);
    let later = operator(jiff::Timestamp::from_second(4_000_000_000).unwrap());
    assert_eq!(service.tidy_files(later).await.unwrap().files, 3, "what came too late is collected");
    assert_eq!(contents(&folder).len(), 5);
    verifies(&service).await;
}

async fn limits_of_a_request(service: Service, at: Location) {
    let (service, _folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let most = PDF.len() as u64 * 2;
    let service = service.with_file_limits(Limits { bytes: most, ..Limits::default() });
    let first = add(&service, request, FileRole::Other, "a.pdf", PDF).await;
    add(&service, request, FileRole::Other, "b.pdf", PDF).await;
    let third =
        || service.add_file(operator(now()), request, upload(&service, FileRole::Other, "c.pdf", PDF));
    assert_eq!(codes(third().await), ["file-too-much"]);
    let erase = FileEvent::Erased { reason: "重复".into() };
    service.change_file(operator(now()), request, first, 1, erase).await.unwrap();
    third().await.unwrap();
}

/// Somebody who asked through the portal: the request, the code, and the proof.
async fn asked(service: &Service, office: Uuid) -> (Uuid, String) {
    let asking = plain_form(office);
    let mut asked = service.ask(Context::new(now(), Actor::Anonymous, seed()), asking).await.unwrap();
    let asked = asked.remove(0);
    (asked.id, asked.code)
}

fn plain_form(office: Uuid) -> Asking {
    Asking {
        matters: vec![Matter {
            addressee: office,
            also: Vec::new(),
            subject: "样本地块的征收补偿方案".into(),
        }],
        class: law::applicant::ApplicantClass::NaturalPerson,
        person: Person {
            name: "样本甲".into(),
            id_kind: "居民身份证".into(),
            // The worked example of GB 11643-1999, nobody's number.
            id_number: "11010519491231002X".into(),
            phone: "000-0000 0001".into(),
            ..Person::default()
        },
        wanted: Wanted { delivery: vec![Delivery::PickUp], carrier: Some(Carrier::Paper), other_way: false },
        second: Second::IdNumber,
        again: true,
        suggested: false,
        draft: None,
        files: Vec::new(),
    }
}

/// A form with these matters and files.
fn form(office: Uuid, subjects: &[&str], files: Vec<HeldFile>) -> Asking {
    let matters = subjects
        .iter()
        .map(|s| Matter { addressee: office, also: Vec::new(), subject: (*s).into() })
        .collect();
    Asking { matters, files, ..plain_form(office) }
}

async fn a_form_holds_files_for_each_of_its_requests(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let mut ctx = Context::new(now(), Actor::Anonymous, seed());
    let proof = upload(&service, FileRole::IdentityProof, "身份证.exe", PDF);
    let held = service.hold_file(&mut ctx, "f1", &[], proof).await.unwrap();
    assert_eq!((held.name.as_str(), held.size), ("身份证.pdf", PDF.len() as u64));
    let paper = upload(&service, FileRole::PowerOfAttorney, "委托书.pdf", PDF);
    let paper = service.hold_file(&mut ctx, "f1", std::slice::from_ref(&held), paper).await.unwrap();
    let tokens = [held.token, paper.token];
    let files = service.held_files(now(), "f1", &tokens);
    let send = || {
        let ctx = Context::new(now(), Actor::Anonymous, seed()).with_key("form-1");
        service.ask(ctx, form(office, &["样本预算", "样本规划"], files.clone()))
    };
    let asked = send().await.unwrap();
    assert_eq!(send().await.unwrap(), asked, "sent twice is asked once");
    for a in &asked {
        let mut files = service.files(&operator(now()), a.id).await.unwrap();
        // Added in the same instant.
        files.sort_by_key(|f| f.standing.role);
        let seen: Vec<_> = files.iter().map(|f| (f.standing.role, f.name.as_str())).collect();
        assert_eq!(
            seen,
            [(FileRole::IdentityProof, "身份证.pdf"), (FileRole::PowerOfAttorney, "委托书.pdf")]
        );
        let opened = service.open_file(operator(now()), a.id, files[0].id).await.unwrap();
        assert_eq!(opened.content, PDF);
        assert_eq!(files[0].by, "公众");
    }
    // Two held, four of the requests, four of the form sent twice: what no row names is collected after a day.
    assert_eq!(contents(&folder).len(), 10);
    let later = operator(jiff::Timestamp::from_second(4_000_000_000).unwrap());
    assert_eq!(service.tidy_files(later).await.unwrap().files, 6);
    assert_eq!(contents(&folder).len(), 4);
    let outcome =
        service.ask(Context::new(now(), Actor::Anonymous, seed()), form(office, &["样本"], files)).await;
    assert_eq!(codes(outcome), ["file-gone"]);
    verifies(&service).await;
}

async fn what_a_form_holds_is_its_own(service: Service, at: Location) {
    let (service, _folder, _own) = equipped(service, &at);
    let mut ctx = Context::new(now(), Actor::Anonymous, seed());
    let (_, office) = units(&service).await;
    let mut held = Vec::new();
    for n in 0..10 {
        let file = upload(&service, FileRole::Attachment, &format!("{n}.pdf"), PDF);
        let file = service.hold_file(&mut ctx, "f1", &held, file).await.unwrap();
        held.push(file);
    }
    let more = upload(&service, FileRole::Attachment, "10.pdf", PDF);
    assert_eq!(codes(service.hold_file(&mut ctx, "f1", &held, more).await), ["file-too-many"]);
    let program = upload(&service, FileRole::Attachment, "a.pdf", b"MZ\x90\0program");
    assert_eq!(codes(service.hold_file(&mut ctx, "f1", &[], program).await), ["file-program"]);
    let token = held.remove(0).token;
    let found = |at, form: &str, token: &str| service.held_files(at, form, &[token.to_owned()]).len();
    assert_eq!(found(now(), "f1", &token), 1);
    assert_eq!(found(now(), "f2", &token), 0, "of another form");
    assert_eq!(found(now() + SignedDuration::from_hours(21), "f1", &token), 0, "too old");
    let flipped = if token.ends_with('0') { "1" } else { "0" };
    for forged in ["", "00", "样本", &format!("{}{flipped}", &token[..token.len() - 1])] {
        assert_eq!(found(now(), "f1", forged), 0, "{forged}");
    }
    assert_eq!(service.held_files(now(), "f1", &[token.clone(), token]).len(), 1, "said twice is one");
    // What all requests of a form would take together is limited like one request.
    let small = service.clone().with_file_limits(Limits { bytes: 3 * PDF.len() as u64, ..Limits::default() });
    let two = form(office, &["样本预算", "样本规划"], held[..2].to_vec());
    let outcome = small.ask(Context::new(now(), Actor::Anonymous, seed()), two).await;
    assert_eq!(codes(outcome), ["file-too-much"]);
}

async fn corrected_with_files(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let (request, code) = asked(&service, office).await;
    let mine = (code.as_str(), "002X");
    for event in [
        RequestEvent::Confirmed { evidence: "电话".into() },
        RequestEvent::CorrectionNoticed { items: vec!["委托书".into()], reply_by: day("2021-03-31") },
    ] {
        let version = service.request_view(&operator(now()), request).await.unwrap().version;
        let change = Change::event(service::civil_date(now()), event);
        service.change_request(operator(now()), request, version, change).await.unwrap();
    }
    let send = |proof: &'static str, name: &str, content: &[u8]| {
        let file = upload(&service, FileRole::Other, name, content);
        let ctx = Context::new(now(), Actor::Anonymous, seed()).with_key(format!("form-{name}"));
        service.answer_own(ctx, (mine.0, proof), SubmissionKind::Correction, "见附件", vec![file])
    };
    assert!(matches!(send("0000", "a.pdf", PDF).await, Err(Error::NotFound(_))));
    assert!(contents(&folder).is_empty(), "nothing is kept for who cannot prove the request");
    assert_eq!(codes(send("002X", "b.pdf", b"MZ\x90\0program").await), ["file-program"]);
    send("002X", "委托书.pdf", PDF).await.unwrap();
    send("002X", "委托书.pdf", PDF).await.unwrap();
    let file = only(&service, request).await;
    assert_eq!((file.standing.role, file.name.as_str()), (FileRole::CorrectionMaterial, "委托书.pdf"));
    let sent = service.submitted(&operator(now()), request).await.unwrap();
    assert_eq!(sent.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [SubmissionKind::Correction]);
    verifies(&service).await;
}

async fn given_to_the_applicant_until_its_day(service: Service, at: Location) {
    let (service, _folder, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let (request, code) = asked(&service, office).await;
    let (other, other_code) = asked(&service, office).await;
    let original = add(&service, request, FileRole::Original, "原件.pdf", PDF).await;
    let copy = add(&service, request, FileRole::CleanCopy, "拟提供.pdf", PDF).await;
    let public = |on: &str| Context::new(cases::morning(on), Actor::Anonymous, seed());
    let listed = |on: &'static str, code: String| {
        let service = service.clone();
        async move { service.files_of_own(public(on), &code, "002X").await.unwrap() }
    };
    assert!(listed("2021-03-01", code.clone()).await.is_empty());
    let release = || FileEvent::Released { until: day("2021-03-31") };
    let outcome = service.change_file(operator(now()), request, original, 1, release()).await;
    assert_eq!(codes(outcome), ["role-not-released"]);
    let version = service.change_file(operator(now()), request, copy, 1, release()).await.unwrap();
    let own = listed("2021-03-31", code.clone()).await;
    assert_eq!(
        own.iter().map(|f| (f.id, f.name.as_str(), f.until)).collect::<Vec<_>>(),
        [(copy, "拟提供.pdf", day("2021-03-31"))]
    );
    assert!(listed("2021-04-01", code.clone()).await.is_empty(), "the day after");
    assert!(listed("2021-03-31", other_code.clone()).await.is_empty());
    let open = |on: &'static str, code: &str, proof: &'static str, file: Uuid| {
        let (service, code) = (service.clone(), code.to_owned());
        async move { service.open_own(public(on), &code, proof, file).await }
    };
    assert_eq!(own[0].collected_on, None);
    open("2021-03-30", &code, "002X", copy).await.unwrap();
    let version = version + 1;
    let opened = open("2021-03-31", &code, "002X", copy).await.unwrap();
    let own = listed("2021-03-31", code.clone()).await;
    assert_eq!(own[0].collected_on, Some(day("2021-03-30")), "the first time");
    assert_eq!((opened.content.as_slice(), opened.media), (PDF, Media::Pdf));
    let journal = service.journal(&operator(now()), 0, 1000).await.unwrap();
    let last = journal.last().unwrap();
    assert_eq!((last.event.as_str(), last.actor.as_str()), ("own-file-opened", "公众"));
    for (on, code, proof, file) in [
        ("2021-04-01", &code, "002X", copy),
        ("2021-03-31", &code, "002X", original),
        ("2021-03-31", &other_code, "002X", copy),
        ("2021-03-31", &code, "0000", copy),
    ] {
        let outcome = open(on, code, proof, file).await;
        assert!(matches!(outcome, Err(Error::NotFound(_))), "{on} {proof}: {outcome:?}");
    }
    service.change_file(operator(now()), request, copy, version, FileEvent::Unreleased).await.unwrap();
    assert!(listed("2021-03-31", code.clone()).await.is_empty());
    assert!(service.files(&operator(now()), other).await.unwrap().is_empty());
    verifies(&service).await;
}

async fn erased_is_gone(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let file = add(&service, request, FileRole::IdentityProof, "样本甲身份证.pdf", PDF).await;
    let erase = |reason: &str| FileEvent::Erased { reason: reason.into() };
    let outcome = service.change_file(operator(now()), request, file, 1, erase(" ")).await;
    assert_eq!(codes(outcome), ["reason-missing"]);
    let outcome = service.change_file(operator(now()), request, file, 7, erase("到期")).await;
    assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
    assert_eq!(contents(&folder).len(), 1, "a refused erasure erases nothing");
    service.change_file(operator(now()), request, file, 1, erase("超过保存期限")).await.unwrap();
    assert!(contents(&folder).is_empty());
    let view = only(&service, request).await;
    assert_eq!((view.name.as_str(), view.standing.stored.as_ref()), ("身份证明.pdf", None));
    let outcome = service.open_file(operator(now()), request, file).await;
    assert!(matches!(&outcome, Err(Error::NotFound(text)) if text.contains("已经删除")), "{outcome:?}");
    verifies(&service).await;
}

/// A content is on the disk and the program dies before its row: nobody names it, and after a day it is collected. The
/// other way round cannot happen.
async fn killed_between_content_and_row(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    add(&service, request, FileRole::Other, "a.pdf", PDF).await;
    let orphan = store::Blobs::at(&folder).put(b"sealed, but nobody will name it".to_vec()).await.unwrap();
    let half = folder.join(&orphan[..2]).join(format!("{orphan}.1-2.part"));
    std::fs::write(&half, "hal").unwrap();
    verifies(&service).await;
    let written = jiff::Timestamp::try_from(std::fs::metadata(&half).unwrap().modified().unwrap()).unwrap();
    let soon = operator(written + SignedDuration::from_hours(23));
    assert_eq!(service.tidy_files(soon).await.unwrap().files, 0, "it may still be under way");
    let later = operator(written + SignedDuration::from_hours(25));
    assert_eq!(service.tidy_files(later).await.unwrap().files, 2);
    assert_eq!(contents(&folder).len(), 1);
    let administrator = officer(None, &[Role::Administrator]);
    assert!(service.tidy_files(by(&officer(None, &[Role::Head]))).await.is_err());
    assert_eq!(service.tidy_files(by(&administrator)).await.unwrap().files, 0);
    verifies(&service).await;
}

async fn contents_are_verified(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let file = add(&service, request, FileRole::Other, "a.pdf", PDF).await;
    let path = contents(&folder).remove(0);
    let whole = std::fs::read(&path).unwrap();
    let found = || async {
        let found = service.verify(&operator(now()), |_, _| {}).await.unwrap().problems;
        (found.len(), found.first().cloned().unwrap_or_default())
    };
    let mut changed = whole.clone();
    changed[20] ^= 1;
    std::fs::write(&path, changed).unwrap();
    let (n, said) = found().await;
    assert!(n == 1 && said.contains(&file.to_string()) && said.contains("不符"), "{said}");
    let outcome = service.open_file(operator(now()), request, file).await;
    assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
    std::fs::remove_file(&path).unwrap();
    let (n, said) = found().await;
    assert!(n == 1 && said.contains("缺失"), "{said}");
    std::fs::write(&path, whole).unwrap();
    verifies(&service).await;
}

async fn asking_twice_adds_once(service: Service, at: Location) {
    let (service, _folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let send = || {
        let upload = upload(&service, FileRole::Other, "a.pdf", PDF);
        service.add_file(operator(now()).with_key("form-1"), request, upload)
    };
    assert_eq!(send().await.unwrap(), send().await.unwrap());
    assert_eq!(service.files(&operator(now()), request).await.unwrap().len(), 1);
}

/// A scanner that answers like clamd; how many bytes it got.
async fn clamd(answer: &'static [u8]) -> (Scanner, tokio::task::JoinHandle<usize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = Scanner::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let heard = tokio::spawn(async move {
        let (mut from, _) = listener.accept().await.unwrap();
        let mut command = [0; 10];
        from.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut got = 0;
        loop {
            let length = from.read_u32().await.unwrap() as usize;
            if length == 0 {
                break;
            }
            from.read_exact(&mut vec![0; length]).await.unwrap();
            got += length;
        }
        from.write_all(answer).await.unwrap();
        got
    });
    (at, heard)
}

async fn the_scanner_has_a_word(service: Service, at: Location) {
    let (service, folder, _own) = equipped(service, &at);
    let (request, _) = registered(&service).await;
    let send = |scanner: Scanner| {
        let service = service.clone().with_scanner(scanner);
        let upload = upload(&service, FileRole::Other, "a.pdf", PDF);
        async move { service.add_file(operator(now()), request, upload).await }
    };
    let (scanner, heard) = clamd(b"stream: Eicar-Test-Signature FOUND\0").await;
    assert_eq!(codes(send(scanner.clone()).await), ["file-virus"]);
    assert_eq!(heard.await.unwrap(), PDF.len());
    // Its port is closed now: what cannot be scanned does not come in.
    assert_eq!(codes(send(scanner).await), ["file-unscanned"]);
    let (scanner, _heard) = clamd(b"INSTREAM size limit exceeded. ERROR\0").await;
    assert_eq!(codes(send(scanner).await), ["file-unscanned"]);
    assert!(contents(&folder).is_empty());
    let (scanner, _heard) = clamd(b"stream: OK\0").await;
    send(scanner).await.unwrap();
}

async fn reach_is_that_of_the_request(service: Service, at: Location) {
    let (service, _folder, _own) = equipped(service, &at);
    let (request, office) = registered(&service).await;
    let elsewhere = cases::establish(&service, "elsewhere", None).await;
    let file = add(&service, request, FileRole::CleanCopy, "a.pdf", PDF).await;
    let stranger = officer(elsewhere, &[Role::Officer, Role::Head]);
    let refused =
        |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    refused(service.files(&by(&stranger), request).await.map(|_| ()));
    refused(service.open_file(by(&stranger), request, file).await.map(|_| ()));
    let upload_by =
        |actor: &Actor| service.add_file(by(actor), request, upload(&service, FileRole::Other, "a.pdf", PDF));
    refused(upload_by(&stranger).await.map(|_| ()));
    let release = FileEvent::Released { until: day("2021-03-31") };
    refused(service.change_file(by(&stranger), request, file, 1, release.clone()).await.map(|_| ()));
    refused(upload_by(&officer(office, &[Role::Supervisor])).await.map(|_| ()));
    refused(
        service
            .change_file(by(&officer(office, &[Role::Head])), request, file, 1, release.clone())
            .await
            .map(|_| ()),
    );
    assert!(matches!(service.files(&by(&Actor::Anonymous), request).await, Err(Error::SignIn)));
    service.change_file(by(&officer(office, &[Role::Officer])), request, file, 1, release).await.unwrap();
}

#[tokio::test]
async fn without_a_folder_nothing_comes_in() {
    place::on_postgres(|service, _| async move {
        let (request, _) = registered(&service).await;
        let outcome =
            service.add_file(operator(now()), request, upload(&service, FileRole::Other, "a.pdf", PDF)).await;
        assert!(outcome.as_ref().unwrap_err().to_string().contains("GONGKAI_FILES"));
        assert_eq!(codes(outcome), ["file-no-folder"]);
        verifies(&service).await;
    })
    .await;
}

#[tokio::test]
async fn a_backup_has_the_contents_and_a_restore_misses_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::Folder(folder.path().join("data"));
    let service = Service::init(&at, service::Region(140_581), "样本市", seed(), now()).await.unwrap();
    let (request, _) = registered(&service).await;
    let file = add(&service, request, FileRole::Other, "a.pdf", PDF).await;
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    let made = service.backup_with_key(&operator(now()), &backup).await.unwrap();
    assert_eq!(made.files, 1);
    service.close().await;
    Service::restore(&backup, &Location::Folder(restored.clone())).await.unwrap();
    let again = Service::open(&Location::Folder(restored)).await.unwrap();
    assert_eq!(again.open_file(operator(now()), request, file).await.unwrap().content, PDF);
    verifies(&again).await;
    again.close().await;
    let content = contents(&backup.join("files/140581")).remove(0);
    std::fs::remove_file(content).unwrap();
    let target = folder.path().join("incomplete");
    let outcome = Service::restore(&backup, &Location::Folder(target.clone())).await;
    assert!(outcome.unwrap_err().to_string().contains("缺失"), "a backup without its contents is none");
    assert!(!target.join("gongkai.db").exists());
}
