//! How pages are shown to this visitor: as usual, in large text (关怀版), or on the self-service terminal of a service hall
//! (政务公开专区自助终端).
//!
//! Both are cookies, so that every address stays what it is and links can be passed on. Public answers already vary by
//! cookie, and their tags are made from the bytes sent; so caches keep the looks apart without knowing of them. What is
//! shown on a terminal is kept nowhere.
//!
//! The look stands around the whole answer to a request (a task-local value), because pages of errors, forms and fields
//! are printed where nobody has the visit in hand.

use super::asset::Assets;
use super::frame::{Frame, see};
use super::qr::Picture;
use super::words::encoded;
use crate::visit::cookie;
use crate::{App, Settings};
use axum::Router;
use axum::extract::{Form, Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::post;
use std::sync::Arc;

/// Cookie of the large-text look.
pub const LARGE: &str = "gongkai-look";
/// Cookie of a visit at a terminal; its value is the token of the visit.
pub const TERMINAL: &str = "gongkai-terminal";
/// A year: nobody should have to ask for legible text again each time.
const YEAR: &str = "; Max-Age=31536000";
const GONE: &str = "; Max-Age=0";

/// How a page is shown.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// In large text.
    pub large: bool,
    /// Token of the visit at a terminal; empty everywhere else.
    pub visit: String,
    /// Where this page can be asked for again.
    pub here: String,
    /// Scheme and host under which the visitor came; empty where neither is known.
    pub origin: String,
    /// Seconds without a sign of the visitor after which a terminal clears everything.
    pub idle: u64,
    /// Seconds before that at which it asks.
    pub warn: u64,
    /// Seconds after which the page gives way where there is no script, and to where.
    pub refresh: (u64, String),
}

impl Look {
    /// Whether this is a terminal.
    pub fn terminal(&self) -> bool {
        !self.visit.is_empty()
    }

    /// Classes of the page.
    pub fn class(&self) -> &'static str {
        match (self.large, self.terminal()) {
            (false, false) => "",
            (true, false) => "large",
            (false, true) => "terminal",
            (true, true) => "large terminal",
        }
    }

    /// The address of this page as a picture, for a visitor of a terminal to take along.
    pub fn picture(&self) -> Option<Picture> {
        if self.origin.is_empty() { None } else { Picture::of(&format!("{}{}", self.origin, self.here)) }
    }

    /// How long a terminal waits, in words.
    pub fn patience(&self) -> String {
        match (self.idle / 60, self.idle % 60) {
            (0, seconds) => format!("{seconds}秒"),
            (minutes, 0) => format!("{minutes}分钟"),
            (minutes, seconds) => format!("{minutes}分{seconds}秒"),
        }
    }

    /// The look of what stands at this address, as its cookies say.
    fn of(app: &App, headers: &HeaderMap, method: &Method, uri: &Uri) -> Look {
        let visit = cookie(headers, TERMINAL).filter(|v| is_token(v)).unwrap_or_default();
        let look = Look {
            large: is_large(headers),
            here: again(method, uri),
            origin: origin(&app.settings, headers).unwrap_or_default(),
            ..Look::default()
        };
        if visit.is_empty() { look } else { look.at_terminal(&app.settings, visit, uri.path()) }
    }

    /// The same look for a visit at a terminal.
    pub fn at_terminal(mut self, settings: &Settings, visit: String, path: &str) -> Look {
        self.visit = visit;
        self.idle = settings.site.idle().as_secs();
        self.warn = settings.site.warn().as_secs();
        // Without script nobody can see whether somebody is typing: pages to be filled in wait ten times as long
        // (WCAG 2.1, 2.2.1), and the page that follows asks before anything is over.
        self.refresh = if path == START || path.starts_with("/ask/") || path.starts_with(CONSULTED) {
            (self.idle * 10, START.to_owned())
        } else {
            (self.idle, START.to_owned())
        };
        if path != START {
            self.refresh.1 = format!("{START}/idle?to={}", encoded(&self.here));
        }
        self
    }
}

/// The start page of a terminal.
pub const START: &str = "/terminal";
/// Pages on which opinions are given.
const CONSULTED: &str = "/consultations/";

