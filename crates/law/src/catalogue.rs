//! 基层政务公开标准目录: the pilot fields, what an entry says, and how soon and how often it is to be published.
//!
//! An entry names what is published: 事项, 内容, 依据, 时限, 主体, 方式, 渠道, 公开对象 (国办发〔2019〕54号, the least an entry must
//! have), and at which levels. Fields and usual channels are `data/catalogue_fields.toml`.

use crate::calendar::Calendar;
use crate::docket::unit::Level;
use crate::{Refusal, clock};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Characters of 公开内容 and of 公开依据.
pub const LONGEST_TEXT: usize = 3_000;
/// Characters of every other part of an entry.
pub const LONGEST_WORD: usize = 200;
/// Days of a term that are reckoned with; more of them is a slip.
const LONGEST_TERM: u32 = 3_650;
/// Entries of a field at most; the longest published ones have some three hundred.
pub const MOST_ENTRIES: u32 = 2_000;

/// Entries a document may be published under.
pub const MOST_OF_DOCUMENT: usize = 20;

/// A pilot field (试点领域).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable word.
    pub key: String,
    /// Its name in the notice.
    pub label: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    cite: String,
    field: Vec<Field>,
    channel: Vec<String>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    // A test reads the embedded file, so this cannot fail in a program that was tested.
    toml::from_str(include_str!("../data/catalogue_fields.toml"))
        .expect("the embedded fields are well formed")
});

/// The 26 fields, in order.
pub fn fields() -> &'static [Field] {
    &DATA.field
}

/// The field with this key or name.
pub fn field(text: &str) -> Option<&'static Field> {
    fields().iter().find(|f| f.key == text || f.label == text)
}

/// 公开渠道和载体 that catalogues usually list, in order.
pub fn channels() -> &'static [String] {
    &DATA.channel
}

/// Where the fields come from.
pub fn cite() -> &'static str {
    &DATA.cite
}

/// 公开层级: the level of the agencies that publish what an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// 县级
    County,
    /// 乡级
    Township,
    /// 村级: some catalogues have it; villages are no agencies, so nothing is owed for them here.
    Village,
}

impl Tier {
    /// All of them, highest first.
    pub const ALL: [Tier; 3] = [Tier::County, Tier::Township, Tier::Village];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Tier::County => "county",
            Tier::Township => "township",
            Tier::Village => "village",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Tier::County => "县级",
            Tier::Township => "乡级",
            Tier::Village => "村级",
        }
    }

    /// The one with this key or name; catalogues of county-level cities also write 市级 and 镇级.
    pub fn parse(text: &str) -> Option<Tier> {
        match text {
            "county" | "县级" | "市级" | "区级" | "旗县级" => Some(Tier::County),
            "township" | "乡级" | "乡镇级" | "镇级" | "街道" => Some(Tier::Township),
            "village" | "村级" => Some(Tier::Village),
            _ => None,
        }
    }

    /// The tier of an agency's level.
    pub fn of(level: Level) -> Option<Tier> {
        match level {
            Level::County => Some(Tier::County),
            Level::Township => Some(Tier::Township),
            Level::Province | Level::City => None,
        }
    }
}

/// What an entry (公开事项) says, column by column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// What this place calls the field; the name in the notice if nothing is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field_name: String,
    /// 一级事项
    pub first: String,
    /// 二级事项; may be empty.
    pub second: String,
    /// 公开内容（要素）, one a line.
    pub content: String,
    /// 公开依据, one a line.
    pub basis: String,
    /// 公开时限, in its own words; read by [`Limit::parse`].
    pub limit: String,
    /// 公开主体, in its own words.
    pub body: String,
    /// Ids of the agencies of the county level that answer for it; those of townships are all townships.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// 公开渠道和载体
    pub channels: Vec<String>,
    /// 公开对象: 全社会
    pub everybody: bool,
    /// 公开对象: 特定群体, by name; none if empty.
    pub group: String,
    /// 公开方式: 主动
    pub proactive: bool,
    /// 公开方式: 依申请
    pub on_request: bool,
    /// 公开层级
    pub tiers: BTreeSet<Tier>,
}

impl Item {
    /// 一级事项 and 二级事项 in one line.
    pub fn title(&self) -> String {
        if self.second.is_empty() { self.first.clone() } else { format!("{}：{}", self.first, self.second) }
    }

