//! Generated documents of Chinese characters: words with Zipf's frequencies out of some thousand characters, some words
//! in every document, sentences, titles, numbers and facets. A text has about as many different characters (350) and
//! pairs of them (910) as the same length of published annual reports.

use search::{Document, Facet};

/// Characters of a text.
pub const LENGTH: usize = 1_500;

/// Stand in every document, next to each other too, in this and in other orders.
pub const EVERYWHERE: [&str; 6] = ["政府", "信息", "公开", "工作", "人民", "通知"];

/// A generator that gives the same on every machine.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }
}

/// The words of the language, most frequent first.
pub struct Language {
    pub words: Vec<String>,
    sums: Vec<f64>,
}

impl Language {
    pub fn new() -> Language {
        let mut chance = Chance::new(1);
        let characters: Vec<char> = ('\u{4e00}'..='\u{9fa5}').step_by(6).collect();
        // Characters are of unlike frequency too: of an even number the fifth power prefers the first.
        let mut character = || {
            let x = chance.next() as f64 / u64::MAX as f64;
            characters[(x.powi(5) * characters.len() as f64) as usize % characters.len()]
        };
        let mut words: Vec<String> = ["的", "和", "在", "对", "为"].map(str::to_owned).to_vec();
        words.extend(EVERYWHERE.map(str::to_owned));
        for n in 0..30_000 {
            let length = [2, 2, 2, 2, 3, 2, 4][n % 7];
            words.push((0..length).map(|_| character()).collect());
        }
        let mut sum = 0.0;
        let sums = (0..words.len()).map(|rank| {
            sum += 1.0 / (rank as f64 + 3.0);
            sum
        });
        Language { sums: sums.collect(), words }
    }

    pub fn word(&self, chance: &mut Chance) -> &str {
        let at = chance.next() as f64 / u64::MAX as f64 * self.sums[self.sums.len() - 1];
        &self.words[self.sums.partition_point(|s| *s < at).min(self.words.len() - 1)]
    }

    /// Document `n`, always the same.
    pub fn document(&self, n: usize) -> Document {
        let mut chance = Chance::new(n as u64 + 100);
        let year = 2004 + n % 20;
        let mut title = format!("关于{}", self.word(&mut chance));
        (0..6).for_each(|_| title.push_str(self.word(&mut chance)));
        title.push_str(["的通知", "的意见", "实施方案", "管理办法"][n % 4]);
        let mut body = String::with_capacity(LENGTH * 3 + 30);
        let mut length = 0;
        let mut add = |body: &mut String, text: &str| {
            body.push_str(text);
            length += text.chars().count();
            length < LENGTH
        };
        add(&mut body, "政府信息公开工作，人民政府通知。信息工作，公开通知。");
        // What a text is about it says again and again.
        let about: Vec<&str> = (0..60).map(|_| self.word(&mut chance)).collect();
        loop {
            let word =
                if chance.below(2) == 0 { about[chance.below(about.len())] } else { self.word(&mut chance) };
            if !add(&mut body, word) {
                break;
            }
            match chance.below(9) {
                0 => _ = add(&mut body, ["，", "。", "，", "、"][chance.below(4)]),
                1 if chance.below(9) == 0 => _ = add(&mut body, &format!("{}元", chance.below(100_000))),
                _ => {}
            }
        }
        let day = jiff::civil::date(2004 + (n % 20) as i16, 1 + (n % 12) as i8, 1 + (n % 28) as i8);
        let document = Document {
            id: n.to_string(),
            title,
            number: format!("示政发〔{year}〕{}号", n / 20 + 1),
            index_number: format!("000014349/{year}-{n:06}"),
            body,
            made_on: Some(day),
            published_on: Some(day),
            in_force: !n.is_multiple_of(5),
            ..Document::default()
        };
        document
            .with(Facet::Unit, &format!("第{}局", chance.below(60)))
            .with(Facet::Column, &format!("栏目{}", chance.below(40)))
            .with(Facet::Year, &year.to_string())
            .with(Facet::Subject, &format!("主题{}", chance.below(22)))
            .with(Facet::Genre, &format!("体裁{}", chance.below(15)))
            .with(Facet::Validity, ["有效", "废止", "失效"][chance.below(3)])
    }
}
