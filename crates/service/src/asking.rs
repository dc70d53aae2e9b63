//! Asking without an account (条例 arts. 27–29): submit a request through the portal, find it again by its query code
//! (查询码) and a second proof, and withdraw it.
//!
//! Nobody is refused for want of an account, a purpose or an interest: whoever fills in what article 29 asks for is
//! served. A request by the internet is received when both sides have confirmed (art. 31); until then it stands on the
//! desk as a task of the same day.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::register::{Change, docket, recorded};
use crate::request::{NewRequest, Requests};
use crate::unit::Tree;
use crate::upkeep::ToldMove;
use crate::upkeep::recalculation::told_moves;
use crate::vault::{CODE_LENGTH, Person, Vault};
use crate::{Actor, Register, Service};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use law::applicant::ApplicantClass;
use law::docket::request::{Delivery, Move, RequestEvent, Stage, Standing, Wanted};
use law::receipt::Channel;
use law::{Due, Refusal, identity};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};
use store::{QueryCodeRow, Region, Tx, UnitRow};
use uuid::Uuid;

/// Identity papers of natural persons, as the form offers them.
pub const PERSON_PAPERS: [&str; 6] = [
    RESIDENT_CARD,
    "护照",
    "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证",
    "外国人永久居留身份证",
    "其他证件",
];
/// Identity papers of organisations.
pub const ORGANISATION_PAPERS: [&str; 2] = [CREDIT_CODE, "其他证件"];
const RESIDENT_CARD: &str = "居民身份证";
const CREDIT_CODE: &str = "统一社会信用代码";

/// Characters a short answer may have.
const LINE: usize = 200;
/// Characters the description may have.
const TEXT: usize = 5000;
/// Wrong proofs before a code is locked.
const ATTEMPTS: i64 = 10;
/// How long it is locked.
const LOCKED: SignedDuration = SignedDuration::from_hours(1);

/// What is asked for besides the query code: the applicant chooses when submitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Second {
    /// 证件号码后四位
    IdNumber,
    /// 联系电话后四位
    Phone,
}

impl Second {
    /// All proofs, in the order of the form.
    pub const ALL: [Second; 2] = [Second::IdNumber, Second::Phone];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Second::IdNumber => "id-number",
            Second::Phone => "phone",
        }
    }

    /// Label on the form.
    pub fn label(self) -> &'static str {
        match self {
            Second::IdNumber => "证件号码后四位",
            Second::Phone => "联系电话后四位",
        }
    }

    /// The proof with this key.
    pub fn parse(key: &str) -> Option<Second> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// What the applicant has to state: the last four letters or digits.
    fn of(self, person: &Person) -> Option<String> {
        let text = match self {
            Second::IdNumber => &person.id_number,
            Second::Phone => &person.phone,
        };
        let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let last = signs.get(signs.len().checked_sub(4)?..)?;
        Some(last.iter().collect::<String>().to_uppercase())
    }
}

/// A request as the portal takes it.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The agency asked.
    pub addressee: Uuid,
    /// Who asks.
    pub class: ApplicantClass,
    /// Name, identity, contact.
    pub person: Person,
    /// What is wanted, by name, number or other features.
    pub subject: String,
    /// How it is wanted.
    pub wanted: Wanted,
    /// Second proof for the query.
    pub second: Second,
}

impl Asking {
    /// What article 29 asks for and is not there, or cannot be right; the code of each refusal is `asking-` and the
    /// name of the field. Empty if the form is complete.
    pub fn missing(&self, today: Date) -> Vec<Refusal> {
        let mut no = Missing(Vec::new());
        // In the order of the form.
        no.when(self.addressee.is_nil(), "addressee", "请选择受理机关");
        no.when(self.subject.trim().is_empty(), "subject", "请填写所需信息的名称、文号或者其他特征");
        no.when(self.wanted.delivery.is_empty(), "delivery", "请选择获取方式，可以选择多项");
        no.when(self.wanted.carrier.is_none(), "carrier", "请选择载体形式");
        self.identity(today, &mut no);
        self.contact(&mut no);
        self.lengths(&mut no);
        let unproven = self.second.of(&self.person).is_none();
        let text = match self.second {
            Second::IdNumber => "证件号码不足四位的，请选择联系电话后四位",
            Second::Phone => "选择联系电话后四位的，请填写联系电话",
        };
        no.when(unproven && !no.has("id_number"), "second", text);
        no.0
    }

