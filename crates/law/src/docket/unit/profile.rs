//! What the public and the letters of a unit need to know about it: contact of the working body (条例第十二条), and the
//! words of its letters.

use crate::Refusal;
use serde::{Deserialize, Serialize};

/// Contact of the working body, and what the unit's letters say of it. A field is empty where the unit has not said it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// 政府信息公开工作机构名称
    #[serde(skip_serializing_if = "String::is_empty")]
    pub working_body: String,
    /// 办公地址
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// 邮政编码
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postcode: String,
    /// 办公时间
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hours: String,
    /// 联系电话
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// 传真号码
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fax: String,
    /// 互联网联系方式: mail
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// 互联网联系方式: site
    #[serde(skip_serializing_if = "String::is_empty")]
    pub website: String,
    /// 机关代字 of its reply letters, for example `某公复`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub letter_code: String,
    /// 行政复议机关 against its decisions (行政复议法第二十四条).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reconsideration_authority: String,
    /// 有管辖权的人民法院
    #[serde(skip_serializing_if = "String::is_empty")]
    pub court: String,
    /// 信息处理费缴纳方式
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payment: String,
    /// Working days another agency has for its opinion where no law gives it a term: a limit of the house, written as
    /// digits; [`Profile::opinion_days`] is the number in force.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub opinion_days: String,
    /// 收款单位: the account of the treasury that takes the fee (国办函〔2020〕109号: 收入全额上缴国库).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payee: String,
    /// 收款银行
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payee_bank: String,
    /// 收款账号
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payee_account: String,
    /// 申请填写提示: what the form of a request says where this unit is asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub asking_hint: String,
    /// 便于查询的特征: further things the form offers to fill in where this unit is asked, never required
    /// (条例第二十九条第二款第二项); [`Profile::details`] are the single ones.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub asking_details: String,
}

/// Characters a field may have.
const LINE: usize = 200;

/// Details a unit may offer to fill in.
pub const MOST_DETAILS: usize = 6;
/// Characters the name of a detail may have.
const DETAIL: usize = 15;
/// What a request need not say, so that no form may ask it: the Regulation closes the list (条例第二十九条), the purpose
/// was left out of it in 2019, and who asks stands in fields of their own.
const NOT_ASKED: [&str; 8] = ["用途", "目的", "理由", "关系", "身份", "证件", "姓名", "电话"];

/// Working days another agency has for its opinion where the unit has set no limit of its own.
const OPINION_DAYS: u32 = 10;
/// The longest such limit: what the Regulation gives a joint agency (条例第三十四条), which nobody else exceeds.
const MOST_OPINION_DAYS: u32 = 15;

impl Profile {
    /// The fields: key, Chinese label, value; in the order of the form.
    pub fn fields(&self) -> [(&'static str, &'static str, &str); 18] {
        [
            ("working_body", "政府信息公开工作机构名称", &self.working_body),
            ("address", "办公地址", &self.address),
            ("postcode", "邮政编码", &self.postcode),
            ("hours", "办公时间", &self.hours),
            ("phone", "联系电话", &self.phone),
            ("fax", "传真号码", &self.fax),
            ("email", "电子邮箱", &self.email),
            ("website", "网址", &self.website),
            ("letter_code", "答复文书的机关代字", &self.letter_code),
            ("reconsideration_authority", "行政复议机关", &self.reconsideration_authority),
            ("court", "有管辖权的人民法院", &self.court),
            ("payment", "信息处理费缴纳方式", &self.payment),
            ("opinion_days", "其他机关反馈意见的期限（工作日）", &self.opinion_days),
            ("payee", "信息处理费收款单位", &self.payee),
            ("payee_bank", "收款银行", &self.payee_bank),
            ("payee_account", "收款账号", &self.payee_account),
            ("asking_hint", "申请填写提示", &self.asking_hint),
            ("asking_details", "便于查询的特征", &self.asking_details),
        ]
    }

    /// The profile with what `value` gives for each key.
    pub fn from_fields(mut value: impl FnMut(&str) -> String) -> Profile {
        Profile {
            working_body: value("working_body"),
            address: value("address"),
            postcode: value("postcode"),
            hours: value("hours"),
            phone: value("phone"),
            fax: value("fax"),
            email: value("email"),
            website: value("website"),
            letter_code: value("letter_code"),
            reconsideration_authority: value("reconsideration_authority"),
            court: value("court"),
            payment: value("payment"),
            opinion_days: value("opinion_days"),
            payee: value("payee"),
            payee_bank: value("payee_bank"),
            payee_account: value("payee_account"),
            asking_hint: value("asking_hint"),
            asking_details: value("asking_details"),
        }
    }

