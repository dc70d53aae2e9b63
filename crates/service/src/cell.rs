//! The drill-down: the records behind a cell or a fact.

use crate::context::{Context, Permission};
use crate::dispute::Disputes;
use crate::document::{Documents, non_text};
use crate::error::Result;
use crate::figure::YearFigures;
use crate::ledger::{Later, ledger, units_of};
use crate::register::{Register, decode, recorded};
use crate::report::{ReportAsk, sum, tree};
use crate::request::Requests;
use crate::{Error, Service};
use jiff::civil::Date;
use law::Amount;
use law::applicant::ApplicantClass;
use law::docket::Tally;
use law::docket::report::Scope;
use law::form::count::{Parts, Source};
use law::form::{Form, fact};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{DisputeFilter, DocumentFilter, FigureFilter, RequestFilter, Tx};
use uuid::Uuid;

/// At most so many records are listed for one cell; the value is always complete.
pub const MOST_RECORDS: i64 = 1000;

/// A cell or fact with the records behind it.
#[derive(Debug, Clone, Serialize)]
pub struct CellRecords {
    /// Cell or fact id.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its value.
    pub value: Amount,
    /// For a total: the cells it adds up.
    pub parts: Vec<CellPart>,
    /// Of a government's report: the units whose accepted reports are in it, with how much each gave. The records are
    /// those of the government itself.
    pub units: Vec<CellUnit>,
    /// The records.
    pub records: Vec<CellRecord>,
    /// True if there are more than are listed.
    pub truncated: bool,
}

/// A cell that a total adds up.
#[derive(Debug, Clone, Serialize)]
pub struct CellPart {
    /// Cell id.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its value.
    pub value: Amount,
}

/// A unit behind a cell of a government's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellUnit {
    /// Docket id.
    pub unit: Uuid,
    /// Short word of the unit.
    pub code: String,
    /// Short name.
    pub name: String,
    /// How much it gave.
    pub value: Amount,
    /// True if its report left the cell blank.
    pub blank: bool,
}

/// One record behind a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellRecord {
    /// Register: `request`, `document`, `dispute` or `figure`.
    pub kind: &'static str,
    /// Docket id.
    pub id: Uuid,
    /// Number, where it has one.
    pub number: Option<String>,
    /// What it is.
    pub title: String,
    /// The legal date by which it counts.
    pub on: Date,
    /// How much it adds.
    pub contributes: Amount,
}

impl Service {
    /// The records behind a cell of a report, or behind a fact of its text.
    pub async fn report_cell(&self, ctx: &Context, ask: &ReportAsk, name: &str) -> Result<CellRecords> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let form = Form::for_year(ask.year)?;
        let is_cell = form.cell(name).is_ok();
        let registered = fact::Registry::builtin().fact(name);
        if !is_cell && registered.is_none() {
            form.cell(name)?;
        }
        let mut tx = self.look().await?;
        self.must_see_report(&mut tx, ctx, ask.unit, ask.scope).await?;
        let later = Later::read(&mut tx, self.region, ask.as_of).await?;
        let tree = tree(&mut tx, self.region, later.as_ref()).await?;
        tree.get(ask.unit)?;
        // A cell of a government's report adds up reports, not the registers of those who made them.
        let sum = match ask.scope {
            Scope::Government if is_cell => {
                Some(sum::of(&mut tx, self.region, &tree, ask, later.as_ref()).await?)
            }
            _ => None,
        };
        let scope = if sum.is_some() { Scope::Own } else { ask.scope };
        let units = units_of(&tree, ask.unit, ask.year, scope);
        let ledger = ledger(&mut tx, self.region, &units, ask.year, later.as_ref()).await?;
        let figures = match &sum {
            Some(sum) => sum.figures(form, ask.year),
            None => form.count(&ledger, ask.year),
        };
        let mut behind = Vec::new();
        for share in sum.iter().flat_map(|s| s.behind(form, ask.year, name)) {
            let Some(id) = share.unit.as_deref().and_then(|u| Uuid::parse_str(u).ok()) else { continue };
            let (code, name) = (tree.get(id)?.code.clone(), share.name);
            behind.push(CellUnit { unit: id, code, name, value: share.value, blank: share.blank });
        }
        let (label, value, sources, parts) = if is_cell {
            let parts = match form.parts(name) {
                Some(Parts::Sum(cells)) => cells
                    .iter()
                    .map(|id| CellPart { name: form.name_of(id), value: figures.value(id), id: id.clone() })
                    .collect(),
                _ => Vec::new(),
            };
            (form.name_of(name), figures.value(name), form.sources(name)?, parts)
        } else {
            let days = self.calendar.working_days_in(ask.year);
            let facts = fact::facts(&ledger, form, &figures, ask.year, days);
            let label = registered.map_or_else(|| name.to_owned(), |f| f.label.clone());
            let value = facts
                .get(name)
                .copied()
                .ok_or_else(|| Error::NotFound(format!("指标“{label}”在{}年没有数据，请先填报", ask.year)))?;
            (label, value, fact::sources(form, name), Vec::new())
        };
        let sources = netted(sources);
        let mut found = Found { units, records: Vec::new(), seen: BTreeSet::new() };
        for question in questions(&sources, ask.year) {
            found.collect(&mut tx, self.region, &question).await?;
        }
        if let Some(later) = &later {
            found.go_back(&mut tx, self.region, later, &sources, ask.year).await?;
        }
        let mut records = found.records;
        records.sort_by(|a, b| a.on.cmp(&b.on).then_with(|| a.id.cmp(&b.id)));
        let most = usize::try_from(MOST_RECORDS).unwrap_or(usize::MAX);
        let truncated = records.len() > most;
        records.truncate(most);
        Ok(CellRecords { id: name.to_owned(), name: label, value, parts, units: behind, records, truncated })
    }
}

