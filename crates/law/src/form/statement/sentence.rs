//! A sentence in tokens: recognised words, numbers, signs, and what is not understood.

use super::lexicon::{self, LEGAL_SERVICE, Tag};
use super::line::Line;
use super::number::{self, Number, Unit};
use crate::Amount;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Item {
    /// A recognised word.
    Word(Tag),
    /// A number with its unit.
    Number(Number),
    /// A sign.
    Mark(char),
    /// A character that says nothing here.
    Unknown,
}

/// A token and its characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token {
    /// What it is.
    pub(super) item: Item,
    /// First character.
    pub(super) from: usize,
    /// The character after it.
    pub(super) to: usize,
}

impl Token {
    /// The word it is.
    pub(super) fn tag(&self) -> Option<Tag> {
        match self.item {
            Item::Word(tag) => Some(tag),
            _ => None,
        }
    }

    /// The number it is.
    pub(super) fn number(&self) -> Option<Number> {
        match self.item {
            Item::Number(n) => Some(n),
            _ => None,
        }
    }

    /// True for a sign that separates clauses; 、 does not.
    pub(super) fn parts_clauses(&self) -> bool {
        matches!(self.item, Item::Mark('，' | '；' | '：' | '（' | '）' | '。'))
    }
}

/// A sentence.
pub(super) struct Sentence {
    /// Its tokens.
    pub(super) tokens: Vec<Token>,
    /// Its characters in the line.
    pub(super) range: Range<usize>,
}

impl Sentence {
    /// Reads a sentence of a report on this year.
    pub(super) fn new(line: &Line<'_>, range: Range<usize>, year: i16) -> Self {
        let chars = &line.chars[..range.end];
        let mut tokens = Vec::new();
        let mut i = range.start;
        // “办结一件申请、解决一个问题”: a saying counts nothing.
        let mut quoted = 0_usize;
        while i < range.end {
            match chars[i] {
                '“' => quoted += 1,
                '”' => quoted = quoted.saturating_sub(1),
                _ => {}
            }
            let (item, to) = if let Some(n) = number::number(chars, i) {
                let saying = quoted > 0 && chars[i] == '一' && n.value == Amount::whole(1);
                if saying { (Item::Word(Tag::Filler), n.to) } else { (of_number(n, year), n.to) }
            } else if let Some((tag, to)) = lexicon::word(chars, i) {
                (Item::Word(tag), to)
            } else if matches!(chars[i], '，' | '；' | '：' | '（' | '）' | '、' | '。') {
                (Item::Mark(chars[i]), i + 1)
            } else if matches!(chars[i], '“' | '”' | '"' | '《' | '》' | '‘' | '’') {
                (Item::Word(Tag::Filler), i + 1)
            } else {
                (Item::Unknown, i + 1)
            };
            tokens.push(Token { item, from: i, to });
            i = to;
        }
        applicants(&mut tokens);
        years(&mut tokens, chars);
        months(&mut tokens, chars);
        Sentence { tokens, range }
    }

    /// 红星街道 in its own report, 街道 in that of any: the unit itself, not a part of another.
    pub(super) fn name_own(&mut self, line: &Line<'_>, organization: &str) {
        for i in 0..self.tokens.len() {
            if self.tokens[i].tag() != Some(Tag::Units) {
                continue;
            }
            let run = self.tokens[..i].iter().rev().take_while(|t| t.item == Item::Unknown).count();
            let name = line.text(self.tokens[i - run].from..self.tokens[i].to);
            if organization.contains(&name) {
                self.tokens[i].item = Item::Word(Tag::Own);
            }
        }
    }

    /// The tokens of a range; nothing if it is none.
    pub(super) fn span(&self, range: &Range<usize>) -> &[Token] {
        self.tokens.get(range.clone()).unwrap_or_default()
    }

    /// True if a word of this kind stands among these tokens.
    pub(super) fn has(&self, range: &Range<usize>, tag: Tag) -> bool {
        self.tags(range).any(|t| t == tag)
    }

    /// The words among these tokens.
    pub(super) fn tags(&self, range: &Range<usize>) -> impl DoubleEndedIterator<Item = Tag> + '_ {
        self.span(range).iter().filter_map(Token::tag)
    }

    /// Characters among these tokens that are not understood.
    pub(super) fn unknown(&self, range: &Range<usize>) -> usize {
        self.span(range).iter().filter(|t| t.item == Item::Unknown).count()
    }

    /// The clause a token stands in.
    pub(super) fn clause(&self, at: usize) -> Range<usize> {
        let from = self.tokens[..at].iter().rposition(Token::parts_clauses).map_or(0, |i| i + 1);
        let to =
            self.tokens[at..].iter().position(Token::parts_clauses).map_or(self.tokens.len(), |i| at + i);
        from..to
    }

    /// What stands before a number: back to the number or the clause before.
    pub(super) fn lead(&self, at: usize) -> Range<usize> {
        // 其他处理（含申请人主动撤回）469件: what stands in brackets without a number explains the words before it.
        if at > 0
            && self.tokens[at - 1].item == Item::Mark('）')
            && let Some(open) = self.tokens[..at - 1].iter().rposition(|t| t.item == Item::Mark('（'))
            && open > 0
            && !self.tokens[open..at].iter().any(counted)
        {
            return self.lead(open);
        }
        let stop = |t: &Token| t.parts_clauses() || counted(t);
        let from = self.tokens[..at].iter().rposition(stop).map_or(0, |i| i + 1);
        let listed = self.tokens[from].item == Item::Mark('、') && from < at;
        from + usize::from(listed)..at
    }

    /// What stands after a number: up to the next sign or number.
    pub(super) fn trail(&self, at: usize) -> Range<usize> {
        let stop = |t: &Token| matches!(t.item, Item::Mark(_)) || counted(t);
        let to = self.tokens[at + 1..].iter().position(stop).map_or(self.tokens.len(), |i| at + 1 + i);
        at + 1..to
    }

    /// The clause before this one, if it has no number.
    pub(super) fn clause_before(&self, from: usize) -> Option<Range<usize>> {
        let before = self.clause(from.checked_sub(2)?);
        (!self.span(&before).iter().any(counted) && before.end + 1 == from).then_some(before)
    }

    /// All its tokens.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.tokens.len()
    }
}

