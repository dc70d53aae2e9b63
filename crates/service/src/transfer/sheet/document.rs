//! 公文登记簿: the columns of a catalogue of published items (目录元数据).

use super::{Events, Sheet, must_unit_in, place, unit_name};
use crate::document::{Documents, line_findings};
use crate::transfer::cell::{Bad, Cells, Column, may, must};
use crate::unit::Tree;
use jiff::civil::Date;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};

const UNIT: &str = "统计单位";
const MAKER: &str = "制作机关";
const CATEGORY: &str = "公文类别";
const TITLE: &str = "标题";
const NUMBER: &str = "发文字号";
const INDEX: &str = "索引号";
const ATTRIBUTE: &str = "公开属性";
const REASON: &str = "属性理由";
const MADE: &str = "成文日期";
const DISCLOSED: &str = "发布日期";
const URL: &str = "在线链接";
const FORCE: &str = "施行日期";
const AMENDED: &str = "修改日期";
const AMENDED_BY: &str = "修改依据";
const REPEALED: &str = "废止日期";
const REPEALED_BY: &str = "废止依据";
const LAPSED: &str = "失效日期";
const LAPSED_WHY: &str = "失效原因";
const WITHDRAWN: &str = "撤下日期";
const WITHDRAWN_WHY: &str = "撤下原因";

impl Sheet for Documents {
    const COLUMNS: &'static [Column] = &[
        must(UNIT),
        must(MAKER).or(&["发布机构", "发文机关"]),
        must(CATEGORY),
        must(TITLE).or(&["名称"]),
        may(NUMBER).or(&["文号"]),
        may(INDEX),
        must(ATTRIBUTE),
        may(REASON),
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
    ];

    fn read(cells: &Cells, tree: &Tree) -> Result<Events<DocumentEvent>, Bad> {
        let mut events = vec![(
            cells.must_date(MADE)?,
            DocumentEvent::Made {
                counted_by: must_unit_in(cells, UNIT, tree)?,
                maker: must_unit_in(cells, MAKER, tree)?,
                category: cells.word(CATEGORY, &Category::DOCUMENTS.map(|c| (c, c.label())))?,
                title: cells.must(TITLE)?,
                number: cells.some(NUMBER),
                index_number: cells.some(INDEX),
                attribute: cells.word(ATTRIBUTE, &DisclosureAttribute::ALL.map(|a| (a, a.label())))?,
                reason: cells.some(REASON),
            },
        )];
        if let Some(on) = cells.date(FORCE)? {
            events.push((on, DocumentEvent::InForce));
        }
        cells.alone(DISCLOSED, &[URL])?;
        if let Some(on) = cells.date(DISCLOSED)? {
            // Nobody settles what is found in a row: such a document is registered and published by hand.
            for column in [TITLE, NUMBER, INDEX, AMENDED_BY, REPEALED_BY, LAPSED_WHY] {
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
                },
            ));
        }
        Ok(events)
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
            DocumentEvent::AttributeChanged { .. }
            | DocumentEvent::Settled { .. }
            | DocumentEvent::InterpretationPlanned { .. }
            | DocumentEvent::Interprets { .. }
            | DocumentEvent::ValidUntil { .. } => false,
        }
    }
}
