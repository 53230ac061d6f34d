//! Accounts are created, edited and deleted by those who may, one call each, and everybody always knows how it went.

mod creates;
mod deletes;
mod edits;
mod mishaps;

use nyckel::model::{AuditEvent, AuditKind, OperationKind};
use nyckel::simulator::Mailbox;

use crate::stage::Panel;

const EDIT: &str = "email/editaccount";
const DELETE: &str = "email/delete";
const CREATE: &str = "email/createaccount";

/// How often GleSYS was asked for this, and how often it did it.
fn calls(panel: &Panel, function: &str) -> (usize, usize) {
    (panel.glesys.calls_to(function), panel.glesys.applied(function))
}

/// The account as GleSYS has it.
fn account(panel: &Panel, address: &str) -> Option<Mailbox> {
    panel.glesys.state().mailbox(address).cloned()
}

/// Somebody changes Anna's account in GleSYS's own panel.
fn behind_our_back(panel: &Panel, change: impl FnOnce(&mut Mailbox)) {
    panel.glesys.change(|state| {
        let domain = state.domains.get_mut("example.se").unwrap();
        change(domain.accounts.get_mut("anna@example.se").unwrap());
    });
}

/// The two rows of the one operation of this kind.
async fn rows(panel: &Panel, kind: OperationKind) -> (AuditEvent, AuditEvent) {
    (panel.one(kind.intent()).await, panel.one(kind.outcome()).await)
}

/// Nothing of this kind was begun, and the refusal is on record.
async fn must_be_refused(panel: &Panel, code: &str) {
    assert_eq!(panel.one(AuditKind::ChangeRefused).await.outcome.as_deref(), Some(code));
}
