//! What an event may say: the rules about its content, and when each decision may be made.

use super::rule::Reasons;
use super::{Consulted, Opinion, ProactiveOutcome, ReasonsOutcome, Relation, RequestEvent, Standing};
use crate::calendar::Calendar;
use crate::clock;
use crate::decision::Decision;
use crate::fee::{self, Basis};
use crate::retention;
use crate::term;
use crate::wording::day;
use jiff::civil::Date;

impl Standing {
    /// Rules about what the event says.
    pub(super) fn content(&self, event: &RequestEvent, on: Date, calendar: &Calendar, no: &mut Reasons) {
        match event {
            RequestEvent::Registered { number } => {
                no.when(number.trim().is_empty(), "number-missing", "请填写申请编号", "条例第四十五条");
            }
            RequestEvent::HandedIn(ticket) => no.all(ticket.refusals()),
            RequestEvent::HandedOut(ticket) => {
                no.all(ticket.refusals());
                let same = self.handed_out.iter().find(|(_, t)| t.system == ticket.system);
                if let Some((_, same)) = same {
                    let text = format!("已经转{}，工单编号{}，不重复转送", same.system.label(), same.number);
                    no.when(true, "already-handed-out", text, "");
                }
            }
            RequestEvent::CorrectionNoticed { items, reply_by } => {
                let empty = items.iter().all(|i| i.trim().is_empty());
                no.when(empty, "items-missing", "请写明需要补正的事项", "条例第三十条");
                let text = "应当给申请人合理的补正期限，截止日期应当晚于告知日期";
                no.when(*reply_by <= on, "no-time-to-reply", text, "条例第三十条");
            }
            RequestEvent::ReasonsAsked { reply_by } => {
                let text = "应当给申请人合理的说明理由期限，截止日期应当晚于告知日期";
                no.when(*reply_by <= on, "no-time-to-reply", text, "条例第三十五条");
            }
            RequestEvent::ReasonsJudged { outcome, until, opinion } => {
                self.judgement(*outcome, *until, opinion, on, calendar, no);
            }
            RequestEvent::Deferred { until, reason } => {
                no.when(reason.trim().is_empty(), "reason-missing", "请填写延迟答复的理由", "条例第三十五条");
                deferral(*until, on, calendar, no);
            }
            RequestEvent::Assigned { unit, until } => {
                no.when(unit.trim().is_empty(), "unit-missing", "请填写承办单位", "条例第四十五条");
                self.internal_limit(*until, on, calendar, no);
            }
            RequestEvent::Assisted { unit, until, matter } => {
                no.when(unit.trim().is_empty(), "unit-missing", "请填写协办单位", "条例第四十五条");
                no.when(matter.trim().is_empty(), "matter-missing", "请填写需要协办的事项", "条例第四十五条");
                self.internal_limit(Some(*until), on, calendar, no);
            }
            RequestEvent::AssistanceAnswered { unit, note } => {
                let asked = self.assistance.iter().any(|a| a.unit == *unit && a.answered_on.is_none());
                no.when(!asked, "not-asked", "没有等待该单位反馈的协办事项", "");
                no.when(note.trim().is_empty(), "note-missing", "请填写反馈的内容", "");
            }
            RequestEvent::Chased { unit, .. } => {
                let waiting = self.handler.as_ref() == Some(unit)
                    || self.assistance.iter().any(|a| a.unit == *unit && a.answered_on.is_none());
                no.when(!waiting, "not-asked", "该单位没有正在承办或者协办的事项，无需催办", "");
            }
            RequestEvent::Searched { note } => {
                no.when(
                    note.trim().is_empty(),
                    "note-missing",
                    "请填写检索范围、方法和结果",
                    "条例第三十六条",
                );
            }
            RequestEvent::ConsultationSent { consultation, party, .. } => {
                let known = self.consultations.iter().any(|c| c.number == *consultation);
                no.when(known, "consultation-known", format!("征求意见编号{consultation}已经使用"), "");
                no.when(party.trim().is_empty(), "party-missing", "请填写被征求意见的单位或者个人", "");
            }
            RequestEvent::ConsultationDelivered { consultation } => {
                self.consultation(*consultation, on, None, calendar, no);
            }
            RequestEvent::ConsultationClosed { consultation, opinion } => {
                self.consultation(*consultation, on, Some(*opinion), calendar, no);
            }
            RequestEvent::ExtensionConsented { days, reason } => {
                no.when(reason.trim().is_empty(), "reason-missing", "请填写延长的理由", "条例第三十三条");
                self.extension_days(*days, no);
            }
            RequestEvent::Extended { days, approved_by, .. } => {
                if let Some((consented, on)) = self.extension_consent {
                    let text = format!("{}同意延长{consented}个工作日，与填写的{days}个工作日不符", day(on));
                    no.when(*days != consented, "not-as-consented", text, "条例第三十三条");
                }
                let text = "延长答复期限应当经政府信息公开工作机构负责人同意，请填写同意的负责人";
                no.when(approved_by.trim().is_empty(), "approval-missing", text, "条例第三十三条");
                self.extension_days(*days, no);
            }
            RequestEvent::FeeNoticed { basis, count, yuan } => self.fee(*basis, *count, *yuan, no),
            RequestEvent::Drafted { draft, chain } => self.drafting(draft, chain, on, calendar, no),
            RequestEvent::Reviewed { step, passed, opinion } => self.review(*step, *passed, opinion, on, no),
            RequestEvent::Decided { decision, number, reasons } => {
                self.decision(*decision, on, calendar, no);
                self.as_approved(*decision, on, no);
                let numbered = decision.needs_no_paper() || !number.trim().is_empty();
                no.when(!numbered, "number-missing", "请填写决定文书的文号", "国办公开办函〔2016〕235号");
                let drafted = self.proposal.is_some();
                let reasoned = drafted || !decision.needs_reasons() || !reasons.trim().is_empty();
                no.when(!reasoned, "reasons-missing", "请说明理由", "条例第三十六条");
            }
            RequestEvent::Linked(link) => {
                no.when(link.request.trim().is_empty(), "request-missing", "请填写要关联的申请", "");
                let text = "请填写比对的情况和结论";
                let needed = Relation::COMPARED.contains(&link.relation);
                no.when(needed && link.note.trim().is_empty(), "note-missing", text, "条例第三十六条第六项");
                let known =
                    self.links.iter().any(|l| l.request == link.request && l.relation == link.relation);
                no.when(known, "already-linked", "已经关联该申请", "");
            }
            RequestEvent::Written(letter) => {
                let numbered = !letter.letter.needs_number() || !letter.number.trim().is_empty();
                let cite = "国办公开办函〔2016〕235号";
                no.when(!numbered, "number-missing", "请填写文书的文号", cite);
            }
            RequestEvent::Split { subject, into } => {
                no.when(into.is_empty(), "split-empty", "请填写分出的申请内容", "");
                no.when(subject.trim().is_empty(), "subject-missing", "请填写本件保留的申请内容", "");
            }
            RequestEvent::Merged { into } => {
                no.when(into.trim().is_empty(), "request-missing", "请填写并入的申请", "");
            }
            RequestEvent::Restricted { reason, .. } => {
                no.when(reason.trim().is_empty(), "reason-missing", "请填写理由", "");
            }
            RequestEvent::Noted { text, .. } => {
                no.when(text.trim().is_empty(), "note-missing", "请填写批注", "");
            }
            RequestEvent::Archived { file_number, .. } => {
                no.when(file_number.trim().is_empty(), "number-missing", "请填写归档号", "条例第四十五条");
            }
            RequestEvent::Appraised { keep, opinion } => {
                no.when(opinion.trim().is_empty(), "opinion-missing", "请写明鉴定意见", "");
                let longer =
                    keep.is_none_or(|keep| self.retention.is_none_or(|now| keep.is_longer_than(now)));
                no.when(!longer, "keep-longer", "续存的保管期限应当比原来的长", retention::CITATION);
            }
            RequestEvent::Destroyed { supervisor, list } => {
                no.when(supervisor.trim().is_empty(), "supervisor-missing", "请填写监销人", "");
                no.when(list.trim().is_empty(), "list-missing", "请填写销毁清册的编号", "");
            }
            RequestEvent::Reopened { dispute, until } => {
                no.when(dispute.trim().is_empty(), "dispute-missing", "请填写对应的复议或者诉讼案件", "");
                no.when(*until < on, "deadline-in-the-past", "重新处理的期限不得早于登记日期", "");
            }
            RequestEvent::OfficerNamed { account } => {
                let text = "该账号已经是本件的承办人";
                no.when(account.is_some() && *account == self.officer, "already-named", text, "");
                let text = "本件没有指定承办人，请填写承办人的登录名";
                no.when(account.is_none() && self.officer.is_none(), "account-missing", text, "");
            }
            RequestEvent::SuggestedProactive { by, .. } => {
                let text = format!("已经登记“{}”，正在等待审查", by.label());
                no.when(self.proactive.waits_for(*by), "already-suggested", text, "条例第四十四条");
            }
            RequestEvent::ProactiveReviewed { outcome, document, reason } => match outcome {
                ProactiveOutcome::Published => {
                    let missing = document.as_deref().is_none_or(|d| d.trim().is_empty());
                    let text = "请填写已经主动公开的文件";
                    no.when(missing, "document-missing", text, "条例第四十四条");
                }
                ProactiveOutcome::Unsuitable => {
                    let text = "请填写不宜主动公开的理由";
                    no.when(reason.trim().is_empty(), "reason-missing", text, "条例第四十四条");
                    let text = "不宜主动公开的，不填写已经公开的文件";
                    no.when(document.is_some(), "document-too-many", text, "条例第四十四条");
                }
            },
            RequestEvent::Arrived { .. }
            | RequestEvent::Confirmed { .. }
            | RequestEvent::Triaged { .. }
            | RequestEvent::CorrectionReceived
            | RequestEvent::ReasonsReceived { .. }
            | RequestEvent::FeePaid
            | RequestEvent::Served { .. }
            | RequestEvent::Withdrawn => {}
        }
    }

