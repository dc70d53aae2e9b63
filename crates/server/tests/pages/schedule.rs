//! Publication in time: set at the desk, seen by nobody before its minute.

use super::public::happens;
use super::*;
use law::docket::document::DocumentEvent;
use service::{Actor, Context};
use uuid::Uuid;

/// A minute of January 2021, in Shanghai.
fn at(door: &Door, day: i8, hour: i8) -> Context {
    let instant = date(2021, 1, day).at(hour, 0, 0, 0).to_zoned_datetime(service::zone()).unwrap();
    Context::new(instant.timestamp(), Actor::Operator, door.clock.seed())
}

async fn made(door: &mut Door, title: &str) -> Uuid {
    door.county.document(date(2021, 1, 14), title).await
}

fn form<'a>(page: &'a Page, version: &'a str, day: &'a str, time: &'a str) -> Vec<(&'a str, &'a str)> {
    assert_eq!(page.value("how"), "set");
    vec![("how", "set"), ("version", version), ("day", day), ("time", time)]
}

#[tokio::test]
async fn a_minute_is_set_listed_changed_and_called_off() {
    let mut door = Door::new().await;
    let id = made(&mut door, "示例县<定时>通知").await;
    let officer = door.sign_in("officer").await;
    let docket = format!("/desk/documents/{id}");
    let ask = format!("{docket}/schedule");
    assert!(page(&door, &docket, &officer).await.links("a").contains(&ask), "the way to the form");
    let shown = page(&door, &ask, &officer).await;
    assert_eq!(shown.attribute("input[name=time]", "type"), "time");
    assert!(shown.text("form").contains("最晚为2021年2月10日"), "{}", shown.text("form"));

    let empty = submit(&door, &ask, &officer, &form(&shown, "1", "", "")).await;
    assert_eq!((empty.status.as_u16(), Page::of(&empty).all("#problems li").len()), (422, 2));
    let late = submit(&door, &ask, &officer, &form(&shown, "1", "2021-02-11", "09:00")).await;
    assert_eq!(late.status, 422);
    let late = Page::of(&late);
    assert!(late.text("#problems").contains("条例第二十六条"), "{}", late.text("#problems"));
    assert_eq!((late.value("day"), late.value("time")), ("2021-02-11".into(), "09:00".into()));

    let set = submit(&door, &ask, &officer, &form(&shown, "1", "2021-01-18", "9：30")).await;
    let after = followed(&door, &set, &officer).await;
    assert!(after.text("dl.facts").contains("2021年1月18日 09:30"), "{}", after.text("dl.facts"));
    let list = page(&door, "/desk/schedule", &officer).await;
    assert!(list.text("tbody").contains("示例县<定时>通知"));
    assert!(list.text("tbody").contains("2021年1月18日 09:30"));
    assert_eq!(list.links("tbody a"), std::slice::from_ref(&docket));
    assert!(page(&door, "/desk", &officer).await.links("a").contains(&"/desk/schedule".to_owned()));
    let stale = submit(&door, &ask, &officer, &form(&shown, "1", "2021-01-19", "09:30")).await;
    assert_eq!(stale.status, 409, "set from an old page");

    let shown = page(&door, &ask, &officer).await;
    assert_eq!((shown.value("day"), shown.value("time")), ("2021-01-18".into(), "09:30".into()));
    let off = [("how", "cancel"), ("version", "2"), ("reason", "会议改期")];
    let off = followed(&door, &submit(&door, &ask, &officer, &off).await, &officer).await;
    assert!(!off.text("dl.facts").contains("定时公开"));
    assert!(off.text("main").contains("会议改期"), "the docket says why");
    assert!(page(&door, "/desk/schedule", &officer).await.text(".empty").contains("没有定时公开"));

    let reviewer = door.sign_in("reviewer").await;
    assert_eq!(door.get(&ask, &reviewer).await.status, 403);
    assert!(!page(&door, &docket, &reviewer).await.links("a").contains(&ask));
}

#[tokio::test]
async fn nobody_sees_it_before_its_minute_and_everybody_after() {
    let mut door = Door::new().await;
    let title = "示例县山塘加固通知";
    let id = made(&mut door, title).await;
    let set = DocumentEvent::Scheduled { at: date(2021, 1, 18).at(9, 0, 0, 0) };
    let ctx = at(&door, 15, 9);
    let version = door.county.service.document_view(&ctx, id).await.unwrap().version;
    door.county
        .service
        .change_document(ctx, id, version, Change::event(date(2021, 1, 15), set))
        .await
        .unwrap();
    let ways = ["/", "/documents", "/documents/feed.atom", "/search?q=山塘加固", "/sitemap/2021-01.xml"];
    let says = async |door: &Door, way: &str| {
        let text = door.get(way, "").await.text();
        text.contains(title) || text.contains(&id.to_string())
    };
    for way in ways {
        assert!(!says(&door, way).await, "{way}");
    }
    let nobody = door.get(&format!("/documents/{}", Uuid::from_u128(7)), "").await;
    let answer = door.get(&format!("/documents/{id}"), "").await;
    assert_eq!((answer.status.as_u16(), answer.text()), (404, nobody.text()));
    let round = door.county.service.publish_scheduled(&at(&door, 18, 9)).await.unwrap();
    assert_eq!((round.published, round.missed), (1, 0));
    for way in &ways[..4] {
        assert!(says(&door, way).await, "{way}");
    }
    let shown = page(&door, &format!("/documents/{id}"), "").await;
    assert!(shown.attribute("meta[name=PubDate]", "content").starts_with("2021-01-18"));
}

