//! Whether an account is locked out.

use super::{Operation, OperationState};

/// Whether nobody has an account's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockedOut {
    No,
    /// GleSYS did not say how its lock-out ended.
    Unknown,
    Yes,
}

impl LockedOut {
    /// The name that files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Yes => "yes",
        }
    }

    /// What a lock-out makes of its account, as long as nothing has come after it.
    pub const fn by(lock_out: &Operation) -> Self {
        match lock_out.state() {
            OperationState::Done => Self::Yes,
            OperationState::Unknown => Self::Unknown,
            _ => Self::No,
        }
    }
}
