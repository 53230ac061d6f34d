//! The page on which the owner of a mailbox reads its new password, once.

use askama::Template;
use askama_web::WebTemplate;

use crate::model::client_settings::ClientSettings;
use crate::model::{HelpDesk, OneTimePassword, Operation, OperationKind};
use crate::pages::Layout;
use crate::pages::operations::characters::{self, Character};
use crate::texts::{Reading, Texts};

#[derive(Template, WebTemplate)]
#[template(path = "owners/password.html")]
pub(super) struct PasswordPage {
    layout: Layout,
    desk: HelpDesk,
    operation: Operation,
    /// What to enter besides, where the panel knows it.
    settings: Option<ClientSettings>,
    caller_text: &'static str,
    groups: Vec<Vec<Character>>,
    readings: [Reading; 2],
    has_odd: bool,
}

impl PasswordPage {
    pub fn of(
        layout: Layout,
        desk: HelpDesk,
        operation: Operation,
        settings: Option<ClientSettings>,
        password: OneTimePassword,
    ) -> Self {
        let (say, password) = (layout.say, password.reveal());
        let is_new = operation.kind == OperationKind::CreateAccount;
        Self {
            groups: characters::groups(&password, say),
            readings: Texts::readings(&password),
            has_odd: characters::has_odd(&password),
            caller_text: if is_new { say.new_account_caller_text() } else { say.caller_text() },
            layout,
            desk,
            operation,
            settings,
        }
    }
}