    /// What is judged of the reasons, and the day that is set where the answer is deferred.
    fn judgement(
        &self,
        outcome: ReasonsOutcome,
        until: Option<Date>,
        opinion: &str,
        on: Date,
        calendar: &Calendar,
        no: &mut Reasons,
    ) {
        let cite = "条例第三十五条";
        let reasoned = outcome == ReasonsOutcome::Reasonable || !opinion.trim().is_empty();
        no.when(!reasoned, "reason-missing", "请填写审查意见", cite);
        match (outcome, until) {
            (ReasonsOutcome::Deferred, Some(until)) => {
                deferral(until, on, calendar, no);
                let again = !self.reopenings.is_empty();
                no.when(again, "own-clock", "重新处理的期限由复议决定或者判决确定", "");
                self.not_overdue("deferral-too-late", "告知延迟答复", cite, on, calendar, no);
            }
            (ReasonsOutcome::Deferred, None) => {
                no.when(true, "deferral-missing", "请填写延迟答复的日期", cite);
            }
            (_, until) => {
                let text = "审查结论不是延迟答复的，不填写延迟答复的日期";
                no.when(until.is_some(), "deferral-too-many", text, cite);
            }
        }
    }

    /// An internal limit lies before the statutory one (DOMAIN: 转办单), on a working day.
    fn internal_limit(&self, until: Option<Date>, on: Date, calendar: &Calendar, no: &mut Reasons) {
        let Some(until) = until else { return };
        no.when(until < on, "limit-in-the-past", "内部时限不得早于交办日期", "");
        if let Some(due) = self.due(calendar, on) {
            let text = format!("内部时限应当早于法定答复期限{}", day(due.on));
            // A request that is overdue has no day left before the statutory one.
            no.when(until >= due.on && on < due.on, "limit-too-late", text, "条例第三十三条");
        }
    }

