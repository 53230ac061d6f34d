//! Whether the functions that only ask are allowed, for `nyckel check`: each is asked once, about something that is there. Those that
//! change something can't be tried.

use super::functions::{LIST, OVERVIEW, QUOTA};
use super::spelling::Called;
use super::wire::{AskAccount, QuotaAnswer};
use super::{Error, Questions, Reader};
use crate::model::{Function, Mailbox};

/// What came of it, in one project.
pub struct Probed {
    /// What people call the project.
    pub label: String,
    /// What could be tried, and how that went.
    pub tried: Vec<(&'static Function, Result<(), Error>)>,
    /// Whether costs can be read, which nobody needs.
    pub costs: Option<Error>,
    /// What could not be tried, because there is nothing to ask about.
    pub untried: Vec<&'static Function>,
}

impl Reader {
    /// Asks each project for whatever the panel reads there.
    pub async fn probe_each(&self) -> Vec<Probed> {
        let mut found = Vec::new();
        for line in &self.0.lines {
            found.push(line.probe_each().await);
        }
        found
    }
}

impl Questions {
    async fn probe_each(&self) -> Probed {
        let mut probed = Probed { label: self.label.clone(), tried: Vec::new(), costs: None, untried: Vec::new() };
        let told = self.overview().await;
        let domain = told.as_ref().ok().and_then(|told| told.domains.iter().max_by_key(|domain| domain.accounts));
        let domain = domain.map(|domain| domain.name.clone());
        probed.tried.push((OVERVIEW, told.map(drop)));
        let listed = match &domain {
            Some(domain) => Some(self.listed(domain, None).await),
            None => None,
        };
        let account = listed.as_ref().and_then(|listed| {
            let (listed, called) = listed.as_ref().ok()?;
            let account = listed.mailboxes.iter().find(|mailbox| matches!(mailbox, Mailbox::Account(_)))?;
            let own = called.iter().find(|(what, _)| *what == Called::of(account));
            Some(own.map_or_else(|| account.address().to_string(), |(_, text)| text.clone()))
        });
        match listed {
            Some(listed) => probed.tried.push((LIST, listed.map(drop))),
            None if probed.is_good() => probed.untried.push(LIST),
            None => {}
        }
        match account {
            Some(account) => {
                let quota = self.ask::<QuotaAnswer>(QUOTA, &AskAccount { emailaccount: &account }).await;
                probed.tried.push((QUOTA, quota.map(drop)));
            }
            None if probed.is_good() => probed.untried.push(QUOTA),
            None => {}
        }
        if probed.is_good() {
            probed.costs = self.costs().await.err();
        }
        probed
    }
}

impl Probed {
    fn is_good(&self) -> bool {
        self.tried.iter().all(|(_, answer)| answer.is_ok())
    }
}
