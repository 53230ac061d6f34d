//! Who is asking and what they may do: sessions, rights, passwords, keys, throttling.
//!
//! Services take the rights that are made here; pages ask the [`Gate`] for them. Nothing here knows HTTP or GleSYS.

mod asker;
mod can;
pub mod codes;
mod cookie;
pub mod device;
pub mod envelope;
pub mod flow;
pub mod fresh;
mod guessable;
mod hashing;
pub mod keys;
pub mod passkeys;
pub mod password;
pub mod rights;
pub mod second_factor;
pub mod session;
pub mod throttle;
pub mod token;
mod used_up;

pub use asker::{Asker, Gone, Proof, Standing};
pub use can::{Can, CanIn, CanSome, Denied, Gate, PanelRight, holds, holds_everywhere};
pub use cookie::SessionKey;
pub use keys::Keys;
pub use rights::{ManageMail, ManageStaff, ReadAudit, ResetPasswords, Right, RightName, ViewMail};
pub use session::Sessions;
