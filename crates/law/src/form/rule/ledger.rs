//! The report against the unit's own registers.

use super::super::check::Input;
use super::super::part::Part;
use super::Found;
use crate::Amount;

/// S-LEDGER: tables two and three.
pub(super) fn recount(input: &Input<'_>) -> Vec<Found> {
    differing(input, |id| !id.starts_with("disputes."))
}

/// S-REV: table four.
pub(super) fn recount_disputes(input: &Input<'_>) -> Vec<Found> {
    differing(input, |id| id.starts_with("disputes."))
}

fn differing(input: &Input<'_>, wanted: impl Fn(&str) -> bool) -> Vec<Found> {
    let Some(recount) = input.recount else { return vec![] };
    input
        .form
        .cells()
        .into_iter()
        .filter(|c| wanted(&c.id))
        .filter_map(|c| {
            let (reported, counted) = (input.figures.value(&c.id), recount.get(&c.id)?);
            (reported != counted).then(|| {
                let message =
                    format!("{}填报为{reported}，按台账重新统计为{counted}", input.form.name_of(&c.id));
                Found::fail(vec![c.id], message)
            })
        })
        .collect()
}

/// S-FEE: the 信息处理费 in the text equals the fee ledger; what was collected must be stated.
pub(super) fn fee(input: &Input<'_>) -> Vec<Found> {
    let (Some(texts), Some(collected)) = (input.texts, input.facts.and_then(|f| f.get("fee.collected")))
    else {
        return vec![];
    };
    let mut stated = false;
    let mut found = Vec::new();
    for (part, text) in texts {
        for sentence in text.split(['。', '；', ';', '\n']).filter(|s| s.contains("信息处理费")) {
            stated = true;
            if sentence.contains("{{fee.") {
                continue;
            }
            let Some(yuan) = stated_fee(sentence) else { continue };
            if yuan != *collected {
                let message = format!(
                    "“{}”称收取信息处理费{yuan}元，收费台账为{collected}元，二者应当一致",
                    part.label()
                );
                found.push(Found { quote: Some(sentence.trim().to_owned()), ..Found::fail(vec![], message) });
            }
        }
    }
    if !stated && *collected > Amount::ZERO {
        let message = format!(
            "收费台账本年收取信息处理费{collected}元，正文没有报告，应当在“{}”中报告",
            Part::OtherMatters.label()
        );
        found.push(Found::fail(vec![], message));
    }
    found
}

/// The sum in yuan a sentence gives for the fee: the first number followed by 元 or 万元 after the word; "none" is zero.
fn stated_fee(sentence: &str) -> Option<Amount> {
    let (before, after) = sentence.split_once("信息处理费")?;
    let mut number = String::new();
    for c in after.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            '０'..='９' => number.push(char::from_digit(c as u32 - '０' as u32, 10)?),
            ',' | ' ' if !number.is_empty() => {}
            '元' if !number.is_empty() => return number.parse().ok(),
            '万' if !number.is_empty() => {
                let amount: Amount = number.parse().ok()?;
                return amount.micros().checked_mul(10_000).map(Amount::from_micros);
            }
            _ => number.clear(),
        }
    }
    let none = ["未收取", "没有收取", "未产生", "无收取", "未发生", "不收取", "未收"];
    let clause = before.rsplit(['，', ',']).next().unwrap_or_default();
    none.iter().any(|w| clause.contains(w) || after.contains(w)).then_some(Amount::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fee_is_read_from_a_sentence() {
        for (sentence, yuan) in [
            ("全年收取信息处理费400元", Some(400)),
            ("依申请公开信息处理费共收取 1,200 元", Some(1200)),
            ("收取信息处理费２０元", Some(20)),
            ("收取信息处理费0.4万元", Some(4000)),
            ("本年度未收取政府信息公开信息处理费", Some(0)),
            ("对3件申请发出信息处理费通知，收取信息处理费情况另行公布", None),
        ] {
            assert_eq!(stated_fee(sentence), yuan.map(Amount::whole), "{sentence}");
        }
    }
}
