//! 转为主动公开 (条例第四十四条): what several applicants ask for may be published for everybody, and an applicant may
//! suggest it. Who suggested it and what the review came to are facts of the request.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// On whose word information is considered for publication.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuggestedBy {
    /// 本机关拟转主动公开: several applicants asked for it (¶1).
    #[default]
    Agency,
    /// 申请人建议纳入主动公开 (¶2).
    Applicant,
}

impl SuggestedBy {
    /// Both, in the order of the article.
    pub const ALL: [SuggestedBy; 2] = [SuggestedBy::Agency, SuggestedBy::Applicant];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            SuggestedBy::Agency => "agency",
            SuggestedBy::Applicant => "applicant",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            SuggestedBy::Agency => "本机关拟转主动公开",
            SuggestedBy::Applicant => "申请人建议主动公开",
        }
    }

    /// The one with this key.
    pub fn parse(key: &str) -> Option<SuggestedBy> {
        Self::ALL.into_iter().find(|b| b.key() == key)
    }

    /// True for what an entry says that names nobody: the agency, as every entry did at first.
    pub(super) fn is_agency(&self) -> bool {
        *self == SuggestedBy::Agency
    }
}

/// What the review came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProactiveOutcome {
    /// 已主动公开
    Published,
    /// 不宜主动公开
    Unsuitable,
}

impl ProactiveOutcome {
    /// Both outcomes.
    pub const ALL: [ProactiveOutcome; 2] = [ProactiveOutcome::Published, ProactiveOutcome::Unsuitable];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            ProactiveOutcome::Published => "published",
            ProactiveOutcome::Unsuitable => "unsuitable",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            ProactiveOutcome::Published => "已主动公开",
            ProactiveOutcome::Unsuitable => "不宜主动公开",
        }
    }

    /// The outcome with this key.
    pub fn parse(key: &str) -> Option<ProactiveOutcome> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }
}

/// A suggestion to publish what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProactiveSuggestion {
    /// Whose.
    pub by: SuggestedBy,
    /// Its day.
    pub on: Date,
    /// What was said or found.
    pub note: String,
    /// Whether a review came after it.
    pub reviewed: bool,
}

/// A review of the suggestions before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProactiveReview {
    /// Its day.
    pub on: Date,
    /// What it came to.
    pub outcome: ProactiveOutcome,
    /// Docket id of the document that was published.
    pub document: Option<String>,
    /// Why.
    pub reason: String,
}

/// Where the information stands on its way to everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proactive {
    /// What was suggested, in the order of recording.
    pub suggestions: Vec<ProactiveSuggestion>,
    /// The latest review.
    pub review: Option<ProactiveReview>,
}

impl Proactive {
    pub(super) fn suggest(&mut self, by: SuggestedBy, on: Date, note: String) {
        self.suggestions.push(ProactiveSuggestion { by, on, note, reviewed: false });
    }

    pub(super) fn review(&mut self, review: ProactiveReview) {
        self.suggestions.iter_mut().for_each(|s| s.reviewed = true);
        self.review = Some(review);
    }

    /// The suggestions that wait for a review.
    pub fn pending(&self) -> impl Iterator<Item = &ProactiveSuggestion> {
        self.suggestions.iter().filter(|s| !s.reviewed)
    }

    /// Whether this one's suggestion waits for a review.
    pub(super) fn waits_for(&self, by: SuggestedBy) -> bool {
        self.pending().any(|s| s.by == by)
    }

    /// Whether it was published.
    pub fn is_published(&self) -> bool {
        self.review.as_ref().is_some_and(|r| r.outcome == ProactiveOutcome::Published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docket::request::RequestEvent;

    #[test]
    fn keys_are_what_is_stored() {
        for by in SuggestedBy::ALL {
            assert_eq!(SuggestedBy::parse(by.key()), Some(by));
            assert_eq!(serde_json::to_value(by).unwrap(), by.key());
        }
        for outcome in ProactiveOutcome::ALL {
            assert_eq!(ProactiveOutcome::parse(outcome.key()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.key());
        }
    }

    /// An entry from before suggestions had a source reads as the agency's, and is written as it was.
    #[test]
    fn an_entry_that_names_nobody_is_the_agencys() {
        let old = r#"{"type":"suggested-proactive"}"#;
        let event: RequestEvent = serde_json::from_str(old).unwrap();
        let agency = RequestEvent::SuggestedProactive { by: SuggestedBy::Agency, note: String::new() };
        assert_eq!(event, agency);
        assert_eq!(serde_json::to_string(&event).unwrap(), old);
    }
}
