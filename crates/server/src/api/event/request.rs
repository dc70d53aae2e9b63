//! The events of a request, and what they hold.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// How the information is wanted (条例 art. 29).
#[derive(Serialize, ToSchema)]
pub struct Wanted {
    /// `post`, `email`, `fax`, `pick-up`, `inspection`.
    #[schema(required = false)]
    delivery: Vec<String>,
    /// `paper`, `electronic` or `disc`.
    carrier: Option<String>,
    /// Whether another way will do.
    #[schema(required = false)]
    other_way: bool,
}

/// A part that is withheld (条例第三十七条).
#[derive(Serialize, ToSchema)]
pub struct Withheld {
    /// Which part.
    what: String,
    /// The article, down to the paragraph or item.
    basis: String,
    /// Why.
    reason: String,
}

/// What is proposed to be decided, complete enough to write the letter from.
#[derive(Serialize, ToSchema)]
pub struct Draft {
    /// What is proposed, for example `granted`.
    decision: String,
    /// 查明的事实
    #[schema(required = false)]
    facts: String,
    /// 依据, one article each.
    basis: Vec<String>,
    /// 理由
    #[schema(required = false)]
    reasons: String,
    /// 予以公开的部分
    #[schema(required = false)]
    disclosed: Vec<String>,
    /// 不予公开的部分
    #[schema(required = false)]
    withheld: Vec<Withheld>,
    /// How the information is given, or where to turn instead.
    #[schema(required = false)]
    provided: String,
    /// 附件
    #[schema(required = false)]
    attachments: Vec<String>,
}

