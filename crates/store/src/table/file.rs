//! Files of dockets: what each is, and the address of its sealed content, which lies outside the database.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A file.
    FileRow {
        /// Its id.
        id: Uuid,
        /// Kind of the docket it belongs to, for example `request`.
        subject_kind: String,
        /// The docket it belongs to.
        subject: Uuid,
        /// What it is for.
        role: String,
        /// What it is, by its content.
        media: String,
        /// Bytes of the content.
        size: i64,
        /// SHA-256 of the content, in hexadecimal.
        digest: String,
        /// Address of the sealed content ([`crate::Blobs`]); none once it is erased.
        stored: Option<String>,
        /// Record of the sealed name; none once it is erased.
        name: Option<Uuid>,
        /// The day it was added.
        added_on: Date,
        /// The last day on which the applicant can open it.
        released_until: Option<Date>,
        /// The day its content was erased.
        erased_on: Option<Date>,
        /// Ordinal of the last entry of its docket.
        version: i64,
        /// The day it was first made public, for what belongs to a document.
        published_on: Option<Date>,
        /// The day it was taken down.
        withdrawn_on: Option<Date>,
    }
}

row! {
    /// How much is kept.
    Kept {
        /// Files.
        n: i64,
        /// Bytes of their contents.
        bytes: Option<i64>,
    }
}

const SELECT: &str = "select id, subject_kind, subject, role, media, size, digest, stored, name, added_on, \
                      released_until, erased_on, version, \
                      (select p.published_on from public_file p where p.region = file.region and p.file = file.id) \
                      as published_on, \
                      (select p.withdrawn_on from public_file p where p.region = file.region and p.file = file.id) \
                      as withdrawn_on from file where region = $1";
// PostgreSQL sums bigints to `numeric`; both engines know the cast.
const SUM: &str = "select count(*) as n, cast(sum(size) as bigint) as bytes from file where region = $1";

impl Tx {
    /// Writes a file, new or changed.
    pub async fn put_file(&mut self, region: Region, file: &FileRow) -> Result<()> {
        let sql = "insert into file (region, id, subject_kind, subject, role, media, size, digest, stored, name, \
                   added_on, released_until, erased_on, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
                   on conflict (region, id) do update set subject_kind = excluded.subject_kind, \
                   subject = excluded.subject, role = excluded.role, media = excluded.media, \
                   size = excluded.size, digest = excluded.digest, stored = excluded.stored, \
                   name = excluded.name, added_on = excluded.added_on, \
                   released_until = excluded.released_until, erased_on = excluded.erased_on, \
                   version = excluded.version";
        let mut own = file.values(region);
        own.truncate(own.len() - 2);
        self.run(sql, own).await?;
        self.remove_public_file(region, file.id).await?;
        if file.published_on.is_some() {
            let sql =
                "insert into public_file (region, file, published_on, withdrawn_on) values ($1, $2, $3, $4)";
            self.run(sql, values![region, file.id, file.published_on, file.withdrawn_on]).await?;
        }
        Ok(())
    }

    /// The file with this id.
    pub async fn file(&mut self, region: Region, id: Uuid) -> Result<Option<FileRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The files of a docket, in the order in which they were added.
    pub async fn files_of(&mut self, region: Region, subject: Uuid) -> Result<Vec<FileRow>> {
        Select::new(SELECT, region).and("subject = {}", subject).then("order by id").all(self).await
    }

    /// Every file, by id: the next `limit` after `after` (nil before the first).
    pub async fn files_by_id(&mut self, region: Region, after: Uuid, limit: i64) -> Result<Vec<FileRow>> {
        Select::new(SELECT, region).and("id > {}", after).then("order by id").limit(limit).all(self).await
    }

    /// How many files have their content, and how many bytes.
    pub async fn kept_files(&mut self, region: Region) -> Result<(i64, i64)> {
        let kept: Option<Kept> = Select::new(SUM, region).only("stored is not null", true).one(self).await?;
        Ok(kept.map_or((0, 0), |k| (k.n, k.bytes.unwrap_or_default())))
    }
}
