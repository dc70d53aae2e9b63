//! 公文登记簿: the columns of a catalogue of published items (目录元数据).

use super::{Events, REST, Sheet, must_unit_in, place, unit_name};
use crate::document::{Documents, line_findings};
use crate::transfer::cell::{Bad, Cells, Column, may, must};
use crate::unit::Tree;
use jiff::civil::Date;
use law::classification::{self, Classification, keywords_in};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::unit::Level;

pub(in crate::transfer) const UNIT: &str = "统计单位";
pub(in crate::transfer) const MAKER: &str = "制作机关";
pub(in crate::transfer) const CATEGORY: &str = "公文类别";
pub(in crate::transfer) const TITLE: &str = "标题";
pub(in crate::transfer) const NUMBER: &str = "发文字号";
pub(in crate::transfer) const INDEX: &str = "索引号";
pub(in crate::transfer) const ATTRIBUTE: &str = "公开属性";
const REASON: &str = "属性理由";
pub(in crate::transfer) const MADE: &str = "成文日期";
pub(in crate::transfer) const DISCLOSED: &str = "发布日期";
pub(in crate::transfer) const URL: &str = "在线链接";
pub(in crate::transfer) const FORCE: &str = "施行日期";
pub(in crate::transfer) const AMENDED: &str = "修改日期";
pub(in crate::transfer) const AMENDED_BY: &str = "修改依据";
pub(in crate::transfer) const REPEALED: &str = "废止日期";
pub(in crate::transfer) const REPEALED_BY: &str = "废止依据";
pub(in crate::transfer) const LAPSED: &str = "失效日期";
pub(in crate::transfer) const LAPSED_WHY: &str = "失效原因";
pub(in crate::transfer) const WITHDRAWN: &str = "撤下日期";
pub(in crate::transfer) const WITHDRAWN_WHY: &str = "撤下原因";
const CLASSIFIED: &str = "分类日期";
const SUBJECT: &str = "主题分类";
const GENRE: &str = "体裁";
const AUDIENCE: &str = "服务对象";
const COLUMNS: &str = "公开栏目";
const KEYWORDS: &str = "关键词";
const DESCRIPTION: &str = "内容概述";
const CLASSES: [&str; 6] = [SUBJECT, GENRE, AUDIENCE, COLUMNS, KEYWORDS, DESCRIPTION];

