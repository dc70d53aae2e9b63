//! Blocks as a report: which blocks are which table, which form it is, and what could not be told.

use super::block::{At, Block, Document, Kind};
use super::label::{OTHER, OTHERS, REQUESTS};
use super::normal::folded;
use super::outline::{Outline, Title, passages, year_in};
use super::table::Table;
use super::{Unreadable, disputes, proactive, requests};
use law::Amount;
use law::form::part::Part;
use law::form::published::{Place, Published, TableName, TableState};
use law::form::{Figures, Form};
use std::collections::BTreeMap;
use std::ops::Range;

/// Headings as they run on where a program has joined the cells of tables two, three and four, folded.
const HEADINGS: [&str; 3] =
    ["信息内容本年", "一本年新收政府信息公开申请数量", "结果维持结果纠正其他结果尚未审结总计"];
/// Why a table is not read of which only words and figures are there, and no rows.
const NOTHING_READ: [&str; 3] = [
    "表二只有标题或者项目名称，没有读出各行的数据（可能在转换格式时丢失），请改用原始网页或者原始文件",
    "表三只有标题或者项目名称，没有读出各行的数据（可能在转换格式时丢失），请改用原始网页或者原始文件",
    "表四只有标题或者项目名称，没有读出数据（可能在转换格式时丢失），请改用原始网页或者原始文件",
];

/// A report that was read. Nothing in it is guessed: what could not be told for certain is in `refused`.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What kind of file it was.
    pub kind: Kind,
    /// The form it uses, by its headings and rows.
    pub form: &'static Form,
    /// The year it reports on; none if it says none.
    pub year: Option<i16>,
    /// The figures by the cells of `form`, and the sums of groups if any are printed: what the checks are run on.
    pub figures: Figures,
    /// The figures by the rows that are printed. They differ from `figures` where a report has one row (六) and its form
    /// three, or the other way round.
    pub printed: Figures,
    /// Words and structure.
    pub published: Published,
    /// Tables and rows whose figures could not be told.
    pub refused: Vec<RefusedTable>,
    places: Vec<At>,
}

/// A table, or a row of it, that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedTable {
    /// The table.
    pub table: TableName,
    /// Row of the form; none for the whole table.
    pub row: Option<String>,
    /// One Chinese sentence why.
    pub reason: String,
}

impl Reading {
    /// Where something stands in the file.
    pub fn at(&self, place: usize) -> At {
        self.places.get(place).copied().unwrap_or_default()
    }

    /// The year for the checks: that of the report, or the first of its form.
    pub fn year_or_first(&self) -> i16 {
        self.year.unwrap_or(self.form.from_year)
    }
}

