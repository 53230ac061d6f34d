//! The vendor's HTTP API in our words.
//!
//! `server` builds one [`Reader`] and one [`Writer`] from a [`Connection`] a project; services read through the first, and
//! `services/operations/ledger.rs` alone holds the second. The two never share a `reqwest` client. Promises: one call of a
//! [`Writer`] method sends at most one request, and its error tells which of *not sent*, *refused* and *unknown* it
//! was; answers are read up to a cap and judged strictly; keys, bodies and passwords reach no log.

mod answer;
mod api_key;
mod breaker;
mod changes;
mod client;
mod costs;
mod email;
mod error;
mod finding;
mod functions;
pub mod fuzzed;
mod lenient;
mod line;
mod listing;
mod overview;
mod probe;
mod projects;
mod rows;
mod spelling;
mod translate;
mod vendor_text;
mod wire;
mod writer;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::model::DomainName;
pub use api_key::ApiKey;
pub use breaker::{Breaker, PROBE_EVERY};
pub use changes::Changed;
use client::Habits;
pub use email::Listed;
pub use error::{BuildError, Error};
pub use functions::{COSTS, LIST, function_of};
use line::Line;
pub use probe::Probed;
use projects::Projects;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many questions are asked of a project at once; others wait.
const READS: usize = 6;
/// How many changes run in a project at once. With more, something is wrong with GleSYS, not with the help desk.
const WRITES: usize = 16;
/// How long a change waits for its turn.
const TURN_WITHIN: Duration = Duration::from_secs(2);

/// Where GleSYS is and as whom we call it: one project.
#[derive(Clone, Debug)]
pub struct Connection {
    /// What people call the project.
    pub label: String,
    /// `https://api.glesys.com`, or a stand-in for it; plain http only to this machine itself.
    pub base_url: Url,
    /// The project, such as `cl12345`: the user name of HTTP Basic.
    pub project: String,
    /// Its API key: the password of HTTP Basic; shared by the halves that are built from clones of this.
    pub api_key: ApiKey,
    /// Whether it answers; shared by the halves that are built from clones of this.
    pub breaker: Breaker,
}

/// How long the two halves wait for GleSYS.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub reader: Patience,
    pub writer: Patience,
}

/// How long one call waits.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the connection: name look-up, TCP and TLS together.
    pub connect: Duration,
    /// For the whole call, from the first look-up to the last byte of the answer.
    pub total: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds =
            |connect, total| Patience { connect: Duration::from_secs(connect), total: Duration::from_secs(total) };
        Self { reader: seconds(3, 10), writer: seconds(5, 30) }
    }
}

impl Timing {
    /// The same proportions, so many times faster; for tests of what goes wrong.
    #[must_use]
    pub fn faster(self, times: u32) -> Self {
        let times = times.max(1);
        let faster = |p: Patience| Patience { connect: p.connect / times, total: p.total / times };
        Self { reader: faster(self.reader), writer: faster(self.writer) }
    }
}

/// The half that only asks. Its clones share one pool of connections a project.
#[derive(Clone)]
pub struct Reader(Arc<Projects>);

/// A project's line for questions.
#[derive(Clone)]
struct Questions {
    label: String,
    line: Line,
    /// For one question, a second try at connecting included.
    total: Duration,
    breaker: Breaker,
    places: Arc<Semaphore>,
}

/// The half that changes things at GleSYS. Every call opens a connection of its own and sends one request, once, to the
/// project of the domain that it is about.
#[derive(Clone)]
pub struct Writer {
    /// In the order of the projects.
    lines: Arc<[Changes]>,
    projects: Arc<Projects>,
}

/// A project's line for changes.
struct Changes {
    line: Line,
    breaker: Breaker,
    places: Arc<Semaphore>,
}

/// Leave to make one change in a domain at GleSYS now: its project is known and answers, as far as is known, and not too
/// many changes run.
#[derive(Debug)]
pub struct Turn {
    domain: DomainName,
    project: usize,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// Builds the reading half. It connects only when it is asked something.
    ///
    /// # Errors
    /// [`BuildError`] when there is no connection, its values are unfit or no HTTPS client can be made on this machine.
    pub fn new(connections: &[Connection], timing: &Timing) -> Result<Self, BuildError> {
        let questions = |connection: &Connection| {
            Ok(Questions {
                label: connection.label.clone(),
                line: Line::new(connection, Habits::reading(timing.reader))?,
                total: timing.reader.total,
                breaker: connection.breaker.clone(),
                places: Arc::new(Semaphore::new(READS)),
            })
        };
        let lines = connections.iter().map(questions).collect::<Result<Vec<_>, _>>()?;
        if lines.is_empty() { Err(BuildError::Project) } else { Ok(Self(Arc::new(Projects::new(lines)))) }
    }
}

impl Writer {
    /// Builds the writing half from the same connections as the reading one. It connects only when it is told to change
    /// something.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn new(connections: &[Connection], reader: &Reader, timing: &Timing) -> Result<Self, BuildError> {
        let changes = |connection: &Connection| {
            let line = Line::new(connection, Habits::writing(timing.writer))?;
            Ok(Changes { line, breaker: connection.breaker.clone(), places: Arc::new(Semaphore::new(WRITES)) })
        };
        let lines = connections.iter().map(changes).collect::<Result<_, _>>()?;
        Ok(Self { lines, projects: reader.0.clone() })
    }
}