    /// Why it cannot be recorded, everything at once; empty if it can.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        let mut must = |missing: bool, code: &str, text: &str| {
            if missing {
                no.push(Refusal::new(code, text, cite()));
            }
        };
        must(self.first.trim().is_empty(), "first-missing", "请填写一级事项");
        must(self.content.trim().is_empty(), "content-missing", "请填写公开内容（要素）");
        must(self.basis.trim().is_empty(), "basis-missing", "请填写公开依据");
        must(self.limit.trim().is_empty(), "limit-missing", "请填写公开时限");
        must(self.body.trim().is_empty(), "body-missing", "请填写公开主体");
        must(self.channels.is_empty(), "channels-missing", "请选择公开渠道和载体");
        let nobody = !self.everybody && self.group.trim().is_empty();
        must(nobody, "audience-missing", "请选择公开对象：全社会，或者写明特定群体");
        must(!self.proactive && !self.on_request, "way-missing", "请选择公开方式：主动或者依申请");
        must(self.tiers.is_empty(), "tiers-missing", "请选择公开层级");
        let long = |text: &str, most: usize| text.chars().count() > most;
        if long(&self.content, LONGEST_TEXT) || long(&self.basis, LONGEST_TEXT) {
            let text = format!("公开内容和公开依据各不超过{LONGEST_TEXT}个字，请缩短或者分成几个事项");
            no.push(Refusal::new("text-long", text, ""));
        }
        let words = [&self.field_name, &self.first, &self.second, &self.limit, &self.body, &self.group];
        if words.into_iter().chain(&self.channels).any(|w| long(w, LONGEST_WORD)) {
            let text = format!("除公开内容和公开依据外，每一项不超过{LONGEST_WORD}个字，请缩短");
            no.push(Refusal::new("word-long", text, ""));
        }
        no
    }
}

/// 公开时限 as far as it can be reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// 实时公开
    Realtime,
    /// 及时公开
    Promptly,
    /// Within so many working days of being made or changed.
    WorkingDays(u32),
    /// Within so many days.
    Days(u32),
    /// Anew every so many months.
    Every(u32),
    /// 长期公开
    Standing,
    /// 同上: as the entry before.
    AsAbove,
    /// Anything else: people read it.
    Other,
}

impl Limit {
    /// Reads the words of a catalogue.
    pub fn parse(text: &str) -> Limit {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
        let every = |all: [(&[&str], u32); 4]| {
            let said = |words: &[&str]| words.iter().any(|w| text.contains(w));
            all.into_iter().find(|(words, _)| said(words)).map(|(_, months)| Limit::Every(months))
        };
        let days = |words: &[&str]| number_before(&text, words).filter(|n| *n <= LONGEST_TERM);
        if text.is_empty() {
            return Limit::Other;
        }
        if text.starts_with("同上") {
            return Limit::AsAbove;
        }
        let anew = [
            (&["每半年", "每6个月"][..], 6),
            (&["每季", "按季"], 3),
            (&["每月", "按月"], 1),
            (&["每年", "按年"], 12),
        ];
        // 年度 and the like say what is published as often as when; where days are named, those say when.
        let named = [(&["半年度"][..], 6), (&["季度"], 3), (&["月度"], 1), (&["年度"], 12)];
        let calendar_days = ["个自然日", "自然日", "日内", "天内", "个日历日"];
        let reckoned = every(anew)
            .or_else(|| days(&["个工作日", "工作日"]).map(Limit::WorkingDays))
            .or_else(|| days(&calendar_days).map(Limit::Days))
            .or_else(|| every(named));
        if let Some(limit) = reckoned {
            return limit;
        }
        match () {
            () if text.contains("实时") => Limit::Realtime,
            () if text.contains("及时") => Limit::Promptly,
            () if text.contains("长期") => Limit::Standing,
            () => Limit::Other,
        }
    }

    /// What of it is reckoned with, in words; empty if nothing is.
    pub fn label(self) -> String {
        match self {
            Limit::WorkingDays(n) => format!("形成或者变更之日起{n}个工作日内"),
            Limit::Days(n) => format!("形成或者变更之日起{n}日内"),
            Limit::Every(12) => "每年更新".to_owned(),
            Limit::Every(6) => "每半年更新".to_owned(),
            Limit::Every(3) => "每季度更新".to_owned(),
            Limit::Every(1) => "每月更新".to_owned(),
            Limit::Every(n) => format!("每{n}个月更新"),
            Limit::Realtime | Limit::Promptly | Limit::Standing | Limit::AsAbove | Limit::Other => {
                String::new()
            }
        }
    }

