//! What the provider did that it should not have.

/// Why there can't be a client.
#[derive(Debug, thiserror::Error)]
#[error("the client for single sign-on can't be made: {0}")]
pub struct BuildError(String);

impl BuildError {
    pub const fn new(why: String) -> Self {
        Self(why)
    }
}

/// Why the provider did not say who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the provider does not answer")]
    Away,
    /// It takes the code or our secret for wrong.
    #[error("the provider refused the code or the client")]
    Refused,
    /// What it says of itself can't be used.
    #[error("what the provider says of itself can't be used")]
    BadDiscovery,
    #[error("the provider calls itself something else than the configured issuer")]
    WrongIssuer,
    #[error("the answer is for somebody else")]
    WrongAudience,
    #[error("the answer belongs to another sign-in")]
    WrongNonce,
    #[error("the answer is too old or from the future")]
    Expired,
    #[error("the answer is not signed with a key of the provider's")]
    WrongSignature,
    #[error("the answer is signed with a key that the provider does not show")]
    UnknownKey,
    #[error("the answer names nobody, or in a way that can't be kept")]
    BadSubject,
    #[error("the sign-in there was not of the kind that NYCKEL_OIDC_ACR and NYCKEL_OIDC_AMR ask for")]
    TooWeak,
    #[error("the answer can't be read")]
    Unreadable,
}

impl Error {
    /// Whether trying again in a moment may help.
    pub const fn is_away(self) -> bool {
        matches!(self, Self::Away)
    }

    /// Whether it is about how the person signed in there.
    pub const fn is_too_weak(self) -> bool {
        matches!(self, Self::TooWeak)
    }

    /// The code that the audit keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Away => "provider_away",
            Self::Refused => "provider_refused",
            Self::BadDiscovery => "bad_discovery",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::WrongNonce => "wrong_nonce",
            Self::Expired => "expired",
            Self::WrongSignature => "wrong_signature",
            Self::UnknownKey => "unknown_key",
            Self::BadSubject => "bad_subject",
            Self::TooWeak => "too_weak",
            Self::Unreadable => "unreadable",
        }
    }
}
