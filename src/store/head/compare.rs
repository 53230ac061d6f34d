//! Comparing a database with what was noted of it outside: whether its audit goes on from there.

use sqlx::{PgConnection, SqliteConnection};

use super::{Noted, Told};
use crate::model::AuditHead;
use crate::store::{Db, Error, Link, Refusal, Writing};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Refuses a database whose audit, which ends at `end`, does not go through what was noted. What is to be noted of it
    /// by now. Where an older copy was accepted elsewhere meanwhile, a new era has begun, which is followed.
    pub(in crate::store) async fn must_go_on(
        &mut self,
        noted: Option<&Noted>,
        end: &AuditHead,
    ) -> Result<Noted, Error> {
        let tie = self.tie().await?.ok_or(Refusal::Untied)?;
        let now = Noted { database_id: tie.database_id, era: tie.era, head: end.clone() };
        if let Some(noted) = noted {
            if now.database_id != noted.database_id {
                return Err(Refusal::OtherDatabase.into());
            }
            if now.era < noted.era || (now.era == noted.era && !self.goes_through(noted, end).await?) {
                return Err(Refusal::OlderCopy(noted.head.seq).into());
            }
        }
        // What comes after was written with the key as well: nobody leads the note astray.
        let holds = noted.is_some_and(|noted| noted.head == *end) || self.audit_ends_at(end).await?;
        if holds { Ok(now) } else { Err(Refusal::ForeignAudit.into()) }
    }

    async fn goes_through(&mut self, noted: &Noted, end: &AuditHead) -> Result<bool, Error> {
        let AuditHead { seq, mac } = &noted.head;
        if *seq == 0 {
            return Ok(true);
        }
        let row = self.audit_records(*seq, 1).await?.pop();
        Ok(end.seq >= *seq && row.is_some_and(|row| row.seq == *seq && row.mac == *mac))
    }

    /// The same with the head as it is kept in the database.
    pub(in crate::store) async fn must_have(&mut self, noted: Option<&Noted>) -> Result<Noted, Error> {
        let end = self.audit_head().await?.ok_or(Refusal::ForeignAudit)?;
        self.must_go_on(noted, &end).await
    }

    /// Compares a database that is just being opened with what the file says; what is to be noted of it.
    pub(in crate::store) async fn must_be_as_told(&mut self, told: &Told) -> Result<Noted, Error> {
        match told {
            Told::Nothing => self.must_have(None).await,
            Told::Damaged => Err(Refusal::HeadDamaged.into()),
            Told::Head(noted) => self.must_have(Some(noted)).await,
        }
    }
}

impl Writing {
    /// Refuses to record anything after `previous` where that is not what was noted, nor goes on from it.
    pub(in crate::store) async fn must_record_after(&mut self, previous: &AuditHead) -> Result<(), Error> {
        // A database that is being opened is compared when it is up to date.
        let (None, Some(noted)) = (&self.to_note, self.store.head.noted()) else { return Ok(()) };
        let compared =
            if noted.head == *previous { Ok(noted) } else { self.db.must_go_on(Some(&noted), previous).await };
        self.to_note = Some(self.store.found.noting(compared)?);
        Ok(())
    }

    /// Has what is recorded next begin an era: it is compared with nothing, and noted in place of whatever was noted before.
    pub(in crate::store) fn note_anew(&mut self, database_id: String, era: i64) {
        self.to_note = Some(Noted { database_id, era, head: AuditHead::default() });
    }
}
