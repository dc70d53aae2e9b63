//! The standard catalogues of the sample: an entry or two and more of each field, published in October 2020, and the
//! documents of the office under those they belong to.

use super::Sample;
use jiff::civil::{Date, date};
use law::catalogue::{Item, Tier};
use law::docket::catalogue::CatalogueEvent;
use law::docket::document::DocumentEvent;
use service::{Change, Error, Result};
use std::collections::{BTreeMap, BTreeSet};

const ENTRIES: &str = include_str!("text/catalogue.tsv");

/// What stands in the title of a document, and the field and 二级事项 of the entry it belongs to.
const UNDER: [(&str, &str, &str); 12] = [
    ("农村人居环境整治", "environment", "生态环境政策文件"),
    ("大气污染防治", "environment", "生态环境政策文件"),
    ("老旧小区改造", "housing", "老旧小区改造政策文件"),
    ("基本养老保险", "social-insurance", "养老保险政策文件"),
    ("义务教育招生", "compulsory-education", "义务教育政策文件"),
    ("农产品质量安全", "food-and-drugs", "食品安全政策文件"),
    ("食品安全示范创建", "food-and-drugs", "食品安全政策文件"),
    ("防汛抗旱应急", "disaster-relief", "防汛抗旱应急预案"),
    ("全民健身", "culture", "公共文化机构免费开放"),
    ("公共图书馆服务", "culture", "公共文化机构免费开放"),
    ("冬季清洁取暖", "municipal-services", "清洁取暖政策文件"),
    ("森林防火", "disaster-relief", "防汛抗旱应急预案"),
];

/// A line of the list: field, units of the county level by code, and what the entry says.
fn entry(line: &str) -> Option<(&str, Vec<&str>, Item)> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [field, first, second, content, basis, limit, body, units, channels, group, ways, tiers] =
        cells.try_into().ok()?;
    let lines = |text: &str| text.replace(';', "\n");
    let item = Item {
        first: first.into(),
        second: second.into(),
        content: lines(content),
        basis: lines(basis),
        limit: limit.into(),
        body: body.into(),
        channels: channels.split(';').map(str::to_owned).collect(),
        everybody: group.is_empty(),
        group: group.into(),
        proactive: ways.contains("主动"),
        on_request: ways.contains("依申请"),
        tiers: tiers.split(';').filter_map(Tier::parse).collect(),
        ..Item::default()
    };
    Some((field, units.split(',').filter(|u| !u.is_empty()).collect(), item))
}

/// The catalogues of all fields, published by the office.
pub(super) async fn publish(sample: &mut Sample<'_>) -> Result<()> {
    let (on, published_on) = (date(2020, 10, 12), date(2020, 10, 15));
    let ids: BTreeMap<String, String> =
        sample.service.units().await?.into_iter().map(|u| (u.code, u.id.to_string())).collect();
    let mut positions: BTreeMap<&str, u32> = BTreeMap::new();
    for line in ENTRIES.lines().skip(1) {
        let (field, units, item) =
            entry(line).ok_or_else(|| Error::Internal(format!("a line of the sample catalogue: {line}")))?;
        let position = positions.entry(field).or_default();
        *position += 1;
        let units = units.into_iter().filter_map(|code| ids.get(code).cloned()).collect();
        let event = CatalogueEvent::Entered {
            kept_by: sample.office.to_string(),
            field: field.into(),
            position: *position,
            item: Box::new(Item { units, ..item }),
        };
        let ctx = sample.desk(on);
        sample.service.enter_catalogue_entry(ctx, on, event).await?;
    }
    for field in positions.keys() {
        let ctx = sample.desk(published_on);
        sample.service.publish_catalogue(ctx, field, published_on).await?;
    }
    Ok(())
}

/// Puts the documents made in a year under the entries they belong to.
pub(super) async fn fill(sample: &mut Sample<'_>, year: i16, on: Date) -> Result<()> {
    let entries = sample.service.published_entries().await?;
    let ctx = sample.desk(on);
    let filter = service::row::DocumentFilter { made_in: Some(year), ..Default::default() };
    let made = sample.service.documents(&ctx, filter, service::Page::first(500)).await?;
    for document in made.iter().filter(|d| d.category != "interpretation") {
        let fits = |(subject, field, second): &(&str, &str, &str)| {
            let title = format!("：{second}");
            let of = entries.iter().filter(|e| document.title.contains(subject) && e.field == *field);
            of.filter(|e| e.title.ends_with(&title)).map(|e| e.id.to_string()).next()
        };
        let under: BTreeSet<String> = UNDER.iter().filter_map(fits).collect();
        if under.is_empty() {
            continue;
        }
        let version = u32::try_from(document.version).unwrap_or_default();
        let change = Change::event(on, DocumentEvent::Catalogued { entries: under.into_iter().collect() });
        let ctx = sample.desk(on);
        sample.service.change_document(ctx, document.id, version, change).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use law::catalogue::fields;

    #[test]
    fn every_field_has_entries_that_say_everything() {
        let all: Vec<_> = ENTRIES.lines().skip(1).map(|line| entry(line).unwrap_or_default()).collect();
        for (field, _, item) in &all {
            assert!(fields().iter().any(|f| f.key == *field), "{field}");
            assert_eq!(item.refusals(), [], "{}", item.title());
        }
        for field in fields() {
            assert!(all.iter().any(|(of, ..)| *of == field.key), "{}", field.label);
        }
        for (_, field, second) in UNDER {
            assert!(all.iter().any(|(of, _, item)| *of == field && item.second == second), "{second}");
        }
    }
}
