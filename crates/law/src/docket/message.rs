//! The docket of a message (来信): electronic mail that came into the inbox of a unit, and what became of it.
//!
//! What a message says never stands in its docket, so that it can be erased lawfully (个人信息保护法第四十七条) while the
//! journal stays whole. A message changes no request by itself: whether it is a correction, a withdrawal or a new request
//! is for an officer to judge, and is recorded in the docket of the request. Messages count in no figure of the annual
//! report.

use super::{Recorded, Tally, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// 来信: written by a person, as far as can be told.
    Letter,
    /// 自动邮件: made by a program (RFC 3834), by a list, or by a loop; never answered.
    Automatic,
    /// 退信: says that a letter of ours did not arrive (RFC 3464).
    Bounce,
    /// 超量来信: more from one sender on one day than anybody can answer.
    Excess,
}

impl MessageKind {
    /// All kinds.
    pub const ALL: [MessageKind; 4] =
        [MessageKind::Letter, MessageKind::Automatic, MessageKind::Bounce, MessageKind::Excess];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            MessageKind::Letter => "letter",
            MessageKind::Automatic => "automatic",
            MessageKind::Bounce => "bounce",
            MessageKind::Excess => "excess",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            MessageKind::Letter => "来信",
            MessageKind::Automatic => "自动邮件",
            MessageKind::Bounce => "退信",
            MessageKind::Excess => "超量来信",
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<MessageKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// Why a message is not on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stray {
    /// It names no request.
    Unaddressed,
    /// The address it names was not made here.
    Forged,
    /// The request has been over for so long that its address has expired.
    Expired,
    /// The request has as many files as it may have.
    Full,
}

impl Stray {
    /// All reasons.
    pub const ALL: [Stray; 4] = [Stray::Unaddressed, Stray::Forged, Stray::Expired, Stray::Full];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stray::Unaddressed => "unaddressed",
            Stray::Forged => "forged",
            Stray::Expired => "expired",
            Stray::Full => "full",
        }
    }

    /// One Chinese sentence for the officer.
    pub fn label(self) -> &'static str {
        match self {
            Stray::Unaddressed => "没有写到某件申请的回复地址",
            Stray::Forged => "回复地址不是本系统给出的，请核对发件人",
            Stray::Expired => "回复地址所指的申请办结已久，地址已经失效",
            Stray::Full => "回复地址所指的申请材料已满，没有自动归入",
        }
    }

    /// The reason with this key.
    pub fn parse(key: &str) -> Option<Stray> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// 待处理: a task.
    Waiting,
    /// 留存: kept without being a task.
    Kept,
    /// 已归入申请
    Filed,
    /// 已登记为申请
    Registered,
    /// 无需处理
    Dismissed,
}

impl MessageState {
    /// All states.
    pub const ALL: [MessageState; 5] = [
        MessageState::Waiting,
        MessageState::Kept,
        MessageState::Filed,
        MessageState::Registered,
        MessageState::Dismissed,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            MessageState::Waiting => "waiting",
            MessageState::Kept => "kept",
            MessageState::Filed => "filed",
            MessageState::Registered => "registered",
            MessageState::Dismissed => "dismissed",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            MessageState::Waiting => "待处理",
            MessageState::Kept => "留存",
            MessageState::Filed => "已归入申请",
            MessageState::Registered => "已登记为申请",
            MessageState::Dismissed => "无需处理",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<MessageState> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// Whether something may still be done with the message.
    pub fn is_open(self) -> bool {
        matches!(self, MessageState::Waiting | MessageState::Kept)
    }
}

/// What can happen to a message. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum MessageEvent {
    /// 收到
    Arrived {
        /// The unit whose inbox it came into.
        unit: String,
        /// What it is.
        kind: MessageKind,
        /// The request it came to by a signed address.
        request: Option<String>,
        /// Why it came to none.
        stray: Option<Stray>,
        /// SHA-256 of the message as its sender wrote it, in hexadecimal: the same message comes in once.
        digest: String,
        /// Record of what it says, sealed; none where that went to a request at once.
        content: Option<String>,
    },
    /// 归入申请
    Filed {
        /// The request.
        request: String,
    },
    /// 登记为申请
    Registered {
        /// The new request.
        request: String,
    },
    /// 无需处理
    Dismissed {
        /// Why.
        reason: String,
    },
}

