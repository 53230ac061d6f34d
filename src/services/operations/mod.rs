//! How a change at GleSYS comes about: a petition is made, admission checks what must hold, the ledger records the
//! intent and makes the one call, and what it made is sealed until it is shown once.

pub mod admission;
pub mod aftermath;
mod callers;
mod came_of;
pub mod changes;
pub mod confirmation;
pub(super) mod envelopes;
mod grounds;
pub mod ledger;
pub mod mailing;
pub mod overdue;
pub mod petition;
pub mod proofs;
pub(super) mod recorded;
pub mod reveals;
pub mod rules;
mod running;
mod seal;
pub mod second_person;
mod seen;

pub use crate::glesys::function_of;
pub use admission::Admission;
pub use changes::Changes;
pub use ledger::Ledger;
pub use reveals::Reveals;
