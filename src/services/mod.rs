//! What the panel does. Every method takes a right from `access` and returns model values; nothing here knows HTTP pages.

pub mod admission;
pub mod audit;
pub mod changes;
pub mod confirmation;
pub mod directory;
pub mod failure;
pub mod intent;
pub mod ledger;
mod passkey_sign_ins;
pub mod passkeys;
pub mod reset_rules;
pub mod resets;
pub mod reveals;
mod running;
mod seal;
pub mod second_factors;
mod sign_in_links;
pub mod sign_ins;
pub mod single_sign_on;
pub mod staff;
mod sweeper;

pub use admission::Admission;
pub use audit::Audit;
pub use changes::Changes;
pub use directory::Directory;
pub use failure::Failure;
pub use ledger::Ledger;
pub use passkeys::Passkeys;
pub use resets::Resets;
pub use reveals::Reveals;
pub use second_factors::SecondFactors;
pub use sign_ins::SignIns;
pub use single_sign_on::SingleSignOn;
pub use staff::StaffBook;
pub use sweeper::Sweeper;