#[tokio::test]
async fn what_missed_its_minute_is_told_with_the_way_to_it() {
    let mut door = Door::new().await;
    let id = made(&mut door, "示例县缓办通知").await;
    let officer = door.sign_in("officer").await;
    let ask = format!("/desk/documents/{id}/schedule");
    let shown = page(&door, &ask, &officer).await;
    let set = submit(&door, &ask, &officer, &form(&shown, "1", "2021-01-18", "09:00")).await;
    assert_eq!(set.status, 303);
    let ctx = at(&door, 15, 13);
    door.county.service.write_body(ctx, id, None, "联系人手机13800138000").await.unwrap();
    let round = door.county.service.publish_scheduled(&at(&door, 18, 9)).await.unwrap();
    assert_eq!((round.published, round.missed), (0, 1));
    let notices = page(&door, "/desk/notices", &officer).await;
    assert!(notices.text("main").contains("到时没有公开"), "{}", notices.text("main"));
    assert!(!notices.text("main").contains("13800138000"));
    assert!(notices.links("main a").contains(&format!("/desk/documents/{id}")));
    let docket = page(&door, &format!("/desk/documents/{id}"), &officer).await;
    assert!(docket.text("dl.facts").contains("公开前检查有没有处理的内容"));
    assert!(page(&door, "/desk/schedule", &officer).await.text("tbody").contains("到时没有公开"));
    assert_eq!(door.get(&format!("/documents/{id}"), "").await.status, 404);
}

#[tokio::test]
async fn published_again_a_document_bears_the_new_day_everywhere() {
    let mut door = Door::new().await;
    let id = door.county.document(date(2020, 12, 1), "示例县再次公开通知").await;
    happens(&mut door, id, date(2020, 12, 14), DocumentEvent::Disclosed { url: None }).await;
    let shown = page(&door, &format!("/documents/{id}"), "").await;
    assert!(!shown.text(".metadata").contains("首次发布日期"));
    let down = DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    happens(&mut door, id, date(2020, 12, 16), down).await;
    happens(&mut door, id, date(2020, 12, 18), DocumentEvent::Disclosed { url: None }).await;
    let shown = page(&door, &format!("/documents/{id}"), "").await;
    let facts: String = shown.text(".metadata").split_whitespace().collect();
    assert!(facts.contains("成文日期2020年12月1日"), "{facts}");
    assert!(facts.contains("发布日期2020年12月18日首次发布日期2020年12月14日"), "{facts}");
    assert_eq!(shown.attribute("meta[name=PubDate]", "content"), "2020-12-18");
    assert!(page(&door, "/documents", "").await.text(".documents").contains("2020年12月18日"));
    let feed = door.get("/documents/feed.atom", "").await.text();
    assert!(feed.contains("2020-12-18T00:00:00+08:00") && !feed.contains("2020-12-14"), "{feed}");
    let api = door.get(&format!("/api/v1/public/documents/{id}"), "").await.json();
    assert_eq!(
        (&api["published_on"], &api["first_published_on"]),
        (&"2020-12-18".into(), &"2020-12-14".into())
    );
    let search = page(&door, "/search?q=再次公开", "").await;
    assert!(
        search.text("main").contains("2020年12月18日") && !search.text("main").contains("2020年12月14日")
    );
}

#[tokio::test]
async fn an_interpretation_goes_with_its_document_or_says_that_this_is_gone() {
    let mut door = Door::new().await;
    let officer = door.sign_in("officer").await;
    for (kept, status) in [("", 410), ("文件更正后重新公开", 200)] {
        let id = door.county.document(date(2020, 12, 1), &format!("示例县{status}号文件")).await;
        happens(&mut door, id, date(2020, 12, 14), DocumentEvent::Disclosed { url: None }).await;
        let ctx = door.county.operator(date(2020, 12, 14));
        let said = (format!("{status}号文件解读"), law::docket::interpretation::Form::Text);
        let text = door.county.service.interpret_document(ctx, id, date(2020, 12, 14), said).await.unwrap();
        happens(&mut door, text, date(2020, 12, 14), DocumentEvent::Disclosed { url: None }).await;
        let explained = page(&door, &format!("/documents/{text}"), "").await;
        assert!(!explained.text("main").contains("已经撤下"));
        let docket = page(&door, &format!("/desk/documents/{id}"), &officer).await;
        assert!(docket.text("main").contains("1件只解读本文件的解读材料一并撤下"));
        let ask = format!("/desk/documents/{id}/record/withdrawn");
        let form = page(&door, &ask, &officer).await;
        assert!(form.text("form").contains("保留解读材料的理由"));
        let version = form.value("version");
        let down = [("on", "2021-01-15"), ("version", version.as_str()), ("reason", "核实"), ("kept", kept)];
        let down = submit(&door, &ask, &officer, &down).await;
        assert_eq!(down.status, 303, "{}", down.text());
        assert_eq!(door.get(&format!("/documents/{id}"), "").await.status, 410);
        let after = door.get(&format!("/documents/{text}"), "").await;
        assert_eq!(after.status, status);
        assert!(Page::of(&after).text("main").contains("文件已经撤下"), "{}", after.text());
        assert!(!after.text().contains("更正后"), "the reason is for the office");
    }
}
