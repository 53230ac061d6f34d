//! Whether whoever asks still may, asked in the transaction that relies on it: a request may have been on its way for a
//! while, and a batch runs for longer.

use jiff::Timestamp;

use super::can::{Asker, Denied, holds};
use super::fresh::FreshProof;
use super::rights::RightName;
use crate::model::{DomainName, Staff};
use crate::store::{self, Writing};

/// How somebody stands who asks, as their session and their grants are now.
#[derive(Debug)]
pub struct Standing {
    pub staff: Staff,
    proved_at: Timestamp,
}

/// Why somebody may not ask any more.
#[derive(Debug, thiserror::Error)]
pub enum Gone {
    #[error("signed out")]
    SignedOut,
    /// They were disabled, which ended their sessions too.
    #[error("disabled")]
    Disabled,
    #[error("the store failed")]
    Store(#[from] store::Error),
}

impl Asker {
    /// How they stand now.
    ///
    /// # Errors
    /// [`Gone`].
    pub async fn standing(&self, tx: &mut Writing) -> Result<Standing, Gone> {
        if let Some(row) = tx.session(&self.session.id).await? {
            return Ok(Standing { staff: row.staff, proved_at: row.proved_at });
        }
        let known = tx.staff_member(&self.staff.id).await?;
        let is_disabled = known.is_some_and(|known| known.staff.disabled_at.is_some());
        Err(if is_disabled { Gone::Disabled } else { Gone::SignedOut })
    }
}

impl Standing {
    /// Whether they hold a right in a domain.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn may(&self, right: RightName, domain: &DomainName) -> Result<(), Denied> {
        if holds(&self.staff, right, domain) { Ok(()) } else { Err(Denied { right, domain: Some(domain.clone()) }) }
    }

    /// Whether their last proof of who they are is fresh enough.
    pub fn is_fresh(&self, fresh: FreshProof, now: Timestamp) -> bool {
        fresh.holds(self.proved_at, now)
    }
}
