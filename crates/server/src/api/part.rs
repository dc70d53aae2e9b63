//! What the operations share: reading bodies and queries, pages of lists, history, explained dates.

use crate::App;
use crate::error::ApiError;
use crate::visit::Visit;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::{Error, History, Page, Service};
use std::str::FromStr;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The answer of every operation.
pub type Answer<T> = Result<T, ApiError>;

/// A JSON body; what cannot be read is answered with one sentence and the place.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = axum::response::Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        use axum::extract::rejection::JsonRejection as R;
        use axum::response::IntoResponse;
        match axum::Json::<T>::from_request(request, app).await {
            Ok(axum::Json(body)) => Ok(Body(body)),
            Err(R::JsonDataError(e)) => {
                Err(invalid(format!("提交的内容不符合接口说明，请核对各项：{}", e.body_text())))
            }
            Err(R::JsonSyntaxError(e)) => {
                Err(invalid(format!("提交的内容不是完整的 JSON，请核对：{}", e.body_text())))
            }
            Err(R::MissingJsonContentType(_)) => {
                Err(invalid("请把 Content-Type 设为 application/json 后重新提交".to_owned()))
            }
            // Too large, or the connection broke: the layer above finds the words.
            Err(other) => Err(other.status().into_response()),
        }
    }
}

fn invalid(sentence: String) -> axum::response::Response {
    use axum::response::IntoResponse;
    ApiError(Error::Invalid(sentence)).into_response()
}

/// A query string; what cannot be read is answered with one sentence.
pub struct Ask<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Ask<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        match Query::<T>::from_request_parts(parts, app).await {
            Ok(Query(ask)) => Ok(Ask(ask)),
            Err(e) => Err(ApiError(Error::Invalid(format!("查询条件无法使用，请核对：{}", e.body_text())))),
        }
    }
}

/// The parts of the path; what cannot be read names nothing.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        match Path::<T>::from_request_parts(parts, app).await {
            Ok(Path(names)) => Ok(Named(names)),
            Err(_) => Err(ApiError(Error::NotFound("网址中的编号、年度或者日期无法识别，请核对".into()))),
        }
    }
}

/// A visit to the API: like [`Visit`], but its rejection is a problem.
pub struct Caller(pub Visit);

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        <Visit as FromRequestParts<App>>::from_request_parts(parts, app)
            .await
            .map(Caller)
            .map_err(|e| ApiError(e.0))
    }
}

/// Rows a page has if nothing else is asked for.
const ROWS: i64 = 50;
/// Rows a page has at most.
const MOST_ROWS: i64 = 200;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 if absent.
    pub limit: Option<i64>,
}

impl Paging {
    /// The page asked for.
    pub fn page<K: FromStr>(&self) -> Answer<Page<K>> {
        let wrong = || ApiError(Error::Invalid("after 应当照抄上一页给出的 next，请从第一页重新开始".into()));
        let after = match self.after.as_deref() {
            None | Some("") => None,
            Some(text) => {
                let (key, id) = text.split_once('_').ok_or_else(wrong)?;
                Some((key.parse().map_err(|_| wrong())?, id.parse().map_err(|_| wrong())?))
            }
        };
        let limit = self.limit.unwrap_or(ROWS);
        if !(1..=MOST_ROWS).contains(&limit) {
            return Err(ApiError(Error::Invalid(format!("limit 应为1至{MOST_ROWS}的整数"))));
        }
        Ok(Page { after, limit })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageOf<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it back as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> PageOf<T> {
    /// A page of rows; a full page may have a next one.
    pub fn of<R, K: ToString>(
        rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> (K, Uuid),
        item: impl Fn(R) -> T,
    ) -> Self {
        let full = i64::try_from(rows.len()).is_ok_and(|n| n >= limit);
        let next = rows.last().filter(|_| full).map(|last| {
            let (key, id) = key(last);
            format!("{}_{id}", key.to_string())
        });
        PageOf { items: rows.into_iter().map(item).collect(), next }
    }
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    pub id: Uuid,
}

/// The version after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    /// State it with the next change.
    pub version: u32,
}

/// An entry of a docket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Position in the docket, from 1.
    pub ordinal: u32,
    /// The legal date of the fact.
    pub on: Date,
    /// The entry it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<u32>,
    /// What happened, in the form in which changes are posted; null if it voids the entry it corrects.
    #[schema(value_type = Option<Object>)]
    pub event: Option<Value>,
    /// Why it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// By whom.
    pub actor: String,
    /// Its number in the journal.
    pub seq: i64,
}

