//! The form of a request as the portal takes it, and everything that article 29 asks for and is not there.

use super::Second;
use crate::file::HeldFile;
use crate::vault::Person;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::docket::request::{Delivery, Wanted};
use law::{Refusal, identity};
use uuid::Uuid;

/// Identity papers of natural persons, as the form offers them.
pub const PERSON_PAPERS: [&str; 6] = [
    RESIDENT_CARD,
    "护照",
    "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证",
    "外国人永久居留身份证",
    "其他证件",
];
/// Identity papers of organisations.
pub const ORGANISATION_PAPERS: [&str; 2] = [CREDIT_CODE, "其他证件"];
const RESIDENT_CARD: &str = "居民身份证";
const CREDIT_CODE: &str = "统一社会信用代码";

/// Characters a short answer may have.
const LINE: usize = 200;
/// Characters the description may have.
pub(super) const TEXT: usize = 5000;

/// One thing that is wanted (一事一申请), of one agency or of several at once: with each it becomes a request of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The agency asked.
    pub addressee: Uuid,
    /// Other agencies that are asked the same (一并向多个机关提出).
    pub also: Vec<Uuid>,
    /// What is wanted, by name, number or other features.
    pub subject: String,
}

/// The form: one applicant, and everything wanted.
#[derive(Debug, Clone)]
pub struct Asking {
    /// What is wanted of whom, in the order of the form.
    pub matters: Vec<Matter>,
    /// Who asks.
    pub class: ApplicantClass,
    /// Name, identity, contact; and who acts for the applicant, if somebody does.
    pub person: Person,
    /// How it is wanted.
    pub wanted: Wanted,
    /// Second proof for the query.
    pub second: Second,
    /// Whether the applicant was told of an open request of the same content, and sends this one all the same.
    pub again: bool,
    /// Whether published items had been suggested while the form was filled in.
    pub suggested: bool,
    /// Code of the draft the form comes from; it is forgotten with the submission.
    pub draft: Option<String>,
    /// What is handed in along with the form; each request gets it.
    pub files: Vec<HeldFile>,
}

/// The name of a field of the `n`th matter, counted from 1: the first has the bare name.
pub fn field_of(name: &str, n: usize) -> String {
    if n == 1 { name.to_owned() } else { format!("{name}-{n}") }
}

impl Matter {
    /// The agencies asked, each once, in the order of the form.
    pub fn agencies(&self) -> Vec<Uuid> {
        let mut all = vec![self.addressee];
        for unit in &self.also {
            if !all.contains(unit) {
                all.push(*unit);
            }
        }
        all
    }
}

/// A request that a form becomes: the number of its matter, counted from 1, the agency, and what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish<'a> {
    pub(super) matter: usize,
    pub(super) agency: Uuid,
    pub(super) subject: &'a str,
}

impl Wish<'_> {
    /// The field that chose the agency.
    pub(super) fn chosen_by(&self, asking: &Asking) -> String {
        let first = asking.matters.get(self.matter - 1).is_some_and(|m| m.addressee == self.agency);
        field_of(if first { "addressee" } else { "also" }, self.matter)
    }
}

