//! The link to a new password, sent to its owner by mail: to whom that may be, and the one try.
//!
//! The link's secret is in the memory of the task that did the reset and nowhere else, so nobody but that task can send it, and
//! it is tried once. The try begins when it is durable that there is a link; what came of it is recorded after. Who is killed
//! in between leaves it to the sweeper to say that nobody knows.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::petition::Petition;
use super::{Admission, Ledger};
use crate::model::link_mail::AN_HOUR;
use crate::model::{
    Address, AuditEvent, AuditKind, Fact, HeldContact, LinkByMail, LinkLetter, LinkMailEnd, MailProblem, MailWish,
    Operation, OperationId, OperationState, WhyNotMailed, WhyUntold,
};
use crate::services::{Directory, Failure};
use crate::smtp;
use crate::store::{self, Writing};

/// How long nobody else says what became of a mailing: the try takes 30 s at most.
const HOLD: Duration = Duration::from_mins(2);
/// How often what came of it is tried to be recorded, a second apart.
const RECORD_TRIES: u32 = 10;
const RECORD_WITHIN: Duration = Duration::from_secs(5);

/// To whom the owner's link may go by mail.
#[derive(Debug)]
pub struct MailChoice {
    /// Off also where the password does not go by link.
    pub by_mail: LinkByMail,
    /// The contact address that counts for the account.
    pub contact: Option<Address>,
    /// Whether somebody wrote a contact past the panel, which does not count.
    pub is_edited: bool,
}

impl Admission {
    /// To whom the owner's link may go by mail, for the page that asks.
    pub(in crate::services) async fn mail_choice(
        &self,
        address: &Address,
        is_by_link: bool,
    ) -> Result<MailChoice, store::Error> {
        let by_mail = if is_by_link { self.rules.hand_over.by_mail } else { LinkByMail::Off };
        let held = match by_mail {
            LinkByMail::Off => HeldContact::None,
            LinkByMail::Contact | LinkByMail::Any => self.store.read().await?.contact(address).await?,
        };
        let is_edited = matches!(held, HeldContact::Edited(_));
        let contact = held.counting(self.directory.known_created(address)).map(|contact| contact.address);
        Ok(MailChoice { by_mail, contact, is_edited })
    }

    /// To whom the owner's link goes by mail, if that is asked for.
    ///
    /// # Errors
    /// [`Failure::Mail`]: it can't go there. [`Failure::Store`].
    pub(super) async fn mail_to(&self, tx: &mut Writing, petition: &Petition) -> Result<Option<Address>, Failure> {
        let Some(wish) = petition.mail() else { return Ok(None) };
        let (account, by_mail) = (petition.address(), self.rules.hand_over.by_mail);
        let to = match (wish, by_mail) {
            (MailWish::Contact(seen), LinkByMail::Contact | LinkByMail::Any) => {
                let created = self.directory.known_created(account);
                let contact = tx.contact(account).await?.counting(created).map(|contact| contact.address);
                contact.filter(|contact| contact.as_str() == seen).ok_or(MailProblem::ContactChanged)
            }
            (MailWish::Typed(text), LinkByMail::Any) => reachable(text),
            (_, LinkByMail::Off) | (MailWish::Typed(_), LinkByMail::Contact) => Err(MailProblem::NotOffered),
        };
        let to = to.and_then(|to| away_from(&self.directory, to, account)).map_err(Failure::Mail)?;
        within_limit(tx, &to).await?;
        Ok(Some(to))
    }
}

/// An address that something can be sent to.
pub(in crate::services) fn reachable(text: &str) -> Result<Address, MailProblem> {
    let address = Address::proper(text).ok().filter(|address| address.local() != "*");
    let address = address.filter(|address| address.domain().as_str().contains('.')).ok_or(MailProblem::Impossible)?;
    if address.domain().mixes_scripts() { Err(MailProblem::LooksLikeAnother) } else { Ok(address) }
}

/// The address, unless mail to it comes to the account itself, as far as is known.
pub(in crate::services) fn away_from(
    directory: &Directory,
    to: Address,
    account: &Address,
) -> Result<Address, MailProblem> {
    if to == *account || to.mailbox() == account.mailbox() {
        return Err(MailProblem::TheMailbox);
    }
    if directory.comes_to(&to, account) {
        return Err(MailProblem::LeadsThere);
    }
    if directory.has_none_at(&to) { Err(MailProblem::Nowhere) } else { Ok(to) }
}

/// Refuses where a stranger has got as many messages of the panel as they get in an hour, whoever had them sent.
pub(in crate::services) async fn within_limit(tx: &mut Writing, to: &Address) -> Result<(), Failure> {
    let lately = tx.mailed_lately(to, SignedDuration::from_hours(1)).await?;
    if lately < AN_HOUR { Ok(()) } else { Err(Failure::Mail(MailProblem::TooMany)) }
}

