//! What may happen next to a request: every rule of order and of law, all reasons at once.

use super::{Move, RequestEvent, Stage, Standing, SuggestedBy};
use crate::calendar::Calendar;
use crate::clock;
use crate::decision::Decision;
use crate::fee::{self, Basis};
use crate::reason::Refusal;
use crate::retention::{self, Retention};
use crate::wording::day;
use jiff::civil::Date;

/// Refusals in the making.
pub(super) struct Reasons(Vec<Refusal>);

impl Reasons {
    pub(super) fn when(&mut self, refused: bool, code: &str, text: impl Into<String>, citation: &str) {
        if refused {
            self.0.push(Refusal::new(code, text, citation));
        }
    }

    pub(super) fn all(&mut self, refusals: Vec<Refusal>) {
        self.0.extend(refusals);
    }
}

impl Standing {
    /// Why `event` may not be the first of a docket; empty if it may.
    pub fn may_begin(event: &RequestEvent) -> Vec<Refusal> {
        let mut no = Reasons(Vec::new());
        match event {
            RequestEvent::Arrived { addressee, counted_by, subject, .. } => {
                no.when(
                    addressee.trim().is_empty(),
                    "addressee-missing",
                    "请填写申请的受理机关",
                    "条例第二十九条",
                );
                no.when(counted_by.trim().is_empty(), "unit-missing", "请填写统计该申请的填报单位", "");
                no.when(
                    subject.trim().is_empty(),
                    "subject-missing",
                    "请填写所需信息的内容描述",
                    "条例第二十九条",
                );
            }
            _ => no.when(true, "not-arrived", "尚未登记申请到达，请先登记申请到达", "条例第三十一条"),
        }
        no.0
    }

    /// Why `event`, dated `on`, may not happen now; empty if it may.
    pub fn may(&self, event: &RequestEvent, on: Date, calendar: &Calendar) -> Vec<Refusal> {
        let mut no = Reasons(self.order(event.kind(), on, calendar));
        if no.0.is_empty() {
            self.content(event, on, calendar, &mut no);
        }
        no.0
    }

    /// The moves that may be made on this day, in the order of a request's life.
    pub fn allowed(&self, on: Date, calendar: &Calendar) -> Vec<Move> {
        Move::ALL
            .into_iter()
            .filter(|m| self.order(*m, on, calendar).is_empty())
            .filter(|m| *m != Move::Decided || !self.allowed_decisions(on, calendar).is_empty())
            .collect()
    }

    /// The decisions that may be made on this day, in the order of the form.
    pub fn allowed_decisions(&self, on: Date, calendar: &Calendar) -> Vec<Decision> {
        if !self.order(Move::Decided, on, calendar).is_empty() {
            return Vec::new();
        }
        let may = |decision: &Decision| {
            let mut no = Reasons(Vec::new());
            self.decision(*decision, on, calendar, &mut no);
            no.0.is_empty()
        };
        let approved = self.proposal.as_ref().map(|p| p.draft.decision);
        Decision::ALL.into_iter().filter(|d| approved.is_none_or(|a| a == *d)).filter(may).collect()
    }

    /// Rules that do not depend on what the event says.
    fn order(&self, next: Move, on: Date, calendar: &Calendar) -> Vec<Refusal> {
        let mut no = Reasons(Vec::new());
        self.frame(next, on, &mut no);
        if no.0.is_empty() {
            self.sequence(next, on, calendar, &mut no);
        }
        no.0
    }

