//! Request dockets as rows of a table that the service imports: chronological, of every class and decision, each lawful.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use law::applicant::ApplicantClass;
use law::decision::Decision;
use law::fee::{self, Basis};
use std::collections::HashMap;

/// The units the requests are addressed to: a code and a name each; all consolidate into the first.
pub const UNITS: [(&str, &str); 20] = [
    ("gov", "样本市人民政府"),
    ("office", "样本市人民政府办公室"),
    ("education", "样本市教育局"),
    ("security", "样本市公安局"),
    ("civil", "样本市民政局"),
    ("finance", "样本市财政局"),
    ("labour", "样本市人力资源和社会保障局"),
    ("land", "样本市自然资源局"),
    ("housing", "样本市住房和城乡建设局"),
    ("transport", "样本市交通运输局"),
    ("water", "样本市水务局"),
    ("farming", "样本市农业农村局"),
    ("health", "样本市卫生健康局"),
    ("market", "样本市市场监督管理局"),
    ("town-1", "样本市东城街道办事处"),
    ("town-2", "样本市西城街道办事处"),
    ("town-3", "样本市南城街道办事处"),
    ("town-4", "样本市北城街道办事处"),
    ("town-5", "样本市河东镇人民政府"),
    ("town-6", "样本市河西镇人民政府"),
];

/// The first day a request arrives.
const FIRST: Date = date(2019, 1, 1);
/// Days on which requests arrive: 2019, 2020 and 2021.
const DAYS: u64 = 365 + 366 + 365;

/// Headings of the table.
const COLUMNS: [&str; 31] = [
    "申请编号",
    "受理机关",
    "统计单位",
    "到达日期",
    "收到方式",
    "双方确认日期",
    "登记日期",
    "申请人类别",
    "申请内容",
    "补正告知日期",
    "补正事项",
    "补正期限",
    "补正日期",
    "交办日期",
    "承办单位",
    "征求第三方意见发出日期",
    "第三方",
    "第三方意见日期",
    "第三方意见",
    "收费通知日期",
    "收费标准",
    "计费数量",
    "收费数额",
    "答复日期",
    "处理结果",
    "文号",
    "处理理由",
    "送达日期",
    "送达方式",
    "撤回日期",
    "其他经过",
];
/// Headings that make an event of their own when filled.
const EVENTS: [&str; 12] = [
    "到达日期",
    "双方确认日期",
    "登记日期",
    "补正告知日期",
    "补正日期",
    "交办日期",
    "征求第三方意见发出日期",
    "第三方意见日期",
    "收费通知日期",
    "答复日期",
    "送达日期",
    "撤回日期",
];

/// Whatever the number decides, from a seed of its own: the same docket in every run.
fn chance(n: u32, what: u64, of: u64) -> u64 {
    // SplitMix64 (Steele, Lea, Flood 2014), one step.
    let mut z = (u64::from(n) << 8 | what).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % of
}

/// The day request `n` of `all` arrives.
fn arrived_on(n: u32, all: u32) -> Date {
    let days = u64::from(n) * DAYS / u64::from(all.max(1));
    FIRST.saturating_add(i64::try_from(days).unwrap_or_default().days())
}

/// Whether it comes through the internet, which both sides confirm the day after.
fn by_internet(n: u32) -> bool {
    chance(n, 1, 4) == 0
}

/// The unit that a request is put to, as its place in [`UNITS`].
fn unit_of(n: u32) -> usize {
    usize::try_from(chance(n, 2, UNITS.len() as u64)).unwrap_or_default()
}

/// How many of the first `count` of `all` requests count as received in a year by the unit at this place of [`UNITS`].
pub fn received_in(year: i16, unit: usize, count: u32, all: u32) -> u64 {
    let received = |n: u32| arrived_on(n, all).saturating_add(i64::from(by_internet(n)).days());
    (0..count).filter(|n| unit_of(*n) == unit && received(*n).year() == year).count() as u64
}

/// One row.
struct Row([String; COLUMNS.len()]);

impl Row {
    fn put(&mut self, column: &str, text: impl Into<String>) {
        if let Some(place) = COLUMNS.iter().position(|c| *c == column) {
            self.0[place] = text.into();
        }
    }

    fn events(&self) -> usize {
        let rest = usize::from(!self.0[COLUMNS.len() - 1].is_empty());
        let filled = COLUMNS.iter().zip(&self.0).filter(|(c, t)| EVENTS.contains(c) && !t.is_empty());
        filled.count() + rest
    }
}

/// Writes rows one after the other; numbers follow each other per unit and year.
pub struct Rows {
    all: u32,
    numbers: HashMap<(usize, i16), u32>,
}

impl Rows {
    /// Rows of a store with `all` dockets.
    pub fn new(all: u32) -> Rows {
        Rows { all, numbers: HashMap::new() }
    }

    /// The requests `from..to` as a CSV table, and how many events they hold. Call it with one range after the other.
    pub fn table(&mut self, from: u32, to: u32) -> (String, usize) {
        let mut text = COLUMNS.join(",");
        let mut events = 0;
        for n in from..to {
            let row = self.row(n);
            events += row.events();
            text.push('\n');
            for (place, cell) in row.0.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                if cell.contains('"') {
                    text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
                } else {
                    text.push_str(cell);
                }
            }
        }
        text.push('\n');
        (text, events)
    }

    fn row(&mut self, n: u32) -> Row {
        let mut row = Row(std::array::from_fn(|_| String::new()));
        let arrived = arrived_on(n, self.all);
        let day = |after: i64| arrived.saturating_add(after.days()).to_string();
        let unit = unit_of(n);
        let number = self.numbers.entry((unit, arrived.year())).or_default();
        *number += 1;
        row.put("申请编号", format!("{}-{number:05}", arrived.year()));
        row.put("受理机关", UNITS[unit].0);
        row.put("统计单位", UNITS[unit].0);
        row.put("到达日期", day(0));
        if by_internet(n) {
            row.put("收到方式", "互联网");
            row.put("双方确认日期", day(1));
        } else {
            row.put("收到方式", ["邮寄（签收）", "当面提交"][usize::from(chance(n, 3, 2) == 0)]);
        }
        row.put("登记日期", day(1));
        row.put("申请人类别", class(n).label());
        row.put("申请内容", format!("样本地块{n}号的征收补偿方案、批复和公告情况"));
        if chance(n, 4, 50) == 0 {
            row.put("撤回日期", day(6));
        } else {
            decide(&mut row, n, arrived, UNITS[unit].0);
        }
        row
    }
}

