//! How documents are classified, and what the platform of an agency shows of them, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, made, verifies};
use law::classification::Classification;
use law::docket::document::DocumentEvent;
use place::{day, now, on_both, operator, units};
use service::document::{AtAddress, PublicAsk};
use service::search::{Ask, Facet};
use service::{Change, Error, Location, Result, Service, civil_date};
use store::Store;
use uuid::Uuid;

on_both! { a_column_shows_what_is_public_in_it a_column_is_turned_over the_guide_says_when_it_was_updated
columns_of_other_levels_are_refused what_everybody_would_read_is_checked readers_choose_subject_and_genre
a_changed_class_is_named an_agency_that_closed_keeps_its_page }

const OFFICE: &str = "sample-office";

fn in_columns(columns: &[&str]) -> Classification {
    Classification { columns: columns.iter().map(|c| (*c).to_owned()).collect(), ..Classification::default() }
}

async fn change(service: &Service, id: Uuid, date: &str, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(date), event)).await
}

async fn classify(service: &Service, id: Uuid, c: Classification) -> Result<u32> {
    change(service, id, "2021-02-20", DocumentEvent::Classified(Box::new(c))).await
}

async fn make(service: &Service, unit: Uuid, title: &str) -> Uuid {
    service.make_document(operator(now()), day("2020-01-02"), made(unit, title)).await.unwrap()
}

/// A public document in these columns.
async fn public(service: &Service, unit: Uuid, title: &str, date: &str, columns: &[&str]) -> Uuid {
    let id = make(service, unit, title).await;
    classify(service, id, in_columns(columns)).await.unwrap();
    change(service, id, date, DocumentEvent::Disclosed { url: None }).await.unwrap();
    id
}

fn withdrawn() -> DocumentEvent {
    DocumentEvent::Withdrawn { reason: "内容有误".into(), told: String::new(), kept: String::new() }
}

/// The columns that are open, with how many documents each has.
async fn open(service: &Service) -> Vec<(String, i64)> {
    let platform = service.platform(OFFICE).await.unwrap();
    platform.columns.into_iter().map(|c| (c.column.label.clone(), c.count)).collect()
}

async fn listed(service: &Service, key: &str) -> Vec<Uuid> {
    match service.platform_column(OFFICE, key, None).await {
        Ok(page) => page.items.into_iter().map(|i| i.id).collect(),
        Err(Error::NotFound(_)) => Vec::new(),
        Err(other) => panic!("{other:?}"),
    }
}

async fn a_column_shows_what_is_public_in_it(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, office, "样本预算").await;
    classify(&service, id, in_columns(&["a20-07", "a20-11"])).await.unwrap();
    assert!(open(&service).await.is_empty() && listed(&service, "a20-07").await.is_empty(), "not public");
    change(&service, id, "2021-02-21", DocumentEvent::Disclosed { url: None }).await.unwrap();
    let later = public(&service, office, "样本决算", "2021-02-22", &["a20-07"]).await;
    let both = [("财政预决算".to_owned(), 2), ("民生(扶贫、教育、医疗、社保、就业)".to_owned(), 1)];
    assert_eq!(open(&service).await, both);
    assert_eq!(listed(&service, "a20-07").await, [later, id], "the latest first");
    assert!(listed(&service, "a20-08").await.is_empty());
    verifies(&service).await;
    // Classified anew, it leaves what it is not put into again.
    classify(&service, id, in_columns(&["a20-08"])).await.unwrap();
    assert_eq!((listed(&service, "a20-07").await, listed(&service, "a20-08").await), (vec![later], vec![id]));
    change(&service, later, "2021-02-23", withdrawn()).await.unwrap();
    assert_eq!(open(&service).await, [("行政事业性收费".to_owned(), 1)]);
    assert!(listed(&service, "a20-07").await.is_empty());
    let pages = service.platform_pages(day("2021-03-01")).await.unwrap();
    assert!(pages.contains(&(OFFICE.to_owned(), vec!["a20-08"])), "{pages:?}");
    // Voided, it is nowhere: the two classifications, its publication and its making.
    for (version, ordinal) in (4..).zip([4, 3, 2, 1]) {
        let void = Change::void(ordinal, day("2021-02-24"), "重复登记");
        service.change_document(operator(now()), id, version, void).await.unwrap();
    }
    assert!(open(&service).await.is_empty());
    verifies(&service).await;
}

