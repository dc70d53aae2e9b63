//! Forward-only migrations: the same files on both engines.
//!
//! A migration is a list of statements separated by `;`, each re-runnable, all in one transaction together with its
//! row in `schema_version`. To add one: a file `migrations/NNNN_what.sql` and its line in [`MIGRATIONS`].

use crate::row::{row, values};
use crate::store::Writable;
use crate::{Error, Result, Tx};
use sqlx::AssertSqlSafe;

/// Every migration: version, name, statements. Never edit one that was released; expand first, contract later.
pub const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "journal", include_str!("../migrations/0001_journal.sql")),
    (2, "register", include_str!("../migrations/0002_register.sql")),
    (3, "person", include_str!("../migrations/0003_person.sql")),
    (4, "query_code", include_str!("../migrations/0004_query_code.sql")),
    (5, "file", include_str!("../migrations/0005_file.sql")),
    (6, "asking", include_str!("../migrations/0006_asking.sql")),
    (7, "clock", include_str!("../migrations/0007_clock.sql")),
    (8, "notice", include_str!("../migrations/0008_notice.sql")),
    (9, "applicant", include_str!("../migrations/0009_applicant.sql")),
    (10, "message", include_str!("../migrations/0010_message.sql")),
    (11, "record_correction", include_str!("../migrations/0011_record_correction.sql")),
    (12, "helper", include_str!("../migrations/0012_helper.sql")),
    (13, "officer", include_str!("../migrations/0013_officer.sql")),
    (14, "ticket", include_str!("../migrations/0014_ticket.sql")),
    (15, "publication", include_str!("../migrations/0015_publication.sql")),
    (16, "public_file", include_str!("../migrations/0016_public_file.sql")),
    (17, "document_draft", include_str!("../migrations/0017_document_draft.sql")),
    (18, "document_class", include_str!("../migrations/0018_document_class.sql")),
    (19, "catalogue_entry", include_str!("../migrations/0019_catalogue_entry.sql")),
    (20, "consultation", include_str!("../migrations/0020_consultation.sql")),
    (21, "cleanup", include_str!("../migrations/0021_cleanup.sql")),
    (22, "channel", include_str!("../migrations/0022_channel.sql")),
    (23, "subscription", include_str!("../migrations/0023_subscription.sql")),
    (24, "report_filing", include_str!("../migrations/0024_report_filing.sql")),
    (25, "report_inspection", include_str!("../migrations/0025_report_inspection.sql")),
];

row! {
    /// The newest migration applied.
    Version {
        /// Its number, if any was applied.
        version: Option<i64>,
    }
}

/// The statements of a migration, without comments.
pub fn statements(sql: &str) -> Vec<String> {
    let bare: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    bare.join("\n").split(';').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

/// The one word that differs: PostgreSQL calls a BLOB column BYTEA.
fn for_postgres(statement: &str) -> String {
    statement.replace(" blob", " bytea")
}

/// The newest version applied; `None` where there is no store.
pub(crate) async fn version(to: &Writable) -> Result<Option<i64>> {
    let mut tx = to.begin().await?;
    let found = tx.row::<Version>("select max(version) as version from schema_version", vec![]).await;
    tx.rollback().await?;
    match found {
        Ok(row) => Ok(row.and_then(|r| r.version)),
        Err(Error::Database(sqlx::Error::Database(db))) if is_missing(db.as_ref()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the database says that the table is not there.
fn is_missing(db: &dyn sqlx::error::DatabaseError) -> bool {
    db.code().as_deref() == Some("42P01") || db.message().starts_with("no such table")
}

/// Makes the schema where there is none.
pub(crate) async fn create(to: &Writable) -> Result<()> {
    let mut tx = to.begin().await?;
    tx.plain(
        "create table if not exists schema_version (version bigint not null, name text not null, primary key (version))",
    )
    .await?;
    tx.commit().await?;
    apply(to, 0).await
}

/// Applies what is missing.
pub(crate) async fn update(to: &Writable) -> Result<()> {
    let known = MIGRATIONS.iter().map(|m| m.0).max().unwrap_or_default();
    match version(to).await? {
        None => Err(Error::NotAStore("该数据库".to_owned())),
        Some(found) if found > known => Err(Error::NewerVersion { found, known }),
        Some(found) if found == known => Ok(()),
        Some(found) => apply(to, found).await,
    }
}

async fn apply(to: &Writable, after: i64) -> Result<()> {
    for (number, name, sql) in MIGRATIONS.iter().filter(|m| m.0 > after) {
        let mut tx = to.begin().await?;
        match step(&mut tx, to, *number, name, sql).await {
            Ok(()) => tx.commit().await?,
            Err(Error::Conflict { .. }) => {
                // Another process was quicker: its row made ours wait, and it has committed.
                tx.rollback().await?;
            }
            Err(error) => {
                tx.rollback().await?;
                return Err(error);
            }
        }
    }
    Ok(())
}

async fn step(tx: &mut Tx, to: &Writable, number: i64, name: &str, sql: &str) -> Result<()> {
    // First the row: it is the lock between processes that start at the same time.
    let insert = "insert into schema_version (version, name) values ($1, $2)";
    tx.run(insert, values![number, name.to_owned()]).await?;
    for statement in statements(sql) {
        let statement = match to {
            Writable::Sqlite(_) => statement,
            Writable::Postgres(_) => for_postgres(&statement),
        };
        tx.plain(AssertSqlSafe(statement)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of migrations")
            .map(|f| f.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let listed: Vec<String> =
            MIGRATIONS.iter().map(|(n, name, _)| format!("{n:04}_{name}.sql")).collect();
        assert_eq!(files, listed);
    }

    #[test]
    fn comments_are_not_statements() {
        assert_eq!(
            statements("-- a; b\ncreate x; -- c\n\ncreate y (\n  a text -- z\n);"),
            ["create x", "create y (\n  a text \n)"]
        );
    }

    #[test]
    fn one_word_differs_on_postgresql() {
        assert_eq!(for_postgres("create table t (a blob not null)"), "create table t (a bytea not null)");
    }
}
