//! Wholes and their parts: 共 A，其中 b1、b2; and sums of money beside numbers of cases.

use super::claim::{Claim, Label, Period};
use super::lexicon::Tag;
use super::sentence::{Item, Sentence};
use super::table::{OUTCOMES, Tables};
use super::{Out, Sink};
use crate::Amount;

/// What parts are parts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Channel,
    Applicant,
    Result,
    Outcome,
    Fee,
    Carried,
    Other,
}

fn kind(label: Label) -> Kind {
    match label {
        Label::Channel(_) => Kind::Channel,
        Label::Natural | Label::Organizations | Label::Companies | Label::Organization(_) => Kind::Applicant,
        Label::Groups(_) | Label::Row(..) => Kind::Result,
        Label::Outcome(..) => Kind::Outcome,
        Label::FeeSum => Kind::Fee,
        Label::In(_) | Label::Out | Label::Carry | Label::Ongoing | Label::Requests { .. } => Kind::Carried,
        _ => Kind::Other,
    }
}

/// True for a figure that counts something, not a share or a rate.
pub(super) fn counts(claim: &Claim) -> bool {
    !matches!(claim.label, Label::Share | Label::Growth(_) | Label::Before | Label::PerDay | Label::PerMonth)
        && claim.number.unit != super::number::Unit::Percent
}

/// Looks at the wholes of a sentence. `wrong` says which figures differ from the tables already, `before` are the figures
/// of the sentence before, of which 其中 at the beginning of this one speaks.
pub(super) fn run(
    sentence: &Sentence,
    (claims, wrong): (&[Claim], &[bool]),
    before: &[Claim],
    tables: &Tables<'_>,
    out: &mut Sink<'_, '_>,
) {
    for whole in 0..claims.len() {
        let parts = parts(sentence, claims, Some(whole), out);
        if parts.is_empty() || wrong[whole] || parts.iter().any(|p| wrong[*p]) {
            continue;
        }
        let wholes: Vec<&Claim> = claims[..=whole].iter().rev().collect();
        compare(&wholes, &parts.iter().map(|p| &claims[*p]).collect::<Vec<_>>(), tables, out);
    }
    let first = sentence.tags(&sentence.all()).find(|t| *t != Tag::Filler);
    if first == Some(Tag::Of) {
        let parts = parts(sentence, claims, None, out);
        let wholes: Vec<&Claim> = before.iter().rev().collect();
        if parts.len() > 1 && !parts.iter().any(|p| wrong[*p]) {
            compare(&wholes, &parts.iter().map(|p| &claims[*p]).collect::<Vec<_>>(), tables, out);
        }
    }
    for (whole, _) in wrong.iter().enumerate().filter(|(_, wrong)| !**wrong) {
        summed_up(sentence, claims, whole, out);
    }
    fees(claims, out);
    elsewhere(sentence, claims, out);
}

/// 网络88件、信函11件、当面2件，共101件: the whole after its parts.
fn summed_up(sentence: &Sentence, claims: &[Claim], at: usize, out: &mut Sink<'_, '_>) {
    let whole = &claims[at];
    let lead = sentence.lead(whole.at);
    let totals = ["共", "共计", "合计", "总计", "总共"];
    let first = sentence.span(&lead).first().map(|t| out.text(t.from..t.to)).unwrap_or_default();
    let parts = claims[..at]
        .iter()
        .rev()
        .take_while(|c| matches!(c.label, Label::Channel(_)) && c.depth == whole.depth && !c.number.vague);
    let parts: Vec<&Claim> = parts.collect();
    // 收到101件，其中网络88件…: there the whole came first.
    let opens = claims[..at - parts.len()].last().is_none_or(|c| !counts(c));
    let unit = |c: &Claim| out.text(c.number.of.0..c.number.of.1);
    let alike = parts.iter().all(|p| unit(p) == unit(whole)) && !whole.number.vague;
    if !totals.contains(&first.as_str()) || parts.len() < 2 || !opens || !alike {
        return;
    }
    let sum: Amount = parts.iter().map(|p| p.number.value).sum();
    let message = format!("“{}”的各部分相加为{sum}{}", out.words(whole), unit(whole));
    if sum > whole.number.value {
        out.add(Out::fail("N-CHAN", format!("{message}，多于总数")));
    } else if sum < whole.number.value {
        out.add(Out::review("N-CHAN", format!("{message}，少于总数，请核对是否遗漏渠道")));
    }
}

