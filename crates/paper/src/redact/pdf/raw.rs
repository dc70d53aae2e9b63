//! A PDF file as bytes: every stream and every string that lies in it, whether or not the document still refers to it.
//!
//! This is the second way of the gate: it does not follow the file's own tables, so it also sees earlier revisions,
//! objects that were only unlinked, and what a viewer never shows.

use crate::redact::unusable::Unusable;
use flate2::read::ZlibDecoder;
use std::borrow::Cow;
use std::io::Read;

/// How far a dictionary may lie before its stream.
pub(super) const MAX_DICTIONARY: usize = 64 * 1024;

/// The bytes of a file, taken apart.
pub(in crate::redact) struct Raw<'a> {
    pub(in crate::redact) streams: Vec<RawStream<'a>>,
    /// Everything outside of the data of streams.
    pub(in crate::redact) rest: Vec<u8>,
}

/// A stream: what its dictionary says and the data as they lie there.
pub(in crate::redact) struct RawStream<'a> {
    dictionary: &'a [u8],
    pub(in crate::redact) data: &'a [u8],
}

/// How data are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Filter {
    Flate,
    Lzw,
    RunLength,
    Ascii85,
    AsciiHex,
    Dct,
    Jpx,
    /// Fax and JBIG2: nothing but pixels.
    Bitmap,
}

impl Filter {
    pub(in crate::redact) fn inflates(self) -> bool {
        matches!(self, Filter::Flate | Filter::Lzw | Filter::RunLength)
    }
}

impl<'a> Raw<'a> {
    pub(in crate::redact) fn scan(bytes: &'a [u8]) -> Raw<'a> {
        let (mut streams, mut rest, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(word) = find(bytes, b"stream", at) {
            let begins = !bytes[..word].ends_with(b"end")
                && trimmed(&bytes[at.max(word.saturating_sub(64))..word]).ends_with(b">>");
            let data = match &bytes[word + 6..] {
                [b'\r', b'\n', ..] => word + 8,
                [b'\n' | b'\r', ..] => word + 7,
                _ => word + 6,
            };
            if !begins {
                rest.extend_from_slice(&bytes[at..word + 6]);
                at = word + 6;
                continue;
            }
            let head = &bytes[at.max(word.saturating_sub(MAX_DICTIONARY))..word];
            let dictionary = rfind(head, b" obj").map_or(head, |from| &head[from..]);
            let end = stream_end(bytes, dictionary, data);
            streams.push(RawStream { dictionary, data: &bytes[data..end] });
            rest.extend_from_slice(&bytes[at..data]);
            at = end;
        }
        rest.extend_from_slice(&bytes[at..]);
        Raw { streams, rest }
    }

    /// Whether a name (`/Encrypt`) stands anywhere outside of streams.
    pub(in crate::redact) fn has_name(&self, name: &str) -> bool {
        has_name(&self.rest, name)
    }
}

/// Where the data end: after the length the dictionary states, if the keyword is there; else at the next keyword.
fn stream_end(bytes: &[u8], dictionary: &[u8], data: usize) -> usize {
    if let Some(length) = value(dictionary, "Length").and_then(number)
        && let Some(tail) = bytes.get(data.saturating_add(length)..)
        && !is_reference(value(dictionary, "Length").unwrap_or_default())
        && tail.trim_ascii_start().starts_with(b"endstream")
    {
        return data + length;
    }
    find(bytes, b"endstream", data).unwrap_or(bytes.len())
}

impl RawStream<'_> {
    /// Whether the dictionary has `/key /name`.
    pub(in crate::redact) fn is(&self, key: &str, name: &str) -> bool {
        value(self.dictionary, key).is_some_and(|v| {
            v.strip_prefix(b"/").is_some_and(|v| {
                v.starts_with(name.as_bytes()) && v.get(name.len()).is_none_or(|b| !b.is_ascii_alphanumeric())
            })
        })
    }

    /// Width and height, if the dictionary is that of a picture.
    pub(in crate::redact) fn size(&self) -> Option<(u64, u64)> {
        let side = |key, short| {
            value(self.dictionary, key).or(value(self.dictionary, short)).and_then(number).map(|n| n as u64)
        };
        Some((side("Width", "W")?, side("Height", "H")?))
    }

    /// The filters in the order in which they are undone.
    ///
    /// # Errors
    /// [`Unusable::Broken`] for filters that are unknown, stand elsewhere, or encrypt.
    pub(in crate::redact) fn filters(&self) -> Result<Vec<Filter>, Unusable> {
        let Some(text) = value(self.dictionary, "Filter") else { return Ok(Vec::new()) };
        let list = match text {
            [b'[', inner @ ..] => inner.split(|b| *b == b']').next().unwrap_or_default(),
            [b'/', ..] => {
                let end =
                    text[1..].iter().position(|b| !b.is_ascii_alphanumeric()).map_or(text.len(), |n| n + 1);
                &text[..end]
            }
            _ => return Err(Unusable::Broken),
        };
        if list.windows(2).any(|w| w == b" R") {
            return Err(Unusable::Broken);
        }
        let names = list.split(|b| *b == b'/').skip(1).map(<[u8]>::trim_ascii);
        names
            .map(|name| match name {
                b"FlateDecode" | b"Fl" => Ok(Filter::Flate),
                b"LZWDecode" | b"LZW" => Ok(Filter::Lzw),
                b"RunLengthDecode" | b"RL" => Ok(Filter::RunLength),
                b"ASCII85Decode" | b"A85" => Ok(Filter::Ascii85),
                b"ASCIIHexDecode" | b"AHx" => Ok(Filter::AsciiHex),
                b"DCTDecode" | b"DCT" => Ok(Filter::Dct),
                b"JPXDecode" => Ok(Filter::Jpx),
                b"CCITTFaxDecode" | b"CCF" | b"JBIG2Decode" => Ok(Filter::Bitmap),
                _ => Err(Unusable::Broken),
            })
            .collect()
    }

    /// The data unpacked, as far as the filters are no picture formats.
    ///
    /// # Errors
    /// [`Unusable::Broken`] for what cannot be unpacked here, [`Unusable::Bomb`] beyond `limit` bytes.
    pub(in crate::redact) fn decoded(&self, limit: usize) -> Result<Cow<'_, [u8]>, Unusable> {
        let mut data = Cow::Borrowed(self.data);
        for filter in self.filters()? {
            data = match filter {
                Filter::Flate => Cow::Owned(self.unpredicted(inflated(&data, limit)?)?),
                Filter::AsciiHex => Cow::Owned(hex(&data)),
                Filter::Ascii85 => Cow::Owned(ascii85(&data).ok_or(Unusable::Broken)?),
                Filter::RunLength => Cow::Owned(run_length(&data, limit)?),
                Filter::Lzw => return Err(Unusable::Broken),
                Filter::Dct | Filter::Jpx | Filter::Bitmap => break,
            };
        }
        Ok(data)
    }

