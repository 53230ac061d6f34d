//! Every fault of GleSYS × a crash at every step: an account is reset, things go wrong, people look, time passes, somebody
//! else resets it again; whatever happened, the password that was shown last works, and nothing was done twice.

use std::time::Duration;

use nyckel::simulator::Fault;

use super::invariants::{comes_to_rest, hold, no_password_rests};
use super::world::World;

/// When the replica that took the confirmation crashes.
#[derive(Clone, Copy, Debug)]
enum Crash {
    Never,
    /// While it records the intent, calls GleSYS or waits for it.
    After(Duration),
    /// When the outcome is recorded, before anybody looked.
    BeforeTheLook,
    AfterTheLook,
}

fn faults() -> Vec<Option<Fault>> {
    let status = |http| Fault::Status { http, code: http, text: "Something".to_owned(), envelope: true };
    vec![
        None,
        Some(Fault::Slow(Duration::from_millis(40))),
        Some(Fault::HangBefore),
        Some(Fault::HangAfter),
        Some(Fault::CloseBefore),
        Some(Fault::CloseAfter),
        Some(Fault::HalfAnswer),
        Some(status(400)),
        Some(status(500)),
        Some(Fault::Deferred(Duration::from_secs(45))),
    ]
}

fn crashes() -> Vec<Crash> {
    let after = |millis| Crash::After(Duration::from_millis(millis));
    vec![Crash::Never, after(0), after(2), after(4), after(8), after(25), Crash::BeforeTheLook, Crash::AfterTheLook]
}

async fn walk(world: &mut World, account: &str, fault: Option<Fault>, crash: Crash) -> Result<(), String> {
    world.results.clear();
    world.opens(0, 0, account, "reset").await;
    if let Crash::After(wait) = crash {
        world.posts_into_a_crash((0, 0, account), fault, wait).await;
    } else {
        world.posts(0, 0, account, 2, fault).await;
    }
    hold(world).await?;
    no_password_rests(world).await?;
    if matches!(crash, Crash::BeforeTheLook) {
        world.crashes(0).await;
    }
    let newest = world.results.last().cloned();
    for (who, navigates) in [(0, false), (1, true), (0, true), (0, true)] {
        if let Some(result) = &newest {
            world.looks(who, 1, result, navigates).await;
        }
        hold(world).await?;
    }
    if matches!(crash, Crash::AfterTheLook) {
        world.crashes(0).await;
    }
    // The same form again, at the other replica; then somebody else as soon as they may.
    world.posts(0, 1, account, 1, None).await;
    hold(world).await?;
    for seconds in [0, 20, 26, 35, 40] {
        world.turns(seconds);
        world.sweeps(1).await;
        world.opens(1, 1, account, "reset").await;
        hold(world).await?;
    }
    world.posts(1, 1, account, 1, None).await;
    let newest = world.results.last().cloned().ok_or("nobody could reset the account")?;
    let before = world.shown.len();
    world.looks(1, 0, &newest, true).await;
    if world.shown.len() != before + 1 {
        return Err("the second person did not get a password".to_owned());
    }
    hold(world).await?;
    comes_to_rest(world).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn walk_every_fault_with_a_crash_at_every_step() {
    // On PostgreSQL a sample.
    let step = if std::env::var("NYCKEL_TEST_POSTGRES").is_ok() { 3 } else { 1 };
    let pairs = faults().into_iter().flat_map(|fault| crashes().into_iter().map(move |crash| (fault.clone(), crash)));
    let pairs: Vec<_> = pairs.step_by(step).collect();
    let mut world = Box::pin(World::begins(2, 2, pairs.len())).await;
    let accounts = world.accounts.clone();
    for ((fault, crash), account) in pairs.into_iter().zip(&accounts) {
        world.told.clear();
        let walked = Box::pin(walk(&mut world, account, fault.clone(), crash)).await;
        assert!(walked.is_ok(), "{walked:?} with {fault:?} and a crash {crash:?}:\n{}", world.told.join("\n"));
    }
    println!("{} walks; crashes struck at: {:#?}", accounts.len(), world.crashes);
}
