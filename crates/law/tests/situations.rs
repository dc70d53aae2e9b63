//! Situations: a history in; stage, due date with its explanation, report row and tallies out. Each file of
//! `tests/situations` can be read, and added, without reading code.
#![allow(clippy::unwrap_used, missing_docs)]

use law::calendar::Calendar;
use law::clock::{self, Extension, Input};
use law::decision::{Decision, Remedy};
use law::docket::Recorded;
use law::docket::request::{Move, RequestEvent, Stage, Standing};
use law::{Amount, Date, Due};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Situation {
    title: String,
    as_of: Option<Date>,
    #[serde(default)]
    event: Vec<Table>,
    expect: Option<Expect>,
    #[serde(default)]
    ask: Vec<Table>,
    #[serde(default)]
    vector: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    stage: Option<String>,
    received_on: Option<Date>,
    due: Option<Date>,
    #[serde(default)]
    provisional: bool,
    because: Option<Vec<String>>,
    waits_until: Option<Date>,
    finished_on: Option<Date>,
    kept_through: Option<i16>,
    row: Option<String>,
    in_time: Option<bool>,
    /// The way open against the first decision.
    remedy: Option<Remedy>,
    /// Whether the part withheld rests on articles 14 to 16.
    #[serde(default)]
    withheld_part: bool,
    tallies: Option<Vec<String>>,
    allowed: Option<Vec<String>>,
    #[serde(default)]
    nothing: bool,
}

/// Working-day vectors: the last day by number of working days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    from: Date,
    last: BTreeMap<String, Date>,
}

fn date_of(table: &mut Table, key: &str) -> Date {
    table.remove(key).and_then(|v| v.as_str().map(str::to_owned)).expect(key).parse().unwrap()
}

/// The event of a table; an arrival may leave out what does not matter to the situation.
fn event_of(mut table: Table) -> RequestEvent {
    if table["type"].as_str() == Some("arrived") {
        for (key, usual) in [
            ("channel", "counter"),
            ("addressee", "office"),
            ("counted_by", "office"),
            ("class", "natural_person"),
            ("subject", "某项目的批复文件"),
        ] {
            table.entry(key).or_insert_with(|| Value::String(usual.to_owned()));
        }
    }
    RequestEvent::deserialize(Value::Table(table.clone())).unwrap_or_else(|e| panic!("{e}\n{table:#?}"))
}

fn history(situation: &Situation, calendar: &Calendar) -> Vec<Recorded<RequestEvent>> {
    let mut docket = Vec::new();
    for (at, table) in situation.event.iter().enumerate() {
        let mut table = table.clone();
        let ordinal = u32::try_from(at).unwrap() + 1;
        let effective_on = date_of(&mut table, "on");
        let corrects = table.remove("corrects").map(|v| u32::try_from(v.as_integer().unwrap()).unwrap());
        let void = table.remove("void").is_some();
        let event = (!void).then(|| event_of(table));
        if let (Some(event), None) = (&event, corrects) {
            let refusals = match Standing::of(&docket) {
                Some(standing) => standing.may(event, effective_on, calendar),
                None => Standing::may_begin(event),
            };
            assert!(refusals.is_empty(), "{}: event {ordinal} is refused: {refusals:#?}", situation.title);
        }
        docket.push(Recorded { ordinal, effective_on, corrects, event });
    }
    docket
}

fn sentences(due: Option<&Due>) -> Vec<String> {
    due.map_or(Vec::new(), |d| d.because.iter().map(|s| format!("{}〔{}〕", s.text, s.citation)).collect())
}

fn check(situation: &Situation, standing: &Standing, expect: &Expect, calendar: &Calendar) {
    let title = &situation.title;
    let as_of = situation.as_of.expect("as_of");
    if let Some(stage) = &expect.stage {
        assert_eq!(standing.stage.label(), stage, "{title}: stage");
    }
    assert_eq!(standing.received_on, expect.received_on, "{title}: received_on");
    let due = standing.due(calendar, as_of);
    assert_eq!(due.as_ref().map(|d| d.on), expect.due, "{title}: due {due:#?}");
    assert_eq!(due.as_ref().is_some_and(|d| d.provisional), expect.provisional, "{title}: provisional");
    if let Some(because) = &expect.because {
        assert_eq!(&sentences(due.as_ref()), because, "{title}: because");
    }
    let waits = standing.waits_until(calendar).map(|d| d.on);
    assert_eq!(waits, expect.waits_until, "{title}: waits_until");
    assert_eq!(standing.finished_on, expect.finished_on, "{title}: finished_on");
    if let Some(year) = expect.kept_through {
        assert_eq!(standing.kept_through(), Some(year), "{title}: kept_through");
    }
    assert_eq!(standing.row, expect.row.as_deref(), "{title}: row");
    assert_eq!(standing.in_time(calendar), expect.in_time, "{title}: in_time");
    if let Some(expected) = expect.remedy {
        let (decision, on) = standing.decision.zip(standing.decided_on).expect("a decision");
        assert_eq!(decision.remedy(on, expect.withheld_part), expected, "{title}: remedy");
    }
    if let Some(tallies) = &expect.tallies {
        let found: Vec<String> = standing
            .tallies()
            .into_iter()
            .map(|t| format!("{} {} {}", t.year, t.key, Amount::from_micros(t.n)))
            .collect();
        assert_eq!(&found, tallies, "{title}: tallies");
    }
    if let Some(allowed) = &expect.allowed {
        let found: Vec<&str> = standing.allowed(as_of, calendar).into_iter().map(Move::key).collect();
        assert_eq!(&found, allowed, "{title}: allowed");
    }
}

