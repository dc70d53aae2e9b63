//! Pages in process, with a fixed clock: what people do, asserted by selector.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail, and its name says what it holds")]

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

async fn write(door: &Door, cookie: &str, part: &str, text: &str) -> Answer {
    let at = format!("/desk/reports/sx-office/2020/text/{part}");
    let version = page(door, &at, cookie).await.value("version");
    submit(door, &at, cookie, &[("text", text), ("version", &version), ("button", "")]).await
}

async fn act(door: &Door, cookie: &str, what: &str, more: &[(&str, &str)]) -> Answer {
    let at = "/desk/reports/sx-office/2020";
    let version = page(door, at, cookie).await;
    let version = version
        .all("form input[name=version]")
        .first()
        .and_then(|e| e.value().attr("value"))
        .unwrap_or("0")
        .to_owned();
    let mut pairs = vec![("do", what), ("version", version.as_str())];
    pairs.extend(more);
    submit(door, &format!("{at}/act"), cookie, &pairs).await
}

#[tokio::test]
async fn a_report_is_drafted_reviewed_approved_published_and_corrected() {
    let mut door = Door::new().await;
    door.county.request(date(2020, 12, 21), "样例申请").await;
    let (officer, reviewer, head) =
        (door.sign_in("officer").await, door.sign_in("reviewer").await, door.sign_in("head").await);
    let at = "/desk/reports/sx-office/2020";

    let before = page(&door, at, &officer).await;
    assert_eq!(before.text(".docket-head .badge"), "未起草");
    assert!(before.text(".due-on").contains("2021年1月31日"));
    let drafted = followed(&door, &act(&door, &officer, "draft", &[]).await, &officer).await;
    assert_eq!(drafted.text(".docket-head .badge"), "起草中");
    assert!(!drafted.text(".act").contains("审核通过"), "an officer does not review");

    // Every figure opens its records, and a record opens its docket.
    let cell = drafted.links("td[data-cell='requests.new_requests.total'] a").remove(0);
    assert_eq!(cell, format!("{at}/cells/requests.new_requests.total"));
    let cell = page(&door, &cell, &officer).await;
    assert_eq!(cell.text(".figure"), "1");
    assert_eq!(cell.all("#records ~ .scroll tbody tr").len(), 1);
    let docket = cell.links("#records ~ .scroll tbody a").remove(0);
    assert!(page(&door, &docket, &officer).await.text(".facts").contains("样例申请"));
    assert_eq!(cell.all("#parts ~ .scroll tbody tr").len(), 6, "a total shows the cells it adds up");

    let wrong =
        write(&door, &officer, "overview", "收到{{no.such}}件，{{requests.new_requests.total}}件").await;
    assert_eq!(wrong.status, 422);
    let wrong = Page::of(&wrong);
    assert!(wrong.text("#problems").contains("no.such"));
    assert!(wrong.text("textarea").contains("{{no.such}}"));
    let preview = submit(
        &door,
        &format!("{at}/text/overview"),
        &officer,
        &[("text", "新收{{requests.new_requests.total}}件"), ("version", "1"), ("button", "preview")],
    )
    .await;
    assert_eq!(Page::of(&preview).text("#preview mark"), "1");
    for (part, text) in [
        ("overview", "2020年，本机关依法公开政府信息，新收申请{{requests.new_requests.total}}件。"),
        ("problems", "公开的及时性还不够，今后按周检查。"),
        ("other_matters", "本年度没有收取信息处理费，没有其他需要报告的事项。"),
    ] {
        let saved = followed(&door, &write(&door, &officer, part, text).await, &officer).await;
        assert!(saved.text(".done").contains("已经保存"));
    }
    let short = [("finding", "F-TEMPLATE"), ("reason-field", "reason-1"), ("reason-1", "短")];
    let refused = act(&door, &head, "waive", &short).await;
    assert_eq!(refused.status, 422);
    assert!(Page::of(&refused).text("#problems").contains("不能少于5个字"));
    assert_eq!(act(&door, &head, "publish", &[]).await.status, 422, "not before it is approved");
    assert_eq!(act(&door, &officer, "review", &[]).await.status, 403);
    followed(&door, &act(&door, &reviewer, "review", &[("review_note", "同意")]).await, &reviewer).await;
    let approved = followed(&door, &act(&door, &head, "approve", &[]).await, &head).await;
    assert!(approved.text(".act").contains("公布"), "{}", approved.text("main"));
    let published = act(&door, &head, "publish", &[]).await;
    assert_eq!(published.status, 303, "{}", Page::of(&published).text("#problems"));

    let public = page(&door, "/reports/sx-office/2020", "").await;
    assert_eq!(public.text("h1"), "示例县人民政府办公室2020年政府信息公开工作年度报告");
    assert_eq!(public.attribute("meta[name=PubDate]", "content"), "2021-01-15 12:00");
    assert_eq!(public.attribute("meta[name=ColumnName]", "content"), "政府信息公开年报");
    assert_eq!(public.text("td[data-cell='requests.new_requests.total']"), "1");
    assert!(public.links("article a").is_empty(), "the public page does not lead to dockets");
    assert!(public.text("article").contains("新收申请1件"));
    let csv = door.get("/reports/sx-office/2020/download/csv", "").await;
    assert_eq!(csv.status, 200);
    assert!(csv.header(header::CONTENT_DISPOSITION).contains("filename*=UTF-8''%E7%A4%BA"));

    // A request turns up late: the public version stands until it is corrected, and stays visible after that.
    door.clock.set(noon(date(2021, 1, 20)));
    let (officer, reviewer, head) =
        (door.sign_in("officer").await, door.sign_in("reviewer").await, door.sign_in("head").await);
    door.county.request(date(2020, 12, 30), "迟到的登记").await;
    let changed = page(&door, at, &reviewer).await;
    assert!(changed.text("#outdated ~ ul").contains('2'), "{}", changed.text("main"));
    assert_eq!(
        page(&door, "/reports/sx-office/2020", "").await.text("td[data-cell='requests.new_requests.total']"),
        "1"
    );
    followed(&door, &act(&door, &reviewer, "return", &[("return_note", "补记申请1件")]).await, &reviewer)
        .await;
    let _ = officer;
    followed(&door, &act(&door, &reviewer, "review", &[]).await, &reviewer).await;
    followed(&door, &act(&door, &head, "approve", &[]).await, &head).await;
    let reason = [("correct_reason", "补记2020年12月30日收到的申请1件")];
    let corrected = act(&door, &head, "correct", &reason).await;
    assert_eq!(corrected.status, 303, "{}", Page::of(&corrected).text("#problems"));
    let public = page(&door, "/reports/sx-office/2020", "").await;
    assert_eq!(public.text("td[data-cell='requests.new_requests.total']"), "2");
    assert!(public.text(".report-notice").contains("补记2020年12月30日收到的申请1件"));
    assert_eq!(public.all(".versions li").len(), 2);
    let first = page(&door, "/reports/sx-office/2020?version=1", "").await;
    assert_eq!(first.text("td[data-cell='requests.new_requests.total']"), "1");
    assert!(first.text(".notice").contains("已被更正的旧版本"));
    assert_eq!(door.get("/reports/sx-office/2020?version=9", "").await.status, 404);

    let found = page(&door, "/reports?q=办公室&year=2020", "").await;
    assert_eq!(found.all("table.list tbody tr").len(), 1);
    assert!(page(&door, "/", "").await.text(".report-list").contains("2021年1月20日更正"));
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

#[tokio::test]
async fn anybody_asks_without_an_account_and_follows_the_request() {
    let door = Door::new().await;
    assert!(page(&door, "/ask", "").await.text(".strides").contains("20个工作日内答复。需要延长的"));
    let form = page(&door, "/ask/new", "").await;
    assert!(!form.text("form").contains("用途"), "the purpose is not asked (art. 27)");
    let (unit, once) = (door.county.office.to_string(), form.value("once"));
    let incomplete = [
        ("once", once.as_str()),
        ("addressee", &unit),
        ("subject", "<b>样本地块</b>"),
        ("class", "natural_person"),
    ];
    let refused = submit(&door, "/ask/new", "", &incomplete).await;
    assert_eq!(refused.status, 422);
    let again = Page::of(&refused);
    assert_eq!(again.all("#problems li").len(), 6, "{}", again.text("#problems"));
    assert_eq!(again.all("#problems a[href='#f-delivery']").len(), 1);
    assert_eq!(again.text("textarea").trim(), "<b>样本地块</b>");
    assert_eq!(again.value("once"), once);

    let complete: Vec<(&str, &str)> = incomplete
        .into_iter()
        .chain([
            ("name", "样本甲"),
            ("id_kind", "居民身份证"),
            ("id_number", "11010519491231002X"),
            ("phone", "00000000000"),
            ("delivery", "pick-up"),
            ("delivery", "inspection"),
            ("carrier", "paper"),
            ("second", "phone"),
        ])
        .collect();
    let receipt = submit(&door, "/ask/new", "", &complete).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    assert!(receipt.header(header::CACHE_CONTROL).contains("no-store"));
    let code = Page::of(&receipt).text(".query-code");
    let twice = submit(&door, "/ask/new", "", &complete).await;
    assert_eq!(Page::of(&twice).text(".query-code"), code, "sent twice is asked once");

    let found = submit(&door, "/ask/progress", "", &[("code", &code), ("proof", "0000")]).await;
    assert_eq!(found.status, 200);
    assert!(found.header(header::CACHE_CONTROL).contains("no-store"));
    let mine = Page::of(&found);
    assert_eq!(mine.text(".stage"), "已提交待确认");
    assert!(mine.text(".facts").contains("自行领取、当场阅读、抄录；纸质"));
    assert!(!found.text().contains("样本甲"), "the page does not repeat who asks");
    let wrong = submit(&door, "/ask/progress", "", &[("code", &code), ("proof", "1111")]).await;
    assert_eq!((wrong.status.as_u16(), Page::of(&wrong).all(".facts").len()), (422, 0));

    let once = mine.value("once");
    let mut withdrawal = vec![("code", code.as_str()), ("proof", "0000"), ("once", &once)];
    let unsure = Page::of(&submit(&door, "/ask/withdraw", "", &withdrawal).await);
    assert_eq!(unsure.text(".stage"), "已提交待确认", "one tap withdraws nothing");
    assert!(unsure.text("#problems").contains("没有撤回"));
    withdrawal.push(("sure", "yes"));
    let withdrawn = submit(&door, "/ask/withdraw", "", &withdrawal).await;
    let withdrawn = Page::of(&withdrawn);
    assert_eq!(withdrawn.text(".stage"), "已撤回");
    assert_eq!(withdrawn.text(".done"), "申请已经撤回");
    assert!(withdrawn.all("form[action='/ask/withdraw']").is_empty());
}

#[tokio::test]
async fn guessing_query_codes_is_slowed_down() {
    let door = Door::new().await;
    let guess = || submit(&door, "/ask/progress", "", &[("code", "ABCD-EFGH-JKMN"), ("proof", "0000")]);
    for _ in 0..20 {
        assert_eq!(guess().await.status, 422);
    }
    let refused = guess().await;
    assert_eq!(refused.status, 429);
    assert!(Page::of(&refused).text("#problems").contains("一分钟后再试"));
}

/// A complete form of the portal with one matter.
fn complete_form(unit: &str) -> Vec<(String, String)> {
    let all = [
        ("once", "0011223344556677"),
        ("addressee", unit),
        ("subject", "样本地块的补偿方案"),
        ("class", "natural_person"),
        ("name", "样本甲"),
        ("id_kind", "居民身份证"),
        ("id_number", "11010519491231002X"),
        ("phone", "00000000000"),
        ("delivery", "pick-up"),
        ("carrier", "paper"),
        ("second", "phone"),
    ];
    all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

async fn send(door: &Door, path: &str, pairs: &[(String, String)], more: &[(&str, &str)]) -> Answer {
    let all: Vec<(&str, &str)> =
        pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(more.iter().copied()).collect();
    submit(door, path, "", &all).await
}

#[tokio::test]
async fn the_questions_lead_to_the_form_and_to_other_places() {
    let door = Door::new().await;
    let first = page(&door, "/ask/which", "").await;
    assert_eq!(first.all("input[type=radio]").len(), 4);
    let unanswered = page(&door, "/ask/which?n=0", "").await;
    assert_eq!(unanswered.all(".is-wrong").len(), 1);
    let second = page(&door, "/ask/which?n=0&want=information", "").await;
    assert!(second.all(".is-wrong").is_empty());
    assert_eq!(second.all("input[type=hidden][name=want][value=information]").len(), 1);
    assert_eq!(page(&door, "/ask/which?n=1&want=information", "").await.all(".is-wrong").len(), 1);
    let end = page(&door, "/ask/which?want=information&about=agency", "").await;
    assert_eq!(end.all("a[href='/ask/units']").len(), 1);
    let other = page(&door, "/ask/which?want=complaint", "").await;
    assert!(other.text(".panel").contains("条例第三十九条第一款"));
    assert_eq!(other.all(".panel a[href='/ask/new']").len(), 1, "no end closes the form");
    let guide = page(&door, "/ask", "").await;
    assert_eq!(guide.all(".neighbours dt").len(), law::pathway::outcomes().len() - 1);
    assert!(guide.text("svg.flow desc").contains("20个工作日内答复"));
    let units = page(&door, "/ask/units?q=%E5%8A%9E%E5%85%AC%E5%AE%A4", "").await;
    let found = units.all("#units li a");
    assert_eq!(found.len(), 1);
    let form = page(&door, found[0].value().attr("href").unwrap(), "").await;
    assert_eq!(form.all("#f-addressee option[selected]").len(), 1, "the agency is chosen already");
    assert!(form.all("#problems").is_empty());
}

#[tokio::test]
async fn rows_are_added_and_each_becomes_a_request() {
    let public_url = Some("https://gk.example.gov.cn".to_owned());
    let door = Door::with(Settings { public_url, ..Settings::default() }).await;
    let unit = door.county.office.to_string();
    let form = complete_form(&unit);
    let more = Page::of(&send(&door, "/ask/new", &form, &[("button", "more"), ("matters", "1")]).await);
    assert_eq!(more.all("textarea[data-look]").len(), 2);
    assert_eq!(more.all("textarea[name=subject-2][autofocus]").len(), 1);
    assert_eq!(more.value("name"), "样本甲", "what was typed stays");
    assert_eq!(more.all("#f-addressee-2 option[selected]").len(), 1, "the same agency");
    let government = door.county.government.to_string();
    let also = ("also", government.as_str());
    let shown = send(&door, "/ask/new", &form, &[("button", "more"), ("matters", "1"), also]).await;
    let shown = Page::of(&shown);
    assert_eq!(shown.all("details.folded[open] input[name=also][checked]").len(), 1, "kept, and in sight");
    assert!(shown.all("input[name=also-2][checked]").is_empty(), "chosen for each matter");
    let two = [("matters", "2"), ("addressee-2", unit.as_str()), ("subject-2", "样本规划")];
    let fewer = send(&door, "/ask/new", &form, &[two.as_slice(), &[("button", "drop-1")]].concat()).await;
    assert_eq!(Page::of(&fewer).text("#f-subject").trim(), "样本规划");
    let receipt = Page::of(&send(&door, "/ask/new", &form, &two).await);
    assert_eq!(receipt.all(".query-code").len(), 2);
    assert_eq!(receipt.all("svg.qr").len(), 2);
    let kept = receipt.all("a[download]")[0].value().attr("href").unwrap().to_owned();
    assert!(kept.starts_with("data:text/plain"));
    let both = send(&door, "/ask/new", &form, &[("again", "yes"), also]).await;
    assert_eq!(Page::of(&both).all(".query-code").len(), 2, "the same of two agencies");
}

#[tokio::test]
async fn the_empty_form_is_there_for_those_who_ask_by_hand() {
    let door = Door::new().await;
    let guide = Page::of(&door.get("/ask", "").await);
    for link in guide.links("#other ~ .file-get a") {
        let got = door.get(&link, "").await;
        assert_eq!(got.status, 200, "{link}");
        let name = got.header(header::CONTENT_DISPOSITION);
        assert!(name.contains("request-form.") && name.contains("UTF-8''%E6%94%BF"), "{name}");
        assert!(got.body.starts_with(b"%PDF") || got.body.starts_with(b"PK"));
    }
    assert_eq!(guide.links("#other ~ .file-get a"), ["/ask/form/pdf", "/ask/form/docx"]);
    assert_eq!(door.get("/ask/form/exe", "").await.status, 404);
}

#[tokio::test]
async fn a_second_request_of_the_same_content_is_asked_about_once() {
    let door = Door::new().await;
    let form = complete_form(&door.county.office.to_string());
    assert_eq!(send(&door, "/ask/new", &form, &[]).await.status, 200);
    let again = send(&door, "/ask/new", &form, &[("postcode", "000000")]).await;
    assert_eq!(again.status, 422);
    let again = Page::of(&again);
    assert_eq!(again.all("#problems a[href='#f-again']").len(), 1);
    assert_eq!(again.all("input[name=again]").len(), 1);
    let sure = send(&door, "/ask/new", &form, &[("postcode", "000000"), ("again", "yes")]).await;
    assert_eq!(sure.status, 200);
}

#[tokio::test]
async fn a_form_is_saved_and_returns_by_its_code() {
    let door = Door::new().await;
    let form = complete_form(&door.county.office.to_string());
    let some = &form[..4];
    let saved = send(&door, "/ask/new", some, &[("button", "save")]).await;
    assert!(saved.header(header::CACHE_CONTROL).contains("no-store"));
    let code = Page::of(&saved).text(".query-code");
    assert_eq!(code.len(), 19);
    let back = Page::of(&submit(&door, "/ask/draft", "", &[("code", &code.to_lowercase())]).await);
    assert_eq!((back.value("name"), back.value("draft")), ("".to_owned(), code.clone()));
    assert_eq!(back.text("#f-subject").trim(), "样本地块的补偿方案");
    assert!(back.all("#problems").is_empty());
    assert_eq!(send(&door, "/ask/new", &form, &[("draft", &code)]).await.status, 200);
    let gone = submit(&door, "/ask/draft", "", &[("code", &code)]).await;
    assert_eq!(gone.status, 422);
}

#[tokio::test]
async fn published_items_are_shown_while_the_form_is_filled_in() {
    let mut door = Door::new().await;
    let id = door.county.document(date(2020, 3, 8), "关于样本市供水管网改造项目的批复").await;
    let said = [("subject", "供水管网改造项目的批复"), ("addressee", "")];
    let found =
        async |door: &Door| Page::of(&submit(door, "/ask/look", "", &said).await).links(".found li a");
    assert!(found(&door).await.is_empty(), "made, not yet disclosed");
    assert_eq!(door.get(&format!("/ask/open/{id}"), "").await.status, 404);
    let disclosed = DocumentEvent::Disclosed { url: Some("https://www.example.gov.cn/1".into()) };
    let ctx = door.county.operator(date(2020, 3, 9));
    let change = Change::event(date(2020, 3, 9), disclosed);
    door.county.service.change_document(ctx, id, 1, change).await.unwrap();
    let shown = found(&door).await;
    assert_eq!(shown, [format!("/ask/open/{id}")]);
    let opened = door.get(&shown[0], "").await;
    assert_eq!(
        (opened.status.as_u16(), opened.header(header::LOCATION)),
        (303, "https://www.example.gov.cn/1")
    );
    let none = submit(&door, "/ask/look", "", &[("subject", "没有这样的内容样样样")]).await;
    assert!(Page::of(&none).all(".found li").is_empty());
    let form = complete_form(&door.county.office.to_string());
    let looked = Page::of(&send(&door, "/ask/new", &form, &[("button", "look")]).await);
    assert!(looked.text("#found-subject").contains("没有找到内容相近的公开信息"));
}

#[tokio::test]
async fn a_correction_is_sent_on_the_progress_page() {
    let mut door = Door::new().await;
    let form = complete_form(&door.county.office.to_string());
    let code = Page::of(&send(&door, "/ask/new", &form, &[]).await).text(".query-code");
    let mine = [("code", code.as_str()), ("proof", "0000")];
    let filled = page(&door, &format!("/ask/progress?code={code}"), "").await;
    assert_eq!((filled.value("code"), filled.value("proof")), (code.clone(), String::new()));
    let seen = Page::of(&submit(&door, "/ask/progress", "", &mine).await);
    let once = seen.value("once");
    let confirm = [mine.as_slice(), &[("kind", "confirmation"), ("text", ""), ("once", &once)]].concat();
    let confirmed = Page::of(&submit(&door, "/ask/answer", "", &confirm).await);
    assert_eq!(confirmed.text(".done"), "您的确认已经提交");
    assert!(confirmed.text(".history").contains("申请人网上确认"));
    assert!(confirmed.all("form[action='/ask/answer']").is_empty());
    let early = [mine.as_slice(), &[("kind", "correction"), ("text", "样本"), ("once", &once)]].concat();
    let refused = submit(&door, "/ask/answer", "", &early).await;
    assert_eq!(refused.status, 422);
    assert!(Page::of(&refused).text("#problems").contains("不需要您补充内容"));

    // The office confirms on its side and asks for a correction.
    let ctx = door.county.operator(date(2020, 3, 9));
    let all = door.county.service.requests(&ctx, Default::default(), service::Page::first(1)).await;
    let id = all.unwrap()[0].id;
    let arrived = door.county.service.request_view(&ctx, id).await.unwrap();
    let on = arrived.standing.unwrap().arrived_on;
    let reply_by = on.checked_add(jiff::Span::new().days(30)).unwrap();
    let noticed = RequestEvent::CorrectionNoticed { items: vec!["请写明年度".into()], reply_by };
    for event in [RequestEvent::Confirmed { evidence: String::new() }, noticed] {
        let ctx = door.county.operator(on);
        let version = door.county.service.request_view(&ctx, id).await.unwrap().version;
        door.county.service.change_request(ctx, id, version, Change::event(on, event)).await.unwrap();
    }
    let waiting = Page::of(&submit(&door, "/ask/progress", "", &mine).await);
    assert_eq!(waiting.text("section[aria-labelledby=to-correct] li"), "请写明年度");
    let once = waiting.value("once");
    let with = |text: &'static str| {
        [mine.as_slice(), &[("kind", "correction"), ("text", text), ("once", once.as_str())]].concat()
    };
    let empty = Page::of(&submit(&door, "/ask/answer", "", &with(" ")).await);
    assert_eq!(empty.all("#problems a[href='#f-text']").len(), 1);
    assert_eq!(empty.all("textarea[aria-invalid=true]").len(), 1);
    let sent = Page::of(&submit(&door, "/ask/answer", "", &with("样本2019年度")).await);
    assert_eq!(sent.text(".done"), "补正内容已经提交");
    assert_eq!(sent.all(".counted table.days tbody tr.begins").len(), 1);
    assert!(sent.text(".counted table.days tbody tr:last-child").contains("第20个工作日"));
    assert!(sent.text(".due-on").chars().count() > 8);
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
