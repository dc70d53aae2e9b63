//! The clocks of a request: articles 30 and 32–35 of the Regulation and the fee measure.
//!
//! Article 33: a request that cannot be answered on the spot is answered within 20 working days of receipt; the head of
//! the working body may consent to one extension of at most 20 working days, told to the applicant; the time taken to
//! consult third parties and other agencies is not counted. Article 30: where the applicant was asked to correct the
//! request, the term runs from receipt of the corrected one. Fee measure: it runs anew from the day after payment.
//!
//! ```text
//! start = the latest of received, corrected, paid            the day itself is not counted
//! due   = add(start, 20 + extension + paused)
//! paused = working days d after start with sent < d ≤ closed for some consultation: the union, not the sum
//! ```
//!
//! A consultation sent after the term has run out does not bring it back. A deferral under article 35 and the date set
//! when a dispute sends the request back replace the computed date.

mod day;

pub use day::{CountedDay, DayKind, counted_days};

use crate::calendar::{Calendar, CalendarError};
use crate::reason::{Due, Refusal, Step};
use crate::term::{self, Length, TermError};
use crate::wording::{day, span, weekday};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A consultation of a third party or another agency: the term stands still on the working days d with
/// `from` < d ≤ `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// Day the consultation was sent.
    pub from: Date,
    /// Day the opinion was received or the term for it ran out; `None` while it is open.
    pub to: Option<Date>,
}

/// The one extension of article 33.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Extension {
    /// Working days.
    pub days: u32,
    /// Day the applicant was told; `None` if not known, and then not examined.
    pub told_on: Option<Date>,
}

/// What moves the reply clock.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Input {
    /// 收到申请之日
    pub received: Date,
    /// Day the corrected request was received.
    #[serde(default)]
    pub corrected: Option<Date>,
    /// Day the fee was paid.
    #[serde(default)]
    pub paid: Option<Date>,
    /// Consultations, in any order; they may overlap.
    #[serde(default)]
    pub consultations: Vec<Pause>,
    /// The extension.
    #[serde(default)]
    pub extension: Option<Extension>,
    /// Last day of the deferral under article 35.
    #[serde(default)]
    pub deferred_until: Option<Date>,
    /// Last day set by the decision or judgment that sent the request back.
    #[serde(default)]
    pub reopened_until: Option<Date>,
}

impl Input {
    /// A request received on this day, with nothing else yet.
    pub fn received(on: Date) -> Self {
        Input {
            received: on,
            corrected: None,
            paid: None,
            consultations: Vec::new(),
            extension: None,
            deferred_until: None,
            reopened_until: None,
        }
    }

    /// The day from which the term runs: the latest of receipt, correction and payment, not later than `on`.
    fn start(&self, on: Date) -> Date {
        let resets = [self.corrected, self.paid].into_iter().flatten().filter(|reset| *reset <= on);
        resets.fold(self.received, Date::max)
    }
}

