//! Drafts put to the public: what a visitor may read and say, until when, and what nobody reads.

use super::*;
use law::docket::consultation::{ConsultationEvent, Subject, Terms};
use service::consultation::NewConsultation;
use uuid::Uuid;

/// What stands in an opinion and in a draft that is not public.
const CANARY: &str = "金丝雀";

/// The last day of [`open`].
const LAST: jiff::civil::Date = date(2021, 2, 14);

/// Begun, with a text, and not public; the consultation and its draft.
pub(super) async fn prepared(door: &mut Door, title: &str, on: jiff::civil::Date) -> (Uuid, Uuid) {
    let new = NewConsultation {
        counted_by: door.county.office.to_string(),
        maker: door.county.government.to_string(),
        subject: Subject::Decision,
        title: title.into(),
        terms: Terms {
            background: "为规范<样例>事项\n第二段".into(),
            until: LAST,
            shortened: String::new(),
            online: true,
            email: "sample@example.invalid".into(),
            address: String::new(),
            phone: String::new(),
        },
    };
    let ctx = door.county.operator(on);
    let id = door.county.service.begin_consultation(ctx, on, new).await.unwrap();
    let ctx = door.county.operator(on);
    let standing = door.county.service.consultation_view(&ctx, id).await.unwrap().standing.unwrap();
    let draft: Uuid = standing.document.parse().unwrap();
    door.county.service.write_body(ctx, draft, None, "第一条　样例内容。").await.unwrap();
    (id, draft)
}

async fn happens(door: &mut Door, id: Uuid, on: jiff::civil::Date, event: ConsultationEvent) {
    let ctx = door.county.operator(on);
    let version = door.county.service.consultation_view(&ctx, id).await.unwrap().version;
    let ctx = door.county.operator(on);
    door.county.service.change_consultation(ctx, id, version, Change::event(on, event)).await.unwrap();
}

/// Open from 15 January to 14 February 2021; the consultation and its draft.
async fn open(door: &mut Door, title: &str) -> (Uuid, Uuid) {
    let (id, draft) = prepared(door, title, date(2021, 1, 15)).await;
    happens(door, id, date(2021, 1, 15), ConsultationEvent::Opened { cleared: String::new() }).await;
    (id, draft)
}

async fn give(door: &Door, id: Uuid, pairs: &[(&str, &str)]) -> Answer {
    submit(door, &format!("/consultations/{id}/opinion"), "", pairs).await
}

async fn waiting(door: &mut Door, id: Uuid) -> i64 {
    let ctx = door.county.operator(date(2021, 1, 15));
    door.county.service.opinion_counts(&ctx, id).await.unwrap()[0]
}

#[tokio::test]
async fn anybody_gives_an_opinion_until_the_last_day() {
    let mut door = Door::new().await;
    let (id, _) = open(&mut door, "样例办法（征求意见稿）").await;
    let at = format!("/consultations/{id}");
    let answer = door.get(&at, "").await;
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "the form is marked");
    let shown = Page::of(&answer);
    assert!(shown.text("h1").contains("正在征集"));
    assert!(shown.text(".metadata").contains("还有30天"), "{}", shown.text(".metadata"));
    assert!(shown.text("main").contains("为规范<样例>事项") && shown.text("main").contains("第一条"));
    assert_eq!(shown.attribute("meta[name=ColumnType]", "content"), "征集调查");
    let once = shown.value("once");
    let said = [("once", once.as_str()), ("text", "建议明确标准"), ("name", ""), ("contact", "")];
    for _ in 0..2 {
        let thanks = give(&door, id, &said).await;
        assert!(followed(&door, &thanks, "").await.text("h1").contains("意见已经收到"));
    }
    assert_eq!(waiting(&mut door, id).await, 1, "sent twice, taken once");
    // What is missing is said at its field, and nothing typed is lost.
    let empty = give(&door, id, &[("once", "2"), ("text", " "), ("name", "<b>样例</b>")]).await;
    assert_eq!(empty.status, 422);
    let again = Page::of(&empty);
    assert!(again.text("#problems").contains("请填写意见"), "{}", again.text("main"));
    assert_eq!((again.value("name").as_str(), again.value("once").as_str()), ("<b>样例</b>", "2"));
    assert_eq!(again.all("#f-text[aria-invalid=true]").len(), 1);
    let long = give(&door, id, &[("text", &"长".repeat(5001))]).await;
    assert_eq!(
        (long.status, Page::of(&long).text("#f-text").chars().count() >= 5001),
        (422.try_into().unwrap(), true)
    );
    door.clock.set(noon(LAST));
    let last = page(&door, &at, "").await;
    assert!(last.text(".metadata").contains("今天24时截止"));
    assert_eq!(give(&door, id, &[("once", "3"), ("text", "最后一天")]).await.status, 303);
    door.clock.set(noon(date(2021, 2, 15)));
    let late = give(&door, id, &[("once", "4"), ("text", "迟到的意见")]).await;
    assert_eq!(late.status, 422);
    let over = Page::of(&late);
    assert!(over.text("#problems").contains("征集已于2021年2月14日结束，不再接收意见"));
    assert_eq!(over.all("form.form").len(), 0);
    assert_eq!(waiting(&mut door, id).await, 2);
    let list = page(&door, "/consultations?phase=closed", "").await;
    assert_eq!(list.links(".documents a"), std::slice::from_ref(&at));
    assert!(page(&door, "/consultations?phase=open", "").await.text(".empty").contains("没有符合条件"));
    for nowhere in [format!("/consultations/{}", Uuid::from_u128(7)), "/consultations/x".into()] {
        assert_eq!(door.get(&nowhere, "").await.status, 404);
    }
}

