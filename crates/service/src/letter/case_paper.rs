//! The papers of a case that are not letters (卷内材料): registration form, review sheet, slip to pay by, slip of service,
//! envelope. They are filled from the docket whenever they are asked for, and nothing of them is kept.
//!
//! Registration form and review sheet go round the house, so who may not see personal data gets them masked. The others
//! are of no use without name and address; they need the permission. Every unmasked one is journaled.

use super::{Wanted, values};
use crate::context::{Context, Permission, person_name};
use crate::error::{Error, Result};
use crate::register::{History, Work, docket, recorded};
use crate::request::{Requests, judge};
use crate::unit::id_of;
use crate::vault::Person;
use crate::{Actor, Service};
use law::Date;
use law::applicant::ApplicantClass;
use law::docket::in_force;
use law::docket::request::{Consulted, Delivery, RequestEvent, ServiceMethod, Stage, Standing, Written};
use law::docket::unit::Profile;
use law::letter::Letter;
use law::receipt::Channel;
use law::review::Step;
use paper::envelope::Envelope;
use paper::sheet::{Applicant, Opinion, PaymentSlip, RegistrationForm, ReviewSheet, ServiceSlip, Sheet};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A paper of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CasePaper {
    /// 政府信息公开申请登记表
    Registration,
    /// 政府信息公开审查呈批单
    Review,
    /// 政府信息公开信息处理费缴款单
    Payment,
    /// 送达回证
    Slip,
    /// 信封
    Envelope,
}

impl CasePaper {
    /// All papers, in the order of a file.
    pub const ALL: [CasePaper; 5] = [
        CasePaper::Registration,
        CasePaper::Review,
        CasePaper::Payment,
        CasePaper::Slip,
        CasePaper::Envelope,
    ];

    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            CasePaper::Registration => "registration-form",
            CasePaper::Review => "review-sheet",
            CasePaper::Payment => "payment-slip",
            CasePaper::Slip => "service-slip",
            CasePaper::Envelope => "envelope",
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            CasePaper::Registration => "政府信息公开申请登记表",
            CasePaper::Review => "政府信息公开审查呈批单",
            CasePaper::Payment => "政府信息公开信息处理费缴款单",
            CasePaper::Slip => "送达回证",
            CasePaper::Envelope => "信封",
        }
    }

    /// The paper with this key.
    pub fn parse(key: &str) -> Option<CasePaper> {
        Self::ALL.into_iter().find(|p| p.key() == key)
    }

    /// Whether it is of no use without name and address.
    pub fn names_the_applicant(self) -> bool {
        matches!(self, CasePaper::Payment | CasePaper::Slip | CasePaper::Envelope)
    }
}

/// What is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Printed {
    /// A form to be signed.
    Sheet(Sheet),
    /// An envelope.
    Envelope(Envelope),
}

/// A paper, filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePaperView {
    /// Name of its file, without ending.
    pub name: String,
    /// What is printed.
    pub printed: Printed,
}

impl Service {
    /// The papers of a case that the actor can have now.
    pub fn papers_of(standing: &Standing, actor: &Actor) -> Vec<CasePaper> {
        let there = |paper: &CasePaper| match paper {
            CasePaper::Registration => true,
            CasePaper::Review => standing.proposal.is_some(),
            CasePaper::Payment => awaits_fee(standing),
            CasePaper::Slip | CasePaper::Envelope => !values::together(standing).is_empty(),
        };
        let may = |paper: &CasePaper| !paper.names_the_applicant() || actor.may(Permission::ReadPersonal);
        CasePaper::ALL.into_iter().filter(there).filter(may).collect()
    }

