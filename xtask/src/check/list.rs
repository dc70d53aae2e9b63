//! Lists of allowed exceptions: one a line, `name = reason`; `#` begins a comment.

use crate::shell::{Result, root, text};
use std::collections::BTreeMap;

/// Reads a list of the `xtask` folder; an entry without a reason is an error.
pub fn read(name: &str) -> Result<BTreeMap<String, String>> {
    parse(&text(&root().join("xtask").join(name))?).map_err(|error| format!("xtask/{name}: {error}"))
}

fn parse(list: &str) -> Result<BTreeMap<String, String>> {
    let mut entries = BTreeMap::new();
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, reason) = line.split_once(" = ").ok_or(format!("`{line}` is not `name = reason`"))?;
        if reason.trim().is_empty() {
            return Err(format!("`{name}` gives no reason"));
        }
        if entries.insert(name.trim().to_owned(), reason.trim().to_owned()).is_some() {
            return Err(format!("`{name}` stands twice"));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_reason_is_required_and_names_stand_once() {
        let list = parse("# why\n\nsyn = the derive macros disagree\n").unwrap();
        assert_eq!(list["syn"], "the derive macros disagree");
        assert!(parse("syn").is_err() && parse("syn = ").is_err());
        assert!(parse("syn = a\nsyn = b").is_err());
    }
}
