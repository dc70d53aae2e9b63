//! OFD (GB/T 33190-2016): the words of a fixed-layout document, page by page, in the order in which its text objects stand.
//!
//! A package of XML: `OFD.xml` names the document, the document its pages, a page its layers of objects. Read are text
//! objects; what else may show words (pictures, seals, annotations, templates, attachments) is told, so that a person looks.

use super::package::Package;
use super::unusable::Unusable;
use super::xml::{Element, tree};
use super::{MAX_BYTES, MAX_PAGES};

/// How far apart the base lines of two objects of one line are at most, as a part of the size of the letters.
const SAME_LINE: f64 = 0.5;
/// How far apart two objects of one line are at least that are no one word, as a part of the size of the letters.
const GAP: f64 = 0.3;
/// Endings of parts that show nothing by themselves.
const FONTS: [&str; 5] = [".ttf", ".otf", ".ttc", ".cff", ".woff"];

/// Parts of a document that are read, or say nothing.
const SHOWN: [&str; 4] = ["CommonData", "Pages", "VPreferences", "Permissions"];
/// Parts of its description that tell of nobody.
const HARMLESS: [&str; 6] = ["DocID", "CreationDate", "ModDate", "Creator", "CreatorVersion", "DocUsage"];

/// A document that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ofd {
    /// Its pages.
    pub pages: Vec<OfdPage>,
    /// Whether the package holds more than text, layout and fonts: pictures, seals, annotations, attachments, other versions.
    pub more: bool,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfdPage {
    /// The words on it, line by line.
    pub text: String,
    /// Whether it shows something that cannot be read as words, or holds words that are not shown.
    pub unread: bool,
}

impl Ofd {
    /// All words, a line for each line.
    pub fn text(&self) -> String {
        self.pages.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// The name without the prefix of the namespace.
fn is(element: &Element, name: &str) -> bool {
    element.name.rsplit(':').next() == Some(name)
}

fn child<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.elements().find(|e| is(e, name))
}

/// Where a location leads that stands in the part `from`: absolute behind a slash, else beside that part.
fn beside(from: &str, location: &str) -> String {
    let location = location.trim().replace('\\', "/");
    if let Some(absolute) = location.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in location.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The words of an OFD document.
///
/// # Errors
/// [`Unusable`] as for every package; [`Unusable::Broken`] where the document or a page it names is missing.
pub fn ofd(bytes: &[u8]) -> Result<Ofd, Unusable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unusable::TooLarge);
    }
    let package = Package::open(bytes)?;
    let part = |name: &str| package.part(name).ok_or(Unusable::Broken).and_then(tree);
    let root = part("OFD.xml")?;
    let bodies: Vec<&Element> = root.elements().filter(|e| is(e, "DocBody")).collect();
    let first = bodies.first().and_then(|body| child(body, "DocRoot")).ok_or(Unusable::Broken)?;
    let at = beside("OFD.xml", &first.text());
    let document = part(&at)?;
    let mut known = vec!["ofd.xml".to_owned(), at.to_lowercase()];
    if let Some(common) = child(&document, "CommonData") {
        let shared = common.elements().filter(|e| is(e, "PublicRes") || is(e, "DocumentRes"));
        known.extend(shared.map(|e| beside(&at, &e.text()).to_lowercase()));
    }
    let named: Vec<&Element> =
        child(&document, "Pages").into_iter().flat_map(Element::elements).filter(|e| is(e, "Page")).collect();
    if named.len() > MAX_PAGES {
        return Err(Unusable::TooManyPages);
    }
    let mut read = Ofd::default();
    for page in named {
        let location = page.attribute("BaseLoc").ok_or(Unusable::Broken)?;
        let name = beside(&at, location);
        // A page that is named again and again would be read as often.
        if known.contains(&name.to_lowercase()) {
            return Err(Unusable::Broken);
        }
        read.pages.push(page_of(&part(&name)?));
        known.push(name.to_lowercase());
    }
    let folder = |name: &str| name.ends_with('/');
    let more =
        package.parts().iter().map(|p| p.name.trim_start_matches('/').replace('\\', "/").to_lowercase());
    read.more = bodies.len() != 1
        || bodies.iter().any(|body| body.elements().any(tells_more))
        || document.elements().any(|e| !SHOWN.iter().any(|name| is(e, name)))
        || !package.stowed.is_empty()
        || more
            .into_iter()
            .any(|name| !folder(&name) && !known.contains(&name) && !FONTS.iter().any(|f| name.ends_with(f)));
    Ok(read)
}

