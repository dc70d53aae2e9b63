//! The annual report, the lists and the verification of a store with many dockets, beside one with few.

use crate::county::{County, operator};
use crate::process::{Ran, children_computed, run};
use crate::table::{Table, grouped, least, median};
use crate::{Outcome, clock};
use service::Page;
use service::row::RequestFilter;
use std::path::Path;
use std::process::Command;

/// Builds of each report: the two stores take turns, so that what disturbs one disturbs the other.
const BUILDS: usize = 21;
/// Megabyte, as the kernel's kilobytes make it.
const KILOBYTES: f64 = 1024.0;

/// The cell that both the report and its maker know.
const RECEIVED: &str = "requests.new_requests.total";

fn build(program: &Path, county: &County, more: &[&str]) -> Outcome<Ran> {
    let mut command = Command::new(program);
    command.args(["report", "build", "--format", "json"]).args(county.report()).args(more);
    let ran = run(&mut command)?;
    let report: serde_json::Value = serde_json::from_str(&ran.output)?;
    let (found, made) = (&report["cells"][RECEIVED], county.received(!more.is_empty()));
    if found.as_f64() != Some(made as f64) {
        return Err(format!("{RECEIVED} is {found}, {made} were made").into());
    }
    Ok(ran)
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.0} ms", seconds * 1000.0)
}

pub fn measure(table: &mut Table, program: &Path, small: &County, large: &County) -> Outcome {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    let before = children_computed()?;
    for _ in 0..BUILDS {
        few.push(build(program, small, &[])?);
        many.push(build(program, large, &[])?);
    }
    let computed = (children_computed()? - before) / (2 * BUILDS) as f64;
    let seconds = |all: &[Ran]| all.iter().map(|ran| ran.seconds).collect::<Vec<_>>();
    let peak = |all: &[Ran]| all.iter().map(|ran| ran.peak).max().unwrap_or_default() as f64 / KILOBYTES;
    let (few_time, many_time) = (median(&seconds(&few)), median(&seconds(&many)));
    let ratio = many_time / few_time;
    let (few_count, many_count) = (grouped(f64::from(small.dockets)), grouped(f64::from(large.dockets)));
    table.aimed(
        &format!("report build on {many_count} dockets: time"),
        "1 s",
        format!("{} (best {})", milliseconds(many_time), milliseconds(least(&seconds(&many)))),
        many_time < 1.0,
        format!(
            "process `gongkai report build --format json` from start to end, median of {BUILDS}; computing time {}; \
             report of one of 20 units; its {RECEIVED} is what was made; database of {} MB",
            milliseconds(computed),
            grouped(large.size()? as f64 / KILOBYTES / KILOBYTES)
        ),
    );
    table.aimed(
        &format!("report build on {many_count} dockets: memory"),
        "200 MB",
        format!("{:.1} MB", peak(&many)),
        peak(&many) < 200.0,
        "most resident memory of the process (`VmHWM`)",
    );
    table.told(
        &format!("report build on {few_count} dockets"),
        format!(
            "{} (best {}), {:.1} MB",
            milliseconds(few_time),
            milliseconds(least(&seconds(&few))),
            peak(&few)
        ),
        "the same",
    );
    table.aimed(
        &format!("report build, {many_count} to {few_count} dockets"),
        "1.25",
        format!("{ratio:.2}"),
        ratio <= 1.25,
        "ratio of the medians; the two took turns",
    );
    let at = large.before_last.to_string();
    let back = (0..5).map(|_| build(program, large, &["--as-of", &at])).collect::<Outcome<Vec<_>>>()?;
    table.told(
        &format!("report build on {many_count} dockets, `--as-of`"),
        format!("{}, {:.1} MB", milliseconds(median(&seconds(&back))), peak(&back)),
        format!("as of the instant before the last {} entries; median of 5", large.last_entries),
    );
    Ok(())
}

