//! The docket of a file (材料): a paper of a request, added, given to the applicant, taken back, erased; or the text of a
//! document and what is published with it, added, made public, taken down.
//!
//! The content and the name it came with never stand in a docket: they can be erased lawfully (个人信息保护法第四十七条)
//! while the journal stays whole. A docket holds ids, sizes and digests. Files count in no figure of the annual report.

use super::{Recorded, Tally, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a file is for (条例 arts. 29–32, 37, 40).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileRole {
    /// 身份证明
    IdentityProof,
    /// 授权委托书
    PowerOfAttorney,
    /// 申请附件
    Attachment,
    /// 补正材料
    CorrectionMaterial,
    /// 理由说明
    StatementOfReasons,
    /// 第三方意见
    ThirdPartyOpinion,
    /// 收件凭证
    ReceiptProof,
    /// 送达凭证
    ServiceProof,
    /// 检索材料
    SearchMaterial,
    /// 原始材料: as it was found, to be redacted before it is given out (条例第三十七条)
    Original,
    /// 拟提供材料: the clean copy that is given out
    CleanCopy,
    /// 告知书: a letter as it was sent
    Letter,
    /// 来信: electronic mail about the request, its text and what was attached
    Message,
    /// 其他
    Other,
    /// 正文: the text of a document
    Body,
    /// 附件: what is published with a document
    Annex,
    /// 年度报告: a report that somebody published
    AnnualReport,
}

impl FileRole {
    /// All roles: of a request in the order of its life, then of a document.
    pub const ALL: [FileRole; 17] = [
        FileRole::IdentityProof,
        FileRole::PowerOfAttorney,
        FileRole::Attachment,
        FileRole::CorrectionMaterial,
        FileRole::StatementOfReasons,
        FileRole::ThirdPartyOpinion,
        FileRole::ReceiptProof,
        FileRole::ServiceProof,
        FileRole::SearchMaterial,
        FileRole::Original,
        FileRole::CleanCopy,
        FileRole::Letter,
        FileRole::Message,
        FileRole::Other,
        FileRole::Body,
        FileRole::Annex,
        FileRole::AnnualReport,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            FileRole::IdentityProof => "identity-proof",
            FileRole::PowerOfAttorney => "power-of-attorney",
            FileRole::Attachment => "attachment",
            FileRole::CorrectionMaterial => "correction-material",
            FileRole::StatementOfReasons => "statement-of-reasons",
            FileRole::ThirdPartyOpinion => "third-party-opinion",
            FileRole::ReceiptProof => "receipt-proof",
            FileRole::ServiceProof => "service-proof",
            FileRole::SearchMaterial => "search-material",
            FileRole::Original => "original",
            FileRole::CleanCopy => "clean-copy",
            FileRole::Letter => "letter",
            FileRole::Message => "message",
            FileRole::Other => "other",
            FileRole::Body => "body",
            FileRole::Annex => "annex",
            FileRole::AnnualReport => "annual-report",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            FileRole::IdentityProof => "身份证明",
            FileRole::PowerOfAttorney => "授权委托书",
            FileRole::Attachment => "申请附件",
            FileRole::CorrectionMaterial => "补正材料",
            FileRole::StatementOfReasons => "理由说明",
            FileRole::ThirdPartyOpinion => "第三方意见",
            FileRole::ReceiptProof => "收件凭证",
            FileRole::ServiceProof => "送达凭证",
            FileRole::SearchMaterial => "检索材料",
            FileRole::Original => "原始材料",
            FileRole::CleanCopy => "拟提供材料",
            FileRole::Letter => "告知书",
            FileRole::Message => "来信",
            FileRole::Other => "其他",
            FileRole::Body => "正文",
            FileRole::Annex => "附件",
            FileRole::AnnualReport => "年度报告",
        }
    }

    /// The role with this key or label.
    pub fn parse(text: &str) -> Option<FileRole> {
        Self::ALL.into_iter().find(|r| r.key() == text || r.label() == text)
    }

    /// Whether files of a document have it, and of nothing else.
    pub fn is_of_document(self) -> bool {
        matches!(self, FileRole::Body | FileRole::Annex)
    }

    /// Whether the content is personal data, or may be: only search notes, clean copies, published reports and what belongs to
    /// a document are known not to be. Who opens such a file needs the permission for personal data, and every opening is written down.
    pub fn is_personal(self) -> bool {
        let known = [FileRole::SearchMaterial, FileRole::CleanCopy, FileRole::AnnualReport];
        !known.contains(&self) && !self.is_of_document()
    }

    /// Whether it may be given to the applicant through the query page.
    pub fn may_be_released(self) -> bool {
        matches!(self, FileRole::CleanCopy | FileRole::Letter)
    }
}

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Media {
    /// PDF
    Pdf,
    /// Word document of OOXML
    Docx,
    /// Excel workbook of OOXML
    Xlsx,
    /// OFD (GB/T 33190)
    Ofd,
    /// PNG picture
    Png,
    /// JPEG picture
    Jpeg,
    /// TIFF picture, as faxes and scanners make them
    Tiff,
    /// Plain text
    Text,
    /// Comma-separated values
    Csv,
    /// Web page, of published reports only
    Page,
}

