//! What the docket gives to a letter: a value for each field it knows. Nothing is invented: what is not known stays a
//! gap that the check before signing finds.

use super::Wanted;
use crate::register::{History, recorded};
use crate::vault::Person;
use law::applicant::ApplicantClass;
use law::calendar::Calendar;
use law::decision::Decision;
use law::docket::in_force;
use law::docket::request::{
    Consulted, Draft, FeeNotice, Opinion, ReasonsOutcome, RequestEvent, Standing, Written,
};
use law::docket::unit::Profile;
use law::fee::Basis;
use law::letter::{Letter, Value, Values};
use law::{Date, clock, fee, term};
use std::collections::BTreeMap;

/// What the docket does not hold itself.
pub(super) struct About {
    /// Name of the agency.
    pub(super) issuer: String,
    pub(super) profile: Profile,
    pub(super) person: Person,
    pub(super) query_code: String,
    /// Day and number of the answer that is repeated.
    pub(super) earlier: Option<(Date, String)>,
    /// Name of the helping or handling unit.
    pub(super) helping: String,
    pub(super) today: Date,
    /// The day the letter bears.
    pub(super) dated: Date,
}

/// The letters for which something was recorded.
pub(super) fn writable(s: &Standing) -> Vec<Wanted> {
    let mut all = Vec::new();
    let mut put = |there: bool, letter| {
        if there {
            all.push(Wanted { letter, n: None });
        }
    };
    put(s.received_on.is_some(), Letter::Receipt);
    put(s.correction.is_some(), Letter::Correction);
    put(s.reasons.is_some(), Letter::Reasons);
    put(s.deferred_until.is_some(), Letter::Deferral);
    put(s.extension.is_some() || s.extension_consent.is_some(), Letter::Extension);
    put(!s.consultations.is_empty(), Letter::ConsultationNotice);
    let third = |c: &law::docket::request::Consultation| c.whom == Consulted::ThirdParty;
    let given = s.proposal.as_ref().is_some_and(|p| p.draft.decision.discloses());
    put(given && s.consultations.iter().any(third), Letter::ThirdPartyNotice);
    put(s.fee.is_some(), Letter::Fee);
    for c in &s.consultations {
        all.push(Wanted { letter: of_consulted(c.whom), n: Some(c.number) });
    }
    for n in 1..=u32::try_from(s.assistance.len()).unwrap_or(0) {
        all.push(Wanted { letter: Letter::Assistance, n: Some(n) });
    }
    if s.assistance.is_empty() && s.handler.is_some() {
        all.push(Wanted { letter: Letter::Assistance, n: None });
    }
    let (decided, _, _) = s.current_round();
    let decision = decided.or(s.proposal.as_ref().map(|p| p.draft.decision));
    all.extend(decision.map(|d| Wanted { letter: Letter::Decision(d), n: None }));
    all.extend(
        (1..)
            .zip(&s.letters)
            .filter(|(_, (_, w))| is_earlier(s, w))
            .map(|(n, (_, w))| Wanted { letter: w.letter, n: Some(n) }),
    );
    all
}

/// Whether a letter is an answer before a reopening.
fn is_earlier(s: &Standing, w: &Written) -> bool {
    matches!(w.letter, Letter::Decision(_)) && !is_current(s, w)
}

/// Whether a notice is that of the latest decision: the number says so, for the same may be decided twice.
fn is_current(s: &Standing, w: &Written) -> bool {
    let (decided, _, _) = s.current_round();
    let number = s.reopenings.last().map_or(&s.decision_number, |r| &r.number);
    decided.is_some_and(|d| w.letter == Letter::Decision(d))
        && number.as_deref().unwrap_or_default() == w.number
}

/// The entry by which a letter was finished.
pub(super) fn finished(s: &Standing, wanted: Wanted) -> Option<&(Date, Written)> {
    let place = wanted.n.and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
    let mut latest = s.letters.iter().rev().filter(|(_, w)| w.letter == wanted.letter);
    match (wanted.letter, place) {
        (Letter::Decision(_), Some(place)) => {
            s.letters.get(place).filter(|(_, w)| w.letter == wanted.letter && is_earlier(s, w))
        }
        (Letter::Decision(_), None) => latest.find(|(_, w)| is_current(s, w)),
        _ => latest.find(|(_, w)| w.n == wanted.n),
    }
}

