//! Channels: what leaves for them, when, and that nothing else does; on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, establish, made, officer, verifies};
use jiff::{Timestamp, ToSpan};
use law::docket::channel::{ChannelEvent, ChannelKind, Terms};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use place::{day, now, on_both, operator, units};
use service::channel::{DeliveryState, Outgoing, PushHosts, Selection, Told, What};
use service::mail::Delivery;
use service::transfer::batch::{NoFiles, RowState, ToTake};
use service::{Change, Error, Location, Result, Role, Service};
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

on_both! { what_becomes_public_is_told_and_what_becomes_of_it what_is_not_public_when_it_would_leave_stays
what_may_have_arrived_is_taken_back what_happens_on_the_way_is_told_again what_cannot_be_told_is_given_up_and_sent_again_by_hand
a_channel_takes_what_its_terms_say the_secret_is_given_once_and_signs addresses_inside_need_the_operator
channels_are_opened_by_who_may editors_get_what_is_public_and_it_is_recorded what_a_person_published_is_recorded_and_corrected }

const ADDRESS: &str = "https://media.example.gov.cn/in";

fn terms(name: &str) -> Terms {
    Terms { name: name.into(), address: ADDRESS.into(), ..Terms::default() }
}

async fn open(service: &Service, unit: Uuid, kind: ChannelKind, terms: Terms) -> Result<Uuid> {
    let event = ChannelEvent::Opened { unit: unit.to_string(), kind, terms };
    service.open_channel(operator(now()), day("2021-01-04"), event).await
}

/// A channel that is sent to, and the journal read up to now.
async fn pushed(service: &Service, unit: Uuid, terms: Terms) -> Uuid {
    let id = open(service, unit, ChannelKind::Push, terms).await.unwrap();
    service.key_channel(operator(now()), id, 1).await.unwrap();
    service.follow_channels(&operator(now())).await.unwrap();
    id
}

async fn make(service: &Service, unit: Uuid, title: &str) -> Uuid {
    service.make_document(operator(now()), day("2021-02-01"), made(unit, title)).await.unwrap()
}

async fn happens(service: &Service, id: Uuid, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day("2021-02-02"), event)).await
}

async fn disclose(service: &Service, id: Uuid) {
    happens(service, id, DocumentEvent::Disclosed { url: None }).await.unwrap();
}

async fn withdraw(service: &Service, id: Uuid) {
    let event =
        DocumentEvent::Withdrawn {
            reason: "样例".into(), told: "正在核实".into(), kept: String::new()
        };
    happens(service, id, event).await.unwrap();
}

/// What is to be sent at an instant; a little later at each call, so that ids are in their order.
async fn outgoing(service: &Service, at: Timestamp) -> Vec<Outgoing> {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let at = at + NEXT.fetch_add(1, Ordering::Relaxed).milliseconds();
    service.follow_channels(&operator(at)).await.unwrap();
    let mut all = Vec::new();
    while let Some(some) = service.take_deliveries(&operator(at)).await.unwrap() {
        all.extend(some);
    }
    all
}

fn said(all: &[Outgoing]) -> Vec<(Uuid, What)> {
    all.iter().map(|o| (o.document, o.what)).collect()
}

async fn settle(service: &Service, outgoing: &Outgoing, digest: &str, went: Delivery) {
    service.settle_push(&operator(now()), outgoing, digest, went).await.unwrap();
}

async fn arrive(service: &Service, all: &[Outgoing], digest: &str) {
    for one in all {
        settle(service, one, digest, Delivery::Sent).await;
    }
}