    /// Name and identity (art. 29 no. 1).
    fn identity(&self, today: Date, no: &mut Missing) {
        let p = &self.person;
        let natural = self.class == ApplicantClass::NaturalPerson;
        let name = if natural { "请填写姓名" } else { "请填写单位名称" };
        no.when(p.name.trim().is_empty(), "name", name);
        no.when(p.id_kind.is_empty(), "id_kind", "请选择证件名称");
        no.when(p.id_number.trim().is_empty(), "id_number", "请填写证件号码");
        let wrong = p.id_kind == RESIDENT_CARD && !identity::is_resident_number(&p.id_number, today);
        no.when(wrong, "id_number", "居民身份证号码有误，请核对18位号码");
        let wrong = p.id_kind == CREDIT_CODE && !identity::is_credit_code(&p.id_number);
        no.when(wrong, "id_number", "统一社会信用代码有误，请核对18位代码");
        no.when(!natural && p.contact.trim().is_empty(), "contact", "请填写联系人");
    }

    /// Ways to reach the applicant, and what the ways of delivery need.
    fn contact(&self, no: &mut Missing) {
        let p = &self.person;
        let wants = |way| self.wanted.delivery.contains(&way);
        let reachable = [&p.phone, &p.email, &p.address].into_iter().any(|c| !c.trim().is_empty());
        no.when(!reachable, "phone", "联系电话、电子邮箱、联系地址请至少填写一项，以便与您确认申请");
        no.when(!p.email.is_empty() && !is_email(&p.email), "email", "电子邮箱有误，请核对");
        no.when(
            wants(Delivery::Email) && p.email.trim().is_empty(),
            "email",
            "选择电子邮件的，请填写电子邮箱",
        );
        no.when(
            wants(Delivery::Post) && p.address.trim().is_empty(),
            "address",
            "选择邮寄的，请填写联系地址",
        );
        no.when(wants(Delivery::Fax) && p.fax.trim().is_empty(), "fax", "选择传真的，请填写传真号码");
    }

    fn lengths(&self, no: &mut Missing) {
        let p = &self.person;
        for (field, text, most) in [
            ("subject", &self.subject, TEXT),
            ("name", &p.name, LINE),
            ("id_number", &p.id_number, LINE),
            ("contact", &p.contact, LINE),
            ("phone", &p.phone, LINE),
            ("email", &p.email, LINE),
            ("address", &p.address, LINE),
            ("postcode", &p.postcode, LINE),
            ("fax", &p.fax, LINE),
        ] {
            no.when(text.chars().count() > most, field, &format!("内容过长，请控制在{most}字以内"));
        }
    }
}

struct Missing(Vec<Refusal>);

impl Missing {
    /// One sentence a field: the first that applies.
    fn when(&mut self, refused: bool, field: &str, text: &str) {
        if refused && !self.has(field) {
            self.0.push(Refusal::new(&code(field), text, ""));
        }
    }

    fn has(&self, field: &str) -> bool {
        self.0.iter().any(|r| r.code == code(field))
    }
}

fn code(field: &str) -> String {
    format!("asking-{field}")
}

/// Only what is certainly wrong is refused: something before and after one `@`, a dot behind it, no blank.
fn is_email(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    text.split_once('@').is_some_and(|(name, host)| {
        plain && !name.is_empty() && !host.contains('@') && host.trim_matches('.').contains('.')
    })
}

