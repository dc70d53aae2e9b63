//! A row becomes a document: with its text and attachments in one transaction, or not at all.

use super::super::sheet::document::INDEX;
use super::Batch;
use crate::context::Context;
use crate::document::{Annexed, Documents};
use crate::error::{Error, Result};
use crate::file::Kept;
use crate::register::{Change, Register, Work};
use jiff::SignedDuration;
use jiff::civil::Date;
use law::docket::document::{DocumentEvent, Imported};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a transaction found.
#[derive(Serialize, Deserialize)]
pub(super) enum Done {
    Taken(Uuid),
    Known,
}

/// How a trial ends that found nothing wrong.
const TRIED: &str = "tried only";

/// What a row becomes.
pub(super) struct Taking {
    pub events: Vec<(Date, DocumentEvent)>,
    pub imported: Imported,
    pub published: Option<(Date, Option<String>)>,
    pub index_number: Option<String>,
    pub key: Option<String>,
}

impl Work<'_> {
    async fn take_document(&mut self, to: Taking, kept: Vec<Kept>) -> Result<Done> {
        // Somebody else may import the same list at the same time.
        if let Some(key) = &to.key
            && self.tx.command(self.region, key).await?.is_some()
        {
            return Ok(Done::Known);
        }
        if let Some(index) = &to.index_number
            && self.tx.document_by_index_number(self.region, index).await?.is_some()
        {
            let text = format!("{INDEX}“{index}”已经登记过，请核对是否重复登记");
            return Err(Error::refused("index-taken", text, ""));
        }
        let id = self.ctx.new_id();
        let mut changes: Vec<Change<DocumentEvent>> =
            to.events.into_iter().map(|(on, event)| Change::event(on, event)).collect();
        let today = self.ctx.today();
        changes.push(Change::event(today, DocumentEvent::Imported(to.imported)));
        let version = self.begin::<Documents>(id, changes).await?;
        let mut files = Vec::new();
        for file in kept {
            files.push(self.add_file_to((Documents::KIND, id), file).await?);
        }
        if let Some((on, url)) = to.published {
            let disclosed = Change::event(on, DocumentEvent::Disclosed { url });
            self.change::<Documents>(id, version, disclosed).await?;
            self.publish_files(id, &files).await?;
        }
        if let Some(key) = &to.key {
            self.tx.put_command(self.region, key, self.ctx.at, "null").await?;
        }
        Ok(Done::Taken(id))
    }
}

impl Batch {
    /// Takes a document with its files in one transaction; tried only, the transaction is thrown away and nothing is kept.
    pub(super) async fn take(
        &self,
        mut ctx: Context,
        to: Taking,
        files: Vec<Annexed>,
        take: bool,
    ) -> Result<Done> {
        ctx.key = None;
        let mut kept = Vec::new();
        if take {
            // Files are listed in the order of their ids; those of one instant would be in none.
            let at = ctx.at;
            for (n, file) in (0..).zip(files) {
                ctx.at = at.checked_add(SignedDuration::from_millis(n)).unwrap_or(at);
                let mut upload = self.service.upload(file.role, &file.name);
                upload.push(&file.content);
                kept.push(self.service.keep(&mut ctx, upload).await?);
            }
            ctx.at = at;
        } else {
            self.service.file_limits().must_hold(files.iter().map(|f| f.content.len() as u64))?;
        }
        let tried: Result<Done> = self
            .service
            .verb(ctx, "import-document", move |mut work| {
                Box::pin(async move {
                    let done = work.take_document(to, kept).await?;
                    // An error rolls back what this row wrote.
                    if take { Ok(done) } else { Err(Error::Invalid(TRIED.into())) }
                })
            })
            .await;
        match tried {
            Err(Error::Invalid(said)) if said == TRIED => Ok(Done::Taken(Uuid::nil())),
            other => other,
        }
    }
}
