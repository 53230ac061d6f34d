//! Staff members: listing, adding, granting, disabling; their passwords.

mod endings;
mod invitations;
pub(super) mod names;
pub(super) mod notices;
mod profile;

use secrecy::SecretString;

use super::sign_ins::permits;
use crate::access::fresh::FreshProof;
use crate::access::password::{Busy, NotHashed, Passwords, Unfit};
use crate::access::{Can, Gone, ManageStaff, RightName};
use crate::model::{
    Act, AuditKind, Clock, DisplayName, Domains, Entropy, Fact, Grant, LinkKind, NewStaff, NoticeKind, Role, StaffId,
    StaffName, StaffRecord,
};
use crate::store::{self, Store, Writing};

pub use endings::Ending;
pub use invitations::{INVITED_FOR, Invitation};

/// Why a change of the staff was not made.
#[derive(Debug, thiserror::Error)]
pub enum StaffProblem {
    #[error("somebody is called {0} already")]
    NameTaken(StaffName),
    /// Nobody is shown under a name that looks like somebody else's.
    #[error("somebody else is called {0}")]
    DisplayNameTaken(String),
    #[error("a word of a display name has letters of one script")]
    DisplayNameMixed,
    #[error("nobody is called {0}")]
    Nobody(StaffName),
    /// There is nobody with this id.
    #[error("no such staff member")]
    NoSuchStaff,
    #[error("{0} is disabled already")]
    DisabledAlready(StaffName),
    #[error("{} holds for all domains; leave the domains out", .0.role.name())]
    NeedsAllDomains(Grant),
    /// Nobody changes what they may do themselves.
    #[error("that is yourself")]
    Yourself,
    #[error("{0} is the last admin")]
    LastAdmin(StaffName),
    /// Somebody else changed the grants after they were read.
    #[error("the grants were changed meanwhile")]
    Overtaken,
    /// The asker must first prove anew who they are.
    #[error("the last proof of identity is too old")]
    ProofTooOld,
    /// The asker has not just proved who they are for this.
    #[error("not proved for this")]
    NotProved,
    /// The asker's session ended, or their rights did, while the form was on its way.
    #[error("signed out")]
    SignedOut,
    /// The person signs in at the company's provider, which also says what they may do.
    #[error("{0} signs in by single sign-on, which says what they may do")]
    SignsInElsewhere(StaffName),
    /// A link that lets in is for admins alone who are not disabled and don't sign in by single sign-on.
    #[error("{0} is no admin of the panel's own who could sign in")]
    NoAdminHere(StaffName),
    /// Passwords are switched off.
    #[error("signing in with a password is switched off")]
    LocalOff,
    /// The link was used, replaced, or is older than a day.
    #[error("the invitation can't be used")]
    NoInvitation,
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("the password could not be hashed")]
    NotHashed,
    #[error("nothing was changed")]
    Store(#[from] store::Error),
}

impl From<Gone> for StaffProblem {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::SignedOut | Gone::Disabled => Self::SignedOut,
            Gone::Store(error) => Self::Store(error),
        }
    }
}

/// The staff. Cloned freely.
#[derive(Clone)]
pub struct StaffBook {
    pub store: Store,
    pub passwords: Passwords,
    pub clock: Clock,
    pub entropy: Entropy,
    pub fresh: FreshProof,
    /// Whether people may sign in with a password of ours.
    pub local: bool,
}

impl StaffBook {
    /// Everybody, by name.
    pub async fn list(&self, _can: &Can<ManageStaff>) -> Result<Vec<StaffRecord>, StaffProblem> {
        Ok(self.store.read().await?.all_staff().await?)
    }

    /// One staff member.
    pub async fn member(&self, _can: &Can<ManageStaff>, id: &StaffId) -> Result<StaffRecord, StaffProblem> {
        self.store.read().await?.staff_member(id).await?.ok_or(StaffProblem::NoSuchStaff)
    }

    /// Whether the asker has just proved who they are to give somebody access; nothing is used up.
    pub async fn may_give(&self, can: &Can<ManageStaff>) -> Result<(), StaffProblem> {
        let holds = permits::has(&self.store, can.asker(), Act::ChangeStaff, self.clock.now()).await?;
        if holds { Ok(()) } else { Err(StaffProblem::NotProved) }
    }

