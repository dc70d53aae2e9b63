//! What a row of a list of old documents says: the columns of the register (公文登记簿), and beside them the files, the period of
//! validity in words, and the validity as lists of published documents name it.

use super::super::cell::{Bad, Cells, Column, may};
use super::super::sheet::document::{
    AMENDED, AMENDED_BY, ATTRIBUTE, CATEGORY, DISCLOSED, FORCE, INDEX, LAPSED, LAPSED_WHY, MADE, MAKER,
    NUMBER, REPEALED, REPEALED_BY, TITLE, UNIT, URL, WITHDRAWN, WITHDRAWN_WHY,
};
use super::super::sheet::{ID, REST, Sheet};
use super::folder::plain_path;
use crate::account::hex;
use crate::document::Documents;
use crate::unit::Tree;
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use sm3::{Digest, Sm3};
use std::collections::BTreeSet;

pub(super) const BODY_FILE: &str = "正文文件名";
pub(super) const ANNEX_FILES: &str = "附件文件名";
pub(super) const PERIOD: &str = "有效期";
pub(super) const VALIDITY: &str = "有效性";
pub(super) const BECAUSE: &str = "废止/修改依据";
/// Taken and not kept: it only counts rows.
const SERIAL: &str = "序号";

/// The headings of a list: those of the register, without what was taken down and what only an export knows.
pub(super) fn columns() -> Vec<Column> {
    let left_out = [WITHDRAWN, WITHDRAWN_WHY, ID.name, REST.name];
    let own = Documents::COLUMNS.iter().filter(|c| !left_out.contains(&c.name)).copied();
    // Who imports says both for the whole list.
    let eased = own.map(|c| if [UNIT, CATEGORY].contains(&c.name) { Column { must: false, ..c } } else { c });
    let more = [
        may(PERIOD).or(&["有效期至"]),
        may(VALIDITY).or(&["效力状况"]),
        may(BECAUSE).or(&["修改/废止依据"]),
        may(BODY_FILE).or(&["正文文件"]),
        may(ANNEX_FILES).or(&["附件文件"]),
        may(SERIAL),
    ];
    eased.chain(more).collect()
}

/// What stands for empty cells of a whole list.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    /// Code of the unit that counts the documents; that of the maker if there is none.
    pub unit: Option<String>,
    /// Their category.
    pub category: Option<Category>,
}

/// A row that was read.
#[derive(Debug)]
pub(super) struct Row {
    /// The docket but for its publication and the mark of its import, in order of date.
    pub events: Vec<(Date, DocumentEvent)>,
    pub title: String,
    pub number: Option<String>,
    pub index_number: Option<String>,
    pub made_on: Date,
    pub maker: String,
    /// When it was published, and where, of what is 主动公开.
    pub published: Option<(Date, Option<String>)>,
    pub body: Option<String>,
    pub annexes: Vec<String>,
    /// What a person should look at.
    pub doubts: Vec<Bad>,
}

