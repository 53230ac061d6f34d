//! What a command that works on the database has before it: the configuration, the open store, and the command line's rights.

use anyhow::Context;

use super::{configured, system_entropy, warn};
use crate::access::Gate;
use crate::config::{Config, Needs};
use crate::model::Clock;
use crate::server;
use crate::services::StaffBook;
use crate::store::{Purpose, Store};

/// A command's desk. It is cleared at the end.
pub(super) struct Desk {
    pub config: Config,
    pub store: Store,
    pub gate: Gate,
    pub clock: Clock,
}

impl Desk {
    /// Over the database that is configured. It is made only where it may be served.
    pub async fn laid(purpose: Purpose) -> anyhow::Result<Self> {
        let (makes, clock) = (purpose == Purpose::Serve, Clock::system());
        let config = configured(if makes { Needs::DatabaseOnly } else { Needs::DatabaseThere })?;
        let store = server::open_store(&config, purpose, clock.clone(), system_entropy()).await?;
        let gate = Gate::of_the_command_line_run_by(Some(super::os_user::told())).context("no gate")?;
        Ok(Self { config, store, gate, clock })
    }

    pub fn staff_book(&self) -> StaffBook {
        server::staff_book(&self.config, self.store.clone(), self.clock.clone(), system_entropy())
    }

    /// Closes the database; whether the head of its audit could be noted, which is told where it could not.
    pub async fn cleared(self) -> bool {
        let unnoted = self.store.head_unnoted();
        self.store.close().await;
        if let Some(why) = &unnoted {
            warn(&format!(
                "Warning: an older copy of the database would not be noticed: {why}; let the panel write there."
            ));
        }
        unnoted.is_none()
    }

    /// What is to be known of a link that was printed.
    pub fn hint_at_address(&self) {
        if let Some(hint) = leads_here_only(&self.config) {
            warn(&hint);
        }
    }
}

/// Anyone who gets a link that leads to their own machine can't know why nobody answers there.
pub(super) fn leads_here_only(config: &Config) -> Option<String> {
    let address = &config.public_url;
    (!config.public_url_is_set).then(|| {
        format!("NYCKEL_PUBLIC_URL is not set, so the link begins with {address}, which leads to this machine only.")
    })
}
