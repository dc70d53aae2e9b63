//! A letter (文书) as it is handed to paper: the text, taken apart into what the layout distinguishes, and what stands
//! around it.
//!
//! # The text of a letter
//!
//! Plain lines; blank lines do not count. What a line is, its beginning says:
//!
//! | line | becomes |
//! |---|---|
//! | the first | the title |
//! | the second, if it ends with `：` | 主送 |
//! | `一、…` `（一）…` `1. …` `（1）…` | a heading or item of the four levels |
//! | `> …` | quoted words, above all those of the applicant |
//! | `| … | … |` | a row of a table; the first is its heading |
//! | `附件：…` | one attachment; several lines are numbered |
//! | `附注：…` | a note in brackets below the date, for the contact |
//! | `抄送：…` | copies, on the last page at the foot |
//! | any other | a paragraph |
//!
//! A value that a template inserts never becomes any of these, whatever it begins with: see [`crate::template`].

mod docx;
mod html;
mod pdf;

pub use docx::letter_docx;
pub use html::{LETTER_STYLE, letter_html, text_html};
pub use pdf::letter_pdf;

use crate::error::PaperError;
use crate::text::{clean, ems};
use law::Date;
use serde::{Deserialize, Serialize};

/// What marks words that a template inserted. Noncharacters, which no text from outside keeps (see [`clean`]).
pub(crate) mod mark {
    /// Before a value: what follows is not read as the beginning of a special line.
    pub(crate) const VALUE: char = '\u{FDD0}';
    /// A bar inside a value: it does not end a cell.
    pub(crate) const BAR: char = '\u{FDD1}';
    /// A line end inside a value: it begins a plain paragraph.
    pub(crate) const LINE: char = '\u{FDD2}';
    /// After a value: its last punctuation gives way to that of the sentence around it.
    pub(crate) const END: char = '\u{FDD3}';
}

/// The most characters of a letter's text. A longer one is an attachment.
pub const LONGEST_TEXT: usize = 100_000;
/// The most columns of a table.
const COLUMNS: usize = 8;

/// Level of a paragraph, GB/T 9704-2012 §7.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Without a number.
    Plain,
    /// 一、
    First,
    /// （一）
    Second,
    /// 1.
    Third,
    /// （1）
    Fourth,
}

/// A piece of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph, heading or item.
    Text {
        /// By the number it begins with.
        level: Level,
        /// With its number.
        text: String,
    },
    /// The words of somebody else.
    Quote(String),
    /// Rows of equal length; the first is the heading.
    Table(Vec<Vec<String>>),
}

/// The text of a letter, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// The title.
    pub title: String,
    /// 主送, without the colon.
    pub addressee: Option<String>,
    /// What stands between.
    pub body: Vec<Block>,
    /// 附件说明: names in order.
    pub attachments: Vec<String>,
    /// 附注, without brackets.
    pub notes: Vec<String>,
    /// 抄送
    pub copies: Vec<String>,
}

impl LetterText {
    /// Takes a text apart by the lines described above. Nothing of it can fail to be read; a line that is none of the
    /// special ones is a paragraph.
    ///
    /// # Errors
    /// [`PaperError::Letter`] if it is empty or longer than [`LONGEST_TEXT`].
    pub fn parse(text: &str) -> Result<LetterText, PaperError> {
        // Marks are only those of a template, never those of a person.
        let text: String = text.split('\n').map(clean).collect::<Vec<_>>().join("\n");
        Self::read(&text)
    }

    /// The same for text with the marks of a template.
    pub(crate) fn read(text: &str) -> Result<LetterText, PaperError> {
        if text.chars().count() > LONGEST_TEXT {
            return Err(PaperError::Letter("文书正文超过10万字，请精简，或者把较长的内容改作附件".into()));
        }
        let text = settle(text);
        let mut lines = text.lines().map(str::trim).filter(|line| !shown(line).is_empty()).peekable();
        let title = lines.next().map(shown).unwrap_or_default();
        if title.is_empty() {
            return Err(PaperError::Letter("文书没有内容，请填写标题和正文".into()));
        }
        let addressee = lines.next_if(|line| line.ends_with('：')).map(|line| {
            let name = shown(line);
            name.strip_suffix('：').unwrap_or(&name).to_owned()
        });
        let mut letter = LetterText { title, addressee, ..LetterText::default() };
        for line in lines {
            letter.line(line);
        }
        letter.body.iter_mut().for_each(square);
        Ok(letter)
    }

