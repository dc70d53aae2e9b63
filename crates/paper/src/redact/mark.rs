//! What is to be removed, and why.

use super::area::Area;
use crate::plain::Term;
use law::reason::Refusal;

/// One thing to be removed, with its ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What is removed.
    pub target: Target,
    /// The article that allows to withhold it, for example `条例第十五条`. A mark without one is refused.
    pub ground: String,
}

/// What a mark means.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Words, wherever they stand: however they are cut by blanks, lines or runs, in full or half width.
    Term(String),
    /// A rectangle on a page of a PDF file or on a picture. Pages count from 0.
    Region {
        /// The page.
        page: usize,
        /// The rectangle, as fractions of the page.
        area: Area,
    },
    /// A cell of a workbook: the name of its sheet, row and column from 0, as in the old file.
    Cell {
        /// The name of the sheet.
        sheet: String,
        /// The row.
        row: u32,
        /// The column.
        column: u32,
    },
    /// A paragraph of a Word document, by its place in [`Source::paragraphs`](super::Source::paragraphs).
    Paragraph(usize),
}

impl Mark {
    /// Words with their ground.
    pub fn term(words: impl Into<String>, ground: impl Into<String>) -> Mark {
        Mark { target: Target::Term(words.into()), ground: ground.into() }
    }

    /// A rectangle with its ground; see [`Target::Region`].
    pub fn region(page: usize, area: Area, ground: impl Into<String>) -> Mark {
        Mark { target: Target::Region { page, area }, ground: ground.into() }
    }

    /// What is wrong with the mark itself, before any file is looked at. `number` counts from 1.
    pub(super) fn faults(&self, number: usize) -> Vec<Refusal> {
        let mut faults = Vec::new();
        // 条例第三十七条: reasons are given for what is withheld, so each mark names an article.
        if !(self.ground.contains('条') && self.ground.chars().count() >= 3) {
            let text = format!("第{number}处标记没有写明依据的条款，请选择不予公开的依据。");
            faults.push(Refusal::new("mark-without-ground", text, "条例第三十七条"));
        }
        match &self.target {
            Target::Term(words) if Term::new(words).len() < 2 => {
                let text =
                    format!("第{number}处标记的词语少于两个字，容易误删，请改为框选位置或者写全词语。");
                faults.push(Refusal::new("mark-too-short", text, ""));
            }
            Target::Term(words) if words.chars().count() > 1_000 => {
                let text = format!("第{number}处标记的词语超过1000字，请分成几处标记。");
                faults.push(Refusal::new("mark-too-long", text, ""));
            }
            Target::Region { area, .. } if !area.is_proper() => {
                let text = format!("第{number}处标记的范围不在页面以内，请重新框选。");
                faults.push(Refusal::new("mark-outside", text, ""));
            }
            _ => {}
        }
        faults
    }

    pub(super) fn nowhere(number: usize) -> Refusal {
        Refusal::new("mark-nowhere", format!("第{number}处标记的位置在文件中不存在，请重新标记。"), "")
    }
}
