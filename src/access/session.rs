//! Sessions: a `tower-sessions` store over our own table. The database keeps a hash of the cookie's secret, saving
//! never revives a session that was ended, and both limits, idle and absolute, are counted here.

use std::collections::HashMap;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use tower_sessions::Session;
use tower_sessions::session::{Error, Id, Record};
use tower_sessions::session_store;
use zeroize::Zeroizing;

use super::cookie::{CookieSecret, SessionKey};
use crate::model::clock::age;
use crate::model::{AuditEvent, Clock, Device, Entropy, SessionId, Staff, StaffId};
use crate::store::{self, NewSession, Store};

/// How long a session lasts without being used.
pub const IDLE_LIMIT: SignedDuration = SignedDuration::from_mins(30);
/// How long a session lasts at most.
pub const ABSOLUTE_LIMIT: SignedDuration = SignedDuration::from_hours(12);
/// How long after its beginning it is known whose a session was: a form that lay open overnight keeps what was typed.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(36);
/// How exactly "last used" is kept: writing it on every request would cost ten times the request.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// What a record of `tower-sessions` holds: whose it is; and, never longer than a request, the cookie that is on its way to
/// the browser.
const STAFF: &str = "staff";
const COOKIE: &str = "cookie";

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub staff: Staff,
    pub key: SessionKey,
    /// When they last proved who they are.
    pub proved_at: Timestamp,
    /// Whether there is a notice for them.
    pub has_notices: bool,
}

/// Why no session began.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The browser could not get its cookie.
    #[error(transparent)]
    Cookie(#[from] Error),
}

/// All sessions. Cloned freely.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
    clock: Clock,
    entropy: Entropy,
}

impl Sessions {
    pub const fn new(store: Store, clock: Clock, entropy: Entropy) -> Self {
        Self { store, clock, entropy }
    }

    /// Whose session this is, if it runs: not ended, within both limits, its staff member not disabled.
    ///
    /// # Errors
    /// [`store::Error`] when the database can't be read.
    pub async fn signed_in(&self, id: Id) -> Result<Option<SignedIn>, store::Error> {
        let (secret, noted) = (CookieSecret::of(id), self.store.noted());
        let Some(row) = self.store.read().await?.signed_in(&secret.hash()).await? else { return Ok(None) };
        self.store.must_have_come_to(noted.as_ref(), row.audit_seq).await?;
        let now = self.clock.now();
        let (Some(idle), Some(lasted)) = (age(row.seen_at, now), age(row.created_at, now)) else { return Ok(None) };
        if idle >= IDLE_LIMIT || lasted >= ABSOLUTE_LIMIT {
            return Ok(None);
        }
        if idle >= TOUCH_EVERY {
            self.touch(&row.id, now).await;
        }
        let key = secret.unwrap(row.id, row.root).ok_or(store::Error::Unreadable("a session's key"))?;
        Ok(Some(SignedIn { staff: row.staff, key, proved_at: row.proved_at, has_notices: row.has_notices }))
    }

    /// The key of this session, running or ended, and whose it is or was, as long as that is known. It gives no right: it
    /// is how somebody who signs in anew finds what they had left.
    ///
    /// # Errors
    /// [`store::Error`] when the database can't be read.
    pub async fn whose(&self, id: Id) -> Result<Option<(SessionKey, StaffId)>, store::Error> {
        let secret = CookieSecret::of(id);
        let known = self.store.read().await?.session_of_cookie(&secret.hash()).await?;
        Ok(known.and_then(|known| Some((secret.unwrap(known.id, known.root)?, known.staff))))
    }

    /// Begins a session of this staff member in the browser, in place of whatever it had before; `None` when what they
    /// proved does not count any more, because their password or their rights were changed meanwhile. `signed_in` is
    /// recorded with it.
    pub async fn begin(
        &self,
        browser: &Session,
        staff: &StaffId,
        generation: i64,
        device: &Device,
        signed_in: &AuditEvent,
    ) -> Result<Option<SessionKey>, NotBegun> {
        leave(browser).await?;
        let cookie = self.new_cookie();
        let begun = self.put_session(staff, generation, device, &CookieSecret::of(cookie), signed_in).await;
        let Ok(Some(key)) = begun else {
            // Nothing is left that the layer would put into the store.
            browser.clear().await;
            return Ok(begun?);
        };
        hand_over(browser, cookie).await?;
        Ok(Some(key))
    }

