//! 申请登记台账 (DOMAIN §4.4)

use super::{Events, Sheet, must_unit_in, place, unit_in, unit_name};
use crate::request::Requests;
use crate::transfer::cell::{Bad, Cells, Column, may, must};
use crate::unit::Tree;
use crate::vault::Person;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::decision::Decision;
use law::docket::request::{
    Carrier, Consulted, Delivery, Opinion, ProactiveOutcome, RequestEvent, ServiceMethod, SuggestedBy, Wanted,
};
use law::fee::Basis;
use law::receipt::Channel;
use law::retention::Retention;

const NUMBER: &str = "申请编号";
const ADDRESSEE: &str = "受理机关";
const UNIT: &str = "统计单位";
const ARRIVED: &str = "到达日期";
const CHANNEL: &str = "收到方式";
const CONFIRMED: &str = "双方确认日期";
const CONFIRMED_HOW: &str = "确认情况";
const REGISTERED: &str = "登记日期";
const CLASS: &str = "申请人类别";
const SUBJECT: &str = "申请内容";
const DELIVERY: &str = "获取方式";
const CARRIER: &str = "载体形式";
const CORRECTION: &str = "补正告知日期";
const CORRECTION_ITEMS: &str = "补正事项";
const CORRECTION_UNTIL: &str = "补正期限";
const CORRECTED: &str = "补正日期";
const ASSIGNED: &str = "交办日期";
const HANDLER: &str = "承办单位";
const LIMIT: &str = "内部时限";
const THIRD: Consult = Consult {
    sent: "征求第三方意见发出日期",
    party: "第三方",
    delivered: "第三方收到日期",
    closed: "第三方意见日期",
    opinion: "第三方意见",
};
const AGENCY: Consult = Consult {
    sent: "征求机关意见发出日期",
    party: "被征求意见机关",
    delivered: "机关收到日期",
    closed: "机关意见日期",
    opinion: "机关意见",
};
const AGENCY_KIND: &str = "机关性质";
const EXTENDED: &str = "延期告知日期";
const EXTENDED_DAYS: &str = "延期工作日数";
const EXTENDED_BY: &str = "延期批准人";
const EXTENDED_WHY: &str = "延期理由";
const FEE: &str = "收费通知日期";
const FEE_BASIS: &str = "收费标准";
const FEE_COUNT: &str = "计费数量";
const FEE_YUAN: &str = "收费数额";
const PAID: &str = "缴费日期";
const DECIDED: &str = "答复日期";
const DECISION: &str = "处理结果";
const DECISION_NUMBER: &str = "文号";
const REASONS: &str = "处理理由";
const SERVED: &str = "送达日期";
const METHOD: &str = "送达方式";
const EVIDENCE: &str = "送达凭证";
const WITHDRAWN: &str = "撤回日期";
const ARCHIVED: &str = "归档日期";
const FILE: &str = "归档号";
const RETENTION: &str = "保管期限";
const SUGGESTED: &str = "拟转主动公开日期";
const SUGGESTED_WHY: &str = "拟转主动公开情况";
const PROPOSED: &str = "申请人建议主动公开日期";
const PROPOSED_WHY: &str = "申请人建议的内容";
const UNSUITABLE: &str = "不宜主动公开审查日期";
const UNSUITABLE_WHY: &str = "不宜主动公开的理由";

/// Columns that are computed: an export has them, an import reads over them.
pub(in crate::transfer) const COMPUTED: [&str; 3] = ["收到日期", "法定答复期限", "办理状态"];

/// Columns of the applicant: only for those who may read personal data.
pub(in crate::transfer) const PERSON: [&str; 9] = [
    "申请人姓名或者名称",
    "证件名称",
    "证件号码",
    "联系人",
    "联系电话",
    "联系地址",
    "邮政编码",
    "电子邮箱",
    "传真",
];

/// The columns of a consultation.
struct Consult {
    sent: &'static str,
    party: &'static str,
    delivered: &'static str,
    closed: &'static str,
    opinion: &'static str,
}

const OPINIONS: [(Opinion, &str); 3] =
    [(Opinion::Consents, "同意公开"), (Opinion::Objects, "不同意公开"), (Opinion::Silent, "逾期未答复")];
