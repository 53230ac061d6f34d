//! Tells owners of mailboxes that their password was reset or their account locked, by mail, and whoever had been the contact
//! of an account that they are no more. No message holds a password, a link or a code: those never rest here.
//!
//! A message is a row that is written in the transaction of what it is about, so that none is lost whenever the panel is killed, and
//! sent once the operation has ended as done or unknown. Each is sent at least once: whoever dies between the mail server's
//! yes and our record of it leaves the message to the next, who sends the same one again, with the same Message-ID. What fails
//! is tried again for three days. It never undoes anything.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::link_mail::AN_HOUR;
use crate::model::{
    Address, AuditEvent, AuditKind, Clock, ContactLetter, ContactNews, Entropy, Fact, Letter, LetterState, Operation,
    OperationId, OperationKind, WhyUntold,
};
use crate::smtp::{self, Mailer};
use crate::store::{self, Store, Writing};

/// How often is looked for messages.
const EVERY: Duration = Duration::from_secs(5);
/// How many are sent before it is looked again.
const AT_ONCE: i64 = 20;
/// How long one is held while it is sent, which takes 30 s at most.
const HOLD: Duration = Duration::from_mins(2);
/// How long one is tried: a mail server may be away from Friday to Monday.
const LASTS: Duration = Duration::from_hours(72);
/// How long is waited after a failure, at first and at most; twice as long each time.
const FIRST_WAIT: Duration = Duration::from_mins(1);
const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// The messages to mailboxes.
pub struct Outbox {
    pub store: Store,
    /// `None`: nobody is told.
    pub mailer: Option<Mailer>,
    pub clock: Clock,
    pub entropy: Entropy,
    pub rest: Mutex<Rest>,
    /// What stands before the secret of an owner's link.
    pub before_link: String,
}

/// What a message is about.
enum About {
    Operation(Box<Operation>),
    Contact(ContactLetter),
}

impl About {
    async fn of(tx: &mut Writing, id: &OperationId) -> Result<Option<Self>, store::Error> {
        if let Some(operation) = tx.operation(id).await? {
            return Ok(Some(Self::Operation(operation.into())));
        }
        Ok(tx.contact_letter(id).await?.map(Self::Contact))
    }

    const fn id(&self) -> &OperationId {
        match self {
            Self::Operation(operation) => &operation.id,
            Self::Contact(letter) => &letter.id,
        }
    }

    fn letter(&self) -> Option<Letter> {
        match self {
            Self::Operation(operation) => Letter::of(operation),
            Self::Contact(letter) => Some(Letter::of_contact(letter)),
        }
    }

    fn state(&self) -> Option<LetterState> {
        match self {
            Self::Operation(operation) => operation.letter,
            Self::Contact(letter) => Some(letter.state),
        }
    }

    fn event(&self, kind: AuditKind, why: Option<WhyUntold>, now: Timestamp) -> AuditEvent {
        let event = match self {
            Self::Operation(operation) => operation.event(kind, now),
            Self::Contact(letter) => {
                let event = AuditEvent { address: Some(letter.account.clone()), ..AuditEvent::new(kind, now) };
                event.with(Fact::MailedTo, letter.to.as_str())
            }
        };
        AuditEvent { outcome: why.map(|why| why.name().to_owned()), ..event }
    }
}

/// How long the mail server is left alone, after what would be the same for any other message: a password that is wrong is
/// not tried with each of five hundred.
#[derive(Debug, Default)]
pub struct Rest {
    failures: u32,
    until: Duration,
    /// Why.
    why: Option<WhyUntold>,
}

impl Outbox {
    /// Puts a message about an operation in, in the transaction of its intent, where owners are told of such.
    pub(super) async fn put(
        &self,
        tx: &mut Writing,
        id: &OperationId,
        kind: OperationKind,
    ) -> Result<(), store::Error> {
        if self.mailer.is_some() && Letter::is_due_of(kind) {
            tx.put_letter(id, LASTS, self.rests_because()).await
        } else {
            Ok(())
        }
    }

    /// Puts a message in to whom had the contact address of an account, in the transaction in which it was changed. Nobody gets
    /// more than so many in an hour, but whoever had been a contact is told in any case: what is too many goes later.
    pub(super) async fn put_contact(
        &self,
        tx: &mut Writing,
        (account, to): (Address, Address),
        news: ContactNews,
        at: Timestamp,
    ) -> Result<(), store::Error> {
        if self.mailer.is_none() {
            return Ok(());
        }
        let hours = tx.mailed_lately(&to, SignedDuration::from_hours(1)).await? / AN_HOUR;
        let wait = Duration::from_hours(hours.try_into().unwrap_or_default());
        let id = OperationId::parse(&self.entropy.id(&self.clock)).map_err(|_| store::Error::Unreadable("an id"))?;
        let state = LetterState { failure: self.rests_because(), ended: None };
        tx.put_contact_letter(&ContactLetter { id, account, to, news, at, state }, wait, LASTS).await
    }

