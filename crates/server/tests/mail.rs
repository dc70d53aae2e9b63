//! Mail on its way out and in: the loop of jobs, a mail server on loopback, what becomes of letters it does not take, and
//! a Maildir folder.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod support;

use jiff::civil::date;
use law::applicant::ApplicantClass;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::message::MessageState;
use law::receipt::Channel;
use server::inbox::{Maildir, Round};
use server::mailer::Mailer;
use server::{App, Clock, Settings, jobs};
use service::account::NewAccount;
use service::request::NewRequest;
use service::{Actor, Change, Context, Role};
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
    from: Arc<Mutex<Vec<String>>>,
}

impl Post {
    fn open() -> Post {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, taken) = (Arc::new(Mutex::new(Mood::Takes)), Arc::new(Mutex::new(Vec::new())));
        let from = Arc::new(Mutex::new(Vec::new()));
        let (m, t, f) = (mood.clone(), taken.clone(), from.clone());
        // Ends with the test: nobody waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (m, t, f) = (m.clone(), t.clone(), f.clone());
                std::thread::spawn(move || talk(stream, &m, &t, &f));
            }
        });
        Post { port, mood, taken, from }
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The senders of the envelopes, as the mail server was told them.
    fn senders(&self) -> Vec<String> {
        self.from.lock().unwrap().clone()
    }

    fn letters(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// RFC 5321, as much of it as a letter needs.
fn talk(
    mut stream: TcpStream,
    mood: &Mutex<Mood>,
    taken: &Mutex<Vec<String>>,
    from: &Mutex<Vec<String>>,
) -> Option<()> {
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
            "MAIL" => {
                let sender = line.split_once(':').map(|(_, path)| path.split(' ').next().unwrap_or_default());
                from.lock().unwrap().push(sender.unwrap_or_default().to_owned());
                say("250 ok")?;
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
        let (one, two) =
            tokio::join!(jobs::round(&app, Some(&mailer), None), jobs::round(&other, Some(&mailer), None));
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
        jobs::round(&app, Some(&mailer), None).await.unwrap();
        clock.set(clock.now() + jiff::SignedDuration::from_mins(5));
    }
    assert!(post.letters().is_empty() && told().await.is_empty());
    post.is(Mood::Refuses);
    clock.set(clock.now() + jiff::SignedDuration::from_hours(4));
    jobs::round(&app, Some(&mailer), None).await.unwrap();
    let sentences = told().await;
    assert_eq!(sentences.len(), 1);
    assert!(sentences[0].contains("clerk") && sentences[0].contains("550"), "{sentences:?}");
    // Given up is given up.
    post.is(Mood::Takes);
    clock.set(clock.now() + jiff::SignedDuration::from_hours(5));
    jobs::round(&app, Some(&mailer), None).await.unwrap();
    assert!(post.letters().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_reminders_stay_inside_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let (county, clerk) = county(&folder.path().join("data")).await;
    let clock = Clock::fixed(noon(date(2020, 4, 2)));
    let app = App::new(county.service.clone(), clock.clone(), Settings::default());
    assert!(Mailer::of(&app.settings).unwrap().is_none());
    jobs::round(&app, None, None).await.unwrap();
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

/// A Maildir folder, and the settings of a server that takes its mail from there.
fn inbox(folder: &std::path::Path, port: u16, unit: uuid::Uuid) -> (std::path::PathBuf, Settings) {
    let maildir = folder.join("inbox");
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(maildir.join(part)).unwrap();
    }
    let settings = Settings {
        inbox_maildir: Some(maildir.clone()),
        inbox_unit: Some(unit.to_string()),
        inbox_address: Some("xxgk@gk.example.invalid".into()),
        ..settings(port)
    };
    (maildir, settings)
}

/// Delivers a message as a mail server does: written whole in `tmp`, then moved to `new`.
fn deliver(maildir: &std::path::Path, name: &str, message: impl AsRef<[u8]>) {
    let written = maildir.join("tmp").join(name);
    std::fs::write(&written, message).unwrap();
    std::fs::rename(written, maildir.join("new").join(name)).unwrap();
}

/// The names in a part of a Maildir folder.
fn names(maildir: &std::path::Path, part: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(maildir.join(part))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The value of a header in a letter as it went out, long lines joined.
fn header(letter: &str, name: &str) -> Option<String> {
    let joined = letter.replace("\n ", " ");
    joined.lines().find_map(|l| l.strip_prefix(&format!("{name}: ")).map(|v| v.trim().to_owned()))
}

const QUESTION: &str = "From: jia@example.invalid\r\nTo: xxgk@gk.example.invalid\r\n\
    Subject: =?utf-8?B?55Sz6K+35YWs5byA?=\r\nMessage-ID: <question@example.invalid>\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\n申请公开样本文件\r\n";

#[tokio::test]
async fn an_answer_to_our_letter_lands_on_its_request() {
    let folder = tempfile::tempdir().unwrap();
    let (county, clerk) = county(&folder.path().join("data")).await;
    let post = Post::open();
    let (maildir, settings) = inbox(folder.path(), post.port, county.bureau);
    let mailer = Mailer::of(&settings).unwrap().unwrap();
    let mail = Maildir::of(&settings).unwrap().unwrap();
    let at = service::Location::Folder(folder.path().join("data"));
    let service = settings.equip(county.service.clone(), &at);
    let clock = Clock::fixed(noon(date(2020, 3, 16)));
    let app = App::new(service.clone(), clock.clone(), settings);
    let round = async || {
        clock.set(clock.now() + jiff::SignedDuration::from_mins(2));
        jobs::round(&app, Some(&mailer), Some(&mail)).await.unwrap();
        clock.set(clock.now() + jiff::SignedDuration::from_mins(2));
        jobs::round(&app, Some(&mailer), Some(&mail)).await.unwrap();
    };
    let mut seeds = 0_u8..;
    let mut ctx = || Context::new(clock.now(), clerk.clone(), [seeds.next().unwrap(); 32]);

    // Somebody writes: a task, and an acknowledgement that no program answers.
    deliver(&maildir, "1.a.host", QUESTION);
    round().await;
    assert_eq!((names(&maildir, "new"), names(&maildir, "cur")), (vec![], vec!["1.a.host:2,S".to_owned()]));
    let to_applicant = |letters: Vec<String>| -> Vec<String> {
        letters.into_iter().filter(|l| header(l, "To").as_deref() == Some("jia@example.invalid")).collect()
    };
    let letters = to_applicant(post.letters());
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(header(&letters[0], "Auto-Submitted").as_deref(), Some("auto-replied"), "{}", letters[0]);
    assert_eq!(header(&letters[0], "In-Reply-To").as_deref(), Some("<question@example.invalid>"));
    assert_eq!(header(&letters[0], "Reply-To"), None, "there is no request yet");
    assert_eq!(post.senders().last().map(String::as_str), Some("<>"), "nobody is told if it does not arrive");

    // The officer registers it; the applicant gets the address that leads there, and answers to it.
    let lines = service.inbox(ctx(), &[MessageState::Waiting], None, 9).await.unwrap();
    assert_eq!(lines.len(), 1);
    let view = service.open_message(ctx(), lines[0].id).await.unwrap();
    assert_eq!(view.said.as_ref().map(|s| s.text.as_str()), Some("申请公开样本文件"));
    let new = NewRequest {
        arrived_on: date(2020, 3, 16),
        channel: Channel::Email,
        addressee: county.bureau,
        counted_by: county.bureau,
        class: ApplicantClass::NaturalPerson,
        subject: "样本文件".into(),
        person: None,
        wanted: Default::default(),
        confirmed_on: None,
    };
    let made = service.register_message(ctx(), view.id, view.version, new).await.unwrap();
    round().await;
    let letters = to_applicant(post.letters());
    assert_eq!(letters.len(), 2);
    let receipt = &letters[1];
    assert_eq!(header(receipt, "Auto-Submitted"), None, "an officer made it");
    assert_eq!(post.senders().last().map(String::as_str), Some("<gongkai@example.invalid>"));
    let reply_to = header(receipt, "Reply-To").unwrap();
    let ours = header(receipt, "Message-ID").unwrap();
    let answer = format!(
        "Delivered-To: {reply_to}\r\nFrom: jia@example.invalid\r\nTo: {reply_to}\r\nSubject: answer\r\n\
         In-Reply-To: {ours}\r\n\r\nthe answer\r\n"
    );
    deliver(&maildir, "2.b.host", answer);
    round().await;
    let files = service.files(&ctx(), made.id).await.unwrap();
    let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["电子邮件（申请公开）.txt", "电子邮件（answer）.txt"]);
    let opened = service.open_file(ctx(), made.id, files[1].id).await.unwrap();
    assert!(String::from_utf8(opened.content).unwrap().contains("the answer"));
    assert_eq!(to_applicant(post.letters()).len(), 2, "one acknowledgement a day");

    // Our letter comes back: the officer is told to use another way.
    let bounce = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.invalid\r\nTo: gongkai@example.invalid\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: failed\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours}\r\n--b--\r\n"
    );
    deliver(&maildir, "3.c.host", bounce);
    round().await;
    let told = service.notices(&ctx(), None, 20).await.unwrap();
    let told: Vec<String> = told.iter().map(|n| n.text.sentence()).collect();
    assert!(told.iter().any(|t| t.contains("发给申请人的电子邮件不能送达")), "{told:?}");
    assert!(told.iter().any(|t| t.contains("收到申请人的电子邮件")), "{told:?}");
}

