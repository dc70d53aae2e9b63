//! Layouts in which it is easy to put a figure into the wrong cell: cells that programs repeat, drop, wrap, or part by bars
//! and tabs. Small pieces of reports, each with what may be read of it.

use crate::made::{Hand, figures, tables};
use crate::print::file;
use law::form::Form;
use law::form::published::TableState;
use paper::read::{Reading, read};

const TITLE: &str = "某县某局2023年政府信息公开工作年度报告\n一、总体情况\n我局认真做好公开工作。\n";

fn reading(text: &str) -> Reading {
    read(text.as_bytes()).unwrap()
}

/// The figures of a row, `-` for a blank cell, nothing for one that was not read.
fn row(reading: &Reading, row: &str, columns: &[&str]) -> String {
    let cell = |column: &&str| match reading.printed.0.get(&format!("{row}.{column}")) {
        Some(Some(amount)) => amount.to_string(),
        Some(None) => "-".to_owned(),
        None => String::new(),
    };
    columns.iter().map(cell).collect::<Vec<_>>().join(" ")
}

const SEVEN: [&str; 7] = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
];

fn refused(reading: &Reading) -> String {
    reading.refused.iter().map(|r| r.reason.as_str()).collect()
}

#[test]
fn a_figure_that_covers_two_columns_is_written_twice() {
    let page = "<p>某县某局2020年政府信息公开工作年度报告</p><p>第二十条第（九）项</p><table>\
        <tr><td>信息内容</td><td>采购项目数量</td><td>采购总金额</td><td>采购总金额</td></tr>\
        <tr><td>政府集中采购</td><td></td><td>823</td><td>823</td></tr></table>";
    let columns = ["items", "amount"];
    assert_eq!(row(&reading(page), "proactive.procurement", &columns), "- 823");
    // Room behind the figure, and no figure twice.
    let room = page
        .replace("<td>采购总金额</td></tr>", "<td></td></tr>")
        .replace("<td>823</td></tr>", "<td></td></tr>");
    assert_eq!(row(&reading(&room), "proactive.procurement", &columns), "- 823");
    // Without headings it may be either.
    let bare = page.replace("信息内容", "内容");
    assert_eq!(row(&reading(&bare), "proactive.procurement", &columns), " ", "{}", refused(&reading(&bare)));
}

#[test]
fn a_tab_behind_the_last_cell_is_no_cell() {
    let text = format!(
        "{TITLE}第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\t\n规章\t1\t2\t\n行政规范性文件\t3\t4\t5\t\n"
    );
    let columns = ["issued", "repealed", "in_force"];
    // One of three is blank and was lost: which one cannot be told.
    assert_eq!(row(&reading(&text), "proactive.rules", &columns), "  ");
    assert_eq!(row(&reading(&text), "proactive.normative_documents", &columns), "3 4 5");
}

#[test]
fn a_bar_that_ends_no_word_is_a_blank_cell() {
    let row_of = |text: &str| {
        let text = format!(
            "{TITLE}三、收到和处理政府信息公开申请情况\n申请人情况 |\n|||||||\n一、本年新收政府信息公开申请数量 |\n{text}二、上年结转政府信息公开申请数量 |\n0 |\n0 |\n0 |\n0 |\n0 |\n0 |\n0 |\n||\n三、本年度办理结果 |\n（一）予以公开 |\n3 |\n0 |\n0 |\n0 |\n0 |\n0 |\n3 |\n|\n"
        );
        row(&reading(&text), "requests.new_requests", &SEVEN)
    };
    assert_eq!(row_of("3 |\n|\n|\n|\n|\n|\n3 |\n||\n"), "3 - - - - - 3");
    assert_eq!(row_of("|\n|\n|\n|\n|\n|\n|\n||\n"), "- - - - - - -");
    assert_eq!(row_of("3 |\n|\n|\n1 |\n|\n|\n4 |\n|\n"), "3 - - 1 - - 4", "one bar fills up the row");
    // Blank cells were dropped and the row filled up behind: the places of its figures are lost.
    assert_eq!(row_of("3 |\n3 |\n|||||||\n"), "      ");
    assert_eq!(row_of("3 |\n0 |\n0 |\n0 |\n0 |\n3 |\n|\n"), "      ");
}