    /// The last day on which what was made on this day is published in time: as the words say, and where they name no days
    /// within the term of 条例第二十六条. What is published anew every so many months is judged by [`Limit::fresh_until`].
    pub fn due(self, made_on: Date, calendar: &Calendar) -> Option<Date> {
        match self {
            Limit::Every(_) => None,
            Limit::WorkingDays(n) => calendar.add(made_on, n).ok().map(|(on, _)| on),
            Limit::Days(n) => {
                clock::days_due("信息形成", made_on, n, cite(), calendar).ok().map(|due| due.on)
            }
            Limit::Realtime | Limit::Promptly | Limit::Standing | Limit::AsAbove | Limit::Other => {
                clock::term_due("publication", made_on, calendar).ok().map(|due| due.on)
            }
        }
    }

    /// The last day on which what was published on this day still is up to date, where it is to be published anew.
    pub fn fresh_until(self, published_on: Date) -> Option<Date> {
        let Limit::Every(months) = self else { return None };
        published_on.checked_add(jiff::Span::new().months(i64::from(months))).ok()
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        _ => c,
    }
}

/// The number right before one of the words, in digits or in Chinese up to 99.
fn number_before(text: &str, words: &[&str]) -> Option<u32> {
    let at = words.iter().find_map(|w| text.find(w))?;
    let before: Vec<char> = text[..at].chars().collect();
    let tail = |of: fn(&char) -> bool| {
        let mut run: Vec<char> = before.iter().rev().take_while(|c| of(c)).copied().collect();
        run.reverse();
        run
    };
    let digits = tail(char::is_ascii_digit);
    if !digits.is_empty() {
        return digits.iter().collect::<String>().parse().ok();
    }
    chinese_number(&tail(|c| "一二三四五六七八九十".contains(*c)))
}

