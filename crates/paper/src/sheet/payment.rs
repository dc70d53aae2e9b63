//! 政府信息公开信息处理费缴款单: what has to be paid, why, to whom and by when. It goes with the notice of the fee and is no
//! receipt: that is the 财政票据 of the treasury (国办函〔2020〕109号).

use super::{Field, Group, Row, Sheet, day, due};
use law::Date;

/// A fee that is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentSlip {
    /// The authority that asks for it.
    pub issuer: String,
    /// 申请编号
    pub request: String,
    /// 缴款人
    pub payer: String,
    /// 申请内容
    pub content: String,
    /// Sum in yuan.
    pub yuan: u32,
    /// 计收方式, for example `按量计收，31页`.
    pub counted: String,
    /// 收费依据
    pub basis: String,
    /// 收费通知书文号; empty where the notice is not finished.
    pub notice: String,
    /// Day the notice was served.
    pub noticed_on: Date,
    /// Last day to pay.
    pub pay_by: Option<Date>,
    /// Whether a notice of the State Council may still move that day.
    pub provisional: bool,
    /// How it is paid, in words; empty where the authority has not said it.
    pub way: String,
    /// The account of the treasury, label and text; empty where the authority has not said it.
    pub account: Vec<(String, String)>,
    /// The day this copy is made.
    pub printed_on: Date,
}

impl PaymentSlip {
    /// What is said where the authority has set neither a way nor an account.
    pub const SEE_NOTICE: &str = "缴款方式见收费通知书";
    /// What becomes of a request whose fee is not paid.
    pub const CONSEQUENCE: &str = "逾期未缴纳的，视为放弃申请，本机关不再处理。";

    /// The form.
    pub fn sheet(&self) -> Sheet {
        let sum = format!("{}元（大写：人民币{}元整）", self.yuan, capital(self.yuan));
        let mut rows = vec![
            Row::of(12, vec![Field::new("缴款人", &self.payer)]),
            Row::of(18, vec![Field::new("申请内容", &self.content)]),
            Row::of(12, vec![Field::new("应缴金额", &sum)]),
            Row::of(12, vec![Field::new("计收方式", &self.counted)]),
            Row::of(12, vec![Field::new("收费依据", &self.basis)]),
            Row::of(12, self.notice_boxes()),
        ];
        for (label, text) in &self.account {
            rows.push(Row::of(12, vec![Field::new(label, text)]));
        }
        let way = match (self.way.as_str(), self.account.is_empty()) {
            ("", true) => Some(Self::SEE_NOTICE),
            ("", false) => None,
            (way, _) => Some(way),
        };
        rows.extend(way.map(|way| Row::of(12, vec![Field::new("缴款方式", way)])));
        let until = format!("{}前（含当日）缴纳", due(self.pay_by, self.provisional));
        rows.push(Row::of(12, vec![Field::new("缴款期限", &until)]));
        rows.push(Row::of(14, vec![Field::new("逾期后果", Self::CONSEQUENCE)]));
        let stamp = "收款单位盖章：　　　　　　　　　年　　月　　日";
        rows.push(Row::of(32, vec![Field::signed("收款确认", "", stamp)]));
        Sheet {
            title: "政府信息公开信息处理费缴款单".to_owned(),
            issuer: self.issuer.clone(),
            corner: format!("申请编号：{}", self.request),
            groups: vec![Group { label: String::new(), rows }],
            notes: vec![
                "缴款时请注明申请编号。信息处理费全额上缴国库，缴款后请领取财政票据。".to_owned(),
                "缴清费用的次日起重新计算答复期限。".to_owned(),
            ],
            printed_on: self.printed_on,
        }
    }
}

impl PaymentSlip {
    fn notice_boxes(&self) -> Vec<Field> {
        let number = Some(Field::new("收费通知书", &self.notice)).filter(|_| !self.notice.is_empty());
        number.into_iter().chain([Field::new("通知日期", &day(Some(self.noticed_on)))]).collect()
    }
}

/// A sum in the capitals of bills (《正确填写票据和结算凭证的基本规定》): `壹仟零伍拾`.
fn capital(yuan: u32) -> String {
    const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    const PLACES: [&str; 10] = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾"];
    let digits = yuan.to_string();
    let mut said = String::new();
    // Whether a nought waits to be said, and whether anything stands in the present group of four.
    let (mut nought, mut group) = (false, false);
    for (place, digit) in (0..digits.len()).rev().zip(digits.bytes()) {
        match usize::from(digit - b'0') {
            0 => nought = !said.is_empty(),
            n => {
                if std::mem::take(&mut nought) {
                    said.push('零');
                }
                said.push(DIGITS[n]);
                said.push_str(PLACES[place]);
                group = true;
            }
        }
        if place % 4 == 0 {
            let heard = std::mem::take(&mut group);
            let ends = PLACES[place];
            if heard && digit == b'0' && !ends.is_empty() {
                said.push_str(ends);
                nought = false;
            }
        }
    }
    if said.is_empty() { "零".to_owned() } else { said }
}

#[cfg(test)]
mod tests {
    use super::capital;

    #[test]
    fn sums_are_spelled_in_capitals() {
        for (yuan, said) in [
            (0, "零"),
            (10, "壹拾"),
            (100, "壹佰"),
            (105, "壹佰零伍"),
            (2_000, "贰仟"),
            (4_700, "肆仟柒佰"),
            (10_050, "壹万零伍拾"),
            (11_500, "壹万壹仟伍佰"),
            (100_000, "壹拾万"),
            (200_300, "贰拾万零叁佰"),
            (1_000_001, "壹佰万零壹"),
            (100_000_005, "壹亿零伍"),
            (u32::MAX, "肆拾贰亿玖仟肆佰玖拾陆万柒仟贰佰玖拾伍"),
        ] {
            assert_eq!(capital(yuan), said, "{yuan}");
        }
    }
}
