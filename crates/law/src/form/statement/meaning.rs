//! What one figure is said to be, from the words around it.

use super::claim::{Claim, Label, Period, Whose};
use super::lexicon::Tag;
use super::line::Line;
use super::number::{Number, Unit};
use super::read::{State, Topic};
use super::sentence::{Item, Sentence, Token, counted};
use std::ops::Range;

/// True for a word that names a subject.
pub(super) fn is_subject(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Request
            | Tag::Asked
            | Tag::Review
            | Tag::Suit
            | Tag::DirectSuit
            | Tag::LaterSuit
            | Tag::Defence
            | Tag::Rules
            | Tag::Normative
            | Tag::Fee
            | Tag::Elsewhere
    )
}

/// True for a word that says what is done with requests.
fn is_verb(tag: Tag) -> bool {
    matches!(tag, Tag::New | Tag::Receive | Tag::Handle | Tag::Answer)
}

/// True for a word that gives a figure its meaning.
fn means(tag: Tag) -> bool {
    is_subject(tag)
        || matches!(
            tag,
            Tag::New
                | Tag::Receive
                | Tag::Handle
                | Tag::Answer
                | Tag::Carry
                | Tag::Turn
                | Tag::Ongoing
                | Tag::Group(_)
                | Tag::Publish
                | Tag::Row(_)
                | Tag::Natural
                | Tag::Organizations
                | Tag::Companies
                | Tag::Organization(_)
                | Tag::Channel(_)
                | Tag::Outcome(_)
                | Tag::Overturned
                | Tag::Issue
                | Tag::Repeal
                | Tag::InForce
                | Tag::TotalPublic
                | Tag::Rest
                | Tag::Rate
        )
}

/// A figure on its way to a claim.
pub(super) struct Reading<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) sentence: &'a Sentence,
    pub(super) organization: Option<&'a str>,
    pub(super) at: usize,
    pub(super) number: Number,
    pub(super) depth: usize,
    /// The figure before took its meaning from the words after it, and these are not for this one.
    pub(super) after_trail: bool,
}

