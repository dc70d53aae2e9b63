//! Files that were given out to the applicant: the list on the page of the progress, and the download. Both ask for the
//! query code and the proof, in the body of a form, so that neither lies in an address.

use super::super::super::Answer;
use super::super::super::form::Typed;
use super::super::super::words::day;
use super::progress::show_progress;
use super::{admitted, settle};
use crate::intake::{download, size};
use crate::{App, Visit};
use axum::extract::{Form as Posted, State};
use service::file::OwnFile;
use uuid::Uuid;

/// A file that can be downloaded.
#[derive(Debug, Clone)]
pub struct Given {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) about: String,
}

impl Given {
    pub(super) fn of(file: OwnFile) -> Self {
        let about =
            format!("{}，{}，{}前（含当日）可以下载", file.media.label(), size(file.size), day(file.until));
        Given { id: file.id, name: file.name, about }
    }
}

/// `/ask/file`: opens a file of the own request; whatever is refused is said on the page of the progress.
pub(super) async fn open(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let result = match (admitted(&app, &visit), Uuid::parse_str(typed.get("file"))) {
        (Ok(()), Ok(file)) => {
            app.service.open_own(visit.context(), typed.get("code"), typed.get("proof"), file).await
        }
        (Ok(()), Err(_)) => Err(service::Error::NotFound("没有找到这份材料，请重新查询".into())),
        (Err(error), _) => Err(error),
    };
    match settle(result, &mut typed)? {
        Some(opened) => Ok(download(opened)),
        None => show_progress(&app, &mut visit, typed, "").await,
    }
}

#[cfg(test)]
pub(super) fn sample() -> Given {
    Given {
        id: Uuid::nil(),
        name: "样例材料.pdf".into(),
        about: "PDF，1.2MB，2020年4月8日前（含当日）可以下载".into(),
    }
}
