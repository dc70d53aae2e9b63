//! How documents are classified: subjects, genres and columns, and what is public under each.

use super::document::{DocumentFilter, DocumentRow};
use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A class that a document has.
    ClassRow {
        /// The document.
        document: Uuid,
        /// `subject`, `subject-class`, `genre`, `column`, `interprets`, `form`, `interpretation-plan`, `valid-until`,
        /// `review-from`, `review-called`, `reviewed`, `cleaned`, `to-file`, `filed`, `to-publish`, `import-waiting`, `published-before`,
        /// `scheduled`, `schedule-missed`, `first-disclosed` or `entry`.
        kind: String,
        /// The key of the class.
        key: String,
        /// The unit whose report counts the document.
        unit: Uuid,
        /// The day the document was disclosed, while everybody may read it.
        published_on: Option<Date>,
    }
}

/// Kind and key of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// `subject`, `subject-class`, `genre` or `column`.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
}

row! {
    /// What is public of a class, by unit: how much, and the document disclosed last.
    NewestRow {
        /// The key of the class.
        key: String,
        /// The unit whose report counts the documents.
        unit: Uuid,
        /// How many documents are public.
        n: i64,
        /// The one disclosed last.
        document: Uuid,
        /// The day it was disclosed.
        published_on: Date,
        /// The day it was made.
        made_on: Date,
        /// The day it was first disclosed, if that is another one.
        first_on: Option<Date>,
    }
}

row! {
    /// How much is public of a class.
    ClassCount {
        /// The key of the class.
        key: String,
        /// How many documents are public.
        n: i64,
    }
}

row! {
    /// A document of a class, without the rest of its row.
    Placed {
        /// The document.
        document: Uuid,
    }
}

const SELECT: &str = "select document, kind, key, unit, published_on from document_class where region = $1";
const NEWEST: &str = "select key, unit, n, document, published_on, made_on, \
    (select max(f.key) from document_class as f where f.region = $1 and f.document = newest.document \
    and f.kind = 'first-disclosed') as first_on from \
    (select document_class.region, document_class.kind, document_class.key, document_class.unit, document_class.document, \
    document_class.published_on, document.made_on, \
    count(*) over (partition by document_class.kind, document_class.key, document_class.unit) as n, \
    row_number() over (partition by document_class.kind, document_class.key, document_class.unit \
    order by document_class.published_on desc, document_class.document desc) as place \
    from document_class join document on document.region = document_class.region and document.id = document_class.document \
    where document_class.region = $1 and document_class.published_on is not null) as newest \
    where newest.region = $1";
const COUNTED: &str = "select key, count(*) as n from document_class where region = $1";
const PLACED: &str = "select document from document_class where region = $1";

impl Tx {
    /// Writes how a document is classified, in place of what was known before.
    pub async fn put_classes(&mut self, region: Region, document: Uuid, classes: &[ClassRow]) -> Result<()> {
        self.remove_classes(region, document).await?;
        if classes.is_empty() {
            return Ok(());
        }
        let sql = "insert into document_class (region, document, kind, key, unit, published_on) \
                   values ($1, $2, $3, $4, $5, $6)";
        self.run_many(sql, classes.iter().map(|class| class.values(region)).collect()).await?;
        Ok(())
    }

    pub(crate) async fn remove_classes(&mut self, region: Region, document: Uuid) -> Result<()> {
        let sql = "delete from document_class where region = $1 and document = $2";
        self.run(sql, values![region, document]).await?;
        Ok(())
    }

    /// How these documents are classified, by document.
    pub async fn classes(&mut self, region: Region, documents: &[Uuid]) -> Result<Vec<ClassRow>> {
        let select = Select::new(SELECT, region).within("document", Some(documents));
        select.then("order by document, kind, key").all(self).await
    }

