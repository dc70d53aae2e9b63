//! Public documents: what is shown, where, and that nothing else is.

use super::*;
use law::classification::Classification;
use law::docket::cleanup::{Conclusion, Kind};
use law::docket::document::{Category, DisclosureAttribute};
use law::docket::document_draft::Proposed;
use law::docket::file::{FileEvent, FileRole};
use law::docket::interpretation::Form;
use service::cleanup::NewCleanup;
use service::transfer::ExportFormat;
use uuid::Uuid;

/// What stands in the title of everything that must not be seen.
pub(super) const CANARY: &str = "金丝雀";
const PUBLIC: &str = "/api/v1/public/documents";

pub(super) struct Shelf {
    pub(super) door: Door,
    pub(super) old: Uuid,
    pub(super) new: Uuid,
    pub(super) taken_down: Uuid,
    pub(super) hidden: Vec<Uuid>,
    /// Document and attachment: never public, of hidden documents and beside a public one; and taken down.
    never: Vec<(Uuid, Uuid)>,
    gone: Vec<(Uuid, Uuid)>,
}

/// A text and an attachment that tell where they come from; the attachment.
async fn says(door: &mut Door, id: Uuid, words: &str) -> Uuid {
    let ctx = door.county.operator(date(2020, 12, 21));
    let service = &door.county.service;
    let over = service.document_body(&ctx, id).await.unwrap().map(|(id, _)| id);
    service.write_body(ctx, id, over, &format!("正文：{words}")).await.unwrap();
    attach(door, id, words).await
}

async fn attach(door: &mut Door, id: Uuid, words: &str) -> Uuid {
    let mut annex = door.county.service.upload(FileRole::Annex, &format!("{words}.csv"));
    annex.push(format!("附件,{words}\n").as_bytes());
    let ctx = door.county.operator(date(2020, 12, 21));
    door.county.service.add_annex(ctx, id, annex).await.unwrap()
}

async fn make(door: &mut Door, title: &str, number: &str, attribute: DisclosureAttribute) -> Uuid {
    let event = DocumentEvent::Made {
        counted_by: door.county.office.to_string(),
        maker: door.county.government.to_string(),
        category: Category::Normative,
        title: title.into(),
        number: (!number.is_empty()).then(|| number.into()),
        index_number: Some(format!("sx/2020-{title}")),
        attribute,
        reason: (attribute != DisclosureAttribute::Proactive).then(|| "条例第十六条".into()),
    };
    let ctx = door.county.operator(date(2020, 12, 21));
    let id = door.county.service.make_document(ctx, date(2020, 3, 2), event).await.unwrap();
    // In the same columns as everything else; a column that only hidden ones are in must not be there.
    let mut columns = vec!["a20-01".to_owned()];
    columns.extend(title.contains(CANARY).then(|| "a20-09".to_owned()));
    let classified = Classification {
        subject: Some("02-01".into()),
        genre: Some("notice".into()),
        audience: "样例对象".into(),
        columns,
        keywords: vec![title.chars().filter(|c| !matches!(c, '<' | '>')).collect()],
        description: format!("{title}的概述"),
    };
    happens(door, id, date(2020, 3, 2), DocumentEvent::Classified(Box::new(classified))).await;
    id
}

pub(super) async fn happens(door: &mut Door, id: Uuid, on: jiff::civil::Date, event: DocumentEvent) {
    let ctx = door.county.operator(date(2020, 12, 21));
    let version = door.county.service.document_view(&ctx, id).await.unwrap().version;
    door.county.service.change_document(ctx, id, version, Change::event(on, event)).await.unwrap();
}

/// A draft; the id its document will have.
async fn drafted(door: &mut Door, title: &str) -> Uuid {
    let unit = door.county.office.to_string();
    let proposed = Proposed {
        category: Category::Official,
        title: title.into(),
        attribute: DisclosureAttribute::Proactive,
        reason: String::new(),
        plan: None,
    };
    let ctx = door.county.operator(date(2020, 12, 21));
    let service = &door.county.service;
    let draft =
        service.draft_document(ctx.clone(), date(2020, 3, 2), (unit.clone(), unit), proposed).await.unwrap();
    let standing = service.document_draft_view(&ctx, draft).await.unwrap().standing.unwrap();
    standing.document.parse().unwrap()
}

/// An interpretation of a document that is not published.
async fn interpreted(door: &mut Door, of: Uuid, title: &str) -> Uuid {
    let ctx = door.county.operator(date(2020, 12, 21));
    let said = (title.to_owned(), Form::Text);
    door.county.service.interpret_document(ctx, of, date(2020, 3, 3), said).await.unwrap()
}

pub(super) async fn shelf() -> Shelf {
    filled(Door::new().await).await
}