    /// Rules about the life of a request as a whole.
    fn frame(&self, next: Move, on: Date, no: &mut Reasons) {
        if next == Move::Arrived {
            no.when(true, "already-arrived", "该申请已登记到达，有误的请更正原登记", "");
            return;
        }
        let arrived = day(self.arrived_on);
        let text = format!("日期不得早于申请到达日期{arrived}");
        no.when(on < self.arrived_on, "before-arrival", text, "条例第三十一条");

        if let Some(on) = self.destroyed_on {
            let text = format!("该申请的档案已于{}销毁，不再登记", day(on));
            no.when(true, "destroyed", text, "");
            return;
        }
        let (decision, decided_on, served_on) = self.current_round();
        // What becomes of the information for everybody is decided beside the request, also after it (art. 44).
        let for_all = matches!(next, Move::SuggestedProactive | Move::ProactiveReviewed);
        let afterwards = for_all || matches!(next, Move::Archived | Move::Reopened | Move::HandedOut);
        // Who may see a docket, and which others belong to it, may be recorded at any time.
        if matches!(next, Move::Restricted | Move::Linked | Move::Noted) {
            return;
        }
        // What becomes of the file comes after everything else.
        if matches!(next, Move::Appraised | Move::Destroyed) {
            no.when(self.archived_on.is_none(), "not-archived", "该申请尚未归档", "");
            return;
        }
        if self.merged.is_some() {
            no.when(next != Move::Archived, "request-merged", "本件已并入其他申请，只能归档", "");
        } else if self.withdrawn_on.is_some() {
            no.when(
                !for_all && next != Move::Archived,
                "request-withdrawn",
                "申请人已撤回申请，只能归档",
                "",
            );
        } else if served_on.is_some() {
            let text = "决定已经送达，只能归档；复议决定或者判决要求重新处理的，登记重新处理";
            no.when(!afterwards, "already-served", text, "");
        } else if decided_on.is_some() {
            let closed = decision.is_some_and(Decision::needs_no_paper);
            let steps = [Move::Served, Move::Written, Move::HandedOut];
            let allowed = for_all || steps.contains(&next) || (closed && afterwards);
            no.when(!allowed, "already-decided", "已经作出决定，请先登记送达", "");
        } else {
            no.when(next == Move::Served, "not-decided", "尚未作出决定，不能登记送达", "条例第三十六条");
            let text = "尚未作出决定，不能转其他渠道办理";
            no.when(next == Move::HandedOut, "not-decided", text, "条例第三十九条第一款");
            let finished = matches!(next, Move::Archived | Move::Reopened);
            no.when(finished, "not-finished", "申请尚未办结，不能归档或者重新处理", "条例第四十五条");
        }

        let before_receipt = matches!(
            next,
            Move::Confirmed
                | Move::Registered
                | Move::HandedIn
                | Move::Withdrawn
                | Move::Split
                | Move::Merged
        ) || ((self.withdrawn_on.is_some() || self.merged.is_some()) && afterwards);
        match self.received_on {
            None if !before_receipt => {
                no.when(true, "not-received", "申请尚未经双方确认，请先与申请人确认", "条例第三十一条");
            }
            Some(received) if !before_receipt => {
                let text = format!("日期不得早于收到申请之日{}", day(received));
                let late_enough = on >= received || on < self.arrived_on;
                no.when(!late_enough, "before-receipt", text, "条例第三十一条");
            }
            _ => {}
        }
    }

