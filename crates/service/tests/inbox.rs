//! The inbox, on both engines: what lands on a request, what becomes a task, what is never answered, and what a hostile
//! message leaves.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, entries, officer, on, request_of, verifies};
use law::docket::file::{FileEvent, FileRole};
use law::docket::message::{MessageKind, MessageState, Stray};
use law::docket::request::{RequestEvent, Stage, Standing};
use law::receipt::Channel;
use place::{day, now, on_both, operator, units};
use service::file::Limits;
use service::inbox::{Inbox, Incoming, MESSAGE_LIMIT, MessageView, TASKS_A_DAY, Taken};
use service::mail::{Delivery, Letter};
use service::request::NewRequest;
use service::vault::Person;
use service::{Actor, Change, Context, Error, Location, Role, Service};
use uuid::Uuid;

on_both! { a_reply_lands_on_its_request forged_and_expired_addresses_are_tasks the_same_message_comes_in_once
a_full_request_leaves_mail_in_the_inbox bad_attachments_are_listed a_task_is_registered_with_its_text a_task_is_filed_by_number
nothing_to_do_needs_a_reason loops_are_never_answered one_sender_makes_so_many_tasks a_bounce_is_told hostile_messages_are_kept
reach_is_that_of_the_inbox a_private_request_keeps_its_mail }

const HOME: &str = "xxgk@gk.example.invalid";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n\
    trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";

/// An office with an inbox, and files where the engine gives no folder.
struct House {
    service: Service,
    office: Uuid,
    clerk: Actor,
    _own: tempfile::TempDir,
}

impl House {
    async fn of(service: Service, at: &Location) -> House {
        let (_, office) = units(&service).await;
        let own = tempfile::tempdir().unwrap();
        let service = match at {
            Location::Folder(_) => service,
            Location::Postgres(_) => service.with_files(own.path()),
        };
        let service = service.with_inbox(Inbox::new(&office.to_string(), HOME, true).unwrap());
        let clerk = officer(office, &[Role::Officer]);
        House { service, office, clerk, _own: own }
    }

    async fn request(&self) -> Uuid {
        let new = request_of(self.office, "2021-03-01", "样本甲");
        self.service.receive_request(operator(now()), new).await.unwrap().id
    }

    async fn take(&self, raw: impl AsRef<[u8]>) -> Taken {
        self.take_at(raw, operator(now())).await
    }

    async fn take_at(&self, raw: impl AsRef<[u8]>, ctx: Context) -> Taken {
        let bytes = raw.as_ref().to_vec();
        let size = bytes.len() as u64;
        self.service.take_message(ctx, Incoming { bytes, size }).await.unwrap()
    }

    async fn open(&self, id: Uuid) -> MessageView {
        self.service.open_message(by(&self.clerk), id).await.unwrap()
    }

    async fn letters(&self) -> Vec<Letter> {
        self.service.take_letters(&operator(now())).await.unwrap()
    }

    async fn told(&self, actor: &Actor) -> Vec<String> {
        let all = self.service.notices(&by(actor), None, 50).await.unwrap();
        all.into_iter().map(|n| n.text.sentence()).collect()
    }

    async fn standing(&self, request: Uuid) -> Standing {
        self.service.request_view(&operator(now()), request).await.unwrap().standing.unwrap()
    }

    async fn text_on(&self, request: Uuid) -> String {
        let files = self.service.files(&by(&self.clerk), request).await.unwrap();
        let text = files.iter().find(|f| f.standing.role == FileRole::Message && f.name.ends_with(".txt"));
        let id = text.unwrap_or_else(|| panic!("no text among {files:?}")).id;
        let opened = self.service.open_file(by(&self.clerk), request, id).await.unwrap();
        String::from_utf8(opened.content).unwrap()
    }
}

/// A message of a person to this address.
fn letter(to: &str, subject: &str, text: &str) -> String {
    format!(
        "Return-Path: <jia@example.invalid>\r\nReceived: from a by b; Mon, 1 Mar 2021 08:00:00 +0800\r\n\
         From: Yangben <Jia@Example.invalid>\r\nTo: {to}\r\nSubject: {subject}\r\n\
         Date: Mon, 1 Mar 2021 08:00:00 +0800\r\nMessage-ID: <{}@example.invalid>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        subject.bytes().map(|b| format!("{b:02x}")).collect::<String>(),
    )
}

