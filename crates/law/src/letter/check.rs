//! The completeness check before a letter is signed: everything that is missing or wrong, at once.

use super::basis::articles;
use super::{Element, Letter, Values};
use crate::decision::Remedy;
use crate::number::DocumentNumber;
use crate::reason::Refusal;
use crate::term::{self, TermError};
use crate::wording::parse_day;
use jiff::civil::Date;

/// What is missing or wrong in a finished letter; empty if it may be signed.
///
/// `said` are the elements given for the letter (see [`Letter::said`]), `text` everything that is printed. One refusal
/// for every required element that was not given, or whose words do not stand in the text; blanks, line ends and
/// full-width forms do not count. It also refuses words left to be filled in, a number that is not in form or not of the
/// year of the date, a basis without article, paragraph or item, and remedies that are not those of the decision and
/// the day: above all a direct suit where reconsideration comes first.
pub fn missing(letter: Letter, said: &[(Element, String)], text: &str) -> Vec<Refusal> {
    let check = Check { letter, said, text: plain(text) };
    let mut no = Vec::new();
    check.elements(&mut no);
    check.placeholders(&mut no);
    check.number(&mut no);
    check.basis(&mut no);
    check.term(&mut no);
    check.remedies(&mut no);
    no
}

struct Check<'a> {
    letter: Letter,
    said: &'a [(Element, String)],
    /// Without blanks, full-width forms made half-width.
    text: String,
}

