//! DOCX and XLSX: every part, every attribute, what lies between the entries.

use super::Search;
use crate::plain::{BREAK, Plain};
use crate::redact::package::{Package, Part};
use crate::redact::xml;
use roxmltree::Node;

pub(super) fn search(bytes: &[u8], search: &mut Search) {
    let package = match Package::open(bytes) {
        Ok(package) => package,
        Err(unusable) => return search.unusable(&unusable),
    };
    if package.has_macros() {
        search.hidden("文件", "宏");
    }
    if !package.stowed.is_empty() {
        search.hidden("压缩包", "条目之外的数据");
        search.bytes("压缩包", &package.stowed);
    }
    let shared = shared_strings(&package);
    for part in package.parts() {
        let place = label(&part.name);
        search.text(&format!("{place}的部件名"), &part.name);
        if let Some(what) = hidden_part(&part.name) {
            search.hidden(place, what);
        }
        search.raw(place, &part.bytes, false);
        content(part, place, &shared, search);
    }
}

fn content(part: &Part, place: &str, shared: &[String], search: &mut Search) {
    let bytes = &part.bytes[..];
    let text = match xml::decoded(bytes) {
        Ok(text) if text.trim_start().starts_with('<') => text,
        _ => {
            match bytes {
                [b'P', b'K', 3, 4, ..] => search.within(place, |search| self::search(bytes, search)),
                [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
                    super::picture::search(bytes, place, search)
                }
                [] => {}
                _ => {
                    search.unreadable(place, &format!("部件{}", part.name));
                    search.bytes(place, bytes);
                }
            }
            return;
        }
    };
    let sheet = part.name.to_lowercase().contains("worksheets/");
    let read = xml::parse(text.as_bytes(), |document| {
        let mut reader = Reader { text: String::new(), shared: if sheet { shared } else { &[] } };
        reader.walk(document.root());
        search.plain(place, &Plain::new(&reader.text), true);
        for node in document.descendants() {
            for attribute in node.attributes() {
                search.value(place, attribute.value());
            }
            if node.is_comment() || node.is_pi() {
                search.text(place, node.text().unwrap_or_default());
                if node.is_comment() {
                    search.hidden(place, "XML注释");
                } else if let Some(value) = node.pi().and_then(|pi| pi.value) {
                    search.text(place, value);
                }
            }
        }
        hidden_content(document.root_element(), place, search);
    });
    if read.is_err() {
        search.unreadable(place, &format!("部件{}", part.name));
        search.text(place, &text);
    }
}

/// What people call a part.
fn label(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let labels = [
        ("docprops/", "文档属性"),
        ("comments", "批注"),
        ("threadedcomment", "批注"),
        ("persons/", "批注"),
        ("footnotes", "脚注"),
        ("endnotes", "尾注"),
        ("header", "页眉"),
        ("footer", "页脚"),
        ("customxml/", "自定义XML"),
        ("embeddings/", "嵌入文件"),
        ("media/", "图片"),
        ("sharedstrings", "工作表文字"),
        ("worksheets/", "工作表"),
        ("workbook", "工作簿"),
        ("pivot", "数据透视表"),
        ("externallinks/", "外部链接"),
        ("styles", "样式"),
        ("settings", "设置"),
        ("charts/", "图表"),
        ("glossary/", "文档部件"),
        ("_rels/", "链接"),
        ("word/document", "正文"),
    ];
    labels.iter().find(|(part, _)| name.contains(part)).map_or("其他部件", |(_, label)| label)
}

/// Parts that no reader of the document sees, or that carry files of their own.
fn hidden_part(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let parts = [
        ("comments", "批注"),
        ("threadedcomment", "批注"),
        ("persons/", "批注人"),
        ("customxml/", "自定义XML"),
        ("embeddings/", "嵌入文件"),
        ("activex/", "控件"),
        ("externallinks/", "外部链接"),
        ("pivotcache/", "数据透视缓存"),
        ("querytables/", "外部查询"),
        ("connections.xml", "外部连接"),
        ("glossary/", "文档部件"),
        ("revisions/", "修订记录"),
        ("printersettings", "打印机设置"),
        ("thumbnail", "缩略图"),
        ("attachedtoolbars", "工具栏"),
        ("docprops/custom", "自定义属性"),
    ];
    parts.iter().find(|(part, _)| name.contains(part)).map(|(_, what)| *what)
}

