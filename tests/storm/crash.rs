//! SIGKILL at random moments under load (promises 4 and 12).

use std::path::Path;
use std::time::Duration;

use nyckel::model::Clock;

use super::memory::Memory;
use super::rng::Rng;
use super::rounds::{misbehaves, work};
use super::run::Told;
use super::stage::{On, Plan, Stage};
use super::{batches, canary, letters, verdict};

/// Longer than the lease of an operation, and of a batch, and the sweeper's round: a panel that died took along what it
/// knew of how long they had run.
const LEASE_AND_SWEEP: Duration = Duration::from_secs(52);
const BATCH_AND_SWEEP: Duration = Duration::from_secs(97);
/// How often everything is searched for secrets.
const SEARCH_EVERY: u64 = 50;
/// How often somebody stops batches that died, so that people go on with them.
const BATCHES_STOP_EVERY: u64 = 3;

/// Kills the panel again and again. With `patient`, waits at the end until the last leases ran out, those of batches too;
/// otherwise somebody stops these.
pub async fn kills(rounds: u64, patient: bool, mut rng: Rng) -> Told {
    let plan = Plan { accounts: 1500, people: 8, log: "trace", on: On::File, data: None };
    let mut stage = Stage::sets_with_duties(plan, &mut rng).await;
    misbehaves(&stage.glesys, true);
    let (memory, now) = (Memory::default(), || Clock::system().now());
    let (mut secrets, mut bytes) = (0, 0);
    for round in 1..=rounds {
        let work = work(&stage, &memory, &mut rng);
        // What takes several people, or several accounts, comes to its end now and then.
        tokio::time::sleep(if round % 3 == 0 { rng.millis(800, 2000) } else { rng.millis(5, 500) }).await;
        if round % 10 == 0 {
            backs_up(&stage, round);
        }
        dies(&mut stage, &mut rng);
        work.join_all().await;
        stage.panels[0].starts_again();
        let judged = verdict::judge(&stage, &memory, now()).await;
        if round % BATCHES_STOP_EVERY == 0 {
            batches::all_stop(&stage).await;
        }
        if round % SEARCH_EVERY == 0 {
            judged.judge_shown(&memory.shown());
            let (all, searched) = canary::searches(&stage, &memory);
            (secrets, bytes) = (all, bytes + searched);
        }
    }
    // Late effects too.
    tokio::time::sleep(Duration::from_secs(1)).await;
    if !patient {
        batches::all_stop(&stage).await;
    }
    tokio::time::sleep(if patient { BATCH_AND_SWEEP } else { LEASE_AND_SWEEP }).await;
    let judged = verdict::judge(&stage, &memory, now()).await;
    judged.judge_shown(&memory.shown());
    let left = judged.operations.iter().filter(|operation| operation.state == "in_flight").count();
    assert_eq!(left, 0, "operations are in flight beyond their lease");
    let left = judged.batches.iter().filter(|batch| batch.state == "running").count();
    assert_eq!(left, 0, "batches run beyond their lease");
    stage.glesys.heal();
    let gone_on = batches::all_go_on(&stage).await;
    let have_all_left = letters::leave(&mut stage).await;
    let judged = verdict::judge(&stage, &memory, now()).await;
    stage.panels[0].is_asked_to_stop();
    let letters = letters::judge(&stage, &judged, &memory, have_all_left);
    let verified = stage.settings.verifies();
    let (all, searched) = canary::searches(&stage, &memory);
    (secrets, bytes) = (secrets.max(all), bytes + searched);
    Told {
        promise: "4, 12, 25",
        what: "SIGKILL (every tenth SIGABRT, every tenth while starting) at a random moment under the load of 8 people \
               who reset passwords, some by link, change accounts and aliases and run batches; trace log, restart on the same data",
        count: format!("{rounds} kills, {}, {} passwords shown", judged.counted(letters), memory.shown().len()),
        result: format!(
            "0 calls before their intent was durable, 0 doubles, 0 contradictions, 0 in flight beyond the lease; what \
             stands at GleSYS is what was wanted last; 0 batches stuck, {gone_on} of them told to go on in the end; \
             {secrets} secrets in {} MB of files: 0 found; {verified}",
            bytes / 1_000_000
        ),
    }
}

fn dies(stage: &mut Stage, rng: &mut Rng) {
    let panel = &mut stage.panels[0];
    match rng.between(0, 10) {
        0 => panel.is_aborted(),
        1 => {
            panel.is_killed();
            panel.begins_again();
            std::thread::sleep(rng.millis(0, 150));
            panel.is_killed();
        }
        _ => panel.is_killed(),
    }
}

/// Copies the data as they stand under load, as somebody does who thinks that this is a backup.
fn backs_up(stage: &Stage, round: u64) {
    let backup = stage.dir.path().join(format!("backup-{round}"));
    std::fs::create_dir(&backup).unwrap();
    for entry in std::fs::read_dir(stage.dir.path().join("data")).unwrap() {
        let from = entry.unwrap().path();
        // What is gone meanwhile needs no copy.
        drop(std::fs::copy(&from, backup.join(from.file_name().map_or(Path::new("x"), Path::new))));
    }
}
