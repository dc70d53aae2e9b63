//! Damaged reports by the million: `cargo run --release -p paper --example read_fuzz -- COUNT [SEED]`.
//!
//! Inputs are reports in every layout, cut out, mixed, mutated, packed as DOCX or PDF. Looked for are panics, inputs that take
//! longer than two seconds, and memory. Prints one line a minute and a summary; ends with 1 if anything was found, and leaves
//! the input in the folder for temporary files.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a tool of the workshop; it measures"
)]

use law::form::Form;
use std::io::{Cursor, Write};
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[path = "../tests/read/made.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod made;
#[path = "../tests/read/print.rs"]
mod print;

const LAYOUTS: [&str; 20] = [
    "marked down",
    "turned",
    "lines",
    "spaced lines",
    "indented lines",
    "cell bar",
    "pipes",
    "pipes with more behind",
    "pieces",
    "tabs",
    "wrapped",
    "deduplicated",
    "apart",
    "page",
    "pasted",
    "filled",
    "frame",
    "unclosed",
    "script",
    "gbk",
];
/// What mutations put in.
const WORDS: [&str; 34] = [
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=99999 colspan=999>",
    "</td>",
    "<td rowspan=0>",
    "<div style='display:none'>",
    "<script>",
    "<sup>",
    "&nbsp;",
    "&#x0;",
    "|",
    "||||||||",
    "\t\t",
    "\n",
    "\n\n",
    "(七)总计",
    "其他",
    "3.其他",
    "合计",
    "四、结转下年度继续办理",
    "结果维持",
    "第二十条第(一)项",
    "2024年",
    "发布时间：2024-99-99",
    "0",
    "-",
    "—",
    "/",
    "１２",
    "9999999999999",
    "1 2",
    "22（其中16件）",
    "…",
];
/// Longest time an input may take.
const PATIENCE: Duration = Duration::from_secs(2);

static DONE: AtomicU64 = AtomicU64::new(0);
static READ: AtomicU64 = AtomicU64::new(0);
static SLOWEST: AtomicU64 = AtomicU64::new(0);
static BAD: AtomicU64 = AtomicU64::new(0);

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for form in Form::all() {
        for (n, layout) in LAYOUTS.iter().enumerate() {
            let figures = made::figures(form, n as u64, n % 2 == 0);
            seeds.push(print::file(form, &figures, made::Hand::ALL[n % 6], layout));
        }
    }
    seeds
}

/// A piece of a seed, changed in a few places.
fn mutated(dice: &mut made::Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let seed = &seeds[dice.roll(seeds.len() as u64) as usize];
    let mut bytes = if dice.roll(40) == 0 {
        seed.clone()
    } else {
        let length = 60 + dice.roll(1200) as usize;
        let from = dice.roll(seed.len() as u64) as usize;
        seed[from..(from + length).min(seed.len())].to_vec()
    };
    for _ in 0..=dice.roll(6) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.roll(bytes.len() as u64) as usize;
        match dice.roll(7) {
            0 => bytes[at] = dice.roll(256) as u8,
            1 => {
                let to = (at + 1 + dice.roll(40) as usize).min(bytes.len());
                bytes.drain(at..to);
            }
            2 => {
                let to = (at + 1 + dice.roll(60) as usize).min(bytes.len());
                let again = bytes[at..to].repeat(1 + dice.roll(4) as usize);
                bytes.splice(at..at, again);
            }
            3 => {
                let other = &seeds[dice.roll(seeds.len() as u64) as usize];
                let from = dice.roll(other.len() as u64) as usize;
                let to = (from + 80).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            4 => bytes.truncate(at),
            _ => {
                let word = WORDS[dice.roll(WORDS.len() as u64) as usize];
                bytes.splice(at..at, word.bytes());
            }
        }
    }
    bytes
}

