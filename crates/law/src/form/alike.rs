//! 雷同: which of many reports have the same text, between units and between years (DOMAIN AR-06, AR-09).
//!
//! Comparing every report with every other one grows with the square of their number. So each text leaves a sketch, the
//! smallest of the hashed five-character pieces of its masked text; an index over the sketches gives the pairs that share
//! enough of them, and only those are compared in full. Texts that are the same to the letter once figures and names are
//! masked are compared once for all who have them.

use super::part::Part;
use super::rule::similarity::masked;
use std::collections::{BTreeMap, HashMap};

pub use super::rule::{ALIKE, ENOUGH};

/// Characters of a piece.
const PIECE: usize = 5;
/// Pieces kept of a text. A text of more has a sketch of its smallest ones, which are as good as drawn by lot.
const SKETCH: usize = 128;

/// A text to be compared.
#[derive(Debug, Clone)]
pub struct Prose {
    raw: Pairs,
    masked: Pairs,
    sketch: Vec<u64>,
    enough: bool,
}

/// Two texts that are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// Place of the one in the list.
    pub a: usize,
    /// Place of the other, behind it.
    pub b: usize,
    /// How alike, figures and names masked: 0 to 1.
    pub masked: f64,
    /// How alike as written.
    pub raw: f64,
}

/// Pairs of neighbouring characters with how often they occur, in order.
type Pairs = Vec<(u64, u32)>;

fn pairs(text: &str) -> Pairs {
    let chars = text.chars().filter(|c| !c.is_whitespace());
    let after = chars.clone().skip(1);
    let mut all: Vec<u64> =
        chars.zip(after).map(|(a, b)| u64::from(u32::from(a)) << 32 | u64::from(u32::from(b))).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(|run| (run[0], u32::try_from(run.len()).unwrap_or(u32::MAX))).collect()
}

/// Dice's coefficient over pairs of characters.
fn dice(a: &Pairs, b: &Pairs) -> f64 {
    let count = |pairs: &Pairs| pairs.iter().map(|(_, n)| u64::from(*n)).sum::<u64>();
    let total = count(a) + count(b);
    if total == 0 {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0u64);
    while let (Some((x, n)), Some((y, m))) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += u64::from(*n.min(m));
                i += 1;
                j += 1;
            }
        }
    }
    2.0 * common as f64 / total as f64
}

/// FNV-1a over the characters, and a last step that spreads it over all bits.
fn hash(piece: &[char]) -> u64 {
    let mut h = piece.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, c| {
        (h ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3)
    });
    h ^= h >> 32;
    h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}

impl Prose {
    /// The prose of a report: parts one, five and six. `names` are masked: the unit's own, and the government's.
    pub fn new(texts: &BTreeMap<Part, String>, names: &[&str]) -> Prose {
        let text: String = [Part::Overview, Part::Problems, Part::OtherMatters]
            .iter()
            .filter_map(|p| texts.get(p).map(String::as_str))
            .collect();
        let without = masked(&text, names);
        let chars: Vec<char> = without.chars().collect();
        let mut sketch: Vec<u64> = chars.windows(PIECE).map(hash).collect();
        sketch.sort_unstable();
        sketch.dedup();
        sketch.truncate(SKETCH);
        Prose { raw: pairs(&text), masked: pairs(&without), sketch, enough: chars.len() >= ENOUGH }
    }

    /// How alike two are, figures and names masked.
    pub fn like(&self, other: &Prose) -> f64 {
        dice(&self.masked, &other.masked)
    }
}

