//! The hand-over by link and code: how the owner of a mailbox reads its new password, and how links end that nobody used.
//!
//! The owner is no staff member: what they hold is the right. Whoever looks learns nothing of a link but whether it waits
//! or was read; every other is refused alike.

pub mod endings;
mod read;
mod staff;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::{Failure, Ledger};
use crate::access::envelope;
use crate::access::password::{Lane, Passwords, Place};
use crate::model::network::neighbourhood;
use crate::model::{AuditEvent, AuditKind, Clock, LinkEnd, Operation, OwnerLink};
use crate::services::sign_ins::Origin;
use crate::store::{self, Reading, Store};
pub use read::Tried;

/// How many links are looked up at a time, so that connections to the database are left for staff whoever comes with links.
pub const LOOKS_AT_ONCE: usize = 2;

/// Hand-overs. Cloned freely.
#[derive(Clone)]
pub struct HandOvers {
    pub store: Store,
    pub ledger: Ledger,
    /// Where codes are stretched.
    pub passwords: Passwords,
    /// The turns to look a link up.
    pub looks: Arc<Semaphore>,
    pub clock: Clock,
}

/// What there is to say to somebody who comes with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It waits for its code, until then.
    Waiting(Timestamp),
    /// The password was shown then.
    Read(Timestamp),
    /// There is none, or it has ended in another way.
    Refused,
}

impl HandOvers {
    /// How a link stands. It changes nothing but that the first look is noted: previews and scanners look, too.
    ///
    /// # Errors
    /// [`Failure::Busy`]; [`Failure::Store`].
    pub async fn look(&self, link: &str, from: &Origin) -> Result<Found, Failure> {
        let _place = self.place(from)?;
        let (found, link) = self.find(link).await?;
        if let Some(link) = link.filter(|link| link.opened_at.is_none())
            && matches!(found, Found::Waiting(_))
            && let Err(error) = self.note_opened(&link, from).await
        {
            tracing::warn!(operation = link.operation.as_str(), %error, "that a link was opened could not be noted");
        }
        Ok(found)
    }

    /// A place among those who come with links, of which one network has only so many: anybody can ask for any link.
    fn place(&self, from: &Origin) -> Result<Place, Failure> {
        let place = self.passwords.place(Lane::Owner(neighbourhood(from.client).to_string()));
        place.map_err(|_| Failure::Busy)
    }

    async fn find(&self, link: &str) -> Result<(Found, Option<OwnerLink>), Failure> {
        let _turn = self.looks.acquire().await.map_err(|_| Failure::Stopping)?;
        let mut reading = self.store.read().await?;
        let Some(link) = reading.owner_link_of_hash(&envelope::hash(link)).await? else {
            return Ok((Found::Refused, None));
        };
        Ok((self.judge(&mut reading, &link).await?, Some(link)))
    }

    async fn judge(&self, reading: &mut Reading, link: &OwnerLink) -> Result<Found, store::Error> {
        Ok(match link.ended {
            Some((LinkEnd::Read, at)) => Found::Read(at),
            None if link.waits(self.clock.now(), self.store.elapsed())
                && !reading.is_link_overtaken(&link.operation).await? =>
            {
                Found::Waiting(link.expires_at)
            }
            _ => Found::Refused,
        })
    }

    async fn note_opened(&self, link: &OwnerLink, from: &Origin) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if tx.note_link_opened(&link.operation, now).await?
            && let Some(operation) = tx.operation(&link.operation).await?
        {
            tx.record(&event(&operation, AuditKind::HandOverOpened, from, now)).await?;
        }
        tx.commit().await
    }
}

/// An event of somebody who comes with a link: it is not told under the name of who made it.
fn event(operation: &Operation, kind: AuditKind, from: &Origin, at: Timestamp) -> AuditEvent {
    AuditEvent {
        address: Some(operation.address.clone()),
        operation: Some(operation.id.clone()),
        ..from.event(kind, at)
    }
}
