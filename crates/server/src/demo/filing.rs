//! How the normative documents of 2021 in the sample were reported (备案): most in time, one late, one not at all.

use super::{Sample, days_after};
use jiff::civil::date;
use law::docket::document::{Category, DocumentEvent, Filed};
use service::{Change, Result};

/// What was published in 2021.
pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    let filter = service::row::DocumentFilter {
        category: Some(Category::Normative.key().to_owned()),
        disclosed_in: Some(2021),
        ..Default::default()
    };
    let ctx = sample.desk(date(2021, 12, 31));
    let published = sample.service.documents(&ctx, filter, service::Page::first(20)).await?;
    for (n, document) in published.into_iter().enumerate() {
        let (Some(disclosed), true) = (document.disclosed_on, n > 0) else { continue };
        let on = days_after(disclosed, if n == 1 { 20 } else { 10 }, date(2021, 12, 31));
        let number = Some(format!("晋备〔2021〕{}号（样例）", 90 + n));
        let event = DocumentEvent::Filed(Filed { with: "晋城市人民政府".into(), number });
        let ctx = sample.desk(on);
        let version = u32::try_from(document.version).unwrap_or_default();
        sample.service.change_document(ctx, document.id, version, Change::event(on, event)).await?;
    }
    Ok(())
}
