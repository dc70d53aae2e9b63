//! The names of what can happen to a request, without its content.

use super::RequestEvent;
use serde::{Deserialize, Serialize};

/// The kind of a [`RequestEvent`]; keys are its serialised `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is documented at the event of the same name")]
pub enum Move {
    Arrived,
    Confirmed,
    Registered,
    HandedIn,
    Triaged,
    CorrectionNoticed,
    CorrectionReceived,
    ReasonsAsked,
    ReasonsReceived,
    ReasonsJudged,
    Deferred,
    Assigned,
    OfficerNamed,
    Assisted,
    AssistanceAnswered,
    Chased,
    Searched,
    ConsultationSent,
    ConsultationDelivered,
    ConsultationClosed,
    ExtensionConsented,
    Extended,
    FeeNoticed,
    FeePaid,
    Drafted,
    Reviewed,
    Written,
    Decided,
    Served,
    HandedOut,
    Withdrawn,
    Split,
    Merged,
    Archived,
    Appraised,
    Destroyed,
    Reopened,
    SuggestedProactive,
    ProactiveReviewed,
    Linked,
    Restricted,
    Noted,
}

impl Move {
    /// All moves, in the order of a request's life.
    pub const ALL: [Move; 42] = [
        Move::Arrived,
        Move::Confirmed,
        Move::Registered,
        Move::HandedIn,
        Move::Triaged,
        Move::CorrectionNoticed,
        Move::CorrectionReceived,
        Move::ReasonsAsked,
        Move::ReasonsReceived,
        Move::ReasonsJudged,
        Move::Deferred,
        Move::Assigned,
        Move::OfficerNamed,
        Move::Assisted,
        Move::AssistanceAnswered,
        Move::Chased,
        Move::Searched,
        Move::ConsultationSent,
        Move::ConsultationDelivered,
        Move::ConsultationClosed,
        Move::ExtensionConsented,
        Move::Extended,
        Move::FeeNoticed,
        Move::FeePaid,
        Move::Drafted,
        Move::Reviewed,
        Move::Written,
        Move::Decided,
        Move::Served,
        Move::HandedOut,
        Move::Withdrawn,
        Move::Split,
        Move::Merged,
        Move::Archived,
        Move::Appraised,
        Move::Destroyed,
        Move::Reopened,
        Move::SuggestedProactive,
        Move::ProactiveReviewed,
        Move::Linked,
        Move::Restricted,
        Move::Noted,
    ];

    /// Stored key, the `type` of the event.
    pub fn key(self) -> &'static str {
        match self {
            Move::Arrived => "arrived",
            Move::Confirmed => "confirmed",
            Move::Registered => "registered",
            Move::HandedIn => "handed-in",
            Move::Triaged => "triaged",
            Move::Linked => "linked",
            Move::Split => "split",
            Move::Merged => "merged",
            Move::Restricted => "restricted",
            Move::Noted => "noted",
            Move::CorrectionNoticed => "correction-noticed",
            Move::CorrectionReceived => "correction-received",
            Move::ReasonsAsked => "reasons-asked",
            Move::ReasonsReceived => "reasons-received",
            Move::ReasonsJudged => "reasons-judged",
            Move::Deferred => "deferred",
            Move::Assigned => "assigned",
            Move::OfficerNamed => "officer-named",
            Move::Assisted => "assisted",
            Move::AssistanceAnswered => "assistance-answered",
            Move::Chased => "chased",
            Move::Searched => "searched",
            Move::ConsultationSent => "consultation-sent",
            Move::ConsultationDelivered => "consultation-delivered",
            Move::ConsultationClosed => "consultation-closed",
            Move::ExtensionConsented => "extension-consented",
            Move::Extended => "extended",
            Move::FeeNoticed => "fee-noticed",
            Move::FeePaid => "fee-paid",
            Move::Drafted => "drafted",
            Move::Reviewed => "reviewed",
            Move::Written => "written",
            Move::Decided => "decided",
            Move::Served => "served",
            Move::HandedOut => "handed-out",
            Move::Withdrawn => "withdrawn",
            Move::Archived => "archived",
            Move::Appraised => "appraised",
            Move::Destroyed => "destroyed",
            Move::Reopened => "reopened",
            Move::SuggestedProactive => "suggested-proactive",
            Move::ProactiveReviewed => "proactive-reviewed",
        }
    }

    /// Chinese label, for a button or a line of the history.
    pub fn label(self) -> &'static str {
        match self {
            Move::Arrived => "申请到达",
            Move::Confirmed => "双方确认",
            Move::Registered => "登记",
            Move::HandedIn => "登记转来的工单",
            Move::Triaged => "审查分办",
            Move::Linked => "关联申请",
            Move::Split => "分案",
            Move::Merged => "并入其他申请",
            Move::Restricted => "限定知悉范围",
            Move::Noted => "内部批注",
            Move::CorrectionNoticed => "告知补正",
            Move::CorrectionReceived => "收到补正",
            Move::ReasonsAsked => "要求说明理由",
            Move::ReasonsReceived => "收到理由说明",
            Move::ReasonsJudged => "审查理由",
            Move::Deferred => "延迟答复",
            Move::Assigned => "交办",
            Move::OfficerNamed => "指定承办人",
            Move::Assisted => "交协办单位",
            Move::AssistanceAnswered => "协办单位反馈",
            Move::Chased => "催办",
            Move::Searched => "检索",
            Move::ConsultationSent => "发出征求意见",
            Move::ConsultationDelivered => "征求意见送达",
            Move::ConsultationClosed => "征求意见结束",
            Move::ExtensionConsented => "同意延长答复期限",
            Move::Extended => "延长答复期限",
            Move::FeeNoticed => "送达收费通知",
            Move::FeePaid => "缴费",
            Move::Drafted => "拟办",
            Move::Reviewed => "审核审批",
            Move::Written => "制作文书",
            Move::Decided => "作出决定",
            Move::Served => "送达",
            Move::HandedOut => "转12345热线等渠道",
            Move::Withdrawn => "申请人撤回",
            Move::Archived => "归档",
            Move::Appraised => "档案鉴定",
            Move::Destroyed => "销毁档案",
            Move::Reopened => "重新处理",
            Move::SuggestedProactive => "拟转主动公开",
            Move::ProactiveReviewed => "主动公开审查",
        }
    }

    /// Whether it is work inside the office, which the applicant is not told of.
    pub fn is_internal(self) -> bool {
        matches!(
            self,
            Move::Triaged
                | Move::Linked
                | Move::Restricted
                | Move::Noted
                | Move::Appraised
                | Move::Destroyed
                | Move::Assigned
                | Move::OfficerNamed
                | Move::Assisted
                | Move::AssistanceAnswered
                | Move::Chased
                | Move::Searched
                | Move::ExtensionConsented
                | Move::Drafted
                | Move::Reviewed
                | Move::Written
                | Move::SuggestedProactive
                | Move::ProactiveReviewed
        )
    }

    /// The move with this key.
    pub fn parse(key: &str) -> Option<Move> {
        Self::ALL.into_iter().find(|m| m.key() == key)
    }
}

