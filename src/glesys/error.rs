//! What went wrong outside: at building a client, or in a call to GleSYS.
//!
//! Services match on [`Error`]; the ledger records its [`Error::state`] and [`Error::reason`]. No error holds a
//! password, a key, an argument or a body.

use crate::model::OperationState;

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
        function: &'static str,
        /// The libraries' words, for the log.
        cause: String,
    },
    /// GleSYS failed several times in a row and is left alone: it was not called.
    #[error("{function}: not called: GleSYS does not answer")]
    Away { function: &'static str },
    /// Too many changes run at once: it was not called.
    #[error("{function}: not called: too many calls are running")]
    Busy { function: &'static str },
    /// The domain is in none of the projects: no one was called.
    #[error("{function}: not called: no project has the domain")]
    NoProject { function: &'static str },
    /// The domain is in two projects: neither was called.
    #[error("{function}: not called: two projects have the domain")]
    Contested { function: &'static str },
    /// An HTTP status 4xx (but 408) came back: GleSYS, or something before it, did not do it.
    #[error("{function}: refused as {} (HTTP {http}, code {code:?}): {text}", why.reason())]
    Refused {
        function: &'static str,
        /// The HTTP status.
        http: u16,
        /// `status.code` of the envelope, where there was one.
        code: Option<i64>,
        why: Refusal,
        /// `status.text` of the envelope, cleaned, shortened, without addresses; for the log only.
        text: String,
    },
    /// The request may have arrived, and no usable answer says what became of it.
    #[error("{function}: no usable answer: {} (HTTP {http:?}, code {code:?})", why.reason())]
    Unknown {
        function: &'static str,
        /// The HTTP status, where the head of an answer came.
        http: Option<u16>,
        /// `status.code` of the envelope, where there was one.
        code: Option<i64>,
        why: Unanswered,
    },
}

/// Why GleSYS refused, as far as status and text tell. Sources name few of its texts, so any of these may be rougher
/// than the truth; that it *was* refused never depends on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 401 without a clearer word. GleSYS's bare "Access Denied" may also mean a key that allows too little.
    WrongKey,
    /// The key does not allow this function.
    NoPermission,
    /// The key does not allow the network address that we call from.
    IpNotAllowed,
    /// GleSYS does not know the address or domain.
    UnknownAddress,
    /// The address is taken already.
    Exists,
    /// The project has as many as it may have.
    LimitReached,
    /// GleSYS did not like the quota.
    Quota,
    /// GleSYS did not like the arguments.
    Invalid,
    /// Something is locked for the moment.
    Locked,
    /// Too many calls.
    TooManyCalls,
    /// The answer is not GleSYS's: a wrong URL, a proxy or a firewall.
    NotTheApi,
    /// Refused in any other way.
    Other,
}

impl Refusal {
    /// A short stable code for audit and texts.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::NoPermission => "no_permission",
            Self::IpNotAllowed => "ip_not_allowed",
            Self::UnknownAddress => "not_found",
            Self::Exists => "exists",
            Self::LimitReached => "limit",
            Self::Quota => "quota",
            Self::Invalid => "invalid",
            Self::Locked => "locked",
            Self::TooManyCalls => "too_many_calls",
            Self::NotTheApi => "not_the_api",
            Self::Other => "refused",
        }
    }
}

/// Why nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// Our patience ended, or the other side's (408).
    Timeout,
    /// The connection broke before the answer was whole.
    ConnectionLost,
    /// A 3xx, which is never followed.
    Redirect,
    /// A 5xx in the HTTP status or in the envelope.
    ServerError,
    /// An answer that can't be read, contradicts itself or lacks what was asked for.
    Unusable,
    /// An answer over the cap.
    TooLarge,
}

impl Unanswered {
    /// A short stable code for audit and texts.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::ConnectionLost => "connection_lost",
            Self::Redirect => "redirect",
            Self::ServerError => "server_error",
            Self::Unusable => "unusable_answer",
            Self::TooLarge => "answer_too_large",
        }
    }
}

impl Error {
    /// Why, as a short stable code for audit and texts.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NotSent { .. } => "connect",
            Self::Away { .. } => "away",
            Self::Busy { .. } => "busy",
            Self::NoProject { .. } => "no_project",
            Self::Contested { .. } => "contested",
            Self::Refused { why, .. } => why.reason(),
            Self::Unknown { why, .. } => why.reason(),
        }
    }

    /// The function of the API that was called, such as `email/resetpassword`.
    pub const fn function(&self) -> &'static str {
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

    /// Where an operation stands after this error.
    pub const fn state(&self) -> OperationState {
        match self {
            Self::NotSent { .. }
            | Self::Away { .. }
            | Self::Busy { .. }
            | Self::NoProject { .. }
            | Self::Contested { .. } => OperationState::NotSent,
            Self::Refused { .. } => OperationState::Refused,
            Self::Unknown { .. } => OperationState::Unknown,
        }
    }

    /// Whether the call was not even tried, for a reason of our own.
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::Busy { .. } | Self::NoProject { .. } | Self::Contested { .. })
    }

    /// A 200 whose payload lacks what was asked for.
    pub(super) const fn unusable(function: &'static str) -> Self {
        Self::Unknown { function, http: Some(200), code: Some(200), why: Unanswered::Unusable }
    }
}
