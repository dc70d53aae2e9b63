//! The words of a report apart from its tables: title, authority, year, day of publication, headings of the six parts, and
//! paragraphs.

use super::block::{Block, Document, Kind};
use super::normal::{Level, folded, ordinal};
use super::record::is_page_mark;
use jiff::civil::Date;
use law::form::Form;
use law::form::part::Part;
use law::form::published::{Heading, Passage, Place};

/// Characters of the longest heading.
const HEADING: usize = 45;
/// Characters of the longest title.
const TITLE: usize = 80;

/// A title that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) organization: Option<String>,
    pub(super) year: Option<i16>,
}

/// The outline of a document.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) titles: Vec<Title>,
    pub(super) published_on: Option<Date>,
    /// With the block each stands in.
    pub(super) headings: Vec<(usize, Heading)>,
}

impl Outline {
    /// Looks through all lines, also those within grids that hold one cell a row.
    pub(super) fn of(document: &Document) -> Outline {
        let mut outline = Outline::default();
        let mut last: Option<&str> = None;
        for (n, block) in document.blocks.iter().enumerate() {
            let Block::Line(line) = block else {
                if let Block::Grid(grid) = block {
                    for cell in grid.cells.iter().filter(|c| c.text.chars().count() <= TITLE) {
                        let alone =
                            grid.cells.iter().filter(|o| o.row == cell.row && !o.text.is_empty()).count()
                                <= 1;
                        if alone {
                            outline.line(&cell.text.replace('\n', ""), None, cell.place, n);
                        }
                    }
                }
                last = None;
                continue;
            };
            outline.line(&line.text, last, line.place, n);
            last = Some(&line.text);
        }
        outline.glued(document);
        if outline.titles.is_empty()
            && let Some(title) = &document.title
        {
            let pieces = title.split(['_', '|', '—', '-', '–']);
            // It stands in no line.
            outline.titles.extend(pieces.filter_map(|t| title_of(t.trim(), Place::MAX)));
        }
        outline
    }

    /// Headings that programs have joined with the paragraph behind them or with the cell before: looked for word by word
    /// where a part has none.
    fn glued(&mut self, document: &Document) {
        let form = Form::all().last();
        for (n, name) in form.iter().flat_map(|f| f.sections.iter()).enumerate() {
            if self.headings.iter().any(|(_, h)| h.section == Some(n + 1)) {
                continue;
            }
            let glued = document.blocks.iter().enumerate().find_map(|(at, block)| {
                let place = match block {
                    Block::Line(line) => line.text.contains(name.as_str()).then_some(line.place),
                    Block::Grid(grid) => {
                        grid.cells.iter().find(|c| c.text.contains(name.as_str())).map(|c| c.place)
                    }
                };
                place.map(|place| (at, place))
            });
            if let Some((at, place)) = glued {
                self.headings.push((at, Heading { section: Some(n + 1), text: name.clone(), place }));
            }
        }
        self.headings.sort_by_key(|(at, h)| (*at, h.place));
    }

    fn line(&mut self, text: &str, last: Option<&str>, place: Place, block: usize) {
        if self.published_on.is_none() {
            self.published_on = published_on(text);
        }
        let length = text.chars().count();
        if length <= TITLE {
            let alone = title_of(text, place);
            let with_last = || {
                let last = last.filter(|l| l.chars().count() <= 40 && !l.contains(['。', '：', ':']))?;
                if heading(text, place).is_some()
                    || title_of(last, place).is_some_and(|t| t.organization.is_some())
                {
                    return None;
                }
                title_of(&format!("{}{}", last.trim(), text.trim()), place)
            };
            let title = match alone {
                Some(title) if title.organization.is_some() => Some(title),
                Some(title) => with_last().filter(|t| t.organization.is_some()).or(Some(title)),
                None => with_last(),
            };
            if let Some(title) = title {
                // A line that completes the last one replaces it.
                if let Some(known) = self.titles.last_mut()
                    && title.text.starts_with(&known.text)
                    && title.text != known.text
                {
                    *known = title;
                } else {
                    self.titles.push(title);
                }
                return;
            }
        }
        if length <= HEADING
            && let Some(heading) = heading(text, place)
        {
            self.headings.push((block, heading));
        }
    }

    /// The first block of a part, by its heading.
    pub(super) fn begin(&self, section: usize) -> Option<usize> {
        self.headings.iter().find(|(_, h)| h.section == Some(section)).map(|(block, _)| *block)
    }
}

