//! Information of the sample that is no document: the guide and the rules of the office.

use super::Sample;
use jiff::civil::date;
use law::classification::Classification;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use service::{Change, Result};

const GUIDE: &str = "一、本机关持有政府信息基本情况\n\
本机关在履行职责过程中制作和获取的政府信息，按主动公开、依申请公开和不予公开分类管理。\n\
二、对外发布政府信息情况\n\
主动公开的政府信息在本平台发布，也可以在政务公开专区查阅。\n\
三、依申请公开有关事项\n\
公民、法人和其他组织可以在本平台提出申请，也可以当面、邮寄提交申请，书写有困难的可以口头提出。\n\
四、政府信息公开工作机构情况\n\
工作机构的名称、办公地址、办公时间和联系电话，见本平台的“依申请公开”。\n\
五、其他\n\
认为本机关没有依法履行政府信息公开义务的，可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报，也可以依法申请行政复议、提起行政诉讼。";

const RULES: &str = "一、公文公开属性认定\n\
拟稿时提出公开属性，经审核后由签发人确定；不是主动公开的，写明理由和依据。\n\
二、公文公开属性动态调整\n\
每年对没有主动公开的公文评估一次，情况变化的按程序调整。\n\
三、依申请公开办理\n\
收到申请后登记、审核、答复和归档，在法定期限内办结。\n\
四、政策解读\n\
谁起草谁解读，解读材料与文件相互关联。";

/// The guide and the rules of the office: information that is no document.
pub(super) async fn guide_and_rules(sample: &mut Sample<'_>) -> Result<()> {
    let made = date(2020, 1, 6);
    for (title, column, text) in [
        ("高平市人民政府办公室政府信息公开指南（样例）", "guide", GUIDE),
        ("高平市人民政府办公室政务公开制度汇编（样例）", "rules", RULES),
    ] {
        let event = DocumentEvent::Made {
            counted_by: sample.office.to_string(),
            maker: sample.office.to_string(),
            category: Category::Information,
            title: title.into(),
            number: None,
            index_number: None,
            attribute: DisclosureAttribute::Proactive,
            reason: None,
        };
        let ctx = sample.desk(made);
        let id = sample.service.make_document(ctx, made, event).await?;
        if sample.service.takes_files() {
            let ctx = sample.desk(made);
            sample.service.write_body(ctx, id, None, text).await?;
        }
        let classified = Classification { columns: vec![column.into()], ..Classification::default() };
        let events =
            [DocumentEvent::Classified(Box::new(classified)), DocumentEvent::Disclosed { url: None }];
        for (event, version) in events.into_iter().zip(1..) {
            let ctx = sample.desk(made);
            sample.service.change_document(ctx, id, version, Change::event(made, event)).await?;
        }
    }
    Ok(())
}
