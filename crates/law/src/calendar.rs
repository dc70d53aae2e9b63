//! Working days (工作日): Monday to Friday, less the rest days and plus the make-up working days of the yearly notice
//! of the State Council Office (国务院办公厅关于YYYY年部分节假日安排的通知).
//!
//! One file a year, `data/calendar/YEAR.toml`, holds what the notice says. A notice may reach into the December
//! before its year (2019: 29 to 31 December 2018); such days stand in the file of the notice and apply to their date.
//!
//! A year without a file is never guessed in silence: the count goes on with Monday to Friday and the result is
//! marked provisional. So are the days from 28 December on before such a year, because its notice may move them.
//! Years before 2008 are an error: the present system of holidays began then (国务院令第513号).
//!
//! Every question is answered by a look-up in flat tables over 2008–2099.

use crate::wording::{TomlDate, toml_date};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// The files compiled in, by year. To add a year: one file and one line here.
const FILES: [(i16, &str); 19] = [
    (2008, include_str!("../data/calendar/2008.toml")),
    (2009, include_str!("../data/calendar/2009.toml")),
    (2010, include_str!("../data/calendar/2010.toml")),
    (2011, include_str!("../data/calendar/2011.toml")),
    (2012, include_str!("../data/calendar/2012.toml")),
    (2013, include_str!("../data/calendar/2013.toml")),
    (2014, include_str!("../data/calendar/2014.toml")),
    (2015, include_str!("../data/calendar/2015.toml")),
    (2016, include_str!("../data/calendar/2016.toml")),
    (2017, include_str!("../data/calendar/2017.toml")),
    (2018, include_str!("../data/calendar/2018.toml")),
    (2019, include_str!("../data/calendar/2019.toml")),
    (2020, include_str!("../data/calendar/2020.toml")),
    (2021, include_str!("../data/calendar/2021.toml")),
    (2022, include_str!("../data/calendar/2022.toml")),
    (2023, include_str!("../data/calendar/2023.toml")),
    (2024, include_str!("../data/calendar/2024.toml")),
    (2025, include_str!("../data/calendar/2025.toml")),
    (2026, include_str!("../data/calendar/2026.toml")),
];

const FIRST: Date = date(2008, 1, 1);
const LAST: Date = date(2099, 12, 31);

/// The earliest day of December that a notice for the next year has ever moved is the 29th; one day is kept in hand.
const UNSETTLED_FROM: i8 = 28;

/// Why a calendar cannot answer or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarError {
    /// The date lies before 2008 or after 2099.
    OutOfRange(Date),
    /// The result would lie after 2099.
    TooFar,
    /// The text is not a calendar file.
    Unreadable(String),
    /// The file contradicts itself or the rule; the sentence says where.
    Wrong {
        /// The year of the file.
        year: i16,
        /// What is wrong, in Chinese.
        what: String,
    },
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CalendarError::OutOfRange(d) => {
                write!(f, "日期{d}不在工作日历范围内，请填写2008年至2099年的日期")
            }
            CalendarError::TooFar => f.write_str("计算结果超出2099年，请减少工作日数"),
            CalendarError::Unreadable(why) => write!(f, "工作日历文件无法读取，请检查格式：{why}"),
            CalendarError::Wrong { year, what } => write!(f, "{year}年工作日历文件有误：{what}"),
        }
    }
}

impl std::error::Error for CalendarError {}

/// A notice on which a year's calendar rests.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// 发文字号
    pub number: String,
    /// Title in full.
    pub title: String,
    /// False if the number was not checked against the text of the notice; it is then not cited.
    #[serde(default = "yes")]
    pub number_verified: bool,
}

fn yes() -> bool {
    true
}

impl Notice {
    /// What to cite: the number, or the title where the number was not verified.
    pub fn citation(&self) -> &str {
        if self.number_verified { &self.number } else { &self.title }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: i16,
    working_days: u32,
    notice: Vec<Notice>,
    days: Days,
    /// The file as it was read.
    #[serde(skip)]
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    off: Vec<Off>,
    work: Vec<TomlDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    name: String,
    #[serde(deserialize_with = "toml_date")]
    first: Date,
    #[serde(deserialize_with = "toml_date")]
    last: Date,
    by: Option<String>,
}

/// A year that one calendar knows otherwise than another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedYear {
    /// The year.
    pub year: i16,
    /// What to cite for the change: the notices that are new in that year, or all of them if none is.
    pub notices: Vec<String>,
}

