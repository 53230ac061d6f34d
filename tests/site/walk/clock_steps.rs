//! Clocks set back or forward at every step of a reset, up to a day: whatever they tell, the password that was shown last
//! works, no void one is shown, and after an unknown outcome the account rests.

use nyckel::simulator::Fault;

use super::invariants::{comes_to_rest, hold};
use super::world::World;

/// By how many seconds clocks are set.
pub const STEPS: [i64; 12] = [-86_400, -3600, -301, -299, -45, -3, 3, 45, 61, 299, 3600, 86_400];
/// How many moments a walk has at which clocks can be set.
const MOMENTS: usize = 6;

/// Sets the clocks if this is the moment.
async fn moment(world: &mut World, (at, by): (usize, i64), here: usize) -> Result<(), String> {
    if at == here {
        world.sets_clocks(by).await;
    }
    hold(world).await
}

async fn walk(world: &mut World, account: &str, fault: Option<Fault>, step: (usize, i64)) -> Result<(), String> {
    world.results.clear();
    world.opens(0, 0, account, "reset").await;
    moment(world, step, 0).await?;
    world.posts(0, 0, account, 1, fault).await;
    moment(world, step, 1).await?;
    world.opens(1, 1, account, "reset").await;
    moment(world, step, 2).await?;
    world.posts(1, 1, account, 1, None).await;
    moment(world, step, 3).await?;
    for result in world.results.clone() {
        world.looks(0, 1, &result, true).await;
        world.looks(1, 0, &result, true).await;
    }
    world.sweeps(1).await;
    moment(world, step, 4).await?;
    world.turns(61);
    world.sweeps(1).await;
    world.opens(1, 1, account, "reset").await;
    moment(world, step, 5).await?;
    world.opens(1, 1, account, "reset").await;
    world.posts(1, 1, account, 1, None).await;
    let newest = world.results.last().cloned().ok_or("nobody could reset the account")?;
    let before = world.shown.len();
    world.looks(1, 0, &newest, true).await;
    if world.shown.len() != before + 1 {
        return Err("the second person did not get a password in the end".to_owned());
    }
    hold(world).await?;
    comes_to_rest(world).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn walk_clocks_set_at_every_step_of_a_reset() {
    // On PostgreSQL a sample.
    let every = if std::env::var("NYCKEL_TEST_POSTGRES").is_ok() { 5 } else { 1 };
    let faults = [None, Some(Fault::CloseAfter)];
    let steps = (0..MOMENTS).flat_map(|at| STEPS.map(|by| (at, by)));
    let all = steps.flat_map(|step| faults.clone().map(|fault| (step, fault)));
    let all: Vec<_> = all.step_by(every).collect();
    let mut world = Box::pin(World::begins(2, 2, all.len())).await;
    let accounts = world.accounts.clone();
    for ((step, fault), account) in all.into_iter().zip(&accounts) {
        world.told.clear();
        let walked = Box::pin(walk(&mut world, account, fault.clone(), step)).await;
        assert!(walked.is_ok(), "{walked:?} with {fault:?} and clocks set {step:?}:\n{}", world.told.join("\n"));
    }
    println!("{} walks", accounts.len());
}
