//! Title, years, the statistical period and the day of publication.

use super::super::check::{Input, Severity, Verdict};
use super::super::part::{Part, Scope};
use super::super::published::Passage;
use super::Found;
use super::plain::{Written, bare, dates, says_its_year, sentences, squeezed};
use crate::docket::unit::{Level, UnitKind};
use jiff::civil::Date;

/// F-TITLE: the title names the authority, the year and 政府信息公开工作年度报告.
pub(super) fn title(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    let Some((title, place)) = &published.title else {
        return vec![Found::fail(
            vec![],
            "报告没有标题，标题应当写明机关名称、年度和“政府信息公开工作年度报告”".into(),
        )];
    };
    let words = bare(title);
    let mut lacking = Vec::new();
    if published.organization.as_deref().is_none_or(|o| o.trim().is_empty()) {
        lacking.push("机关名称");
    }
    if published.title_year.is_none() {
        lacking.push("年度");
    }
    let exact = words.contains("政府信息公开工作年度报告");
    let usual = (words.contains("信息公开") || words.contains("政务公开"))
        && (words.contains("年报") || words.contains("年度报告") || words.contains("工作报告"));
    if !exact && !usual {
        lacking.push("“政府信息公开工作年度报告”");
    }
    let at = |found: Found| Found { place: Some(*place), quote: Some(title.trim().to_owned()), ..found };
    if !lacking.is_empty() {
        let message = format!("标题“{}”没有写明{}", title.trim(), lacking.join("、"));
        return vec![at(Found::fail(vec![], message))];
    }
    if exact {
        return vec![];
    }
    let message = format!("标题“{}”没有使用“政府信息公开工作年度报告”的名称", title.trim());
    vec![at(Found { severity: Some(Severity::Info), ..Found::fail(vec![], message) })]
}

/// Words after which a year is not the one a sentence reports about.
const OTHER_YEARS: [&str; 27] = [
    "较",
    "比",
    "上年",
    "去年",
    "上一年",
    "结转",
    "整改",
    "针对",
    "问题",
    "不足",
    "将",
    "拟",
    "计划",
    "下一步",
    "明年",
    "规划",
    "预算",
    "决算",
    "要点",
    "以来",
    "历年",
    "累计",
    "修订",
    "印发",
    "《",
    "〔",
    "至今",
];
const REPORTED: [&str; 12] =
    ["公开", "发布", "收到", "受理", "办理", "答复", "开展", "召开", "制发", "回应", "组织", "推进"];

/// F-YEAR: the year of the title and those of sentences that report what was done in a year.
pub(super) fn years(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published.filter(|_| says_its_year(input)) else { return vec![] };
    let year = input.year;
    let mut found = Vec::new();
    if let (Some(of_title), Some((title, place))) = (published.title_year, &published.title)
        && of_title != year
    {
        let message = format!("标题的年度为{of_title}年，报告的统计年度为{year}年，二者应当一致");
        found.push(Found {
            place: Some(*place),
            quote: Some(title.trim().to_owned()),
            severity: Some(Severity::Error),
            ..Found::fail(vec![], message)
        });
    }
    if let Some(day) = published.published_on
        && day.year() <= year
    {
        let message = format!("发布时间为{}，{year}年度报告应当在{}年发布", said(day), year + 1);
        found.push(Found { severity: Some(Severity::Warning), ..Found::fail(vec![], message) });
    }
    for (passage, sentence) in sentences(input) {
        if let Some(other) = reported_year(&sentence)
            && other != year
            && !OTHER_YEARS.iter().any(|w| sentence.contains(w))
        {
            let message = format!(
                "“{}”写的是{other}年的情况，本报告的统计年度为{year}年，请核对年份",
                first(&sentence)
            );
            found.push(sentence_at(passage, &sentence, Found::review(vec![], message)));
        }
    }
    found
}

fn sentence_at(passage: &Passage, sentence: &str, found: Found) -> Found {
    Found {
        place: Some(passage.place),
        quote: Some(sentence.to_owned()),
        severity: found.severity.or(Some(Severity::Warning)),
        ..found
    }
}

fn first(sentence: &str) -> String {
    let short: String = sentence.chars().take(24).collect();
    if short.len() < sentence.len() { format!("{short}…") } else { short }
}

/// The year at the beginning of a sentence that counts what was done: `2023年，我局共公开信息29条`.
fn reported_year(sentence: &str) -> Option<i16> {
    let start = sentence
        .trim_start_matches(|c: char| !c.is_ascii_digit() && "（一二三四五六七八九十）、是:(".contains(c));
    let year: i16 = start.get(..4)?.parse().ok().filter(|y| (2008..2100).contains(y))?;
    let rest = start.get(4..)?.strip_prefix('年')?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let counts = rest.chars().any(|c| c.is_ascii_digit());
    (counts && REPORTED.iter().any(|w| rest.contains(w))).then_some(year)
}

