//! Searches that readers follow by e-mail: who is written to, about what, and what is kept; on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, made, officer, verifies};
use jiff::{SignedDuration, Timestamp, ToSpan};
use law::docket::document::{DisclosureAttribute, DocumentEvent};
use law::docket::report::Scope;
use place::{day, now, on_both, operator, seed, units};
use service::inbox::{Inbox, Incoming};
use service::mail::{Delivery, Letter};
use service::report::ReportAction;
use service::search::Ask;
use service::{Actor, Change, Context, Error, Location, Role, Service};
use store::Store;
use uuid::Uuid;

on_both! { a_reader_confirms_is_written_to_and_leaves_nothing_behind what_is_not_public_is_in_no_letter
what_is_taken_down_while_a_letter_waits_is_not_sent one_letter_a_day what_did_not_arrive_is_told_again
a_mailbox_that_is_gone_is_forgotten a_letter_that_cannot_be_read_keeps_no_other one_address_is_not_flooded
a_link_is_not_guessed what_nobody_confirms_is_forgotten a_report_is_told_too a_reader_who_is_kept_too_long_is_found }

const SITE: &str = "https://gk.example.gov.cn";
const READER: &str = "Reader@example.invalid";

struct House {
    service: Service,
    office: Uuid,
    at: Location,
    _own: tempfile::TempDir,
}

impl House {
    async fn of(service: Service, at: Location) -> House {
        let (_, office) = units(&service).await;
        let own = tempfile::tempdir().unwrap();
        let service = match &at {
            Location::Folder(_) => service,
            Location::Postgres(_) => {
                service.with_files(own.path().join("f")).with_search(own.path().join("i"))
            }
        };
        let service =
            service.with_inbox(Inbox::new(&office.to_string(), "xxgk@gk.example.invalid", true).unwrap());
        House { service, office, at, _own: own }
    }

    async fn ask(&self, address: &str, query: &str, at: Timestamp) -> service::Result<()> {
        let ctx = Context::new(at, Actor::Anonymous, seed());
        self.service.ask_to_follow(ctx, address, (query, "样本检索"), SITE).await
    }

    async fn confirm(&self, of: &str, at: Timestamp) -> service::Result<()> {
        self.service.confirm_subscription(Context::new(at, Actor::Anonymous, seed()), of).await
    }

    async fn end(&self, of: &str) -> service::Result<()> {
        self.service.end_subscription(anybody(), of).await
    }

    /// Follows a search, confirmed; what stands in its link.
    async fn follow(&self, address: &str, query: &str) -> String {
        self.ask(address, query, now()).await.unwrap();
        let of = link(&self.sent(now()).await[0]);
        self.confirm(&of, now()).await.unwrap();
        of
    }

    async fn disclosed(&self, title: &str) -> Uuid {
        let id =
            self.service.make_document(operator(now()), day("2021-02-01"), made(self.office, title)).await;
        let id = id.unwrap();
        self.happens(id, DocumentEvent::Disclosed { url: None }).await;
        id
    }

    async fn happens(&self, id: Uuid, event: DocumentEvent) {
        let version = self.service.document_view(&operator(now()), id).await.unwrap().version;
        let change = Change::event(day("2021-02-02"), event);
        self.service.change_document(operator(now()), id, version, change).await.unwrap();
    }

    async fn withdrawn(&self, id: Uuid) {
        self.happens(
            id,
            DocumentEvent::Withdrawn { reason: "样例".into(), told: String::new(), kept: String::new() },
        )
        .await;
    }

    /// Writes the letters of the day; how many could not be written.
    async fn write(&self, at: Timestamp) -> usize {
        let read = |query: &str| Ask {
            text: query.strip_prefix("q=").unwrap_or_default().into(),
            page: 1,
            ..Ask::default()
        };
        self.service.write_digests(|| operator(at), read, SITE).await.unwrap()
    }

    /// The letters that leave now.
    async fn sent(&self, at: Timestamp) -> Vec<Letter> {
        let all = self.taken(at).await;
        for letter in &all {
            self.settled(letter, at, Delivery::Sent).await;
        }
        all
    }

    async fn taken(&self, at: Timestamp) -> Vec<Letter> {
        self.service.take_letters(&operator(at)).await.unwrap()
    }

    async fn settled(&self, letter: &Letter, at: Timestamp, went: Delivery) {
        self.service.settle_letter(&operator(at), letter, went).await.unwrap();
    }

    /// Written and sent at once.
    async fn digests(&self, at: Timestamp) -> Vec<Letter> {
        assert_eq!(self.write(at).await, 0);
        self.sent(at).await
    }

