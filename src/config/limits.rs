//! How much of what is grave people may do: one pair of settings for everything that limits protect.

use super::reading::Environment;
use crate::model::{Allowance, Limits, Rate};

/// Reads all limits.
pub(super) fn read(r: &mut Environment) -> Limits {
    let mut rate = |name, usual| r.value(name, Rate::parse(usual).ok().flatten(), Rate::parse);
    Limits {
        passwords: Allowance {
            per_staff: rate("NYCKEL_RESETS_PER_STAFF", "30/hour"),
            per_account: rate("NYCKEL_RESETS_PER_ACCOUNT", "3/10min"),
            total: rate("NYCKEL_RESETS_TOTAL", "100/hour"),
        },
        lock_outs: Allowance {
            per_staff: rate("NYCKEL_LOCK_OUTS_PER_STAFF", "1000/hour"),
            per_account: None,
            total: rate("NYCKEL_LOCK_OUTS_TOTAL", "3000/hour"),
        },
        redirects: Allowance {
            per_staff: rate("NYCKEL_REDIRECTS_PER_STAFF", "30/hour"),
            per_account: None,
            total: rate("NYCKEL_REDIRECTS_TOTAL", "100/hour"),
        },
        replies: Allowance {
            per_staff: rate("NYCKEL_REPLIES_PER_STAFF", "30/hour"),
            per_account: None,
            total: rate("NYCKEL_REPLIES_TOTAL", "100/hour"),
        },
        deletions: Allowance {
            per_staff: rate("NYCKEL_DELETIONS_PER_STAFF", "30/hour"),
            per_account: None,
            total: rate("NYCKEL_DELETIONS_TOTAL", "100/hour"),
        },
        batched: Allowance {
            per_staff: rate("NYCKEL_BATCHED_PER_STAFF", "1000/hour"),
            per_account: None,
            total: rate("NYCKEL_BATCHED_TOTAL", "3000/hour"),
        },
        bulk_resets: Allowance {
            per_staff: rate("NYCKEL_BULK_RESETS_PER_STAFF", "300/hour"),
            per_account: None,
            total: rate("NYCKEL_BULK_RESETS_TOTAL", "1000/hour"),
        },
    }
}
