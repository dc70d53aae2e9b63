//! The clean-up of 2021 in the sample: three normative documents of 2017 are repealed by it, the others stay in force.

use super::Sample;
use jiff::civil::date;
use law::docket::cleanup::{Conclusion, Kind};
use service::Result;
use service::cleanup::NewCleanup;
use uuid::Uuid;

/// Opened in July, closed in September.
pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    let new = NewCleanup {
        unit: sample.office,
        title: "2021年行政规范性文件清理（样例）".into(),
        kind: Kind::Periodic,
        basis: "关于开展行政规范性文件清理工作的通知（样例）".into(),
        below: false,
        up_to: date(2020, 12, 31),
        deadline: date(2021, 8, 31),
    };
    let on = date(2021, 7, 1);
    let ctx = sample.desk(on);
    let id = sample.service.open_cleanup(ctx, on, new).await?;
    let ctx = sample.desk(on);
    let items = sample.service.cleanup_view(&ctx, id).await?.standing.items;
    let documents: Vec<Uuid> = items.iter().filter_map(|i| i.listed.document.parse().ok()).collect();
    // The list is in the order of making: the first are of 2017.
    let (repealed, kept) = documents.split_at(documents.len().min(3));
    let on = date(2021, 8, 20);
    for (documents, said) in [
        (repealed, (Conclusion::Repeal, "主要内容已被新的规定代替（样例）".to_owned())),
        (kept, (Conclusion::Kept, "仍需执行（样例）".to_owned())),
    ] {
        let ctx = sample.desk(on);
        sample.service.conclude_cleanup(ctx, id, on, documents.to_vec(), said).await?;
    }
    let on = date(2021, 9, 10);
    let ctx = sample.desk(on);
    let version = sample.service.cleanup_view(&ctx, id).await?.version;
    let by = "高平市人民政府关于公布行政规范性文件清理结果的决定（样例）".to_owned();
    let ctx = sample.desk(on);
    sample.service.close_cleanup(ctx, (id, version), on, by).await
}
