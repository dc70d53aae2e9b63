//! Why a file cannot be taken: one Chinese sentence each, which says what to do.

use law::reason::Refusal;

/// A file that is not taken. Its text is the sentence the officer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// No byte at all.
    #[error("文件是空的，请重新选择文件。")]
    Empty,
    /// More than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("文件超过100 MB，请拆分或者压缩后再上传。")]
    TooLarge,
    /// A program, whatever its name says.
    #[error("文件是可执行程序，不能上传，请选择PDF、DOCX、XLSX、PNG或者JPEG文件。")]
    Program,
    /// None of the five kinds by its content.
    #[error("文件内容不是PDF、DOCX、XLSX、PNG或者JPEG，请转换格式后再上传。")]
    UnknownKind,
    /// DOC, XLS and other compound files of old office programs.
    #[error("文件是旧版办公软件的格式，请另存为DOCX或者XLSX后再上传。")]
    OldOffice,
    /// A password, or restrictions that encrypt the content.
    #[error("文件设有密码或者权限限制，请解除后再上传。")]
    Encrypted,
    /// Inflates beyond every reasonable measure.
    #[error("文件解压后过大，疑似压缩炸弹，不能处理，请重新导出后再上传。")]
    Bomb,
    /// VBA or macro sheets.
    #[error("文件含有宏，请另存为不含宏的格式后再上传。")]
    Macros,
    /// Does not hold what its first bytes promise.
    #[error("文件已损坏或者不完整，无法读取，请重新导出后再上传。")]
    Broken,
    /// More than [`MAX_PAGES`](super::MAX_PAGES).
    #[error("文件超过300页，请拆分后再上传。")]
    TooManyPages,
    /// More than [`MAX_PIXELS`](super::MAX_PIXELS) in one picture.
    #[error("图片超过1亿像素，请缩小后再上传。")]
    TooManyPixels,
}

impl Unusable {
    /// Stable kebab-case code.
    pub fn code(self) -> &'static str {
        match self {
            Unusable::Empty => "file-empty",
            Unusable::TooLarge => "file-too-large",
            Unusable::Program => "file-is-program",
            Unusable::UnknownKind => "file-unknown-kind",
            Unusable::OldOffice => "file-old-office",
            Unusable::Encrypted => "file-encrypted",
            Unusable::Bomb => "file-bomb",
            Unusable::Macros => "file-macros",
            Unusable::Broken => "file-broken",
            Unusable::TooManyPages => "file-too-many-pages",
            Unusable::TooManyPixels => "file-too-many-pixels",
        }
    }
}

impl From<Unusable> for Refusal {
    fn from(unusable: Unusable) -> Refusal {
        Refusal::new(unusable.code(), unusable.to_string(), "")
    }
}
