//! Of an operation whose password goes to the owner by link: link and code, shown to staff once, and what is known of them after.

use askama::Template;
use askama_web::WebTemplate;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::post;

use super::outcome::since;
use crate::access::{ResetPasswords, ViewMail};
use crate::model::owner_link::TRIES;
use crate::model::{LinkAndCode, LinkEnd, LinkMail, LinkMailEnd, Operation, OperationId, OperationKind, OwnerLink};
use crate::pages::guard::Guard;
use crate::pages::qr::Qr;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::operations::aftermath::Aftermath;
use crate::texts::{Reading, Texts};

pub fn routes() -> Router<App> {
    Router::new().route("/operations/{operation}/revoke", post(revoke))
}

/// After how many digits the code has a gap for the eye.
const GROUP: usize = 4;

#[derive(Template, WebTemplate)]
#[template(path = "operations/link_and_code.html")]
pub(super) struct LinkAndCodePage {
    layout: Layout,
    operation: Operation,
    shown_once: String,
    until: String,
    /// What became of the mail that takes it to the owner; empty where none does.
    mailed: String,
    /// Whether it was sent by mail, so that the code is what is left to be given.
    is_sent: bool,
    link: String,
    qr: Option<Qr>,
    /// The code's digits in groups; joined, they are the code.
    groups: Vec<String>,
    readings: [Reading; 2],
}

impl LinkAndCodePage {
    pub fn of(layout: Layout, operation: Operation, both: &LinkAndCode) -> Self {
        let (say, times) = (layout.say, &layout.times);
        let made_at = operation.ended_at.unwrap_or(times.now);
        let shown_once = if operation.kind == OperationKind::ResetPassword {
            say.both_shown_this_once(&times.clock_with_seconds(&made_at))
        } else {
            say.created_both_shown_once().to_owned()
        };
        let until = operation.link.as_ref().map(|link| say.both_good_until(&times.full(&link.expires_at)));
        let link = layout.links.told_hand_over(both.link());
        let digits: Vec<char> = both.code().chars().collect();
        Self {
            qr: Qr::of(&link),
            groups: digits.chunks(GROUP).map(String::from_iter).collect(),
            readings: Texts::readings(both.code()),
            until: until.unwrap_or_default(),
            is_sent: operation
                .link_mail
                .as_ref()
                .is_some_and(|mail| matches!(mail.ended, Some((LinkMailEnd::Sent, _)))),
            mailed: operation.link_mail.as_ref().map(|mail| mailed(&layout, mail)).unwrap_or_default(),
            link,
            shown_once,
            layout,
            operation,
        }
    }
}

/// What became of a link.
#[derive(Template, WebTemplate)]
#[template(path = "operations/by_link.html")]
pub(super) struct ByLinkPage {
    layout: Layout,
    operation: Operation,
    lead: &'static str,
    /// `good`, `warn` or empty.
    tone: &'static str,
    /// The receipts, oldest first.
    happened: Vec<String>,
    to_do: String,
    /// Whether the link waits, so that it can be taken back.
    waits: bool,
    may_reset: bool,
}

impl ByLinkPage {
    pub fn of(layout: Layout, operation: Operation, aftermath: &Aftermath, may_reset: bool) -> Self {
        let say = layout.say;
        let since = since(&layout, aftermath);
        let recorded = operation.link_ended_by(layout.times.now);
        // What was done since voids the link, whether that is recorded yet or not.
        let end = recorded.or_else(|| since.is_some().then_some(LinkEnd::Overtaken));
        let (lead, tone) = match end {
            None => (say.by_link_waits_of(), ""),
            Some(LinkEnd::Read) => (say.by_link_read_of(), "good"),
            Some(LinkEnd::Forgotten) => (say.by_link_may_be_read_of(), "warn"),
            Some(_) => (say.by_link_unread_of(), "warn"),
        };
        let to_do = match (end, since) {
            (Some(LinkEnd::Read), _) => say.by_link_read_do().to_owned(),
            (Some(_), Some(since)) => since,
            (Some(LinkEnd::Forgotten), None) => say.by_link_may_be_read_do().to_owned(),
            // A new account has had no password before.
            (Some(_), None) if operation.kind == OperationKind::CreateAccount => say.by_link_unread_new_do().to_owned(),
            (Some(_), None) => say.by_link_unread_do().to_owned(),
            (None, _) => until(&layout, &operation),
        };
        let happened = receipts(&layout, &operation, end, may_reset);
        Self { lead, tone, happened, to_do, waits: end.is_none(), may_reset, layout, operation }
    }
}