    /// The mail server of the reader sends a letter back.
    async fn comes_back(&self, letter: &Letter, at: Timestamp) {
        let (id, n) = (letter.id, at.as_second());
        let raw = format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.invalid\r\nTo: xxgk@gk.example.invalid\r\n\
             Subject: Undelivered {n}\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: failed\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{id}@gk.example.invalid>\r\nSubject: x\r\n\r\n\
             x\r\n--b--\r\n"
        );
        let (bytes, size) = (raw.clone().into_bytes(), raw.len() as u64);
        self.service.take_message(operator(at), Incoming { bytes, size }).await.unwrap();
    }

    async fn is_followed(&self, of: &str) -> bool {
        self.service.subscription_at(of, now()).await.is_ok()
    }
}

fn anybody() -> Context {
    Context::new(now(), Actor::Anonymous, seed())
}

/// So many days later, in the morning.
fn morning(days: i64) -> Timestamp {
    now() + (24 * days).hours()
}

/// What follows `of=` in the link of a letter.
fn link(letter: &Letter) -> String {
    let (_, of) = letter.body.split_once("/search/subscription?of=").unwrap();
    of.lines().next().unwrap().to_owned()
}

async fn a_reader_confirms_is_written_to_and_leaves_nothing_behind(service: Service, at: Location) {
    let house = House::of(service, at).await;
    house.disclosed("样本旧办法").await;
    house.ask(READER, "q=样本", now()).await.unwrap();
    let first = house.sent(now()).await;
    assert_eq!((first.len(), first[0].address.as_str(), first[0].automatic), (1, READER, false));
    assert!(
        first[0].body.contains("两日内没有确认的") && !first[0].body.contains("样本"),
        "{}",
        first[0].body
    );
    let of = link(&first[0]);
    let address = format!("{SITE}/search/subscription?of={of}");
    assert_eq!(first[0].unsubscribe.as_deref(), Some(address.as_str()));
    house.disclosed("样本早办法").await;
    assert!(house.digests(now()).await.is_empty(), "nobody has confirmed");
    let at_link = house.service.subscription_at(&of, now()).await.unwrap();
    assert_eq!((at_link.said.as_str(), at_link.confirmed), ("样本检索", false), "looking confirms nothing");
    for _ in 0..2 {
        house.confirm(&of, now()).await.unwrap();
    }
    assert!(house.digests(now()).await.is_empty(), "what was there before is not told");
    let new = house.disclosed("样本新办法").await;
    house.disclosed("无关的通知").await;
    let told = house.digests(now()).await;
    assert_eq!((told.len(), told[0].subject.as_str()), (1, "新公开的政府信息（1条）"));
    let body = &told[0].body;
    assert!(body.contains("“样本检索”有1条") && body.contains("1. 样本新办法"), "{body}");
    assert!(body.contains(&format!("样本市人民政府办公室，2021-02-02\n   {SITE}/documents/{new}")), "{body}");
    assert!(!body.contains("无关") && !body.contains("旧办法") && !body.contains("早办法"), "{body}");
    assert!(body.contains("退订") && body.contains(&format!("{SITE}/search?q=样本\n")), "{body}");
    assert_eq!((link(&told[0]), told[0].unsubscribe.as_deref()), (of.clone(), Some(address.as_str())));
    assert!(house.digests(morning(1)).await.is_empty(), "it is told once");

    // Neither the journal nor what is kept beside it tells who follows what.
    let journal = format!("{:?}", house.service.journal(&operator(now()), 0, 10_000).await.unwrap());
    assert!(journal.contains("confirmed") && !journal.to_lowercase().contains("reader@"));
    assert!(!journal.contains("样本检索"));
    verifies(&house.service).await;
    for _ in 0..2 {
        house.end(&of).await.unwrap();
    }
    house.disclosed("样本后办法").await;
    assert!(house.digests(morning(2)).await.is_empty());
    assert!(matches!(house.service.subscription_at(&of, now()).await, Err(Error::NotFound(_))));
    assert!(matches!(house.confirm(&of, now()).await, Err(Error::NotFound(_))), "what ended is over");
    let store = Store::open(&house.at).await.unwrap();
    let mut tx = store.read().await.unwrap();
    let region = house.service.region();
    assert_eq!(tx.followers(region, Uuid::nil(), 10).await.unwrap(), [], "it is erased");
    assert_eq!(tx.reply(region, told[0].id).await.unwrap(), None, "with every letter");
    drop(tx);
    store.close().await;
    verifies(&house.service).await;
}