impl Reading<'_> {
    pub(super) fn claim(&self, state: &State) -> Claim {
        let s = self.sentence;
        let (mut lead, trail) = (s.lead(self.at), s.trail(self.at));
        if self.after_trail && lead.start > 0 && s.tokens.get(lead.start - 1).is_some_and(counted) {
            let list = s.span(&lead).iter().rposition(|t| t.item == Item::Mark('、'));
            lead.start = list.map_or(self.at, |i| lead.start + i + 1);
        }
        let clause = s.clause(self.at);
        let before = clause.start..self.at;
        let window = self.window(&lead, &trail, clause.start);
        // Words after the figure have not been taken into account yet.
        let mut here = state.clone();
        let names = |r: &Range<usize>| s.tags(r).any(is_subject);
        if window == trail || (!names(&lead) && names(&trail) && here.topic != Topic::Requests) {
            let earlier = |i: usize| i.checked_sub(1).map(|b| s.tokens[b].item);
            for i in trail.clone() {
                if let Some(tag) = s.tokens[i].tag() {
                    here.take(tag, earlier(i));
                }
            }
        }
        let charged = || !s.tags(&before).any(is_verb) && super::read::charged(self.line, s, self.at);
        if state.topic == Topic::Fee && here.topic == Topic::Requests && charged() {
            here.topic = Topic::Fee;
        }
        if s.tags(&window).rfind(|t| is_subject(*t)) == Some(Tag::Elsewhere) {
            here.topic = Topic::Elsewhere;
        }
        let mut label = self.label(&here, &lead, &trail, &window);
        let each = s.span(&lead).iter().position(|t| t.tag() == Some(Tag::Each));
        // 分别为逾期不补正1件、撤回1件: each is named beside its figure.
        let category = |t: Tag| {
            matches!(t, Tag::Row(_) | Tag::Group(_) | Tag::Natural | Tag::Organization(_) | Tag::Outcome(_))
        };
        let each = each.is_some_and(|e| !s.tags(&(lead.start + e..lead.end)).any(category))
            && !s.tags(&lead).any(|t| matches!(t, Tag::Not));
        let listed = each
            && !matches!(s.tokens.get(self.at + 1).map(|t| t.item), None | Some(Item::Mark('，' | '；')));
        // 1件因年底收到，结转下年度办理; 1份12月30日收到: why or when, not what.
        let dated = |t: &Token| t.number().is_some_and(|n| matches!(n.unit, Unit::Month | Unit::Day));
        let why = window == trail
            && matches!(label, Label::Requests { .. } | Label::Subject)
            && (self.line.says(s.tokens[trail.start].from..s.tokens[trail.start].to, "因")
                || s.span(&trail).iter().any(dated));
        if listed || why || s.has(&window, Tag::Rate) {
            label = Label::Unclear;
        }
        if label == Label::Unclear && self.goes_out(&here, &lead, &clause) {
            label = Label::Out;
        }
        let whose = self.whose(&before, state.whose);
        let of = s.has(&lead, Tag::Of);
        let some = match label {
            // 其中按时答复33件
            Label::Requests { .. } if of => true,
            Label::Requests { .. } | Label::Subject => self.some(&window, &lead, &trail),
            // 以县政府名义制定规范性文件3件
            Label::Document(..) => s.unknown(&lead) >= 2 || s.has(&lead, Tag::Partly),
            Label::Groups(_) => {
                let reason = s.tokens[lead.start].from..self.number.from;
                let says = |word| self.line.says(reason.clone(), word);
                s.has(&lead, Tag::Partly) && !says("等")
                    || s.unknown(&lead) >= 2 && ["因", "属于", "涉及"].into_iter().any(says) && !says("等")
            }
            Label::Natural | Label::Organizations | Label::Companies | Label::Organization(_) => {
                s.has(&lead, Tag::Partly)
            }
            // 撤销3件、确认违法1件: each some of what was corrected.
            Label::Outcome(..) if s.has(&window, Tag::Overturned) => true,
            Label::Disputes(_) | Label::Outcome(..) => s.unknown(&window) >= 4 && !here.disclosure,
            _ => false,
        };
        let groups = match s.span(&lead).iter().position(|t| t.tag() == Some(Tag::Share)) {
            Some(share) if label == Label::Share => {
                group_bits(s, &(lead.start + share..lead.end)) | group_bits(s, &trail)
            }
            _ => 0,
        };
        let agent = matches!(here.topic, Topic::Disputes(_))
            && (here.agent
                || s.unknown(&window) >= 3
                || s.tags(&before).chain(s.tags(&trail)).any(|t| matches!(t, Tag::Handle | Tag::Agent))
                || self.line.says(s.tokens[before.start].from..self.number.from, "受理"));
        let words_from = if window.end < lead.start { window.start } else { lead.start };
        let words_to = if window.end > self.at && !trail.is_empty() { trail.end - 1 } else { self.at };
        let bare = s.unknown(&lead) < 2
            && s.tags(&lead).filter(|t| means(*t)).all(|t| match t {
                Tag::Request | Tag::Asked | Tag::Review | Tag::Suit => true,
                // 占办结总数的45%
                Tag::New | Tag::Receive | Tag::Handle | Tag::Answer => label == Label::Share,
                _ => false,
            })
            && !s.tags(&lead).any(|t| matches!(t, Tag::PartOfYear | Tag::Plan));
        Claim {
            number: self.number,
            at: self.at,
            label,
            period: self.period(&before, state, label),
            whose,
            sure: here.sure,
            some,
            agent,
            disclosure: here.near,
            new: s.has(&lead, Tag::New),
            of_groups: groups,
            depth: self.depth,
            words: s.tokens[words_from].from..s.tokens[words_to].to,
            bare,
            of: match label {
                Label::Growth(_) | Label::Before => self.growth_of(&here, &lead),
                Label::Reached => self.reached_by(&here, &before),
                Label::Share => self.share_of(&lead),
                _ => None,
            },
            of_last: self.of_last(&lead),
        }
    }

    /// 4件未到期限，结转下年度办理: what the next clause says of a figure that has no meaning of its own.
    fn goes_out(&self, state: &State, lead: &Range<usize>, clause: &Range<usize>) -> bool {
        let s = self.sentence;
        if !matches!(state.topic, Topic::Requests | Topic::None) || self.number.unit != Unit::Case {
            return false;
        }
        let next = clause.end + 1;
        let comma = s.tokens.get(clause.end).is_some_and(|t| t.item == Item::Mark('，'));
        if !comma || next >= s.tokens.len() {
            return false;
        }
        let next = s.clause(next);
        s.has(&next, Tag::Carry)
            && s.has(&next, Tag::NextYear)
            && !s.span(&next).iter().any(counted)
            && s.span(lead).iter().all(|t| matches!(t.tag(), Some(Tag::Filler | Tag::Rest)))
    }

    /// The words that give the figure its meaning.
    fn window(&self, lead: &Range<usize>, trail: &Range<usize>, clause: usize) -> Range<usize> {
        let s = self.sentence;
        // 全年共有34件申请, 收到34件申请: the words before it count if there are any.
        // 其余11件尚在办理: 其余 says nothing of its own.
        let rest_only = s.tags(lead).filter(|t| means(*t)).all(|t| t == Tag::Rest);
        if s.tags(lead).any(means) && !(rest_only && s.tags(trail).any(means)) {
            // 申请尚有3件正在办理: the subject before it, what is said of it after it.
            let subject_only =
                s.tags(lead).filter(|t| means(*t)).all(|t| is_subject(t) && t != Tag::Elsewhere);
            let closed = s.tokens.get(trail.end).is_none_or(|t| matches!(t.item, Item::Mark(_)));
            let said = |t: Tag| means(t) && !is_subject(t);
            if subject_only && closed && s.tags(trail).any(said) {
                return lead.start..trail.end;
            }
            return lead.clone();
        }
        if s.tags(trail).any(means) {
            return trail.clone();
        }
        if lead.start == clause
            && s.unknown(lead) == 0
            && let Some(before) = s.clause_before(clause)
        {
            return before;
        }
        lead.clone()
    }

    /// Only some of the cases: something that is not understood stands between the verb and the figure.
    fn some(&self, window: &Range<usize>, lead: &Range<usize>, trail: &Range<usize>) -> bool {
        let s = self.sentence;
        let verb = s
            .span(window)
            .iter()
            .position(|t| matches!(t.tag(), Some(Tag::New | Tag::Receive | Tag::Handle | Tag::Answer)));
        let from = verb.map_or(window.start, |i| window.start + i + 1);
        let between = from..window.end.max(from);
        let named = s.span(trail).iter().position(|t| t.tag() == Some(Tag::Request));
        let after = named.map_or(trail.start..trail.start, |i| trail.start..trail.start + i);
        // 当场答复, 认真答复: how, and so perhaps not all.
        let how = verb.is_some_and(|v| {
            let at = window.start + v;
            matches!(s.tokens[at].tag(), Some(Tag::Answer | Tag::Handle))
                && at >= 2
                && s.span(&(at - 2..at)).iter().all(|t| t.item == Item::Unknown)
        });
        let odd = |range: &Range<usize>| {
            s.unknown(range) >= 2 || s.has(range, Tag::Elsewhere) || s.has(range, Tag::Partly)
        };
        // 通过网络收到: one way in, said before the verb.
        let way = verb.is_some()
            && s.tags(&(lead.start..from.min(lead.end).max(lead.start)))
                .filter(|t| matches!(t, Tag::Channel(_)))
                .count()
                == 1;
        // 局领导批示的申请: said at length, and of no unit.
        let at_length = s.unknown(lead) >= 4 && self.named(lead).is_none();
        how || at_length
            || s.has(lead, Tag::Partly)
            || odd(&between)
            || odd(&after)
            || way && !self.line.says(s.tokens[lead.start].from..self.number.from, "等")
    }

    fn period(&self, before: &Range<usize>, state: &State, label: Label) -> Period {
        let s = self.sentence;
        if state.plan {
            return Period::Other;
        }
        if matches!(label, Label::In(_) | Label::Out | Label::Growth(_)) {
            return Period::This;
        }
        let of_words = |range: &Range<usize>| {
            // 2019年以来 is longer than a year, 2024年以来 is not.
            let this = s.tags(range).any(|t| t == Tag::ThisYear);
            s.tags(range).rev().find_map(|t| match t {
                Tag::ThisYear => Some(Period::This),
                Tag::LastYear => Some(Period::Last),
                Tag::NextYear | Tag::PartOfYear => Some(Period::Other),
                Tag::Since if !this => Some(Period::Other),
                _ => None,
            })
        };
        let said = of_words(before);
        // The year may have a clause of its own: 2023年，我局收到…
        let apart = || {
            s.clause_before(before.start).and_then(|c| {
                if s.has(&c, Tag::Since) {
                    return of_words(&c);
                }
                let tags: Vec<Tag> = s.tags(&c).filter(|t| *t != Tag::Filler).collect();
                match tags[..] {
                    [Tag::LastYear] => Some(Period::Last),
                    [Tag::ThisYear, Tag::PartOfYear] => Some(Period::Other),
                    [Tag::PartOfYear, ..] if tags.iter().all(|t| *t == Tag::PartOfYear) => {
                        Some(Period::Other)
                    }
                    [Tag::ThisYear] => Some(Period::This),
                    _ => None,
                }
            })
        };
        // 施行以来收到13件，全年收到20件
        let whole =
            || self.line.says(s.tokens[before.start].from..self.number.from, "全年").then_some(Period::This);
        said.or_else(apart).or_else(whole).unwrap_or(state.period)
    }

    fn whose(&self, before: &Range<usize>, carried: Whose) -> Whose {
        let s = self.sentence;
        let verb = s
            .span(before)
            .iter()
            .position(|t| matches!(t.tag(), Some(Tag::Receive | Tag::Handle | Tag::Answer | Tag::New)))
            .map_or(before.end, |i| before.start + i);
        // 县政府办公室（本级）收到31件
        let from = match before.start.checked_sub(1).map(|i| s.tokens[i].item) {
            Some(Item::Mark('）')) => s.tokens[..before.start - 1]
                .iter()
                .rposition(|t| t.item == Item::Mark('（'))
                .filter(|open| !s.span(&(*open..before.start)).iter().any(counted))
                .map_or(before.start, |open| s.clause(open.saturating_sub(1)).start),
            _ => before.start,
        };
        let head = from..verb;
        if let Some(name) = self.named(&head) {
            let own = self.organization.map(|o| is_within(&name, o));
            return if own == Some(true) { Whose::Own } else { Whose::Others };
        }
        let mut found = None;
        for (i, token) in s.span(&head).iter().enumerate() {
            let next = s.tokens.get(head.start + i + 1).and_then(Token::tag);
            let previous = self.line.chars.get(token.from.wrapping_sub(1));
            found = match token.tag() {
                Some(Tag::Whole) => Some(Whose::Whole),
                Some(Tag::Own) if found != Some(Whose::ForGovernment) => Some(Whose::Own),
                Some(Tag::ForGovernment) => Some(Whose::ForGovernment),
                Some(Tag::Government)
                    if previous != Some(&'向') && !matches!(next, Some(Tag::Channel(_) | Tag::Request)) =>
                {
                    Some(Whose::ForGovernment)
                }
                Some(Tag::Units) => Some(Whose::Parts),
                _ => found,
            };
        }
        // 我局代表市政府办理: it is the government's.
        if s.has(&head, Tag::ForGovernment) { Whose::ForGovernment } else { found.unwrap_or(carried) }
    }

    /// A unit named before the verb.
    fn named(&self, head: &Range<usize>) -> Option<String> {
        const ENDS: [char; 14] =
            ['局', '委', '厅', '室', '院', '处', '所', '镇', '乡', '道', '心', '队', '站', '门'];
        let mut run = String::new();
        let mut found = None;
        for token in self.sentence.span(head) {
            if token.item == Item::Unknown {
                run.push(self.line.chars[token.from]);
                if run.chars().count() >= 2 && run.ends_with(ENDS) {
                    found = Some(run.clone());
                }
            } else {
                run.clear();
            }
        }
        found
    }
}

pub(super) fn group_bits(s: &Sentence, range: &Range<usize>) -> u8 {
    let named = s.tags(range).fold(0, |bits, t| if let Tag::Group(i) = t { bits | 1 << i } else { bits });
    // 公开和部分公开
    let also = s.span(range).windows(3).any(|three| {
        three[0].tag() == Some(Tag::Publish)
            && matches!(three[1].item, Item::Word(Tag::Filler) | Item::Mark('、'))
            && three[2].tag() == Some(Tag::Group(1))
    });
    named | u8::from(also)
}

/// True if a short name is made of characters of the full one, in their order: 市科委 of 某市科学技术委员会.
fn is_within(short: &str, full: &str) -> bool {
    let mut rest = full.chars();
    short.chars().all(|c| rest.any(|f| f == c))
}
