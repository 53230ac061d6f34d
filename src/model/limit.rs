//! Which limit is reached.

use super::Guarded;

/// A limit on what is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    OfStaff(Guarded),
    OfAccount,
    /// Of all staff together.
    OfPanel(Guarded),
}

impl Limit {
    /// The name under which the audit and the store keep it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OfAccount => "limit_of_account",
            Self::OfStaff(Guarded::Passwords) => "limit_of_staff",
            Self::OfStaff(Guarded::LockOuts) => "lock_outs_of_staff",
            Self::OfStaff(Guarded::Redirects) => "redirects_of_staff",
            Self::OfStaff(Guarded::Replies) => "replies_of_staff",
            Self::OfStaff(Guarded::Deletions) => "deletions_of_staff",
            Self::OfStaff(Guarded::Batched) => "batched_of_staff",
            Self::OfStaff(Guarded::BulkResets) => "bulk_resets_of_staff",
            Self::OfPanel(Guarded::Passwords) => "limit_of_panel",
            Self::OfPanel(Guarded::LockOuts) => "lock_outs_of_panel",
            Self::OfPanel(Guarded::Redirects) => "redirects_of_panel",
            Self::OfPanel(Guarded::Replies) => "replies_of_panel",
            Self::OfPanel(Guarded::Deletions) => "deletions_of_panel",
            Self::OfPanel(Guarded::Batched) => "batched_of_panel",
            Self::OfPanel(Guarded::BulkResets) => "bulk_resets_of_panel",
        }
    }

    /// The limit of that name.
    pub fn named(name: &str) -> Option<Self> {
        let on = Guarded::ALL.into_iter().flat_map(|on| [Self::OfStaff(on), Self::OfPanel(on)]);
        on.chain([Self::OfAccount]).find(|limit| limit.name() == name)
    }
}
