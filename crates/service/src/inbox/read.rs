//! Reading a message: who wrote it, to whom, what it says and what is attached, and whether a program wrote it.
//!
//! Everything in a message is hostile. It is read by a parser that never fails and never recurses deeply (`mail-parser`),
//! from bytes whose number is limited before; HTML is taken as text; what is kept has no control characters and an end.

use super::{Inbox, Said};
use jiff::Timestamp;
use law::docket::message::MessageKind;
use mail_parser::{HeaderForm, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Characters of text that are kept.
const TEXT: usize = 50_000;
/// Characters of a line of the head that are kept.
const LINE: usize = 300;
/// Parts of text that are read; a message of people has two or three.
const TEXTS: usize = 20;
/// Attachments that are looked at.
const ATTACHMENTS: usize = 50;
/// Servers a message may have passed: more is a loop (RFC 5321, 6.3 asks for a limit of at least 100 for refusing; a letter
/// of people passes fewer than ten).
const HOPS: usize = 25;
/// Bytes in which the ids of our letters are looked for.
const SEARCHED: usize = 1 << 20;
/// Headers that the sender wrote: the same message that comes by two ways differs in all others.
const WRITTEN: [&str; 6] = ["message-id", "from", "date", "subject", "to", "cc"];

/// A message, read.
#[derive(Debug)]
pub(super) struct Mail {
    /// What wrote it.
    pub(super) kind: MessageKind,
    /// Addresses it was sent to: those of the envelope first, as the mail server noted them.
    pub(super) recipients: Vec<String>,
    /// Ids of letters that it answers.
    pub(super) answers: Vec<Uuid>,
    /// Ids of letters that it says did not arrive.
    pub(super) bounced: Vec<Uuid>,
    /// What it says.
    pub(super) said: Said,
    /// What is attached: name and content.
    pub(super) attachments: Vec<(String, Vec<u8>)>,
    /// SHA-256 of what its sender wrote.
    pub(super) digest: String,
}

/// Reads a message. What cannot be read at all is a letter whose text says so.
pub(super) fn read(bytes: &[u8], inbox: &Inbox) -> Mail {
    let Some(message) = MessageParser::new().parse(bytes).filter(|m| !m.parts.is_empty()) else {
        return unreadable(bytes);
    };
    let head = Head(&message);
    let (kind, bounced) = judge(&head, bytes, inbox);
    let (from, name) = head.from();
    let sent_at = message.date().filter(|d| d.is_valid());
    let subject = line(message.subject().unwrap_or_default());
    let (text, cut) = text_of(&message);
    let said = Said {
        from,
        name,
        subject,
        sent_at: sent_at.and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        message_id: message.message_id().filter(|id| is_message_id(id)).map(str::to_owned),
        text,
        cut,
        refused: Vec::new(),
    };
    let answers = ["In-Reply-To", "References"].iter().flat_map(|n| head.raw(n));
    let answers = answers.flat_map(|value| ids_in(value.as_bytes())).collect();
    Mail {
        kind,
        recipients: head.recipients(),
        answers,
        bounced,
        said,
        attachments: attachments(&message),
        digest: digest(&message, bytes),
    }
}

/// What stands for a message that no reader understands.
pub(super) fn unreadable(bytes: &[u8]) -> Mail {
    Mail {
        kind: MessageKind::Letter,
        recipients: Vec::new(),
        answers: Vec::new(),
        bounced: Vec::new(),
        said: Said {
            text: "（邮件格式损坏，无法读取，请在收件目录中查看原件）".into(), ..Said::default()
        },
        attachments: Vec::new(),
        digest: hexadecimal(&Sha256::digest(bytes)),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn digest(message: &Message<'_>, bytes: &[u8]) -> String {
    let mut sum = Sha256::new();
    for header in message.headers() {
        let name = header.name.as_str().to_ascii_lowercase();
        if WRITTEN.contains(&name.as_str()) {
            let value = bytes.get(header.offset_start as usize..header.offset_end as usize);
            sum.update(name.as_bytes());
            sum.update(b":");
            sum.update(value.unwrap_or_default());
        }
    }
    let body = bytes.get(message.root_part().raw_body_offset() as usize..).unwrap_or_default();
    sum.update(b"\n");
    sum.update(body);
    hexadecimal(&sum.finalize())
}

/// The head of a message.
struct Head<'a>(&'a Message<'a>);

impl Head<'_> {
    /// The values of a header as they were written.
    fn raw(&self, name: &'static str) -> Vec<String> {
        let text = |value: HeaderValue<'_>| value.as_text().map(|t| t.trim().to_owned());
        self.0.header_as(name, HeaderForm::Raw).into_iter().filter_map(text).collect()
    }

    /// The values of a header in lower case, up to the first parameter.
    fn words(&self, name: &'static str) -> Vec<String> {
        let first = |v: &String| v.split(';').next().unwrap_or_default().trim().to_lowercase();
        self.raw(name).iter().map(first).collect()
    }

    /// Address and name of the sender. Where answers are wanted elsewhere is not followed: nobody is written to who did not
    /// write.
    fn from(&self) -> (String, String) {
        let first = |a: Option<&mail_parser::Address<'_>>| {
            let a = a.and_then(|a| a.iter().next());
            let address = line(a.and_then(|a| a.address()).unwrap_or_default());
            (address, line(a.and_then(|a| a.name()).unwrap_or_default()))
        };
        first(self.0.from().or_else(|| self.0.sender()))
    }

    fn recipients(&self) -> Vec<String> {
        let envelope = ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().flat_map(|n| self.raw(n));
        let envelope = envelope.map(|a| a.trim_matches(['<', '>']).to_owned());
        let written = [self.0.to(), self.0.cc()].into_iter().flatten().flat_map(|a| a.iter());
        let written = written.filter_map(|a| a.address().map(str::to_owned));
        envelope.chain(written).take(200).collect()
    }
}

/// Who or what wrote a message, and which letters of ours it says did not arrive.
fn judge(head: &Head<'_>, bytes: &[u8], inbox: &Inbox) -> (MessageKind, Vec<Uuid>) {
    let returned = head.raw("Return-Path").iter().any(|p| p.trim_matches(['<', '>', ' ']).is_empty());
    let (from, _) = head.from();
    let daemon = from.split('@').next().is_some_and(|n| n.eq_ignore_ascii_case("mailer-daemon"));
    let report = head.0.content_type().is_some_and(|c| {
        c.c_type.eq_ignore_ascii_case("multipart")
            && c.c_subtype.as_ref().is_some_and(|s| s.eq_ignore_ascii_case("report"))
    });
    if report || daemon {
        let searched = &bytes[..bytes.len().min(SEARCHED)];
        let lower = String::from_utf8_lossy(searched).to_lowercase();
        // A report of a delay or a delivery is no bounce (RFC 3464, 2.3.3).
        let acts = lower.contains("action:");
        if !acts || lower.contains("action: failed") {
            return (MessageKind::Bounce, ids_in(searched));
        }
        return (MessageKind::Automatic, Vec::new());
    }
    let submitted = head.words("Auto-Submitted").iter().any(|v| v != "no");
    let precedence = |v: &String| matches!(v.as_str(), "bulk" | "list" | "junk" | "auto_reply");
    let automatic = returned
        || submitted
        || head.words("Precedence").iter().any(precedence)
        || ["List-Id", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond"]
            .iter()
            .any(|name| !head.raw(name).is_empty())
        || inbox.is_own(&from)
        || head.raw("Received").len() > HOPS;
    (if automatic { MessageKind::Automatic } else { MessageKind::Letter }, Vec::new())
}

/// Ids that stand as `<id@`: the names of our letters.
fn ids_in(bytes: &[u8]) -> Vec<Uuid> {
    let mut found: Vec<Uuid> = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, b)| **b == b'<') {
        let Some(text) = bytes.get(at + 1..at + 37).filter(|_| bytes.get(at + 37) == Some(&b'@')) else {
            continue;
        };
        let id = std::str::from_utf8(text).ok().and_then(|t| Uuid::try_parse(t).ok());
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
        if found.len() >= 20 {
            break;
        }
    }
    found
}

