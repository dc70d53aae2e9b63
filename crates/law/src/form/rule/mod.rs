//! The rules that are not linear. Each is one entry of [`SPECIALS`], its function beside its kin.

mod cell;
mod hierarchy;
mod label;
mod ledger;
mod period;
mod plain;
pub mod similarity;
mod structure;
mod table;
mod template;
mod text;
mod year;

pub(super) use plain::{bare, ordinal};
pub use year::{ALIKE, ENOUGH};

use super::check::{Input, Severity, Verdict};
use super::published::Place;

/// A rule that is not linear.
pub struct Special {
    /// Rule id.
    pub id: &'static str,
    /// Version, from 1.
    pub version: u32,
    /// Form versions it applies to.
    pub forms: &'static [&'static str],
    /// How grave a failure is, unless the finding says otherwise.
    pub severity: Severity,
    /// False if no recorded reason opens the way to publication.
    pub waivable: bool,
    /// Title.
    pub title: &'static str,
    /// Where it comes from.
    pub citation: &'static str,
    /// What it finds; nothing if its input is not given.
    pub check: fn(&Input<'_>) -> Vec<Found>,
}

/// A finding before its rule has signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Cells concerned.
    pub cells: Vec<String>,
    /// The sentence.
    pub message: String,
    /// What it means.
    pub verdict: Verdict,
    /// Severity where it differs from that of the rule.
    pub severity: Option<Severity>,
    /// The words of the report it is about.
    pub quote: Option<String>,
    /// Where these words stand in a report that was read.
    pub place: Option<Place>,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl Found {
    fn fail(cells: Vec<String>, message: String) -> Self {
        Found {
            cells,
            message,
            verdict: Verdict::Fail,
            severity: None,
            quote: None,
            place: None,
            suggestion: None,
        }
    }

    fn review(cells: Vec<String>, message: String) -> Self {
        Found { verdict: Verdict::Review, ..Found::fail(cells, message) }
    }
}

const BOTH: &[&str] = &["2019", "2021"];

