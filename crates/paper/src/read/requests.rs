//! Table three: records put to the rows of the form, and the proof that they belong there.
//!
//! A row counts with its label and exactly seven cells after it (R-ANCHOR). Rows that lost their label are taken only if
//! they stand between labelled rows just as many as are missing there, and the whole table then satisfies every equation
//! of the form (R-PROOF): sums across, sums down, and the tie-out of each column. Nothing is filled in from an equation.

use super::block::Document;
use super::label::{OTHER, OTHERS, REQUESTS, Sure};
use super::normal::folded;
use super::proof::{all_same, holds, holds_without_missing, placed, same};
use super::record::{Headings, Raw, Record, is_cut, of_lines, records, without_blanks};
use super::table::{Refused, Table};
use super::value::Value;
use law::Amount;
use law::form::Form;
use law::form::published::{GROUPS, RowLabel, TableName, TableState, subtotal};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Cells of a row.
pub(super) const WIDTH: usize = 7;

/// Ids of the columns, in order.
static COLUMNS: LazyLock<Vec<String>> = LazyLock::new(|| {
    Form::all().last().map(|f| f.requests.columns.iter().map(|c| c.id.clone()).collect()).unwrap_or_default()
});

/// Headings of the columns, folded.
static NAMES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let form = Form::all().last();
    let columns = form.into_iter().flat_map(|f| &f.requests.columns);
    columns
        .map(|c| {
            let name = folded(c.label.last().map_or("", String::as_str));
            if name == "总计" { vec![name, "合计".into()] } else { vec![name] }
        })
        .collect()
});

/// Headings and names of groups, which stand before labels in every report, the longest first.
static ACCOUNTED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<String> = Vec::new();
    for form in Form::all() {
        words.extend(form.sections.iter().map(|s| folded(s)));
        words.push(folded(&form.requests.note));
        let columns = form.requests.columns.iter().flat_map(|c| &c.label);
        let groups = form.requests.rows.iter().flat_map(|r| r.label.iter().rev().skip(1));
        words.extend(columns.chain(groups).map(|label| folded(label)));
    }
    words.extend(["单位件", "单位:件", "合计", "小计", "表三"].map(str::to_owned));
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    words.dedup();
    words
});

/// Reads table three from a run of blocks. `older` says that the report uses the form with one row (六), where the rows
/// themselves do not tell.
pub(super) fn read(document: &Document, blocks: Range<usize>, older: bool) -> Table {
    let records = records(document, blocks, &REQUESTS, &Headings { names: &NAMES, accounted: &ACCOUNTED });
    let mut seat = Seating::new(records, older);
    seat.labelled();
    if seat.rows.is_empty() && !seat.in_order() {
        return seat.nothing();
    }
    seat.between();
    seat.torn();
    seat.strays();
    seat.drop_cut_rows();
    seat.drop_torn_rows();
    seat.table()
}

/// The label a group of rows has, which is a row only where a report prints subtotals.
pub(super) fn is_group(label: &str) -> bool {
    const GROUPS: [&str; 5] = ["不予公开", "无法提供", "不予处理", "本年度办理结果", "其他处理"];
    let label = folded(label);
    let label = label.trim_end_matches(['小', '计']);
    GROUPS.iter().any(|g| label.ends_with(g)) && label.chars().count() <= 14
}

/// Cells in one row of the form.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) cells: Vec<Raw>,
    label: String,
    place: usize,
    /// In the order of the report.
    at: usize,
}

struct Seating {
    records: Vec<Record>,
    older: bool,
    /// Rows of the form, by their place in [`REQUESTS`].
    rows: BTreeMap<usize, Seat>,
    /// Records that were used, or that are known to be no row.
    spent: BTreeSet<usize>,
    refused: BTreeMap<usize, String>,
    extra: Vec<RowLabel>,
    /// Printed sums of groups.
    subtotals: BTreeMap<String, Option<Amount>>,
    whole: Option<String>,
}

