//! The schema rules of sharding by region (docs: "Growing past one machine"), held over the migrations and over every
//! statement in the source; and the same schema on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;
#[path = "schema/rules.rs"]
mod rules;

use rules::{forbidden, is_statement, literals, migration, statement};
use sqlx::{Connection, PgConnection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::{Path, PathBuf};
use store::migrate::{MIGRATIONS, statements};
use store::{Location, Store};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn migrations_keep_the_rules() {
    let wrong: Vec<String> =
        MIGRATIONS.iter().flat_map(|(_, _, sql)| statements(sql)).flat_map(|s| migration(&s)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn statements_keep_the_rules() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        let all = literals(&std::fs::read_to_string(&file).unwrap());
        for text in all.iter().filter(|t| is_statement(t)) {
            count += 1;
            wrong.extend(statement(text));
        }
        // The pieces that filters add, too.
        if file.to_string_lossy().contains("table")
            || file.ends_with("select.rs")
            || file.ends_with("journal.rs")
        {
            wrong.extend(all.iter().filter(|t| !is_statement(t)).flat_map(|t| forbidden(t)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 40, "only {count} statements were found");
}

#[test]
fn planted_violations_are_found() {
    for bad in [
        "create table t (region bigint not null)",
        "create table if not exists t (region bigint not null, id text not null)",
        "create table if not exists t (region bigint not null, id text not null, primary key (id, region))",
        "create table if not exists t (region bigint not null, a text, primary key (region), unique (a))",
        "create table if not exists t (region bigint not null, a text, primary key (region), foreign key (a) references u (a))",
        "create table if not exists t (region bigint not null, a text, primary key (region), foreign key (region, a) references u (a))",
        "create table if not exists t (region bigint not null, a boolean, primary key (region))",
        "create table if not exists t (region bigint not null, a bigserial, primary key (region))",
        "create table if not exists t (region bigint not null, a text default 'x', primary key (region))",
        "create table if not exists t (region bigint not null, a text[], primary key (region))",
        "create index if not exists i on t (a)",
        "create index if not exists i on t (a, region)",
        "create trigger x after insert on t",
        "create type x as enum ('a')",
        "update unit set name = 'x'",
    ] {
        assert!(!migration(bad).is_empty(), "accepted: {bad}");
    }
    for bad in [
        "select id from unit",
        "select id from unit where id = $1",
        "SELECT id from unit where region = $1",
        "update unit set name = $1 where id = $2",
        "delete from unit where id = $1",
        "insert into unit (id, region) values ($1, $2)",
        "insert into unit (region, id) values (140581, $1)",
        "insert into unit (region, id) values ($1, $2) on conflict (id) do update set name = excluded.name",
        "select u.id from unit u join document d on d.unit = u.id where u.region = $1",
        "select id from unit where region = $1 and valid_from < now()",
        "select id from unit where region = $1 for update",
        "select id from unit where region = $1 and name ilike $2",
        "select id from unit where region = $1 limit -1",
        "select id::text from unit where region = $1",
        "with recursive t as (select id from unit where region = $1) select id from t",
    ] {
        assert!(is_statement(bad) && !statement(bad).is_empty(), "accepted: {bad}");
    }
    let good = "insert into t (region, id) values ($1, $2) on conflict (region, id) do update set n = t.n + 1 returning n";
    assert_eq!(statement(good), [] as [String; 0]);
    assert_eq!(statement("select id from unit where region = $1"), [] as [String; 0]);
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    let source = "let a = \"select \\\n     x\"; // \"no\"\nlet q = '\"'; let l: &'a str = \"b\\\\c\";\n#[cfg(test)] \"not this\"";
    assert_eq!(literals(source), ["select x", "b\\c"]);
}

/// (table, column, type, not null), and (index), sorted.
type Schema = (Vec<(String, String, String, bool)>, Vec<String>);

async fn sqlite_schema(folder: &Path) -> Schema {
    let options = SqliteConnectOptions::new().filename(folder.join("gongkai.db"));
    let mut c = SqliteConnection::connect_with(&options).await.unwrap();
    let columns = sqlx::query(
        "select m.name, c.name, lower(c.type), c.\"notnull\" from sqlite_master m, pragma_table_info(m.name) c \
         where m.type = 'table' order by 1, 2",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    let indexes =
        sqlx::query("select name from sqlite_master where type = 'index' and sql is not null order by name")
            .fetch_all(&mut c)
            .await
            .unwrap();
    let columns = columns.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get::<i64, _>(3) == 1)).collect();
    (columns, indexes.iter().map(|r| r.get(0)).collect())
}

async fn postgres_schema(url: &str) -> Schema {
    let mut c = PgConnection::connect(url).await.unwrap();
    let columns = sqlx::query(
        "select table_name::text, column_name::text, replace(data_type, 'bytea', 'blob')::text, is_nullable = 'NO' \
         from information_schema.columns where table_schema = current_schema() \
         order by table_name collate \"C\", column_name collate \"C\"",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    let indexes = sqlx::query(
        "select i.relname::text from pg_index x join pg_class i on i.oid = x.indexrelid \
         where i.relnamespace = current_schema()::regnamespace and not x.indisunique order by i.relname collate \"C\"",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    let columns = columns.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect();
    (columns, indexes.iter().map(|r| r.get(0)).collect())
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let folder = tempfile::tempdir().unwrap();
    Store::create(&Location::Folder(folder.path().to_owned())).await.unwrap().close().await;
    let sqlite = sqlite_schema(folder.path()).await;
    assert!(sqlite.0.len() > 100 && sqlite.1.len() > 15, "{sqlite:?}");
    place::on_postgres("parity", |_store, at| async move {
        let Location::Postgres(url) = at else { unreachable!() };
        assert_eq!(postgres_schema(&url).await, sqlite);
    })
    .await;
}

/// Every migration can be run again, on both engines.
#[tokio::test]
async fn migrations_can_be_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::Folder(folder.path().to_owned());
    Store::create(&at).await.unwrap().close().await;
    let before = sqlite_schema(folder.path()).await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("gongkai.db"));
    let mut c = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("delete from schema_version where version > 1").execute(&mut c).await.unwrap();
    c.close().await.unwrap();
    Store::open(&at).await.unwrap().close().await;
    assert_eq!(sqlite_schema(folder.path()).await, before);

    place::on_postgres("again", |_store, at| async move {
        let Location::Postgres(url) = &at else { unreachable!() };
        let before = postgres_schema(url).await;
        let mut c = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql("delete from schema_version where version > 1").execute(&mut c).await.unwrap();
        // Two processes that start at the same time.
        let (one, other) = tokio::join!(Store::open(&at), Store::open(&at));
        for store in [one.unwrap(), other.unwrap()] {
            store.close().await;
        }
        assert_eq!(postgres_schema(url).await, before);
    })
    .await;
}
