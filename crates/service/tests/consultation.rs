//! A draft is put to the public, opinions come, are answered, and the outcome is told, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, establish, made, morning, officer, on, own, value, verifies};
use law::docket::consultation::{
    Adoption, Answer, ConsultationEvent as E, Outcome, Stage, Standing, Subject, Terms,
};
use law::docket::document::DocumentEvent;
use law::docket::opinion::{OpinionChannel, OpinionState};
use place::{day, now, on_both, operator, seed, units};
use service::asking::Limits;
use service::consultation::{AtConsultation, NewConsultation, Phase, PublicConsultation, Reply, Said};
use service::document::AtAddress;
use service::row::ConsultationFilter;
use service::{Actor, Change, Context, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

on_both! { opening_publishes_the_draft what_looks_like_personal_data_is_answered_for opinions_are_taken_until_the_last_day
words_are_sealed_and_every_look_is_noted opinions_are_answered_in_groups_and_the_outcome_is_told
the_final_document_is_linked_while_both_are_public others_see_nothing_of_it drafts_count_among_no_documents a_local_rule_asks_for_days }

const FIRST: &str = "2021-03-01";
const LAST: &str = "2021-03-31";
const AFTER: &str = "2021-04-01";

fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

fn new(unit: Uuid) -> NewConsultation {
    NewConsultation {
        counted_by: unit.to_string(),
        maker: unit.to_string(),
        subject: Subject::Decision,
        title: "样本市样本办法（征求意见稿）".into(),
        terms: Terms {
            background: "为规范样本事项".into(),
            until: day(LAST),
            shortened: String::new(),
            online: true,
            email: "sample@example.invalid".into(),
            address: String::new(),
            phone: String::new(),
        },
    }
}

/// Anybody, in the morning of a day.
fn visitor(date: &str) -> Context {
    Context::new(morning(date), Actor::Anonymous, seed())
}

fn said(text: &str) -> Said {
    Said { text: text.into(), name: "样本甲".into(), contact: "13800138000".into() }
}

async fn standing(service: &Service, id: Uuid) -> (u32, Standing) {
    let view = service.consultation_view(&operator(now()), id).await.unwrap();
    (view.version, view.standing.unwrap())
}

async fn draft_of(service: &Service, id: Uuid) -> Uuid {
    standing(service, id).await.1.document.parse().unwrap()
}

async fn happens(service: &Service, id: Uuid, date: &str, event: E) -> Result<u32> {
    let (version, _) = standing(service, id).await;
    let change = Change::event(day(date), event);
    service.change_consultation(operator(morning(date)), id, version, change).await
}

fn opened() -> E {
    E::Opened { cleared: String::new() }
}

fn tells(said: &str) -> E {
    E::OutcomeTold { outcome: Outcome { said: said.into(), ..Outcome::default() }, cleared: String::new() }
}

async fn prepared(service: &Service, unit: Uuid) -> Uuid {
    let id = service.begin_consultation(operator(now()), day("2021-02-26"), new(unit)).await.unwrap();
    let draft = draft_of(service, id).await;
    service.write_body(operator(now()), draft, None, "第一条　样本内容。").await.unwrap();
    id
}

/// Open from the first day on.
async fn open(service: &Service, unit: Uuid) -> Uuid {
    let id = prepared(service, unit).await;
    happens(service, id, FIRST, opened()).await.unwrap();
    id
}

async fn public(service: &Service, date: &str, id: Uuid) -> PublicConsultation {
    match service.public_consultation(day(date), id).await.unwrap() {
        AtConsultation::Public(found) => *found,
        other => panic!("{other:?}"),
    }
}

async fn is_nowhere(service: &Service, id: Uuid) {
    let found = service.public_consultation(day(FIRST), id).await;
    assert!(matches!(found, Err(Error::NotFound(_))), "{found:?}");
    assert!(service.public_consultations(day(FIRST), (None, None), None).await.unwrap().is_empty());
    let given = service.give_opinion(visitor(FIRST), id, &said("意见")).await;
    assert!(matches!(given, Err(Error::NotFound(_))), "{given:?}");
}

async fn disclose(service: &Service, id: Uuid) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    let change = Change::event(day(FIRST), DocumentEvent::Disclosed { url: None });
    service.change_document(operator(now()), id, version, change).await
}

