//! Situations of the register of documents, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, entries, every_cell_opens, made, own, value, verifies};
use jiff::civil::Date;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::interpretation::{Form, Plan, Timing};
use place::{day, now, on_both, operator, units};
use service::document::{AtAddress, PublicAsk};
use service::row::DocumentFilter;
use service::{Change, Error, Location, Page, Result, Service};
use uuid::Uuid;

const MADE: &str = "proactive.normative_documents.made";
const DISCLOSED: &str = "proactive.normative_documents.disclosed";
const PUBLIC: &str = "proactive.normative_documents.total_disclosed";

fn numbered(unit: Uuid, number: &str) -> DocumentEvent {
    match made(unit, "样本办法") {
        DocumentEvent::Made { counted_by, maker, category, title, attribute, .. } => DocumentEvent::Made {
            counted_by,
            maker,
            category,
            title,
            number: Some(number.into()),
            index_number: None,
            attribute,
            reason: None,
        },
        other => other,
    }
}

/// The same making, counted by one unit and made by another.
fn for_another(unit: &str, maker: &str) -> DocumentEvent {
    DocumentEvent::Made {
        counted_by: unit.into(),
        maker: maker.into(),
        category: Category::Official,
        title: "样本通知".into(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    }
}

fn disclosed() -> DocumentEvent {
    DocumentEvent::Disclosed { url: Some("https://www.example.gov.cn/1.html".into()) }
}

fn withdrawn() -> DocumentEvent {
    DocumentEvent::Withdrawn {
        reason: "含有个人信息，处理后重新公开".into(),
        told: String::new(),
        kept: String::new(),
    }
}

async fn make(service: &Service, date: &str, event: DocumentEvent) -> Uuid {
    service.make_document(operator(now()), day(date), event).await.unwrap()
}

async fn change(service: &Service, id: Uuid, change: Change<DocumentEvent>) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, change).await
}

async fn happens(service: &Service, id: Uuid, date: &str, event: DocumentEvent) {
    change(service, id, Change::event(day(date), event)).await.unwrap();
}

async fn published_again_it_bears_the_new_day_and_counts_once(service: Service, _: Location) {
    let office = units(&service).await.1;
    let other = make(&service, "2019-12-02", made(office, "乙办法")).await;
    happens(&service, other, "2020-01-06", disclosed()).await;
    let id = make(&service, "2019-12-02", made(office, "甲办法")).await;
    happens(&service, id, "2019-12-31", disclosed()).await;
    happens(&service, id, "2020-01-06", withdrawn()).await;
    happens(&service, id, "2020-01-07", disclosed()).await;
    let titles = async |year: Option<i16>| -> Vec<(String, Date)> {
        let ask = PublicAsk { year, ..PublicAsk::default() };
        let all = service.public_documents(&ask, None).await.unwrap();
        all.into_iter().map(|d| (d.title, d.published_on)).collect()
    };
    let (first, second) = (("甲办法".into(), day("2020-01-07")), ("乙办法".into(), day("2020-01-06")));
    assert_eq!(titles(None).await, [first, second], "by the new day");
    assert_eq!((titles(Some(2020)).await.len(), titles(Some(2019)).await.len()), (2, 0));
    let Ok(AtAddress::Public(shown)) = service.public_document(id).await else { panic!("not public") };
    assert_eq!(shown.standing.first_published_on(), Some(day("2019-12-31")));
    assert_eq!(shown.standing.made_on, day("2019-12-02"), "成文日期 stays");
    let addresses = service.public_addresses(day("2020-01-01")).await.unwrap();
    assert_eq!(addresses[0], (id, day("2020-01-07")), "in the list of addresses too");
    assert!(service.public_addresses(day("2019-12-02")).await.unwrap().is_empty());
    // The reports count the first publication, and what was public at the end of each year.
    for (year, new, stock) in [(2019, "1", "1"), (2020, "1", "2")] {
        let ask = own(office, year);
        assert_eq!(value(&service, &ask, DISCLOSED).await, new, "{year}");
        assert_eq!(value(&service, &ask, PUBLIC).await, stock, "{year}");
        every_cell_opens(&service, &ask).await;
    }
    // With the second publication voided, it bears the first day again, taken down.
    change(&service, id, Change::void(4, day("2020-01-07"), "录入有误")).await.unwrap();
    let rows = service.documents(&operator(now()), DocumentFilter::default(), Page::first(10)).await.unwrap();
    let row = rows.iter().find(|d| d.id == id).unwrap();
    assert_eq!((row.disclosed_on, row.first_disclosed_on), (Some(day("2019-12-31")), None));
    verifies(&service).await;
}

