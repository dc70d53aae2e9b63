//! What a file is, by its content alone, and whether it may come in.

use super::package::Package;
use super::unusable::Unusable;
use super::{MAX_BYTES, pdf, picture};
use std::fmt;

/// The kinds of file that can be redacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// Word document (ECMA-376), without macros.
    Docx,
    /// Workbook (ECMA-376), without macros.
    Xlsx,
    /// PNG picture.
    Png,
    /// JPEG picture.
    Jpeg,
}

impl Kind {
    /// The kind by the content; a name is never asked. A file that is told here can be opened: it was read within the
    /// limits of [`super`], has no password and no macros.
    ///
    /// # Errors
    /// [`Unusable`], with the sentence for the person who brought the file.
    pub fn sniff(bytes: &[u8]) -> Result<Kind, Unusable> {
        let kind = Kind::promised(bytes)?;
        match kind {
            Kind::Pdf => pdf::check(bytes)?,
            Kind::Png | Kind::Jpeg => picture::check(bytes)?,
            Kind::Docx | Kind::Xlsx => drop(Kind::package(bytes)?),
        }
        Ok(kind)
    }

    /// By the first bytes; of packages also by the names within.
    pub(super) fn promised(bytes: &[u8]) -> Result<Kind, Unusable> {
        if bytes.is_empty() {
            return Err(Unusable::Empty);
        }
        if bytes.len() > MAX_BYTES {
            return Err(Unusable::TooLarge);
        }
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Kind::Pdf),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Kind::Png),
            [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
            [b'P', b'K', 3, 4, ..] => Kind::package(bytes).map(|(kind, _)| kind),
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Err(compound(bytes)),
            [b'M', b'Z', ..] | [0x7f, b'E', b'L', b'F', ..] | [b'#', b'!', ..] => Err(Unusable::Program),
            [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => Err(Unusable::Program),
            _ => Err(Unusable::UnknownKind),
        }
    }

    /// The package of a Word document or a workbook.
    pub(super) fn package(bytes: &[u8]) -> Result<(Kind, Package), Unusable> {
        let package = Package::open(bytes)?;
        if package.has_macros() {
            return Err(Unusable::Macros);
        }
        let office = package.part("[Content_Types].xml").is_some();
        let kind = match (office, package.part("word/document.xml"), package.part("xl/workbook.xml")) {
            (true, Some(_), None) => Kind::Docx,
            (true, None, Some(_)) => Kind::Xlsx,
            _ => return Err(Unusable::UnknownKind),
        };
        Ok((kind, package))
    }

    /// The ending of a file name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Kind::Pdf => "pdf",
            Kind::Docx => "docx",
            Kind::Xlsx => "xlsx",
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Pdf => "PDF",
            Kind::Docx => "DOCX",
            Kind::Xlsx => "XLSX",
            Kind::Png => "PNG",
            Kind::Jpeg => "JPEG",
        })
    }
}

/// Office files with a password are compound files that hold the encrypted package.
fn compound(bytes: &[u8]) -> Unusable {
    let wanted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(wanted.len()).any(|w| w == wanted) { Unusable::Encrypted } else { Unusable::OldOffice }
}
