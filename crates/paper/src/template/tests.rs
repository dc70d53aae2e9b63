use super::*;
use crate::letter::{Block, Level};
use law::decision::Decision;

const GRANTED: Letter = Letter::Decision(Decision::Granted);
const IN_PART: Letter = Letter::Decision(Decision::GrantedInPart);

fn problems(letter: Letter, source: &str) -> Vec<String> {
    Template::parse(letter, source).unwrap_err().into_iter().map(|p| p.text).collect()
}

fn rendered(letter: Letter, source: &str, values: &[(&str, &str)]) -> LetterText {
    let values = values.iter().map(|(n, v)| ((*n).to_owned(), Value::Text((*v).to_owned()))).collect();
    Template::parse(letter, source).unwrap().render(&values).unwrap()
}

#[test]
fn every_default_template_makes_a_letter_that_lacks_nothing() {
    for letter in Letter::all() {
        let source = default_template(letter);
        assert!(source.starts_with(letter.title()), "{}", letter.key());
        let template = Template::parse(letter, source).unwrap_or_else(|p| panic!("{}: {p:?}", letter.key()));
        assert_eq!((template.letter(), template.source()), (letter, source));
        assert_eq!(template.gaps(), [], "{}", letter.key());
    }
}

#[test]
fn every_field_of_a_letter_stands_in_its_default_template() {
    for letter in Letter::all() {
        let source = default_template(letter);
        for field in letter.fields() {
            // Those of the head and the signature are printed around the text.
            if !["机关名称", "文号", "成文日期"].contains(&field.name) {
                assert!(source.contains(field.name), "{}: {}", letter.key(), field.name);
            }
        }
    }
}

#[test]
fn what_a_template_of_a_unit_leaves_out_is_told_with_its_article() {
    let source = default_template(GRANTED).replace("{{ 救济途径 }}", "");
    let gaps = Template::parse(GRANTED, &source).unwrap().gaps();
    assert_eq!(gaps[0].code, "remedies-missing");
    assert!(gaps[0].citation.contains("行政复议法"));
}

#[test]
fn problems_name_their_line_and_all_are_told() {
    let source = "告知书\n{{ 申请人 }}：\n{{ 申请者 }}\n{{ 附件 }}\n{% for 件 in 附件 %}{{ 件.名称 }}{% endfor %}\n{{ 依据 | upper }}";
    assert_eq!(
        problems(GRANTED, source),
        [
            "第3行：政府信息公开告知书没有“申请者”字段，请对照字段表修改",
            "第4行：字段“附件”有多项，请用“{% for 项 in 附件 %}”逐项写",
            "第5行：“件”没有“名称”这一列",
            "第6行：模板标记里不能使用“|”，只能写字段名、if和for",
        ]
    );
}

#[test]
fn rows_have_the_columns_of_their_field() {
    let row = |inside: &str| format!("书\n{{% for 行 in 不予公开部分 %}}{inside}{{% endfor %}}");
    assert!(Template::parse(IN_PART, &row("{{ 行.内容 }}")).is_ok());
    assert_eq!(problems(IN_PART, &row("{{ 行.页码 }}")), ["第2行：“行”没有“页码”这一列"]);
    assert_eq!(problems(IN_PART, &row("{{ 行 }}")), ["第2行：“行”是一行，请写明要哪一列，如“行.内容”"]);
}

