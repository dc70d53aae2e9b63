//! Settings: one line each, with its environment name, its meaning and its default. `gongkai doctor` shows them.
//!
//! To add a setting: one line in [`SETTINGS`], one field of [`Settings`] and one line in [`Settings::read`]; for what the
//! public site is called and looks like, the same in [`crate::site`].

use crate::site::{self, Site};
use law::docket::document::{FILING_DAYS, MOST_FILING_DAYS, REVIEW_PERIOD};
use service::channel::PushHosts;
use service::file::{self, Scanner};
use service::inbox::Inbox;
use service::{Location, Service, asking};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A setting as people read it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Name of the environment variable.
    pub env: &'static str,
    /// What it does, in Chinese.
    pub about: &'static str,
    /// What holds without it, in Chinese.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
}

/// Every setting, in the order in which `doctor` shows them: those of the program, then those of the site.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    static SITE: [Setting; site::SETTINGS.len()] = site::SETTINGS;
    static PROGRAM: [Setting; SETTINGS.len()] = SETTINGS;
    PROGRAM.iter().chain(&SITE)
}

/// The settings of the program; those of the site are [`site::SETTINGS`].
pub const SETTINGS: [Setting; 30] = [
    Setting { env: "GONGKAI_DATA", about: "数据目录，等同于 --data", default: "无", secret: false },
    Setting {
        env: "GONGKAI_DATABASE",
        about: "PostgreSQL 数据库地址，等同于 --database",
        default: "无",
        secret: true,
    },
    Setting {
        env: "GONGKAI_KEY",
        about: "使用 PostgreSQL 时保护个人信息的密钥，32位十六进制数",
        default: "无；使用数据目录时密钥在目录内",
        secret: true,
    },
    Setting {
        env: "GONGKAI_FILES",
        about: "使用 PostgreSQL 时存放材料文件的目录，多个服务进程共用同一目录",
        default: "无，不能上传材料；使用数据目录时在其中的 files 目录",
        secret: false,
    },
    Setting {
        env: "GONGKAI_INDEX",
        about: "存放全文索引的目录，每个服务进程各用一个；删除后自动重建，不需要备份",
        default: "使用数据目录时在其中的 index 目录；使用 PostgreSQL 时无，不能全文检索",
        secret: false,
    },
    Setting {
        env: "GONGKAI_FILE_LIMIT",
        about: "单个材料文件的上限，单位是MB，1至100；每份申请合计不超过其5倍",
        default: "20",
        secret: false,
    },
    Setting {
        env: "GONGKAI_CLAMD",
        about: "病毒查杀服务 clamd 的本机地址，例如 127.0.0.1:3310 或者 /run/clamav/clamd.ctl；设置后不能查杀时不接收文件",
        default: "无，不查杀",
        secret: false,
    },
    Setting {
        env: "GONGKAI_LISTEN",
        about: "服务监听的地址和端口，等同于 --listen",
        default: "127.0.0.1:8080",
        secret: false,
    },
    Setting {
        env: "GONGKAI_PUBLIC_URL",
        about: "公众访问的网址，例如 https://gk.example.gov.cn；以 https 开头时登录凭证只经加密连接发送",
        default: "无，按访问时的地址",
        secret: false,
    },
    Setting {
        env: "GONGKAI_FONTS",
        about: "自备字体目录，排版时优先使用",
        default: "无，只用系统字体",
        secret: false,
    },
    Setting {
        env: "GONGKAI_TIMEOUT", about: "一次访问最长处理的秒数", default: "60", secret: false
    },
    Setting {
        env: "GONGKAI_HANDLING_DAYS",
        about: "承办单位应当在答复期限前多少个工作日办理完毕，0 为不设内部期限",
        default: "5",
        secret: false,
    },
    Setting {
        env: "GONGKAI_REVIEW_MONTHS",
        about: "没有主动公开的公文多少个月复审一次公开属性，1至60",
        default: "12",
        secret: false,
    },
    Setting {
        env: "GONGKAI_FILING_DAYS",
        about: "行政规范性文件公布后多少日内报送备案，15至30",
        default: "15",
        secret: false,
    },
    Setting {
        env: "GONGKAI_MAIL_SERVER",
        about: "发送提醒邮件的服务器，写明主机和端口，例如 smtp.example.gov.cn:465",
        default: "无，不发邮件",
        secret: false,
    },
    Setting {
        env: "GONGKAI_MAIL_TLS",
        about: "与邮件服务器的加密方式：tls（直接加密）、starttls（先连接后加密）、none（不加密，只用于本机或者内网）",
        default: "tls",
        secret: false,
    },
    Setting { env: "GONGKAI_MAIL_USER", about: "邮件服务器的用户名", default: "无", secret: false },
    Setting { env: "GONGKAI_MAIL_PASSWORD", about: "邮件服务器的密码", default: "无", secret: true },
    Setting {
        env: "GONGKAI_MAIL_PASSWORD_FILE",
        about: "存放邮件服务器密码的文件，代替 GONGKAI_MAIL_PASSWORD",
        default: "无",
        secret: false,
    },
    Setting {
        env: "GONGKAI_MAIL_FROM",
        about: "发件邮箱，例如 gongkai@example.gov.cn",
        default: "无，设置邮件服务器时必须填写",
        secret: false,
    },
    Setting {
        env: "GONGKAI_INBOX_MAILDIR",
        about: "收件目录（Maildir 格式），每分钟收取其中 new 目录的邮件，收取后移入 cur 目录",
        default: "无，不收邮件",
        secret: false,
    },
    Setting {
        env: "GONGKAI_INBOX_UNIT",
        about: "收件箱所属机关的代码，没有归入申请的邮件由该机关处理",
        default: "无，设置收件目录时必须填写",
        secret: false,
    },
    Setting {
        env: "GONGKAI_INBOX_ADDRESS",
        about: "收件邮箱，每件申请的回复地址由它加上加号和签名组成；邮件服务器应当把加号后的部分投递到同一邮箱",
        default: "发件邮箱",
        secret: false,
    },
    Setting {
        env: "GONGKAI_PUSH_HOSTS",
        about: "可以推送到的内部网络主机，用逗号分隔，例如 127.0.0.1,media.internal；其他内部地址一律不推送",
        default: "无",
        secret: false,
    },
    Setting {
        env: "GONGKAI_PROXY",
        about: "前面有反向代理时填 1，按代理转来的 X-Forwarded-For 识别访问者地址",
        default: "0",
        secret: false,
    },
    Setting {
        env: "GONGKAI_MATTERS", about: "公众一次最多提交几份申请", default: "10", secret: false
    },
    Setting {
        env: "GONGKAI_DRAFT_DAYS", about: "公众暂存的申请保存几天", default: "30", secret: false
    },
    Setting {
        env: "GONGKAI_CONSULTATION_DAYS",
        about: "没有国家规定的草案（行政规范性文件等）征求意见至少几天，短于的须说明理由；0 为不设",
        default: "0",
        secret: false,
    },
    Setting {
        env: "GONGKAI_OUTCOME_DAYS",
        about: "征求意见结束后几天没有公布采纳情况，在工作台上列为逾期未反馈",
        default: "30",
        secret: false,
    },
    Setting {
        env: "GONGKAI_LOG",
        about: "运行日志的详细程度：error、warn、info、debug",
        default: "info",
        secret: false,
    },
];

