//! A visit: who asks, when, from where. Read once at the door from the request, and handed down.

use crate::App;
use crate::error::{IDEMPOTENCY_KEY, PageError, TOO_MANY};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use jiff::civil::Date;
use service::{Actor, Context};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

/// One request to pages or API. The actor comes from the session cookie; without a living session it is anonymous.
#[derive(Debug, Clone)]
pub struct Visit {
    /// What every verb wants: instant, actor, randomness, and the idempotency key of the header, if any.
    pub ctx: Context,
    /// The session token, if there is a living session.
    pub token: Option<String>,
    /// The visitor's address, for the rate limit only.
    pub peer: IpAddr,
    /// Notices of the officer that nobody has read; counted for pages of the desk only.
    pub unread: i64,
}

impl Visit {
    /// Whether somebody is signed in.
    pub fn signed_in(&self) -> bool {
        matches!(self.ctx.actor, Actor::Officer { .. })
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> Date {
        self.ctx.today()
    }

    /// The context for one verb, with fresh randomness taken from the visit, so that a handler that calls two verbs
    /// never uses a nonce twice.
    pub fn context(&mut self) -> Context {
        let mut next = Context::new(self.ctx.at, self.ctx.actor.clone(), self.ctx.entropy.bytes());
        next.key.clone_from(&self.ctx.key);
        next
    }
}

/// The session is looked up once a request.
impl FromRequestParts<App> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let at = app.clock.now();
        let token = cookie(&parts.headers, app.cookie_name());
        let actor = match &token {
            Some(token) => app.service.session(at, token).await?,
            None => None,
        };
        let token = token.filter(|_| actor.is_some());
        let mut ctx = Context::new(at, actor.unwrap_or(Actor::Anonymous), app.clock.seed());
        ctx.key = key(&parts.headers)?;
        let peer = peer(parts, app.settings.proxy);
        Ok(Visit { ctx, token, peer, unread: 0 })
    }
}

/// A key is at most 200 visible ASCII characters.
fn key(headers: &HeaderMap) -> Result<Option<String>, PageError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(text) if (1..=200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) => {
            Ok(Some(text.to_owned()))
        }
        _ => Err(service::Error::Invalid(
            "Idempotency-Key 应为1至200个可见的英文字符，请换用新的键值后重试".into(),
        )
        .into()),
    }
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The peer; behind a proxy the last address it appended, which the visitor cannot choose.
fn peer(parts: &Parts, proxy: bool) -> IpAddr {
    let nearest = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    if !proxy {
        return nearest;
    }
    parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.rsplit(',').next())
        .and_then(|v| v.trim().parse().ok())
        .unwrap_or(nearest)
}

