//! Shares and averages.

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
pub(super) enum Fit {
    /// To the last printed digit
    Rounded,
    /// The first digits of it
    CutOff,
    /// Not at all
    No,
}

/// Half a unit of the last printed digit, and a little for the binary fraction.
pub(super) fn fit(part: f64, whole: f64, printed: Amount, decimals: u32) -> Fit {
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
    for (i, share) in claims.iter().enumerate() {
        if let (Label::Share, Some(of)) = (share.label, share.of) {
            share_alone(share, of, said, tables, scope, out);
            continue;
        }
        if share.of_last {
            share_of_last(claims, i, out);
            continue;
        }
        let Some(base) = i.checked_sub(1).map(|b| &claims[b]) else { continue };
        let exact = !share.number.vague && !base.number.vague && counts(base) && !wrong[i - 1];
        if share.label != Label::Share || !exact || base.number.unit == super::number::Unit::Yuan {
            continue;
        }
        let of = match base.label {
            Label::Groups(_) | Label::Row(..) => [tables.done(), tables.newly(), tables.both()],
            Label::Natural
            | Label::Organizations
            | Label::Companies
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

/// 予以公开占56.3%: without a figure of its own, under any reading of what it is a share of.
fn share_alone(
    share: &Claim,
    of: Label,
    said: &[Amount],
    tables: &Tables<'_>,
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) {
    let printed = share.number;
    if printed.vague || share.period != Period::This || other_scope(share.whose, scope) {
        return;
    }
    let (Some(parts), Some(done), Some(newly), Some(both)) =
        (tables.readings(of), tables.done(), tables.newly(), tables.both())
    else {
        return;
    };
    let mut wholes: Vec<Amount> = vec![done.value, newly.value, both.value];
    wholes.extend(said);
    wholes.retain(|w| !w.is_zero());
    let holds = |part: Amount| {
        let fits = |w: &Amount| fit(part.to_f64(), w.to_f64(), printed.value, printed.decimals) != Fit::No;
        wholes.iter().any(fits)
    };
    if wholes.is_empty() || parts.iter().any(|p| holds(p.value)) {
        return;
    }
    let part = &parts[0];
    let percent = part.value.to_f64() / wholes[0].to_f64() * 100.0;
    let message = format!(
        "“{}”计算有误：“{}”{}件占{}件的{percent:.*}%",
        out.words(share),
        part.name,
        part.value,
        wholes[0],
        printed.decimals as usize
    );
    let found = if share.sure { Out::fail("N-PCT", message) } else { Out::review("N-PCT", message) };
    out.add(Out { cells: part.cells.clone(), ..found });
}

/// 46件，占全年收到申请101件的45.5%: both figures are in the sentence.
fn share_of_last(claims: &[Claim], at: usize, out: &mut Sink<'_, '_>) {
    let Some([part, whole]) = at.checked_sub(2).map(|from| &claims[from..at]).and_then(|c| c.first_chunk())
    else {
        return;
    };
    let (share, printed) = (&claims[at], claims[at].number);
    let exact = !printed.vague && !part.number.vague && !whole.number.vague && !whole.number.value.is_zero();
    if !exact || part.number.unit != whole.number.unit {
        return;
    }
    let (a, b) = (part.number.value, whole.number.value);
    if fit(a.to_f64(), b.to_f64(), printed.value, printed.decimals) == Fit::No {
        let percent = a.to_f64() / b.to_f64() * 100.0;
        let message = format!(
            "“{}，{}{}”计算有误：{a}件占{b}件的{percent:.*}%",
            out.words(part),
            out.words(whole),
            out.words(share),
            printed.decimals as usize
        );
        out.add(Out::fail("N-PCT", message));
    }
}

/// Averages that are far from any way of counting days or months.
pub(super) fn averages(claims: &[Claim], tables: &Tables<'_>, out: &mut Sink<'_, '_>) {
    for (i, claim) in claims.iter().enumerate() {
        let (fewest, most, name) = match claim.label {
            // Working days of a year, all its days.
            Label::PerDay => (240.0, 366.0, "日"),
            Label::PerMonth => (11.0, 12.0, "月"),
            _ => continue,
        };
        let mut wholes: Vec<f64> =
            claims[..i].iter().filter(|c| counts(c)).map(|c| c.number.value.to_f64()).collect();
        // 平均每月收到申请20件: of what the table says, if no figure of the sentence is the whole.
        if wholes.is_empty() && claim.sure && out.line.says(claim.words.clone(), "申请") {
            wholes.extend(tables.newly().map(|r| r.value.to_f64()));
        }
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