    fn line(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("附件：") {
            self.attachments.push(shown(name));
        } else if let Some(note) = line.strip_prefix("附注：") {
            self.notes.push(shown(note));
        } else if let Some(copies) = line.strip_prefix("抄送：") {
            self.copies.push(shown(copies));
        } else if let Some(words) = line.strip_prefix('>') {
            // Lines of a quotation are quoted, every one.
            let lines = words.split(mark::LINE).map(shown).filter(|l| !l.is_empty());
            self.body.extend(lines.map(Block::Quote));
        } else if let Some(cells) = line.strip_prefix('|') {
            let cells = cells.strip_suffix('|').unwrap_or(cells);
            let cells: Vec<String> = cells.split('|').take(COLUMNS).map(shown).collect();
            match self.body.last_mut() {
                Some(Block::Table(rows)) => rows.push(cells),
                _ => self.body.push(Block::Table(vec![cells])),
            }
        } else {
            let mut parts = line.split(mark::LINE);
            let first = parts.next().unwrap_or_default();
            self.body.push(Block::Text { level: level(first), text: shown(first) });
            let rest = parts.map(shown).filter(|l| !l.is_empty());
            self.body.extend(rest.map(|text| Block::Text { level: Level::Plain, text }));
        }
    }
}

/// A letter with everything around its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficialLetter {
    /// 发文机关标志: the authority whose paper it is.
    pub issuer: String,
    /// 文号, if it has one.
    pub number: Option<String>,
    /// The text.
    pub text: LetterText,
    /// The authority that signs.
    pub signed_by: String,
    /// 成文日期; `None` before it is signed.
    pub made_on: Option<Date>,
    /// The day this copy is made: the date of the file as long as there is no 成文日期, because an archive file has one.
    pub printed_on: Date,
    /// Marked 审签稿 on every page, with the place of the seal marked; a final letter leaves the place free.
    pub draft: bool,
}

impl OfficialLetter {
    /// Everything that will be printed, as plain lines, for the check before signing (`law::letter::missing`).
    pub fn printed(&self) -> String {
        let text = &self.text;
        let mut lines: Vec<String> = vec![self.issuer.clone()];
        lines.extend(self.number.clone());
        lines.push(text.title.clone());
        lines.extend(text.addressee.as_ref().map(|name| format!("{name}：")));
        for block in &text.body {
            match block {
                Block::Text { text, .. } | Block::Quote(text) => lines.push(text.clone()),
                Block::Table(rows) => lines.extend(rows.iter().map(|row| row.join(" "))),
            }
        }
        lines.extend(self.attachment_lines());
        lines.push(self.signed_by.clone());
        lines.push(self.date());
        lines.extend(text.notes.iter().map(|note| format!("（{note}）")));
        lines.extend(text.copies.iter().map(|copies| format!("抄送：{copies}")));
        lines.join("\n")
    }

    /// `2026年3月20日`; empty if not yet signed.
    pub(crate) fn date(&self) -> String {
        self.made_on.map(|d| format!("{}年{}月{}日", d.year(), d.month(), d.day())).unwrap_or_default()
    }

    /// The attachments as they are listed: one without, several with a number (GB/T 9704-2012 §7.3.4).
    pub(crate) fn attachment_lines(&self) -> Vec<String> {
        match self.text.attachments.as_slice() {
            [one] => vec![one.clone()],
            all => all.iter().enumerate().map(|(i, name)| format!("{}. {name}", i + 1)).collect(),
        }
    }

    /// The size of the red name of the authority in points, so that it fits between the red lines.
    pub(crate) fn mark_size(&self) -> f64 {
        (WIDEST_MARK / ems(&self.issuer).max(1.0)).clamp(SMALLEST_MARK, LARGEST_MARK)
    }
}

/// The red name is at most this large, 小初号, and at least 二号; a longer name takes two lines.
const LARGEST_MARK: f64 = 36.0;
const SMALLEST_MARK: f64 = 22.0;
/// A little less than the red line of 170 mm.
const WIDEST_MARK: f64 = 460.0;

/// How wide the columns of a table are, as shares of the type area: as their longest text needs, if all have room; if
/// not, a long reason gets more than a short basis, but does not crowd it out.
pub(crate) fn shares(rows: &[Vec<String>]) -> Vec<f64> {
    /// Characters of 4号 across the type area.
    const ROOM: f64 = 31.0;
    let columns = rows.first().map_or(1, Vec::len).max(1);
    let longest = |x: usize| {
        let cells = rows.iter().filter_map(|row| row.get(x));
        cells.map(|cell| ems(cell)).fold(1.0_f64, f64::max)
    };
    let mut widths: Vec<f64> = (0..columns).map(|x| longest(x) + 1.0).collect();
    if widths.iter().sum::<f64>() > ROOM {
        // The square root: ten times the text is about three times the width.
        widths.iter_mut().for_each(|w| *w = w.sqrt().clamp(1.5, 6.0));
    }
    let sum: f64 = widths.iter().sum();
    widths.iter().map(|w| w / sum).collect()
}

