//! The clean PDF: pictures of the pages and, over them, an invisible layer of the words that remain.
//!
//! Nothing of the old file is copied. The layer is set in fonts whose glyphs are empty drawings and whose only meaning
//! is the character each stands for, so a search and a screen reader find the remaining words where they are seen, and
//! no font program is carried along.

use super::font;
use super::read::Sheet;
use crate::redact::area::Area;
use crate::redact::paint::{self, Packed};
use crate::redact::unusable::Unusable;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};
use image::RgbImage;
use pdf_writer::types::{SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use std::io::Write;

/// Dots per inch of the pictures of pages: small print of 8 points stays readable.
pub(in crate::redact) const DPI: f64 = 200.0;
/// Pixels of one page; larger sheets are drawn with fewer dots per inch.
const MAX_PAGE_PIXELS: f64 = 40_000_000.0;
/// Codes of one font of the layer.
const CODES: usize = 255;
/// Stands in the layer where something was removed: it is read aloud, and it keeps apart what was apart.
pub(in crate::redact) const REMOVED: &str = "█";

/// A page drawn on white.
pub(in crate::redact) fn drawn(page: &Page<'_>, dpi: f64) -> Result<RgbImage, Unusable> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    if !(width > 0.0 && height > 0.0) {
        return Err(Unusable::Broken);
    }
    let largest = (MAX_PAGE_PIXELS / (width * height)).sqrt().min(60_000.0 / width.max(height));
    let scale = (dpi / 72.0).min(largest);
    let side = |length: f64| (length * scale).floor().clamp(1.0, 65_000.0) as u16;
    let settings = RenderSettings {
        x_scale: scale as f32,
        y_scale: scale as f32,
        width: Some(side(width)),
        height: Some(side(height)),
        bg_color: WHITE,
    };
    let pixels = render(page, &RenderCache::new(), &font::settings(), &settings);
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    // Everything lies on white, so nothing is transparent.
    let rgb = pixels.data_as_u8_slice().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    RgbImage::from_raw(width, height, rgb).ok_or(Unusable::Broken)
}

/// A clean file in the making.
pub(in crate::redact) struct Clean {
    pdf: Pdf,
    next: i32,
    pages: Vec<Ref>,
    catalog: Ref,
    tree: Ref,
    layer: Layer,
}

impl Clean {
    pub(in crate::redact) fn new() -> Clean {
        let mut clean = Clean {
            pdf: Pdf::new(),
            next: 1,
            pages: Vec::new(),
            catalog: Ref::new(1),
            tree: Ref::new(1),
            layer: Layer::default(),
        };
        clean.catalog = clean.id();
        clean.tree = clean.id();
        clean
    }

    fn id(&mut self) -> Ref {
        let id = Ref::new(self.next);
        self.next += 1;
        id
    }

    /// Adds a page: its picture, painted black at `areas`, and the words of `sheet`, from which the marked ones were
    /// taken.
    pub(in crate::redact) fn add(
        &mut self,
        mut picture: RgbImage,
        sheet: &Sheet,
        areas: &[Area],
    ) -> Result<(), Unusable> {
        paint::black(&mut picture, areas);
        let Packed { bytes, jpeg, grey } = paint::packed(&picture)?;
        let (page, image, content) = (self.id(), self.id(), self.id());
        let mut object = self.pdf.image_xobject(image, &bytes);
        object.filter(if jpeg { Filter::DctDecode } else { Filter::FlateDecode });
        object.width(picture.width() as i32).height(picture.height() as i32).bits_per_component(8);
        if grey {
            object.color_space().device_gray();
        } else {
            object.color_space().device_rgb();
        }
        object.finish();

        let (width, height) = (sheet.width as f32, sheet.height as f32);
        let mut drawing = Content::new();
        drawing.save_state();
        drawing.transform([width, 0.0, 0.0, height, 0.0, 0.0]);
        drawing.x_object(Name(b"P"));
        drawing.restore_state();
        self.layer.write(sheet, &mut drawing);
        let packed = deflated(&drawing.finish())?;
        self.pdf.stream(content, &packed).filter(Filter::FlateDecode).finish();

        let tree = self.tree;
        let fonts: Vec<(String, Ref)> = self.layer.fonts(&mut self.next);
        let mut object = self.pdf.page(page);
        object.media_box(Rect::new(0.0, 0.0, width, height)).parent(tree).contents(content);
        let mut resources = object.resources();
        resources.x_objects().pair(Name(b"P"), image);
        let mut list = resources.fonts();
        for (name, id) in &fonts {
            list.pair(Name(name.as_bytes()), *id);
        }
        list.finish();
        resources.finish();
        object.finish();
        self.pages.push(page);
        Ok(())
    }

