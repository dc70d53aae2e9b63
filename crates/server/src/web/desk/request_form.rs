//! What is asked when something happens to a request; [`super::request_read`] reads the answers.

use super::super::form::{Choice, Field};
use super::event_words::{CONSULTED, METHODS, OPINIONS, choices, key};
use super::request::{channels, class_choices};
use super::request_draft::{draft_fields, review_fields};
use super::{World, or_none};
use law::decision::Decision;
use law::docket::request::{
    Carrier, Delivery, ProactiveOutcome, ReasonsOutcome, Relation, RequestEvent as E, Standing, SuggestedBy,
    Ticket, TicketSystem, Wanted,
};
use law::fee::Basis;
use law::retention::Retention;

/// Label of the legal date of an event.
pub fn date_label(key: &str) -> &'static str {
    match key {
        "arrived" => "到达日期",
        "confirmed" => "双方确认之日",
        "triaged" => "审查日期",
        "registered" => "登记日期",
        "handed-in" => "工单转来的日期",
        "handed-out" => "转送日期",
        "correction-noticed" | "reasons-asked" | "deferred" | "extended" => "告知日期",
        "correction-received" | "reasons-received" => "收到日期",
        "reasons-judged" => "审查日期（延迟答复的为告知日期）",
        "assigned" | "assisted" => "交办日期",
        "officer-named" => "指定日期",
        "assistance-answered" => "反馈日期",
        "chased" => "催办日期",
        "extension-consented" => "同意日期",
        "drafted" => "拟办日期",
        "reviewed" => "审核日期",
        "split" => "分案日期",
        "merged" => "并案日期",
        "searched" => "检索日期",
        "consultation-sent" => "发出日期",
        "consultation-delivered" => "对方收到的日期",
        "consultation-closed" => "收到意见或者期限届满的日期",
        "fee-noticed" => "收费通知送达日期",
        "fee-paid" => "缴费日期",
        "decided" => "决定日期",
        "served" => "送达日期",
        "withdrawn" => "撤回日期",
        "archived" => "归档日期",
        "appraised" => "鉴定日期",
        "destroyed" => "销毁日期",
        "suggested-proactive" => "提出日期",
        "proactive-reviewed" => "审查完成或者公开的日期",
        _ => "日期",
    }
}

fn basis() -> Vec<Choice> {
    Basis::ALL.map(|b| Choice::new(b.key(), b.label())).into()
}

fn open_consultations(standing: Option<&Standing>, event: Option<u32>) -> Vec<Choice> {
    let all = standing.map(|s| s.consultations.as_slice()).unwrap_or_default();
    all.iter()
        .filter(|c| c.closed_on.is_none() || event == Some(c.number))
        .map(|c| Choice::new(c.number.to_string(), format!("第{}次：{}", c.number, c.party)))
        .collect()
}

fn decisions(standing: Option<&Standing>, event: Option<Decision>, world: &World<'_>) -> Vec<Choice> {
    let allowed = match (event, standing) {
        (None, Some(s)) => s.allowed_decisions(world.today, world.calendar),
        _ => Decision::ALL.into(),
    };
    let text = |d: Decision| match d.citation() {
        "" => d.label().to_owned(),
        cite => format!("{}（{cite}）", d.label()),
    };
    allowed.into_iter().map(|d| Choice::new(d.key(), text(d))).collect()
}

/// The decisions that may be proposed today, whatever is on its way.
fn proposable(standing: Option<&Standing>, event: Option<Decision>, world: &World<'_>) -> Vec<Choice> {
    let fresh = standing.map(|s| Standing { proposal: None, ..s.clone() });
    decisions(fresh.as_ref(), event, world)
}

