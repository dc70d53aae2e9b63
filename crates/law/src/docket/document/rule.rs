//! What may happen to a document, and why not: all reasons at once.

use super::{Category, DisclosureAttribute, DocumentEvent, Interprets, Standing, replaces};
use crate::Refusal;
use crate::catalogue::MOST_OF_DOCUMENT;
use jiff::civil::Date;
use std::collections::BTreeSet;

impl Standing {
    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &DocumentEvent, _on: Date) -> Vec<Refusal> {
        let DocumentEvent::Made { counted_by, maker, title, attribute, reason, .. } = event else {
            return vec![Refusal::new("not-made", "公文尚未登记成文，请先登记公文", "")];
        };
        let mut no = Vec::new();
        if title.trim().is_empty() {
            no.push(Refusal::new("title-missing", "请填写公文标题", ""));
        }
        if counted_by.trim().is_empty() || maker.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请填写制作机关和统计单位", "条例第十条"));
        }
        if *attribute != DisclosureAttribute::Proactive && blank(reason.as_deref()) {
            no.push(Refusal::new(
                "reason-missing",
                format!("公开属性定为“{}”的，应当写明理由和依据条款", attribute.label()),
                "条例第五条、第十三条",
            ));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &DocumentEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.made_on && !matches!(event, DocumentEvent::Made { .. }) {
            no.push(Refusal::new(
                "before-making",
                format!("日期{on}早于成文日期{}，请核对日期", self.made_on),
                "",
            ));
        }
        // Dated earlier, it would stand before what it is to replace, and change nothing.
        if let Some(last) = replaces(event).and_then(|name| self.since.get(name))
            && on < *last
        {
            let text = format!("日期{on}早于上一次登记的日期{last}，请核对日期，或者更正原记录");
            no.push(Refusal::new("date-order", text, ""));
        }
        match event {
            DocumentEvent::Made { .. } => {
                no.push(Refusal::new("already-made", "该公文已经登记", ""));
            }
            DocumentEvent::AttributeChanged { attribute, reason } => {
                self.may_change_attribute(*attribute, reason, on, &mut no);
            }
            DocumentEvent::Unified(unified) => self.may_unify(unified, &mut no),
            DocumentEvent::Filed(filed) => self.may_file(filed, on, &mut no),
            DocumentEvent::ReviewCalled(called) => self.may_call_review(called, on, &mut no),
            DocumentEvent::AttributeReviewed { attribute, reason, approved_by } => {
                self.may_review((*attribute, reason, approved_by), on, &mut no);
            }
            DocumentEvent::Disclosed { .. } => self.may_disclose(on, &mut no),
            DocumentEvent::Scheduled { at } => self.may_schedule(*at, on, &mut no),
            DocumentEvent::ScheduleCancelled { .. } => self.may_cancel_schedule(&mut no),
            DocumentEvent::ScheduleMissed { why } => self.may_miss_schedule(why, on, &mut no),
            DocumentEvent::InterpretationPlanned { plan } => {
                no.extend(plan.refusals());
                if self.category == Category::Interpretation {
                    no.push(Refusal::new("plan-elsewhere", "解读材料本身不需要解读方案", ""));
                }
                if self.plan.as_ref() == Some(plan) {
                    no.push(Refusal::new("unchanged", "解读方案没有变化", ""));
                }
            }
            DocumentEvent::Interprets { documents, form } => {
                if self.category != Category::Interpretation {
                    no.push(Refusal::new("no-interpretation", "只有解读材料需要关联被解读的文件", ""));
                }
                if documents.is_empty() {
                    no.push(no_document());
                }
                let same = Interprets { documents: documents.clone(), form: *form };
                if self.interprets.as_ref() == Some(&same) {
                    no.push(Refusal::new("unchanged", "关联的文件和解读形式没有变化", ""));
                }
            }
            DocumentEvent::Imported(imported) => self.may_be_imported(imported, &mut no),
            DocumentEvent::Relayed { channel, url } => self.may_relay(channel, url, on, &mut no),
            DocumentEvent::Settled { finding, reason, .. } => {
                if self.settled.contains(finding) {
                    no.push(Refusal::new("already-settled", "这一项已经处理", ""));
                }
                if blank(Some(reason)) {
                    let text = "请写明可以公开的理由，例如：属于办公电话";
                    no.push(Refusal::new("reason-missing", text, "条例第十五条"));
                }
            }
            DocumentEvent::Classified(classification) => {
                no.extend(classification.refusals());
                if **classification == self.classification {
                    no.push(Refusal::new("unchanged", "分类没有变化", ""));
                }
            }
            DocumentEvent::Catalogued { entries } => {
                if *entries == self.entries {
                    no.push(Refusal::new("unchanged", "标准目录事项没有变化", ""));
                }
                if entries.iter().collect::<BTreeSet<_>>().len() < entries.len() {
                    no.push(Refusal::new("entry-twice", "同一个标准目录事项只选一次", ""));
                }
                if entries.len() > MOST_OF_DOCUMENT {
                    let text = format!("一件信息最多列入{MOST_OF_DOCUMENT}个标准目录事项，请减少");
                    no.push(Refusal::new("entries-many", text, ""));
                }
            }
            DocumentEvent::Withdrawn { reason, .. } => {
                if !self.public {
                    no.push(Refusal::new("not-public", "该公文没有公开，不需要撤下", ""));
                }
                if let Some((last, true)) = self.publications.last()
                    && on < *last
                {
                    no.push(Refusal::new(
                        "before-publication",
                        format!("撤下日期{on}早于公开日期{last}，请核对日期"),
                        "",
                    ));
                }
                if blank(Some(reason)) {
                    no.push(Refusal::new("reason-missing", "撤下已公开的公文，应当写明理由", "条例第十八条"));
                }
            }
            DocumentEvent::InForce => {
                self.needs_force("施行日期", &mut no);
                if self.explicit_force {
                    no.push(Refusal::new("already-in-force", "该公文已经登记施行日期，如有差错请更正", ""));
                }
                if let Some(end) = self.ended_on
                    && on >= end
                {
                    no.push(Refusal::new("ended", format!("该公文已于{end}废止或者失效"), ""));
                }
            }
            DocumentEvent::ValidUntil { until } => {
                self.needs_force("有效期", &mut no);
                if let Some(end) = self.ended_on {
                    no.push(Refusal::new("ended", format!("该公文已于{end}废止或者失效"), ""));
                }
                if let Some(first) = self.in_force_on
                    && *until < first
                {
                    let text = format!("有效期届满日{until}早于施行日期{first}，请核对日期");
                    no.push(Refusal::new("ends-before-it-begins", text, ""));
                }
                if self.valid_until == Some(*until) {
                    no.push(Refusal::new("unchanged", format!("有效期已经登记至{until}"), ""));
                }
            }
            DocumentEvent::Amended { by } => {
                self.needs_force("修改", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(by)) {
                    no.push(Refusal::new("by-missing", "请写明修改依据的文件", ""));
                }
            }
            DocumentEvent::Repealed { by } => {
                self.needs_force("废止", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(by)) {
                    no.push(Refusal::new("by-missing", "请写明宣布废止的文件", ""));
                }
            }
            DocumentEvent::CleanedUp { by, .. } => {
                self.needs_force("清理结论", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(by)) {
                    no.push(Refusal::new("by-missing", "请写明公布清理结果的文件", ""));
                }
            }
            DocumentEvent::Lapsed { reason } => {
                self.needs_force("失效", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(reason)) {
                    no.push(Refusal::new("reason-missing", "请写明失效原因，例如有效期届满", ""));
                }
            }
        }
        no
    }

    fn may_change_attribute(&self, to: DisclosureAttribute, reason: &str, on: Date, no: &mut Vec<Refusal>) {
        if to == self.attribute {
            no.push(Refusal::new("unchanged", format!("公开属性已经是“{}”", to.label()), ""));
        }
        if blank(Some(reason)) {
            no.push(Refusal::new("reason-missing", "调整公开属性，应当写明理由和依据条款", "条例第十八条"));
        }
        if on < self.attribute_since {
            no.push(Refusal::new(
                "date-order",
                format!("日期{on}早于现公开属性的确定日期{}，请核对日期", self.attribute_since),
                "",
            ));
        }
        if self.public && to != DisclosureAttribute::Proactive {
            no.push(Refusal::new("still-public", "该公文仍在公开，请先撤下再调整公开属性", "条例第十八条"));
        }
    }

    pub(super) fn may_disclose(&self, on: Date, no: &mut Vec<Refusal>) {
        if self.attribute != DisclosureAttribute::Proactive {
            no.push(Refusal::new(
                "not-proactive",
                format!("公开属性为“{}”的公文不能公开，请先按程序调整公开属性", self.attribute.label()),
                "条例第十三条、第十八条",
            ));
        } else if on < self.attribute_since {
            no.push(Refusal::new(
                "before-attribute",
                format!("公开日期{on}早于定为主动公开的日期{}，请核对日期", self.attribute_since),
                "",
            ));
        }
        if self.public {
            no.push(Refusal::new("already-public", "该公文已经公开", ""));
        }
        if self.category == Category::Interpretation && self.interprets.is_none() {
            no.push(no_document());
        }
        if let Some((last, false)) = self.publications.last()
            && on < *last
        {
            no.push(Refusal::new(
                "before-withdrawal",
                format!("再次公开的日期{on}早于撤下日期{last}，请核对日期"),
                "",
            ));
        }
    }

    /// What was taken down may still stand elsewhere, so that is recorded too.
    fn may_relay(&self, channel: &str, url: &str, on: Date, no: &mut Vec<Refusal>) {
        match self.disclosed_on {
            None => {
                let text = "还没有公开的信息不能在其他渠道发布，请先公开";
                no.push(Refusal::new("not-public", text, ""));
            }
            Some(first) if on < first => {
                let text = format!("发布日期{on}早于公开日期{first}，请核对日期");
                no.push(Refusal::new("before-publication", text, ""));
            }
            Some(_) => {}
        }
        if channel.is_empty() {
            no.push(Refusal::new("channel-missing", "请选择发布渠道", ""));
        }
        if !is_link(url) {
            let text = "请填写在该渠道发布后的链接，以 https:// 或者 http:// 开头";
            no.push(Refusal::new("link-missing", text, ""));
        }
        if self.relays.iter().any(|r| r.channel == channel && r.url == url) {
            no.push(Refusal::new("unchanged", "这条链接已经登记过", ""));
        }
    }

    pub(super) fn needs_force(&self, what: &str, no: &mut Vec<Refusal>) {
        if !self.category.has_force() {
            no.push(Refusal::new(
                "no-force",
                format!("只有规章和行政规范性文件登记{what}，“{}”不登记", self.category.label()),
                "",
            ));
        }
    }

    fn needs_validity(&self, on: Date, no: &mut Vec<Refusal>) {
        if let Some(end) = self.ended_on {
            no.push(Refusal::new("ended", format!("该公文已于{end}废止或者失效"), ""));
        }
        if let Some(first) = self.in_force_on
            && on < first
        {
            no.push(Refusal::new(
                "not-yet-in-force",
                format!("该公文{first}起施行，{on}尚未施行，请核对日期"),
                "",
            ));
        }
    }
}

fn no_document() -> Refusal {
    Refusal::new("document-missing", "请选择被解读的文件，解读材料与文件应当相互关联", "国办发〔2017〕47号")
}

/// A link that leads to a page and holds nothing that could end an attribute.
fn is_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && url.len() <= 1_000
        && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>".contains(c))
}

fn blank(text: Option<&str>) -> bool {
    text.is_none_or(|t| t.trim().is_empty())
}
