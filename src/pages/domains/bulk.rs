//! Selecting several accounts of a domain, and what is to be done to them all, by whoever may; or all accounts of the
//! domain at once, to be locked out. It leads to a confirmation.

use std::collections::HashSet;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;

use super::list;
use super::selection::Selection;
use crate::access::{ManageMail, ResetPasswords, ViewMail};
use crate::model::account_settings::MOST_ANTISPAM;
use crate::model::batch::{MOST, MOST_LINKS};
use crate::model::{Account, Batch, BatchAction, BatchId, BatchState, DomainName, HandOver, LockedOut};
use crate::pages::drafts::{self, left};
use crate::pages::faults::{self, Filled, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::In;
use crate::pages::links::with_query;
use crate::pages::overview::told_name;
use crate::pages::staff::is_id;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::batches::{CanBatch, NotProposed};
use crate::services::directory::Age;
use crate::services::directory::choice::{Choice, Sort};
use crate::services::drafts::Place;
use crate::texts::Texts;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/domains/{domain}/bulk", get(new).post(create))
        .route("/domains/{domain}/lock-out", post(lock_out_all))
}

#[derive(Template, WebTemplate)]
#[template(path = "domains/bulk.html")]
struct BulkPage {
    layout: Layout,
    domain: DomainName,
    choice: Choice,
    /// The same as links carry it.
    shown: String,
    /// What was chosen is kept under this name while another list is looked at; empty before the first one.
    draft: String,
    /// Whether settings can be changed too.
    may_manage: bool,
    actions: Vec<ActionChoice>,
    action: Field,
    quota: Field,
    /// What is wrong with the accounts that are selected.
    accounts: Field,
    /// Those that are selected though the filter leaves them out, then those that fit.
    lines: Vec<AccountLine>,
    /// How many of the lines fit.
    fitting: usize,
    /// How many fit, of which [`MOST`] are shown.
    found: usize,
    /// How many accounts are not known to be how full, where that is asked for.
    unread: usize,
    /// Whether GleSYS is being asked for that.
    is_asking: bool,
    /// Of how many accounts GleSYS does not say whether they answer automatically, where that is asked for.
    untold: usize,
    history: Vec<Batch>,
    read_at: Timestamp,
    age: Age,
}

impl Filled for BulkPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<faults::Place<'_>> {
        let say = self.layout.say;
        vec![
            faults::Place::new("action", say.bulk_action(), &mut self.action),
            faults::Place::new("quota", say.quota_label(), &mut self.quota),
            faults::Place::new("accounts", say.bulk_accounts(), &mut self.accounts),
        ]
    }
}

struct ActionChoice {
    value: String,
    words: String,
    is_chosen: bool,
}

struct AccountLine {
    account: Account,
    /// The display name, where it says more than the address.
    name: String,
    is_chosen: bool,
    is_protected: bool,
    locked_out: LockedOut,
}

async fn new(
    State(app): State<App>,
    request: In<ResetPasswords>,
    Query(question): Query<Fields>,
) -> Result<BulkPage, Problem> {
    let form = app.links.bulk(request.can.domain());
    let draft = field(&question, drafts::NAME).to_owned();
    let mut fields = left(&app, &request.guard, &form, &question).await?.unwrap_or_default();
    if let Some(chosen) = put_together(&app, &request, field(&question, "batch")).await? {
        fields = chosen;
    }
    // Of the list, what stands in the address comes last, and so counts.
    fields.extend(question.into_iter().filter(|(name, _)| name != "account"));
    page(&app, request, Selection::of(fields), draft, String::new()).await
}

/// What was chosen for a change of several accounts, for whoever comes back from its confirmation.
async fn put_together(app: &App, request: &In<ResetPasswords>, id: &str) -> Result<Option<Fields>, Problem> {
    let Ok(id) = BatchId::parse(id) else { return Ok(None) };
    let can = request.guard.gate.can_some::<ViewMail>()?;
    let view = match app.batches.look(&can, &id).await {
        Ok(view) if view.batch.domain == *request.can.domain() => view,
        // It is forgotten by now, or of no concern here.
        Ok(_) | Err(Failure::NoSuchBatch) => return Ok(None),
        Err(failure) => return Err(failure.into()),
    };
    let accounts = view.items.iter().map(|item| item.address.local().to_owned()).collect();
    Ok(Some(Selection::again(view.batch.action, accounts).chosen()))
}

async fn page(
    app: &App,
    request: In<ResetPasswords>,
    selection: Selection,
    draft: String,
    accounts_problem: String,
) -> Result<BulkPage, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let may_manage = guard.gate.can_in::<ManageMail>(can.domain()).is_ok();
    let offers_links = app.changes.rules.hand_over.offered.contains(&HandOver::Link);
    let view = app.directory.domain(&see).await?;
    let history = app.batches.history(&can).await?;
    let own = app.changes.staff_mailboxes().await?;
    let choice = selection.choice();
    let fitting = app.resets.choose(&see, &view, &choice).await?;
    let lock_outs = app.resets.lock_outs_in(&see, view.accounts()).await?;
    let shown = fitting.accounts(&(0..MOST));
    let fits: HashSet<_> = shown.iter().map(|account| &account.address).collect();
    let is_chosen = |account: &Account| selection.accounts.contains(account.address.local());
    // What is selected stays in sight, and so in the form, whatever the filter.
    let elsewhere = view.accounts().iter().filter(|account| is_chosen(account) && !fits.contains(&account.address));
    let line = |account: &Account| AccountLine {
        name: told_name(&account.address, &account.display_name),
        is_chosen: is_chosen(account),
        is_protected: app.changes.rules.keep_from(guard.gate.asker(), &account.address, &own).is_some(),
        locked_out: lock_outs.of(account),
        account: account.clone(),
    };
    Ok(BulkPage {
        domain: can.domain().clone(),
        actions: choices(guard.layout.say, may_manage, offers_links, &selection.action.value),
        may_manage,
        accounts: Field { problem: accounts_problem, ..Field::default() },
        shown: list::query(&Choice { is_cut: false, ..choice.clone() }).finish(),
        draft,
        lines: elsewhere.chain(shown.iter().copied()).map(line).collect(),
        fitting: shown.len(),
        found: fitting.accounts_count(),
        unread: fitting.unread,
        untold: fitting.untold,
        is_asking: app.directory.is_asking_usages(),
        history,
        read_at: view.read_at,
        age: view.age,
        action: selection.action,
        quota: selection.quota,
        choice,
        layout: guard.layout,
    })
}