async fn what_is_not_public_is_in_no_letter(service: Service, at: Location) {
    let house = House::of(service, at).await;
    house.follow(READER, "q=样本").await;
    let hidden = made(house.office, "样本未公开");
    house.service.make_document(operator(now()), day("2021-02-01"), hidden).await.unwrap();
    let gone = house.disclosed("样本撤下").await;
    house.withdrawn(gone).await;
    let restricted = house.disclosed("样本限制").await;
    house.withdrawn(restricted).await;
    let (attribute, reason) = (DisclosureAttribute::OnRequest, "样例".to_owned());
    house.happens(restricted, DocumentEvent::AttributeChanged { attribute, reason }).await;
    assert!(house.digests(now()).await.is_empty());
    house.disclosed("样本公开").await;
    let told = house.digests(now()).await;
    assert!(told[0].body.contains("样本公开"));
    for never in ["未公开", "撤下", "限制"] {
        assert!(!told[0].body.contains(&format!("样本{never}")), "{never}");
    }
}

async fn what_is_taken_down_while_a_letter_waits_is_not_sent(service: Service, at: Location) {
    let house = House::of(service, at).await;
    house.follow(READER, "q=样本").await;
    let (one, _) = (house.disclosed("样本甲办法").await, house.disclosed("样本乙办法").await);
    house.write(now()).await;
    house.withdrawn(one).await;
    let letter = house.taken(now()).await.remove(0);
    assert!(letter.body.contains("1. 样本乙办法") && !letter.body.contains("甲办法"), "{}", letter.body);
    assert_eq!(letter.subject, "新公开的政府信息（1条）");
    house.settled(&letter, now(), Delivery::Sent).await;
    let last = house.disclosed("样本丙办法").await;
    house.write(morning(1)).await;
    house.withdrawn(last).await;
    assert!(house.taken(morning(1)).await.is_empty(), "a letter without anything in it is none");
    assert!(house.digests(morning(2)).await.is_empty());
    // Published again, it is told again.
    house.happens(last, DocumentEvent::Disclosed { url: None }).await;
    assert!(house.digests(morning(3)).await[0].body.contains("样本丙办法"));
    verifies(&house.service).await;
}

async fn one_letter_a_day(service: Service, at: Location) {
    let house = House::of(service, at).await;
    house.follow(READER, "q=样本").await;
    house.follow("other@example.invalid", "").await;
    // The last instant of the day, and the first of the next in Shanghai.
    let (late, early): (Timestamp, Timestamp) =
        ("2021-03-01T15:59:59Z".parse().unwrap(), "2021-03-01T16:00:00Z".parse().unwrap());
    house.disclosed("样本一").await;
    assert_eq!(house.digests(now()).await.len(), 2, "an empty search follows everything");
    house.disclosed("样本二").await;
    assert!(house.digests(late).await.is_empty());
    let next = house.digests(early).await;
    assert_eq!(next.len(), 2);
    assert!(next.iter().all(|l| l.body.contains("样本二") && !l.body.contains("样本一")));
    assert!(next.iter().any(|l| l.body.contains(&format!("{SITE}/search\n"))));
    // A clock that is put back gives no second letter.
    house.disclosed("样本三").await;
    assert!(house.digests(late).await.is_empty());
    assert_eq!(house.digests(morning(2)).await.len(), 2);
    // What is more than a letter holds is counted, and on the page.
    for n in 0..33 {
        house.disclosed(&format!("样本第{n}号")).await;
    }
    let long = house.digests(morning(3)).await.remove(0);
    assert_eq!(long.subject, "新公开的政府信息（33条）");
    assert_eq!(long.body.matches("/documents/").count(), 30);
    assert!(long.body.contains("以上是其中最新的30条"), "{}", long.body);
}

async fn what_did_not_arrive_is_told_again(service: Service, at: Location) {
    let house = House::of(service, at).await;
    house.follow(READER, "q=样本").await;
    house.disclosed("样本一").await;
    house.write(now()).await;
    let letter = house.taken(now()).await.remove(0);
    house.settled(&letter, now(), Delivery::Later("busy".into())).await;
    house.disclosed("样本二").await;
    house.write(morning(1)).await;
    let again = house.taken(morning(1)).await;
    assert_eq!((again.len(), again[0].id), (1, letter.id), "while one waits there is no other");
    house.settled(&again[0], morning(1), Delivery::Never("550".into())).await;
    for days in 2..6 {
        // That our own mail server takes nothing for days ends no subscription.
        house.write(morning(days)).await;
        let both = house.taken(morning(days)).await.remove(0);
        assert!(both.body.contains("样本一") && both.body.contains("样本二"), "{}", both.body);
        let went = if days < 5 { Delivery::Never("550".into()) } else { Delivery::Sent };
        house.settled(&both, morning(days), went).await;
    }
    assert!(house.digests(morning(6)).await.is_empty());
    verifies(&house.service).await;
}

