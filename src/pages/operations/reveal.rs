//! The password of an operation that made one: it waits, or it is here.

use askama::Template;
use askama_web::WebTemplate;
use jiff::Timestamp;

use super::characters::{self, Character};
use crate::model::{OneTimePassword, Operation, OperationKind};
use crate::pages::Layout;
use crate::texts::Spelt;

#[derive(Template, WebTemplate)]
#[template(path = "operations/ready.html")]
pub(super) struct ReadyPage {
    layout: Layout,
    operation: Operation,
    until: Timestamp,
}

impl ReadyPage {
    pub fn of(layout: Layout, operation: Operation) -> Self {
        let until = operation.sealed_until.unwrap_or(layout.times.now);
        Self { layout, operation, until }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "operations/password.html")]
pub(super) struct PasswordPage {
    layout: Layout,
    operation: Operation,
    lead: &'static str,
    shown_once: String,
    caller_text: &'static str,
    groups: Vec<Vec<Character>>,
    spelt: Vec<Spelt>,
    has_odd: bool,
}

impl PasswordPage {
    pub fn of(layout: Layout, operation: Operation, password: OneTimePassword) -> Self {
        let password = password.reveal();
        let say = layout.say;
        let made_at = operation.ended_at.unwrap_or(layout.times.now);
        let (lead, shown_once, caller_text) = if operation.kind == OperationKind::ResetPassword {
            let shown_once = say.shown_this_once(&layout.times.clock_with_seconds(&made_at));
            (say.new_password_for(), shown_once, say.caller_text())
        } else {
            (say.new_account_password_for(), say.created_shown_once().to_owned(), say.new_account_caller_text())
        };
        Self {
            groups: characters::groups(&password, layout.say),
            spelt: layout.say.spell(&password),
            has_odd: characters::has_odd(&password),
            lead,
            shown_once,
            caller_text,
            layout,
            operation,
        }
    }
}
