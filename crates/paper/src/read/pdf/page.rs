//! Reads a page: glyphs with their places, and the lines and filled boxes that draw tables.
//!
//! Read through the same engine as redaction, so that both have one idea of pages, crop boxes and fonts. Coordinates are
//! points from the left and the top of the page as it is read: a page whose text runs down or up is turned first.

use super::sheet::{Glyph, Rule, Sheet};
use crate::redact::pdf::{font, read};
use hayro::hayro_interpret::font::Glyph as Drawn;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, Paint,
    PathDrawMode, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::kurbo::{Affine, BezPath, PathEl, Point, Rect};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use unicode_normalization::UnicodeNormalization;

/// Lines and boxes of one page before they are joined; dotted borders are made of thousands.
const MAX_RULES: usize = 200_000;
/// Coloured places of a page that are remembered; beyond, all of it may be coloured.
const MAX_SHADES: usize = 1_000;
/// A drawn thing thinner than this is a line, in points.
const THIN: f64 = 3.0;
/// How far a line may lean and still be taken as level or upright, in points.
const LEAN: f64 = 1.0;

impl Sheet {
    /// Reads a page, at most so many glyphs, seen or not; none if there are more.
    pub(super) fn read(page: &Page<'_>, most: usize) -> Option<Sheet> {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
        let mut collector = Collector {
            sheet: Sheet { width, height, ..Sheet::default() },
            left: most,
            blank: false,
            drawings: BTreeMap::new(),
            shades: Vec::new(),
        };
        let cache = InterpreterCache::new();
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, width, height),
            &cache,
            page.xref(),
            font::settings(),
        );
        // The engine draws a page to its end; what is beyond measure can only be left by unwinding.
        let whole = catch_unwind(AssertUnwindSafe(|| interpret_page(page, &mut context, &mut collector)));
        match whole {
            Ok(()) => Some(collector.sheet.upright()),
            Err(cause) if cause.is::<Full>() => None,
            Err(cause) => resume_unwind(cause),
        }
    }
}

/// The ordinary character for the forms that PDF files give instead: radicals, compatibility forms and marks of vertical
/// text, which look the same and are others to every search.
fn ordinary(text: String) -> String {
    /// Radicals for which Unicode has no compatibility mapping, with the characters they are taken for.
    const RADICALS: [(char, char); 24] = [
        ('⻄', '西'),
        ('⻅', '见'),
        ('⻆', '角'),
        ('⻉', '贝'),
        ('⻋', '车'),
        ('⻓', '长'),
        ('⻔', '门'),
        ('⻘', '青'),
        ('⻙', '韦'),
        ('⻚', '页'),
        ('⻛', '风'),
        ('⻜', '飞'),
        ('⻝', '食'),
        ('⻢', '马'),
        ('⻤', '鬼'),
        ('⻥', '鱼'),
        ('⻦', '鸟'),
        ('⻨', '麦'),
        ('⻩', '黄'),
        ('⻬', '齐'),
        ('⻮', '齿'),
        ('⻰', '龙'),
        ('⺠', '民'),
        ('⺟', '母'),
    ];
    let strange = |c: char| matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe4f}');
    if !text.contains(strange) {
        return text;
    }
    let character = |c: char| match RADICALS.iter().find(|(radical, _)| *radical == c) {
        Some((_, character)) => character.to_string(),
        None if strange(c) => c.nfkc().collect(),
        None => c.to_string(),
    };
    text.chars().map(character).collect()
}

/// More glyphs than are taken.
struct Full;

/// Collects instead of drawing.
struct Collector {
    sheet: Sheet,
    /// How many more glyphs are taken.
    left: usize,
    blank: bool,
    /// Ink of glyphs that are drawings, each looked at once: its left and right in thousandths of an em.
    drawings: BTreeMap<u128, Option<(f64, f64)>>,
    /// Where something that is not white was drawn, on which white letters are seen.
    shades: Vec<Rect>,
}

impl Collector {
    fn glyph(&mut self, text: Option<String>, transform: Affine, ink: (f64, f64)) {
        let along = transform * Point::new(1000.0, 0.0) - transform * Point::ORIGIN;
        let across = transform * Point::new(0.0, 1000.0) - transform * Point::ORIGIN;
        let size = across.hypot();
        let frame = transform.transform_rect_bbox(Rect::new(ink.0, -200.0, ink.1, 880.0));
        let page = Rect::new(0.0, 0.0, self.sheet.width, self.sheet.height);
        // Slanting letters are watermarks, and what lies beside the page is not read.
        let Some(turn) = turn_of(along.x, along.y) else { return };
        if !(size.is_finite() && size > 0.5 && size < 2000.0 && page.contains(frame.center())) {
            return;
        }
        let text = match text {
            Some(text) if text.trim().is_empty() => {
                self.blank = true;
                return;
            }
            Some(text) => ordinary(text.trim().to_owned()),
            None => {
                self.sheet.unknown += 1;
                '\u{fffd}'.to_string()
            }
        };
        let (origin, after_blank) = (transform * Point::ORIGIN, std::mem::take(&mut self.blank));
        self.sheet.glyphs.push(Glyph { text, frame, origin, size, turn, after_blank });
    }

