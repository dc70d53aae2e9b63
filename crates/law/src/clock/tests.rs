use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn calendar() -> &'static Calendar {
    Calendar::builtin()
}

fn on(input: &Input) -> Date {
    due(input, calendar(), date(2026, 6, 30)).unwrap().on
}

fn codes(input: &Input) -> Vec<String> {
    due(input, calendar(), date(2026, 6, 30)).unwrap_err().into_iter().map(|r| r.code).collect()
}

fn consulted(from: Date, to: Date) -> Pause {
    Pause { from, to: Some(to) }
}

const FEB_5: Date = date(2024, 2, 5);

#[test]
fn the_worked_clock_and_its_explanation() {
    let mut input = Input::received(FEB_5);
    assert_eq!(on(&input), date(2024, 3, 8));
    input.consultations.push(consulted(date(2024, 2, 21), date(2024, 3, 6)));
    let due = due(&input, calendar(), date(2024, 3, 22)).unwrap();
    assert_eq!((due.on, due.provisional), (date(2024, 3, 22), false));
    let said: Vec<_> = due.because.iter().map(|s| (s.text.as_str(), s.citation.as_str())).collect();
    assert_eq!(
        said,
        [
            ("收到申请2024年2月5日", "条例第三十一条"),
            ("20个工作日，自次日起算", "条例第三十三条"),
            ("征求意见期间10个工作日不计算在内", "条例第三十三条"),
            ("跳过2024年春节放假2月10日至17日", "国办发明电〔2023〕7号"),
            ("2024年2月18日（星期日）调休上班，计算在内", "国办发明电〔2023〕7号"),
        ]
    );
}

#[test]
fn the_latest_reset_wins_and_earlier_pauses_count_nothing() {
    let mut input = Input::received(FEB_5);
    input.corrected = Some(date(2024, 2, 20));
    assert_eq!(on(&input), date(2024, 3, 19));
    input.paid = Some(date(2024, 3, 1));
    assert_eq!(on(&input), date(2024, 3, 29));
    input.consultations.push(consulted(date(2024, 2, 6), date(2024, 2, 29)));
    assert_eq!(on(&input), date(2024, 3, 29));
    // A pause across the reset counts from the reset on: 4, 5 March.
    input.consultations.push(consulted(date(2024, 2, 6), date(2024, 3, 5)));
    assert_eq!(on(&input), date(2024, 4, 2));
}

#[test]
fn overlapping_consultations_count_once() {
    let mut input = Input::received(date(2024, 3, 1));
    input.consultations = vec![
        consulted(date(2024, 3, 11), date(2024, 3, 15)),
        consulted(date(2024, 3, 4), date(2024, 3, 13)),
        consulted(date(2024, 3, 4), date(2024, 3, 13)),
    ];
    // 5 to 15 March: 9 working days.
    assert_eq!(on(&input), calendar().add(date(2024, 3, 1), 29).unwrap().0);
}

#[test]
fn an_open_consultation_is_counted_through_the_day_asked_for() {
    let mut input = Input::received(FEB_5);
    input.consultations.push(Pause { from: date(2024, 2, 21), to: None });
    let at = |as_of| due(&input, calendar(), as_of).unwrap();
    assert_eq!(at(date(2024, 2, 20)).on, date(2024, 3, 8));
    assert_eq!(at(date(2024, 2, 21)).on, date(2024, 3, 8));
    assert_eq!(at(date(2024, 3, 6)).on, date(2024, 3, 22));
    assert!(at(date(2024, 3, 6)).because[2].text.contains("暂计至2024年3月6日"));
}

#[test]
fn a_consultation_sent_after_the_term_ran_out_does_not_bring_it_back() {
    let mut input = Input::received(FEB_5);
    input.consultations.push(consulted(date(2024, 3, 8), date(2024, 3, 11)));
    assert_eq!(on(&input), date(2024, 3, 11));
    input.consultations = vec![consulted(date(2024, 3, 9), date(2024, 3, 20))];
    let late = due(&input, calendar(), date(2024, 4, 1)).unwrap();
    assert_eq!(late.on, date(2024, 3, 8));
    assert!(late.because.iter().any(|s| s.text.contains("届满，此后发出的征求意见不影响答复期限")));
}

#[test]
fn an_extension_is_told_by_the_day_the_term_ends() {
    let mut input = Input::received(FEB_5);
    input.extension = Some(Extension { days: 20, told_on: Some(date(2024, 3, 8)) });
    assert_eq!(on(&input), date(2024, 4, 8));
    input.extension = Some(Extension { days: 20, told_on: Some(date(2024, 3, 9)) });
    assert_eq!(codes(&input), ["extension-too-late"]);
    // While a consultation is open the term cannot run out.
    input.consultations.push(consulted(date(2024, 3, 8), date(2024, 3, 15)));
    assert_eq!(on(&input), calendar().add(FEB_5, 45).unwrap().0);
    input.extension = Some(Extension { days: 21, told_on: None });
    assert_eq!(codes(&input), ["extension-too-long"]);
    input.extension = Some(Extension { days: 0, told_on: None });
    assert_eq!(on(&input), date(2024, 3, 15));
}

