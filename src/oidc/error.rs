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
        Self::of(text, 64, "")
    }

    /// What the provider calls itself, if it does.
    pub fn issuer(name: Option<&str>) -> Self {
        name.map_or_else(|| Self("nothing".to_owned()), |name| Self::of(name, 200, ":/{}~%"))
    }

    fn of(text: &str, longest: usize, besides: &str) -> Self {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') || besides.contains(c);
        let is_code = !text.is_empty() && text.len() <= longest && text.chars().all(fits);
        Self(if is_code { text.to_owned() } else { "not readable".to_owned() })
    }

    /// Whether it says that the provider can't just now.
    pub fn is_away(&self) -> bool {
        matches!(self.0.as_str(), "temporarily_unavailable" | "server_error")
    }

    /// Whether it says that the provider does not take the panel for whom it says it is.
    pub fn is_of_the_client(&self) -> bool {
        matches!(self.0.as_str(), "invalid_client" | "unauthorized_client")
    }

    /// Whether it is about the code alone, so that the provider has taken the panel for whom it says it is.
    pub fn is_of_the_code(&self) -> bool {
        self.0 == "invalid_grant"
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
    /// The same of a code that it never gave, which does not say whether it takes the secret.
    #[error(
        "whether the provider takes NYCKEL_OIDC_CLIENT_SECRET could not be tried: it answered with the error {0} to a code that \
         it never gave"
    )]
    NotTried(TheirCode),
    #[error("the provider answered with the HTTP status {0}, and nothing that can be read")]
    Status(u16),
    /// What it says of itself can't be used.
    #[error("what the provider says of itself can't be used")]
    BadDiscovery,
    #[error("the provider shows no key that its signatures could be checked with")]
    NoKeys,
    #[error("the provider calls itself {0}, which is not what NYCKEL_OIDC_ISSUER says, to the last slash")]
    WrongIssuer(TheirCode),
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
    pub fn is_away(&self) -> bool {
        match self {
            Self::Away | Self::Status(429) => true,
            Self::Refused(code) => code.is_away(),
            _ => false,
        }
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
            Self::Refused(_) | Self::NotTried(_) => "provider_refused",
            Self::Status(_) => "no_answer_but_status",
            Self::BadDiscovery | Self::NoKeys => "bad_discovery",
            Self::WrongIssuer(_) => "wrong_issuer",
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
        let tenant = "https://login.example.se/{tenantid}/v2.0";
        assert_eq!(TheirCode::issuer(Some(tenant)).to_string(), tenant);
        assert_eq!(TheirCode::issuer(Some("https://eva@example.se/\n")).to_string(), "not readable");
        assert_eq!(TheirCode::issuer(None).to_string(), "nothing");
    }
}