    /// Undoes the PNG predictors, under which text would not read as text.
    fn unpredicted(&self, data: Vec<u8>) -> Result<Vec<u8>, Unusable> {
        let parameter = |key| value(self.dictionary, key).and_then(number);
        let predictor = parameter("Predictor").unwrap_or(1);
        if predictor < 2 || self.is("Subtype", "Image") {
            return Ok(data);
        }
        if predictor < 10 {
            return Err(Unusable::Broken);
        }
        let bits = parameter("Colors").unwrap_or(1) * parameter("BitsPerComponent").unwrap_or(8);
        let (row, pixel) = ((parameter("Columns").unwrap_or(1) * bits).div_ceil(8), bits.div_ceil(8).max(1));
        if row == 0 || row > 1 << 20 {
            return Err(Unusable::Broken);
        }
        let (mut out, mut above) = (Vec::with_capacity(data.len()), vec![0_u8; row]);
        for line in data.chunks(row + 1) {
            let [kind, line @ ..] = line else { break };
            let mut now = line.to_vec();
            for i in 0..now.len() {
                let left = if i >= pixel { now[i - pixel] } else { 0 };
                let corner = if i >= pixel { above[i - pixel] } else { 0 };
                now[i] = now[i].wrapping_add(match kind {
                    1 => left,
                    2 => above[i],
                    3 => u8::midpoint(left, above[i]),
                    4 => paeth(left, above[i], corner),
                    _ => 0,
                });
            }
            out.extend_from_slice(&now);
            now.resize(row, 0);
            above = now;
        }
        Ok(out)
    }
}

fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let estimate = i16::from(a) + i16::from(b) - i16::from(c);
    let distance = |x: u8| (estimate - i16::from(x)).abs();
    if distance(a) <= distance(b) && distance(a) <= distance(c) {
        a
    } else if distance(b) <= distance(c) {
        b
    } else {
        c
    }
}

