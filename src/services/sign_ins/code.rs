//! The second half of a sign-in: a code, for somebody whose password was right or who has a sign-in link. What the first
//! half proved is in a signed token that the page carries.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

use super::{NotSignedIn, Origin, Proved, SignIns};
use crate::access::throttle::ANYWHERE;
use crate::model::clock::age;
use crate::model::{AuditKind, Fact, Means, StaffId, StaffName};

/// How long after the password the code may come.
const FINISHED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// Somebody whose password was right, or who has a sign-in link, with the generation that they had then.
pub(super) struct Half {
    pub staff: StaffId,
    pub generation: i64,
    pub made_at: Timestamp,
    /// Tells it from others, so that it can be used up.
    pub nonce: String,
    /// The hash of the link, where it was not a password.
    pub link: Option<String>,
}

/// The same, and how their next try is counted.
pub(super) struct KnownHalf {
    pub half: Half,
    pub name: StaffName,
    pub place: String,
}

impl SignIns {
    /// Checks the code of somebody whose password was right. The caller gives the person a new session.
    pub async fn finish(&self, token: &str, code: &str, from: &Origin) -> Result<Proved, NotSignedIn> {
        let known = self.known_half(token, from).await?;
        // The half is good for one code: each guess takes the password again, which is counted, too.
        if !self.throttle.use_up(&known.half.nonce).await? {
            return Err(NotSignedIn::HalfTooOld);
        }
        let checked = self.check_code(&known.half.staff, code, &known.place, from).await;
        self.finished(known, checked, Means::Code, from).await
    }

    /// Whose password was right, if that still counts.
    pub(super) async fn known_half(&self, token: &str, from: &Origin) -> Result<KnownHalf, NotSignedIn> {
        let half = self.read_half(token, self.clock.now());
        if half.as_ref().is_none_or(|half| half.link.is_none()) {
            self.must_be_local(from).await?;
        }
        let half = half.ok_or(NotSignedIn::HalfTooOld)?;
        let mut reading = self.store.read().await?;
        let record = reading.staff_member(&half.staff).await?.ok_or(NotSignedIn::HalfTooOld)?;
        if record.staff.disabled_at.is_some() {
            return Err(NotSignedIn::HalfTooOld);
        }
        let name = record.staff.name;
        drop(reading);
        let known = self.throttle.known(Some(&name), from.device.as_ref()).await?;
        let place = known.map_or_else(|| ANYWHERE.to_owned(), |device| format!("with {}", device.0));
        Ok(KnownHalf { half, name, place })
    }

    /// Who began a sign-in whose half no longer counts, so that they need not type their name again.
    pub async fn name_of_half(&self, token: &str) -> Option<StaffName> {
        let half = self.read_half(token, self.clock.now())?;
        let record = self.store.read().await.ok()?.staff_member(&half.staff).await.ok()?;
        record.map(|record| record.staff.name)
    }

    /// What came of the second half of a sign-in; where it failed, that is recorded. `wanted` is what was asked for.
    pub(super) async fn finished(
        &self,
        KnownHalf { half, name, .. }: KnownHalf,
        checked: Result<Means, NotSignedIn>,
        wanted: Means,
        from: &Origin,
    ) -> Result<Proved, NotSignedIn> {
        let event = |kind, means: &[Means]| {
            from.event(kind, self.clock.now()).by(half.staff.clone(), &name).with(Fact::Means, means)
        };
        match checked {
            Ok(how) => {
                if let Some(hash) = &half.link
                    && self.take_link(hash).await?.is_none()
                {
                    return Err(NotSignedIn::HalfTooOld);
                }
                let means = if half.link.is_some() { &[Means::SignInLink, how][..] } else { &[how] };
                let signed_in = Box::new(event(AuditKind::SignedIn, means));
                Ok(Proved { staff: half.staff, generation: half.generation, signed_in })
            }
            Err(refused) => {
                self.audit.record_or_log(&event(refused.kind(), &[wanted])).await;
                Err(refused)
            }
        }
    }

    pub(super) async fn check_code(
        &self,
        staff: &StaffId,
        code: &str,
        place: &str,
        from: &Origin,
    ) -> Result<Means, NotSignedIn> {
        Ok(self.factors.check(staff, code, place, from).await?)
    }

    pub(super) fn halfway(&self, half: &Half) -> String {
        let Half { staff, generation, made_at, nonce, link } = half;
        let link = link.as_deref().unwrap_or_default();
        let claims = format!("{}.{generation}.{}.{nonce}.{link}", staff.0, made_at.as_millisecond());
        let tag = hmac::sign(&self.key, labelled(&claims).as_bytes());
        format!("{claims}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    pub(super) fn read_half(&self, token: &str, now: Timestamp) -> Option<Half> {
        let (claims, tag) = token.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&self.key, labelled(claims).as_bytes(), &tag).ok()?;
        let [staff, generation, millis, nonce, link] = claims.split('.').collect::<Vec<_>>().try_into().ok()?;
        let made_at = Timestamp::from_millisecond(millis.parse().ok()?).ok()?;
        let (staff, nonce) = (StaffId(staff.to_owned()), nonce.to_owned());
        let link = Some(link.to_owned()).filter(|link| !link.is_empty());
        let half = Half { staff, generation: generation.parse().ok()?, made_at, nonce, link };
        age(made_at, now).filter(|age| *age <= FINISHED_WITHIN).map(|_| half)
    }
}

fn labelled(claims: &str) -> String {
    format!("half a sign-in\n{claims}")
}