async fn a_mailbox_that_is_gone_is_forgotten(service: Service, at: Location) {
    let house = House::of(service, at).await;
    let of = house.follow(READER, "q=样本").await;
    house.disclosed("样本一").await;
    for days in 0..2 {
        let letter = house.digests(morning(days)).await.remove(0);
        house.comes_back(&letter, morning(days)).await;
    }
    // One that arrives makes up for those that did not.
    assert_eq!(house.digests(morning(2)).await.len(), 1);
    assert!(house.digests(morning(3)).await.is_empty());
    house.disclosed("样本二").await;
    for days in 4..7 {
        assert!(house.is_followed(&of).await, "{days}");
        let letter = house.digests(morning(days)).await.remove(0);
        house.comes_back(&letter, morning(days)).await;
    }
    assert!(house.digests(morning(7)).await.is_empty());
    assert!(!house.is_followed(&of).await);
    verifies(&house.service).await;
}

async fn a_letter_that_cannot_be_read_keeps_no_other(service: Service, at: Location) {
    let house = House::of(service, at).await;
    let first = house.follow("a@example.invalid", "q=样本").await;
    house.follow("b@example.invalid", "q=样本").await;
    let region = house.service.region();
    // Whatever happened to it, it opens no more.
    let id = Uuid::try_parse(&first[..32]).unwrap();
    let store = Store::open(&house.at).await.unwrap();
    store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move {
                let row = tx.follower(region, id).await?.unwrap();
                tx.remove_follower(region, id).await?;
                tx.add_follower(region, &store::FollowerRow { sealed: vec![0; 40], ..row }).await
            }) as store::BoxFuture<'_, Result<_, store::Error>>
        })
        .await
        .unwrap();
    store.close().await;
    house.disclosed("样本一").await;
    assert_eq!(house.write(now()).await, 1);
    let sent = house.sent(now()).await;
    assert_eq!((sent.len(), sent[0].address.as_str()), (1, "b@example.invalid"));
}

async fn one_address_is_not_flooded(service: Service, at: Location) {
    let house = House::of(service, at).await;
    for n in 0..9 {
        // However it is spelled; and nobody learns whether a letter was written.
        let address = if n % 2 == 0 { READER } else { "reader@EXAMPLE.invalid" };
        house.ask(address, &format!("q={n}"), now()).await.unwrap();
    }
    assert_eq!(house.sent(now()).await.len(), 3);
    for bad in ["", "reader", "a@b\r\nBcc: c@d.cn"] {
        assert_eq!(codes(house.ask(bad, "q=1", now()).await), ["email-malformed"], "{bad}");
    }
    assert_eq!(codes(house.ask(READER, &"q=".repeat(2_000), now()).await), ["search-too-long"]);
    // Asked for again, the same subscription waits, and the letters are counted.
    let other = "other@example.invalid";
    for _ in 0..5 {
        house.ask(other, "q=1", now()).await.unwrap();
    }
    let letters = house.sent(now()).await;
    assert_eq!(letters.len(), 3);
    let of = link(&letters[0]);
    assert!(letters.iter().all(|l| link(l) == of));
    house.confirm(&of, now()).await.unwrap();
    // Confirmed, it is not asked for again, which is said once a day.
    for _ in 0..3 {
        house.ask(other, "q=1", now()).await.unwrap();
    }
    let word = house.sent(now()).await;
    assert_eq!(word.len(), 1);
    assert!(word[0].body.contains("您已经订阅") && link(&word[0]) == of, "{}", word[0].body);
    for n in 2..=20 {
        house.follow(other, &format!("q={n}")).await;
    }
    for n in 21..24 {
        house.ask(other, &format!("q={n}"), now()).await.unwrap();
    }
    let full = house.sent(now()).await;
    assert_eq!(full.len(), 1, "{full:?}");
    assert!(full[0].body.contains("已经达到20项") && full[0].unsubscribe.is_none(), "{}", full[0].body);
    verifies(&house.service).await;
}

