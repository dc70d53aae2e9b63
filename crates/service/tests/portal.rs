//! What the portal does around a request, on both engines: several matters at once, the warning of a second request,
//! drafts, published items like what is asked for, and what an applicant sends later.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, department, entries, establish, made, morning, on, verifies};
use jiff::Timestamp;
use law::applicant::ApplicantClass;
use law::clock::DayKind;
use law::decision::Decision;
use law::docket::document::DocumentEvent;
use law::docket::request::{Carrier, Delivery, RequestEvent, ServiceMethod, Stage, Wanted};
use law::fee::Basis;
use place::{day, on_both, operator, seed, units};
use service::asking::{AGAIN_CODE, Asked, Asking, Limits, Matter, Noted, Second, SubmissionKind};
use service::row::RequestFilter;
use service::unit::NewUnit;
use service::vault::Person;
use service::{Actor, Change, Context, Error, Location, Page, Role, Service};
use uuid::Uuid;

const PROOF: &str = "002X";

on_both! { each_matter_is_a_request the_same_is_asked_of_several_agencies too_many_and_the_same_twice all_or_nothing an_agent_is_named_whole
asked_once_before_a_second_request drafts_return drafts_expire_and_are_changed public_items_are_suggested
only_what_is_public_is_suggested suggestions_are_counted units_are_found corrected_by_its_applicant
reasons_are_kept_for_the_office the_applicants_half_of_the_confirmation fee_and_remedies_are_told words_stay_sealed
the_proof_holds_after_a_letter_is_finished }

fn public(at: Timestamp) -> Context {
    Context::new(at, Actor::Anonymous, seed())
}

fn person() -> Person {
    Person {
        name: "样本甲".into(),
        id_kind: "居民身份证".into(),
        // The worked example of GB 11643-1999, nobody's number.
        id_number: "11010519491231002X".into(),
        phone: "00000000001".into(),
        ..Person::default()
    }
}

fn asking(matters: &[(Uuid, &str)]) -> Asking {
    let matter = |(addressee, subject): &(Uuid, &str)| Matter {
        addressee: *addressee,
        also: Vec::new(),
        subject: (*subject).into(),
    };
    Asking {
        matters: matters.iter().map(matter).collect(),
        class: ApplicantClass::NaturalPerson,
        person: person(),
        wanted: Wanted { delivery: vec![Delivery::PickUp], carrier: Some(Carrier::Paper), other_way: false },
        second: Second::IdNumber,
        again: false,
        suggested: false,
        draft: None,
        files: Vec::new(),
    }
}

async fn ask(service: &Service, unit: Uuid, subject: &str) -> Asked {
    let asked = service.ask(public(morning("2024-02-05")), asking(&[(unit, subject)])).await;
    asked.unwrap().remove(0)
}

async fn happens(service: &Service, id: Uuid, date: &str, event: RequestEvent) {
    let version = service.request_view(&operator(morning(date)), id).await.unwrap().version;
    let change = Change::event(day(date), event);
    service.change_request(operator(morning(date)), id, version, change).await.unwrap();
}

