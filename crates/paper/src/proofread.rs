//! What in a text is wrong after a list of words (词表): names of leaders beside posts they do not hold, old names of
//! institutions, misspellings, words a unit wants to be asked about. A proposal for a person, never a decision.

use crate::plain::{Plain, Term};
use aho_corasick::{AhoCorasick, BuildError};
use jiff::civil::Date;
use law::word_list::{Leader, ListKind, Word, WordList};
use pinyin::ToPinyin;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// What stands in a text and should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The list that says so.
    pub kind: ListKind,
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// The words as they stand there.
    pub text: String,
    /// What the list says instead, as half a sentence; may be empty.
    pub hint: String,
}

/// What a pattern of the automaton is.
#[derive(Debug)]
enum Pattern {
    /// A word of the list, by its place there.
    Word(usize),
    /// The name of a leader.
    Name,
    /// A post.
    Post,
}

/// A list made ready to look through texts.
#[derive(Debug)]
pub struct Proofreader {
    words: Vec<Word>,
    leaders: Vec<Known>,
    automaton: AhoCorasick,
    patterns: Vec<Pattern>,
}

/// A leader, with name and posts as they are compared.
#[derive(Debug)]
struct Known {
    name: String,
    posts: Vec<String>,
    as_listed: Leader,
}

/// Before a post it makes another one of it.
const DEPUTY: [&str; 3] = ["副", "代", "助理"];
/// Before a name or a post it says that it was so once; 原 by itself is judged by [`ends_with_former`].
const FORMER: [&str; 4] = ["时任", "曾任", "原任", "前任"];
/// Before 原 these make a name of a place or a word of it: 太原、平原、固原、中原、复原.
const PLACES: &str = "太平固三五中阳武高草松洪济镇清屈还复推桃雪荒";
/// Characters before the name of an institution in which the rest of its name may stand.
const REGION: usize = 12;
/// Characters of a title at most, as far as it is looked for.
const TITLE: usize = 80;

impl Proofreader {
    /// Makes a list ready.
    ///
    /// # Errors
    /// The list is larger than an automaton may be.
    pub fn new(list: WordList) -> Result<Proofreader, BuildError> {
        let allowed: BTreeSet<String> = list.allowed.iter().map(|word| folded(word)).collect();
        let mut patterns: BTreeMap<String, Pattern> = BTreeMap::new();
        let known = |l: Leader| Known {
            name: folded(&l.name),
            posts: l.posts.iter().map(|post| folded(post)).collect(),
            as_listed: l,
        };
        let mut leaders: Vec<Known> = list.leaders.into_iter().map(known).collect();
        leaders.retain(|l| !allowed.contains(&l.name));
        for leader in &leaders {
            patterns.insert(leader.name.clone(), Pattern::Name);
            for post in &leader.posts {
                patterns.entry(post.clone()).or_insert(Pattern::Post);
            }
        }
        // Of two words that are the same the first list says what is right.
        for (n, word) in list.words.iter().enumerate() {
            let word = folded(&word.wrong);
            if !allowed.contains(&word) {
                patterns.entry(word).or_insert(Pattern::Word(n));
            }
        }
        // What is left of a word when marks are folded away may be one character, which would be found everywhere.
        patterns.retain(|word, _| word.chars().nth(1).is_some());
        let automaton = AhoCorasick::new(patterns.keys())?;
        let patterns = patterns.into_values().collect();
        Ok(Proofreader { words: list.words, leaders, automaton, patterns })
    }

