//! The world of a walk: replicas that can crash, people who hold confirmation pages and results, one GleSYS.

use std::collections::BTreeMap;
use std::time::Duration;

use nyckel::model::Clock;
use nyckel::simulator::{Fault, State, Times};
use tokio::runtime::Runtime;

use super::links::{Handed, choosing_the_link};
use crate::stage::{Page, Panel, Person, Stage};

pub const RESET: &str = "email/resetpassword";
/// What a call may take, for the 30 s of a real one.
const HASTE: u64 = 120;

/// How long links for owners last.
const LASTS: &str = "5min";

/// A panel on a runtime of its own, so that all of it can vanish at once.
pub struct Replica {
    pub panel: Panel,
    /// `None` once it has vanished.
    runtime: Option<Runtime>,
}

/// Somebody, and what they have open.
pub struct Somebody {
    pub person: Person,
    /// Confirmation pages by account.
    pub forms: BTreeMap<String, Page>,
}

pub struct World {
    /// Looks at the database; serves nobody.
    pub stage: Panel,
    pub replicas: Vec<Replica>,
    pub people: Vec<Somebody>,
    /// Paths of results that anybody was sent to, in the order in which they came.
    pub results: Vec<String>,
    /// What was shown: result, whose session, password.
    pub shown: Vec<(String, usize, String)>,
    pub links: Vec<Handed>,
    /// What happened, for whoever reads about a failure.
    pub told: Vec<String>,
    pub accounts: Vec<String>,
    /// Whose the calls to GleSYS are, in the order in which they came.
    pub callers: Vec<String>,
    /// At which points crashes struck.
    pub crashes: BTreeMap<&'static str, usize>,
    /// Where the audit ended when a copy was kept.
    copied_at: Option<i64>,
}

impl World {
    pub async fn begins(replicas: usize, people: usize, accounts: usize) -> Self {
        let accounts: Vec<String> = (0..accounts).map(|number| format!("a{number}@example.se")).collect();
        let state = accounts.iter().fold(State::empty(), |state, address| state.account(address));
        let limits = ["PER_STAFF", "PER_ACCOUNT", "TOTAL"];
        let empty = Stage::of(state).gives_up_after(HASTE).with("NYCKEL_LINK_LASTS", LASTS);
        let unlimited = limits.iter().fold(empty, |s, limit| s.with(&format!("NYCKEL_RESETS_{limit}"), "off"));
        let panel = Box::pin(unlimited.opens()).await;
        let mut world = Self {
            stage: panel,
            replicas: Vec::new(),
            people: Vec::new(),
            results: Vec::new(),
            shown: Vec::new(),
            links: Vec::new(),
            told: Vec::new(),
            accounts,
            callers: Vec::new(),
            crashes: BTreeMap::new(),
            copied_at: None,
        };
        for _ in 0..replicas {
            let clock = world.stage.clock.apart(0);
            world.replicas.push(Replica::starts(&world.stage, clock).await);
        }
        for number in 0..people {
            let person = world.stage.operator(&format!("person{number}")).await;
            world.people.push(Somebody { person, forms: BTreeMap::new() });
        }
        world
    }

    pub fn tells(&mut self, what: String) {
        self.told.push(what);
    }

    /// Opens a confirmation page, of a `reset` or a `lock-out`, and keeps it, if there is one to be had; for a `link` with that
    /// chosen.
    pub async fn opens(&mut self, who: usize, replica: usize, account: &str, asks: &str) {
        // GleSYS answers reads, or it would be left alone.
        assert!(self.stage.built.app.directory.read_all().await);
        let path = format!("/accounts/{account}/{}", if asks == "link" { "reset" } else { asks });
        for _ in 0..2 {
            let (path, directory) = (path.clone(), self.replicas[replica].panel.built.app.directory.clone());
            let page = self.replicas[replica].serves(&self.people[who].person, |person| async move {
                assert!(directory.read_all().await);
                person.visits(&path).await
            });
            let page = page.await.unwrap();
            self.tells(format!("{who} opens {account} at {replica} to {asks}: {} {}", page.status, page.text("h1")));
            if page.at.starts_with("/sign-in") || page.has("#proof") {
                self.people[who].person.signs_in().await;
                continue;
            }
            if page.status == 200 {
                let page = if asks == "link" { choosing_the_link(page) } else { page };
                self.people[who].forms.insert(account.to_owned(), page);
            }
            return;
        }
    }

