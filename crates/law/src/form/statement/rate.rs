//! Shares, growth against the year before, and averages.

use super::claim::{Claim, Label, Period};
use super::compare::{agrees, other_scope};
use super::lists::counts;
use super::table::Tables;
use super::{Out, Sink};
use crate::Amount;
use crate::form::check::Severity;
use crate::form::part::Scope;

/// How a printed percentage agrees with two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Rounded,
    CutOff,
    No,
}

/// Half a unit of the last printed digit, and a little for the binary fraction.
fn fit(part: f64, whole: f64, printed: Amount, decimals: u32) -> Fit {
    let unit = 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
    let exact = (part / whole * 100.0).abs();
    let gap = exact - printed.to_f64();
    if gap.abs() <= unit / 2.0 + 1e-9 {
        Fit::Rounded
    } else if gap > 0.0 && gap < unit {
        Fit::CutOff
    } else {
        Fit::No
    }
}

/// What a share may be of: the figures said so far in the paragraph, and those of the tables.
pub(super) fn shares(
    claims: &[Claim],
    wrong: &[bool],
    said: &[Amount],
    tables: &Tables<'_>,
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) {
    for (i, share) in claims.iter().enumerate().skip(1) {
        let base = &claims[i - 1];
        let exact = !share.number.vague && !base.number.vague && counts(base) && !wrong[i - 1];
        if share.label != Label::Share || !exact || base.number.unit == super::number::Unit::Yuan {
            continue;
        }
        let of = match base.label {
            Label::Groups(_) | Label::Row(..) => [tables.done(), tables.newly(), tables.both()],
            Label::Natural
            | Label::Organizations
            | Label::Organization(_)
            | Label::Requests { .. }
            | Label::Channel(_)
            | Label::In(_)
            | Label::Out => [tables.newly(), tables.both(), tables.done()],
            Label::Outcome(blocks, _) | Label::Disputes(blocks) => {
                [tables.disputes(blocks, "total", "总计", true), None, None]
            }
            _ => continue,
        };
        let [Some(first), second, third] = of else { continue };
        let part = base.number.value;
        let mut wholes = vec![first.value];
        wholes.extend(second.map(|r| r.value));
        wholes.extend(third.map(|r| r.value));
        wholes.extend(said.iter().copied().filter(|w| *w >= part));
        wholes.extend(
            claims[..i - 1].iter().filter(|c| counts(c)).map(|c| c.number.value).filter(|w| *w >= part),
        );
        if share.of_groups != 0 {
            wholes.extend(tables.groups(share.of_groups, true).map(|r| r.value));
        }
        wholes.retain(|w| !w.is_zero());
        let printed = share.number;
        let tries =
            wholes.iter().map(|w| (fit(part.to_f64(), w.to_f64(), printed.value, printed.decimals), *w));
        let Some((best, whole)) = tries.min_by_key(|(f, _)| *f) else { continue };
        let should = |w: Amount| {
            let percent = part.to_f64() / w.to_f64() * 100.0;
            format!("{percent:.*}%", printed.decimals as usize)
        };
        let words = format!("{}，{}", out.words(base), out.words(share));
        let cells = vec![first.cells[0].clone()];
        match best {
            Fit::Rounded => {}
            Fit::CutOff => {
                let message =
                    format!("“{words}”：按{whole}件计算四舍五入为{}，正文只截取了前几位", should(whole));
                let severity = Some(Severity::Info);
                out.add(Out { cells, severity, ..Out::review("N-PCT", message) });
            }
            Fit::No if base.some || (other_scope(base.whose, scope) && !agrees(base, tables)) => {}
            Fit::No if !share.bare && share.of_groups == 0 => {}
            Fit::No => {
                let message = format!(
                    "“{words}”计算有误：{part}件占{}{}件的{}",
                    first.name,
                    first.value,
                    should(first.value)
                );
                out.add(Out { cells, ..Out::fail("N-PCT", message) });
            }
        }
    }
}

