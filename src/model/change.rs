//! A change of an account or alias at GleSYS other than a reset, with what it changes from what to what.
//!
//! Services make one of a form that was checked; the ledger records it and carries it out.

use super::{AccountSettings, Address, OperationKind};

/// What is to become of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new account. GleSYS makes its password.
    CreateAccount(AccountSettings),
    /// Other settings; only what differs is sent.
    EditAccount {
        from: AccountSettings,
        to: AccountSettings,
    },
    DeleteAccount,
    /// A new alias that leads to these.
    CreateAlias(Vec<Address>),
    /// Other targets, as GleSYS had them and as they are to be.
    EditAlias {
        from: Vec<String>,
        to: Vec<Address>,
    },
    /// The targets that it led to are told.
    DeleteAlias(Vec<String>),
}

impl Change {
    /// The kind of operation that it is.
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::CreateAccount(_) => OperationKind::CreateAccount,
            Self::EditAccount { .. } => OperationKind::EditAccount,
            Self::DeleteAccount => OperationKind::DeleteAccount,
            Self::CreateAlias(_) => OperationKind::CreateAlias,
            Self::EditAlias { .. } => OperationKind::EditAlias,
            Self::DeleteAlias(_) => OperationKind::DeleteAlias,
        }
    }

    /// What changes from what to what, for the audit: in words and numbers, an automatic reply by its length only.
    /// `None` where the kind says it all.
    pub fn told(&self) -> Option<String> {
        let told = match self {
            Self::CreateAccount(settings) => settings.told(),
            Self::EditAccount { from, to } => from.told_as_changed_to(to),
            Self::DeleteAccount => return None,
            Self::CreateAlias(targets) => format!("leads to {}", joined(targets)),
            Self::EditAlias { from, to } => format!("leads to {} instead of {}", joined(to), from.join(", ")),
            Self::DeleteAlias(targets) => format!("led to {}", targets.join(", ")),
        };
        (!told.is_empty()).then_some(told)
    }
}

fn joined(targets: &[Address]) -> String {
    targets.iter().map(Address::as_str).collect::<Vec<_>>().join(", ")
}
