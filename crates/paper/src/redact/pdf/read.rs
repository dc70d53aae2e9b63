//! The glyphs of a page with their places, and the page as a picture.

use crate::plain::{BREAK, Plain, Term, merged};
use crate::redact::area::Area;
use crate::redact::unusable::Unusable;
use hayro::hayro_interpret::font::Glyph as Drawn;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, Paint, PathDrawMode,
    SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::kurbo::{Affine, BezPath, Rect, Shape};
use std::ops::Range;

/// Glyphs of one page; a page of a gazette has some ten thousand.
const MAX_GLYPHS: usize = 100_000;

/// One glyph where it is drawn.
#[derive(Debug, Clone)]
pub(in crate::redact) struct Glyph {
    pub(in crate::redact) text: String,
    pub(in crate::redact) area: Area,
}

/// What a reader meets on a page.
#[derive(Debug, Default)]
pub(in crate::redact) struct Sheet {
    /// In points.
    pub(in crate::redact) width: f64,
    pub(in crate::redact) height: f64,
    /// In the order of the file, which for most programs is the order of reading.
    pub(in crate::redact) glyphs: Vec<Glyph>,
    /// Glyphs that are drawn and whose character the file does not tell.
    pub(in crate::redact) unreadable: usize,
    /// Pictures, which may show words that nobody can search.
    pub(in crate::redact) pictures: Vec<Area>,
    /// More than is read, or letters that nobody reports.
    pub(in crate::redact) overfull: bool,
}

