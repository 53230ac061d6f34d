//! The two threads that hash passwords, the memory they do it in, and the order in which people get their turn.
//!
//! Argon2 takes 19 MiB. Each thread owns one buffer, makes it when it is first needed, wipes it after each use, and gives it
//! back to the machine when nobody has come for a while. Anyone who wants something hashed asks for a [`Place`] first: there
//! is a fixed number of them, so that a crowd is turned away at once. Places and turns are shared fairly between
//! networks; who is signed in, or known, never waits behind strangers, and strangers who sign in and owners of mailboxes who
//! type codes never wait behind each other.

mod memory;
mod queue;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

pub(super) use memory::Memory;
use queue::Queue;

/// How many threads hash, each in a buffer of its own.
const THREADS: usize = 2;
/// How long a thread without work keeps its buffer.
const REST: Duration = Duration::from_secs(5);
/// How many strangers, and how many owners, may wait together: the last of them waits for a few seconds.
const PLACES: usize = 256;
/// How many of one network may wait, while there is room for others.
const OF_A_NETWORK: usize = 16;
/// Of the free places, one in so many is for a network that has some already: the more are taken, the more are left to newcomers.
const SHARE: usize = 8;
/// How many turns of one known person may wait.
const OF_A_PERSON: usize = 3;

/// There is no room to wait in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many people want a password checked at once")]
pub struct Busy;

/// In which queue somebody waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Somebody who is signed in, was invited, or comes with a device of theirs: nobody else can wait in their name.
    Known(String),
    /// Anybody, by their network.
    Stranger(String),
    /// Anybody who comes with a link for the owner of a mailbox, by their network.
    Owner(String),
}

pub(super) type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The desk where hashing is asked for. When the last clone goes, its threads end.
#[derive(Clone, Debug, Default)]
pub(super) struct Hashing(Arc<Door>);

/// A place in a queue, until it is dropped.
#[derive(Debug)]
pub struct Place {
    lane: Lane,
    desk: Arc<Desk>,
}

#[derive(Debug, Default)]
struct Door(Arc<Desk>);

#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Debug, Default)]
struct State {
    known: Queue,
    strangers: Crowd,
    owners: Crowd,
    /// Whose turn it was last: where both wait, they take turns.
    known_was_last: bool,
    /// The same of the two crowds.
    owners_were_last: bool,
    taken: HashMap<Lane, usize>,
    threads: usize,
    resting: usize,
    closed: bool,
}

/// People whom nobody knows.
#[derive(Debug, Default)]
struct Crowd {
    queue: Queue,
    /// How many places they hold.
    taken: usize,
}

impl Hashing {
    /// A place in the queue, if there is one.
    pub fn place(&self, lane: Lane) -> Result<Place, Busy> {
        let desk = &self.0.0;
        let mut state = desk.state();
        let held = state.taken.get(&lane).copied().unwrap_or(0);
        let crowd = state.crowd(&lane);
        let room = crowd.as_ref().map_or(OF_A_PERSON, |crowd| crowd.room_of_a_network());
        if held >= room {
            return Err(Busy);
        }
        if let Some(crowd) = crowd {
            crowd.taken += 1;
        }
        state.taken.insert(lane.clone(), held + 1);
        drop(state);
        Ok(Place { lane, desk: desk.clone() })
    }
}

impl Place {
    /// Waits for a turn and does the work; `None` when no thread could. Anyone who stops waiting gives their turn to the next.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Option<T> {
        let (done, result) = oneshot::channel();
        self.desk.take_in(
            &self.lane,
            Box::new(move |memory| {
                if !done.is_closed() {
                    // Anyone who waited may have left meanwhile.
                    let _ = done.send(work(memory));
                }
            }),
        );
        result.await.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.desk.state();
        if let Some(crowd) = state.crowd(&self.lane) {
            crowd.taken -= 1;
        }
        let left = state.taken.get(&self.lane).map_or(0, |held| held - 1);
        if left == 0 {
            state.taken.remove(&self.lane);
        } else {
            state.taken.insert(self.lane.clone(), left);
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.work.notify_all();
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a job wait for its turn, and has a thread for it where fewer run than may.
    fn take_in(self: &Arc<Self>, lane: &Lane, job: Job) {
        let mut state = self.state();
        match lane {
            Lane::Known(who) => state.known.add(who, job),
            Lane::Stranger(network) => state.strangers.queue.add(network, job),
            Lane::Owner(network) => state.owners.queue.add(network, job),
        }
        if state.waiting() > state.resting && state.threads < THREADS {
            let desk = self.clone();
            match thread::Builder::new().name("hashing".to_owned()).spawn(move || desk.work()) {
                Ok(_) => state.threads += 1,
                Err(error) => {
                    tracing::error!(%error, "a thread for hashing could not be begun");
                    if state.threads == 0 {
                        (state.known, state.strangers.queue, state.owners.queue) = Default::default();
                    }
                }
            }
        }
        drop(state);
        self.work.notify_one();
    }

    /// What a thread does until there has been no work for a while. Its buffer goes with it.
    fn work(&self) {
        let mut memory = Memory::default();
        while let Some(job) = self.next() {
            // The panic hook logs it; nobody gets an answer from the job.
            let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
            memory.wipe();
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.next() {
                return Some(job);
            }
            if state.closed {
                state.threads -= 1;
                return None;
            }
            state.resting += 1;
            let (woken, rest) = self.work.wait_timeout(state, REST).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.resting -= 1;
            if rest.timed_out() && state.waiting() == 0 {
                state.threads -= 1;
                return None;
            }
        }
    }
}

impl State {
    fn next(&mut self) -> Option<Job> {
        let known_first = !self.known_was_last || self.waiting() == self.known.len();
        self.known_was_last = known_first && self.known.len() > 0;
        if self.known_was_last {
            return self.known.next();
        }
        let owners_first = !self.owners_were_last || self.strangers.queue.len() == 0;
        self.owners_were_last = owners_first && self.owners.queue.len() > 0;
        if self.owners_were_last { self.owners.queue.next() } else { self.strangers.queue.next() }
    }

