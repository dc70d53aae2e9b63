//! 词表: the words that are looked for before a document becomes public (公开前检查): wrong names of leaders and
//! institutions, words written wrong, words a unit wants to be asked about. A list says what is looked for; the reader of
//! texts is `paper::wording`.
//!
//! A unit writes a list as lines. What comes with the program is written the same way (`data/words`).
//!
//! ```
//! use law::word_list::{ListKind, WordList};
//! let list = WordList::read(&[(ListKind::Typo, "布署 → 部署　除外：公布署名")]).unwrap();
//! assert_eq!(list.words[0].right, "部署");
//! assert_eq!(list.words[0].except, ["公布署名"]);
//! ```

use crate::Refusal;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Lines of a list at most.
pub const MOST_LINES: usize = 5_000;
/// Characters of a word or a name at most.
pub const LONGEST_WORD: usize = 40;

/// What the lines of a list say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListKind {
    /// 领导姓名和职务: `姓名　职务、职务　任职日期`.
    Leader,
    /// 机构名称: `不正确的名称 → 正确的名称　2019-04-01起`.
    Institution,
    /// 错别字: `错误写法 → 正确写法　除外：含有它的正确词语`.
    Typo,
    /// 敏感词: `词语`, `词语 → 建议的说法`.
    Sensitive,
    /// 不检查的词: words of the lists above and of the built-in ones that are not reported.
    Allowed,
}

impl ListKind {
    /// All kinds, in the order of the form.
    pub const ALL: [ListKind; 5] =
        [ListKind::Leader, ListKind::Institution, ListKind::Typo, ListKind::Sensitive, ListKind::Allowed];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            ListKind::Leader => "leader",
            ListKind::Institution => "institution",
            ListKind::Typo => "typo",
            ListKind::Sensitive => "sensitive",
            ListKind::Allowed => "allowed",
        }
    }

    /// Name of the list.
    pub fn label(self) -> &'static str {
        match self {
            ListKind::Leader => "领导姓名和职务",
            ListKind::Institution => "机构名称",
            ListKind::Typo => "错别字",
            ListKind::Sensitive => "敏感词",
            ListKind::Allowed => "不检查的词",
        }
    }

    /// What a finding of this list is called.
    pub fn finding(self) -> &'static str {
        match self {
            ListKind::Leader => "不正确的领导姓名或者职务",
            ListKind::Institution => "不正确的机构名称",
            ListKind::Typo => "错别字",
            ListKind::Sensitive | ListKind::Allowed => "敏感词",
        }
    }
}

/// A leader: what is checked is that the posts beside the name are held, and that a post held is beside the right name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// 姓名
    pub name: String,
    /// 职务
    pub posts: Vec<String>,
    /// First day in office, if it matters.
    pub from: Option<Date>,
    /// Last day in office; none while in office.
    pub to: Option<Date>,
}

impl Leader {
    /// Whether in office on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Which list it is of.
    pub kind: ListKind,
    /// The word.
    pub wrong: String,
    /// What should stand instead; may be empty.
    pub right: String,
    /// Documents made before this day may say it.
    pub from: Option<Date>,
    /// Words that contain it and are right.
    pub except: Vec<String>,
}

/// Everything that is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordList {
    /// 领导
    pub leaders: Vec<Leader>,
    /// Words of all other lists.
    pub words: Vec<Word>,
    /// What is not reported.
    pub allowed: BTreeSet<String>,
}

static BUILT_IN: LazyLock<WordList> = LazyLock::new(|| {
    let lists = [
        (ListKind::Institution, include_str!("../data/words/institutions.txt")),
        (ListKind::Typo, include_str!("../data/words/typos.txt")),
    ];
    // A test reads the embedded files, so this cannot fail in a program that was tested.
    WordList::read(&lists).expect("the embedded lists are well formed")
});

