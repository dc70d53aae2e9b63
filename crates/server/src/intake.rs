//! Files through the door: reading an upload piece by piece, and giving a content out so that no browser runs it.

use crate::error::TOO_MANY;
use crate::web::words::attachment;
use crate::{App, Visit};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use law::Refusal;
use law::docket::file::FileRole;
use service::file::{Opened, Upload};
use service::{Error, Result, Service};

/// Bytes all text of an upload may have: the longest text of a document, and more.
const TEXT: usize = 512 << 10;
/// Bytes a form without files may have.
const PLAIN: usize = 2 << 20;
/// Parts an upload may have.
const PARTS: usize = 100;

/// A multipart body that is read piece by piece. The reader of multipart takes what the network offers for as long as it
/// offers something; a sender that is quicker than we are would fill the memory up to the limit of the route. So the body
/// pauses after every piece.
#[derive(Debug)]
pub struct Paced(pub Multipart);

impl FromRequest<App> for Paced {
    type Rejection = MultipartRejection;

    async fn from_request(request: Request, app: &App) -> std::result::Result<Self, Self::Rejection> {
        let paced = request.map(|body| {
            // Not before the first piece, and before the end: multer takes an end that comes in the same breath as the
            // first boundary for a body without one.
            let end = stream::once(async { Ok(Bytes::new()) });
            let pieces = body.into_data_stream().chain(end).enumerate();
            Body::from_stream(pieces.then(|(n, piece)| async move {
                if n > 0 {
                    tokio::task::yield_now().await;
                }
                piece
            }))
        });
        Multipart::from_request(paced, app).await.map(Paced)
    }
}

/// An upload that was read: what was typed beside the files, and the files with the names of their controls.
#[derive(Debug, Default)]
pub struct Received {
    /// Names and values.
    pub pairs: Vec<(String, String)>,
    /// Names of controls and what came in them; a control left empty is not here. The role is [`FileRole::Other`]
    /// until the caller says otherwise.
    pub files: Vec<(String, Upload)>,
    /// Why something of it is not here: broken off, too much, too often.
    pub refused: Option<Refusal>,
}

impl Received {
    /// The value of a field.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// What tells these files from others, for a key under which a form takes effect once.
    pub fn fingerprint(&self) -> String {
        self.files.iter().map(|(name, file)| format!("-{name}-{}", file.fingerprint())).collect()
    }

    /// The first file.
    pub fn file(&mut self) -> Option<Upload> {
        if self.files.is_empty() { None } else { Some(self.files.remove(0).1) }
    }
}

/// Reads an upload. A file that is too large is read past and remembered as too large; nothing of it is kept. An
/// upload that exceeds the limit of its route ends there, with the file under way counted as too large. Of what breaks
/// off, has too many parts or too much text, what came before is here, with the reason, so that a form can be kept.
pub async fn received(service: &Service, upload: Paced) -> Received {
    received_up_to(service, upload, service.file_limits().file_bytes).await
}

/// As [`received`], where one file may be as large as all files of a document together: an archive of them.
pub async fn received_large(service: &Service, upload: Paced) -> Received {
    received_up_to(service, upload, service.file_limits().bytes).await
}

async fn received_up_to(service: &Service, Paced(mut upload): Paced, most: u64) -> Received {
    let mut got = Received::default();
    if let Err(text) = read(service, &mut upload, &mut got, most).await {
        got.refused = Some(Refusal::new("upload", text, ""));
    }
    got
}

async fn read(
    service: &Service,
    upload: &mut Multipart,
    got: &mut Received,
    most: u64,
) -> std::result::Result<(), String> {
    let limits = service.file_limits();
    let (mut text, mut bytes) = (0, 0);
    for _ in 0..PARTS {
        let Some(field) = upload.next_field().await.map_err(|e| broken(&e))? else { return Ok(()) };
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            text += name.len();
            got.pairs.push((name, words(field, &mut text).await?));
            continue;
        };
        let mut file = service.upload_up_to(FileRole::Other, &file_name, most);
        // One too many is read past, for the sake of what was typed behind it.
        let many = got.files.len() >= limits.files;
        if many {
            file.give_up();
        }
        let ended = content(field, &mut file, &mut bytes, limits.bytes).await?;
        let chosen = !(file.is_empty() && file_name.is_empty());
        if !many {
            got.files.extend(chosen.then_some((name, file)));
        } else if !file_name.is_empty() {
            let text = format!("一次最多上传{}个文件，多出的没有保存，请分次上传", limits.files);
            got.refused = Some(Refusal::new("upload", text, ""));
        }
        if ended {
            return Ok(());
        }
    }
    Err("上传的内容项目过多，请减少后重新提交".into())
}

