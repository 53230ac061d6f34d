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
use crate::model::account_settings::{MOST_ANTISPAM, QUOTA_GIB};
use crate::model::{Account, Address, Batch, BatchAction, BatchState, DomainName};
use crate::pages::forms::{Fields, Form};
use crate::pages::guard::In;
use crate::pages::overview::told_name;
use crate::pages::{App, Layout, Problem};
use crate::services::batches::{MOST, NotProposed};
use crate::services::directory::Freshness;
use crate::services::directory::choice::Choice;
use crate::texts::Texts;

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
    quota: String,
    problems: Problems,
    lines: Vec<Line>,
    /// How many match, of which [`MOST`] are shown.
    found: usize,
    history: Vec<Batch>,
    read_at: Timestamp,
    freshness: Freshness,
}

/// What is wrong; empty where nothing is.
#[derive(Default)]
struct Problems {
    action: String,
    quota: String,
    accounts: String,
}

struct ActionChoice {
    value: String,
    words: String,
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
    /// As a code; that of a storage is without its number.
    action: String,
    /// As typed.
    quota: String,
    /// The parts before the `@`; `None` is all that are shown.
    accounts: Option<BTreeSet<String>>,
}

impl Chosen {
    fn of(fields: Fields) -> Self {
        let mut chosen = Self { accounts: Some(BTreeSet::new()), ..Self::default() };
        for (name, value) in fields {
            match name.as_str() {
                "filter" => chosen.filter = trimmed(&value),
                "action" => chosen.action = value,
                "quota" => chosen.quota = value,
                "account" => chosen.accounts.get_or_insert_default().extend([value]),
                _ => {}
            }
        }
        chosen
    }

    fn action(&self, say: Texts) -> Result<BatchAction, Problems> {
        if self.action == BatchAction::QUOTA {
            let action = BatchAction::coded(&format!("{} {}", self.action, self.quota.trim()));
            let quota = || say.quota_unfit(*QUOTA_GIB.start(), *QUOTA_GIB.end());
            return action.ok_or_else(|| Problems { quota: quota(), ..Problems::default() });
        }
        let action = BatchAction::coded(&self.action);
        action.ok_or_else(|| Problems { action: say.bulk_no_action().to_owned(), ..Problems::default() })
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
    page(&app, request, Chosen { filter, accounts, ..Chosen::default() }, Problems::default()).await
}

async fn page(app: &App, request: In<ManageMail>, chosen: Chosen, problems: Problems) -> Result<BulkPage, Problem> {
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
        actions: choices(guard.layout.say, &chosen.action),
        quota: chosen.quota,
        problems,
        lines: fitting.accounts(&(0..MOST)).into_iter().map(line).collect(),
        found: fitting.accounts_count(),
        history: app.batches.history(&can).await?,
        read_at: view.read_at,
        freshness: view.freshness,
        filter: chosen.filter,
        layout: guard.layout,
    })
}

fn choices(say: Texts, chosen: &str) -> Vec<ActionChoice> {
    let told = |action: BatchAction| (action.code(), say.batch_action(action));
    let quota = (BatchAction::QUOTA.to_owned(), say.do_quota_unnumbered().to_owned());
    let levels = (0..=MOST_ANTISPAM).map(BatchAction::SpamLevel);
    let on = [true, false];
    let others = on.map(BatchAction::VirusCheck).into_iter().chain(levels).chain(on.map(BatchAction::RefuseSpam));
    let actions = [told(BatchAction::AutoReplyOff), quota].into_iter().chain(others.map(told));
    actions.map(|(value, words)| ActionChoice { is_chosen: value == chosen, value, words }).collect()
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let say = request.guard.layout.say;
    let chosen = Chosen::of(fields);
    let see = request.guard.gate.can_in::<ViewMail>(request.can.domain())?;
    let (mut problems, mut proposed) = (Problems::default(), None);
    match (chosen.action(say), chosen.addresses(request.can.domain())) {
        (Ok(action), Some(addresses)) => {
            proposed = Some(app.batches.propose(&request.can, &see, action, addresses).await);
        }
        (action, addresses) => {
            problems = action.err().unwrap_or_default();
            match addresses {
                None => say.bulk_gone().clone_into(&mut problems.accounts),
                Some(addresses) if addresses.is_empty() => say.bulk_none_chosen().clone_into(&mut problems.accounts),
                Some(_) => {}
            }
        }
    }
    match proposed {
        Some(Ok(batch)) => return Ok(Redirect::to(&app.links.batch(&batch)).into_response()),
        Some(Err(NotProposed::NothingChosen)) => say.bulk_none_chosen().clone_into(&mut problems.accounts),
        Some(Err(NotProposed::TooMany)) => problems.accounts = say.bulk_too_many(MOST),
        Some(Err(NotProposed::NoSuchAccount)) => say.bulk_gone().clone_into(&mut problems.accounts),
        Some(Err(NotProposed::Failure(failure))) => return Err(failure.into()),
        None => {}
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&app, request, chosen, problems).await?).into_response())
}