    /// Whether a letter at a place is seen: white ones only on a colour. Forms hide zeros that way.
    fn is_seen(&self, paint: &Paint<'_>, at: Point) -> bool {
        !is_white(paint)
            || self.shades.len() >= MAX_SHADES
            || self.shades.iter().any(|shade| shade.contains(at))
    }

    fn shade(&mut self, frame: Rect, paint: &Paint<'_>) {
        if self.shades.len() < MAX_SHADES && frame.width().min(frame.height()) > THIN && !is_white(paint) {
            self.shades.push(frame);
        }
    }

    fn has_room(&self) -> bool {
        self.sheet.rules.len() + self.sheet.fills.len() < MAX_RULES
    }

    /// A box of ink: a line if it is thin, else a fill.
    fn inked(&mut self, frame: Rect) {
        let (width, height) = (frame.width(), frame.height());
        if !(frame.is_finite() && self.has_room()) {
            return;
        }
        if width.min(height) > THIN {
            self.sheet.fills.push(frame);
        } else if width.max(height) > THIN {
            self.sheet.rules.push(Rule::along(frame));
        } else {
            // A dot may belong to a line of dots in either direction.
            let middle = frame.center();
            self.sheet.rules.push(Rule { upright: true, at: middle.x, from: frame.y0, to: frame.y1 });
            self.sheet.rules.push(Rule { upright: false, at: middle.y, from: frame.x0, to: frame.x1 });
        }
    }

    fn stroke(&mut self, from: Point, to: Point, thick: f64) {
        let frame = Rect::from_points(from, to);
        if frame.width().min(frame.height()) > LEAN {
            return;
        }
        if thick > THIN {
            self.inked(frame.inflate(
                if frame.width() > frame.height() { 0.0 } else { thick / 2.0 },
                if frame.width() > frame.height() { thick / 2.0 } else { 0.0 },
            ));
        } else {
            self.inked(frame);
        }
    }

    fn filled(&mut self, path: &BezPath, transform: Affine) {
        let mut boxes: Vec<Rect> = Vec::new();
        for part in parts(path) {
            let frame = transform.transform_rect_bbox(bounds(part));
            if frame.width().min(frame.height()) <= THIN {
                self.inked(frame);
            } else if is_box(part) {
                boxes.push(frame);
            }
        }
        // A frame drawn as a larger box with a smaller one cut out of it.
        if let [a, b] = boxes[..] {
            let near = |a: f64, b: f64| (a - b).abs() <= THIN;
            if near(a.x0, b.x0) && near(a.x1, b.x1) && near(a.y0, b.y0) && near(a.y1, b.y1) {
                self.sides(b);
                return;
            }
        }
        boxes.into_iter().for_each(|frame| self.inked(frame));
    }

    fn sides(&mut self, frame: Rect) {
        for side in [
            Rect { x1: frame.x0, ..frame },
            Rect { x0: frame.x1, ..frame },
            Rect { y1: frame.y0, ..frame },
            Rect { y0: frame.y1, ..frame },
        ] {
            self.inked(side);
        }
    }
}

/// Whether a paint leaves white paper white.
fn is_white(paint: &Paint<'_>) -> bool {
    let Paint::Color(color) = paint else { return false };
    let [red, green, blue, opacity] = color.to_rgba().components();
    opacity < 0.02 || red.min(green).min(blue) > 0.96
}

/// The direction of a line of text in quarter turns clockwise; none if it slants.
fn turn_of(x: f64, y: f64) -> Option<u8> {
    let slant = (x.abs().min(y.abs())) / x.abs().max(y.abs());
    if slant.is_nan() || slant > 0.1 {
        return None;
    }
    Some(match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    })
}

/// The parts of a path that each begin with a move.
fn parts(path: &BezPath) -> impl Iterator<Item = &[PathEl]> {
    let elements = path.elements();
    let starts: Vec<usize> = (0..elements.len())
        .filter(|n| matches!(elements[*n], PathEl::MoveTo(_)))
        .chain([elements.len()])
        .collect();
    (1..starts.len()).map(move |n| &elements[starts[n - 1]..starts[n]])
}

fn bounds(part: &[PathEl]) -> Rect {
    part.iter()
        .filter_map(PathEl::end_point)
        .map(|p| Rect::from_points(p, p))
        .reduce(|a, b| a.union(b))
        .unwrap_or_default()
}

