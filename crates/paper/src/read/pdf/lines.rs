//! From glyphs to lines of text, by place: the order of a file is often another.

use super::sheet::{Glyph, Sheet};
use hayro::vello_cpu::kurbo::Rect;

/// Gaps this wide, in ems, part what stands beside each other: columns, and words that are set apart. Two numbers, a number
/// and a word, and two words, which are moved apart to fill a line.
const APART: [f64; 3] = [0.5, 0.75, 1.0];

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// What stands in it from the left, parted where gaps are wide. Never empty.
    pub(super) pieces: Vec<Piece>,
    /// Around all of it.
    pub(super) frame: Rect,
    /// The largest em in it.
    pub(super) size: f64,
}

/// A part of a line without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) frame: Rect,
    /// Indexes of the glyphs from the left.
    pub(super) glyphs: Vec<usize>,
}

impl Line {
    /// Its words, with a blank where they are set apart.
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The middle of its height, by which lines are put in order.
    pub(super) fn middle(&self) -> f64 {
        self.frame.center().y
    }
}

/// The lines that some glyphs of a sheet stand in, from the top. Text that is turned comes after the rest.
pub(super) fn lines(sheet: &Sheet, which: &[usize]) -> Vec<Line> {
    let mut all = Vec::new();
    for turn in 0..4 {
        let turned: Vec<(usize, Glyph)> = which
            .iter()
            .filter(|n| sheet.glyphs[**n].turn == turn)
            .map(|n| {
                let mut glyph = sheet.glyphs[*n].clone();
                glyph.turned(turn, sheet.width, sheet.height);
                (*n, glyph)
            })
            .collect();
        let mut lines = upright(turned);
        if turn > 0 {
            for line in &mut lines {
                line.pieces.iter_mut().for_each(|piece| piece.frame = around(sheet, &piece.glyphs));
                line.frame = union(line.pieces.iter().map(|piece| piece.frame));
            }
        }
        all.append(&mut lines);
    }
    all
}

fn union(frames: impl Iterator<Item = Rect>) -> Rect {
    frames.reduce(|a, b| a.union(b)).unwrap_or_default()
}

fn around(sheet: &Sheet, glyphs: &[usize]) -> Rect {
    union(glyphs.iter().map(|n| sheet.glyphs[*n].frame))
}

fn upright(mut glyphs: Vec<(usize, Glyph)>) -> Vec<Line> {
    glyphs.sort_by(|(_, a), (_, b)| a.origin.y.total_cmp(&b.origin.y));
    let mut lines: Vec<Line> = Vec::new();
    let mut rest = &mut glyphs[..];
    while let Some((_, first)) = rest.first() {
        let (base, size) = (first.origin.y, first.size);
        // Raised numbers stand in their line; lines are at least an em apart. Beside a letter of a title, small print
        // keeps lines of its own.
        let same = |glyph: &Glyph| {
            let (small, large) = (glyph.size.min(size), glyph.size.max(size));
            glyph.origin.y - base <= 0.4 * large.min(1.6 * small)
        };
        let count = rest.iter().position(|(_, glyph)| !same(glyph)).unwrap_or(rest.len());
        let (line, after) = rest.split_at_mut(count);
        line.sort_by(|(_, a), (_, b)| a.frame.x0.total_cmp(&b.frame.x0));
        lines.push(spelled(line));
        rest = after;
    }
    lines
}

/// One line from its glyphs, sorted from the left.
fn spelled(glyphs: &[(usize, Glyph)]) -> Line {
    let mut kept: Vec<&(usize, Glyph)> = Vec::new();
    for entry in glyphs {
        // Bold type is often drawn as the same letter twice, a hair aside.
        let twice = kept.iter().rev().take(3).any(|(_, last)| {
            last.text == entry.1.text
                && (entry.1.frame.x0 - last.frame.x0).abs() < 0.2 * entry.1.size
                && (entry.1.origin.y - last.origin.y).abs() < 0.2 * entry.1.size
        });
        if !twice {
            kept.push(entry);
        }
    }
    let gap = |n: usize| {
        let (last, now) = (&kept[n - 1].1, &kept[n].1);
        (now.frame.x0 - last.frame.x1) / last.size.max(now.size)
    };
    let spread = spread(&kept, &gap);
    let mut pieces: Vec<Piece> = Vec::new();
    for (n, (index, glyph)) in kept.iter().enumerate() {
        let text = glyph.text.as_str();
        match pieces.last_mut() {
            Some(piece) if gap(n) < apart(&kept[n - 1].1, glyph) => {
                if !spread[n] && is_blank(&kept[n - 1].1, glyph, gap(n)) {
                    piece.text.push(' ');
                }
                // Two numbers printed over each other, as where one was corrected on the paper, are none.
                let covers = gap(n) < -0.3 && is_figure(glyph) && is_figure(&kept[n - 1].1);
                piece.text.push_str(if covers { "\u{fffd}" } else { text });
                piece.frame = piece.frame.union(glyph.frame);
                piece.glyphs.push(*index);
            }
            _ => pieces.push(Piece { text: text.to_owned(), frame: glyph.frame, glyphs: vec![*index] }),
        }
    }
    let frame = union(pieces.iter().map(|piece| piece.frame));
    let size = kept.iter().map(|(_, glyph)| glyph.size).fold(0.0, f64::max);
    Line { pieces, frame, size }
}