/// How many bytes zlib data inflate to, counted up to `limit` and not kept.
pub(in crate::redact) fn inflated_size(data: &[u8], limit: u64) -> u64 {
    let mut decoder = ZlibDecoder::new(data).take(limit);
    // A broken end still counts what came before it.
    let mut counted = 0;
    let mut page = vec![0; 64 * 1024];
    while let Ok(n) = decoder.read(&mut page) {
        if n == 0 {
            break;
        }
        counted += n as u64;
    }
    counted
}

/// Zlib data unpacked. What is readable before a broken end is returned.
pub(in crate::redact) fn inflated(data: &[u8], limit: usize) -> Result<Vec<u8>, Unusable> {
    let mut out = Vec::new();
    let read = ZlibDecoder::new(data).take(limit as u64 + 1).read_to_end(&mut out);
    match read {
        _ if out.len() > limit => Err(Unusable::Bomb),
        Err(_) if out.is_empty() && !data.is_empty() => Err(Unusable::Broken),
        _ => Ok(out),
    }
}

pub(super) fn hex(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|b| **b != b'>')
        .filter_map(|b| char::from(*b).to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

fn ascii85(data: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut group) = (Vec::new(), Vec::new());
    let mut flush = |group: &mut Vec<u8>| {
        let kept = group.len().checked_sub(1)?;
        group.resize(5, 84);
        let word = group.iter().fold(0_u64, |n, d| n * 85 + u64::from(*d));
        out.extend_from_slice(&u32::try_from(word).ok()?.to_be_bytes()[..kept]);
        group.clear();
        Some(())
    };
    for b in data.iter().take_while(|b| **b != b'~').filter(|b| !b.is_ascii_whitespace()) {
        match b {
            b'z' if group.is_empty() => {
                group.extend([0; 5]);
                flush(&mut group)?;
            }
            b'!'..=b'u' => group.push(b - b'!'),
            _ => return None,
        }
        if group.len() == 5 {
            flush(&mut group)?;
        }
    }
    if !group.is_empty() {
        flush(&mut group)?;
    }
    Some(out)
}

fn run_length(data: &[u8], limit: usize) -> Result<Vec<u8>, Unusable> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&n) = data.get(at) {
        match n {
            0..=127 => {
                let piece = data.get(at + 1..at + 2 + usize::from(n)).ok_or(Unusable::Broken)?;
                out.extend_from_slice(piece);
                at += 2 + usize::from(n);
            }
            128 => break,
            129.. => {
                let b = *data.get(at + 1).ok_or(Unusable::Broken)?;
                out.resize(out.len() + 257 - usize::from(n), b);
                at += 2;
            }
        }
        if out.len() > limit {
            return Err(Unusable::Bomb);
        }
    }
    Ok(out)
}

/// Whether `/name` stands in the syntax, however its letters are written.
pub(in crate::redact) fn has_name(syntax: &[u8], name: &str) -> bool {
    let mut at = 0;
    while let Some(slash) = find(syntax, b"/", at) {
        let mut rest = &syntax[slash + 1..];
        let same = name.bytes().all(|wanted| {
            let (b, used) = match rest {
                [b'#', a, b, ..] => (hex(&[*a, *b]).first().copied(), 3),
                [b, ..] => (Some(*b), 1),
                [] => (None, 0),
            };
            rest = &rest[used.min(rest.len())..];
            b == Some(wanted)
        });
        if same && rest.first().is_none_or(|b| !b.is_ascii_alphanumeric()) {
            return true;
        }
        at = slash + 1;
    }
    false
}

/// What follows `/key` in a dictionary.
fn value<'a>(dictionary: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let mut at = 0;
    let wanted = [b"/", key.as_bytes()].concat();
    while let Some(found) = find(dictionary, &wanted, at) {
        let rest = &dictionary[found + wanted.len()..];
        if rest.first().is_some_and(|b| !b.is_ascii_alphanumeric()) {
            return Some(rest.trim_ascii_start());
        }
        at = found + wanted.len();
    }
    None
}

fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
}

/// `12 0 R`.
fn is_reference(text: &[u8]) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
    words.next();
    words.next().is_some_and(|w| w.iter().all(u8::is_ascii_digit))
        && words.next().is_some_and(|w| w.starts_with(b"R"))
}

fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii_end()
}

/// The first place of `wanted` at or after `from`.
pub(in crate::redact) fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == first)?;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|w| w == wanted)
}
