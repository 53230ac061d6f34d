//! How the new password that GleSYS makes at a reset is handed over.

use super::OperationKind;

/// Who gets the new password of a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// The session that asked for it, once.
    Shown,
    /// Nobody: it is dropped unread, and the account is locked until its next reset.
    Nobody,
}

impl HandOver {
    /// The operation that hands its password over like this.
    pub const fn kind(self) -> OperationKind {
        match self {
            Self::Shown => OperationKind::ResetPassword,
            Self::Nobody => OperationKind::LockOut,
        }
    }
}
