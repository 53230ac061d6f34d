//! Races (promises 1, 2, 3, 6, 7, 9): on one process, and on two replicas over one PostgreSQL.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nyckel::model::Clock;
use nyckel::simulator::{Fault, Times};
use tokio::task::JoinSet;

use super::forms::Form;
use super::memory::Memory;
use super::owners::{self, LinkAndCode};
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

/// The three ways in which a new password can be handed over. Of five rounds one goes by link and one is a lock-out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Shown,
    Link,
    Nobody,
}

impl Way {
    const fn of_round(n: u64) -> Self {
        match n % 5 {
            1 => Self::Link,
            3 => Self::Nobody,
            _ => Self::Shown,
        }
    }

    /// Whether this page gives what staff are given: the password, or link and code.
    fn is_given_on(self, page: &Answer) -> bool {
        match self {
            Self::Shown => page.password().is_some(),
            Self::Link => LinkAndCode::on(page).is_some(),
            Self::Nobody => false,
        }
    }
}

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
             20 posts of one form, shown, by link and lock-outs, double clicks, two people, 5 to 20 looks at one result, \
             previews; late effects"
        } else {
            "races on one process over SQLite: 2 to 20 posts of one form, shown, by link and lock-outs, double clicks, two \
             people, posts cut and repeated, 5 to 20 looks at one result, previews; late effects"
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
            for n in 0..share {
                let address = free.lock().unwrap().pop_front().unwrap();
                round(&stage, &people, (&address, Way::of_round(n)), &mut rng).await;
                free.lock().unwrap().push_back(address);
            }
        });
    }
    at_work.join_all().await;
}

/// One round: one confirmation or two, one call, one showing where the password is handed over.
async fn round(stage: &Stage, [eva, bo]: &[Person; 2], account: (&str, Way), rng: &mut Rng) {
    let (address, way) = account;
    let form = opened(eva, account).await;
    let act = rng.between(0, 4);
    if act == 0 {
        one_of_two(eva, bo, account, &form).await;
    }
    let before = stage.truth(address).0;
    let form = if act == 0 { opened(eva, account).await } else { form };
    let result = match act {
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
    let pages = pages.await;
    let (calls, opens) = stage.truth(address);
    assert_eq!(calls, before + 1, "calls for {address}");
    let shown: Vec<String> = match way {
        Way::Shown | Way::Nobody => pages.iter().filter_map(Answer::password).collect(),
        Way::Link => read_by_owner(eva, &pages).await,
    };
    let one = if way == Way::Nobody { None } else { opens.clone() };
    assert_eq!(shown, one.into_iter().collect::<Vec<_>>(), "one of {looks} looks gives what opens the mailbox");
    let staffs = pages.iter().any(|page| way != Way::Shown && page.body.contains(opens.as_ref().unwrap()));
    assert!(!staffs, "staff see a password that is not for them");
}

/// The owner reads with the one link and the one code that staff were shown, with a double tap.
async fn read_by_owner(eva: &Person, pages: &[Answer]) -> Vec<String> {
    let given: Vec<LinkAndCode> = pages.iter().filter_map(LinkAndCode::on).collect();
    let [LinkAndCode { path, code }] = &given[..] else { panic!("link and code were shown {} times", given.len()) };
    let owner = eva.signed_out();
    // Not through the balancer, which sends each post to both: whose answer it passes on is not the owner's choice.
    let read = tokio::join!(owners::types(&owner, 1, path, code), owners::types(&owner, 2, path, code));
    [read.0, read.1].iter().filter_map(Answer::password).collect()
}

/// The form that asks whether to reset the password, or to lock the account out.
async fn opened(person: &Person, (address, way): (&str, Way)) -> Form {
    let page = if way == Way::Nobody { "lock-out" } else { "reset" };
    let form = person.opens(0, &format!("/accounts/{address}/{page}")).await.unwrap();
    let form = form.unwrap_or_else(|page| panic!("no confirmation: {}", page.body));
    if way == Way::Link { form.with("hand_over", "link") } else { form }
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
async fn one_of_two(eva: &Person, bo: &Person, account: (&str, Way), form: &Form) {
    let other = opened(bo, account).await;
    let (of_eva, of_bo) = tokio::join!(eva.posts(0, form), bo.posts(1, &other));
    let (of_eva, of_bo) = (of_eva.unwrap(), of_bo.unwrap());
    let mut statuses = [of_eva.status, of_bo.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}{}", of_eva.body, of_bo.body);
    let (won, lost, winner, loser) =
        if of_eva.status == 303 { (of_eva, of_bo, eva, bo) } else { (of_bo, of_eva, bo, eva) };
    assert!(lost.body.contains(&*winner.name), "the second does not learn who: {}", lost.body);
    assert_ne!(loser.reads(0, &won.location).await.unwrap().status, 201, "somebody else's session");
    let page = winner.reads(1, &won.location).await.unwrap();
    assert_eq!(account.1.is_given_on(&page), account.1 != Way::Nobody, "{}", page.body);
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
        assert_ne!(page.unwrap().status, 201, "a preview shows the password, or link and code");
    }
}

/// GleSYS does a timed-out reset 45 s late. Whoever resets again meanwhile is held off, and the password that is shown in
/// the end is the one that works.
async fn late_effect(stage: &Stage, eva: &Person, address: &str) {
    stage.glesys.fault(RESET, Fault::LateEffect(Duration::from_secs(45)), Times::Once);
    let form = opened(eva, (address, Way::Shown)).await;
    let first = eva.posts(0, &form).await.unwrap();
    tokio::time::sleep(TIMED_OUT).await;
    assert!(eva.reads(0, &first.location).await.unwrap().body.contains("We don’t know if the password was reset"));
    let page = eva.opens_reset(0, address).await.unwrap();
    assert!(page.is_err_and(|page| page.status == 409), "held off");
    tokio::time::sleep(COOLED_DOWN).await;
    let again = opened(eva, (address, Way::Shown)).await;
    let second = eva.posts(0, &again).await.unwrap();
    let shown = eva.reads(0, &second.location).await.unwrap().password();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(shown.is_some());
    assert_eq!(shown, stage.truth(address).1, "the late first reset voided the password that was shown");
}
