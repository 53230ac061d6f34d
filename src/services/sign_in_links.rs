//! Sign-in links: how an admin gets in when nobody can sign in otherwise. Only the command line makes them; one works
//! once, for a quarter of an hour, and only a hash of its token is kept.

use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};

use super::sign_ins::{Origin, Proved};
use super::staff::{StaffProblem, is_admin};
use super::{SignIns, StaffBook};
use crate::access::{Can, ManageStaff, token as tokens};
use crate::model::clock::ends_to_come;
use crate::model::{AuditEvent, AuditKind, NoticeKind, Staff, StaffId, StaffName};
use crate::store::{self, Writing};

/// How long a link can be used.
const LASTS: SignedDuration = SignedDuration::from_mins(15);

/// Whether a link lets them in: an admin of our own, whom no provider speaks for.
fn may_use(staff: &Staff) -> bool {
    staff.disabled_at.is_none() && !staff.single_sign_on && is_admin(&staff.grants)
}

impl StaffBook {
    /// Makes a link for an admin; what it ends in.
    ///
    /// # Errors
    /// [`StaffProblem::NoAdminHere`], [`StaffProblem::NoSuchStaff`], [`StaffProblem::Store`].
    pub async fn make_sign_in_link(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<String, StaffProblem> {
        let (mut tx, record) = self.to_change(can, id).await?;
        if !may_use(&record.staff) {
            return Err(StaffProblem::NoAdminHere(record.staff.name));
        }
        let token = self.put_link(&mut tx, can, id, &record.staff.name).await?;
        tx.commit().await?;
        Ok(token)
    }

    pub(super) async fn put_link(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        id: &StaffId,
        name: &StaffName,
    ) -> Result<String, store::Error> {
        let token = tokens::new::<24>(&self.entropy);
        tx.put_sign_in_link(id, &tokens::hash(token.as_bytes()), self.clock.now() + LASTS).await?;
        self.tell(tx, can, id, NoticeKind::SignInLinkMade).await?;
        let event = can.asker().event(AuditKind::SignInLinkMade, self.clock.now());
        tx.record(&AuditEvent { detail: Some(name.to_string()), ..event }).await?;
        Ok(token)
    }
}

impl SignIns {
    /// Whom a link lets in. Looking changes nothing.
    ///
    /// # Errors
    /// [`store::Error`].
    pub async fn linked(&self, token: &SecretString) -> Result<Option<StaffName>, store::Error> {
        let mut reading = self.store.read().await?;
        let hash = tokens::hash(token.expose_secret().as_bytes());
        let Some(id) = reading.sign_in_link(&hash, ends_to_come(LASTS, self.clock.now())).await? else {
            return Ok(None);
        };
        let record = reading.staff_member(&id).await?;
        Ok(record.map(|record| record.staff).filter(may_use).map(|staff| staff.name))
    }

    /// Uses a link up. The caller gives the person a new session.
    ///
    /// # Errors
    /// [`store::Error`].
    pub async fn use_link(&self, token: &SecretString, from: &Origin) -> Result<Option<Proved>, store::Error> {
        // Whoever has no link must not queue for the one writer.
        if self.linked(token).await?.is_none() {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let Some(id) =
            tx.sign_in_link(&tokens::hash(token.expose_secret().as_bytes()), ends_to_come(LASTS, now)).await?
        else {
            return Ok(None);
        };
        tx.remove_sign_in_link(&id).await?;
        let staff = tx.staff_member(&id).await?.map(|record| record.staff).filter(may_use);
        let proved = match (staff, tx.generation(&id).await?) {
            (Some(staff), Some(generation)) => {
                let event = from.event(AuditKind::SignedIn, now).by(id.clone(), &staff.name);
                let signed_in = Box::new(AuditEvent { detail: Some("sign-in link".to_owned()), ..event });
                Some(Proved { staff: id, generation, signed_in })
            }
            _ => None,
        };
        tx.commit().await?;
        Ok(proved)
    }
}
