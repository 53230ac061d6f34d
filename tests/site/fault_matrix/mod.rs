//! The fault matrix: every way in which GleSYS may misbehave at a reset, one row each, whether the new password is shown, goes
//! to its owner by link, or to nobody, driven through the panel as a person uses it. `cargo test --test site fault_matrix -- --nocapture` runs it alone and prints it.
//!
//! Each row says what GleSYS does, in which of the worlds that leaves the password and under which code the audit keeps
//! it. [`Stand::plays`] opens the confirmation page, confirms, and holds the row against the page that the person then
//! reads, the calls that GleSYS received and carried out, the audit, the mailbox, what is left of a sealed password, and
//! the time that the person waited. The rows stand in [`rows`] (GleSYS over HTTP), [`oddities`] (good answers in odd
//! clothes) and [`tls`] (the connection's encryption); [`memory`] is about what huge answers take.

mod memory;
mod oddities;
mod rows;
mod tls;
mod wire;

use std::time::{Duration, Instant};

use nyckel::model::{Address, AuditKind};
use nyckel::simulator::{Fault, Planned, State, Times};
use nyckel::store::AuditFilter;

use crate::stage::{Page, Panel, Person, Stage};

const RESET: &str = "email/resetpassword";
/// What GleSYS makes in every row; rows that spell out an answer spell this.
const PASSWORD: &str = "S3cr3t}pw!";
/// What a row's call may take in the panel that is in a hurry, for the 30 s of a real one.
const HASTE: Duration = Duration::from_millis(200);
/// What a person may wait beyond the call: 5 s of a real panel's 35 s, and no less for a busy machine of a tester's.
const MARGIN: Duration = Duration::from_secs(5);

/// What has become of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum World {
    /// It was changed and the person has the new one.
    Done,
    /// It is what it was.
    NotReset,
    /// Nobody knows.
    Unknown,
}

/// What GleSYS, or whatever stands in its place, does.
enum Does {
    /// It hears the call and does this.
    Hears(Planned),
    /// Nobody listens where it should be.
    IsAway,
    /// Somebody listens and ends the connection before a word was said.
    ShutsTheDoor,
    /// Its name leads nowhere.
    HasNoAddress,
}

/// A row of the matrix.
struct Row {
    name: &'static str,
    does: Does,
    /// The outcome as the audit keeps it; it names the world.
    outcome: &'static str,
    /// Calls that GleSYS received.
    calls: usize,
    /// Calls that it carried out.
    applied: usize,
}

impl Row {
    /// A row in which GleSYS hears the one call.
    fn heard(name: &'static str, fault: impl Into<Planned>, outcome: &'static str) -> Self {
        let planned: Planned = fault.into();
        // What takes effect late hasn't when the row is over.
        let late = matches!(planned.fault, Fault::LateEffect(_) | Fault::Deferred(_));
        let applied = usize::from(planned.applies && !late);
        Self { name, does: Does::Hears(planned), outcome, calls: 1, applied }
    }

    /// A row in which no call reaches GleSYS.
    const fn unheard(name: &'static str, does: Does, outcome: &'static str) -> Self {
        Self { name, does, outcome, calls: 0, applied: 0 }
    }

    fn world(&self) -> World {
        world_of(self.outcome)
    }

    /// Whether it is our patience that ends the call.
    fn outlasts_patience(&self) -> bool {
        self.outcome == "unknown: timeout" && !self.name.contains("408")
    }
}

fn world_of(outcome: &str) -> World {
    match outcome.split(':').next().unwrap() {
        "done" => World::Done,
        "refused" | "not_sent" => World::NotReset,
        _ => World::Unknown,
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Asks {
    Reset,
    /// A reset whose password goes to its owner.
    ByLink,
    LockOut,
}

impl Asks {
    const fn path(self) -> &'static str {
        if matches!(self, Self::LockOut) { "lock-out" } else { "reset" }
    }

    const fn button(self) -> &'static str {
        if matches!(self, Self::LockOut) { "Lock out" } else { "Reset password" }
    }

    /// What the person chooses on the page.
    const fn fields(self) -> &'static [(&'static str, &'static str)] {
        if matches!(self, Self::ByLink) { &[("hand_over", "link")] } else { &[] }
    }

    /// What the audit keeps of it, which shows a password where one was made.
    const fn kinds(self) -> &'static [AuditKind] {
        match self {
            Self::Reset | Self::ByLink => &[AuditKind::ResetIntent, AuditKind::ResetOutcome, AuditKind::ResetShown],
            Self::LockOut => &[AuditKind::LockOutIntent, AuditKind::LockOutOutcome],
        }
    }

    /// What is said of the world that it leaves.
    const fn sentences(self, world: World) -> &'static [&'static str] {
        match (self, world) {
            (Self::Reset, World::Done) => &["New password for", "The old password stopped working at"],
            (Self::ByLink, World::Done) => &["Link and code for", "You never see the password."],
            (Self::Reset | Self::ByLink, World::NotReset) => {
                &["Password not reset:", "The old password still works; nothing was changed."]
            }
            (Self::Reset | Self::ByLink, World::Unknown) => &[
                "We don’t know if the password was reset:",
                "The old password may have stopped working.",
                "Wait until",
            ],
            (Self::LockOut, World::Done) => &["Locked out:", "Nobody gets the new password, you included."],
            (Self::LockOut, World::NotReset) => {
                &["Not locked out:", "The old password still works; nothing was changed."]
            }
            (Self::LockOut, World::Unknown) => {
                &["May have been locked out:", "The old password may have stopped working.", "Try again after"]
            }
        }
    }
}

