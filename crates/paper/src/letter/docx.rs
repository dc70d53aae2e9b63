//! DOCX: the letter for those who finish it in Word or WPS, in the 信函格式 of GB/T 9704-2012 §10.1.
//!
//! The red name and the first red line stand in the header of the first page, the second line in its footer, so that
//! editing the text moves neither.

use super::pdf::{DRAFT_MARK, DRAFT_NOTE, kept, sign, title_lines};
use super::{Block, Level, OfficialLetter, heading, shares};
use crate::error::PaperError;
use crate::measure::{AREA, MM};
use crate::text::{clean, ems, html};
use crate::word::{build, official, pack, page_number, size, styled, thin_borders, twips, width};
use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, Header, HeightRule, LineSpacing, LineSpacingType, Paragraph, Run,
    Table, TableAlignmentType, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
    XMLDocx,
};

/// The letter as a Word document without macros or anything to be fetched. The same letter is always the same file.
///
/// # Errors
/// [`PaperError::Docx`] if the file cannot be put together.
pub fn letter_docx(letter: &OfficialLetter) -> Result<Vec<u8>, PaperError> {
    pack(parts(letter)?)
}

fn parts(letter: &OfficialLetter) -> Result<XMLDocx, PaperError> {
    let mut doc = official(Docx::new())
        .first_header(head(letter))
        .first_footer(Footer::new().add_paragraph(styled("FootRule", "")))
        .header(draft_header(letter))
        .even_header(draft_header(letter))
        .footer(page_number(AlignmentType::Right))
        .even_footer(page_number(AlignmentType::Left));
    let text = &letter.text;
    if let Some(number) = &letter.number {
        doc = doc.add_paragraph(styled("LetterNumber", number));
    }
    doc = doc
        .add_paragraph(styled("Addressee", ""))
        .add_paragraph(styled("Addressee", ""))
        .add_paragraph(title(&text.title));
    if let Some(name) = &text.addressee {
        doc = doc.add_paragraph(styled("Addressee", &format!("{name}：")));
    }
    let mut tables = 0;
    for (i, block) in text.body.iter().enumerate() {
        // The signature never stands alone on a page.
        let last = i >= kept(&text.body);
        doc = match block {
            Block::Table(rows) => {
                tables += 1;
                let gap = LineSpacing::new().line(twips(12.0)).line_rule(LineSpacingType::Exact);
                doc.add_table(table(rows)).add_paragraph(Paragraph::new().line_spacing(gap))
            }
            other => doc.add_paragraph(paragraph(other).keep_next(last)),
        };
    }
    doc = attachments(doc, letter);
    doc = signature(doc, letter);
    for note in &text.notes {
        doc = doc.add_paragraph(styled("Normal", &format!("（{note}）")));
    }
    for copies in &text.copies {
        doc = doc.add_paragraph(styled("Copies", &format!("抄送：{copies}")));
    }
    let mut parts = build(doc, &text.title, &letter.issuer, letter.made_on);
    if tables > 0 {
        let body = String::from_utf8(parts.document).map_err(|e| PaperError::Docx(e.to_string()))?;
        parts.document = finish(&body, &text.title).into_bytes();
    }
    Ok(parts)
}

/// 发文机关标志, its upper edge 30 mm below that of the page, and the first red line 4 mm below it.
fn head(letter: &OfficialLetter) -> Header {
    let points = letter.mark_size();
    // Word counts half points.
    let run = Run::new().size((points * 2.0).floor() as usize).add_text(clean(&letter.issuer));
    // The paragraph begins 15 mm below the edge of the page, like every header, and its line is a little higher than
    // its type.
    let spacing = LineSpacing::new()
        .before(size(if letter.draft { 15.0 * MM - 20.0 } else { 15.0 * MM }))
        .after(size(4.0 * MM - 4.0))
        .line(twips(points * 1.2))
        .line_rule(LineSpacingType::Exact);
    let mark = Paragraph::new().style("LetterMark").line_spacing(spacing).add_run(run);
    let mut head = Header::new();
    if letter.draft {
        head = head.add_paragraph(styled("DraftMark", &format!("{DRAFT_MARK}　{DRAFT_NOTE}")));
    }
    head.add_paragraph(mark).add_paragraph(styled("HeadRule", ""))
}

fn draft_header(letter: &OfficialLetter) -> Header {
    let text = if letter.draft { DRAFT_MARK } else { "" };
    Header::new().add_paragraph(styled("DraftMark", text))
}