fn is_token(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a visitor has chosen the large look.
pub fn is_large(headers: &HeaderMap) -> bool {
    cookie(headers, LARGE).as_deref() == Some("large")
}

/// What stands around the answer to a request.
#[derive(Debug, Clone)]
struct Around {
    look: Look,
    settings: Arc<Settings>,
    region: String,
}

tokio::task_local! {
    static AROUND: Around;
}

/// The look of the page that is being made.
pub fn current() -> Look {
    AROUND.try_with(|a| a.look.clone()).unwrap_or_default()
}

/// Whether the page that is being made is for a terminal.
pub fn terminal() -> bool {
    AROUND.try_with(|a| a.look.terminal()).unwrap_or(false)
}

/// Where a form of this page is sent. On a terminal the address holds the token of the visit: what a browser still knows
/// of an earlier visit is not taken from it again.
pub fn action(address: &str) -> String {
    let look = current();
    if !look.terminal() || !of_a_person(address) {
        return address.to_owned();
    }
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}visit={}", look.visit)
}

/// Whether what is sent there is about a person.
fn of_a_person(path: &str) -> bool {
    (path.starts_with("/ask/") && path != "/ask/look") || opinion_on(path).is_some()
}

/// The page of a draft on which an opinion is given by a form sent to this path.
fn opinion_on(path: &str) -> Option<&str> {
    path.strip_suffix("/opinion").filter(|page| page.starts_with(CONSULTED))
}

/// Makes an answer in another look than that of the request.
pub fn shown_in(app: &App, look: Look, make: impl FnOnce() -> Response) -> Response {
    AROUND.sync_scope(Around::of(app, look), make)
}

impl Around {
    fn of(app: &App, look: Look) -> Around {
        Around { look, settings: Arc::clone(&app.settings), region: app.service.region_name().to_owned() }
    }
}

/// The frame of a page of the portal, also of one that says what went wrong; bare where nothing is known of the site.
pub fn frame(title: &str) -> Frame {
    let known = |a: &Around| {
        let site = a.settings.site.name(&a.region);
        let mut labels = vec![("SiteName", site.clone())];
        let host = a.settings.public_url.as_deref().and_then(|u| u.split("://").nth(1));
        labels.extend(host.map(|h| ("SiteDomain", h.to_owned())));
        labels.extend(a.settings.site.id_code.clone().map(|code| ("SiteIDCode", code)));
        Frame {
            site,
            region: a.region.clone(),
            labels,
            assets: Assets::of(&a.settings.site),
            marks: a.settings.site.marks.clone(),
            look: a.look.clone(),
            ..Frame::default()
        }
    };
    let bare = || Frame {
        site: "政府信息公开".into(),
        labels: vec![("SiteName", "政府信息公开".into())],
        ..Frame::default()
    };
    Frame { title: title.into(), ..AROUND.try_with(known).unwrap_or_else(|_| bare()) }
}

/// Where a page can be asked for again: what answers a form only is asked for at the form.
fn again(method: &Method, uri: &Uri) -> String {
    let path = uri.path();
    if matches!(*method, Method::GET | Method::HEAD) {
        let whole = uri.path_and_query().map_or(path, |p| p.as_str());
        let fits = |text: &str| text.len() <= LONGEST;
        return Some(ascii(whole)).filter(|t| fits(t)).unwrap_or_else(|| ascii(path));
    }
    match path {
        "/ask/new" | "/ask/draft" | "/ask/progress" => path.to_owned(),
        _ if path.starts_with("/ask/") => "/ask/progress".to_owned(),
        _ if opinion_on(path).is_some() => opinion_on(path).map(ascii).unwrap_or_default(),
        _ => "/".to_owned(),
    }
}

/// Scheme and host under which the visitor came, for an address on paper; none where neither is known.
pub fn origin(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    if let Some(url) = &settings.public_url {
        return Some(url.clone());
    }
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.len() < 256 && host.chars().all(plain)).then(|| format!("http://{host}"))
}

/// Bytes of an address that is gone back to.
const LONGEST: usize = 2000;

/// An address as browsers send it, also where a program sent its characters as they are.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c.to_string() } else { encoded(&c.to_string()) }).collect()
}

/// Only an address of this site, as browsers understand addresses: a switch must not send anybody elsewhere.
pub fn inside(to: &str) -> &str {
    let plain = to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let local = to.starts_with('/') && !to.starts_with("//");
    if plain && local && to.len() <= LONGEST { to } else { "/" }
}