impl Check<'_> {
    fn given(&self, element: Element) -> impl Iterator<Item = &str> {
        let of = self.said.iter().filter(move |(e, _)| *e == element);
        of.map(|(_, words)| words.as_str()).filter(|words| !plain(words).is_empty())
    }

    /// Whether the words stand in the text. Inside a sentence the full stop of a value gives way to the mark that follows.
    fn says(&self, words: &str) -> bool {
        self.text.contains(plain(words).trim_end_matches(['。', ';', ',']))
    }

    fn elements(&self, no: &mut Vec<Refusal>) {
        for requirement in self.letter.requirements() {
            let element = requirement.element;
            let refuse = |text: String| {
                Refusal::new(&format!("{}-missing", element.key()), text, requirement.citation)
            };
            let label = element.label();
            if !requirement.marks.is_empty() {
                if !requirement.marks.iter().any(|mark| self.text.contains(&plain(mark))) {
                    let mark = requirement.marks[0];
                    no.push(refuse(format!("文书缺少{label}，正文中应当有“{mark}”的表述")));
                }
                continue;
            }
            let mut words = self.given(element).peekable();
            if words.peek().is_none() {
                no.push(refuse(format!("文书缺少{label}，请补充后再签发")));
            } else if let Some(lost) = words.find(|w| !self.says(w)) {
                no.push(refuse(format!("文书正文中没有{label}“{}”，请补入正文", short(lost))));
            }
        }
    }

    /// The text without what the applicant or the facts say: their words are not those of the letter.
    fn own_words(&self, theirs: &[Element]) -> String {
        let words = theirs.iter().flat_map(|element| self.given(*element));
        words.fold(self.text.clone(), |text, words| text.replace(plain(words).trim_end_matches('。'), ""))
    }

    /// What was left to be filled in; a query code may hold anything. The applicant's own words may contain such marks.
    fn placeholders(&self, no: &mut Vec<Refusal>) {
        const LEFT: [&str; 9] = ["××", "XX", "{{", "}}", "{%", "____", "〔〕", "□□", "待填"];
        let text = without_codes(&self.own_words(&[Element::RequestText]));
        for mark in LEFT.into_iter().filter(|mark| text.contains(mark)) {
            let text = format!("文书中还有没有填写的内容“{mark}”，请填写或者删去");
            no.push(Refusal::new("placeholder-left", text, ""));
        }
    }

    fn number(&self, no: &mut Vec<Refusal>) {
        for words in self.given(Element::Number) {
            match DocumentNumber::parse(words) {
                Err(wrong) => no.extend(wrong),
                Ok(number) => {
                    if let Some(made_on) = self.made_on().filter(|d| d.year() != number.year) {
                        let year = made_on.year();
                        let text = format!("文号“{number}”的年份与成文日期的{year}年不一致，请核对");
                        no.push(Refusal::new("number-year-differs", text, "GB/T 9704-2012第7.2.5条"));
                    }
                }
            }
        }
    }

    fn made_on(&self) -> Option<Date> {
        self.given(Element::MadeOn).find_map(parse_day)
    }

    /// Down to the item (235号): an article of the Regulation that has paragraphs or items is not named without them.
    fn basis(&self, no: &mut Vec<Refusal>) {
        let bases: Vec<_> =
            self.given(Element::Basis).map(|words| (words, articles(&plain(words)))).collect();
        for (words, articles) in &bases {
            if articles.is_empty() {
                let text = format!("依据“{}”没有写明条文，请具体到第几条", short(words));
                no.push(Refusal::new("basis-without-article", text, self.letter.citation()));
            }
            for article in articles.iter().filter(|a| a.of_regulation) {
                let (unit, whole) = match article.number {
                    36 => ("项", article.item),
                    16 | 39 => ("款", article.paragraph),
                    _ => continue,
                };
                if !whole {
                    let text = format!("依据“{}”应当具体到第几{unit}", short(words));
                    no.push(Refusal::new("basis-without-item", text, self.letter.citation()));
                }
            }
        }
        let Letter::Decision(decision) = self.letter else { return };
        let own = articles(decision.citation()).into_iter().find(|a| a.of_regulation);
        if let (Some(own), false) = (own, bases.is_empty()) {
            let named = |a: &super::basis::Article| a.of_regulation && a.number == own.number;
            if !bases.iter().any(|(_, articles)| articles.iter().any(named)) {
                let text = format!("依据没有写明该决定所依据的{}，请补充", decision.citation());
                no.push(Refusal::new("basis-of-another-decision", text, decision.citation()));
            }
        }
    }

    /// The term the law sets the addressee, as it was on the day of the letter.
    fn term(&self, no: &mut Vec<Refusal>) {
        let (Some(key), Some(made_on)) = (self.letter.term(), self.made_on()) else { return };
        let Ok(value) = term::on(key, made_on) else { return };
        let length = value.length.to_string();
        if !self.given(Element::Period).any(|words| plain(words) == length) {
            let text = format!("文书中的期限应当是法定的{length}");
            no.push(Refusal::new("term-differs", text, &value.citation));
        }
    }

    fn remedies(&self, no: &mut Vec<Refusal>) {
        if !self.letter.needs_remedies() {
            return;
        }
        let Some(made_on) = self.made_on() else {
            if self.given(Element::MadeOn).next().is_some() {
                let text = "成文日期应当写成“2026年3月20日”的形式，月日前不加0";
                no.push(Refusal::new("date-form", text, "GB/T 9704-2012第7.3.5.4条"));
            }
            return;
        };
        let remedy = self.letter.remedy(self.said, made_on);
        let mut needed = vec![("reconsideration", "行政复议法第二十条")];
        match remedy {
            Remedy::Either => needed.push(("suit-direct", "行政诉讼法第四十六条")),
            Remedy::ReconsiderationFirst => {
                needed.push(("suit-after-reconsideration", "行政诉讼法第四十五条"));
                self.reconsideration_first(no);
            }
        }
        for (key, citation) in needed {
            // A date before the rule is refused when the sentence is made, with the reason.
            let Ok(value) = term::on(key, made_on) else { continue };
            let length = format!("{}内", value.length);
            if !self.text.contains(&length) {
                let text = format!("救济途径中没有“{length}”的期限，请按决定种类和日期写明");
                no.push(Refusal::new("remedy-term-missing", text, citation));
            }
        }
        self.online_route(no);
    }

    /// Article 23 of the reconsideration law: since 2024 there is no direct suit against non-disclosure under articles
    /// 14 to 16, and the agency says so.
    fn reconsideration_first(&self, no: &mut Vec<Refusal>) {
        const CITE: &str = "行政复议法第二十三条";
        let text = self.own_words(&[Element::RequestText, Element::Facts]);
        let mut sentences = text.split(['。', ';']);
        if sentences.clone().any(offers_direct_suit) {
            let text = "该决定应当先申请行政复议，请删去可以直接提起行政诉讼的表述";
            no.push(Refusal::new("direct-suit", text, CITE));
        }
        if !sentences.any(|s| s.contains("复议") && s.contains("先")) {
            let text = "该决定应当先申请行政复议，请在救济途径中写明“先申请行政复议”";
            no.push(Refusal::new("reconsideration-first-untold", text, CITE));
        }
    }

    /// Article 22: who serves a decision by electronic means offers an electronic way to reconsideration.
    fn online_route(&self, no: &mut Vec<Refusal>) {
        let electronic =
            |words: &str| ["电子邮件", "互联网", "网上", "短信"].iter().any(|w| words.contains(w));
        let offered = ["互联网渠道", "网上行政复议", "http"].iter().any(|w| self.text.contains(w));
        if self.given(Element::Delivery).any(electronic) && !offered {
            let text = "以电子方式送达的，应当同时写明提交行政复议申请的互联网渠道";
            no.push(Refusal::new("online-route-missing", text, "行政复议法第二十二条"));
        }
    }
}

