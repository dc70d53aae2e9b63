//! Document numbers (发文字号) in whatever way they are typed.

use super::text::{BREAK, fold};

/// A number taken apart: 高政发〔2020〕12号 is 高政发, 2020, 12.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    agency: String,
    year: String,
    serial: String,
}

impl Number {
    /// Reads a whole text as a number: brackets of any form, a blank or nothing between the parts; 第, 年, 号 and leading
    /// zeros may stand or be missing. Without the agency's characters, 号 must stand. `None` if it is anything else.
    pub(crate) fn read(text: &str) -> Option<Number> {
        let folded = fold(text);
        let digits = folded.find(|c: char| c.is_ascii_digit())?;
        let agency: String = folded[..digits].chars().filter(|c| *c != BREAK).collect();
        let agency = agency.trim_end_matches(['第', '字']);
        let rest = &folded[digits..];
        let (rest, closed) = match rest.strip_suffix('号') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let fits = agency.chars().count() <= 16 && agency.chars().all(char::is_alphabetic);
        if !fits || agency.is_empty() && !closed || !agency.is_empty() && agency.chars().count() < 2 {
            return None;
        }
        let year = rest.get(..4)?;
        let serial = rest.get(4..)?.trim_matches([BREAK, '年', '第', '号']);
        let plain =
            |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !plain(year, 4) || !plain(serial, 5) || !(year.starts_with("19") || year.starts_with("20")) {
            return None;
        }
        let serial = serial.trim_start_matches('0');
        Some(Number { agency: agency.to_owned(), year: year.to_owned(), serial: serial.to_owned() })
    }

    /// How it is looked for.
    pub(crate) fn key(&self) -> String {
        format!("{}|{}|{}", self.agency, self.year, self.serial)
    }

    /// How it is indexed: also without the first characters of the agency, so that 政发〔2020〕12号 finds it.
    pub(crate) fn keys(&self) -> Vec<String> {
        let starts = self.agency.char_indices().map(|(at, _)| at).chain([self.agency.len()]);
        starts.map(|at| format!("{}|{}|{}", &self.agency[at..], self.year, self.serial)).collect()
    }

    /// How a text cites it, in the common form.
    pub(crate) fn cited(&self) -> String {
        format!("{}{BREAK}{}{BREAK}{}号", self.agency, self.year, self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        let all = [
            "高政发〔2020〕12号",
            "高政发2020 12",
            "高政发[2020]12号",
            "高政发〔2020〕12 号",
            "高政发（2020）12号",
            "高政发 2020 012",
            "高政发202012号",
            "高政发字〔2020〕第12号",
            "高政发2020年12号",
            "高政发２０２０－１２",
        ];
        for text in all {
            assert_eq!(Number::read(text).unwrap().key(), "高政发|2020|12", "{text}");
        }
        assert_eq!(Number::read("〔2020〕12号").unwrap().key(), "|2020|12");
        for text in ["", "高平市2020年", "2020 12", "12345", "低保", "高政发〔2020〕", "1234567号"]
        {
            assert_eq!(Number::read(text), None, "{text}");
        }
        assert!(Number::read("高政发〔2020〕12号").unwrap().keys().contains(&"政发|2020|12".to_owned()));
    }
}
