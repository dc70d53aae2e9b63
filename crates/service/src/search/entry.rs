//! What is indexed of an item, and what is shown of it.

use crate::Service;
use crate::asking::Place;
use crate::catalogue::is_published;
use crate::document::{ENTRY, GENRE, SUBJECT_CLASS, VALID_UNTIL, everything_public, force, is_public, item};
use crate::error::{Error, Result};
use crate::report::{scope_of, snapshot};
use crate::unit::Tree;
use ::search::{Document, Facet, FullTextHit, Segment};
use jiff::civil::Date;
use law::classification;
use law::docket::document::{Category, Force, Validity};
use law::docket::report::Snapshot;
use std::collections::{BTreeSet, HashMap};
use store::{ClassRow, DocumentRow, Region, ReportFilter, ReportRow, Tx};
use uuid::Uuid;

/// The columns in which something can be found.
pub const COLUMNS: [&str; 5] = ["政策文件", "政策解读", "其他政府信息", "政府信息公开年报", "意见征集"];
/// Rows read at a time.
const DOCUMENTS: i64 = 1_000;
/// Reports are long.
const REPORTS: i64 = 200;
/// Entries of catalogues asked for at a time.
const ENTRIES: usize = 1_000;

/// By the id of an entry of a standard catalogue its field: number and name.
type Fields = HashMap<String, (usize, &'static str)>;

/// An item found.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: Uuid,
    /// Where it can be read.
    pub place: Place,
    /// 标题, its matches marked.
    pub title: Vec<Segment>,
    /// The part of the text that shows why it was found; matches marked. Empty where there is no text.
    pub snippet: Vec<Segment>,
    /// 发文字号
    pub number: Option<String>,
    /// 发布机构
    pub publisher: String,
    /// 发布日期
    pub published_on: Date,
    /// What its validity is reckoned from; none for what has no force of its own.
    pub force: Option<Force>,
}

/// What happens to an entry of the index.
pub(super) enum Entry {
    Put(Box<Document>),
    Remove(String),
}

const DOCUMENT: &str = "document";
const REPORT: &str = "report";
/// What happens to a file of a document changes what is indexed of the document.
const FILE: &str = "file";
/// So does what happens to an entry of a standard catalogue that it stands under.
const CATALOGUE_ENTRY: &str = "catalogue-entry";

/// How the index names a subject of the journal.
pub(crate) fn id_of(kind: &str, id: Uuid) -> String {
    format!("{kind}:{id}")
}

/// The subjects of the journal that are indexed, of those something happened to.
pub(super) async fn indexed(
    tx: &mut Tx,
    region: Region,
    subjects: BTreeSet<(String, Uuid)>,
) -> Result<BTreeSet<(String, Uuid)>> {
    let mut all = BTreeSet::new();
    for (kind, id) in subjects {
        match kind.as_str() {
            DOCUMENT | REPORT => drop(all.insert((kind, id))),
            FILE => {
                let of = tx.file(region, id).await?.filter(|f| f.subject_kind == DOCUMENT);
                all.extend(of.map(|f| (DOCUMENT.to_owned(), f.subject)));
            }
            CATALOGUE_ENTRY => {
                let under = tx.classes_of_keys(region, ENTRY, &[id.to_string()]).await?;
                all.extend(under.into_iter().map(|c| (DOCUMENT.to_owned(), c.document)));
            }
            _ => {}
        }
    }
    Ok(all)
}

/// The documents whose period of validity was over for the first time after the day the index tells of: nothing in the
/// journal says so. Of an index that was just opened nobody knows the day, so all are looked at that wait for somebody to
/// record what became of them.
pub(super) async fn expired(
    tx: &mut Tx,
    region: Region,
    known: Option<Date>,
    today: Date,
) -> Result<Vec<(String, Uuid)>> {
    let Ok(last) = today.yesterday() else { return Ok(Vec::new()) };
    let over = tx.classes_up_to(region, VALID_UNTIL, None, &last.to_string(), i64::MAX).await?;
    let from = known.map(|day| day.to_string()).unwrap_or_default();
    Ok(over.into_iter().filter(|c| c.key >= from).map(|c| (DOCUMENT.to_owned(), c.document)).collect())
}

/// The entry of a subject of the journal; one that is not public, or not any more, is taken out.
pub(super) async fn changed(tx: &mut Tx, region: Region, kind: &str, id: Uuid, today: Date) -> Result<Entry> {
    let found = entry(tx, region, kind, id, today).await?;
    Ok(found.map_or_else(|| Entry::Remove(id_of(kind, id)), |d| Entry::Put(Box::new(d))))
}