async fn what_becomes_public_is_told_and_what_becomes_of_it(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let before = make(&service, office, "样本旧办法").await;
    disclose(&service, before).await;
    pushed(&service, office, terms("样例渠道")).await;
    let id = make(&service, office, "样本办法").await;
    assert!(outgoing(&service, now()).await.is_empty(), "it is not public");
    disclose(&service, id).await;
    let first = outgoing(&service, now()).await;
    assert_eq!(said(&first), [(id, What::Published)]);
    assert_eq!(first[0].address, ADDRESS);
    assert!(matches!(&first[0].told, Told::Public(d) if d.item.title == "样本办法"));
    assert!(outgoing(&service, now()).await.is_empty(), "taken, it is not due again");
    arrive(&service, &first, "one").await;

    // What was published long ago and comes in with a list is no news; the portal shows it at once.
    let list = "标题,制作机关,成文日期,公开属性,发布日期,公文类别\n样本旧通知,市政府办,2015-02-01,主动公开,2015-02-03,其他公文\n";
    let to = ToTake {
        name: "历史公文".into(),
        list: Box::new(std::io::Cursor::new(list.as_bytes().to_vec())),
        files: std::sync::Arc::new(NoFiles),
        unit: None,
        category: None,
        most_rows: None,
    };
    let mut batch = service.open_batch(&operator(now()), to).await.unwrap();
    let taken = batch.next(|| operator(now()), true).await.unwrap();
    assert_eq!(taken[0].state, RowState::Published, "{taken:?}");
    assert!(outgoing(&service, now()).await.is_empty());

    // What everybody reads has changed, or has not.
    happens(&service, id, DocumentEvent::ValidUntil { until: day("2026-01-01") }).await.unwrap();
    let changed = outgoing(&service, now()).await;
    assert_eq!(said(&changed), [(id, What::Changed)]);
    assert!(changed[0].says_nothing_new("one") && !changed[0].says_nothing_new("two"));
    service.needs_no_delivery(&operator(now()), &changed[0]).await.unwrap();
    happens(&service, id, DocumentEvent::Amended { by: "样政发〔2021〕2号".into() }).await.unwrap();
    let changed = outgoing(&service, now()).await;
    arrive(&service, &changed, "two").await;

    withdraw(&service, id).await;
    let gone = outgoing(&service, now()).await;
    assert_eq!(said(&gone), [(id, What::Withdrawn)]);
    let Told::Withdrawn { on, told } = &gone[0].told else { panic!("{gone:?}") };
    assert_eq!((*on, told.as_str()), (Some(day("2021-02-02")), "正在核实"));
    arrive(&service, &gone, "gone").await;
    let reason = "样例".to_owned();
    let attribute = DisclosureAttribute::OnRequest;
    happens(&service, id, DocumentEvent::AttributeChanged { attribute, reason }).await.unwrap();
    assert!(outgoing(&service, now()).await.is_empty(), "that it is gone is told once");

    let states: Vec<_> = service
        .deliveries(&operator(now()), (None, None), None, 50)
        .await
        .unwrap()
        .into_iter()
        .map(|s| (s.title, s.channel, s.row.what, s.row.state))
        .collect();
    let line = |what: &str| ("样本办法".into(), "样例渠道".into(), what.to_owned(), "delivered".to_owned());
    assert_eq!(states, [line("withdrawn"), line("changed"), line("published")]);
    let seen = service.whereabouts(&operator(now()), id).await.unwrap();
    assert_eq!(seen.iter().map(|w| w.what).collect::<Vec<_>>(), ["撤下", "变更", "发布"]);
    assert!(service.whereabouts(&operator(now()), before).await.unwrap().is_empty());
    verifies(&service).await;
}

async fn what_is_not_public_when_it_would_leave_stays(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    pushed(&service, office, terms("样例渠道")).await;
    let hidden = make(&service, office, "样本未公开").await;
    happens(&service, hidden, DocumentEvent::ValidUntil { until: day("2026-01-01") }).await.unwrap();
    let quick = make(&service, office, "样本撤下").await;
    disclose(&service, quick).await;
    assert_eq!(service.follow_channels(&operator(now())).await.unwrap(), 1, "it is in the outbox");
    withdraw(&service, quick).await;
    assert!(outgoing(&service, now()).await.is_empty(), "nobody has heard of it");
    assert!(service.deliveries(&operator(now()), (None, None), None, 50).await.unwrap().is_empty());
    // A channel that is closed while something waits is not sent to.
    let waiting = make(&service, office, "样本等待").await;
    disclose(&service, waiting).await;
    service.follow_channels(&operator(now())).await.unwrap();
    let channel = service.channels(&operator(now())).await.unwrap()[0].id;
    let closed = ChannelEvent::Closed { reason: "样例".into() };
    let change = Change::event(day("2021-02-03"), closed);
    service.change_channel(operator(now()), channel, 2, change).await.unwrap();
    assert!(outgoing(&service, now()).await.is_empty());
    assert_eq!(service.failed_deliveries(&operator(now())).await.unwrap(), 1);
    disclose(&service, hidden).await;
    assert!(outgoing(&service, now()).await.is_empty());
}