/// By what a row is the same as another: each of its numbers, or what it says where it has none.
pub(super) fn identities(cells: &Cells) -> Vec<(&'static str, String)> {
    let numbers = [NUMBER, INDEX].into_iter().filter_map(|c| Some((c, cells.some(c)?)));
    let numbers: Vec<(&'static str, String)> = numbers.collect();
    if !numbers.is_empty() {
        return numbers;
    }
    let all = [TITLE, MADE, MAKER].map(|c| cells.text(c));
    if all[0].is_empty() { Vec::new() } else { vec![(TITLE, all.join("\n"))] }
}

impl Row {
    /// The key under which a document without any number is taken once.
    pub(super) fn key(&self) -> Option<String> {
        let nameless = self.number.is_none() && self.index_number.is_none();
        let said = format!("{}\n{}\n{}", self.title, self.made_on, self.maker);
        nameless.then(|| format!("import-document/{}", hex(&Sm3::digest(said.as_bytes()))))
    }

    /// Reads a row.
    ///
    /// # Errors
    /// What is wrong with it first.
    pub(super) fn read(cells: &Cells, tree: &Tree, of: &Defaults, today: Date) -> Result<Row, Bad> {
        let mut cells = cells.clone();
        let mut doubts = Vec::new();
        if cells.is_free(UNIT) {
            let unit = of.unit.clone().unwrap_or_else(|| cells.text(MAKER).to_owned());
            cells.put(UNIT, unit);
        }
        if cells.is_free(CATEGORY) {
            let category = of
                .category
                .ok_or_else(|| Bad::new(CATEGORY, "请填写公文类别，或者在导入时为整个列表选择"))?;
            cells.put(CATEGORY, category.label());
        }
        let attribute = cells.word(ATTRIBUTE, &DisclosureAttribute::ALL.map(|a| (a, a.label())))?;
        cells.alone(DISCLOSED, &[URL])?;
        let published = cells.date(DISCLOSED)?.map(|on| (on, cells.some(URL)));
        if let Some((on, _)) = &published {
            may_be_published(attribute, *on, today)?;
        }
        say_validity(&mut cells)?;
        let from = cells.date(FORCE)?.or(cells.date(MADE)?);
        let until = last_day(cells.text(PERIOD), from)?;
        if matches!(cells.text(VALIDITY), "失效") && cells.is_free(LAPSED) {
            let ended = until.and_then(|day| day.tomorrow().ok()).filter(|day| *day <= today);
            let ended =
                ended.ok_or_else(|| Bad::new(LAPSED, "有效性为“失效”的，请填写失效日期和失效原因"))?;
            cells.put(LAPSED, ended.to_string());
            if cells.is_free(LAPSED_WHY) {
                cells.put(LAPSED_WHY, "有效期届满");
            }
        }
        let in_force = matches!(cells.text(VALIDITY), "有效" | "现行有效" | "继续有效");
        if in_force && until.is_some_and(|day| day < today) {
            doubts.push(Bad::new(VALIDITY, "列表写明有效，但有效期已经届满，请核对有效期"));
        }
        // Published is only what passes the check: that is not the cells' to say.
        cells.put(DISCLOSED, "");
        cells.put(URL, "");
        let mut events = Documents::read(&cells, tree)?;
        if let (Some(until), Some(from)) = (until, from) {
            events.push((from, DocumentEvent::ValidUntil { until }));
        }
        if let Some((_, later)) = events.split_first_mut() {
            later.sort_by_key(|(on, _)| *on);
        }
        let Some((made_on, DocumentEvent::Made { title, number, index_number, maker, .. })) =
            events.first().cloned()
        else {
            return Err(Bad::new(TITLE, "请填写标题"));
        };
        let named = |text: &str| -> Vec<String> {
            let names = text.split(['；', ';', '\n', '|']).map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        };
        let mut bodies = named(cells.text(BODY_FILE));
        if bodies.len() > 1 {
            return Err(Bad::new(BODY_FILE, "正文只能是一个文件，其余的请写在附件文件名中"));
        }
        let annexes = named(cells.text(ANNEX_FILES));
        let body = bodies.pop();
        let mut seen = BTreeSet::new();
        if let Some(twice) = annexes.iter().find(|a| !seen.insert(plain_path(a).map(|a| a.to_lowercase()))) {
            return Err(Bad::new(ANNEX_FILES, format!("附件“{twice}”写了两次，请删去一个")));
        }
        Ok(Row { events, title, number, index_number, made_on, maker, published, body, annexes, doubts })
    }
}

fn may_be_published(attribute: DisclosureAttribute, on: Date, today: Date) -> Result<(), Bad> {
    if attribute != DisclosureAttribute::Proactive {
        let text = format!("公开属性为“{}”的公文没有发布日期，请核对公开属性和发布日期", attribute.label());
        return Err(Bad::new(DISCLOSED, text));
    }
    if on > today {
        return Err(Bad::new(DISCLOSED, format!("发布日期{on}晚于今天，请核对日期")));
    }
    Ok(())
}

/// 有效性 against the days beside it, and what was changed by what in the columns of the register.
fn say_validity(cells: &mut Cells) -> Result<(), Bad> {
    let said = cells.text(VALIDITY).to_owned();
    let contradiction =
        |column: &str| Bad::new(VALIDITY, format!("有效性为“{said}”，但填写了{column}，请核对后只保留一种"));
    let (day, by) = match said.as_str() {
        "" => {
            if !cells.is_free(BECAUSE) {
                return Err(Bad::new(
                    VALIDITY,
                    format!("填写了{BECAUSE}，请同时填写有效性：已修改、废止或者失效"),
                ));
            }
            return Ok(());
        }
        "有效" | "现行有效" | "继续有效" => {
            if let Some(column) = [REPEALED, LAPSED].into_iter().find(|c| !cells.is_free(c)) {
                return Err(contradiction(column));
            }
            if !cells.is_free(BECAUSE) {
                return Err(contradiction(BECAUSE));
            }
            return Ok(());
        }
        "已修改" | "修改" => (AMENDED, AMENDED_BY),
        "废止" | "已废止" => (REPEALED, REPEALED_BY),
        // Its day follows from the period, if it is not there.
        "失效" => (LAPSED, LAPSED_WHY),
        other => {
            let text = format!("“{other}”不在可选范围内，应为：有效、已修改、失效、废止");
            return Err(Bad::new(VALIDITY, text));
        }
    };
    if cells.is_free(by) && !cells.is_free(BECAUSE) {
        let because = cells.text(BECAUSE).to_owned();
        cells.put(by, because);
    }
    if day != LAPSED && (cells.is_free(day) || cells.is_free(by)) {
        let text = format!("有效性为“{said}”的，请填写{day}和{by}");
        return Err(Bad::new(if cells.is_free(day) { day } else { by }, text));
    }
    Ok(())
}

/// The last day of a period: a date, or years from the day it came into force or was made.
fn last_day(text: &str, from: Option<Date>) -> Result<Option<Date>, Bad> {
    let text = text.trim();
    if matches!(text, "" | "长期" | "长期有效" | "无" | "—" | "-") {
        return Ok(None);
    }
    let wrong = || {
        Bad::new(PERIOD, format!("“{text}”不是有效期，请写成届满的日期（2025-12-31）、年数（5年）或者“长期”"))
    };
    if let Some(years) = text.strip_suffix('年') {
        let years = match years {
            "一" => 1,
            "二" | "两" => 2,
            "三" => 3,
            "四" => 4,
            "五" => 5,
            "十" => 10,
            digits => digits.parse::<i32>().map_err(|_| wrong())?,
        };
        let from = from.ok_or_else(|| Bad::new(FORCE, "有效期按年数填写的，请填写施行日期"))?;
        if !(1..=100).contains(&years) {
            return Err(wrong());
        }
        let last = from.checked_add(years.years()).and_then(Date::yesterday);
        return last.map(Some).map_err(|_| wrong());
    }
    let mut cell = Cells::default();
    cell.put(PERIOD, text);
    cell.date(PERIOD).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_period_is_a_day_or_years() {
        let from = Some(date(2020, 3, 1));
        assert_eq!(last_day("5年", from), Ok(Some(date(2025, 2, 28))));
        assert_eq!(last_day("五年", from), Ok(Some(date(2025, 2, 28))));
        assert_eq!(last_day("2025年12月31日", from), Ok(Some(date(2025, 12, 31))));
        assert_eq!(last_day("长期有效", from), Ok(None));
        for wrong in ["5个月", "很久", "0年", "999年", "-1年"] {
            assert_eq!(last_day(wrong, from).unwrap_err().column, PERIOD, "{wrong}");
        }
        assert_eq!(last_day("5年", None).unwrap_err().column, FORCE);
    }

    #[test]
    fn a_validity_needs_its_day_and_its_reason() {
        let cells = |pairs: &[(&'static str, &str)]| {
            let mut cells = Cells::default();
            pairs.iter().for_each(|(name, text)| cells.put(name, *text));
            cells
        };
        let mut repealed =
            cells(&[(VALIDITY, "废止"), (REPEALED, "2020-01-01"), (BECAUSE, "样政发〔2020〕1号")]);
        say_validity(&mut repealed).unwrap();
        assert_eq!(repealed.text(REPEALED_BY), "样政发〔2020〕1号");
        let column = |pairs: &[(&'static str, &str)]| say_validity(&mut cells(pairs)).unwrap_err().column;
        assert_eq!(column(&[(VALIDITY, "废止")]), REPEALED);
        assert_eq!(column(&[(VALIDITY, "已修改"), (AMENDED, "2020-01-01")]), AMENDED_BY);
        assert_eq!(column(&[(VALIDITY, "有效"), (REPEALED, "2020-01-01")]), VALIDITY);
        assert_eq!(column(&[(BECAUSE, "某文件")]), VALIDITY);
        assert_eq!(column(&[(VALIDITY, "暂行")]), VALIDITY);
    }

    #[test]
    fn a_row_is_known_by_its_numbers_or_by_what_it_says() {
        let mut cells = Cells::default();
        cells.put(TITLE, "某通知");
        cells.put(MADE, "2020-01-01");
        assert_eq!(identities(&cells), [(TITLE, "某通知\n2020-01-01\n".to_owned())]);
        cells.put(NUMBER, "样政发〔2020〕1号");
        cells.put(INDEX, "000014349/2017-00110");
        assert_eq!(identities(&cells).iter().map(|(c, _)| *c).collect::<Vec<_>>(), [NUMBER, INDEX]);
    }
}