/// What is indexed of a subject; none if it is not public.
async fn entry(tx: &mut Tx, region: Region, kind: &str, id: Uuid, today: Date) -> Result<Option<Document>> {
    if kind == DOCUMENT {
        return match tx.document(region, id).await?.filter(is_public) {
            Some(row) => {
                let classes = tx.classes(region, &[id]).await?;
                let fields = fields(tx, region, &classes).await?;
                Ok(Some(of_document(&row, &classes, &fields, today)))
            }
            None => Ok(None),
        };
    }
    match tx.report(region, id).await? {
        Some(row) => of_report(&row),
        None => Ok(None),
    }
}

/// The fields of the published entries of standard catalogues among classes, by the id of the entry: number in the order of the
/// fields, and name.
async fn fields(tx: &mut Tx, region: Region, classes: &[ClassRow]) -> Result<Fields> {
    let ids: BTreeSet<Uuid> =
        classes.iter().filter(|c| c.kind == ENTRY).filter_map(|c| Uuid::parse_str(&c.key).ok()).collect();
    let (ids, mut found) = (ids.into_iter().collect::<Vec<_>>(), Fields::new());
    for some in ids.chunks(ENTRIES) {
        for row in tx.catalogue_entries_with_ids(region, some).await?.iter().filter(|row| is_published(row)) {
            let mut all = law::catalogue::fields().iter().enumerate();
            let field = all.find(|(_, field)| field.key == row.field);
            found.extend(field.map(|(n, field)| (row.id.to_string(), (n, field.label.as_str()))));
        }
    }
    Ok(found)
}

/// All but its words, which are read by [`Service::with_words`]; with the rows of its own classes, and fields of entries.
fn of_document(row: &DocumentRow, classes: &[ClassRow], fields: &Fields, today: Date) -> Document {
    let validity = force(row).map(|force| force.on(today));
    let document = Document {
        id: id_of(DOCUMENT, row.id),
        title: row.title.clone(),
        number: row.number.clone().unwrap_or_default(),
        index_number: row.index_number.clone().unwrap_or_default(),
        made_on: Some(row.made_on),
        published_on: row.disclosed_on,
        // What has no force of its own is not out of force.
        in_force: validity.is_none_or(Validity::holds),
        ..Document::default()
    };
    let column = match Category::parse(&row.category) {
        Some(Category::Interpretation) => COLUMNS[1],
        Some(Category::Information) => COLUMNS[2],
        Some(Category::Consultation) => COLUMNS[4],
        _ => COLUMNS[0],
    };
    let document = in_column(document, column, row.unit, row.disclosed_on);
    let of = |kind: &str| classes.iter().find(|c| c.kind == kind);
    let genre = of(GENRE).and_then(|c| classification::genre(&c.key)).map_or("", |g| &g.label);
    let mut subjects = classification::subject_classes().iter();
    let subject = of(SUBJECT_CLASS).and_then(|c| subjects.find(|s| s.key == c.key)).map_or("", |s| &s.label);
    let entries = classes.iter().filter(|c| c.kind == ENTRY);
    let under: BTreeSet<_> = entries.filter_map(|c| fields.get(&c.key)).collect();
    let under: Vec<&str> = under.into_iter().map(|(_, label)| *label).collect();
    document
        .with(Facet::Field, &under.join("\n"))
        .with(Facet::Validity, validity.map_or("", Validity::label))
        .with(Facet::Genre, genre)
        .with(Facet::Subject, subject)
}

impl Service {
    /// With the words of what is indexed that stand in files: text and attachments of documents. What cannot be read is
    /// found by its title; one bad file must not keep all others out of the index.
    pub(super) async fn with_words(&self, mut entries: Vec<Entry>) -> Vec<Entry> {
        for entry in &mut entries {
            let Entry::Put(document) = entry else { continue };
            let id = document.id.strip_prefix(DOCUMENT).and_then(|id| id.strip_prefix(':'));
            let Some(id) = id.and_then(|id| Uuid::parse_str(id).ok()) else { continue };
            match self.public_words(id).await {
                Ok((body, attachments)) => (document.body, document.attachments) = (body, attachments),
                Err(error) => tracing::warn!(%id, %error, "the text of a document cannot be indexed"),
            }
        }
        entries
    }
}

fn of_report(row: &ReportRow) -> Result<Option<Document>> {
    let (Some(snapshot), Some(on)) = (snapshot(row)?, row.published_on) else { return Ok(None) };
    let document = Document {
        id: id_of(REPORT, row.id),
        body: narrative(&snapshot),
        title: snapshot.title,
        made_on: Some(snapshot.signed_on),
        published_on: Some(on),
        in_force: true,
        ..Document::default()
    };
    Ok(Some(in_column(document, COLUMNS[3], row.unit, Some(on))))
}

/// The text of a report without its tables.
fn narrative(snapshot: &Snapshot) -> String {
    let paragraphs = snapshot.parts.values().flatten();
    let lines = paragraphs.map(|p| p.runs.iter().map(|r| r.text.as_str()).collect::<String>());
    lines.collect::<Vec<_>>().join("\n")
}

