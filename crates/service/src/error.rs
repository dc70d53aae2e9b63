//! What can go wrong, named for what a person can do next. Every text is one clear Chinese sentence.

use law::Refusal;
use std::fmt;

/// Result of a verb.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a verb did nothing.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing; check the name.
    NotFound(String),
    /// Sign in first.
    SignIn,
    /// The account may not do this; ask the administrator.
    NotAllowed(String),
    /// The law or the house refuses; all reasons at once.
    Refused(Vec<Refusal>),
    /// Somebody else changed it meanwhile; look again and repeat.
    Conflict(String),
    /// The input cannot be used; it says what to enter.
    Invalid(String),
    /// The store could not do it.
    Store(store::Error),
    /// A defect of the program; details are in the log only.
    Internal(String),
}

impl Error {
    /// A single refusal.
    pub fn refused(code: &str, text: impl Into<String>, citation: &str) -> Self {
        Error::Refused(vec![Refusal::new(code, text, citation)])
    }

    /// Stable code for the API.
    pub fn code(&self) -> &'static str {
        match self {
            Error::NotFound(_) => "not-found",
            Error::SignIn => "sign-in",
            Error::NotAllowed(_) => "not-allowed",
            Error::Refused(_) => "refused",
            Error::Conflict(_) => "conflict",
            Error::Invalid(_) => "invalid",
            Error::Store(_) => "store",
            Error::Internal(_) => "internal",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound(text)
            | Error::NotAllowed(text)
            | Error::Conflict(text)
            | Error::Invalid(text) => f.write_str(text),
            Error::SignIn => f.write_str("请先登录，再进行此项操作"),
            Error::Refused(all) => {
                let texts: Vec<String> = all
                    .iter()
                    .map(|r| {
                        if r.citation.is_empty() {
                            r.text.clone()
                        } else {
                            format!("{}（{}）", r.text, r.citation)
                        }
                    })
                    .collect();
                f.write_str(&texts.join("；"))
            }
            Error::Store(e) => e.fmt(f),
            Error::Internal(_) => {
                f.write_str("程序内部出错，本次操作没有生效，请稍后再试；如反复出现，请联系系统管理员")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Two officers edited one thing, or a key was used twice: a conflict. Everything else stays with the store.
impl From<store::Error> for Error {
    fn from(e: store::Error) -> Self {
        match e {
            store::Error::Conflict { .. } => Error::Conflict(
                "这份案卷刚刚被其他人修改，您的修改没有保存；请刷新页面，核对最新内容后再操作".into(),
            ),
            other => Error::Store(other),
        }
    }
}

impl From<law::form::FormError> for Error {
    fn from(e: law::form::FormError) -> Self {
        match e {
            law::form::FormError::Unreadable(_) => Error::Internal(e.to_string()),
            _ => Error::NotFound(e.to_string()),
        }
    }
}