const AGENCIES: [(Consulted, &str); 2] =
    [(Consulted::JointAgency, "共同制作机关"), (Consulted::OtherAgency, "其他机关")];
const METHODS: [(ServiceMethod, &str); 4] = [
    (ServiceMethod::Direct, "直接送达"),
    (ServiceMethod::Entrusted, "委托送达"),
    (ServiceMethod::Post, "邮寄"),
    (ServiceMethod::Electronic, "电子送达"),
];

fn word<T: PartialEq>(words: &[(T, &'static str)], value: &T) -> &'static str {
    words.iter().find(|(v, _)| v == value).map_or("", |(_, w)| w)
}

/// Between the items of a correction notice in one cell.
const BETWEEN: &str = "；";

/// What stands among the ways where any other will do.
const OTHER_WAY: &str = "也可接受其他方式";

/// The form requirement of a row.
fn wanted(cells: &Cells) -> Result<Wanted, Bad> {
    let mut wanted = Wanted::default();
    for word in cells.text(DELIVERY).split([';', '；']).map(str::trim).filter(|w| !w.is_empty()) {
        match Delivery::parse(word) {
            Some(way) => wanted.delivery.push(way),
            None if word == OTHER_WAY => wanted.other_way = true,
            None => {
                let all = Delivery::ALL.map(Delivery::label).join("；");
                return Err(Bad::new(DELIVERY, format!("“{word}”不在可选范围内，应为：{all}；{OTHER_WAY}")));
            }
        }
    }
    if cells.some(CARRIER).is_some() {
        wanted.carrier = Some(cells.word(CARRIER, &Carrier::ALL.map(|c| (c, c.label())))?);
    }
    Ok(wanted)
}

/// The ways of a form requirement in one cell.
fn ways(wanted: &Wanted) -> String {
    let other = wanted.other_way.then_some(OTHER_WAY);
    wanted.delivery.iter().map(|d| d.label()).chain(other).collect::<Vec<_>>().join(BETWEEN)
}

/// The applicant in a row, if there is one.
pub(in crate::transfer) fn person(cells: &Cells) -> Option<Person> {
    let [name, id_kind, id_number, contact, phone, address, postcode, email, fax] =
        PERSON.map(|column| cells.text(column).to_owned());
    let person = Person {
        name,
        id_kind,
        id_number,
        contact,
        phone,
        address,
        postcode,
        email,
        fax,
        // The sheet has no columns for an agent.
        ..Person::default()
    };
    (person != Person::default()).then_some(person)
}

/// Writes the applicant into a row.
pub(in crate::transfer) fn put_person(person: Person, cells: &mut Cells) {
    let Person { name, id_kind, id_number, contact, phone, address, postcode, email, fax, .. } = person;
    let texts = [name, id_kind, id_number, contact, phone, address, postcode, email, fax];
    PERSON.into_iter().zip(texts).for_each(|(column, text)| cells.put(column, text));
}

impl Sheet for Requests {
    const COLUMNS: &'static [Column] = &[
        may(NUMBER),
        must(ADDRESSEE),
        must(UNIT),
        must(ARRIVED),
        must(CHANNEL).or(&["收到方式(渠道)", "渠道"]),
        may(CONFIRMED),
        may(CONFIRMED_HOW),
        may(COMPUTED[0]),
        may(REGISTERED),
        must(CLASS),
        may(PERSON[0]).or(&["申请人", "申请人姓名/名称"]),
        may(PERSON[1]).or(&["证件类型"]),
        may(PERSON[2]),
        may(PERSON[3]),
        may(PERSON[4]).or(&["联系方式"]),
        may(PERSON[5]),
        may(PERSON[6]),
        may(PERSON[7]),
        may(PERSON[8]),
        must(SUBJECT),
        may(DELIVERY),
        may(CARRIER),
        may(CORRECTION),
        may(CORRECTION_ITEMS),
        may(CORRECTION_UNTIL),
        may(CORRECTED),
        may(ASSIGNED),
        may(HANDLER),
        may(LIMIT),
        may(THIRD.sent),
        may(THIRD.party),
        may(THIRD.delivered),
        may(THIRD.closed),
        may(THIRD.opinion),
        may(AGENCY.sent),
        may(AGENCY_KIND),
        may(AGENCY.party),
        may(AGENCY.delivered),
        may(AGENCY.closed),
        may(AGENCY.opinion),
        may(EXTENDED),
        may(EXTENDED_DAYS),
        may(EXTENDED_BY),
        may(EXTENDED_WHY),
        may(FEE),
        may(FEE_BASIS),
        may(FEE_COUNT),
        may(FEE_YUAN),
        may(PAID),
        may(COMPUTED[1]),
        may(DECIDED),
        may(DECISION),
        may(DECISION_NUMBER).or(&["文书名称/文号"]),
        may(REASONS),
        may(METHOD),
        may(SERVED),
        may(EVIDENCE),
        may(WITHDRAWN),
        may(ARCHIVED),
        may(FILE),
        may(RETENTION),
        may(SUGGESTED),
        may(SUGGESTED_WHY),
        may(PROPOSED),
        may(PROPOSED_WHY),
        may(UNSUITABLE),
        may(UNSUITABLE_WHY),
        may(COMPUTED[2]),
    ];

    fn read(cells: &Cells, tree: &Tree) -> Result<Events<RequestEvent>, Bad> {
        let arrived_on = cells.must_date(ARRIVED)?;
        let channel = cells.must(CHANNEL)?;
        let channel = Channel::parse(&channel).ok_or_else(|| {
            let all = Channel::ALL.map(Channel::label).join("、");
            Bad::new(CHANNEL, format!("“{channel}”不在可选范围内，应为：{all}"))
        })?;
        let arrived = RequestEvent::Arrived {
            channel,
            addressee: must_unit_in(cells, ADDRESSEE, tree)?,
            counted_by: must_unit_in(cells, UNIT, tree)?,
            class: cells.word(CLASS, &ApplicantClass::ALL.map(|c| (c, c.label())))?,
            subject: cells.must(SUBJECT)?,
            applicant: None,
            wanted: wanted(cells)?,
        };
        let mut later = Vec::new();
        let confirmed_on = cells.date(CONFIRMED)?;
        if let Some(on) = confirmed_on {
            later.push((on, RequestEvent::Confirmed { evidence: cells.text(CONFIRMED_HOW).to_owned() }));
        }
        cells.alone(NUMBER, &[REGISTERED])?;
        if let Some(number) = cells.some(NUMBER) {
            let on = cells.date(REGISTERED)?.or(confirmed_on).unwrap_or(arrived_on);
            later.push((on, RequestEvent::Registered { number }));
        }
        read_handling(cells, tree, &mut later)?;
        read_answer(cells, &mut later)?;
        later.sort_by_key(|(on, _)| *on);
        later.insert(0, (arrived_on, arrived));
        Ok(later)
    }

    /// The record of the applicant is sealed anew by an import, under another id.
    fn portable(mut event: RequestEvent) -> RequestEvent {
        if let RequestEvent::Arrived { applicant, .. } = &mut event {
            *applicant = None;
        }
        event
    }

    fn write(on: Date, event: &RequestEvent, tree: &Tree, cells: &mut Cells) -> bool {
        match event {
            RequestEvent::Arrived {
                channel,
                addressee,
                counted_by,
                class,
                subject,
                applicant: _,
                wanted,
            } => place(
                cells,
                (ARRIVED, on),
                &[
                    (CHANNEL, channel.label()),
                    (ADDRESSEE, &unit_name(addressee, tree)),
                    (UNIT, &unit_name(counted_by, tree)),
                    (CLASS, class.label()),
                    (SUBJECT, subject),
                    (DELIVERY, &ways(wanted)),
                    (CARRIER, wanted.carrier.map_or("", Carrier::label)),
                ],
            ),
            RequestEvent::Confirmed { evidence } => {
                place(cells, (CONFIRMED, on), &[(CONFIRMED_HOW, evidence)])
            }
            RequestEvent::Registered { number } => place(cells, (REGISTERED, on), &[(NUMBER, number)]),
            RequestEvent::CorrectionNoticed { items, reply_by } => place(
                cells,
                (CORRECTION, on),
                &[(CORRECTION_ITEMS, &items.join(BETWEEN)), (CORRECTION_UNTIL, &reply_by.to_string())],
            ),
            RequestEvent::CorrectionReceived => place(cells, (CORRECTED, on), &[]),
            RequestEvent::Assigned { unit, until } => {
                let limit = until.map(|on| on.to_string()).unwrap_or_default();
                place(cells, (ASSIGNED, on), &[(HANDLER, &unit_name(unit, tree)), (LIMIT, &limit)])
            }
            RequestEvent::ConsultationSent { whom: Consulted::ThirdParty, party, .. } => {
                place(cells, (THIRD.sent, on), &[(THIRD.party, party)])
            }
            RequestEvent::ConsultationSent { whom, party, .. } => place(
                cells,
                (AGENCY.sent, on),
                &[(AGENCY_KIND, word(&AGENCIES, whom)), (AGENCY.party, party)],
            ),
            RequestEvent::ConsultationDelivered { consultation } => {
                place(cells, (consult(*consultation, cells).delivered, on), &[])
            }
            RequestEvent::ConsultationClosed { consultation, opinion } => {
                let columns = consult(*consultation, cells);
                place(cells, (columns.closed, on), &[(columns.opinion, word(&OPINIONS, opinion))])
            }
            RequestEvent::Extended { days, approved_by, reason } => place(
                cells,
                (EXTENDED, on),
                &[(EXTENDED_DAYS, &days.to_string()), (EXTENDED_BY, approved_by), (EXTENDED_WHY, reason)],
            ),
            RequestEvent::FeeNoticed { basis, count, yuan } => place(
                cells,
                (FEE, on),
                &[(FEE_BASIS, basis.label()), (FEE_COUNT, &count.to_string()), (FEE_YUAN, &yuan.to_string())],
            ),
            RequestEvent::FeePaid => place(cells, (PAID, on), &[]),
            RequestEvent::Decided { decision, number, reasons } => place(
                cells,
                (DECIDED, on),
                &[(DECISION, decision.label()), (DECISION_NUMBER, number), (REASONS, reasons)],
            ),
            RequestEvent::Served { method, evidence } => {
                place(cells, (SERVED, on), &[(METHOD, word(&METHODS, method)), (EVIDENCE, evidence)])
            }
            RequestEvent::Withdrawn => place(cells, (WITHDRAWN, on), &[]),
            RequestEvent::Archived { file_number, retention } => {
                let kept = retention.map_or("", Retention::label);
                place(cells, (ARCHIVED, on), &[(FILE, file_number), (RETENTION, kept)])
            }
            RequestEvent::SuggestedProactive { by, note } => match by {
                SuggestedBy::Agency => place(cells, (SUGGESTED, on), &[(SUGGESTED_WHY, note)]),
                SuggestedBy::Applicant => place(cells, (PROPOSED, on), &[(PROPOSED_WHY, note)]),
            },
            RequestEvent::ProactiveReviewed { outcome: ProactiveOutcome::Unsuitable, reason, .. } => {
                place(cells, (UNSUITABLE, on), &[(UNSUITABLE_WHY, reason)])
            }
            // The document has its own sheet; this row names it by its docket id.
            RequestEvent::ProactiveReviewed { outcome: ProactiveOutcome::Published, .. } => false,
            RequestEvent::ReasonsAsked { .. }
            | RequestEvent::ReasonsReceived { .. }
            | RequestEvent::ReasonsJudged { .. }
            | RequestEvent::Triaged { .. }
            | RequestEvent::HandedIn(_)
            | RequestEvent::HandedOut(_)
            | RequestEvent::Appraised { .. }
            | RequestEvent::Destroyed { .. }
            | RequestEvent::Deferred { .. }
            | RequestEvent::OfficerNamed { .. }
            | RequestEvent::Noted { .. }
            | RequestEvent::Assisted { .. }
            | RequestEvent::AssistanceAnswered { .. }
            | RequestEvent::Chased { .. }
            | RequestEvent::Searched { .. }
            | RequestEvent::ExtensionConsented { .. }
            | RequestEvent::Drafted { .. }
            | RequestEvent::Reviewed { .. }
            | RequestEvent::Written(_)
            | RequestEvent::Linked(_)
            | RequestEvent::Split { .. }
            | RequestEvent::Merged { .. }
            | RequestEvent::Restricted { .. }
            | RequestEvent::Reopened { .. } => false,
        }
    }
}

/// The columns that a consultation has when it is written: the first one those of the one that was sent.
fn consult(number: u32, cells: &Cells) -> &'static Consult {
    if number == 1 && !cells.is_free(THIRD.sent) { &THIRD } else { &AGENCY }
}

fn read_handling(cells: &Cells, tree: &Tree, later: &mut Events<RequestEvent>) -> Result<(), Bad> {
    cells.alone(CORRECTION, &[CORRECTION_ITEMS, CORRECTION_UNTIL, CORRECTED])?;
    if let Some(on) = cells.date(CORRECTION)? {
        let items = cells.must(CORRECTION_ITEMS)?.split(BETWEEN).map(str::to_owned).collect();
        later.push((
            on,
            RequestEvent::CorrectionNoticed { items, reply_by: cells.must_date(CORRECTION_UNTIL)? },
        ));
    }
    if let Some(on) = cells.date(CORRECTED)? {
        later.push((on, RequestEvent::CorrectionReceived));
    }
    cells.alone(ASSIGNED, &[HANDLER, LIMIT])?;
    if let Some(on) = cells.date(ASSIGNED)? {
        // An office inside the agency is no unit of the list: its name stays as it is.
        let unit = unit_in(cells, HANDLER, tree).ok().flatten().map_or_else(|| cells.must(HANDLER), Ok)?;
        later.push((on, RequestEvent::Assigned { unit, until: cells.date(LIMIT)? }));
    }
    let third = consultation(cells, &THIRD, 1, |_| Ok(Consulted::ThirdParty), later)?;
    let agency = |cells: &Cells| cells.word(AGENCY_KIND, &AGENCIES);
    consultation(cells, &AGENCY, if third { 2 } else { 1 }, agency, later)?;
    cells.alone(EXTENDED, &[EXTENDED_DAYS, EXTENDED_BY, EXTENDED_WHY])?;
    if let Some(on) = cells.date(EXTENDED)? {
        let event = RequestEvent::Extended {
            days: cells.number(EXTENDED_DAYS)?,
            approved_by: cells.text(EXTENDED_BY).to_owned(),
            reason: cells.text(EXTENDED_WHY).to_owned(),
        };
        later.push((on, event));
    }
    cells.alone(FEE, &[FEE_BASIS, FEE_COUNT, FEE_YUAN, PAID])?;
    if let Some(on) = cells.date(FEE)? {
        let event = RequestEvent::FeeNoticed {
            basis: cells.word(FEE_BASIS, &Basis::ALL.map(|b| (b, b.label())))?,
            count: cells.number(FEE_COUNT)?,
            yuan: cells.number(FEE_YUAN)?,
        };
        later.push((on, event));
    }
    if let Some(on) = cells.date(PAID)? {
        later.push((on, RequestEvent::FeePaid));
    }
    Ok(())
}

/// Reads a consultation; whether there is one.
fn consultation(
    cells: &Cells,
    columns: &Consult,
    number: u32,
    whom: impl Fn(&Cells) -> Result<Consulted, Bad>,
    later: &mut Events<RequestEvent>,
) -> Result<bool, Bad> {
    cells.alone(columns.sent, &[columns.party, columns.delivered, columns.closed, columns.opinion])?;
    let Some(on) = cells.date(columns.sent)? else { return Ok(false) };
    let party = cells.must(columns.party)?;
    later.push((on, RequestEvent::ConsultationSent { consultation: number, whom: whom(cells)?, party }));
    if let Some(on) = cells.date(columns.delivered)? {
        later.push((on, RequestEvent::ConsultationDelivered { consultation: number }));
    }
    cells.alone(columns.closed, &[columns.opinion])?;
    if let Some(on) = cells.date(columns.closed)? {
        let opinion = cells.word(columns.opinion, &OPINIONS)?;
        later.push((on, RequestEvent::ConsultationClosed { consultation: number, opinion }));
    }
    Ok(true)
}

fn read_answer(cells: &Cells, later: &mut Events<RequestEvent>) -> Result<(), Bad> {
    cells.alone(DECIDED, &[DECISION, DECISION_NUMBER, REASONS, SERVED])?;
    if let Some(on) = cells.date(DECIDED)? {
        let event = RequestEvent::Decided {
            decision: cells.word(DECISION, &Decision::ALL.map(|d| (d, d.label())))?,
            number: cells.text(DECISION_NUMBER).to_owned(),
            reasons: cells.text(REASONS).to_owned(),
        };
        later.push((on, event));
    }
    cells.alone(SERVED, &[METHOD, EVIDENCE])?;
    if let Some(on) = cells.date(SERVED)? {
        let evidence = cells.text(EVIDENCE).to_owned();
        later.push((on, RequestEvent::Served { method: cells.word(METHOD, &METHODS)?, evidence }));
    }
    if let Some(on) = cells.date(WITHDRAWN)? {
        later.push((on, RequestEvent::Withdrawn));
    }
    cells.alone(ARCHIVED, &[FILE, RETENTION])?;
    if let Some(on) = cells.date(ARCHIVED)? {
        let retention = match cells.some(RETENTION) {
            Some(_) => Some(cells.word(RETENTION, &Retention::ALL.map(|r| (r, r.label())))?),
            None => None,
        };
        let file_number = cells.text(FILE).to_owned();
        later.push((on, RequestEvent::Archived { file_number, retention }));
    }
    for (by, day, why) in
        [(SuggestedBy::Agency, SUGGESTED, SUGGESTED_WHY), (SuggestedBy::Applicant, PROPOSED, PROPOSED_WHY)]
    {
        cells.alone(day, &[why])?;
        if let Some(on) = cells.date(day)? {
            let note = cells.text(why).to_owned();
            later.push((on, RequestEvent::SuggestedProactive { by, note }));
        }
    }
    cells.alone(UNSUITABLE, &[UNSUITABLE_WHY])?;
    if let Some(on) = cells.date(UNSUITABLE)? {
        let (outcome, reason) = (ProactiveOutcome::Unsuitable, cells.must(UNSUITABLE_WHY)?);
        later.push((on, RequestEvent::ProactiveReviewed { outcome, document: None, reason }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::sheet::{events_of, row_of};
    use jiff::civil::date;

    fn round_trip(events: Vec<(Date, RequestEvent)>) -> Cells {
        let tree = Tree(Vec::new());
        let cells = row_of::<Requests>(&events, &tree);
        // Units of this test are in no list, so reading stops at the first of them: their words are compared.
        match events_of::<Requests>(&cells, &tree) {
            Ok(read) => assert_eq!(read, events),
            Err(bad) => assert_eq!(bad.column, ADDRESSEE),
        }
        cells
    }

    #[test]
    fn every_label_is_read_back() {
        for (value, label) in OPINIONS {
            assert_eq!(word(&OPINIONS, &value), label);
        }
        let labels = Decision::ALL.map(Decision::label);
        for (n, label) in labels.iter().enumerate() {
            assert!(!labels[n + 1..].contains(label), "two decisions are called {label}");
        }
    }

    #[test]
    fn what_has_no_column_is_kept_behind() {
        let cells = round_trip(vec![
            (
                date(2020, 3, 2),
                RequestEvent::Arrived {
                    channel: Channel::Counter,
                    addressee: "x".into(),
                    counted_by: "x".into(),
                    class: ApplicantClass::NaturalPerson,
                    subject: "某文件".into(),
                    applicant: None,
                    wanted: Wanted::default(),
                },
            ),
            (date(2020, 3, 3), RequestEvent::Searched { note: "查阅档案".into() }),
        ]);
        assert!(cells.text("其他经过").contains("查阅档案"));
        assert_eq!(cells.text(CHANNEL), "当面提交");
    }
}
