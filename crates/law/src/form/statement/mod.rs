//! What the text of a report says in figures, against its tables: the N rules of `CHECKS`.
//!
//! A paragraph becomes a `line` without blanks, a sentence tokens (`sentence`) of recognised words (`lexicon`) and
//! numbers (`number`); `read` follows the subject, `meaning` and `label` say what each figure is said to be (`claim`),
//! `table` what it may be under every accepted reading, `compare` whether it can be true; `lists`, `rate`, `growth`,
//! `sweeping` and `words` look at parts, shares, the year before, statements without a figure, and spelling. What is not
//! understood is silent: a false alarm is the worst this part can do. The text is read once for all rules (`run`).
//!
//! To add a wording: a word in `lexicon`, and sentences with it in `tests/data/statements*.toml`.

mod claim;
mod compare;
mod growth;
mod label;
mod lexicon;
mod line;
mod lists;
mod meaning;
mod number;
mod rate;
mod read;
mod sentence;
mod sweeping;
mod table;
mod words;

use super::check::{Input, Severity, Verdict};
use super::part::{Part, Scope};
use super::published::Place;
use super::rule::Found;
use crate::Amount;
use claim::{Claim, Label, Period, Whose};
use line::Line;
use std::ops::Range;
use table::Tables;

/// A rule of this part; all of them apply to both forms.
pub struct Statement {
    /// Rule id.
    pub id: &'static str,
    /// How grave a failure is, unless the finding says otherwise.
    pub severity: Severity,
    /// Title.
    pub title: &'static str,
    /// Where it comes from.
    pub citation: &'static str,
}

const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    citation: &'static str,
) -> Statement {
    Statement { id, severity, title, citation }
}

const TABLE_THREE: &str = "国办公开办函〔2021〕30号表三";
const TABLE_FOUR: &str = "国办公开办函〔2021〕30号表四";
const TEXT: &str = "条例第六条，条例第五十条";

/// The rules, in the order in which findings are listed. A recorded reason may let any of them stand.
pub const RULES: &[Statement] = &[
    rule("N-NEW", Severity::Error, "正文的新收申请数与表三一致", TABLE_THREE),
    rule("N-RECV", Severity::Error, "正文的收到申请数与表三一致", TABLE_THREE),
    rule("N-IN", Severity::Error, "正文的上年结转数与表三一致", TABLE_THREE),
    rule("N-OUT", Severity::Error, "正文的结转下年度数与表三一致", TABLE_THREE),
    rule("N-DONE", Severity::Error, "正文的答复、办结数与表三一致", TABLE_THREE),
    rule("N-GROUP", Severity::Error, "正文的各类办理结果与表三一致", TABLE_THREE),
    rule("N-APPL", Severity::Error, "正文的申请人情况与表三一致", TABLE_THREE),
    rule("N-CHAN", Severity::Warning, "各申请渠道之和等于申请总数", TEXT),
    rule("N-REV", Severity::Error, "正文的行政复议数据与表四一致", TABLE_FOUR),
    rule("N-LIT", Severity::Error, "正文的行政诉讼数据与表四一致", TABLE_FOUR),
    rule("N-OUTCOME", Severity::Error, "正文所称复议、诉讼结果与表四一致", TABLE_FOUR),
    rule("N-DOC", Severity::Error, "正文的规章、规范性文件数与表二一致", "国办公开办函〔2021〕30号表二"),
    rule("N-FEE", Severity::Error, "信息处理费的金额与件数自洽", "国办函〔2020〕109号"),
    rule("N-PARTS", Severity::Error, "正文各部分之和等于总数", TEXT),
    rule("N-SUB", Severity::Error, "正文的部分不大于全部", TEXT),
    rule("N-PCT", Severity::Warning, "正文的占比计算正确", TEXT),
    rule("N-YOY", Severity::Warning, "正文的同比数据与上一年报告一致", TEXT),
    rule("N-AVG", Severity::Info, "正文的日均、月均数合理", TEXT),
    rule("N-NONE", Severity::Error, "正文称没有的事项，表中为0", TEXT),
    rule("N-CONTRA", Severity::Error, "正文前后说法一致", TEXT),
    rule("N-SCOPE", Severity::Warning, "正文与表格统计范围一致", "条例第四十九条"),
    rule("N-CAT", Severity::Info, "正文使用表三的分类", TABLE_THREE),
    rule("N-DATE", Severity::Warning, "正文的日期有效", TEXT),
    rule("N-TYPO", Severity::Warning, "正文没有错漏、重复的文字", TEXT),
];