impl Seating {
    fn new(records: Vec<Record>, older: bool) -> Seating {
        Seating {
            records,
            older,
            rows: BTreeMap::new(),
            spent: BTreeSet::new(),
            refused: BTreeMap::new(),
            extra: Vec::new(),
            subtotals: BTreeMap::new(),
            whole: None,
        }
    }

    fn place(row: &str) -> Option<usize> {
        REQUESTS.place(row)
    }

    /// The rows of the form this report uses: one row (六), or three.
    fn expected(&self) -> Vec<usize> {
        let has = |id: &str| {
            let place = Self::place(id);
            place.is_some_and(|row| {
                self.rows.contains_key(&row)
                    || self.records.iter().any(|r| r.row.is_some_and(|m| m.row == row))
            })
        };
        form_rows(!OTHERS.iter().any(|id| has(id)) && (has(OTHER) || self.older))
    }

    /// The seven cells of a record, if there is no doubt which they are.
    fn seven(&self, record: &Record) -> Option<Vec<Raw>> {
        let cells = &record.cells;
        if !record.grid {
            return of_lines(cells, WIDTH).map(<[Raw]>::to_vec);
        }
        if cells.len() == WIDTH {
            return Some(cells.clone());
        }
        if cells.len() < WIDTH {
            return None;
        }
        if record.filled && cells[WIDTH..].iter().all(|c| c.value.is_blank()) {
            return Some(cells[..WIDTH].to_vec());
        }
        if cells.iter().all(|c| c.value.is_blank()) || cells.len() - record.behind.min(cells.len()) == WIDTH {
            return Some(cells[..WIDTH].to_vec());
        }
        let others_blank = |kept: &dyn Fn(usize) -> bool| {
            cells.iter().enumerate().all(|(n, c)| kept(n) || c.value.is_blank())
        };
        if let Some(columns) = record.columns.as_ref().or(self.learned(record).as_ref()) {
            let at: Vec<usize> = columns
                .iter()
                .filter_map(|column| cells.iter().position(|c| c.column == Some(*column)))
                .collect();
            if at.len() == WIDTH && others_blank(&|n| at.contains(&n)) {
                return Some(at.into_iter().map(|n| cells[n].clone()).collect());
            }
        }
        without_blanks(cells, WIDTH)
    }

    /// Where the seven cells of the other rows of the same grid stand.
    fn learned(&self, record: &Record) -> Option<Vec<usize>> {
        let columns = |r: &Record| r.cells.iter().map(|c| c.column).collect::<Option<Vec<usize>>>();
        let mut all = self
            .records
            .iter()
            .filter(|r| r.block == record.block && r.grid && r.row.is_some() && r.cells.len() == WIDTH)
            .filter_map(columns);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }

    /// Rows with their label and seven cells.
    fn labelled(&mut self) {
        for n in 0..self.records.len() {
            let record = &self.records[n];
            let Some(found) = record.row else { continue };
            // Headings of table four (其他结果, 总计) and sums in other tables are no rows of this one.
            let Some(cells) = self.seven(record) else { continue };
            if !record.grid && found.sure == Sure::Alike && cells.iter().any(|c| !c.value.is_figure_like()) {
                continue;
            }
            let seat = Seat { cells, label: record.label.clone(), place: record.place, at: n };
            match self.rows.get(&found.row) {
                None => {
                    self.rows.insert(found.row, seat);
                    self.spent.insert(n);
                }
                Some(known) if same(&known.cells, &seat.cells) => {
                    self.spent.insert(n);
                }
                // The label stands twice with different figures: one of them belongs to another row, if anywhere.
                Some(_) => {}
            }
        }
        self.drop_misplaced();
        self.settle_doubles();
        self.drop_subtotals();
        self.drop_doubtful();
    }

