//! Applicant classes: the columns of table three of the annual report (DOMAIN §1.4, §4.1).

use serde::{Deserialize, Serialize};

/// The class of an applicant. An agent does not count: the class is that of the person who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantClass {
    /// 自然人
    NaturalPerson,
    /// 商业企业
    CommercialEnterprise,
    /// 科研机构
    ResearchInstitution,
    /// 社会公益组织
    PublicWelfareOrg,
    /// 法律服务机构
    LegalServiceOrg,
    /// 其他
    OtherOrg,
}

impl ApplicantClass {
    /// All classes in the order of the form.
    pub const ALL: [ApplicantClass; 6] = [
        ApplicantClass::NaturalPerson,
        ApplicantClass::CommercialEnterprise,
        ApplicantClass::ResearchInstitution,
        ApplicantClass::PublicWelfareOrg,
        ApplicantClass::LegalServiceOrg,
        ApplicantClass::OtherOrg,
    ];

    /// Column id on the form, also the stored key.
    pub fn key(self) -> &'static str {
        match self {
            ApplicantClass::NaturalPerson => "natural_person",
            ApplicantClass::CommercialEnterprise => "commercial_enterprise",
            ApplicantClass::ResearchInstitution => "research_institution",
            ApplicantClass::PublicWelfareOrg => "public_welfare_org",
            ApplicantClass::LegalServiceOrg => "legal_service_org",
            ApplicantClass::OtherOrg => "other_org",
        }
    }

    /// Label on the form.
    pub fn label(self) -> &'static str {
        match self {
            ApplicantClass::NaturalPerson => "自然人",
            ApplicantClass::CommercialEnterprise => "商业企业",
            ApplicantClass::ResearchInstitution => "科研机构",
            ApplicantClass::PublicWelfareOrg => "社会公益组织",
            ApplicantClass::LegalServiceOrg => "法律服务机构",
            ApplicantClass::OtherOrg => "其他",
        }
    }

    /// The class with this key or label.
    pub fn parse(text: &str) -> Option<ApplicantClass> {
        Self::ALL.into_iter().find(|c| c.key() == text || c.label() == text)
    }
}
