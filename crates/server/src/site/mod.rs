//! The site as the unit that runs it wants it: name, colours, emblem, the labels that government sites carry
//! (国办发〔2017〕47号), and how long a terminal in a service hall waits. All of it is data from settings: what is not
//! set is not shown, and nothing is made up in its place.

mod colour;

use crate::config::Setting;
use crate::web::asset::Asset;
use std::path::Path;
use std::time::Duration;

/// The settings of the site, in the order in which `doctor` shows them.
pub const SETTINGS: [Setting; 13] = [
    Setting {
        env: "GONGKAI_SITE_NAME",
        about: "网站名称，显示在页面顶部和标题中",
        default: "地区名称加“政府信息公开”",
        secret: false,
    },
    Setting {
        env: "GONGKAI_COLOURS",
        about: "页面颜色，依次为主色、链接颜色、点缀颜色，最多3个，用逗号隔开，例如 #a81219,#0b57a4；与浅色背景的对比度应不低于4.5:1",
        default: "红色主色、蓝色链接",
        secret: false,
    },
    Setting {
        env: "GONGKAI_EMBLEM",
        about: "页面顶部的徽标文件，SVG 或者 PNG 格式，不超过200kB",
        default: "系统自带的图案",
        secret: false,
    },
    Setting {
        env: "GONGKAI_SPONSOR", about: "网站主办单位", default: "无，不显示", secret: false
    },
    Setting {
        env: "GONGKAI_UNDERTAKER", about: "网站承办单位", default: "无，不显示", secret: false
    },
    Setting { env: "GONGKAI_PHONE", about: "网站联系电话", default: "无，不显示", secret: false },
    Setting {
        env: "GONGKAI_SITE_ID",
        about: "政府网站标识码，10位数字",
        default: "无，不显示",
        secret: false,
    },
    Setting {
        env: "GONGKAI_ICP",
        about: "ICP备案号；需要链接的，在后面加空格和网址",
        default: "无，不显示",
        secret: false,
    },
    Setting {
        env: "GONGKAI_POLICE_RECORD",
        about: "公安机关备案号；需要链接的，在后面加空格和网址",
        default: "无，不显示",
        secret: false,
    },
    Setting {
        env: "GONGKAI_AGENCY_MARK",
        about: "党政机关网站标识的认证页面网址",
        default: "无，不显示",
        secret: false,
    },
    Setting {
        env: "GONGKAI_FIND_ERRORS",
        about: "“我为政府网站找错”的网址",
        default: "无，不显示",
        secret: false,
    },
    Setting {
        env: "GONGKAI_TERMINAL_IDLE",
        about: "自助终端连续多少秒没有操作即清除填写内容、返回首页，60至1800",
        default: "120",
        secret: false,
    },
    Setting {
        env: "GONGKAI_TERMINAL_WARN",
        about: "自助终端清除以前提前多少秒提示，20至45",
        default: "30",
        secret: false,
    },
];

/// A label of the foot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it is.
    pub label: &'static str,
    /// What it says; empty where the label is all there is to read.
    pub text: String,
    /// Where it leads; may be empty.
    pub href: String,
}

/// The site.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Its name, if it is not made from that of the region.
    pub name: Option<String>,
    /// 网站标识码
    pub id_code: Option<String>,
    /// Labels of the foot.
    pub marks: Vec<Mark>,
    /// The colours as a style sheet of their own.
    pub style: Option<Asset>,
    /// The emblem.
    pub emblem: Option<Asset>,
    idle: Option<u16>,
    warn: Option<u16>,
}

