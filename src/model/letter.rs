//! A message that tells the owner of a mailbox what the help desk did to their account, and what became of it. It never holds
//! a password, a link or a code: whoever reads the mailbox need not be its owner.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;

use zeroize::Zeroizing;

use super::coded::coded;
use super::{Address, ContactLetter, ContactNews, Operation, OperationId, OperationKind, OperationState};

coded! {
    /// Why a mailbox was not told.
    pub enum WhyUntold {
        /// The mail server can't be reached, is silent or has no time.
        Away = "server_away",
        /// There is no TLS to be had, or none that can be trusted.
        NoTls = "no_tls",
        /// What answers is no mail server.
        NotSmtp = "not_smtp",
        /// The server does not take the name and the password.
        WrongLogin = "wrong_login",
        /// The server has no way to sign in that we know.
        NoLogin = "no_login",
        /// The server does not take mail from our address.
        SenderRefused = "sender_refused",
        /// The server wants to be asked again later.
        Deferred = "deferred",
        RecipientRefused = "recipient_refused",
        /// The server took sender and recipient, but not what is written.
        MessageRefused = "message_refused",
        /// The address holds letters that the server can't take.
        NoInternational = "no_international",
        /// No message can be sent to an address like that.
        UnfitAddress = "unfit_address",
        /// Nobody has set a mail server any more.
        SwitchedOff = "switched_off",
    }
}

impl WhyUntold {
    /// Whether trying again can't help.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::RecipientRefused | Self::MessageRefused | Self::NoInternational | Self::UnfitAddress)
    }

    /// Whether it would be the same for any other message just now.
    pub const fn is_of_the_server(self) -> bool {
        match self {
            Self::Away
            | Self::NoTls
            | Self::NotSmtp
            | Self::WrongLogin
            | Self::NoLogin
            | Self::SenderRefused
            | Self::SwitchedOff => true,
            Self::Deferred
            | Self::RecipientRefused
            | Self::MessageRefused
            | Self::NoInternational
            | Self::UnfitAddress => false,
        }
    }
}

/// What the owner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Reset,
    /// Whether it was reset is not known.
    PerhapsReset,
    LockedOut,
    PerhapsLockedOut,
    /// Of the contact address of an account, to whom had it.
    Contact(ContactNews),
}

/// A message to the owner of a mailbox, or to whom had its contact address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The operation that it is about, or what names the message; the same one again is the same message.
    pub id: OperationId,
    pub account: Address,
    pub to: Address,
    pub news: News,
    pub at: Timestamp,
    /// Reason or ticket, as the staff member gave it.
    pub ticket: Option<String>,
}

impl Letter {
    /// Whether owners are told of such operations: of what takes their password away. A new account has nobody yet who
    /// could wonder.
    pub const fn is_due_of(kind: OperationKind) -> bool {
        matches!(kind, OperationKind::ResetPassword | OperationKind::LockOut)
    }

    /// The message about an operation; none where nothing was changed, or nothing that owners are told of. What may have
    /// changed they are told, too: whoever wants a reset to stay unnoticed could see to it that its answer gets lost.
    pub fn of(operation: &Operation) -> Option<Self> {
        let news = match (operation.kind, operation.state()) {
            (OperationKind::ResetPassword, OperationState::Done) => News::Reset,
            (OperationKind::ResetPassword, OperationState::Unknown) => News::PerhapsReset,
            (OperationKind::LockOut, OperationState::Done) => News::LockedOut,
            (OperationKind::LockOut, OperationState::Unknown) => News::PerhapsLockedOut,
            _ => return None,
        };
        Some(Self {
            id: operation.id.clone(),
            account: operation.address.clone(),
            to: operation.address.clone(),
            news,
            at: operation.ended_at.unwrap_or(operation.begun_at),
            ticket: operation.grounds.ticket.clone(),
        })
    }

    /// The message to whom had the contact address of an account.
    pub fn of_contact(letter: &ContactLetter) -> Self {
        Self {
            id: letter.id.clone(),
            account: letter.account.clone(),
            to: letter.to.clone(),
            news: News::Contact(letter.news),
            at: letter.at,
            ticket: None,
        }
    }
}

/// The message that takes the owner of a mailbox the link to its new password. It lives no longer than the task that sends
/// it: it can't be printed, cloned or kept.
pub struct LinkLetter {
    pub operation: OperationId,
    pub account: Address,
    pub to: Address,
    /// The whole address of the page.
    pub link: Zeroizing<String>,
    pub at: Timestamp,
    pub until: Timestamp,
}

coded! {
    /// How it ended.
    pub enum LetterEnd {
        /// The mail server has taken it.
        Sent = "sent",
        GivenUp = "given_up",
    }
}

/// What became of the message about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterState {
    /// Why the last try failed.
    pub failure: Option<WhyUntold>,
    /// `None` while it waits.
    pub ended: Option<(LetterEnd, Timestamp)>,
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first byte.
    Tls,
    /// TLS after a command in the clear, or nothing at all is sent.
    StartTls,
    Unencrypted,
}

/// The mail server that takes our messages.
#[derive(Clone)]
pub struct Relay {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
    /// The name and the password, where it asks for them.
    pub login: Option<(String, SecretString)>,
    pub from: Address,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_mended_is_tried_again_and_only_the_servers_troubles_hold_up_other_messages() {
        let finals: Vec<_> = WhyUntold::ALL.into_iter().filter(|why| why.is_final()).collect();
        assert_eq!(finals.len(), 4);
        assert!(finals.iter().all(|why| !why.is_of_the_server()));
        assert!(!WhyUntold::Deferred.is_final() && !WhyUntold::Deferred.is_of_the_server(), "as by greylisting");
    }
}