impl Sheet for Documents {
    const COLUMNS: &'static [Column] = &[
        must(UNIT),
        must(MAKER).or(&["发布机构", "发文机关"]),
        must(CATEGORY),
        must(TITLE).or(&["名称"]),
        may(NUMBER).or(&["文号"]),
        may(INDEX),
        must(ATTRIBUTE).or(&["公开方式"]),
        may(REASON).or(&["理由依据", "公开方式/理由依据"]),
        must(MADE).or(&["生成日期"]),
        may(DISCLOSED).or(&["公开日期"]),
        may(URL),
        may(FORCE),
        may(AMENDED),
        may(AMENDED_BY),
        may(REPEALED),
        may(REPEALED_BY),
        may(LAPSED),
        may(LAPSED_WHY),
        may(WITHDRAWN),
        may(WITHDRAWN_WHY),
        may(CLASSIFIED),
        may(SUBJECT),
        may(GENRE).or(&["体裁分类"]),
        may(AUDIENCE).or(&["服务对象分类"]),
        may(COLUMNS),
        may(KEYWORDS),
        may(DESCRIPTION),
    ];

    fn read(cells: &Cells, tree: &Tree) -> Result<Events<DocumentEvent>, Bad> {
        let mut events = vec![(
            cells.must_date(MADE)?,
            DocumentEvent::Made {
                counted_by: must_unit_in(cells, UNIT, tree)?,
                maker: must_unit_in(cells, MAKER, tree)?,
                category: cells.word(CATEGORY, &Category::ENTERED.map(|c| (c, c.label())))?,
                title: cells.must(TITLE)?,
                number: cells.some(NUMBER),
                index_number: cells.some(INDEX),
                attribute: cells.word(ATTRIBUTE, &DisclosureAttribute::ALL.map(|a| (a, a.label())))?,
                reason: cells.some(REASON),
            },
        )];
        let classified = classification_in(cells, tree)?;
        if classified != Classification::default() {
            // Who fills the sheet by hand knows of no other day.
            let on = cells.date(CLASSIFIED)?.unwrap_or(events[0].0);
            events.push((on, DocumentEvent::Classified(Box::new(classified))));
        }
        if let Some(on) = cells.date(FORCE)? {
            events.push((on, DocumentEvent::InForce));
        }
        cells.alone(DISCLOSED, &[URL])?;
        if let Some(on) = cells.date(DISCLOSED)? {
            // Nobody settles what is found in a row: such a document is registered and published by hand.
            let lines = [TITLE, NUMBER, INDEX, AMENDED_BY, REPEALED_BY, LAPSED_WHY];
            for column in lines.into_iter().chain([AUDIENCE, KEYWORDS, DESCRIPTION]) {
                if let Some(found) = line_findings(cells.text(column), Date::MAX).first() {
                    let what = found.what.label();
                    let reason = format!("疑似含有{what}，请核对；确需公开的，登记后逐件公开");
                    return Err(Bad::new(column, reason));
                }
            }
            events.push((on, DocumentEvent::Disclosed { url: cells.some(URL) }));
        }
        cells.alone(AMENDED, &[AMENDED_BY])?;
        if let Some(on) = cells.date(AMENDED)? {
            events.push((on, DocumentEvent::Amended { by: cells.text(AMENDED_BY).to_owned() }));
        }
        cells.alone(REPEALED, &[REPEALED_BY])?;
        if let Some(on) = cells.date(REPEALED)? {
            events.push((on, DocumentEvent::Repealed { by: cells.text(REPEALED_BY).to_owned() }));
        }
        cells.alone(LAPSED, &[LAPSED_WHY])?;
        if let Some(on) = cells.date(LAPSED)? {
            events.push((on, DocumentEvent::Lapsed { reason: cells.text(LAPSED_WHY).to_owned() }));
        }
        cells.alone(WITHDRAWN, &[WITHDRAWN_WHY])?;
        if let Some(on) = cells.date(WITHDRAWN)? {
            events.push((
                on,
                DocumentEvent::Withdrawn {
                    reason: cells.text(WITHDRAWN_WHY).to_owned(),
                    told: String::new(),
                    kept: String::new(),
                },
            ));
        }
        Ok(events)
    }

    fn look(events: &Events<DocumentEvent>) -> Result<(), Bad> {
        if !events.iter().any(|(_, event)| matches!(event, DocumentEvent::Disclosed { .. })) {
            return Ok(());
        }
        // The cells were looked at as they were read; what is found now stands in the column that holds the rest.
        let found = events
            .iter()
            .flat_map(|(_, event)| read_by_everybody(event))
            .find_map(|text| line_findings(text, Date::MAX).first().map(|found| found.what.label()));
        match found {
            Some(what) => {
                Err(Bad::new(REST.name, format!("疑似含有{what}，请核对；确需公开的，登记后逐件公开")))
            }
            None => Ok(()),
        }
    }

    fn write(on: Date, event: &DocumentEvent, tree: &Tree, cells: &mut Cells) -> bool {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        match event {
            DocumentEvent::Made {
                counted_by,
                maker,
                category,
                title,
                number,
                index_number,
                attribute,
                reason,
            } => place(
                cells,
                (MADE, on),
                &[
                    (UNIT, &unit_name(counted_by, tree)),
                    (MAKER, &unit_name(maker, tree)),
                    (CATEGORY, category.label()),
                    (TITLE, title),
                    (NUMBER, &text(number)),
                    (INDEX, &text(index_number)),
                    (ATTRIBUTE, attribute.label()),
                    (REASON, &text(reason)),
                ],
            ),
            DocumentEvent::Disclosed { url } => place(cells, (DISCLOSED, on), &[(URL, &text(url))]),
            DocumentEvent::InForce => place(cells, (FORCE, on), &[]),
            DocumentEvent::Amended { by } => place(cells, (AMENDED, on), &[(AMENDED_BY, by)]),
            DocumentEvent::Repealed { by } => place(cells, (REPEALED, on), &[(REPEALED_BY, by)]),
            DocumentEvent::Lapsed { reason } => place(cells, (LAPSED, on), &[(LAPSED_WHY, reason)]),
            DocumentEvent::Withdrawn { reason, .. } => {
                place(cells, (WITHDRAWN, on), &[(WITHDRAWN_WHY, reason)])
            }
            DocumentEvent::Classified(classified) => put_classification(on, classified, tree, cells),
            DocumentEvent::AttributeChanged { .. }
            | DocumentEvent::ReviewCalled(_)
            | DocumentEvent::Filed(_)
            | DocumentEvent::Unified(_)
            | DocumentEvent::Scheduled { .. }
            | DocumentEvent::ScheduleCancelled { .. }
            | DocumentEvent::ScheduleMissed { .. }
            | DocumentEvent::CleanedUp { .. }
            | DocumentEvent::AttributeReviewed { .. }
            | DocumentEvent::Settled { .. }
            | DocumentEvent::InterpretationPlanned { .. }
            | DocumentEvent::Interprets { .. }
            | DocumentEvent::Catalogued { .. }
            | DocumentEvent::Imported(_)
            | DocumentEvent::Relayed { .. }
            | DocumentEvent::ValidUntil { .. } => false,
        }
    }
}

