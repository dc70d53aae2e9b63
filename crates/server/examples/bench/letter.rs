//! Letters as PDF: each by its template and sample values, as the page of the letter prints it.

use crate::table::{Table, median};
use crate::{Outcome, clock};
use law::letter::{Letter, Value};
use paper::letter::OfficialLetter;
use paper::template::{Template, default_template};

fn made(letter: Letter) -> Outcome<OfficialLetter> {
    let values = letter.sample();
    let text = |name: &str| match values.get(name) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let template = Template::parse(letter, default_template(letter)).map_err(|e| format!("{e:?}"))?;
    Ok(OfficialLetter {
        number: Some(text("文号")).filter(|_| letter.needs_number()),
        text: template.render(&values).map_err(|e| format!("{e:?}"))?,
        signed_by: text("机关名称"),
        issuer: text("机关名称"),
        made_on: Some(law::date(2026, 3, 20)),
        printed_on: law::date(2026, 3, 18),
        draft: false,
    })
}

pub fn measure(table: &mut Table) -> Outcome {
    let fonts = paper::Fonts::system(None);
    let began = clock();
    paper::letter_pdf(&made(Letter::Receipt)?, &fonts).map_err(|e| e.to_string())?;
    let first = began.elapsed().as_secs_f64() * 1e3;
    let mut times = Vec::new();
    for letter in Letter::all() {
        let letter = made(letter)?;
        let began = clock();
        paper::letter_pdf(&letter, &fonts).map_err(|e| e.to_string())?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let longest = times.iter().copied().fold(0.0, f64::max);
    table.aimed(
        "a letter as PDF",
        "300 ms",
        format!("{:.0} ms, the longest {longest:.0} ms", median(&times)),
        longest < 300.0,
        format!(
            "each of {} letters of its sample, one after the other, median; the first of a process, which opens the fonts, \
             {first:.0} ms",
            times.len()
        ),
    );
    Ok(())
}