impl Sheet {
    /// Reads one page.
    pub(in crate::redact) fn read(page: &Page<'_>) -> Sheet {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
        let mut device = Collector {
            sheet: Sheet { width, height, overfull: super::steps::has_stencils(page), ..Sheet::default() },
            page: Affine::scale_non_uniform(1.0 / width, 1.0 / height),
        };
        let cache = InterpreterCache::new();
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, width, height),
            &cache,
            page.xref(),
            super::font::settings(),
        );
        interpret_page(page, &mut context, &mut device);
        device.sheet
    }

    /// Whether words may stand on it that were not read: in pictures of more than a hundredth of the page, or in
    /// glyphs without meaning.
    pub(in crate::redact) fn has_unread(&self) -> bool {
        self.unreadable > 0 || self.overfull || self.pictures.iter().any(|area| area.size() > 0.01)
    }

    /// The orders in which the glyphs are searched: that of the file, that of the lines, and that of the columns from
    /// the right, as vertical text is read.
    fn orders(&self) -> [Vec<usize>; 3] {
        let file: Vec<usize> = (0..self.glyphs.len()).collect();
        let mut lines = file.clone();
        lines.sort_by(|a, b| {
            let (a, b) = (&self.glyphs[*a].area, &self.glyphs[*b].area);
            a.middle().1.total_cmp(&b.middle().1)
        });
        // Glyphs whose middles are less than half a glyph apart stand on one line.
        let mut ordered: Vec<usize> = Vec::new();
        let mut line: Vec<usize> = Vec::new();
        for n in lines {
            let apart = line.last().is_some_and(|last: &usize| {
                let (last, now) = (&self.glyphs[*last].area, &self.glyphs[n].area);
                now.middle().1 - last.middle().1 > last.height().min(now.height()) * 0.4
            });
            if apart {
                self.end_line(&mut line, &mut ordered);
            }
            line.push(n);
        }
        self.end_line(&mut line, &mut ordered);
        let mut columns = file.clone();
        columns.sort_by(|a, b| {
            let column = |n: &usize| {
                let area = &self.glyphs[*n].area;
                let step = area.width().max(0.002);
                (-(area.middle().0 / step).round(), area.top)
            };
            let (a, b) = (column(a), column(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        [file, ordered, columns]
    }

    fn end_line(&self, line: &mut Vec<usize>, ordered: &mut Vec<usize>) {
        line.sort_by(|a, b| self.glyphs[*a].area.left.total_cmp(&self.glyphs[*b].area.left));
        ordered.append(line);
    }

    /// The text in one order: which glyph each character belongs to, with breaks where the eye jumps.
    fn flattened(&self, order: &[usize]) -> (Vec<char>, Vec<usize>) {
        let (mut chars, mut owners) = (Vec::new(), Vec::new());
        let mut last: Option<&Area> = None;
        for n in order {
            let glyph = &self.glyphs[*n];
            if let Some(last) = last
                && self.jumps(last, &glyph.area)
            {
                chars.push(BREAK);
                owners.push(*n);
            }
            for c in glyph.text.chars() {
                chars.push(c);
                owners.push(*n);
            }
            last = Some(&glyph.area);
        }
        (chars, owners)
    }

    /// Three glyphs to the side on one line, or three lines down.
    fn jumps(&self, last: &Area, now: &Area) -> bool {
        let height = last.height().max(now.height());
        let same_line = (now.middle().1 - last.middle().1).abs() < height * 0.6;
        let em = height * self.height / self.width;
        if same_line {
            now.left - last.right > 3.0 * em || last.left - now.right > 3.0 * em
        } else {
            (now.middle().1 - last.middle().1).abs() > 3.5 * height
        }
    }

    /// The texts ready to be searched, for several terms.
    pub(in crate::redact) fn searchable(&self) -> Vec<Searchable> {
        let ready = |order: Vec<usize>| {
            let (chars, owners) = self.flattened(&order);
            Searchable { plain: Plain::of(chars), owners }
        };
        self.orders().into_iter().map(ready).collect()
    }

    /// The text with the line ends that the places show.
    pub(in crate::redact) fn text(&self) -> String {
        self.text_of(0..self.glyphs.len())
    }

    fn text_of(&self, range: Range<usize>) -> String {
        let mut text = String::new();
        let mut last: Option<&Area> = None;
        for glyph in &self.glyphs[range] {
            if let Some(last) = last {
                let height = last.height().min(glyph.area.height());
                if (glyph.area.middle().1 - last.middle().1).abs() > height * 0.6 {
                    text.push('\n');
                } else if glyph.area.left - last.right > height * self.height / self.width * 0.8 {
                    text.push(' ');
                }
            }
            text.push_str(&glyph.text);
            last = Some(&glyph.area);
        }
        text
    }
}

/// One order of the glyphs of a page.
pub(in crate::redact) struct Searchable {
    plain: Plain,
    owners: Vec<usize>,
}

impl Searchable {
    pub(in crate::redact) fn find(&self, term: &Term) -> Vec<Vec<usize>> {
        let places = merged(self.plain.find(term)).into_iter().map(|range| {
            let mut glyphs: Vec<usize> = self.owners[range].to_vec();
            glyphs.sort_unstable();
            glyphs.dedup();
            glyphs
        });
        places.collect()
    }
}

/// Collects instead of drawing.
struct Collector {
    sheet: Sheet,
    page: Affine,
}

impl Collector {
    fn area(&self, shape: &Rect, transform: Affine) -> Area {
        let corners = (self.page * transform).transform_rect_bbox(*shape);
        Area { left: corners.x0, top: corners.y0, right: corners.x1, bottom: corners.y1 }
    }

    fn add(&mut self, text: Option<String>, area: Area, inked: bool) {
        if self.sheet.glyphs.len() >= MAX_GLYPHS {
            self.sheet.overfull = true;
            return;
        }
        match text {
            // Filled and outlined text arrives twice.
            Some(text)
                if self
                    .sheet
                    .glyphs
                    .last()
                    .is_some_and(|last| last.text == text && same(&last.area, &area)) => {}
            Some(text) => self.sheet.glyphs.push(Glyph { text, area }),
            None if inked => self.sheet.unreadable += 1,
            None => {}
        }
    }
}

fn same(a: &Area, b: &Area) -> bool {
    (a.left - b.left).abs() < 1e-6 && (a.top - b.top).abs() < 1e-6
}

/// What a glyph stands for. A character that stands for nothing is none.
pub(crate) fn meaning(glyph: &Drawn<'_>) -> Option<String> {
    let text = glyph.as_unicode().map(|text| match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    });
    text.filter(|t| {
        !t.is_empty()
            && t.chars().all(|c| c != '\u{fffd}' && (c.is_whitespace() || !c.is_control()) && !is_private(c))
    })
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

impl<'a> Device<'a> for Collector {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_glyph(
        &mut self,
        glyph: &Drawn<'a>,
        transform: Affine,
        place: Affine,
        paint: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        let text = meaning(glyph);
        // In glyph space an em is a thousand; the box of a character is its advance by ascent and descent, and all its
        // ink.
        match glyph {
            Drawn::Outline(outline) => {
                let advance = f64::from(outline.advance_width().unwrap_or(1000.0)).max(1.0);
                let path = outline.outline();
                let inked = !path.elements().is_empty();
                let line = Rect::new(0.0, -200.0, advance, 880.0);
                let shape = if inked { line.union(path.bounding_box()) } else { line };
                let area = self.area(&shape, transform * place);
                self.add(text, area, inked);
            }
            Drawn::Type3(drawn) => {
                let mut ink = Ink { page: self.page, seen: None };
                drawn.interpret(&mut ink, transform, place, paint);
                let area = ink
                    .seen
                    .unwrap_or_else(|| self.area(&Rect::new(0.0, -200.0, 1000.0, 880.0), transform * place));
                self.add(text, area, ink.seen.is_some());
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let area = self.area(&size, transform);
        if self.sheet.pictures.len() < MAX_GLYPHS {
            self.sheet.pictures.push(area);
        }
    }
}

/// Where a glyph that is itself a drawing leaves ink.
pub(crate) struct Ink {
    /// Onto what the places are mapped.
    pub(crate) page: Affine,
    /// The box around everything drawn.
    pub(crate) seen: Option<Area>,
}

impl Ink {
    fn add(&mut self, rect: Rect, transform: Affine) {
        let corners = (self.page * transform).transform_rect_bbox(rect);
        let area = Area { left: corners.x0, top: corners.y0, right: corners.x1, bottom: corners.y1 };
        self.seen = Some(self.seen.map_or(area, |seen| seen.around(&area)));
    }
}

impl<'a> Device<'a> for Ink {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_path(&mut self, path: &BezPath, transform: Affine, _: &Paint<'a>, _: &PathDrawMode) {
        self.add(path.bounding_box(), transform);
    }

    fn draw_glyph(
        &mut self,
        _: &Drawn<'a>,
        transform: Affine,
        place: Affine,
        _: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        self.add(Rect::new(0.0, -200.0, 1000.0, 880.0), transform * place);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        self.add(Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height())), transform);
    }
}

/// Whether the drawing steps of the file can be counted in reasonable time: forms that draw forms that draw forms
/// multiply.
pub(in crate::redact) fn affordable(pdf: &Pdf, steps: u64) -> Result<(), Unusable> {
    let mut left = steps;
    for page in pdf.pages().iter() {
        super::steps::count(page, &mut left)?;
    }
    Ok(())
}
