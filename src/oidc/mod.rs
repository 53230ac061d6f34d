//! The company's provider of single sign-on, over `OpenID` Connect: where people are sent, and who came back.
//!
//! [`Provider`] is the port, used by `services::sign_ins::single_sign_on`. It keeps nothing but what the provider says of itself
//! (discovery, keys). Codes, tokens and claims are never logged, kept or given on, but for [`Person`].

mod claims;
mod discovery;
mod error;
mod exchange;
mod keys;
mod line;
mod scrutiny;

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::model::{Clock, Identity};
use discovery::Discovery;
pub use error::{BuildError, Error, TheirCode};
pub use exchange::LEEWAY;
use line::Line;

/// How people must have signed in at the provider. Nothing in a list asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Strength {
    /// One of these must be the `acr` that the provider vouches for.
    pub acr: Vec<String>,
    /// One of these must be among the means of the sign-in, its `amr`.
    pub amr: Vec<String>,
}

/// How the panel is known at the provider.
#[derive(Clone)]
pub struct Connection {
    /// As the provider writes it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups.
    pub groups_claim: String,
    pub strength: Strength,
    /// Where the provider sends people back to.
    pub redirect_url: Url,
}

/// What the way to the provider is bound to.
pub struct Binding<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    /// The verifier of PKCE; only its hash goes along.
    pub verifier: &'a str,
    /// The provider shall ask the person anew who they are.
    pub anew: bool,
}

/// What the person came back with.
pub struct Answer<'a> {
    pub code: &'a str,
    /// The issuer that the answer says it is from, if it does.
    pub issuer: Option<&'a str>,
    pub nonce: &'a str,
    pub verifier: &'a str,
}

/// The groups that somebody is in at the provider, as far as it said. Not saying is not the same as none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Groups {
    Told(Vec<String>),
    /// One text in place of a list: a group's name, or several in a way of the provider's own.
    Lone(String),
    /// The claim is not there, or is blank.
    Missing,
    /// They are kept elsewhere, as when they are too many for the token (Entra ID above 200).
    Elsewhere,
    /// The claim is neither a text nor a list of texts that say something.
    Unreadable,
}

impl Groups {
    /// Whether anything can be made of it.
    const fn are_told(&self) -> bool {
        matches!(self, Self::Told(_) | Self::Lone(_))
    }
}

/// Who came back, as the provider says it under its signature.
#[derive(Debug)]
pub struct Person {
    pub identity: Identity,
    pub username: Option<String>,
    /// Whether the provider knows an e-mail address of theirs at all.
    pub has_email: bool,
    /// Their e-mail address, if the provider has verified it.
    pub email: Option<String>,
    pub groups: Groups,
    /// When they last proved to the provider who they are.
    pub proved_at: Option<Timestamp>,
}

/// The provider. Cloned freely; clones share what is known of it, and how the panel is known there.
#[derive(Clone)]
pub struct Provider(Arc<RwLock<Arc<Known>>>);

struct Known {
    connection: Connection,
    line: Line,
    discovery: Discovery,
    clock: Clock,
}

impl Provider {
    /// Makes the client. The provider is not asked yet.
    pub fn new(connection: Connection, clock: Clock) -> Result<Self, BuildError> {
        let line = Line::new(connection.issuer.starts_with("https:"))?;
        let discovery = Discovery::new(&connection, clock.clone());
        Ok(Self(Arc::new(RwLock::new(Arc::new(Known { connection, line, discovery, clock })))))
    }

    fn known(&self) -> Arc<Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the provider about itself, and with a code that it never gave whether it takes our secret.
    pub async fn probe(&self) -> Result<(), Error> {
        self.known().probe().await
    }

    /// Where somebody is sent who wants to sign in.
    ///
    /// # Errors
    /// [`Error`] when the provider is not known yet and does not say who it is.
    pub async fn way_there(&self, binding: &Binding<'_>) -> Result<Url, Error> {
        self.known().way_there(binding).await
    }

    /// Who came back: asks the provider with the code, and believes only what is signed, for us, for this sign-in, and
    /// new.
    pub async fn identify(&self, answer: &Answer<'_>) -> Result<Person, Error> {
        self.known().identify(answer).await
    }

    /// Whether both show the same secret.
    pub fn is_like(&self, other: &Self) -> bool {
        self.known().discovery.has_secret_of(&other.known().discovery)
    }

    /// Whatever is asked from now on is asked as the other one would.
    pub fn becomes(&self, other: &Self) {
        let new = other.known();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }
}
