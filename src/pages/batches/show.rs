//! A change of several accounts, or their lock-out: its confirmation until it is begun, then how it goes. It can be
//! stopped and go on. Of very many the first are shown, and before them what did not go well.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::confirm::{self, Typed};
use super::links::{self, Links, mark_of};
use crate::access::ViewMail;
use crate::model::batch::MOST;
use crate::model::{
    Address, Batch, BatchId, BatchItem, BatchState, ItemState, Kept, Operation, OperationId, WhyLeftOut,
};
use crate::pages::drafts::{asked_for, left, prove_first};
use crate::pages::faults::answer;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Guard;
use crate::pages::stating::{Judged, lasting, stated};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::batches::{BatchView, CanBatch, Confirmed, Start};
use crate::services::operations::function_of;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/batches/{batch}", get(show))
        .route("/batches/{batch}/begin", post(begin))
        .route("/batches/{batch}/stop", post(stop))
        .merge(links::routes())
}

#[derive(Template, WebTemplate)]
#[template(path = "batches/show.html")]
struct ProgressPage {
    layout: Layout,
    batch: Batch,
    /// Whether the person may stop it or have it go on.
    may_act: bool,
    /// Why nothing was done of what the person has just asked for; empty where nothing is to say of that.
    in_vain: &'static str,
    links: Links,
    /// How many can be tried again.
    again: usize,
    /// How many have had their turn, of how many.
    turns: (usize, usize),
    /// Whether something is still under way, so that a script looks again.
    goes_on: bool,
    /// It was stopped, and some have not had their turn.
    is_rest_waiting: bool,
    /// Why it stopped.
    stopped: String,
    counts: Vec<Count>,
    lines: Vec<ItemLine>,
    /// How many accounts it is for, of which [`MOST`] are shown.
    of: usize,
    /// When it ended or stopped.
    ended: String,
    /// That somebody had it go on, and when; empty where nobody did.
    continued: String,
    /// Of how many the outcome is unknown.
    unknown: usize,
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

async fn show(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let view = look(&app, &guard, &id).await?;
    let may_act = CanBatch::of(&guard.gate, view.batch.action, &view.batch.domain).is_ok();
    if view.batch.state == BatchState::Proposed {
        let here = app.links.batch(&view.batch.id);
        let is_fresh = guard.gate.asker().is_fresh(app.batches.rules.fresh, app.clock.now());
        if view.batch.action.is_about_passwords() && !is_fresh {
            // Whoever will be asked in any case who they are is asked before they type anything.
            return Err(Problem::SignIn(app.links.sign_in_again(&asked_for(here, &question))));
        }
        let left = left(&app, &guard, &here, &question).await?.unwrap_or_default();
        let typed = Typed { fields: left, ..Typed::default() };
        return Ok(confirm::page(&app, guard, view, typed).await?.into_response());
    }
    let (say, asked) = (guard.layout.say, |name| !field(&question, name).is_empty());
    let in_vain = [("too-late", say.batch_too_late()), ("nothing-given", say.links_nothing_given())];
    let in_vain = in_vain.into_iter().find(|(name, _)| asked(name)).map_or("", |(_, said)| said);
    let links = Links::of(&guard.layout, &view, guard.gate.asker().holder().as_ref());
    let page = ProgressPage { in_vain, links, ..progress_page(guard.layout, view, may_act) };
    Ok(page.into_response())
}

async fn look(app: &App, guard: &Guard, id: &str) -> Result<BatchView, Problem> {
    let id = BatchId::parse(id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(app, guard.gate.can_some::<ViewMail>()).await?;
    Ok(app.batches.look(&can, &id).await?)
}

fn progress_page(layout: Layout, view: BatchView, may_act: bool) -> ProgressPage {
    let (say, action) = (layout.say, view.batch.action);
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
    let counts = states.map(|state| Count { words: say.item_state(action, state), number: view.count(state) });
    let turns = of - view.count(ItemState::Waiting) - view.count(ItemState::Working);
    let (stopped, function) = (view.batch.stopped.as_ref(), function_of(action.kind()));
    ProgressPage {
        may_act,
        in_vain: "",
        links: Links::default(),
        again: view.to_try_again(),
        turns: (turns, of),
        goes_on: view.batch.state == BatchState::Running || view.count(ItemState::Working) > 0,
        is_rest_waiting: view.batch.state == BatchState::Stopped && turns < of,
        stopped: stopped.map(|why| say.batch_stopped_because(why, function)).unwrap_or_default(),
        counts: told(counts),
        lines: first(&view.items).map(|item| line(&layout, &view, item)).collect(),
        of,
        ended: layout.times.full(view.batch.ended_at.as_ref().unwrap_or(&view.batch.made_at)),
        unknown: view.count(ItemState::Unknown),
        continued: view
            .continued
            .as_ref()
            .map(|(name, at)| say.batch_continued(name, &layout.times.full(at)))
            .unwrap_or_default(),
        batch: view.batch,
        layout,
    }
}

/// The accounts that are shown: in order, or, of more than can be, those first that did not go well.
fn first(items: &[BatchItem]) -> impl Iterator<Item = &BatchItem> {
    let is_well = |item: &&BatchItem| {
        let state = item.state();
        items.len() > MOST && matches!(state, ItemState::Done | ItemState::Unchanged | ItemState::Waiting)
    };
    let well = items.iter().filter(is_well);
    items.iter().filter(move |item| !is_well(item)).chain(well).take(MOST)
}

/// Those that are not zero.
fn told<const N: usize>(counts: [Count; N]) -> Vec<Count> {
    counts.into_iter().filter(|count| count.number > 0).collect()
}

pub(super) fn line(layout: &Layout, view: &BatchView, item: &BatchItem) -> ItemLine {
    let (say, state, action) = (layout.say, item.state(), view.batch.action);
    let tone = match state {
        ItemState::Done => "good",
        ItemState::Skipped | ItemState::Unknown => "warn",
        ItemState::NotDone => "danger",
        ItemState::Waiting | ItemState::Working | ItemState::Unchanged => "",
    };
    let of_link = view.by_link.get(&item.address).filter(|_| state == ItemState::Done);
    // Where link and code wait, the operation's page would show them, and they would be missing in the file.
    let waits = of_link.is_some_and(|made| made.is_ready_for(Some(&made.holder), layout.times.now));
    let (mark, tone) = of_link.map_or((say.item_state(action, state), tone), |made| mark_of(layout, made));
    let function = function_of(action.kind());
    let reason = match (&item.operation, &item.left_out) {
        (Some(operation), _) => operation.outcome.as_ref().and_then(|outcome| say.why_not_done(outcome, function)),
        (None, left_out) => left_out.as_ref().map(|why| left_out_because(layout, view, &item.address, why)),
    };
    ItemLine {
        mark,
        tone,
        operation: item.operation.as_ref().filter(|_| !waits).map(|operation| operation.id.clone()),
        reason: reason.unwrap_or_default(),
        item: item.clone(),
    }
}

/// Why an account is left out, and where somebody has done something to its password, who that was and when.
pub(super) fn left_out_because(layout: &Layout, view: &BatchView, address: &Address, why: &Kept<WhyLeftOut>) -> String {
    let because = layout.say.left_out(why);
    let is_overtaken = matches!(why, Kept::Known(why) if why.is_overtaken());
    match view.passwords.get(address).filter(|_| is_overtaken) {
        Some(last) => format!("{} {because}", last_password(layout, last)),
        None => because,
    }
}

/// What last gave an account a password or took it away.
pub(super) fn last_password(layout: &Layout, last: &Operation) -> String {
    layout.say.last_password(last.kind, &layout.times.ago(&last.begun_at), &last.told_as)
}

/// The right to act on a batch that the person may know of.
pub(super) async fn may_act(app: &App, guard: &Guard, id: &str) -> Result<(CanBatch, BatchView), Problem> {
    let view = look(app, guard, id).await?;
    let can = guard.granted(app, CanBatch::of(&guard.gate, view.batch.action, &view.batch.domain)).await?;
    Ok((can, view))
}

async fn begin(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let (can, view) = may_act(&app, &guard, &id).await?;
    let id = view.batch.id.clone();
    // A page that doesn't say after which run it was made is none of ours, and so has none.
    let run = field(&fields, "run").parse().unwrap_or(-1);
    let [selection, domain] = ["selection", "domain"].map(|name| field(&fields, name).to_owned());
    let confirmed = Confirmed { run, selection, stated: stated(&fields), domain };
    let typed = match app.batches.begin(can, id.clone(), confirmed).await {
        Ok(Start::Yes) => return Ok(Redirect::to(&app.links.batch(&id)).into_response()),
        Ok(Start::TooLate) => return Ok(Redirect::to(&app.links.batch_too_late(&id)).into_response()),
        Ok(Start::OutOfDate) => Typed { fields, is_out_of_date: true, ..Typed::default() },
        Ok(Start::OtherDomain) | Err(Failure::Reason(_) | Failure::Caller(_)) => {
            Typed { fields, judged: Judged::Yes, ..Typed::default() }
        }
        // What was chosen stands on its page, which they come back to.
        Err(Failure::ProofTooOld) => {
            return Err(prove_first(&app, &guard, app.links.batch(&id), &lasting(fields)).await);
        }
        Err(failure) => return Err(failure.into()),
    };
    let page = confirm::page(&app, guard, view, typed).await?;
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page))
}

async fn stop(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let (can, BatchView { batch, .. }) = may_act(&app, &guard, &id).await?;
    app.batches.stop(&can, &batch.id).await?;
    Ok(Redirect::to(&app.links.batch(&batch.id)))
}
