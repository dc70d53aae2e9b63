//! How documents are classified, as lists and the index look for it: the derived rows, and the public documents of a class.

use super::schedule::minute;
use super::{PublicAsk, is_public};
use crate::error::{Error, Result};
use law::Refusal;
use law::classification::{self, Classification};
use law::docket::document::Standing;
use law::docket::unit::Level;
use store::{Class, ClassRow, DocumentRow};
use uuid::Uuid;

/// Kinds of classes.
pub(crate) const SUBJECT: &str = "subject";
pub(crate) const SUBJECT_CLASS: &str = "subject-class";
pub(crate) const GENRE: &str = "genre";
pub(crate) const COLUMN: &str = "column";
/// Id of an entry of a standard catalogue.
pub(crate) const ENTRY: &str = "entry";
/// Id of a document that an interpretation explains.
pub(super) const INTERPRETS: &str = "interprets";
/// 解读形式 of an interpretation.
pub(super) const FORM: &str = "form";
/// 解读时间 of a document that is to be interpreted.
pub(super) const INTERPRETATION_PLAN: &str = "interpretation-plan";
/// The day from which the period of the next review of its attribute runs, of a document that is not 主动公开.
pub(super) const REVIEW_FROM: &str = "review-from";
/// The day by which such a document is reviewed whatever the period.
pub(super) const REVIEW_CALLED: &str = "review-called";
/// The day of a review of the attribute.
pub(super) const REVIEWED: &str = "reviewed";
/// Category of a document that is to be reported (备案), and the day it was.
pub(super) const TO_FILE: &str = "to-file";
pub(super) const FILED: &str = "filed";
/// Id of a clean-up that said what becomes of the document.
pub(crate) const CLEANED: &str = "cleaned";
/// The day on which a document was published before it was imported, while it is not public here.
pub(super) const IMPORT_WAITING: &str = "import-waiting";
/// The day on which a document was published before it was imported, if it is that on which it was published here.
pub(crate) const PUBLISHED_BEFORE: &str = "published-before";
/// The day from which the 20 working days of 条例第二十六条 run, while the document is not public.
pub(super) const TO_PUBLISH: &str = "to-publish";
/// The minute at which a document is to become public (定时公开), and the day on which it missed it.
pub(super) const SCHEDULED: &str = "scheduled";
pub(super) const SCHEDULE_MISSED: &str = "schedule-missed";
/// 首次发布日期 of what was published again since.
pub(super) const FIRST_DISCLOSED: &str = "first-disclosed";
/// What is owed from the first publication on, and counted by it.
const FROM_THE_FIRST: [&str; 4] = [INTERPRETATION_PLAN, INTERPRETS, TO_FILE, FILED];
/// 有效期至 of a document that has not ended.
pub(crate) const VALID_UNTIL: &str = "valid-until";

