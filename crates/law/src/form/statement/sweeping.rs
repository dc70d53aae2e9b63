//! Statements without a figure: 未收到, 未发生, 均获维持, 未被纠错, 全部办结.

use super::claim::{Blocks, Claim, Label, Period, Whose};
use super::compare::other_scope;
use super::lexicon::Tag;
use super::meaning::is_subject;
use super::read::Topic;
use super::sentence::{Item, Sentence, Token, counted};
use super::table::{Reading, Tables};
use super::{Out, Sink};
use crate::Amount;
use crate::form::part::Scope;
use std::ops::Range;

/// 全部办结, before it is known what else the paragraph says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Finished {
    /// 均已按时答复 may be said of what was due.
    timed: bool,
}

/// True if the words of this clause speak of another year or other units.
fn elsewhere(sentence: &Sentence, clause: &Range<usize>) -> (bool, Whose) {
    let other = sentence.tags(clause).any(|t| matches!(t, Tag::LastYear | Tag::PartOfYear | Tag::Plan));
    let whose = sentence.tags(clause).find_map(|t| match t {
        Tag::Whole => Some(Whose::Whole),
        Tag::Own => Some(Whose::Own),
        Tag::ForGovernment => Some(Whose::ForGovernment),
        Tag::Units => Some(Whose::Parts),
        _ => None,
    });
    (other, whose.unwrap_or(Whose::Unsaid))
}

/// 未收到, 未发生, 无: the cells are zero.
pub(super) fn none(
    sentence: &Sentence,
    topics: &[Topic],
    tables: &Tables<'_>,
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) {
    let denies = |t: &Token| matches!(t.tag(), Some(Tag::NotReceived | Tag::NotIssued | Tag::Not));
    for (i, token) in sentence.tokens.iter().enumerate().filter(|(_, t)| denies(t)) {
        let clause = sentence.clause(i);
        let after = i + 1..clause.end;
        if sentence.span(&after).iter().any(counted) {
            continue;
        }
        // 未收到企业通过网络提出的申请 says nothing of the others.
        let some = |t: Tag| {
            matches!(
                t,
                Tag::Channel(_)
                    | Tag::Natural
                    | Tag::Organizations
                    | Tag::Companies
                    | Tag::Organization(_)
                    | Tag::Partly
            )
        };
        if sentence.tags(&after).any(some) {
            continue;
        }
        let subject = sentence.span(&after).iter().rposition(|t| t.tag().is_some_and(is_subject));
        let reading = match token.tag() {
            Some(Tag::NotReceived) => {
                let Some(last) = subject.map(|s| after.start + s) else { continue };
                if sentence.unknown(&(after.start..last)) > 2 || sentence.unknown(&(last + 1..after.end)) > 1
                {
                    continue;
                }
                match sentence.tokens[last].tag() {
                    Some(Tag::Request | Tag::Asked) if topics[last] == Topic::Requests => tables.newly(),
                    Some(Tag::Review | Tag::Suit) => disputes(topics[last], tables),
                    _ => continue,
                }
            }
            Some(Tag::NotIssued) => match subject.map(|s| topics[after.start + s]) {
                Some(Topic::Document(rules)) => {
                    let act = super::claim::Act::Issue;
                    tables.readings(Label::Document(rules, act)).and_then(|r| r.into_iter().next())
                }
                _ => continue,
            },
            Some(Tag::Not) => {
                let Some(reading) = not(sentence, topics, &after, tables) else { continue };
                Some(reading)
            }
            _ => continue,
        };
        let Some(Reading { name, value, cells, .. }) = reading else { continue };
        let (other_year, whose) = elsewhere(sentence, &(clause.start..i));
        if value.is_zero() || other_year {
            continue;
        }
        let said = out.text(token.from..sentence.tokens[clause.end - 1].to);
        let name = match cells[0].split('.').next() {
            Some("disputes") => format!("表四“{name}”"),
            Some("requests") => format!("表三“{name}”"),
            _ => name,
        };
        let told = format!("正文称“{said}”，{name}为{value}件");
        let id = match cells[0].as_str() {
            "requests.carried_over_in.total" => "N-IN",
            "requests.carried_over_out.total" => "N-OUT",
            _ => "N-NONE",
        };
        let new = sentence.has(&after, Tag::New) || said.contains('新');
        out.add(if other_scope(whose, scope) {
            Out { cells, ..Out::review("N-SCOPE", format!("{told}；二者口径可能不同，请核对")) }
        } else if new && cells[0].starts_with("disputes.") {
            Out {
                cells, ..Out::review("N-NONE", format!("{told}；如均为以前年度案件，请写明"))
            }
        } else {
            Out { cells, ..Out::fail(id, told) }
        });
    }
}

fn disputes(topic: Topic, tables: &Tables<'_>) -> Option<Reading> {
    let Topic::Disputes(blocks) = topic else { return None };
    tables.disputes(blocks, "total", "总计", true)
}

