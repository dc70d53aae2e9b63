//! The making of a clean file.

use super::area::Area;
use super::docx::{Document, Words};
use super::kind::Kind;
use super::mark::{Mark, Target};
use super::pdf::read::{Glyph, Sheet};
use super::pdf::write;
use super::xlsx::Book;
use super::{MAX_MARKS, paint, pdf, picture};
use crate::plain::{BREAK, Plain, Term, merged};
use law::reason::Refusal;
use std::collections::BTreeSet;
use std::ops::Range;

/// A file from which the marked things are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// The new file.
    pub bytes: Vec<u8>,
    /// Its kind, the same as before.
    pub kind: Kind,
    /// The strings that must be nowhere any more: what [`gate`](super::gate) is asked to search for. All terms, and the
    /// words that lay under regions, in cells and in paragraphs, as far as they are gone altogether.
    pub removed: Vec<String>,
    /// How often each mark was found, in their order. A term that was not found has none.
    pub marks: Vec<Marked>,
    /// Words that were removed at a marked place and still stand elsewhere: a place was marked, not the words. Shown to
    /// the officer, who may mark them as a term.
    pub elsewhere: Vec<String>,
    /// Pages (from 1) that show pictures or characters that cannot be searched. Terms were not looked for in them: a
    /// person must look.
    pub unread: Vec<usize>,
    /// Pictures and drawings of a Word document that were left out.
    pub pictures: usize,
}

/// What became of one mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The article.
    pub ground: String,
    /// How many places were removed.
    pub places: usize,
}

impl Clean {
    /// The places (from 0) of marks that were found nowhere: misspelt, or already gone.
    pub fn not_found(&self) -> Vec<usize> {
        self.marks.iter().enumerate().filter(|(_, m)| m.places == 0).map(|(n, _)| n).collect()
    }
}

/// Takes the marked things out of a file.
///
/// The result has to pass [`gate`](super::gate) before it leaves the house; this function does not judge its own work.
///
/// # Errors
/// All reasons at once: files that cannot be taken ([`Unusable`](super::Unusable)), marks without a ground (条例第三十七条), marks that
/// do not fit the file.
pub fn redact(bytes: &[u8], marks: &[Mark]) -> Result<Clean, Vec<Refusal>> {
    let mut refusals: Vec<Refusal> = marks.iter().enumerate().flat_map(|(n, m)| m.faults(n + 1)).collect();
    if marks.is_empty() {
        refusals.push(Refusal::new("no-marks", "还没有标记任何内容，请先标记需要遮盖的内容。", ""));
    }
    if marks.len() > MAX_MARKS {
        refusals.push(Refusal::new("too-many-marks", "标记超过2000处，请分成几个文件处理。", ""));
    }
    let kind = match Kind::sniff(bytes) {
        Ok(kind) => kind,
        Err(unusable) => {
            refusals.push(unusable.into());
            return Err(refusals);
        }
    };
    refusals.extend(misfits(kind, marks));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    match kind {
        Kind::Pdf => pages(bytes, marks),
        Kind::Docx => paragraphs(bytes, marks),
        Kind::Xlsx => cells(bytes, marks),
        Kind::Png | Kind::Jpeg => pixels(bytes, kind, marks),
    }
}

/// Marks that this kind of file cannot have.
fn misfits(kind: Kind, marks: &[Mark]) -> Vec<Refusal> {
    let fits = |target: &Target| match target {
        Target::Term(_) => !matches!(kind, Kind::Png | Kind::Jpeg),
        Target::Region { .. } => matches!(kind, Kind::Pdf | Kind::Png | Kind::Jpeg),
        Target::Cell { .. } => kind == Kind::Xlsx,
        Target::Paragraph(_) => kind == Kind::Docx,
    };
    let misfit = |n: usize| {
        let text = format!("第{n}处标记不适用于{kind}文件，请按文件类型重新标记。");
        Refusal::new("mark-misfit", text, "")
    };
    (1..).zip(marks).filter(|(_, m)| !fits(&m.target)).map(|(n, _)| misfit(n)).collect()
}

fn terms(marks: &[Mark]) -> Vec<(usize, Term)> {
    let term = |(n, mark): (usize, &Mark)| match &mark.target {
        Target::Term(words) => Some((n, Term::new(words))),
        _ => None,
    };
    marks.iter().enumerate().filter_map(term).collect()
}

fn marked(marks: &[Mark], places: &[usize]) -> Vec<Marked> {
    marks.iter().zip(places).map(|(m, n)| Marked { ground: m.ground.clone(), places: *n }).collect()
}