pub(super) async fn filled(mut door: Door) -> Shelf {
    let proactive = DisclosureAttribute::Proactive;
    let published = || DocumentEvent::Disclosed { url: Some("https://www.example.gov.cn/1".into()) };
    let old = make(&mut door, "示例县样例管理办法", "示政发〔2020〕1号", proactive).await;
    let open = says(&mut door, old, "管理办法的<内容>").await;
    happens(&mut door, old, date(2020, 3, 3), published()).await;
    let new = make(&mut door, "示例县<样例>补助办法", "示政发〔2020〕2号", proactive).await;
    happens(&mut door, new, date(2020, 6, 1), DocumentEvent::Disclosed { url: None }).await;
    let by = "《关于废止部分文件的决定》（示政发〔2020〕2号）".to_owned();
    happens(&mut door, old, date(2020, 6, 1), DocumentEvent::Repealed { by }).await;
    let taken_down = make(&mut door, &format!("{CANARY}撤下"), "示政发〔2020〕3号", proactive).await;
    let mut gone = vec![(taken_down, says(&mut door, taken_down, &format!("{CANARY}撤下")).await)];
    happens(&mut door, taken_down, date(2020, 4, 1), DocumentEvent::Disclosed { url: None }).await;
    let withdrawn = DocumentEvent::Withdrawn {
        reason: "金丝雀原因".into(),
        told: "内容有误，正在核实".into(),
        kept: String::new(),
    };
    happens(&mut door, taken_down, date(2020, 5, 1), withdrawn).await;
    let mut hidden = vec![make(&mut door, &format!("{CANARY}未公开"), "示政发〔2020〕4号", proactive).await];
    for attribute in [DisclosureAttribute::OnRequest, DisclosureAttribute::Withheld] {
        hidden.push(make(&mut door, &format!("{CANARY}{}", attribute.label()), "", attribute).await);
    }
    hidden.push(drafted(&mut door, &format!("{CANARY}拟稿")).await);
    hidden.push(interpreted(&mut door, old, &format!("{CANARY}解读")).await);
    let soon = door.county.document(date(2020, 12, 21), &format!("{CANARY}定时")).await;
    let minute = DocumentEvent::Scheduled { at: date(2021, 1, 18).at(9, 0, 0, 0) };
    happens(&mut door, soon, date(2020, 12, 21), minute).await;
    hidden.push(soon);
    let (_, asked) = consultation::prepared(&mut door, &format!("{CANARY}征集"), date(2020, 12, 21)).await;
    hidden.push(asked);
    let mut never = Vec::new();
    for id in &hidden {
        never.push((*id, says(&mut door, *id, &format!("{CANARY}未公开")).await));
    }
    // Beside what is public: an attachment and a text that wait, one that was taken down.
    let event = FileEvent::Withdrawn { reason: format!("{CANARY}原因") };
    let late = attach(&mut door, old, &format!("{CANARY}撤下的附件")).await;
    let ctx = |door: &mut Door| door.county.operator(date(2020, 12, 21));
    for event in [FileEvent::Published, event] {
        let now = ctx(&mut door);
        let files = door.county.service.document_files(&now, old).await.unwrap();
        let version = files.iter().find(|f| f.id == late).unwrap().version;
        let now = ctx(&mut door);
        door.county.service.change_document_file(now, (old, late), version, event).await.unwrap();
    }
    gone.push((old, late));
    never.push((old, says(&mut door, old, &format!("{CANARY}等待")).await));
    never.push((new, open));
    Shelf { door, old, new, taken_down, hidden, never, gone }
}

#[tokio::test]
async fn public_documents_are_listed_the_latest_published_first() {
    let Shelf { door, old, new, .. } = shelf().await;
    let list = page(&door, "/documents", "").await;
    assert_eq!(list.links(".documents a"), [format!("/documents/{new}"), format!("/documents/{old}")]);
    assert_eq!(list.attribute("meta[name=ColumnType]", "content"), "政策文件");
    assert_eq!(list.all("select[name=unit] option").len(), 2, "only who has published can be chosen");
    let text = |path: &'static str| {
        let door = &door;
        async move { page(door, path, "").await.text("main") }
    };
    assert!(text("/documents?force=yes").await.contains("补助办法"));
    assert!(!text("/documents?force=yes").await.contains("管理办法"), "it was repealed");
    assert!(text("/documents?q=示政发〔2020〕1号").await.contains("管理办法"));
    assert!(text("/documents?year=2019").await.contains("没有符合条件的文件"));
    assert!(text("/documents?unit=sx-office&category=normative&year=2020").await.contains("管理办法"));
    assert!(
        text("/documents?after=2020-06-01_ffffffff-ffff-ffff-ffff-ffffffffffff").await.contains("补助办法")
    );
    assert_eq!(door.get("/documents?unit=nobody", "").await.status, 404);
}

