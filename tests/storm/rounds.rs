//! Load: people who reset account after account, as fast as they can, and remember every password that they were shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use nyckel::simulator::{Fault, Simulator, Times};
use tokio::task::JoinSet;

use super::people::Person;
use super::rng::Rng;
use super::stage::{RESET, Stage};

/// What people were shown, by the path of the result.
pub type Shown = Arc<Mutex<HashMap<String, Vec<String>>>>;

/// GleSYS is a little slow, and sometimes fails in each of the three worlds.
pub fn misbehaves(glesys: &Simulator) {
    let status = |http| Fault::Status { http, code: http, text: String::new(), envelope: true };
    let millis = std::time::Duration::from_millis;
    for (fault, chance) in [
        (Fault::CloseBefore, 0.02),
        (Fault::CloseAfter, 0.02),
        (Fault::HalfAnswer, 0.02),
        (status(400), 0.03),
        (status(500), 0.02),
        (Fault::Slow(millis(60)), 0.4),
        (Fault::Slow(millis(15)), 0.6),
    ] {
        glesys.fault(RESET, fault, Times::Chance(chance));
    }
}

/// Sets everybody to work; each ends when the panel does not answer any more.
pub fn work(stage: &Stage, shown: &Shown, rng: &mut Rng) -> JoinSet<()> {
    let mut work = JoinSet::new();
    for person in &stage.people {
        let (person, addresses) = (person.clone(), stage.addresses.clone());
        let (shown, mut rng) = (shown.clone(), rng.fork());
        work.spawn(async move {
            loop {
                let address = rng.one_of(&addresses).clone();
                if reset(&person, &address, &shown, &mut rng).await.is_err() {
                    return;
                }
            }
        });
    }
    work
}

/// Resets an account as people do: sometimes with a double click, sometimes without looking at the result.
async fn reset(person: &Person, address: &str, shown: &Shown, rng: &mut Rng) -> Result<(), reqwest::Error> {
    // In flight, cooling down, or GleSYS is being left alone.
    let Ok(form) = person.opens(0, address).await? else { return Ok(()) };
    let answer = if rng.between(0, 4) == 0 {
        let (first, second) = tokio::join!(person.confirms(0, &form), person.confirms(0, &form));
        let (first, second) = (first?, second?);
        let is_stopping = first.status == 503 || second.status == 503;
        let agree = (first.status, &first.location) == (second.status, &second.location);
        assert!(agree || is_stopping, "{} {} {}{}", first.status, second.status, first.body, second.body);
        if second.status == 303 { second } else { first }
    } else {
        person.confirms(0, &form).await?
    };
    // Somebody else was faster, or the panel is stopping.
    if answer.status != 303 {
        return Ok(());
    }
    if rng.between(0, 8) > 0 {
        reads(person, &answer.location, shown).await?;
    }
    Ok(())
}

/// Reads a result and remembers the password that it shows.
pub async fn reads(person: &Person, result: &str, shown: &Shown) -> Result<(), reqwest::Error> {
    let page = person.reads(0, result).await?;
    if let Some(password) = page.password() {
        shown.lock().unwrap().entry(result.to_owned()).or_default().push(password);
    }
    Ok(())
}

/// Every password was shown once, with a record of it, and is one that GleSYS made for that account.
pub async fn judge_shown(stage: &Stage, shown: &Shown) -> usize {
    let operations = stage.database.operations().await;
    let calls = stage.glesys.calls();
    let shown = shown.lock().unwrap();
    for (result, passwords) in &*shown {
        let id = result.rsplit('/').next().unwrap();
        let operation = operations.iter().find(|operation| operation.id == id).unwrap();
        assert_eq!(passwords.len(), 1, "shown again: {operation:#?}");
        assert!(operation.shown_at.is_some(), "shown without a record: {operation:#?}");
        let made = calls.iter().any(|call| {
            call.address.as_ref() == Some(&operation.address) && call.password.as_ref() == Some(&passwords[0])
        });
        assert!(made, "nobody made the password that was shown: {operation:#?}");
    }
    shown.len()
}
