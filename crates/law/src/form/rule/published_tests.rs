//! The rules that look at a report as it was read: an ordinary report, and each thing that may be wrong with it.

use super::super::check::{Finding, Input, Severity, Verdict, run};
use super::super::count::Ledger;
use super::super::part::{Part, Scope};
use super::super::published::{Heading, Passage, Published, RowLabel, TableName, TableState, Written};
use super::super::{Figures, Form};
use crate::Amount;
use crate::docket::unit::{Level, UnitKind};
use jiff::civil::date;

/// A report with its figures.
struct Report {
    form: &'static Form,
    year: i16,
    figures: Figures,
    published: Published,
}

/// An ordinary report without a single request: everything as the form wants it.
fn ordinary(year: i16) -> Report {
    let form = Form::for_year(year).unwrap();
    let figures = form.count(&Ledger::default(), year);
    let mut p = Published {
        title: Some((format!("测试县教育局{year}年政府信息公开工作年度报告"), 0)),
        organization: Some("测试县教育局".into()),
        title_year: Some(year),
        published_on: Some(date(year + 1, 1, 20)),
        ..Published::default()
    };
    let period = format!("所列数据的统计期限为 {year} 年 1 月 1 日至 {year} 年 12 月 31 日。");
    let work = format!("{year}年，我局主动公开政府信息 29 条，没有收到政府信息公开申请。");
    let texts = [
        (Part::Introduction, period),
        (Part::Overview, work),
        (
            Part::Problems,
            format!("{}年我局针对上年存在的不足逐项整改，{}年将继续公开信息20条以上。", year, year + 1),
        ),
        (Part::OtherMatters, "本年度没有收取信息处理费。".to_owned()),
    ];
    for (n, (part, text)) in texts.into_iter().enumerate() {
        p.passages.push(Passage { part, text, place: 10 * (n + 1) });
    }
    for (n, text) in form.sections.iter().enumerate() {
        p.headings.push(Heading { section: Some(n + 1), text: text.clone(), place: 100 * (n + 1) });
    }
    for table in TableName::ALL {
        p.tables.insert(table, TableState::Read);
    }
    for block in &form.proactive {
        for row in &block.rows {
            label(&mut p, TableName::Proactive, Some(&row.id), &row.label);
        }
    }
    for row in &form.requests.rows {
        label(&mut p, TableName::Requests, Some(&row.id), row.label.last().unwrap());
    }
    for cell in form.cells() {
        p.cells.insert(cell.id, Written { raw: "0".into(), note: None, readable: true, place: 500 });
    }
    Report { form, year, figures, published: p }
}

fn label(p: &mut Published, table: TableName, row: Option<&str>, text: &str) {
    p.labels.push(RowLabel { table, row: row.map(str::to_owned), text: text.into(), place: 400 });
}

impl Report {
    fn input(&self) -> Input<'_> {
        Input { published: Some(&self.published), ..Input::new(self.form, self.year, &self.figures) }
    }

    fn found(&self) -> Vec<Finding> {
        run(&self.input())
    }

    fn has(&self, id: &str) -> Vec<Finding> {
        self.found().into_iter().filter(|f| f.id == id).collect()
    }

    fn severities(&self, id: &str) -> Vec<Severity> {
        self.has(id).into_iter().map(|f| f.severity).collect()
    }

    fn say(&mut self, part: Part, text: &str) {
        self.published.passages.push(Passage { part, text: text.into(), place: 90 });
    }
}

/// A report of 2024, changed.
fn with(change: impl FnOnce(&mut Published)) -> Report {
    let mut r = ordinary(2024);
    change(&mut r.published);
    r
}

#[test]
fn an_ordinary_report_has_nothing() {
    for year in [2019, 2020, 2021, 2024] {
        assert_eq!(ordinary(year).found(), [], "{year}");
    }
}

#[test]
fn f_basis() {
    let mut r = ordinary(2024);
    r.say(Part::Introduction, "按照《国办公开办函 [ 2019 ] 60 号》规定的格式编制。");
    let found = r.has("F-BASIS");
    assert_eq!((found.len(), found[0].severity, found[0].place), (1, Severity::Warning, Some(90)));
    assert_eq!(found[0].suggestion.as_deref(), Some("国办公开办函〔2021〕30号"));
    r.say(Part::Introduction, "格式由国办公开办函〔2021〕30号修订。");
    assert_eq!(r.has("F-BASIS"), [], "both are cited");
    let mut r = ordinary(2020);
    r.say(Part::Introduction, "国办公开办函〔2019〕60号");
    assert_eq!(r.has("F-BASIS"), []);
}

