//! Reports made for tests: figures that satisfy every equation of their form, and the words around them.

use law::Amount;
use law::form::{Figures, Form};

/// The same numbers for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 0 to `below` - 1.
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }
}

/// A report that adds up. `sparse` has mostly zeros, as small units have.
pub fn figures(form: &Form, seed: u64, sparse: bool) -> Figures {
    let mut dice = Dice::new(seed);
    let mut figures = Figures::default();
    let mut some = |most: u64| -> i64 {
        let zero = dice.roll(10) < if sparse { 9 } else { 3 };
        if zero { 0 } else { dice.roll(most) as i64 + 1 }
    };
    for block in &form.proactive {
        for row in &block.rows {
            for column in &block.columns {
                figures.set(format!("proactive.{}.{}", row.id, column.id), Amount::whole(some(4000)));
            }
        }
    }
    let results: Vec<String> = form.result_rows().map(|r| r.id.clone()).collect();
    let columns: Vec<&str> = form.requests.columns.iter().map(|c| c.id.as_str()).collect();
    let (total, parts) = columns.split_last().unwrap();
    for column in parts {
        let mut sum = 0;
        for row in &results {
            let n = some(90);
            sum += n;
            figures.set(format!("requests.{row}.{column}"), Amount::whole(n));
        }
        let out = some(9);
        let old = some(9).min(sum + out);
        figures.set(format!("requests.results_total.{column}"), Amount::whole(sum));
        figures.set(format!("requests.carried_over_out.{column}"), Amount::whole(out));
        figures.set(format!("requests.carried_over_in.{column}"), Amount::whole(old));
        figures.set(format!("requests.new_requests.{column}"), Amount::whole(sum + out - old));
    }
    for row in &form.requests.rows {
        let sum = parts.iter().map(|c| figures.value(&format!("requests.{}.{c}", row.id)));
        let sum = sum.fold(Amount::ZERO, |a, b| a + b);
        figures.set(format!("requests.{}.{total}", row.id), sum);
    }
    for block in &form.disputes {
        let (total, parts) = block.columns.split_last().unwrap();
        let mut sum = 0;
        for column in parts {
            let n = some(30);
            sum += n;
            figures.set(format!("disputes.{}.{}", block.id, column.id), Amount::whole(n));
        }
        figures.set(format!("disputes.{}.{}", block.id, total.id), Amount::whole(sum));
    }
    figures
}

/// How a figure is written.
#[derive(Clone, Copy)]
pub enum Hand {
    Plain,
    FullWidth,
    Thousands,
    /// Zero is left blank.
    Blank,
    /// Zero is a slash.
    Slash,
    /// Zero is a dash.
    Dash,
}

impl Hand {
    pub const ALL: [Hand; 6] =
        [Hand::Plain, Hand::FullWidth, Hand::Thousands, Hand::Blank, Hand::Slash, Hand::Dash];

    pub fn write(self, value: Amount) -> String {
        let plain = value.to_string();
        match self {
            Hand::Blank if value.is_zero() => String::new(),
            Hand::Slash if value.is_zero() => "/".into(),
            Hand::Dash if value.is_zero() => "—".into(),
            Hand::FullWidth => plain
                .chars()
                .map(|c| {
                    char::from_u32(c as u32 - '0' as u32 + '０' as u32)
                        .filter(|_| c.is_ascii_digit())
                        .unwrap_or(c)
                })
                .collect(),
            Hand::Thousands => {
                let mut out = String::new();
                for (n, c) in plain.chars().enumerate() {
                    if n > 0 && (plain.len() - n).is_multiple_of(3) {
                        out.push(',');
                    }
                    out.push(c);
                }
                out
            }
            _ => plain,
        }
    }

    /// What a reader has to give back for it.
    pub fn read(self, value: Amount) -> Option<Amount> {
        let blank = matches!(self, Hand::Blank | Hand::Slash | Hand::Dash) && value.is_zero();
        (!blank).then_some(value)
    }
}

/// A cell of a printed table: text, rows and columns covered.
#[derive(Clone)]
pub struct Cell {
    pub text: String,
    pub rows: usize,
    pub columns: usize,
    /// A label that covers the rows below as well is written once.
    pub figure: bool,
}

/// The three tables as they are printed, row by row; `write` says what stands in a cell.
pub fn tables(form: &Form, write: &dyn Fn(&str) -> String) -> [Vec<Vec<Cell>>; 3] {
    form.tables().map(|table| {
        table
            .rows
            .iter()
            .map(|row| {
                let head = |h: &law::form::layout::Head| Cell {
                    text: h.text.clone(),
                    rows: h.rows,
                    columns: h.columns,
                    figure: false,
                };
                let value = |v: &law::form::layout::Value| Cell {
                    text: write(&v.cell),
                    rows: 1,
                    columns: v.columns,
                    figure: true,
                };
                row.heads.iter().map(head).chain(row.values.iter().map(value)).collect()
            })
            .collect()
    })
}

/// The paragraphs around the tables: before table two, between the tables, after table four.
pub fn words(form: &Form, year: i16) -> [Vec<String>; 4] {
    let s = &form.sections;
    let own = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<String>>();
    let title = format!("某县某局{year}年政府信息公开工作年度报告");
    let period = format!("本报告所列数据的统计期限为{year}年1月1日至{year}年12月31日。");
    [
        own(&[
            &title,
            &period,
            &s[0],
            "一年来，我局认真做好各项政府信息公开工作，及时答复公众的申请。",
            &s[1],
        ]),
        own(&[&s[2]]),
        own(&[&s[3]]),
        own(&[
            &s[4],
            "存在的主要问题是主动公开不够及时，下一步将逐项改进，按月检查。",
            &s[5],
            "没有其他需要报告的事项。",
        ]),
    ]
}
