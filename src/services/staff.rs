//! Staff members: adding, listing, disabling, setting passwords.

use secrecy::SecretString;

use crate::access::password::{Passwords, Unfit};
use crate::access::{Can, ManageStaff};
use crate::model::{AuditEvent, AuditKind, Clock, Domains, Entropy, Grant, Staff, StaffId, StaffName};
use crate::store::{self, Store};

/// Why a change of the staff was not made.
#[derive(Debug, thiserror::Error)]
pub enum StaffProblem {
    #[error("somebody is called {0} already")]
    NameTaken(StaffName),
    #[error("nobody is called {0}")]
    Nobody(StaffName),
    #[error("{0} is disabled already")]
    DisabledAlready(StaffName),
    #[error("{} holds for all domains; leave the domains out", .0.role.name())]
    NeedsAllDomains(Grant),
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("the password could not be hashed")]
    NotHashed,
    #[error("the store failed: {0}")]
    Store(#[from] store::Error),
}

/// The staff. Cloned freely.
#[derive(Clone)]
pub struct StaffBook {
    pub store: Store,
    pub passwords: Passwords,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl StaffBook {
    /// Everybody, by name.
    ///
    /// # Errors
    /// [`StaffProblem::Store`].
    pub async fn list(&self, _can: &Can<ManageStaff>) -> Result<Vec<Staff>, StaffProblem> {
        Ok(self.store.read().await?.all_staff().await?)
    }

    /// Adds a staff member with their grants.
    ///
    /// # Errors
    /// [`StaffProblem`] says what is wrong; nothing was added.
    pub async fn add(
        &self,
        can: &Can<ManageStaff>,
        name: &StaffName,
        password: SecretString,
        grants: &[Grant],
    ) -> Result<StaffId, StaffProblem> {
        if let Some(grant) = grants.iter().find(|g| g.role.is_for_all_domains() && g.domains != Domains::All) {
            return Err(StaffProblem::NeedsAllDomains(grant.clone()));
        }
        let hash = self.hash(password).await?;
        let now = self.clock.now();
        let id = StaffId(self.entropy.id(&self.clock));
        let mut tx = self.store.write().await?;
        if !tx.add_staff(&id, name, &hash, now).await? {
            return Err(StaffProblem::NameTaken(name.clone()));
        }
        for grant in grants {
            tx.add_grant(&id, grant).await?;
        }
        let granted: Vec<String> = grants.iter().map(describe).collect();
        let detail = format!("{name}: {}", granted.join(", "));
        tx.record(&AuditEvent { detail: Some(detail), ..can.asker().event(AuditKind::StaffAdded, now) }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Disables a staff member and ends all their sessions at once.
    ///
    /// # Errors
    /// [`StaffProblem`].
    pub async fn disable(&self, can: &Can<ManageStaff>, name: &StaffName) -> Result<(), StaffProblem> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let id = tx.credentials(name).await?.ok_or_else(|| StaffProblem::Nobody(name.clone()))?.id;
        if !tx.disable_staff(&id, now).await? {
            return Err(StaffProblem::DisabledAlready(name.clone()));
        }
        tx.end_sessions_of(&id, None, now).await?;
        let event = can.asker().event(AuditKind::StaffDisabled, now);
        tx.record(&AuditEvent { detail: Some(name.to_string()), ..event }).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a staff member's password and ends all their sessions.
    ///
    /// # Errors
    /// [`StaffProblem`].
    pub async fn set_password(
        &self,
        can: &Can<ManageStaff>,
        name: &StaffName,
        password: SecretString,
    ) -> Result<(), StaffProblem> {
        let hash = self.hash(password).await?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let id = tx.credentials(name).await?.ok_or_else(|| StaffProblem::Nobody(name.clone()))?.id;
        tx.set_password_hash(&id, &hash).await?;
        tx.end_sessions_of(&id, None, now).await?;
        let event = can.asker().event(AuditKind::PasswordSet, now);
        tx.record(&AuditEvent { detail: Some(name.to_string()), ..event }).await?;
        Ok(tx.commit().await?)
    }

    /// The hash of a password that fits.
    ///
    /// # Errors
    /// [`StaffProblem::Unfit`], [`StaffProblem::NotHashed`].
    pub async fn hash(&self, password: SecretString) -> Result<String, StaffProblem> {
        Passwords::fits(&password)?;
        self.passwords.hash(password).await.map_err(|_| StaffProblem::NotHashed)
    }
}

/// A grant in a few words, for lists and for the audit.
pub fn describe(grant: &Grant) -> String {
    match &grant.domains {
        Domains::All => format!("{} everywhere", grant.role.name()),
        Domains::One(domain) => format!("{} in {domain}", grant.role.name()),
    }
}