async fn a_column_is_turned_over(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    for n in 0..21 {
        public(&service, office, &format!("样本{n}"), "2021-02-21", &["a20-04"]).await;
    }
    let first = service.platform_column(OFFICE, "a20-04", None).await.unwrap().items;
    let after = first.last().map(|i| i.paging_key());
    let second = service.platform_column(OFFICE, "a20-04", after).await.unwrap().items;
    assert_eq!((first.len(), second.len()), (20, 1));
    assert!(first.iter().all(|i| i.id != second[0].id));
    let end = service.platform_column(OFFICE, "a20-04", Some(second[0].paging_key())).await.unwrap();
    assert!(end.items.is_empty(), "a later page that is empty is no missing column");
}

async fn the_guide_says_when_it_was_updated(service: Service, at: Location) {
    let folder = tempfile::tempdir().unwrap();
    let service = match at {
        Location::Folder(_) => service,
        Location::Postgres(_) => service.with_files(folder.path()),
    };
    let (_, office) = units(&service).await;
    let none = service.platform(OFFICE).await.unwrap();
    assert!(none.guide.is_none() && none.rules.0.is_empty());
    let old = public(&service, office, "样本指南", "2021-02-10", &["guide"]).await;
    let guide = async || service.platform(OFFICE).await.unwrap().guide.map(|(i, on)| (i.id, on));
    assert_eq!(guide().await, Some((old, day("2021-02-10"))));
    // A new text of the same document is an update.
    let body = service.write_body(operator(now()), old, None, "更新后的指南").await.unwrap();
    let publish = law::docket::file::FileEvent::Published;
    service.change_document_file(operator(now()), (old, body), 1, publish).await.unwrap();
    assert_eq!(guide().await, Some((old, day("2021-03-01"))));
    let new = public(&service, office, "样本新指南", "2021-02-11", &["guide"]).await;
    assert_eq!(guide().await, Some((new, day("2021-02-11"))), "the last published one");
    for n in 0..6 {
        public(&service, office, &format!("样本制度{n}"), "2021-02-12", &["rules"]).await;
    }
    let platform = service.platform(OFFICE).await.unwrap();
    assert_eq!((platform.rules.0.len(), platform.rules.1), (5, 6));
    assert!(platform.columns.is_empty(), "guide and rules are parts of their own");
    assert!(matches!(service.platform("样本市人民政府办公室").await, Err(Error::NotFound(_))));
}

async fn columns_of_other_levels_are_refused(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, office, "样本").await;
    let outcome = classify(&service, id, in_columns(&["a21-township-04", "a20-01"])).await;
    assert_eq!(codes(outcome), ["column-of-others"]);
    classify(&service, id, in_columns(&["a21-county-04"])).await.unwrap();
}

async fn what_everybody_would_read_is_checked(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = public(&service, office, "样本", "2021-02-10", &["a20-01"]).await;
    let telling = |keywords: &str, description: &str, audience: &str| Classification {
        keywords: law::classification::keywords_in(keywords),
        description: description.into(),
        audience: audience.into(),
        ..in_columns(&["a20-01"])
    };
    for bad in
        [telling("13800138000", "", ""), telling("", "电话13800138000", ""), telling("", "", "找13800138000")]
    {
        assert_eq!(codes(classify(&service, id, bad).await), ["check-open"]);
    }
    // Before it is public the words may stand there, but it does not become public with them.
    let hidden = make(&service, office, "样本二").await;
    classify(&service, hidden, telling("", "电话13800138000", "")).await.unwrap();
    let outcome = change(&service, hidden, "2021-02-21", DocumentEvent::Disclosed { url: None }).await;
    assert_eq!(codes(outcome), ["check-open"]);
    let found = service.check_document(&operator(now()), hidden).await.unwrap();
    assert_eq!(found.iter().map(|f| f.place.as_str()).collect::<Vec<_>>(), ["内容概述"]);
    classify(&service, id, telling("样本", "样本内容", "样本对象")).await.unwrap();
    let AtAddress::Public(shown) = service.public_document(id).await.unwrap() else { panic!("it is public") };
    assert_eq!(shown.standing.classification.description, "样本内容");
}

