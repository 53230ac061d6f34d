//! The contact addresses of accounts: managers keep them, each change is recorded and told to whom had been the contact.
//!
//! Links to new passwords may go there by mail, so that a contact is never an address whose mail comes to the account itself.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::directory::Freshness;
use super::operations::mailing::{away_from, reachable, within_limit};
use super::operations::rules::Rules;
use super::{Directory, Failure, Outbox};
use crate::access::{CanIn, ManageMail, Right, ViewMail};
use crate::model::{
    Account, Address, AuditEvent, AuditKind, Clock, Contact, ContactLetter, ContactNews, Fact, Facts, HeldContact,
    LinkByMail, MailProblem, OperationKind,
};
use crate::store::{self, Store, Writing};

/// How long what became of a message about a contact is kept.
pub const LETTERS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What the page of a contact address shows.
#[derive(Debug)]
pub struct ToKeep {
    pub contact: HeldContact,
    /// Whether it was set for an account that had the address before, so that it counts for nothing.
    pub is_of_another: bool,
    /// What the staff member is called who set it.
    pub set_as: Option<String>,
    /// The last message about a change.
    pub letter: Option<ContactLetter>,
}

/// What somebody wants to be kept.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The address as typed; `None` to keep none.
    pub address: Option<&'a str>,
    /// What was kept when the page was made; empty where nothing was.
    pub seen: &'a str,
}

/// Contact addresses. Cloned freely.
#[derive(Clone)]
pub struct Contacts {
    pub store: Store,
    pub rules: Arc<Rules>,
    pub directory: Directory,
    pub outbox: Arc<Outbox>,
    pub clock: Clock,
}

impl Contacts {
    /// Whether links go to contact addresses by mail.
    pub fn are_used(&self) -> bool {
        self.rules.hand_over.by_mail != LinkByMail::Off
    }

    /// The contact address that counts for an account, for whoever may see it.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is for another domain; [`Failure::Store`].
    pub async fn of<R: Right>(&self, can: &CanIn<R>, address: &Address) -> Result<Option<Address>, Failure> {
        can.is_for(address)?;
        let held = self.store.read().await?.contact(address).await?;
        Ok(held.counting(self.directory.known_created(address)).map(|contact| contact.address))
    }

    /// What the page shows. It changes nothing.
    ///
    /// # Errors
    /// [`Failure`]: the address is no account or protected, or the person must first prove anew who they are.
    pub async fn to_keep(
        &self,
        can: &CanIn<ManageMail>,
        see: &CanIn<ViewMail>,
        address: &Address,
    ) -> Result<ToKeep, Failure> {
        let account = self.account(can, see, address).await?;
        let own = self.store.staff_mailboxes_shown(self.clock.now()).await?;
        self.rules.allow(OperationKind::EditAccount, &can.asker().staff, address, &own)?;
        if !can.asker().is_fresh(self.rules.fresh, self.clock.now()) {
            return Err(Failure::ProofTooOld);
        }
        let mut reading = self.store.read().await?;
        let (contact, letter) = (reading.contact(address).await?, reading.last_contact_letter(address).await?);
        let set_as = match &contact {
            HeldContact::Known(known) => reading.staff_member(&known.set_by).await?,
            _ => None,
        };
        let set_as = set_as.map(|record| record.staff.told_as().to_owned());
        let is_of_another = contact.last().is_some() && contact.clone().counting(account.created).is_none();
        Ok(ToKeep { contact, is_of_another, set_as, letter })
    }

    async fn account(
        &self,
        can: &CanIn<ManageMail>,
        see: &CanIn<ViewMail>,
        address: &Address,
    ) -> Result<Account, Failure> {
        can.is_for(address)?;
        self.directory.at(see, address, Freshness::Lately(&[])).await?.account()
    }

