//! Which lines go on in the next one: paragraphs are put together again, because sentences are looked at later.

use super::lines::Line;

/// Letters larger than this are a title, in points; text is set in 16 (GB/T 9704-2012, 5.2.2).
const TITLE: f64 = 17.0;

/// Where the text of a page begins and ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
}

/// The margins that lines show; none if no two lines agree.
pub(super) fn margins<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<Margins> {
    let all: Vec<&Line> = lines.collect();
    // The last line of a paragraph begins where the others do; titles end anywhere.
    let wide = all.iter().filter(|line| line.frame.width() > 12.0 * line.size);
    let agreed = |mut ends: Vec<(f64, f64)>| {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        ends.windows(2).find(|pair| pair[1].0 - pair[0].0 <= 1.2 * pair[0].1).map(|pair| pair[0].0)
    };
    let left = agreed(all.iter().map(|line| (line.frame.x0, line.size * 0.5)).collect())?;
    let right = -agreed(wide.map(|line| (-line.frame.x1, line.size)).collect())?;
    (right > left).then_some(Margins { left, right })
}

/// A line as the last one of a paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last<'a> {
    pub(super) line: &'a Line,
    pub(super) margins: Margins,
    /// Whether it is itself the continuation of another line.
    pub(super) goes_on: bool,
    /// Whether the next line stands on the same page, so that the distance counts.
    pub(super) above: bool,
}

/// Whether a line goes on in another one: it is full, and the other one is not indented.
pub(super) fn goes_on(last: Last<'_>, now: &Line, margins: Margins) -> bool {
    let Last { line: last, margins: in_last, goes_on, above } = last;
    let em = last.size.max(now.size);
    let alike = (last.size - now.size).abs() <= 0.12 * em;
    let distance = now.middle() - last.middle();
    let near = !above || (distance > 0.0 && distance < 2.7 * em);
    let text = now.text();
    // What is not broken moves to the next line whole: a mark with the character before it, a word, a number.
    let whole = text.chars().take_while(char::is_ascii_graphic).count() as f64 * 0.55 + 2.2;
    let full = last.frame.x1 + whole * em >= in_last.right;
    // A list is set in as a whole: there, too, the second line of a point stands left of its first one or below.
    let (from_margin, from_last) = (now.frame.x0 - margins.left, now.frame.x0 - last.frame.x0);
    // A title that is wider than the page goes on in the middle.
    let middle = |line: &Line, margins: Margins| {
        (line.frame.center().x - f64::midpoint(margins.left, margins.right)).abs() <= em
    };
    let title = em > TITLE && above && !goes_on && middle(last, in_last) && middle(now, margins);
    let starts = title
        || from_margin.abs() <= 0.8 * em
        || (above && (from_last <= -1.5 * em || (goes_on && from_last.abs() <= 0.5 * em)));
    // What stands in columns is no paragraph.
    let alone = last.pieces.len() == 1 && now.pieces.len() == 1;
    alone && alike && near && full && starts && !(ends_sentence(&last.text()) && is_numbered(&text))
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['。', '！', '？', '；', '：', '.', ';', ':'])
}

/// Whether a line begins as headings do: 一、 or （一）.
pub(super) fn is_numbered(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(']);
    let rest = text.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    rest.len() < text.len() && rest.starts_with(['、', '）', ')', '．', '.'])
}

/// Adds the words of a line to those before it. Letters and figures of two lines are two words.
pub(super) fn append(text: &mut String, more: &str) {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || ('０'..='９').contains(&c));
    if word(text.chars().last()) && word(more.chars().next()) {
        text.push(' ');
    }
    text.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::super::sheet::{Sheet, glyphs_of};
    use super::*;

    fn read(rows: &[(&str, f64)]) -> Vec<Line> {
        let glyphs = rows
            .iter()
            .enumerate()
            .flat_map(|(n, (text, left))| glyphs_of(text, *left, 100.0 + 18.0 * n as f64, 10.0))
            .collect::<Vec<_>>();
        let sheet = Sheet { width: 600.0, height: 800.0, glyphs, ..Sheet::default() };
        lines(&sheet, &(0..sheet.glyphs.len()).collect::<Vec<_>>())
    }

    fn joined(rows: &[(&str, f64)]) -> Vec<String> {
        let lines = read(rows);
        let margins = margins(lines.iter()).unwrap();
        let mut all: Vec<String> = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            let joined = n > 0
                && goes_on(Last { line: &lines[n - 1], margins, goes_on: false, above: true }, line, margins);
            match all.last_mut() {
                Some(last) if joined => append(last, &line.text()),
                _ => all.push(line.text()),
            }
        }
        all
    }

    const FULL: &str = "政府信息公开工作年度报告政府信息公开工作";

    #[test]
    fn wrapped_lines_are_one_paragraph_and_an_indent_begins_another() {
        let rows = [
            ("一、总体情况", 70.0),
            ("政府信息公开工作年度报告政府信息公开", 70.0),
            (FULL, 50.0),
            ("共收到申请。", 50.0),
            ("政府信息公开工作年度报告政府信息公开", 70.0),
            ("其中三件。", 50.0),
        ];
        let paragraphs = joined(&rows);
        assert_eq!(paragraphs.len(), 3, "{paragraphs:?}");
        assert!(paragraphs[1].ends_with("公开工作共收到申请。"), "{paragraphs:?}");
    }

    #[test]
    fn a_heading_after_a_full_line_stays_by_itself() {
        let rows = [(FULL, 50.0), ("政府信息公开工作年度报告政府信息公开工。", 50.0), ("二、主动公开", 50.0)];
        let paragraphs = joined(&rows);
        assert_eq!(paragraphs.len(), 2, "{paragraphs:?}");
    }

    #[test]
    fn a_number_at_the_end_of_a_line_is_not_joined_with_the_next() {
        let rows = [("政府信息公开工作年度报告政府信息公开工12", 50.0), ("34件", 50.0), (FULL, 50.0)];
        assert!(joined(&rows)[0].ends_with("12 34件"));
    }
}
