//! What of the configuration services and pages share: messages by mail, the rules, how links are written.

use std::sync::{Arc, Mutex};

use super::ports::mailer;
use crate::access::fresh::FreshProof;
use crate::config::Config;
use crate::model::{Clock, Entropy, HandOverPolicy, LinkByMail};
use crate::pages::Links;
use crate::services::Outbox;
use crate::services::operations::rules::Rules;
use crate::smtp;
use crate::store::Store;

/// The messages to mailboxes, over an open store.
pub(super) fn outbox(
    config: &Config,
    store: &Store,
    clock: &Clock,
    entropy: &Entropy,
) -> Result<Arc<Outbox>, smtp::BuildError> {
    let (store, clock, before_link) = (store.clone(), clock.clone(), links(config).told_hand_over(""));
    Ok(Arc::new(Outbox {
        store,
        mailer: mailer(config)?,
        clock,
        entropy: entropy.clone(),
        rest: Mutex::default(),
        before_link,
    }))
}

/// How the panel's addresses are written.
pub(super) fn links(config: &Config) -> Links {
    let owners = config.owners.as_ref().map(|door| &door.url);
    Links::new(&config.public_url, config.ticket_url.as_deref()).with_owners_at(owners)
}

/// The rules of operations.
pub(super) fn rules(config: &Config) -> Rules {
    // Without a mail server nothing can send them.
    let by_mail = if config.smtp.is_some() { config.hand_over.by_mail } else { LinkByMail::Off };
    Rules {
        limits: config.limits,
        protected: config.protected_accounts.clone(),
        reasons: config.reset_reasons.clone(),
        callers: config.caller_checks.clone(),
        hand_over: HandOverPolicy { by_mail, ..config.hand_over.clone() },
        second_person: config.second_person.clone(),
        fresh: FreshProof::for_resets(config.fresh_sign_in),
        tells_mailboxes: config.smtp.is_some(),
    }
}
