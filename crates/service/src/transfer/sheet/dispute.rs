//! 复议诉讼登记簿

use super::{Events, Sheet, must_unit_in, place, unit_name};
use crate::dispute::Disputes;
use crate::transfer::cell::{Bad, Cells, Column, may, must};
use crate::unit::Tree;
use jiff::civil::Date;
use law::docket::dispute::{Block, DisputeEvent, Outcome};
use uuid::Uuid;

const UNIT: &str = "统计单位";
const BLOCK: &str = "案件类型";
/// The agency whose number [`OF_NUMBER`] is.
pub(in crate::transfer) const OF_AGENCY: &str = "关联申请受理机关";
/// The request it is about, by its number; by its id where it has none.
pub(in crate::transfer) const OF_NUMBER: &str = "关联申请编号";
const NUMBER: &str = "案号";
const BODY: &str = "复议机关或者法院";
const FILED: &str = "申请（起诉）日期";
const ACCEPTED: &str = "受理日期";
const ANSWERED: &str = "答复（答辩）日期";
const DECIDED: &str = "审结日期";
const OUTCOME: &str = "结果";
const DECISION: &str = "决定（裁判）文号";
const WITHDRAWN: &str = "撤回日期";

impl Sheet for Disputes {
    const COLUMNS: &'static [Column] = &[
        must(UNIT).or(&["被申请人", "被告"]),
        must(BLOCK),
        may(OF_AGENCY),
        may(OF_NUMBER),
        must(NUMBER),
        must(BODY).or(&["复议机关", "法院"]),
        must(FILED).or(&["申请日期", "起诉日期"]),
        may(ACCEPTED),
        may(ANSWERED).or(&["答复日期", "答辩日期"]),
        may(DECIDED),
        may(OUTCOME),
        may(DECISION),
        may(WITHDRAWN),
    ];

    fn read(cells: &Cells, tree: &Tree) -> Result<Events<DisputeEvent>, Bad> {
        // The import puts the id of the request here, as it looks it up in the store.
        let request = cells.some(OF_NUMBER).filter(|id| Uuid::parse_str(id).is_ok());
        let mut events = vec![(
            cells.must_date(FILED)?,
            DisputeEvent::Filed {
                unit: must_unit_in(cells, UNIT, tree)?,
                block: cells.word(BLOCK, &Block::ALL.map(|b| (b, b.label())))?,
                request,
                number: cells.text(NUMBER).to_owned(),
                body: cells.must(BODY)?,
            },
        )];
        if let Some(on) = cells.date(ACCEPTED)? {
            events.push((on, DisputeEvent::Accepted));
        }
        if let Some(on) = cells.date(ANSWERED)? {
            events.push((on, DisputeEvent::AnswerServed));
        }
        cells.alone(DECIDED, &[OUTCOME, DECISION])?;
        if let Some(on) = cells.date(DECIDED)? {
            let outcome = cells.word(OUTCOME, &Outcome::ALL.map(|o| (o, o.label())))?;
            events.push((on, DisputeEvent::Decided { outcome, number: cells.text(DECISION).to_owned() }));
        }
        if let Some(on) = cells.date(WITHDRAWN)? {
            events.push((on, DisputeEvent::Withdrawn));
        }
        Ok(events)
    }

    fn write(on: Date, event: &DisputeEvent, tree: &Tree, cells: &mut Cells) -> bool {
        match event {
            DisputeEvent::Filed { unit, block, request, number, body } => place(
                cells,
                (FILED, on),
                &[
                    (UNIT, &unit_name(unit, tree)),
                    (BLOCK, block.label()),
                    (OF_NUMBER, request.as_deref().unwrap_or_default()),
                    (NUMBER, number),
                    (BODY, body),
                ],
            ),
            DisputeEvent::Accepted => place(cells, (ACCEPTED, on), &[]),
            DisputeEvent::AnswerServed => place(cells, (ANSWERED, on), &[]),
            DisputeEvent::Decided { outcome, number } => {
                place(cells, (DECIDED, on), &[(OUTCOME, outcome.label()), (DECISION, number)])
            }
            DisputeEvent::Withdrawn => place(cells, (WITHDRAWN, on), &[]),
        }
    }
}