async fn withdraw(service: &Service, id: Uuid) {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    let event =
        DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    let change = Change::event(day(FIRST), event);
    service.change_document(operator(now()), id, version, change).await.unwrap();
}

async fn opening_publishes_the_draft(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let id = service.begin_consultation(operator(now()), day("2021-02-26"), new(office)).await.unwrap();
    let draft = draft_of(&service, id).await;
    assert_eq!(codes(happens(&service, id, FIRST, opened()).await), ["body-missing"]);
    service.write_body(operator(now()), draft, None, "第一条　样本内容。").await.unwrap();
    is_nowhere(&service, id).await;
    assert_eq!(codes(disclose(&service, draft).await), ["opens-with-consultation"]);
    let late = service.consultation_view(&operator(now()), id).await.unwrap();
    let change = Change::event(day("2021-02-28"), opened());
    let backdated = service.change_consultation(operator(now()), id, late.version, change).await;
    assert!(codes(backdated).contains(&"not-today".to_owned()));
    is_nowhere(&service, id).await;
    happens(&service, id, FIRST, opened()).await.unwrap();
    let found = public(&service, FIRST, id).await;
    assert_eq!((found.item.stage, found.item.until), (Stage::Open, day(LAST)));
    assert_eq!(found.body.as_deref(), Some("第一条　样本内容。"));
    assert!(
        matches!(service.public_document(draft).await, Ok(AtAddress::Public(d)) if d.consultation == Some(id))
    );
    let listed = |date: &'static str, phase| {
        let service = &service;
        async move { service.public_consultations(day(date), (Some(phase), None), None).await.unwrap().len() }
    };
    for (date, counts) in [(FIRST, [1, 0, 0]), (LAST, [1, 0, 0]), (AFTER, [0, 1, 0])] {
        for (phase, n) in Phase::ALL.into_iter().zip(counts) {
            assert_eq!(listed(date, phase).await, n, "{date} {phase:?}");
        }
    }
    // What was taken down is not consulted on, and may be published again.
    withdraw(&service, draft).await;
    let gone = service.public_consultation(day(FIRST), id).await.unwrap();
    assert!(matches!(gone, AtConsultation::Withdrawn { document } if document == draft));
    assert!(service.public_consultations(day(FIRST), (None, None), None).await.unwrap().is_empty());
    let given = service.give_opinion(visitor(FIRST), id, &said("意见")).await;
    assert!(matches!(given, Err(Error::NotFound(_))));
    disclose(&service, draft).await.unwrap();
    public(&service, FIRST, id).await;
    verifies(&service).await;
}

async fn what_looks_like_personal_data_is_answered_for(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let id = prepared(&service, office).await;
    let (_, s) = standing(&service, id).await;
    let terms = Terms { background: "联系人电话13800138000".into(), ..s.terms };
    happens(&service, id, FIRST, E::Changed { terms }).await.unwrap();
    assert_eq!(codes(happens(&service, id, FIRST, opened()).await), ["check-open"]);
    let draft = draft_of(&service, id).await;
    let (over, _) = service.document_body(&operator(now()), draft).await.unwrap().unwrap();
    service.write_body(operator(now()), draft, Some(over), "联系13800138001。").await.unwrap();
    let cleared = || E::Opened { cleared: "办公电话".into() };
    assert_eq!(
        codes(happens(&service, id, FIRST, cleared()).await),
        ["check-open"],
        "the text has its own check"
    );
    is_nowhere(&service, id).await;
    let (over, _) = service.document_body(&operator(now()), draft).await.unwrap().unwrap();
    service.write_body(operator(now()), draft, Some(over), "第一条。").await.unwrap();
    happens(&service, id, FIRST, cleared()).await.unwrap();
    let longer = |reason: &str| E::Extended {
        until: day("2021-04-10"),
        reason: reason.into(),
        cleared: String::new(),
    };
    assert_eq!(codes(happens(&service, id, FIRST, longer("请联系13800138000")).await), ["check-open"]);
    let (version, _) = standing(&service, id).await;
    let dated_back = Change::event(day(FIRST), longer("群众关注度高"));
    let no = service.change_consultation(operator(morning(LAST)), id, version, dated_back).await;
    assert_eq!(codes(no), ["not-today"]);
    happens(&service, id, FIRST, longer("群众关注度高")).await.unwrap();
    assert_eq!(public(&service, "2021-04-10", id).await.item.stage, Stage::Open);
    verifies(&service).await;
}