/// Reads a document as a report.
///
/// # Errors
/// [`Unreadable`] if it is none, is several, or uses a form that is not known.
pub(super) fn report(document: Document) -> Result<Reading, Unreadable> {
    let outline = Outline::of(&document);
    let regions = Regions::of(&document, &outline);
    let period = period(&document);
    let title = choose(&outline, document.title.as_deref(), regions.begin(&document), period);
    let year = title.as_ref().and_then(|t| t.year).or(period);
    let (mut proactive, told) = proactive::read(&document, regions.proactive.clone(), year);
    let older = told
        .or_else(|| year.and_then(|y| Form::for_year(y).ok()))
        .is_some_and(|f| f.requests.rows.iter().any(|r| r.id == OTHER));
    let mut requests = requests::read(&document, regions.requests.clone(), older);
    let mut disputes = disputes::read(&document, regions.disputes.clone());
    let ranges = [&regions.proactive, &regions.requests, &regions.disputes];
    for (n, table) in [&mut proactive, &mut requests, &mut disputes].into_iter().enumerate() {
        let is_there = || {
            n == 1 && regions.requests_named
                || runs_on(&document, HEADINGS[n])
                || has_figures(&document, ranges[n].clone())
        };
        if table.state == TableState::Absent && is_there() {
            table.state = TableState::Refused(NOTHING_READ[n].to_owned());
        }
    }
    let tables = [proactive, requests, disputes];
    several(&document, &outline)?;
    let nothing = tables.iter().all(|t| t.state == TableState::Absent);
    if let Some(old) = year.filter(|y| {
        Form::all().first().is_some_and(|f| *y < f.from_year) && !matches!(tables[1].state, TableState::Read)
    }) {
        let text =
            format!("{old}年度报告使用2019年以前的格式，没有国办公开办函〔2019〕60号规定的表格，不能核查");
        return Err(Unreadable::OtherForm(text));
    }
    let parts = outline.headings.iter().filter(|(_, h)| h.section.is_some()).count();
    if nothing && (title.is_none() || parts < 3) {
        return Err(Unreadable::NoReport);
    }
    let form = told
        .or_else(|| by_rows(&tables[1]))
        .or_else(|| year.and_then(|y| Form::for_year(y).ok()))
        .or_else(|| Form::all().last())
        .ok_or(Unreadable::NoReport)?;
    let ranges = [regions.proactive, regions.requests, regions.disputes];
    let mut published = Published {
        title: title.as_ref().map(|t| (t.text.clone(), t.place)),
        organization: title.as_ref().and_then(|t| t.organization.clone()),
        title_year: title.as_ref().and_then(|t| t.year),
        published_on: outline.published_on,
        passages: passages(&document, &outline, &ranges),
        headings: outline.headings.into_iter().map(|(_, h)| h).collect(),
        ..Published::default()
    };
    let mut printed = Figures::default();
    let mut subtotals = BTreeMap::new();
    let mut refused = Vec::new();
    for (name, table) in TableName::ALL.into_iter().zip(tables) {
        if let TableState::Refused(reason) = &table.state {
            refused.push(RefusedTable { table: name, row: None, reason: reason.clone() });
        }
        for row in table.refused {
            refused.push(RefusedTable { table: name, row: row.row, reason: row.reason });
        }
        published.tables.insert(name, table.state);
        published.labels.extend(table.labels);
        published.cells.extend(table.cells);
        printed.0.extend(table.figures);
        subtotals.extend(table.subtotals);
    }
    let mut figures = converted(&printed, form);
    figures.0.extend(subtotals);
    Ok(Reading {
        kind: document.kind,
        form,
        year,
        figures,
        printed,
        published,
        refused,
        places: document.places,
    })
}

/// Whether the headings of a table stand in one line, one behind the other.
fn runs_on(document: &Document, headings: &str) -> bool {
    document.blocks.iter().any(|block| match block {
        Block::Line(line) => folded(&line.text).contains(headings),
        Block::Grid(grid) => grid.cells.iter().any(|c| folded(&c.text).contains(headings)),
    })
}

/// Whether figures stand in a part, more than its prose would set apart in lines of their own.
fn has_figures(document: &Document, blocks: Range<usize>) -> bool {
    const SOME: usize = 14;
    let alone =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
    let figures = document.blocks[blocks].iter().map(|block| match block {
        Block::Line(line) => usize::from(alone(&line.text)),
        Block::Grid(grid) => grid.cells.iter().filter(|c| alone(&c.text)).count(),
    });
    figures.sum::<usize>() >= SOME
}

/// The form whose rows (六) table three has, if the other tables do not tell.
fn by_rows(requests: &Table) -> Option<&'static Form> {
    let has = |row: &str| requests.labels.iter().any(|l| l.row.as_deref() == Some(row));
    if has(OTHER) {
        return Form::by_id("2019");
    }
    OTHERS.iter().any(|row| has(row)).then(|| Form::by_id("2021")).flatten()
}

/// The figures by the cells of the form: three rows (六) added up for a form with one; one row taken as 其他 for a form
/// with three, whose other two are then blank (DOMAIN §1.4).
fn converted(printed: &Figures, form: &Form) -> Figures {
    let mut figures = printed.clone();
    let has_one = form.requests.rows.iter().any(|r| r.id == OTHER);
    for column in &form.requests.columns {
        let cell = |row: &str| format!("requests.{row}.{}", column.id);
        if has_one {
            let three: Option<Vec<Option<Amount>>> =
                OTHERS.iter().map(|row| figures.0.remove(&cell(row))).collect();
            if let Some(three) = three {
                let blank = three.iter().all(Option::is_none);
                let sum = three.into_iter().flatten().fold(Amount::ZERO, |sum, v| sum + v);
                figures.0.entry(cell(OTHER)).or_insert((!blank).then_some(sum));
            }
        } else if let Some(one) = figures.0.remove(&cell(OTHER)) {
            let [lapsed, unpaid, other] = OTHERS.map(cell);
            figures.0.entry(lapsed).or_insert(None);
            figures.0.entry(unpaid).or_insert(None);
            figures.0.entry(other).or_insert(one);
        }
    }
    figures
}

