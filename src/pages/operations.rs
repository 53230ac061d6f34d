//! How a change other than a reset went: done, not done and why, or unknown. `resets` shows what has a password.

use askama::Template;
use askama_web::WebTemplate;
use jiff::Timestamp;

use super::Layout;
use crate::model::{Operation, OperationKind, OperationState};
use crate::services::admission::cools_until;

#[derive(Template, WebTemplate)]
#[template(path = "operations/outcome.html")]
pub(super) struct OutcomePage {
    layout: Layout,
    operation: Operation,
    title: &'static str,
    /// `good`, `warn` or `danger`.
    tone: &'static str,
    happened: Vec<String>,
    to_do: Option<String>,
    /// The link to what was changed, with its words; `None` where it is gone.
    thing: Option<(String, &'static str)>,
}

/// The page of an operation that has ended, by its state.
pub(super) fn outcome_page(layout: Layout, operation: Operation) -> OutcomePage {
    let (say, kind) = (layout.say, operation.kind);
    let reason = || say.reason(operation.reason.as_deref().unwrap_or_default(), kind.function());
    let cools_until = cools_until(&operation).filter(|until: &Timestamp| *until > layout.times.now);
    let (title, tone, happened, to_do) = match operation.state {
        OperationState::Done => (say.change_done(kind), "good", Vec::new(), None),
        OperationState::Unknown => {
            let wait = cools_until.map(|until| say.change_wait(&layout.times.clock_with_seconds(&until)));
            let to_do = if kind == OperationKind::CreateAccount { say.create_unknown_do() } else { say.change_look() };
            let to_do = wait.map_or_else(|| to_do.to_owned(), |wait| format!("{to_do} {wait}"));
            (say.change_unknown(kind), "warn", vec![say.change_unknown_lead().to_owned(), reason()], Some(to_do))
        }
        _ => (say.change_not_done(kind), "danger", vec![say.change_nothing().to_owned(), reason()], None),
    };
    let thing = thing(&layout, &operation);
    OutcomePage { layout, operation, title, tone, happened, to_do, thing }
}

fn thing(layout: &Layout, operation: &Operation) -> Option<(String, &'static str)> {
    let (say, links, done) = (layout.say, &layout.links, operation.state == OperationState::Done);
    match operation.kind {
        OperationKind::DeleteAccount | OperationKind::DeleteAlias if done => None,
        kind if kind.is_about_an_alias() => Some((links.alias(&operation.address), say.to_alias())),
        _ => Some((links.account(&operation.address), say.to_account())),
    }
}
