//! A change of several accounts: its confirmation until it is begun, then how it goes. It can be stopped and go on.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::confirm::ConfirmPage;
use crate::access::{CanIn, ManageMail, ViewMail};
use crate::model::{Batch, BatchId, BatchItem, BatchState, ItemState, OperationId, OperationKind};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Guard;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::batches::{BatchView, Start};
use crate::services::operations::function_of;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/batches/{batch}", get(show))
        .route("/batches/{batch}/begin", post(begin))
        .route("/batches/{batch}/stop", post(stop))
}

/// Seconds until the page of a batch that runs looks again.
const LOOK_AGAIN: &str = "2";

#[derive(Template, WebTemplate)]
#[template(path = "batches/show.html")]
struct ProgressPage {
    layout: Layout,
    batch: Batch,
    /// Whether the person may stop it or have it go on.
    may_act: bool,
    /// Whether the person has just tried that from an earlier page.
    is_too_late: bool,
    /// How many can be tried again.
    again: usize,
    /// How many have had their turn, of how many.
    turns: (usize, usize),
    /// It was stopped, and some have not had their turn.
    is_rest_waiting: bool,
    /// Why it stopped.
    stopped: String,
    counts: Vec<Count>,
    lines: Vec<ItemLine>,
}

struct Count {
    words: &'static str,
    number: usize,
}

/// An account of a batch.
pub(super) struct ItemLine {
    pub item: BatchItem,
    pub mark: &'static str,
    /// `good`, `warn`, `danger` or nothing.
    pub tone: &'static str,
    pub operation: Option<OperationId>,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Question {
    too_late: Option<String>,
}

async fn show(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    let view = look(&app, &guard, &id).await?;
    let may_act = guard.gate.can_in::<ManageMail>(&view.batch.domain).is_ok();
    if view.batch.state == BatchState::Proposed {
        let see = guard.gate.can_in::<ViewMail>(&view.batch.domain)?;
        let outlook = app.batches.outlook(&see, &view).await;
        return Ok(ConfirmPage::new(guard.layout, view, outlook).into_response());
    }
    let goes_on = view.batch.state == BatchState::Running || view.count(ItemState::Working) > 0;
    let is_too_late = question.too_late.is_some();
    let page = ProgressPage { is_too_late, ..progress_page(guard.layout, view, may_act) };
    Ok(if goes_on { ([("refresh", LOOK_AGAIN)], page).into_response() } else { page.into_response() })
}

async fn look(app: &App, guard: &Guard, id: &str) -> Result<BatchView, Problem> {
    let id = BatchId::parse(id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(app, guard.gate.can_some::<ViewMail>()).await?;
    Ok(app.batches.look(&can, &id).await?)
}

fn progress_page(layout: Layout, view: BatchView, may_act: bool) -> ProgressPage {
    let say = layout.say;
    let of = view.items.len();
    let states = [
        ItemState::Done,
        ItemState::Unchanged,
        ItemState::NotDone,
        ItemState::Unknown,
        ItemState::Skipped,
        ItemState::Working,
        ItemState::Waiting,
    ];
    let counts = states.map(|state| Count { words: say.item_state(state), number: view.count(state) });
    let turns = of - view.count(ItemState::Waiting) - view.count(ItemState::Working);
    let (stopped, function) = (view.batch.stopped.as_ref(), function_of(OperationKind::EditAccount));
    ProgressPage {
        may_act,
        is_too_late: false,
        again: view.to_try_again(),
        turns: (turns, of),
        is_rest_waiting: view.batch.state == BatchState::Stopped && turns < of,
        stopped: stopped.map(|why| say.batch_stopped_because(why, function)).unwrap_or_default(),
        counts: told(counts),
        lines: view.items.iter().map(|item| line(&layout, item)).collect(),
        batch: view.batch,
        layout,
    }
}

/// Those that are not zero.
fn told<const N: usize>(counts: [Count; N]) -> Vec<Count> {
    counts.into_iter().filter(|count| count.number > 0).collect()
}

pub(super) fn line(layout: &Layout, item: &BatchItem) -> ItemLine {
    let (say, state) = (layout.say, item.state());
    let tone = match state {
        ItemState::Done => "good",
        ItemState::Skipped | ItemState::Unknown => "warn",
        ItemState::NotDone => "danger",
        ItemState::Waiting | ItemState::Working | ItemState::Unchanged => "",
    };
    let function = function_of(OperationKind::EditAccount);
    let reason = match (&item.operation, &item.left_out) {
        (Some(operation), _) => operation.outcome.as_ref().and_then(|outcome| say.why_not_done(outcome, function)),
        (None, left_out) => left_out.as_ref().map(|why| say.left_out(why)),
    };
    ItemLine {
        mark: say.item_state(state),
        tone,
        operation: item.operation.as_ref().map(|operation| operation.id.clone()),
        reason: reason.unwrap_or_default(),
        item: item.clone(),
    }
}

/// The right to act on a batch that the person may know of.
async fn may_act(app: &App, guard: &Guard, id: &str) -> Result<(CanIn<ManageMail>, BatchId), Problem> {
    let batch = look(app, guard, id).await?.batch;
    let can = guard.granted(app, guard.gate.can_in(&batch.domain)).await?;
    Ok((can, batch.id))
}

async fn begin(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Redirect, Problem> {
    let (can, id) = may_act(&app, &guard, &id).await?;
    // A page that doesn't say after which run it was made is none of ours, and so has none.
    let run = field(&fields, "run").parse().unwrap_or(-1);
    match app.batches.begin(can, id.clone(), run).await {
        Ok(Start::Yes) => Ok(Redirect::to(&app.links.batch(&id))),
        Ok(Start::TooLate) => Ok(Redirect::to(&app.links.batch_too_late(&id))),
        // What was chosen stands on its page, which they come back to.
        Err(Failure::ProofTooOld) => Err(Problem::SignIn(app.links.sign_in_again(&app.links.batch(&id)))),
        Err(failure) => Err(failure.into()),
    }
}

async fn stop(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let (can, id) = may_act(&app, &guard, &id).await?;
    app.batches.stop(&can, &id).await?;
    Ok(Redirect::to(&app.links.batch(&id)))
}
