//! The docket of an opinion (意见) on a draft: how it came, and which answer it got. What it says and who gave it never stand
//! in the docket, so that the journal stays whole when they are erased; no verb erases them yet.

use super::{Recorded, Tally, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How an opinion came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpinionChannel {
    /// 网上
    Online,
    /// 信函
    Letter,
    /// 电子邮件
    Email,
    /// 电话
    Phone,
    /// 座谈会、听证会
    Meeting,
    /// 当面
    InPerson,
}

impl OpinionChannel {
    /// All channels.
    pub const ALL: [OpinionChannel; 6] = [
        OpinionChannel::Online,
        OpinionChannel::Letter,
        OpinionChannel::Email,
        OpinionChannel::Phone,
        OpinionChannel::Meeting,
        OpinionChannel::InPerson,
    ];

    /// Those an officer records; what comes by the form of the portal records itself.
    pub const RECORDED: [OpinionChannel; 5] = [
        OpinionChannel::Letter,
        OpinionChannel::Email,
        OpinionChannel::Phone,
        OpinionChannel::Meeting,
        OpinionChannel::InPerson,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            OpinionChannel::Online => "online",
            OpinionChannel::Letter => "letter",
            OpinionChannel::Email => "email",
            OpinionChannel::Phone => "phone",
            OpinionChannel::Meeting => "meeting",
            OpinionChannel::InPerson => "in-person",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            OpinionChannel::Online => "网上",
            OpinionChannel::Letter => "信函",
            OpinionChannel::Email => "电子邮件",
            OpinionChannel::Phone => "电话",
            OpinionChannel::Meeting => "座谈会、听证会",
            OpinionChannel::InPerson => "当面",
        }
    }

    /// The channel with this key.
    pub fn parse(key: &str) -> Option<OpinionChannel> {
        Self::ALL.into_iter().find(|c| c.key() == key)
    }
}

/// Where an opinion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpinionState {
    /// 待处理
    Waiting,
    /// 已答复
    Answered,
    /// 不计入: no opinion on the draft, or the same sent twice.
    SetAside,
}

impl OpinionState {
    /// All states.
    pub const ALL: [OpinionState; 3] =
        [OpinionState::Waiting, OpinionState::Answered, OpinionState::SetAside];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            OpinionState::Waiting => "waiting",
            OpinionState::Answered => "answered",
            OpinionState::SetAside => "set-aside",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            OpinionState::Waiting => "待处理",
            OpinionState::Answered => "已归并答复",
            OpinionState::SetAside => "不计入",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<OpinionState> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// What can happen to an opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum OpinionEvent {
    /// 收到: `effective_on` is the day it was given.
    Received {
        /// Unit of the consultation.
        unit: String,
        /// The consultation.
        consultation: String,
        /// How it came.
        channel: OpinionChannel,
        /// Record of what it says and who gave it.
        content: String,
    },
    /// 归并答复
    Answered {
        /// Number of the answer.
        answer: u32,
    },
    /// 不计入
    SetAside {
        /// Why.
        reason: String,
    },
}

/// Where an opinion stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Unit of the consultation.
    pub unit: String,
    /// The consultation.
    pub consultation: String,
    /// How it came.
    pub channel: OpinionChannel,
    /// Record of what it says.
    pub content: String,
    /// The day it was given.
    pub received_on: Date,
    /// The answer it got.
    pub answer: Option<u32>,
    /// Why it does not count.
    pub set_aside: Option<String>,
}