    /// Into which account the fee is paid: name, bank and number, each with its label; empty if the unit has said none.
    pub fn account(&self) -> Vec<(&'static str, &str)> {
        let parts =
            [("收款单位", &self.payee), ("收款银行", &self.payee_bank), ("收款账号", &self.payee_account)];
        parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(l, t)| (l, t.as_str())).collect()
    }

    /// How the fee is paid, in one line: the way, and the account. Empty if nothing is said.
    pub fn way_to_pay(&self) -> String {
        let account = self.account();
        let account: Vec<String> = account.iter().map(|(label, text)| format!("{label}：{text}")).collect();
        let parts = [self.payment.trim_end_matches('。').to_owned(), account.join("，")];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("；")
    }

    /// How to reach the working body, in one line: `地址，邮编，电话`. Empty if nothing is said.
    pub fn contact(&self) -> String {
        let parts = [("地址：", &self.address), ("邮政编码：", &self.postcode), ("电话：", &self.phone)];
        let said = parts.into_iter().filter(|(_, text)| !text.is_empty());
        said.map(|(label, text)| format!("{label}{text}")).collect::<Vec<_>>().join("，")
    }

    /// Working days another agency has for its opinion: what the unit has set, else ten. The law gives such an agency no
    /// term, unlike one that made the information jointly (条例第三十四条), so its silence means nothing.
    pub fn opinion_days(&self) -> u32 {
        self.opinion_days.parse().unwrap_or(OPINION_DAYS)
    }

    /// The details the form of a request offers where this unit is asked, each by its name, in the unit's order.
    pub fn details(&self) -> Vec<&str> {
        let parts = self.asking_details.split(['、', '，', ',', '；', ';', '\n']);
        parts.map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    fn detail_refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        let details = self.details();
        if details.len() > MOST_DETAILS || details.iter().any(|d| d.chars().count() > DETAIL) {
            let text = format!(
                "便于查询的特征最多{MOST_DETAILS}项，用顿号分开，每项不超过{DETAIL}字，例如 项目名称、许可证号"
            );
            no.push(Refusal::new("asking-details-malformed", text, ""));
        }
        let twice = details.iter().enumerate().any(|(n, d)| details[..n].contains(d));
        if twice {
            no.push(Refusal::new("asking-details-repeated", "便于查询的特征有重复，请删去重复的项", ""));
        }
        if let Some(bad) = details.iter().find(|d| NOT_ASKED.iter().any(|word| d.contains(word))) {
            let text = format!("不能要求申请人填写“{bad}”，便于查询的特征只描述所需的信息");
            no.push(Refusal::new("asking-details-unlawful", text, "条例第二十九条"));
        }
        no
    }

    /// Why it cannot be the profile of a unit; empty if it can.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        for (key, label, text) in self.fields() {
            if text.chars().count() > LINE {
                let text = format!("{label}过长，请控制在{LINE}字以内");
                no.push(Refusal::new(&format!("{}-too-long", key.replace('_', "-")), text, ""));
            }
        }
        let digits = |text: &str| text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        if !self.postcode.is_empty() && !digits(&self.postcode) {
            no.push(Refusal::new("postcode-malformed", "邮政编码应当是6位数字", ""));
        }
        let site = ["http://", "https://"].iter().any(|p| self.website.starts_with(p));
        if !self.website.is_empty() && !site {
            no.push(Refusal::new("website-malformed", "网址应当以 http:// 或者 https:// 开头", ""));
        }
        let whole = self.payee.is_empty() == self.payee_account.is_empty();
        if !whole || (self.payee.is_empty() && !self.payee_bank.is_empty()) {
            let text = "收款单位和收款账号应当一并填写，或者都不填写";
            no.push(Refusal::new("payee-incomplete", text, "国办函〔2020〕109号"));
        }
        let account = |c: char| c.is_ascii_digit() || c == ' ' || c == '-';
        if !self.payee_account.chars().all(account) {
            no.push(Refusal::new("payee-account-malformed", "收款账号只能有数字、空格和连字符", ""));
        }
        let odd = |c: char| c.is_whitespace() || c.is_ascii_digit() || "〔〕[]（）()第号".contains(c);
        if self.letter_code.contains(odd) {
            let text = "机关代字只写代字本身，例如“某公复”，不含年份、括号和序号";
            no.push(Refusal::new("letter-code-malformed", text, "GB/T 9704-2012"));
        }
        let limit = |text: &str| text.parse::<u32>().is_ok_and(|n| (1..=MOST_OPINION_DAYS).contains(&n));
        if !self.opinion_days.is_empty() && !limit(&self.opinion_days) {
            let text = format!(
                "其他机关反馈意见的期限请填写1至{MOST_OPINION_DAYS}之间的工作日数，例如 {OPINION_DAYS}"
            );
            no.push(Refusal::new("opinion-days-out-of-range", text, ""));
        }
        no.extend(self.detail_refusals());
        no
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_written_and_read_by_its_key() {
        let profile = Profile::from_fields(|key| format!("值{key}"));
        let json = serde_json::to_value(&profile).unwrap();
        for (key, label, value) in profile.fields() {
            assert!(!label.is_empty());
            assert_eq!(json[key], value);
            assert_eq!(value, format!("值{key}"));
        }
        assert_eq!(json.as_object().unwrap().len(), profile.fields().len());
        assert_eq!(serde_json::to_string(&Profile::default()).unwrap(), "{}");
    }

    #[test]
    fn what_cannot_be_right_is_refused_all_at_once() {
        let bad = Profile {
            postcode: "0484".into(),
            website: "www.example.invalid".into(),
            letter_code: "某公复〔2024〕".into(),
            hours: "长".repeat(LINE + 1),
            opinion_days: "16".into(),
            payee_bank: "样本银行".into(),
            payee_account: "１２３".into(),
            ..Profile::default()
        };
        let codes: Vec<String> = bad.refusals().into_iter().map(|r| r.code).collect();
        assert_eq!(
            codes,
            [
                "hours-too-long",
                "postcode-malformed",
                "website-malformed",
                "payee-incomplete",
                "payee-account-malformed",
                "letter-code-malformed",
                "opinion-days-out-of-range"
            ]
        );
        assert!(Profile::default().refusals().is_empty());
    }

    #[test]
    fn the_limit_for_another_agency_is_the_units_own_or_ten_working_days() {
        let with = |days: &str| Profile { opinion_days: days.into(), ..Profile::default() };
        assert_eq!(
            [with("").opinion_days(), with("5").opinion_days(), with("15").opinion_days()],
            [10, 5, 15]
        );
        for days in ["0", "16", "五", "-1", "1.5"] {
            assert_eq!(with(days).refusals().len(), 1, "{days}");
        }
    }

    #[test]
    fn the_form_may_offer_details_of_the_information_and_ask_nothing_of_the_applicant() {
        let with = |text: &str| Profile { asking_details: text.into(), ..Profile::default() };
        let good = with("项目名称、许可证号，\n 年份 ");
        assert_eq!(good.details(), ["项目名称", "许可证号", "年份"]);
        assert!(good.refusals().is_empty() && with("").details().is_empty());
        let code = |text: &str| with(text).refusals().into_iter().map(|r| r.code).collect::<Vec<_>>();
        assert_eq!(code("一、二、三、四、五、六、七"), ["asking-details-malformed"]);
        assert_eq!(code(&"长".repeat(16)), ["asking-details-malformed"]);
        assert_eq!(code("年份、年份"), ["asking-details-repeated"]);
        for unlawful in ["申请用途", "使用目的", "与本人的关系", "身份证号码"] {
            assert_eq!(code(unlawful), ["asking-details-unlawful"], "{unlawful}");
        }
    }

    #[test]
    fn the_way_to_pay_names_the_account_where_there_is_one() {
        let bare = Profile { payment: "到窗口缴纳。".into(), ..Profile::default() };
        assert_eq!([bare.way_to_pay(), Profile::default().way_to_pay()], ["到窗口缴纳", ""]);
        let whole = Profile {
            payee: "国家金库样本县支库".into(),
            payee_bank: "样本银行".into(),
            payee_account: "0000 1111".into(),
            ..bare
        };
        assert!(whole.refusals().is_empty());
        let said = "到窗口缴纳；收款单位：国家金库样本县支库，收款银行：样本银行，收款账号：0000 1111";
        assert_eq!(whole.way_to_pay(), said);
    }
}