    fn extension_days(&self, days: u32, no: &mut Reasons) {
        no.when(days == 0, "extension-empty", "请填写延长的工作日数", "条例第三十三条");
        let value = self.received_on.and_then(|r| term::on("extension", r).ok());
        if let Some((limit, cite)) = value.and_then(|v| Some((v.working_days()?, &v.citation))) {
            let text = format!("延长答复期限不得超过{limit}个工作日，请减少延长的天数");
            no.when(days > limit, "extension-too-long", text, cite);
        }
    }

    fn consultation(
        &self,
        number: u32,
        on: Date,
        closing: Option<Opinion>,
        calendar: &Calendar,
        no: &mut Reasons,
    ) {
        let Some(c) = self.consultations.iter().find(|c| c.number == number) else {
            no.when(true, "consultation-unknown", format!("没有编号为{number}的征求意见"), "");
            return;
        };
        let text = format!("编号为{number}的征求意见已经结束");
        no.when(c.closed_on.is_some(), "consultation-closed", text, "");
        let text = format!("日期不得早于征求意见发出日期{}", day(c.sent_on));
        no.when(on < c.sent_on, "dates-out-of-order", text, "");
        let Some(opinion) = closing else {
            no.when(c.delivered_on.is_some(), "already-delivered", "该征求意见已经登记送达", "");
            return;
        };
        let (key, cite) = match c.whom {
            Consulted::ThirdParty => ("third-party", "条例第三十二条"),
            Consulted::JointAgency => ("joint-agency", "条例第三十四条"),
            // No term is set for other agencies.
            Consulted::OtherAgency => return,
        };
        if opinion == Opinion::Silent {
            let due = c.delivered_on.and_then(|d| clock::term_due(key, d, calendar).ok());
            let text = match &due {
                Some(due) => format!("提出意见的期限至{}届满，届满前不能登记逾期未答复", day(due.on)),
                None => "尚未登记对方收到征求意见的日期，不能登记逾期未答复".to_owned(),
            };
            let running = due.is_none_or(|due| on <= due.on);
            no.when(running, "consultation-term-running", text, cite);
        }
    }

