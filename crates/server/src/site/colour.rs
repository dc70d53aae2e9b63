//! Colours of the site: one main colour, at most three in all (国办发〔2017〕47号), each legible or refused. What dark
//! screens and the large-text look need is derived from them, so that it is legible whatever was chosen.

use std::fmt;

/// The least contrast of text (WCAG 2.1, 1.4.3).
const LEGIBLE: f64 = 4.5;
/// The contrast of text in the large-text look (WCAG 2.1, 1.4.6).
const CLEAR: f64 = 7.0;
/// The least contrast of what is no text (WCAG 2.1, 1.4.11).
const SEEN: f64 = 3.0;

const WHITE: Colour = Colour([0xff; 3]);
const BLACK: Colour = Colour([0; 3]);
/// The grounds of the style sheet that links stand on, and the ground of dark screens; a test compares them with it.
const GROUNDS: [Colour; 5] = [
    WHITE,
    Colour([0xf6, 0xf6, 0xf4]),
    Colour([0xfd, 0xf3, 0xd6]),
    Colour([0xe7, 0xf0, 0xfa]),
    Colour([0xe6, 0xf3, 0xea]),
];
const DARK: Colour = Colour([0x1b, 0x1b, 0x1e]);

/// A colour of the screen (sRGB).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    /// `#rrggbb`
    fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6)?;
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Colour([red, green, blue]))
    }

    /// Relative luminance (WCAG 2.1).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with another colour, 1 to 21 (WCAG 2.1).
    fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// So many hundredths of the way to another colour.
    fn towards(self, other: Colour, hundredths: u16) -> Colour {
        let mut mixed = self.0;
        for (part, to) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*part) * (100 - hundredths) + u16::from(to) * hundredths;
            *part = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        Colour(mixed)
    }

    /// The nearest colour on the way to another one that has this contrast with a ground.
    fn until(self, way: Colour, ground: Colour, contrast: f64) -> Colour {
        let steps = (0..=100).map(|n| self.towards(way, n));
        steps.into_iter().find(|c| c.contrast(ground) >= contrast).unwrap_or(way)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The variables of the style sheet in one look; `ink` is the main colour as text.
fn variables(main: Colour, ink: Colour, link: Option<Colour>, trim: Option<Colour>) -> String {
    let deep = main.towards(BLACK, 20);
    let mut text = format!("--accent:{main};--accent-deep:{deep};--accent-ink:{ink};");
    if let Some(link) = link {
        text.push_str(&format!("--link:{link};"));
    }
    if let Some(trim) = trim {
        text.push_str(&format!("--trim:{trim};"));
    }
    text
}

/// The style sheet of `#rrggbb,#rrggbb,#rrggbb`: the main colour (主色), that of links, that of trimmings; the last two
/// may be left out.
///
/// # Errors
/// What the value should be, in Chinese, to be put after the name of the setting.
pub fn style(text: &str) -> Result<String, String> {
    let form = "应为1至3个颜色，用逗号隔开，依次为主色、链接颜色、点缀颜色，例如 #a81219,#0b57a4";
    let parts: Vec<&str> = text.split([',', '，', ' ']).filter(|p| !p.is_empty()).collect();
    let colours: Option<Vec<Colour>> = parts.iter().map(|p| Colour::parse(p)).collect();
    let colours = colours.filter(|c| (1..=3).contains(&c.len())).ok_or(form)?;
    for (n, colour) in colours.iter().enumerate() {
        let (name, grounds): (&str, &[Colour]) = match n {
            0 => ("主色", &[WHITE]),
            1 => ("链接颜色", &GROUNDS),
            _ => ("点缀颜色", &[WHITE]),
        };
        let least = grounds.iter().map(|g| colour.contrast(*g)).fold(21.0, f64::min);
        if least < LEGIBLE {
            // Rounded down: what is refused must not read as if it were enough.
            let shown = (least * 100.0).floor() / 100.0;
            return Err(format!(
                "{name} {colour} 与浅色背景或者白色文字的对比度只有{shown:.2}:1，应不低于4.5:1，请换用更深的颜色"
            ));
        }
    }
    let main = colours.first().copied().unwrap_or(BLACK);
    let (link, trim) = (colours.get(1).copied(), colours.get(2).copied());
    let clear = |c: Colour| c.until(BLACK, GROUNDS[4], CLEAR);
    // White on it stays legible: where it has to become lighter, it stops as soon as it is seen.
    let dark = variables(
        main.until(WHITE, DARK, SEEN),
        main.until(WHITE, DARK, CLEAR),
        link.map(|c| c.until(WHITE, DARK, CLEAR)),
        trim.map(|c| c.until(WHITE, DARK, LEGIBLE)),
    );
    Ok(format!(
        ":root{{{}}}\nhtml.large{{{}}}\n@media screen and (prefers-color-scheme:dark){{:root,html.large{{{dark}}}}}\n",
        variables(main, main, link, trim),
        variables(clear(main), clear(main), link.map(clear), trim.map(clear)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        // The lightest grey that may be text on white, and the one after it.
        assert!(colour("#767676").contrast(WHITE) >= 4.5);
        assert!(colour("#777777").contrast(WHITE) < 4.5);
        for wrong in ["", "#fff", "a81219", "#a8121", "#a812199", "#+81219", "#你"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_by_its_name() {
        for (text, name) in [
            ("#ffcc00", "主色 #ffcc00"),
            ("#777777", "主色 #777777"),
            ("#a81219,#6a9fd8", "链接颜色 #6a9fd8"),
            // Legible on white, but not on the ground of a notice.
            ("#a81219,#767676", "链接颜色 #767676"),
            ("#a81219,#0b57a4,#ff8800", "点缀颜色 #ff8800"),
        ] {
            let said = style(text).unwrap_err();
            assert!(said.starts_with(name) && said.contains("4.5:1"), "{said}");
        }
        for text in ["red", "#a81219,#0b57a4,#1a6334,#57575c", "#a81219;#0b57a4", ","] {
            assert!(style(text).unwrap_err().contains("1至3个颜色"), "{text}");
        }
    }

    #[test]
    fn what_is_derived_is_legible_whatever_was_chosen() {
        // Every colour of a coarse cube that is accepted as the main colour and as that of links.
        let mut accepted = 0;
        for n in 0..16_u32.pow(3) {
            let parts = [n / 256, n / 16 % 16, n % 16].map(|p| u8::try_from(p * 17).unwrap());
            let main = Colour(parts);
            let Ok(_) = style(&format!("{main},{main}")) else { continue };
            accepted += 1;
            let dark = main.until(WHITE, DARK, SEEN);
            assert!(dark.contrast(WHITE) >= LEGIBLE, "white on {dark}, from {main}");
            assert!(dark.contrast(DARK) >= SEEN);
            assert!(dark.towards(BLACK, 20).contrast(WHITE) >= LEGIBLE);
            assert!(main.until(WHITE, DARK, CLEAR).contrast(DARK) >= CLEAR);
            assert!(main.until(BLACK, GROUNDS[4], CLEAR).contrast(WHITE) >= CLEAR);
        }
        assert!(accepted > 1000, "{accepted}");
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../static/gongkai.css");
        let names = ["paper", "ground", "yellow-ground", "blue-ground", "green-ground"];
        for (name, ground) in names.into_iter().zip(GROUNDS) {
            assert!(sheet.contains(&format!("--{name}: {ground};")), "--{name}: {ground}");
        }
        assert!(sheet.contains(&format!("--paper: {DARK};")));
    }
}