/// The parts of a whole: what follows 其中 or a colon, as long as it is of one kind and unit.
fn parts(sentence: &Sentence, claims: &[Claim], whole: Option<usize>, out: &Sink<'_, '_>) -> Vec<usize> {
    let from = whole.map_or(0, |w| w + 1);
    let Some(first) = claims.get(from..).and_then(|rest| rest.iter().position(counts)) else { return vec![] };
    let first = from + first;
    let between = |a: Option<usize>, b: usize| a.map_or(0, |a| claims[a].at + 1)..claims[b].at;
    let colon = |w: usize| {
        let trail = sentence.trail(claims[w].at);
        // 34件：…; 34件申请中，…
        let sign = if sentence.span(&trail).last().is_some_and(|t| out.text(t.from..t.to) == "中") {
            '，'
        } else {
            '：'
        };
        sentence.tokens.get(trail.end).is_some_and(|t| t.item == Item::Mark(sign))
    };
    let opened = sentence.has(&between(whole, first), Tag::Of) || whole.is_some_and(colon);
    if !opened || whole.is_some_and(|w| claims[first].depth < claims[w].depth || !counts(&claims[w])) {
        return vec![];
    }
    let unit = |c: &Claim| out.text(c.number.of.0..c.number.of.1);
    let mut found = vec![];
    let (mut last, mut of) = (whole, None);
    for (i, claim) in claims.iter().enumerate().skip(first) {
        if !counts(claim) || claim.depth > claims[first].depth {
            continue;
        }
        let gap = between(last, i);
        // 通过网络1303件；通过信函172件: one list of channels.
        let semicolon = sentence.span(&gap).iter().any(|t| matches!(t.item, Item::Mark('；')));
        // 一审6件、二审3件，支持4件: the list has ended.
        let comma = |gap: &std::ops::Range<usize>| {
            sentence.span(gap).iter().any(|t| matches!(t.item, Item::Mark('，')))
        };
        let ended = found.len() > 1
            && kind(claim.label) == Kind::Other
            && comma(&gap)
            && !comma(&between(Some(found[found.len() - 2]), found[found.len() - 1]));
        let stop = ended
            || semicolon && !(of == Some(Kind::Channel) && matches!(claim.label, Label::Channel(_)))
            || (i != first
                && (sentence.has(&gap, Tag::Of) || sentence.tags(&gap).any(|t| matches!(t, Tag::Units))));
        let this = if claim.label == Label::Rest { of.unwrap_or(Kind::Other) } else { kind(claim.label) };
        if stop
            || claim.depth < claims[first].depth
            || of.is_some_and(|k| k != this)
            || unit(claim) != unit(&claims[whole.unwrap_or(first)])
            || claim.period != Period::This
        {
            break;
        }
        of = Some(this);
        found.push(i);
        last = Some(i);
        if this == Kind::Carried {
            break;
        }
    }
    found
}

