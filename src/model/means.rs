//! What somebody signs in with, or proves anew who they are by.

use super::facts::Value;

/// One of the ways; some are used together, as a code behind a sign-in link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    SignInLink,
    /// A code of an app.
    Code,
    RecoveryCode,
    Passkey,
    SingleSignOn,
}

impl Means {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SignInLink, Self::Code, Self::RecoveryCode, Self::Passkey, Self::SingleSignOn];

    /// The code that the audit keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignInLink => "sign_in_link",
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::SingleSignOn => "single_sign_on",
        }
    }

    /// The one of that code.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|means| means.code() == code)
    }
}

impl From<Means> for Value {
    fn from(means: Means) -> Self {
        [means].as_slice().into()
    }
}

impl From<&[Means]> for Value {
    fn from(all: &[Means]) -> Self {
        Self::List(all.iter().map(|means| means.code().to_owned()).collect())
    }
}
