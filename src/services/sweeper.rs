//! Housekeeping every few seconds: whether anything can be recorded, operations that nobody carries out any more,
//! passwords and links that nobody opened, sessions, challenges and counters that ran out; the database's log, emptied; refusals,
//! summed up; the head of the audit, noted; whether the database is as the panel left it.

use std::time::Duration;

use super::audit::HeadLog;
use super::staff::notices;
use super::watch;
use super::{Approvals, Audit, Batches, HandOvers, Ledger, Reveals, contacts};
use crate::access::{codes, device, flow, session, throttle};
use crate::model::Clock;
use crate::store::{self, Store};

/// How often the sweeper runs.
const EVERY: Duration = Duration::from_secs(5);

/// The sweeper. It may run on every replica at once: each of its changes compares before it sets.
#[derive(Clone)]
pub struct Sweeper {
    pub store: Store,
    pub ledger: Ledger,
    pub reveals: Reveals,
    pub hand_overs: HandOvers,
    pub batches: Batches,
    pub approvals: Approvals,
    pub audit: Audit,
    pub head: HeadLog,
    pub clock: Clock,
}

impl Sweeper {
    /// Sweeps again and again; drop the future to stop it.
    pub async fn run(&self) {
        loop {
            self.sweep().await;
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Sweeps once. A step that fails is tried again next time and keeps no other from its work.
    pub async fn sweep(&self) {
        let compared = watch::look(&self.store, &self.audit, self.clock.now()).await;
        if self.store.finding().is_some_and(|found| found.is_of_all()) {
            // It was logged when it was found, and nothing can be done before it is mended.
            return;
        }
        let steps = [
            ("a comparison with what was written", compared),
            ("a trial record", self.store.probe().await),
            ("operations", self.ledger.give_up_overdue().await),
            ("batches", self.batches.give_up_overdue().await),
            ("batches that nobody confirmed", self.batches.forget_proposed().await),
            ("passwords", self.reveals.forget_expired().await),
            // After what staff were to be shown of them.
            ("links for owners", self.hand_overs.end_overdue().await),
            ("approvals", self.approvals.end_overdue().await),
            ("sessions and counters", self.forget_what_ran_out().await),
            ("the database's log", self.store.empty_log().await),
            ("sums of refusals", self.audit.sum_up(self.clock.now(), false).await),
            ("the head of the audit", self.head.note_if_due().await),
        ];
        for (what, result) in steps {
            if let Err(error) = result {
                tracing::warn!(%error, what, "the sweeper could not do all its work; it tries again");
            }
        }
    }

    /// What is done last when the panel stops.
    pub async fn end(&self) {
        if let Err(error) = self.audit.sum_up(self.clock.now(), true).await {
            tracing::warn!(%error, "how often things were refused lately could not be recorded");
        }
        self.head.note().await;
    }

    async fn forget_what_ran_out(&self) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.remove_sessions_begun_before(now - session::KNOWN_FOR).await?;
        tx.remove_flows_begun_before(now - flow::FLOW_LASTS).await?;
        tx.remove_devices_not_seen_since(now - device::KNOWN_FOR).await?;
        tx.remove_ceremonies_before(now).await?;
        tx.remove_expired_drafts(now).await?;
        tx.forget_notices_put_away_before(now - notices::KEPT_FOR).await?;
        tx.remove_permits_before(now - session::ABSOLUTE_LIMIT).await?;
        tx.remove_attempts_before(throttle::oldest_useful_window(self.store.elapsed())).await?;
        tx.forget_wrong_codes_before(self.store.elapsed().less(codes::FORGOTTEN_AFTER)).await?;
        tx.forget_contact_letters(self.store.elapsed().less(contacts::LETTERS_KEPT)).await?;
        tx.commit().await
    }
}
