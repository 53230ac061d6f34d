//! What the provider says of itself, and its keys: asked for when first needed, then kept for an hour.
//!
//! A provider that does not answer is left alone for some seconds, so that nobody waits for it twice; what was known
//! goes on meanwhile.

use std::sync::Arc;
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AuthType, AuthUrl, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RedirectUrl,
    RefreshToken, Scope, StandardRevocableToken, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::claims::Claims;
use super::keys::Keys;
use super::line::Line;
use super::{Connection, Error, TheirCode};
use crate::model::Clock;
use crate::model::web::is_private;

/// How long what was learnt is good.
const GOOD_FOR: Duration = Duration::from_hours(1);
/// How long a provider that failed is left alone, and how soon it is asked for new keys again.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(5);
/// How long discovery may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the provider gives for a code. Whatever else is in it may be what it likes.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Tokens {
    access_token: AccessToken,
    #[serde(skip_serializing)]
    id_token: Option<SecretString>,
}

impl Tokens {
    pub fn id_token(&self) -> Option<&str> {
        self.id_token.as_ref().map(ExposeSecret::expose_secret)
    }
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    /// The only one that is used.
    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    /// It is used at once.
    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

pub(super) type OwnClient = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The provider as it was at a moment.
pub(super) struct Discovered {
    pub client: OwnClient,
    pub keys: Keys,
    /// Where to ask for more about a person.
    pub user_info: Option<Url>,
    /// Whether it promises to name itself in its answers.
    pub names_itself: bool,
    at: Duration,
}

#[derive(Default)]
struct State {
    known: Option<Arc<Discovered>>,
    /// When it was last asked for new keys.
    renewed: Option<Duration>,
    failed: Option<(Duration, Error)>,
}

pub(super) struct Discovery {
    issuer: String,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_url: RedirectUrl,
    clock: Clock,
    /// Held while the provider is asked, so that many who come at once ask once.
    state: Mutex<State>,
}

impl Discovery {
    pub(super) fn new(connection: &Connection, clock: Clock) -> Self {
        Self {
            issuer: connection.issuer.clone(),
            client_id: ClientId::new(connection.client_id.clone()),
            client_secret: ClientSecret::new(connection.client_secret.expose_secret().to_owned()),
            redirect_url: RedirectUrl::from_url(connection.redirect_url.clone()),
            clock,
            state: Mutex::default(),
        }
    }

    pub(super) fn has_secret_of(&self, other: &Self) -> bool {
        self.client_secret.secret() == other.client_secret.secret()
    }

    /// What is known, if it is not too old, or else what the provider says now.
    pub(super) async fn now(&self, line: &Line) -> Result<Arc<Discovered>, Error> {
        let mut state = self.state.lock().await;
        let now = self.clock.uptime();
        if let Some(known) = state.known.as_ref().filter(|known| now.saturating_sub(known.at) < GOOD_FOR) {
            return Ok(known.clone());
        }
        self.ask(&mut state, line, now).await
    }

    /// What the provider says now, because no key that it showed at `seen` has signed what it says. A moment later it is not
    /// asked again.
    pub(super) async fn renewed(&self, line: &Line, seen: &Discovered) -> Result<Arc<Discovered>, Error> {
        let mut state = self.state.lock().await;
        let now = self.clock.uptime();
        match &state.known {
            // Somebody else has asked meanwhile.
            Some(known) if known.at > seen.at => Ok(known.clone()),
            Some(known) if state.renewed.is_some_and(|at| now.saturating_sub(at) < LEFT_ALONE_FOR) => Ok(known.clone()),
            _ => {
                state.renewed = Some(now);
                self.ask(&mut state, line, now).await
            }
        }
    }

    async fn ask(&self, state: &mut State, line: &Line, now: Duration) -> Result<Arc<Discovered>, Error> {
        let recently = state.failed.as_ref().filter(|(at, _)| now.saturating_sub(*at) < LEFT_ALONE_FOR);
        let failed = match recently {
            Some((_, error)) => error.clone(),
            None => match tokio::time::timeout(PATIENCE, self.discover(line, now)).await.unwrap_or(Err(Error::Away)) {
                Ok(found) => {
                    let found = Arc::new(found);
                    (state.known, state.failed) = (Some(found.clone()), None);
                    return Ok(found);
                }
                Err(error) => {
                    tracing::warn!(reason = error.code(), "the provider of single sign-on could not be discovered");
                    state.failed = Some((now, error.clone()));
                    error
                }
            },
        };
        state.known.clone().ok_or(failed)
    }

    async fn discover(&self, line: &Line, now: Duration) -> Result<Discovered, Error> {
        let place = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let said = line.get(&place, None).await.map_err(of_itself)?;
        let said = Claims::read(&said.body).ok_or(Error::BadDiscovery)?;
        if said.text("issuer") != Some(&*self.issuer) {
            return Err(Error::WrongIssuer(TheirCode::issuer(said.text("issuer"))));
        }
        let place = |name: &str| match said.text(name).map(Url::parse) {
            None => Ok(None),
            Some(Ok(url)) if is_private(&url) => Ok(Some(url)),
            Some(_) => Err(Error::BadDiscovery),
        };
        let needed = |name: &str| place(name)?.ok_or(Error::BadDiscovery);
        let keys = line.get(needed("jwks_uri")?.as_str(), None).await.map_err(of_itself)?;
        // A provider that says nothing takes the secret in the header.
        let by_header = said
            .texts("token_endpoint_auth_methods_supported")
            .is_none_or(|methods| !methods.contains(&"client_secret_post") || methods.contains(&"client_secret_basic"));
        let client = Client::new(self.client_id.clone())
            .set_client_secret(self.client_secret.clone())
            .set_auth_uri(AuthUrl::from_url(needed("authorization_endpoint")?))
            .set_token_uri(TokenUrl::from_url(needed("token_endpoint")?))
            .set_redirect_uri(self.redirect_url.clone())
            .set_auth_type(if by_header { AuthType::BasicAuth } else { AuthType::RequestBody });
        Ok(Discovered {
            client,
            keys: Keys::read(&keys.body).ok_or(Error::NoKeys)?,
            // Not everybody needs it.
            user_info: place("userinfo_endpoint").unwrap_or_else(|_| {
                tracing::warn!("the provider's userinfo_endpoint can't be used");
                None
            }),
            names_itself: said.is_true("authorization_response_iss_parameter_supported"),
            at: now,
        })
    }
}

/// What can't be read is something that it says of itself.
fn of_itself(error: Error) -> Error {
    if error == Error::Unreadable { Error::BadDiscovery } else { error }
}
