//! How quickly the directory finds among 100 000 accounts, and how many bytes it takes to keep them.
//!
//! `cargo bench --bench search [-- ACCOUNTS SEED]` starts a simulated GleSYS with so many made-up accounts, reads all of them as
//! the panel does, and asks for parts of what is there and for what is not. It prints figures and judges nothing.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::Context;
use nyckel::access::{CanSome, Gate, ViewMail};
use nyckel::glesys::{Breaker, Connection, Reader, Timing};
use nyckel::model::{Clock, Entropy};
use nyckel::services::Directory;
use nyckel::simulator::{DEMO_KEY, PROJECT, Simulator, State};
use peak_alloc::PeakAlloc;
use secrecy::SecretString;
use tokio::net::TcpListener;

#[global_allocator]
static BYTES: PeakAlloc = PeakAlloc;

/// How many queries of each kind are asked.
const QUERIES: usize = 2000;

/// Well-spread numbers (splitmix64), the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap_or(1)).unwrap_or(0)
    }

    /// A part of a text, of so many signs.
    fn part(&mut self, text: &str, signs: usize) -> String {
        let from = self.below(text.len().saturating_sub(signs) + 1);
        text.chars().skip(from).take(signs).collect()
    }
}

/// What people type, by kind.
fn queries(addresses: &[String], dice: &mut Dice) -> BTreeMap<&'static str, Vec<String>> {
    let mut queries = BTreeMap::new();
    let mut ask = |kind, query: String| queries.entry(kind).or_insert_with(Vec::new).push(query);
    for _ in 0..QUERIES {
        let address = &addresses[dice.below(addresses.len())];
        let (local, domain) = address.split_once('@').unwrap_or((address, ""));
        let (first, last) = local.split_once('.').unwrap_or((local, ""));
        ask("the first 1 to 4 signs", address.chars().take(1 + dice.below(4)).collect());
        ask("a part of 2 signs", dice.part(local, 2));
        ask("a part of 3 to 6 signs", {
            let signs = 3 + dice.below(4);
            dice.part(local, signs)
        });
        ask("two words", format!("{last} {}", first.chars().take(1 + dice.below(5)).collect::<String>()));
        ask("a whole address", address.clone());
        ask("a part of the domain", {
            let signs = 3 + dice.below(4);
            dice.part(domain, signs)
        });
        ask("what is not there", format!("{}qx", dice.part(local, 3)));
    }
    queries
}

fn entropy() -> Entropy {
    Entropy::new(|bytes| bytes.fill(7))
}

/// Everything read into a directory, and the bytes that this has taken.
async fn read(state: State) -> anyhow::Result<(Directory, usize, Duration)> {
    let clock = Clock::system();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let base_url = format!("http://{}", listener.local_addr()?).parse()?;
    let glesys = Simulator::new(state, clock.clone(), entropy());
    tokio::spawn(glesys.serve(listener, std::future::pending()));
    let (project, api_key) = (PROJECT.to_owned(), SecretString::from(DEMO_KEY).into());
    let connection =
        Connection { label: project.clone(), base_url, project, api_key, breaker: Breaker::new(clock.clone()) };
    let directory = Directory::new(Reader::new(&[connection], &Timing::default())?, clock);
    let (before, begun) = (BYTES.current_usage(), Instant::now());
    anyhow::ensure!(directory.read_all().await, "not all domains could be read");
    Ok((directory, BYTES.current_usage().saturating_sub(before), begun.elapsed()))
}

async fn timed(directory: &Directory, can: &CanSome<ViewMail>, queries: &[String]) -> (Vec<Duration>, usize) {
    let (mut took, mut hits) = (Vec::new(), 0);
    for query in queries {
        let begun = Instant::now();
        hits += directory.search(can, query).await.len();
        took.push(begun.elapsed());
    }
    took.sort();
    (took, hits)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let numbers: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let accounts = usize::try_from(*numbers.first().unwrap_or(&100_000))?;
    let seed = *numbers.get(1).unwrap_or(&1);
    let state = State::generated(accounts, seed);
    let addresses: Vec<String> = state.domains.values().flat_map(|domain| domain.accounts.keys().cloned()).collect();
    let queries = queries(&addresses, &mut Dice(seed));
    let (directory, bytes, took) = read(state).await?;
    let can = Gate::of_the_command_line().context("no gate")?.can_some::<ViewMail>()?;
    let mut out = io::stdout().lock();
    writeln!(out, "seed {seed}; {directory:?}; read in {took:.1?}")?;
    let mib = bytes * 10 / (1 << 20);
    writeln!(out, "kept in {}.{} MiB, {} bytes an account", mib / 10, mib % 10, bytes / accounts.max(1))?;
    writeln!(out, "| {QUERIES} queries each | median | 99th percentile | slowest | hits |\n|---|---|---|---|---|")?;
    let mut all = Vec::new();
    for (kind, queries) in &queries {
        let (took, hits) = timed(&directory, &can, queries).await;
        line(&mut out, kind, &took, hits)?;
        all.extend(took);
    }
    all.sort();
    line(&mut out, "all together", &all, 0)
}

fn line(out: &mut impl Write, kind: &str, took: &[Duration], hits: usize) -> anyhow::Result<()> {
    let at = |percent: usize| took.get((took.len() * percent / 100).min(took.len() - 1)).copied().unwrap_or_default();
    Ok(writeln!(out, "| {kind} | {:.2?} | {:.2?} | {:.2?} | {hits} |", at(50), at(99), at(100))?)
}