/// What can be done to several accounts. Where it is one thing alone, it is chosen.
fn choices(say: Texts, may_manage: bool, offers_links: bool, chosen: &str) -> Vec<ActionChoice> {
    let told = |action: BatchAction| (action.code(), say.batch_action(action));
    let choice = |(value, words): (String, String)| ActionChoice { is_chosen: value == chosen, value, words };
    let by_link = || (BatchAction::GiveLinks.code(), say.bulk_at_most(say.do_give_links(), MOST_LINKS));
    let by_link = offers_links.then(by_link);
    let passwords = by_link.into_iter().chain([told(BatchAction::LockOut)]).map(choice);
    if !may_manage {
        let mut passwords: Vec<_> = passwords.collect();
        if let [only] = &mut passwords[..] {
            only.is_chosen = true;
        }
        return passwords;
    }
    let quota = (BatchAction::QUOTA.to_owned(), say.do_quota_unnumbered().to_owned());
    let levels = (0..=MOST_ANTISPAM).map(BatchAction::SpamLevel);
    let on = [true, false];
    let others = on.map(BatchAction::VirusCheck).into_iter().chain(levels).chain(on.map(BatchAction::RefuseSpam));
    let actions = [told(BatchAction::AutoReplyOff), quota].into_iter().chain(others.map(told));
    actions.map(choice).chain(passwords).collect()
}

async fn create(
    State(app): State<App>,
    request: In<ResetPasswords>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let say = request.guard.layout.say;
    let draft = field(&fields, drafts::NAME).to_owned();
    let mut selection = Selection::of(fields);
    if selection.asks_for_another_list() {
        return Ok(another_list(&app, &request, selection, draft).await?.into_response());
    }
    let see = request.guard.gate.can_in::<ViewMail>(request.can.domain())?;
    let problem = match (selection.action(say), selection.addresses(request.can.domain())) {
        (_, None) => say.bulk_gone().to_owned(),
        (None, Some(addresses)) if addresses.is_empty() => say.bulk_none_chosen().to_owned(),
        (None, Some(_)) => String::new(),
        (Some(action), Some(addresses)) => {
            let can = CanBatch::of(&request.guard.gate, action, request.can.domain());
            let can = request.guard.granted(&app, can).await?;
            match proposed(&app, say, app.batches.propose(&can, &see, action, addresses).await)? {
                Ok(there) => return Ok(there.into_response()),
                Err(problem) => problem,
            }
        }
    };
    let page = page(&app, request, selection, draft, problem).await?;
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// The way to the confirmation of what was put together, or what is wrong with the accounts.
fn proposed(
    app: &App,
    say: Texts,
    proposed: Result<BatchId, NotProposed>,
) -> Result<Result<Redirect, String>, Problem> {
    Ok(Err(match proposed {
        Ok(batch) => return Ok(Ok(Redirect::to(&app.links.batch(&batch)))),
        Err(NotProposed::NothingChosen) => say.bulk_none_chosen().to_owned(),
        Err(NotProposed::NotOffered) => say.bulk_no_action().to_owned(),
        Err(NotProposed::TooMany { most }) => say.bulk_too_many(most),
        Err(NotProposed::NoSuchAccount) => say.bulk_gone().to_owned(),
        Err(NotProposed::Failure(failure)) => return Err(failure.into()),
    }))
}

async fn lock_out_all(State(app): State<App>, request: In<ResetPasswords>) -> Result<Response, Problem> {
    let see = request.guard.gate.can_in::<ViewMail>(request.can.domain())?;
    let put_together = app.batches.propose_all(&CanBatch::Passwords(request.can.clone()), &see).await;
    match proposed(&app, request.guard.layout.say, put_together)? {
        Ok(there) => Ok(there.into_response()),
        Err(problem) => {
            let page = page(&app, request, Selection::default(), String::new(), problem).await?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Keeps what was chosen, with what a button does to it, and leads to the list that is asked for.
async fn another_list(
    app: &App,
    request: &In<ResetPasswords>,
    mut selection: Selection,
    draft: String,
) -> Result<Redirect, Problem> {
    let domain = request.can.domain();
    let see = request.guard.gate.can_in::<ViewMail>(domain)?;
    let view = app.directory.domain(&see).await?;
    let choice = selection.choice();
    selection.press(&app.resets.choose(&see, &view, &choice).await?.accounts(&(0..MOST)));
    let name = if draft.is_empty() || !is_id(&draft) { app.drafts.new_name() } else { draft };
    let form = app.links.bulk(domain);
    drafts::keep_as(app, &request.guard, Place { form: &form, name: &name }, &selection.chosen()).await?;
    let mut query = list::query(&choice);
    Ok(Redirect::to(&with_query(form, &query.append_pair(drafts::NAME, &name).finish())))
}