    /// Everything in the text that is wrong in a document made on this day, in the order of the text.
    pub fn find(&self, text: &str, made_on: Date) -> Vec<Wrong> {
        let plain = Plain::new(text);
        let (mut names, mut posts, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for hit in self.automaton.find_overlapping_iter(plain.as_str()) {
            match self.patterns[hit.pattern().as_usize()] {
                Pattern::Name => names.push(hit.range()),
                Pattern::Post => posts.push(hit.range()),
                Pattern::Word(n) => {
                    let word = &self.words[n];
                    if stands(plain.as_str(), &hit.range(), word, made_on) {
                        let hint = match word.right.as_str() {
                            "" => String::new(),
                            right => format!("建议改为“{right}”"),
                        };
                        wrong.push((word.kind, hit.range(), hint));
                    }
                }
            }
        }
        let leaders = Leaders::new(&plain, text, &self.leaders, (names, posts), made_on);
        wrong.extend(leaders.wrong().into_iter().map(|(range, hint)| (ListKind::Leader, range, hint)));
        // The longer of two that overlap says more.
        wrong.sort_by_key(|(_, range, _)| (range.start, usize::MAX - range.end));
        let mut end = 0;
        wrong.retain(|(_, range, _)| {
            range.start >= end && {
                end = range.end;
                true
            }
        });
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let shown = |(kind, range, hint)| {
            let of = plain.source(&range);
            let range = starts[of.start]..starts[of.end];
            Wrong { kind, text: text[range.clone()].to_owned(), range, hint }
        };
        wrong.into_iter().map(shown).collect()
    }
}

fn folded(text: &str) -> String {
    Term::new(text).as_str().to_owned()
}

/// Whether a word that was found is what the list means.
fn stands(text: &str, range: &Range<usize>, word: &Word, made_on: Date) -> bool {
    if word.from.is_some_and(|from| made_on < from) {
        return false;
    }
    // The right word may contain the wrong one: 市卫健委 for 卫健委.
    let within = word.except.iter().chain([&word.right]).any(|except| {
        let (except, wrong) = (folded(except), folded(&word.wrong));
        except.match_indices(&wrong).any(|(at, _)| {
            range
                .start
                .checked_sub(at)
                .and_then(|from| text.get(from..))
                .is_some_and(|t| t.starts_with(&except))
        })
    });
    if within || word.kind != ListKind::Institution {
        return !within;
    }
    !is_former(text, range.start) && !is_titled(text, range.start)
}

/// Whether 原 stands before the name of an institution, with or without its region between them.
fn is_former(text: &str, start: usize) -> bool {
    let before = text[..start].char_indices().rev().take(REGION).take_while(|(_, c)| c.is_alphanumeric());
    before.into_iter().any(|(at, c)| c == '原' && ends_with_former(&text[..at + c.len_utf8()]))
}

/// Whether it ends with 原 that says "formerly", and is no name of a place.
fn ends_with_former(text: &str) -> bool {
    let before = text.strip_suffix('原').map(|rest| rest.chars().next_back());
    before.is_some_and(|before| before.is_none_or(|c| !PLACES.contains(c)))
}

/// Whether it stands in the title of a document, which is quoted as it is.
fn is_titled(text: &str, start: usize) -> bool {
    let mut depth = 0;
    for c in text[..start].chars().rev().take(TITLE) {
        match c {
            '《' if depth == 0 => return true,
            '《' => depth -= 1,
            '》' => depth += 1,
            '。' => return false,
            _ => {}
        }
    }
    false
}

/// Names and posts of leaders in one text.
struct Leaders<'a> {
    text: &'a str,
    all: &'a [Known],
    names: Vec<Range<usize>>,
    name_starts: HashSet<usize>,
    name_ends: HashSet<usize>,
    posts: Vec<Range<usize>>,
    /// Of the posts that begin, or end, at the same place the longest.
    post_from: HashMap<usize, usize>,
    post_to: HashMap<usize, usize>,
    /// Ends of lines and cells before a byte of the text.
    lines: Vec<u32>,
    made_on: Date,
}

