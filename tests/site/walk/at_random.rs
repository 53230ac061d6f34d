//! Longer stories, made up: three people, three accounts, two replicas, whatever comes to their minds.

use std::time::Duration;

use nyckel::simulator::Fault;

use super::clock_steps::STEPS;
use super::invariants::{comes_to_rest, hold};
use super::links::OWNER;
use super::world::World;

/// `SplitMix64` (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides as u64).unwrap()
    }

    fn asks(&mut self) -> &'static str {
        ["lock-out", "reset", "reset", "link", "link"][self.below(5)]
    }

    fn fault(&mut self) -> Option<Fault> {
        let status = |http| Fault::Status { http, code: http, text: "Something".to_owned(), envelope: true };
        match self.below(16) {
            0 => Some(Fault::HangBefore),
            1 => Some(Fault::HangAfter),
            2 => Some(Fault::CloseBefore),
            3 => Some(Fault::CloseAfter),
            4 => Some(status(400)),
            5 => Some(status(500)),
            6 => Some(Fault::Deferred(Duration::from_secs(45))),
            7 => Some(Fault::Slow(Duration::from_millis(20))),
            _ => None,
        }
    }
}

/// One thing that somebody does, or that happens.
async fn step(world: &mut World, dice: &mut Dice) {
    // No two operations on an account begin in the same moment.
    world.stage.clock.turn(1);
    let (who, replica, account) = (dice.below(3), dice.below(2), world.accounts[dice.below(3)].clone());
    let results = world.results.len();
    match dice.below(32) {
        0..=2 => world.opens(who, replica, &account, dice.asks()).await,
        3..=8 => {
            let (times, fault) = (1 + dice.below(3), dice.fault());
            if dice.below(6) > 0 {
                world.opens(who, replica, &account, dice.asks()).await;
            }
            world.posts(who, replica, &account, times, fault).await;
            if let Some(result) = world.results.last().cloned().filter(|_| dice.below(4) > 0) {
                world.looks(who, dice.below(2), &result, true).await;
                if let Some(link) =
                    world.links.last().cloned().filter(|handed| handed.result == result && dice.below(4) > 0)
                {
                    world.types(dice.below(2), &link, dice.below(4) > 0).await;
                }
            }
        }
        9 | 10 => {
            let (fault, after) = (dice.fault(), Duration::from_millis(dice.next() % 30));
            world.posts_into_a_crash((who, replica, &account), fault, after).await;
        }
        11..=14 if results > 0 => {
            // Mostly the newest ones.
            let result = world.results[results - 1 - dice.below(results.min(3))].clone();
            let navigates = dice.below(4) > 0;
            world.looks(who, replica, &result, navigates).await;
        }
        15 => world.crashes(replica).await,
        16 => world.signs_out_and_in(who).await,
        17 => world.sweeps(replica).await,
        18 | 19 => world.sets_clocks(STEPS[dice.below(STEPS.len())]).await,
        20 => world.sets_apart(replica, [-240, -45, -2, 0, 2, 45, 240, 7200][dice.below(8)]),
        21 => world.keeps_a_copy().await,
        28..=31 if !world.links.is_empty() => {
            let newest = world.links.len();
            let link = world.links[newest - 1 - dice.below(newest.min(3))].clone();
            world.types(replica, &link, dice.below(3) > 0).await;
        }
        22 | 23 => world.copy_is_put_back(who, &account).await,
        24 | 25 => {
            let crash = (dice.below(3) == 0).then(|| Duration::from_millis(dice.next() % 60));
            let fault = dice.fault();
            world.locks_all_out(who, replica, fault, crash).await;
        }
        _ => {
            let seconds = [1, 5, 30, 46, 61, 301, 700][dice.below(7)];
            world.turns(seconds);
        }
    }
}

async fn story(seed: u64) -> World {
    let mut dice = Dice(seed);
    let mut world = Box::pin(World::begins(2, 3, 3)).await;
    let steps = 10 + dice.below(30);
    for number in 0..steps {
        Box::pin(step(&mut world, &mut dice)).await;
        let holds = hold(&mut world).await;
        assert!(holds.is_ok(), "{holds:?} after step {number} of seed {seed}:\n{}", world.told.join("\n"));
    }
    let rests = comes_to_rest(&mut world).await;
    assert!(rests.is_ok(), "{rests:?} at the end of seed {seed}:\n{}", world.told.join("\n"));
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn walk_stories_made_up_at_random() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seed = number("NYCKEL_WALK_SEED").unwrap_or(1);
    let usual = if std::env::var("NYCKEL_TEST_POSTGRES").is_ok() { 5 } else { 25 };
    let cases = number("NYCKEL_WALK_CASES").unwrap_or(usual);
    println!("stories {seed} to {}", seed + cases - 1);
    let (mut happened, mut shown, mut read) = (0, 0, 0);
    let mut points = std::collections::BTreeMap::new();
    for seed in seed..seed + cases {
        let world = Box::pin(story(seed)).await;
        happened += world.told.len();
        shown += world.shown.len();
        read += world.shown.iter().filter(|(_, who, _)| *who == OWNER).count();
        for (point, times) in world.crashes {
            *points.entry(point).or_insert(0) += times;
        }
    }
    println!(
        "{cases} stories, {happened} happenings, {shown} passwords shown, {read} of them by link; crashes struck at: {points:#?}"
    );
    assert!(cases < 20 || shown > read && read > 0, "too little came of it to show anything");
}
