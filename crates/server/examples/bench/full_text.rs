//! Full-text search over generated documents; the same as the example `measure` of the crate `search` prints.

#[path = "../../../search/examples/measure/corpus.rs"]
mod corpus;
#[path = "../../../search/examples/measure/run.rs"]
mod run;

use crate::Outcome;
use crate::table::{Table, grouped};
use std::path::Path;

const DOCUMENTS: usize = 200_000;

/// Fills an index anew, because its speed and size are figures too, and asks it.
pub fn measure(table: &mut Table, folder: &Path) -> Outcome {
    let folder = folder.join("search");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let (built, asked) = run::measure(&folder, DOCUMENTS, "")?;
    let built = built.ok_or("the index was there already")?;
    let documents = grouped(DOCUMENTS as f64);
    table.aimed(
        "documents put into the full-text index",
        "1,000/s",
        format!("{}/s", grouped(built.per_second())),
        built.per_second() >= 1_000.0,
        format!(
            "{documents} of {} characters, two threads, with title, number and six facets, until all segments are joined; \
             making the texts not counted",
            corpus::LENGTH
        ),
    );
    table.aimed(
        "full-text index to the text",
        "1.3",
        format!("{:.2}", built.ratio()),
        built.ratio() < 1.3,
        format!(
            "{} MB for {} MB of text in UTF-8; the texts kept for snippets take {} MB more",
            built.size.index / 1_000_000,
            built.text / 1_000_000,
            built.size.texts / 1_000_000
        ),
    );
    let publish = built.publish.as_secs_f64() * 1e3;
    table.aimed(
        "one document put, committed and seen",
        "1 s",
        format!("{publish:.0} ms"),
        publish < 1_000.0,
        format!("beside {documents} others"),
    );
    for asked in asked {
        let (median, most) = (asked.within(0.5), asked.within(0.99));
        table.aimed(
            &format!("search: {}{}", asked.kind, if asked.again { ", asked again" } else { "" }),
            "10 ms, p99 50 ms",
            format!("{median:.1} ms, p99 {most:.1} ms"),
            median < 10.0 && most < 50.0,
            format!(
                "{} queries over {documents} documents, exact total, six facets and twenty snippets; {} found on average{}",
                asked.times.len(),
                grouped(asked.found as f64),
                if asked.again { "" } else { "; nothing remembered of earlier queries" }
            ),
        );
    }
    Ok(())
}
