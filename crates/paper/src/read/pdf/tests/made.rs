//! Small PDF files made by hand.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, SystemInfo};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use std::io::Write;

/// A4.
pub const PORTRAIT: (f32, f32) = (595.0, 842.0);
/// A picture that is the page.
pub const FULL_PAGE: [f32; 4] = [0.0, 0.0, 595.0, 842.0];

/// Fonts and the picture that every page may use.
const LATIN: Ref = Ref::new(3);
const CHINESE: Ref = Ref::new(4);
const DESCENDANT: Ref = Ref::new(5);
const NAMELESS: Ref = Ref::new(6);
const SHAPE: Ref = Ref::new(7);
const PICTURE: Ref = Ref::new(8);

/// A file in the making.
pub struct Made {
    pdf: Pdf,
    pages: Vec<Ref>,
    next: i32,
}

impl Made {
    pub fn new() -> Made {
        let mut pdf = Pdf::new();
        pdf.type1_font(LATIN).base_font(Name(b"Helvetica"));
        // As older Chinese files: the font is named and not carried along.
        pdf.type0_font(CHINESE)
            .base_font(Name(b"STSong-Light"))
            .encoding_predefined(Name(b"UniGB-UCS2-H"))
            .descendant_font(DESCENDANT);
        let mut font = pdf.cid_font(DESCENDANT);
        font.subtype(CidFontType::Type0).base_font(Name(b"STSong-Light"));
        font.system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 4 });
        font.default_width(1000.0);
        font.finish();
        let mut font = pdf.type3_font(NAMELESS);
        font.bbox(Rect::new(0.0, 0.0, 1000.0, 1000.0)).matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
        font.char_procs().pair(Name(b"g"), SHAPE);
        font.encoding_custom().differences().consecutive(b'a', [Name(b"g")]);
        font.first_char(b'a').last_char(b'a').widths([1000.0]);
        font.finish();
        pdf.stream(SHAPE, b"1000 0 d0 100 0 800 800 re f").finish();
        let mut picture = pdf.image_xobject(PICTURE, &[0x80]);
        picture.width(1).height(1).bits_per_component(8).color_space().device_gray();
        picture.finish();
        Made { pdf, pages: Vec::new(), next: 20 }
    }

    pub fn page(mut self, size: (f32, f32), rotate: i32, draw: impl FnOnce(&mut Drawing)) -> Made {
        let mut drawing = Drawing { content: String::new() };
        draw(&mut drawing);
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(drawing.content.as_bytes()).unwrap();
        let (page, content) = (Ref::new(self.next), Ref::new(self.next + 1));
        self.next += 2;
        self.pdf.stream(content, &encoder.finish().unwrap()).filter(Filter::FlateDecode).finish();
        let mut object = self.pdf.page(page);
        object.media_box(Rect::new(0.0, 0.0, size.0, size.1)).parent(Ref::new(2)).contents(content);
        object.rotate(rotate);
        let mut resources = object.resources();
        let fonts = [(b"L", LATIN), (b"C", CHINESE), (b"N", NAMELESS)];
        resources.fonts().pairs(fonts.map(|(name, font)| (Name(name), font)));
        resources.x_objects().pair(Name(b"P"), PICTURE);
        resources.finish();
        object.finish();
        self.pages.push(page);
        self
    }

    pub fn finish(mut self) -> Vec<u8> {
        let count = self.pages.len() as i32;
        self.pdf.pages(Ref::new(2)).kids(self.pages).count(count);
        self.pdf.catalog(Ref::new(1)).pages(Ref::new(2));
        self.pdf.finish()
    }
}

/// What is drawn on a page, from its lower left corner in points.
pub struct Drawing {
    content: String,
}

impl Drawing {
    pub fn raw(&mut self, operators: &str) {
        self.content.push_str(operators);
        self.content.push('\n');
    }

    /// Everything that follows lies turned clockwise against the page as it is, so that a viewer that turns the page
    /// back shows it upright.
    pub fn turned(&mut self, degrees: i32) -> &mut Drawing {
        let (width, height) = PORTRAIT;
        // The page as it will be read, and its corner on the page as it lies.
        self.raw(&match degrees {
            90 => format!("0 1 -1 0 {width} 0 cm"),
            180 => format!("-1 0 0 -1 {width} {height} cm"),
            270 => format!("0 -1 1 0 0 {height} cm"),
            _ => String::new(),
        });
        self
    }

    pub fn text(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.show(x, y, size, 0, text);
    }

    pub fn invisible(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.show(x, y, size, 3, text);
    }

    fn show(&mut self, mut x: f64, y: f64, size: f64, mode: u8, text: &str) {
        for run in text.chars().collect::<Vec<_>>().chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
            let latin = run[0].is_ascii();
            let units: Vec<u8> = if latin {
                run.iter().map(|c| *c as u8).collect()
            } else {
                run.iter().flat_map(|c| (*c as u16).to_be_bytes()).collect()
            };
            let hex: String = units.iter().map(|b| format!("{b:02x}")).collect();
            let font = if latin { 'L' } else { 'C' };
            self.raw(&format!("BT {mode} Tr /{font} {size} Tf {x} {y} Td <{hex}> Tj ET"));
            x += run.len() as f64 * size * if latin { 0.556 } else { 1.0 };
        }
    }

    /// Glyphs of which the file does not say what they are.
    pub fn nameless(&mut self, x: f64, y: f64, size: f64, count: usize) {
        self.raw(&format!("BT 0 Tr /N {size} Tf {x} {y} Td ({}) Tj ET", "a".repeat(count)));
    }

    pub fn picture(&mut self, [x, y, width, height]: [f32; 4]) {
        self.raw(&format!("q {width} 0 0 {height} {x} {y} cm /P Do Q"));
    }

    /// A table from its upper left corner, with columns of 90 points and rows of 30.
    pub fn table(&mut self, x: f64, y: f64, rows: &[&[&str]]) {
        let (width, height) = (90.0 * rows[0].len() as f64, 30.0 * rows.len() as f64);
        self.raw("0.5 w");
        for n in 0..=rows.len() {
            let y = y - 30.0 * n as f64;
            self.raw(&format!("{x} {y} m {} {y} l S", x + width));
        }
        for n in 0..=rows[0].len() {
            let x = x + 90.0 * n as f64;
            self.raw(&format!("{x} {y} m {x} {} l S", y - height));
        }
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                self.text(x + 90.0 * column as f64 + 6.0, y - 30.0 * row as f64 - 20.0, 12.0, text);
            }
        }
    }
}
