use super::*;

fn text(level: Level, text: &str) -> Block {
    Block::Text { level, text: text.into() }
}

#[test]
fn a_text_is_taken_apart_by_the_beginnings_of_its_lines() {
    let letter = LetterText::parse(
        "告知书\n\n林知远：\n　一、事实\n（一）检索\n1. 系统\n（1）档案室\n没有。\n> “申请内容”\n| 序号 | 内容 |\n| 1 | 甲 |\n\
         附件：甲（3页）\n附件：乙\n附注：联系人：张三\n抄送：县司法局。",
    )
    .unwrap();
    assert_eq!(letter.title, "告知书");
    assert_eq!(letter.addressee.as_deref(), Some("林知远"));
    let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
    assert_eq!(
        letter.body,
        [
            text(Level::First, "一、事实"),
            text(Level::Second, "（一）检索"),
            text(Level::Third, "1. 系统"),
            text(Level::Fourth, "（1）档案室"),
            text(Level::Plain, "没有。"),
            Block::Quote("“申请内容”".into()),
            Block::Table(vec![row("序号", "内容"), row("1", "甲")]),
        ]
    );
    assert_eq!(letter.attachments, ["甲（3页）", "乙"]);
    assert_eq!(letter.notes, ["联系人：张三"]);
    assert_eq!(letter.copies, ["县司法局。"]);
}

#[test]
fn what_only_looks_like_a_level_is_a_paragraph() {
    for line in ["一些单位反映", "（三）", "2026年3月20日收到", "3.5万元", "（见附件）", "十分清楚"]
    {
        let letter = LetterText::parse(&format!("标题\n{line}")).unwrap();
        let expected = if line == "（三）" { Level::Second } else { Level::Plain };
        assert_eq!(letter.body, [text(expected, line)]);
    }
}

#[test]
fn a_letter_without_addressee_begins_with_its_body() {
    let letter = LetterText::parse("标题\n正文。").unwrap();
    assert_eq!((letter.addressee, letter.body.len()), (None, 1));
}

#[test]
fn nothing_and_too_much_are_refused_in_one_sentence() {
    for text in ["", " \n\u{0}\n", &"长".repeat(LONGEST_TEXT + 1)] {
        let error = LetterText::parse(text).unwrap_err().to_string();
        assert!(error.starts_with("文书"), "{error}");
    }
}

#[test]
fn rows_of_a_table_are_made_equally_long_and_not_too_many_columns() {
    let letter = LetterText::parse(&format!("标题\n| 甲 | 乙\n|{}", "|丙".repeat(100))).unwrap();
    let Block::Table(rows) = &letter.body[0] else { panic!("{:?}", letter.body) };
    assert!(rows.iter().all(|row| row.len() == COLUMNS), "{rows:?}");
    assert!((shares(rows).iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn a_heading_ends_at_its_full_stop_and_a_sentence_is_none() {
    assert_eq!(heading("一、救济途径"), ("一、救济途径", ""));
    assert_eq!(heading("一、依据。因为条例。"), ("一、依据。", "因为条例。"));
    assert_eq!(heading("一、请补正身份证明。"), ("", "一、请补正身份证明。"));
}

#[test]
fn a_long_title_breaks_into_lines_of_equal_length() {
    let lines = pdf::title_lines("云岭县人民政府办公室关于林知远申请公开农村饮水安全工程验收报告的答复");
    let lengths: Vec<usize> = lines.iter().map(|l| l.chars().count()).collect();
    assert_eq!(lengths, [17, 17]);
    assert_eq!(pdf::title_lines("告知书"), ["告知书"]);
}

#[test]
fn the_text_of_a_document_has_headings_paragraphs_and_tables() {
    let html = text_html(
        "各乡镇人民政府：\r\n　　为了<b>公开</b>，通知如下。\n\n一、总体要求\n（一）目标\n1. 到2025年……\n项目\t金额\n道路\t3\n> 完",
    );
    assert_eq!(
        html,
        "<p class=\"addressee\">各乡镇人民政府：</p>\n<p>为了&lt;b&gt;公开&lt;/b&gt;，通知如下。</p>\n<h2>一、总体要求</h2>\n<h3>（一）目标</h3>\n\
         <p>1. 到2025年……</p>\n<div class=\"letter-scroll\" tabindex=\"0\">\n<table>\n<thead><tr>\
         <th scope=\"col\">项目</th><th scope=\"col\">金额</th></tr></thead>\n<tbody>\n<tr><td>道路</td><td>3</td></tr>\n\
         </tbody>\n</table>\n</div>\n<p>&gt; 完</p>\n"
    );
    assert_eq!(text_html(" \n\n"), "");
    let signed = text_html("予以废止。\n样本市人民政府\n2021年3月1日");
    assert_eq!(
        signed,
        "<p>予以废止。</p>\n<p class=\"signed\">样本市人民政府</p>\n<p class=\"signed\">2021年3月1日</p>\n"
    );
    assert!(!text_html("自2021年3月1日起施行").contains("signed"));
    assert!(text_html("2021年3月1日").contains("signed"));
    assert_eq!(text_html("|甲|乙|\n|丙|").matches("<td>").count(), 2, "short rows are filled up");
    let wide = "1\t2\t3\t4\t5\t6\t7\t8\t9\t10";
    assert_eq!(text_html(&format!("{wide}\n{wide}")).matches("<td>").count(), 10, "no column is lost");
    assert_eq!(text_html("\t首行缩进\n目录\t1"), "<p>首行缩进</p>\n<p>目录　1</p>\n", "no tables");
}
