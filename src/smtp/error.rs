//! What the mail server did that it should not have.

use std::error::Error as _;
use std::io;

use lettre::transport::smtp;

use super::stream::TOO_MUCH;
use crate::model::WhyUntold;

/// Why there can't be a client.
#[derive(Debug, thiserror::Error)]
#[error("the client for the mail server can't be made: {0}")]
pub struct BuildError(pub(super) String);

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    why: WhyUntold,
    /// The three digits of the server's answer.
    code: Option<String>,
    /// Whether the message was on its way when it failed, and the server did not say no to it.
    may_have_arrived: bool,
    /// What the library or the server says, for the terminal alone: it may hold addresses.
    detail: String,
}

/// What the server refuses for good, and what for now.
#[derive(Clone, Copy)]
pub(super) struct Refusal {
    pub for_good: WhyUntold,
    pub for_now: WhyUntold,
}

impl Error {
    pub(super) fn of(why: WhyUntold, detail: impl Into<String>) -> Self {
        Self { why, code: None, may_have_arrived: false, detail: detail.into() }
    }

    /// What an error of the library means where this can be refused.
    pub(super) fn read(error: &smtp::Error, refusal: Refusal) -> Self {
        let code = error.status().map(|code| code.to_string());
        let why = match &code {
            // The server ends the conversation, for whatever reason.
            Some(code) if code == "421" => WhyUntold::Away,
            Some(_) if error.is_permanent() => refusal.for_good,
            Some(_) => refusal.for_now,
            // Of the handshake, as of a certificate that can't be trusted.
            None if error.is_tls() || comes_of(error, io::ErrorKind::InvalidData) => WhyUntold::NoTls,
            None if comes_of(error, TOO_MUCH) => WhyUntold::NotSmtp,
            // An answer that is none; a connection that ends early says the same of itself.
            None if error.is_response() && !error.to_string().contains("incomplete") => WhyUntold::NotSmtp,
            None => WhyUntold::Away,
        };
        Self { why, code, may_have_arrived: false, detail: error.to_string() }
    }

    /// The same of a message that was on its way, or was not yet. What the server has answered, it has not taken.
    pub(super) fn underway(self, is_underway: bool) -> Self {
        Self { may_have_arrived: is_underway && self.code.is_none(), ..self }
    }

    /// Whether the server may have the message all the same.
    pub const fn may_have_arrived(&self) -> bool {
        self.may_have_arrived
    }

    pub const fn why(&self) -> WhyUntold {
        self.why
    }

    /// The three digits of the server's answer, for the log.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

fn comes_of(error: &smtp::Error, kind: io::ErrorKind) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == kind) {
            return true;
        }
        source = cause.source();
    }
    false
}
