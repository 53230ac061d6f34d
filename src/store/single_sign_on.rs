//! Statements on single sign-on: who somebody is at the provider, and sign-ins on their way there and back.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Act, Identity, SessionId, StaffId};

/// A sign-in on its way. Only hashes of the state and of the browser's cookie are kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Flow {
    /// The session whose owner proves anew who they are.
    pub session: Option<SessionId>,
    /// Where the person was going.
    pub next: Option<String>,
    /// The act that a new proof is for.
    pub act: Option<Act>,
    pub begun_at: Timestamp,
}

#[derive(FromRow)]
struct FlowRow {
    session_id: Option<String>,
    next: Option<String>,
    act: Option<String>,
    begun_at: i64,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The staff member who is this one at the provider.
    pub async fn staff_of_identity(&mut self, identity: &Identity) -> Result<Option<StaffId>, Error> {
        let id: Option<String> = on!(self, c => sqlx::query_scalar(
            "SELECT staff_id FROM identity WHERE issuer = $1 AND subject = $2"
        ).bind(&identity.issuer).bind(&identity.subject).fetch_optional(c).await)?;
        Ok(id.map(StaffId))
    }

    /// What a session of this staff member is begun with, so that it isn't if what they proved stops counting meanwhile.
    pub async fn generation(&mut self, staff: &StaffId) -> Result<Option<i64>, Error> {
        Ok(on!(self, c => sqlx::query_scalar("SELECT generation FROM staff WHERE id = $1")
            .bind(&staff.0).fetch_optional(c).await)?)
    }
}

impl Writing {
    /// Notes who a staff member is at the provider.
    ///
    /// # Errors
    /// [`Error::Database`], also when either is somebody already.
    pub async fn add_identity(&mut self, identity: &Identity, staff: &StaffId, at: Timestamp) -> Result<(), Error> {
        self.unseal(staff).await?;
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO identity (issuer, subject, staff_id, added_at) VALUES ($1, $2, $3, $4)"
        ).bind(&identity.issuer).bind(&identity.subject).bind(&staff.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Notes that a browser was sent to the provider.
    pub async fn put_flow(&mut self, state: &str, browser: &str, flow: &Flow) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO flow (state, browser, session_id, next, begun_at, act) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(state).bind(browser).bind(flow.session.as_ref().map(|id| id.0.as_str())).bind(flow.next.as_deref())
        .bind(flow.begun_at.as_millisecond()).bind(flow.act.map(Act::name)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up the sign-in that this browser began under this state, if it is no older than `since`. Another browser uses
    /// nothing up.
    pub async fn take_flow(&mut self, state: &str, browser: &str, since: Timestamp) -> Result<Option<Flow>, Error> {
        let row: Option<FlowRow> = on!(&mut self.db, c => sqlx::query_as(
            "DELETE FROM flow WHERE state = $1 AND browser = $2 AND begun_at >= $3 RETURNING session_id, next, begun_at, act"
        ).bind(state).bind(browser).bind(since.as_millisecond()).fetch_optional(c).await)?;
        Ok(row.map(|row| Flow {
            session: row.session_id.map(SessionId),
            next: row.next,
            act: row.act.as_deref().and_then(Act::named),
            begun_at: time(row.begun_at),
        }))
    }

    /// Forgets sign-ins that began before `before` and never came back.
    pub async fn remove_flows_begun_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM flow WHERE begun_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
