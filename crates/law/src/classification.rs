//! How a document is classified (目录元数据 of a published item): its subject (主题分类), its genre (体裁分类), whom it
//! serves (服务对象分类), the columns of the disclosure platform it stands in (条例 arts. 12, 20, 21), keywords (关键词) and
//! what it is about (内容概述).
//!
//! Subjects are `data/subjects.toml`, genres `data/genres.toml`, columns `data/columns.toml`.

use crate::Refusal;
use crate::docket::unit::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Columns a document may stand in.
pub const MOST_COLUMNS: usize = 5;
/// Keywords a document may have.
pub const MOST_KEYWORDS: usize = 10;
/// Characters of a keyword.
pub const LONGEST_KEYWORD: usize = 20;
/// Characters of 服务对象.
pub const LONGEST_AUDIENCE: usize = 50;
/// Characters of 内容概述.
pub const LONGEST_DESCRIPTION: usize = 300;

/// A class of subjects: the first level of 主题分类.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectClass {
    /// Stable word.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Its second level, in order; empty for the last class.
    #[serde(rename = "subject")]
    pub subjects: Vec<Named>,
}

/// A key with its Chinese name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Stable word.
    pub key: String,
    /// Chinese name.
    pub label: String,
}

/// A part of an agency's platform that consists of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// 政府信息公开指南
    Guide,
    /// 政府信息公开制度
    Rules,
    /// 法定主动公开内容
    Statutory,
}

/// Whose column it is, where it is not everybody's (条例第二十一条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// 设区的市级、县级人民政府及其部门
    County,
    /// 乡（镇）人民政府
    Township,
}

/// A column of an agency's platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Stable word.
    pub key: String,
    /// Its name.
    pub label: String,
    /// What the law names.
    pub text: String,
    /// Article.
    pub cite: String,
    /// The part it stands in.
    pub part: Part,
    /// Whose it is; everybody's if nothing is said.
    pub only: Option<Only>,
}

impl Column {
    /// Whether an agency of this level has the column.
    pub fn fits(&self, level: Level) -> bool {
        match self.only {
            None => true,
            Some(Only::County) => matches!(level, Level::City | Level::County),
            Some(Only::Township) => level == Level::Township,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subjects {
    cite: String,
    class: Vec<SubjectClass>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Genres {
    cite: String,
    genre: Vec<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    column: Vec<Column>,
}

static SUBJECTS: LazyLock<Subjects> = LazyLock::new(|| {
    // A test reads the embedded file, so this cannot fail in a program that was tested.
    toml::from_str(include_str!("../data/subjects.toml")).expect("the embedded subjects are well formed")
});

static GENRES: LazyLock<Genres> = LazyLock::new(|| {
    // A test reads the embedded file, so this cannot fail in a program that was tested.
    toml::from_str(include_str!("../data/genres.toml")).expect("the embedded genres are well formed")
});

static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    // A test reads the embedded file, so this cannot fail in a program that was tested.
    toml::from_str(include_str!("../data/columns.toml")).expect("the embedded columns are well formed")
});

/// Every class of subjects, in order.
pub fn subject_classes() -> &'static [SubjectClass] {
    &SUBJECTS.class
}

/// Where the subjects come from.
pub fn subjects_cite() -> &'static str {
    &SUBJECTS.cite
}

/// Every genre, in order.
pub fn genres() -> &'static [Named] {
    &GENRES.genre
}

/// Where the genres come from.
pub fn genres_cite() -> &'static str {
    &GENRES.cite
}

/// Every column, in the order of the platform.
pub fn columns() -> &'static [Column] {
    &COLUMNS.column
}

/// The column with this key.
pub fn column(key: &str) -> Option<&'static Column> {
    columns().iter().find(|c| c.key == key)
}

/// The genre with this key or label.
pub fn genre(text: &str) -> Option<&'static Named> {
    genres().iter().find(|g| g.key == text || g.label == text)
}

/// A subject: a class and one of its second level, or a class that has none.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The class.
    pub class: &'static SubjectClass,
    /// Its second level; none if the class has none.
    pub second: Option<&'static Named>,
}

impl Subject {
    /// The key of the subject.
    pub fn key(self) -> &'static str {
        self.second.map_or(&self.class.key, |s| &s.key)
    }

    /// `综合政务\政务公开`, as the documents of the State Council show it.
    pub fn label(self) -> String {
        match self.second {
            Some(second) => format!("{}\\{}", self.class.label, second.label),
            None => self.class.label.clone(),
        }
    }
}

