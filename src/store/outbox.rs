//! Statements on the messages that tell mailboxes of operations, and whom had a contact address of its change. A row is
//! written with what it is about; it ends once, and only one process holds it at a time, for as long as it has asked for.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Address, ContactLetter, ContactNews, Elapsed, LetterEnd, LetterState, OperationId, WhyUntold};

#[derive(FromRow)]
struct ContactLetterRow {
    operation_id: String,
    account: String,
    address: String,
    news: String,
    told_at: i64,
    failure: Option<String>,
    ended: Option<String>,
    ended_at: Option<i64>,
}

macro_rules! select_contact_letter {
    ($rest:literal) => {
        concat!(
            "SELECT operation_id, account, address, news, told_at, failure, ended, ended_at FROM outbox ",
            "WHERE news IS NOT NULL AND ",
            $rest
        )
    };
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Whether any message waits, be it that there will be nothing to tell.
    pub async fn letters_wait(&mut self) -> Result<bool, Error> {
        let found: Option<String> = on!(self, c => sqlx::query_scalar(
            "SELECT operation_id FROM outbox WHERE ended IS NULL LIMIT 1"
        ).fetch_optional(c).await)?;
        Ok(found.is_some())
    }

    /// The messages that are due, the longest first.
    pub async fn letters_due(&mut self, now: Elapsed, at_most: i64) -> Result<Vec<OperationId>, Error> {
        let ids: Vec<String> = on!(self, c => sqlx::query_scalar(
            "SELECT b.operation_id FROM outbox b LEFT JOIN operation o ON o.id = b.operation_id \
             WHERE b.ended IS NULL AND b.due_elapsed <= $1 AND (b.news IS NOT NULL OR o.state IN ('done', 'unknown')) \
             ORDER BY b.due_elapsed, b.operation_id LIMIT $2"
        ).bind(now.0).bind(at_most).fetch_all(c).await)?;
        read_ids(&ids)
    }

    /// The message of that name, if it is about a contact address.
    pub async fn contact_letter(&mut self, id: &OperationId) -> Result<Option<ContactLetter>, Error> {
        let row: Option<ContactLetterRow> = on!(self, c => sqlx::query_as(select_contact_letter!("operation_id = $1"))
            .bind(id.as_str()).fetch_optional(c).await)?;
        row.as_ref().map(read_contact_letter).transpose()
    }

    /// The last message about the contact address of an account.
    pub async fn last_contact_letter(&mut self, account: &Address) -> Result<Option<ContactLetter>, Error> {
        let row: Option<ContactLetterRow> = on!(self, c => sqlx::query_as(
            select_contact_letter!("account = $1 ORDER BY told_at DESC, operation_id DESC LIMIT 1")
        ).bind(account.as_str()).fetch_optional(c).await)?;
        row.as_ref().map(read_contact_letter).transpose()
    }
}

