//! Every page rendered from its samples: it parses, its headings nest, every control has a label, every id is unique,
//! and nothing of the template is left over.

use super::form::{Choice, Field, Form, Problems, Typed};
use super::frame::{Badge, Frame, Link};
use super::look::{Look, as_in};
use super::portal::{
    ask, calendar, catalogue, consultation, document, home, map, normative, report, report_data, search,
    subscription, terminal, unit,
};
use super::{ErrorPage, desk};
use crate::site::Mark;
use askama::Template;
use scraper::{Html, Selector};
use std::collections::HashSet;

pub(crate) fn frame(title: &str) -> Frame {
    Frame {
        title: title.into(),
        site: "样例市政府信息公开".into(),
        region: "样例市".into(),
        labels: vec![("SiteName", "样例市政府信息公开".into())],
        nav: vec![Link { here: true, ..Link::new("/", "首页") }, Link::new("/reports", "政府信息公开年报")],
        trail: vec![Link::new("/", "首页")],
        officer: "样例经办人".into(),
        roles: "信息公开工作人员".into(),
        done: "已经保存".into(),
        unread: "12".into(),
        once: "0102".into(),
        ..Frame::default()
    }
}

/// A form with every kind of control, refused.
fn every_control() -> (Form, Typed) {
    let two = || vec![Choice::new("a", "甲"), Choice::new("b", "乙")];
    let mut typed = Typed::new(vec![("text".into(), "<b>".into()), ("radio".into(), "b".into())]);
    typed.wrong("text", "请填写文字");
    typed.wrong("radio", "请选择");
    typed.wrong("", "内容有误");
    let form = Form::post(
        "/x",
        "保存",
        vec![
            Field::heading("标题"),
            Field::text("text", "文字").hint("说明"),
            Field::date("date", "日期"),
            Field::number("number", "数字"),
            Field::area("area", "多行", 3).optional(),
            Field::password("password", "密码", "new-password"),
            Field::file("file", "文件", ".csv"),
            Field::select("select", "列表", two()),
            Field::radio("radio", "单选", two()).hint("说明"),
            Field::checks("checks", "多选", two()),
            Field::part("部分"),
            Field::buttons(two()),
        ],
    )
    .hide("version", 3)
    .cancel("/back")
    .filled(&typed);
    (form, typed)
}

/// The looks: usual, large, and both on a terminal.
fn looks() -> [Look; 4] {
    let usual =
        || Look { here: "/sample?a=b".into(), origin: "https://gk.example.gov.cn".into(), ..Look::default() };
    let settings = crate::Settings::default();
    let terminal = |look: Look| look.at_terminal(&settings, "0123456789abcdef".into(), "/sample");
    let large = || Look { large: true, ..usual() };
    [usual(), large(), terminal(usual()), terminal(large())]
}

/// Every page in every look.
fn pages() -> Vec<(&'static str, String)> {
    looks().into_iter().flat_map(|look| as_in(look.clone(), || pages_in(look))).collect()
}

