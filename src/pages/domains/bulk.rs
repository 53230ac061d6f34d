//! Selecting several accounts of a domain, and what is to be changed of them all. It leads to a confirmation.

use std::collections::BTreeSet;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;

use crate::access::{ManageMail, ViewMail};
use crate::model::{Account, Address, Batch, BatchAction, BatchState, DomainName};
use crate::pages::forms::{Fields, Form};
use crate::pages::guard::In;
use crate::pages::overview::told_name;
use crate::pages::{App, Layout, Problem};
use crate::services::batches::{MOST, NotProposed};
use crate::services::directory::Freshness;
use crate::services::directory::choice::Choice;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/bulk", get(new).post(create))
}

#[derive(Deserialize)]
struct Question {
    filter: Option<String>,
    all: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "domains/bulk.html")]
struct BulkPage {
    layout: Layout,
    domain: DomainName,
    filter: String,
    actions: Vec<ActionChoice>,
    action_problem: String,
    lines: Vec<Line>,
    /// How many match, of which [`MOST`] are shown.
    found: usize,
    accounts_problem: String,
    history: Vec<Batch>,
    read_at: Timestamp,
    freshness: Freshness,
}

struct ActionChoice {
    action: BatchAction,
    is_chosen: bool,
}

struct Line {
    account: Account,
    /// The display name, where it says more than the address.
    name: String,
    is_chosen: bool,
    is_protected: bool,
}

/// What was chosen so far.
#[derive(Default)]
struct Chosen {
    filter: String,
    action: Option<BatchAction>,
    /// The parts before the `@`; `None` is all that are shown.
    accounts: Option<BTreeSet<String>>,
}

impl Chosen {
    fn of(fields: Fields) -> Self {
        let mut chosen = Self { accounts: Some(BTreeSet::new()), ..Self::default() };
        for (name, value) in fields {
            match name.as_str() {
                "filter" => chosen.filter = trimmed(&value),
                "action" => chosen.action = BatchAction::coded(&value),
                "account" => chosen.accounts.get_or_insert_default().extend([value]),
                _ => {}
            }
        }
        chosen
    }

    /// The addresses; `None` when one of them can't be one.
    fn addresses(&self, domain: &DomainName) -> Option<BTreeSet<Address>> {
        let accounts = self.accounts.iter().flatten();
        accounts.map(|local| Address::parse(&format!("{local}@{domain}")).ok()).collect()
    }
}

fn trimmed(filter: &str) -> String {
    filter.trim().chars().take(254).collect()
}

async fn new(
    State(app): State<App>,
    request: In<ManageMail>,
    Query(question): Query<Question>,
) -> Result<BulkPage, Problem> {
    let filter = trimmed(&question.filter.unwrap_or_default());
    let accounts = question.all.is_none().then(BTreeSet::new);
    page(&app, request, Chosen { filter, accounts, action: None }, (String::new(), String::new())).await
}

async fn page(
    app: &App,
    request: In<ManageMail>,
    chosen: Chosen,
    (action_problem, accounts_problem): (String, String),
) -> Result<BulkPage, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let view = app.directory.domain(&see).await?;
    let fitting = app.directory.choose(&view, &Choice { text: chosen.filter.clone(), ..Choice::default() });
    let line = |account: &Account| Line {
        name: told_name(&account.address, &account.display_name),
        is_chosen: chosen.accounts.as_ref().is_none_or(|accounts| accounts.contains(account.address.local())),
        is_protected: app.changes.rules.allow_change(&guard.gate.asker().staff, &account.address).is_err(),
        account: account.clone(),
    };
    Ok(BulkPage {
        domain: can.domain().clone(),
        actions: choices(chosen.action),
        action_problem,
        lines: fitting.accounts(&(0..MOST)).into_iter().map(line).collect(),
        found: fitting.accounts_count(),
        accounts_problem,
        history: app.batches.history(&can).await?,
        read_at: view.read_at,
        freshness: view.freshness,
        filter: chosen.filter,
        layout: guard.layout,
    })
}

fn choices(chosen: Option<BatchAction>) -> Vec<ActionChoice> {
    let levels = (0..=BatchAction::STRICTEST).map(BatchAction::SpamLevel);
    let actions = [BatchAction::AutoReplyOff, BatchAction::VirusCheckOn].into_iter().chain(levels);
    actions.map(|action| ActionChoice { action, is_chosen: chosen == Some(action) }).collect()
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let say = request.guard.layout.say;
    let chosen = Chosen::of(fields);
    let see = request.guard.gate.can_in::<ViewMail>(request.can.domain())?;
    let mut problems = (String::new(), String::new());
    match (chosen.action, chosen.addresses(request.can.domain())) {
        (Some(action), Some(addresses)) => match app.batches.propose(&request.can, &see, action, addresses).await {
            Ok(batch) => return Ok(Redirect::to(&app.links.batch(&batch)).into_response()),
            Err(NotProposed::NothingChosen) => say.bulk_none_chosen().clone_into(&mut problems.1),
            Err(NotProposed::TooMany) => problems.1 = say.bulk_too_many(MOST),
            Err(NotProposed::NoSuchAccount) => say.bulk_gone().clone_into(&mut problems.1),
            Err(NotProposed::Failure(failure)) => return Err(failure.into()),
        },
        (action, addresses) => {
            if action.is_none() {
                say.bulk_no_action().clone_into(&mut problems.0);
            }
            match addresses {
                None => say.bulk_gone().clone_into(&mut problems.1),
                Some(addresses) if addresses.is_empty() => say.bulk_none_chosen().clone_into(&mut problems.1),
                Some(_) => {}
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&app, request, chosen, problems).await?).into_response())
}
