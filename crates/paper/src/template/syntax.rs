//! The check of a template before the engine sees it: only fields of the letter, only the few constructs of the module
//! documentation, each problem with its line.

use super::Problem;
use law::letter::{Letter, Shape};

/// The most tags of a template.
const TAGS: usize = 1_000;
/// The deepest nesting of blocks.
const DEPTH: usize = 6;
/// The most words of a tag. The engine goes through a condition recursively: thousands of words end its stack.
const WORDS: usize = 24;

/// Everything wrong with a template; empty if it may be given to the engine.
pub(super) fn check(letter: Letter, source: &str) -> Vec<Problem> {
    let mut reader = Reader { letter, blocks: Vec::new(), problems: Vec::new() };
    let mut line = 1;
    let mut rest = source;
    let mut tags = 0;
    while let Some(at) = rest.find(['{', '}', '%', '#']) {
        let here = &rest[at..];
        line += rest[..at].matches('\n').count();
        let (open, close) = match here.get(..2) {
            Some("{{") => ("{{", "}}"),
            Some("{%") => ("{%", "%}"),
            Some("{#") => ("{#", "#}"),
            Some(stray @ ("}}" | "%}" | "#}")) => {
                reader.say(line, format!("“{stray}”前面没有对应的开始标记，请删去或者补上"));
                rest = &here[2..];
                continue;
            }
            _ => {
                let length = here.chars().next().map_or(1, char::len_utf8);
                rest = &here[length..];
                continue;
            }
        };
        let Some(end) = here[2..].find(close) else {
            reader.say(line, format!("“{open}”没有结束标记“{close}”，请补上"));
            break;
        };
        tags += 1;
        if tags > TAGS {
            reader.say(line, format!("模板的标记超过{TAGS}处，请精简"));
            break;
        }
        let inside = &here[2..2 + end];
        match open {
            "{{" => reader.output(line, inside),
            "{%" => reader.statement(line, inside),
            _ => {}
        }
        line += inside.matches('\n').count();
        rest = &here[2 + end + 2..];
    }
    if let Some(block) = reader.blocks.last() {
        let (line, name) = (block.line, block.name());
        reader.say(line, format!("“{name}”没有结束标记“end{name}”，请补上"));
    }
    reader.problems
}

/// An open `if` or `for`.
struct Block {
    line: usize,
    /// The name of the item and the columns it has, for `for`.
    item: Option<(String, &'static [&'static str])>,
}

impl Block {
    fn name(&self) -> &'static str {
        if self.item.is_some() { "for" } else { "if" }
    }
}

struct Reader {
    letter: Letter,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
}

impl Reader {
    fn say(&mut self, line: usize, text: impl AsRef<str>) {
        self.problems.push(Problem::new(line, text));
    }

    fn output(&mut self, line: usize, inside: &str) {
        let Some(words) = self.words(line, inside) else { return };
        match words.as_slice() {
            [name] if is_name(name) => self.printed(line, name, None),
            [name, dot, part] if *dot == "." && is_name(part) => self.printed(line, name, Some(part)),
            [] => self.say(line, "“{{ }}”里没有字段，请填写字段名"),
            _ => self.say(line, "“{{ }}”里只能写一个字段名，不能写计算、过滤或者函数"),
        }
    }

    /// A field, an item of a list, a column of a row, or the count of a loop, where it is printed.
    fn printed(&mut self, line: usize, name: &str, part: Option<&str>) {
        let item = self.blocks.iter().rev().filter_map(|b| b.item.as_ref()).find(|(item, _)| item == name);
        if let Some((_, columns)) = item {
            let columns = *columns;
            match part {
                None if columns.is_empty() => {}
                None => self.say(line, format!("“{name}”是一行，请写明要哪一列，如“{name}.{}”", columns[0])),
                Some(part) if columns.contains(&part) => {}
                Some(part) => self.say(line, format!("“{name}”没有“{}”这一列", short(part))),
            }
            return;
        }
        if name == "loop" {
            self.counted(line, part);
            return;
        }
        match (self.letter.field(name).map(|f| f.shape), part) {
            (Some(Shape::Text), None) => {}
            (Some(Shape::Text), Some(_)) => self.say(line, format!("字段“{name}”是文字，后面不能加“.”")),
            (Some(_), _) => {
                self.say(line, format!("字段“{name}”有多项，请用“{{% for 项 in {name} %}}”逐项写"));
            }
            (None, _) => self.unknown(line, name),
        }
    }

    fn counted(&mut self, line: usize, part: Option<&str>) {
        let in_loop = self.blocks.iter().any(|b| b.item.is_some());
        let known = matches!(part, Some("index" | "length" | "first" | "last"));
        if !(in_loop && known) {
            self.say(line, "“loop”只能在for里面使用，写作loop.index、loop.length、loop.first或者loop.last");
        }
    }

