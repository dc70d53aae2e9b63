//! The contract of [`store::Tx`]: one body per function, run on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

#[path = "contract/asking.rs"]
mod asking;
#[path = "contract/catalogue_entry.rs"]
mod catalogue_entry;
#[path = "contract/channel.rs"]
mod channel;
#[path = "contract/cleanup.rs"]
mod cleanup;
#[path = "contract/clock.rs"]
mod clock;
#[path = "contract/consultation.rs"]
mod consultation;
#[path = "contract/document_class.rs"]
mod document_class;
#[path = "contract/document_draft.rs"]
mod document_draft;
#[path = "contract/file.rs"]
mod file;
#[path = "contract/job.rs"]
mod job;
#[path = "contract/journal.rs"]
mod journal;
#[path = "contract/message.rs"]
mod message;
#[path = "contract/notice.rs"]
mod notice;
#[path = "contract/person.rs"]
mod person;
mod place;
#[path = "contract/register.rs"]
mod register;
#[path = "contract/report_filing.rs"]
mod report_filing;
#[path = "contract/report_inspection.rs"]
mod report_inspection;
#[path = "contract/request.rs"]
mod request;
#[path = "contract/sample.rs"]
mod sample;
#[path = "contract/subscription.rs"]
mod subscription;
#[path = "contract/tamper.rs"]
mod tamper;

use std::path::Path;

/// The names of the public functions that are asynchronous, which are those that run a statement.
fn functions(source: &str) -> Vec<String> {
    source
        .split("pub async fn ")
        .skip(1)
        .filter_map(|rest| rest.split(['(', '<']).next())
        .map(|name| name.trim().to_owned())
        .collect()
}

fn source(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if path.is_dir() {
        let mut files: Vec<_> = std::fs::read_dir(&path).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect()
    } else {
        std::fs::read_to_string(path).unwrap()
    }
}

#[test]
fn every_function_is_in_the_contract() {
    let mut names = functions(&source("src/journal.rs"));
    names.extend(functions(&source("src/table")));
    assert!(names.len() > 50, "found only {names:?}");
    let contract = source("tests/contract");
    let missing: Vec<_> = names.iter().filter(|name| !contract.contains(&format!(".{name}("))).collect();
    assert!(missing.is_empty(), "not in the contract: {missing:?}");
}

#[test]
fn a_function_is_found_by_its_declaration() {
    assert_eq!(
        functions("impl Tx { pub async fn a(&mut self) {} async fn b() {} pub async fn c<T>() }"),
        ["a", "c"]
    );
}
