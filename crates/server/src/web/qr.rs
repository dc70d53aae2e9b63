//! A QR code as a picture: dark squares on a light ground, drawn as one path.

use qrcode::{Color, EcLevel, QrCode};

/// A QR code.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Modules on each side, with the light ones around it.
    pub size: usize,
    /// The dark ones.
    pub path: String,
}

/// Light modules around the code (ISO/IEC 18004).
const QUIET: usize = 4;

impl Picture {
    /// The picture of a text; `None` if it is too long for one.
    pub fn of(text: &str) -> Option<Picture> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (width, colors) = (code.width(), code.to_colors());
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
                }
                x += run.max(1);
            }
        }
        Some(Picture { size: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_squares_of_the_code() {
        let picture = Picture::of("https://gk.example.gov.cn/ask/progress?code=ABCD-EFGH-JKMN").unwrap();
        // Version 4 holds it at level M: 33 modules and the quiet zone.
        assert_eq!(picture.size, 33 + 2 * QUIET);
        // The finder pattern begins with seven dark modules in a row.
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "{}", &picture.path[..40]);
        assert!(Picture::of(&"样".repeat(5000)).is_none());
    }
}