/// The derived rows of a document's classes, of what it interprets, and of what is looked for by its day, in the order of
/// kind and key.
pub(crate) fn rows(of: &DocumentRow, s: &Standing) -> Vec<ClassRow> {
    let c = &s.classification;
    // As ids are looked for, however they were typed.
    let ids = |texts: &[String]| -> Vec<String> {
        texts.iter().filter_map(|id| Uuid::parse_str(id).ok()).map(|id| id.to_string()).collect()
    };
    let explained = s.interprets.as_ref().map(|i| ids(&i.documents)).unwrap_or_default();
    let entries = ids(&s.entries);
    let valid_until = of.valid_until.map(|until| until.to_string());
    let mut all: Vec<(&str, &str)> = c.columns.iter().map(|key| (COLUMN, key.as_str())).collect();
    all.extend(c.genre.as_deref().map(|key| (GENRE, key)));
    all.extend(c.subject().into_iter().flat_map(|s| [(SUBJECT, s.key()), (SUBJECT_CLASS, &s.class.key)]));
    if let Some(interprets) = &s.interprets {
        all.extend(explained.iter().map(|id| (INTERPRETS, id.as_str())));
        all.push((FORM, interprets.form.key()));
    }
    all.extend(s.plan.iter().map(|plan| (INTERPRETATION_PLAN, plan.timing.key())));
    all.extend(entries.iter().map(|id| (ENTRY, id.as_str())));
    let review_from = s.review_from().map(|on| on.to_string());
    let review_called = s.review_called().map(|(on, _)| on.to_string());
    let reviewed: Vec<String> = s.reviews.iter().map(|r| r.on.to_string()).collect();
    all.extend(review_from.iter().map(|on| (REVIEW_FROM, on.as_str())));
    all.extend(review_called.iter().map(|on| (REVIEW_CALLED, on.as_str())));
    let scheduled = s.scheduled.map(minute);
    let missed = s.missed.as_ref().map(|(on, _)| on.to_string());
    all.extend(scheduled.iter().map(|at| (SCHEDULED, at.as_str())));
    all.extend(missed.iter().map(|on| (SCHEDULE_MISSED, on.as_str())));
    let filed = s.filed.as_ref().map(|(on, _)| on.to_string());
    all.extend(filed.iter().map(|on| (FILED, on.as_str())));
    all.extend(s.category.has_force().then(|| (TO_FILE, s.category.key())));
    all.extend(s.cleanups.iter().map(|c| (CLEANED, c.cleanup.as_str())));
    all.extend(reviewed.iter().map(|on| (REVIEWED, on.as_str())));
    // What was public since has met its term, also if it was taken down.
    let owed = s.publish_due_from().filter(|from| s.disclosed_on.is_none_or(|first| first < *from));
    let to_publish = owed.map(|on| on.to_string());
    all.extend(to_publish.iter().map(|on| (TO_PUBLISH, on.as_str())));
    let waits_since = s.waits_since().map(|on| on.to_string());
    all.extend(waits_since.iter().map(|on| (IMPORT_WAITING, on.as_str())));
    let before = s.imported.as_ref().and_then(|i| i.published_on).filter(|on| s.published_on() == Some(*on));
    let before = before.map(|on| on.to_string());
    all.extend(before.iter().map(|on| (PUBLISHED_BEFORE, on.as_str())));
    all.extend(valid_until.iter().map(|until| (VALID_UNTIL, until.as_str())));
    let first = of.first_disclosed_on.map(|on| on.to_string());
    all.extend(first.iter().map(|on| (FIRST_DISCLOSED, on.as_str())));
    all.sort_unstable();
    all.dedup();
    let day = |kind: &str| {
        if FROM_THE_FIRST.contains(&kind) { of.first_disclosed() } else { of.disclosed_on }
    };
    let row = |(kind, key): (&str, &str)| ClassRow {
        document: of.id,
        kind: kind.to_owned(),
        key: key.to_owned(),
        unit: of.unit,
        published_on: day(kind).filter(|_| is_public(of)),
    };
    all.into_iter().map(row).collect()
}

/// The classes a reader asks for, the narrowest first. A key that is none finds nothing.
pub(super) fn asked(ask: &PublicAsk) -> Vec<Class> {
    let subject = ask.subject.as_ref().map(|key| {
        let class = classification::subject_classes().iter().any(|c| c.key == *key);
        Class { kind: if class { SUBJECT_CLASS } else { SUBJECT }, key: key.clone() }
    });
    let genre = ask.genre.as_ref().map(|key| Class { kind: GENRE, key: key.clone() });
    subject.into_iter().chain(genre).collect()
}

/// Refuses a column that agencies of the level of the unit do not have (条例第二十一条).
pub(super) fn must_fit(c: &Classification, unit: &store::UnitRow) -> Result<()> {
    let Some(level) = Level::parse(&unit.level) else { return Ok(()) };
    let no: Vec<Refusal> = c
        .columns()
        .filter(|column| !column.fits(level))
        .map(|column| {
            let text = format!("“{}”不是{}机关的公开栏目，请另选栏目", column.label, level.label());
            Refusal::new("column-of-others", text, column.cite.clone())
        })
        .collect();
    if no.is_empty() { Ok(()) } else { Err(Error::Refused(no)) }
}