/// The requests `from..to` of `all` that nobody has answered, as a CSV table: of the last weeks of 2021, some handed on,
/// some with a third party that is asked.
pub fn open_table(from: u32, to: u32, all: u32) -> String {
    let mut text = COLUMNS.join(",");
    for n in from..to {
        let mut row = Row(std::array::from_fn(|_| String::new()));
        let days = i64::from(n) * 20 / i64::from(all.max(1));
        let arrived = date(2021, 11, 22).saturating_add(days.days());
        let day = |after: i64| arrived.saturating_add(after.days()).to_string();
        let unit = UNITS[n as usize % UNITS.len()].0;
        row.put("申请编号", format!("2021-{:05}", n as usize / UNITS.len() + 1));
        row.put("受理机关", unit);
        row.put("统计单位", unit);
        row.put("到达日期", day(0));
        row.put("收到方式", "当面提交");
        row.put("登记日期", day(1));
        row.put("申请人类别", class(n).label());
        row.put("申请内容", format!("样本地块{n}号的征收补偿方案、批复和公告情况"));
        if chance(n, 12, 2) == 0 {
            row.put("交办日期", day(2));
            row.put("承办单位", unit);
        }
        if chance(n, 13, 4) == 0 {
            row.put("征求第三方意见发出日期", day(3));
            row.put("第三方", "样本公司");
            row.put("第三方意见日期", day(8));
            row.put("第三方意见", "同意公开");
        }
        text.push('\n');
        text.push_str(&row.0.join(","));
    }
    text.push('\n');
    text
}

/// Natural persons ask most; every class asks.
fn class(n: u32) -> ApplicantClass {
    let classes = ApplicantClass::ALL;
    let others = usize::try_from(chance(n, 5, classes.len() as u64)).unwrap_or_default();
    if chance(n, 6, 3) > 0 { ApplicantClass::NaturalPerson } else { classes[others] }
}

/// What happens between registration and service. One in fifty is still open.
fn decide(row: &mut Row, n: u32, arrived: Date, unit: &str) {
    let day = |after: i64| arrived.saturating_add(after.days()).to_string();
    let all = Decision::ALL;
    let some = all[usize::try_from(chance(n, 7, all.len() as u64)).unwrap_or_default()];
    let mut decision = if chance(n, 8, 2) == 0 { Decision::Granted } else { some };
    // The fee measure is in force since 2021.
    if decision == Decision::OtherFeeUnpaid && arrived.year() < 2021 {
        decision = Decision::GrantedInPart;
    }
    if chance(n, 9, 50) == 0 {
        row.put("交办日期", day(2));
        row.put("承办单位", unit);
        return;
    }
    let rest = |row: &mut Row, after: i64, event: &str| {
        row.put("其他经过", format!(r#"[{{"on":"{}","event":{event}}}]"#, day(after)));
    };
    let mut decided = 12 + i64::try_from(chance(n, 10, 8)).unwrap_or_default();
    match decision {
        Decision::OtherCorrectionLapsed | Decision::UnavailableStillUnclear => {
            row.put("补正告知日期", day(3));
            row.put("补正事项", "请写明所需信息的名称或者文号");
            row.put("补正期限", day(14));
            if decision == Decision::UnavailableStillUnclear {
                row.put("补正日期", day(9));
            }
            decided = 16;
        }
        Decision::OtherFeeUnpaid => {
            let yuan = fee::marginal(Basis::PerRequest, 11, arrived).unwrap_or_default();
            row.put("收费通知日期", day(4));
            row.put("收费标准", Basis::PerRequest.label());
            row.put("计费数量", "11");
            row.put("收费数额", yuan.to_string());
            decided = 60;
        }
        Decision::RefusedThirdPartyRights => {
            row.put("征求第三方意见发出日期", day(2));
            row.put("第三方", "样本公司");
            row.put("第三方意见日期", day(8));
            row.put("第三方意见", "不同意公开");
        }
        Decision::DeclinedExcessiveRequests => {
            rest(row, 2, &format!(r#"{{"type":"reasons-asked","reply_by":"{}"}}"#, day(9)));
        }
        Decision::UnavailableNotHeld => {
            rest(row, 2, r#"{"type":"searched","note":"检索本机关档案和业务系统，没有所申请的信息"}"#);
        }
        _ if chance(n, 11, 3) == 0 => {
            row.put("交办日期", day(2));
            row.put("承办单位", unit);
        }
        _ => {}
    }
    row.put("答复日期", day(decided));
    row.put("处理结果", decision.label());
    if !decision.needs_no_paper() {
        row.put("文号", format!("样公复〔{}〕{n}号", arrived.year()));
        row.put("送达日期", day(decided + 2));
        row.put("送达方式", "邮寄");
    }
    if decision.needs_reasons() {
        row.put("处理理由", "依据《中华人民共和国政府信息公开条例》有关规定");
    }
}
