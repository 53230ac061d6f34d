//! The first admin, who is made with a token that only the terminal shows.

use secrecy::{ExposeSecret, SecretString};

use super::{Origin, Proved, SignIns};
use crate::access::token as tokens;
use crate::model::{AuditKind, Domains, Grant, Role, StaffId, StaffName};
use crate::services::staff::StaffProblem;
use crate::services::staff::names::must_be_free;
use crate::store;

/// Why no first admin was made.
#[derive(Debug, thiserror::Error)]
pub enum NotSetUp {
    /// The token is wrong or was used.
    #[error("wrong token")]
    WrongToken,
    #[error(transparent)]
    Staff(#[from] StaffProblem),
    #[error("the store failed")]
    Store(#[from] store::Error),
}

impl SignIns {
    /// Where nobody is on the staff yet and could sign in, makes the token with which the first admin is made, in place of an older one.
    pub async fn open_setup(&self) -> Result<Option<SecretString>, store::Error> {
        if !self.are_local() || self.store.read().await?.count_staff().await? > 0 {
            return Ok(None);
        }
        let token = tokens::new::<24>(&self.entropy);
        let mut tx = self.store.write().await?;
        tx.put_setup_token(&tokens::hash(token.as_bytes())).await?;
        tx.commit().await?;
        Ok(Some(token.into()))
    }

    /// Whether the first admin can be made now.
    pub async fn setup_is_open(&self) -> Result<bool, store::Error> {
        if !self.are_local() {
            return Ok(false);
        }
        let mut reading = self.store.read().await?;
        Ok(reading.setup_is_open().await? && reading.count_staff().await? == 0)
    }

    /// Makes the first admin with the token of [`SignIns::open_setup`], which is then used up.
    ///
    /// # Errors
    /// [`NotSetUp`]; the token stays good unless it was used.
    pub async fn set_up(
        &self,
        token: &SecretString,
        name: &StaffName,
        password: SecretString,
        from: &Origin,
    ) -> Result<Proved, NotSetUp> {
        // Hashing is dear, and this page takes it from anybody: not without the token.
        let token = tokens::hash(token.expose_secret().as_bytes());
        if !self.setup_is_open().await? || !self.store.read().await?.is_setup_token(&token).await? {
            return Err(NotSetUp::WrongToken);
        }
        let (id, now) = (StaffId(self.entropy.id(&self.clock)), self.clock.now());
        must_be_free(name)?;
        let hashed = self.staff.hash(password, &[name.as_str()], &id).await?;
        let mut tx = self.store.write().await?;
        if !tx.use_setup_token(&token).await? || tx.count_staff().await? > 0 {
            return Err(NotSetUp::WrongToken);
        }
        tx.add_staff(&id, name, Some(&hashed), now).await?;
        tx.add_grant(&id, &Grant { role: Role::Admin, domains: Domains::All }).await?;
        tx.record(&from.event(AuditKind::SetUp, now).by(id.clone(), name)).await?;
        tx.commit().await?;
        let signed_in = Box::new(from.event(AuditKind::SignedIn, now).by(id.clone(), name));
        Ok(Proved { staff: id, generation: 0, signed_in })
    }
}