#[test]
fn rows_pushed_to_the_left_are_filled_up_behind() {
    let text = format!(
        "{TITLE}| （本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） | 申请人情况 | ||||||||\n\
         | 自然人 | 法人或其他组织 | 总计 | |||||||\n\
         | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | |||||\n\
         | 一、本年新收政府信息公开申请数量 | | | 3 | | | | 3 | ||\n\
         | 二、上年结转政府信息公开申请数量 | 1 | | | | | | 1 | ||\n\
         | 三、本年度办理结果 | （一）予以公开 | | | | | | | | |\n"
    );
    let reading = reading(&text);
    assert_eq!(row(&reading, "requests.new_requests", &SEVEN), "- - 3 - - - 3");
    assert_eq!(row(&reading, "requests.carried_over_in", &SEVEN), "1 - - - - - 1");
    assert_eq!(row(&reading, "requests.granted", &SEVEN), "- - - - - - -");
}

#[test]
fn a_row_wrapped_into_two_lines_is_no_row() {
    let text = format!(
        "{TITLE}| 一、本年新收政府信息公开申请数量 | | | 7 | 1 | 0 | 2 | 0 |\n| 0 | 10 |\n\
         | 二、上年结转政府信息公开申请数量 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |\n\
         | 三、本年度办理结果 | （一）予以公开 | 7 | 1 | 0 | 2 | 0 | 0 | 10 |\n"
    );
    let reading = reading(&text);
    assert_eq!(row(&reading, "requests.new_requests", &SEVEN), "      ", "{}", refused(&reading));
    assert_eq!(row(&reading, "requests.granted", &SEVEN), "7 1 0 2 0 0 10");
}

#[test]
fn figures_behind_the_headings_of_columns_have_lost_their_rows() {
    let text = format!(
        "{TITLE}第二十条第（五）项\n信息内容\n行政许可\n14\n第二十条第（六）项\n本年处理决定数量\n行政处罚\n36\n行政强制\n\
         第二十条第（八）项\n本年收费金额（单位：万元）\n7\n行政事业性收费\n8\n"
    );
    let reading = reading(&text);
    assert_eq!(row(&reading, "proactive.licensing", &["decisions"]), "");
    assert!(refused(&reading).contains("表二"), "{}", refused(&reading));
    // A label does not reach over the headings of the next item.
    let text = format!(
        "{TITLE}第二十条第（五）项\n其他对外管理服务事项\n第二十条第（六）项\n信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n5\n6\n7\n"
    );
    let columns = ["items_last_year", "change", "decisions"];
    assert_eq!(row(&self::reading(&text), "proactive.other_services", &columns), "  ");
}

/// A table drawn with characters, its labels over several lines.
fn drawn(form: &Form, write: &dyn Fn(&str) -> String) -> [String; 3] {
    tables(form, write).map(|table| {
        let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        let rule = |row: &Vec<crate::made::Cell>| {
            format!("+{}\n", row.iter().map(|_| format!("{}+", "-".repeat(12))).collect::<String>())
        };
        let mut out = String::new();
        for row in &table {
            out.push_str(&rule(row));
            let cut = |text: &str| -> Vec<String> {
                text.chars().collect::<Vec<_>>().chunks(5).map(|c| c.iter().collect()).collect()
            };
            let cells: Vec<Vec<String>> = row.iter().map(|c| cut(&c.text)).collect();
            for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                out.push('|');
                for cell in &cells {
                    let text = cell.get(line).map_or("", String::as_str);
                    out.push_str(&format!(" {text}{}|", " ".repeat(11 - wide(text))));
                }
                out.push('\n');
            }
            out.push_str(&rule(row));
            out.push('\n');
        }
        out
    })
}

