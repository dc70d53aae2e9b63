//! The sample county: 高平市, its office, the years 2020 and 2021, filled through the service functions only.
//!
//! The figures of 2020 are those the office published; people, texts, titles and numbers are invented and marked
//! 样例. Every verb is done at the instant it would have been done, so that `--as-of` can look back.

mod catalogue;
mod channel;
mod cleanup;
mod consultation;
mod document;
mod figure;
mod filing;
mod information;
mod report;
mod request;
mod review;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use law::docket::unit::{Level, Profile, UnitEvent, UnitKind};
use law::word_list::ListKind;
use service::account::NewAccount;
use service::unit::NewUnit;
use service::words::Lists;
use service::{Actor, Change, Context, Result, Role, Service, zone};
use sm3::{Digest, Sm3};
use uuid::Uuid;

/// Division code of the sample region.
pub const REGION: i64 = 140_581;
/// Name of the sample region.
pub const REGION_NAME: &str = "高平市";
/// Full name of the office whose report is the sample.
pub const OFFICE: &str = "高平市人民政府办公室";

/// An account of the sample, to be shown once to the person who made it.
#[derive(Debug, Clone)]
pub struct SampleAccount {
    /// Login name.
    pub login: &'static str,
    /// Password, drawn from the seed.
    pub password: String,
    /// What the account is for.
    pub purpose: &'static str,
}

/// The filler: the service, the people who act, and one seed a verb.
struct Sample<'a> {
    service: &'a Service,
    seed: [u8; 32],
    verbs: u64,
    government: Uuid,
    office: Uuid,
    officer: Actor,
    reviewer: Actor,
    secrecy: Actor,
    legal: Actor,
    head: Actor,
}

impl Sample<'_> {
    /// The circumstances of a verb done on this day at this hour.
    fn at(&mut self, actor: Actor, on: Date, hour: i8) -> Context {
        self.verbs += 1;
        Context::new(instant(on, hour), actor, seed_of(&self.seed, &format!("verb {}", self.verbs)))
    }

    /// The officer at nine in the morning.
    fn desk(&mut self, on: Date) -> Context {
        let officer = self.officer.clone();
        self.at(officer, on, 9)
    }
}

