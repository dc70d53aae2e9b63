//! A unit that handles a request of another, or helps with it: it finds the request, sees what that needs, answers for
//! itself, and nothing more. On both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, establish, officer, request_of, verifies};
use law::docket::file::FileRole;
use law::docket::request::{Consulted, RequestEvent as E};
use place::{day, now, on_both, operator, units};
use service::board::{BoardFilter, BoardScope};
use service::file::Upload;
use service::row::RequestFilter;
use service::{Actor, Change, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

async fn happened(service: &Service, id: Uuid, on: &str, event: E) {
    record(service, &Actor::Operator, id, on, event).await.unwrap();
}

async fn record(service: &Service, actor: &Actor, id: Uuid, on: &str, event: E) -> Result<u32> {
    let version = service.request_view(&operator(now()), id).await.unwrap().version;
    service.change_request(by(actor), id, version, Change::event(day(on), event)).await
}

/// The smallest whole PDF file.
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n\
    trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";

fn upload(service: &Service, role: FileRole, mark: &str) -> Upload {
    let mut upload = service.upload(role, "样本.pdf");
    upload.push(PDF);
    upload.push(format!("% {mark}\n%%EOF\n").as_bytes());
    upload
}

/// The service with a folder for files, where the engine gives none.
fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

/// What the actor finds in the list of those it works on, and on its board.
async fn found(service: &Service, actor: &Actor) -> (Vec<Uuid>, Vec<Uuid>) {
    let filter = RequestFilter { helper: actor.unit(), ..RequestFilter::default() };
    let listed = service.requests(&by(actor), filter, Page::first(10)).await.unwrap();
    let scope = BoardFilter { scope: BoardScope::Handled, ..BoardFilter::default() };
    let board = service.board(&by(actor), scope, Page::first(10)).await.unwrap();
    let total: i64 = board.counts.iter().sum();
    assert_eq!(usize::try_from(total).unwrap(), board.lines.len(), "the counts are of the list");
    (listed.iter().map(|r| r.id).collect(), board.lines.iter().map(|l| l.request.id).collect())
}

async fn who_helps_sees_what_that_needs(service: Service, at: Location) {
    let (service, _folder) = equipped(service, &at);
    let (government, office) = units(&service).await;
    let helping = establish(&service, "jia", Some(government)).await;
    let other = establish(&service, "yi", Some(government)).await;
    let new = request_of(office, "2021-02-01", "样本人");
    let id = service.receive_request(operator(now()), new).await.unwrap().id;
    let (a, b) = (officer(helping, &[Role::Officer]), officer(other, &[Role::Officer]));
    assert_eq!(found(&service, &a).await, (vec![], vec![]));
    assert!(matches!(service.request_view(&by(&a), id).await, Err(Error::NotAllowed(_))));

    let asked = |unit: Uuid| E::Assisted {
        unit: unit.to_string(),
        until: day("2021-02-24"),
        matter: "请提供样本材料".into(),
    };
    happened(&service, id, "2021-02-02", asked(helping)).await;
    let party = "样本有限公司".to_owned();
    let sent = E::ConsultationSent { consultation: 1, whom: Consulted::ThirdParty, party };
    happened(&service, id, "2021-02-03", sent).await;
    for role in [FileRole::IdentityProof, FileRole::SearchMaterial] {
        service.add_file(operator(now()), id, upload(&service, role, role.key())).await.unwrap();
    }

    // Found, and seen without who asks and whom else the agency consults.
    assert_eq!(found(&service, &a).await, (vec![id], vec![id]));
    assert_eq!(found(&service, &b).await, (vec![], vec![]));
    let whole = service.request_view(&operator(now()), id).await.unwrap();
    let seen = service.request_view(&by(&a), id).await.unwrap();
    assert_eq!((seen.version, seen.due.clone()), (whole.version, whole.due.clone()));
    let s = seen.standing.unwrap();
    assert_eq!((s.subject, s.applicant, s.assistance.len()), ("样本申请".to_owned(), None, 1));
    assert_eq!(s.consultations[0].party, "第三方");
    let told = format!("{:?}", seen.history);
    assert!(told.contains("请提供样本材料") && !told.contains("样本有限公司"), "{told}");
    let roles: Vec<FileRole> =
        service.files(&by(&a), id).await.unwrap().into_iter().map(|f| f.standing.role).collect();
    assert_eq!(roles, [FileRole::SearchMaterial]);
    let personal = service.files(&operator(now()), id).await.unwrap();
    let personal = personal.iter().find(|f| f.standing.role == FileRole::IdentityProof).unwrap().id;
    assert!(service.open_file(by(&a), id, personal).await.is_err());
    assert!(matches!(service.applicant(by(&a), id).await, Err(Error::NotAllowed(_))));
    assert!(matches!(service.of_same_applicant(&by(&a), id).await, Err(Error::NotAllowed(_))));
    assert!(service.request_view(&by(&b), id).await.is_err());
    // The register with its identities stays that of the agency.
    let (lines, _) = service.ledger(&by(&a), RequestFilter::default(), Page::first(10)).await.unwrap();
    assert!(lines.is_empty());
    // Nobody lists what another unit works on.
    let others = RequestFilter { helper: Some(helping), ..RequestFilter::default() };
    assert!(service.requests(&by(&b), others, Page::first(10)).await.is_err());

    // It answers for itself, adds what it found, and decides nothing.
    let answer = |unit: Uuid| E::AssistanceAnswered { unit: unit.to_string(), note: "没有异议".into() };
    let refused = record(&service, &a, id, "2021-02-04", E::Withdrawn).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let refused = record(&service, &a, id, "2021-02-04", answer(other)).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let refused = service.add_file(by(&a), id, upload(&service, FileRole::CleanCopy, "c")).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    service.add_file(by(&a), id, upload(&service, FileRole::SearchMaterial, "found")).await.unwrap();
    record(&service, &a, id, "2021-02-04", answer(helping)).await.unwrap();
    // What was answered can still be read.
    assert_eq!(found(&service, &a).await, (vec![id], vec![id]));

    // Handed to a unit, and to another instead.
    let assigned = |unit: Uuid| E::Assigned { unit: unit.to_string(), until: None };
    happened(&service, id, "2021-02-05", assigned(other)).await;
    assert_eq!(found(&service, &b).await, (vec![id], vec![id]));
    happened(&service, id, "2021-02-08", assigned(office)).await;
    assert_eq!(found(&service, &b).await, (vec![], vec![]));
    assert!(service.request_view(&by(&b), id).await.is_err());

    // Restricted to named accounts it is not seen by helping.
    let named = service::account::NewAccount {
        login: "named".into(),
        name: "样本员".into(),
        unit: Some(office),
        roles: vec![Role::Head],
        password: "correct horse battery".into(),
    };
    service.create_account(operator(now()), named).await.unwrap();
    let accounts = vec!["named".into()];
    happened(&service, id, "2021-02-09", E::Restricted { accounts, reason: "涉及个人隐私".into() }).await;
    assert!(service.request_view(&by(&a), id).await.is_err());
    verifies(&service).await;
}

on_both! { who_helps_sees_what_that_needs }
