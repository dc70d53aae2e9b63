//! The docket of a document (公文): made, given its disclosure attribute, disclosed, in force, ended.
//!
//! Publication is due within 20 working days of the information being formed or changed (条例第二十六条); the attribute
//! is reviewed again later (条例第十八条). The index number (索引号) never changes, so no event can change it. Tallies
//! feed item (一) of table two of the annual report.
//!
//! An interpretation (政策解读) is kept here too: it is written, checked, published and taken down as a document is, and
//! linked to the documents it explains. So is other information that is published and is no document, a guide for example.
//! Neither counts among documents.

mod filing;
mod imported;
mod kind;
mod review;
mod rule;
mod schedule;
mod unified;

pub use filing::{FILING_DAYS, Filed, MOST_FILING_DAYS, filing_due};
pub use imported::Imported;
pub use kind::{Category, DisclosureAttribute, Force, Validity};
pub use review::{Called, REVIEW_PERIOD, Review, Trigger};
pub use unified::TripleUnification;

use super::cleanup::Conclusion;
use super::interpretation::{Form, Plan, Timing};
use super::{Recorded, Tally, in_force};
use crate::classification::Classification;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What can happen to a document. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum DocumentEvent {
    /// 成文: `effective_on` is the date of making.
    Made {
        /// Unit whose report counts it.
        counted_by: String,
        /// Unit that made it, or the government the unit serves.
        maker: String,
        /// 规章, 行政规范性文件 or another document.
        category: Category,
        /// 标题
        title: String,
        /// 发文字号
        number: Option<String>,
        /// 索引号; never changes.
        index_number: Option<String>,
        /// 公开属性
        attribute: DisclosureAttribute,
        /// Article and reason; required unless 主动公开.
        reason: Option<String>,
    },
    /// 公开属性动态调整 (条例第十八条)
    AttributeChanged {
        /// The new attribute.
        attribute: DisclosureAttribute,
        /// Why.
        reason: String,
    },
    /// 提请复审: the attribute is to be reviewed by a day, because something happened; in place of what was asked before.
    ReviewCalled(Called),
    /// 复审: the attribute is kept or made more public (条例第十八条).
    AttributeReviewed {
        /// What it is from now on.
        attribute: DisclosureAttribute,
        /// Reason and article.
        reason: String,
        /// 批准人
        approved_by: String,
    },
    /// 公开: `effective_on` is the date of publication.
    Disclosed {
        /// Where it can be read.
        url: Option<String>,
    },
    /// 定时公开: becomes public at this minute (Asia/Shanghai), unless something speaks against it then; in place of what
    /// was set before.
    Scheduled {
        /// The minute.
        at: DateTime,
    },
    /// 撤销定时公开, or what was missed is settled otherwise.
    ScheduleCancelled {
        /// Why; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// 到时没有公开: the minute came, and the document could not be published. Recorded by the job only.
    ScheduleMissed {
        /// Why, without the words that a check found.
        why: String,
    },
    /// 三统一: registered, numbered and issued by one office.
    Unified(TripleUnification),
    /// 报送备案
    Filed(Filed),
    /// 施行: the effective date of a rule or normative document.
    InForce,
    /// 有效期: the last day on which it is valid, in place of the former; a later day extends it.
    ValidUntil {
        /// The last day.
        until: Date,
    },
    /// 修改
    Amended {
        /// The document that amends it.
        by: String,
    },
    /// 废止
    Repealed {
        /// The document or decision that repeals it.
        by: String,
    },
    /// 失效
    Lapsed {
        /// Why.
        reason: String,
    },
    /// 清理结论, as a clean-up published it; recorded with the closing of the clean-up only. What is repealed or has
    /// lapsed ends with it.
    CleanedUp {
        /// Docket id of the clean-up.
        cleanup: String,
        /// The document that published the result.
        by: String,
        /// What became of it.
        conclusion: Conclusion,
    },
    /// 解读方案 of the document (国办发〔2016〕19号): what holds from now on, in place of the former.
    InterpretationPlanned {
        /// The plan.
        plan: Plan,
    },
    /// 关联被解读的文件: what an interpretation explains, in place of what was named before.
    Interprets {
        /// Ids of the documents.
        documents: Vec<String>,
        /// 解读形式
        form: Form,
    },
    /// 公开前检查的处理: a person has looked at what the check found and answers for it. The words found stand in no
    /// docket, because they may be personal data.
    Settled {
        /// Digest of what was found.
        finding: String,
        /// What it looks like, for example 手机号码.
        what: String,
        /// Where it stands, for example 正文第3段.
        place: String,
        /// Why it may be public.
        reason: String,
    },
    /// 分类: replaces the former classification whole. It publishes nothing.
    Classified(Box<Classification>),
    /// 列入标准目录事项: the entries of standard catalogues it is published under, in place of those named before.
    Catalogued {
        /// Ids of the entries; none takes it out of every catalogue.
        entries: Vec<String>,
    },
    /// 批量导入: it came into this register with a list, after it was made.
    Imported(Imported),
    /// 在其他渠道发布: a person published it elsewhere, for example on an account of the new media.
    Relayed {
        /// Id of the channel.
        channel: String,
        /// Where it stands there.
        url: String,
    },
    /// 撤下: no longer public.
    Withdrawn {
        /// Why, for the office.
        reason: String,
        /// 对外说明: what stands at its address from then on; only the day if there is none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        told: String,
        /// Why interpretations that explain only this document stay public; with no reason they are taken down with it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        kept: String,
    },
}

/// Months before the end of its validity in which a normative document is evaluated: kept, amended or let lapse. One
/// local rule is known to say six; no national one says.
pub const REVIEW_MONTHS: i32 = 6;

/// What changed the force of a document (立改废): every change is kept with the document that caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForceChange {
    /// The day.
    pub on: Date,
    /// What it is from then on.
    pub validity: Validity,
    /// The document that caused it, or the reason.
    pub by: String,
}