impl<'a> Leaders<'a> {
    fn new(
        plain: &'a Plain,
        source: &str,
        all: &'a [Known],
        (mut names, posts): (Vec<Range<usize>>, Vec<Range<usize>>),
        made_on: Date,
    ) -> Self {
        // The name of one may stand in that of another.
        names.sort_by_key(|n| (n.start, usize::MAX - n.end));
        let mut end = 0;
        names.retain(|n| {
            n.end > end && {
                end = n.end;
                true
            }
        });
        let (mut post_from, mut post_to) = (HashMap::new(), HashMap::new());
        for p in &posts {
            post_from.entry(p.start).and_modify(|e: &mut usize| *e = p.end.max(*e)).or_insert(p.end);
            post_to.entry(p.end).and_modify(|s: &mut usize| *s = p.start.min(*s)).or_insert(p.start);
        }
        let mut line = 0;
        let of_chars: Vec<u32> = source
            .chars()
            .map(|c| {
                line += u32::from(matches!(c, '\n' | '\t'));
                line
            })
            .collect();
        let lines = (0..plain.as_str().len()).map(|at| of_chars[plain.source(&(at..at + 1)).start]).collect();
        Leaders {
            text: plain.as_str(),
            all,
            name_starts: names.iter().map(|n| n.start).collect(),
            name_ends: names.iter().map(|n| n.end).collect(),
            names,
            posts,
            post_from,
            post_to,
            lines,
            made_on,
        }
    }

    fn wrong(&self) -> Vec<(Range<usize>, String)> {
        let names = self.names.iter().filter_map(|name| self.wrong_post(name));
        let posts = self.posts.iter().filter_map(|post| self.wrong_name(post));
        names.chain(posts).collect()
    }

    fn called(&self, name: &str) -> impl Iterator<Item = &Known> {
        self.all.iter().filter(move |l| l.name == name)
    }

    /// Whether what ends here and what begins here stand in one line of one cell.
    fn one_line(&self, at: usize) -> bool {
        at > 0 && self.lines.get(at).is_some_and(|line| *line == self.lines[at - 1])
    }

    /// The post right before a name, with what makes another one of it; not that of somebody named before it.
    fn post_before(&self, name: &Range<usize>) -> Option<Range<usize>> {
        let start = *self.post_to.get(&name.start)?;
        let whole = self.whole(&(start..name.start));
        (self.one_line(name.start) && !self.name_ends.contains(&whole.start)).then_some(whole)
    }

    /// The post right behind a name.
    fn post_behind(&self, name: &Range<usize>) -> Option<Range<usize>> {
        if !self.one_line(name.end) {
            return None;
        }
        let rest = &self.text[name.end..];
        let deputy = DEPUTY.iter().find(|d| rest.starts_with(**d)).map_or(0, |d| d.len());
        let end = self.post_from.get(&(name.end + deputy)).or_else(|| self.post_from.get(&name.end))?;
        Some(name.end..*end)
    }

    /// A name beside a post that nobody of that name holds.
    fn wrong_post(&self, name: &Range<usize>) -> Option<(Range<usize>, String)> {
        let (post, beside) = match self.post_before(name) {
            Some(post) if former(&self.text[..post.start]) => return None,
            Some(post) => (post.clone(), post.start..name.end),
            None => {
                let post = self.post_behind(name)?;
                (post.clone(), name.start..post.end)
            }
        };
        let (name, post) = (&self.text[name.clone()], &self.text[post]);
        let mut holding = self.called(name).filter(|l| l.as_listed.holds_on(self.made_on)).peekable();
        let known = holding.peek().copied();
        if holding.any(|l| l.posts.iter().any(|held| is_post(held, post))) {
            return None;
        }
        let known = known.or_else(|| self.called(name).last())?;
        Some((beside, format!("词表中{}", told(&known.as_listed))))
    }

