//! Letters: written from the docket by the unit's template, checked before signing, kept as they were finished.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{by, codes, described, officer, on, request_of, verifies};
use law::decision::Decision;
use law::docket::file::FileRole;
use law::docket::request::{Consulted, Draft, RequestEvent, ServiceMethod, Withheld};
use law::docket::unit::{Profile, UnitEvent};
use law::letter::Letter;
use law::review::Step;
use paper::redact::{Mark, Target};
use place::{day, now, on_both, operator, units};
use service::file::Looked;
use service::letter::{LetterView, Wanted};
use service::{Actor, Change, Error, Location, Role, Service};
use uuid::Uuid;

on_both! {
    nothing_is_signed_whose_letter_could_not_be_sent
    a_finished_letter_stays_as_it_was_whatever_becomes_of_the_template
    an_answer_given_again_has_a_letter_of_its_own
    a_template_is_checked_versioned_and_not_overwritten_unseen
    a_letter_of_the_procedure_gets_its_number_when_it_is_finished
    another_agency_is_asked_by_the_limit_of_the_house
    a_letter_made_late_bears_the_day_of_its_step
    a_finished_letter_is_given_to_its_applicant
    a_clean_copy_goes_by_the_name_of_its_original
}

struct People {
    officer: Actor,
    chain: Actor,
}

fn people(office: Uuid) -> People {
    People {
        officer: officer(office, &[Role::Officer, Role::UnitHead]),
        chain: officer(office, &[Role::SecrecyReviewer, Role::LegalReviewer, Role::Head]),
    }
}

async fn version(service: &Service, id: Uuid) -> u32 {
    service.request_view(&operator(now()), id).await.unwrap().version
}

async fn act(
    service: &Service,
    id: Uuid,
    date: &str,
    actor: &Actor,
    event: RequestEvent,
) -> service::Result<u32> {
    let version = version(service, id).await;
    service.change_request(on(date, actor), id, version, Change::event(day(date), event)).await
}

async fn received(service: &Service, unit: Uuid, actor: &Actor) -> Uuid {
    let new = request_of(unit, "2024-03-04", "样本甲");
    service.receive_request(on("2024-03-04", actor), new).await.unwrap().id
}

fn in_part() -> RequestEvent {
    let withheld = Withheld {
        what: "附件二".into(),
        basis: "条例第十五条".into(),
        reason: "涉及第三方的商业秘密".into(),
    };
    let draft = Draft {
        decision: Decision::GrantedInPart,
        facts: "经检索，本机关制作并保存该批复".into(),
        basis: vec!["条例第三十七条".into()],
        reasons: String::new(),
        disclosed: vec!["批复正文".into()],
        withheld: vec![withheld],
        provided: "提供纸质复印件3页".into(),
        attachments: vec!["批复正文复印件（3页）".into()],
    };
    RequestEvent::Drafted { draft, chain: Vec::new() }
}

fn passed(step: Step) -> RequestEvent {
    RequestEvent::Reviewed { step, passed: true, opinion: String::new() }
}

async fn letter(service: &Service, id: Uuid, date: &str, actor: &Actor, letter: Letter) -> LetterView {
    service.letter(on(date, actor), id, Wanted { letter, n: None }).await.unwrap()
}

/// Drafted and reviewed up to signing.
async fn reviewed(service: &Service, id: Uuid, p: &People) {
    act(service, id, "2024-03-05", &p.officer, in_part()).await.unwrap();
    act(service, id, "2024-03-06", &p.chain, passed(Step::Secrecy)).await.unwrap();
    act(service, id, "2024-03-06", &p.chain, passed(Step::Legality)).await.unwrap();
}

async fn nothing_is_signed_whose_letter_could_not_be_sent(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    reviewed(&service, id, &p).await;
    let unsaid = act(&service, id, "2024-03-07", &p.chain, passed(Step::Signing)).await;
    let unsaid = codes(unsaid);
    let expected = [
        "remedies-missing",
        "contact-missing",
        "placeholder-left",
        "reconsideration-first-untold",
        "remedy-term-missing",
        "remedy-term-missing",
    ];
    assert_eq!(unsaid, expected);
    described(&service, office, "样公复").await;
    act(&service, id, "2024-03-07", &p.chain, passed(Step::Signing)).await.unwrap();
    verifies(&service).await;
}

