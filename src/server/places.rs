//! Who may hold a connection. `listen` asks for a place for each; those that have had their time, and those that are in the
//! way of somebody better known, are ended here.
//!
//! Strangers have three quarters of the places and an eighth a network, so that some are always left for trusted proxies.
//! Where there is none, whoever has kept the panel waiting longest goes: strangers first, then who is signed in, then
//! proxies, and nobody for the sake of somebody less known. What a connection keeps in memory begins with its first byte, and
//! the C library gives little of it back, so only a small number of strangers may have said something and keep the panel
//! waiting.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use tokio::time::Instant;

use super::activity::Activity;
use super::client::is_trusted;
use super::queues::{Queues, Rank, Spot};
use crate::model::network::neighbourhood;

/// How often it is looked who has had their time.
const EVERY: Duration = Duration::from_secs(1);
/// How many strangers may keep the panel waiting in the middle of a request or of an answer, or between two: at about 40 KiB
/// each, 5 MiB.
const SPEAKING: usize = 128;
/// How often it is said that somebody was turned away.
const SAID_EVERY: Duration = Duration::from_mins(1);

/// All places.
pub struct Places {
    all: usize,
    trusted: Arc<[IpNet]>,
    room: Mutex<Room>,
}

#[derive(Default)]
struct Room {
    held: HashMap<u64, Held>,
    queues: Queues,
    /// How many are held a network, but for proxies.
    networks: HashMap<IpNet, usize>,
    /// The number of the last place that was given.
    last: u64,
    said_at: Option<Instant>,
}

struct Held {
    activity: Arc<Activity>,
    spot: Spot,
}

/// One place, free again when it is dropped.
pub struct Place {
    number: u64,
    pub activity: Arc<Activity>,
    places: Arc<Places>,
}

impl Places {
    pub fn new(all: usize, trusted: Arc<[IpNet]>) -> Arc<Self> {
        Arc::new(Self { all, trusted, room: Mutex::default() })
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from there, if there is one or one can be made.
    pub fn take(self: &Arc<Self>, peer: IpAddr, now: Instant) -> Option<Place> {
        let network = self.network_of(peer);
        let mut room = self.room();
        let is_room = match network {
            Some(network) => self.has_room_for_stranger(&mut room, network, now),
            None => room.held.len() < self.all || room.frees_one(Rank::Proxy, now),
        };
        if !is_room {
            room.say_so(now);
            return None;
        }
        room.last += 1;
        let (number, activity) = (room.last, Activity::new(now));
        let rank = if network.is_some() { Rank::Silent } else { Rank::Proxy };
        let spot = Spot { rank, network, since: now, number };
        room.queues.add(spot);
        room.held.insert(number, Held { activity: activity.clone(), spot });
        if let Some(network) = network {
            *room.networks.entry(network).or_default() += 1;
        }
        Some(Place { number, activity, places: self.clone() })
    }

    fn has_room_for_stranger(&self, room: &mut Room, network: IpNet, now: Instant) -> bool {
        if room.networks.get(&network).is_some_and(|held| *held >= self.a_network()) {
            return room.frees_one_of(Rank::Stranger, Some(network), now);
        }
        if room.held.len() >= self.all || room.queues.strangers() >= self.strangers() {
            return room.frees_one(Rank::Stranger, now);
        }
        true
    }

    /// How many strangers may hold.
    const fn strangers(&self) -> usize {
        self.all - self.all / 4
    }

    /// How many one network may hold.
    fn a_network(&self) -> usize {
        (self.all / 8).max(1)
    }

    /// The network that a stranger's connection counts for: a /24, or a /48 of IPv6. The machine itself counts as a proxy,
    /// since what stands before a panel on the same machine is one, whether it is named or not.
    fn network_of(&self, peer: IpAddr) -> Option<IpNet> {
        let peer = peer.to_canonical();
        let is_here = peer == Ipv4Addr::LOCALHOST || peer == Ipv6Addr::LOCALHOST;
        if is_here || is_trusted(peer, &self.trusted) {
            return None;
        }
        Some(neighbourhood(peer))
    }

    /// Ends, for as long as it runs, whoever has had their time.
    pub async fn watch(&self) {
        loop {
            tokio::time::sleep(EVERY).await;
            self.sweep(Instant::now());
        }
    }

    fn sweep(&self, now: Instant) {
        self.room().end_all(|held| held.activity.is_overdue(held.spot.network.is_none(), now));
    }

    /// Ends the connections that were never used, for which nobody needs to wait when the panel stops.
    pub fn end_unused(&self) {
        self.room().end_all(|held| held.activity.is_unused());
    }
}

impl Place {
    /// The client begins to say something.
    pub fn speaks(&self, now: Instant) {
        self.activity.hears(now);
        self.places.room().speaks(self.number, now);
    }

