//! How alike two texts are, with their figures and names masked.

use std::collections::BTreeMap;

/// The text without spaces and punctuation, every number and live reference masked by one `#`, and every name by `@`.
pub fn masked(text: &str, names: &[&str]) -> String {
    let mut text = text.to_owned();
    for name in names.iter().filter(|n| !n.is_empty()) {
        text = text.replace(name, "@");
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some(reference) = rest.strip_prefix("{{")
            && let Some((_, after)) = reference.split_once("}}")
        {
            mask(&mut out);
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c.is_numeric() || (matches!(c, '.' | ',' | '%' | '％') && out.ends_with('#')) {
            mask(&mut out);
        } else if c.is_alphanumeric() || c == '@' {
            out.push(c);
        }
    }
    out
}

fn mask(out: &mut String) {
    if !out.ends_with('#') {
        out.push('#');
    }
}

/// Dice's coefficient over character pairs, from 0 (nothing in common) to 1 (the same pairs as often).
pub fn dice(a: &str, b: &str) -> f64 {
    let (a, b) = (pairs(a), pairs(b));
    let total: u32 = a.values().chain(b.values()).sum();
    if total == 0 {
        return 0.0;
    }
    let common: u32 = a.iter().map(|(pair, n)| *n.min(b.get(pair).unwrap_or(&0))).sum();
    2.0 * f64::from(common) / f64::from(total)
}

fn pairs(text: &str) -> BTreeMap<(char, char), u32> {
    let mut found = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *found.entry(pair).or_default() += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_names_do_not_make_a_text_new() {
        let a = masked("示例县2020年共收到申请12件，办结率98.5%。", &["示例县"]);
        let b = masked("样板县2021年共收到申请{{requests.received}}件，办结率100%。", &["样板县"]);
        assert_eq!(a, b);
        assert!((dice(&a, &b) - 1.0).abs() < 1e-9);
        assert_eq!(a, "@#年共收到申请#件办结率#");
    }

    #[test]
    fn other_words_are_another_text() {
        assert!(dice("加强政策解读", "规范平台建设") < 0.2);
        assert!(dice("", "规范平台建设").abs() < 1e-9);
        assert!(dice("公开公开公开", "公开") < 0.5);
    }
}
