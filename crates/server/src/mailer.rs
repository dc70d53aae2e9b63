//! Sending mail to the mail server of the office, by SMTP.

use crate::Settings;
use crate::config::MailTls;
use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use service::mail::{Delivery, Letter};
use std::time::{Duration, SystemTime};

/// How long the mail server may take for one letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// A header that holds one line as it is.
macro_rules! line {
    ($(#[$about:meta])* $type:ident, $name:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok($type(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

line! {
    /// How a program came to write it (RFC 3834, 5): programs do not answer it.
    AutoSubmitted, "Auto-Submitted"
}
line! {
    /// Where whoever gets it says that nothing more is wanted (RFC 2369, 3.2).
    ListUnsubscribe, "List-Unsubscribe"
}
line! {
    /// That one request ends it, which nobody makes by looking (RFC 8058, 3.1).
    ListUnsubscribePost, "List-Unsubscribe-Post"
}

/// An instant as the letter's head takes it; before 1970 there was no mail.
fn instant(now: Timestamp) -> SystemTime {
    let micros = u64::try_from(now.as_microsecond()).unwrap_or_default();
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros)).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The way to the mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The address of the site, without a final slash.
    pub site: String,
}

impl Mailer {
    /// The mailer of these settings; `None` if no mail server is named.
    ///
    /// # Errors
    /// One Chinese sentence that says which setting is missing or cannot be used.
    pub fn of(settings: &Settings) -> Result<Option<Mailer>, String> {
        let Some((host, port)) = &settings.mail_server else { return Ok(None) };
        let from =
            settings.mail_from.as_ref().ok_or("设置了邮件服务器，还应设置发件邮箱 GONGKAI_MAIL_FROM")?;
        let from: Mailbox =
            from.parse().map_err(|_| "环境变量 GONGKAI_MAIL_FROM 的值无法使用，应为邮箱地址".to_owned())?;
        let site = settings
            .public_url
            .clone()
            .ok_or("设置了邮件服务器，还应设置网址 GONGKAI_PUBLIC_URL，邮件中的链接需要它")?;
        let tls = |host: &str| {
            TlsParameters::new(host.to_owned()).map_err(|e| format!("不能建立到邮件服务器的加密连接：{e}"))
        };
        let tls = match settings.mail_tls {
            MailTls::Tls => Tls::Wrapper(tls(host)?),
            MailTls::StartTls => Tls::Required(tls(host)?),
            MailTls::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.as_str())
            .port(*port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some(user) = &settings.mail_user {
            let password = settings.mail_password.clone().unwrap_or_default();
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Some(Mailer { transport: transport.build(), from, site }))
    }

    /// Hands a letter to the mail server.
    pub async fn send(&self, letter: &Letter, now: Timestamp) -> Delivery {
        let Ok(to) = letter.address.parse::<Mailbox>() else {
            return Delivery::Never("邮箱地址有误".to_owned());
        };
        let host = self.from.email.domain();
        let recipient = to.email.clone();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .date(instant(now))
            // The same letter keeps its name when it is sent again: the reader's program shows it once.
            .message_id(Some(format!("<{}@{host}>", letter.id)))
            .header(ContentType::TEXT_PLAIN);
        if let Some(reply_to) = letter.reply_to.as_ref().and_then(|a| a.parse::<Mailbox>().ok()) {
            message = message.reply_to(reply_to);
        }
        if let Some(id) = &letter.in_reply_to {
            message = message.in_reply_to(format!("<{id}>")).references(format!("<{id}>"));
        }
        if letter.automatic {
            message = message.header(AutoSubmitted("auto-replied".to_owned()));
            // Nobody is to be told if it does not arrive (RFC 3834, 3.3): an empty sender ends the exchange.
            let Ok(envelope) = Envelope::new(None, vec![recipient]) else {
                return Delivery::Never("邮箱地址有误".to_owned());
            };
            message = message.envelope(envelope);
        }
        if let Some(link) = &letter.unsubscribe {
            message = message.header(AutoSubmitted("auto-generated".to_owned()));
            message = message.header(ListUnsubscribe(format!("<{link}>")));
            // Only a connection that nobody reads may carry it.
            if link.starts_with("https://") {
                message = message.header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
            }
        }
        let message = match message.body(letter.body.clone()) {
            Ok(message) => message,
            Err(error) => return Delivery::Never(error.to_string()),
        };
        match self.transport.send(message).await {
            Ok(_) => Delivery::Sent,
            Err(error) if error.is_permanent() => Delivery::Never(error.to_string()),
            Err(error) => Delivery::Later(error.to_string()),
        }
    }
}
