//! Signing in and out.

use super::part::{Answer, Body, Caller};
use crate::App;
use crate::error::{ApiError, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use service::{Actor, Error};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Login name.
    pub login: String,
    /// Password.
    #[schema(format = Password)]
    pub password: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Officer {
    /// Account id.
    pub account: Uuid,
    /// Name of the person.
    pub name: String,
    /// The unit the person works for; null for the whole region.
    pub unit: Option<Uuid>,
    /// Roles: `administrator`, `officer`, `reviewer`, `head`, `supervisor`, `auditor`.
    pub roles: Vec<String>,
}

fn officer(actor: Actor) -> Answer<Officer> {
    match actor {
        Actor::Officer { account, name, unit, roles } => {
            Ok(Officer { account, name, unit, roles: roles.iter().map(|r| r.key().to_owned()).collect() })
        }
        Actor::Anonymous | Actor::Operator => Err(ApiError(Error::SignIn)),
    }
}

/// Signs in and sets the session cookie. A session ends after 30 minutes without use, at the latest after 12 hours.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn, responses(
    (status = 200, description = "signed in; the cookie is set", body = Officer),
    (status = "4XX", description = "wrong name or password (400), or too many attempts (429)", body = Problem),
))]
pub async fn sign_in(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(body): Body<SignIn>,
) -> Answer<Response> {
    let signed = app.sign_in(&mut visit, &body.login, &body.password).await?;
    let cookie = app.session_cookie(&signed.token);
    Ok(([(header::SET_COOKIE, cookie)], Json(officer(signed.actor)?)).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses(
    (status = 200, description = "the officer", body = Officer),
    (status = 401, description = "nobody is signed in", body = Problem),
))]
pub async fn who(Caller(visit): Caller) -> Answer<Json<Officer>> {
    officer(visit.ctx.actor).map(Json)
}

/// Ends the session.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses(
    (status = 204, description = "nobody is signed in any more"),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn sign_out(State(app): State<App>, Caller(visit): Caller) -> Answer<Response> {
    if let Some(token) = &visit.token {
        app.service.sign_out(token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.no_cookie())]).into_response())
}
