//! The full-text index against a plain scan of the same texts, and through crashes, damage and nonsense.
#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(missing_docs, reason = "the names of the tests say what they hold")]

use proptest::prelude::*;
use search::{Answer, Document, Facet, FoundBy, FullText, FullTextError, Order, Query, Segment, Synonyms};
use std::path::Path;

fn open(folder: &Path) -> FullText {
    FullText::open(folder, Synonyms::default()).unwrap()
}

fn document(id: &str, title: &str, body: &str) -> Document {
    Document { id: id.into(), title: title.into(), body: body.into(), ..Document::default() }
}

fn filled(documents: &[Document]) -> (tempfile::TempDir, FullText) {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    documents.iter().for_each(|d| index.put(d).unwrap());
    index.commit().unwrap();
    (folder, index)
}

fn ask(index: &FullText, text: &str) -> Answer {
    index.find(&Query { text: text.into(), ..Query::default() }).unwrap()
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|h| h.id.as_str()).collect()
}

fn show(segments: &[Segment]) -> String {
    segments.iter().map(|(t, m)| if *m { format!("[{t}]") } else { t.clone() }).collect()
}

/// The common form by another way than the index makes it, for the characters of the generated texts.
fn plain(text: &str) -> String {
    let chars = text.chars().filter(|c| *c != '\u{3000}').map(|c| match c {
        'Ａ' | 'A' => 'a',
        '１' => '1',
        '，' | '〔' | '。' => '|',
        c => c,
    });
    let text: String = chars.collect();
    text.split('|').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("|")
}

const LETTERS: [char; 12] = ['政', '府', '公', '开', '的', '1', '１', 'A', 'a', '，', '〔', '。'];

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&LETTERS[..]), 0..most).prop_map(|c| c.into_iter().collect())
}

