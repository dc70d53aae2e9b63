//! Old documents come in with a list and their files, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, entries, officer, verifies};
use law::docket::document::{Category, DocumentEvent};
use place::{day, now, on_both, operator, units};
use service::document::{AtAddress, PublicAsk};
use service::row::DocumentFilter;
use service::transfer::batch::{
    Archive, Batch, Folder, NoFiles, Reading, RowOutcome, RowState, ToTake, batch_template,
};
use service::{Change, Context, Error, Location, Page, Role, Service};
use std::collections::HashMap;
use std::io::{Cursor, Write};
use std::sync::Arc;
use zip::write::SimpleFileOptions;

on_both! { a_list_is_tried_taken_and_taken_again what_was_stopped_goes_on_and_doubles_nothing
what_is_there_is_known_and_what_differs_is_refused what_must_not_be_public_is_nowhere_until_it_is_settled
files_are_read_by_their_content the_text_is_compared_with_the_list reach_is_that_of_the_unit
columns_and_lists_that_cannot_be_used_get_one_sentence validity_is_taken_from_the_list }

const MOBILE: &str = "13800138000";
const HEADINGS: &str = "发文字号,标题,制作机关,成文日期,公开属性,理由依据,发布日期,正文文件名,附件文件名";

struct Files(HashMap<String, Vec<u8>>);

impl Folder for Files {
    fn read(&self, name: &str, most: u64) -> Reading {
        match self.0.get(name) {
            None => Reading::Missing,
            Some(content) if content.len() as u64 > most => Reading::TooLarge,
            Some(content) => Reading::Content(content.clone()),
        }
    }
}

