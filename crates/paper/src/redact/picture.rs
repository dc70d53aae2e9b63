//! PNG and JPEG: decoded within limits, painted, and written anew from the pixels.

use super::area::Area;
use super::unusable::Unusable;
use super::{MAX_PIXELS, paint};
use crate::redact::Kind;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// Bytes a decoder may take: eight for each pixel, and its own tables.
const MAX_MEMORY: u64 = MAX_PIXELS * 8 + 64 * 1024 * 1024;

/// Whether a picture of that size is taken.
pub(super) fn fits(width: u64, height: u64) -> bool {
    width.saturating_mul(height) <= MAX_PIXELS && width > 0 && height > 0
}

fn reader(bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, Unusable> {
    let format = match bytes {
        [0x89, ..] => ImageFormat::Png,
        _ => ImageFormat::Jpeg,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    Ok(reader)
}

/// Whether the picture can be decoded; all its pixels are.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unusable> {
    let (width, height) = reader(bytes)?.into_dimensions().map_err(|_| Unusable::Broken)?;
    if !fits(width.into(), height.into()) {
        return Err(Unusable::TooManyPixels);
    }
    decoded(bytes).map(drop)
}

/// The pixels the right way up: the orientation of EXIF is applied, because EXIF goes.
pub(super) fn decoded(bytes: &[u8]) -> Result<RgbImage, Unusable> {
    super::pdf::isolated(|| {
        let (width, height) = reader(bytes)?.into_dimensions().map_err(|_| Unusable::Broken)?;
        if !fits(width.into(), height.into()) {
            return Err(Unusable::TooManyPixels);
        }
        let mut decoder = reader(bytes)?.into_decoder().map_err(|_| Unusable::Broken)?;
        let orientation = decoder.orientation().map_err(|_| Unusable::Broken)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unusable::Broken)?;
        picture.apply_orientation(orientation);
        Ok(paint::flattened(&picture))
    })
}

/// The picture with black places and nothing but its pixels.
pub(super) fn painted(bytes: &[u8], kind: Kind, areas: &[Area]) -> Result<Vec<u8>, Unusable> {
    let mut picture = decoded(bytes)?;
    paint::black(&mut picture, areas);
    if kind == Kind::Png { paint::png(&picture) } else { paint::jpeg(&picture) }
}

/// Width and height of a JPEG file by its frame header.
pub(super) fn jpeg_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2;
    while let [0xff, marker, high, low, ..] = bytes.get(at..)? {
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |n| bytes.get(at + n..at + n + 2).map(|b| u64::from(u16::from_be_bytes([b[0], b[1]])));
            return Some((side(7)?, side(5)?.max(1)));
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        at += if matches!(marker, 0xff) { 1 } else { 2 + length.max(2) };
    }
    None
}

/// Width and height of a JPEG 2000 stream by its size marker.
pub(super) fn jpeg2000_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let at = super::pdf::raw::find(bytes, &[0xff, 0x51], 0)?;
    let side =
        |n| bytes.get(at + n..at + n + 4).map(|b| u64::from(u32::from_be_bytes([b[0], b[1], b[2], b[3]])));
    Some((side(6)?, side(10)?))
}
