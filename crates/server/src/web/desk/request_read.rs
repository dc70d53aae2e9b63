//! What an officer typed into the form of a step of a request, read as its event.

use super::super::form::Typed;
use super::event_words::{CONSULTED, METHODS, OPINIONS, value};
use super::request_draft::{lines, read_draft};
use law::applicant::ApplicantClass;
use law::decision::Decision;
use law::docket::request::{
    Carrier, Delivery, Link, ProactiveOutcome, ReasonsOutcome, Relation, RequestEvent as E, SuggestedBy,
    Ticket, TicketSystem, Wanted,
};
use law::fee::Basis;
use law::receipt::Channel;
use law::retention::Retention;
use law::review::Step;

fn read_ticket(t: &mut Typed) -> Option<Ticket> {
    Some(Ticket {
        system: t.read("system", "渠道", TicketSystem::parse)?,
        number: t.get("number").to_owned(),
        note: t.get("note").to_owned(),
    })
}

/// The form requirement that was typed.
pub fn read_wanted(t: &Typed) -> Wanted {
    Wanted {
        delivery: t.all("delivery").iter().filter_map(|way| Delivery::parse(way)).collect(),
        carrier: Carrier::parse(t.get("carrier")),
        other_way: t.get("other_way") == "yes",
    }
}

