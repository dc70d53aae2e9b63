//! Reminders on their way: the loop of jobs, a mail server on loopback, and what becomes of letters it does not take.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod support;

use jiff::civil::date;
use law::applicant::ApplicantClass;
use law::receipt::Channel;
use server::mailer::Mailer;
use server::{App, Clock, Settings, jobs};
use service::account::NewAccount;
use service::request::NewRequest;
use service::{Actor, Context, Role};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use support::{County, noon};

/// How the small mail server answers a recipient.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Takes,
    Busy,
    Refuses,
}

/// A mail server for one machine: it takes what it is told to take and keeps it.
struct Post {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Post {
    fn open() -> Post {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, taken) = (Arc::new(Mutex::new(Mood::Takes)), Arc::new(Mutex::new(Vec::new())));
        let (m, t) = (mood.clone(), taken.clone());
        // Ends with the test: nobody waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (m, t) = (m.clone(), t.clone());
                std::thread::spawn(move || talk(stream, &m, &t));
            }
        });
        Post { port, mood, taken }
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn letters(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// RFC 5321, as much of it as a letter needs.
fn talk(mut stream: TcpStream, mood: &Mutex<Mood>, taken: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 post.example.invalid")?;
    loop {
        let line = lines.next()?.ok()?;
        let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
        match verb.as_str() {
            "DATA" => {
                say("354 go on")?;
                let mut letter = String::new();
                loop {
                    match lines.next()?.ok()? {
                        end if end == "." => break,
                        line => letter.push_str(&format!("{line}\n")),
                    }
                }
                taken.lock().unwrap().push(letter);
                say("250 taken")?;
            }
            "RCPT" => match *mood.lock().unwrap() {
                Mood::Takes => say("250 ok")?,
                Mood::Busy => say("451 try later")?,
                Mood::Refuses => say("550 no such user here")?,
            },
            "QUIT" => {
                say("221 bye")?;
                return Some(());
            }
            _ => say("250 ok")?,
        }
    }
}

fn settings(port: u16) -> Settings {
    let values = [
        ("GONGKAI_MAIL_SERVER", format!("127.0.0.1:{port}")),
        ("GONGKAI_MAIL_TLS", "none".to_owned()),
        ("GONGKAI_MAIL_FROM", "gongkai@example.invalid".to_owned()),
        ("GONGKAI_PUBLIC_URL", "https://gk.example.invalid".to_owned()),
    ];
    Settings::read(|name| values.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone())).unwrap()
}

/// A county whose health bureau has a request due on 10 April 2020, and an officer who is reached by mail.
async fn county(folder: &std::path::Path) -> (County, Actor) {
    let mut county = County::new(folder).await;
    let ctx = county.operator(date(2020, 3, 12));
    let new = NewRequest {
        arrived_on: date(2020, 3, 12),
        channel: Channel::Counter,
        addressee: county.bureau,
        counted_by: county.bureau,
        class: ApplicantClass::NaturalPerson,
        subject: "样本的秘密".into(),
        person: None,
        wanted: Default::default(),
        confirmed_on: None,
    };
    county.service.receive_request(ctx, new).await.unwrap();
    let account = NewAccount {
        login: "clerk".into(),
        name: "样本员".into(),
        unit: Some(county.bureau),
        roles: vec![Role::Officer],
        password: support::PASSWORD.into(),
    };
    let ctx = county.operator(date(2020, 3, 12));
    let id = county.service.create_account(ctx, account).await.unwrap();
    let ctx = county.operator(date(2020, 3, 12));
    county.service.set_contact(ctx, "clerk", "clerk@example.invalid").await.unwrap();
    let unit = Some(county.bureau);
    (county, Actor::Officer { account: id, name: "样本员".into(), unit, roles: vec![Role::Officer] })
}