fn files(all: &[(&str, Vec<u8>)]) -> Arc<dyn Folder> {
    Arc::new(Files(all.iter().map(|(name, content)| ((*name).to_owned(), content.clone())).collect()))
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn docx(lines: &[&str]) -> Vec<u8> {
    let body: String = lines.iter().map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")).collect();
    let document = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    archive(&[("[Content_Types].xml", types.as_bytes()), ("word/document.xml", document.as_bytes())])
}

fn ofd(line: &str) -> Vec<u8> {
    let of = |inner: &str, root: &str| {
        format!(r#"<ofd:{root} xmlns:ofd="http://www.ofdspec.org/2016">{inner}</ofd:{root}>"#)
    };
    let entry = of("<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>", "OFD");
    let document = of(r#"<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Content.xml"/></ofd:Pages>"#, "Document");
    let text = format!(
        r#"<ofd:TextObject Boundary="0 0 9 9" Size="5"><ofd:TextCode Y="4">{line}</ofd:TextCode></ofd:TextObject>"#
    );
    let page = of(&format!("<ofd:Content><ofd:Layer>{text}</ofd:Layer></ofd:Content>"), "Page");
    let parts = [("OFD.xml", &entry), ("Doc_0/Document.xml", &document), ("Doc_0/Pages/Content.xml", &page)];
    archive(&parts.map(|(name, text)| (name, text.as_bytes())))
}

/// A page with nothing on it, as a scan without its picture.
fn blank_pdf() -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for object in [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ] {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", places.len()).bytes());
    }
    let start = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    places.iter().for_each(|at| pdf.extend(format!("{at:010} 00000 n \n").bytes()));
    pdf.extend(format!("trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    pdf
}

/// A document as it looks, with its number, title, maker and date.
fn text(number: &str, title: &str, date: &str) -> String {
    format!("{number}\n\n{title}\n\n各单位：\n做好有关工作。\n\n样本市人民政府办公室\n{date}\n")
}

fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

async fn open_as(
    service: &Service,
    ctx: &Context,
    list: &[u8],
    files: Arc<dyn Folder>,
) -> service::Result<Batch> {
    let to = ToTake {
        name: "历史公文.csv".into(),
        list: Box::new(Cursor::new(list.to_vec())),
        files,
        unit: None,
        category: Some(Category::Official),
        most_rows: None,
    };
    service.open_batch(ctx, to).await
}

async fn rows_of(batch: &mut Batch, ctx: impl Fn() -> Context, take: bool) -> Vec<RowOutcome> {
    let mut all = Vec::new();
    loop {
        let some = batch.next(&ctx, take).await.unwrap();
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

async fn run(service: &Service, list: &[u8], files: Arc<dyn Folder>, take: bool) -> Vec<RowOutcome> {
    let mut batch = open_as(service, &operator(now()), list, files).await.unwrap();
    rows_of(&mut batch, || operator(now()), take).await
}

fn states(all: &[RowOutcome]) -> Vec<RowState> {
    all.iter().map(|r| r.state).collect()
}

fn said(row: &RowOutcome) -> String {
    row.notes.iter().map(|n| format!("{}：{}", n.column, n.text)).collect::<Vec<_>>().join("\n")
}

async fn documents(service: &Service) -> Vec<service::row::DocumentRow> {
    let page = Page { after: None, limit: 1_000 };
    service.documents(&operator(now()), DocumentFilter::default(), page).await.unwrap()
}

async fn public(service: &Service) -> usize {
    service.public_documents(&PublicAsk::default(), None).await.unwrap().len()
}

async fn a_list_is_tried_taken_and_taken_again(service: Service, at: Location) {
    use RowState::{Bad, Known, Published, Taken, Waiting};
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let list = format!(
        "{HEADINGS}\n\
         样政办发〔2019〕1号,关于一事的通知,市政府办,2019-03-20,主动公开,,2019年3月22日,一.docx,表.csv\n\
         样政办发〔2019〕2号,关于二事的通知,市政府办,2019-04-01,主动公开,,2019-04-03,二.txt,\n\
         样政办发〔2019〕3号,关于三事的通知,市政府办,2019-05-01,依申请公开,内部事务，条例第十六条,,三.html,\n\
         样政办发〔2019〕4号,关于四事的通知,市政府办,2019-06-01,主动公开,,2019-06-02,没有.docx,\n\
         样政办发〔2019〕5号,关于五事的通知,市政府办,2019-07-01,主动公开,,,,\n\
         样政办发〔2019〕6号,关于六事的通知,市政府办,2019-08-01,主动公开,,,,\n\
         样政办发〔2019〕6号,关于七事的通知,市政府办,2019-08-02,主动公开,,,,\n\
         ,关于八事的函,市政府办,2019-09-01,主动公开,,2019-09-02,,\n"
    );
    let (gbk, ..) = encoding_rs::GB18030.encode(&list);
    let one = text("样政办发〔2019〕1号", "关于一事的通知", "2019年3月20日");
    let two =
        text("样政办发〔2019〕2号", "关于二事的通知", "2019年4月1日") + &format!("联系电话：{MOBILE}\n");
    let all = || {
        files(&[
            ("一.docx", docx(&one.lines().collect::<Vec<_>>())),
            ("表.csv", "序号,任务\n1,计划\n".into()),
            ("二.txt", two.clone().into_bytes()),
            ("三.html", "<p>样政办发〔2019〕3号</p><p>关于三事的通知</p>".into()),
        ])
    };
    let before = entries(&service).await;
    let wanted = [Published, Waiting, Taken, Bad, Taken, Bad, Bad, Published];
    let tried = run(&service, &gbk, all(), false).await;
    assert_eq!(states(&tried), wanted, "{tried:#?}");
    assert_eq!(entries(&service).await, before, "a trial writes nothing");
    assert!(tried.iter().all(|r| r.document.is_none()));
    assert!(said(&tried[0]).is_empty(), "{}", said(&tried[0]));
    assert!(
        said(&tried[1]).contains("正文第7段：手机号码") && !said(&tried[1]).contains(MOBILE),
        "{}",
        said(&tried[1])
    );
    assert!(said(&tried[3]).contains("没有找到文件“没有.docx”"));
    assert!(
        said(&tried[5]).contains("与第8行的发文字号相同")
            && said(&tried[6]).contains("与第7行的发文字号相同")
    );

    let taken = run(&service, &gbk, all(), true).await;
    assert_eq!(states(&taken), wanted);
    assert_eq!((documents(&service).await.len(), public(&service).await), (5, 2));
    let AtAddress::Public(shown) = service.public_document(taken[0].document.unwrap()).await.unwrap() else {
        panic!()
    };
    assert!(shown.body.unwrap().contains("做好有关工作。"));
    let names: Vec<&str> = shown.annexes.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["一.docx", "表.csv"], "the original beside its words");
    let row = documents(&service).await.into_iter().find(|d| Some(d.id) == taken[0].document).unwrap();
    assert_eq!(row.disclosed_on, Some(day("2019-03-22")), "published when it was published");
    let view = service.document_view(&operator(now()), row.id).await.unwrap().standing.unwrap();
    assert_eq!(view.imported.as_ref().map(|i| (i.list.as_str(), i.row)), Some(("历史公文.csv", 2)));
    let years: Vec<i16> = view.tallies().iter().map(|t| t.year).collect();
    assert!(years.iter().all(|year| *year == 2019), "{years:?}");

    // The list is corrected and comes again: nothing twice, and what was missing now.
    let better =
        list.replace("没有.docx", "").replace("样政办发〔2019〕6号,关于七事", "样政办发〔2019〕7号,关于七事");
    let again = run(&service, better.as_bytes(), all(), true).await;
    assert_eq!(states(&again), [Known, Known, Known, Published, Known, Taken, Taken, Known], "{again:#?}");
    assert_eq!(documents(&service).await.len(), 8);
    verifies(&service).await;
}

async fn what_was_stopped_goes_on_and_doubles_nothing(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let mut list = format!("\u{feff}{HEADINGS}\n");
    for n in 1..=30 {
        // Every third has no number: it is known by what it says.
        let number = if n % 3 == 0 { String::new() } else { format!("样政办发〔2018〕{n}号") };
        list += &format!("{number},关于第{n}事的通知,市政府办,2018-03-20,主动公开,,2018-03-22,正文.txt,\n");
    }
    let all = || files(&[("正文.txt", "一、做好工作。".into())]);
    let mut batch = open_as(&service, &operator(now()), list.as_bytes(), all()).await.unwrap();
    assert_eq!(batch.rows(), 30);
    for _ in 0..3 {
        assert_eq!(batch.next(|| operator(now()), true).await.unwrap().len(), 4);
    }
    drop(batch);
    assert_eq!(public(&service).await, 12);
    // Two go on at the same time.
    let (one, two) = tokio::join!(
        run(&service, list.as_bytes(), all(), true),
        run(&service, list.as_bytes(), all(), true)
    );
    let took = |all: &[RowOutcome]| all.iter().filter(|r| r.state == RowState::Published).count();
    assert_eq!(took(&one) + took(&two), 18, "{one:#?} {two:#?}");
    assert_eq!(documents(&service).await.len(), 30);
    let mut again = open_as(&service, &operator(now()), list.as_bytes(), all()).await.unwrap();
    again.skip(28).unwrap();
    let rest = rows_of(&mut again, || operator(now()), true).await;
    assert_eq!(
        rest.iter().map(|r| (r.row, r.state)).collect::<Vec<_>>(),
        [(30, RowState::Known), (31, RowState::Known)]
    );
    verifies(&service).await;
}

async fn what_is_there_is_known_and_what_differs_is_refused(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let list = |title: &str, index: &str| {
        format!(
            "标题,发文字号,索引号,发布机构,生成日期,公开方式\n{title},样政发〔2019〕1号,{index},市政府,2019-03-20,主动公开\n"
        )
    };
    let one = |list: String| {
        let service = service.clone();
        async move { run(&service, list.as_bytes(), Arc::new(NoFiles), true).await.remove(0) }
    };
    assert_eq!(one(list("某通知", "000014349/2019-00001")).await.state, RowState::Taken);
    assert_eq!(one(list("某通知", "000014349/2019-00001")).await.state, RowState::Known);
    let other = one(list("别的通知", "")).await;
    assert_eq!(other.state, RowState::Bad);
    assert!(said(&other).contains("发文字号“样政发〔2019〕1号”已经登记给另一件公文"), "{}", said(&other));
    let other = list("别的通知", "000014349/2019-00001").replace("〔2019〕1号", "〔2019〕2号");
    assert!(said(&one(other).await).contains("索引号“000014349/2019-00001”已经登记给另一件公文"));
    assert_eq!(documents(&service).await.len(), 1);
}

async fn what_must_not_be_public_is_nowhere_until_it_is_settled(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let list = format!(
        "{HEADINGS}\n\
         样政办发〔2019〕1号,关于{MOBILE}的通知,市政府办,2019-03-20,主动公开,,2019-03-22,,\n\
         样政办发〔2019〕2号,关于二事的通知,市政府办,2019-03-20,主动公开,,2019-03-22,,名单{MOBILE}.csv\n\
         样政办发〔2019〕3号,关于三事的通知,市政府办,2019-03-20,主动公开,,2019-03-22,扫描.pdf,\n\
         样政办发〔2019〕4号,关于四事的通知,市政府办,2019-03-20,不予公开,国家秘密，条例第十四条,,四.txt,\n\
         样政办发〔2019〕5号,关于五事的通知,市政府办,2019-03-20,不予公开,国家秘密，条例第十四条,2019-03-22,,\n\
         样政办发〔2019〕6号,关于六事的通知,市政府办,2019-03-20,主动公开,,2021-03-02,,\n"
    );
    let name = format!("名单{MOBILE}.csv");
    let csv = "甲,乙\n".as_bytes().to_vec();
    let all =
        files(&[(&name, csv), ("扫描.pdf", docx(&["改了名的文件"])), ("四.txt", "不公开的内容".into())]);
    let taken = run(&service, list.as_bytes(), all, true).await;
    use RowState::{Bad, Published, Taken, Waiting};
    let wanted = [Waiting, Waiting, Published, Taken, Bad, Bad];
    // What a file is, its content says: this one is no scan.
    assert_eq!(states(&taken), wanted, "{taken:#?}");
    assert!(said(&taken[4]).contains("公开属性为“不予公开”的公文没有发布日期"));
    assert!(said(&taken[5]).contains("晚于今天"));
    assert_eq!(public(&service).await, 1);
    let ids = taken.iter().enumerate().filter(|(n, _)| *n != 2).filter_map(|(_, r)| r.document);
    for id in ids {
        assert!(matches!(service.public_document(id).await, Err(Error::NotFound(_))), "{id}");
    }
    let waiting = service.waiting_imports(&operator(now()), None).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|w| w.published_on == day("2019-03-22")));

    // A person settles it, and publishes it on the day it was published.
    let id = taken[1].document.unwrap();
    let find = service.check_document(&operator(now()), id).await.unwrap();
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    let said = (find[0].key.as_str(), "属于办公电话");
    let version = service.settle_finding(operator(now()), id, version, said).await.unwrap();
    let disclosed = Change::event(day("2019-03-22"), DocumentEvent::Disclosed { url: None });
    service.change_document(operator(now()), id, version, disclosed).await.unwrap();
    assert_eq!(service.waiting_imports(&operator(now()), None).await.unwrap().len(), 1);
    assert_eq!(public(&service).await, 2);
    verifies(&service).await;
}

async fn files_are_read_by_their_content(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let row = |n: usize, file: &str| {
        format!("样政办发〔2019〕{n}号,关于事项{n}的通知,市政府办,2019-03-20,主动公开,,,{file}\n")
    };
    let headings = HEADINGS.trim_end_matches(",附件文件名");
    let names = ["版式.ofd", "扫描.pdf", "坏.docx", "断.docx", "旧.doc", "表.csv", "../外.txt"];
    let rows: String = names.iter().zip(1..).map(|(name, n)| row(n, name)).collect();
    let whole = docx(&["某通知"]);
    let zip = archive(&[
        ("文件/版式.ofd", &ofd("版式文件的正文")),
        ("文件/扫描.pdf", &blank_pdf()),
        (
            "文件/坏.docx",
            &archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document")]),
        ),
        ("文件/断.docx", &whole[..whole.len() / 2]),
        ("文件/旧.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"),
        ("文件/表.csv", "甲,乙\n".as_bytes()),
    ]);
    let folder: Arc<dyn Folder> = Arc::new(Archive::open(zip).unwrap());
    let taken = run(&service, format!("{headings}\n{rows}").as_bytes(), folder, true).await;
    use RowState::{Bad, Taken};
    assert_eq!(states(&taken), [Taken, Taken, Taken, Bad, Bad, Taken, Bad], "{taken:#?}");
    for (n, words) in [
        (1, "可能是扫描件"),
        (2, "不能读取文字"),
        (3, "不完整或者已经损坏"),
        (4, "旧版Word文档"),
        (5, "不是文字文件"),
        (6, "没有找到文件"),
    ] {
        assert!(said(&taken[n]).contains(words), "{n}: {}", said(&taken[n]));
    }
    let body = |n: usize| {
        let (service, id) = (service.clone(), taken[n].document.unwrap());
        async move { service.document_body(&operator(now()), id).await.unwrap().map(|(_, text)| text) }
    };
    assert_eq!(body(0).await.as_deref(), Some("版式文件的正文"));
    assert_eq!((body(1).await, body(2).await), (None, None));
    // A page of words alone needs no look; one with a telephone number does.
    let check = |n: usize| {
        let (service, id) = (service.clone(), taken[n].document.unwrap());
        async move { service.check_document(&operator(now()), id).await.unwrap() }
    };
    assert!(check(0).await.is_empty(), "{:?}", check(0).await);
    assert!(
        check(2).await.iter().any(|f| f.what == "需要打开查看的文件"),
        "what cannot be read is looked at"
    );
    let list = format!(
        "{headings}\n样政办发〔2019〕9号,关于事项九的通知,市政府办,2019-03-20,主动公开,,2019-03-22,号码.ofd\n"
    );
    let hidden = files(&[("号码.ofd", ofd(&format!("电话{MOBILE}")))]);
    let told = run(&service, list.as_bytes(), hidden, true).await.remove(0);
    assert_eq!(told.state, RowState::Waiting);
    assert!(said(&told).contains("附件《号码.ofd》第1段：手机号码"), "{}", said(&told));
    for n in [0, 1, 2, 5] {
        let kept = service.document_files(&operator(now()), taken[n].document.unwrap()).await.unwrap();
        assert!(kept.iter().any(|f| f.name == names[n]), "{n}: the original is kept");
    }
    verifies(&service).await;
}

async fn the_text_is_compared_with_the_list(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let list = format!(
        "{HEADINGS}\n样政办发[2018]1号,关于一事的通知,市政府,2019-03-20,主动公开,,2019-03-22,一.txt,\n"
    );
    let body = text("样政办发〔2019〕11号", "关于另一事的通知", "2019年3月2日");
    let taken = run(&service, list.as_bytes(), files(&[("一.txt", body.into_bytes())]), true).await;
    assert_eq!(taken[0].state, RowState::Published, "a doubt is for a person, not a bar");
    let said = said(&taken[0]);
    for words in [
        "发文字号：文号“样政办发[2018]1号”的年份应当用六角括号",
        "正文的发文字号是样政办发〔2019〕11号，与登记的“样政办发[2018]1号”不一致（正文第1行）",
        "标题：正文开头没有找到这个标题",
        "成文日期：正文落款的日期是2019年3月2日，与登记的2019年3月20日不一致（正文第9行）",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

async fn reach_is_that_of_the_unit(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let (_, office) = units(&service).await;
    let list = format!(
        "{HEADINGS}\n,甲通知,市政府办,2019-03-20,主动公开,,,,\n,乙通知,市政府,2019-03-20,主动公开,,,,\n"
    );
    let clerk = officer(office, &[Role::Officer]);
    let mut batch = open_as(&service, &by(&clerk), list.as_bytes(), Arc::new(NoFiles)).await.unwrap();
    for take in [false, true] {
        batch.rewind().unwrap();
        let all = rows_of(&mut batch, || by(&clerk), take).await;
        assert_eq!(states(&all), [RowState::Taken, RowState::Bad], "{all:#?}");
    }
    assert_eq!(documents(&service).await.len(), 1);
    let reader = officer(office, &[Role::Supervisor]);
    let refused = open_as(&service, &by(&reader), list.as_bytes(), Arc::new(NoFiles)).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    assert!(service.waiting_imports(&by(&clerk), None).await.unwrap().is_empty());
}

async fn columns_and_lists_that_cannot_be_used_get_one_sentence(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let sentence = |list: &str| {
        let (service, list) = (service.clone(), list.as_bytes().to_vec());
        async move { open_as(&service, &operator(now()), &list, Arc::new(NoFiles)).await.unwrap_err().to_string() }
    };
    assert!(sentence("标题,制作机关\n甲,乙\n").await.contains("表头缺少“公开属性”“成文日期”列"));
    assert!(sentence(&format!("{HEADINGS},颜色\n")).await.contains("“颜色”"));
    assert!(sentence(&format!("{HEADINGS},文号\n,,,,,,,,,\n")).await.contains("不止一次"));
    assert!(sentence(&format!("{HEADINGS}\n")).await.contains("没有公文"));
    assert!(sentence(&format!("{HEADINGS}\n,甲通知,市政府办,2019")).await.contains("不完整"));
    // Of the template nothing is in the way.
    let template = batch_template().unwrap();
    let refused = open_as(&service, &operator(now()), &template, Arc::new(NoFiles)).await.unwrap_err();
    assert!(refused.to_string().contains("没有公文"), "{refused}");
}

async fn validity_is_taken_from_the_list(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    units(&service).await;
    let list = "公文类别,标题,制作机关,成文日期,公开属性,施行日期,有效期,有效性,废止日期,废止/修改依据\n\
        行政规范性文件,甲办法,市政府,2017-03-20,主动公开,2017-04-01,5年,有效,,\n\
        行政规范性文件,乙办法,市政府,2010-03-20,主动公开,2010-04-01,5年,失效,,\n\
        行政规范性文件,丙办法,市政府,2010-03-20,主动公开,,,废止,2015-06-01,样政发〔2015〕3号\n\
        行政规范性文件,丁办法,市政府,2010-03-20,主动公开,,,废止,,样政发〔2015〕3号\n\
        其他公文,戊通知,市政府,2010-03-20,主动公开,,,废止,2015-06-01,样政发〔2015〕3号\n\
        行政规范性文件,己办法,市政府,2010-03-20,主动公开,2010-04-01,5年,有效,,\n";
    let taken = run(&service, list.as_bytes(), Arc::new(NoFiles), true).await;
    use RowState::{Bad, Taken};
    assert_eq!(states(&taken), [Taken, Taken, Taken, Bad, Bad, Taken], "{taken:#?}");
    assert!(said(&taken[3]).contains("请填写废止日期"));
    assert!(said(&taken[4]).contains("只有规章和行政规范性文件登记废止"));
    assert!(said(&taken[5]).contains("有效期已经届满"));
    let all = documents(&service).await;
    let of = |title: &str| all.iter().find(|d| d.title == title).unwrap();
    assert_eq!(of("甲办法").valid_until, Some(day("2022-03-31")));
    assert_eq!(
        (of("乙办法").ended_on, of("乙办法").ending.as_deref()),
        (Some(day("2015-04-01")), Some("lapsed"))
    );
    assert_eq!(
        (of("丙办法").ended_on, of("丙办法").ending.as_deref()),
        (Some(day("2015-06-01")), Some("repealed"))
    );
    verifies(&service).await;
}
