//! Permits: whoever has just proved who they are for one act may do it once, in that session, within minutes. Whatever gives
//! or takes a credential or a right uses one up in its own transaction; that somebody signed in a moment ago is none. The
//! command line needs none.

use jiff::{SignedDuration, Timestamp};

use crate::access::Asker;
use crate::model::Act;
use crate::store::{self, Store, Writing};

/// How long a permit can be used: long enough to scan a picture and type a code.
pub const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// Uses up the asker's permit for an act, in the transaction of the act; whether there was one that counts.
pub(in crate::services) async fn use_up(
    tx: &mut Writing,
    asker: &Asker,
    act: Act,
    now: Timestamp,
) -> Result<bool, store::Error> {
    let Some(session) = asker.session_id() else { return Ok(true) };
    Ok(tx.take_permit(session, act).await?.is_some_and(|made_at| holds(made_at, now)))
}

/// Whether the asker has a permit for an act that counts; nothing is used up.
pub(in crate::services) async fn has(
    store: &Store,
    asker: &Asker,
    act: Act,
    now: Timestamp,
) -> Result<bool, store::Error> {
    let Some(session) = asker.session_id() else { return Ok(true) };
    Ok(store.read().await?.permit(session, act).await?.is_some_and(|made_at| holds(made_at, now)))
}

/// Gives the asker a permit for an act, because they have just proved who they are for it.
pub(super) async fn put(tx: &mut Writing, asker: &Asker, act: Act, now: Timestamp) -> Result<(), store::Error> {
    let Some(session) = asker.session_id() else { return Ok(()) };
    tx.put_permit(session, act, now).await
}

/// One from the future is of a clock that was set back since.
fn holds(made_at: Timestamp, now: Timestamp) -> bool {
    (SignedDuration::ZERO..=LASTS).contains(&now.duration_since(made_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_counts_for_minutes_and_not_before_it_was_made() {
        let at = |seconds| Timestamp::from_second(1_795_000_000 + seconds).unwrap();
        for (now, counts) in [(-1_i64, false), (0, true), (600, true), (601, false)] {
            assert_eq!(holds(at(0), at(now)), counts, "{now}");
        }
    }
}