async fn what_is_owed_is_reckoned_from_the_first_publication(service: Service, _: Location) {
    let office = units(&service).await.1;
    let id = make(&service, "2020-12-01", made(office, "甲办法")).await;
    let plan = Plan {
        outline: "背景、依据和主要内容".into(),
        forms: [Form::Text].into(),
        channels: "本机关网站".into(),
        timing: Timing::WithinTerm,
    };
    happens(&service, id, "2020-12-01", DocumentEvent::InterpretationPlanned { plan }).await;
    happens(&service, id, "2020-12-31", disclosed()).await;
    happens(&service, id, "2021-02-01", withdrawn()).await;
    happens(&service, id, "2021-02-02", disclosed()).await;
    let ctx = operator(now());
    let owed = async |year| service.interpretation_year(&ctx, None, year).await.unwrap().duties;
    assert_eq!((owed(2020).await.len(), owed(2021).await.len()), (1, 0));
    assert_eq!(owed(2020).await[0].published_on, day("2020-12-31"));
    let filed = async |year| service.filing_year(&ctx, None, year, 15).await.unwrap();
    assert_eq!((filed(2020).await.len(), filed(2021).await.len()), (1, 0));
    assert_eq!(filed(2020).await[0].due.as_ref().map(|d| d.on), Some(day("2021-01-15")));
    verifies(&service).await;
}

async fn a_number_belongs_to_one_document(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let first = make(&service, "2020-01-06", numbered(office, "样政办发〔2020〕1号")).await;
    let again =
        || service.make_document(operator(now()), day("2020-01-07"), numbered(office, "样政办发〔2020〕1号"));
    assert_eq!(codes(again().await), ["number-taken"]);
    let second = make(&service, "2020-01-07", numbered(office, "样政办发〔2020〕2号")).await;
    let before = entries(&service).await;
    let wrong = numbered(office, "样政办发〔2020〕1号");
    let outcome = change(&service, second, Change::replace(1, day("2020-01-07"), wrong, "文号有误")).await;
    assert_eq!(codes(outcome), ["number-taken"]);
    assert_eq!(entries(&service).await, before, "nothing was written");
    // Its own number it may keep.
    let same = numbered(office, "样政办发〔2020〕1号");
    change(&service, first, Change::replace(1, day("2020-01-08"), same, "日期有误")).await.unwrap();
    // A voided entry gives its number back, once.
    change(&service, first, Change::void(1, day("2020-01-08"), "重复登记")).await.unwrap();
    again().await.unwrap();
    let back = numbered(office, "样政办发〔2020〕1号");
    assert_eq!(
        codes(change(&service, first, Change::event(day("2020-01-08"), back)).await),
        ["number-taken"]
    );
    verifies(&service).await;
}

async fn a_document_made_for_another_is_counted_as_such(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let (above, office_id) = (above.to_string(), office.to_string());
    let id = make(&service, "2020-03-02", for_another(&office_id, &above)).await;
    happens(&service, id, "2020-03-03", disclosed()).await;
    let own_one = make(&service, "2020-03-02", for_another(&office_id, &office_id)).await;
    happens(&service, own_one, "2020-03-04", disclosed()).await;
    assert_eq!(value(&service, &own(office, 2020), "documents.disclosed_for_government").await, "1");
    assert_eq!(value(&service, &own(office, 2020), "documents.disclosed_own").await, "1");
    assert_eq!(value(&service, &own(office, 2020), "documents.disclosed").await, "2");
    let nobody = Uuid::from_u128(7).to_string();
    for (unit, maker) in [(&office_id, &nobody), (&nobody, &office_id), (&office_id, &"市政府".to_owned())]
    {
        let wrong = for_another(unit, maker);
        let e = service.make_document(operator(now()), day("2020-03-02"), wrong.clone()).await.unwrap_err();
        assert!(matches!(e, Error::NotFound(_) | Error::Invalid(_)), "{e:?}");
        let correction = Change::replace(1, day("2020-03-02"), wrong, "机关有误");
        let e = change(&service, id, correction).await.unwrap_err();
        assert!(matches!(e, Error::NotFound(_) | Error::Invalid(_)), "{e:?}");
    }
    verifies(&service).await;
}