    /// Rules about the sequence of steps.
    fn sequence(&self, next: Move, on: Date, calendar: &Calendar, no: &mut Reasons) {
        let stopped = self.correction_pending() || self.fee_pending();
        let again = !self.reopenings.is_empty();
        let early = |no: &mut Reasons, from: Option<Date>, what: &str, cite: &str| {
            if let Some(from) = from.filter(|from| on < *from) {
                let text = format!("日期不得早于{what}{}", day(from));
                no.when(true, "dates-out-of-order", text, cite);
            }
        };
        match next {
            Move::Confirmed => {
                let needed = self.channel.needs_confirmation();
                no.when(!needed, "confirmation-not-needed", "该渠道的申请无需双方确认", "条例第三十一条");
                no.when(self.confirmed_on.is_some(), "already-confirmed", "该申请已经确认", "条例第三十一条");
            }
            Move::Registered => {
                no.when(self.number.is_some(), "already-registered", "该申请已经登记编号", "条例第四十五条");
            }
            Move::HandedIn => {
                let text = "本件已经登记转来的工单，登记有误的请更正原记录";
                no.when(self.handed_in.is_some(), "already-handed-in", text, "");
            }
            Move::HandedOut => {
                let (decision, decided_on, _) = self.current_round();
                let text = "只有“信访举报投诉类申请”和“属于行政查询事项”的决定，才能转其他渠道办理";
                let elsewhere = decision.is_some_and(Decision::leads_elsewhere);
                no.when(!elsewhere, "not-for-elsewhere", text, "条例第三十六条第七项、第三十九条第一款");
                no.when(self.archived_on.is_some(), "already-archived", "该申请已经归档", "条例第四十五条");
                early(no, decided_on, "决定日期", "条例第三十九条第一款");
            }
            Move::Triaged => {
                let text = "申请已经审查分办";
                no.when(self.stage != Stage::Received, "already-triaged", text, "条例第四十五条");
            }
            Move::CorrectionNoticed => {
                let text = "补正应当一次性告知，该申请已经告知过补正";
                no.when(self.correction.is_some(), "correction-once", text, "条例第三十条");
                self.early_stage("correction-out-of-stage", "告知补正", "条例第三十条", no);
                if let Some(due) =
                    self.received_on.and_then(|r| clock::correction_notice_due(r, calendar).ok())
                {
                    let text = format!("告知补正的期限已于{}届满，应当按照原申请内容办理", day(due.on));
                    no.when(on > due.on, "correction-too-late", text, "条例第三十条");
                }
            }
            Move::CorrectionReceived => {
                let text = "没有等待补正的告知";
                no.when(!self.correction_pending(), "no-correction-pending", text, "条例第三十条");
                early(no, self.correction.as_ref().map(|c| c.noticed_on), "告知补正日期", "条例第三十条");
            }
            Move::ReasonsAsked => {
                let text = "该申请已经要求过说明理由";
                no.when(self.reasons.is_some(), "reasons-once", text, "条例第三十五条");
                self.early_stage("reasons-out-of-stage", "要求说明理由", "条例第三十五条", no);
            }
            Move::ReasonsReceived => {
                let pending = self.reasons.as_ref().is_some_and(|r| r.received_on.is_none());
                no.when(!pending, "no-reasons-pending", "没有等待说明理由的告知", "条例第三十五条");
                early(no, self.reasons.as_ref().map(|r| r.asked_on), "要求说明理由日期", "条例第三十五条");
            }
            Move::ReasonsJudged => {
                let received = self.reasons.as_ref().and_then(|r| r.received_on);
                let text = "尚未收到申请人说明的理由，不能审查";
                no.when(received.is_none(), "no-reasons-received", text, "条例第三十五条");
                let judged = self.reasons.as_ref().is_some_and(|r| !r.is_open());
                no.when(judged, "already-judged", "申请人说明的理由已经审查", "条例第三十五条");
                early(no, received, "收到理由的日期", "条例第三十五条");
            }
            Move::Deferred => {
                let accepted = self.reasons.as_ref().is_some_and(super::Reasons::are_accepted);
                let text = "申请人说明理由且理由合理的，才能确定延迟答复的期限";
                no.when(!accepted, "reasons-not-accepted", text, "条例第三十五条");
                no.when(
                    self.deferred_until.is_some(),
                    "deferral-once",
                    "已经确定过延迟答复的期限",
                    "条例第三十五条",
                );
                no.when(again, "own-clock", "重新处理的期限由复议决定或者判决确定", "");
                self.not_overdue("deferral-too-late", "告知延迟答复", "条例第三十五条", on, calendar, no);
            }
            Move::Assigned
            | Move::OfficerNamed
            | Move::Searched
            | Move::Assisted
            | Move::Linked
            | Move::Restricted
            | Move::Noted
            | Move::Written => {}
            Move::AssistanceAnswered => {
                let open = self.assistance.iter().any(|a| a.answered_on.is_none());
                no.when(!open, "no-assistance-open", "没有等待反馈的协办事项", "条例第四十五条");
            }
            Move::Chased => {
                let open = self.handler.is_some() || self.assistance.iter().any(|a| a.answered_on.is_none());
                no.when(!open, "nobody-to-chase", "没有交办或者等待反馈的单位", "条例第四十五条");
            }
            Move::Split | Move::Merged => {
                let (code, what) = if next == Move::Split {
                    ("split-too-late", "分案")
                } else {
                    ("merge-too-late", "并案")
                };
                let early = matches!(self.stage, Stage::Submitted) || self.is_early();
                let text = format!("申请处于“{}”阶段，不能{what}", self.stage.label());
                no.when(!early, code, text, "条例第四十五条");
                no.when(again, "own-clock", "重新处理的申请不能分案或者并案", "");
            }
            Move::ExtensionConsented => {
                let told = self.extension.is_some() || self.extension_consent.is_some();
                no.when(told, "extension-once", "答复期限只能延长一次", "条例第三十三条");
                let text = "等待申请人补正或者缴费期间，答复期限重新计算，无需延长";
                no.when(stopped, "clock-stopped", text, "条例第三十条");
                let text = "已经确定延迟答复的期限，不再延长";
                no.when(self.deferred_until.is_some(), "extension-after-deferral", text, "条例第三十五条");
                no.when(again, "own-clock", "重新处理的期限由复议决定或者判决确定，不能延长", "");
                self.not_overdue("extension-too-late", "同意延长", "条例第三十三条", on, calendar, no);
            }
            Move::Drafted => {
                // On the last day too it is not yet late: the day itself belongs to the applicant.
                let until =
                    self.waits_until(calendar).map(|due| format!("到{}（含当日）为止，", day(due.on)));
                let text = format!(
                    "申请人补正或者缴费的期限{}届满仍未办理的，从次日起才能按逾期拟办",
                    until.unwrap_or_default()
                );
                let lapsed = !stopped || self.lapsed(on, calendar);
                no.when(!lapsed, "clock-stopped", text, "条例第三十条");
            }
            Move::Reviewed => {
                let next = self.proposal.as_ref().and_then(super::Proposal::next);
                no.when(next.is_none(), "nothing-to-review", "没有等待审核审批的拟办意见", "条例第四十五条");
            }
            Move::ConsultationSent => {
                let text = "等待申请人补正或者缴费期间，不能征求意见";
                no.when(stopped, "clock-stopped", text, "条例第三十条");
            }
            Move::ConsultationDelivered | Move::ConsultationClosed => {
                let open = self.consultations.iter().any(|c| c.closed_on.is_none());
                no.when(
                    !open,
                    "no-consultation-open",
                    "没有正在进行的征求意见",
                    "条例第三十二条、第三十四条",
                );
            }
            Move::Extended => {
                let text = "答复期限只能延长一次";
                no.when(self.extension.is_some(), "extension-once", text, "条例第三十三条");
                let text = "重新处理的期限由复议决定或者判决确定，不能延长";
                no.when(again, "own-clock", text, "");
                let text = "已经确定延迟答复的期限，不再延长";
                no.when(self.deferred_until.is_some(), "extension-after-deferral", text, "条例第三十五条");
                let text = "等待申请人补正或者缴费期间，答复期限重新计算，无需延长";
                no.when(stopped, "clock-stopped", text, "条例第三十条");
                if let Some(mut input) = self.clock_input().filter(|_| no.0.is_empty()) {
                    input.extension = Some(clock::Extension { days: 1, told_on: Some(on) });
                    no.all(clock::due(&input, calendar, on).err().unwrap_or_default());
                }
            }
            Move::FeeNoticed => {
                let text = "同一申请只能按一种方式收取一次信息处理费";
                no.when(self.fee.is_some(), "fee-once", text, "国办函〔2020〕109号");
                let text = "等待申请人补正期间，不能送达收费通知";
                no.when(self.correction_pending(), "clock-stopped", text, "条例第三十条");
                no.when(again, "own-clock", "重新处理的申请不再收取信息处理费", "");
                self.not_overdue(
                    "fee-notice-too-late",
                    "送达收费通知",
                    "国办函〔2020〕109号",
                    on,
                    calendar,
                    no,
                );
                let schedule = self.received_on.map(|r| fee::citation(Basis::PerRequest, r));
                if let Some(Err(error)) = schedule {
                    no.when(true, "no-fee-in-force", error.to_string(), "国办函〔2020〕109号");
                }
            }
            Move::FeePaid => {
                no.when(
                    !self.fee_pending(),
                    "no-fee-pending",
                    "没有等待缴费的收费通知",
                    "国办函〔2020〕109号",
                );
                early(no, self.fee.as_ref().map(|f| f.noticed_on), "收费通知送达日期", "国办函〔2020〕109号");
            }
            Move::Decided => {
                self.approved(no);
                early(no, self.reopenings.last().map(|r| r.on), "重新处理日期", "");
            }
            Move::Served => {
                let (_, decided_on, _) = self.current_round();
                early(no, decided_on, "决定日期", "国办公开办函〔2016〕235号");
            }
            Move::Withdrawn => {
                no.when(again, "already-decided", "已经作出过决定，不能撤回申请", "");
            }
            Move::Archived => {
                no.when(self.archived_on.is_some(), "already-archived", "该申请已经归档", "条例第四十五条");
                early(no, self.last_day(), "办结日期", "条例第四十五条");
            }
            Move::Appraised => self.may_be_appraised(on, no),
            Move::Destroyed => {
                let text = "档案尚未鉴定为可以销毁，请先登记鉴定意见";
                no.when(self.to_destroy.is_none(), "not-appraised", text, "");
                early(no, self.to_destroy, "鉴定日期", "");
            }
            Move::Reopened => early(no, self.last_day(), "办结日期", ""),
            Move::SuggestedProactive => {
                let text = "该信息已经主动公开";
                no.when(self.proactive.is_published(), "already-published", text, "条例第四十四条");
                let both = SuggestedBy::ALL.into_iter().all(|by| self.proactive.waits_for(by));
                no.when(both, "already-suggested", "转为主动公开的建议正在等待审查", "条例第四十四条");
            }
            Move::ProactiveReviewed => {
                let last = self.proactive.pending().map(|s| s.on).max();
                let text = "没有等待审查的转为主动公开的建议，请先登记建议";
                no.when(last.is_none(), "nothing-suggested", text, "条例第四十四条");
                early(no, last, "提出建议的日期", "条例第四十四条");
            }
            Move::Arrived => {}
        }
    }