/// The names of the parts as they are met, folded, without ordinals; the first of each is that of the form.
const NAMES: [&[&str]; 6] = [
    &["总体情况", "概述", "基本情况", "总体工作情况", "工作总体情况"],
    &[
        "主动公开政府信息情况",
        "主动公开政府信息",
        "行政机关主动公开政府信息情况",
        "政府信息主动公开情况",
        "主动公开情况",
    ],
    &[
        "收到和处理政府信息公开申请情况",
        "行政机关收到和处理政府信息公开申请情况",
        "收到和处理信息公开申请情况",
        "收到和处理政府信息公开申请",
        "依申请公开政府信息情况",
    ],
    &[
        "政府信息公开行政复议行政诉讼情况",
        "因政府信息公开工作被申请行政复议提起行政诉讼情况",
        "政府信息公开行政复议和行政诉讼情况",
        "政府信息公开行政复议诉讼情况",
        "行政复议行政诉讼情况",
        "政府信息公开行政复议行政诉讼",
    ],
    &[
        "存在的主要问题及改进情况",
        "存在问题及改进情况",
        "存在的主要问题及整改措施",
        "存在的问题及改进情况",
        "政府信息公开工作存在的主要问题及改进情况",
        "存在的主要问题和改进情况",
        "存在的主要问题及改进措施",
        "存在的问题和改进措施",
        "存在问题及改进措施",
        "主要问题及改进情况",
    ],
    &["其他需要报告的事项", "其他需要报告事项", "其他事项", "需要报告的其他事项", "其他需要说明的事项"],
];

/// A heading of a part: its name, or a numbered line that is no part.
pub(super) fn heading(text: &str, place: Place) -> Option<Heading> {
    let text = text.trim();
    if text.ends_with(['。', '；', ';', '，', ',']) {
        return None;
    }
    let all = folded(text);
    let (number, words) = ordinal(&all);
    let words = words.trim_end_matches(['(', ')']);
    let numbered = number.filter(|o| o.level == Level::Chinese);
    if number.is_some() && numbered.is_none() {
        return None;
    }
    let section = section(words, numbered.map(|o| o.n as usize));
    if section.is_none() && numbered.is_none() {
        return None;
    }
    // Rows of table three begin like headings (一、本年新收…).
    const ROWS: [&str; 4] = ["本年新收", "上年结转", "本年度办理结果", "结转下年度"];
    if ROWS.iter().any(|row| words.starts_with(row)) {
        return None;
    }
    Some(Heading { section, text: text.to_owned(), place })
}

fn section(words: &str, number: Option<usize>) -> Option<usize> {
    if let Some(n) = NAMES.iter().position(|names| names.contains(&words)) {
        return Some(n + 1);
    }
    // With its own number a heading may be worded a little differently.
    let number = number?;
    let has = |all: &[&str]| all.iter().all(|w| words.contains(w));
    let meant = match number {
        1 => has(&["总体"]),
        2 => has(&["主动公开"]),
        3 => has(&["申请"]) && has(&["处理"]) || has(&["依申请公开"]),
        4 => has(&["复议"]) || has(&["诉讼"]),
        5 => has(&["问题"]),
        6 => has(&["其他"]) && has(&["报告"]),
        _ => false,
    };
    meant.then_some(number)
}

/// A title: it names the report. Authority and year may be missing.
pub(super) fn title_of(text: &str, place: Place) -> Option<Title> {
    let text: String = text.split_whitespace().collect();
    let text = text.trim_start_matches(['#', '【', '《', '*']).trim_end_matches(['】', '》', '*']);
    let plain = folded(text);
    let names = plain.contains("信息公开") || plain.contains("政务公开");
    let report = plain.contains("年度报告")
        || plain.contains("年报")
        || plain.ends_with("工作报告")
        || plain.ends_with("情况报告");
    if !names
        || !report
        || text.contains(['。', '，', '；', '：', ':', '？', '“', '”'])
        || plain.contains("根据")
        || plain.contains("格式")
    {
        return None;
    }
    let before =
        ["政府信息公开", "信息公开", "政务公开"].iter().find_map(|w| text.find(w).map(|at| &text[..at]));
    // Converted characters: what stands before the name of the report cannot be cut by it.
    let before = before.unwrap_or_default();
    let (year, organization) = match year_in(before) {
        Some((year, from, to)) => {
            let (left, right) = (before[..from].trim(), before[to..].trim());
            (Some(year), if left.is_empty() { right } else { left })
        }
        None => (year_in(text).map(|(y, ..)| y), before),
    };
    let organization = organization
        .trim_start_matches("关于")
        .trim_start_matches("标题")
        .trim_end_matches("关于")
        .trim_matches(['(', ')', '（', '）', '、', '·', ' '])
        .trim_start_matches(['的']);
    let named = !organization.is_empty() && !["年度", "度", "年"].contains(&organization);
    Some(Title {
        text: text.to_owned(),
        place,
        organization: named.then(|| organization.trim_start_matches("年度").to_owned()),
        year,
    })
}