#[tokio::test]
async fn programs_read_what_is_public_without_an_account() {
    let Shelf { door, old, new, .. } = shelf().await;
    let list = door.get(&format!("{PUBLIC}?category=normative"), "").await.json();
    let ids: Vec<_> = list["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [new.to_string(), old.to_string()], "the latest published first");
    assert_eq!(list["items"][1]["validity"], "废止");
    let force = door.get(&format!("{PUBLIC}?in_force=true"), "").await.json();
    assert_eq!(force["items"].as_array().unwrap().len(), 1);
    assert_eq!(door.get(&format!("{PUBLIC}?category=nothing"), "").await.status, 400);
    let one = door.get(&format!("{PUBLIC}/{old}"), "").await.json();
    assert_eq!(one["changes"][0]["document"], new.to_string());
    let file = one["attachments"][0]["id"].as_str().unwrap();
    let content = door.get(&format!("{PUBLIC}/{old}/files/{file}"), "").await;
    assert_eq!(content.text(), "附件,管理办法的<内容>\n");
}

#[tokio::test]
async fn a_document_says_what_became_of_it() {
    let Shelf { door, old, new, .. } = shelf().await;
    let document = page(&door, &format!("/documents/{old}"), "").await;
    assert_eq!(document.text("h1 .badge"), "废止");
    assert!(document.text(".notice").contains("2020年6月1日废止"));
    assert_eq!(document.links(".notice a"), [format!("/documents/{new}")], "the one that repealed it");
    assert!(document.text(".metadata").contains("示例县人民政府办公室"));
    assert_eq!(document.attribute("meta[name=ArticleTitle]", "content"), "示例县样例管理办法");
    assert_eq!(document.attribute("meta[name=PubDate]", "content"), "2020-03-03");
    assert_eq!(document.text(".document-text").trim(), "正文：管理办法的<内容>");
    let annex = document.links("article .file-list a");
    assert!(annex.len() == 1 && annex[0].starts_with(&format!("/documents/{old}/files/")), "{annex:?}");
    let answer = door.get(&annex[0], "").await;
    assert_eq!(answer.text(), "附件,管理办法的<内容>\n");
    assert!(answer.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    assert_eq!(document.links("article > p.meta a"), ["https://www.example.gov.cn/1"]);
    let bare = page(&door, &format!("/documents/{new}"), "").await;
    assert!(bare.text("article .empty").contains("没有收录这份文件的正文"));
}

/// The titles found.
fn found(page: &Page) -> Vec<String> {
    page.all(".hits li > a").iter().map(|a| a.text().collect()).collect()
}

#[tokio::test]
async fn words_find_what_is_public_and_links_narrow_it() {
    let Shelf { mut door, old, new, .. } = shelf().await;
    let home = page(&door, "/", "").await;
    assert_eq!(home.attribute("form.search", "action"), "/search");
    let answer = page(&door, "/search?q=示例县", "").await;
    assert_eq!(answer.links(".hits li > a"), [format!("/documents/{new}"), format!("/documents/{old}")]);
    assert!(answer.text(".count").contains("找到2条信息"), "what is in force comes first");
    assert_eq!(answer.all(".hits mark").len(), 2);
    assert_eq!(answer.value("q"), "示例县");
    assert_eq!(answer.text(".hits li:last-child .badge"), "废止");

    let repealed =
        answer.links(".facet a").into_iter().find(|href| href.contains("validity=%E5%BA%9F")).unwrap();
    let narrowed = page(&door, &repealed, "").await;
    assert_eq!(found(&narrowed), ["示例县样例管理办法"]);
    assert!(narrowed.text(".conditions").contains("有效性：废止"));
    assert_eq!(
        narrowed.links(".conditions a"),
        ["/search?q=%E7%A4%BA%E4%BE%8B%E5%8E%BF"],
        "it can be taken off"
    );
    assert_eq!(narrowed.value("validity"), "废止", "other words keep it");
    let newest = page(&door, "/search?q=示例县&order=newest", "").await;
    assert_eq!(newest.text(".orders [aria-current]"), "最新发布");

    // A number however it is typed, and what its title holds stays text.
    let number = page(&door, "/search?q=示政发2020 2".replace(' ', "%20").as_str(), "").await;
    assert_eq!(found(&number)[0], "示例县<样例>补助办法");
    let dated = page(&door, "/search?since=2020-05-01&until=2020-12-31", "").await;
    assert_eq!(found(&dated), ["示例县<样例>补助办法"]);

    let atom = door.get("/search/feed.atom?q=示例县&validity=废止", "").await;
    assert!(atom.header(header::CONTENT_TYPE).starts_with("application/atom+xml"));
    assert_eq!((atom.text().matches("<entry>").count(), atom.text().contains(&old.to_string())), (1, true));
    let json: serde_json::Value =
        serde_json::from_str(&door.get("/search/feed.json?q=示例县", "").await.text()).unwrap();
    assert_eq!(json["items"].as_array().unwrap().len(), 2);
    assert_eq!(json["home_page_url"], "/search?q=%E7%A4%BA%E4%BE%8B%E5%8E%BF");

    // Taken down a moment ago, it is gone.
    let withdrawn =
        DocumentEvent::Withdrawn { reason: "样例".into(), told: String::new(), kept: String::new() };
    happens(&mut door, new, date(2020, 12, 21), withdrawn).await;
    assert_eq!(found(&page(&door, "/search?q=示例县", "").await), ["示例县样例管理办法"]);
}

#[tokio::test]
async fn whatever_is_typed_the_search_page_answers() {
    let Shelf { door, .. } = shelf().await;
    let none = page(&door, "/search?q=拖拉机手册&validity=废止", "").await;
    assert!(none.text(".count").contains("找到0条信息"));
    assert!(none.text(".empty").contains("没有找到符合条件的信息"));
    assert!(none.links(".empty a").contains(&"/ask/new".to_owned()));
    let hostile =
        door.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E&unit=%22%3E%3Cscript%3E&year=x", "").await;
    assert_eq!(hostile.status, 200);
    assert!(!hostile.text().contains("<script>"), "{}", hostile.text());
    assert_eq!(Page::of(&hostile).value("q"), "<script>alert(1)</script>");
    for query in [
        "q=%00%FF",
        "q=-",
        "q=%22",
        "page=0",
        "page=-1",
        "page=51",
        "page=x",
        "since=x&until=2020-02-30",
        "order=x",
        "unit=nobody",
        "year=99999",
        "column=x&column=y",
        "q=甲&q=乙",
    ] {
        let answer = door.get(&format!("/search?{query}"), "").await;
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(Page::of(&answer).all("h1").len(), 1);
    }
    let long = page(&door, &format!("/search?q={}", "样".repeat(2_000)), "").await;
    assert!(long.text(".notice").contains("只按前200个字检索"));
    assert_eq!(long.value("q").chars().count(), 200);
    let beyond = page(&door, "/search?page=9", "").await;
    assert_eq!(beyond.links(".empty a"), ["/search"]);
    assert!(door.get("/robots.txt", "").await.text().contains("Disallow: /search"));
}

#[tokio::test]
async fn results_are_turned_over_and_a_slip_is_mended() {
    let mut door = Door::new().await;
    for n in 0..45 {
        let title = format!("示例县第{n}号最低生活保障办法");
        let id = make(&mut door, &title, "", DisclosureAttribute::Proactive).await;
        happens(&mut door, id, date(2020, 3, 3), DocumentEvent::Disclosed { url: None }).await;
    }
    let first = page(&door, "/search?q=生活保障", "").await;
    assert_eq!((found(&first).len(), first.text(".pages [aria-current]").as_str()), (20, "1"));
    let last = page(&door, &first.links(".pages a")[2], "").await;
    assert_eq!(found(&last).len(), 5);
    assert!(last.text(".count").contains("找到45条信息，第3页"));
    assert!(found(&first).iter().all(|title| !found(&last).contains(title)));
    let slip = page(&door, "/search?q=最低生话保障", "").await;
    assert!(slip.text("main").contains("最低生活保障"), "{}", slip.text("main"));
    assert!(!slip.text(".notice").is_empty() || !slip.links("main > p > a").is_empty());
}

#[tokio::test]
async fn without_an_index_the_rest_goes_on() {
    let Shelf { mut door, .. } = shelf().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    // A file in the place of the folder.
    door.app.service = door.app.service.clone().with_search(file.path());
    let answer = door.get("/search?q=示例县", "").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store");
    assert!(Page::of(&answer).text(".notice").contains("全文检索暂时不能使用"));
    assert_eq!(door.get("/search/feed.atom?q=示例县", "").await.status, 503);
    assert_eq!(page(&door, "/documents?q=示例县", "").await.all(".documents li").len(), 2);
    assert_eq!(door.get("/", "").await.status, 200);
}

#[tokio::test]
async fn what_was_taken_down_keeps_its_address_and_says_why() {
    let Shelf { door, taken_down, .. } = shelf().await;
    let answer = door.get(&format!("/documents/{taken_down}"), "").await;
    assert_eq!(answer.status, 410);
    let gone = Page::of(&answer);
    assert!(gone.text("main").contains("2020年5月1日撤下"));
    assert!(gone.text("main").contains("内容有误，正在核实"));
    assert!(!answer.text().contains(CANARY));
}

#[tokio::test]
async fn feeds_and_site_maps_name_what_is_public() {
    let Shelf { door, old, new, .. } = shelf().await;
    let atom = door.get("/documents/feed.atom", "").await;
    assert!(atom.header(header::CONTENT_TYPE).starts_with("application/atom+xml"));
    let text = atom.text();
    assert!(
        text.contains("示例县&#60;样例&#62;补助办法") || text.contains("示例县&lt;样例&gt;补助办法"),
        "{text}"
    );
    assert_eq!(text.matches("<entry>").count(), 2);
    let json: serde_json::Value =
        serde_json::from_str(&door.get("/documents/feed.json", "").await.text()).unwrap();
    let ids: Vec<_> = json["items"].as_array().unwrap().iter().map(|i| i["url"].as_str().unwrap()).collect();
    assert_eq!(ids, [format!("/documents/{new}"), format!("/documents/{old}")]);
    assert!(door.get("/sitemap.xml", "").await.text().contains("<loc>/sitemap/2020-03.xml</loc>"));
    let year = door.get("/sitemap/2020-03.xml", "").await.text();
    assert!(year.contains(&format!("<loc>/documents/{old}</loc><lastmod>2020-03-03</lastmod>")), "{year}");
    assert!(!year.contains(&new.to_string()), "another month has another list");
    assert!(door.get("/sitemap/pages.xml", "").await.text().contains("<loc>/documents</loc>"));
    assert_eq!(door.get("/sitemap/nothing.xml", "").await.status, 404);
    assert!(door.get("/robots.txt", "").await.text().contains("Disallow: /desk"));
}

#[tokio::test]
async fn every_agency_has_the_same_five_parts() {
    let Shelf { mut door, old, new, .. } = shelf().await;
    let all = page(&door, "/units", "").await;
    let agencies = all.links("ul.pick a");
    assert!(agencies.contains(&"/units/sx-office".to_owned()), "{agencies:?}");
    assert_eq!(all.attribute("meta[name=ColumnName]", "content"), "政府信息公开");
    let parts =
        ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"];
    for address in &agencies {
        let agency = page(&door, address, "").await;
        let headings: Vec<String> = agency.all("main h2").iter().map(|h| h.text().collect()).collect();
        assert_eq!(headings, parts, "{address}");
        // A part without content says in a sentence where to go.
        for part in agency.all(".platform > section") {
            let links = part.select(&Selector::parse("a").unwrap()).count();
            let said: String = part.text().collect();
            assert!(links > 0 || said.contains("索取"), "{address}: {said}");
        }
    }
    let office = page(&door, "/units/sx-office", "").await;
    assert_eq!(office.text("h1"), "示例县人民政府办公室政府信息公开");
    assert_eq!(office.links(".trail a"), ["/", "/units"]);
    let column = page(&door, "/units/sx-office/columns/a20-01", "").await;
    assert_eq!(column.links(".documents a"), [format!("/documents/{new}"), format!("/documents/{old}")]);
    assert_eq!(column.links(".trail a"), ["/", "/units", "/units/sx-office"]);
    let text = column.text(".documents");
    for part in ["示例县人民政府办公室", "2020年6月1日", "索引号：sx/2020-示例县样例管理办法", "废止"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(column.attribute("meta[name=ColumnName]", "content"), "履职依据");
    assert_eq!(column.attribute("meta[name=ColumnType]", "content"), "政策文件");
    let atom = door.get("/units/sx-office/columns/a20-01/feed.atom", "").await;
    assert_eq!(atom.text().matches("<entry>").count(), 2);
    let json = door.get("/units/sx-office/columns/a20-01/feed.json", "").await.text();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["home_page_url"], "/units/sx-office/columns/a20-01");
    assert_eq!(json["title"], "示例县人民政府办公室履职依据");
    let map = door.get("/sitemap/pages.xml", "").await.text();
    for place in ["/units", "/units/sx-office", "/units/sx-office/columns/a20-01"] {
        assert!(map.contains(&format!("<loc>{place}</loc>")), "{map}");
    }
    assert!(page(&door, "/sitemap", "").await.links("main a").contains(&"/units/sx-office".to_owned()));
    for nowhere in ["/units/nobody", "/units/nobody/columns/a20-01", "/units/sx-office/columns/x"] {
        assert_eq!(door.get(nowhere, "").await.status, 404, "{nowhere}");
    }
    // The guide and the rules of the agency are parts of their own.
    for key in ["guide", "rules"] {
        let id = make(&mut door, &format!("示例县{key}"), "", DisclosureAttribute::Proactive).await;
        let columns = vec![key.to_owned()];
        let classified = Classification { columns, ..Classification::default() };
        happens(&mut door, id, date(2020, 3, 3), DocumentEvent::Classified(Box::new(classified))).await;
        happens(&mut door, id, date(2020, 7, 1), DocumentEvent::Disclosed { url: None }).await;
    }
    let office = page(&door, "/units/sx-office", "").await;
    assert!(office.text("section[aria-labelledby=guide]").contains("示例县guide2020年7月1日更新"));
    assert!(office.text("section[aria-labelledby=rules]").contains("示例县rules"));
    assert_eq!(office.links("ul.cards a").len(), 1);
    let guide = page(&door, "/units/sx-office/columns/guide", "").await;
    assert_eq!(guide.attribute("meta[name=ColumnType]", "content"), "信息公开指南");
}

#[tokio::test]
async fn a_document_shows_how_it_is_classified() {
    let Shelf { door, old, new, .. } = shelf().await;
    let document = page(&door, &format!("/documents/{old}"), "").await;
    let labels: Vec<String> = document.all(".metadata dt").iter().map(|d| d.text().collect()).collect();
    let order = "索引号 主题分类 发文机关 成文日期 标题 发文字号 发布日期 有效性";
    assert_eq!(labels[..8].join(" "), order, "as on the pages of the State Council");
    let facts = document.text(".metadata");
    for part in ["综合政务\\政务公开", "通知", "样例对象", "示例县样例管理办法的概述"]
    {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    assert_eq!(document.links(".metadata a"), ["/units/sx-office", "/units/sx-office/columns/a20-01"]);
    assert_eq!(document.attribute("meta[name=Keywords]", "content"), "示例县样例管理办法");
    assert_eq!(document.attribute("meta[name=Description]", "content"), "示例县样例管理办法的概述");
    let list = page(&door, "/documents?subject=02&genre=notice&force=yes", "").await;
    assert_eq!(list.links(".documents a"), [format!("/documents/{new}")]);
    assert!(page(&door, "/documents?genre=reply", "").await.text("main").contains("没有符合条件的文件"));
    let found = page(&door, "/search?subject=综合政务&genre=通知", "").await;
    assert!(found.text(".conditions").contains("主题分类：综合政务"), "{}", found.text("main"));
    let one = door.get(&format!("{PUBLIC}/{old}"), "").await.json();
    assert_eq!((one["subject"].as_str(), one["genre"].as_str()), (Some("综合政务\\政务公开"), Some("通知")));
    assert_eq!(one["columns"][0], "a20-01");
    let list = door.get(&format!("{PUBLIC}?subject=02-01&genre=通知"), "").await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    for bad in ["subject=99", "genre=nothing"] {
        assert_eq!(door.get(&format!("{PUBLIC}?{bad}"), "").await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_page_that_was_read_is_new_with_the_next_publication() {
    let Shelf { mut door, .. } = shelf().await;
    let title = "示例县新的办法";
    let id = make(&mut door, title, "示政发〔2020〕9号", DisclosureAttribute::Proactive).await;
    let read = |answer: &Answer| (answer.header("etag").to_owned(), answer.text().contains(title));
    for place in ["/", "/documents", "/units/sx-office/columns/a20-01", "/sitemap/2020-12.xml"] {
        let first = read(&door.get(place, "").await);
        assert_eq!(read(&door.get(place, "").await), first, "{place}: nothing happened");
        assert!(!first.1, "{place}");
    }
    happens(&mut door, id, date(2020, 12, 20), DocumentEvent::Disclosed { url: None }).await;
    for place in ["/", "/documents", "/units/sx-office/columns/a20-01"] {
        assert!(door.get(place, "").await.text().contains(title), "{place}");
    }
    assert!(door.get("/sitemap/2020-12.xml", "").await.text().contains(&id.to_string()));
    let gone =
        DocumentEvent::Withdrawn { reason: "内容有误".into(), told: String::new(), kept: String::new() };
    assert_eq!(door.get(&format!("/documents/{id}"), "").await.status, 200);
    happens(&mut door, id, date(2020, 12, 20), gone).await;
    assert_eq!(door.get(&format!("/documents/{id}"), "").await.status, 410);
    assert!(!door.get("/documents", "").await.text().contains(title));
}

/// Every way of the public to documents; a new one has to be named here.
#[tokio::test]
async fn a_clean_up_tells_of_nothing_that_is_not_public() {
    let Shelf { mut door, new, taken_down, hidden, .. } = shelf().await;
    let on = date(2020, 12, 21);
    let office = door.county.office;
    let mut opened = Vec::new();
    for title in ["示例县清理", CANARY] {
        let ctx = door.county.operator(on);
        let cleanup = NewCleanup {
            unit: office,
            title: title.into(),
            kind: Kind::Special,
            basis: title.into(),
            below: false,
            up_to: on,
            deadline: on,
        };
        opened.push(door.county.service.open_cleanup(ctx, on, cleanup).await.unwrap());
    }
    let closed = opened[0];
    let ctx = door.county.operator(on);
    let listed = door.county.service.cleanup_view(&ctx, closed).await.unwrap().standing.items;
    let listed: Vec<Uuid> = listed.iter().map(|i| i.listed.document.parse().unwrap()).collect();
    assert!(
        listed.contains(&taken_down) && hidden.iter().any(|id| listed.contains(id)),
        "they are cleaned up too"
    );
    let said = (Conclusion::Kept, format!("{CANARY}理由"));
    door.county.service.conclude_cleanup(ctx, closed, on, listed, said).await.unwrap();
    let ctx = door.county.operator(on);
    let version = door.county.service.cleanup_view(&ctx, closed).await.unwrap().version;
    door.county.service.close_cleanup(ctx, (closed, version), on, "示政发〔2020〕9号".into()).await.unwrap();
    let open = door.get(&format!("/cleanups/{}", opened[1]), "").await;
    let nobody = door.get(&format!("/cleanups/{}", Uuid::from_u128(7)), "").await;
    assert_eq!((open.status, open.text()), (nobody.status, nobody.text()), "one that is open is not there");
    assert_eq!(door.get(&format!("/cleanups/{}/list.xlsx", opened[1]), "").await.status, 404);
    for at in [
        format!("/cleanups/{closed}"),
        "/normative-documents".to_owned(),
        "/sitemap/pages.xml".to_owned(),
        format!("/documents/{new}"),
    ] {
        let answer = door.get(&at, "").await;
        assert!(answer.status == 200 && !answer.text().contains(CANARY), "{at}: {}", answer.text());
    }
    let shown = door.get(&format!("/cleanups/{closed}"), "").await.text();
    assert!(shown.contains(&new.to_string()) && shown.contains("继续有效的文件（1件）"), "{shown}");
    let file = door.county.service.public_cleanup_file(closed, ExportFormat::Csv).await.unwrap();
    assert!(!String::from_utf8(file).unwrap().contains(CANARY));
}

#[tokio::test]
async fn what_is_not_public_is_nowhere() {
    let Shelf { mut door, old, taken_down, hidden, never, gone, .. } = shelf().await;
    let no_file = door.get(&format!("/documents/{old}/files/{}", Uuid::from_u128(7)), "").await;
    for (document, file) in never {
        let answer = door.get(&format!("/documents/{document}/files/{file}"), "").await;
        assert_eq!((answer.status, answer.text()), (no_file.status, no_file.text()));
        assert_eq!(answer.status, 404);
        assert_eq!(door.get(&format!("{PUBLIC}/{document}/files/{file}"), "").await.status, 404);
    }
    for (document, file) in gone {
        let answer = door.get(&format!("/documents/{document}/files/{file}"), "").await;
        assert!(answer.status == 410 && !answer.text().contains(CANARY), "{}", answer.text());
        let answer = door.get(&format!("{PUBLIC}/{document}/files/{file}"), "").await;
        assert!(answer.status == 410 && !answer.text().contains(CANARY), "{}", answer.text());
    }
    assert_eq!(door.get(&format!("{PUBLIC}/{taken_down}"), "").await.status, 410);
    for id in &hidden {
        assert_eq!(door.get(&format!("{PUBLIC}/{id}"), "").await.status, 404);
    }
    let by_api = door.get(&format!("{PUBLIC}/{old}"), "").await;
    assert_eq!(by_api.json()["text"], "正文：管理办法的<内容>");
    assert!(!by_api.text().contains(CANARY), "{}", by_api.text());
    let beside = door.get(&format!("/documents/{old}"), "").await.text();
    assert!(beside.contains("管理办法的") && !beside.contains(CANARY), "{beside}");
    let nobody = door.get(&format!("/documents/{}", Uuid::from_u128(7)), "").await;
    for id in &hidden {
        let answer = door.get(&format!("/documents/{id}"), "").await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.text(), nobody.text(), "it is not told that there is something");
    }
    let ways = [
        "/",
        "/documents",
        "/documents?q=金丝雀",
        "/documents?year=2020",
        "/normative-documents",
        "/normative-documents?q=金丝雀",
        "/documents?category=normative",
        "/documents?unit=sx-office",
        "/documents?q=示政发〔2020〕3号",
        "/documents/feed.atom",
        "/documents/feed.json",
        "/documents/feed.atom?q=金丝雀",
        "/search",
        "/search?q=金丝雀",
        "/search?q=示政发〔2020〕3号",
        "/search?unit=sx-office&column=政策文件&year=2020",
        "/search?since=2020-04-01&until=2020-05-01",
        "/search/feed.atom",
        "/search/feed.json",
        "/search/feed.atom?q=金丝雀",
        "/search/feed.json?q=金丝雀",
        "/sitemap",
        "/sitemap.xml",
        "/sitemap/pages.xml",
        "/units",
        "/units/sx-office",
        "/units/sx-office/columns/a20-01",
        "/units/sx-office/columns/a20-01?after=2020-04-02_ffffffff-ffff-ffff-ffff-ffffffffffff",
        "/units/sx-office/columns/a20-01/feed.atom",
        "/units/sx-office/columns/a20-01/feed.json",
        "/units/sx-office/columns/a20-09",
        "/units/sx-office/columns/a20-09/feed.atom",
        "/units/sx-office/columns/a20-09/feed.json",
        "/documents?subject=02&genre=notice",
        "/documents?category=consultation",
        "/consultations",
        "/consultations?unit=sx-office",
        "/consultations/feed.atom",
        "/consultations/feed.json",
        "/documents?subject=02-01&unit=sx-office",
        "/documents/feed.atom?genre=notice",
        "/search?subject=综合政务&genre=通知",
        "/api/v1/public/documents?subject=02-01&genre=notice",
        "/sitemap/2020-04.xml",
        "/sitemap/2020-05.xml",
        "/reports?q=金丝雀",
        "/api/v1/public/documents",
        "/api/v1/public/documents?text=金丝雀",
        "/api/v1/public/documents?year=2020&category=normative&unit=sx-office",
        "/api/v1/documents",
        "/api/v1/documents?text=金丝雀",
    ];
    let mut texts = Vec::new();
    for way in ways {
        texts.push((way, door.get(way, "").await.text()));
    }
    let look = submit(&door, "/ask/look", "", &[("subject", "我想看金丝雀未公开的文件")]).await;
    texts.push(("/ask/look", look.text()));
    for id in &hidden {
        assert_eq!(door.get(&format!("/ask/open/{id}"), "").await.status, 404);
    }
    // A column with nothing public in it is not told from one that does not exist.
    let columns = ["", "/feed.atom", "/feed.json"];
    for way in columns {
        let hidden = door.get(&format!("/units/sx-office/columns/a20-09{way}"), "").await;
        let none = door.get(&format!("/units/sx-office/columns/nothing{way}"), "").await;
        assert_eq!((hidden.status, hidden.text()), (none.status, none.text()));
        assert_eq!(none.status, 404);
    }
    let agency = page(&door, "/units/sx-office", "").await;
    assert_eq!(agency.links("ul.cards a"), ["/units/sx-office/columns/a20-01"]);
    assert_eq!(agency.text("ul.cards .many"), "2件", "what is not public is not counted");
    assert!(!door.get("/sitemap/pages.xml", "").await.text().contains("a20-09"));
    // What would be found is not counted either.
    let counted = page(&door, "/search", "").await;
    assert!(counted.text(".count").contains("共2条公开信息"), "{}", counted.text("main"));
    assert!(counted.text(".facet .number").split('条').all(|n| n.is_empty() || n == "2" || n == "1"));
    for (way, text) in texts {
        // What was typed stands in the field again, and in the title of its feed.
        let shown = text.replace("value=\"金丝雀\"", "").replace("q=%E9%87%91%E4%B8%9D%E9%9B%80", "");
        let shown =
            if way.contains("/feed.") { shown.replace("政府信息公开：金丝雀", "") } else { shown };
        assert!(!shown.contains(CANARY), "{way}: {shown}");
        for id in hidden.iter().chain([&taken_down]) {
            assert!(!text.contains(&id.to_string()), "{way}");
        }
    }
    // What is public links to nothing that is not: neither to what explains it nor to what it explains.
    let explains = interpreted(&mut door, hidden[1], "样例解读").await;
    let both = DocumentEvent::Interprets {
        documents: vec![hidden[1].to_string(), old.to_string()],
        form: Form::Text,
    };
    happens(&mut door, explains, date(2020, 3, 4), both).await;
    happens(&mut door, explains, date(2020, 3, 4), DocumentEvent::Disclosed { url: None }).await;
    for id in [old, explains] {
        for way in [format!("/documents/{id}"), format!("{PUBLIC}/{id}")] {
            let answer = door.get(&way, "").await;
            assert_eq!(answer.status, 200, "{way}");
            assert!(!answer.text().contains(CANARY), "{way}: {}", answer.text());
            assert!(hidden.iter().all(|id| !answer.text().contains(&id.to_string())), "{way}");
        }
    }
}
