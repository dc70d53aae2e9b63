//! Channels: what arrives at a receiver on loopback, signed, and that nothing else does; the pages of the desk.

use super::public::{CANARY, Shelf, filled, happens};
use super::*;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{Timestamp, ToSpan};
use law::docket::channel::{ChannelEvent, ChannelKind, Terms};
use server::jobs;
use service::channel::PushHosts;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// What came: the head in lower case, and the body.
type Came = Arc<Mutex<Vec<(String, String)>>>;

/// A receiver for one machine: it answers with a status and keeps what came.
struct Receiver {
    port: u16,
    status: Arc<Mutex<u16>>,
    came: Came,
}

impl Receiver {
    fn open() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (status, came) = (Arc::new(Mutex::new(204)), Came::default());
        let (s, c) = (status.clone(), came.clone());
        // Ends with the test: nobody waits for it.
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut head = String::new();
                while reader.read_line(&mut head).unwrap() > 2 {}
                let head = head.to_lowercase();
                let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap();
                let mut body = vec![0; length.trim().parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                c.lock().unwrap().push((head, String::from_utf8(body).unwrap()));
                let answer =
                    format!("HTTP/1.1 {} x\r\nlocation: http://127.0.0.1:1/\r\n", *s.lock().unwrap());
                stream.write_all(format!("{answer}content-length: 0\r\n\r\n").as_bytes()).unwrap();
            }
        });
        Receiver { port, status, came }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/in?channel=1", self.port)
    }

    fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    fn taken(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.came.lock().unwrap())
    }
}

/// A door whose operator lets this machine be pushed to.
async fn door() -> Door {
    let mut door = Door::new().await;
    let hosts = PushHosts::parse("127.0.0.1").unwrap();
    door.app.service = door.app.service.clone().with_push_hosts(hosts);
    door
}

/// A channel that is pushed to; its id and secret.
async fn channel(door: &mut Door, address: String) -> (Uuid, String) {
    let terms = Terms { name: "样例客户端".into(), address, ..Terms::default() };
    let unit = door.county.office.to_string();
    let event = ChannelEvent::Opened { unit, kind: ChannelKind::Push, terms };
    let (on, service) = (date(2020, 1, 2), door.app.service.clone());
    let id = service.open_channel(door.county.operator(on), on, event).await.unwrap();
    let secret = service.key_channel(door.county.operator(on), id, 1).await.unwrap();
    (id, secret)
}

/// The jobs at an instant after the door was opened.
async fn minutes_later(door: &Door, minutes: i64) {
    door.clock.set(noon(date(2021, 1, 15)) + minutes.minutes());
    jobs::round(&door.app, None, None).await.unwrap();
}

fn field<'a>(head: &'a str, name: &str) -> &'a str {
    let line = head.lines().find_map(|l| l.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("{name}: {head}")).trim()
}

