//! The docket of a unit (单位): established, renamed, moved in the hierarchy, closed.
//!
//! A unit has two relations to others: `parent`, to which it belongs, and `consolidates_into`, into whose report its
//! figures are added. They differ for vertically led agencies, which report to their own system (DOMAIN §1.6;
//! 条例第三条). After 机构改革 the responsibility follows the function (国办公开办函〔2019〕14号), so a closed unit names
//! its successor.

mod profile;

pub use profile::{MOST_DETAILS, Profile};

use super::{Recorded, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// 人民政府
    Government,
    /// 政府部门
    Department,
    /// 乡镇人民政府、街道办事处
    Township,
    /// 人民政府办公厅（室）
    Office,
    /// 其他
    Other,
}

impl UnitKind {
    /// All kinds, in the order of lists.
    pub const ALL: [UnitKind; 5] =
        [UnitKind::Government, UnitKind::Office, UnitKind::Department, UnitKind::Township, UnitKind::Other];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            UnitKind::Government => "government",
            UnitKind::Department => "department",
            UnitKind::Township => "township",
            UnitKind::Office => "office",
            UnitKind::Other => "other",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            UnitKind::Government => "人民政府",
            UnitKind::Department => "政府部门",
            UnitKind::Township => "乡镇（街道）",
            UnitKind::Office => "政府办公厅（室）",
            UnitKind::Other => "其他",
        }
    }

    /// The kind with this key or label.
    pub fn parse(text: &str) -> Option<UnitKind> {
        Self::ALL.into_iter().find(|k| k.key() == text || k.label() == text)
    }
}

/// The administrative level of a unit, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 省级
    Province,
    /// 设区的市级
    City,
    /// 县级
    County,
    /// 乡级
    Township,
}

impl Level {
    /// All levels, highest first.
    pub const ALL: [Level; 4] = [Level::Province, Level::City, Level::County, Level::Township];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Township => "township",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Level::Province => "省级",
            Level::City => "设区的市级",
            Level::County => "县级",
            Level::Township => "乡级",
        }
    }

    /// The level with this key or label.
    pub fn parse(text: &str) -> Option<Level> {
        Self::ALL.into_iter().find(|l| l.key() == text || l.label() == text)
    }
}

/// What can happen to a unit. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum UnitEvent {
    /// 设立
    Established {
        /// Short stable word, for example `gp-office`; never changes.
        code: String,
        /// Full name, as on the seal.
        name: String,
        /// Short name, as in lists.
        short_name: String,
        /// What it is.
        kind: UnitKind,
        /// Its level.
        level: Level,
        /// Unit it belongs to.
        parent: Option<String>,
        /// Unit into whose report its figures are added.
        consolidates_into: Option<String>,
    },
    /// 更名
    Renamed {
        /// New full name.
        name: String,
        /// New short name.
        short_name: String,
    },
    /// 隶属关系或者汇总关系变更
    Moved {
        /// Unit it belongs to from now on.
        parent: Option<String>,
        /// Unit into whose report its figures are added from now on.
        consolidates_into: Option<String>,
    },
    /// 联系方式等信息更新 (条例第十二条)
    Described {
        /// What holds from now on.
        profile: Box<Profile>,
    },
    /// 撤销
    Closed {
        /// The unit that takes over its functions.
        successor: Option<String>,
    },
}

/// Where a unit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Short stable word.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its level.
    pub level: Level,
    /// Unit it belongs to.
    pub parent: Option<String>,
    /// Unit into whose report its figures are added.
    pub consolidates_into: Option<String>,
    /// Contact and words of its letters; none until it was described.
    pub profile: Option<Profile>,
    /// First day.
    pub valid_from: Date,
    /// Last day; none while it exists.
    pub valid_to: Option<Date>,
    /// The unit that took over.
    pub successor: Option<String>,
    /// Date of the last event.
    pub changed_on: Date,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its establishment was voided.
    pub fn of(docket: &[Recorded<UnitEvent>]) -> Option<Standing> {
        Self::fold(docket, Date::MAX)
    }

    /// The standing on a day, with the name it had then: a report keeps the name of its year.
    pub fn on(docket: &[Recorded<UnitEvent>], day: Date) -> Option<Standing> {
        Self::fold(docket, day)
    }

    fn fold(docket: &[Recorded<UnitEvent>], day: Date) -> Option<Standing> {
        let mut events = in_force(docket);
        events.retain(|e| e.on <= day);
        events.sort_by_key(|e| e.on);
        let (first, rest) = events.split_first()?;
        let UnitEvent::Established { code, name, short_name, kind, level, parent, consolidates_into } =
            first.event
        else {
            return None;
        };
        let mut s = Standing {
            code: code.clone(),
            name: name.clone(),
            short_name: short_name.clone(),
            kind: *kind,
            level: *level,
            parent: parent.clone(),
            consolidates_into: consolidates_into.clone(),
            profile: None,
            valid_from: first.on,
            valid_to: None,
            successor: None,
            changed_on: first.on,
        };
        for e in rest {
            s.changed_on = e.on;
            match e.event {
                UnitEvent::Established { .. } => {}
                UnitEvent::Renamed { name, short_name } => {
                    s.name.clone_from(name);
                    s.short_name.clone_from(short_name);
                }
                UnitEvent::Moved { parent, consolidates_into } => {
                    s.parent.clone_from(parent);
                    s.consolidates_into.clone_from(consolidates_into);
                }
                UnitEvent::Described { profile } => s.profile = Some(profile.as_ref().clone()),
                UnitEvent::Closed { successor } => {
                    s.valid_to = Some(e.on);
                    s.successor.clone_from(successor);
                }
            }
        }
        Some(s)
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &UnitEvent, _on: Date) -> Vec<Refusal> {
        let UnitEvent::Established { code, name, short_name, kind, level, .. } = event else {
            return vec![Refusal::new("not-established", "单位尚未登记设立，请先登记单位", "")];
        };
        let mut no = names(name, short_name);
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if code.is_empty() || !code.chars().all(word) {
            no.push(Refusal::new(
                "code-malformed",
                "单位代码只能由小写字母、数字和连字符组成，例如 gp-office",
                "",
            ));
        }
        if *kind == UnitKind::Township && *level != Level::Township {
            no.push(Refusal::new("level-mismatch", "乡镇（街道）的层级应当为乡级", ""));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &UnitEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if let Some(last) = self.valid_to {
            no.push(Refusal::new("closed", format!("该单位已于{last}撤销，不能再变更"), ""));
        }
        if on < self.changed_on {
            no.push(Refusal::new(
                "date-order",
                format!(
                    "日期{on}早于该单位上一次变更的日期{}，请核对日期，或者更正已登记的事项",
                    self.changed_on
                ),
                "",
            ));
        }
        match event {
            UnitEvent::Established { .. } => {
                no.push(Refusal::new("already-established", "该单位已经登记设立", ""));
            }
            UnitEvent::Renamed { name, short_name } => {
                no.extend(names(name, short_name));
                if *name == self.name && *short_name == self.short_name {
                    no.push(Refusal::new("unchanged", "名称没有变化", ""));
                }
            }
            UnitEvent::Moved { parent, consolidates_into } => {
                if *parent == self.parent && *consolidates_into == self.consolidates_into {
                    no.push(Refusal::new("unchanged", "隶属关系和汇总关系没有变化", ""));
                }
            }
            UnitEvent::Described { profile } => {
                no.extend(profile.refusals());
                if self.profile.as_ref() == Some(profile) {
                    no.push(Refusal::new("unchanged", "联系方式等信息没有变化", ""));
                }
            }
            UnitEvent::Closed { .. } => {}
        }
        no
    }
}

