//! Which register, and in which format.

/// A register that can be imported and exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 机关名录
    Units,
    /// 公文登记簿
    Documents,
    /// 申请登记台账
    Requests,
    /// 复议诉讼登记簿
    Disputes,
    /// 年度数据登记簿
    Figures,
}

impl Kind {
    /// All kinds, in the order in which they can be imported into an empty store.
    pub const ALL: [Kind; 5] = [Kind::Units, Kind::Documents, Kind::Requests, Kind::Disputes, Kind::Figures];

    /// The word of the command line and of addresses.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Units => "units",
            Kind::Documents => "documents",
            Kind::Requests => "requests",
            Kind::Disputes => "disputes",
            Kind::Figures => "figures",
        }
    }

    /// Chinese name, also the name of the sheet.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Units => "机关名录",
            Kind::Documents => "公文登记簿",
            Kind::Requests => "申请登记台账",
            Kind::Disputes => "复议诉讼登记簿",
            Kind::Figures => "年度数据登记簿",
        }
    }

    /// The kind with this key or label.
    pub fn parse(text: &str) -> Option<Kind> {
        Self::ALL.into_iter().find(|k| k.key() == text || k.label() == text)
    }
}

/// A format of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// UTF-8 with a byte order mark, so that spreadsheets read Chinese.
    Csv,
    /// Office Open XML workbook; every cell is text.
    Xlsx,
    /// An array with one object per row.
    Json,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [ExportFormat; 3] = [ExportFormat::Csv, ExportFormat::Xlsx, ExportFormat::Json];

    /// File name extension, also the word of the command line.
    pub fn key(self) -> &'static str {
        match self {
            ExportFormat::Csv => "csv",
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Json => "json",
        }
    }

    /// The format with this key.
    pub fn parse(text: &str) -> Option<ExportFormat> {
        Self::ALL.into_iter().find(|f| f.key() == text)
    }

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            ExportFormat::Csv => "text/csv; charset=utf-8",
            ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ExportFormat::Json => "application/json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_labels_find_their_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.key()), Some(kind));
            assert_eq!(Kind::parse(kind.label()), Some(kind));
        }
        for format in ExportFormat::ALL {
            assert_eq!(ExportFormat::parse(format.key()), Some(format));
        }
        assert_eq!(Kind::parse("people"), None);
    }
}