async fn opinions_are_taken_until_the_last_day(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let id = open(&service, office).await;
    let once = visitor(LAST).with_key("mark");
    let first = service.give_opinion(once.clone(), id, &said("建议一")).await.unwrap();
    let again = Context { entropy: visitor(LAST).entropy, ..once };
    assert_eq!(service.give_opinion(again, id, &said("建议一")).await.unwrap(), first, "sent twice");
    let waiting = service.opinion_counts(&operator(now()), id).await.unwrap();
    assert_eq!(waiting, [1, 0, 0]);
    let late = service.give_opinion(visitor(AFTER), id, &said("建议二")).await;
    assert_eq!(codes(late), ["not-open"]);
    let bad = Said { text: " \u{200b}\n".into(), name: "长".repeat(101), contact: String::new() };
    assert_eq!(codes(service.give_opinion(visitor(LAST), id, &bad).await), ["asking-text", "asking-name"]);
    let long = said(&"长".repeat(5001));
    assert_eq!(codes(service.give_opinion(visitor(LAST), id, &long).await), ["asking-text"]);
    // By letter: the day of the postmark counts, also when it is entered later.
    let by = |date: &str| (day(date), OpinionChannel::Letter);
    let record = |date: &'static str| {
        let (service, said) = (&service, said("建议三"));
        async move { service.record_opinion(operator(morning("2021-04-06")), id, by(date), &said).await }
    };
    record(LAST).await.unwrap();
    assert_eq!(codes(record(AFTER).await), ["not-open"]);
    assert_eq!(codes(record("2021-02-28").await), ["not-open"]);
    assert_eq!(service.opinion_counts(&operator(now()), id).await.unwrap(), [2, 0, 0]);
    // Not by this form, if the office does not want it.
    let other = prepared(&service, office).await;
    let (_, s) = standing(&service, other).await;
    let terms = Terms { online: false, ..s.terms };
    happens(&service, other, FIRST, E::Changed { terms }).await.unwrap();
    happens(&service, other, FIRST, opened()).await.unwrap();
    assert_eq!(codes(service.give_opinion(visitor(LAST), other, &said("x")).await), ["not-online"]);
    verifies(&service).await;
}

async fn words_are_sealed_and_every_look_is_noted(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let id = open(&service, office).await;
    let hostile = "<script>alert(1)</script>\u{202e}建议";
    let opinion = service.give_opinion(visitor(FIRST), id, &said(hostile)).await.unwrap();
    let journal = service.journal(&operator(now()), 0, 10_000).await.unwrap();
    assert!(!format!("{journal:?}").contains("样本甲") && !format!("{journal:?}").contains("alert"));
    let clerk = officer(office, &[Role::Officer]);
    let before = journal.len();
    let list = service.opinions(on(FIRST, &clerk), id, None, (None, 50)).await.unwrap();
    let seen = list[0].said.clone().unwrap();
    assert_eq!(seen.text, "<script>alert(1)</script>建议", "what nobody sees is left out");
    assert_eq!((seen.name.as_str(), seen.contact.as_str()), ("样**", "1********00"));
    let whole = service.open_opinion(on(FIRST, &clerk), id, opinion).await.unwrap();
    assert_eq!((whole.said.name.as_str(), whole.said.contact.as_str()), ("样本甲", "13800138000"));
    let noted = service.journal(&operator(now()), 0, 10_000).await.unwrap();
    let events: Vec<_> = noted[before..].iter().map(|l| l.event.as_str()).collect();
    assert_eq!(events, ["opinions-viewed", "opinion-opened"]);
    // Who may not see personal data sees that there is one.
    let reader = officer(office, &[Role::Reviewer]);
    let list = service.opinions(on(FIRST, &reader), id, None, (None, 50)).await.unwrap();
    assert_eq!((list.len(), list[0].said.clone()), (1, None));
    let opened = service.open_opinion(on(FIRST, &reader), id, opinion).await;
    assert!(matches!(opened, Err(Error::NotAllowed(_))));
    let other = open(&service, office).await;
    let elsewhere = service.open_opinion(on(FIRST, &clerk), other, opinion).await;
    assert!(matches!(elsewhere, Err(Error::NotFound(_))), "of another consultation");
    verifies(&service).await;
}

