//! Whether the panel lives and whether it is ready for people. Both answer plain text to anybody.

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::StatusCode;

use super::Built;

/// The process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// The panel can serve people: it is not stopping and its database answers. GleSYS may be away: there is still much to
/// read.
pub async fn ready(State(built): State<Built>) -> (StatusCode, &'static str) {
    if built.stopping.load(Ordering::SeqCst) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let ping = async { built.store.read().await?.ping().await };
    match ping.await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
