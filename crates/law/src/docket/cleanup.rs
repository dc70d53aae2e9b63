//! The docket of a clean-up (清理) of normative documents: which documents it looks at, what becomes of each, and the
//! result that is published (立改废释清单).
//!
//! Special and periodic clean-ups publish what stays in force, is to be amended, is repealed or has lapsed; what is not
//! listed is no basis for administration any more. Every document of the list has a conclusion before it is closed.

use super::{Recorded, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 专项清理 or 定期清理
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 专项清理
    Special,
    /// 定期清理
    Periodic,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Special, Kind::Periodic];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Special => "special",
            Kind::Periodic => "periodic",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Special => "专项清理",
            Kind::Periodic => "定期清理",
        }
    }

    /// The kind with this key or label.
    pub fn parse(text: &str) -> Option<Kind> {
        Self::ALL.into_iter().find(|k| k.key() == text || k.label() == text)
    }
}

/// 清理结论
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// 继续有效
    Kept,
    /// 修改
    Amend,
    /// 解释
    Interpret,
    /// 废止
    Repeal,
    /// 失效
    Lapse,
}

impl Conclusion {
    /// All, in the order of the published lists.
    pub const ALL: [Conclusion; 5] =
        [Conclusion::Kept, Conclusion::Amend, Conclusion::Interpret, Conclusion::Repeal, Conclusion::Lapse];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Conclusion::Kept => "kept",
            Conclusion::Amend => "amend",
            Conclusion::Interpret => "interpret",
            Conclusion::Repeal => "repeal",
            Conclusion::Lapse => "lapse",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Conclusion::Kept => "继续有效",
            Conclusion::Amend => "修改",
            Conclusion::Interpret => "解释",
            Conclusion::Repeal => "废止",
            Conclusion::Lapse => "失效",
        }
    }

    /// The conclusion with this key or label.
    pub fn parse(text: &str) -> Option<Conclusion> {
        Self::ALL.into_iter().find(|c| c.key() == text || c.label() == text)
    }

    /// Whether the document ends with it.
    pub fn ends(self) -> bool {
        matches!(self, Conclusion::Repeal | Conclusion::Lapse)
    }
}

/// A document that is looked at, as it was called when the clean-up began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Docket id.
    pub document: String,
    /// The unit that concludes on it.
    pub unit: String,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// 成文日期
    pub made_on: Date,
}

/// What can happen to a clean-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum CleanupEvent {
    /// 开展清理
    Opened {
        /// The unit that organises it.
        unit: String,
        /// 名称
        title: String,
        /// 专项清理 or 定期清理
        kind: Kind,
        /// 依据
        basis: String,
        /// Whether documents of the units below are looked at too.
        below: bool,
        /// Documents made up to this day.
        up_to: Date,
        /// The last day for conclusions.
        deadline: Date,
        /// The documents that are looked at.
        documents: Vec<Listed>,
    },
    /// 提出清理结论: in place of the former.
    Concluded {
        /// Docket id of the document.
        document: String,
        /// What becomes of it.
        conclusion: Conclusion,
        /// Why.
        reason: String,
    },
    /// 公布清理结果: what was concluded is done to the documents on this day.
    Closed {
        /// The document that publishes the result: title and number.
        by: String,
    },
}

/// A document of a clean-up and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The document.
    pub listed: Listed,
    /// The conclusion, with its reason and day.
    pub conclusion: Option<(Conclusion, String, Date)>,
}