/// What can happen to a request.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RequestEvent {
    /// 到达: only to replace a wrong registration.
    Arrived {
        /// How it came, for example `registered-mail`.
        channel: String,
        /// Unit id it is addressed to.
        addressee: String,
        /// Unit id whose report counts it.
        counted_by: String,
        /// Column of table three, for example `natural_person`.
        class: String,
        /// What is asked for, without personal data.
        subject: String,
        /// Id of the personal record.
        applicant: Option<String>,
        /// How the information is wanted.
        #[schema(required = false)]
        wanted: Wanted,
    },
    /// 双方确认
    Confirmed {
        /// How it was confirmed, without personal data.
        #[schema(required = false)]
        evidence: String,
    },
    /// 登记
    Registered {
        /// Number per unit and year.
        number: String,
    },
    /// 登记转来的工单
    HandedIn {
        /// `hotline`, `mailbox`, `message-board` or `petition`.
        system: String,
        /// 工单编号; one ticket is one request.
        number: String,
        /// What goes with it, without personal data.
        #[schema(required = false)]
        note: String,
    },
    /// 审查分办
    Triaged {
        /// What was found.
        #[schema(required = false)]
        note: String,
    },
    /// 补正告知
    CorrectionNoticed {
        /// What must be corrected.
        items: Vec<String>,
        /// Last day for the applicant.
        reply_by: Date,
    },
    /// 收到补正材料
    CorrectionReceived,
    /// 说明理由告知
    ReasonsAsked {
        /// Last day for the applicant.
        reply_by: Date,
    },
    /// 收到理由
    ReasonsReceived {
        /// Whether the agency finds them reasonable; only in entries from before that was a step of its own.
        #[schema(required = false)]
        reasonable: bool,
    },
    /// 审查理由
    ReasonsJudged {
        /// `reasonable`, `deferred` or `unreasonable`; `on` is the day on which a deferral was told.
        outcome: String,
        /// The new last day, for `deferred`.
        until: Option<Date>,
        /// Why; required unless reasonable.
        #[schema(required = false)]
        opinion: String,
    },
    /// 延迟答复
    Deferred {
        /// The new last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// 承办
    Assigned {
        /// Unit id.
        unit: String,
        /// 内部时限, before the statutory one.
        until: Option<Date>,
    },
    /// 指定承办人
    OfficerNamed {
        /// Login name or account id of an officer of the handling unit; none lifts it.
        account: Option<String>,
    },
    /// 交协办单位
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
        /// Where, with which words, and what was found.
        note: String,
    },
    /// 征求意见
    ConsultationSent {
        /// Number of the consultation within the docket.
        consultation: u32,
        /// `third-party`, `joint-agency` or `other-agency`.
        whom: String,
        /// Name of the party.
        party: String,
    },
    /// 征求意见送达
    ConsultationDelivered {
        /// Which consultation.
        consultation: u32,
    },
    /// 征求意见结束
    ConsultationClosed {
        /// Which consultation.
        consultation: u32,
        /// `consents`, `objects` or `silent`.
        opinion: String,
    },
    /// 同意延长答复期限
    ExtensionConsented {
        /// Working days, at most 20.
        days: u32,
        /// Why.
        reason: String,
    },
    /// 延长答复期限
    Extended {
        /// Working days, at most 20.
        days: u32,
        /// Person in charge who consented.
        approved_by: String,
        /// Why.
        reason: String,
    },
    /// 收费通知
    FeeNoticed {
        /// `per-request` or `per-page`.
        basis: String,
        /// Requests of the month, or pages.
        count: u32,
        /// Sum in yuan.
        yuan: u32,
    },
    /// 缴费
    FeePaid,
    /// 拟办
    Drafted {
        /// What is proposed.
        draft: Draft,
        /// The steps of the approval chain; those of the office's chain if left empty.
        chain: Vec<String>,
    },
    /// 审核审批
    Reviewed {
        /// `handler`, `secrecy`, `legality`, `working-body` or `signing`.
        step: String,
        /// Passed, or sent back.
        passed: bool,
        /// What was found; required when it is sent back.
        #[schema(required = false)]
        opinion: String,
    },
    /// 制作文书: only the letters' own address records it.
    Written {
        /// Which letter, for example `correction-notice` or `granted`.
        letter: String,
        /// Of which consultation or helping unit, from 1.
        #[schema(required = false)]
        n: Option<u32>,
        /// 文号
        #[schema(required = false)]
        number: String,
        /// Id of the sealed text.
        record: String,
        /// SM3 of the text.
        digest: String,
        /// Version of the template.
        template: u32,
    },
    /// 作出决定
    Decided {
        /// What was decided, for example `granted`.
        decision: String,
        /// 文号
        number: String,
        /// Reasons, without personal data.
        reasons: String,
    },
    /// 送达
    Served {
        /// `direct`, `entrusted`, `post` or `electronic`.
        method: String,
        /// 送达凭证, without personal data.
        #[schema(required = false)]
        evidence: String,
    },
    /// 转12345热线等渠道: after `declined-petition-or-complaint` or `refused-administrative-inquiry`.
    HandedOut {
        /// `hotline`, `mailbox`, `message-board` or `petition`.
        system: String,
        /// 工单编号
        number: String,
        /// What goes with it, without personal data.
        #[schema(required = false)]
        note: String,
    },
    /// 撤回
    Withdrawn,
    /// 分案
    Split {
        /// What remains here.
        subject: String,
        /// Docket ids of the others.
        into: Vec<String>,
    },
    /// 并入其他申请
    Merged {
        /// Docket id.
        into: String,
    },
    /// 关联申请
    Linked {
        /// Docket id.
        request: String,
        /// `repeat`, `similar`, `split-from` or `merged-from`.
        relation: String,
        /// What was compared, and why it is so.
        #[schema(required = false)]
        note: String,
    },
    /// 限定知悉范围
    Restricted {
        /// Account ids; none lifts it.
        accounts: Vec<String>,
        /// Why.
        reason: String,
    },
    /// 内部批注
    Noted {
        /// The note, without personal data.
        text: String,
        /// 关注人: login names or account ids of all who are told from then on.
        watchers: Vec<String>,
    },
    /// 归档
    Archived {
        /// 归档号
        file_number: String,
        /// `permanent`, `30-years` or `10-years`; required, except of entries from before it was recorded.
        #[schema(required = false)]
        retention: String,
    },
    /// 档案鉴定
    Appraised {
        /// `permanent` or `30-years`; absent if it may be destroyed.
        #[schema(required = false)]
        keep: String,
        /// 鉴定意见
        opinion: String,
    },
    /// 销毁档案; erases at once what is sealed and every file.
    Destroyed {
        /// 监销人
        supervisor: String,
        /// Number of the list (销毁清册).
        list: String,
    },
    /// 重新处理
    Reopened {
        /// Docket id of the dispute.
        dispute: String,
        /// Last day set by the order.
        until: Date,
    },
    /// 拟转主动公开
    SuggestedProactive {
        /// `agency` (several ask for it) or `applicant` (who suggested it).
        #[schema(required = false)]
        by: String,
        /// What was found or said, without personal data.
        #[schema(required = false)]
        note: String,
    },
    /// 主动公开审查
    ProactiveReviewed {
        /// `published` or `unsuitable`.
        outcome: String,
        /// 发文字号, 索引号 or docket id of the document that was published.
        document: Option<String>,
        /// Why; required for `unsuitable`.
        #[schema(required = false)]
        reason: String,
    },
}
