//! A change of an account or alias at GleSYS other than a reset, with what it changes from what to what.
//!
//! Services make one of a form that was checked; the ledger records it and carries it out.

use super::{AccountSettings, Address, Fact, Facts, HandOver, OperationKind};

/// What is to become of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new account. GleSYS makes its password, which is handed over like this.
    CreateAccount(AccountSettings, HandOver),
    /// Other settings; only what differs is sent.
    EditAccount {
        from: AccountSettings,
        to: AccountSettings,
    },
    DeleteAccount,
    /// A new alias that leads to these.
    CreateAlias(Vec<Address>),
    /// Other targets, as GleSYS had them, where it said so, and as they are to be: new ones are addresses, the others stay
    /// as they were written.
    EditAlias {
        from: Option<Vec<String>>,
        to: Vec<String>,
    },
    /// With the targets that it led to, where GleSYS said so.
    DeleteAlias(Option<Vec<String>>),
}

impl Change {
    /// The kind of operation that it is.
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::CreateAccount(..) => OperationKind::CreateAccount,
            Self::EditAccount { .. } => OperationKind::EditAccount,
            Self::DeleteAccount => OperationKind::DeleteAccount,
            Self::CreateAlias(_) => OperationKind::CreateAlias,
            Self::EditAlias { .. } => OperationKind::EditAlias,
            Self::DeleteAlias(_) => OperationKind::DeleteAlias,
        }
    }

    /// How the password that it makes is handed over, if it makes one.
    pub const fn hand_over(&self) -> Option<HandOver> {
        if let Self::CreateAccount(_, way) = self { Some(*way) } else { None }
    }

    /// What changes from what to what, for the audit; none where the kind says it all.
    pub fn facts(&self) -> Facts {
        let led = |targets: &Option<Vec<String>>| Facts::new().with_some(Fact::TargetsBefore, targets.clone());
        match self {
            Self::CreateAccount(settings, _) => settings.facts(),
            Self::EditAccount { from, to } => from.facts_of_change(to),
            Self::DeleteAccount => Facts::new(),
            Self::CreateAlias(targets) => Facts::new().with(Fact::Targets, texts(targets)),
            Self::EditAlias { from, to } => led(from).with(Fact::Targets, to.clone()),
            Self::DeleteAlias(targets) => led(targets),
        }
    }
}

fn texts(targets: &[Address]) -> Vec<String> {
    targets.iter().map(Address::to_string).collect()
}
