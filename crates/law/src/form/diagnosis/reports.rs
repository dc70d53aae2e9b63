//! Tables of published and of made-up reports, all of whose sums hold.

use super::super::count::Ledger;
use super::super::{Figures, Form};
use super::Amount;

pub(super) const COLUMNS: [&str; 7] = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
];
pub(super) const BLOCKS: [&str; 3] = ["reconsideration", "direct_suit", "suit_after_reconsideration"];
pub(super) const RESULTS: [&str; 5] = ["upheld", "corrected", "other", "pending", "total"];

type Rows = &'static [(&'static str, [i64; 7])];

/// Tables of published reports: one with two requests, one of a department, one of a city, one of a large city.
const PUBLISHED: &[(&str, Rows, [[i64; 5]; 3])] = &[
    (
        "2019",
        &[
            ("new_requests", [0, 0, 0, 0, 2, 0, 2]),
            ("refused_administrative_inquiry", [0, 0, 0, 0, 1, 0, 1]),
            ("unavailable_still_unclear", [0, 0, 0, 0, 1, 0, 1]),
            ("results_total", [0, 0, 0, 0, 2, 0, 2]),
        ],
        [[0; 5]; 3],
    ),
    (
        "2021",
        &[
            ("new_requests", [32, 2, 0, 0, 0, 0, 34]),
            ("carried_over_in", [2, 0, 0, 0, 0, 0, 2]),
            ("granted", [9, 0, 0, 0, 0, 0, 9]),
            ("refused_internal_affairs", [1, 0, 0, 0, 0, 0, 1]),
            ("refused_deliberative_process", [1, 0, 0, 0, 0, 0, 1]),
            ("unavailable_not_held", [4, 0, 0, 0, 0, 0, 4]),
            ("unavailable_requires_creation", [6, 0, 0, 0, 0, 0, 6]),
            ("other_correction_lapsed", [8, 2, 0, 0, 0, 0, 10]),
            ("other_other", [4, 0, 0, 0, 0, 0, 4]),
            ("results_total", [33, 2, 0, 0, 0, 0, 35]),
            ("carried_over_out", [1, 0, 0, 0, 0, 0, 1]),
        ],
        [[1, 0, 0, 0, 1], [0; 5], [0; 5]],
    ),
    (
        "2021",
        &[
            ("new_requests", [3001, 53, 0, 0, 61, 4, 3119]),
            ("carried_over_in", [34, 0, 0, 0, 0, 0, 34]),
            ("granted", [1288, 21, 0, 0, 50, 3, 1362]),
            ("granted_in_part", [447, 7, 0, 0, 0, 0, 454]),
            ("refused_state_secret", [2, 0, 0, 0, 0, 0, 2]),
            ("refused_prohibited_by_law", [30, 1, 0, 0, 0, 0, 31]),
            ("refused_security_stability", [5, 0, 0, 0, 0, 0, 5]),
            ("refused_third_party_rights", [6, 0, 0, 0, 0, 0, 6]),
            ("refused_internal_affairs", [7, 1, 0, 0, 0, 0, 8]),
            ("refused_deliberative_process", [12, 0, 0, 0, 0, 0, 12]),
            ("refused_enforcement_file", [9, 0, 0, 0, 0, 0, 9]),
            ("refused_administrative_inquiry", [105, 0, 0, 0, 0, 0, 105]),
            ("unavailable_not_held", [746, 12, 0, 0, 10, 1, 769]),
            ("unavailable_requires_creation", [11, 0, 0, 0, 0, 0, 11]),
            ("unavailable_still_unclear", [1, 0, 0, 0, 0, 0, 1]),
            ("declined_petition_or_complaint", [56, 6, 0, 0, 0, 0, 62]),
            ("declined_repeat_request", [25, 0, 0, 0, 0, 0, 25]),
            ("declined_confirm_or_reissue", [1, 0, 0, 0, 0, 0, 1]),
            ("other_correction_lapsed", [67, 3, 0, 0, 1, 0, 71]),
            ("other_fee_unpaid", [6, 0, 0, 0, 0, 0, 6]),
            ("other_other", [108, 2, 0, 0, 0, 0, 110]),
            ("results_total", [2932, 53, 0, 0, 61, 4, 3050]),
            ("carried_over_out", [103, 0, 0, 0, 0, 0, 103]),
        ],
        [[72, 64, 178, 37, 351], [13, 4, 8, 1, 26], [12, 1, 1, 6, 20]],
    ),
    (
        "2021",
        &[
            ("new_requests", [13612, 252, 0, 45, 128, 32, 14069]),
            ("carried_over_in", [535, 6, 0, 1, 18, 0, 560]),
            ("granted", [5345, 129, 0, 41, 19, 14, 5548]),
            ("granted_in_part", [2120, 39, 0, 1, 6, 2, 2168]),
            ("refused_state_secret", [13, 0, 0, 0, 0, 0, 13]),
            ("refused_prohibited_by_law", [30, 0, 0, 0, 0, 0, 30]),
            ("refused_security_stability", [11, 0, 0, 0, 0, 0, 11]),
            ("refused_third_party_rights", [49, 2, 0, 0, 0, 0, 51]),
            ("refused_internal_affairs", [103, 1, 0, 0, 0, 0, 104]),
            ("refused_deliberative_process", [84, 1, 0, 0, 0, 0, 85]),
            ("refused_enforcement_file", [282, 4, 0, 0, 0, 0, 286]),
            ("refused_administrative_inquiry", [147, 0, 0, 0, 1, 2, 150]),
            ("unavailable_not_held", [3075, 50, 0, 0, 89, 8, 3222]),
            ("unavailable_requires_creation", [177, 3, 0, 0, 0, 0, 180]),
            ("unavailable_still_unclear", [19, 0, 0, 0, 0, 0, 19]),
            ("declined_petition_or_complaint", [199, 1, 0, 0, 3, 0, 203]),
            ("declined_repeat_request", [147, 1, 0, 0, 0, 0, 148]),
            ("declined_excessive_requests", [100, 1, 0, 0, 0, 0, 101]),
            ("declined_confirm_or_reissue", [5, 0, 0, 0, 0, 0, 5]),
            ("other_correction_lapsed", [315, 3, 0, 0, 0, 0, 318]),
            ("other_fee_unpaid", [202, 0, 0, 1, 0, 0, 203]),
            ("other_other", [941, 17, 0, 1, 3, 3, 965]),
            ("results_total", [13364, 252, 0, 44, 121, 29, 13810]),
            ("carried_over_out", [783, 6, 0, 2, 25, 3, 819]),
        ],
        [[376, 97, 196, 121, 790], [16, 1, 12, 27, 56], [74, 1, 30, 51, 156]],
    ),
];

