//! Signing in by passkey: alone, as the second half of a sign-in, and to prove anew who one is. Counted before anything is
//! looked at; every refusal has one answer.

use jiff::Timestamp;

use super::{NotSignedIn, Origin, Proved, SignIns};
use crate::access::Asker;
use crate::model::{AuditKind, Fact, Means, StaffId, Ways};
use crate::services::passkeys::{Answer, Asked, Purpose, Shown};
use crate::services::second_factors::FactorProblem;
use crate::store;

/// What the audit calls it.
const HOW: Means = Means::Passkey;

impl SignIns {
    /// Asks for anybody's passkey.
    pub async fn begin_with_passkey(&self, from: &Origin) -> Result<Asked, NotSignedIn> {
        self.must_be_local(from).await?;
        self.count_passkey(from).await?;
        Ok(self.passkeys.begin(Purpose::SigningIn, None).await?)
    }

    /// Signs in whoever's passkey answers. The caller gives the person a new session.
    pub async fn sign_in_with_passkey(&self, answer: Answer<'_>, from: &Origin) -> Result<Proved, NotSignedIn> {
        self.must_be_local(from).await?;
        self.count_passkey(from).await?;
        let event = |kind| from.event(kind, self.clock.now()).with(Fact::Means, HOW);
        match self.passkeys.check(Purpose::SigningIn, answer, None).await {
            Ok(Shown { staff, name, generation }) => {
                let signed_in = Box::new(event(AuditKind::SignedIn).by(staff.clone(), &name));
                Ok(Proved { staff, generation, signed_in })
            }
            Err(refused) => {
                self.audit.record_or_log(&event(AuditKind::SignInFailed)).await;
                Err(refused.into())
            }
        }
    }

    /// Asks for a passkey of whoever's password was right.
    pub async fn begin_to_finish(&self, half: &str) -> Result<Asked, NotSignedIn> {
        let known = self.read_half(half, self.clock.now()).ok_or(NotSignedIn::HalfTooOld)?;
        Ok(self.passkeys.begin(Purpose::Finishing(half), Some(&known.staff)).await?)
    }

    /// Checks the passkey of somebody whose password was right. The caller gives the person a new session.
    pub async fn finish_with_passkey(
        &self,
        half: &str,
        answer: Answer<'_>,
        from: &Origin,
    ) -> Result<Proved, NotSignedIn> {
        let (known, now) = (self.known_half(half, from).await?, self.clock.now());
        let staff = &known.half.staff;
        let checked = self.check_passkey(Purpose::Finishing(half), answer, staff, &known.place, now).await;
        self.finished(known, checked, HOW, from).await
    }

    /// What whoever's password was right can go on with.
    pub async fn ways_to_finish(&self, half: &str) -> Result<Ways, store::Error> {
        match self.read_half(half, self.clock.now()) {
            Some(half) => self.passkeys.ways(&half.staff).await,
            None => Ok(Ways::default()),
        }
    }

    /// Checks a passkey of the asker's, because they must prove anew who they are.
    pub(super) async fn check_passkey_of(
        &self,
        asker: &Asker,
        purpose: Purpose<'_>,
        answer: Answer<'_>,
    ) -> Result<(), NotSignedIn> {
        // Counted for this session alone, so that nobody else can use its tries up.
        let place = format!("in {}", asker.place());
        let (staff, now) = (&asker.staff.id, self.clock.now());
        let checked = self.check_passkey(purpose, answer, staff, &place, now).await;
        self.proved_again(asker, checked, HOW).await
    }

    async fn count_passkey(&self, from: &Origin) -> Result<(), NotSignedIn> {
        let now = self.clock.now();
        let until = self.throttle.count_passkey(from.client, from.device.as_ref(), now).await?;
        let Some(until) = until else { return Ok(()) };
        let event = from.event(AuditKind::SignInLimited, now).with(Fact::Means, HOW);
        self.audit.record_or_log(&event).await;
        Err(NotSignedIn::TooMany { until })
    }

    async fn check_passkey(
        &self,
        purpose: Purpose<'_>,
        answer: Answer<'_>,
        staff: &StaffId,
        place: &str,
        now: Timestamp,
    ) -> Result<Means, NotSignedIn> {
        if let Some(until) = self.throttle.count_passkey_of(staff, place, now).await? {
            return Err(NotSignedIn::TooMany { until });
        }
        self.passkeys.check(purpose, answer, Some(staff)).await?;
        Ok(HOW)
    }
}

impl From<FactorProblem> for NotSignedIn {
    fn from(problem: FactorProblem) -> Self {
        match problem {
            FactorProblem::TooMany { until } => Self::TooMany { until },
            FactorProblem::Store(error) => Self::Store(error),
            FactorProblem::WrongCode => Self::WrongCode,
            _ => Self::WrongPasskey,
        }
    }
}
