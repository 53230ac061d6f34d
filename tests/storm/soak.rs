//! A long mixed load (promise 30): memory, descriptors and the database's log stay flat.

use std::time::{Duration, Instant};

use nyckel::model::Clock;

use super::memory::Memory;
use super::rng::Rng;
use super::rounds::{misbehaves, work};
use super::run::Told;
use super::stage::{On, Plan, Stage};
use super::{letters, verdict};

/// How many times the panel is looked at.
const LOOKS: u64 = 50;

/// Looks at the panel under load for so long. With `hangs`, some calls hang, and the end waits for them.
pub async fn soaks(seconds: u64, hangs: bool, mut rng: Rng) -> Told {
    let plan = Plan { accounts: 1500, people: 6, log: "info", on: On::File, data: None };
    let mut stage = Stage::sets_with_duties(plan, &mut rng).await;
    misbehaves(&stage.glesys, hangs);
    let memory = Memory::default();
    let mut work = work(&stage, &memory, &mut rng);
    let (begun, mut looks) = (Instant::now(), Vec::new());
    for n in 1..=LOOKS {
        let due = Duration::from_secs(seconds) * u32::try_from(n).unwrap() / u32::try_from(LOOKS).unwrap();
        tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
        let (memory, descriptors) = stage.panels[0].size();
        looks.push((memory, descriptors as u64, stage.database.log_size()));
    }
    assert!(work.try_join_next().is_none(), "somebody could not go on");
    work.shutdown().await;
    let fifth = looks.len() / 5;
    let (early, late) = (medians(&looks[fifth..2 * fifth]), medians(&looks[looks.len() - fifth..]));
    // In a short run caches are still being filled.
    assert!(late.0 < early.0 * 3 / 2 + 20 * 1024, "memory grew from {} to {} KiB", early.0, late.0);
    assert!(late.1 < early.1 + 20, "descriptors grew from {} to {}", early.1, late.1);
    assert!(late.2 < 32 * 1024 * 1024, "the log of the database is {} bytes", late.2);
    let status = stage.panels[0].is_asked_to_stop();
    assert!(status.success(), "{status}");
    let have_all_left = letters::leave(&mut stage).await;
    let judged = verdict::judge(&stage, &memory, Clock::system().now()).await;
    judged.judge_shown(&memory.shown());
    let letters = letters::judge(&stage, &judged, &memory, have_all_left);
    let (counted, seen) = (judged.counted(letters), memory.shown().len());
    let verified = stage.settings.verifies();
    Told {
        promise: "30",
        what: "mixed load of 6 people who reset passwords, some by link, change accounts and aliases and run batches, with faults",
        count: format!("{seconds} s, {counted}, {seen} passwords shown"),
        result: format!(
            "medians of the second and the last fifth: {} and {} MiB, {} and {} descriptors, log {} and {} KiB; {verified}",
            early.0 / 1024,
            late.0 / 1024,
            early.1,
            late.1,
            early.2 / 1024,
            late.2 / 1024
        ),
    }
}

fn medians(looks: &[(u64, u64, u64)]) -> (u64, u64, u64) {
    let median = |values: Vec<u64>| {
        let mut values = values;
        values.sort_unstable();
        values[values.len() / 2]
    };
    let of = |take: fn(&(u64, u64, u64)) -> u64| median(looks.iter().map(take).collect());
    (of(|look| look.0), of(|look| look.1), of(|look| look.2))
}
