//! A change of several accounts: its confirmation until it is begun, then how it goes. It can be stopped and go on.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::access::{CanIn, ManageMail, ViewMail};
use crate::model::{Batch, BatchId, BatchItem, BatchState, ItemState, OperationId, OperationKind};
use crate::pages::guard::Guard;
use crate::pages::{App, Layout, Problem};
use crate::services::batches::BatchView;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/batches/{batch}", get(show))
        .route("/batches/{batch}/begin", post(begin))
        .route("/batches/{batch}/stop", post(stop))
}

/// Seconds until the page of a batch that runs looks again.
const LOOK_AGAIN: &str = "2";

#[derive(Template, WebTemplate)]
#[template(path = "batches/confirm.html")]
struct ConfirmPage {
    layout: Layout,
    view: BatchView,
    /// How many will be changed.
    waiting: usize,
    counts: Vec<Count>,
    lines: Vec<Line>,
}

#[derive(Template, WebTemplate)]
#[template(path = "batches/show.html")]
struct ProgressPage {
    layout: Layout,
    batch: Batch,
    /// Whether the person may stop it or have it go on.
    may_act: bool,
    /// How many have had their turn, of how many.
    turns: (usize, usize),
    /// Why it stopped.
    stopped: String,
    counts: Vec<Count>,
    lines: Vec<Line>,
}

struct Count {
    words: &'static str,
    number: usize,
}

struct Line {
    item: BatchItem,
    mark: &'static str,
    /// `good`, `warn`, `danger` or nothing.
    tone: &'static str,
    operation: Option<OperationId>,
    reason: String,
}

async fn show(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Response, Problem> {
    let view = look(&app, &guard, &id).await?;
    let may_act = guard.gate.can_in::<ManageMail>(&view.batch.domain).is_ok();
    if view.batch.state == BatchState::Proposed {
        return Ok(confirm_page(guard.layout, view).into_response());
    }
    let goes_on = view.batch.state == BatchState::Running || view.count(ItemState::Working) > 0;
    let page = progress_page(guard.layout, view, may_act);
    Ok(if goes_on { ([("refresh", LOOK_AGAIN)], page).into_response() } else { page.into_response() })
}

async fn look(app: &App, guard: &Guard, id: &str) -> Result<BatchView, Problem> {
    let id = BatchId::parse(id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(app, guard.gate.can_some::<ViewMail>()).await?;
    Ok(app.batches.look(&can, &id).await?)
}

fn confirm_page(layout: Layout, view: BatchView) -> ConfirmPage {
    let say = layout.say;
    let count = |words, state| Count { words, number: view.count(state) };
    let counts = [
        count(say.batch_to_change(), ItemState::Waiting),
        count(say.item_unchanged(), ItemState::Unchanged),
        count(say.item_skipped(), ItemState::Skipped),
    ];
    let lines = view.items.iter().map(|item| line(&layout, item)).collect();
    ConfirmPage { waiting: view.count(ItemState::Waiting), counts: told(counts), lines, layout, view }
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
    let function = OperationKind::EditAccount.function();
    ProgressPage {
        may_act,
        turns: (turns, of),
        stopped: say.batch_stopped_because(view.batch.reason.as_deref().unwrap_or_default(), function),
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

fn line(layout: &Layout, item: &BatchItem) -> Line {
    let (say, state) = (layout.say, item.state());
    let tone = match state {
        ItemState::Done => "good",
        ItemState::Skipped | ItemState::Unknown => "warn",
        ItemState::NotDone => "danger",
        ItemState::Waiting | ItemState::Working | ItemState::Unchanged => "",
    };
    let function = OperationKind::EditAccount.function();
    let reason = match (&item.operation, &item.left_out) {
        (Some(operation), _) => operation.reason.as_deref().map(|code| say.reason(code, function)),
        (None, left_out) => left_out.as_deref().map(|code| say.left_out(code).to_owned()),
    };
    Line {
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

async fn begin(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let (can, id) = may_act(&app, &guard, &id).await?;
    let progress = app.links.batch(&id);
    app.batches.begin(can, id).await?;
    Ok(Redirect::to(&progress))
}

async fn stop(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let (can, id) = may_act(&app, &guard, &id).await?;
    app.batches.stop(&can, &id).await?;
    Ok(Redirect::to(&app.links.batch(&id)))
}
