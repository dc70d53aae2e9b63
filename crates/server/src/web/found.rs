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
