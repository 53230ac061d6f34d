//! Reading a password by link and code: the code is counted before it is tried, and the reading is durable before the
//! password leaves here.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Found, HandOvers, event};
use crate::access::envelope;
use crate::access::password::Lane;
use crate::model::network::neighbourhood;
use crate::model::owner_link::TRIES;
use crate::model::{AuditKind, ClosedEnvelope, Fact, LinkAndCode, LinkEnd, OneTimePassword, Operation, OwnerLink};
use crate::services::Failure;
use crate::services::operations::recorded::is_recorded_all_the_same;
use crate::services::sign_ins::Origin;
use crate::store;

/// What came of a code that somebody typed.
pub enum Tried {
    /// It is the one: here is the password that this operation made, for the only time.
    Password(Box<Operation>, OneTimePassword),
    /// It is not; so many tries are left, until then.
    Wrong { left: i64, until: Timestamp },
    /// It is not, and it was the last try.
    Void,
    /// The password was shown then, to somebody who was faster.
    Read(Timestamp),
    /// There is no such link, or it has ended in another way.
    Refused,
}

impl From<Found> for Tried {
    fn from(found: Found) -> Self {
        match found {
            Found::Read(at) => Self::Read(at),
            // Another try is the last one, and nobody knows yet how it goes.
            Found::Waiting(_) | Found::Refused => Self::Refused,
        }
    }
}

impl HandOvers {
    /// Tries a code on a link. Without room to try it, it is not counted.
    ///
    /// # Errors
    /// [`Failure::Busy`]; [`Failure::Stopping`]; [`Failure::Store`]: the password was not shown.
    pub async fn read(
        &self,
        link: Zeroizing<String>,
        code: Zeroizing<String>,
        from: &Origin,
    ) -> Result<Tried, Failure> {
        let place = self.passwords.place(Lane::Stranger(neighbourhood(from.client).to_string()));
        let place = place.map_err(|_| Failure::Busy)?;
        let (Found::Waiting(_), Some(known)) = self.find(&link).await? else {
            return self.refused(&link).await;
        };
        let Some((envelope, number)) = self.count(&known).await? else { return self.refused(&link).await };
        let both = LinkAndCode::new(link.clone(), code);
        let opened = envelope::open(envelope, both, known.operation.clone(), place).await;
        // The try is lost: whether it was the right one nobody knows.
        let opened = opened.map_err(|_| Failure::Stopping)?;
        let tried = match opened {
            Some(password) => self.claim(&known, password, from).await?,
            None => self.was_wrong(&known, number, from).await?,
        };
        match tried {
            Some(tried) => Ok(tried),
            None => self.refused(&link).await,
        }
    }

    async fn refused(&self, link: &str) -> Result<Tried, Failure> {
        Ok(self.find(link).await?.0.into())
    }

    async fn count(&self, link: &OwnerLink) -> Result<Option<(ClosedEnvelope, i64)>, store::Error> {
        let mut tx = self.store.write().await?;
        let counted = tx.count_code(&link.operation, self.clock.now()).await?;
        tx.commit().await?;
        Ok(counted)
    }

    /// Takes the one reading; nothing where the link has ended meanwhile, or the password is worth nothing any more.
    async fn claim(
        &self,
        link: &OwnerLink,
        password: OneTimePassword,
        from: &Origin,
    ) -> Result<Option<Tried>, store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if tx.is_link_overtaken(&link.operation).await? {
            return Ok(None);
        }
        let Some(operation) = tx.operation(&link.operation).await? else { return Ok(None) };
        if !tx.end_owner_link(&operation.id, LinkEnd::Read, now).await? {
            return Ok(None);
        }
        let read = event(&operation, AuditKind::HandOverRead, from, now);
        tx.record(&read).await?;
        match tx.commit().await {
            Err(error) if !is_recorded_all_the_same(&self.store, &read).await => Err(error),
            _ => Ok(Some(Tried::Password(operation.into(), password))),
        }
    }

    /// Records that a code was wrong; the last one ends the link. Nothing where another try ended it meanwhile.
    async fn was_wrong(&self, link: &OwnerLink, number: i64, from: &Origin) -> Result<Option<Tried>, store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let Some(operation) = tx.operation(&link.operation).await? else { return Ok(None) };
        let told = |operation: &Operation, kind| event(operation, kind, from, now).with(Fact::WrongCodes, number);
        tx.record(&told(&operation, AuditKind::HandOverWrongCode)).await?;
        let is_last = number >= TRIES;
        let ended = is_last && tx.end_owner_link(&operation.id, LinkEnd::WrongCodes, now).await?;
        if ended {
            tx.record(&told(&operation, AuditKind::HandOverVoid)).await?;
        }
        tx.commit().await?;
        Ok(if is_last {
            ended.then_some(Tried::Void)
        } else {
            Some(Tried::Wrong { left: TRIES - number, until: link.expires_at })
        })
    }
}
