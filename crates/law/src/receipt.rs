//! The date of receipt (收到申请之日) by channel: article 31 and 国办公开办函〔2015〕207号.
//!
//! Article 31: 当面提交 counts from the day of submission; mail from the day the agency signs for it; plain letters,
//! which are not signed for, the internet and the fax of the working body from the day both sides have confirmed
//! (双方确认之日). For those the working body has a duty on the day of arrival: to confirm with the applicant. Only the
//! date of receipt drives the clocks.

use crate::reason::{Refusal, Step};
use crate::wording::day;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How a request reached the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 当面提交
    Counter,
    /// 邮寄（签收）: registered mail, EMS and the like.
    RegisteredMail,
    /// 平常信函: not signed for.
    PlainMail,
    /// 互联网
    Internet,
    /// 传真
    Fax,
    /// 电子邮件
    Email,
    /// 口头: the working body fills in the form; it is received when the applicant has signed it (art. 29).
    Oral,
    /// 寄至本机关其他内设机构: mail that did not go to the working body.
    OtherUnit,
    /// 其他机关转送: handed over by another agency, signed for.
    Transfer,
}

impl Channel {
    /// All channels, in the order in which forms offer them.
    pub const ALL: [Channel; 9] = [
        Channel::Counter,
        Channel::RegisteredMail,
        Channel::PlainMail,
        Channel::Internet,
        Channel::Fax,
        Channel::Email,
        Channel::Oral,
        Channel::OtherUnit,
        Channel::Transfer,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Channel::Counter => "counter",
            Channel::RegisteredMail => "registered-mail",
            Channel::PlainMail => "plain-mail",
            Channel::Internet => "internet",
            Channel::Fax => "fax",
            Channel::Email => "email",
            Channel::Oral => "oral",
            Channel::OtherUnit => "other-unit",
            Channel::Transfer => "transfer",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Counter => "当面提交",
            Channel::RegisteredMail => "邮寄（签收）",
            Channel::PlainMail => "平常信函",
            Channel::Internet => "互联网",
            Channel::Fax => "传真",
            Channel::Email => "电子邮件",
            Channel::Oral => "口头",
            Channel::OtherUnit => "寄至本机关其他内设机构",
            Channel::Transfer => "其他机关转送",
        }
    }

    /// The channel with this key or label, or one of the words registers use for it.
    pub fn parse(text: &str) -> Option<Channel> {
        let text = text.trim();
        Self::ALL.into_iter().find(|c| c.key() == text || c.label() == text).or(match text {
            "当面" | "现场" | "现场提交" => Some(Channel::Counter),
            "邮寄" | "邮寄(签收)" | "挂号信" | "挂号" | "EMS" | "特快专递" => {
                Some(Channel::RegisteredMail)
            }
            "平信" | "普通信函" => Some(Channel::PlainMail),
            "互联网渠道" | "网络" | "网站" | "网上" | "网上申请" => Some(Channel::Internet),
            "邮件" | "电子邮箱" => Some(Channel::Email),
            "12345热线转送" | "热线转送" | "工单转送" => Some(Channel::Transfer),
            _ => None,
        })
    }

    /// Whether the request is received only when both sides have confirmed.
    pub fn needs_confirmation(self) -> bool {
        match self {
            Channel::Counter | Channel::RegisteredMail | Channel::Oral | Channel::Transfer => false,
            Channel::PlainMail | Channel::Internet | Channel::Fax | Channel::Email | Channel::OtherUnit => {
                true
            }
        }
    }

    fn citation(self) -> &'static str {
        match self {
            Channel::Counter => "条例第三十一条第一项",
            Channel::RegisteredMail | Channel::PlainMail => "条例第三十一条第二项",
            Channel::Internet | Channel::Fax | Channel::Email => "条例第三十一条第三项",
            Channel::Oral => "条例第二十九条、第三十一条",
            Channel::OtherUnit => "国办公开办函〔2015〕207号",
            Channel::Transfer => "条例第三十一条",
        }
    }
}