#[tokio::test]
async fn a_folder_of_mail_loses_nothing_and_takes_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (county, clerk) = county(&folder.path().join("data")).await;
    let (maildir, settings) = inbox(folder.path(), 9, county.bureau);
    let mail = Maildir::of(&settings).unwrap().unwrap();
    let at = service::Location::Folder(folder.path().join("data"));
    let service = settings.equip(county.service.clone(), &at);
    let seeds = std::cell::Cell::new(0_u8);
    let next = |actor: Actor| {
        seeds.set(seeds.get().wrapping_add(1));
        Context::new(noon(date(2020, 3, 16)), actor, [seeds.get(); 32])
    };
    let take = async || mail.take(&service, || next(Actor::Operator)).await;
    let kept = async || {
        let lines = service.inbox(next(clerk.clone()), &MessageState::ALL, None, 50).await.unwrap();
        lines.len()
    };
    // Only ordinary files of `new` are mail: no half-written one, no folder, no link to elsewhere.
    std::fs::write(maildir.join("tmp").join("half"), QUESTION).unwrap();
    std::fs::create_dir(maildir.join("new").join("folder")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", maildir.join("new").join("link")).unwrap();
    assert_eq!(take().await.unwrap(), Round::default());
    // A process that ended after taking and before moving.
    deliver(&maildir, "1.a.host", QUESTION);
    assert_eq!(take().await.unwrap(), Round { taken: 1, failed: 0 });
    std::fs::rename(maildir.join("cur").join("1.a.host:2,S"), maildir.join("new").join("1.a.host")).unwrap();
    assert_eq!(take().await.unwrap(), Round { taken: 1, failed: 0 });
    assert_eq!(kept().await, 1);
    // One that is larger than what is read whole is known by its head.
    let huge = std::fs::File::create(maildir.join("tmp").join("2.b.host")).unwrap();
    Write::write_all(&mut &huge, QUESTION.replace("question@", "huge@").as_bytes()).unwrap();
    huge.set_len(100 << 20).unwrap();
    std::fs::rename(maildir.join("tmp").join("2.b.host"), maildir.join("new").join("2.b.host")).unwrap();
    assert_eq!(take().await.unwrap(), Round { taken: 1, failed: 0 });
    assert_eq!(kept().await, 2);
    let size = std::fs::metadata(maildir.join("cur").join("2.b.host:2,S")).unwrap().len();
    assert_eq!(size, 100 << 20, "the original stays whole");
    // Two servers look at one folder at the same time.
    for n in 0..5 {
        deliver(&maildir, &format!("3.{n}.host"), QUESTION.replace("question@", &format!("many-{n}@")));
    }
    let (one, two) = tokio::join!(take(), take());
    assert_eq!((one.unwrap().failed, two.unwrap().failed), (0, 0));
    assert_eq!(kept().await, 7);
    // While the unit is unknown the mail stays where it is.
    deliver(&maildir, "4.host", QUESTION.replace("question@", "later@"));
    let lost = Settings { inbox_unit: Some("no-such-unit".into()), ..settings.clone() };
    let lost = lost.equip(county.service.clone(), &at);
    let round = mail.take(&lost, || next(Actor::Operator)).await.unwrap();
    assert_eq!(round, Round { taken: 0, failed: 1 });
    assert!(names(&maildir, "new").contains(&"4.host".to_owned()));
    assert_eq!(take().await.unwrap(), Round { taken: 1, failed: 0 });
    let verified = service.verify(&next(Actor::Operator), |_, _| {}).await.unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
}