/// The entries of a docket as the API gives them.
pub fn entries<E: Serialize>(history: &[History<E>]) -> Vec<Entry> {
    history
        .iter()
        .map(|h| Entry {
            ordinal: h.recorded.ordinal,
            on: h.recorded.effective_on,
            corrects: h.recorded.corrects,
            event: h.recorded.event.as_ref().and_then(|e| serde_json::to_value(e).ok()),
            reason: h.reason.clone(),
            recorded_at: h.at,
            actor: h.actor.clone(),
            seq: h.seq,
        })
        .collect()
}

/// A date that says how it was computed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Due {
    /// The last day in time.
    pub due: Date,
    /// Whether a notice not yet published may still move it.
    pub provisional: bool,
    /// How it was computed, in order.
    pub because: Vec<Step>,
}

/// One step of a computation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    /// One Chinese sentence.
    pub text: String,
    /// Article or notice.
    #[schema(example = "条例第三十三条")]
    pub citation: String,
}

impl From<law::Due> for Due {
    fn from(due: law::Due) -> Self {
        Due {
            due: due.on,
            provisional: due.provisional,
            because: due.because.into_iter().map(|s| Step { text: s.text, citation: s.citation }).collect(),
        }
    }
}

/// The unit a query names by id, code or name, as the filter of a list wants it.
pub async fn units(service: &Service, text: Option<&str>) -> Answer<Option<Vec<Uuid>>> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => Ok(Some(vec![service.find_unit(text).await?.id])),
    }
}

/// A body that changes a docket: an event, or a correction of an earlier entry.
macro_rules! change_body {
    ($(#[$about:meta])* $name:ident, $event:ty, $schema:ty) => {
        $(#[$about])*
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The version the change was decided on; if it is not the newest any more, the answer is 409.
            pub version: u32,
            /// The legal date of the fact.
            pub on: jiff::civil::Date,
            /// What happened; absent only in a correction that voids an entry.
            #[serde(default)]
            #[schema(value_type = Option<$schema>)]
            pub event: Option<$event>,
            /// Ordinal of the entry it corrects.
            #[serde(default)]
            pub corrects: Option<u32>,
            /// Why it corrects; required for a correction.
            #[serde(default)]
            pub reason: Option<String>,
        }

        impl $name {
            /// As the service takes it.
            pub fn change(self) -> service::Change<$event> {
                service::Change { on: self.on, corrects: self.corrects, event: self.event, reason: self.reason }
            }
        }
    };
}

pub(crate) use change_body;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_with_what_the_last_one_gave() {
        let id = Uuid::from_u128(7);
        let rows = vec![(jiff::civil::date(2020, 3, 1), id)];
        let full = PageOf::of(rows.clone(), 1, |r| *r, |r| r.1);
        let paging = Paging { after: full.next, limit: Some(1) };
        assert_eq!(paging.page::<Date>().unwrap().after, Some((jiff::civil::date(2020, 3, 1), id)));
        assert!(PageOf::of(rows, 2, |r| *r, |r| r.1).next.is_none());
        for wrong in ["x", "2020-03-01_x", "x_00000000-0000-0000-0000-000000000007"] {
            assert!(Paging { after: Some(wrong.into()), limit: None }.page::<Date>().is_err(), "{wrong}");
        }
        assert!(Paging { after: None, limit: Some(0) }.page::<Date>().is_err());
        assert!(Paging { after: None, limit: Some(201) }.page::<Date>().is_err());
    }
}
