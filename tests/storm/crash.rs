//! SIGKILL at random moments (promises 4 and 12), and SIGTERM (promise 26), under load.

use nyckel::model::Clock;

use super::rng::Rng;
use super::rounds::{Shown, judge_shown, misbehaves, reads, work};
use super::run::Told;
use super::stage::{Plan, Stage};
use super::{canary, verdict};

/// Longer than a lease and the sweeper's round.
const LEASE_AND_SWEEP: std::time::Duration = std::time::Duration::from_secs(52);

async fn stage(rng: &mut Rng) -> Stage {
    let plan = Plan { accounts: 1500, people: 8, log: "trace", replicas: false, data: None };
    let stage = Stage::sets(plan, rng).await.unwrap();
    misbehaves(&stage.glesys);
    stage
}

/// Kills the panel again and again. With `patient`, waits at the end until the last leases ran out.
pub async fn kills(rounds: u64, patient: bool, mut rng: Rng) -> Told {
    let mut stage = stage(&mut rng).await;
    let shown = Shown::default();
    let now = || Clock::system().now();
    for round in 1..=rounds {
        let work = work(&stage, &shown, &mut rng);
        tokio::time::sleep(rng.millis(10, 400)).await;
        stage.panels[0].is_killed();
        work.join_all().await;
        stage.panels[0].starts_again();
        verdict::judge(&stage, now()).await;
        if round % 50 == 0 {
            canary::searches(&stage);
        }
    }
    if patient {
        tokio::time::sleep(LEASE_AND_SWEEP).await;
    }
    let operations = verdict::judge(&stage, now()).await;
    let seen = judge_shown(&stage, &shown).await;
    stage.panels[0].is_asked_to_stop();
    let verified = stage.settings.verifies().unwrap();
    let (secrets, bytes) = canary::searches(&stage);
    Told {
        promise: "4, 12, 25",
        what: "SIGKILL at a random moment under the load of 8 people, trace log, restart on the same data",
        count: format!("{rounds} kills, {operations} operations, {seen} passwords shown"),
        result: format!(
            "0 calls without an intent, 0 doubles, 0 contradictions; {secrets} secrets in {} MB: 0 found; {verified}",
            bytes / 1_000_000
        ),
    }
}

/// Asks the panel to stop again and again.
pub async fn stops(rounds: u64, mut rng: Rng) -> Told {
    let mut stage = stage(&mut rng).await;
    let shown = Shown::default();
    for _ in 0..rounds {
        let work = work(&stage, &shown, &mut rng);
        tokio::time::sleep(rng.millis(20, 400)).await;
        let status = stage.panels[0].is_asked_to_stop();
        assert!(status.success(), "{status}");
        work.join_all().await;
        let operations = stage.database.operations().await;
        let left: Vec<_> = operations.iter().filter(|operation| operation.state == "in_flight").collect();
        assert!(left.is_empty(), "left behind: {left:#?}");
        stage.panels[0].starts_again();
        verdict::judge(&stage, Clock::system().now()).await;
    }
    // What nobody has looked at yet still waits for the session that made it, through every restart.
    let mut late = 0;
    let now = Clock::system().now().as_millisecond();
    for operation in stage.database.operations().await {
        let is_recent = now - operation.begun_at < 200_000;
        if operation.state == "done" && operation.shown_at.is_none() && is_recent {
            let result = format!("/resets/{}", operation.id);
            for person in &stage.people {
                reads(person, &result, &shown).await.unwrap();
            }
            assert!(shown.lock().unwrap().contains_key(&result), "nobody can read {result} any more");
            late += 1;
        }
    }
    let operations = verdict::judge(&stage, Clock::system().now()).await;
    let seen = judge_shown(&stage, &shown).await;
    Told {
        promise: "26, 9",
        what: "SIGTERM at a random moment under the load of 8 people, restart on the same data",
        count: format!(
            "{rounds} stops, {operations} operations, {seen} passwords shown, {late} of them after a restart"
        ),
        result: "0 lost, 0 doubled, 0 left in flight; exit code 0 each time".to_owned(),
    }
}
