//! Published items like what somebody writes in a field: the list under the field.

use askama::Template;

/// Published items like what was written, and the field it was written in.
#[derive(Debug, Clone, Template, Default, PartialEq, Eq)]
#[template(path = "part/found.html")]
pub struct Found {
    /// Name of the field.
    pub of: String,
    /// The items.
    pub items: Vec<FoundItem>,
    /// Said where there are none; empty if nothing was looked for.
    pub none: &'static str,
}

impl Found {
    /// Whether it stands on a terminal: there the form that is being filled in is the only window.
    pub fn on_terminal(&self) -> bool {
        super::look::terminal()
    }
}

/// A published item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundItem {
    /// Where it opens; empty where it can be read only at the agency.
    pub href: String,
    /// Title.
    pub title: String,
    /// Number, agency and day.
    pub about: String,
}
