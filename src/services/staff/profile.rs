//! What a staff member sees and changes of themselves: language, theme, password, sessions.

use secrecy::SecretString;

use super::{StaffBook, StaffProblem};
use crate::access::session::IDLE_LIMIT;
use crate::access::{Asker, Gone};
use crate::model::{Act, AuditKind, DisplayName, Fact, Language, LinkKind, NoticeKind, OpenSession, SessionId, Theme};
use crate::services::sign_ins::permits;
use crate::store;

impl StaffBook {
    /// Sets what the asker likes to see, and what others see them called.
    pub async fn set_preferences(
        &self,
        asker: &Asker,
        display_name: Option<&DisplayName>,
        language: Option<Language>,
        theme: Theme,
    ) -> Result<(), StaffProblem> {
        let mut tx = self.store.write().await?;
        let staff = asker.standing(&mut tx).await?.staff;
        tx.set_preferences(&staff.id, language, theme).await?;
        self.put_display_name(&mut tx, asker, &staff, display_name).await?;
        Ok(tx.commit().await?)
    }

    /// Sets the asker's own password and ends their other sessions. That they know the old one was checked before, and who
    /// they are for this.
    pub async fn set_own_password(&self, asker: &Asker, password: SecretString) -> Result<(), StaffProblem> {
        let hash = self.hash(password, &asker.staff.names(), &asker.staff.id).await?;
        let (id, now) = (&asker.staff.id, self.clock.now());
        let mut tx = self.store.write().await?;
        asker.standing(&mut tx).await?;
        if !permits::use_up(&mut tx, asker, Act::ChangePassword, now).await? {
            return Err(StaffProblem::NotProved);
        }
        tx.set_password_hash(id, &hash, now).await?;
        tx.remove_link(LinkKind::Invitation, id).await?;
        tx.end_sessions_of(id, asker.session_id(), now).await?;
        tx.tell(id, &asker.notice(NoticeKind::PasswordSet, id, now)).await?;
        let event = asker.event(AuditKind::PasswordSet, now);
        tx.record(&event.with(Fact::Person, asker.staff.name.as_str())).await?;
        Ok(tx.commit().await?)
    }

    /// The asker's own running sessions, the last used first.
    pub async fn own_sessions(&self, asker: &Asker) -> Result<Vec<OpenSession>, store::Error> {
        self.store.read().await?.sessions_of(&asker.staff.id, self.clock.now() - IDLE_LIMIT).await
    }

    /// Ends one of the asker's own sessions, or all but the one they ask from.
    pub async fn end_own_sessions(&self, asker: &Asker, which: Option<&SessionId>) -> Result<(), store::Error> {
        let (id, now) = (&asker.staff.id, self.clock.now());
        let mut tx = self.store.write().await?;
        match asker.standing(&mut tx).await {
            Err(Gone::Store(error)) => return Err(error),
            Err(Gone::SignedOut | Gone::Disabled) => return Ok(()),
            Ok(_) => {}
        }
        match which {
            Some(session) => {
                let own = tx.session(session).await?.is_some_and(|row| row.staff.id == *id);
                if !own || !tx.end_session(session, now).await? {
                    return Ok(());
                }
            }
            None => tx.end_sessions_of(id, asker.session_id(), now).await?,
        }
        let event = asker.event(AuditKind::SessionsEnded, now);
        tx.record(&event.with(Fact::Person, asker.staff.name.as_str())).await?;
        tx.commit().await
    }
}