#[test]
fn a_deferral_and_a_reopening_replace_the_date() {
    let mut input = Input::received(FEB_5);
    input.deferred_until = Some(date(2024, 6, 28));
    assert_eq!(on(&input), date(2024, 6, 28));
    input.reopened_until = Some(date(2025, 1, 10));
    assert_eq!(on(&input), date(2025, 1, 10));
}

#[test]
fn the_regulation_of_2007_applies_to_requests_received_under_it() {
    let mut input = Input::received(date(2019, 5, 14));
    assert_eq!(on(&input), calendar().add(date(2019, 5, 14), 15).unwrap().0);
    input.extension = Some(Extension { days: 16, told_on: None });
    assert_eq!(codes(&input), ["extension-too-long"]);
    input = Input::received(date(2019, 5, 15));
    assert_eq!(on(&input), calendar().add(date(2019, 5, 15), 20).unwrap().0);
    assert_eq!(codes(&Input::received(date(2008, 4, 30))), ["no-term-in-force", "no-term-in-force"]);
}

#[test]
fn every_reason_is_said_at_once() {
    let input = Input {
        received: FEB_5,
        corrected: Some(date(2024, 2, 4)),
        paid: Some(date(2024, 1, 4)),
        consultations: vec![
            consulted(date(2024, 2, 6), date(2024, 2, 1)),
            consulted(date(2024, 2, 1), FEB_5),
        ],
        extension: Some(Extension { days: 30, told_on: Some(date(2023, 2, 4)) }),
        deferred_until: None,
        reopened_until: None,
    };
    assert_eq!(
        codes(&input),
        [
            "corrected-before-received",
            "paid-before-received",
            "extension-before-received",
            "consultation-before-received",
            "consultation-ends-before-it-starts",
            "extension-too-long",
        ]
    );
}

#[test]
fn a_year_without_a_notice_is_said_to_be_provisional() {
    let due = due(&Input::received(date(2026, 12, 10)), calendar(), date(2026, 12, 10)).unwrap();
    assert!(due.provisional);
    assert!(due.because.last().unwrap().text.starts_with("2027年节假日安排尚未公布"), "{due:?}");
}

#[test]
fn the_other_clocks() {
    let c = calendar();
    assert_eq!(correction_notice_due(FEB_5, c).unwrap().on, date(2024, 2, 20));
    assert_eq!(third_party_due(FEB_5, c).unwrap().on, date(2024, 3, 1));
    assert_eq!(joint_agency_due(FEB_5, c).unwrap().on, date(2024, 3, 1));
    assert_eq!(fee_payment_due(FEB_5, c).unwrap().on, date(2024, 3, 8));
    assert!(fee_payment_due(date(2020, 12, 31), c).is_err());
    // 60 days from 3 August 2024 end on 2 October, a day off; the next working day is 8 October.
    let reconsideration = term_due("reconsideration", date(2024, 8, 3), c).unwrap();
    assert_eq!(reconsideration.on, date(2024, 10, 8));
    assert!(reconsideration.because.last().unwrap().text.contains("顺延至2024年10月8日"));
    assert_eq!(term_due("suit-direct", date(2024, 8, 30), c).unwrap().on, date(2025, 2, 28));
    assert_eq!(term_due("annual-report-department", date(2025, 1, 2), c).unwrap().on, date(2025, 1, 31));
    assert_eq!(term_due("reprint", FEB_5, c).unwrap_err()[0].code, "term-in-hours");
}

fn pause(after: i32, length: i32) -> Pause {
    let from = date(2022, 3, 1).checked_add(after.days()).unwrap();
    consulted(from, from.checked_add(length.days()).unwrap())
}

proptest! {
    #[test]
    fn more_consultations_never_shorten_and_the_term_ends_on_a_working_day(
        received in 0i32..1200,
        extension in 0u32..=20,
        pauses in prop::collection::vec((0i32..90, 0i32..40), 0..5),
        more in (0i32..90, 0i32..40),
    ) {
        let mut input = Input::received(date(2022, 3, 1).checked_add(received.days()).unwrap());
        input.extension = Some(Extension { days: extension, told_on: None });
        let shifted = |(after, length): (i32, i32)| pause(received + after, length);
        input.consultations = pauses.into_iter().map(shifted).collect();
        let before = on(&input);
        prop_assert_ne!(calendar().is_working_day(before), Some(false));
        input.consultations.push(shifted(more));
        let after = on(&input);
        prop_assert!(after >= before, "{} < {}", after, before);
    }
}