    /// A label that stands among other words that are not accounted for may belong to other figures: taken only if
    /// everything adds up, rows that are missing counted as nothing.
    fn drop_doubtful(&mut self) {
        let doubtful: Vec<usize> =
            self.rows.iter().filter(|(_, s)| self.records[s.at].doubtful).map(|(row, _)| *row).collect();
        let something =
            self.rows.values().flat_map(|s| &s.cells).any(|c| c.value.amount().is_some_and(|a| !a.is_zero()));
        if doubtful.is_empty() || something && holds_without_missing(&self.rows, &self.expected()) {
            return;
        }
        for row in doubtful {
            if let Some(seat) = self.rows.remove(&row) {
                self.spent.remove(&seat.at);
                self.records[seat.at].row = None;
            }
        }
    }

    /// A label that is only like a row, and stands where that row cannot be, is no label.
    fn drop_misplaced(&mut self) {
        let misplaced: Vec<usize> = self
            .rows
            .iter()
            .filter(|(row, seat)| {
                let sure = self.records[seat.at].row.is_some_and(|m| m.sure == Sure::Exact);
                let before = self.rows.range(..**row).next_back().is_some_and(|(_, s)| s.at > seat.at);
                let after = self.rows.range(**row + 1..).next().is_some_and(|(_, s)| s.at < seat.at);
                !sure && (before || after)
            })
            .map(|(row, _)| *row)
            .collect();
        for row in misplaced {
            if let Some(seat) = self.rows.remove(&row) {
                self.spent.remove(&seat.at);
                self.records[seat.at].row = None;
            }
        }
    }

    /// A label that stands twice with different figures: the second is taken for a row without a label. Many such rows are
    /// two tables.
    fn settle_doubles(&mut self) {
        let mut doubled = BTreeSet::new();
        for n in 0..self.records.len() {
            let record = &self.records[n];
            let Some(found) = record.row else { continue };
            if !self.spent.contains(&n) && self.rows.contains_key(&found.row) && self.seven(record).is_some()
            {
                doubled.insert(found.row);
                self.records[n].row = None;
            }
        }
        if doubled.len() > 3 {
            self.whole =
                Some("文件中有两份数据不同的表三，不能确定以哪一份为准，请拆分后逐份读取".to_owned());
        }
    }

    /// Where (六) has its three rows, a row (六) with figures is their sum; so are rows of other groups.
    fn drop_subtotals(&mut self) {
        let expected = self.expected();
        let sums: Vec<usize> = self.rows.keys().copied().filter(|r| !expected.contains(r)).collect();
        for row in sums {
            if let Some(seat) = self.rows.remove(&row) {
                self.note_extra(&seat.label, seat.place);
                self.note_subtotal(&seat.label, &seat.cells);
            }
        }
        for n in 0..self.records.len() {
            let record = &self.records[n];
            if record.row.is_none() && record.cells.len() >= WIDTH && record.grid && is_group(&record.label) {
                let (label, place) = (record.label.clone(), record.place);
                let cells = self.seven(record);
                self.spent.insert(n);
                self.note_extra(&label, place);
                self.note_subtotal(&label, &cells.unwrap_or_default());
            }
        }
    }

    /// Keeps the printed sum of a group. Seven blank cells are those of a line that is only a heading.
    fn note_subtotal(&mut self, label: &str, cells: &[Raw]) {
        let label = folded(label);
        let Some((group, _)) = GROUPS.iter().find(|(_, name)| label.contains(name)) else { return };
        if cells.iter().all(|c| c.value.is_blank()) {
            return;
        }
        for (column, cell) in COLUMNS.iter().zip(cells) {
            if cell.value.is_blank() || cell.value.amount().is_some() {
                self.subtotals.insert(subtotal(group, column), cell.value.amount());
            }
        }
    }

    fn note_extra(&mut self, label: &str, place: usize) {
        self.extra.push(RowLabel { table: TableName::Requests, row: None, text: label.to_owned(), place });
    }

