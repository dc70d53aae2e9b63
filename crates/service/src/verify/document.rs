//! What is kept of a document: its row, and how it is classified.

use super::derived::{Derived, PAGE};
use crate::document::{self, Documents};
use crate::error::Result;
use crate::register::Place;
use futures_util::future::BoxFuture;
use law::calendar::Calendar;
use law::docket::document::Standing;
use serde::Serialize;
use std::collections::VecDeque;
use store::{ClassRow, DocumentRow, Region, Tx};
use uuid::Uuid;

/// A document with its classes, in the order of kind and key.
#[derive(Serialize, Hash)]
pub(super) struct DocumentKept {
    #[serde(flatten)]
    document: DocumentRow,
    classes: Vec<ClassRow>,
}

impl Derived for Documents {
    type Row = DocumentKept;
    const TABLE: &'static str = "公文登记簿";

    fn row(place: Place, s: &Standing, _: &Calendar) -> DocumentKept {
        let document = document::row(place, s);
        let classes = document::class_rows(&document, s);
        DocumentKept { document, classes }
    }

    fn mark(row: &DocumentKept) -> (Uuid, i64) {
        (row.document.id, row.document.version)
    }

    fn scan<'a>(
        tx: &'a mut Tx,
        region: Region,
        each: &'a mut (dyn FnMut(DocumentKept) + Send),
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut classes = Classes::default();
            let mut after = Uuid::nil();
            loop {
                let page = tx.documents_by_id(region, after, PAGE).await?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.id;
                for document in page {
                    let classes = sorted(classes.of(tx, region, document.id).await?);
                    each(DocumentKept { document, classes });
                }
            }
        })
    }

    fn one<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, Result<Option<DocumentKept>>> {
        Box::pin(async move {
            let classes = sorted(tx.classes(region, &[id]).await?);
            Ok(tx.document(region, id).await?.map(|document| DocumentKept { document, classes }))
        })
    }
}

/// A database may sort words by the rules of a language.
fn sorted(mut classes: Vec<ClassRow>) -> Vec<ClassRow> {
    classes.sort_by(|a, b| (&a.kind, &a.key).cmp(&(&b.kind, &b.key)));
    classes
}

/// The rows of classes beside those of documents: both are in the order of ids.
#[derive(Default)]
struct Classes {
    page: VecDeque<ClassRow>,
    after: Uuid,
    done: bool,
}

impl Classes {
    async fn of(&mut self, tx: &mut Tx, region: Region, document: Uuid) -> Result<Vec<ClassRow>> {
        let mut classes = Vec::new();
        loop {
            match self.page.front() {
                Some(first) if first.document <= document => {
                    let here = first.document == document;
                    classes.extend(self.page.pop_front().filter(|_| here));
                }
                Some(_) => return Ok(classes),
                None if self.done => return Ok(classes),
                None => {
                    self.page = tx.classes_by_document(region, self.after, PAGE).await?.into();
                    self.after = self.page.back().map_or(self.after, |c| c.document);
                    self.done = self.page.is_empty();
                }
            }
        }
    }
}