/// Whether a part is an upright box.
fn is_box(part: &[PathEl]) -> bool {
    let points: Vec<Point> = part.iter().filter_map(PathEl::end_point).collect();
    let straight = part.iter().all(|e| !matches!(e, PathEl::QuadTo(..) | PathEl::CurveTo(..)));
    let level = |a: &Point, b: &Point| (a.x - b.x).abs() < 0.01 || (a.y - b.y).abs() < 0.01;
    straight && (4..=5).contains(&points.len()) && points.windows(2).all(|w| level(&w[0], &w[1]))
}

impl<'a> Device<'a> for Collector {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_path(&mut self, path: &BezPath, transform: Affine, paint: &Paint<'a>, mode: &PathDrawMode) {
        if !self.has_room() {
            return;
        }
        let PathDrawMode::Stroke(stroke) = mode else {
            self.shade(transform.transform_rect_bbox(bounds(path.elements())), paint);
            self.filled(path, transform);
            return;
        };
        let thick = f64::from(stroke.line_width) * transform.determinant().abs().sqrt();
        let (mut now, mut start) = (Point::ORIGIN, Point::ORIGIN);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => start = p,
                PathEl::LineTo(p) => self.stroke(transform * now, transform * p, thick),
                PathEl::ClosePath => self.stroke(transform * now, transform * start, thick),
                PathEl::QuadTo(..) | PathEl::CurveTo(..) => {}
            }
            now = element.end_point().unwrap_or(start);
        }
    }

    fn draw_glyph(
        &mut self,
        glyph: &Drawn<'a>,
        transform: Affine,
        place: Affine,
        paint: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => resume_unwind(Box::new(Full)),
        }
        let text = read::meaning(glyph);
        let middle = transform * place * Point::new(300.0, 340.0);
        if matches!(mode, GlyphDrawMode::Invisible) || !self.is_seen(paint, middle) {
            self.sheet.invisible += usize::from(text.is_some_and(|t| !t.trim().is_empty()));
            return;
        }
        let ink = match glyph {
            Drawn::Outline(outline) => {
                if text.is_none() && outline.outline().elements().is_empty() {
                    return;
                }
                // Vertical fonts advance downwards, and a character is as wide as high.
                let advance = f64::from(outline.advance_width().unwrap_or(1000.0));
                Some((0.0, if advance < 1.0 { 1000.0 } else { advance }))
            }
            Drawn::Type3(drawn) => *self.drawings.entry(drawn.cache_key()).or_insert_with(|| {
                let mut ink = read::Ink { page: Affine::IDENTITY, seen: None };
                drawn.interpret(&mut ink, Affine::IDENTITY, Affine::IDENTITY, paint);
                ink.seen.map(|area| (area.left, area.right))
            }),
        };
        match (ink, glyph) {
            (Some(ink), Drawn::Outline(_)) => self.glyph(text, transform * place, ink),
            // How far a drawing advances is not told: a Chinese character or mark by an em, others keep the same
            // distance on their right as on their left.
            (Some((left, right)), Drawn::Type3(_)) => {
                let wide = text.as_ref().is_some_and(|t| t.chars().all(|c| c >= '\u{2e80}'));
                let advance = if wide { right.max(1000.0) } else { left + right.max(left) };
                self.glyph(text, transform * place, (left.min(0.0), advance.max(right)));
            }
            // A drawing without ink is a blank, whatever it is said to mean.
            (None, _) => self.blank = true,
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let frame = transform.transform_rect_bbox(size);
        if frame.width().min(frame.height()) <= THIN {
            self.inked(frame);
        }
        if self.shades.len() < MAX_SHADES {
            self.shades.push(frame);
        }
        let page = Rect::new(0.0, 0.0, self.sheet.width, self.sheet.height);
        let part = frame.intersect(page).area() / page.area();
        self.sheet.picture = self.sheet.picture.max(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_look_the_same_become_the_ordinary_characters() {
        // U+2F00, U+2F83 and U+2EA0 are radicals, U+FE11 the mark of vertical text.
        assert_eq!(ordinary("\u{2f00}\u{2f83}\u{2ea0}\u{fe11}".into()), "一自民、");
        assert_eq!(ordinary("（一）予以公开".into()), "（一）予以公开");
    }

    #[test]
    fn slanting_text_has_no_direction() {
        assert_eq!(
            [turn_of(1.0, 0.0), turn_of(0.0, 1.0), turn_of(-1.0, 0.05), turn_of(0.0, -1.0)],
            [Some(0), Some(1), Some(2), Some(3)]
        );
        assert_eq!([turn_of(1.0, 1.0), turn_of(0.0, 0.0)], [None, None]);
    }
}
