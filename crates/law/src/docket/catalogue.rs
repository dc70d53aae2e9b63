//! The docket of an entry of a 基层政务公开标准目录: entered, changed, published, withdrawn.
//!
//! A catalogue is the published entries of one field (国办发〔2019〕54号); the agency that keeps it answers for its words. An
//! entry that is public is changed in public: what it said before stays in the docket. It counts in no figure.

use super::{Recorded, in_force};
use crate::Refusal;
use crate::catalogue::{self, Item, MOST_ENTRIES};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What can happen to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum CatalogueEvent {
    /// 编入
    Entered {
        /// Unit that keeps the catalogue of the field.
        kept_by: String,
        /// Key of the field.
        field: String,
        /// 序号 in the field.
        position: u32,
        /// What it says.
        item: Box<Item>,
    },
    /// 修订: in place of what it said before.
    Changed {
        /// 序号 in the field.
        position: u32,
        /// What it says.
        item: Box<Item>,
    },
    /// 公布
    Published,
    /// 撤销: no longer part of the catalogue.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 未公布
    Entered,
    /// 已公布
    Published,
    /// 已撤销
    Withdrawn,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Stage; 3] = [Stage::Entered, Stage::Published, Stage::Withdrawn];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Entered => "entered",
            Stage::Published => "published",
            Stage::Withdrawn => "withdrawn",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Entered => "未公布",
            Stage::Published => "已公布",
            Stage::Withdrawn => "已撤销",
        }
    }

    /// The stage with this key.
    pub fn parse(key: &str) -> Option<Stage> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// How an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit that keeps the catalogue of the field.
    pub kept_by: String,
    /// Key of the field.
    pub field: String,
    /// 序号 in the field.
    pub position: u32,
    /// What it says now.
    pub item: Item,
    /// Stage.
    pub stage: Stage,
    /// The day it was published.
    pub published_on: Option<Date>,
    /// The day readers last got something new: its publication, or a change of its words since.
    pub changed_on: Date,
    last: Date,
}

impl Standing {
    /// Folds a docket; `None` if it is empty.
    pub fn of(docket: &[Recorded<CatalogueEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let CatalogueEvent::Entered { kept_by, field, position, item } = first.event else {
            return None;
        };
        let mut s = Standing {
            kept_by: kept_by.clone(),
            field: field.clone(),
            position: *position,
            item: item.as_ref().clone(),
            stage: Stage::Entered,
            published_on: None,
            changed_on: first.on,
            last: first.on,
        };
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &CatalogueEvent, on: Date) {
        self.last = self.last.max(on);
        match event {
            CatalogueEvent::Entered { .. } => {}
            CatalogueEvent::Changed { position, item } => {
                self.position = *position;
                self.item = item.as_ref().clone();
                self.changed_on = on;
            }
            CatalogueEvent::Published => {
                self.stage = Stage::Published;
                self.published_on = Some(on);
                self.changed_on = on;
            }
            CatalogueEvent::Withdrawn { .. } => self.stage = Stage::Withdrawn,
        }
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &CatalogueEvent) -> Vec<Refusal> {
        let CatalogueEvent::Entered { kept_by, field, position, item } = event else {
            return vec![Refusal::new("not-entered", "请先编入公开事项", "")];
        };
        let mut no = item.refusals();
        if kept_by.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请选择编制目录的机关", ""));
        }
        // The key only, never the name: what is stored is looked for by its key.
        if catalogue::field(field).is_none_or(|f| f.key != *field) {
            no.push(Refusal::new("unknown-field", "没有这个领域，请从列表中选择", catalogue::cite()));
        }
        no.extend(position_refusal(*position));
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &CatalogueEvent, on: Date) -> Vec<Refusal> {
        if self.stage == Stage::Withdrawn {
            return vec![Refusal::new("withdrawn", "这个公开事项已经撤销，不能再办理；需要时请重新编入", "")];
        }
        let mut no = Vec::new();
        if on < self.last {
            let text = format!("日期{on}早于上一次登记的日期{}，请核对日期", self.last);
            no.push(Refusal::new("date-order", text, ""));
        }
        match event {
            CatalogueEvent::Entered { .. } => {
                no.push(Refusal::new("already-entered", "这个公开事项已经编入目录", ""));
            }
            CatalogueEvent::Changed { position, item } => {
                no.extend(item.refusals());
                no.extend(position_refusal(*position));
                if *position == self.position && **item == self.item {
                    no.push(Refusal::new("unchanged", "公开事项没有变化", ""));
                }
            }
            CatalogueEvent::Published => {
                if self.stage == Stage::Published {
                    no.push(Refusal::new("already-published", "这个公开事项已经公布", ""));
                }
            }
            CatalogueEvent::Withdrawn { reason } => {
                if reason.trim().is_empty() {
                    no.push(Refusal::new("reason-missing", "请写明撤销的原因", ""));
                }
            }
        }
        no
    }
}