/// What the person reads: the heading, what has become of the old password, and why.
fn sentences(asks: Asks, outcome: &str) -> Vec<&'static str> {
    let mut read = asks.sentences(world_of(outcome)).to_vec();
    let Some((_, why)) = outcome.split_once(": ") else { return read };
    read.push(match why {
        "connect" => "GleSYS could not be reached, so nothing was sent.",
        "wrong_key" => "GleSYS does not accept the panel’s API key.",
        "no_permission" => "The panel’s API key may not call email/resetpassword.",
        "ip_not_allowed" => "may not be used from this server’s address.",
        "not_found" => "GleSYS has no such account",
        "invalid" => "GleSYS did not accept the address.",
        "locked" => "GleSYS has locked the account for the moment.",
        "too_many_calls" => "GleSYS takes no more calls for the moment.",
        "not_the_api" => "Something between the panel and GleSYS answered in its place.",
        "refused" => "GleSYS said no without saying why.",
        "timeout" => "GleSYS did not answer in time.",
        "connection_lost" => "The connection to GleSYS broke before the answer came.",
        "redirect" => "pointed elsewhere, which the panel does not follow.",
        "server_error" => "GleSYS had an internal error.",
        "unusable_answer" => "GleSYS’s answer could not be understood.",
        "answer_too_large" => "GleSYS’s answer was far too large to be right.",
        other => panic!("no sentence is known for {other}"),
    });
    read
}

/// Where rows are played: one panel, and others over its database that differ in one thing.
struct Stand {
    panel: Panel,
    eva: Person,
    /// Gives a call up after [`HASTE`].
    hasty: Panel,
}

/// An address that no row before has used.
fn address_of(number: usize) -> String {
    format!("a{number}@example.se")
}

/// A stage with an account for each row, and without limits on resets.
fn stage(rows: usize) -> Stage {
    let state = (0..rows).fold(State::empty(), |state, number| state.account(&address_of(number)));
    Stage::of(state).with("NYCKEL_RESETS_PER_STAFF", "off").with("NYCKEL_RESETS_TOTAL", "off")
}

impl Stand {
    async fn for_rows(rows: usize) -> Self {
        let panel = stage(rows).opens().await;
        let eva = panel.operator("eva").await;
        let hasty = panel.replica_that(|hasty| hasty.timing.writer.total = HASTE).await;
        Self { panel, eva, hasty }
    }

    /// A panel that can't find GleSYS's address and has not tried to yet: after a few tries it would leave GleSYS alone.
    async fn lost(&self) -> Panel {
        let nowhere = "https://nowhere.invalid".parse().unwrap();
        Box::pin(self.panel.replica_that(|lost| lost.config.glesys_url = nowhere)).await
    }

    /// Plays a row on an account of its own and says what was not as it should be.
    async fn plays(&self, number: usize, row: &Row, asks: Asks) -> Vec<String> {
        let address = address_of(number);
        let server = match row.does {
            Does::HasNoAddress => self.lost().await,
            _ if row.outlasts_patience() => self.hasty.clone(),
            _ => self.panel.clone(),
        };
        let before = self.panel.resets();
        let confirmation = self.eva.visits(&format!("/accounts/{address}/{}", asks.path())).await;
        self.panel.glesys.next_password(PASSWORD);
        self.begins(&row.does).await;
        let begun = Instant::now();
        let page = self.eva.at(&server).fills_in(&confirmation, asks.button(), asks.fields()).await;
        let waited = begun.elapsed();
        self.ends().await;

        let mut found = Findings::of(row, asks);
        found.reads(&page, waited);
        found.took_place(self, &address, before);
        found.is_recorded(&self.panel, &address).await;
        found.0
    }