/// Notes to whom the link of an operation is to go, with its intent.
pub(super) async fn put(tx: &mut Writing, id: &OperationId, to: Option<&Address>) -> Result<(), store::Error> {
    if let Some(to) = to { tx.put_link_mail(id, to).await } else { Ok(()) }
}

/// What becomes of a mailing in the transaction in which its operation ends.
pub(super) async fn after(tx: &mut Writing, id: &OperationId, is_there_a_link: bool) -> Result<(), store::Error> {
    if is_there_a_link { tx.begin_link_mail(id, HOLD).await } else { tx.remove_link_mail(id).await }
}

/// An event about the mailing of an operation's link.
pub(in crate::services) fn event(operation: &Operation, kind: AuditKind, now: Timestamp) -> AuditEvent {
    let to = operation.link_mail.as_ref().map(|mail| mail.to.as_str());
    let event = operation.event(kind, now);
    AuditEvent { facts: event.facts.clone().with_some(Fact::MailedTo, to), ..event }
}

impl Ledger {
    /// Sends the link of an operation that has ended, where it goes by mail: once, if it is durable that there is one.
    pub(super) async fn mail_link(&self, id: &OperationId, to: Option<&Address>, secret: Option<Zeroizing<String>>) {
        let Some((to, secret)) = to.zip(secret) else { return };
        let result = match self.letter(id, to, &secret).await {
            Ok(Some(letter)) => self.try_once(&letter).await,
            Ok(None) => (LinkMailEnd::NotSent, Some(WhyNotMailed::LinkEnded)),
            Err(error) => {
                tracing::error!(operation = id.as_str(), %error, "a link was not mailed: its operation can't be read");
                return;
            }
        };
        for _ in 0..RECORD_TRIES {
            match tokio::time::timeout(RECORD_WITHIN, self.record_mail(id, result)).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => tracing::error!(operation = id.as_str(), %error, "a mailing could not be recorded"),
                Err(_) => tracing::error!(operation = id.as_str(), "a mailing could not be recorded in time"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// The message, unless the link has ended by now or others take its mailing for ended.
    async fn letter(&self, id: &OperationId, to: &Address, secret: &str) -> Result<Option<LinkLetter>, store::Error> {
        let Some(operation) = self.0.store.read().await?.operation(id).await? else { return Ok(None) };
        let is_due = operation.link_mail.as_ref().is_some_and(|mail| mail.ended.is_none());
        let link = operation.link.filter(|link| link.ended.is_none());
        let link = link.filter(|_| is_due && operation.outcome.is_some_and(|how| how.state() == OperationState::Done));
        Ok(link.map(|link| LinkLetter {
            operation: id.clone(),
            account: operation.address,
            to: to.clone(),
            link: Zeroizing::new([&self.0.outbox.before_link, secret].concat()),
            at: self.0.clock.now(),
            until: link.expires_at,
        }))
    }

    async fn try_once(&self, letter: &LinkLetter) -> (LinkMailEnd, Option<WhyNotMailed>) {
        let Some(mailer) = &self.0.outbox.mailer else {
            return (LinkMailEnd::NotSent, Some(WhyNotMailed::Untold(WhyUntold::SwitchedOff)));
        };
        let Err(error) = mailer.send_link(letter).await else { return (LinkMailEnd::Sent, None) };
        let why: WhyUntold = smtp::Error::why(&error);
        tracing::warn!(why = why.name(), code = error.code(), "a link was not mailed");
        let end = if error.may_have_arrived() { LinkMailEnd::Unknown } else { LinkMailEnd::NotSent };
        (end, Some(WhyNotMailed::Untold(why)))
    }

    async fn record_mail(
        &self,
        id: &OperationId,
        (end, why): (LinkMailEnd, Option<WhyNotMailed>),
    ) -> Result<(), store::Error> {
        let now = self.0.clock.now();
        let mut tx = self.0.store.write().await?;
        let kind = match end {
            LinkMailEnd::Sent => AuditKind::HandOverMailed,
            LinkMailEnd::NotSent => AuditKind::HandOverNotMailed,
            LinkMailEnd::Unknown => AuditKind::HandOverMailUnknown,
        };
        if tx.end_link_mail(id, (end, why), now).await?
            && let Some(operation) = tx.operation(id).await?
        {
            let outcome = why.map(|why| why.name().to_owned());
            tx.record(&AuditEvent { outcome, ..event(&operation, kind, now) }).await?;
        }
        tx.commit().await
    }
}
