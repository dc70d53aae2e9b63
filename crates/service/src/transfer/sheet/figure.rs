//! 年度数据登记簿

use super::{Events, Sheet, must_unit_in, place, unit_name};
use crate::figure::YearFigures;
use crate::transfer::cell::{Bad, Cells, Column, may, must};
use crate::unit::Tree;
use jiff::civil::Date;
use law::docket::figure::FigureEvent;
use law::form::fact::Registry;

const UNIT: &str = "填报单位";
const YEAR: &str = "统计年度";
const KEY: &str = "指标";
const LABEL: &str = "指标名称";
const AMOUNT: &str = "数值";
const MEASURE: &str = "计量单位";
const SOURCE: &str = "数据来源";
const EVIDENCE: &str = "佐证材料";
const ON: &str = "填报日期";

impl Sheet for YearFigures {
    const COLUMNS: &'static [Column] = &[
        must(UNIT),
        must(YEAR).or(&["年度"]),
        must(KEY),
        may(LABEL),
        must(AMOUNT),
        must(MEASURE),
        must(SOURCE),
        may(EVIDENCE),
        must(ON),
    ];

    fn read(cells: &Cells, tree: &Tree) -> Result<Events<FigureEvent>, Bad> {
        let key = cells.must(KEY)?;
        // A key or its Chinese name; an unknown one is refused by the law with its own sentence.
        let named = Registry::builtin().figures.iter().find(|f| f.label == key).map(|f| f.key.clone());
        let event = FigureEvent::Entered {
            unit: must_unit_in(cells, UNIT, tree)?,
            year: cells.number(YEAR)?,
            key: named.unwrap_or(key),
            amount: cells.number(AMOUNT)?,
            measure: cells.must(MEASURE)?,
            source: cells.must(SOURCE)?,
            evidence: cells.some(EVIDENCE),
        };
        Ok(vec![(cells.must_date(ON)?, event)])
    }

    fn write(on: Date, event: &FigureEvent, tree: &Tree, cells: &mut Cells) -> bool {
        let FigureEvent::Entered { unit, year, key, amount, measure, source, evidence } = event;
        let label = Registry::builtin().figure(key).map_or("", |f| f.label.as_str());
        place(
            cells,
            (ON, on),
            &[
                (UNIT, &unit_name(unit, tree)),
                (YEAR, &year.to_string()),
                (KEY, key),
                (LABEL, label),
                (AMOUNT, &amount.to_string()),
                (MEASURE, measure),
                (SOURCE, source),
                (EVIDENCE, evidence.as_deref().unwrap_or_default()),
            ],
        )
    }
}
