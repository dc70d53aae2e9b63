//! Which titles are like what somebody wrote: ranked by the pairs of neighbouring characters they share, rare pairs
//! counting more. Nothing has to be contained whole, so a sentence finds the document it is about.
//!
//! ```
//! let mut index = search::Similar::default();
//! index.put(1, "样例市老旧小区改造实施方案");
//! index.put(2, "样例市政府工作报告");
//! assert_eq!(index.find("我想看老旧小区改造的方案", 5)[0].id, 1);
//! assert!(index.find("供水价格", 5).is_empty());
//! ```

use super::{normalise, pairs};
use std::collections::{BTreeSet, HashMap};

/// Characters of a question that are looked at: nobody describes what is wanted in more before its name has been said.
const MOST: usize = 400;
/// How many of the best are compared exactly.
const CLOSEST: usize = 64;
/// The least likeness worth showing: about a third of the rare pairs in common.
const LEAST: f32 = 0.28;

/// A title found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The id it was put under.
    pub id: u128,
    /// Likeness, from 0 to 1.
    pub score: f32,
}

/// The index.
#[derive(Debug, Clone, Default)]
pub struct Similar {
    titles: Vec<Option<(u128, Box<str>)>>,
    by_id: HashMap<u128, u32>,
    places: HashMap<(char, char), Vec<u32>>,
}

fn distinct(text: &str) -> BTreeSet<(char, char)> {
    pairs(text).filter(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric()).collect()
}

impl Similar {
    /// Adds a title or replaces the one with the same id.
    pub fn put(&mut self, id: u128, title: &str) {
        let title = normalise(title);
        let old = self.by_id.get(&id).and_then(|n| self.titles[*n as usize].as_ref());
        if old.is_some_and(|(_, t)| **t == *title) {
            return;
        }
        self.remove(id);
        self.pack();
        let Ok(number) = u32::try_from(self.titles.len()) else { return };
        for pair in distinct(&title) {
            self.places.entry(pair).or_default().push(number);
        }
        self.by_id.insert(id, number);
        self.titles.push(Some((id, title.into_boxed_str())));
    }

    /// Forgets a title.
    pub fn remove(&mut self, id: u128) {
        if let Some(number) = self.by_id.remove(&id) {
            self.titles[number as usize] = None;
        }
    }

    /// Builds itself anew once most of what it remembers is gone.
    fn pack(&mut self) {
        if self.titles.len() < 1024 || self.by_id.len() * 2 > self.titles.len() {
            return;
        }
        let kept: Vec<(u128, Box<str>)> = std::mem::take(self).titles.into_iter().flatten().collect();
        for (id, title) in kept {
            self.put(id, &title);
        }
    }

    /// How many titles it holds.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// True if it holds none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The weight of a pair: the rarer, the more. Pairs that nearly every title has say nothing.
    fn weight(&self, pair: (char, char)) -> f32 {
        let n = self.by_id.len().max(1) as f32;
        let found = self.places.get(&pair).map_or(0, Vec::len) as f32;
        (1.0 + n / (1.0 + found)).ln()
    }

    /// The titles most like `said`, best first.
    pub fn find(&self, said: &str, limit: usize) -> Vec<Near> {
        let said: String = said.chars().take(MOST).collect();
        let asked = distinct(&normalise(&said));
        let common = if self.titles.len() < 1024 { usize::MAX } else { self.titles.len() / 8 };
        let mut shared = vec![0f32; self.titles.len()];
        let mut touched: Vec<u32> = Vec::new();
        for pair in &asked {
            let Some(list) = self.places.get(pair).filter(|l| l.len() <= common) else { continue };
            let weight = self.weight(*pair);
            for number in list {
                let sum = &mut shared[*number as usize];
                if *sum == 0.0 {
                    touched.push(*number);
                }
                *sum += weight;
            }
        }
        let by_shared = |a: &u32, b: &u32| shared[*b as usize].total_cmp(&shared[*a as usize]).then(b.cmp(a));
        if touched.len() > CLOSEST {
            touched.select_nth_unstable_by(CLOSEST, by_shared);
            touched.truncate(CLOSEST);
        }
        let total: f32 = asked.iter().filter(|p| self.places.contains_key(p)).map(|p| self.weight(*p)).sum();
        let mut near: Vec<Near> = touched
            .into_iter()
            .filter_map(|number| {
                let (id, title) = self.titles[number as usize].as_ref()?;
                Some(Near { id: *id, score: self.likeness(&asked, total, title)? })
            })
            .collect();
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.id.cmp(&a.id)));
        near.truncate(limit);
        near
    }

    /// The cosine of the weights in common; `None` where it is chance.
    fn likeness(&self, asked: &BTreeSet<(char, char)>, total: f32, title: &str) -> Option<f32> {
        let of = distinct(title);
        let both: Vec<(char, char)> = of.intersection(asked).copied().collect();
        // Two pairs are one word of three characters, or two words; one pair is chance, except in the shortest question.
        if both.len() < 2.min(asked.len()) {
            return None;
        }
        let sum =
            |pairs: &mut dyn Iterator<Item = (char, char)>| -> f32 { pairs.map(|p| self.weight(p)).sum() };
        let common = sum(&mut both.iter().copied());
        let score = common / (total * sum(&mut of.iter().copied())).sqrt();
        (score >= LEAST).then_some(score)
    }
}

