//! Published reports read and checked: one of each kind, and a folder of three thousand.

use crate::process;
use crate::table::{Table, median};
use crate::{Outcome, clock};
use law::Amount;
use law::form::alike::{Prose, alike};
use law::form::narrative::{Paragraph, Run};
use law::form::part::Part;
use law::form::{Figures, Form};
use service::inspection::Inspection;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Reports in the folder.
const FOLDER: usize = 3_000;
/// Times each is read.
const ROUNDS: usize = 40;
/// Reports of a county.
const COUNTY: usize = 300;

/// Figures that add up; `n` makes one report differ from another.
fn figures(form: &Form, n: i64) -> Figures {
    let mut figures = Figures::default();
    for cell in form.cells() {
        figures.set(cell.id, Amount::ZERO);
    }
    let results: Vec<&str> = form.result_rows().map(|r| r.id.as_str()).collect();
    let columns: Vec<&str> = form.requests.columns.iter().map(|c| c.id.as_str()).collect();
    for (x, column) in columns.iter().take(columns.len() - 1).enumerate() {
        let mut sum = 0;
        for (y, row) in results.iter().enumerate() {
            let value = (n + x as i64 * 7 + y as i64 * 3) % 11;
            sum += value;
            figures.set(format!("requests.{row}.{column}"), value);
        }
        for (row, value) in [
            ("results_total", sum),
            ("carried_over_out", 2),
            ("carried_over_in", 1),
            ("new_requests", sum + 1),
        ] {
            figures.set(format!("requests.{row}.{column}"), value);
        }
    }
    for row in &form.requests.rows {
        let parts = columns.iter().filter(|c| **c != "total");
        let sum = parts.fold(Amount::ZERO, |sum, c| sum + figures.value(&format!("requests.{}.{c}", row.id)));
        figures.set(format!("requests.{}.total", row.id), sum);
    }
    figures
}

/// A report of the usual length, as this system prints it.
fn report<T>(n: i64, print: impl Fn(&paper::Report<'_>) -> T) -> Outcome<T> {
    let form = Form::for_year(2023).map_err(|e| e.to_string())?;
    let figures = figures(form, n);
    let organization = format!("某县第{n}局");
    let title = format!("{organization}2023年政府信息公开工作年度报告");
    let line = |text: String| Paragraph { heading: false, runs: vec![Run { text, reference: None }] };
    let received = figures.value("requests.new_requests.total");
    let overview: Vec<Paragraph> = (0..20)
        .map(|k| {
            line(format!(
                "{k}月，本机关主动公开各类信息{}条，解读政策{k}件，全年收到政府信息公开申请{received}件，均已登记，\
                 按照规定程序办理，没有出现超过答复期限的情形，群众对答复表示满意。",
                k * 7 + 3
            ))
        })
        .collect();
    let problems = [line("存在的主要问题是公开内容不够丰富，下一步将加强培训，逐项改进。".into())];
    let other = [line("没有收取信息处理费，没有其他需要报告的事项。".into())];
    Ok(print(&paper::Report {
        organization: &organization,
        year: 2023,
        title: &title,
        form,
        figures: &figures,
        introduction: &[],
        parts: [&overview, &[], &[], &[], &problems, &other],
        signed_by: &organization,
        signed_on: Some(law::date(2024, 1, 20)),
        notice: None,
        links: None,
    }))
}

fn one(table: &mut Table, what: &str, target: f64, bytes: &[u8]) -> Outcome {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let began = clock();
        let reading = paper::read::read(bytes).map_err(|e| e.to_string())?;
        let inspection = Inspection::of(reading, None);
        times.push(began.elapsed().as_secs_f64() * 1e3);
        if !inspection.reading.refused.is_empty() || inspection.has_errors() {
            return Err(format!("{what}: {:?} {:?}", inspection.reading.refused, inspection.findings).into());
        }
    }
    let longest = times.iter().copied().fold(0.0, f64::max);
    let middle = median(&times);
    table.aimed(
        &format!("a published report read and checked: {what}"),
        &format!("{target:.0} ms"),
        format!("{middle:.1} ms, the longest {longest:.1} ms"),
        middle < target,
        format!("{} kB, {ROUNDS} times, median; every cell read, no error", bytes.len() / 1024),
    );
    Ok(())
}