/// Every subject, in order.
pub fn subjects() -> impl Iterator<Item = Subject> {
    subject_classes().iter().flat_map(|class| {
        let alone = class.subjects.is_empty().then_some(Subject { class, second: None });
        let second = class.subjects.iter().map(move |s| Subject { class, second: Some(s) });
        alone.into_iter().chain(second)
    })
}

/// The subject with this key or label.
pub fn subject(text: &str) -> Option<Subject> {
    subjects().find(|s| s.key() == text || s.label() == text)
}

/// The keywords in a text where they are written one after the other, with 、 or the like between them.
pub fn keywords_in(text: &str) -> Vec<String> {
    let words = text.split(['、', '，', ',', '；', ';', '\n', '\r']).map(str::trim);
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How a document is classified. Nothing of it is there until somebody classifies the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classification {
    /// 主题分类: key of a [`Subject`].
    #[serde(default)]
    pub subject: Option<String>,
    /// 体裁分类: key of a genre.
    #[serde(default)]
    pub genre: Option<String>,
    /// 服务对象; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub audience: String,
    /// Keys of the columns it stands in.
    #[serde(default)]
    pub columns: Vec<String>,
    /// 关键词
    #[serde(default)]
    pub keywords: Vec<String>,
    /// 内容概述; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

impl Classification {
    /// The subject, if it has one.
    pub fn subject(&self) -> Option<Subject> {
        self.subject.as_deref().and_then(subject)
    }

    /// The genre, if it has one.
    pub fn genre(&self) -> Option<&'static Named> {
        self.genre.as_deref().and_then(genre)
    }

    /// The columns it stands in, in the order of the platform.
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> {
        columns().iter().filter(|c| self.columns.contains(&c.key))
    }

    /// Why it cannot be recorded; empty if it can.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        let long = |text: &str, most: usize| text.chars().count() > most;
        // Keys only, never labels: what is stored is looked for by its key.
        if let Some(key) = &self.subject
            && subject(key).is_none_or(|s| s.key() != key)
        {
            let text = "没有这个主题分类，请从列表中选择到第二级";
            no.push(Refusal::new("unknown-subject", text, subjects_cite()));
        }
        if let Some(key) = &self.genre
            && genre(key).is_none_or(|g| g.key != *key)
        {
            no.push(Refusal::new("unknown-genre", "没有这个体裁，请从列表中选择", genres_cite()));
        }
        if self.columns.iter().any(|key| column(key).is_none()) {
            no.push(Refusal::new("unknown-column", "没有这个公开栏目，请从列表中选择", ""));
        }
        if self.columns.iter().collect::<BTreeSet<_>>().len() < self.columns.len() {
            no.push(Refusal::new("column-twice", "同一个公开栏目只选一次，请删去重复的栏目", ""));
        }
        if self.columns.len() > MOST_COLUMNS {
            let text = format!("一件公文最多放入{MOST_COLUMNS}个公开栏目，请减少");
            no.push(Refusal::new("columns-many", text, ""));
        }
        if self.keywords.len() > MOST_KEYWORDS {
            let text = format!("关键词最多{MOST_KEYWORDS}个，请减少");
            no.push(Refusal::new("keywords-many", text, ""));
        }
        let one =
            |k: &String| keywords_in(k).as_slice() == std::slice::from_ref(k) && !long(k, LONGEST_KEYWORD);
        if !self.keywords.iter().all(one) {
            let text = format!("每个关键词填写1至{LONGEST_KEYWORD}个字，用顿号分开");
            no.push(Refusal::new("keyword-length", text, ""));
        }
        if long(&self.audience, LONGEST_AUDIENCE) {
            let text = format!("服务对象最多{LONGEST_AUDIENCE}个字，请缩短");
            no.push(Refusal::new("audience-long", text, ""));
        }
        if long(&self.description, LONGEST_DESCRIPTION) {
            let text = format!("内容概述最多{LONGEST_DESCRIPTION}个字，请缩短");
            no.push(Refusal::new("description-long", text, ""));
        }
        no
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subjects_are_twenty_one_classes_and_other() {
        let labels: Vec<&str> = subject_classes().iter().map(|c| c.label.as_str()).collect();
        assert_eq!(labels.len(), 22);
        assert_eq!((labels[1], labels[20], labels[21]), ("综合政务", "国防", "其他"));
        assert_eq!(subjects().count(), 122, "second levels, and 其他");
        for class in subject_classes() {
            for second in &class.subjects {
                assert!(second.key.starts_with(&format!("{}-", class.key)), "{}", second.key);
            }
        }
        let second = subject("02-01").unwrap();
        assert_eq!((second.label().as_str(), second.key()), ("综合政务\\政务公开", "02-01"));
        assert_eq!(subject("综合政务\\政务公开").unwrap().key(), "02-01");
        assert!(subject("02").is_none(), "a class alone says too little");
        assert_eq!(subject("22").unwrap().label(), "其他");
        assert!(subject("民族、宗教\\其他").is_none(), "this class has no such second level");
    }

    #[test]
    fn keys_name_one_thing_and_everything_is_cited() {
        let keys: Vec<&str> = subjects()
            .map(Subject::key)
            .chain(genres().iter().map(|g| g.key.as_str()))
            .chain(columns().iter().map(|c| c.key.as_str()))
            .collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        assert!(columns().iter().all(|c| !c.label.is_empty() && !c.text.is_empty()));
        assert!(columns().iter().all(|c| c.cite.starts_with("条例第") || c.cite.contains('〔')));
        assert!(!subjects_cite().is_empty() && !genres_cite().is_empty());
    }

    #[test]
    fn the_genres_are_the_fifteen_kinds_of_official_documents() {
        let labels: Vec<&str> = genres().iter().map(|g| g.label.as_str()).collect();
        let expected = "命令(令) 决定 公告 通告 通知 通报 议案 报告 请示 批复 意见 函 纪要 决议 公报";
        assert_eq!(labels.join(" "), expected);
        assert_eq!(genre("通知").unwrap().key, "notice");
    }

    #[test]
    fn the_columns_are_those_of_articles_twelve_twenty_and_twenty_one() {
        let of = |part| columns().iter().filter(move |c| c.part == part);
        assert_eq!(of(Part::Guide).count() + of(Part::Rules).count(), 2);
        let twenty: Vec<_> = of(Part::Statutory).filter(|c| c.cite.starts_with("条例第二十条")).collect();
        assert_eq!(twenty.len(), 15);
        assert_eq!((twenty[6].key.as_str(), twenty[6].label.as_str()), ("a20-07", "财政预决算"));
        assert_eq!(twenty[14].cite, "条例第二十条第十五项");
        assert!(twenty.iter().all(|c| Level::ALL.into_iter().all(|level| c.fits(level))));
        let more = |level: Level| {
            let theirs = columns().iter().filter(|c| c.only.is_some() && c.fits(level));
            theirs.map(|c| c.label.as_str()).collect::<Vec<_>>().join("、")
        };
        let county = "市政建设、公共服务、公益事业、土地征收、房屋征收、治安管理、社会救助";
        assert_eq!((more(Level::City).as_str(), more(Level::County).as_str()), (county, county));
        assert_eq!(
            more(Level::Township),
            "贯彻落实农业农村政策、农田水利工程建设运营、农村土地承包经营权流转、宅基地使用情况审核、土地征收、房屋征收、\
             筹资筹劳、社会救助"
        );
        assert_eq!(more(Level::Province), "");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let bad = Classification {
            subject: Some("综合政务\\政务公开".into()),
            genre: Some("通知".into()),
            audience: "众".repeat(LONGEST_AUDIENCE + 1),
            columns: ["a20-01", "a20-01", "a20-02", "a20-03", "a20-04", "新闻"].map(String::from).into(),
            keywords: vec![" ".into(); MOST_KEYWORDS + 1],
            description: "述".repeat(LONGEST_DESCRIPTION + 1),
        };
        let codes: Vec<String> = bad.refusals().into_iter().map(|r| r.code).collect();
        let all = [
            "unknown-subject",
            "unknown-genre",
            "unknown-column",
            "column-twice",
            "columns-many",
            "keywords-many",
            "keyword-length",
            "audience-long",
            "description-long",
        ];
        assert_eq!(codes, all);
        let good = Classification {
            subject: Some("02-01".into()),
            genre: Some("notice".into()),
            audience: "众".repeat(LONGEST_AUDIENCE),
            columns: ["a20-01", "a20-02", "a20-03", "a20-04", "guide"].map(String::from).into(),
            keywords: vec!["字".repeat(LONGEST_KEYWORD); MOST_KEYWORDS],
            description: "述".repeat(LONGEST_DESCRIPTION),
        };
        assert_eq!(good.refusals(), []);
        let order: Vec<&str> = good.columns().map(|c| c.key.as_str()).collect();
        assert_eq!(order, ["guide", "a20-01", "a20-02", "a20-03", "a20-04"], "in the order of the platform");
        assert_eq!(Classification::default().refusals(), []);
        let two = Classification { keywords: vec!["财政、预算".into()], ..Classification::default() };
        assert_eq!(two.refusals()[0].code, "keyword-length", "these are two");
        assert_eq!(keywords_in(" 财政、预算,\n open data；"), ["财政", "预算", "open data"]);
    }
}
