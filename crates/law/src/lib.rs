//! The rules of government-information disclosure, article by article.
//!
//! Pure functions over dated data: nothing here reads a clock, a file, a database or the network. Dates are
//! civil dates in Asia/Shanghai. "条例" is the Regulation on Open Government Information (State Council Order
//! No. 711, in force since 2019-05-15); article numbers are those of that text.
//!
//! | matter | module | data |
//! |---|---|---|
//! | working days (yearly notice of the State Council Office) | [`calendar`] | `data/calendar/YEAR.toml` |
//! | statutory terms | [`term`] | `data/terms.toml` |
//! | date of receipt by channel (art. 31) | [`receipt`] | – |
//! | reply clock (arts. 30, 32–35; fee measure) | [`clock`] | `data/terms.toml` |
//! | decisions and their report rows (arts. 36–39) | [`decision`] | – |
//! | approval chain before a decision (arts. 17, 45) | [`review`] | – |
//! | processing fee (art. 42) | [`fee`] | `data/fees/FROM.toml` |
//! | letters: fields, required elements, the check before signing (arts. 30–41) | [`letter`] | – |
//! | the number of a document (GB/T 9704-2012) | [`number`] | – |
//! | whether a document says of itself what its registration says (GB/T 9704-2012) | [`consistency`] | – |
//! | dockets: what happened to one subject, folded into its standing | [`docket`] | – |
//! | how a document is classified (arts. 12, 20, 21): subjects, genres, columns | [`classification`] | `data/subjects.toml`, `data/genres.toml`, `data/columns.toml` |
//! | which way a matter goes, and to which unit (arts. 10, 27, 36–41, 55) | [`pathway`] | `data/pathways.toml`, `data/remits.toml` |
//! | standard catalogues (国办发〔2019〕54号): fields, entries, how soon and how often | [`catalogue`] | `data/catalogue_fields.toml` |
//! | annual report (arts. 49–50): forms, counts, checks, facts | [`form`] | `data/forms/annual-report/VERSION.toml` |

pub mod amount;
pub mod applicant;
pub mod calendar;
pub mod catalogue;
pub mod classification;
pub mod clock;
pub mod consistency;
pub mod decision;
pub mod docket;
pub mod fee;
pub mod form;
pub mod identity;
pub mod letter;
pub mod number;
pub mod pathway;
pub mod reason;
pub mod receipt;
pub mod retention;
pub mod review;
pub mod term;
pub mod word_list;
mod wording;

pub use amount::Amount;
pub use jiff::civil::{Date, date};
pub use reason::{Due, Refusal, Step};
