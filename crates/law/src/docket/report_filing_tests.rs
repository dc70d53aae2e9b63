//! Situations of a filing: what is returned line by line comes again, and is accepted when nothing is open.

use super::*;
use crate::Amount;
use jiff::civil::date;

const NEW: &str = "requests.new_requests.natural_person";
const OPEN: &str = "requests.carried_over_out.natural_person";

fn figures(n: i64) -> Figures {
    let mut all = Figures::default();
    for cell in Form::for_year(2022).unwrap().cells() {
        all.set(cell.id, 0);
    }
    for row in ["new_requests", "carried_over_out"] {
        all.set(format!("requests.{row}.natural_person"), n);
        all.set(format!("requests.{row}.total"), n);
    }
    all
}

fn report(n: i64, text: &str) -> Reported {
    Reported {
        form: "2021".into(),
        organization: "县教育局".into(),
        title: "县教育局2022年政府信息公开工作年度报告".into(),
        figures: figures(n),
        texts: BTreeMap::from([(Part::Problems, text.to_owned())]),
    }
}

fn system() -> Source {
    Source::System { report: "r".into(), as_of: "2023-01-20T09:00:00+08:00".into(), published_on: None }
}

fn file() -> Source {
    Source::File { name: "年报.pdf".into(), kind: "pdf".into(), digest: "0".repeat(64) }
}

fn filed_from(
    source: Source,
    report: Reported,
    answers: &[(&str, &str)],
    reason: Option<&str>,
) -> FilingEvent {
    FilingEvent::Filed {
        unit: "edu".into(),
        into: "gov".into(),
        year: 2022,
        scope: Scope::Own,
        report: Box::new(report),
        source,
        answers: answers.iter().map(|(l, a)| ((*l).to_owned(), (*a).to_owned())).collect(),
        reason: reason.map(str::to_owned),
    }
}

fn filed(report: Reported) -> FilingEvent {
    filed_from(system(), report, &[], None)
}

fn mark(line: Line, reason: &str) -> FilingEvent {
    FilingEvent::LineMarked { line, reason: reason.into() }
}

fn accepted() -> FilingEvent {
    FilingEvent::Accepted { note: String::new() }
}

fn returned() -> FilingEvent {
    FilingEvent::Returned { note: String::new() }
}