    /// A session was seen here.
    pub fn knows(&self) {
        if !self.activity.knows() {
            self.places.room().knows(self.number);
        }
    }
}

impl Room {
    /// Ends the connection of up to that rank that has kept the panel waiting longest, of the least known.
    fn frees_one(&mut self, rank: Rank, now: Instant) -> bool {
        let mut ranks = [Rank::Silent, Rank::Stranger, Rank::SignedIn, Rank::Proxy].into_iter();
        ranks.by_ref().take_while(|known| *known <= rank).any(|rank| self.frees_one_of(rank, None, now))
    }

    /// Ends the connection of that rank, or of the strangers of that network, that has kept the panel waiting longest.
    fn frees_one_of(&mut self, rank: Rank, network: Option<IpNet>, now: Instant) -> bool {
        while let Some(number) = self.queues.first(rank, network, now) {
            let Some(held) = self.held.get_mut(&number) else { return false };
            let Some(moved) = held.spot.moved(held.activity.waits_since(), now) else {
                self.end(number);
                return true;
            };
            self.stands(number, moved);
        }
        false
    }

    fn speaks(&mut self, number: u64, now: Instant) {
        let Some(spot) = self.spot(number).filter(|spot| spot.rank == Rank::Silent) else { return };
        self.stands(number, Spot { rank: Rank::Stranger, since: now, ..spot });
        // Where all of them are being answered, that ends by itself.
        if self.queues.of(Rank::Stranger) > SPEAKING {
            self.frees_one_of(Rank::Stranger, None, now);
        }
    }

    fn knows(&mut self, number: u64) {
        let Some(spot) = self.spot(number).filter(|spot| spot.rank < Rank::SignedIn) else { return };
        self.stands(number, Spot { rank: Rank::SignedIn, ..spot });
    }

    fn spot(&self, number: u64) -> Option<Spot> {
        self.held.get(&number).map(|held| held.spot)
    }

    fn stands(&mut self, number: u64, spot: Spot) {
        if let Some(held) = self.held.get_mut(&number) {
            self.queues.remove(std::mem::replace(&mut held.spot, spot));
            self.queues.add(spot);
        }
    }

    fn end_all(&mut self, is_to_go: impl Fn(&Held) -> bool) {
        let to_go: Vec<u64> = self.held.iter().filter(|(_, held)| is_to_go(held)).map(|(number, _)| *number).collect();
        for number in to_go {
            self.end(number);
        }
    }

    fn end(&mut self, number: u64) {
        if let Some(held) = self.release(number) {
            held.activity.dismiss();
        }
    }

    fn release(&mut self, number: u64) -> Option<Held> {
        let held = self.held.remove(&number)?;
        self.queues.remove(held.spot);
        if let Some(network) = held.spot.network
            && let Some(count) = self.networks.get_mut(&network)
        {
            *count -= 1;
            if *count == 0 {
                self.networks.remove(&network);
            }
        }
        Some(held)
    }

