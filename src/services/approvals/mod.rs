//! Approvals: somebody asks a colleague before they do what the company wants two people for. Using one up is admission's.

mod ask;
mod decide;
pub mod people;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

pub use self::ask::{NotAsked, ToAsk, Wanted};
use super::Failure;
use super::operations::rules::{Gravity, Rules};
use super::operations::second_person::{At, Colleagues, counts, giver};
use crate::access::{Asker, CanSome, RightName, ViewMail, holds};
use crate::model::{
    Actor, Address, Approval, ApprovalId, ApprovalState, AuditEvent, Clock, Entropy, Fact, Joint, Operation,
    OperationId, Staff,
};
use crate::store::{self, Store, Transactions, Writing};

/// How long an approval is known that has ended.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long the overview says what became of what somebody asked.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Approvals. Cloned freely.
#[derive(Clone)]
pub struct Approvals {
    pub store: Store,
    pub rules: Arc<Rules>,
    pub clock: Clock,
    pub entropy: Entropy,
}

/// How an approval stands, for one who looks at it.
#[derive(Debug)]
pub struct ApprovalView {
    pub approval: Approval,
    /// How it stands now.
    pub stands: ApprovalState,
    /// Whether it is the looker's own.
    pub is_own: bool,
    /// Whether the looker can answer.
    pub may_answer: bool,
    /// Of a batch: the accounts that are to have their turn.
    pub accounts: Vec<Address>,
    /// What it was used for, where that is an operation.
    pub operation: Option<Operation>,
    /// Whether it can be used: it was given and not used, or nothing was sent then, and whoever gave it still may.
    pub counts: bool,
}

impl ApprovalView {
    /// Whether something can still come of it, so that it can be taken back.
    pub const fn is_unused(&self) -> bool {
        self.stands.is_open() || self.counts
    }
}

/// What waits when somebody comes to the panel.
#[derive(Debug, Default)]
pub struct Waiting {
    /// What they can answer.
    pub for_you: Vec<Approval>,
    /// What they have asked: what is open, and what ended lately.
    pub yours: Vec<OwnApproval>,
}

/// What somebody has asked for.
#[derive(Debug)]
pub struct OwnApproval {
    pub approval: Approval,
    /// How it stands now.
    pub stands: ApprovalState,
    /// What it was used for, where that is an operation.
    pub operation: Option<OperationId>,
}

impl Approvals {
    /// How an approval stands: for who asked it, for those who may answer it, and for whoever may read the audit.
    ///
    /// # Errors
    /// [`Failure::NoSuchApproval`] when there is none that the asker may know of; [`Failure::Store`].
    pub async fn look(&self, can: &CanSome<ViewMail>, id: &ApprovalId) -> Result<ApprovalView, Failure> {
        let mut db = self.store.snapshot().await?;
        let approval = self.known(&mut db, can.asker(), id).await?;
        let (at, staff) = (self.at(), &can.asker().staff);
        let is_own = approval.asked_by == staff.id;
        let colleagues = Colleagues::read(&mut db, at.now).await?;
        let can_approve = |by: &Staff| self.rules.can_approve(&approval.joint, &approval.asked_by, by, &colleagues);
        let may_answer = can_approve(staff);
        let operation = match &approval.nonce {
            Some(nonce) => db.operation_of_nonce(nonce).await?,
            None => None,
        };
        let counts = match giver(&mut db, &approval).await? {
            Some(by) => can_approve(&by) && counts(&mut db, &approval, at).await?,
            None => false,
        };
        let items = match &approval.joint {
            Joint::Batch { id, .. } => db.batch_items(id).await?,
            Joint::On { .. } => Vec::new(),
        };
        let accounts = items.into_iter().filter(|item| item.left_out.is_none()).map(|item| item.address).collect();
        let stands = approval.stands(at.now, at.elapsed);
        Ok(ApprovalView { approval, stands, is_own, may_answer, accounts, operation, counts })
    }

    /// What waits for somebody, oldest first.
    pub async fn waiting(&self, can: &CanSome<ViewMail>) -> Result<Waiting, Failure> {
        if self.rules.second_person.is_nothing() {
            return Ok(Waiting::default());
        }
        let mut db = self.store.snapshot().await?;
        let (at, staff, mut waiting) = (self.at(), &can.asker().staff, Waiting::default());
        let open = db.open_approvals().await?;
        let ended = db.approvals_ended(&staff.id, at.now - TOLD_FOR).await?;
        let ended = used_for(&mut db, ended).await?;
        if open.is_empty() {
            return Ok(Waiting { yours: ended, ..waiting });
        }
        let colleagues = Colleagues::read(&mut db, at.now).await?;
        for approval in open {
            let stands = approval.stands(at.now, at.elapsed);
            if approval.asked_by == staff.id {
                waiting.yours.push(OwnApproval { approval, stands, operation: None });
            } else if stands == ApprovalState::Asked
                && self.rules.can_approve(&approval.joint, &approval.asked_by, staff, &colleagues)
            {
                waiting.for_you.push(approval);
            }
        }
        waiting.yours.extend(ended);
        Ok(waiting)
    }

