//! Second factors: setting one up, checking codes, recovery codes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

use super::sign_ins::Origin;
use super::sign_ins::permits;
use crate::access::codes::{self, Counted};
use crate::access::second_factor::{FactorKeys, RECOVERY_CODES, Seed, must_have, recovery_code};
use crate::access::throttle::Throttle;
use crate::access::{Asker, Gone};
use crate::model::clock::age;
use crate::model::{
    Act, Actor, AuditEvent, AuditKind, Clock, Entropy, Fact, FactorDuty, Means, Notice, NoticeKind, Staff, StaffId,
};
use crate::store::{self, Store, Writing};

/// How long the page that sets up a second factor can be used.
const SET_UP_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// Why a second factor was not changed.
#[derive(Debug, thiserror::Error)]
pub enum FactorProblem {
    #[error("the code is wrong")]
    WrongCode,
    /// The answer is not that of a passkey of theirs to the challenge that it was asked; which of it, nobody is told.
    #[error("the passkey is wrong")]
    WrongPasskey,
    /// The page that was posted is too old, or was made for somebody else.
    #[error("the page can't be used any more")]
    PageTooOld,
    /// They have not just proved who they are for this.
    #[error("not proved for this")]
    NotProved,
    /// The session ended while the form was on its way.
    #[error("signed out")]
    SignedOut,
    /// The person signs in at the company's provider, which asks for a second factor if anybody does.
    #[error("signs in by single sign-on")]
    SignsInElsewhere,
    /// The company wants this person to have one.
    #[error("a second factor is required")]
    Required,
    #[error("too many tries")]
    TooMany { until: Timestamp },
    #[error("the second factor could not be made")]
    Unmade,
    #[error("nothing was changed")]
    Store(#[from] store::Error),
}

impl From<Gone> for FactorProblem {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::SignedOut | Gone::Disabled => Self::SignedOut,
            Gone::Store(error) => Self::Store(error),
        }
    }
}

/// What the page shows that sets up a second factor.
pub struct Enrolment {
    /// The seed, for typing into an app.
    pub text: String,
    /// What the QR code says.
    pub url: String,
    /// The seed, sealed for the form that comes back.
    pub token: String,
}

