//! A domain: its accounts and aliases.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;

use super::list::{self, Fields};
use crate::access::{CanSome, ManageMail, ResetPasswords, ViewMail};
use crate::model::{Account, Address, Alias, DomainName, LeftOut, LockedOut, Page, Usage};
use crate::pages::guard::In;
use crate::pages::overview::told_name;
use crate::pages::{App, Layout, Problem};
use crate::services::directory::Age;
use crate::services::directory::choice::{Choice, Chosen, Sort};
use crate::texts::Texts;

/// How many accounts and aliases stand on a page: few enough for 25 KiB, enough to scroll through.
const PAGE: usize = 50;
/// How many of the rows that can't be handled are shown.
pub const MOST_LEFT_OUT: usize = 20;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}", get(show))
}

#[derive(Deserialize)]
struct Place {
    page: Option<usize>,
}

#[derive(Template, WebTemplate)]
#[template(path = "domains/show.html")]
struct DomainPage {
    layout: Layout,
    domain: DomainName,
    choice: Choice,
    accounts: Vec<AccountLine>,
    /// Whether one of them has a display name that says more than its address.
    has_names: bool,
    aliases: Vec<AliasLine>,
    counts: Counts,
    /// How many accounts are not known to be how full.
    unread: usize,
    /// Whether GleSYS is being asked for that.
    is_asking: bool,
    /// Of how many accounts GleSYS does not say whether they answer automatically, where that is asked for.
    untold: usize,
    /// How much the domain's project has, for those who see all of it.
    project: Option<String>,
    page: Page,
    /// What GleSYS lists besides and can't be handled: the first of them, and how many there are.
    left_out: Vec<LeftOut>,
    left_out_count: usize,
    read_at: Timestamp,
    age: Age,
    /// Whether the person may make and change accounts and aliases here.
    may_manage: bool,
    /// Where all accounts are locked out, for whoever may, where there are any; else empty.
    lock_out_all: String,
}

/// How many there are.
struct Counts {
    /// Behind a filter, how many it leaves of how many.
    accounts: String,
    aliases: String,
    /// Whether nothing fits.
    is_nothing: bool,
    /// The page on which the aliases begin, if it is another one.
    aliases_on: Option<usize>,
}

struct AccountLine {
    address: Address,
    /// The display name, where it says more than the address.
    name: String,
    auto_reply: Option<bool>,
    locked_out: LockedOut,
    created: String,
    storage: String,
    percent: Option<u64>,
}

struct AliasLine {
    targets: String,
    /// Whether it leads out of the company's domains.
    is_outside: bool,
    address: Address,
}

impl DomainPage {
    /// The link to another page of the same filter.
    fn page_link(&self, number: usize) -> String {
        list::link(&self.layout.links, &self.domain, &self.choice, number)
    }

    fn bulk_link(&self) -> String {
        list::bulk_link(&self.layout.links, &self.domain, &self.choice)
    }

    /// The link of a column's heading: in its order, and turned round where it is that already.
    fn sort_link(&self, sort: Sort) -> String {
        let is_now = self.choice.sort == sort;
        // Those who ask how full accounts are want to see the fullest, and of ages the newest.
        let descending = if is_now { !self.choice.descending } else { sort != Sort::Address };
        list::link(&self.layout.links, &self.domain, &Choice { sort, descending, ..self.choice.clone() }, 1)
    }

    /// For `aria-sort`, where the list stands in this order.
    fn sorted(&self, sort: Sort) -> Option<&'static str> {
        let order = if self.choice.descending { "descending" } else { "ascending" };
        (self.choice.sort == sort).then_some(order)
    }
}