impl Media {
    /// Whether a clean copy can be made of it: of kinds a reader sees as pages, paragraphs, cells or pixels.
    pub fn may_be_redacted(self) -> bool {
        matches!(self, Media::Pdf | Media::Docx | Media::Xlsx | Media::Png | Media::Jpeg)
    }

    /// All kinds of files that are taken.
    pub const ALL: [Media; 10] = [
        Media::Pdf,
        Media::Docx,
        Media::Xlsx,
        Media::Ofd,
        Media::Png,
        Media::Jpeg,
        Media::Tiff,
        Media::Text,
        Media::Csv,
        Media::Page,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Media::Pdf => "pdf",
            Media::Docx => "docx",
            Media::Xlsx => "xlsx",
            Media::Ofd => "ofd",
            Media::Png => "png",
            Media::Jpeg => "jpeg",
            Media::Tiff => "tiff",
            Media::Text => "text",
            Media::Csv => "csv",
            Media::Page => "html",
        }
    }

    /// The ending of its name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Media::Jpeg => "jpg",
            Media::Tiff => "tif",
            Media::Text => "txt",
            other => other.key(),
        }
    }

    /// Its media type (RFC 6838).
    pub fn media_type(self) -> &'static str {
        match self {
            Media::Pdf => "application/pdf",
            Media::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Media::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Media::Ofd => "application/ofd",
            Media::Png => "image/png",
            Media::Jpeg => "image/jpeg",
            Media::Tiff => "image/tiff",
            // Without a character set: what came as GB18030 is given back as it came.
            Media::Text => "text/plain",
            Media::Csv => "text/csv",
            // Of another site: nothing of it may run here.
            Media::Page => "text/plain",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Media::Pdf => "PDF文件",
            Media::Docx => "Word文档",
            Media::Xlsx => "Excel表格",
            Media::Ofd => "OFD版式文件",
            Media::Png => "PNG图片",
            Media::Jpeg => "JPEG图片",
            Media::Tiff => "TIFF图片",
            Media::Text => "文本文件",
            Media::Csv => "CSV表格",
            Media::Page => "网页",
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<Media> {
        Self::ALL.into_iter().find(|m| m.key() == key)
    }
}

/// What can happen to a file. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FileEvent {
    /// 添加
    Added {
        /// Kind of the docket it belongs to, for example `request`.
        subject_kind: String,
        /// Id of that docket.
        subject: String,
        /// What it is for.
        role: FileRole,
        /// What it is.
        media: Media,
        /// Bytes of the content.
        size: u64,
        /// SHA-256 of the content, in hexadecimal.
        digest: String,
        /// SHA-256 of what is kept, the sealed content; also its address.
        stored: String,
        /// Record of the sealed name it came with.
        name: Option<String>,
    },
    /// 提供给申请人
    Released {
        /// Last day on which the applicant can open it.
        until: Date,
    },
    /// 申请人下载: the applicant opened it for the first time. Shows that what was decided was received.
    Collected,
    /// 停止提供
    Unreleased,
    /// 公开: everybody may read it as long as its document is public.
    Published,
    /// 撤下: nobody may any more; its address says so.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// 删除内容: the content and the name are gone, the docket stays.
    Erased {
        /// Why.
        reason: String,
    },
}

