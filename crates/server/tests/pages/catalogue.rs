//! Standard catalogues: what is published of them, and that nothing else is.

use super::public::{CANARY, Shelf, happens, shelf};
use super::*;
use law::catalogue::{Item, Tier};
use law::docket::catalogue::CatalogueEvent;
use service::catalogue::ToImport;
use std::collections::BTreeSet;
use uuid::Uuid;

const FIELD: &str = "social-assistance";

fn item(first: &str, tiers: &[Tier]) -> Item {
    Item {
        first: first.into(),
        content: "●名单<一>\n●金额".into(),
        basis: "【行政法规】《社会救助暂行办法》".into(),
        limit: "及时公开".into(),
        body: "示例县民政局".into(),
        channels: vec!["政府网站".into(), "其他".into()],
        everybody: true,
        proactive: true,
        tiers: tiers.iter().copied().collect::<BTreeSet<_>>(),
        ..Item::default()
    }
}

async fn enter(door: &mut Door, field: &str, position: u32, item: Item) -> Uuid {
    let event = CatalogueEvent::Entered {
        kept_by: door.county.office.to_string(),
        field: field.into(),
        position,
        item: Box::new(item),
    };
    let ctx = door.county.operator(date(2020, 12, 21));
    door.county.service.enter_catalogue_entry(ctx, date(2020, 3, 2), event).await.unwrap()
}

async fn becomes(door: &mut Door, entry: Uuid, version: u32, event: CatalogueEvent) {
    let ctx = door.county.operator(date(2020, 12, 21));
    let change = Change::event(date(2020, 3, 2), event);
    door.county.service.change_catalogue_entry(ctx, entry, version, change).await.unwrap();
}

#[tokio::test]
async fn a_catalogue_has_its_columns_and_leads_to_what_is_published() {
    let Shelf { mut door, old, .. } = shelf().await;
    assert!(page(&door, "/catalogues", "").await.text("main").contains("还没有公布标准目录"));
    let entry = enter(&mut door, FIELD, 1, item("临时救助", &[Tier::County])).await;
    becomes(&mut door, entry, 1, CatalogueEvent::Published).await;
    happens(&mut door, old, date(2020, 3, 4), DocumentEvent::Catalogued { entries: vec![entry.to_string()] })
        .await;
    let fields = page(&door, "/catalogues", "").await;
    assert_eq!(
        fields.links("main tbody a"),
        [format!("/catalogues/{FIELD}"), format!("/catalogues/{FIELD}?level=county")]
    );
    let one = page(&door, &format!("/catalogues/{FIELD}"), "").await;
    let headings = "序号公开事项公开内容(要素)公开依据公开时限公开主体公开渠道和载体公开对象公开方式公开层级一级事项二级事项全社会特定群体主动依申请县级乡级";
    assert_eq!(one.text("main thead").split_whitespace().collect::<String>(), headings);
    assert!(one.text("main tbody").contains("名单<一>") && one.text("main tbody").contains("■政府网站"));
    assert_eq!(one.links("main tbody a"), [format!("/catalogues/{FIELD}/{entry}")]);
    assert!(one.text("main tbody .many").contains("已公开1件"));
    let below = page(&door, &format!("/catalogues/{FIELD}/{entry}"), "").await;
    assert_eq!(below.links(".documents a"), [format!("/documents/{old}")]);
    assert!(
        page(&door, &format!("/documents/{old}"), "")
            .await
            .links(".metadata a")
            .contains(&format!("/catalogues/{FIELD}/{entry}"))
    );
    let found = page(&door, "/search?q=示例", "").await;
    let narrower = found.links("[aria-labelledby=facet-field] a");
    assert!(found.text("[aria-labelledby=facet-field]").contains("标准目录领域"));
    assert_eq!(narrower.len(), 1, "{narrower:?}");
    assert_eq!(page(&door, &narrower[0], "").await.links(".hits a"), [format!("/documents/{old}")]);
    let sheet = door.get(&format!("/catalogues/{FIELD}/catalogue.xlsx"), "").await;
    assert_eq!(sheet.status, 200);
    assert!(
        page(&door, &format!("/catalogues/{FIELD}?level=township"), "")
            .await
            .text("main")
            .contains("没有公开事项")
    );
    assert!(door.get("/sitemap/pages.xml", "").await.text().contains(&format!("/catalogues/{FIELD}")));
}

