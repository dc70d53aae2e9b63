//! Rectangles on a page.

/// A rectangle as fractions of the page, from the left and from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Area {
    /// Whether it is a rectangle on the page with an inside.
    pub(super) fn is_proper(&self) -> bool {
        let inside = |v: f64| (0.0..=1.0).contains(&v);
        [self.left, self.top, self.right, self.bottom].into_iter().all(inside)
            && self.left < self.right
            && self.top < self.bottom
    }

    pub(super) fn width(&self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    pub(super) fn height(&self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    pub(super) fn size(&self) -> f64 {
        self.width() * self.height()
    }

    pub(super) fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }

    pub(super) fn common(&self, other: &Area) -> Area {
        Area {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    pub(super) fn around(&self, other: &Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What share of this rectangle lies in the other.
    pub(super) fn share_in(&self, other: &Area) -> f64 {
        let size = self.size();
        if size > 0.0 { self.common(other).size() / size } else { 0.0 }
    }

    /// The pixels it touches on a picture of that size, as left, top, right and bottom; the last two are behind it.
    /// Grown by one pixel on each side, because a glyph shades the pixels beside it.
    pub(super) fn pixels(&self, width: u32, height: u32) -> [u32; 4] {
        let at = |v: f64, size: u32| (v * f64::from(size)).clamp(0.0, f64::from(size));
        let low = |v, size| (at(v, size).floor() as u32).saturating_sub(1);
        let high = |v, size| (at(v, size).ceil() as u32 + 1).min(size);
        [low(self.left, width), low(self.top, height), high(self.right, width), high(self.bottom, height)]
    }
}
