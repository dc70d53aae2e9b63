//! What a file that a list names as 正文 is: its words, and whether the file itself is kept beside them.

use crate::file::kind::{decoded, judge};
use encoding_rs::GB18030;
use law::Refusal;
use law::docket::file::Media;
use paper::redact::{Source, ofd};
use paper::web_text;
use std::borrow::Cow;

/// Lines of a page that are as long as this, less a few characters, were wrapped and go on in the next.
const WRAPPED: usize = 20;
/// So many characters a wrapped line may be shorter than the longest: a mark or a word did not fit.
const SHORTER: usize = 3;
/// Bytes at the beginning of a page in which it says its encoding (HTML, 4.2.5.4).
const DECLARED: usize = 1024;
/// Endings of pages of the web.
const PAGES: [&str; 3] = [".html", ".htm", ".shtml"];

/// A file that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// What it is; none for a page of the web, which is not kept.
    pub media: Option<Media>,
    /// Its words, a line for each paragraph.
    pub text: Option<String>,
    /// Why there are none.
    pub why: Option<&'static str>,
}

impl Words {
    /// Whether the file is kept as an attachment: unless its words are all there is to it.
    pub fn keeps_file(&self) -> bool {
        !matches!((self.media, &self.text), (None | Some(Media::Text), Some(_)))
    }
}

/// Looks at a file.
///
/// # Errors
/// Why it may not come in.
pub(super) fn words(name: &str, content: &[u8]) -> Result<Words, Refusal> {
    let lower = name.to_lowercase();
    if PAGES.iter().any(|ending| lower.ends_with(ending)) {
        let text = page_text(content).map(|page| clean(&web_text(&page))).filter(|t| !t.is_empty());
        let text = text.ok_or_else(|| {
            Refusal::new("file-no-words", "网页中没有可以读取的文字，请另存为Word文档（DOCX）或者PDF", "")
        })?;
        return Ok(Words { media: None, text: Some(text), why: None });
    }
    let media = judge(content, name)?;
    let read = match media {
        Media::Text | Media::Page => decoded(content),
        Media::Docx => Source::open(content).ok().map(|source| {
            let body = source.paragraphs().iter().filter(|p| p.part == "正文");
            body.map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
        }),
        Media::Pdf => Source::open(content)
            .ok()
            .map(|source| flowing(source.pages().iter().map(|page| page.text.as_str()))),
        Media::Ofd => ofd(content).ok().map(|read| flowing(read.pages.iter().map(|page| page.text.as_str()))),
        Media::Csv | Media::Xlsx | Media::Png | Media::Jpeg | Media::Tiff => {
            return Ok(Words {
                media: Some(media),
                text: None,
                why: Some("不是文字文件，只作为附件保存，没有正文"),
            });
        }
    };
    let why = match (&read, media) {
        (None, _) => Some("不能读取文字，只作为附件保存，没有正文"),
        (Some(_), Media::Pdf) => Some("没有文字，可能是扫描件，只作为附件保存，没有正文"),
        (Some(_), _) => Some("没有文字，只作为附件保存，没有正文"),
    };
    let text = read.map(|text| clean(&text)).filter(|text| !text.is_empty());
    Ok(Words { media: Some(media), why: why.filter(|_| text.is_none()), text })
}

/// A page in the encoding it declares; in the one that it can be, where it declares none.
fn page_text(content: &[u8]) -> Option<String> {
    if encoding_rs::Encoding::for_bom(content).is_some() {
        return decoded(content);
    }
    let head = String::from_utf8_lossy(&content[..content.len().min(DECLARED)]).to_lowercase();
    let declared = head.split("charset=").nth(1).map(|rest| rest.trim_start_matches(['"', '\'']));
    // A few Chinese characters in GBK may look like UTF-8.
    if declared.is_some_and(|charset| charset.starts_with("gb")) {
        return GB18030.decode_without_bom_handling_and_without_replacement(content).map(Cow::into_owned);
    }
    decoded(content)
}

/// Without what no text holds, and without empty lines at both ends.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
    let all = lines.join("\n");
    all.trim_matches('\n').trim_end().to_owned()
}

/// Paragraphs out of the lines of pages: wrapped lines are joined, page numbers left out.
fn flowing<'a>(pages: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = pages
        .flat_map(str::lines)
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_page_number(line))
        .collect();
    let widest = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    let mut goes_on = false;
    for line in lines {
        if !text.is_empty() && !goes_on {
            text.push('\n');
        }
        text.push_str(line);
        let length = line.chars().count();
        goes_on = widest >= WRAPPED && length + SHORTER >= widest && !line.ends_with(['：', ':']);
    }
    text
}

/// `— 3 —`, `-3-`, `3`.
fn is_page_number(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '—' | '－' | '―' | '·'));
    !bare.is_empty() && bare.len() <= 4 && bare.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_texts_and_pages_in_every_encoding() {
        let (gb, ..) = GB18030.encode("关于某事的通知\r\n各单位：\r\n");
        let text = words("通知.txt", &gb).unwrap();
        assert_eq!(text.text.as_deref(), Some("关于某事的通知\n各单位："));
        assert!(!text.keeps_file(), "its words are all there is");
        let wide: Vec<u8> =
            std::iter::once(0xfeff).chain("通知".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(words("通知.txt", &wide).unwrap().text.as_deref(), Some("通知"));
        let (page, ..) =
            GB18030.encode("<html><head><meta charset=gb2312></head><p>通知</p><script>1</script></html>");
        let page = words("通知.HTM", &page).unwrap();
        assert_eq!((page.text.as_deref(), page.media, page.keeps_file()), (Some("通知"), None, false));
        assert_eq!(words("空.html", b"<script>1</script>").unwrap_err().code, "file-no-words");
    }

    #[test]
    fn what_has_no_words_is_an_attachment() {
        let table = words("表.csv", "甲,乙\n".as_bytes()).unwrap();
        assert!(table.text.is_none() && table.keeps_file() && table.why.unwrap().contains("不是文字文件"));
        assert_eq!(words("通知.docx", b"PK\x03\x04 cut off").unwrap_err().code, "file-broken");
        assert_eq!(words("通知.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").unwrap_err().code, "file-kind");
    }

    #[test]
    fn wrapped_lines_are_joined_and_page_numbers_left_out() {
        let long = "一".repeat(28);
        let page = format!("关于某事的通知\n各有关单位：\n{long}\n第二行。\n— 1 —");
        let text = flowing([page.as_str(), "第二页\n2"].into_iter());
        assert_eq!(text, format!("关于某事的通知\n各有关单位：\n{long}第二行。\n第二页"));
    }
}
