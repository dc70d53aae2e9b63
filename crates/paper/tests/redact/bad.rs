//! Files that must be refused with one sentence, and bytes that must not harm.

use super::package::{Parts, TYPES, W};
use super::plant::{Plants, Sort};
use super::{book, picture, portable, word};
use paper::redact::{Area, Kind, MAX_BYTES, Mark, Source, Unusable, gate, redact};
use std::time::{Duration, Instant};

fn refused(bytes: &[u8], wanted: Unusable) {
    assert_eq!(Kind::sniff(bytes), Err(wanted));
    let refusals = redact(bytes, &[Mark::term("某某", "条例第十五条")]).unwrap_err();
    assert_eq!(refusals.len(), 1);
    let text = &refusals[0].text;
    assert!(text.ends_with('。') && text.matches('。').count() == 1, "one sentence: {text}");
    assert!(Source::open(bytes).is_err());
}

#[test]
fn an_executable_named_pdf_and_other_strangers() {
    refused(b"MZ\x90\0program", Unusable::Program);
    refused(b"\x7fELF\x02\x01\x01", Unusable::Program);
    refused(b"#!/bin/sh\nrm", Unusable::Program);
    refused(b"", Unusable::Empty);
    refused(b"plain text", Unusable::UnknownKind);
    refused(b"{\\rtf1}", Unusable::UnknownKind);
    let mut other = Parts(Vec::new());
    other.add("a.txt", "text");
    refused(&other.pack(""), Unusable::UnknownKind);
}

#[test]
fn a_file_of_more_than_a_hundred_megabytes() {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(MAX_BYTES + 1, b' ');
    refused(&bytes, Unusable::TooLarge);
}

#[test]
fn passwords_old_formats_and_macros() {
    let compound = |inner: &str| {
        let name: Vec<u8> = inner.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 512], &name].concat()
    };
    refused(&compound("EncryptedPackage"), Unusable::Encrypted);
    refused(&compound("WordDocument"), Unusable::OldOffice);
    let mut file = portable::File::new();
    let page = portable::page(&mut file, "", "");
    let plain = file.write("", &[page]);
    let text = String::from_utf8_lossy(&plain)
        .replace("/Root 1 0 R", "/Root 1 0 R /Encrypt << /Filter /Standard >>");
    refused(text.as_bytes(), Unusable::Encrypted);

    let mut parts = Parts(Vec::new());
    parts.add("[Content_Types].xml", TYPES);
    parts.add("word/document.xml", format!("<w:document {W}><w:body/></w:document>"));
    parts.add("word/vbaProject.bin", "x");
    refused(&parts.pack(""), Unusable::Macros);
    // The flag of encryption in the headers of the entries.
    parts.0.pop();
    let mut bytes = parts.pack("");
    for (signature, flags) in [(&b"PK\x03\x04"[..], 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> =
            (0..bytes.len() - 4).filter(|n| bytes[*n..].starts_with(signature)).collect();
        places.into_iter().for_each(|at| bytes[at + flags] |= 1);
    }
    refused(&bytes, Unusable::Encrypted);
}

#[test]
fn bombs() {
    let mut parts = Parts(Vec::new());
    parts.add("[Content_Types].xml", TYPES);
    parts.add("word/document.xml", vec![b' '; 40 * 1024 * 1024]);
    refused(&parts.pack(""), Unusable::Bomb);

    let zeros = picture::zlib(&vec![0; 8 * 1024 * 1024]);
    let mut file = portable::File::new();
    file.stream("/Filter [/FlateDecode /FlateDecode]", &picture::zlib(&zeros));
    let page = portable::page(&mut file, "", "");
    refused(&file.write("", &[page]), Unusable::Bomb);

    // Forms that show forms: two to the power of forty.
    let mut file = portable::File::new();
    let mut inner = file.packed("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 1 1 re f");
    for _ in 0..38 {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {inner} 0 R >> >>"
        );
        inner = file.packed(&entries, b"/X Do /X Do");
    }
    let content = file.packed("", b"/X Do");
    let page = file.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents {content} 0 R /Resources << /XObject << /X {inner} 0 R >> >> >>"
    ));
    refused(&file.write("", &[page]), Unusable::Bomb);

    // A picture that says it is large.
    let mut png = picture::png();
    png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    assert!(matches!(Kind::sniff(&png), Err(Unusable::TooManyPixels | Unusable::Broken)));
    let mut file = portable::File::new();
    file.packed(
        "/Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8",
        b"x",
    );
    let page = portable::page(&mut file, "", "");
    refused(&file.write("", &[page]), Unusable::TooManyPixels);
}