    /// Rows without a label between labelled ones, if they are as many as are missing there and everything adds up.
    fn between(&mut self) {
        let expected = self.expected();
        // In the order of the report: rows that are seated, and runs of sevens that are not.
        let mut open: Vec<(usize, Vec<Raw>)> = Vec::new();
        for (n, record) in self.records.iter().enumerate() {
            if self.spent.contains(&n) || record.row.is_some() && record.cells.len() < WIDTH {
                continue;
            }
            if let Some(cells) = self.seven(record) {
                open.push((n, cells));
            } else if record.cells.len() % WIDTH == 0 && record.cells.len() > WIDTH {
                open.extend(record.cells.chunks(WIDTH).map(|c| (n, c.to_vec())));
            }
        }
        if open.is_empty() || self.whole.is_some() {
            return;
        }
        let first = self.rows.values().map(|s| s.at).min().unwrap_or(0);
        let last = self.rows.values().map(|s| s.at).max().unwrap_or(usize::MAX);
        let mut trial = self.rows.clone();
        let mut unplaced = false;
        let anchors: Vec<(usize, usize)> = self.rows.iter().map(|(row, s)| (*row, s.at)).collect();
        let edges = [(None, anchors.first().copied())]
            .into_iter()
            .chain(anchors.windows(2).map(|w| (Some(w[0]), Some(w[1]))))
            .chain([(anchors.last().copied(), None)]);
        for (before, after) in edges {
            let missing: Vec<usize> = expected
                .iter()
                .copied()
                .filter(|r| before.is_none_or(|(b, _)| *r > b) && after.is_none_or(|(a, _)| *r < a))
                .collect();
            let (from, to) = (before.map_or(0, |(_, at)| at), after.map_or(usize::MAX, |(_, at)| at));
            let within: Vec<&(usize, Vec<Raw>)> =
                open.iter().filter(|(n, _)| *n >= from && *n <= to).collect();
            if within.is_empty() {
                continue;
            }
            if within.len() != missing.len() {
                unplaced |= within.iter().any(|(n, _)| *n > first && *n < last);
                continue;
            }
            for (row, (n, cells)) in missing.into_iter().zip(within) {
                let record = &self.records[*n];
                let seat =
                    Seat { cells: cells.clone(), label: record.label.clone(), place: record.place, at: *n };
                trial.insert(row, seat);
            }
        }
        let filled: Vec<usize> = trial.keys().copied().filter(|r| !self.rows.contains_key(r)).collect();
        if filled.is_empty() {
            if unplaced {
                self.doubt_loose();
            }
            return;
        }
        let proved = holds(&trial, &expected) || {
            // A cell that stands apart may be what is missing.
            let strays = self.stray_cells();
            placed(&trial, &expected, &strays).is_some()
        };
        if proved {
            self.spent.extend(filled.iter().filter_map(|r| trial.get(r)).map(|s| s.at));
            self.rows = trial;
        } else {
            for row in filled {
                self.refused
                    .insert(row, format!("“{}”一行的标签缺失，数据又不能由勾稽关系证明", self.name(row)));
            }
            self.doubt_loose();
        }
    }

    /// Figures among lines that belong to no row make those around them uncertain, unless everything adds up.
    fn doubt_loose(&mut self) {
        let loose = self.rows.values().any(|s| !self.records[s.at].grid);
        if loose && !holds(&self.rows, &self.expected()) {
            self.whole = Some("表三有数据找不到所属的行，各行数据可能错位，不能确认".to_owned());
        }
    }

