//! Templates of letters: text with fields, owned by the unit and edited by people.
//!
//! The syntax is that of Jinja with Chinese names, and no more of it than a letter needs:
//!
//! ```text
//! {{ 申请人 }}                                        a field
//! {% for 项 in 补正事项 %} {{ 项 }} {% endfor %}           every item of a list; {{ 项.内容 }} for a table
//! {% if 补正收到日期 %} … {% else %} … {% endif %}        where a field may be empty; not, and, or
//! {{ loop.index }}  {% if loop.length > 1 %}          the number of the item, the number of items
//! {# a remark that is not printed #}
//! ```
//!
//! Everything else is refused when the template is saved, with the line: unknown fields, calculations, filters, calls,
//! assignments and other templates. So a template cannot compute, and what it prints is bounded by its fields. A value
//! is data: no line end, bar or number in it becomes a paragraph mark, a table or a heading (see [`crate::letter`]).

mod default;
mod syntax;

pub use default::default_template;

use crate::error::PaperError;
use crate::letter::{LONGEST_TEXT, LetterText, OfficialLetter, mark};
use crate::text::clean;
use law::Refusal;
use law::letter::{Letter, Shape, Value, Values};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use std::collections::BTreeMap;
use std::io;

/// The most characters of a template.
pub const LONGEST_TEMPLATE: usize = 20_000;
/// The most items of a list or rows of a table.
pub const MOST_ITEMS: usize = 500;
/// Steps of the engine: a template of full length over full lists stays far below.
const FUEL: u64 = 1_000_000;
/// What stands for a needed value that is not there yet. The check before signing finds it.
const GAP: &str = "____";

/// Something wrong in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// One sentence that says what to do; names the line.
    pub text: String,
}

impl Problem {
    fn new(line: usize, text: impl AsRef<str>) -> Problem {
        Problem { line, text: format!("第{line}行：{}", text.as_ref()) }
    }
}

/// A template that may be used for its letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    letter: Letter,
    source: String,
}

impl Template {
    /// Reads a template for a letter.
    ///
    /// # Errors
    /// Every problem found, in the order of lines.
    pub fn parse(letter: Letter, source: &str) -> Result<Template, Vec<Problem>> {
        if source.chars().count() > LONGEST_TEMPLATE {
            return Err(vec![Problem::new(1, "模板超过2万字，请精简")]);
        }
        // Marks inside a template would be taken for those of values.
        let source: String =
            source.replace("\r\n", "\n").split('\n').map(clean).collect::<Vec<_>>().join("\n");
        let problems = syntax::check(letter, &source);
        if !problems.is_empty() {
            return Err(problems);
        }
        let template = Template { letter, source };
        match template.print(&letter.sample()) {
            Ok(_) => Ok(template),
            Err(problem) => Err(vec![problem]),
        }
    }

    /// The letter it is for.
    pub fn letter(&self) -> Letter {
        self.letter
    }

    /// The text as it was saved.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What every letter made from it would lack, for the person who edits it: the check before signing, applied to the
    /// sample.
    pub fn gaps(&self) -> Vec<Refusal> {
        let sample = self.letter.sample();
        match self.render(&sample) {
            Ok(text) => {
                let printed = OfficialLetter {
                    issuer: of(&sample, "机关名称"),
                    number: Some(of(&sample, "文号")),
                    text,
                    signed_by: of(&sample, "机关名称"),
                    made_on: None,
                    printed_on: law::date(2026, 1, 1),
                    draft: true,
                };
                let printed = format!("{}\n{}", printed.printed(), of(&sample, "成文日期"));
                law::letter::missing(self.letter, &self.letter.said(&sample), &printed)
            }
            Err(e) => vec![Refusal::new("template", e.to_string(), "")],
        }
    }

