//! Links for owners (promise 41): read once however many come with link and code at the same time, on one process or on two
//! replicas over one PostgreSQL; scanned, guessed at, revoked and overtaken meanwhile.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use nyckel::model::Clock;
use tokio::task::JoinSet;

use super::forms::Form;
use super::memory::Memory;
use super::owners::{self, LinkAndCode};
use super::people::{Answer, Person};
use super::rng::Rng;
use super::run::Told;
use super::stage::{On, Plan, Stage};
use super::verdict;

/// How many rounds run at once. All owners come from one network, of which only so many may wait for their code to be tried.
const AT_ONCE: usize = 3;
/// So many codes may be tried on a link.
const TRIES: usize = 5;

/// What staff were shown, and who was.
struct Handed<'a> {
    eva: &'a Person,
    owner: Person,
    address: &'a str,
    /// The operation's page.
    result: String,
    path: String,
    code: String,
}

/// Many rounds, each on an account that no other round uses meanwhile. `None` where there is no PostgreSQL for replicas.
pub async fn are_read(rounds: u64, replicas: bool, mut rng: Rng) -> Option<Told> {
    let plan = Plan { accounts: 100, people: 2 * AT_ONCE, log: "warn", on: On::replicated(replicas), data: None };
    let stage = Arc::new(Stage::sets(plan, &mut rng).await?);
    let free: Arc<Mutex<VecDeque<String>>> = Arc::new(Mutex::new(stage.addresses.iter().cloned().collect()));
    let (read, mut at_work) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for worker in 0..AT_ONCE {
        let (stage, free, read, mut rng) = (stage.clone(), free.clone(), read.clone(), rng.fork());
        let share = rounds / AT_ONCE as u64 + u64::from((worker as u64) < rounds % AT_ONCE as u64);
        at_work.spawn(async move {
            let people = [stage.people[2 * worker].clone(), stage.people[2 * worker + 1].clone()];
            for _ in 0..share {
                let address = free.lock().unwrap().pop_front().unwrap();
                let is_read = round(&stage, &people, &address, &mut rng).await;
                read.fetch_add(usize::from(is_read), Ordering::Relaxed);
                free.lock().unwrap().push_back(address);
            }
        });
    }
    at_work.join_all().await;
    let operations = verdict::judge(&stage, &Memory::default(), Clock::system().now()).await.operations.len();
    let (read, on) = (read.load(Ordering::Relaxed), if replicas { "two replicas over PostgreSQL" } else { "SQLite" });
    assert!(read > 0, "nobody read anything");
    Some(Told {
        promise: "41",
        what: "links for owners: 2 to 5 posts of the right code at once, also among wrong ones; 100 scanners; 12 guesses at \
               once; revoked, or overtaken by another reset, while 3 owners read",
        count: format!("{rounds} rounds on {on}, {operations} operations, {read} passwords read"),
        result: "0 second readings, 0 passwords that don't open the mailbox, 0 after the fifth code, a revocation or another \
                 reset; staff shown none"
            .to_owned(),
    })
}

/// One link from its making to its end; whether somebody read the password.
async fn round(stage: &Stage, [eva, bo]: &[Person; 2], address: &str, rng: &mut Rng) -> bool {
    let handed = hands_over(eva, address).await;
    let opens = stage.truth(address).1.unwrap();
    let (times, wrong) = (usize::try_from(rng.between(2, 6)).unwrap(), usize::try_from(rng.between(1, 4)).unwrap());
    let way = rng.between(0, 6);
    let read = match way {
        0 => {
            handed.scans().await;
            handed.tries(1, 0).await
        }
        // One fewer than there may be: a wrong one that comes last ends the link, whatever was tried at the same time.
        1 => handed.tries(TRIES - 1 - wrong, wrong).await,
        2 => {
            assert_eq!(handed.tries(0, 12).await, Vec::<String>::new());
            handed.tries(1, 0).await
        }
        3 => {
            let revoke = Form::to(format!("{}/revoke", handed.result), Vec::new());
            let (read, revoked) = tokio::join!(handed.tries(3, 0), eva.posts(1, &revoke));
            assert_eq!(revoked.unwrap().status, 303);
            read
        }
        4 => {
            let form = opened(bo, address).await;
            let (read, again) = tokio::join!(handed.tries(3, 0), bo.posts(1, &form));
            let shown = bo.reads(0, &again.unwrap().location).await.unwrap().password();
            assert_eq!(shown, stage.truth(address).1, "what was shown last opens the mailbox");
            read
        }
        _ => handed.tries(times, 0).await,
    };
    assert!(
        read.iter().all(|password| *password == opens) && read.len() <= 1,
        "{address}, way {way}: {} read",
        read.len()
    );
    assert!(matches!(way, 2..=4) || read.len() == 1, "{address}, way {way}: nobody read it");
    assert!(way != 2 || read.is_empty(), "{address}: read after the fifth code");
    // Whatever happened, it is over.
    assert_eq!(handed.tries(1, 0).await, Vec::<String>::new(), "{address}, way {way}: read once more");
    let told = eva.reads(0, &handed.result).await.unwrap();
    assert!(!told.body.contains(&opens) && told.password().is_none(), "staff see the password");
    !read.is_empty()
}

async fn opened(person: &Person, address: &str) -> Form {
    person.opens_reset(0, address).await.unwrap().unwrap_or_else(|page| panic!("no confirmation: {}", page.body))
}

/// Resets by link; with what the page then shows.
async fn hands_over<'a>(eva: &'a Person, address: &'a str) -> Handed<'a> {
    let form = opened(eva, address).await.with("hand_over", "link");
    let result = eva.posts(1, &form).await.unwrap().location;
    let page = eva.reads(0, &result).await.unwrap();
    let LinkAndCode { path, code } = LinkAndCode::on(&page).unwrap_or_else(|| panic!("no link: {}", page.body));
    Handed { eva, owner: eva.signed_out(), address, result, path, code }
}

impl Handed<'_> {
    /// So many right and wrong codes at once, at both replicas: the passwords that came of it.
    async fn tries(&self, right: usize, wrong: usize) -> Vec<String> {
        let mut tries = JoinSet::new();
        for n in 0..right + wrong {
            // Those who have the right one are neither the first nor the last.
            let is_right = (wrong.div_ceil(2)..wrong.div_ceil(2) + right).contains(&n);
            let (owner, path) = (self.owner.clone(), self.path.clone());
            let code = if is_right { self.code.clone() } else { format!("{:08}", (n + 1) * 11) };
            // Not through the balancer, which sends each post to both: whose answer it passes on is not the owner's choice.
            tries.spawn(async move { owners::types(&owner, 1 + n % 2, &path, &code).await });
        }
        tries.join_all().await.iter().filter_map(Answer::password).collect()
    }

    /// Whatever opens links without being asked to.
    async fn scans(&self) {
        for n in 0..25 {
            let looks = [
                self.owner.fetches(n, "HEAD", &self.path, ("sec-fetch-mode", "navigate")).await,
                self.owner.fetches(n, "GET", &self.path, ("sec-purpose", "prefetch;prerender")).await,
                self.owner.fetches(n, "GET", &self.path, ("sec-fetch-site", "cross-site")).await,
                self.eva.visits(n, &self.path).await,
            ];
            for page in looks {
                assert_eq!(page.unwrap().status, 200, "{}", self.address);
            }
        }
    }
}