async fn opinions_are_answered_in_groups_and_the_outcome_is_told(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let id = open(&service, office).await;
    let mut opinions = Vec::new();
    for text in ["明确标准", "标准不清", "取消收费", "取消收费"] {
        opinions.push(service.give_opinion(visitor(LAST), id, &said(text)).await.unwrap());
    }
    let answer = |which: Vec<Uuid>, reply| {
        let service = &service;
        async move {
            let (version, _) = standing(service, id).await;
            service.answer_opinions(operator(morning(AFTER)), id, version, (which, reply)).await
        }
    };
    let adopted =
        Answer { summary: "明确标准".into(), adoption: Adoption::Adopted, reason: String::new() };
    let declined = |reason: &str| Answer {
        summary: "取消收费".into(),
        adoption: Adoption::Declined,
        reason: reason.into(),
    };
    assert_eq!(codes(answer(vec![], Reply::New(adopted.clone())).await), ["opinions-missing"]);
    let silent = answer(vec![opinions[2]], Reply::New(declined(""))).await;
    assert_eq!(codes(silent), ["reason-missing"]);
    answer(opinions[..2].to_vec(), Reply::New(adopted)).await.unwrap();
    answer(vec![opinions[2]], Reply::New(declined("收费有法定依据"))).await.unwrap();
    assert_eq!(codes(answer(vec![opinions[3]], Reply::Same(3)).await), ["no-such-answer"]);
    let told = happens(&service, id, AFTER, tells("感谢参与")).await;
    assert_eq!(codes(told), ["opinions-waiting"]);
    answer(vec![opinions[3]], Reply::SetAside("同一人重复提交".into())).await.unwrap();
    assert_eq!(codes(happens(&service, id, LAST, tells("感谢参与")).await), ["date-order", "still-open"]);
    let personal = happens(&service, id, AFTER, tells("请联系13800138000")).await;
    assert_eq!(codes(personal), ["check-open"]);
    let waiting = service.consultations_untold(&operator(morning(AFTER))).await.unwrap();
    assert_eq!(waiting, (1, 0), "over, and not owed yet");
    // Thirty days after the last day it is not owed yet, on the day after it is.
    let owed = |date: &'static str| {
        let service = &service;
        async move { service.consultations_untold(&operator(morning(date))).await.unwrap().1 }
    };
    assert_eq!((owed("2021-04-30").await, owed("2021-05-01").await), (0, 1));
    happens(&service, id, AFTER, tells("感谢参与")).await.unwrap();
    assert_eq!(owed("2021-05-01").await, 0);
    let found = public(&service, AFTER, id).await;
    let (_, outcome) = found.standing.outcome.unwrap();
    assert_eq!((found.item.stage, outcome.received()), (Stage::Answered, 3));
    assert_eq!(Adoption::ALL.map(|a| outcome.count(a)), [2, 0, 1]);
    assert_eq!(outcome.answers[1].answer.reason, "收费有法定依据");
    // What is changed afterwards is told only when it is told again.
    answer(vec![opinions[3]], Reply::Same(2)).await.unwrap();
    assert_eq!(public(&service, AFTER, id).await.standing.outcome.unwrap().1.received(), 3);
    happens(&service, id, "2021-04-02", tells("更正：漏计一条")).await.unwrap();
    assert_eq!(public(&service, AFTER, id).await.standing.outcome.unwrap().1.received(), 4);
    let filter = ConsultationFilter { told: true, ..Default::default() };
    let listed = service.consultations(&operator(now()), filter, Page::first(10)).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(service.opinion_counts(&operator(now()), id).await.unwrap()[1], 4);
    let waiting = service.opinions(operator(now()), id, Some(OpinionState::Waiting), (None, 9)).await;
    assert!(waiting.unwrap().is_empty());
    verifies(&service).await;
}

