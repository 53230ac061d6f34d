//! What the provider did that it should not have.

use std::fmt;

/// Why there can't be a client.
#[derive(Debug, thiserror::Error)]
#[error("the client for single sign-on can't be made: {0}")]
pub struct BuildError(String);

impl BuildError {
    pub const fn new(why: String) -> Self {
        Self(why)
    }
}

/// The provider's own code for why it said no, such as `invalid_grant`. It never holds more than a code can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TheirCode(String);

impl TheirCode {
    /// Takes what the provider sent, or says that it is no code.
    pub fn read(text: &str) -> Self {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_code = !text.is_empty() && text.len() <= 64 && text.chars().all(fits);
        Self(if is_code { text.to_owned() } else { "not readable".to_owned() })
    }
}

impl fmt::Display for TheirCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why the provider did not say who somebody is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the provider does not answer")]
    Away,
    /// It does not take the panel for whom it says it is.
    #[error(
        "the provider refuses NYCKEL_OIDC_CLIENT_ID with NYCKEL_OIDC_CLIENT_SECRET: the secret is wrong or has expired, or the \
         client is not known there"
    )]
    BadSecret,
    /// It takes the code, or the request, for wrong.
    #[error("the provider refused the code, with the error {0}")]
    Refused(TheirCode),
    /// What it says of itself can't be used.
    #[error("what the provider says of itself can't be used")]
    BadDiscovery,
    #[error("the provider calls itself something else than the configured issuer")]
    WrongIssuer,
    #[error("the answer is for another client")]
    WrongAudience,
    #[error("the answer belongs to another sign-in")]
    WrongNonce,
    #[error(
        "the answer had expired {by} s before it came: the clock here is ahead of the provider's, or the answer is old"
    )]
    Expired { by: i64 },
    #[error("the answer is from {by} s in the future: the clock here is behind the provider's")]
    NotYet { by: i64 },
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
    pub const fn is_away(&self) -> bool {
        matches!(self, Self::Away)
    }

    /// Whether the provider said no, rather than something that can't be believed.
    pub const fn is_a_no(&self) -> bool {
        matches!(self, Self::BadSecret | Self::Refused(_))
    }

    /// Whether it is about how the person signed in there.
    pub const fn is_too_weak(&self) -> bool {
        matches!(self, Self::TooWeak)
    }

    /// The code that the audit keeps.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Away => "provider_away",
            Self::BadSecret => "bad_client_secret",
            Self::Refused(_) => "provider_refused",
            Self::BadDiscovery => "bad_discovery",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::WrongNonce => "wrong_nonce",
            Self::Expired { .. } => "expired",
            Self::NotYet { .. } => "not_yet",
            Self::WrongSignature => "wrong_signature",
            Self::UnknownKey => "unknown_key",
            Self::BadSubject => "bad_subject",
            Self::TooWeak => "too_weak",
            Self::Unreadable => "unreadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_providers_is_a_code_and_nothing_else() {
        assert_eq!(TheirCode::read("invalid_grant").to_string(), "invalid_grant");
        for text in ["", "eva@example.se", "a b", "\u{1b}[31m", &"x".repeat(65)] {
            assert_eq!(TheirCode::read(text).to_string(), "not readable");
        }
    }
}