/// The letters to the applicant that were finished on the last day on which any was: they go out together.
pub(super) fn together(s: &Standing) -> Vec<&Written> {
    let mut all = s.letters.iter().filter(|(_, w)| w.letter.is_to_applicant());
    let Some((last, _)) = all.clone().next_back() else { return Vec::new() };
    let mut latest: Vec<&Written> = Vec::new();
    for (_, w) in all.by_ref().filter(|(on, _)| on == last) {
        // One that was finished again takes the place of the first.
        latest.retain(|earlier| (earlier.letter, earlier.n) != (w.letter, w.n));
        latest.push(w);
    }
    latest
}

fn of_consulted(whom: Consulted) -> Letter {
    match whom {
        Consulted::ThirdParty => Letter::ThirdParty,
        Consulted::JointAgency => Letter::JointAgency,
        Consulted::OtherAgency => Letter::OtherAgency,
    }
}

/// The day a letter of the procedure bears (成文日期): that of the step it tells, whenever it is finished. A letter that
/// was sent on Monday is not dated Thursday because it was made in the system only then. One whose step has no day of its
/// own, or is still to come, bears the day it is finished.
pub(super) fn day_of(wanted: Wanted, s: &Standing, history: &[History<RequestEvent>], today: Date) -> Date {
    let consultation = || s.consultations.iter().find(|c| Some(c.number) == wanted.n).map(|c| c.sent_on);
    let last = |wanted: fn(&RequestEvent) -> bool| {
        let docket = recorded(history);
        in_force(&docket).into_iter().rev().find(|e| wanted(e.event)).map(|e| e.on)
    };
    let day = match wanted.letter {
        Letter::Correction => s.correction.as_ref().map(|c| c.noticed_on),
        Letter::Reasons => s.reasons.as_ref().map(|r| r.asked_on),
        Letter::Deferral => last(|e| matches!(e, RequestEvent::Deferred { .. })),
        Letter::Extension => s.extension.and_then(|e| e.told_on),
        Letter::ThirdParty | Letter::JointAgency | Letter::OtherAgency => consultation(),
        Letter::Assistance => match wanted.n.and_then(|n| s.assistance.get((n as usize).checked_sub(1)?)) {
            Some(asked) => Some(asked.asked_on),
            None => last(|e| matches!(e, RequestEvent::Assigned { .. })),
        },
        Letter::Fee => s.fee.as_ref().map(|f| f.noticed_on),
        Letter::Receipt
        | Letter::ConsultationNotice
        | Letter::ThirdPartyNotice
        | Letter::RecordCorrection
        | Letter::Decision(_) => None,
    };
    day.filter(|day| *day <= today).unwrap_or(today)
}

/// Number and day of a letter that is finished.
pub(super) fn signed(letter: Letter, number: &str, on: Date) -> Values {
    let both = [("文号", number.to_owned()), ("成文日期", day(on))];
    let known = both.into_iter().filter(|(name, text)| letter.field(name).is_some() && !text.is_empty());
    known.map(|(name, text)| (name.to_owned(), Value::Text(text))).collect()
}

pub(super) fn day(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

/// How a fee is counted: `按量计收，共31页`.
pub(super) fn counted(fee: &FeeNotice) -> String {
    match fee.basis {
        Basis::PerRequest => format!("{}，属本自然月第{}件", fee.basis.label(), fee.count),
        Basis::PerPage => format!("{}，共{}页", fee.basis.label(), fee.count),
    }
}

/// What a consulted party said.
pub(super) fn opinion(opinion: Opinion) -> &'static str {
    match opinion {
        Opinion::Consents => "同意公开",
        Opinion::Objects => "不同意公开",
        Opinion::Silent => "逾期未提出意见",
    }
}

/// The Regulation by its full name: a letter names the law it rests on.
pub(super) fn full(basis: &str) -> String {
    match basis.strip_prefix("条例第") {
        Some(rest) => format!("《中华人民共和国政府信息公开条例》第{rest}"),
        None => basis.replace("、条例第", "、《中华人民共和国政府信息公开条例》第"),
    }
}

/// How the agency is reached.
pub(super) fn contact(profile: &Profile) -> String {
    let contact = match profile.working_body.as_str() {
        "" => profile.contact(),
        body => format!("联系单位：{body}，{}", profile.contact()),
    };
    contact.trim_end_matches('，').to_owned()
}

/// The remedies, by the rule that checks them, from what the letter says so far.
pub(super) fn put_remedies(letter: Letter, values: &mut Values, profile: &Profile, on: Date) {
    let (authority, court) = (&profile.reconsideration_authority, &profile.court);
    if letter.field("救济途径").is_some()
        && !authority.is_empty()
        && !court.is_empty()
        && let Ok(sentence) = letter.remedies(values, authority, court, on)
    {
        values.insert("救济途径".to_owned(), Value::Text(sentence));
    }
}

