//! The hand-over file (转办文件): a work order of 12345 or another system outside, as it comes in and goes out. One JSON for
//! both doors and both directions; the OpenAPI document describes it.

use crate::api::request::Person;
use jiff::civil::Date;
use law::docket::request::{Ticket, TicketSystem};
use serde::{Deserialize, Serialize};
use service::request::HandOver;
use service::{Error, Result};
use utoipa::ToSchema;
use uuid::Uuid;

/// What goes with a ticket whose caller wants to stay unknown.
const CONFIDENTIAL: &str = "诉求人要求保密";

/// Signs a title has at most.
const TITLE: usize = 40;

/// A work order (工单). Of one that comes in, `system`, `ticket` and `content` must be there, and `agency` and `class` where
/// no officer looks at it first. What is not known is left out. Only `caller` may hold personal data.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TicketFile {
    /// Whose it is: `hotline` (12345), `mailbox`, `message-board` or `petition`.
    #[schema(example = "hotline")]
    pub system: String,
    /// 工单编号; empty in a file for a system that has yet to give one.
    pub ticket: String,
    /// 来源渠道: 电话、网站、微信 and the like.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// 受理日期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Date>,
    /// 转送日期: coming in, the day on which the agency signed for it, today if absent; that is the date of receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over_on: Option<Date>,
    /// 诉求类型: 咨询、求助、投诉、举报、建议、表扬.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// 标题
    pub title: String,
    /// 内容: coming in, the information that is asked for.
    pub content: String,
    /// 承办单位: the agency that is asked; id, code or name of a unit.
    pub agency: String,
    /// Column of table three, for example `natural_person`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// 诉求人: only for those who may see personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<Person>,
    /// 诉求人要求保密
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// 说明
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// 办理情况: only in files given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<TicketRequest>,
}

/// What became of the request.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketRequest {
    /// Its id.
    pub id: Uuid,
    /// 申请编号
    pub number: Option<String>,
    /// 办理阶段, in Chinese.
    pub stage: String,
    /// Day it arrived.
    pub arrived_on: Date,
    /// 收到申请之日
    pub received_on: Option<Date>,
    /// 答复期限
    pub due_on: Option<Date>,
    /// What was decided, for example `declined-petition-or-complaint`.
    pub decision: Option<String>,
    /// The same in Chinese.
    pub decision_name: Option<String>,
    /// 依据
    pub citation: Option<String>,
    /// 文号
    pub decision_number: String,
    /// 决定日期
    pub decided_on: Option<Date>,
    /// The channel the applicant was told.
    pub told: String,
    /// 送达日期
    pub served_on: Option<Date>,
}

impl TicketFile {
    /// Reads a file as it was uploaded.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<TicketFile> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        serde_json::from_slice(bytes).map_err(|e| match e.is_data() {
            true => Error::Invalid(format!("转办文件的内容不符合接口说明，请与提供文件的系统核对：{e}")),
            false => Error::Invalid("这不是转办文件，应当是12345热线等系统导出的JSON文件，请重新选择".into()),
        })
    }

    /// The ticket of one that comes in.
    ///
    /// # Errors
    /// The system is unknown.
    pub fn ticket(&self) -> Result<Ticket> {
        let system = TicketSystem::parse(&self.system).ok_or_else(|| {
            let all = TicketSystem::ALL.map(|s| format!("{}（{}）", s.key(), s.label())).join("、");
            Error::refused("ticket-system", format!("请写明工单来自哪个系统，应为：{all}"), "")
        })?;
        Ok(Ticket { system, number: self.ticket.trim().to_owned(), note: self.words() })
    }

    /// What goes with the ticket.
    fn words(&self) -> String {
        let accepted = self.accepted_on.map(|on| on.to_string()).unwrap_or_default();
        let said = [
            ("来源渠道：", self.source.as_str()),
            ("受理日期：", &accepted),
            ("诉求类型：", &self.kind),
            (CONFIDENTIAL, if self.confidential { " " } else { "" }),
            ("", &self.note),
        ];
        let said = said.into_iter().filter(|(_, text)| !text.is_empty());
        said.map(|(label, text)| format!("{label}{}", text.trim())).collect::<Vec<_>>().join("；")
    }

    /// What is asked for: title and content, once where they are the same.
    pub fn subject(&self) -> String {
        let (title, content) = (self.title.trim(), self.content.trim());
        if content.contains(title) { content.to_owned() } else { format!("{title}\n{content}").trim().into() }
    }
}

impl From<HandOver> for TicketFile {
    fn from(h: HandOver) -> Self {
        let out = h.handed_out.last();
        let ticket = out.or(h.handed_in.as_ref()).map(|(_, ticket)| ticket);
        // What the ticket that came in said goes on with the one that goes out.
        let notes: Vec<&str> = [h.handed_in.as_ref(), out]
            .into_iter()
            .flatten()
            .map(|(_, ticket)| ticket.note.as_str())
            .filter(|note| !note.is_empty())
            .collect();
        let note = notes.join("；");
        TicketFile {
            system: ticket.map_or(TicketSystem::Hotline, |t| t.system).key().to_owned(),
            ticket: ticket.map(|t| t.number.clone()).unwrap_or_default(),
            handed_over_on: out.map(|(on, _)| *on),
            title: h.subject.lines().next().unwrap_or_default().chars().take(TITLE).collect(),
            content: h.subject,
            agency: h.agency,
            class: Some(h.class),
            caller: h.person.map(Person::from),
            confidential: note.contains(CONFIDENTIAL),
            note,
            request: Some(TicketRequest {
                id: h.id,
                number: h.number,
                stage: h.stage,
                arrived_on: h.arrived_on,
                received_on: h.received_on,
                due_on: h.due_on,
                decision: h.decision.map(|d| d.key().to_owned()),
                decision_name: h.decision.map(|d| d.label().to_owned()),
                citation: h.decision.map(|d| d.citation().to_owned()),
                decision_number: h.decision_number,
                decided_on: h.decided_on,
                told: h.told,
                served_on: h.served_on,
            }),
            ..TicketFile::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_with_a_ticket_is_one_line() {
        let text = br#"{"system":"12345","ticket":" 7 ","source":"\u7535\u8bdd","accepted_on":"2024-03-01","confidential":true,
            "title":"\u6279\u590d","content":"\u67d0\u6279\u590d"}"#;
        let file = TicketFile::read(text).unwrap();
        let ticket = file.ticket().unwrap();
        assert_eq!((ticket.system, ticket.number.as_str()), (TicketSystem::Hotline, "7"));
        assert_eq!(ticket.note, "来源渠道：电话；受理日期：2024-03-01；诉求人要求保密");
        assert_eq!(file.subject(), "某批复");
        assert!(TicketFile::read(br#"{"tiket":"7"}"#).is_err());
        assert!(TicketFile::default().ticket().is_err());
    }
}
