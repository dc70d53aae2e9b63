use super::super::interpretation::{Form, Timing};
use super::*;
use jiff::civil::date;

type E = DocumentDraftEvent;

fn proposed(category: Category, attribute: DisclosureAttribute, reason: &str) -> Proposed {
    Proposed { category, title: "样本办法".into(), attribute, reason: reason.into(), plan: None }
}

fn plan() -> Plan {
    Plan {
        outline: "背景、依据和主要内容".into(),
        forms: [Form::Picture].into(),
        channels: "本机关网站".into(),
        timing: Timing::SameDay,
    }
}

fn drafted(proposed: Proposed) -> E {
    E::Drafted { counted_by: "甲".into(), maker: "甲".into(), document: "文".into(), proposed }
}

/// A draft of the first of March with its text; then what happened on these days of March.
fn standing(category: Category, more: &[(i8, E)]) -> Standing {
    let first = (1, drafted(proposed(category, DisclosureAttribute::Proactive, "")));
    let body = (1, E::Changed { part: Part::Body { there: true } });
    let all = [first, body].into_iter().chain(more.iter().cloned());
    let docket: Vec<_> = all.zip(1..).map(|((day, e), n)| Recorded::new(n, date(2024, 3, day), e)).collect();
    Standing::of(&docket).unwrap()
}

fn reviewed(step: Step, passed: bool) -> E {
    E::Reviewed { step, passed, opinion: if passed { "" } else { "请修改" }.into() }
}

fn signed() -> E {
    E::Signed { number: None, index_number: None }
}

fn codes(all: Vec<Refusal>) -> Vec<String> {
    all.into_iter().map(|r| r.code).collect()
}

#[test]
fn an_attribute_that_is_not_proactive_has_a_reason() {
    for attribute in [DisclosureAttribute::OnRequest, DisclosureAttribute::Withheld] {
        let with = |reason: &str| drafted(proposed(Category::Official, attribute, reason));
        assert_eq!(codes(Standing::may_begin(&with(" "))), ["reason-missing"]);
        assert!(Standing::may_begin(&with("条例第十六条")).is_empty());
    }
}

#[test]
fn nothing_is_signed_before_it_was_reviewed() {
    let normative = standing(Category::Normative, &[]);
    assert_eq!(normative.required(), [Step::Secrecy, Step::Legality, Step::WorkingBody]);
    let no = codes(normative.may(&signed(), date(2024, 3, 1)));
    assert_eq!(no, ["plan-missing", "review-missing", "review-missing", "review-missing"]);
    let official = standing(Category::Official, &[(2, reviewed(Step::Secrecy, true))]);
    assert_eq!((official.stage, official.missing()), (Stage::Open, vec![Step::WorkingBody]));
    let legality = reviewed(Step::Legality, true);
    assert_eq!(codes(official.may(&legality, date(2024, 3, 2))), ["step-not-needed"]);
    let both = [(2, reviewed(Step::Secrecy, true)), (3, reviewed(Step::WorkingBody, true))];
    let ready = standing(Category::Official, &both);
    assert_eq!(ready.stage, Stage::Ready);
    assert!(ready.may(&signed(), date(2024, 3, 3)).is_empty(), "on the day of the last review");
    assert!(ready.may(&signed(), date(2024, 3, 4)).is_empty(), "the day after");
    assert_eq!(codes(ready.may(&signed(), date(2024, 3, 2))), ["date-order"], "the day before");
}

#[test]
fn a_rule_or_normative_document_is_approved_with_its_plan() {
    let mut with_plan = proposed(Category::Normative, DisclosureAttribute::Proactive, "");
    with_plan.plan = Some(plan());
    let reviews = [Step::Secrecy, Step::Legality, Step::WorkingBody].map(|s| (3, reviewed(s, true)));
    let without = standing(Category::Normative, &reviews);
    assert_eq!(codes(without.may(&signed(), date(2024, 3, 3))), ["plan-missing"]);
    assert_eq!(codes(without.may(&reviews[0].1, date(2024, 3, 3))), ["plan-missing"], "nor is it reviewed");
    let mut more = vec![(2, E::Redrafted { proposed: with_plan.clone() })];
    more.extend(reviews.iter().cloned());
    assert!(standing(Category::Normative, &more).may(&signed(), date(2024, 3, 3)).is_empty());
    with_plan.plan.as_mut().unwrap().outline.clear();
    assert_eq!(codes(Standing::may_begin(&drafted(with_plan))), ["outline-missing"], "half a plan is none");
    let mut withheld = proposed(Category::Normative, DisclosureAttribute::Withheld, "条例第十四条");
    assert!(!withheld.needs_plan(), "nobody reads it, nothing is explained");
    withheld.attribute = DisclosureAttribute::Proactive;
    assert!(withheld.needs_plan());
}

