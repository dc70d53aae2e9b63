//! Importing: the whole file is read and tried before anything stays.

use super::cell::{Bad, Cells, Column, arrange};
use super::kind::Kind;
use super::sheet::{Events, ID, OF_AGENCY, OF_NUMBER, REST, Sheet, events_of, person};
use super::table::{Table, read};
use crate::account::hex;
use crate::context::{Context, Permission};
use crate::dispute::Disputes;
use crate::document::Documents;
use crate::error::{Error, Result};
use crate::figure::YearFigures;
use crate::register::{Change, Register, Work};
use crate::request::Requests;
use crate::unit::{Tree, Units};
use crate::{Region, Service};
use jiff::civil::Date;
use law::docket::Recorded;
use law::docket::document::DocumentEvent;
use law::docket::request::RequestEvent;
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// What is to be done with good and bad rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMode {
    /// Try every row, keep none.
    DryRun,
    /// Keep every row, or none if one of them is bad.
    AllOrNothing,
    /// Keep the good rows.
    TakeGood,
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its number in the file; the headings are row 1.
    pub row: usize,
    /// The heading it is about; empty if it is about the row as a whole.
    pub column: String,
    /// One Chinese sentence.
    pub reason: String,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportOutcome {
    /// Rows of the file.
    pub rows: usize,
    /// Rows taken (for a dry run: that would be taken).
    pub taken: usize,
    /// Rows that were taken by an earlier import of the same file, or are in the register already.
    pub known: usize,
    /// Rows that cannot be taken, in the order of the file.
    pub bad: Vec<BadRow>,
}

/// A file ready to be tried.
struct Sheetful {
    kind: Kind,
    /// SM3 of the file.
    file: String,
    rows: Vec<(usize, Cells)>,
    /// Rows that are wrong before any of them is looked at closely.
    bad: Vec<BadRow>,
}

/// How a pass over the rows ended.
#[derive(Default)]
struct Pass {
    taken: usize,
    known: usize,
    bad: Vec<BadRow>,
}

/// Why a row was not taken.
enum Failure {
    /// The row is wrong; the next may be good.
    Row(Bad),
    /// Nothing can be written any more in this transaction.
    Broken(Error),
}

