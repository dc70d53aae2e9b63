//! The words of a web page that comes in as a file: what a reader sees, a line for each paragraph. Nothing of its markup is
//! kept, so nothing of it can run or be loaded.

/// Elements that are not shown, with all they hold.
const HIDDEN: [&str; 9] =
    ["script", "style", "head", "title", "noscript", "template", "svg", "iframe", "object"];
/// Elements that begin a line and end one.
pub(crate) const BLOCKS: [&str; 31] = [
    "p",
    "div",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "caption",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "blockquote",
    "pre",
    "form",
    "aside",
    "nav",
    "fieldset",
    "center",
];
/// Characters of the longest entity that is read.
const ENTITY: usize = 10;

/// The words of a page.
pub fn web_text(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        push_words(&rest[..at], &mut out);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let name: String = rest[1..]
            .chars()
            .skip_while(|c| *c == '/')
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let closes = rest[1..].starts_with('/');
        let is_tag = !name.is_empty() || rest[1..].starts_with(['!', '?']);
        if !is_tag {
            // A sign that is smaller than something.
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        if !closes && HIDDEN.contains(&name.as_str()) {
            rest = after_closing(rest, &name);
        } else if BLOCKS.contains(&name.as_str()) {
            out.push('\n');
        } else if matches!(name.as_str(), "td" | "th") && !closes {
            out.push('\t');
        }
    }
    push_words(rest, &mut out);
    let lines = out.lines().map(|line| line.trim_matches([' ', '\t'])).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What follows the end of an element; nothing if it has none.
fn after_closing<'a>(rest: &'a str, name: &str) -> &'a str {
    let bytes = rest.as_bytes();
    let mut from = 0;
    while let Some(at) = rest[from..].find("</") {
        let begin = from + at + 2;
        let there = bytes.get(begin..begin + name.len());
        if there.is_some_and(|there| there.eq_ignore_ascii_case(name.as_bytes())) {
            return rest[begin..].find('>').map_or("", |end| &rest[begin + end + 1..]);
        }
        from = begin;
    }
    ""
}

/// Text between tags: entities as their characters, any number of blanks as one.
fn push_words(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut shown = c;
        let mut taken = c.len_utf8();
        if c == '&'
            && let Some((decoded, length)) = entity(rest)
        {
            (shown, taken) = (decoded, length);
        } else if matches!(c, '\r' | '\n' | '\t') {
            shown = ' ';
        }
        if shown != ' ' || !out.ends_with([' ', '\n', '\t']) {
            out.push(shown);
        }
        rest = &rest[taken..];
    }
}

/// The character of the entity a text begins with, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(ENTITY + 2).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let shown = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|c| !c.is_control())?
    } else {
        match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" | "ensp" | "thinsp" => ' ',
            "emsp" => '\u{3000}',
            "ldquo" => '“',
            "rdquo" => '”',
            "lsquo" => '‘',
            "rsquo" => '’',
            "hellip" => '…',
            "mdash" => '—',
            "middot" => '·',
            "times" => '×',
            _ => return None,
        }
    };
    Some((shown, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_it_is_seen() {
        let page = "<!DOCTYPE html><html><head><title>某站</title><style>p{}</style></head><body>\n\
            <SCRIPT>if (1 < 2) alert('</p>')</SCRIPT><!-- 隐藏 <p> --><h1>关于某事的\n 通知</h1>\
            <p>各单位：</p><p>&emsp;&emsp;一是1&lt;2&nbsp;&#20844;&#x5f00;。<br>二是</p>\
            <table><tr><td>甲</td><td>乙</td></tr></table></body></html>";
        assert_eq!(web_text(page), "关于某事的 通知\n各单位：\n\u{3000}\u{3000}一是1<2 公开。\n二是\n甲\t乙");
    }

    #[test]
    fn what_is_not_closed_ends_with_the_page() {
        assert_eq!(web_text("甲<script>乙"), "甲");
        assert_eq!(web_text("甲<!-- 乙"), "甲");
        assert_eq!(web_text("甲<p"), "甲");
        assert_eq!(web_text("1 < 2 & 3"), "1 < 2 & 3");
        assert_eq!(web_text("&#0;&bogus;&"), "&#0;&bogus;&");
        let hostile = "<script></x".repeat(50_000);
        assert_eq!(web_text(&hostile), "");
    }
}