async fn each_matter_is_a_request(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let form = || asking(&[(office, "样本预算"), (government, "样本预算"), (office, "样本规划")]);
    let send = || service.ask(public(morning("2024-02-05")).with_key("form-1"), form());
    let (asked, again) = (send().await.unwrap(), send().await.unwrap());
    assert_eq!(asked, again, "sent twice is asked once");
    assert_eq!(
        asked.iter().map(|a| a.subject.as_str()).collect::<Vec<_>>(),
        ["样本预算", "样本预算", "样本规划"]
    );
    for a in &asked {
        let seen = service.progress(public(morning("2024-02-05")), &a.code, PROOF).await.unwrap();
        assert_eq!((seen.unit.as_str(), seen.subject.as_str()), (a.unit.as_str(), a.subject.as_str()));
        happens(&service, a.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
        let applicant = service.applicant(operator(morning("2024-02-05")), a.id).await.unwrap();
        assert_eq!(applicant, person(), "each carries its own sealed record");
    }
    let number = |n: usize| service.request_view_number(&asked[n]);
    assert_eq!(
        [number(0).await, number(1).await, number(2).await],
        ["2024-00001", "2024-00001", "2024-00002"]
    );
    verifies(&service).await;
}

/// One matter of these agencies.
fn of_all(agencies: &[Uuid], subject: &str) -> Asking {
    let mut form = asking(&[(agencies[0], subject)]);
    form.matters[0].also = agencies[1..].to_vec();
    form
}

async fn the_same_is_asked_of_several_agencies(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let at = || public(morning("2024-02-05"));
    // An agency that is chosen twice is asked once.
    let form = || of_all(&[office, government, office, government], "样本预算");
    let send = || service.ask(at().with_key("form-1"), form());
    let (asked, again) = (send().await.unwrap(), send().await.unwrap());
    assert_eq!(asked, again, "sent twice is asked once");
    let [first, second] = &asked[..] else { panic!("one of each: {asked:?}") };
    assert!(first.code != second.code && first.unit != second.unit && first.subject == second.subject);
    for a in &asked {
        happens(&service, a.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
        assert_eq!(service.request_view_number(a).await, "2024-00001", "each agency counts for itself");
    }
    // What becomes of one is nothing to the other.
    service.withdraw_own(at(), &first.code, PROOF).await.unwrap();
    assert!(service.progress(at(), &second.code, PROOF).await.unwrap().may_withdraw);

    // The second agency has it already: said once, of the matter.
    let refused = service.ask(at(), of_all(&[office, government], "样本预算")).await;
    assert_eq!(codes(refused), ["asking-again"]);
    let unknown =
        service.ask(at(), of_all(&[office, Uuid::from_u128(1), Uuid::from_u128(2)], "样本规划")).await;
    assert_eq!(codes(unknown), ["asking-also"]);
    let few = service.clone().with_limits(Limits { matters: 1, ..Limits::default() });
    assert_eq!(codes(few.ask(at(), of_all(&[office, government], "样本规划")).await), ["asking-also"]);
    let mut twice = of_all(&[office, government], "样本规划");
    twice.matters.push(Matter { addressee: government, also: Vec::new(), subject: " 样本规划".into() });
    assert_eq!(codes(service.ask(at(), twice).await), ["asking-subject-2"], "one of its agencies twice");
    verifies(&service).await;
}

trait Number {
    async fn request_view_number(&self, asked: &Asked) -> String;
}

impl Number for Service {
    async fn request_view_number(&self, asked: &Asked) -> String {
        let view = self.request_view(&operator(morning("2024-02-05")), asked.id).await.unwrap();
        view.standing.unwrap().number.unwrap()
    }
}

async fn too_many_and_the_same_twice(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let few = service.clone().with_limits(Limits { matters: 2, draft_days: 30, ..Limits::default() });
    let at = || public(morning("2024-02-05"));
    let three = few.ask(at(), asking(&[(office, "一"), (office, "二"), (office, "三")])).await;
    assert_eq!(codes(three), ["asking-subject-3"]);
    let same = few.ask(at(), asking(&[(office, "样本预算"), (office, " 样本预算 ")])).await;
    assert_eq!(codes(same), ["asking-subject-2"]);
    let bare = few.ask(at(), asking(&[])).await;
    assert_eq!(codes(bare), ["asking-subject"]);
    few.ask(at(), asking(&[(office, "一"), (office, "二")])).await.unwrap();
}

async fn all_or_nothing(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let form = asking(&[(office, "样本预算"), (Uuid::from_u128(1), "样本规划"), (office, " ")]);
    assert_eq!(codes(service.ask(public(morning("2024-02-05")), form).await), ["asking-subject-3"]);
    let form = asking(&[(office, "样本预算"), (Uuid::from_u128(1), "样本规划")]);
    assert_eq!(codes(service.ask(public(morning("2024-02-05")), form).await), ["asking-addressee-2"]);
    let all =
        service.requests(&operator(morning("2024-02-05")), RequestFilter::default(), Page::first(9)).await;
    assert!(all.unwrap().is_empty());
}

async fn an_agent_is_named_whole(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let mut form = asking(&[(office, "样本预算")]);
    form.person.agent_name = "样本乙".into();
    let refused = codes(service.ask(public(morning("2024-02-05")), form.clone()).await);
    assert_eq!(refused, ["agent_id_kind", "agent_id_number", "agent_phone"].map(|f| format!("asking-{f}")));
    form.person.agent_id_kind = "居民身份证".into();
    form.person.agent_phone = "00000000002".into();
    form.person.agent_id_number = "110105194912310021".into();
    let refused = codes(service.ask(public(morning("2024-02-05")), form.clone()).await);
    assert_eq!(refused, ["asking-agent_id_number"]);
    form.person.agent_id_number = "11010519491231002X".into();
    let asked = service.ask(public(morning("2024-02-05")), form.clone()).await.unwrap().remove(0);
    let kept = service.applicant(operator(morning("2024-02-05")), asked.id).await.unwrap();
    assert_eq!(kept, form.person);
}

async fn asked_once_before_a_second_request(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let first = ask(&service, office, "样本市城区供水管网改造项目的批复文件").await;
    let send = |form: Asking| service.ask(public(morning("2024-02-06")), form);
    let alike = "样本市城区供水管网改造项目的批复文件。";
    assert_eq!(codes(send(asking(&[(office, alike)])).await), [AGAIN_CODE]);
    // Typed differently, the same person.
    let mut spaced = asking(&[(office, alike)]);
    spaced.person.id_number = "110105 19491231 002x".into();
    spaced.person.name = "样本 甲".into();
    assert!(matches!(send(spaced).await, Err(Error::Refused(_))));
    // Another person, another agency, another matter: nothing is said.
    let mut other = asking(&[(office, alike)]);
    (other.person.id_kind, other.person.id_number) = ("护照".into(), "样本00002X".into());
    send(other).await.unwrap();
    send(asking(&[(government, alike)])).await.unwrap();
    send(asking(&[(office, "样本市幼儿园招生计划")])).await.unwrap();
    send(Asking { again: true, ..asking(&[(office, alike)]) }).await.unwrap();
    service.withdraw_own(public(morning("2024-02-06")), &first.code, PROOF).await.unwrap();
}

async fn drafts_return(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let at = || public(morning("2024-02-05"));
    let fields =
        vec![("name".to_owned(), "样本甲".to_owned()), ("subject".to_owned(), "样本预算".to_owned())];
    let before = entries(&service).await;
    let saved = service.save_draft(at(), None, fields.clone()).await.unwrap();
    assert_eq!(saved.until, day("2024-03-05"), "thirty days");
    assert_eq!(saved.code.len(), 19);
    let typed = saved.code.to_lowercase().replace('-', " ");
    let found = service.draft(&at(), &typed).await.unwrap();
    assert_eq!((found.fields, found.code), (fields, saved.code.clone()));
    assert_eq!(entries(&service).await, before, "a draft is no entry of the journal");
    for wrong in ["", "ABCD-EFGH-JKMN-PQRS", "ABCD-EFGH-JKMN"] {
        assert!(matches!(service.draft(&at(), wrong).await, Err(Error::NotFound(_))), "{wrong}");
    }
    let mut form = asking(&[(office, "样本预算")]);
    form.draft = Some(saved.code.clone());
    service.ask(at(), form).await.unwrap();
    assert!(service.draft(&at(), &saved.code).await.is_err(), "submitted, it is gone");
}

async fn drafts_expire_and_are_changed(service: Service, _: Location) {
    let short = service.clone().with_limits(Limits { matters: 10, draft_days: 1, ..Limits::default() });
    let fields = |text: &str| vec![("subject".to_owned(), text.to_owned())];
    let at = morning("2024-02-05");
    let saved = short.save_draft(public(at), None, fields("一")).await.unwrap();
    let hour = |n| at + jiff::SignedDuration::from_hours(n);
    let again = short.save_draft(public(hour(12)), Some(&saved.code), fields("二")).await.unwrap();
    assert_eq!(again.code, saved.code, "the same draft, changed");
    let found = short.draft(&public(hour(35)), &saved.code).await.unwrap();
    assert_eq!(found.fields, fields("二"));
    assert!(short.draft(&public(hour(36)), &saved.code).await.is_err(), "a day after it was saved last");
    let new = short.save_draft(public(hour(36)), Some(&saved.code), fields("三")).await.unwrap();
    assert_ne!(new.code, saved.code, "an expired code is not used again");
    let purged = short.purge_drafts(operator(hour(99))).await.unwrap();
    assert_eq!(purged, 1, "the first was forgotten when the third was saved");
    assert!(matches!(short.purge_drafts(public(hour(99))).await, Err(Error::SignIn)));
    let flood = vec![("subject".to_owned(), "样".repeat(100_000))];
    assert!(matches!(short.save_draft(public(at), None, flood).await, Err(Error::Invalid(_))));
}

/// A document that is made and disclosed.
async fn disclosed(service: &Service, unit: Uuid, title: &str) -> Uuid {
    let id =
        service.make_document(operator(place::now()), day("2021-02-01"), made(unit, title)).await.unwrap();
    let url = Some("https://www.example.gov.cn/1".to_owned());
    changed(service, id, DocumentEvent::Disclosed { url }).await;
    id
}

async fn changed(service: &Service, id: Uuid, event: DocumentEvent) {
    let version = service.document_view(&operator(place::now()), id).await.unwrap().version;
    let change = Change::event(day("2021-02-02"), event);
    service.change_document(operator(place::now()), id, version, change).await.unwrap();
}

async fn public_items_are_suggested(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    assert!(service.suggest("供水管网改造项目").await.unwrap().is_empty());
    let water = disclosed(&service, office, "关于样本市城区供水管网改造项目的批复").await;
    disclosed(&service, office, "样本市幼儿园招生工作方案").await;
    let found = service.suggest("我想看城区供水管网改造项目的批复文件").await.unwrap();
    assert_eq!(found.iter().map(|s| s.id).collect::<Vec<_>>(), [water]);
    assert_eq!((found[0].unit.as_str(), found[0].on), ("样本市人民政府办公室", day("2021-02-02")));
    assert!(service.suggest("").await.unwrap().is_empty());
    assert!(service.suggest(&"样".repeat(100_000)).await.is_ok());
}

async fn only_what_is_public_is_suggested(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let said = "样本市老旧小区改造实施方案";
    let undisclosed = made(office, said);
    service.make_document(operator(place::now()), day("2021-02-01"), undisclosed).await.unwrap();
    assert!(service.suggest(said).await.unwrap().is_empty(), "made, not disclosed");
    let open = disclosed(&service, office, said).await;
    assert_eq!(service.suggest(said).await.unwrap().len(), 1);
    service.published_item(open).await.unwrap();
    changed(
        &service,
        open,
        DocumentEvent::Withdrawn { reason: "样本理由".into(), told: String::new(), kept: String::new() },
    )
    .await;
    assert!(service.suggest(said).await.unwrap().is_empty(), "taken down");
    assert!(matches!(service.published_item(open).await, Err(Error::NotFound(_))));
}

async fn suggestions_are_counted(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let other = establish(&service, "other", None).await;
    let at = || public(morning("2024-02-05"));
    for noted in [Noted::Shown, Noted::Shown, Noted::Opened] {
        service.note_suggestion(at(), Some(office), noted).await.unwrap();
    }
    service.note_suggestion(at(), Some(Uuid::from_u128(9)), Noted::Shown).await.unwrap();
    service.note_suggestion(at(), Some(other), Noted::Shown).await.unwrap();
    service.ask(at(), Asking { suggested: true, ..asking(&[(office, "样本预算")]) }).await.unwrap();
    service.ask(at(), asking(&[(office, "样本规划")])).await.unwrap();
    let days = || day("2024-02-05")..=day("2024-02-05");
    let officer = cases::officer(office, &[Role::Officer]);
    let mine = service.suggestion_counts(&on("2024-02-05", &officer), days()).await.unwrap();
    let mine: Vec<(&str, i64)> = mine.iter().map(|r| (r.kind.as_str(), r.n)).collect();
    assert_eq!(mine, [("asked", 1), ("asked-unsuggested", 1), ("opened", 1), ("shown", 2)]);
    let all = service.suggestion_counts(&operator(morning("2024-02-05")), days()).await.unwrap();
    assert!(all.iter().any(|r| r.unit.is_nil() && r.n == 1), "an unknown unit counts as none");
    assert!(matches!(service.suggestion_counts(&at(), days()).await, Err(Error::SignIn)));
}

async fn units_are_found(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let school = NewUnit { name: "样本市教育局".into(), ..department("education", Some(government)) };
    let school = service.establish_unit(operator(place::now()), day("2010-01-01"), school).await.unwrap();
    let today = day("2024-02-05");
    let ids = |said: &'static str| {
        let service = service.clone();
        async move {
            let found = service.find_askable_units(today, said).await.unwrap();
            found.into_iter().map(|u| u.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(ids("小学入学").await, [school], "by what it does");
    assert_eq!(ids("办公室").await, [office], "by name");
    assert_eq!(ids(" ").await.len(), 3);
    assert!(ids("没有这样的事").await.is_empty());
}

/// A request that waits for its applicant's correction since 6 February.
async fn waiting(service: &Service, office: Uuid) -> Asked {
    let asked = ask(service, office, "样本预算").await;
    happens(service, asked.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
    let items = vec!["请写明年度".to_owned()];
    let notice = RequestEvent::CorrectionNoticed { items, reply_by: day("2024-02-22") };
    happens(service, asked.id, "2024-02-06", notice).await;
    asked
}

async fn corrected_by_its_applicant(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = waiting(&service, office).await;
    let at = || public(morning("2024-02-20"));
    let mine = (asked.code.as_str(), PROOF);
    let seen = service.progress(at(), &asked.code, PROOF).await.unwrap();
    assert_eq!(
        (seen.stage, seen.to_correct.as_slice()),
        (Stage::CorrectionPending, &["请写明年度".to_owned()][..])
    );
    assert_eq!(seen.may_send, Some(SubmissionKind::Correction));
    let send = |text: &'static str| {
        service.answer_own(at().with_key("form-1"), mine, SubmissionKind::Correction, text, Vec::new())
    };
    assert_eq!(codes(send(" ").await), ["asking-text"]);
    let wrong =
        service.answer_own(at(), (&asked.code, "0000"), SubmissionKind::Correction, "样", Vec::new()).await;
    assert!(matches!(wrong, Err(Error::NotFound(_))));
    assert_eq!(
        codes(service.answer_own(at(), mine, SubmissionKind::Reasons, "样", Vec::new()).await),
        ["answer-not-awaited"]
    );
    send("2023年度").await.unwrap();
    send("2023年度").await.unwrap();
    let seen = service.progress(at(), &asked.code, PROOF).await.unwrap();
    assert_eq!((seen.may_send, seen.to_correct.len()), (None, 0));
    assert_eq!(seen.sent, [(SubmissionKind::Correction, day("2024-02-20"))]);
    // Twenty working days from the correction (art. 30).
    let due = seen.due.unwrap();
    assert_eq!(due.on, day("2024-03-19"));
    let last = seen.days.last().unwrap();
    assert_eq!((last.on, last.nth), (due.on, Some(20)), "every day up to the day due");
    assert_eq!((seen.days[0].on, seen.days[0].kind), (day("2024-02-20"), DayKind::Begins));
    let read = service.submissions(operator(morning("2024-02-20")), asked.id).await.unwrap();
    assert_eq!(read.len(), 1, "sent twice is kept once");
    assert_eq!(read[0].text.as_deref(), Some("2023年度"));
    verifies(&service).await;
}

async fn reasons_are_kept_for_the_office(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office, "样本预算").await;
    happens(&service, asked.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
    happens(&service, asked.id, "2024-02-06", RequestEvent::ReasonsAsked { reply_by: day("2024-02-22") })
        .await;
    let at = || public(morning("2024-02-07"));
    let mine = (asked.code.as_str(), PROOF);
    service.answer_own(at(), mine, SubmissionKind::Reasons, "各项内容不同", Vec::new()).await.unwrap();
    let twice = service.answer_own(at(), mine, SubmissionKind::Reasons, "再说一次", Vec::new()).await;
    assert_eq!(codes(twice), ["answer-not-awaited"]);
    let seen = service.progress(at(), &asked.code, PROOF).await.unwrap();
    assert_eq!(seen.stage, Stage::ReasonPending, "whether they convince is for the office to say");
    let nobody = service.submissions(at(), asked.id).await;
    assert!(matches!(nobody, Err(Error::SignIn)));
    let elsewhere = cases::officer(establish(&service, "other", None).await, &[Role::Officer]);
    assert!(service.submissions(on("2024-02-07", &elsewhere), asked.id).await.is_err());
    let supervisor = cases::officer(None, &[Role::Supervisor]);
    let refused = service.submissions(on("2024-02-07", &supervisor), asked.id).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))));
    let before = entries(&service).await;
    let officer = cases::officer(office, &[Role::Officer]);
    let read = service.submissions(on("2024-02-07", &officer), asked.id).await.unwrap();
    assert_eq!(read[0].text.as_deref(), Some("各项内容不同"));
    assert_eq!(entries(&service).await, before + 1, "the view is journaled");
    verifies(&service).await;
}