    /// All labels first, then all figures: taken if the number is right and one order of them satisfies every equation.
    fn in_order(&mut self) -> bool {
        let named: BTreeSet<usize> = self.records.iter().filter_map(|r| r.row.map(|m| m.row)).collect();
        let Some(n) = self.records.iter().position(|r| r.cells.len() >= WIDTH * 20) else { return false };
        if named.is_empty() {
            return false;
        }
        let cells = self.records[n].cells.clone();
        let mut found: Vec<BTreeMap<usize, Seat>> = Vec::new();
        for single in [false, true] {
            let expected = form_rows(single);
            if cells.len() != expected.len() * WIDTH {
                continue;
            }
            for by_row in [true, false] {
                let rows: BTreeMap<usize, Seat> = expected
                    .iter()
                    .enumerate()
                    .map(|(y, row)| {
                        let cell = |x: usize| {
                            cells[if by_row { y * WIDTH + x } else { x * expected.len() + y }].clone()
                        };
                        let seat = Seat {
                            cells: (0..WIDTH).map(cell).collect(),
                            label: String::new(),
                            place: cells[0].place,
                            at: n,
                        };
                        (*row, seat)
                    })
                    .collect();
                if holds(&rows, &expected) && !found.iter().any(|f| all_same(f, &rows)) {
                    found.push(rows);
                }
            }
        }
        if found.len() != 1 {
            return false;
        }
        self.spent.insert(n);
        self.rows = found.remove(0);
        true
    }

    /// Figures torn by blanks are one figure if the whole table adds up with them.
    fn torn(&mut self) {
        let is_torn = |c: &Raw| matches!(c.value, Value::Torn(_));
        if !self.rows.values().any(|s| s.cells.iter().any(is_torn)) {
            return;
        }
        let mut joined = self.rows.clone();
        for cell in joined.values_mut().flat_map(|s| &mut s.cells) {
            if let Value::Torn(amount) = cell.value {
                cell.value = Value::Figure(amount, None);
            }
        }
        if holds(&joined, &self.expected()) {
            self.rows = joined;
        }
    }

    /// Single figures that belong to no row.
    fn stray_cells(&self) -> Vec<Raw> {
        let (Some(first), Some(last)) =
            (self.rows.values().map(|s| s.at).min(), self.rows.values().map(|s| s.at).max())
        else {
            return Vec::new();
        };
        let inside =
            self.records.iter().enumerate().filter(|(n, r)| {
                !self.spent.contains(n) && *n > first && *n <= last + 1 && r.cells.len() == 1
            });
        inside.map(|(_, r)| r.cells[0].clone()).filter(|c| c.value.amount().is_some()).collect()
    }

    /// A figure printed away from its row is put where exactly one blank place makes everything add up.
    fn strays(&mut self) {
        let strays = self.stray_cells();
        if strays.is_empty() {
            return;
        }
        let expected = self.expected();
        if !holds(&self.rows, &expected)
            && let Some(rows) = placed(&self.rows, &expected, &strays)
        {
            self.rows = rows;
        }
    }

    /// A row with blank cells, or the last of its page, behind which figures stand that belong to no row, may have been
    /// torn in two: taken only if everything adds up.
    fn drop_torn_rows(&mut self) {
        let torn: Vec<usize> = self
            .rows
            .iter()
            .filter(|(_, seat)| {
                let own = &self.records[seat.at];
                let blank = seat.cells.iter().any(|c| c.value.is_blank());
                let torn = |r: &Record| r.is_loose() && (blank || own.grid && r.block != own.block);
                let next = seat.at + 1;
                !self.spent.contains(&next) && self.records.get(next).is_some_and(torn)
            })
            .map(|(row, _)| *row)
            .collect();
        if torn.is_empty() || holds(&self.rows, &self.expected()) {
            return;
        }
        for row in torn {
            self.rows.remove(&row);
            let reason =
                format!("“{}”一行之后还有不属于任何一行的数据，不能确定是否为该行的数据", self.name(row));
            self.refused.insert(row, reason);
        }
    }

    /// A blank row beside figures without a row may be the half of one that the end of a page cuts: refused, for sums of
    /// zeros would not tell.
    fn drop_cut_rows(&mut self) {
        let cut = |seat: &Seat| is_cut(&self.records, seat.at, &REQUESTS);
        let rows: Vec<usize> = self.rows.iter().filter(|(_, s)| cut(s)).map(|(row, _)| *row).collect();
        for row in rows {
            self.rows.remove(&row);
            self.refused.insert(row, format!("“{}”一行跨页断开，不能确定其数据", self.name(row)));
        }
    }

