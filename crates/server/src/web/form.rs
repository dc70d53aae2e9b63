//! Forms: what a page asks, what a visitor typed, and what was wrong with it.
//!
//! A form is data; `part/form.html` prints it, so every control has a label, a hint and its own error, and a refused
//! form is shown again with everything that was typed.

use super::found::Found;
use super::look;
use askama::Template;
use jiff::civil::{Date, Time};
use law::Refusal;
use sm3::{Digest, Sm3};
use std::str::FromStr;
use uuid::Uuid;

/// The kind of a control.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Control {
    /// One line.
    #[default]
    Text,
    /// A date.
    Date,
    /// A time of day, to the minute.
    Time,
    /// A whole number.
    Number,
    /// Several lines; so many are visible.
    Area(u8),
    /// A password.
    Password,
    /// A file; the endings accepted.
    File(&'static str),
    /// One of a list.
    Select(Vec<Choice>),
    /// One of a few.
    Radio(Vec<Choice>),
    /// Any of a few.
    Checks(Vec<Choice>),
    /// Any of many, folded away until they are wanted.
    Folded(Vec<Choice>),
    /// No control: the heading of those that follow.
    Heading,
    /// No control: the heading of a part of them.
    Part,
    /// No control of its own: buttons that do something with the form; what each sends as `button`.
    Buttons(Vec<Choice>),
    /// No control: published items like what the field of this name says.
    Found(Found),
    /// No control of its own: fields that come and go with the choice in another.
    Group(Group),
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub key: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { key: key.into(), label: label.into() }
    }
}

/// Fields that come and go with the choice in another field; nothing of it is seen while it is empty.
#[derive(Debug, Clone, Template, Default, PartialEq, Eq)]
#[template(path = "part/group.html")]
pub struct Group {
    /// Id, by which the other field finds it.
    pub id: String,
    /// What to read before filling them in, a paragraph each.
    pub hints: Vec<String>,
    /// The fields.
    pub fields: Vec<Field>,
    /// Values sent along.
    pub hidden: Vec<(String, String)>,
}

/// A labelled control.
#[derive(Debug, Clone, Template, Default, PartialEq, Eq)]
#[template(path = "part/field.html")]
pub struct Field {
    /// Name sent.
    pub name: String,
    /// Label.
    pub label: String,
    /// What to enter, if the label does not say it.
    pub hint: String,
    /// Kind.
    pub control: Control,
    /// What stands in it.
    pub values: Vec<String>,
    /// Whether it must be filled.
    pub required: bool,
    /// When it must be filled, if not always; said instead of 选填.
    pub note: &'static str,
    /// What is wrong with it.
    pub wrong: String,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// Whether the page begins here, because it was just added.
    pub autofocus: bool,
    /// Whether published items are looked for while it is filled in.
    pub looked: bool,
    /// Whether the group `group-NAME` comes and goes with the choice.
    pub leads: bool,
    /// Whether several files may be chosen.
    pub many: bool,
}

impl Field {
    fn of(name: &str, label: &str, control: Control) -> Self {
        Field { name: name.into(), label: label.into(), control, required: true, ..Field::default() }
    }

    /// One line.
    pub fn text(name: &str, label: &str) -> Self {
        Field::of(name, label, Control::Text)
    }

    /// A date.
    pub fn date(name: &str, label: &str) -> Self {
        Field::of(name, label, Control::Date)
    }

    /// A time of day, to the minute.
    pub fn time(name: &str, label: &str) -> Self {
        Field::of(name, label, Control::Time)
    }

    /// A whole number.
    pub fn number(name: &str, label: &str) -> Self {
        Field::of(name, label, Control::Number)
    }

    /// Several lines.
    pub fn area(name: &str, label: &str, lines: u8) -> Self {
        Field::of(name, label, Control::Area(lines))
    }

    /// A password.
    pub fn password(name: &str, label: &str, autocomplete: &'static str) -> Self {
        Field { autocomplete, ..Field::of(name, label, Control::Password) }
    }

    /// A file.
    pub fn file(name: &str, label: &str, endings: &'static str) -> Self {
        Field::of(name, label, Control::File(endings))
    }

    /// Several files.
    pub fn files(name: &str, label: &str, endings: &'static str) -> Self {
        Field { many: true, ..Field::file(name, label, endings) }
    }

    /// One of a list.
    pub fn select(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Field::of(name, label, Control::Select(choices))
    }

    /// One of a few.
    pub fn radio(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Field::of(name, label, Control::Radio(choices))
    }

    /// Any of a few.
    pub fn checks(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Field::of(name, label, Control::Checks(choices))
    }

    /// Any of many, folded away until they are wanted. May stay empty.
    pub fn folded(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Field::of(name, label, Control::Folded(choices)).optional()
    }

    /// The heading of the fields that follow.
    pub fn heading(label: &str) -> Self {
        Field::of("", label, Control::Heading).optional()
    }

