//! Pages in process, with a fixed clock: what people do, asserted by selector.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail, and its name says what it holds")]

#[path = "pages/ask.rs"]
mod ask;
#[path = "pages/catalogue.rs"]
mod catalogue;
#[path = "pages/channel.rs"]
mod channel;
#[path = "pages/consultation.rs"]
mod consultation;
#[path = "pages/document_batch.rs"]
mod document_batch;
#[path = "pages/look.rs"]
mod look;
#[path = "pages/public.rs"]
mod public;
#[path = "pages/report.rs"]
mod report;
#[path = "pages/schedule.rs"]
mod schedule;
#[path = "pages/subscription.rs"]
mod subscription;
mod support;

use axum::body::Body;
use axum::http::{Method, Request, header};
use jiff::civil::date;
use law::docket::document::DocumentEvent;
use law::docket::request::RequestEvent;
use scraper::{ElementRef, Html, Selector};
use server::Settings;
use service::{Change, Role};
use support::{Answer, Door, PASSWORD, noon};

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect::<Vec<_>>().join("&")
}

/// A form sent as a browser sends it.
async fn submit(door: &Door, path: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    door.send(request.body(Body::from(encoded(pairs))).unwrap()).await
}

struct Page(Html);

impl Page {
    fn of(answer: &Answer) -> Page {
        assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"), "{}", answer.text());
        Page(Html::parse_document(&answer.text()))
    }

    fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).collect()
    }

    fn text(&self, selector: &str) -> String {
        self.all(selector).iter().flat_map(|e| e.text()).collect()
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        self.all(selector)
            .first()
            .unwrap_or_else(|| panic!("{selector}"))
            .value()
            .attr(name)
            .unwrap_or_default()
            .to_owned()
    }

    fn value(&self, name: &str) -> String {
        self.attribute(&format!("[name='{name}']"), "value")
    }

    fn links(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().filter_map(|e| e.value().attr("href")).map(str::to_owned).collect()
    }
}

async fn page(door: &Door, path: &str, cookie: &str) -> Page {
    let answer = door.get(path, cookie).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    Page::of(&answer)
}

/// The page behind a redirect after a post.
async fn followed(door: &Door, answer: &Answer, cookie: &str) -> Page {
    assert_eq!(answer.status, 303, "{}", answer.text());
    page(door, answer.header(header::LOCATION), cookie).await
}

