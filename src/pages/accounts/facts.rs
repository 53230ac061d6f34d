//! What comes of a reset or a lock-out, as its confirmation says it.

use crate::model::HandOver;
use crate::texts::Texts;

/// What comes of it, each with its icon.
pub(super) fn facts(say: Texts, ways: &[HandOver], tells_mailbox: bool) -> Vec<(&'static str, &'static str)> {
    let reset = [("devices", say.fact_stops()), ("key", say.fact_made())];
    let told = tells_mailbox.then(|| ("to", say.fact_told()));
    let facts = match ways {
        [HandOver::Shown] => reset.into_iter().chain([("show", say.fact_once())]).collect(),
        [HandOver::Link] => reset.into_iter().chain([("hide", say.fact_link())]).collect(),
        [HandOver::Nobody] => vec![
            ("devices", say.fact_locks()),
            ("hide", say.fact_nobody()),
            ("reply", say.lock_out_goes_on()),
            ("clock", say.lock_out_open()),
        ],
        _ => reset.to_vec(),
    };
    facts.into_iter().chain(told).collect()
}