/// Some words of five characters that stand in a text.
fn words_of(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(5).step_by(9).map(|w| w.iter().collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// No exact hit is missed and none invented, whatever is looked for.
    #[test]
    fn totals_equal_a_plain_scan(
        documents in prop::collection::vec((text(12), text(80), text(20)), 1..40),
        gone in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        asked in prop::collection::vec(text(7), 40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let index = open(folder.path());
        for (n, (title, body, attached)) in documents.iter().enumerate() {
            let attachments = vec![("附件".to_owned(), attached.clone())];
            index.put(&Document { attachments, ..document(&n.to_string(), title, body) }).unwrap();
            if n % 17 == 0 {
                index.commit().unwrap();
            }
        }
        let gone: Vec<usize> = gone.iter().map(|g| g.index(documents.len())).collect();
        gone.iter().for_each(|n| index.remove(&n.to_string()));
        index.commit().unwrap();
        let present = documents.iter().flat_map(|(title, body, _)| [title, body]).flat_map(|t| words_of(t));
        for word in asked.iter().cloned().chain(present).filter(|w| !plain(w).is_empty()) {
            let holds = |t: &str| plain(t).contains(&plain(&word));
            let expected: Vec<String> = documents
                .iter()
                .enumerate()
                .filter(|(n, (title, body, attached))| {
                    !gone.contains(n) && [title, body, attached].iter().any(|t| holds(t))
                })
                .map(|(n, _)| n.to_string())
                .collect();
            let query = Query { text: format!("“{word}”"), limit: 100, exact: true, ..Query::default() };
            for _ in 0..2 {
                let answer = index.find(&query).unwrap();
                let mut found: Vec<&str> = ids(&answer);
                found.sort_by_key(|id| id.parse::<usize>().unwrap());
                prop_assert_eq!(&found, &expected, "{:?}", word);
                prop_assert_eq!(answer.total, expected.len());
            }
        }
    }
}

/// The same where lists of documents are long, read in blocks and by several threads.
#[test]
fn totals_equal_a_plain_scan_over_thousands_of_documents() {
    let mut state = 1_u64;
    let mut text = |length: usize| -> String {
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ['政', '府', '公', '开', '，'][(state >> 33) as usize % 5]
        };
        (0..length).map(|_| letter()).collect()
    };
    let texts: Vec<String> = (0..8_000).map(|_| text(30)).collect();
    let documents: Vec<Document> =
        texts.iter().enumerate().map(|(n, body)| document(&n.to_string(), "题", body)).collect();
    let (_folder, index) = filled(&documents);
    let words: Vec<String> = (0..60).map(|n| text(n % 6 + 1)).filter(|w| !plain(w).is_empty()).collect();
    for word in &words {
        let expected = texts.iter().filter(|t| plain(t).contains(&plain(word))).count();
        let query = Query { text: format!("“{word}”"), exact: true, ..Query::default() };
        assert_eq!(index.find(&query).unwrap().total, expected, "{word}");
    }
    let both =
        Query { text: "“政府” “公开” -“府公”".into(), exact: true, ..Query::default() };
    let holds = |t: &&String| t.contains("政府") && t.contains("公开") && !t.contains("府公");
    assert_eq!(index.find(&both).unwrap().total, texts.iter().filter(holds).count());
}

#[test]
fn nonsense_finds_nothing_and_says_nothing() {
    let (_folder, index) = filled(&[document("1", "低保办法", "低保标准a1")]);
    let long = "低保".repeat(5_000);
    let word = "a".repeat(10_000);
    let typed = ["，。！？", "\"", "“”", "-", "\u{0}\u{1b}[31m", "🙂🙂", "- -", "🙂 低保 \""];
    for typed in typed.into_iter().chain([long.as_str(), word.as_str()]) {
        let answer = ask(&index, typed);
        assert!(answer.total <= 1, "{typed}");
    }
    assert!(ask(&index, &long).cut);
    assert_eq!(ask(&index, "").total, 1, "nothing typed is no condition");
    assert_eq!(ask(&index, "-低保").total, 0);
    assert_eq!(ask(&index, "-医保").total, 1);
    let far = Query { text: "低保".into(), offset: usize::MAX, limit: usize::MAX, ..Query::default() };
    assert_eq!(index.find(&far).unwrap().total, 1);
    let mut runner = proptest::test_runner::TestRunner::default();
    let strategy = "\\PC{0,40}|[\"“”\\-低保 a1]{0,30}";
    runner
        .run(&strategy, |typed| {
            ask(&index, &typed);
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_committed_is_seen_and_replaced_alone() {
    let (folder, index) = filled(&[document("1", "低保办法", ""), document("2", "供水办法", "")]);
    index.put(&document("1", "医保办法", "")).unwrap();
    assert_eq!(ids(&ask(&index, "“低保”")), ["1"], "not committed");
    index.commit().unwrap();
    assert_eq!(ask(&index, "“低保”").total, 0);
    assert_eq!(ids(&ask(&index, "“医保”")), ["1"]);
    index.remove("2");
    index.commit().unwrap();
    assert_eq!(index.len(), 1);
    index.put(&document("3", "不提交", "")).unwrap();
    assert!(matches!(FullText::open(folder.path(), Synonyms::default()), Err(FullTextError::Busy)));
    drop(index);
    let index = open(folder.path());
    assert_eq!(index.len(), 1, "what was not committed is lost, nothing else");
    index.check().unwrap();
}

/// Writes for ever and says after each commit how many documents are in, until it is killed. A test only so that this
/// program can start itself as another process.
#[test]
fn writer_that_is_killed() {
    use std::io::Write;
    let Some(folder) = std::env::var_os("FULL_TEXT_FOLDER") else { return };
    let index = open(Path::new(&folder));
    for n in index.len().. {
        index.put(&document(&n.to_string(), "低保办法", &"低保标准和申请".repeat(50))).unwrap();
        if n % 3 == 0 {
            index.commit().unwrap();
            writeln!(std::io::stdout(), "\ncommitted {}", n + 1).unwrap();
        }
    }
}

#[test]
fn a_killed_writer_loses_only_what_was_not_committed() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 1..4 {
        let mut writer = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer_that_is_killed", "--nocapture"])
            .env("FULL_TEXT_FOLDER", folder.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        let committed =
            lines.filter_map(|l| l.strip_prefix("committed ").and_then(|n| n.parse::<usize>().ok()));
        let last = committed.take(3 + round).last().unwrap();
        writer.kill().unwrap();
        writer.wait().unwrap();
        let index = open(folder.path());
        assert!(index.len() >= last && last > before, "{} of {last}", index.len());
        assert_eq!(ask(&index, "“标准和申请低保”").total, index.len());
        index.check().unwrap();
        before = index.len();
    }
}

#[test]
fn an_index_that_cannot_be_read_says_so_and_can_be_renewed() {
    let (folder, index) = filled(&[document("1", "低保办法", "低保")]);
    drop(index);
    std::fs::write(folder.path().join("VERSION"), "gongkai full text 0").unwrap();
    assert!(matches!(FullText::open(folder.path(), Synonyms::default()), Err(FullTextError::Rebuild(_))));
    let index = FullText::renew(folder.path(), Synonyms::default()).unwrap();
    index.put(&document("2", "供水办法", "")).unwrap();
    index.commit().unwrap();
    assert_eq!(ids(&ask(&index, "办法")), ["2"]);
    drop(index);
    for name in ["meta.json", "term", "store", "fast"] {
        let mut files = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().path());
        let file = files.find(|f| f.to_str().unwrap().ends_with(name)).unwrap();
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let opened = FullText::open(folder.path(), Synonyms::default());
        let found = opened.and_then(|index| index.check());
        assert!(matches!(found, Err(FullTextError::Rebuild(_))), "{name}: {found:?}");
        std::fs::write(&file, &whole).unwrap();
    }
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("a.txt"), "mine").unwrap();
    assert!(matches!(FullText::renew(other.path(), Synonyms::default()), Err(FullTextError::Foreign(_))));
    assert!(other.path().join("a.txt").is_file());
}

#[test]
fn a_number_is_found_first_however_it_is_typed() {
    let cites = "高政发〔2020〕12号同时废止。2020 12 高政发";
    let mut documents = vec![document("cites", "关于调整2020年12号文件的通知", cites)];
    for n in 1..30 {
        documents.push(Document {
            number: format!("高政发〔2020〕{n}号"),
            index_number: format!("000014349/2020-{n:05}"),
            ..document(&n.to_string(), "关于印发方案的通知", "正文")
        });
    }
    let (_folder, index) = filled(&documents);
    let numbers = [
        "高政发2020 12",
        "高政发[2020]12号",
        "高政发〔2020〕12 号",
        "高政发（2020）12号",
        "高政发202012",
        "政发〔2020〕12号",
    ];
    for typed in numbers.into_iter().chain(["000014349/2020-00012", "000014349202000012", "2020-00012"]) {
        assert_eq!(ids(&ask(&index, typed))[0], "12", "{typed}");
    }
    assert_eq!(ask(&index, "高政发2020 12").total, 2, "the document and the one that cites it");
}

#[test]
fn facets_filters_and_orders() {
    let make = |n: i8, unit: &str, in_force: bool| {
        let dated = Document {
            published_on: Some(jiff::civil::date(2020, 1, n)),
            made_on: Some(jiff::civil::date(2019, 1, 9 - n)),
            in_force,
            ..document(&n.to_string(), "低保通知", "低保")
        };
        dated.with(Facet::Unit, unit).with(Facet::Year, "2020")
    };
    let (_folder, index) =
        filled(&[make(1, "民政局", true), make(2, "民政局", false), make(3, "财政局", true)]);
    let base = Query { text: "低保".into(), order: Order::Newest, ..Query::default() };
    let answer = index.find(&base).unwrap();
    assert_eq!(ids(&answer), ["3", "2", "1"]);
    assert_eq!(answer.facets[0], (Facet::Unit, vec![("民政局".into(), 2), ("财政局".into(), 1)]));
    let filtered =
        Query { filters: vec![(Facet::Unit, "民政局".into())], in_force_first: true, ..base.clone() };
    let answer = index.find(&filtered).unwrap();
    assert_eq!((ids(&answer), answer.total), (vec!["1", "2"], 2));
    assert_eq!(answer.facets[0].1.len(), 2, "what another unit would give");
    assert_eq!(answer.facets[Facet::Year as usize].1, [("2020".to_owned(), 2)]);
    let none = Query { filters: vec![(Facet::Unit, "无".into())], ..base.clone() };
    assert_eq!(index.find(&none).unwrap().total, 0);
    let since = Query { since: Some(jiff::civil::date(2020, 1, 2)), order: Order::Oldest, ..base.clone() };
    assert_eq!(ids(&index.find(&since).unwrap()), ["2", "3"]);
    let made = Query { order: Order::LastMade, ..base.clone() };
    assert_eq!(ids(&index.find(&made).unwrap()), ["1", "2", "3"]);
    let page = Query { offset: 1, limit: 1, until: Some(jiff::civil::date(2020, 1, 2)), ..base };
    assert_eq!(ids(&index.find(&page).unwrap()), ["1"]);
}

#[test]
fn an_item_has_several_values_of_a_facet() {
    let make = |id: &str, fields: &str| document(id, "低保通知", "低保").with(Facet::Field, fields);
    let (_folder, index) =
        filled(&[make("1", "社会救助"), make("2", "社会救助\n养老服务"), make("3", "养老"), make("4", "")]);
    let of = |fields: &[&str]| {
        let filters = fields.iter().map(|f| (Facet::Field, (*f).to_owned())).collect();
        let query = Query { text: "低保".into(), filters, order: Order::Newest, ..Query::default() };
        let answer = index.find(&query).unwrap();
        let mut found: Vec<String> = answer.hits.iter().map(|h| h.id.clone()).collect();
        found.sort();
        (found, answer.facets[Facet::Field as usize].1.clone())
    };
    let counts = |all: &[(&str, usize)]| all.iter().map(|(v, n)| ((*v).to_owned(), *n)).collect::<Vec<_>>();
    let every = counts(&[("社会救助", 2), ("养老", 1), ("养老服务", 1)]);
    assert_eq!(of(&[]), (vec!["1".into(), "2".into(), "3".into(), "4".into()], every.clone()));
    assert_eq!(of(&["养老服务"]), (vec!["2".into()], every.clone()), "what another choice would give");
    assert_eq!(of(&["养老"]).0, ["3"]);
    assert_eq!(of(&["社会救助", "养老"]).0, ["1", "2", "3"]);
    for none in ["", "社会救助\n养老服务", "救助"] {
        assert_eq!(of(&[none]).0, [] as [String; 0], "{none}");
    }
}

#[test]
fn only_those_are_found_that_are_named() {
    let of = |n: usize, title: &str| document(&format!("document:{n}"), title, "样例办法全文");
    let all: Vec<Document> = (0..40).map(|n| of(n, if n % 2 == 0 { "样例办法" } else { "通知" })).collect();
    let (_folder, index) = filled(&all);
    let among = |text: &str, named: &[usize]| {
        let ids = named.iter().map(|n| format!("document:{n}")).collect();
        let query = Query { text: text.into(), among: Some(ids), limit: 100, ..Query::default() };
        let answer = index.find(&query).unwrap();
        let mut found: Vec<String> = answer.hits.iter().map(|h| h.id.clone()).collect();
        found.sort();
        (answer.total, found, answer.found_by)
    };
    let found =
        |total, ids: &[&str], by| (total, ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>(), by);
    assert_eq!(among("通知", &[1, 2, 39]), found(2, &["document:1", "document:39"], FoundBy::AsTyped));
    assert_eq!(among("", &[3, 4, 99]), found(2, &["document:3", "document:4"], FoundBy::AsTyped));
    assert_eq!(among("-通知", &[3, 4]), found(1, &["document:4"], FoundBy::AsTyped));
    assert_eq!(among("通知", &[]).0, 0);
    assert_eq!(among("样例 通知", &[1]).0, 1);
    index.put(&of(39, "新的通知")).unwrap();
    index.remove("document:1");
    index.commit().unwrap();
    assert_eq!(among("通知", &[1, 2, 39]), found(1, &["document:39"], FoundBy::AsTyped));
}

#[test]
fn titles_before_texts_and_matches_are_marked() {
    let long = "别的内容。".repeat(60);
    let body = format!("{long}<b>低保</b>标准为每人每月低保金。{long}");
    let (_folder, index) = filled(&[
        document("body", "关于做好工作的通知", &body),
        document("title", "低保标准", "每人每月六百元。"),
    ]);
    let answer = ask(&index, "低保");
    assert_eq!(ids(&answer), ["title", "body"]);
    assert_eq!(show(&answer.hits[0].title), "[低保]标准");
    assert_eq!(show(&answer.hits[0].snippet), "每人每月六百元。");
    let snippet = show(&answer.hits[1].snippet);
    assert!(snippet.starts_with("…<b>[低保]</b>标准"), "{snippet}");
}

#[test]
fn other_words_are_tried_and_said() {
    let (_folder, index) = filled(&[
        document("1", "高平市最低生活保障办法", "家庭人均收入低于标准的可以申请。"),
        document("2", "住房公积金提取管理办法", "职工购买自住住房可以提取。"),
        document("3", "政府信息公开指南", "向本机关申请公开。"),
    ]);
    assert_eq!(ids(&ask(&index, "低保")), ["1"], "synonym");
    assert_eq!(ids(&ask(&index, "gaoping")), ["1"]);
    assert_eq!(ids(&ask(&index, "zfxxgk")), ["3"]);
    let answer = ask(&index, "公积京提取");
    assert_eq!((ids(&answer), answer.found_by), (vec!["2"], FoundBy::Corrected));
    assert_eq!(answer.suggestion.as_deref(), Some("公积金提取"));
    let answer = ask(&index, "怎么提取公积金");
    assert_eq!((ids(&answer), answer.found_by), (vec!["2"], FoundBy::Split));
    let answer = ask(&index, "公积金 提取 超市");
    assert_eq!((ids(&answer), answer.found_by), (vec!["2"], FoundBy::Fewer));
    assert_eq!(answer.left_out, ["超市"]);
    assert_eq!(ask(&index, "“公积京”").total, 0, "a phrase is what it is");
}