/// The last day for the reply. A consultation still open is counted through `as_of`.
///
/// # Errors
/// Every reason at once: dates in the wrong order, an extension too long or told too late, a date for which no rule or
/// calendar exists.
pub fn due(input: &Input, calendar: &Calendar, as_of: Date) -> Result<Due, Vec<Refusal>> {
    let mut refusals = disorder(input);
    let base = working_days("reply", input.received).map_err(|r| refusals.push(r)).ok();
    let limit = working_days("extension", input.received).map_err(|r| refusals.push(r)).ok();
    let (Some((base, cite)), Some((limit, _))) = (base, limit) else { return Err(refusals) };
    let extension = input.extension.filter(|e| e.days > 0);
    if let Some(extension) = extension {
        if extension.days > limit {
            let text = format!("延长答复期限不得超过{limit}个工作日，请减少延长的天数");
            refusals.push(Refusal::new("extension-too-long", text, cite));
        }
        if let Some(told) = extension.told_on.filter(|told| *told >= input.received) {
            match last_day_to_extend(input, calendar, told, base) {
                Ok(last) if told > last => {
                    let text = format!("原答复期限已于{}届满，届满后告知的延长无效", day(last));
                    refusals.push(Refusal::new("extension-too-late", text, cite));
                }
                Ok(_) => {}
                Err(error) => refusals.push(refused(error)),
            }
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    if let Some(until) = input.reopened_until {
        let text = format!("重新处理应当于{}前完成，按照行政复议决定或者人民法院判决确定的期限", day(until));
        let because = vec![received_step(input.received), Step::new(text, "行政复议决定或者人民法院判决")];
        return Ok(Due { on: until, provisional: false, because });
    }
    if let Some(until) = input.deferred_until {
        let text = format!("申请人说明的理由合理，但无法在规定期限内答复，延迟至{}答复", day(until));
        let because = vec![received_step(input.received), Step::new(text, "条例第三十五条")];
        return Ok(Due { on: until, provisional: false, because });
    }
    run(input, calendar, as_of, base, cite).map_err(|error| vec![refused(error)])
}

/// The computation proper, on an input that is in order.
fn run(input: &Input, calendar: &Calendar, as_of: Date, base: u32, cite: &str) -> Result<Due, CalendarError> {
    let start = input.start(Date::MAX);
    let mut because = vec![received_step(input.received)];
    if let Some(on) = input.corrected {
        let text = format!("{}收到补正后的申请，答复期限自该日起重新计算", day(on));
        because.push(Step::new(text, "条例第三十条"));
    }
    if let Some(on) = input.paid {
        let text = format!("{}缴纳信息处理费，办理期限自缴费次日起重新计算", day(on));
        because.push(Step::new(text, "国办函〔2020〕109号"));
    }
    because.push(Step::new(format!("{base}个工作日，自次日起算"), cite));
    let extension = input.extension.map_or(0, |e| e.days);
    if extension > 0 {
        let told = input.extension.and_then(|e| e.told_on);
        let told = told.map_or(String::new(), |on| format!("，{}告知申请人", day(on)));
        because.push(Step::new(format!("延长答复期限{extension}个工作日{told}"), cite));
    }
    let pauses = paused(input, calendar, start, as_of, base + extension)?;
    if pauses.days > 0 {
        let open = if pauses.open {
            format!("（征求意见尚未结束，暂计至{}）", day(as_of))
        } else {
            String::new()
        };
        let text = format!("征求意见期间{}个工作日不计算在内{open}", pauses.days);
        because.push(Step::new(text, consultation_citation(input.received)));
    }
    if let Some(expired) = pauses.too_late {
        let text = format!("答复期限已于{}届满，此后发出的征求意见不影响答复期限", day(expired));
        because.push(Step::new(text, consultation_citation(input.received)));
    }
    let (on, provisional) = calendar.add(start, base + extension + pauses.days)?;
    because.extend(day_off_steps(calendar, start, on, provisional));
    Ok(Due { on, provisional, because })
}

struct Paused {
    days: u32,
    /// A consultation that is still open contributed.
    open: bool,
    /// The day the term ran out before a later consultation was sent.
    too_late: Option<Date>,
}

/// The working days on which the term that runs from `start` for `term` working days stands still.
fn paused(
    input: &Input,
    calendar: &Calendar,
    start: Date,
    as_of: Date,
    term: u32,
) -> Result<Paused, CalendarError> {
    let mut intervals: Vec<(Date, Date, bool)> = input
        .consultations
        .iter()
        .filter_map(|p| span_of(p, start, as_of).map(|(from, to)| (from, to, p.to.is_none())))
        .collect();
    intervals.sort();
    let mut result = Paused { days: 0, open: false, too_late: None };
    let mut counted_to = start;
    for (from, to, open) in intervals {
        // As long as the pauses so far are contiguous with this one, the term cannot have run out between them.
        if from > counted_to {
            let (expires, _) = calendar.add(start, term + result.days)?;
            if from > expires {
                result.too_late = Some(expires);
                break;
            }
        }
        let (days, _) = calendar.count(from.max(counted_to), to)?;
        result.days += days;
        result.open |= open && days > 0;
        counted_to = counted_to.max(to);
    }
    Ok(result)
}

/// The days d of a pause with `from` < d ≤ `to`, as far as they lie in a term that runs from `start`; `None` if there are
/// none. An open pause is counted through `as_of`.
fn span_of(pause: &Pause, start: Date, as_of: Date) -> Option<(Date, Date)> {
    let (from, to) = (pause.from.max(start), pause.to.unwrap_or(as_of.max(pause.from)));
    (to > from).then_some((from, to))
}

/// The last day on which an extension may be told, as things stood on `on`.
fn last_day_to_extend(
    input: &Input,
    calendar: &Calendar,
    on: Date,
    base: u32,
) -> Result<Date, CalendarError> {
    let then = Input {
        consultations: input
            .consultations
            .iter()
            .filter(|p| p.from <= on)
            .map(|p| Pause { from: p.from, to: p.to.filter(|to| *to <= on) })
            .collect(),
        ..input.clone()
    };
    let start = then.start(on);
    let pauses = paused(&then, calendar, start, on, base)?;
    // A term that stands still on `on` has not run out, even where no whole working day of the pause is over.
    let open = then.consultations.iter().any(|p| p.to.is_none()) && pauses.too_late.is_none();
    let (last, _) = calendar.add(start, base + pauses.days)?;
    Ok(if open { last.max(on) } else { last })
}

/// The date before which (and on which) the extension must be told: the reply term without extension.
///
/// # Errors
/// As for [`due`].
pub fn base_due(input: &Input, calendar: &Calendar, as_of: Date) -> Result<Due, Vec<Refusal>> {
    due(
        &Input { extension: None, deferred_until: None, reopened_until: None, ..input.clone() },
        calendar,
        as_of,
    )
}

fn disorder(input: &Input) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut before = |code: &str, what: &str, on: Option<Date>, cite: &str| {
        if let Some(on) = on.filter(|on| *on < input.received) {
            let text = format!("{what}{}早于收到申请之日{}，请核对", day(on), day(input.received));
            refusals.push(Refusal::new(code, text, cite));
        }
    };
    before("corrected-before-received", "补正日期", input.corrected, "条例第三十条");
    before("paid-before-received", "缴费日期", input.paid, "国办函〔2020〕109号");
    let told = input.extension.and_then(|e| e.told_on);
    before("extension-before-received", "延长告知日期", told, "条例第三十三条");
    before("deferred-before-received", "延迟答复日期", input.deferred_until, "条例第三十五条");
    before("reopened-before-received", "重新处理期限", input.reopened_until, "");
    for pause in &input.consultations {
        before("consultation-before-received", "征求意见发出日期", Some(pause.from), "条例第三十三条");
    }
    for pause in &input.consultations {
        if let Some(to) = pause.to.filter(|to| *to < pause.from) {
            let text = format!("征求意见的结束日期{}早于发出日期{}，请核对", day(to), day(pause.from));
            refusals.push(Refusal::new("consultation-ends-before-it-starts", text, "条例第三十三条"));
        }
    }
    refusals
}

fn received_step(on: Date) -> Step {
    let cite = if on < REGULATION_2019 { "条例（2007）第二十四条" } else { "条例第三十一条" };
    Step::new(format!("收到申请{}", day(on)), cite)
}

const REGULATION_2019: Date = jiff::civil::date(2019, 5, 15);

fn consultation_citation(received: Date) -> &'static str {
    if received < REGULATION_2019 { "条例（2007）第二十四条" } else { "条例第三十三条" }
}

