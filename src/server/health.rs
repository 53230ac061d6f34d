//! Whether the panel lives and whether it is ready for people. Both answer plain text to anybody.

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::StatusCode;

use super::Built;
use crate::store::Trouble;

/// The process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// The panel can serve people: it is not stopping, its database answers and is trusted, and the last try to record
/// something went well. GleSYS may be away: there is still much to read.
pub async fn ready(State(built): State<Built>) -> (StatusCode, Cow<'static, str>) {
    match why_not(&built).await {
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, why),
        None if built.store.head_unnoted().is_none() => (StatusCode::OK, "ready\n".into()),
        // Everything works; only an older copy of the database would not be noticed.
        None => (StatusCode::OK, "ready, but the head of the audit can't be noted in the data directory\n".into()),
    }
}

async fn why_not(built: &Built) -> Option<Cow<'static, str>> {
    if built.stopping.load(Ordering::SeqCst) {
        return Some("stopping\n".into());
    }
    let finding = built.store.finding();
    if let Some(refusal) = finding.as_ref().filter(|refusal| refusal.is_of_all()) {
        return Some(format!("{refusal}\n").into());
    }
    let ping = async { built.store.read().await?.ping().await };
    match ping.await {
        Ok(()) => match (built.store.trouble(), finding) {
            (None, None) => None,
            (Some(trouble), _) => Some(told(trouble).into()),
            (None, Some(_)) => {
                Some("the database is not as the panel left it: nyckel check says what was changed\n".into())
            }
        },
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Some(told(Trouble::Away).into())
        }
    }
}

fn told(trouble: Trouble) -> String {
    let is_of_all = matches!(trouble, Trouble::Away | Trouble::Damaged);
    let nothing = if is_of_all { "" } else { "nothing can be recorded: " };
    format!("{nothing}{}\n", trouble.advice())
}
