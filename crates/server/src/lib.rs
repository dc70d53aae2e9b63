//! The doors of Gongkai: portal and desk (HTML), API (JSON), command line, and the binary. Only this crate knows HTTP,
//! the clock and the environment; it contains no rule.
//!
//! | door | module |
//! |---|---|
//! | command line | [`cli`] |
//! | portal and desk | [`web`] |
//! | API, `/api/v1` | [`api`] |
//! | sample county | [`demo`] |
//!
//! What the public site is called and looks like is data: [`site`].
//!
//! Every request becomes a [`Visit`], every failure one of the answers of [`error`].

pub mod api;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod error;
pub mod fetch;
pub mod inbox;
pub mod intake;
pub mod jobs;
pub mod kept;
pub mod mailer;
pub mod print;
pub mod push;
pub mod serve;
pub mod site;
pub mod ticket;
pub mod visit;
pub mod web;

pub use cli::main;
pub use clock::Clock;
pub use config::Settings;
pub use error::{ApiError, PageError};
pub use serve::{IMPORT_LIMIT, UPLOAD_LIMIT, router};
pub use visit::Visit;

use paper::Fonts;
use service::Service;
use std::sync::Arc;
use visit::Throttle;

/// What every handler has in its hands: the axum state. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// The verbs.
    pub service: Service,
    /// Fonts of this machine, read when the first PDF is set.
    pub fonts: Arc<Fonts>,
    /// Instants and seeds.
    pub clock: Clock,
    /// Settings in force.
    pub settings: Arc<Settings>,
    /// Rate limit of sign-in by address.
    pub throttle: Throttle,
    /// Rate limit of what the public sends, by address; apart, so that neither locks out the other.
    pub public_throttle: Throttle,
    /// Rate limit of looking for published items while a form is filled in, by address; apart, so that typing does not
    /// use up what is needed to submit.
    pub look_throttle: Throttle,
    /// Rate limit of forms with files, by address, asked before anything of one is read.
    pub upload_throttle: Throttle,
    /// Answers to the public that nothing has changed since.
    pub kept: kept::Kept,
}

impl App {
    /// An application that serves one region.
    pub fn new(service: Service, clock: Clock, settings: Settings) -> Self {
        let fonts = Arc::new(Fonts::system(settings.fonts.as_deref()));
        App {
            service: service.with_limits(settings.limits()),
            fonts,
            clock,
            settings: Arc::new(settings),
            throttle: Throttle::default(),
            public_throttle: Throttle::default(),
            look_throttle: Throttle::default(),
            upload_throttle: Throttle::default(),
            kept: kept::Kept::default(),
        }
    }
}