fn working_days(key: &str, on: Date) -> Result<(u32, &'static str), Refusal> {
    let value = term::on(key, on).map_err(unknown)?;
    let days = value.working_days().ok_or_else(|| unknown(TermError::Unknown(key.to_owned())))?;
    Ok((days, value.citation.as_str()))
}

fn unknown(error: TermError) -> Refusal {
    Refusal::new("no-term-in-force", error.to_string(), "")
}

fn refused(error: CalendarError) -> Refusal {
    Refusal::new("no-calendar", error.to_string(), "全国年节及纪念日放假办法")
}

/// The steps that say which rest periods were skipped, which weekend days were counted, and what is not known yet.
fn day_off_steps(calendar: &Calendar, start: Date, on: Date, provisional: bool) -> Vec<Step> {
    let mut steps: Vec<(Date, Step)> = Vec::new();
    for rest in calendar.skipped(start, on) {
        let text = format!("跳过{}年{}放假{}", rest.year, rest.name, span(rest.first, rest.last, rest.year));
        steps.push((rest.first, Step::new(text, &rest.notice)));
    }
    for made_up in calendar.made_up(start, on) {
        let text = format!("{}（{}）调休上班，计算在内", day(made_up.on), weekday(made_up.on));
        steps.push((made_up.on, Step::new(text, &made_up.notice)));
    }
    steps.sort_by_key(|(on, _)| *on);
    let mut steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    if provisional {
        let known = calendar.years().last().unwrap_or(0);
        let year = if on.year() > known { on.year() } else { on.year() + 1 };
        let text = format!("{year}年节假日安排尚未公布，暂按星期一至星期五计算，公布后重新计算");
        steps.push(Step::new(text, "全国年节及纪念日放假办法"));
    }
    steps
}

/// The `n`-th working day after `from`, explained.
///
/// # Errors
/// The date lies outside what the calendar knows.
pub fn working_days_after(from: Date, n: u32, calendar: &Calendar) -> Result<Due, CalendarError> {
    let (on, provisional) = calendar.add(from, n)?;
    let mut because = vec![Step::new(format!("自{}的次日起算{n}个工作日", day(from)), "")];
    because.extend(day_off_steps(calendar, from, on, provisional));
    Ok(Due { on, provisional, because })
}