impl RequestEvent {
    /// What kind of event it is.
    pub fn kind(&self) -> Move {
        match self {
            RequestEvent::Arrived { .. } => Move::Arrived,
            RequestEvent::Confirmed { .. } => Move::Confirmed,
            RequestEvent::Registered { .. } => Move::Registered,
            RequestEvent::HandedIn(_) => Move::HandedIn,
            RequestEvent::Triaged { .. } => Move::Triaged,
            RequestEvent::Linked(_) => Move::Linked,
            RequestEvent::Split { .. } => Move::Split,
            RequestEvent::Merged { .. } => Move::Merged,
            RequestEvent::Restricted { .. } => Move::Restricted,
            RequestEvent::Noted { .. } => Move::Noted,
            RequestEvent::CorrectionNoticed { .. } => Move::CorrectionNoticed,
            RequestEvent::CorrectionReceived => Move::CorrectionReceived,
            RequestEvent::ReasonsAsked { .. } => Move::ReasonsAsked,
            RequestEvent::ReasonsReceived { .. } => Move::ReasonsReceived,
            RequestEvent::ReasonsJudged { .. } => Move::ReasonsJudged,
            RequestEvent::Deferred { .. } => Move::Deferred,
            RequestEvent::Assigned { .. } => Move::Assigned,
            RequestEvent::OfficerNamed { .. } => Move::OfficerNamed,
            RequestEvent::Assisted { .. } => Move::Assisted,
            RequestEvent::AssistanceAnswered { .. } => Move::AssistanceAnswered,
            RequestEvent::Chased { .. } => Move::Chased,
            RequestEvent::Searched { .. } => Move::Searched,
            RequestEvent::ConsultationSent { .. } => Move::ConsultationSent,
            RequestEvent::ConsultationDelivered { .. } => Move::ConsultationDelivered,
            RequestEvent::ConsultationClosed { .. } => Move::ConsultationClosed,
            RequestEvent::ExtensionConsented { .. } => Move::ExtensionConsented,
            RequestEvent::Extended { .. } => Move::Extended,
            RequestEvent::FeeNoticed { .. } => Move::FeeNoticed,
            RequestEvent::FeePaid => Move::FeePaid,
            RequestEvent::Drafted { .. } => Move::Drafted,
            RequestEvent::Reviewed { .. } => Move::Reviewed,
            RequestEvent::Written(_) => Move::Written,
            RequestEvent::Decided { .. } => Move::Decided,
            RequestEvent::Served { .. } => Move::Served,
            RequestEvent::HandedOut(_) => Move::HandedOut,
            RequestEvent::Withdrawn => Move::Withdrawn,
            RequestEvent::Archived { .. } => Move::Archived,
            RequestEvent::Appraised { .. } => Move::Appraised,
            RequestEvent::Destroyed { .. } => Move::Destroyed,
            RequestEvent::Reopened { .. } => Move::Reopened,
            RequestEvent::SuggestedProactive { .. } => Move::SuggestedProactive,
            RequestEvent::ProactiveReviewed { .. } => Move::ProactiveReviewed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_serialised_type_of_the_event() {
        for next in Move::ALL {
            assert_eq!(Move::parse(next.key()), Some(next));
            assert_eq!(serde_json::to_value(next).unwrap(), next.key());
            assert!(!next.label().is_empty());
        }
        let paid = serde_json::to_value(RequestEvent::FeePaid).unwrap();
        assert_eq!(paid["type"], RequestEvent::FeePaid.kind().key());
        let search = RequestEvent::Searched { note: "档案室".to_owned() };
        let written = serde_json::to_value(&search).unwrap();
        assert_eq!(written["type"], search.kind().key());
        assert_eq!(serde_json::from_value::<RequestEvent>(written).unwrap(), search);
    }
}