    /// Posts the page that is held for the account, so many times at once.
    pub async fn posts(&mut self, who: usize, replica: usize, account: &str, times: usize, fault: Option<Fault>) {
        let Some(form) = self.people[who].forms.get(account).cloned() else { return };
        self.tells(format!("{who} posts {account} {times} times at {replica}, GleSYS: {fault:?}"));
        self.stage.glesys.heal();
        if let Some(fault) = fault {
            self.stage.glesys.fault(RESET, fault, Times::Once);
        }
        let posts: Vec<_> = (0..times).map(|_| self.replicas[replica].posts(&self.people[who].person, &form)).collect();
        for post in posts {
            let answer = post.await.unwrap();
            self.tells(format!("  {} {}", answer.status, answer.header("location")));
            self.sent_to(&answer);
        }
    }

    fn sent_to(&mut self, answer: &Page) {
        let result = answer.header("location").to_owned();
        if answer.status == 303 && !self.results.contains(&result) {
            self.results.push(result);
        }
    }

    /// Posts and leaves; the replica crashes so many milliseconds later.
    pub async fn posts_into_a_crash(
        &mut self,
        (who, replica, account): (usize, usize, &str),
        fault: Option<Fault>,
        after: Duration,
    ) {
        let Some(form) = self.people[who].forms.get(account).cloned() else { return };
        self.tells(format!("{who} posts {account} at {replica}, which crashes after {after:?}, GleSYS: {fault:?}"));
        self.stage.glesys.heal();
        if let Some(fault) = fault {
            self.stage.glesys.fault(RESET, fault, Times::Once);
        }
        let post = self.replicas[replica].posts(&self.people[who].person, &form);
        tokio::time::sleep(after).await;
        self.crashes(replica).await;
        if let Ok(answer) = post.await {
            self.sent_to(&answer);
        }
        self.finds_results().await;
    }

    /// Locks all accounts out; the replica may crash so many milliseconds after it began.
    pub async fn locks_all_out(&mut self, who: usize, replica: usize, fault: Option<Fault>, crash: Option<Duration>) {
        self.tells(format!("{who} locks all out at {replica}, which crashes after {crash:?}, GleSYS: {fault:?}"));
        let page = self.replicas[replica].serves(&self.people[who].person, |person| async move {
            let there = person.posts("/domains/example.se/lock-out", &[]).await;
            person.visits(there.header("location")).await
        });
        let page = page.await.unwrap();
        if page.at.starts_with("/sign-in") {
            self.people[who].person.signs_in().await;
        }
        if !page.at.starts_with("/batches/") || !page.has("#domain") {
            return;
        }
        self.stage.glesys.heal();
        if let Some(fault) = fault {
            self.stage.glesys.fault(RESET, fault, Times::Once);
        }
        let begin = self.replicas[replica].serves(&self.people[who].person, |person| async move {
            let form = page.form(&page.text("form[action$='/begin'] button"));
            person.posts(&form.action, &[("run", "0"), ("domain", "example.se")]).await
        });
        if let Some(after) = crash {
            tokio::time::sleep(after).await;
            self.crashes(replica).await;
            drop(begin.await);
        } else {
            let answer = begin.await.unwrap();
            self.tells(format!("  {} {}", answer.status, answer.header("location")));
            let id = answer.header("location").rsplit('/').next().unwrap_or_default();
            let running = format!("SELECT id FROM batch WHERE state = 'running' AND id = '{id}'");
            let is_over = move |stage: Panel| {
                let running = running.clone();
                async move { stage.database.texts(&running).await.is_empty() }
            };
            self.stage.until(is_over).await;
        }
        self.finds_results().await;
    }

