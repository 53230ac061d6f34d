//! What the panel logs, for stories that read it.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use tracing::Level;
use tracing::subscriber::{DefaultGuard, set_default, set_global_default};
use tracing_subscriber::fmt::MakeWriter;

/// Everything that is logged, in memory.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

static EVERYTHING: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false);
    set_global_default(subscriber.with_writer(log.clone()).finish()).unwrap();
    log
});

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Whatever is logged in this process from now on, at every level.
    pub fn of_everything() -> Self {
        EVERYTHING.clone()
    }

    /// What this story logs, at info, until the guard is dropped. There has to be a listener of the process beside it: while
    /// one on a thread is the only one, tracing takes a line for unwanted that another thread comes across first.
    pub fn listens() -> (Self, DefaultGuard) {
        LazyLock::force(&EVERYTHING);
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
        (log, set_default(subscriber))
    }

    /// What was logged since the last look.
    pub fn take(&self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut *self.0.lock().unwrap())).into_owned()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}