    /// A file is appraised when its period has ended.
    fn may_be_appraised(&self, on: Date, no: &mut Reasons) {
        if self.archived_on.is_none() {
            return;
        }
        match (self.retention, self.kept_through()) {
            (Some(Retention::Permanent), _) => {
                no.when(true, "kept-for-ever", "永久保存的档案不鉴定销毁", retention::CITATION);
            }
            (_, Some(year)) => {
                let text = format!("保管期限到{year}年底届满，届满以后才能鉴定");
                no.when(on.year() <= year, "period-runs", text, retention::CITATION);
            }
            (_, None) => {
                let text = "归档时没有登记保管期限，请先更正归档的记录";
                no.when(true, "retention-missing", text, retention::CITATION);
            }
        }
    }

    /// Whether the time the applicant had to correct or to pay has run out.
    fn lapsed(&self, on: Date, calendar: &Calendar) -> bool {
        [Decision::OtherCorrectionLapsed, Decision::OtherFeeUnpaid].into_iter().any(|decision| {
            let mut no = Reasons(Vec::new());
            self.decision(decision, on, calendar, &mut no);
            no.0.is_empty()
        })
    }

    /// Correction and reasons are asked for while the request is examined, not when others are waited for.
    fn early_stage(&self, code: &str, what: &str, cite: &str, no: &mut Reasons) {
        no.when(!self.is_early(), code, format!("申请处于“{}”阶段，不能{what}", self.stage.label()), cite);
    }

    /// Whether the request is still being examined.
    fn is_early(&self) -> bool {
        matches!(
            self.stage,
            Stage::Received | Stage::Triaged | Stage::Assigned | Stage::Searching | Stage::Drafting
        )
    }

    pub(super) fn not_overdue(
        &self,
        code: &str,
        what: &str,
        cite: &str,
        on: Date,
        calendar: &Calendar,
        no: &mut Reasons,
    ) {
        if let Some(due) = self.due(calendar, on) {
            let text = format!("答复期限已于{}届满，不能再{what}", day(due.on));
            no.when(on > due.on, code, text, cite);
        }
    }

    /// The day on which the present round ended.
    pub(super) fn last_day(&self) -> Option<Date> {
        let (_, decided_on, served_on) = self.current_round();
        let merged = self.merged.as_ref().map(|(_, on)| *on);
        self.withdrawn_on.or(merged).or(served_on).or(decided_on)
    }
}
