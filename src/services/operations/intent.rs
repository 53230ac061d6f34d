//! What becomes an operation: who wants what done to which address. It can be made only with the right to it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{Asker, CanIn, Denied, ManageMail, ResetPasswords};
use crate::model::{Address, AuditEvent, AuditKind, Change, OperationId, OperationKind, Weight};

/// What the one call will do.
#[derive(Clone, Debug)]
pub enum Task {
    Reset,
    Change(Change),
}

impl Task {
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::Reset => OperationKind::ResetPassword,
            Self::Change(change) => change.kind(),
        }
    }
}

/// What becomes an operation.
#[derive(Clone, Debug)]
pub struct Intent {
    asker: Arc<Asker>,
    address: Address,
    /// Names the confirmation; used once. Empty until admission knows it.
    nonce: String,
    task: Task,
    ticket: Option<String>,
    weight: Option<Weight>,
    /// Where mail to an alias ends outside the company's domains.
    outside: Vec<String>,
}

impl Intent {
    /// The reset of an account's password.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn reset(can: &CanIn<ResetPasswords>, address: Address) -> Result<Self, Denied> {
        can.is_for(&address)?;
        Ok(Self::new(can.shared_asker(), address, Task::Reset))
    }

    /// Any other change of an account or alias.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn change(can: &CanIn<ManageMail>, address: Address, change: Change) -> Result<Self, Denied> {
        can.is_for(&address)?;
        Ok(Self::new(can.shared_asker(), address, Task::Change(change)))
    }

    const fn new(asker: Arc<Asker>, address: Address, task: Task) -> Self {
        Self { asker, address, nonce: String::new(), task, ticket: None, weight: None, outside: Vec::new() }
    }

    /// The same under the name of what confirmed it.
    pub(in crate::services) fn named(self, nonce: String) -> Self {
        Self { nonce, ..self }
    }

    /// The same for this reason or ticket.
    pub(super) fn because(self, ticket: Option<String>) -> Self {
        Self { ticket, ..self }
    }

    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    pub const fn address(&self) -> &Address {
        &self.address
    }

    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    pub const fn task(&self) -> &Task {
        &self.task
    }

    /// Reason or ticket of a reset.
    pub fn ticket(&self) -> Option<&str> {
        self.ticket.as_deref()
    }

    pub const fn kind(&self) -> OperationKind {
        self.task.kind()
    }

    /// What it takes of what limits protect; admission finds it.
    pub const fn weight(&self) -> Option<Weight> {
        self.weight
    }

    /// The same, once that is found, and where mail then ends outside.
    pub(super) fn weighing(self, weight: Option<Weight>, outside: Vec<String>) -> Self {
        Self { weight, outside, ..self }
    }

    /// Where an alias is to lead.
    pub const fn targets(&self) -> &[Address] {
        match &self.task {
            Task::Change(Change::CreateAlias(to) | Change::EditAlias { to, .. }) => to.as_slice(),
            _ => &[],
        }
    }

    /// An audit event about the operation that it became.
    pub fn event(&self, id: &OperationId, kind: AuditKind, at: Timestamp) -> AuditEvent {
        let detail = match &self.task {
            Task::Reset => self.ticket.clone(),
            Task::Change(change) if self.outside.is_empty() => change.told(),
            Task::Change(change) => change.told().map(|told| format!("{told}; outside: {}", self.outside.join(", "))),
        };
        AuditEvent {
            address: Some(self.address.clone()),
            operation: Some(id.clone()),
            detail,
            ..self.asker.event(kind, at)
        }
    }
}
