//! Builds the ports to what is outside, from the configuration: GleSYS, the provider of single sign-on, the mail server. None
//! of them is asked anything yet. `build` puts them behind services, and commands ask them by themselves.

use jiff::tz::TimeZone;
use url::Url;

use crate::config::{Config, GlesysProject};
use crate::glesys::{self, Breaker, Connection, Reader, Timing};
use crate::model::Clock;
use crate::oidc::{self, Provider};
use crate::pages::Links;
use crate::smtp::{self, Mailer};

/// The company's provider of single sign-on, if there is one. It is not asked yet.
pub fn oidc_provider(config: &Config, clock: Clock) -> Result<Option<Provider>, oidc::BuildError> {
    let Some(sso) = &config.single_sign_on else { return Ok(None) };
    let links = Links::new(&config.public_url, None);
    let redirect_url = links.absolute(&links.single_sign_on_callback());
    let redirect_url = Url::parse(&redirect_url).map_err(|error| oidc::BuildError::new(error.to_string()))?;
    let connection = oidc::Connection {
        issuer: sso.issuer.clone(),
        client_id: sso.client_id.clone(),
        client_secret: sso.client_secret.clone(),
        scopes: sso.scopes.clone(),
        groups_claim: sso.groups_claim.clone(),
        strength: oidc::Strength { acr: sso.acr.clone(), amr: sso.amr.clone() },
        redirect_url,
    };
    Provider::new(connection, clock).map(Some)
}

/// The mail server that messages to mailboxes go through, if there is one. It is not asked yet.
pub fn mailer(config: &Config) -> Result<Option<Mailer>, smtp::BuildError> {
    config.smtp.as_ref().map(|relay| Mailer::new(relay, &config.help_desk, TimeZone::system())).transpose()
}

/// The reading half of the client alone, to see whether GleSYS answers.
pub fn glesys_reader(config: &Config) -> Result<Reader, glesys::BuildError> {
    Reader::new(&connections(config, &Clock::system()), &Timing::default())
}

pub(super) fn connections(config: &Config, clock: &Clock) -> Vec<Connection> {
    let breaker = |label: &str| {
        let breaker = Breaker::new(clock.clone());
        if config.glesys_projects.len() > 1 { breaker.of_project(label) } else { breaker }
    };
    let connection = |project: &GlesysProject| Connection {
        label: project.label.clone(),
        base_url: config.glesys_url.clone(),
        project: project.project.clone(),
        api_key: project.api_key.clone().into(),
        breaker: breaker(&project.label),
    };
    config.glesys_projects.iter().map(connection).collect()
}
