//! What of a Word document a reader sees, by a list of what is allowed.

use super::{Ids, Links};
use crate::redact::xml::{Element, Node};
use std::collections::BTreeSet;

/// Shown where a picture or drawing was.
const PICTURE: &str = "〔图片略〕";

/// Layout of paragraphs, runs, tables and sections: kept with their plain attributes. None of these shows text, except
/// the text of list levels, which is cleaned of marked words like every attribute.
const LAYOUT: &str = " w:pPr w:pStyle w:keepNext w:keepLines w:pageBreakBefore w:widowControl w:numPr w:ilvl w:numId \
    w:pBdr w:top w:left w:bottom w:right w:between w:bar w:start w:end w:insideH w:insideV w:tl2br w:tr2bl w:shd w:tabs \
    w:tab w:suppressAutoHyphens w:kinsoku w:wordWrap w:overflowPunct w:topLinePunct w:autoSpaceDE w:autoSpaceDN w:bidi \
    w:adjustRightInd w:snapToGrid w:spacing w:ind w:contextualSpacing w:mirrorIndents w:jc w:textDirection \
    w:textAlignment w:outlineLvl w:rPr w:rStyle w:rFonts w:b w:bCs w:i w:iCs w:caps w:smallCaps w:strike w:dstrike \
    w:outline w:shadow w:emboss w:imprint w:color w:w w:kern w:position w:sz w:szCs w:highlight w:u w:bdr w:fitText \
    w:vertAlign w:rtl w:cs w:em w:lang w:eastAsianLayout w:tblPr w:tblStyle w:tblpPr w:tblOverlap w:bidiVisual \
    w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:tblCellSpacing w:tblInd w:tblBorders w:tblLayout w:tblCellMar \
    w:tblLook w:tblGrid w:gridCol w:trPr w:cnfStyle w:gridBefore w:gridAfter w:wBefore w:wAfter w:cantSplit w:trHeight \
    w:tblHeader w:tcPr w:tcW w:gridSpan w:hMerge w:vMerge w:tcBorders w:noWrap w:tcMar w:tcFitText w:vAlign w:sectPr \
    w:headerReference w:footerReference w:type w:pgSz w:pgMar w:pgBorders w:lnNumType w:pgNumType w:cols w:col \
    w:formProt w:noEndnote w:titlePg w:rtlGutter w:docGrid w:footnotePr w:endnotePr w:numFmt w:numStart w:numRestart \
    w:pos w:styles w:docDefaults w:rPrDefault w:pPrDefault w:style w:name w:basedOn w:next w:link w:qFormat \
    w:uiPriority w:tblStylePr w:numbering w:abstractNum w:multiLevelType w:lvl w:lvlText w:suff w:lvlJc w:isLgl \
    w:lvlRestart w:num w:abstractNumId w:lvlOverride w:startOverride ";

/// Contents of a run that show something of their own.
const SHOWN: &str = " w:tab w:br w:cr w:noBreakHyphen w:sym w:footnoteReference w:endnoteReference w:footnoteRef \
    w:endnoteRef w:separator w:continuationSeparator w:pgNum ";

/// Removed with all they contain.
const DROPPED: &str = " w:del w:moveFrom w:delText w:instrText w:delInstrText w:commentReference w:annotationRef \
    w:altChunk w:control w:sdtPr w:sdtEndPr w:smartTagPr w:customXmlPr w:softHyphen w:lastRenderedPageBreak w:rt ";

fn is_in(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|n| n == name)
}

/// The way from the old parts to the visible document.
pub(super) struct Filter<'a> {
    links: &'a Links,
    /// Styles that hide their text.
    hidden: BTreeSet<String>,
    /// Headers and footers that a section shows, by kind and id.
    pub(super) used: Vec<(&'static str, String)>,
    /// Notes that the visible text refers to.
    notes: [Ids; 2],
    pub(super) pictures: usize,
}

/// Where a run stands in a field: its code is not shown, its result is.
#[derive(Default)]
struct Field {
    /// One for each field that is open: whether its result has begun, and its code.
    open: Vec<(bool, String)>,
}