/// The words that must be gone, and those of marked places that still stand in `left`.
fn accounted(marks: &[Mark], placed: Vec<String>, left: &[Plain]) -> (Vec<String>, Vec<String>) {
    let mut removed: Vec<String> = marks
        .iter()
        .filter_map(|m| if let Target::Term(words) = &m.target { Some(words.clone()) } else { None })
        .collect();
    let mut elsewhere = Vec::new();
    for words in placed.iter().flat_map(|p| p.lines()).map(str::trim) {
        let term = Term::new(words);
        // One character, or two digits, say nothing.
        if term.len() < 2 || term.is_common() {
            continue;
        }
        let list = if left.iter().any(|text| text.has(&term)) { &mut elsewhere } else { &mut removed };
        list.push(words.to_owned());
    }
    for list in [&mut removed, &mut elsewhere] {
        list.sort();
        list.dedup();
    }
    (removed, elsewhere)
}

/// What stands where something was removed: words, unless a term is part of them.
fn sign(terms: &[(usize, Term)]) -> &'static str {
    const WORDS: &str = "〔不予公开〕";
    let plain = Plain::new(WORDS);
    if terms.iter().any(|(_, term)| plain.has(term)) { "████" } else { WORDS }
}

fn pages(bytes: &[u8], marks: &[Mark]) -> Result<Clean, Vec<Refusal>> {
    let work = || {
        let pdf = pdf::open(bytes)?;
        let terms = terms(marks);
        let mut clean = write::Clean::new();
        let (mut places, mut placed, mut unread, mut left) =
            (vec![0; marks.len()], Vec::new(), Vec::new(), Vec::new());
        for (n, page) in pdf.pages().iter().enumerate() {
            let mut sheet = Sheet::read(page);
            if sheet.has_unread() {
                unread.push(n + 1);
            }
            let mut areas = Vec::new();
            for (mark, area) in regions(marks, n) {
                places[mark] += 1;
                placed.push(under(&sheet, &area));
                // Whatever the rectangle touches was meant.
                if strike(&mut sheet, |_, glyph| glyph.area.share_in(&area) > 0.05) == 0 {
                    sheet.glyphs.push(Glyph { text: write::REMOVED.to_owned(), area });
                }
                areas.push(area);
            }
            // What is taken away brings others together; the sign that is put there keeps them apart.
            for round in 0..4 {
                let texts = sheet.searchable();
                let hits: Vec<(usize, Vec<usize>)> = terms
                    .iter()
                    .flat_map(|(mark, term)| {
                        let mut found: Vec<Vec<usize>> = texts.iter().flat_map(|t| t.find(term)).collect();
                        found.sort();
                        found.dedup();
                        found.into_iter().map(|glyphs| (*mark, glyphs))
                    })
                    .collect();
                if hits.is_empty() {
                    break;
                }
                let (mut taken, mut black) = (BTreeSet::new(), Vec::new());
                for (mark, glyphs) in hits {
                    places[mark] += usize::from(round == 0);
                    black.extend(boxes(&sheet, &glyphs));
                    taken.extend(glyphs);
                }
                // Glyphs that are painted over with them go too: bold that is drawn twice.
                let bands = Bands::new(&black);
                strike(&mut sheet, |n, glyph| taken.contains(&n) || bands.cover(&glyph.area));
                areas.append(&mut black);
            }
            let picture = write::drawn(page, write::DPI)?;
            sheet
                .glyphs
                .retain(|glyph| glyph.text == write::REMOVED || paint::is_seen(&picture, &glyph.area));
            clean.add(picture, &sheet, &areas)?;
            left.push(Plain::new(&sheet.text()));
        }
        Ok((clean.finish()?, places, placed, unread, left, pdf.pages().len()))
    };
    let count = pdf::isolated(work).map_err(|unusable| vec![unusable.into()])?;
    let (bytes, places, placed, unread, left, pages) = count;
    let outside = |(n, mark): (usize, &Mark)| match &mark.target {
        Target::Region { page, .. } if *page >= pages => Some(Mark::nowhere(n + 1)),
        _ => None,
    };
    let refusals: Vec<Refusal> = marks.iter().enumerate().filter_map(outside).collect();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let (removed, elsewhere) = accounted(marks, placed, &left);
    Ok(Clean {
        bytes,
        kind: Kind::Pdf,
        removed,
        marks: marked(marks, &places),
        elsewhere,
        unread,
        pictures: 0,
    })
}

fn regions(marks: &[Mark], page: usize) -> Vec<(usize, Area)> {
    let region = |(n, mark): (usize, &Mark)| match &mark.target {
        Target::Region { page: p, area } if *p == page => Some((n, *area)),
        _ => None,
    };
    marks.iter().enumerate().filter_map(region).collect()
}

