//! Yearly figures of the sample that no register here counts yet: entered with their source.

use super::Sample;
use jiff::civil::{Date, date};
use law::Amount;
use law::docket::figure::FigureEvent;
use service::Result;

/// Key, amount, unit, source.
type Line = (&'static str, i64, &'static str, &'static str);

const OF_2020: [Line; 8] = [
    ("proactive.procurement.items", 5, "项", "政府采购台账"),
    ("proactive.procurement.amount", 390_785, "元", "政府采购台账"),
    ("hotline.received", 2629, "条", "市长热线工单台账"),
    ("hotline.closed", 2556, "条", "市长热线工单台账"),
    ("mailbox.received", 478, "件", "市长信箱台账"),
    ("mailbox.answered", 347, "件", "市长信箱台账"),
    ("accounts.kept", 34, "个", "政务新媒体备案表"),
    ("systems.compiled", 15, "项", "政务公开制度汇编"),
];

const OF_2021: [Line; 8] = [
    ("interpretations.published", 82, "篇", "政府网站政策解读栏目统计（样例）"),
    ("hotline.received", 3018, "条", "市长热线工单台账（样例）"),
    ("hotline.closed", 2967, "条", "市长热线工单台账（样例）"),
    ("mailbox.received", 512, "件", "市长信箱台账（样例）"),
    ("mailbox.answered", 498, "件", "市长信箱台账（样例）"),
    ("accounts.kept", 31, "个", "政务新媒体备案表（样例）"),
    ("systems.compiled", 17, "项", "政务公开制度汇编（样例）"),
    ("fee.collected", 0, "元", "信息处理费台账（样例）"),
];

pub(super) async fn fill_2020(sample: &mut Sample<'_>) -> Result<()> {
    enter(sample, 2020, &OF_2020, date(2021, 1, 8)).await
}

pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    enter(sample, 2021, &OF_2021, date(2022, 1, 7)).await
}

async fn enter(sample: &mut Sample<'_>, year: i16, lines: &[Line], on: Date) -> Result<()> {
    for (key, amount, measure, source) in lines {
        let event = FigureEvent::Entered {
            unit: sample.office.to_string(),
            year,
            key: (*key).to_owned(),
            amount: Amount::whole(*amount),
            measure: (*measure).to_owned(),
            source: (*source).to_owned(),
            evidence: Some(format!("{year}年末统计")),
        };
        let ctx = sample.desk(on);
        sample.service.enter_figure(ctx, on, event).await?;
    }
    Ok(())
}
