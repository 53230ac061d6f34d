//! Statements on the links that go to their owners by mail: to whom, and what became of it. Of a link itself nothing is here.
//! A row is written with the intent and ends once.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use super::{Error, Writing, on, time};
use crate::model::{Address, LinkMail, LinkMailEnd, OperationId, WhyNotMailed};

/// What is kept of a mailing, beside its operation.
#[derive(FromRow)]
#[expect(clippy::struct_field_names, reason = "the columns stand among others of an operation")]
pub(super) struct LinkMailRow {
    mail_to: Option<String>,
    mail_failure: Option<String>,
    mail_ended: Option<String>,
    mail_ended_at: Option<i64>,
}

impl LinkMailRow {
    /// The mailing, if there is one. An end or a failure of a later version is none that we could tell.
    pub fn read(self) -> Result<Option<LinkMail>, Error> {
        let Some(to) = self.mail_to else { return Ok(None) };
        Ok(Some(LinkMail {
            to: Address::parse(&to).map_err(|_| Error::Unreadable("where a link went"))?,
            failure: self.mail_failure.as_deref().and_then(WhyNotMailed::named),
            ended: self.mail_ended.as_deref().and_then(LinkMailEnd::named).zip(self.mail_ended_at.map(time)),
        }))
    }
}

impl Writing {
    /// Notes to whom the link of an operation is to go.
    pub async fn put_link_mail(&mut self, operation: &OperationId, to: &Address) -> Result<(), Error> {
        let now = self.elapsed_at_most().await?;
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO link_mail (operation_id, address, mailbox, put_elapsed) VALUES ($1, $2, $3, $4)"
        )
        .bind(operation.as_str()).bind(to.as_str()).bind(to.mailbox().as_str()).bind(now.0).execute(c).await.map(drop))?;
        Ok(())
    }

    /// How many messages were meant for a stranger's mailbox within so long: links, and news of contact addresses.
    pub async fn mailed_lately(&mut self, to: &Address, within: SignedDuration) -> Result<i64, Error> {
        let since = self.elapsed().await?.less(within);
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM link_mail WHERE mailbox = $1 AND put_elapsed > $2) \
             + (SELECT COUNT(*) FROM outbox WHERE mailbox = $1 AND put_elapsed > $2)"
        ).bind(to.mailbox().as_str()).bind(since.0).fetch_one(c).await)?)
    }

    /// The link is there, and for so long somebody sends it.
    pub async fn begin_link_mail(&mut self, operation: &OperationId, hold: Duration) -> Result<(), Error> {
        let over = self.elapsed_at_most().await?.plus(hold);
        on!(&mut self.db, c => sqlx::query("UPDATE link_mail SET over_elapsed = $2 WHERE operation_id = $1")
            .bind(operation.as_str()).bind(over.0).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Removes what there is no link to send of.
    pub async fn remove_link_mail(&mut self, operation: &OperationId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM link_mail WHERE operation_id = $1")
            .bind(operation.as_str()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends a mailing; `false` when it had ended already.
    pub async fn end_link_mail(
        &mut self,
        operation: &OperationId,
        (end, failure): (LinkMailEnd, Option<WhyNotMailed>),
        at: Timestamp,
    ) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE link_mail SET ended = $2, failure = $3, ended_at = $4 WHERE operation_id = $1 AND ended IS NULL"
        )
        .bind(operation.as_str()).bind(end.name()).bind(failure.map(WhyNotMailed::name)).bind(at.as_millisecond())
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends the mailings that nobody carries out any more: whether the mail server has them is not known.
    pub async fn end_overdue_link_mails(&mut self, at: Timestamp) -> Result<Vec<OperationId>, Error> {
        let now = self.elapsed().await?;
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE link_mail SET ended = $1, ended_at = $2 WHERE ended IS NULL AND over_elapsed <= $3 \
             RETURNING operation_id"
        ).bind(LinkMailEnd::Unknown.name()).bind(at.as_millisecond()).bind(now.0).fetch_all(c).await)?;
        ids.iter().map(|id| OperationId::parse(id).map_err(|_| Error::Unreadable("an operation's id"))).collect()
    }
}
