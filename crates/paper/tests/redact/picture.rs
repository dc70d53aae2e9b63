//! Pictures with words beside their pixels.

use super::plant::Plants;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use std::io::Write;

/// White with a dark bar.
pub fn pixels() -> RgbImage {
    RgbImage::from_fn(120, 80, |x, y| {
        if (20..100).contains(&x) && (30..50).contains(&y) { Rgb([40, 60, 80]) } else { Rgb([255, 255, 255]) }
    })
}

pub fn png() -> Vec<u8> {
    let (mut out, picture) = (Vec::new(), pixels());
    image::codecs::png::PngEncoder::new(&mut out)
        .write_image(picture.as_raw(), 120, 80, ExtendedColorType::Rgb8)
        .unwrap();
    out
}

pub fn jpeg() -> Vec<u8> {
    let (mut out, picture) = (Vec::new(), pixels());
    image::codecs::jpeg::JpegEncoder::new(&mut out)
        .write_image(picture.as_raw(), 120, 80, ExtendedColorType::Rgb8)
        .unwrap();
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, b: &u8| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

/// Puts a chunk behind the header.
pub fn with_chunk(png: &[u8], name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&name[..], data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&png[..33], &length, &body, &crc(&body).to_be_bytes(), &png[33..]].concat()
}

pub fn with_text(png: &[u8], key: &str, text: &str) -> Vec<u8> {
    with_chunk(png, b"iTXt", format!("{key}\0\0\0\0\0{text}").as_bytes())
}

pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn planted_png(s: &mut Plants) -> Vec<u8> {
    let file = with_text(&png(), "Comment", &s.put("iTXt"));
    let file = with_chunk(&file, b"tEXt", format!("Author\0{}", s.put("tEXt")).as_bytes());
    let packed = [b"Title\0\0".as_slice(), &zlib(s.put("zTXt").as_bytes())].concat();
    let file = with_chunk(&file, b"zTXt", &packed);
    let file = with_chunk(&file, b"eXIf", format!("II*\0{}", s.put("eXIf")).as_bytes());
    let gbk = encoding_rs::GB18030.encode(&s.put("私有块")).0.into_owned();
    let file = with_chunk(&file, b"prVt", &gbk);
    [&file[..], s.put("末尾数据").as_bytes()].concat()
}

pub fn planted_jpeg(s: &mut Plants) -> Vec<u8> {
    let segment = |marker: u8, data: &[u8]| {
        [&[0xff, marker][..], &u16::try_from(data.len() + 2).unwrap().to_be_bytes(), data].concat()
    };
    let wide: Vec<u8> = s.put("EXIF").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let exif = segment(0xe1, &[b"Exif\0\0II*\0", &wide[..]].concat());
    let xmp = segment(
        0xe1,
        format!("http://ns.adobe.com/xap/1.0/\0<x><creator>{}</creator></x>", s.put("XMP")).as_bytes(),
    );
    let comment = segment(0xfe, s.put("注释").as_bytes());
    let iptc = segment(0xed, format!("Photoshop 3.0\0{}", s.put("IPTC")).as_bytes());
    let file = jpeg();
    [&file[..2], &exif, &xmp, &comment, &iptc, &file[2..], s.put("末尾数据").as_bytes()].concat()
}
