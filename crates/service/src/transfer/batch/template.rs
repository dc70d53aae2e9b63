//! The workbook an old list is filled into: the headings on one sheet, what goes into each on another.

use super::super::sheet::document::{ATTRIBUTE, CATEGORY, MADE, MAKER, TITLE};
use super::row::columns;
use crate::error::{Error, Result};
use law::classification;
use law::docket::document::{Category, DisclosureAttribute};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// What goes into a column, and an example.
fn about(column: &str) -> (String, &'static str) {
    let text = match column {
        "统计单位" => {
            return (
                "年度报告由哪个机关统计，写机关全称、简称或者代码；空着的按导入时的选择".into(),
                "市政府办公室",
            );
        }
        "制作机关" => {
            return ("写机关全称、简称或者代码；代本级政府制作的写本级政府".into(), "市政府办公室");
        }
        "公文类别" => {
            let all = Category::ENTERED.map(Category::label).join("、");
            return (format!("{all}；空着的按导入时的选择"), "行政规范性文件");
        }
        "标题" => return ("与文件上的标题一致".into(), "关于进一步规范某项工作的通知"),
        "发文字号" => {
            return ("机关代字、六角括号括入的四位年份、不编虚位的序号".into(), "高政办发〔2019〕12号");
        }
        "索引号" => return ("已经编有的索引号，不再改变".into(), "000014349/2019-00012"),
        "公开属性" => {
            return (DisclosureAttribute::ALL.map(DisclosureAttribute::label).join("、"), "主动公开");
        }
        "属性理由" => return ("公开属性不是主动公开的必须填写理由和依据条款".into(), ""),
        "成文日期" => return ("文件落款的日期".into(), "2019-03-20"),
        "发布日期" => {
            return ("原来公开的日期，只有主动公开的填写；空着的导入后不公开".into(), "2019-03-22");
        }
        "在线链接" => return ("原来公开的网址".into(), ""),
        "主题分类" => return ("写到第二级".into(), "综合政务\\政务公开"),
        "体裁" => {
            let all: Vec<&str> = classification::genres().iter().map(|g| g.label.as_str()).collect();
            return (all.join("、"), "通知");
        }
        "公开栏目" => return ("栏目名称，几个栏目用“；”隔开".into(), ""),
        "关键词" => return ("用“、”隔开".into(), "政务公开、信息公开"),
        "内容概述" => return ("一两句话".into(), ""),
        "施行日期" => return ("只有规章和行政规范性文件填写".into(), "2019-04-01"),
        "有效期" => return ("届满的日期、年数（从施行之日起算）或者“长期”".into(), "5年"),
        "有效性" => {
            return ("有效、已修改、失效、废止；写了后三种的，还要填写相应的日期和依据".into(), "有效");
        }
        "废止/修改依据" => {
            return ("宣布废止或者修改的文件；也可以分别写在废止依据、修改依据中".into(), "");
        }
        "正文文件名" => {
            return (
                "DOCX、有文字的PDF、OFD、TXT或者网页文件；文字作为正文，原件作为附件".into(),
                "高政办发〔2019〕12号.docx",
            );
        }
        "附件文件名" => {
            return (
                "几个附件用“；”隔开；在文件夹中的写成“文件夹/文件名”".into(),
                "任务分解表.xlsx；申报表.docx",
            );
        }
        "修改日期" | "废止日期" | "失效日期" | "分类日期" => "写成2020-01-31",
        "服务对象" => "面向哪些人",
        "序号" => "可有可无，不登记",
        _ => "按文件填写",
    };
    (text.to_owned(), "")
}

/// The workbook.
///
/// # Errors
/// [`Error::Internal`] if it cannot be written.
pub fn batch_template() -> Result<Vec<u8>> {
    let broken = |e: XlsxError| Error::Internal(e.to_string());
    let (head, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let wrapped = Format::new().set_text_wrap().set_num_format("@");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("公文列表").map_err(broken)?;
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    for (n, column) in (0..).zip(columns()) {
        sheet.set_column_format(n, &text).map_err(broken)?;
        sheet.set_column_width(n, if column.name == TITLE { 40 } else { 16 }).map_err(broken)?;
        sheet.write_string_with_format(0, n, column.name, &head).map_err(broken)?;
    }
    let sheet = book.add_worksheet();
    sheet.set_name("填写说明").map_err(broken)?;
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    for (n, (heading, width)) in (0..).zip([("列名", 16), ("是否必填", 10), ("填写内容", 60), ("示例", 36)])
    {
        sheet.set_column_width(n, width).map_err(broken)?;
        sheet.write_string_with_format(0, n, heading, &head).map_err(broken)?;
    }
    for (n, column) in (1..).zip(columns()) {
        let must = [MAKER, TITLE, ATTRIBUTE, MADE].contains(&column.name);
        let or = if column.name == CATEGORY { "必填，或者导入时选择" } else { "" };
        let must = if must { "必填" } else { or };
        let (what, example) = about(column.name);
        for (at, cell) in (0..).zip([column.name, must, what.as_str(), example]) {
            sheet.write_string_with_format(n, at, cell, &wrapped).map_err(broken)?;
        }
    }
    book.save_to_buffer().map_err(broken)
}
