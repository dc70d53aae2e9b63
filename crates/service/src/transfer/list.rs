//! A list that is read row by row: CSV and TSV as a stream, whatever their length; workbooks and JSON whole, within their
//! bounds.
//!
//! The file is read through before a row is given out, so that one that was cut off, or is of no known encoding, is known as
//! such while nothing is written.

use super::table::{cut_off, read, unguard, unusable};
use crate::account::hex;
use crate::error::Result;
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use sm3::{Digest, Sm3};
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes read at a time.
const PIECE: usize = 64 << 10;
/// Largest workbook, in bytes: it is unpacked whole.
const LARGEST: u64 = 64 << 20;
const NO_TABLE: &str = "这不是 CSV、XLSX 或者 JSON 表格，请核对文件";

/// A file that can be read more than once.
pub trait ListFile: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> ListFile for T {}

/// A list.
pub(super) struct List {
    pub(super) headings: Vec<String>,
    /// SM3 of the file.
    pub(super) digest: String,
    rows: Rows,
}

enum Rows {
    Whole {
        rows: Vec<(usize, Vec<String>)>,
        next: usize,
    },
    /// None only while it is rewound.
    Stream {
        reader: Option<Box<csv::Reader<Decoding>>>,
        seen: usize,
        delimiter: u8,
    },
}

fn lost(e: &io::Error) -> crate::Error {
    unusable(&format!("文件读取中断，请检查磁盘后重试：{e}"))
}

impl List {
    /// Opens a list and reads it through once.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] with one sentence: empty, cut off, no table, of no known encoding.
    pub(super) fn open(mut file: Box<dyn ListFile>) -> Result<List> {
        let mut head = [0; 4];
        let n = read_up_to(&mut file, &mut head).map_err(|e| lost(&e))?;
        file.seek(SeekFrom::Start(0)).map_err(|e| lost(&e))?;
        let first = head.iter().find(|b| !b.is_ascii_whitespace());
        if n == 0 || matches!(head, [b'P', b'K', ..] | [0xd0, 0xcf, ..]) || first == Some(&b'[') {
            let mut whole = Vec::new();
            file.take(LARGEST + 1).read_to_end(&mut whole).map_err(|e| lost(&e))?;
            let table = read(&whole)?;
            let digest = hex(&Sm3::digest(&whole));
            return Ok(List {
                headings: table.headings,
                digest,
                rows: Rows::Whole { rows: table.rows, next: 0 },
            });
        }
        let (encoding, digest) = survey(&mut file)?;
        let delimiter = look_through(Decoding::new(file, encoding).map_err(|e| lost(&e))?)?;
        let (decoding, delimiter) = delimiter;
        let mut list = List { headings: Vec::new(), digest, rows: Rows::streamed(decoding, delimiter)? };
        list.read_headings()?;
        Ok(list)
    }

    fn read_headings(&mut self) -> Result<()> {
        while let Some((_, row)) = self.raw()? {
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                self.headings = row.iter().map(|h| h.trim().to_owned()).collect();
                while self.headings.last().is_some_and(String::is_empty) {
                    self.headings.pop();
                }
                return Ok(());
            }
        }
        Err(unusable("文件中没有表头，第一行应为各列名称"))
    }

    /// Back to the first row behind the headings.
    pub(super) fn rewind(&mut self) -> Result<()> {
        match &mut self.rows {
            Rows::Whole { next, .. } => *next = 0,
            Rows::Stream { reader, delimiter, .. } => {
                let Some(decoding) = reader.take().map(|reader| reader.into_inner()) else { return Ok(()) };
                let again = decoding.again().map_err(|e| lost(&e))?;
                self.rows = Rows::streamed(again, *delimiter)?;
                self.read_headings()?;
            }
        }
        Ok(())
    }

    /// The next row that says something, with its number in the file; the headings are row 1.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Vec<String>)>> {
        loop {
            match self.raw()? {
                Some((_, row)) if row.iter().all(String::is_empty) => {}
                found => return Ok(found),
            }
        }
    }

    fn raw(&mut self) -> Result<Option<(usize, Vec<String>)>> {
        match &mut self.rows {
            Rows::Whole { rows, next } => {
                *next += 1;
                Ok(rows.get(*next - 1).cloned())
            }
            Rows::Stream { reader, seen, .. } => {
                let Some(reader) = reader else { return Ok(None) };
                let mut record = csv::StringRecord::new();
                if !reader.read_record(&mut record).map_err(|_| unusable(NO_TABLE))? {
                    return Ok(None);
                }
                *seen += 1;
                Ok(Some((*seen, record.iter().map(unguard).collect())))
            }
        }
    }

    /// Whether rows are read from the file one by one, so that the last one may be cut off.
    pub(super) fn is_streamed(&self) -> bool {
        matches!(self.rows, Rows::Stream { .. })
    }
}