    /// A line a minute at most: a flood shall not fill the log.
    fn say_so(&mut self, now: Instant) {
        if self.said_at.is_none_or(|said| now - said > SAID_EVERY) {
            self.said_at = Some(now);
            tracing::warn!(open = self.held.len(), "connections are turned away: too many are open");
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.room().release(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.2";

    struct Door {
        places: Arc<Places>,
        now: Instant,
    }

    impl Door {
        fn with(all: usize) -> Self {
            let trusted: IpNet = "10.0.0.0/29".parse().unwrap();
            Self { places: Places::new(all, [trusted].into()), now: Instant::now() }
        }

        /// Somebody comes a second later.
        fn comes(&mut self, from: &str) -> Option<Place> {
            self.now += Duration::from_secs(1);
            self.places.take(from.parse().unwrap(), self.now)
        }

        /// One from each of so many networks.
        fn crowd(&mut self, networks: usize) -> Vec<Place> {
            (0..networks).filter_map(|n| self.comes(&format!("192.0.{n}.1"))).collect()
        }

        fn open(&self) -> usize {
            self.places.room().held.len()
        }
    }

    fn is_ended(place: &Place) -> bool {
        !place.places.room().held.contains_key(&place.number)
    }

    #[test]
    fn one_network_holds_an_eighth_and_its_own_longest_silent_one_makes_room() {
        let mut door = Door::with(32);
        for (from, other) in [("192.0.2.7", "192.0.3.7"), ("2001:db8:1::7", "2001:db8:2::7")] {
            let held: Vec<Place> = (0..5).map(|_| door.comes(from).unwrap()).collect();
            assert!(is_ended(&held[0]) && held[1..].iter().all(|place| !is_ended(place)));
            let other = door.comes(other).unwrap();
            assert!(!is_ended(&other) && !is_ended(&held[1]), "another network is not touched");
        }
        let first: Vec<Place> = (0..20).map(|_| door.comes(PROXY).unwrap()).collect();
        assert!(first.iter().all(|place| !is_ended(place)), "proxies have no such limit");
    }

    #[test]
    fn strangers_leave_a_quarter_to_proxies() {
        let mut door = Door::with(16);
        let strangers = door.crowd(16);
        assert_eq!(door.open(), 12);
        assert!(strangers[..4].iter().all(is_ended) && strangers[4..].iter().all(|place| !is_ended(place)));
        let proxies: Vec<Place> = (0..6).map(|_| door.comes(PROXY).unwrap()).collect();
        assert_eq!(door.open(), 16);
        assert!(strangers[4..6].iter().all(is_ended), "the longest silent strangers make room for more");
        let here = door.comes("127.0.0.1").unwrap();
        assert!(!is_ended(&here) && is_ended(&strangers[6]) && proxies.iter().all(|place| !is_ended(place)));
    }

    #[test]
    fn who_is_signed_in_keeps_the_place() {
        let mut door = Door::with(16);
        let eva = door.comes("198.51.100.1").unwrap();
        eva.knows();
        let strangers = door.crowd(40);
        assert!(!is_ended(&eva));
        assert_eq!(strangers.iter().filter(|place| !is_ended(place)).count(), 12);
        let proxies: Vec<Place> = (0..15).map(|_| door.comes(PROXY).unwrap()).collect();
        assert!(!is_ended(&eva) && proxies.iter().all(|place| !is_ended(place)));
        let last = door.comes(PROXY).unwrap();
        assert!(is_ended(&eva) && !is_ended(&last), "but not before a proxy, behind which are others");
    }

    #[test]
    fn few_strangers_may_say_something_and_keep_the_panel_waiting() {
        let mut door = Door::with(4096);
        let (silent, eva) = (door.crowd(200), door.comes("198.51.100.1").unwrap());
        eva.speaks(door.now);
        eva.knows();
        let mut crowd = Vec::new();
        for n in 0..SPEAKING {
            crowd.push(door.comes(&format!("100.64.{}.1", n % 200)).unwrap());
            crowd[n].speaks(door.now);
        }
        crowd[0].activity.begins(false, door.now);
        let proxy = door.comes(PROXY).unwrap();
        proxy.speaks(door.now);
        let newcomer = door.comes("198.51.100.2").unwrap();
        assert!(!is_ended(&crowd[1]), "who says nothing yet is in nobody's way");
        door.now += Duration::from_secs(1);
        newcomer.speaks(door.now);
        assert!(is_ended(&crowd[1]), "who has kept the panel waiting longest goes");
        crowd.remove(1);
        crowd.extend(silent.into_iter().chain([eva, proxy, newcomer]));
        assert!(crowd.iter().all(|place| !is_ended(place)));
    }

    #[test]
    fn whom_the_panel_answers_is_not_ended_for_another() {
        let mut door = Door::with(8);
        let busy = door.crowd(6);
        for place in &busy {
            place.activity.begins(false, door.now);
        }
        assert!(door.comes("198.51.100.1").is_none(), "turned away");
        busy[3].activity.is_blocked(door.now);
        assert!(door.comes("198.51.100.1").is_some());
        assert!(is_ended(&busy[3]), "who does not read is no different from who says nothing");
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_ends() {
        let mut door = Door::with(8);
        drop(door.crowd(6));
        assert_eq!(door.open(), 0);
        assert!(door.places.room().networks.is_empty());
        let first = door.comes("192.0.2.1").unwrap();
        let second = door.comes("192.0.2.1").unwrap();
        drop((first, second));
        assert!(door.places.room().networks.is_empty(), "an ended one is not counted down twice");
    }

    #[test]
    fn the_sweep_ends_who_had_their_time_and_a_stop_who_never_began() {
        let mut door = Door::with(8);
        let (stranger, proxy) = (door.comes("192.0.2.1").unwrap(), door.comes(PROXY).unwrap());
        proxy.activity.begins(false, door.now);
        proxy.activity.ends(door.now);
        proxy.activity.is_flushed(door.now);
        door.places.sweep(door.now + Duration::from_secs(12));
        assert!(is_ended(&stranger) && !is_ended(&proxy));
        let unused = door.comes(PROXY).unwrap();
        door.places.end_unused();
        assert!(is_ended(&unused) && !is_ended(&proxy));
    }

    #[test]
    fn turning_away_costs_the_same_however_many_are_there() {
        let mut door = Door::with(8192);
        let _held: Vec<Place> =
            (0..6144_u32).filter_map(|n| door.comes(&format!("100.{}.{}.1", 64 + n / 256, n % 256))).collect();
        let begun = std::time::Instant::now();
        let _more: Vec<_> =
            (0..20_000_u32).filter_map(|n| door.comes(&format!("198.{}.{}.1", n / 256, n % 256))).collect();
        assert!(begun.elapsed() < Duration::from_secs(5), "looking at everybody each time took five times that");
        assert_eq!(door.open(), 6144);
    }
}