/// Lists and drill-down: for information.
pub async fn lists(table: &mut Table, program: &Path, county: &County) -> Outcome {
    let of = format!("{} dockets", grouped(f64::from(county.dockets)));
    for cell in ["requests.results_total.total", "requests.refused_state_secret.total"] {
        let mut command = Command::new(program);
        command.args(["report", "cell", "--format", "json"]).args(county.report()).arg(cell);
        let cells = (0..5).map(|_| run(&mut command)).collect::<Outcome<Vec<_>>>()?;
        let found: serde_json::Value = serde_json::from_str(&cells[0].output)?;
        let listed = found["records"].as_array().map_or(0, Vec::len);
        let seconds: Vec<f64> = cells.iter().map(|ran| ran.seconds).collect();
        table.told(
            &format!("`report cell {cell}` on {of}"),
            milliseconds(median(&seconds)),
            format!("value {}, {listed} records listed; process, median of 5", found["value"]),
        );
    }
    let service = county.open().await?;
    let ctx = operator(county.before_last, 0);
    let office = service.find_unit("office").await?.id;
    let filters = [
        ("", RequestFilter::default()),
        (", one unit", RequestFilter { units: Some(vec![office]), ..RequestFilter::default() }),
        (", one stage", RequestFilter { stage: Some("assigned".to_owned()), ..RequestFilter::default() }),
    ];
    for (which, filter) in filters {
        let mut seconds = Vec::new();
        for _ in 0..11 {
            let began = clock();
            let rows = service.requests(&ctx, filter.clone(), Page::first(50)).await?;
            seconds.push(began.elapsed().as_secs_f64());
            if rows.len() != 50 {
                return Err(format!("{} rows on the first page", rows.len()).into());
            }
        }
        let what = format!("first page of the list of requests{which}, {of}");
        table.told(
            &what,
            format!("{:.1} ms", median(&seconds) * 1000.0),
            "50 rows through the verb, median of 11",
        );
    }
    let mut seconds = Vec::new();
    for _ in 0..11 {
        let began = clock();
        service.requests_due(&ctx, RequestFilter::default(), None, Page::first(50)).await?;
        seconds.push(began.elapsed().as_secs_f64());
    }
    let what = format!("first page of open requests by due date, {of}");
    table.told(
        &what,
        format!("{:.1} ms", median(&seconds) * 1000.0),
        "50 rows through the verb, median of 11",
    );
    service.close().await;
    Ok(())
}

/// The full recount.
pub fn verify(table: &mut Table, program: &Path, county: &County) -> Outcome {
    let mut command = Command::new(program);
    command.args(["verify", "--format", "json", "--data"]).arg(&county.folder);
    let before = children_computed()?;
    let runs = (0..3).map(|_| run(&mut command)).collect::<Outcome<Vec<_>>>()?;
    let computed = (children_computed()? - before) / runs.len() as f64;
    let said: serde_json::Value = serde_json::from_str(&runs[0].output)?;
    let entries = said["entries"].as_f64().ok_or("verify does not say how many entries there are")?;
    let seconds: Vec<f64> = runs.iter().map(|ran| ran.seconds).collect();
    let peak = runs.iter().map(|ran| ran.peak).max().unwrap_or_default() as f64 / KILOBYTES;
    let rate = entries / median(&seconds);
    table.aimed(
        &format!("verify on {} dockets", grouped(f64::from(county.dockets))),
        "200,000 entries/s",
        format!("{} entries/s (best {})", grouped(rate), grouped(entries / least(&seconds))),
        rate >= 200_000.0,
        format!(
            "{} entries and {} dockets, no problem found; process `gongkai verify` from start to end, {:.1} s, computing \
             time {computed:.1} s, {peak:.0} MB; median of 3",
            grouped(entries),
            grouped(said["dockets"].as_f64().unwrap_or_default()),
            median(&seconds)
        ),
    );
    Ok(())
}
