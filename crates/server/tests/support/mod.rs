//! A small invented county, the router in process with a fixed clock, and the built binary.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use law::applicant::ApplicantClass;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::unit::{Level, Profile, UnitEvent, UnitKind};
use law::receipt::Channel;
use serde_json::{Value, json};
use server::{App, Clock, Settings};
use service::account::NewAccount;
use service::request::NewRequest;
use service::unit::NewUnit;
use service::{Actor, Change, Context, Location, Region, Role, Service};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tower::ServiceExt;
use uuid::Uuid;

/// Password of every invented account.
pub const PASSWORD: &str = "Xixi-2020-hehe";

/// Noon of a day in Asia/Shanghai.
pub fn noon(on: Date) -> Timestamp {
    on.at(12, 0, 0, 0).to_zoned_datetime(service::zone()).unwrap().timestamp()
}

/// The county: a government with its office and one department.
pub struct County {
    pub service: Service,
    pub government: Uuid,
    pub office: Uuid,
    pub bureau: Uuid,
    seeds: u8,
}

impl County {
    pub async fn new(folder: &Path) -> County {
        let at = Location::Folder(folder.to_owned());
        let now = noon(date(2020, 1, 2));
        let service = Service::init(&at, Region(990_101), "示例县", [1; 32], now).await.unwrap();
        let nil = Uuid::nil();
        let mut county = County { service, government: nil, office: nil, bureau: nil, seeds: 10 };
        let government = county.unit("sx", "示例县人民政府", "县政府", UnitKind::Government, None).await;
        county.government = government;
        county.office = county
            .unit("sx-office", "示例县人民政府办公室", "县政府办", UnitKind::Office, Some(government))
            .await;
        county.bureau = county
            .unit("sx-health", "示例县卫生健康局", "县卫健局", UnitKind::Department, Some(government))
            .await;
        county.describe().await;
        county
    }

    pub fn operator(&mut self, on: Date) -> Context {
        self.seeds += 1;
        Context::new(noon(on), Actor::Operator, [self.seeds; 32])
    }

    /// What the office has to say of itself before its letters are complete.
    async fn describe(&mut self) {
        let profile = Profile {
            phone: "0000-0000000".into(),
            letter_code: "示公开".into(),
            reconsideration_authority: "示例市人民政府".into(),
            court: "示例县人民法院".into(),
            ..Profile::default()
        };
        let on = date(2020, 1, 2);
        let event = Change::event(on, UnitEvent::Described { profile: Box::new(profile) });
        let ctx = self.operator(on);
        self.service.change_unit(ctx, self.office, 1, event).await.unwrap();
    }

    async fn unit(
        &mut self,
        code: &str,
        name: &str,
        short: &str,
        kind: UnitKind,
        above: Option<Uuid>,
    ) -> Uuid {
        let unit = NewUnit {
            code: code.into(),
            name: name.into(),
            short_name: short.into(),
            kind,
            level: Level::County,
            parent: above,
            consolidates_into: above,
        };
        let ctx = self.operator(date(2020, 1, 2));
        self.service.establish_unit(ctx, date(2010, 1, 1), unit).await.unwrap()
    }

    pub async fn account(&mut self, login: &str, unit: Option<Uuid>, roles: &[Role]) {
        let new = NewAccount {
            login: login.into(),
            name: format!("样例{login}"),
            unit,
            roles: roles.to_vec(),
            password: PASSWORD.into(),
        };
        let ctx = self.operator(date(2020, 1, 2));
        self.service.create_account(ctx, new).await.unwrap();
    }

    pub async fn request(&mut self, arrived: Date, subject: &str) -> (Uuid, u32) {
        let new = NewRequest {
            arrived_on: arrived,
            channel: Channel::Counter,
            addressee: self.office,
            counted_by: self.office,
            class: ApplicantClass::NaturalPerson,
            subject: subject.into(),
            person: None,
            wanted: Default::default(),
            confirmed_on: None,
        };
        let ctx = self.operator(arrived);
        let made = self.service.receive_request(ctx, new).await.unwrap();
        (made.id, made.version)
    }

    pub async fn document(&mut self, made: Date, title: &str) -> Uuid {
        let event = DocumentEvent::Made {
            counted_by: self.office.to_string(),
            maker: self.office.to_string(),
            category: Category::Official,
            title: title.into(),
            number: None,
            index_number: None,
            attribute: DisclosureAttribute::Proactive,
            reason: None,
        };
        let ctx = self.operator(made);
        self.service.make_document(ctx, made, event).await.unwrap()
    }
}

/// The router in process.
pub struct Door {
    pub county: County,
    pub app: App,
    pub clock: Clock,
    folder: tempfile::TempDir,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl Door {
    pub async fn new() -> Door {
        Door::with(Settings::default()).await
    }

    /// An open door with an officer, a reviewer, a head, who takes every step of the approval chain, and an administrator. It is 15 January 2021.
    pub async fn with(settings: Settings) -> Door {
        let folder = tempfile::tempdir().unwrap();
        let mut county = County::new(&folder.path().join("data")).await;
        let office = Some(county.office);
        county.account("officer", office, &[Role::Officer]).await;
        county.account("reviewer", office, &[Role::Reviewer]).await;
        county.account("head", office, &[Role::Head]).await;
        county.account("chain", office, &[Role::SecrecyReviewer, Role::LegalReviewer, Role::Head]).await;
        county.account("admin", None, &[Role::Administrator]).await;
        let clock = Clock::fixed(noon(date(2021, 1, 15)));
        let app = App::new(county.service.clone(), clock.clone(), settings);
        Door { county, app, clock, folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = server::router(self.app.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(Method::GET, path, cookie, None, &[]).await
    }

    pub async fn post(&self, path: &str, cookie: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, cookie, Some(body), &[]).await
    }

    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Signs in and gives the cookie to send.
    pub async fn sign_in(&self, login: &str) -> String {
        let answer = self.post("/api/v1/session", "", json!({ "login": login, "password": PASSWORD })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned()
    }
}

/// The built program with nothing of this environment's settings.
pub fn gongkai(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    for setting in server::config::all() {
        command.env_remove(setting.env);
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Run {
    fn from(o: Output) -> Self {
        Run {
            status: o.status.code(),
            out: String::from_utf8_lossy(&o.stdout).into_owned(),
            err: String::from_utf8_lossy(&o.stderr).into_owned(),
        }
    }
}

/// Runs to the end.
pub fn run(args: &[&str]) -> Run {
    gongkai(args).output().unwrap().into()
}

/// Runs with this text on standard input.
pub fn run_with(args: &[&str], input: &str) -> Run {
    use std::io::Write;
    let mut child =
        gongkai(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may refuse before it reads.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

/// What must be so whenever input could not be used: status 2, nothing on standard output, one Chinese sentence.
#[track_caller]
pub fn refused(run: &Run, words: &[&str]) {
    assert_eq!(run.status, Some(2), "{run:?}");
    assert_eq!(run.out, "", "{run:?}");
    assert_eq!(run.err.lines().count(), 1, "one sentence: {run:?}");
    for trace in ["panicked", "RUST_BACKTRACE", "Error", "stack", ".rs:"] {
        assert!(!run.err.contains(trace), "no trace: {run:?}");
    }
    for word in words {
        assert!(run.err.contains(word), "{word}: {run:?}");
    }
}
