//! The text of a report, in which figures are live references.
//!
//! Parts one, five and six (and the introduction) are plain text: one paragraph a line, `## ` before a sub-heading. A
//! figure is written `{{hotline.received}}`, with decimals where wanted `{{hotline.closed_per_working_day:0}}`; the
//! name is a fact of [`super::fact`] or a cell id. So text and tables cannot disagree. An unknown name is an error
//! when the text is saved, never an empty place on paper.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A paragraph ready to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// True for a sub-heading.
    pub heading: bool,
    /// Its text in pieces.
    pub runs: Vec<Run>,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What is printed.
    pub text: String,
    /// The fact or cell behind it, if it is a live figure.
    pub reference: Option<String>,
}

impl Paragraph {
    /// The paragraph as plain text.
    pub fn text(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }
}

/// A reference as written in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// Fact or cell.
    pub name: &'a str,
    /// Decimals asked for.
    pub decimals: Option<u32>,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextError {
    /// `{{` without `}}`, or an empty or malformed name.
    Malformed(String),
    /// No fact and no cell has this name.
    Unknown(String),
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextError::Malformed(near) => {
                write!(
                    f,
                    "“{near}”处的数据引用不完整，请写成 {{{{指标名称}}}}，例如 {{{{hotline.received}}}}"
                )
            }
            TextError::Unknown(name) => write!(f, "没有名为“{name}”的指标或者单元格，请从指标列表中选择"),
        }
    }
}

impl std::error::Error for TextError {}

/// Renders a text. `figure` gives the printed form of a reference, `None` if the name is unknown.
///
/// # Errors
/// All malformed and unknown references, not only the first.
pub fn render(
    text: &str,
    mut figure: impl FnMut(&Reference<'_>) -> Option<String>,
) -> Result<Vec<Paragraph>, Vec<TextError>> {
    let mut paragraphs = Vec::new();
    let mut errors = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (heading, mut rest) = match line.strip_prefix("## ") {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let mut runs = Vec::new();
        while let Some(start) = rest.find("{{") {
            if start > 0 {
                runs.push(Run { text: rest[..start].to_owned(), reference: None });
            }
            let inside = &rest[start + 2..];
            let Some(end) = inside.find("}}") else {
                errors.push(TextError::Malformed(rest[start..].chars().take(20).collect()));
                rest = "";
                break;
            };
            match parse_reference(&inside[..end]) {
                None => errors.push(TextError::Malformed(inside[..end].to_owned())),
                Some(reference) => match figure(&reference) {
                    Some(text) => runs.push(Run { text, reference: Some(reference.name.to_owned()) }),
                    None => errors.push(TextError::Unknown(reference.name.to_owned())),
                },
            }
            rest = &inside[end + 2..];
        }
        if !rest.is_empty() {
            runs.push(Run { text: rest.to_owned(), reference: None });
        }
        paragraphs.push(Paragraph { heading, runs });
    }
    if errors.is_empty() { Ok(paragraphs) } else { Err(errors) }
}

fn parse_reference(inside: &str) -> Option<Reference<'_>> {
    let (name, decimals) = match inside.split_once(':') {
        Some((name, d)) => (name.trim(), Some(d.trim().parse().ok().filter(|d| *d <= 6)?)),
        None => (inside.trim(), None),
    };
    let word = |w: &str| {
        !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    (name.contains('.') && name.split('.').all(word)).then_some(Reference { name, decimals })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(r: &Reference<'_>) -> Option<String> {
        match (r.name, r.decimals) {
            ("hotline.received", None) => Some("2629".into()),
            ("hotline.closed_per_working_day", Some(0)) => Some("10".into()),
            _ => None,
        }
    }

    #[test]
    fn figures_in_the_text_are_references() {
        let text = "## (一)聚焦回应\n\n全年收到热线{{hotline.received}}条，日均{{ hotline.closed_per_working_day:0 }}条。\n";
        let out = render(text, known).unwrap();
        assert!(out[0].heading && !out[1].heading);
        assert_eq!(out[1].text(), "全年收到热线2629条，日均10条。");
        assert_eq!(out[1].runs[1].reference.as_deref(), Some("hotline.received"));
    }

    #[test]
    fn every_bad_reference_is_reported() {
        let errors = render("{{no.such}}和{{bad}}和{{hotline.received:9}}和{{open", known).unwrap_err();
        assert_eq!(errors.len(), 4);
        assert_eq!(errors[0], TextError::Unknown("no.such".into()));
        assert!(matches!(&errors[3], TextError::Malformed(near) if near == "{{open"));
    }
}
