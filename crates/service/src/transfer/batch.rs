//! 历史公文批量导入: a unit's old documents out of a list, with their files.
//!
//! The list is read row by row (`list.rs`), the files are found by name ([`Folder`]), a row becomes a document with its
//! text and attachments in one transaction of its own. A document is known by its numbers, or by what it says where it has
//! none; so an import that was stopped goes on when it is started again, and one that was finished does nothing.
//!
//! Public becomes only what is 主动公开, was published on a day the list names, and in which the check before publication
//! finds nothing. Everything else is kept unpublished; what waits for a person is in [`Service::waiting_imports`].

mod files;
mod folder;
mod row;
mod take;
mod template;
mod words;

pub use folder::{Archive, Folder, NoFiles, Reading, plain_path};
pub use template::batch_template;

use super::cell::{Bad, Cells, Column, arrange};
use super::list::{List, ListFile};
use super::sheet::document::{DISCLOSED, INDEX, NUMBER, TITLE};
use super::table::{cut_off, unusable};
use crate::Service;
use crate::context::{Context, Permission};
use crate::document::{Eye, as_begun, found_before};
use crate::error::{Error, Result};
use crate::file::beside;
use crate::unit::Tree;
use futures_util::future::join_all;
use law::consistency::{Registered, mismatches};
use law::docket::document::{Category, Imported, Standing};
use law::docket::file::FileRole;
use row::{Defaults, Row, columns, identities};
use sm3::{Digest, Sm3};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use take::{Done, Taking};
use uuid::Uuid;

/// Rows that are taken at the same time: their transactions share a commit, and their files memory.
const TOGETHER: usize = 4;
/// Findings of the check that a row tells.
const TOLD: usize = 5;
/// Doubts about a row that are told.
const DOUBTS: usize = 12;

/// A list and its files.
pub struct ToTake {
    /// What the list is called.
    pub name: String,
    /// The list.
    pub list: Box<dyn ListFile>,
    /// Its files.
    pub files: Arc<dyn Folder>,
    /// The unit that counts documents whose row names none; the maker if there is none.
    pub unit: Option<Uuid>,
    /// The category of documents whose row names none.
    pub category: Option<Category>,
    /// Rows at most; the rest of a longer list is not even read.
    pub most_rows: Option<usize>,
}

impl std::fmt::Debug for ToTake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ToTake").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What becomes of a row, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowState {
    /// Taken and public.
    Published,
    /// Taken; it was published elsewhere, and something has to be settled before it is public here.
    Waiting,
    /// Taken, not public.
    Taken,
    /// In the register already, with the same title and date.
    Known,
    /// Not taken.
    Bad,
}

impl RowState {
    /// All, the best first.
    pub const ALL: [RowState; 5] =
        [RowState::Published, RowState::Waiting, RowState::Taken, RowState::Known, RowState::Bad];

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            RowState::Published => "公开",
            RowState::Waiting => "待处理，暂不公开",
            RowState::Taken => "不公开",
            RowState::Known => "已经登记，不变",
            RowState::Bad => "有错误，不导入",
        }
    }
}

/// Something to be said of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowNote {
    /// The heading it is about; empty if it is about the row as a whole.
    pub column: String,
    /// One Chinese sentence.
    pub text: String,
}

impl From<Bad> for RowNote {
    fn from(bad: Bad) -> Self {
        RowNote { column: bad.column, text: bad.reason }
    }
}

/// A row, looked at or taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// Its number in the list; the headings are row 1.
    pub row: usize,
    /// Title, as far as it is there.
    pub title: String,
    /// 发文字号; may be empty.
    pub number: String,
    /// What becomes of it.
    pub state: RowState,
    /// The document it became.
    pub document: Option<Uuid>,
    /// Why it is not taken, or what a person should look at.
    pub notes: Vec<RowNote>,
}

