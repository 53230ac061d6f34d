//! An audit of years (promise 25): how long verifying it takes, taking all of it along, and finding in it what one looks
//! for. Figures are told, not judged; that everything is found and verifies is judged.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use nyckel::config::{Config, Needs};
use nyckel::model::{Address, AuditEvent, AuditKind, Clock, Entropy, Outcome, WhyNot, WhyUnknown};
use nyckel::server;
use nyckel::store::Purpose;

use tokio::task::JoinSet;

use super::people::Person;
use super::rng::Rng;
use super::run::{Told, say};
use super::stage::{On, Plan, Stage};

/// Rows that are recorded in one transaction.
const BATCH: u64 = 5000;
/// How many pages one person asks for at once.
const AT_ONCE: usize = 40;
/// How often each page is asked for.
const LOOKS: usize = 20;
/// 23 November 2023, in milliseconds: the audit is of three years.
const BEGINNING: i64 = 1_700_697_600_000;
const THREE_YEARS: i64 = 3 * 365 * 24 * 3_600_000;

/// `None` where PostgreSQL is wanted and there is none.
pub async fn grows(rows: u64, replicas: bool, mut rng: Rng) -> Option<Told> {
    let plan = Plan { accounts: 300, people: 1, log: "info", on: On::replicated(replicas), data: None };
    let stage = Stage::sets(plan, &mut rng).await?;
    stage.settings.hires("reader", "auditor", super::stage::PASSWORD);
    let reader = stage.people[0].colleague("reader").await;
    fills(&stage, rows, &mut rng).await;

    let begun = Instant::now();
    let verified = stage.settings.verifies();
    let verifying = begun.elapsed();
    say(&format!("  {verified} ({:.1} s)", verifying.as_secs_f64()));
    let begun = Instant::now();
    let lines = stage.settings.exports_csv();
    let exporting = begun.elapsed();
    assert!(lines > rows, "{lines} lines of CSV for {rows} rows");
    let pages = looks(&reader, &stage.addresses[0]).await;
    let meanwhile = many_at_once(&reader, &stage.people[0]).await;
    stage.settings.verifies();
    Some(Told {
        promise: "25",
        what: if replicas { "a long audit on PostgreSQL" } else { "a long audit on SQLite" },
        count: format!("{rows} rows"),
        result: format!(
            "verified in {:.1} s; all of it as CSV in {:.1} s; {pages}; {meanwhile}",
            verifying.as_secs_f64(),
            exporting.as_secs_f64()
        ),
    })
}

/// Appends rows the way the panel does, with the panel's own store and key.
async fn fills(stage: &Stage, rows: u64, rng: &mut Rng) {
    let entropy = Entropy::new(|bytes| bytes.fill(1));
    let config = Config::read(stage.settings.0.clone(), Needs::DatabaseOnly, &entropy);
    let store =
        server::open_store(&config.unwrap_or_else(|why| panic!("{why:?}")), Purpose::Serve, Clock::system(), entropy)
            .await
            .unwrap();
    let mut recorded = 0;
    while recorded < rows {
        let batch = BATCH.min(rows - recorded);
        let mut tx = store.write().await.unwrap();
        for n in recorded..recorded + batch {
            tx.record(&event(n, rows, &stage.addresses, rng)).await.unwrap();
        }
        tx.commit().await.unwrap();
        recorded += batch;
    }
    store.close().await;
}

fn event(n: u64, rows: u64, addresses: &[String], rng: &mut Rng) -> AuditEvent {
    let share = i64::try_from(n).unwrap() * (THREE_YEARS / i64::try_from(rows).unwrap());
    let at = Timestamp::from_millisecond(BEGINNING + share).unwrap();
    let kind = *rng.one_of(&AuditKind::ALL);
    let (is_outcome, address): (_, &String) = (kind == AuditKind::ResetOutcome, rng.one_of(addresses));
    let timed_out = Outcome::Not(WhyNot::Unknown(WhyUnknown::Timeout));
    let outcome = if rng.between(0, 50) == 0 { timed_out } else { Outcome::Done };
    AuditEvent {
        staff_name: Some(format!("person{}", rng.between(0, 50))),
        address: kind.name().starts_with("reset.").then(|| Address::parse(address).unwrap()),
        outcome: is_outcome.then(|| outcome.code()),
        client: Some(format!("192.0.2.{}", rng.between(0, 255))),
        reference: Some(format!("{:016x}", rng.next())),
        ..AuditEvent::new(kind, at)
    }
}

/// Every way of looking for something, one thing at a time and two that rarely meet.
async fn looks(reader: &Person, address: &str) -> String {
    let domain = address.split_once('@').unwrap().1;
    let pages = [
        "/audit".to_owned(),
        "/audit?kind=reset.outcome".to_owned(),
        "/audit?staff=person7".to_owned(),
        "/audit?staff=nobody-at-all".to_owned(),
        format!("/audit?address={address}"),
        format!("/audit?domain={domain}"),
        "/audit?domain=never.example".to_owned(),
        "/audit?outcome=unknown".to_owned(),
        "/audit?outcome=refused".to_owned(),
        "/audit?from=2024-02-01&to=2024-02-02".to_owned(),
        "/audit?staff=person7&outcome=unknown".to_owned(),
        format!("/audit?kind=reset.shown&address={address}&from=2025-01-01"),
    ];
    let mut medians = Vec::new();
    for page in &pages {
        let mut took = Vec::new();
        for _ in 0..LOOKS {
            let begun = Instant::now();
            assert_eq!(reader.visits(0, page).await.unwrap().status, 200, "{page}");
            took.push(begun.elapsed());
        }
        took.sort();
        medians.push((took[LOOKS / 2], page));
        say(&format!("  {page}: median {:.1} ms", millis(took[LOOKS / 2])));
    }
    medians.sort();
    let (slowest, page) = medians[medians.len() - 1];
    let median = millis(medians[medians.len() / 2].0);
    format!("a page of it in {median:.1} ms, the slowest, {page}, in {:.1} ms (medians of {LOOKS})", millis(slowest))
}

/// One person asks for much at once; how long somebody else waits for a page meanwhile.
async fn many_at_once(reader: &Person, other: &Person) -> String {
    let mut asking = JoinSet::new();
    for n in 0..AT_ONCE {
        let (reader, page) = (reader.clone(), format!("/audit?staff=person{n}&outcome=refused"));
        asking.spawn(async move { reader.visits(0, &page).await.unwrap().status });
    }
    let mut took = Vec::new();
    while !asking.is_empty() {
        let begun = Instant::now();
        assert_eq!(other.visits(0, "/").await.unwrap().status, 200);
        took.push(begun.elapsed());
        while let Some(answered) = asking.try_join_next() {
            let status = answered.unwrap();
            assert!(matches!(status, 200 | 503), "{status}");
        }
    }
    took.sort();
    let slowest = millis(took[took.len() - 1]);
    format!(
        "while one person asks for {AT_ONCE} at once, another's {} pages take {slowest:.0} ms at the most",
        took.len()
    )
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}