#[tokio::test]
async fn the_portal_is_public_labelled_and_cacheable() {
    let door = Door::new().await;
    let answer = door.get("/", "").await;
    let home = Page::of(&answer);
    assert_eq!(home.text("h1"), "示例县政府信息公开");
    assert_eq!(home.attribute("meta[name=SiteName]", "content"), "示例县政府信息公开");
    assert_eq!(home.attribute("meta[name=ColumnType]", "content"), "首页");
    assert!(home.text(".empty").contains("还没有公布年度报告"));
    assert!(answer.header(header::CACHE_CONTROL).starts_with("public"));
    assert!(!answer.header(header::ETAG).is_empty());

    let style = home.attribute("link[rel=stylesheet]", "href");
    let file = door.get(&style, "").await;
    assert_eq!(file.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(file.header(header::CACHE_CONTROL).contains("immutable"));
    assert_eq!(door.get("/static/gongkai.0000000000000000.css", "").await.status, 404);

    let nothing = door.get("/nothing", "").await;
    assert_eq!(nothing.status, 404);
    assert_eq!(Page::of(&nothing).text("h1"), "没有找到");
    assert_eq!(door.get("/reports/sx-office/2020", "").await.status, 404);
}

#[tokio::test]
async fn the_calendar_explains_the_day_it_reckons() {
    let door = Door::new().await;
    let page = page(&door, "/calendar?year=2024&from=2024-02-05&n=20", "").await;
    assert!(page.text(".result").contains("2024年3月8日（星期五）"));
    assert!(page.text(".reckoned .steps").contains("春节放假"));
    assert!(page.text(".reckoned .steps").contains("2024年2月18日（星期日）调休上班"));
    assert_eq!(page.all(".month").len(), 12);
    let wrong = door.get("/calendar?from=x&n=y", "").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(Page::of(&wrong).all("#problems li").len(), 2);
}

#[tokio::test]
async fn an_officer_signs_in_and_returns_to_the_page_wanted() {
    let door = Door::new().await;
    let away = door.get("/desk/requests?open=yes", "").await;
    assert_eq!(away.status, 303);
    let to = away.header(header::LOCATION).to_owned();
    assert_eq!(to, "/desk/sign-in?to=%2Fdesk%2Frequests%3Fopen%3Dyes");
    let form = page(&door, &to, "").await;
    assert_eq!(form.value("to"), "/desk/requests?open=yes");

    let wrong =
        submit(&door, "/desk/sign-in", "", &[("login", "officer"), ("password", "guess"), ("to", "/desk")])
            .await;
    assert_eq!(wrong.status, 422);
    let again = Page::of(&wrong);
    assert_eq!((again.value("login"), again.value("password")), ("officer".into(), String::new()));
    assert_eq!(again.all("#problems li").len(), 1);

    let pairs = [("login", "officer"), ("password", PASSWORD), ("to", "/desk/requests?open=yes")];
    let right = submit(&door, "/desk/sign-in", "", &pairs).await;
    assert_eq!((right.status.as_u16(), right.header(header::LOCATION)), (303, "/desk/requests?open=yes"));
    let cookie = right.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
    let desk = door.get("/desk", &cookie).await;
    assert_eq!(desk.header(header::CACHE_CONTROL), "private, no-store");
    assert!(Page::of(&desk).text(".who").contains("样例officer"));

    let out = submit(&door, "/desk/sign-out", &cookie, &[]).await;
    assert_eq!(out.status, 303);
    assert_eq!(door.get("/desk", &cookie).await.status, 303);
}

#[tokio::test]
async fn everybody_sees_only_what_the_account_may_do() {
    let mut door = Door::new().await;
    door.county.account("auditor", None, &[Role::Auditor]).await;
    let (officer, admin) = (door.sign_in("officer").await, door.sign_in("admin").await);
    let auditor = door.sign_in("auditor").await;
    for (path, cookie, status) in [
        ("/desk/accounts", &officer, 403),
        ("/desk/accounts", &admin, 200),
        ("/desk/journal", &officer, 403),
        ("/desk/journal", &auditor, 200),
        ("/desk/requests/new", &admin, 403),
        ("/desk/units/new", &officer, 403),
        ("/desk/reports/sx-health/2020", &officer, 403),
    ] {
        assert_eq!(door.get(path, cookie).await.status, status, "{path}");
    }
    let journal = page(&door, "/desk/journal", &auditor).await;
    assert!(journal.text("tbody").contains("建立账号"));
    assert!(!page(&door, "/desk", &officer).await.links(".nav a").contains(&"/desk/journal".to_owned()));

    let made = [
        ("login", "clerk"),
        ("name", "样例"),
        ("roles", "officer"),
        ("roles", "reviewer"),
        ("password", PASSWORD),
    ];
    let list = followed(&door, &submit(&door, "/desk/accounts/new", &admin, &made).await, &admin).await;
    assert!(list.text("tbody").contains("信息公开工作人员、审核人员"));
    let weak = [("login", "x"), ("name", ""), ("password", "1")];
    let refused = submit(&door, "/desk/accounts/new", &admin, &weak).await;
    assert_eq!(refused.status, 422);
    assert!(Page::of(&refused).all("#problems li").len() >= 3);
}

fn arrival(office: &str) -> Vec<(&str, &str)> {
    vec![
        ("on", "2020-12-21"),
        ("channel", "counter"),
        ("addressee", office),
        ("counted_by", office),
        ("class", "natural_person"),
        ("subject", "<script>alert(1)</script>绿化资料"),
        ("person_name", "样本甲"),
    ]
}

#[tokio::test]
async fn a_request_is_registered_once_answered_and_corrected() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let office = door.county.office.to_string();

    let empty = submit(&door, "/desk/requests/new", &cookie, &[("on", ""), ("subject", "只填了内容")]).await;
    assert_eq!(empty.status, 422);
    let form = Page::of(&empty);
    assert_eq!(form.all("#problems li").len(), 3, "{}", form.text("#problems"));
    assert_eq!(form.text("textarea[name=subject]").trim(), "只填了内容");
    assert!(form.all("#problems a[href='#f-channel']").len() == 1 && form.all("#f-channel").len() == 1);

    let made = submit(&door, "/desk/requests/new", &cookie, &arrival(&office)).await;
    let twice = submit(&door, "/desk/requests/new", &cookie, &arrival(&office)).await;
    assert_eq!(made.header(header::LOCATION), twice.header(header::LOCATION), "a double click");
    let docket = followed(&door, &made, &cookie).await;
    assert_eq!(docket.text("h1"), "申请 2020-00001");
    assert_eq!(docket.all("script").len(), 1, "what was typed stays text");
    assert!(docket.text(".facts").contains("<script>alert(1)</script>绿化资料"));
    assert_eq!(docket.text(".due-on"), "2021年1月19日");
    assert!(docket.text(".due .steps").contains("条例第三十三条"));
    assert!(docket.text(".due .badge").contains("还剩2个工作日"));
    assert!(!docket.text("main").contains("样本甲"));
    let at = made.header(header::LOCATION).split('?').next().unwrap().to_owned();

    let applicant = page(&door, &format!("{at}/applicant"), &cookie).await;
    assert!(applicant.text(".facts").contains("样本甲"));

    let search = format!("{at}/record/searched");
    assert!(docket.links("main a").contains(&search));
    let version = page(&door, &search, &cookie).await.value("version");
    let note = [("on", "2021-01-05"), ("version", version.as_str()), ("note", "档案室，没有找到")];
    let done = followed(&door, &submit(&door, &search, &cookie, &note).await, &cookie).await;
    assert!(done.text(".done").contains("已经登记"));
    assert!(done.text(".history").contains("档案室，没有找到"));

    // The version that was seen is old now: what was typed is shown, nothing is changed.
    let late = [("on", "2021-01-06"), ("version", version.as_str()), ("note", "再查一遍")];
    let clash = submit(&door, &search, &cookie, &late).await;
    assert_eq!(clash.status, 409);
    assert!(Page::of(&clash).text(".facts").contains("再查一遍"));

    let extend = format!("{at}/record/extended");
    let version = page(&door, &extend, &cookie).await.value("version");
    let days = [
        ("on", "2021-01-12"),
        ("version", version.as_str()),
        ("days", "30"),
        ("approved_by", ""),
        ("reason", ""),
    ];
    let refused = submit(&door, &extend, &cookie, &days).await;
    assert_eq!(refused.status, 422);
    let refused = Page::of(&refused);
    assert!(refused.text("#problems").contains("不得超过20个工作日"));
    assert!(refused.text("#problems .cite").contains("条例第三十三条"));
    assert!(refused.text("#problems .code").contains("approval-missing"));
    assert_eq!(refused.value("days"), "30");

    let ordinal = docket.all(".history > li").len() + 1;
    let correct = format!("{at}/correct/{ordinal}");
    let form = page(&door, &correct, &cookie).await;
    assert_eq!(form.value("on"), "2021-01-05");
    let version = form.value("version");
    let without =
        [("how", "replace"), ("on", "2021-01-04"), ("version", version.as_str()), ("note", "档案室")];
    assert_eq!(submit(&door, &correct, &cookie, &without).await.status, 422, "a correction needs a reason");
    let mut with = without.to_vec();
    with.push(("reason", "日期登记有误"));
    let done = followed(&door, &submit(&door, &correct, &cookie, &with).await, &cookie).await;
    assert!(done.text(".history").contains(&format!("更正第{ordinal}条记录：日期登记有误")));
    assert!(done.text(".superseded").contains("档案室，没有找到"));

    let list = page(&door, "/desk/requests?q=2020-00001&open=yes", &cookie).await;
    assert_eq!(list.all("table.list tbody tr").len(), 1);
    let board = page(&door, "/desk", &cookie).await;
    assert!(board.text(".counts .yellow strong").contains('1'));
    assert!(
        page(&door, "/desk/requests?q=没有这样的", &cookie).await.text(".empty").contains("放宽筛选条件")
    );
}

