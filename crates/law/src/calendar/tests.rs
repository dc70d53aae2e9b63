use super::*;
use proptest::prelude::*;

#[test]
fn the_list_of_files_is_the_folder() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/calendar");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let listed: Vec<String> = FILES.iter().map(|(year, _)| format!("{year}.toml")).collect();
    assert_eq!(found, listed);
}

#[test]
fn every_file_adds_up_to_its_own_total_and_bears_its_own_year() {
    let calendar = Calendar::builtin();
    for (year, text) in FILES {
        let file = parse(text).unwrap();
        assert_eq!(file.year, year);
        assert_eq!(calendar.working_days_in(year), Some(file.working_days), "{year}");
        let title = &file.notice[0].title;
        assert_eq!(*title, format!("国务院办公厅关于{year}年部分节假日安排的通知"));
        assert!(file.notice.iter().all(|n| n.number.contains("发明电〔")), "{year}");
        for off in &file.days.off {
            let by = off.by.as_deref();
            assert!(by.is_none_or(|by| file.notice.iter().any(|n| n.number == by)), "{year} {by:?}");
        }
    }
}

#[test]
fn totals_since_2019_are_those_of_the_notices() {
    let calendar = Calendar::builtin();
    let totals: Vec<u32> = (2019..=2026).map(|y| calendar.working_days_in(y).unwrap()).collect();
    assert_eq!(totals, [250, 249, 250, 249, 249, 251, 248, 248]);
    assert_eq!(calendar.working_days_in(2027), None);
    assert_eq!(calendar.working_days_in(2007), None);
}

/// The table of rest and make-up days since 2019, written down a second time from the notices.
#[test]
fn days_since_2019_are_those_of_the_notices() {
    let table = "
2019 | 12-30(2018)–01-01; 02-04–02-10; 04-05–04-07; 05-01–05-04; 06-07–06-09; 09-13–09-15; 10-01–10-07 | 12-29(2018), 02-02, 02-03, 04-28, 05-05, 09-29, 10-12
2020 | 01-01; 01-24–02-02; 04-04–04-06; 05-01–05-05; 06-25–06-27; 10-01–10-08 | 01-19, 04-26, 05-09, 06-28, 09-27, 10-10
2021 | 01-01–01-03; 02-11–02-17; 04-03–04-05; 05-01–05-05; 06-12–06-14; 09-19–09-21; 10-01–10-07 | 02-07, 02-20, 04-25, 05-08, 09-18, 09-26, 10-09
2022 | 01-01–01-03; 01-31–02-06; 04-03–04-05; 04-30–05-04; 06-03–06-05; 09-10–09-12; 10-01–10-07 | 01-29, 01-30, 04-02, 04-24, 05-07, 10-08, 10-09
2023 | 12-31(2022)–01-02; 01-21–01-27; 04-05; 04-29–05-03; 06-22–06-24; 09-29–10-06 | 01-28, 01-29, 04-23, 05-06, 06-25, 10-07, 10-08
2024 | 01-01; 02-10–02-17; 04-04–04-06; 05-01–05-05; 06-10; 09-15–09-17; 10-01–10-07 | 02-04, 02-18, 04-07, 04-28, 05-11, 09-14, 09-29, 10-12
2025 | 01-01; 01-28–02-04; 04-04–04-06; 05-01–05-05; 05-31–06-02; 10-01–10-08 | 01-26, 02-08, 04-27, 09-28, 10-11
2026 | 01-01–01-03; 02-15–02-23; 04-04–04-06; 05-01–05-05; 06-19–06-21; 09-25–09-27; 10-01–10-07 | 01-04, 02-14, 02-28, 05-09, 09-20, 10-10";
    for line in table.trim().lines() {
        let mut parts = line.split('|').map(str::trim);
        let year: i16 = parts.next().unwrap().parse().unwrap();
        let day = |text: &str| -> Date {
            let text = text.trim();
            let year = if text.contains('(') { year - 1 } else { year };
            format!("{year}-{}", &text[..5]).parse().unwrap()
        };
        let off: Vec<(Date, Date)> = parts
            .next()
            .unwrap()
            .split(';')
            .map(|range| match range.split_once('–') {
                Some((a, b)) => (day(a), day(b)),
                None => (day(range), day(range)),
            })
            .collect();
        let work: Vec<Date> = parts.next().unwrap().split(',').map(day).collect();
        let file = &Calendar::builtin().files[&year];
        assert_eq!(file.days.off.iter().map(|o| (o.first, o.last)).collect::<Vec<_>>(), off, "{year}");
        assert_eq!(file.days.work.iter().map(|d| d.0).collect::<Vec<_>>(), work, "{year}");
    }
}

