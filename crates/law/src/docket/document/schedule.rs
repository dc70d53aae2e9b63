//! 定时公开: the minute at which a document becomes public, set beforehand by who publishes it.
//!
//! It puts nothing off: information is public within 20 working days of being formed or changed (条例第二十六条), so the
//! last day of that term is the last day that can be set, and what is late already is published at once. Whether the
//! document may be public at all is judged when it is set and again at that minute.

use super::{Category, Standing};
use crate::calendar::Calendar;
use crate::{Due, Refusal, clock};
use jiff::civil::{Date, DateTime};

impl Standing {
    /// The last day that can be set on this day, with its reasons; none where the term did not exist yet.
    ///
    /// What has been public since it became 主动公开 has met the term. No text gives a new one for publishing it again, so
    /// the same number of days runs from the day on which it is set.
    pub fn schedule_due(&self, on: Date, calendar: &Calendar) -> Option<Due> {
        let met = self.disclosed_on.is_some_and(|first| first >= self.attribute_since);
        let from = if met { on } else { self.attribute_since };
        clock::term_due("publication", from, calendar).ok()
    }

    /// Why it may not wait until this minute, reckoned on this day; none if it may.
    pub fn schedule_too_late(&self, at: DateTime, on: Date, calendar: &Calendar) -> Option<Refusal> {
        let last = self.schedule_due(on, calendar)?.on;
        let (code, text) = if last < on {
            ("term-over", format!("公开期限{last}已过，不能再定时公开，请立即公开"))
        } else if at.date() > last {
            ("after-term", format!("公开期限为{last}，定时公开不得晚于该日，请选择该日或者更早的时间"))
        } else {
            return None;
        };
        Some(Refusal::new(code, text, "条例第二十六条"))
    }

    pub(super) fn may_schedule(&self, at: DateTime, on: Date, no: &mut Vec<Refusal>) {
        self.may_disclose(on, no);
        if self.category == Category::Consultation {
            let text = "征求意见稿随征集一并发布，请在“意见征集”中发布";
            no.push(Refusal::new("opens-with-consultation", text, ""));
        }
        if at.date() < on {
            let text = format!("定时公开的日期{}早于今天，请选择以后的时间", at.date());
            no.push(Refusal::new("schedule-past", text, ""));
        }
        if at.with().second(0).subsec_nanosecond(0).build().ok() != Some(at) {
            no.push(Refusal::new("schedule-minute", "定时公开的时间精确到分，请不要填写秒", ""));
        }
        if self.scheduled == Some(at) {
            no.push(Refusal::new("unchanged", "定时公开的时间没有变化", ""));
        }
    }

    pub(super) fn may_cancel_schedule(&self, no: &mut Vec<Refusal>) {
        if self.scheduled.is_none() && self.missed.is_none() {
            no.push(Refusal::new("not-scheduled", "该公文没有安排定时公开", ""));
        }
    }

    pub(super) fn may_miss_schedule(&self, why: &str, on: Date, no: &mut Vec<Refusal>) {
        if self.scheduled.is_none_or(|at| on < at.date()) {
            no.push(Refusal::new("not-scheduled", "该公文还没有到定时公开的时间", ""));
        }
        if why.trim().is_empty() {
            no.push(Refusal::new("reason-missing", "请写明到时没有公开的原因", ""));
        }
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