/// How the way to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailTls {
    /// From the first byte.
    #[default]
    Tls,
    /// After a greeting in the clear.
    StartTls,
    /// Not at all.
    None,
}

/// The settings in force.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Data folder.
    pub data: Option<PathBuf>,
    /// PostgreSQL URL; holds a password.
    pub database: Option<String>,
    /// Key of the personal data.
    pub key: Option<[u8; 16]>,
    /// Folder of the files of requests, where the data lie in PostgreSQL.
    pub files: Option<PathBuf>,
    /// Folder of the full-text index.
    pub index: Option<PathBuf>,
    /// The largest file, in megabytes.
    pub file_limit: Option<u64>,
    /// The virus scanner.
    pub clamd: Option<Scanner>,
    /// Address to listen on.
    pub listen: Option<SocketAddr>,
    /// Scheme and host the public sees, without a final slash.
    pub public_url: Option<String>,
    /// Folder of fonts that is searched first.
    pub fonts: Option<PathBuf>,
    /// The longest time a request may take.
    pub timeout: Option<Duration>,
    /// Working days before the reply is due by which a handling unit has to be ready.
    pub handling: Option<u32>,
    /// Months after which the attribute of what is not 主动公开 is reviewed.
    pub review: Option<u32>,
    /// Days within which a normative document is reported after its publication.
    pub filing: Option<u32>,
    /// Host and port of the mail server.
    pub mail_server: Option<(String, u16)>,
    /// How the way to it is encrypted.
    pub mail_tls: MailTls,
    /// Who signs in there.
    pub mail_user: Option<String>,
    /// With which password.
    pub mail_password: Option<String>,
    /// The sender of letters.
    pub mail_from: Option<String>,
    /// Folder into which mail is delivered.
    pub inbox_maildir: Option<PathBuf>,
    /// Code of the unit that looks after the inbox.
    pub inbox_unit: Option<String>,
    /// Address of the inbox, if it is not that of the sender of letters.
    pub inbox_address: Option<String>,
    /// Hosts inside that may be pushed to.
    pub push_hosts: Option<PushHosts>,
    /// Whether the nearest peer is a proxy that names the visitor.
    pub proxy: bool,
    /// Requests one form may become.
    pub matters: Option<usize>,
    /// Days a draft is kept.
    pub draft_days: Option<u16>,
    /// Days for which a draft is put to the public at least where no national text sets a number.
    pub consultation_days: Option<u16>,
    /// Days after a consultation after which its outcome is owed.
    pub outcome_days: Option<u16>,
    /// Filter of the log.
    pub log: Option<String>,
    /// The site as the unit that runs it wants it.
    pub site: Site,
}