/// Rows that are the same document, each with another one and the column that says so.
type Twins = BTreeMap<usize, (usize, &'static str)>;

/// A list on its way into the register.
pub struct Batch {
    service: Service,
    list: List,
    name: String,
    files: Arc<dyn Folder>,
    columns: Vec<Column>,
    places: Vec<Option<usize>>,
    defaults: Defaults,
    tree: Tree,
    twins: Twins,
    rows: usize,
    /// What documents of a unit are looked through with, made once for all its rows.
    eyes: Mutex<HashMap<String, Eye>>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("name", &self.name).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Service {
    /// Opens a list: reads it through, arranges its columns, finds rows that are the same document. Nothing is written.
    ///
    /// # Errors
    /// [`Error::Invalid`] with one sentence if the list as a whole cannot be used.
    pub async fn open_batch(&self, ctx: &Context, to: ToTake) -> Result<Batch> {
        ctx.actor.must(Permission::EditRegisters)?;
        let tree = Tree::read(&mut self.look().await?, self.region).await?;
        let unit = to.unit.map(|id| tree.get(id).map(|u| u.code.clone())).transpose()?;
        let columns = columns();
        let (list, most_rows) = (to.list, to.most_rows);
        let arranged = columns.clone();
        let opened = beside(move || {
            let mut list = List::open(list)?;
            let places = arrange(&list.headings, &arranged, "公文列表")?;
            let (twins, rows) = look_through(&mut list, &arranged, &places, most_rows)?;
            Ok::<_, Error>((list, places, twins, rows))
        });
        let (list, places, twins, rows) = opened.await??;
        let name: String = to.name.chars().filter(|c| !c.is_control()).take(200).collect();
        let name = if name.trim().is_empty() { "公文列表".to_owned() } else { name };
        let defaults = Defaults { unit, category: to.category };
        Ok(Batch {
            service: self.clone(),
            list,
            name,
            files: to.files,
            columns,
            places,
            defaults,
            tree,
            twins,
            rows,
            eyes: Mutex::default(),
        })
    }
}

/// Reads every row once: rows that are the same document, and how many there are.
fn look_through(
    list: &mut List,
    columns: &[Column],
    places: &[Option<usize>],
    most: Option<usize>,
) -> Result<(Twins, usize)> {
    // Of a million rows, digests are kept and no text.
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let mut twins = BTreeMap::new();
    let (mut rows, mut short) = (0, false);
    while let Some((n, row)) = list.next()? {
        rows += 1;
        if let Some(most) = most.filter(|most| rows > *most) {
            return Err(unusable(&format!(
                "列表超过{most}行，请分成几个列表；或者请系统管理员在服务器上用 gongkai import documents 列表 --files 目录 导入"
            )));
        }
        short = row.len() < list.headings.len();
        for (column, said) in identities(&Cells::of(columns, places, &row)) {
            let digest = Sm3::digest(format!("{column}\n{said}").as_bytes());
            let mut key = [0; 8];
            key.copy_from_slice(&digest[..8]);
            match seen.entry(u64::from_be_bytes(key)) {
                std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(n)),
                std::collections::hash_map::Entry::Occupied(first) => {
                    twins.entry(*first.get()).or_insert((n, column));
                    twins.entry(n).or_insert((*first.get(), column));
                }
            }
        }
    }
    if rows == 0 {
        return Err(unusable("列表中没有公文，请在表头下面逐行填写"));
    }
    if short && list.is_streamed() {
        return Err(cut_off());
    }
    list.rewind()?;
    Ok((twins, rows))
}

impl Batch {
    /// Rows of the list.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// SM3 of the list.
    pub fn digest(&self) -> &str {
        &self.list.digest
    }

    /// Back to the first row.
    ///
    /// # Errors
    /// The list cannot be read any more.
    pub fn rewind(&mut self) -> Result<()> {
        self.list.rewind()
    }

    /// Goes over rows without looking at them.
    ///
    /// # Errors
    /// The list cannot be read any more.
    pub fn skip(&mut self, rows: usize) -> Result<()> {
        for _ in 0..rows {
            if self.list.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The next few rows, in the order of the list: taken, or only looked at. Empty at the end. `ctx` gives each row a request
    /// of its own.
    ///
    /// # Errors
    /// The store or the disk fails; rows that came before stay.
    pub async fn next(&mut self, mut ctx: impl FnMut() -> Context, take: bool) -> Result<Vec<RowOutcome>> {
        let mut rows = Vec::with_capacity(TOGETHER);
        while rows.len() < TOGETHER {
            let Some(row) = self.list.next()? else { break };
            rows.push(row);
        }
        let own: &Batch = self;
        let each = rows.into_iter().map(|(n, row)| own.one(ctx(), n, row, take));
        join_all(each).await.into_iter().collect()
    }

    async fn one(&self, ctx: Context, n: usize, row: Vec<String>, take: bool) -> Result<RowOutcome> {
        ctx.actor.must(Permission::EditRegisters)?;
        let cells = Cells::of(&self.columns, &self.places, &row);
        let mut said = RowOutcome {
            row: n,
            title: cells.text(TITLE).to_owned(),
            number: cells.text(NUMBER).to_owned(),
            state: RowState::Bad,
            document: None,
            notes: Vec::new(),
        };
        match self.judge(ctx, &cells, n, &row, take, &mut said).await {
            Ok(state) => said.state = state,
            Err(Error::Store(e)) => return Err(Error::Store(e)),
            Err(Error::Internal(e)) => return Err(Error::Internal(e)),
            Err(Error::Refused(all)) => {
                said.notes =
                    all.into_iter().map(|r| RowNote { column: String::new(), text: r.text }).collect();
            }
            // The notes were made already.
            Err(Error::Invalid(nothing)) if nothing.is_empty() => {}
            Err(e) => said.notes = vec![RowNote { column: String::new(), text: e.to_string() }],
        }
        Ok(said)
    }

    async fn judge(
        &self,
        ctx: Context,
        cells: &Cells,
        n: usize,
        raw: &[String],
        take: bool,
        said: &mut RowOutcome,
    ) -> Result<RowState> {
        let wide = self.list.headings.len();
        if raw.len() < wide || raw.iter().skip(wide).any(|c| !c.is_empty()) {
            let text = format!("应有{wide}列，实有{}列，请核对是否缺少或者多出逗号", raw.len());
            return Err(bad(said, vec![Bad::new("", text)]));
        }
        if let Some((other, column)) = self.twins.get(&n) {
            let text = if *column == TITLE {
                format!("与第{other}行的标题、成文日期和制作机关相同，请核对后只保留一行")
            } else {
                format!("与第{other}行的{column}相同，请核对后只保留一行")
            };
            return Err(bad(said, vec![Bad::new(column, text)]));
        }
        let today = ctx.today();
        let row = match Row::read(cells, &self.tree, &self.defaults, today) {
            Ok(row) => row,
            Err(wrong) => return Err(bad(said, vec![wrong])),
        };
        match self.is_known(&row).await? {
            Ok(true) => return Ok(RowState::Known),
            Ok(false) => {}
            Err(wrong) => return Err(bad(said, vec![wrong])),
        }
        let (files, wrong) = self.files_of(&row, said).await?;
        if !wrong.is_empty() {
            return Err(bad(said, wrong));
        }
        let body = files.iter().find(|f| f.role == FileRole::Body);
        let body = body.map(|f| String::from_utf8_lossy(&f.content).into_owned());
        self.doubt(&row, body.as_deref(), said);
        let (events, published, files) = match row.published.clone() {
            Some(published) => {
                let standing = as_begun(&row.events).ok_or_else(|| Error::Internal("no document".into()))?;
                let (eye, asked) = (self.eye(&ctx, &standing).await?, files);
                let found = beside(move || (found_before(&standing, &asked, &eye), asked));
                let (found, files) = found.await?;
                tell_found(&found, said);
                (row.events.clone(), Some(published).filter(|_| found.is_empty()), files)
            }
            None => (row.events.clone(), None, files),
        };
        let imported = Imported {
            list: self.name.clone(),
            row: u32::try_from(n).unwrap_or(u32::MAX),
            published_on: row.published.as_ref().map(|(on, _)| *on),
            url: row.published.as_ref().and_then(|(_, url)| url.clone()),
        };
        let state = match (&published, &row.published) {
            (Some(_), _) => RowState::Published,
            (None, Some(_)) => RowState::Waiting,
            (None, None) => RowState::Taken,
        };
        let to =
            Taking { events, imported, published, index_number: row.index_number.clone(), key: row.key() };
        match self.take(ctx, to, files, take).await? {
            Done::Taken(id) => {
                said.document = Some(id).filter(|_| take);
                Ok(state)
            }
            Done::Known => Ok(RowState::Known),
        }
    }

    async fn eye(&self, ctx: &Context, standing: &Standing) -> Result<Eye> {
        let known = || self.eyes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(eye) = known().get(&standing.counted_by) {
            return Ok(eye.on(standing.made_on));
        }
        let eye = self.service.eye_for(ctx, standing).await?;
        known().insert(standing.counted_by.clone(), eye.clone());
        Ok(eye)
    }

    /// Whether the register has the document; what is wrong if it has another one of the same number.
    async fn is_known(&self, row: &Row) -> Result<std::result::Result<bool, Bad>> {
        let (region, mut tx) = (self.service.region, self.service.look().await?);
        if let Some(key) = row.key() {
            return Ok(Ok(tx.command(region, &key).await?.is_some()));
        }
        let mut known = false;
        for (column, number) in [(NUMBER, &row.number), (INDEX, &row.index_number)] {
            let Some(number) = number else { continue };
            let found = match column {
                NUMBER => tx.document_by_number(region, number).await?,
                _ => tx.document_by_index_number(region, number).await?,
            };
            let Some(found) = found else { continue };
            if found.title != row.title || found.made_on != row.made_on {
                let text = format!("{column}“{number}”已经登记给另一件公文，请核对{column}、标题和成文日期");
                return Ok(Err(Bad::new(column, text)));
            }
            known = true;
        }
        Ok(Ok(known))
    }

    /// Tells what does not agree.
    fn doubt(&self, row: &Row, body: Option<&str>, said: &mut RowOutcome) {
        let maker = self.tree.find(&row.maker).ok();
        let registered = Registered {
            title: &row.title,
            number: row.number.as_deref(),
            made_on: row.made_on,
            makers: maker.into_iter().flat_map(|u| [u.name.as_str(), u.short_name.as_str()]).collect(),
        };
        said.notes.extend(row.doubts.iter().cloned().map(RowNote::from));
        let doubts = mismatches(&registered, body).into_iter().take(DOUBTS);
        said.notes.extend(doubts.map(|m| RowNote {
            column: m.of.to_owned(),
            text: if m.place.is_empty() { m.text } else { format!("{}（{}）", m.text, m.place) },
        }));
    }
}

/// Puts what is wrong in the place of everything else that was said of a row.
fn bad(said: &mut RowOutcome, wrong: Vec<Bad>) -> Error {
    said.notes = wrong.into_iter().map(RowNote::from).collect();
    Error::Invalid(String::new())
}

fn tell_found(found: &[String], said: &mut RowOutcome) {
    if found.is_empty() {
        return;
    }
    let more = found.len().saturating_sub(TOLD);
    let told = found.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("；");
    let rest = if more > 0 { format!("；另有{more}处") } else { String::new() };
    let text = format!("公开前检查有需要处理的内容，导入后暂不公开：{told}{rest}");
    said.notes.push(RowNote { column: DISCLOSED.into(), text });
}