#[tokio::test]
async fn a_reminder_reaches_the_officer_once() {
    let folder = tempfile::tempdir().unwrap();
    let (county, clerk) = county(&folder.path().join("data")).await;
    let post = Post::open();
    let settings = settings(post.port);
    let mailer = Mailer::of(&settings).unwrap().unwrap();
    let clock = Clock::fixed(noon(date(2020, 4, 2)));
    let app = App::new(county.service.clone(), clock.clone(), settings);
    // Two servers over one store look at the same time, twice.
    let other = App { clock: clock.clone(), ..app.clone() };
    for _ in 0..2 {
        let (one, two) = tokio::join!(jobs::round(&app, Some(&mailer)), jobs::round(&other, Some(&mailer)));
        one.unwrap();
        two.unwrap();
        clock.set(clock.now() + jiff::SignedDuration::from_mins(2));
    }
    let letters = post.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    for part in
        ["To: clerk@example.invalid", "From: gongkai@example.invalid", "Subject: =?utf-8?b?", "Message-ID: <"]
    {
        assert!(letters[0].contains(part), "{part} in {}", letters[0]);
    }
    assert!(
        letters[0].contains("Date: Thu, 02 Apr 2020 04:"),
        "the instant is that of the door: {}",
        letters[0]
    );
    let ctx = Context::new(clock.now(), clerk, [9; 32]);
    assert_eq!(county.service.unread_notices(&ctx).await.unwrap(), 1);
}

#[tokio::test]
async fn what_the_server_does_not_take_is_tried_again_and_then_told() {
    let folder = tempfile::tempdir().unwrap();
    let (county, _) = county(&folder.path().join("data")).await;
    let post = Post::open();
    let settings = settings(post.port);
    let mailer = Mailer::of(&settings).unwrap().unwrap();
    let clock = Clock::fixed(noon(date(2020, 4, 2)));
    let app = App::new(county.service.clone(), clock.clone(), settings);
    let admin = Actor::Officer {
        account: uuid::Uuid::from_u128(1),
        name: "样本管理员".into(),
        unit: None,
        roles: vec![Role::Administrator],
    };
    let told = async || {
        let ctx = Context::new(clock.now(), admin.clone(), [8; 32]);
        let all = county.service.notices(&ctx, None, 10).await.unwrap();
        all.iter().map(|n| n.text.sentence()).collect::<Vec<_>>()
    };
    post.is(Mood::Busy);
    for _ in 0..3 {
        jobs::round(&app, Some(&mailer)).await.unwrap();
        clock.set(clock.now() + jiff::SignedDuration::from_mins(5));
    }
    assert!(post.letters().is_empty() && told().await.is_empty());
    post.is(Mood::Refuses);
    clock.set(clock.now() + jiff::SignedDuration::from_hours(4));
    jobs::round(&app, Some(&mailer)).await.unwrap();
    let sentences = told().await;
    assert_eq!(sentences.len(), 1);
    assert!(sentences[0].contains("clerk") && sentences[0].contains("550"), "{sentences:?}");
    // Given up is given up.
    post.is(Mood::Takes);
    clock.set(clock.now() + jiff::SignedDuration::from_hours(5));
    jobs::round(&app, Some(&mailer)).await.unwrap();
    assert!(post.letters().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_reminders_stay_inside_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let (county, clerk) = county(&folder.path().join("data")).await;
    let clock = Clock::fixed(noon(date(2020, 4, 2)));
    let app = App::new(county.service.clone(), clock.clone(), Settings::default());
    assert!(Mailer::of(&app.settings).unwrap().is_none());
    jobs::round(&app, None).await.unwrap();
    let ctx = Context::new(clock.now(), clerk, [9; 32]);
    assert_eq!(county.service.unread_notices(&ctx).await.unwrap(), 1);
}

#[test]
fn a_mail_server_needs_a_sender_and_an_address_for_links() {
    for (missing, named) in [("GONGKAI_MAIL_FROM", "发件邮箱"), ("GONGKAI_PUBLIC_URL", "网址")] {
        let all = [
            ("GONGKAI_MAIL_SERVER", "127.0.0.1:25"),
            ("GONGKAI_MAIL_FROM", "gongkai@example.invalid"),
            ("GONGKAI_PUBLIC_URL", "https://gk.example.invalid"),
        ];
        let settings = Settings::read(|name| {
            all.iter().find(|(n, _)| *n == name && *n != missing).map(|(_, v)| (*v).to_owned())
        });
        let sentence = Mailer::of(&settings.unwrap()).err().unwrap();
        assert!(sentence.contains(missing) && sentence.contains(named), "{sentence}");
    }
}
