//! Statements on notices: what staff members are shown about how they sign in until they put it away, and what they
//! were shown before.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Notice, NoticeKind, SessionId, StaffId, ToldNotice};

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
    pub async fn notices_of(&mut self, staff: &StaffId) -> Result<Vec<ToldNotice>, Error> {
        let rows: Vec<NoticeRow> = on!(self, c => sqlx::query_as(
            "SELECT number, kind, subject, done_by, at, client, times FROM notice \
             WHERE staff_id = $1 AND put_away_at IS NULL ORDER BY number DESC"
        ).bind(&staff.0).fetch_all(c).await)?;
        rows.into_iter().map(NoticeRow::read).collect()
    }

    /// What a staff member has put away, newest first, as far as it is kept; so many at most.
    pub async fn notices_put_away(&mut self, staff: &StaffId, at_most: i64) -> Result<Vec<ToldNotice>, Error> {
        let rows: Vec<NoticeRow> = on!(self, c => sqlx::query_as(
            "SELECT number, kind, subject, done_by, at, client, times FROM notice \
             WHERE staff_id = $1 AND put_away_at IS NOT NULL ORDER BY number DESC LIMIT $2"
        ).bind(&staff.0).bind(at_most).fetch_all(c).await)?;
        rows.into_iter().map(NoticeRow::read).collect()
    }
}

impl NoticeRow {
    fn read(self) -> Result<ToldNotice, Error> {
        let kind = NoticeKind::named(&self.kind).ok_or(Error::Unreadable("a notice"))?;
        let (subject, by, at, client) = (self.subject, self.done_by, time(self.at), self.client);
        Ok(ToldNotice { number: self.number, notice: Notice { kind, subject, by, at, client }, times: self.times })
    }
}

impl Writing {
    /// Shows a staff member something on every page until they put it away. What they have not put away yet and is of
    /// the same kind about the same subject becomes one with it, so that nobody fills the table.
    pub async fn tell(&mut self, staff: &StaffId, notice: &Notice) -> Result<(), Error> {
        let (kind, subject) = (notice.kind.name(), notice.subject.as_deref());
        let number: Option<i64> = on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE staff SET told = told + 1 WHERE id = $1 RETURNING told"
        ).bind(&staff.0).fetch_optional(c).await)?;
        // Nobody has this id: there is nobody to tell.
        let Some(number) = number else { return Ok(()) };
        let before: Option<i64> = on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM notice WHERE staff_id = $1 AND kind = $2 AND COALESCE(subject, '') = COALESCE($3, '') \
             AND put_away_at IS NULL RETURNING times"
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

    /// Puts away what a staff member has seen, every notice up to this number, as far as they have proved in this session
    /// who they are since it was made; `false` when that leaves one of them.
    pub async fn put_notices_away(
        &mut self,
        staff: &StaffId,
        session: &SessionId,
        seen: i64,
        at: Timestamp,
    ) -> Result<bool, Error> {
        on!(&mut self.db, c => sqlx::query(
            "UPDATE notice SET put_away_at = $3 WHERE staff_id = $1 AND number <= $2 AND put_away_at IS NULL \
             AND number <= (SELECT proved_told FROM session WHERE id = $4 AND staff_id = $1)"
        ).bind(&staff.0).bind(seen).bind(at.as_millisecond()).bind(&session.0).execute(c).await.map(drop))?;
        let left: i64 = on!(&mut self.db, c => sqlx::query_scalar(
            "SELECT count(*) FROM notice WHERE staff_id = $1 AND number <= $2 AND put_away_at IS NULL"
        ).bind(&staff.0).bind(seen).fetch_one(c).await)?;
        Ok(left == 0)
    }

    /// Forgets what was put away before then.
    pub async fn forget_notices_put_away_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM notice WHERE put_away_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