impl Standing {
    /// Folds a docket; `None` if it is empty.
    pub fn of(docket: &[Recorded<OpinionEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let OpinionEvent::Received { unit, consultation, channel, content } = first.event else {
            return None;
        };
        let mut s = Standing {
            unit: unit.clone(),
            consultation: consultation.clone(),
            channel: *channel,
            content: content.clone(),
            received_on: first.on,
            answer: None,
            set_aside: None,
        };
        for e in rest {
            match e.event {
                OpinionEvent::Received { .. } => {}
                OpinionEvent::Answered { answer } => (s.answer, s.set_aside) = (Some(*answer), None),
                OpinionEvent::SetAside { reason } => (s.answer, s.set_aside) = (None, Some(reason.clone())),
            }
        }
        Some(s)
    }

    /// Where it stands.
    pub fn state(&self) -> OpinionState {
        match (&self.set_aside, self.answer) {
            (Some(_), _) => OpinionState::SetAside,
            (None, Some(_)) => OpinionState::Answered,
            (None, None) => OpinionState::Waiting,
        }
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &OpinionEvent) -> Vec<Refusal> {
        match event {
            OpinionEvent::Received { .. } => Vec::new(),
            _ => vec![Refusal::new("not-received", "请先登记意见", "")],
        }
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &OpinionEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.received_on {
            let text = format!("日期{on}早于提出意见的日期{}，请核对日期", self.received_on);
            no.push(Refusal::new("date-order", text, ""));
        }
        match event {
            OpinionEvent::Received { .. } => {
                no.push(Refusal::new("already-received", "这条意见已经登记", ""));
            }
            OpinionEvent::Answered { answer } if self.answer == Some(*answer) => {
                no.push(Refusal::new("unchanged", "这条意见已经归入这条答复", ""));
            }
            OpinionEvent::SetAside { reason } if reason.trim().is_empty() => {
                no.push(Refusal::new("reason-missing", "请写明不计入的理由", ""));
            }
            OpinionEvent::Answered { .. } | OpinionEvent::SetAside { .. } => {}
        }
        no
    }

    /// 收到意见数量, in the year it was given.
    pub fn tallies(&self) -> Vec<Tally> {
        match self.set_aside {
            Some(_) => Vec::new(),
            None => vec![Tally::one(self.received_on.year(), "consultation.opinions")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn docket(events: Vec<OpinionEvent>) -> Vec<Recorded<OpinionEvent>> {
        let received = OpinionEvent::Received {
            unit: "u".into(),
            consultation: "c".into(),
            channel: OpinionChannel::Letter,
            content: "p".into(),
        };
        let all = std::iter::once(received).chain(events);
        (1..).zip(all).map(|(n, e)| Recorded::new(n, date(2020, 3, n as i8), e)).collect()
    }

    #[test]
    fn the_last_word_on_an_opinion_counts() {
        let aside = || OpinionEvent::SetAside { reason: "重复".into() };
        let answered = |answer| OpinionEvent::Answered { answer };
        let state = |events| Standing::of(&docket(events)).map(|s| (s.state(), s.answer, s.tallies().len()));
        assert_eq!(state(vec![]), Some((OpinionState::Waiting, None, 1)));
        assert_eq!(state(vec![answered(1), answered(2)]), Some((OpinionState::Answered, Some(2), 1)));
        assert_eq!(state(vec![answered(1), aside()]), Some((OpinionState::SetAside, None, 0)));
        assert_eq!(state(vec![aside(), answered(1)]), Some((OpinionState::Answered, Some(1), 1)));
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let s = Standing::of(&docket(vec![OpinionEvent::Answered { answer: 1 }])).unwrap();
        let codes = |event, on| s.may(&event, on).into_iter().map(|r| r.code).collect::<Vec<_>>();
        let day = date(2020, 3, 5);
        assert_eq!(codes(OpinionEvent::Answered { answer: 1 }, day), ["unchanged"]);
        assert!(codes(OpinionEvent::Answered { answer: 2 }, day).is_empty());
        assert_eq!(codes(OpinionEvent::SetAside { reason: " ".into() }, day), ["reason-missing"]);
        assert_eq!(codes(OpinionEvent::Answered { answer: 2 }, date(2020, 2, 29)), ["date-order"]);
        assert_eq!(Standing::may_begin(&OpinionEvent::Answered { answer: 1 })[0].code, "not-received");
    }

    #[test]
    fn words_are_read_back() {
        for c in OpinionChannel::ALL {
            assert_eq!(OpinionChannel::parse(c.key()), Some(c));
            assert_eq!(serde_json::to_value(c).unwrap(), c.key());
        }
        assert!(!OpinionChannel::RECORDED.contains(&OpinionChannel::Online));
        for s in OpinionState::ALL {
            assert_eq!(OpinionState::parse(s.key()), Some(s));
        }
    }
}