fn title(title: &str) -> Paragraph {
    let mut run = Run::new();
    for (i, line) in title_lines(title).iter().enumerate() {
        if i > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(line);
    }
    Paragraph::new().style("Title").add_run(run)
}

fn paragraph(block: &Block) -> Paragraph {
    match block {
        Block::Quote(text) => styled("Quoted", text),
        Block::Text { level: level @ (Level::First | Level::Second), text } => {
            let style = if *level == Level::First { "Heading1" } else { "Heading2" };
            match heading(text) {
                (head, "") => styled(style, head),
                ("", rest) => styled("Normal", rest),
                (head, rest) => {
                    let face = if *level == Level::First { "RunHei" } else { "RunKai" };
                    Paragraph::new()
                        .style("Normal")
                        .add_run(Run::new().style(face).add_text(clean(head)))
                        .add_run(Run::new().add_text(clean(rest)))
                }
            }
        }
        Block::Text { text, .. } => styled("Normal", text),
        // Tables are no paragraphs; the caller has taken them.
        Block::Table(_) => Paragraph::new(),
    }
}

fn table(rows: &[Vec<String>]) -> Table {
    let shares = shares(rows);
    let widths: Vec<usize> = shares.iter().map(|share| width(share * AREA.0)).collect();
    let short = |x: usize| rows.iter().skip(1).all(|row| row.get(x).is_none_or(|c| ems(c) <= 8.0));
    let row = |(y, cells): (usize, &Vec<String>)| {
        let cell = |(x, text): (usize, &String)| {
            let (style, side) = match y {
                0 => ("LetterCellHead", AlignmentType::Center),
                _ if short(x) => ("LetterCell", AlignmentType::Center),
                _ => ("LetterCell", AlignmentType::Left),
            };
            TableCell::new()
                .width(widths.get(x).copied().unwrap_or_default(), WidthType::Dxa)
                .vertical_align(VAlignType::Center)
                .add_paragraph(styled(style, text).align(side))
        };
        // What is filled in by hand has room.
        let blank = y > 0 && cells.iter().any(String::is_empty);
        TableRow::new(cells.iter().enumerate().map(cell).collect())
            .row_height(if blank { 42.0 * 20.0 } else { 0.0 })
            .height_rule(HeightRule::AtLeast)
            .cant_split()
    };
    Table::new(rows.iter().enumerate().map(row).collect())
        .set_grid(widths.clone())
        .width(width(AREA.0), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(60, 80, 60, 80))
        .set_borders(thin_borders())
}

fn attachments(mut doc: Docx, letter: &OfficialLetter) -> Docx {
    let lines = letter.attachment_lines();
    if !lines.is_empty() {
        doc = doc.add_paragraph(styled("Addressee", "").keep_next(true));
    }
    for (i, name) in lines.iter().enumerate() {
        // Both styles stand five characters in; the first line reaches back for the word 附件.
        let (style, before) = if i == 0 { ("AttachmentFirst", "附件：") } else { ("Attachment", "") };
        doc = doc.add_paragraph(styled(style, &format!("{before}{name}")).keep_next(true));
    }
    doc
}

fn signature(mut doc: Docx, letter: &OfficialLetter) -> Docx {
    let (lines, seal) = sign(letter);
    doc = doc.add_paragraph(styled("Signature", "").keep_next(true));
    // Three characters of the mark lie left of the middle of the seal, and three right.
    let place = styled(
        if letter.draft { "SealPlace" } else { "Signature" },
        if letter.draft { "〔印章〕" } else { "" },
    );
    doc = doc
        .add_paragraph(place.indent(None, None, Some(twips((seal - 32.0).max(0.0))), None).keep_next(true));
    let last = lines.len().saturating_sub(1);
    for (i, (line, indent)) in lines.iter().enumerate() {
        let line = styled("Signature", line).indent(None, None, Some(twips(indent * 16.0)), None);
        doc = doc.add_paragraph(line.keep_next(i != last));
    }
    doc
}

/// Repeats the heading of every table on each page and names the tables for screen readers.
///
/// The body holds no nested tables, and text in it is escaped, so the tags found are those of our tables.
fn finish(body: &str, title: &str) -> String {
    let mut out = String::with_capacity(body.len() + 1024);
    let mut tables = body.split("<w:tbl>");
    out.push_str(tables.next().unwrap_or_default());
    for table in tables {
        let table =
            table.replacen("</w:tblPr>", &format!("<w:tblCaption w:val=\"{}\"/></w:tblPr>", html(title)), 1);
        out.push_str("<w:tbl>");
        out.push_str(&table.replacen("</w:trPr>", "<w:tblHeader/></w:trPr>", 1));
    }
    out
}