impl Site {
    /// From settings that are not empty. `take` gives the value of one.
    ///
    /// # Errors
    /// One Chinese sentence that names the variable and says what to enter.
    pub fn read(take: impl Fn(&str) -> Option<String>) -> Result<Site, String> {
        let wrong = |name: &str, what: &str| format!("环境变量 {name} 的值无法使用，{what}");
        let read = |name: &str, what: &str, fits: &dyn Fn(&str) -> bool| match take(name) {
            Some(v) if fits(&v) => Ok(Some(v)),
            Some(_) => Err(wrong(name, what)),
            None => Ok(None),
        };
        let line = |v: &str| v.chars().count() <= 60 && !v.chars().any(char::is_control);
        let text = |name: &str| read(name, "应为一行文字，不超过60个字", &line);
        let url = |name: &str| read(name, "应为以 https:// 或者 http:// 开头的网址", &is_address);
        let record = |name: &str, what: &str, word: &str| {
            let fits = |v: &str| {
                let (number, href) = split(v);
                number.contains(word) && line(number) && (href.is_empty() || is_address(href))
            };
            read(name, what, &fits)
        };
        let seconds = |name: &str, what: &str, range: std::ops::RangeInclusive<u16>| {
            let fits = |v: &str| v.parse().is_ok_and(|n| range.contains(&n));
            read(name, what, &fits).map(|v| v.and_then(|v| v.parse().ok()))
        };
        let digits = |v: &str| v.bytes().filter(u8::is_ascii_digit).count();
        let phone = |v: &str| {
            line(v) && digits(v) >= 3 && v.chars().all(|c| c.is_ascii_digit() || "-+() 、，".contains(c))
        };
        let id_code = read("GONGKAI_SITE_ID", "应为10位数字", &|v| v.len() == 10 && digits(v) == 10)?;
        let icp = record("GONGKAI_ICP", "应为带有“ICP备”的备案号，需要链接的在后面加空格和网址", "ICP备")?;
        let police = record(
            "GONGKAI_POLICE_RECORD",
            "应为带有“公网安备”的备案号，需要链接的在后面加空格和网址",
            "公网安备",
        )?;
        let mut marks = Vec::new();
        let mut mark = |label, text: Option<String>| {
            marks.extend(text.map(|t| {
                let (text, href) = split(&t);
                Mark { label, text: text.to_owned(), href: href.to_owned() }
            }));
        };
        mark("主办单位", text("GONGKAI_SPONSOR")?);
        mark("承办单位", text("GONGKAI_UNDERTAKER")?);
        let what = "应为电话号码，例如 0000-0000000";
        mark("联系电话", read("GONGKAI_PHONE", what, &phone)?);
        mark("网站标识码", id_code.clone());
        mark("ICP备案号", icp);
        mark("公安机关备案号", police);
        mark("党政机关标识", url("GONGKAI_AGENCY_MARK")?);
        mark("我为政府网站找错", url("GONGKAI_FIND_ERRORS")?);
        let style = take("GONGKAI_COLOURS").map(|v| colour::style(&v)).transpose();
        let style = style.map_err(|what| wrong("GONGKAI_COLOURS", &what))?;
        let emblem = take("GONGKAI_EMBLEM").map(|path| emblem(Path::new(&path))).transpose();
        Ok(Site {
            name: text("GONGKAI_SITE_NAME")?,
            id_code,
            marks,
            style: style.map(|s| Asset::new("theme", "css", "text/css; charset=utf-8", s.into_bytes())),
            emblem: emblem.map_err(|what| wrong("GONGKAI_EMBLEM", what))?,
            idle: seconds("GONGKAI_TERMINAL_IDLE", "应为60至1800的整数，单位是秒", 60..=1800)?,
            warn: seconds("GONGKAI_TERMINAL_WARN", "应为20至45的整数，单位是秒", 20..=45)?,
        })
    }

    /// The name, made from that of the region where none is set.
    pub fn name(&self, region: &str) -> String {
        self.name.clone().unwrap_or_else(|| format!("{region}政府信息公开"))
    }

    /// How long a terminal waits for a sign of its visitor before it clears what was typed.
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle.unwrap_or(120).into())
    }

    /// How long before that it asks. At least 20 seconds (WCAG 2.1, 2.2.1).
    pub fn warn(&self) -> Duration {
        Duration::from_secs(self.warn.unwrap_or(30).into())
    }
}

/// What is read, and the address after it.
fn split(text: &str) -> (&str, &str) {
    if is_address(text) {
        return ("", text);
    }
    match text.rsplit_once(' ') {
        Some((said, href)) if href.contains("://") => (said.trim_end(), href),
        _ => (text, ""),
    }
}

/// An address on the web that can stand in a page.
fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|h| !h.is_empty() && !h.starts_with('/'))
        && text.len() <= 500
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\".contains(&b))
}

