//! What went wrong outside: at building a client, or in a call to GleSYS.
//!
//! Services match on [`Error`]; the ledger records its [`Error::why`]. No error holds a
//! password, a key, an argument or a body.

use crate::model::{Function, WhyNot, WhyNotSent, WhyRefused, WhyUnknown};

/// Why no client could be built. Each sentence says what to do and is fit to be shown at start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    #[error("the GleSYS address must begin with https:// (plain http:// only to this machine itself)")]
    NotHttps,
    #[error("the GleSYS address must be a plain address: no user name, password, ? or # in it")]
    NotPlain,
    #[error("the GleSYS project must be a name such as cl12345")]
    Project,
    #[error("the GleSYS API key must not be empty and must not hold control characters")]
    ApiKey,
    /// Holds the library's own words.
    #[error(
        "no HTTPS client can be made ({0}): it needs CA certificates; install the package ca-certificates, \
         copy them into the image, or name their file in SSL_CERT_FILE"
    )]
    Client(String),
}

/// How a call failed. For a change at GleSYS the three variants are the three worlds: nothing was sent, GleSYS said no,
/// or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No connection came about, so GleSYS never saw the request: name look-up, TCP or TLS failed.
    #[error("{function}: no connection: {cause}")]
    NotSent {
        function: &'static Function,
        /// The libraries' words, for the log.
        cause: String,
    },
    /// GleSYS failed several times in a row and is left alone: it was not called.
    #[error("{function}: not called: GleSYS does not answer")]
    Away { function: &'static Function },
    /// Too many changes run at once: it was not called.
    #[error("{function}: not called: too many calls are running")]
    Busy { function: &'static Function },
    /// The domain is in none of the projects: no one was called.
    #[error("{function}: not called: no project has the domain")]
    NoProject { function: &'static Function },
    /// The domain is in two projects: neither was called.
    #[error("{function}: not called: two projects have the domain")]
    Contested { function: &'static Function },
    /// An HTTP status 4xx (but 408) came back: GleSYS, or something before it, did not do it.
    #[error("{function}: refused as {} (HTTP {http}, code {code:?}): {text}", why.name())]
    Refused {
        function: &'static Function,
        /// The HTTP status.
        http: u16,
        /// `status.code` of the envelope, where there was one.
        code: Option<i64>,
        why: WhyRefused,
        /// `status.text` of the envelope, cleaned, shortened, without addresses; for the log only.
        text: String,
    },
    /// The request may have arrived, and no usable answer says what became of it.
    #[error("{function}: no usable answer: {} (HTTP {http:?}, code {code:?})", why.name())]
    Unknown {
        function: &'static Function,
        /// The HTTP status, where the head of an answer came.
        http: Option<u16>,
        /// `status.code` of the envelope, where there was one.
        code: Option<i64>,
        why: WhyUnknown,
    },
}

impl Error {
    /// Why GleSYS is not known to have done it: which of the three worlds, and the reason.
    pub const fn why(&self) -> WhyNot {
        match self {
            Self::NotSent { .. } => WhyNot::NotSent(WhyNotSent::NoConnection),
            Self::Away { .. } => WhyNot::NotSent(WhyNotSent::Away),
            Self::Busy { .. } => WhyNot::NotSent(WhyNotSent::Busy),
            Self::NoProject { .. } => WhyNot::NotSent(WhyNotSent::NoProject),
            Self::Contested { .. } => WhyNot::NotSent(WhyNotSent::Contested),
            Self::Refused { why, .. } => WhyNot::Refused(*why),
            Self::Unknown { why, .. } => WhyNot::Unknown(*why),
        }
    }

    /// The function of the API that was called, such as `email/resetpassword`.
    pub const fn function(&self) -> &'static Function {
        match self {
            Self::NotSent { function, .. }
            | Self::Away { function }
            | Self::Busy { function }
            | Self::NoProject { function }
            | Self::Contested { function }
            | Self::Refused { function, .. }
            | Self::Unknown { function, .. } => function,
        }
    }

    /// Whether the call was not even tried, for a reason of our own.
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::Busy { .. } | Self::NoProject { .. } | Self::Contested { .. })
    }

    /// A 200 whose payload lacks what was asked for.
    pub(super) const fn unusable(function: &'static Function) -> Self {
        Self::Unknown { function, http: Some(200), code: Some(200), why: WhyUnknown::Unusable }
    }
}
