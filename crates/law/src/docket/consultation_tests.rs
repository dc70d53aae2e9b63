//! Situations of a consultation: the day before, the last day and the day after.

use super::*;
use ConsultationEvent as E;
use jiff::civil::date;

fn terms(until: Date) -> Terms {
    Terms {
        background: "为规范样例事项".into(),
        until,
        shortened: String::new(),
        online: true,
        email: String::new(),
        address: String::new(),
        phone: String::new(),
    }
}

fn begun(subject: Subject, until: Date) -> E {
    E::Begun {
        counted_by: "office".into(),
        maker: "government".into(),
        document: "d".into(),
        subject,
        title: "样例办法（征求意见稿）".into(),
        terms: terms(until),
    }
}

fn standing(events: Vec<(Date, E)>) -> Standing {
    let all: Vec<_> = (1..).zip(events).map(|(n, (on, e))| Recorded::new(n, on, e)).collect();
    Standing::of(&all).unwrap()
}

/// Opened on 1 March 2021, open until 31 March.
fn open() -> Standing {
    standing(opened())
}

fn opened() -> Vec<(Date, E)> {
    vec![(date(2021, 2, 26), begun(Subject::Decision, date(2021, 3, 31))), (date(2021, 3, 1), opening())]
}

fn opening() -> E {
    E::Opened { cleared: String::new() }
}

fn extended(until: Date, reason: &str) -> E {
    E::Extended { until, reason: reason.into(), cleared: String::new() }
}

fn tells(outcome: Outcome) -> E {
    E::OutcomeTold { outcome, cleared: String::new() }
}

fn codes(refusals: Vec<Refusal>) -> Vec<String> {
    refusals.into_iter().map(|r| r.code).collect()
}

fn answer(adoption: Adoption, reason: &str) -> Answer {
    Answer { summary: "建议明确标准".into(), adoption, reason: reason.into() }
}

fn told(said: &str) -> E {
    tells(Outcome { said: said.into(), answers: Vec::new() })
}

#[test]
fn it_opens_with_its_publication_and_closes_by_itself() {
    let s = open();
    let stage = |on| s.stage(on);
    assert_eq!(stage(date(2021, 3, 1)), Stage::Open);
    assert_eq!(stage(date(2021, 3, 30)), Stage::Open, "the day before");
    assert_eq!(stage(date(2021, 3, 31)), Stage::Open, "the last day");
    assert_eq!(stage(date(2021, 4, 1)), Stage::Closed, "the day after");
    let prepared = standing(opened()[..1].to_vec());
    assert_eq!(prepared.stage(date(2021, 4, 1)), Stage::Prepared);
    assert_eq!(codes(prepared.refuses_opinion(date(2021, 3, 1))), ["not-open"]);
    assert_eq!(codes(s.refuses_opinion(date(2021, 2, 28))), ["not-open"], "the day before it begins");
    assert!(s.refuses_opinion(date(2021, 3, 1)).is_empty());
    assert!(s.refuses_opinion(date(2021, 3, 31)).is_empty());
    let late = s.refuses_opinion(date(2021, 4, 1));
    assert_eq!(late[0].text, "征集已于2021年3月31日结束，不再接收意见");
}

#[test]
fn thirty_days_or_a_reason() {
    let of = |subject, until| standing(vec![(date(2021, 2, 26), begun(subject, until))]);
    let on = date(2021, 3, 1);
    for subject in [Subject::Decision, Subject::Rule] {
        // The day of publication is not counted: 1 March and 30 days make 31 March.
        let short = of(subject, date(2021, 3, 30)).may(&opening(), on);
        assert_eq!(codes(short.clone()), ["too-short"], "{subject:?}");
        assert!(short[0].text.contains("2021年3月31日") && !short[0].citation.is_empty());
        assert!(of(subject, date(2021, 3, 31)).may(&opening(), on).is_empty());
    }
    let mut explained = of(Subject::Decision, date(2021, 3, 8));
    explained.terms.shortened = "防汛需要".into();
    assert!(explained.may(&opening(), on).is_empty());
    let past = of(Subject::Other, date(2021, 2, 28)).may(&opening(), on);
    assert_eq!(codes(past), ["until-past"]);
    assert!(of(Subject::Other, on).may(&opening(), on).is_empty(), "open for one day");
    // Where no national text sets a number, a local one may.
    let normative = of(Subject::Normative, date(2021, 3, 7));
    assert!(normative.too_short(on, 0).is_empty());
    assert_eq!(codes(normative.too_short(on, 7)), ["too-short"]);
    assert!(of(Subject::Normative, date(2021, 3, 8)).too_short(on, 7).is_empty());
    assert_eq!(Subject::Decision.earliest_end(date(2019, 8, 31), 0), None, "before there was a term");
    let first = Subject::Decision.earliest_end(date(2019, 9, 1), 0).map(|(end, _)| end);
    assert_eq!(first, Some(date(2019, 10, 1)));
}

