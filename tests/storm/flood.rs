//! Floods of strangers, and what they may cost (promises 38 and 39): memory while passwords are guessed, and after.

use std::time::Duration;

use tokio::task::JoinSet;

use super::browser::{Browser, browsers};
use super::panel::Panel;
use super::rng::Rng;
use super::run::{Told, say};
use super::stage::{On, Plan, Stage};

/// Guesses of the full size.
const GUESSES: u64 = 1000;
/// How many come at a time.
const AT_A_TIME: usize = 64;
/// How many networks they come from.
const NETWORKS: u64 = 200;
/// What the two threads hash in, in KiB.
const BUFFERS: u64 = 2 * 19 * 1024;
/// What else a flood may take, in KiB.
const BESIDES: u64 = 10 * 1024;

/// `None` where PostgreSQL is wanted and there is none.
pub async fn comes(guesses: u64, mut rng: Rng) -> Option<Told> {
    let plan = Plan { accounts: 100, people: 1, log: "info", on: On::File, data: None };
    let stage = Stage::sets(plan, &mut rng).await?;
    let memory = memory(&stage.panels[0], &browsers(&stage)[0], guesses.min(GUESSES)).await;
    Some(Told {
        promise: "38",
        what: "wrong sign-ins, 64 at a time, from 200 networks",
        count: format!("{guesses} sign-ins"),
        result: memory,
    })
}

/// What is resident while passwords are guessed, and when the guessing has stopped.
async fn memory(panel: &Panel, browser: &Browser, guesses: u64) -> String {
    // Signing in, on the stage, has taken a buffer, which goes back.
    tokio::time::sleep(Duration::from_secs(7)).await;
    let idle = panel.size().0;
    let (mut peak, mut coming, mut looked_at) = (idle, JoinSet::new(), 0);
    for n in 0..guesses {
        if coming.len() >= AT_A_TIME {
            looked_at += u64::from(coming.join_next().await.unwrap().unwrap() == 422);
        }
        peak = peak.max(panel.size().0);
        let (browser, from) = (browser.clone(), (n % NETWORKS) << 8);
        coming.spawn(async move { browser.tries(&format!("nobody{n}"), "not-the-password", from, "").await.0 });
    }
    while let Some(done) = coming.join_next().await {
        peak = peak.max(panel.size().0);
        looked_at += u64::from(done.unwrap() == 422);
    }
    assert_eq!(looked_at, guesses);
    assert!(peak <= idle + BUFFERS + BESIDES, "{peak} KiB at the peak, {idle} before");
    tokio::time::sleep(Duration::from_secs(if guesses < GUESSES { 8 } else { 15 })).await;
    let after = panel.size().0;
    assert!(after <= idle + BESIDES, "{after} KiB afterwards, {idle} before");
    let [idle, peak, after] = [idle, peak, after].map(|kib| kib / 1024);
    say(&format!("  {idle} MiB before, {peak} at the peak, {after} afterwards"));
    format!("resident {idle} MiB before, {peak} at the peak, {after} afterwards")
}
