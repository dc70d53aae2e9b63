//! Every figure against the accepted readings of the tables.
//!
//! It fails only if it is true under none of them; it is worth a look if only a second-best reading is true, or if it is
//! not clear that the words and the tables speak of the same cases.

use super::claim::{Claim, Label, Period, Whose};
use super::lexicon::ROWS;
use super::table::{GROUPS, Reading, Tables};
use super::{Out, Sink};
use crate::Amount;
use crate::form::check::Severity;
use crate::form::part::Scope;

/// The rule a label belongs to.
fn rule(label: Label) -> &'static str {
    match label {
        Label::Requests { new: true, handled: false, answered: false, .. } => "N-NEW",
        Label::Requests { answered: true, new: false, received: false, .. } => "N-DONE",
        Label::Requests { .. } | Label::Subject => "N-RECV",
        Label::In(_) => "N-IN",
        Label::Out | Label::Ongoing | Label::Carry => "N-OUT",
        Label::Groups(_) => "N-GROUP",
        Label::Row(_, true) => "N-GROUP",
        Label::Row(_, false) => "N-CAT",
        Label::Natural | Label::Organizations | Label::Companies | Label::Organization(_) => "N-APPL",
        Label::Channel(_) => "N-CHAN",
        Label::Disputes(blocks) | Label::Outcome(blocks, _) if blocks.review => "N-REV",
        Label::Disputes(_) | Label::Outcome(..) => "N-LIT",
        Label::Document(..) => "N-DOC",
        _ => "N-SUB",
    }
}

/// True if the figure may be of other cases than those of the report.
pub(super) fn other_scope(whose: Whose, scope: Option<Scope>) -> bool {
    match (whose, scope) {
        (Whose::Unsaid, _) => false,
        (Whose::Whole, Some(Scope::Government)) | (Whose::Own, Some(Scope::Own)) => false,
        // 代表市政府 is neither the office's own nor all of the city's.
        _ => true,
    }
}

/// True if the figure is that of the tables, whoever it is said to be of.
pub(super) fn agrees(claim: &Claim, tables: &Tables<'_>) -> bool {
    tables
        .readings(claim.label)
        .is_some_and(|all| all.iter().any(|r| r.plain && r.value == claim.number.value))
}

/// Compares the figures of a sentence. Returns, figure by figure, whether it was found to differ.
pub(super) fn run(
    claims: &[Claim],
    tables: &Tables<'_>,
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) -> Vec<bool> {
    let mut wrong: Vec<bool> = Vec::with_capacity(claims.len());
    for (i, claim) in claims.iter().enumerate() {
        let vague = claim.number.vague || claim.period != Period::This;
        // 全市收到1250件，其中市直部门收到560件: the whole is right, and this is a part of it.
        let within = other_scope(claim.whose, scope)
            && claims[..i].iter().zip(&wrong).any(|(c, wrong)| {
                c.label == claim.label && !wrong && !c.number.vague && c.number.value >= claim.number.value
            });
        // One question about the scope of a sentence is enough.
        let asked = other_scope(claim.whose, scope)
            && claims[..i].iter().zip(&wrong).any(|(c, wrong)| *wrong && c.whose == claim.whose);
        if asked {
            wrong.push(true);
            continue;
        }
        let differs = !vague && !within && one(claim, (&claims[..i], claims.get(i + 1)), tables, scope, out);
        wrong.push(differs);
    }
    wrong
}

