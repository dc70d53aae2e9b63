//! The docket of a channel (发布渠道): where published items go besides the portal.
//!
//! A channel takes what everybody may read and nothing else; that is looked at again whenever something leaves. The secret of a
//! channel never stands in its docket, only a part of its digest, so that both sides can compare what they hold. Channels
//! count in no figure of the annual report.

use super::document::Category;
use super::{Recorded, Tally, in_force};
use crate::{Refusal, classification};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Items an export holds at most.
pub const MOST_EXPORTED: usize = 100;
/// Characters of an address.
const LONGEST_ADDRESS: usize = 500;
/// Characters of a name.
const LONGEST_NAME: usize = 60;

/// How items get to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// 签名推送: sent to an address, signed.
    Push,
    /// 订阅源: it takes the public feeds by itself.
    Feed,
    /// 编辑导出: editors of an account (政务新媒体) take a package and publish it themselves.
    Export,
}

impl ChannelKind {
    /// All kinds.
    pub const ALL: [ChannelKind; 3] = [ChannelKind::Push, ChannelKind::Feed, ChannelKind::Export];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            ChannelKind::Push => "push",
            ChannelKind::Feed => "feed",
            ChannelKind::Export => "export",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            ChannelKind::Push => "签名推送",
            ChannelKind::Feed => "订阅源",
            ChannelKind::Export => "编辑导出",
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<ChannelKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// What may be changed of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Terms {
    /// 渠道名称
    pub name: String,
    /// Where items are sent (签名推送); of other kinds, where the channel can be seen. May be empty for those.
    pub address: String,
    /// Whether it takes items of every agency of the region, and not only of its own unit and those below: the accounts of a
    /// government are run by its office.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_region: bool,
    /// Categories of the items it takes; all if empty.
    pub categories: BTreeSet<Category>,
    /// Keys of the columns whose items it takes; all if empty.
    pub columns: BTreeSet<String>,
}

impl Terms {
    /// Whether the channel takes an item of this category that stands in these columns.
    pub fn take<'a>(&self, category: Category, mut columns: impl Iterator<Item = &'a str>) -> bool {
        (self.categories.is_empty() || self.categories.contains(&category))
            && (self.columns.is_empty() || columns.any(|c| self.columns.contains(c)))
    }

    fn refusals(&self, kind: ChannelKind) -> Vec<Refusal> {
        let mut no = Vec::new();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            let text = format!("请填写渠道名称，不超过{LONGEST_NAME}个字");
            no.push(Refusal::new("name-missing", text, ""));
        }
        if (kind == ChannelKind::Push || !self.address.is_empty()) && !is_address(&self.address) {
            let text = "地址应为以 https:// 开头的完整网址，不含用户名和密码；只有本机地址可以用 http://";
            no.push(Refusal::new("address-wrong", text, ""));
        }
        let unknown = self.columns.iter().find(|key| classification::column(key).is_none());
        if let Some(key) = unknown {
            no.push(Refusal::new("column-unknown", format!("没有“{key}”这个公开栏目，请从列表中选择"), ""));
        }
        no
    }
}

/// The host of an address with its port, and the rest; `None` if it is not one that may be used: https, or http to this machine,
/// without a name or password in it, of plain characters.
pub fn parts_of(address: &str) -> Option<(bool, &str, &str)> {
    let secure = address.starts_with("https://");
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (host, port) = v6.split_once(']')?;
            let plain = host.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'));
            (plain && host.contains(':')).then_some((host, port))?
        }
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
            plain.then_some((host, port))?
        }
    };
    let port = port.is_empty() || port.strip_prefix(':')?.parse::<u16>().is_ok_and(|p| p > 0);
    let quad: Vec<&str> = host.split('.').collect();
    let loopback = quad.len() == 4 && quad[0] == "127" && quad.iter().all(|n| n.parse::<u8>().is_ok());
    let here = loopback || matches!(host, "localhost" | "::1");
    let plain = address.len() <= LONGEST_ADDRESS
        && path.chars().all(|c| c.is_ascii_graphic() && !"#\\\"<>^`{|}".contains(c));
    (plain && port && !host.is_empty() && (secure || here)).then_some((secure, authority, path))
}

fn is_address(address: &str) -> bool {
    parts_of(address).is_some()
}

/// What can happen to a channel. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ChannelEvent {
    /// 启用
    Opened {
        /// Whose channel it is.
        unit: String,
        /// How items get there.
        kind: ChannelKind,
        /// What may be changed later.
        #[serde(flatten)]
        terms: Terms,
    },
    /// 变更
    Changed {
        /// What holds from now on.
        #[serde(flatten)]
        terms: Terms,
    },
    /// 更换密钥: the one before is not used any more.
    Keyed {
        /// The first digits of the secret's digest.
        mark: String,
    },
    /// 导出
    Exported {
        /// The documents that were handed over.
        documents: Vec<String>,
    },
    /// 停用
    Closed {
        /// Why.
        reason: String,
    },
    /// 恢复
    Reopened,
}

