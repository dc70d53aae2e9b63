//! From sentences to claims: what every figure is said to be, of which year, and whose.
//!
//! A figure takes its meaning from the words before it back to the last figure or clause, else from the words after it
//! (`9件予以公开`), else from the clause before that has no figure. Its subject is the last one named; a sentence takes
//! over the subject of the one before, and is then less sure of it.

use super::claim::{Act, Blocks, Claim, Label, Period, Whose};
use super::lexicon::Tag;
use super::line::Line;
use super::meaning::{Reading, is_subject};
use super::number::Unit;
use super::sentence::{Item, Sentence, Token, counted};
use crate::form::part::Part;

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// Not known
    None,
    /// 政府信息公开申请
    Requests,
    /// 行政复议, 行政诉讼
    Disputes(Blocks),
    /// 规章 (true), 规范性文件
    Document(bool),
    /// 信息处理费
    Fee,
    /// Anything else
    Elsewhere,
}

/// What is known on the way through a paragraph.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) topic: Topic,
    pub(super) sure: bool,
    pub(super) disclosure: bool,
    /// 信息公开 stands in this sentence, or is what the part is about.
    pub(super) near: bool,
    always: bool,
    /// The blocks named last may be joined by more: no figure and no clause has come between.
    open: bool,
    pub(super) act: Option<Act>,
    /// What the sentence does with documents first.
    pub(super) first_act: Option<Act>,
    pub(super) period: Period,
    /// The year of the sentence before, of which 其中 at the beginning of this one speaks.
    period_before: Period,
    pub(super) whose: Whose,
    pub(super) agent: bool,
    pub(super) plan: bool,
    /// The documents of the sentence are looked through, not made.
    pub(super) examined: bool,
}

impl State {
    /// At the beginning of a paragraph.
    pub(super) fn new(part: Part) -> Self {
        State {
            topic: if part == Part::Requests { Topic::Requests } else { Topic::None },
            sure: part == Part::Requests,
            disclosure: part == Part::Disputes || part == Part::Requests,
            near: part == Part::Disputes,
            always: part == Part::Disputes,
            open: false,
            act: None,
            first_act: None,
            period: Period::This,
            period_before: Period::This,
            whose: Whose::Unsaid,
            agent: false,
            plan: false,
            examined: false,
        }
    }

    /// At the beginning of the next sentence.
    pub(super) fn next(&mut self) {
        self.period_before = self.period;
        (self.open, self.act, self.first_act, self.period) = (false, None, None, Period::This);
        self.near = self.always;
        (self.agent, self.plan, self.examined) = (false, false, false);
    }

    /// Takes a word into account.
    pub(super) fn take(&mut self, tag: Tag, before: Option<Item>) {
        let known = before != Some(Item::Unknown);
        let suit = |review| Blocks { review, direct: true, later: true };
        let blocks = match self.topic {
            Topic::Disputes(blocks) if self.open => blocks,
            _ => Blocks::NONE,
        };
        self.near |= matches!(tag, Tag::Request | Tag::Disclosure);
        match tag {
            Tag::Request => (self.topic, self.sure, self.disclosure) = (Topic::Requests, true, true),
            Tag::Disclosure => self.disclosure = true,
            Tag::Asked => match self.topic {
                Topic::Requests => {}
                _ if known => (self.topic, self.sure) = (Topic::Requests, self.disclosure),
                _ => self.topic = Topic::Elsewhere,
            },
            Tag::Review => self.disputes(Blocks { review: true, ..blocks }),
            Tag::Suit => self.disputes(suit(blocks.review)),
            Tag::DirectSuit => {
                self.disputes(Blocks { review: false, direct: true, later: blocks.later && !blocks.direct })
            }
            Tag::LaterSuit => {
                self.disputes(Blocks { review: false, direct: blocks.direct && !blocks.later, later: true })
            }
            Tag::Agent => self.agent = true,
            Tag::Defence => {
                self.agent = true;
                self.disputes(suit(blocks.review));
            }
            Tag::Rules => (self.topic, self.sure) = (Topic::Document(true), true),
            Tag::Normative => (self.topic, self.sure) = (Topic::Document(false), true),
            Tag::Fee => (self.topic, self.sure) = (Topic::Fee, true),
            Tag::Plan => self.plan = true,
            Tag::Examined => self.examined = true,
            _ => {}
        }
    }