/// The words of an input as the main text of a Word document, its tags kept where they are those of Word.
fn docx(dice: &mut made::Dice, bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).replace('&', "").replace("\u{0}", "");
    let mut body = String::new();
    for (n, line) in text.lines().enumerate() {
        let plain: String = line.chars().filter(|c| !matches!(c, '<' | '>') && !c.is_control()).collect();
        if n % 4 == 0 && dice.roll(2) == 0 {
            let span = dice.roll(70);
            let cells = plain.split(['|', ' ']).map(|c| {
                format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/><w:vMerge/></w:tcPr><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>")
            });
            body.push_str(&format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cells.collect::<String>()));
        } else {
            body.push_str(&format!("<w:p><w:r><w:t>{plain}</w:t></w:r></w:p>"));
        }
    }
    let mut xml = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    )
    .into_bytes();
    if dice.roll(3) == 0 {
        let at = dice.roll(xml.len() as u64) as usize;
        xml[at] = dice.roll(256) as u8;
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&xml).unwrap();
    let mut packed = zip.finish().unwrap().into_inner();
    if dice.roll(4) == 0 {
        let at = dice.roll(packed.len() as u64) as usize;
        packed[at] = dice.roll(256) as u8;
    }
    packed
}

/// A small page with words and lines, and what a mutation makes of it.
fn pdf(dice: &mut made::Dice, bytes: &[u8]) -> Vec<u8> {
    let mut content = String::from("BT /F1 9 Tf\n");
    for (n, word) in bytes.split(|b| matches!(b, b' ' | b'\n' | b'<')).take(60).enumerate() {
        let word: String =
            word.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| char::from(*b)).collect();
        let (x, y) = (40 + n % 9 * 55, 780 - n / 9 * 16);
        content.push_str(&format!("1 0 0 1 {x} {y} Tm ({word}) Tj\n"));
    }
    content.push_str("ET\n");
    for n in 0..dice.roll(30) {
        let (a, b) = (dice.roll(600), dice.roll(800));
        content.push_str(&if n % 2 == 0 {
            format!("{a} {b} m {} {b} l S\n", a + 200)
        } else {
            format!("{a} {b} {} 1 re f\n", 100 + n)
        });
    }
    let mut file = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>endobj\n\
         4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n5 0 obj<</Length {}>>stream\n{content}endstream endobj\n\
         trailer<</Root 1 0 R>>\n%%EOF",
        content.len()
    )
    .into_bytes();
    for _ in 0..dice.roll(6) {
        let at = dice.roll(file.len() as u64) as usize;
        file[at] = dice.roll(256) as u8;
    }
    file
}

fn worker(seed: u64, count: u64, seeds: &[Vec<u8>]) {
    let mut dice = made::Dice::new(seed);
    for _ in 0..count {
        let plain = mutated(&mut dice, seeds);
        let bytes = match dice.roll(200) {
            0..10 => docx(&mut dice, &plain),
            10 => pdf(&mut dice, &plain),
            _ => plain,
        };
        let begun = Instant::now();
        let result = catch_unwind(|| paper::read::read(&bytes).is_ok());
        let took = begun.elapsed();
        SLOWEST.fetch_max(took.as_micros() as u64, Ordering::Relaxed);
        DONE.fetch_add(1, Ordering::Relaxed);
        READ.fetch_add(u64::from(matches!(result, Ok(true))), Ordering::Relaxed);
        if result.is_err() || took > PATIENCE {
            let n = BAD.fetch_add(1, Ordering::Relaxed);
            let name = std::env::temp_dir().join(format!("read_fuzz-{seed}-{n}"));
            std::fs::write(&name, &bytes).unwrap();
            println!("{} after {took:?}: {}", if result.is_err() { "panic" } else { "slow" }, name.display());
        }
    }
}

/// The most memory this process ever had, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|a| a.parse::<u64>().ok());
    let count = arguments.next().unwrap_or(100_000);
    let seed = arguments.next().unwrap_or(1);
    std::panic::set_hook(Box::new(|_| {}));
    let seeds = seeds();
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|n| {
                let seeds = &seeds;
                scope.spawn(move || worker(seed * 1000 + n, count / threads, seeds))
            })
            .collect();
        let mut told = Instant::now();
        while !workers.iter().all(|w| w.is_finished()) {
            std::thread::sleep(Duration::from_millis(200));
            if told.elapsed() > Duration::from_secs(60) {
                told = Instant::now();
                println!("{} inputs, {} MB", DONE.load(Ordering::Relaxed), memory());
            }
        }
    });
    let (done, bad) = (DONE.load(Ordering::Relaxed), BAD.load(Ordering::Relaxed));
    println!(
        "{done} inputs in {} s: {} read, {bad} panics or slow, slowest {} ms, at most {} MB",
        begun.elapsed().as_secs(),
        READ.load(Ordering::Relaxed),
        SLOWEST.load(Ordering::Relaxed) / 1000,
        memory()
    );
    if bad > 0 {
        std::process::exit(1);
    }
}