fn pages_in(look: Look) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    macro_rules! add {
        ($($name:literal: $samples:expr,)*) => {
            $(for page in $samples { all.push(($name, page.render().unwrap())); })*
        };
    }
    let mark = |text: &str, href: &str| Mark { label: "样例", text: text.into(), href: href.into() };
    let frame = &Frame {
        look,
        marks: vec![
            mark("一", ""),
            mark("二", "https://example.gov.cn/?a=1&b=2"),
            mark("", "https://example.gov.cn/"),
        ],
        ..frame("样例页面")
    };
    let (form, typed) = every_control();
    let problems = Problems { all: typed.problems.clone() };
    add! {
        "error": ErrorPage::samples(),
        "home": home::HomePage::samples(frame),
        "reports": home::ReportsPage::samples(frame),
        "sitemap": map::SitemapPage::samples(frame),
        "documents": document::DocumentsPage::samples(frame),
        "consultations": consultation::ConsultationsPage::samples(frame),
        "consultation": consultation::ConsultationPage::samples(frame),
        "consultation-received": consultation::ReceivedPage::samples(frame),
        "document": document::DocumentPage::samples(frame),
        "normative-documents": normative::LibraryPage::samples(frame),
        "cleanup": normative::CleanupPage::samples(frame),
        "withdrawn": document::WithdrawnPage::samples(frame),
        "units": unit::UnitsPage::samples(frame),
        "unit": unit::UnitPage::samples(frame),
        "column": unit::ColumnPage::samples(frame),
        "catalogues": catalogue::CataloguesPage::samples(frame),
        "catalogue": catalogue::CataloguePage::samples(frame),
        "catalogue-entry": catalogue::EntryPage::samples(frame),
        "search": search::SearchPage::samples(frame),
        "subscribe": subscription::SubscribePage::samples(frame),
        "subscription": subscription::SubscriptionPage::samples(frame),
        "report": report::ReportPage::samples(frame),
        "report-data": report_data::ReportDataPage::samples(frame),
        "ask": ask::GuidePage::samples(frame),
        "ask-which": ask::WhichPage::samples(frame),
        "ask-units": ask::UnitsPage::samples(frame),
        "ask-form": ask::FormPage::samples(frame),
        "ask-saved": ask::SavedPage::samples(frame),
        "ask-draft": ask::DraftPage::samples(frame),
        "ask-receipt": ask::ReceiptPage::samples(frame),
        "progress": ask::ProgressPage::samples(frame),
        "calendar": calendar::CalendarPage::samples(frame),
        "terminal": terminal::TerminalPage::samples(frame),
        "terminal-idle": terminal::IdlePage::samples(frame),
        "desk-coverage": desk::coverage::CoveragePage::samples(frame),
        "desk-coverage-field": desk::coverage::FieldPage::samples(frame),
        "desk-catalogue-import": desk::catalogue_import::CatalogueImportPage::samples(frame),
        "desk-sign-in": desk::sign_in::SignInPage::samples(),
        "desk-list": desk::register::ListPage::samples(frame),
        "desk-ledger": desk::ledger::LedgerPage::samples(frame),
        "desk-archive": desk::archive::ArchivePage::samples(frame),
        "desk-letter": desk::letter::LetterPage::samples(frame),
        "desk-letter-templates": desk::letter_setup::TemplatesPage::samples(frame),
        "desk-letter-template": desk::letter_setup::TemplatePage::samples(frame),
        "desk-words": desk::words::WordsPage::samples(frame),
        "desk-redact": desk::redact::RedactPage::samples(frame),
        "desk-form": desk::register::FormPage::samples(frame, &form, &typed),
        "desk-docket": desk::docket::DocketPage::samples(frame),
        "desk-file": desk::file::FilePage::samples(frame, &problems),
        "desk-opinions": desk::opinion::OpinionsPage::samples(frame, &problems),
        "desk-opinion": desk::opinion::OpinionPage::samples(frame),
        "desk-check": desk::content::CheckPage::samples(frame, &problems),
        "desk-attribute-reviews": desk::attribute_review::AttributeReviewsPage::samples(frame),
        "desk-publications": desk::publication::PublicationsPage::samples(frame),
        "desk-filings": desk::filing::FilingsPage::samples(frame),
        "desk-cleanups": desk::cleanup::CleanupsPage::samples(frame),
        "desk-cleanup": desk::cleanup::CleanupPage::samples(frame),
        "desk-schedule": desk::schedule::SchedulePage::samples(frame),
        "desk-schedule-form": desk::schedule::form_samples(frame),
        "desk-validity": desk::validity::ValidityPage::samples(frame),
        "desk-deliveries": desk::delivery::DeliveriesPage::samples(frame),
        "desk-secret": desk::channel::SecretPage::samples(frame),
        "desk-interpretations": desk::interpretation::InterpretationsPage::samples(frame),
        "desk-conflict": desk::docket::ConflictPage::samples(frame),
        "desk-applicant": desk::request::ApplicantPage::samples(frame),
        "desk-board": desk::board::BoardPage::samples(frame),
        "desk-reports": desk::report_list::ReportsPage::samples(frame),
        "desk-inspections": desk::inspection_list::InspectionsPage::samples(frame, &problems),
        "desk-inspection": desk::inspection::InspectionPage::samples(frame, &problems),
        "desk-rules": desk::rules::RulesPage::samples(frame, &problems),
        "desk-rule": desk::rule::RulePage::samples(frame, &problems),
        "desk-report": desk::report::ReportPage::samples(frame, &problems),
        "desk-collections": desk::collection::BodiesPage::samples(frame),
        "desk-collection": desk::collection::CollectionPage::samples(frame),
        "desk-same-reports": desk::collection::SamePage::samples(frame),
        "desk-report-filing": desk::report_filing::FilingPage::samples(frame, &problems),
        "desk-cell": desk::cell::CellPage::samples(frame),
        "desk-text": desk::text::TextPage::samples(frame, &problems),
        "desk-accounts": desk::account::AccountsPage::samples(frame),
        "desk-account": desk::account::AccountPage::samples(frame, &problems),
        "desk-notices": desk::notice::NoticesPage::samples(frame),
        "desk-inbox": desk::inbox::InboxPage::samples(frame),
        "desk-message": desk::inbox::MessagePage::samples(frame, &problems),
        "desk-journal": desk::journal::JournalPage::samples(frame),
        "desk-document-batch": desk::document_batch::BatchPage::samples(frame, &problems),
        "desk-document-waiting": desk::document_batch::WaitingPage::samples(frame),
        "desk-import": desk::transfer::ImportPage::samples(frame, &form),
    }
    all
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

