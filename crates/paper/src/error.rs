//! What can go wrong on the way to paper.

/// A document that could not be made. The text is what a person is shown.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// No font with Chinese characters is installed.
    #[error(
        "没有找到中文字体，无法生成PDF。请安装Debian软件包fonts-noto-cjk，或者把中文字体文件放入字体文件夹后重试"
    )]
    NoFonts,
    /// The Word document could not be written.
    #[error("Word文档无法生成：{0}")]
    Docx(String),
    /// The workbook could not be written.
    #[error("Excel工作簿无法生成：{0}")]
    Xlsx(String),
    /// The package could not be written.
    #[error("导出包无法生成：{0}")]
    Bundle(String),
    /// A letter that cannot be made from its text or values; the sentence says what to change.
    #[error("{0}")]
    Letter(String),
    /// The typesetter refused; one message a problem.
    #[error("PDF无法生成：{}", .0.join("；"))]
    Pdf(Vec<String>),
}