async fn readers_choose_subject_and_genre(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let of = |subject: &str, genre: &str| Classification {
        subject: Some(subject.into()),
        genre: Some(genre.into()),
        ..Classification::default()
    };
    let mut ids = Vec::new();
    for (subject, genre) in
        [("02-01", "notice"), ("02-04", "notice"), ("02-01", "reply"), ("04-01", "notice")]
    {
        let id = public(&service, office, "样本", "2021-02-10", &["a20-01"]).await;
        classify(&service, id, of(subject, genre)).await.unwrap();
        ids.push(id);
    }
    let hidden = make(&service, office, "样本").await;
    classify(&service, hidden, of("02-01", "notice")).await.unwrap();
    let find = async |subject: &str, genre: &str, unit: &str| {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let (subject, genre, unit) = (some(subject), some(genre), some(unit));
        let ask = PublicAsk { subject, genre, unit, ..PublicAsk::default() };
        let mut found: Vec<Uuid> =
            service.public_documents(&ask, None).await.unwrap().into_iter().map(|i| i.id).collect();
        found.sort();
        found
    };
    let some = |all: &[usize]| {
        let mut some: Vec<Uuid> = all.iter().map(|n| ids[*n]).collect();
        some.sort();
        some
    };
    assert_eq!(find("02", "", "").await, some(&[0, 1, 2]));
    assert_eq!(find("02-01", "", "").await, some(&[0, 2]));
    assert_eq!(find("", "notice", "").await, some(&[0, 1, 3]));
    assert_eq!(find("02", "notice", OFFICE).await, some(&[0, 1]));
    assert!(find("02", "notice", "sample-gov").await.is_empty());
    assert!(find("none", "", "").await.is_empty());

    // The index knows the class and the genre, and follows when they change.
    let folder = tempfile::tempdir().unwrap();
    let searching = service.clone().with_search(folder.path());
    let counts = async |facet: Facet| {
        let found =
            searching.search_public(&Ask { page: 1, ..Ask::default() }, civil_date(now())).await.unwrap();
        let values = found.facets.into_iter().find(|(f, _)| *f == facet).unwrap().1;
        values.into_iter().map(|v| (v.label, v.count)).collect::<Vec<_>>()
    };
    let subjects = [("综合政务".to_owned(), 3), ("财政、金融、审计".to_owned(), 1)];
    assert_eq!(counts(Facet::Subject).await, subjects);
    assert_eq!(counts(Facet::Genre).await, [("通知".to_owned(), 3), ("批复".to_owned(), 1)]);
    classify(&service, ids[3], of("02-01", "reply")).await.unwrap();
    assert_eq!(counts(Facet::Subject).await, [("综合政务".to_owned(), 4)]);
}

async fn a_changed_class_is_named(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let id = public(&service, office, "样本", "2021-02-10", &["a20-01"]).await;
    let region = service.region();
    let store = Store::open(&at).await.unwrap();
    store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move {
                let mut rows = tx.classes(region, &[id]).await?;
                rows[0].key = "a20-02".into();
                tx.put_classes(region, id, &rows).await
            }) as store::BoxFuture<'_, std::result::Result<(), store::Error>>
        })
        .await
        .unwrap();
    store.close().await;
    let found = service.verify(&operator(now()), |_, _| {}).await.unwrap().problems;
    assert!(found.len() == 1 && found[0].contains("classes") && found[0].contains("a20-02"), "{found:?}");
}

async fn an_agency_that_closed_keeps_its_page(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    public(&service, office, "样本", "2021-02-10", &["a20-01"]).await;
    let closed = law::docket::unit::UnitEvent::Closed { successor: Some(government.to_string()) };
    let version = 1;
    let change = Change::event(day("2021-02-28"), closed);
    service.change_unit(operator(now()), office, version, change).await.unwrap();
    let today = day("2021-03-01");
    let listed = service.platform_units(today).await.unwrap();
    assert!(listed.iter().all(|u| u.code != OFFICE) && !listed.is_empty(), "{listed:?}");
    let page = service.platform(OFFICE).await.unwrap();
    assert_eq!((page.columns.len(), page.successor.map(|u| u.id)), (1, Some(government)));
    let pages = service.platform_pages(today).await.unwrap();
    assert!(pages.iter().any(|(code, columns)| code == OFFICE && columns == &["a20-01"]), "{pages:?}");
}
