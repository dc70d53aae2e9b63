//! Files and answers through the portal: kept while the form is mended, handed in for each request, given back only with
//! the proof, and read at the desk.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail, and its name says what it holds")]

mod support;

use axum::body::Body;
use axum::http::{Method, Request, header};
use jiff::civil::date;
use law::docket::file::{FileEvent, FileRole};
use law::docket::request::RequestEvent;
use scraper::{Html, Selector};
use service::{Change, Role};
use support::{Answer, Door};
use uuid::Uuid;

/// An empty page: whole enough for the gate that reads what is given out.
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n\
    trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";
const PROGRAM: &[u8] = b"MZ\x90\0\x03program";
const BOUNDARY: &str = "----sample7MA4YWxkTrZu0gW";

type Pairs<'a> = Vec<(&'a str, String)>;
type File<'a> = (&'a str, &'a str, &'a [u8]);

fn multipart(pairs: &Pairs<'_>, files: &[File<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in pairs {
        let head =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(head.bytes());
    }
    for (control, name, content) in files {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{control}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

async fn send_raw(door: &Door, path: &str, cookie: &str, kind: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "same-origin");
    door.send(request.body(Body::from(body)).unwrap()).await
}

/// A form with files, as a browser sends it.
async fn send(door: &Door, path: &str, pairs: &Pairs<'_>, files: &[File<'_>]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    send_raw(door, path, "", &kind, multipart(pairs, files)).await
}

/// A form without files.
async fn submit(door: &Door, path: &str, cookie: &str, pairs: &Pairs<'_>) -> Answer {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let all: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={}", escape(v))).collect();
    send_raw(door, path, cookie, "application/x-www-form-urlencoded", all.join("&").into_bytes()).await
}

fn all(answer: &Answer, selector: &str, attribute: &str) -> Vec<String> {
    let html = Html::parse_document(&answer.text());
    let found = Selector::parse(selector).unwrap();
    html.select(&found).filter_map(|e| e.value().attr(attribute)).map(str::to_owned).collect()
}

fn text(answer: &Answer, selector: &str) -> String {
    let html = Html::parse_document(&answer.text());
    html.select(&Selector::parse(selector).unwrap()).flat_map(|e| e.text()).collect()
}

fn form(unit: Uuid, name: &str) -> Pairs<'static> {
    let all = [
        ("once", "0011223344556677"),
        ("subject", "样本地块的补偿方案"),
        ("class", "natural_person"),
        ("name", name),
        ("id_kind", "居民身份证"),
        ("id_number", "11010519491231002X"),
        ("phone", "00000000000"),
        ("delivery", "pick-up"),
        ("carrier", "paper"),
        ("second", "phone"),
    ];
    let mut pairs: Pairs<'static> = all.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
    pairs.push(("addressee", unit.to_string()));
    pairs
}

fn with(mut pairs: Pairs<'static>, more: &[(&'static str, String)]) -> Pairs<'static> {
    pairs.extend(more.iter().cloned());
    pairs
}

/// The names of the files of the one request, as its office sees them.
async fn handed_in(door: &mut Door) -> Vec<(FileRole, String)> {
    let ctx = door.county.operator(date(2021, 1, 15));
    let rows = door.county.service.requests(&ctx, Default::default(), service::Page::first(9)).await.unwrap();
    let mut names = Vec::new();
    for row in rows {
        let files = door.county.service.files(&ctx, row.id).await.unwrap();
        names.extend(files.into_iter().map(|f| (f.standing.role, f.name)));
    }
    names.sort();
    names
}

