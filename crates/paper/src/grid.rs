//! The tables of a form as grids: every heading, label and figure with its place.

use law::form::layout::Table;
use law::form::{Form, Measure};

/// What a place of the grid holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Heading of columns.
    Column(String),
    /// Heading of the rows below it, across the whole table.
    Block(String),
    /// Label of rows.
    Row(String),
    /// The figure of a cell.
    Figure {
        /// Cell id.
        cell: String,
        /// Unit.
        measure: Measure,
        /// Label of the column.
        label: String,
    },
}

/// A heading, label or figure with its place, counted from 0, and the rows and columns it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
    pub content: Content,
}

/// A table ready to print.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// `proactive`, `requests` or `disputes`.
    pub id: &'static str,
    /// Part of the report, 2 to 4.
    pub section: usize,
    /// Columns.
    pub columns: usize,
    /// First rows repeated on every page.
    pub header_rows: usize,
    /// Spots that begin in a row, from the left; one entry a row.
    pub rows: Vec<Vec<Spot>>,
}

/// The words that name a cell outside its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Cell id.
    pub cell: String,
    /// Heading of the part.
    pub table: String,
    /// Labels of the row, from the left.
    pub row: Vec<String>,
    /// Label of the column.
    pub column: String,
    /// Unit.
    pub measure: Measure,
}

/// The three tables of a form.
pub(crate) fn grids(form: &Form) -> [Grid; 3] {
    let names = names(form);
    form.tables().map(|table| place(table, &names))
}

fn place(table: Table, names: &[Named]) -> Grid {
    // How many rows below the current one are still covered, per column.
    let mut covered = vec![0_usize; table.columns];
    let mut rows = Vec::with_capacity(table.rows.len());
    for (y, row) in table.rows.iter().enumerate() {
        let mut spots = Vec::new();
        let mut free = covered.iter().map(|c| *c == 0).collect::<Vec<_>>();
        let mut take = |rows: usize, columns: usize, content: Content| {
            let column = free.iter().position(|f| *f).unwrap_or(table.columns - 1);
            for x in column..(column + columns).min(table.columns) {
                free[x] = false;
                covered[x] = rows;
            }
            spots.push(Spot { row: y, column, rows, columns, content });
        };
        for head in &row.heads {
            let text = head.text.clone();
            let content = if y < table.header_rows {
                Content::Column(text)
            } else if !row.values.is_empty() {
                Content::Row(text)
            } else if head.columns == table.columns {
                Content::Block(text)
            } else {
                Content::Column(text)
            };
            take(head.rows, head.columns, content);
        }
        for value in &row.values {
            let name = names.iter().find(|n| n.cell == value.cell);
            let content = Content::Figure {
                cell: value.cell.clone(),
                measure: name.map_or(Measure::Piece, |n| n.measure),
                label: name.map(|n| n.column.clone()).unwrap_or_default(),
            };
            take(1, value.columns, content);
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
        rows.push(spots);
    }
    Grid {
        id: table.id,
        section: table.section,
        columns: table.columns,
        header_rows: table.header_rows,
        rows,
    }
}

/// Every cell of a form with its words, in the order of the printed form.
pub(crate) fn names(form: &Form) -> Vec<Named> {
    let [_, two, three, four, ..] = &form.sections;
    let mut names = Vec::new();
    for block in &form.proactive {
        for row in &block.rows {
            for c in &block.columns {
                names.push(Named {
                    cell: format!("proactive.{}.{}", row.id, c.id),
                    table: two.clone(),
                    row: vec![block.item.clone(), row.label.clone()],
                    column: c.label.clone(),
                    measure: c.measure,
                });
            }
        }
    }
    for row in &form.requests.rows {
        for c in &form.requests.columns {
            names.push(Named {
                cell: format!("requests.{}.{}", row.id, c.id),
                table: three.clone(),
                row: row.label.clone(),
                column: c.label.last().cloned().unwrap_or_default(),
                measure: Measure::Piece,
            });
        }
    }
    for block in &form.disputes {
        for c in &block.columns {
            names.push(Named {
                cell: format!("disputes.{}.{}", block.id, c.id),
                table: four.clone(),
                row: block.label.clone(),
                column: c.label.clone(),
                measure: Measure::Piece,
            });
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_named_in_the_order_of_the_form() {
        for form in Form::all() {
            let cells: Vec<_> = form.cells().into_iter().map(|c| (c.id, c.measure)).collect();
            let named: Vec<_> = names(form).into_iter().map(|n| (n.cell, n.measure)).collect();
            assert_eq!(cells, named);
        }
    }

    #[test]
    fn merged_labels_push_later_spots_to_the_right() {
        let [_, requests, disputes] = grids(Form::for_year(2024).unwrap());
        let at = |text: &str| {
            requests.rows.iter().flatten().find(|s| s.content == Content::Row(text.into())).cloned().unwrap()
        };
        assert_eq!(at("三、本年度办理结果").rows, 22);
        let petition = at("1.信访举报投诉类申请");
        assert_eq!((petition.row, petition.column, petition.rows), (3 + 15, 2, 1));
        assert_eq!(requests.rows[3 + 16][1].column, 3, "a row whose labels began above starts with its own");
        assert_eq!(disputes.rows[2][0].column, 5);
        assert_eq!(disputes.rows[3].len(), 15);
    }
}