    /// A post beside a name that is almost that of who holds it.
    fn wrong_name(&self, post: &Range<usize>) -> Option<(Range<usize>, String)> {
        let longer = self.post_to.get(&post.end).is_some_and(|start| *start < post.start);
        let other = self.whole(post) != *post || former(&self.text[..post.start]);
        if longer || other || self.name_starts.contains(&post.end) || !self.one_line(post.end) {
            return None;
        }
        let title = &self.text[post.clone()];
        let rest = &self.text[post.end..];
        let holders = self.all.iter().filter(|l| l.as_listed.holds_on(self.made_on));
        holders.filter(|l| l.posts.iter().any(|p| p == title)).find_map(|l| {
            let written: String = rest.chars().take(l.name.chars().count()).collect();
            let range = post.start..post.end + written.len();
            almost(&written, &l.name).then(|| (range, format!("词表中{}", told(&l.as_listed))))
        })
    }

    /// A post with what makes another one of it.
    fn whole(&self, post: &Range<usize>) -> Range<usize> {
        let before = &self.text[..post.start];
        let deputy = DEPUTY.iter().find(|d| before.ends_with(**d)).map_or(0, |d| d.len());
        post.start - deputy..post.end
    }
}

fn former(before: &str) -> bool {
    FORMER.iter().any(|f| before.ends_with(f)) || ends_with_former(before)
}

/// Whether a post of the list may be called so: itself, or without the region or the office before it.
fn is_post(held: &str, called: &str) -> bool {
    let rest = held.strip_suffix(called);
    rest.is_some_and(|rest| !DEPUTY.iter().any(|d| rest.ends_with(d)))
}

fn told(l: &Leader) -> String {
    let until = match (l.from, l.to) {
        (_, Some(to)) => format!("（至{to}）"),
        (Some(from), None) => format!("（{from}起）"),
        (None, None) => String::new(),
    };
    format!("{}为{}{until}", l.name, l.posts.join("、"))
}

/// Whether this is a slip for the name: of three or more characters one is another; of two the second only sounds the
/// same, because people of one surname are many.
fn almost(written: &str, name: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (written.chars().collect(), name.chars().collect());
    let differ: Vec<usize> = (0..b.len()).filter(|n| a.get(*n) != b.get(*n)).collect();
    match (differ.as_slice(), b.len()) {
        ([1], 2) => a.get(1).is_some_and(|c| sounds(*c).is_some() && sounds(*c) == sounds(b[1])),
        ([_], 3..) => a.len() == b.len(),
        _ => false,
    }
}

