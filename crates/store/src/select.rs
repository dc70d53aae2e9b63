//! Queries with optional conditions: literal pieces of SQL and numbered parameters, the same text for both engines.

use crate::row::{Cell, Record, Value, row};
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

/// A query under construction. Only literals become SQL text; everything else is a parameter.
#[derive(Debug)]
pub(crate) struct Select {
    sql: String,
    values: Vec<Value>,
}

row! {
    /// A number of rows.
    Counted {
        /// How many.
        n: i64,
    }
}

impl Select {
    /// `base` ends in `where region = $1`, in a join with the table's name before `region`.
    pub(crate) fn new(base: &'static str, region: Region) -> Select {
        let last = base.rsplit("where ").next().unwrap_or_default();
        debug_assert!(last == "region = $1" || last.ends_with(".region = $1"), "{base}");
        Select { sql: base.to_owned(), values: vec![region.value()] }
    }

    /// A statement that changes rows; `base` ends in `where region = $1`, and `more` are its parameters from `$2` on.
    pub(crate) fn changing(base: &'static str, region: Region, more: Vec<Value>) -> Select {
        let mut select = Select::new(base, region);
        select.values.extend(more);
        select
    }

    /// Runs a statement that changes rows; how many it changed.
    pub(crate) async fn run(self, tx: &mut Tx) -> Result<u64> {
        tx.run(AssertSqlSafe(self.sql), self.values).await
    }

    /// A further condition; `{}` stands for the value, as often as it is needed.
    pub(crate) fn and(mut self, condition: &'static str, value: impl Cell) -> Select {
        let number = self.push(value);
        self.sql.push_str(" and ");
        self.sql.push_str(&condition.replace("{}", &number));
        self
    }

    /// A condition that applies only if there is a value.
    pub(crate) fn maybe(self, condition: &'static str, value: Option<impl Cell>) -> Select {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }

    /// A condition without a value, or none.
    pub(crate) fn only(mut self, condition: &'static str, applies: bool) -> Select {
        if applies {
            self.sql.push_str(" and ");
            self.sql.push_str(condition);
        }
        self
    }

    /// The column is one of the list; `None` does not restrict, an empty list finds nothing.
    pub(crate) fn within<T: Cell + Clone>(mut self, column: &'static str, list: Option<&[T]>) -> Select {
        let Some(list) = list else { return self };
        if let [one] = list {
            // So that an index on the column also gives the order.
            let number = self.push(one.clone());
            self.sql.push_str(&format!(" and {column} = {number}"));
            return self;
        }
        let numbers: Vec<String> = list.iter().map(|one| self.push(one.clone())).collect();
        if numbers.is_empty() {
            self.sql.push_str(" and 1 = 0");
        } else {
            self.sql.push_str(&format!(" and {column} in ({})", numbers.join(", ")));
        }
        self
    }

    /// The date is in the year.
    pub(crate) fn in_year(mut self, column: &'static str, year: Option<i16>) -> Select {
        let Some(year) = year else { return self };
        let (from, to) = (self.push(day(year, 1, 1)), self.push(day(year, 12, 31)));
        self.sql.push_str(&format!(" and {column} >= {from} and {column} <= {to}"));
        self
    }

    /// Whether one of the columns contains the text, whatever its case; `%` and `_` stand for themselves.
    pub(crate) fn containing(mut self, columns: &[&'static str], text: Option<&str>) -> Select {
        let Some(text) = text else { return self };
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let number = self.push(format!("%{escaped}%"));
        let each: Vec<String> =
            columns.iter().map(|c| format!("lower({c}) like lower({number}) escape '\\'")).collect();
        self.sql.push_str(&format!(" and ({})", each.join(" or ")));
        self
    }

    /// Keyset paging: `(columns) < (first, second)`, or `>`.
    pub(crate) fn after(
        mut self,
        columns: &'static str,
        than: &'static str,
        first: impl Cell,
        second: impl Cell,
    ) -> Select {
        let (first, second) = (self.push(first), self.push(second));
        self.sql.push_str(&format!(" and ({columns}) {than} ({first}, {second})"));
        self
    }

    /// A closing clause.
    pub(crate) fn then(mut self, clause: &'static str) -> Select {
        self.sql.push(' ');
        self.sql.push_str(clause);
        self
    }

    /// At most so many rows.
    pub(crate) fn limit(mut self, limit: i64) -> Select {
        let number = self.push(limit.max(0));
        self.sql.push_str(&format!(" limit {number}"));
        self
    }

    fn push(&mut self, value: impl Cell) -> String {
        self.values.push(value.value());
        format!("${}", self.values.len())
    }

    /// The rows.
    pub(crate) async fn all<R: Record>(self, tx: &mut Tx) -> Result<Vec<R>> {
        tx.rows(AssertSqlSafe(self.sql), self.values).await
    }

    /// The row, if there is one.
    pub(crate) async fn one<R: Record>(self, tx: &mut Tx) -> Result<Option<R>> {
        tx.row(AssertSqlSafe(self.sql), self.values).await
    }

    /// The number that a `select count(*) as n` gives.
    pub(crate) async fn count(self, tx: &mut Tx) -> Result<i64> {
        let counted: Option<Counted> = self.one(tx).await?;
        Ok(counted.map_or(0, |c| c.n))
    }
}

/// A day of a year that a calendar has; years outside 1–9999 are brought to the nearest.
pub(crate) fn day(year: i16, month: i8, day: i8) -> Date {
    let year = year.clamp(1, 9999);
    Date::new(year, month, day).unwrap_or(Date::constant(year, 1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const BASE: &str = "select id from unit where region = $1";

    #[test]
    fn values_never_become_text() {
        let select = Select::new(BASE, Region(1)).containing(&["name"], Some("' or 100%")).limit(-5);
        assert_eq!(
            select.sql,
            "select id from unit where region = $1 and (lower(name) like lower($2) escape '\\') limit $3"
        );
        assert!(matches!(&select.values[1], Value::Text(Some(t)) if t == "%' or 100\\%%"));
        assert!(matches!(select.values[2], Value::Int(Some(0))));
    }

    #[test]
    fn an_empty_list_finds_nothing_and_no_list_restricts_nothing() {
        assert_eq!(
            Select::new(BASE, Region(1)).within("unit", Some(&[] as &[Uuid])).sql,
            format!("{BASE} and 1 = 0")
        );
        assert_eq!(Select::new(BASE, Region(1)).within("unit", None::<&[Uuid]>).sql, BASE);
        let two = [Uuid::nil(), Uuid::max()];
        assert_eq!(
            Select::new(BASE, Region(1)).within("unit", Some(&two)).sql,
            format!("{BASE} and unit in ($2, $3)")
        );
    }
}