#[test]
fn too_many_pages() {
    let mut file = portable::File::new();
    let page = portable::page(&mut file, "", "");
    refused(&file.write("", &vec![page; 301]), Unusable::TooManyPages);
}

#[test]
fn all_faults_of_the_marks_at_once() {
    let area = Area { left: 0.2, top: 0.2, right: 1.2, bottom: 0.3 };
    let marks = [
        Mark::term("某某", ""),
        Mark::term("某", "条例第十五条"),
        Mark::region(0, area, "条例第十五条"),
        Mark::region(0, Area { left: 0.0, top: 0.0, right: f64::NAN, bottom: 1.0 }, "条例第十五条"),
    ];
    let codes: Vec<String> =
        redact(&picture::png(), &marks).unwrap_err().into_iter().map(|r| r.code).collect();
    let wanted = [
        "mark-without-ground",
        "mark-too-short",
        "mark-outside",
        "mark-outside",
        "mark-misfit",
        "mark-misfit",
    ];
    assert_eq!(codes, wanted);
    let codes: Vec<String> = redact(&picture::png(), &[]).unwrap_err().into_iter().map(|r| r.code).collect();
    assert_eq!(codes, ["no-marks"]);
    let area = Area { left: 0.1, top: 0.1, right: 0.2, bottom: 0.2 };
    let refusals = redact(&picture::png(), &[Mark::region(1, area, "条例第十五条")]).unwrap_err();
    assert_eq!(refusals[0].code, "mark-nowhere");
}

/// Everything that can be done with a file; whatever comes of it, nothing panics and nothing hangs.
#[expect(clippy::disallowed_methods, reason = "a test measures how long it takes")]
fn handled(bytes: &[u8]) {
    let began = Instant::now();
    drop(gate(bytes, "a", &["13800001234".into(), "某某".into()]));
    if Kind::sniff(bytes).is_ok() {
        drop(Source::open(bytes));
        drop(redact(bytes, &[Mark::term("某某", "条例第十五条")]));
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{} bytes took {:?}", bytes.len(), began.elapsed());
}

#[test]
fn cut_and_spoilt_files_do_no_harm() {
    let small = {
        let mut file = portable::File::new();
        let page = portable::page(
            &mut file,
            "BT /F 14 Tf 50 700 Td (13800001234) Tj ET",
            "/Annots [<< /Subtype /Text >>]",
        );
        file.write("", &[page])
    };
    let picture = picture::png();
    let files = [
        small,
        word::file(&mut Plants::new(Sort::Name, 0), &picture),
        book::file(&mut Plants::new(Sort::Name, 0)),
        picture::planted_png(&mut Plants::new(Sort::Name, 0)),
        picture::planted_jpeg(&mut Plants::new(Sort::Name, 0)),
    ];
    // A fixed seed: the same spoilt files every time.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut chance = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for file in &files {
        for part in 1..8 {
            handled(&file[..file.len() * part / 8]);
        }
        for _ in 0..12 {
            let mut spoilt = file.clone();
            for _ in 0..1 + chance(20) {
                let at = chance(spoilt.len());
                spoilt[at] = chance(256) as u8;
            }
            handled(&spoilt);
        }
    }
    for start in [&b"%PDF-1.7\n"[..], b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b""] {
        for _ in 0..6 {
            let noise: Vec<u8> = (0..2_000).map(|_| chance(256) as u8).collect();
            handled(&[start, &noise].concat());
        }
    }
}