/// Without what is added and taken off again: a difference opens only the records that make it.
fn netted(sources: Vec<Source>) -> Vec<Source> {
    let opposite = |s: &Source| Source { negative: !s.negative, ..s.clone() };
    sources.iter().filter(|s| !sources.contains(&opposite(s))).cloned().collect()
}

/// A question to one register.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Question {
    Requests(RequestKind, Option<ApplicantClass>),
    Documents { which: String, category: Option<String>, year: i16, stock: bool },
    Disputes { block: String, group: Option<String>, year: i16 },
    Figures { key: String, year: i16, negative: bool },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum RequestKind {
    Received(i16),
    OpenAtEndOf(i16),
    Result(i16, String),
}

/// The questions that answer the sources; six classes of applicant asked for together are one question.
fn questions(sources: &[Source], year: i16) -> Vec<Question> {
    let mut asked = Vec::new();
    let mut requests: BTreeMap<RequestKind, BTreeSet<ApplicantClass>> = BTreeMap::new();
    for source in sources {
        let at = year + source.through.unwrap_or(0);
        let words: Vec<&str> = source.key.split('.').collect();
        let class = |word: &str| ApplicantClass::parse(word);
        match words.as_slice() {
            ["request", "received", c] => {
                requests.entry(RequestKind::Received(at)).or_default().extend(class(c));
            }
            ["request", "open", c] => {
                requests.entry(RequestKind::OpenAtEndOf(at)).or_default().extend(class(c));
            }
            ["request", "result", row, c] => {
                requests.entry(RequestKind::Result(at, (*row).to_owned())).or_default().extend(class(c));
            }
            ["document", "disclosed", whose] => asked.push(Question::Documents {
                which: format!("disclosed.{whose}"),
                category: None,
                year: at,
                stock: source.through.is_some(),
            }),
            ["document", category, which] => asked.push(Question::Documents {
                which: (*which).to_owned(),
                category: Some((*category).to_owned()),
                year: at,
                stock: source.through.is_some(),
            }),
            ["dispute", block, "open"] => {
                asked.push(Question::Disputes { block: (*block).to_owned(), group: None, year: at });
            }
            ["dispute", block, group] => asked.push(Question::Disputes {
                block: (*block).to_owned(),
                group: Some((*group).to_owned()),
                year: at,
            }),
            ["figure", ..] => asked.push(Question::Figures {
                key: words[1..].join("."),
                year: at,
                negative: source.negative,
            }),
            _ => {}
        }
    }
    for (kind, classes) in requests {
        if classes.len() == ApplicantClass::ALL.len() {
            asked.push(Question::Requests(kind, None));
        } else {
            asked.extend(classes.into_iter().map(|c| Question::Requests(kind.clone(), Some(c))));
        }
    }
    asked
}