#[test]
fn everything_a_letter_does_not_need_is_refused() {
    for tag in [
        "{% set a = 依据 %}",
        "{% include \"a\" %}",
        "{% extends \"a\" %}",
        "{% import \"a\" as b %}",
        "{% macro a() %}{% endmacro %}",
        "{% filter upper %}{% endfilter %}",
        "{% block a %}{% endblock %}",
        "{% raw %}{% endraw %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% call a() %}{% endcall %}",
        "{% do a() %}",
        "{% with a = 1 %}{% endwith %}",
        "{{ 依据 ~ 依据 }}",
        "{{ range(9999999) }}",
        "{{ 依据 * 1000000 }}",
        "{{ \"a\" * 1000000 }}",
        "{{ 依据[0] }}",
        "{{ 依据.upper() }}",
        "{{ debug() }}",
        "{{ self }}",
        "{{ loop.index }}",
        "{{ loop }}",
        "{{ 1 + 1 }}",
        "{{ 1 }}",
        "{{ }}",
        "{{ 申请人 申请人 }}",
        "{% if %}{% endif %}",
        "{% if 没有 %}{% endif %}",
        "{% if 依据 is defined %}{% endif %}",
        "{% for 申请人 in 附件 %}{% endfor %}",
        "{% for 项 in 依据 %}{% endfor %}",
        "{% for 项 in [1,2] %}{% endfor %}",
        "{% for 项 in 附件 recursive %}{% endfor %}",
        "{% else %}",
        "{% endif %}",
        "{% for 项 in 附件 %}{% else %}{% endfor %}",
        "{% for 项 in 附件 %}{% endif %}",
        "{% if 依据 %}",
        "{{ 依据",
        "{% if 依据 ",
        "{# 没有结束",
        "依据 }}",
        "%}",
        "{% if 依据 and %}{% endif %}",
        "{% if and 依据 %}{% endif %}",
        "{% if 依据 依据 %}{% endif %}",
        "{% if loop.nothing > 1 %}{% endif %}",
    ] {
        let found = problems(GRANTED, &format!("告知书\n正文\n{tag}"));
        assert!(found.iter().all(|p| p.starts_with("第3行：") && p.chars().count() < 80), "{tag}: {found:?}");
    }
}

#[test]
fn conditions_loops_and_remarks_do_what_they_say() {
    let source = "书\n{# 不打印 #}{% if not 补正收到日期 %}未补正{% elif 依据 and 理由 %}甲{% else %}乙{% endif %}。\n\
                  {% for 件 in 附件 %}\n{% if loop.length > 1 and not loop.last %}{{ loop.index }}. {% endif %}{{- 件 -}}\n{% endfor %}";
    let template = Template::parse(GRANTED, source).unwrap();
    let mut values = Values::new();
    values.insert("附件".into(), Value::List(vec!["甲".into(), "乙".into()]));
    let text = template.render(&values).unwrap();
    let lines: Vec<_> = text.body.iter().map(|b| format!("{b:?}")).collect();
    assert!(lines[0].contains("未补正。") && lines.concat().contains("1. 甲"), "{lines:?}");
    values.insert("补正收到日期".into(), Value::Text("2026年3月1日".into()));
    let text = template.render(&values).unwrap();
    assert!(format!("{:?}", text.body[0]).contains("乙。"), "理由 is empty: {:?}", text.body[0]);
}

#[test]
fn a_missing_value_leaves_a_gap_that_is_found_and_an_optional_one_nothing() {
    let text =
        rendered(GRANTED, "书\n依据{{ 依据 }}{% if 理由 %}，{{ 理由 }}{% endif %}。{{ 公开内容 }}完", &[]);
    assert_eq!(text.body, [Block::Text { level: Level::Plain, text: "依据____。完".into() }]);
}

#[test]
fn a_value_never_becomes_structure() {
    for hostile in [
        "附件：假的",
        "> 引文",
        "| 甲 | 乙 |",
        "一、标题",
        "抄送：乙",
        "附注：丙",
        "{{ 依据 }}",
        "{% raw %}",
        "1. 项",
    ] {
        let text = rendered(GRANTED, "书\n{{ 依据 }}\n完", &[("依据", hostile)]);
        assert_eq!(text.body[0], Block::Text { level: Level::Plain, text: hostile.into() });
        assert_eq!(text.body.len(), 2);
        assert!(text.attachments.is_empty() && text.notes.is_empty() && text.copies.is_empty());
        // On a second line neither.
        let text = rendered(GRANTED, "书\n{{ 依据 }}\n完", &[("依据", &format!("先\n{hostile}\r\n后"))]);
        assert_eq!(text.body.len(), 4, "{:?}", text.body);
        assert_eq!(text.body[1], Block::Text { level: Level::Plain, text: hostile.into() });
    }
    let mut values = IN_PART.sample();
    let row = |s: &str| {
        [("内容", s), ("依据", "a|b"), ("理由", "c\n| d")].map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    };
    values.insert("不予公开部分".into(), Value::Rows(vec![row("甲|乙")]));
    let text = Template::parse(IN_PART, default_template(IN_PART)).unwrap().render(&values).unwrap();
    let table =
        text.body.iter().find_map(|b| if let Block::Table(rows) = b { Some(rows) } else { None }).unwrap();
    assert_eq!(table[1], ["1", "甲|乙", "a|b", "c | d"]);
}

