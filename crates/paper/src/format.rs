//! The formats a report can be had in.

use std::fmt;

/// A format of a finished report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// The figures with their findings; made by `service`.
    Json,
    /// A complete web page.
    Html,
    /// Markdown with HTML tables.
    Markdown,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PDF/A-2a.
    Pdf,
    /// One line per cell.
    Csv,
}

impl Format {
    /// All formats, in the order of menus and help texts.
    pub const ALL: [Format; 7] =
        [Format::Json, Format::Html, Format::Markdown, Format::Docx, Format::Xlsx, Format::Pdf, Format::Csv];

    /// The format with this name, as on the command line and in addresses: `json`, `html`, `md`, `docx`, `xlsx`,
    /// `pdf` or `csv`; `markdown` is accepted too. `None` for any other word.
    pub fn parse(name: &str) -> Option<Format> {
        match name {
            "markdown" => Some(Format::Markdown),
            _ => Format::ALL.into_iter().find(|f| f.extension() == name),
        }
    }

    /// The ending of a file name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Html => "html",
            Format::Markdown => "md",
            Format::Docx => "docx",
            Format::Xlsx => "xlsx",
            Format::Pdf => "pdf",
            Format::Csv => "csv",
        }
    }

    /// The value of the `Content-Type` header.
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Html => "text/html; charset=utf-8",
            Format::Markdown => "text/markdown; charset=utf-8",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Pdf => "application/pdf",
            Format::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// What a menu calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Format::Json => "JSON数据",
            Format::Html => "网页",
            Format::Markdown => "Markdown文本",
            Format::Docx => "Word文档",
            Format::Xlsx => "Excel表格",
            Format::Pdf => "PDF文件",
            Format::Csv => "CSV数据",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_ending() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.extension()), Some(format));
        }
        assert_eq!(Format::parse("markdown"), Some(Format::Markdown));
        assert_eq!(Format::parse("doc"), None);
        assert_eq!(Format::parse(""), None);
    }
}