/// Whether this may stand in a head of ours: visible signs, none that could end it.
fn is_message_id(text: &str) -> bool {
    text.len() <= 200 && text.contains('@') && text.chars().all(|c| c.is_ascii_graphic() && !"<>".contains(c))
}

/// Without what a reader would not see, or that changes the order of what is seen.
pub(crate) fn plain(text: &str) -> String {
    let hides = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !hides(*c)).collect()
}

/// One line.
fn line(text: &str) -> String {
    let one = plain(text).replace(['\n', '\t'], " ");
    one.trim().chars().take(LINE).collect()
}

/// The text of a message, and whether it goes on.
fn text_of(message: &Message<'_>) -> (String, bool) {
    let bodies = (0..message.text_body_count().min(TEXTS)).filter_map(|n| message.body_text(n));
    let bodies: Vec<String> = bodies.map(|b| plain(&b).trim().to_owned()).filter(|b| !b.is_empty()).collect();
    let whole = bodies.join("\n\n");
    let text: String = whole.chars().take(TEXT).collect();
    let cut = text.len() < whole.len() || message.text_body_count() > TEXTS;
    (text, cut)
}

/// What is attached. A forwarded message becomes a text.
fn attachments(message: &Message<'_>) -> Vec<(String, Vec<u8>)> {
    let one = |part: &mail_parser::MessagePart<'_>| match &part.body {
        PartType::Message(inner) => {
            let (text, _) = text_of(inner);
            let head = Head(inner);
            let (from, _) = head.from();
            let subject = line(inner.subject().unwrap_or_default());
            let note = match inner.attachment_count() {
                0 => "",
                _ => "\n\n（转发的邮件另有附件，没有接收，请发件人单独发送）",
            };
            let text = format!("发件人：{from}\n主题：{subject}\n\n{text}{note}\n");
            ("转发的邮件.txt".to_owned(), text.into_bytes())
        }
        _ => (line(part.attachment_name().unwrap_or_default()), part.contents().to_vec()),
    };
    message.attachments().take(ATTACHMENTS).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox() -> Inbox {
        Inbox::new("1", "xxgk@gk.example.invalid", true).unwrap()
    }

    fn letter(head: &str, body: &str) -> Mail {
        let text = format!(
            "From: =?GB18030?B?0fmxvrzX?= <a@example.invalid>\r\nTo: xxgk@gk.example.invalid\r\n{head}\r\n{body}"
        );
        read(text.as_bytes(), &inbox())
    }

    #[test]
    fn mail_that_programs_write_is_known() {
        let many = "Received: from a by b; Mon, 1 Mar 2021 09:00:00 +0800\r\n";
        for head in [
            "Auto-Submitted: auto-replied\r\n",
            "auto-submitted: auto-generated; owner=x\r\n",
            "Precedence: bulk\r\n",
            "Precedence: LIST\r\n",
            "List-Id: <news.example.invalid>\r\n",
            "Return-Path: <>\r\n",
            "X-Auto-Response-Suppress: All\r\n",
            &many.repeat(26),
        ] {
            assert_eq!(letter(head, "您好").kind, MessageKind::Automatic, "{head}");
        }
        for head in [
            "",
            "Auto-Submitted: no\r\n",
            "Precedence: normal\r\n",
            "Return-Path: <a@b.cn>\r\n",
            &many.repeat(25),
        ] {
            assert_eq!(letter(head, "您好").kind, MessageKind::Letter, "{head}");
        }
        let own = read(b"From: XXGK+tag@gk.example.invalid\r\nSubject: x\r\n\r\nx", &inbox());
        assert_eq!(own.kind, MessageKind::Automatic, "our own letters come back");
    }

    #[test]
    fn a_bounce_names_the_letters_that_did_not_arrive() {
        let id = Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab);
        let report = |action: &str| {
            format!(
                "From: MAILER-DAEMON@mx.example.invalid\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
                 --b\r\nContent-Type: text/plain\r\n\r\nnot delivered\r\n\
                 --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: {action}\r\n\
                 --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}@gk.example.invalid>\r\n\r\n--b--\r\n"
            )
        };
        let failed = read(report("failed").as_bytes(), &inbox());
        assert_eq!((failed.kind, failed.bounced), (MessageKind::Bounce, vec![id]));
        let delayed = read(report("delayed").as_bytes(), &inbox());
        assert_eq!((delayed.kind, delayed.bounced), (MessageKind::Automatic, vec![]), "it may still arrive");
    }

    #[test]
    fn chinese_in_every_spelling_is_read() {
        let plain = |charset: &str, bytes: &[u8]| {
            let mut raw = format!(
                "From: a@example.invalid\r\nSubject: =?{charset}?B?0MXPog==?=\r\nMIME-Version: 1.0\r\n\
                 Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            )
            .into_bytes();
            raw.extend_from_slice(bytes);
            read(&raw, &inbox()).said
        };
        for charset in ["GBK", "gb2312", "GB18030"] {
            let said = plain(charset, b"\xD0\xC5\xCF\xA2\xB9\xAB\xBF\xAA");
            assert_eq!((said.subject.as_str(), said.text.as_str()), ("信息", "信息公开"), "{charset}");
        }
        assert_eq!(plain("ISO-2022-JP", b"\x1b$B>pJs\x1b(B").text, "情報");
        assert_eq!(plain("UTF-8", "信息\u{202e}公开".as_bytes()).text, "信息公开", "no hidden order");
        // Encodings that no browser reads any more are shown as far as they can be, and nothing breaks.
        plain("ISO-2022-CN", b"\x1b$)A\x0e=;M;\x0f");
        plain("x-unknown", b"\xff\xfe\x00\x01");
    }

    #[test]
    fn html_is_text() {
        let mail = letter(
            "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n",
            "<html><head><style>p{}</style></head><body><p>申请公开<b>批复</b></p>\
             <script>alert(1)</script><img src=x onerror=alert(2)></body></html>",
        );
        assert!(mail.said.text.contains("申请公开") && mail.said.text.contains("批复"), "{}", mail.said.text);
        assert!(
            !mail.said.text.contains(['<', '>']) && !mail.said.text.contains("alert"),
            "{}",
            mail.said.text
        );
    }

    #[test]
    fn a_head_cannot_be_broken_out_of() {
        let mail = letter(
            "Subject: =?utf-8?Q?a=0D=0ABcc:_x@y.cn?=\r\nMessage-ID: <a b@c>\r\nIn-Reply-To: <x@y>\r\n",
            "x",
        );
        assert_eq!(mail.said.subject.lines().count(), 1, "{}", mail.said.subject);
        assert_eq!(mail.said.message_id, None);
        assert_eq!(mail.said.name, "样本甲");
    }

    #[test]
    fn broken_and_deep_messages_are_read_as_far_as_they_go() {
        let deep: String = (0..5000)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
            .collect();
        let forwarded = "Content-Type: message/rfc822\r\n\r\n".repeat(5000);
        for raw in [
            String::new(),
            "\r\n\r\n".into(),
            "no head at all".into(),
            "From: <<<>>>@@\r\nContent-Type: multipart/mixed\r\n\r\n--\r\n--".into(),
            "From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n".into(),
            format!("From: a@b.cn\r\nMIME-Version: 1.0\r\n{deep}"),
            format!("From: a@b.cn\r\nMIME-Version: 1.0\r\n{forwarded}"),
            format!(
                "From: a@b.cn\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                "=".repeat(9999)
            ),
        ] {
            let mail = read(raw.as_bytes(), &inbox());
            assert!(mail.said.text.chars().count() <= TEXT && mail.digest.len() == 64);
        }
    }

    #[test]
    fn the_same_message_by_two_ways_is_one() {
        let one = letter("Received: from a\r\nDelivered-To: x@y.cn\r\nSubject: x\r\n", "您好");
        let two = letter("Received: from b\r\nReturn-Path: <a@b.cn>\r\nSubject: x\r\n", "您好");
        assert_eq!(one.digest, two.digest);
        assert_ne!(one.digest, letter("Subject: x\r\n", "您好！").digest);
        assert_ne!(one.digest, letter("Subject: y\r\n", "您好").digest);
    }

    #[test]
    fn attachments_keep_their_bytes() {
        let mail = letter(
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
            "--b\r\nContent-Type: text/plain\r\n\r\n见附件\r\n\
             --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;\r\n \
             filename*=utf-8''..%2F..%2F%E6%89%B9%E5%A4%8D.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQ\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d.cn\r\nSubject: inner\r\n\r\ninside\r\n--b--\r\n",
        );
        assert_eq!(mail.said.text, "见附件");
        assert_eq!(mail.attachments[0], ("../../批复.pdf".to_owned(), b"MZ\x90".to_vec()));
        let (name, content) = &mail.attachments[1];
        let content = String::from_utf8_lossy(content);
        assert!(
            name.ends_with(".txt") && content.contains("inside") && content.contains("c@d.cn"),
            "{content}"
        );
    }
}
