//! Which row of a form a label means: by its words, normalised, then by containment, then by likeness. A label that could
//! mean two rows means none.

use super::normal::{Level, Ordinal, folded, ordinal};
use law::form::Form;
use std::sync::LazyLock;

/// Rows of the 2021 form that were one row in 2019.
pub(super) const OTHERS: [&str; 3] = ["other_correction_lapsed", "other_fee_unpaid", "other_other"];
/// That one row, (六)其他处理.
pub(super) const OTHER: &str = "other_disposal";

/// Words two labels have in common, as a part of the longer one, for the one to be taken for the other.
const ALIKE: f64 = 0.65;
/// By how much it has to be more alike than the next.
const MARGIN: f64 = 0.15;
/// Characters of the longest label of a form, with room for what is written around it.
const LONGEST: usize = 90;

/// A row of a table as its label is compared.
#[derive(Debug)]
pub(super) struct Known {
    /// Middle word of its cells.
    pub(super) row: String,
    label: Vec<char>,
    ordinal: Option<Ordinal>,
    /// What older forms call it.
    older: Vec<Vec<char>>,
}

/// The rows of one table over all forms, in the order of the form.
#[derive(Debug)]
pub(super) struct Rows(pub(super) Vec<Known>);

/// Table three: the rows of the latest form, with those of the older ones at their places.
pub(super) static REQUESTS: LazyLock<Rows> = LazyLock::new(|| {
    let lists = Form::all().iter().rev().map(|form| {
        let rows = form.requests.rows.iter();
        rows.map(|r| (r.id.clone(), r.label.last().cloned().unwrap_or_default())).collect()
    });
    Rows::merged(lists)
});

/// Table two.
pub(super) static PROACTIVE: LazyLock<Rows> = LazyLock::new(|| {
    let lists = Form::all().iter().rev().map(|form| {
        let rows = form.proactive.iter().flat_map(|b| &b.rows);
        rows.map(|r| (r.id.clone(), r.label.clone())).collect()
    });
    Rows::merged(lists)
});

/// Table four, where its blocks are rows.
pub(super) static DISPUTES: LazyLock<Rows> = LazyLock::new(|| {
    let lists = Form::all().iter().rev().map(|form| {
        let rows = form.disputes.iter();
        rows.map(|r| (r.id.clone(), r.label.last().cloned().unwrap_or_default())).collect()
    });
    Rows::merged(lists)
});

/// How a label was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// Part of it, or like it.
    Alike,
    /// The words of the form.
    Exact,
}

/// A row a label means: its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) row: usize,
    pub(super) sure: Sure,
}

impl Rows {
    /// One list out of several, the latest first: what an older list has besides goes behind what stands before it there.
    fn merged(lists: impl Iterator<Item = Vec<(String, String)>>) -> Rows {
        let mut rows: Vec<Known> = Vec::new();
        for list in lists {
            let mut after = 0;
            for (row, label) in list {
                match rows.iter().position(|k| k.row == row) {
                    Some(at) => {
                        rows[at].older.push(Known::new(row, &label).label);
                        after = at + 1;
                    }
                    None => {
                        rows.insert(after, Known::new(row, &label));
                        after += 1;
                    }
                }
            }
        }
        Rows(rows)
    }

    /// The place of a row in the list.
    pub(super) fn place(&self, row: &str) -> Option<usize> {
        self.0.iter().position(|k| k.row == row)
    }

    /// The row this label means.
    pub(super) fn find(&self, text: &str) -> Option<Match> {
        let folded = folded(text);
        if folded.is_empty() || folded.chars().count() > LONGEST * 2 {
            return None;
        }
        let (number, words) = ordinal(&folded);
        let seen = base(words);
        if seen.len() < 2 {
            return None;
        }
        // (六)其他 of the older form, and of reports that keep its one row.
        if seen == ['其', '他'] && number.is_some_and(|o| o.level == Level::Bracketed) {
            return self.place(OTHER).map(|row| Match { row, sure: Sure::Exact });
        }
        let exact = self.only(|k| base_of(&k.label) == seen && k.agrees(number));
        if let Some(row) = exact.or_else(|| self.only(|k| base_of(&k.label) == seen)) {
            return Some(Match { row, sure: Sure::Exact });
        }
        if seen == ['合', '计'] {
            return self.place("results_total").map(|row| Match { row, sure: Sure::Exact });
        }
        let all: Vec<char> = folded.chars().collect();
        if all.len() > LONGEST {
            return None;
        }
        self.contained(&all, &seen, number).or_else(|| self.alike(&seen, number))
    }

    /// The row whose label these words are, its explanation included, and no others.
    pub(super) fn whole(&self, text: &str) -> Option<usize> {
        let folded = folded(text);
        let words: Vec<char> = ordinal(&folded).1.chars().collect();
        self.only(|k| k.label == words || k.older.contains(&words))
    }

    /// The one row that fits.
    fn only(&self, fits: impl Fn(&Known) -> bool) -> Option<usize> {
        let mut fitting = self.0.iter().enumerate().filter(|(_, k)| fits(k));
        let first = fitting.next()?.0;
        fitting.next().is_none().then_some(first)
    }

    /// A label with more around it (the name of its group before it), or a part of one.
    fn contained(&self, all: &[char], seen: &[char], number: Option<Ordinal>) -> Option<Match> {
        let ends = |k: &Known| {
            let label = base_of(&k.label);
            // A short label counts behind its number only: (七)总计, 3其他.
            let numbered = k.ordinal.is_some_and(|o| all.ends_with(&o.before(&k.label)));
            (label.len() >= 4 || numbered)
                && all.len() > label.len()
                && (all.ends_with(label) || all.ends_with(&k.label))
        };
        if let Some(row) = self.only(ends) {
            return Some(Match { row, sure: Sure::Exact });
        }
        if seen.len() >= 4 {
            let within = |k: &Known| holds(&k.label, seen);
            let row = self.only(|k| within(k) && k.agrees(number)).or_else(|| self.only(within));
            if let Some(row) = row {
                return Some(Match { row, sure: Sure::Alike });
            }
        }
        None
    }