#[test]
fn every_page_parses_and_keeps_to_the_rules_of_accessible_pages() {
    for (name, text) in pages() {
        let html = Html::parse_document(&text);
        assert!(text.starts_with("<!DOCTYPE html>"), "{name}");
        everything_opened_is_closed(name, &text);
        assert_eq!(all(&html, "html[lang='zh-CN']").len(), 1, "{name}");
        for landmark in ["header", "main", "footer", "a.skip[href='#main']"] {
            assert_eq!(all(&html, &format!("body > {landmark}")).len(), 1, "{name}: {landmark}");
        }
        headings_nest(name, &html);
        controls_are_labelled(name, &html);
        ids_are_unique(name, &html);
        for table in all(&html, "table") {
            assert!(
                table.select(&Selector::parse("caption").unwrap()).next().is_some(),
                "{name}: no caption"
            );
        }
        for head in all(&html, "thead th, tbody th, tfoot th") {
            assert!(head.value().attr("scope").is_some(), "{name}: no scope at {}", head.html());
        }
        for meta in all(&html, "meta[name]") {
            assert_ne!(meta.value().attr("content"), Some(""), "{name}: an empty page label");
        }
        for link in all(&html, "a") {
            let said: String = link.text().collect();
            assert!(!said.trim().is_empty(), "{name}: a link says nothing: {}", link.html());
        }
    }
}

