//! From failing sums to their causes: one finding a cause instead of one a sum (CHECKS R-REPAIR, T3-SHIFT).
//!
//! The equations of tables three and four are a code that corrects errors: a wrong cell breaks the sum of its row and of
//! its column, and only one cell lies where they cross. [`explain`] tries every slip that can be undone
//! ([`hypothesis`]): a cell with another value, two cells, rows or columns in each other's place, rows or columns one
//! place off, a row or a column that is missing. What makes every equation through the changed cells true is a cause;
//! the simplest one that explains all failing sums is told. Where several are equally simple, all of them are told in one
//! finding; what nothing explains stays as the failing sums. Nothing is ever filled in: a value is a proposal.
//!
//! What no arithmetic finds: two rows of results in each other's place, two of the six columns of applicants in each
//! other's place, the four results of a block of table four among each other, and everything of table two.

mod hypothesis;
mod model;
mod sentence;

use super::check::{Finding, Input, Rule, Severity, Verdict};
use super::{Amount, Figures};
use hypothesis::{Grid, Hypothesis, Kind, Search};
use model::{Model, Value};

/// Id of a finding about values that stand in another's place.
const SHIFT: &str = "T3-SHIFT";

/// The rule whose findings come from here and not from a sum of its own.
pub(super) fn rule() -> Rule {
    Rule {
        id: SHIFT.into(),
        version: 1,
        forms: super::Form::all().iter().map(|f| f.id.clone()).collect(),
        severity: Severity::Error,
        title: "表三各行各列数据没有错位、互换".into(),
        citation: "国办公开办函〔2021〕30号表三勾稽关系".into(),
        waivable: false,
        years: (i16::MAX, None),
        tolerant: false,
        parameters: vec![],
    }
}

/// At most this many causes of one table are told apart.
const CAUSES: usize = 8;

/// Failing equations and the slips that explain them equally well.
struct Cause {
    options: Vec<Hypothesis>,
    /// Explained equations, one bit each.
    equations: u64,
}

/// The values cells that could not be read must have for the equations through them, and how many ask for each;
/// nothing where they disagree or none can be used.
pub(super) fn proposals(input: &Input<'_>, cells: &[&str]) -> Vec<Option<(Amount, usize)>> {
    let model = Model::new(input);
    let of = |id: &&str| {
        let cell = model.at(id)?;
        let asked: Vec<i64> = model.through[cell].iter().filter_map(|e| model.solve(*e, cell)).collect();
        let first = *asked.first()?;
        asked.iter().all(|n| *n == first).then(|| (Amount::from_micros(first), asked.len()))
    };
    cells.iter().map(of).collect()
}

/// Replaces failing sums by their causes.
pub(super) fn explain(input: &Input<'_>, found: &mut Vec<Finding>) {
    const SUMS: [&str; 4] = ["T3-B", "T3-V", "T3-H", "T4-S"];
    if !found.iter().any(|f| f.blocks() && (SUMS.contains(&f.id.as_str()) || f.id == "X-CARRY")) {
        return;
    }
    let mut model = Model::new(input);
    let all = model.failing;
    let mut right = input.figures.clone();
    for (table, grid) in grids(input, &model) {
        let here = (0..model.equations.len()).filter(|e| model.table(*e) == table);
        let here = here.fold(0u64, |bits, e| bits | 1 << e);
        model.failing = all & here;
        let causes = causes(&mut model, &grid, here, table == "disputes");
        // The sentences are about the report as it stands.
        model = restored(model, input);
        for cause in causes {
            if tell(input, &model, &cause, found)
                && let [certain] = &cause.options[..]
            {
                for (cell, n) in &certain.change {
                    right.set(model.ids[*cell].clone(), Amount::from_micros(*n));
                }
            }
        }
    }
    drop_consequences(input, &right, found);
}

/// A remark that is only there because of a figure whose right value is told goes with it.
fn drop_consequences(input: &Input<'_>, right: &Figures, found: &mut Vec<Finding>) {
    if right == input.figures {
        return;
    }
    let mut still = Vec::new();
    let linear = || input.form.checks.iter().filter(|r| input.settings.asks(&r.id));
    for relation in linear() {
        relation.run(&Input { figures: right, ..*input }, &mut still);
    }
    found.retain(|f| {
        f.severity == Severity::Error
            || f.verdict == Verdict::NotAssessable
            || linear().all(|r| r.id != f.id)
            || still.iter().any(|s| s.id == f.id && s.cells == f.cells)
    });
}