fn with_files(to: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut raw = format!(
        "From: jia@example.invalid\r\nTo: {to}\r\nSubject: files\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=sample\r\n\r\n\
         --sample\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n见附件\r\n"
    )
    .into_bytes();
    for (name, content) in files {
        let head = format!(
            "--sample\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        );
        raw.extend_from_slice(head.as_bytes());
        raw.extend_from_slice(content);
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(b"--sample--\r\n");
    raw
}

async fn a_reply_lands_on_its_request(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let before = house.standing(request).await;
    let address = house.service.reply_address(request).unwrap();
    let taken = house.take(letter(&address.to_uppercase(), "补充", "现补充申请内容")).await;
    assert_eq!((taken.request, taken.again), (Some(request), false));
    let text = house.text_on(request).await;
    for part in ["Jia@Example.invalid", "主题：补充", "到达日期：2021年3月1日", "现补充申请内容"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(house.standing(request).await, before, "a message changes no request");
    let told = house.told(&house.clerk).await;
    assert!(told.len() == 1 && told[0].contains("2021-00001") && told[0].contains("电子邮件"), "{told:?}");
    // It is in one place: the inbox knows that it came, not what it says.
    let view = house.open(taken.id).await;
    assert_eq!((view.standing.state, view.said, view.files), (MessageState::Filed, None, vec![]));
    // The acknowledgement leads back to the request and is not to be answered.
    let letters = house.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].address, "Jia@Example.invalid");
    assert_eq!(letters[0].reply_to.as_deref(), Some(address.as_str()));
    assert!(letters[0].automatic && letters[0].in_reply_to.is_some());
    assert!(letters[0].body.contains("2021-00001"), "{}", letters[0].body);
    verifies(&house.service).await;
}

async fn forged_and_expired_addresses_are_tasks(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let address = house.service.reply_address(request).unwrap();
    let (local, host) = address.split_once('@').unwrap();
    let last = if local.ends_with('a') { 'b' } else { 'a' };
    let forged = format!("{}{last}@{host}", &local[..local.len() - 1]);
    let unknown = house.service.reply_address(Uuid::from_u128(7)).unwrap();
    for (n, (to, stray)) in
        [(forged.as_str(), Stray::Forged), (&unknown, Stray::Forged), (HOME, Stray::Unaddressed)]
            .into_iter()
            .enumerate()
    {
        let taken = house.take(letter(to, &format!("s{n}"), "x")).await;
        let view = house.open(taken.id).await;
        assert_eq!((taken.request, view.standing.stray), (None, Some(stray)), "{to}");
        assert_eq!(view.standing.state, MessageState::Waiting);
    }
    // An address is good for a year after the end, and not a day longer.
    let version = house.service.request_view(&operator(now()), request).await.unwrap().version;
    let change = Change::event(day("2021-03-01"), RequestEvent::Withdrawn);
    house.service.change_request(operator(now()), request, version, change).await.unwrap();
    for (date, lands) in [("2022-03-01", true), ("2022-03-02", true), ("2022-03-03", false)] {
        let taken = house.take_at(letter(&address, date, "x"), on(date, &Actor::Operator)).await;
        assert_eq!(taken.request.is_some(), lands, "{date}");
        if !lands {
            assert_eq!(house.open(taken.id).await.standing.stray, Some(Stray::Expired));
        }
    }
    verifies(&house.service).await;
}

async fn the_same_message_comes_in_once(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let address = house.service.reply_address(request).unwrap();
    for raw in [letter(HOME, "a", "x"), letter(&address, "b", "x")] {
        let first = house.take(&raw).await;
        let before = entries(&house.service).await;
        let again = house.take(&raw).await;
        assert_eq!(again, Taken { again: true, ..first.clone() });
        // It came by another server.
        let other = house.take(raw.replace("from a by b", "from c by d")).await;
        assert_eq!(other.id, first.id);
        assert_eq!(entries(&house.service).await, before, "nothing is written");
    }
    // Two processes at once.
    let raw = letter(HOME, "c", "x");
    let (one, two) = tokio::join!(house.take(&raw), house.take(&raw));
    assert_eq!(one.id, two.id);
    assert_eq!(house.service.files(&by(&house.clerk), request).await.unwrap().len(), 1);
    verifies(&house.service).await;
}

async fn a_full_request_leaves_mail_in_the_inbox(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let address = house.service.reply_address(request).unwrap();
    let limited = house.service.clone().with_file_limits(Limits { files: 2, ..Limits::default() });
    let house = House { service: limited, ..house };
    // The text and one file; the other does not fit and is listed.
    house.take(with_files(&address, &[("a.pdf", PDF), ("b.pdf", PDF)])).await;
    let text = house.text_on(request).await;
    assert!(text.contains("a.pdf（已接收）") && text.contains("b.pdf（没有接收："), "{text}");
    let taken = house.take(letter(&address, "again", "x")).await;
    assert_eq!(house.open(taken.id).await.standing.stray, Some(Stray::Full));
    verifies(&house.service).await;
}

async fn bad_attachments_are_listed(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let program = b"MZ\x90\0program".as_slice();
    let bad =
        [("../../申请表.pdf", program), ("a.zip", b"PK\x05\x06"), ("b.html", b"<html><script>x</script>")];
    let raw = with_files(HOME, &[bad[0], bad[1], bad[2], ("c\u{202e}fdp.exe", PDF)]);
    let view = house.open(house.take(raw).await.id).await;
    let names: Vec<&str> = view.files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["cfdp.pdf"], "shown as what it is");
    let said = view.said.unwrap();
    assert_eq!(said.refused.len(), 3, "{:?}", said.refused);
    assert!(said.refused[0].1.contains("可执行程序"), "{:?}", said.refused);
    let file = view.files[0].id;
    let opened = house.service.open_message_file(by(&house.clerk), view.id, file).await.unwrap();
    assert_eq!(opened.content, PDF);
    let journal = house.service.journal(&operator(now()), 0, 1000).await.unwrap();
    assert_eq!(journal.last().map(|l| l.event.as_str()), Some("message-file-opened"));
    let outcome = house.service.open_message_file(by(&house.clerk), Uuid::nil(), file).await;
    assert!(matches!(outcome, Err(Error::NotFound(_))), "{outcome:?}");
    verifies(&house.service).await;
}

