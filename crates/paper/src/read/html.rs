//! Web pages, however broken: what a visitor sees, as lines and grids.
//!
//! The parser is html5ever, which mends markup as browsers do. Tables that hold tables are taken for layout. What is struck
//! out is left out; a raised figure is a note; a picture in a cell is something that cannot be read, never a blank.

use super::block::{At, Document, Kind};
use super::weave::Weave;
use crate::web_text::BLOCKS;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};
use std::collections::HashSet;

/// Stands for a picture: no figure, and not blank.
const PICTURE: char = '\u{fffc}';
/// A cell with more characters than this and no neighbour holds prose, not a table.
const PROSE: usize = 120;

/// Elements that are not shown, with all they hold.
const HIDDEN: [&str; 16] = [
    "script", "style", "head", "noscript", "template", "select", "textarea", "iframe", "object", "del", "s",
    "strike", "rt", "rp", "button", "audio",
];
/// The lines and tables a visitor sees. If a page shows nothing of a report, what it hides is read as well: many pages
/// are put together by a script in the end.
pub(super) fn blocks(page: &str) -> Document {
    let html = Html::parse_document(page);
    let nested = nested(&html);
    let mut document = Walk::new(&nested, false).over(&html);
    if !holds_table(&document) {
        let all = Walk::new(&nested, true).over(&html);
        if holds_table(&all) {
            document = all;
        } else if let Some(scripted) = scripted(&html) {
            let inner = Html::parse_document(&scripted);
            let tables = self::nested(&inner);
            let inner = Walk::new(&tables, false).over(&inner);
            if holds_table(&inner) {
                document = inner;
            }
        }
    }
    document.title = html.select_title();
    document
}

fn holds_table(document: &Document) -> bool {
    use super::block::Block;
    document.blocks.iter().any(|b| matches!(b, Block::Grid(_)))
        || document.blocks.iter().any(|b| matches!(b, Block::Line(l) if l.text.contains("结转下年度")))
}

trait Title {
    fn select_title(&self) -> Option<String>;
}

impl Title for Html {
    fn select_title(&self) -> Option<String> {
        let title =
            self.tree.nodes().find(|n| n.value().as_element().is_some_and(|e| e.name() == "title"))?;
        let text: String =
            title.children().filter_map(|c| c.value().as_text().map(|t| t.to_string())).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }
}

/// The tables that hold tables.
fn nested(html: &Html) -> HashSet<ego_tree::NodeId> {
    let (mut open, mut nested) = (Vec::new(), HashSet::new());
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) if is(node.value(), "table") => {
                nested.extend(open.last().copied());
                open.push(node.id());
            }
            Edge::Close(node) if is(node.value(), "table") => {
                open.pop();
            }
            _ => {}
        }
    }
    nested
}

fn is(node: &Node, name: &str) -> bool {
    node.as_element().is_some_and(|e| e.name() == name)
}

/// A report that stands in a script as a string: its markup with the escapes of the string undone.
fn scripted(html: &Html) -> Option<String> {
    for node in html.tree.nodes() {
        let Some(element) = node.value().as_element() else { continue };
        if !matches!(element.name(), "script" | "textarea" | "template" | "noscript" | "xmp") {
            continue;
        }
        let text: String =
            node.descendants().filter_map(|n| n.value().as_text().map(|t| t.to_string())).collect();
        if !text.contains("结转") && !text.contains("\\u7ed3\\u8f6c") {
            continue;
        }
        let plain = unescaped(&text);
        // What stands before the first tag and behind the last is script.
        if let (Some(from), Some(to)) = (plain.find('<'), plain.rfind('>'))
            && plain.contains("<t")
        {
            return plain.get(from..=to).map(str::to_owned);
        }
    }
    None
}

/// The escapes of strings in scripts: `\"`, `\/`, `\n`, `\u7ed3`, and markup written as entities.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'r' | 't') => out.push(' '),
            Some('u') => {
                let hex: String = chars.clone().take(4).collect();
                match u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32) {
                    Some(decoded) if hex.len() == 4 => {
                        out.push(decoded);
                        chars.nth(3);
                    }
                    _ => out.push('u'),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    if out.contains("&lt;t") {
        out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    }
    out
}