    /// The approval with which the asker may do this now, where it takes one.
    ///
    /// # Errors
    /// [`Failure::SecondPerson`]: it takes one, and none counts.
    pub async fn must_be_approved(&self, asker: &Asker, joint: Joint) -> Result<Option<Approval>, Failure> {
        approved(&self.store, &self.rules, asker, joint, self.now()).await
    }

    /// Ends those whose time is over, and forgets those that ended long ago.
    pub async fn end_overdue(&self) -> Result<(), store::Error> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let ended = tx.end_expired_approvals(now).await?;
        tell(&mut tx, &ended, now).await?;
        tx.remove_approvals_before(now - KEPT).await?;
        tx.commit().await
    }

    async fn known(&self, db: &mut Transactions, asker: &Asker, id: &ApprovalId) -> Result<Approval, Failure> {
        let approval = db.approval(id).await?.ok_or(Failure::NoSuchApproval)?;
        let staff = &asker.staff;
        let took_part = approval.asked_by == staff.id || approval.decided_by.as_ref() == Some(&staff.id);
        let holds = |right| holds(staff, right, approval.joint.domain());
        // What was done with it can be seen, and leads here.
        let is_seen = approval.state == ApprovalState::Used && holds(Gravity::of(approval.joint.kind()).right);
        if took_part || is_seen || holds(RightName::ReadAudit) {
            return Ok(approval);
        }
        let mailboxes = db.staff_mailboxes(self.now()).await?;
        let allowed = self.rules.allow_joint(&approval.joint, staff, &mailboxes);
        allowed.map(|()| approval).map_err(|_| Failure::NoSuchApproval)
    }

    fn at(&self) -> At {
        At { now: self.now(), elapsed: self.store.elapsed() }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What has ended, each with the operation that it was used for.
async fn used_for(db: &mut Transactions, ended: Vec<Approval>) -> Result<Vec<OwnApproval>, store::Error> {
    let mut known = Vec::new();
    for approval in ended {
        let operation = match &approval.nonce {
            Some(nonce) => db.operation_of_nonce(nonce).await?.map(|operation| operation.id),
            None => None,
        };
        known.push(OwnApproval { stands: approval.state, approval, operation });
    }
    Ok(known)
}

/// The approval with which the asker may do this now, where it takes one.
///
/// # Errors
/// [`Failure::SecondPerson`]: it takes one, and none counts.
pub(super) async fn approved(
    store: &Store,
    rules: &Rules,
    asker: &Asker,
    joint: Joint,
    now: Timestamp,
) -> Result<Option<Approval>, Failure> {
    if rules.second_person.is_nothing() {
        return Ok(None);
    }
    let mut db = store.snapshot().await?;
    if !rules.takes_second_person(&mut db, &joint, now).await? {
        return Ok(None);
    }
    let at = At { now, elapsed: store.elapsed() };
    match rules.approved(&mut db, &asker.staff.id, &joint, at).await? {
        Some(approved) => Ok(Some(approved.approval)),
        None => Err(Failure::SecondPerson(joint.into())),
    }
}

/// Ends every approval that waits.
pub(super) async fn forget_all(tx: &mut Writing, now: Timestamp) -> Result<(), store::Error> {
    let forgotten = tx.forget_approvals(now).await?;
    tell(tx, &forgotten, now).await
}

/// Records how approvals ended by themselves, under the names of who asked.
async fn tell(tx: &mut Writing, ended: &[Approval], now: Timestamp) -> Result<(), store::Error> {
    for approval in ended {
        if let Some(kind) = approval.state.told() {
            let event = AuditEvent::new(kind, now);
            let actor = Some(Actor::Staff(approval.asked_by.clone()));
            let event = AuditEvent { actor, staff_name: Some(approval.asked_name.clone()), ..event };
            tx.record(&about(approval, event)).await?;
        }
    }
    Ok(())
}

/// The event with what it is about.
fn about(approval: &Approval, event: AuditEvent) -> AuditEvent {
    let address = approval.joint.address().cloned();
    let domain = address.is_none().then(|| approval.joint.domain().clone());
    AuditEvent { address, domain, facts: approval.facts(), ..event }
}

/// Records what somebody has done with an approval; of another's, whose it is.
async fn record(tx: &mut Writing, asker: &Asker, approval: &Approval, now: Timestamp) -> Result<(), store::Error> {
    let Some(kind) = approval.state.told() else { return Ok(()) };
    let event = about(approval, asker.event(kind, now));
    let whose = (approval.asked_by != asker.staff.id).then(|| approval.asked_name.clone());
    tx.record(&AuditEvent { facts: event.facts.with_some(Fact::Person, whose), ..event }).await
}
