//! Letters: their texts as golden files, and what the programs of others read in PDF and DOCX.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

#[path = "sample/letter.rs"]
mod sample;
#[expect(dead_code, reason = "shared with the other tests, which use other programs")]
mod tool;

use law::decision::Decision;
use law::letter::{Letter, Value, missing};
use paper::Fonts;
use paper::letter::OfficialLetter;
use paper::template::default_template;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tool::solid;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::system(None));

const HOSTILE: &str = "<script>alert(1)</script> #set page() *粗* _斜_ $x$ \\end =1+1 &amp; ]]> {{ 申请人 }}";

fn hostile() -> OfficialLetter {
    let letter = Letter::Decision(Decision::GrantedInPart);
    let mut values = letter.sample();
    for value in values.values_mut() {
        match value {
            Value::Text(text) => *text = HOSTILE.into(),
            Value::List(items) => items.iter_mut().for_each(|item| *item = HOSTILE.into()),
            Value::Rows(rows) => {
                rows.iter_mut().flat_map(|row| row.values_mut()).for_each(|c| *c = HOSTILE.into())
            }
        }
    }
    values.insert("理由".into(), Value::Text("长".repeat(10_000)));
    sample::made(letter, &values)
}

fn print(folder: &Path, name: &str, letter: &OfficialLetter) -> PathBuf {
    let file = folder.join(format!("{name}.pdf"));
    std::fs::write(&file, paper::letter_pdf(letter, &FONTS).unwrap()).unwrap();
    file
}

/// Every line that is printed must be found on paper.
fn lines(letter: &OfficialLetter) -> Vec<String> {
    letter.printed().lines().map(|l| solid(l).replace('\u{200f}', "")).filter(|l| !l.is_empty()).collect()
}

#[test]
fn golden_letters() {
    for letter in Letter::all() {
        let made = sample::sample(letter);
        insta::assert_snapshot!(letter.key(), made.printed());
        assert_eq!(missing(letter, &letter.said(&letter.sample()), &made.printed()), [], "{}", letter.key());
    }
    for (name, letter) in [
        ("html-granted-in-part", sample::sample(Letter::Decision(Decision::GrantedInPart))),
        ("html-fee-notice", sample::sample(Letter::Fee)),
        ("html-draft", sample::draft()),
    ] {
        insta::assert_snapshot!(name, paper::letter_html(&letter));
    }
}

#[test]
fn a_draft_with_gaps_may_be_looked_at_but_not_signed() {
    let letter = Letter::Decision(Decision::UnavailableNotHeld);
    let mut values = letter.sample();
    for name in ["理由", "收到方式", "文号", "成文日期"] {
        values.remove(name);
    }
    let codes: Vec<String> = missing(letter, &letter.said(&values), &sample::draft().printed())
        .into_iter()
        .map(|r| r.code)
        .collect();
    let expected =
        ["number-missing", "channel-missing", "reasons-missing", "made-on-missing", "placeholder-left"];
    assert_eq!(codes, expected);
}

#[test]
fn every_decision_before_2024_offers_the_suit_and_is_complete() {
    // The wording follows the day of the letter, not the day of the print.
    for decision in Decision::ALL {
        let letter = Letter::Decision(decision);
        let day = law::date(2023, 12, 29);
        let remedy = decision.remedy(day, true).sentence("云岭县人民政府", "云岭县人民法院", day).unwrap();
        let mut values = letter.sample();
        for (name, words) in
            [("救济途径", remedy.as_str()), ("文号", "云政公开〔2023〕90号"), ("成文日期", "2023年12月29日")]
        {
            values.insert(name.into(), Value::Text(words.into()));
        }
        let mut made = sample::made(letter, &values);
        made.made_on = Some(day);
        assert!(made.printed().contains("6个月内向云岭县人民法院提起行政诉讼"), "{}", letter.key());
        assert_eq!(missing(letter, &letter.said(&values), &made.printed()), [], "{}", letter.key());
    }
}

#[test]
fn html_is_escaped_and_has_no_markup_of_values() {
    let page = scraper::Html::parse_fragment(&paper::letter_html(&hostile()));
    let select = |s: &str| page.select(&scraper::Selector::parse(s).unwrap()).count();
    assert_eq!((select("script"), select("article.letter"), select("h1"), select("h2")), (0, 1, 1, 3));
    assert_eq!((select("table"), select("thead tr"), select("tbody tr")), (1, 1, 2));
    let text: String = page.root_element().text().collect();
    assert!(text.contains("<script>alert(1)</script>"), "{text}");
}

#[test]
fn the_style_touches_nothing_but_the_letter() {
    for line in paper::letter::LETTER_STYLE.lines().filter(|l| l.contains('{') && !l.starts_with(' ')) {
        let names = line.split('{').next().unwrap().split(',');
        names.for_each(|name| assert!(name.trim().starts_with(".letter"), "{line}"));
    }
}