/// How like two texts are: pairs of characters in common, of all there are, from 0 to 1. Of long texts only the beginning
/// is compared, so that nobody can make it slow.
pub fn likeness(a: &str, b: &str) -> f32 {
    let start = |text: &str| normalise(&text.chars().take(MOST).collect::<String>());
    let (a, b) = (start(a), start(b));
    let (one, other) = (distinct(&a), distinct(&b));
    let both = one.intersection(&other).count();
    let all = one.len() + other.len() - both;
    if all == 0 {
        return if a == b { 1.0 } else { 0.0 };
    }
    both as f32 / all as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Similar {
        let mut index = Similar::default();
        for (id, title) in [
            (1, "关于印发样例市老旧小区改造实施方案的通知"),
            (2, "关于样例市城区供水管网改造项目可行性研究报告的批复"),
            (3, "样例市人民政府2023年工作报告"),
            (4, "关于调整城镇土地使用税税额标准的通知"),
        ] {
            index.put(id, title);
        }
        index
    }

    fn ids(index: &Similar, said: &str) -> Vec<u128> {
        index.find(said, 5).into_iter().map(|n| n.id).collect()
    }

    #[test]
    fn a_sentence_finds_the_document_it_is_about() {
        let index = index();
        assert_eq!(ids(&index, "我想申请公开城区供水管网改造的批复文件")[0], 2);
        assert_eq!(ids(&index, "老旧小区改造方案")[0], 1);
        assert_eq!(ids(&index, "２０２３年工作报告")[0], 3, "full width or half");
        assert!(ids(&index, "幼儿园招生计划").is_empty());
        assert!(ids(&index, "").is_empty() && ids(&index, "的").is_empty());
    }

    #[test]
    fn what_was_removed_or_replaced_is_not_found() {
        let mut index = index();
        index.remove(1);
        assert!(!ids(&index, "老旧小区改造方案").contains(&1));
        index.put(2, "样例市养老服务设施布局规划");
        assert!(!ids(&index, "供水管网改造项目").contains(&2));
        assert_eq!(ids(&index, "养老服务设施规划"), [2]);
        assert_eq!(index.len(), 3);
    }

    #[test]
    fn replacing_for_ever_does_not_grow_for_ever() {
        let mut index = Similar::default();
        for n in 0..10_000 {
            index.put(1, &format!("第{n}版方案"));
        }
        assert!(index.titles.len() < 2_100, "{}", index.titles.len());
        assert_eq!(index.len(), 1);
        assert_eq!(ids(&index, "第9999版方案"), [1]);
    }

    #[test]
    fn two_hundred_thousand_titles_are_searched_while_somebody_types() {
        let mut index = Similar::default();
        let what = ["道路", "供水", "教育", "土地", "医疗", "住房", "养老", "环境", "交通", "水利"];
        let act = ["实施方案", "管理办法", "工作计划", "批复", "意见", "通知"];
        for n in 0..200_000_u128 {
            let at = usize::try_from(n).unwrap();
            let title = format!("关于样例县{}乡{}{}的{}", n % 997, what[at % 10], n / 7, act[at % 6]);
            index.put(n, &title);
        }
        let said = "样例县512乡关于供水的实施方案和管理办法，我想看全部的文件";
        assert!(!index.find(said, 5).is_empty());
        // What a keystroke costs is the places walked: pairs that an eighth of all titles have are passed over.
        let common = index.titles.len() / 8;
        let walked: usize = distinct(said)
            .iter()
            .filter_map(|p| index.places.get(p))
            .map(Vec::len)
            .filter(|n| *n <= common)
            .sum();
        assert!(walked < 200_000, "{walked}");
    }

    #[test]
    fn texts_are_compared() {
        assert!(likeness("供水管网改造项目的批复", "供水管网改造项目的批复文件") > 0.7);
        assert!(likeness("供水管网改造项目的批复", "幼儿园招生计划") < 0.1);
        assert!((likeness("表", "表") - 1.0).abs() < f32::EPSILON);
    }
}