/// Every way of the public to entries and to documents by them.
#[tokio::test]
async fn what_is_not_published_is_in_no_catalogue() {
    let Shelf { mut door, old, taken_down, hidden, .. } = shelf().await;
    let entry = enter(&mut door, FIELD, 1, item("临时救助", &[Tier::County, Tier::Township])).await;
    becomes(&mut door, entry, 1, CatalogueEvent::Published).await;
    let waiting = enter(&mut door, FIELD, 2, item(&format!("{CANARY}未公布"), &[Tier::County])).await;
    let gone = enter(&mut door, FIELD, 3, item(&format!("{CANARY}撤销"), &[Tier::Township])).await;
    becomes(&mut door, gone, 1, CatalogueEvent::Published).await;
    let elsewhere =
        enter(&mut door, "taxation", 1, item(&format!("{CANARY}另一领域"), &[Tier::County])).await;
    let named = || DocumentEvent::Catalogued {
        entries: [entry, gone, waiting, elsewhere].map(|id| id.to_string()).into(),
    };
    happens(&mut door, old, date(2020, 3, 4), named()).await;
    // The third of them is a draft and has no docket of its own yet.
    for id in hidden.iter().chain([&taken_down]) {
        let ctx = door.county.operator(date(2020, 12, 21));
        if door.county.service.document_view(&ctx, *id).await.is_ok() {
            happens(&mut door, *id, date(2020, 12, 21), named()).await;
        }
    }
    becomes(&mut door, gone, 2, CatalogueEvent::Withdrawn { reason: format!("{CANARY}原因") }).await;
    let nobody = door.get(&format!("/catalogues/{FIELD}/{}", Uuid::from_u128(7)), "").await;
    assert_eq!(nobody.status, 404);
    for (field, id) in [(FIELD, waiting), (FIELD, gone), ("taxation", elsewhere)] {
        let answer = door.get(&format!("/catalogues/{field}/{id}"), "").await;
        assert_eq!((answer.status, answer.text()), (nobody.status, nobody.text()));
    }
    let none = door.get("/catalogues/nothing", "").await;
    let empty = door.get("/catalogues/taxation", "").await;
    assert_eq!((empty.status, empty.text()), (none.status, none.text()));
    assert_eq!(door.get("/catalogues/taxation/catalogue.xlsx", "").await.status, 404);
    let ways = [
        "/catalogues".to_owned(),
        format!("/catalogues/{FIELD}"),
        format!("/catalogues/{FIELD}?level=county"),
        format!("/catalogues/{FIELD}?level=township"),
        format!("/catalogues/{FIELD}/{entry}"),
        format!("/catalogues/{FIELD}/{entry}?after=2020-05-02_ffffffff-ffff-ffff-ffff-ffffffffffff"),
        format!("/documents/{old}"),
        "/search?q=示例".into(),
        "/sitemap".into(),
        "/sitemap/pages.xml".into(),
    ];
    for way in ways {
        let answer = door.get(&way, "").await;
        assert_eq!(answer.status, 200, "{way}");
        let text = answer.text();
        assert!(!text.contains(CANARY) && !text.contains("taxation"), "{way}: {text}");
        assert!(!text.contains("税收管理"), "{way}: {text}");
        for id in hidden.iter().chain([&taken_down, &waiting, &gone, &elsewhere]) {
            assert!(!text.contains(&id.to_string()), "{way}");
        }
    }
    let one = page(&door, &format!("/catalogues/{FIELD}"), "").await;
    assert!(one.text("main tbody .many").contains("已公开1件"), "what is not public is not counted");
    // The workbook holds one entry: read again, it is the one that is published.
    let (_, file) = door.county.service.public_catalogue_sheet(FIELD, None).await.unwrap();
    let (on, kept_by) = (date(2020, 3, 2), door.county.office);
    let to = ToImport { on, kept_by, field: None, tiers: BTreeSet::new(), dry: true };
    let ctx = door.county.operator(date(2020, 12, 21));
    let read = door.county.service.import_catalogue(ctx, file, to).await.unwrap();
    assert_eq!((read.rows, read.same), (1, 1), "{read:?}");
}
