//! The docket of an entered figure: one figure of one unit and year that no register of this system counts.
//!
//! The keys and their units are listed in `data/facts.toml` ([`crate::form::fact`]). A changed figure is a correction of
//! the entry, so the earlier value stays visible; a figure entered by mistake is voided.

use super::{Recorded, Tally, in_force};
use crate::form::fact::{FigureKey, Registry};
use crate::{Amount, Refusal};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What can happen to a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FigureEvent {
    /// 填报
    Entered {
        /// Unit whose report counts it.
        unit: String,
        /// Report year.
        year: i16,
        /// Key of the registry, for example `proactive.licensing.decisions`.
        key: String,
        /// The figure in `measure`.
        amount: Amount,
        /// Unit as entered; 元 and 万元 are converted, any other must be that of the key.
        measure: String,
        /// Who supplied it: department, system or register.
        source: String,
        /// Paper or file that proves it.
        evidence: Option<String>,
    },
}

/// Where an entered figure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose report counts it.
    pub unit: String,
    /// Report year.
    pub year: i16,
    /// Key of the registry.
    pub key: String,
    /// The figure in the unit of the key.
    pub amount: Amount,
    /// The unit of the key.
    pub measure: String,
    /// Who supplied it.
    pub source: String,
    /// Paper or file that proves it.
    pub evidence: Option<String>,
    /// Day of the entry in force.
    pub entered_on: Date,
}

impl Standing {
    /// Folds a docket; `None` if it is empty, voided, or names a figure this build cannot count.
    pub fn of(docket: &[Recorded<FigureEvent>]) -> Option<Standing> {
        let first = in_force(docket).into_iter().next()?;
        let FigureEvent::Entered { unit, year, key, amount, measure, source, evidence } = first.event;
        let figure = Registry::builtin().figure(key)?;
        Some(Standing {
            unit: unit.clone(),
            year: *year,
            key: key.clone(),
            amount: convert(figure, *amount, measure).ok()?,
            measure: figure.measure.clone(),
            source: source.clone(),
            evidence: evidence.clone(),
            entered_on: first.on,
        })
    }

    /// Why this figure may not be entered; empty if it may. Also judges the replacement in a correction.
    pub fn may_begin(event: &FigureEvent, _on: Date) -> Vec<Refusal> {
        let FigureEvent::Entered { unit, year, key, amount, measure, source, .. } = event;
        let mut no = Vec::new();
        if unit.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请选择填报单位", ""));
        }
        if source.trim().is_empty() {
            no.push(Refusal::new("source-missing", "请写明数据来源，例如提供数据的部门或者系统", ""));
        }
        if *year < 2008 {
            no.push(Refusal::new(
                "year-unknown",
                "条例自2008年5月1日起施行，请核对统计年度",
                "条例（2007）第三十八条",
            ));
        }
        let Some(figure) = Registry::builtin().figure(key) else {
            no.push(Refusal::new(
                "key-unknown",
                format!("没有名为“{key}”的填报指标，请从指标列表中选择"),
                "",
            ));
            return no;
        };
        if !figure.signed && *amount < Amount::ZERO {
            no.push(Refusal::new("negative", format!("“{}”不能为负数", figure.label), ""));
        }
        if !figure.is_money() && amount.as_whole().is_none() {
            no.push(Refusal::new("not-whole", format!("“{}”应当填写整数", figure.label), ""));
        }
        if let Err(refusal) = convert(figure, *amount, measure) {
            no.push(refusal);
        }
        no
    }

    /// Why nothing more may be entered: a change is a correction of the entry.
    pub fn may(&self, event: &FigureEvent, on: Date) -> Vec<Refusal> {
        let mut no = Self::may_begin(event, on);
        no.push(Refusal::new("already-entered", "该指标本年度已经填报，如需修改请更正原填报事项", ""));
        no
    }

    /// The flow of the report year. A zero that was entered is a tally too: it is not the same as nothing entered.
    pub fn tallies(&self) -> Vec<Tally> {
        vec![
            Tally { year: self.year, key: format!("figure.{}", self.key).into(), n: self.amount.micros() },
            Tally::one(self.year, format!("entered.{}", self.key)),
        ]
    }
}

