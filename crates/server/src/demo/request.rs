//! Disclosure requests and disputes of the sample.

use super::Sample;
use jiff::civil::{Date, date};
use law::applicant::ApplicantClass as Class;
use law::decision::Decision;
use law::docket::dispute::{Block, DisputeEvent, Outcome};
use law::docket::request::{Carrier, Delivery, Draft, RequestEvent, ServiceMethod, Wanted, Withheld};
use law::receipt::Channel;
use law::review::{Chain, Step};
use service::request::NewRequest;
use service::vault::Person;
use service::{Change, Result};
use uuid::Uuid;

/// What happened to a request after it arrived.
type Event = (Date, RequestEvent);

impl Sample<'_> {
    #[expect(clippy::too_many_arguments, reason = "one line of the sample")]
    async fn request(
        &mut self,
        arrived: Date,
        channel: Channel,
        confirmed: Option<Date>,
        class: Class,
        addressee: Uuid,
        subject: &str,
        events: Vec<Event>,
    ) -> Result<Uuid> {
        let name = if class == Class::NaturalPerson { "样例申请人" } else { "样例申请单位" };
        let ctx = self.desk(confirmed.unwrap_or(arrived));
        let received = self
            .service
            .receive_request(
                ctx,
                NewRequest {
                    arrived_on: arrived,
                    channel,
                    addressee,
                    counted_by: self.office,
                    class,
                    subject: format!("{subject}（样例）"),
                    person: Some(Person {
                        name: name.into(),
                        phone: "00000000000".into(),
                        ..Person::default()
                    }),
                    wanted: Wanted {
                        delivery: vec![Delivery::Post],
                        carrier: Some(Carrier::Paper),
                        other_way: true,
                    },
                    confirmed_on: confirmed,
                },
            )
            .await?;
        let mut version = received.version;
        for (on, event) in events {
            let (actor, hour) = match &event {
                RequestEvent::Reviewed { step: Step::Secrecy, .. } => (self.secrecy.clone(), 10),
                RequestEvent::Reviewed { step: Step::Legality, .. } => (self.legal.clone(), 11),
                RequestEvent::Reviewed { .. } => (self.head.clone(), 15),
                RequestEvent::Decided { .. } => (self.officer.clone(), 16),
                RequestEvent::Served { .. } => (self.officer.clone(), 17),
                _ => (self.officer.clone(), 9),
            };
            let ctx = self.at(actor, on, hour);
            version =
                self.service.change_request(ctx, received.id, version, Change::event(on, event)).await?;
        }
        Ok(received.id)
    }
}

/// Proposed, reviewed, signed and made on one day, then served.
fn replied(
    decided: Date,
    decision: Decision,
    serial: u32,
    served: Date,
    method: ServiceMethod,
) -> Vec<Event> {
    let number = format!("高政办公复〔{}〕{serial}号", decided.year());
    let reasons = format!("{}。（样例）", decision.label());
    let evidence = match method {
        ServiceMethod::Post => "挂号信收据附卷（样例）",
        ServiceMethod::Electronic => "电子邮件发送记录附卷（样例）",
        ServiceMethod::Direct | ServiceMethod::Entrusted => "送达回证附卷（样例）",
    };
    let mut events = vec![(decided, proposed(decision, &reasons))];
    let steps = Chain::default().steps(decision).into_iter();
    events.extend(steps.map(|step| {
        (decided, RequestEvent::Reviewed { step, passed: true, opinion: "同意（样例）".into() })
    }));
    events.push((decided, RequestEvent::Decided { decision, number, reasons }));
    events.push((served, RequestEvent::Served { method, evidence: evidence.into() }));
    events
}

/// A proposal that is complete; the steps of the chain are filled in by the service.
fn proposed(decision: Decision, reasons: &str) -> RequestEvent {
    let withheld = Withheld {
        what: "会议材料".into(),
        basis: "条例第十六条第二款".into(),
        reason: "属于讨论记录等过程性信息（样例）".into(),
    };
    let draft = Draft {
        decision,
        facts: "经检索公文系统和档案室，已查明有关情况（样例）".into(),
        basis: vec![decision.citation().to_owned()],
        reasons: reasons.to_owned(),
        disclosed: if decision == Decision::GrantedInPart {
            vec!["征地补偿安置方案（样例）".into()]
        } else {
            Vec::new()
        },
        withheld: if decision == Decision::GrantedInPart { vec![withheld] } else { Vec::new() },
        provided: match decision {
            Decision::Granted | Decision::GrantedInPart => "随告知书提供纸质复印件1份（样例）".into(),
            Decision::RefusedAdministrativeInquiry => {
                "请依照不动产登记资料查询的规定，向不动产登记机构申请查询（样例）".into()
            }
            Decision::DeclinedPetitionOrComplaint => "可以向信访工作机构提出（样例）".into(),
            _ => String::new(),
        },
        attachments: Vec::new(),
    };
    RequestEvent::Drafted { draft, chain: Vec::new() }
}

