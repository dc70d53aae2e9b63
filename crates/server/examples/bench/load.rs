//! The load of a busy province: submitting, the pages people wait for, and a new calendar for every open request.

use crate::county::{County, operator, unit};
use crate::request::{UNITS, open_table};
use crate::serve::{Serving, start};
use crate::table::{Table, grouped, median};
use crate::{Outcome, clock};
use jiff::Timestamp;
use jiff::civil::date;
use law::applicant::ApplicantClass;
use law::calendar::Calendar;
use law::docket::request::{Carrier, Delivery, RequestEvent, Wanted};
use service::account::NewAccount;
use service::asking::{Asking, Matter, Second};
use service::transfer::{ImportMode, Kind};
use service::vault::Person;
use service::{Change, Location, Page, Region, Role, Service};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Who sends at the same time.
const SENDERS: u64 = 64;
/// Requests submitted.
const SUBMITTED: u64 = 4_000;
/// Visits of each page.
const VISITS: usize = 400;
/// Open requests that a new calendar meets.
const OPEN: u32 = 100_000;
/// Rows imported at a time.
const CHUNK: u32 = 20_000;
/// Signs in at the desk of the store; nobody else is in it.
const LOGIN: &str = "bench";
const PASSWORD: &str = "Measured-2022-here";
/// Last four signs of the applicant's paper.
const PROOF: &str = "002X";

fn asking(addressee: Uuid, n: u64) -> Asking {
    Asking {
        matters: vec![Matter {
            addressee,
            also: Vec::new(),
            subject: format!("样本地块{n}号的征收补偿方案、批复和公告情况"),
        }],
        class: ApplicantClass::NaturalPerson,
        person: Person {
            name: format!("样本{n}"),
            // A number for each: one applicant asking the same again would be told so.
            id_kind: "其他证件".into(),
            id_number: format!("样本{n}{PROOF}"),
            phone: "000-0000 0001".into(),
            address: "样本路一号".into(),
            ..Person::default()
        },
        wanted: Wanted { delivery: vec![Delivery::Post], carrier: Some(Carrier::Paper), other_way: false },
        second: Second::IdNumber,
        again: false,
        suggested: false,
        draft: None,
        files: Vec::new(),
    }
}

/// Submitting as the public does, each sender waiting for its receipt; then both sides confirm, which gives the number.
pub async fn submit(table: &mut Table, folder: &Path) -> Outcome {
    let temporary = tempfile::tempdir_in(folder)?;
    let at = Location::Folder(temporary.path().join("data"));
    let now: Timestamp = "2022-03-01T01:00:00Z".parse()?;
    let service = Service::init(&at, Region(990_101), "样本市", [1; 32], now).await?;
    let office = service
        .establish_unit(operator(now, 0), date(2010, 1, 1), unit("gov", "样本市人民政府", None))
        .await?;
    let (given, ids) = (Arc::new(AtomicU64::new(0)), Arc::new(std::sync::Mutex::new(Vec::new())));
    let began = clock();
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        let (service, given, ids) = (service.clone(), given.clone(), ids.clone());
        senders.spawn(async move {
            loop {
                let n = given.fetch_add(1, Ordering::Relaxed);
                if n >= SUBMITTED {
                    return Ok::<(), String>(());
                }
                let ctx = operator(now, 1_000 + n);
                let asked = service.ask(ctx, asking(office, n)).await.map_err(|e| e.to_string())?;
                ids.lock().map_err(|e| e.to_string())?.extend(asked.iter().map(|a| a.id));
            }
        });
    }
    while let Some(done) = senders.join_next().await {
        done??;
    }
    let asked = began.elapsed().as_secs_f64();
    let ids = Arc::new(std::mem::take(&mut *ids.lock().map_err(|e| e.to_string())?));
    let given = Arc::new(AtomicU64::new(0));
    let began = clock();
    let mut officers = JoinSet::new();
    for _ in 0..SENDERS {
        let (service, given, ids) = (service.clone(), given.clone(), ids.clone());
        officers.spawn(async move {
            loop {
                let n = given.fetch_add(1, Ordering::Relaxed);
                let Some(id) = usize::try_from(n).ok().and_then(|n| ids.get(n)) else {
                    return Ok::<(), String>(());
                };
                let confirmed =
                    Change::event(date(2022, 3, 1), RequestEvent::Confirmed { evidence: String::new() });
                let ctx = operator(now, 1_000_000 + n);
                service.change_request(ctx, *id, 1, confirmed).await.map_err(|e| e.to_string())?;
            }
        });
    }
    while let Some(done) = officers.join_next().await {
        done??;
    }
    let confirmed = began.elapsed().as_secs_f64();
    consecutive(&service, now).await?;
    service.close().await;
    let (rate, both) = (SUBMITTED as f64 / asked, SUBMITTED as f64 / (asked + confirmed));
    table.aimed(
        "submitting requests",
        "200/s, each on disk",
        format!("{}/s; with the confirmation that gives the number {}/s", grouped(rate), grouped(both)),
        both >= 200.0,
        format!(
            "`ask` with sealed person and query code, {} requests, {SENDERS} senders, SQLite with `synchronous=full`; \
             numbers 1 to {} without a gap",
            grouped(SUBMITTED as f64),
            grouped(SUBMITTED as f64)
        ),
    );
    Ok(())
}

