//! Files through the door: uploads good, bad, endless and simultaneous; downloads that no browser runs; who may.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail, and its name says what it holds")]

mod support;

use axum::body::Body;
use axum::http::{Method, Request, header};
use futures_util::stream;
use jiff::civil::date;
use scraper::{Html, Selector};
use serde_json::json;
use server::Settings;
use service::file::Scanner;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{Answer, Door};
use uuid::Uuid;

/// An empty page: whole enough for the gate that reads what is given out.
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n\
    trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";
const BOUNDARY: &str = "----sample7MA4YWxkTrZu0gW";

/// A form with a file, as a browser sends it.
fn multipart(role: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in [("once", "0102"), ("role", role)] {
        let part =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend(part.bytes());
    }
    body.extend(file_head(name).bytes());
    body.extend(content);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    body
}

fn file_head(name: &str) -> String {
    format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    )
}

fn post(path: &str, cookie: &str, body: Body) -> Request<Body> {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin")
        .body(body)
        .unwrap()
}

async fn send(door: &Door, path: &str, cookie: &str, role: &str, name: &str, content: &[u8]) -> Answer {
    door.send(post(path, cookie, Body::from(multipart(role, name, content)))).await
}

fn text_of(answer: &Answer, selector: &str) -> String {
    let html = Html::parse_document(&answer.text());
    html.select(&Selector::parse(selector).unwrap()).flat_map(|e| e.text()).collect()
}

fn href_of(answer: &Answer, selector: &str) -> String {
    let html = Html::parse_document(&answer.text());
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).next().and_then(|e| e.value().attr("href")).unwrap_or_default().to_owned()
}

struct Desk {
    door: Door,
    cookie: String,
    request: Uuid,
    files: String,
}

impl Desk {
    async fn with(settings: Settings) -> Desk {
        let mut door = Door::with(settings).await;
        let (request, _) = door.county.request(date(2021, 1, 4), "样例申请").await;
        let cookie = door.sign_in("officer").await;
        Desk { door, cookie, request, files: format!("/desk/requests/{request}/files") }
    }

    async fn upload(&self, role: &str, name: &str, content: &[u8]) -> Answer {
        send(&self.door, &self.files, &self.cookie, role, name, content).await
    }

    async fn page(&self) -> Answer {
        self.door.get(&format!("/desk/requests/{}", self.request), &self.cookie).await
    }

    /// Form values posted to a file's page.
    async fn act(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={}", escape(v))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.door.send(request.body(Body::from(body.join("&"))).unwrap()).await
    }
}

