//! What is no report that can be read: refused with a sentence that says why and what would help.

use crate::made::{Hand, figures};
use crate::print::file;
use law::form::Form;
use paper::read::{MAX_BYTES, Unreadable, read};
use std::io::{Cursor, Write};

fn refused(bytes: &[u8]) -> Unreadable {
    match read(bytes) {
        Err(e) => e,
        Ok(reading) => panic!("{:?} was read: {:?}", reading.kind, reading.refused),
    }
}

fn report(form: &Form, layout: &str) -> Vec<u8> {
    file(form, &figures(form, 3, false), Hand::Plain, layout)
}

/// A package with a main text of so many blanks.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn files_of_other_kinds() {
    assert_eq!(refused(b""), Unreadable::Empty);
    assert_eq!(refused(&vec![b' '; MAX_BYTES + 1]), Unreadable::TooLarge);
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x01\x02\x03\x04"), Unreadable::UnknownKind);
    assert_eq!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"), Unreadable::OldOffice);
    assert_eq!(refused(b"{\\rtf1\\ansi report}"), Unreadable::UnknownKind);
    assert_eq!(refused(&package(&[("xl/workbook.xml", b"<workbook/>")])), Unreadable::UnknownKind);
}

#[test]
fn files_that_are_damaged_or_traps() {
    let blanks = vec![b' '; 40 * 1024 * 1024];
    assert_eq!(refused(&package(&[("word/document.xml", &blanks)])), Unreadable::Bomb);
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(refused(&package(&[("word/document.xml", deep.as_bytes())])), Unreadable::Bomb);
    assert_eq!(refused(&package(&[("word/document.xml", b"<w:document>")])), Unreadable::Broken);
    let entity = b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
    assert_eq!(refused(&package(&[("word/document.xml", entity)])), Unreadable::Broken);
    let whole = package(&[("word/document.xml", b"<a/>")]);
    assert_eq!(refused(&whole[..whole.len() / 2]), Unreadable::Broken);
    assert_eq!(refused(b"%PDF-1.7\n1 0 obj<<>>endobj"), Unreadable::Broken);
    let locked = b"%PDF-1.7\n1 0 obj<</Filter/Standard>>endobj\ntrailer<</Root 2 0 R/Encrypt 1 0 R>>\n%%EOF";
    assert_eq!(refused(locked), Unreadable::Encrypted);
}

#[test]
fn a_page_that_was_not_downloaded_whole() {
    for form in Form::all() {
        for layout in ["page", "pasted", "filled"] {
            let page = report(form, layout);
            for part in [4, 5, 6] {
                let cut = &page[..page.len() * part / 10];
                assert_eq!(refused(cut), Unreadable::Broken, "{} {layout} {part}/10", form.id);
            }
        }
    }
}

#[test]
fn what_is_no_report_or_several() {
    assert_eq!(refused("关于召开会议的通知\n各单位：请按时参加。".as_bytes()), Unreadable::NoReport);
    let foreign = "<html><body><h1>Annual FOIA Report 2024</h1><table><tr><td>Received</td><td>12</td></tr></table></body></html>";
    assert_eq!(refused(foreign.as_bytes()), Unreadable::NoReport);
    let old = "某县某局2015年政府信息公开工作年度报告\n一、概述\n二、主动公开政府信息情况\n主动公开政府信息数12条\n\
        三、依申请公开政府信息情况\n收到申请3件\n四、行政复议和行政诉讼情况\n没有\n五、存在的主要问题\n六、附表";
    let Unreadable::OtherForm(sentence) = refused(old.as_bytes()) else { panic!() };
    assert!(sentence.contains("2015") && sentence.contains("2019年以前"), "{sentence}");
    for form in Form::all() {
        let one = String::from_utf8(report(form, "lines")).unwrap();
        let other = file(form, &figures(form, 8, false), Hand::Plain, "lines");
        let other = String::from_utf8(other).unwrap().replace("某县某局", "某县另一局");
        let Unreadable::SeveralReports(whose) = refused(format!("{one}{other}").as_bytes()) else { panic!() };
        assert!(whose.contains("某县某局") && whose.contains("某县另一局"), "{whose}");
    }
}

#[test]
fn every_refusal_is_one_sentence_that_helps() {
    let all = [
        Unreadable::Empty,
        Unreadable::TooLarge,
        Unreadable::UnknownKind,
        Unreadable::Garbled,
        Unreadable::OldOffice,
        Unreadable::Encrypted,
        Unreadable::Bomb,
        Unreadable::Broken,
        Unreadable::TooManyPages,
        Unreadable::Scanned,
        Unreadable::NoCharacters,
        Unreadable::NoReport,
        Unreadable::SeveralReports("甲2023年、乙2023年".into()),
    ];
    let mut codes: Vec<&str> = all.iter().map(Unreadable::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    for refusal in &all {
        let text = refusal.to_string();
        assert!(text.contains("请") && !text.contains('。'), "{text}");
    }
}
