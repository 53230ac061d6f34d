//! What the page of a reset says of the last that was done to the account's password.

use super::super::Layout;
use crate::model::{Operation, OperationKind, OperationState};

pub(super) enum Last {
    Nothing,
    Done(Operation),
    LockedOut(Operation),
    Unknown(Operation),
}

impl Last {
    pub(super) fn of(last: Option<Operation>) -> Self {
        match last {
            Some(last) => match (last.state(), last.kind) {
                (OperationState::Unknown, _) => Self::Unknown(last),
                (OperationState::Done, OperationKind::LockOut) => Self::LockedOut(last),
                (OperationState::Done, kind) if kind.makes_a_password() => Self::Done(last),
                _ => Self::Nothing,
            },
            None => Self::Nothing,
        }
    }

    /// That a password was made.
    pub(super) fn done_before(layout: &Layout, last: &Operation) -> String {
        layout.say.last_password(last.kind, &layout.times.ago(&last.begun_at), &last.told_as)
    }

    /// That nobody knows whether one was.
    pub(super) fn unknown_before(layout: &Layout, last: &Operation) -> String {
        let (say, ago) = (layout.say, layout.times.ago(&last.begun_at));
        match last.kind {
            OperationKind::LockOut => say.last_unknown_lock_out(&ago, &last.told_as),
            _ => say.last_unknown(&ago, &last.told_as),
        }
    }
}