/// A finding on its way.
struct Out {
    id: &'static str,
    fail: bool,
    cells: Vec<String>,
    message: String,
    suggestion: Option<String>,
    severity: Option<Severity>,
}

impl Out {
    fn fail(id: &'static str, message: String) -> Out {
        Out { id, fail: true, cells: vec![], message, suggestion: None, severity: None }
    }

    fn review(id: &'static str, message: String) -> Out {
        Out { fail: false, ..Out::fail(id, message) }
    }
}

/// Where findings of a sentence go.
struct Sink<'s, 'l> {
    line: &'s Line<'l>,
    range: Range<usize>,
    place: Option<Place>,
    found: &'s mut Vec<(&'static str, Found)>,
}

impl Sink<'_, '_> {
    fn text(&self, range: Range<usize>) -> String {
        self.line.text(range)
    }

    /// The words of a figure, as short as they can be quoted.
    fn words(&self, claim: &Claim) -> String {
        let words = self.text(claim.words.clone());
        let words = words.trim_matches(['、', '“', '”']);
        words.strip_prefix("其中").unwrap_or(words).to_owned()
    }

    /// The same words with another figure.
    fn instead(&self, claim: &Claim, value: Amount) -> String {
        let before = self.text(claim.words.start.min(claim.number.from)..claim.number.from);
        let after = self.text(claim.number.digits_to..claim.words.end.max(claim.number.to));
        let words = format!("{before}{value}{after}");
        let words = words.trim_matches(['、', '“', '”']);
        words.strip_prefix("其中").unwrap_or(words).to_owned()
    }

    /// True if the sentence contains the word.
    fn says(&self, word: &str) -> bool {
        self.line.says(self.range.clone(), word)
    }

    /// True if 含 stands before the figure.
    fn says_with(&self, claim: &Claim) -> bool {
        self.line.says(claim.words.start..claim.number.from, "含")
    }

    /// Adds a finding; the same one is not told twice.
    fn add(&mut self, out: Out) {
        let twice = |(id, f): &(&str, Found)| *id == out.id && f.message == out.message;
        if self.found.iter().any(twice) {
            return;
        }
        let verdict = if out.fail { Verdict::Fail } else { Verdict::Review };
        self.found.push((
            out.id,
            Found {
                cells: out.cells,
                message: out.message,
                verdict,
                severity: out.severity,
                quote: Some(self.line.quote(&self.range)),
                place: self.place,
                suggestion: out.suggestion,
            },
        ));
    }
}

/// A figure kept for the comparison of one sentence with another.
struct Kept {
    label: Label,
    whose: Whose,
    value: Amount,
    words: String,
}

/// Everything the rules of this part find, by rule id. Silent where no text is given.
pub(super) fn run(input: &Input<'_>) -> Vec<(&'static str, Found)> {
    let mut found = Vec::new();
    let mut kept = Vec::new();
    if let Some(published) = input.published {
        for passage in &published.passages {
            paragraph(input, passage.part, &passage.text, Some(passage.place), &mut kept, &mut found);
        }
    } else {
        for (part, text) in input.texts.into_iter().flatten() {
            // A draft quotes the tables themselves; its figures cannot differ from them.
            for text in text.lines().filter(|t| !t.contains("{{")) {
                paragraph(input, *part, text.trim_start_matches("## "), None, &mut kept, &mut found);
            }
        }
    }
    found
}

/// Whose report it is: as it is told, else by the name of the unit.
fn scope(input: &Input<'_>) -> Option<Scope> {
    let named =
        || organization(input).map(|o| if o.ends_with("政府") { Scope::Government } else { Scope::Own });
    input.scope.or_else(named)
}

