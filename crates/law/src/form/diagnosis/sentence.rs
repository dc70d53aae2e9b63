//! A cause in one sentence, with both values, the equations it explains and what to write instead.

use super::super::{Amount, Form, count};
use super::hypothesis::{Hypothesis, Kind, slip};
use super::model::Model;

/// So many alternatives are written out.
const ALTERNATIVES: usize = 3;
/// So many equations and cells are written out.
const NAMED: usize = 4;

/// The sentence and, for a certain cause, what to write instead. `raw` is the sentence of the first failing sum.
pub(super) fn of(
    form: &Form,
    model: &Model<'_>,
    options: &[Hypothesis],
    explained: &[usize],
    raw: &str,
) -> (String, Option<String>) {
    // Three cells and more that stay within a row or a column are no more than one way to make the sums true.
    let loose = |h: &Hypothesis| {
        matches!(h.kind, Kind::Row { empty: false, .. } | Kind::Column { empty: false, .. })
            && h.change.len() > 2
    };
    if let [one] = options
        && !loose(one)
    {
        let equations: Vec<String> =
            explained.iter().take(NAMED).map(|e| equation(form, model, *e)).collect();
        let more = match explained.len() {
            n if n > NAMED => format!("等{n}项"),
            _ => String::new(),
        };
        let what = what(form, model, one, NAMED * 2);
        let message = format!("{what}，改正后下列勾稽关系{more}成立：{}", equations.join("；"));
        return (message, Some(suggestion(form, model, one)));
    }
    if let Some(run) = run(form, options) {
        return (format!("{raw}；可能的原因：{run}，请对照原始数据核对"), None);
    }
    let cells = options.iter().filter(|h| matches!(h.kind, Kind::Cell(_))).count();
    let shown = if cells == options.len() && cells <= 5 { cells } else { ALTERNATIVES.min(options.len()) };
    let told: Vec<String> = options[..shown].iter().map(|h| what(form, model, h, NAMED / 2)).collect();
    let more = match options.len() - shown {
        0 => String::new(),
        n => format!("（另有{n}种可能）"),
    };
    (format!("{raw}；可能的原因：{}{more}，请对照原始数据核对", told.join("；或者")), None)
}

/// Runs of rows that end in the same place: only where they begin is open.
fn run(form: &Form, options: &[Hypothesis]) -> Option<String> {
    let shift = |h: &Hypothesis| match h.kind {
        Kind::RowShift { from, to, down } => Some((from, to, down)),
        _ => None,
    };
    let (_, to, down) = shift(options.first()?)?;
    let mut begins = Vec::new();
    for h in options {
        let (from, end, way) = shift(h)?;
        if (end, way) != (to, down) {
            return None;
        }
        begins.push(from);
    }
    begins.sort_unstable();
    begins.dedup();
    let row = |n: usize| form.requests.rows[n].label.last().cloned().unwrap_or_default();
    let named: Vec<String> = begins.iter().take(ALTERNATIVES).map(|n| format!("“{}”", row(*n))).collect();
    let more =
        if begins.len() > ALTERNATIVES { format!("等{}行之一", begins.len()) } else { String::new() };
    let way = if down { "下" } else { "上" };
    Some(format!("表三自{}{more}起至“{}”各行的数据整体{way}移了一行", named.join("或者"), row(to)))
}

fn equation(form: &Form, model: &Model<'_>, e: usize) -> String {
    let relation = model.equations[e].relation;
    let [row, column] = form.labels_of(model.equations[e].over);
    let place = match relation.id.as_str() {
        "T3-H" => format!("“{row}”一行"),
        "T4-S" => format!("“{row}”"),
        _ => format!("“{column}”一列"),
    };
    let [left, right] = model.sums(e).map(|n| {
        let n = i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX });
        Amount::from_micros(n).to_string()
    });
    format!("{place}{}（现为{left}与{right}）", relation.title)
}

fn piece(micros: i64) -> String {
    Amount::from_micros(micros).to_string()
}

