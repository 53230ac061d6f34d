//! Sign-in links: how an admin gets in when nobody can sign in otherwise. Only the command line makes them; one works
//! once, for a quarter of an hour, and only a hash of its token is kept. It stands for a password: whoever has a second
//! factor gives it besides.

use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};

use super::code::Half;
use super::{Origin, Proved, SignIn, SignIns};
use crate::access::{Can, ManageStaff, token as tokens};
use crate::model::clock::Ends;
use crate::model::{AuditKind, Fact, LinkKind, Means, NoticeKind, Staff, StaffId, StaffName};
use crate::services::StaffBook;
use crate::services::staff::{StaffProblem, is_admin};
use crate::store::{self, Writing};

/// How long a link can be used.
const LASTS: SignedDuration = SignedDuration::from_mins(15);

/// Whether a link lets them in: an admin of our own, whom no provider speaks for.
fn may_use(staff: &Staff) -> bool {
    staff.disabled_at.is_none() && !staff.single_sign_on && is_admin(&staff.grants)
}

impl StaffBook {
    /// Makes a link for an admin; what it ends in.
    pub async fn make_sign_in_link(&self, can: &Can<ManageStaff>, id: &StaffId) -> Result<String, StaffProblem> {
        let (mut tx, record) = self.to_change(can, id).await?;
        if !may_use(&record.staff) {
            return Err(StaffProblem::NoAdminHere(record.staff.name));
        }
        let token = self.put_link(&mut tx, can, id, &record.staff.name).await?;
        tx.commit().await?;
        Ok(token)
    }

    pub(in crate::services) async fn put_link(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        id: &StaffId,
        name: &StaffName,
    ) -> Result<String, store::Error> {
        let token = tokens::new::<24>(&self.entropy);
        tx.put_link(LinkKind::SignIn, id, &tokens::hash(token.as_bytes()), self.clock.now() + LASTS).await?;
        self.tell(tx, can, id, NoticeKind::SignInLinkMade).await?;
        let event = can.asker().event(AuditKind::SignInLinkMade, self.clock.now());
        tx.record(&event.with(Fact::Person, name.as_str())).await?;
        Ok(token)
    }
}

impl SignIns {
    /// Whom a link lets in. Looking changes nothing.
    pub async fn linked(&self, token: &SecretString) -> Result<Option<StaffName>, store::Error> {
        let hash = tokens::hash(token.expose_secret().as_bytes());
        Ok(self.of_link(&hash).await?.map(|(staff, _)| staff.name))
    }

    /// Signs in whoever has a link, and uses it up: at once where that is all it takes, else with the second factor, so
    /// that a mistyped code takes no other link. The caller gives the person a new session.
    pub async fn use_link(&self, token: &SecretString, from: &Origin) -> Result<Option<SignIn>, store::Error> {
        let hash = tokens::hash(token.expose_secret().as_bytes());
        let Some((staff, generation)) = self.of_link(&hash).await? else { return Ok(None) };
        if staff.second_factor {
            let (made_at, nonce) = (self.clock.now(), tokens::new::<12>(&self.entropy));
            let half = Half { staff: staff.id, generation, made_at, nonce, link: Some(hash) };
            return Ok(Some(SignIn::Halfway(self.halfway(&half))));
        }
        let let_in = self.take_link(&hash).await?.filter(|(now, _)| !now.second_factor);
        Ok(let_in.map(|(staff, generation)| {
            let event = from.event(AuditKind::SignedIn, self.clock.now()).by(staff.id.clone(), &staff.name);
            let signed_in = Box::new(event.with(Fact::Means, Means::SignInLink));
            SignIn::Whole(Proved { staff: staff.id, generation, signed_in })
        }))
    }

    /// Whether half a sign-in began with a link.
    pub fn is_half_of_link(&self, token: &str) -> bool {
        self.read_half(token, self.clock.now()).is_some_and(|half| half.link.is_some())
    }

    /// Whom the link of this hash lets in, with their generation.
    async fn of_link(&self, hash: &str) -> Result<Option<(Staff, i64)>, store::Error> {
        let mut reading = self.store.read().await?;
        let Some(id) = reading.owner_of_link(LinkKind::SignIn, hash, self.to_come()).await? else {
            return Ok(None);
        };
        let staff = reading.staff_member(&id).await?.map(|record| record.staff).filter(may_use);
        Ok(staff.zip(reading.generation(&id).await?))
    }

    /// When a link that can be used ends.
    fn to_come(&self) -> Ends {
        Ends::to_come(LASTS, self.clock.now())
    }

    /// Uses up the link of this hash; whom it lets in, if it still does.
    pub(super) async fn take_link(&self, hash: &str) -> Result<Option<(Staff, i64)>, store::Error> {
        let mut tx = self.store.write().await?;
        let Some(id) = tx.owner_of_link(LinkKind::SignIn, hash, self.to_come()).await? else {
            return Ok(None);
        };
        tx.remove_link(LinkKind::SignIn, &id).await?;
        let staff = tx.staff_member(&id).await?.map(|record| record.staff).filter(may_use);
        let taken = staff.zip(tx.generation(&id).await?);
        tx.commit().await?;
        Ok(taken)
    }
}