#[test]
fn readers_find_sound_tagged_archive_files_with_every_line() {
    let folder = tempfile::tempdir().unwrap();
    let some = [Letter::Receipt, Letter::ThirdParty, Letter::Fee, Letter::Decision(Decision::GrantedInPart)];
    let mut samples: Vec<_> = some.into_iter().map(|l| (l.key(), sample::sample(l))).collect();
    samples.extend([("long", sample::long()), ("draft", sample::draft()), ("hostile", hostile())]);
    for (name, letter) in samples {
        let file = print(folder.path(), name, &letter);
        let path = file.to_str().unwrap();
        tool::text("qpdf", &["--check", path]);
        let info = tool::text("pdfinfo", &[path]);
        assert!(info.contains("Tagged:          yes") && info.contains("A4"), "{name}: {info}");
        let raw = std::fs::read(&file).unwrap();
        let has = |text: &str| raw.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(has("<pdfaid:part>2</pdfaid:part>") && has("<pdfuaid:part>1</pdfuaid:part>"), "{name}");
        // The structure tree is what a screen reader reads.
        let read = solid(&tool::text("pdfinfo", &["-struct-text", path]));
        let read = read.replace("(block)", "").replace("(inline)", "");
        let text: String = read.split('"').skip(1).step_by(2).collect();
        let pages: Vec<String> = tool::pages(&file).iter().map(|p| solid(p)).collect();
        if name != "hostile" {
            let cells: Vec<String> = letter.printed().split(['\n', ' ']).map(solid).collect();
            assert_eq!(cells.iter().find(|c| !text.contains(c.as_str())), None, "{name}");
        } else {
            let drawn = pages.concat();
            assert!(drawn.matches(&solid(HOSTILE)).count() >= 5, "{drawn}");
            assert_eq!(drawn.matches('长').count(), 10_000);
        }
        assert!(!pages[0].contains("—1—"), "{name}: the first page has no number");
        for (i, page) in pages.iter().enumerate().skip(1) {
            assert!(page.contains(&format!("—{}—", i + 1)), "{name}: page {}", i + 1);
        }
        assert_eq!(pages[0].contains("审签稿"), letter.draft, "{name}");
    }
}

#[test]
fn fifty_severed_parts_repeat_their_headings_and_the_signature_has_company() {
    let folder = tempfile::tempdir().unwrap();
    let pages = tool::pages(&print(folder.path(), "long", &sample::long()));
    let pages: Vec<String> = pages.iter().map(|p| solid(p)).collect();
    let with_rows = pages.iter().filter(|p| p.contains("号文件中验收报告"));
    assert!(with_rows.clone().count() > 3);
    with_rows.for_each(|page| assert!(page.contains("不予公开的内容依据理由"), "{page}"));
    let last = pages.last().unwrap();
    assert!(last.contains("2026年3月20日") && last.contains("提起行政诉讼"), "{last}");
}

#[test]
fn the_signature_never_stands_alone_on_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut letter = sample::sample(Letter::Extension);
    // Push the end over a page break, line by line.
    for _ in 0..24 {
        let line = paper::letter::Block::Quote("一行引文。".into());
        letter.text.body.insert(0, line);
        let pages = tool::pages(&print(folder.path(), "push", &letter));
        let last = solid(pages.last().unwrap());
        assert!(
            last.contains("2026年3月20日") && last.contains("特此告知。") && last.contains("予以答复。"),
            "{last}"
        );
        assert!(last.contains("联系人"), "{last}");
    }
}

#[test]
fn libreoffice_shows_every_line() {
    let folder = tempfile::tempdir().unwrap();
    let letters = [
        ("refusal", sample::sample(Letter::Decision(Decision::RefusedStateSecret))),
        ("fee", sample::sample(Letter::Fee)),
        ("long", sample::long()),
        ("draft", sample::draft()),
        ("hostile", hostile()),
    ];
    let mut files = Vec::new();
    for (name, letter) in &letters {
        let file = folder.path().join(format!("{name}.docx"));
        std::fs::write(&file, paper::letter_docx(letter).unwrap()).unwrap();
        files.push(file);
    }
    for (file, (name, letter)) in tool::office(folder.path(), &files).iter().zip(&letters) {
        let pages: Vec<String> = tool::pages(file).iter().map(|p| solid(p)).collect();
        let text = pages.concat();
        if *name == "hostile" {
            assert_eq!(text.matches('长').count(), 10_000);
            assert!(text.matches(&solid(HOSTILE)).count() >= 5, "{text}");
            continue;
        }
        for line in lines(letter).iter().filter(|l| !l.contains("号文件中")) {
            let cells = letter.text.body.iter().any(|b| matches!(b, paper::letter::Block::Table(_)));
            // A row of a table is drawn cell by cell.
            assert!(text.contains(line.as_str()) || cells && !line.ends_with('。'), "{name}: {line}");
        }
        assert!(!pages[0].contains("—1—"), "{name}");
        for (i, page) in pages.iter().enumerate().skip(1) {
            assert!(page.contains(&format!("—{}—", i + 1)), "{name}: page {}", i + 1);
            assert_eq!(page.contains("审签稿"), letter.draft, "{name}: page {}", i + 1);
        }
        assert_eq!(text.contains("〔印章〕"), letter.draft, "{name}");
    }
}

#[test]
fn the_same_letter_is_the_same_file() {
    let letter = sample::sample(Letter::Receipt);
    assert_eq!(paper::letter_pdf(&letter, &FONTS).unwrap(), paper::letter_pdf(&letter, &FONTS).unwrap());
    assert_eq!(paper::letter_docx(&letter).unwrap(), paper::letter_docx(&letter).unwrap());
}

#[test]
fn every_template_file_belongs_to_a_letter() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/letter");
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let mut keys: Vec<String> = Letter::all().map(|l| format!("{}.txt", l.key())).collect();
    keys.sort();
    assert_eq!(names, keys);
    assert!(Letter::all().all(|l| !default_template(l).is_empty()));
}
