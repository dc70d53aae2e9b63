//! From the proposal to the decision: the approval chain, who may take which step, numbers, splitting, merging, and
//! dockets that only named accounts see.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{by, codes, described, morning, officer, on, profile, request, request_of, verifies};
use law::decision::Decision;
use law::docket::request::{Draft, Link, Relation, RequestEvent, ServiceMethod, Stage, Withheld};
use law::docket::unit::UnitEvent;
use law::review::{Chain, Reach, Step};
use place::{day, now, on_both, operator, units};
use service::row::RequestFilter;
use service::{Actor, Change, Context, Error, Location, Page, Role, Service};
use uuid::Uuid;

on_both! {
    a_decision_is_made_only_as_it_was_signed
    an_office_sets_its_chain_but_never_below_the_law
    the_number_of_the_letter_follows_the_office_and_the_year
    an_extension_wants_the_consent_of_the_person_in_charge
    a_paper_with_three_matters_becomes_three_requests_with_one_clock
    the_same_request_registered_twice_becomes_one
    a_restricted_docket_is_seen_by_those_named
}

fn draft(decision: Decision) -> RequestEvent {
    let draft = Draft {
        decision,
        facts: "经检索公文系统，找到该文件".into(),
        basis: vec![decision.citation().into()],
        reasons: "样本理由".into(),
        disclosed: vec!["批复正文".into()],
        withheld: if decision == Decision::GrantedInPart {
            vec![Withheld {
                what: "附件".into(), basis: "条例第十五条".into(), reason: "商业秘密".into()
            }]
        } else {
            Vec::new()
        },
        provided: "以纸质形式提供".into(),
        attachments: Vec::new(),
    };
    RequestEvent::Drafted { draft, chain: Vec::new() }
}

fn passed(step: Step) -> RequestEvent {
    RequestEvent::Reviewed { step, passed: true, opinion: String::new() }
}

fn decided(decision: Decision) -> RequestEvent {
    RequestEvent::Decided { decision, number: String::new(), reasons: String::new() }
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
    let new = request_of(unit, "2021-01-04", "样本甲");
    service.receive_request(on("2021-01-04", actor), new).await.unwrap().id
}

async fn stage(service: &Service, id: Uuid) -> Stage {
    service.request_view(&operator(now()), id).await.unwrap().standing.unwrap().stage
}

async fn a_decision_is_made_only_as_it_was_signed(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    described(&service, office, "样公复").await;
    let drafter = officer(office, &[Role::Officer]);
    let secrecy = officer(office, &[Role::SecrecyReviewer]);
    let legal = officer(office, &[Role::LegalReviewer]);
    let head = officer(office, &[Role::Head]);
    let id = received(&service, office, &drafter).await;

    let early = act(&service, id, "2021-01-05", &drafter, decided(Decision::Granted)).await;
    // What the law has to say is said along with what the house asks for.
    assert_eq!(codes(early), ["number-missing", "not-drafted"]);
    act(&service, id, "2021-01-05", &drafter, draft(Decision::Granted)).await.unwrap();
    assert_eq!(stage(&service, id).await, Stage::Review);
    // Each step by its own people, in its order.
    for wrong in [&drafter, &legal, &head] {
        let outcome = act(&service, id, "2021-01-06", wrong, passed(Step::Secrecy)).await;
        assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    }
    let skipped = act(&service, id, "2021-01-06", &legal, passed(Step::Legality)).await;
    assert_eq!(codes(skipped), ["step-not-next"]);
    act(&service, id, "2021-01-06", &secrecy, passed(Step::Secrecy)).await.unwrap();
    let back =
        RequestEvent::Reviewed { step: Step::Legality, passed: false, opinion: "请补充依据".into() };
    act(&service, id, "2021-01-07", &legal, back).await.unwrap();
    assert_eq!(stage(&service, id).await, Stage::Drafting);

    // Who reviews may draft, but not review what they drafted.
    let both = officer(office, &[Role::Officer, Role::SecrecyReviewer]);
    act(&service, id, "2021-01-08", &both, draft(Decision::GrantedInPart)).await.unwrap();
    let own = act(&service, id, "2021-01-08", &both, passed(Step::Secrecy)).await;
    assert_eq!(codes(own), ["own-proposal"]);
    act(&service, id, "2021-01-08", &secrecy, passed(Step::Secrecy)).await.unwrap();
    act(&service, id, "2021-01-08", &legal, passed(Step::Legality)).await.unwrap();
    assert_eq!(stage(&service, id).await, Stage::Approval);
    let unsigned = act(&service, id, "2021-01-08", &drafter, decided(Decision::GrantedInPart)).await;
    assert_eq!(codes(unsigned), ["not-approved"]);
    act(&service, id, "2021-01-11", &head, passed(Step::Signing)).await.unwrap();
    let other = RequestEvent::Decided {
        decision: Decision::Granted,
        number: "样公复〔2021〕1号".into(),
        reasons: String::new(),
    };
    assert_eq!(codes(act(&service, id, "2021-01-11", &drafter, other).await), ["not-as-approved"]);
    let made = RequestEvent::Decided {
        decision: Decision::GrantedInPart,
        number: "样公复〔2021〕1号".into(),
        reasons: String::new(),
    };
    act(&service, id, "2021-01-11", &drafter, made).await.unwrap();
    let view = service.request_view(&operator(now()), id).await.unwrap();
    let reasons = view.history.iter().find_map(|h| match &h.recorded.event {
        Some(RequestEvent::Decided { reasons, .. }) => Some(reasons.clone()),
        _ => None,
    });
    assert_eq!(reasons.as_deref(), Some("样本理由"), "the reasons are those that were signed");
    verifies(&service).await;
}