    fn unknown(&mut self, line: usize, name: &str) {
        let letter = self.letter.title();
        self.say(line, format!("{letter}没有“{}”字段，请对照字段表修改", short(name)));
    }

    fn statement(&mut self, line: usize, inside: &str) {
        let Some(words) = self.words(line, inside) else { return };
        match words.as_slice() {
            ["if", condition @ ..] => {
                self.condition(line, condition);
                self.open(line, None);
            }
            ["elif", condition @ ..] => {
                self.condition(line, condition);
                self.inside(line, "elif");
            }
            ["else"] => self.inside(line, "else"),
            ["for", item, "in", list] => self.each(line, item, list),
            ["endif"] => self.close(line, "if"),
            ["endfor"] => self.close(line, "for"),
            _ => self.say(line, "“{% %}”里只能写if、elif、else、endif、for…in…和endfor"),
        }
    }

    fn open(&mut self, line: usize, item: Option<(String, &'static [&'static str])>) {
        if self.blocks.len() >= DEPTH {
            self.say(line, format!("if和for最多嵌套{DEPTH}层，请简化"));
        }
        self.blocks.push(Block { line, item });
    }

    fn close(&mut self, line: usize, name: &str) {
        match self.blocks.pop() {
            Some(block) if block.name() == name => {}
            Some(block) => {
                let text = format!("第{}行的“{}”还没有结束，这里不能写“end{name}”", block.line, block.name());
                self.say(line, text);
            }
            None => self.say(line, format!("“end{name}”前面没有对应的“{name}”，请删去或者补上")),
        }
    }

    fn inside(&mut self, line: usize, word: &str) {
        if self.blocks.last().is_none_or(|b| b.item.is_some()) {
            self.say(line, format!("“{word}”只能写在if里面"));
        }
    }

    fn each(&mut self, line: usize, item: &str, list: &str) {
        if self.letter.field(item).is_some() || item == "loop" || !is_name(item) {
            self.say(line, format!("“{}”不能用作每一项的名称，请换一个，如“项”", short(item)));
        }
        let columns: &[&str] = match self.letter.field(list).map(|f| f.shape) {
            Some(Shape::List) => &[],
            Some(Shape::Rows(columns)) => columns,
            Some(Shape::Text) => {
                self.say(line, format!("字段“{list}”是文字，不能逐项写，请直接写“{{{{ {list} }}}}”"));
                &[]
            }
            None => {
                self.unknown(line, list);
                &[]
            }
        };
        self.open(line, Some((item.to_owned(), columns)));
    }

    /// Fields, `loop.…`, numbers, comparisons of numbers, not, and, or. Their order is the engine's to judge.
    fn condition(&mut self, line: usize, words: &[&str]) {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let part = (words.get(at + 1) == Some(&".")).then(|| words.get(at + 2).copied()).flatten();
            at += if part.is_some() { 3 } else { 1 };
            if matches!(*word, "not" | "and" | "or" | ">" | "<" | ">=" | "<=" | "==" | "!=")
                || word.bytes().all(|b| b.is_ascii_digit())
            {
                continue;
            }
            let many = self.letter.field(word).is_some_and(|f| f.shape != Shape::Text);
            if !many || part.is_some() {
                self.printed(line, word, part);
            }
        }
        if words.is_empty() {
            self.say(line, "if后面没有条件，请填写字段名");
        }
    }

    /// The words of a tag; `None` and a problem if there is anything a letter does not need.
    fn words<'a>(&mut self, line: usize, inside: &'a str) -> Option<Vec<&'a str>> {
        // `{%-` and `-%}` trim blanks, which do not count here anyway.
        let inside = inside.strip_prefix(['-', '+']).unwrap_or(inside);
        let mut rest = inside.strip_suffix(['-', '+']).unwrap_or(inside).trim_start();
        let mut words = Vec::new();
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
            } else if [">=", "<=", "==", "!="].iter().any(|op| rest.starts_with(op)) {
                2
            } else if ['.', '>', '<'].contains(&first) {
                1
            } else {
                self.say(line, format!("模板标记里不能使用“{first}”，只能写字段名、if和for"));
                return None;
            };
            if words.len() == WORDS {
                self.say(line, "这个标记太长，请拆成几个if");
                return None;
            }
            words.push(&rest[..length]);
            rest = rest[length..].trim_start();
        }
        Some(words)
    }
}

fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

/// A name as far as a sentence can quote it.
fn short(name: &str) -> String {
    name.chars().take(20).collect()
}