#[tokio::test]
async fn a_list_is_paged_by_key() {
    let mut door = Door::new().await;
    for n in 1..=51 {
        door.county.document(date(2020, 3, 2), &format!("样例公文{n}")).await;
    }
    let cookie = door.sign_in("officer").await;
    let first = page(&door, "/desk/documents?attribute=proactive", &cookie).await;
    assert_eq!(first.all("table.list tbody tr").len(), 50);
    let next = first.links("a[rel=next]").remove(0);
    assert!(next.contains("attribute=proactive"), "{next}");
    let second = page(&door, &next, &cookie).await;
    assert_eq!(second.all("table.list tbody tr").len(), 1);
    assert!(second.links("a[rel=next]").is_empty());
}

#[tokio::test]
async fn a_file_is_tried_before_it_is_imported() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let export = door.get("/desk/documents/export/csv", &cookie).await;
    assert_eq!(export.status, 200);
    let headings = export.text().lines().next().unwrap().to_owned();
    let columns = headings.split(',').count();
    let bad = format!("{headings}\n{}\n", vec!["甲"; columns].join(","));
    let upload = |mode: &str| {
        let part = |name: &str, more: &str, body: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{body}\r\n")
        };
        let body = part("mode", "", mode) + &part("file", "; filename=\"a.csv\"", &bad) + "--x--\r\n";
        Request::builder()
            .method(Method::POST)
            .uri("/desk/documents/import")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap()
    };
    let tried = door.send(upload("try")).await;
    assert_eq!(tried.status, 200, "{}", tried.text());
    let tried = Page::of(&tried);
    assert!(tried.text(".notice").contains("没有保存任何内容"));
    assert!(!tried.all("#bad ~ .scroll tbody tr").is_empty());
    assert_eq!(tried.text("#bad ~ .scroll tbody tr:first-child th"), "2");
    assert_eq!(door.send(upload("all")).await.status, 422);
    assert_eq!(page(&door, "/desk/documents", &cookie).await.all("table.list tbody tr").len(), 0);
}

