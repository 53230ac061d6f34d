//! Sending somebody to the provider, and making out who came back.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreGenderClaim, CoreJsonWebKey, CoreJwsSigningAlgorithm,
    CoreRequestTokenError,
};
use openidconnect::{
    AccessToken, AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, ClientId, CsrfToken,
    EndUserEmail, IdTokenClaims, IdTokenVerifier, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RequestTokenError, Scope, SignatureVerificationError, SubjectIdentifier, UserInfoClaims,
    UserInfoError,
};
use serde_json::Value;
use url::Url;

use super::discovery::{Discovered, OwnClaims};
use super::line::NoAnswer;
use super::{Answer, Error, Person, Provider, Question, scrutiny};
use crate::model::Identity;

/// How far the provider's clock may be from ours.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// How long it may take to make out who came back.
const PATIENCE: Duration = Duration::from_secs(20);

/// The signatures that are taken. All are made with a key that only the provider has; `none` and those that our secret
/// could make are not among them.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

pub(super) type Claims = IdTokenClaims<OwnClaims, CoreGenderClaim>;
type Told = UserInfoClaims<OwnClaims, CoreGenderClaim>;
type Moment = chrono::DateTime<chrono::Utc>;

impl Provider {
    /// Where somebody is sent who wants to sign in.
    ///
    /// # Errors
    /// [`Error`] when the provider is not known yet and does not say who it is.
    pub async fn way_there(&self, question: &Question<'_>) -> Result<Url, Error> {
        let found = self.0.discovery.now(&self.0.line).await?;
        let (state, nonce) = (question.state.to_owned(), question.nonce.to_owned());
        let verifier = PkceCodeVerifier::new(question.verifier.to_owned());
        let mut way = found
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || CsrfToken::new(state), || Nonce::new(nonce))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        // `openid` goes along by itself.
        for scope in self.0.connection.scopes.iter().filter(|scope| *scope != "openid") {
            way = way.add_scope(Scope::new(scope.clone()));
        }
        for class in &self.0.connection.strength.acr {
            way = way.add_auth_context_value(AuthenticationContextClass::new(class.clone()));
        }
        if question.anew {
            way = way.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        Ok(way.url().0)
    }