async fn the_final_document_is_linked_while_both_are_public(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let id = open(&service, office).await;
    let draft = draft_of(&service, id).await;
    let result = service.make_document(operator(now()), day(FIRST), made(office, "样本办法")).await.unwrap();
    let resulted = |document: String| happens(&service, id, AFTER, E::Resulted { document });
    for nothing in [draft.to_string(), Uuid::from_u128(7).to_string(), "x".to_owned()] {
        assert_eq!(codes(resulted(nothing).await), ["document-unknown"]);
    }
    resulted(result.to_string()).await.unwrap();
    let forwards = || async { public(&service, AFTER, id).await.result.map(|r| r.title) };
    let backwards = || async {
        match service.public_document(result).await {
            Ok(AtAddress::Public(d)) => d.consultations.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(forwards().await, None, "it is not public");
    disclose(&service, result).await.unwrap();
    assert_eq!((forwards().await.as_deref(), backwards().await), (Some("样本办法"), 1));
    withdraw(&service, draft).await;
    assert_eq!(backwards().await, 0, "the consultation is not public any more");
    disclose(&service, draft).await.unwrap();
    withdraw(&service, result).await;
    assert_eq!(forwards().await, None);
    verifies(&service).await;
}

async fn others_see_nothing_of_it(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (government, office) = units(&service).await;
    let elsewhere = establish(&service, "edu", Some(government)).await;
    let id = open(&service, office).await;
    let opinion = service.give_opinion(visitor(FIRST), id, &said("意见")).await.unwrap();
    let stranger = officer(elsewhere, &[Role::Officer]);
    let refused = |found: Result<()>| assert!(matches!(found, Err(Error::NotAllowed(_))), "{found:?}");
    refused(service.consultation_view(&on(FIRST, &stranger), id).await.map(drop));
    refused(service.opinions(on(FIRST, &stranger), id, None, (None, 9)).await.map(drop));
    refused(service.open_opinion(on(FIRST, &stranger), id, opinion).await.map(drop));
    let by = (day(FIRST), OpinionChannel::Phone);
    refused(service.record_opinion(on(FIRST, &stranger), id, by, &said("x")).await.map(drop));
    let reply = (vec![opinion], Reply::SetAside("x".into()));
    refused(service.answer_opinions(on(FIRST, &stranger), id, 2, reply).await);
    refused(service.begin_consultation(on(FIRST, &stranger), day(FIRST), new(office)).await.map(drop));
    let longer = E::Extended { until: day("2021-05-01"), reason: "x".into(), cleared: String::new() };
    let change = Change::event(day(FIRST), longer);
    refused(service.change_consultation(on(FIRST, &stranger), id, 2, change).await.map(drop));
    let mine = service.consultations(&on(FIRST, &stranger), Default::default(), Page::first(9)).await;
    assert!(mine.unwrap().is_empty());
    let reader = officer(office, &[Role::Reviewer]);
    refused(service.begin_consultation(on(FIRST, &reader), day(FIRST), new(office)).await.map(drop));
    // The final document is one the actor may work on.
    let theirs = service.make_document(operator(now()), day(FIRST), made(elsewhere, "x")).await.unwrap();
    let clerk = officer(office, &[Role::Officer]);
    let change = Change::event(day(FIRST), E::Resulted { document: theirs.to_string() });
    refused(service.change_consultation(on(FIRST, &clerk), id, 2, change).await.map(drop));
}

async fn drafts_count_among_no_documents(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    open(&service, office).await;
    let one = service.make_document(operator(now()), day(FIRST), made(office, "样本办法")).await.unwrap();
    disclose(&service, one).await.unwrap();
    for fact in ["documents.disclosed", "documents.disclosed_own", "documents.made"] {
        assert_eq!(value(&service, &own(office, 2021), fact).await, "1", "{fact}");
    }
    let listed = service.public_documents(&Default::default(), None).await.unwrap();
    assert_eq!(listed.iter().map(|d| d.id).collect::<Vec<_>>(), [one]);
}

async fn a_local_rule_asks_for_days(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let service = service.with_limits(Limits { consultation_days: 7, ..Limits::default() });
    let mut asked = new(office);
    asked.subject = Subject::Normative;
    asked.terms.until = day("2021-03-07");
    let id = service.begin_consultation(operator(now()), day("2021-02-26"), asked).await.unwrap();
    let draft = draft_of(&service, id).await;
    service.write_body(operator(now()), draft, None, "第一条。").await.unwrap();
    assert_eq!(codes(happens(&service, id, FIRST, opened()).await), ["too-short"]);
    let (_, s) = standing(&service, id).await;
    let terms = Terms { shortened: "防汛需要".into(), ..s.terms };
    happens(&service, id, FIRST, E::Changed { terms }).await.unwrap();
    happens(&service, id, FIRST, opened()).await.unwrap();
    verifies(&service).await;
}