/// Whether and when a request is received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It is received; the clocks run from this day.
    Received {
        /// 收到申请之日
        on: Date,
        /// Why this day.
        because: Step,
    },
    /// It has arrived but is not received yet: confirm with the applicant on the day of arrival.
    Awaiting {
        /// What must be done, and by when.
        duty: Step,
    },
}

impl Receipt {
    /// The date of receipt, if it is received.
    pub fn on(&self) -> Option<Date> {
        match self {
            Receipt::Received { on, .. } => Some(*on),
            Receipt::Awaiting { .. } => None,
        }
    }

    /// The step that explains the receipt, or the duty that is still open.
    pub fn step(&self) -> &Step {
        match self {
            Receipt::Received { because, .. } => because,
            Receipt::Awaiting { duty } => duty,
        }
    }
}

/// The date of receipt of a request that `arrived` by `channel` and was `confirmed` with the applicant.
///
/// A confirmation does not matter where the channel needs none.
///
/// # Errors
/// The confirmation is dated before the arrival.
pub fn received_on(channel: Channel, arrived: Date, confirmed: Option<Date>) -> Result<Receipt, Refusal> {
    let cite = channel.citation();
    if !channel.needs_confirmation() {
        let how = match channel {
            Channel::Counter => "当面提交之日",
            Channel::Oral => "申请人在代为填写的申请表上签字之日",
            Channel::Transfer => "签收转送材料之日",
            _ => "签收之日",
        };
        let because = Step::new(format!("{}为收到申请之日：{how}", day(arrived)), cite);
        return Ok(Receipt::Received { on: arrived, because });
    }
    match confirmed {
        Some(on) if on < arrived => Err(Refusal::new(
            "confirmed-before-arrival",
            format!("确认日期{}早于到达日期{}，请核对", day(on), day(arrived)),
            cite,
        )),
        Some(on) => {
            let because = Step::new(format!("{}为收到申请之日：双方确认之日", day(on)), cite);
            Ok(Receipt::Received { on, because })
        }
        None => {
            let text = format!(
                "申请于{}到达（{}），应当于当日与申请人确认，确认之日为收到申请之日",
                day(arrived),
                channel.label()
            );
            Ok(Receipt::Awaiting { duty: Step::new(text, cite) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn keys_and_labels_lead_back_to_the_channel() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.key()), Some(channel));
            assert_eq!(Channel::parse(channel.label()), Some(channel));
            let json = serde_json::to_value(channel).unwrap();
            assert_eq!(json, channel.key());
        }
        assert_eq!(Channel::parse("互联网渠道"), Some(Channel::Internet));
        assert_eq!(Channel::parse("信鸽"), None);
    }

    #[test]
    fn what_is_handed_over_or_signed_for_is_received_that_day() {
        for channel in [Channel::Counter, Channel::RegisteredMail, Channel::Oral, Channel::Transfer] {
            let receipt = received_on(channel, date(2024, 2, 5), None).unwrap();
            assert_eq!(receipt.on(), Some(date(2024, 2, 5)), "{channel:?}");
        }
    }

    #[test]
    fn what_needs_confirmation_is_not_received_until_confirmed() {
        for channel in
            [Channel::PlainMail, Channel::Internet, Channel::Fax, Channel::Email, Channel::OtherUnit]
        {
            let open = received_on(channel, date(2024, 2, 5), None).unwrap();
            assert_eq!(open.on(), None, "{channel:?}");
            assert!(open.step().text.contains("应当于当日与申请人确认"), "{channel:?}");
            let done = received_on(channel, date(2024, 2, 5), Some(date(2024, 2, 6))).unwrap();
            assert_eq!(done.on(), Some(date(2024, 2, 6)), "{channel:?}");
            let wrong = received_on(channel, date(2024, 2, 5), Some(date(2024, 2, 4))).unwrap_err();
            assert_eq!(wrong.code, "confirmed-before-arrival");
        }
    }
}
