//! Whether a database belongs to the secret key: a row of its own that only the key can have written, made together with
//! the database. A database of an earlier version has none; there the end of the audit's chain tells.

use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::Values;
use crate::model::audit_head::hex;
use crate::model::{AuditEvent, AuditHead, AuditKind, Clock, Entropy, Fact};
use crate::store::head::Told;
use crate::store::{Chain, Db, Either, Error, Link, Purpose, Refusal, StoreKeys, Writing, on};

/// Which database this is.
#[derive(FromRow)]
pub(in crate::store) struct Tie {
    pub database_id: String,
    /// How often a copy from before was accepted.
    pub era: i64,
    mac: Vec<u8>,
}

impl Tie {
    pub fn new(keys: &StoreKeys, database_id: String, era: i64) -> Self {
        let mac = keys.mac(&values(&database_id, era));
        Self { database_id, era, mac }
    }

    fn must_hold(&self, keys: &StoreKeys) -> Result<(), Error> {
        let holds = keys.holds(&values(&self.database_id, self.era), Some(&self.mac));
        if holds { Ok(()) } else { Err(Refusal::ForeignKey.into()) }
    }
}

impl Writing {
    /// Refuses a database that another key has written. One that is new, or was made by an earlier version with this key,
    /// is tied to it from now on, unless `told` shows that there was a database already. What somebody took the tie from can
    /// be opened to be accepted.
    pub(in crate::store) async fn must_be_tied(
        &mut self,
        purpose: Purpose,
        told: &Told,
        (clock, entropy): (&Clock, &Entropy),
    ) -> Result<(), Error> {
        if self.tie().await?.is_some() {
            let is_missing = matches!(told, Told::Nothing) && purpose != Purpose::Accept;
            return if is_missing { self.must_be_begun().await } else { Ok(()) };
        }
        if let Some(refusal) = self.lost_its_tie(told).await? {
            let waits = purpose == Purpose::Accept && self.audit_begins_with_this_key().await?;
            return if waits { Ok(()) } else { Err(refusal.into()) };
        }
        if purpose != Purpose::Serve && self.audit_head().await?.is_some_and(|head| head.seq == 0) {
            return Err(Refusal::Absent.into());
        }
        let id = hex(&entropy.bytes::<16>());
        self.put_tie(&Tie::new(&self.db.keys, id, 0)).await?;
        self.adopt(clock).await
    }

    /// Why a database without a tie is not one that is new or that an earlier version has left.
    async fn lost_its_tie(&mut self, told: &Told) -> Result<Option<Refusal>, Error> {
        let Some(end) = self.audit_head().await? else { return Ok(Some(Refusal::ForeignAudit)) };
        if !self.audit_ends_at(&end).await? {
            return Ok(Some(Refusal::ForeignAudit));
        }
        // An earlier version has recorded nothing of the kind: somebody took the tie away, so that all would be adopted.
        if self.staff_as_recorded().await?.is_some() {
            return Ok(Some(Refusal::Untied));
        }
        Ok(match told {
            Told::Nothing => None,
            _ if end.seq == 0 => Some(Refusal::Gone),
            // It is of a version that noted no head yet.
            _ => Some(Refusal::Untied),
        })
    }

    /// Ties the database to the key, in place of what tied it before.
    pub(in crate::store) async fn put_tie(&mut self, tie: &Tie) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO tie (id, database_id, era, mac) VALUES (1, $1, $2, $3) ON CONFLICT (id) \
             DO UPDATE SET database_id = excluded.database_id, era = excluded.era, mac = excluded.mac"
        ).bind(&tie.database_id).bind(tie.era).bind(&tie.mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ties to the key what an earlier version has left, and records it where there is anything.
    async fn adopt(&mut self, clock: &Clock) -> Result<(), Error> {
        self.tie_passkeys().await?;
        self.tie_links().await?;
        self.unseal_everybody().await?;
        if self.unsealed.is_empty() {
            return Ok(());
        }
        self.record(&AuditEvent::new(AuditKind::StaffTied, clock.now())).await
    }
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Refuses a file of SQLite in which something is recorded where no head of it was noted: it may well be a copy that was
    /// put back, on a new disk or beside what is left of the data directory. A replica over PostgreSQL may be new.
    pub(in crate::store) async fn must_be_begun(&mut self) -> Result<(), Error> {
        let is_file = matches!(self.link, Either::Sqlite(_));
        let is_empty = self.audit_head().await?.is_some_and(|head| head.seq == 0);
        if is_file && !is_empty { Err(Refusal::HeadMissing.into()) } else { Ok(()) }
    }

    /// What ties the database to the key, unless an earlier version has made it or somebody took that away.
    pub(in crate::store) async fn tie(&mut self) -> Result<Option<Tie>, Error> {
        let tie: Option<Tie> = on!(self, c => sqlx::query_as("SELECT database_id, era, mac FROM tie WHERE id = 1").fetch_optional(c).await)?;
        if let Some(tie) = &tie {
            tie.must_hold(&self.keys)?;
        }
        Ok(tie)
    }

    /// Whether the first row of the audit was written with this key, whatever was done to the others.
    async fn audit_begins_with_this_key(&mut self) -> Result<bool, Error> {
        let rows = self.audit_records(1, 1).await?;
        Ok(rows.first().is_some_and(|row| Chain::after(self.keys.clone(), AuditHead::default()).follow(row)))
    }

    /// Whether this is the last row of the audit and was written with this key. An audit without rows could have been.
    pub(in crate::store) async fn audit_ends_at(&mut self, head: &AuditHead) -> Result<bool, Error> {
        let mut rows = self.audit_records(head.seq.saturating_sub(1), 2).await?;
        let Some(last) = rows.pop() else { return Ok(head.seq == 0) };
        if (last.seq, &last.mac) != (head.seq, &head.mac) {
            return Ok(false);
        }
        let mut before = vec![rows.pop()];
        if last.kind == AuditKind::RollbackAccepted.name() {
            // The audit goes on there from the last row that held, which it names.
            let named = last.known_facts();
            let heads = [Fact::CopyEnd, Fact::HeldHead].into_iter().filter_map(|fact| named.text(fact)?.parse().ok());
            for AuditHead { seq, .. } in heads {
                before.push(self.audit_records(seq, 1).await?.pop().filter(|row| row.seq == seq));
            }
        }
        let heads = before.into_iter().map(|row| row.map(|row| AuditHead { seq: row.seq, mac: row.mac }));
        Ok(heads.into_iter().any(|head| Chain::after(self.keys.clone(), head.unwrap_or_default()).follow(&last)))
    }
}

fn values(database_id: &str, era: i64) -> Values {
    let values = Values::of("database").text(database_id);
    // The first one is as it was before there were any.
    if era == 0 { values } else { values.number(era) }
}
