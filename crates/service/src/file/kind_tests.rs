//! What comes in and what does not, each file made here.

use super::*;
use std::io::Write;
use zip::write::SimpleFileOptions;

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")];
    parts.extend(more);
    zipped(&parts)
}

fn picture_png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend(b"\x08\x02\0\0\0crc!\0\0\0\0IEND\xAE\x42\x60\x82");
    png
}

fn picture_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xFF\xC0\0\x11\x08".to_vec();
    jpeg.extend(height.to_be_bytes());
    jpeg.extend(width.to_be_bytes());
    jpeg.extend(b"\x03\xFF\xD9");
    jpeg
}

fn picture_tiff(width: u16, height: u16) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    for (tag, value) in [(256_u16, width), (257, height)] {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(b"\x03\0\x01\0\0\0");
        tiff.extend(value.to_le_bytes());
        tiff.extend(b"\0\0");
    }
    tiff
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

#[track_caller]
fn refused(content: &[u8], name: &str, code: &str) {
    let refusal = judge(content, name).expect_err(name);
    assert_eq!(refusal.code, code, "{name}: {}", refusal.text);
    assert!(refusal.text.contains('请'), "it says what to do: {}", refusal.text);
}

#[test]
fn documents_and_pictures_are_known_by_their_content() {
    let xlsx = zipped(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")]);
    let ofd = zipped(&[("OFD.xml", b"<ofd:OFD/>"), ("Doc_0/Document.xml", b"<d/>")]);
    for (content, name, media) in [
        (PDF.to_vec(), "a.exe", Media::Pdf),
        (docx(&[]), "a.pdf", Media::Docx),
        (xlsx, "", Media::Xlsx),
        (ofd, "a.zip", Media::Ofd),
        (picture_png(10, 20), "a.jpg", Media::Png),
        (picture_jpeg(10, 20), "a", Media::Jpeg),
        (picture_tiff(10, 20), "a.tif", Media::Tiff),
        ("关于公开的说明\r\n".as_bytes().to_vec(), "a.TXT", Media::Text),
        (GB18030.encode("编号,名称\n1,公开").0.into_owned(), "a.csv", Media::Csv),
        (b"\xFF\xFEa\0b\0".to_vec(), "a.txt", Media::Text),
    ] {
        assert_eq!(judge(&content, name), Ok(media), "{name}");
    }
}

#[test]
fn what_runs_does_not_come_in_whatever_it_is_called() {
    for start in PROGRAMS {
        refused(&[start, b"\0\0\0\0rest"].concat(), "申请表.pdf", "file-program");
    }
    for script in
        ["#!/bin/sh\n", " \n<!DOCTYPE html>", "<svg xmlns='x'/>", "\u{feff}<script>", "@echo off\r\n"]
    {
        for name in ["a.txt", "a.pdf", "a.svg"] {
            refused(script.as_bytes(), name, "file-script");
        }
    }
    refused(docx(&[("word/vbaProject.bin", b"x")]).as_slice(), "a.docx", "file-macro");
}

#[test]
fn archives_and_the_unknown_do_not_come_in() {
    refused(&zipped(&[("a.exe", b"MZ")]), "a.docx", "file-archive");
    refused(b"Rar!\x1A\x07\0", "a.pdf", "file-archive");
    refused(b"\x1F\x8B\x08\0", "a.pdf", "file-archive");
    refused(b"", "a.pdf", "file-empty");
    refused(b"\0\x01\x02", "a.pdf", "file-kind");
    refused(b"plain text", "a.bat", "file-kind");
    refused(b"a\0b", "a.txt", "file-kind");
    refused(&docx(&[("../../etc/passwd", b"x")]), "a.docx", "file-broken");
}

#[test]
fn a_password_is_to_be_taken_off() {
    let sealed = b"%PDF-1.6\ntrailer<</Root 1 0 R/Encrypt 5 0 R>>\n%%EOF".to_vec();
    refused(&sealed, "a.pdf", "file-encrypted");
    let inline = b"%PDF-1.6\ntrailer<</Encrypt\n<</Filter/Standard>>>>\n%%EOF".to_vec();
    refused(&inline, "a.pdf", "file-encrypted");
    let other = b"%PDF-1.6\n<</EncryptMetadata false>>\n%%EOF".to_vec();
    assert_eq!(judge(&other, ""), Ok(Media::Pdf));
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    refused(&[COMPOUND, &wide("EncryptedPackage")].concat(), "a.docx", "file-encrypted");
    refused(&[COMPOUND, &wide("WordDocument")].concat(), "a.doc", "file-old-office");
    refused(&[COMPOUND, &wide("Workbook")].concat(), "a.xls", "file-old-office");
    refused(&[COMPOUND, b"installer"].concat(), "a.msi", "file-kind");
    // The flag of a sealed part, in its header and in the directory.
    let mut zip = docx(&[]);
    let places: Vec<usize> =
        zip.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x03\x04").map(|(n, _)| n + 6).collect();
    let listed: Vec<usize> =
        zip.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").map(|(n, _)| n + 8).collect();
    for at in places.into_iter().chain(listed) {
        zip[at] |= 1;
    }
    refused(&zip, "a.docx", "file-encrypted");
}

#[test]
fn bombs_are_counted_and_not_believed() {
    let bomb = docx(&[("word/media/a.bin", &vec![0; 40 << 20])]);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    refused(&bomb, "a.docx", "file-bomb");
    // The same, declaring that it is small: sizes in the directory, which is what is read.
    let mut liar = bomb;
    let size = u32::to_le_bytes(40 << 20);
    while let Some(at) = find(&liar, &size) {
        liar[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    let refusal = judge(&liar, "a.docx").unwrap_err();
    assert!(["file-bomb", "file-broken"].contains(&refusal.code.as_str()), "{refusal:?}");
    refused(&picture_png(100_000, 100_000), "a.png", "file-bomb");
    refused(&picture_jpeg(65_535, 65_535), "a.jpg", "file-bomb");
}

#[test]
fn what_is_cut_off_is_said() {
    for whole in [PDF.to_vec(), docx(&[]), picture_png(1, 1), picture_jpeg(1, 1), picture_tiff(1, 1)] {
        for n in 9..whole.len() - 8 {
            // Only what is still whole in every part that is read may come in.
            let _ = judge(&whole[..n], "a.pdf");
        }
        let half = &whole[..whole.len() / 2];
        assert!(judge(half, "a.pdf").is_err(), "{:?}", &half[..8]);
    }
    refused(&picture_png(0, 10), "a.png", "file-broken");
    // A directory that points to itself, and one that points nowhere.
    refused(b"II*\0\xFF\xFF\xFF\xFF", "a.tif", "file-broken");
    refused(b"\xFF\xD8\xFF\xE0\0\0\xFF\xD9", "a.jpg", "file-broken");
}
