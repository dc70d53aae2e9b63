//! XML of office files: read into owned trees with fixed prefixes, and written.

use super::unusable::Unusable;
use std::borrow::Cow;

/// Deeper than any program writes; readers and writers here recurse.
const MAX_DEPTH: usize = 256;
const MAX_NODES: u32 = 8_000_000;

/// An element. Names carry the usual prefix of their namespace (`w:p`), whatever prefix the file used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    pub(super) name: Cow<'static, str>,
    pub(super) attributes: Vec<(Cow<'static, str>, String)>,
    pub(super) children: Vec<Node>,
}

/// What an element contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn new(name: &'static str) -> Element {
        Element { name: Cow::Borrowed(name), ..Element::default() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Element {
        self.attributes.push((Cow::Borrowed(name), value.into()));
        self
    }

    pub(super) fn holding(mut self, children: impl IntoIterator<Item = Node>) -> Element {
        self.children.extend(children);
        self
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| &**value)
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| if let Node::Element(e) = node { Some(e) } else { None })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|e| e.name == name)
    }

    /// All text within, in order.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(t) => text.push_str(t),
                Node::Element(e) => e.push_text(text),
            }
        }
    }
}

/// The namespaces that matter, by a part of their name that the transitional and the strict standard share.
const PREFIXES: [(&str, &str); 14] = [
    ("wordprocessingml/2006/main", "w:"),
    ("ooxml/wordprocessingml/main", "w:"),
    ("spreadsheetml/2006/main", ""),
    ("ooxml/spreadsheetml/main", ""),
    ("officeDocument/2006/relationships", "r:"),
    ("ooxml/officeDocument/relationships", "r:"),
    ("package/2006/relationships", ""),
    ("markup-compatibility/2006", "mc:"),
    ("drawingml/2006/main", "a:"),
    ("ooxml/drawingml/main", "a:"),
    ("officeDocument/2006/math", "m:"),
    ("ooxml/officeDocument/math", "m:"),
    ("schemas-microsoft-com:vml", "v:"),
    ("XML/1998/namespace", "xml:"),
];

/// Text in UTF-8 or, with a byte order mark, UTF-16.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unusable> {
    match bytes {
        [0xfe, 0xff, rest @ ..] => Ok(Cow::Owned(encoding_rs::UTF_16BE.decode(rest).0.into_owned())),
        [0xff, 0xfe, rest @ ..] => Ok(Cow::Owned(encoding_rs::UTF_16LE.decode(rest).0.into_owned())),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|_| Unusable::Broken)
        }
    }
}

/// Hands over the parsed document. Document types, and with them entities, are refused.
///
/// # Errors
/// [`Unusable::Broken`] for what is not XML, [`Unusable::Bomb`] for what is too deep.
pub(crate) fn parse<T>(
    bytes: &[u8],
    read: impl FnOnce(&roxmltree::Document<'_>) -> T,
) -> Result<T, Unusable> {
    let text = decoded(bytes)?;
    if depth(text.as_bytes()) > MAX_DEPTH {
        return Err(Unusable::Bomb);
    }
    let options = roxmltree::ParsingOptions { nodes_limit: MAX_NODES, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&text, options).map_err(|_| Unusable::Broken)?;
    Ok(read(&document))
}

/// The document as an owned tree. Comments and processing instructions are left out.
pub(super) fn tree(bytes: &[u8]) -> Result<Element, Unusable> {
    parse(bytes, |document| owned(document.root_element()))
}

fn owned(node: roxmltree::Node<'_, '_>) -> Element {
    let name = |namespace: Option<&str>, local: &str| -> Cow<'static, str> {
        let namespace = namespace.unwrap_or_default();
        let prefix = PREFIXES.iter().find(|(part, _)| namespace.contains(part)).map(|(_, prefix)| *prefix);
        Cow::Owned(format!("{}{local}", prefix.unwrap_or(if namespace.is_empty() { "" } else { "x:" })))
    };
    Element {
        name: name(node.tag_name().namespace(), node.tag_name().name()),
        attributes: node
            .attributes()
            .map(|a| (name(a.namespace(), a.name()), a.value().to_owned()))
            .collect(),
        children: node
            .children()
            .filter_map(|child| {
                if child.is_element() {
                    Some(Node::Element(owned(child)))
                } else {
                    child.is_text().then(|| Node::Text(child.text().unwrap_or_default().to_owned()))
                }
            })
            .collect(),
    }
}

/// How deep the tags nest, read in one pass and before the parser, which recurses.
fn depth(text: &[u8]) -> usize {
    let (mut now, mut deepest, mut at) = (0_usize, 0, 0);
    let after = |from: usize, end: &[u8]| {
        text[from..].windows(end.len()).position(|w| w == end).map_or(text.len(), |n| from + n + end.len())
    };
    while let Some(open) = text[at..].iter().position(|b| *b == b'<') {
        let tag = at + open;
        at = match &text[tag..] {
            [b'<', b'!', b'-', b'-', ..] => after(tag, b"-->"),
            [b'<', b'!', b'[', ..] => after(tag, b"]]>"),
            [b'<', b'?', ..] => after(tag, b"?>"),
            [b'<', b'!', ..] => tag + 2,
            [b'<', b'/', ..] => {
                now = now.saturating_sub(1);
                tag + 2
            }
            _ => {
                let end = end_of_tag(text, tag + 1);
                if text.get(end - 1) != Some(&b'/') {
                    now += 1;
                    deepest = deepest.max(now);
                }
                end
            }
        };
    }
    deepest
}

/// Where the tag ends that begins before `from`: at a bracket outside quotes.
fn end_of_tag(text: &[u8], from: usize) -> usize {
    let mut quote = None;
    for (n, b) in text[from..].iter().enumerate() {
        match (quote, b) {
            (None, b'>' | b'<') => return from + n,
            (None, b'"' | b'\'') => quote = Some(*b),
            (Some(q), b) if q == *b => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The tree as a file. `root` is written into the first tag as it is: the declarations of the prefixes.
pub(super) fn written(element: &Element, root: &str) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    write(element, root, &mut out);
    out.into_bytes()
}

fn write(element: &Element, root: &str, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    if !root.is_empty() {
        out.push(' ');
        out.push_str(root);
    }
    for (name, value) in &element.attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, out);
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for node in &element.children {
        match node {
            Node::Element(e) => write(e, "", out),
            Node::Text(text) => escape(text, out),
        }
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_the_file_do_not_matter() {
        let file = "<q:p xmlns:q='http://schemas.openxmlformats.org/wordprocessingml/2006/main' q:x='1'>a&amp;<q:t/>b</q:p>";
        let tree = tree(file.as_bytes()).unwrap();
        assert_eq!((&*tree.name, tree.attribute("w:x"), tree.text()), ("w:p", Some("1"), "a&b".into()));
        assert!(
            String::from_utf8(written(&tree, "")).unwrap().ends_with("<w:p w:x=\"1\">a&amp;<w:t/>b</w:p>")
        );
    }

    #[test]
    fn entities_and_depth_are_refused() {
        assert_eq!(tree(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), Err(Unusable::Broken));
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(tree(deep.as_bytes()), Err(Unusable::Bomb));
        // A closing tag within an instruction closes nothing.
        let hidden = format!("{}{}", "<a><?x </a?>".repeat(5_000), "</a>".repeat(5_000));
        assert_eq!(tree(hidden.as_bytes()), Err(Unusable::Bomb));
        assert_eq!(tree(b"\xff\xfe<\0a\0/\0>\0").unwrap().name, "a");
    }
}
