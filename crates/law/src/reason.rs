//! Results that explain themselves: a date carries its steps, a refusal its article.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One step of a computation: a plain Chinese sentence and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The sentence, as shown to applicant and officer.
    pub text: String,
    /// Article, notice or standard, for example `条例第三十三条`.
    pub citation: String,
}

impl Step {
    /// A step with its citation.
    pub fn new(text: impl Into<String>, citation: impl Into<String>) -> Self {
        Step { text: text.into(), citation: citation.into() }
    }
}

/// A computed date that says how it was computed. A date is never bare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day in time.
    #[serde(rename = "due")]
    pub on: Date,
    /// True if a year without a published calendar was crossed: the date may still move.
    pub provisional: bool,
    /// How it was computed, in order.
    pub because: Vec<Step>,
}

/// Why something may not be done. All reasons are collected and returned together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable kebab-case code.
    pub code: String,
    /// One plain Chinese sentence that says what is wrong and what to do.
    pub text: String,
    /// Article, notice or standard; empty for a rule of the house.
    pub citation: String,
}

impl Refusal {
    /// A refusal with its reason and citation.
    pub fn new(code: &str, text: impl Into<String>, citation: impl Into<String>) -> Self {
        Refusal { code: code.into(), text: text.into(), citation: citation.into() }
    }
}