/// The instant of this hour of this day in Asia/Shanghai.
fn instant(on: Date, hour: i8) -> Timestamp {
    zone().to_timestamp(on.at(hour, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn seed_of(seed: &[u8; 32], name: &str) -> [u8; 32] {
    let mut hash = Sm3::new();
    hash.update(seed);
    hash.update(name.as_bytes());
    hash.finalize().into()
}

/// Fills an empty store and says how to sign in. What is open in the sample is open on the day of `now`.
pub async fn fill(service: &Service, seed: [u8; 32], now: Timestamp) -> Result<Vec<SampleAccount>> {
    let (government, office) = units(service, &seed).await?;
    let people = accounts(service, &seed, office).await?;
    let mut signed = Vec::new();
    for login in ["officer", "reviewer", "secrecy", "legal", "head"] {
        let ctx = Context::new(
            instant(date(2017, 1, 3), 8),
            Actor::Anonymous,
            seed_of(&seed, &format!("sign {login}")),
        );
        let password =
            people.iter().find(|p| p.login == login).map(|p| p.password.clone()).unwrap_or_default();
        let session = service.sign_in(ctx, login, &password).await?;
        service.sign_out(&session.token).await?;
        signed.push(session.actor);
    }
    let [officer, reviewer, secrecy, legal, head] = <[Actor; 5]>::try_from(signed)
        .map_err(|_| service::Error::Internal("five sample accounts sign in".into()))?;
    let mut sample =
        Sample { service, seed, verbs: 0, government, office, officer, reviewer, secrecy, legal, head };
    profile(&mut sample).await?;
    document::fill_before_2020(&mut sample).await?;
    document::fill_2020(&mut sample).await?;
    catalogue::publish(&mut sample).await?;
    catalogue::fill(&mut sample, 2020, date(2020, 12, 30)).await?;
    request::fill_2020(&mut sample).await?;
    figure::fill_2020(&mut sample).await?;
    report::set_up(&mut sample).await?;
    report::publish_2020(&mut sample).await?;
    review::fill_2020(&mut sample).await?;
    document::fill_2021(&mut sample).await?;
    catalogue::fill(&mut sample, 2021, date(2021, 12, 28)).await?;
    cleanup::fill_2021(&mut sample).await?;
    filing::fill_2021(&mut sample).await?;
    review::fill_2021(&mut sample).await?;
    consultation::fill_2021(&mut sample).await?;
    request::fill_2021(&mut sample).await?;
    figure::fill_2021(&mut sample).await?;
    report::publish_2021(&mut sample).await?;
    consultation::open_on(&mut sample, service::civil_date(now)).await?;
    channel::fill(&mut sample).await?;
    words(&mut sample).await?;
    Ok(people)
}

async fn units(service: &Service, seed: &[u8; 32]) -> Result<(Uuid, Uuid)> {
    let on = date(2010, 1, 1);
    let ctx = |n: usize| {
        Context::new(instant(date(2017, 1, 3), 8), Actor::Operator, seed_of(seed, &format!("unit {n}")))
    };
    let new = |code: &str, name: &str, short_name: &str, kind, level, government: Option<Uuid>| NewUnit {
        code: code.into(),
        name: name.into(),
        short_name: short_name.into(),
        kind,
        level,
        parent: government,
        consolidates_into: government,
    };
    let government = service
        .establish_unit(
            ctx(0),
            on,
            new("gaoping", "高平市人民政府", "市政府", UnitKind::Government, Level::County, None),
        )
        .await?;
    let office = service
        .establish_unit(
            ctx(1),
            on,
            new("gp-office", OFFICE, "市政府办公室", UnitKind::Office, Level::County, Some(government)),
        )
        .await?;
    let others = [
        ("gp-edu", "高平市教育局（样例）", "市教育局", UnitKind::Department, Level::County),
        ("gp-health", "高平市卫生健康局（样例）", "市卫健局", UnitKind::Department, Level::County),
        ("gp-approval", "高平市行政审批服务管理局（样例）", "市审批局", UnitKind::Department, Level::County),
        ("gp-east", "高平市东城街道办事处（样例）", "东城街道", UnitKind::Township, Level::Township),
        ("gp-north", "高平市北城街道办事处（样例）", "北城街道", UnitKind::Township, Level::Township),
    ];
    for (n, (code, name, short, kind, level)) in others.into_iter().enumerate() {
        service.establish_unit(ctx(n + 2), on, new(code, name, short, kind, level, Some(government))).await?;
    }
    Ok((government, office))
}

/// The lists of words of the sample, which its documents do not hold.
async fn words(sample: &mut Sample<'_>) -> Result<()> {
    let lists = Lists::default()
        .with(ListKind::Institution, "市政府办公厅 → 市政府办公室\n市行政审批局 → 市行政审批服务管理局")
        .with(
            ListKind::Sensitive,
            "残废人 → 残疾人\n老弱病残 → 老年人、残疾人等群体\n弱智儿童 → 智力残疾儿童",
        );
    let ctx = sample.at(Actor::Operator, date(2021, 2, 1), 9);
    sample.service.save_word_lists(ctx, sample.office, 0, lists).await?;
    Ok(())
}

async fn accounts(service: &Service, seed: &[u8; 32], office: Uuid) -> Result<Vec<SampleAccount>> {
    let wanted = [
        ("officer", "样例经办人", Some(office), Role::Officer, "登记、办理和起草年度报告"),
        ("reviewer", "样例审核人", Some(office), Role::Reviewer, "审核年度报告"),
        ("secrecy", "样例保密审查人", Some(office), Role::SecrecyReviewer, "对拟公开的信息作保密审查"),
        ("legal", "样例合法性审核人", Some(office), Role::LegalReviewer, "审核拟办意见的合法性"),
        ("unit-head", "样例科长", Some(office), Role::UnitHead, "同意延长答复期限、设置审批链和文书"),
        ("head", "样例负责人", Some(office), Role::Head, "签发答复、批准和公布年度报告"),
        ("supervisor", "样例督查员", None, Role::Supervisor, "查看全市各机关的登记簿"),
        ("auditor", "样例审计员", None, Role::Auditor, "查看日志"),
        ("admin", "样例管理员", None, Role::Administrator, "管理账号和机关名录、设置核查规则"),
    ];
    let mut people = Vec::new();
    for (login, name, unit, role, purpose) in wanted {
        let drawn = seed_of(seed, &format!("password {login}"));
        let password: String = drawn[..10].iter().map(|b| format!("{b:02x}")).collect();
        let new = NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            unit,
            roles: vec![role],
            password: password.clone(),
        };
        let at = instant(date(2017, 1, 3), 8);
        let ctx = Context::new(at, Actor::Operator, seed_of(seed, &format!("account {login}")));
        service.create_account(ctx, new).await?;
        people.push(SampleAccount { login, password, purpose });
    }
    Ok(people)
}

/// Contact of the office and the words of its letters (条例第十二条); of the government, whose requests it answers, too.
async fn profile(sample: &mut Sample<'_>) -> Result<()> {
    let profile = Profile {
        working_body: "市政府办公室政务公开科（样例）".into(),
        address: "高平市样例路1号".into(),
        postcode: "048400".into(),
        hours: "周一至周五 8:30—12:00，14:30—18:00（节假日除外）".into(),
        phone: "0000-0000000".into(),
        letter_code: "高政办公复".into(),
        reconsideration_authority: "晋城市人民政府".into(),
        court: "有管辖权的人民法院".into(),
        payment: "持缴款通知书到市政务服务大厅非税收入窗口缴纳（样例）".into(),
        payee: "国家金库样例支库（样例）".into(),
        payee_bank: "样例银行（样例）".into(),
        payee_account: "0000 0000 0000 0000".into(),
        asking_hint: "申请公文的，请尽量写明标题或者发文字号；不清楚的，写明大致时间和所办的事".into(),
        asking_details: "发文字号、形成时间、涉及的项目或者地点".into(),
        ..Profile::default()
    };
    let on = date(2017, 1, 3);
    for unit in [sample.government, sample.office] {
        let event = Change::event(on, UnitEvent::Described { profile: Box::new(profile.clone()) });
        let ctx = sample.at(Actor::Operator, on, 9);
        sample.service.change_unit(ctx, unit, 1, event).await?;
    }
    Ok(())
}

/// The day `n` days after, never later than `last`.
fn days_after(on: Date, n: i64, last: Date) -> Date {
    on.checked_add(n.days()).unwrap_or(last).min(last)
}