/// Reads a form of the public that may carry files, in either encoding of a browser. Nothing of a large one is read from
/// an address that sends too many; a small one is read, and counts only if it brings files: so a button that adds a row
/// costs nothing, and the form is kept with the reason.
///
/// # Errors
/// [`TOO_MANY`]; [`Error::Invalid`] for what is no form.
pub async fn sent(app: &App, visit: &Visit, request: Request) -> Result<Received> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let broken = || Error::Invalid("提交的内容无法识别，请返回上一页重新提交".into());
    let small = request.body().size_hint().upper().is_some_and(|n| n <= PLAIN as u64);
    let admitted = || app.upload_throttle.admit(visit.peer, visit.ctx.at);
    if !kind.starts_with("multipart/") {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, PLAIN).await.map_err(|_| broken())?;
        let whole = Request::from_parts(parts, Body::from(bytes));
        let Form(pairs) = Form::from_request(whole, app).await.map_err(|_| broken())?;
        return Ok(Received { pairs, ..Received::default() });
    }
    if !small && !admitted() {
        let text = "上传过于频繁，请一分钟后返回上一页，重新选择文件提交";
        return Err(Error::refused(TOO_MANY, text, ""));
    }
    let paced = Paced::from_request(request, app).await.map_err(|_| broken())?;
    let mut got = received(&app.service, paced).await;
    if let Some(refusal) = got.refused.as_ref().filter(|_| got.pairs.is_empty()) {
        // There is no form to be shown again.
        return Err(Error::Invalid(refusal.text.clone()));
    }
    if small && !got.files.is_empty() && !admitted() {
        got.files.clear();
        let text = "上传过于频繁，文件没有保存，请一分钟后重新选择文件提交";
        got.refused = Some(Refusal::new(TOO_MANY, text, ""));
    }
    Ok(got)
}

/// A short text.
async fn words(mut field: Field<'_>, sum: &mut usize) -> std::result::Result<String, String> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|e| broken(&e))? {
        *sum += piece.len();
        if *sum > TEXT {
            return Err("填写的内容过长，请缩短后重新提交".into());
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| "填写的内容不是UTF-8文字，请重新填写".into())
}

/// A file; whether the upload ended at the limit of the route.
async fn content(
    mut field: Field<'_>,
    file: &mut Upload,
    sum: &mut u64,
    most: u64,
) -> std::result::Result<bool, String> {
    loop {
        match field.chunk().await {
            Ok(Some(piece)) => {
                *sum = sum.saturating_add(piece.len() as u64);
                // Together too much: what is kept in memory is bounded whatever the number of files.
                if *sum > most {
                    file.give_up();
                }
                file.push(&piece);
            }
            Ok(None) => return Ok(false),
            // The limit of the route is above that of any file: what ends there was too large already.
            Err(_) if file.is_over() => return Ok(true),
            Err(e) => return Err(broken(&e)),
        }
    }
}

fn broken(error: &MultipartError) -> String {
    tracing::debug!(%error, "an upload cannot be read");
    "上传的内容不完整或者过大，请核对已填写的内容，重新选择文件后提交".into()
}

/// A content as an answer: saved under its name, never shown or run in the browser's place for this site, never stored.
pub fn download(opened: Opened) -> Response {
    let plain = format!("file.{}", opened.media.ending());
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(opened.media.media_type())),
        (
            header::CONTENT_DISPOSITION,
            // Only percent signs and letters are left of the name, so it always is a header.
            HeaderValue::from_str(&attachment(&opened.name, &plain))
                .unwrap_or(HeaderValue::from_static("attachment")),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, opened.content).into_response()
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes}字节"),
        1024..1_048_576 => format!("{}KB", bytes.div_ceil(1024)),
        _ => format!("{}.{}MB", bytes >> 20, ((bytes & 0xF_FFFF) * 10) >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_people() {
        for (bytes, words) in [(9, "9字节"), (1025, "2KB"), (1 << 20, "1.0MB"), (20 << 20, "20.0MB")] {
            assert_eq!(size(bytes), words);
        }
        assert_eq!(size((3 << 20) / 2), "1.5MB");
    }
}
