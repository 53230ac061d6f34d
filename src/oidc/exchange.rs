//! Sending somebody to the provider, and making out who came back.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oauth2::{
    AccessToken, AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope,
    TokenResponse,
};
use serde_json::Value;
use url::Url;

use super::claims::{Claims, says_something, texts};
use super::discovery::{Discovered, Tokens};
use super::scrutiny::Scrutiny;
use super::{Answer, Binding, Error, Groups, Known, Person, TheirCode};
use crate::model::Identity;

/// How far the provider's clock may be from ours.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// How long it may take to make out who came back.
const PATIENCE: Duration = Duration::from_secs(20);

impl Known {
    pub(super) async fn probe(&self) -> Result<(), Error> {
        let found = self.discovery.now(&self.line).await?;
        match self.tokens(&found, "nyckel-check", "a-verifier-that-belongs-to-no-code-at-all-and-is-long").await {
            // It would say so of the client before it looked at the code.
            Err(Error::Refused(code)) if code.is_of_the_code() => Ok(()),
            Err(Error::Refused(code)) => Err(Error::NotTried(code)),
            Err(Error::Status(status)) => Err(Error::NotTried(TheirCode::read(&status.to_string()))),
            tried => tried.map(drop),
        }
    }

    pub(super) async fn way_there(&self, binding: &Binding<'_>) -> Result<Url, Error> {
        let (found, strength) = (self.discovery.now(&self.line).await?, &self.connection.strength);
        let verifier = PkceCodeVerifier::new(binding.verifier.to_owned());
        let scopes = self.connection.scopes.iter().cloned().map(Scope::new);
        let mut way = found
            .client
            .authorize_url(|| CsrfToken::new(binding.state.to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(scopes)
            .add_extra_param("nonce", binding.nonce);
        if !strength.acr.is_empty() {
            way = way.add_extra_param("acr_values", strength.acr.join(" "));
        }
        if binding.anew {
            way = way.add_extra_param("prompt", "login").add_extra_param("max_age", "0");
        }
        Ok(way.url().0)
    }

    pub(super) async fn identify(&self, answer: &Answer<'_>) -> Result<Person, Error> {
        tokio::time::timeout(PATIENCE, self.ask_who(answer)).await.unwrap_or(Err(Error::Away))
    }

    async fn ask_who(&self, answer: &Answer<'_>) -> Result<Person, Error> {
        let found = self.discovery.now(&self.line).await?;
        let is_ours = answer.issuer.map_or(!found.names_itself, |issuer| issuer == self.connection.issuer);
        if !is_ours {
            return Err(Error::WrongIssuer(TheirCode::issuer(answer.issuer)));
        }
        let tokens = self.tokens(&found, answer.code, answer.verifier).await?;
        let claims = self.open(&found, tokens.id_token().ok_or(Error::Unreadable)?).await?;
        let scrutiny = Scrutiny { connection: &self.connection, nonce: answer.nonce, now: self.clock.now() };
        let (subject, proved_at) = scrutiny.pass(&claims)?;
        let told = self.besides(&found, &claims, tokens.access_token(), &subject).await?;
        Ok(self.person(&claims, told.as_ref(), &subject, proved_at))
    }

    /// What the user info adds where the token leaves something out. Where the groups are told it keeps nobody out, and what
    /// can't be read of it is not the reason why something is missing.
    async fn besides(
        &self,
        found: &Discovered,
        claims: &Claims,
        token: &AccessToken,
        subject: &str,
    ) -> Result<Option<Claims>, Error> {
        let has_groups = self.groups_in(claims).are_told();
        if has_groups && username(claims).or_else(|| verified_email(claims)).is_some() {
            return Ok(None);
        }
        match self.told(found, token, subject).await {
            Err(error) if has_groups || matches!(error, Error::Unreadable | Error::Status(_)) => {
                tracing::warn!(reason = error.code(), %error, "the user info of single sign-on can't be used");
                Ok(None)
            }
            told => told,
        }
    }

    async fn tokens(&self, found: &Discovered, code: &str, verifier: &str) -> Result<Tokens, Error> {
        let request = found.client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        request.request_async(&self.line).await.map_err(|error| match error {
            RequestTokenError::Request(error) => error,
            _ => Error::Unreadable,
        })
    }

    /// What a token of the provider's says. Where none of its keys has signed it, it may have another one since it was last
    /// asked, under a new name or an old one.
    async fn open(&self, found: &Discovered, token: &str) -> Result<Claims, Error> {
        match found.keys.open(token) {
            Err(Error::UnknownKey | Error::WrongSignature) => {
                self.discovery.renewed(&self.line, found).await?.keys.open(token)
            }
            opened => opened,
        }
    }

    /// Some providers say more when asked for it with the access token, about the same person.
    async fn told(&self, found: &Discovered, token: &AccessToken, subject: &str) -> Result<Option<Claims>, Error> {
        let Some(place) = &found.user_info else { return Ok(None) };
        // What can't stand in a header is no token.
        if !token.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Unreadable);
        }
        let got = self.line.get(place.as_str(), Some(token.secret())).await?;
        let told = if got.is_token {
            self.open(found, str::from_utf8(&got.body).map_err(|_| Error::Unreadable)?).await?
        } else {
            Claims::read(&got.body).ok_or(Error::Unreadable)?
        };
        if told.subject().as_deref() == Some(subject) { Ok(Some(told)) } else { Err(Error::BadSubject) }
    }

