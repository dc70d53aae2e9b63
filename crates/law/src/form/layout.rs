//! The printed tables with their merged headers and labels, derived from the label paths of the form.

use super::Form;

/// A heading or label with the cells it spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Exact printed text.
    pub text: String,
    /// Rows spanned, at least 1.
    pub rows: usize,
    /// Columns spanned, at least 1.
    pub columns: usize,
}

impl Head {
    fn new(text: &str, rows: usize, columns: usize) -> Self {
        Head { text: text.to_owned(), rows, columns }
    }
}

/// A value cell of a printed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Cell id.
    pub cell: String,
    /// Columns spanned, at least 1.
    pub columns: usize,
}

/// A printed row: labels that begin in this row, then values. Rows of headings have no values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Labels or headings that begin here, from the left.
    pub heads: Vec<Head>,
    /// Values, from the left.
    pub values: Vec<Value>,
}

/// A printed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// `proactive`, `requests` or `disputes`.
    pub id: &'static str,
    /// The part of the report it stands in, 2 to 4.
    pub section: usize,
    /// Columns of the grid.
    pub columns: usize,
    /// How many of the first rows are the table's header, repeated on every printed page; 0 for table two, whose
    /// blocks each bring their own heading rows.
    pub header_rows: usize,
    /// Rows from the top.
    pub rows: Vec<Row>,
}

impl Form {
    /// The three tables, in order.
    pub fn tables(&self) -> [Table; 3] {
        [self.proactive_table(), self.request_table(), self.dispute_table()]
    }

    fn proactive_table(&self) -> Table {
        let columns = 1 + self.proactive.iter().map(|b| b.columns.len()).max().unwrap_or_default();
        let mut rows = Vec::new();
        for block in &self.proactive {
            rows.push(Row { heads: vec![Head::new(&block.item, 1, columns)], values: vec![] });
            // A block with fewer columns than the widest lets its last column take the rest.
            let span = |at: usize| if at + 1 == block.columns.len() { columns - 1 - at } else { 1 };
            let mut heads = vec![Head::new(&block.head, 1, 1)];
            heads.extend(block.columns.iter().enumerate().map(|(i, c)| Head::new(&c.label, 1, span(i))));
            rows.push(Row { heads, values: vec![] });
            for row in &block.rows {
                let values = block
                    .columns
                    .iter()
                    .enumerate()
                    .map(|(i, c)| Value { cell: format!("proactive.{}.{}", row.id, c.id), columns: span(i) });
                rows.push(Row { heads: vec![Head::new(&row.label, 1, 1)], values: values.collect() });
            }
        }
        Table { id: "proactive", section: 2, columns, header_rows: 0, rows }
    }

    fn request_table(&self) -> Table {
        let label_columns = self.requests.rows.iter().map(|r| r.label.len()).max().unwrap_or_default();
        let columns: Vec<&[String]> = self.requests.columns.iter().map(|c| c.label.as_slice()).collect();
        let mut rows = merged(&columns, true);
        let header_rows = rows.len();
        if let Some(first) = rows.first_mut() {
            first.heads.insert(0, Head::new(&self.requests.note, header_rows, label_columns));
        }
        let labels: Vec<&[String]> = self.requests.rows.iter().map(|r| r.label.as_slice()).collect();
        let body = merged(&labels, false);
        for (mut row, def) in body.into_iter().zip(&self.requests.rows) {
            row.values = self
                .requests
                .columns
                .iter()
                .map(|c| Value { cell: format!("requests.{}.{}", def.id, c.id), columns: 1 })
                .collect();
            rows.push(row);
        }
        Table { id: "requests", section: 3, columns: label_columns + columns.len(), header_rows, rows }
    }

    fn dispute_table(&self) -> Table {
        let mut paths: Vec<Vec<String>> = Vec::new();
        let mut values = Vec::new();
        for block in &self.disputes {
            for c in &block.columns {
                let mut path = block.label.clone();
                path.push(c.label.clone());
                paths.push(path);
                values.push(Value { cell: format!("disputes.{}.{}", block.id, c.id), columns: 1 });
            }
        }
        let paths: Vec<&[String]> = paths.iter().map(Vec::as_slice).collect();
        let mut rows = merged(&paths, true);
        let header_rows = rows.len();
        rows.push(Row { heads: vec![], values });
        Table { id: "disputes", section: 4, columns: paths.len(), header_rows, rows }
    }
}

