//! Invitations: a link with which a staff member sets their own password. It works once, for a day, and is shown to an
//! admin one time; only a hash of its token is kept.

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::{StaffBook, StaffProblem, must_be_ours};
use crate::access::{Can, ManageStaff, token as tokens};
use crate::model::clock::Ends;
use crate::model::{AuditKind, Fact, LinkKind, NewStaff, NoticeKind, Staff, StaffId, StaffName, StaffRecord};
use crate::services::sign_ins::Origin;
use crate::store::{self, Writing};

/// How long an invitation can be used.
pub const INVITED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// An invitation as the admin passes it on.
pub struct Invitation {
    pub staff: StaffId,
    pub name: StaffName,
    /// What the link ends in.
    pub token: String,
    pub expires_at: Timestamp,
}

impl StaffBook {
    /// Adds a staff member who will set their own password.
    ///
    /// # Errors
    /// [`StaffProblem`] says what is wrong; nothing was added.
    pub async fn invite_new(&self, can: &Can<ManageStaff>, new: &NewStaff) -> Result<Invitation, StaffProblem> {
        self.must_be_local()?;
        let mut tx = self.store.write().await?;
        let id = self.add_in(&mut tx, can, new, None).await?;
        let invitation = self.make(id, new.name.clone());
        tx.put_link(
            LinkKind::Invitation,
            &invitation.staff,
            &tokens::hash(invitation.token.as_bytes()),
            invitation.expires_at,
        )
        .await?;
        self.record(tx, can, AuditKind::StaffInvited, &new.name).await?;
        Ok(invitation)
    }

    /// Invites somebody who is on the staff already, because they forgot their password or the link. Until the link is
    /// used, what they know goes on working.
    pub async fn invite_again(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<Invitation, StaffProblem> {
        self.must_be_local()?;
        let (mut tx, record) = self.to_give(can, id).await?;
        must_be_ours(&record)?;
        if record.staff.disabled_at.is_some() {
            return Err(StaffProblem::DisabledAlready(record.staff.name));
        }
        let invitation = self.invite(&mut tx, can, id, record.staff.name).await?;
        tx.commit().await?;
        Ok(invitation)
    }

    /// Makes an invitation for somebody who is on the staff already.
    pub(in crate::services) async fn invite(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        id: &StaffId,
        name: StaffName,
    ) -> Result<Invitation, store::Error> {
        let invitation = self.make(id.clone(), name);
        tx.put_link(LinkKind::Invitation, id, &tokens::hash(invitation.token.as_bytes()), invitation.expires_at)
            .await?;
        self.tell(tx, can, id, NoticeKind::LinkMade).await?;
        let event = can.asker().event(AuditKind::StaffInvited, self.clock.now());
        tx.record(&event.with(Fact::Person, invitation.name.as_str())).await?;
        Ok(invitation)
    }

    /// Who is invited by a link, if it can be used. Looking changes nothing.
    pub async fn invited(&self, token: &SecretString) -> Result<Staff, StaffProblem> {
        self.must_be_local()?;
        let mut reading = self.store.read().await?;
        let hash = tokens::hash(token.expose_secret().as_bytes());
        let until = Ends::to_come(INVITED_FOR, self.clock.now());
        let id = reading.owner_of_link(LinkKind::Invitation, &hash, until).await?.ok_or(StaffProblem::NoInvitation)?;
        may_use(reading.staff_member(&id).await?)
    }

    /// Sets the password of whoever is invited by a link, which is then used up, and ends their sessions.
    ///
    /// # Errors
    /// [`StaffProblem`]; the link stays good unless it was used.
    pub async fn accept(
        &self,
        token: &SecretString,
        password: SecretString,
        from: &Origin,
    ) -> Result<StaffName, StaffProblem> {
        // Hashing is dear, and this page takes it from anybody: not without a link.
        let invited = self.invited(token).await?;
        let hashed = self.hash(password, &invited.names(), &invited.id).await?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let (hash, until) = (tokens::hash(token.expose_secret().as_bytes()), Ends::to_come(INVITED_FOR, now));
        let id = tx.owner_of_link(LinkKind::Invitation, &hash, until).await?.ok_or(StaffProblem::NoInvitation)?;
        let Staff { name, .. } = may_use(tx.staff_member(&id).await?)?;
        tx.remove_link(LinkKind::Invitation, &id).await?;
        tx.set_password_hash(&id, &hashed, now).await?;
        tx.end_sessions_of(&id, None, now).await?;
        tx.tell(&id, &from.notice(NoticeKind::PasswordSet, now)).await?;
        tx.record(&from.event(AuditKind::InvitationUsed, now).by(id, &name)).await?;
        tx.commit().await?;
        Ok(name)
    }

    /// An invitation ends in a password, which nobody could sign in with.
    fn must_be_local(&self) -> Result<(), StaffProblem> {
        if self.local { Ok(()) } else { Err(StaffProblem::LocalOff) }
    }

    fn make(&self, staff: StaffId, name: StaffName) -> Invitation {
        let token = tokens::new::<24>(&self.entropy);
        Invitation { staff, name, token, expires_at: self.clock.now() + INVITED_FOR }
    }
}

/// Whose invitation it is, if they may use it: nobody who is disabled may.
fn may_use(record: Option<StaffRecord>) -> Result<Staff, StaffProblem> {
    let staff = record.map(|record| record.staff).filter(|staff| staff.disabled_at.is_none());
    staff.ok_or(StaffProblem::NoInvitation)
}