async fn an_office_sets_its_chain_but_never_below_the_law(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let head = officer(office, &[Role::UnitHead]);
    let set = |actor: &Actor, unit, chain| service.set_review_chain(by(actor), unit, chain);
    let bare = Chain([(Step::Signing, Reach::All)].into());
    assert_eq!(codes(set(&head, office, bare).await), ["secrecy-missing"]);
    let short = Chain([(Step::Secrecy, Reach::Disclosing), (Step::Signing, Reach::All)].into());
    let outcome = set(&head, government, short.clone()).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "not above the own unit: {outcome:?}");
    set(&head, office, short.clone()).await.unwrap();
    let office_chain = service.review_chain(&operator(now()), office).await.unwrap();
    assert_eq!(office_chain, short);
    assert_eq!(service.review_chain(&operator(now()), government).await.unwrap(), Chain::default());

    let drafter = officer(office, &[Role::Officer]);
    let id = received(&service, office, &drafter).await;
    // The steps a caller names are not taken: the chain is the office's.
    let RequestEvent::Drafted { draft, .. } = draft(Decision::RefusedInternalAffairs) else { unreachable!() };
    let event = RequestEvent::Drafted { draft, chain: vec![Step::Legality] };
    act(&service, id, "2021-01-05", &drafter, event).await.unwrap();
    let view = service.request_view(&operator(now()), id).await.unwrap();
    assert_eq!(view.standing.unwrap().proposal.unwrap().chain, [Step::Signing]);
    verifies(&service).await;
}

async fn the_number_of_the_letter_follows_the_office_and_the_year(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let profile = profile("样政办公复");
    let event = Change::event(day("2020-01-02"), UnitEvent::Described { profile: Box::new(profile.clone()) });
    let head = officer(office, &[Role::UnitHead]);
    service.change_unit(by(&head), office, 1, event).await.unwrap();
    assert_eq!(service.unit_profile(office).await.unwrap(), profile);
    let mut numbers = Vec::new();
    for year in ["2020", "2020", "2021"] {
        let arrived = format!("{year}-01-06");
        let received = service.receive_request(operator(now()), request(office, &arrived)).await.unwrap();
        let made = Change::event(day(&format!("{year}-01-08")), decided(Decision::GrantedPublished));
        service.change_request(operator(now()), received.id, received.version, made).await.unwrap();
        let view = service.request_view(&operator(now()), received.id).await.unwrap();
        numbers.push(view.standing.unwrap().decision_number.unwrap());
    }
    assert_eq!(numbers, ["样政办公复〔2020〕1号", "样政办公复〔2020〕2号", "样政办公复〔2021〕1号"]);
    verifies(&service).await;
}

async fn an_extension_wants_the_consent_of_the_person_in_charge(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let head = officer(office, &[Role::UnitHead]);
    let id = received(&service, office, &clerk).await;
    let told =
        || RequestEvent::Extended { days: 10, approved_by: "某人".into(), reason: "材料较多".into() };
    let consent = || RequestEvent::ExtensionConsented { days: 10, reason: "材料较多".into() };
    assert_eq!(codes(act(&service, id, "2021-01-20", &clerk, told()).await), ["consent-missing"]);
    let outcome = act(&service, id, "2021-01-20", &clerk, consent()).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    act(&service, id, "2021-01-20", &head, consent()).await.unwrap();
    act(&service, id, "2021-01-21", &clerk, told()).await.unwrap();
    let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
    // Who consented is who did, whatever was typed.
    assert_eq!(standing.extension_approved_by.as_deref(), Some("样本员"));
    verifies(&service).await;
}

