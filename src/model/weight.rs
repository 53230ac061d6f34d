//! What the company's limits protect, and how much of it an operation takes, whatever function of GleSYS does it.

use super::Rate;

/// Something that limits protect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guarded {
    /// Passwords made and shown: resets and new accounts.
    Passwords,
    /// Accounts that nobody can sign in to any more.
    LockOuts,
    /// Addresses outside the company's domains that mail is newly led to.
    Redirects,
    /// Answers in an owner's name, and mail that is answered and thrown away.
    Replies,
    Deletions,
    /// Accounts that are changed many at once.
    Batched,
    /// Passwords that are made many at once, for their owners.
    BulkResets,
}

impl Guarded {
    pub const ALL: [Self; 7] = [
        Self::Passwords,
        Self::LockOuts,
        Self::Redirects,
        Self::Replies,
        Self::Deletions,
        Self::Batched,
        Self::BulkResets,
    ];

    /// The name that the database uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passwords => "passwords",
            Self::LockOuts => "lock_outs",
            Self::Redirects => "redirects",
            Self::Replies => "replies",
            Self::Deletions => "deletions",
            Self::Batched => "batched",
            Self::BulkResets => "bulk_resets",
        }
    }
}

/// So much of something that limits protect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    pub of: Guarded,
    pub much: i64,
}

impl Weight {
    pub const fn one(of: Guarded) -> Self {
        Self { of, much: 1 }
    }
}

/// How much may be tried; `None` is no limit.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    pub per_staff: Option<Rate>,
    pub per_account: Option<Rate>,
    pub total: Option<Rate>,
}

/// How much may be tried of everything that limits protect.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub passwords: Allowance,
    pub lock_outs: Allowance,
    pub redirects: Allowance,
    pub replies: Allowance,
    pub deletions: Allowance,
    pub batched: Allowance,
    pub bulk_resets: Allowance,
}

impl Limits {
    pub const fn of(&self, guarded: Guarded) -> &Allowance {
        match guarded {
            Guarded::Passwords => &self.passwords,
            Guarded::LockOuts => &self.lock_outs,
            Guarded::Redirects => &self.redirects,
            Guarded::Replies => &self.replies,
            Guarded::Deletions => &self.deletions,
            Guarded::Batched => &self.batched,
            Guarded::BulkResets => &self.bulk_resets,
        }
    }
}