/// Elements and attributes that hide.
fn hidden_content(root: Node<'_, '_>, place: &str, search: &mut Search) {
    let is = |node: Node<'_, '_>, name: &str, values: &[&str]| {
        node.attributes().any(|a| a.name() == name && values.contains(&a.value()))
    };
    let says_no = |node: Node<'_, '_>| is(node, "val", &["0", "false", "off"]);
    for node in root.descendants().filter(Node::is_element) {
        let word = node.tag_name().namespace().is_some_and(|n| n.contains("wordprocessingml"));
        let what = match node.tag_name().name() {
            "ins" | "del" | "moveFrom" | "moveTo" | "rPrChange" | "pPrChange" | "tblPrChange"
            | "sectPrChange" | "trPrChange" | "tcPrChange" | "numberingChange" | "cellIns" | "cellDel"
            | "delText" | "delInstrText"
                if word =>
            {
                "修订痕迹"
            }
            "vanish" | "webHidden" | "specVanish" if word && !says_no(node) => "隐藏文字",
            "commentReference" | "commentRangeStart" if word => "批注",
            "altChunk" | "object" | "control" | "subDoc" if word => "嵌入内容",
            "sheet" if is(node, "state", &["hidden", "veryHidden"]) => "隐藏的工作表",
            "row" | "col" if is(node, "hidden", &["1", "true"]) => "隐藏的行或者列",
            "definedName" => "定义的名称",
            "legacyDrawing" | "legacyDrawingHF" | "oleObject" | "controls" => "批注或者嵌入对象",
            "f" if node.tag_name().namespace().is_some_and(|n| n.contains("spreadsheetml")) => "公式",
            _ => continue,
        };
        search.hidden(place, what);
    }
    for relation in root.descendants().filter(|n| n.tag_name().name() == "Relationship") {
        // A link for the reader is no secret; a template or a picture that is fetched tells who reads.
        let kind = relation.attribute("Type").unwrap_or_default();
        if relation.attribute("TargetMode") == Some("External") && !kind.ends_with("/hyperlink") {
            search.hidden(place, "外部链接");
        }
    }
}

/// All words of a part in one line: runs are joined, paragraphs and cells kept apart.
struct Reader<'a> {
    text: String,
    /// Of a sheet, the strings its cells point to.
    shared: &'a [String],
}

impl Reader<'_> {
    fn walk(&mut self, node: Node<'_, '_>) {
        if node.is_text() {
            self.text.push_str(node.text().unwrap_or_default());
            return;
        }
        let name = node.tag_name().name();
        if name == "c" && node.attributes().any(|a| a.name() == "t" && a.value() == "s") {
            let index = node
                .children()
                .find(|n| n.tag_name().name() == "v")
                .and_then(|v| v.text()?.trim().parse::<usize>().ok());
            if let Some(text) = index.and_then(|i| self.shared.get(i)) {
                self.text.push_str(text);
            }
        } else {
            node.children().for_each(|child| self.walk(child));
        }
        let joins = matches!(
            name,
            "r" | "t"
                | "hyperlink"
                | "ins"
                | "del"
                | "moveTo"
                | "moveFrom"
                | "smartTag"
                | "rPr"
                | "fldSimple"
                | "delText"
                | "instrText"
                | "fldChar"
                | "proofErr"
                | "bookmarkStart"
                | "bookmarkEnd"
                | "sdt"
                | "sdtContent"
                | "ruby"
                | "rubyBase"
                | "lastRenderedPageBreak"
                | "commentRangeStart"
                | "commentRangeEnd"
                | "tab"
                | "br"
                | "b"
                | "i"
                | "sz"
                | "color"
                | "rFonts"
                | "u"
                | "lang"
                | "noProof"
                | "softHyphen"
                | "noBreakHyphen"
        );
        if !joins {
            self.text.push(BREAK);
        }
    }
}

fn shared_strings(package: &Package) -> Vec<String> {
    let Some(bytes) = package.part("xl/sharedStrings.xml") else { return Vec::new() };
    let strings = |document: &roxmltree::Document<'_>| {
        let items = document.descendants().filter(|n| n.tag_name().name() == "si");
        let text = |item: Node<'_, '_>| {
            let texts = item.descendants().filter(|n| n.tag_name().name() == "t");
            texts.filter_map(|t| t.text()).collect::<String>()
        };
        items.map(text).collect()
    };
    xml::parse(bytes, strings).unwrap_or_default()
}