/// The controls for the content of an event. `None` for an unknown key.
pub fn fields(
    step: &str,
    standing: Option<&Standing>,
    event: Option<&E>,
    world: &World<'_>,
) -> Option<Vec<Field>> {
    let s = standing;
    let reply_by = |d: Option<String>| Field::date("reply_by", "申请人答复的截止日期").value_if(d);
    Some(match (step, event) {
        ("arrived", event) => arrived(event, world),
        ("correction-received" | "reasons-received" | "fee-paid" | "withdrawn", _) => Vec::new(),
        ("reasons-judged", e) => reasons_judged(e),
        ("suggested-proactive", e) => suggested(s, e),
        ("proactive-reviewed", e) => proactive_reviewed(e),
        ("confirmed", e) => {
            let now = if let Some(E::Confirmed { evidence }) = e { Some(evidence.clone()) } else { None };
            vec![
                Field::area("evidence", "确认情况", 2)
                    .hint("确认的方式、时间和经过，例如电话确认的时间和通话人；不写个人信息")
                    .optional()
                    .value_if(now),
            ]
        }
        ("handed-in", e) => {
            let now = if let Some(E::HandedIn(ticket)) = e { Some(ticket) } else { None };
            ticket_fields(now)
        }
        ("handed-out", e) => {
            let now = if let Some(E::HandedOut(ticket)) = e { Some(ticket) } else { None };
            ticket_fields(now)
        }
        ("triaged", e) => {
            let now = if let Some(E::Triaged { note }) = e { Some(note.clone()) } else { None };
            vec![
                Field::area("note", "审查意见", 3)
                    .hint("依次判断：是否需要补正；是否属于政府信息公开申请、是否属于本机关负责；是否已有该信息；能否公开；答复形式是否适当")
                    .optional()
                    .value_if(now),
            ]
        }
        ("officer-named", e) => {
            let now = if let Some(E::OfficerNamed { account }) = e { account.clone() } else { None };
            let unit = s.map(|s| s.handler.as_ref().unwrap_or(&s.addressee));
            let people = unit.map(|u| world.handlers(u)).unwrap_or_default();
            let none = if s.is_some_and(|s| s.officer.is_some()) { "取消指定" } else { "请选择" };
            vec![
                Field::select("account", "承办人", or_none(none, people))
                    .hint("承办单位的经办人员；交办到其他单位时，指定随之取消")
                    .optional()
                    .value_if(now),
            ]
        }
        ("assisted", e) => {
            let now = if let Some(E::Assisted { unit, until, matter }) = e {
                Some((unit.clone(), (until.to_string(), matter.clone())))
            } else {
                None
            };
            let (unit, rest) = now.unzip();
            let (until, matter) = rest.unzip();
            vec![
                Field::select("unit", "协办单位", world.units()).value_if(unit),
                Field::date("until", "反馈期限").hint("早于法定答复期限").value_if(until),
                Field::area("matter", "协办事项", 3).value_if(matter),
            ]
        }
        ("assistance-answered", e) => {
            let now = if let Some(E::AssistanceAnswered { unit, note }) = e {
                Some((unit.clone(), note.clone()))
            } else {
                None
            };
            let (unit, note) = now.unzip();
            vec![
                Field::select("unit", "协办单位", waiting(s, world)).value_if(unit),
                Field::area("note", "反馈内容", 3).value_if(note),
            ]
        }
        ("chased", e) => {
            let now = if let Some(E::Chased { unit, note }) = e {
                Some((unit.clone(), note.clone()))
            } else {
                None
            };
            let (unit, note) = now.unzip();
            let handler = s.and_then(|s| s.handler.as_ref()).map(|h| Choice::new(h, world.name(h)));
            let units = handler.into_iter().chain(waiting(s, world)).collect();
            vec![
                Field::select("unit", "催办对象", units).value_if(unit),
                Field::area("note", "催办内容", 2).optional().value_if(note),
            ]
        }
        ("extension-consented", e) => {
            let now = if let Some(E::ExtensionConsented { days, reason }) = e {
                Some((days.to_string(), reason.clone()))
            } else {
                None
            };
            let (days, reason) = now.unzip();
            vec![
                Field::number("days", "延长的工作日数").hint("最多20个工作日，只能延长一次").value_if(days),
                Field::area("reason", "理由", 2).value_if(reason),
            ]
        }
        ("drafted", e) => {
            let now = match e {
                Some(E::Drafted { draft, .. }) => Some(draft),
                _ => s.and_then(|s| s.proposal.as_ref()).map(|p| &p.draft),
            };
            let only = if let Some(E::Drafted { draft, .. }) = e { Some(draft.decision) } else { None };
            draft_fields(proposable(s, only, world), now)
        }
        ("reviewed", e) => review_fields(s, e),
        ("linked", e) => {
            let now = if let Some(E::Linked(link)) = e { Some(link.clone()) } else { None };
            let relations = Relation::COMPARED.map(|r| Choice::new(r.key(), r.label())).into();
            vec![
                Field::text("request", "另一件申请的编号")
                    .hint("同一受理机关的申请编号，例如 2024-00012")
                    .value_if(now.as_ref().map(|l| &l.request)),
                Field::radio("relation", "比对结论", relations)
                    .value_if(now.as_ref().map(|l| l.relation.key())),
                Field::area("note", "比对情况", 3).value_if(now.as_ref().map(|l| &l.note)),
            ]
        }
        ("split", e) => {
            let now = if let Some(E::Split { subject, into }) = e {
                (Some(subject.clone()), Some(into.join("\n")))
            } else {
                (s.map(|s| s.subject.clone()), None)
            };
            vec![
                Field::area("subject", "本件保留的申请内容", 3).value_if(now.0),
                Field::area("into", "分出的申请内容", 4)
                    .hint("每行一件；每件单独编号，收到日期与本件相同")
                    .value_if(now.1),
            ]
        }
        ("merged", e) => {
            let now = if let Some(E::Merged { into }) = e { Some(into.clone()) } else { None };
            vec![
                Field::text("into", "并入的申请编号")
                    .hint("同一受理机关的申请编号；并入后本件按“其他处理”办结")
                    .value_if(now),
            ]
        }
        ("noted", e) => {
            let (text, watchers) = match e {
                Some(E::Noted { text, watchers }) => (Some(text.clone()), watchers.clone()),
                _ => (None, s.map(|s| s.watchers.clone()).unwrap_or_default()),
            };
            let people =
                s.map(|s| world.readers(&[&s.addressee, &s.counted_by], &watchers)).unwrap_or_default();
            let told = Field::checks("watchers", "关注人", people)
                .hint("勾选的人员现在收到提醒，以后每有新的办理记录也收到提醒；不再关注的，取消勾选")
                .optional();
            vec![
                Field::area("text", "批注", 3).hint("只供内部查看，不写个人信息").value_if(text),
                Field { values: watchers, ..told },
            ]
        }
        ("restricted", e) => {
            let now = if let Some(E::Restricted { accounts, reason }) = e {
                Some((accounts.join("\n"), reason.clone()))
            } else {
                None
            };
            let (accounts, reason) = now.unzip();
            vec![
                Field::area("accounts", "可以查看和办理的账号", 3)
                    .hint("每行一个登录名；不填的，取消限定")
                    .optional()
                    .value_if(accounts),
                Field::area("reason", "理由", 2).value_if(reason),
            ]
        }
        ("registered", e) => {
            let now = if let Some(E::Registered { number }) = e { Some(number.clone()) } else { None };
            vec![Field::text("number", "申请编号").value_if(now)]
        }
        ("correction-noticed", e) => {
            let now = if let Some(E::CorrectionNoticed { items, reply_by }) = e {
                Some((items.join("\n"), reply_by.to_string()))
            } else {
                None
            };
            let (items, by) = now.unzip();
            vec![
                Field::area("items", "需要补正的事项", 4).hint("每行一项；应当一次性告知").value_if(items),
                reply_by(by),
            ]
        }
        ("reasons-asked", e) => {
            let now =
                if let Some(E::ReasonsAsked { reply_by }) = e { Some(reply_by.to_string()) } else { None };
            vec![reply_by(now)]
        }
        ("deferred", e) => {
            let now = if let Some(E::Deferred { until, reason }) = e {
                Some((until.to_string(), reason.clone()))
            } else {
                None
            };
            let (until, reason) = now.unzip();
            vec![
                Field::date("until", "延迟到的日期").value_if(until),
                Field::area("reason", "理由", 2).value_if(reason),
            ]
        }
        ("assigned", e) => {
            let (unit, until) = match e {
                Some(E::Assigned { unit, until }) => (Some(unit.clone()), *until),
                _ => (world.home(), None),
            };
            vec![
                Field::select("unit", "承办单位", world.units()).value_if(unit),
                Field::date("until", "内部办理期限")
                    .hint("早于法定答复期限，便于审核、签发和送达")
                    .optional()
                    .value_if(until.map(|on| on.to_string())),
            ]
        }
        ("searched", e) => {
            let now = if let Some(E::Searched { note }) = e { Some(note.clone()) } else { None };
            vec![Field::area("note", "检索记录", 4).hint("检索的范围、方法、关键词和结果").value_if(now)]
        }
        ("consultation-sent", e) => consultation_sent(s, e),
        ("consultation-delivered", e) => {
            let now = if let Some(E::ConsultationDelivered { consultation }) = e {
                Some(*consultation)
            } else {
                None
            };
            vec![which(s, now)]
        }
        ("consultation-closed", e) => {
            let now = if let Some(E::ConsultationClosed { consultation, opinion }) = e {
                Some((*consultation, key(&OPINIONS, opinion)))
            } else {
                None
            };
            let (consultation, opinion) = now.unzip();
            vec![
                which(s, consultation),
                Field::radio("opinion", "意见", choices(&OPINIONS))
                    .hint(
                        "第三方逾期未提出意见的，由行政机关决定；共同制作机关逾期未提出意见的，视为同意公开",
                    )
                    .value_if(opinion),
            ]
        }
        ("extended", e) => {
            let now = if let Some(E::Extended { days, approved_by, reason }) = e {
                Some((days.to_string(), (approved_by.clone(), reason.clone())))
            } else {
                None
            };
            let (days, rest) = now.unzip();
            let (by, reason) = rest.unzip();
            let consented = s.and_then(|s| s.extension_consent);
            let mut fields = vec![
                Field::number("days", "延长的工作日数")
                    .hint("最多20个工作日，只能延长一次")
                    .value_if(days.or(consented.map(|(days, _)| days.to_string()))),
                Field::text("approved_by", "同意延长的政府信息公开工作机构负责人").value_if(by),
                Field::area("reason", "理由", 2).value_if(reason),
            ];
            if consented.is_some() && e.is_none() {
                // Who consented is known from the entry of the consent.
                fields.remove(1);
            }
            fields
        }
        ("fee-noticed", e) => {
            let now = if let Some(E::FeeNoticed { basis, count, yuan }) = e {
                Some((basis.key(), (count.to_string(), yuan.to_string())))
            } else {
                None
            };
            let (how, rest) = now.unzip();
            let (count, yuan) = rest.unzip();
            vec![
                Field::radio("basis", "计收方式", basis()).value_if(how),
                Field::number("count", "数量").hint("按件的填本月第几件，按量的填页数").value_if(count),
                Field::number("yuan", "金额（元）").value_if(yuan),
            ]
        }
        ("decided", e) => {
            let now = if let Some(E::Decided { decision, number, reasons }) = e {
                Some((*decision, (number.clone(), reasons.clone())))
            } else {
                None
            };
            let (decision, rest) = now.unzip();
            let (number, reasons) = rest.unzip();
            vec![
                Field::radio("decision", "决定", decisions(s, decision, world))
                    .hint("只列出目前可以作出的决定；区分处理的选择“部分公开”")
                    .value_if(decision.map(Decision::key)),
                Field::text("number", "文号")
                    .hint("不填的，按本机关的机关代字自动编号")
                    .optional()
                    .value_if(number),
                Field::area("reasons", "理由", 3).hint("不写个人信息").optional().value_if(reasons),
            ]
        }
        ("served", e) => {
            let now = if let Some(E::Served { method, evidence }) = e {
                Some((key(&METHODS, method), evidence.clone()))
            } else {
                None
            };
            let (method, evidence) = now.unzip();
            vec![
                Field::radio("method", "送达方式", choices(&METHODS)).value_if(method),
                Field::text("evidence", "送达凭证")
                    .hint("邮件号码、送达回证或者电子送达记录")
                    .optional()
                    .value_if(evidence),
            ]
        }
        ("appraised", e) => {
            let (keep, opinion) = match e {
                Some(E::Appraised { keep, opinion }) => {
                    (Some(keep.map_or("destroy", Retention::key).to_owned()), Some(opinion.clone()))
                }
                _ => (None, None),
            };
            let mut all = vec![Choice::new("destroy", "没有继续保存的价值，可以销毁")];
            all.extend(
                [Retention::Years30, Retention::Permanent]
                    .map(|r| Choice::new(r.key(), format!("继续保存，保管期限改为{}", r.label()))),
            );
            vec![
                Field::radio("keep", "鉴定结果", all).value_if(keep),
                Field::area("opinion", "鉴定意见", 3).value_if(opinion),
            ]
        }
        ("destroyed", _) => vec![
            Field::text("supervisor", "监销人").hint("鉴定和销毁由不同的人员办理"),
            Field::text("list", "销毁清册的编号").hint(
                "登记后立即删除申请人信息、来往文书和全部材料，不能恢复；登记簿、办理记录和统计数字保留",
            ),
        ],
        ("archived", e) => {
            let (number, kept) = match e {
                Some(E::Archived { file_number, retention }) => (Some(file_number.clone()), *retention),
                _ => (None, None),
            };
            let all = Retention::ALL.map(|r| Choice::new(r.key(), r.label())).into();
            vec![
                Field::text("file_number", "归档号").value_if(number),
                Field::radio("retention", "保管期限", all)
                    .hint("按照本机关的文件材料归档范围和文书档案保管期限表选择，自办结的次年起计算")
                    .value_if(kept.map(Retention::key)),
            ]
        }
        ("reopened", e) => {
            let now = if let Some(E::Reopened { dispute, until }) = e {
                Some((dispute.clone(), until.to_string()))
            } else {
                None
            };
            let (dispute, until) = now.unzip();
            vec![
                Field::text("dispute", "复议或者诉讼案件的卷宗编号")
                    .hint("在案件页面选择“重新处理这件申请”，自动填写")
                    .value_if(dispute),
                Field::date("until", "重新处理的期限").value_if(until),
            ]
        }
        _ => return None,
    })
}