/// Whether a glyph belongs to a number.
pub(super) fn is_figure(glyph: &Glyph) -> bool {
    glyph
        .text
        .chars()
        .all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c) || matches!(c, '.' | ',' | '\u{fffd}'))
}

fn apart(last: &Glyph, now: &Glyph) -> f64 {
    APART[[last, now].iter().filter(|glyph| !is_figure(glyph)).count()]
}

/// Whether a gap of so many ems is a blank. Figures and Latin letters stand close, and a blank between them, the narrowest
/// of which is a fifth of an em, parts two numbers; Chinese characters are moved apart to fill a line.
fn is_blank(last: &Glyph, now: &Glyph, gap: f64) -> bool {
    let narrow = |g: &Glyph| g.text.chars().all(|c| c.is_ascii_graphic());
    let figure = |g: &Glyph| is_figure(g) || narrow(g);
    match (figure(last), figure(now)) {
        (true, true) => gap > 0.2 || (now.after_blank && gap > 0.08),
        (false, false) => gap > 0.9,
        _ => gap > 0.6,
    }
}

/// Where figures are set wide: at least four of them, evenly. Even gaps are no blanks.
fn spread(kept: &[&(usize, Glyph)], gap: &impl Fn(usize) -> f64) -> Vec<bool> {
    let mut spread = vec![false; kept.len()];
    let mut from = 0;
    while from < kept.len() {
        let mut to = from + 1;
        let figure = |n: usize| is_figure(&kept[n].1);
        while to < kept.len()
            && figure(from)
            && figure(to)
            && !kept[to].1.after_blank
            && gap(to) < 0.4
            && (gap(to) - gap(from + 1)).abs() < 0.08
        {
            to += 1;
        }
        if to - from >= 4 {
            spread[from + 1..to].fill(true);
        }
        from = to;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::super::sheet::glyphs_of;
    use super::*;

    fn sheet(parts: &[(&str, f64, f64)]) -> Sheet {
        let glyphs =
            parts.iter().flat_map(|(text, left, base)| glyphs_of(text, *left, *base, 10.0)).collect();
        Sheet { width: 600.0, height: 800.0, glyphs, ..Sheet::default() }
    }

    fn read(sheet: &Sheet) -> Vec<String> {
        let all: Vec<usize> = (0..sheet.glyphs.len()).collect();
        lines(sheet, &all).iter().map(Line::text).collect()
    }

    #[test]
    fn lines_are_read_by_place_and_not_by_order() {
        let sheet = sheet(&[("第二行", 50.0, 120.0), ("年报", 70.0, 100.5), ("公开", 50.0, 100.0)]);
        assert_eq!(read(&sheet), ["公开年报", "第二行"]);
    }

    #[test]
    fn figures_are_parted_by_every_gap_and_joined_without_one() {
        let sheet = sheet(&[
            ("30", 50.0, 100.0),
            ("01", 60.0, 100.0),
            ("53", 73.0, 100.0),
            ("收到3 119件", 50.0, 120.0),
            ("收到", 50.0, 140.0),
            ("12", 73.0, 140.0),
        ]);
        assert_eq!(read(&sheet), ["3001 53", "收到3 119件", "收到12"]);
    }

    #[test]
    fn figures_set_wide_are_one_number() {
        let mut glyphs = Vec::new();
        for (n, c) in ["3", "1", "1", "9"].iter().enumerate() {
            glyphs.extend(glyphs_of(c, 50.0 + 8.0 * n as f64, 100.0, 10.0));
        }
        let wide = Sheet { width: 600.0, height: 800.0, glyphs, ..Sheet::default() };
        assert_eq!(read(&wide), ["3119"]);
    }

    #[test]
    fn bold_type_drawn_twice_is_read_once() {
        let sheet = sheet(&[("总体11", 50.0, 100.0), ("总体11", 50.4, 100.0)]);
        assert_eq!(read(&sheet), ["总体11"]);
    }

    #[test]
    fn numbers_printed_over_each_other_are_not_read() {
        let sheet = sheet(&[("1288", 50.0, 100.0), ("346", 51.5, 100.0)]);
        assert!(read(&sheet)[0].parse::<u32>().is_err(), "{:?}", read(&sheet));
    }

    #[test]
    fn a_wide_gap_parts_a_line() {
        let sheet = sheet(&[("规章", 50.0, 100.0), ("1", 150.0, 100.0), ("0", 250.0, 100.0)]);
        let all: Vec<usize> = (0..sheet.glyphs.len()).collect();
        assert_eq!(lines(&sheet, &all)[0].pieces.len(), 3);
        assert_eq!(read(&sheet), ["规章 1 0"]);
    }

    #[test]
    fn turned_text_is_read_along_its_line() {
        let mut sheet = sheet(&[("正文", 50.0, 100.0)]);
        for (n, c) in ["办", "理", "1", "2"].iter().enumerate() {
            let mut glyph = glyphs_of(c, 300.0, 400.0, 10.0).remove(0);
            // Running upwards.
            glyph.turn = 3;
            glyph.origin.y -= 10.0 * n as f64;
            glyph.frame = Rect::new(292.0, glyph.origin.y - 10.0, 302.0, glyph.origin.y);
            sheet.glyphs.push(glyph);
        }
        assert_eq!(read(&sheet), ["正文", "办理12"]);
    }
}