#[test]
fn tables_drawn_with_characters_are_read_by_their_cells() {
    for form in Form::all() {
        for hand in [Hand::Plain, Hand::Blank] {
            let figures = figures(form, 21, false);
            let year = form.from_year;
            let [two, three, four] = drawn(form, &|cell| hand.write(figures.value(cell)));
            let text = format!(
                "某县某局{year}年政府信息公开工作年度报告\n{}\n\n{two}\n{}\n\n{three}\n{}\n\n{four}\n",
                form.sections[1], form.sections[2], form.sections[3]
            );
            let reading = reading(&text);
            for cell in form.cells() {
                let written = hand.read(figures.value(&cell.id));
                if let Some(read) = reading.printed.0.get(&cell.id) {
                    assert_eq!(*read, written, "{} {}", form.id, cell.id);
                }
            }
            let read = reading.printed.0.len();
            assert!(read * 10 >= form.cells().len() * 9, "{} {read}: {}", form.id, refused(&reading));
        }
    }
}

#[test]
fn what_was_joined_into_one_line_is_parted_again_or_refused() {
    for form in Form::all() {
        let figures = figures(form, 5, false);
        let text = String::from_utf8(file(form, &figures, Hand::Plain, "lines")).unwrap();
        for separator in [" ", "|", "\t"] {
            let joined = text.lines().collect::<Vec<_>>().join(separator);
            let reading = reading(&joined);
            assert_eq!(reading.printed.0.len(), form.cells().len(), "{separator}: {}", refused(&reading));
            for cell in form.cells() {
                assert_eq!(reading.printed.0[&cell.id], Some(figures.value(&cell.id)), "{}", cell.id);
            }
        }
        // Without anything between them nothing can be told, but the tables are there.
        let glued = reading(&text.lines().collect::<Vec<_>>().concat());
        assert!(glued.printed.0.is_empty());
        assert!(!glued.published.tables.values().any(|t| *t == TableState::Absent), "{}", refused(&glued));
    }
}

#[test]
fn a_report_in_a_frame_is_read_by_its_lines() {
    let form = Form::by_id("2021").unwrap();
    let figures = figures(form, 9, false);
    let text = String::from_utf8(file(form, &figures, Hand::Plain, "lines")).unwrap();
    let framed: String = text.lines().map(|l| format!("|   | {l} |  |\n")).collect();
    let reading = reading(&framed);
    assert_eq!(reading.printed.0.len(), form.cells().len(), "{}", refused(&reading));
    for cell in form.cells() {
        assert_eq!(reading.printed.0[&cell.id], Some(figures.value(&cell.id)), "{}", cell.id);
    }
}

#[test]
fn the_title_is_the_last_before_the_tables() {
    let text = "某县某局2021年政府信息公开工作年度报告\n某县某局2023年政府信息公开工作年度报告\n一、总体情况\n工作正常。\n\
        信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n上一篇\n某县某局2022年政府信息公开工作年度报告\n";
    assert_eq!(reading(text).year, Some(2023));
    // A list beside the text, which a printed page puts between the title and the text.
    let beside = |period: &str, published: &str| {
        let text = format!(
            "某县某局2023年政府信息公开工作年度报告\n发布时间：{published}-01-20 10:12\n某县某局2021年政府信息公开工作年度报告\n\
             某县某局2022年政府信息公开工作年度报告\n本报告所列数据的统计期限自{period}年1月1日起至{period}年12月31日止。\n\
             一、总体情况\n工作正常。\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n"
        );
        reading(&text).year
    };
    assert_eq!(beside("2023", "2024"), Some(2023));
    // Of two years for which as much speaks, the last.
    assert_eq!(beside("2022", "2024"), Some(2022));
}

