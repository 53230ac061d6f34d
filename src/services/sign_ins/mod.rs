//! Signing in and out, and the first admin.

mod code;
mod known_devices;
mod links;
mod origin;
mod passkey;
mod password;
pub mod permits;
pub mod set_up;
pub mod single_sign_on;
mod step_up;

use aws_lc_rs::hmac;
use jiff::Timestamp;

pub use self::origin::Origin;
pub use self::single_sign_on::SingleSignOn;
use super::{Audit, Passkeys, SecondFactors, StaffBook};
use crate::access::Asker;
use crate::access::password::{Busy, Passwords};
use crate::access::throttle::Throttle;
use crate::model::{AuditEvent, AuditKind, Clock, Entropy, StaffId};
use crate::store::{self, Store};

/// Somebody who has just proved who they are.
#[derive(Debug)]
pub struct Proved {
    pub staff: StaffId,
    /// What their session is begun with, so that it isn't if their password or more was changed meanwhile.
    pub generation: i64,
    /// That they signed in: recorded with the session that begins, and only then.
    pub signed_in: Box<AuditEvent>,
}

/// What came of a right password.
#[derive(Debug)]
pub enum SignIn {
    /// That is all it takes.
    Whole(Proved),
    /// A code or a passkey is asked for besides; the token goes with it to [`SignIns::finish`].
    Halfway(String),
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// Name or password is wrong, or the person is disabled: the answer is the same for all three.
    #[error("wrong name or password")]
    Wrong,
    /// The code is wrong or was used before.
    #[error("wrong code")]
    WrongCode,
    /// What came from a passkey proves nothing; why is not told.
    #[error("wrong passkey")]
    WrongPasskey,
    /// The password was given too long ago to go on with the code.
    #[error("the first half is too old")]
    HalfTooOld,
    /// Passwords are switched off.
    #[error("signing in with a password is switched off")]
    LocalOff,
    #[error("too many tries")]
    TooMany { until: Timestamp },
    #[error("the store failed")]
    Store(#[from] store::Error),
    /// So many want a password checked that this one can't wait. It was neither counted nor looked at.
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("the password could not be checked")]
    Unchecked,
}

impl NotSignedIn {
    /// What the audit calls it.
    const fn kind(&self) -> AuditKind {
        if matches!(self, Self::TooMany { .. }) { AuditKind::SignInLimited } else { AuditKind::SignInFailed }
    }
}

/// Signing in and out. Cloned freely.
#[derive(Clone)]
pub struct SignIns {
    pub store: Store,
    pub throttle: Throttle,
    pub passwords: Passwords,
    pub staff: StaffBook,
    pub factors: SecondFactors,
    pub passkeys: Passkeys,
    /// Signs the first half of a sign-in that has two.
    pub key: hmac::Key,
    pub audit: Audit,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl SignIns {
    /// Whether people may sign in with a password of ours.
    pub const fn are_local(&self) -> bool {
        self.staff.local
    }

    /// Refuses a password, the code after it or a passkey, where those of the panel's own are switched off.
    pub(super) async fn must_be_local(&self, from: &Origin) -> Result<(), NotSignedIn> {
        if self.are_local() {
            return Ok(());
        }
        let event = from.event(AuditKind::SignInFailed, self.clock.now());
        let event = AuditEvent { outcome: Some("local_off".to_owned()), ..event };
        self.audit.record_or_log(&event).await;
        Err(NotSignedIn::LocalOff)
    }

    /// Ends the asker's session, whatever becomes of its cookie at the same time.
    ///
    /// # Errors
    /// [`store::Error`]: the session goes on.
    pub async fn sign_out(&self, asker: &Asker) -> Result<(), store::Error> {
        let Some(session) = asker.session_id() else { return Ok(()) };
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let ended = tx.end_session(session, now).await?;
        tx.commit().await?;
        if ended {
            // Anyone who wants to leave is let go, whatever can be recorded.
            self.audit.record_or_log(&asker.event(AuditKind::SignedOut, now)).await;
        }
        Ok(())
    }
}