fn names(name: &str, short_name: &str) -> Vec<Refusal> {
    let mut no = Vec::new();
    if name.trim().is_empty() {
        no.push(Refusal::new("name-missing", "请填写单位全称", ""));
    }
    if short_name.trim().is_empty() {
        no.push(Refusal::new("short-name-missing", "请填写单位简称", ""));
    }
    no
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn established() -> UnitEvent {
        UnitEvent::Established {
            code: "sx-health".into(),
            name: "示例县卫生局".into(),
            short_name: "县卫生局".into(),
            kind: UnitKind::Department,
            level: Level::County,
            parent: Some("sx".into()),
            consolidates_into: Some("sx".into()),
        }
    }

    fn codes(no: &[Refusal]) -> Vec<&str> {
        no.iter().map(|r| r.code.as_str()).collect()
    }

    #[test]
    fn a_report_keeps_the_name_the_unit_had() {
        let renamed =
            UnitEvent::Renamed { name: "示例县卫生健康局".into(), short_name: "县卫健局".into() };
        let docket = [
            Recorded::new(1, date(2010, 1, 1), established()),
            Recorded::new(2, date(2019, 3, 1), renamed.clone()),
            Recorded::new(3, date(2024, 6, 30), UnitEvent::Closed { successor: Some("sx-new".into()) }),
        ];
        assert_eq!(Standing::on(&docket, date(2018, 12, 31)).unwrap().name, "示例县卫生局");
        let last = Standing::of(&docket).unwrap();
        assert_eq!((last.name.as_str(), last.valid_from), ("示例县卫生健康局", date(2010, 1, 1)));
        assert_eq!((last.valid_to, last.successor.as_deref()), (Some(date(2024, 6, 30)), Some("sx-new")));
        assert_eq!(codes(&last.may(&renamed, date(2024, 1, 1))), ["closed", "date-order", "unchanged"]);
        assert_eq!(Standing::on(&docket, date(2009, 1, 1)), None);
    }

    #[test]
    fn a_docket_begins_with_a_complete_establishment() {
        assert!(Standing::may_begin(&established(), date(2020, 1, 1)).is_empty());
        let bad = UnitEvent::Established {
            code: "县".into(),
            name: " ".into(),
            short_name: String::new(),
            kind: UnitKind::Township,
            level: Level::County,
            parent: None,
            consolidates_into: None,
        };
        assert_eq!(
            codes(&Standing::may_begin(&bad, date(2020, 1, 1))),
            ["name-missing", "short-name-missing", "code-malformed", "level-mismatch"]
        );
        let closed = UnitEvent::Closed { successor: None };
        assert_eq!(codes(&Standing::may_begin(&closed, date(2020, 1, 1))), ["not-established"]);
    }

    #[test]
    fn events_are_stored_as_tagged_words() {
        let json = serde_json::to_value(established()).unwrap();
        assert_eq!(
            (json["type"].as_str(), json["kind"].as_str(), json["level"].as_str()),
            (Some("established"), Some("department"), Some("county"))
        );
        for k in UnitKind::ALL {
            assert_eq!(UnitKind::parse(k.label()), UnitKind::parse(k.key()));
            assert_eq!(serde_json::to_value(k).unwrap(), k.key());
        }
        for l in Level::ALL {
            assert_eq!(Level::parse(l.key()), Some(l));
            assert_eq!(serde_json::to_value(l).unwrap(), l.key());
        }
    }
}
