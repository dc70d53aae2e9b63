//! What stands on a page, turned so that it is read from left to right.

use hayro::vello_cpu::kurbo::{Point, Rect};

/// One glyph.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// What it stands for; U+FFFD if the file does not tell.
    pub(super) text: String,
    /// Advance by ascent and descent.
    pub(super) frame: Rect,
    /// Where it stands on its baseline.
    pub(super) origin: Point,
    /// The em, in points.
    pub(super) size: f64,
    /// Quarter turns clockwise by which its line is turned against the page.
    pub(super) turn: u8,
    /// Whether the file has a blank right before it.
    pub(super) after_blank: bool,
}

/// A straight line that is drawn, level or upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Whether it runs from top to bottom.
    pub(super) upright: bool,
    /// Its x if upright, else its y.
    pub(super) at: f64,
    /// Where it begins on the other axis.
    pub(super) from: f64,
    /// Where it ends.
    pub(super) to: f64,
}

/// What stands on a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// In points, as it is read.
    pub(super) width: f64,
    pub(super) height: f64,
    /// Quarter turns by which the page was turned to be read.
    pub(super) turn: u8,
    /// In the order of the file, without blanks.
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Filled boxes that are no lines.
    pub(super) fills: Vec<Rect>,
    /// Glyphs that are drawn and whose character the file does not tell.
    pub(super) unknown: usize,
    /// Text that nobody sees, as under a scanned page.
    pub(super) invisible: usize,
    /// The largest picture as a part of the page.
    pub(super) picture: f64,
}

impl Sheet {
    /// Turned so that most of its text runs from left to right.
    pub(super) fn upright(mut self) -> Sheet {
        let mut turns = [0_usize; 4];
        for glyph in &self.glyphs {
            turns[usize::from(glyph.turn)] += 1;
        }
        let most = (1..4).fold(0, |most, n| if turns[n] > turns[most] { n } else { most });
        let turn = most as u8;
        if turn == 0 {
            return self;
        }
        let (width, height) = (self.width, self.height);
        for glyph in &mut self.glyphs {
            glyph.turned(turn, width, height);
        }
        for fill in &mut self.fills {
            *fill = turned(*fill, turn, width, height);
        }
        for rule in &mut self.rules {
            *rule = Rule::along(turned(rule.frame(), turn, width, height));
        }
        if turn % 2 == 1 {
            (self.width, self.height) = (height, width);
        }
        self.turn = turn;
        self
    }

    /// A box as parts of the page as it lies in the file.
    pub(super) fn parts(&self, frame: Rect) -> [f32; 4] {
        let frame = turned(frame, (4 - self.turn) % 4, self.width, self.height);
        let (width, height) =
            if self.turn % 2 == 1 { (self.height, self.width) } else { (self.width, self.height) };
        let part = |v: f64, whole: f64| ((v / whole).clamp(0.0, 1.0) * 1e4).round() as f32 / 1e4;
        [part(frame.x0, width), part(frame.y0, height), part(frame.x1, width), part(frame.y1, height)]
    }
}

impl Glyph {
    /// Turns the page under it back by so many quarter turns.
    pub(super) fn turned(&mut self, turn: u8, width: f64, height: f64) {
        self.frame = turned(self.frame, turn, width, height);
        self.origin = turned(Rect::from_points(self.origin, self.origin), turn, width, height).origin();
        self.turn = (self.turn + 4 - turn) % 4;
    }
}

impl Rule {
    /// Along the longer side of a box.
    pub(super) fn along(frame: Rect) -> Rule {
        let middle = frame.center();
        if frame.height() > frame.width() {
            Rule { upright: true, at: middle.x, from: frame.y0, to: frame.y1 }
        } else {
            Rule { upright: false, at: middle.y, from: frame.x0, to: frame.x1 }
        }
    }

    fn frame(&self) -> Rect {
        if self.upright {
            Rect::new(self.at, self.from, self.at, self.to)
        } else {
            Rect::new(self.from, self.at, self.to, self.at)
        }
    }
}

/// A box on a page that is turned back by so many quarter turns clockwise.
fn turned(frame: Rect, turn: u8, width: f64, height: f64) -> Rect {
    let point = |p: Point| match turn {
        1 => Point::new(p.y, width - p.x),
        2 => Point::new(width - p.x, height - p.y),
        3 => Point::new(height - p.y, p.x),
        _ => p,
    };
    Rect::from_points(point(Point::new(frame.x0, frame.y0)), point(Point::new(frame.x1, frame.y1)))
}

/// A sheet made by hand, for the tests of what is made of it.
#[cfg(test)]
pub(super) fn glyphs_of(text: &str, left: f64, base: f64, size: f64) -> Vec<Glyph> {
    let (mut glyphs, mut x, mut after_blank) = (Vec::new(), left, false);
    for c in text.chars() {
        let width = if c.is_ascii() { size / 2.0 } else { size };
        if c == ' ' {
            after_blank = true;
        } else {
            glyphs.push(Glyph {
                text: c.to_string(),
                frame: Rect::new(x, base - size * 0.88, x + width, base + size * 0.2),
                origin: Point::new(x, base),
                size,
                turn: 0,
                after_blank: std::mem::take(&mut after_blank),
            });
        }
        x += width;
    }
    glyphs
}