fn new_request(house: &House) -> NewRequest {
    let person =
        Person { name: "样本甲".into(), email: "jia@example.invalid".into(), ..Person::default() };
    NewRequest { channel: Channel::Email, person: Some(person), ..cases::request(house.office, "2021-03-01") }
}

async fn a_task_is_registered_with_its_text(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let raw = with_files(HOME, &[("申请表.pdf", PDF)]);
    let taken = house.take(&raw).await;
    house.letters().await;
    let view = house.open(taken.id).await;
    assert_eq!(view.said.as_ref().map(|s| s.text.as_str()), Some("见附件"));
    let ctx = by(&house.clerk).with_key("once");
    let made = house
        .service
        .register_message(ctx.clone(), view.id, view.version, new_request(&house))
        .await
        .unwrap();
    let again =
        house.service.register_message(ctx, view.id, view.version, new_request(&house)).await.unwrap();
    assert_eq!(made, again, "sent twice is registered once");
    assert_eq!(made.number, None, "both sides have to confirm first (art. 31)");
    assert_eq!(house.standing(made.id).await.stage, Stage::Submitted);
    let files = house.service.files(&by(&house.clerk), made.id).await.unwrap();
    assert_eq!(files.len(), 2);
    assert!(house.text_on(made.id).await.contains("申请表.pdf（已接收）"));
    let view = house.open(taken.id).await;
    assert_eq!((view.standing.state, view.said, view.files), (MessageState::Registered, None, vec![]));
    // The sender is told, and the answer lands on the new request.
    let letters = house.letters().await;
    assert_eq!(letters.len(), 1);
    let reply_to = letters[0].reply_to.clone().unwrap();
    assert!(letters[0].body.contains(&reply_to) && !letters[0].automatic, "{}", letters[0].body);
    assert_eq!(house.take(letter(&reply_to, "answer", "x")).await.request, Some(made.id));
    // A server that cuts off the token leaves the thread.
    let thread = letter(HOME, "thread", "x").replace(
        "Message-ID:",
        &format!("In-Reply-To: <{}@gk.example.invalid>\r\nMessage-ID:", letters[0].id),
    );
    assert_eq!(house.take(thread).await.request, Some(made.id));
    // The same message handed over again is still the one that was registered.
    assert!(house.take(&raw).await.again);
    verifies(&house.service).await;
}

