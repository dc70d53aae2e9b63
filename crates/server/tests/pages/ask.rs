//! What the public does without an account: asking, following, correcting.

use super::*;

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
    let at = format!("/documents/{id}");
    assert_eq!((opened.status.as_u16(), opened.header(header::LOCATION)), (303, at.as_str()));
    assert_eq!(page(&door, &at, "").await.links("article .empty a"), ["https://www.example.gov.cn/1"]);
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