#[test]
fn f_sec() {
    let r = with(|p| p.headings.retain(|h| h.section != Some(5)));
    assert_eq!(r.severities("F-SEC"), [Severity::Warning], "its text is there");
    let r = with(|p| {
        p.headings.retain(|h| h.section != Some(5));
        p.passages.retain(|p| p.part != Part::Problems);
    });
    let found = r.has("F-SEC");
    assert!(found[0].blocks() && found[0].message.contains("“五、存在的主要问题及改进情况”"), "{found:?}");
    let mut spoken = with(|p| p.headings.retain(|h| h.section != Some(5)));
    for p in spoken.published.passages.iter_mut().filter(|p| p.part == Part::Problems) {
        p.part = Part::Disputes;
        p.text = "（一）主要问题".into();
    }
    assert_eq!(spoken.severities("F-SEC"), [Severity::Warning], "a line under the table before says it");
    let texts = r.published.texts();
    let found = run(&Input { texts: Some(&texts), ..r.input() });
    assert_eq!(found.len(), 1, "a part that is not there is not empty besides: {found:?}");

    for (n, words) in [
        (5, "五、存在问题及改进情况"),
        (5, "五、存在的主要问题及整改措施"),
        (2, "二、行政机关主动公开政府信息情况"),
        (2, "二、主动公开政府信息"),
    ] {
        let r = with(|p| p.headings[n - 1].text = words.into());
        assert_eq!(r.severities("F-SEC"), [Severity::Info], "{words}");
    }
    let r = with(|p| p.headings[4].text = "五 、 存在的主要问题及改进情况 ".into());
    assert_eq!(r.has("F-SEC"), [], "blanks do not count");
    let r = with(|p| p.headings[4].text = "五、下一步打算".into());
    assert_eq!(r.severities("F-SEC"), [Severity::Warning]);
    let r = with(|p| p.headings[4].text = "七、存在的主要问题及改进情况".into());
    assert!(r.has("F-SEC")[0].message.contains("序号"));
    let r = with(|p| p.headings[4].place = 50);
    let found = r.has("F-SEC");
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning));
    assert!(found[0].message.contains("位置"));
}

#[test]
fn f_dupnum() {
    // Six headings of their own, and then the parts of the form from one again.
    let r = with(|p| {
        let own = ["一、总体情况", "二、工作机制保障", "三、主动公开工作情况"];
        for (n, text) in own.iter().enumerate() {
            p.headings.insert(n, Heading { section: None, text: (*text).into(), place: 40 + n });
        }
    });
    assert_eq!(r.severities("F-DUPNUM"), [Severity::Warning]);
    assert_eq!(r.has("F-SEC"), [], "one cause, one finding");
    let r = with(|p| {
        let again = Heading { section: Some(6), text: "其他需要报告的事项".into(), place: 700 };
        p.headings.push(again);
    });
    assert!(r.has("F-DUPNUM")[0].message.contains("重复出现"));
    let r = with(|p| {
        for text in ["（一）主动公开", "（一）不足"] {
            p.headings.push(Heading { section: None, text: text.into(), place: 250 });
        }
    });
    assert_eq!(r.has("F-DUPNUM"), []);
}

#[test]
fn f_tab() {
    let r = with(|p| {
        p.tables.insert(TableName::Disputes, TableState::Absent);
    });
    assert!(r.has("F-TAB")[0].blocks());
    let mut r = with(|p| {
        p.tables.insert(TableName::Requests, TableState::Refused("数字少于行数".into()));
        p.labels.retain(|l| l.table != TableName::Requests);
        p.cells.retain(|c, _| !c.starts_with("requests."));
    });
    r.figures.0.retain(|c, _| !c.starts_with("requests."));
    let found = r.has("F-TAB");
    assert_eq!(
        (found.len(), found[0].severity, found[0].verdict),
        (1, Severity::Info, Verdict::NotAssessable)
    );
    assert!(found[0].message.contains("数字少于行数"));
    assert!(r.found().iter().all(|f| f.verdict == Verdict::NotAssessable), "{:?}", r.found());

    // A row whose label is there and whose values were refused is not a row that is missing.
    let gone = |c: &String| c.starts_with("requests.granted.");
    let mut r = with(|p| p.cells.retain(|c, _| !gone(c)));
    r.figures.0.retain(|c, _| !gone(c));
    assert_eq!(r.has("F-TAB")[0].verdict, Verdict::NotAssessable);
    r.published.labels.retain(|l| l.row.as_deref() != Some("granted"));
    let found = r.has("F-TAB");
    assert_eq!((found[0].severity, found[0].verdict), (Severity::Warning, Verdict::Review), "{found:?}");
    assert!(found[0].message.contains("没有“(一)予以公开”（1行）"), "{found:?}");

    let extra = |text: &str| with(|p| label(p, TableName::Proactive, None, text)).severities("F-TAB");
    assert_eq!(extra("其他主动公开文件"), [Severity::Info]);
    assert_eq!(extra("规划计划"), [Severity::Warning]);
    let group = with(|p| label(p, TableName::Requests, None, "（三）不予公开"));
    assert_eq!(group.has("F-TAB"), []);
}

