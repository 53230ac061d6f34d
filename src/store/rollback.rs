//! Statements on beginning anew after an older copy of the database was put back: whatever let anybody in when the copy was
//! made may have ended since, so all of it ends.

use super::head::Told;
use super::ties::Tie;
use super::{Error, Refusal, Store, Transactions, Writing, on};
use crate::model::audit_head::hex;
use crate::model::{AuditHead, Entropy};

/// An era's generations and ticks begin here and at its multiples, so that none of an earlier era comes again: what was
/// proved in one counts in no other, and what is written now comes after all that any replica has seen.
const ERA: i64 = 1 << 32;

/// Everything that lets somebody in, is on its way there, or waits to be shown to who was in.
const ENDS: [&str; 12] = [
    // Drafts go with their sessions.
    "DELETE FROM session",
    "DELETE FROM permit",
    "DELETE FROM device",
    "DELETE FROM flow",
    "DELETE FROM ceremony",
    "DELETE FROM link",
    "DELETE FROM setup_token",
    "DELETE FROM passkey",
    "DELETE FROM recovery_code",
    "DELETE FROM wrong_code",
    "UPDATE staff SET password_hash = NULL, password_set_at = NULL",
    "UPDATE staff SET totp_seed = NULL, totp_added_at = NULL",
];

impl Store {
    /// Why every other command refuses a database that was opened to be accepted; `None` where none does.
    pub async fn why_refused(&self, db: &mut Transactions) -> Result<Option<Refusal>, Error> {
        let told = self.head.told()?;
        let compared = async {
            if matches!(told, Told::Nothing) {
                db.must_be_begun().await?;
            }
            db.must_be_as_told(&told).await?;
            db.all_must_hold().await
        };
        match compared.await {
            Err(Error::Refused(refusal)) => Ok(Some(refusal)),
            compared => compared.map(|()| None),
        }
    }
}

impl Writing {
    /// Begins an era: nobody is signed in or can sign in with anything of the panel's own, and the staff counts as it is,
    /// whoever wrote it. The audit goes on after `held`, the last row that holds. The next event recorded is the beginning.
    /// Which era it is.
    pub async fn begin_era(&mut self, held: &AuditHead, entropy: &Entropy) -> Result<i64, Error> {
        let (known, noted) = (self.tie().await?, self.store.noted_in_file()?);
        // The copy does not know of the eras that began after it was made.
        let last = known.as_ref().map_or(0, |tie| tie.era).max(noted.as_ref().map_or(0, |noted| noted.era));
        let era = last + 1;
        let first = era.checked_mul(ERA).ok_or(Error::Unreadable("the era"))?;
        self.unseal_everybody().await?;
        for statement in ENDS {
            on!(&mut self.db, c => sqlx::query(statement).execute(c).await.map(drop))?;
        }
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET generation = $1").bind(first).execute(c).await.map(drop))?;
        on!(&mut self.db, c => sqlx::query("UPDATE tick SET last = $1 WHERE last < $1").bind(first).execute(c).await.map(drop))?;
        let id = known.map(|tie| tie.database_id).or(noted.map(|noted| noted.database_id));
        let id = id.unwrap_or_else(|| hex(&entropy.bytes::<16>()));
        self.put_tie(&Tie::new(&self.db.keys, id.clone(), era)).await?;
        self.go_on_after(held).await?;
        self.note_anew(id, era);
        Ok(era)
    }

    /// Has the next row of the audit come after all that there are, and be chained to this one.
    async fn go_on_after(&mut self, held: &AuditHead) -> Result<(), Error> {
        let last: i64 = on!(&mut self.db, c => sqlx::query_scalar(
            "SELECT COALESCE(MAX(seq), 0) FROM (SELECT seq FROM audit UNION ALL SELECT seq FROM audit_head) AS rows"
        ).fetch_one(c).await)?;
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO audit_head (id, seq, mac) VALUES (1, $1, $2) \
             ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, mac = excluded.mac"
        ).bind(last.max(held.seq)).bind(&held.mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }
}
