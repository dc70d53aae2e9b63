//! The strings of PDF syntax, and what the codes of a font mean.

use super::raw::{MAX_DICTIONARY, find, hex};
use std::collections::BTreeMap;

/// The strings of PDF syntax, with a mark where a text object ends.
pub(in crate::redact) fn strings(syntax: &[u8]) -> Vec<Token> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(&b) = syntax.get(at) {
        match b {
            b'(' => {
                let (string, end) = literal(syntax, at + 1);
                found.push(Token::String(string));
                at = end;
            }
            b'<' if syntax.get(at + 1) == Some(&b'<') => at += 2,
            b'<' => {
                let end = find(syntax, b">", at).unwrap_or(syntax.len());
                found.push(Token::String(hex(&syntax[at + 1..end])));
                at = end + 1;
            }
            b'%' => {
                at = syntax[at..]
                    .iter()
                    .position(|b| matches!(b, b'\n' | b'\r'))
                    .map_or(syntax.len(), |n| at + n)
            }
            b'E' if syntax[at..].starts_with(b"ET") => {
                found.push(Token::End);
                at += 2;
            }
            _ => at += 1,
        }
    }
    found
}

/// What [`strings`] finds.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::redact) enum Token {
    String(Vec<u8>),
    End,
}

/// A literal string from behind its bracket, and where the syntax goes on.
fn literal(syntax: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut string, mut open) = (Vec::new(), 1);
    while let Some(&b) = syntax.get(at) {
        at += 1;
        match b {
            b'(' => open += 1,
            b')' => open -= 1,
            b'\\' => {
                let Some(&c) = syntax.get(at) else { break };
                at += 1;
                match c {
                    b'n' => string.push(b'\n'),
                    b'r' => string.push(b'\r'),
                    b't' => string.push(b'\t'),
                    b'\r' if syntax.get(at) == Some(&b'\n') => at += 1,
                    b'\n' | b'\r' => {}
                    b'0'..=b'7' => {
                        let mut code = u32::from(c - b'0');
                        for _ in 0..2 {
                            if let Some(d @ b'0'..=b'7') = syntax.get(at) {
                                code = code * 8 + u32::from(d - b'0');
                                at += 1;
                            }
                        }
                        string.push((code & 0xff) as u8);
                    }
                    c => string.push(c),
                }
                continue;
            }
            _ => {}
        }
        if open == 0 {
            break;
        }
        string.push(b);
    }
    (string, at)
}

/// From the codes of a font to text, by code length in bytes and code.
pub(in crate::redact) type Meaning = BTreeMap<(usize, u32), String>;

/// The map of a `/ToUnicode` stream, if these bytes are one.
pub(in crate::redact) fn meaning(syntax: &[u8]) -> Option<Meaning> {
    let mut map = Meaning::new();
    for (word, end, ranged) in
        [(&b"beginbfchar"[..], &b"endbfchar"[..], false), (b"beginbfrange", b"endbfrange", true)]
    {
        let mut at = 0;
        while let Some(from) = find(syntax, word, at) {
            let until = find(syntax, end, from).unwrap_or(syntax.len());
            at = until;
            // Longer than any font needs; a range is looked up in the section.
            entries(
                &syntax[from + word.len()..until.min(from + MAX_DICTIONARY * 16).max(from + word.len())],
                ranged,
                &mut map,
            );
        }
    }
    (!map.is_empty()).then_some(map)
}

fn entries(section: &[u8], ranged: bool, map: &mut Meaning) {
    let utf16 = |bytes: &[u8]| encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.into_owned();
    let code = |bytes: &[u8]| (bytes.len(), bytes.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)));
    let list: Vec<Vec<u8>> = strings(section)
        .into_iter()
        .filter_map(|t| if let Token::String(s) = t { Some(s) } else { None })
        .collect();
    if !ranged {
        map.extend(list.chunks_exact(2).map(|pair| (code(&pair[0]), utf16(&pair[1]))));
        return;
    }
    // A range has one text, counted on in its last unit, or in brackets one for each code.
    let mut rest = &list[..];
    while let [first, last, to, more @ ..] = rest {
        let ((length, first), (_, last)) = (code(first), code(last));
        let bracketed = more.len() >= 2 && is_bracketed(section, to) && last > first;
        let count = last.saturating_sub(first).min(0xffff);
        if bracketed {
            for (n, text) in (0..=count).zip([to].into_iter().chain(more)) {
                map.insert((length, first + n), utf16(text));
            }
            rest = more.get(count as usize..).unwrap_or_default();
            continue;
        }
        for n in 0..=count {
            let mut text = to.clone();
            if let [.., high, low] = &mut text[..] {
                let unit = u16::from_be_bytes([*high, *low]).wrapping_add(n as u16);
                [*high, *low] = unit.to_be_bytes();
            }
            map.insert((length, first + n), utf16(&text));
        }
        rest = more;
    }
}

/// Whether a text of a range stands first in brackets.
fn is_bracketed(section: &[u8], text: &[u8]) -> bool {
    let written: Vec<u8> = text.iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
    let mut from = 0;
    while let Some(open) = find(section, b"[", from) {
        let inner: Vec<u8> = section[open + 1..]
            .iter()
            .filter(|b| !b.is_ascii_whitespace())
            .take(written.len() + 1)
            .map(u8::to_ascii_lowercase)
            .collect();
        if inner.strip_prefix(b"<").is_some_and(|i| i.starts_with(&written)) {
            return true;
        }
        from = open + 1;
    }
    false
}