/// Growth and figures of the year before, against last year's report.
pub(super) fn growth(
    claims: &[Claim],
    wrong: &[bool],
    (now, before): (&Tables<'_>, &Tables<'_>),
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) {
    for (i, claim) in claims.iter().enumerate() {
        if claim.number.vague {
            continue;
        }
        if claim.period == Period::Last
            && claim.sure
            && !claim.some
            && !other_scope(claim.whose, scope)
            && matches!(claim.label, Label::Requests { .. } | Label::Disputes(_))
            && let Some(readings) = before.readings(claim.label)
            && readings.iter().all(|r| r.value != claim.number.value)
            && readings.iter().any(|r| !r.value.is_zero())
        {
            let message = format!(
                "“{}”与上一年报告的“{}”{}件不一致",
                out.words(claim),
                readings[0].name,
                readings[0].value
            );
            let cells = readings[0].cells.clone();
            let suggestion = Some(out.instead(claim, readings[0].value));
            out.add(Out { cells, suggestion, ..Out::fail("N-YOY", message) });
            continue;
        }
        let Label::Growth(up) = claim.label else { continue };
        let Some(at) = claims[..i].iter().rposition(|c| !matches!(c.label, Label::Growth(_) | Label::Before))
        else {
            continue;
        };
        let base = &claims[at];
        let comparable = !base.number.vague && !base.some && base.period == Period::This && !wrong[at];
        if !comparable || !claim.bare || (other_scope(base.whose, scope) && !agrees(base, now)) || !base.sure
        {
            continue;
        }
        let known = matches!(base.label, Label::Requests { .. } | Label::Disputes(_) | Label::Document(..));
        let Some(readings) = before.readings(base.label).filter(|_| known) else { continue };
        let value = base.number.value;
        let percent = claim.number.unit == super::number::Unit::Percent;
        let holds = |then: Amount| {
            let change = value - then;
            let direction = if up { change > Amount::ZERO } else { change < Amount::ZERO };
            let size = if percent {
                let whole = then.to_f64();
                !then.is_zero()
                    && fit(change.to_f64(), whole, claim.number.value, claim.number.decimals) != Fit::No
            } else {
                change == claim.number.value || -change == claim.number.value
            };
            size && (direction || claim.number.value.is_zero())
        };
        // Nothing at all last year more likely means that nothing is known of it.
        if readings.iter().any(|r| holds(r.value)) || readings.iter().all(|r| r.value.is_zero()) {
            continue;
        }
        let then = &readings[0];
        let message = format!(
            "“{}”与上一年报告不符：上一年“{}”为{}件，本年为{value}件",
            out.words(claim),
            then.name,
            then.value
        );
        out.add(Out { cells: then.cells.clone(), ..Out::fail("N-YOY", message) });
    }
}

/// Averages that are far from any way of counting days or months.
pub(super) fn averages(claims: &[Claim], out: &mut Sink<'_, '_>) {
    for (i, claim) in claims.iter().enumerate() {
        let (fewest, most, name) = match claim.label {
            // Working days of a year, all its days.
            Label::PerDay => (240.0, 366.0, "日"),
            Label::PerMonth => (11.0, 12.0, "月"),
            _ => continue,
        };
        let wholes: Vec<f64> =
            claims[..i].iter().filter(|c| counts(c)).map(|c| c.number.value.to_f64()).collect();
        let average = claim.number.value.to_f64();
        let far = |whole: &f64| average < whole / most * 0.5 || average > whole / fewest * 2.0;
        if let Some(last) = wholes.last()
            && wholes.iter().all(far)
        {
            let message = format!(
                "“{}”与全年{last}相差较大，按全年计算每{name}为{:.1}至{:.1}",
                out.words(claim),
                last / most,
                last / fewest
            );
            out.add(Out::review("N-AVG", message));
        }
    }
}