/// The event that was typed. What the law says about its content is said by the service.
pub fn read(step: &str, before: Option<&E>, t: &mut Typed) -> Option<E> {
    Some(match step {
        "arrived" => {
            let channel = t.read("channel", "收件渠道", Channel::parse);
            let class = t.read("class", "申请人类别", ApplicantClass::parse);
            let applicant = match before {
                Some(E::Arrived { applicant, .. }) => applicant.clone(),
                _ => None,
            };
            E::Arrived {
                channel: channel?,
                addressee: t.get("addressee").to_owned(),
                counted_by: t.get("counted_by").to_owned(),
                class: class?,
                subject: t.get("subject").to_owned(),
                applicant,
                wanted: read_wanted(t),
            }
        }
        "confirmed" => E::Confirmed { evidence: t.get("evidence").to_owned() },
        "handed-in" => E::HandedIn(read_ticket(t)?),
        "handed-out" => E::HandedOut(read_ticket(t)?),
        "triaged" => E::Triaged { note: t.get("note").to_owned() },
        "registered" => E::Registered { number: t.get("number").to_owned() },
        "correction-noticed" => {
            let items = lines(t.get("items"));
            E::CorrectionNoticed { items, reply_by: t.date("reply_by", "申请人答复的截止日期") }
        }
        "correction-received" => E::CorrectionReceived,
        "reasons-asked" => E::ReasonsAsked { reply_by: t.date("reply_by", "申请人答复的截止日期") },
        "reasons-received" => {
            // An entry that judged at once keeps what it said when its day is corrected.
            let reasonable =
                if let Some(E::ReasonsReceived { reasonable }) = before { *reasonable } else { None };
            E::ReasonsReceived { reasonable }
        }
        "reasons-judged" => E::ReasonsJudged {
            outcome: t.read("outcome", "审查结论", ReasonsOutcome::parse)?,
            until: t.date_if("until", "延迟到的日期"),
            opinion: t.get("opinion").to_owned(),
        },
        "deferred" => {
            E::Deferred { until: t.date("until", "延迟到的日期"), reason: t.get("reason").to_owned() }
        }
        "assigned" => {
            E::Assigned { unit: t.get("unit").to_owned(), until: t.date_if("until", "内部办理期限") }
        }
        "officer-named" => {
            E::OfficerNamed { account: Some(t.get("account").to_owned()).filter(|a| !a.is_empty()) }
        }
        "assisted" => E::Assisted {
            unit: t.get("unit").to_owned(),
            until: t.date("until", "反馈期限"),
            matter: t.get("matter").to_owned(),
        },
        "assistance-answered" => {
            E::AssistanceAnswered { unit: t.get("unit").to_owned(), note: t.get("note").to_owned() }
        }
        "chased" => E::Chased { unit: t.get("unit").to_owned(), note: t.get("note").to_owned() },
        "extension-consented" => E::ExtensionConsented {
            days: t.number("days", "延长的工作日数")?,
            reason: t.get("reason").to_owned(),
        },
        "drafted" => read_draft(t)?,
        "reviewed" => E::Reviewed {
            step: t.read("step", "环节", Step::parse)?,
            passed: t.read("passed", "结论", |v| v.parse().ok())?,
            opinion: t.get("opinion").to_owned(),
        },
        "linked" => E::Linked(Link {
            request: t.get("request").to_owned(),
            relation: t.read("relation", "比对结论", Relation::parse)?,
            note: t.get("note").to_owned(),
        }),
        "split" => E::Split { subject: t.get("subject").to_owned(), into: lines(t.get("into")) },
        "merged" => E::Merged { into: t.get("into").to_owned() },
        "noted" => E::Noted { text: t.get("text").to_owned(), watchers: t.all("watchers") },
        "restricted" => {
            E::Restricted { accounts: lines(t.get("accounts")), reason: t.get("reason").to_owned() }
        }
        "searched" => E::Searched { note: t.get("note").to_owned() },
        "consultation-sent" => {
            let number = t.number("consultation", "征求意见编号");
            let whom = t.read("whom", "征求对象", |v| value(&CONSULTED, v));
            E::ConsultationSent { consultation: number?, whom: whom?, party: t.get("party").to_owned() }
        }
        "consultation-delivered" => {
            E::ConsultationDelivered { consultation: t.number("consultation", "征求意见编号")? }
        }
        "consultation-closed" => {
            let number = t.number("consultation", "征求意见编号");
            let opinion = t.read("opinion", "意见", |v| value(&OPINIONS, v));
            E::ConsultationClosed { consultation: number?, opinion: opinion? }
        }
        "extended" => E::Extended {
            days: t.number("days", "延长的工作日数")?,
            approved_by: t.get("approved_by").to_owned(),
            reason: t.get("reason").to_owned(),
        },
        "fee-noticed" => {
            let basis = t.read("basis", "计收方式", Basis::parse);
            let (count, yuan) = (t.number("count", "数量"), t.number("yuan", "金额"));
            E::FeeNoticed { basis: basis?, count: count?, yuan: yuan? }
        }
        "fee-paid" => E::FeePaid,
        "decided" => E::Decided {
            decision: t.read("decision", "决定", Decision::parse)?,
            number: t.get("number").to_owned(),
            reasons: t.get("reasons").to_owned(),
        },
        "served" => E::Served {
            method: t.read("method", "送达方式", |v| value(&METHODS, v))?,
            evidence: t.get("evidence").to_owned(),
        },
        "withdrawn" => E::Withdrawn,
        "archived" => E::Archived {
            file_number: t.get("file_number").to_owned(),
            retention: Some(t.read("retention", "保管期限", Retention::parse)?),
        },
        "appraised" => E::Appraised {
            keep: match t.get("keep") {
                "destroy" => None,
                _ => Some(t.read("keep", "鉴定结果", Retention::parse)?),
            },
            opinion: t.get("opinion").to_owned(),
        },
        "destroyed" => {
            E::Destroyed { supervisor: t.get("supervisor").to_owned(), list: t.get("list").to_owned() }
        }
        "reopened" => E::Reopened {
            dispute: t.get("dispute").to_owned(),
            until: t.date("until", "重新处理的期限"),
        },
        "suggested-proactive" => E::SuggestedProactive {
            by: t.read("by", "由谁提出", SuggestedBy::parse)?,
            note: t.get("note").to_owned(),
        },
        "proactive-reviewed" => E::ProactiveReviewed {
            outcome: t.read("outcome", "审查结果", ProactiveOutcome::parse)?,
            document: t.some("document"),
            reason: t.get("reason").to_owned(),
        },
        _ => return None,
    })
}