/// The last day of the statutory term `key` (see [`term`]) that runs from `from`.
///
/// Working days are counted by the calendar. Calendar days, months and years run to the last day, or to the next working
/// day where that is a day off (行政复议法第八十八条, 民事诉讼法第八十五条). A yearly date is that of the year of `from`.
///
/// # Errors
/// No such term, none in force, a term in hours, or no calendar.
pub fn term_due(key: &str, from: Date, calendar: &Calendar) -> Result<Due, Vec<Refusal>> {
    let one = |refusal| vec![refusal];
    let term = term::get(key).ok_or_else(|| one(unknown(TermError::Unknown(key.to_owned()))))?;
    let value = term.on(from).map_err(|e| one(unknown(e)))?;
    let cite = value.citation.as_str();
    match value.length {
        Length::Through { month, day: last } => {
            let on = Date::new(from.year(), month, last).map_err(|_| one(no_date(from, cite)))?;
            let because = vec![Step::new(format!("{}：{}前", term.means, day(on)), cite)];
            Ok(Due { on, provisional: false, because })
        }
        Length::Hours(_) => {
            let text = format!("{}：以小时计算，不能只按日期计算", term.means);
            Err(one(Refusal::new("term-in-hours", text, cite)))
        }
        length => length_due(&term.starts, from, length, cite, calendar),
    }
}

/// The last day of a term of so many calendar days that no national text sets, reckoned as [`term_due`] does.
///
/// # Errors
/// No calendar, or no such date.
pub fn days_due(
    starts: &str,
    from: Date,
    days: u32,
    cite: &str,
    calendar: &Calendar,
) -> Result<Due, Vec<Refusal>> {
    length_due(starts, from, Length::CalendarDays(days), cite, calendar)
}

fn no_date(from: Date, cite: &str) -> Refusal {
    Refusal::new("date-out-of-range", format!("自{}起无法计算期限，请核对日期", day(from)), cite)
}

fn length_due(
    starts: &str,
    from: Date,
    length: Length,
    cite: &str,
    calendar: &Calendar,
) -> Result<Due, Vec<Refusal>> {
    let one = |refusal| vec![refusal];
    let out_of_range = || one(no_date(from, cite));
    let mut because = vec![Step::new(format!("{starts}{}", day(from)), cite)];
    let natural = match length {
        Length::WorkingDays(n) => {
            because.push(Step::new(format!("{n}个工作日，自次日起算"), cite));
            let (on, provisional) = calendar.add(from, n).map_err(|e| one(refused(e)))?;
            because.extend(day_off_steps(calendar, from, on, provisional));
            return Ok(Due { on, provisional, because });
        }
        Length::CalendarDays(n) => from.checked_add(i64::from(n).days()),
        Length::Months(n) => from.checked_add(i64::from(n).months()),
        Length::Years(n) => from.checked_add(i64::from(n).years()),
        Length::Hours(_) | Length::Through { .. } => return Err(out_of_range()),
    };
    let natural = natural.map_err(|_| out_of_range())?;
    because.push(Step::new(format!("{length}，自次日起算"), cite));
    let (_, provisional) = calendar.count(from, natural).map_err(|e| one(refused(e)))?;
    let before = natural.yesterday().map_err(|_| out_of_range())?;
    let (on, also) = calendar.add(before, 1).map_err(|e| one(refused(e)))?;
    if on != natural {
        let text = format!("{}为休息日，顺延至{}", day(natural), day(on));
        because.push(Step::new(text, "行政复议法第八十八条、民事诉讼法第八十五条"));
    }
    Ok(Due { on, provisional: provisional || also, because })
}

/// Last day to tell the applicant what to correct (art. 30), from the day of receipt.
///
/// # Errors
/// As for [`term_due`].
pub fn correction_notice_due(received: Date, calendar: &Calendar) -> Result<Due, Vec<Refusal>> {
    term_due("correction-notice", received, calendar)
}

/// Last day for the third party's opinion (art. 32), from the day it received the consultation. Silence leaves the
/// decision to the agency.
///
/// # Errors
/// As for [`term_due`].
pub fn third_party_due(delivered: Date, calendar: &Calendar) -> Result<Due, Vec<Refusal>> {
    term_due("third-party", delivered, calendar)
}

/// Last day for the opinion of an agency that made the information jointly (art. 34), from the day it received the
/// consultation. Silence is consent.
///
/// # Errors
/// As for [`term_due`].
pub fn joint_agency_due(delivered: Date, calendar: &Calendar) -> Result<Due, Vec<Refusal>> {
    term_due("joint-agency", delivered, calendar)
}

/// Last day to pay the fee, from the day the notice was received.
///
/// # Errors
/// As for [`term_due`].
pub fn fee_payment_due(noticed: Date, calendar: &Calendar) -> Result<Due, Vec<Refusal>> {
    term_due("fee-payment", noticed, calendar)
}

#[cfg(test)]
mod tests;
