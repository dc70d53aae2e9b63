//! What a clean file still says, and what the officer is told.

use super::package::{Parts, TYPES, W, relations};
use super::{picture, portable};
use calamine::{Data, Reader, Xlsx};
use paper::redact::{Area, Kind, Mark, Source, Target, gate, redact};
use std::io::Cursor;

const GROUND: &str = "条例第十五条";

fn line(y: u32, text: &str) -> String {
    format!("BT /F 14 Tf 50 {y} Td ({text}) Tj ET\n")
}

fn portable_file(contents: &[String], more: &str) -> Vec<u8> {
    let mut file = portable::File::new();
    let pages: Vec<usize> = contents.iter().map(|c| portable::page(&mut file, c, more)).collect();
    file.write("", &pages)
}

fn dark(png: &[u8], x: f64, y: f64) -> bool {
    let picture = image::load_from_memory(png).unwrap().to_luma8();
    let at = |v: f64, size: u32| (v * f64::from(size)) as u32;
    picture.get_pixel(at(x, picture.width()), at(y, picture.height())).0[0] < 40
}

#[test]
fn the_rest_of_a_page_can_still_be_searched() {
    let first = line(700, "Telephone 13800001234 of the applicant") + &line(660, "Second line stays");
    let bytes = portable_file(&[first, line(700, "Page two stays too")], "");
    let clean = redact(&bytes, &[Mark::term("138-0000-1234", GROUND)]).unwrap();
    assert_eq!((clean.marks[0].places, clean.not_found(), clean.unread.len()), (1, vec![], 0));
    let source = Source::open(&clean.bytes).unwrap();
    assert_eq!(source.pages()[0].text.replace(' ', ""), "Telephone█oftheapplicant\nSecondlinestays");
    assert_eq!(source.pages()[1].text.replace(' ', ""), "Pagetwostaystoo");
    assert_eq!((source.pages()[0].width, source.pages()[0].height), (595.0, 842.0));
    // Black where the number was, and not beside it.
    let page = source.page_png(0, 100).unwrap();
    assert!(dark(&page, 160.0 / 595.0, 1.0 - 705.0 / 842.0));
    assert!(!dark(&page, 160.0 / 595.0, 1.0 - 720.0 / 842.0));
}

#[test]
fn a_chinese_font_that_the_file_does_not_carry_is_drawn_and_searched() {
    // 宋体 by name, with codes of GBK, as older programs wrote.
    let mut file = portable::File::new();
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /GBK-EUC-H /DescendantFonts [<< /Type /Font \
                /Subtype /CIDFontType2 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> \
                /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /SimSun /Flags 6 >> >>] >>";
    let text = portable::hex(&encoding_rs::GB18030.encode("申请人赵琪霖住长平街").0);
    let content = file.packed("", format!("BT /F 20 Tf 50 700 Td <{text}> Tj ET").as_bytes());
    let page = file.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F {font} >> >> >>"
    ));
    let bytes = file.write("", &[page]);
    let source = Source::open(&bytes).unwrap();
    assert_eq!(source.pages()[0].text, "申请人赵琪霖住长平街");
    let ink = |source: &Source, from: f64, to: f64| {
        let picture = image::load_from_memory(&source.page_png(0, 100).unwrap()).unwrap().to_luma8();
        let (width, wanted) = (f64::from(picture.width()), from / 595.0..to / 595.0);
        let inside = |x: u32| wanted.contains(&(f64::from(x) / width));
        picture.enumerate_pixels().filter(|(x, _, p)| inside(*x) && p.0[0] < 128).count()
    };
    assert!(ink(&source, 50.0, 110.0) > 100, "申请人 is drawn");
    let clean = redact(&bytes, &[Mark::term("赵琪霖", GROUND)]).unwrap();
    assert_eq!((clean.marks[0].places, clean.unread.len()), (1, 0));
    assert!(gate(&clean.bytes, "a.pdf", &clean.removed).is_empty());
    let cleaned = Source::open(&clean.bytes).unwrap();
    assert_eq!(cleaned.pages()[0].text, "申请人█住长平街");
    assert!(ink(&cleaned, 110.0, 170.0) > 2_000, "赵琪霖 is black");
}

#[test]
fn the_same_file_comes_out_the_same() {
    let bytes = portable_file(&[line(700, "13800001234")], "");
    let marks = [Mark::term("13800001234", GROUND)];
    assert_eq!(redact(&bytes, &marks).unwrap(), redact(&bytes, &marks).unwrap());
}