impl WordList {
    /// What comes with the program: frequent misspellings, and institutions that were renamed everywhere.
    pub fn built_in() -> &'static WordList {
        &BUILT_IN
    }

    /// Reads lists as a unit writes them; empty lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// A sentence for every line that cannot be read, with its list and number.
    pub fn read(lists: &[(ListKind, &str)]) -> Result<WordList, Vec<Refusal>> {
        let (mut list, mut no) = (WordList::default(), Vec::new());
        for (kind, text) in lists {
            let mut lines = 0;
            for (n, line) in text.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                lines += 1;
                if let Err(text) = list.take(*kind, line) {
                    no.push(wrong(*kind, format!("“{}”第{}行：{text}", kind.label(), n + 1)));
                }
            }
            if lines > MOST_LINES {
                let text = format!("“{}”最多{MOST_LINES}行，现有{lines}行，请删减", kind.label());
                no.push(wrong(*kind, text));
            }
        }
        if no.is_empty() { Ok(list) } else { Err(no) }
    }

    fn take(&mut self, kind: ListKind, line: &str) -> Result<(), String> {
        match kind {
            ListKind::Leader => self.leaders.push(leader(line)?),
            ListKind::Allowed => _ = self.allowed.insert(word(line)?),
            _ => self.words.push(entry(kind, line)?),
        }
        Ok(())
    }

    /// Adds another list; what either allows is allowed.
    pub fn add(&mut self, other: &WordList) {
        self.leaders.extend(other.leaders.iter().cloned());
        self.words.extend(other.words.iter().cloned());
        self.allowed.extend(other.allowed.iter().cloned());
    }
}

fn wrong(kind: ListKind, text: String) -> Refusal {
    Refusal::new(&format!("words-{}", kind.key()), text, "")
}

fn word(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("缺少词语，请填写".into()),
        1 => Err(format!("“{text}”只有一个字，会查出大量无关内容，请写至少两个字的词语")),
        n if n > LONGEST_WORD => Err(format!("词语最多{LONGEST_WORD}个字，请缩短")),
        _ => Ok(text.to_owned()),
    }
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|t| !t.is_empty())
}

fn leader(line: &str) -> Result<Leader, String> {
    let mut parts = line.split_whitespace();
    let name = word(parts.next().unwrap_or_default())?;
    let (mut posts, mut from, mut to) = (Vec::new(), None, None);
    for part in parts {
        if part.starts_with(|c: char| c.is_ascii_digit()) || part.starts_with('至') {
            (from, to) = term(part)?;
        } else {
            for post in names(part) {
                posts.push(word(post)?);
            }
        }
    }
    if posts.is_empty() {
        return Err(format!("“{name}”没有职务，请在姓名后空一格填写职务"));
    }
    Ok(Leader { name, posts, from, to })
}

/// `2019-05-01起`, `至2021-08-31`, `2019-05-01至2021-08-31`
fn term(text: &str) -> Result<(Option<Date>, Option<Date>), String> {
    let (from, to) = match text.split_once('至') {
        Some((from, to)) => (from, to),
        None => (text.trim_end_matches('起'), ""),
    };
    let day = |text: &str| match text {
        "" => Ok(None),
        text => text
            .parse::<Date>()
            .map(Some)
            .map_err(|_| format!("日期“{text}”不能识别，请写成 2019-05-01 的形式")),
    };
    let (from, to) = (day(from)?, day(to)?);
    match (from, to) {
        (Some(first), Some(last)) if last < first => Err(format!("任职的最后一日{last}早于第一日{first}")),
        _ => Ok((from, to)),
    }
}