/// The figure in the unit of its key. 元 and 万元 are converted exactly, to the fen.
fn convert(figure: &FigureKey, amount: Amount, measure: &str) -> Result<Amount, Refusal> {
    let inexact = || {
        Refusal::new("inexact", format!("“{}”填写的金额过大或者不足一分，请核对金额和单位", figure.label), "")
    };
    let micros = amount.micros();
    match (measure, figure.measure.as_str()) {
        (given, wanted) if given == wanted => Ok(amount),
        ("万元", "元") => micros.checked_mul(10_000).map(Amount::from_micros).ok_or_else(inexact),
        ("元", "万元") if micros % 10_000 == 0 => Ok(Amount::from_micros(micros / 10_000)),
        ("元", "万元") => Err(inexact()),
        (given, wanted) => Err(Refusal::new(
            "measure-wrong",
            format!("“{}”的计量单位应当是“{wanted}”，不是“{given}”", figure.label),
            "",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn entered(key: &str, amount: &str, measure: &str) -> FigureEvent {
        FigureEvent::Entered {
            unit: "office".into(),
            year: 2021,
            key: key.into(),
            amount: amount.parse().unwrap(),
            measure: measure.into(),
            source: "财政局".into(),
            evidence: None,
        }
    }

    fn stand(event: FigureEvent) -> Standing {
        Standing::of(&[Recorded::new(1, date(2022, 1, 5), event)]).unwrap()
    }

    fn codes(event: &FigureEvent) -> Vec<String> {
        Standing::may_begin(event, date(2022, 1, 5)).into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn yuan_and_ten_thousand_yuan_are_converted_to_the_fen() {
        let s = stand(entered("proactive.charges.amount", "390785.01", "元"));
        assert_eq!((s.amount.to_string().as_str(), s.measure.as_str()), ("39.078501", "万元"));
        let s = stand(entered("proactive.procurement.amount", "39.078501", "万元"));
        assert_eq!((s.amount.to_string().as_str(), s.measure.as_str()), ("390785.01", "元"));
        assert_eq!(codes(&entered("proactive.charges.amount", "0.001", "元")), ["inexact"]);
        assert_eq!(codes(&entered("proactive.procurement.amount", "9000000000000", "万元")), ["inexact"]);
    }

    #[test]
    fn a_figure_that_cannot_be_counted_is_refused_with_every_reason() {
        assert!(codes(&entered("hotline.received", "2629", "条")).is_empty());
        assert!(codes(&entered("proactive.licensing.change", "-3", "项")).is_empty());
        assert_eq!(
            codes(&entered("proactive.licensing.decisions", "-1.5", "元")),
            ["negative", "not-whole", "measure-wrong"]
        );
        assert_eq!(codes(&entered("nobody.knows", "1", "件")), ["key-unknown"]);
        let FigureEvent::Entered { key, amount, measure, .. } = entered("hotline.received", "1", "条");
        let nowhere = FigureEvent::Entered {
            unit: String::new(),
            year: 1999,
            key,
            amount,
            measure,
            source: " ".into(),
            evidence: None,
        };
        assert_eq!(codes(&nowhere), ["unit-missing", "source-missing", "year-unknown"]);
    }

    #[test]
    fn a_change_is_a_correction_and_zero_is_an_entry() {
        let first = Recorded::new(1, date(2022, 1, 5), entered("hotline.received", "5", "条"));
        let change = Recorded {
            ordinal: 2,
            effective_on: date(2022, 1, 9),
            corrects: Some(1),
            event: Some(entered("hotline.received", "0", "条")),
        };
        let s = Standing::of(&[first.clone(), change.clone()]).unwrap();
        assert_eq!(s.tallies()[0], Tally { year: 2021, key: "figure.hotline.received".into(), n: 0 });
        let again = s.may(&entered("hotline.received", "6", "条"), date(2022, 2, 1));
        assert_eq!(again.last().unwrap().code, "already-entered");
        let void = Recorded { ordinal: 3, event: None, ..change };
        assert_eq!(Standing::of(&[first, void]), None);
    }
}
