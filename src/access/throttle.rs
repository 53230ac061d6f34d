//! How many sign-ins may be tried: counted in the store before the password is looked at, so that many at once are
//! counted as well as one after another, on any replica, in windows that no clock ends or brings back. What is used up is
//! kept in mind until its window ends, so that refusing costs nothing.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::used_up::UsedUp;
use crate::model::network::household;
use crate::model::{DeviceHash, Elapsed, StaffId, StaffName};
use crate::store::{self, Store, Writing};

/// How long a window is.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Tries of one name from one network in a window.
const PER_NAME_AND_NETWORK: i64 = 10;
/// Tries of one name with a device that it has signed in with before.
const PER_DEVICE: i64 = 10;
/// Tries of one name from anywhere in a window.
const PER_NAME: i64 = 100;
/// Answers of passkeys of one person, from one place, in a window.
const PASSKEYS: i64 = 10;
/// Tries of any name from one network in a window.
const PER_NETWORK: i64 = 300;
/// Steps of a sign-in by passkey, two each, in a browser in which somebody has signed in before.
const PASSKEY_PER_DEVICE: i64 = 2 * PER_DEVICE;

/// Counts tries. Cloned freely; clones share what they keep in mind.
#[derive(Clone, Debug)]
pub struct Throttle {
    pub(super) store: Store,
    used_up: UsedUp,
}

impl Throttle {
    pub fn new(store: Store) -> Self {
        Self { store, used_up: UsedUp::default() }
    }

    /// The device, if the person has signed in with it before.
    pub async fn known<'a>(
        &self,
        name: Option<&StaffName>,
        device: Option<&'a DeviceHash>,
    ) -> Result<Option<&'a DeviceHash>, store::Error> {
        let (Some(name), Some(device)) = (name, device) else { return Ok(None) };
        Ok(self.store.read().await?.knows_device(device, name).await?.then_some(device))
    }

    /// Counts a try to sign in; a text that is nobody's name has only its network. A device that the person has signed in
    /// with before ([`Throttle::known`]) is counted by itself, so that nobody else can use its tries up. `Some` says when
    /// the next one will be looked at, because this one won't.
    pub async fn count_sign_in(
        &self,
        name: Option<&StaffName>,
        client: IpAddr,
        known: Option<&DeviceHash>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, store::Error> {
        let network = household(client);
        let limits = match (name, known) {
            (Some(name), Some(device)) => vec![(format!("sign-in name {name} with {}", device.0), PER_DEVICE)],
            (Some(name), None) => vec![
                (format!("sign-in from {network}"), PER_NETWORK),
                (format!("sign-in name {name} from {network}"), PER_NAME_AND_NETWORK),
                (format!("sign-in name {name}"), PER_NAME),
            ],
            (None, _) => vec![(format!("sign-in from {network}"), PER_NETWORK)],
        };
        self.count(&limits, known.is_some(), now).await
    }

    /// Counts a step of a sign-in by passkey, of which nobody knows yet whose it is: asking for the challenge, and answering
    /// it. A browser in which somebody has signed in before is counted by itself. `Some` says when the next one will be
    /// looked at, because this one won't.
    pub async fn count_passkey(
        &self,
        client: IpAddr,
        device: Option<&DeviceHash>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, store::Error> {
        let known = match device {
            Some(device) if self.store.read().await?.is_known_device(device).await? => Some(device),
            _ => None,
        };
        let limit = match known {
            Some(device) => (format!("passkey with {}", device.0), PASSKEY_PER_DEVICE),
            None => (format!("sign-in from {}", household(client)), PER_NETWORK),
        };
        self.count(&[limit], known.is_some(), now).await
    }

    /// Counts a passkey of somebody who knows their password already, by itself for each place that it may come from: a
    /// session, a known device, or anywhere else. `Some` says when the next one will be looked at, because this one won't.
    pub async fn count_passkey_of(
        &self,
        staff: &StaffId,
        place: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, store::Error> {
        let is_known = place != ANYWHERE;
        self.count(&[(format!("passkey of {} {place}", staff.0), PASSKEYS)], is_known, now).await
    }

    /// Uses up what is good for one try, and for less than a window; `false` when it was used before.
    pub async fn use_up(&self, what: &str) -> Result<bool, store::Error> {
        let key = format!("once {what}");
        // Anyone who repeats it must not queue for the one writer.
        if self.store.read().await?.attempts(&key).await? > 0 {
            return Ok(false);
        }
        let mut tx = self.store.write_for_stranger().await?;
        tx.count_attempt(&key, self.window().0).await?;
        let times = tx.attempts(&key).await?;
        tx.commit().await?;
        Ok(times == 1)
    }

    /// When the window that runs began, and how long it still lasts.
    fn window(&self) -> (Elapsed, SignedDuration) {
        self.store.elapsed().window(WINDOW)
    }

    /// Begins a transaction for somebody who is known, or for anybody.
    pub(super) async fn writer(&self, is_known: bool) -> Result<Writing, store::Error> {
        if is_known { self.store.write().await } else { self.store.write_for_stranger().await }
    }

    /// Counts a try under each key, the narrowest refusal first.
    async fn count(
        &self,
        limits: &[(String, i64)],
        is_known: bool,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, store::Error> {
        let (window, lasts) = self.window();
        if limits.iter().any(|(key, _)| self.used_up.has(key, window)) {
            return Ok(Some(now + lasts));
        }
        let mut tx = self.writer(is_known).await?;
        let (mut used_up, mut refused) = (Vec::new(), false);
        for (key, limit) in limits {
            let made = tx.count_attempt(key, window).await?;
            if made >= *limit {
                used_up.push(key);
            }
            refused = made > *limit;
            if refused {
                // It uses up nothing of the wider limits that follow.
                break;
            }
        }
        tx.commit().await?;
        for key in used_up {
            self.used_up.add(key, window);
        }
        Ok(refused.then_some(now + lasts))
    }
}

/// Where somebody is of whom only the password is known.
pub const ANYWHERE: &str = "anywhere";

/// Windows that began before this are of no use any more. One more is kept, for what was used up at the end of it and
/// for replicas that have not seen yet that it is over.
pub fn oldest_useful_window(now: Elapsed) -> Elapsed {
    now.window(WINDOW).0.less(WINDOW)
}

/// When the quarter of an hour began that people would say this moment lies in.
pub fn start_of_window(now: Timestamp) -> Timestamp {
    let millis = now.as_millisecond();
    let into_window = millis.rem_euclid(i64::try_from(WINDOW.as_millis()).unwrap_or(1));
    Timestamp::from_millisecond(millis - into_window).unwrap_or(now)
}