async fn a_task_is_filed_by_number(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let taken = house.take(with_files(HOME, &[("a.pdf", PDF)])).await;
    let version = house.open(taken.id).await.version;
    let file =
        async |number: &str| house.service.file_message(by(&house.clerk), taken.id, version, number).await;
    assert_eq!(codes(file("2021-99999").await), ["request-unknown"]);
    assert_eq!(codes(file(" ").await), ["request-missing"]);
    assert_eq!(file(" 2021-00001 ").await.unwrap(), request);
    assert!(house.text_on(request).await.contains("见附件"));
    assert_eq!(house.service.files(&by(&house.clerk), request).await.unwrap().len(), 2);
    let outcome = house.service.file_message(by(&house.clerk), taken.id, version + 1, "2021-00001").await;
    assert_eq!(codes(outcome), ["message-settled"]);
    let other = house.take(letter(HOME, "other", "x")).await;
    let outcome = house.service.file_message(by(&house.clerk), other.id, 7, "2021-00001").await;
    assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
    verifies(&house.service).await;
}

async fn nothing_to_do_needs_a_reason(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let taken = house.take(letter(HOME, "ad", "x")).await;
    assert_eq!(house.service.waiting_messages(&by(&house.clerk)).await.unwrap(), 1);
    let outcome = house.service.dismiss_message(by(&house.clerk), taken.id, 1, " ").await;
    assert_eq!(codes(outcome), ["reason-missing"]);
    house.service.dismiss_message(by(&house.clerk), taken.id, 1, "广告").await.unwrap();
    assert_eq!(house.service.waiting_messages(&by(&house.clerk)).await.unwrap(), 0);
    let view = house.open(taken.id).await;
    assert_eq!(view.standing.reason.as_deref(), Some("广告"));
    assert!(view.said.is_some(), "what was dismissed can still be read");
    verifies(&house.service).await;
}

async fn loops_are_never_answered(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let address = house.service.reply_address(request).unwrap();
    let plain = letter(&address, "loop", "x");
    for head in [
        "Auto-Submitted: auto-replied\r\n".to_owned(),
        "Precedence: bulk\r\n".into(),
        "List-Id: <x.example.invalid>\r\n".into(),
        "X-Auto-Response-Suppress: OOF\r\n".into(),
        "Received: from a by b\r\n".repeat(30),
    ] {
        let taken = house.take(format!("{head}{}", plain.replace("loop", &head[..12]))).await;
        let view = house.open(taken.id).await;
        assert_eq!(
            (view.standing.kind, view.standing.state),
            (MessageKind::Automatic, MessageState::Kept),
            "{head}"
        );
    }
    // Our own letter, sent back by a server that forwards everything.
    let own = plain.replace("Yangben <Jia@Example.invalid>", &address).replace("loop", "own");
    assert_eq!(house.open(house.take(own).await.id).await.standing.kind, MessageKind::Automatic);
    let empty = plain.replace("<jia@example.invalid>", "<>").replace("loop", "empty");
    assert_eq!(house.open(house.take(empty).await.id).await.standing.kind, MessageKind::Automatic);
    assert!(house.letters().await.is_empty(), "no program gets an answer");
    assert!(house.told(&house.clerk).await.is_empty(), "and nobody is disturbed");
    assert!(house.service.files(&by(&house.clerk), request).await.unwrap().is_empty());
    verifies(&house.service).await;
}