    /// Back from one kind of litigation to all of it, if the sentence has counted all.
    fn all_suits(&mut self, found: &[Claim]) {
        let all = found.iter().find_map(|c| match c.label {
            Label::Disputes(blocks) if blocks.suits() => Some(blocks),
            _ => None,
        });
        if let (Some(all), Topic::Disputes(Blocks { review: false, .. })) = (all, self.topic) {
            self.topic = Topic::Disputes(all);
        }
    }

    fn disputes(&mut self, blocks: Blocks) {
        (self.topic, self.sure, self.open) = (Topic::Disputes(blocks), true, true);
    }
}

/// Reads the figures of a sentence, and what it is about at every token.
pub(super) fn claims(
    line: &Line<'_>,
    sentence: &Sentence,
    state: &mut State,
    organization: Option<&str>,
) -> (Vec<Claim>, Vec<Topic>) {
    let mut found: Vec<Claim> = Vec::new();
    let mut topics = Vec::with_capacity(sentence.tokens.len());
    let (mut depth, mut elsewhere, mut verb, mut requested) = (0_usize, false, false, false);
    let mut outside: Vec<Topic> = Vec::new();
    let attributes = attributes(line, sentence);
    if sentence.tags(&sentence.all()).find(|t| *t != Tag::Filler) == Some(Tag::Of) {
        state.period = state.period_before;
    }
    state.sure &= state.topic != Topic::None && state.disclosure;
    for (i, token) in sentence.tokens.iter().enumerate() {
        match token.item {
            Item::Word(tag) => {
                let charged = state.topic == Topic::Fee
                    && matches!(tag, Tag::Asked | Tag::Request)
                    && !verb
                    && charged(line, sentence, i);
                if charged {
                    topics.push(Topic::Fee);
                    continue;
                }
                // 制发（修改）规章1份
                if tag == Tag::Examined && depth > 0 {
                    topics.push(state.topic);
                    continue;
                }
                state.take(tag, i.checked_sub(1).map(|b| sentence.tokens[b].item));
                requested |= tag == Tag::Request;
                elsewhere = if tag == Tag::Elsewhere { true } else { elsewhere && !is_subject(tag) };
                verb |= matches!(tag, Tag::Receive | Tag::Handle | Tag::Answer);
            }
            Item::Mark(c) => {
                match c {
                    '（' => {
                        depth += 1;
                        outside.push(state.topic);
                    }
                    '）' => {
                        depth = depth.saturating_sub(1);
                        // 行政诉讼10件（复议后起诉4件），维持7件: of all ten.
                        if let (Some(Topic::Disputes(blocks)), Topic::Disputes(_)) =
                            (outside.pop(), state.topic)
                        {
                            state.topic = Topic::Disputes(blocks);
                        }
                    }
                    // 行政诉讼10件，其中复议后起诉4件；维持7件
                    '；' => {
                        state.all_suits(&found);
                        state.examined = false;
                    }
                    _ => {}
                }
                if token.parts_clauses() {
                    state.open = false;
                    // 内容涉及征地、救助等方面 does not end what the sentence is about; 受理投诉 does.
                    if elsewhere && (verb || !requested) {
                        state.topic = Topic::Elsewhere;
                    }
                    (elsewhere, verb) = (false, false);
                }
            }
            Item::Number(number) if counted(token) => {
                let after_trail = found.last().is_some_and(|c| c.words.end > c.number.to);
                let mut claim =
                    Reading { line, sentence, organization, at: i, number, depth, after_trail }.claim(state);
                if attributes && state.topic != Topic::Elsewhere && !matches!(state.topic, Topic::Disputes(_))
                {
                    claim.label = Label::Unclear;
                }
                if elsewhere && (verb || !requested) {
                    state.topic = Topic::Elsewhere;
                }
                (elsewhere, verb, state.open) = (false, false, false);
                if let Label::Document(_, act) = claim.label {
                    state.act = Some(act);
                    state.first_act.get_or_insert(act);
                }
                if !matches!(claim.label, Label::Unclear | Label::Before | Label::Share | Label::Growth(_)) {
                    (state.period, state.whose) = (claim.period, claim.whose);
                }
                found.push(claim);
            }
            _ => {}
        }
        topics.push(if elsewhere { Topic::Elsewhere } else { state.topic });
    }
    if elsewhere && (verb || !requested) {
        state.topic = Topic::Elsewhere;
    }
    within_some(sentence, &mut found);
    (found, topics)
}