    fn groups_in(&self, claims: &Claims) -> Groups {
        let name = &self.connection.groups_claim;
        match claims.at(name) {
            None if are_elsewhere(claims, name) => Groups::Elsewhere,
            None => Groups::Missing,
            Some(Value::String(text)) if text.trim().is_empty() => Groups::Missing,
            Some(Value::String(text)) => Groups::Lone(text.clone()),
            Some(claim) => match texts(claim) {
                Some(groups) if groups.iter().all(|group| says_something(group)) => {
                    Groups::Told(groups.into_iter().map(ToOwned::to_owned).collect())
                }
                _ => Groups::Unreadable,
            },
        }
    }

    /// What the ID token says counts before what was said besides.
    fn person(&self, claims: &Claims, told: Option<&Claims>, subject: &str, proved_at: Option<Timestamp>) -> Person {
        let email = verified_email(claims).or_else(|| verified_email(told?));
        let groups = match (self.groups_in(claims), told.map(|told| self.groups_in(told))) {
            (Groups::Missing, Some(besides)) => besides,
            (groups, Some(besides)) if !groups.are_told() && besides.are_told() => besides,
            (groups, _) => groups,
        };
        Person {
            identity: Identity { issuer: self.connection.issuer.clone(), subject: subject.to_owned() },
            username: username(claims).or_else(|| username(told?)).map(ToOwned::to_owned),
            has_email: claims.text("email").or_else(|| told?.text("email")).is_some(),
            email: email.map(ToOwned::to_owned),
            groups,
            proved_at,
        }
    }
}

fn username(claims: &Claims) -> Option<&str> {
    claims.text("preferred_username")
}

fn verified_email(claims: &Claims) -> Option<&str> {
    claims.text("email").filter(|_| claims.is_true("email_verified"))
}

/// Whether the provider says that the claim, or what it lies in, is kept elsewhere: `_claim_names` (`OpenID` Connect
/// Core, 5.6.2), which Entra ID uses above 200 groups, or its `hasgroups`, which is about `groups` alone.
fn are_elsewhere(claims: &Claims, name: &str) -> bool {
    let mut around = name.match_indices('.').map(|(dot, _)| &name[..dot]);
    let is_named = claims
        .get("_claim_names")
        .is_some_and(|names| names.get(name).is_some() || around.any(|name| names.get(name).is_some()));
    is_named || (name == "groups" && claims.is_true("hasgroups"))
}
