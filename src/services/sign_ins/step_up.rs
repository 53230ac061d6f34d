//! Proving anew who one is, for an act or for a while: by a code, a password or a passkey.

use secrecy::{ExposeSecret, SecretString};

use super::{NotSignedIn, Origin, SignIns, permits};
use crate::access::Asker;
use crate::access::password::{Lane, Passwords};
use crate::model::{Act, AuditKind, Fact, Means};
use crate::services::passkeys::{Answer, Asked, Purpose};
use crate::store;

impl SignIns {
    /// Checks what somebody who is signed in answers, because they must prove anew who they are: a code where they have a
    /// second factor, their password where not. The caller sees to it that their session gets a new cookie.
    pub async fn prove(&self, asker: &Asker, answer: SecretString, from: &Origin) -> Result<(), NotSignedIn> {
        if !asker.staff.second_factor {
            return self.prove_password(asker, answer, from).await;
        }
        // Counted for this session alone, so that nobody else can use its tries up.
        let place = format!("in {}", asker.place());
        let checked = self.check_code(&asker.staff.id, answer.expose_secret(), &place, from).await;
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
        if let Some(until) = self.throttle.count_sign_in(Some(name), from.client, known, now).await? {
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

    /// Whether the asker may do this now without proving anew who they are.
    pub async fn is_permitted(&self, asker: &Asker, act: Act) -> Result<bool, store::Error> {
        permits::has(&self.store, asker, act, self.clock.now()).await
    }

    /// Lets the asker do this once, because what they answer proves who they are: a code where they have a second factor,
    /// their password where not. The caller sees to it that their session gets a new cookie.
    pub async fn prove_for(
        &self,
        asker: &Asker,
        act: Act,
        answer: SecretString,
        from: &Origin,
    ) -> Result<(), NotSignedIn> {
        self.prove(asker, answer, from).await?;
        Ok(self.permit(asker, act).await?)
    }

    /// The same with the password, whatever else they have.
    pub async fn prove_password_for(
        &self,
        asker: &Asker,
        act: Act,
        password: SecretString,
        from: &Origin,
    ) -> Result<(), NotSignedIn> {
        self.prove_password(asker, password, from).await?;
        Ok(self.permit(asker, act).await?)
    }

    /// Asks the asker for a passkey of theirs; the answer is good for this act only.
    pub async fn begin_to_prove(&self, asker: &Asker, act: Option<Act>) -> Result<Asked, NotSignedIn> {
        Ok(self.passkeys.begin(Purpose::Proving(asker, act), Some(&asker.staff.id)).await?)
    }

    /// The same as [`SignIns::prove_for`] with a passkey, and without an act a proof that is fresh for a while.
    pub async fn prove_with_passkey(
        &self,
        asker: &Asker,
        act: Option<Act>,
        answer: Answer<'_>,
    ) -> Result<(), NotSignedIn> {
        self.check_passkey_of(asker, Purpose::Proving(asker, act), answer).await?;
        match act {
            Some(act) => Ok(self.permit(asker, act).await?),
            None => Ok(()),
        }
    }

    /// Lets the asker, who has just proved who they are for it, do this once.
    pub async fn permit(&self, asker: &Asker, act: Act) -> Result<(), store::Error> {
        let mut tx = self.store.write().await?;
        permits::put(&mut tx, asker, act, self.clock.now()).await?;
        tx.commit().await
    }
}