async fn one_sender_makes_so_many_tasks(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    for n in 0..TASKS_A_DAY {
        let taken = house.take(letter(HOME, &format!("n{n}"), "x")).await;
        assert_eq!(house.open(taken.id).await.standing.kind, MessageKind::Letter, "{n}");
    }
    let over = house.take(letter(HOME, "over", "x")).await;
    assert_eq!(house.open(over.id).await.standing.kind, MessageKind::Excess);
    let other = letter(HOME, "other", "x").replace("Jia@Example", "yi@example");
    assert_eq!(house.open(house.take(other).await.id).await.standing.kind, MessageKind::Letter);
    let letters = house.letters().await;
    assert_eq!(letters.len(), 2, "one acknowledgement for each sender");
    for letter in &letters {
        house.service.settle_letter(&operator(now()), letter, Delivery::Sent).await.unwrap();
    }
    // The next day is another.
    let next = house.take_at(letter(HOME, "next", "x"), on("2021-03-02", &Actor::Operator)).await;
    assert_eq!(house.open(next.id).await.standing.kind, MessageKind::Letter);
    let tomorrow = on("2021-03-02", &Actor::Operator);
    assert_eq!(house.service.take_letters(&tomorrow).await.unwrap().len(), 1);
    verifies(&house.service).await;
}

async fn a_bounce_is_told(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let view = house.open(house.take(letter(HOME, "a", "x")).await.id).await;
    house.letters().await;
    let made = house
        .service
        .register_message(by(&house.clerk), view.id, view.version, new_request(&house))
        .await
        .unwrap();
    let sent = house.letters().await.remove(0);
    house.service.settle_letter(&operator(now()), &sent, Delivery::Sent).await.unwrap();
    let before = house.told(&house.clerk).await.len();
    let bounce = |id: Uuid, n: u8| {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.invalid\r\nTo: {HOME}\r\nSubject: Undelivered {n}\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: failed\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{id}@gk.example.invalid>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
        )
    };
    let taken = house.take(bounce(sent.id, 1)).await;
    assert_eq!(house.open(taken.id).await.standing.kind, MessageKind::Bounce);
    let told = house.told(&house.clerk).await;
    assert_eq!(told.len(), before + 1);
    assert!(told.iter().any(|t| t.contains("不能送达") && t.contains("其他方式")), "{told:?}");
    // Told once; and a bounce of a letter that is not ours is nobody's.
    house.take(bounce(sent.id, 2)).await;
    house.take(bounce(Uuid::from_u128(9), 3)).await;
    assert_eq!(house.told(&house.clerk).await.len(), before + 1);
    let notices = house.service.notices(&by(&house.clerk), None, 50).await.unwrap();
    assert!(notices.iter().any(|n| n.request == Some(made.id)));
    // A server that refuses at once says the same.
    let view = house.open(house.take(letter(HOME, "b", "x")).await.id).await;
    house
        .service
        .register_message(by(&house.clerk), view.id, view.version, new_request(&house))
        .await
        .unwrap();
    let sent = house.letters().await.remove(0);
    let went = Delivery::Never("550 no such user".into());
    house.service.settle_letter(&operator(now()), &sent, went).await.unwrap();
    assert!(house.told(&house.clerk).await.iter().any(|t| t.contains("550")));
    assert!(house.letters().await.is_empty());
    verifies(&house.service).await;
}

