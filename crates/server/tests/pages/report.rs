//! The annual report, from the draft to a corrected version.

use super::*;

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