    /// The heading of a part.
    pub fn part(label: &str) -> Self {
        Field::of("", label, Control::Part).optional()
    }

    /// Buttons that do something with the form.
    pub fn buttons(all: Vec<Choice>) -> Self {
        Field::of("", "", Control::Buttons(all)).optional()
    }

    /// Published items like what a field says.
    pub fn found(found: Found) -> Self {
        Field::of("", "", Control::Found(found)).optional()
    }

    /// Fields that come and go with the choice in another.
    pub fn group(group: Group) -> Self {
        Field::of("", "", Control::Group(group)).optional()
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// May stay empty.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Must be filled only in the case named.
    pub fn note(mut self, when: &'static str) -> Self {
        self.note = when;
        self.optional()
    }

    /// With a value.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// With a value, if there is one.
    pub fn value_if(self, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.value(value),
            None => self,
        }
    }

    /// The first value.
    pub fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// What the browser may fill in: on a terminal nothing, because it would be what somebody else typed.
    pub fn completes(&self) -> &'static str {
        if look::terminal() { "off" } else { self.autocomplete }
    }

    /// Whether a choice is taken.
    pub fn has(&self, key: &str) -> bool {
        self.values.iter().any(|v| v == key)
    }

    /// Ids of the hint and the error, for `aria-describedby`.
    pub fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("hint-{}", self.name));
        }
        if !self.wrong.is_empty() {
            ids.push(format!("wrong-{}", self.name));
        }
        ids.join(" ")
    }
}

/// A form.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "part/form.html")]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Whether it only asks (`get`).
    pub asks: bool,
    /// Whether it carries a file.
    pub file: bool,
    /// Controls.
    pub fields: Vec<Field>,
    /// Values sent along.
    pub hidden: Vec<(String, String)>,
    /// Text of the button.
    pub button: String,
    /// A second button and the value of `button` it sends.
    pub second: Option<(String, String)>,
    /// True for what cannot be taken back easily.
    pub grave: bool,
    /// A question asked once more by the script.
    pub confirm: String,
    /// Where giving up leads.
    pub cancel: String,
    /// Class of the form.
    pub class: &'static str,
    /// Id of the part of the page that follows the typing where there is script; empty for none.
    pub live: &'static str,
}

impl Form {
    /// A form that does something.
    pub fn post(action: impl Into<String>, button: &str, fields: Vec<Field>) -> Self {
        Form { action: action.into(), button: button.into(), fields, ..Form::default() }
    }

    /// A form that asks.
    pub fn get(action: impl Into<String>, button: &str, fields: Vec<Field>) -> Self {
        Form { asks: true, class: "filter", ..Form::post(action, button, fields) }
    }

    /// With a value sent along.
    pub fn hide(mut self, name: &str, value: impl ToString) -> Self {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// With a way back.
    pub fn cancel(mut self, to: impl Into<String>) -> Self {
        self.cancel = to.into();
        self
    }

    /// Where it is sent from the page that is being made.
    pub fn target(&self) -> String {
        if self.asks { self.action.clone() } else { look::action(&self.action) }
    }

    /// Whether it stands on a terminal.
    pub fn on_terminal(&self) -> bool {
        look::terminal()
    }

    /// Whether it has buttons above its own: then Enter must still send the form.
    pub fn has_buttons(&self) -> bool {
        self.fields.iter().any(|f| matches!(f.control, Control::Buttons(_)))
    }

    /// With what was typed, and what was wrong.
    pub fn filled(mut self, typed: &Typed) -> Self {
        for field in &mut self.fields {
            if typed.any() && !matches!(field.control, Control::Password | Control::File(_)) {
                field.values = typed.all(&field.name);
            }
            if let Some(p) = typed.problems.iter().find(|p| p.field == field.name) {
                field.wrong.clone_from(&p.text);
            }
        }
        self
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// Stable word.
    pub code: String,
    /// One sentence that says what to do.
    pub text: String,
    /// Article or notice.
    pub citation: String,
    /// Field concerned; empty if none.
    pub field: String,
}

impl From<&Refusal> for Problem {
    fn from(r: &Refusal) -> Self {
        Problem {
            code: r.code.clone(),
            text: r.text.clone(),
            citation: r.citation.clone(),
            field: String::new(),
        }
    }
}

/// All that is wrong, at the top of a refused form.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "part/problems.html")]
pub struct Problems {
    /// The problems.
    pub all: Vec<Problem>,
}

/// What a visitor typed. Reading a value notes what is wrong with it, so that all problems are said at once.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pairs: Vec<(String, String)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Typed {
    /// From a posted form or a query. Control characters that no keyboard types are left out: PostgreSQL holds no NUL.
    pub fn new(mut pairs: Vec<(String, String)>) -> Self {
        for (_, value) in &mut pairs {
            value.retain(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
        }
        Typed { pairs, problems: Vec::new() }
    }

    /// With one more pair.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Without the pairs of this name and value.
    pub fn forget(&mut self, name: &str, value: &str) {
        self.pairs.retain(|(n, v)| n != name || v.trim() != value);
    }

    /// Whether anything was sent.
    pub fn any(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// The pairs as sent.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The value, trimmed; empty if absent.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// The value as it was typed, blanks and all: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// The value unless it is empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|v| !v.is_empty()).map(str::to_owned)
    }

    /// Every value of a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned()).collect()
    }

    /// Notes a problem.
    pub fn wrong(&mut self, field: &str, text: impl Into<String>) {
        self.problems.push(Problem {
            code: "input".into(),
            text: text.into(),
            field: field.into(),
            ..Problem::default()
        });
    }

    /// Notes refusals.
    pub fn refuse(&mut self, refusals: &[Refusal]) {
        self.problems.extend(refusals.iter().map(Problem::from));
    }

    /// A date that must be there.
    pub fn date(&mut self, name: &str, label: &str) -> Date {
        let value: Option<Date> = self.get(name).parse().ok();
        value.unwrap_or_else(|| {
            self.wrong(name, format!("请填写{label}，例如 2020-03-08"));
            Date::default()
        })
    }

    /// A time of day that must be there, to the minute; as a browser without a control for it lets people write it.
    pub fn time(&mut self, name: &str, label: &str) -> Time {
        let text = self.get(name).replace('：', ":");
        let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text };
        let value: Option<Time> = padded.parse().ok();
        value.unwrap_or_else(|| {
            self.wrong(name, format!("请填写{label}，例如 09:00"));
            Time::midnight()
        })
    }