fn organization<'a>(input: &Input<'a>) -> Option<&'a str> {
    input.organization.or_else(|| input.published.and_then(|p| p.organization.as_deref()))
}

fn paragraph(
    input: &Input<'_>,
    part: Part,
    text: &str,
    place: Option<Place>,
    kept: &mut Vec<Kept>,
    found: &mut Vec<(&'static str, Found)>,
) {
    let line = Line::new(text);
    let tables = Tables { form: input.form, figures: input.figures };
    let before = input.previous.map(|p| Tables { form: p.form, figures: p.figures });
    let (scope, organization) = (scope(input), organization(input));
    let mut state = read::State::new(part);
    let mut said: Vec<Amount> = Vec::new();
    let mut done: Option<(sweeping::Finished, Range<usize>)> = None;
    let mut open: Option<String> = None;
    let mut before_it: Vec<Claim> = Vec::new();
    for range in line.sentences() {
        let mut out = Sink { line: &line, range: range.clone(), place, found };
        words::run(&line, range.clone(), &mut out);
        if part == Part::Introduction {
            continue;
        }
        let mut sentence = sentence::Sentence::new(&line, range.clone(), input.year);
        if let Some(organization) = organization {
            sentence.name_own(&line, organization);
        }
        let (claims, topics) = read::claims(&line, &sentence, &mut state, organization);
        let wrong = compare::run(&claims, &tables, scope, &mut out);
        lists::run(&sentence, (&claims, &wrong), &before_it, &tables, &mut out);
        rate::shares(&claims, &wrong, &said, &tables, scope, &mut out);
        if let Some(before) = &before {
            growth::run(&claims, &wrong, (&tables, before), scope, &mut out);
        }
        growth::reached(&claims, &mut out);
        rate::averages(&claims, &tables, &mut out);
        sweeping::none(&sentence, &topics, &tables, scope, &mut out);
        sweeping::outcomes(&sentence, (&topics, &claims), &tables, scope, &mut out);
        if let Some(finished) = sweeping::finished(&sentence, &topics, &claims, scope, &out) {
            done.get_or_insert((finished, sentence.range.clone()));
        }
        for (claim, wrong) in claims.iter().zip(&wrong) {
            let exact = !claim.number.vague && claim.period == Period::This && !claim.some && !wrong;
            if !exact {
                continue;
            }
            if claim.label == Label::Out && !claim.number.value.is_zero() {
                open.get_or_insert(out.words(claim));
            }
            if lists::counts(claim) {
                said.push(claim.number.value);
            }
            let whose = if compare::other_scope(claim.whose, scope) { claim.whose } else { Whose::Unsaid };
            again(claim, whose, &tables, kept, &mut out);
        }
        before_it = claims;
        state.next();
    }
    if let Some((finished, range)) = done {
        let mut out = Sink { line: &line, range, place, found };
        sweeping::unfinished(finished, open.as_deref(), &tables, &mut out);
    }
}

/// Two figures for the same thing, where no table decides between them.
fn again(claim: &Claim, whose: Whose, tables: &Tables<'_>, kept: &mut Vec<Kept>, out: &mut Sink<'_, '_>) {
    let single = matches!(
        claim.label,
        Label::Requests { .. } | Label::In(false) | Label::Out | Label::Groups(_) | Label::Disputes(_)
    );
    if !single || !claim.sure || tables.readings(claim.label).is_some() {
        return;
    }
    let same = |k: &&Kept| k.label == claim.label && k.whose == whose;
    match kept.iter().find(same) {
        Some(first) if first.value != claim.number.value => {
            let message = format!("前后不一致：前文称“{}”，此处称“{}”", first.words, out.words(claim));
            // 收到 may be said with and without what was carried over.
            out.add(if matches!(claim.label, Label::Requests { .. }) {
                Out::review("N-CONTRA", message)
            } else {
                Out::fail("N-CONTRA", message)
            });
        }
        Some(_) => {}
        None => {
            kept.push(Kept { label: claim.label, whose, value: claim.number.value, words: out.words(claim) })
        }
    }
}