    const fn waiting(&self) -> usize {
        self.known.len() + self.strangers.queue.len() + self.owners.queue.len()
    }

    /// Whose places a lane's are.
    const fn crowd(&mut self, lane: &Lane) -> Option<&mut Crowd> {
        match lane {
            Lane::Known(_) => None,
            Lane::Stranger(_) => Some(&mut self.strangers),
            Lane::Owner(_) => Some(&mut self.owners),
        }
    }
}

impl Crowd {
    fn room_of_a_network(&self) -> usize {
        let free = PLACES - self.taken;
        (free / SHARE).clamp(1, OF_A_NETWORK).min(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(network: usize) -> Lane {
        Lane::Stranger(network.to_string())
    }

    #[tokio::test]
    async fn one_network_leaves_room_for_others_and_many_leave_room_for_a_newcomer() {
        let hashing = Hashing::default();
        let mut held = Vec::new();
        while let Ok(place) = hashing.place(stranger(0)) {
            held.push(place);
        }
        assert_eq!(held.len(), OF_A_NETWORK);
        for network in 1..=20 {
            while let Ok(place) = hashing.place(stranger(network)) {
                held.push(place);
            }
        }
        assert!(held.len() > PLACES / 2, "{} places are taken", held.len());
        for newcomer in 100..115 {
            held.push(hashing.place(stranger(newcomer)).unwrap());
        }
        held.clear();
        assert!(hashing.place(stranger(0)).is_ok(), "places are given back");
    }

    #[tokio::test]
    async fn who_is_known_has_a_place_however_many_strangers_wait() {
        let hashing = Hashing::default();
        let crowd: Vec<_> = (0..10_000).map_while(|network| hashing.place(stranger(network)).ok()).collect();
        assert_eq!(hashing.place(stranger(10_001)).unwrap_err(), Busy);
        let eva = || hashing.place(Lane::Known("eva".to_owned()));
        let places = [eva(), eva(), eva()];
        assert!(places.iter().all(Result::is_ok) && crowd.len() == PLACES);
        assert_eq!(eva().unwrap_err(), Busy);
    }

    #[tokio::test]
    async fn known_people_and_strangers_take_turns() {
        let mut state = State::default();
        let (said, heard) = std::sync::mpsc::channel();
        for n in 0..3 {
            for (queue, who) in [(&mut state.strangers.queue, "stranger"), (&mut state.known, "known")] {
                let said = said.clone();
                queue.add(&format!("{who} {n}"), Box::new(move |_| said.send(who).unwrap()));
            }
        }
        let mut memory = Memory::default();
        while let Some(job) = state.next() {
            job(&mut memory);
        }
        assert_eq!(
            heard.try_iter().collect::<Vec<_>>(),
            ["known", "stranger", "known", "stranger", "known", "stranger"]
        );
    }

    #[tokio::test]
    async fn owners_and_strangers_take_no_place_and_no_turn_of_each_other() {
        let hashing = Hashing::default();
        let strangers: Vec<_> = (0..10_000).map_while(|network| hashing.place(stranger(network)).ok()).collect();
        let owner = |network: usize| hashing.place(Lane::Owner(network.to_string()));
        let owners: Vec<_> = (0..10_000).map_while(|network| owner(network).ok()).collect();
        assert_eq!((strangers.len(), owners.len()), (PLACES, PLACES));
        drop(strangers);
        assert!(hashing.place(stranger(10_001)).is_ok() && owner(10_001).is_err());

        let mut state = State::default();
        let (said, heard) = std::sync::mpsc::channel();
        for (who, times) in [("stranger", 2), ("owner", 2), ("known", 3)] {
            for n in 0..times {
                let said = said.clone();
                let queue = match who {
                    "stranger" => &mut state.strangers.queue,
                    "owner" => &mut state.owners.queue,
                    _ => &mut state.known,
                };
                queue.add(&format!("{who} {n}"), Box::new(move |_| said.send(who).unwrap()));
            }
        }
        let mut memory = Memory::default();
        while let Some(job) = state.next() {
            job(&mut memory);
        }
        let order = ["known", "owner", "known", "stranger", "known", "owner", "stranger"];
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), order);
    }

    #[tokio::test]
    async fn a_panic_keeps_nobody_from_their_turn() {
        let hashing = Hashing::default();
        let place = || hashing.place(stranger(1)).unwrap();
        let broken: Option<()> = place().run(|_| panic!("as a broken library does")).await;
        assert_eq!(broken, None);
        assert_eq!(place().run(|_| 7).await, Some(7));
    }
}
