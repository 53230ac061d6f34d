//! Signing in and out under attack: guesses from everywhere at once, names told apart by time, hashing that starves the
//! panel, signing out while requests are under way (promises 13, 14, 15, 18).

use std::time::{Duration, Instant};

use reqwest::header::COOKIE;
use tokio::task::JoinSet;

use super::browser::{Browser, browsers};
use super::rng::Rng;
use super::run::{Told, say};
use super::stage::{On, PASSWORD, Plan, Stage};

/// Guesses of one name from anywhere that are looked at in a quarter of an hour (README).
const PER_NAME: usize = 100;
/// Sessions that one person begins in a run, fewer than may be tried.
const SESSIONS_A_PERSON: u64 = 90;
/// Samples of each kind of name.
const SAMPLES: usize = 60;
/// How many sign in at once while others look at pages.
const CROWD: usize = 200;

/// `None` where PostgreSQL is wanted and there is none.
pub async fn are_attacked(rounds: u64, mut rng: Rng) -> Option<Told> {
    // Over replicas where there is a PostgreSQL for them.
    let replicas = std::env::var("NYCKEL_TEST_POSTGRES").is_ok();
    let plan = Plan { accounts: 100, people: 1, log: "info", on: On::replicated(replicas), data: None };
    let stage = Stage::sets(plan, &mut rng).await?;
    let browsers = browsers(&stage);
    let people: Vec<String> = (0..=rounds / SESSIONS_A_PERSON).map(|n| format!("colleague{n}")).collect();
    for name in people.iter().map(String::as_str).chain(["target", "timed", "gone"]) {
        stage.settings.hires(name, "viewer", PASSWORD);
    }
    stage.settings.disables("gone");
    let guessed = guesses(&browsers, usize::try_from(rounds).unwrap().clamp(150, 3000), &mut rng).await;
    let told_apart = times(&browsers[0], &mut rng).await;
    let waited = crowd(&stage, &browsers[0], &mut rng).await;
    let outs = signs_out(&browsers, &people, rounds, &mut rng).await;
    Some(Told {
        promise: "13, 14, 15, 18",
        what: if replicas {
            "guesses from everywhere at once, kinds of names by time, 200 sign-ins at once, sign-outs with 4 requests under way; two replicas"
        } else {
            "guesses from everywhere at once, kinds of names by time, 200 sign-ins at once, sign-outs with 4 requests under way"
        },
        count: format!("{guessed} guesses, {SAMPLES} tries a kind, {rounds} sign-outs"),
        result: format!("{PER_NAME} guesses looked at, the known device not kept out; {told_apart}; {waited}; {outs}"),
    })
}

/// Guesses at one name from a network of its own each; the person's own browser goes on.
async fn guesses(browsers: &[Browser], count: usize, rng: &mut Rng) -> usize {
    let (status, _, device) = browsers[0].tries("target", PASSWORD, rng.next(), "").await;
    assert_eq!((status, device.is_empty()), (303, false));
    let mut tries = JoinSet::new();
    for n in 0..count {
        let (browser, from) = (browsers[n % browsers.len()].clone(), rng.next());
        tries.spawn(async move { browser.tries("target", "a-wrong-guess-of-many", from, "").await.0 });
    }
    let answers = tries.join_all().await;
    let looked_at = answers.iter().filter(|status| **status == 422).count();
    // Signing in was one of them. Where a window ended in between, there were two.
    assert!(looked_at == PER_NAME - 1 || looked_at < 2 * PER_NAME, "{looked_at} guesses were looked at");
    // The others were refused by the limit, or sent away from a full queue before anybody looked.
    let refused = answers.iter().filter(|status| matches!(**status, 429 | 503)).count();
    assert_eq!(refused, count - looked_at, "{answers:?}");
    let (outsider, ..) = browsers[0].tries("target", PASSWORD, rng.next(), "").await;
    let (own, ..) = browsers[0].tries("target", PASSWORD, rng.next(), &device).await;
    assert!(own == 303, "their own browser was kept out: {own}, and from elsewhere {outsider}");
    count
}

/// Whether a name that exists takes longer than one that doesn't. Told, not judged.
async fn times(browser: &Browser, rng: &mut Rng) -> String {
    let mut took: Vec<(&str, Vec<Duration>)> =
        ["timed", "gone", "nobody", "no+such+name!"].into_iter().map(|name| (name, Vec::new())).collect();
    for _ in 0..SAMPLES {
        for (name, times) in &mut took {
            let (from, begun) = (rng.next(), Instant::now());
            assert_eq!(browser.tries(name, "not-the-password", from, "").await.0, 422);
            times.push(begun.elapsed());
        }
    }
    let medians: Vec<f64> = took.into_iter().map(|(_, times)| millis(times, 50)).collect();
    format!(
        "existing, disabled, unknown and impossible names take {:.1}, {:.1}, {:.1} and {:.1} ms (medians)",
        medians[0], medians[1], medians[2], medians[3]
    )
}

/// What pages cost while many sign in at once. Told, not judged.
async fn crowd(stage: &Stage, browser: &Browser, rng: &mut Rng) -> String {
    let mut crowd = JoinSet::new();
    for n in 0..CROWD {
        let (browser, from) = (browser.clone(), rng.next());
        crowd.spawn(async move { browser.tries(&format!("nobody{n}"), "not-the-password", from, "").await.0 });
    }
    let (begun, mut pages) = (Instant::now(), Vec::new());
    while !crowd.is_empty() {
        let page = Instant::now();
        assert_eq!(stage.people[0].visits(0, "/").await.unwrap().status, 200);
        pages.push(page.elapsed());
        while let Some(done) = crowd.try_join_next() {
            assert_eq!(done.unwrap(), 422);
        }
    }
    let (count, crowded) = (pages.len(), begun.elapsed().as_secs_f64());
    let p99 = millis(pages, 99);
    say(&format!("  {CROWD} sign-ins took {crowded:.1} s; {count} pages meanwhile, p99 {p99:.1} ms"));
    format!("{CROWD} sign-ins at once leave other pages at p99 {p99:.1} ms")
}

/// Signs out while requests of the same session are under way, and looks whether anything of it is left.
async fn signs_out(browsers: &[Browser], people: &[String], rounds: u64, rng: &mut Rng) -> String {
    for round in 0..rounds {
        let n = usize::try_from(round).unwrap();
        let name = &people[n % people.len()];
        let (status, session, _) = browsers[n % browsers.len()].tries(name, PASSWORD, rng.next(), "").await;
        assert_eq!(status, 303, "{name} can't sign in in round {round}");
        let mut looks = JoinSet::new();
        for n in 0..4 {
            let look = browsers[n % browsers.len()].request("GET", "/", 1).header(COOKIE, &session);
            looks.spawn(async move { look.send().await.unwrap().status().as_u16() });
        }
        tokio::time::sleep(rng.millis(0, 3)).await;
        let out = browsers[(n + 1) % browsers.len()].request("POST", "/sign-out", 1).header(COOKIE, &session);
        assert_eq!(out.send().await.unwrap().status(), 303);
        looks.join_all().await;
        for browser in browsers {
            let after = browser.request("GET", "/", 1).header(COOKIE, &session).send().await.unwrap();
            assert_eq!(after.status(), 303, "round {round}: the session outlived its end");
        }
    }
    "0 sessions outlive their end".to_owned()
}

fn millis(mut took: Vec<Duration>, percent: usize) -> f64 {
    took.sort();
    took[(took.len() * percent / 100).min(took.len() - 1)].as_secs_f64() * 1000.0
}