/// Where a clean-up stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The unit that organises it.
    pub unit: String,
    /// 名称
    pub title: String,
    /// 专项清理 or 定期清理
    pub kind: Kind,
    /// 依据
    pub basis: String,
    /// Whether documents of the units below are looked at too.
    pub below: bool,
    /// Documents made up to this day.
    pub up_to: Date,
    /// The last day for conclusions.
    pub deadline: Date,
    /// Its first day.
    pub opened_on: Date,
    /// The documents, in the order of the list.
    pub items: Vec<Item>,
    /// When the result was published, and by which document.
    pub closed: Option<(Date, String)>,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its beginning was voided.
    pub fn of(docket: &[Recorded<CleanupEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let CleanupEvent::Opened { unit, title, kind, basis, below, up_to, deadline, documents } =
            first.event
        else {
            return None;
        };
        let mut s = Standing {
            unit: unit.clone(),
            title: title.clone(),
            kind: *kind,
            basis: basis.clone(),
            below: *below,
            up_to: *up_to,
            deadline: *deadline,
            opened_on: first.on,
            items: documents.iter().map(|d| Item { listed: d.clone(), conclusion: None }).collect(),
            closed: None,
        };
        for e in rest {
            match e.event {
                CleanupEvent::Opened { .. } => {}
                CleanupEvent::Concluded { document, conclusion, reason } => {
                    if let Some(item) = s.items.iter_mut().find(|i| i.listed.document == *document) {
                        item.conclusion = Some((*conclusion, reason.clone(), e.on));
                    }
                }
                CleanupEvent::Closed { by } => s.closed = Some((e.on, by.clone())),
            }
        }
        Some(s)
    }

    /// The documents without a conclusion.
    pub fn open(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|i| i.conclusion.is_none())
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &CleanupEvent, on: Date) -> Vec<Refusal> {
        let CleanupEvent::Opened { title, basis, up_to, deadline, documents, .. } = event else {
            return vec![Refusal::new("not-opened", "清理工作尚未登记，请先登记", "")];
        };
        let mut no = Vec::new();
        if title.trim().is_empty() {
            no.push(Refusal::new("title-missing", "请填写清理工作的名称", ""));
        }
        if basis.trim().is_empty() {
            no.push(Refusal::new("basis-missing", "请写明清理的依据，例如上级通知的文号", ""));
        }
        if *up_to > on {
            let text = format!("清理范围的截止日期{up_to}晚于开展日期{on}，请核对日期");
            no.push(Refusal::new("scope-in-future", text, ""));
        }
        if *deadline < on {
            let text = format!("提出结论的期限{deadline}早于开展日期{on}，请核对日期");
            no.push(Refusal::new("deadline-passed", text, ""));
        }
        if documents.is_empty() {
            let text = "范围内没有现行有效的行政规范性文件，请核对机关和截止日期";
            no.push(Refusal::new("nothing-listed", text, ""));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &CleanupEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.opened_on {
            let text = format!("日期{on}早于开展清理的日期{}，请核对日期", self.opened_on);
            no.push(Refusal::new("before-opening", text, ""));
        }
        if let Some((closed, _)) = &self.closed {
            no.push(Refusal::new("closed", format!("清理结果已于{closed}公布，不能再修改"), ""));
        }
        match event {
            CleanupEvent::Opened { .. } => {
                no.push(Refusal::new("already-opened", "该项清理已经登记", ""));
            }
            CleanupEvent::Concluded { document, conclusion, reason } => {
                match self.items.iter().find(|i| i.listed.document == *document) {
                    None => {
                        let text = "这份文件不在清理范围内，请从清理清单中选择";
                        no.push(Refusal::new("not-listed", text, ""));
                    }
                    Some(item) => {
                        let same =
                            item.conclusion.as_ref().is_some_and(|(c, r, _)| c == conclusion && r == reason);
                        if same {
                            let text = format!("《{}》的清理结论没有变化", item.listed.title);
                            no.push(Refusal::new("unchanged", text, ""));
                        }
                    }
                }
                if reason.trim().is_empty() {
                    no.push(Refusal::new("reason-missing", "请写明清理结论的理由", ""));
                }
            }
            CleanupEvent::Closed { by } => {
                let mut open = self.open();
                if let Some(first) = open.next() {
                    let n = 1 + open.count();
                    let title = &first.listed.title;
                    let text = format!("还有{n}件文件没有清理结论，例如《{title}》，全部提出结论后才能公布");
                    no.push(Refusal::new("conclusions-missing", text, ""));
                }
                if by.trim().is_empty() {
                    let text = "请写明公布清理结果的文件，例如：高政发〔2021〕3号";
                    no.push(Refusal::new("by-missing", text, ""));
                }
                let last = self.items.iter().filter_map(|i| Some(i.conclusion.as_ref()?.2)).max();
                if let Some(last) = last.filter(|last| on < *last) {
                    let text = format!("公布日期{on}早于最后一项清理结论的日期{last}，请核对日期");
                    no.push(Refusal::new("date-order", text, ""));
                }
            }
        }
        no
    }
}

#[cfg(test)]
#[path = "cleanup_tests.rs"]
mod tests;
