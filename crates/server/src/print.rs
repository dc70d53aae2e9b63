//! Papers as files to be saved, in the formats in which they exist. Setting a PDF takes a while, so it is done beside the
//! other visits.

use crate::App;
use crate::web::words::attachment;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use paper::PaperError;
use paper::letter::OfficialLetter;
use service::letter::Printed;
use service::{Error, Result};

/// What is printed.
#[derive(Debug)]
pub enum Paper {
    /// A letter.
    Letter(OfficialLetter),
    /// Another paper of a case.
    Other(Printed),
}

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A paper as an answer: saved under its Chinese name, never stored on the way. `plain` is what old programs show.
///
/// # Errors
/// [`Error::NotFound`] for a format there is none of; [`Error::Invalid`] where no Chinese font is found.
pub async fn saved(app: &App, paper: Paper, name: &str, plain: &str, format: &str) -> Result<Response> {
    let fonts = app.fonts.clone();
    let pdf = match format {
        "pdf" => true,
        "docx" => false,
        _ => return Err(Error::NotFound(format!("没有“{format}”这种格式，请选择PDF或者Word文档"))),
    };
    let set = move || match (paper, pdf) {
        (Paper::Letter(l), true) => paper::letter_pdf(&l, &fonts),
        (Paper::Letter(l), false) => paper::letter_docx(&l),
        (Paper::Other(Printed::Sheet(s)), true) => paper::sheet::sheet_pdf(&s, &fonts),
        (Paper::Other(Printed::Sheet(s)), false) => paper::sheet::sheet_docx(&s),
        (Paper::Other(Printed::Envelope(e)), true) => paper::envelope::envelope_pdf(&e, &fonts),
        (Paper::Other(Printed::Envelope(e)), false) => paper::envelope::envelope_docx(&e),
    };
    let done = tokio::task::spawn_blocking(set).await.map_err(|e| Error::Internal(e.to_string()))?;
    let bytes = done.map_err(|e| match e {
        PaperError::NoFonts => Error::Invalid(e.to_string()),
        other => Error::Internal(other.to_string()),
    })?;
    let headers = [
        (header::CONTENT_TYPE, if pdf { "application/pdf" } else { WORD }.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&format!("{name}.{format}"), &format!("{plain}.{format}"))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
