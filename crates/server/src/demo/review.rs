//! What is not public in the sample, and how its attribute was reviewed (条例第十八条).

use super::Sample;
use jiff::civil::date;
use law::docket::document::{Called, Category, DisclosureAttribute, DocumentEvent, Trigger};
use service::{Change, Result};

/// Title, number, attribute and its reason.
const CLOSED: [(&str, &str, DisclosureAttribute, &str); 3] = [
    (
        "高平市人民政府办公室值班工作制度（样例）",
        "高政办发〔2020〕901号",
        DisclosureAttribute::Withheld,
        "属于内部工作流程信息，条例第十六条第一款",
    ),
    (
        "高平市应急物资储备情况的报告（样例）",
        "高政办发〔2020〕902号",
        DisclosureAttribute::Withheld,
        "属于请示报告，条例第十六条第二款",
    ),
    (
        "高平市重点项目推进会议纪要（样例）",
        "高政办发〔2020〕903号",
        DisclosureAttribute::OnRequest,
        "属于过程性信息，条例第十六条第二款",
    ),
];

/// 2020: three documents that are not public.
pub(super) async fn fill_2020(sample: &mut Sample<'_>) -> Result<()> {
    for (title, number, attribute, reason) in CLOSED {
        let on = date(2020, 11, 16);
        let office = sample.office.to_string();
        let event = DocumentEvent::Made {
            counted_by: office.clone(),
            maker: office,
            category: Category::Official,
            title: title.into(),
            number: Some(number.into()),
            index_number: None,
            attribute,
            reason: Some(reason.into()),
        };
        let ctx = sample.desk(on);
        sample.service.make_document(ctx, on, event).await?;
    }
    Ok(())
}

/// 2021: one is kept, one is opened to who asks, and for the third a review is called.
pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    let on = date(2021, 11, 9);
    let called = Called {
        trigger: Trigger::Suggested,
        by: date(2021, 12, 31),
        note: "公众在网上建议公开项目推进情况（样例）".into(),
    };
    let kept = |attribute, reason: &str| DocumentEvent::AttributeReviewed {
        attribute,
        reason: reason.into(),
        approved_by: "样例负责人".into(),
    };
    let events = [
        kept(DisclosureAttribute::Withheld, "仍属内部工作流程信息，条例第十六条第一款"),
        kept(
            DisclosureAttribute::OnRequest,
            "储备任务已经完成，可以向申请人提供，不主动公开的依据是条例第十六条第二款",
        ),
        DocumentEvent::ReviewCalled(called),
    ];
    for ((title, ..), event) in CLOSED.into_iter().zip(events) {
        let filter = service::row::DocumentFilter { text: Some(title.into()), ..Default::default() };
        let ctx = sample.desk(on);
        let found = sample.service.documents(&ctx, filter, service::Page::first(1)).await?;
        for document in found {
            let ctx = sample.desk(on);
            let version = u32::try_from(document.version).unwrap_or_default();
            let change = Change::event(on, event.clone());
            sample.service.change_document(ctx, document.id, version, change).await?;
        }
    }
    Ok(())
}