/// Puts the look around the answer to a request. On a terminal, forms of an earlier visit are not taken.
pub async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/static/") || crate::error::is_api(path) {
        return next.run(request).await;
    }
    let mut look = Look::of(&app, request.headers(), request.method(), request.uri());
    if look.terminal() {
        if path == "/" {
            return see(START);
        }
        let own = format!("visit={}", look.visit);
        let said = request.uri().query().unwrap_or_default().split('&').any(|pair| pair == own);
        if *request.method() == Method::POST && of_a_person(path) && !said {
            return see(&format!("{START}?over=yes"));
        }
    }
    if path == "/desk" || path.starts_with("/desk/") {
        // The desk has its own look; nobody gets to it from a terminal.
        look = Look { here: look.here, ..Look::default() };
    }
    AROUND.scope(Around::of(&app, look), next.run(request)).await
}

/// `/look`
pub fn routes() -> Router<App> {
    Router::new().route("/look", post(switch))
}

/// Switches between the usual and the large-text look, and goes back to where the visitor was: where the page says, or
/// where the browser says if the page does not.
async fn switch(
    State(app): State<App>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    let said = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v);
    let before =
        headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<Uri>().ok());
    let before = before.as_ref().and_then(Uri::path_and_query).map_or("/", PathAndQuery::as_str);
    let to = if said("to").is_empty() { before } else { said("to") };
    let mut answer = see(inside(to));
    let value =
        if said("large") == "yes" { app.baked(LARGE, "large", YEAR) } else { app.baked(LARGE, "", GONE) };
    answer.headers_mut().append(header::SET_COOKIE, value);
    answer
}

impl App {
    /// The cookie of a visit at a terminal; it ends with the browser.
    pub fn terminal_cookie(&self, visit: &str) -> HeaderValue {
        self.baked(TERMINAL, visit, "")
    }

    /// The end of what a visitor leaves at a terminal: the chosen look and a session.
    pub fn forgotten(&self) -> [HeaderValue; 2] {
        [self.baked(LARGE, "", GONE), self.no_cookie()]
    }

    /// Whether forms of this page take files: not on a terminal, where choosing one shows what lies on the machine.
    pub fn offers_files(&self) -> bool {
        self.service.takes_files() && !terminal()
    }

    /// The end of a terminal.
    pub fn no_terminal_cookie(&self) -> HeaderValue {
        self.baked(TERMINAL, "", GONE)
    }
}

/// Makes something as on a page in this look, of a site without settings.
#[cfg(test)]
pub(crate) fn as_in<T>(look: Look, make: impl FnOnce() -> T) -> T {
    let around = Around { look, settings: Arc::default(), region: "样例市".into() };
    AROUND.sync_scope(around, make)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_site_are_gone_back_to() {
        for to in ["/", "/search?q=%E5%8A%9E%E6%B3%95&page=2", "/documents/x#y"] {
            assert_eq!(inside(to), to);
        }
        for to in [
            "",
            "//example.com",
            "https://example.com",
            "/\\example.com",
            "\\\\example.com",
            "/a\r\nset-cookie: b",
            "/a b",
            "/办法",
            "javascript:alert(1)",
            " /",
            "\t//example.com",
        ] {
            assert_eq!(inside(to), "/", "{to:?}");
        }
        assert_eq!(inside(&format!("/{}", "a".repeat(LONGEST))), "/");
    }

    #[test]
    fn what_answers_a_form_is_asked_for_at_the_form() {
        let of = |method: Method, uri: &str| again(&method, &uri.parse().unwrap());
        assert_eq!(of(Method::GET, "/search?q=a&page=2"), "/search?q=a&page=2");
        assert_eq!(of(Method::GET, "/search?q=办"), "/search?q=%E5%8A%9E");
        assert_eq!(of(Method::POST, "/ask/new?visit=0"), "/ask/new");
        assert_eq!(of(Method::POST, "/ask/withdraw"), "/ask/progress");
        assert_eq!(of(Method::POST, "/consultations/1/opinion?visit=0"), "/consultations/1");
        assert_eq!(of(Method::POST, "/look"), "/");
        assert_eq!(of(Method::GET, &format!("/search?q={}", "a".repeat(3000))), "/search");
    }
}