/// The answer to a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Docket id.
    pub id: Uuid,
    /// Query code, as it is shown.
    pub code: String,
    /// The agency asked.
    pub unit: String,
    /// Day of submission.
    pub arrived_on: Date,
}

/// A line of the progress of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressLine {
    /// Legal date.
    pub on: Date,
    /// What happened.
    pub what: &'static str,
}

/// How far a request is, for its applicant.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Number, once there is one.
    pub number: Option<String>,
    /// The agency asked.
    pub unit: String,
    /// What is wanted.
    pub subject: String,
    /// How it is wanted.
    pub wanted: Wanted,
    /// Where it stands.
    pub stage: Stage,
    /// Day of arrival.
    pub arrived_on: Date,
    /// 收到申请之日; none until both sides have confirmed.
    pub received_on: Option<Date>,
    /// The day an answer is due, with every step.
    pub due: Option<Due>,
    /// The day by which the applicant must act, if so.
    pub waits_until: Option<Due>,
    /// Dates that a new notice on holidays has moved, in the order of recording.
    pub moved: Vec<ToldMove>,
    /// What was decided, and the number of the paper.
    pub decision: Option<(&'static str, String)>,
    /// What happened so far.
    pub lines: Vec<ProgressLine>,
    /// Whether it may still be withdrawn.
    pub may_withdraw: bool,
}

/// What the public page does not tell: how the office works inside.
fn is_public(next: Move) -> bool {
    !matches!(next, Move::Assigned | Move::Searched | Move::SuggestedProactive)
}

/// A code as people type it, in its one spelling; `None` if it cannot be one.
fn spelled(code: &str) -> Option<String> {
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Some(code.to_ascii_uppercase()).filter(|c| c.len() == CODE_LENGTH)
}