impl App {
    /// Name of the session cookie: bound to the host and to https where the public uses https.
    pub fn cookie_name(&self) -> &'static str {
        if self.settings.https() { "__Host-gongkai" } else { "gongkai" }
    }

    /// The `Set-Cookie` value that begins a session. It ends with the browser session; the service ends it earlier.
    pub fn session_cookie(&self, token: &str) -> HeaderValue {
        self.set_cookie(token, "")
    }

    /// The `Set-Cookie` value that ends a session.
    pub fn no_cookie(&self) -> HeaderValue {
        self.set_cookie("", "; Max-Age=0")
    }

    fn set_cookie(&self, value: &str, more: &str) -> HeaderValue {
        self.baked(self.cookie_name(), value, more)
    }

    /// A `Set-Cookie` value: for the whole site, no script reads it, and no other site makes a browser send it with a
    /// form.
    pub fn baked(&self, name: &str, value: &str, more: &str) -> HeaderValue {
        let secure = if self.settings.https() { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// Signs in through the rate limit of the visitor's address. The account's own lock-out is the service's.
    ///
    /// # Errors
    /// A refusal with code [`TOO_MANY`] (status 429), or what the service answers.
    pub async fn sign_in(
        &self,
        visit: &mut Visit,
        login: &str,
        password: &str,
    ) -> service::Result<service::account::SignedIn> {
        if !self.throttle.admit(visit.peer, visit.ctx.at) {
            return Err(service::Error::refused(TOO_MANY, "登录尝试过于频繁，请一分钟后再试", ""));
        }
        let mut ctx = visit.context();
        ctx.key = None;
        self.service.sign_in(ctx, login, password).await
    }
}

/// A token bucket for each address: [`Throttle::BURST`] at once, then one every [`Throttle::EVERY`] seconds.
#[derive(Debug, Clone, Default)]
pub struct Throttle(Arc<Mutex<HashMap<IpAddr, Bucket>>>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Throttle {
    /// Attempts allowed at once.
    pub const BURST: f64 = 20.0;
    /// Seconds until one more is allowed.
    pub const EVERY: f64 = 3.0;
    /// Addresses remembered at most; beyond it the half that waited longest is forgotten.
    const ADDRESSES: usize = 10_000;

    /// Whether one more attempt is allowed now; takes it if so.
    pub fn admit(&self, from: IpAddr, at: Timestamp) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= Self::ADDRESSES && !buckets.contains_key(&from) {
            buckets.retain(|_, b| Self::filled(*b, at) < Self::BURST);
            if buckets.len() >= Self::ADDRESSES {
                let mut times: Vec<Timestamp> = buckets.values().map(|b| b.at).collect();
                times.sort_unstable();
                let middle = times[times.len() / 2];
                buckets.retain(|_, b| b.at > middle);
            }
        }
        let bucket = buckets.entry(from).or_insert(Bucket { tokens: Self::BURST, at });
        let tokens = Self::filled(*bucket, at);
        let admitted = tokens >= 1.0;
        *bucket = Bucket { tokens: if admitted { tokens - 1.0 } else { tokens }, at };
        admitted
    }

    /// Gives an attempt back that cost nothing after all.
    pub fn give_back(&self, from: IpAddr, at: Timestamp) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&from) {
            let tokens = (Self::filled(*bucket, at) + 1.0).min(Self::BURST);
            *bucket = Bucket { tokens, at };
        }
    }

    fn filled(bucket: Bucket, at: Timestamp) -> f64 {
        let passed = at.duration_since(bucket.at).as_secs_f64().max(0.0);
        (bucket.tokens + passed / Self::EVERY).min(Self::BURST)
    }
}

/// Never fails: a visit for handlers that must answer even when the session cannot be read.
impl axum::extract::OptionalFromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Infallible> {
        Ok(<Visit as FromRequestParts<App>>::from_request_parts(parts, app).await.ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_try_a_few_times_and_then_must_wait() {
        let throttle = Throttle::default();
        let start: Timestamp = "2021-01-04T01:00:00Z".parse().unwrap();
        let (a, b) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        for _ in 0..20 {
            assert!(throttle.admit(a, start));
        }
        assert!(!throttle.admit(a, start));
        assert!(throttle.admit(b, start), "another address is not concerned");
        let later = start + jiff::SignedDuration::from_secs(3);
        assert!(throttle.admit(a, later));
        assert!(!throttle.admit(a, later));
        throttle.give_back(a, later);
        assert!(throttle.admit(a, later), "one was given back");
        assert!(!throttle.admit(a, later));
    }

    #[test]
    fn the_number_of_addresses_remembered_is_bounded() {
        let throttle = Throttle::default();
        let start: Timestamp = "2021-01-04T01:00:00Z".parse().unwrap();
        for n in 0..20_000_u32 {
            assert!(throttle.admit(IpAddr::from(n.to_be_bytes()), start));
        }
        assert!(throttle.0.lock().unwrap().len() <= Throttle::ADDRESSES);
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; gongkai=token; b=2"));
        assert_eq!(cookie(&headers, "gongkai").as_deref(), Some("token"));
        assert_eq!(cookie(&headers, "gong"), None);
    }
}
