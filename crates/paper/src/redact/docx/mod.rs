//! DOCX: a new package of what a reader of the document sees.
//!
//! [`filter`] takes the visible text and its layout out of the old parts by a list of what is allowed; everything else
//! (comments, tracked changes, hidden text, field codes, link targets, properties, custom XML, embedded files, pictures,
//! macros, revision marks) never reaches the new package. [`words`] then removes the marked words.

mod filter;
mod part;
mod words;

use super::package::{Package, Part, pack};
use super::unusable::Unusable;
use super::xml::{self, Element, Node};
use filter::Filter;
use part::{RELATIONSHIPS, ROOT, Story, content_types, relationships, settings};
use std::collections::{BTreeMap, BTreeSet};

pub(super) use words::Words;

/// The visible document: its texts, and the parts that lay them out.
pub(super) struct Document {
    /// The body first, then headers, footers, footnotes and endnotes.
    pub(super) stories: Vec<Story>,
    styles: Option<Element>,
    numbering: Option<Element>,
    even_and_odd: bool,
    /// Pictures and drawings that were left out.
    pub(super) pictures: usize,
}

impl Document {
    /// The visible document of a package.
    ///
    /// # Errors
    /// [`Unusable::Broken`] without a body, or if a part is no XML.
    pub(super) fn read(package: &Package) -> Result<Document, Unusable> {
        let part = |name: &str| package.part(name).map(xml::tree).transpose();
        let links = part("word/_rels/document.xml.rels")?.map(|r| links(&r)).unwrap_or_default();
        let settings = part("word/settings.xml")?;
        let styles = part("word/styles.xml")?;
        let mut filter = Filter::new(styles.as_ref(), &links);
        let body =
            filter.body(&part("word/document.xml")?.ok_or(Unusable::Broken)?).ok_or(Unusable::Broken)?;
        let mut stories = vec![Story::new("document", "", body)];
        for (kind, id) in filter.used.clone() {
            let Some((_, target)) = links.get(&id) else { continue };
            if let Some(root) = part(target)? {
                let name = format!("{kind}{}", stories.len());
                stories.push(Story::new(kind, &name, filter.story(&root)).answering(id));
            }
        }
        for kind in ["footnote", "endnote"] {
            let target =
                links.values().find(|(k, _)| k == &format!("{kind}s")).map(|(_, target)| target.clone());
            if let Some(target) = target
                && let Some(root) = part(&target)?
            {
                stories.push(Story::new(kind, &format!("{kind}s"), filter.notes(&root, kind)));
            }
        }
        let numbering = part("word/numbering.xml")?;
        Ok(Document {
            styles: styles.map(|s| filter.layout(&s)),
            numbering: numbering.map(|n| filter.layout(&n)),
            even_and_odd: settings.is_some_and(|s| s.child("w:evenAndOddHeaders").is_some()),
            pictures: filter.pictures,
            stories,
        })
    }

    /// The paragraphs in order, over all stories.
    pub(super) fn paragraphs(&self) -> Vec<String> {
        let mut all = Vec::new();
        for story in &self.stories {
            paragraphs(&story.root, &mut all);
        }
        all
    }

    /// The paragraphs with the name of the part they stand in.
    pub(super) fn labelled(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        for story in &self.stories {
            let mut own = Vec::new();
            paragraphs(&story.root, &mut own);
            all.extend(own.into_iter().map(|text| (story.label(), text)));
        }
        all
    }

    /// The new package.
    pub(super) fn pack(self, banned: &dyn Fn(&str) -> bool) -> Result<Vec<u8>, Unusable> {
        let ids: BTreeMap<String, String> =
            self.stories.iter().filter_map(|s| Some((s.answers.clone()?, s.name.clone()))).collect();
        let mut parts = vec![
            Part {
                name: "[Content_Types].xml".into(),
                bytes: content_types(&self.stories, self.styles.is_some(), self.numbering.is_some()),
            },
            Part { name: "_rels/.rels".into(), bytes: RELATIONSHIPS.as_bytes().to_vec() },
            Part {
                name: "word/_rels/document.xml.rels".into(),
                bytes: relationships(&self.stories, self.styles.is_some(), self.numbering.is_some()),
            },
            Part { name: "word/settings.xml".into(), bytes: settings(self.even_and_odd) },
        ];
        let stories = self.stories.into_iter().map(|s| (s.file(), s.root));
        let layout = [("word/styles.xml", self.styles), ("word/numbering.xml", self.numbering)];
        let layout = layout.into_iter().filter_map(|(name, root)| Some((name.to_owned(), root?)));
        for (name, mut root) in stories.chain(layout) {
            finish(&mut root, &ids, banned);
            parts.push(Part { name, bytes: xml::written(&root, ROOT) });
        }
        pack(&parts)
    }
}

/// Relations of the document: kind and target part, by id.
type Links = BTreeMap<String, (String, String)>;

fn links(relations: &Element) -> Links {
    let relation = |e: &Element| {
        if e.attribute("TargetMode") == Some("External") {
            return None;
        }
        let kind = e.attribute("Type")?.rsplit('/').next()?.to_owned();
        let target = e.attribute("Target")?;
        let target = target.strip_prefix('/').map_or_else(|| format!("word/{target}"), str::to_owned);
        Some((e.attribute("Id")?.to_owned(), (kind, target)))
    };
    relations.elements().filter_map(relation).collect()
}

/// Points to the new parts, and takes away every attribute that says something banned.
fn finish(element: &mut Element, ids: &BTreeMap<String, String>, banned: &dyn Fn(&str) -> bool) {
    for (name, value) in &mut element.attributes {
        if name == "r:id" {
            *value = ids.get(value).cloned().unwrap_or_default();
        }
    }
    element.attributes.retain(|(_, value)| !banned(value));
    element.children.retain(|node| {
        !matches!(node, Node::Element(e)
            if matches!(&*e.name, "w:headerReference" | "w:footerReference")
                && !e.attribute("r:id").is_some_and(|id| ids.contains_key(id)))
    });
    for node in &mut element.children {
        if let Node::Element(e) = node {
            finish(e, ids, banned);
        }
    }
}

fn paragraphs(element: &Element, all: &mut Vec<String>) {
    if element.name == "w:p" {
        all.push(words::text(element));
        return;
    }
    for child in element.elements() {
        paragraphs(child, all);
    }
}

/// Ids that are referred to.
type Ids = BTreeSet<String>;