struct Found {
    units: Vec<Uuid>,
    records: Vec<CellRecord>,
    seen: BTreeSet<(Uuid, String)>,
}

impl Found {
    async fn collect(&mut self, tx: &mut Tx, region: store::Region, question: &Question) -> Result<()> {
        let limit = MOST_RECORDS + 1;
        let units = Some(self.units.clone());
        match question {
            Question::Requests(kind, class) => {
                let mut filter = RequestFilter {
                    units,
                    class: class.map(|c| c.key().to_owned()),
                    ..RequestFilter::default()
                };
                match kind {
                    RequestKind::Received(year) => filter.received_in = Some(*year),
                    RequestKind::OpenAtEndOf(year) => filter.open_at_end_of = Some(*year),
                    RequestKind::Result(year, row) => {
                        filter.finished_in = Some(*year);
                        filter.row = Some(row.clone());
                    }
                }
                for r in tx.requests(region, &filter, None, limit).await? {
                    let on = match kind {
                        RequestKind::Result(..) => r.finished_on,
                        _ => r.received_on,
                    };
                    self.add(
                        "request",
                        r.id,
                        r.number,
                        r.subject,
                        on.unwrap_or(r.arrived_on),
                        Amount::whole(1),
                    );
                }
            }
            Question::Documents { which, category, year, stock } => {
                self.documents(tx, region, which, category.clone(), *year, *stock, limit).await?;
            }
            Question::Disputes { block, group, year } => {
                let mut filter = DisputeFilter {
                    units,
                    block: Some(block.clone()),
                    outcome_group: group.clone(),
                    ..DisputeFilter::default()
                };
                match group {
                    Some(_) => filter.decided_in = Some(*year),
                    None => filter.open_at_end_of = Some(*year),
                }
                for d in tx.disputes(region, &filter, None, limit).await? {
                    let on = if group.is_some() { d.decided_on.unwrap_or(d.filed_on) } else { d.filed_on };
                    self.add("dispute", d.id, Some(d.number), d.body, on, Amount::whole(1));
                }
            }
            Question::Figures { key, year, negative } => {
                let filter =
                    FigureFilter { units, year: Some(*year), key: Some(key.clone()), standing: true };
                let label =
                    fact::Registry::builtin().figure(key).map_or_else(|| key.clone(), |f| f.label.clone());
                for f in tx.figures(region, &filter, None, limit).await? {
                    let title = format!("{label}（{}）", f.source);
                    let on = Date::constant(f.year, 12, 31);
                    let amount = Amount::from_micros(f.amount_micros);
                    self.add("figure", f.id, None, title, on, if *negative { -amount } else { amount });
                }
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one question, taken apart")]
    async fn documents(
        &mut self,
        tx: &mut Tx,
        region: store::Region,
        which: &str,
        category: Option<String>,
        year: i16,
        stock: bool,
        limit: i64,
    ) -> Result<()> {
        let end = Date::constant(year, 12, 31);
        let mut filter =
            DocumentFilter { units: Some(self.units.clone()), category, ..DocumentFilter::default() };
        // What is no document is asked for by its name only.
        filter.only_documents = filter.category.is_none();
        match (which, stock) {
            ("made", _) => filter.made_in = Some(year),
            ("repealed" | "lapsed", _) => filter.ended_in = Some(year),
            ("in_force", _) => filter.in_force_on = Some(end),
            ("public", _) => filter.public_at_end_of = Some(year),
            _ => filter.first_disclosed_in = Some(year),
        }
        let mut rows = tx.documents(region, &filter, None, limit).await?;
        if which == "public" {
            // The row knows the last withdrawal only; what was taken down and published again since is looked up.
            let ids: Vec<Uuid> = rows.iter().map(|d| d.id).collect();
            let entries = tx.dockets(region, &ids).await?;
            let was_public = |docket: &[store::Entry]| -> Result<bool> {
                let standing = Documents::fold(&recorded(&decode(docket)?));
                let until = |s: law::docket::document::Standing| {
                    s.publications.into_iter().rfind(|(on, _)| *on <= end).is_some_and(|(_, public)| public)
                };
                Ok(standing.is_some_and(until))
            };
            let mut then = BTreeSet::new();
            for docket in entries.chunk_by(|a, b| a.subject == b.subject) {
                if was_public(docket)? {
                    then.extend(docket.first().map(|e| e.subject));
                }
            }
            rows.retain(|d| then.contains(&d.id));
        }
        if which == "non_text" {
            let ids: Vec<Uuid> = rows.iter().map(|d| d.id).collect();
            let non_text = non_text(tx, region, &ids).await?;
            rows.retain(|d| non_text.contains(&d.id));
        }
        for d in rows {
            let own = d.maker == d.unit.to_string();
            let belongs = match which {
                "disclosed.own" => own,
                "disclosed.for_others" => !own,
                "repealed" | "lapsed" => d.ending.as_deref() == Some(which),
                // A document without a force of its own is never in force.
                "in_force" => d.in_force_on.is_some(),
                _ => true,
            };
            if belongs {
                let on = match which {
                    "made" => Some(d.made_on),
                    "repealed" | "lapsed" => d.ended_on,
                    "in_force" => d.in_force_on,
                    _ => d.first_disclosed(),
                };
                self.add("document", d.id, d.number, d.title, on.unwrap_or(d.made_on), Amount::whole(1));
            }
        }
        Ok(())
    }

    /// Replaces the records of dockets that changed later by what they contributed at the instant asked for.
    async fn go_back(
        &mut self,
        tx: &mut Tx,
        region: store::Region,
        later: &Later,
        sources: &[Source],
        year: i16,
    ) -> Result<()> {
        self.then::<Requests>(tx, region, later, sources, year, |s, key| {
            let on = if key.starts_with("request.result.") { s.finished_on } else { s.received_on };
            (s.number.clone(), s.subject.clone(), on.unwrap_or(s.arrived_on))
        })
        .await?;
        self.then::<Documents>(tx, region, later, sources, year, |s, key| {
            let on = match key.rsplit('.').next() {
                Some("made") => None,
                Some("in_force") => s.in_force_on,
                Some("repealed" | "lapsed") => s.ended_on,
                _ => s.disclosed_on,
            };
            (s.number.clone(), s.title.clone(), on.unwrap_or(s.made_on))
        })
        .await?;
        self.then::<Disputes>(tx, region, later, sources, year, |s, key| {
            let on = if key.ends_with(".open") { None } else { s.closed_on };
            (Some(s.number.clone()), s.body.clone(), on.unwrap_or(s.filed_on))
        })
        .await?;
        self.then::<YearFigures>(tx, region, later, sources, year, |s, _| {
            let label = fact::Registry::builtin().figure(&s.key).map_or(s.key.as_str(), |f| f.label.as_str());
            (None, format!("{label}（{}）", s.source), Date::constant(s.year, 12, 31))
        })
        .await
    }

    async fn then<R: Register>(
        &mut self,
        tx: &mut Tx,
        region: store::Region,
        later: &Later,
        sources: &[Source],
        year: i16,
        describe: impl Fn(&R::Standing, &str) -> (Option<String>, String, Date),
    ) -> Result<()> {
        for id in later.of(R::KIND) {
            self.records.retain(|r| r.id != id);
            let Some(standing) = R::fold(&later.known::<R>(tx, region, id).await?) else { continue };
            if R::unit(&standing).is_none_or(|u| !self.units.contains(&u)) {
                continue;
            }
            let counted = |t: &Tally| {
                sources.iter().find(|s| {
                    s.key == t.key && s.through.map_or(t.year == year, |offset| t.year <= year + offset)
                })
            };
            let mut sum = Amount::ZERO;
            let mut because = None;
            for tally in R::tallies(&standing) {
                if let Some(source) = counted(&tally) {
                    let n = Amount::from_micros(tally.n);
                    sum = if source.negative { sum - n } else { sum + n };
                    because = Some(tally.key);
                }
            }
            if let Some(key) = because
                && (!sum.is_zero() || R::KIND == YearFigures::KIND)
            {
                let (number, title, on) = describe(&standing, &key);
                self.records.push(CellRecord { kind: R::KIND, id, number, title, on, contributes: sum });
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        kind: &'static str,
        id: Uuid,
        number: Option<String>,
        title: String,
        on: Date,
        contributes: Amount,
    ) {
        if self.seen.insert((id, kind.to_owned())) {
            self.records.push(CellRecord { kind, id, number, title, on, contributes });
        }
    }
}
