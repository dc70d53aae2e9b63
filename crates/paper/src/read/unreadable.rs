//! Why a file is no report that can be read: one Chinese sentence each, which says why and what would help.

use crate::redact::Unusable;

/// A file that is not read. Its text is the sentence the officer reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No byte at all.
    #[error("文件是空的，请核对文件或者重新下载")]
    Empty,
    /// More than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("文件超过50 MB，不像一份年度报告，请核对文件，或者只导出报告部分后再试")]
    TooLarge,
    /// None of the kinds that are read, by its content.
    #[error("文件不是网页、PDF、DOCX、Markdown或者纯文本，无法读取，请转换格式后再试")]
    UnknownKind,
    /// Text of no known encoding.
    #[error("文件的文字编码无法识别或者已经损坏，请另存为UTF-8编码后再试")]
    Garbled,
    /// DOC and other compound files of old office programs.
    #[error("文件是旧版办公软件的格式，请另存为DOCX后再试")]
    OldOffice,
    /// A password, or restrictions that encrypt the content.
    #[error("文件设有密码或者权限限制，无法读取，请解除后再试")]
    Encrypted,
    /// Inflates beyond every reasonable measure.
    #[error("文件解压后过大，疑似压缩炸弹，没有读取，请重新导出后再试")]
    Bomb,
    /// Does not hold what its first bytes promise, or ends in the middle.
    #[error("文件已损坏或者没有下载完整，请重新下载后再试")]
    Broken,
    /// More pages than any report has.
    #[error("文件超过300页，不像一份年度报告，请只导出报告部分后再试")]
    TooManyPages,
    /// Pages are pictures.
    #[error("文件是扫描件，没有可以读取的文字，请改用带文字的PDF、网页或者DOCX文件")]
    Scanned,
    /// Glyphs are drawn, and the file does not say which characters they are.
    #[error(
        "文件中的文字没有对应的字符编码，复制出来是乱码，无法读取，请用原文件重新导出PDF，或者改用网页、DOCX文件"
    )]
    NoCharacters,
    /// Text, and no report.
    #[error("文件中没有政府信息公开工作年度报告，请核对文件")]
    NoReport,
    /// Reports of several units or years in one file.
    #[error("文件中有多份年度报告（{0}），请拆分后逐份读取")]
    SeveralReports(String),
    /// A report of another form, for example before 2019.
    #[error("{0}")]
    OtherForm(String),
}

impl Unreadable {
    /// Stable kebab-case code.
    pub fn code(&self) -> &'static str {
        match self {
            Unreadable::Empty => "file-empty",
            Unreadable::TooLarge => "file-too-large",
            Unreadable::UnknownKind => "file-unknown-kind",
            Unreadable::Garbled => "file-garbled",
            Unreadable::OldOffice => "file-old-office",
            Unreadable::Encrypted => "file-encrypted",
            Unreadable::Bomb => "file-bomb",
            Unreadable::Broken => "file-broken",
            Unreadable::TooManyPages => "file-too-many-pages",
            Unreadable::Scanned => "file-scanned",
            Unreadable::NoCharacters => "file-no-characters",
            Unreadable::NoReport => "no-report",
            Unreadable::SeveralReports(_) => "several-reports",
            Unreadable::OtherForm(_) => "other-form",
        }
    }
}

impl From<Unusable> for Unreadable {
    fn from(unusable: Unusable) -> Unreadable {
        match unusable {
            Unusable::Empty => Unreadable::Empty,
            Unusable::TooLarge => Unreadable::TooLarge,
            Unusable::Program | Unusable::UnknownKind => Unreadable::UnknownKind,
            Unusable::OldOffice => Unreadable::OldOffice,
            Unusable::Encrypted => Unreadable::Encrypted,
            Unusable::Bomb | Unusable::TooManyPixels => Unreadable::Bomb,
            Unusable::Macros | Unusable::Broken => Unreadable::Broken,
            Unusable::TooManyPages => Unreadable::TooManyPages,
        }
    }
}
