//! Growth and figures of the year before, against last year's report.

use super::claim::{Claim, Label, Period};
use super::compare::{agrees, other_scope};
use super::number::Unit;
use super::rate::{Fit, fit};
use super::table::Tables;
use super::{Out, Sink};
use crate::Amount;
use crate::form::part::Scope;

/// Growth and figures of the year before, against last year's report.
pub(super) fn run(
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
        if claim.label == Label::Before && out.line.says(claim.words.clone(), "上年") {
            before_that(claim, before, scope, out);
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
        let at = claims[..i].iter().rposition(|c| !matches!(c.label, Label::Growth(_) | Label::Before));
        let Some(at) = at.filter(|_| claim.of.is_none()) else {
            growth_alone(claim, up, (now, before), scope, out);
            continue;
        };
        let base = &claims[at];
        let comparable = !base.number.vague && !base.some && base.period == Period::This && !wrong[at];
        // A larger figure that is the table's is no chance, whatever else the paragraph is about.
        let agreed = agrees(base, now);
        let sure = base.sure || (agreed && base.number.value >= Amount::whole(10));
        if !comparable || !claim.bare || (other_scope(base.whose, scope) && !agreed) || !sure {
            continue;
        }
        let known = matches!(base.label, Label::Requests { .. } | Label::Disputes(_) | Label::Document(..));
        let Some(readings) = before.readings(base.label).filter(|_| known) else { continue };
        let value = base.number.value;
        let percent = claim.number.unit == Unit::Percent;
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

/// 收到申请量同比增长30%: without a figure of its own, under any reading of what grew.
fn growth_alone(
    claim: &Claim,
    up: bool,
    (now, before): (&Tables<'_>, &Tables<'_>),
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) {
    if claim.period != Period::This || other_scope(claim.whose, scope) {
        return;
    }
    let Some(label) = claim.of else { return };
    let (Some(now), Some(before)) = (now.readings(label), before.readings(label)) else { return };
    let told = claim.number;
    let holds = |value: Amount, then: Amount| {
        let change = if up { value - then } else { then - value };
        match told.unit {
            Unit::Percent => {
                change >= Amount::ZERO
                    && !then.is_zero()
                    && fit(change.to_f64(), then.to_f64(), told.value, told.decimals) != Fit::No
            }
            _ => change == told.value,
        }
    };
    let known = before.iter().all(|r| !r.value.is_zero());
    if !known || now.iter().any(|n| before.iter().any(|b| holds(n.value, b.value))) {
        return;
    }
    let (value, then) = (&now[0], &before[0]);
    let message = format!(
        "“{}”与上一年报告不符：上一年“{}”为{}件，本年为{}件",
        out.words(claim),
        then.name,
        then.value,
        value.value
    );
    let cells = then.cells.iter().chain(&value.cells).cloned().collect();
    let found = if claim.sure { Out::fail("N-YOY", message) } else { Out::review("N-YOY", message) };
    out.add(Out { cells, ..found });
}

/// 申请量比上年的120件下降: the figure of the year before itself.
fn before_that(claim: &Claim, before: &Tables<'_>, scope: Option<Scope>, out: &mut Sink<'_, '_>) {
    let Some(readings) = claim.of.and_then(|label| before.readings(label)) else { return };
    let known = readings.iter().all(|r| !r.value.is_zero());
    if !known || other_scope(claim.whose, scope) || readings.iter().any(|r| r.value == claim.number.value) {
        return;
    }
    let message =
        format!("“{}”与上一年报告的“{}”{}件不一致", out.words(claim), readings[0].name, readings[0].value);
    let cells = readings[0].cells.clone();
    let found = if claim.sure { Out::fail("N-YOY", message) } else { Out::review("N-YOY", message) };
    out.add(Out { cells, ..found });
}

/// 由50件增至64件，增长28%: the figures of the sentence among themselves.
pub(super) fn reached(claims: &[Claim], out: &mut Sink<'_, '_>) {
    for three in claims.windows(3) {
        let [from, to, growth] = three else { continue };
        let (Label::Before, Label::Reached, Label::Growth(up)) = (from.label, to.label, growth.label) else {
            continue;
        };
        let exact = three.iter().all(|c| !c.number.vague) && !from.number.value.is_zero();
        let change = to.number.value - from.number.value;
        let change = if up { change } else { -change };
        let told = growth.number;
        let holds = match told.unit {
            Unit::Percent => {
                fit(change.to_f64(), from.number.value.to_f64(), told.value, told.decimals) != Fit::No
            }
            _ => change == told.value,
        };
        if exact && (!holds || change < Amount::ZERO) {
            let message = format!(
                "“{}”计算有误：前称“{}”，后称“{}”",
                out.words(growth),
                out.words(from),
                out.words(to)
            );
            out.add(Out::fail("N-YOY", message));
        }
    }
}