async fn publication_is_due_twenty_working_days_after_making(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, "2021-02-01", made(office, "样本办法")).await;
    let due = async |id| service.document_view(&operator(now()), id).await.unwrap().due;
    let first = due(id).await.unwrap();
    // The Spring Festival of 2021: 11 to 17 February off, 7 and 20 February worked.
    assert_eq!((first.on, first.provisional), (day("2021-03-04"), false));
    let said: Vec<&str> = first.because.iter().map(|s| s.text.as_str()).collect();
    assert!(said[0].contains("2021年2月1日") && said[1].contains("20个工作日"), "{said:?}");
    assert!(said.iter().any(|s| s.contains("春节")), "{said:?}");
    assert!(first.because.iter().take(2).all(|s| s.citation.contains("第二十六条")), "{:?}", first.because);
    happens(&service, id, "2021-02-02", disclosed()).await;
    assert_eq!(due(id).await, None, "it is public");
    // Not to be published, then to be: the days run from the change.
    let mut later = made(office, "样本纪要");
    if let DocumentEvent::Made { attribute, reason, .. } = &mut later {
        (*attribute, *reason) = (DisclosureAttribute::Withheld, Some("条例第十六条：内部事务信息".into()));
    }
    let id = make(&service, "2021-02-01", later).await;
    assert_eq!(due(id).await, None);
    assert_eq!(
        codes(change(&service, id, Change::event(day("2021-02-02"), disclosed())).await),
        ["not-proactive"]
    );
    let proactive = DocumentEvent::AttributeChanged {
        attribute: DisclosureAttribute::Proactive,
        reason: "条例第十八条：经评估可以公开".into(),
    };
    happens(&service, id, "2021-02-26", proactive).await;
    assert_eq!(due(id).await.unwrap().on, day("2021-03-26"));
}

async fn a_document_is_published_taken_down_published_again_and_repealed(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, "2019-01-07", made(office, "样本办法")).await;
    let row = async || {
        let all = service.documents(&operator(now()), DocumentFilter::default(), Page::first(10)).await;
        all.unwrap().remove(0)
    };
    let public = async || {
        let filter = DocumentFilter { public: true, ..DocumentFilter::default() };
        service.documents(&operator(now()), filter, Page::first(10)).await.unwrap().len()
    };
    assert_eq!(public().await, 0);
    happens(&service, id, "2019-01-08", disclosed()).await;
    assert_eq!((row().await.disclosed_on, public().await), (Some(day("2019-01-08")), 1));
    happens(&service, id, "2019-02-01", withdrawn()).await;
    assert_eq!((row().await.withdrawn_on, public().await), (Some(day("2019-02-01")), 0));
    assert_eq!(value(&service, &own(office, 2019), PUBLIC).await, "0");
    happens(&service, id, "2020-02-01", disclosed()).await;
    let again = row().await;
    assert_eq!((again.disclosed_on, again.withdrawn_on), (Some(day("2020-02-01")), None));
    assert_eq!(again.first_disclosed_on, Some(day("2019-01-08")));
    assert_eq!(public().await, 1, "what is public again is found among what is public");
    // Disclosed is counted once, in the year of the first publication.
    assert_eq!(value(&service, &own(office, 2019), DISCLOSED).await, "1");
    assert_eq!(value(&service, &own(office, 2020), DISCLOSED).await, "0");
    assert_eq!(value(&service, &own(office, 2020), PUBLIC).await, "1");
    happens(&service, id, "2020-12-31", DocumentEvent::Repealed { by: "样政发〔2020〕9号".into() }).await;
    let ended = row().await;
    assert_eq!((ended.ended_on, ended.ending.as_deref()), (Some(day("2020-12-31")), Some("repealed")));
    assert_eq!(value(&service, &own(office, 2020), "documents.normative_repealed").await, "1");
    assert_eq!(value(&service, &own(office, 2019), "documents.normative_in_force").await, "1");
    assert_eq!(value(&service, &own(office, 2020), "documents.normative_in_force").await, "0");
    let once_more = DocumentEvent::Lapsed { reason: "有效期届满".into() };
    assert_eq!(codes(change(&service, id, Change::event(day("2021-01-04"), once_more)).await), ["ended"]);
    verifies(&service).await;
}