async fn hostile_messages_are_kept(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let nested: String = (0..2000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    for (n, raw) in [
        Vec::new(),
        vec![0; 100_000],
        (0..=255).cycle().take(70_000).collect(),
        format!("From: jia@example.invalid\r\nMIME-Version: 1.0\r\n{nested}").into_bytes(),
        b"From: \"a\r\n\tb\" <jia@example.invalid>, x\r\nSubject: =?utf-8?B?!!!!?=\r\n\r\n\xff\xfe\x00"
            .to_vec(),
        letter(HOME, "=?utf-8?Q?a=0D=0ABcc:_x@y.cn?=", "<script>alert(1)</script>").into_bytes(),
    ]
    .into_iter()
    .enumerate()
    {
        let view = house.open(house.take(raw).await.id).await;
        let said = view.said.unwrap();
        let whole = format!("{}{}{}", said.from, said.subject, said.text);
        assert!(!whole.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{n}: {whole:?}");
        assert_eq!(said.subject.lines().count().max(1), 1, "{n}");
    }
    for letter in house.letters().await {
        assert!(!letter.address.contains(['\r', '\n', ' ']), "{}", letter.address);
    }
    // A message of a hundred megabytes is never in memory; it is known by its head.
    let head = letter(HOME, "huge", "x").into_bytes();
    let huge = Incoming { bytes: head.clone(), size: 100 << 20 };
    assert!(huge.size > MESSAGE_LIMIT);
    let taken = house.service.take_message(operator(now()), huge).await.unwrap();
    let said = house.open(taken.id).await.said.unwrap();
    assert!(said.subject == "huge" && said.text.contains("50MB") && said.cut, "{said:?}");
    let again = house.service.take_message(operator(now()), Incoming { bytes: head, size: 100 << 20 }).await;
    assert!(again.unwrap().again);
    verifies(&house.service).await;
}

async fn reach_is_that_of_the_inbox(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let taken = house.take(letter(HOME, "a", "x")).await;
    let other = cases::establish(&house.service, "9", None).await;
    let stranger = officer(other, &[Role::Officer]);
    let all = MessageState::ALL;
    assert!(house.service.inbox(by(&stranger), &all, None, 50).await.unwrap().is_empty());
    assert_eq!(house.service.waiting_messages(&by(&stranger)).await.unwrap(), 0);
    for outcome in [
        house.service.open_message(by(&stranger), taken.id).await.map(|_| ()),
        house.service.dismiss_message(by(&stranger), taken.id, 1, "x").await.map(|_| ()),
        house.service.register_message(by(&stranger), taken.id, 1, new_request(&house)).await.map(|_| ()),
        house
            .service
            .open_message(by(&officer(house.office, &[Role::Supervisor])), taken.id)
            .await
            .map(|_| ()),
    ] {
        assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    }
    let before = entries(&house.service).await;
    let supervisor = officer(house.office, &[Role::Supervisor]);
    let lines = house.service.inbox(by(&supervisor), &all, None, 50).await.unwrap();
    assert_eq!((lines.len(), &lines[0].about), (1, &None), "that something came, not what");
    assert_eq!(entries(&house.service).await, before);
    let lines = house.service.inbox(by(&house.clerk), &all, None, 50).await.unwrap();
    assert_eq!(lines[0].about, Some(("J***@Example.invalid".into(), "a".into())));
    assert_eq!(entries(&house.service).await, before + 1, "the list is journaled");
    assert!(house.service.inbox(by(&Actor::Anonymous), &all, None, 50).await.is_err());
    let outcome = house.service.take_message(by(&house.clerk), Incoming { bytes: vec![], size: 0 }).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "only the system takes mail in");
}

async fn a_private_request_keeps_its_mail(service: Service, at: Location) {
    let house = House::of(service, &at).await;
    let request = house.request().await;
    let address = house.service.reply_address(request).unwrap();
    house.take(letter(&address, "secret-subject", "secret-text")).await;
    let stray = house.take(letter(HOME, "secret-subject", "secret-text")).await;
    // Nothing of what was written stands in the journal.
    for line in house.service.journal(&operator(now()), 0, 1000).await.unwrap() {
        assert!(!format!("{line:?}").contains("secret"), "{line:?}");
    }
    // What lies on a request is erased there like everything else.
    let files = house.service.files(&by(&house.clerk), request).await.unwrap();
    let erased = FileEvent::Erased { reason: "超过保存期限".into() };
    let (file, version) = (files[0].id, files[0].version);
    house.service.change_file(by(&house.clerk), request, file, version, erased).await.unwrap();
    let outcome = house.service.open_file(by(&house.clerk), request, file).await;
    assert!(matches!(outcome, Err(Error::NotFound(_))), "{outcome:?}");
    assert_eq!(house.open(stray.id).await.said.unwrap().text, "secret-text");
    verifies(&house.service).await;
}