#[test]
fn it_is_extended_only_while_it_is_open() {
    let s = open();
    let longer = |until: Date| extended(until, "群众关注度高");
    assert!(s.may(&longer(date(2021, 4, 1)), date(2021, 3, 31)).is_empty(), "on the last day");
    assert_eq!(codes(s.may(&longer(date(2021, 4, 10)), date(2021, 4, 1))), ["closed"]);
    assert_eq!(codes(s.may(&longer(date(2021, 3, 31)), date(2021, 3, 2))), ["not-longer"]);
    let silent = extended(date(2021, 4, 10), " ");
    assert_eq!(codes(s.may(&silent, date(2021, 3, 2))), ["reason-missing"]);
    let mut events = opened();
    events.push((date(2021, 3, 31), longer(date(2021, 4, 10))));
    let s = standing(events);
    assert_eq!(s.stage(date(2021, 4, 10)), Stage::Open);
    assert_eq!(s.stage(date(2021, 4, 11)), Stage::Closed);
    let prepared = standing(opened()[..1].to_vec());
    assert_eq!(codes(prepared.may(&longer(date(2021, 4, 10)), date(2021, 3, 1))), ["not-open"]);
}

#[test]
fn what_is_not_adopted_has_a_reason() {
    let s = open();
    let answered = |number, a| E::Answered { number, answer: a };
    let on = date(2021, 3, 5);
    assert!(s.may(&answered(1, answer(Adoption::Adopted, "")), on).is_empty());
    for adoption in [Adoption::Partly, Adoption::Declined] {
        assert_eq!(codes(s.may(&answered(1, answer(adoption, " ")), on)), ["reason-missing"]);
        assert!(s.may(&answered(1, answer(adoption, "超出职权")), on).is_empty());
    }
    assert_eq!(codes(s.may(&answered(2, answer(Adoption::Adopted, "")), on)), ["no-such-answer"]);
    assert_eq!(codes(s.may(&answered(0, answer(Adoption::Adopted, "")), on)), ["no-such-answer"]);
    let mut events = opened();
    events.push((on, answered(1, answer(Adoption::Adopted, ""))));
    let s = standing(events);
    assert_eq!(codes(s.may(&answered(1, answer(Adoption::Adopted, "")), on)), ["unchanged"]);
    assert!(s.may(&answered(1, answer(Adoption::Declined, "改为不采纳")), on).is_empty());
}

#[test]
fn the_outcome_is_told_after_the_last_day_and_stays_as_it_was_told() {
    let s = open();
    assert_eq!(codes(s.may(&told("没有收到意见"), date(2021, 3, 31))), ["still-open"], "the last day");
    assert!(s.may(&told("没有收到意见"), date(2021, 4, 1)).is_empty(), "the day after");
    assert_eq!(codes(s.may(&told(""), date(2021, 4, 1))), ["said-missing"]);
    let outcome = Outcome {
        said: "感谢参与".into(),
        answers: vec![
            ToldAnswer { answer: answer(Adoption::Adopted, ""), opinions: 3 },
            ToldAnswer { answer: answer(Adoption::Partly, "部分可行"), opinions: 2 },
            ToldAnswer { answer: answer(Adoption::Declined, "超出职权"), opinions: 1 },
        ],
    };
    assert_eq!(outcome.received(), 6);
    assert_eq!(Adoption::ALL.map(|a| outcome.count(a)), [3, 2, 1]);
    let mut events = opened();
    events.push((date(2021, 4, 1), tells(outcome.clone())));
    let s = standing(events.clone());
    assert_eq!(s.stage(date(2021, 4, 1)), Stage::Answered);
    let keys: Vec<_> = s.tallies().into_iter().map(|t| (t.year, t.key.into_owned())).collect();
    assert_eq!(keys, [(2021, "consultation.opened".into()), (2021, "consultation.told".into())]);
    let again = tells(outcome.clone());
    assert_eq!(codes(s.may(&again, date(2021, 4, 2))), ["unchanged"]);
    let longer = extended(date(2021, 5, 1), "x");
    assert_eq!(codes(s.may(&longer, date(2021, 4, 2))), ["closed"]);
    // An answer that is written anew changes what was told only when it is told again.
    let anew = E::Answered { number: 1, answer: answer(Adoption::Declined, "更正") };
    events.push((date(2021, 4, 3), anew));
    assert_eq!(standing(events.clone()).outcome.unwrap().1, outcome);
    events.push((date(2021, 4, 5), told("更正后重新公布")));
    let (first, now) = standing(events).outcome.unwrap();
    assert_eq!((first, now.said.as_str()), (date(2021, 4, 1), "更正后重新公布"), "the first day stays");
}