    /// Sends again and again; drop the future to stop it. A message that is under way then is sent again.
    pub async fn keep_up(&self) {
        loop {
            self.deliver().await;
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Sends what is due.
    pub async fn deliver(&self) {
        if self.store.finding().is_some_and(|found| found.is_of_all()) {
            return;
        }
        if let Err(error) = self.send_what_is_due().await {
            tracing::warn!(%error, "messages to mailboxes could not all be sent; it is tried again");
        }
    }

    async fn send_what_is_due(&self) -> Result<(), store::Error> {
        if !self.store.read().await?.letters_wait().await? {
            return Ok(());
        }
        self.clear().await?;
        let Some(mailer) = &self.mailer else { return Ok(()) };
        if self.rests_because().is_some() {
            return Ok(());
        }
        for id in self.store.read().await?.letters_due(self.store.elapsed(), AT_ONCE).await? {
            let Some((about, letter, tries)) = self.take(&id).await? else { continue };
            let sent = mailer.send(&letter).await;
            let wait = self.judge(sent.as_ref().err(), tries);
            self.record(&about, sent.as_ref().err().map(smtp::Error::why), wait).await?;
            if sent.is_err_and(|error| error.why().is_of_the_server()) {
                break;
            }
        }
        Ok(())
    }

    /// Ends what will never be sent.
    async fn clear(&self) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.remove_needless_letters().await?;
        if self.mailer.is_none() {
            // Nothing ends of it: another process may have a mail server.
            tx.note_letters_switched_off().await?;
        }
        for id in tx.end_overdue_letters(WhyUntold::Away, now).await? {
            if let Some(about) = About::of(&mut tx, &id).await? {
                let why = about.state().and_then(|letter| letter.failure).unwrap_or(WhyUntold::Away);
                tx.record(&about.event(AuditKind::MailboxNotTold, Some(why), now)).await?;
            }
        }
        tx.commit().await
    }

    /// Takes a message for this process alone, unless another was faster.
    async fn take(&self, id: &OperationId) -> Result<Option<(About, Letter, u32)>, store::Error> {
        let mut tx = self.store.write().await?;
        let Some(tries) = tx.take_letter(id, HOLD).await? else { return Ok(None) };
        let about = About::of(&mut tx, id).await?;
        tx.commit().await?;
        let letter = about.as_ref().and_then(About::letter);
        Ok(about.zip(letter).map(|(about, letter)| (about, letter, tries)))
    }

    /// How long it is waited after this, where it failed, and whether the server is left alone for as long.
    fn judge(&self, error: Option<&smtp::Error>, tries: u32) -> Duration {
        let mut rest = self.rest();
        let Some(error) = error else {
            *rest = Rest::default();
            return Duration::ZERO;
        };
        let why = error.why();
        tracing::warn!(why = why.name(), code = error.code(), "a message to a mailbox was not taken");
        if !why.is_of_the_server() {
            return wait_after(tries);
        }
        rest.failures = rest.failures.saturating_add(1);
        let wait = wait_after(rest.failures);
        rest.until = self.clock.uptime() + wait;
        rest.why = Some(why);
        wait
    }

    /// Records what became of a message; the first failure and the end of each stand in the audit.
    async fn record(&self, about: &About, failure: Option<WhyUntold>, wait: Duration) -> Result<(), store::Error> {
        let (id, now) = (about.id(), self.clock.now());
        let mut tx = self.store.write().await?;
        let told = match failure {
            None => tx.end_letter(id, None, now).await?.then_some(AuditKind::MailboxTold),
            Some(why) if why.is_final() => tx.end_letter(id, failure, now).await?.then_some(AuditKind::MailboxNotTold),
            Some(why) => {
                let waits = tx.put_letter_back(id, why, wait).await?;
                if why.is_of_the_server() {
                    tx.note_what_keeps_letters(why).await?;
                }
                let before = about.state().and_then(|letter| letter.failure);
                let is_first = before.is_none_or(|why| why == WhyUntold::SwitchedOff);
                (waits && is_first).then_some(AuditKind::MailboxToldLate)
            }
        };
        if let Some(kind) = told {
            tx.record(&about.event(kind, failure, now)).await?;
        }
        tx.commit().await
    }

    /// Why the mail server is left alone now, if it is.
    fn rests_because(&self) -> Option<WhyUntold> {
        let rest = self.rest();
        rest.why.filter(|_| self.clock.uptime() < rest.until)
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait_after(failures: u32) -> Duration {
    (FIRST_WAIT * 2_u32.saturating_pow(failures.saturating_sub(1).min(16))).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_an_hour() {
        let minutes = |failures| wait_after(failures).as_secs() / 60;
        assert_eq!([0, 1, 2, 3, 6, 7, u32::MAX].map(minutes), [1, 1, 2, 4, 30, 30, 30]);
    }
}
