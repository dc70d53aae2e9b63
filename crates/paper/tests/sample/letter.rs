//! Letters of invented authorities, for the tests and for a look at the paper (`cargo run -p paper --example letter`).

use law::letter::{Letter, Value, Values};
use paper::letter::OfficialLetter;
use paper::template::{Template, default_template};

/// The text of a field.
pub fn text(values: &Values, name: &str) -> String {
    values.get(name).and_then(|v| v.texts().first().map(|t| (*t).to_owned())).unwrap_or_default()
}

/// The letter its default template makes of these values.
pub fn made(letter: Letter, values: &Values) -> OfficialLetter {
    let template = Template::parse(letter, default_template(letter)).unwrap();
    let issuer = text(values, "机关名称");
    OfficialLetter {
        number: Some(text(values, "文号")).filter(|_| letter.needs_number()),
        text: template.render(values).unwrap(),
        signed_by: issuer.clone(),
        issuer,
        made_on: Some(law::date(2026, 3, 20)),
        printed_on: law::date(2026, 3, 18),
        draft: false,
    }
}

/// The sample letter.
pub fn sample(letter: Letter) -> OfficialLetter {
    made(letter, &letter.sample())
}

/// A refusal in part with many severed parts, long names and rare characters.
pub fn long() -> OfficialLetter {
    let letter = Letter::Decision(law::decision::Decision::GrantedInPart);
    let mut values = letter.sample();
    let Some(Value::Rows(rows)) = values.get("不予公开部分").cloned() else { panic!("rows") };
    let many = (0..50).map(|i| {
        let mut row = rows[i % 2].clone();
        row.insert("内容".into(), format!("第{}号文件中{}", i + 1, rows[i % 2]["内容"]));
        row
    });
    values.insert("不予公开部分".into(), Value::Rows(many.collect()));
    values.insert(
        "申请人".into(),
        Value::Text("昇堃垚喆镕科技发展（云岭）有限责任公司工会委员会劳动争议调解与法律援助服务中心".into()),
    );
    values.insert("称谓".into(), Value::Text("贵单位".into()));
    let mut made = made(letter, &values);
    made.issuer = "云岭市某某彝族回族自治县农业农村和水务综合行政执法局".into();
    made.signed_by = made.issuer.clone();
    made
}

/// A draft without number, date and the values that are not there yet.
pub fn draft() -> OfficialLetter {
    let letter = Letter::Decision(law::decision::Decision::UnavailableNotHeld);
    let mut values = letter.sample();
    for name in ["理由", "收到方式"] {
        values.remove(name);
    }
    let mut made = made(letter, &values);
    (made.number, made.made_on, made.draft) = (None, None, true);
    made
}