#[test]
fn on_a_terminal_nothing_leads_out_or_is_saved() {
    let mut seen = 0;
    for look in looks().into_iter().filter(Look::terminal) {
        for (name, text) in as_in(look.clone(), || pages_in(look)) {
            if name.starts_with("desk") {
                continue;
            }
            let html = Html::parse_document(&text);
            assert_eq!(all(&html, "html.terminal[data-idle] dialog#idle").len(), 1, "{name}");
            assert_eq!(all(&html, "a[download], a[target], a[href*='feed.']").len(), 0, "{name}");
            for address in all(&html, "[href], [action]") {
                let address = address.value();
                let to = address.attr("href").or(address.attr("action")).unwrap_or_default();
                assert!(to.starts_with(['/', '#']) && !to.starts_with("//"), "{name}: {to}");
                for elsewhere in ["/desk", "/ask/file", "/ask/payment-slip", "/terminal/leave"] {
                    assert!(!to.starts_with(elsewhere), "{name}: {to}");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 500, "{seen}");
}

/// A browser mends what is left open, and not always as it was meant.
fn everything_opened_is_closed(name: &str, text: &str) {
    for tag in [
        "div", "section", "ul", "ol", "li", "table", "tr", "td", "th", "form", "fieldset", "dl", "dd", "p",
        "a", "nav",
    ] {
        let opened = text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, text.matches(&format!("</{tag}>")).count(), "{name}: <{tag}>");
    }
}

/// One `h1`, and no level is left out on the way down.
fn headings_nest(name: &str, html: &Html) {
    assert_eq!(all(html, "h1").len(), 1, "{name}: h1");
    let mut before = 0;
    for heading in all(html, "h1, h2, h3, h4, h5, h6") {
        let level: u8 = heading.value().name()[1..].parse().unwrap();
        assert!(level <= before + 1, "{name}: {} after h{before}", heading.html());
        before = level;
    }
}

fn controls_are_labelled(name: &str, html: &Html) {
    for control in all(html, "input:not([type=hidden]), select, textarea") {
        let id = control.value().attr("id").unwrap_or_else(|| panic!("{name}: no id at {}", control.html()));
        assert_eq!(all(html, &format!("label[for='{id}']")).len(), 1, "{name}: label of {id}");
        for described in control.value().attr("aria-describedby").unwrap_or_default().split_whitespace() {
            assert_eq!(all(html, &format!("[id='{described}']")).len(), 1, "{name}: {described}");
        }
    }
    for group in all(html, "fieldset") {
        assert!(group.select(&Selector::parse("legend").unwrap()).next().is_some(), "{name}: no legend");
    }
    for button in all(html, "button") {
        assert!(!button.text().collect::<String>().trim().is_empty(), "{name}: a button says nothing");
    }
}

fn ids_are_unique(name: &str, html: &Html) {
    let mut seen = HashSet::new();
    for element in all(html, "[id]") {
        let id = element.value().attr("id").unwrap_or_default();
        assert!(seen.insert(id), "{name}: id {id} twice");
    }
}

/// The page without what stands between each of these two.
fn without(text: &str, from: &str, to: &str) -> String {
    let after = |part: &str| part.split_once(to).map(|(_, rest)| rest.to_owned());
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(after).fold(first, |all, rest| all + &rest)
}

/// Only the editors show references, and only where they are to be written.
#[test]
fn nothing_of_a_template_is_left_over() {
    for (name, text) in pages() {
        let rest = match name {
            "desk-text" => text.replace("{{hotline.received}}", ""),
            "desk-letter-template" => {
                without(&without(&text, "<textarea", "</textarea>"), "<dt><code>", "</code>")
            }
            _ => text,
        };
        for left in ["{{", "}}", "{%", "%}"] {
            assert!(!rest.contains(left), "{name}: {left}");
        }
        assert!(!rest.contains("style=\"") && !rest.contains("onclick"), "{name}: inline style or script");
    }
}

#[test]
fn what_was_typed_and_what_was_wrong_stay_on_a_refused_page() {
    let (form, typed) = every_control();
    let page = desk::register::FormPage::samples(&frame("登记"), &form, &typed).remove(0).render().unwrap();
    let html = Html::parse_document(&page);
    assert_eq!(all(&html, "#f-text")[0].value().attr("value"), Some("<b>"));
    assert_eq!(all(&html, "#f-radio-2[checked]").len(), 1);
    assert_eq!(all(&html, "#problems li").len(), 3);
    assert_eq!(all(&html, "#problems a[href='#f-text']").len(), 1);
    assert_eq!(all(&html, "[aria-invalid=true]").len(), 1);
}

/// A badge for samples.
pub(crate) fn badge() -> Badge {
    Badge::new("还剩3个工作日", "yellow")
}

/// With `WEB_SAMPLES=DIR` the samples are written to files, to be looked at in a browser.
#[test]
fn samples_can_be_looked_at() {
    let Some(folder) = std::env::var_os("WEB_SAMPLES") else { return };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("gongkai.css"), super::asset::STYLES.join("\n")).unwrap();
    let assets = super::asset::Assets::default();
    for (n, (name, text)) in pages().into_iter().enumerate() {
        let text = text.replace(&assets.style, "gongkai.css");
        std::fs::write(folder.join(format!("{n:02}-{name}.html")), text).unwrap();
    }
}