/// The pairs that are more alike than [`ALIKE`], the most alike first. Texts that are too short are alike to nothing.
pub fn alike(texts: &[Prose]) -> Vec<Alike> {
    // One of each text, with all that have it.
    let mut same: HashMap<&Pairs, Vec<usize>> = HashMap::new();
    for (n, text) in texts.iter().enumerate().filter(|(_, t)| t.enough) {
        same.entry(&text.masked).or_default().push(n);
    }
    let mut groups: Vec<Vec<usize>> = same.into_values().collect();
    groups.sort();
    let mut having: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    for (n, group) in groups.iter().enumerate() {
        let text = &texts[group[0]];
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for piece in &text.sketch {
            let earlier = having.entry(*piece).or_default();
            for other in earlier.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            earlier.push(n);
        }
        pairs_within(texts, group, &mut found);
        for (other, shared) in shared {
            let members = &groups[other];
            let of = &texts[members[0]];
            // Half of the pairs of characters in common leave about a fifth of the longer pieces: a tenth is asked for.
            if shared * 10 < text.sketch.len().min(of.sketch.len()) {
                continue;
            }
            let like = text.like(of);
            if like > ALIKE {
                for (a, b) in members.iter().flat_map(|a| group.iter().map(move |b| (*a, *b))) {
                    let raw = dice(&texts[a].raw, &texts[b].raw);
                    found.push(Alike { a: a.min(b), b: a.max(b), masked: like, raw });
                }
            }
        }
    }
    found.sort_by(|x, y| {
        y.masked.total_cmp(&x.masked).then(y.raw.total_cmp(&x.raw)).then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    found
}

fn pairs_within(texts: &[Prose], group: &[usize], found: &mut Vec<Alike>) {
    for (n, a) in group.iter().enumerate() {
        for b in &group[n + 1..] {
            found.push(Alike { a: *a, b: *b, masked: 1.0, raw: dice(&texts[*a].raw, &texts[*b].raw) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 12] = [
        "健全公文公开属性认定机制",
        "推进政策解读和文件起草同步",
        "规范依申请公开答复文书",
        "加强政务新媒体管理",
        "优化门户网站检索功能",
        "开展业务培训和日常指导",
        "完善热线工单转办流程",
        "梳理基层标准目录落实情况",
        "做好重大项目信息发布",
        "落实网络安全责任制度",
        "组织开放日和座谈活动",
        "回应群众关切的热点问题",
    ];

    /// A text of its own: sentences drawn by a small generator.
    fn text(seed: u64, sentences: usize) -> String {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        (0..sentences)
            .map(|_| {
                let own: String = (0..14)
                    .map(|_| char::from_u32(0x4e00 + (next() % 5000) as u32).unwrap_or('中'))
                    .collect();
                format!("{}{}件，{own}。", WORDS[(next() % 12) as usize], next() % 900)
            })
            .collect()
    }

    fn prose(text: &str, name: &str) -> Prose {
        Prose::new(&BTreeMap::from([(Part::Overview, text.to_owned())]), &[name])
    }

    #[test]
    fn copies_are_found_whatever_figures_and_names_they_have() {
        let base = text(1, 20);
        let copied = base.replace("件，", "0件，");
        let mut half = base.chars().take(base.chars().count() * 7 / 10).collect::<String>();
        half.push_str(&text(2, 6));
        let texts = [
            prose(&format!("甲局{base}"), "甲局"),
            prose(&text(3, 20), "丙局"),
            prose(&format!("乙局{copied}"), "乙局"),
            prose(&half, "丁局"),
            prose("无", "戊局"),
            prose("无", "己局"),
        ];
        let found = alike(&texts);
        let places: Vec<_> = found.iter().map(|f| (f.a, f.b)).collect();
        assert_eq!(places, [(0, 2), (0, 3), (2, 3)]);
        assert!((found[0].masked - 1.0).abs() < 1e-9 && found[0].raw < 1.0, "{found:?}");
        assert!(found[1].masked > ALIKE && found[1].masked < 0.9, "{found:?}");
    }

    /// Every pair compared in full, as a plain reader would do it.
    #[test]
    fn nothing_is_missed_that_a_full_comparison_finds() {
        let base = text(7, 24);
        let chars: Vec<char> = base.chars().collect();
        let texts: Vec<Prose> = (0..24)
            .map(|n| {
                let kept: String = chars[..chars.len() * n / 24].iter().collect();
                prose(&format!("{kept}{}", text(100 + n as u64, 24 - n)), "某局")
            })
            .collect();
        let mut full = Vec::new();
        for a in 0..texts.len() {
            full.extend((a + 1..texts.len()).filter(|b| texts[a].like(&texts[*b]) > ALIKE).map(|b| (a, b)));
        }
        let mut found: Vec<_> = alike(&texts).iter().map(|f| (f.a, f.b)).collect();
        found.sort_unstable();
        assert!(full.len() > 20, "{}", full.len());
        assert_eq!(found, full);
    }

    #[test]
    fn among_three_hundred_reports_every_pair_of_copies_is_found_and_no_other() {
        let base = text(5, 40);
        let all: Vec<String> =
            (0..300).map(|n| if n % 10 == 0 { base.clone() } else { text(1000 + n, 40) }).collect();
        let texts: Vec<Prose> = all.iter().map(|t| prose(t, "某局")).collect();
        let found = alike(&texts);
        assert_eq!(found.len(), 30 * 29 / 2);
        assert!(found.iter().all(|pair| pair.a % 10 == 0 && pair.b % 10 == 0));
    }
}