#[test]
fn vectors_across_long_holidays_and_make_up_days() {
    let table = "
2020-01-15 2020-01-23 2020-02-12 2020-02-19 2020-03-18
2020-09-25 2020-10-12 2020-10-22 2020-10-29 2020-11-26
2024-02-05 2024-02-20 2024-03-01 2024-03-08 2024-04-08
2024-09-27 2024-10-12 2024-10-23 2024-10-30 2024-11-27
2025-01-20 2025-02-05 2025-02-14 2025-02-21 2025-03-21
2026-02-11 2026-02-27 2026-03-10 2026-03-17 2026-04-15
2026-09-18 2026-09-29 2026-10-15 2026-10-22 2026-11-19";
    for line in table.trim().lines() {
        let dates: Vec<Date> = line.split(' ').map(|d| d.parse().unwrap()).collect();
        for (n, due) in [7, 15, 20, 40].into_iter().zip(&dates[1..]) {
            assert_eq!(Calendar::builtin().add(dates[0], n), Ok((*due, false)), "{} + {n}", dates[0]);
        }
    }
}

#[test]
fn a_rest_day_a_make_up_day_and_an_ordinary_weekend() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.is_working_day(date(2024, 2, 12)), Some(false));
    assert_eq!(calendar.is_working_day(date(2024, 2, 18)), Some(true));
    assert_eq!(calendar.is_working_day(date(2024, 2, 24)), Some(false));
    assert_eq!(calendar.is_working_day(date(2018, 12, 29)), Some(true));
    assert_eq!(calendar.is_working_day(date(2018, 12, 31)), Some(false));
    assert_eq!(calendar.is_working_day(date(2008, 1, 1)), Some(false));
    assert_eq!(calendar.is_working_day(date(2027, 3, 1)), None);
}

#[test]
fn a_year_without_a_notice_is_provisional_and_the_days_before_it_too() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.add(date(2026, 12, 1), 10), Ok((date(2026, 12, 15), false)));
    assert_eq!(calendar.add(date(2026, 12, 1), 18), Ok((date(2026, 12, 25), false)));
    assert_eq!(calendar.add(date(2026, 12, 1), 19), Ok((date(2026, 12, 28), true)));
    assert_eq!(calendar.add(date(2026, 12, 1), 25), Ok((date(2027, 1, 5), true)));
    assert_eq!(calendar.add(date(2007, 12, 31), 1), Err(CalendarError::OutOfRange(date(2007, 12, 31))));
    assert_eq!(calendar.add(date(2099, 12, 1), 40), Err(CalendarError::TooFar));
    assert_eq!(calendar.count(date(2026, 12, 24), date(2027, 1, 4)), Ok((7, true)));
    assert_eq!(calendar.count(date(2024, 2, 21), date(2024, 3, 6)), Ok((10, false)));
    assert_eq!(calendar.count(date(2024, 3, 6), date(2024, 2, 21)), Ok((0, false)));
}