/// 信息处理费0元，涉及申请2件; 对2件申请收费: the requests that were charged, not those that were received.
pub(super) fn charged(line: &Line<'_>, sentence: &Sentence, at: usize) -> bool {
    let clause = sentence.clause(at);
    let from = sentence.tokens[clause.start].from;
    let to = sentence.tokens[clause.end - 1].to;
    line.says(from..sentence.tokens[at].from, "涉及")
        || ["收费", "收取"].iter().any(|w| line.says(sentence.tokens[at].to..to, w))
}

/// 自然人申请28件，其中予以公开8件: what follows some of the cases is of these only.
fn within_some(sentence: &Sentence, claims: &mut [Claim]) {
    // 行政复议20件，其中政府信息公开类5件: not the cases of table four.
    for i in 1..claims.len() {
        let gap = claims[i - 1].at + 1..claims[i].at;
        let narrowed = sentence.has(&gap, Tag::Of)
            && sentence.tags(&gap).any(|t| matches!(t, Tag::Disclosure | Tag::Request));
        if narrowed && matches!(claims[i - 1].label, Label::Disputes(_)) {
            claims[i - 1].label = Label::Unclear;
        }
    }
    let mut some = false;
    for i in 1..claims.len() {
        let (before, claim) = (&claims[i - 1], &claims[i]);
        let gap = before.at + 1..claim.at;
        let apart = sentence.span(&gap).iter().any(|t| t.item == Item::Mark('；'));
        let of = sentence.has(&gap, Tag::Of);
        let partial = match before.label {
            Label::Natural
            | Label::Organizations
            | Label::Companies
            | Label::Organization(_)
            | Label::Channel(_) => true,
            Label::Unclear => before.number.unit == Unit::Case && !all_of_them(sentence, before.at),
            Label::Groups(_) | Label::Row(..) | Label::Outcome(..) | Label::Document(..) => of,
            _ => before.some,
        };
        let follows = match claim.label {
            Label::Groups(_) => !matches!(before.label, Label::Document(..)),
            Label::Document(..) => of && matches!(before.label, Label::Document(..)),
            Label::Row(..) => !matches!(before.label, Label::Groups(_)),
            Label::Natural | Label::Organizations | Label::Companies | Label::Organization(_) => {
                matches!(before.label, Label::Groups(_) | Label::Row(..) | Label::Outcome(..))
                    || before.some
                    || of
            }
            _ => false,
        };
        some = match claim.label {
            Label::Requests { .. } | Label::Subject => false,
            _ => !apart && (some || (partial && follows)),
        };
        let carries = !matches!(claim.label, Label::Share | Label::Growth(_));
        if some && follows && carries {
            claims[i].some = true;
        }
    }
}

/// 71件申请中, 答复的71件中: what follows is of all of them.
fn all_of_them(sentence: &Sentence, at: usize) -> bool {
    let (lead, trail) = (sentence.lead(at), sentence.trail(at));
    let names =
        |t: Tag| matches!(t, Tag::Asked | Tag::Request | Tag::Receive | Tag::New | Tag::Handle | Tag::Answer);
    let plain = |t: &Token| t.tag().is_some_and(|t| names(t) || matches!(t, Tag::Filler | Tag::ThisYear));
    sentence.span(&lead).iter().chain(sentence.span(&trail)).all(plain)
        && sentence.tags(&lead).chain(sentence.tags(&trail)).any(names)
}

/// 公文中主动公开45件、依申请公开20件、不予公开91件: attributes of documents, in the words of requests.
fn attributes(line: &Line<'_>, sentence: &Sentence) -> bool {
    let counted_after = |word: &str| {
        sentence.tokens.iter().enumerate().any(|(i, t)| {
            line.is(t.from..t.to, word)
                && sentence.tokens[i + 1..].iter().find(|t| t.tag() != Some(Tag::Filler)).is_some_and(counted)
        })
    };
    // 内容涉及公文、规划等 after the figures says only what was asked for.
    let of_documents = |(i, t): (usize, &Token)| {
        t.tag() == Some(Tag::Attribute)
            && (!sentence.tokens[..i].iter().any(counted)
                || sentence.span(&sentence.clause(i)).iter().any(counted))
    };
    sentence.tokens.iter().enumerate().any(of_documents)
        || (counted_after("主动公开") && counted_after("依申请公开"))
}