/// The lines of a text as paragraphs and tables; a line with tabs, as they come from a table that was copied, or that begins
/// with a bar is a row.
fn plain_blocks(text: &str) -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    for line in text.lines().map(|l| l.trim_matches([' ', '\t', '\r', '\u{3000}'])) {
        let bars = line.strip_prefix('|').map(|row| row.strip_suffix('|').unwrap_or(row));
        let cells: Vec<&str> = match bars {
            Some(row) => row.split('|').collect(),
            None => line.split('\t').collect(),
        };
        if bars.is_some() || cells.len() > 1 {
            let row = cells.into_iter().map(|cell| clean(cell).trim().to_owned()).collect();
            match all.last_mut() {
                Some(Block::Table(rows)) => rows.push(row),
                _ => all.push(Block::Table(vec![row])),
            }
        } else if !line.trim().is_empty() {
            let text = clean(line.trim());
            all.push(Block::Text { level: level(&text), text });
        }
    }
    for block in &mut all {
        // One line with a tab in it is no table.
        if let Block::Table(rows) = block
            && let [row] = rows.as_slice()
        {
            *block = Block::Text { level: Level::Plain, text: row.join("　") };
        }
        square(block);
    }
    all
}

/// Where the signature begins: a date at the end, and the names in the lines before it, which end in no punctuation.
fn signature(blocks: &[Block]) -> usize {
    let plain = |n: usize| match blocks.get(n) {
        Some(Block::Text { level: Level::Plain, text }) => Some(text.as_str()),
        _ => None,
    };
    let is_date = |t: &str| {
        let digits = t.chars().filter(char::is_ascii_digit).count();
        t.ends_with('日')
            && t.contains('年')
            && t.contains('月')
            && (6..=8).contains(&digits)
            && t.len() <= 17
    };
    let last = blocks.len().saturating_sub(1);
    if !plain(last).is_some_and(is_date) {
        return blocks.len();
    }
    let is_name =
        |t: &str| t.chars().count() <= 30 && !t.ends_with(['。', '：', '；', '，', '）', '？', '！']);
    (0..last).rev().take_while(|n| plain(*n).is_some_and(is_name)).last().unwrap_or(last)
}

/// A heading and what follows it in the same line: `一、依据。因为……` has its typeface up to the first full stop.
/// A numbered sentence is no heading.
pub(crate) fn heading(text: &str) -> (&str, &str) {
    match text.find('。') {
        None => (text, ""),
        Some(at) => {
            let end = at + '。'.len_utf8();
            if end < text.len() { text.split_at(end) } else { ("", text) }
        }
    }
}

fn level(line: &str) -> Level {
    const NUMERALS: &str = "一二三四五六七八九十";
    let rest = line.trim_start_matches(|c| NUMERALS.contains(c));
    if rest.len() < line.len() && rest.starts_with('、') {
        return Level::First;
    }
    if let Some(inside) = line.strip_prefix('（') {
        let rest = inside.trim_start_matches(|c| NUMERALS.contains(c));
        if rest.len() < inside.len() && rest.starts_with('）') {
            return Level::Second;
        }
        let rest = inside.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < inside.len() && rest.starts_with('）') {
            return Level::Fourth;
        }
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with('．')) {
        return Level::Third;
    }
    Level::Plain
}

/// Every row as long as the longest.
fn square(block: &mut Block) {
    if let Block::Table(rows) = block {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
        rows.iter_mut().for_each(|row| row.resize(columns, String::new()));
    }
}

/// Without marks; a line end inside a cell or name is a blank.
fn shown(text: &str) -> String {
    let kept = text.chars().filter_map(|c| match c {
        mark::VALUE | mark::END => None,
        mark::BAR => Some('|'),
        mark::LINE => Some(' '),
        c => Some(c),
    });
    kept.collect::<String>().trim().to_owned()
}

/// Where a value ends with punctuation and the sentence goes on with its own, that of the sentence stays.
fn settle(text: &str) -> String {
    const STOPS: [char; 4] = ['。', '；', '，', '、'];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark::END) {
        out.push_str(if after.starts_with(STOPS) { before.trim_end_matches(STOPS) } else { before });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[path = "letter/tests.rs"]
mod tests;