    /// A paper of a case, filled from its docket. `letter` is the one that a slip or an envelope is for; by default it is
    /// those to the applicant that were finished last, on one day, and go out together.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the case has no such paper, or the letter is not finished; the actor may not see personal
    /// data, for slip and envelope; the case is out of reach.
    pub async fn case_paper(
        &self,
        mut ctx: Context,
        request: Uuid,
        paper: CasePaper,
        letter: Option<Wanted>,
    ) -> Result<CasePaperView> {
        ctx.actor.must(Permission::ReadRegisters)?;
        if paper.names_the_applicant() {
            ctx.actor.must(Permission::ReadPersonal)?;
        }
        ctx.key = None;
        self.verb(ctx, "view-paper", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                if work.ctx.actor.may(Permission::ReadPersonal) {
                    let seen = serde_json::json!({ "type": "paper-viewed", "request": request, "paper": paper.key() });
                    work.note_access(seen).await?;
                }
                let open = work.ctx.actor.may(Permission::ReadPersonal);
                work.case_paper(request, (paper, letter), open).await
            })
        })
        .await
    }
}

/// Whether a fee is asked for and not paid.
fn awaits_fee(s: &Standing) -> bool {
    s.stage == Stage::FeePending && s.fee.as_ref().is_some_and(|f| f.paid_on.is_none())
}

fn no_such(paper: CasePaper) -> Error {
    Error::NotFound(format!("目前不能打印“{}”，请先登记相应的办理环节或者将文书定稿", paper.title()))
}

/// What the papers are filled from.
struct Case<'a> {
    s: &'a Standing,
    history: &'a [History<RequestEvent>],
    person: Person,
    issuer: String,
    profile: Profile,
    /// The due date, and whether a notice may still move it.
    due: (Option<Date>, bool),
    /// The last day to pay a fee, and whether a notice may still move it.
    pay_by: (Option<Date>, bool),
    /// Name of the handling unit.
    handler: String,
    today: Date,
}

impl Work<'_> {
    /// `open` is whether the person is shown as it is.
    pub(crate) async fn case_paper(
        &mut self,
        request: Uuid,
        (paper, letter): (CasePaper, Option<Wanted>),
        open: bool,
    ) -> Result<CasePaperView> {
        let history = docket::<Requests>(self.tx, self.region, request).await?;
        let gone = || Error::NotFound("这份申请的登记已经作废".into());
        let s = Standing::of(&recorded(&history)).ok_or_else(gone)?;
        let unit = id_of(&Some(s.addressee.clone())).unwrap_or_default();
        let person = self.person_of(&s).await?;
        let place = crate::register::Place {
            region: self.region,
            id: request,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            as_of: self.ctx.today(),
        };
        let calendar = judge(self.tx, place, &self.calendar).await?;
        let due = s.due(calendar.as_deref().unwrap_or(&self.calendar), self.ctx.today());
        let pay_by = s.waits_until(&self.calendar).filter(|_| awaits_fee(&s));
        let case = Case {
            person: if open { person } else { person.masked() },
            issuer: self.tx.unit(self.region, unit).await?.map(|u| u.name).unwrap_or_default(),
            profile: self.profile_of(unit).await?,
            due: (due.as_ref().map(|d| d.on), due.is_some_and(|d| d.provisional)),
            pay_by: (pay_by.as_ref().map(|d| d.on), pay_by.is_some_and(|d| d.provisional)),
            handler: self.handling_unit(&s).await?,
            today: self.ctx.today(),
            s: &s,
            history: &history,
        };
        let printed = match paper {
            CasePaper::Registration => Printed::Sheet(case.registration().sheet()),
            CasePaper::Review => Printed::Sheet(case.review().ok_or_else(|| no_such(paper))?.sheet()),
            CasePaper::Payment => Printed::Sheet(case.payment().ok_or_else(|| no_such(paper))?.sheet()),
            CasePaper::Slip => Printed::Sheet(case.slip(&case.going(paper, letter)?).sheet()),
            CasePaper::Envelope => Printed::Envelope(case.envelope(&case.going(paper, letter)?)),
        };
        let number = s.number.clone().unwrap_or_else(|| "待编号".into());
        let masked = if open { "" } else { "，个人信息已遮盖" };
        Ok(CasePaperView { name: format!("{}（{number}{masked}）", paper.title()), printed })
    }

    async fn handling_unit(&mut self, s: &Standing) -> Result<String> {
        let Some(handler) = s.handler.clone() else { return Ok(String::new()) };
        // An office inside the agency is no unit of the list: its name stays as it is.
        let Some(id) = id_of(&Some(handler.clone())) else { return Ok(handler) };
        Ok(self.tx.unit(self.region, id).await?.map_or(handler, |u| u.name))
    }
}

