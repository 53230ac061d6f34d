//! How a change without a password went: done, not done and why, or unknown.

use askama::Template;
use askama_web::WebTemplate;
use jiff::Timestamp;

use crate::model::{LockedOut, Operation, OperationKind, OperationState, WhyNot, WhyRefused};
use crate::pages::Layout;
use crate::services::operations::aftermath::Aftermath;
use crate::services::operations::function_of;
use crate::texts::Texts;

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
    /// The link to the form, or to what was changed, with its words; `None` where nothing is there.
    thing: Option<(String, &'static str)>,
}

/// The page of an operation that has ended, by its state; `own` where this session began it.
pub(super) fn outcome_page(
    layout: Layout,
    operation: Operation,
    aftermath: &Aftermath,
    own: bool,
    cools_until: Option<Timestamp>,
    may_reset: bool,
) -> OutcomePage {
    let (say, kind) = (layout.say, operation.kind);
    let reason = || why_not_done(say, &operation);
    let since = since(&layout, aftermath);
    let (title, tone, happened, to_do) = match operation.state() {
        OperationState::Done if kind == OperationKind::LockOut && since.is_none() => {
            let happened = [say.fact_nobody(), say.lock_out_goes_on(), say.lock_out_open()].map(str::to_owned);
            (say.change_done(kind), "good", happened.to_vec(), may_reset.then(|| say.lock_out_ends().to_owned()))
        }
        OperationState::Done if kind == OperationKind::LockOut => {
            (say.change_done(kind), "good", since.into_iter().collect(), None)
        }
        OperationState::Done => (say.change_done(kind), "good", Vec::new(), None),
        OperationState::Unknown => {
            let wait = cools_until.map(|until| say.change_wait(&layout.times.clock_with_seconds(&until)));
            let (lead, to_do) = match kind {
                OperationKind::LockOut => (say.unknown_lead(), say.lock_out_unknown_do()),
                OperationKind::CreateAccount => (say.change_unknown_lead(), say.create_unknown_do()),
                _ => (say.change_unknown_lead(), say.change_look()),
            };
            let to_do = wait.map_or_else(|| to_do.to_owned(), |wait| format!("{to_do} {wait}"));
            let to_do = since.unwrap_or(to_do);
            (say.change_unknown(kind), "warn", vec![lead.to_owned(), reason()], Some(to_do))
        }
        _ => {
            let nothing = nothing_changed(&layout, kind, aftermath);
            (say.change_not_done(kind), "danger", vec![nothing, reason()], None)
        }
    };
    let thing = thing(&layout, &operation, own);
    OutcomePage { layout, operation, title, tone, happened, to_do, thing }
}

/// What has changed the account's password since, in words.
pub(super) fn since(layout: &Layout, aftermath: &Aftermath) -> Option<String> {
    let (say, last) = (layout.say, aftermath.since.as_ref()?);
    let (ago, name) = (layout.times.ago(&last.begun_at), last.told_as.as_str());
    Some(match last.kind {
        OperationKind::LockOut => say.since_locked_out(&ago, name),
        OperationKind::DeleteAccount => say.since_deleted(&ago, name),
        _ => say.since_reset(&ago, name),
    })
}

/// That an operation changed nothing, and what that means for the account's password now.
pub(super) fn nothing_changed(layout: &Layout, kind: OperationKind, aftermath: &Aftermath) -> String {
    let say = layout.say;
    let is_reset = matches!(kind, OperationKind::ResetPassword | OperationKind::LockOut);
    match since(layout, aftermath) {
        Some(since) => format!("{} {since}", say.change_nothing()),
        None if is_reset && aftermath.locked_out == Some(LockedOut::Yes) => say.still_locked_out().to_owned(),
        // Which password works is not known.
        None if is_reset && aftermath.locked_out.is_none() => say.not_reset_lead().to_owned(),
        None => say.change_nothing().to_owned(),
    }
}

/// Why an operation is not known to be done; empty where it is.
pub(in crate::pages) fn why_not_done(say: Texts, operation: &Operation) -> String {
    let outcome = operation.outcome.as_ref();
    outcome.and_then(|outcome| say.why_not_done(outcome, function_of(operation.kind))).unwrap_or_default()
}

/// Back to the form of what was not done, for whoever filled it in; else to what was to be changed.
fn thing(layout: &Layout, operation: &Operation, own: bool) -> Option<(String, &'static str)> {
    let (say, links, kind) = (layout.say, &layout.links, operation.kind);
    let not_done = operation.is_not_done();
    let not_there = match kind {
        OperationKind::CreateAccount | OperationKind::CreateAlias => not_done,
        OperationKind::DeleteAccount | OperationKind::DeleteAlias if operation.state() == OperationState::Done => true,
        _ => operation.why_not() == Some(WhyNot::Refused(WhyRefused::UnknownAddress)),
    };
    let is_made = matches!(kind, OperationKind::CreateAccount | OperationKind::CreateAlias);
    let form = links.form_after(operation).filter(|_| own && not_done && (is_made || !not_there));
    match form {
        Some(form) => Some((form, say.back_to_form())),
        None if not_there => None,
        None if kind.is_about_an_alias() => Some((links.alias(&operation.address), say.to_alias())),
        None => Some((links.account(&operation.address), say.to_account())),
    }
}