    /// Who came back: asks the provider with the code, and believes only what is signed, for us, for this sign-in, and
    /// new.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn identify(&self, answer: &Answer<'_>) -> Result<Person, Error> {
        tokio::time::timeout(PATIENCE, self.ask_who(answer)).await.unwrap_or(Err(Error::Away))
    }

    async fn ask_who(&self, answer: &Answer<'_>) -> Result<Person, Error> {
        let found = self.0.discovery.now(&self.0.line).await?;
        let is_ours = answer.issuer.map_or(!found.names_itself, |issuer| issuer == self.0.connection.issuer);
        if !is_ours {
            return Err(Error::WrongIssuer);
        }
        let request = found.client.exchange_code(AuthorizationCode::new(answer.code.to_owned()));
        let request = request.map_err(|_| Error::BadDiscovery)?;
        let verifier = PkceCodeVerifier::new(answer.verifier.to_owned());
        let tokens = request.set_pkce_verifier(verifier).request_async(&self.0.line).await;
        let tokens = tokens.map_err(|error| of_tokens(&error))?;
        let token = tokens.extra_fields().id_token().ok_or(Error::Unreadable)?;
        let nonce = Nonce::new(answer.nonce.to_owned());
        let claims = match token.claims(&self.verifier(&found)?, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                // It may have a new key since it was last asked.
                let found = self.0.discovery.renewed(&self.0.line, &found).await?;
                token.claims(&self.verifier(&found)?, &nonce)
            }
            claims => claims,
        };
        let claims = claims.map_err(|error| of_claims(&error))?;
        scrutiny::pass(claims, &self.0.connection, self.0.clock.now() + LEEWAY)?;
        let is_whole = self.groups_in(claims.additional_claims()).is_some()
            && (claims.preferred_username().is_some() || claims.email().is_some());
        let told = if is_whole { None } else { self.told(&found, tokens.access_token(), claims.subject()).await? };
        self.person(claims, told.as_ref())
    }

    fn verifier(&self, found: &Discovered) -> Result<IdTokenVerifier<'_, CoreJsonWebKey>, Error> {
        let connection = &self.0.connection;
        let issuer = IssuerUrl::new(connection.issuer.clone()).map_err(|_| Error::WrongIssuer)?;
        let now = self.0.clock.now();
        let (late, early) = (moment(now - LEEWAY)?, moment(now + LEEWAY)?);
        // As for a client without a secret: then no signature is taken that our secret could make.
        let verifier =
            IdTokenVerifier::new_public_client(ClientId::new(connection.client_id.clone()), issuer, found.keys.clone());
        Ok(verifier
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || late)
            // Whom else it is for is looked at together with whom it was made for.
            .set_other_audience_verifier_fn(|_| true)
            .set_issue_time_verifier_fn(move |at| if at <= early { Ok(()) } else { Err("from the future".to_owned()) }))
    }

    /// Some providers tell more to who asks for it with the access token, about the same person.
    async fn told(
        &self,
        found: &Discovered,
        token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<Option<Told>, Error> {
        // What can't stand in a header is no token.
        if !token.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Unreadable);
        }
        let Ok(request) = found.client.user_info(token.clone(), Some(subject.clone())) else { return Ok(None) };
        match request.request_async(&self.0.line).await {
            Ok(told) => Ok(Some(told)),
            Err(UserInfoError::Request(NoAnswer::Away)) => Err(Error::Away),
            Err(_) => Err(Error::Unreadable),
        }
    }

    fn groups_in<'a>(&self, claims: &'a OwnClaims) -> Option<&'a Value> {
        claims.all.get(&self.0.connection.groups_claim)
    }

    /// What the ID token says counts before what was told besides.
    fn person(&self, claims: &Claims, told: Option<&Told>) -> Result<Person, Error> {
        let username = claims.preferred_username().or_else(|| told?.preferred_username());
        let email = verified(claims.email(), claims.email_verified())
            .or_else(|| verified(told?.email(), told?.email_verified()));
        let groups = self.groups_in(claims.additional_claims());
        let groups = groups.or_else(|| self.groups_in(told?.additional_claims()));
        let proved_at = claims.auth_time().map(|at| Timestamp::from_second(at.timestamp()));
        Ok(Person {
            identity: Identity {
                issuer: self.0.connection.issuer.clone(),
                subject: claims.subject().as_str().to_owned(),
            },
            username: username.map(|name| name.as_str().to_owned()),
            email: email.map(|email| email.as_str().to_owned()),
            groups: groups.and_then(read_groups),
            proved_at: proved_at.transpose().map_err(|_| Error::Unreadable)?,
        })
    }
}

fn verified(email: Option<&EndUserEmail>, is_verified: Option<bool>) -> Option<&EndUserEmail> {
    email.filter(|_| is_verified == Some(true))
}

/// A list of names, or one name alone.
fn read_groups(groups: &Value) -> Option<Vec<String>> {
    match groups {
        Value::String(group) => Some(vec![group.clone()]),
        Value::Array(groups) => groups.iter().map(|group| group.as_str().map(ToOwned::to_owned)).collect(),
        _ => None,
    }
}

fn moment(at: Timestamp) -> Result<Moment, Error> {
    Moment::from_timestamp(at.as_second(), 0).ok_or(Error::Expired)
}

fn of_tokens(error: &CoreRequestTokenError<NoAnswer>) -> Error {
    match error {
        RequestTokenError::Request(NoAnswer::Away) => Error::Away,
        RequestTokenError::ServerResponse(_) => Error::Refused,
        _ => Error::Unreadable,
    }
}

const fn of_claims(error: &ClaimsVerificationError) -> Error {
    match error {
        ClaimsVerificationError::Expired(_) => Error::Expired,
        ClaimsVerificationError::InvalidAudience(_) => Error::WrongAudience,
        ClaimsVerificationError::InvalidIssuer(_) => Error::WrongIssuer,
        ClaimsVerificationError::InvalidNonce(_) => Error::WrongNonce,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => Error::UnknownKey,
        ClaimsVerificationError::SignatureVerification(_) => Error::WrongSignature,
        _ => Error::Unreadable,
    }
}
