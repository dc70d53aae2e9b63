//! The docket of a disclosure request (政府信息公开申请): every event from arrival to archive, the standing they fold
//! into ([`Standing`]) and the rules of order and law for the next one ([`Standing::may`]).

mod clocks;
mod content;
mod draft;
mod handover;
mod link;
mod proactive;
mod reasons;
mod rule;
mod stage;
mod standing;
mod step;
mod wanted;
mod written;

pub use clocks::{ByWhom, Clock, ClockKind, Moved, nearest};
pub use draft::{Draft, Proposal, Withheld};
pub use handover::{Ticket, TicketSystem};
pub use link::{Link, Relation};
pub use proactive::{Proactive, ProactiveOutcome, ProactiveReview, ProactiveSuggestion, SuggestedBy};
pub use reasons::{Reasons, ReasonsOutcome};
pub use stage::Stage;
pub use standing::{Assistance, Consultation, Correction, FeeNotice, Reopening, Standing};
pub use step::Move;
pub use wanted::{Carrier, Delivery, Wanted};
pub use written::Written;

use crate::applicant::ApplicantClass;
use crate::decision::Decision;
use crate::fee::Basis;
use crate::receipt::Channel;
use crate::retention::Retention;
use crate::review::Step as ReviewStep;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who is asked for an opinion; silence means different things (arts. 32–34).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consulted {
    /// 第三方 (art. 32): silence leaves the decision to the agency.
    ThirdParty,
    /// 共同制作机关 (art. 34): silence is consent.
    JointAgency,
    /// 其他机关 (art. 33): asked, not a maker.
    OtherAgency,
}

/// What the consulted party said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opinion {
    /// 同意公开
    Consents,
    /// 不同意公开
    Objects,
    /// 逾期未答复
    Silent,
}

/// How a paper was served (国办公开办函〔2016〕235号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceMethod {
    /// 直接送达: the day of 签收 counts.
    Direct,
    /// 委托其他行政机关代为送达: the day of 签收 counts.
    Entrusted,
    /// 邮寄 through the postal enterprise: the day of 交邮 counts.
    Post,
    /// 电子送达
    Electronic,
}