/// Merges equal labels of neighbouring paths. With `across`, a path is a column read from the top (result: one row a
/// level); otherwise a path is a row read from the left (result: one row a path). The last label of a path that is
/// shorter than the deepest one spans the rest.
fn merged(paths: &[&[String]], across: bool) -> Vec<Row> {
    let depth = paths.iter().map(|p| p.len()).max().unwrap_or_default();
    let lines = if across { depth } else { paths.len() };
    let mut rows: Vec<Row> = (0..lines).map(|_| Row { heads: vec![], values: vec![] }).collect();
    for level in 0..depth {
        let mut at = 0;
        while at < paths.len() {
            let Some(label) = paths[at].get(level) else {
                at += 1;
                continue;
            };
            let last = level + 1 == paths[at].len();
            let same = |p: &&[String]| !last && p.len() > level + 1 && p[..=level] == paths[at][..=level];
            let run = 1 + paths[at + 1..].iter().take_while(|p| same(p)).count();
            let deep = if last { depth - level } else { 1 };
            let (line, head) =
                if across { (level, Head::new(label, deep, run)) } else { (at, Head::new(label, run, deep)) };
            rows[line].heads.push(head);
            at += run;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Every grid position is covered exactly once, and the values are exactly the cells of the form.
    #[test]
    fn the_tables_are_complete_grids_of_all_cells() {
        for form in Form::all() {
            let mut cells = Vec::new();
            for table in form.tables() {
                let mut taken: HashSet<(usize, usize)> = HashSet::new();
                for (y, row) in table.rows.iter().enumerate() {
                    let mut x = 0;
                    let heads = row.heads.iter().map(|h| (h.rows, h.columns));
                    let values = row.values.iter().map(|v| (1, v.columns));
                    for (rows, columns) in heads.chain(values) {
                        while taken.contains(&(y, x)) {
                            x += 1;
                        }
                        for dy in 0..rows {
                            for dx in 0..columns {
                                assert!(taken.insert((y + dy, x + dx)), "{} {} {y},{x}", form.id, table.id);
                            }
                        }
                    }
                    cells.extend(row.values.iter().map(|v| v.cell.clone()));
                }
                assert_eq!(taken.len(), table.rows.len() * table.columns, "{} {}", form.id, table.id);
            }
            assert_eq!(cells, form.cells().into_iter().map(|c| c.id).collect::<Vec<_>>());
        }
    }

    #[test]
    fn table_three_has_the_official_header() {
        let [_, requests, disputes] = Form::for_year(2020).unwrap().tables();
        let head = |t: &str, rows, columns| Head::new(t, rows, columns);
        assert_eq!(requests.header_rows, 3);
        assert_eq!(requests.columns, 10);
        assert_eq!((requests.rows[0].heads[0].rows, requests.rows[0].heads[0].columns), (3, 3));
        assert_eq!(requests.rows[0].heads[1], head("申请人情况", 1, 7));
        assert_eq!(
            requests.rows[1].heads,
            [head("自然人", 2, 1), head("法人或其他组织", 1, 5), head("总计", 2, 1)]
        );
        assert_eq!(requests.rows[3].heads, [head("一、本年新收政府信息公开申请数量", 1, 3)]);
        assert_eq!(requests.rows[5].heads, [head("三、本年度办理结果", 20, 1), head("(一)予以公开", 1, 2)]);
        assert_eq!(requests.rows[7].heads[0], head("(三)不予公开", 8, 1));
        assert_eq!(disputes.rows[0].heads, [head("行政复议", 1, 5), head("行政诉讼", 1, 10)]);
        assert_eq!(disputes.rows[1].heads[0], head("结果维持", 2, 1));
        assert_eq!(disputes.rows[1].heads[5], head("未经复议直接起诉", 1, 5));
    }
}
