//! SIGTERM at random moments under load (promise 26).

use std::time::{Duration, Instant};

use nyckel::model::Clock;
use nyckel::simulator::{Fault, Times};

use super::memory::Memory;
use super::rng::Rng;
use super::rounds::{misbehaves, reads, work};
use super::run::Told;
use super::stage::{On, Plan, RESET, Stage};
use super::{batches, letters, verdict};

/// A running call may take 30 s, recording it a little more.
const STOPS_WITHIN: Duration = Duration::from_secs(36);
/// Every so many rounds a reset hangs when the panel is asked to stop. The small size has not that many.
const HANGS_EVERY: u64 = 50;

/// Asks the panel to stop again and again. With `hangs`, some calls hang meanwhile, and each stop waits for them.
pub async fn stops(rounds: u64, hangs: bool, mut rng: Rng) -> Told {
    let plan = Plan { accounts: 1500, people: 8, log: "info", on: On::File, data: None };
    let mut stage = Stage::sets_with_duties(plan, &mut rng).await;
    let memory = Memory::default();
    let (mut later, mut slowest) = (0, Duration::ZERO);
    for round in 1..=rounds {
        stage.glesys.heal();
        if round % HANGS_EVERY == 0 {
            stage.glesys.fault(RESET, Fault::HangAfter, Times::Once);
        }
        misbehaves(&stage.glesys, hangs);
        let work = work(&stage, &memory, &mut rng);
        // What takes several people, or several accounts, comes to its end now and then.
        tokio::time::sleep(if round % 3 == 0 { rng.millis(800, 2000) } else { rng.millis(20, 500) }).await;
        let begun = Instant::now();
        let status = tokio::task::block_in_place(|| stage.panels[0].is_asked_to_stop());
        slowest = slowest.max(begun.elapsed());
        assert!(status.success(), "it ended with {status}");
        assert!(begun.elapsed() < STOPS_WITHIN, "it took {:?} to stop", begun.elapsed());
        work.join_all().await;
        finishes(&stage).await;
        stage.panels[0].starts_again();
        verdict::judge(&stage, &memory, Clock::system().now()).await.judge_shown(&memory.shown());
        later += keeps_promises(&memory).await;
    }
    stage.glesys.heal();
    let gone_on = batches::all_go_on(&stage).await;
    let have_all_left = letters::leave(&mut stage).await;
    let judged = verdict::judge(&stage, &memory, Clock::system().now()).await;
    judged.judge_shown(&memory.shown());
    let letters = letters::judge(&stage, &judged, &memory, have_all_left);
    let shown = memory.shown().len();
    Told {
        promise: "26, 9",
        what: "SIGTERM at a random moment under the load of 8 people who reset passwords, some by link, change accounts and aliases and \
               run batches; restart on the same data",
        count: format!("{rounds} stops, {}, {shown} passwords shown", judged.counted(letters)),
        result: format!(
            "0 lost, 0 doubled, 0 left in flight, exit code 0 each time; what stands at GleSYS is what was wanted last; \
             {later} results read after the restart by the session that was promised them; 0 batches left running, \
             {gone_on} of them told to go on in the end; slowest stop {:.1} s",
            slowest.as_secs_f64()
        ),
    }
}

/// What was running when the panel was asked to stop ended, and how it ended is recorded by the panel that ran it.
async fn finishes(stage: &Stage) {
    for operation in stage.database.operations().await {
        assert_ne!(operation.state, "in_flight", "left behind: {operation:#?}");
        assert_ne!(operation.reason.as_deref(), Some("lease_ran_out"), "given up: {operation:#?}");
    }
    for batch in stage.database.batches().await {
        assert_ne!(batch.state, "running", "left behind: {batch:#?}");
        assert_ne!(batch.reason.as_deref(), Some("lease_ran_out"), "given up: {batch:#?}");
    }
}

/// Whoever was sent to a result can read it after the restart: the password, or what became of it.
async fn keeps_promises(memory: &Memory) -> usize {
    let promised = memory.takes_promised();
    for (result, person) in &promised {
        let page = reads(person, result, memory).await.unwrap();
        assert!(matches!(page.status, 200 | 201), "{} can't read {result}: {page:#?}", person.name);
        // That somebody reset the account again, or deleted it, is the one good reason.
        let is_void = ["reset again", "deleted"].iter().any(|what| page.body.contains(&format!("{what} after this")));
        let is_lost = ["Reset, but not shown", "Created, but not shown", "already been shown"]
            .iter()
            .any(|said| page.body.contains(said));
        assert!(is_void || !is_lost, "{result} is lost: {page:#?}");
    }
    promised.len()
}
