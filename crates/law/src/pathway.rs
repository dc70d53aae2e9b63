//! Which way a matter goes: a disclosure request (政府信息公开申请, 条例 art. 27) or one of its neighbours: petition
//! (art. 39 ¶1), hotline, registry inquiry (art. 36 no. 7), archive, public enterprise (art. 55), the file of one's own
//! case (art. 16 ¶2), publication (art. 39 ¶2), correction of a record (art. 41), or what would first have to be made
//! (art. 38). And which unit is probably meant by what a person says.
//!
//! Questions, answers and outcomes are `data/pathways.toml`; what units do is `data/remits.toml`. Nothing here refuses
//! anybody: it is the agency that decides about a request.

use serde::Deserialize;
use std::sync::LazyLock;

/// A question with its answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable word.
    pub key: String,
    /// What is asked.
    pub text: String,
    /// What can be answered, in order.
    #[serde(rename = "answer")]
    pub answers: Vec<Answer>,
}

/// An answer to a question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Stable word.
    pub key: String,
    /// In the words of the person who asks.
    pub text: String,
    /// The question or outcome it leads to.
    to: String,
}

/// Where the questions end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Stable word.
    pub key: String,
    /// The kind of matter, for lists.
    pub name: String,
    /// What to do, in one line.
    pub title: String,
    /// Why.
    pub text: String,
    /// Where to go.
    #[serde(rename = "where")]
    pub place: String,
    /// Article.
    pub cite: String,
    /// Whether it goes on with a disclosure request.
    #[serde(default)]
    pub request: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    first: String,
    question: Vec<Question>,
    outcome: Vec<Outcome>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remits {
    remit: Vec<Remit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remit {
    names: Vec<String>,
    words: Vec<String>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    // A test reads the embedded file, so this cannot fail in a program that was tested.
    toml::from_str(include_str!("../data/pathways.toml")).expect("the embedded pathways are well formed")
});

static REMITS: LazyLock<Remits> = LazyLock::new(|| {
    // A test reads the embedded file, so this cannot fail in a program that was tested.
    toml::from_str(include_str!("../data/remits.toml")).expect("the embedded remits are well formed")
});

/// How far the answers lead.
#[derive(Debug, Clone)]
pub struct Way {
    /// The questions answered so far, each with its answer.
    pub answered: Vec<(&'static Question, &'static Answer)>,
    /// What comes next.
    pub next: Next,
}

/// What comes after the answers given.
#[derive(Debug, Clone, Copy)]
pub enum Next {
    /// One more question.
    Ask(&'static Question),
    /// The end.
    End(&'static Outcome),
}

/// Follows the answers. `answer` gives the key of the answer to a question, if it was answered; an unknown key counts as
/// no answer.
pub fn follow<'a>(answer: impl Fn(&str) -> Option<&'a str>) -> Way {
    let mut answered = Vec::new();
    let mut at = FILE.first.as_str();
    // The test proves that no way returns; the bound holds whatever the data says.
    while answered.len() <= FILE.question.len() {
        let Some(question) = FILE.question.iter().find(|q| q.key == at) else { break };
        let given = answer(&question.key).and_then(|key| question.answers.iter().find(|a| a.key == key));
        let Some(given) = given else { return Way { answered, next: Next::Ask(question) } };
        answered.push((question, given));
        at = &given.to;
    }
    let end = outcome(at).unwrap_or(&FILE.outcome[0]);
    Way { answered, next: Next::End(end) }
}

/// Every outcome, the disclosure request first.
pub fn outcomes() -> &'static [Outcome] {
    &FILE.outcome
}

/// The outcome with this key.
pub fn outcome(key: &str) -> Option<&'static Outcome> {
    FILE.outcome.iter().find(|o| o.key == key)
}

/// Parts of unit names under which what a person says may be found, without repeats, in the order of the data.
pub fn unit_names(said: &str) -> Vec<&'static str> {
    let said = said.trim();
    // One character fits half of all words and says nothing.
    if said.chars().count() < 2 {
        return Vec::new();
    }
    let fits = |r: &&Remit| r.words.iter().any(|w| said.contains(w.as_str()) || w.contains(said));
    let mut names = Vec::new();
    for name in REMITS.remit.iter().filter(fits).flat_map(|r| &r.names) {
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashMap};

    /// Every way through the questions: the keys of the answers, and the outcome.
    fn ways() -> Vec<(HashMap<String, String>, &'static Outcome)> {
        let (mut open, mut done) = (vec![HashMap::new()], Vec::new());
        while let Some(given) = open.pop() {
            match follow(|q| given.get(q).map(String::as_str)).next {
                Next::End(outcome) => done.push((given, outcome)),
                Next::Ask(question) => {
                    assert!(!given.contains_key(&question.key), "{} is asked twice", question.key);
                    for answer in &question.answers {
                        let mut more: HashMap<String, String> = given.clone();
                        more.insert(question.key.clone(), answer.key.clone());
                        open.push(more);
                    }
                }
            }
        }
        done
    }

    #[test]
    fn every_outcome_is_reached_and_every_answer_leads_somewhere() {
        let reached: BTreeSet<&str> = ways().iter().map(|(_, o)| o.key.as_str()).collect();
        let all: BTreeSet<&str> = outcomes().iter().map(|o| o.key.as_str()).collect();
        assert_eq!(reached, all);
        for answer in FILE.question.iter().flat_map(|q| &q.answers) {
            let known = outcome(&answer.to).is_some() || FILE.question.iter().any(|q| q.key == answer.to);
            assert!(known, "{} leads to {}", answer.key, answer.to);
        }
        let asked: BTreeSet<String> = ways().into_iter().flat_map(|(given, _)| given.into_keys()).collect();
        assert_eq!(asked.len(), FILE.question.len(), "a question that is never asked");
    }

    #[test]
    fn every_outcome_cites_its_article_and_says_where_to_go() {
        for o in outcomes() {
            assert!(o.cite.contains('第') || o.cite.contains('〔'), "{}: {}", o.key, o.cite);
            for text in [&o.text, &o.place] {
                assert!(text.ends_with('。'), "{}: {text}", o.key);
            }
        }
        let forms: Vec<&str> = outcomes().iter().filter(|o| o.request).map(|o| o.key.as_str()).collect();
        assert_eq!(forms, ["disclosure-request"]);
        assert!(outcomes()[0].request, "it comes first");
    }

    #[test]
    fn an_answer_nobody_offered_is_no_answer() {
        let way = follow(|_| Some("../../etc"));
        assert!(way.answered.is_empty());
        assert!(matches!(way.next, Next::Ask(q) if q.key == "want"));
    }

    #[test]
    fn what_people_say_leads_to_a_unit() {
        assert_eq!(unit_names("小学入学划片"), ["教育"]);
        assert!(unit_names("宅基地").contains(&"自然资源"));
        assert!(unit_names("宅基地").contains(&"乡"), "the township examines its use (art. 21)");
        assert_eq!(unit_names("地"), Vec::<&str>::new());
        assert_eq!(unit_names("没有这样的事"), Vec::<&str>::new());
    }
}
