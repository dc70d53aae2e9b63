//! Whether what people type finds what they mean, among the first three, for 95 of a hundred queries.
#![allow(missing_docs, reason = "the names of the tests say what they hold")]

use search::{Document, FullText, Query, Synonyms};

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('|').map(str::trim).collect())
}

#[test]
fn people_find_what_they_mean() {
    let folder = tempfile::tempdir().unwrap();
    let index = FullText::open(folder.path(), Synonyms::default()).unwrap();
    let mut documents = 0;
    for row in rows(include_str!("relevance/documents.txt")) {
        let [id, title, number, body] = row[..] else { panic!("{row:?}") };
        let [id, title, number, body] = [id, title, number, body].map(str::to_owned);
        index.put(&Document { id, title, number, body, in_force: true, ..Document::default() }).unwrap();
        documents += 1;
    }
    index.commit().unwrap();
    let (mut queries, mut missed) = (0, Vec::new());
    for row in rows(include_str!("relevance/queries.txt")) {
        let [typed, expected] = row[..] else { panic!("{row:?}") };
        let answer = index.find(&Query { text: typed.into(), ..Query::default() }).unwrap();
        let first: Vec<&str> = answer.hits.iter().take(3).map(|h| h.id.as_str()).collect();
        queries += 1;
        if !expected.split(',').any(|id| first.contains(&id.trim())) {
            missed.push(format!(
                "{typed}: {expected} expected, {first:?} of {} by {:?} {:?} {:?}",
                answer.total, answer.found_by, answer.words, answer.suggestion
            ));
        }
    }
    missed.iter().for_each(|line| println!("{line}"));
    assert!(documents >= 80 && queries >= 60, "{documents} documents, {queries} queries");
    assert!(missed.len() * 20 <= queries, "{} of {queries} missed:\n{}", missed.len(), missed.join("\n"));
}