/// A table that is being read.
struct Table {
    weave: Weave,
    /// Layout: its cells are lines.
    layout: bool,
    /// The open cell: its words, and what it covers.
    cell: Option<(String, usize, usize)>,
    longest: usize,
}

struct Walk<'a> {
    nested: &'a HashSet<ego_tree::NodeId>,
    all: bool,
    document: Document,
    tables: Vec<Table>,
    line: String,
    lines: u32,
    hidden: usize,
}

impl<'a> Walk<'a> {
    fn new(nested: &'a HashSet<ego_tree::NodeId>, all: bool) -> Walk<'a> {
        let document = Document::new(Kind::Html);
        Walk { nested, all, document, tables: Vec::new(), line: String::new(), lines: 0, hidden: 0 }
    }

    fn over(mut self, html: &Html) -> Document {
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        if self.hidden > 0 || self.hides(element) {
                            self.hidden += 1;
                        } else {
                            self.open(element, node.id());
                        }
                    }
                    Node::Text(text) if self.hidden == 0 => self.text(text),
                    _ => {}
                },
                Edge::Close(node) => {
                    if let Node::Element(element) = node.value() {
                        if self.hidden > 0 {
                            self.hidden -= 1;
                        } else {
                            self.close(element);
                        }
                    }
                }
            }
        }
        self.end_line();
        self.document
    }

    fn hides(&self, element: &Element) -> bool {
        if HIDDEN.contains(&element.name()) {
            return true;
        }
        if self.all {
            return false;
        }
        element.attr("hidden").is_some()
            || element.attr("style").is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                let style = style.to_ascii_lowercase();
                style.contains("display:none") || style.contains("line-through")
            })
    }

    /// The buffer that takes words now: of the innermost data cell, or of the line.
    fn buffer(&mut self) -> &mut String {
        match self.tables.iter_mut().rev().find(|t| !t.layout).and_then(|t| t.cell.as_mut()) {
            Some((text, ..)) => text,
            None => &mut self.line,
        }
    }

    fn in_data(&self) -> bool {
        self.tables.iter().any(|t| !t.layout)
    }

    fn open(&mut self, element: &Element, id: ego_tree::NodeId) {
        let name = element.name();
        match name {
            "table" => {
                // html5ever closes a table before it opens one beside it, so a data table holds none.
                self.end_line();
                let layout = self.nested.contains(&id);
                self.tables.push(Table { weave: Weave::default(), layout, cell: None, longest: 0 });
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.weave.row();
                }
            }
            "td" | "th" => {
                self.end_line();
                if let Some(table) = self.tables.last_mut() {
                    let span = |name: &str| {
                        let text = element.attr(name).unwrap_or("1").trim();
                        text.parse::<usize>().unwrap_or(1)
                    };
                    // rowspan="0" reaches to the end.
                    let rows = if span("rowspan") == 0 { usize::MAX } else { span("rowspan") };
                    table.cell = Some((String::new(), rows, span("colspan")));
                }
            }
            "img" | "canvas" | "svg" | "embed" if self.in_data() => self.buffer().push(PICTURE),
            "sup" | "sub" if self.in_data() => self.buffer().push('('),
            "input" => {
                let kind = element.attr("type").unwrap_or("text");
                if kind == "text" && self.in_data() {
                    let value = element.attr("value").unwrap_or_default().to_owned();
                    self.buffer().push_str(&value);
                }
            }
            _ if BLOCKS.contains(&name) => self.end_line(),
            _ => {}
        }
    }

    fn close(&mut self, element: &Element) {
        match element.name() {
            "table" => {
                if let Some(table) = self.tables.pop() {
                    self.end_table(table);
                }
                self.end_line();
            }
            "td" | "th" => self.end_cell(),
            "sup" | "sub" if self.in_data() => {
                let buffer = self.buffer();
                if buffer.ends_with('(') {
                    buffer.pop();
                } else {
                    buffer.push(')');
                }
            }
            name if BLOCKS.contains(&name) => self.end_line(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let buffer = self.buffer();
        for c in text.chars() {
            let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            if c != ' ' || !(buffer.is_empty() || buffer.ends_with([' ', '\n'])) {
                buffer.push(c);
            }
        }
    }

    fn end_line(&mut self) {
        if self.in_data() {
            let buffer = self.buffer();
            let kept = buffer.trim_end_matches(' ').len();
            buffer.truncate(kept);
            if !buffer.is_empty() && !buffer.ends_with('\n') {
                buffer.push('\n');
            }
            return;
        }
        if !self.line.trim().is_empty() {
            self.lines = self.lines.saturating_add(1);
            let at = At { line: Some(self.lines), ..At::default() };
            self.document.push_line(&self.line, at);
        }
        self.line.clear();
    }

    fn end_cell(&mut self) {
        self.end_line();
        let Some(table) = self.tables.last_mut() else { return };
        let Some((text, rows, columns)) = table.cell.take() else { return };
        if table.layout {
            return;
        }
        table.longest = table.longest.max(text.chars().count());
        table.weave.cell(text.trim().to_owned(), rows, columns, &mut self.document, At::default());
    }

    /// A table of one column, or with prose in a cell that stands alone in its row, is a page in a frame.
    fn end_table(&mut self, table: Table) {
        if table.layout {
            return;
        }
        let grid = table.weave.end();
        let alone = |row: usize| grid.cells.iter().filter(|c| c.row == row).count() == 1;
        let framed = grid.columns == 1
            || table.longest > PROSE
                && grid
                    .cells
                    .iter()
                    .any(|c| c.text.chars().count() > PROSE && alone(c.row) && c.text.contains('。'));
        if !framed {
            self.document.push_grid(grid);
            return;
        }
        for cell in grid.cells {
            for text in cell.text.split('\n') {
                self.lines = self.lines.saturating_add(1);
                self.document.push_line(text, At { line: Some(self.lines), ..At::default() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::Block;
    use super::*;

    fn shown(page: &str) -> Vec<String> {
        let shown = |block: &Block| match block {
            Block::Line(line) => line.text.clone(),
            Block::Grid(grid) => {
                let row = |y| {
                    let cells = grid.cells.iter().filter(|c| c.row == y).map(|c| c.text.replace('\n', "¶"));
                    cells.collect::<Vec<_>>().join("/")
                };
                format!("[{}]", (0..grid.rows).map(row).collect::<Vec<_>>().join(" "))
            }
        };
        blocks(page).blocks.iter().map(shown).collect()
    }

    #[test]
    fn a_page_is_read_as_it_is_seen() {
        let page = "<html><head><title>某市 报告</title><style>p{}</style></head><body><p>一、<b>总体</b>情况</p>\
            <script>var a='<table>'</script><table><tr><th>内容<th>本年<tr><td>规章<td>&nbsp;1<sup>注</sup></table>\
            <div style='DISPLAY: none'>隐藏</div><p>后<br>文";
        assert_eq!(shown(page), ["一、总体情况", "[内容/本年 规章/1(注)]", "后", "文"]);
        assert_eq!(blocks(page).title.as_deref(), Some("某市 报告"));
    }

    #[test]
    fn word_paste_and_cells_of_several_lines() {
        let page = "<table><tr><td><p class=MsoNormal><span><font>1</font></span><span>2</span><o:p></o:p></p></td>\
            <td><p>商业</p><p>企业</p></td><td><img src=x></td><td><s>9</s>8</td><td>1<br>2</td></tr></table>";
        assert_eq!(shown(page), ["[12/商业¶企业/\u{fffc}/8/1¶2]"]);
    }

    #[test]
    fn frames_of_pages_are_no_tables() {
        let page =
            "<table><tr><td><p>前</p><table><tr><td>1</td><td>2</td></tr></table><p>后</p></td></tr></table>";
        assert_eq!(shown(page), ["前", "[1/2]", "后"]);
        let page = "<table><tr><td><p>甲</p><p>乙</p></td></tr></table>";
        assert_eq!(shown(page), ["甲", "乙"]);
    }

    #[test]
    fn what_a_script_puts_on_the_page_is_read_from_the_script() {
        let page = "<body><script>var html = \"<table><tr><td>\\u56db、结转下年度继续办理<\\/td><td>1<\\/td><\\/tr><\\/table>\";</script>";
        assert_eq!(shown(page), ["[四、结转下年度继续办理/1]"]);
        let page = "<div style='display:none'><table><tr><td>甲</td><td>1</td></tr></table></div>";
        assert_eq!(shown(page), ["[甲/1]"]);
    }
}
