use super::*;
use crate::decision::Remedy;
use jiff::civil::date;
use std::collections::BTreeSet;

/// Everything a complete letter says, as a plain text: the values one after another, and the fixed words of the law.
fn complete(letter: Letter) -> (Vec<(Element, String)>, String) {
    let said = letter.said(&letter.sample());
    let mut text: String = said.iter().map(|(_, words)| format!("{words}\n")).collect();
    for requirement in letter.requirements() {
        text.push_str(requirement.marks.first().copied().unwrap_or_default());
        text.push('\n');
    }
    (said, text)
}

fn codes(letter: Letter, said: &[(Element, String)], text: &str) -> Vec<String> {
    missing(letter, said, text).into_iter().map(|r| r.code).collect()
}

fn refusal() -> Letter {
    Letter::Decision(Decision::RefusedSecurityStability)
}

fn with(said: &[(Element, String)], element: Element, words: &str) -> Vec<(Element, String)> {
    let mut said: Vec<_> = said.iter().filter(|(e, _)| *e != element).cloned().collect();
    said.push((element, words.to_owned()));
    said
}

#[test]
fn every_letter_has_its_key_title_fields_elements_and_a_complete_sample() {
    let mut keys = BTreeSet::new();
    for letter in Letter::all() {
        assert!(keys.insert(letter.key()), "{} is used twice", letter.key());
        assert_eq!(Letter::parse(letter.key()), Some(letter));
        assert!(!letter.label().is_empty() && !letter.title().is_empty());
        let json = serde_json::to_value(letter).unwrap();
        assert_eq!(json, letter.key());
        assert_eq!(serde_json::from_value::<Letter>(json).unwrap(), letter);

        let sample = letter.sample();
        for field in letter.fields() {
            assert!(!field.about.is_empty(), "{}", field.name);
            assert!(sample[field.name].is(field.shape), "{letter:?} {}", field.name);
            assert!(!field.needed || !sample[field.name].texts().is_empty(), "{letter:?} {}", field.name);
        }
        let (said, text) = complete(letter);
        for requirement in letter.requirements() {
            assert!(!requirement.citation.is_empty(), "{letter:?} {:?}", requirement.element);
            let given = said.iter().any(|(e, _)| *e == requirement.element);
            assert!(
                given || !requirement.marks.is_empty(),
                "{letter:?}: nothing gives {:?}",
                requirement.element
            );
        }
        assert_eq!(missing(letter, &said, &text), [], "{letter:?}");
    }
    assert_eq!(keys.len(), 36);
    assert_eq!(Letter::parse("nothing"), None);
    assert!(serde_json::from_str::<Letter>("\"nothing\"").is_err());
}

/// A preview teaches: its dates are those the law gives, with the make-up working days of 2026.
#[test]
fn the_days_of_the_samples_are_those_of_the_law() {
    let calendar = crate::calendar::Calendar::builtin();
    let day = |letter: Letter, name: &str| match &letter.sample()[name] {
        Value::Text(text) => crate::wording::parse_day(text).unwrap(),
        other => panic!("{name}: {other:?}"),
    };
    let after = |on, n| calendar.add(on, n).unwrap().0;
    let made_on = day(Letter::Receipt, "成文日期");
    let received = day(Letter::Receipt, "收到日期");
    let due = day(Letter::Receipt, "答复期限");
    assert_eq!((due, made_on <= due), (after(received, 20), true));
    assert_eq!(day(Letter::Extension, "延长后答复期限"), after(received, 40));
    assert!(made_on <= after(day(Letter::Correction, "收到日期"), 7), "补正 is told within seven days");
    let unpaid = Letter::Decision(Decision::OtherFeeUnpaid);
    assert_eq!(day(unpaid, "缴费期限"), after(day(unpaid, "缴费告知日期"), 20));
    assert!(day(unpaid, "缴费期限") < made_on);
    let handling = day(Letter::Assistance, "办理期限");
    assert!(made_on < handling && handling < due, "the unit has to be ready before the agency");
    for letter in Letter::all() {
        for name in ["收到日期", "补正收到日期", "补正告知日期", "缴费告知日期", "原答复日期"]
        {
            let past = letter.field(name).is_some() && !letter.sample()[name].texts().is_empty();
            assert!(!past || day(letter, name) <= made_on, "{letter:?} {name}");
        }
        for name in ["补正期限", "说明理由期限", "延迟期限", "反馈期限"] {
            let open = letter.field(name).is_some() && !matches!(letter, Letter::Decision(_));
            assert!(!open || day(letter, name) > made_on, "{letter:?} {name}");
        }
    }
}