    /// Gives the browser's session a new cookie, in one step; `proves` where the person has just proved anew who they are.
    /// Everything that belongs to the session goes on. Where the same browser was faster, that other cookie stays. An
    /// answer that gets lost takes the session with it: a grace for the old cookie would be one for a thief's.
    pub async fn renew(&self, browser: &Session, key: &SessionKey, proves: bool) -> Result<(), Error> {
        let Some(old) = browser.id() else { return Ok(()) };
        let new = self.new_cookie();
        if !self.change_cookie(key, old, new, proves).await.map_err(backend)? {
            return Ok(());
        }
        leave(browser).await?;
        hand_over(browser, new).await
    }

    fn new_cookie(&self) -> Id {
        Id(i128::from_le_bytes(self.entropy.bytes()))
    }

    async fn change_cookie(&self, key: &SessionKey, old: Id, new: Id, proves: bool) -> Result<bool, store::Error> {
        let (old, new) = (CookieSecret::of(old), CookieSecret::of(new));
        let root = new.wrap(key).ok_or(UNREADABLE)?;
        let proved_at = proves.then(|| self.clock.now());
        let mut tx = self.store.write().await?;
        let changed = tx.change_cookie(&old.hash(), &new.hash(), &root, proved_at).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// A full disk must not keep people from reading: what can't be noted is only logged.
    async fn touch(&self, id: &SessionId, now: Timestamp) {
        let touched = async {
            let mut tx = self.store.write().await?;
            tx.touch_session(id, now).await?;
            tx.commit().await
        };
        if let Err(error) = touched.await {
            tracing::warn!(%error, "a session's last use could not be noted");
        }
    }

    async fn put_session(
        &self,
        staff: &StaffId,
        generation: i64,
        device: &Device,
        secret: &CookieSecret,
        signed_in: &AuditEvent,
    ) -> Result<Option<SessionKey>, store::Error> {
        let id = SessionId(URL_SAFE_NO_PAD.encode(self.entropy.bytes::<16>()));
        let key = SessionKey::new(id, Zeroizing::new(self.entropy.bytes()));
        let (cookie, root) = (secret.hash(), secret.wrap(&key).ok_or(UNREADABLE)?);
        let mut tx = self.store.write().await?;
        let at = self.clock.now();
        let new = NewSession { id: &key.id, staff, cookie: &cookie, root: &root, device, generation, at };
        let begun = tx.begin_session(&new).await?;
        if begun {
            tx.record(signed_in).await?;
        }
        tx.commit().await?;
        Ok(begun.then_some(key))
    }

    async fn end(&self, id: Id) -> Result<(), store::Error> {
        let mut tx = self.store.write().await?;
        tx.end_session_of_cookie(&CookieSecret::of(id).hash(), self.clock.now()).await?;
        tx.commit().await
    }
}

/// Ends what the browser's cookie stood for until now. What it held is not looked for: there may be nothing any more, of
/// which the layer would warn.
async fn leave(browser: &Session) -> Result<(), Error> {
    browser.clear().await;
    browser.cycle_id().await
}

/// Lets the browser have a cookie whose session the store has already.
async fn hand_over(browser: &Session, cookie: Id) -> Result<(), Error> {
    browser.insert(COOKIE, cookie.to_string()).await?;
    browser.save().await
}

const UNREADABLE: store::Error = store::Error::Unreadable("a session's key");

#[async_trait]
impl tower_sessions::SessionStore for Sessions {
    /// The store has the session already; the record is only how the browser gets its cookie.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let cookie = record.data.get(COOKIE).and_then(|value| value.as_str()).and_then(|id| id.parse().ok());
        record.id = cookie.ok_or_else(|| session_store::Error::Backend("a session that nobody began".to_owned()))?;
        Ok(())
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
