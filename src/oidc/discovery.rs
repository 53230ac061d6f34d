//! What the provider says of itself, and its keys: asked for when first needed, then kept for an hour.
//!
//! A provider that does not answer is left alone for some seconds, so that nobody waits for it twice; what was known
//! goes on meanwhile.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, AuthType, Client, ClientId, ClientSecret, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, JsonWebKeySet,
    ProviderMetadata, RedirectUrl, StandardErrorResponse, StandardTokenResponse, TokenUrl, UserInfoUrl,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::line::{Line, NoAnswer};
use super::{BuildError, Connection, Error};
use crate::model::Clock;
use crate::model::web::is_private;

/// How long what was learnt is good.
const GOOD_FOR: Duration = Duration::from_hours(1);
/// How long a provider that failed is left alone.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(5);
/// How long discovery may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Claims that are not standard, such as the groups.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct OwnClaims {
    #[serde(flatten)]
    pub all: serde_json::Map<String, serde_json::Value>,
}
impl AdditionalClaims for OwnClaims {}

/// What discovery says besides (RFC 9207).
#[derive(Clone, Debug, Deserialize, Serialize)]
struct More {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}
impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Fields = IdTokenFields<
    OwnClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

pub(super) type OwnClient = Client<
    OwnClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider as it was at a moment.
pub(super) struct Discovered {
    pub client: OwnClient,
    pub keys: JsonWebKeySet<CoreJsonWebKey>,
    /// Whether it promises to name itself in its answers.
    pub names_itself: bool,
    at: Duration,
}

#[derive(Default)]
struct State {
    known: Option<Arc<Discovered>>,
    failed: Option<(Duration, Error)>,
}

pub(super) struct Discovery {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_url: RedirectUrl,
    clock: Clock,
    /// Held while the provider is asked, so that many who come at once ask once.
    state: Mutex<State>,
}

impl Discovery {
    pub(super) fn new(connection: &Connection, clock: Clock) -> Result<Self, BuildError> {
        let issuer = IssuerUrl::new(connection.issuer.clone()).map_err(|error| BuildError::new(error.to_string()))?;
        Ok(Self {
            issuer,
            client_id: ClientId::new(connection.client_id.clone()),
            client_secret: ClientSecret::new(connection.client_secret.expose_secret().to_owned()),
            redirect_url: RedirectUrl::from_url(connection.redirect_url.clone()),
            clock,
            state: Mutex::default(),
        })
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

    /// What the provider says now, because a key was missing in what it said at `seen`.
    pub(super) async fn renewed(&self, line: &Line, seen: &Discovered) -> Result<Arc<Discovered>, Error> {
        let mut state = self.state.lock().await;
        let now = self.clock.uptime();
        match &state.known {
            // Somebody else has asked meanwhile.
            Some(known) if known.at > seen.at => Ok(known.clone()),
            _ => self.ask(&mut state, line, now).await,
        }
    }

    async fn ask(&self, state: &mut State, line: &Line, now: Duration) -> Result<Arc<Discovered>, Error> {
        let recently = state.failed.filter(|(at, _)| now.saturating_sub(*at) < LEFT_ALONE_FOR);
        let failed = match recently {
            Some((_, error)) => error,
            None => match tokio::time::timeout(PATIENCE, self.discover(line, now)).await.unwrap_or(Err(Error::Away)) {
                Ok(found) => {
                    let found = Arc::new(found);
                    *state = State { known: Some(found.clone()), failed: None };
                    return Ok(found);
                }
                Err(error) => {
                    tracing::warn!(reason = error.code(), "the provider of single sign-on could not be discovered");
                    state.failed = Some((now, error));
                    error
                }
            },
        };
        state.known.clone().ok_or(failed)
    }

    async fn discover(&self, line: &Line, now: Duration) -> Result<Discovered, Error> {
        let metadata = Metadata::discover_async(self.issuer.clone(), line).await.map_err(|error| read(&error))?;
        let more = metadata.additional_metadata();
        let endpoints = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(TokenUrl::url),
            metadata.userinfo_endpoint().map(UserInfoUrl::url),
        ];
        if metadata.token_endpoint().is_none() || !endpoints.into_iter().flatten().all(is_private) {
            return Err(Error::BadDiscovery);
        }
        let names_itself = more.authorization_response_iss_parameter_supported;
        // A provider that says nothing takes the secret in the header.
        let by_header = metadata.token_endpoint_auth_methods_supported().is_none_or(|methods| {
            !methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                || methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        let keys = metadata.jwks().clone();
        let client =
            OwnClient::from_provider_metadata(metadata, self.client_id.clone(), Some(self.client_secret.clone()))
                .set_redirect_uri(self.redirect_url.clone())
                .set_auth_type(if by_header { AuthType::BasicAuth } else { AuthType::RequestBody });
        Ok(Discovered { client, keys, names_itself, at: now })
    }
}

fn read(error: &DiscoveryError<NoAnswer>) -> Error {
    match error {
        DiscoveryError::Request(NoAnswer::Away) => Error::Away,
        DiscoveryError::Validation(_) => Error::WrongIssuer,
        _ => Error::BadDiscovery,
    }
}