    /// Keeps another contact address, or none.
    ///
    /// # Errors
    /// [`Failure::Mail`]: not this one, or somebody has changed it since the page was made. [`Failure::ProofTooOld`].
    pub async fn keep(
        &self,
        can: &CanIn<ManageMail>,
        see: &CanIn<ViewMail>,
        address: &Address,
        wanted: Wanted<'_>,
    ) -> Result<(), Failure> {
        let account = self.account(can, see, address).await?;
        let to = wanted.address.map(reachable).transpose().map_err(Failure::Mail)?;
        let to = to.map(|to| away_from(&self.directory, to, address)).transpose().map_err(Failure::Mail)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let standing = can.asker().standing(&mut tx).await?;
        self.rules.allow(OperationKind::EditAccount, &standing.staff, address, &tx.staff_mailboxes(now).await?)?;
        if !standing.is_fresh(self.rules.fresh, now) {
            return Err(Failure::ProofTooOld);
        }
        let before = tx.contact(address).await?;
        if is_kept(&before, to.as_ref(), account.created) {
            // The other of two clicks.
            return Ok(());
        }
        if before.last().map_or("", Address::as_str) != wanted.seen {
            return Err(Failure::Mail(MailProblem::ContactChanged));
        }
        let event = |kind| AuditEvent { address: Some(address.clone()), ..can.asker().event(kind, now) };
        match to {
            Some(to) => {
                // Of each who is a contact no more somebody is told, so that nobody is made one more often than they may be told.
                within_limit(&mut tx, &to).await?;
                let contact = Contact {
                    account: account.address,
                    address: to,
                    set_by: can.asker().staff.id.clone(),
                    set_at: now,
                    account_created: account.created,
                };
                self.set(&mut tx, contact, before.last(), event(AuditKind::ContactSet)).await?;
            }
            None => end(&mut tx, &self.outbox, before.last(), event(AuditKind::ContactRemoved)).await?,
        }
        Ok(tx.commit().await?)
    }

    async fn set(
        &self,
        tx: &mut Writing,
        contact: Contact,
        before: Option<&Address>,
        event: AuditEvent,
    ) -> Result<(), store::Error> {
        tx.put_contact(&contact).await?;
        let facts = event.facts.clone().with(Fact::Contact, contact.address.as_str());
        let facts = facts.with_some(Fact::ContactBefore, before.map(Address::as_str));
        let at = event.at;
        tx.record(&AuditEvent { facts, ..event }).await?;
        let Some(to) = before.filter(|before| **before != contact.address) else { return Ok(()) };
        self.outbox.put_contact(tx, (contact.account, to.clone()), ContactNews::Changed, at).await
    }
}

/// Whether that is what is kept already, for this account.
fn is_kept(held: &HeldContact, to: Option<&Address>, created: Option<Timestamp>) -> bool {
    match held {
        HeldContact::None => to.is_none(),
        HeldContact::Known(contact) => to == Some(&contact.address) && contact.is_of_account_made(created),
        HeldContact::Edited(_) => false,
    }
}

/// Removes the contact of the account that the event is about, if there is one, and tells whom had been it.
async fn end(
    tx: &mut Writing,
    outbox: &Outbox,
    before: Option<&Address>,
    event: AuditEvent,
) -> Result<(), store::Error> {
    let Some(account) = event.address.clone() else { return Ok(()) };
    if !tx.remove_contact(&account).await? && before.is_none() {
        return Ok(());
    }
    let at = event.at;
    let facts = event.facts.clone().with_some(Fact::ContactBefore, before.map(Address::as_str));
    tx.record(&AuditEvent { facts, ..event }).await?;
    let Some(to) = before else { return Ok(()) };
    outbox.put_contact(tx, (account, to.clone()), ContactNews::Removed, at).await
}

/// The contact of an account that is deleted ends with it; one of an account that is new is of another that had its address.
/// `done` is what was done, if it was; the event is what the operation's own would be.
pub(super) async fn end_with_account(
    tx: &mut Writing,
    outbox: &Outbox,
    done: Option<OperationKind>,
    event: AuditEvent,
) -> Result<(), store::Error> {
    if let (Some(OperationKind::CreateAccount | OperationKind::DeleteAccount), Some(account)) = (done, &event.address) {
        let before = tx.contact(account).await?;
        end(tx, outbox, before.last(), AuditEvent { facts: Facts::new(), ..event }).await?;
    }
    Ok(())
}
