//! Statements on notices: what staff members are told about how they sign in until they put it away.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Notice, NoticeKind, OpenNotice, StaffId};

#[derive(FromRow)]
struct NoticeRow {
    number: i64,
    kind: String,
    subject: Option<String>,
    done_by: Option<String>,
    at: i64,
    client: Option<String>,
    times: i64,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// What a staff member has not put away, newest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn notices_of(&mut self, staff: &StaffId) -> Result<Vec<OpenNotice>, Error> {
        let rows: Vec<NoticeRow> = on!(self, c => sqlx::query_as(
            "SELECT number, kind, subject, done_by, at, client, times FROM notice WHERE staff_id = $1 ORDER BY number DESC"
        ).bind(&staff.0).fetch_all(c).await)?;
        rows.into_iter().map(NoticeRow::read).collect()
    }
}

impl NoticeRow {
    fn read(self) -> Result<OpenNotice, Error> {
        let kind = NoticeKind::named(&self.kind).ok_or(Error::Unreadable("a notice"))?;
        let (subject, by, at, client) = (self.subject, self.done_by, time(self.at), self.client);
        Ok(OpenNotice { number: self.number, notice: Notice { kind, subject, by, at, client }, times: self.times })
    }
}

impl Writing {
    /// Has a staff member told something on every page until they put it away. What they have not put away yet and is of
    /// the same kind about the same subject becomes one with it, so that nobody fills the table.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn tell(&mut self, staff: &StaffId, notice: &Notice) -> Result<(), Error> {
        let (kind, subject) = (notice.kind.name(), notice.subject.as_deref());
        let number: Option<i64> = on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE staff SET told = told + 1 WHERE id = $1 RETURNING told"
        ).bind(&staff.0).fetch_optional(c).await)?;
        // Nobody has this id: there is nobody to tell.
        let Some(number) = number else { return Ok(()) };
        let before: Option<i64> = on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM notice WHERE staff_id = $1 AND kind = $2 AND COALESCE(subject, '') = COALESCE($3, '') \
             RETURNING times"
        ).bind(&staff.0).bind(kind).bind(subject).fetch_optional(c).await)?;
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO notice (staff_id, number, kind, subject, done_by, at, client, times) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(&staff.0).bind(number).bind(kind).bind(subject).bind(notice.by.as_deref())
        .bind(Timestamp::as_millisecond(notice.at)).bind(notice.client.as_deref()).bind(before.unwrap_or(0) + 1)
        .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Puts away what a staff member has seen: every notice up to this number.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn put_notices_away(&mut self, staff: &StaffId, seen: i64) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM notice WHERE staff_id = $1 AND number <= $2")
            .bind(&staff.0).bind(seen).execute(c).await.map(drop))?;
        Ok(())
    }
}
