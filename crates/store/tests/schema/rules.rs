//! The rules of the schema, as functions from SQL text to what is wrong with it.

/// What is kept once for all regions: the schema's own version.
const WITHOUT_REGION: &[&str] = &["schema_version"];

/// Statements that look over every region, each by its full text and for a reason.
const OVER_ALL_REGIONS: &[&str] = &[
    // The directory of regions: one row each.
    "select region, name, seq, head from region order by region",
];

/// What does not run on both engines, is not the program's to leave to the database, or does not survive sharding.
const FORBIDDEN: &[&str] = &[
    "::",
    "array",
    "auto_increment",
    "autoincrement",
    "boolean",
    "current_date",
    "current_timestamp",
    "default",
    "deferrable",
    "double",
    "enum",
    "execute",
    "extract",
    "for share",
    "for update",
    "function",
    "generated",
    "glob",
    "greatest",
    "group_concat",
    "identity",
    "ilike",
    "jsonb",
    "lateral",
    "least",
    "limit -1",
    "merge",
    "nextval",
    "now()",
    "numeric",
    "or ignore",
    "or replace",
    "procedure",
    "random()",
    "real",
    "recursive",
    "regexp",
    "sequence",
    "serial",
    "skip locked",
    "strftime",
    "timestamp",
    "timestamptz",
    "trigger",
    "uuid",
    "varchar",
    "view",
    "without rowid",
];

fn words(sql: &str) -> Vec<&str> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect()
}

/// Forbidden words in a piece of SQL.
pub fn forbidden(sql: &str) -> Vec<String> {
    let padded = format!(" {} ", sql.split_whitespace().collect::<Vec<_>>().join(" "));
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    FORBIDDEN
        .iter()
        .filter(|word| {
            padded.match_indices(**word).any(|(at, _)| {
                let before = padded[..at].chars().next_back().unwrap_or(' ');
                let after = padded[at + word.len()..].chars().next().unwrap_or(' ');
                let edge = |own: char, next: char| !is_letter(own) || !is_letter(next);
                edge(word.chars().next().unwrap(), before) && edge(word.chars().next_back().unwrap(), after)
            })
        })
        .map(|word| format!("`{word}` in: {sql}"))
        .collect()
}

/// The parts of a list at its own depth of brackets.
fn parts(list: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(c);
        }
    }
    parts.iter().map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// What is in the brackets that open first after `from`.
fn bracket(sql: &str) -> &str {
    let Some(open) = sql.find('(') else { return "" };
    let mut depth = 0;
    for (at, c) in sql[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &sql[open + 1..open + at];
        }
    }
    ""
}

fn leads(list: &str) -> bool {
    parts(list).first().is_some_and(|first| first == "region")
}

/// What is wrong with a statement of a migration.
pub fn migration(statement: &str) -> Vec<String> {
    let mut wrong = forbidden(statement);
    let sql = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{what}: {sql}"));
        }
    };
    if let Some(rest) = sql.strip_prefix("create table if not exists ") {
        let table = words(rest)[0];
        let regional = !WITHOUT_REGION.contains(&table);
        let mut primary = 0;
        for part in parts(bracket(rest)) {
            if let Some(key) = part.strip_prefix("primary key ") {
                primary += 1;
                must(!regional || leads(bracket(key)), "region does not lead the primary key");
            } else if let Some(key) = part.strip_prefix("unique ") {
                must(!regional || leads(bracket(key)), "region does not lead the unique constraint");
            } else if let Some(key) = part.strip_prefix("foreign key ") {
                let target = key.split_once(" references ").map_or("", |(_, target)| target);
                must(leads(bracket(key)) && leads(bracket(target)), "region does not lead the foreign key");
            } else {
                let column: Vec<&str> = part.split(' ').collect();
                let allowed = matches!(column.get(1), Some(&"bigint" | &"text" | &"blob"));
                let rest = column.get(2..).unwrap_or_default();
                must(
                    allowed && (rest.is_empty() || rest == ["not", "null"]),
                    "a column is a name, a type, `not null`",
                );
            }
        }
        must(primary == 1, "a table has one primary key");
    } else if let Some(rest) = sql.strip_prefix("create index if not exists ") {
        must(leads(bracket(rest)), "region does not lead the index");
    } else if let Some(rest) =
        sql.strip_prefix("drop index if exists ").or(sql.strip_prefix("drop table if exists "))
    {
        must(words(rest).len() == 1, "one thing a statement");
    } else {
        must(false, "a migration makes tables and indexes, and can be run again");
    }
    wrong
}

/// Whether a string of the source is a statement.
pub fn is_statement(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    ["select", "insert", "update", "delete", "with"].contains(&first.to_ascii_lowercase().as_str())
        && text.trim().contains(' ')
}

/// What is wrong with a statement of the program.
pub fn statement(statement: &str) -> Vec<String> {
    let sql = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wrong = forbidden(&sql);
    let words = words(&sql);
    let tables: Vec<&str> = words
        .windows(2)
        .enumerate()
        .filter(|(at, pair)| {
            matches!(pair[0], "from" | "into" | "join")
                || (pair[0] == "update" && (*at == 0 || words[at - 1] != "do"))
        })
        .map(|(_, pair)| pair[1])
        .collect();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{what}: {sql}"));
        }
    };
    must(sql == sql.to_lowercase(), "SQL is lower case");
    must(!tables.is_empty(), "no table was found");
    must(
        !words.contains(&"join") || sql.matches(".region = ").count() >= tables.len(),
        "a join across regions",
    );
    if tables.iter().all(|table| WITHOUT_REGION.contains(table)) || OVER_ALL_REGIONS.contains(&sql.as_str()) {
        return wrong;
    }
    if sql.starts_with("insert") {
        must(leads(bracket(&sql)), "region does not lead the columns");
        must(sql.contains("values ($1, "), "the region is not the first parameter");
        if let Some((_, target)) = sql.split_once("on conflict") {
            must(leads(bracket(target)), "region does not lead the upsert target");
        }
    } else {
        must(sql.contains("region = $"), "no region is stated");
    }
    wrong
}

/// The string literals of Rust source, up to its tests, with escapes and line continuations undone.
pub fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                chars.by_ref().find(|c| *c == '\n');
            }
            '\'' => {
                // A character, or a lifetime: only the quote and the escape of a character matter here.
                match chars.peek() {
                    Some('\\') => {
                        chars.nth(1);
                    }
                    Some('"') => {
                        chars.next();
                    }
                    _ => {}
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some('\n') => {
                                while chars.peek().is_some_and(|c| c.is_whitespace()) {
                                    chars.next();
                                }
                            }
                            Some(escaped) => text.push(escaped),
                            None => break,
                        },
                        c => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}
