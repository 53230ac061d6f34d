//! The reveal: the one moment when a new password is shown, and what there is to say before and after it.

use std::time::Duration;

use jiff::Timestamp;

use super::aftermath::{Aftermath, SINCE, overtaken_by};
use super::ledger::SHOWN_WITHIN;
use super::recorded::is_recorded_all_the_same;
use super::seal::Seal;
use super::{Ledger, came_of};
use crate::access::{Asker, CanSome, ResetPasswords, ViewMail};
use crate::model::clock::Ends;
use crate::model::{
    AuditEvent, AuditKind, Clock, Fact, Facts, HandOver, HandOverPolicy, LinkAndCode, OneTimePassword, Operation,
    OperationId, OperationKind, OperationState,
};
use crate::services::Failure;
use crate::store::{self, Store, Writing};

/// How long a look at a running operation waits for its end before it answers.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a result page has to say.
pub enum ResultState {
    /// The operation is running.
    Working,
    /// GleSYS did it, and there is no password to show.
    Made,
    /// The password waits, and this session may see it.
    Ready,
    /// Here it is, for the only time.
    Password(OneTimePassword),
    /// Here are link and code for the owner, for the only time.
    LinkAndCode(LinkAndCode),
    /// The password goes to the owner by a link, of which the operation tells what is known.
    ByLink,
    /// It was shown before.
    Shown(Timestamp),
    /// It was made, but the password was not shown and can't be any more, or not to this session.
    NotShown(NotShown),
    /// GleSYS did not do it: the old password still works.
    NotReset,
    /// Nobody knows whether GleSYS did it.
    Unknown,
}

/// Why a password that was made can't be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotShown {
    /// Nobody opened it within five minutes, or the session that could have was ended.
    Expired,
    /// The database was accepted as it is, and may be from before it was shown.
    Forgotten,
    /// It waits for the session that confirmed the reset.
    OtherSession,
    /// The showing could not be recorded, so it was not done; it may be tried again.
    NotRecorded,
    /// What was kept can't be opened.
    Spoiled,
    /// Something has changed the account's password since, or taken it away, or may have.
    Overtaken { by: OperationKind, is_certain: bool },
    /// Staff are not shown the account's passwords any more.
    NotOffered,
}

/// What came of trying to show a password.
pub(in crate::services) enum Claim {
    /// It is this session's to show, and recorded as shown by this.
    Made(ResultState, Box<AuditEvent>),
    Overtaken(NotShown),
    /// It was shown or has expired meanwhile.
    TooLate,
}

/// A result page: the operation and what there is to say of it.
pub struct ResultView {
    pub operation: Operation,
    pub state: ResultState,
    /// Whether this session confirmed it.
    pub own: bool,
    /// When the address may be changed again, if that is still to come.
    pub cools_until: Option<Timestamp>,
    pub aftermath: Aftermath,
}

/// Reveals. Cloned freely.
#[derive(Clone)]
pub struct Reveals {
    pub store: Store,
    pub ledger: Ledger,
    pub clock: Clock,
    /// How passwords are handed over now, whatever held when they were made.
    pub hand_over: HandOverPolicy,
}

impl Reveals {
    /// How an operation stands. It shows no password and changes nothing.
    ///
    /// # Errors
    /// [`Failure::NoSuchOperation`] when there is none that the asker may know of; [`Failure::Store`].
    pub async fn look(&self, can: &CanSome<ViewMail>, id: &OperationId) -> Result<ResultView, Failure> {
        self.ledger.settled(id, PATIENCE).await;
        let operation = self.store.read().await?.operation(id).await?;
        let operation = operation.filter(|operation| can.covers(operation.address.domain()));
        let operation = came_of::shown_to(can.asker(), operation.ok_or(Failure::NoSuchOperation)?);
        let own = can.asker().holder().as_ref() == Some(&operation.holder);
        let state = state(&operation, own, self.waits_until(&operation), self.clock.now());
        let cools_until = self.ledger.cools_until(&operation);
        let aftermath = match state {
            ResultState::Made | ResultState::ByLink | ResultState::NotReset | ResultState::Unknown => {
                Aftermath::of(&operation, &self.store).await?
            }
            _ => Aftermath::default(),
        };
        Ok(ResultView { operation, state, own, cools_until, aftermath })
    }

    /// Shows the password, if it waits for this session: once. The showing is durable before the password leaves here.
    ///
    /// # Errors
    /// As [`Reveals::look`].
    pub async fn show(
        &self,
        see: &CanSome<ViewMail>,
        can: &CanSome<ResetPasswords>,
        id: &OperationId,
    ) -> Result<ResultView, Failure> {
        let view = self.look(see, id).await?;
        if !matches!(view.state, ResultState::Ready) || !can.covers(view.operation.address.domain()) {
            return Ok(view);
        }
        let way = view.operation.hand_over.unwrap_or(HandOver::Shown);
        if way == HandOver::Shown && !self.hand_over.ways(&view.operation.address).contains(&way) {
            return Ok(ResultView { state: ResultState::NotShown(NotShown::NotOffered), ..view });
        }
        match self.claim(can.asker(), &view.operation).await {
            Ok(Claim::Made(state, _)) => Ok(ResultView { state, ..view }),
            Ok(Claim::Overtaken(why)) => Ok(ResultView { state: ResultState::NotShown(why), ..view }),
            Ok(Claim::TooLate) => self.look(see, id).await,
            // What waits in a database that is not trusted may have been shown already.
            Err(error) if error.is_refused() => Err(error.into()),
            Err(error) => {
                tracing::error!(operation = id.as_str(), %error, "a password could not be shown");
                let spoiled = matches!(error, store::Error::Unreadable(_));
                let why = if spoiled { NotShown::Spoiled } else { NotShown::NotRecorded };
                Ok(ResultView { state: ResultState::NotShown(why), ..view })
            }
        }
    }