fn day(n: i8) -> Date {
    date(2023, 1, n)
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

/// A docket that grows only by what may happen.
#[derive(Default)]
struct Docket(Vec<Recorded<FilingEvent>>);

impl Docket {
    fn standing(&self) -> Standing {
        Standing::of(&self.0).unwrap()
    }

    fn refused(&self, n: i8, event: &FilingEvent) -> Vec<String> {
        let no = match Standing::of(&self.0) {
            Some(s) => s.may(event, day(n)),
            None => Standing::may_begin(event, day(n)),
        };
        no.into_iter().map(|r| r.code).collect()
    }

    fn then(mut self, n: i8, event: FilingEvent) -> Docket {
        assert_eq!(self.refused(n, &event), Vec::<String>::new(), "{event:?}");
        let ordinal = u32::try_from(self.0.len()).unwrap() + 1;
        self.0.push(Recorded::new(ordinal, day(n), event));
        self
    }
}

#[test]
fn it_is_returned_line_by_line_and_comes_again_and_is_accepted() {
    let cell = Line::Cell(NEW.into());
    let part = Line::Part(Part::Problems);
    let docket = Docket::default().then(20, filed(report(3, "问题一")));
    assert_eq!(docket.refused(21, &returned()), ["no-line"]);
    assert_eq!(docket.refused(21, &filed(report(4, ""))), ["already-filed"]);
    assert_eq!(docket.refused(21, &mark(cell.clone(), "不对")), ["reason-missing"]);
    assert_eq!(
        docket.refused(21, &mark(Line::Cell("requests.no.such".into()), "没有这一格")),
        ["line-unknown"]
    );
    let docket = docket
        .then(21, mark(cell.clone(), "与台账登记的件数不一致"))
        .then(21, mark(part.clone(), "没有写改进情况"));
    assert_eq!(docket.refused(21, &accepted()), ["line-open"]);
    let docket = docket.then(22, returned());
    assert_eq!(docket.standing().to_settle().len(), 2);
    assert_eq!(docket.standing().stage, Stage::Returned);

    // The figure was mended, the text neither mended nor answered.
    assert_eq!(docket.refused(23, &filed(report(5, "问题一"))), ["line-unanswered"]);
    let answers = [("part:problems", "改进情况写在总体情况部分")];
    let docket = docket.then(23, filed_from(system(), report(5, "问题一"), &answers, None));
    let s = docket.standing();
    assert_eq!(s.changed_cells().get(NEW), Some(&Some(Amount::whole(3))));
    assert_eq!(s.changed_cells().len(), 4, "both rows and their totals");
    assert_eq!(s.changed_parts(), []);
    let settled: Vec<Settled> = s.returned_lines().into_iter().map(|(_, _, settled)| settled).collect();
    assert_eq!(settled, [Settled::Changed, Settled::Answered(answers[0].1.into())]);
    let docket = docket.then(24, accepted());
    assert_eq!(docket.standing().accepted().unwrap().report.figures.value(NEW), Amount::whole(5));
    assert_eq!(docket.standing().rounds.len(), 2, "the first round stays");
}

#[test]
fn a_correction_opens_the_sum_again() {
    let docket = Docket::default().then(20, filed(report(3, "文"))).then(21, accepted());
    assert_eq!(docket.refused(25, &filed(report(4, "文"))), ["reason-missing"]);
    assert_eq!(
        docket.refused(25, &FilingEvent::Withdrawn { reason: "数据需要更正".into() }),
        ["wrong-stage"]
    );
    let again = filed_from(system(), report(4, "文"), &[], Some("漏计一件申请"));
    let docket = docket.then(25, again);
    assert_eq!(docket.standing().accepted(), None);
    let docket = docket.then(26, accepted());
    assert_eq!(docket.standing().accepted().unwrap().report.figures.value(OPEN), Amount::whole(4));

    // Whoever accepted it sees something later: it is open again.
    let docket = docket.then(27, mark(Line::Row("requests.new_requests".into()), "与申请台账不一致"));
    assert_eq!((docket.standing().stage, docket.standing().accepted()), (Stage::Filed, None));
    let docket =
        docket.then(27, FilingEvent::MarkRemoved { line: Line::Row("requests.new_requests".into()) });
    assert_eq!(docket.then(28, accepted()).standing().stage, Stage::Accepted);
}

#[test]
fn what_does_not_add_up_is_not_filed_and_what_was_published_so_is_not_accepted() {
    let mut wrong = report(3, "文");
    wrong.figures.set("requests.new_requests.total", 4);
    assert!(Docket::default().refused(20, &filed(wrong.clone())).contains(&"finding".to_owned()));
    let docket = Docket::default().then(20, filed_from(file(), wrong, &[], None));
    assert!(docket.refused(21, &accepted()).iter().all(|c| c == "finding"));
    assert!(!docket.refused(21, &accepted()).is_empty());
    let mut torn = report(3, "文");
    torn.figures.0.retain(|cell, _| !cell.starts_with("disputes."));
    let docket = Docket::default().then(20, filed_from(file(), torn, &[], None));
    assert_eq!(docket.refused(21, &accepted()), ["figures-missing"]);
    let unnamed = Source::File { name: "年报.pdf".into(), kind: "pdf".into(), digest: "12".into() };
    let event = filed_from(unnamed, report(1, "文"), &[], None);
    assert_eq!(codes(&Standing::may_begin(&event, day(20))), ["file-unnamed"]);
}

#[test]
fn a_year_is_filed_when_it_is_over_and_to_somebody_else() {
    let early = Standing::may_begin(&filed(report(1, "文")), date(2022, 12, 31));
    assert_eq!(codes(&early), ["year-not-over"]);
    let mut nobody = filed(report(1, "文"));
    if let FilingEvent::Filed { into, .. } = &mut nobody {
        into.clear();
    }
    assert_eq!(codes(&Standing::may_begin(&nobody, day(20))), ["no-recipient"]);
    assert_eq!(codes(&Standing::may_begin(&accepted(), day(20))), ["not-filed"]);
}

#[test]
fn a_unit_that_is_not_waited_for_is_named_with_a_reason_and_may_still_file() {
    let excused = |reason: &str| FilingEvent::Excused {
        unit: "edu".into(),
        into: "gov".into(),
        year: 2022,
        reason: reason.into(),
    };
    assert_eq!(codes(&Standing::may_begin(&excused("撤"), day(20))), ["reason-missing"]);
    let docket = Docket::default().then(20, excused("机构改革中撤销"));
    assert_eq!(docket.standing().excuse.as_deref(), Some("机构改革中撤销"));
    let docket = docket.then(21, filed(report(2, "文")));
    let s = docket.standing();
    assert_eq!((s.stage, s.excuse.clone(), s.first_filed_on()), (Stage::Filed, None, Some(day(21))));
    assert_eq!(docket.refused(22, &excused("不等该单位报送")), ["wrong-stage"]);
}

#[test]
fn lines_have_names_and_keys() {
    let form = Form::for_year(2022).unwrap();
    let row = Line::Row("disputes.reconsideration".into());
    assert_eq!(row.name(form), "表四“行政复议”");
    assert_eq!(Line::Row("requests.granted".into()).name(form), "表三“(一)予以公开”");
    assert!(row.covers("disputes.reconsideration.total") && !row.covers("disputes.reconsiderations.total"));
    for line in [row, Line::Cell(NEW.into()), Line::Part(Part::Overview)] {
        assert_eq!(Line::parse(&line.key()), Some(line.clone()));
        let json = serde_json::to_value(&line).unwrap();
        assert_eq!(serde_json::from_value::<Line>(json).unwrap(), line);
        assert!(line.is_in(form));
    }
    assert_eq!((Line::parse("cell:a.b"), Line::parse("part:x"), Line::parse("row")), (None, None, None));
}
