//! The overview: the search first, then the domains.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::approvals::said;
use super::domains::MOST_LEFT_OUT;
use super::guard::Guard;
use super::lately::{News, lately, news, reset_link};
use super::layout::At;
use super::{App, Layout, Problem};
use crate::access::{CanSome, ViewMail};
use crate::model::{Address, Approval, ApprovalState, Joint, LockedOut, Mailbox, Operation};
use crate::services::approvals::{OwnApproval, Waiting};
use crate::services::directory::{DirectoryView, MOST_HITS, cut, first_pasted};

/// How many bytes of a search are read: some more addresses than are looked for.
const LONGEST_SEARCH: usize = 1000;

pub fn routes() -> Router<App> {
    Router::new().route("/", get(show))
}

#[derive(Deserialize)]
struct Question {
    q: Option<String>,
    /// The operation whose password was just shown: *Close* on the result page leads here.
    shown: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "overview.html")]
struct OverviewPage {
    layout: Layout,
    query: String,
    hits: Option<Vec<HitLine>>,
    /// What is one letter away, where there is no hit.
    neighbours: Vec<HitLine>,
    /// Whether there may be more hits than are shown.
    is_cut: bool,
    /// How many addresses were looked for, where more were pasted.
    first_pasted: Option<usize>,
    directory: DirectoryView,
    left_out_count: usize,
    /// What the person has just closed.
    news: Option<News>,
    /// The accounts that they worked on last, each with the link that asks whether to reset it.
    lately: Vec<(Address, String)>,
    /// Whose new passwords were not read by their owners yet.
    waiting: Vec<Operation>,
    /// What colleagues wait for, and what the person waits for.
    approvals: Waiting,
    /// Whether they see the whole project, and so what it costs.
    sees_costs: bool,
}

struct HitLine {
    link: String,
    /// Where it is asked whether to reset it; empty for an alias, and for whoever may not.
    reset: String,
    address: Address,
    display_name: String,
    /// Where an alias leads; `None` for an account.
    targets: Option<String>,
    auto_reply: Option<bool>,
    locked_out: LockedOut,
    /// Whether it is an alias that leads out of the company's domains.
    is_outside: bool,
}

async fn show(
    State(app): State<App>,
    guard: Guard,
    Query(question): Query<Question>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let can = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    let Question { q, shown } = question;
    let asked = q.unwrap_or_default();
    let (query, is_cut) = cut(asked.trim(), LONGEST_SEARCH);
    let query = query.to_owned();
    let hits = if query.is_empty() { None } else { Some(app.directory.search(&can, &query).await) };
    let first_pasted = first_pasted(&query, is_cut);
    // While somebody is still typing, a script asks, and a single hit is only what the list has come down to.
    let is_sent = headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document");
    if let Some([hit]) = hits.as_deref()
        && is_sent
        && first_pasted.is_none()
    {
        return Ok(Redirect::to(&link(&guard.layout, hit)).into_response());
    }
    let layout = guard.layout.at(At::Overview);
    let is_cut = hits.as_ref().is_some_and(|hits| hits.len() >= MOST_HITS);
    let neighbours = match &hits {
        Some(hits) if hits.is_empty() => app.directory.neighbours(&can, &query),
        _ => Vec::new(),
    };
    let neighbours = lines(&app, &can, &layout, &neighbours).await?;
    let hits = match hits {
        Some(hits) => Some(lines(&app, &can, &layout, &hits).await?),
        None => None,
    };
    let news = news(&app, &can, &layout, shown).await?;
    let lately = if query.is_empty() { lately(&app, &can, &layout).await? } else { Vec::new() };
    let waiting = if query.is_empty() { app.resets.hand_overs_that_wait(&can).await? } else { Vec::new() };
    let approvals = if query.is_empty() { app.approvals.waiting(&can).await? } else { Waiting::default() };
    let mut directory = app.directory.overview(&can).await;
    let left_out_count = directory.left_out.len();
    directory.left_out.truncate(MOST_LEFT_OUT);
    let sees_costs = guard.gate.can::<ViewMail>().is_ok();
    let page = OverviewPage {
        layout,
        query,
        hits,
        neighbours,
        is_cut,
        first_pasted,
        directory,
        left_out_count,
        news,
        lately,
        waiting,
        approvals,
        sees_costs,
    };
    Ok(page.into_response())
}

impl OverviewPage {
    /// What is to be approved, and to what it is done.
    fn asked(&self, approval: &Approval) -> (String, String) {
        said(&self.layout, &approval.joint)
    }

    /// Where it is said what was done with an approval of theirs, once it was used.
    fn done_with(&self, own: &OwnApproval) -> Option<String> {
        let links = &self.layout.links;
        match &own.approval.joint {
            Joint::Batch { id, .. } if own.stands == ApprovalState::Used => Some(links.batch(id)),
            _ => own.operation.as_ref().map(|operation| links.operation(operation)),
        }
    }

    /// The tone of how what they asked for stands.
    const fn tone(stands: ApprovalState) -> &'static str {
        match stands {
            ApprovalState::Given | ApprovalState::Used => "good",
            ApprovalState::Asked | ApprovalState::Withdrawn => "",
            ApprovalState::Refused | ApprovalState::Ended | ApprovalState::Forgotten => "warn",
        }
    }
}

fn link(layout: &Layout, hit: &Mailbox) -> String {
    match hit {
        Mailbox::Account(account) => layout.links.account(&account.address),
        Mailbox::Alias(alias) => layout.links.alias(&alias.address),
    }
}

async fn lines(app: &App, see: &CanSome<ViewMail>, layout: &Layout, hits: &[Mailbox]) -> Result<Vec<HitLine>, Problem> {
    let accounts: Vec<_> = hits.iter().filter_map(Mailbox::account).collect();
    let lock_outs = app.resets.lock_outs(see, &accounts).await?;
    let own = app.changes.staff_mailboxes().await?;
    let line = |hit: &Mailbox| {
        let reset = hit.account().map(|account| reset_link(app, see, layout, &account.address, &own));
        let locked_out = hit.account().map_or(LockedOut::No, |account| lock_outs.of(account));
        HitLine { reset: reset.unwrap_or_default(), locked_out, ..line(app, see, layout, hit) }
    };
    Ok(hits.iter().map(line).collect())
}

fn line(app: &App, see: &CanSome<ViewMail>, layout: &Layout, hit: &Mailbox) -> HitLine {
    let (display_name, targets, auto_reply) = match hit {
        Mailbox::Account(account) => (&account.display_name, None, account.auto_reply.on),
        Mailbox::Alias(alias) => (&alias.display_name, Some(layout.say.targets(alias.targets.as_deref())), Some(false)),
    };
    let address = hit.address().clone();
    let is_outside = matches!(hit, Mailbox::Alias(alias) if app.directory.leads_outside(see, alias));
    let (link, display_name) = (link(layout, hit), told_name(&address, display_name));
    HitLine {
        link,
        reset: String::new(),
        address,
        display_name,
        targets,
        auto_reply,
        locked_out: LockedOut::No,
        is_outside,
    }
}

/// A display name only where it says more than the address, which GleSYS puts there by default.
pub(super) fn told_name(address: &Address, display_name: &str) -> String {
    let says_nothing = display_name == address.as_str() || display_name == address.readable();
    if says_nothing { String::new() } else { display_name.to_owned() }
}