#[test]
fn every_field_is_used_and_every_name_is_a_field() {
    let all: BTreeSet<&str> = field::FIELDS.iter().map(|line| line.0).collect();
    assert_eq!(all.len(), field::FIELDS.len(), "a name stands twice");
    let used: BTreeSet<&str> = Letter::all()
        .flat_map(|l| {
            let (needed, optional) = l.names();
            assert!(needed.iter().all(|n| !optional.contains(n)), "{l:?}: needed and optional");
            [needed, optional].concat()
        })
        .collect();
    assert_eq!(used, all);
}

#[test]
fn a_term_set_by_law_cannot_be_shortened() {
    let letter = Letter::ThirdParty;
    let (said, text) = complete(letter);
    let said = with(&said, Element::Period, "10个工作日");
    assert_eq!(codes(letter, &said, &format!("{text}10个工作日")), ["term-differs"]);
}

#[test]
fn an_empty_letter_misses_everything_at_once_each_with_its_article() {
    for letter in Letter::all() {
        let refusals = missing(letter, &[], "");
        assert_eq!(refusals.len(), letter.requirements().len(), "{letter:?}");
        assert!(refusals.iter().all(|r| !r.citation.is_empty() && r.code.ends_with("-missing")));
    }
}

#[test]
fn words_given_but_left_out_of_the_text_are_missed() {
    let (said, text) = complete(refusal());
    let without = text.replace("该信息公开后可能被用于破坏供水设施，危及公共安全。", "");
    assert_eq!(codes(refusal(), &said, &without), ["reasons-missing"]);
    // Blanks, line ends and the width of characters do not count.
    let wide = text
        .replace("破坏供水设施，危及公共安全。", "破坏 供水\n设施，危及公共安全。")
        .replace("0000-2000001", "００００－２０００００１");
    assert_eq!(codes(refusal(), &said, &wide), [""; 0]);
}

#[test]
fn a_refusal_under_article_14_offers_no_direct_suit_since_2024() {
    let (said, text) = complete(refusal());
    let direct =
        "如对本决定不服，可以自收到本决定之日起60日内申请行政复议，或者6个月内向云岭县人民法院提起行政诉讼。";
    assert_eq!(codes(refusal(), &said, &format!("{text}{direct}")), ["direct-suit"]);
    assert_eq!(codes(refusal(), &said, &format!("{text}也可以直接向云岭县人民法院起诉。")), ["direct-suit"]);
    assert_eq!(codes(refusal(), &said, &format!("{text}不得直接向人民法院提起行政诉讼。")), [""; 0]);
    // What is no offer: two courts after reconsideration, a suit that belongs to the facts.
    let courts = "对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向甲法院或者乙法院提起行政诉讼。";
    assert_eq!(codes(refusal(), &said, &format!("{text}{courts}")), [""; 0]);
    let facts = "第三方已经直接提起行政诉讼。";
    let with_facts = with(&said, Element::Facts, facts);
    assert_eq!(codes(refusal(), &with_facts, &format!("{text}{facts}")), [""; 0]);
    // That the word 先 stands somewhere is not enough.
    let untold = text.replace("应当先申请行政复议，", "") + "先后检索。";
    let remedy = with(&said, Element::Remedies, "60日内");
    assert_eq!(codes(refusal(), &remedy, &untold), ["reconsideration-first-untold"]);

    // On the last day of 2023 the same refusal had the direct suit, and needs it.
    let old = |element, words: &str| with(&said, element, words);
    let remedy = Remedy::Either.sentence("云岭县人民政府", "云岭县人民法院", date(2023, 12, 31)).unwrap();
    let said_2023 = with(&old(Element::MadeOn, "2023年12月31日"), Element::Number, "云政公开〔2023〕15号");
    let said_2023 = with(&said_2023, Element::Remedies, &remedy);
    let text_2023: String = said_2023.iter().map(|(_, w)| w.as_str()).chain(["不予公开"]).collect();
    assert_eq!(codes(refusal(), &said_2023, &text_2023), [""; 0]);
    let said_2024 =
        with(&with(&said_2023, Element::MadeOn, "2024年1月1日"), Element::Number, "云政公开〔2024〕1号");
    let text_2024: String = said_2024.iter().map(|(_, w)| w.as_str()).chain(["不予公开"]).collect();
    let found = codes(refusal(), &said_2024, &text_2024);
    assert_eq!(found, ["direct-suit", "reconsideration-first-untold", "remedy-term-missing"]);
}

#[test]
fn a_split_decision_follows_the_articles_of_what_is_withheld() {
    let letter = Letter::Decision(Decision::GrantedInPart);
    let (said, text) = complete(letter);
    let direct = "或者自收到本决定之日起6个月内向云岭县人民法院提起行政诉讼。";
    assert_eq!(codes(letter, &said, &format!("{text}{direct}")), ["direct-suit"]);
    // Withheld because it does not exist: either way is open, and the six months must be told.
    let other = "《中华人民共和国政府信息公开条例》第三十六条第四项";
    let said = with(&said, Element::Withheld, other);
    assert_eq!(codes(letter, &said, &format!("{text}{other}")), ["remedy-term-missing"]);
    assert_eq!(codes(letter, &said, &format!("{text}{other}{direct}")), [""; 0]);
}

