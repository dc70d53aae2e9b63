//! Situations of the register of yearly figures, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, entries, figure, own, value, verifies};
use law::docket::figure::FigureEvent;
use place::{day, now, on_both, operator, units};
use service::row::FigureFilter;
use service::{Change, Error, Location, Page, Result, Service};
use uuid::Uuid;

const AMOUNT: &str = "proactive.procurement.amount";
const ITEMS: &str = "proactive.procurement.items";

async fn enter(service: &Service, event: FigureEvent) -> Result<Uuid> {
    service.enter_figure(operator(now()), day("2021-01-08"), event).await
}

async fn change(service: &Service, id: Uuid, change: Change<FigureEvent>) -> Result<u32> {
    let version = service.figure_view(&operator(now()), id).await.unwrap().version;
    service.change_figure(operator(now()), id, version, change).await
}

fn instead(event: FigureEvent) -> Change<FigureEvent> {
    Change::replace(1, day("2021-01-12"), event, "数据有误")
}

fn of(event: FigureEvent, new_year: i16) -> FigureEvent {
    let FigureEvent::Entered { unit, key, amount, measure, source, evidence, .. } = event;
    FigureEvent::Entered { unit, year: new_year, key, amount, measure, source, evidence }
}

async fn money_is_kept_in_the_unit_of_the_form(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = enter(&service, figure(office, AMOUNT, "39.0785", "万元")).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), AMOUNT).await, "390785");
    let rows = service.figures(&operator(now()), FigureFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!((rows[0].amount_micros, rows[0].measure.as_str()), (390_785_000_000, "元"));
    change(&service, id, instead(figure(office, AMOUNT, "390785.01", "元"))).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), AMOUNT).await, "390785.01");
    // The same money on the form of 2021 is 万元.
    let charges = of(figure(office, "proactive.charges.amount", "120300", "元"), 2021);
    enter(&service, charges).await.unwrap();
    assert_eq!(value(&service, &own(office, 2021), "proactive.charges.amount").await, "12.03");
    verifies(&service).await;
}

async fn a_figure_is_entered_once_a_year_and_unit(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let id = enter(&service, figure(office, ITEMS, "5", "项")).await.unwrap();
    // A second entry would be added to the first without anybody noticing.
    assert_eq!(codes(enter(&service, figure(office, ITEMS, "5", "项")).await), ["already-entered"]);
    assert_eq!(value(&service, &own(office, 2020), ITEMS).await, "5");
    let other_year = enter(&service, of(figure(office, ITEMS, "7", "项"), 2019)).await.unwrap();
    enter(&service, figure(above, ITEMS, "9", "项")).await.unwrap();
    assert_eq!(
        codes(change(&service, other_year, instead(figure(office, ITEMS, "7", "项"))).await),
        ["already-entered"]
    );
    assert_eq!(
        codes(change(&service, other_year, instead(of(figure(above, ITEMS, "7", "项"), 2020))).await),
        ["already-entered"]
    );
    change(&service, id, Change::void(1, day("2021-01-12"), "填错年度")).await.unwrap();
    let again = enter(&service, figure(office, ITEMS, "6", "项")).await.unwrap();
    // Nor does the voided one come back beside it.
    let back = Change::replace(2, day("2021-01-12"), figure(office, ITEMS, "5", "项"), "恢复");
    assert_eq!(codes(change(&service, id, back).await), ["already-entered"]);
    change(&service, again, instead(figure(office, ITEMS, "8", "项"))).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), ITEMS).await, "8");
    verifies(&service).await;
}

async fn a_correction_moves_the_figure_to_its_year_and_unit(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let id = enter(&service, figure(office, ITEMS, "5", "项")).await.unwrap();
    change(&service, id, instead(of(figure(office, ITEMS, "5", "项"), 2019))).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), ITEMS).await, "0");
    assert_eq!(value(&service, &own(office, 2019), ITEMS).await, "5");
    change(&service, id, instead(of(figure(above, ITEMS, "4", "项"), 2019))).await.unwrap();
    assert_eq!(value(&service, &own(office, 2019), ITEMS).await, "0");
    assert_eq!(value(&service, &own(above, 2019), ITEMS).await, "4");
    let history = service.figure_view(&operator(now()), id).await.unwrap().history;
    assert_eq!(history.len(), 3, "the earlier values stay visible");
    verifies(&service).await;
}

/// A difference opens what is added and what is taken off.
async fn a_difference_of_two_figures_opens_both(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    enter(&service, figure(office, "hotline.received", "2629", "条")).await.unwrap();
    enter(&service, figure(office, "hotline.closed", "2556", "条")).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), "hotline.open").await, "73");
    assert_eq!(cases::cell(&service, &own(office, 2020), "hotline.open").await.records.len(), 2);
}

/// Nothing entered is not zero.
async fn a_zero_is_an_entry_and_a_voided_one_is_none(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let nothing = service.report_cell(&operator(now()), &own(office, 2020), "hotline.received").await;
    assert!(matches!(&nothing, Err(Error::NotFound(said)) if said.contains("没有数据")), "{nothing:?}");
    let id = enter(&service, figure(office, "hotline.received", "0", "条")).await.unwrap();
    let cell = cases::cell(&service, &own(office, 2020), "hotline.received").await;
    assert_eq!((cell.value.to_string().as_str(), cell.records.len()), ("0", 1));
    change(&service, id, Change::void(1, day("2021-01-12"), "尚未统计")).await.unwrap();
    assert!(service.report_cell(&operator(now()), &own(office, 2020), "hotline.received").await.is_err());
    verifies(&service).await;
}

async fn a_figure_that_cannot_be_is_refused_with_every_reason(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = enter(&service, figure(office, ITEMS, "5", "项")).await.unwrap();
    let before = entries(&service).await;
    let bad = figure(office, "proactive.licensing.decisions", "-1.5", "元");
    assert_eq!(codes(enter(&service, bad).await), ["negative", "not-whole", "measure-wrong"]);
    assert_eq!(codes(enter(&service, figure(office, "nobody.knows", "1", "件")).await), ["key-unknown"]);
    assert_eq!(codes(change(&service, id, instead(figure(office, ITEMS, "-1", "项"))).await), ["negative"]);
    let e = enter(&service, figure(Uuid::from_u128(7), ITEMS, "5", "项")).await.unwrap_err();
    assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    let e = change(&service, id, instead(figure(Uuid::from_u128(7), ITEMS, "5", "项"))).await.unwrap_err();
    assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    let tomorrow =
        service.enter_figure(operator(now()), day("2021-03-02"), figure(office, AMOUNT, "5", "元"));
    assert_eq!(codes(tomorrow.await), ["future-date"]);
    let e = service.change_figure(operator(now()), id, 7, instead(figure(office, ITEMS, "6", "项"))).await;
    assert!(matches!(e, Err(Error::Conflict(_))), "{e:?}");
    let second = Change::event(day("2021-01-12"), figure(office, ITEMS, "6", "项"));
    assert_eq!(codes(change(&service, id, second).await), ["already-entered"]);
    assert_eq!(entries(&service).await, before, "nothing was written");
}

on_both! {
    money_is_kept_in_the_unit_of_the_form
    a_figure_is_entered_once_a_year_and_unit
    a_correction_moves_the_figure_to_its_year_and_unit
    a_difference_of_two_figures_opens_both
    a_zero_is_an_entry_and_a_voided_one_is_none
    a_figure_that_cannot_be_is_refused_with_every_reason
}
