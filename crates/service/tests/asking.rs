//! Asking without an account, on both engines: what article 29 asks for, the query code, the proof, the withdrawal.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, morning, verifies};
use jiff::Timestamp;
use law::applicant::ApplicantClass;
use law::docket::request::{Carrier, Delivery, RequestEvent, Stage, Wanted};
use place::{day, on_both, operator, seed, units};
use service::asking::{Asked, Asking, Matter, Second};
use service::row::RequestFilter;
use service::vault::Person;
use service::{Actor, Change, Context, Error, Location, Page, Service};
use std::collections::BTreeSet;
use uuid::Uuid;

const PROOF: &str = "002X";

on_both! { submit_confirm_and_see everything_missing_is_said_at_once twice_is_once proofs_are_counted
withdrawn_by_its_applicant officers_ask_as_anybody nobody_sees_another sixty_four_at_once closed_units_cannot_be_asked }

fn public(at: Timestamp) -> Context {
    Context::new(at, Actor::Anonymous, seed())
}

fn asking(unit: Uuid) -> Asking {
    Asking {
        matters: vec![Matter {
            addressee: unit, also: Vec::new(), subject: "样本地块的征收补偿方案".into()
        }],
        class: ApplicantClass::NaturalPerson,
        person: Person {
            name: "样本甲".into(),
            id_kind: "居民身份证".into(),
            // The worked example of GB 11643-1999, nobody's number.
            id_number: "11010519491231002X".into(),
            phone: "000-0000 0001".into(),
            address: "样本路一号".into(),
            ..Person::default()
        },
        wanted: Wanted { delivery: vec![Delivery::Post], carrier: Some(Carrier::Paper), other_way: false },
        second: Second::IdNumber,
        // Most situations ask the same thing again and again.
        again: true,
        suggested: false,
        draft: None,
        files: Vec::new(),
    }
}

async fn ask(service: &Service, unit: Uuid) -> Asked {
    one(service.ask(public(morning("2024-02-05")), asking(unit)).await.unwrap())
}

fn one(mut asked: Vec<Asked>) -> Asked {
    assert_eq!(asked.len(), 1);
    asked.remove(0)
}

/// The desk records something about a request.
async fn happens(service: &Service, id: Uuid, date: &str, event: RequestEvent) {
    let version = service.request_view(&operator(morning(date)), id).await.unwrap().version;
    let change = Change::event(day(date), event);
    service.change_request(operator(morning(date)), id, version, change).await.unwrap();
}

async fn submit_confirm_and_see(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office).await;
    let at = morning("2024-02-05");
    let seen = service.progress(public(at), &asked.code, PROOF).await.unwrap();
    assert_eq!((seen.stage, seen.received_on, seen.number), (Stage::Submitted, None, None));
    assert!(seen.due.is_none(), "no clock runs before both sides have confirmed");
    // Typed as people type.
    let typed = asked.code.to_lowercase().replace('-', " ");
    happens(&service, asked.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
    happens(
        &service,
        asked.id,
        "2024-02-06",
        RequestEvent::Assigned { unit: office.to_string(), until: None },
    )
    .await;
    let seen = service.progress(public(morning("2024-02-06")), &typed, " 002x ").await.unwrap();
    assert_eq!(seen.received_on, Some(day("2024-02-05")));
    assert_eq!(seen.number.as_deref(), Some("2024-00001"));
    let due = seen.due.unwrap();
    // The vector of 2024: the spring festival and two made-up Sundays in between.
    assert_eq!(due.on, day("2024-03-08"));
    assert!(due.because.len() > 2);
    assert_eq!(seen.wanted.words(), "邮寄；纸质");
    let lines: Vec<&str> = seen.lines.iter().map(|l| l.what).collect();
    assert_eq!(lines, ["申请到达", "双方确认", "登记"], "what the office does inside is not told");
    verifies(&service).await;
}