/// What 无 denies: disputes, 结转, the requests themselves; nothing if anything else is said.
fn not(sentence: &Sentence, topics: &[Topic], after: &Range<usize>, tables: &Tables<'_>) -> Option<Reading> {
    let tokens = &sentence.span(after);
    let odd = |t: &Token| {
        matches!(t.item, Item::Number(_))
            || t.tag().is_some_and(|t| {
                matches!(
                    t,
                    Tag::Elsewhere
                        | Tag::Row(_)
                        | Tag::Outcome(_)
                        | Tag::Overturned
                        | Tag::Group(_)
                        | Tag::Agent
                        | Tag::Rate
                        | Tag::Fee
                        | Tag::NoLoss
                        | Tag::NoError
                        | Tag::Timely
                        | Tag::Answer
                        | Tag::Ongoing
                )
            })
    };
    if tokens.iter().any(odd) || sentence.unknown(after) > 2 {
        return None;
    }
    let carried = tokens.iter().any(|t| matches!(t.tag(), Some(Tag::Carry | Tag::Turn)));
    if carried {
        return match (sentence.has(after, Tag::LastYear), sentence.has(after, Tag::NextYear)) {
            (true, false) => tables.carried_in(),
            (false, true) => tables.carried_out(),
            _ => None,
        };
    }
    let last = tokens.iter().rposition(|t| t.tag().is_some_and(is_subject)).map(|i| after.start + i)?;
    if sentence.unknown(&(last + 1..after.end)) > 1 {
        return None;
    }
    match sentence.tokens[last].tag()? {
        Tag::Review | Tag::Suit | Tag::DirectSuit | Tag::LaterSuit => disputes(topics[last], tables),
        Tag::Request if sentence.unknown(after) == 0 && !sentence.has(after, Tag::Receive) => tables.newly(),
        _ => None,
    }
}

/// 均获维持, 未被纠错, 未发生败诉.
pub(super) fn outcomes(
    sentence: &Sentence,
    (topics, claims): (&[Topic], &[Claim]),
    tables: &Tables<'_>,
    scope: Option<Scope>,
    out: &mut Sink<'_, '_>,
) {
    let sums_up = |t: &Token| matches!(t.tag(), Some(Tag::NoError | Tag::NoLoss | Tag::Outcome(0 | 1)));
    for (i, token) in sentence.tokens.iter().enumerate().filter(|(_, t)| sums_up(t)) {
        let clause = sentence.clause(i);
        let numbered = |r: Range<usize>| sentence.span(&r).iter().any(counted);
        let head = clause.start..i;
        let trail = sentence.trail(i);
        let before = out.text(sentence.tokens[clause.start].from..token.from);
        let denied = ["未被", "没有被", "均未", "无被", "未发生被"].iter().any(|w| before.contains(w));
        let (upheld, suits_only) = match token.tag() {
            Some(Tag::NoError) => (false, false),
            Some(Tag::NoLoss) => (false, true),
            Some(Tag::Outcome(1)) if denied && !numbered(head.clone()) => (false, false),
            Some(Tag::Outcome(0)) => {
                let all = sentence.span(&head).iter().rposition(|t| t.tag() == Some(Tag::All));
                let all = all.map(|a| head.start + a).or_else(|| the_one(sentence, claims, i, tables));
                let Some(all) = all else { continue };
                let next = sentence.tokens.get(trail.end).is_some_and(counted);
                if numbered(all..i) || next || sentence.unknown(&(all..i)) > 2 || i - all > 4 {
                    continue;
                }
                (true, false)
            }
            _ => continue,
        };
        let mut blocks = named(sentence, clause.start..i);
        // 均 speaks of everything named so far, other words of what was named last.
        if blocks == Blocks::NONE && sentence.has(&(clause.start..i + 1), Tag::All) {
            let apart = sentence.span(&(0..i)).iter().rposition(|t| t.item == Item::Mark('；'));
            blocks = named(sentence, apart.map_or(0, |a| a + 1)..i);
        }
        if blocks == Blocks::NONE {
            blocks = match topics[i] {
                Topic::Disputes(last) => last,
                _ => named(sentence, 0..i),
            };
        }
        if suits_only {
            blocks = Blocks { review: false, direct: true, later: true };
        }
        let of = |column: &str, label: &str| tables.disputes(blocks, column, label, true);
        let (Some(total), Some(kept), Some(corrected)) =
            (of("total", "总计"), of("upheld", "结果维持"), of("corrected", "结果纠正"))
        else {
            continue;
        };
        let fine = if upheld { kept.value == total.value } else { corrected.value.is_zero() };
        let (other_year, whose) = elsewhere(sentence, &clause);
        let wished = ["确保", "避免", "防止", "努力", "防范"].iter().any(|w| before.contains(w));
        if fine || other_year || wished {
            continue;
        }
        let said = out.text(sentence.tokens[clause.start].from..token.to);
        let agent = sentence.tags(&(0..i)).any(|t| matches!(t, Tag::Agent | Tag::Defence));
        let told = if corrected.value.is_zero() {
            format!("正文称“{said}”，表四“{}”{}件，“{}”{}件", total.name, total.value, kept.name, kept.value)
        } else {
            format!("正文称“{said}”，表四“{}”为{}件", corrected.name, corrected.value)
        };
        let cells = corrected.cells.into_iter().chain(if upheld { kept.cells } else { vec![] }).collect();
        let other = other_scope(whose, scope);
        let none_upheld = upheld && kept.value.is_zero();
        let fail = (!corrected.value.is_zero() || none_upheld) && !agent && !other;
        let id = if other { "N-SCOPE" } else { "N-OUTCOME" };
        out.add(if fail {
            Out { cells, ..Out::fail(id, told) }
        } else {
            Out { cells, ..Out::review(id, told) }
        });
    }
}

