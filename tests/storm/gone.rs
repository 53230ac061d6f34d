//! GleSYS hangs, is slow, is dead (promise 24): what people still do, and how quick it is. Figures are told, not judged.

use std::time::{Duration, Instant};

use nyckel::simulator::{Fault, Times};
use tokio::task::JoinSet;

use super::rng::Rng;
use super::run::{Told, say};
use super::stage::{On, Plan, Stage};

/// How old data may be before a page wants newer ones, and a little.
const STALE: Duration = Duration::from_secs(62);
/// Where the longer runs begin that wait until the data are stale.
const LONG: u64 = 10;

pub async fn goes(seconds: u64, mut rng: Rng) -> Told {
    let plan = Plan { accounts: 500, people: 8, log: "info", on: On::File, data: None };
    let mut stage = Stage::sets(plan, &mut rng).await.unwrap();
    let mut figures = Vec::new();
    for state in ["well", "hanging", "slow", "dead"] {
        match state {
            "hanging" => stage.glesys.fault_everywhere(Fault::HangBefore, Times::Always),
            "slow" => stage.glesys.fault_everywhere(Fault::Slow(Duration::from_secs(5)), Times::Always),
            "dead" => stage.glesys_goes_away().await,
            _ => {}
        }
        if seconds >= LONG && state != "well" {
            tokio::time::sleep(STALE).await;
        }
        let (count, median, p99) = crowd(&stage, seconds).await;
        let told = format!("{state}: {count} pages, median {median:.1} ms, p99 {p99:.1} ms");
        say(&format!("  {told}"));
        figures.push(told);
        stage.glesys.heal();
    }
    stage.glesys_comes_back().await;
    let again = comes_back(&stage).await;
    Told {
        promise: "24",
        what: "overview, domain, account and sign-in page with 8 visitors at once while GleSYS hangs, answers after 5 s, is dead",
        count: format!("{seconds} s each"),
        result: format!("{}; a reset works {:.0} s after it is back", figures.join("; "), again.as_secs_f64()),
    }
}

/// How many pages were seen, and in how many milliseconds.
async fn crowd(stage: &Stage, seconds: u64) -> (usize, f64, f64) {
    let mut visitors = JoinSet::new();
    let until = Instant::now() + Duration::from_secs(seconds);
    for (n, person) in stage.people.iter().enumerate() {
        let (person, address) = (person.clone(), stage.addresses[n].clone());
        let domain = format!("/domains/{}", address.split_once('@').unwrap().1);
        let paths = ["/".to_owned(), domain, format!("/accounts/{address}"), "/sign-in".to_owned()];
        visitors.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < until {
                for path in &paths {
                    let begun = Instant::now();
                    let page = person.visits(0, path).await.unwrap();
                    took.push(begun.elapsed().as_secs_f64() * 1000.0);
                    assert!(page.status == 200 || page.status == 303, "{path}: {}", page.status);
                }
            }
            took
        });
    }
    let mut took: Vec<f64> = visitors.join_all().await.into_iter().flatten().collect();
    took.sort_by(f64::total_cmp);
    (took.len(), took[took.len() / 2], took[took.len() * 99 / 100])
}

/// How long it takes until a reset works again by itself.
async fn comes_back(stage: &Stage) -> Duration {
    let (eva, address, begun) = (&stage.people[0], &stage.addresses[0], Instant::now());
    loop {
        if let Ok(form) = eva.opens_reset(0, address).await.unwrap() {
            let answer = eva.posts(0, &form).await.unwrap();
            if answer.status == 303 {
                let shown = eva.reads(0, &answer.location).await.unwrap().password();
                assert_eq!(shown, stage.truth(address).1);
                return begun.elapsed();
            }
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "GleSYS is back and the panel does not see it");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