/// A year written with four digits or characters and 年, with the bytes it takes.
pub(super) fn year_in(text: &str) -> Option<(i16, usize, usize)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (n, (at, c)) in chars.iter().enumerate() {
        if *c != '年' || n < 4 {
            continue;
        }
        let mut digits: Vec<char> = Vec::new();
        let mut from = n;
        while from > 0 && digits.len() < 4 {
            let (_, c) = chars[from - 1];
            match digit(c) {
                Some(d) => digits.push(d),
                None if c.is_whitespace() => {}
                None => break,
            }
            from -= 1;
        }
        // More digits before it are another number, such as 202020年.
        if digits.len() != 4 || from > 0 && digit(chars[from - 1].1).is_some() {
            continue;
        }
        let year: String = digits.iter().rev().collect();
        let year: i16 = year.parse().ok().filter(|y| (1990..2100).contains(y))?;
        let mut end = at + c.len_utf8();
        if text[end..].starts_with('度') {
            end += '度'.len_utf8();
        }
        return Some((year, chars[from].0, end));
    }
    None
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        '〇' | '○' | '零' | 'Ｏ' => Some('0'),
        '一' => Some('1'),
        '二' => Some('2'),
        '三' => Some('3'),
        '四' => Some('4'),
        '五' => Some('5'),
        '六' => Some('6'),
        '七' => Some('7'),
        '八' => Some('8'),
        '九' => Some('9'),
        _ => None,
    }
}

/// The day a page says it was published.
fn published_on(text: &str) -> Option<Date> {
    const NAMES: [&str; 6] = ["发布时间", "发布日期", "公开日期", "公开时间", "发文日期", "发布于"];
    let at = NAMES.iter().find_map(|n| text.find(n).map(|at| at + n.len()))?;
    let rest: String = text[at..].chars().take(30).collect();
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let year = numbers.next()?.parse().ok().filter(|y| (1990..2100).contains(y))?;
    let month = numbers.next()?.parse().ok()?;
    let day = numbers.next()?.parse().ok()?;
    Date::new(year, month, day).ok()
}

/// The paragraphs, each with its part. `tables` are the blocks of tables; lines there count only if they are sentences.
pub(super) fn passages(
    document: &Document,
    outline: &Outline,
    tables: &[std::ops::Range<usize>],
) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut part = Part::Introduction;
    let mut headings = outline.headings.iter().filter(|(_, h)| h.section.is_some()).peekable();
    let titles: Vec<Place> = outline.titles.iter().map(|t| t.place).collect();
    let mut joins = false;
    for (n, block) in document.blocks.iter().enumerate() {
        while let Some((_, heading)) = headings.next_if(|(at, _)| *at <= n) {
            part = Part::ALL.into_iter().find(|p| p.section() == heading.section).unwrap_or(part);
            joins = false;
        }
        let Block::Line(line) = block else {
            joins = false;
            continue;
        };
        if is_page_mark(&line.text) {
            continue;
        }
        let is_heading = outline.headings.iter().any(|(_, h)| h.place == line.place);
        let is_title = titles.contains(&line.place);
        let long = line.text.chars().count() >= 12 && line.text.contains(['，', '。', '；', ',']);
        let in_table = tables.iter().any(|t| t.contains(&n));
        if is_heading || is_title || in_table && !long && !joins {
            joins = false;
            continue;
        }
        let last = passages.last_mut().filter(|p| joins && p.part == part);
        match last {
            Some(last) if !begins_anew(&line.text) => last.text.push_str(&line.text),
            _ => passages.push(Passage { part, text: line.text.clone(), place: line.place }),
        }
        // A line of a text file that is full and has no end goes on in the next.
        joins = document.kind == Kind::Text
            && line.text.chars().count() >= 18
            && !line.text.ends_with(['。', '！', '？', '：', '；', '”', '》', '）', ':', ';', '.', '!']);
    }
    passages
}

/// Whether a line is the beginning of something of its own.
fn begins_anew(text: &str) -> bool {
    ordinal(&folded(text)).0.is_some()
}