#[test]
fn boxes_meet_their_words_on_rotated_and_cropped_pages() {
    for degrees in [0, 90, 180, 270] {
        let more = format!("/Rotate {degrees} /CropBox [30 30 500 750]");
        let bytes = portable_file(&[line(400, "13800001234")], &more);
        let before = Source::open(&bytes).unwrap();
        let ink = |source: &Source| {
            let picture = image::load_from_memory(&source.page_png(0, 72).unwrap()).unwrap().to_luma8();
            let dark = picture.enumerate_pixels().filter(|(.., p)| p.0[0] < 100).map(|(x, y, _)| (x, y));
            let (xs, ys): (Vec<u32>, Vec<u32>) = dark.unzip();
            [
                *xs.iter().min().unwrap(),
                *ys.iter().min().unwrap(),
                *xs.iter().max().unwrap(),
                *ys.iter().max().unwrap(),
            ]
        };
        let words = ink(&before);
        let clean = redact(&bytes, &[Mark::term("13800001234", GROUND)]).unwrap();
        let after = ink(&Source::open(&clean.bytes).unwrap());
        for n in 0..4 {
            let wider =
                if n < 2 { words[n].saturating_sub(after[n]) } else { after[n].saturating_sub(words[n]) };
            assert!(wider <= 6, "{degrees}: {words:?} {after:?}");
        }
        assert!(after[0] <= words[0] && after[1] <= words[1] && after[2] >= words[2] && after[3] >= words[3]);
    }
}

#[test]
fn a_region_takes_words_and_pixels() {
    let bytes = portable_file(&[line(700, "keep this") + &line(400, "secret words")], "");
    let area = Area { left: 0.0, top: 0.45, right: 0.6, bottom: 0.6 };
    let clean = redact(&bytes, &[Mark::region(0, area, GROUND)]).unwrap();
    assert_eq!(clean.removed, ["secret words"]);
    assert!(gate(&clean.bytes, "a.pdf", &clean.removed).is_empty());
    assert_eq!(Source::open(&clean.bytes).unwrap().pages()[0].text.replace(' ', ""), "keepthis\n█");

    let bytes = portable_file(&[line(700, "same words") + &line(400, "same words")], "");
    let clean = redact(&bytes, &[Mark::region(0, area, GROUND)]).unwrap();
    assert_eq!((clean.elsewhere, clean.removed.len()), (vec!["same words".to_owned()], 0));
}

#[test]
fn a_term_that_is_nowhere_and_a_page_that_cannot_be_read_are_told() {
    let mut file = portable::File::new();
    let picture = file.packed(
        "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8",
        &[0, 255, 255, 0],
    );
    let content = file.packed("", b"q 400 0 0 400 50 50 cm /I Do Q");
    let page = file.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /XObject << /I {picture} 0 R >> >> >>"
    ));
    let clean = redact(&file.write("", &[page]), &[Mark::term("13800001234", GROUND)]).unwrap();
    assert_eq!((clean.not_found(), clean.unread), (vec![0], vec![1]));
}

#[test]
fn letters_that_are_a_stencil_are_told() {
    let bytes = portable_file(
        &["BT /F 40 Tf 7 Tr 50 700 Td (13800001234) Tj ET 0 g 0 0 595 842 re f".to_owned()],
        "",
    );
    let clean = redact(&bytes, &[Mark::term("13800001234", GROUND)]).unwrap();
    assert_eq!((clean.not_found(), clean.unread), (vec![0], vec![1]));
    assert!(!gate(&bytes, "a.pdf", &[]).is_empty());
}

#[test]
fn removing_words_brings_no_others_together() {
    let bytes = portable_file(&[line(700, "138000012341380000123413800001234")], "");
    let marks = [Mark::term("13800001234", GROUND), Mark::term("00001234138", GROUND)];
    let clean = redact(&bytes, &marks).unwrap();
    assert!(gate(&clean.bytes, "a.pdf", &clean.removed).is_empty());
}

fn word(body: &str) -> Vec<u8> {
    let mut parts = Parts(Vec::new());
    parts.add("[Content_Types].xml", TYPES);
    parts.add("_rels/.rels", relations(&[("r1", "officeDocument", "word/document.xml", false)]));
    parts.add("word/document.xml", format!("<w:document {W}><w:body>{body}</w:body></w:document>"));
    parts.pack("")
}

fn paragraphs(texts: &[&str]) -> String {
    texts.iter().map(|t| format!("<w:p><w:r><w:t>{t}</w:t></w:r></w:p>")).collect()
}