#[test]
fn what_is_public_is_not_given_up_and_its_terms_stay() {
    let s = open();
    let on = date(2021, 3, 2);
    let mut other = terms(date(2021, 4, 30));
    other.phone = "0000-0000000".into();
    assert_eq!(codes(s.may(&E::Changed { terms: other.clone() }, on)), ["already-open"]);
    assert_eq!(codes(s.may(&E::Abandoned { reason: "x".into() }, on)), ["already-open"]);
    assert_eq!(codes(s.may(&opening(), on)), ["already-open"]);
    let prepared = standing(opened()[..1].to_vec());
    assert!(prepared.may(&E::Changed { terms: other.clone() }, on).is_empty());
    assert_eq!(codes(prepared.may(&E::Changed { terms: prepared.terms.clone() }, on)), ["unchanged"]);
    assert_eq!(codes(prepared.may(&E::Resulted { document: "f".into() }, on)), ["not-open"]);
    other.online = false;
    other.phone.clear();
    other.background = " ".into();
    let bad = codes(prepared.may(&E::Changed { terms: other }, on));
    assert_eq!(bad, ["background-missing", "channel-missing"]);
    let over = standing(vec![opened().remove(0), (on, E::Abandoned { reason: "不再制定".into() })]);
    assert_eq!(over.stage(on), Stage::Abandoned);
    assert_eq!(codes(over.may(&opening(), on)), ["abandoned"]);
    assert!(over.tallies().is_empty());
}

#[test]
fn a_document_comes_of_it() {
    let s = open();
    let resulted = || E::Resulted { document: "f".into() };
    assert!(s.may(&resulted(), date(2021, 3, 2)).is_empty());
    let mut events = opened();
    events.push((date(2021, 5, 1), resulted()));
    let s = standing(events);
    assert_eq!(s.result.as_deref(), Some("f"));
    assert_eq!(codes(s.may(&resulted(), date(2021, 5, 1))), ["unchanged"]);
    assert_eq!(
        codes(s.may(&E::Resulted { document: String::new() }, date(2021, 5, 1))),
        ["document-missing"]
    );
    assert_eq!(codes(s.may(&resulted(), date(2021, 4, 30))), ["date-order", "unchanged"]);
}

#[test]
fn it_begins_with_everything_that_is_told() {
    assert_eq!(codes(Standing::may_begin(&opening())), ["not-begun"]);
    assert!(Standing::may_begin(&begun(Subject::Other, date(2021, 3, 1))).is_empty());
    let empty = E::Begun {
        counted_by: String::new(),
        maker: String::new(),
        document: String::new(),
        subject: Subject::Other,
        title: " ".into(),
        terms: Terms { background: String::new(), online: false, ..terms(date(2021, 3, 1)) },
    };
    let all = ["background-missing", "channel-missing", "title-missing", "unit-missing"];
    assert_eq!(codes(Standing::may_begin(&empty)), all);
}

#[test]
fn words_are_read_back() {
    for s in Subject::ALL {
        assert_eq!((Subject::parse(s.key()), Subject::parse(s.label())), (Some(s), Some(s)));
        assert_eq!(serde_json::to_value(s).unwrap(), s.key());
    }
    for a in Adoption::ALL {
        assert_eq!((Adoption::parse(a.key()), Adoption::parse(a.label())), (Some(a), Some(a)));
        assert_eq!(serde_json::to_value(a).unwrap(), a.key());
    }
    for s in Stage::ALL {
        assert_eq!(Stage::parse(s.key()), Some(s));
    }
}