    fn name(&self, row: usize) -> String {
        let id = &REQUESTS.0[row].row;
        let form = Form::all().iter().rev().find(|f| f.requests.rows.iter().any(|r| r.id == *id));
        form.and_then(|f| f.requests.rows.iter().find(|r| r.id == *id))
            .and_then(|r| r.label.last().cloned())
            .unwrap_or_else(|| id.clone())
    }

    /// Nothing was read: absent, or refused if something of it is there.
    fn nothing(self) -> Table {
        let named: BTreeSet<usize> = self.records.iter().filter_map(|r| r.row.map(|m| m.row)).collect();
        let state = if named.len() < 3 {
            TableState::Absent
        } else {
            TableState::Refused(
                "表三只有项目名称，没有与各行对应的七项数据（可能在转换格式时丢失），请改用原始网页或者原始文件".to_owned(),
            )
        };
        Table { state, ..Table::default() }
    }

    fn table(mut self) -> Table {
        let expected = self.expected();
        for row in expected.iter().filter(|r| !self.rows.contains_key(r)) {
            let counts: Vec<usize> = self
                .records
                .iter()
                .filter(|r| r.row.is_some_and(|m| m.row == *row))
                .map(|r| r.cells.len())
                .collect();
            let name = self.name(*row);
            let reason = match counts.first() {
                Some(n) => format!("“{name}”一行有{n}个数据，应当是{WIDTH}个"),
                None => format!("没有找到“{name}”一行及其{WIDTH}个数据"),
            };
            self.refused.entry(*row).or_insert(reason);
        }
        let read = expected.iter().filter(|r| self.rows.contains_key(r)).count();
        let named: BTreeSet<usize> = self.records.iter().filter_map(|r| r.row.map(|m| m.row)).collect();
        // Many labels and few figures: a crawler has taken repeated lines away (R-DEDUP).
        if self.whole.is_none() && read * 2 < named.len() {
            self.whole = Some(format!(
                "表三{}个项目中只有{read}个能读出完整的{WIDTH}个数据（可能在转换格式时丢失），请改用原始网页或者原始文件",
                named.len()
            ));
        }
        if let Some(reason) = self.whole {
            return Table { state: TableState::Refused(reason), ..Table::default() };
        }
        let mut table = Table {
            state: TableState::Read,
            labels: self.extra.clone(),
            subtotals: std::mem::take(&mut self.subtotals),
            ..Table::default()
        };
        let mut seats: Vec<(usize, Seat)> = std::mem::take(&mut self.rows).into_iter().collect();
        seats.retain(|(row, _)| expected.contains(row));
        for (row, seat) in seats {
            let id = &REQUESTS.0[row].row;
            table.labels.push(RowLabel {
                table: TableName::Requests,
                row: Some(id.clone()),
                text: seat.label,
                place: seat.place,
            });
            for (column, raw) in COLUMNS.iter().zip(&seat.cells) {
                table.put(format!("requests.{id}.{column}"), raw);
            }
        }
        for (row, reason) in self.refused {
            if expected.contains(&row) {
                // The row is printed, and only its figures are not read.
                if let Some(record) = self.records.iter().find(|r| r.row.is_some_and(|m| m.row == row)) {
                    let (text, place) = (record.label.clone(), record.place);
                    let row = Some(REQUESTS.0[row].row.clone());
                    table.labels.push(RowLabel { table: TableName::Requests, row, text, place });
                }
                table.refused.push(Refused { row: Some(REQUESTS.0[row].row.clone()), reason });
            }
        }
        table.labels.sort_by_key(|l| l.place);
        table
    }
}

/// The rows of the form with one row (六), or of that with three.
fn form_rows(single: bool) -> Vec<usize> {
    let left_out = |id: &str| if single { OTHERS.contains(&id) } else { id == OTHER };
    (0..REQUESTS.0.len()).filter(|r| !left_out(&REQUESTS.0[*r].row)).collect()
}
