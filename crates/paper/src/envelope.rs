//! Envelopes (信封): DL, 220 mm by 110 mm, laid out as the postal standard for domestic letters (GB/T 1416) asks:
//! postcode of the addressee in six boxes at the upper left, address and name below, sender with postcode at the lower
//! right, the place of the stamp at the upper right.
//!
//! Answers go through the postal enterprise, not carriage forward (国办公开办函〔2016〕235号; 邮政法第五十五条); the envelope says
//! what is in it.

mod docx;
mod pdf;

pub use docx::envelope_docx;
pub use pdf::envelope_pdf;

use law::Date;
use serde::{Deserialize, Serialize};

/// What stands on an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Postcode of the addressee: what is not six digits leaves the boxes empty.
    pub postcode: String,
    /// Address.
    pub address: String,
    /// Name; 收 is added.
    pub name: String,
    /// What is in it, for example `政府信息公开答复`; empty for none.
    pub mark: String,
    /// Number of the letter or request, small, for the one who posts it; several are lines.
    pub reference: String,
    /// The authority.
    pub sender: String,
    /// Its address.
    pub sender_address: String,
    /// Its postcode.
    pub sender_postcode: String,
    /// The day this copy is made; an archive file has a date.
    pub printed_on: Date,
}

impl Envelope {
    /// The mark of an answer.
    pub const ANSWER: &str = "政府信息公开答复";
    /// The mark of what is sent before the answer.
    pub const NOTICE: &str = "政府信息公开文书";

    /// The digits of the boxes; empty texts if the postcode is not one.
    pub(crate) fn boxes(&self) -> [String; 6] {
        let digits: Vec<char> = self.postcode.trim().chars().collect();
        let whole = digits.len() == 6 && digits.iter().all(char::is_ascii_digit);
        std::array::from_fn(|i| digits.get(i).filter(|_| whole).map(char::to_string).unwrap_or_default())
    }

    /// The last line: the sender's postcode.
    pub(crate) fn sender_code(&self) -> String {
        let code = self.sender_postcode.trim();
        if code.is_empty() { String::new() } else { format!("邮政编码：{code}") }
    }
}