/// Letters that go out in one envelope, and to whom.
struct Going {
    letters: Vec<Written>,
    recipient: Recipient,
}

enum Recipient {
    Applicant,
    /// A consulted party, of whom the docket knows the name alone.
    Party(String),
}

impl Case<'_> {
    /// The letters a slip or an envelope is for.
    fn going(&self, paper: CasePaper, letter: Option<Wanted>) -> Result<Going> {
        let Some(wanted) = letter else {
            let letters: Vec<Written> = values::together(self.s).into_iter().cloned().collect();
            if letters.is_empty() {
                return Err(no_such(paper));
            }
            return Ok(Going { letters, recipient: Recipient::Applicant });
        };
        let (_, written) = values::finished(self.s, wanted).ok_or_else(|| {
            Error::NotFound(format!("“{}”还没有定稿，请先定稿再打印{}", wanted.letter.title(), paper.title()))
        })?;
        let recipient = match wanted.letter {
            l if l.is_to_applicant() => Recipient::Applicant,
            // It stays inside the authority.
            Letter::Assistance => return Err(no_such(paper)),
            _ => Recipient::Party(self.party(wanted)),
        };
        Ok(Going { letters: vec![written.clone()], recipient })
    }

    fn party(&self, wanted: Wanted) -> String {
        let whom = |c: &&law::docket::request::Consultation| match wanted.n {
            Some(n) => c.number == n,
            None => c.whom == Consulted::ThirdParty,
        };
        self.s.consultations.iter().rev().find(whom).map(|c| c.party.clone()).unwrap_or_default()
    }

    fn number(&self) -> String {
        self.s.number.clone().unwrap_or_default()
    }

    /// Who entered the entry at a place of the docket.
    fn by(&self, ordinal: u32) -> String {
        let entry = self.history.iter().find(|h| h.recorded.ordinal == ordinal);
        entry.map(|h| person_name(&h.actor).to_owned()).unwrap_or_default()
    }

    fn registration(&self) -> RegistrationForm {
        let (s, p) = (self.s, &self.person);
        let agent = [&p.agent_name, &p.agent_id_kind, &p.agent_id_number, &p.agent_phone];
        let agent: Vec<&str> = agent.into_iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
        // On paper the applicant wrote the day; the docket knows when the paper came.
        let same_day = matches!(s.channel, Channel::Counter | Channel::Oral | Channel::Internet);
        RegistrationForm {
            issuer: self.issuer.clone(),
            number: self.number(),
            class: Some(s.class),
            applicant: Applicant {
                name: p.name.clone(),
                document: p.id_kind.clone(),
                document_number: p.id_number.clone(),
                head: String::new(),
                contact: p.contact.clone(),
                phone: p.phone.clone(),
                email: p.email.clone(),
                address: p.address.clone(),
                postcode: p.postcode.clone(),
                agent: agent.join("，"),
            },
            content: s.subject.clone(),
            wanted: s.wanted.clone(),
            channel: Some(s.channel),
            asked_on: Some(s.arrived_on).filter(|_| same_day),
            received_on: s.received_on,
            due_on: self.due.0,
            provisional: self.due.1,
            registrar: match self.history.first() {
                Some(first) if first.actor == Actor::Anonymous.journal_name() => "申请人网上提交".to_owned(),
                Some(first) => person_name(&first.actor).to_owned(),
                None => String::new(),
            },
            note: String::new(),
            printed_on: self.today,
        }
    }

    fn review(&self) -> Option<ReviewSheet> {
        let s = self.s;
        let proposal = s.proposal.as_ref()?;
        let draft = &proposal.draft;
        let docket = recorded(self.history);
        let events = in_force(&docket);
        let drafted = events.iter().rposition(|e| matches!(e.event, RequestEvent::Drafted { .. }))?;
        let officer = self.by(events[drafted].ordinal);
        let reviewed = events[drafted..].iter().filter_map(|e| match e.event {
            RequestEvent::Reviewed { step, passed, opinion } => {
                let text = match (passed, opinion.trim()) {
                    (true, "") => "同意。".to_owned(),
                    (true, said) => said.to_owned(),
                    (false, said) => format!("退回：{said}"),
                };
                Some((*step, Opinion { text, by: self.by(e.ordinal), on: Some(e.on) }))
            }
            _ => None,
        });
        let reviewed: Vec<(Step, Opinion)> = reviewed.collect();
        let concluded = |step: &Step| {
            let found = reviewed.iter().find(|(done, _)| done == step);
            (*step, found.map(|(_, opinion)| opinion.clone()).unwrap_or_default())
        };
        let title = Letter::Decision(draft.decision).title();
        let mut proposed = vec![format!("拟作出“{}”的决定。", draft.decision.label())];
        proposed.extend(Some(draft.reasons.clone()).filter(|r| !r.is_empty()));
        proposed.extend(draft.disclosed.iter().map(|d| format!("公开：{d}")));
        let withheld = draft.withheld.iter();
        proposed.extend(withheld.map(|w| format!("不予公开：{}（{}），{}", w.what, w.basis, w.reason)));
        proposed.extend(Some(draft.provided.clone()).filter(|p| !p.is_empty()));
        let mut handling = self.handling(&events);
        handling.extend(Some(draft.facts.clone()).filter(|f| !f.is_empty()));
        Some(ReviewSheet {
            issuer: self.issuer.clone(),
            request: self.number(),
            applicant: self.person.name.clone(),
            received_on: s.received_on,
            due_on: self.due.0,
            provisional: self.due.1,
            content: s.subject.clone(),
            handling: handling.join("\n"),
            decision: format!("{}（{title}）", draft.decision.label()),
            basis: draft.basis.iter().map(|b| values::full(b)).collect::<Vec<_>>().join("、"),
            unit: if self.handler.is_empty() { self.issuer.clone() } else { self.handler.clone() },
            officer: officer.clone(),
            proposal: Opinion { text: proposed.join("\n"), by: officer, on: Some(proposal.on) },
            review: proposal.chain.iter().map(concluded).collect(),
            printed_on: self.today,
        })
    }

    /// What was done so far, a line each.
    fn handling(&self, events: &[law::docket::InForce<'_, RequestEvent>]) -> Vec<String> {
        let s = self.s;
        let mut lines = Vec::new();
        for event in events {
            if let RequestEvent::Searched { note } = event.event {
                lines.push(format!("{}检索：{note}", values::day(event.on)));
            }
        }
        for c in &s.consultations {
            let answer = match (c.opinion, c.closed_on) {
                (Some(opinion), Some(on)) => format!("{}{}", values::day(on), values::opinion(opinion)),
                _ => "尚未结束".to_owned(),
            };
            lines.push(format!("{}征求{}意见，{answer}", values::day(c.sent_on), c.party));
        }
        if let Some(e) = s.extension {
            lines.push(format!("延长答复期限{}个工作日", e.days));
        }
        lines
    }

    fn payment(&self) -> Option<PaymentSlip> {
        let fee = self.s.fee.as_ref().filter(|_| awaits_fee(self.s))?;
        let received = self.s.received_on.unwrap_or(fee.noticed_on);
        let cite = law::fee::citation(fee.basis, received).unwrap_or_default();
        let notice = values::finished(self.s, Wanted { letter: Letter::Fee, n: None });
        let account = self.profile.account().into_iter();
        Some(PaymentSlip {
            issuer: self.issuer.clone(),
            request: self.number(),
            payer: self.person.name.clone(),
            content: self.s.subject.clone(),
            yuan: fee.yuan,
            counted: values::counted(fee),
            basis: format!("《政府信息公开信息处理费管理办法》\n（{cite}）"),
            notice: notice.map(|(_, w)| w.number.clone()).unwrap_or_default(),
            noticed_on: fee.noticed_on,
            pay_by: self.pay_by.0,
            provisional: self.pay_by.1,
            way: self.profile.payment.clone(),
            account: account.map(|(label, text)| (label.to_owned(), text.to_owned())).collect(),
            printed_on: self.today,
        })
    }

    /// How the letters are served, or are to be by the wish of the applicant.
    fn method(&self, going: &Going) -> Option<ServiceMethod> {
        let served = going.letters.iter().any(|w| matches!(w.letter, Letter::Decision(_)));
        match going.recipient {
            Recipient::Party(_) => None,
            Recipient::Applicant if served && self.s.served_by.is_some() => self.s.served_by,
            Recipient::Applicant => match self.s.wanted.delivery.as_slice() {
                [Delivery::Post] => Some(ServiceMethod::Post),
                [Delivery::Email] => Some(ServiceMethod::Electronic),
                [Delivery::PickUp | Delivery::Inspection] => Some(ServiceMethod::Direct),
                _ => None,
            },
        }
    }

    fn slip(&self, going: &Going) -> ServiceSlip {
        let p = &self.person;
        let method = self.method(going);
        let line = |w: &Written| {
            let title = w.letter.title();
            if w.number.is_empty() { title.to_owned() } else { format!("{title}　{}", w.number) }
        };
        let post = method == Some(ServiceMethod::Post);
        let served = post && going.letters.iter().any(|w| matches!(w.letter, Letter::Decision(_)));
        let (recipient, place, note) = match &going.recipient {
            Recipient::Party(name) => (name.clone(), String::new(), String::new()),
            Recipient::Applicant => {
                let place = if method == Some(ServiceMethod::Electronic) { &p.email } else { &p.address };
                let note = match p.agent_name.as_str() {
                    "" => String::new(),
                    agent => format!("代理人：{agent}"),
                };
                (p.name.clone(), place.clone(), note)
            }
        };
        ServiceSlip {
            issuer: self.issuer.clone(),
            request: self.number(),
            recipient,
            documents: going.letters.iter().map(line).collect(),
            method,
            place,
            mail_number: String::new(),
            mailed_on: self.s.served_on.filter(|_| served),
            note,
            printed_on: self.today,
        }
    }

    fn envelope(&self, going: &Going) -> Envelope {
        let p = &self.person;
        let (postcode, address, name) = match &going.recipient {
            Recipient::Party(name) => (String::new(), String::new(), name.clone()),
            Recipient::Applicant => {
                // Mail to an organisation reaches it by the one who is named.
                let organization = self.s.class != ApplicantClass::NaturalPerson && !p.contact.is_empty();
                let name = if organization { format!("{}　{}", p.name, p.contact) } else { p.name.clone() };
                (p.postcode.clone(), p.address.clone(), name)
            }
        };
        let answer = going.letters.iter().any(|w| matches!(w.letter, Letter::Decision(_)));
        let numbers: Vec<&str> =
            going.letters.iter().map(|w| w.number.as_str()).filter(|n| !n.is_empty()).collect();
        Envelope {
            postcode,
            address,
            name,
            mark: if answer { Envelope::ANSWER } else { Envelope::NOTICE }.to_owned(),
            reference: if numbers.is_empty() {
                format!("申请编号：{}", self.number())
            } else {
                numbers.join("\n")
            },
            sender: self.issuer.clone(),
            sender_address: self.profile.address.clone(),
            sender_postcode: self.profile.postcode.clone(),
            printed_on: self.today,
        }
    }
}