impl Letter {
    /// Which way its addressee may go, by the day of the letter and what is said in it.
    ///
    /// For a split decision the basis of what is withheld tells whether reconsideration comes first
    /// ([`remedy`](crate::decision::Decision::remedy)); a letter of the procedure that tells remedies leaves either way open.
    pub fn remedy(self, said: &[(Element, String)], made_on: Date) -> Remedy {
        let Letter::Decision(decision) = self else { return Remedy::Either };
        let bases = said.iter().filter(|(e, _)| [Element::Basis, Element::Withheld].contains(e));
        let mut named = bases.flat_map(|(_, words)| articles(&plain(words)));
        decision.remedy(made_on, named.any(|a| a.of_regulation && (14..=16).contains(&a.number)))
    }

    /// The remedies in one sentence, for the field 救济途径, such that [`missing`] accepts them.
    ///
    /// # Errors
    /// No text of the rules was in force on the day.
    pub fn remedies(
        self,
        values: &Values,
        authority: &str,
        court: &str,
        made_on: Date,
    ) -> Result<String, TermError> {
        self.remedy(&self.said(values), made_on).sentence(authority, court, made_on)
    }
}

/// Whether a sentence lets the addressee sue without going to reconsideration first. That against the decision of the
/// reconsideration authority is another suit, as long as it does not name the term of the direct one.
fn offers_direct_suit(sentence: &str) -> bool {
    const SUIT: [&str; 2] = ["诉讼", "起诉"];
    const CERTAIN: [&str; 5] = ["6个月", "六个月", "3个月", "三个月", "直接"];
    const LIKELY: [&str; 4] = ["或者", "也可以", "亦可", "或向"];
    const FORBIDDEN: [&str; 4] = ["不得直接", "不能直接", "不可以直接", "不可直接"];
    let sentence = FORBIDDEN.iter().fold(sentence.to_owned(), |s, words| s.replace(words, ""));
    let sentence = sentence.replace("知道或者应当知道", "");
    let has = |words: &[&str]| words.iter().any(|w| sentence.contains(w));
    has(&SUIT) && (has(&CERTAIN) || has(&LIKELY) && !sentence.contains("复议决定"))
}

/// Without blanks and invisible characters, with full-width forms of ASCII made half-width.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !('\u{200b}'..='\u{200f}').contains(c))
        .map(|c| match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Words as far as a sentence can quote them.
fn short(words: &str) -> String {
    const SHOWN: usize = 30;
    let words = words.trim();
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}……", &words[..end]),
        None => words.to_owned(),
    }
}

/// The text without query codes: three groups of four capitals and digits, with hyphens between.
fn without_codes(text: &str) -> String {
    const LENGTH: usize = 14;
    let is_code = |code: &[u8]| {
        let place = |(n, b): (usize, &u8)| match n % 5 {
            4 => *b == b'-',
            _ => b.is_ascii_uppercase() || b.is_ascii_digit(),
        };
        code.len() == LENGTH && code.iter().enumerate().all(place)
    };
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        let code = rest.as_bytes().get(..LENGTH).is_some_and(is_code);
        let (passed, after) = rest.split_at(if code { LENGTH } else { first.len_utf8() });
        kept.push_str(if code { "" } else { passed });
        rest = after;
    }
    kept
}