    /// The file. It says nothing of itself but its language.
    pub(in crate::redact) fn finish(mut self) -> Result<Vec<u8>, Unusable> {
        let count = i32::try_from(self.pages.len()).map_err(|_| Unusable::TooManyPages)?;
        self.layer.write_fonts(&mut self.pdf, &mut self.next)?;
        let (tree, pages) = (self.tree, std::mem::take(&mut self.pages));
        self.pdf.pages(tree).kids(pages).count(count);
        self.pdf.catalog(self.catalog).pages(tree).lang(TextStr("zh-CN"));
        Ok(self.pdf.finish())
    }
}

fn deflated(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).map_err(|_| Unusable::Broken)?;
    encoder.finish().map_err(|_| Unusable::Broken)
}

/// The fonts of the invisible words: each new text takes the next code.
#[derive(Default)]
struct Layer {
    codes: BTreeMap<String, usize>,
    texts: Vec<String>,
    ids: Vec<Ref>,
}

impl Layer {
    fn write(&mut self, sheet: &Sheet, drawing: &mut Content) {
        drawing.begin_text();
        let mut font = usize::MAX;
        for glyph in sheet.glyphs.iter().filter(|g| g.area.size() > 0.0 && !g.text.trim().is_empty()) {
            let next = self.texts.len();
            let code = *self.codes.entry(glyph.text.clone()).or_insert(next);
            if code == next {
                self.texts.push(glyph.text.clone());
            }
            if font != code / CODES {
                font = code / CODES;
                drawing.set_font(Name(format!("T{font}").as_bytes()), 1.0);
            }
            let area = &glyph.area;
            let (width, height) = (area.width() * sheet.width, area.height() * sheet.height);
            let (left, bottom) = (area.left * sheet.width, (1.0 - area.bottom) * sheet.height);
            // A glyph is one unit wide and stands a fifth above the bottom of its box.
            drawing.set_text_matrix([
                width as f32,
                0.0,
                0.0,
                height as f32,
                left as f32,
                (bottom + height * 0.2) as f32,
            ]);
            drawing.show(Str(&[(code % CODES) as u8]));
        }
        drawing.end_text();
    }

    /// The fonts needed so far, by name; new ones get a number.
    fn fonts(&mut self, next: &mut i32) -> Vec<(String, Ref)> {
        while self.ids.len() < self.texts.len().div_ceil(CODES) {
            self.ids.push(Ref::new(*next));
            *next += 1;
        }
        self.ids.iter().enumerate().map(|(n, id)| (format!("T{n}"), *id)).collect()
    }

    fn write_fonts(&self, pdf: &mut Pdf, next: &mut i32) -> Result<(), Unusable> {
        let mut id = || {
            *next += 1;
            Ref::new(*next - 1)
        };
        let empty = id();
        // Wide as one unit, and no ink.
        pdf.stream(empty, b"1000 0 d0").finish();
        for (font, texts) in self.ids.iter().zip(self.texts.chunks(CODES)) {
            let meaning = id();
            let info = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
            let mut map = UnicodeCmap::<u8>::new(Name(b"M"), info);
            for (code, text) in texts.iter().enumerate() {
                map.pair_with_multiple(code as u8, text.chars());
            }
            let map = deflated(&map.finish())?;
            pdf.cmap(meaning, &map).filter(Filter::FlateDecode).finish();

            let names: Vec<String> = (0..texts.len()).map(|n| format!("g{n}")).collect();
            let mut object = pdf.type3_font(*font);
            object.bbox(Rect::new(0.0, -200.0, 1000.0, 800.0)).matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
            let mut procedures = object.char_procs();
            for name in &names {
                procedures.pair(Name(name.as_bytes()), empty);
            }
            procedures.finish();
            let mut encoding = object.encoding_custom();
            let mut differences = encoding.differences();
            differences.consecutive(0, names.iter().map(|name| Name(name.as_bytes())));
            differences.finish();
            encoding.finish();
            object.first_char(0).last_char((texts.len() - 1) as u8);
            object.widths(std::iter::repeat_n(1000.0, texts.len()));
            object.to_unicode(meaning);
            object.finish();
        }
        Ok(())
    }
}