/// What an event says on the public page.
fn read_by_everybody(event: &DocumentEvent) -> Vec<&str> {
    match event {
        DocumentEvent::Made { title, number, index_number, .. } => {
            [Some(title), number.as_ref(), index_number.as_ref()]
                .into_iter()
                .flatten()
                .map(|t| &**t)
                .collect()
        }
        DocumentEvent::Amended { by }
        | DocumentEvent::Repealed { by }
        | DocumentEvent::CleanedUp { by, .. } => {
            vec![by]
        }
        DocumentEvent::Lapsed { reason } => vec![reason],
        DocumentEvent::Withdrawn { told, .. } => vec![told],
        DocumentEvent::Classified(c) => {
            let lines = [&c.audience, &c.description].into_iter().chain(&c.keywords);
            lines.map(String::as_str).collect()
        }
        DocumentEvent::Unified(unified) => vec![&unified.registered_no],
        DocumentEvent::AttributeChanged { .. }
        | DocumentEvent::ReviewCalled(_)
        | DocumentEvent::Filed(_)
        | DocumentEvent::Scheduled { .. }
        | DocumentEvent::ScheduleCancelled { .. }
        | DocumentEvent::ScheduleMissed { .. }
        | DocumentEvent::AttributeReviewed { .. }
        | DocumentEvent::Disclosed { .. }
        | DocumentEvent::InForce
        | DocumentEvent::ValidUntil { .. }
        | DocumentEvent::InterpretationPlanned { .. }
        | DocumentEvent::Interprets { .. }
        | DocumentEvent::Catalogued { .. }
        | DocumentEvent::Imported(_)
        | DocumentEvent::Relayed { .. }
        | DocumentEvent::Settled { .. } => Vec::new(),
    }
}

/// What the cells say of how the document is classified; by labels or by keys. Columns are told apart with ；, because some
/// labels hold a 、; two columns of one name are those of a county and of a township, and the unit has one of them.
fn classification_in(cells: &Cells, tree: &Tree) -> Result<Classification, Bad> {
    let level = tree.find(cells.text(UNIT)).ok().and_then(|u| Level::parse(&u.level));
    let fits = |c: &&classification::Column| level.is_none_or(|level| c.fits(level));
    let mut columns = Vec::new();
    for text in cells.text(COLUMNS).split(['；', ';', '\n']).map(str::trim).filter(|t| !t.is_empty()) {
        let mut all = classification::columns().iter().filter(fits);
        let column = all.find(|c| c.key == text || c.label == text);
        let column = column.ok_or_else(|| Bad::new(COLUMNS, format!("没有“{text}”这个公开栏目，请核对")))?;
        columns.push(column.key.clone());
    }
    let subject = match cells.text(SUBJECT) {
        "" => None,
        text => Some(classification::subject(text).ok_or_else(|| {
            Bad::new(SUBJECT, format!("没有“{text}”这个主题分类，请写到第二级，例如：综合政务\\政务公开"))
        })?),
    };
    let genre = match cells.text(GENRE) {
        "" => None,
        text => Some(
            classification::genre(text)
                .ok_or_else(|| Bad::new(GENRE, format!("没有“{text}”这个体裁，请核对")))?,
        ),
    };
    Ok(Classification {
        subject: subject.map(|s| s.key().to_owned()),
        genre: genre.map(|g| g.key.clone()),
        audience: cells.text(AUDIENCE).to_owned(),
        columns,
        keywords: keywords_in(cells.text(KEYWORDS)),
        description: cells.text(DESCRIPTION).to_owned(),
    })
}

/// Writes it into its cells; `false` if they are taken, or if reading them would give something else.
fn put_classification(on: Date, of: &Classification, tree: &Tree, cells: &mut Cells) -> bool {
    let labels: Vec<&str> =
        of.columns.iter().filter_map(|key| Some(classification::column(key)?.label.as_str())).collect();
    let texts = [
        of.subject().map(|s| s.label()).unwrap_or_default(),
        of.genre().map(|g| g.label.clone()).unwrap_or_default(),
        of.audience.clone(),
        labels.join("；"),
        of.keywords.join("、"),
        of.description.clone(),
    ];
    let mut read = Cells::default();
    read.put(UNIT, cells.text(UNIT));
    for (name, text) in CLASSES.into_iter().zip(&texts) {
        read.put(name, text.trim());
    }
    if classification_in(&read, tree).as_ref() != Ok(of) || *of == Classification::default() {
        return false;
    }
    let texts: Vec<(&str, &str)> = CLASSES.into_iter().zip(texts.iter().map(String::as_str)).collect();
    place(cells, (CLASSIFIED, on), &texts)
}