/// Second factors. Cloned freely.
#[derive(Clone)]
pub struct SecondFactors {
    pub store: Store,
    pub throttle: Throttle,
    pub keys: FactorKeys,
    pub duty: FactorDuty,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl SecondFactors {
    /// Makes a seed for the asker's app. Nothing is kept until they have shown that their app has it.
    pub async fn begin(&self, asker: &Asker) -> Result<Enrolment, FactorProblem> {
        self.may(asker, Act::SetUpApp).await?;
        let (seed, now) = (Seed::new(&self.entropy), self.clock.now().as_second());
        let sealed = self.keys.seal(&seed, &page(asker, now), &self.entropy).ok_or(FactorProblem::Unmade)?;
        Ok(Enrolment {
            text: seed.text(),
            url: seed.url(&asker.staff.name).ok_or(FactorProblem::Unmade)?,
            token: format!("{now}.{}", URL_SAFE_NO_PAD.encode(sealed)),
        })
    }

    /// The same page again, for whoever mistyped the code.
    pub fn again(&self, asker: &Asker, token: &str) -> Result<Enrolment, FactorProblem> {
        let seed = self.seed(asker, token).ok_or(FactorProblem::PageTooOld)?;
        let url = seed.url(&asker.staff.name).ok_or(FactorProblem::Unmade)?;
        Ok(Enrolment { text: seed.text(), url, token: token.to_owned() })
    }

    /// Sets up the asker's second factor once their app shows the right code; returns their recovery codes, which can't
    /// be shown again.
    pub async fn set_up(&self, asker: &Asker, token: &str, code: &str) -> Result<Vec<String>, FactorProblem> {
        self.may(asker, Act::SetUpApp).await?;
        let (id, now) = (&asker.staff.id, self.clock.now());
        let seed = self.seed(asker, token).ok_or(FactorProblem::PageTooOld)?;
        let step = seed.step_of(code, now).ok_or(FactorProblem::WrongCode)?;
        let sealed = self.keys.seal(&seed, &id.0, &self.entropy).ok_or(FactorProblem::Unmade)?;
        let mut tx = self.to_change(asker, Act::SetUpApp).await?;
        tx.set_totp(id, &sealed, step, now).await?;
        // Begun with the password alone, perhaps by somebody else.
        tx.end_sessions_of(id, asker.session_id(), now).await?;
        let codes = self.put_codes(&mut tx, id).await?;
        self.record(&mut tx, asker, AuditKind::SecondFactorSet, NoticeKind::AppSetUp).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Gives the asker new recovery codes in place of the old ones.
    pub async fn renew_codes(&self, asker: &Asker) -> Result<Vec<String>, FactorProblem> {
        let mut tx = self.to_change(asker, Act::MakeCodes).await?;
        let codes = self.put_codes(&mut tx, &asker.staff.id).await?;
        self.record(&mut tx, asker, AuditKind::RecoveryCodesMade, NoticeKind::RecoveryCodesMade).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Takes the codes of the asker's app away.
    pub async fn remove(&self, asker: &Asker) -> Result<(), FactorProblem> {
        let mut tx = self.to_change(asker, Act::RemoveFactor).await?;
        let removed = tx.remove_totp(&asker.staff.id).await?;
        self.must_leave_enough(&mut tx, &asker.staff).await?;
        if removed {
            self.record(&mut tx, asker, AuditKind::SecondFactorRemoved, NoticeKind::AppRemoved).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Checks, before a removal commits, that whoever must have a second factor still has one; without any, recovery
    /// codes are of no use.
    pub(super) async fn must_leave_enough(&self, tx: &mut Writing, staff: &Staff) -> Result<(), FactorProblem> {
        let left = tx.staff_member(&staff.id).await?.is_some_and(|record| record.staff.second_factor);
        if !left && self.must_have(staff) {
            return Err(FactorProblem::Required);
        }
        if !left {
            tx.put_recovery_codes(&staff.id, &[], self.clock.now()).await?;
        }
        Ok(())
    }

    /// Whether the company wants this person to have one.
    pub fn must_have(&self, staff: &Staff) -> bool {
        must_have(self.duty, staff)
    }

    /// How many of their recovery codes the asker has not used.
    pub async fn codes_left(&self, asker: &Asker) -> Result<i64, store::Error> {
        self.store.read().await?.recovery_codes_left(&asker.staff.id).await
    }

    /// Uses up a code of somebody's app, or one of their recovery codes; which of the two it was. Counted before it is
    /// looked at, by itself for each place that it may come from. Of a recovery code they are told, and of many wrong ones.
    ///
    /// # Errors
    /// [`FactorProblem::WrongCode`], also for one that was used before; [`FactorProblem::TooMany`];
    /// [`FactorProblem::Store`].
    pub async fn check(&self, staff: &StaffId, code: &str, place: &str, from: &Origin) -> Result<Means, FactorProblem> {
        let now = self.clock.now();
        let wrong = match self.throttle.count_code(staff, place, now).await? {
            Counted::As(wrong) => wrong,
            Counted::TooEarly(until) => return Err(FactorProblem::TooMany { until }),
        };
        let mut tx = self.store.write().await?;
        let step = match tx.totp_seed(staff).await? {
            Some(sealed) => {
                let seed = self.keys.open(&sealed, &staff.0);
                seed.ok_or(store::Error::Unreadable("the seed of a second factor"))?.step_of(code, now)
            }
            // Somebody who has a passkey instead, and recovery codes.
            None => None,
        };
        let (taken, which) = match step {
            Some(step) => (tx.take_totp_step(staff, step).await?, Means::Code),
            None => (tx.take_recovery_code(staff, &self.keys.hash(staff, code), now).await?, Means::RecoveryCode),
        };
        if taken {
            codes::was_right(&mut tx, staff, place).await?;
        }
        if taken && step.is_none() {
            let name = tx.staff_member(staff).await?.map(|record| record.staff.name.to_string());
            let event = from.event(AuditKind::RecoveryCodeUsed, now);
            tx.record(&AuditEvent { actor: Some(Actor::Staff(staff.clone())), staff_name: name, ..event }).await?;
            tx.tell(staff, &from.notice(NoticeKind::RecoveryCodeUsed, now)).await?;
        }
        if !taken && wrong >= codes::FREE {
            tell_of_guesses(&mut tx, staff, wrong, from.notice(NoticeKind::CodesGuessed, now), from).await?;
        }
        tx.commit().await?;
        if taken { Ok(which) } else { Err(FactorProblem::WrongCode) }
    }

    pub(super) async fn put_codes(&self, tx: &mut Writing, staff: &StaffId) -> Result<Vec<String>, store::Error> {
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(&self.entropy)).collect();
        let hashes: Vec<String> = codes.iter().map(|code| self.keys.hash(staff, code)).collect();
        tx.put_recovery_codes(staff, &hashes, self.clock.now()).await?;
        Ok(codes)
    }

    /// Begins a change by an asker whose session still runs, and who has just proved who they are for it: that proof is used
    /// up with it.
    pub(super) async fn to_change(&self, asker: &Asker, act: Act) -> Result<Writing, FactorProblem> {
        let mut tx = self.store.write().await?;
        let standing = asker.standing(&mut tx).await?;
        if standing.staff.single_sign_on {
            return Err(FactorProblem::SignsInElsewhere);
        }
        let permitted = permits::use_up(&mut tx, asker, act, self.clock.now()).await?;
        if permitted { Ok(tx) } else { Err(FactorProblem::NotProved) }
    }

    /// Whether the asker has just proved who they are for this; nothing is used up.
    pub(super) async fn may(&self, asker: &Asker, act: Act) -> Result<(), FactorProblem> {
        if asker.staff.single_sign_on {
            return Err(FactorProblem::SignsInElsewhere);
        }
        if permits::has(&self.store, asker, act, self.clock.now()).await? {
            Ok(())
        } else {
            Err(FactorProblem::NotProved)
        }
    }

    /// Records what the asker changed, and has them told.
    async fn record(
        &self,
        tx: &mut Writing,
        asker: &Asker,
        kind: AuditKind,
        told: NoticeKind,
    ) -> Result<(), store::Error> {
        let (staff, now) = (&asker.staff.id, self.clock.now());
        tx.tell(staff, &asker.notice(told, staff, now)).await?;
        tx.record(&asker.event(kind, now)).await
    }

    fn seed(&self, asker: &Asker, token: &str) -> Option<Seed> {
        let (made, sealed) = token.split_once('.')?;
        let made: i64 = made.parse().ok()?;
        let age = age(Timestamp::from_second(made).ok()?, self.clock.now())?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        self.keys.open(&sealed, &page(asker, made)).filter(|_| age <= SET_UP_WITHIN)
    }
}

/// Anyone who types that many wrong codes has the password.
async fn tell_of_guesses(
    tx: &mut Writing,
    staff: &StaffId,
    wrong: i64,
    notice: Notice,
    from: &Origin,
) -> Result<(), store::Error> {
    tx.tell(staff, &notice).await?;
    let Some(record) = tx.staff_member(staff).await? else { return Ok(()) };
    let event = from.event(AuditKind::CodesGuessed, notice.at).by(staff.clone(), &record.staff.name);
    tx.record(&event.with(Fact::WrongCodes, wrong)).await
}

/// Whom and when a page that sets up a second factor was made for.
fn page(asker: &Asker, made: i64) -> String {
    format!("{}\n{}\n{made}", asker.staff.id.0, asker.place())
}