impl From<Bad> for Failure {
    fn from(bad: Bad) -> Self {
        Failure::Row(bad)
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        match e {
            Error::Store(_) | Error::Internal(_) => Failure::Broken(e),
            said => Failure::Row(Bad::new("", said.to_string())),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(e: store::Error) -> Self {
        Failure::from(Error::from(e))
    }
}

impl Service {
    /// Imports a file; `name` is what it is called, for the journal.
    ///
    /// # Errors
    /// [`Error::Invalid`] with one sentence if the file as a whole cannot be used; bad rows are no error.
    pub async fn import(
        &self,
        ctx: Context,
        kind: Kind,
        file: &[u8],
        name: &str,
        mode: ImportMode,
    ) -> Result<ImportOutcome> {
        ctx.actor.must(match kind {
            Kind::Units => Permission::ManageUnits,
            _ => Permission::EditRegisters,
        })?;
        let sheetful = Arc::new(prepare(kind, file)?);
        let rows = sheetful.rows.len() + sheetful.bad.len();
        let mut bad = sheetful.bad.clone();
        let name: String = name.chars().take(200).collect();
        loop {
            let skip: BTreeSet<usize> = bad.iter().map(|b| b.row).collect();
            let keep = match mode {
                ImportMode::DryRun => false,
                ImportMode::AllOrNothing => bad.is_empty(),
                ImportMode::TakeGood => true,
            };
            let pass = self.pass(ctx.clone(), sheetful.clone(), skip, keep, name.clone()).await?;
            let found = pass.bad.len();
            bad.extend(pass.bad);
            // Good rows are kept only by a pass that met no bad one: what a bad row wrote before it failed goes with it.
            if found > 0 && mode == ImportMode::TakeGood {
                continue;
            }
            bad.sort_by_key(|b| b.row);
            let kept = mode != ImportMode::AllOrNothing || bad.is_empty();
            return Ok(ImportOutcome {
                rows,
                taken: if kept { pass.taken } else { 0 },
                known: pass.known,
                bad,
            });
        }
    }

    /// Tries every row in one transaction; it is kept if wanted and if no row was bad.
    async fn pass(
        &self,
        mut ctx: Context,
        sheetful: Arc<Sheetful>,
        skip: BTreeSet<usize>,
        keep: bool,
        name: String,
    ) -> Result<Pass> {
        // Rows have keys of their own.
        ctx.key = None;
        let outcome = Arc::new(Mutex::new(Pass::default()));
        let told = outcome.clone();
        let done = self
            .verb(ctx, "import", move |mut work| {
                Box::pin(async move {
                    let pass = work.take_rows(&sheetful, &skip).await?;
                    let kept = keep && pass.bad.is_empty();
                    if kept && pass.taken > 0 {
                        let event = serde_json::json!({
                            "type": "imported", "register": sheetful.kind.key(), "file": sheetful.file,
                            "name": name, "rows": pass.taken,
                        });
                        work.note_access(event).await?;
                    }
                    if let Ok(mut told) = told.lock() {
                        *told = pass;
                    }
                    // An error rolls the transaction back.
                    if kept { Ok(()) } else { Err(Error::Invalid(String::new())) }
                })
            })
            .await;
        let pass = outcome.lock().map(|mut pass| std::mem::take(&mut *pass)).unwrap_or_default();
        match done {
            Ok(()) => Ok(pass),
            Err(Error::Invalid(nothing)) if nothing.is_empty() => Ok(pass),
            Err(e) => Err(e),
        }
    }
}

/// The headings of a register.
pub(super) fn columns(kind: Kind) -> Vec<Column> {
    let own = match kind {
        Kind::Units => Units::COLUMNS,
        Kind::Documents => Documents::COLUMNS,
        Kind::Requests => Requests::COLUMNS,
        Kind::Disputes => Disputes::COLUMNS,
        Kind::Figures => YearFigures::COLUMNS,
    };
    own.iter().copied().chain([REST, ID]).collect()
}

fn prepare(kind: Kind, file: &[u8]) -> Result<Sheetful> {
    let Table { headings, rows } = read(file)?;
    let wide = headings.len();
    let table = Table { headings, rows };
    let columns = columns(kind);
    let places = arrange(&table.headings, &columns, kind.label())?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (n, row) in &table.rows {
        let beyond = row.iter().skip(wide).any(|c| !c.is_empty());
        if row.len() < wide || beyond {
            let reason = format!("应有{wide}列，实有{}列，请核对是否缺少或者多出逗号", row.len());
            bad.push(BadRow { row: *n, column: String::new(), reason });
        } else {
            good.push((*n, Cells::of(&columns, &places, row)));
        }
    }
    if kind == Kind::Units {
        good = in_order(good);
    }
    let file = hex(&Sm3::digest(file));
    Ok(Sheetful { kind, file, rows: good, bad })
}

/// Units after those they name. Where rows name each other in a circle, the order of the file stays.
fn in_order(rows: Vec<(usize, Cells)>) -> Vec<(usize, Cells)> {
    use super::sheet::{NAMES, REFERENCES};
    let mut waiting = rows;
    let mut ordered = Vec::with_capacity(waiting.len());
    loop {
        let names: BTreeSet<(usize, String)> =
            waiting.iter().flat_map(|(n, cells)| NAMES.map(|c| (*n, cells.text(c).to_owned()))).collect();
        let free = |(n, cells): &(usize, Cells)| {
            REFERENCES.iter().all(|c| {
                let named = cells.text(c);
                named.is_empty() || !names.iter().any(|(other, name)| other != n && name == named)
            })
        };
        let (next, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(free);
        let stuck = next.is_empty();
        ordered.extend(next);
        if stuck || rest.is_empty() {
            ordered.extend(rest);
            return ordered;
        }
        waiting = rest;
    }
}

impl Work<'_> {
    async fn take_rows(&mut self, sheetful: &Sheetful, skip: &BTreeSet<usize>) -> Result<Pass> {
        let mut pass = Pass::default();
        let mut tree = Tree::read(self.tx, self.region).await?;
        let reach = tree.reach(&self.ctx.actor);
        if sheetful.kind == Kind::Requests {
            self.reserve_numbers(sheetful, skip, &tree).await?;
        }
        for (row, cells) in sheetful.rows.iter().filter(|(row, _)| !skip.contains(row)) {
            let key = format!("import/{}/{}/{row}", sheetful.kind.key(), sheetful.file);
            if self.tx.command(self.region, &key).await?.is_some() {
                pass.known += 1;
                continue;
            }
            let taken = match sheetful.kind {
                Kind::Units => self.take_row::<Units>(cells, &tree, &None).await,
                Kind::Documents => self.take_row::<Documents>(cells, &tree, &reach).await,
                Kind::Requests => self.take_row::<Requests>(cells, &tree, &reach).await,
                Kind::Disputes => self.take_row::<Disputes>(cells, &tree, &reach).await,
                Kind::Figures => self.take_row::<YearFigures>(cells, &tree, &reach).await,
            };
            match taken {
                Ok(true) => {
                    pass.taken += 1;
                    self.tx.put_command(self.region, &key, self.ctx.at, "null").await?;
                    if sheetful.kind == Kind::Units {
                        tree = Tree::read(self.tx, self.region).await?;
                    }
                }
                Ok(false) => pass.known += 1,
                Err(Failure::Row(bad)) => {
                    pass.bad.push(BadRow { row: *row, column: bad.column, reason: bad.reason });
                }
                Err(Failure::Broken(e)) => return Err(e),
            }
        }
        Ok(pass)
    }

    /// Takes a row; `false` if its docket is there already.
    async fn take_row<S: Imported>(
        &mut self,
        cells: &Cells,
        tree: &Tree,
        reach: &Option<Vec<Uuid>>,
    ) -> std::result::Result<bool, Failure> {
        let id = match cells.text(ID.name) {
            "" => self.ctx.new_id(),
            text => {
                let no_id = |_| Bad::new(ID.name, "标识应为从本系统导出的编号，手工填表请留空");
                let id = Uuid::parse_str(text).map_err(no_id)?;
                match self.tx.docket(self.region, id).await?.first() {
                    Some(entry) if entry.subject_kind == S::KIND => return Ok(false),
                    Some(_) => return Err(Bad::new(ID.name, "这个标识已用于其他登记簿，请清空这一格").into()),
                    None => id,
                }
            }
        };
        let cells = S::look_up(self, cells, tree).await?;
        let mut events = events_of::<S>(&cells, tree)?;
        S::before(self, id, &cells, &mut events).await?;
        let unit = S::fold(&numbered(&events)).as_ref().and_then(S::unit);
        if let (Some(unit), Some(reach)) = (unit, reach)
            && !reach.contains(&unit)
        {
            return Err(Bad::new("", "这一行属于其他单位，您的账号只能登记本单位及下级单位的事项").into());
        }
        let changes = events.into_iter().map(|(on, event)| Change::event(on, event)).collect();
        self.begin::<S>(id, changes).await?;
        Ok(true)
    }
}

/// What a register's import does beside recording the events of a row.
trait Imported: Sheet {
    /// Replaces what a cell names by its id, where the name is looked up in the store.
    async fn look_up(_: &mut Work<'_>, cells: &Cells, _: &Tree) -> std::result::Result<Cells, Failure> {
        Ok(cells.clone())
    }

    /// Before anything is recorded.
    async fn before(
        _: &mut Work<'_>,
        _: Uuid,
        _: &Cells,
        _: &mut Events<Self::Event>,
    ) -> std::result::Result<(), Failure> {
        Ok(())
    }
}

impl Imported for Units {
    async fn before(
        work: &mut Work<'_>,
        _: Uuid,
        cells: &Cells,
        _: &mut Events<Self::Event>,
    ) -> std::result::Result<(), Failure> {
        let code = cells.text("代码");
        match work.tx.unit_by_code(work.region, code).await? {
            Some(_) => {
                Err(Bad::new("代码", format!("代码“{code}”已被其他机关使用，请核对是否重复登记")).into())
            }
            None => Ok(()),
        }
    }
}

impl Imported for Documents {
    async fn before(
        work: &mut Work<'_>,
        _: Uuid,
        _: &Cells,
        events: &mut Events<DocumentEvent>,
    ) -> std::result::Result<(), Failure> {
        if let Some((_, DocumentEvent::Made { number: Some(number), .. })) = events.first()
            && work.tx.document_by_number(work.region, number).await?.is_some()
        {
            let reason = format!("发文字号“{number}”已经登记过，请核对是否重复登记");
            return Err(Bad::new("发文字号", reason).into());
        }
        Ok(())
    }
}

impl Imported for Requests {
    async fn before(
        work: &mut Work<'_>,
        id: Uuid,
        cells: &Cells,
        events: &mut Events<RequestEvent>,
    ) -> std::result::Result<(), Failure> {
        let number = events.iter().find_map(|(_, e)| match e {
            RequestEvent::Registered { number } => Some(number.clone()),
            _ => None,
        });
        let Some((_, RequestEvent::Arrived { addressee, applicant, .. })) = events.first_mut() else {
            return Ok(());
        };
        let agency = Uuid::parse_str(addressee).unwrap_or_default();
        if let Some(person) = person(cells) {
            *applicant = Some(work.seal(id, &person).await?.to_string());
        }
        let Some(number) = number else { return number_as_received(work, agency, events).await };
        if work.tx.request_by_number(work.region, agency, &number).await?.is_some() {
            let reason = format!("申请编号“{number}”已经登记过，请核对是否重复登记");
            return Err(Bad::new("申请编号", reason).into());
        }
        Ok(())
    }
}

/// A request without number gets one at the moment at which it is received in law, as at the counter.
async fn number_as_received(
    work: &mut Work<'_>,
    agency: Uuid,
    events: &mut Events<RequestEvent>,
) -> std::result::Result<(), Failure> {
    let docket: Vec<_> = numbered(events);
    let received = (1..=docket.len()).find_map(|n| {
        let on = Requests::fold(&docket[..n]).and_then(|s| s.received_on)?;
        Some((n, on))
    });
    if let Some((n, on)) = received {
        let number = work.next_request_number(agency, on).await?;
        events.insert(n, (on, RequestEvent::Registered { number }));
    }
    Ok(())
}

/// Events as a docket that is still to be recorded.
fn numbered<E: Clone>(events: &[(Date, E)]) -> Vec<Recorded<E>> {
    (1..).zip(events).map(|(n, (on, event))| Recorded::new(n, *on, event.clone())).collect()
}

/// The year and the counter of a number of this system's own form; others are kept as they are.
fn own_number(number: &str) -> Option<(i16, i64)> {
    let (year, n) = number.split_once('-')?;
    let (year, n) = (year.parse().ok()?, n.parse().ok()?);
    (format!("{year}-{n:05}") == number && n <= 99_999).then_some((year, n))
}

impl Work<'_> {
    /// Numbers that are given from now on go on after the highest in the file.
    async fn reserve_numbers(
        &mut self,
        sheetful: &Sheetful,
        skip: &BTreeSet<usize>,
        tree: &Tree,
    ) -> Result<()> {
        let mut highest: BTreeMap<(Uuid, i16), i64> = BTreeMap::new();
        for (_, cells) in sheetful.rows.iter().filter(|(row, _)| !skip.contains(row)) {
            let agency = tree.find(cells.text("受理机关"));
            if let (Ok(agency), Some((year, n))) = (agency, own_number(cells.text("申请编号"))) {
                let highest = highest.entry((agency.id, year)).or_default();
                *highest = n.max(*highest);
            }
        }
        for ((agency, year), highest) in highest {
            // A number that is in the register was given or reserved before.
            let number = format!("{year}-{highest:05}");
            if self.tx.request_by_number(self.region, agency, &number).await?.is_none() {
                while self.tx.next_number(self.region, agency, year, "request").await? < highest {}
            }
        }
        Ok(())
    }
}

impl Imported for Disputes {
    async fn look_up(work: &mut Work<'_>, cells: &Cells, tree: &Tree) -> std::result::Result<Cells, Failure> {
        let mut cells = cells.clone();
        let named = cells.text(OF_NUMBER).to_owned();
        if named.is_empty() {
            cells.alone(OF_NUMBER, &[OF_AGENCY])?;
            return Ok(cells);
        }
        let region: Region = work.region;
        let found = match Uuid::parse_str(&named) {
            Ok(id) => work.tx.request(region, id).await?,
            Err(_) => {
                let agency = cells.must(OF_AGENCY)?;
                let agency = tree.find(&agency).map_err(|e| Bad::new(OF_AGENCY, e.to_string()))?.id;
                work.tx.request_by_number(region, agency, &named).await?
            }
        };
        let found = found.ok_or_else(|| {
            Bad::new(
                OF_NUMBER,
                format!("没有找到编号为“{named}”的申请，请先导入申请，或者核对受理机关和编号"),
            )
        })?;
        cells.put(OF_NUMBER, found.id.to_string());
        Ok(cells)
    }
}

impl Imported for YearFigures {}