#[test]
fn a_review_holds_for_what_was_reviewed() {
    let both = [(2, reviewed(Step::Secrecy, true)), (2, reviewed(Step::WorkingBody, true))];
    for change in [
        E::Changed { part: Part::Body { there: true } },
        E::Changed { part: Part::Annex },
        E::Redrafted {
            proposed: proposed(Category::Official, DisclosureAttribute::OnRequest, "条例第十六条"),
        },
    ] {
        let mut more = both.to_vec();
        more.push((3, change));
        let s = standing(Category::Official, &more);
        assert_eq!(s.stage, Stage::Open);
        let no = s.may(&signed(), date(2024, 3, 3));
        assert_eq!(no.len(), 2);
        assert!(no[0].text.contains("保密审查以后稿件有改动"), "{}", no[0].text);
        more.extend(both.iter().map(|(_, e)| (4, e.clone())));
        more.push((4, signed()));
        let s = standing(Category::Official, &more);
        assert_eq!((s.stage, s.signed_on), (Stage::Signed, Some(date(2024, 3, 4))));
        assert_eq!(codes(s.may(&signed(), date(2024, 3, 5))), ["draft-over"]);
    }
}

#[test]
fn what_has_no_text_is_not_passed() {
    let first = Recorded::new(
        1,
        date(2024, 3, 1),
        drafted(proposed(Category::Official, DisclosureAttribute::Proactive, "")),
    );
    let annex = Recorded::new(2, date(2024, 3, 1), E::Changed { part: Part::Annex });
    let s = Standing::of(&[first, annex]).unwrap();
    assert_eq!(codes(s.may(&reviewed(Step::Secrecy, true), date(2024, 3, 1))), ["body-missing"]);
    assert!(s.may(&reviewed(Step::Secrecy, false), date(2024, 3, 1)).is_empty(), "it can be sent back");
    let gone = standing(Category::Official, &[(2, E::Changed { part: Part::Body { there: false } })]);
    assert_eq!(codes(gone.may(&reviewed(Step::Secrecy, true), date(2024, 3, 2))), ["body-missing"]);
}

#[test]
fn what_is_sent_back_is_changed_and_reviewed_again() {
    let back = (2, reviewed(Step::Secrecy, false));
    let s = standing(Category::Official, std::slice::from_ref(&back));
    assert_eq!(s.stage, Stage::Returned);
    let silent = E::Reviewed { step: Step::Secrecy, passed: false, opinion: " ".into() };
    assert_eq!(codes(s.may(&silent, date(2024, 3, 2))), ["opinion-missing"]);
    let same = E::Redrafted { proposed: s.proposed.clone() };
    assert_eq!(codes(s.may(&same, date(2024, 3, 3))), ["unchanged"]);
    let s = standing(Category::Official, &[back, (3, E::Changed { part: Part::Body { there: true } })]);
    assert_eq!((s.stage, s.missing()), (Stage::Open, vec![Step::Secrecy, Step::WorkingBody]));
    let given_up = E::Abandoned { reason: "不再制发".into() };
    let over = standing(Category::Official, &[(2, given_up.clone())]);
    assert_eq!(over.stage, Stage::Abandoned);
    assert_eq!(codes(over.may(&given_up, date(2024, 3, 3))), ["draft-over"]);
}

#[test]
fn words_are_read_back() {
    for stage in Stage::ALL {
        assert_eq!(Stage::parse(stage.key()), Some(stage));
    }
}