    /// A replica vanishes with all that it was about to do, and another takes its place.
    pub async fn crashes(&mut self, replica: usize) {
        self.replicas[replica].vanishes().await;
        let clock = self.replicas[replica].panel.clock.clone();
        self.replicas[replica] = Replica::starts(&self.stage, clock).await;
        let point = self.crash_point().await;
        *self.crashes.entry(point).or_default() += 1;
        self.tells(format!("replica {replica} crashed: {point}"));
    }

    /// Results whose address nobody got to see, found where the account's history would show them.
    async fn finds_results(&mut self) {
        for id in self.stage.database.texts("SELECT id FROM operation").await {
            let result = format!("/operations/{id}");
            if !self.results.contains(&result) {
                self.results.push(result);
            }
        }
    }

    /// Where the youngest operation stood when the crash came.
    async fn crash_point(&self) -> &'static str {
        let newest = "SELECT state || ':' || address || ':' || \
                      CASE WHEN shown_at IS NULL THEN 'hidden' ELSE 'shown' END \
                      FROM operation ORDER BY begun_tick DESC LIMIT 1";
        let Some(newest) = self.stage.database.texts(newest).await.pop() else { return "before the first intent" };
        let parts: Vec<&str> = newest.split(':').collect();
        let calls = self.stage.glesys.calls().into_iter().filter(|call| call.function == RESET);
        let call = calls.skip(self.callers.len()).find(|call| call.address.as_deref() == Some(parts[1]));
        match (parts[0], call, parts[2]) {
            ("in_flight", None, _) => "intent durable, not called",
            ("in_flight", Some(call), _) if !call.applied => "called, not applied",
            ("in_flight", Some(_), _) => "applied, outcome not recorded",
            (_, _, "hidden") => "outcome recorded, not shown",
            _ => "shown",
        }
    }

    /// Looks at a result; a navigation of the person's own, or something that uses nothing up.
    pub async fn looks(&mut self, who: usize, replica: usize, result: &str, navigates: bool) {
        let path = result.to_owned();
        let page = self.replicas[replica].serves(&self.people[who].person, move |person| async move {
            let site = if navigates { "same-origin" } else { "cross-site" };
            person.sends(person.navigation(&path, site)).await
        });
        let page = page.await.unwrap();
        self.tells(format!("{who} looks at {result} at {replica}, navigates: {navigates}: {}", page.status));
        assert!(navigates || page.password().is_none() && !page.has("#link"), "a preview shows what is shown once");
        self.keeps_link(result, &page);
        self.sees(result, who, &page);
    }

    /// Whoever sees a password sees one that works.
    pub fn sees(&mut self, result: &str, who: usize, page: &Page) {
        if let Some(password) = page.password() {
            let address = page.text("h1").replace("New password for ", "");
            let opens = self.stage.glesys.password_of(&address);
            assert_eq!(opens.as_ref(), Some(&password), "it does not work when shown");
            self.shown.push((result.to_owned(), who, password));
        }
    }

    pub async fn signs_out_and_in(&mut self, who: usize) {
        self.tells(format!("{who} signs out and in"));
        // After long enough the session has ended by itself.
        if self.people[who].person.visits("/").await.at == "/" {
            self.people[who].person.signs_out().await;
        }
        self.people[who].person.signs_in().await;
        self.people[who].forms.clear();
    }

    /// Time passes; GleSYS does what it does late.
    pub fn turns(&mut self, seconds: i64) {
        self.tells(format!("{seconds} s pass"));
        self.stage.clock.turn(seconds);
        let _ = self.stage.glesys.calls();
    }

    /// Somebody sets all clocks by so many seconds, in which no time passes. Whose session that ends signs in again.
    pub async fn sets_clocks(&mut self, seconds: i64) {
        self.tells(format!("the clocks are set by {seconds} s"));
        for clock in self.replicas.iter().map(|replica| &replica.panel.clock).chain([&self.stage.clock]) {
            clock.set_by(seconds);
        }
        for who in 0..self.people.len() {
            if self.people[who].person.visits("/").await.at != "/" {
                self.people[who].person.signs_in().await;
            }
        }
    }

    /// One replica's clock is set so many seconds apart from everybody else's.
    pub fn sets_apart(&mut self, replica: usize, seconds: i64) {
        self.tells(format!("replica {replica} tells a time that is {seconds} s later"));
        let clock = &self.replicas[replica].panel.clock;
        clock.set_by(self.stage.clock.now().duration_since(clock.now()).as_secs() + seconds);
    }

    /// Somebody keeps a copy of the database, in place of an earlier one.
    pub async fn keeps_a_copy(&mut self) {
        self.tells("a copy is kept".to_owned());
        self.stage.database.keeps("old").await;
        self.copied_at = Some(self.audited().await);
    }

    /// The copy is put back for a while under the replicas that run, and then the newest again. In between nothing is
    /// shown and nothing is done, whatever anybody tries.
    pub async fn copy_is_put_back(&mut self, who: usize, account: &str) {
        // A copy since which nothing was recorded is none.
        let now = self.audited().await;
        if self.copied_at.is_none_or(|at| at == now) {
            return;
        }
        // As happens every five seconds.
        for replica in 0..self.replicas.len() {
            self.sweeps(replica).await;
        }
        self.tells("the copy is put back".to_owned());
        self.stage.database.goes_back_to("old").await;
        let (shown, calls) = (self.shown.len(), self.stage.glesys.calls_to(RESET));
        for replica in 0..self.replicas.len() {
            for result in self.results.clone().iter().rev().take(3) {
                self.looks(who, replica, result, true).await;
            }
            for link in self.links.clone().iter().rev().take(3) {
                self.types(replica, link, true).await;
            }
            self.posts(who, replica, account, 1, None).await;
            self.sweeps(replica).await;
        }
        assert_eq!((self.shown.len(), self.stage.glesys.calls_to(RESET)), (shown, calls), "a copy does nothing");
        self.stage.database.goes_back_to("new").await;
        self.tells("the newest database is back".to_owned());
        for replica in 0..self.replicas.len() {
            self.sweeps(replica).await;
        }
    }

    /// The audit's last row.
    async fn audited(&self) -> i64 {
        self.stage.database.texts("SELECT CAST(seq AS TEXT) FROM audit_head").await[0].parse().unwrap()
    }

    pub async fn sweeps(&mut self, replica: usize) {
        self.tells(format!("replica {replica} sweeps"));
        self.replicas[replica].panel.sweeps().await;
    }
}

impl Replica {
    async fn starts(stage: &Panel, clock: Clock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let stage = stage.clone();
        let starting = tokio::task::spawn_blocking(move || {
            let panel = runtime.block_on(Box::pin(stage.replica_that(|replica| replica.clock = clock)));
            runtime.block_on(panel.built.app.directory.read_all());
            Self { panel, runtime: Some(runtime) }
        });
        starting.await.unwrap()
    }

    /// Does something for a person, on the replica's own runtime; fails when the replica vanishes meanwhile.
    pub fn serves<F: Future<Output = Page> + Send + 'static>(
        &self,
        person: &Person,
        act: impl FnOnce(Person) -> F,
    ) -> tokio::task::JoinHandle<Page> {
        self.runtime.as_ref().unwrap().spawn(act(person.at(&self.panel)))
    }

    fn posts(&self, person: &Person, form: &Page) -> tokio::task::JoinHandle<Page> {
        let form = form.clone();
        self.serves(person, |person| async move { person.submits(&form).await })
    }

    async fn vanishes(&mut self) {
        let runtime = self.runtime.take().unwrap();
        // Waits until every task has been dropped at the point where it was.
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(Duration::from_secs(5))).await.unwrap();
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
