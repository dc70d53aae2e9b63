//! Published items in a package (ZIP) for editors of the new media: a folder for each with its text plain and as HTML, and
//! its attachments under names that people read.

use crate::PaperError;
use crate::letter::text_html;
use crate::text::html;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Characters of a title in the name of a folder.
const LONGEST: usize = 40;

/// An item of a package.
#[derive(Debug, Clone, Default)]
pub struct BundleItem {
    /// 标题
    pub title: String,
    /// Labels and values that stand above the text, for example 发文字号.
    pub facts: Vec<(&'static str, String)>,
    /// 正文, a paragraph a line; may be empty.
    pub text: String,
    /// Where it is published.
    pub link: String,
    /// Names and contents.
    pub attachments: Vec<(String, Vec<u8>)>,
}

impl BundleItem {
    fn plain(&self) -> String {
        let facts: String = self.facts.iter().map(|(label, value)| format!("{label}：{value}\r\n")).collect();
        let text = self.text.replace("\r\n", "\n").replace('\n', "\r\n");
        format!("{}\r\n\r\n{facts}\r\n{text}\r\n\r\n原文链接：{}\r\n", self.title, self.link)
    }

    fn page(&self) -> String {
        let facts: String =
            self.facts.iter().map(|(label, value)| format!("<li>{label}：{}</li>\n", html(value))).collect();
        let (title, link) = (html(&self.title), html(&self.link));
        format!(
            "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n\
             <body>\n<h1>{title}</h1>\n<ul>\n{facts}</ul>\n{}<p>原文链接：<a href=\"{link}\">{link}</a></p>\n</body>\n</html>\n",
            text_html(&self.text)
        )
    }
}

/// A name that is no path and that every system can write, the same text for the same title.
fn name_of(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control());
    let plain = plain.map(|c| if "<>:\"/\\|?*".contains(c) { '_' } else { c });
    let name: String = plain.take(LONGEST).collect();
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() { "无标题".to_owned() } else { name.to_owned() }
}

/// The package of these items, in their order; the same items are the same bytes. `目录.txt` names them all.
///
/// # Errors
/// [`PaperError::Bundle`] if a part cannot be written.
pub fn bundle(items: &[BundleItem]) -> Result<Vec<u8>, PaperError> {
    let failed = |e: zip::result::ZipError| PaperError::Bundle(e.to_string());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut put = |name: String, bytes: &[u8]| {
        writer.start_file(name, options).map_err(failed)?;
        writer.write_all(bytes).map_err(|e| PaperError::Bundle(e.to_string()))
    };
    let lines = items.iter().zip(1..).map(|(i, n): (_, u32)| format!("{n:02} {}\r\n{}\r\n", i.title, i.link));
    put("目录.txt".to_owned(), lines.collect::<Vec<_>>().join("\r\n").as_bytes())?;
    for (item, n) in items.iter().zip(1u32..) {
        let folder = format!("{n:02} {}", name_of(&item.title));
        put(format!("{folder}/正文.txt"), item.plain().as_bytes())?;
        put(format!("{folder}/正文.html"), item.page().as_bytes())?;
        let mut taken = BTreeSet::new();
        for (name, content) in &item.attachments {
            let name = free(name, &mut taken);
            put(format!("{folder}/附件/{name}"), content)?;
        }
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}

/// A name that no other attachment has, whatever its case.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem = name_of(stem);
    let ending = if ending.is_empty() { String::new() } else { format!(".{}", name_of(ending)) };
    let numbered = |n: usize| if n == 1 { String::new() } else { format!("（{n}）") };
    let mut all = (1..).map(|n| format!("{stem}{}{ending}", numbered(n)));
    let name = all.find(|name| taken.insert(name.to_lowercase()));
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn read(bytes: &[u8]) -> Vec<(String, String)> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|n| {
                let mut part = archive.by_index(n).unwrap();
                let mut text = String::new();
                part.read_to_string(&mut text).unwrap();
                (part.name().unwrap().into_owned(), text)
            })
            .collect()
    }

    #[test]
    fn editors_find_text_attachments_and_link_under_names_they_can_read() {
        let item = BundleItem {
            title: "关于<样例>的/通知".into(),
            facts: vec![("发文字号", "示政发〔2020〕1号".into())],
            text: "各单位：\n<b>正文</b>".into(),
            link: "https://gk.example.gov.cn/documents/1?a&b".into(),
            attachments: vec![
                ("图表.csv".into(), b"a".to_vec()),
                ("图表.CSV".into(), b"b".to_vec()),
                ("../../etc/passwd".into(), b"c".to_vec()),
            ],
        };
        let bytes =
            bundle(&[item.clone(), BundleItem { title: "..".into(), ..BundleItem::default() }]).unwrap();
        let parts = read(&bytes);
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "目录.txt",
                "01 关于_样例_的_通知/正文.txt",
                "01 关于_样例_的_通知/正文.html",
                "01 关于_样例_的_通知/附件/图表.csv",
                "01 关于_样例_的_通知/附件/图表（2）.CSV",
                "01 关于_样例_的_通知/附件/_._etc_passwd",
                "02 无标题/正文.txt",
                "02 无标题/正文.html",
            ]
        );
        let (plain, page) = (&parts[1].1, &parts[2].1);
        assert!(plain.contains("发文字号：示政发〔2020〕1号") && plain.contains("<b>正文</b>"), "{plain}");
        assert!(page.contains("&lt;b&gt;正文") && page.contains("documents/1?a&amp;b"), "{page}");
        assert!(!page.contains("<b>") && !page.contains("<样例>"), "{page}");
        assert!(parts[0].1.contains("01 关于<样例>的/通知\r\nhttps://gk.example.gov.cn"), "{}", parts[0].1);
        assert_eq!(
            bytes,
            bundle(&[item, BundleItem { title: "..".into(), ..BundleItem::default() }]).unwrap()
        );
    }
}