impl Rows {
    fn streamed(decoding: Decoding, delimiter: u8) -> Result<Rows> {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter);
        Ok(Rows::Stream { reader: Some(Box::new(builder.from_reader(decoding))), seen: 0, delimiter })
    }
}

fn read_up_to(file: &mut dyn ListFile, buffer: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < buffer.len() {
        match file.read(&mut buffer[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

/// The encoding of a file and its digest.
fn survey(file: &mut Box<dyn ListFile>) -> Result<(&'static Encoding, String)> {
    let (mut digest, mut piece, mut first) = (Sm3::new(), vec![0; PIECE], true);
    let mut marked = None;
    let mut nul = false;
    // What still may be the encoding.
    let mut tried = [UTF_8, GB18030].map(|e| Some(e.new_decoder_without_bom_handling()));
    let (mut out, mut beyond) = (String::with_capacity(PIECE * 3 + 16), false);
    loop {
        let n = read_up_to(file.as_mut(), &mut piece).map_err(|e| lost(&e))?;
        digest.update(&piece[..n]);
        let mut bytes = &piece[..n];
        if first {
            marked = Encoding::for_bom(bytes);
            bytes = &bytes[marked.map_or(0, |(_, mark)| mark)..];
            first = false;
        }
        nul |= bytes.contains(&0);
        beyond |= !bytes.is_ascii();
        let last = n < PIECE;
        for decoder in &mut tried {
            if let Some(open) = decoder {
                out.clear();
                let (result, ..) = open.decode_to_string_without_replacement(bytes, &mut out, last);
                if result != DecoderResult::InputEmpty {
                    // A last character that was cut in two: no other encoding looks like that.
                    let whole =
                        matches!(result, DecoderResult::Malformed(..)) && last && open.encoding() == UTF_8;
                    if whole && beyond && is_utf8_but_for_its_end(bytes) {
                        return Err(cut_off());
                    }
                    *decoder = None;
                }
            }
        }
        if last {
            break;
        }
    }
    let digest = hex(&digest.finalize());
    match (marked, &tried) {
        (Some((encoding, _)), _) if encoding == UTF_16LE || encoding == UTF_16BE => Ok((encoding, digest)),
        _ if nul => Err(unusable(NO_TABLE)),
        (_, [Some(_), _]) => Ok((UTF_8, digest)),
        (None, [None, Some(_)]) => Ok((GB18030, digest)),
        _ => Err(unusable(
            "文件的编码不是 UTF-8、UTF-16 或者 GB18030，或者文件已损坏，请另存为 CSV UTF-8 后再导入",
        )),
    }
}

/// Whether only the last character of these bytes is incomplete; they may begin in the middle of one.
fn is_utf8_but_for_its_end(bytes: &[u8]) -> bool {
    let start = bytes.iter().take(3).take_while(|b| **b & 0xC0 == 0x80).count();
    match std::str::from_utf8(&bytes[start..]) {
        Ok(_) => false,
        Err(e) => {
            e.error_len().is_none()
                && e.valid_up_to() > 0
                && !bytes[start..start + e.valid_up_to()].is_ascii()
        }
    }
}

/// Reads the text through: quotes come in pairs, and the first line says what divides the cells.
fn look_through(mut text: Decoding) -> Result<(Decoding, u8)> {
    let (mut piece, mut quotes) = (vec![0; PIECE], 0usize);
    let (mut first, mut commas, mut tabs, mut said) = (true, false, false, false);
    loop {
        let n = text.read(&mut piece).map_err(|_| unusable("文件不完整或者已经损坏，请重新导出后再导入"))?;
        if n == 0 {
            break;
        }
        for b in &piece[..n] {
            match b {
                b'"' => quotes += 1,
                0 => return Err(unusable(NO_TABLE)),
                b',' if first => commas = true,
                b'\t' if first => tabs = true,
                b'\n' | b'\r' if said => first = false,
                b'\n' | b'\r' => {}
                _ => said = true,
            }
        }
    }
    if quotes % 2 == 1 {
        return Err(cut_off());
    }
    let delimiter = if tabs && !commas { b'\t' } else { b',' };
    Ok((text.again().map_err(|e| lost(&e))?, delimiter))
}

/// A file read as UTF-8, whatever its encoding.
struct Decoding {
    file: Box<dyn ListFile>,
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Decoding {
    fn new(mut file: Box<dyn ListFile>, encoding: &'static Encoding) -> io::Result<Decoding> {
        file.seek(SeekFrom::Start(0))?;
        let mut head = [0; 3];
        let n = read_up_to(file.as_mut(), &mut head)?;
        let mark = Encoding::for_bom(&head[..n]).filter(|(e, _)| *e == encoding).map_or(0, |(_, mark)| mark);
        file.seek(SeekFrom::Start(mark as u64))?;
        let decoder = encoding.new_decoder_without_bom_handling();
        Ok(Decoding { file, encoding, decoder, raw: vec![0; PIECE], out: Vec::new(), given: 0, ended: false })
    }

    fn again(self) -> io::Result<Decoding> {
        Decoding::new(self.file, self.encoding)
    }
}

impl Read for Decoding {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.ended {
            let n = read_up_to(self.file.as_mut(), &mut self.raw)?;
            self.ended = n < self.raw.len();
            // A UTF-16 unit or a pair of bytes becomes three bytes at most.
            self.out.resize(n * 3 + 16, 0);
            let (result, _, written) =
                self.decoder.decode_to_utf8_without_replacement(&self.raw[..n], &mut self.out, self.ended);
            if result != DecoderResult::InputEmpty {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.out.truncate(written);
            self.given = 0;
        }
        let n = to.len().min(self.out.len() - self.given);
        to[..n].copy_from_slice(&self.out[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use std::io::Cursor;

    fn open(bytes: &[u8]) -> Result<List> {
        List::open(Box::new(Cursor::new(bytes.to_vec())))
    }

    fn all(list: &mut List) -> Vec<(usize, Vec<String>)> {
        std::iter::from_fn(|| list.next().unwrap()).collect()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let unit = |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_of_chinese_spreadsheets_says_the_same() {
        let text = "\r\n标题\t发文字号\r\n关于某事的通知\t样政发〔2019〕1号\r\n\r\n另一件\t\"两\r\n行\"\r\n";
        let wanted = [
            (3, vec!["关于某事的通知".to_owned(), "样政发〔2019〕1号".to_owned()]),
            (4, vec!["另一件".to_owned(), "两\r\n行".to_owned()]),
        ];
        let (gb, ..) = GB18030.encode(text);
        let marked = format!("\u{feff}{text}");
        for bytes in [text.as_bytes(), &gb, marked.as_bytes(), &utf16(text, false), &utf16(text, true)] {
            let mut list = open(bytes).unwrap();
            assert_eq!(list.headings, ["标题", "发文字号"]);
            let rows: Vec<Vec<String>> = all(&mut list).into_iter().map(|(_, row)| row).collect();
            assert_eq!(rows, wanted.clone().map(|(_, row)| row));
            list.rewind().unwrap();
            assert_eq!(all(&mut list).len(), 2, "once more");
        }
    }

    #[test]
    fn pieces_cut_characters_anywhere() {
        // Three bytes a character and one in front: every piece ends within one.
        let long: String = "甲".repeat(PIECE);
        let text = format!("a,标题\n1,{long}\n2,乙\n");
        let (gb, ..) = GB18030.encode(&text);
        for bytes in [text.as_bytes(), &gb, &utf16(&text, false)] {
            let rows = all(&mut open(bytes).unwrap());
            assert_eq!(rows[0].1[1], long);
            assert_eq!(rows[1].1, ["2", "乙"]);
        }
    }

    #[test]
    fn what_is_no_list_gets_one_sentence() {
        let sentence = |bytes: &[u8]| match open(bytes) {
            Err(Error::Invalid(sentence)) => sentence,
            Ok(_) => panic!("taken: {bytes:?}"),
            Err(other) => panic!("{other:?}"),
        };
        assert!(sentence(b"").contains("空的"));
        assert!(sentence("标题,说明\n通知,\"公".as_bytes()).contains("不完整"));
        assert!(sentence(&"标题,说明\n通知,公开".as_bytes()[..19]).contains("不完整"));
        assert!(sentence(b"PK\x03\x04 cut off").contains("XLSX"));
        assert!(sentence(&[0xd0, 0xcf, 0x11, 0xe0, 0]).contains("XLS"));
        assert!(sentence(b"\x7fELF\0\0\0\0").contains("不是"));
        assert!(sentence(b"a,b\n\xff\xff,\x80\n").contains("编码"));
        assert!(sentence(b"\n\n  \n").contains("表头"));
        let mut odd = utf16("标题\t说明\n", false);
        odd.push(1);
        assert!(sentence(&odd).contains("不完整"));
    }
}
