//! Whether the panel lives and whether it is ready for people. Both answer plain text to anybody.

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::StatusCode;

use super::Built;
use crate::store::Trouble;

/// The process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// The panel can serve people: it is not stopping, its database answers, and the last try to record something went
/// well. GleSYS may be away: there is still much to read.
pub async fn ready(State(built): State<Built>) -> (StatusCode, &'static str) {
    if built.stopping.load(Ordering::SeqCst) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let ping = async { built.store.read().await?.ping().await };
    let why = match ping.await {
        Ok(()) => match (built.store.trouble(), built.store.finding()) {
            (None, None) => return (StatusCode::OK, "ready\n"),
            (Some(trouble), _) => told(trouble),
            (None, Some(_)) => "the database is not as the panel left it: nyckel check says what was changed\n",
        },
        Err(error) => {
            tracing::warn!(%error, "not ready");
            told(Trouble::Away)
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, why)
}

/// What is wrong and what an admin can do. The panel tries again every few seconds and goes on by itself.
const fn told(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Full => "nothing can be recorded: the disk of the database is full; free some space\n",
        Trouble::ReadOnly => {
            "nothing can be recorded: the database is read-only; make it writable, or name the primary server\n"
        }
        Trouble::Locked => "nothing can be recorded: another program keeps the database locked; end it\n",
        Trouble::Disk => "nothing can be recorded: the disk of the database fails; look at it and at the system log\n",
        Trouble::Away => "the database does not answer\n",
    }
}