/// What was public at the end of a year is known after it was taken down and published again.
async fn a_past_year_opens_what_was_public_then(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, "2018-01-08", made(office, "样本办法")).await;
    happens(&service, id, "2018-02-01", disclosed()).await;
    happens(&service, id, "2019-12-31", withdrawn()).await;
    happens(&service, id, "2020-01-01", disclosed()).await;
    for (year, public) in [(2019, "0"), (2020, "1")] {
        assert_eq!(value(&service, &own(office, year), PUBLIC).await, public, "{year}");
    }
    happens(&service, id, "2020-06-01", withdrawn()).await;
    assert_eq!(value(&service, &own(office, 2020), PUBLIC).await, "0");
}

async fn a_corrected_date_moves_the_figure_to_its_year(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let id = make(&service, "2020-01-02", made(office, "样本办法")).await;
    assert_eq!(value(&service, &own(office, 2020), MADE).await, "1");
    let right = Change::replace(1, day("2019-12-30"), made(office, "样本办法"), "成文日期有误");
    change(&service, id, right).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), MADE).await, "0");
    assert_eq!(value(&service, &own(office, 2019), MADE).await, "1");
    // And a corrected unit to its unit.
    let right = Change::replace(2, day("2019-12-30"), made(above, "样本办法"), "统计单位有误");
    change(&service, id, right).await.unwrap();
    assert_eq!(value(&service, &own(office, 2019), MADE).await, "0");
    assert_eq!(value(&service, &own(above, 2019), MADE).await, "1");
    let history = service.document_view(&operator(now()), id).await.unwrap().history;
    let said: Vec<_> = history.iter().map(|h| (h.recorded.corrects, h.reason.as_deref())).collect();
    assert_eq!(said, [(None, None), (Some(1), Some("成文日期有误")), (Some(2), Some("统计单位有误"))]);
    verifies(&service).await;
}

async fn what_is_voided_counts_nowhere_and_stays_in_the_journal(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, "2020-01-02", made(office, "样本办法")).await;
    happens(&service, id, "2020-01-03", disclosed()).await;
    change(&service, id, Change::void(2, day("2020-01-03"), "没有公开")).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), DISCLOSED).await, "0");
    change(&service, id, Change::void(1, day("2020-01-02"), "重复登记")).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), MADE).await, "0");
    let rows = service.documents(&operator(now()), DocumentFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(rows, vec![]);
    let seen = service.document_view(&operator(now()), id).await.unwrap();
    assert_eq!((seen.standing, seen.due, seen.history.len()), (None, None, 4));
    verifies(&service).await;
}