#[test]
fn marks_and_controls_in_values_and_templates_vanish() {
    let text =
        rendered(GRANTED, "书\n\u{FDD0}一、题\n{{ 依据 }}", &[("依据", "\u{FDD3}甲\u{0}\u{202e}乙\u{FDD2}")]);
    assert_eq!(
        text.body,
        [
            Block::Text { level: Level::First, text: "一、题".into() },
            Block::Text { level: Level::Plain, text: "甲乙".into() },
        ]
    );
}

#[test]
fn the_full_stop_of_a_value_gives_way_to_the_sentence() {
    let text = rendered(
        GRANTED,
        "书\n因{{ 理由 }}，公开{{ 公开内容 }}。{{ 依据 }}",
        &[("理由", "太长。"), ("公开内容", "全文；"), ("依据", "依法。")],
    );
    assert_eq!(text.body, [Block::Text { level: Level::Plain, text: "因太长，公开全文。依法。".into() }]);
}

#[test]
fn values_that_do_not_belong_are_refused_in_one_sentence() {
    let template = Template::parse(GRANTED, default_template(GRANTED)).unwrap();
    let refused = |name: &str, value: Value| {
        let error = template.render(&[(name.to_owned(), value)].into()).unwrap_err().to_string();
        assert!(error.chars().count() < 100, "{error}");
        error
    };
    assert!(refused("没有", Value::Text("甲".into())).contains("没有“没有”字段"));
    assert!(refused(&"长".repeat(100_000), Value::Text("甲".into())).contains("字段"));
    assert!(refused("依据", Value::List(vec!["甲".into()])).contains("应当是文字"));
    assert!(refused("附件", Value::Text("甲".into())).contains("应当是列表"));
    assert!(refused("附件", Value::List(vec!["甲".into(); MOST_ITEMS + 1])).contains("超过500项"));
    assert!(refused("理由", Value::Text("长".repeat(LONGEST_TEXT + 1))).contains("10万字"));
}

#[test]
fn a_hostile_template_neither_hangs_nor_fills_the_memory() {
    // Nested loops over full lists: the engine runs out of fuel or the page out of room.
    let depth = 6;
    let nested = format!(
        "书\n{}{{{{ 依据 }}}}{}",
        (0..depth).map(|i| format!("{{% for 甲{i} in 附件 %}}")).collect::<String>(),
        "{% endfor %}".repeat(depth)
    );
    let template = Template::parse(GRANTED, &nested).unwrap();
    let mut values = Values::new();
    values.insert("附件".into(), Value::List(vec!["甲".into(); MOST_ITEMS]));
    for basis in ["", "一", &"长".repeat(1_000)] {
        values.insert("依据".into(), Value::Text(basis.into()));
        let error = template.render(&values).unwrap_err().to_string();
        assert!(error.contains("10万字") || error.contains("循环过多"), "{error}");
    }
    for bomb in [
        format!("书{}", "{% if 依据 %}".repeat(1_000)),
        format!("书{}", "{{".repeat(9_000)),
        format!("书{}", "{{ 依据 }}".repeat(1_900)),
        format!("书{{% if {} 依据 %}}{{% endif %}}", "not ".repeat(4_000)),
        format!("书{{% if {} %}}{{% endif %}}", vec!["依据"; 3_000].join(" and ")),
        "长".repeat(LONGEST_TEMPLATE + 1),
    ] {
        let found = problems(GRANTED, &bomb);
        assert!(!found.is_empty());
    }
}