impl Field {
    fn is_shown(&self) -> bool {
        self.open.iter().all(|(result, code)| *result && page_field(code).is_none())
    }
}

/// Page numbers stay fields: they are not known before the pages are.
fn page_field(code: &str) -> Option<&'static str> {
    match code.split_ascii_whitespace().next()?.to_ascii_uppercase().as_str() {
        "PAGE" => Some("PAGE"),
        "NUMPAGES" => Some("NUMPAGES"),
        "SECTIONPAGES" => Some("SECTIONPAGES"),
        _ => None,
    }
}

fn page_number(code: &'static str) -> Node {
    let run = Element::new("w:r").holding([text("1")]);
    Node::Element(Element::new("w:fldSimple").with("w:instr", code).holding([Node::Element(run)]))
}

fn text(text: &str) -> Node {
    let element = Element::new("w:t").with("xml:space", "preserve");
    Node::Element(element.holding([Node::Text(text.to_owned())]))
}

/// `w:vanish` and its like, unless they say no.
fn is_on(properties: &Element, name: &str) -> bool {
    properties.child(name).is_some_and(|e| !matches!(e.attribute("w:val"), Some("0" | "false" | "off")))
}

impl<'a> Filter<'a> {
    pub(super) fn new(styles: Option<&Element>, links: &'a Links) -> Filter<'a> {
        let hides = |style: &Element| style.child("w:rPr").is_some_and(|r| is_on(r, "w:vanish"));
        let mut hidden: BTreeSet<String> = BTreeSet::new();
        let all: Vec<&Element> =
            styles.map(|s| s.elements().filter(|e| e.name == "w:style").collect()).unwrap_or_default();
        // A style based on a hidden one hides too; chains are short.
        for _ in 0..12 {
            for style in &all {
                let based = style.child("w:basedOn").and_then(|b| b.attribute("w:val"));
                if hides(style) || based.is_some_and(|b| hidden.contains(b)) {
                    hidden.extend(style.attribute("w:styleId").map(str::to_owned));
                }
            }
        }
        Filter { links, hidden, used: Vec::new(), notes: Default::default(), pictures: 0 }
    }

    /// The document with its visible body.
    pub(super) fn body(&mut self, document: &Element) -> Option<Element> {
        let body = Element::new("w:body").holding(self.blocks(document.child("w:body")?));
        Some(Element::new("w:document").holding([Node::Element(body)]))
    }

    /// A header or footer.
    pub(super) fn story(&mut self, root: &Element) -> Element {
        let name = if root.name == "w:ftr" { "w:ftr" } else { "w:hdr" };
        self.padded(Element::new(name), root)
    }

    /// Footnotes or endnotes that the visible text refers to, and the lines that set them off.
    pub(super) fn notes(&mut self, root: &Element, kind: &'static str) -> Element {
        let (list, item, n) = if kind == "footnote" {
            ("w:footnotes", "w:footnote", 0)
        } else {
            ("w:endnotes", "w:endnote", 1)
        };
        let wanted = self.notes[n].clone();
        let mut kept = Vec::new();
        for note in root.elements().filter(|e| e.name == item) {
            let id = note.attribute("w:id").unwrap_or_default();
            let line = note.attribute("w:type").filter(|t| t.ends_with("eparator"));
            if line.is_some() || wanted.contains(id) {
                let mut new = Element::new(item).with("w:id", id);
                if let Some(line) = line {
                    new = new.with("w:type", line);
                }
                kept.push(Node::Element(self.padded(new, note)));
            }
        }
        Element::new(list).holding(kept)
    }

    /// What must end in a paragraph, with one if nothing of it remains.
    fn padded(&mut self, new: Element, old: &Element) -> Element {
        let mut blocks = self.blocks(old);
        if !matches!(blocks.last(), Some(Node::Element(e)) if e.name == "w:p") {
            blocks.push(Node::Element(Element::new("w:p")));
        }
        new.holding(blocks)
    }

    /// Paragraphs and tables, however they are wrapped.
    fn blocks(&mut self, parent: &Element) -> Vec<Node> {
        let mut blocks = Vec::new();
        for e in parent.elements() {
            match &*e.name {
                "w:p" => self.paragraph(e, &mut blocks),
                "w:tbl" => blocks.push(Node::Element(self.table(e))),
                "w:sectPr" => blocks.push(Node::Element(self.section(e))),
                "w:tcPr" => blocks.push(Node::Element(self.layout(e))),
                "mc:AlternateContent" => {
                    if let Some(choice) = e.child("mc:Choice") {
                        blocks.extend(self.blocks(choice));
                    }
                }
                name if is_in(DROPPED, name) || is_in(LAYOUT, name) => {}
                _ => blocks.extend(self.blocks(e)),
            }
        }
        blocks
    }

    fn paragraph(&mut self, old: &Element, blocks: &mut Vec<Node>) {
        let properties = old.child("w:pPr");
        let style = properties.and_then(|p| p.child("w:pStyle")).and_then(|s| s.attribute("w:val"));
        let mut new = Element::new("w:p");
        if let Some(properties) = properties {
            new.children.push(Node::Element(self.layout(properties)));
        }
        let mut boxes = Vec::new();
        if !style.is_some_and(|s| self.hidden.contains(s)) {
            self.inline(old, &mut Field::default(), &mut new.children, &mut boxes);
        }
        blocks.push(Node::Element(new));
        // The words of a text box stand behind the paragraph that carries it.
        blocks.append(&mut boxes);
    }

    fn inline(&mut self, parent: &Element, field: &mut Field, out: &mut Vec<Node>, boxes: &mut Vec<Node>) {
        for e in parent.elements() {
            match &*e.name {
                "w:r" => self.run(e, field, out, boxes),
                "w:fldSimple" => match e.attribute("w:instr").and_then(page_field) {
                    Some(code) => out.push(page_number(code)),
                    None => self.inline(e, field, out, boxes),
                },
                "w:ruby" => self.inline(e, field, out, boxes),
                "m:oMath" | "m:oMathPara" => {
                    out.push(Node::Element(Element::new("w:r").holding([text(&e.text())])));
                }
                "mc:AlternateContent" => {
                    if let Some(choice) = e.child("mc:Choice") {
                        self.inline(choice, field, out, boxes);
                    }
                }
                name if is_in(DROPPED, name) || is_in(LAYOUT, name) => {}
                _ => self.inline(e, field, out, boxes),
            }
        }
    }

    fn run(&mut self, old: &Element, field: &mut Field, out: &mut Vec<Node>, boxes: &mut Vec<Node>) {
        let properties = old.child("w:rPr");
        let style = properties.and_then(|p| p.child("w:rStyle")).and_then(|s| s.attribute("w:val"));
        let hidden = properties
            .is_some_and(|p| is_on(p, "w:vanish") || is_on(p, "w:webHidden") || p.child("w:del").is_some())
            || style.is_some_and(|s| self.hidden.contains(s));
        let mut new = Element::new("w:r");
        if let Some(properties) = properties {
            new.children.push(Node::Element(self.layout(properties)));
        }
        let before = new.children.len();
        for e in old.elements() {
            match &*e.name {
                "w:fldChar" => self.field(e, field, out),
                "w:instrText" => {
                    if let Some((false, code)) = field.open.last_mut() {
                        code.push_str(&e.text());
                    }
                }
                _ if hidden || !field.is_shown() => {}
                "w:t" => new.children.push(text(&e.text())),
                "w:footnoteReference" | "w:endnoteReference" => {
                    let n = usize::from(e.name == "w:endnoteReference");
                    self.notes[n].extend(e.attribute("w:id").map(str::to_owned));
                    new.children.push(Node::Element(plain(e)));
                }
                "w:drawing" | "w:pict" | "w:object" | "mc:AlternateContent" => {
                    self.drawing(e, &mut new.children, boxes)
                }
                "w:ruby" => self.inline(e, field, out, boxes),
                name if is_in(SHOWN, name) => new.children.push(Node::Element(plain(e))),
                _ => {}
            }
        }
        if new.children.len() > before {
            out.push(Node::Element(new));
        }
    }

    fn field(&mut self, mark: &Element, field: &mut Field, out: &mut Vec<Node>) {
        match mark.attribute("w:fldCharType") {
            Some("begin") => field.open.push((false, String::new())),
            Some("separate") => {
                if let Some((result, _)) = field.open.last_mut() {
                    *result = true;
                }
            }
            Some("end") => {
                if let Some((_, code)) = field.open.pop()
                    && field.is_shown()
                    && let Some(code) = page_field(&code)
                {
                    out.push(page_number(code));
                }
            }
            _ => {}
        }
    }

    /// A drawing gives its text boxes; of anything else a word remains that something was here.
    fn drawing(&mut self, old: &Element, out: &mut Vec<Node>, boxes: &mut Vec<Node>) {
        // An alternative says the same again for older programs.
        let shown =
            if old.name == "mc:AlternateContent" { old.child("mc:Choice").unwrap_or(old) } else { old };
        let mut found = Vec::new();
        text_boxes(shown, &mut found);
        if found.is_empty() {
            self.pictures += 1;
            out.push(text(PICTURE));
        }
        for content in found {
            boxes.extend(self.blocks(content));
        }
    }

    fn table(&mut self, old: &Element) -> Element {
        let mut new = Element::new("w:tbl");
        for name in ["w:tblPr", "w:tblGrid"] {
            new.children.extend(old.child(name).map(|e| Node::Element(self.layout(e))));
        }
        self.rows(old, &mut new.children);
        new
    }

    fn rows(&mut self, parent: &Element, out: &mut Vec<Node>) {
        for e in parent.elements() {
            match &*e.name {
                "w:tr" => {
                    let gone =
                        e.child("w:trPr").is_some_and(|p| p.child("w:del").is_some() || is_on(p, "w:hidden"));
                    if !gone {
                        let mut row = Element::new("w:tr");
                        row.children.extend(e.child("w:trPr").map(|p| Node::Element(self.layout(p))));
                        self.cells(e, &mut row.children);
                        out.push(Node::Element(row));
                    }
                }
                name if is_in(DROPPED, name) || is_in(LAYOUT, name) => {}
                _ => self.rows(e, out),
            }
        }
    }

    fn cells(&mut self, parent: &Element, out: &mut Vec<Node>) {
        for e in parent.elements() {
            match &*e.name {
                "w:tc" => {
                    let cell = self.padded(Element::new("w:tc"), e);
                    out.push(Node::Element(cell));
                }
                name if is_in(DROPPED, name) || is_in(LAYOUT, name) => {}
                _ => self.cells(e, out),
            }
        }
    }

    fn section(&mut self, old: &Element) -> Element {
        for e in old.elements() {
            let kind = match &*e.name {
                "w:headerReference" => "header",
                "w:footerReference" => "footer",
                _ => continue,
            };
            if let Some(id) = e.attribute("r:id")
                && self.links.get(id).is_some_and(|(k, _)| k == kind)
                && !self.used.iter().any(|(_, used)| used == id)
            {
                self.used.push((kind, id.to_owned()));
            }
        }
        self.layout(old)
    }

    /// Layout, as far as it is on the list.
    pub(super) fn layout(&mut self, old: &Element) -> Element {
        let mut new = plain(old);
        for e in old.elements() {
            if e.name == "w:sectPr" {
                new.children.push(Node::Element(self.section(e)));
            } else if is_in(LAYOUT, &e.name) {
                new.children.push(Node::Element(self.layout(e)));
            }
        }
        new
    }
}

/// The element alone, with attributes that lay out and do not trace: no revision ids, no theme that is not carried.
fn plain(old: &Element) -> Element {
    let keeps = |name: &str, value: &str| {
        let traces = name.contains("rsid")
            || name.contains("heme")
            || name.contains("paraId")
            || name.contains("textId");
        (name == "r:id" || name.starts_with("w:")) && !traces && value.chars().count() <= 64
    };
    let attributes = old.attributes.iter().filter(|(name, value)| keeps(name, value)).cloned().collect();
    Element { name: old.name.clone(), attributes, children: Vec::new() }
}

fn text_boxes<'e>(element: &'e Element, found: &mut Vec<&'e Element>) {
    for e in element.elements() {
        match &*e.name {
            "w:txbxContent" => found.push(e),
            "mc:Fallback" => {}
            _ => text_boxes(e, found),
        }
    }
}