/// A channel, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whose it is.
    pub unit: String,
    /// How items get there.
    pub kind: ChannelKind,
    /// What holds now.
    pub terms: Terms,
    /// Since when it takes items.
    pub opened_on: Date,
    /// The first digits of the digest of its secret; none before one was made.
    pub mark: Option<String>,
    /// Since when it is closed.
    pub closed_on: Option<Date>,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its beginning was voided.
    pub fn of(docket: &[Recorded<ChannelEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let ChannelEvent::Opened { unit, kind, terms } = first.event else { return None };
        let mut s = Standing {
            unit: unit.clone(),
            kind: *kind,
            terms: terms.clone(),
            opened_on: first.on,
            mark: None,
            closed_on: None,
        };
        for e in rest {
            match e.event {
                ChannelEvent::Opened { .. } | ChannelEvent::Exported { .. } => {}
                ChannelEvent::Changed { terms } => s.terms = terms.clone(),
                ChannelEvent::Keyed { mark } => s.mark = Some(mark.clone()),
                ChannelEvent::Closed { .. } => s.closed_on = Some(e.on),
                ChannelEvent::Reopened => s.closed_on = None,
            }
        }
        Some(s)
    }

    /// Why this event may not begin a docket; empty if it may.
    pub fn may_begin(event: &ChannelEvent, _: Date) -> Vec<Refusal> {
        let ChannelEvent::Opened { unit, kind, terms } = event else {
            return vec![Refusal::new("not-opened", "请先登记渠道", "")];
        };
        let mut no = terms.refusals(*kind);
        if unit.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请选择渠道所属的机关", ""));
        }
        no
    }

    /// Why this event may not follow; empty if it may.
    pub fn may(&self, event: &ChannelEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.opened_on {
            let text = format!("日期{on}早于启用日期{}，请核对日期", self.opened_on);
            no.push(Refusal::new("date-order", text, ""));
        }
        let closed = self.closed_on.is_some();
        if closed && !matches!(event, ChannelEvent::Reopened | ChannelEvent::Opened { .. }) {
            no.push(Refusal::new("closed", "渠道已经停用，请先恢复", ""));
        }
        match event {
            ChannelEvent::Opened { .. } => {
                no.push(Refusal::new("already-opened", "渠道已经登记，如有差错请更正", ""));
            }
            ChannelEvent::Changed { terms } => {
                no.extend(terms.refusals(self.kind));
                if *terms == self.terms {
                    no.push(Refusal::new("unchanged", "渠道没有变化", ""));
                }
            }
            ChannelEvent::Keyed { .. } => {
                if self.kind != ChannelKind::Push {
                    no.push(Refusal::new("no-key", "只有签名推送的渠道使用密钥", ""));
                }
            }
            ChannelEvent::Exported { documents } => {
                if self.kind != ChannelKind::Export {
                    no.push(Refusal::new("no-export", "只有编辑导出的渠道可以导出", ""));
                }
                if documents.is_empty() {
                    no.push(Refusal::new("nothing-to-export", "没有可以导出的信息，请另选信息或者日期", ""));
                }
                if documents.len() > MOST_EXPORTED {
                    let text = format!("一次最多导出{MOST_EXPORTED}条信息，请缩短日期范围");
                    no.push(Refusal::new("too-many", text, ""));
                }
            }
            ChannelEvent::Closed { reason } => {
                if reason.trim().is_empty() {
                    no.push(Refusal::new("reason-missing", "请写明停用的原因", ""));
                }
            }
            ChannelEvent::Reopened => {
                if !closed {
                    no.push(Refusal::new("not-closed", "渠道没有停用，不需要恢复", ""));
                }
            }
        }
        no
    }

    /// Whether items are sent to it now.
    pub fn pushes(&self) -> bool {
        self.kind == ChannelKind::Push && self.closed_on.is_none() && self.mark.is_some()
    }

    /// It counts in no figure.
    pub fn tallies(&self) -> Vec<Tally> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn terms(address: &str) -> Terms {
        Terms { name: "样例渠道".into(), address: address.into(), ..Terms::default() }
    }

    fn opened(kind: ChannelKind, address: &str) -> ChannelEvent {
        ChannelEvent::Opened { unit: "office".into(), kind, terms: terms(address) }
    }

    fn codes(no: Vec<Refusal>) -> Vec<String> {
        no.into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn an_address_is_https_or_this_machine_and_hides_nothing() {
        for good in [
            "https://media.example.gov.cn/push?channel=1",
            "https://media.example.gov.cn:8443",
            "http://127.0.0.1:9000/in",
            "http://localhost/in",
            "http://[::1]:9000/in",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "media.example.gov.cn",
            "http://media.example.gov.cn/",
            "http://127.0.0.1.example.gov.cn/",
            "https://",
            "https:///in",
            "https://name:word@media.example.gov.cn/",
            "https://media.example.gov.cn:0/",
            "https://media.example.gov.cn:99999/",
            "https://media.example.gov.cn/a b",
            "https://media.example.gov.cn/\r\nX: y",
            "https://media.example.gov.cn/#part",
            "https://渠道.example/",
            "https://[::1/",
            "https://[x]/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert_eq!(parts_of("https://a.cn:81/b?c"), Some((true, "a.cn:81", "/b?c")));
        assert_eq!(parts_of("https://a.cn?c"), Some((true, "a.cn", "?c")));
    }

    #[test]
    fn a_channel_says_everything_that_is_missing_at_once() {
        let on = date(2024, 3, 1);
        let mut bad = terms("");
        bad.name.clear();
        bad.columns.insert("nothing".into());
        let event = ChannelEvent::Opened { unit: " ".into(), kind: ChannelKind::Push, terms: bad };
        assert_eq!(
            codes(Standing::may_begin(&event, on)),
            ["name-missing", "address-wrong", "column-unknown", "unit-missing"]
        );
        assert!(Standing::may_begin(&opened(ChannelKind::Export, ""), on).is_empty());
        assert_eq!(codes(Standing::may_begin(&ChannelEvent::Reopened, on)), ["not-opened"]);
    }

    #[test]
    fn it_sends_only_with_a_secret_and_while_it_is_open() {
        let on = date(2024, 3, 1);
        let mut docket = vec![Recorded::new(1, on, opened(ChannelKind::Push, "https://a.example.cn/"))];
        let stands = |docket: &[Recorded<ChannelEvent>]| Standing::of(docket).unwrap();
        assert!(!stands(&docket).pushes());
        docket.push(Recorded::new(2, on, ChannelEvent::Keyed { mark: "0a1b2c3d".into() }));
        assert!(stands(&docket).pushes());
        assert_eq!(codes(stands(&docket).may(&ChannelEvent::Reopened, on)), ["not-closed"]);
        docket.push(Recorded::new(3, date(2024, 3, 5), ChannelEvent::Closed { reason: "样例".into() }));
        let closed = stands(&docket);
        assert!(!closed.pushes());
        let keyed = ChannelEvent::Keyed { mark: "1".into() };
        assert_eq!(codes(closed.may(&keyed, date(2024, 3, 6))), ["closed"]);
        docket.push(Recorded::new(4, date(2024, 3, 6), ChannelEvent::Reopened));
        assert!(stands(&docket).pushes());
        assert_eq!(codes(stands(&docket).may(&keyed, date(2024, 2, 29))), ["date-order"]);
    }

    #[test]
    fn an_export_is_of_an_export_channel_and_has_bounds() {
        let on = date(2024, 3, 1);
        let s = |kind| Standing::of(&[Recorded::new(1, on, opened(kind, "https://a.example.cn/"))]).unwrap();
        let of = |n: usize| ChannelEvent::Exported { documents: vec!["x".into(); n] };
        assert_eq!(codes(s(ChannelKind::Export).may(&of(0), on)), ["nothing-to-export"]);
        assert!(s(ChannelKind::Export).may(&of(MOST_EXPORTED), on).is_empty());
        assert_eq!(codes(s(ChannelKind::Export).may(&of(MOST_EXPORTED + 1), on)), ["too-many"]);
        assert_eq!(codes(s(ChannelKind::Feed).may(&of(1), on)), ["no-export"]);
        let keyed = ChannelEvent::Keyed { mark: "1".into() };
        assert_eq!(codes(s(ChannelKind::Export).may(&keyed, on)), ["no-key"]);
    }

    #[test]
    fn it_takes_what_its_terms_name_and_everything_if_they_name_nothing() {
        let mut t = terms("");
        assert!(t.take(Category::Official, [].into_iter()));
        t.categories.insert(Category::Interpretation);
        assert!(!t.take(Category::Official, [].into_iter()));
        t.columns.insert("guide".into());
        assert!(!t.take(Category::Interpretation, ["rules"].into_iter()));
        assert!(t.take(Category::Interpretation, ["rules", "guide"].into_iter()));
    }
}