/// What went wrong; of a row or a column so many cells are named.
fn what(form: &Form, model: &Model<'_>, h: &Hypothesis, cells: usize) -> String {
    let name = |cell: usize| form.name_of(&model.ids[cell]);
    let row = |n: usize| form.requests.rows[n].label.last().cloned().unwrap_or_default();
    let column = |n: usize| form.requests.columns[n].label.last().cloned().unwrap_or_default();
    match h.kind {
        Kind::Cell(cell) => {
            let n = h.change.first().map_or(0, |(_, n)| *n);
            let (slip, _) = slip(model.values[cell], n);
            format!("{}为{}，应为{}（{slip}）", name(cell), model.said(cell), piece(n))
        }
        Kind::Swap(a, b) => {
            let (is, other) = (model.said(a), model.said(b));
            let [one, two] = [a, b].map(|cell| form.labels_of(&model.ids[cell]));
            let place = count::words(&model.ids[a])
                .map_or("", |[table, _, _]| if table == "disputes" { "表四" } else { "表三" });
            let places = if one[0] == two[0] {
                format!("{place}“{}”一行的“{}”与“{}”", one[0], one[1], two[1])
            } else if one[1] == two[1] {
                format!("{place}“{}”一列的“{}”与“{}”", one[1], one[0], two[0])
            } else {
                format!("{}与{}", name(a), name(b))
            };
            format!("{places}的数据互换了位置（现为{is}和{other}，应为{other}和{is}）")
        }
        Kind::Rows(a, b) => format!("表三“{}”与“{}”两行的数据互换了位置", row(a), row(b)),
        Kind::Columns(a, b) => format!("表三“{}”与“{}”两列的数据互换了位置", column(a), column(b)),
        Kind::RowShift { from, to, down } => {
            let way = if down { "下" } else { "上" };
            format!("表三“{}”至“{}”各行的数据整体{way}移了一行", row(from), row(to))
        }
        Kind::ColumnShift { from, to, right } => {
            let way = if right { "右" } else { "左" };
            if from == to {
                format!("表三“{}”一行的数据整体{way}移了一列", row(from))
            } else {
                format!("表三“{}”至“{}”各行的数据整体{way}移了一列", row(from), row(to))
            }
        }
        Kind::LineShift { right } => {
            format!("表四各数据整体{}移了一格", if right { "右" } else { "左" })
        }
        Kind::Row { row: n, empty } => {
            let lost = if empty { "的数据漏填" } else { "的数据有误" };
            format!("表三“{}”一行{lost}，{}", row(n), values(form, model, h, 1, cells))
        }
        Kind::Column { column: n, empty } => {
            let lost = if empty { "的数据漏填" } else { "的数据有误" };
            format!("表三“{}”一列{lost}，{}", column(n), values(form, model, h, 0, cells))
        }
        Kind::Cells => {
            let told: Vec<String> = h
                .change
                .iter()
                .map(|(cell, n)| format!("{}应为{}（现为{}）", name(*cell), piece(*n), model.said(*cell)))
                .collect();
            told.join("，")
        }
    }
}

/// The values a row or a column should have, by the label that tells its cells apart.
fn values(form: &Form, model: &Model<'_>, h: &Hypothesis, label: usize, cells: usize) -> String {
    let told: Vec<String> = h
        .change
        .iter()
        .take(cells)
        .map(|(cell, n)| {
            let labels = form.labels_of(&model.ids[*cell]);
            format!("“{}”应为{}（现为{}）", labels[label], piece(*n), model.said(*cell))
        })
        .collect();
    let more = if h.change.len() > told.len() { format!("等{}处", h.change.len()) } else { String::new() };
    format!("{}{more}", told.join("、"))
}

/// What to write instead.
fn suggestion(form: &Form, model: &Model<'_>, h: &Hypothesis) -> String {
    let told: Vec<String> = h
        .change
        .iter()
        .take(NAMED * 2)
        .map(|(cell, n)| format!("{}改为{}", form.name_of(&model.ids[*cell]), piece(*n)))
        .collect();
    let whole = match h.kind {
        Kind::RowShift { down: true, .. } => Some("各行数据上移一行"),
        Kind::RowShift { down: false, .. } => Some("各行数据下移一行"),
        Kind::ColumnShift { right: true, .. } => Some("各列数据左移一列"),
        Kind::ColumnShift { right: false, .. } => Some("各列数据右移一列"),
        Kind::Rows(..) => Some("两行数据对调"),
        Kind::Columns(..) => Some("两列数据对调"),
        _ => None,
    };
    let more = h.change.len() > told.len();
    let list = if more { format!("{}等{}处", told.join("，"), h.change.len()) } else { told.join("，") };
    match whole {
        Some(words) => format!("{words}：{list}"),
        None => list,
    }
}
