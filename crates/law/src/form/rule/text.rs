//! The text of the report by itself: substance, references.

use super::super::check::Input;
use super::super::narrative;
use super::super::part::Part;
use super::super::{count, fact};
use super::{Found, template};
use crate::Amount;

/// F-EMPTY: parts one and five have substance; part six may be 无 only if no fee was collected.
pub(super) fn empty_parts(input: &Input<'_>) -> Vec<Found> {
    let Some(texts) = input.texts else { return vec![] };
    let length = |part: Part| {
        let text = texts.get(&part).map_or("", String::as_str);
        text.chars().filter(|c| !c.is_whitespace()).count()
    };
    // Below this many characters a part says nothing.
    let substance = usize::try_from(input.settings.parameter("F-EMPTY", "characters")).unwrap_or_default();
    // A part that is not there at all is F-SEC.
    let there = |part: Part| {
        input.published.is_none_or(|p| p.headings.iter().any(|h| h.section == part.section()))
            || length(part) > 0
    };
    let mut found = Vec::new();
    for part in [Part::Overview, Part::Problems] {
        let n = length(part);
        if n < substance && there(part) {
            found.push(Found::fail(vec![], format!("“{}”只有{n}个字，没有实质内容", part.label())));
        }
    }
    let last = Part::OtherMatters;
    match length(last) {
        0 if !there(last) => {}
        0 => found.push(Found::fail(vec![], format!("“{}”为空，没有需要报告的应当写明“无”", last.label()))),
        n if n < substance => {
            let fee = input.facts.and_then(|f| f.get("fee.collected")).copied().unwrap_or_default();
            if fee > Amount::ZERO {
                let message = format!("“{}”没有报告收取信息处理费{fee}元的情况", last.label());
                found.push(Found::fail(vec![], message));
            }
        }
        _ => {}
    }
    found
}

/// What the text of a new report says where somebody still has to write.
const TO_WRITE: &str = "（请填写";

/// F-TEMPLATE: no place of the prepared text is left to write, and nothing of a template is left in one that was read.
pub(super) fn left_to_write(input: &Input<'_>) -> Vec<Found> {
    let parts = input.texts.into_iter().flatten().filter(|(_, text)| text.contains(TO_WRITE));
    let prepared =
        parts.map(|(part, _)| Found::fail(vec![], format!("“{}”还有待填写的内容，请补充完整", part.label())));
    prepared.chain(template::left_behind(input)).collect()
}

/// F-REF: every `{{name}}` in the text is a fact with data or a cell of the form; in a text whose figures are filled in
/// already, no figure is missing.
pub(super) fn references(input: &Input<'_>) -> Vec<Found> {
    let (Some(texts), Some(facts)) = (input.texts, input.facts) else { return vec![] };
    let mut found = Vec::new();
    for (part, text) in texts {
        for missing in text.split(fact::NO_DATA).skip(1) {
            let label = missing.split('）').next().unwrap_or_default();
            let message = format!("“{}”引用了“{label}”，{}年没有这项数据", part.label(), input.year);
            found.push(Found::fail(vec![], message));
        }
        let mut absent = Vec::new();
        let rendered = narrative::render(text, |reference| {
            if !fact::known(input.form, reference.name) {
                return None;
            }
            if !facts.contains_key(reference.name) && input.figures.get(reference.name).is_none() {
                absent.push(reference.name.to_owned());
            }
            Some(String::new())
        });
        for error in rendered.err().unwrap_or_default() {
            found.push(Found::fail(vec![], format!("“{}”：{error}", part.label())));
        }
        for name in absent {
            let label = fact::Registry::builtin().fact(&name).map_or(name.as_str(), |f| f.label.as_str());
            let message = format!("“{}”引用了“{label}”，{}年没有这项数据", part.label(), input.year);
            let cells = if count::words(&name).is_some() { vec![name.clone()] } else { vec![] };
            found.push(Found { quote: Some(format!("{{{{{name}}}}}")), ..Found::fail(cells, message) });
        }
    }
    found
}