/// The rules in the order in which findings are listed, after those of the form file.
pub const SPECIALS: &[Special] = &[
    Special {
        id: "F-VER",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "报告格式与统计年度一致",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号",
        check: cell::version,
    },
    Special {
        id: "F-BASIS",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "正文引用的格式文件与统计年度一致",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号",
        check: structure::basis,
    },
    Special {
        id: "F-SEC",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: true,
        title: "六个部分齐全，顺序、序号和标题符合格式",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号",
        check: structure::sections,
    },
    Special {
        id: "F-TAB",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: true,
        title: "第二、三、四部分的表格齐全完整",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号",
        check: structure::tables,
    },
    Special {
        id: "F-O3",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "其他处理的行数与格式一致",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号表三",
        check: structure::other_rows,
    },
    Special {
        id: "F-LABEL",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "各行标题与格式一致",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号",
        check: label::labels,
    },
    Special {
        id: "F-TITLE",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "标题写明机关、年度和报告名称",
        citation: "条例第四十九条、第五十条",
        check: period::title,
    },
    Special {
        id: "F-YEAR",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: true,
        title: "标题和正文的年份与统计年度一致",
        citation: "条例第四十九条",
        check: period::years,
    },
    Special {
        id: "F-PERIOD",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: true,
        title: "统计期限为当年1月1日至12月31日",
        citation: "条例第四十九条",
        check: period::period,
    },
    Special {
        id: "F-DEADLINE",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: true,
        title: "在法定期限内公布",
        citation: "条例第四十九条",
        check: period::deadline,
    },
    Special {
        id: "F-DUPNUM",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "各部分只有一套编号",
        citation: "国办公开办函〔2021〕30号",
        check: structure::numbering,
    },
    Special {
        id: "F-CELL",
        version: 2,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "表三、表四各单元格为非负整数",
        citation: "国办公开办函〔2021〕30号",
        check: cell::count_cells,
    },
    Special {
        id: "F-BLANK",
        version: 2,
        forms: BOTH,
        severity: Severity::Info,
        waivable: true,
        title: "没有数据的单元格填写0",
        citation: "年度报告填报惯例",
        check: cell::blanks,
    },
    Special {
        id: "F-UNIT",
        version: 2,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "金额的单位正确",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号表二",
        check: cell::money_unit,
    },
    Special {
        id: "F-EMPTY",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "第一、五、六部分有实质内容",
        citation: "条例第五十条",
        check: text::empty_parts,
    },
    Special {
        id: "F-REF",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "正文引用的数据存在",
        citation: "条例第六条",
        check: text::references,
    },
    Special {
        id: "F-TEMPLATE",
        version: 2,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "正文没有待填写的内容",
        citation: "国办公开办函〔2021〕30号",
        check: text::left_to_write,
    },
    Special {
        id: "T2-INT",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "表二件数、项数为整数且除增减数外不为负数",
        citation: "国办公开办函〔2021〕30号表二",
        check: cell::proactive_cells,
    },
    Special {
        id: "T2-19b",
        version: 1,
        forms: &["2019"],
        severity: Severity::Warning,
        waivable: true,
        title: "处理决定数量不是项目数量",
        citation: "国办公开办函〔2019〕60号表二",
        check: table::items_for_decisions,
    },
    Special {
        id: "T2-REG",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "有规章制定权的机关才填报规章",
        citation: "立法法（2023）第九十三条",
        check: table::rules_without_power,
    },
    Special {
        id: "T2-LIB",
        version: 1,
        forms: &["2021"],
        severity: Severity::Warning,
        waivable: true,
        title: "现行有效件数与文件库一致",
        citation: "国办公开办函〔2021〕30号表二",
        check: table::library,
    },
    Special {
        id: "T2-SCALE",
        version: 1,
        forms: BOTH,
        severity: Severity::Info,
        waivable: true,
        title: "表二数据与上一年相差十倍以上",
        citation: "年度报告审核惯例",
        check: table::scale,
    },
    Special {
        id: "T3-G",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "分组小计等于所属各行之和",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号表三",
        check: structure::group_sums,
    },
    Special {
        id: "T3-P3",
        version: 1,
        forms: BOTH,
        severity: Severity::Info,
        waivable: true,
        title: "不予处理的情形在正文中有说明",
        citation: "条例第三十五条、第三十九条",
        check: table::declined_without_a_word,
    },
    Special {
        id: "X-BRIDGE",
        version: 1,
        forms: &["2021"],
        severity: Severity::Info,
        waivable: true,
        title: "新旧格式文件数量衔接",
        citation: "国办公开办函〔2019〕60号，国办公开办函〔2021〕30号",
        check: year::bridge,
    },
    Special {
        id: "X-VOL",
        version: 1,
        forms: BOTH,
        severity: Severity::Info,
        waivable: true,
        title: "数据大幅变动有说明",
        citation: "年度报告审核惯例",
        check: year::volume,
    },
    Special {
        id: "X-SIM",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "正文与上一年不雷同",
        citation: "国办公开办函〔2021〕30号",
        check: year::similar_text,
    },
    Special {
        id: "X-ID",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: true,
        title: "同一机关、同一口径、连续年度，同一报告只有一套数据",
        citation: "条例第四十九条",
        check: year::identity,
    },
    Special {
        id: "S-LEDGER",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "表二、表三与台账重新统计一致",
        citation: "条例第四十五条",
        check: ledger::recount,
    },
    Special {
        id: "S-REV",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "表四与复议诉讼台账重新统计一致",
        citation: "条例第五十条",
        check: ledger::recount_disputes,
    },
    Special {
        id: "S-FEE",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "信息处理费与收费台账一致",
        citation: "国办函〔2020〕109号",
        check: ledger::fee,
    },
    Special {
        id: "H-COVER",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "下级机关的报告全部接收",
        citation: "条例第四十九条",
        check: hierarchy::coverage,
    },
    Special {
        id: "H-SUM",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "汇总表等于本级政府自身和各机关之和",
        citation: "条例第四十九条",
        check: hierarchy::sums,
    },
    Special {
        id: "H-MAX",
        version: 1,
        forms: BOTH,
        severity: Severity::Error,
        waivable: false,
        title: "汇总表不小于任何一个机关",
        citation: "条例第四十九条",
        check: hierarchy::largest,
    },
    Special {
        id: "H-MIX",
        version: 1,
        forms: BOTH,
        severity: Severity::Warning,
        waivable: true,
        title: "汇总的报告年度、格式相同",
        citation: "条例第五十条",
        check: hierarchy::mixture,
    },
];

#[cfg(test)]
mod published_tests;
#[cfg(test)]
mod tests;