/// What the clock asks for is on the board, on the case page, and in a notice that is read once for the unit.
#[tokio::test]
async fn clocks_are_shown_sorted_and_told() {
    let mut door = Door::new().await;
    let (case, _) = door.county.request(date(2020, 3, 2), "样例申请").await;
    // Due on Monday, 30 March 2020.
    door.clock.set(noon(date(2020, 3, 26)));
    let ctx = door.county.operator(date(2020, 3, 26));
    door.county.service.remind(ctx).await.unwrap();
    let cookie = door.sign_in("officer").await;

    let board = page(&door, "/desk", &cookie).await;
    assert!(board.text(".counts .yellow").contains('1') && board.text(".counts .red").contains('0'));
    assert!(
        board.text("table.list tbody").contains("答复申请人")
            && board.text("table.list tbody").contains("还剩2个工作日")
    );
    assert_eq!(board.all("nav.tabs a").len(), 4);
    let mine = page(&door, "/desk?scope=mine", &cookie).await;
    assert!(mine.all("section[aria-labelledby=due] tbody tr").is_empty(), "nobody was named on it");
    let workload = page(&door, "/desk/workload", &cookie).await;
    assert_eq!(workload.text("table.list tbody th"), "未指定承办人");
    let late = page(&door, "/desk?scope=own&urgency=late", &cookie).await;
    assert!(late.all("table.list").iter().all(|t| !t.text().collect::<String>().contains("样例申请")));
    assert_eq!(late.attribute("nav.tabs a[aria-current]", "href"), "/desk?scope=own&urgency=late");

    let docket = page(&door, &format!("/desk/requests/{case}"), &cookie).await;
    assert!(docket.text(".due").contains("2020年3月30日"));

    assert!(board.text(".unread").contains('1'), "the number is in the frame");
    let notices = page(&door, "/desk/notices", &cookie).await;
    assert!(notices.text(".notices .new").contains("还剩2个工作日"));
    assert_eq!(notices.attribute(".notices a", "href"), format!("/desk/requests/{case}"));
    let id = notices.value("id");
    let read = submit(&door, "/desk/notices", &cookie, &[("id", &id), ("id", "nonsense")]).await;
    assert_eq!(read.header(header::LOCATION), "/desk/notices?done=read");
    let notices = page(&door, "/desk/notices?done=read", &cookie).await;
    assert!(
        notices.all(".unread").is_empty() && notices.all("button[type=submit]").len() == 1,
        "only to sign out"
    );
    assert_eq!(notices.all(".notices li").len(), 1, "what was read stays");
}