/// The words under a rectangle.
fn under(sheet: &Sheet, area: &Area) -> String {
    let glyphs = sheet.glyphs.iter().filter(|g| g.area.share_in(area) > 0.05).cloned().collect();
    Sheet { width: sheet.width, height: sheet.height, glyphs, ..Sheet::default() }.text()
}

/// Rectangles over the glyphs of one place: one for each line, so that the length of single words does not show.
fn boxes(sheet: &Sheet, glyphs: &[usize]) -> Vec<Area> {
    let mut boxes: Vec<Area> = Vec::new();
    for area in glyphs.iter().map(|n| sheet.glyphs[*n].area) {
        let grown = Area {
            left: area.left - 0.5 / sheet.width,
            top: area.top - 0.5 / sheet.height,
            right: area.right + 0.5 / sheet.width,
            bottom: area.bottom + 0.5 / sheet.height,
        };
        match boxes.last_mut() {
            Some(last) if near(last, &grown, (sheet.width, sheet.height)) => *last = last.around(&grown),
            _ => boxes.push(grown),
        }
    }
    boxes
}

/// Beside each other on one line, or one above the other in a column, with little between.
fn near(a: &Area, b: &Area, (width, height): (f64, f64)) -> bool {
    let line_height = a.height().max(b.height());
    let em = line_height * height / width;
    let line = (a.middle().1 - b.middle().1).abs() < line_height * 0.3
        && b.left - a.right < em
        && a.left - b.right < em;
    let column =
        (a.middle().0 - b.middle().0).abs() < em * 0.2 && (b.top - a.bottom).abs() < line_height * 0.5;
    line || column
}

/// Painted places by where they lie on the height of the page, so that many glyphs can be compared with many places.
struct Bands<'a>(Vec<Vec<&'a Area>>);

impl<'a> Bands<'a> {
    const COUNT: usize = 256;

