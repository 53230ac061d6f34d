//! Why nothing came of a posted page about an account or an alias: nothing was sent. What came of any other is an operation.

use super::Failure;
use super::new_address::UnfitAddress;
use crate::model::Address;

/// Why nothing came of a page that makes something. `P` is what can be wrong with what was typed.
#[derive(Debug, thiserror::Error)]
pub enum NotCreated<P> {
    #[error(transparent)]
    Failure(#[from] Failure),
    /// What was typed can't be used, or is asked about first.
    #[error("what was typed is not taken")]
    Typed(P),
}

/// Why nothing came of a page that changes something. `C` is what GleSYS can have besides.
#[derive(Debug, thiserror::Error)]
pub enum NotEdited<P, C> {
    #[error(transparent)]
    Failure(#[from] Failure),
    /// What was typed can't be used, or is asked about first.
    #[error("what was typed is not taken")]
    Typed(P),
    /// GleSYS has something else now than the page was made for. The person has to decide.
    #[error("it was changed meanwhile")]
    Changed(C),
    /// GleSYS has it like that already.
    #[error("nothing would change")]
    Unchanged,
}

/// What is wrong with the address of a new account or alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    Unfit(UnfitAddress),
    /// The project has as many accounts or aliases as it may have.
    Full(u64),
    /// The same page was used before, for this address.
    PageUsed(Address),
}
