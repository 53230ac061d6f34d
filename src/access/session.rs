//! Sessions: a `tower-sessions` store over our own table. The database keeps a hash of the cookie's secret, saving
//! never revives a session that was ended, and both limits, idle and absolute, are counted here.

use std::collections::HashMap;
use std::fmt;

use async_trait::async_trait;
use aws_lc_rs::{digest, hkdf};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store;
use zeroize::Zeroizing;

use crate::model::{Clock, SessionHash, Staff, StaffId};
use crate::store::{self, Store};

/// How long a session lasts without being used.
pub const IDLE_LIMIT: SignedDuration = SignedDuration::from_mins(30);
/// How long a session lasts at most.
pub const ABSOLUTE_LIMIT: SignedDuration = SignedDuration::from_hours(12);
/// How exactly "last used" is kept: writing it on every request would cost ten times the request.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// The one thing that a session's record holds: whose it is.
pub const STAFF: &str = "staff";

/// What the cookie holds, 128 random bits: never stored, never shown.
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<[u8; 16]>);

impl SessionSecret {
    /// The secret of a session's cookie.
    pub fn of(id: Id) -> Self {
        Self(Zeroizing::new(id.0.to_le_bytes()))
    }

    /// The secret of nobody's session, for the command line.
    pub fn none() -> Self {
        Self(Zeroizing::new([0; 16]))
    }

    /// What the database keeps. A plain hash will do: 128 random bits can't be guessed.
    pub fn hash(&self) -> SessionHash {
        let hash = digest::digest(&digest::SHA256, &self.0[..]);
        SessionHash(URL_SAFE_NO_PAD.encode(hash))
    }

    /// The root of keys that only this cookie gives.
    pub fn root_of_keys(&self) -> hkdf::Prk {
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"nyckel session").extract(&self.0[..])
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret")
    }
}

/// Somebody who is signed in.
#[derive(Debug)]
pub struct SignedIn {
    pub staff: Staff,
    pub secret: SessionSecret,
    pub signed_in_at: Timestamp,
}

/// All sessions. Cloned freely.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
    clock: Clock,
}

impl Sessions {
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Whose session this is, if it runs: not ended, within both limits, its staff member not disabled.
    ///
    /// # Errors
    /// [`store::Error`] when the database can't be read.
    pub async fn signed_in(&self, id: Id) -> Result<Option<SignedIn>, store::Error> {
        let secret = SessionSecret::of(id);
        let hash = secret.hash();
        let Some(row) = self.store.read().await?.signed_in(&hash).await? else { return Ok(None) };
        let now = self.clock.now();
        let idle = now.duration_since(row.seen_at);
        if idle >= IDLE_LIMIT || now.duration_since(row.created_at) >= ABSOLUTE_LIMIT {
            return Ok(None);
        }
        if idle >= TOUCH_EVERY {
            self.touch(&hash, now).await;
        }
        Ok(Some(SignedIn { staff: row.staff, secret, signed_in_at: row.created_at }))
    }

    /// A full disk must not keep people from reading: what can't be noted is only logged.
    async fn touch(&self, hash: &SessionHash, now: Timestamp) {
        let touched = async {
            let mut tx = self.store.write().await?;
            tx.touch_session(hash, now).await?;
            tx.commit().await
        };
        if let Err(error) = touched.await {
            tracing::warn!(%error, "a session's last use could not be noted");
        }
    }

    async fn begin(&self, record: &Record) -> Result<(), store::Error> {
        let staff = record.data.get(STAFF).and_then(|value| value.as_str());
        let staff = staff.ok_or(store::Error::Unreadable("a session of nobody"))?;
        let mut tx = self.store.write().await?;
        tx.begin_session(&SessionSecret::of(record.id).hash(), &StaffId(staff.to_owned()), self.clock.now()).await?;
        tx.commit().await
    }

    async fn end(&self, id: Id) -> Result<(), store::Error> {
        let mut tx = self.store.write().await?;
        tx.end_session(&SessionSecret::of(id).hash(), self.clock.now()).await?;
        tx.commit().await
    }
}

#[async_trait]
impl tower_sessions::SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.begin(record).await.map_err(backend)
    }

    /// A session's content never changes after it began, so there is nothing to save, and an ended one stays ended.
    async fn save(&self, _record: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let signed_in = self.signed_in(*id).await.map_err(backend)?;
        Ok(signed_in.map(|signed_in| Record {
            id: *id,
            data: HashMap::from([(STAFF.to_owned(), signed_in.staff.id.0.into())]),
            expiry_date: time::OffsetDateTime::UNIX_EPOCH,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.end(*id).await.map_err(backend)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands the error over")]
fn backend(error: store::Error) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