#[tokio::test]
async fn a_flood_of_opinions_has_to_wait() {
    let mut door = Door::new().await;
    let (id, _) = open(&mut door, "样例办法（征求意见稿）").await;
    for n in 0..20 {
        let text = format!("第{n}条");
        assert_eq!(give(&door, id, &[("text", &text)]).await.status, 303);
    }
    let wait = give(&door, id, &[("text", "再一条")]).await;
    assert_eq!(wait.status, 429);
    let shown = Page::of(&wait);
    assert!(shown.text("#problems").contains("请一分钟后再试") && shown.text("#f-text").contains("再一条"));
    assert_eq!(waiting(&mut door, id).await, 20);
}

#[tokio::test]
async fn the_outcome_is_told_and_leads_to_the_final_document() {
    let mut door = Door::new().await;
    let (id, draft) = open(&mut door, "样例办法（征求意见稿）").await;
    give(&door, id, &[("text", &format!("{CANARY}一"))]).await;
    give(&door, id, &[("text", &format!("{CANARY}二"))]).await;
    door.clock.set(noon(date(2021, 2, 15)));
    let officer = door.sign_in("officer").await;
    let desk = format!("/desk/consultations/{id}");
    let opinions = page(&door, &format!("{desk}/opinions"), &officer).await;
    assert!(opinions.text(".file-list").contains(CANARY), "{}", opinions.text("main"));
    let boxes = opinions.all("input[name=opinion]");
    let both: Vec<String> = boxes.iter().filter_map(|b| b.value().attr("value")).map(str::to_owned).collect();
    assert_eq!(both.len(), 2);
    let (version, once) = (opinions.value("version"), opinions.value("once"));
    let mut sent = vec![
        ("version", version.as_str()),
        ("once", once.as_str()),
        ("opinion", both[0].as_str()),
        ("opinion", both[1].as_str()),
        ("summary", "建议明确标准"),
        ("adoption", "declined"),
        ("button", "new"),
    ];
    let refused = submit(&door, &format!("{desk}/opinions"), &officer, &sent).await;
    assert_eq!(refused.status, 422);
    let refused = Page::of(&refused);
    assert!(refused.text("#problems").contains("未采纳的，请写明理由"));
    assert_eq!(refused.all("input[name=opinion][checked]").len(), 2, "what was chosen stays");
    sent.push(("reason", "标准由上位法规定"));
    let answered = submit(&door, &format!("{desk}/opinions"), &officer, &sent).await;
    assert!(followed(&door, &answered, &officer).await.text(".done").contains("已经登记"));
    let docket = page(&door, &desk, &officer).await;
    assert!(docket.text(".answers").contains("标准由上位法规定"));
    let step = page(&door, &format!("{desk}/record/outcome-told"), &officer).await;
    let (version, once) = (step.value("version"), step.value("once"));
    let told = [
        ("version", version.as_str()),
        ("once", once.as_str()),
        ("on", "2021-02-15"),
        ("said", "感谢<参与>"),
        ("cleared", ""),
    ];
    let told = submit(&door, &format!("{desk}/record/outcome-told"), &officer, &told).await;
    assert_eq!(told.status, 303, "{}", told.text());
    let shown = page(&door, &format!("/consultations/{id}"), "").await;
    assert!(shown.text("main").contains("感谢<参与>"));
    assert!(
        shown.text("main").contains("收到意见2条，采纳0条，部分采纳0条，未采纳2条"),
        "{}",
        shown.text("main")
    );
    assert!(!shown.text("main").contains(CANARY), "what was said is not public");
    // Both ways, while both are public.
    let result = door.county.document(date(2021, 1, 15), "样例办法").await;
    happens(&mut door, id, date(2021, 2, 15), ConsultationEvent::Resulted { document: result.to_string() })
        .await;
    let consultation = format!("/consultations/{id}");
    assert!(!page(&door, &consultation, "").await.text(".metadata").contains("正式文件"));
    let ctx = door.county.operator(date(2021, 2, 15));
    let disclosed = Change::event(date(2021, 2, 15), DocumentEvent::Disclosed { url: None });
    door.county.service.change_document(ctx, result, 1, disclosed).await.unwrap();
    let links = page(&door, &consultation, "").await.links(".metadata a");
    assert!(links.contains(&format!("/documents/{result}")), "{links:?}");
    let back = page(&door, &format!("/documents/{result}"), "").await;
    assert!(back.links("section[aria-labelledby=consultations] a").contains(&consultation));
    // The draft is read where opinions are given; taken down, nothing of it is left.
    let moved = door.get(&format!("/documents/{draft}"), "").await;
    assert_eq!(
        (moved.status, moved.header(header::LOCATION)),
        (303.try_into().unwrap(), consultation.as_str())
    );
    let ctx = door.county.operator(date(2021, 2, 15));
    let version = door.county.service.document_view(&ctx, draft).await.unwrap().version;
    let event = DocumentEvent::Withdrawn { reason: CANARY.into(), told: String::new(), kept: String::new() };
    let change = Change::event(date(2021, 2, 15), event);
    door.county.service.change_document(ctx, draft, version, change).await.unwrap();
    let gone = door.get(&consultation, "").await;
    assert_eq!(
        (gone.status, gone.header(header::LOCATION)),
        (303.try_into().unwrap(), format!("/documents/{draft}").as_str())
    );
    let gone = door.get(&format!("/documents/{draft}"), "").await;
    assert!(gone.status == 410 && !gone.text().contains("征求意见稿") && !gone.text().contains(CANARY));
    let back = page(&door, &format!("/documents/{result}"), "").await;
    assert!(back.links("section[aria-labelledby=consultations] a").is_empty());
    let closed = give(&door, id, &[("text", "意见")]).await;
    assert_eq!(closed.status, 404);
}