fn one(
    claim: &Claim,
    (earlier, next): (&[Claim], Option<&Claim>),
    tables: &Tables<'_>,
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) -> bool {
    // 申请量增至64件: compared as what has reached it.
    let as_said;
    let claim = match (claim.label, claim.of) {
        (Label::Reached, Some(of)) => {
            as_said = Claim { label: of, ..claim.clone() };
            &as_said
        }
        _ => claim,
    };
    let Some(mut readings) = tables.readings(claim.label) else { return false };
    let value = claim.number.value;
    // 36件（含上年结转2件）: what is carried over is in it.
    let within =
        next.is_some_and(|n| matches!(n.label, Label::In(_)) && n.depth > claim.depth && out.says_with(n));
    if within && matches!(claim.label, Label::Requests { answered: false, .. }) {
        // What was handled includes it anyway.
        let handled = matches!(claim.label, Label::Requests { handled: true, .. });
        for reading in &mut readings {
            let done = handled && reading.cells[0].starts_with("requests.results_total");
            reading.plain &= reading.cells.len() > 1 || done;
        }
    }
    // 收到…，其中自然人: of what was received, not of what was answered.
    let of_received = |c: &&Claim| matches!(c.label, Label::Requests { handled: false, answered: false, .. });
    if rule(claim.label) == "N-APPL"
        && earlier
            .iter()
            .rev()
            .find(|c| matches!(c.label, Label::Requests { .. }))
            .is_some_and(|c| of_received(&c))
    {
        readings.retain(|r| r.plain);
    }
    if readings.iter().any(|r| r.plain && r.value == value) {
        return false;
    }
    // A part of the cases, or a category within a row: no more than the whole.
    let most = readings.iter().map(|r| r.value).max().unwrap_or_default();
    // A government's report says how many of its cases one county or department had.
    let of_parts = claim.whose == Whose::Parts && scope == Some(Scope::Government);
    if of_parts && value <= most {
        return false;
    }
    let part =
        claim.some || matches!(claim.label, Label::Row(_, false) | Label::In(true) | Label::Channel(_));
    // 通过网站公开300件 says nothing of requests.
    let asked = ["申请", "收到", "接收", "受理"].iter().any(|w| out.line.says(claim.words.clone(), w));
    if matches!(claim.label, Label::Channel(_)) && !(asked && claim.sure) {
        return false;
    }
    if part && value <= most {
        return false;
    }
    // Some of what may be no requests at all: 设计审核申请37件
    if claim.some && !claim.sure && matches!(claim.label, Label::Requests { .. } | Label::Subject) {
        return false;
    }
    // 规章 are made by the government whose report it is.
    let made = matches!(claim.label, Label::Document(..)) && claim.whose == Whose::ForGovernment;
    let other = other_scope(claim.whose, scope) && !(made && scope == Some(Scope::Government));
    let best: Vec<&Reading> = readings.iter().filter(|r| r.plain).collect();
    let second = readings.iter().find(|r| !r.plain && r.value == value);
    let unsure = !claim.sure && matches!(claim.label, Label::Requests { .. } | Label::Subject);
    let lenient = match claim.label {
        Label::Subject | Label::Ongoing | Label::Carry | Label::Row(_, false) => true,
        Label::Document(_, act) => act == super::claim::Act::Publish,
        Label::Disputes(_) | Label::Outcome(..) => claim.agent || claim.new || !claim.disclosure,
        // 答复 may leave out what ended otherwise; it cannot be more than everything.
        Label::Requests { answered: true, .. } => false,
        _ => false,
    };
    let said = out.words(claim);
    let told = tell(claim, &best, tables, second);
    let cells = cells(&readings);
    let (id, fail, message) = if other {
        ("N-SCOPE", false, format!("“{said}”与{told}；二者口径可能不同，请核对并写明统计范围"))
    } else if let Some(second) = second {
        (rule(claim.label), false, format!("“{said}”与{told}；{value}件等于{}，请核对表述", second.name))
    } else if part {
        (
            if claim.some { "N-SUB" } else { rule(claim.label) },
            claim.sure && !lenient && (claim.some || matches!(claim.label, Label::In(_) | Label::Channel(_))),
            format!("“{said}”与{told}；部分不应大于全部"),
        )
    } else if claim.agent && lenient {
        (rule(claim.label), false, format!("“{said}”与{told}；应诉、备案、承办等案件与表四口径不同，请核对"))
    } else {
        (rule(claim.label), !lenient && !unsure, format!("“{said}”与{told}"))
    };
    let row = if let Label::Groups(bits) = claim.label { tables.row_with(bits, value) } else { None };
    let message = match row {
        Some(row) if fail => format!("{message}；{value}件只是{row}一项的数"),
        _ => message,
    };
    let suggestion = match best[..] {
        [first, ref rest @ ..] if fail && !part && rest.iter().all(|r| r.value == first.value) => {
            Some(out.instead(claim, first.value))
        }
        _ => None,
    };
    let severity = (id == "N-CAT").then_some(Severity::Info);
    out.add(Out { id, fail, cells, message, suggestion, severity });
    true
}

/// `表三“本年新收”34件、“本年新收与上年结转之和”36件都不一致`
fn tell(claim: &Claim, best: &[&Reading], tables: &Tables<'_>, second: Option<&Reading>) -> String {
    let table = match best.first().and_then(|r| r.cells.first()).map(String::as_str) {
        Some(c) if c.starts_with("requests.") => "表三",
        Some(c) if c.starts_with("disputes.") => "表四",
        _ => "",
    };
    let mut seen: Vec<(String, Amount)> = Vec::new();
    for reading in best {
        let name = match claim.label {
            Label::Row(i, _) => row_name(tables, i),
            _ => reading.name.clone(),
        };
        if !seen.iter().any(|(n, v)| *n == name || *v == reading.value) {
            seen.push((name, reading.value));
        }
    }
    let list: Vec<String> = seen
        .iter()
        .map(|(name, value)| {
            if name.contains('“') { format!("{name}{value}件") } else { format!("“{name}”{value}件") }
        })
        .collect();
    let end = if second.is_none() && list.len() > 1 { "都不一致" } else { "不一致" };
    format!("{table}{}{end}", list.join("、"))
}

fn row_name(tables: &Tables<'_>, i: usize) -> String {
    let id = ROWS[i].0;
    let row = tables.form.requests.rows.iter().find(|r| r.id == id);
    row.and_then(|r| r.label.last()).cloned().unwrap_or_else(|| GROUPS[5].0.to_owned())
}

fn cells(readings: &[Reading]) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for cell in readings.iter().filter(|r| r.plain).flat_map(|r| &r.cells) {
        if !cells.contains(cell) {
            cells.push(cell.clone());
        }
    }
    cells
}
