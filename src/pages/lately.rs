//! What the overview says to somebody who comes back to it from an operation: what came of it, and on which accounts they
//! worked last.

use std::collections::BTreeSet;

use super::{App, Layout, Problem};
use crate::access::{CanSome, ViewMail};
use crate::model::{Address, Operation, OperationId, OperationKind};

/// The address that it was done to, and what was done.
pub(super) type News = (Address, String);

/// What the person has just closed, in this session.
///
/// # Errors
/// [`Problem`]: the database failed.
pub(super) async fn news(
    app: &App,
    see: &CanSome<ViewMail>,
    layout: &Layout,
    closed: Option<String>,
) -> Result<Option<News>, Problem> {
    let Some(id) = closed.and_then(|id| OperationId::parse(&id).ok()) else { return Ok(None) };
    let operation = app.resets.own(see, &id).await?;
    Ok(operation.and_then(|operation| Some((operation.address.clone(), shown(layout, &operation)?))))
}

/// That what it made was shown.
fn shown(layout: &Layout, operation: &Operation) -> Option<String> {
    let (say, time) = (layout.say, layout.times.clock(operation.shown_at.as_ref()?));
    match operation.kind {
        _ if operation.link.is_some() => Some(say.both_just_now(&time)),
        OperationKind::ResetPassword => Some(say.shown_just_now(&time)),
        OperationKind::CreateAccount => Some(say.created_just_now(&time)),
        _ => None,
    }
}

/// The accounts that the person worked on last, each with the link that asks whether to reset it; empty where they may not.
///
/// # Errors
/// [`Problem`]: the database failed.
pub(super) async fn lately(
    app: &App,
    see: &CanSome<ViewMail>,
    layout: &Layout,
) -> Result<Vec<(Address, String)>, Problem> {
    let (accounts, own) = (app.resets.own_lately(see).await?, app.changes.staff_mailboxes().await?);
    let with_link = |address: Address| (address.clone(), reset_link(app, see, layout, &address, &own));
    Ok(accounts.into_iter().map(with_link).collect())
}

/// Where it is asked whether to reset an account; empty for whoever may not.
pub(super) fn reset_link(
    app: &App,
    see: &CanSome<ViewMail>,
    layout: &Layout,
    address: &Address,
    staff_mailboxes: &BTreeSet<Address>,
) -> String {
    let staff = &see.asker().staff;
    let may = app.resets.rules.allow(OperationKind::ResetPassword, staff, address, staff_mailboxes).is_ok();
    if may { layout.links.reset(address) } else { String::new() }
}