async fn what_may_have_arrived_is_taken_back(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    pushed(&service, office, terms("样例渠道")).await;
    let id = make(&service, office, "样本办法").await;
    disclose(&service, id).await;
    let lost = outgoing(&service, now()).await;
    settle(&service, &lost[0], "one", Delivery::Later("没有等到对方答复".into())).await;
    withdraw(&service, id).await;
    let later = now() + 2.minutes();
    let again = outgoing(&service, later).await;
    assert_eq!(said(&again), [(id, What::Withdrawn)], "the answer was lost, the item perhaps not");
    arrive(&service, &again, "gone").await;
    // Public again, it is new again.
    disclose(&service, id).await;
    assert_eq!(said(&outgoing(&service, later).await), [(id, What::Published)]);
}

async fn what_happens_on_the_way_is_told_again(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    pushed(&service, office, terms("样例渠道")).await;
    let id = make(&service, office, "样本办法").await;
    disclose(&service, id).await;
    let first = outgoing(&service, now()).await;
    withdraw(&service, id).await;
    service.follow_channels(&operator(now())).await.unwrap();
    arrive(&service, &first, "one").await;
    let second = outgoing(&service, now()).await;
    assert_eq!(said(&second), [(id, What::Withdrawn)]);
    arrive(&service, &second, "gone").await;
    assert!(outgoing(&service, now() + 10.hours()).await.is_empty());
}

async fn what_cannot_be_told_is_given_up_and_sent_again_by_hand(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let other = establish(&service, "other", None).await;
    pushed(&service, office, terms("样例渠道")).await;
    let id = make(&service, office, "样本办法").await;
    disclose(&service, id).await;
    let mut at = now();
    let mut tries = 0;
    loop {
        let all = outgoing(&service, at).await;
        let [one] = all.as_slice() else { break };
        tries += 1;
        settle(&service, one, "one", Delivery::Later("对方返回状态码500".into())).await;
        at += 5.hours();
    }
    assert_eq!(tries, 12);
    let failed = Some(DeliveryState::Failed);
    let found = service.deliveries(&operator(now()), (failed, None), None, 50).await.unwrap();
    assert_eq!(found[0].row.failed.as_deref(), Some("对方返回状态码500"));
    let elsewhere = by(&officer(other, &[Role::Officer]));
    assert!(service.deliveries(&elsewhere, (failed, None), None, 50).await.unwrap().is_empty());
    assert_eq!(service.failed_deliveries(&elsewhere).await.unwrap(), 0);
    let outcome = service.resend_delivery(elsewhere, found[0].row.id).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    let own = officer(office, &[Role::Officer]);
    service.resend_delivery(by(&own), found[0].row.id).await.unwrap();
    assert_eq!(codes(service.resend_delivery(by(&own), found[0].row.id).await), ["not-failed"]);
    let again = outgoing(&service, now()).await;
    assert_eq!(said(&again), [(id, What::Published)]);
    arrive(&service, &again, "one").await;
    assert_eq!(service.failed_deliveries(&by(&own)).await.unwrap(), 0);
}

