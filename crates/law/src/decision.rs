//! What an agency may decide on a request (条例第三十六条至第三十九条 and neighbours), and where each decision is
//! counted in table three of the annual report.
//!
//! To add a decision: one variant, one line in [`Decision::ALL`] and the arms the compiler asks for.

use crate::term::{self, TermError};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// An outcome. Keys are the row ids of the 2021 form in kebab-case; where two outcomes share a row, the second has its
/// own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// 予以公开: provided (art. 36 item 2).
    Granted,
    /// 予以公开: already published, told where to get it (art. 36 item 1).
    GrantedPublished,
    /// 部分公开 (art. 37): counts once, here, whatever the reasons for the withheld part.
    GrantedInPart,
    /// 属于国家秘密 (art. 14)
    RefusedStateSecret,
    /// 其他法律行政法规禁止公开 (art. 14)
    RefusedProhibitedByLaw,
    /// 危及“三安全一稳定” (art. 14)
    RefusedSecurityStability,
    /// 保护第三方合法权益 (arts. 15, 32)
    RefusedThirdPartyRights,
    /// 属于三类内部事务信息 (art. 16 para. 1)
    RefusedInternalAffairs,
    /// 属于四类过程性信息 (art. 16 para. 2)
    RefusedDeliberativeProcess,
    /// 属于行政执法案卷 (art. 16 para. 2)
    RefusedEnforcementFile,
    /// 属于行政查询事项 (art. 36 item 7): a redirection in law, counted under 不予公开.
    RefusedAdministrativeInquiry,
    /// 政府信息不存在, after a search (art. 36 item 4)
    UnavailableNotHeld,
    /// 不属于本机关负责公开 (art. 36 item 5)
    UnavailableNotResponsible,
    /// 没有现成信息需要另行制作 (art. 38)
    UnavailableRequiresCreation,
    /// 补正后申请内容仍不明确 (art. 30)
    UnavailableStillUnclear,
    /// 信访举报投诉类申请 (art. 39 para. 1)
    DeclinedPetitionOrComplaint,
    /// 重复申请 (art. 36 item 6)
    DeclinedRepeatRequest,
    /// 要求提供公开出版物 (art. 39 para. 2)
    DeclinedPublicPublication,
    /// 无正当理由大量反复申请 (art. 35)
    DeclinedExcessiveRequests,
    /// 要求行政机关确认或重新出具已获取信息
    DeclinedConfirmOrReissue,
    /// 申请人无正当理由逾期不补正 (art. 30)
    OtherCorrectionLapsed,
    /// 申请人逾期未按收费通知要求缴纳费用 (fee measure)
    OtherFeeUnpaid,
    /// 其他, for example duplicates merged.
    OtherOther,
}

/// Which way the applicant may go against a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// 行政复议或者行政诉讼
    Either,
    /// 复议前置 (行政复议法第二十三条第一款第四项)
    ReconsiderationFirst,
}

impl Remedy {
    /// The remedies in one sentence, as told to the applicant, by the law in force on `decided_on`.
    ///
    /// Under [`Remedy::ReconsiderationFirst`] the sentence says that reconsideration comes first, as article 23 paragraph 2
    /// of the reconsideration law demands, and offers no direct suit.
    ///
    /// # Errors
    /// No text of the rules was in force on the date.
    pub fn sentence(self, authority: &str, court: &str, decided_on: Date) -> Result<String, TermError> {
        let sixty = term::on("reconsideration", decided_on)?.length;
        Ok(match self {
            Remedy::Either => {
                let direct = term::on("suit-direct", decided_on)?.length;
                format!(
                    "如对本决定不服，可以自收到本决定之日起{sixty}内向{authority}申请行政复议，\
                     或者自收到本决定之日起{direct}内向{court}提起行政诉讼。"
                )
            }
            Remedy::ReconsiderationFirst => {
                let after = term::on("suit-after-reconsideration", decided_on)?.length;
                format!(
                    "如对本决定不服，应当先申请行政复议，可以自收到本决定之日起{sixty}内向{authority}提出；\
                     对行政复议决定不服的，可以自收到行政复议决定书之日起{after}内向{court}提起行政诉讼。"
                )
            }
        })
    }
}

