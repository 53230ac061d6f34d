//! The first half of a sign-in, or all of it: a name and a password.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;

use super::code::Half;
use super::{NotSignedIn, Origin, Proved, SignIn, SignIns};
use crate::access::password::{Lane, Passwords};
use crate::access::token as tokens;
use crate::model::network::neighbourhood;
use crate::model::{Actor, AuditEvent, AuditKind, DeviceHash, Fact, StaffName};
use crate::store::{self, Credentials};

impl SignIns {
    /// Checks a name and a password. The caller gives the person a new session, if that is all it takes.
    pub async fn sign_in(&self, name: &str, password: SecretString, from: &Origin) -> Result<SignIn, NotSignedIn> {
        self.must_be_local(from).await?;
        let now = self.clock.now();
        // A name that nobody can have still costs a count and a hash, so that it answers like any other.
        let tried = StaffName::parse(name).ok();
        let known = self.throttle.known(tried.as_ref(), from.device.as_ref()).await?;
        let place = self.passwords.place(lane(known, from))?;
        if let Some(until) = self.throttle.count_sign_in(tried.as_ref(), from.client, known, now).await? {
            let mut event = from.event(AuditKind::SignInLimited, now);
            if self.audit.is_news(&event) {
                let exists = self.credentials(tried.as_ref()).await?.is_some();
                event = self.named(event, name, tried.filter(|_| exists));
            }
            self.audit.record_or_log(&event).await;
            return Err(NotSignedIn::TooMany { until });
        }
        let found = self.credentials(tried.as_ref()).await?;
        let tried = tried.filter(|_| found.is_some());
        let event = |kind, actor| AuditEvent { actor, ..self.named(from.event(kind, now), name, tried.clone()) };
        let found = found.filter(|found| !found.disabled);
        let two = found.as_ref().is_some_and(|found| found.second_factor);
        let (half, hash) = found.map_or((None, None), |found| {
            let nonce = tokens::new::<12>(&self.entropy);
            let half = Half { staff: found.id, generation: found.generation, made_at: now, nonce, link: None };
            (Some(half), found.password_hash)
        });
        let right = Passwords::is_right(place, password, hash).await.map_err(|_| NotSignedIn::Unchecked)?;
        let Some(half) = half.filter(|_| right) else {
            self.audit.record_or_log(&event(AuditKind::SignInFailed, None)).await;
            return Err(NotSignedIn::Wrong);
        };
        if two {
            self.audit.record_or_log(&event(AuditKind::PasswordRight, Some(Actor::Staff(half.staff.clone())))).await;
            return Ok(SignIn::Halfway(self.halfway(&half)));
        }
        let signed_in = Box::new(event(AuditKind::SignedIn, Some(Actor::Staff(half.staff.clone()))));
        Ok(SignIn::Whole(Proved { staff: half.staff, generation: half.generation, signed_in }))
    }

    async fn credentials(&self, name: Option<&StaffName>) -> Result<Option<Credentials>, store::Error> {
        match name {
            Some(name) => self.store.read().await?.credentials(name).await,
            None => Ok(None),
        }
    }

    /// The event with the name that was tried, if somebody has it. What nobody is called may be a password in the wrong
    /// field: only a digest is kept, by which the same text is known again.
    fn named(&self, event: AuditEvent, text: &str, name: Option<StaffName>) -> AuditEvent {
        let Some(name) = name else {
            let digest = hmac::sign(&self.key, format!("a name that nobody has\n{text}").as_bytes());
            let digest = URL_SAFE_NO_PAD.encode(digest.as_ref().get(..9).unwrap_or_default());
            return event.with(Fact::UnknownName, digest);
        };
        AuditEvent { staff_name: Some(name.to_string()), ..event }
    }
}

/// Where somebody waits for their password to be checked: by themselves with a device of theirs, else with their network.
fn lane(known: Option<&DeviceHash>, from: &Origin) -> Lane {
    known.map_or_else(|| Lane::Stranger(neighbourhood(from.client).to_string()), |device| Lane::Known(device.0.clone()))
}