/// F-PERIOD: where the text says which days are counted, they are 1 January to 31 December of the year.
pub(super) fn period(input: &Input<'_>) -> Vec<Found> {
    const WORDS: [&str; 6] = ["统计期限", "统计周期", "统计时间", "统计时限", "统计起止", "所列数据"];
    let mut found = Vec::new();
    if !says_its_year(input) {
        return found;
    }
    for (passage, sentence) in sentences(input) {
        if !matches!(passage.part, Part::Introduction | Part::Overview)
            || !WORDS.iter().any(|w| sentence.contains(w))
        {
            continue;
        }
        let all = dates(&sentence);
        let Some(pair) = all.windows(2).find(|w| is_range(&sentence[w[0].1..w[1].0])) else { continue };
        let (from, to) = (pair[0].2, pair[1].2);
        let right = |d: Written, month, day| {
            d.month == month && d.day == day && d.year.is_none_or(|y| y == input.year)
        };
        let impossible = [from, to].into_iter().find(|d| !exists(*d, input.year));
        let printed = &sentence[pair[0].0..pair[1].1];
        let year = input.year;
        let message = match impossible {
            Some(d) => format!("统计期限“{printed}”中的{}月{}日不存在", d.month, d.day),
            None if right(from, 1, 1) && right(to, 12, 31) => continue,
            None => format!("统计期限为“{printed}”，应当为{year}年1月1日至{year}年12月31日"),
        };
        found.push(Found {
            suggestion: Some(format!("{year}年1月1日至{year}年12月31日")),
            severity: Some(Severity::Error),
            ..sentence_at(passage, &sentence, Found::fail(vec![], message))
        });
    }
    found
}

fn is_range(between: &str) -> bool {
    matches!(between, "至" | "到" | "起至" | "-" | "—" | "－" | "~" | "～" | "–" | "——" | "--" | "起到")
}

fn exists(d: Written, year: i16) -> bool {
    let (Ok(month), Ok(day)) = (i8::try_from(d.month), i8::try_from(d.day)) else { return false };
    Date::new(d.year.unwrap_or(year), month, day).is_ok()
}

fn said(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// F-DEADLINE: published by 31 January, the report of a government by 31 March (条例第四十九条), or by an earlier day a place
/// has set. Townships have the day their county sets, and where it is not known whose report it is only the later day is
/// certain.
pub(super) fn deadline(input: &Input<'_>) -> Vec<Found> {
    let published = input.published.filter(|_| says_its_year(input));
    let Some(day) = published.and_then(|p| p.published_on) else { return vec![] };
    let next = input.year.saturating_add(1);
    let last = |name: &str| {
        let set = input.settings.parameter("F-DEADLINE", name);
        Date::new(next, i8::try_from(set / 100).ok()?, i8::try_from(set % 100).ok()?).ok()
    };
    let (Some(own), Some(government)) = (last("own"), last("government")) else { return vec![] };
    let name = input.organization.or_else(|| input.published.and_then(|p| p.organization.as_deref()));
    let name = squeezed(name.unwrap_or_default());
    let township = input
        .unit
        .is_some_and(|(level, kind)| level == Level::Township || kind == UnitKind::Township)
        || ["镇人民政府", "乡人民政府", "街道办事处", "镇政府", "乡政府"].iter().any(|w| name.ends_with(w));
    let scope = input.scope.or_else(|| {
        if name.is_empty() || township {
            return None;
        }
        Some(if name.ends_with("人民政府") || is_place(&name) { Scope::Government } else { Scope::Own })
    });
    let late = |last: Date| format!("发布时间为{}，应当在{}前发布", said(day), said(last));
    if township && let Some(set) = last("township") {
        return if day > set { vec![Found::fail(vec![], late(set))] } else { vec![] };
    }
    match scope {
        Some(Scope::Government) if day > government => vec![Found::fail(vec![], late(government))],
        Some(Scope::Own) if day > own && !township => vec![Found::fail(vec![], late(own))],
        Some(_) if !township => vec![],
        _ if day > government && !township => vec![Found::fail(vec![], late(government))],
        _ if day > own => {
            let message = format!("{}；政府的报告以及当地另有规定的，请核对发布期限", late(own));
            let review = Found { verdict: Verdict::Review, ..Found::fail(vec![], message) };
            vec![Found { severity: Some(Severity::Warning), ..review }]
        }
        _ => vec![],
    }
}

/// A bare name of a place (`测试市`) stands for its government.
fn is_place(name: &str) -> bool {
    name.ends_with(['省', '市', '县', '区', '州', '旗']) && name.chars().count() <= 12
}