/// A code as it is shown: three groups of four.
fn grouped(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn digest(code: &str) -> String {
    Sm3::digest(code.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// The one answer to a wrong code and to a wrong proof: it tells nobody which of them is right.
fn no_such_request() -> Error {
    Error::NotFound("没有找到与查询码和验证信息相符的申请，请核对回执后重新填写".into())
}

fn locked() -> Error {
    Error::refused(LOCKED_CODE, "验证信息多次填写有误，请一小时后再试，或者联系受理机关查询", "")
}

/// Code of the refusal of a locked query code.
pub const LOCKED_CODE: &str = "query-locked";

/// What an attempt came to.
#[derive(Serialize, Deserialize)]
enum Attempt {
    Right(Uuid),
    Wrong,
    Locked,
}

/// Judges a code and its proof as of `at`; the row comes back if the attempt changes it.
async fn judge(
    tx: &mut Tx,
    service: (Region, &Vault),
    at: Timestamp,
    (code, proof): (&str, &str),
) -> Result<(Attempt, Option<QueryCodeRow>)> {
    let (region, vault) = service;
    let Some(code) = spelled(code) else { return Ok((Attempt::Wrong, None)) };
    let Some(mut row) = tx.query_code(region, &digest(&code)).await? else {
        return Ok((Attempt::Wrong, None));
    };
    if row.locked_until.is_some_and(|until| until > at) {
        return Ok((Attempt::Locked, None));
    }
    let given: String = proof.chars().filter(|c| c.is_alphanumeric()).collect();
    let expected = expected(tx, region, vault, &row).await?;
    if expected.is_some_and(|e| e == given.to_uppercase()) {
        let changed = row.failed > 0 || row.locked_until.is_some();
        (row.failed, row.locked_until) = (0, None);
        return Ok((Attempt::Right(row.request), changed.then_some(row)));
    }
    row.failed += 1;
    row.locked_until = (row.failed >= ATTEMPTS).then(|| at.checked_add(LOCKED).unwrap_or(at));
    if row.locked_until.is_some() {
        row.failed = 0;
        return Ok((Attempt::Locked, Some(row)));
    }
    Ok((Attempt::Wrong, Some(row)))
}

/// What has to be stated besides the code; `None` where it cannot be known any more.
async fn expected(tx: &mut Tx, region: Region, vault: &Vault, row: &QueryCodeRow) -> Result<Option<String>> {
    let Some(second) = Second::parse(&row.second) else { return Ok(None) };
    let sealed = tx.personal_of(region, row.request).await?;
    let Some(sealed) = sealed.into_iter().rfind(|s| s.erased_at.is_none()) else { return Ok(None) };
    Ok(second.of(&vault.open(sealed.id, &sealed.nonce, &sealed.sealed)?))
}

impl Service {
    /// The agencies that can be asked: those in operation today, in the order of the register.
    pub async fn askable_units(&self, today: Date) -> Result<Vec<UnitRow>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        Ok(tree.0.into_iter().filter(|u| in_operation(u, today)).collect())
    }

    /// Takes a request of anybody. Nothing is asked about who they are in the system (art. 27).
    ///
    /// # Errors
    /// [`Error::Refused`] with everything that is missing at once.
    pub async fn ask(&self, mut ctx: Context, asking: Asking) -> Result<Asked> {
        let today = ctx.today();
        // The applicant acts, whoever is signed in at the same browser.
        ctx.actor = Actor::Anonymous;
        let missing = asking.missing(today);
        if !missing.is_empty() {
            return Err(Error::Refused(missing));
        }
        let id = ctx.new_id();
        let vault = self.vault.clone();
        let id = self
            .verb(ctx, "ask", move |mut work| {
                Box::pin(async move {
                    let unit = work.tx.unit(work.region, asking.addressee).await?;
                    if !unit.is_some_and(|u| in_operation(&u, today)) {
                        return Err(Error::refused("asking-addressee", "请选择受理机关", "条例第二十七条"));
                    }
                    let new = NewRequest {
                        arrived_on: today,
                        channel: Channel::Internet,
                        addressee: asking.addressee,
                        counted_by: asking.addressee,
                        class: asking.class,
                        subject: asking.subject,
                        person: Some(asking.person),
                        wanted: asking.wanted,
                        confirmed_on: None,
                    };
                    work.receive(id, new).await?;
                    let code = QueryCodeRow {
                        digest: digest(&vault.query_code(id)),
                        request: id,
                        second: asking.second.key().to_owned(),
                        failed: 0,
                        locked_until: None,
                    };
                    work.tx.put_query_code(work.region, &code).await?;
                    Ok(id)
                })
            })
            .await?;
        let mut tx = self.look().await?;
        // As it was taken: a form sent again after midnight gets the receipt of the day before.
        let row = tx.request(self.region, id).await?.ok_or_else(no_such_request)?;
        let unit = tx.unit(self.region, row.addressee).await?.map(|u| u.name).unwrap_or_default();
        Ok(Asked { id, code: grouped(&self.vault.query_code(id)), unit, arrived_on: row.arrived_on })
    }

    /// How far the own request is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a wrong code and for a wrong proof, in the same words; a refusal with
    /// [`LOCKED_CODE`] after ten wrong proofs.
    pub async fn progress(&self, ctx: Context, code: &str, proof: &str) -> Result<Progress> {
        let today = ctx.today();
        let request = self.prove(ctx, code, proof).await?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        let events = recorded(&history);
        let standing = Standing::of(&events).ok_or_else(no_such_request)?;
        let unit = Tree::read(&mut tx, self.region).await?.find(&standing.addressee)?.name.clone();
        let lines = law::docket::in_force(&events)
            .into_iter()
            .filter(|e| is_public(e.event.kind()))
            .map(|e| ProgressLine { on: e.on, what: e.event.kind().label() })
            .collect();
        let judge = self.in_force.judge(&mut tx, self.region, &self.calendar, &history).await?;
        let (decision, _, served_on) = standing.current_round();
        let number = standing.reopenings.last().map_or(&standing.decision_number, |r| &r.number);
        Ok(Progress {
            unit,
            stage: standing.stage,
            arrived_on: standing.arrived_on,
            received_on: standing.received_on,
            due: standing.due(&judge, today),
            moved: told_moves(&mut tx, self.region, request).await?,
            waits_until: standing.waits_until(&self.calendar),
            // Told once it is served.
            decision: decision
                .filter(|_| served_on.is_some())
                .map(|d| (d.label(), number.clone().unwrap_or_default())),
            lines,
            may_withdraw: Requests::may(&standing, &RequestEvent::Withdrawn, today, &self.calendar)
                .is_empty(),
            number: standing.number,
            subject: standing.subject,
            wanted: standing.wanted,
        })
    }

    /// Withdraws the own request before the decision.
    ///
    /// # Errors
    /// As [`Service::progress`], and the refusals of the docket.
    pub async fn withdraw_own(&self, mut ctx: Context, code: &str, proof: &str) -> Result<()> {
        ctx.actor = Actor::Anonymous;
        let mut proving = ctx.clone();
        proving.key = None;
        let request = self.prove(proving, code, proof).await?;
        let today = ctx.today();
        self.verb(ctx, "withdraw-own", move |mut work| {
            Box::pin(async move {
                let version =
                    u32::try_from(work.docket::<Requests>(request).await?.len()).unwrap_or(u32::MAX);
                let change = Change::event(today, RequestEvent::Withdrawn);
                work.change::<Requests>(request, version, change).await.map(|_| ())
            })
        })
        .await
    }

    /// The request that a code and its proof open. Nothing is written unless a failure has to be counted or forgotten.
    async fn prove(&self, mut ctx: Context, code: &str, proof: &str) -> Result<Uuid> {
        ctx.key = None;
        let (at, given) = (ctx.at, (code, proof));
        let (mut attempt, changed) =
            judge(&mut self.look().await?, (self.region, &self.vault), at, given).await?;
        if changed.is_some() {
            let (code, proof) = (code.to_owned(), proof.to_owned());
            attempt = self
                .verb(ctx, "prove", move |work| {
                    Box::pin(async move {
                        let of = (work.region, &work.vault);
                        let (attempt, changed) = judge(work.tx, of, at, (&code, &proof)).await?;
                        if let Some(row) = changed {
                            work.tx.put_query_code(work.region, &row).await?;
                        }
                        Ok(attempt)
                    })
                })
                .await?;
        }
        match attempt {
            Attempt::Right(request) => Ok(request),
            Attempt::Wrong => Err(no_such_request()),
            Attempt::Locked => Err(locked()),
        }
    }
}

fn in_operation(unit: &UnitRow, today: Date) -> bool {
    unit.valid_from <= today && unit.valid_to.is_none_or(|to| to >= today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(spelled(" abcd-efgh jkmn ").as_deref(), Some("ABCDEFGHJKMN"));
        assert_eq!(spelled("ABCD-EFGH"), None);
        assert_eq!(grouped("ABCDEFGHJKMN"), "ABCD-EFGH-JKMN");
    }

    #[test]
    fn the_proof_is_the_last_four_signs() {
        let person =
            Person { id_number: "1101 0519 491231 002x".into(), phone: "123".into(), ..Person::default() };
        assert_eq!(Second::IdNumber.of(&person).as_deref(), Some("002X"));
        assert_eq!(Second::Phone.of(&person), None);
    }

    #[test]
    fn an_address_of_mail_is_refused_only_if_it_cannot_be_one() {
        for good in ["a@b.cn", "样例@样例.cn", "a.b+c@d.e.f"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "a@b", "@b.cn", "a@b@c.cn", "a b@c.cn", "a@.cn"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
