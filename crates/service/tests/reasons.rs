//! Article 35: reasons are received on one day and judged on another; entries that said both at once stay readable.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{codes, request, verifies};
use law::docket::request::{ClockKind, ReasonsOutcome, RequestEvent, Stage, Standing};
use place::{day, now, on_both, operator, units};
use service::{Change, Location, Result, Service};
use uuid::Uuid;

on_both! {
    reasons_are_received_and_judged_in_two_steps
    an_entry_that_judged_as_it_received_still_verifies
}

async fn standing(service: &Service, id: Uuid) -> Standing {
    service.request_view(&operator(now()), id).await.unwrap().standing.unwrap()
}

async fn record(service: &Service, id: Uuid, on: &str, event: RequestEvent) -> Result<u32> {
    let version = service.request_view(&operator(now()), id).await?.version;
    service.change_request(operator(now()), id, version, Change::event(day(on), event)).await
}

/// A request of which reasons are asked, received on paper.
async fn asked(service: &Service, office: Uuid) -> Uuid {
    let id = service.receive_request(operator(now()), request(office, "2021-02-18")).await.unwrap().id;
    let notice = RequestEvent::ReasonsAsked { reply_by: day("2021-03-05") };
    record(service, id, "2021-02-22", notice).await.unwrap();
    id
}

async fn reasons_are_received_and_judged_in_two_steps(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = asked(&service, office).await;
    let at_once = RequestEvent::ReasonsReceived { reasonable: Some(true) };
    assert_eq!(codes(record(&service, id, "2021-02-24", at_once).await), ["judged-at-once"]);
    record(&service, id, "2021-02-24", RequestEvent::ReasonsReceived { reasonable: None }).await.unwrap();

    // It is the agency's turn: nothing is awaited from the applicant, and the reply is what presses.
    let s = standing(&service, id).await;
    assert_eq!(s.stage, Stage::ReasonPending);
    let clocks = s.clocks(service.calendar(), day("2021-03-01"), 0);
    assert!(clocks.iter().all(|c| c.kind != ClockKind::Reasons), "{clocks:?}");
    assert!(clocks.iter().any(|c| c.kind == ClockKind::Reply));
    verifies(&service).await;

    let judged = RequestEvent::ReasonsJudged {
        outcome: ReasonsOutcome::Deferred,
        until: Some(day("2021-05-20")),
        opinion: "样本".into(),
    };
    record(&service, id, "2021-02-26", judged).await.unwrap();
    let view = service.request_view(&operator(now()), id).await.unwrap();
    assert_eq!(view.standing.unwrap().stage, Stage::Deferred);
    assert_eq!(view.due.unwrap().on, day("2021-05-20"));
    verifies(&service).await;
}

async fn an_entry_that_judged_as_it_received_still_verifies(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = asked(&service, office).await;
    let version =
        record(&service, id, "2021-02-24", RequestEvent::ReasonsReceived { reasonable: None }).await.unwrap();
    // A correction keeps what an entry of earlier versions said.
    let old: RequestEvent =
        serde_json::from_str(r#"{"type":"reasons-received","reasonable":false}"#).unwrap();
    let change = Change::replace(version, day("2021-02-25"), old, "样本");
    service.change_request(operator(now()), id, version, change).await.unwrap();
    let reasons = standing(&service, id).await.reasons.unwrap();
    assert_eq!(reasons.outcome, Some(ReasonsOutcome::Unreasonable));
    assert_eq!(reasons.judged_on, reasons.received_on);
    assert_eq!(standing(&service, id).await.stage, Stage::Triaged);
    verifies(&service).await;
}