/// 行政复议1件，复议机关予以维持: what is said of the only case; the token before which no figure stands.
fn the_one(sentence: &Sentence, claims: &[Claim], at: usize, tables: &Tables<'_>) -> Option<usize> {
    let clause = sentence.clause(at);
    let last = claims.iter().rev().find(|c| c.at < at)?;
    let one = matches!(last.label, Label::Disputes(_))
        && last.number.value == Amount::whole(1)
        && !last.number.vague
        && last.period == Period::This
        && super::compare::agrees(last, tables);
    let plain = !sentence.span(&clause).iter().any(counted)
        && !sentence.tags(&clause).any(|t| matches!(t, Tag::Not | Tag::Plan | Tag::Partly))
        && sentence.unknown(&(clause.start..at)) < 4;
    (one && plain).then(|| at.saturating_sub(1).max(clause.start))
}

/// The blocks of table four these words name.
fn named(sentence: &Sentence, range: Range<usize>) -> Blocks {
    sentence.tags(&range).fold(Blocks::NONE, |b, tag| match tag {
        Tag::Review => Blocks { review: true, ..b },
        Tag::Suit => Blocks { direct: true, later: true, ..b },
        Tag::DirectSuit => Blocks { direct: true, ..b },
        Tag::LaterSuit => Blocks { later: true, ..b },
        _ => b,
    })
}

/// 所有申请均已办结, 收到34件，全部答复.
pub(super) fn finished(
    sentence: &Sentence,
    topics: &[Topic],
    claims: &[Claim],
    scope: Option<Scope>,
    out: &Sink<'_, '_>,
) -> Option<Finished> {
    for (i, token) in sentence.tokens.iter().enumerate() {
        if token.tag() != Some(Tag::Answer) || topics[i] != Topic::Requests {
            continue;
        }
        let clause = sentence.clause(i);
        let Some(all) = sentence.span(&(clause.start..i)).iter().rposition(|t| t.tag() == Some(Tag::All))
        else {
            continue;
        };
        let all = clause.start + all;
        let gap = all..clause.end;
        let odd = sentence.span(&gap).iter().any(counted)
            || sentence.unknown(&gap) > 1
            || sentence.tags(&(clause.start..i)).any(|t| {
                matches!(
                    t,
                    Tag::Not
                        | Tag::Plan
                        | Tag::LastYear
                        | Tag::PartOfYear
                        | Tag::Rate
                        // 其余申请均已答复
                        | Tag::Rest
                )
            })
            || (scope != Some(Scope::Government) && sentence.has(&(clause.start..i), Tag::Whole))
            // 除2件外，均已答复
            || (out.text(sentence.range.start..token.from).contains('除')
                && out.text(sentence.range.start..token.from).contains("外，"));
        if odd {
            continue;
        }
        let named = clause.start..i;
        let numbered = sentence.span(&named).iter().any(counted);
        let subject = !numbered && sentence.tags(&named).any(|t| matches!(t, Tag::Request | Tag::Asked));
        let nearest = claims.iter().rev().find(|c| c.at < i && super::lists::counts(c));
        let received = nearest.is_some_and(|c| {
            matches!(c.label, Label::Requests { answered: false, .. }) && c.period == Period::This && !c.some
        });
        let others = nearest.is_some_and(|c| other_scope(c.whose, scope));
        if others || (!subject && !received) {
            continue;
        }
        let words = out.text(sentence.tokens[all].from..token.to);
        let timed = sentence.has(&gap, Tag::Timely);
        // 均按规定答复 says how, 均已答复 that it is done.
        if (timed || words.contains(['按', '依'])) && !words.contains('已') {
            continue;
        }
        return Some(Finished { timed });
    }
    None
}

/// 全部办结 beside what is carried over.
pub(super) fn unfinished(done: Finished, said: Option<&str>, tables: &Tables<'_>, out: &mut Sink<'_, '_>) {
    let table = tables.carried_out();
    let open = table.as_ref().map(|r| r.value);
    if open.is_some_and(|v| v.is_zero()) {
        return;
    }
    let cells = table.map(|r| r.cells).unwrap_or_default();
    match (said, open) {
        (Some(said), _) if !done.timed => {
            let message = format!("前后矛盾：此处称申请全部办结，同一段又称“{said}”");
            out.add(Out { cells, ..Out::fail("N-CONTRA", message) });
        }
        (_, Some(open)) => {
            let message = format!(
                "正文称申请全部办结，表三“结转下年度继续办理”为{open}件；如只指本年到期的申请，请写明"
            );
            out.add(Out { cells, ..Out::review("N-DONE", message) });
        }
        _ => {}
    }
}