    fn new(areas: &'a [Area]) -> Bands<'a> {
        let mut bands = vec![Vec::new(); Bands::COUNT];
        for area in areas {
            for band in &mut bands[Bands::touched(area)] {
                band.push(area);
            }
        }
        Bands(bands)
    }

    fn touched(area: &Area) -> std::ops::RangeInclusive<usize> {
        let band = |v: f64| (v * Bands::COUNT as f64).clamp(0.0, (Bands::COUNT - 1) as f64) as usize;
        let (top, bottom) = (band(area.top), band(area.bottom));
        top.min(bottom)..=bottom
    }

    /// Whether a place covers a good part of the area.
    fn cover(&self, area: &Area) -> bool {
        self.0[Bands::touched(area)].iter().flatten().any(|place| area.share_in(place) > 0.4)
    }
}

/// Takes glyphs away and puts one sign for each run of them.
fn strike(sheet: &mut Sheet, gone: impl Fn(usize, &Glyph) -> bool) -> usize {
    let (mut kept, mut taken, mut running) = (Vec::with_capacity(sheet.glyphs.len()), 0, false);
    for (n, mut glyph) in std::mem::take(&mut sheet.glyphs).into_iter().enumerate() {
        if glyph.text == write::REMOVED || !gone(n, &glyph) {
            running = false;
            kept.push(glyph);
            continue;
        }
        taken += 1;
        match kept.last_mut() {
            Some(sign) if running && near(&sign.area, &glyph.area, (sheet.width, sheet.height)) => {
                sign.area = sign.area.around(&glyph.area);
            }
            _ if running => {}
            _ => {
                glyph.text = write::REMOVED.to_owned();
                kept.push(glyph);
            }
        }
        running = true;
    }
    sheet.glyphs = kept;
    taken
}

fn paragraphs(bytes: &[u8], marks: &[Mark]) -> Result<Clean, Vec<Refusal>> {
    let (_, package) = Kind::package(bytes).map_err(|u| vec![u.into()])?;
    let mut document = Document::read(&package).map_err(|u| vec![u.into()])?;
    let terms = terms(marks);
    let words = Words::of(&document);
    let (mut places, mut placed, mut ranges, mut refusals) =
        (vec![0; marks.len()], Vec::new(), Vec::new(), Vec::new());
    for (n, term) in &terms {
        let found = merged(words.find(term));
        places[*n] = found.len();
        ranges.extend(found);
    }
    for (n, mark) in marks.iter().enumerate() {
        if let Target::Paragraph(paragraph) = mark.target {
            match words.paragraphs.get(paragraph).and_then(|range| words.trimmed(range)) {
                Some(range) => {
                    places[n] = 1;
                    placed.push(words.text(&range));
                    ranges.push(range);
                }
                None => refusals.push(Mark::nowhere(n + 1)),
            }
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Words::remove(&mut document, &merged(ranges), sign(&terms));
    let left = Plain::new(&document.paragraphs().join(&BREAK.to_string()));
    let (removed, elsewhere) = accounted(marks, placed, &[left]);
    let banned: Vec<Term> = removed.iter().map(|r| Term::new(r)).filter(|t| !t.is_common()).collect();
    let says = |value: &str| {
        let plain = Plain::new(value);
        banned.iter().any(|term| plain.has(term))
    };
    let pictures = document.pictures;
    let bytes = document.pack(&says).map_err(|u| vec![u.into()])?;
    Ok(Clean {
        bytes,
        kind: Kind::Docx,
        removed,
        marks: marked(marks, &places),
        elsewhere,
        unread: Vec::new(),
        pictures,
    })
}

fn cells(bytes: &[u8], marks: &[Mark]) -> Result<Clean, Vec<Refusal>> {
    let (_, package) = Kind::package(bytes).map_err(|u| vec![u.into()])?;
    let mut book = Book::read(&package).map_err(|u| vec![u.into()])?;
    let (terms, mut places, mut placed) = (terms(marks), vec![0; marks.len()], Vec::new());
    let sign = sign(&terms);
    for sheet in &mut book.sheets {
        let line = sheet.line();
        let mut cuts: Vec<Vec<Range<usize>>> = vec![Vec::new(); sheet.cells.len()];
        for (n, term) in &terms {
            let found = merged(line.find(term));
            places[*n] += found.len();
            for hit in found {
                // A hit may reach over several cells; each loses its share.
                let first = line.ranges.partition_point(|r| r.end <= hit.start);
                for (cut, range) in
                    cuts.iter_mut().zip(&line.ranges).skip(first).take_while(|(_, r)| r.start < hit.end)
                {
                    let (from, to) = (hit.start.max(range.start), hit.end.min(range.end));
                    if from < to {
                        cut.push(from - range.start..to - range.start);
                    }
                }
            }
            for (cut, cell) in cuts.iter_mut().zip(&sheet.cells) {
                if cut.is_empty() && cell.hides(term) {
                    places[*n] += 1;
                    cut.push(0..cell.shown.chars().count());
                }
            }
        }
        for (n, mark) in marks.iter().enumerate() {
            if let Target::Cell { sheet: name, row, column } = &mark.target
                && *name == sheet.name
                && let Some(at) = sheet.cells.iter().position(|c| (c.row, c.column) == (*row, *column))
            {
                places[n] += 1;
                placed.push(sheet.cells[at].shown.clone());
                cuts[at].push(0..sheet.cells[at].shown.chars().count());
            }
        }
        for (cell, cut) in sheet.cells.iter_mut().zip(cuts).filter(|(_, cut)| !cut.is_empty()) {
            cell.cut(&merged(cut), sign);
        }
        for (n, term) in &terms {
            if Plain::new(&sheet.name).has(term) {
                places[*n] += 1;
                // Chosen so that it is no term and no other sheet's name.
                sheet.name = String::new();
            }
        }
    }
    let cell_missing = |(n, mark): (usize, &Mark)| {
        (matches!(mark.target, Target::Cell { .. }) && places[n] == 0).then(|| Mark::nowhere(n + 1))
    };
    let refusals: Vec<Refusal> = marks.iter().enumerate().filter_map(cell_missing).collect();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let left: Vec<Plain> =
        book.sheets.iter().flat_map(|s| s.cells.iter().map(|c| Plain::new(&c.shown))).collect();
    let (removed, elsewhere) = accounted(marks, placed, &left);
    let bytes = book.write().map_err(|u| vec![u.into()])?;
    Ok(Clean {
        bytes,
        kind: Kind::Xlsx,
        removed,
        marks: marked(marks, &places),
        elsewhere,
        unread: Vec::new(),
        pictures: 0,
    })
}

fn pixels(bytes: &[u8], kind: Kind, marks: &[Mark]) -> Result<Clean, Vec<Refusal>> {
    let outside = |(n, mark): (usize, &Mark)| {
        matches!(mark.target, Target::Region { page, .. } if page != 0).then(|| Mark::nowhere(n + 1))
    };
    let refusals: Vec<Refusal> = marks.iter().enumerate().filter_map(outside).collect();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let areas: Vec<Area> = regions(marks, 0).into_iter().map(|(_, area)| area).collect();
    let bytes = picture::painted(bytes, kind, &areas).map_err(|u| vec![u.into()])?;
    let marks = marked(marks, &vec![1; marks.len()]);
    Ok(Clean { bytes, kind, removed: Vec::new(), marks, elsewhere: Vec::new(), unread: vec![1], pictures: 0 })
}
