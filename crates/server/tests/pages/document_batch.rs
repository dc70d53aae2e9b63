//! Old documents at the desk: looked at, taken, and what waits.

use super::*;
use std::io::{Cursor, Write};

const HOME: &str = "/desk/documents/batch";
const BOUNDARY: &str = "0123456789abcdef";
const LIST: &str = "发文字号,标题,制作机关,成文日期,公开属性,发布日期,正文文件名\n\
    示政办发〔2018〕1号,关于一事的通知,县政府办,2018-03-20,主动公开,2018-03-22,一.txt\n\
    示政办发〔2018〕2号,关于二事的通知,县政府办,2018-03-20,主动公开,2018-03-22,二.txt\n\
    示政办发〔2018〕3号,关于三事的通知,县政府办,2018-03-20,主动公开,2018-03-22,三.txt\n";

fn archive() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("一.txt", "正文一。"), ("二.txt", "联系人手机：13800138000。")] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A form with files, sent as a browser sends it.
async fn send(door: &Door, cookie: &str, pairs: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
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
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    let request = Request::builder()
        .method(Method::POST)
        .uri(HOME)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin");
    door.send(request.body(Body::from(body)).unwrap()).await
}

/// The values a form sends along.
fn hidden(page: &Page) -> Vec<(String, String)> {
    let value = |e: ElementRef<'_>| {
        let of = |name| e.value().attr(name).unwrap_or_default().to_owned();
        (of("name"), of("value"))
    };
    page.all("main form input[type=hidden]").into_iter().map(value).collect()
}

fn pairs(of: &[(String, String)]) -> Vec<(&str, &str)> {
    of.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

#[tokio::test]
async fn a_list_is_looked_at_before_it_is_taken() {
    let mut door = Door::new().await;
    let office = door.county.office;
    door.county.account("importer", Some(office), &[Role::Officer]).await;
    door.county.account("second", Some(office), &[Role::Officer]).await;
    let (officer, other) = (door.sign_in("importer").await, door.sign_in("second").await);
    let (zip, list) = (archive(), LIST.as_bytes());
    let missing = send(&door, &officer, &[], &[]).await;
    assert_eq!(missing.status, 422);
    assert!(missing.text().contains("请选择公文列表"));
    for (list, zip, words) in [
        (&b"\x7fELF\0\0\0"[..], &zip[..], "不是 CSV"),
        (list, &zip[..zip.len() / 2], "压缩包不完整"),
        (&list[..list.len() - 12], &zip[..], "不完整"),
    ] {
        let refused = send(
            &door,
            &officer,
            &[("category", "official")],
            &[("list", "a.csv", list), ("files", "a.zip", zip)],
        )
        .await;
        assert_eq!(refused.status, 422, "{words}");
        assert!(Page::of(&refused).text("main").contains(words), "{words}");
    }
    let files = [("list", "历史公文.csv", list), ("files", "文件.zip", &zip[..])];
    let tried = send(&door, &officer, &[("category", "official"), ("button", "")], &files).await;
    assert_eq!(tried.status, 200, "{}", tried.text());
    let tried = Page::of(&tried);
    let said = tried.text("main [role=status]");
    assert!(
        said.contains("试导入完成，没有保存任何内容。共3行")
            && said.contains("公开1行；待处理，暂不公开1行；有错误，不导入1行"),
        "{said}"
    );
    assert!(tried.text("main tbody").contains("没有找到文件“三.txt”"));
    assert!(!page(&door, "/desk/documents", &officer).await.text("main").contains("关于一事的通知"));

    // What one officer uploaded is opened by nobody else.
    let mut kept = hidden(&tried);
    kept.push(("button".into(), "take".into()));
    let strange = send(&door, &other, &pairs(&kept), &[]).await;
    assert_eq!(strange.status, 422);
    assert!(strange.text().contains("已经过期"));
    let taken = Page::of(&send(&door, &officer, &pairs(&kept), &[]).await);
    let said = taken.text("main [role=status]");
    assert!(said.contains("导入完成。共3行") && said.contains("公开1行"), "{said}");
    let public = page(&door, "/documents", "").await.text("main");
    assert!(public.contains("关于一事的通知") && !public.contains("关于二事的通知"), "{public}");
    let waiting = page(&door, "/desk/documents/batch/waiting", &officer).await;
    assert!(
        waiting.text("main tbody").contains("关于二事的通知")
            && waiting.text("main tbody").contains("2018年3月22日")
    );
    assert!(page(&door, "/desk", &officer).await.text("main").contains("导入待处理"));
    let check = waiting.links("main tbody a").remove(0);
    let checked = page(&door, &check, &officer).await.text("main");
    assert!(checked.contains("手机号码") && checked.contains("要素核对"), "{checked}");

    // Again, and nothing is there twice.
    let again = Page::of(&send(&door, &officer, &pairs(&kept), &[]).await);
    assert!(again.text("main [role=status]").contains("已经登记，不变2行"));
    // A request that ran out of time left the rest to the next one.
    let mut on: Vec<(String, String)> =
        kept.into_iter().filter(|(n, _)| !["button", "done", "counts"].contains(&&**n)).collect();
    on.extend(
        [("taking", "yes"), ("done", "2"), ("counts", "1 1 0 0 0")]
            .map(|(n, v)| (n.to_owned(), v.to_owned())),
    );
    let rest = Page::of(&send(&door, &officer, &pairs(&on), &[]).await);
    let said = rest.text("main [role=status]");
    assert!(said.contains("已经处理3行：公开1行；待处理，暂不公开1行；有错误，不导入1行"), "{said}");
    assert_eq!(rest.all("main tbody tr").len(), 1);
}

#[tokio::test]
async fn the_page_is_for_who_edits_and_bounded() {
    let mut door = Door::new().await;
    door.county.account("looker", None, &[Role::Supervisor]).await;
    door.county.account("importer", None, &[Role::Officer]).await;
    let (reader, officer) = (door.sign_in("looker").await, door.sign_in("importer").await);
    for path in [HOME, "/desk/documents/batch/template.xlsx"] {
        assert_eq!(door.get(path, &reader).await.status, 403, "{path}");
    }
    assert_eq!(send(&door, &reader, &[], &[("list", "a.csv", LIST.as_bytes())]).await.status, 403);
    let template = door.get("/desk/documents/batch/template.xlsx", &officer).await;
    assert!(template.status == 200 && template.body.starts_with(b"PK"));
    let mut long = LIST.to_owned();
    (0..2_000)
        .for_each(|n| long += &format!("示政办发〔2017〕{n}号,某通知,县政府办,2017-03-20,主动公开,,\n"));
    let refused = send(&door, &officer, &[], &[("list", "a.csv", long.as_bytes())]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("列表超过2000行") && refused.text().contains("gongkai import documents"));
}
