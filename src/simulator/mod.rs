//! A GleSYS with a memory: the vendor's email API over HTTP, on loopback, with faults on demand.
//!
//! `cli` serves it for `nyckel demo` and `nyckel simulate-glesys`, the tests drive the panel against it. It promises
//! what `glesys-api.md` says about the vendor, keeps a ledger of every call, and knows at any time which password
//! opens which mailbox. It imports `model` only and holds nothing but invented data.

mod api;
mod arguments;
mod book;
mod control;
mod door;
mod envelope;
mod faults;
mod generate;
mod gzip;
mod ledger;
mod moment;
mod passwords;
mod played;
mod sabotage;
mod serve;
mod state;
#[cfg(test)]
mod tests;
mod xml;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;

use crate::model::{Clock, Entropy};
use book::Book;
pub use faults::{Fault, Planned, Then, Times, Wrong};
pub use ledger::Call;
use ledger::Watch;
pub use state::{Domain, Forward, Mailbox, NotAState, State};

/// The project that the simulator serves unless another is asked for.
pub const PROJECT: &str = "cl12345";
/// The API key of [`PROJECT`].
pub const DEMO_KEY: &str = "demo-key";

/// A simulated GleSYS. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Simulator {
    book: Arc<Mutex<Book>>,
    clock: Clock,
    entropy: Entropy,
    watch: Arc<Mutex<Option<Watch>>>,
    /// Further projects at the same address.
    others: Arc<Mutex<Vec<Self>>>,
}

impl Simulator {
    /// A GleSYS that starts with `state`, for the project [`PROJECT`] and the key [`DEMO_KEY`].
    pub fn new(state: State, clock: Clock, entropy: Entropy) -> Self {
        let book = Arc::new(Mutex::new(Book::new(state, entropy.clone())));
        Self { book, clock, entropy, watch: Arc::default(), others: Arc::default() }
    }

    /// Another project at the same address, with a key, a memory, a ledger and faults of its own. Calls go to it when they
    /// name it; all others, unknown ones too, go to the first.
    #[must_use]
    pub fn with_project(&self, project: &str, key: &str, state: State) -> Self {
        let other = Self::new(state, self.clock.clone(), self.entropy.clone());
        other.set_credentials(project, key);
        self.others.lock().unwrap_or_else(PoisonError::into_inner).push(other.clone());
        other
    }

    /// The project that a caller names.
    fn named(&self, project: &str) -> Self {
        let others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        others.iter().find(|other| other.book().project == project).unwrap_or(self).clone()
    }

    /// The API as a router. Over it, faults that need the bare connection (reset, not HTTP) only break the answer's
    /// body; use [`Simulator::serve`] for the real thing.
    pub fn router(&self) -> Router {
        Router::new().fallback(door::receive).with_state(self.clone())
    }

    /// Sets the project and API key that callers must show.
    pub fn set_credentials(&self, project: &str, key: &str) {
        let mut book = self.book();
        project.clone_into(&mut book.project);
        key.clone_into(&mut book.key);
    }

    /// Takes a function (`email/resetpassword`) from what the key may call.
    pub fn deny_function(&self, function: &str) {
        self.book().denied.insert(function.to_owned());
    }

    /// Gives the function back.
    pub fn allow_function(&self, function: &str) {
        self.book().denied.remove(function);
    }

    /// Scripts the next generated password; several wait in line.
    pub fn next_password(&self, password: &str) {
        self.book().passwords.script(password);
    }

    /// Forgets the passwords that were scripted and not used.
    pub fn forget_next_passwords(&self) {
        self.book().passwords.forget();
    }

    /// Reports every call to `watch`, function and address, before anything is done about it; the call waits until
    /// that is ready. Tests look there at what the caller has recorded by then.
    pub fn watch<F>(&self, watch: impl Fn(String, Option<String>) -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let watch: Watch = Arc::new(move |function, address| Box::pin(watch(function, address)));
        *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(watch);
    }

    /// Plans a fault for one function. Earlier plans come first.
    pub fn fault(&self, function: &str, fault: impl Into<Planned>, times: Times) {
        self.book().plans.add(Some(function), fault.into(), times);
    }

    /// Plans a fault for whatever function is called.
    pub fn fault_everywhere(&self, fault: impl Into<Planned>, times: Times) {
        self.book().plans.add(None, fault.into(), times);
    }

    /// Forgets all planned faults.
    pub fn heal(&self) {
        self.book().plans.clear();
    }

    /// What opens the mailbox now, if there is one.
    pub fn password_of(&self, address: &str) -> Option<String> {
        self.book().state.mailbox(address).map(|account| account.password.clone())
    }

    /// A copy of everything that it remembers.
    pub fn state(&self) -> State {
        self.book().state.clone()
    }

    /// Changes the memory directly, behind the API's back.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.book().state);
    }

    /// Every call that came in, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.book().ledger.calls().to_vec()
    }

    /// How many calls to this function came in.
    pub fn calls_to(&self, function: &str) -> usize {
        self.book().ledger.calls().iter().filter(|call| call.function == function).count()
    }

    /// How many calls to this function were carried out.
    pub fn applied(&self, function: &str) -> usize {
        self.book().ledger.calls().iter().filter(|call| call.function == function && call.applied).count()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A test that panicked inside `change` must not take the other tests' simulator along.
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.catch_up(self.clock.now());
        book
    }

    fn watcher(&self) -> Option<Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
