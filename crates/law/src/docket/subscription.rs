//! The docket of a subscription (检索订阅): a reader asked by e-mail to be told what is newly published and fits a search.
//!
//! Neither the address nor the search stands in it, so that both can be erased (个人信息保护法第四十七条) while the journal stays
//! whole. A subscription counts in no figure and belongs to no unit.

use super::{Recorded, Tally, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionState {
    /// 待确认: whoever reads mail at the address has not said so yet.
    Asked,
    /// 已确认
    Confirmed,
    /// 已结束: nothing is kept of the reader.
    Ended,
}

impl SubscriptionState {
    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            SubscriptionState::Asked => "asked",
            SubscriptionState::Confirmed => "confirmed",
            SubscriptionState::Ended => "ended",
        }
    }
}

/// Why a subscription ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndedBy {
    /// 退订
    Reader,
    /// 逾期没有确认
    Unconfirmed,
    /// 邮件多次不能送达
    Undeliverable,
}

/// What can happen to a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum SubscriptionEvent {
    /// 申请订阅
    Asked,
    /// 确认订阅, by the link that was mailed.
    Confirmed,
    /// 订阅结束: what was kept of the reader is erased.
    Ended {
        /// Why.
        by: EndedBy,
    },
}

/// A subscription, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: SubscriptionState,
    /// When it was asked for.
    pub asked_on: Date,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its beginning was voided.
    pub fn of(docket: &[Recorded<SubscriptionEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let mut s = Standing { state: SubscriptionState::Asked, asked_on: first.on };
        for e in rest {
            s.state = match e.event {
                SubscriptionEvent::Asked => s.state,
                SubscriptionEvent::Confirmed => SubscriptionState::Confirmed,
                SubscriptionEvent::Ended { .. } => SubscriptionState::Ended,
            };
        }
        Some(s)
    }

    /// Why this event may not begin a docket; empty if it may.
    pub fn may_begin(event: &SubscriptionEvent, _: Date) -> Vec<Refusal> {
        match event {
            SubscriptionEvent::Asked => Vec::new(),
            _ => vec![Refusal::new("not-asked", "请先填写电子邮箱，申请订阅", "")],
        }
    }

    /// Why this event may not follow; empty if it may.
    pub fn may(&self, event: &SubscriptionEvent, _: Date) -> Vec<Refusal> {
        let no = match (event, self.state) {
            (_, SubscriptionState::Ended) => Some(("ended", "这项订阅已经结束，需要的请重新订阅")),
            (SubscriptionEvent::Asked, _) => Some(("already-asked", "已经申请过订阅，请查收确认邮件")),
            (SubscriptionEvent::Confirmed, SubscriptionState::Confirmed) => {
                Some(("already-confirmed", "已经确认过订阅，不必重复确认"))
            }
            (SubscriptionEvent::Ended { by: EndedBy::Unconfirmed }, SubscriptionState::Confirmed) => {
                Some(("confirmed", "这项订阅已经确认，只能由订阅人退订"))
            }
            _ => None,
        };
        no.map(|(code, text)| Refusal::new(code, text, "")).into_iter().collect()
    }

    /// It counts in no figure.
    pub fn tallies(&self) -> Vec<Tally> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn it_is_asked_for_confirmed_once_and_ended_for_good() {
        let on = date(2024, 3, 1);
        let codes = |no: Vec<Refusal>| no.into_iter().map(|r| r.code).collect::<Vec<_>>();
        let ended = |by| SubscriptionEvent::Ended { by };
        assert_eq!(codes(Standing::may_begin(&SubscriptionEvent::Confirmed, on)), ["not-asked"]);
        let mut docket = vec![Recorded::new(1, on, SubscriptionEvent::Asked)];
        let stands = |docket: &[Recorded<SubscriptionEvent>]| Standing::of(docket).unwrap();
        assert_eq!(codes(stands(&docket).may(&SubscriptionEvent::Asked, on)), ["already-asked"]);
        for by in [EndedBy::Reader, EndedBy::Unconfirmed] {
            assert!(stands(&docket).may(&ended(by), on).is_empty(), "also before it was confirmed");
        }
        docket.push(Recorded::new(2, on, SubscriptionEvent::Confirmed));
        assert_eq!(stands(&docket).state, SubscriptionState::Confirmed);
        assert_eq!(codes(stands(&docket).may(&SubscriptionEvent::Confirmed, on)), ["already-confirmed"]);
        assert_eq!(codes(stands(&docket).may(&ended(EndedBy::Unconfirmed), on)), ["confirmed"]);
        assert!(stands(&docket).may(&ended(EndedBy::Undeliverable), on).is_empty());
        docket.push(Recorded::new(3, on, ended(EndedBy::Reader)));
        for event in [SubscriptionEvent::Asked, SubscriptionEvent::Confirmed, ended(EndedBy::Reader)] {
            assert_eq!(codes(stands(&docket).may(&event, on)), ["ended"]);
        }
    }
}