impl Settings {
    /// From the environment of the process.
    ///
    /// # Errors
    /// One Chinese sentence that names the variable and says what to enter.
    pub fn from_env() -> Result<Settings, String> {
        Settings::read(|name| std::env::var(name).ok())
    }

    /// From any source of variables. An empty value counts as absent.
    ///
    /// # Errors
    /// One Chinese sentence that names the variable and says what to enter.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Settings, String> {
        let values: BTreeMap<&str, String> = all()
            .filter_map(|s| get(s.env).map(|v| (s.env, v.trim().to_owned())))
            .filter(|(_, v)| !v.is_empty())
            .collect();
        let take = |name: &str| values.get(name).cloned();
        let wrong = |name: &str, what: &str| format!("环境变量 {name} 的值无法使用，{what}");
        Ok(Settings {
            data: take("GONGKAI_DATA").map(PathBuf::from),
            database: take("GONGKAI_DATABASE"),
            key: take("GONGKAI_KEY")
                .map(|v| key(&v).ok_or_else(|| wrong("GONGKAI_KEY", "应为32位十六进制数")))
                .transpose()?,
            files: take("GONGKAI_FILES").map(PathBuf::from),
            index: take("GONGKAI_INDEX").map(PathBuf::from),
            file_limit: take("GONGKAI_FILE_LIMIT")
                .map(|v| match v.parse() {
                    Ok(n @ 1..=100) => Ok(n),
                    _ => Err(wrong("GONGKAI_FILE_LIMIT", "应为1至100的整数，单位是MB")),
                })
                .transpose()?,
            clamd: take("GONGKAI_CLAMD")
                .map(|v| {
                    let what = "应为本机的地址和端口，或者以 / 开头的套接字路径，例如 127.0.0.1:3310";
                    Scanner::parse(&v).ok_or_else(|| wrong("GONGKAI_CLAMD", what))
                })
                .transpose()?,
            listen: take("GONGKAI_LISTEN")
                .map(|v| {
                    v.parse().map_err(|_| wrong("GONGKAI_LISTEN", "应为地址和端口，例如 127.0.0.1:8080"))
                })
                .transpose()?,
            public_url: take("GONGKAI_PUBLIC_URL")
                .map(|v| {
                    origin(&v).ok_or_else(|| {
                        wrong(
                            "GONGKAI_PUBLIC_URL",
                            "应为网址，只写到域名或者端口，例如 https://gk.example.gov.cn",
                        )
                    })
                })
                .transpose()?,
            fonts: take("GONGKAI_FONTS").map(PathBuf::from),
            timeout: take("GONGKAI_TIMEOUT")
                .map(|v| match v.parse() {
                    Ok(n @ 1..=3600) => Ok(Duration::from_secs(n)),
                    _ => Err(wrong("GONGKAI_TIMEOUT", "应为1至3600的整数，单位是秒")),
                })
                .transpose()?,
            handling: take("GONGKAI_HANDLING_DAYS")
                .map(|v| match v.parse() {
                    Ok(n @ 0..=15) => Ok(n),
                    _ => Err(wrong("GONGKAI_HANDLING_DAYS", "应为0至15的整数，单位是工作日")),
                })
                .transpose()?,
            review: take("GONGKAI_REVIEW_MONTHS")
                .map(|v| match v.parse() {
                    Ok(n @ 1..=60) => Ok(n),
                    _ => Err(wrong("GONGKAI_REVIEW_MONTHS", "应为1至60的整数，单位是月")),
                })
                .transpose()?,
            filing: take("GONGKAI_FILING_DAYS")
                .map(|v| match v.parse() {
                    Ok(n @ FILING_DAYS..=MOST_FILING_DAYS) => Ok(n),
                    _ => Err(wrong("GONGKAI_FILING_DAYS", "应为15至30的整数，单位是日")),
                })
                .transpose()?,
            mail_server: take("GONGKAI_MAIL_SERVER")
                .map(|v| {
                    host_and_port(&v).ok_or_else(|| {
                        wrong("GONGKAI_MAIL_SERVER", "应为主机和端口，例如 smtp.example.gov.cn:465")
                    })
                })
                .transpose()?,
            mail_tls: match take("GONGKAI_MAIL_TLS").as_deref() {
                None | Some("tls") => MailTls::Tls,
                Some("starttls") => MailTls::StartTls,
                Some("none") => MailTls::None,
                Some(_) => return Err(wrong("GONGKAI_MAIL_TLS", "应为 tls、starttls 或者 none")),
            },
            mail_user: take("GONGKAI_MAIL_USER"),
            mail_password: match (take("GONGKAI_MAIL_PASSWORD"), take("GONGKAI_MAIL_PASSWORD_FILE")) {
                (Some(password), _) => Some(password),
                (None, Some(file)) => {
                    let text = std::fs::read_to_string(&file).map_err(|_| {
                        wrong("GONGKAI_MAIL_PASSWORD_FILE", "应为可以读取的文件，请核对路径和权限")
                    })?;
                    Some(text.trim_end_matches(['\r', '\n']).to_owned())
                }
                (None, None) => None,
            },
            mail_from: take("GONGKAI_MAIL_FROM"),
            inbox_maildir: take("GONGKAI_INBOX_MAILDIR").map(PathBuf::from),
            inbox_unit: take("GONGKAI_INBOX_UNIT"),
            inbox_address: take("GONGKAI_INBOX_ADDRESS"),
            push_hosts: take("GONGKAI_PUSH_HOSTS")
                .map(|v| {
                    let what = "应为主机名或者地址，用逗号分隔，不写端口，例如 127.0.0.1,media.internal";
                    PushHosts::parse(&v).ok_or_else(|| wrong("GONGKAI_PUSH_HOSTS", what))
                })
                .transpose()?,
            proxy: match take("GONGKAI_PROXY").as_deref() {
                None | Some("0") => false,
                Some("1") => true,
                Some(_) => return Err(wrong("GONGKAI_PROXY", "应为 0 或者 1")),
            },
            matters: take("GONGKAI_MATTERS")
                .map(|v| match v.parse() {
                    Ok(n @ 1..=50) => Ok(n),
                    _ => Err(wrong("GONGKAI_MATTERS", "应为1至50的整数")),
                })
                .transpose()?,
            draft_days: take("GONGKAI_DRAFT_DAYS")
                .map(|v| match v.parse() {
                    Ok(n @ 1..=365) => Ok(n),
                    _ => Err(wrong("GONGKAI_DRAFT_DAYS", "应为1至365的整数，单位是天")),
                })
                .transpose()?,
            consultation_days: take("GONGKAI_CONSULTATION_DAYS")
                .map(|v| match v.parse() {
                    Ok(n @ 0..=365) => Ok(n),
                    _ => Err(wrong("GONGKAI_CONSULTATION_DAYS", "应为0至365的整数，单位是天")),
                })
                .transpose()?,
            outcome_days: take("GONGKAI_OUTCOME_DAYS")
                .map(|v| match v.parse() {
                    Ok(n @ 0..=365) => Ok(n),
                    _ => Err(wrong("GONGKAI_OUTCOME_DAYS", "应为0至365的整数，单位是天")),
                })
                .transpose()?,
            log: take("GONGKAI_LOG"),
            site: Site::read(take)?,
        })
    }

    /// A service with what the settings say about files, the full-text index and the inbox.
    pub fn equip(&self, mut service: Service, at: &Location) -> Service {
        if let (Location::Postgres(_), Some(folder)) = (at, &self.files) {
            service = service.with_files(folder);
        }
        if let Some(folder) = &self.index {
            service = service.with_search(folder);
        }
        if let Some(n) = self.file_limit {
            service = service.with_file_limits(file::Limits::of_megabytes(n));
        }
        if let Some(inbox) = self.inbox() {
            service = service.with_inbox(inbox);
        }
        if let Some(hosts) = &self.push_hosts {
            service = service.with_push_hosts(hosts.clone());
        }
        match &self.clamd {
            Some(scanner) => service.with_scanner(scanner.clone()),
            None => service,
        }
    }

    /// The inbox; none without a folder, or where its settings cannot be used, which is said when the server starts.
    pub fn inbox(&self) -> Option<Inbox> {
        self.inbox_maildir.as_ref()?;
        let unit = self.inbox_unit.as_ref()?;
        let from = self.mail_from.as_ref();
        let address = match &self.inbox_address {
            Some(address) => address.clone(),
            None => from?.parse::<lettre::message::Mailbox>().ok()?.email.to_string(),
        };
        Inbox::new(unit, &address, self.mail_server.is_some())
    }

    /// How much the portal takes.
    pub fn limits(&self) -> asking::Limits {
        let usual = asking::Limits::default();
        asking::Limits {
            matters: self.matters.unwrap_or(usual.matters),
            draft_days: self.draft_days.unwrap_or(usual.draft_days),
            consultation_days: self.consultation_days.unwrap_or(usual.consultation_days),
            outcome_days: self.outcome_days.unwrap_or(usual.outcome_days),
        }
    }

    /// Whether the public reaches the system by https only.
    pub fn https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Working days before the reply is due by which a handling unit has to be ready.
    pub fn handling_days(&self) -> u32 {
        self.handling.unwrap_or(5)
    }

    /// Months after which the attribute of what is not 主动公开 is reviewed.
    pub fn review_months(&self) -> u32 {
        self.review.unwrap_or(REVIEW_PERIOD)
    }

    /// Days within which a normative document is reported after its publication.
    pub fn filing_days(&self) -> u32 {
        self.filing.unwrap_or(FILING_DAYS)
    }

    /// The longest time a request may take.
    pub fn time_limit(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(60))
    }
}

