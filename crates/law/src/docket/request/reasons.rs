//! Reasons under article 35: asked for, received, judged; and what the judgement came to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the agency finds of the reasons it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonsOutcome {
    /// 理由合理: the request is handled on.
    Reasonable,
    /// 理由合理，但是无法在规定的期限内答复: a reasonable later day is set and told.
    Deferred,
    /// 理由不合理: the request is not processed.
    Unreasonable,
}

impl ReasonsOutcome {
    /// All outcomes.
    pub const ALL: [ReasonsOutcome; 3] =
        [ReasonsOutcome::Reasonable, ReasonsOutcome::Deferred, ReasonsOutcome::Unreasonable];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            ReasonsOutcome::Reasonable => "reasonable",
            ReasonsOutcome::Deferred => "deferred",
            ReasonsOutcome::Unreasonable => "unreasonable",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            ReasonsOutcome::Reasonable => "理由合理，继续办理",
            ReasonsOutcome::Deferred => "理由合理，但是无法在规定的期限内答复，延迟答复",
            ReasonsOutcome::Unreasonable => "理由不合理，不予处理",
        }
    }

    /// The outcome with this key.
    pub fn parse(key: &str) -> Option<ReasonsOutcome> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }

    /// What a receipt said that was judged in the same entry.
    pub(super) fn of_receipt(reasonable: bool) -> ReasonsOutcome {
        if reasonable { ReasonsOutcome::Reasonable } else { ReasonsOutcome::Unreasonable }
    }
}

/// Reasons asked for under article 35.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reasons {
    /// Day the notice was served.
    pub asked_on: Date,
    /// Last day for the applicant.
    pub reply_by: Date,
    /// Day the reasons were received.
    pub received_on: Option<Date>,
    /// Day they were judged.
    pub judged_on: Option<Date>,
    /// What the judgement came to.
    pub outcome: Option<ReasonsOutcome>,
}

impl Reasons {
    pub(super) fn asked(asked_on: Date, reply_by: Date) -> Reasons {
        Reasons { asked_on, reply_by, received_on: None, judged_on: None, outcome: None }
    }

    pub(super) fn judge(&mut self, on: Date, outcome: ReasonsOutcome) {
        self.judged_on = Some(on);
        self.outcome = Some(outcome);
    }

    /// Whether they are still to come, or to be judged.
    pub fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Whether the agency found them reasonable, in time or not.
    pub fn are_accepted(&self) -> bool {
        matches!(self.outcome, Some(ReasonsOutcome::Reasonable | ReasonsOutcome::Deferred))
    }

    /// Whether the request may be declined on this day: judged unreasonable, or none came in the time given.
    pub(super) fn are_missing_or_refused(&self, on: Date) -> bool {
        match self.outcome {
            Some(outcome) => outcome == ReasonsOutcome::Unreasonable,
            None => self.received_on.is_none() && on > self.reply_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docket::request::RequestEvent;

    #[test]
    fn keys_are_what_is_stored() {
        for outcome in ReasonsOutcome::ALL {
            assert_eq!(ReasonsOutcome::parse(outcome.key()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.key());
        }
    }

    /// An entry from before receiving and judging were two steps reads as both, and is written as it was.
    #[test]
    fn an_entry_that_judges_as_it_receives_is_still_read() {
        for (old, reasonable) in [
            (r#"{"type":"reasons-received","reasonable":true}"#, Some(true)),
            (r#"{"type":"reasons-received","reasonable":false}"#, Some(false)),
            (r#"{"type":"reasons-received"}"#, None),
        ] {
            let event: RequestEvent = serde_json::from_str(old).unwrap();
            assert_eq!(event, RequestEvent::ReasonsReceived { reasonable });
            assert_eq!(serde_json::to_string(&event).unwrap(), old);
        }
    }
}