async fn a_channel_takes_what_its_terms_say(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let other = establish(&service, "other", Some(government)).await;
    let all = pushed(&service, government, terms("全市")).await;
    let own = pushed(&service, office, terms("本办")).await;
    let region = pushed(&service, office, Terms { whole_region: true, ..terms("全部机关") }).await;
    let mut rules = terms("规章");
    rules.categories.insert(Category::Rule);
    let none = pushed(&service, government, rules).await;
    let mut guide = terms("指南");
    guide.columns.insert("guide".into());
    let columns = pushed(&service, government, guide).await;
    let id = make(&service, office, "样本办法").await;
    let classified =
        law::classification::Classification { columns: vec!["guide".into()], ..Default::default() };
    happens(&service, id, DocumentEvent::Classified(Box::new(classified))).await.unwrap();
    disclose(&service, id).await;
    let elsewhere = make(&service, other, "样本通知").await;
    disclose(&service, elsewhere).await;
    outgoing(&service, now()).await;
    let mut got = Vec::new();
    for channel in [all, own, region, none, columns] {
        let sent = service.deliveries(&operator(now()), (None, Some(channel)), None, 50).await.unwrap();
        let mut titles: Vec<_> = sent.into_iter().map(|s| s.title).collect();
        titles.sort();
        got.push(titles.join("、"));
    }
    assert_eq!(got, ["样本办法、样本通知", "样本办法", "样本办法、样本通知", "", "样本办法"]);
}

async fn the_secret_is_given_once_and_signs(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = open(&service, office, ChannelKind::Push, terms("样例渠道")).await.unwrap();
    let first = service.key_channel(operator(now()).with_key("once"), id, 1).await.unwrap();
    let second = service.key_channel(operator(now()).with_key("once"), id, 2).await.unwrap();
    assert!(first.len() == 64 && first != second);
    let journal = format!("{:?}", service.journal(&operator(now()), 0, 10_000).await.unwrap());
    let view = service.channel_view(&operator(now()), id).await.unwrap();
    for secret in [&first, &second] {
        assert!(!journal.contains(secret.as_str()) && !format!("{view:?}").contains(secret.as_str()));
    }
    service.follow_channels(&operator(now())).await.unwrap();
    let document = make(&service, office, "样本办法").await;
    disclose(&service, document).await;
    let all = outgoing(&service, now()).await;
    assert!(!format!("{all:?}").contains(&second), "a log tells no secret");
    let signed = all[0].signature(1_614_560_400, b"{}").unwrap();
    // Computed here with nothing of the service but the secret it gave.
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(second.as_bytes()).unwrap();
    mac.update(b"1614560400.{}");
    let right: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(signed, right);
    assert_ne!(all[0].signature(1_614_560_401, b"{}").unwrap(), right);
}

async fn addresses_inside_need_the_operator(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let at = |address: &str| Terms { address: address.into(), ..terms("样例渠道") };
    for inside in
        ["http://127.0.0.1:9000/", "https://10.0.0.1/", "https://[::1]/", "https://db/", "https://127.1/"]
    {
        let outcome = open(&service, office, ChannelKind::Push, at(inside)).await;
        assert_eq!(codes(outcome), ["address-inside"], "{inside}");
    }
    let outside = open(&service, office, ChannelKind::Push, terms("样例渠道")).await.unwrap();
    let change =
        |address: &str| Change::event(day("2021-02-01"), ChannelEvent::Changed { terms: at(address) });
    let moved = service.change_channel(operator(now()), outside, 1, change("https://10.0.0.1/")).await;
    assert_eq!(codes(moved), ["address-inside"]);
    let allowed = service.clone().with_push_hosts(PushHosts::parse("127.0.0.1").unwrap());
    allowed.change_channel(operator(now()), outside, 1, change("http://127.0.0.1:9000/")).await.unwrap();
}

async fn channels_are_opened_by_who_may(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let event = |unit: Uuid| ChannelEvent::Opened {
        unit: unit.to_string(),
        kind: ChannelKind::Push,
        terms: terms("样例渠道"),
    };
    let on = day("2021-01-04");
    for role in [Role::Officer, Role::Head, Role::Auditor, Role::Supervisor] {
        let outcome = service.open_channel(by(&officer(office, &[role])), on, event(office)).await;
        assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{role:?}");
    }
    let head = officer(office, &[Role::UnitHead]);
    let outcome = service.open_channel(by(&head), on, event(government)).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "out of reach");
    let id = service.open_channel(by(&head), on, event(office)).await.unwrap();
    assert_eq!(codes(open(&service, office, ChannelKind::Feed, terms("样例渠道")).await), ["name-taken"]);
    let other = establish(&service, "other", Some(government)).await;
    let elsewhere = officer(other, &[Role::UnitHead]);
    assert!(matches!(service.key_channel(by(&elsewhere), id, 1).await, Err(Error::NotAllowed(_))));
    assert!(matches!(service.channel_view(&by(&elsewhere), id).await, Err(Error::NotAllowed(_))));
    assert!(service.own_channels(&by(&elsewhere), None).await.unwrap().is_empty());
    let admin = officer(None, &[Role::Administrator]);
    service.key_channel(by(&admin), id, 1).await.unwrap();
    verifies(&service).await;
}

