//! How to reach the agency (条例 art. 12): the block that a receipt and the progress of a request show.

use askama::Template;
use law::docket::unit::Profile;

/// Contact data of an agency; what is not known is empty and left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "part/contact.html")]
pub struct Contact {
    /// 办公地址
    pub address: String,
    /// 办公时间
    pub hours: String,
    /// 联系电话
    pub phone: String,
    /// 传真号码
    pub fax: String,
    /// 电子邮箱
    pub mail: String,
    /// 网址
    pub website: String,
    /// The address that leads to the request itself.
    pub own: String,
}

impl Contact {
    /// What the agency has said of itself, and the address under which mail lands on the request; none if nothing.
    pub fn of(profile: &Profile, own: Option<String>) -> Option<Contact> {
        let contact = Contact {
            address: profile.address.clone(),
            hours: profile.hours.clone(),
            phone: profile.phone.clone(),
            fax: profile.fax.clone(),
            mail: profile.email.clone(),
            website: profile.website.clone(),
            own: own.unwrap_or_default(),
        };
        Some(contact).filter(|c| !c.lines().is_empty())
    }

    /// The lines that are known, with their labels.
    fn lines(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("办公地址", &self.address),
            ("办公时间", &self.hours),
            ("联系电话", &self.phone),
            ("传真号码", &self.fax),
            ("电子邮箱", &self.mail),
            ("网址", &self.website),
            ("本申请专用邮箱", &self.own),
        ];
        all.into_iter().map(|(label, text)| (label, text.as_str())).filter(|(_, t)| !t.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        assert!(!Contact::default().render().unwrap().contains("<dl"));
        let some = Contact { phone: "0000-0000000".into(), ..Contact::default() }.render().unwrap();
        assert!(some.contains("0000-0000000") && !some.contains("传真"), "{some}");
    }
}