fn compare(wholes: &[&Claim], parts: &[&Claim], tables: &Tables<'_>, out: &mut Sink<'_, '_>) {
    // 收到34件，其中答复35件: loosely said, and no part.
    if parts.iter().any(|p| matches!(p.label, Label::Requests { .. })) {
        return;
    }
    let unit = |c: &Claim| out.text(c.number.of.0..c.number.of.1);
    let fits =
        |w: &&&Claim| counts(w) && w.period == Period::This && parts.iter().all(|p| unit(p) == unit(w));
    let wholes: Vec<&Claim> = wholes.iter().filter(fits).copied().collect();
    let Some(nearest) = wholes.first() else { return };
    if wholes.iter().any(|w| w.number.vague) {
        return;
    }
    let exact: Vec<&&Claim> = parts.iter().filter(|p| !p.number.vague).collect();
    let largest = exact.iter().map(|p| p.number.value).max().unwrap_or_default();
    // 办结35件，结转1件，其中予以公开9件: of the nearest figure that it can be a part of.
    let Some(whole) = wholes.iter().find(|w| w.number.value >= largest) else {
        if let Some(part) = exact.iter().max_by_key(|p| p.number.value) {
            let message = format!("“{}”说是“{}”的一部分，却比它大", out.words(part), out.words(nearest));
            out.add(Out::fail("N-SUB", message));
        }
        return;
    };
    let total = whole.number.value;
    let said = out.words(whole);
    if parts.iter().any(|p| p.number.vague) || parts.len() < 2 {
        return;
    }
    let sum: Amount = parts.iter().map(|p| p.number.value).sum();
    if wholes.iter().any(|w| w.number.value == sum) {
        return;
    }
    let unit = out.text(whole.number.of.0..whole.number.of.1);
    let told = format!("“{said}”的各部分相加为{sum}{unit}");
    let more = sum > total;
    let last_rest = parts.last().is_some_and(|p| matches!(p.label, Label::Rest | Label::Channel(5)));
    // Where the table has these figures, they were compared with it one by one.
    let compared = parts.iter().all(|p| tables.readings(p.label).is_some());
    match kind(parts[0].label) {
        Kind::Channel if more => out.add(Out::fail("N-CHAN", format!("{told}，多于总数"))),
        Kind::Channel if parts.len() >= 3 || last_rest => {
            out.add(Out::review("N-CHAN", format!("{told}，少于总数，请核对是否遗漏渠道")));
        }
        Kind::Applicant | Kind::Result if more && !compared => {
            out.add(Out::fail("N-PARTS", format!("{told}，多于总数")));
        }
        Kind::Outcome if (more || parts.len() == OUTCOMES.len()) && !compared => {
            out.add(Out::fail("N-PARTS", format!("{told}，与总数不一致")));
        }
        Kind::Fee => {
            let both = out.says("按件计收") && out.says("按量计收");
            if more || both {
                out.add(Out::fail("N-FEE", format!("{told}，与总额不一致")));
            }
        }
        Kind::Other if more => {
            out.add(Out::review("N-PARTS", format!("{told}，多于总数；各部分如有交叉，请写明")));
        }
        Kind::Other if last_rest => {
            out.add(Out::review("N-PARTS", format!("{told}，少于总数，请核对")));
        }
        _ => {}
    }
}

/// 0 元 if and only if 0 件.
fn fees(claims: &[Claim], out: &mut Sink<'_, '_>) {
    let of = |label: Label| claims.iter().filter(move |c| c.label == label && c.period == Period::This);
    let (sums, counts): (Vec<_>, Vec<_>) = (of(Label::FeeSum).collect(), of(Label::FeeCount).collect());
    if let ([sum], [count]) = (&sums[..], &counts[..])
        && sum.number.value.is_zero() != count.number.value.is_zero()
    {
        let message = format!(
            "信息处理费{}元与{}件不能同时成立，请核对金额和件数",
            sum.number.value, count.number.value
        );
        out.add(Out::fail("N-FEE", message));
    }
}

/// Of another subject: more answered than received, with nothing carried over.
fn elsewhere(sentence: &Sentence, claims: &[Claim], out: &mut Sink<'_, '_>) {
    let carried = sentence.tags(&sentence.all()).any(|t| matches!(t, Tag::Carry | Tag::LastYear));
    for pair in claims.windows(2) {
        let [received, done] = pair else { continue };
        let both = received.label == Label::ElsewhereIn && done.label == Label::ElsewhereDone;
        let unit = |c: &Claim| out.text(c.number.of.0..c.number.of.1);
        let exact = !received.number.vague && !done.number.vague;
        if both
            && exact
            && !carried
            && unit(received) == unit(done)
            && done.number.value > received.number.value
        {
            let message = format!("“{}”多于“{}”，请核对", out.words(done), out.words(received));
            out.add(Out::review("N-SUB", message));
        }
    }
}