/// Every way of the public to consultations; a new one has to be named here.
#[tokio::test]
async fn what_is_not_public_of_a_consultation_is_nowhere() {
    let mut door = Door::new().await;
    let (hidden, draft) = prepared(&mut door, &format!("{CANARY}草案"), date(2021, 1, 15)).await;
    let (id, _) = open(&mut door, "样例办法（征求意见稿）").await;
    let said = [("text", "金丝雀意见"), ("name", "金丝雀"), ("contact", "金丝雀联系方式")];
    assert_eq!(give(&door, id, &said).await.status, 303);
    let nobody = Uuid::from_u128(7);
    for rest in ["", "/received"] {
        let answer = door.get(&format!("/consultations/{hidden}{rest}"), "").await;
        let none = door.get(&format!("/consultations/{nobody}{rest}"), "").await;
        assert_eq!((answer.status, answer.text()), (none.status, none.text()), "{rest}");
        assert_eq!(answer.status, 404);
    }
    let (to_hidden, to_none) = (give(&door, hidden, &said).await, give(&door, nobody, &said).await);
    assert_eq!((to_hidden.status, to_hidden.text()), (to_none.status, to_none.text()));
    assert_eq!(to_hidden.status, 404);
    let one = format!("/consultations/{id}");
    let ways = [
        "/",
        one.as_str(),
        "/consultations",
        "/consultations?phase=open",
        "/consultations?phase=closed",
        "/consultations?phase=answered",
        "/consultations?unit=sx-office",
        "/consultations?after=2021-12-31_ffffffff-ffff-ffff-ffff-ffffffffffff",
        "/consultations/feed.atom",
        "/consultations/feed.json?unit=sx-office",
        "/documents",
        "/documents?category=consultation",
        "/documents/feed.atom",
        "/search?q=样例",
        "/search?column=意见征集",
        "/units/sx-office",
        "/sitemap",
        "/sitemap.xml",
        "/sitemap/pages.xml",
        "/sitemap/2021-01.xml",
        "/api/v1/public/documents",
        "/api/v1/consultations",
    ];
    for way in ways {
        let text = door.get(way, "").await.text();
        assert!(!text.contains(CANARY), "{way}: {text}");
        assert!(!text.contains(&hidden.to_string()) && !text.contains(&draft.to_string()), "{way}");
    }
    assert_eq!(page(&door, "/consultations", "").await.links(".documents a"), std::slice::from_ref(&one));
    // A draft is no document yet: it stands among documents only for who asks for drafts.
    let title = "样例办法（征求意见稿）";
    for way in ["/documents", "/documents/feed.atom", "/api/v1/public/documents"] {
        assert!(!door.get(way, "").await.text().contains(title), "{way}");
    }
    assert!(door.get("/documents?category=consultation", "").await.text().contains(title));
    assert!(door.get("/search?column=意见征集", "").await.text().contains(title));
    assert!(door.get("/consultations/feed.atom", "").await.text().contains("样例办法（征求意见稿）"));
    assert!(page(&door, "/", "").await.links("section[aria-labelledby=consultations] a").contains(&one));
    assert!(
        page(&door, "/units/sx-office", "")
            .await
            .links("main a")
            .contains(&"/consultations?unit=sx-office".to_owned())
    );
    assert!(door.get("/sitemap/pages.xml", "").await.text().contains(&one));
}