/// A ticket of a system outside; 12345 unless another is chosen.
fn ticket_fields(now: Option<&Ticket>) -> Vec<Field> {
    let system = now.map_or(TicketSystem::Hotline, |t| t.system);
    vec![
        Field::select("system", "渠道", TicketSystem::ALL.map(|s| Choice::new(s.key(), s.label())).into())
            .value(system.key()),
        Field::text("number", "工单编号").hint("该渠道给出的编号").value_if(now.map(|t| &t.number)),
        Field::area("note", "说明", 2).hint("不写个人信息").optional().value_if(now.map(|t| &t.note)),
    ]
}

/// What is found of the reasons, and the day that is set where the answer is deferred.
fn reasons_judged(event: Option<&E>) -> Vec<Field> {
    let (outcome, until, opinion) = match event {
        Some(E::ReasonsJudged { outcome, until, opinion }) => {
            (Some(outcome.key()), until.map(|on| on.to_string()), Some(opinion.clone()))
        }
        _ => (None, None, None),
    };
    let all = ReasonsOutcome::ALL.map(|o| Choice::new(o.key(), o.label())).into();
    vec![
        Field::radio("outcome", "审查结论", all).value_if(outcome),
        Field::date("until", "延迟到的日期").hint("延迟答复的填写，并告知申请人").optional().value_if(until),
        Field::area("opinion", "审查意见", 3)
            .hint("理由不合理或者延迟答复的应当填写；不写个人信息")
            .optional()
            .value_if(opinion),
    ]
}