#[test]
fn headings_joined_with_what_follows_are_headings() {
    let text = "某县某局2023年政府信息公开工作年度报告\n一、总体情况二〇二三年，我局认真做好各项政府信息公开工作，及时答复公众的申请，没有发生泄密事件，工作运行正常。\n\
        信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n";
    let reading = reading(text);
    assert!(
        reading.published.headings.iter().any(|h| h.section == Some(1)),
        "{:?}",
        reading.published.headings
    );
}

#[test]
fn what_a_browser_prints_around_a_page_is_no_text() {
    let text = format!(
        "1/20/24, 3:37 AM 年度报告\n{TITLE}全年收到申请\n2024/1/20 10:12 年度报告\nhttps://example.invalid/report.html 2/3\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n"
    );
    let reading = reading(&text);
    let all: String = reading.published.passages.iter().map(|p| p.text.as_str()).collect();
    assert!(!all.contains("3:37") && !all.contains("10:12") && !all.contains("example"), "{all}");
}

#[test]
fn a_row_that_a_page_break_goes_through_is_not_blank() {
    let zeros = "<td>0</td>".repeat(7);
    let blanks = "<td></td>".repeat(7);
    let page = |half: &str, between: &str| {
        format!(
            "<p>某县某局2023年政府信息公开工作年度报告</p><table><tr><td>一、本年新收政府信息公开申请数量</td>{zeros}</tr>\
             <tr><td>{half}</td>{zeros}</tr>{between}\
             <tr><td>结转政府信息公开申请数量</td>{blanks}</tr><tr><td>（一）予以公开</td>{zeros}</tr></table>"
        )
    };
    // Labels of one character a line, a group beside them, on the next page nothing but the rest of the label.
    let narrow = |half: &str, rest: &str| {
        format!(
            "<p>某县某局2023年政府信息公开工作年度报告</p><table><tr><td colspan=2>一、本年新收政府信息公开申请数量</td>{zeros}</tr>\
             <tr><td></td><td>{half}</td>{zeros}</tr></table><p>页</p><table>\
             <tr><td></td><td>{rest}</td>{blanks}</tr><tr><td></td><td>8.属于行政查询事项</td>{zeros}</tr></table>"
        )
    };
    let label = "7.属于行政执法案卷";
    for at in label.char_indices().map(|(at, _)| at).skip(1) {
        let (half, rest) = label.split_at(at);
        let read = reading(&narrow(half, rest));
        let cells = row(&read, "requests.refused_enforcement_file", &SEVEN);
        assert!(cells == "0 0 0 0 0 0 0" || cells == "      ", "{half}|{rest}: {cells}");
        assert_eq!(row(&read, "requests.refused_administrative_inquiry", &SEVEN), "0 0 0 0 0 0 0");
    }
    let read = reading(&narrow("7.属", "于行政执法案卷"));
    assert_eq!(
        row(&read, "requests.refused_enforcement_file", &SEVEN),
        "0 0 0 0 0 0 0",
        "{}",
        refused(&read)
    );
    // The row before it was cut: this one is whole, and blank.
    let before = format!(
        "<p>某县某局2023年政府信息公开工作年度报告</p><table><tr><td>一、本年新收政府信息公开申请数量</td>{zeros}</tr>\
         <tr><td>（二）部分</td>{blanks}</tr></table><p>页</p><table><tr><td>公开（区分处理的，只计这一情形，不计其他情形）</td>{}</tr>\
         <tr><td>1.属于国家秘密</td>{blanks}</tr><tr><td>2.其他法律行政法规禁止公开</td>{zeros}</tr></table>",
        "<td>7</td>".repeat(7)
    );
    assert_eq!(row(&reading(&before), "requests.refused_state_secret", &SEVEN), "- - - - - - -");
    // A figure of more digits than its column is wide goes on behind the break.
    let torn = narrow("7.属", "于行政执法案卷").replacen(
        "<td></td></tr><tr><td></td><td>8.",
        "<td>1</td></tr><tr><td></td><td>8.",
        1,
    );
    let read = reading(&torn);
    let cells = row(&read, "requests.refused_enforcement_file", &SEVEN);
    assert_eq!(cells, "0 0 0 0 0 0 ", "the last is refused, for it may be 01: {}", refused(&read));
    // Halves that are labels of other rows, or like the same one.
    for (half, rest) in [
        ("2.其他", "法律行政法规禁止公开"),
        ("（", "二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
        ("（二）部分公开（区分处理的，只计这一情形", "，不计其他情形）"),
    ] {
        let read = reading(&narrow(half, rest));
        let id = if half.starts_with('2') {
            "requests.refused_prohibited_by_law"
        } else {
            "requests.granted_in_part"
        };
        assert_eq!(row(&read, id, &SEVEN), "0 0 0 0 0 0 0", "{half}|{rest}: {}", refused(&read));
        assert_eq!(row(&read, "requests.other_other", &SEVEN), "      ");
    }
    let proactive = |half: &str, rest: &str| {
        format!(
            "<p>某县某局2023年政府信息公开工作年度报告</p><p>第二十条第（一）项</p><table>\
             <tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>\
             <tr><td>规章</td><td>1</td><td>2</td><td>3</td></tr>\
             <tr><td>{half}</td><td>4</td><td>5</td><td>6</td></tr></table><p>页</p><table>\
             <tr><td>{rest}</td><td></td><td></td><td></td></tr></table>"
        )
    };
    let columns = ["issued", "repealed", "in_force"];
    for (half, rest) in [("行", "政规范性文件"), ("行政规", "范性文件"), ("行政规范性文", "件")]
    {
        let read = reading(&proactive(half, rest));
        assert_eq!(
            row(&read, "proactive.normative_documents", &columns),
            "4 5 6",
            "{half}: {}",
            refused(&read)
        );
        assert_eq!(row(&read, "proactive.rules", &columns), "1 2 3");
    }
    let read = reading(&proactive("其他内容", "行政规范性文件"));
    assert_eq!(row(&read, "proactive.normative_documents", &columns), "  ");
    for between in ["</table><p>页</p><table>", ""] {
        let whole = reading(&page("二、上年", between));
        assert_eq!(row(&whole, "requests.granted", &SEVEN), "0 0 0 0 0 0 0", "{}", refused(&whole));
        assert_eq!(row(&whole, "requests.carried_over_in", &SEVEN), "0 0 0 0 0 0 0", "{}", refused(&whole));
        let unsure = reading(&page("上述各项", between));
        assert_eq!(row(&unsure, "requests.carried_over_in", &SEVEN), "      ", "{}", refused(&unsure));
    }
}

#[test]
fn a_sum_of_money_is_in_the_unit_its_heading_names() {
    let page = |heading: &str, cell: &str| {
        format!(
            "<p>某县某局2020年政府信息公开工作年度报告</p><p>第二十条第（九）项</p><table>\
             <tr><td>信息内容</td><td>采购项目数量</td><td>{heading}</td></tr>\
             <tr><td>政府集中采购</td><td>13</td><td>{cell}</td></tr></table>"
        )
    };
    let read = |heading: &str, cell: &str| {
        row(&reading(&page(heading, cell)), "proactive.procurement", &["items", "amount"])
    };
    assert_eq!(read("采购总金额", "477.35"), "13 477.35");
    assert_eq!(read("采购总金额（万元）", "477.35"), "13 4773500");
    assert_eq!(read("采购总金额(单位：万元)", "477.35"), "13 4773500");
    assert_eq!(read("采购总金额（元）", "477.35"), "13 477.35");
    assert_eq!(read("采购总金额（万元）", "4773500元"), "13 4773500", "the cell's own unit goes before");
    assert_eq!(read("采购总金额（万元）", ""), "13 -");
}
