//! `import documents LIST --files DIR`: old documents with their files, however many.
//!
//! The list is read row by row and a few rows are in memory at a time. Stopped, the same command goes on where it was: what is
//! in the register is known by its numbers, or by what it says.

use super::{Ended, Failure, Hands, Outcome, print_line, read_file};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use law::docket::document::Category;
use service::Service;
use service::transfer::batch::{Archive, Batch, Folder, Reading, RowOutcome, RowState, ToTake, plain_path};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows after which a log that is no terminal says how far it is.
const SAID_EVERY: usize = 1_000;

/// What the arguments say.
#[derive(Debug)]
pub struct Asked<'a> {
    pub list: &'a Path,
    pub files: &'a Path,
    pub unit: Option<&'a str>,
    pub category: Option<Category>,
    pub dry_run: bool,
    pub take_good: bool,
}

/// The category of this key or label.
pub fn category(text: &str) -> Result<Category, String> {
    let found = Category::ENTERED.into_iter().find(|c| c.key() == text || c.label() == text);
    found.ok_or_else(|| {
        let all = Category::ENTERED.map(|c| format!("{}（{}）", c.key(), c.label())).join("、");
        format!("没有公文类别“{text}”，可以填写：{all}")
    })
}

/// A folder of the machine, by its own path without links.
struct OnDisk(PathBuf);

impl Folder for OnDisk {
    fn read(&self, name: &str, most: u64) -> Reading {
        let Some(name) = plain_path(name) else { return Reading::Missing };
        let unreadable = |_| Reading::Unreadable("没有权限读取，或者磁盘出错，请检查后重试".into());
        // A link may lead out of the folder, and what is no file may never end.
        let path = match self.0.join(name).canonicalize() {
            Ok(path) if path.starts_with(&self.0) && path.is_file() => path,
            Ok(_) => return Reading::Missing,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Reading::Missing,
            Err(e) => return unreadable(e),
        };
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(e) => return unreadable(e),
        };
        let mut content = Vec::new();
        match file.take(most + 1).read_to_end(&mut content) {
            Ok(_) if content.len() as u64 > most => Reading::TooLarge,
            Ok(_) => Reading::Content(content),
            Err(e) => unreadable(e),
        }
    }
}

fn folder(at: &Path) -> Result<Arc<dyn Folder>, Failure> {
    if at.is_dir() {
        let path = at.canonicalize().map_err(|e| Failure(format!("不能打开目录 {}：{e}", at.display())))?;
        return Ok(Arc::new(OnDisk(path)));
    }
    if at.is_file() {
        return Ok(Arc::new(Archive::open(read_file(at)?)?));
    }
    Err(Failure(format!("没有找到存放文件的目录 {}，请核对路径", at.display())))
}

/// How many rows came to what, and how far it is.
struct Tally {
    all: BTreeMap<RowState, usize>,
    bar: ProgressBar,
    rows: usize,
}

impl Tally {
    fn new(what: &'static str, rows: usize) -> Tally {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} 还需{eta}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar =
            ProgressBar::with_draw_target(Some(rows as u64), target).with_style(style).with_message(what);
        Tally { all: BTreeMap::new(), bar, rows }
    }

    fn done(&self) -> usize {
        self.all.values().sum()
    }

    fn count(&mut self, row: &RowOutcome) {
        *self.all.entry(row.state).or_default() += 1;
        self.bar.inc(1);
        if self.bar.is_hidden() && self.done().is_multiple_of(SAID_EVERY) {
            eprintln!("已经处理{}行，共{}行", self.done(), self.rows);
        }
    }

    fn of(&self, state: RowState) -> usize {
        self.all.get(&state).copied().unwrap_or_default()
    }

    fn summary(&self) -> String {
        let parts = RowState::ALL.map(|state| format!("{}{}行", state.label(), self.of(state)));
        format!("共{}行：{}", self.done(), parts.join("；"))
    }
}

/// Tells of a row what has to be told, above the bar.
fn tell(row: &RowOutcome, bar: &ProgressBar) -> Result<(), Failure> {
    let what = if row.state == RowState::Bad { "" } else { "（提示）" };
    for note in &row.notes {
        let column = if note.column.is_empty() { "整行" } else { &note.column };
        let line = format!("第{}行{what} {column}：{}", row.row, note.text);
        bar.suspend(|| print_line(line))?;
    }
    Ok(())
}

async fn pass(
    batch: &mut Batch,
    hands: &Hands,
    take: bool,
    told: impl Fn(&RowOutcome) -> bool,
) -> Result<Tally, Failure> {
    let mut tally = Tally::new(if take { "导入" } else { "检查" }, batch.rows());
    loop {
        let rows = batch.next(|| hands.context(), take).await.map_err(|e| {
            let done = tally.done();
            Failure(format!("{e}；已经处理{done}行，排除故障后用同一命令重新运行，会从中断处继续"))
        })?;
        if rows.is_empty() {
            tally.bar.finish_and_clear();
            return Ok(tally);
        }
        for row in rows {
            if told(&row) {
                tell(&row, &tally.bar)?;
            }
            tally.count(&row);
        }
    }
}

/// Imports, or tries to.
pub async fn run(service: &Service, hands: &Hands, asked: Asked<'_>) -> Ended {
    let files = folder(asked.files)?;
    let unit = match asked.unit {
        Some(unit) => Some(service.find_unit(unit).await?.id),
        None => None,
    };
    // The sentence of a file that cannot be read is that of every other one.
    let list = std::fs::File::open(asked.list).map_err(|_| read_file(asked.list).err());
    let list = match list {
        Ok(list) if !asked.list.is_dir() => list,
        Ok(_) => return Err(Failure(format!("{} 是目录，请写明列表文件", asked.list.display()))),
        Err(why) => return Err(why.unwrap_or_else(|| "列表文件无法读取，请核对路径".into())),
    };
    let name = asked.list.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let to = ToTake { name, list: Box::new(list), files, unit, category: asked.category, most_rows: None };
    let mut batch = service.open_batch(&hands.context(), to).await?;
    eprintln!("列表{}行，SM3 {}", batch.rows(), batch.digest());
    if asked.dry_run {
        let tried = pass(&mut batch, hands, false, |_| true).await?;
        print_line(format!("试导入，没有保存任何内容。{}", tried.summary()))?;
        return Ok(if tried.of(RowState::Bad) == 0 { Outcome::Done } else { Outcome::Found });
    }
    if !asked.take_good {
        let tried = pass(&mut batch, hands, false, |row| row.state == RowState::Bad).await?;
        if tried.of(RowState::Bad) > 0 {
            print_line(format!("没有导入。{}", tried.summary()))?;
            return Err(
                "列表中有错误，没有导入任何一行，请按提示修改后重新导入，或者加 --take-good 只导入正确的行"
                    .into(),
            );
        }
        batch.rewind()?;
    }
    let taken = pass(&mut batch, hands, true, |_| true).await?;
    print_line(taken.summary())?;
    if taken.of(RowState::Waiting) > 0 {
        print_line("暂不公开的公文，请信息公开工作人员在“公文”的“导入待处理”中逐件处理")?;
    }
    Ok(if taken.of(RowState::Bad) == 0 { Outcome::Done } else { Outcome::Found })
}