/// What can happen to a request. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RequestEvent {
    /// 到达: it arrived by a channel; `effective_on` is the day of arrival (signing for registered mail).
    Arrived {
        /// How it came.
        channel: Channel,
        /// The agency it is addressed to (unit id), not necessarily the one that counts it.
        addressee: String,
        /// The unit whose report counts it (unit id).
        counted_by: String,
        /// Column of table three.
        class: ApplicantClass,
        /// What is asked for, without personal data.
        subject: String,
        /// Id of the encrypted personal-data record.
        applicant: Option<String>,
        /// How the information is wanted.
        #[serde(default, skip_serializing_if = "Wanted::is_empty")]
        wanted: Wanted,
    },
    /// 双方确认 (art. 31): day of confirmation with the applicant, for plain mail, internet, fax and e-mail.
    Confirmed {
        /// How it was confirmed: the call, the message, the paper, without personal data.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        evidence: String,
    },
    /// 登记: number given, receipt printed. Does not move the receipt date.
    Registered {
        /// Number per unit and year.
        number: String,
    },
    /// 工单转入: the request came out of a work order of another system, which was told the route (国办函〔2025〕66号).
    /// Recorded with the arrival; moves no date.
    HandedIn(Ticket),
    /// 审查分办: the form was examined; nothing has to be corrected.
    Triaged {
        /// What was found: whether it is a disclosure request, whether it is ours to answer.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// 补正告知 served (art. 30), once.
    CorrectionNoticed {
        /// What must be corrected.
        items: Vec<String>,
        /// Last day for the applicant.
        reply_by: Date,
    },
    /// 补正材料 received; resets the clock.
    CorrectionReceived,
    /// 说明理由告知 served (art. 35).
    ReasonsAsked {
        /// Last day for the applicant.
        reply_by: Date,
    },
    /// 理由 received.
    ReasonsReceived {
        /// What the agency found of them, in entries from before that was a step of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reasonable: Option<bool>,
    },
    /// 审查理由 (art. 35): judged by the agency; where the answer is deferred, the day on which that was told.
    ReasonsJudged {
        /// What was found.
        outcome: ReasonsOutcome,
        /// The new last day, where the answer is deferred.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
    },
    /// 延迟答复 (art. 35): found reasonable before, and not possible in time after all; told to the applicant.
    Deferred {
        /// The new last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// 承办 assigned to a unit or office.
    Assigned {
        /// Unit id.
        unit: String,
        /// 内部时限: the day by which the unit is to hand in its proposal, before the statutory one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// 指定承办人: the officer who handles it. Handing it on to another unit ends it.
    OfficerNamed {
        /// Account id; none lifts it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    },
    /// 协办: another unit of the agency is asked to help. It never pauses the clock (art. 33 names other agencies only).
    Assisted {
        /// Unit id.
        unit: String,
        /// The day by which it is to answer.
        until: Date,
        /// What it is asked for.
        matter: String,
    },
    /// 协办单位反馈
    AssistanceAnswered {
        /// Unit id.
        unit: String,
        /// What it said.
        note: String,
    },
    /// 催办
    Chased {
        /// Unit id.
        unit: String,
        /// What was said.
        note: String,
    },
    /// 检索记录
    Searched {
        /// Where and with which words, and what was found.
        note: String,
    },
    /// 征求意见 sent; pauses the clock until closed.
    ConsultationSent {
        /// Number of the consultation within the docket.
        consultation: u32,
        /// Who is asked.
        whom: Consulted,
        /// Name of the party.
        party: String,
    },
    /// The party received the consultation; its 15 working days run from here.
    ConsultationDelivered {
        /// Which consultation.
        consultation: u32,
    },
    /// Opinion received, or the term ran out; the pause ends.
    ConsultationClosed {
        /// Which consultation.
        consultation: u32,
        /// What was said.
        opinion: Opinion,
    },
    /// 同意延长 by the person in charge of the working body (art. 33), before the applicant is told.
    ExtensionConsented {
        /// Working days.
        days: u32,
        /// Why.
        reason: String,
    },
    /// 延长答复期限 told to the applicant (art. 33), once, at most 20 working days.
    Extended {
        /// Working days.
        days: u32,
        /// Person in charge of the working body who consented.
        approved_by: String,
        /// Why.
        reason: String,
    },
    /// 收费通知 served (国办函〔2020〕109号).
    FeeNoticed {
        /// By request or by page.
        basis: Basis,
        /// Requests of the month, or pages.
        count: u32,
        /// Sum in yuan.
        yuan: u32,
    },
    /// 缴费; resets the clock.
    FeePaid,
    /// 拟办: what is proposed to be decided, and the steps it has to pass. A later proposal replaces it.
    Drafted {
        /// What is proposed.
        draft: Draft,
        /// The steps of the approval chain in force for it, in order.
        chain: Vec<ReviewStep>,
    },
    /// A step of the approval chain: 保密审查, 合法性审核, 审批签发 and the like.
    Reviewed {
        /// Which step.
        step: ReviewStep,
        /// Passed, or sent back to be drafted again.
        passed: bool,
        /// What was found; required when it is sent back.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
    },
    /// 制作文书: a letter was finished; its text is sealed beside the journal, its digest stands here.
    Written(Written),
    /// 作出决定: `effective_on` is the date of the decision.
    Decided {
        /// What was decided.
        decision: Decision,
        /// 文号
        number: String,
        /// Reasons, without personal data.
        reasons: String,
    },
    /// 送达: `effective_on` is the day that counts for the method (签收 or 交邮).
    Served {
        /// How.
        method: ServiceMethod,
        /// 送达凭证: number of the mail, who signed, the return slip; without personal data.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        evidence: String,
    },
    /// 转其他渠道: after a decision that leads elsewhere the matter is passed on, and has a work order there. Nothing is
    /// counted a second time.
    HandedOut(Ticket),
    /// 关联: another request of the same matter, and what the comparison came to.
    Linked(Link),
    /// 分案 (一事一申请): what else was asked for goes on in dockets of its own.
    Split {
        /// What remains here.
        subject: String,
        /// Docket ids of the others.
        into: Vec<String>,
    },
    /// 并案: the same request was registered twice; it goes on in the other docket and is counted as 其他处理.
    Merged {
        /// Docket id.
        into: String,
    },
    /// 限定知悉范围: only the accounts named see the docket; none named lifts it.
    Restricted {
        /// Account ids.
        accounts: Vec<String>,
        /// Why.
        reason: String,
    },
    /// 内部批注: a word among those who work on it, and who is told of what happens from then on.
    Noted {
        /// The note, without personal data.
        text: String,
        /// 关注人: account ids; all of them, so that whoever is left out is told no more.
        watchers: Vec<String>,
    },
    /// 撤回 by the applicant, in writing, before the decision.
    Withdrawn,
    /// 归档
    Archived {
        /// 归档号
        file_number: String,
        /// 保管期限; none in entries from before it was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retention: Option<Retention>,
    },
    /// 档案鉴定: a file whose period has ended was appraised.
    Appraised {
        /// 续存期限: the longer period it is kept for, again from the year after the matter was finished; none if it may be
        /// destroyed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep: Option<Retention>,
        /// 鉴定意见
        opinion: String,
    },
    /// 销毁: what was sealed beside the docket and its files exist no more. The docket stays, and with it every figure.
    Destroyed {
        /// 监销人: who watched.
        supervisor: String,
        /// 销毁清册: number of the list, which is kept for ever.
        list: String,
    },
    /// 重新处理 ordered by a reconsideration decision or a judgment; has its own clock.
    Reopened {
        /// Docket id of the dispute.
        dispute: String,
        /// Last day set by the order.
        until: Date,
    },
    /// 拟转主动公开 (art. 44): the agency found that several ask for it, or an applicant suggested it.
    SuggestedProactive {
        /// Who.
        #[serde(default, skip_serializing_if = "SuggestedBy::is_agency")]
        by: SuggestedBy,
        /// What was found or said, without personal data.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// 主动公开审查 (art. 44): what the review of the suggestions came to.
    ProactiveReviewed {
        /// Published, or not to be.
        outcome: ProactiveOutcome,
        /// Docket id of the document that was published.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<String>,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}