fn entry(kind: ListKind, line: &str) -> Result<Word, String> {
    let (line, except) = match line.split_once("除外：").or_else(|| line.split_once("除外:")) {
        Some((line, except)) => (line, names(except).map(str::to_owned).collect()),
        None => (line, Vec::new()),
    };
    let arrow = ["→", "->", "=>", "\t"].into_iter().find_map(|mark| line.split_once(mark));
    let (wrong, rest) = arrow.unwrap_or((line, ""));
    let wrong = word(wrong)?;
    let mut right = rest.trim();
    let mut from = None;
    if let Some((before, last)) = right.rsplit_once(char::is_whitespace)
        && let Some(day) = last.strip_suffix('起')
    {
        (from, _) = term(day)?;
        right = before.trim();
    }
    if right.is_empty() && kind != ListKind::Sensitive {
        return Err(format!("“{wrong}”没有正确写法，请写成“错误写法 → 正确写法”"));
    }
    if right.chars().count() > LONGEST_WORD {
        return Err(format!("正确写法最多{LONGEST_WORD}个字，请缩短"));
    }
    if right == wrong {
        return Err(format!("“{wrong}”的正确写法与它相同，请核对"));
    }
    if let Some(other) = except.iter().find(|e| !e.contains(&wrong)) {
        return Err(format!("除外的“{other}”里没有“{wrong}”，请核对"));
    }
    Ok(Word { kind, wrong, right: right.to_owned(), from, except })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_embedded_lists_are_well_formed() {
        let list = WordList::built_in();
        assert!(list.words.len() > 150, "{}", list.words.len());
        let mut seen = BTreeSet::new();
        for word in &list.words {
            assert!(seen.insert(&word.wrong), "{} twice", word.wrong);
            // A right word that contains the wrong one would be found for ever.
            assert!(!word.right.contains(&word.wrong), "{}", word.wrong);
            assert_eq!(word.from.is_some(), word.kind == ListKind::Institution, "{}", word.wrong);
        }
    }

    #[test]
    fn lines_are_read_as_they_are_written_and_as_a_sheet_gives_them() {
        let lists = [
            (
                ListKind::Leader,
                "# 市政府\n王明　市长\n\n李清  副市长、市公安局局长 2019-05-01至2021-08-31\n赵平 主任 2020-01-01起",
            ),
            (ListKind::Institution, "市国土局 → 市自然资源局　2019-04-01起"),
            (ListKind::Typo, "布署\t部署"),
            (ListKind::Sensitive, "残废人 -> 残疾人\n弱智"),
            (ListKind::Allowed, "截止目前"),
        ];
        let list = WordList::read(&lists).unwrap();
        assert_eq!(list.leaders[1].posts, ["副市长", "市公安局局长"]);
        assert!(list.leaders[1].holds_on(date(2019, 5, 1)) && list.leaders[1].holds_on(date(2021, 8, 31)));
        assert!(!list.leaders[1].holds_on(date(2019, 4, 30)) && !list.leaders[1].holds_on(date(2021, 9, 1)));
        assert_eq!((list.leaders[2].from, list.leaders[2].to), (Some(date(2020, 1, 1)), None));
        let words: Vec<_> = list.words.iter().map(|w| (w.wrong.as_str(), w.right.as_str(), w.from)).collect();
        assert_eq!(
            words,
            [
                ("市国土局", "市自然资源局", Some(date(2019, 4, 1))),
                ("布署", "部署", None),
                ("残废人", "残疾人", None),
                ("弱智", "", None),
            ]
        );
        assert!(list.allowed.contains("截止目前"));
    }

    #[test]
    fn every_line_that_cannot_be_read_is_named() {
        let lists = [
            (ListKind::Leader, "王明\n李清 市长 2019年5月"),
            (ListKind::Typo, "\n布署\n字 → 词\n同样 → 同样\n布署 → 部署 除外：公布"),
            (ListKind::Sensitive, "→ 残疾人"),
        ];
        let no = WordList::read(&lists).unwrap_err();
        let told: Vec<&str> = no.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(
            told,
            [
                "“领导姓名和职务”第1行：“王明”没有职务，请在姓名后空一格填写职务",
                "“领导姓名和职务”第2行：日期“2019年5月”不能识别，请写成 2019-05-01 的形式",
                "“错别字”第2行：“布署”没有正确写法，请写成“错误写法 → 正确写法”",
                "“错别字”第3行：“字”只有一个字，会查出大量无关内容，请写至少两个字的词语",
                "“错别字”第4行：“同样”的正确写法与它相同，请核对",
                "“错别字”第5行：除外的“公布”里没有“布署”，请核对",
                "“敏感词”第1行：缺少词语，请填写",
            ]
        );
        let long = "敏感词语\n".repeat(MOST_LINES + 1);
        assert_eq!(WordList::read(&[(ListKind::Sensitive, &long)]).unwrap_err().len(), 1);
    }
}