/// Takes the owner's link back.
async fn revoke(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let see = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    let operation = app.reveals.look(&see, &id).await?.operation;
    let can = guard.granted(&app, guard.gate.can_in::<ResetPasswords>(operation.address.domain())).await?;
    match app.resets.revoke(&can, &operation).await {
        Err(Failure::Denied(denied)) => guard.granted(&app, Err(denied)).await?,
        revoked => revoked?,
    }
    Ok(Redirect::to(&app.links.operation(&id)))
}

/// Until when what can be done that is next, of a link that waits.
fn until(layout: &Layout, operation: &Operation) -> String {
    let (say, times) = (layout.say, &layout.times);
    let unshown = operation.sealed_until.filter(|_| operation.shown_at.is_none());
    let shown = || operation.link.as_ref().map(|link| say.by_link_until(&times.full(&link.expires_at)));
    unshown.map(|until| say.by_link_unshown_do(&times.full(&until))).or_else(shown).unwrap_or_default()
}

/// What became of the mailing of a link that is shown, and what to do where it failed.
fn mailed(layout: &Layout, mail: &LinkMail) -> String {
    let said = layout.times.link_mail(mail, true);
    if is_to_be_passed_on(mail) { format!("{said} {}", layout.say.mail_read_aloud()) } else { said }
}

fn is_to_be_passed_on(mail: &LinkMail) -> bool {
    matches!(mail.ended, Some((LinkMailEnd::NotSent | LinkMailEnd::Unknown, _)))
}

/// What is known of a link, step by step.
fn receipts(layout: &Layout, operation: &Operation, end: Option<LinkEnd>, in_full: bool) -> Vec<String> {
    let (say, times) = (layout.say, &layout.times);
    let name = operation.told_as.as_str();
    let shown = match (&operation.shown_at, end) {
        (Some(at), _) => Some(say.both_shown_at(&times.full(at), name)),
        (None, None) => Some(say.both_not_shown(name)),
        // An older copy of the database may be from before the showing.
        (None, Some(LinkEnd::Forgotten)) => None,
        (None, Some(_)) => Some(say.both_never_shown().to_owned()),
    };
    let opened = |link: &OwnerLink| link.opened_at.map(|at| say.link_opened_at(&times.full(&at)));
    // Of a link that was read at the first try, there is nothing to wonder about.
    let usual = i64::from(end == Some(LinkEnd::Read));
    let tries = |link: &OwnerLink| (link.tries > usual).then(|| say.codes_tried(link.tries, TRIES));
    let ended = end.map(|end| {
        let at = operation.link.as_ref().and_then(|link| link.ended).map(|(_, at)| times.full(&at));
        let is_unopened = end == LinkEnd::Expired && operation.shown_at.is_none();
        let sentence = if is_unopened { say.end_unopened() } else { say.link_end(end) };
        at.map_or_else(|| sentence.to_owned(), |at| format!("{at}: {sentence}"))
    });
    let mailed = operation.link_mail.as_ref().map(|mail| {
        let said = times.link_mail(mail, in_full);
        let waits = end.is_none() && is_to_be_passed_on(mail);
        if waits { format!("{said} {}", say.mail_reset_again()) } else { said }
    });
    let link = operation.link.as_ref();
    [shown, mailed, link.and_then(opened), link.and_then(tries), ended].into_iter().flatten().collect()
}
