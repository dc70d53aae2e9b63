//! 机关名录

use super::{Events, Sheet, place, unit_in, unit_name};
use crate::transfer::cell::{Bad, Cells, Column, may, must};
use crate::unit::{Tree, Units};
use jiff::civil::Date;
use law::docket::unit::{Level, UnitEvent, UnitKind};

const CODE: &str = "代码";
const NAME: &str = "名称";
const SHORT: &str = "简称";
const KIND: &str = "类别";
const LEVEL: &str = "层级";
const PARENT: &str = "上级机关";
const INTO: &str = "汇总机关";
const SINCE: &str = "设立日期";
const UNTIL: &str = "撤销日期";
const SUCCESSOR: &str = "承接机关";

/// Columns that name other units: rows are taken in their order.
pub(in crate::transfer) const REFERENCES: [&str; 3] = [PARENT, INTO, SUCCESSOR];
/// Columns by which a row is named.
pub(in crate::transfer) const NAMES: [&str; 3] = [CODE, NAME, SHORT];

impl Sheet for Units {
    const COLUMNS: &'static [Column] = &[
        must(CODE),
        must(NAME).or(&["机关名称", "单位名称"]),
        must(SHORT),
        must(KIND),
        must(LEVEL),
        may(PARENT),
        may(INTO),
        must(SINCE),
        may(UNTIL),
        may(SUCCESSOR),
    ];

    fn read(cells: &Cells, tree: &Tree) -> Result<Events<UnitEvent>, Bad> {
        let mut events = vec![(
            cells.must_date(SINCE)?,
            UnitEvent::Established {
                code: cells.must(CODE)?,
                name: cells.must(NAME)?,
                short_name: cells.must(SHORT)?,
                kind: cells.word(KIND, &UnitKind::ALL.map(|k| (k, k.label())))?,
                level: cells.word(LEVEL, &Level::ALL.map(|l| (l, l.label())))?,
                parent: unit_in(cells, PARENT, tree)?,
                consolidates_into: unit_in(cells, INTO, tree)?,
            },
        )];
        cells.alone(UNTIL, &[SUCCESSOR])?;
        if let Some(on) = cells.date(UNTIL)? {
            events.push((on, UnitEvent::Closed { successor: unit_in(cells, SUCCESSOR, tree)? }));
        }
        Ok(events)
    }

    fn write(on: Date, event: &UnitEvent, tree: &Tree, cells: &mut Cells) -> bool {
        let named = |id: &Option<String>| id.as_deref().map(|id| unit_name(id, tree)).unwrap_or_default();
        match event {
            UnitEvent::Established { code, name, short_name, kind, level, parent, consolidates_into } => {
                place(
                    cells,
                    (SINCE, on),
                    &[
                        (CODE, code),
                        (NAME, name),
                        (SHORT, short_name),
                        (KIND, kind.label()),
                        (LEVEL, level.label()),
                        (PARENT, &named(parent)),
                        (INTO, &named(consolidates_into)),
                    ],
                )
            }
            UnitEvent::Closed { successor } => place(cells, (UNTIL, on), &[(SUCCESSOR, &named(successor))]),
            UnitEvent::Renamed { .. } | UnitEvent::Moved { .. } | UnitEvent::Described { .. } => false,
        }
    }
}