/// A report: its form and its figures.
pub(super) struct Report {
    pub(super) form: &'static Form,
    pub(super) figures: Figures,
}

pub(super) fn empty(form: &Form) -> Figures {
    form.count(&Ledger::default(), form.from_year)
}

pub(super) fn published() -> Vec<Report> {
    let of = |(id, rows, blocks): &(&str, Rows, [[i64; 5]; 3])| {
        let form = Form::by_id(id).unwrap();
        let mut figures = empty(form);
        for (row, values) in *rows {
            for (column, n) in COLUMNS.iter().zip(values) {
                figures.set(format!("requests.{row}.{column}"), *n);
            }
        }
        for (block, values) in BLOCKS.iter().zip(blocks) {
            for (column, n) in RESULTS.iter().zip(values) {
                figures.set(format!("disputes.{block}.{column}"), *n);
            }
        }
        Report { form, figures }
    };
    PUBLISHED.iter().map(of).collect()
}

/// A consistent table of a form: figures of the size of a county, most cells zero.
fn made(form: &'static Form, mut seed: u64) -> Report {
    let mut next = |below: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((seed >> 33) % below.unsigned_abs()).unwrap()
    };
    let mut figures = empty(form);
    let rows: Vec<String> = form.result_rows().map(|r| r.id.clone()).collect();
    let mut totals = [0i64; 4];
    for (c, column) in COLUMNS[..6].iter().enumerate() {
        let mut done = 0;
        for row in &rows {
            let n = match (c, next(10)) {
                (0, 0..=6) => 1 + next(60),
                (1.., 0..=1) => 1 + next(9),
                _ => 0,
            };
            figures.set(format!("requests.{row}.{column}"), n);
            let total = figures.value(&format!("requests.{row}.total")) + Amount::whole(n);
            figures.set(format!("requests.{row}.total"), total);
            done += n;
        }
        let open = if c < 2 { next(12) } else { 0 };
        let before = next(done + open + 1).min(9);
        let column_totals = [done + open - before, before, done, open];
        for (sum, (row, n)) in totals.iter_mut().zip(EDGES.iter().zip(column_totals)) {
            figures.set(format!("requests.{row}.{column}"), n);
            *sum += n;
        }
    }
    for (row, n) in EDGES.iter().zip(totals) {
        figures.set(format!("requests.{row}.total"), n);
    }
    for block in BLOCKS {
        let mut sum = 0;
        for column in &RESULTS[..4] {
            let n = next(15);
            figures.set(format!("disputes.{block}.{column}"), n);
            sum += n;
        }
        figures.set(format!("disputes.{block}.total"), sum);
    }
    Report { form, figures }
}

/// The rows of table three that are no result.
pub(super) const EDGES: [&str; 4] = ["new_requests", "carried_over_in", "results_total", "carried_over_out"];

pub(super) fn reports() -> Vec<Report> {
    let mut reports = published();
    for form in Form::all() {
        reports.push(made(form, 7));
        reports.push(made(form, 2026));
    }
    reports
}
