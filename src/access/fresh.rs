//! How long ago somebody may have proved who they are for what is done with care: resets, changes of the staff.

use jiff::{SignedDuration, Timestamp};

use crate::model::clock::age;

/// What is asked for where nobody set anything, and where resets ask for nothing.
pub const USUAL_LIMIT: SignedDuration = SignedDuration::from_mins(10);

/// The oldest proof that will do.
#[derive(Clone, Copy, Debug)]
pub struct FreshProof(Option<SignedDuration>);

impl FreshProof {
    /// For resets; `None` never asks.
    pub const fn for_resets(limit: Option<SignedDuration>) -> Self {
        Self(limit)
    }

    /// For changes of the staff, which ask always.
    pub fn for_staff(limit: Option<SignedDuration>) -> Self {
        Self(Some(limit.unwrap_or(USUAL_LIMIT)))
    }

    /// Whether a proof is ever asked for.
    pub const fn asks(self) -> bool {
        self.0.is_some()
    }

    /// Whether a proof of that moment will do now.
    pub fn holds(self, proved_at: Timestamp, now: Timestamp) -> bool {
        self.0.is_none_or(|limit| age(proved_at, now).is_some_and(|age| age <= limit))
    }
}