    /// A date that may be absent.
    pub fn date_if(&mut self, name: &str, label: &str) -> Option<Date> {
        if self.get(name).is_empty() { None } else { Some(self.date(name, label)) }
    }

    /// A value that must be there and must be understood.
    pub fn read<T>(&mut self, name: &str, label: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = parse(self.get(name));
        if value.is_none() {
            self.wrong(name, format!("请选择或者填写{label}"));
        }
        value
    }

    /// A number that must be there.
    pub fn number<T: FromStr>(&mut self, name: &str, label: &str) -> Option<T> {
        let value = self.get(name).parse().ok();
        if value.is_none() {
            self.wrong(name, format!("{label}应当填写数字"));
        }
        value
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &str, label: &str) -> String {
        let value = self.get(name).to_owned();
        if value.is_empty() {
            self.wrong(name, format!("请填写{label}"));
        }
        value
    }

    /// An id.
    pub fn id(&self, name: &str) -> Option<Uuid> {
        Uuid::parse_str(self.get(name)).ok()
    }

    /// The version of the docket the form was made from.
    pub fn version(&self) -> u32 {
        self.get("version").parse().unwrap_or(0)
    }

    /// Key under which this very content takes effect once: a double click does nothing twice, an edited form does.
    pub fn key(&self) -> String {
        let mut hash = Sm3::new();
        for (name, value) in &self.pairs {
            hash.update(name.as_bytes());
            hash.update([0]);
            hash.update(value.as_bytes());
            hash.update([0]);
        }
        let hex: String = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
        format!("form-{hex}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::new(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn every_problem_is_noted_and_shown_at_its_field() {
        let mut t = typed(&[("on", "昨天"), ("n", "x"), ("name", " ")]);
        t.date("on", "日期");
        assert_eq!(t.number::<u32>("n", "件数"), None);
        t.text("name", "名称");
        assert_eq!(t.problems.len(), 3);
        let form = Form::post("/x", "保存", vec![Field::date("on", "日期")]).filled(&t);
        assert_eq!(form.fields[0].first(), "昨天");
        assert!(form.fields[0].wrong.contains("日期"));
        let html = form.render().unwrap();
        assert!(html.contains("aria-invalid=\"true\"") && html.contains("for=\"f-on\""), "{html}");
    }

    #[test]
    fn what_no_keyboard_types_is_left_out() {
        let t = typed(&[("subject", "样\0本\u{7}\n第二行\t"), ("empty", "\0")]);
        assert_eq!((t.get("subject"), t.get("empty")), ("样本\n第二行", ""));
    }

    #[test]
    fn the_key_is_that_of_the_content() {
        let one = typed(&[("once", "1"), ("title", "甲")]);
        assert_eq!(one.key(), one.clone().key());
        assert_ne!(one.key(), typed(&[("once", "1"), ("title", "乙")]).key());
        assert_ne!(one.key(), typed(&[("once", "2"), ("title", "甲")]).key());
    }

    #[test]
    fn what_is_typed_stays_text() {
        let field = Field::text("a", "名称").value("\"><script>alert(1)</script>");
        let html = field.render().unwrap();
        assert!(!html.contains("<script>"), "{html}");
    }
}
