//! The files that a row names: read, judged, and what of them becomes 正文 and what 附件.

use super::super::cell::Bad;
use super::folder::Reading;
use super::row::{ANNEX_FILES, BODY_FILE, Row};
use super::words::{Words, words};
use super::{Batch, RowNote, RowOutcome};
use crate::document::{Annexed, LONGEST_BODY};
use crate::error::{Error, Result};
use crate::file::{beside, kind, shown_name};
use law::docket::file::{FileRole, Media};

impl Batch {
    /// The text and the attachments of a row, and what is wrong with them.
    pub(super) async fn files_of(
        &self,
        row: &Row,
        said: &mut RowOutcome,
    ) -> Result<(Vec<Annexed>, Vec<Bad>)> {
        let limits = self.service.file_limits();
        let (mut files, mut wrong) = (Vec::new(), Vec::new());
        let many = row.annexes.len() + usize::from(row.body.is_some());
        if many > limits.files {
            let text = format!("有{many}个文件，每份公文最多{}个，请合并后重新填写", limits.files);
            return Ok((files, vec![Bad::new(ANNEX_FILES, text)]));
        }
        let named = row.body.iter().map(|name| (BODY_FILE, name));
        for (column, name) in named.chain(row.annexes.iter().map(|name| (ANNEX_FILES, name))) {
            let (folder, asked, most) = (self.files.clone(), name.clone(), limits.file_bytes);
            let content = match beside(move || folder.read(&asked, most)).await? {
                Reading::Content(content) => content,
                other => {
                    wrong.push(Bad::new(column, unread(name, other, limits.megabytes())));
                    continue;
                }
            };
            let (is_body, asked) = (column == BODY_FILE, name.clone());
            let read = beside(move || {
                if is_body {
                    return words(&asked, &content).map(|words| (Some(words), None, content));
                }
                kind::judge(&content, &asked).map(|media| (None, Some(media), content))
            });
            match read.await? {
                Err(no) => wrong.push(Bad::new(column, format!("“{name}”：{}", no.text))),
                Ok((Some(Words { media: None, text: Some(text), .. }), ..)) if is_too_long(&text) => {
                    let text = format!("“{name}”的文字超过{LONGEST_BODY}字，请另存为 DOCX 或者 PDF 后导入");
                    wrong.push(Bad::new(column, text));
                }
                Ok((words, media, content)) => self.put(words, media, (name, content), &mut files, said),
            }
            // Before the next is read into memory.
            if let Err(Error::Refused(no)) = limits.must_hold(files.iter().map(|f| f.content.len() as u64)) {
                wrong.extend(no.into_iter().map(|r| Bad::new(column, r.text)));
                return Ok((files, wrong));
            }
        }
        Ok((files, wrong))
    }

    /// Puts a file that was read among those of its document.
    fn put(
        &self,
        words: Option<Words>,
        media: Option<Media>,
        (name, content): (&str, Vec<u8>),
        files: &mut Vec<Annexed>,
        said: &mut RowOutcome,
    ) {
        let annex = |media, content| Annexed {
            role: FileRole::Annex,
            name: shown_name(name, media, FileRole::Annex.label()),
            media,
            content,
        };
        let Some(mut words) = words else {
            files.extend(media.map(|media| annex(media, content)));
            return;
        };
        if words.text.as_deref().is_some_and(is_too_long) {
            words.text = None;
            words.why = Some("文字过长，只作为附件保存，没有正文");
        }
        let keeps = words.keeps_file();
        if let Some(text) = words.text {
            let name = "正文.txt".to_owned();
            let media = Media::Text;
            files.push(Annexed { role: FileRole::Body, name, media, content: text.into_bytes() });
        }
        if let Some(why) = words.why {
            said.notes.push(RowNote { column: BODY_FILE.into(), text: format!("“{name}”{why}") });
        }
        files.extend(words.media.filter(|_| keeps).map(|media| annex(media, content)));
    }
}

fn is_too_long(text: &str) -> bool {
    text.chars().count() > LONGEST_BODY
}

fn unread(name: &str, why: Reading, megabytes: u64) -> String {
    match why {
        Reading::Missing => format!("没有找到文件“{name}”，请核对文件名，或者补上这个文件"),
        Reading::Ambiguous => format!("有不止一个文件叫“{name}”，请写明所在的文件夹，例如：2019/{name}"),
        Reading::TooLarge => format!("文件“{name}”超过{megabytes}MB，请压缩图片、降低扫描精度或者拆分"),
        Reading::Unreadable(why) => format!("“{name}”：{why}"),
        Reading::Content(_) => String::new(),
    }
}