fn position_refusal(position: u32) -> Option<Refusal> {
    let text = format!("序号应当是1至{MOST_ENTRIES}的整数");
    (position == 0 || position > MOST_ENTRIES).then(|| Refusal::new("position-wrong", text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::item;
    use jiff::civil::date;

    fn entered(position: u32) -> CatalogueEvent {
        let field = "social-assistance".to_owned();
        CatalogueEvent::Entered { kept_by: "a".into(), field, position, item: Box::new(item()) }
    }

    fn changed(limit: &str) -> CatalogueEvent {
        CatalogueEvent::Changed { position: 3, item: Box::new(Item { limit: limit.into(), ..item() }) }
    }

    fn docket(events: &[CatalogueEvent]) -> Vec<Recorded<CatalogueEvent>> {
        (1..).zip(events).map(|(n, e)| Recorded::new(n, date(2020, 10, n as i8), e.clone())).collect()
    }

    fn codes(no: Vec<Refusal>) -> Vec<String> {
        no.into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn it_is_entered_published_changed_and_withdrawn() {
        let why = CatalogueEvent::Withdrawn { reason: "事项取消".into() };
        let all = docket(&[entered(3), CatalogueEvent::Published, changed("实时公开"), why]);
        let at = |n: usize| Standing::of(&all[..n]).unwrap();
        assert_eq!(
            (at(1).stage, at(1).published_on, at(1).changed_on),
            (Stage::Entered, None, date(2020, 10, 1))
        );
        assert_eq!((at(2).stage, at(2).published_on), (Stage::Published, Some(date(2020, 10, 2))));
        assert_eq!((at(3).item.limit.as_str(), at(3).changed_on), ("实时公开", date(2020, 10, 3)));
        assert_eq!(at(4).stage, Stage::Withdrawn);
        assert!(Standing::of(&[]).is_none());
    }

    #[test]
    fn what_may_not_happen_is_said() {
        assert_eq!(Standing::may_begin(&entered(1)), []);
        assert_eq!(codes(Standing::may_begin(&CatalogueEvent::Published)), ["not-entered"]);
        let empty = CatalogueEvent::Entered {
            kept_by: " ".into(),
            field: "社会救助".into(),
            position: MOST_ENTRIES + 1,
            item: Box::new(item()),
        };
        assert_eq!(codes(Standing::may_begin(&empty)), ["unit-missing", "unknown-field", "position-wrong"]);
        assert_eq!(codes(Standing::may_begin(&entered(0))), ["position-wrong"]);

        let new = Standing::of(&docket(&[entered(3)])).unwrap();
        let may = |event: &CatalogueEvent, day: i8| codes(new.may(event, date(2020, 10, day)));
        assert_eq!(may(&CatalogueEvent::Published, 1), Vec::<String>::new());
        assert_eq!(codes(new.may(&CatalogueEvent::Published, date(2020, 9, 30))), ["date-order"]);
        assert_eq!(may(&entered(3), 2), ["already-entered"]);
        assert_eq!(may(&changed(&item().limit), 2), ["unchanged"]);
        assert_eq!(may(&changed(""), 2), ["limit-missing"]);
        assert_eq!(may(&CatalogueEvent::Withdrawn { reason: " ".into() }, 2), ["reason-missing"]);

        let public = Standing::of(&docket(&[entered(3), CatalogueEvent::Published])).unwrap();
        assert_eq!(codes(public.may(&CatalogueEvent::Published, date(2020, 10, 2))), ["already-published"]);
        let why = CatalogueEvent::Withdrawn { reason: "事项取消".into() };
        let gone = Standing::of(&docket(&[entered(3), CatalogueEvent::Published, why])).unwrap();
        assert_eq!(codes(gone.may(&changed("实时公开"), date(2020, 10, 5))), ["withdrawn"]);
    }
}