async fn editors_get_what_is_public_and_it_is_recorded(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let channel = open(&service, office, ChannelKind::Export, terms("样例公众号")).await.unwrap();
    let hidden = make(&service, office, "样本未公开").await;
    let gone = make(&service, office, "样本撤下").await;
    disclose(&service, gone).await;
    withdraw(&service, gone).await;
    let own = officer(office, &[Role::Officer]);
    let days = Selection::Days(day("2021-02-01"), day("2021-02-28"));
    let export = async |selection: &Selection| {
        service.export_items(by(&own), channel, selection, "https://gk.example.gov.cn").await
    };
    assert_eq!(codes(export(&days).await), ["nothing-to-export"]);
    assert_eq!(codes(export(&Selection::These(vec![hidden, gone])).await), ["nothing-to-export"]);
    let id = make(&service, office, "样本办法").await;
    disclose(&service, id).await;
    let package = export(&Selection::These(vec![hidden, id, gone])).await.unwrap();
    assert_eq!(package, export(&days).await.unwrap());
    let before = Selection::Days(day("2021-01-01"), day("2021-02-01"));
    assert_eq!(codes(export(&before).await), ["nothing-to-export"]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut all = String::new();
    for n in 0..archive.len() {
        let mut part = archive.by_index(n).unwrap();
        all.push_str(&part.name().unwrap());
        std::io::Read::read_to_string(&mut part, &mut all).unwrap();
    }
    assert!(all.contains("样本办法") && all.contains(&format!("https://gk.example.gov.cn/documents/{id}")));
    assert!(!all.contains("未公开") && !all.contains("撤下"), "{all}");
    let offered = service.exportable(&by(&own), channel, 20).await.unwrap();
    assert_eq!(offered.iter().map(|i| i.id).collect::<Vec<_>>(), [id]);
    let seen = service.whereabouts(&by(&own), id).await.unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].channel.as_str(), seen[0].state), ("样例公众号", Some(DeliveryState::Exported)));
    assert!(service.whereabouts(&by(&own), hidden).await.unwrap().is_empty());
    let view = service.channel_view(&by(&own), channel).await.unwrap();
    assert_eq!(view.version, 3, "each export is an entry");
    let reading = officer(office, &[Role::Supervisor]);
    let outcome = service.export_items(by(&reading), channel, &days, "").await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))));
    verifies(&service).await;
}

async fn what_a_person_published_is_recorded_and_corrected(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let channel = open(&service, office, ChannelKind::Export, terms("样例公众号")).await.unwrap();
    let id = make(&service, office, "样本办法").await;
    disclose(&service, id).await;
    let relayed =
        |channel: String| DocumentEvent::Relayed { channel, url: "https://media.example.gov.cn/1".into() };
    for nowhere in [Uuid::from_u128(7).to_string(), "x".into()] {
        assert_eq!(codes(happens(&service, id, relayed(nowhere)).await), ["channel-unknown"]);
    }
    happens(&service, id, relayed(channel.to_string())).await.unwrap();
    let seen = service.whereabouts(&operator(now()), id).await.unwrap();
    assert_eq!(
        (seen[0].channel.as_str(), seen[0].url.as_deref()),
        ("样例公众号", Some("https://media.example.gov.cn/1"))
    );
    let void = Change::void(3, day("2021-02-03"), "登记有误");
    service.change_document(operator(now()), id, 3, void).await.unwrap();
    assert!(service.whereabouts(&operator(now()), id).await.unwrap().is_empty());
    verifies(&service).await;
}