async fn what_nobody_confirms_is_forgotten(service: Service, at: Location) {
    let house = House::of(service, at).await;
    let bound = now() + 48.hours();
    let before = bound - SignedDuration::from_secs(1);
    house.ask("a@example.invalid", "q=1", now()).await.unwrap();
    house.ask("b@example.invalid", "q=1", now()).await.unwrap();
    let letters = house.sent(now()).await;
    let of: Vec<String> = letters.iter().map(link).collect();
    house.service.tidy(&operator(before)).await.unwrap();
    house.confirm(&of[0], before).await.unwrap();
    // The link is dead at the hour, whenever it is cleaned up.
    assert!(matches!(house.confirm(&of[1], bound).await, Err(Error::NotFound(_))));
    assert!(house.service.subscription_at(&of[1], before).await.is_ok());
    assert!(house.service.subscription_at(&of[1], bound).await.is_err());
    house.service.tidy(&operator(bound + 1.second())).await.unwrap();
    assert!(house.service.subscription_at(&of[1], now()).await.is_err(), "it is erased");
    assert!(house.service.subscription_at(&of[0], morning(30)).await.unwrap().confirmed);
    // It can be asked for again.
    house.ask("b@example.invalid", "q=1", morning(3)).await.unwrap();
    let again = house.sent(morning(3)).await;
    assert_eq!(again.len(), 1);
    assert_ne!(link(&again[0]), of[1]);
    let journal = format!("{:?}", house.service.journal(&operator(now()), 0, 10_000).await.unwrap());
    assert!(journal.contains("ended"));
    verifies(&house.service).await;
}

async fn a_link_is_not_guessed(service: Service, at: Location) {
    let house = House::of(service, at).await;
    let of = house.follow(READER, "q=样本").await;
    let (id, proof) = of.split_at(32);
    let other = if proof.starts_with('0') { "1" } else { "0" };
    for wrong in [
        String::new(),
        id.to_owned(),
        format!("{id}{other}{}", &proof[1..]),
        format!("{}{proof}", Uuid::nil().simple()),
        of.to_uppercase() + "0",
        "样".repeat(20),
        format!("{}样", &of[..31]),
    ] {
        let at_link = house.service.subscription_at(&wrong, now()).await;
        assert!(matches!(at_link, Err(Error::NotFound(_))), "{wrong}");
        assert!(matches!(house.end(&wrong).await, Err(Error::NotFound(_))), "{wrong}");
        assert!(matches!(house.confirm(&wrong, now()).await, Err(Error::NotFound(_))), "{wrong}");
    }
    assert!(house.is_followed(&of).await);
    let read = |_: &str| Ask::default();
    let nobody = house.service.write_digests(anybody, read, SITE).await;
    assert!(nobody.is_err(), "only the machine reads who follows");
}

async fn a_report_is_told_too(service: Service, at: Location) {
    let house = House::of(service, at).await;
    house.follow(READER, "q=年度报告").await;
    let by = |role, date: &str| {
        let at = format!("{date}T01:00:00Z").parse().unwrap();
        Context::new(at, officer(house.office, &[role]), seed())
    };
    let drafted = by(Role::Officer, "2021-01-11");
    let id = house.service.draft_report(drafted, house.office, 2020, Scope::Own).await.unwrap();
    assert!(house.digests(morning(1)).await.is_empty(), "a draft is not public");
    let note = || "同意".to_owned();
    for (role, action) in [
        (Role::Reviewer, ReportAction::Review { note: note() }),
        (Role::Head, ReportAction::Approve { note: note() }),
        (Role::Head, ReportAction::Publish),
    ] {
        let version = house.service.report_view(&operator(now()), id).await.unwrap().version;
        house.service.act_on_report(by(role, "2021-01-12"), id, version, action).await.unwrap();
    }
    let told = house.digests(morning(2)).await;
    assert!(told[0].body.contains(&format!("{SITE}/reports/sample-office/2020\n")), "{}", told[0].body);
}

async fn a_reader_who_is_kept_too_long_is_found(service: Service, at: Location) {
    let house = House::of(service, at).await;
    let of = [house.follow("a@example.invalid", "q=1").await, house.follow("b@example.invalid", "q=1").await];
    let ids = of.clone().map(|of| Uuid::try_parse(&of[..32]).unwrap());
    let region = house.service.region();
    let store = Store::open(&house.at).await.unwrap();
    let mut tx = store.read().await.unwrap();
    let kept = tx.follower(region, ids[0]).await.unwrap().unwrap();
    drop(tx);
    house.end(&of[0]).await.unwrap();
    store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move {
                tx.add_follower(region, &kept).await?;
                tx.remove_follower(region, ids[1]).await
            }) as store::BoxFuture<'_, Result<_, store::Error>>
        })
        .await
        .unwrap();
    store.close().await;
    let problems = house.service.verify(&operator(now()), |_, _| {}).await.unwrap().problems;
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains(&ids[0].to_string()) && problems[0].contains("没有删除"), "{problems:?}");
    assert!(problems[1].contains(&ids[1].to_string()) && problems[1].contains("已经不在"), "{problems:?}");
}
