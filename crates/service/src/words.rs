//! 词表 of a unit: the words that the check before publication looks for in its documents and in those of the units below
//! it, besides those that come with the program.

use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::Work;
use crate::versioned::{Kept, in_line, newest};
use law::Date;
use law::word_list::{ListKind, WordList};
use paper::proofread::Proofreader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The lists of a unit as it wrote them, by [`ListKind::key`]; a list that is empty is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lists(pub BTreeMap<String, String>);

impl Lists {
    /// The lines of a list.
    pub fn of(&self, kind: ListKind) -> &str {
        self.0.get(kind.key()).map_or("", String::as_str)
    }

    /// The lists with these lines in this one.
    pub fn with(mut self, kind: ListKind, lines: &str) -> Lists {
        let lines = lines.replace("\r\n", "\n").trim().to_owned();
        if !lines.is_empty() {
            self.0.insert(kind.key().to_owned(), lines);
        }
        self
    }

    fn read(&self) -> std::result::Result<WordList, Vec<law::Refusal>> {
        WordList::read(&ListKind::ALL.map(|kind| (kind, self.of(kind))))
    }
}

/// The lists of a unit as an officer edits them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsView {
    /// The lines.
    pub lists: Lists,
    /// Version of the lists; 0 if the unit has none.
    pub version: u32,
    /// Day it was saved, and by whom.
    pub saved: Option<(Date, String)>,
    /// Units above with lists of their own, which apply here too: id and how many lines are read.
    pub above: Vec<(Uuid, usize)>,
}

fn name(unit: Uuid) -> String {
    format!("words.{unit}")
}

fn lists(kept: &Kept) -> Result<Lists> {
    serde_json::from_str(&kept.source).map_err(|e| Error::Internal(e.to_string()))
}

impl Service {
    /// The lists of a unit.
    ///
    /// # Errors
    /// The actor may not see the unit.
    pub async fn word_lists(&self, ctx: &Context, unit: Uuid) -> Result<WordsView> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        self.must_see(&mut tx, ctx, unit).await?;
        let mut view = WordsView { lists: Lists::default(), version: 0, saved: None, above: Vec::new() };
        for (id, version, kept) in in_line(&mut tx, self.region, unit, name).await? {
            let lists = lists(&kept)?;
            if id == unit {
                view = WordsView { lists, version, saved: Some((kept.on, kept.by)), ..view };
            } else {
                let read = lists.read().unwrap_or_default();
                view.above.push((id, read.leaders.len() + read.words.len() + read.allowed.len()));
            }
        }
        Ok(view)
    }

    /// Saves the lists of a unit; all empty gives them up. Earlier versions stay.
    ///
    /// # Errors
    /// Every line that cannot be read; a conflict if `seen` is not the version that holds.
    pub async fn save_word_lists(&self, ctx: Context, unit: Uuid, seen: u32, lists: Lists) -> Result<u32> {
        ctx.actor.must(Permission::WriteLetters)?;
        lists.read().map_err(Error::Refused)?;
        self.verb(ctx, "save-word-lists", move |mut work| {
            Box::pin(async move {
                work.must_reach(unit).await?;
                work.save_words(unit, seen, lists).await
            })
        })
        .await
    }

    /// What documents of this unit are looked through with.
    pub(crate) async fn proofreader(&self, unit: Uuid) -> Result<Proofreader> {
        let mut list = WordList::default();
        for (_, _, kept) in in_line(&mut self.look().await?, self.region, unit, name).await? {
            let read = lists(&kept)?.read();
            list.add(&read.map_err(|no| Error::Internal(format!("kept word list: {no:?}")))?);
        }
        list.add(WordList::built_in());
        crate::file::beside(move || Proofreader::new(list)).await?.map_err(|e| Error::Internal(e.to_string()))
    }
}

impl Work<'_> {
    async fn save_words(&mut self, unit: Uuid, seen: u32, lists: Lists) -> Result<u32> {
        let now = newest(self.tx, self.region, &name(unit)).await?.map_or(0, |(version, _)| version);
        if now != seen {
            let text = "词表刚刚被其他人修改，您的修改没有保存；请刷新页面，核对最新内容后再修改";
            return Err(Error::Conflict(text.into()));
        }
        let source = if lists.0.is_empty() { Ok(String::new()) } else { serde_json::to_string(&lists) };
        let source = source.map_err(|e| Error::Internal(e.to_string()))?;
        let version = self.keep_version(&name(unit), source).await?;
        self.note_access(serde_json::json!({ "type": "words-saved", "unit": unit, "version": version }))
            .await?;
        Ok(version)
    }
}