/// Which blocks belong to which table. Ranges may share a block: some reports are one table.
#[derive(Debug)]
struct Regions {
    proactive: Range<usize>,
    requests: Range<usize>,
    /// Whether words of table three are there, and not only the heading of its part.
    requests_named: bool,
    disputes: Range<usize>,
}

/// What words of a table a block has.
#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    proactive: bool,
    requests: bool,
    disputes: bool,
}

impl Signs {
    fn of(block: &Block) -> Signs {
        let look = |text: &str| {
            let text = folded(text);
            Signs {
                proactive: text.contains("第二十条")
                    || text == "信息内容"
                    || text.starts_with("信息内容本年"),
                requests: ["勾稽关系", "申请人情况", "本年新收", "结转下年度", "本年度办理结果"]
                    .iter()
                    .any(|w| text.contains(w)),
                disputes: ["结果维持", "复议后起诉", "未经复议"].iter().any(|w| text.contains(w)),
            }
        };
        match block {
            Block::Line(line) => {
                let sentence = line.text.contains(['。', '件']) || line.text.chars().count() > 60;
                if sentence && !line.text.contains("勾稽关系") {
                    Signs::default()
                } else {
                    look(&line.text)
                }
            }
            Block::Grid(grid) => grid.cells.iter().fold(Signs::default(), |all, cell| {
                if cell.text.is_empty() || cell.text.chars().count() > 80 {
                    return all;
                }
                let one = look(&cell.text);
                Signs {
                    proactive: all.proactive || one.proactive,
                    requests: all.requests || one.requests,
                    disputes: all.disputes || one.disputes,
                }
            }),
        }
    }
}

impl Regions {
    /// Where the first table begins.
    fn begin(&self, document: &Document) -> Option<Place> {
        let first = [&self.proactive, &self.requests, &self.disputes]
            .into_iter()
            .filter(|r| !r.is_empty())
            .map(|r| r.start)
            .min()?;
        match document.blocks.get(first)? {
            Block::Line(line) => Some(line.place),
            Block::Grid(grid) => grid.cells.first().map(|c| c.place),
        }
    }

    fn of(document: &Document, outline: &Outline) -> Regions {
        let end = document.blocks.len();
        let signs: Vec<Signs> = document.blocks.iter().map(Signs::of).collect();
        let two = signs.iter().position(|s| s.proactive).or_else(|| outline.begin(2));
        let named = signs.iter().position(|s| s.requests);
        let three = named.or_else(|| outline.begin(3));
        // The last table four, since words of it stand in sentences before.
        let from = three.or(two).unwrap_or(0);
        let four = (from..end).find(|n| signs[*n].disputes).or_else(|| outline.begin(4));
        let after = |n: usize| {
            let five = outline.headings.iter().filter(|(at, h)| *at > n && h.section.is_some_and(|s| s > 4));
            five.map(|(at, _)| *at).min().unwrap_or(end)
        };
        // A block that holds the beginning of the next table belongs to both.
        let until = |from: usize, next: Option<usize>| match next {
            Some(next) if next > from => next,
            Some(next) if next == from => from + 1,
            _ => end,
        };
        let shared = |n: usize, own: fn(&Signs) -> bool| own(&signs[n]);
        let mut proactive = match two {
            Some(two) => two..until(two, three.or(four)),
            None => 0..0,
        };
        if let Some(three) = three
            && proactive.end == three
            && three < end
            && shared(three, |s| s.proactive)
        {
            proactive.end = three + 1;
        }
        let mut requests = match three {
            Some(three) => three..until(three, four).min(after(three)).max(three + 1),
            None => 0..0,
        };
        if let Some(four) = four
            && requests.end == four
            && four < end
            && shared(four, |s| s.requests)
        {
            requests.end = four + 1;
        }
        let disputes = match four {
            Some(four) => four..after(four).max(four + 1),
            None => 0..0,
        };
        Regions { proactive, requests, requests_named: named.is_some(), disputes }
    }
}