    fn alike(&self, seen: &[char], number: Option<Ordinal>) -> Option<Match> {
        let mut best: Option<(usize, f64)> = None;
        let mut second = 0.0_f64;
        for (row, known) in self.0.iter().enumerate() {
            let likeness =
                likeness(seen, base_of(&known.label)) - if known.agrees(number) { 0.0 } else { 0.1 };
            match best {
                Some((_, most)) if likeness <= most => second = second.max(likeness),
                _ => {
                    second = best.map_or(0.0, |(_, most)| most.max(second));
                    best = Some((row, likeness));
                }
            }
        }
        let (row, likeness) = best?;
        (likeness >= ALIKE && likeness - second >= MARGIN).then_some(Match { row, sure: Sure::Alike })
    }
}

impl Known {
    fn new(row: String, label: &str) -> Known {
        let folded = folded(label);
        let (ordinal, words) = ordinal(&folded);
        Known { row, label: words.chars().collect(), ordinal, older: Vec::new() }
    }

    /// Whether a number before the words is no other than that of the form.
    fn agrees(&self, number: Option<Ordinal>) -> bool {
        match (number, self.ordinal) {
            (Some(seen), Some(known)) => seen == known || seen.level != known.level && seen.n == known.n,
            (None, _) => true,
            (Some(seen), None) => seen.level == Level::Arabic,
        }
    }
}

/// The words before an explanation in brackets.
fn base(words: &str) -> Vec<char> {
    let chars: Vec<char> = words.chars().collect();
    base_of(&chars).to_vec()
}

fn base_of(label: &[char]) -> &[char] {
    match label.iter().position(|c| *c == '(') {
        Some(at) if at >= 2 => &label[..at],
        _ => label,
    }
}

fn holds(whole: &[char], part: &[char]) -> bool {
    part.len() <= whole.len() && whole.windows(part.len()).any(|w| w == part)
}

/// One less the share of characters to be changed. Zero where the lengths or the characters already tell that it is low.
fn likeness(a: &[char], b: &[char]) -> f64 {
    let longer = a.len().max(b.len());
    if longer == 0 || a.len().min(b.len()) * 100 < longer * 60 {
        return 0.0;
    }
    let common = a.iter().filter(|c| b.contains(c)).count();
    if common * 2 < longer {
        return 0.0;
    }
    1.0 - distance(a, b) as f64 / longer as f64
}

/// Characters to be changed, added or taken away.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rows: &Rows, text: &str) -> Option<String> {
        rows.find(text).map(|m| rows.0[m.row].row.clone())
    }

    #[test]
    fn every_label_of_every_form_means_its_own_row() {
        for form in Form::all() {
            for r in &form.requests.rows {
                let label = r.label.last().unwrap();
                assert_eq!(row(&REQUESTS, label).as_deref(), Some(&*r.id), "{label}");
                let glued: String = r.label.concat();
                assert_eq!(row(&REQUESTS, &glued).as_deref(), Some(&*r.id), "{glued}");
            }
            for r in form.proactive.iter().flat_map(|b| &b.rows) {
                assert_eq!(row(&PROACTIVE, &r.label).as_deref(), Some(&*r.id), "{}", r.label);
            }
        }
        assert_eq!(REQUESTS.0.len(), 26);
    }

    #[test]
    fn labels_as_they_are_met() {
        for (text, id) in [
            ("一、本年新收政府信息公开申请数量(件)", Some("new_requests")),
            ("本年新收政府信息公开申请", Some("new_requests")),
            ("（二）部分公开", Some("granted_in_part")),
            ("(二)部分公开(区分处理的，只计这一情形,不计其他情形)", Some("granted_in_part")),
            ("２、其他法律行政止公开", Some("refused_prohibited_by_law")),
            ("3.危及三安全一稳定", Some("refused_security_stability")),
            ("1.逾期不补正", Some("other_correction_lapsed")),
            (
                "1、申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
                Some("other_correction_lapsed"),
            ),
            ("(六) 其他", Some("other_disposal")),
            ("（六）其他处理", Some("other_disposal")),
            ("3.其他", Some("other_other")),
            ("3、其它", Some("other_other")),
            ("合计", Some("results_total")),
            ("(七)总计", Some("results_total")),
            ("四、结转下年度办理", Some("carried_over_out")),
            ("结转下年度继续办理", Some("carried_over_out")),
            ("（三）不予公开", None),
            ("三、本年度办理结果", None),
            ("自然人", None),
            ("法人或其他组织", None),
            ("5.要求行政机关确认或重新出具已获取的信息", Some("declined_confirm_or_reissue")),
            ("全年共收到申请", None),
            ("公开", None),
        ] {
            assert_eq!(row(&REQUESTS, text).as_deref(), id, "{text}");
        }
        for (text, id) in [
            ("规章(设区的市、自治州以上人民政府应当提供)", Some("rules")),
            ("规范性文件", Some("normative_documents")),
            ("行政規範性檔案", Some("normative_documents")),
            ("行政强制措施", Some("compulsory_measures")),
            ("其他主动公开文件", None),
            ("行政处罚", Some("penalties")),
        ] {
            assert_eq!(row(&PROACTIVE, text).as_deref(), id, "{text}");
        }
    }
}
