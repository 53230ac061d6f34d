//! What becomes an operation: who wants what done to which address. It can be made only with the right to it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{Asker, CanIn, Denied, ManageMail, ResetPasswords};
use crate::model::{Address, AuditEvent, AuditKind, Change, OperationId, OperationKind};

/// What the one call will do.
#[derive(Clone, Debug)]
pub enum Task {
    Reset,
    Change(Change),
}

/// What becomes an operation.
#[derive(Debug)]
pub struct Intent {
    asker: Arc<Asker>,
    address: Address,
    /// Names the confirmation; used once.
    nonce: String,
    task: Task,
    ticket: Option<String>,
}

impl Intent {
    /// The reset of an account's password.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn reset(
        can: &CanIn<ResetPasswords>,
        address: Address,
        nonce: String,
        ticket: Option<String>,
    ) -> Result<Self, Denied> {
        can.is_for(&address)?;
        Ok(Self { asker: can.shared_asker(), address, nonce, task: Task::Reset, ticket })
    }

    /// Any other change of an account or alias.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn change(can: &CanIn<ManageMail>, address: Address, nonce: String, change: Change) -> Result<Self, Denied> {
        can.is_for(&address)?;
        Ok(Self { asker: can.shared_asker(), address, nonce, task: Task::Change(change), ticket: None })
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
        match &self.task {
            Task::Reset => OperationKind::ResetPassword,
            Task::Change(change) => change.kind(),
        }
    }

    /// An audit event about the operation that it became.
    pub fn event(&self, id: &OperationId, kind: AuditKind, at: Timestamp) -> AuditEvent {
        let detail = match &self.task {
            Task::Reset => self.ticket.clone(),
            Task::Change(change) => change.told(),
        };
        AuditEvent {
            address: Some(self.address.clone()),
            operation: Some(id.clone()),
            detail,
            ..self.asker.event(kind, at)
        }
    }
}