#[tokio::test]
async fn what_is_not_public_never_leaves() {
    let mut door = door().await;
    let receiver = Receiver::open();
    let (_, secret) = channel(&mut door, receiver.address()).await;
    minutes_later(&door, 0).await;
    assert!(receiver.taken().is_empty());
    let Shelf { mut door, old, new, taken_down, hidden, .. } = filled(door).await;
    minutes_later(&door, 2).await;
    let came = receiver.taken();
    let mut told = Vec::new();
    for (head, body) in &came {
        assert!(head.starts_with("post /in?channel=1 http/1.1"), "{head}");
        let second = field(head, "gongkai-timestamp");
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{second}.{body}").as_bytes());
        let right: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(field(head, "gongkai-signature"), format!("sha256={right}"));
        let said: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(said["delivery"], field(head, "gongkai-delivery"));
        assert_eq!(said["event"], field(head, "gongkai-event"));
        let at: Timestamp = said["at"].as_str().unwrap().parse().unwrap();
        assert_eq!(at.as_second().to_string(), second);
        assert!(!body.contains(CANARY), "{body}");
        for id in hidden.iter().chain([&taken_down]) {
            assert!(!body.contains(&id.to_string()), "{body}");
        }
        told.push((said["document"]["id"].as_str().unwrap().to_owned(), said["event"].clone()));
    }
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let mut right = vec![(old.to_string(), "published".into()), (new.to_string(), "published".into())];
    right.sort_by(|a: &(String, serde_json::Value), b| a.0.cmp(&b.0));
    assert_eq!(told, right, "each once, as it is");
    let of_old = came.iter().find(|(_, body)| body.contains("样例管理办法")).unwrap();
    let said: serde_json::Value = serde_json::from_str(&of_old.1).unwrap();
    assert_eq!(said["document"]["text"], "正文：管理办法的<内容>");
    assert_eq!(said["document"]["validity"], "废止");
    assert_eq!(said["document"]["address"], format!("/documents/{old}"));

    // Nothing new, nothing told; taken down, only that.
    minutes_later(&door, 4).await;
    assert!(receiver.taken().is_empty());
    let withdrawn =
        DocumentEvent::Withdrawn {
            reason: "金丝雀".into(), told: "正在核实".into(), kept: String::new()
        };
    happens(&mut door, new, date(2020, 12, 21), withdrawn).await;
    minutes_later(&door, 6).await;
    let came = receiver.taken();
    assert_eq!(came.len(), 1, "{came:?}");
    let said: serde_json::Value = serde_json::from_str(&came[0].1).unwrap();
    assert_eq!(
        (&said["event"], &said["document"]["withdrawn_on"]),
        (&"withdrawn".into(), &"2020-12-21".into())
    );
    assert_eq!(said["document"]["told"], "正在核实");
    assert!(!came[0].1.contains("补助办法") && !came[0].1.contains(CANARY), "{}", came[0].1);
}

#[tokio::test]
async fn what_a_receiver_does_not_take_is_tried_again_and_sent_again_by_hand() {
    let mut door = door().await;
    let receiver = Receiver::open();
    let (id, _) = channel(&mut door, receiver.address()).await;
    minutes_later(&door, 0).await;
    let document = door.county.document(date(2020, 3, 2), "样例通知").await;
    happens(&mut door, document, date(2020, 3, 3), DocumentEvent::Disclosed { url: None }).await;
    // A redirect is not followed: nobody has judged where it leads.
    receiver.answers(302);
    for (tried, minutes) in (1..=12).zip((0..).map(|n| 5 + n * 300)) {
        minutes_later(&door, minutes).await;
        assert_eq!(receiver.taken().len(), 1, "try {tried}");
    }
    minutes_later(&door, 5_000).await;
    assert!(receiver.taken().is_empty(), "it was given up");
    let officer = door.sign_in("officer").await;
    let board = page(&door, "/desk", &officer).await;
    assert!(board.links("a").contains(&"/desk/deliveries?state=failed".to_owned()));
    let list = page(&door, "/desk/deliveries?state=failed", &officer).await;
    assert_eq!(list.links("tbody th a"), [format!("/desk/documents/{document}")]);
    assert!(list.text("tbody").contains("对方返回状态码302") && list.text("tbody").contains("已经尝试12次"));
    let resend = list.attribute("form.in-row", "action");
    let supervisor = door.sign_in("reviewer").await;
    assert_eq!(page(&door, "/desk/deliveries", &supervisor).await.all("form.in-row").len(), 0);
    assert_eq!(submit(&door, &resend, &supervisor, &[]).await.status, 403);
    let told = followed(&door, &submit(&door, &resend, &officer, &[]).await, &officer).await;
    assert!(told.text("[role=status]").contains("已经放回推送队列"));
    receiver.answers(200);
    minutes_later(&door, 5_010).await;
    assert_eq!(receiver.taken().len(), 1);
    let list = page(&door, &format!("/desk/deliveries?state=delivered&channel={id}"), &officer).await;
    assert_eq!(list.all("tbody tr").len(), 1);
    let docket = page(&door, &format!("/desk/documents/{document}"), &officer).await;
    let went = docket.text("section[aria-labelledby=whereabouts]");
    assert!(
        went.contains("样例客户端") && went.contains("已经送达") && went.contains("已经重新推送"),
        "{went}"
    );
}

