//! An address outside a mailbox at which its owner can be reached when they can't read it. Managers keep it.

use jiff::Timestamp;

use super::coded::coded;
use super::{Address, LetterState, OperationId, StaffId};

/// The contact address of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub account: Address,
    pub address: Address,
    pub set_by: StaffId,
    pub set_at: Timestamp,
    /// When GleSYS had made the account, as far as was known.
    pub account_created: Option<Timestamp>,
}

impl Contact {
    /// Whether it was set for the account that GleSYS made then, and not for one that had the address before.
    pub fn is_of_account_made(&self, created: Option<Timestamp>) -> bool {
        self.account_created.zip(created).is_none_or(|(was, is)| was == is)
    }
}

/// What is kept as the contact address of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldContact {
    None,
    Known(Contact),
    /// Somebody wrote past the panel, so that what is there counts for nothing. With the address that the panel set last, as
    /// the audit tells.
    Edited(Option<Address>),
}

impl HeldContact {
    /// The one that counts for the account that GleSYS made then.
    pub fn counting(self, created: Option<Timestamp>) -> Option<Contact> {
        if let Self::Known(contact) = self {
            Some(contact).filter(|known| known.is_of_account_made(created))
        } else {
            None
        }
    }

    /// Whom the panel took for the owner's until now.
    pub fn last(&self) -> Option<&Address> {
        match self {
            Self::None => None,
            Self::Known(contact) => Some(&contact.address),
            Self::Edited(told) => told.as_ref(),
        }
    }
}

coded! {
    /// What the one who had been the contact is told.
    pub enum ContactNews {
        /// Another address has taken its place.
        Changed = "contact_changed",
        Removed = "contact_removed",
    }
}

/// A message to the one who had been the contact of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactLetter {
    /// Names the message.
    pub id: OperationId,
    pub account: Address,
    pub to: Address,
    pub news: ContactNews,
    pub at: Timestamp,
    pub state: LetterState,
}
