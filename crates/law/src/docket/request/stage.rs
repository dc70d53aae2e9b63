//! The stages of a request, as the desk and the portal name them.

use serde::Serialize;

/// The stage of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 已提交待确认: arrived, not received; no clock runs.
    Submitted,
    /// 已收到(登记)
    Received,
    /// 审查分办
    Triaged,
    /// 待补正: the clock stands still and starts anew on correction.
    CorrectionPending,
    /// 待说明理由
    ReasonPending,
    /// 承办中
    Assigned,
    /// 检索中
    Searching,
    /// 征求第三方意见: the clock is paused.
    ConsultingThirdParty,
    /// 征求其他机关/共同制作机关意见: the clock is paused.
    ConsultingAgency,
    /// 拟办
    Drafting,
    /// 保密审查/合法性审核: a proposal is on its way through the chain.
    Review,
    /// 审批签发: what is left is signing, or making the decision that was signed.
    Approval,
    /// 待缴费: the clock stands still and starts anew on payment.
    FeePending,
    /// 延迟答复 (art. 35)
    Deferred,
    /// 已作出决定
    Issued,
    /// 已送达
    Served,
    /// 办结归档
    Closed,
    /// 申请人撤回
    Withdrawn,
    /// 并入其他申请
    Merged,
    /// 重新处理: own clock.
    Reopened,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 20] = [
        Stage::Submitted,
        Stage::Received,
        Stage::Triaged,
        Stage::CorrectionPending,
        Stage::ReasonPending,
        Stage::Assigned,
        Stage::Searching,
        Stage::ConsultingThirdParty,
        Stage::ConsultingAgency,
        Stage::Drafting,
        Stage::Review,
        Stage::Approval,
        Stage::FeePending,
        Stage::Deferred,
        Stage::Issued,
        Stage::Served,
        Stage::Closed,
        Stage::Withdrawn,
        Stage::Merged,
        Stage::Reopened,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Submitted => "submitted",
            Stage::Received => "received",
            Stage::Triaged => "triaged",
            Stage::CorrectionPending => "correction_pending",
            Stage::ReasonPending => "reason_pending",
            Stage::Assigned => "assigned",
            Stage::Searching => "searching",
            Stage::ConsultingThirdParty => "consulting_third_party",
            Stage::ConsultingAgency => "consulting_agency",
            Stage::Drafting => "drafting",
            Stage::Review => "review",
            Stage::Approval => "approval",
            Stage::FeePending => "fee_pending",
            Stage::Deferred => "deferred",
            Stage::Issued => "issued",
            Stage::Served => "served",
            Stage::Closed => "closed",
            Stage::Withdrawn => "withdrawn",
            Stage::Merged => "merged",
            Stage::Reopened => "reopened",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Submitted => "已提交待确认",
            Stage::Received => "已收到(登记)",
            Stage::Triaged => "审查分办",
            Stage::CorrectionPending => "待补正",
            Stage::ReasonPending => "待说明理由",
            Stage::Assigned => "承办中",
            Stage::Searching => "检索中",
            Stage::ConsultingThirdParty => "征求第三方意见",
            Stage::ConsultingAgency => "征求其他机关/共同制作机关意见",
            Stage::Drafting => "拟办",
            Stage::Review => "保密审查/合法性审核",
            Stage::Approval => "审批签发",
            Stage::FeePending => "待缴费",
            Stage::Deferred => "延迟答复",
            Stage::Issued => "已作出决定",
            Stage::Served => "已送达",
            Stage::Closed => "办结归档",
            Stage::Withdrawn => "申请人撤回",
            Stage::Merged => "并入其他申请",
            Stage::Reopened => "重新处理",
        }
    }

    /// The stage with this key.
    pub fn parse(key: &str) -> Option<Stage> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// Whether others are consulted, so that the reply stands still (art. 33).
    pub fn is_paused(self) -> bool {
        matches!(self, Stage::ConsultingThirdParty | Stage::ConsultingAgency)
    }

    /// Whether nothing is left to do but to archive.
    pub fn is_finished(self) -> bool {
        matches!(self, Stage::Served | Stage::Closed | Stage::Withdrawn | Stage::Merged)
    }
}
