//! Passkeys: adding and removing them, and checking what they prove. A challenge is kept in the store under the hash of a
//! token, bound to what it was made for, and used up by the first answer, on any replica.

use jiff::SignedDuration;

use super::second_factors::{FactorProblem, SecondFactors};
use crate::access::passkeys::{Assertion, Challenge, RelyingParty};
use crate::access::{Asker, token as tokens};
use crate::model::clock::Ends;
use crate::model::{
    Act, AuditEvent, AuditKind, Clock, Entropy, Fact, NoticeKind, OwnPasskey, PasskeyId, PasskeyLabel, StaffId,
    StaffName, Ways,
};
use crate::store::{self, NewPasskey, Store, Writing};

/// How long a challenge can be answered.
pub const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// What a challenge is for and whose: an answer to it is of no use elsewhere.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// Adding a passkey.
    Adding(&'a Asker),
    /// Signing in by passkey alone; nobody knows yet who.
    SigningIn,
    /// The second half of a sign-in; the text is the first half.
    Finishing(&'a str),
    /// Proving anew who one is, for an act or for a while.
    Proving(&'a Asker, Option<Act>),
}

impl Purpose<'_> {
    fn text(&self) -> String {
        match self {
            Self::Adding(asker) => format!("adding in {}", asker.place()),
            Self::SigningIn => "signing in".to_owned(),
            Self::Finishing(half) => format!("finishing {}", tokens::hash(half.as_bytes())),
            Self::Proving(asker, act) => {
                format!("proving in {} for {}", asker.place(), act.map_or("a while", Act::name))
            }
        }
    }
}

/// A challenge for the page: what it asks the browser, and the token that comes back with the answer.
pub struct Asked {
    pub token: String,
    /// In JSON, as browsers take it.
    pub options: String,
}

/// What came back from a page.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    pub token: &'a str,
    /// In JSON, as browsers give it.
    pub text: &'a str,
}

/// Whose passkey answered.
pub struct Shown {
    pub staff: StaffId,
    pub name: StaffName,
    pub generation: i64,
}