/// Whether a part of the description of a document tells more than when, and with which program, it was made.
fn tells_more(part: &Element) -> bool {
    let harmless = |e: &Element| HARMLESS.iter().any(|name| is(e, name)) || e.text().trim().is_empty();
    if is(part, "DocInfo") { !part.elements().all(harmless) } else { !is(part, "DocRoot") }
}

fn page_of(page: &Element) -> OfdPage {
    let mut lines = Lines::default();
    lines.page.unread = page.elements().any(|e| is(e, "Template") || is(e, "PageRes"));
    if let Some(content) = child(page, "Content") {
        content.elements().for_each(|layer| lines.block(layer));
    }
    lines.page
}

/// A page as its lines are found.
#[derive(Default)]
struct Lines {
    page: OfdPage,
    /// Base line, right edge and size of the letters of the last object.
    last: Option<(f64, f64, f64)>,
}

impl Lines {
    fn block(&mut self, block: &Element) {
        for object in block.elements() {
            match object.name.rsplit(':').next().unwrap_or_default() {
                "TextObject" => self.text(object),
                "Layer" | "PageBlock" => self.block(object),
                "PathObject" => {}
                _ => self.page.unread = true,
            }
        }
    }

    fn text(&mut self, object: &Element) {
        let numbers = |name: &str| -> Vec<f64> {
            object
                .attribute(name)
                .unwrap_or_default()
                .split_whitespace()
                .filter_map(|n| n.parse().ok())
                .collect()
        };
        self.page.unread |= object.elements().any(|e| is(e, "CGTransform"));
        let boundary = numbers("Boundary");
        let left = boundary.first().copied().unwrap_or_default();
        let right = left + boundary.get(2).copied().unwrap_or_default();
        let hidden = object.attribute("Visible") == Some("false") || object.attribute("Alpha") == Some("0");
        let top = boundary.get(1).copied().unwrap_or_default();
        let size = numbers("Size").first().copied().unwrap_or(1.0);
        for code in object.elements().filter(|e| is(e, "TextCode")) {
            let text = code.text();
            if hidden {
                self.page.unread |= !text.trim().is_empty();
                continue;
            }
            let y = code.attribute("Y").and_then(|y| y.parse::<f64>().ok()).unwrap_or_default();
            let base = top + y;
            let text = text.replace(['\r', '\n'], "");
            if let Some((last, end, of)) = self.last {
                if (base - last).abs() > size.max(of) * SAME_LINE {
                    self.page.text.push('\n');
                } else if left - end > size * GAP || joins_numbers(&self.page.text, &text) {
                    self.page.text.push(' ');
                }
            }
            self.page.text.push_str(&text);
            self.last = Some((base, right, size));
        }
    }
}

