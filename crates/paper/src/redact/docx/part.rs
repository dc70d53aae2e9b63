//! The parts of the new package besides its texts.

use crate::redact::xml::Element;

/// One text of the document with a part of its own.
pub(in crate::redact) struct Story {
    /// `document`, `header`, `footer`, `footnote` or `endnote`.
    pub(super) kind: &'static str,
    /// Name of its part, and id of its relation.
    pub(super) name: String,
    /// The id by which the old document referred to it.
    pub(super) answers: Option<String>,
    pub(super) root: Element,
}

impl Story {
    pub(super) fn new(kind: &'static str, name: &str, root: Element) -> Story {
        let name = if name.is_empty() { "document" } else { name };
        Story { kind, name: name.to_owned(), answers: None, root }
    }

    pub(super) fn answering(mut self, id: String) -> Story {
        self.answers = Some(id);
        self
    }

    pub(super) fn file(&self) -> String {
        format!("word/{}.xml", self.name)
    }

    /// What people call it.
    pub(in crate::redact) fn label(&self) -> &'static str {
        match self.kind {
            "header" => "页眉",
            "footer" => "页脚",
            "footnote" => "脚注",
            "endnote" => "尾注",
            _ => "正文",
        }
    }
}

/// The declarations of every prefix that the new parts use.
pub(super) const ROOT: &str = concat!(
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" ",
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
);

const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// The package begins at the document, and at nothing else: no properties, no thumbnail.
pub(super) const RELATIONSHIPS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" ",
    "Target=\"word/document.xml\"/></Relationships>"
);

pub(super) fn content_types(stories: &[Story], styles: bool, numbering: bool) -> Vec<u8> {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    ));
    let mut add = |file: &str, kind: &str| {
        out.push_str(&format!("<Override PartName=\"/{file}\" ContentType=\"{TYPES}{kind}+xml\"/>"));
    };
    for story in stories {
        let kind = match story.kind {
            "document" => "document.main",
            "footnote" => "footnotes",
            "endnote" => "endnotes",
            kind => kind,
        };
        add(&story.file(), kind);
    }
    add("word/settings.xml", "settings");
    for (there, name) in [(styles, "styles"), (numbering, "numbering")] {
        if there {
            add(&format!("word/{name}.xml"), name);
        }
    }
    out.push_str("</Types>");
    out.into_bytes()
}

pub(super) fn relationships(stories: &[Story], styles: bool, numbering: bool) -> Vec<u8> {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    ));
    let mut add = |id: &str, kind: &str| {
        out.push_str(&format!("<Relationship Id=\"{id}\" Type=\"{RELATION}{kind}\" Target=\"{id}.xml\"/>"));
    };
    for story in stories.iter().filter(|s| s.kind != "document") {
        let kind = match story.kind {
            "footnote" => "footnotes",
            "endnote" => "endnotes",
            kind => kind,
        };
        add(&story.name, kind);
    }
    add("settings", "settings");
    for (there, name) in [(styles, "styles"), (numbering, "numbering")] {
        if there {
            add(name, name);
        }
    }
    out.push_str("</Relationships>");
    out.into_bytes()
}

pub(super) fn settings(even_and_odd: bool) -> Vec<u8> {
    let inner = if even_and_odd { "<w:evenAndOddHeaders/>" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:settings {ROOT}>{inner}\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
    .into_bytes()
}