#[test]
fn an_inbox_needs_its_unit_and_an_address_that_can_be_signed() {
    let all = [
        ("GONGKAI_INBOX_MAILDIR", "/var/mail/xxgk"),
        ("GONGKAI_INBOX_UNIT", "gp-office"),
        ("GONGKAI_INBOX_ADDRESS", "xxgk@gk.example.invalid"),
    ];
    let with = |name: &str, value: Option<&str>| {
        let settings = Settings::read(|n| {
            let own = all.iter().find(|(k, _)| *k == n).map(|(_, v)| (*v).to_owned());
            if n == name { value.map(str::to_owned) } else { own }
        });
        Maildir::of(&settings.unwrap())
    };
    assert!(with("", None).unwrap().is_some());
    assert!(with("GONGKAI_INBOX_MAILDIR", None).unwrap().is_none());
    for (name, value) in [
        ("GONGKAI_INBOX_UNIT", None),
        ("GONGKAI_INBOX_ADDRESS", None),
        ("GONGKAI_INBOX_ADDRESS", Some("xxgk")),
        ("GONGKAI_INBOX_ADDRESS", Some("a+b@gk.example.invalid")),
    ] {
        let sentence = with(name, value).unwrap_err();
        assert!(sentence.contains(name), "{sentence}");
    }
}