    /// How any documents are classified, by document: the next `limit` rows after this document (nil before the first),
    /// together with all others of the last document in them.
    pub async fn classes_by_document(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<ClassRow>> {
        let select = Select::new(SELECT, region).and("document > {}", after);
        let mut rows: Vec<ClassRow> =
            select.then("order by document, kind, key").limit(limit).all(self).await?;
        if let Some(last) = rows.last().map(|row| row.document)
            && i64::try_from(rows.len()).is_ok_and(|n| n == limit)
        {
            rows.retain(|row| row.document != last);
            rows.extend(self.classes(region, &[last]).await?);
        }
        Ok(rows)
    }

    /// The documents that have one of these classes of a kind, public or not, by key and document.
    pub async fn classes_of_keys(
        &mut self,
        region: Region,
        kind: &str,
        keys: &[String],
    ) -> Result<Vec<ClassRow>> {
        let select = Select::new(SELECT, region).and("kind = {}", kind.to_owned()).within("key", Some(keys));
        select.then("order by key, document").all(self).await
    }

    /// The public documents first disclosed in a year that have any class of a kind, the latest first.
    pub async fn classes_published_in(
        &mut self,
        region: Region,
        kind: &str,
        units: Option<&[Uuid]>,
        year: i16,
        limit: i64,
    ) -> Result<Vec<ClassRow>> {
        let select = Select::new(SELECT, region)
            .and("kind = {}", kind.to_owned())
            .within("unit", units)
            .in_year("published_on", Some(year));
        select.then("order by published_on desc, document desc").limit(limit).all(self).await
    }

    /// What is public of each class of a kind, by key and unit: how many documents, and the one disclosed last.
    pub async fn newest_of_classes(&mut self, region: Region, kind: &str) -> Result<Vec<NewestRow>> {
        let select = Select::new(NEWEST, region).and("kind = {}", kind.to_owned());
        select.only("place = 1", true).then("order by key, unit").all(self).await
    }

    /// How many documents are public of each of these classes of a kind.
    pub async fn count_of_classes(
        &mut self,
        region: Region,
        kind: &str,
        keys: &[String],
    ) -> Result<Vec<ClassCount>> {
        let select = Select::new(COUNTED, region).and("kind = {}", kind.to_owned()).within("key", Some(keys));
        select.only("published_on is not null", true).then("group by key order by key").all(self).await
    }

    /// The documents whose class of a kind is at most this key, by key and document.
    pub async fn classes_up_to(
        &mut self,
        region: Region,
        kind: &str,
        units: Option<&[Uuid]>,
        key: &str,
        limit: i64,
    ) -> Result<Vec<ClassRow>> {
        let select = Select::new(SELECT, region)
            .and("kind = {}", kind.to_owned())
            .within("unit", units)
            .and("key <= {}", key.to_owned());
        select.then("order by key, document").limit(limit).all(self).await
    }

    /// The documents with a class of a kind between two keys, both included, by key and document.
    pub async fn classes_between(
        &mut self,
        region: Region,
        kind: &str,
        units: Option<&[Uuid]>,
        (first, last): (&str, &str),
        limit: i64,
    ) -> Result<Vec<ClassRow>> {
        let select = Select::new(SELECT, region)
            .and("kind = {}", kind.to_owned())
            .within("unit", units)
            .and("key >= {}", first.to_owned())
            .and("key <= {}", last.to_owned());
        select.then("order by key, document").limit(limit).all(self).await
    }

    /// Public documents that have every one of these classes and fit the filter, the latest disclosed first, at most
    /// `limit`, after the day of disclosure and the id of the last one seen. The first class leads: only its documents are
    /// looked at.
    pub async fn documents_of_classes(
        &mut self,
        region: Region,
        (lead, others): (&Class, &[Class]),
        filter: &DocumentFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DocumentRow>> {
        let mut select = Select::new(PLACED, region)
            .and("kind = {}", lead.kind.to_owned())
            .and("key = {}", lead.key.clone())
            .within("unit", filter.units.as_deref())
            .in_year("published_on", filter.disclosed_in)
            .only("published_on is not null", true);
        for class in others {
            select = select
                .then(
                    "and exists (select 1 from document_class as other where other.region = $1 \
                     and other.document = document_class.document",
                )
                .and("other.kind = {}", class.kind.to_owned())
                .and("other.key = {}", class.key.clone())
                .then(")");
        }
        select = select.then(
            "and exists (select 1 from document where document.region = $1 \
             and document.id = document_class.document",
        );
        select = filter.narrow(select).then(")");
        if let Some((published_on, id)) = after {
            select = select.after("published_on, document", "<", published_on, id);
        }
        let select = select.then("order by published_on desc, document desc").limit(limit);
        let placed: Vec<Placed> = select.all(self).await?;
        let ids: Vec<Uuid> = placed.iter().map(|p| p.document).collect();
        let mut rows = self.documents_with_ids(region, &ids).await?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        Ok(rows)
    }
}
