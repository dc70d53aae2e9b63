//! 政策解读: the forms an interpretation has, and the plan (解读方案) that goes up for approval with the draft of what it
//! explains (国办发〔2016〕19号; 国办发〔2017〕47号).

use crate::calendar::Calendar;
use crate::{Due, Refusal, Step, clock};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// 解读形式
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// 文字解读
    Text,
    /// 图解
    Picture,
    /// 音频
    Audio,
    /// 视频
    Video,
    /// 动漫
    Animation,
    /// 新闻发布会
    PressConference,
    /// 在线访谈
    Interview,
    /// 专家解读
    Expert,
    /// 媒体解读
    Media,
    /// 简明问答
    Questions,
    /// 场景化解读
    Scenario,
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 11] = [
        Form::Text,
        Form::Picture,
        Form::Audio,
        Form::Video,
        Form::Animation,
        Form::PressConference,
        Form::Interview,
        Form::Expert,
        Form::Media,
        Form::Questions,
        Form::Scenario,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Form::Text => "text",
            Form::Picture => "picture",
            Form::Audio => "audio",
            Form::Video => "video",
            Form::Animation => "animation",
            Form::PressConference => "press-conference",
            Form::Interview => "interview",
            Form::Expert => "expert",
            Form::Media => "media",
            Form::Questions => "questions",
            Form::Scenario => "scenario",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Form::Text => "文字解读",
            Form::Picture => "图解",
            Form::Audio => "音频",
            Form::Video => "视频",
            Form::Animation => "动漫",
            Form::PressConference => "新闻发布会",
            Form::Interview => "在线访谈",
            Form::Expert => "专家解读",
            Form::Media => "媒体解读",
            Form::Questions => "简明问答",
            Form::Scenario => "场景化解读",
        }
    }

    /// The form with this key or label.
    pub fn parse(text: &str) -> Option<Form> {
        Self::ALL.into_iter().find(|f| f.key() == text || f.label() == text)
    }

    /// Whether it is read as words alone. The share of the others is a figure of its own; no instrument says where the
    /// line is, so articles by experts, of media and questions with answers are taken for words.
    pub fn is_text(self) -> bool {
        matches!(self, Form::Text | Form::Expert | Form::Media | Form::Questions)
    }
}

/// 解读时间: when the interpretation is to be public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// 与文件同日公开 (同步公开), what most local rules want.
    SameDay,
    /// 文件公开后规定的工作日内, the national term.
    WithinTerm,
}

impl Timing {
    /// Both of them, the stricter one first.
    pub const ALL: [Timing; 2] = [Timing::SameDay, Timing::WithinTerm];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Timing::SameDay => "same-day",
            Timing::WithinTerm => "within-term",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Timing::SameDay => "与文件同日公开",
            Timing::WithinTerm => "文件公开后3个工作日内公开",
        }
    }

    /// The time with this key.
    pub fn parse(key: &str) -> Option<Timing> {
        Self::ALL.into_iter().find(|t| t.key() == key)
    }
}

/// 解读方案
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// 解读提纲
    pub outline: String,
    /// 解读形式
    pub forms: BTreeSet<Form>,
    /// 解读途径: where it will be published.
    pub channels: String,
    /// 解读时间
    pub timing: Timing,
}

impl Plan {
    /// What is missing in it, all at once; empty if nothing is.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        let mut miss = |missing: bool, code: &str, text: &str| {
            if missing {
                no.push(Refusal::new(code, text, "国办发〔2016〕19号"));
            }
        };
        miss(self.outline.trim().is_empty(), "outline-missing", "请填写解读提纲");
        miss(self.forms.is_empty(), "forms-missing", "请选择解读形式");
        miss(self.channels.trim().is_empty(), "channels-missing", "请填写解读途径，例如：本机关网站");
        no
    }
}

/// The last day on which the interpretation of a document published on this day is in time; none before there was a term.
pub fn due(timing: Timing, published_on: Date, calendar: &Calendar) -> Option<Due> {
    match timing {
        Timing::WithinTerm => clock::term_due("interpretation", published_on, calendar).ok(),
        Timing::SameDay => {
            let because = vec![
                Step::new(format!("文件公开{published_on}"), ""),
                Step::new("解读方案定为与文件同日公开", "国办发〔2016〕19号"),
            ];
            Some(Due { on: published_on, provisional: false, because })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn it_is_due_on_the_day_or_three_working_days_later() {
        let calendar = Calendar::builtin();
        let on = |timing, published| due(timing, published, calendar).map(|d| d.on);
        assert_eq!(on(Timing::SameDay, date(2020, 9, 30)), Some(date(2020, 9, 30)));
        // 1 to 8 October 2020 are holidays; 10 October is a make-up workday.
        assert_eq!(on(Timing::WithinTerm, date(2020, 9, 29)), Some(date(2020, 10, 10)));
        assert_eq!(on(Timing::WithinTerm, date(2020, 9, 30)), Some(date(2020, 10, 12)));
        assert_eq!(on(Timing::WithinTerm, date(2020, 12, 30)), Some(date(2021, 1, 5)), "over the new year");
        assert_eq!(on(Timing::WithinTerm, date(2016, 4, 15)), None, "before the term there was none");
    }

    #[test]
    fn words_are_read_back() {
        for form in Form::ALL {
            assert_eq!((Form::parse(form.key()), Form::parse(form.label())), (Some(form), Some(form)));
            assert_eq!(serde_json::to_value(form).unwrap(), form.key());
        }
        for timing in Timing::ALL {
            assert_eq!(Timing::parse(timing.key()), Some(timing));
            assert_eq!(serde_json::to_value(timing).unwrap(), timing.key());
        }
    }

    #[test]
    fn the_four_elements_of_a_plan_are_asked_at_once() {
        let mut plan = Plan {
            outline: " ".into(),
            forms: BTreeSet::new(),
            channels: String::new(),
            timing: Timing::SameDay,
        };
        let codes: Vec<_> = plan.refusals().into_iter().map(|r| r.code).collect();
        assert_eq!(codes, ["outline-missing", "forms-missing", "channels-missing"]);
        plan.outline = "背景、依据、主要内容".into();
        plan.forms = [Form::Picture].into();
        plan.channels = "本机关网站".into();
        assert!(plan.refusals().is_empty());
    }
}