#[tokio::test]
async fn a_letter_to_who_follows_a_search_leaves_in_the_morning_and_says_how_to_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut county, _) = county(&folder.path().join("data")).await;
    let post = Post::open();
    let settings = settings(post.port);
    let mailer = Mailer::of(&settings).unwrap().unwrap();
    let clock = Clock::fixed(noon(date(2020, 4, 2)));
    let app = App::new(county.service.clone(), clock.clone(), settings);
    let mut seeds = 0_u8..;
    let mut anybody = || Context::new(clock.now(), Actor::Anonymous, [seeds.next().unwrap(); 32]);
    let to_reader = || -> Vec<String> {
        let all = post.letters().into_iter();
        all.filter(|l| header(l, "To").as_deref() == Some("reader@example.invalid")).collect()
    };
    let round = async |at: &str| {
        clock.set(at.parse().unwrap());
        jobs::round(&app, Some(&mailer), None).await.unwrap();
    };
    let search = ("", "全部公开信息");
    let asking = county.service.ask_to_follow(
        anybody(),
        "reader@example.invalid",
        search,
        "https://gk.example.invalid",
    );
    asking.await.unwrap();
    round("2020-04-02T05:00:00Z").await;
    let ask = to_reader().remove(0);
    let link = header(&ask, "List-Unsubscribe").unwrap();
    let of = link.strip_prefix("<https://gk.example.invalid/search/subscription?of=").unwrap();
    let of = of.strip_suffix('>').unwrap();
    county.service.confirm_subscription(anybody(), of).await.unwrap();
    let made = DocumentEvent::Made {
        counted_by: county.bureau.to_string(),
        maker: county.bureau.to_string(),
        category: Category::Normative,
        title: "样本办法".into(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    let ctx = county.operator(date(2020, 4, 2));
    let id = county.service.make_document(ctx, date(2020, 4, 1), made).await.unwrap();
    let disclosed = Change::event(date(2020, 4, 2), DocumentEvent::Disclosed { url: None });
    let ctx = county.operator(date(2020, 4, 2));
    county.service.change_document(ctx, id, 1, disclosed).await.unwrap();

    // The day itself, the last minute before eight o'clock in Shanghai, and eight; the mail server is busy at first.
    for (at, mood, letters) in [
        ("2020-04-02T15:59:00Z", Mood::Takes, 1),
        ("2020-04-02T23:59:59Z", Mood::Takes, 1),
        ("2020-04-03T00:00:00Z", Mood::Busy, 1),
        ("2020-04-03T00:05:00Z", Mood::Takes, 2),
        ("2020-04-04T00:00:00Z", Mood::Takes, 2),
    ] {
        post.is(mood);
        round(at).await;
        assert_eq!(to_reader().len(), letters, "{at}");
    }
    let told = to_reader().remove(1);
    assert_eq!(header(&told, "List-Unsubscribe"), Some(link.clone()), "{told}");
    assert_eq!(header(&told, "List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert_eq!(header(&told, "Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(post.senders().iter().all(|s| s == "<gongkai@example.invalid>"), "what comes back has to arrive");
}