#[test]
fn the_sentence_made_for_a_letter_is_the_one_the_check_accepts() {
    for letter in Letter::all().filter(|l| l.needs_remedies()) {
        for day in [date(2023, 12, 29), date(2024, 1, 2)] {
            let mut values = letter.sample();
            let sentence = letter.remedies(&values, "云岭县人民政府", "云岭县人民法院", day).unwrap();
            let made_on = format!("{}年{}月{}日", day.year(), day.month(), day.day());
            let number = format!("云政公开〔{}〕1号", day.year());
            for (name, words) in [("救济途径", sentence), ("成文日期", made_on), ("文号", number)] {
                values.insert(name.into(), Value::Text(words));
            }
            let said = letter.said(&values);
            let marks = letter.requirements().into_iter().filter_map(|r| r.marks.first().copied());
            let text: String =
                said.iter().map(|(_, w)| w.as_str()).chain(marks).collect::<Vec<_>>().join("\n");
            assert_eq!(missing(letter, &said, &text), [], "{letter:?} {day}");
        }
    }
}

#[test]
fn what_was_left_to_be_filled_in_is_found_but_not_in_the_words_of_the_applicant() {
    let (said, text) = complete(refusal());
    for left in ["××县", "{{ 理由 }}", "＿＿＿＿", "〔 〕"] {
        assert!(
            codes(refusal(), &said, &format!("{text}{left}")).contains(&"placeholder-left".to_owned()),
            "{left}"
        );
    }
    // A code is chance: about one in a hundred has two X side by side.
    for code in ["ATMZ-JDLM-XX5H", "XX22-XXXX-22XX"] {
        assert_eq!(codes(refusal(), &said, &format!("{text}办理进度查询码：{code}。")), [""; 0], "{code}");
    }
    assert_eq!(codes(refusal(), &said, &format!("{text}20XX年")), ["placeholder-left"]);
    let asked = "公开××路的施工合同";
    let said = with(&said, Element::RequestText, asked);
    assert_eq!(codes(refusal(), &said, &format!("{text}{asked}")), [""; 0]);
}

#[test]
fn a_number_out_of_form_or_of_another_year_is_refused() {
    let (said, text) = complete(refusal());
    let number =
        |number: &str| codes(refusal(), &with(&said, Element::Number, number), &format!("{text}{number}"));
    assert_eq!(number("云政公开[2026]第015号"), ["number-brackets", "number-ordinal", "number-zeros"]);
    assert_eq!(number("云政公开〔2025〕15号"), ["number-year-differs"]);
    assert_eq!(number("云政公开〔2026〕15号"), [""; 0]);
}

#[test]
fn a_basis_goes_down_to_the_item_and_is_that_of_the_decision() {
    let letter = Letter::Decision(Decision::UnavailableNotHeld);
    let (said, text) = complete(letter);
    let basis = |words: &str| codes(letter, &with(&said, Element::Basis, words), &format!("{text}{words}"));
    assert_eq!(basis("《中华人民共和国政府信息公开条例》第三十六条"), ["basis-without-item"]);
    assert_eq!(
        basis("《中华人民共和国政府信息公开条例》"),
        ["basis-without-article", "basis-of-another-decision"]
    );
    assert_eq!(basis("《中华人民共和国政府信息公开条例》第十四条"), ["basis-of-another-decision"]);
    assert_eq!(basis("条例第三十六条第（四）项"), [""; 0]);
}

#[test]
fn who_is_answered_by_electronic_mail_is_told_the_electronic_way_to_reconsideration() {
    let letter = Letter::Decision(Decision::Granted);
    let (said, text) = complete(letter);
    let said = with(&said, Element::Delivery, "发送电子邮件");
    assert_eq!(codes(letter, &said, &format!("{text}发送电子邮件")), ["online-route-missing"]);
    let route = "可以通过以下互联网渠道提交行政复议申请";
    assert_eq!(codes(letter, &said, &format!("{text}发送电子邮件{route}")), [""; 0]);
}

#[test]
fn values_have_the_shape_of_their_field() {
    let rows: Value = serde_json::from_str(r#"[{"内容":"甲","依据":"乙"}]"#).unwrap();
    assert!(rows.is(Shape::Rows(&["内容", "依据", "理由"])));
    assert!(!rows.is(Shape::Rows(&["内容"])), "a column the field does not have");
    assert!(!rows.is(Shape::List) && !rows.is(Shape::Text));
    let list: Value = serde_json::from_str(r#"["甲"]"#).unwrap();
    assert!(list.is(Shape::List) && !list.is(Shape::Text));
    let text: Value = serde_json::from_str(r#""甲""#).unwrap();
    assert!(text.is(Shape::Text) && !text.is(Shape::List));
}
