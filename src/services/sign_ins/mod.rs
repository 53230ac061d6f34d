//! Signing in and out, and the first admin.

mod known_devices;
mod links;
mod origin;
mod passkey;
pub mod permits;
pub mod set_up;
pub mod single_sign_on;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

pub use self::origin::Origin;
pub use self::single_sign_on::SingleSignOn;
use super::{Audit, Passkeys, SecondFactors, StaffBook};
use crate::access::password::{Busy, Lane, Passwords};
use crate::access::throttle::{ANYWHERE, Throttle};
use crate::access::{Asker, token as tokens};
use crate::model::clock::age;
use crate::model::network::neighbourhood;
use crate::model::{AuditEvent, AuditKind, Clock, DeviceHash, Entropy, Fact, Means, StaffId, StaffName};
use crate::store::{self, Credentials, Store};

/// How long after the password the code may come.
const FINISHED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// Somebody who has just proved who they are.
#[derive(Debug)]
pub struct Proved {
    pub staff: StaffId,
    /// What their session is begun with, so that it isn't if their password or more was changed meanwhile.
    pub generation: i64,
    /// That they signed in: recorded with the session that begins, and only then.
    pub signed_in: Box<AuditEvent>,
}

/// What came of a right password.
#[derive(Debug)]
pub enum SignIn {
    /// That is all it takes.
    Whole(Proved),
    /// A code or a passkey is asked for besides; the token goes with it to [`SignIns::finish`].
    Halfway(String),
}

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

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// Name or password is wrong, or the person is disabled: the three are not told apart.
    #[error("wrong name or password")]
    Wrong,
    /// The code is wrong or was used before.
    #[error("wrong code")]
    WrongCode,
    /// What came from a passkey proves nothing; why is not told.
    #[error("wrong passkey")]
    WrongPasskey,
    /// The password was given too long ago to go on with the code.
    #[error("the first half is too old")]
    HalfTooOld,
    /// Passwords are switched off.
    #[error("signing in with a password is switched off")]
    LocalOff,
    #[error("too many tries")]
    TooMany { until: Timestamp },
    #[error("the store failed")]
    Store(#[from] store::Error),
    /// So many want a password checked that this one can't wait. It was neither counted nor looked at.
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("the password could not be checked")]
    Unchecked,
}

impl NotSignedIn {
    /// What the audit calls it.
    const fn kind(&self) -> AuditKind {
        if matches!(self, Self::TooMany { .. }) { AuditKind::SignInLimited } else { AuditKind::SignInFailed }
    }
}

