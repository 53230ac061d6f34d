//! Asking a colleague to approve something, with the reason for it.

use super::{Approvals, record, tell};
use crate::access::{CanSome, ViewMail};
use crate::model::approval::MOST_OPEN;
use crate::model::reason::{Asked, ReasonPolicy, ReasonProblem};
use crate::model::{
    Address, Approval, ApprovalId, BatchId, BatchState, CallerCheck, CallerProblem, HandOver, Joint, OfferedWays,
    OperationKind, Staff, Stated,
};
use crate::services::Failure;
use crate::services::operations::second_person::Colleagues;
use crate::store::{self, NewApproval, Refusal, Transactions};

/// What somebody wants approved.
#[derive(Clone, Debug)]
pub enum Wanted {
    On {
        kind: OperationKind,
        address: Address,
        way: Option<HandOver>,
    },
    /// A batch that is put together, or goes on without having been approved.
    Batch(BatchId),
}

/// Why nobody was asked.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// It takes no second person.
    #[error("it takes one person")]
    NotNeeded(Joint),
    #[error("who asks was not checked as the company wants it")]
    Caller(CallerProblem),
    #[error(transparent)]
    Reason(#[from] ReasonProblem),
    /// So many of the asker's are open that no other may be.
    #[error("too many are open")]
    TooMany,
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<store::Error> for NotAsked {
    fn from(error: store::Error) -> Self {
        Self::Failure(error.into())
    }
}

/// What the page needs to know that asks.
#[derive(Debug)]
pub struct ToAsk {
    pub joint: Joint,
    /// How a new password can be handed over, the usual way first.
    pub ways: Vec<HandOver>,
    /// The asker's own that is open for the same.
    pub open: Option<Approval>,
    /// Whether anybody could approve it.
    pub somebody_can: bool,
    /// The accounts for which it is asked how the asker checked who asks them.
    pub accounts: Vec<Address>,
}

/// What is to be approved.
struct Meant {
    joint: Joint,
    /// Of a batch: the digest of its accounts.
    selection: Option<Vec<u8>>,
    /// The accounts for which a check is asked for: none where that was done when a batch began.
    accounts: Vec<Address>,
    /// How it was checked then.
    caller: Option<CallerCheck>,
}

impl Approvals {
    /// What reasons must look like here: a colleague judges by them, so there must be one.
    pub fn reasons(&self) -> ReasonPolicy {
        ReasonPolicy { asked: Asked::Required, ..self.rules.reasons.clone() }
    }

    /// The ways of checking who asks that there are to choose from.
    pub fn ways(&self, joint: &Joint, accounts: &[Address]) -> OfferedWays<'_> {
        match joint {
            Joint::On { kind, address, .. } => self.rules.ways_for_one(*kind, address),
            Joint::Batch { action, .. } => self.rules.ways_for_batch(*action, &accounts.iter().collect::<Vec<_>>()),
        }
    }

    /// What the page needs to know that asks. It changes nothing.
    ///
    /// # Errors
    /// [`NotAsked`]: there is nothing to ask.
    pub async fn to_ask(&self, can: &CanSome<ViewMail>, wanted: &Wanted) -> Result<ToAsk, NotAsked> {
        let mut db = self.store.snapshot().await?;
        let (staff, now) = (&can.asker().staff, self.now());
        let Meant { joint, accounts, .. } = self.meant(&mut db, can, wanted).await?;
        let colleagues = Colleagues::read(&mut db, now).await?;
        self.rules.allow_joint(&joint, staff, &colleagues.mailboxes).map_err(Failure::from)?;
        if !self.rules.takes_second_person(&mut db, &joint, now).await? {
            return Err(NotAsked::NotNeeded(joint));
        }
        let ways = match &joint {
            Joint::On { kind, address, .. } if kind.makes_a_password() => self.rules.hand_over.ways(address),
            _ => Vec::new(),
        };
        let open = self.open_of(&mut db, can, &joint).await?.0;
        let others = db.all_staff().await?;
        let can_approve = |by: &Staff| self.rules.can_approve(&joint, &staff.id, by, &colleagues);
        let somebody_can = others.iter().any(|other| can_approve(&other.staff));
        Ok(ToAsk { joint, ways, open, somebody_can, accounts })
    }

    /// Asks. Of the same that is open already there is no second.
    ///
    /// # Errors
    /// [`NotAsked`]: nobody was asked.
    pub async fn ask(&self, can: &CanSome<ViewMail>, wanted: &Wanted, stated: &Stated) -> Result<ApprovalId, NotAsked> {
        let (now, asker) = (self.now(), can.asker());
        let mut tx = self.store.write().await?;
        let standing = asker.standing(&mut tx).await.map_err(Failure::from)?;
        let Meant { joint, selection, accounts, caller } = self.meant(&mut tx, can, wanted).await?;
        let mailboxes = tx.staff_mailboxes(now).await?;
        self.rules.allow_joint(&joint, &standing.staff, &mailboxes).map_err(Failure::from)?;
        if !self.rules.takes_second_person(&mut tx, &joint, now).await? {
            return Err(NotAsked::NotNeeded(joint));
        }
        if let Joint::On { kind, address, way } = &joint
            && kind.makes_a_password()
            && !way.is_some_and(|way| self.rules.hand_over.allows(*kind, way, address))
        {
            return Err(Failure::WayNotOffered(*kind, address.clone()).into());
        }
        let ticket = self.reasons().read(&stated.ticket)?.ok_or(ReasonProblem::Missing)?;
        let caller = self.ways(&joint, &accounts).read(stated).map_err(NotAsked::Caller)?.or(caller);
        let ended = tx.end_expired_approvals(now).await?;
        tell(&mut tx, &ended, now).await?;
        let (open, count) = self.open_of(&mut tx, can, &joint).await?;
        if let Some(open) = open {
            return Ok(open.id);
        }
        if count >= MOST_OPEN {
            return Err(NotAsked::TooMany);
        }
        let id = ApprovalId::parse(&self.entropy.id(&self.clock)).map_err(|_| store::Error::Unreadable("an id"))?;
        let (selection, caller) = (selection.as_deref(), caller.as_ref());
        let asked_by = &asker.staff.id;
        let new = NewApproval { id: &id, asked_by, joint: &joint, selection, ticket: &ticket, caller, at: now };
        if !tx.add_approval(&new).await? {
            // The row that stands in the way is none that could be read.
            return Err(store::Error::from(Refusal::RowEdited("an approval")).into());
        }
        let approval = tx.approval(&id).await?.ok_or(Failure::NoSuchApproval)?;
        record(&mut tx, asker, &approval, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn meant(&self, db: &mut Transactions, can: &CanSome<ViewMail>, wanted: &Wanted) -> Result<Meant, Failure> {
        match wanted {
            Wanted::On { kind, address, way } => {
                let joint = Joint::On { kind: *kind, address: address.clone(), way: *way };
                Ok(Meant { joint, selection: None, accounts: Vec::new(), caller: None })
            }
            Wanted::Batch(id) => {
                let batch = db.batch(id).await?.filter(|batch| batch.staff == can.asker().staff.id);
                let batch = batch.filter(|batch| batch.state != BatchState::Running).ok_or(Failure::NoSuchBatch)?;
                let items = db.batch_items(id).await?;
                let accounts = items.iter().filter(|item| item.left_out.is_none()).count();
                let selection = db.selection(id, batch.action).await?;
                let joint = Joint::of_batch(&batch, accounts);
                let is_asked = batch.state == BatchState::Proposed;
                let to_do = items.into_iter().filter(|item| is_asked && item.is_to_do(batch.action));
                let accounts = to_do.map(|item| item.address).collect();
                Ok(Meant { joint, selection: Some(selection), accounts, caller: batch.grounds.caller })
            }
        }
    }

    /// The asker's own that is open for the same, and how many of theirs are open.
    async fn open_of(
        &self,
        db: &mut Transactions,
        can: &CanSome<ViewMail>,
        joint: &Joint,
    ) -> Result<(Option<Approval>, usize), store::Error> {
        let at = self.at();
        let mut own = db.open_approvals().await?;
        own.retain(|open| open.asked_by == can.asker().staff.id);
        let count = own.len();
        let is_same = |open: &Approval| open.joint.about() == joint.about() && open.joint.code() == joint.code();
        let same = own.into_iter().find(|open| is_same(open) && open.stands(at.now, at.elapsed).is_open());
        Ok((same, count))
    }
}