fn in_column(document: Document, column: &str, unit: Uuid, on: Option<Date>) -> Document {
    let year = on.map(|on| on.year().to_string()).unwrap_or_default();
    document.with(Facet::Unit, &unit.to_string()).with(Facet::Column, column).with(Facet::Year, &year)
}

/// A page of all public documents, and the key to go on after.
pub(super) async fn page_of_documents(
    tx: &mut Tx,
    region: Region,
    after: Option<(Date, Uuid)>,
    today: Date,
) -> Result<(Vec<Entry>, Option<(Date, Uuid)>)> {
    let rows = tx.documents(region, &everything_public(), after, DOCUMENTS).await?;
    let mut entries = Vec::new();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut classes = tx.classes(region, &ids).await?;
    classes.sort_by_key(|c| c.document);
    let fields = fields(tx, region, &classes).await?;
    for row in rows.iter().filter(|row| is_public(row)) {
        let first = classes.partition_point(|c| c.document < row.id);
        let own = classes[first..].iter().take_while(|c| c.document == row.id).count();
        entries.push(Entry::Put(Box::new(of_document(row, &classes[first..first + own], &fields, today))));
    }
    let full = rows.len() as i64 == DOCUMENTS;
    Ok((entries, rows.last().filter(|_| full).map(DocumentRow::paging_key)))
}

/// A page of all published reports, and the key to go on after.
pub(super) async fn page_of_reports(
    tx: &mut Tx,
    region: Region,
    after: Option<(i16, Uuid)>,
) -> Result<(Vec<Entry>, Option<(i16, Uuid)>)> {
    let filter = ReportFilter { published: true, ..ReportFilter::default() };
    let rows = tx.reports(region, &filter, after, REPORTS).await?;
    let mut entries = Vec::new();
    for row in &rows {
        entries.extend(of_report(row)?.map(|d| Entry::Put(Box::new(d))));
    }
    let full = rows.len() as i64 == REPORTS;
    Ok((entries, rows.last().filter(|_| full).map(ReportRow::paging_key)))
}

/// A hit as it is shown: judged from its row, which may be newer than the index; none if it is not public.
pub(super) async fn shown(
    tx: &mut Tx,
    region: Region,
    tree: &Tree,
    hit: FullTextHit,
) -> Result<Option<Item>> {
    let (kind, id) = hit.id.split_once(':').unwrap_or_default();
    let id = Uuid::parse_str(id).map_err(|e| Error::Internal(e.to_string()))?;
    if kind == DOCUMENT {
        let Some(row) = tx.document(region, id).await?.filter(is_public) else { return Ok(None) };
        let known = item(&row, tree)?;
        let (title, snippet) = of_today(&row.title, hit);
        return Ok(Some(Item {
            id,
            place: Place::Document,
            title,
            snippet,
            number: known.number,
            publisher: known.publisher,
            published_on: known.published_on,
            force: known.force,
        }));
    }
    let Some(row) = tx.report(region, id).await? else { return Ok(None) };
    let (Some(snapshot), Some(published_on)) = (snapshot(&row)?, row.published_on) else { return Ok(None) };
    let unit = tree.get(row.unit)?;
    let (title, snippet) = of_today(&snapshot.title, hit);
    Ok(Some(Item {
        id,
        place: Place::Report { unit: unit.code.clone(), year: row.year, scope: scope_of(&row.scope)? },
        title,
        snippet,
        number: None,
        publisher: unit.name.clone(),
        published_on,
        force: None,
    }))
}

/// An item by the name it has in the index, as it stands now; none if it is not public.
pub(crate) async fn item_now(tx: &mut Tx, region: Region, tree: &Tree, id: &str) -> Result<Option<Item>> {
    let hit = FullTextHit { id: id.to_owned(), score: 0.0, title: Vec::new(), snippet: Vec::new() };
    shown(tx, region, tree, hit).await
}

/// Title and snippet of a hit; what was corrected since it was indexed is not shown as it was.
fn of_today(title: &str, hit: FullTextHit) -> (Vec<Segment>, Vec<Segment>) {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let indexed: String = hit.title.iter().map(|(text, _)| text.as_str()).collect();
    if bare(&indexed) == bare(title) {
        return (hit.title, hit.snippet);
    }
    (vec![(title.to_owned(), false)], Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_was_corrected_since_is_shown_as_it_is() {
        let hit = || FullTextHit {
            id: String::new(),
            score: 1.0,
            title: vec![("样本".into(), true), ("办法 ".into(), false)],
            snippet: vec![("样本".into(), true)],
        };
        assert_eq!(of_today("样本\n办法", hit()), (hit().title, hit().snippet));
        assert_eq!(of_today("办法", hit()), (vec![("办法".into(), false)], Vec::new()));
    }
}