    fn fee(&self, basis: Basis, count: u32, yuan: u32, no: &mut Reasons) {
        let Some(received) = self.received_on else { return };
        // One docket is one request: by request it costs what the nth of the month costs, by page all its pages.
        let right = match basis {
            Basis::PerRequest => fee::marginal(basis, count, received),
            Basis::PerPage => fee::total(basis, count, received),
        };
        let Ok(right) = right else { return };
        let cite = fee::citation(basis, received).unwrap_or_default();
        let unit = basis.unit();
        no.when(right == 0, "below-fee", format!("{count}{unit}未达到收取信息处理费的标准"), cite);
        let text = format!("{}{count}{unit}，应收{right}元，与填写的{yuan}元不符", basis.label());
        no.when(right != 0 && right != u64::from(yuan), "fee-wrong", text, cite);
    }

    /// Rules about a decision as such, whatever it says.
    pub(super) fn decision(&self, decision: Decision, on: Date, calendar: &Calendar, no: &mut Reasons) {
        let cite = decision.citation();
        if self.correction_pending() && decision != Decision::OtherCorrectionLapsed {
            no.when(true, "correction-pending", "正在等待申请人补正，不能作出该决定", "条例第三十条");
        }
        if self.fee_pending() && decision != Decision::OtherFeeUnpaid {
            no.when(true, "fee-pending", "正在等待申请人缴费，不能作出该决定", "国办函〔2020〕109号");
        }
        match decision {
            Decision::OtherCorrectionLapsed => {
                let reply_by =
                    self.correction.as_ref().filter(|_| self.correction_pending()).map(|c| c.reply_by);
                let lapsed = reply_by.is_some_and(|by| on > by);
                let text = match reply_by {
                    Some(by) => format!("补正期限至{}届满，届满前不能按逾期不补正处理", day(by)),
                    None => "没有告知补正，或者申请人已经补正，不能按逾期不补正处理".to_owned(),
                };
                no.when(!lapsed, "correction-not-lapsed", text, cite);
            }
            Decision::UnavailableStillUnclear => {
                let corrected = self.correction.as_ref().is_some_and(|c| c.received_on.is_some());
                let text = "应当先告知补正，收到补正后内容仍不明确的，才能作出该决定";
                no.when(!corrected, "not-corrected", text, cite);
            }
            Decision::OtherFeeUnpaid => {
                let due = self.fee.as_ref().filter(|_| self.fee_pending());
                let due = due.and_then(|f| clock::fee_payment_due(f.noticed_on, calendar).ok());
                let lapsed = due.as_ref().is_some_and(|due| on > due.on);
                let text = match due {
                    Some(due) => format!("缴费期限至{}届满，届满前不能按逾期未缴费处理", day(due.on)),
                    None => "没有等待缴费的收费通知，不能按逾期未缴费处理".to_owned(),
                };
                no.when(!lapsed, "fee-not-lapsed", text, cite);
            }
            Decision::DeclinedExcessiveRequests => {
                let asked = self.reasons.as_ref();
                let unjudged = asked.is_some_and(|r| r.received_on.is_some() && r.is_open());
                let text = "已经收到申请人说明的理由，应当先审查理由是否合理";
                no.when(unjudged, "reasons-not-judged", text, cite);
                let unreasonable = asked.is_some_and(|r| r.are_missing_or_refused(on));
                let text = "应当先要求申请人说明理由，理由不合理或者逾期不说明的，才能不予处理";
                no.when(!unjudged && !unreasonable, "reasons-not-asked", text, cite);
            }
            Decision::RefusedThirdPartyRights => {
                let third = || self.consultations.iter().filter(|c| c.whom == Consulted::ThirdParty);
                let text = "应当先书面征求第三方的意见";
                no.when(third().next().is_none(), "third-party-not-consulted", text, "条例第三十二条");
                let consents =
                    third().next().is_some() && third().all(|c| c.opinion == Some(Opinion::Consents));
                let text = "第三方均同意公开，不能以保护第三方合法权益为由不予公开";
                no.when(consents, "third-party-consents", text, "条例第十五条");
                self.consultations_closed(no);
            }
            Decision::Granted | Decision::GrantedInPart => self.consultations_closed(no),
            Decision::UnavailableNotHeld => {
                let text = "认定政府信息不存在，应当先进行检索并登记检索记录";
                no.when(self.searched_on.is_none(), "not-searched", text, cite);
            }
            _ => {}
        }
    }

    /// Whoever was asked under articles 32 and 34 is heard, or the term has run out, before it is decided to disclose.
    fn consultations_closed(&self, no: &mut Reasons) {
        let open =
            self.consultations.iter().any(|c| c.closed_on.is_none() && c.whom != Consulted::OtherAgency);
        let text = "征求意见尚未结束，请先登记收到的意见或者逾期未答复";
        no.when(open, "consultation-open", text, "条例第三十二条、第三十四条");
    }
}

/// The day to which an answer is deferred (art. 35): later than it is told, and one on which there can be an answer.
fn deferral(until: Date, on: Date, calendar: &Calendar, no: &mut Reasons) {
    let text = "延迟答复的日期应当晚于告知日期";
    no.when(until <= on, "deferral-in-the-past", text, "条例第三十五条");
    let off = calendar.is_working_day(until) == Some(false);
    no.when(off, "not-a-working-day", format!("{}为休息日，请改为工作日", day(until)), "");
}