/// What a clean-up said of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanedUp {
    /// The day the result was published.
    pub on: Date,
    /// Docket id of the clean-up.
    pub cleanup: String,
    /// What became of the document.
    pub conclusion: Conclusion,
}

/// Where else a document was published by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relay {
    /// The day.
    pub on: Date,
    /// Id of the channel.
    pub channel: String,
    /// Where it stands there.
    pub url: String,
}

/// What an interpretation explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interprets {
    /// Ids of the documents.
    pub documents: Vec<String>,
    /// 解读形式
    pub form: Form,
}

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose report counts it.
    pub counted_by: String,
    /// Unit that made it.
    pub maker: String,
    /// Category.
    pub category: Category,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// 索引号
    pub index_number: Option<String>,
    /// 公开属性 now.
    pub attribute: DisclosureAttribute,
    /// Reason of the attribute.
    pub reason: Option<String>,
    /// Since when the attribute is what it is.
    pub attribute_since: Date,
    /// Reviews of the attribute, in order of date.
    pub reviews: Vec<Review>,
    /// A review asked for and not done yet.
    pub called: Option<Called>,
    /// 成文日期
    pub made_on: Date,
    /// First publication.
    pub disclosed_on: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
    /// True while it is public.
    pub public: bool,
    /// 定时公开: the minute at which it becomes public.
    pub scheduled: Option<DateTime>,
    /// 到时没有公开: the day, and why; until something is done about it.
    pub missed: Option<(Date, String)>,
    /// Last withdrawal.
    pub withdrawn_on: Option<Date>,
    /// What stands at its address since; may be empty.
    pub withdrawal_told: String,
    /// First day in force, for rules and normative documents: the date of the event, or the date of making.
    pub in_force_on: Option<Date>,
    /// 有效期至: the last day on which it is valid, if it has one.
    pub valid_until: Option<Date>,
    /// Last amendment.
    pub amended_on: Option<Date>,
    /// Day of repeal or lapse.
    pub ended_on: Option<Date>,
    /// 有效性 as it was recorded; none for documents without force of their own. What it is on a day says [`Standing::force`].
    pub validity: Option<Validity>,
    /// What changed its force, in order of date.
    pub changes: Vec<ForceChange>,
    /// 三统一: when it was registered, and its number.
    pub unified: Option<(Date, TripleUnification)>,
    /// 备案: when it was reported, and to whom.
    pub filed: Option<(Date, Filed)>,
    /// What clean-ups said of it, in order of date.
    pub cleanups: Vec<CleanedUp>,
    /// Publications and withdrawals in order of date; `true` for a publication.
    pub publications: Vec<(Date, bool)>,
    /// How it is classified now.
    pub classification: Classification,
    /// Ids of the entries of standard catalogues it is published under.
    pub entries: Vec<String>,
    /// Digests of what the check before publication found and a person answers for.
    pub settled: BTreeSet<String>,
    /// 解读方案
    pub plan: Option<Plan>,
    /// Of an interpretation: what it explains.
    pub interprets: Option<Interprets>,
    /// Where else a person published it, in order of date.
    pub relays: Vec<Relay>,
    /// The list it came with.
    pub imported: Option<Imported>,
    explicit_force: bool,
    /// Since when what replaces itself whole is as it is, by the name of the event.
    since: BTreeMap<String, Date>,
}