/// A rest period of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// Name of the holiday, for example 春节.
    pub name: String,
    /// Year of the notice.
    pub year: i16,
    /// First day of rest.
    pub first: Date,
    /// Last day of rest.
    pub last: Date,
    /// Number of the notice (its title where the number was not verified).
    pub notice: String,
}

/// A weekend day that is worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakeUp {
    /// The Saturday or Sunday.
    pub on: Date,
    /// Number of the notice (its title where the number was not verified).
    pub notice: String,
}

/// The working-day calendar.
#[derive(Debug, Clone)]
pub struct Calendar {
    files: BTreeMap<i16, File>,
    /// By day: working days from the first day of the table through this one.
    through: Vec<u32>,
    /// By day: days from the first day of the table through this one that may still be moved by a notice.
    unsettled: Vec<u32>,
    /// The working days in order: the inverse of `through`.
    working: Vec<Date>,
    rests: Vec<Rest>,
    make_ups: Vec<MakeUp>,
    version: String,
}

impl Calendar {
    /// The calendar compiled in, read once.
    pub fn builtin() -> &'static Calendar {
        static BUILTIN: LazyLock<Calendar> = LazyLock::new(|| {
            let files = FILES.iter().map(|(year, text)| parse(text).map(|f| (*year, f)));
            let files: Result<_, _> = files.collect();
            // A test reads every embedded file, so this cannot fail in a program that was tested.
            Calendar::build(files.expect("the embedded calendar files are well formed"))
        });
        &BUILTIN
    }

    /// This calendar with one more year, or with a year replaced, for example after a special notice.
    ///
    /// # Errors
    /// The text is not a calendar file, contradicts itself, or its `working_days` is not what its days add up to.
    pub fn with_year(&self, toml: &str) -> Result<Calendar, CalendarError> {
        let file = parse(toml)?;
        let (year, claimed) = (file.year, file.working_days);
        let mut files = self.files.clone();
        files.insert(year, file);
        let calendar = Calendar::build(files);
        match calendar.working_days_in(year) {
            Some(counted) if counted == claimed => Ok(calendar),
            counted => {
                let counted = counted.unwrap_or(0);
                let what = format!("载明工作日{claimed}天，按放假和调休安排计算为{counted}天，请核对");
                Err(CalendarError::Wrong { year, what })
            }
        }
    }

    /// The calendar that consists of these files and no others, for example of the text kept with an earlier one.
    ///
    /// # Errors
    /// As for [`Calendar::with_year`], without the check of the total: these files were checked when they came in.
    pub fn of<'a>(files: impl IntoIterator<Item = &'a str>) -> Result<Calendar, CalendarError> {
        let files = files.into_iter().map(|text| parse(text).map(|file| (file.year, file)));
        Ok(Calendar::build(files.collect::<Result<_, _>>()?))
    }

    /// The file of each year as it was read: what [`Calendar::of`] makes the same calendar from.
    pub fn files(&self) -> impl Iterator<Item = (i16, &str)> {
        self.files.iter().map(|(year, file)| (*year, file.text.as_str()))
    }

    /// The years whose rest days or make-up days are not those of `earlier`, with the notices that say so. A year of
    /// which only the earlier one knows is not listed: no notice took it away.
    pub fn changed_since(&self, earlier: &Calendar) -> Vec<ChangedYear> {
        let changed = |(year, file): (&i16, &File)| {
            let before = earlier.files.get(year);
            if before.is_some_and(|before| before.days == file.days) {
                return None;
            }
            let known = |notice: &&Notice| before.is_some_and(|before| before.notice.contains(notice));
            let new: Vec<&Notice> = file.notice.iter().filter(|n| !known(n)).collect();
            let cited = if new.is_empty() { file.notice.iter().collect() } else { new };
            let notices = cited.into_iter().map(|n| n.citation().to_owned()).collect();
            Some(ChangedYear { year: *year, notices })
        };
        self.files.iter().filter_map(changed).collect()
    }

    fn build(files: BTreeMap<i16, File>) -> Calendar {
        let mut rests = Vec::new();
        let mut make_ups = Vec::new();
        for file in files.values() {
            let own = file.notice.first().map_or("", Notice::citation);
            for off in &file.days.off {
                rests.push(Rest {
                    name: off.name.clone(),
                    year: file.year,
                    first: off.first,
                    last: off.last,
                    notice: off.by.clone().unwrap_or_else(|| own.to_owned()),
                });
            }
            make_ups.extend(file.days.work.iter().map(|d| MakeUp { on: d.0, notice: own.to_owned() }));
        }
        rests.sort_by_key(|r| r.first);
        make_ups.sort_by_key(|m| m.on);

        let days = (epoch_day(LAST) - epoch_day(FIRST) + 1) as usize;
        let mut is_working = Vec::with_capacity(days);
        is_working.extend(FIRST.series(1.day()).take(days).map(is_weekday));
        for rest in &rests {
            if let (Some(first), Some(last)) = (index(rest.first.max(FIRST)), index(rest.last)) {
                is_working[first..=last].fill(false);
            }
        }
        for make_up in &make_ups {
            if let Some(at) = index(make_up.on) {
                is_working[at] = true;
            }
        }

        let (mut through, mut unsettled) = (Vec::with_capacity(days), Vec::with_capacity(days));
        let mut working = Vec::with_capacity(days * 5 / 7);
        let (mut worked, mut open) = (0, 0);
        let mut digest = Digest::new();
        for (day, is_working) in FIRST.series(1.day()).zip(is_working) {
            if is_working {
                worked += 1;
                working.push(day);
            }
            let known = files.contains_key(&day.year());
            let tail = day.month() == 12 && day.day() >= UNSETTLED_FROM;
            if !known || (tail && !files.contains_key(&(day.year() + 1))) {
                open += 1;
            }
            digest.add(u8::from(is_working) | u8::from(known) << 1);
            through.push(worked);
            unsettled.push(open);
        }
        let newest = files.keys().next_back().copied().unwrap_or(0);
        let version = format!("{newest}-{:016x}", digest.0);
        Calendar { files, through, unsettled, working, rests, make_ups, version }
    }

    /// Whether `date` is a working day; `None` where no notice of its year is known.
    pub fn is_working_day(&self, date: Date) -> Option<bool> {
        if !self.files.contains_key(&date.year()) {
            return None;
        }
        let at = index(date)?;
        let before = at.checked_sub(1).map_or(0, |b| self.through[b]);
        Some(self.through[at] > before)
    }

    /// The date `n` working days after `start`, and whether it is provisional. The day of `start` is not counted, so
    /// the result is a working day for every `n` above 0; for 0 it is `start` itself.
    ///
    /// # Errors
    /// `start` before 2008 or after 2099, or a result after 2099.
    pub fn add(&self, start: Date, n: u32) -> Result<(Date, bool), CalendarError> {
        let from = index(start).ok_or(CalendarError::OutOfRange(start))?;
        if n == 0 {
            return Ok((start, false));
        }
        let place = self.through[from] as usize + n as usize - 1;
        let on = *self.working.get(place).ok_or(CalendarError::TooFar)?;
        let to = index(on).ok_or(CalendarError::TooFar)?;
        Ok((on, self.unsettled[to] > self.unsettled[from]))
    }

    /// The last working day on which `n` working days are still to come until `end`: what is ready then is ready `n`
    /// working days before. For 0 it is `end` itself.
    ///
    /// # Errors
    /// `end` or the result before 2008 or after 2099.
    pub fn before(&self, end: Date, n: u32) -> Result<Date, CalendarError> {
        let at = index(end).ok_or(CalendarError::OutOfRange(end))?;
        if n == 0 {
            return Ok(end);
        }
        let place = (self.through[at] as usize).checked_sub(n as usize + 1);
        place.and_then(|p| self.working.get(p)).copied().ok_or(CalendarError::OutOfRange(end))
    }

    /// The number of working days d with `after` < d ≤ `through`, and whether it is provisional. 0 if `through` is not
    /// later than `after`.
    ///
    /// # Errors
    /// A date before 2008 or after 2099.
    pub fn count(&self, after: Date, through: Date) -> Result<(u32, bool), CalendarError> {
        let from = index(after).ok_or(CalendarError::OutOfRange(after))?;
        let to = index(through).ok_or(CalendarError::OutOfRange(through))?;
        if to <= from {
            return Ok((0, false));
        }
        Ok((self.through[to] - self.through[from], self.unsettled[to] > self.unsettled[from]))
    }

    /// The number of working days of a year; `None` where no notice of the year is known.
    pub fn working_days_in(&self, year: i16) -> Option<u32> {
        if !self.files.contains_key(&year) {
            return None;
        }
        let last = index(Date::new(year, 12, 31).ok()?)?;
        let before = index(Date::new(year, 1, 1).ok()?)?.checked_sub(1).map_or(0, |b| self.through[b]);
        Some(self.through[last] - before)
    }

    /// The rest periods of notices that have a day d with `after` < d ≤ `through`, in order.
    pub fn skipped(&self, after: Date, through: Date) -> Vec<&Rest> {
        self.rests.iter().filter(|r| r.last > after && r.first <= through).collect()
    }

    /// The make-up working days d with `after` < d ≤ `through`, in order.
    pub fn made_up(&self, after: Date, through: Date) -> Vec<&MakeUp> {
        self.make_ups.iter().filter(|m| m.on > after && m.on <= through).collect()
    }

    /// The years whose notice is known, in order.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.files.keys().copied()
    }

    /// The notices of a year: the yearly one first, then those that changed it.
    pub fn notices(&self, year: i16) -> &[Notice] {
        self.files.get(&year).map_or(&[], |f| &f.notice)
    }

    /// The newest year known and a digest of every day. Two calendars with the same version give the same dates. It is
    /// kept with what was served or filed.
    pub fn version(&self) -> &str {
        &self.version
    }
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (the well-known count by 400-year eras; `jiff` answers the
/// same question through a span, which is several times slower).
fn epoch_day(day: Date) -> i32 {
    let (y, m, d) = (i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn index(day: Date) -> Option<usize> {
    (FIRST..=LAST).contains(&day).then(|| (epoch_day(day) - epoch_day(FIRST)) as usize)
}

/// FNV-1a: enough to tell calendars apart; not a seal.
struct Digest(u64);

impl Digest {
    fn new() -> Self {
        Digest(0xcbf2_9ce4_8422_2325)
    }
    fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
}

fn parse(text: &str) -> Result<File, CalendarError> {
    let mut file: File =
        toml::from_str(text).map_err(|e| CalendarError::Unreadable(e.message().to_owned()))?;
    text.clone_into(&mut file.text);
    let wrong = |what: String| Err(CalendarError::Wrong { year: file.year, what });
    if !(FIRST.year()..=LAST.year()).contains(&file.year) {
        return wrong("年份应当在2008年至2099年之间".to_owned());
    }
    if file.notice.is_empty() {
        return wrong("缺少通知的发文字号和标题".to_owned());
    }
    let december = Date::new(file.year - 1, 12, 1).unwrap_or(FIRST);
    let last = Date::new(file.year, 12, 31).unwrap_or(LAST);
    let mut end = None;
    for off in &file.days.off {
        if off.first > off.last || off.first < december || off.last > last {
            return wrong(format!("放假日期{}至{}不在本年安排之内", off.first, off.last));
        }
        if end.is_some_and(|end| off.first <= end) {
            return wrong(format!("放假日期{}与前一假期重叠或者顺序有误", off.first));
        }
        end = Some(off.last);
    }
    for work in &file.days.work {
        if work.0 < december || work.0 > last || is_weekday(work.0) {
            return wrong(format!("调休上班日期{}应当是本年安排之内的周末", work.0));
        }
        if file.days.off.iter().any(|o| (o.first..=o.last).contains(&work.0)) {
            return wrong(format!("{}既列为放假又列为调休上班", work.0));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests;