#[tokio::test]
async fn a_file_is_kept_while_the_form_is_mended_and_handed_in_with_each_request() {
    let mut door = Door::new().await;
    let unit = door.county.office;
    let shown = door.get("/ask/new", "").await;
    assert_eq!(all(&shown, "form[action='/ask/new']", "enctype"), ["multipart/form-data"]);
    assert_eq!(all(&shown, "input[type=file][multiple]", "name").len(), 3);
    assert!(text(&shown, "#hint-power_file").contains("会告知您补正"));
    let files = [("identity_file", "身份证.exe", PDF), ("power_file", "委托书.pdf", PDF)];
    let refused = send(&door, "/ask/new", &form(unit, ""), &files).await;
    assert_eq!((refused.status.as_u16(), text(&refused, "#wrong-name")), (422, "请填写姓名".into()));
    assert!(text(&refused, "#hint-identity_file").contains("已经上传：身份证.pdf"), "{}", refused.text());
    let held = all(&refused, "input[name=held]", "value");
    assert_eq!(held.len(), 2);
    let kept: Vec<_> = held.iter().map(|token| ("held", token.clone())).collect();
    // One more row keeps them, and one is left out again.
    let more = send(
        &door,
        "/ask/new",
        &with(form(unit, ""), &[&kept[..], &[("button", "more".into())]].concat()),
        &[],
    )
    .await;
    assert_eq!(all(&more, "input[name=held]", "value"), held);
    let button = all(&more, "button[value^=unhold-]", "value");
    assert_eq!(button, ["unhold-0", "unhold-1"]);
    let fewer = send(
        &door,
        "/ask/new",
        &with(form(unit, ""), &[&kept[..], &[("button", button[1].clone())]].concat()),
        &[],
    )
    .await;
    assert_eq!(all(&fewer, "input[name=held]", "value"), held[..1]);
    let more =
        [("matters", "2".to_owned()), ("addressee-2", unit.to_string()), ("subject-2", "样本规划".into())];
    let two = with(form(unit, "样本甲"), &[&kept[..1], &more[..]].concat());
    let other = [("other_file", "地图.pdf", PDF)];
    let receipt = send(&door, "/ask/new", &two, &other).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    let listed = text(&receipt, "main .facts");
    assert!(listed.contains("身份证明：身份证.pdf") && listed.contains("地图.pdf"), "{listed}");
    assert!(listed.contains("每份申请都附有上述材料"), "{listed}");
    let again = send(&door, "/ask/new", &two, &other).await;
    assert_eq!(text(&receipt, ".query-code"), text(&again, ".query-code"), "a double click asks once");
    let each = [(FileRole::IdentityProof, "身份证.pdf"), (FileRole::Attachment, "地图.pdf")];
    let twice: Vec<_> =
        each.iter().flat_map(|(r, n)| [(*r, (*n).to_owned()), (*r, (*n).to_owned())]).collect();
    assert_eq!(handed_in(&mut door).await, twice, "each request has its own");
}

#[tokio::test]
async fn what_cannot_come_in_is_said_at_its_field_and_nothing_is_asked() {
    let mut door = Door::new().await;
    let unit = door.county.office;
    let files =
        [("identity_file", "身份证.pdf", PROGRAM), ("other_file", "a.pdf", PDF), ("nonsense", "b.pdf", PDF)];
    let refused = send(&door, "/ask/new", &form(unit, ""), &files).await;
    assert_eq!(refused.status, 422);
    assert!(text(&refused, "#wrong-identity_file").contains("可执行程序"), "{}", refused.text());
    assert_eq!(text(&refused, "#wrong-name"), "请填写姓名", "said together");
    assert_eq!(all(&refused, "input[name=held]", "value").len(), 1, "the good one is kept");
    let forged = with(form(unit, "样本甲"), &[("held", "00".repeat(40))]);
    let refused = send(&door, "/ask/new", &forged, &[]).await;
    assert!(text(&refused, "#wrong-other_file").contains("请重新选择"), "{}", refused.text());
    let many: Vec<File<'_>> = (0..11).map(|_| ("other_file", "a.pdf", PDF)).collect();
    let refused = send(&door, "/ask/new", &form(unit, "样本甲"), &many).await;
    assert!(text(&refused, "#wrong-other_file").contains("最多附10个"), "{}", refused.text());
    assert!(handed_in(&mut door).await.is_empty());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let whole = multipart(&form(unit, "样本甲"), &[]);
    for (kind, body) in [
        (kind.as_str(), whole[..whole.len() - 20].to_vec()),
        (kind.as_str(), b"no boundary here".to_vec()),
        ("multipart/form-data", whole.clone()),
        ("application/json", b"{}".to_vec()),
        ("application/x-www-form-urlencoded", vec![b'a'; 3 << 20]),
    ] {
        let answer = send_raw(&door, "/ask/new", "", kind, body).await;
        assert!(answer.status.is_client_error(), "{kind}: {}", answer.status);
        assert!(
            answer.text().contains("lang=\"zh-CN\"") && answer.text().contains('请'),
            "{}",
            answer.text()
        );
    }
    for _ in 0..30 {
        let last = send(&door, "/ask/new", &form(unit, ""), &[("other_file", "a.pdf", PROGRAM)]).await;
        if last.status == 429 {
            // The form is still there, with the reason at its field.
            assert!(text(&last, "#wrong-other_file").contains("过于频繁"), "{}", last.text());
            assert_eq!(text(&last, "textarea[name=subject]"), "样本地块的补偿方案");
            return;
        }
    }
    panic!("uploads are limited by address");
}