async fn a_finished_letter_stays_as_it_was_whatever_becomes_of_the_template(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    reviewed(&service, id, &p).await;
    let decision = Letter::Decision(Decision::GrantedInPart);
    let draft = letter(&service, id, "2024-03-06", &p.officer, decision).await;
    assert!(draft.paper.draft && draft.written.is_none());
    act(&service, id, "2024-03-07", &p.chain, passed(Step::Signing)).await.unwrap();
    let made = RequestEvent::Decided {
        decision: Decision::GrantedInPart,
        number: String::new(),
        reasons: String::new(),
    };
    act(&service, id, "2024-03-08", &p.officer, made).await.unwrap();
    let finished = letter(&service, id, "2024-03-09", &p.officer, decision).await;
    let printed = finished.paper.printed();
    for words in [
        "样公复〔2024〕1号",
        "样本甲：",
        "2024年3月4日",
        "2024-00001",
        "附件二",
        "《中华人民共和国政府信息公开条例》第十五条",
        "60日内",
        "15日内",
        "样本市人民法院",
        "2024年3月8日",
        "0000-0000000",
    ] {
        assert!(printed.contains(words), "{words} in\n{printed}");
    }
    assert!(
        !printed.contains("6个月"),
        "no direct suit against what is withheld under article 15\n{printed}"
    );
    assert!(!finished.paper.draft);

    // Another template later, another applicant's name: the letter that was signed stays.
    let own = "政府信息公开告知书（新）\n{{ 申请人 }}：\n{{ 查明事实 }}\n附注：{{ 联系方式 }}";
    service.save_letter_template(by(&p.officer), office, decision, 0, own.into()).await.unwrap();
    let again = letter(&service, id, "2024-03-10", &p.officer, decision).await;
    assert_eq!(again.paper.printed(), printed);
    // It names a person: no word of it is in the journal, and who may not read it does not.
    let journal = service.journal(&operator(now()), 0, 10_000).await.unwrap();
    assert!(!format!("{journal:?}").contains("样本甲"));
    let reviewer = officer(office, &[Role::LegalReviewer]);
    let refused = service.letter(on("2024-03-10", &reviewer), id, Wanted { letter: decision, n: None }).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    verifies(&service).await;
}

async fn an_answer_given_again_has_a_letter_of_its_own(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    let decision = Decision::GrantedInPart;
    let made = || RequestEvent::Decided { decision, number: String::new(), reasons: String::new() };
    reviewed(&service, id, &p).await;
    act(&service, id, "2024-03-07", &p.chain, passed(Step::Signing)).await.unwrap();
    act(&service, id, "2024-03-08", &p.officer, made()).await.unwrap();
    let first = letter(&service, id, "2024-03-08", &p.officer, Letter::Decision(decision)).await;
    let served = RequestEvent::Served { method: ServiceMethod::Post, evidence: String::new() };
    act(&service, id, "2024-03-11", &p.officer, served).await.unwrap();
    let ordered = RequestEvent::Reopened { dispute: Uuid::nil().to_string(), until: day("2024-07-01") };
    act(&service, id, "2024-06-03", &p.officer, ordered).await.unwrap();
    // The same is proposed again: whoever reviews it reads the new draft, not the letter that was set aside.
    act(&service, id, "2024-06-04", &p.officer, in_part()).await.unwrap();
    let draft = letter(&service, id, "2024-06-04", &p.officer, Letter::Decision(decision)).await;
    assert!(draft.written.is_none() && draft.paper.draft);
    let earlier = || async {
        let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
        let earlier: Vec<_> = Service::letters_of(&standing)
            .into_iter()
            .filter(|w| w.letter == Letter::Decision(decision) && w.n.is_some())
            .collect();
        assert_eq!(earlier.len(), 1, "the letter of the first answer stays in the file");
        service.letter(on("2024-06-17", &p.officer), id, earlier[0]).await.unwrap().paper.printed()
    };
    assert_eq!(earlier().await, first.paper.printed());
    for step in [Step::Secrecy, Step::Legality, Step::Signing] {
        act(&service, id, "2024-06-13", &p.chain, passed(step)).await.unwrap();
    }
    act(&service, id, "2024-06-14", &p.officer, made()).await.unwrap();
    let second = letter(&service, id, "2024-06-17", &p.officer, Letter::Decision(decision)).await;
    assert!(second.written.is_some() && second.paper.printed() != first.paper.printed());
    assert_eq!(earlier().await, first.paper.printed());
    verifies(&service).await;
}

