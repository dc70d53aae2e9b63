//! The looks of the portal: the large-text look, the terminal of a service hall, and the site as its settings say.

use super::{Page, page, submit};
use crate::support::{Answer, Door};
use axum::http::{Method, header};
use server::Settings;

const LARGE: &str = "gongkai-look=large";

/// A door of a site with these settings.
async fn site(settings: &'static [(&'static str, &'static str)]) -> Door {
    let value = |name: &str| settings.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
    Door::with(Settings::read(value).unwrap()).await
}

fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap().to_owned()).collect()
}

/// The cookie of a visit that begins at a terminal.
pub(super) async fn at_terminal(door: &Door) -> String {
    let answer = door.get("/terminal", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store");
    let all = cookies(&answer);
    let cookie = all.iter().find(|c| c.starts_with("gongkai-terminal=")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_switch_keeps_its_choice_for_a_year_and_returns_to_the_page() {
    let door = Door::new().await;
    let before = page(&door, "/documents?year=2020&unit=sx-office", "").await;
    assert_eq!(before.all("html.large").len(), 0);
    assert_eq!(before.text(".look-switch button"), "关怀版");
    let to = before.value("to");
    assert_eq!(to, "/documents?year=2020&unit=sx-office");

    let answer = submit(&door, "/look", "", &[("to", &to), ("large", "yes")]).await;
    assert_eq!((answer.status.as_u16(), answer.header(header::LOCATION)), (303, to.as_str()));
    let [cookie] = &cookies(&answer)[..] else { panic!("{:?}", cookies(&answer)) };
    for part in ["gongkai-look=large;", "Max-Age=31536000", "SameSite=Lax", "HttpOnly", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "there is no https here");
    let after = page(&door, &to, LARGE).await;
    assert_eq!(after.all("html.large").len(), 1);
    assert_eq!(after.text(".look-switch button"), "返回标准版");
    assert_eq!(after.value("large"), "no");
    let back = submit(&door, "/look", LARGE, &[("to", &to), ("large", "no")]).await;
    assert!(cookies(&back)[0].contains("Max-Age=0"), "{:?}", cookies(&back));

    let https = site(&[("GONGKAI_PUBLIC_URL", "https://gk.example.gov.cn")]).await;
    let answer = submit(&https, "/look", "", &[("to", "/"), ("large", "yes")]).await;
    assert!(cookies(&answer)[0].contains("Secure"));
}

#[tokio::test]
async fn the_switch_sends_nobody_elsewhere() {
    let door = Door::new().await;
    for to in [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "/a\r\nx: y",
        "办法",
    ] {
        let answer = submit(&door, "/look", "", &[("to", to), ("large", "yes")]).await;
        assert_eq!((answer.status.as_u16(), answer.header(header::LOCATION)), (303, "/"), "{to}");
    }
    // Only what the site's own pages send is taken.
    let headers = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
    let foreign = door.ask(Method::POST, "/look", "", None, &headers).await;
    assert_eq!(foreign.status, 403);
    assert!(cookies(&foreign).is_empty());
    // Pages of errors read the same everywhere, so the browser says where it was, as a path only.
    let missing = Page::of(&door.get("/documents/nothing", LARGE).await);
    assert_eq!((missing.value("to"), missing.all("html.large").len()), (String::new(), 1));
    for (referer, to) in [
        ("http://gk.example.gov.cn/documents/nothing?a=b", "/documents/nothing?a=b"),
        ("https://example.com//example.com", "/"),
        ("nonsense with blanks", "/"),
    ] {
        let headers = [("referer", referer), ("content-type", "application/x-www-form-urlencoded")];
        let answer = door.ask(Method::POST, "/look", "", None, &headers).await;
        assert_eq!(answer.header(header::LOCATION), to, "{referer}");
    }
}

#[tokio::test]
async fn caches_keep_the_looks_apart() {
    let door = Door::new().await;
    for path in ["/", "/documents", "/search", "/ask", "/reports", "/calendar"] {
        let usual = door.get(path, "").await;
        let large = door.get(path, LARGE).await;
        for answer in [&usual, &large] {
            assert_eq!(answer.header(header::CACHE_CONTROL), "public, max-age=0, must-revalidate", "{path}");
            let vary: Vec<_> = answer.headers.get_all(header::VARY).iter().collect();
            assert!(
                vary.iter().any(|v| v.to_str().unwrap().eq_ignore_ascii_case("cookie")),
                "{path}: {vary:?}"
            );
        }
        let tag = |answer: &Answer| answer.header(header::ETAG).to_owned();
        assert_ne!(tag(&usual), tag(&large), "{path}");
        // Each is still what it was for those who have it, and for nobody else.
        for (cookie, known, status) in
            [("", &usual, 304), (LARGE, &large, 304), (LARGE, &usual, 200), ("", &large, 200)]
        {
            let again = door.ask(Method::GET, path, cookie, None, &[("if-none-match", &tag(known))]).await;
            assert_eq!(again.status, status, "{path} with {cookie:?}");
        }
        // A cookie of somebody else's making is no look of ours.
        assert_eq!(tag(&door.get(path, "gongkai-look=x; other=y").await), tag(&usual), "{path}");
        let terminal = at_terminal(&door).await;
        let answer = door.get(if path == "/" { "/terminal" } else { path }, &terminal).await;
        assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store", "{path}");
        assert!(answer.header(header::ETAG).is_empty());
    }
    let style = page(&door, "/", LARGE).await.attribute("link[rel=stylesheet]", "href");
    let file = door.get(&style, LARGE).await;
    assert!(
        file.header(header::CACHE_CONTROL).contains("immutable")
            && !file.header(header::VARY).contains("cookie")
    );
}

#[tokio::test]
async fn the_start_page_of_a_terminal_begins_a_visit_and_ends_the_one_before() {
    let door = Door::new().await;
    let session = door.sign_in("officer").await;
    let first = at_terminal(&door).await;
    let answer = door.get("/terminal", &format!("{first}; {LARGE}; {session}")).await;
    let all = cookies(&answer);
    assert!(all.iter().any(|c| c.starts_with("gongkai-look=;") && c.contains("Max-Age=0")), "{all:?}");
    assert!(all.iter().any(|c| c.starts_with("gongkai=;") && c.contains("Max-Age=0")), "{all:?}");
    let token = all.iter().find(|c| c.starts_with("gongkai-terminal=")).unwrap();
    assert!(!token.starts_with(&first) && !token.contains("Max-Age"), "a new visit, until the browser ends");
    assert_eq!(door.get("/desk", &session).await.status, 303, "whoever had signed in is signed out");
    let start = Page::of(&answer);
    assert_eq!(start.all("html.terminal").len(), 1);
    assert_eq!(start.all("html.large").len(), 0);
    assert_eq!(start.attribute("html", "data-idle"), "120");
    assert_eq!(start.attribute("form.search", "action"), "/search");
    for way in ["/documents", "/ask/new", "/ask/progress", "/reports", "/ask"] {
        assert!(start.links(".ways a").contains(&way.to_owned()), "{way}");
    }
    assert_eq!(door.get("/", &first).await.header(header::LOCATION), "/terminal");
    let left = door.get("/terminal/leave", &first).await;
    assert_eq!(left.header(header::LOCATION), "/");
    assert!(cookies(&left)[0].starts_with("gongkai-terminal=;") && cookies(&left)[0].contains("Max-Age=0"));
    assert_eq!(page(&door, "/", "").await.all("html.terminal, dialog, noscript").len(), 0);
}

#[tokio::test]
async fn a_terminal_has_no_way_out_and_fills_nothing_in() {
    let door = site(&[
        ("GONGKAI_ICP", "样ICP备00000000号 https://icp.example.gov.cn"),
        ("GONGKAI_FIND_ERRORS", "https://errors.example.gov.cn"),
        ("GONGKAI_TERMINAL_IDLE", "90"),
    ])
    .await;
    let terminal = at_terminal(&door).await;
    for path in [
        "/terminal",
        "/documents",
        "/search",
        "/reports",
        "/ask",
        "/ask/new",
        "/ask/draft",
        "/ask/progress?code=ABCD",
        "/ask/which",
        "/ask/units",
        "/calendar",
        "/sitemap",
        "/nothing",
    ] {
        let answer = door.get(path, &terminal).await;
        let page = Page::of(&answer);
        assert_eq!(page.all("html.terminal").len(), 1, "{path}");
        for href in page.links("a[href]") {
            assert!(href.starts_with(['/', '#']) && !href.starts_with("//"), "{path}: {href}");
            assert!(!href.starts_with("/desk") && !href.contains("feed."), "{path}: {href}");
            assert_ne!(href, "/terminal/leave", "{path}");
        }
        assert_eq!(page.all("a[download], a[target], input[type=file]").len(), 0, "{path}");
        for control in page.all("main input[type=text], main textarea, main form") {
            assert_eq!(control.value().attr("autocomplete"), Some("off"), "{path}: {}", control.html());
        }
        // Without script the page gives way to the question, and a form waits ten times as long.
        let refresh =
            page.text("noscript") + &page.all("noscript").iter().map(|n| n.html()).collect::<String>();
        let seconds = if path == "/terminal" || path.starts_with("/ask/") { "900;" } else { "90;" };
        assert!(refresh.contains(seconds) && refresh.contains("url=/terminal"), "{path}: {refresh}");
    }
    let text = page(&door, "/documents", &terminal).await.text("footer");
    assert!(text.contains("样ICP备00000000号") && text.contains("连续1分30秒没有操作"), "{text}");
}

#[tokio::test]
async fn a_terminal_asks_before_it_ends_a_visit() {
    let door = Door::new().await;
    let terminal = at_terminal(&door).await;
    let asked = page(&door, "/terminal/idle?to=%2Fsearch%3Fq%3Da", &terminal).await;
    assert_eq!(asked.links("main a"), ["/search?q=a", "/terminal"]);
    let html = asked.all("noscript")[0].html();
    assert!(html.contains("30;url=/terminal?over=yes"), "{html}");
    let hostile = page(&door, "/terminal/idle?to=%2F%2Fexample.com", &terminal).await;
    assert_eq!(hostile.links("main a")[0], "/");
    assert_eq!(door.get("/terminal/idle", "").await.header(header::LOCATION), "/");
    assert!(page(&door, "/terminal?over=yes", &terminal).await.text(".notice").contains("已经清除"));
}

#[tokio::test]
async fn what_a_browser_still_knows_of_an_earlier_visit_is_not_taken() {
    let door = Door::new().await;
    let first = at_terminal(&door).await;
    let form = page(&door, "/ask/progress", &first).await.attribute("main form", "action");
    let token = first.split('=').nth(1).unwrap();
    assert_eq!(form, format!("/ask/progress?visit={token}"));
    let pairs = [("code", "ABCD-EFGH-JKMN"), ("proof", "0000")];
    let own = submit(&door, &form, &first, &pairs).await;
    assert_eq!(own.status, 422, "it is taken, and the code leads to nothing");
    assert!(own.header(header::CACHE_CONTROL).contains("no-store"));
    // The next visitor goes back and sends it again.
    let second = at_terminal(&door).await;
    assert_ne!(first, second);
    for path in [form.as_str(), "/ask/progress", "/ask/new?visit=", "/ask/withdraw"] {
        let replayed = submit(&door, path, &second, &pairs).await;
        assert_eq!(
            (replayed.status.as_u16(), replayed.header(header::LOCATION)),
            (303, "/terminal?over=yes"),
            "{path}"
        );
    }
    assert_eq!(submit(&door, &form, "", &pairs).await.status, 422, "elsewhere nobody asks for a visit");
}

#[tokio::test]
async fn name_colours_and_labels_of_the_site_are_data() {
    let bare = page(&Door::new().await, "/", "").await;
    assert_eq!(bare.all("meta[name=SiteIDCode], .marks, link[href*=theme]").len(), 0, "nothing is made up");
    assert!(!bare.text("footer").contains("主办"));
    let door = site(&[
        ("GONGKAI_SITE_NAME", "样例<县>人民政府信息公开"),
        ("GONGKAI_COLOURS", "#0b4f94,#1a6334"),
        ("GONGKAI_SITE_ID", "0000000000"),
        ("GONGKAI_SPONSOR", "样例县人民政府办公室"),
        ("GONGKAI_PHONE", "0000-0000000"),
        ("GONGKAI_ICP", "样ICP备00000000号"),
        ("GONGKAI_POLICE_RECORD", "样公网安备 00000000000000号 https://record.example.gov.cn/?a=1&b=2"),
        ("GONGKAI_AGENCY_MARK", "https://mark.example.gov.cn/"),
        ("GONGKAI_FIND_ERRORS", "https://errors.example.gov.cn/"),
        ("GONGKAI_PUBLIC_URL", "https://gk.example.gov.cn"),
    ])
    .await;
    for path in ["/", "/documents", "/ask", "/nothing"] {
        let page = Page::of(&door.get(path, "").await);
        assert!(page.text(".brand").contains("样例<县>人民政府信息公开"), "{path}");
        assert!(page.text("head > title").ends_with("样例<县>人民政府信息公开"));
        for (name, content) in [
            ("SiteName", "样例<县>人民政府信息公开"),
            ("SiteDomain", "gk.example.gov.cn"),
            ("SiteIDCode", "0000000000"),
        ] {
            assert_eq!(page.attribute(&format!("meta[name={name}]"), "content"), content, "{path}");
        }
        let marks: Vec<String> = page.all(".marks li").iter().map(|m| m.text().collect()).collect();
        assert_eq!(
            marks,
            [
                "主办单位：样例县人民政府办公室",
                "联系电话：0000-0000000",
                "网站标识码：0000000000",
                "ICP备案号：样ICP备00000000号",
                "公安机关备案号：样公网安备 00000000000000号",
                "党政机关标识",
                "我为政府网站找错",
            ],
            "{path}"
        );
        assert_eq!(
            page.links(".marks a"),
            [
                "https://record.example.gov.cn/?a=1&b=2",
                "https://mark.example.gov.cn/",
                "https://errors.example.gov.cn/"
            ]
        );
    }
    let theme = page(&door, "/", "").await.attribute("link[href*=theme]", "href");
    let file = door.get(&theme, "").await;
    assert_eq!(file.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(file.header(header::CACHE_CONTROL).contains("immutable"));
    assert!(file.text().starts_with(":root{--accent:#0b4f94;") && file.text().contains("--link:#1a6334;"));
    assert!(file.text().contains("prefers-color-scheme:dark"));
}
