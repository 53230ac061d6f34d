//! What the panel does. Every method takes a right from `access` and returns model values; nothing here knows HTTP pages.

pub mod accounts;
pub mod aliases;
pub mod audit;
pub mod batches;
pub mod costs;
pub mod csv;
pub mod directory;
pub mod domain_export;
pub mod drafts;
pub mod failure;
pub mod new_address;
pub mod not_done;
pub mod operations;
pub mod passkeys;
pub mod resets;
pub mod rollback;
pub mod second_factors;
pub mod sign_ins;
pub mod staff;
mod sweeper;
mod watch;

pub use accounts::Accounts;
pub use aliases::Aliases;
pub use audit::Audit;
pub use batches::Batches;
pub use costs::CostBook;
pub use directory::Directory;
pub use drafts::Drafts;
pub use failure::Failure;
pub use operations::{Admission, Changes, Ledger, Reveals};
pub use passkeys::Passkeys;
pub use resets::Resets;
pub use second_factors::SecondFactors;
pub use sign_ins::{SignIns, SingleSignOn};
pub use staff::StaffBook;
pub use sweeper::Sweeper;