/// The name of an event that takes the place of the last one of its kind.
fn replaces(event: &DocumentEvent) -> Option<&'static str> {
    Some(match event {
        DocumentEvent::Classified(_) => "classified",
        DocumentEvent::Catalogued { .. } => "catalogued",
        DocumentEvent::InterpretationPlanned { .. } => "interpretation-planned",
        DocumentEvent::Interprets { .. } => "interprets",
        DocumentEvent::ValidUntil { .. } => "valid-until",
        DocumentEvent::ReviewCalled(_) => "review-called",
        DocumentEvent::Scheduled { .. }
        | DocumentEvent::ScheduleCancelled { .. }
        | DocumentEvent::ScheduleMissed { .. } => "scheduled",
        _ => return None,
    })
}

impl Standing {
    /// Folds a docket in the order of legal dates; `None` if it is empty or its making was voided.
    pub fn of(docket: &[Recorded<DocumentEvent>]) -> Option<Standing> {
        let mut events = in_force(docket);
        // The making comes first whatever was entered; late entries take the place of their legal date.
        events.sort_by_key(|e| (!matches!(e.event, DocumentEvent::Made { .. }), e.on));
        let (first, rest) = events.split_first()?;
        let mut s = Self::made(first.event, first.on)?;
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn made(event: &DocumentEvent, on: Date) -> Option<Standing> {
        let DocumentEvent::Made {
            counted_by,
            maker,
            category,
            title,
            number,
            index_number,
            attribute,
            reason,
        } = event
        else {
            return None;
        };
        Some(Standing {
            counted_by: counted_by.clone(),
            maker: maker.clone(),
            category: *category,
            title: title.clone(),
            number: number.clone(),
            index_number: index_number.clone(),
            attribute: *attribute,
            reason: reason.clone(),
            attribute_since: on,
            reviews: Vec::new(),
            called: None,
            made_on: on,
            disclosed_on: None,
            url: None,
            public: false,
            scheduled: None,
            missed: None,
            withdrawn_on: None,
            withdrawal_told: String::new(),
            changes: Vec::new(),
            in_force_on: category.has_force().then_some(on),
            valid_until: None,
            amended_on: None,
            ended_on: None,
            validity: category.has_force().then_some(Validity::InForce),
            unified: None,
            filed: None,
            cleanups: Vec::new(),
            publications: Vec::new(),
            classification: Classification::default(),
            entries: Vec::new(),
            settled: BTreeSet::new(),
            plan: None,
            interprets: None,
            relays: Vec::new(),
            imported: None,
            explicit_force: false,
            since: BTreeMap::new(),
        })
    }

    fn apply(&mut self, event: &DocumentEvent, on: Date) {
        if let Some(name) = replaces(event) {
            self.since.insert(name.to_owned(), on);
        }
        match event {
            DocumentEvent::Made { .. } => {}
            DocumentEvent::AttributeChanged { attribute, reason } => {
                self.attribute = *attribute;
                self.reason = Some(reason.clone());
                self.attribute_since = on;
                self.called = None;
            }
            DocumentEvent::ReviewCalled(called) => self.called = Some(called.clone()),
            DocumentEvent::AttributeReviewed { attribute, reason, approved_by } => {
                self.review(on, *attribute, reason, approved_by);
            }
            DocumentEvent::Disclosed { url } => {
                self.disclosed_on.get_or_insert(on);
                self.url.clone_from(url);
                if !self.public {
                    self.publications.push((on, true));
                }
                self.public = true;
                (self.scheduled, self.missed) = (None, None);
            }
            // Entered after a publication of an earlier day, it has nothing to wait for.
            DocumentEvent::Scheduled { at } if !self.public => {
                (self.scheduled, self.missed) = (Some(*at), None);
            }
            DocumentEvent::Scheduled { .. } => {}
            DocumentEvent::ScheduleCancelled { .. } => (self.scheduled, self.missed) = (None, None),
            DocumentEvent::ScheduleMissed { why } => {
                (self.scheduled, self.missed) = (None, Some((on, why.clone())));
            }
            DocumentEvent::Withdrawn { told, .. } => {
                self.withdrawal_told.clone_from(told);
                if self.public {
                    self.publications.push((on, false));
                }
                self.public = false;
                self.withdrawn_on = Some(on);
            }
            DocumentEvent::Unified(unified) => self.unified = Some((on, unified.clone())),
            DocumentEvent::Filed(filed) => self.filed = Some((on, filed.clone())),
            DocumentEvent::InForce => {
                self.in_force_on = Some(on);
                self.explicit_force = true;
            }
            DocumentEvent::ValidUntil { until } => self.valid_until = Some(*until),
            DocumentEvent::Amended { by } => {
                self.amended_on = Some(on);
                self.changes.push(ForceChange { on, validity: Validity::Amended, by: by.clone() });
                if self.validity == Some(Validity::InForce) {
                    self.validity = Some(Validity::Amended);
                }
            }
            DocumentEvent::CleanedUp { cleanup, by, conclusion } => {
                let conclusion = *conclusion;
                self.cleanups.push(CleanedUp { on, cleanup: cleanup.clone(), conclusion });
                match conclusion {
                    Conclusion::Repeal => self.end(Validity::Repealed, on, by),
                    Conclusion::Lapse => self.end(Validity::Lapsed, on, by),
                    Conclusion::Kept | Conclusion::Amend | Conclusion::Interpret => {}
                }
            }
            DocumentEvent::Settled { finding, .. } => {
                self.settled.insert(finding.clone());
            }
            DocumentEvent::InterpretationPlanned { plan } => self.plan = Some(plan.clone()),
            DocumentEvent::Interprets { documents, form } => {
                self.interprets = Some(Interprets { documents: documents.clone(), form: *form });
            }
            DocumentEvent::Imported(imported) => self.imported = Some(imported.clone()),
            DocumentEvent::Relayed { channel, url } => {
                self.relays.push(Relay { on, channel: channel.clone(), url: url.clone() });
            }
            DocumentEvent::Classified(classification) => {
                self.classification = classification.as_ref().clone();
            }
            DocumentEvent::Catalogued { entries } => self.entries.clone_from(entries),
            DocumentEvent::Repealed { by } => self.end(Validity::Repealed, on, by),
            DocumentEvent::Lapsed { reason } => self.end(Validity::Lapsed, on, reason),
        }
    }

    fn end(&mut self, how: Validity, on: Date, by: &str) {
        if self.ended_on.is_none() {
            self.ended_on = Some(on);
            self.validity = Some(how);
            self.changes.push(ForceChange { on, validity: how, by: by.to_owned() });
        }
    }

    /// The day from which the 20 working days of 条例第二十六条 run: the day it was formed or became 主动公开.
    ///
    /// `None` if it is public already or need not be published; the draft of a document is not formed yet.
    pub fn publish_due_from(&self) -> Option<Date> {
        let formed = self.category != Category::Consultation;
        let proactive = self.attribute == DisclosureAttribute::Proactive;
        let due = formed && proactive && !self.public && self.ended_on.is_none();
        due.then_some(self.attribute_since)
    }

    /// 发布日期: the day of the last publication. Published again after it was taken down, a document has a new one; what
    /// counts publications counts the first, [`Standing::disclosed_on`].
    pub fn published_on(&self) -> Option<Date> {
        self.publications.iter().rfind(|(_, published)| *published).map(|(on, _)| *on)
    }

    /// 首次发布日期, where that is not the 发布日期.
    pub fn first_published_on(&self) -> Option<Date> {
        self.disclosed_on.filter(|first| Some(*first) != self.published_on())
    }

    /// The day of first publication from which the interpretation is due, and how soon, where one is planned.
    pub fn interpretation_due_from(&self) -> Option<(Date, Timing)> {
        Some((self.disclosed_on?, self.plan.as_ref()?.timing))
    }

    /// Whether everybody may read it: it is 主动公开, and was disclosed and not taken down since.
    pub fn everybody_reads(&self) -> bool {
        self.public && self.attribute == DisclosureAttribute::Proactive
    }

    /// What its validity is reckoned from; none for documents without force of their own.
    pub fn force(&self) -> Option<Force> {
        Some(Force { recorded: self.validity?, until: self.valid_until })
    }

    /// 施行日期 as it was recorded; none where the day of making stands in for it.
    pub fn stated_in_force_on(&self) -> Option<Date> {
        self.in_force_on.filter(|_| self.explicit_force)
    }

    /// The flows this document contributes to the figures of the unit that counts it.
    ///
    /// `.made`, `.disclosed` (first publication), `.public` (stock), for rules and normative documents `.in_force`
    /// (stock), `.repealed` (废止 only) and `.lapsed`, and for interpretations that are not words alone `.non_text`. While it
    /// is public, also one for each column of the platform it stands in, by [`column_tally`]: no report counts these, the
    /// platform shows a column that is not empty.
    pub fn tallies(&self) -> Vec<Tally> {
        let key = |what: &str| format!("document.{}.{what}", self.category.key());
        let mut t = vec![Tally::one(self.made_on.year(), key("made"))];
        if let Some(on) = self.disclosed_on {
            t.push(Tally::one(on.year(), key("disclosed")));
            let whose = if self.maker == self.counted_by { "own" } else { "for_others" };
            if self.category.is_document() {
                t.push(Tally::one(on.year(), format!("document.disclosed.{whose}")));
            }
            if self.interprets.as_ref().is_some_and(|i| !i.form.is_text()) {
                t.push(Tally::one(on.year(), key("non_text")));
            }
        }
        for &(on, published) in &self.publications {
            let year = on.year();
            let key = key("public");
            t.push(if published { Tally::one(year, key) } else { Tally::minus_one(year, key) });
        }
        if let Some(from) = self.in_force_on {
            t.push(Tally::one(from.year(), key("in_force")));
            if let Some(end) = self.ended_on {
                t.push(Tally::minus_one(end.year(), key("in_force")));
                let how = if self.validity == Some(Validity::Repealed) { "repealed" } else { "lapsed" };
                t.push(Tally::one(end.year(), key(how)));
            }
        }
        if let Some(on) = self.disclosed_on.filter(|_| self.everybody_reads()) {
            t.extend(self.classification.columns().map(|c| Tally::one(on.year(), column_tally(&c.key))));
        }
        t
    }
}

/// The key of the tally of what is public in a column of the platform.
pub fn column_tally(column: &str) -> String {
    format!("document.column.{column}")
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
