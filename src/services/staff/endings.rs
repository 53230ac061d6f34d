//! Ending what was begun in somebody's name: their sessions, and with them what they sign in with besides their password,
//! all of it or what came since a moment. So whoever got in and added something is out again with one step.

use jiff::Timestamp;

use super::{StaffBook, StaffProblem};
use crate::access::{Asker, Can, ManageStaff};
use crate::model::{
    Act, AuditEvent, AuditKind, Fact, Facts, HeldCredentials, LinkKind, RemovedFactors, StaffId, StaffName,
};
use crate::services::sign_ins::permits;
use crate::store::{self, Writing};

/// How much ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Sessions alone.
    Sessions,
    /// Besides, the app, passkeys and recovery codes that came since then.
    FactorsSince(Timestamp),
    /// Besides, all of them.
    AllFactors,
}

impl StaffBook {
    /// What a staff member can sign in with, and since when.
    pub async fn held(&self, _can: &Can<ManageStaff>, id: &StaffId) -> Result<HeldCredentials, StaffProblem> {
        Ok(self.store.read().await?.held_credentials(id).await?)
    }

    /// Ends all sessions of a staff member, and as much more as is said.
    pub async fn end_sessions(
        &self,
        can: &Can<ManageStaff>,
        id: &StaffId,
        ending: Ending,
    ) -> Result<RemovedFactors, StaffProblem> {
        let (mut tx, record) = match ending {
            Ending::Sessions => self.to_change(can, id).await?,
            // The password alone signs them in then.
            Ending::FactorsSince(_) | Ending::AllFactors => self.to_give(can, id).await?,
        };
        let (asker, name) = (can.asker(), &record.staff.name);
        tx.end_sessions_of(id, None, self.clock.now()).await?;
        let removed = self.end_factors_of(&mut tx, asker, id, name, ending).await?;
        if record.has_password {
            tx.remove_link(LinkKind::Invitation, id).await?;
        }
        self.record(tx, can, AuditKind::SessionsEnded, name).await?;
        Ok(removed)
    }

    /// Takes a staff member's second factors away, passkeys too, because they are lost, and ends their sessions.
    pub async fn reset_second_factor(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<(), StaffProblem> {
        let (mut tx, record) = self.to_give(can, id).await?;
        tx.end_sessions_of(id, None, self.clock.now()).await?;
        self.end_factors_of(&mut tx, can.asker(), id, &record.staff.name, Ending::AllFactors).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the asker's own sessions but the one they ask from, and as much more as is said, which takes a proof for it.
    pub async fn end_everything_own(&self, asker: &Asker, ending: Ending) -> Result<(), StaffProblem> {
        let (id, name, now) = (&asker.staff.id, &asker.staff.name, self.clock.now());
        let mut tx = self.store.write().await?;
        asker.standing(&mut tx).await?;
        if !permits::use_up(&mut tx, asker, Act::EndFactors, now).await? {
            return Err(StaffProblem::NotProved);
        }
        tx.end_sessions_of(id, asker.session_id(), now).await?;
        self.end_factors_of(&mut tx, asker, id, name, ending).await?;
        let event = asker.event(AuditKind::SessionsEnded, now);
        tx.record(&event.with(Fact::Person, name.as_str())).await?;
        Ok(tx.commit().await?)
    }

    /// Takes away what ends besides sessions, has its owner told, and records it.
    async fn end_factors_of(
        &self,
        tx: &mut Writing,
        asker: &Asker,
        owner: &StaffId,
        name: &StaffName,
        ending: Ending,
    ) -> Result<RemovedFactors, store::Error> {
        let since = match ending {
            Ending::Sessions => return Ok(RemovedFactors::default()),
            Ending::FactorsSince(moment) => Some(moment),
            Ending::AllFactors => None,
        };
        let removed = self.end_factors(tx, asker, owner, since).await?;
        if !removed.is_empty() {
            let facts = Facts::new()
                .with(Fact::Person, name.as_str())
                .with_some(Fact::Passkeys, Some(removed.passkeys.clone()).filter(|labels| !labels.is_empty()))
                .with_some(Fact::App, removed.app.then_some(true));
            let event = asker.event(AuditKind::SecondFactorRemoved, self.clock.now());
            tx.record(&AuditEvent { facts, ..event }).await?;
        }
        Ok(removed)
    }
}