fn sounds(c: char) -> Option<&'static str> {
    c.to_pinyin().map(|p| p.plain())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(lists: &[(ListKind, &str)], text: &str, made_on: Date) -> Vec<(String, String)> {
        let mut list = WordList::read(lists).unwrap();
        list.add(WordList::built_in());
        let wrong = Proofreader::new(list).unwrap().find(text, made_on);
        wrong.iter().for_each(|w| assert_eq!(&text[w.range.clone()], w.text));
        wrong.into_iter().map(|w| (w.text, w.hint)).collect()
    }

    fn texts(lists: &[(ListKind, &str)], text: &str) -> Vec<String> {
        found(lists, text, date(2021, 3, 1)).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn misspellings_are_found_and_right_words_are_left_alone() {
        assert_eq!(
            found(&[], "会议布署了按装工作，\n进行了部 署。", date(2021, 3, 1)),
            [
                ("布署".to_owned(), "建议改为“部署”".to_owned()),
                ("按装".to_owned(), "建议改为“安装”".to_owned())
            ]
        );
        for right in [
            "公布署名文章",
            "按装机容量",
            "完善长效机制",
            "关注消费者",
            "预防犯罪",
            "解决择校问题",
            "配偶而言",
            "工作崇尚实干",
        ] {
            assert!(texts(&[], right).is_empty(), "{right}");
        }
        // Over a line end, as PDF files give it.
        assert_eq!(texts(&[], "工作布\n署"), ["布\n署"]);
        assert!(texts(&[(ListKind::Allowed, "截止目前")], "截止目前").is_empty());
        // The right word may contain the wrong one.
        assert_eq!(texts(&[(ListKind::Institution, "卫健委 → 市卫健委")], "市卫健委、卫健委"), ["卫健委"]);
    }

    #[test]
    fn an_old_name_is_wrong_from_its_day_and_not_where_it_is_called_old() {
        let text = "报市国土资源局备案";
        assert!(found(&[], text, date(2019, 3, 31)).is_empty());
        assert_eq!(found(&[], text, date(2019, 4, 1))[0].1, "建议改为“自然资源局”");
        for right in [
            "原国土资源局",
            "由原市国土资源局负责",
            "（原示例市国土资源局）",
            "示例市原国土资源局",
            "《关于转发〈某通知〉和《另一通知》的国土资源局通知》",
            "《示例市国土资源局关于征地的通知》",
            "自然资源局",
        ] {
            assert!(texts(&[], right).is_empty(), "{right}");
        }
        assert_eq!(texts(&[], "太原市国土资源局"), ["国土资源局"]);
        assert_eq!(texts(&[], "依据《通知》，国土资源局"), ["国土资源局"]);
        assert_eq!(texts(&[], "依据《通知没有写完。报国土资源局"), ["国土资源局"], "a title that never ends");
        assert_eq!(texts(&[], "国家卫生和计划生育委员会"), ["国家卫生和计划生育委员会"]);
    }

    #[test]
    fn a_leader_is_beside_the_post_held_on_the_day() {
        let lists = [(
            ListKind::Leader,
            "王明远　市长\n李清　副市长、市公安局局长　2019-05-01至2021-08-31\n赵平　市政府办公室主任",
        )];
        for right in [
            "市长王明远主持会议",
            "王明远市长指出",
            "副市长李清、市长王明远",
            "王明远、李清出席",
            "市公安局局长李清",
            "原市长李清",
            "主任赵平",
            "市长助理王某",
            "副市长王某",
            "李清　副市长\n王明远　市长",
            "李清副市长王明远市长",
            "姓名\t职务\n李清\t副市长\n赵平\t市政府办公室主任\n王明远\t市长",
        ] {
            assert!(texts(&lists, right).is_empty(), "{right}: {:?}", texts(&lists, right));
        }
        assert_eq!(
            found(&lists, "副市长王明远主持", date(2021, 3, 1)),
            [("副市长王明远".to_owned(), "词表中王明远为市长".to_owned())]
        );
        assert_eq!(texts(&lists, "李清市长指出"), ["李清市长"]);
        assert_eq!(texts(&lists, "李清副市长、王明远副市长"), ["王明远副市长"]);
        assert_eq!(texts(&lists, "市长王名远主持"), ["市长王名远"]);
        assert_eq!(texts(&lists, "副市长李青主持"), ["副市长李青"]);
        assert_eq!(texts(&lists, "副市长李强主持"), Vec::<String>::new());
        assert_eq!(texts(&lists, "太原市长王名远"), ["市长王名远"], "no former one");
        let two = [(ListKind::Leader, "王明　市长\n王明远　副市长")];
        assert!(texts(&two, "副市长王明远").is_empty() && texts(&two, "市长王明").is_empty());
        let off = [(ListKind::Leader, "王明　市长"), (ListKind::Allowed, "王明")];
        assert!(texts(&off, "副市长王明").is_empty());
        let day = |on| found(&lists, "副市长李清", on).len();
        assert_eq!((day(date(2019, 4, 30)), day(date(2019, 5, 1))), (1, 0));
        assert_eq!((day(date(2021, 8, 31)), day(date(2021, 9, 1))), (0, 1));
    }

    #[test]
    fn words_a_unit_lists_are_found_however_they_are_set() {
        let lists = [(ListKind::Sensitive, "残废人 → 残疾人\nABC计划")];
        assert_eq!(texts(&lists, "照顾残 废人，ａｂｃ计划"), ["残 废人", "ａｂｃ计划"]);
        // A word of a unit that contains a built-in one is told once.
        assert_eq!(texts(&[(ListKind::Typo, "布署工作 → 部署工作")], "布署工作"), ["布署工作"]);
    }
}