#[test]
fn f_o3() {
    let other = |c: &str| c.starts_with("requests.other_");
    let mut r = with(|p| {
        p.labels.retain(|l| !l.row.as_deref().is_some_and(|r| r.starts_with("other_")));
        label(p, TableName::Requests, Some("other_disposal"), "（六）其他处理");
        p.cells.retain(|c, _| !other(c));
    });
    // The reader takes the one row as 3.其他 and leaves the other two blank.
    for (cell, value) in r.figures.0.iter_mut().filter(|(c, _)| other(c)) {
        *value = value.filter(|_| cell.contains("other_other"));
    }
    assert_eq!(r.severities("F-O3"), [Severity::Warning]);
    assert!(r.found().iter().all(|f| !f.blocks()), "{:?}", r.found());
    let told = r.found().into_iter().filter(|f| f.verdict != Verdict::NotAssessable);
    assert_eq!(told.count(), 1, "one cause, one finding: {:?}", r.found());

    let mut old = ordinary(2020);
    label(&mut old.published, TableName::Requests, Some("other_fee_unpaid"), "2.逾期未缴纳费用");
    assert_eq!(old.severities("F-O3"), [Severity::Warning]);
}

#[test]
fn f_label() {
    let at = |row: &str, text: &str| {
        with(|p| {
            let label = p.labels.iter_mut().find(|l| l.row.as_deref() == Some(row)).unwrap();
            label.text = text.into();
        })
    };
    let r = at("refused_prohibited_by_law", "2.其他法律行政止公开");
    let found = r.has("F-LABEL");
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning));
    assert_eq!(found[0].suggestion.as_deref(), Some("2.其他法律行政法规禁止公开"));
    assert_eq!(at("other_fee_unpaid", "2、逾期未按收费通知要求缴纳费用").has("F-LABEL"), []);
    assert_eq!(at("granted", "").has("F-LABEL"), [], "told by its figures");
    assert_eq!(at("granted", "2.重复申请").has("F-LABEL"), [], "that of another row stands beside it");
    assert_eq!(at("normative_documents", "规范性文件").has("F-LABEL"), []);
}

#[test]
fn f_cell_keeps_notes_and_f_blank_names_the_ways() {
    let mut r = ordinary(2024);
    let cell = "proactive.normative_documents.in_force";
    let note = Written {
        raw: "22（其中修订16件）".into(),
        note: Some("其中修订16件".into()),
        readable: true,
        place: 7,
    };
    r.published.cells.insert(cell.into(), note);
    r.figures.set(cell, 22);
    let found = r.has("T2-INT");
    assert_eq!((found.len(), found[0].severity, found[0].verdict), (1, Severity::Info, Verdict::Review));
    r.published.cells.get_mut(cell).unwrap().note = Some("件".into());
    assert_eq!(r.has("T2-INT"), []);

    let ways = |ways: &[&str]| {
        let mut r = ordinary(2024);
        let cells: Vec<String> =
            r.form.cells().into_iter().map(|c| c.id).filter(|c| c.starts_with("disputes.")).collect();
        for (n, cell) in cells.into_iter().enumerate() {
            r.published.cells.get_mut(&cell).unwrap().raw = ways[n % ways.len()].into();
            r.figures.0.insert(cell, None);
        }
        let found = r.has("F-BLANK");
        assert_eq!(found.len(), 1);
        assert!(r.found().iter().all(|f| !f.blocks()));
        (found[0].severity, found[0].message.clone())
    };
    assert_eq!(ways(&["／"]), (Severity::Info, "表四有15个单元格填写“/”，没有数据的应当填写0".into()));
    assert_eq!(
        ways(&["/", "", "—"]),
        (
            Severity::Warning,
            "表四有5个单元格空白、5个单元格填写“/”、5个单元格填写“—”，没有数据的应当统一填写0".into()
        )
    );
}