/// Same text among the reports of a county: every tenth has copied another's, all are on the same matters.
fn copies(table: &mut Table) -> Outcome {
    const SENTENCES: [&str; 5] = [
        "健全公文公开属性认定机制",
        "推进政策解读和文件起草同步",
        "规范依申请公开答复文书",
        "加强政务新媒体管理",
        "优化门户网站检索功能",
    ];
    let text = |n: usize| -> String {
        (0..40)
            .map(|k| {
                let own = (0..14).filter_map(|c| {
                    char::from_u32(0x4e00 + ((n * 7_919 + k * 613 + c * 131 + n * k * c) % 5_000) as u32)
                });
                format!("{}{}件，{}。", SENTENCES[(n + k) % 5], n * k % 900, own.collect::<String>())
            })
            .collect()
    };
    let texts: Vec<String> = (0..COUNTY).map(|n| text(if n % 10 == 0 { 0 } else { n })).collect();
    let began = clock();
    let prose: Vec<Prose> =
        texts.iter().map(|t| Prose::new(&BTreeMap::from([(Part::Overview, t.clone())]), &["某局"])).collect();
    let found = alike(&prose).len();
    let took = began.elapsed().as_secs_f64();
    table.aimed(
        &format!("same text looked for among {COUNTY} reports"),
        "1 s",
        format!("{:.0} ms", took * 1e3),
        took < 1.0,
        format!("in memory; {found} pairs of copies found"),
    );
    Ok(())
}

pub fn measure(table: &mut Table, program: &Path, folder: &Path) -> Outcome {
    let page = report(1, paper::html_page)?.into_bytes();
    one(table, "web page", 10.0, &page)?;
    one(table, "Markdown", 10.0, report(1, paper::markdown)?.as_bytes())?;
    one(table, "Word document", 10.0, &report(1, paper::docx)?.map_err(|e| e.to_string())?)?;
    let fonts = paper::Fonts::system(None);
    one(table, "PDF", 200.0, &report(1, |r| paper::pdf(r, &fonts))?.map_err(|e| e.to_string())?)?;

    copies(table)?;

    let reports = folder.join("reports");
    std::fs::create_dir_all(&reports)?;
    for n in 0..FOLDER {
        let at = reports.join(format!("{n}.html"));
        if !at.exists() {
            std::fs::write(at, report(n as i64, paper::html_page)?)?;
        }
    }
    let few = folder.join("few-reports");
    std::fs::create_dir_all(&few)?;
    for n in 0..FOLDER / 100 {
        std::fs::copy(reports.join(format!("{n}.html")), few.join(format!("{n}.html")))?;
    }
    let check = |at: &Path| {
        process::run(Command::new(program).args(["report", "check"]).arg(at).args(["--format", "json"]))
    };
    let small = check(&few)?;
    let large = check(&reports)?;
    let told = large.output.matches("\"file\":").count();
    if told != FOLDER {
        return Err(format!("{told} of {FOLDER} reports were told").into());
    }
    table.aimed(
        "3,000 published reports (web pages) in a folder, read and checked",
        "20 s",
        format!("{:.1} s", large.seconds),
        large.seconds < 20.0,
        format!(
            "process `gongkai report check FOLDER --format json` from start to end; most resident memory {:.1} MB, with {} \
             reports {:.1} MB",
            large.peak as f64 / 1024.0,
            FOLDER / 100,
            small.peak as f64 / 1024.0
        ),
    );
    Ok(())
}