async fn the_applicants_half_of_the_confirmation(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office, "样本预算").await;
    let at = || public(morning("2024-02-05"));
    let mine = (asked.code.as_str(), PROOF);
    service.answer_own(at(), mine, SubmissionKind::Confirmation, "", Vec::new()).await.unwrap();
    let seen = service.progress(at(), &asked.code, PROOF).await.unwrap();
    assert_eq!((seen.stage, seen.received_on), (Stage::Submitted, None), "the office confirms too (art. 31)");
    assert_eq!((seen.may_send, seen.sent.len()), (None, 1));
}

async fn fee_and_remedies_are_told(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office, "样本预算").await;
    happens(&service, asked.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
    let notice = RequestEvent::FeeNoticed { basis: Basis::PerPage, count: 40, yuan: 100 };
    happens(&service, asked.id, "2024-02-06", notice).await;
    let at = |date: &str| public(morning(date));
    let seen = service.progress(at("2024-02-06"), &asked.code, PROOF).await.unwrap();
    assert_eq!(seen.fee.map(|f| f.notice.yuan), Some(100));
    assert!(seen.waits_until.is_some() && seen.due.is_none() && seen.days.is_empty());
    happens(&service, asked.id, "2024-02-07", RequestEvent::FeePaid).await;
    let decided = RequestEvent::Decided {
        decision: Decision::RefusedInternalAffairs,
        number: "样本〔2024〕1号".into(),
        reasons: "样本理由".into(),
    };
    happens(&service, asked.id, "2024-02-08", decided).await;
    let seen = service.progress(at("2024-02-08"), &asked.code, PROOF).await.unwrap();
    assert_eq!((seen.remedies, seen.fee), (None, None), "told once it is served");
    happens(
        &service,
        asked.id,
        "2024-02-09",
        RequestEvent::Served { method: ServiceMethod::Post, evidence: String::new() },
    )
    .await;
    let seen = service.progress(at("2024-02-09"), &asked.code, PROOF).await.unwrap();
    let remedies = seen.remedies.unwrap();
    assert!(
        remedies.contains("60日内") && !remedies.contains("或者"),
        "reconsideration comes first: {remedies}"
    );
    assert!(seen.days.is_empty());
}