    /// The letter's text with these values. An optional field without a value is empty; a needed one leaves a gap that
    /// the check before signing finds, so that an unfinished letter can be looked at.
    ///
    /// # Errors
    /// [`PaperError::Letter`] for a value that is not of the shape of its field or belongs to none, for a list of more
    /// than [`MOST_ITEMS`] items, or a text longer than [`LONGEST_TEXT`].
    pub fn render(&self, values: &Values) -> Result<LetterText, PaperError> {
        for (name, value) in values {
            let short: String = name.chars().take(40).collect();
            let Some(field) = self.letter.field(name) else {
                return Err(PaperError::Letter(format!("这种文书没有“{short}”字段")));
            };
            if !value.is(field.shape) {
                let shape = field.shape.label();
                return Err(PaperError::Letter(format!("字段“{short}”应当是{shape}，请检查填写的内容")));
            }
            let count = match value {
                Value::Text(_) => 1,
                Value::List(items) => items.len(),
                Value::Rows(rows) => rows.len(),
            };
            if count > MOST_ITEMS {
                return Err(PaperError::Letter(format!("字段“{short}”超过{MOST_ITEMS}项，请改作附件")));
            }
        }
        LetterText::read(&self.print(values).map_err(|problem| PaperError::Letter(problem.text))?)
    }

    /// The text with marks around values.
    fn print(&self, values: &Values) -> Result<String, Problem> {
        let mut engine = Environment::empty();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.set_auto_escape_callback(|_| AutoEscape::None);
        engine.set_fuel(Some(FUEL));
        let template = engine.template_from_named_str("letter", &self.source).map_err(|e| problem(&e))?;
        let fields = self.letter.fields();
        let context = fields.iter().map(|f| (f.name, given(values.get(f.name), f.shape, f.needed)));
        let context = minijinja::Value::from_pairs(context);
        let mut page = Page(Vec::new());
        template.render_captured_to(context, &mut page).map_err(|e| problem(&e))?;
        // Templates and values are strings, and the page cuts between writes only.
        String::from_utf8(page.0).map_err(|_| Problem::new(1, "模板不能生成文字，请检查"))
    }
}

fn of(values: &Values, name: &str) -> String {
    values.get(name).and_then(|v| v.texts().first().map(|t| (*t).to_owned())).unwrap_or_default()
}

/// Output that refuses to grow beyond the longest text.
struct Page(Vec<u8>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Four bytes are the most a character takes.
        if self.0.len() + bytes.len() > LONGEST_TEXT * 4 {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A value for the engine, marked; the gap where a needed one is missing.
fn given(value: Option<&Value>, shape: Shape, needed: bool) -> minijinja::Value {
    let gap = || marked(if needed { GAP } else { "" });
    let gaps = usize::from(needed);
    match (value.filter(|v| !v.texts().is_empty()), shape) {
        (Some(Value::Text(text)), _) => marked(text).into(),
        (Some(Value::List(items)), _) => items.iter().map(|t| minijinja::Value::from(marked(t))).collect(),
        (Some(Value::Rows(rows)), Shape::Rows(columns)) => {
            let cell = |row: &BTreeMap<String, String>, c| row.get(c).map(|t| marked(t)).unwrap_or_default();
            let row = |r| minijinja::Value::from_pairs(columns.iter().map(|c| (*c, cell(r, *c))));
            rows.iter().map(row).collect()
        }
        (_, Shape::Text) => gap().into(),
        (_, Shape::List) => (0..gaps).map(|_| minijinja::Value::from(gap())).collect(),
        (_, Shape::Rows(columns)) => {
            (0..gaps).map(|_| minijinja::Value::from_pairs(columns.iter().map(|c| (*c, gap())))).collect()
        }
    }
}

/// A value between its marks; an empty one stays empty, so that `{% if %}` tells.
fn marked(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|l| clean(l).trim().to_owned()).filter(|l| !l.is_empty()).collect();
    if lines.is_empty() {
        return String::new();
    }
    let mut out = String::from(mark::VALUE);
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            out.push(mark::LINE);
        }
        out.extend(line.chars().map(|c| if c == '|' { mark::BAR } else { c }));
    }
    out.push(mark::END);
    out
}

/// The engine's message in the words of the house. What people can write wrong, `syntax` has already said; the rest is
/// the order of words in a tag and the pairs of blocks.
fn problem(error: &minijinja::Error) -> Problem {
    let line = error.line().unwrap_or(1);
    let text = match error.kind() {
        ErrorKind::SyntaxError => "模板写法有误，请检查“{{ }}”“{% %}”是否成对、if和for是否都有结束标记",
        ErrorKind::OutOfFuel => "模板的循环过多，请减少嵌套的循环",
        ErrorKind::WriteFailure => "文书正文超过10万字，请精简，或者把较长的内容改作附件",
        ErrorKind::UndefinedError => "使用了没有的字段，请对照字段表修改",
        _ => "模板不能生成文书，请检查这一行的写法",
    };
    Problem::new(line, text)
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