/// Every number is there, once.
async fn consecutive(service: &Service, now: Timestamp) -> Outcome {
    let (mut after, mut numbers) = (None, Vec::new());
    loop {
        let page =
            service.requests(&operator(now, 1), Default::default(), Page { after, limit: 1_000 }).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.paging_key());
        numbers.extend(page.into_iter().filter_map(|r| r.number));
    }
    numbers.sort();
    let expected: Vec<String> = (1..=SUBMITTED).map(|n| format!("2022-{n:05}")).collect();
    if numbers == expected { Ok(()) } else { Err("the numbers are not consecutive".into()) }
}

/// An answer: its status, its head and its body.
struct Answer {
    head: String,
    body: String,
}

fn visit(at: SocketAddr, line: &str, head: &str, body: &str) -> Outcome<Answer> {
    let mut stream = TcpStream::connect(at)?;
    stream.set_nodelay(true)?;
    let length = body.len();
    let text = format!(
        "{line} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{head}\r\n{body}"
    );
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("an answer without a body")?;
    Ok(Answer { head: head.to_owned(), body: body.to_owned() })
}

/// Median and 99th percentile in milliseconds.
fn spread(seconds: &mut [f64]) -> (f64, f64) {
    seconds.sort_by(f64::total_cmp);
    let at = |part: usize| seconds.get(seconds.len() * part / 100).copied().unwrap_or_default() * 1000.0;
    (at(50), at(99))
}

/// The board, the list, the page of a request and the progress page, over HTTP on loopback.
pub async fn desk(table: &mut Table, program: &Path, county: &County) -> Outcome {
    let service = county.open().await?;
    let now: Timestamp = "2022-03-10T01:00:00Z".parse()?;
    service.follow_calendar(operator(now, 7_000_000)).await?;
    if !service.accounts(&operator(now, 7_000_001)).await?.iter().any(|a| a.login == LOGIN) {
        let account = NewAccount {
            login: LOGIN.into(),
            name: "样本员".into(),
            unit: None,
            roles: vec![Role::Officer],
            password: PASSWORD.into(),
        };
        service.create_account(operator(now, 7_000_002), account).await?;
    }
    // The same form sent again gets the same receipt.
    let office = service.find_unit(UNITS[1].0).await?.id;
    let asked = service.ask(operator(now, 7_000_003).with_key("bench"), asking(office, 0)).await?;
    let newest = service.requests(&operator(now, 7_000_004), Default::default(), Page::first(40)).await?;
    let some = newest.iter().find(|r| r.served_on.is_some()).ok_or("no request is answered")?.id;
    service.close().await;

    let (serving, at, _) = start(program, county)?;
    let form = format!("login={LOGIN}&password={PASSWORD}");
    let signed = visit(at, "POST /desk/sign-in", "", &form)?;
    let cookie = signed.head.lines().find(|l| l.to_ascii_lowercase().starts_with("set-cookie:"));
    let cookie = cookie.and_then(|l| l.split([':', ';']).nth(1)).ok_or("nobody was signed in")?;
    let head = format!("Cookie:{cookie}\r\n");
    let progress = format!("code={}&proof={PROOF}", asked.first().ok_or("no receipt")?.code);
    let pages = [
        ("desk board", "GET /desk".to_owned(), head.as_str(), "", "待办的申请"),
        ("desk list", "GET /desk/requests".to_owned(), head.as_str(), "", "依申请公开"),
        ("case page", format!("GET /desk/requests/{some}"), head.as_str(), "", "办理记录"),
        ("progress page", "POST /ask/progress".to_owned(), "", progress.as_str(), "办理经过"),
    ];
    for (name, line, head, body, holds) in pages {
        let mut seconds = Vec::with_capacity(VISITS);
        for n in 0..VISITS + 20 {
            let from = format!("{head}X-Forwarded-For: 10.1.{}.{}\r\n", n / 250, n % 250 + 1);
            let began = clock();
            let answer = visit(at, &line, &from, body)?;
            // The first few warm the caches.
            if n >= 20 {
                seconds.push(began.elapsed().as_secs_f64());
            }
            if !answer.head.contains(" 200 ") || !answer.body.contains(holds) {
                let first = answer.head.lines().next().unwrap_or_default();
                return Err(format!("the {name} answers {first} without “{holds}”").into());
            }
        }
        let (half, most) = spread(&mut seconds);
        table.aimed(
            &format!("{name} on {} dockets", grouped(f64::from(county.dockets))),
            "median 10 ms, 99 of 100 within 50 ms",
            format!("{half:.1} ms, {most:.1} ms"),
            half < 10.0 && most < 50.0,
            format!("over HTTP on loopback, a connection each, {VISITS} visits one after the other"),
        );
    }
    drop::<Serving>(serving);
    Ok(())
}