    /// Until when a password can be shown, if it still can: neither the time of day nor what this process has seen of the
    /// order tells that its time is over.
    fn waits_until(&self, operation: &Operation) -> Option<Timestamp> {
        let ends = Ends::to_come(SHOWN_WITHIN, self.clock.now());
        let until = operation.sealed_until.filter(|until| ends.hold(*until))?;
        let hindsight = self.ledger.hindsight();
        let ended = operation.ended_tick.unwrap_or(operation.begun_tick);
        hindsight.saw(ended);
        hindsight.left(ended, SHOWN_WITHIN.unsigned_abs()).map(|_| until)
    }

    async fn claim(&self, asker: &Asker, operation: &Operation) -> Result<Claim, store::Error> {
        let mut tx = self.store.write().await?;
        let claim = self.claim_in(&mut tx, asker, operation).await?;
        let Claim::Made(_, shown) = &claim else { return Ok(claim) };
        match tx.commit().await {
            Err(error) if !is_recorded_all_the_same(&self.store, shown).await => Err(error),
            _ => Ok(claim),
        }
    }

    /// The same in a transaction, which is worth something only with its commit. Where nothing is made, it must not come to that.
    pub(in crate::services) async fn claim_in(
        &self,
        tx: &mut Writing,
        asker: &Asker,
        operation: &Operation,
    ) -> Result<Claim, store::Error> {
        let now = self.clock.now();
        if let Some(by) = overtaken_by(operation, &tx.operations_on(&operation.address, SINCE).await?) {
            return Ok(Claim::Overtaken(by));
        }
        let link = tx.owner_link(&operation.id).await?;
        if self.waits_until(operation).is_none() || link.is_some_and(|link| link.ended.is_some()) {
            return Ok(Claim::TooLate);
        }
        let Some(holder) = asker.holder() else { return Ok(Claim::TooLate) };
        if !tx.claim_showing(&operation.id, &holder, now).await? {
            return Ok(Claim::TooLate);
        }
        let Some(sealed) = tx.take_sealed(&operation.id, Ends::to_come(SHOWN_WITHIN, now)).await? else {
            return Ok(Claim::TooLate);
        };
        let seal = Seal::of(asker, &operation.id);
        let opened = seal.and_then(|seal| seal.open(sealed)).ok().and_then(|text| {
            if operation.goes_by_link() {
                LinkAndCode::parted(&text).map(ResultState::LinkAndCode)
            } else {
                OneTimePassword::new(text).map(ResultState::Password)
            }
        });
        let opened = opened.ok_or(store::Error::Unreadable("a sealed password"))?;
        let shown = event(asker, operation, AuditKind::ResetShown, now);
        tx.record(&shown).await?;
        Ok(Claim::Made(opened, shown.into()))
    }
}

pub(super) fn event(asker: &Asker, operation: &Operation, kind: AuditKind, at: Timestamp) -> AuditEvent {
    AuditEvent {
        address: Some(operation.address.clone()),
        operation: Some(operation.id.clone()),
        facts: Facts::new().with_some(Fact::HandOver, operation.goes_by_link().then(|| HandOver::Link.name())),
        ..asker.event(kind, at)
    }
}

fn state(operation: &Operation, own: bool, waits_until: Option<Timestamp>, now: Timestamp) -> ResultState {
    match (operation.state(), operation.shown_at, waits_until) {
        (OperationState::InFlight, ..) => ResultState::Working,
        (OperationState::Done, ..) if !operation.kind.makes_a_password() => ResultState::Made,
        (OperationState::Refused | OperationState::NotSent, ..) => ResultState::NotReset,
        (OperationState::Unknown, ..) => ResultState::Unknown,
        (OperationState::Done, None, Some(_)) if own && operation.link_ended_by(now).is_none() => ResultState::Ready,
        (OperationState::Done, ..) if operation.link.is_some() => ResultState::ByLink,
        (OperationState::Done, Some(at), _) => ResultState::Shown(at),
        (OperationState::Done, None, Some(_)) => ResultState::NotShown(NotShown::OtherSession),
        (OperationState::Done, None, None) if operation.forgotten_at.is_some() => {
            ResultState::NotShown(NotShown::Forgotten)
        }
        (OperationState::Done, None, None) => ResultState::NotShown(NotShown::Expired),
    }
}