/// Whether two numbers or Latin words would become one: the check looks for numbers that stand alone, with blanks or without.
fn joins_numbers(before: &str, after: &str) -> bool {
    let end = before.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    end && after.chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::package::{Part, pack};
    use super::*;

    const OFD: &str = r#"<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody>
        <ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#;
    const DOCUMENT: &str = r#"<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData>
        <ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>
        <ofd:Page ID="2" BaseLoc="/Doc_0/Pages/Page_1/Content.xml"/></ofd:Pages></ofd:Document>"#;

    fn line(y: u32, text: &str) -> String {
        format!(
            r#"<ofd:TextObject ID="3" Boundary="30 {y} 100 6" Font="2" Size="5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>"#
        )
    }

    fn page(objects: &str) -> String {
        format!(
            r#"<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="9">{objects}</ofd:Layer></ofd:Content></ofd:Page>"#
        )
    }

    fn package(second: &str, others: &[(&str, &str)]) -> Vec<u8> {
        let first = page(&[line(30, "样本市人民"), line(30, "政府"), line(50, "关于某事的通知")].concat());
        let second = page(second);
        let mut all = vec![
            ("OFD.xml", OFD),
            ("Doc_0/Document.xml", DOCUMENT),
            ("Doc_0/PublicRes.xml", "<ofd:Res xmlns:ofd=\"http://www.ofdspec.org/2016\"/>"),
            ("Doc_0/Pages/Page_0/Content.xml", &first),
            ("Doc_0/Pages/Page_1/Content.xml", &second),
            ("Doc_0/Res/font_1.ttf", "字体"),
        ];
        all.extend(others);
        let parts: Vec<Part> =
            all.into_iter().map(|(name, text)| Part { name: name.into(), bytes: text.into() }).collect();
        pack(&parts).unwrap()
    }

    #[test]
    fn words_are_read_in_the_order_of_pages_and_lines() {
        let read = ofd(&package(&line(30, "第二页"), &[])).unwrap();
        assert_eq!(read.text(), "样本市人民政府\n关于某事的通知\n第二页");
        assert!(!read.more && read.pages.iter().all(|p| !p.unread));
    }

    #[test]
    fn what_is_not_words_is_told() {
        let hidden = line(30, "隐藏的字").replace("<ofd:TextObject", r#"<ofd:TextObject Visible="false""#);
        for second in [&hidden, r#"<ofd:ImageObject ID="4" ResourceID="5"/>"#] {
            let read = ofd(&package(second, &[])).unwrap();
            assert!(read.pages[1].unread && !read.text().contains('隐'), "{second}");
        }
        for other in ["Doc_0/Res/image_1.jb2", "Doc_0/Annots/Annotations.xml", "Doc_0/Signs/Sign_0/Seal.esl"]
        {
            assert!(ofd(&package("", &[(other, "某")])).unwrap().more, "{other}");
        }
    }

    #[test]
    fn cells_of_one_line_stay_apart() {
        let cell = |x: u32, text: &str| line(30, text).replace("\"30 30 100", &format!("\"{x} 30 20"));
        let second = [cell(10, "1"), cell(30, "13800138000"), cell(80, "张某"), cell(100, "样本")].concat();
        assert_eq!(ofd(&package(&second, &[])).unwrap().pages[1].text, "1 13800138000 张某样本");
    }

    #[test]
    fn who_made_it_and_what_it_can_do_is_told() {
        let read = |of: &str, document: &str| {
            let parts = [("OFD.xml", of), ("Doc_0/Document.xml", document)]
                .into_iter()
                .map(|(n, t)| (n, t.to_owned()));
            let pages =
                ["Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_1/Content.xml"].map(|n| (n, page("")));
            let parts = parts.chain(pages).map(|(name, text)| Part { name: name.into(), bytes: text.into() });
            ofd(&pack(&parts.collect::<Vec<_>>()).unwrap())
        };
        assert!(!read(OFD, DOCUMENT).unwrap().more);
        let author = OFD.replace("</ofd:DocInfo>", "<ofd:Author>某</ofd:Author></ofd:DocInfo>");
        assert!(read(&author, DOCUMENT).unwrap().more);
        let marks = DOCUMENT.replace("</ofd:Document>", "<ofd:Bookmarks/></ofd:Document>");
        assert!(read(OFD, &marks).unwrap().more);
        let twice = DOCUMENT.replace("/Doc_0/Pages/Page_1", "Pages/Page_0");
        assert_eq!(read(OFD, &twice), Err(Unusable::Broken), "a page named twice");
    }

    #[test]
    fn what_is_broken_is_refused() {
        let whole = package("", &[]);
        assert_eq!(ofd(&whole[..whole.len() / 2]), Err(Unusable::Broken));
        let parts = |all: &[(&str, &str)]| {
            let parts: Vec<Part> = all
                .iter()
                .map(|(name, text)| Part { name: (*name).into(), bytes: text.as_bytes().into() })
                .collect();
            ofd(&pack(&parts).unwrap())
        };
        assert_eq!(parts(&[("OFD.xml", OFD)]), Err(Unusable::Broken), "no document");
        assert_eq!(
            parts(&[("OFD.xml", OFD), ("Doc_0/Document.xml", DOCUMENT)]),
            Err(Unusable::Broken),
            "no page"
        );
        assert_eq!(parts(&[("OFD.xml", "<a>")]), Err(Unusable::Broken));
    }

    #[test]
    fn a_location_is_beside_its_part() {
        assert_eq!(beside("Doc_0/Document.xml", "./Pages/../Pages/P.xml"), "Doc_0/Pages/P.xml");
        assert_eq!(beside("OFD.xml", "/Doc_0/Document.xml"), "Doc_0/Document.xml");
        assert_eq!(beside("OFD.xml", "../../x"), "x");
    }
}