#[tokio::test]
async fn a_file_is_added_listed_downloaded_given_out_and_erased() {
    let desk = Desk::with(Settings::default()).await;
    let page = desk.page().await;
    assert!(text_of(&page, "section[aria-labelledby=files]").contains("还没有材料"), "{}", page.text());
    let sent = desk.upload("clean-copy", "批复“甲”.exe", PDF).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = desk.page().await;
    assert_eq!(
        text_of(&page, "section[aria-labelledby=files] .file-name a"),
        "批复“甲”.pdf",
        "shown as what it is"
    );
    assert!(text_of(&page, "section[aria-labelledby=files] .file-list .meta").contains("样例officer"));
    let content = href_of(&page, "section[aria-labelledby=files] .file-get a");
    let got = desk.door.get(&content, &desk.cookie).await;
    assert_eq!((got.status.as_u16(), got.body.as_slice()), (200, PDF));
    assert_eq!(got.header(header::CONTENT_TYPE), "application/pdf");
    assert!(
        got.header(header::CONTENT_DISPOSITION)
            .starts_with("attachment; filename=\"file.pdf\"; filename*=UTF-8''%E6")
    );
    assert_eq!(got.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(got.header(header::CONTENT_SECURITY_POLICY), "sandbox; default-src 'none'");
    assert_eq!(got.header(header::CACHE_CONTROL), "private, no-store");

    let file = href_of(&page, "section[aria-labelledby=files] .file-name a");
    let released = desk.act(&file, &[("how", "release"), ("version", "1"), ("until", "2021-02-28")]).await;
    assert_eq!(
        released.header(header::LOCATION),
        format!("{file}?done=file-released"),
        "{}",
        released.text()
    );
    let shown = desk.door.get(&file, &desk.cookie).await;
    assert_eq!(text_of(&shown, ".docket-head .badge"), "提供至2021年2月28日");
    let stale = desk.act(&file, &[("how", "erase"), ("version", "1"), ("reason", "重复")]).await;
    assert_eq!(stale.status, 409);
    let silent = desk.act(&file, &[("how", "erase"), ("version", "2"), ("reason", " ")]).await;
    assert_eq!((silent.status.as_u16(), text_of(&silent, "#wrong-reason")), (422, "请填写删除的理由".into()));
    let early = desk.act(&file, &[("how", "release"), ("version", "2"), ("until", "2021-01-14")]).await;
    assert!(text_of(&early, "#wrong-until").contains("不能早于"), "{}", early.text());
    let back = desk.act(&file, &[("how", "unrelease"), ("version", "2")]).await;
    assert_eq!(back.status, 303);
    let erased = desk.act(&file, &[("how", "erase"), ("version", "3"), ("reason", "重复上传")]).await;
    assert_eq!(erased.status, 303, "{}", erased.text());
    assert_eq!(desk.door.get(&content, &desk.cookie).await.status, 404);
    let shown = desk.door.get(&file, &desk.cookie).await;
    assert!(text_of(&shown, ".facts").contains("重复上传") && text_of(&shown, "form textarea").is_empty());
    assert!(text_of(&desk.page().await, "section[aria-labelledby=files] .file-list").contains("内容已删除"));
}

#[tokio::test]
async fn what_may_not_come_in_is_said_at_the_field() {
    let desk = Desk::with(Settings::default()).await;
    let bomb = include_bytes_of_a_bomb();
    for (name, content, words) in [
        ("申请表.pdf", &b"MZ\x90\0\x03program"[..], "可执行程序"),
        ("a.docx", &bomb, "压缩炸弹"),
        ("a.pdf", b"%PDF-1.6\ntrailer<</Encrypt 5 0 R>>\n%%EOF", "密码"),
        ("a.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "压缩包"),
        ("a.svg", b"<svg xmlns='x' onload='y'/>", "脚本"),
        ("a.pdf", b"", "空的"),
    ] {
        let answer = desk.upload("other", name, content).await;
        assert_eq!(answer.status, 422, "{name}");
        let said = text_of(&answer, "#wrong-file");
        assert!(said.contains(words) && said.contains('请'), "{name}: {said}");
        assert_eq!(text_of(&answer, "#problems li a"), said, "{name}: the list leads to the field");
    }
    let nothing = desk.upload("", "", b"").await;
    assert!(
        text_of(&nothing, "#wrong-file").contains("请选择")
            && text_of(&nothing, "#wrong-role").contains("用途")
    );
    let unknown = desk.upload("king", "a.pdf", PDF).await;
    assert!(text_of(&unknown, "#wrong-role").contains("请选择"));
    for broken in ["", "no boundary here", &file_head("a.pdf")] {
        let answer = desk.door.send(post(&desk.files, &desk.cookie, Body::from(broken.to_owned()))).await;
        assert!(
            answer.status.is_client_error() && answer.text().contains("lang=\"zh-CN\""),
            "{broken}: {}",
            answer.status
        );
    }
    assert!(text_of(&desk.page().await, "section[aria-labelledby=files]").contains("还没有材料"));
}

/// Forty megabytes of nothing in a document of Office.
fn include_bytes_of_a_bomb() -> Vec<u8> {
    // Stored names with a declared size: what is declared is refused before anything is inflated.
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for (name, size) in
        [("[Content_Types].xml", 0_u32), ("word/document.xml", 0), ("word/media/a.bin", 40 << 20)]
    {
        let mut about = Vec::new();
        about.extend(20_u16.to_le_bytes());
        about.extend([0; 8]);
        about.extend(if size == 0 { 0_u32 } else { 0xDEAD_BEEF }.to_le_bytes());
        about.extend(if size == 0 { 0_u32 } else { 10 }.to_le_bytes());
        about.extend(size.to_le_bytes());
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        about.extend(0_u16.to_le_bytes());
        // Deflated, for what is not empty.
        if size > 0 {
            about[4] = 8;
        }
        let offset = u32::try_from(zip.len()).unwrap();
        zip.extend(b"PK\x03\x04");
        zip.extend(&about);
        zip.extend(name.bytes());
        zip.extend(vec![0; if size == 0 { 0 } else { 10 }]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (at, length) = (u32::try_from(zip.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0\x03\0\x03\0");
    zip.extend(length.to_le_bytes());
    zip.extend(at.to_le_bytes());
    zip.extend([0; 2]);
    zip
}

/// A gigabyte: read past its limit it is not kept, at the limit of the route it is cut off, and the answer is a sentence
/// at the field.
#[tokio::test]
async fn an_endless_upload_is_cut_off_and_said() {
    let desk = Desk::with(Settings::default()).await;
    let pulled = Arc::new(AtomicUsize::new(0));
    let counter = pulled.clone();
    let head = multipart("other", "a.pdf", b"");
    let head = head[..head.len() - format!("\r\n--{BOUNDARY}--\r\n").len()].to_vec();
    let piece = axum::body::Bytes::from(vec![b' '; 1 << 20]);
    let endless = (0..1024).map(move |n| {
        let bytes = if n == 0 { axum::body::Bytes::from(head.clone()) } else { piece.clone() };
        counter.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok::<_, std::io::Error>(bytes)
    });
    let answer =
        desk.door.send(post(&desk.files, &desk.cookie, Body::from_stream(stream::iter(endless)))).await;
    assert_eq!(answer.status, 422, "{}", text_of(&answer, "main"));
    assert!(text_of(&answer, "#wrong-file").contains("20MB"), "{}", answer.text());
    assert!(pulled.load(Ordering::Relaxed) <= server::UPLOAD_LIMIT + (2 << 20), "{pulled:?}");
}

#[tokio::test]
async fn a_limit_is_to_the_byte() {
    let settings = Settings { file_limit: Some(1), ..Settings::default() };
    let mut desk = Desk::with(settings.clone()).await;
    let at = service::Location::Folder("unused".into());
    desk.door.app.service = settings.equip(desk.door.app.service.clone(), &at);
    let mut full = PDF.to_vec();
    full.splice(9..9, vec![b'%'; (1 << 20) - PDF.len()]);
    assert_eq!(desk.upload("other", "a.pdf", &full).await.status, 303);
    full.insert(9, b'%');
    let over = desk.upload("other", "a.pdf", &full).await;
    assert!(text_of(&over, "#wrong-file").contains("超过1MB"), "{}", over.text());
}

#[tokio::test]
async fn hostile_names_stay_names() {
    let desk = Desk::with(Settings::default()).await;
    for name in
        ["../../etc/passwd", "<script>alert(1)</script>.pdf", "%00.pdf", &"长".repeat(300), "a;b=c.pdf"]
    {
        assert_eq!(desk.upload("clean-copy", name, PDF).await.status, 303, "{name}");
    }
    let page = desk.page().await;
    assert!(!page.text().contains("<script>alert"), "what is typed stays text");
    let html = Html::parse_document(&page.text());
    let links: Vec<String> = html
        .select(&Selector::parse("section[aria-labelledby=files] .file-get a").unwrap())
        .map(|a| a.value().attr("href").unwrap().to_owned())
        .collect();
    assert_eq!(links.len(), 5);
    for link in links {
        let got = desk.door.get(&link, &desk.cookie).await;
        let name = got.header(header::CONTENT_DISPOSITION).to_owned();
        assert!(!name.contains("%2F") && !name.contains("%00") && name.ends_with(".pdf"), "{name}");
    }
}

#[tokio::test]
async fn a_double_click_adds_once_and_two_files_at_once_are_two() {
    let desk = Desk::with(Settings::default()).await;
    let (a, b) = tokio::join!(desk.upload("other", "a.pdf", PDF), desk.upload("other", "a.pdf", PDF));
    assert_eq!((a.status.as_u16(), b.status.as_u16()), (303, 303));
    let other = [PDF, b"\n"].concat();
    let (a, b) = tokio::join!(desk.upload("other", "b.pdf", PDF), desk.upload("other", "c.pdf", &other));
    assert_eq!((a.status.as_u16(), b.status.as_u16()), (303, 303));
    assert_eq!(
        text_of(&desk.page().await, "section[aria-labelledby=files] .file-name a").matches(".pdf").count(),
        3
    );
}

#[tokio::test]
async fn who_may_not_is_told() {
    let desk = Desk::with(Settings::default()).await;
    desk.upload("identity-proof", "样本甲身份证.pdf", PDF).await;
    let page = desk.page().await;
    let (content, file) = (
        href_of(&page, "section[aria-labelledby=files] .file-get a"),
        href_of(&page, "section[aria-labelledby=files] .file-name a"),
    );
    let reviewer = desk.door.sign_in("reviewer").await;
    assert_eq!(desk.door.get(&content, &reviewer).await.status, 403);
    let seen = desk.door.get(&format!("/desk/requests/{}", desk.request), &reviewer).await;
    assert!(!seen.text().contains("样本甲") && text_of(&seen, ".file-name").contains("身份证明"));
    assert!(
        href_of(&seen, "section[aria-labelledby=files] .file-get a").is_empty()
            && text_of(&seen, "main form").is_empty()
    );
    let shown = desk.door.get(&file, &reviewer).await;
    assert!(!shown.text().contains("样本甲") && !shown.text().contains("/content"));
    assert_eq!(send(&desk.door, &desk.files, &reviewer, "other", "a.pdf", PDF).await.status, 403);
    assert_eq!(send(&desk.door, &desk.files, "", "other", "a.pdf", PDF).await.status, 401);
    assert_eq!(desk.door.get(&content, "").await.status, 303, "to sign in");
    let elsewhere = format!("/desk/requests/{}/files/{}/content", Uuid::nil(), Uuid::nil());
    assert_eq!(desk.door.get(&elsewhere, &desk.cookie).await.status, 404);
}

#[tokio::test]
async fn a_scanner_that_cannot_be_asked_lets_nothing_in() {
    let mut desk = Desk::with(Settings::default()).await;
    // Nobody listens there any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scanner = Scanner::parse(&port.to_string()).unwrap();
    desk.door.app.service = desk.door.app.service.clone().with_scanner(scanner);
    let answer = desk.upload("other", "a.pdf", PDF).await;
    assert!(text_of(&answer, "#wrong-file").contains("病毒查杀"), "{}", answer.text());
}

#[tokio::test]
async fn the_api_does_the_same() {
    let desk = Desk::with(Settings::default()).await;
    let api = format!("/api/v1/requests/{}/files", desk.request);
    let sent = send(&desk.door, &api, &desk.cookie, "clean-copy", "批复.pdf", PDF).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    let list = desk.door.get(&api, &desk.cookie).await.json();
    assert_eq!(list["items"][0]["name"], "批复.pdf");
    assert_eq!(list["items"][0]["size"], PDF.len());
    let got = desk.door.get(&format!("{api}/{id}"), &desk.cookie).await;
    assert_eq!(got.body, PDF);
    let changes = format!("{api}/{id}/changes");
    let change = |body| desk.door.post(&changes, &desk.cookie, body);
    let done = change(json!({ "version": 1, "event": { "type": "released", "until": "2021-02-28" } })).await;
    assert_eq!(done.json()["version"], 2);
    assert_eq!(change(json!({ "version": 1, "event": { "type": "unreleased" } })).await.status, 409);
    assert_eq!(change(json!({ "version": 2, "event": { "type": "burned" } })).await.status, 400);
    let done = change(json!({ "version": 2, "event": { "type": "erased", "reason": "重复" } })).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(desk.door.get(&format!("{api}/{id}"), &desk.cookie).await.status, 404);
    for (role, content, status, word) in
        [("other", &b"MZ\0"[..], 422, "file-program"), ("", PDF, 400, "role")]
    {
        let refused = send(&desk.door, &api, &desk.cookie, role, "a.pdf", content).await;
        assert_eq!(refused.status, status);
        assert!(refused.header(header::CONTENT_TYPE).starts_with("application/problem+json"));
        assert!(refused.text().contains(word), "{}", refused.text());
    }
    assert_eq!(desk.door.get(&api, "").await.status, 401);
}