/// A message, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The unit whose inbox it came into.
    pub unit: String,
    /// What it is.
    pub kind: MessageKind,
    /// Where it stands.
    pub state: MessageState,
    /// The request it is on.
    pub request: Option<String>,
    /// Why it came to none.
    pub stray: Option<Stray>,
    /// SHA-256 of the message as its sender wrote it.
    pub digest: String,
    /// Record of what it says.
    pub content: Option<String>,
    /// Day on which it came.
    pub arrived_on: Date,
    /// Day on which something was done with it.
    pub settled_on: Option<Date>,
    /// Why nothing had to be done.
    pub reason: Option<String>,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its beginning was voided.
    pub fn of(docket: &[Recorded<MessageEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let MessageEvent::Arrived { unit, kind, request, stray, digest, content } = first.event else {
            return None;
        };
        let state = match (request, kind) {
            (Some(_), _) => MessageState::Filed,
            (None, MessageKind::Letter) => MessageState::Waiting,
            (None, _) => MessageState::Kept,
        };
        let mut s = Standing {
            unit: unit.clone(),
            kind: *kind,
            state,
            request: request.clone(),
            stray: *stray,
            digest: digest.clone(),
            content: content.clone(),
            arrived_on: first.on,
            settled_on: request.as_ref().map(|_| first.on),
            reason: None,
        };
        for e in rest {
            let (state, request, reason) = match e.event {
                MessageEvent::Arrived { .. } => continue,
                MessageEvent::Filed { request } => (MessageState::Filed, Some(request.clone()), None),
                MessageEvent::Registered { request } => {
                    (MessageState::Registered, Some(request.clone()), None)
                }
                MessageEvent::Dismissed { reason } => (MessageState::Dismissed, None, Some(reason.clone())),
            };
            s = Standing { state, request, reason, settled_on: Some(e.on), ..s };
        }
        Some(s)
    }

    /// Why this event may not begin a docket; empty if it may.
    pub fn may_begin(event: &MessageEvent) -> Vec<Refusal> {
        let MessageEvent::Arrived { unit, request, stray, digest, .. } = event else {
            return vec![Refusal::new("not-arrived", "请先登记收到的邮件", "")];
        };
        let mut no = Vec::new();
        if unit.is_empty() {
            no.push(Refusal::new("unit-missing", "邮件必须属于一个机关的收件箱", ""));
        }
        if request.is_some() == stray.is_some() {
            let text = "邮件或者归入一件申请，或者写明没有归入的原因";
            no.push(Refusal::new("stray-or-request", text, ""));
        }
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if digest.len() != 64 || !digest.bytes().all(hexadecimal) {
            no.push(Refusal::new("digest-wrong", "邮件的校验值不完整", ""));
        }
        no
    }

    /// Why this event may not follow; empty if it may.
    pub fn may(&self, event: &MessageEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if !self.state.is_open() {
            let text = format!("这封邮件{}，不需要再次处理", settled(self.state));
            no.push(Refusal::new("message-settled", text, ""));
            return no;
        }
        if on < self.arrived_on {
            no.push(Refusal::new("before-arrived", "日期早于邮件的到达日期，请核对", ""));
        }
        match event {
            MessageEvent::Arrived { .. } => {
                no.push(Refusal::new("already-arrived", "邮件已经登记，不需要再次登记", ""));
            }
            MessageEvent::Filed { request } | MessageEvent::Registered { request } if request.is_empty() => {
                no.push(Refusal::new("request-missing", "请指明邮件归入哪件申请", ""));
            }
            MessageEvent::Dismissed { reason } if reason.trim().is_empty() => {
                no.push(Refusal::new("reason-missing", "请写明无需处理的理由", "条例第四十五条"));
            }
            _ => {}
        }
        no
    }

    /// Messages count in no figure.
    pub fn tallies(&self) -> Vec<Tally> {
        Vec::new()
    }
}

