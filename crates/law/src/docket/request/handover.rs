//! 工单交接: a request that came out of a work order (工单) of another system, and a matter that is passed on to one after
//! the decision. 国办函〔2025〕66号: what is really a disclosure request is not answered as a hotline case; 条例第三十九条第一款:
//! what is really a petition or a complaint may be shown its channel. Either way the request is counted once, by its decision.

use super::Standing;
use crate::decision::Decision;
use crate::reason::Refusal;
use serde::{Deserialize, Serialize};

/// A system outside that keeps work orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketSystem {
    /// 12345政务服务便民热线
    Hotline,
    /// 领导信箱: the mailbox of a mayor or a head.
    Mailbox,
    /// 网民留言
    MessageBoard,
    /// 信访信息系统
    Petition,
}

impl TicketSystem {
    /// All systems, in the order in which forms offer them.
    pub const ALL: [TicketSystem; 4] =
        [TicketSystem::Hotline, TicketSystem::Mailbox, TicketSystem::MessageBoard, TicketSystem::Petition];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            TicketSystem::Hotline => "hotline",
            TicketSystem::Mailbox => "mailbox",
            TicketSystem::MessageBoard => "message-board",
            TicketSystem::Petition => "petition",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            TicketSystem::Hotline => "12345政务服务便民热线",
            TicketSystem::Mailbox => "领导信箱",
            TicketSystem::MessageBoard => "网民留言办理平台",
            TicketSystem::Petition => "信访信息系统",
        }
    }

    /// The system with this key or label, or one of the words people use for it.
    pub fn parse(text: &str) -> Option<TicketSystem> {
        let text = text.trim();
        Self::ALL.into_iter().find(|s| s.key() == text || s.label() == text).or(match text {
            "12345" | "12345热线" | "12345政务服务热线" => Some(TicketSystem::Hotline),
            _ => None,
        })
    }
}

/// A work order outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whose.
    pub system: TicketSystem,
    /// 工单编号, as the system gave it.
    pub number: String,
    /// What goes with it, without personal data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Signs that a ticket's number has at most.
const LONGEST: usize = 64;

impl Ticket {
    /// Why a ticket cannot be known by this number.
    pub fn refusals(&self) -> Vec<Refusal> {
        let number = self.number.trim();
        if number.is_empty() {
            return vec![Refusal::new("ticket-missing", "请填写工单编号", "")];
        }
        if number.chars().count() > LONGEST || number.contains(char::is_control) {
            let text = format!("工单编号应当是不超过{LONGEST}个字的一行文字，请核对");
            return vec![Refusal::new("ticket-unreadable", text, "")];
        }
        Vec::new()
    }

    /// As people write it: 12345政务服务便民热线工单2024030100017.
    pub fn words(&self) -> String {
        format!("{}工单{}", self.system.label(), self.number)
    }
}

impl Standing {
    /// Whether a system outside has to know of it: it came out of a ticket, or its matter goes on or may go on elsewhere.
    pub fn goes_over(&self) -> bool {
        let leads = self.current_round().0.is_some_and(Decision::leads_elsewhere);
        leads || self.handed_in.is_some() || !self.handed_out.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_labels_lead_back_to_the_system() {
        for system in TicketSystem::ALL {
            assert_eq!(TicketSystem::parse(system.key()), Some(system));
            assert_eq!(TicketSystem::parse(system.label()), Some(system));
            assert_eq!(serde_json::to_value(system).unwrap(), system.key());
        }
        assert_eq!(TicketSystem::parse(" 12345 "), Some(TicketSystem::Hotline));
        assert_eq!(TicketSystem::parse("110"), None);
    }
}
