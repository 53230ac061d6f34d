//! An account of a batch, and where it stands.

use super::{Address, BatchAction, Kept, LinkEnd, OperationId, OperationState, Outcome, WhyLeftOut};

/// An account of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    pub address: Address,
    /// Why no operation was made of it.
    pub left_out: Option<Kept<WhyLeftOut>>,
    pub operation: Option<ItemOperation>,
}

/// The operation that was made of an account of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemOperation {
    pub id: OperationId,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
    /// How the owner's link ended, where the password went that way.
    pub link_end: Option<LinkEnd>,
}

/// Where an account of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    Waiting,
    Working,
    Done,
    /// It had the setting already.
    Unchanged,
    Skipped,
    NotDone,
    Unknown,
}

impl ItemState {
    /// That of an account of which no operation is made for this reason.
    pub const fn left_out(why: &Kept<WhyLeftOut>) -> Self {
        match why {
            Kept::Known(WhyLeftOut::Unchanged) => Self::Unchanged,
            Kept::Known(WhyLeftOut::LockedOutSince) => Self::Done,
            Kept::Known(_) | Kept::Foreign(_) => Self::Skipped,
        }
    }
}

impl BatchItem {
    pub fn state(&self) -> ItemState {
        match (&self.operation, &self.left_out) {
            (Some(operation), _) => match operation.outcome.as_ref().map(Outcome::state) {
                None | Some(OperationState::InFlight) => ItemState::Working,
                Some(OperationState::Done) => ItemState::Done,
                Some(OperationState::Refused | OperationState::NotSent) => ItemState::NotDone,
                Some(OperationState::Unknown) => ItemState::Unknown,
            },
            (None, Some(why)) => ItemState::left_out(why),
            (None, None) => ItemState::Waiting,
        }
    }

    /// Whether its password was made for an owner who can't read it any more and did not.
    pub fn is_out_of_reach(&self) -> bool {
        self.operation.as_ref().and_then(|operation| operation.link_end).is_some_and(LinkEnd::leaves_nobody)
    }

    /// Whether it has its turn when the batch begins or goes on: it was certainly not changed, and may be now. A password
    /// of which nobody knows whether it was made can be made again; a setting, somebody may have decided otherwise since. So can one
    /// that nobody has, because its link ended.
    pub fn is_to_do(&self, action: BatchAction) -> bool {
        match self.state() {
            ItemState::Waiting | ItemState::NotDone => true,
            ItemState::Skipped => matches!(&self.left_out, Some(Kept::Known(why)) if why.passes()),
            ItemState::Unknown => action.is_about_passwords(),
            ItemState::Done => self.is_out_of_reach(),
            ItemState::Working | ItemState::Unchanged => false,
        }
    }
}
