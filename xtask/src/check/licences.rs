//! The licence of every package that is built in, against `xtask/allowed-licences.txt`.

use super::{dependencies::packages, list, verdict};
use crate::shell::Result;
use std::collections::BTreeSet;

pub fn check() -> Result {
    let allowed: BTreeSet<String> = list::read("allowed-licences.txt")?.into_keys().collect();
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    for package in packages()? {
        let verdict = if package.licence.is_empty() {
            Err("states no licence".to_owned())
        } else {
            evaluate(&package.licence, &mut |licence| {
                let known = allowed.contains(licence);
                if known {
                    used.insert(licence.to_owned());
                }
                known
            })
        };
        match verdict {
            Ok(true) => {}
            Ok(false) => found.push(format!("{} {}: {}", package.name, package.version, package.licence)),
            Err(error) => found.push(format!("{} {}: {error}", package.name, package.version)),
        }
    }
    found.extend(
        allowed.difference(&used).map(|stale| format!("allowed-licences.txt: no package uses {stale}")),
    );
    verdict(found)
}

/// Whether an SPDX expression holds when `allowed` says which licences may be used. `A/B` is the old way to say
/// `A OR B`; `X WITH Y` counts as one licence.
fn evaluate(expression: &str, allowed: &mut dyn FnMut(&str) -> bool) -> Result<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let value = any(&words, &mut at, allowed)?;
    if at == words.len() { Ok(value) } else { Err(format!("`{expression}` is no licence expression")) }
}

fn any(words: &[&str], at: &mut usize, allowed: &mut dyn FnMut(&str) -> bool) -> Result<bool> {
    let mut value = all(words, at, allowed)?;
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        value |= all(words, at, allowed)?;
    }
    Ok(value)
}

fn all(words: &[&str], at: &mut usize, allowed: &mut dyn FnMut(&str) -> bool) -> Result<bool> {
    let mut value = one(words, at, allowed)?;
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        value &= one(words, at, allowed)?;
    }
    Ok(value)
}

fn one(words: &[&str], at: &mut usize, allowed: &mut dyn FnMut(&str) -> bool) -> Result<bool> {
    let word = *words.get(*at).ok_or("a licence expression ends too early")?;
    *at += 1;
    if word == "(" {
        let value = any(words, at, allowed)?;
        if words.get(*at) != Some(&")") {
            return Err("a licence expression lacks a closing bracket".to_owned());
        }
        *at += 1;
        return Ok(value);
    }
    if ["OR", "AND", "WITH", ")"].contains(&word) {
        return Err(format!("`{word}` stands where a licence should"));
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).ok_or("an exception is missing after WITH")?;
        *at += 2;
        return Ok(allowed(&format!("{word} WITH {exception}")));
    }
    Ok(allowed(word))
}

#[cfg(test)]
mod tests {
    use super::evaluate;

    fn holds(expression: &str) -> Result<bool, String> {
        evaluate(expression, &mut |licence| ["MIT", "Unicode-3.0"].contains(&licence))
    }

    #[test]
    fn expressions_are_evaluated() {
        assert_eq!(holds("MIT"), Ok(true));
        assert_eq!(holds("GPL-3.0-only"), Ok(false));
        assert_eq!(holds("GPL-3.0-only OR MIT"), Ok(true));
        assert_eq!(holds("GPL-3.0-only/MIT"), Ok(true));
        assert_eq!(holds("(MIT OR Apache-2.0) AND Unicode-3.0"), Ok(true));
        assert_eq!(holds("(MIT OR Apache-2.0) AND BSD-3-Clause"), Ok(false));
        assert_eq!(holds("MIT AND GPL-3.0-only OR Unicode-3.0"), Ok(true));
        assert_eq!(holds("MIT WITH some-exception"), Ok(false));
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for broken in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "AND MIT", "MIT WITH"] {
            assert!(holds(broken).is_err(), "{broken}");
        }
    }
}