#[test]
fn f_unit() {
    let told = |year: i16, cell: &str, raw: &str, n: &str| {
        let mut r = ordinary(year);
        r.figures.set(cell, n.parse::<Amount>().unwrap());
        r.published.cells.get_mut(cell).unwrap().raw = raw.into();
        r.has("F-UNIT").into_iter().map(|f| (f.severity, f.verdict)).collect::<Vec<_>>()
    };
    let review = [(Severity::Warning, Verdict::Review)];
    assert_eq!(told(2024, "proactive.charges.amount", "390785元", "390785"), review);
    assert_eq!(told(2024, "proactive.charges.amount", "39.0785万元", "39.0785"), []);
    assert_eq!(told(2024, "proactive.charges.amount", "39.0785", "39.0785"), []);
    assert_eq!(told(2020, "proactive.procurement.amount", "390785", "390785"), review);
    assert_eq!(told(2020, "proactive.procurement.amount", "390785元", "390785"), []);
    assert_eq!(told(2020, "proactive.procurement.amount", "39.08 万元", "390800"), []);
    assert_eq!(told(2020, "proactive.charges.items_last_year", "3", "3"), []);
}

#[test]
fn f_title() {
    let titled = |text: &str| with(|p| p.title = Some((text.into(), 0))).severities("F-TITLE");
    assert_eq!(titled("测试县教育局 2024 年政府信息公开工作 年度报告"), []);
    assert_eq!(titled("测试县教育局2024年政府信息公开年度报告"), [Severity::Info]);
    assert_eq!(titled("测试县教育局2024年政府信息公开年报"), [Severity::Info]);
    assert_eq!(titled("测试县教育局2024年工作总结"), [Severity::Warning]);
    let r = with(|p| p.organization = None);
    assert!(r.has("F-TITLE")[0].message.contains("机关名称"));
    assert_eq!(with(|p| p.title = None).severities("F-TITLE"), [Severity::Warning]);
}

#[test]
fn f_year() {
    let r = with(|p| p.title_year = Some(2023));
    assert!(r.has("F-YEAR")[0].blocks());
    let r = with(|p| p.published_on = Some(date(2024, 1, 20)));
    assert_eq!(r.severities("F-YEAR"), [Severity::Warning]);
    let said = |text: &str| {
        let mut r = ordinary(2024);
        r.say(Part::Overview, text);
        r.has("F-YEAR")
    };
    let found = said("一是加强公开。2023年，我局共主动公开信息 29 条。");
    assert_eq!((found.len(), found[0].severity, found[0].verdict), (1, Severity::Warning, Verdict::Review));
    assert_eq!(found[0].quote.as_deref(), Some("2023年，我局共主动公开信息29条"));
    for fine in [
        "2024年，我局共主动公开信息 29 条，较2023年增加 3 条。",
        "2023年结转的申请 2 件均已办理。",
        "2025年，我局将主动公开信息 29 条以上。",
        "印发《测试县2023年政务公开工作要点》，公开信息 2 条。",
        "公开2023年度部门决算和2024年度部门预算。",
        "2022年以来，累计发布信息 300 条。",
        "修订《“十四五”规划（2021—2025年）》，公开信息1条。",
        "2023 年度的问题已经整改，公开信息1条。",
    ] {
        assert_eq!(said(fine), [], "{fine}");
    }
}

#[test]
fn f_period() {
    let said = |text: &str| {
        let mut r = ordinary(2024);
        r.published.passages[0].text = text.into();
        r.has("F-PERIOD")
    };
    for fine in [
        "统计期限为2024年1月1日至12月31日。",
        "本报告所列数据的统计期限自２０２４年１月１日起至2024年12月31日止。",
        "统计周期为 2024 年 1 月 1 日 — 2024 年 12 月 31 日",
        "统计期限为2024年度。",
        "本报告所列数据截至2024年12月31日。",
        "会议于2024年3月1日至3月5日召开。",
    ] {
        assert_eq!(said(fine), [], "{fine}");
    }
    for wrong in [
        "统计期限为2023年1月1日至12月31日。",
        "统计期限为2024年1月1日至2023年12月31日。",
        "统计期限为2024年1月1日至6月30日。",
        "统计期限为2024年1月1日至12月30日。",
        "统计期限为2024年1月1日至12月32日。",
    ] {
        let found = said(wrong);
        assert!(found.len() == 1 && found[0].blocks(), "{wrong} {found:?}");
    }
    assert!(said("统计期限为2024年1月1日至12月32日。")[0].message.contains("12月32日不存在"));
}