    async fn begins(&self, does: &Does) {
        let glesys = &self.panel.glesys;
        match does {
            Does::Hears(planned) => glesys.fault(RESET, planned.clone(), Times::Once),
            Does::IsAway => glesys.goes_away().await,
            Does::ShutsTheDoor => glesys.shuts_the_door().await,
            Does::HasNoAddress => {}
        }
    }

    /// All is well again, and the panels have heard so.
    async fn ends(&self) {
        let glesys = &self.panel.glesys;
        glesys.heal();
        glesys.forget_next_passwords();
        glesys.goes_away().await;
        glesys.comes_back().await;
        for panel in [&self.panel, &self.hasty] {
            panel.built.app.directory.read_all().await;
        }
    }
}

/// What was not as the row says; the first line is the row itself, which is printed.
struct Findings<'a>(Vec<String>, &'a Row, Asks);

impl<'a> Findings<'a> {
    const fn of(row: &'a Row, asks: Asks) -> Self {
        Self(Vec::new(), row, asks)
    }

    fn must(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(format!("{} ({}): {}", self.1.name, self.2.path(), what()));
        }
    }

    fn reads(&mut self, page: &Page, waited: Duration) {
        let Self(_, row, asks) = *self;
        for sentence in sentences(asks, row.outcome) {
            self.must(page.says(sentence), || format!("“{sentence}” is not on the page: {:?}", page.texts("main")));
        }
        let is_shown = row.world() == World::Done && matches!(asks, Asks::Reset);
        let shown = is_shown.then(|| PASSWORD.to_owned());
        self.must(page.password() == shown, || format!("the page shows {:?}", page.password()));
        self.must(waited < HASTE + MARGIN, || format!("the person waited {waited:?}"));
    }

    fn took_place(&mut self, stand: &Stand, address: &str, before: (usize, usize)) {
        let row = self.1;
        let after = stand.panel.resets();
        let made = (after.0 - before.0, after.1 - before.1);
        self.must(made == (row.calls, row.applied), || format!("(calls, applied) is {made:?}"));
        let opens = if row.applied == 1 { PASSWORD } else { "initial" };
        let password = stand.panel.glesys.password_of(address);
        self.must(password.as_deref() == Some(opens), || format!("{password:?} opens the mailbox"));
    }

    async fn is_recorded(&mut self, panel: &Panel, address: &str) {
        let Self(_, row, asks) = *self;
        let filter = AuditFilter { address: Some(Address::parse(address).unwrap()), ..AuditFilter::default() };
        let rows = panel.built.store.read().await.unwrap().audit(&filter, 10).await.unwrap();
        let recorded: Vec<_> = rows.into_iter().rev().map(|row| (row.event.kind, row.event.outcome)).collect();
        let steps = if row.world() == World::Done { asks.kinds() } else { &asks.kinds()[..2] };
        let outcome = |kind: &AuditKind| (*kind == asks.kinds()[1]).then(|| row.outcome.to_owned());
        let expected: Vec<_> = steps.iter().map(|kind| (*kind, outcome(kind))).collect();
        self.must(recorded == expected, || format!("the audit says {recorded:?}"));
        let sealed = panel.database.texts("SELECT operation_id FROM sealed").await;
        self.must(sealed.is_empty(), || "a sealed password is left".to_owned());
        let waiting = format!(
            "SELECT l.operation_id FROM owner_link l JOIN operation o ON o.id = l.operation_id \
             WHERE l.sealed IS NOT NULL AND o.address = '{address}'"
        );
        let waits = panel.database.texts(&waiting).await.len();
        let is_closed = row.world() == World::Done && matches!(asks, Asks::ByLink);
        self.must(waits == usize::from(is_closed), || format!("passwords that wait for their owner: {waits}"));
    }
}

/// One line a row, for whoever reads along.
fn print(row: &Row, waited: Duration) {
    let Row { name, outcome, calls, applied, .. } = row;
    let world = format!("{:?}", row.world());
    println!("{name:<52} {world:<9} {outcome:<26} calls {calls}  applied {applied}  {:>5} ms", waited.as_millis());
}

/// Plays all rows of a table and fails with everything that was not as they say.
async fn holds(rows: Vec<Row>) {
    let stand = Box::pin(Stand::for_rows(3 * rows.len())).await;
    let mut wrong = Vec::new();
    for (number, row) in rows.into_iter().enumerate() {
        let begun = Instant::now();
        for (asks, place) in [(Asks::Reset, 0), (Asks::ByLink, 1), (Asks::LockOut, 2)] {
            wrong.extend(Box::pin(stand.plays(3 * number + place, &row, asks)).await);
        }
        print(&row, begun.elapsed());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
