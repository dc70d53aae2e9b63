//! Rows to put in.

use jiff::{Timestamp, civil::Date};
use std::fmt::Debug;
use store::*;
use uuid::Uuid;

pub const REGION: Region = Region(140_581);
pub const OTHER: Region = Region(140_582);

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_600_000_000 + second).unwrap()
}

pub fn entry(subject: u128, ordinal: u32) -> NewEntry {
    NewEntry {
        recorded_at: Timestamp::from_nanosecond(1_600_000_000_123_456_789).unwrap(),
        effective_on: date("2020-09-13"),
        actor: "officer".to_owned(),
        subject_kind: "request".to_owned(),
        subject: id(subject),
        ordinal,
        event: format!(r#"{{"type":"arrived","n":{subject},"题":"公开"}}"#),
    }
}

pub fn unit(n: u128, code: &str) -> UnitRow {
    UnitRow {
        id: id(n),
        code: code.to_owned(),
        name: format!("示例市{code}局"),
        short_name: code.to_owned(),
        kind: "department".to_owned(),
        level: "county".to_owned(),
        parent: Some(id(1)),
        consolidates_into: Some(id(1)),
        valid_from: date("2019-01-01"),
        valid_to: None,
        successor: None,
        version: 1,
    }
}

pub fn document(n: u128, unit: u128, made_on: &str) -> DocumentRow {
    DocumentRow {
        id: id(n),
        unit: id(unit),
        maker: "示例市人民政府".to_owned(),
        category: "normative".to_owned(),
        title: format!("关于第{n}号事项的通知"),
        number: Some(format!("示政发〔2020〕{n}号")),
        index_number: Some(format!("A{n}")),
        attribute: "proactive".to_owned(),
        made_on: date(made_on),
        disclosed_on: None,
        in_force_on: None,
        ended_on: None,
        ending: None,
        amended_on: None,
        withdrawn_on: None,
        url: None,
        version: 1,
        valid_until: None,
        first_disclosed_on: None,
    }
}

pub fn request(n: u128, unit: u128, arrived_on: &str) -> RequestRow {
    RequestRow {
        id: id(n),
        unit: id(unit),
        addressee: id(unit),
        number: Some(format!("2020-{n}")),
        class: "natural_person".to_owned(),
        channel: "counter".to_owned(),
        subject: format!("第{n}号地块征收补偿方案"),
        stage: "registered".to_owned(),
        arrived_on: date(arrived_on),
        received_on: Some(date(arrived_on)),
        due_on: None,
        due_provisional: false,
        decision: None,
        row: None,
        decided_on: None,
        served_on: None,
        finished_on: None,
        personal: None,
        version: 2,
    }
}

pub fn dispute(n: u128, unit: u128, filed_on: &str) -> DisputeRow {
    DisputeRow {
        id: id(n),
        unit: id(unit),
        request: None,
        block: "reconsideration".to_owned(),
        number: format!("示复〔2020〕{n}号"),
        filed_on: date(filed_on),
        decided_on: None,
        outcome: None,
        outcome_group: None,
        body: "示例市人民政府".to_owned(),
        version: 1,
    }
}

pub fn record_correction(n: u128, unit: u128, received_on: &str) -> RecordCorrectionRow {
    RecordCorrectionRow {
        id: id(n),
        unit: id(unit),
        channel: "counter".to_owned(),
        record: format!("示例登记表{n}"),
        stage: "received".to_owned(),
        received_on: date(received_on),
        decided_on: None,
        outcome: None,
        told_on: None,
        personal: None,
        version: 1,
    }
}

pub fn document_draft(n: u128, unit: u128, drafted_on: &str) -> DocumentDraftRow {
    DocumentDraftRow {
        id: id(n),
        unit: id(unit),
        category: "official".to_owned(),
        title: format!("示例通知{n}"),
        attribute: "proactive".to_owned(),
        stage: "open".to_owned(),
        drafted_on: date(drafted_on),
        document: id(100 + n),
        version: 1,
    }
}

pub fn catalogue_entry(n: u128, unit: u128, position: u32) -> CatalogueEntryRow {
    CatalogueEntryRow {
        id: id(n),
        unit: id(unit),
        field: "culture".to_owned(),
        position,
        title: format!("示例事项{n}"),
        item: "{}".to_owned(),
        stage: "entered".to_owned(),
        changed_on: date("2020-10-15"),
        version: 1,
    }
}

pub fn consultation(n: u128, unit: u128, begun_on: &str) -> ConsultationRow {
    ConsultationRow {
        id: id(n),
        unit: id(unit),
        subject: "decision".to_owned(),
        title: format!("示例办法{n}（征求意见稿）"),
        document: id(100 + n),
        begun_on: date(begun_on),
        opened_on: None,
        until_on: date("2020-05-01"),
        told_on: None,
        result: None,
        abandoned: false,
        version: 1,
    }
}

pub fn opinion(n: u128, consultation: u128) -> OpinionRow {
    OpinionRow {
        id: id(n),
        unit: id(2),
        consultation: id(consultation),
        channel: "online".to_owned(),
        state: "waiting".to_owned(),
        answer: None,
        content: id(n + 1000),
        received_on: date("2020-03-08"),
        version: 1,
    }
}

pub fn figure(n: u128, unit: u128, year: i16, key: &str) -> FigureRow {
    FigureRow {
        id: id(n),
        unit: id(unit),
        year,
        key: key.to_owned(),
        amount_micros: -1_500_000,
        measure: "yuan".to_owned(),
        source: "财政局".to_owned(),
        evidence: "年度决算".to_owned(),
        voided: false,
        version: 1,
    }
}

pub fn report(n: u128, unit: u128, year: i16) -> ReportRow {
    ReportRow {
        id: id(n),
        unit: id(unit),
        year,
        scope: "own".to_owned(),
        stage: "draft".to_owned(),
        form: "2019".to_owned(),
        published_on: None,
        version: 1,
        snapshot: None,
    }
}

pub fn file(n: u128, subject: u128) -> FileRow {
    FileRow {
        id: id(n),
        subject_kind: "request".to_owned(),
        subject: id(subject),
        role: "clean-copy".to_owned(),
        media: "pdf".to_owned(),
        size: 1000,
        digest: "0".repeat(64),
        stored: Some(format!("{n:064x}")),
        name: Some(id(n + 1000)),
        added_on: date("2020-03-08"),
        released_until: None,
        erased_on: None,
        published_on: None,
        withdrawn_on: None,
        version: 1,
    }
}

pub fn account(n: u128, login: &str) -> AccountRow {
    AccountRow {
        id: id(n),
        login: login.to_owned(),
        name: "示例".to_owned(),
        unit: Some(id(1)),
        roles: r#"["officer"]"#.to_owned(),
        disabled: false,
        version: 1,
    }
}

/// Both regions, and in each the units 1 (`gov`), 2 (`a`) and 3 (`b`).
pub async fn ground(tx: &mut Tx) -> Result<()> {
    for region in [REGION, OTHER] {
        tx.add_region(region, "示例市").await?;
        for (n, code) in [(1, "gov"), (2, "a"), (3, "b")] {
            tx.put_unit(region, &unit(n, code)).await?;
        }
    }
    Ok(())
}

/// The numbers behind the ids.
pub fn numbers<R>(rows: &[R], id_of: fn(&R) -> Uuid) -> Vec<u128> {
    rows.iter().map(|r| id_of(r).as_u128() - id(0).as_u128()).collect()
}

pub fn same<R: Debug + PartialEq>(found: Result<Option<R>>, expected: &R) {
    assert_eq!(found.unwrap().as_ref(), Some(expected));
}