async fn words_stay_sealed(service: Service, place: Location) {
    let (_, office) = units(&service).await;
    let asked = waiting(&service, office).await;
    let secret = "不应当以明文出现的补正内容";
    let at = public(morning("2024-02-20"));
    service
        .answer_own(at.clone(), (&asked.code, PROOF), SubmissionKind::Correction, secret, Vec::new())
        .await
        .unwrap();
    let saved = service.save_draft(at, None, vec![("subject".into(), secret.into())]).await.unwrap();
    let journal = service.journal(&operator(morning("2024-02-20")), 0, 1000).await.unwrap();
    assert!(!format!("{journal:?}").contains(secret));
    if let Location::Folder(folder) = place {
        service.close().await;
        let file = std::fs::read(folder.join("gongkai.db")).unwrap();
        let holds = |text: &str| file.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!holds(secret) && !holds(&saved.code.replace('-', "")));
    }
}

/// The text of a finished letter is sealed beside the same docket, later than the applicant's record.
async fn the_proof_holds_after_a_letter_is_finished(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let asked = ask(&service, office, "样本预算").await;
    happens(&service, asked.id, "2024-02-05", RequestEvent::Confirmed { evidence: String::new() }).await;
    cases::described(&service, office, "样公复").await;
    let at = || operator(morning("2024-02-06"));
    let version = service.request_view(&at(), asked.id).await.unwrap().version;
    let receipt = service::letter::Wanted { letter: law::letter::Letter::Receipt, n: None };
    service.write_letter(at(), asked.id, version, receipt).await.unwrap();
    let seen = service.progress(public(morning("2024-02-06")), &asked.code, PROOF).await;
    assert!(seen.is_ok(), "{:?}", seen.err());
}
