//! An older copy of the database is put back under people at work, and accepted.

use std::collections::BTreeSet;
use std::time::Duration;

use super::forms::Form;
use super::memory::Memory;
use super::people::Person;
use super::rng::Rng;
use super::rounds::{misbehaves, work};
use super::run::Told;
use super::stage::{On, PASSWORD, Plan, Stage};

/// Who alone may accept anything and comes back with all others.
const BOSS: &str = "boss";

/// After so many copies the limits on signing in would keep people out of a panel: another one begins.
const AT_ONE_PANEL: usize = 5;

#[derive(Default)]
struct Counted {
    shown: usize,
    asked: usize,
    anew: usize,
    verified: String,
}

/// Again and again: copies the database under load, goes on, stops or kills the panel, puts the copy back, is refused,
/// accepts it, and has everybody come back. `None` where PostgreSQL is wanted and there is none.
pub async fn comes(rounds: u64, server: bool, mut rng: Rng) -> Option<Told> {
    let mut counted = Counted::default();
    for some in (1..=rounds).collect::<Vec<_>>().chunks(AT_ONE_PANEL) {
        let plan =
            Plan { accounts: 600, people: 4, log: "info", on: if server { On::Server } else { On::File }, data: None };
        let mut stage = Stage::sets(plan, &mut rng).await?;
        stage.settings.hires(BOSS, "admin", PASSWORD);
        for round in some {
            goes_back(&mut stage, *round, &mut counted, &mut rng).await;
        }
    }
    let Counted { shown, asked, anew, verified } = counted;
    let on = if server { "one process over PostgreSQL" } else { "one process over SQLite" };
    Some(Told {
        promise: "37, 42",
        what: "a copy of the database made under the load of 4 people, who go on; SIGTERM or SIGKILL, the copy put back, \
               refused, accepted (`accept-rollback`), everybody back with a new password",
        count: format!("{rounds} copies, {on}, {shown} passwords shown before, {anew} after"),
        result: format!(
            "exit code 2 each time; 0 sessions from before alive; 0 passwords shown again at {asked} results; each one \
             shown afterwards opens its mailbox; the audits verify, of the last panel: {verified}"
        ),
    })
}

async fn goes_back(stage: &mut Stage, round: u64, counted: &mut Counted, rng: &mut Rng) {
    misbehaves(&stage.glesys, false);
    let (memory, copy) = (Memory::default(), format!("copy_{round}"));
    let work = work(stage, &memory, rng);
    tokio::time::sleep(rng.millis(50, 400)).await;
    stage.database.keeps(&copy).await;
    tokio::time::sleep(rng.millis(50, 600)).await;
    if round.is_multiple_of(2) {
        stage.panels[0].is_killed();
    } else {
        assert!(tokio::task::block_in_place(|| stage.panels[0].is_asked_to_stop()).success());
    }
    work.join_all().await;
    stage.glesys.heal();
    // What a killed panel had sent ends by itself.
    tokio::time::sleep(Duration::from_millis(200)).await;
    stage.database.goes_back_to(&copy).await;
    let (ended, said) = stage.settings.clone().with("NYCKEL_LISTEN", "127.0.0.1:0").runs(&["serve"]);
    assert!(ended == Some(2) && said.contains("an older copy"), "{ended:?}: {said}");
    let links = accepts(stage);
    stage.panels[0].starts_again();
    let shown = memory.shown();
    assert!(shown.values().all(|passwords| passwords.len() == 1), "shown twice: {shown:?}");
    counted.shown += shown.len();
    let results: BTreeSet<String> = shown.into_keys().chain(memory.takes_promised().into_keys()).collect();
    counted.asked += results.len();
    for old in &stage.people {
        let page = old.visits(0, "/").await.unwrap();
        assert!(page.status != 200 || page.body.contains("Sign in"), "{} is still in: {page:?}", old.name);
        show_nothing(old, &results).await;
    }
    come_back(stage, &links).await;
    for person in &stage.people {
        show_nothing(person, &results).await;
        resets_something(stage, person, rng).await;
        counted.anew += 1;
    }
    let verified = stage.settings.verifies();
    counted.verified = verified.lines().find(|line| line.contains("rows verify")).unwrap_or_default().to_owned();
}

/// Accepts the database, keeping everybody; where the links lead that are printed.
fn accepts(stage: &Stage) -> Vec<(String, String)> {
    let names: Vec<&str> = stage.people.iter().map(|person| &*person.name).chain([BOSS]).collect();
    let keep = names.iter().flat_map(|name| ["--keep", name]);
    let arguments: Vec<&str> = ["accept-rollback", "--yes"].into_iter().chain(keep).collect();
    let (ended, said) = stage.settings.runs(&arguments);
    assert!(ended == Some(0) && said.contains("This database is an older copy"), "{ended:?}: {said}");
    // Each name stands at the beginning of the line before the link.
    let printed = said.lines().zip(said.lines().skip(1)).filter_map(|(name, link)| {
        let (name, path) = (name.split(' ').next()?, link.split_once("/invitations/")?.1);
        Some((name.to_owned(), format!("/invitations/{path}")))
    });
    printed.collect()
}

async fn show_nothing(person: &Person, results: &BTreeSet<String>) {
    for result in results {
        let page = person.visits(0, result).await.unwrap();
        assert!(page.password().is_none(), "{result} is shown to {} again", person.name);
    }
}

/// Everybody sets a password with their link and signs in anew.
async fn come_back(stage: &mut Stage, links: &[(String, String)]) {
    let mut people = Vec::new();
    for old in &stage.people {
        let (_, link) = links.iter().find(|(name, _)| **name == *old.name).unwrap();
        let password = vec![("password".to_owned(), PASSWORD.to_owned())];
        let answer = old.signed_out().posts(0, &Form::to(link.clone(), password)).await.unwrap();
        assert!(answer.status < 400, "{} can't come back: {answer:?}", old.name);
        people.push(old.colleague(&old.name).await);
    }
    stage.people = people;
}

/// Resets an account that does not rest from before.
async fn resets_something(stage: &Stage, person: &Person, rng: &mut Rng) {
    for _ in 0..50 {
        let address = rng.one_of(&stage.addresses);
        let Ok(form) = person.opens_reset(0, address).await.unwrap() else { continue };
        let answer = person.posts(0, &form).await.unwrap();
        assert_eq!(answer.status, 303, "{answer:?}");
        let password = person.reads(0, &answer.location).await.unwrap().password();
        assert!(password.is_some() && password == stage.truth(address).1, "{address} is not reset");
        return;
    }
    panic!("nothing can be reset any more");
}
