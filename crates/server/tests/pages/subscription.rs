//! Following a search by e-mail: offered where letters can be sent, confirmed and ended by a button, and what the letter says.

use super::public::{CANARY, Shelf, filled};
use super::*;
use jiff::ToSpan;
use server::jobs;
use server::mailer::Mailer;
use service::mail::Letter;

fn settings() -> Settings {
    let values = [
        // Nobody listens: letters wait, and are read here.
        ("GONGKAI_MAIL_SERVER", "127.0.0.1:1"),
        ("GONGKAI_MAIL_TLS", "none"),
        ("GONGKAI_MAIL_FROM", "gongkai@example.invalid"),
        ("GONGKAI_PUBLIC_URL", "https://gk.example.invalid"),
    ];
    Settings::read(|name| values.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())).unwrap()
}

/// The letters that wait, so many minutes after the door was opened.
async fn letters(door: &mut Door, minutes: i64) -> Vec<Letter> {
    let mut ctx = door.county.operator(date(2021, 1, 15));
    ctx.at = noon(date(2021, 1, 15)) + minutes.minutes();
    door.app.service.take_letters(&ctx).await.unwrap()
}

/// The path of the link in a letter.
fn link(letter: &Letter) -> String {
    let line = letter.body.lines().find(|l| l.contains("/search/subscription?of=")).unwrap();
    line.strip_prefix("https://gk.example.invalid").unwrap().to_owned()
}

const EMAIL: (&str, &str) = ("email", "reader@example.invalid");

#[tokio::test]
async fn a_reader_subscribes_confirms_and_leaves() {
    let mut door = Door::with(settings()).await;
    let found = page(&door, "/search?q=样例&unit=sx-office", "").await;
    let offer = found.links("#narrow p.hint a").pop().unwrap();
    assert!(offer.starts_with("/search/subscribe?q="), "{offer}");
    let form = page(&door, &offer, "").await;
    assert!(form.text(".facts").contains("样例，发布机构：示例县人民政府办公室"), "{}", form.text("main"));
    let search = form.value("search");
    let wrong = submit(&door, "/search/subscribe", "", &[("search", &search), ("email", "<b>")]).await;
    assert_eq!(wrong.status, 422);
    let again = Page::of(&wrong);
    assert!(again.text("#problems").contains("请填写电子邮箱"));
    assert_eq!((again.value("email"), again.value("search")), ("<b>".to_owned(), search.clone()));
    let sent = submit(&door, "/search/subscribe", "", &[("search", &search), EMAIL]).await;
    assert!(Page::of(&sent).text("[role=status]").contains("确认邮件"));
    let letter = letters(&mut door, 0).await.remove(0);
    assert!(!letter.body.contains("样例") && !letter.subject.contains("样例"), "{}", letter.body);
    let at = link(&letter);
    for _ in 0..2 {
        let answer = door.get(&at, "").await;
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "it belongs to one person");
        let waiting = Page::of(&answer);
        assert!(waiting.text("[role=status]").contains("等待您确认"), "opening does nothing");
        assert!(waiting.text(".facts").contains("样例，发布机构：示例县人民政府办公室"));
        assert_eq!(waiting.attribute("form:has([value=confirm])", "action"), at);
    }
    assert_eq!(submit(&door, &at, "", &[("do", "other")]).await.status, 400);
    let confirmed = submit(&door, &at, "", &[("do", "confirm")]).await;
    assert!(followed(&door, &confirmed, "").await.text("[role=status]").contains("已经确认"));
    assert!(page(&door, &at, "").await.text("[role=status]").contains("正在使用"));
    let ended = Page::of(&submit(&door, &at, "", &[("do", "end")]).await);
    assert!(ended.text("[role=status]").contains("已经删除") && !ended.text("main").contains("样例"));
    let gone = door.get(&at, "").await;
    assert_eq!((gone.status.as_u16(), gone.header(header::CACHE_CONTROL)), (404, "private, no-store"));
    let guessed = door.get(&format!("{}x", &at[..at.len() - 1]), "").await;
    assert_eq!(guessed.text(), gone.text(), "nothing is told by the difference");
}

