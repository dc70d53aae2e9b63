//! Article 41: a record about oneself is corrected, or the applicant learns who can; table three counts none of it.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{by, codes, described, officer, verifies};
use law::applicant::ApplicantClass;
use law::docket::record_correction::{Outcome, RecordCorrectionEvent, Stage};
use law::docket::request::ServiceMethod;
use law::receipt::Channel;
use place::{day, now, on_both, operator, units};
use service::record_correction::NewRecordCorrection;
use service::row::RecordCorrectionFilter;
use service::vault::Person;
use service::{Change, Context, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

on_both! {
    a_record_is_corrected_and_the_letter_stays_as_it_was_finished
    who_asks_is_sealed_and_every_view_is_written_down
    the_annual_report_counts_none_of_it
}

fn new(unit: Uuid) -> NewRecordCorrection {
    NewRecordCorrection {
        received_on: day("2021-02-01"),
        unit,
        channel: Channel::Counter,
        class: ApplicantClass::NaturalPerson,
        person: Some(Person { name: "样本甲".into(), phone: "000-0000".into(), ..Person::default() }),
        record: "样本登记表".into(),
        wrong: "年份应为2019年".into(),
        evidence: "原始档案复印件".into(),
    }
}

async fn received(service: &Service, unit: Uuid) -> Uuid {
    service.receive_record_correction(operator(now()), new(unit)).await.unwrap()
}

async fn record(service: &Service, id: Uuid, on: &str, event: RecordCorrectionEvent) -> Result<u32> {
    let version = service.record_correction_view(&operator(now()), id).await?.version;
    service.change_record_correction(operator(now()), id, version, Change::event(day(on), event)).await
}

async fn listed(service: &Service, ctx: &Context) -> Vec<Uuid> {
    let rows = service.record_corrections(ctx, RecordCorrectionFilter::default(), Page::first(5)).await;
    rows.unwrap().into_iter().map(|r| r.id).collect()
}

fn decided(outcome: Outcome, agency: &str) -> RecordCorrectionEvent {
    let (agency, facts) = (agency.into(), "经核对原始档案，登记表所载年份有误".into());
    RecordCorrectionEvent::Decided { outcome, agency, facts, reason: String::new() }
}

async fn a_record_is_corrected_and_the_letter_stays_as_it_was_finished(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office).await;
    let early = service.record_correction_letter(operator(now()), id).await;
    assert!(matches!(early, Err(Error::NotFound(_))), "{early:?}");
    record(&service, id, "2021-02-08", decided(Outcome::Corrected, "")).await.unwrap();
    // Nobody has said yet how the agency is reached and how its letters are numbered.
    let gaps = service.write_record_correction_letter(operator(now()), id, 2).await;
    assert!(codes(gaps).contains(&"number-missing".to_owned()));
    described(&service, office, "样公更").await;

    let draft = service.record_correction_letter(operator(now()), id).await.unwrap();
    assert!(draft.missing.is_empty() && draft.written.is_none(), "{:?}", draft.missing);
    let said = paper::letter_html(&draft.paper);
    for part in ["样本甲", "样本登记表：年份应为2019年", "第四十一条", "予以更正", "审签稿"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    service.write_record_correction_letter(operator(now()), id, 2).await.unwrap();
    let twice = service.write_record_correction_letter(operator(now()), id, 3).await;
    assert_eq!(codes(twice), ["already-written"]);
    let told = RecordCorrectionEvent::Told { method: ServiceMethod::Direct, evidence: "样本".into() };
    record(&service, id, "2021-03-01", told).await.unwrap();
    let finished = service.record_correction_letter(operator(now()), id).await.unwrap();
    assert_eq!(finished.written.unwrap().number, "样公更〔2021〕1号");
    let standing = service.record_correction_view(&operator(now()), id).await.unwrap().standing.unwrap();
    assert_eq!(standing.stage, Stage::Told);
    verifies(&service).await;
}

async fn who_asks_is_sealed_and_every_view_is_written_down(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let id = received(&service, office).await;
    let clerk = officer(office, &[Role::Officer]);
    let before = cases::entries(&service).await;
    assert_eq!(service.record_correction_applicant(by(&clerk), id).await.unwrap().name, "样本甲");
    assert_eq!(cases::entries(&service).await, before + 1);
    let reviewer = officer(office, &[Role::LegalReviewer]);
    let refused = service.record_correction_applicant(by(&reviewer), id).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    // Another unit sees neither the docket nor the row.
    let elsewhere = officer(cases::establish(&service, "sample", Some(government)).await, &[Role::Officer]);
    let refused = service.record_correction_view(&by(&elsewhere), id).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    assert_eq!(listed(&service, &by(&elsewhere)).await, Vec::<Uuid>::new());
    assert_eq!(listed(&service, &by(&clerk)).await, [id]);
    // A letter is finished from its page, where its text is sealed along with the entry.
    let forged = serde_json::json!({ "type": "written", "letter": "record-correction", "number": "1",
        "record": "x", "digest": "x", "template": 0 });
    let forged = record(&service, id, "2021-02-02", serde_json::from_value(forged).unwrap()).await;
    assert_eq!(codes(forged), ["letter-by-system"]);
    verifies(&service).await;
}

async fn the_annual_report_counts_none_of_it(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let ask = cases::own(office, 2021);
    let before = service.build_report(&operator(now()), &ask).await.unwrap().figures;
    let id = received(&service, office).await;
    record(&service, id, "2021-02-08", decided(Outcome::Transferred, "样本市档案局")).await.unwrap();
    let after = service.build_report(&operator(now()), &ask).await.unwrap().figures;
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    // Voided, nothing of it is in the register.
    let change = Change::void(1, day("2021-02-09"), "样本");
    let orphaned = service.change_record_correction(operator(now()), id, 2, change).await;
    assert!(orphaned.is_err(), "what came after it would stand alone");
    let change = Change::void(2, day("2021-02-09"), "样本");
    service.change_record_correction(operator(now()), id, 2, change).await.unwrap();
    let change = Change::void(1, day("2021-02-09"), "样本");
    service.change_record_correction(operator(now()), id, 3, change).await.unwrap();
    assert_eq!(listed(&service, &operator(now())).await, Vec::<Uuid>::new());
    verifies(&service).await;
}
