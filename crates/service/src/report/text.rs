//! The text a report begins with, until somebody writes a better one.

use law::docket::report::Part;
use law::form::Form;

/// The text of a part before anybody edited it, with live references.
pub(crate) fn default_text(part: Part, form: &Form, organization: &str, year: i16) -> String {
    let text = match (part, form.id.as_str()) {
        (Part::Introduction, _) => include_str!("../../data/narrative/introduction.txt"),
        (Part::Overview, "2019") => include_str!("../../data/narrative/overview-2019.txt"),
        (Part::Overview, _) => include_str!("../../data/narrative/overview-2021.txt"),
        (Part::Problems, _) => include_str!("../../data/narrative/problems.txt"),
        (Part::OtherMatters, _) => include_str!("../../data/narrative/other_matters.txt"),
        (Part::Proactive | Part::Requests | Part::Disputes, _) => "",
    };
    text.replace("{{report.organization}}", organization).replace("{{report.year}}", &year.to_string())
}