async fn everything_missing_is_said_at_once(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let try_with = |change: fn(&mut Asking)| {
        let (service, mut asking) = (service.clone(), asking(office));
        change(&mut asking);
        async move { codes(service.ask(public(morning("2024-02-05")), asking).await) }
    };
    let nothing = try_with(|a| {
        a.person = Person::default();
        a.matters[0].subject = " ".into();
        a.wanted = Wanted::default();
    })
    .await;
    let fields = ["subject", "delivery", "carrier", "name", "id_kind", "id_number", "phone"];
    assert_eq!(nothing, fields.map(|f| format!("asking-{f}")));
    type Case = (fn(&mut Asking), &'static str);
    let cases: [Case; 10] = [
        (|a| a.person.id_number = "110105194912310021".into(), "id_number"),
        (|a| a.person.id_number = "11010520240206002X".into(), "id_number"),
        (|a| a.person.email = "样本".into(), "email"),
        (|a| a.person.address.clear(), "address"),
        (|a| a.wanted.delivery = vec![Delivery::Email], "email"),
        (|a| a.wanted.delivery = vec![Delivery::Fax], "fax"),
        (|a| a.class = ApplicantClass::OtherOrg, "contact"),
        (|a| a.matters[0].subject = "样".repeat(5001), "subject"),
        (|a| (a.second, a.person.phone) = (Second::Phone, "12".into()), "second"),
        (|a| (a.person.id_kind, a.person.id_number) = ("其他证件".into(), "12".into()), "second"),
    ];
    for (change, field) in cases {
        assert_eq!(try_with(change).await, [format!("asking-{field}")]);
    }
    let of = |addressee| {
        let mut asking = asking(office);
        asking.matters[0].addressee = addressee;
        asking
    };
    let nobody = of(Uuid::nil());
    assert_eq!(codes(service.ask(public(morning("2024-02-05")), nobody).await), ["asking-addressee"]);
    let unknown = of(Uuid::from_u128(1));
    assert_eq!(codes(service.ask(public(morning("2024-02-05")), unknown).await), ["asking-addressee"]);
    let all =
        service.requests(&operator(morning("2024-02-05")), RequestFilter::default(), Page::first(9)).await;
    assert!(all.unwrap().is_empty(), "nothing of a refused form is kept");
}

async fn twice_is_once(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let send = || service.ask(public(morning("2024-02-05")).with_key("form-1"), asking(office));
    let (first, again) = (send().await.unwrap(), send().await.unwrap());
    assert_eq!(first, again, "a double click gives the same receipt");
    let tomorrow = public(morning("2024-02-06")).with_key("form-1");
    assert_eq!(service.ask(tomorrow, asking(office)).await.unwrap(), first, "also after midnight");
    assert_ne!(ask(&service, office).await.code, one(first).code);
}

async fn proofs_are_counted(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office).await;
    let at = morning("2024-02-05");
    let attempt = |proof: &'static str, at: Timestamp| service.progress(public(at), &asked.code, proof);
    let wrong_code = service.progress(public(at), "ABCD-EFGH-JKMN", PROOF).await;
    assert!(matches!(&wrong_code, Err(Error::NotFound(_))));
    for _ in 0..9 {
        let wrong = attempt("0000", at).await;
        assert_eq!(wrong.err().map(|e| e.to_string()), wrong_code.as_ref().err().map(ToString::to_string));
    }
    // A success in between forgets the failures.
    attempt(PROOF, at).await.unwrap();
    for _ in 0..9 {
        assert!(matches!(attempt("", at).await, Err(Error::NotFound(_))));
    }
    assert_eq!(codes(attempt("0000", at).await), ["query-locked"]);
    assert_eq!(codes(attempt(PROOF, at).await), ["query-locked"], "also for the right proof");
    let soon = at + jiff::SignedDuration::from_mins(59);
    assert_eq!(codes(attempt(PROOF, soon).await), ["query-locked"]);
    let later = at + jiff::SignedDuration::from_mins(60);
    attempt(PROOF, later).await.unwrap();
}

async fn withdrawn_by_its_applicant(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office).await;
    let at = morning("2024-02-06");
    assert!(matches!(service.withdraw_own(public(at), &asked.code, "0000").await, Err(Error::NotFound(_))));
    let key = || public(at).with_key("form-2");
    service.withdraw_own(key(), &asked.code, PROOF).await.unwrap();
    service.withdraw_own(key(), &asked.code, PROOF).await.unwrap();
    let seen = service.progress(public(at), &asked.code, PROOF).await.unwrap();
    assert_eq!((seen.stage, seen.may_withdraw), (Stage::Withdrawn, false));
    assert_eq!(codes(service.withdraw_own(public(at), &asked.code, PROOF).await), ["request-withdrawn"]);
    verifies(&service).await;
}

/// Whoever is signed in at the browser, the applicant acts: any agency can be asked, and the journal names no officer.
async fn officers_ask_as_anybody(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let officer = cases::officer(office, &[service::Role::Officer]);
    let ctx = || Context::new(morning("2024-02-05"), officer.clone(), seed());
    let asked = one(service.ask(ctx(), asking(government)).await.unwrap());
    service.withdraw_own(ctx(), &asked.code, PROOF).await.unwrap();
    let view = service.request_view(&operator(morning("2024-02-05")), asked.id).await.unwrap();
    assert!(view.history.iter().all(|h| h.actor == "公众"), "{:?}", view.history);
}

async fn nobody_sees_another(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let (mine, theirs) = (ask(&service, office).await, ask(&service, office).await);
    let at = morning("2024-02-05");
    service.withdraw_own(public(at), &mine.code, PROOF).await.unwrap();
    let other = service.progress(public(at), &theirs.code, PROOF).await.unwrap();
    assert_eq!(other.stage, Stage::Submitted);
    let mixed = service.progress(public(at), &theirs.code, "0001").await;
    assert!(
        matches!(mixed, Err(Error::NotFound(_))),
        "the proof chosen counts, not another fact about the person"
    );
}

async fn sixty_four_at_once(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let at = morning("2024-02-05");
    let sent = (0..64).map(|_| service.ask(public(at), asking(office)));
    let asked: Vec<Asked> =
        futures_util::future::join_all(sent).await.into_iter().map(|a| one(a.unwrap())).collect();
    assert_eq!(asked.iter().map(|a| &a.code).collect::<BTreeSet<_>>().len(), 64);
    let confirm = asked
        .iter()
        .map(|a| happens(&service, a.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }));
    futures_util::future::join_all(confirm).await;
    let mut numbers = BTreeSet::new();
    for a in &asked {
        numbers.extend(service.progress(public(at), &a.code, PROOF).await.unwrap().number);
    }
    let expected: BTreeSet<String> = (1..=64).map(|n| format!("2024-{n:05}")).collect();
    assert_eq!(numbers, expected, "consecutive, without gap or repeat");
}

async fn closed_units_cannot_be_asked(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let before = service.askable_units(day("1980-01-01")).await.unwrap();
    assert!(before.iter().all(|u| u.id != office));
    let open = service.askable_units(day("2024-02-05")).await.unwrap();
    assert!(open.iter().any(|u| u.id == office));
    let early = service.ask(public(morning("1980-01-01")), asking(office)).await;
    assert!(codes(early).contains(&"asking-addressee".to_owned()));
}
