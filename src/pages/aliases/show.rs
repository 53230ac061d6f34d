//! An alias: where it leads, what leads to it, what was done to it, and its Actions.

use std::collections::BTreeSet;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::chain::{Hop, chain};
use super::{Lead, leads, may_lead};
use crate::access::{ManageMail, ViewMail};
use crate::model::{Address, Operation, OperationId, OperationKind, OperationState};
use crate::pages::accounts::show::{ChangeLine, line};
use crate::pages::guard::{Guard, On};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::directory::Freshness;
use crate::services::operations::rules::Protection;

pub fn routes() -> Router<App> {
    Router::new().route("/aliases/{address}", get(show))
}

#[derive(Deserialize)]
struct Question {
    /// The operation that was just done: its page leads here.
    done: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "aliases/show.html")]
struct AliasPage {
    layout: Layout,
    address: Address,
    /// Whether an account has the same address.
    has_twin: bool,
    /// Whether GleSYS says where it leads.
    is_told: bool,
    hops: Vec<Hop>,
    /// The aliases that lead to it.
    led_by: Vec<Lead>,
    /// See `may_lead`.
    may_lead: String,
    changes: Vec<ChangeLine>,
    /// Why it can't be changed now; `None` when it can.
    off: Option<String>,
    /// What this session has just done to it.
    just_done: Option<&'static str>,
}

async fn show(
    State(app): State<App>,
    request: On<ViewMail>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let history = app.resets.history(&can, &address).await?;
    let found = app.directory.at(&can, &address, Freshness::Lately(&history)).await?;
    let has_twin = found.account.is_some();
    let alias = match found.alias() {
        Err(Failure::IsAccount(address)) => return Ok(Redirect::to(&app.links.account(&address)).into_response()),
        alias => alias?,
    };
    let see = guard.gate.can_some::<ViewMail>()?;
    let own = app.changes.staff_mailboxes().await?;
    let page = AliasPage {
        has_twin,
        is_told: alias.targets.is_some(),
        hops: chain(&app, &see, &alias, guard.layout.say),
        led_by: leads(&app, &see, app.directory.aliases_to(&see, &address)),
        may_lead: may_lead(&app, guard.layout.say, &see, &address),
        off: off(&app, &guard, &own, &address, history.first()),
        just_done: question.done.and_then(|id| just_done(&guard, &history, &id)),
        changes: history.into_iter().map(|operation| line(&guard.layout, operation, true)).collect(),
        layout: guard.layout,
        address,
    };
    Ok(page.into_response())
}

fn just_done(guard: &Guard, history: &[Operation], id: &str) -> Option<&'static str> {
    let id = OperationId::parse(id).ok()?;
    let holder = guard.gate.asker().holder();
    let operation =
        history.iter().find(|operation| operation.id == id && Some(&operation.holder) == holder.as_ref())?;
    match (operation.state(), operation.kind) {
        (OperationState::Done, OperationKind::CreateAlias) => Some(guard.layout.say.alias_created()),
        (OperationState::Done, OperationKind::EditAlias) => Some(guard.layout.say.alias_saved()),
        _ => None,
    }
}

fn off(
    app: &App,
    guard: &Guard,
    own: &BTreeSet<Address>,
    address: &Address,
    last: Option<&Operation>,
) -> Option<String> {
    let Guard { gate, layout } = guard;
    let say = layout.say;
    if gate.can_in::<ManageMail>(address.domain()).is_err() {
        return Some(say.off_no_manager().to_owned());
    }
    match app.changes.rules.keep_from(gate.asker(), address, own) {
        Some(Protection::Configured) => return Some(say.off_protected_address().to_owned()),
        Some(Protection::OfStaff) => return Some(say.off_of_staff().to_owned()),
        None => {}
    }
    let last = last?;
    if last.state() == OperationState::InFlight {
        return Some(say.off_change_in_flight().to_owned());
    }
    let until = app.reveals.ledger.cools_until(last)?;
    Some(say.off_cooling(&layout.times.clock_with_seconds(&until)))
}