/// Signing in and out. Cloned freely.
#[derive(Clone)]
pub struct SignIns {
    pub store: Store,
    pub throttle: Throttle,
    pub passwords: Passwords,
    pub staff: StaffBook,
    pub factors: SecondFactors,
    pub passkeys: Passkeys,
    /// Signs the first half of a sign-in that has two.
    pub key: hmac::Key,
    pub audit: Audit,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl SignIns {
    /// Whether people may sign in with a password of ours.
    pub const fn are_local(&self) -> bool {
        self.staff.local
    }

    /// Refuses a password, the code after it or a passkey, where those of the panel's own are switched off.
    pub(super) async fn must_be_local(&self, from: &Origin) -> Result<(), NotSignedIn> {
        if self.are_local() {
            return Ok(());
        }
        let event = from.event(AuditKind::SignInFailed, self.clock.now());
        let event = AuditEvent { outcome: Some("local_off".to_owned()), ..event };
        self.audit.record_or_log(&event).await;
        Err(NotSignedIn::LocalOff)
    }

    /// Checks a name and a password. The caller gives the person a new session, if that is all it takes.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn sign_in(&self, name: &str, password: SecretString, from: &Origin) -> Result<SignIn, NotSignedIn> {
        self.must_be_local(from).await?;
        let now = self.clock.now();
        // A name that nobody can have still costs a count and a hash, so that it answers like any other.
        let tried = StaffName::parse(name).ok();
        let known = self.throttle.known(tried.as_ref(), from.device.as_ref()).await?;
        let place = self.passwords.place(lane(known, from))?;
        if let Some(until) = self.throttle.count_sign_in(tried.as_ref(), (from.client, known), now).await? {
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
        let event = |kind, staff| AuditEvent { staff, ..self.named(from.event(kind, now), name, tried.clone()) };
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
            self.audit.record_or_log(&event(AuditKind::PasswordRight, Some(half.staff.clone()))).await;
            return Ok(SignIn::Halfway(self.halfway(&half)));
        }
        let signed_in = Box::new(event(AuditKind::SignedIn, Some(half.staff.clone())));
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

    /// Checks the code of somebody whose password was right. The caller gives the person a new session.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn finish(&self, token: &str, code: &str, from: &Origin) -> Result<Proved, NotSignedIn> {
        let known = self.known_half(token, from).await?;
        // The half is good for one code: each guess takes the password again, which is counted, too.
        if !self.throttle.use_up(&known.half.nonce).await? {
            return Err(NotSignedIn::HalfTooOld);
        }
        let checked = self.check_code(&known.half.staff, code, (&known.place, from)).await;
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

    async fn check_code(
        &self,
        staff: &StaffId,
        code: &str,
        (place, from): (&str, &Origin),
    ) -> Result<Means, NotSignedIn> {
        Ok(self.factors.check(staff, code, (place, from)).await?)
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

    /// Checks what somebody who is signed in answers, because they must prove anew who they are: a code where they have a
    /// second factor, their password where not. The caller gives their session a new cookie.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn prove(&self, asker: &Asker, answer: SecretString, from: &Origin) -> Result<(), NotSignedIn> {
        if !asker.staff.second_factor {
            return self.prove_password(asker, answer, from).await;
        }
        // Counted for this session alone, so that nobody else can use its tries up.
        let place = format!("in {}", asker.place());
        let checked = self.check_code(&asker.staff.id, answer.expose_secret(), (&place, from)).await;
        self.proved_again(asker, checked, Means::Code).await
    }

    /// Records how a new proof ended. `wanted` is what was asked for.
    pub(super) async fn proved_again(
        &self,
        asker: &Asker,
        checked: Result<Means, NotSignedIn>,
        wanted: Means,
    ) -> Result<(), NotSignedIn> {
        let now = self.clock.now();
        let event = |kind, means: Means| asker.event(kind, now).with(Fact::Means, means);
        match checked {
            Ok(how) => Ok(self.audit.record(&event(AuditKind::ProvedAgain, how)).await?),
            Err(refused) => {
                self.audit.record_or_log(&event(refused.kind(), wanted)).await;
                Err(refused)
            }
        }
    }

    /// The same with the password, whatever else they have.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn prove_password(
        &self,
        asker: &Asker,
        password: SecretString,
        from: &Origin,
    ) -> Result<(), NotSignedIn> {
        let now = self.clock.now();
        let name = &asker.staff.name;
        let place = self.passwords.place(Lane::Known(asker.staff.id.0.clone()))?;
        let known = self.throttle.known(Some(name), from.device.as_ref()).await?;
        if let Some(until) = self.throttle.count_sign_in(Some(name), (from.client, known), now).await? {
            self.audit.record_or_log(&asker.event(AuditKind::SignInLimited, now)).await;
            return Err(NotSignedIn::TooMany { until });
        }
        let found = self.store.read().await?.credentials(name).await?;
        let hash = found.filter(|found| !found.disabled).and_then(|found| found.password_hash);
        if !Passwords::is_right(place, password, hash).await.map_err(|_| NotSignedIn::Unchecked)? {
            self.audit.record_or_log(&asker.event(AuditKind::SignInFailed, now)).await;
            return Err(NotSignedIn::Wrong);
        }
        Ok(self.audit.record(&asker.event(AuditKind::ProvedAgain, now)).await?)
    }

    /// Ends the asker's session, whatever becomes of its cookie at the same time.
    ///
    /// # Errors
    /// [`store::Error`]: the session goes on.
    pub async fn sign_out(&self, asker: &Asker) -> Result<(), store::Error> {
        let Some(session) = asker.session_id() else { return Ok(()) };
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let ended = tx.end_session(session, now).await?;
        tx.commit().await?;
        if ended {
            // Whoever wants to leave is let go, whatever can be recorded.
            self.audit.record_or_log(&asker.event(AuditKind::SignedOut, now)).await;
        }
        Ok(())
    }
}

/// Where somebody waits for their password to be checked: by themselves with a device of theirs, else with their network.
fn lane(known: Option<&DeviceHash>, from: &Origin) -> Lane {
    known.map_or_else(|| Lane::Stranger(neighbourhood(from.client).to_string()), |device| Lane::Known(device.0.clone()))
}

fn labelled(claims: &str) -> String {
    format!("half a sign-in\n{claims}")
}