/// 2020: two requests by letter to the municipal government, counted by its office.
pub(super) async fn fill_2020(sample: &mut Sample<'_>) -> Result<()> {
    let (government, letter) = (sample.government, Channel::RegisteredMail);
    let events = replied(
        date(2020, 4, 8),
        Decision::RefusedAdministrativeInquiry,
        1,
        date(2020, 4, 9),
        ServiceMethod::Post,
    );
    sample
        .request(
            date(2020, 3, 16),
            letter,
            None,
            Class::LegalServiceOrg,
            government,
            "某地块的不动产登记资料",
            events,
        )
        .await?;
    let mut events = vec![
        (
            date(2020, 8, 25),
            RequestEvent::CorrectionNoticed {
                items: vec!["请明确所需政府信息的名称、文号或者其他特征性描述（样例）".into()],
                reply_by: date(2020, 9, 15),
            },
        ),
        (date(2020, 9, 10), RequestEvent::CorrectionReceived),
    ];
    events.extend(replied(
        date(2020, 9, 29),
        Decision::UnavailableStillUnclear,
        2,
        date(2020, 9, 30),
        ServiceMethod::Post,
    ));
    sample
        .request(
            date(2020, 8, 19),
            letter,
            None,
            Class::LegalServiceOrg,
            government,
            "有关工程建设的全部材料",
            events,
        )
        .await?;
    Ok(())
}

/// 2021: seven requests, one of them carried over to the next year; one reconsideration, one suit after it pending.
pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    let (government, office) = (sample.government, sample.office);
    let (post, direct, electronic) = (ServiceMethod::Post, ServiceMethod::Direct, ServiceMethod::Electronic);
    let events = replied(date(2021, 2, 1), Decision::Granted, 1, date(2021, 2, 1), electronic);
    sample
        .request(
            date(2021, 1, 18),
            Channel::Internet,
            Some(date(2021, 1, 18)),
            Class::NaturalPerson,
            office,
            "农村危房改造补助办法",
            events,
        )
        .await?;
    let events = replied(date(2021, 3, 22), Decision::GrantedInPart, 2, date(2021, 3, 23), post);
    sample
        .request(
            date(2021, 3, 1),
            Channel::RegisteredMail,
            None,
            Class::NaturalPerson,
            government,
            "征地补偿安置方案及会议材料",
            events,
        )
        .await?;
    let events = replied(date(2021, 5, 17), Decision::RefusedDeliberativeProcess, 3, date(2021, 5, 18), post);
    let refused = sample
        .request(
            date(2021, 4, 22),
            Channel::RegisteredMail,
            None,
            Class::CommercialEnterprise,
            government,
            "招商项目会议讨论记录",
            events,
        )
        .await?;
    let note = "检索公文系统和档案室，关键词为道路名称、验收，没有发现相关材料（样例）".into();
    let mut events = vec![(date(2021, 6, 8), RequestEvent::Searched { note })];
    events.extend(replied(date(2021, 6, 21), Decision::UnavailableNotHeld, 4, date(2021, 6, 22), post));
    sample
        .request(
            date(2021, 6, 2),
            Channel::Counter,
            None,
            Class::LegalServiceOrg,
            office,
            "历史道路工程验收资料",
            events,
        )
        .await?;
    let mut events = vec![(
        date(2021, 8, 6),
        RequestEvent::CorrectionNoticed {
            items: vec!["请补充有效身份证明（样例）".into()],
            reply_by: date(2021, 8, 20),
        },
    )];
    events.extend(replied(date(2021, 8, 30), Decision::OtherCorrectionLapsed, 5, date(2021, 8, 31), post));
    sample
        .request(
            date(2021, 8, 2),
            Channel::RegisteredMail,
            None,
            Class::NaturalPerson,
            office,
            "村级财务收支情况",
            events,
        )
        .await?;
    let events =
        replied(date(2021, 11, 5), Decision::DeclinedPetitionOrComplaint, 6, date(2021, 11, 5), direct);
    sample
        .request(
            date(2021, 10, 20),
            Channel::Counter,
            None,
            Class::NaturalPerson,
            office,
            "反映邻里宅基地纠纷",
            events,
        )
        .await?;
    dispute(sample, refused).await?;
    let events = replied(date(2022, 1, 10), Decision::Granted, 1, date(2022, 1, 11), post);
    sample
        .request(
            date(2021, 12, 20),
            Channel::RegisteredMail,
            None,
            Class::ResearchInstitution,
            government,
            "近五年城市绿化面积统计资料",
            events,
        )
        .await?;
    Ok(())
}

async fn dispute(sample: &mut Sample<'_>, request: Uuid) -> Result<()> {
    let filed = |block, number: &str, body: &str, unit: Uuid| DisputeEvent::Filed {
        unit: unit.to_string(),
        block,
        request: Some(request.to_string()),
        number: number.to_owned(),
        body: body.to_owned(),
    };
    let (on, office) = (date(2021, 6, 28), sample.office);
    let ctx = sample.desk(on);
    let event = filed(Block::Reconsideration, "样例复字〔2021〕1号", "样例市人民政府", office);
    let id = sample.service.file_dispute(ctx, on, event).await?;
    let steps = [
        (date(2021, 7, 2), DisputeEvent::Accepted),
        (date(2021, 7, 14), DisputeEvent::AnswerServed),
        (
            date(2021, 8, 25),
            DisputeEvent::Decided {
                outcome: Outcome::Upheld, number: "样例复决字〔2021〕1号".into()
            },
        ),
    ];
    let mut version = 1;
    for (on, event) in steps {
        let ctx = sample.desk(on);
        version = sample.service.change_dispute(ctx, id, version, Change::event(on, event)).await?;
    }
    let on = date(2021, 9, 8);
    let ctx = sample.desk(on);
    let event = filed(Block::SuitAfterReconsideration, "（2021）样例行初1号", "样例人民法院", office);
    sample.service.file_dispute(ctx, on, event).await?;
    Ok(())
}
