//! What may become an operation: who asks for what on which address, and where that comes from. It can be made only with
//! the right to it; whether it may begin is admission's to say.

use std::sync::Arc;

use jiff::Timestamp;

use super::changes::LastSeen;
use crate::access::{Asker, CanIn, Denied, ManageMail, ResetPasswords};
use crate::model::{Address, AuditEvent, BatchId, Change, HandOver, MailWish, OperationKind, Stated};

/// What the one call will do.
#[derive(Clone, Debug)]
pub enum Task {
    Reset(HandOver),
    Change(Change),
}

impl Task {
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::Reset(to) => to.kind(),
            Self::Change(change) => change.kind(),
        }
    }

    /// How the password that it makes is handed over, if it makes one.
    pub const fn hand_over(&self) -> Option<HandOver> {
        match self {
            Self::Reset(to) => Some(*to),
            Self::Change(change) => change.hand_over(),
        }
    }

    /// Where an alias is to lead.
    pub fn targets(&self) -> Vec<String> {
        match self {
            Self::Change(Change::CreateAlias(to)) => to.iter().map(Address::to_string).collect(),
            Self::Change(Change::EditAlias { to, .. }) => to.clone(),
            _ => Vec::new(),
        }
    }
}

/// Where a petition comes from, which names it: the same one again becomes no second operation.
#[derive(Clone, Debug)]
pub enum Source {
    /// A page that somebody posted, by its token.
    Page(String),
    /// An account's turn in this run of a batch. When the batch was begun, the person had proved who they are.
    Turn(BatchId, i64),
}

/// What may become an operation.
#[derive(Clone, Debug)]
pub struct Petition {
    asker: Arc<Asker>,
    address: Address,
    task: Task,
    source: Source,
    stated: Stated,
    mail: Option<MailWish>,
    seen: Option<LastSeen>,
}

impl Petition {
    /// The reset of an account's password, for whoever is to get it, on these grounds.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn reset(
        can: &CanIn<ResetPasswords>,
        to: HandOver,
        address: Address,
        source: Source,
        stated: Stated,
    ) -> Result<Self, Denied> {
        can.is_for(&address)?;
        Ok(Self { asker: can.shared_asker(), address, task: Task::Reset(to), source, stated, mail: None, seen: None })
    }

    /// Any other change of an account or alias.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn change(can: &CanIn<ManageMail>, address: Address, change: Change, source: Source) -> Result<Self, Denied> {
        can.is_for(&address)?;
        let (task, stated) = (Task::Change(change), Stated::default());
        Ok(Self { asker: can.shared_asker(), address, task, source, stated, mail: None, seen: None })
    }

    /// The same with the owner's link sent by mail, where the password goes by link.
    #[must_use]
    pub fn mailed(self, mail: Option<MailWish>) -> Self {
        Self { mail: mail.filter(|_| self.task.hand_over() == Some(HandOver::Link)), ..self }
    }

    /// The same for something that was read when the address was seen like this: void once more has happened to it.
    #[must_use]
    pub fn since(self, seen: LastSeen) -> Self {
        Self { seen: Some(seen), ..self }
    }

    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    pub const fn address(&self) -> &Address {
        &self.address
    }

    pub const fn task(&self) -> &Task {
        &self.task
    }

    pub const fn kind(&self) -> OperationKind {
        self.task.kind()
    }

    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// On what grounds, as typed.
    pub const fn stated(&self) -> &Stated {
        &self.stated
    }

    /// To whom the owner's link is to go by mail, if it is.
    pub const fn mail(&self) -> Option<&MailWish> {
        self.mail.as_ref()
    }

    pub const fn seen(&self) -> Option<&LastSeen> {
        self.seen.as_ref()
    }
}

/// What the audit keeps of something that was asked for and refused, under the name of why.
pub fn refusal(asker: &Asker, kind: OperationKind, address: &Address, code: &str, at: Timestamp) -> AuditEvent {
    AuditEvent { address: Some(address.clone()), outcome: Some(code.to_owned()), ..asker.event(kind.refusal(), at) }
}