#[test]
fn f_deadline() {
    let on = |name: &str, scope, unit, month, day| {
        let mut r = ordinary(2024);
        r.published.organization = Some(name.into());
        r.published.published_on = Some(date(2025, month, day));
        let input = Input { scope, unit, ..r.input() };
        run(&input)
            .into_iter()
            .filter(|f| f.id == "F-DEADLINE")
            .map(|f| (f.severity, f.verdict))
            .collect::<Vec<_>>()
    };
    let late = [(Severity::Error, Verdict::Fail)];
    let maybe = [(Severity::Warning, Verdict::Review)];
    assert_eq!(on("测试县教育局", None, None, 1, 31), []);
    assert_eq!(on("测试县教育局", None, None, 2, 1), late);
    assert_eq!(on("测试县人民政府", None, None, 3, 31), []);
    assert_eq!(on("测试县人民政府", None, None, 4, 1), late);
    assert_eq!(on("测试县人民政府", Some(Scope::Own), None, 2, 1), late);
    assert_eq!(on("测试县", None, None, 3, 1), []);
    assert_eq!(on("测试镇人民政府", None, None, 1, 31), []);
    assert_eq!(on("测试镇人民政府", None, None, 2, 1), maybe);
    assert_eq!(on("某单位", None, Some((Level::Township, UnitKind::Township)), 2, 1), maybe);
    assert_eq!(on("", None, None, 2, 1), maybe);
    assert_eq!(on("", None, None, 4, 1), late);
}

/// Nothing follows from a year that was only assumed.
#[test]
fn a_report_that_does_not_say_its_year() {
    let mut r = ordinary(2024);
    r.year = 2021;
    r.published.title_year = None;
    r.say(Part::Introduction, "国办公开办函〔2019〕60号");
    let ids: Vec<String> = r.found().into_iter().map(|f| f.id).collect();
    assert_eq!(ids, ["F-TITLE"]);
    r.published.title_year = Some(2024);
    assert!(!r.has("F-YEAR").is_empty());
}

#[test]
fn f_template() {
    let said = |text: &str| {
        let mut r = ordinary(2024);
        r.say(Part::OtherMatters, text);
        r.has("F-TEMPLATE").len()
    };
    for wrong in [
        "（文字描述，收取信息处理费情况在此处报告。）",
        "（该部分以表格形式报告）",
        "全年主动公开政府信息  条，答复申请3件。",
        "202020年，我局继续努力。",
        "全年共办理XX件。",
    ] {
        assert_eq!(said(wrong), 1, "{wrong}");
    }
    for fine in [
        "按照要求，该部分以表格形式报告，同时在正文中对重点数据和有关情况作了补充说明，便于公众理解和监督。",
        "全年主动公开政府信息 29 条，答复申请 3 件。",
        "××市人民政府",
    ] {
        assert_eq!(said(fine), 0, "{fine}");
    }
    assert_eq!(
        with(|p| p.title = Some(("测试县教育局202424年政府信息公开工作年度报告".into(), 0)))
            .has("F-TEMPLATE")
            .len(),
        1
    );
}

#[test]
fn t3_g() {
    let mut r = ordinary(2024);
    r.figures.set("requests.subtotal_refused.total", 0);
    assert_eq!(r.has("T3-G"), []);
    r.figures.set("requests.subtotal_refused.total", 2);
    let found = r.has("T3-G");
    assert!(found[0].blocks());
    assert_eq!(found[0].message, "表三“不予公开”小计的“总计”为2，所属各行之和为0，二者应当相等");
    assert_eq!(Form::by_id("2021").unwrap().name_of(&found[0].cells[0]), "表三“不予公开小计”的“总计”");
    r.figures.0.remove("requests.refused_state_secret.total");
    assert_eq!(r.has("T3-G"), [], "a row was not read");
}