impl Writing {
    /// Puts a message in to whom had a contact address. It goes after the wait, and counts in the hour in which it goes.
    pub async fn put_contact_letter(
        &mut self,
        letter: &ContactLetter,
        wait: Duration,
        lasts: Duration,
    ) -> Result<(), Error> {
        let goes = self.elapsed_at_most().await?.plus(wait);
        let due = if wait.is_zero() { 0 } else { goes.0 };
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO outbox (operation_id, due_elapsed, over_elapsed, failure, news, account, address, mailbox, \
             told_at, put_elapsed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
        .bind(letter.id.as_str()).bind(due).bind(goes.plus(lasts).0).bind(letter.state.failure.map(WhyUntold::name))
        .bind(letter.news.name()).bind(letter.account.as_str()).bind(letter.to.as_str())
        .bind(letter.to.mailbox().as_str()).bind(letter.at.as_millisecond()).bind(goes.0)
        .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets the messages about contact addresses that were put in before then and have ended.
    pub async fn forget_contact_letters(&mut self, before: Elapsed) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM outbox WHERE news IS NOT NULL AND ended IS NOT NULL AND put_elapsed < $1"
        ).bind(before.0).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Puts a message in, which is given up after so long, with what keeps all of them now.
    pub async fn put_letter(
        &mut self,
        operation: &OperationId,
        lasts: Duration,
        failure: Option<WhyUntold>,
    ) -> Result<(), Error> {
        let over = self.elapsed_at_most().await?.plus(lasts);
        on!(&mut self.db, c => sqlx::query("INSERT INTO outbox (operation_id, due_elapsed, over_elapsed, failure) VALUES ($1, 0, $2, $3)")
            .bind(operation.as_str()).bind(over.0).bind(failure.map(WhyUntold::name)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes a message that is due and holds it for so long; `None` when another has it, or it has ended. Otherwise how
    /// often it has been taken.
    pub async fn take_letter(&mut self, operation: &OperationId, hold: Duration) -> Result<Option<u32>, Error> {
        let (now, until) = (self.elapsed().await?, self.elapsed_at_most().await?.plus(hold));
        let tries: Option<i64> = on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE outbox SET tries = tries + 1, due_elapsed = $2 \
             WHERE operation_id = $1 AND ended IS NULL AND due_elapsed <= $3 RETURNING tries"
        ).bind(operation.as_str()).bind(until.0).bind(now.0).fetch_optional(c).await)?;
        Ok(tries.map(|tries| u32::try_from(tries).unwrap_or(u32::MAX)))
    }

    /// Puts a message back that could not be sent, for so long; `false` when it has ended.
    pub async fn put_letter_back(
        &mut self,
        operation: &OperationId,
        failure: WhyUntold,
        wait: Duration,
    ) -> Result<bool, Error> {
        let due = self.elapsed_at_most().await?.plus(wait);
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE outbox SET failure = $2, due_elapsed = $3 WHERE operation_id = $1 AND ended IS NULL"
        ).bind(operation.as_str()).bind(failure.name()).bind(due.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes of those that wait and have not failed themselves what keeps all of them, now that somebody tries.
    pub async fn note_what_keeps_letters(&mut self, failure: WhyUntold) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "UPDATE outbox SET failure = $1 WHERE ended IS NULL AND (failure IS NULL OR failure = $2)"
        ).bind(failure.name()).bind(WhyUntold::SwitchedOff.name()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Notes of all that wait that nobody tries to send them any more, whatever kept them before.
    pub async fn note_letters_switched_off(&mut self) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "UPDATE outbox SET failure = $1 WHERE ended IS NULL AND (failure IS NULL OR failure <> $1)"
        ).bind(WhyUntold::SwitchedOff.name()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends a message, with why it was not sent where it was not; `false` when it had ended already.
    pub async fn end_letter(
        &mut self,
        operation: &OperationId,
        failure: Option<WhyUntold>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let end = if failure.is_some() { LetterEnd::GivenUp } else { LetterEnd::Sent };
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE outbox SET ended = $2, failure = $3, ended_at = $4 WHERE operation_id = $1 AND ended IS NULL"
        )
        .bind(operation.as_str()).bind(end.name()).bind(failure.map(WhyUntold::name)).bind(at.as_millisecond())
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives up what could not be sent in time, for this reason where none is known yet, and tells which that was.
    pub async fn end_overdue_letters(&mut self, failure: WhyUntold, at: Timestamp) -> Result<Vec<OperationId>, Error> {
        let now = self.elapsed().await?;
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE outbox SET ended = $1, failure = COALESCE(failure, $2), ended_at = $3 \
             WHERE ended IS NULL AND over_elapsed <= $4 RETURNING operation_id"
        )
        .bind(LetterEnd::GivenUp.name()).bind(failure.name()).bind(at.as_millisecond()).bind(now.0)
        .fetch_all(c).await)?;
        read_ids(&ids)
    }

    /// Removes what there is nothing to tell of: nothing was changed.
    pub async fn remove_needless_letters(&mut self) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM outbox WHERE ended IS NULL AND EXISTS \
             (SELECT 1 FROM operation o WHERE o.id = outbox.operation_id AND o.state IN ('refused', 'not_sent'))"
        ).execute(c).await.map(drop))?;
        Ok(())
    }
}

/// What is kept of a message. An end or a failure of a later version is none that we could tell.
pub(super) fn state_of(failure: Option<&str>, ended: Option<&str>, ended_at: Option<i64>) -> LetterState {
    LetterState {
        failure: failure.and_then(WhyUntold::named),
        ended: ended.and_then(LetterEnd::named).zip(ended_at.map(time)),
    }
}

fn read_contact_letter(row: &ContactLetterRow) -> Result<ContactLetter, Error> {
    let address = |text: &str| Address::parse(text).map_err(|_| Error::Unreadable("the address of a message"));
    Ok(ContactLetter {
        id: OperationId::parse(&row.operation_id).map_err(|_| Error::Unreadable("a message's id"))?,
        account: address(&row.account)?,
        to: address(&row.address)?,
        news: ContactNews::named(&row.news).ok_or(Error::Unreadable("what a message is about"))?,
        at: time(row.told_at),
        state: state_of(row.failure.as_deref(), row.ended.as_deref(), row.ended_at),
    })
}

fn read_ids(ids: &[String]) -> Result<Vec<OperationId>, Error> {
    ids.iter().map(|id| OperationId::parse(id).map_err(|_| Error::Unreadable("an operation's id"))).collect()
}