#[tokio::test]
async fn a_channel_is_opened_keyed_and_exported_from_at_the_desk() {
    let mut door = door().await;
    let (admin, officer) = (door.sign_in("admin").await, door.sign_in("officer").await);
    assert_eq!(door.get("/desk/channels/new", &officer).await.status, 403);
    let unit = door.county.office.to_string();
    let open = async |kind: &str, name: &str, address: &str| {
        let form = page(&door, "/desk/channels/new", &admin).await;
        let once = form.value("once");
        let pairs = [
            ("on", "2020-01-02"),
            ("unit", &unit),
            ("kind", kind),
            ("name", name),
            ("address", address),
            ("once", &once),
        ];
        submit(&door, "/desk/channels/new", &admin, &pairs).await
    };
    let refused = open("push", "样例客户端", "http://media.example.gov.cn/").await;
    assert_eq!(refused.status, 422);
    assert!(Page::of(&refused).text("#problems").contains("https://"));
    let refused = open("push", "样例客户端", "https://10.0.0.1/").await;
    assert!(Page::of(&refused).text("#problems").contains("GONGKAI_PUSH_HOSTS"), "{}", refused.text());
    let docket =
        followed(&door, &open("push", "样例客户端", "https://media.example.gov.cn/in").await, &admin).await;
    assert_eq!(docket.text(".docket-head .badge"), "待生成密钥");
    let (key, version) =
        (docket.attribute("section[aria-labelledby=use] form", "action"), docket.value("version"));
    assert_eq!(submit(&door, &key, &officer, &[("version", &version)]).await.status, 403);
    let shown = submit(&door, &key, &admin, &[("version", &version)]).await;
    assert_eq!(shown.header(header::CACHE_CONTROL), "private, no-store");
    let secret = Page::of(&shown).text("code.secret");
    assert_eq!(secret.len(), 64);
    let docket = door.get(key.trim_end_matches("/key"), &admin).await;
    assert!(!docket.text().contains(&secret), "it is shown once");
    assert_eq!(Page::of(&docket).text(".docket-head .badge"), "使用中");
    assert_eq!(submit(&door, &key, &admin, &[("version", &version)]).await.status, 409, "a second click");

    let answer = open("export", "样例公众号", "").await;
    let address = answer.header(header::LOCATION).split('?').next().unwrap().to_owned();
    let document = door.county.document(date(2020, 3, 2), "样例通知").await;
    let hidden = door.county.document(date(2020, 3, 2), "样例未公开").await;
    happens(&mut door, document, date(2020, 3, 3), DocumentEvent::Disclosed { url: None }).await;
    let export = format!("{address}/export");
    let form = page(&door, &export, &officer).await;
    assert!(form.text("main").contains("样例通知") && !form.text("main").contains("未公开"));
    let empty = submit(&door, &export, &officer, &[]).await;
    assert!(Page::of(&empty).text("#problems").contains("请选择信息"));
    let none = submit(&door, &export, &officer, &[("documents", &hidden.to_string())]).await;
    assert!(Page::of(&none).text("#problems").contains("没有可以导出的信息"));
    let package = submit(&door, &export, &officer, &[("since", "2020-03-01"), ("until", "")]).await;
    assert_eq!(package.header(header::CONTENT_TYPE), "application/zip");
    assert!(package.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    assert!(package.body.starts_with(b"PK"));

    // What an editor then published is recorded with its link, and stands beside the export.
    let docket = format!("/desk/documents/{document}");
    let step = page(&door, &format!("{docket}/record/relayed"), &officer).await;
    let (once, version) = (step.value("once"), step.value("version"));
    let id = address.rsplit('/').next().unwrap();
    let mut pairs = [
        ("on", "2020-03-04"),
        ("channel", id),
        ("url", "javascript:alert(1)"),
        ("version", &version),
        ("once", &once),
    ];
    let refused = submit(&door, &format!("{docket}/record/relayed"), &officer, &pairs).await;
    assert_eq!(refused.status, 422);
    pairs[2].1 = "https://media.example.gov.cn/1";
    followed(&door, &submit(&door, &format!("{docket}/record/relayed"), &officer, &pairs).await, &officer)
        .await;
    let docket = page(&door, &docket, &officer).await;
    let list = page(&door, "/desk/deliveries?state=exported", &officer).await;
    assert_eq!(list.all("tbody tr").len(), 1);
    let went = docket.text("section[aria-labelledby=whereabouts]");
    assert!(went.contains("已经导出") && went.contains("人工发布"), "{went}");
    assert_eq!(docket.links("section[aria-labelledby=whereabouts] a"), ["https://media.example.gov.cn/1"]);
}
