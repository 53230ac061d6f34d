//! How many sign-ins may be tried: counted in the store before the password is looked at, so that many at once are
//! counted as well as one after another, on any replica.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::model::{DeviceHash, StaffId, StaffName};
use crate::store::{self, Writing};

/// How long a window is.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Tries of one name from one network in a window.
const PER_NAME_AND_NETWORK: i64 = 10;
/// Tries of one name with a device that it has signed in with before.
const PER_DEVICE: i64 = 10;
/// Tries of one name from anywhere in a window.
const PER_NAME: i64 = 100;
/// Codes of one person in a window. Guessing one of a million with ten tries every quarter of an hour takes years.
const CODES: i64 = 10;
/// Tries of any name from one network in a window.
const PER_NETWORK: i64 = 300;
/// Steps of a sign-in by passkey, two each, in a browser in which somebody has signed in before.
const PASSKEY_PER_DEVICE: i64 = 2 * PER_DEVICE;

/// Counts a try to sign in; a text that is nobody's name has only its network. A device that the person has signed in
/// with before is counted by itself, so that nobody else can use its tries up. `Some` says when the next one will be
/// looked at, because this one won't.
///
/// # Errors
/// [`store::Error`].
pub async fn count_sign_in(
    tx: &mut Writing,
    name: Option<&StaffName>,
    (client, device): (IpAddr, Option<&DeviceHash>),
    now: Timestamp,
) -> Result<Option<Timestamp>, store::Error> {
    let network = network_of(client);
    let window_start = start_of_window(now);
    let known = match (name, device) {
        (Some(name), Some(device)) => tx.knows_device(device, name).await?,
        _ => false,
    };
    let limits = match (name, device) {
        (Some(name), Some(device)) if known => vec![(format!("sign-in name {name} with {}", device.0), PER_DEVICE)],
        (Some(name), _) => vec![
            (format!("sign-in from {network}"), PER_NETWORK),
            (format!("sign-in name {name} from {network}"), PER_NAME_AND_NETWORK),
            (format!("sign-in name {name}"), PER_NAME),
        ],
        (None, _) => vec![(format!("sign-in from {network}"), PER_NETWORK)],
    };
    for (key, limit) in limits {
        // What is refused here uses up nothing of the wider limits that follow.
        if tx.count_attempt(&key, window_start).await? > limit {
            return Ok(Some(window_start + WINDOW));
        }
    }
    Ok(None)
}

/// Counts a step of a sign-in by passkey, of which nobody knows yet whose it is: asking for the challenge, and answering it.
/// A browser in which somebody has signed in before is counted by itself. `Some` says when the next one will be looked at,
/// because this one won't.
///
/// # Errors
/// [`store::Error`].
pub async fn count_passkey(
    tx: &mut Writing,
    (client, device): (IpAddr, Option<&DeviceHash>),
    now: Timestamp,
) -> Result<Option<Timestamp>, store::Error> {
    let window_start = start_of_window(now);
    let known = match device {
        Some(device) if tx.is_known_device(device).await? => Some(device),
        _ => None,
    };
    let (key, limit) = match known {
        Some(device) => (format!("passkey with {}", device.0), PASSKEY_PER_DEVICE),
        None => (format!("sign-in from {}", network_of(client)), PER_NETWORK),
    };
    let made = tx.count_attempt(&key, window_start).await?;
    Ok((made > limit).then_some(window_start + WINDOW))
}

/// Counts a code or passkey of somebody who knows their password already, by itself for each place that it may come from: a session,
/// a known device, or anywhere else. `Some` says when the next one will be looked at, because
/// this one won't.
///
/// # Errors
/// [`store::Error`].
pub async fn count_code(
    tx: &mut Writing,
    staff: &StaffId,
    place: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, store::Error> {
    let window_start = start_of_window(now);
    let made = tx.count_attempt(&format!("code of {} {place}", staff.0), window_start).await?;
    Ok((made > CODES).then_some(window_start + WINDOW))
}

/// Windows that began before this are of no use any more. One more is kept, for a replica whose clock is behind.
pub fn oldest_useful_window(now: Timestamp) -> Timestamp {
    start_of_window(now) - WINDOW
}

/// When the window began that this moment lies in.
pub fn start_of_window(now: Timestamp) -> Timestamp {
    let millis = now.as_millisecond();
    let into_window = millis.rem_euclid(i64::try_from(WINDOW.as_millis()).unwrap_or(1));
    Timestamp::from_millisecond(millis - into_window).unwrap_or(now)
}

/// One household or company: an IPv4 address, or the /64 of an IPv6 one.
pub fn network_of(client: IpAddr) -> String {
    match client.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// What one holder of many addresses has at least: the /24 of an IPv4 address, or the /48 of an IPv6 one.
pub fn neighbourhood_of(client: IpAddr) -> String {
    match client.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_wait_in_one_line() {
        assert_eq!(neighbourhood_of("192.0.2.77".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(neighbourhood_of("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1::/48");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        assert_eq!(network_of("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1:2::/64");
        assert_eq!(network_of("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
