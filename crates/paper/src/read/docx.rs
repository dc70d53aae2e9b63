//! Word documents: paragraphs and tables of the main text. Deleted, hidden and struck-out text is left out.

use super::Unreadable;
use super::block::{At, Document, Kind};
use super::weave::Weave;
use crate::redact::{Unusable, one_part, parse_xml};
use roxmltree::Node;

/// Stands for a picture: no figure, and not blank.
const PICTURE: char = '\u{fffc}';
/// Bytes of the main text, inflated. A report has some hundred thousand; the tree takes many times as much memory.
const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// The paragraphs and tables of a document.
///
/// # Errors
/// What is no Word document, is damaged, has a password, or inflates too far.
pub(super) fn blocks(bytes: &[u8]) -> Result<Document, Unreadable> {
    let text = one_part(bytes, "word/document.xml", MAX_TEXT)?.ok_or(Unreadable::UnknownKind)?;
    let document = parse_xml(&text, |tree| {
        let mut walk = Walk { document: Document::new(Kind::Docx), lines: 0 };
        if let Some(body) = tree.root_element().children().find(|n| is(n, "body")) {
            walk.story(body);
        }
        walk.document
    });
    document.map_err(|error| if error == Unusable::Bomb { Unreadable::Bomb } else { Unreadable::Broken })
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn child<'a, 'i>(node: &Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|n| is(n, name))
}

/// The attribute `w:val`, whatever the prefix.
fn val<'a>(node: &Node<'a, '_>) -> Option<&'a str> {
    node.attributes().find(|a| a.name() == "val").map(|a| a.value())
}

/// A switch such as `<w:strike/>`, which may say that it is off.
fn is_on(properties: Option<Node<'_, '_>>, name: &str) -> bool {
    properties
        .and_then(|p| child(&p, name))
        .is_some_and(|n| !matches!(val(&n), Some("0" | "false" | "off" | "none")))
}

struct Walk {
    document: Document,
    lines: u32,
}

impl Walk {
    /// Paragraphs and tables, in order. The depth of the tree was bounded when it was parsed.
    fn story(&mut self, story: Node<'_, '_>) {
        for node in story.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => self.paragraph(node),
                "tbl" => self.table(node),
                // Content controls, custom markup, accepted insertions.
                "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo" => self.story(node),
                "AlternateContent" => {
                    if let Some(choice) = child(&node, "Choice").or_else(|| child(&node, "Fallback")) {
                        self.story(choice);
                    }
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, node: Node<'_, '_>) {
        let (mut text, mut boxes) = (String::new(), Vec::new());
        words(node, &mut text, &mut boxes, false);
        self.lines = self.lines.saturating_add(1);
        for line in text.split('\n') {
            let line: String = line.chars().filter(|c| *c != PICTURE).collect();
            self.document.push_line(&line, At { line: Some(self.lines), ..At::default() });
        }
        for inner in boxes {
            self.story(inner);
        }
    }

    fn table(&mut self, node: Node<'_, '_>) {
        if node.descendants().skip(1).any(|n| is(&n, "tbl")) {
            self.frame(node);
            return;
        }
        let mut weave = Weave::default();
        for row in rows(node) {
            weave.row();
            let properties = child(&row, "trPr");
            let before =
                properties.and_then(|p| child(&p, "gridBefore")).and_then(|n| number(&n)).unwrap_or(0);
            weave.skip(before);
            for cell in cells(row) {
                let properties = child(&cell, "tcPr");
                let columns =
                    properties.and_then(|p| child(&p, "gridSpan")).and_then(|n| number(&n)).unwrap_or(1);
                let merge = properties.and_then(|p| child(&p, "vMerge"));
                let continues = merge.is_some_and(|m| val(&m) != Some("restart"));
                if continues && weave.lengthen(columns) {
                    continue;
                }
                let mut text = String::new();
                cell_words(cell, &mut text);
                weave.cell(text.trim().to_owned(), 1, columns, &mut self.document, At::default());
            }
        }
        let grid = weave.end();
        if grid.columns == 1 {
            for cell in grid.cells {
                self.lines = self.lines.saturating_add(1);
                for line in cell.text.split('\n') {
                    self.document.push_line(line, At { line: Some(self.lines), ..At::default() });
                }
            }
        } else {
            self.document.push_grid(grid);
        }
    }

    /// A table that holds tables is layout.
    fn frame(&mut self, node: Node<'_, '_>) {
        for cell in rows(node).flat_map(cells) {
            self.story(cell);
        }
    }
}

fn number(node: &Node<'_, '_>) -> Option<usize> {
    val(node)?.trim().parse().ok()
}

fn rows<'a, 'i>(table: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    unwrapped(table, "tr")
}

fn cells<'a, 'i>(row: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    unwrapped(row, "tc")
}

/// Children of a name, also within content controls; rows that were deleted are left out.
fn unwrapped<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    let mut found = Vec::new();
    let mut open: Vec<Node<'a, 'i>> = node.children().collect();
    open.reverse();
    while let Some(next) = open.pop() {
        if is(&next, name) {
            let deleted = child(&next, "trPr").is_some_and(|p| child(&p, "del").is_some());
            if !deleted {
                found.push(next);
            }
        } else if ["sdt", "sdtContent", "customXml", "smartTag", "ins"].iter().any(|w| is(&next, w)) {
            let at = open.len();
            open.extend(next.children());
            open[at..].reverse();
        }
    }
    found.into_iter()
}

/// The words of all paragraphs of a cell, a line each.
fn cell_words(cell: Node<'_, '_>, text: &mut String) {
    for node in cell.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "p" => {
                let mut boxes = Vec::new();
                words(node, text, &mut boxes, true);
                for inner in boxes {
                    cell_words(inner, text);
                }
                text.push('\n');
            }
            "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo" => cell_words(node, text),
            _ => {}
        }
    }
}

/// The words of a paragraph; text boxes are handed over to be read after it. A picture leaves a sign.
fn words<'a, 'i>(node: Node<'a, 'i>, text: &mut String, boxes: &mut Vec<Node<'a, 'i>>, notes: bool) {
    for node in node.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "t" => text.push_str(node.text().unwrap_or_default()),
            "tab" => text.push(' '),
            "br" | "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            "del" | "moveFrom" | "pPr" | "rPr" | "instrText" | "delText" => {}
            "txbxContent" => boxes.push(node),
            "r" => {
                let properties = child(&node, "rPr");
                if ["vanish", "strike", "dstrike"].iter().any(|p| is_on(properties, p)) {
                    continue;
                }
                let raised = properties.and_then(|p| child(&p, "vertAlign")).and_then(|v| val(&v));
                let raised = notes && matches!(raised, Some("superscript" | "subscript"));
                let mark = text.len();
                if raised {
                    text.push('(');
                }
                words(node, text, boxes, notes);
                if raised {
                    if text.len() == mark + 1 {
                        text.truncate(mark);
                    } else {
                        text.push(')');
                    }
                }
            }
            "drawing" | "pict" | "object" => {
                let mark = boxes.len();
                words(node, text, boxes, notes);
                if boxes.len() == mark {
                    text.push(PICTURE);
                }
            }
            "AlternateContent" => {
                if let Some(choice) = child(&node, "Choice").or_else(|| child(&node, "Fallback")) {
                    words(choice, text, boxes, notes);
                }
            }
            _ => words(node, text, boxes, notes),
        }
    }
}