/// Where a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Kind of the docket it belongs to.
    pub subject_kind: String,
    /// Id of that docket.
    pub subject: String,
    /// What it is for.
    pub role: FileRole,
    /// What it is.
    pub media: Media,
    /// Bytes of the content.
    pub size: u64,
    /// SHA-256 of the content.
    pub digest: String,
    /// Address of what is kept; none once it is erased.
    pub stored: Option<String>,
    /// Record of the sealed name; none once it is erased.
    pub name: Option<String>,
    /// Day on which it was added.
    pub added_on: Date,
    /// Last day on which the applicant can open it, if it is given out.
    pub released_until: Option<Date>,
    /// Day on which the applicant first opened it.
    pub collected_on: Option<Date>,
    /// Day on which it was first made public.
    pub published_on: Option<Date>,
    /// Day on which it was taken down, if it has not been made public again.
    pub withdrawn_on: Option<Date>,
    /// Day on which it was erased.
    pub erased_on: Option<Date>,
    /// Why it was erased.
    pub erased_because: Option<String>,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its adding was voided.
    pub fn of(docket: &[Recorded<FileEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let FileEvent::Added { subject_kind, subject, role, media, size, digest, stored, name } = first.event
        else {
            return None;
        };
        let mut s = Standing {
            subject_kind: subject_kind.clone(),
            subject: subject.clone(),
            role: *role,
            media: *media,
            size: *size,
            digest: digest.clone(),
            stored: Some(stored.clone()),
            name: name.clone(),
            added_on: first.on,
            released_until: None,
            collected_on: None,
            published_on: None,
            withdrawn_on: None,
            erased_on: None,
            erased_because: None,
        };
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &FileEvent, on: Date) {
        match event {
            FileEvent::Added { .. } => {}
            FileEvent::Released { until } => self.released_until = Some(*until),
            FileEvent::Collected => self.collected_on = Some(on),
            FileEvent::Unreleased => self.released_until = None,
            FileEvent::Published => {
                self.published_on.get_or_insert(on);
                self.withdrawn_on = None;
            }
            FileEvent::Withdrawn { .. } => self.withdrawn_on = Some(on),
            FileEvent::Erased { reason } => {
                self.released_until = None;
                self.stored = None;
                self.name = None;
                self.erased_on = Some(on);
                self.erased_because = Some(reason.clone());
            }
        }
    }

    /// Whether the applicant can open it on this day.
    pub fn is_open_to_applicant(&self, today: Date) -> bool {
        self.erased_on.is_none() && self.released_until.is_some_and(|until| today <= until)
    }

    /// Whether everybody may read it, as far as the file itself says: its document must be public too.
    pub fn is_public(&self) -> bool {
        self.published_on.is_some() && self.withdrawn_on.is_none() && self.erased_on.is_none()
    }

    /// Why this event may not begin a docket; empty if it may.
    pub fn may_begin(event: &FileEvent) -> Vec<Refusal> {
        let FileEvent::Added { subject_kind, subject, role, size, digest, stored, .. } = event else {
            return vec![Refusal::new("not-added", "请先添加材料", "")];
        };
        let mut no = Vec::new();
        if subject_kind.is_empty() || subject.is_empty() {
            no.push(Refusal::new("subject-missing", "材料必须属于一份卷宗", ""));
        }
        if role.is_of_document() != (subject_kind == "document") {
            no.push(Refusal::new("role-elsewhere", "正文和附件属于公文，其他材料不属于公文，请核对用途", ""));
        }
        if *size == 0 {
            no.push(Refusal::new("file-empty", "文件是空的，请重新选择", ""));
        }
        if !is_digest(digest) || !is_digest(stored) {
            no.push(Refusal::new("digest-wrong", "文件的校验值不完整，请重新上传", ""));
        }
        no
    }

    /// Why this event may not follow; empty if it may.
    pub fn may(&self, event: &FileEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if self.erased_on.is_some() {
            no.push(Refusal::new("file-erased", "材料的内容已经删除，不能再办理", ""));
            return no;
        }
        if on < self.added_on {
            no.push(Refusal::new("before-added", "日期早于材料的添加日期，请核对", ""));
        }
        match event {
            FileEvent::Added { .. } => {
                no.push(Refusal::new("already-added", "材料已经添加，如有更换请另行上传", ""));
            }
            FileEvent::Released { until } => {
                if !self.role.may_be_released() {
                    no.push(Refusal::new(
                        "role-not-released",
                        format!(
                            "“{}”不能直接提供给申请人，请把可以公开的内容另存为“{}”上传后提供",
                            self.role.label(),
                            FileRole::CleanCopy.label()
                        ),
                        "条例第三十七条",
                    ));
                }
                if *until < on {
                    no.push(Refusal::new("until-before", "提供的截止日期不能早于开始提供的日期", ""));
                }
            }
            FileEvent::Collected if self.collected_on.is_some() => {
                no.push(Refusal::new("already-collected", "申请人已经下载过这份材料，不需要再次登记", ""));
            }
            FileEvent::Collected if !self.is_open_to_applicant(on) => {
                no.push(Refusal::new("not-released", "材料没有提供给申请人，请先提供", ""));
            }
            FileEvent::Unreleased if self.released_until.is_none() => {
                no.push(Refusal::new("not-released", "材料没有提供给申请人，不需要停止提供", ""));
            }
            FileEvent::Published if !self.role.is_of_document() => {
                let text = format!("“{}”不向社会公开", self.role.label());
                no.push(Refusal::new("role-not-published", text, "条例第十五条"));
            }
            FileEvent::Published if self.is_public() => {
                no.push(Refusal::new("already-public", "这份文件已经公开", ""));
            }
            FileEvent::Withdrawn { .. } if !self.is_public() => {
                no.push(Refusal::new("not-public", "这份文件没有公开，不需要撤下", ""));
            }
            FileEvent::Withdrawn { reason } if reason.trim().is_empty() => {
                let text = "撤下已公开的文件，应当写明理由";
                no.push(Refusal::new("reason-missing", text, "条例第十八条"));
            }
            FileEvent::Erased { reason } if reason.trim().is_empty() => {
                no.push(Refusal::new("reason-missing", "请写明删除内容的理由", "个人信息保护法第四十七条"));
            }
            FileEvent::Collected
            | FileEvent::Unreleased
            | FileEvent::Published
            | FileEvent::Withdrawn { .. }
            | FileEvent::Erased { .. } => {}
        }
        no
    }

    /// Files count in no figure.
    pub fn tallies(&self) -> Vec<Tally> {
        Vec::new()
    }
}

