//! Rows and cells: the Rust types of a column, and how each is stored on both engines.
//!
//! Only three types exist in the database (BIGINT, TEXT, BLOB/BYTEA), so one small enum carries every parameter and
//! one trait maps a Rust type to what is stored. Decoding is strict: text that this program would not have written
//! (an upper-case id, an unpadded date) is an error, never silently the same value; the chain test relies on it.

use crate::Region;
use jiff::{Timestamp, civil::Date};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Decode, Type};
use uuid::Uuid;

/// A parameter of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Blob(Option<Vec<u8>>),
}

/// A row type that both engines can read.
pub(crate) trait Record:
    for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin + 'static
{
}
impl<T> Record for T where
    T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// A Rust type that lives in a column.
pub(crate) trait Cell: Sized {
    /// How it is stored.
    type Stored;
    /// The value read; the error says what is wrong with it.
    fn load(stored: Self::Stored) -> Result<Self, String>;
    /// The value as a parameter.
    fn value(&self) -> Value;
    /// The absent value as a parameter.
    fn null() -> Value;
}

macro_rules! cell {
    ($rust:ty, $variant:ident, $stored:ty, $load:expr, $save:expr) => {
        impl Cell for $rust {
            type Stored = $stored;
            fn load(stored: $stored) -> Result<Self, String> {
                let load: fn($stored) -> Result<$rust, String> = $load;
                load(stored)
            }
            fn value(&self) -> Value {
                let save: fn(&$rust) -> $stored = $save;
                Value::$variant(Some(save(self)))
            }
            fn null() -> Value {
                Value::$variant(None)
            }
        }
    };
}

cell!(i64, Int, i64, Ok, |v| *v);
cell!(String, Text, String, Ok, |v| v.clone());
cell!(Vec<u8>, Blob, Vec<u8>, Ok, |v| v.clone());
cell!(Region, Int, i64, |v| Ok(Region(v)), |v| v.0);
cell!(i16, Int, i64, |v| v.try_into().map_err(|_| format!("{v} is no year")), |v| i64::from(*v));
cell!(u32, Int, i64, |v| v.try_into().map_err(|_| format!("{v} is no ordinal")), |v| i64::from(*v));
cell!(
    bool,
    Int,
    i64,
    |v| match v {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(format!("{v} is neither 0 nor 1")),
    },
    |v| i64::from(*v)
);
cell!(Uuid, Text, String, |v| uuid(&v), |v| v.to_string());
cell!(Date, Text, String, |v| date(&v), |v| v.to_string());
cell!(Timestamp, Int, i64, instant, |v| v.as_microsecond());
cell!([u8; 32], Blob, Vec<u8>, |v| digest(&v), |v| v.to_vec());

impl<T: Cell> Cell for Option<T> {
    type Stored = Option<T::Stored>;
    fn load(stored: Self::Stored) -> Result<Self, String> {
        stored.map(T::load).transpose()
    }
    fn value(&self) -> Value {
        self.as_ref().map_or_else(T::null, T::value)
    }
    fn null() -> Value {
        T::null()
    }
}

/// An id in its one spelling: lower case, hyphenated.
pub(crate) fn uuid(text: &str) -> Result<Uuid, String> {
    let id = Uuid::try_parse(text).map_err(|e| e.to_string())?;
    let mut buffer = Uuid::encode_buffer();
    if id.hyphenated().encode_lower(&mut buffer) == text { Ok(id) } else { Err(format!("{text} is no id")) }
}

/// A date in its one spelling: `2020-01-31`.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    let wrong = || format!("{text} is no date");
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else { return Err(wrong()) };
    let mut digits = [0i16; 8];
    for (to, from) in digits.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        if !from.is_ascii_digit() {
            return Err(wrong());
        }
        *to = i16::from(from - b'0');
    }
    let [a, b, c, d, e, f, g, h] = digits;
    let part = |n: i16| i8::try_from(n).map_err(|_| wrong());
    Date::new(((a * 10 + b) * 10 + c) * 10 + d, part(e * 10 + f)?, part(g * 10 + h)?).map_err(|_| wrong())
}

/// Microseconds since 1970, UTC.
pub(crate) fn instant(micros: i64) -> Result<Timestamp, String> {
    Timestamp::from_microsecond(micros).map_err(|e| e.to_string())
}

/// An SM3 digest.
pub(crate) fn digest(bytes: &[u8]) -> Result<[u8; 32], String> {
    bytes.try_into().map_err(|_| format!("{} bytes are no digest", bytes.len()))
}

/// A cell of a row, by the name of its column.
pub(crate) fn cell<'r, R, T>(row: &'r R, name: &'static str) -> Result<T, sqlx::Error>
where
    R: sqlx::Row,
    &'static str: sqlx::ColumnIndex<R>,
    T: Cell,
    T::Stored: Decode<'r, R::Database> + Type<R::Database>,
{
    let stored: T::Stored = row.try_get(name)?;
    T::load(stored).map_err(|why| sqlx::Error::ColumnDecode { index: name.to_owned(), source: why.into() })
}

/// Parameters for SQLite.
pub(crate) fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments, sqlx::Error> {
    let mut to = SqliteArguments::default();
    for value in values {
        match value {
            Value::Int(v) => to.add(v),
            Value::Text(v) => to.add(v),
            Value::Blob(v) => to.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(to)
}

/// Parameters for PostgreSQL.
pub(crate) fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    let mut to = PgArguments::default();
    for value in values {
        match value {
            Value::Int(v) => to.add(v),
            Value::Text(v) => to.add(v),
            Value::Blob(v) => to.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(to)
}

/// The parameters of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::row::Cell::value(&$value)),*] };
}

/// A row struct: its fields are the columns of its table after `region`, in that order.
macro_rules! row {
    ($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        pub struct $name { $($(#[$field_about])* pub $field: $type,)* }

        $crate::row::row!(@from $name, sqlx::sqlite::SqliteRow, $($field)*);
        $crate::row::row!(@from $name, sqlx::postgres::PgRow, $($field)*);

        impl $name {
            /// The region, then every field.
            #[allow(dead_code, reason = "rows that are only read have no statement that writes them whole")]
            fn values(&self, region: $crate::Region) -> Vec<$crate::row::Value> {
                vec![$crate::row::Cell::value(&region), $($crate::row::Cell::value(&self.$field)),*]
            }
        }
    };
    (@from $name:ident, $row:ty, $($field:ident)*) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> std::result::Result<Self, sqlx::Error> {
                Ok($name { $($field: $crate::row::cell(row, stringify!($field))?,)* })
            }
        }
    };
}

pub(crate) use {row, values};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_spelling() {
        assert_eq!(date("2024-02-29").map(|d| d.to_string()).as_deref(), Ok("2024-02-29"));
        for wrong in ["2023-02-29", "2024-2-29", "2024/02/29", "20240229", "2024-02-29 ", "２024-02-2"] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        let text = "01902f6e-5a00-7abc-8def-0123456789ab";
        assert!(uuid(text).is_ok());
        assert!(uuid(&text.to_uppercase()).is_err());
        assert!(uuid(&text.replace('-', "")).is_err());
    }
}