async fn show(
    State(app): State<App>,
    request: In<ViewMail>,
    Query(fields): Query<Fields>,
    Query(place): Query<Place>,
) -> Result<DomainPage, Problem> {
    let view = app.directory.domain(&request.can).await?;
    let choice = fields.read();
    let chosen = app.resets.choose(&request.can, &view, &choice).await?;
    let page = Page::of(chosen.accounts_count() + chosen.aliases_count(), place.page.unwrap_or(1), PAGE);
    let rows = page.rows();
    let accounts = chosen.accounts(&rows);
    let usages = app.directory.usages(&accounts);
    // As of the same moment: they may come while the rest is looked up.
    let is_asking = app.directory.is_asking_usages();
    let unread = usages.iter().filter(|usage| usage.is_none()).count().max(chosen.unread);
    let see = request.guard.gate.can_some::<ViewMail>()?;
    let lock_outs = app.resets.lock_outs(&see, &accounts).await?;
    let layout = request.guard.layout;
    let line = |(account, usage): (&Account, _)| AccountLine {
        locked_out: lock_outs.of(account),
        ..line(&layout, account, usage)
    };
    let accounts: Vec<_> = accounts.into_iter().zip(usages).map(line).collect();
    let may_lock_out = request.guard.gate.can_in::<ResetPasswords>(request.can.domain()).is_ok() && view.counts().0 > 0;
    let sees_all = request.guard.gate.can::<ViewMail>().ok();
    let project = sees_all.and_then(|can| app.directory.project(&can, request.can.domain()));
    Ok(DomainPage {
        has_names: accounts.iter().any(|line| !line.name.is_empty()),
        accounts,
        aliases: chosen.aliases(&rows).into_iter().map(|alias| alias_line(&app, &see, layout.say, alias)).collect(),
        counts: counts(layout.say, &chosen, view.counts(), page, &choice),
        unread,
        untold: chosen.untold,
        is_asking,
        may_manage: request.guard.gate.can_in::<ManageMail>(request.can.domain()).is_ok(),
        lock_out_all: if may_lock_out { layout.links.lock_out_all(request.can.domain()) } else { String::new() },
        domain: request.can.domain().clone(),
        choice,
        project: project.map(|counts| layout.say.in_project(counts)).filter(|said| !said.is_empty()),
        page,
        left_out: view.left_out().iter().take(MOST_LEFT_OUT).cloned().collect(),
        left_out_count: view.left_out().len(),
        read_at: view.read_at,
        age: view.age,
        layout,
    })
}

fn counts(say: Texts, chosen: &Chosen, of: (usize, usize), page: Page, choice: &Choice) -> Counts {
    let (accounts, aliases) = (chosen.accounts_count(), chosen.aliases_count());
    let count = |found: usize, of: usize| if choice.is_narrow() { say.found_of(found, of) } else { of.to_string() };
    let is_open = choice.near_full && chosen.unread > 0;
    let aliases_on = accounts / PAGE + 1;
    Counts {
        accounts: if is_open { say.so_far(&count(accounts, of.0)) } else { count(accounts, of.0) },
        aliases: count(aliases, of.1),
        is_nothing: accounts + aliases == 0 && (choice.is_narrow() || of == (0, 0)),
        aliases_on: (aliases > 0 && aliases_on != page.number).then_some(aliases_on),
    }
}

fn alias_line(app: &App, see: &CanSome<ViewMail>, say: Texts, alias: &Alias) -> AliasLine {
    let is_outside = app.directory.leads_outside(see, alias);
    AliasLine { targets: say.targets(alias.targets.as_deref()), is_outside, address: alias.address.clone() }
}

fn line(layout: &Layout, account: &Account, usage: Option<Usage>) -> AccountLine {
    let Layout { say, times, .. } = layout;
    AccountLine {
        name: told_name(&account.address, &account.display_name),
        auto_reply: account.auto_reply.on,
        locked_out: LockedOut::No,
        created: account.created.map(|at| times.day(&at)).unwrap_or_default(),
        storage: say.storage_short(usage.map(|usage| usage.used_mib), account.quota),
        percent: usage.and_then(Usage::percent),
        address: account.address.clone(),
    }
}