/// A letter being filled: only fields it has are put.
struct Filling<'a> {
    letter: Letter,
    values: Values,
    s: &'a Standing,
    about: &'a About,
    calendar: &'a Calendar,
}

impl Filling<'_> {
    fn value(&mut self, name: &str, value: Value) {
        let blank = value.texts().is_empty();
        if !blank && self.letter.field(name).is_some() {
            self.values.insert(name.to_owned(), value);
        }
    }

    fn put(&mut self, name: &str, text: impl Into<String>) {
        self.value(name, Value::Text(text.into()));
    }

    fn on(&mut self, name: &str, on: Option<Date>) {
        self.put(name, on.map(day).unwrap_or_default());
    }

    fn list(&mut self, name: &str, items: &[String]) {
        self.value(name, Value::List(items.to_vec()));
    }

    /// A statutory term as it is on the day of the letter, in words.
    fn term(&mut self, key: &str) {
        if let Ok(value) = term::on(key, self.about.dated) {
            self.put("法定期限", value.length.to_string());
        }
    }

    /// By the rule that checks them, from what the letter says so far.
    fn remedies(&mut self, on: Date) {
        put_remedies(self.letter, &mut self.values, &self.about.profile, on);
    }

    fn everywhere(&mut self) {
        let (s, about) = (self.s, self.about);
        self.put("机关名称", &about.issuer);
        let person = &about.person;
        let natural = s.class == ApplicantClass::NaturalPerson;
        self.put("申请人", &person.name);
        let third = matches!(self.letter, Letter::ThirdParty | Letter::ThirdPartyNotice);
        self.put("称谓", if natural && !third { "您" } else { "贵单位" });
        self.put("申请编号", s.number.clone().unwrap_or_default());
        self.on("收到日期", s.received_on);
        self.put("收到方式", s.channel.label());
        self.put("申请内容", &s.subject);
        self.on("补正收到日期", s.correction.as_ref().and_then(|c| c.received_on));
        self.on("答复期限", s.due(self.calendar, about.today).map(|d| d.on));
        let code: Vec<char> = about.query_code.chars().collect();
        let code: Vec<String> = code.chunks(4).map(|c| c.iter().collect()).collect();
        self.put("查询码", code.join("-"));
        self.put("联系方式", contact(&about.profile));
        self.put("缴纳方式", about.profile.way_to_pay());
    }

    fn procedure(&mut self, n: Option<u32>, events: &[&RequestEvent]) {
        let s = self.s;
        if let Some(c) = &s.correction {
            self.list("补正事项", &c.items);
            self.on("补正期限", Some(c.reply_by));
            self.on("补正告知日期", Some(c.noticed_on));
        }
        self.on("说明理由期限", s.reasons.as_ref().map(|r| r.reply_by));
        self.on("延迟期限", s.deferred_until);
        for event in events {
            match event {
                RequestEvent::Deferred { reason, .. } => self.put("延迟理由", reason),
                RequestEvent::ReasonsJudged { outcome: ReasonsOutcome::Deferred, opinion, .. } => {
                    self.put("延迟理由", opinion);
                }
                RequestEvent::ExtensionConsented { reason, .. } | RequestEvent::Extended { reason, .. } => {
                    self.put("延长理由", reason);
                }
                _ => {}
            }
        }
        // What the office found of number and frequency is in the comparisons it recorded.
        let compared: Vec<String> =
            s.links.iter().map(|l| l.note.clone()).filter(|note| !note.is_empty()).collect();
        self.put("申请情况", compared.join("；"));
        self.extension();
        self.consultation(n);
        self.fee();
        let matter = s.assistance.get(n.unwrap_or(1).saturating_sub(1) as usize);
        self.put("承办单位", &self.about.helping);
        match matter {
            Some(asked) => {
                self.list("办理要求", std::slice::from_ref(&asked.matter));
                self.on("办理期限", Some(asked.until));
            }
            None => {
                self.list("办理要求", &["请检索有关政府信息，提出是否公开的意见、依据和理由".to_owned()]);
                self.on("办理期限", s.handler_until);
            }
        }
    }

    fn extension(&mut self) {
        let (s, today) = (self.s, self.about.today);
        let days = s.extension.map(|e| e.days).or(s.extension_consent.map(|(days, _)| days));
        let Some(days) = days else { return };
        self.put("延长天数", format!("{days}个工作日"));
        let Some(mut input) = s.clock_input() else { return };
        let told_on = input.extension.and_then(|e| e.told_on).or(Some(today));
        input.extension = Some(clock::Extension { days, told_on });
        self.on("延长后答复期限", clock::due(&input, self.calendar, today).ok().map(|d| d.on));
    }

    fn consultation(&mut self, n: Option<u32>) {
        let s = self.s;
        let fits = |c: &&law::docket::request::Consultation| n.is_none_or(|n| c.number == n);
        let Some(c) = s.consultations.iter().rev().find(fits) else { return };
        let name = match c.whom {
            Consulted::ThirdParty => "第三方",
            Consulted::JointAgency => "共同制作机关",
            Consulted::OtherAgency => "征求意见机关",
        };
        self.put(name, &c.party);
        if self.letter == Letter::ThirdPartyNotice {
            let third = s.consultations.iter().rev().find(|c| c.whom == Consulted::ThirdParty);
            self.put("第三方", third.map(|c| c.party.clone()).unwrap_or_default());
        }
        self.put("征求意见对象", name.trim_start_matches("征求意见").replace("机关", "其他机关"));
        if c.whom == Consulted::JointAgency {
            self.put("征求意见对象", name);
        }
        self.on("征求意见发出日期", Some(c.sent_on));
        self.list("拟公开内容", std::slice::from_ref(&s.subject));
        self.list("征求事项", &["上述政府信息是否可以公开，以及意见的依据和理由".to_owned()]);
        self.put("信息名称", &s.subject);
        match self.letter {
            Letter::ThirdParty => self.term("third-party"),
            Letter::JointAgency => self.term("joint-agency"),
            _ => {}
        }
        let by = self.calendar.add(c.sent_on, self.about.profile.opinion_days()).ok();
        self.on("反馈期限", by.map(|(on, _)| on));
        // To whom it is written is not spoken of as somebody else.
        let who = if self.letter == Letter::ThirdPartyNotice { "贵单位" } else { "第三方" };
        let said = c.opinion.filter(|_| c.whom == Consulted::ThirdParty);
        self.put("第三方意见", said.map(|o| format!("{who}{}", opinion(o))).unwrap_or_default());
    }

    fn fee(&mut self) {
        let Some(f) = &self.s.fee else { return };
        let received = self.s.received_on.unwrap_or(f.noticed_on);
        let how = counted(f);
        let cite = fee::citation(f.basis, received).unwrap_or_default();
        self.put("收费标准", format!("{how}（《政府信息公开信息处理费管理办法》，{cite}）"));
        self.put("收费数额", format!("{}元", f.yuan));
        self.on("缴费告知日期", Some(f.noticed_on));
        let due = clock::fee_payment_due(f.noticed_on, self.calendar).ok().map(|d| d.on);
        self.on("缴费期限", due);
        self.term("fee-payment");
    }

    fn draft(&mut self, draft: &Draft) {
        self.put("查明事实", &draft.facts);
        self.put("依据", draft.basis.iter().map(|b| full(b)).collect::<Vec<_>>().join("、"));
        self.put("理由", &draft.reasons);
        self.list("公开部分", &draft.disclosed);
        let rows = draft.withheld.iter().map(|part| {
            let cells =
                [("内容", part.what.clone()), ("依据", full(&part.basis)), ("理由", part.reason.clone())];
            cells.into_iter().map(|(name, text)| (name.to_owned(), text)).collect::<BTreeMap<_, _>>()
        });
        self.value("不予公开部分", Value::Rows(rows.collect()));
        for name in ["提供方式", "公开途径", "获取途径", "办理途径", "负责机关", "投诉渠道"]
        {
            self.put(name, &draft.provided);
        }
        self.list("附件", &draft.attachments);
        if draft.decision == Decision::DeclinedExcessiveRequests && !draft.facts.is_empty() {
            self.put("申请情况", &draft.facts);
        }
        self.put("处理结果", &draft.reasons);
        self.put("公开内容", self.s.subject.clone());
    }
}

/// A value for each field that the docket knows.
pub(super) fn values(
    wanted: Wanted,
    s: &Standing,
    history: &[History<RequestEvent>],
    about: &About,
    calendar: &Calendar,
) -> Values {
    let letter = wanted.letter;
    let mut f = Filling { letter, values: Values::new(), s, about, calendar };
    let docket = recorded(history);
    let events: Vec<&RequestEvent> = in_force(&docket).into_iter().map(|e| e.event).collect();
    f.everywhere();
    f.procedure(wanted.n, &events);
    if let Some((on, number)) = &about.earlier {
        f.on("原答复日期", Some(*on));
        f.put("原答复文号", number);
    }
    let (_, decided_on, _) = s.current_round();
    if let Some(proposal) = &s.proposal {
        f.draft(&proposal.draft);
    }
    f.remedies(decided_on.unwrap_or(about.today));
    f.values
}
