//! Secrets that are replaced while the panel runs: the API keys at GleSYS and the secret at the provider of single sign-on. `cli`
//! has them looked at when a signal asks for it, with the configuration read again. Each is tried with a question that
//! changes nothing, and the old one stays where the new one is not taken. No secret is logged.

use std::sync::Arc;

use super::Built;
use super::ports::{connections, oidc_provider};
use crate::config::Config;
use crate::glesys::{Connection, Reader, Timing};
use crate::model::{AuditEvent, AuditKind, Clock, Fact, Facts};
use crate::oidc::Provider;

/// What shows the secrets that may be replaced.
#[derive(Clone)]
pub struct Secrets {
    /// The projects at GleSYS, in the order of the configuration.
    pub(super) connections: Arc<[Connection]>,
    pub(super) provider: Option<Provider>,
}

impl Built {
    /// Takes over what differs in a configuration that was read again, if it is taken where it is shown. Everything else of it
    /// waits for a new start.
    pub async fn renew(&self, config: &Config, clock: &Clock) {
        let mut renewed = self.renew_keys(config, clock).await;
        if renewed {
            // With the old key there may have been nothing to read.
            self.app.directory.read_all().await;
        }
        renewed |= self.renew_client_secret(config, clock).await;
        if !renewed {
            tracing::info!("no secret was replaced; other settings are read when the panel starts");
        }
    }

    async fn renew_keys(&self, config: &Config, clock: &Clock) -> bool {
        let (own, offered) = (&self.secrets.connections, connections(config, clock));
        if own.len() != offered.len() || own.iter().zip(&offered).any(|(own, new)| own.project != new.project) {
            tracing::warn!("the GleSYS projects are not those that the panel was started with: that takes a new start");
            return false;
        }
        let mut renewed = false;
        for (own, new) in own.iter().zip(offered).filter(|(own, new)| !own.api_key.is_like(&new.api_key)) {
            let project = own.label.as_str();
            match try_key(new.clone()).await {
                Ok(()) => {
                    own.api_key.becomes(&new.api_key);
                    renewed = true;
                    tracing::info!(project, "GleSYS takes the new API key; it is used from now on");
                    let facts = Facts::new().with(Fact::Project, project);
                    self.record_renewed(AuditKind::ApiKeyReplaced, facts, clock).await;
                }
                Err(why) => {
                    tracing::error!(project, why, "GleSYS did not take the new API key; the old one stays in use");
                }
            }
        }
        renewed
    }

    async fn renew_client_secret(&self, config: &Config, clock: &Clock) -> bool {
        let offered = oidc_provider(config, clock.clone());
        let (Some(own), Ok(Some(new))) = (&self.secrets.provider, offered) else { return false };
        if own.is_like(&new) {
            return false;
        }
        if let Err(error) = new.probe().await {
            tracing::error!(reason = error.code(), %error, "the new secret of single sign-on was not taken; the old one stays in use");
            return false;
        }
        own.becomes(&new);
        tracing::info!("the provider of single sign-on takes the new secret; it is used from now on");
        self.record_renewed(AuditKind::ClientSecretReplaced, Facts::new(), clock).await;
        true
    }

    async fn record_renewed(&self, kind: AuditKind, facts: Facts, clock: &Clock) {
        let event = AuditEvent { facts, ..AuditEvent::new(kind, clock.now()) };
        self.app.audit.record_or_log(&event).await;
    }
}

/// One question with a key that nothing else uses yet.
async fn try_key(connection: Connection) -> Result<(), String> {
    let reader = Reader::new(&[connection], &Timing::default()).map_err(|error| error.to_string())?;
    let answers = reader.probe().await.into_iter().map(|(_, answer)| answer);
    answers.collect::<Result<(), _>>().map_err(|error| error.to_string())
}
