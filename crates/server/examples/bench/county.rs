//! A county with many request dockets, made through the service and kept for the next run.

use crate::request::{Rows, UNITS, received_in};
use crate::table::{Table, grouped};
use crate::{Outcome, clock};
use jiff::{Timestamp, ToSpan};
use law::docket::unit::{Level, UnitKind};
use service::transfer::{ImportMode, Kind};
use service::unit::NewUnit;
use service::{Actor, Context, Location, Region, Service};
use sm3::{Digest, Sm3};
use std::path::{Path, PathBuf};

/// Raised whenever the dockets of [`crate::request`] change: stores of other versions are made anew.
const VERSION: u32 = 1;
/// Dockets taken in one transaction.
const CHUNK: u32 = 20_000;
/// Dockets in the last transaction: they hold a little more than a thousand entries.
const LAST: u32 = 250;
/// The year reported on.
const YEAR: i16 = 2021;
/// When the first chunk is recorded; each following one a minute later.
const FIRST: &str = "2022-03-01T01:00:00Z";

/// The circumstances of the operator's `n`th verb.
pub fn operator(at: Timestamp, n: u64) -> Context {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    Context::new(at, Actor::Operator, seed)
}

/// The unit whose report is built, among [`UNITS`].
const OFFICE: usize = 1;

/// A government, or a unit of it.
pub fn unit(code: &str, name: &str, government: Option<uuid::Uuid>) -> NewUnit {
    let kind = match (government, code) {
        (None, _) => UnitKind::Government,
        (_, "office") => UnitKind::Office,
        (_, code) if code.starts_with("town") => UnitKind::Township,
        _ => UnitKind::Department,
    };
    NewUnit {
        code: code.into(),
        name: name.into(),
        short_name: name.into(),
        kind,
        level: if kind == UnitKind::Township { Level::Township } else { Level::County },
        parent: government,
        consolidates_into: government,
    }
}

/// The store.
pub struct County {
    pub folder: PathBuf,
    pub dockets: u32,
    /// The instant of the last chunk but one.
    pub before_last: Timestamp,
    /// Dockets of the last chunk.
    last: u32,
    /// Entries of the last chunk.
    pub last_entries: usize,
}

impl County {
    /// Opens the store with so many dockets, or makes it.
    pub async fn open_or_make(base: &Path, dockets: u32, table: &mut Table) -> Outcome<County> {
        let folder = base.join(format!("requests-{dockets}-{VERSION}-{}", schema()?));
        let last = LAST.min(dockets / 2);
        let chunks: Vec<(u32, u32)> = (0..dockets - last)
            .step_by(CHUNK as usize)
            .map(|from| (from, (from + CHUNK).min(dockets - last)))
            .chain([(dockets - last, dockets)])
            .collect();
        let recorded = |chunk: usize| -> Outcome<Timestamp> {
            Ok(FIRST.parse::<Timestamp>()?.checked_add((chunk as i64).minutes())?)
        };
        let mut county = County {
            before_last: recorded(chunks.len().saturating_sub(2))?,
            last_entries: Rows::new(dockets).table(dockets - last, dockets).1,
            last,
            dockets,
            folder,
        };
        if !county.folder.is_dir() {
            county.remove_others(base)?;
            let unfinished = county.folder.with_extension("unfinished");
            let began = clock();
            let times = make(&unfinished, &chunks, recorded, dockets).await?;
            let seconds = began.elapsed().as_secs_f64();
            std::fs::rename(&unfinished, &county.folder)?;
            let ends = |all: &[f64]| all.iter().sum::<f64>() / all.len().max(1) as f64;
            let tenth = (times.len() / 10).max(1);
            table.told(
                &format!("import of {} dockets", grouped(f64::from(dockets))),
                format!("{} dockets/s", grouped(f64::from(dockets) / seconds)),
                format!(
                    "{seconds:.0} s through the import verb, CSV tables of {CHUNK} rows all or nothing; {:.2} s a table in \
                     the first tenth, {:.2} s in the last",
                    ends(&times[..tenth]),
                    ends(&times[times.len().saturating_sub(tenth + 1)..times.len() - 1]),
                ),
            );
        }
        county.folder = county.folder.canonicalize()?;
        Ok(county)
    }

    /// Stores of other versions would fill the disk.
    fn remove_others(&self, base: &Path) -> Outcome {
        let prefix = format!("requests-{}-", self.dockets);
        for entry in std::fs::read_dir(base)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// Opens it in this process.
    pub async fn open(&self) -> Outcome<Service> {
        Ok(Service::open(&Location::Folder(self.folder.clone())).await?)
    }

    /// Arguments that name its office's report of the last year. A government's report adds up what units filed; what
    /// costs with many dockets is the report of one unit.
    pub fn report(&self) -> [String; 6] {
        let (folder, year) = (self.folder.display().to_string(), YEAR.to_string());
        ["--data", &folder, "--unit", UNITS[OFFICE].0, "--year", &year].map(str::to_owned)
    }

    /// New requests of that year and unit, as they were made; without those of the last chunk, or with them.
    pub fn received(&self, without_last: bool) -> u64 {
        let count = if without_last { self.dockets - self.last } else { self.dockets };
        received_in(YEAR, OFFICE, count, self.dockets)
    }

    /// Size of its database in bytes.
    pub fn size(&self) -> Outcome<u64> {
        Ok(std::fs::metadata(self.folder.join("gongkai.db"))?.len())
    }
}

/// Eight digits that change with the migrations, whose released ones are never changed.
fn schema() -> Outcome<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/migrations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|f| f.path()).collect();
    files.sort();
    let mut all = Sm3::new();
    for file in files {
        all.update(std::fs::read(file)?);
    }
    Ok(all.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect())
}

/// Makes a store; how many seconds each chunk took.
async fn make(
    folder: &Path,
    chunks: &[(u32, u32)],
    recorded: impl Fn(usize) -> Outcome<Timestamp>,
    dockets: u32,
) -> Outcome<Vec<f64>> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let start = recorded(0)?;
    let at = Location::Folder(folder.to_owned());
    let service = Service::init(&at, Region(990_101), "样本市", [1; 32], start).await?;
    let mut government = None;
    for (n, (code, name)) in (0..).zip(UNITS) {
        let ctx = operator(start, 1_000_000 + n);
        let made =
            service.establish_unit(ctx, jiff::civil::date(2010, 1, 1), unit(code, name, government)).await?;
        government = government.or(Some(made));
    }
    let mut rows = Rows::new(dockets);
    let mut times = Vec::new();
    for (n, (from, to)) in chunks.iter().enumerate() {
        let (file, _) = rows.table(*from, *to);
        let began = clock();
        let ctx = operator(recorded(n)?, n as u64);
        let done =
            service.import(ctx, Kind::Requests, file.as_bytes(), "样本", ImportMode::AllOrNothing).await?;
        if let Some(bad) = done.bad.first() {
            return Err(format!("row {} {}: {}", bad.row, bad.column, bad.reason).into());
        }
        times.push(began.elapsed().as_secs_f64());
        eprintln!("{to} of {dockets} dockets, {:.1} s for the last {}", times[n], to - from);
    }
    service.close().await;
    Ok(times)
}
