//! Pixels: black over marked places, and pictures written without anything but pixels.

use super::area::Area;
use super::unusable::Unusable;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbImage};
use std::io::Write;

/// JPEG quality at which small print stays readable.
const QUALITY: u8 = 88;
/// Above this many bytes a grey page is a photograph, which JPEG packs better.
const MAX_GREY: usize = 700_000;

/// Paints the places black.
pub(super) fn black(picture: &mut RgbImage, areas: &[Area]) {
    for area in areas {
        let [left, top, right, bottom] = area.pixels(picture.width(), picture.height());
        for y in top..bottom {
            for x in left..right {
                picture.put_pixel(x, y, image::Rgb([0, 0, 0]));
            }
        }
    }
}

/// Whether something can be seen in the middle of the place: light and dark. White on white, what lies under a black
/// box or beside the page, and text that is not drawn are not seen, and must not be said by an invisible layer.
pub(super) fn is_seen(picture: &RgbImage, area: &Area) -> bool {
    const CONTRAST: u8 = 40;
    let inner = Area {
        left: area.left + area.width() * 0.15,
        top: area.top + area.height() * 0.15,
        right: area.right - area.width() * 0.15,
        bottom: area.bottom - area.height() * 0.15,
    };
    if inner.right < 0.0 || inner.bottom < 0.0 || inner.left > 1.0 || inner.top > 1.0 {
        return false;
    }
    let [left, top, right, bottom] = inner.pixels(picture.width(), picture.height());
    let (mut darkest, mut lightest) = (u8::MAX, 0);
    for y in top..bottom {
        for x in left..right {
            let value = picture.get_pixel(x, y).0[1];
            (darkest, lightest) = (darkest.min(value), lightest.max(value));
            if lightest.saturating_sub(darkest) > CONTRAST {
                return true;
            }
        }
    }
    false
}

/// Pixels as a PDF file holds them.
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) jpeg: bool,
    pub(super) grey: bool,
}

/// Packs a page: grey without loss where that is small, JPEG otherwise.
pub(super) fn packed(picture: &RgbImage) -> Result<Packed, Unusable> {
    let grey = picture.pixels().all(|p| p.0[0].abs_diff(p.0[1]) < 10 && p.0[1].abs_diff(p.0[2]) < 10);
    if grey {
        let luma: Vec<u8> = picture.pixels().map(|p| p.0[1]).collect();
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(&luma).map_err(|_| Unusable::Broken)?;
        let bytes = encoder.finish().map_err(|_| Unusable::Broken)?;
        if bytes.len() <= MAX_GREY {
            return Ok(Packed { bytes, jpeg: false, grey });
        }
    }
    Ok(Packed { bytes: jpeg(picture)?, jpeg: true, grey: false })
}

pub(super) fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, Unusable> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|_| Unusable::Broken)?;
    Ok(bytes)
}

pub(super) fn png(picture: &RgbImage) -> Result<Vec<u8>, Unusable> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|_| Unusable::Broken)?;
    Ok(bytes)
}

/// On white: what is transparent would show its hidden colours to anybody who drops the transparency.
pub(super) fn flattened(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.pixels()) {
        let [r, g, b, a] = from.0.map(u32::from);
        let over = |c: u32| ((c * a + 255 * (255 - a) + 127) / 255) as u8;
        *to = image::Rgb([over(r), over(g), over(b)]);
    }
    flat
}