#[test]
fn paragraphs_of_word_keep_their_words_around_the_sign() {
    let bytes = word(&paragraphs(&[
        "申请人赵琪霖（电话13800001234）提出申请。",
        "携带行李",
        "四、其他",
        "整段不公开。",
    ]));
    let marks = [
        Mark::term("赵琪霖", GROUND),
        Mark::term("13800001234", GROUND),
        Mark::term("李四", GROUND),
        Mark { target: Target::Paragraph(3), ground: GROUND.into() },
    ];
    let clean = redact(&bytes, &marks).unwrap();
    assert_eq!(clean.marks.iter().map(|m| m.places).collect::<Vec<_>>(), [1, 1, 0, 1]);
    let texts: Vec<String> =
        Source::open(&clean.bytes).unwrap().paragraphs().iter().map(|p| p.text.clone()).collect();
    assert_eq!(
        texts,
        ["申请人〔不予公开〕（电话〔不予公开〕）提出申请。", "携带行李", "四、其他", "〔不予公开〕"]
    );
    assert!(clean.removed.contains(&"整段不公开。".to_owned()));
    assert!(gate(&clean.bytes, "a.docx", &clean.removed).is_empty());
    // A sign that contains a removed word would be a leak.
    let clean = redact(&bytes, &[Mark::term("公开", GROUND)]).unwrap();
    assert!(gate(&clean.bytes, "a.docx", &clean.removed).is_empty());
    let nowhere =
        redact(&bytes, &[Mark { target: Target::Paragraph(9), ground: GROUND.into() }]).unwrap_err();
    assert_eq!(nowhere[0].code, "mark-nowhere");
}

#[test]
fn our_own_documents_survive() {
    // What Word, WPS and LibreOffice open is shown by the tests of print-outs; here the reader of docx-rs.
    let bytes = word(&paragraphs(&["申请人赵琪霖提出申请。"]));
    let clean = redact(&bytes, &[Mark::term("赵琪霖", GROUND)]).unwrap();
    let read = docx_rs::read_docx(&clean.bytes).unwrap();
    assert_eq!(read.document.children.len(), 1);
}

#[test]
fn a_workbook_keeps_values_and_loses_what_is_hidden() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("名单").unwrap();
    for (row, name) in ["赵琪霖", "钱瑶霏", "孙璟霁"].into_iter().enumerate() {
        sheet.write(row as u32, 0, name).unwrap();
        sheet.write(row as u32, 1, 13_800_001_234.0 + row as f64).unwrap();
    }
    let percent = rust_xlsxwriter::Format::new().set_num_format("0.0%");
    sheet.write_with_format(0, 2, 0.125, &percent).unwrap();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write_with_format(1, 2, 45_351.0, &date).unwrap();
    sheet.set_row_hidden(1).unwrap();
    sheet.write(2, 2, "合计").unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let source = Source::open(&bytes).unwrap();
    assert_eq!(source.kind(), Kind::Xlsx);
    let shown: Vec<&str> = source.sheets()[0].cells.iter().map(|c| c.3.as_str()).collect();
    assert_eq!(shown, ["赵琪霖", "13800001234", "12.5%", "孙璟霁", "13800001236", "合计"]);
    let cell = Target::Cell { sheet: "名单".into(), row: 2, column: 0 };
    let marks = [Mark::term("13800001234", GROUND), Mark { target: cell, ground: GROUND.into() }];
    let clean = redact(&bytes, &marks).unwrap();
    assert!(gate(&clean.bytes, "a.xlsx", &clean.removed).is_empty());
    assert_eq!(clean.removed, ["13800001234", "孙璟霁"]);
    let mut read = Xlsx::new(Cursor::new(clean.bytes)).unwrap();
    let range = read.worksheet_range("名单").unwrap();
    let rows: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
    let text = |t: &str| Data::String(t.into());
    assert_eq!(
        rows,
        [
            vec![text("赵琪霖"), text("〔不予公开〕"), Data::Float(0.125)],
            vec![text("〔不予公开〕"), Data::Float(13_800_001_236.0), text("合计")],
        ]
    );
}

#[test]
fn a_picture_is_painted_and_says_nothing_else() {
    let area = Area { left: 0.1, top: 0.1, right: 0.3, bottom: 0.3 };
    for bytes in [picture::png(), picture::jpeg()] {
        let clean = redact(&bytes, &[Mark::region(0, area, GROUND)]).unwrap();
        let painted = image::load_from_memory(&clean.bytes).unwrap().to_luma8();
        assert_eq!(painted.dimensions(), (120, 80));
        assert!(painted.get_pixel(24, 16).0[0] < 30 && painted.get_pixel(110, 70).0[0] > 230);
        assert!(gate(&clean.bytes, "a", &[]).is_empty());
        assert_eq!(clean.unread, [1]);
    }
}
