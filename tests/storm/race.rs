//! Races (promises 1, 2, 3, 6, 7, 9): on one process, and on two replicas over one PostgreSQL.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nyckel::model::Clock;
use nyckel::simulator::{Fault, Times};
use tokio::task::JoinSet;

use super::forms::Form;
use super::memory::Memory;
use super::people::{Answer, Person};
use super::rng::Rng;
use super::run::Told;
use super::stage::{On, Plan, RESET, Stage};
use super::verdict;

/// How many rounds run at once.
const AT_ONCE: usize = 6;
/// The panel's time-out on a reset, the cool-down after it, and a little.
const TIMED_OUT: Duration = Duration::from_secs(32);
const COOLED_DOWN: Duration = Duration::from_secs(62);

/// Many rounds, each on an account that no other round uses meanwhile. `None` where there is no PostgreSQL for replicas.
pub async fn races(rounds: u64, replicas: bool, late: u64, mut rng: Rng) -> Option<Told> {
    let plan = Plan { accounts: 400, people: 2 * AT_ONCE, log: "warn", on: On::replicated(replicas), data: None };
    let stage = Arc::new(Stage::sets(plan, &mut rng).await?);
    let mut free: VecDeque<String> = stage.addresses.iter().cloned().collect();
    let mut lates = JoinSet::new();
    for n in 0..late {
        let (stage, address) = (stage.clone(), free.pop_front().unwrap());
        let person = stage.people[usize::try_from(n).unwrap() % stage.people.len()].clone();
        lates.spawn(async move { late_effect(&stage, &person, &address).await });
    }
    // Their faults strike the first calls; the rounds come after them.
    while (stage.glesys.calls_to(RESET) as u64) < late {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stage.glesys.fault(RESET, Fault::Slow(Duration::from_millis(10)), Times::Chance(0.5));
    rage(&stage, &Arc::new(Mutex::new(free)), rounds, &mut rng).await;
    while let Some(ended) = lates.join_next().await {
        ended.unwrap();
    }
    let operations = verdict::judge(&stage, &Memory::default(), Clock::system().now()).await.operations.len();
    Some(Told {
        promise: "1, 2, 3, 6, 7, 9",
        what: if replicas {
            "races on two replicas over PostgreSQL, behind a balancer that sends posts to both and repeats cut ones: 2 to \
             20 posts of one form, double clicks, two people, 5 to 20 looks at one result, previews; late effects"
        } else {
            "races on one process over SQLite: 2 to 20 posts of one form, double clicks, two people, posts cut and \
             repeated, 5 to 20 looks at one result, previews; late effects"
        },
        count: format!("{rounds} rounds, {late} late effects, {operations} operations"),
        result: "0 second calls, 0 second showings, 0 errors; each password shown opens its mailbox".to_owned(),
    })
}

async fn rage(stage: &Arc<Stage>, free: &Arc<Mutex<VecDeque<String>>>, rounds: u64, rng: &mut Rng) {
    let mut at_work = JoinSet::new();
    for worker in 0..AT_ONCE {
        let (stage, free, mut rng) = (stage.clone(), free.clone(), rng.fork());
        let share = rounds / AT_ONCE as u64 + u64::from((worker as u64) < rounds % AT_ONCE as u64);
        at_work.spawn(async move {
            let people = [stage.people[2 * worker].clone(), stage.people[2 * worker + 1].clone()];
            for _ in 0..share {
                let address = free.lock().unwrap().pop_front().unwrap();
                round(&stage, &people, &address, &mut rng).await;
                free.lock().unwrap().push_back(address);
            }
        });
    }
    at_work.join_all().await;
}

/// One round: one confirmation or two, one call, one showing.
async fn round(stage: &Stage, [eva, bo]: &[Person; 2], address: &str, rng: &mut Rng) {
    let form = opened(eva, address).await;
    let way = rng.between(0, 4);
    if way == 0 {
        one_of_two(eva, bo, address, &form).await;
    }
    let before = stage.truth(address).0;
    let form = if way == 0 { opened(eva, address).await } else { form };
    let result = match way {
        1 => double_click(eva, &form, rng).await,
        2 => cut_and_repeated(eva, &form, rng).await,
        _ => posted_together(eva, &form, rng.between(2, 21)).await,
    };
    previews(eva, bo, &result).await;
    let looks = rng.between(5, 21);
    let pages = together(looks, |n| {
        let (eva, result) = (eva.clone(), result.clone());
        async move { eva.reads(n, &result).await.unwrap() }
    });
    let shown: Vec<String> = pages.await.iter().filter_map(Answer::password).collect();
    let (calls, opens) = stage.truth(address);
    assert_eq!(calls, before + 1, "calls for {address}");
    assert_eq!(shown, opens.into_iter().collect::<Vec<_>>(), "one of {looks} looks holds what opens the mailbox");
}

async fn opened(person: &Person, address: &str) -> Form {
    person.opens_reset(0, address).await.unwrap().unwrap_or_else(|page| panic!("no confirmation: {}", page.body))
}

/// So many at once.
async fn together<F: Future<Output = Answer> + Send + 'static>(times: u64, act: impl Fn(usize) -> F) -> Vec<Answer> {
    let mut acts = JoinSet::new();
    for n in 0..times {
        acts.spawn(act(usize::try_from(n).unwrap()));
    }
    acts.join_all().await
}