/// Passkeys. Cloned freely.
#[derive(Clone)]
pub struct Passkeys {
    pub store: Store,
    /// `None` where the panel's public URL has no name, for which there are no passkeys.
    pub party: Option<RelyingParty>,
    pub factors: SecondFactors,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Passkeys {
    /// Whether there are passkeys at all.
    pub const fn are_on(&self) -> bool {
        self.party.is_some()
    }

    /// What a staff member can prove who they are with.
    pub async fn ways(&self, staff: &StaffId) -> Result<Ways, store::Error> {
        let mut reading = self.store.read().await?;
        let app = reading.totp_seed(staff).await?.is_some();
        Ok(Ways { app, passkey: self.are_on() && !reading.credential_ids_of(staff).await?.is_empty() })
    }

    /// The asker's passkeys.
    pub async fn own(&self, asker: &Asker) -> Result<Vec<OwnPasskey>, store::Error> {
        self.store.read().await?.passkeys_of(&asker.staff.id).await
    }

    /// Whether the asker has just proved who they are to add a passkey.
    pub async fn may_add(&self, asker: &Asker) -> Result<(), FactorProblem> {
        self.factors.may(asker, Act::AddPasskey).await
    }

    /// Asks for a new passkey of the asker's, who has proved who they are for that.
    pub async fn begin_adding(&self, asker: &Asker) -> Result<Asked, FactorProblem> {
        self.may_add(asker).await?;
        let mut tx = self.store.write().await?;
        let known = tx.credential_ids_of(&asker.staff.id).await?;
        let challenge = self.party()?.ask_for_new(&asker.staff.id, &asker.staff.name, &known);
        self.keep(tx, Purpose::Adding(asker), challenge).await
    }

    /// Adds a passkey of the asker's; returns their recovery codes where they had none, which can't be shown again.
    pub async fn add(
        &self,
        asker: &Asker,
        answer: Answer<'_>,
        label: &PasskeyLabel,
    ) -> Result<Option<Vec<String>>, FactorProblem> {
        self.may_add(asker).await?;
        let state = self.take(Purpose::Adding(asker), answer).await?;
        let new = self.party()?.check_new(&state, answer.text).ok_or(FactorProblem::WrongPasskey)?;
        let (staff, at) = (&asker.staff.id, self.clock.now());
        let id = PasskeyId(self.entropy.id(&self.clock));
        let mut tx = self.factors.to_change(asker, Act::AddPasskey).await?;
        let is_first = !tx.staff_member(staff).await?.is_some_and(|record| record.staff.second_factor);
        let (credential_id, credential) = (new.id.as_str(), new.key.as_str());
        if !tx.add_passkey(&NewPasskey { id: &id, staff, credential_id, credential, label, at }).await? {
            return Err(FactorProblem::WrongPasskey);
        }
        if is_first {
            // Begun with the password alone, perhaps by somebody else.
            tx.end_sessions_of(staff, asker.session_id(), at).await?;
        }
        let has_codes = tx.recovery_codes_left(staff).await? > 0;
        let codes = if has_codes { None } else { Some(self.factors.put_codes(&mut tx, staff).await?) };
        tx.tell(staff, &asker.notice(NoticeKind::PasskeyAdded, staff, at).about(label.as_str())).await?;
        tx.record(&self.event(asker, AuditKind::SecondFactorSet, label.as_str())).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Takes one of the asker's passkeys away.
    pub async fn remove(&self, asker: &Asker, id: &PasskeyId) -> Result<(), FactorProblem> {
        let mut tx = self.factors.to_change(asker, Act::RemoveFactor).await?;
        // The same button pressed twice: it is gone, and that is all that was wanted.
        let Some(label) = tx.remove_passkey(&asker.staff.id, id).await? else { return Ok(()) };
        self.factors.must_leave_enough(&mut tx, &asker.staff).await?;
        tx.record(&self.event(asker, AuditKind::SecondFactorRemoved, &label)).await?;
        let (staff, at) = (&asker.staff.id, self.clock.now());
        tx.tell(staff, &asker.notice(NoticeKind::PasskeyRemoved, staff, at).about(label)).await?;
        Ok(tx.commit().await?)
    }

    /// Asks for a proof by passkey: by one of this person's, or by anybody's.
    pub async fn begin(&self, purpose: Purpose<'_>, staff: Option<&StaffId>) -> Result<Asked, FactorProblem> {
        let party = self.party()?;
        let mut tx = self.to_keep(&purpose).await?;
        let known = match staff {
            Some(staff) => tx.credential_ids_of(staff).await?,
            None => Vec::new(),
        };
        // An empty list would ask for anybody's.
        if staff.is_some() && known.is_empty() {
            return Err(FactorProblem::WrongPasskey);
        }
        self.keep(tx, purpose, party.ask(&known)).await
    }

    /// Checks the answer to [`Passkeys::begin`]; with `staff`, only theirs will do. Unknown passkeys, disabled people and
    /// wrong signatures are not told apart.
    pub async fn check(
        &self,
        purpose: Purpose<'_>,
        answer: Answer<'_>,
        staff: Option<&StaffId>,
    ) -> Result<Shown, FactorProblem> {
        let state = self.take(purpose, answer).await?;
        let assertion = Assertion::read(answer.text).ok_or(FactorProblem::WrongPasskey)?;
        let mut tx = self.store.write().await?;
        let known = tx.known_passkey(&assertion.credential_id()).await?.filter(|known| !known.disabled);
        let known = known.ok_or(FactorProblem::WrongPasskey)?;
        // Anyone who signs in by passkey alone is known by what it says of its owner, too.
        let is_theirs = staff.map_or_else(|| assertion.names().is_some(), |staff| *staff == known.staff);
        let checked = self.party()?.check(&state, &assertion, &known.staff, &known.credential);
        let credential = checked.filter(|_| is_theirs).ok_or(FactorProblem::WrongPasskey)?;
        tx.passkey_used(&known.id, &credential, self.clock.now()).await?;
        tx.commit().await?;
        Ok(Shown { staff: known.staff, name: known.name, generation: known.generation })
    }

    fn party(&self) -> Result<&RelyingParty, FactorProblem> {
        self.party.as_ref().ok_or(FactorProblem::WrongPasskey)
    }

    fn event(&self, asker: &Asker, kind: AuditKind, label: &str) -> AuditEvent {
        asker.event(kind, self.clock.now()).with(Fact::Passkeys, vec![label.to_owned()])
    }

    async fn to_keep(&self, purpose: &Purpose<'_>) -> Result<Writing, store::Error> {
        match purpose {
            Purpose::Adding(_) | Purpose::Proving(..) => self.store.write().await,
            Purpose::SigningIn | Purpose::Finishing(_) => self.store.write_for_stranger().await,
        }
    }

    async fn keep(
        &self,
        mut tx: Writing,
        purpose: Purpose<'_>,
        challenge: Option<Challenge>,
    ) -> Result<Asked, FactorProblem> {
        let challenge = challenge.ok_or(FactorProblem::Unmade)?;
        let (token, bound_to) = (tokens::new::<24>(&self.entropy), purpose.text());
        if !matches!(purpose, Purpose::SigningIn) {
            // One at a time, so that they never pile up.
            tx.remove_ceremonies_of(&bound_to).await?;
        }
        let until = self.clock.now() + ANSWERED_WITHIN;
        tx.put_ceremony(&tokens::hash(token.as_bytes()), &bound_to, &challenge.state, until).await?;
        tx.commit().await?;
        Ok(Asked { token, options: challenge.options })
    }

    /// Uses the challenge up, whatever the answer is worth.
    async fn take(&self, purpose: Purpose<'_>, answer: Answer<'_>) -> Result<String, FactorProblem> {
        let mut tx = self.to_keep(&purpose).await?;
        let hash = tokens::hash(answer.token.as_bytes());
        let state = tx.take_ceremony(&hash, &purpose.text(), Ends::to_come(ANSWERED_WITHIN, self.clock.now())).await?;
        tx.commit().await?;
        state.ok_or(FactorProblem::WrongPasskey)
    }
}