async fn a_paper_with_three_matters_becomes_three_requests_with_one_clock(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let id = received(&service, office, &clerk).await;
    let items = vec!["请补充身份证明".to_owned()];
    let noticed = RequestEvent::CorrectionNoticed { items, reply_by: day("2021-01-20") };
    act(&service, id, "2021-01-06", &clerk, noticed).await.unwrap();
    act(&service, id, "2021-01-11", &clerk, RequestEvent::CorrectionReceived).await.unwrap();
    let split = RequestEvent::Split {
        subject: "第一项".into(),
        into: vec!["第二项".into(), "  ".into(), "第三项".into()],
    };
    act(&service, id, "2021-01-12", &clerk, split).await.unwrap();
    let all = service.requests(&operator(now()), RequestFilter::default(), Page::first(10)).await.unwrap();
    let mut seen: Vec<_> =
        all.iter().map(|r| (r.number.clone().unwrap(), r.subject.clone(), r.due_on)).collect();
    seen.sort();
    let due = all[0].due_on;
    assert!(due.is_some());
    let expected = [("2021-00001", "第一项"), ("2021-00002", "第二项"), ("2021-00003", "第三项")];
    assert_eq!(seen, expected.map(|(n, s)| (n.to_owned(), s.to_owned(), due)));
    // Nothing is split unless all of it is.
    let empty = RequestEvent::Split { subject: "第一项".into(), into: vec![" ".into()] };
    assert_eq!(codes(act(&service, id, "2021-01-12", &clerk, empty).await), ["split-empty"]);
    verifies(&service).await;
}

async fn the_same_request_registered_twice_becomes_one(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let first = received(&service, office, &clerk).await;
    let second = received(&service, office, &clerk).await;
    let elsewhere =
        service.receive_request(operator(now()), request(government, "2021-01-04")).await.unwrap().id;
    let into = |text: &str| RequestEvent::Merged { into: text.into() };
    assert_eq!(
        codes(act(&service, second, "2021-01-05", &clerk, into("2021-00009")).await),
        ["no-such-request"]
    );
    let outcome = act(&service, second, "2021-01-05", &clerk, into(&elsewhere.to_string())).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    let itself = act(&service, second, "2021-01-05", &clerk, into("2021-00002")).await;
    assert_eq!(codes(itself), ["merge-elsewhere"]);
    let link =
        Link { request: "2021-00001".into(), relation: Relation::Similar, note: "同日提交".into() };
    act(&service, second, "2021-01-05", &clerk, RequestEvent::Linked(link)).await.unwrap();
    act(&service, second, "2021-01-05", &clerk, into("2021-00001")).await.unwrap();
    assert_eq!(stage(&service, second).await, Stage::Merged);
    let view = service.request_view(&operator(now()), first).await.unwrap();
    let links = view.standing.unwrap().links;
    assert_eq!(
        (links.len(), links[0].relation, &links[0].request),
        (1, Relation::MergedFrom, &second.to_string())
    );
    verifies(&service).await;
}

async fn a_restricted_docket_is_seen_by_those_named(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let head = officer(office, &[Role::Head]);
    let id = received(&service, office, &clerk).await;
    let Actor::Officer { account, .. } = &head else { unreachable!() };
    let account = account.to_string();
    let restrict =
        |accounts: Vec<String>| RequestEvent::Restricted { accounts, reason: "涉及举报人".into() };
    let outcome = act(&service, id, "2021-01-05", &clerk, restrict(vec![])).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    let nobody = act(&service, id, "2021-01-05", &head, restrict(vec!["nobody".into()])).await;
    assert_eq!(codes(nobody), ["no-such-account"]);

    // The accounts of these tests are in no table: the entry is written as the operator would.
    let version = version(&service, id).await;
    let new = service::account::NewAccount {
        login: "named".into(),
        name: "样本员".into(),
        unit: Some(office),
        roles: vec![Role::Head],
        password: "correct horse battery".into(),
    };
    let named = service.create_account(operator(now()), new).await.unwrap();
    let event = Change::event(day("2021-01-05"), restrict(vec!["named".into()]));
    service.change_request(on("2021-01-05", &head), id, version, event).await.unwrap();
    let named =
        Actor::Officer {
            account: named, name: "样本员".into(), unit: Some(office), roles: vec![Role::Head]
        };
    let see = |actor: &Actor| {
        let ctx = Context::new(morning("2021-01-06"), actor.clone(), place::seed());
        let service = service.clone();
        async move { service.request_view(&ctx, id).await }
    };
    assert!(see(&named).await.is_ok());
    for other in [&clerk, &head] {
        assert!(matches!(see(other).await, Err(Error::NotAllowed(_))), "{account}");
    }
    let rows = service.requests(&by(&clerk), RequestFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(rows[0].subject, "（限定知悉范围）");
    let (kind, json) = (service::transfer::Kind::Requests, service::transfer::ExportFormat::Json);
    let export = |actor: &Actor| {
        let ctx = by(actor);
        let service = service.clone();
        async move { String::from_utf8(service.export(&ctx, kind, json).await.unwrap()).unwrap() }
    };
    assert!(!export(&clerk).await.contains("样本申请"));
    assert!(export(&named).await.contains("样本申请"));
    // Served papers and late steps stay with those named, too.
    let served = RequestEvent::Served { method: ServiceMethod::Post, evidence: String::new() };
    let outcome = act(&service, id, "2021-01-06", &clerk, served).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    verifies(&service).await;
}