/// Who suggests that the information be published; the agency's own finding first, unless it waits already.
fn suggested(standing: Option<&Standing>, event: Option<&E>) -> Vec<Field> {
    let (by, note) = match event {
        Some(E::SuggestedProactive { by, note }) => (*by, Some(note.clone())),
        _ => {
            let found = |s: &Standing| s.proactive.pending().any(|p| p.by == SuggestedBy::Agency);
            let found = standing.is_some_and(found);
            (if found { SuggestedBy::Applicant } else { SuggestedBy::Agency }, None)
        }
    };
    let all = vec![
        Choice::new(
            SuggestedBy::Agency.key(),
            "本机关拟转主动公开：多个申请人提出相同的申请，且可以公开（条例第四十四条第一款）",
        ),
        Choice::new(SuggestedBy::Applicant.key(), "申请人建议纳入主动公开的范围（条例第四十四条第二款）"),
    ];
    vec![
        Field::radio("by", "由谁提出", all).value(by.key()),
        Field::area("note", "情况说明", 3)
            .hint("相同申请的件数，或者申请人建议的内容；不写个人信息")
            .optional()
            .value_if(note),
    ]
}

/// What the review of the suggestions came to.
fn proactive_reviewed(event: Option<&E>) -> Vec<Field> {
    let (outcome, document, reason) = match event {
        Some(E::ProactiveReviewed { outcome, document, reason }) => {
            (Some(outcome.key()), document.clone(), Some(reason.clone()))
        }
        _ => (None, None, None),
    };
    let all = ProactiveOutcome::ALL.map(|o| Choice::new(o.key(), o.label())).into();
    vec![
        Field::radio("outcome", "审查结果", all).value_if(outcome),
        Field::text("document", "已经公开的公文")
            .hint("已主动公开的填写：公文的发文字号或者索引号，应当已经在公文登记中登记公开")
            .optional()
            .value_if(document),
        Field::area("reason", "理由", 3).hint("不宜主动公开的应当说明理由").optional().value_if(reason),
    ]
}