/// Sixty-four hexadecimal digits in lower case.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn added(role: FileRole) -> FileEvent {
        FileEvent::Added {
            subject_kind: if role.is_of_document() { "document" } else { "request" }.into(),
            subject: "0190".into(),
            role,
            media: Media::Pdf,
            size: 9,
            digest: DIGEST.into(),
            stored: DIGEST.into(),
            name: Some("0191".into()),
        }
    }

    fn docket(role: FileRole, more: &[(i8, FileEvent)]) -> Standing {
        let first = Recorded::new(1, date(2024, 3, 1), added(role));
        let rest = more.iter().zip(2..).map(|((day, e), n)| Recorded::new(n, date(2024, 3, *day), e.clone()));
        Standing::of(&std::iter::once(first).chain(rest).collect::<Vec<_>>()).unwrap()
    }

    fn codes(all: Vec<Refusal>) -> Vec<String> {
        all.into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn a_file_given_out_can_be_opened_until_its_last_day() {
        let until = date(2024, 3, 31);
        let s = docket(FileRole::CleanCopy, &[(2, FileEvent::Released { until })]);
        assert!(s.is_open_to_applicant(until) && !s.is_open_to_applicant(date(2024, 4, 1)));
        let back =
            docket(FileRole::Letter, &[(2, FileEvent::Released { until }), (3, FileEvent::Unreleased)]);
        assert!(!back.is_open_to_applicant(date(2024, 3, 3)));
        assert_eq!(codes(back.may(&FileEvent::Unreleased, date(2024, 3, 4))), ["not-released"]);
        let early = FileEvent::Released { until: date(2024, 3, 3) };
        assert_eq!(codes(back.may(&early, date(2024, 3, 4))), ["until-before"]);
    }

    #[test]
    fn a_file_is_collected_once_while_it_is_given_out() {
        let released = (2, FileEvent::Released { until: date(2024, 3, 31) });
        let s = docket(FileRole::Letter, std::slice::from_ref(&released));
        assert!(s.may(&FileEvent::Collected, date(2024, 3, 31)).is_empty());
        assert_eq!(codes(s.may(&FileEvent::Collected, date(2024, 4, 1))), ["not-released"], "the day after");
        let s = docket(FileRole::Letter, &[released, (3, FileEvent::Collected), (4, FileEvent::Unreleased)]);
        assert_eq!(s.collected_on, Some(date(2024, 3, 3)), "known also when it is taken back");
        assert_eq!(codes(s.may(&FileEvent::Collected, date(2024, 3, 5))), ["already-collected"]);
    }

    #[test]
    fn only_clean_copies_and_letters_are_given_out() {
        let release = FileEvent::Released { until: date(2024, 3, 31) };
        for role in FileRole::ALL {
            let no = codes(docket(role, &[]).may(&release, date(2024, 3, 2)));
            assert_eq!(no.is_empty(), matches!(role, FileRole::CleanCopy | FileRole::Letter), "{role:?}");
        }
    }

    #[test]
    fn what_belongs_to_a_document_is_made_public_and_taken_down() {
        let down = FileEvent::Withdrawn { reason: "内容有误".into() };
        let fresh = docket(FileRole::Annex, &[]);
        assert!(!fresh.is_public() && fresh.may(&FileEvent::Published, date(2024, 3, 1)).is_empty());
        assert_eq!(codes(fresh.may(&down, date(2024, 3, 2))), ["not-public"]);
        let public = docket(FileRole::Annex, &[(2, FileEvent::Published)]);
        assert!(public.is_public() && public.may(&down, date(2024, 3, 2)).is_empty());
        assert_eq!(codes(public.may(&FileEvent::Published, date(2024, 3, 3))), ["already-public"]);
        let silent = FileEvent::Withdrawn { reason: " ".into() };
        assert_eq!(codes(public.may(&silent, date(2024, 3, 3))), ["reason-missing"]);
        let taken = docket(FileRole::Annex, &[(2, FileEvent::Published), (3, down.clone())]);
        assert_eq!((taken.is_public(), taken.withdrawn_on), (false, Some(date(2024, 3, 3))));
        let again = [(2, FileEvent::Published), (3, down), (4, FileEvent::Published)];
        let again = docket(FileRole::Annex, &again);
        assert_eq!((again.is_public(), again.published_on), (true, Some(date(2024, 3, 2))));
        let paper = docket(FileRole::CleanCopy, &[]);
        assert_eq!(codes(paper.may(&FileEvent::Published, date(2024, 3, 2))), ["role-not-published"]);
    }

    #[test]
    fn a_file_is_of_a_document_or_of_a_request() {
        for role in FileRole::ALL {
            let FileEvent::Added { subject, media, size, digest, stored, name, .. } = added(role) else {
                unreachable!()
            };
            let wrong = if role.is_of_document() { "request" } else { "document" };
            let swapped = FileEvent::Added {
                subject_kind: wrong.into(),
                subject,
                role,
                media,
                size,
                digest,
                stored,
                name,
            };
            assert_eq!(codes(Standing::may_begin(&swapped)), ["role-elsewhere"], "{role:?}");
            assert!(Standing::may_begin(&added(role)).is_empty(), "{role:?}");
        }
    }

    #[test]
    fn erased_is_erased() {
        let erased = FileEvent::Erased { reason: "超过保存期限".into() };
        let until = date(2024, 3, 31);
        let s = docket(FileRole::CleanCopy, &[(2, FileEvent::Released { until }), (3, erased.clone())]);
        assert_eq!((s.stored.clone(), s.name.clone(), s.erased_on), (None, None, Some(date(2024, 3, 3))));
        assert!(!s.is_open_to_applicant(date(2024, 3, 3)));
        for event in [erased, FileEvent::Unreleased, FileEvent::Released { until }] {
            assert_eq!(codes(s.may(&event, date(2024, 3, 4))), ["file-erased"]);
        }
        let silent = FileEvent::Erased { reason: " ".into() };
        assert_eq!(codes(docket(FileRole::Other, &[]).may(&silent, date(2024, 3, 1))), ["reason-missing"]);
    }

    #[test]
    fn what_begins_a_docket_is_whole() {
        let FileEvent::Added { role, media, name, .. } = added(FileRole::Other) else { unreachable!() };
        let empty = FileEvent::Added {
            subject_kind: String::new(),
            subject: String::new(),
            role,
            media,
            size: 0,
            digest: DIGEST.to_uppercase(),
            stored: DIGEST.into(),
            name,
        };
        assert_eq!(codes(Standing::may_begin(&empty)), ["subject-missing", "file-empty", "digest-wrong"]);
        assert!(Standing::may_begin(&added(FileRole::Other)).is_empty());
        assert_eq!(codes(Standing::may_begin(&FileEvent::Unreleased)), ["not-added"]);
    }

    #[test]
    fn words_are_read_back() {
        for role in FileRole::ALL {
            assert_eq!(
                (FileRole::parse(role.key()), FileRole::parse(role.label())),
                (Some(role), Some(role))
            );
            assert_eq!(written_as(&format!("{role:?}")), role.key());
        }
        for media in Media::ALL {
            assert_eq!(Media::parse(media.key()), Some(media));
        }
    }

    /// The kebab-case word that serde writes for a variant.
    fn written_as(variant: &str) -> String {
        let mut word = String::new();
        for c in variant.chars() {
            if c.is_uppercase() && !word.is_empty() {
                word.push('-');
            }
            word.extend(c.to_lowercase());
        }
        word
    }
}
