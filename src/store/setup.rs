//! Statements on the one-time token with which the first admin is made.

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Values, Writing, on};
use crate::model::audit_head::hex;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Whether a token waits to be used.
    pub async fn setup_is_open(&mut self) -> Result<bool, Error> {
        let tokens: i64 = on!(self, c => sqlx::query_scalar("SELECT count(*) FROM setup_token").fetch_one(c).await)?;
        Ok(tokens > 0)
    }

    /// Whether this is the token that waits to be used. Looking uses nothing up.
    pub async fn is_setup_token(&mut self, hash: &str) -> Result<bool, Error> {
        let hash = self.kept(hash);
        let tokens: i64 = on!(self, c => sqlx::query_scalar("SELECT count(*) FROM setup_token WHERE hash = $1")
            .bind(hash).fetch_one(c).await)?;
        Ok(tokens > 0)
    }

    fn kept(&self, hash: &str) -> String {
        hex(&self.keys.mac(&Values::of("setup token").text(hash)))
    }
}

impl Writing {
    /// Puts a token in place of whatever was there. Only a hash of it is kept, which takes the secret key to make.
    pub async fn put_setup_token(&mut self, hash: &str) -> Result<(), Error> {
        let hash = self.kept(hash);
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO setup_token (id, hash) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET hash = excluded.hash"
        ).bind(hash).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses the token up; `false` when it isn't this one.
    pub async fn use_setup_token(&mut self, hash: &str) -> Result<bool, Error> {
        let hash = self.kept(hash);
        let done = on!(&mut self.db, c => sqlx::query("DELETE FROM setup_token WHERE hash = $1")
            .bind(hash).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
