//! Takes words out of a file, for a look at the result: `cargo run -p paper --example redact -- FILE OUT WORDS...`.

use paper::redact::{Mark, gate, redact};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("FILE OUT WORDS...".into());
    };
    let marks: Vec<Mark> = arguments.map(|words| Mark::term(words, "条例第十五条")).collect();
    let bytes = std::fs::read(&file)?;
    let clean = redact(&bytes, &marks)
        .map_err(|refusals| refusals.into_iter().map(|r| r.text).collect::<Vec<_>>().join("\n"))?;
    for (mark, found) in marks.iter().zip(&clean.marks) {
        println!("{:?}: {}", mark.target, found.places);
    }
    println!("unread pages: {:?}, pictures left out: {}", clean.unread, clean.pictures);
    for leak in gate(&clean.bytes, &out, &clean.removed) {
        println!("{leak}");
    }
    std::fs::write(out, clean.bytes)?;
    Ok(())
}