/// True for a number that may be a figure; dates are none.
pub(super) fn counted(token: &Token) -> bool {
    token.number().is_some_and(|n| !matches!(n.unit, Unit::Year | Unit::Month | Unit::Day))
}

/// 1-11月, 12月收到: months, not the whole year.
fn months(tokens: &mut [Token], chars: &[char]) {
    let month = |t: &Token| chars[t.to - 1] == '月';
    for i in 0..tokens.len() {
        let Some(n) = tokens[i].number() else { continue };
        let text = |t: Option<&Token>| t.map(|t| &chars[t.from..t.to]);
        let joins = |t: Option<&Token>| matches!(text(t), Some(['至' | '到' | '-']));
        let next = tokens.get(i + 1);
        let of_months = n.unit == Unit::Bare && joins(next) && tokens.get(i + 2).is_some_and(month);
        let alone = n.unit == Unit::Month
            && !joins(i.checked_sub(1).and_then(|b| tokens.get(b)))
            && (matches!(text(next), Some(['份']))
                || matches!(
                    next.and_then(Token::tag),
                    Some(Tag::Receive | Tag::New | Tag::Handle | Tag::Answer)
                ))
            && !tokens[..i].iter().rev().take_while(|t| !t.parts_clauses()).any(|t| chars[t.from] == '截');
        if of_months {
            tokens[i].item = Item::Word(Tag::Filler);
        } else if alone {
            tokens[i].item = Item::Word(Tag::PartOfYear);
        }
    }
}

/// 2020年至2024年: several years, none of which is meant alone.
fn years(tokens: &mut [Token], chars: &[char]) {
    let year = |t: &Token| {
        let said = matches!(t.tag(), Some(Tag::ThisYear | Tag::LastYear | Tag::PartOfYear));
        (said && chars[t.from].is_ascii_digit()).then(|| &chars[t.from..t.to])
    };
    for i in 2..tokens.len() {
        let joined = matches!(chars[tokens[i - 1].from..tokens[i - 1].to], ['至' | '到' | '-']);
        let span = match (year(&tokens[i - 2]), year(&tokens[i])) {
            (Some(from), Some(to)) => joined && from != to,
            _ => false,
        };
        if span {
            (tokens[i - 2].item, tokens[i].item) = (Item::Word(Tag::PartOfYear), Item::Word(Tag::PartOfYear));
        }
    }
}

/// 公民7件、企业5件: columns of the table where kinds of applicants are counted side by side, else some of the cases.
fn applicants(tokens: &mut [Token]) {
    let number = |from: usize| {
        let between = |t: &&Token| matches!(t.tag(), Some(Tag::Filler | Tag::Asked | Tag::Request));
        tokens[from..].iter().find(|t| !between(t)).is_some_and(counted)
    };
    let kind = |(i, t): (usize, &Token)| {
        let tag = match t.tag()? {
            Tag::Citizens | Tag::Natural => Tag::Natural,
            Tag::Lawyers => Tag::Organization(LEGAL_SERVICE),
            tag @ (Tag::Companies | Tag::Organizations | Tag::Organization(_)) => tag,
            _ => return None,
        };
        number(i + 1).then_some(tag)
    };
    let mut kinds = tokens.iter().enumerate().filter_map(kind);
    let first = kinds.next();
    let listed = kinds.any(|k| Some(k) != first);
    for token in tokens {
        let column = match token.item {
            Item::Word(Tag::Citizens) => Tag::Natural,
            Item::Word(Tag::Companies) => Tag::Companies,
            Item::Word(Tag::Lawyers) => Tag::Organization(LEGAL_SERVICE),
            _ => continue,
        };
        token.item = Item::Word(if listed { column } else { Tag::Partly });
    }
}

/// The number of a year says which year is meant; a month other than the first and the last says that it is not whole.
fn of_number(n: Number, year: i16) -> Item {
    let is = |y: i16| n.value == Amount::whole(i64::from(y));
    match n.unit {
        // 2019-2023年, 2022-2023学年
        Unit::Year | Unit::Bare if n.vague && (1949..2100).any(is) => Item::Word(Tag::PartOfYear),
        Unit::Year if is(year) => Item::Word(Tag::ThisYear),
        Unit::Year if is(year - 1) => Item::Word(Tag::LastYear),
        Unit::Year if is(year + 1) => Item::Word(Tag::NextYear),
        Unit::Year => Item::Word(Tag::PartOfYear),
        Unit::Month if !(n.value == Amount::whole(1) || n.value == Amount::whole(12)) => {
            Item::Word(Tag::PartOfYear)
        }
        Unit::Bare if n.value == Amount::whole(12345) => Item::Word(Tag::Elsewhere),
        _ => Item::Number(n),
    }
}