/// 16 bytes written as 32 hexadecimal digits.
fn key(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut key = [0; 16];
    for (byte, at) in key.iter_mut().zip((0..32).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(key)
}

/// `host:port`.
fn host_and_port(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let port = port.parse().ok().filter(|port| *port > 0)?;
    (!host.is_empty() && host.chars().all(plain)).then(|| (host.to_owned(), port))
}

/// `scheme://host[:port]` without a path.
fn origin(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &'static str) -> Result<Settings, String> {
        Settings::read(|n| (n == name).then(|| value.to_owned()))
    }

    #[test]
    fn every_setting_that_cannot_be_used_is_named() {
        for (name, value) in [
            ("GONGKAI_KEY", "12"),
            ("GONGKAI_KEY", "zz23456789abcdef0123456789abcdef"),
            ("GONGKAI_FILE_LIMIT", "0"),
            ("GONGKAI_FILE_LIMIT", "20MB"),
            ("GONGKAI_CLAMD", "192.0.2.1:3310"),
            ("GONGKAI_LISTEN", "8080"),
            ("GONGKAI_PUBLIC_URL", "gk.example.gov.cn"),
            ("GONGKAI_PUBLIC_URL", "https://gk.example.gov.cn/path"),
            ("GONGKAI_TIMEOUT", "0"),
            ("GONGKAI_HANDLING_DAYS", "99"),
            ("GONGKAI_REVIEW_MONTHS", "0"),
            ("GONGKAI_FILING_DAYS", "14"),
            ("GONGKAI_FILING_DAYS", "31"),
            ("GONGKAI_REVIEW_MONTHS", "61"),
            ("GONGKAI_MAIL_SERVER", "smtp.example.gov.cn"),
            ("GONGKAI_MAIL_SERVER", "smtp.example.gov.cn:0"),
            ("GONGKAI_MAIL_TLS", "ssl"),
            ("GONGKAI_MAIL_PASSWORD_FILE", "/no/such/file"),
            ("GONGKAI_PUSH_HOSTS", "http://a/"),
            ("GONGKAI_PROXY", "yes"),
            ("GONGKAI_MATTERS", "0"),
            ("GONGKAI_DRAFT_DAYS", "366"),
            ("GONGKAI_CONSULTATION_DAYS", "366"),
            ("GONGKAI_OUTCOME_DAYS", "-1"),
        ] {
            let sentence = with(name, value).unwrap_err();
            assert!(sentence.contains(name) && sentence.contains('应'), "{sentence}");
        }
    }

    #[test]
    fn settings_are_read_and_empty_ones_are_absent() {
        let key = with("GONGKAI_KEY", "000102030405060708090a0b0c0d0e0F").unwrap().key.unwrap();
        assert_eq!(key, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        let https = with("GONGKAI_PUBLIC_URL", "https://GK.example.gov.cn/").unwrap();
        assert_eq!(https.public_url.as_deref(), Some("https://gk.example.gov.cn"));
        assert!(https.https());
        assert!(!with("GONGKAI_PUBLIC_URL", "http://127.0.0.1:8080").unwrap().https());
        assert!(with("GONGKAI_LISTEN", " ").unwrap().listen.is_none());
        assert_eq!(with("GONGKAI_TIMEOUT", "5").unwrap().time_limit(), Duration::from_secs(5));
    }
}
