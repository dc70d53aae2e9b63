//! Places that hold no store, and disks that are full: each with its sentence.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

use std::path::Path;
use store::{Error, Location, Store};

fn at(folder: &Path) -> Location {
    Location::Folder(folder.to_owned())
}

#[tokio::test]
async fn a_folder_without_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let none = Store::open(&at(folder.path())).await.unwrap_err();
    assert!(matches!(none, Error::NotAStore(_)), "{none:?}");
    assert!(none.to_string().contains("gongkai init"), "{none}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "opening leaves nothing behind");
    assert!(matches!(Store::open(&at(Path::new("/nonexistent/x"))).await, Err(Error::NotAStore(_))));
}

#[tokio::test]
async fn a_file_that_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gongkai.db");
    std::fs::write(&file, "not a database, but long enough to have a header. ".repeat(40)).unwrap();
    let wrong = Store::open(&at(folder.path())).await.unwrap_err();
    assert!(matches!(wrong, Error::NotAStore(_)), "{wrong:?}");
    assert!(wrong.to_string().contains(&folder.path().display().to_string()), "{wrong}");
    assert!(matches!(Store::create(&at(folder.path())).await, Err(Error::AlreadyExists(_))));
}

#[tokio::test]
async fn a_database_of_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("gongkai.db"), "").unwrap();
    let wrong = Store::open(&at(folder.path())).await.unwrap_err();
    assert!(matches!(wrong, Error::NotAStore(_)), "{wrong:?}");
}

#[tokio::test]
async fn what_was_left_unfinished_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("gongkai.db.new"), "half").unwrap();
    assert!(matches!(Store::open(&at(folder.path())).await, Err(Error::NotAStore(_))));
    Store::create(&at(folder.path())).await.unwrap().close().await;
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["files", "gongkai.db"]);
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    for url in ["postgres://someone:geheim@127.0.0.1:1/none", "nonsense"] {
        let gone = Store::open(&Location::Postgres(url.to_owned())).await.unwrap_err();
        assert!(matches!(gone, Error::Unreachable(_)), "{gone:?}");
        assert!(!gone.to_string().contains("geheim"), "the password is not repeated: {gone}");
    }
}
