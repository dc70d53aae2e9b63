//! The words of a document in one line, and their removal across the runs they are cut into.

use super::Document;
use crate::plain::{BREAK, Plain, Term};
use crate::redact::xml::{Element, Node};
use std::ops::Range;

/// The characters of a document, over all its stories.
pub(in crate::redact) struct Words {
    chars: Vec<char>,
    /// Where each paragraph lies among the characters.
    pub(in crate::redact) paragraphs: Vec<Range<usize>>,
    plain: Plain,
}

impl Words {
    pub(in crate::redact) fn of(document: &Document) -> Words {
        let (mut chars, mut paragraphs) = (Vec::new(), Vec::new());
        for story in &document.stories {
            walk(&story.root, &mut |step| match step {
                Step::Char(c) => chars.push(c),
                Step::Begin => paragraphs.push(chars.len()..chars.len()),
                Step::End => {
                    if let Some(last) = paragraphs.last_mut() {
                        last.end = chars.len();
                    }
                    chars.push(BREAK);
                }
            });
        }
        let plain = Plain::of(chars.iter().copied());
        Words { chars, paragraphs, plain }
    }

    pub(in crate::redact) fn find(&self, term: &Term) -> Vec<Range<usize>> {
        self.plain.find(term)
    }

    /// The characters as they stand.
    pub(in crate::redact) fn text(&self, range: &Range<usize>) -> String {
        self.chars[range.clone()].iter().map(|c| if *c == BREAK { '\n' } else { *c }).collect()
    }

    /// The range without blanks at its ends, if anything remains.
    pub(in crate::redact) fn trimmed(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let solid = |n: &usize| !self.chars[*n].is_whitespace();
        let start = range.clone().find(solid)?;
        let end = range.clone().rfind(solid)?;
        Some(start..end + 1)
    }

    /// Puts `sign` for each of the ranges, which are in order and apart.
    pub(in crate::redact) fn remove(document: &mut Document, ranges: &[Range<usize>], sign: &str) {
        let (mut at, mut next) = (0, 0);
        for story in &mut document.stories {
            cut(&mut story.root, ranges, sign, &mut at, &mut next);
        }
    }
}

enum Step {
    Char(char),
    Begin,
    End,
}

/// The same walk in [`walk`] and [`cut`]: both count the same characters.
fn walk(element: &Element, step: &mut impl FnMut(Step)) {
    match &*element.name {
        "w:t" => element.text().chars().for_each(|c| step(Step::Char(c))),
        "w:tab" | "w:br" | "w:cr" => step(Step::Char(' ')),
        "w:noBreakHyphen" => step(Step::Char('-')),
        "w:pPr" | "w:rPr" | "w:tblPr" | "w:tcPr" | "w:trPr" | "w:sectPr" => {}
        "w:p" => {
            step(Step::Begin);
            element.elements().for_each(|e| walk(e, step));
            step(Step::End);
        }
        _ => element.elements().for_each(|e| walk(e, step)),
    }
}

fn cut(element: &mut Element, ranges: &[Range<usize>], sign: &str, at: &mut usize, next: &mut usize) {
    match &*element.name {
        "w:t" => {
            let mut kept = String::new();
            for c in element.text().chars() {
                while ranges.get(*next).is_some_and(|r| r.end <= *at) {
                    *next += 1;
                }
                match ranges.get(*next) {
                    Some(range) if range.start == *at => kept.push_str(sign),
                    Some(range) if range.contains(at) => {}
                    _ => kept.push(c),
                }
                *at += 1;
            }
            element.children = vec![Node::Text(kept)];
        }
        "w:tab" | "w:br" | "w:cr" | "w:noBreakHyphen" => *at += 1,
        "w:pPr" | "w:rPr" | "w:tblPr" | "w:tcPr" | "w:trPr" | "w:sectPr" => {}
        name => {
            let paragraph = name == "w:p";
            for node in &mut element.children {
                if let Node::Element(e) = node {
                    cut(e, ranges, sign, at, next);
                }
            }
            *at += usize::from(paragraph);
        }
    }
}

/// The words of one paragraph.
pub(super) fn text(paragraph: &Element) -> String {
    let mut text = String::new();
    walk(paragraph, &mut |step| {
        if let Step::Char(c) = step {
            text.push(c);
        }
    });
    text
}