/// 七, 十, 十五, 二十, 三十五.
fn chinese_number(run: &[char]) -> Option<u32> {
    let digit =
        |c: char| "一二三四五六七八九".chars().position(|d| d == c).and_then(|n| u32::try_from(n + 1).ok());
    match *run {
        ['十'] => Some(10),
        [one] => digit(one),
        ['十', one] => Some(10 + digit(one)?),
        [ten, '十'] => Some(digit(ten)? * 10),
        [ten, '十', one] => Some(digit(ten)? * 10 + digit(one)?),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;

    /// An entry with nothing missing.
    pub(crate) fn item() -> Item {
        Item {
            first: "临时救助".into(),
            second: "审核审批信息".into(),
            content: "●支出型临时救助对象名单\n●救助金额".into(),
            basis: "【行政法规】《社会救助暂行办法》".into(),
            limit: "制定或获取信息之日起10个工作日内".into(),
            body: "民政部门、乡镇人民政府".into(),
            channels: vec!["政府网站".into()],
            everybody: true,
            proactive: true,
            tiers: BTreeSet::from([Tier::County, Tier::Township]),
            ..Item::default()
        }
    }

    #[test]
    fn there_are_twenty_six_fields() {
        assert_eq!(fields().len(), 26);
        let keys: BTreeSet<&str> = fields().iter().map(|f| f.key.as_str()).collect();
        let labels: BTreeSet<&str> = fields().iter().map(|f| f.label.as_str()).collect();
        assert_eq!((keys.len(), labels.len()), (26, 26));
        assert_eq!(field("社会救助").map(|f| f.key.as_str()), Some("social-assistance"));
        assert_eq!(field("taxation").map(|f| f.label.as_str()), Some("税收管理"));
        assert!(field("气象").is_none());
        assert!(channels().contains(&"政府网站".to_owned()) && cite().contains("54号"));
    }

    #[test]
    fn the_words_of_catalogues_are_read() {
        for (text, limit) in [
            ("自信息形成或者变更之日起20个工作日内予以公开", Limit::WorkingDays(20)),
            ("信息形成或变更之日起２０个工作日内", Limit::WorkingDays(20)),
            ("自收到申请之日起十五个工作日内", Limit::WorkingDays(15)),
            ("7 个 工作日内", Limit::WorkingDays(7)),
            ("二十个工作日", Limit::WorkingDays(20)),
            ("三十五个工作日", Limit::WorkingDays(35)),
            ("批准后30日内", Limit::Days(30)),
            ("决定作出之日起七天内公开", Limit::Days(7)),
            ("实时公开", Limit::Realtime),
            ("及时公开", Limit::Promptly),
            ("长期公开", Limit::Standing),
            ("每年1月31日前", Limit::Every(12)),
            ("按季度公开", Limit::Every(3)),
            ("每月10日前公开上月情况", Limit::Every(1)),
            ("每半年", Limit::Every(6)),
            ("同上", Limit::AsAbove),
            ("年度预算批准后20日内", Limit::Days(20)),
            ("年度计划自形成之日起20个工作日内", Limit::WorkingDays(20)),
            ("年度", Limit::Every(12)),
            ("20201015日内", Limit::Other),
            ("集中公开时间不少于两周", Limit::Other),
            ("若干个工作日内", Limit::Other),
            ("", Limit::Other),
        ] {
            assert_eq!(Limit::parse(text), limit, "{text}");
        }
        assert_eq!(Limit::WorkingDays(20).label(), "形成或者变更之日起20个工作日内");
    }

    #[test]
    fn what_is_published_every_month_is_stale_the_day_after() {
        let monthly = Limit::Every(1);
        assert_eq!(monthly.fresh_until(date(2020, 12, 31)), Some(date(2021, 1, 31)));
        assert_eq!(monthly.fresh_until(date(2021, 1, 31)), Some(date(2021, 2, 28)));
        assert_eq!(Limit::Every(12).fresh_until(date(2020, 2, 29)), Some(date(2021, 2, 28)));
        assert_eq!(Limit::Promptly.fresh_until(date(2020, 2, 29)), None);
    }

    #[test]
    fn what_has_no_days_of_its_own_is_due_in_the_term_of_the_regulation() {
        let calendar = Calendar::builtin();
        // 1 to 8 October 2020 are holidays; 27 September and 10 October are make-up workdays.
        let made = date(2020, 9, 25);
        assert_eq!(Limit::WorkingDays(7).due(made, calendar), Some(date(2020, 10, 12)));
        // 2 October is a holiday: the first working day after it.
        assert_eq!(Limit::Days(7).due(made, calendar), Some(date(2020, 10, 9)));
        let term = Limit::WorkingDays(20).due(made, calendar);
        assert_eq!(term, Some(date(2020, 10, 29)));
        for limit in [Limit::Promptly, Limit::Realtime, Limit::Other] {
            assert_eq!(limit.due(made, calendar), term, "{limit:?}");
        }
        assert_eq!(Limit::Every(12).due(made, calendar), None);
    }

    #[test]
    fn an_entry_says_everything_the_notice_asks_for() {
        assert_eq!(item().refusals(), []);
        let codes: Vec<String> = Item::default().refusals().into_iter().map(|r| r.code).collect();
        let all = [
            "first-missing",
            "content-missing",
            "basis-missing",
            "limit-missing",
            "body-missing",
            "channels-missing",
            "audience-missing",
            "way-missing",
            "tiers-missing",
        ];
        assert_eq!(codes, all);
        let group = Item { everybody: false, group: "申请人".into(), ..item() };
        assert_eq!(group.refusals(), []);
        let long =
            Item {
                content: "字".repeat(LONGEST_TEXT + 1), second: "字".repeat(LONGEST_WORD + 1), ..item()
            };
        let codes: Vec<String> = long.refusals().into_iter().map(|r| r.code).collect();
        assert_eq!(codes, ["text-long", "word-long"]);
        assert_eq!(item().title(), "临时救助：审核审批信息");
    }

    #[test]
    fn levels_and_tiers_fit() {
        assert_eq!(Tier::of(Level::County), Some(Tier::County));
        assert_eq!(Tier::of(Level::Township), Some(Tier::Township));
        assert_eq!(Tier::of(Level::Province), None);
        for tier in Tier::ALL {
            assert_eq!((Tier::parse(tier.key()), Tier::parse(tier.label())), (Some(tier), Some(tier)));
        }
        assert_eq!(Tier::parse("市级"), Some(Tier::County), "a county-level city");
        assert_eq!(Tier::parse("省级"), None);
    }
}