/// Everybody is sent to the same result.
fn agreed(answers: &[Answer]) -> String {
    for answer in answers {
        assert_eq!((answer.status, &answer.location), (303, &answers[0].location), "{}", answer.body);
    }
    answers[0].location.clone()
}

async fn posted_together(eva: &Person, form: &Form, times: u64) -> String {
    let answers = together(times, |n| {
        let (eva, form) = (eva.clone(), form.clone());
        async move { eva.posts(n, &form).await.unwrap() }
    });
    agreed(&answers.await)
}

/// Some at the pace of people, most compressed.
async fn double_click(eva: &Person, form: &Form, rng: &mut Rng) -> String {
    let pause = if rng.between(0, 10) == 0 { rng.millis(30, 1500) } else { rng.millis(0, 60) };
    let (first, second) = tokio::join!(eva.posts(0, form), async {
        tokio::time::sleep(pause).await;
        eva.posts(1, form).await
    });
    agreed(&[first.unwrap(), second.unwrap()])
}

/// The browser leaves, or a proxy loses patience, and the same form comes again at the other replica.
async fn cut_and_repeated(eva: &Person, form: &Form, rng: &mut Rng) -> String {
    for n in 0..2 {
        // An answer in time is what a browser that left does not get to see.
        drop(tokio::time::timeout(rng.millis(0, 25), eva.posts(n, form)).await);
    }
    agreed(&[eva.posts(1, form).await.unwrap()])
}

/// Two people confirm at once: one resets, the other learns that somebody was faster, and sees no password.
async fn one_of_two(eva: &Person, bo: &Person, address: &str, form: &Form) {
    let other = opened(bo, address).await;
    let (of_eva, of_bo) = tokio::join!(eva.posts(0, form), bo.posts(1, &other));
    let (of_eva, of_bo) = (of_eva.unwrap(), of_bo.unwrap());
    let mut statuses = [of_eva.status, of_bo.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}{}", of_eva.body, of_bo.body);
    let (won, lost, winner, loser) =
        if of_eva.status == 303 { (of_eva, of_bo, eva, bo) } else { (of_bo, of_eva, bo, eva) };
    assert!(lost.body.contains(&*winner.name), "the second does not learn who: {}", lost.body);
    assert!(loser.reads(0, &won.location).await.unwrap().password().is_none(), "somebody else's session");
    assert!(winner.reads(1, &won.location).await.unwrap().password().is_some());
}

/// Whatever looks at a result without being a person's navigation, or being another person, uses nothing up.
async fn previews(eva: &Person, bo: &Person, result: &str) {
    let looks = [
        eva.fetches(0, "HEAD", result, ("sec-fetch-mode", "navigate")).await,
        eva.fetches(1, "GET", result, ("sec-purpose", "prefetch;prerender")).await,
        eva.fetches(0, "GET", result, ("sec-fetch-dest", "empty")).await,
        eva.fetches(1, "GET", result, ("sec-fetch-site", "cross-site")).await,
        bo.visits(0, result).await,
    ];
    for page in looks {
        assert!(page.unwrap().password().is_none(), "a preview shows the password");
    }
}

/// GleSYS does a timed-out reset 45 s late. Whoever resets again meanwhile is held off, and the password that is shown in
/// the end is the one that works.
async fn late_effect(stage: &Stage, eva: &Person, address: &str) {
    stage.glesys.fault(RESET, Fault::LateEffect(Duration::from_secs(45)), Times::Once);
    let form = opened(eva, address).await;
    let first = eva.posts(0, &form).await.unwrap();
    tokio::time::sleep(TIMED_OUT).await;
    assert!(eva.reads(0, &first.location).await.unwrap().body.contains("We don’t know if the password was reset"));
    let page = eva.opens_reset(0, address).await.unwrap();
    assert!(page.is_err_and(|page| page.status == 409), "held off");
    tokio::time::sleep(COOLED_DOWN).await;
    let again = opened(eva, address).await;
    let second = eva.posts(0, &again).await.unwrap();
    let shown = eva.reads(0, &second.location).await.unwrap().password();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(shown.is_some());
    assert_eq!(shown, stage.truth(address).1, "the late first reset voided the password that was shown");
}