/// The state in the middle of a sentence.
fn settled(state: MessageState) -> &'static str {
    match state {
        MessageState::Dismissed => "已经登记为无需处理",
        other => other.label(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn arrived(kind: MessageKind, request: Option<&str>) -> MessageEvent {
        MessageEvent::Arrived {
            unit: "0190".into(),
            kind,
            request: request.map(str::to_owned),
            stray: request.is_none().then_some(Stray::Unaddressed),
            digest: DIGEST.into(),
            content: Some("0191".into()),
        }
    }

    fn docket(first: MessageEvent, more: &[(i8, MessageEvent)]) -> Standing {
        let first = Recorded::new(1, date(2024, 3, 1), first);
        let rest = more.iter().zip(2..).map(|((day, e), n)| Recorded::new(n, date(2024, 3, *day), e.clone()));
        Standing::of(&std::iter::once(first).chain(rest).collect::<Vec<_>>()).unwrap()
    }

    fn codes(all: Vec<Refusal>) -> Vec<String> {
        all.into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn only_a_letter_that_came_to_no_request_is_a_task() {
        for (kind, request, state) in [
            (MessageKind::Letter, None, MessageState::Waiting),
            (MessageKind::Letter, Some("r"), MessageState::Filed),
            (MessageKind::Automatic, None, MessageState::Kept),
            (MessageKind::Bounce, None, MessageState::Kept),
            (MessageKind::Excess, None, MessageState::Kept),
        ] {
            assert_eq!(docket(arrived(kind, request), &[]).state, state, "{kind:?}");
        }
    }

    #[test]
    fn a_message_is_settled_once() {
        let filed = MessageEvent::Filed { request: "r".into() };
        let dismissed = MessageEvent::Dismissed { reason: "广告".into() };
        let registered = MessageEvent::Registered { request: "r".into() };
        for kind in MessageKind::ALL {
            let open = docket(arrived(kind, None), &[]);
            for event in [&filed, &dismissed, &registered] {
                assert!(open.may(event, date(2024, 3, 1)).is_empty(), "the day it came");
                assert_eq!(codes(open.may(event, date(2024, 2, 29))), ["before-arrived"], "the day before");
                let s = docket(arrived(kind, None), &[(2, event.clone())]);
                assert!(!s.state.is_open() && s.settled_on == Some(date(2024, 3, 2)));
                assert_eq!(codes(s.may(&filed, date(2024, 3, 3))), ["message-settled"]);
            }
        }
        let silent = MessageEvent::Dismissed { reason: " ".into() };
        let open = docket(arrived(MessageKind::Letter, None), &[]);
        assert_eq!(codes(open.may(&silent, date(2024, 3, 1))), ["reason-missing"]);
    }

    #[test]
    fn what_begins_a_docket_is_whole() {
        assert!(Standing::may_begin(&arrived(MessageKind::Letter, None)).is_empty());
        assert!(Standing::may_begin(&arrived(MessageKind::Letter, Some("r"))).is_empty());
        let wrong = MessageEvent::Arrived {
            unit: String::new(),
            kind: MessageKind::Letter,
            request: None,
            stray: None,
            digest: DIGEST.to_uppercase(),
            content: None,
        };
        assert_eq!(codes(Standing::may_begin(&wrong)), ["unit-missing", "stray-or-request", "digest-wrong"]);
        assert_eq!(codes(Standing::may_begin(&MessageEvent::Filed { request: "r".into() })), ["not-arrived"]);
    }

    #[test]
    fn words_are_read_back() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::parse(kind.key()), Some(kind));
            assert_eq!(serde_word(&kind), kind.key());
        }
        for stray in Stray::ALL {
            assert_eq!(Stray::parse(stray.key()), Some(stray));
            assert_eq!(serde_word(&stray), stray.key());
        }
        for state in MessageState::ALL {
            assert_eq!(MessageState::parse(state.key()), Some(state));
        }
    }

    fn serde_word(value: &impl Serialize) -> String {
        let table = toml::Value::try_from(value).unwrap();
        table.as_str().unwrap().to_owned()
    }
}
