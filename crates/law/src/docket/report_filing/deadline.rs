//! 内部期限: the days by which the units of a jurisdiction file and publish (DOMAIN AR-08), none later than the law's.

use crate::docket::unit::UnitKind;
use crate::{Due, Refusal, Step};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// A day of the year after the report year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit {
    /// Month.
    pub month: i8,
    /// Day.
    pub day: i8,
}

impl Limit {
    /// The day with these numbers; none if there is no such day.
    pub fn new(month: i8, day: i8) -> Option<Limit> {
        // A common year: 29 February is no limit.
        Date::new(2023, month, day).ok().map(|_| Limit { month, day })
    }

    /// The limit of a report year.
    pub fn of(self, year: i16) -> Date {
        date(year + 1, self.month, self.day)
    }

    /// `1月31日`
    pub fn label(self) -> String {
        format!("{}月{}日", self.month, self.day)
    }
}

/// The limits of one jurisdiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// 部门报送
    pub departments_file: Limit,
    /// 部门公布
    pub departments_publish: Limit,
    /// 乡镇（街道）和下级政府报送
    pub governments_file: Limit,
    /// 乡镇（街道）和下级政府公布
    pub governments_publish: Limit,
    /// 本级政府公布
    pub publish: Limit,
}

/// 条例第四十九条: departments submit and publish before 31 January.
const DEPARTMENTS: Limit = Limit { month: 1, day: 31 };
/// 条例第四十九条: the government's report is published before 31 March.
const GOVERNMENTS: Limit = Limit { month: 3, day: 31 };

impl Default for Deadlines {
    /// The limits of the law. It has none for townships, which file in practice when departments do (AR-11), nor for the
    /// governments below, whose reports are published by 31 March as this one's.
    fn default() -> Self {
        Deadlines {
            departments_file: DEPARTMENTS,
            departments_publish: DEPARTMENTS,
            governments_file: DEPARTMENTS,
            governments_publish: DEPARTMENTS,
            publish: GOVERNMENTS,
        }
    }
}

impl Deadlines {
    /// Why these limits may not be set; empty if they may.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        let rows = [
            ("部门报送期限", self.departments_file, DEPARTMENTS),
            ("部门公布期限", self.departments_publish, DEPARTMENTS),
            ("乡镇（街道）和下级政府报送期限", self.governments_file, GOVERNMENTS),
            ("乡镇（街道）和下级政府公布期限", self.governments_publish, GOVERNMENTS),
            ("本级政府公布期限", self.publish, GOVERNMENTS),
        ];
        for (name, limit, last) in rows {
            if limit > last {
                let text = format!("{name}不能晚于{}，请另选日期", last.label());
                no.push(Refusal::new("too-late", text, "条例第四十九条"));
            }
        }
        let last = self.departments_file.max(self.governments_file);
        if last > self.publish {
            let text = format!("各机关最晚{}报送，本级政府的公布期限不能更早", last.label());
            no.push(Refusal::new("before-filing", text, ""));
        }
        no
    }

    /// The last day for a unit of this kind to file its report of a year, with its reason.
    pub fn filing(&self, kind: UnitKind, year: i16) -> Due {
        let (limit, last) = match kind {
            UnitKind::Township | UnitKind::Government => (self.governments_file, GOVERNMENTS),
            _ => (self.departments_file, DEPARTMENTS),
        };
        due(limit, last, year, "向汇总机关报送")
    }

    /// The last day for a unit of this kind to publish its report of a year, with its reason.
    pub fn publication(&self, kind: UnitKind, year: i16) -> Due {
        let (limit, last) = match kind {
            UnitKind::Township | UnitKind::Government => (self.governments_publish, GOVERNMENTS),
            _ => (self.departments_publish, DEPARTMENTS),
        };
        due(limit, last, year, "向社会公布")
    }
}

fn due(limit: Limit, last: Limit, year: i16, what: &str) -> Due {
    let on = limit.of(year);
    let said = format!("{}年{}前{what}{year}年度报告", year + 1, limit.label());
    let text = if limit < last {
        format!("本地要求在{said}，法定期限为{}", last.label())
    } else {
        format!("应当在{said}")
    };
    Due { on, provisional: false, because: vec![Step::new(text, "条例第四十九条")] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_is_the_latest_day() {
        assert_eq!(Deadlines::default().refusals(), []);
        let limit = |month, day| Limit::new(month, day).unwrap();
        // 怀化: departments file on the 26th and publish on the 28th of January, counties by 20 February.
        let local = Deadlines {
            departments_file: limit(1, 26),
            departments_publish: limit(1, 28),
            governments_file: limit(2, 20),
            governments_publish: limit(2, 20),
            publish: limit(3, 15),
        };
        assert_eq!(local.refusals(), []);
        let due = local.filing(UnitKind::Department, 2022);
        assert_eq!(due.on, date(2023, 1, 26));
        assert!(due.because[0].text.contains("法定期限为1月31日"), "{:?}", due.because);
        assert_eq!(local.filing(UnitKind::Township, 2022).on, date(2023, 2, 20));
        assert_eq!(local.publication(UnitKind::Office, 2022).on, date(2023, 1, 28));
        for (day, refused) in [(31, 0), (30, 0)] {
            let set = Deadlines { departments_file: limit(1, day), ..local };
            assert_eq!(set.refusals().len(), refused, "{day}");
        }
        let late = Deadlines { departments_file: limit(2, 1), publish: limit(4, 1), ..local };
        assert_eq!(late.refusals().iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["too-late"; 2]);
        let early = Deadlines { publish: limit(2, 10), ..local };
        assert_eq!(early.refusals()[0].code, "before-filing");
        assert_eq!((Limit::new(2, 29), Limit::new(13, 1)), (None, None));
    }
}