/// Units asked to help that have not answered.
fn waiting(standing: Option<&Standing>, world: &World<'_>) -> Vec<Choice> {
    let asked = standing.map(|s| s.assistance.as_slice()).unwrap_or_default();
    let open = asked.iter().filter(|a| a.answered_on.is_none());
    open.map(|a| Choice::new(&a.unit, world.name(&a.unit))).collect()
}

fn which(standing: Option<&Standing>, now: Option<u32>) -> Field {
    let all = open_consultations(standing, now);
    let first = now.map(|n| n.to_string()).or_else(|| all.first().map(|c| c.key.clone()));
    Field::select("consultation", "征求意见", all).value_if(first)
}

fn consultation_sent(standing: Option<&Standing>, event: Option<&E>) -> Vec<Field> {
    let next = standing.map_or(1, |s| s.consultations.iter().map(|c| c.number).max().unwrap_or(0) + 1);
    let (number, whom, party) = match event {
        Some(E::ConsultationSent { consultation, whom, party }) => {
            (*consultation, Some(key(&CONSULTED, whom)), Some(party.clone()))
        }
        _ => (next, None, None),
    };
    vec![
        Field::number("consultation", "征求意见编号").hint("在本申请内依次编号").value(number.to_string()),
        Field::radio("whom", "征求对象", choices(&CONSULTED)).value_if(whom),
        Field::text("party", "单位名称或者姓名")
            .hint("征求意见时，除确有必要外不透露申请人身份")
            .value_if(party),
    ]
}

