//! Channels of the sample: one of each kind, and where the guide of the office went. Nothing is pushed: the channel has no secret
//! until somebody makes one, and its address is reserved for examples (RFC 2606).

use super::Sample;
use jiff::civil::date;
use law::docket::channel::{ChannelEvent, ChannelKind, Terms};
use law::docket::document::{Category, DocumentEvent};
use service::document::PublicAsk;
use service::{Actor, Change, Result};

/// The channels of the office, and a record of what an editor published.
pub(super) async fn fill(sample: &mut Sample<'_>) -> Result<()> {
    let on = date(2021, 2, 1);
    let mut accounts = Vec::new();
    for (kind, name, address, category) in [
        (ChannelKind::Push, "融媒体客户端（样例）", "https://media.example.invalid/gongkai", None),
        (ChannelKind::Feed, "乡镇信息公开栏（样例）", "", Some(Category::Normative)),
        (ChannelKind::Export, "政务微信公众号（样例）", "https://media.example.invalid/account", None),
    ] {
        let terms = Terms {
            name: name.into(),
            address: address.into(),
            whole_region: true,
            categories: category.into_iter().collect(),
            ..Terms::default()
        };
        let event = ChannelEvent::Opened { unit: sample.office.to_string(), kind, terms };
        let ctx = sample.at(Actor::Operator, on, 9);
        accounts.push(sample.service.open_channel(ctx, on, event).await?);
    }
    let guide = PublicAsk { text: Some("政府信息公开指南".into()), ..PublicAsk::default() };
    let found = sample.service.public_documents(&guide, None).await?;
    if let (Some(guide), Some(account)) = (found.first(), accounts.last()) {
        let published = date(2021, 2, 2);
        let event = DocumentEvent::Relayed {
            channel: account.to_string(),
            url: "https://media.example.invalid/account/guide".into(),
        };
        let ctx = sample.desk(published);
        let version = sample.service.document_view(&ctx, guide.id).await?.version;
        let change = Change::event(published, event);
        sample.service.change_document(ctx, guide.id, version, change).await?;
    }
    Ok(())
}