/// A day of rest in December 2021 more than there was, or the year as it was: whichever is not in force.
fn other_2021(calendar: &Calendar) -> Outcome<String> {
    let text = |c: &Calendar| c.files().find(|(y, _)| *y == 2021).map(|(_, text)| text.to_owned());
    let (now, first) = (text(calendar), text(Calendar::builtin()));
    let first = first.ok_or("2021 is not known")?;
    if now.as_ref() != Some(&first) {
        return Ok(first);
    }
    let rest = "\n  { name = \"样本\", first = 2021-12-15, last = 2021-12-15 },\n]\nwork";
    Ok(first.replace("working_days = 250", "working_days = 249").replace("\n]\nwork", rest))
}

/// A copy of the folder of a closed store, in place of what was there.
fn copied(from: &Path, to: &Path) -> Outcome {
    if to.exists() {
        std::fs::remove_dir_all(to)?;
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copied(&path, &copy)?;
        } else {
            std::fs::copy(&path, &copy)?;
        }
    }
    Ok(())
}

/// A special notice meets a hundred thousand open requests, each of which it moves.
pub async fn recompute(table: &mut Table, folder: &Path) -> Outcome {
    let kept = folder.join("open-requests-1");
    let now: Timestamp = "2022-03-01T01:00:00Z".parse()?;
    if !kept.is_dir() {
        let unfinished = kept.with_extension("unfinished");
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished)?;
        }
        let service =
            Service::init(&Location::Folder(unfinished.clone()), Region(990_101), "样本市", [1; 32], now)
                .await?;
        let mut government = None;
        for (n, (code, name)) in (0..).zip(UNITS) {
            let new = unit(code, name, government);
            let made = service.establish_unit(operator(now, 10 + n), date(2010, 1, 1), new).await?;
            government = government.or(Some(made));
        }
        for from in (0..OPEN).step_by(CHUNK as usize) {
            let file = open_table(from, (from + CHUNK).min(OPEN), OPEN);
            let ctx = operator(now, 1_000 + u64::from(from));
            let done = service
                .import(ctx, Kind::Requests, file.as_bytes(), "样本", ImportMode::AllOrNothing)
                .await?;
            if let Some(bad) = done.bad.first() {
                return Err(format!("row {} {}: {}", bad.row, bad.column, bad.reason).into());
            }
        }
        service.close().await;
        std::fs::rename(&unfinished, &kept)?;
    }
    let mut seconds = Vec::new();
    let mut moved = 0;
    // Every run begins with the same store: moved dates stay in it for ever.
    let copy = kept.with_extension("run");
    copied(&kept, &copy)?;
    for round in 0..3 {
        let service = Service::open(&Location::Folder(copy.clone())).await?;
        let text = other_2021(service.calendar())?;
        let began = clock();
        service.install_calendar(operator(now, 9_000_000 + round), &text).await?;
        let done = service.follow_calendar(operator(now, 9_100_000 + round)).await?;
        seconds.push(began.elapsed().as_secs_f64());
        moved = done.moved;
        if done.seen != u64::from(OPEN) {
            return Err(format!("{} of {OPEN} open requests were looked at", done.seen).into());
        }
        if round == 2 {
            // A clone takes the calendar that is in force when it is made.
            let verified = service.clone().verify(&operator(now, 9_200_000), |_, _| {}).await?;
            if let Some(first) = verified.problems.first() {
                return Err(format!("after the recalculation verify says {first}").into());
            }
        }
        service.close().await;
    }
    std::fs::remove_dir_all(&copy)?;
    let time = median(&seconds);
    table.aimed(
        &format!("new calendar for {} open requests", grouped(f64::from(OPEN))),
        "10 s",
        format!("{time:.1} s"),
        time < 10.0,
        format!(
            "`install_calendar` and `follow_calendar`, {} requests moved and journaled; median of {}; verify finds no \
             problem",
            grouped(moved as f64),
            seconds.len()
        ),
    );
    Ok(())
}