/// The cells of tables three and four.
fn grids(input: &Input<'_>, model: &Model<'_>) -> [(&'static str, Grid); 2] {
    let rows = |ids: Vec<Vec<String>>| Grid {
        cells: ids.iter().map(|row| row.iter().filter_map(|id| model.at(id)).collect()).collect(),
    };
    let table = &input.form.requests;
    let cell = |row: &str, column: &str| format!("requests.{row}.{column}");
    let three =
        table.rows.iter().map(|r| table.columns.iter().map(|c| cell(&r.id, &c.id)).collect()).collect();
    let four = input.form.disputes.iter();
    let four =
        four.map(|b| b.columns.iter().map(|c| format!("disputes.{}.{}", b.id, c.id)).collect()).collect();
    [("requests", rows(three)), ("disputes", rows(four))]
}

/// The model with the values of the report again.
fn restored<'a>(mut model: Model<'a>, input: &Input<'_>) -> Model<'a> {
    for at in 0..model.ids.len() {
        model.values[at] = match input.figures.0.get(&model.ids[at]) {
            None => Value::Missing,
            Some(None) => Value::Blank,
            Some(Some(n)) => Value::Is(n.micros()),
        };
    }
    model
}

fn causes(model: &mut Model<'_>, grid: &Grid, here: u64, four: bool) -> Vec<Cause> {
    let carried: u64 =
        (0..model.equations.len()).filter(|e| model.is_carry(*e)).fold(0, |bits, e| bits | 1 << e);
    let mut causes = Vec::new();
    while causes.len() < CAUSES && model.failing != 0 {
        // A carry-over may differ because of last year's report: it need not be explained by this one.
        let sums = model.failing & !carried;
        let must = if sums == 0 { model.failing } else { sums };
        // One or two columns of a carry-over alone say that the two years differ, not that rows were mixed up.
        if sums == 0 && must.count_ones() < 3 {
            break;
        }
        let found = search(model, grid, must, four);
        let Some(cause) = choose(found, must, model, four) else { break };
        let change = cause.options[0].change.clone();
        causes.extend(apart(cause, model));
        model.change(&change);
        model.judge();
        model.failing &= here;
    }
    causes
}

/// Wrong cells in several rows are a cause each where every explanation has them; what is left is one.
fn apart(cause: Cause, model: &Model<'_>) -> Vec<Cause> {
    if cause.options.iter().any(|h| h.kind != Kind::Cells) {
        return vec![cause];
    }
    let through = |cell: usize| model.through[cell].iter().fold(0u64, |bits, e| bits | 1 << e);
    let in_all = |c: &&(usize, i64)| cause.options.iter().all(|h| h.change.contains(c));
    let common: Vec<(usize, i64)> = cause.options[0].change.iter().filter(in_all).copied().collect();
    let mut causes: Vec<Cause> = Vec::new();
    for (cell, n) in &common {
        let fixed = through(*cell) & cause.equations;
        let kind = Kind::Cell(*cell);
        let one = Hypothesis { kind, change: vec![(*cell, *n)], fixed, rank: 0, grade: 0 };
        causes.push(Cause { options: vec![one], equations: fixed });
    }
    let mut left = cause;
    left.equations = 0;
    for h in &mut left.options {
        h.change.retain(|c| !common.contains(c));
        h.fixed &= h.change.iter().fold(0, |bits, (cell, _)| bits | through(*cell));
        left.equations |= h.fixed;
    }
    if left.options.iter().any(|h| !h.change.is_empty()) {
        causes.push(left);
    }
    causes
}

fn search(model: &mut Model<'_>, grid: &Grid, must: u64, four: bool) -> Vec<Hypothesis> {
    let mut search = Search { model, grid, found: vec![] };
    search.cells();
    search.swaps(four);
    if four {
        search.line_shift();
    } else if search.found.iter().all(|h| h.fixed & must != must) {
        // Only where neither a cell nor two explain everything.
        search.one_cell_a_row();
        search.rows_and_columns();
        search.whole();
        search.row_shifts();
        search.column_shifts();
    }
    search.found
}

/// The slips that explain all that fails, or else most of it; of these the simplest.
fn choose(mut found: Vec<Hypothesis>, must: u64, model: &Model<'_>, four: bool) -> Option<Cause> {
    let full = |h: &Hypothesis| h.fixed & must == must;
    if found.iter().any(full) {
        found.retain(full);
    } else {
        let most = found.iter().map(|h| (h.fixed & must).count_ones()).max().filter(|n| *n > 0)?;
        found.retain(|h| (h.fixed & must).count_ones() == most);
        // What explains a part is taken only where nothing else explains a part of the same.
        let alone = |h: &Hypothesis| found.iter().all(|o| o.fixed == h.fixed || o.fixed & h.fixed == 0);
        let best = found.iter().filter(|h| alone(h)).min_by_key(|h| (h.rank, h.grade)).map(|h| h.fixed)?;
        found.retain(|h| h.fixed == best);
    }
    let simplest = found.iter().map(|h| h.rank).min()?;
    // A block of table four has one sum: any of its cells may be wrong, and so may the places of two.
    let rank = if four { simplest.max(2) } else { simplest };
    found.retain(|h| h.rank <= rank);
    // Two cells far apart and a row turned round whole are told only where nothing nearer is found.
    if simplest > 0 {
        let nearest = found.iter().map(|h| h.grade).min()?;
        found.retain(|h| h.grade == nearest);
    }
    let impossible = |h: &Hypothesis| matches!(h.kind, Kind::Cell(c) if model.is_impossible(c));
    if found.iter().filter(|h| impossible(h)).count() == 1 {
        found.retain(impossible);
    }
    found.sort_by_key(|h| (std::cmp::Reverse(h.rank), h.grade));
    let equations = found.iter().fold(0, |bits, h| bits | h.fixed);
    Some(Cause { options: found, equations })
}

/// Replaces the findings of the explained equations by one; false if none of them is an error.
fn tell(input: &Input<'_>, model: &Model<'_>, cause: &Cause, found: &mut Vec<Finding>) -> bool {
    let of = |e: usize| {
        let (id, cell) = (&model.equations[e].relation.id, &model.equations[e].leading);
        found.iter().position(|f| f.id == *id && f.cells.first() == Some(cell) && f.verdict == Verdict::Fail)
    };
    let explained: Vec<usize> =
        (0..model.equations.len()).filter(|e| cause.equations & (1 << e) != 0).collect();
    let places: Vec<usize> = explained.iter().filter_map(|e| of(*e)).collect();
    let Some(first) = places.iter().copied().find(|p| found[*p].blocks()) else { return false };
    let (id, citation, raw) =
        (found[first].id.clone(), found[first].citation.clone(), found[first].message.clone());
    let moved = cause
        .options
        .iter()
        .all(|h| !matches!(h.kind, Kind::Cell(_) | Kind::Row { .. } | Kind::Column { .. } | Kind::Cells));
    let id = if moved && id.starts_with("T3-") { SHIFT.to_owned() } else { id };
    let mut cells: Vec<String> = Vec::new();
    for (cell, _) in cause.options.iter().flat_map(|h| &h.change) {
        if !cells.contains(&model.ids[*cell]) {
            cells.push(model.ids[*cell].clone());
        }
    }
    let (message, suggestion) = sentence::of(input.form, model, &cause.options, &explained, &raw);
    let mut gone: Vec<usize> = places;
    // A figure that cannot be one (negative, a fraction) is the same cause, told under the rule it breaks by itself.
    let also = |f: &Finding| f.id == "F-CELL" && f.blocks() && f.cells.iter().all(|c| cells.contains(c));
    let impossible: Vec<usize> = (0..found.len()).filter(|at| also(&found[*at])).collect();
    let (id, citation) = match (&cells[..], impossible.first()) {
        ([_], Some(at)) => (found[*at].id.clone(), found[*at].citation.clone()),
        _ => (id, citation),
    };
    gone.extend(impossible);
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
    found.push(Finding {
        id,
        severity: Severity::Error,
        verdict: Verdict::Fail,
        cells,
        message,
        citation,
        quote: None,
        place: None,
        suggestion,
    });
    true
}

#[cfg(test)]
mod reports;
#[cfg(test)]
mod tests;