async fn a_template_is_checked_versioned_and_not_overwritten_unseen(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let head = officer(government, &[Role::UnitHead]);
    let save = |actor: &Actor, unit, seen, text: &str| {
        service.save_letter_template(by(actor), unit, Letter::Correction, seen, text.to_owned())
    };
    let wrong = save(&p.officer, office, 0, "标题\n{{ 没有的字段 }}\n{% for %}").await;
    let Err(Error::Refused(all)) = wrong else { panic!("{wrong:?}") };
    assert!(all.iter().any(|r| r.text.contains("第2行")), "{all:?}");
    let own = "补正通知\n{{ 申请人 }}：\n请补正：{% for 项 in 补正事项 %}{{ 项 }}{% endfor %}";
    assert_eq!(save(&head, government, 0, own).await.unwrap(), 1);
    // The office uses what is above it until it has its own.
    let view = service.letter_template(&by(&p.officer), office, Letter::Correction).await.unwrap();
    assert_eq!((view.version, view.owner), (1, Some(government)));
    assert!(!view.gaps.is_empty(), "this template forgets the consequence and the contact");
    assert_eq!(save(&p.officer, office, 1, own).await.unwrap(), 1);
    let unseen = save(&p.officer, office, 0, own).await;
    assert!(matches!(unseen, Err(Error::Conflict(_))), "{unseen:?}");
    assert_eq!(save(&p.officer, office, 1, &format!("{own}。")).await.unwrap(), 2);
    // Emptied, it goes back to the one above; nothing that was saved is lost.
    assert_eq!(save(&p.officer, office, 2, " ").await.unwrap(), 0);
    let view = service.letter_template(&by(&p.officer), office, Letter::Correction).await.unwrap();
    assert_eq!(view.owner, Some(government));
    assert_eq!(save(&p.officer, office, 1, own).await.unwrap(), 3);
    let clerk = officer(office, &[Role::Officer]);
    assert!(matches!(save(&clerk, office, 3, own).await, Err(Error::NotAllowed(_))));
}

async fn a_letter_of_the_procedure_gets_its_number_when_it_is_finished(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    let write = |letter, n| {
        let service = service.clone();
        let ctx = on("2024-03-06", &p.officer);
        async move {
            let version = version(&service, id).await;
            service.write_letter(ctx, id, version, Wanted { letter, n }).await
        }
    };
    let early = write(Letter::Correction, None).await;
    assert!(matches!(early, Err(Error::NotFound(_))), "nothing to correct was recorded: {early:?}");
    let sent = RequestEvent::ConsultationSent {
        consultation: 1,
        whom: Consulted::ThirdParty,
        party: "样本公司".into(),
    };
    act(&service, id, "2024-03-06", &p.officer, sent).await.unwrap();
    write(Letter::ThirdParty, Some(1)).await.unwrap();
    // Another is asked: the letter to the one is not the letter to the other.
    let sent = RequestEvent::ConsultationSent {
        consultation: 2,
        whom: Consulted::ThirdParty,
        party: "样例公司".into(),
    };
    act(&service, id, "2024-03-06", &p.officer, sent).await.unwrap();
    for (n, finished) in [(1, true), (2, false)] {
        let wanted = Wanted { letter: Letter::ThirdParty, n: Some(n) };
        let view = service.letter(on("2024-03-06", &p.officer), id, wanted).await.unwrap();
        assert_eq!(view.written.is_some(), finished, "{n}");
    }
    write(Letter::Receipt, None).await.unwrap();
    let view = service.request_view(&operator(now()), id).await.unwrap();
    let letters: Vec<_> =
        view.standing.unwrap().letters.into_iter().map(|(_, w)| (w.letter, w.number)).collect();
    assert_eq!(letters, [(Letter::ThirdParty, "样公复〔2024〕1号".into()), (Letter::Receipt, String::new())]);
    // The decision's notice is finished along with the decision, not before it.
    act(&service, id, "2024-03-06", &p.officer, in_part()).await.unwrap_err();
    verifies(&service).await;
}

async fn another_agency_is_asked_by_the_limit_of_the_house(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    let sent = RequestEvent::ConsultationSent {
        consultation: 1,
        whom: Consulted::OtherAgency,
        party: "样本局".into(),
    };
    act(&service, id, "2024-03-06", &p.officer, sent).await.unwrap();
    let asked = async || {
        let wanted = Wanted { letter: Letter::OtherAgency, n: Some(1) };
        service.letter(on("2024-03-06", &p.officer), id, wanted).await.unwrap().paper.printed()
    };
    let printed = asked().await;
    assert!(
        printed.contains("2024年3月20日前"),
        "ten working days, unless the unit says otherwise\n{printed}"
    );
    let own = Profile { opinion_days: "5".into(), ..cases::profile("样公复") };
    let version = service.unit_view(&operator(now()), office).await.unwrap().version;
    let change = Change::event(day("2024-03-06"), UnitEvent::Described { profile: Box::new(own) });
    service.change_unit(on("2024-03-06", &Actor::Operator), office, version, change).await.unwrap();
    let printed = asked().await;
    assert!(printed.contains("2024年3月13日前"), "{printed}");
    verifies(&service).await;
}

