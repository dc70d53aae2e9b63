//! The registers: tables derived from the journal, in the transaction that appends to it.
//!
//! Each file has a row struct (its fields are the columns after `region`), the upsert, the look-up, and the list with
//! its filter. Lists are newest first and paged by key: hand in the key of the last row seen, get the next ones.
//! In every filter `units: None` means every unit and an empty list means none.

mod account;
mod applicant;
mod calendar;
mod catalogue_entry;
mod channel;
mod cleanup;
mod clock;
mod command;
mod consultation;
mod counter;
mod delivery;
mod dispute;
mod document;
mod document_class;
mod document_draft;
mod draft;
mod figure;
mod file;
mod helper;
mod job;
mod mail;
mod message;
mod notice;
mod opinion;
mod personal;
mod query_code;
mod record_correction;
mod removal;
mod reply;
mod report;
mod request;
mod setting;
mod submission;
mod suggestion;
mod tally;
mod ticket;
mod unit;

pub use account::{AccountRow, SecretRow, SessionRow};
pub use applicant::ApplicantRow;
pub use calendar::{CalendarMark, CalendarRow};
pub use catalogue_entry::{CatalogueEntryFilter, CatalogueEntryRow};
pub use channel::{ChannelRow, ChannelSecretRow};
pub use cleanup::{CleanupFilter, CleanupRow};
pub use clock::{ClockFilter, ClockMoveRow, ClockRow, WorkloadRow};
pub use consultation::{ConsultationFilter, ConsultationRow};
pub use delivery::{DeliveryFilter, DeliveryRow, DeliverySettled};
pub use dispute::{DisputeFilter, DisputeRow};
pub use document::{DocumentFilter, DocumentRow};
pub use document_class::{Class, ClassCount, ClassRow, NewestRow};
pub use document_draft::{DocumentDraftFilter, DocumentDraftRow};
pub use draft::DraftRow;
pub use figure::{FigureFilter, FigureRow};
pub use file::FileRow;
pub use helper::HelperRow;
pub use job::JobRow;
pub use mail::{ContactRow, MailRow};
pub use message::{MessageFilter, MessageRow, SenderRow};
pub use notice::{NoticeFilter, NoticeRow};
pub use opinion::{OpinionCount, OpinionRow};
pub use personal::PersonalRow;
pub use query_code::QueryCodeRow;
pub use record_correction::{RecordCorrectionFilter, RecordCorrectionRow};
pub use reply::ReplyRow;
pub use report::{ReportFilter, ReportRow};
pub use request::{RequestFilter, RequestRow, RequestVersion};
pub use setting::SettingRow;
pub use submission::SubmissionRow;
pub use suggestion::SuggestionRow;
pub use tally::{TallySum, TallyTotal};
pub use ticket::TicketRow;
pub use unit::{UnitFilter, UnitRow};