#[tokio::test]
async fn what_breaks_off_keeps_what_was_typed() {
    let door = Door::new().await;
    let unit = door.county.office;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let whole = multipart(&form(unit, "样本甲"), &[("other_file", "a.pdf", PDF)]);
    let cut = whole[..whole.len() - 60].to_vec();
    let kept = send_raw(&door, "/ask/new", "", &kind, cut).await;
    assert_eq!(kept.status, 422);
    assert_eq!(all(&kept, "input[name=name]", "value"), ["样本甲"]);
    assert!(text(&kept, "#wrong-other_file").contains("请核对已填写的内容"), "{}", kept.text());
    // More files than are taken at once: what was typed behind them is kept too.
    let many: Vec<File<'_>> = (0..60).map(|_| ("other_file", "a.pdf", PDF)).collect();
    let kept = send(&door, "/ask/new", &form(unit, "样本甲"), &many).await;
    assert_eq!(kept.status, 422);
    assert_eq!(all(&kept, "input[name=name]", "value"), ["样本甲"]);
    assert!(text(&kept, "#wrong-other_file").contains("请分次上传"), "{}", kept.text());
}

#[tokio::test]
async fn a_row_more_or_less_costs_no_upload() {
    let door = Door::new().await;
    let unit = door.county.office;
    for n in 0..40 {
        let pairs = with(form(unit, ""), &[("button", "more".into())]);
        assert_eq!(send(&door, "/ask/new", &pairs, &[]).await.status, 200, "{n}");
    }
    let upload = send(&door, "/ask/new", &form(unit, ""), &[("other_file", "a.pdf", PDF)]).await;
    assert_eq!(upload.status, 422, "only the name is missing");
    assert_eq!(all(&upload, "input[name=held]", "value").len(), 1);
}

