//! The verdict on what is there in the end: accounts, passwords, settings and aliases are what the last change made.

use std::collections::HashMap;

use nyckel::model::OperationKind;
use nyckel::simulator::{Call, State};

use super::database::Operation;
use super::memory::Wish;

/// What the last changes of an address came to, where they are done, is what is there: no late effect came after them.
pub fn judge_rest(state: &State, own: &[&Operation], calls: &HashMap<String, Call>, wished: &HashMap<String, Wish>) {
    let address = &own[0].address;
    let (mailbox, alias) = (state.mailbox(address), alias(state, address));
    if let Some(last) = last_done(own, OperationKind::voids_the_password) {
        let made = calls.get(&last.id).and_then(|call| call.password.as_ref());
        assert_eq!(mailbox.map(|mailbox| &mailbox.password), made, "{last:#?} is not what opens {address}");
    }
    let is_about_settings = |kind: OperationKind| {
        !kind.is_about_an_alias() && !matches!(kind, OperationKind::ResetPassword | OperationKind::LockOut)
    };
    if let Some(last) = last_done(own, is_about_settings)
        && let Some(Wish::Settings { quota, spam }) = wished.get(&last.id)
    {
        let stands = mailbox.map(|mailbox| (quota.map(|_| mailbox.quotaingib), mailbox.antispamlevel));
        assert_eq!(stands, Some((*quota, *spam)), "{last:#?} is not what stands of {address}");
    }
    if let Some(last) = last_done(own, OperationKind::is_about_an_alias) {
        let is_gone = last.kind() == OperationKind::DeleteAlias;
        assert_eq!(alias.is_none(), is_gone, "{last:#?}");
        if let Some(Wish::LeadsTo(targets)) = wished.get(&last.id) {
            assert_eq!(alias, Some(targets.as_str()), "{last:#?} is not where {address} leads");
        }
    }
}

/// The last operation of these kinds that may have changed something, if it is done.
fn last_done<'a>(own: &[&'a Operation], of: impl Fn(OperationKind) -> bool) -> Option<&'a Operation> {
    let changed = |operation: &&&Operation| !matches!(operation.state.as_str(), "refused" | "not_sent");
    let last = own.iter().rev().filter(|operation| of(operation.kind())).find(changed)?;
    (last.state == "done").then_some(last)
}

fn alias<'a>(state: &'a State, address: &str) -> Option<&'a str> {
    let domain = state.domains.get(address.rsplit_once('@')?.1)?;
    Some(&domain.aliases.get(address)?.goto)
}