#[tokio::test]
async fn a_program_of_mail_ends_it_with_one_request() {
    let mut door = Door::with(settings()).await;
    let parts =
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (minute, kind, body) in [
        (0, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (1, "multipart/form-data; boundary=x", parts),
    ] {
        submit(&door, "/search/subscribe", "", &[("search", "q=x"), EMAIL]).await;
        let letter = letters(&mut door, minute).await.remove(0);
        let at = letter.unsubscribe.clone().unwrap().replace("https://gk.example.invalid", "");
        // It says nothing of where it comes from, and has no cookie.
        let request = || {
            let request = Request::builder().method(Method::POST).uri(&at).header(header::CONTENT_TYPE, kind);
            request.body(Body::from(body)).unwrap()
        };
        for _ in 0..2 {
            assert_eq!(door.send(request()).await.status, 200, "{kind}");
        }
        assert_eq!(door.get(&at, "").await.status, 404);
    }
    let large = Request::builder().method(Method::POST).uri("/search/subscription?of=x");
    let large = large.header(header::CONTENT_TYPE, "text/plain").body(Body::from("x".repeat(20_000)));
    assert_eq!(door.send(large.unwrap()).await.status, 413);
}

#[tokio::test]
async fn nobody_asks_without_end() {
    let door = Door::with(settings()).await;
    let mut statuses = Vec::new();
    for n in 0..60 {
        let email = format!("reader{n}@example.invalid");
        let sent = submit(&door, "/search/subscribe", "", &[("search", "q=x"), ("email", &email)]).await;
        statuses.push(sent.status.as_u16());
    }
    assert_eq!((statuses.first(), statuses.last()), (Some(&200), Some(&429)));
}

#[tokio::test]
async fn without_a_mail_server_and_at_a_terminal_nothing_is_offered() {
    let door = Door::new().await;
    let found = page(&door, "/search?q=样例", "").await;
    assert!(!found.text("#narrow").contains("电子邮件"));
    assert_eq!(door.get("/search/subscribe?q=样例", "").await.status, 404);
    assert_eq!(submit(&door, "/search/subscribe", "", &[("search", "q=x"), EMAIL]).await.status, 404);
    let door = Door::with(settings()).await;
    let terminal = look::at_terminal(&door).await;
    assert!(page(&door, "/search?q=样例", "").await.text("#narrow").contains("电子邮件"));
    assert!(!page(&door, "/search?q=样例", &terminal).await.text("main").contains("电子邮件"));
    assert_eq!(door.get("/search/subscribe?q=样例", &terminal).await.status, 404);
}

#[tokio::test]
async fn what_is_not_public_is_in_no_letter() {
    let mut door = Door::with(settings()).await;
    for search in ["q=%E7%A4%BA%E4%BE%8B%E5%8E%BF", "q=%E9%87%91%E4%B8%9D%E9%9B%80", ""] {
        submit(&door, "/search/subscribe", "", &[("search", search), EMAIL]).await;
    }
    let asked = letters(&mut door, 0).await;
    assert_eq!(asked.len(), 3);
    for letter in &asked {
        submit(&door, &link(letter), "", &[("do", "confirm")]).await;
    }
    let Shelf { mut door, old, new, taken_down, hidden, .. } = filled(door).await;
    let mailer = Mailer::of(&settings()).unwrap().unwrap();
    // Eight in the morning of the next day.
    let next_day = 20 * 60;
    door.clock.set(noon(date(2021, 1, 15)) + next_day.minutes());
    jobs::round(&door.app, Some(&mailer), None).await.unwrap();
    let told = letters(&mut door, next_day + 300).await;
    let told: Vec<&Letter> = told.iter().filter(|l| l.subject.contains("新公开")).collect();
    assert_eq!(told.len(), 2, "what fits, and everything; nothing of what is hidden");
    for letter in told {
        let shown = letter.body.replace(&link(letter), "");
        assert!(shown.contains(&format!("https://gk.example.invalid/documents/{old}")), "{shown}");
        assert!(shown.contains("示例县<样例>补助办法") && shown.contains(&new.to_string()), "{shown}");
        assert!(!shown.contains(CANARY), "{shown}");
        for id in hidden.iter().chain([&taken_down]) {
            assert!(!shown.contains(&id.to_string()), "{shown}");
        }
    }
}