const NEXT: &str = "
year = 2027
working_days = 260
[[notice]]
number = \"国办发明电〔2026〕0号\"
title = \"国务院办公厅关于2027年部分节假日安排的通知\"
[days]
off = [{ name = \"元旦\", first = 2026-12-31, last = 2027-01-01 }]
work = [2026-12-27]
";

#[test]
fn a_new_year_settles_what_was_provisional_and_changes_the_version() {
    let old = Calendar::builtin();
    let new = old.with_year(NEXT).unwrap();
    assert_eq!(new.add(date(2026, 12, 24), 6), Ok((date(2027, 1, 4), false)));
    assert_eq!(old.add(date(2026, 12, 24), 6), Ok((date(2027, 1, 1), true)));
    assert_ne!(new.version(), old.version());
    assert!(old.version().starts_with("2026-"), "{}", old.version());
    assert_eq!(new.years().last(), Some(2027));
}

#[test]
fn a_file_that_contradicts_itself_is_refused_with_a_reason() {
    let calendar = Calendar::builtin();
    for (from, to, said) in [
        ("working_days = 260", "working_days = 250", "计算为260天"),
        ("work = [2026-12-27]", "work = [2026-12-28]", "应当是本年安排之内的周末"),
        ("first = 2026-12-31", "first = 2027-01-02", "不在本年安排之内"),
        ("year = 2027", "year = 2007", "年份应当在2008年至2099年之间"),
        ("off = [{", "off = [{ name = \"元旦\", first = 2027-01-01, last = 2027-01-01 }, {", "重叠"),
        ("work = [2026-12-27]", "work = [2027-01-02]\nrest = 1", "无法读取"),
    ] {
        let error = calendar.with_year(&NEXT.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

proptest! {
    #[test]
    fn a_term_ends_on_a_working_day_and_counts_back_to_its_length(offset in 0i32..6900, n in 1u32..60) {
        let calendar = Calendar::builtin();
        let start = FIRST.checked_add(offset.days()).unwrap();
        let (due, provisional) = calendar.add(start, n).unwrap();
        prop_assert!(due > start);
        prop_assert_ne!(calendar.is_working_day(due), Some(false));
        prop_assert_eq!(calendar.count(start, due), Ok((n, provisional)));
    }

    #[test]
    fn the_epoch_day_is_that_of_the_date_library(offset in -20000i32..80000) {
        let start = date(1970, 1, 1);
        let day = start.checked_add(offset.days()).unwrap();
        prop_assert_eq!(epoch_day(day), offset);
    }
}

#[test]
fn a_calendar_is_made_again_from_its_files() {
    let calendar = Calendar::builtin();
    let again = Calendar::of(calendar.files().map(|(_, text)| text)).unwrap();
    assert_eq!(again.version(), calendar.version());
    assert!(again.changed_since(calendar).is_empty());
    assert!(Calendar::of(["year = 2020"]).is_err());
}

#[test]
fn what_a_notice_changed_is_told_with_the_notice_that_is_new() {
    let text = include_str!("../../data/calendar/2020.toml");
    let earlier = text
        .replace("working_days = 249", "working_days = 251")
        .replace("last = 2020-02-02, by = \"国办发明电〔2020〕1号\"", "last = 2020-01-30")
        .replace(
            "[[notice]]\nnumber = \"国办发明电〔2020〕1号\"\ntitle = \"国务院办公厅关于延长2020年春节假期的通知\"\n\n",
            "",
        )
        .replace("work = [2020-01-19, ", "work = [2020-01-19, 2020-02-01, ");
    let before = Calendar::builtin().with_year(&earlier).unwrap();
    let changed = Calendar::builtin().changed_since(&before);
    assert_eq!(changed, [ChangedYear { year: 2020, notices: vec!["国办发明电〔2020〕1号".to_owned()] }]);
    // Back again, nothing of the notice is new: all that is left is cited.
    assert_eq!(before.changed_since(Calendar::builtin())[0].notices, ["国办发明电〔2019〕16号"]);
}

#[test]
fn counting_back_and_counting_on_meet() {
    let calendar = Calendar::builtin();
    for n in 0..30 {
        let end = date(2024, 3, 8);
        let start = calendar.before(end, n).unwrap();
        assert_eq!(calendar.count(start, end).unwrap().0, n, "{n}");
    }
    // From a day of rest: what is ready on the last working day but one is ready a working day before.
    assert_eq!(calendar.before(date(2024, 3, 9), 1).unwrap(), date(2024, 3, 7));
    assert!(calendar.before(date(2008, 1, 2), 5).is_err());
}