/// Bytes an emblem may have: every page of a visitor's first visit waits for it.
const EMBLEM: usize = 200_000;

/// The emblem in a file. An SVG is only ever shown as a picture, where no script of it runs.
fn emblem(path: &Path) -> Result<Asset, &'static str> {
    let bytes = std::fs::read(path).map_err(|_| "应为可以读取的文件，请核对路径和权限")?;
    if bytes.len() > EMBLEM {
        return Err("徽标文件应不超过200kB，请压缩后再用");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Asset::new("emblem", "png", "image/png", bytes));
    }
    let svg = std::str::from_utf8(&bytes).is_ok_and(|text| {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        start.starts_with('<') && start.contains("<svg") && start.trim_end().ends_with("</svg>")
    });
    if svg {
        return Ok(Asset::new("emblem", "svg", "image/svg+xml", bytes));
    }
    Err("徽标文件应为 SVG 或者 PNG 格式")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn with(name: &str, value: &str) -> Result<Site, String> {
        Site::read(|n| (n == name).then(|| value.to_owned()))
    }

    #[test]
    fn every_setting_that_cannot_be_used_is_named() {
        for (name, value) in [
            ("GONGKAI_SITE_NAME", "一\n二"),
            ("GONGKAI_COLOURS", "red"),
            ("GONGKAI_COLOURS", "#ffcc00"),
            ("GONGKAI_EMBLEM", "/no/such/file"),
            ("GONGKAI_PHONE", "总机"),
            ("GONGKAI_SITE_ID", "123456789"),
            ("GONGKAI_SITE_ID", "12345678901"),
            ("GONGKAI_ICP", "00000000号"),
            ("GONGKAI_ICP", "样ICP备00000000号 javascript://x"),
            ("GONGKAI_POLICE_RECORD", "样ICP备00000000号"),
            ("GONGKAI_AGENCY_MARK", "example.gov.cn"),
            ("GONGKAI_AGENCY_MARK", "javascript:alert(1)"),
            ("GONGKAI_FIND_ERRORS", "https://example.gov.cn/\"><script>"),
            ("GONGKAI_TERMINAL_IDLE", "59"),
            ("GONGKAI_TERMINAL_IDLE", "1801"),
            ("GONGKAI_TERMINAL_WARN", "19"),
            ("GONGKAI_TERMINAL_WARN", "46"),
        ] {
            let sentence = with(name, value).unwrap_err();
            assert!(sentence.contains(name) && sentence.contains('应'), "{sentence}");
            assert!(SETTINGS.iter().any(|s| s.env == name), "{name} is no setting");
        }
    }

    #[test]
    fn what_is_not_set_is_not_shown() {
        let bare = with("", "").unwrap();
        assert!(bare.marks.is_empty() && bare.style.is_none() && bare.emblem.is_none());
        assert_eq!(bare.name("样例县"), "样例县政府信息公开");
        assert_eq!((bare.idle().as_secs(), bare.warn().as_secs()), (120, 30));
        let icp = with("GONGKAI_ICP", "样ICP备00000000号 https://example.gov.cn/").unwrap();
        let [mark] = &icp.marks[..] else { panic!("{:?}", icp.marks) };
        assert_eq!(
            (mark.text.as_str(), mark.href.as_str()),
            ("样ICP备00000000号", "https://example.gov.cn/")
        );
        assert_eq!(with("GONGKAI_TERMINAL_IDLE", "60").unwrap().idle().as_secs(), 60);
    }

    #[test]
    fn an_emblem_is_a_picture_by_its_content() {
        let file = |bytes: &[u8]| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(bytes).unwrap();
            file
        };
        let read = |bytes: &[u8]| emblem(file(bytes).path()).map(|a| a.media_type);
        assert_eq!(read(b"\x89PNG\r\n\x1a\n..."), Ok("image/png"));
        assert_eq!(read(b"<?xml version=\"1.0\"?><svg xmlns=\"x\"></svg>\n"), Ok("image/svg+xml"));
        for wrong in [&b"<html></html>"[..], b"GIF89a", b"", b"<svg>"] {
            assert!(read(wrong).is_err());
        }
        assert!(read(&vec![b' '; EMBLEM + 1]).unwrap_err().contains("200kB"));
    }
}