    /// Adds a staff member with their grants and their password.
    ///
    /// # Errors
    /// [`StaffProblem`] says what is wrong; nothing was added.
    pub async fn add(
        &self,
        can: &Can<ManageStaff>,
        new: &NewStaff,
        password: SecretString,
    ) -> Result<StaffId, StaffProblem> {
        let names = [new.name.as_str(), new.display_name.as_ref().map_or("", DisplayName::as_str)];
        let hash = self.hash(password, &names, &can.asker().staff.id).await?;
        let mut tx = self.store.write().await?;
        let id = self.add_in(&mut tx, can, new, Some(&hash)).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn add_in(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        new: &NewStaff,
        hash: Option<&str>,
    ) -> Result<StaffId, StaffProblem> {
        self.must_stand(tx, can).await?;
        self.use_permit(tx, can).await?;
        must_fit(&new.grants)?;
        names::must_be_free(&new.name)?;
        let now = self.clock.now();
        let id = StaffId(self.entropy.id(&self.clock));
        if !tx.add_staff(&id, &new.name, hash, now).await? {
            return Err(StaffProblem::NameTaken(new.name.clone()));
        }
        for grant in &new.grants {
            tx.add_grant(&id, grant).await?;
        }
        let event = can.asker().event(AuditKind::StaffAdded, now);
        tx.record(&event.with(Fact::Person, new.name.as_str()).with(Fact::Grants, Grant::codes(&new.grants))).await?;
        let record = tx.staff_member(&id).await?.ok_or(StaffProblem::NoSuchStaff)?;
        self.put_display_name(tx, can.asker(), &record.staff, new.display_name.as_ref()).await?;
        Ok(id)
    }

    /// Gives a staff member these grants in place of all that they had, `was`, and ends their sessions, so that they go on
    /// with exactly the new ones.
    ///
    /// # Errors
    /// [`StaffProblem`] says why nothing was changed.
    pub async fn set_grants(
        &self,
        can: &Can<ManageStaff>,
        id: &StaffId,
        was: &[Grant],
        grants: &[Grant],
    ) -> Result<(), StaffProblem> {
        must_fit(grants)?;
        let (mut tx, record) = self.to_give(can, id).await?;
        must_be_ours(&record)?;
        let name = &record.staff.name;
        let had = &record.staff.grants;
        if !are_same(had, was) {
            return Err(StaffProblem::Overtaken);
        }
        let (was_admin, is_admin) = (is_admin(had), is_admin(grants));
        if was_admin && !is_admin && tx.other_admins(id).await? == 0 {
            return Err(StaffProblem::LastAdmin(name.clone()));
        }
        tx.remove_grants(id).await?;
        for grant in grants {
            tx.add_grant(id, grant).await?;
        }
        tx.end_sessions_of(id, None, self.clock.now()).await?;
        self.tell(&mut tx, can, id, NoticeKind::RolesChanged).await?;
        let event = can.asker().event(AuditKind::GrantsChanged, self.clock.now()).with(Fact::Person, name.as_str());
        tx.record(&event.with(Fact::GrantsBefore, Grant::codes(had)).with(Fact::Grants, Grant::codes(grants))).await?;
        Ok(tx.commit().await?)
    }

    /// Disables a staff member and ends all their sessions at once.
    pub async fn disable(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<(), StaffProblem> {
        let (mut tx, record) = self.to_change(can, id).await?;
        let name = record.staff.name;
        if is_admin(&record.staff.grants) && tx.other_admins(id).await? == 0 {
            return Err(StaffProblem::LastAdmin(name));
        }
        if !tx.disable_staff(id, self.clock.now()).await? {
            return Err(StaffProblem::DisabledAlready(name));
        }
        tx.remove_link(LinkKind::Invitation, id).await?;
        tx.end_sessions_of(id, None, self.clock.now()).await?;
        self.record(tx, can, AuditKind::StaffDisabled, &name).await
    }

    /// Lets a disabled staff member in again.
    pub async fn enable(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<(), StaffProblem> {
        let (mut tx, record) = self.to_give(can, id).await?;
        if !tx.enable_staff(id).await? {
            return Ok(());
        }
        self.tell(&mut tx, can, id, NoticeKind::LetInAgain).await?;
        self.record(tx, can, AuditKind::StaffEnabled, &record.staff.name).await
    }

    /// The id of the staff member of that name.
    pub async fn named(&self, _can: &Can<ManageStaff>, name: &StaffName) -> Result<StaffId, StaffProblem> {
        let found = self.store.read().await?.credentials(name).await?;
        Ok(found.ok_or_else(|| StaffProblem::Nobody(name.clone()))?.id)
    }

    /// Sets a staff member's password and ends all their sessions.
    pub async fn set_password(
        &self,
        can: &Can<ManageStaff>,
        id: &StaffId,
        password: SecretString,
    ) -> Result<(), StaffProblem> {
        let record = self.member(can, id).await?;
        let hash = self.hash(password, &record.staff.names(), &can.asker().staff.id).await?;
        let (mut tx, record) = self.to_change(can, id).await?;
        must_be_ours(&record)?;
        tx.set_password_hash(id, &hash, self.clock.now()).await?;
        tx.remove_link(LinkKind::Invitation, id).await?;
        tx.end_sessions_of(id, None, self.clock.now()).await?;
        self.tell(&mut tx, can, id, NoticeKind::PasswordSet).await?;
        self.record(tx, can, AuditKind::PasswordSet, &record.staff.name).await
    }

    /// The hash of a password that fits a person of these names. `who` waits in a line of their own.
    pub async fn hash(&self, password: SecretString, names: &[&str], who: &StaffId) -> Result<String, StaffProblem> {
        self.passwords.hash(password, names, &who.0).await.map_err(|why| match why {
            NotHashed::Unfit(unfit) => StaffProblem::Unfit(unfit),
            NotHashed::Busy(busy) => StaffProblem::Busy(busy),
            NotHashed::Failed(_) => StaffProblem::NotHashed,
        })
    }

    /// Begins a change of somebody else by an asker who has proved lately enough who they are.
    pub(super) async fn to_change(
        &self,
        can: &Can<ManageStaff>,
        id: &StaffId,
    ) -> Result<(Writing, StaffRecord), StaffProblem> {
        let (tx, record) = self.begin(can, id).await?;
        if can.asker().is_fresh(self.fresh, self.clock.now()) {
            Ok((tx, record))
        } else {
            Err(StaffProblem::ProofTooOld)
        }
    }

    async fn begin(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<(Writing, StaffRecord), StaffProblem> {
        if can.asker().staff.id == *id {
            return Err(StaffProblem::Yourself);
        }
        let mut tx = self.store.write().await?;
        self.must_stand(&mut tx, can).await?;
        let record = tx.staff_member(id).await?.ok_or(StaffProblem::NoSuchStaff)?;
        Ok((tx, record))
    }

    /// Begins a change that gives somebody else access, or leaves them with less to prove: a proof for it is used up.
    pub(super) async fn to_give(
        &self,
        can: &Can<ManageStaff>,
        id: &StaffId,
    ) -> Result<(Writing, StaffRecord), StaffProblem> {
        let (mut tx, record) = self.begin(can, id).await?;
        self.use_permit(&mut tx, can).await?;
        Ok((tx, record))
    }

    async fn use_permit(&self, tx: &mut Writing, can: &Can<ManageStaff>) -> Result<(), StaffProblem> {
        let permitted = permits::use_up(tx, can.asker(), Act::ChangeStaff, self.clock.now()).await?;
        if permitted { Ok(()) } else { Err(StaffProblem::NotProved) }
    }

    /// The form may have been on its way for a while: whether the asker may still do this.
    async fn must_stand(&self, tx: &mut Writing, can: &Can<ManageStaff>) -> Result<(), StaffProblem> {
        let standing = can.asker().standing(tx).await?;
        standing.may_everywhere(RightName::ManageStaff).map_err(|_| StaffProblem::SignedOut)
    }

    pub(super) async fn record(
        &self,
        mut tx: Writing,
        can: &Can<ManageStaff>,
        kind: AuditKind,
        person: &StaffName,
    ) -> Result<(), StaffProblem> {
        tx.record(&can.asker().event(kind, self.clock.now()).with(Fact::Person, person.as_str())).await?;
        Ok(tx.commit().await?)
    }
}

fn must_fit(grants: &[Grant]) -> Result<(), StaffProblem> {
    match grants.iter().find(|grant| grant.role.is_for_all_domains() && grant.domains != Domains::All) {
        Some(grant) => Err(StaffProblem::NeedsAllDomains(grant.clone())),
        None => Ok(()),
    }
}

/// What the provider says of a person is not changed here.
fn must_be_ours(record: &StaffRecord) -> Result<(), StaffProblem> {
    if record.staff.single_sign_on { Err(StaffProblem::SignsInElsewhere(record.staff.name.clone())) } else { Ok(()) }
}

/// Whether these grants make somebody an admin.
pub(in crate::services) fn is_admin(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.role == Role::Admin)
}

/// Whether somebody may do the same with both, however they are put together.
pub fn are_same(one: &[Grant], other: &[Grant]) -> bool {
    Grant::codes(one) == Grant::codes(other)
}

/// A grant in a few words, for the command line.
fn describe(grant: &Grant) -> String {
    match &grant.domains {
        Domains::All => format!("{} everywhere", grant.role.name()),
        Domains::One(domain) => format!("{} in {domain}", grant.role.name()),
    }
}

/// Grants in a few words, in one order however they came.
pub fn describe_all(grants: &[Grant]) -> String {
    let mut all: Vec<String> = grants.iter().map(describe).collect();
    all.sort();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}