fn run(text: &str, calendar: &Calendar) {
    let situation: Situation = toml::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let docket = history(&situation, calendar);
    let standing = Standing::of(&docket);
    if let Some(expect) = &situation.expect {
        assert_eq!(standing.is_none(), expect.nothing, "{}: nothing", situation.title);
        if let Some(standing) = &standing {
            check(&situation, standing, expect, calendar);
        }
    }
    for ask in &situation.ask {
        let mut table = ask.clone();
        let on = date_of(&mut table, "on");
        let refused: Vec<String> = table.remove("refused").unwrap().try_into().unwrap();
        let event = event_of(table);
        let refusals = standing.as_ref().unwrap().may(&event, on, calendar);
        let codes: Vec<&str> = refusals.iter().map(|r| r.code.as_str()).collect();
        assert_eq!(codes, refused, "{}: {event:?} on {on}: {refusals:#?}", situation.title);
        assert!(refusals.iter().all(|r| !r.text.is_empty() && !r.text.ends_with('。')), "{refusals:#?}");
    }
    for vector in &situation.vector {
        for (days, last) in &vector.last {
            let from = vector.from;
            let extended =
                Input { extension: Some(Extension { days: 20, told_on: None }), ..Input::received(from) };
            let due = match days.as_str() {
                "7" => clock::correction_notice_due(from, calendar),
                "15" => clock::third_party_due(from, calendar),
                "20" => clock::due(&Input::received(from), calendar, from),
                "40" => clock::due(&extended, calendar, from),
                other => panic!("no term of {other} working days"),
            };
            assert_eq!(due.unwrap().on, *last, "{from} + {days}");
        }
    }
}

/// The texts of the situations, by file name.
fn files() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/situations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let name = |file: &std::path::Path| file.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), std::fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn situations() {
    let files = files();
    assert!(files.len() >= 15, "{}", files.len());
    let mut failed = Vec::new();
    for (name, text) in files {
        // One situation that fails does not hide the others.
        if std::panic::catch_unwind(|| run(&text, Calendar::builtin())).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "failed: {failed:?}");
}

/// The arrows between the stages of a request (DOMAIN §4.3), and those that merging and splitting add.
#[rustfmt::skip]
const ARROWS: &[(Stage, &[Stage])] = &[
    (Stage::Submitted, &[Stage::Received, Stage::Withdrawn, Stage::Merged]),
    (Stage::Received, &[Stage::Triaged, Stage::CorrectionPending, Stage::Assigned, Stage::Issued, Stage::Withdrawn]),
    (Stage::Triaged, &[Stage::CorrectionPending, Stage::Assigned, Stage::Issued, Stage::ReasonPending, Stage::Merged]),
    (Stage::CorrectionPending, &[Stage::Triaged, Stage::Issued, Stage::Withdrawn]),
    (Stage::ReasonPending, &[Stage::Assigned, Stage::Triaged, Stage::Issued, Stage::Deferred, Stage::Withdrawn]),
    (Stage::Assigned, &[Stage::Searching, Stage::Deferred, Stage::ConsultingThirdParty, Stage::ConsultingAgency]),
    (Stage::Searching, &[Stage::ConsultingThirdParty, Stage::ConsultingAgency, Stage::Review, Stage::Issued]),
    (Stage::ConsultingThirdParty, &[Stage::Drafting]),
    (Stage::ConsultingAgency, &[Stage::Drafting]),
    (Stage::Drafting, &[Stage::Review, Stage::Approval, Stage::FeePending]),
    (Stage::Review, &[Stage::Approval, Stage::Drafting]),
    (Stage::Approval, &[Stage::Issued, Stage::Drafting]),
    (Stage::FeePending, &[Stage::Drafting, Stage::Issued]),
    (Stage::Deferred, &[Stage::Searching]),
    (Stage::Issued, &[Stage::Served]),
    (Stage::Served, &[Stage::Closed, Stage::Reopened]),
    (Stage::Closed, &[Stage::Reopened]),
    (Stage::Withdrawn, &[Stage::Closed]),
    (Stage::Merged, &[Stage::Closed]),
    (Stage::Reopened, &[Stage::Assigned, Stage::Issued]),
];

#[test]
fn there_is_a_situation_for_every_arrow_between_the_stages() {
    let (mut taken, mut decisions) = (BTreeSet::new(), BTreeSet::new());
    for (_, text) in files() {
        let docket = history(&toml::from_str(&text).unwrap(), Calendar::builtin());
        let stages: Vec<Stage> = (1..=docket.len())
            // A correction goes back to an earlier place; that is no arrow.
            .filter(|n| docket[..*n].iter().all(|e| e.corrects.is_none()))
            .filter_map(|n| Standing::of(&docket[..n]).map(|s| s.stage))
            .collect();
        taken.extend(stages.windows(2).map(|pair| (pair[0], pair[1])));
        decisions.extend(Standing::of(&docket).and_then(|s| s.decision));
    }
    let missing: Vec<_> = ARROWS
        .iter()
        .flat_map(|(from, to)| to.iter().map(|to| (*from, *to)))
        .filter(|arrow| !taken.contains(arrow))
        .collect();
    assert!(missing.is_empty(), "no situation goes this way: {missing:?}");
    let missing: Vec<_> = Decision::ALL.into_iter().filter(|d| !decisions.contains(d)).collect();
    assert!(missing.is_empty(), "no situation ends with: {missing:?}");
}
