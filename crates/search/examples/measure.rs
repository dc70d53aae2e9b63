//! Speed and size of the full-text index on generated documents, printed as lines of text.
//!
//! `cargo run --release -p search --example measure -- [DOCUMENTS] [FOLDER]`; with a folder that holds an index
//! already, only queries are measured. `cargo xtask bench -- --only search` measures the same.

#[path = "measure/corpus.rs"]
mod corpus;
#[path = "measure/run.rs"]
mod run;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let documents = arguments.next().map_or(Ok(200_000), |n| n.parse())?;
    let folder = arguments.next().map_or_else(|| std::env::temp_dir().join("gongkai-search"), Into::into);
    let l = corpus::Language::new();
    let (mut b, mut c) = (0, 0);
    for n in 0..200 {
        let t: Vec<char> = l.document(n).body.chars().collect();
        b += t.windows(2).collect::<std::collections::HashSet<_>>().len();
        c += t.iter().collect::<std::collections::HashSet<_>>().len();
    }
    println!("distinct {} {}", b / 200, c / 200);
    let (built, asked) = run::measure(&folder, documents)?;
    if let Some(built) = built {
        println!("{built}");
    }
    asked.iter().for_each(|line| println!("{line}"));
    Ok(())
}
