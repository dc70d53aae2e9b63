//! The two annual reports of the sample: written, reviewed, approved, published.

use super::Sample;
use jiff::civil::{Date, date};
use law::docket::report::{Part, Scope};
use law::docket::report_filing::{Deadlines, Limit};
use service::Actor;
use service::Result;
use service::report::{ReportAction, ReportSetup};

const OVERVIEW_2020: &str = include_str!("text/overview-2020.txt");
const PROBLEMS_2020: &str = include_str!("text/problems-2020.txt");
const OTHER_2020: &str = include_str!("text/other-2020.txt");
const OVERVIEW_2021: &str = include_str!("text/overview-2021.txt");
const PROBLEMS_2021: &str = include_str!("text/problems-2021.txt");
const OTHER_2021: &str = include_str!("text/other-2021.txt");

/// The office collects the reports for the government, a few days before the law's.
pub(super) async fn set_up(sample: &mut Sample<'_>) -> Result<()> {
    let usual = Deadlines::default();
    let deadlines = Deadlines {
        departments_file: Limit { month: 1, day: 26 },
        departments_publish: Limit { month: 1, day: 31 },
        governments_file: Limit { month: 1, day: 26 },
        ..usual
    };
    let setup = ReportSetup { department: Some(sample.office), deadlines };
    let ctx = sample.at(Actor::Operator, date(2021, 1, 4), 9);
    sample.service.save_report_setup(ctx, sample.government, 0, setup).await?;
    Ok(())
}

pub(super) async fn publish_2020(sample: &mut Sample<'_>) -> Result<()> {
    publish(sample, 2020, [OVERVIEW_2020, PROBLEMS_2020, OTHER_2020], date(2021, 1, 29)).await
}

pub(super) async fn publish_2021(sample: &mut Sample<'_>) -> Result<()> {
    publish(sample, 2021, [OVERVIEW_2021, PROBLEMS_2021, OTHER_2021], date(2022, 1, 28)).await
}

async fn publish(sample: &mut Sample<'_>, year: i16, texts: [&str; 3], on: Date) -> Result<()> {
    let [overview, problems, other] = texts.map(str::to_owned);
    let ctx = sample.desk(on);
    let id = sample.service.draft_report(ctx, sample.office, year, Scope::Own).await?;
    let (officer, reviewer, head) = (sample.officer.clone(), sample.reviewer.clone(), sample.head.clone());
    let steps = [
        (&officer, 10, ReportAction::EditText { part: Part::Overview, text: overview }),
        (&officer, 10, ReportAction::EditText { part: Part::Problems, text: problems }),
        (&officer, 11, ReportAction::EditText { part: Part::OtherMatters, text: other }),
        (&reviewer, 14, ReportAction::Review { note: "数据与登记簿一致，同意报批。（样例）".into() }),
        (&head, 15, ReportAction::Approve { note: "同意。（样例）".into() }),
        (&head, 16, ReportAction::Publish),
    ];
    let mut version = 1;
    for (actor, hour, action) in steps {
        let ctx = sample.at(actor.clone(), on, hour);
        version = sample.service.act_on_report(ctx, id, version, action).await?;
    }
    Ok(())
}