#[tokio::test]
async fn a_withdrawal_without_its_tick_costs_nothing_and_keeps_the_page() {
    let mut door = Door::new().await;
    let (_, code) = asked(&mut door).await;
    let mine = |proof: &str| vec![("code", code.clone()), ("proof", proof.to_owned())];
    for n in 0..40 {
        let kept = submit(&door, "/ask/withdraw", "", &mine("0000")).await;
        assert_eq!(kept.status, 422, "{n}");
        assert!(text(&kept, "#wrong-sure").contains("请勾选"), "{}", kept.text());
        assert!(text(&kept, "#lines").contains("办理经过"));
    }
    // Whoever guesses is limited all the same.
    let mut last = 0;
    for _ in 0..40 {
        last = submit(&door, "/ask/withdraw", "", &mine("1111")).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

/// Somebody who asked: the request and the query code.
async fn asked(door: &mut Door) -> (Uuid, String) {
    let receipt = send(door, "/ask/new", &form(door.county.office, "样本甲"), &[]).await;
    let code = text(&receipt, ".query-code");
    let ctx = door.county.operator(date(2021, 1, 15));
    let rows = door.county.service.requests(&ctx, Default::default(), service::Page::first(9)).await.unwrap();
    (rows[0].id, code)
}

async fn happens(door: &mut Door, request: Uuid, event: RequestEvent) {
    let ctx = door.county.operator(date(2021, 1, 15));
    let version = door.county.service.request_view(&ctx, request).await.unwrap().version;
    let change = Change::event(date(2021, 1, 15), event);
    door.county.service.change_request(ctx, request, version, change).await.unwrap();
}

#[tokio::test]
async fn what_was_given_out_is_listed_and_downloaded_with_the_proof_alone() {
    let mut door = Door::new().await;
    let (request, code) = asked(&mut door).await;
    let mine = || vec![("code", code.clone()), ("proof", "0000".to_owned())];
    let before = submit(&door, "/ask/progress", "", &mine()).await;
    assert!(!before.text().contains("提供给您的材料"));
    let service = door.county.service.clone();
    let mut upload = service.upload(FileRole::CleanCopy, "批复（公开版）.pdf");
    upload.push(PDF);
    let file = service.add_file(door.county.operator(date(2021, 1, 15)), request, upload).await.unwrap();
    let get =
        |proof: &str| vec![("code", code.clone()), ("proof", proof.to_owned()), ("file", file.to_string())];
    let hidden = submit(&door, "/ask/file", "", &get("0000")).await;
    assert_eq!(hidden.status, 422, "not given out yet");
    let release = FileEvent::Released { until: date(2021, 2, 14) };
    service.change_file(door.county.operator(date(2021, 1, 15)), request, file, 1, release).await.unwrap();
    let listed = submit(&door, "/ask/progress", "", &mine()).await;
    let said = text(&listed, "section[aria-labelledby=given]");
    for words in ["批复（公开版）.pdf", "拟提供材料", "PDF文件", "2021年2月14日"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("已下载"));
    let wrong = submit(&door, "/ask/file", "", &get("1111")).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.body.windows(4).any(|w| w == b"%PDF"));
    assert_eq!(door.get("/ask/file", "").await.status, 405, "no address opens it");
    let got = submit(&door, "/ask/file", "", &get("0000")).await;
    assert_eq!((got.status.as_u16(), got.body.as_slice()), (200, PDF));
    assert!(got.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    assert_eq!(got.header(header::CACHE_CONTROL), "private, no-store");
    let after = submit(&door, "/ask/progress", "", &mine()).await;
    assert!(text(&after, "section[aria-labelledby=given]").contains("2021年1月15日已下载"));
    let cookie = door.sign_in("officer").await;
    let page = door.get(&format!("/desk/requests/{request}/files/{file}"), &cookie).await;
    assert!(text(&page, ".facts").contains("申请人首次下载"), "{}", page.text());
}

#[tokio::test]
async fn what_the_applicant_sends_is_read_at_the_desk() {
    let mut door = Door::new().await;
    let (request, code) = asked(&mut door).await;
    let answer = |kind: &str, text: &str| {
        vec![
            ("code", code.clone()),
            ("proof", "0000".to_owned()),
            ("kind", kind.to_owned()),
            ("text", text.to_owned()),
        ]
    };
    assert_eq!(submit(&door, "/ask/answer", "", &answer("confirmation", "下午联系")).await.status, 200);
    let cookie = door.sign_in("officer").await;
    let at = format!("/desk/requests/{request}");
    let hint = "申请人已在网上确认，请当日登记双方确认";
    let page = door.get(&at, &cookie).await;
    let section = text(&page, "section[aria-labelledby=submissions]");
    assert!(section.contains(hint) && section.contains("下午联系"), "{}", page.text());
    assert!(text(&door.get("/desk", &cookie).await, "table.list").contains(hint));
    door.county.account("watch", Some(door.county.office), &[Role::Supervisor]).await;
    let watch = door.sign_in("watch").await;
    let seen = text(&door.get(&at, &watch).await, "section[aria-labelledby=submissions]");
    assert!(seen.contains("申请人网上确认") && !seen.contains("下午联系"), "{seen}");

    happens(&mut door, request, RequestEvent::Confirmed { evidence: "电话".into() }).await;
    let notice =
        RequestEvent::CorrectionNoticed { items: vec!["委托书".into()], reply_by: date(2021, 1, 29) };
    happens(&mut door, request, notice).await;
    let empty = send(&door, "/ask/answer", &answer("correction", " "), &[("file", "委托书.pdf", PDF)]).await;
    assert_eq!(text(&empty, "#wrong-text"), "请填写内容");
    assert_eq!(text(&empty, "#wrong-file"), "文件没有保存，请重新选择");
    let bad =
        send(&door, "/ask/answer", &answer("correction", "见附件"), &[("file", "a.pdf", PROGRAM)]).await;
    assert!(text(&bad, "#wrong-file").contains("可执行程序"), "{}", bad.text());
    let sent =
        send(&door, "/ask/answer", &answer("correction", "见附件"), &[("file", "委托书.pdf", PDF)]).await;
    assert!(text(&sent, "[role=status]").contains("补正内容已经提交"), "{}", sent.text());
    let page = door.get(&at, &cookie).await;
    assert!(text(&page, "section[aria-labelledby=submissions]").contains("见附件"));
    assert!(!text(&page, "section[aria-labelledby=submissions]").contains(hint), "confirmed long since");
    let files = text(&page, "section[aria-labelledby=files]");
    assert!(files.contains("委托书.pdf") && files.contains("补正材料"), "{files}");
}

#[tokio::test]
async fn the_agent_is_shown_with_the_applicant() {
    let mut door = Door::new().await;
    let unit = door.county.office;
    let agent = [
        ("agent_name", "样本乙".to_owned()),
        ("agent_id_kind", "护照".into()),
        ("agent_id_number", "样本0001".into()),
        ("agent_phone", "00000000002".into()),
    ];
    assert_eq!(send(&door, "/ask/new", &with(form(unit, "样本甲"), &agent), &[]).await.status, 200);
    let ctx = door.county.operator(date(2021, 1, 15));
    let rows = door.county.service.requests(&ctx, Default::default(), service::Page::first(9)).await.unwrap();
    let cookie = door.sign_in("officer").await;
    let page = door.get(&format!("/desk/requests/{}/applicant", rows[0].id), &cookie).await;
    for words in ["样本乙", "护照", "样本0001", "00000000002"] {
        assert!(text(&page, ".facts").contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_finished_letter_is_given_out_with_one_button() {
    let mut door = Door::new().await;
    let (request, code) = asked(&mut door).await;
    happens(&mut door, request, RequestEvent::Confirmed { evidence: "电话".into() }).await;
    let cookie = door.sign_in("officer").await;
    let at = format!("/desk/requests/{request}/letters/receipt");
    let draft = door.get(&at, &cookie).await;
    assert!(all(&draft, "form[action$='/release']", "action").is_empty(), "not before it is finished");
    let release = |until: &str| vec![("until", until.to_owned()), ("once", "01".to_owned())];
    let action = format!("{at}/release");
    assert_eq!(submit(&door, &action, &cookie, &release("2021-02-14")).await.status, 422);
    let version = all(&draft, "form input[name=version]", "value").remove(0);
    assert_eq!(submit(&door, &at, &cookie, &vec![("version", version)]).await.status, 303);
    let finished = door.get(&at, &cookie).await;
    assert_eq!(all(&finished, "form[action$='/release']", "action"), std::slice::from_ref(&action));
    assert_eq!(all(&finished, "#f-until", "value"), ["2021-02-14"], "thirty days");
    let early = submit(&door, &action, &cookie, &release("2021-01-14")).await;
    assert!(text(&early, "#wrong-until").contains("不能早于"), "{}", early.text());
    let done = submit(&door, &action, &cookie, &release("2021-02-14")).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mine = vec![("code", code), ("proof", "0000".to_owned())];
    let listed = submit(&door, "/ask/progress", "", &mine).await;
    let said = text(&listed, "section[aria-labelledby=given]");
    assert!(said.contains("政府信息公开申请登记回执.pdf") && said.contains("告知书"), "{}", listed.text());
    let third = door.county.office;
    let elsewhere = format!("/desk/requests/{third}/letters/receipt/release");
    assert_eq!(submit(&door, &elsewhere, &cookie, &release("2021-02-14")).await.status, 404);
}
