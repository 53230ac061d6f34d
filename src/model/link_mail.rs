//! The link to a new password, sent to its owner by mail: to whom that may be, and what became of it. The code never goes
//! this way.

use jiff::Timestamp;

use super::coded::coded;
use super::{Address, WhyUntold};

/// How many messages about passwords the panel sends to one stranger within an hour, whoever asks for them.
pub const AN_HOUR: i64 = 5;

coded! {
    /// Whether the company lets links go by mail.
    pub enum LinkByMail {
        Off = "off",
        /// To the contact address that managers keep.
        Contact = "contact",
        /// To that, or to whatever address staff type.
        Any = "any",
    }
}

/// To whom somebody wants a link to go by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailWish {
    /// To the contact, which was this when the page was made.
    Contact(String),
    /// To an address as typed.
    Typed(String),
}

coded! {
    /// Why an address can't be the one that a link goes to, or an account's contact.
    pub enum MailProblem {
        /// The company does not let links go there by mail.
        NotOffered = "mail_not_offered",
        Impossible = "mail_impossible",
        /// Its domain mixes alphabets, so that it can look like another.
        LooksLikeAnother = "mail_looks_like_another",
        /// It is of the company's, and nothing there takes mail to it.
        Nowhere = "mail_nowhere",
        /// It is the mailbox whose password is reset.
        TheMailbox = "mail_to_the_mailbox",
        /// Mail to it comes to that mailbox.
        LeadsThere = "mail_leads_to_the_mailbox",
        /// The contact is another than the page had, or is none any more.
        ContactChanged = "contact_changed_since",
        /// It has got as many messages as the panel sends in an hour.
        TooMany = "mail_limit",
    }
}

coded! {
    /// Why a link was not mailed.
    pub enum WhyNotMailed {
        /// It had ended before it could be.
        LinkEnded = "link_ended",
    } or {
        Untold(WhyUntold),
    }
}

coded! {
    /// How the mailing of a link ended. It is tried once.
    pub enum LinkMailEnd {
        /// The mail server has taken it.
        Sent = "sent",
        NotSent = "not_sent",
        /// Nobody knows whether the mail server has it.
        Unknown = "unknown",
    }
}

/// What is known of the mailing of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkMail {
    /// As it is kept: an address, for those who may see it.
    pub to: Address,
    /// Why it was not sent, or is not known to be.
    pub failure: Option<WhyNotMailed>,
    /// `None` while it is under way.
    pub ended: Option<(LinkMailEnd, Timestamp)>,
}

impl LinkMail {
    /// Its address for whom it does not concern: `k…@example.net`.
    pub fn masked(&self) -> String {
        let (first, domain) = (self.to.local().chars().next(), self.to.domain().readable());
        format!("{}…@{domain}", first.map(String::from).unwrap_or_default())
    }
}