/// The day from which non-disclosure must go to reconsideration first (行政复议法, revision of 2023).
const RECONSIDERATION_FIRST_FROM: Date = date(2024, 1, 1);

impl Decision {
    /// All decisions, in the order of the form.
    pub const ALL: [Decision; 23] = [
        Decision::Granted,
        Decision::GrantedPublished,
        Decision::GrantedInPart,
        Decision::RefusedStateSecret,
        Decision::RefusedProhibitedByLaw,
        Decision::RefusedSecurityStability,
        Decision::RefusedThirdPartyRights,
        Decision::RefusedInternalAffairs,
        Decision::RefusedDeliberativeProcess,
        Decision::RefusedEnforcementFile,
        Decision::RefusedAdministrativeInquiry,
        Decision::UnavailableNotHeld,
        Decision::UnavailableNotResponsible,
        Decision::UnavailableRequiresCreation,
        Decision::UnavailableStillUnclear,
        Decision::DeclinedPetitionOrComplaint,
        Decision::DeclinedRepeatRequest,
        Decision::DeclinedPublicPublication,
        Decision::DeclinedExcessiveRequests,
        Decision::DeclinedConfirmOrReissue,
        Decision::OtherCorrectionLapsed,
        Decision::OtherFeeUnpaid,
        Decision::OtherOther,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Decision::Granted => "granted",
            Decision::GrantedPublished => "granted-published",
            Decision::GrantedInPart => "granted-in-part",
            Decision::RefusedStateSecret => "refused-state-secret",
            Decision::RefusedProhibitedByLaw => "refused-prohibited-by-law",
            Decision::RefusedSecurityStability => "refused-security-stability",
            Decision::RefusedThirdPartyRights => "refused-third-party-rights",
            Decision::RefusedInternalAffairs => "refused-internal-affairs",
            Decision::RefusedDeliberativeProcess => "refused-deliberative-process",
            Decision::RefusedEnforcementFile => "refused-enforcement-file",
            Decision::RefusedAdministrativeInquiry => "refused-administrative-inquiry",
            Decision::UnavailableNotHeld => "unavailable-not-held",
            Decision::UnavailableNotResponsible => "unavailable-not-responsible",
            Decision::UnavailableRequiresCreation => "unavailable-requires-creation",
            Decision::UnavailableStillUnclear => "unavailable-still-unclear",
            Decision::DeclinedPetitionOrComplaint => "declined-petition-or-complaint",
            Decision::DeclinedRepeatRequest => "declined-repeat-request",
            Decision::DeclinedPublicPublication => "declined-public-publication",
            Decision::DeclinedExcessiveRequests => "declined-excessive-requests",
            Decision::DeclinedConfirmOrReissue => "declined-confirm-or-reissue",
            Decision::OtherCorrectionLapsed => "other-correction-lapsed",
            Decision::OtherFeeUnpaid => "other-fee-unpaid",
            Decision::OtherOther => "other-other",
        }
    }

    /// The decision with this key.
    pub fn parse(key: &str) -> Option<Decision> {
        Self::ALL.into_iter().find(|d| d.key() == key)
    }

    /// Chinese label: that of the row, made more precise where two outcomes share a row.
    pub fn label(self) -> &'static str {
        match self {
            Decision::Granted => "予以公开",
            Decision::GrantedPublished => "予以公开（已主动公开，告知获取方式）",
            Decision::GrantedInPart => "部分公开",
            Decision::RefusedStateSecret => "属于国家秘密",
            Decision::RefusedProhibitedByLaw => "其他法律行政法规禁止公开",
            Decision::RefusedSecurityStability => "危及“三安全一稳定”",
            Decision::RefusedThirdPartyRights => "保护第三方合法权益",
            Decision::RefusedInternalAffairs => "属于三类内部事务信息",
            Decision::RefusedDeliberativeProcess => "属于四类过程性信息",
            Decision::RefusedEnforcementFile => "属于行政执法案卷",
            Decision::RefusedAdministrativeInquiry => "属于行政查询事项",
            Decision::UnavailableNotHeld => "本机关不掌握相关政府信息（政府信息不存在）",
            Decision::UnavailableNotResponsible => "本机关不掌握相关政府信息（不属于本机关负责公开）",
            Decision::UnavailableRequiresCreation => "没有现成信息需要另行制作",
            Decision::UnavailableStillUnclear => "补正后申请内容仍不明确",
            Decision::DeclinedPetitionOrComplaint => "信访举报投诉类申请",
            Decision::DeclinedRepeatRequest => "重复申请",
            Decision::DeclinedPublicPublication => "要求提供公开出版物",
            Decision::DeclinedExcessiveRequests => "无正当理由大量反复申请",
            Decision::DeclinedConfirmOrReissue => "要求行政机关确认或重新出具已获取信息",
            Decision::OtherCorrectionLapsed => {
                "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
            }
            Decision::OtherFeeUnpaid => {
                "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
            }
            Decision::OtherOther => "其他",
        }
    }

    /// Row of table three on the 2021 form (`requests.ROW.COLUMN`).
    pub fn row(self) -> &'static str {
        match self {
            Decision::Granted | Decision::GrantedPublished => "granted",
            Decision::GrantedInPart => "granted_in_part",
            Decision::RefusedStateSecret => "refused_state_secret",
            Decision::RefusedProhibitedByLaw => "refused_prohibited_by_law",
            Decision::RefusedSecurityStability => "refused_security_stability",
            Decision::RefusedThirdPartyRights => "refused_third_party_rights",
            Decision::RefusedInternalAffairs => "refused_internal_affairs",
            Decision::RefusedDeliberativeProcess => "refused_deliberative_process",
            Decision::RefusedEnforcementFile => "refused_enforcement_file",
            Decision::RefusedAdministrativeInquiry => "refused_administrative_inquiry",
            Decision::UnavailableNotHeld | Decision::UnavailableNotResponsible => "unavailable_not_held",
            Decision::UnavailableRequiresCreation => "unavailable_requires_creation",
            Decision::UnavailableStillUnclear => "unavailable_still_unclear",
            Decision::DeclinedPetitionOrComplaint => "declined_petition_or_complaint",
            Decision::DeclinedRepeatRequest => "declined_repeat_request",
            Decision::DeclinedPublicPublication => "declined_public_publication",
            Decision::DeclinedExcessiveRequests => "declined_excessive_requests",
            Decision::DeclinedConfirmOrReissue => "declined_confirm_or_reissue",
            Decision::OtherCorrectionLapsed => "other_correction_lapsed",
            Decision::OtherFeeUnpaid => "other_fee_unpaid",
            Decision::OtherOther => "other_other",
        }
    }

    /// Row of table three on the 2019 form, where (六)其他处理 is one row.
    pub fn row_2019(self) -> &'static str {
        match self {
            Decision::OtherCorrectionLapsed | Decision::OtherFeeUnpaid | Decision::OtherOther => {
                "other_disposal"
            }
            other => other.row(),
        }
    }

    /// The article it rests on; empty where there is none and practice alone carries it.
    pub fn citation(self) -> &'static str {
        match self {
            Decision::Granted => "条例第三十六条第二项",
            Decision::GrantedPublished => "条例第三十六条第一项",
            Decision::GrantedInPart => "条例第三十七条",
            Decision::RefusedStateSecret
            | Decision::RefusedProhibitedByLaw
            | Decision::RefusedSecurityStability => "条例第十四条",
            Decision::RefusedThirdPartyRights => "条例第十五条、第三十二条",
            Decision::RefusedInternalAffairs => "条例第十六条第一款",
            Decision::RefusedDeliberativeProcess | Decision::RefusedEnforcementFile => "条例第十六条第二款",
            Decision::RefusedAdministrativeInquiry => "条例第三十六条第七项",
            Decision::UnavailableNotHeld => "条例第三十六条第四项",
            Decision::UnavailableNotResponsible => "条例第三十六条第五项",
            Decision::UnavailableRequiresCreation => "条例第三十八条",
            Decision::UnavailableStillUnclear | Decision::OtherCorrectionLapsed => "条例第三十条",
            Decision::DeclinedPetitionOrComplaint => "条例第三十九条第一款",
            Decision::DeclinedRepeatRequest => "条例第三十六条第六项",
            Decision::DeclinedPublicPublication => "条例第三十九条第二款",
            Decision::DeclinedExcessiveRequests => "条例第三十五条",
            Decision::OtherFeeUnpaid => "国办函〔2020〕109号",
            Decision::DeclinedConfirmOrReissue | Decision::OtherOther => "",
        }
    }

    /// Usual title of the notice. Localities may set their own; this is the default of the template.
    pub fn notice_title(self) -> &'static str {
        match self {
            Decision::Granted => "政府信息公开告知书",
            Decision::GrantedPublished => "政府信息（已主动公开）告知书",
            Decision::GrantedInPart => "政府信息部分公开告知书",
            Decision::RefusedStateSecret
            | Decision::RefusedProhibitedByLaw
            | Decision::RefusedSecurityStability
            | Decision::RefusedThirdPartyRights
            | Decision::RefusedInternalAffairs
            | Decision::RefusedDeliberativeProcess
            | Decision::RefusedEnforcementFile => "政府信息不予公开告知书",
            Decision::RefusedAdministrativeInquiry => "告知书（依照有关法律、行政法规办理）",
            Decision::UnavailableNotHeld => "政府信息不存在告知书",
            Decision::UnavailableNotResponsible => "非本机关政府信息告知书",
            Decision::DeclinedPetitionOrComplaint => "告知书（不作为政府信息公开申请处理）",
            Decision::DeclinedRepeatRequest => "政府信息公开申请不予重复处理告知书",
            Decision::DeclinedExcessiveRequests => "政府信息公开申请不予处理告知书",
            Decision::UnavailableRequiresCreation
            | Decision::UnavailableStillUnclear
            | Decision::DeclinedPublicPublication
            | Decision::DeclinedConfirmOrReissue
            | Decision::OtherCorrectionLapsed
            | Decision::OtherFeeUnpaid
            | Decision::OtherOther => "政府信息公开申请告知书",
        }
    }

    /// Whether information is given, so that review comes before it (art. 17): provided in full or in part.
    pub fn discloses(self) -> bool {
        matches!(self, Decision::Granted | Decision::GrantedInPart)
    }

    /// Whether the matter may go on in another channel after it: a petition or complaint in the form of a request (art. 39
    /// para. 1), an inquiry that other law governs (art. 36 item 7).
    pub fn leads_elsewhere(self) -> bool {
        matches!(self, Decision::DeclinedPetitionOrComplaint | Decision::RefusedAdministrativeInquiry)
    }

    /// Whether it may be closed without a paper being served: the applicant let the request lapse.
    pub fn needs_no_paper(self) -> bool {
        matches!(self, Decision::OtherCorrectionLapsed | Decision::OtherFeeUnpaid)
    }

    /// Whether the law asks for reasons (arts. 36 items 3–5, 37).
    pub fn needs_reasons(self) -> bool {
        !matches!(self, Decision::Granted | Decision::GrantedPublished) && !self.needs_no_paper()
    }

    /// Which way the applicant may go, by the day of the decision.
    ///
    /// Since 2024-01-01 non-disclosure under articles 14, 15 and 16 must go to reconsideration first (行政复议法第二十三
    /// 条第一款第四项; 法释〔2025〕8号第一条); before, always either. For [`Decision::GrantedInPart`] no text says which:
    /// `withheld_under_14_to_16` tells whether the withheld part rests on those articles, and if so reconsideration
    /// comes first. It is without effect for other decisions.
    pub fn remedy(self, decided_on: Date, withheld_under_14_to_16: bool) -> Remedy {
        let withheld = match self {
            Decision::RefusedStateSecret
            | Decision::RefusedProhibitedByLaw
            | Decision::RefusedSecurityStability
            | Decision::RefusedThirdPartyRights
            | Decision::RefusedInternalAffairs
            | Decision::RefusedDeliberativeProcess
            | Decision::RefusedEnforcementFile => true,
            Decision::GrantedInPart => withheld_under_14_to_16,
            _ => false,
        };
        if withheld && decided_on >= RECONSIDERATION_FIRST_FROM {
            Remedy::ReconsiderationFirst
        } else {
            Remedy::Either
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result rows of the 2021 form in order, (一) to (六)3.
    const ROWS: [&str; 21] = [
        "granted",
        "granted_in_part",
        "refused_state_secret",
        "refused_prohibited_by_law",
        "refused_security_stability",
        "refused_third_party_rights",
        "refused_internal_affairs",
        "refused_deliberative_process",
        "refused_enforcement_file",
        "refused_administrative_inquiry",
        "unavailable_not_held",
        "unavailable_requires_creation",
        "unavailable_still_unclear",
        "declined_petition_or_complaint",
        "declined_repeat_request",
        "declined_public_publication",
        "declined_excessive_requests",
        "declined_confirm_or_reissue",
        "other_correction_lapsed",
        "other_fee_unpaid",
        "other_other",
    ];

    #[test]
    fn the_decisions_fill_every_row_of_the_form_in_its_order() {
        let mut rows: Vec<_> = Decision::ALL.into_iter().map(Decision::row).collect();
        rows.dedup();
        assert_eq!(rows, ROWS);
        let mut rows: Vec<_> = Decision::ALL.into_iter().map(Decision::row_2019).collect();
        rows.dedup();
        assert_eq!(rows[..18], ROWS[..18]);
        assert_eq!(rows[18..], ["other_disposal"]);
    }

    #[test]
    fn keys_are_unique_and_are_the_serialised_form() {
        for decision in Decision::ALL {
            assert_eq!(serde_json::to_value(decision).unwrap(), decision.key());
            assert_eq!(Decision::parse(decision.key()), Some(decision));
            assert!(!decision.label().is_empty() && !decision.notice_title().is_empty());
        }
        assert_eq!(Decision::parse("unknown"), None);
    }

    #[test]
    fn reconsideration_comes_first_for_articles_14_to_16_since_2024() {
        let first: Vec<_> = Decision::ALL
            .into_iter()
            .filter(|d| d.remedy(date(2024, 1, 1), false) == Remedy::ReconsiderationFirst)
            .map(Decision::citation)
            .collect();
        assert_eq!(first.len(), 7);
        assert!(first.iter().all(|c| ["十四", "十五", "十六"].iter().any(|a| c.contains(a))), "{first:?}");
        for decision in Decision::ALL {
            assert_eq!(decision.remedy(date(2023, 12, 31), true), Remedy::Either, "{decision:?}");
        }
        assert_eq!(Decision::GrantedInPart.remedy(date(2024, 1, 1), true), Remedy::ReconsiderationFirst);
        assert_eq!(Decision::GrantedInPart.remedy(date(2024, 1, 1), false), Remedy::Either);
        assert_eq!(Decision::RefusedAdministrativeInquiry.remedy(date(2024, 1, 1), true), Remedy::Either);
    }

    #[test]
    fn the_sentence_names_the_terms_and_never_offers_a_direct_suit_after_reconsideration_first() {
        let say = |remedy: Remedy, on| remedy.sentence("某县人民政府", "某县人民法院", on).unwrap();
        let either = say(Remedy::Either, date(2024, 1, 1));
        assert!(either.contains("60日") && either.contains("6个月"), "{either}");
        let first = say(Remedy::ReconsiderationFirst, date(2024, 1, 1));
        assert!(first.contains("60日") && first.contains("15日") && !first.contains("或者"), "{first}");
        assert!(first.contains("应当先申请行政复议"), "{first}");
        assert!(say(Remedy::Either, date(2015, 4, 30)).contains("3个月"));
    }
}