fn arrived(event: Option<&E>, world: &World<'_>) -> Vec<Field> {
    let mut fields = vec![
        Field::radio("channel", "收件渠道", channels()),
        Field::select("addressee", "受理机关", world.units())
            .hint("申请写明向哪个机关提出")
            .value_if(world.home()),
        Field::select("counted_by", "统计单位", world.own_units())
            .hint("年度报告由哪个机关统计这件申请")
            .value_if(world.home()),
        Field::radio("class", "申请人类别", class_choices()).hint("代理人提出的，按被代理的申请人填写"),
        Field::area("subject", "申请内容", 4).hint("所需政府信息的名称、文号或者其他特征，不写个人信息"),
    ];
    if let Some(E::Arrived { channel, addressee, counted_by, class, subject, .. }) = event {
        let values = [
            channel.key().to_owned(),
            addressee.clone(),
            counted_by.clone(),
            class.key().to_owned(),
            subject.clone(),
        ];
        for (field, value) in fields.iter_mut().zip(values) {
            field.values = vec![value];
        }
    }
    let now = match event {
        Some(E::Arrived { wanted, .. }) => wanted.clone(),
        _ => Wanted::default(),
    };
    fields.extend(wanted_fields(&now).map(Field::optional));
    fields
}

/// The form requirement (条例第二十九条第三项): ways, carrier, and whether another way will do.
pub fn wanted_fields(now: &Wanted) -> [Field; 3] {
    let mut ways =
        Field::checks("delivery", "获取方式", Delivery::ALL.map(|d| Choice::new(d.key(), d.label())).into());
    ways.values = now.delivery.iter().map(|d| d.key().to_owned()).collect();
    let carriers = Carrier::ALL.map(|c| Choice::new(c.key(), c.label())).into();
    let other = vec![Choice::new("yes", "若本机关无法按照指定方式提供所需信息，也可接受其他方式")];
    [
        ways,
        Field::radio("carrier", "载体形式", carriers).value_if(now.carrier.map(Carrier::key)),
        Field::checks("other_way", "其他方式", other).value_if(now.other_way.then_some("yes")),
    ]
}