/// The office sent it on the day it recorded; the system made the paper only days later.
async fn a_letter_made_late_bears_the_day_of_its_step(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    let sent = RequestEvent::ConsultationSent {
        consultation: 1,
        whom: Consulted::ThirdParty,
        party: "样本公司".into(),
    };
    act(&service, id, "2024-03-06", &p.officer, sent).await.unwrap();
    let third = Wanted { letter: Letter::ThirdParty, n: Some(1) };
    let v = version(&service, id).await;
    service.write_letter(on("2024-03-11", &p.officer), id, v, third).await.unwrap();
    let view = service.letter(on("2024-03-12", &p.officer), id, third).await.unwrap();
    assert_eq!(view.paper.made_on, Some(day("2024-03-06")));
    assert_eq!(view.paper.number.as_deref(), Some("样公复〔2024〕1号"));
    // What tells of no step of its own bears the day it is made.
    let receipt = Wanted { letter: Letter::Receipt, n: None };
    let v = version(&service, id).await;
    service.write_letter(on("2024-03-11", &p.officer), id, v, receipt).await.unwrap();
    let view = service.letter(on("2024-03-12", &p.officer), id, receipt).await.unwrap();
    assert_eq!(view.paper.made_on, Some(day("2024-03-11")));
    verifies(&service).await;
}

/// The applicant knows the document by its name, and so does the letter.
async fn a_clean_copy_goes_by_the_name_of_its_original(service: Service, at: Location) {
    let own = tempfile::tempdir().unwrap();
    let service = if matches!(at, Location::Postgres(_)) { service.with_files(own.path()) } else { service };
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    let receipt = Wanted { letter: Letter::Receipt, n: None };
    let view = service.letter(on("2024-03-04", &p.officer), id, receipt).await.unwrap();
    let docx = paper::letter_docx(&view.paper).unwrap();
    for (called, copy) in [
        ("样本批复.docx", Some("样本批复（区分处理件）.docx")),
        // The name of the applicant, and what is removed inside.
        ("样本甲的材料.docx", None),
        ("审签稿.docx", None),
    ] {
        let mut upload = service.upload(FileRole::Original, called);
        upload.push(&docx);
        let file = service.add_file(on("2024-03-04", &p.officer), id, upload).await.unwrap();
        let mark = Mark { target: Target::Term("审签稿".into()), ground: "条例第十五条".into() };
        let looked = Looked { confirmed: true };
        let ctx = on("2024-03-04", &p.officer);
        let made = service.redact_file(ctx, id, file, vec![mark], looked).await.unwrap();
        let files = service.files(&operator(now()), id).await.unwrap();
        let name = &files.iter().find(|f| f.id == made).unwrap().name;
        match copy {
            Some(copy) => assert_eq!(name, copy),
            None => {
                assert!(name.starts_with("拟提供材料-") && name.ends_with("（区分处理件）.docx"), "{name}")
            }
        }
    }
}

async fn a_finished_letter_is_given_to_its_applicant(service: Service, at: Location) {
    let own = tempfile::tempdir().unwrap();
    let service = if matches!(at, Location::Postgres(_)) { service.with_files(own.path()) } else { service };
    let fonts = std::sync::Arc::new(paper::Fonts::system(None));
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let p = people(office);
    let id = received(&service, office, &p.officer).await;
    let receipt = Wanted { letter: Letter::Receipt, n: None };
    let until = day("2024-04-03");
    let release = |wanted, until| {
        service.release_letter(on("2024-03-04", &p.officer), id, wanted, until, fonts.clone())
    };
    assert_eq!(codes(release(receipt, until).await), ["letter-not-finished"]);
    let others = Wanted { letter: Letter::ThirdParty, n: None };
    assert_eq!(codes(release(others, until).await), ["letter-not-to-applicant"]);
    let v = version(&service, id).await;
    service.write_letter(on("2024-03-04", &p.officer), id, v, receipt).await.unwrap();
    assert_eq!(codes(release(receipt, day("2024-03-03")).await), ["until-before"]);
    assert!(service.files(&operator(now()), id).await.unwrap().is_empty(), "all or nothing");
    let file = release(receipt, until).await.unwrap();
    let seen = service.files(&operator(now()), id).await.unwrap();
    let standing = &seen[0].standing;
    assert_eq!((seen.len(), seen[0].id, standing.role), (1, file, FileRole::Letter));
    assert_eq!(standing.released_until, Some(until));
    assert_eq!(seen[0].name, "政府信息公开申请登记回执.pdf");
    let opened = service.open_file(operator(now()), id, file).await.unwrap();
    assert!(opened.content.starts_with(b"%PDF"));
    assert_eq!(codes(release(receipt, until).await), ["letter-given-out"]);
    let supervisor = officer(office, &[Role::Supervisor]);
    let refused =
        service.release_letter(on("2024-03-04", &supervisor), id, receipt, until, fonts.clone()).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))));
    verifies(&service).await;
}
