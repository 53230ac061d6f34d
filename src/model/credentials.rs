//! What somebody on the staff can sign in with, as they and the admins see it.

use jiff::Timestamp;

use super::OwnPasskey;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldCredentials {
    /// When the password was set, where there is one.
    pub password_set_at: Option<Timestamp>,
    pub app: Option<HeldApp>,
    pub passkeys: Vec<OwnPasskey>,
    pub codes: HeldCodes,
    pub single_sign_on: Option<HeldIdentity>,
}

/// An app that shows codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldApp {
    /// `None` where that was not noted yet.
    pub added_at: Option<Timestamp>,
    /// The half minute whose code was used last.
    pub used_at: Timestamp,
}

/// Recovery codes that have not been used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldCodes {
    pub left: i64,
    pub made_at: Option<Timestamp>,
}

/// Somebody at the company's provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldIdentity {
    pub issuer: String,
    /// `None` where that was not noted yet.
    pub added_at: Option<Timestamp>,
}

impl HeldCredentials {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether there is anything besides the password that a new password leaves as it is.
    pub fn has_factors(&self) -> bool {
        self.app.is_some() || !self.passkeys.is_empty()
    }
}

/// What was taken away from somebody besides recovery codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemovedFactors {
    /// What the passkeys were called.
    pub passkeys: Vec<String>,
    pub app: bool,
}

impl RemovedFactors {
    pub const fn is_empty(&self) -> bool {
        self.passkeys.is_empty() && !self.app
    }
}
