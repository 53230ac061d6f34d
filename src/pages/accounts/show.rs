//! The account overview with its Actions.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;

use crate::access::{ManageMail, ResetPasswords, ViewMail};
use crate::model::{
    Account, Address, LinkEnd, LockedOut, Operation, OperationId, OperationKind, OperationState, Usage,
};
use crate::pages::aliases::{Lead, leads, may_lead};
use crate::pages::guard::{Guard, On};
use crate::pages::operations::why_not_done;
use crate::pages::overview::told_name;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::directory::{Age, Freshness};
use crate::services::operations::rules::Protection;

pub fn routes() -> Router<App> {
    Router::new().route("/accounts/{address}", get(show))
}

#[derive(Deserialize)]
struct Question {
    /// The edit that was just saved: *Save* on the edit page leads here.
    saved: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/show.html")]
struct AccountPage {
    layout: Layout,
    account: Account,
    usage: Option<Usage>,
    read_at: Timestamp,
    age: Age,
    /// Whether an alias has the same address.
    has_twin: bool,
    /// The aliases that lead here.
    led_by: Vec<Lead>,
    /// See `may_lead`.
    may_lead: String,
    /// Where a new one is made, for whoever may; else empty.
    new_alias: String,
    /// Whether links go to contact addresses by mail.
    keeps_contacts: bool,
    /// Its contact address, where links go by mail and that is the person's business.
    contact: Option<Address>,
    display_name: String,
    storage: String,
    resets: Vec<ChangeLine>,
    /// Why *Reset password* is not to be had now; `None` when it is.
    reset_off: Option<String>,
    /// Why *Edit* and *Delete* are not to be had now; `None` when they are.
    change_off: Option<String>,
    /// What keeps everybody out, or may, if it is locked out.
    lock_out: Option<Operation>,
    /// Whether the person has just saved an edit, in this session.
    is_saved: bool,
}

/// A line of the last resets and changes.
pub struct ChangeLine {
    pub operation: Operation,
    /// What it was, and of what where that is not what the page is about; empty where the mark says it all.
    pub what: String,
    pub mark: &'static str,
    /// `good`, `warn` or empty: the colour beside the words.
    pub tone: &'static str,
    pub reason: Option<String>,
}

async fn show(
    State(app): State<App>,
    request: On<ViewMail>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    let address = &request.address;
    let history = app.resets.history(&request.can, address).await?;
    let found = app.directory.at(&request.can, address, Freshness::Lately(&history)).await?;
    let (read_at, age, has_twin) = (found.read_at, found.age, found.alias.is_some());
    let account = match found.account() {
        Err(Failure::IsAlias { address, .. }) => {
            return Ok(Redirect::to(&app.links.alias(&address)).into_response());
        }
        account => account?,
    };
    let lock_out = app.resets.lock_out(&request.can, &account).await?;
    let Guard { gate, layout } = request.guard;
    let own = app.changes.staff_mailboxes().await?;
    let protected = app.resets.rules.keep_from(gate.asker(), address, &own);
    let off = |holds: bool, no_right: &str| match (holds, protected) {
        (false, _) => Some(no_right.to_owned()),
        (true, Some(Protection::Configured)) => Some(layout.say.off_protected().to_owned()),
        (true, Some(Protection::OfStaff)) => Some(layout.say.off_of_staff().to_owned()),
        (true, None) => off_now(&app, &layout, age, history.first()),
    };
    let reset_off = off(gate.can_in::<ResetPasswords>(address.domain()).is_ok(), layout.say.off_no_right());
    let change_off = off(gate.can_in::<ManageMail>(address.domain()).is_ok(), layout.say.off_no_manager());
    let done = question.saved.and_then(|id| OperationId::parse(&id).ok());
    let holder = gate.asker().holder();
    let own = |operation: &&Operation| Some(&operation.holder) == holder.as_ref();
    let is_saved = |operation: &&Operation| {
        operation.kind == OperationKind::EditAccount && operation.state() == OperationState::Done
    };
    let done = history.iter().filter(own).find(|operation| Some(&operation.id) == done.as_ref()).filter(is_saved);
    let see = gate.can_some::<ViewMail>()?;
    let may_manage = gate.can_in::<ManageMail>(address.domain()).is_ok();
    let contact = match gate.can_in::<ResetPasswords>(address.domain()) {
        Ok(can) if app.contacts.are_used() => app.contacts.of(&can, address).await?,
        _ => None,
    };
    let usage = app.directory.usage(&account).await;
    let page = AccountPage {
        has_twin,
        led_by: leads(&app, &see, app.directory.aliases_to(&see, address)),
        may_lead: may_lead(&app, layout.say, &see, address),
        new_alias: if may_manage { app.links.alias_new_to(address) } else { String::new() },
        keeps_contacts: app.contacts.are_used(),
        contact,
        display_name: told_name(address, &account.display_name),
        storage: layout.say.storage_used(usage.map(|usage| usage.used_mib), account.quota),
        reset_off,
        change_off,
        lock_out,
        is_saved: done.is_some(),
        resets: lines(&layout, history),
        layout,
        account,
        usage,
        read_at,
        age,
    };
    Ok(page.into_response())
}

/// Why nothing can be done just now, whoever asks.
fn off_now(app: &App, layout: &Layout, age: Age, last: Option<&Operation>) -> Option<String> {
    let say = layout.say;
    if age == Age::Old {
        return Some(say.off_no_answer().to_owned());
    }
    let last = last?;
    if last.state() == OperationState::InFlight {
        let is_reset = last.kind == OperationKind::ResetPassword;
        return Some(if is_reset { say.off_in_flight() } else { say.off_change_in_flight() }.to_owned());
    }
    let until = app.reveals.ledger.cools_until(last)?;
    Some(say.off_cooling(&layout.times.clock_with_seconds(&until)))
}

/// The history, newest first. A password that waits is not shown once another operation may have changed it.
fn lines(layout: &Layout, history: Vec<Operation>) -> Vec<ChangeLine> {
    let mut is_void = false;
    let told = |mut operation: Operation| {
        if is_void {
            operation.sealed_until = None;
            if let Some(link) = operation.link.as_mut().filter(|link| link.ended.is_none()) {
                link.ended = Some((LinkEnd::Overtaken, layout.times.now));
            }
        }
        is_void |= operation.may_have_voided_the_password();
        line(layout, operation, false)
    };
    history.into_iter().map(told).collect()
}

/// How an operation is told in a line, on the page of an alias or of an account.
pub fn line(layout: &Layout, operation: Operation, of_alias: bool) -> ChangeLine {
    let say = layout.say;
    let (mark, tone) = match operation.state() {
        OperationState::InFlight => (say.mark_running(), ""),
        OperationState::Done if operation.kind == OperationKind::LockOut => (say.locked_out_mark(), "warn"),
        OperationState::Done if !operation.kind.makes_a_password() => (changed(layout, operation.kind), ""),
        OperationState::Done if operation.link.is_some() => {
            let end = operation.link_ended_by(layout.times.now);
            let tone = end.map_or("", |end| if end == LinkEnd::Read { "good" } else { "warn" });
            (say.link_mark(end), tone)
        }
        OperationState::Done if operation.shown_at.is_some() => (say.mark_shown(), "good"),
        OperationState::Done if operation.sealed_until.is_some_and(|until| until > layout.times.now) => {
            (say.mark_waiting(), "")
        }
        OperationState::Done if operation.forgotten_at.is_some() => (say.mark_forgotten(), "warn"),
        OperationState::Done => (say.mark_not_shown(), "warn"),
        OperationState::Refused | OperationState::NotSent if operation.kind == OperationKind::ResetPassword => {
            (say.mark_not_reset(), "")
        }
        OperationState::Refused | OperationState::NotSent => (say.mark_not_done(), ""),
        OperationState::Unknown => (say.mark_unknown(), "warn"),
    };
    let reason = Some(why_not_done(say, &operation)).filter(|reason| !reason.is_empty());
    let of = match (operation.kind.is_about_an_alias(), of_alias) {
        (true, false) => say.alias(),
        (false, true) => say.email_account(),
        _ => "",
    };
    let what =
        [of, what(layout, &operation)].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(": ");
    ChangeLine { operation, what, mark, tone, reason }
}

const fn what(layout: &Layout, operation: &Operation) -> &'static str {
    let say = layout.say;
    match operation.kind {
        OperationKind::ResetPassword => say.what_reset(),
        _ if matches!(operation.state(), OperationState::Done) && !operation.kind.makes_a_password() => "",
        OperationKind::LockOut => say.what_lock_out(),
        OperationKind::CreateAccount | OperationKind::CreateAlias => say.what_create(),
        OperationKind::DeleteAccount | OperationKind::DeleteAlias => say.what_delete(),
        OperationKind::EditAccount | OperationKind::EditAlias => say.what_edit(),
    }
}

const fn changed(layout: &Layout, kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::CreateAccount | OperationKind::CreateAlias => layout.say.mark_created(),
        OperationKind::DeleteAccount | OperationKind::DeleteAlias => layout.say.mark_deleted(),
        _ => layout.say.mark_changed(),
    }
}
