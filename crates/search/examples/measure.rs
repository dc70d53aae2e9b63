//! Speed and size of the full-text index on generated documents, printed as lines of text.
//!
//! `cargo run --release -p search --example measure -- [DOCUMENTS] [FOLDER] [KIND]`; with a folder that holds an
//! index already, only queries are measured; with a word, only those kinds of queries whose name holds it. `cargo xtask bench -- --only search` measures the same.

#[path = "measure/corpus.rs"]
mod corpus;
#[path = "measure/run.rs"]
mod run;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let documents = arguments.next().map_or(Ok(200_000), |n| n.parse())?;
    let folder = arguments.next().map_or_else(|| std::env::temp_dir().join("gongkai-search"), Into::into);
    let only = arguments.next().unwrap_or_default();
    let (built, asked) = run::measure(&folder, documents, &only)?;
    if let Some(built) = built {
        println!("{built}");
    }
    asked.iter().for_each(|line| println!("{line}"));
    Ok(())
}
