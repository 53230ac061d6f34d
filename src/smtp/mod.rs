//! The company's mail server, which takes messages to owners of mailboxes.
//!
//! [`Mailer`] is the port, used by `services::outbox` and, for links to new passwords, by `services::operations::mailing`. It sends one message over one connection and keeps nothing; the same
//! [`Letter`] is the same message to the byte, with one Message-ID, however often it is sent.

mod error;
mod exchange;
mod message;
mod stream;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::model::letter::Relay;
use crate::model::{HelpDesk, Letter, LinkLetter};
pub use error::{BuildError, Error};
use exchange::Line;
use message::Letterhead;

/// The mail server and how we write. Cloned freely.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    line: Line,
    letterhead: Letterhead,
}

impl Mailer {
    /// Makes the client. The server is not asked yet.
    ///
    /// # Errors
    /// [`BuildError`] where no authorities are known that TLS could trust.
    pub fn new(relay: &Relay, help_desk: &HelpDesk, zone: TimeZone) -> Result<Self, BuildError> {
        let letterhead = Letterhead::new(&relay.from, help_desk.clone(), zone)?;
        Ok(Self(Arc::new(Inner { line: Line::new(relay)?, letterhead })))
    }

    /// Sends a message. What fails may have arrived all the same.
    ///
    /// # Errors
    /// [`Error`]: the server has not said that it took it.
    pub async fn send(&self, letter: &Letter) -> Result<(), Error> {
        let message = self.0.letterhead.write(letter)?;
        self.0.line.send(&message).await
    }

    /// Sends the message with a link to a new password. Its secret is not kept here.
    ///
    /// # Errors
    /// [`Error`]: the server has not said that it took it; [`Error::may_have_arrived`] says whether it may have.
    pub async fn send_link(&self, letter: &LinkLetter) -> Result<(), Error> {
        let message = self.0.letterhead.write_link(letter)?;
        self.0.line.send(&message).await
    }

    /// Goes to the server and signs in, and sends nothing.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn probe(&self) -> Result<(), Error> {
        self.0.line.probe().await
    }
}