/// The title of the report. Pages list other reports before it, beside it and behind: of the complete ones before its
/// tables, that of the year for which most speaks, how often it is named, the statistical period and the day of
/// publication; among equals the last.
fn choose(
    outline: &Outline,
    file_title: Option<&str>,
    tables: Option<Place>,
    period: Option<i16>,
) -> Option<Title> {
    let complete = |t: &&Title| t.organization.is_some() && t.year.is_some();
    let before: Vec<&Title> = outline.titles.iter().collect();
    let stands_before = |t: &&Title| complete(t) && tables.is_none_or(|at| t.place < at);
    let published = outline.published_on.map(|day| day.year() - 1);
    let speaks_for = |year: Option<i16>| {
        let named = before.iter().filter(|t| stands_before(t) && t.year == year).count();
        named + usize::from(year == period) + usize::from(year == published)
    };
    let named = before.iter().copied().filter(stands_before).max_by_key(|t| speaks_for(t.year));
    let mut chosen = named
        .or_else(|| before.iter().copied().rfind(complete))
        .or_else(|| before.iter().copied().find(|t| t.year.is_some()))
        .or(before.first().copied())?
        .clone();
    if (chosen.organization.is_none() || chosen.year.is_none())
        && let Some(title) = file_title
    {
        let pieces = title.split(['_', '|', '—', '-', '–']);
        for piece in pieces.filter_map(|t| super::outline::title_of(t.trim(), chosen.place)) {
            if chosen.year.is_none() || piece.year.is_none() || chosen.year == piece.year {
                chosen.organization = chosen.organization.or(piece.organization);
                chosen.year = chosen.year.or(piece.year);
            }
        }
    }
    Some(chosen)
}

/// The year of the statistical period (统计期限…2024年1月1日至…12月31日).
fn period(document: &Document) -> Option<i16> {
    document.blocks.iter().find_map(|block| {
        let Block::Line(line) = block else { return None };
        let text: String = line.text.split_whitespace().collect();
        let at = text.find("年1月1日")?;
        let from = text[..at].char_indices().rev().nth(3).map(|(n, _)| n)?;
        year_in(&text[from..]).map(|(year, ..)| year)
    })
}

/// Two reports in one file: two titles of different authorities or years, and two beginnings of table three.
fn several(document: &Document, outline: &Outline) -> Result<(), Unreadable> {
    let first = REQUESTS.place("new_requests");
    let is_first = |text: &str| {
        let text: String = text.split_whitespace().collect();
        text.chars().count() <= 30 && REQUESTS.find(&text).map(|m| m.row) == first
    };
    let begins: usize = document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Line(line) => usize::from(is_first(&line.text)),
            Block::Grid(grid) => {
                // A label may be repeated over the cells it covers.
                let mut rows: Vec<usize> = grid
                    .cells
                    .iter()
                    .filter(|c| !c.text.is_empty() && is_first(&c.text))
                    .map(|c| c.row)
                    .collect();
                rows.dedup();
                rows.len()
            }
        })
        .sum();
    let mut whose: Vec<String> = outline
        .titles
        .iter()
        .filter_map(|t| Some(format!("{}{}年", t.organization.as_deref()?, t.year?)))
        .collect();
    whose.sort();
    whose.dedup();
    if begins > 1 && whose.len() > 1 {
        return Err(Unreadable::SeveralReports(whose.join("、")));
    }
    Ok(())
}

/// Whether the report has its last part: a page that was cut off has none.
pub(super) fn is_complete(reading: &Reading) -> bool {
    reading.published.tables.values().all(|t| *t == TableState::Read)
        && reading.refused.is_empty()
        && reading.published.passages.iter().any(|p| p.part == Part::OtherMatters)
}