async fn a_correction_that_makes_history_impossible_is_refused_with_reasons(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = make(&service, "2020-01-06", made(office, "样本办法")).await;
    happens(&service, id, "2020-01-10", disclosed()).await;
    happens(&service, id, "2020-02-10", withdrawn()).await;
    let before = entries(&service).await;
    let late = Change::replace(1, day("2020-01-20"), made(office, "样本办法"), "成文日期有误");
    match change(&service, id, late).await {
        Err(Error::Refused(reasons)) => {
            assert!(reasons.iter().any(|r| r.code == "before-making"), "{reasons:?}");
            assert!(
                reasons[0].text.contains("2020-01-10") && reasons[0].text.contains("2020-01-20"),
                "{reasons:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    let void = Change::void(2, day("2020-01-10"), "没有公开");
    assert_eq!(codes(change(&service, id, void).await), ["not-public"], "it was taken down later");
    let nowhere = Change::void(9, day("2020-01-10"), "没有公开");
    assert!(matches!(change(&service, id, nowhere).await, Err(Error::Invalid(_))));
    let stale = Change::event(day("2020-03-01"), disclosed());
    let e = service.change_document(operator(now()), id, 2, stale).await.unwrap_err();
    assert!(matches!(e, Error::Conflict(_)), "{e:?}");
    let tomorrow = Change::event(day("2021-03-02"), disclosed());
    assert_eq!(codes(change(&service, id, tomorrow).await), ["future-date"]);
    assert_eq!(entries(&service).await, before, "nothing was written");
}

/// A small generator of its own (xorshift), so that a failure can be run again by its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn date(&mut self) -> Date {
        day("2018-06-01") + jiff::Span::new().days(self.below(960).cast_signed())
    }
}

async fn tallies_and_records_agree_after_any_sequence(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let mut taken = 0;
    for seed in [1_u64, 20_200_101, 0x9e37_79b9_7f4a_7c15] {
        let mut dice = Dice(seed);
        let mut ids: Vec<Uuid> = Vec::new();
        for _ in 0..90 {
            let unit = if dice.below(2) == 0 { office } else { above };
            let on = dice.date();
            if ids.is_empty() || dice.below(6) == 0 {
                ids.push(service.make_document(operator(now()), on, made(unit, "样本办法")).await.unwrap());
                continue;
            }
            let id = ids[usize::try_from(dice.below(ids.len() as u64)).unwrap()];
            let event = match dice.below(7) {
                0 | 1 => disclosed(),
                2 => withdrawn(),
                3 => DocumentEvent::InForce,
                4 => DocumentEvent::Repealed { by: "样政发〔2020〕9号".into() },
                5 => DocumentEvent::Lapsed { reason: "有效期届满".into() },
                _ => made(unit, "样本办法"),
            };
            let version = service.document_view(&operator(now()), id).await.unwrap().version;
            let target = 1 + u32::try_from(dice.below(u64::from(version))).unwrap();
            let next = match dice.below(4) {
                0 => Change::replace(target, on, event, "有误"),
                1 if dice.below(3) == 0 => Change::void(target, on, "有误"),
                _ => Change::event(on, event),
            };
            match service.change_document(operator(now()), id, version, next).await {
                Ok(new) => {
                    assert_eq!(new, version + 1);
                    taken += 1;
                }
                Err(Error::Refused(reasons)) => assert!(!reasons.is_empty()),
                Err(e) => panic!("seed {seed}: {e:?}"),
            }
        }
        verifies(&service).await;
        for (unit, year) in [(office, 2019), (office, 2020), (above, 2020)] {
            every_cell_opens(&service, &own(unit, year)).await;
        }
    }
    assert!(taken > 50, "only {taken} changes were lawful: the sequences prove little");
}

async fn a_document_is_evaluated_before_its_validity_ends(service: Service, _: Location) {
    let office = units(&service).await.1;
    let until = |on: &str| DocumentEvent::ValidUntil { until: day(on) };
    let mut ids = Vec::new();
    // Today is 1 March 2021: six months before 1 September.
    for (title, on) in [("甲办法", "2021-09-01"), ("乙办法", "2021-09-02"), ("丙办法", "2021-02-28")]
    {
        let id =
            service.make_document(operator(now()), day("2020-01-02"), made(office, title)).await.unwrap();
        let change = Change::event(day("2020-01-02"), until(on));
        service.change_document(operator(now()), id, 1, change).await.unwrap();
        ids.push(id);
    }
    let titles = async || -> Vec<String> {
        let found = service.validity_ending(&operator(now()), None).await.unwrap();
        found.into_iter().map(|d| d.row.title).collect()
    };
    assert_eq!(titles().await, ["丙办法", "甲办法"], "the day after is not due yet");
    let lapsed = DocumentEvent::Lapsed { reason: "有效期届满".into() };
    service
        .change_document(operator(now()), ids[2], 2, Change::event(day("2021-03-01"), lapsed))
        .await
        .unwrap();
    let longer = Change::event(day("2021-03-01"), until("2026-09-01"));
    service.change_document(operator(now()), ids[0], 2, longer).await.unwrap();
    assert_eq!(titles().await, Vec::<String>::new(), "ended, and put off");
    let void = Change::void(3, day("2021-03-01"), "录入有误");
    service.change_document(operator(now()), ids[0], 3, void).await.unwrap();
    assert_eq!(titles().await, ["甲办法"], "the former day holds again");
    let void = Change::void(2, day("2021-03-01"), "录入有误");
    service.change_document(operator(now()), ids[0], 4, void).await.unwrap();
    assert_eq!(titles().await, Vec::<String>::new(), "without such a day nothing ends");
    verifies(&service).await;
}

on_both! {
    published_again_it_bears_the_new_day_and_counts_once
    what_is_owed_is_reckoned_from_the_first_publication
    a_number_belongs_to_one_document
    a_document_is_evaluated_before_its_validity_ends
    a_document_made_for_another_is_counted_as_such
    publication_is_due_twenty_working_days_after_making
    a_document_is_published_taken_down_published_again_and_repealed
    a_past_year_opens_what_was_public_then
    a_corrected_date_moves_the_figure_to_its_year
    what_is_voided_counts_nowhere_and_stays_in_the_journal
    a_correction_that_makes_history_impossible_is_refused_with_reasons
    tallies_and_records_agree_after_any_sequence
}
