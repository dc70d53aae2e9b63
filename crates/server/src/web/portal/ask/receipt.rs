//! The receipt: shown once, to be kept, one A4 page on paper. Each request has its code, as text and as a picture that
//! leads to its progress; the proof is never on it.

use super::super::super::frame::{Frame, ok};
use super::super::super::look::origin;
use super::super::super::qr::Picture;
use super::super::super::words::{day, encoded};
use super::{Contact, frame, unkept};
use crate::App;
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use service::asking::{Asked, Second};

/// The receipt of one form.
#[derive(Debug, Template)]
#[template(path = "portal/ask_receipt.html")]
pub struct ReceiptPage {
    pub(in super::super::super) frame: Frame,
    slips: Vec<Slip>,
    arrived_on: String,
    wanted: String,
    /// What was handed in, as the applicant called it.
    files: Vec<String>,
    second: &'static str,
    /// The same as a text file, as an address that holds it: nothing has to be asked for again.
    download: String,
}

/// One request on it.
#[derive(Debug, Clone)]
pub struct Slip {
    code: String,
    unit: String,
    subject: String,
    picture: Option<Picture>,
    contact: Option<Contact>,
}

fn text_of(slips: &[Slip], arrived_on: &str, wanted: &str, files: &[String], second: &str) -> String {
    let mut lines = vec!["政府信息公开申请提交回执".to_owned(), format!("提交日期：{arrived_on}")];
    for slip in slips {
        lines.push(String::new());
        lines.push(format!("查询码：{}", slip.code));
        lines.push(format!("受理机关：{}", slip.unit));
        lines.push(format!("所需信息：{}", slip.subject));
    }
    lines.push(String::new());
    lines.push(format!("形式要求：{wanted}"));
    if !files.is_empty() {
        lines.push(format!("提交的材料：{}", files.join("、")));
    }
    lines.push(format!("查询进度时，除查询码外还需要填写{second}。请勿将查询码告诉他人。"));
    lines.join("\r\n")
}

/// The text as an address; the mark in front tells old editors that it is UTF-8.
fn download(text: &str) -> String {
    format!("data:text/plain;charset=utf-8,{}", encoded(&format!("\u{feff}{text}")))
}

/// The receipt of what was taken.
pub(super) fn receipt(
    app: &App,
    headers: &HeaderMap,
    asked: Vec<Asked>,
    (wanted, files): (&str, Vec<String>),
    second: Second,
) -> Response {
    let origin = origin(&app.settings, headers);
    let arrived_on = asked.first().map(|a| day(a.arrived_on)).unwrap_or_default();
    let picture = |code: &str| Picture::of(&format!("{}/ask/progress?code={code}", origin.as_ref()?));
    let slips: Vec<Slip> = asked
        .into_iter()
        .map(|a| Slip {
            picture: picture(&a.code),
            contact: Contact::of(&a.profile, app.service.reply_address(a.id)),
            code: a.code,
            unit: a.unit,
            subject: a.subject,
        })
        .collect();
    let download = download(&text_of(&slips, &arrived_on, wanted, &files, second.label()));
    let (wanted, second) = (wanted.to_owned(), second.label());
    let frame = frame(app, "提交回执");
    unkept(ok(&ReceiptPage { frame, slips, arrived_on, wanted, files, second, download }))
}

#[cfg(test)]
impl ReceiptPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let slip = |code: &str| Slip {
            code: code.into(),
            unit: "样例市教育局".into(),
            subject: "样例项目的批复文件".into(),
            picture: Picture::of(code),
            contact: Some(Contact { phone: "0000-0000000".into(), ..Contact::default() }),
        };
        let page = |slips: Vec<Slip>| ReceiptPage {
            frame: frame.clone(),
            slips,
            arrived_on: "2024年2月5日".into(),
            wanted: "自行领取；纸质".into(),
            files: vec!["身份证明：样例.jpg（1.2MB）".into()],
            second: Second::Phone.label(),
            download: download("样例"),
        };
        vec![page(vec![slip("ABCD-EFGH-JKMN")]), page(vec![slip("ABCD-EFGH-JKMN"), slip("QRST-UVWX-YZ23")])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_to_keep_names_every_request_and_no_proof() {
        let slip = |code: &str| Slip {
            code: code.into(),
            unit: "样例市教育局".into(),
            subject: "一\r\n二".into(),
            picture: None,
            contact: None,
        };
        let files = ["身份证明：样例.jpg（1.2MB）".to_owned()];
        let text = text_of(&[slip("ABCD"), slip("EFGH")], "2024年2月5日", "纸质", &files, "证件号码后四位");
        assert!(text.contains("提交的材料：身份证明：样例.jpg"));
        assert!(text.contains("ABCD") && text.contains("EFGH") && text.contains("证件号码后四位"));
        assert!(download(&text).starts_with("data:text/plain;charset=utf-8,%EF%BB%BF%E6"));
    }
}
