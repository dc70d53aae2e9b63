//! The letter (核查意见) to the authority whose report was inspected, ready to be sent.

use super::{Inspection, day, place_words};
use crate::error::{Error, Result};
use jiff::civil::Date;
use law::form::check::{Finding, Severity, Verdict};
use paper::letter::{Block, LetterText, Level, OfficialLetter};

/// The letter as DOCX. `signed_by` is the authority that sends it.
///
/// # Errors
/// [`Error::Invalid`] if a word of it cannot be printed.
pub fn opinion(inspection: &Inspection, signed_by: &str, on: Date) -> Result<Vec<u8>> {
    let letter = OfficialLetter {
        issuer: signed_by.to_owned(),
        number: None,
        text: text(inspection),
        signed_by: signed_by.to_owned(),
        made_on: Some(on),
        printed_on: on,
        draft: false,
    };
    paper::letter_docx(&letter).map_err(|e| Error::Invalid(e.to_string()))
}

fn text(inspection: &Inspection) -> LetterText {
    let reading = &inspection.reading;
    let organization = reading.published.organization.as_deref();
    let report = format!(
        "{}{}政府信息公开工作年度报告",
        organization.unwrap_or_default(),
        reading.year.map(|y| format!("{y}年")).unwrap_or_default()
    );
    let mut body = Vec::new();
    let found = |severity: Severity| -> Vec<&Finding> {
        inspection.findings.iter().filter(|f| f.severity == severity).collect()
    };
    let (errors, warnings, remarks) =
        (found(Severity::Error), found(Severity::Warning), found(Severity::Info));
    let published = reading.published.published_on.map(|d| format!("（{}发布）", day(d))).unwrap_or_default();
    let rules = inspection.rules.as_ref().map(|r| format!("按照{r}，")).unwrap_or_default();
    let clean = errors.is_empty() && warnings.is_empty();
    body.push(plain(format!(
        "根据《中华人民共和国政府信息公开条例》第四十九条、第五十条和{}规定的格式，{rules}对{report}{published}进行了核查。{}",
        reading.form.instrument,
        if clean && reading.refused.is_empty() {
            "未发现应当更正或者说明的问题。".to_owned()
        } else {
            format!("发现错误{}项、预警{}项，有关情况如下。", errors.len(), warnings.len())
        }
    )));
    let mut section = 0;
    let mut head = |title: &str, body: &mut Vec<Block>| {
        const ORDINALS: [&str; 5] = ["一", "二", "三", "四", "五"];
        body.push(Block::Text { level: Level::First, text: format!("{}、{title}", ORDINALS[section]) });
        section += 1;
    };
    for (title, findings) in
        [("应当更正的问题", &errors), ("需要核实或者说明的问题", &warnings), ("供参考的提示", &remarks)]
    {
        if !findings.is_empty() {
            head(title, &mut body);
            listed(inspection, findings, &mut body);
        }
    }
    if !reading.refused.is_empty() {
        head("未能核查的内容", &mut body);
        for refused in &reading.refused {
            body.push(plain(format!("{}：{}。", refused.table.label(), refused.reason)));
        }
    }
    if !errors.is_empty() {
        body.push(plain(
            "请对上述错误逐项核实，更正后重新公布年度报告，注明更正说明，并将更正情况书面反馈。".into(),
        ));
    } else if !warnings.is_empty() {
        body.push(plain("请对上述问题逐项核实，需要更正的及时更正，不需要更正的书面说明理由。".into()));
    }
    LetterText {
        title: format!("关于{report}的核查意见"),
        addressee: organization.map(str::to_owned),
        body,
        ..LetterText::default()
    }
}

fn plain(text: String) -> Block {
    Block::Text { level: Level::Plain, text }
}

/// Each finding as an item: what is wrong, where, by which source, the words of the report, what to write instead.
fn listed(inspection: &Inspection, findings: &[&Finding], body: &mut Vec<Block>) {
    for (n, finding) in findings.iter().enumerate() {
        let verdict = match finding.verdict {
            Verdict::Fail => String::new(),
            other => format!("（{}）", other.label()),
        };
        let text = format!("{}. {}{verdict}。", n + 1, finding.message);
        body.push(Block::Text { level: Level::Third, text });
        let place = inspection.at(finding).map(place_words).filter(|p| !p.is_empty());
        let place = place.map(|p| format!("位置：{p}。")).unwrap_or_default();
        body.push(plain(format!("{place}依据：{}。", finding.citation)));
        if let Some(quote) = &finding.quote {
            body.push(plain(format!("原文：“{quote}”")));
        }
        if let Some(suggestion) = &finding.suggestion {
            body.push(plain(format!("建议：{suggestion}。")));
        }
    }
}