impl Asking {
    /// The requests the form becomes, in its order.
    pub(super) fn wishes(&self) -> Vec<Wish<'_>> {
        let mut all = Vec::new();
        for (n, matter) in (1..).zip(&self.matters) {
            let subject = matter.subject.trim();
            all.extend(matter.agencies().into_iter().map(|agency| Wish { matter: n, agency, subject }));
        }
        all
    }

    /// What article 29 asks for and is not there, or cannot be right; the code of each refusal is `asking-` and the
    /// name of the field. Empty if the form is complete. At most `most` requests are taken at once.
    pub fn missing(&self, today: Date, most: usize) -> Vec<Refusal> {
        let mut no = Missing(Vec::new());
        // In the order of the form.
        self.matters(most, &mut no);
        no.when(self.wanted.delivery.is_empty(), "delivery", "请选择获取方式，可以选择多项");
        no.when(self.wanted.carrier.is_none(), "carrier", "请选择载体形式");
        self.identity(today, &mut no);
        self.agent(today, &mut no);
        self.contact(&mut no);
        self.lengths(&mut no);
        let unproven = self.second.of(&self.person).is_none();
        let text = match self.second {
            Second::IdNumber => "证件号码不足四位的，请选择联系电话后四位",
            Second::Phone => "选择联系电话后四位的，请填写联系电话",
        };
        no.when(unproven && !no.has("id_number"), "second", text);
        no.0
    }

    /// What is wanted, by name, number or features (art. 29 no. 2), and of whom.
    fn matters(&self, most: usize, no: &mut Missing) {
        no.when(self.matters.is_empty(), "subject", "请填写所需信息的名称、文号或者其他特征");
        // The first request too many: by a matter too many, or by an agency too many.
        if let Some(over) = self.wishes().get(most) {
            let field = over.chosen_by(self).replace("addressee", "subject");
            let text = format!(
                "一次最多提交{most}份申请（一项内容向几个机关提出的，按几份计算），请删去多出的，以后再提交"
            );
            no.when(true, &field, &text);
        }
        for (n, matter) in (1..).zip(&self.matters) {
            let (addressee, subject) = (field_of("addressee", n), field_of("subject", n));
            no.when(matter.addressee.is_nil(), &addressee, "请选择受理机关");
            let text = matter.subject.trim();
            no.when(text.is_empty(), &subject, "请填写所需信息的名称、文号或者其他特征");
            no.when(text.chars().count() > TEXT, &subject, &format!("内容过长，请控制在{TEXT}字以内"));
            let agencies = matter.agencies();
            let same = |m: &Matter| {
                m.subject.trim() == text && m.agencies().iter().any(|unit| agencies.contains(unit))
            };
            if let Some(first) = self.matters[..n - 1].iter().position(same).filter(|_| !text.is_empty()) {
                no.when(true, &subject, &format!("与第{}项的机关和内容相同，请修改或者删去", first + 1));
            }
        }
    }

    /// Who acts for the applicant: all of it or nothing.
    fn agent(&self, today: Date, no: &mut Missing) {
        let p = &self.person;
        let all = [&p.agent_name, &p.agent_id_number, &p.agent_phone];
        if all.iter().all(|t| t.trim().is_empty()) {
            return;
        }
        no.when(p.agent_name.trim().is_empty(), "agent_name", "委托代理人办理的，请填写代理人姓名");
        no.when(p.agent_id_kind.is_empty(), "agent_id_kind", "请选择代理人的证件名称");
        no.when(p.agent_id_number.trim().is_empty(), "agent_id_number", "请填写代理人的证件号码");
        let wrong =
            p.agent_id_kind == RESIDENT_CARD && !identity::is_resident_number(&p.agent_id_number, today);
        no.when(wrong, "agent_id_number", "代理人的居民身份证号码有误，请核对18位号码");
        no.when(p.agent_phone.trim().is_empty(), "agent_phone", "请填写代理人的联系电话");
    }

    /// Name and identity (art. 29 no. 1).
    fn identity(&self, today: Date, no: &mut Missing) {
        let p = &self.person;
        let natural = self.class == ApplicantClass::NaturalPerson;
        let name = if natural { "请填写姓名" } else { "请填写单位名称" };
        no.when(p.name.trim().is_empty(), "name", name);
        no.when(p.id_kind.is_empty(), "id_kind", "请选择证件名称");
        no.when(p.id_number.trim().is_empty(), "id_number", "请填写证件号码");
        let wrong = p.id_kind == RESIDENT_CARD && !identity::is_resident_number(&p.id_number, today);
        no.when(wrong, "id_number", "居民身份证号码有误，请核对18位号码");
        let wrong = p.id_kind == CREDIT_CODE && !identity::is_credit_code(&p.id_number);
        no.when(wrong, "id_number", "统一社会信用代码有误，请核对18位代码");
        no.when(!natural && p.contact.trim().is_empty(), "contact", "请填写联系人");
    }

    /// Ways to reach the applicant, and what the ways of delivery need.
    fn contact(&self, no: &mut Missing) {
        let p = &self.person;
        let wants = |way| self.wanted.delivery.contains(&way);
        let reachable = [&p.phone, &p.email, &p.address].into_iter().any(|c| !c.trim().is_empty());
        no.when(!reachable, "phone", "联系电话、电子邮箱、联系地址请至少填写一项，以便与您确认申请");
        no.when(!p.email.is_empty() && !is_email(&p.email), "email", "电子邮箱有误，请核对");
        no.when(
            wants(Delivery::Email) && p.email.trim().is_empty(),
            "email",
            "选择电子邮件的，请填写电子邮箱",
        );
        no.when(
            wants(Delivery::Post) && p.address.trim().is_empty(),
            "address",
            "选择邮寄的，请填写联系地址",
        );
        no.when(wants(Delivery::Fax) && p.fax.trim().is_empty(), "fax", "选择传真的，请填写传真号码");
    }

    fn lengths(&self, no: &mut Missing) {
        let p = &self.person;
        for (field, text) in [
            ("name", &p.name),
            ("id_number", &p.id_number),
            ("contact", &p.contact),
            ("phone", &p.phone),
            ("email", &p.email),
            ("address", &p.address),
            ("postcode", &p.postcode),
            ("fax", &p.fax),
            ("agent_name", &p.agent_name),
            ("agent_id_number", &p.agent_id_number),
            ("agent_phone", &p.agent_phone),
        ] {
            no.when(text.chars().count() > LINE, field, &format!("内容过长，请控制在{LINE}字以内"));
        }
    }
}

struct Missing(Vec<Refusal>);

impl Missing {
    /// One sentence a field: the first that applies.
    fn when(&mut self, refused: bool, field: &str, text: &str) {
        if refused && !self.has(field) {
            self.0.push(Refusal::new(&code(field), text, ""));
        }
    }

    fn has(&self, field: &str) -> bool {
        self.0.iter().any(|r| r.code == code(field))
    }
}

pub(crate) fn code(field: &str) -> String {
    format!("asking-{field}")
}

/// Only what is certainly wrong is refused: something before and after one `@`, a dot behind it, no blank.
fn is_email(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    text.split_once('@').is_some_and(|(name, host)| {
        plain && !name.is_empty() && !host.contains('@') && host.trim_matches('.').contains('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_mail_is_refused_only_if_it_cannot_be_one() {
        for good in ["a@b.cn", "样例@样例.cn", "a.b+c@d.e.f"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "a@b", "@b.cn", "a@b@c.cn", "a b@c.cn", "a@.cn"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
