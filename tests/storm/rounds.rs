//! Load: people who reset account after account, as fast as they can, and remember what they were promised and shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nyckel::simulator::{Fault, Simulator, Times};
use tokio::task::JoinSet;

use super::people::{Answer, Form, Person};
use super::rng::Rng;
use super::stage::{RESET, Stage};

/// What people remember. Clones share it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Remembered>>);

#[derive(Default)]
struct Remembered {
    /// Passwords that people were shown, by the path of the result.
    shown: HashMap<String, Vec<String>>,
    /// Resets that were accepted and whose result nobody has read to its end, and who was promised it.
    promised: HashMap<String, Person>,
}

impl Memory {
    fn is_promised(&self, person: &Person, result: &str) {
        self.0.lock().unwrap().promised.insert(result.to_owned(), person.clone());
    }

    fn has_read(&self, result: &str, page: &Answer) {
        let mut remembered = self.0.lock().unwrap();
        remembered.promised.remove(result);
        if let Some(password) = page.password() {
            remembered.shown.entry(result.to_owned()).or_default().push(password);
        }
    }

    /// What was shown, by the path of the result.
    pub fn shown(&self) -> HashMap<String, Vec<String>> {
        self.0.lock().unwrap().shown.clone()
    }

    /// Takes what was promised and not read yet.
    pub fn takes_promised(&self) -> HashMap<String, Person> {
        std::mem::take(&mut self.0.lock().unwrap().promised)
    }
}

/// GleSYS is a little slow, and sometimes fails in each of the three worlds.
pub fn misbehaves(glesys: &Simulator) {
    let status = |http| Fault::Status { http, code: http, text: String::new(), envelope: true };
    let millis = Duration::from_millis;
    for (fault, chance) in [
        (Fault::CloseBefore, 0.02),
        (Fault::CloseAfter, 0.02),
        (Fault::HalfAnswer, 0.02),
        (Fault::LateEffect(millis(400)), 0.005),
        (status(400), 0.03),
        (status(500), 0.02),
        (Fault::Slow(millis(80)), 0.2),
        (Fault::Slow(millis(40)), 0.3),
        (Fault::Slow(millis(10)), 0.6),
    ] {
        glesys.fault(RESET, fault, Times::Chance(chance));
    }
}

/// Sets everybody to work; each ends when the panel does not answer any more.
pub fn work(stage: &Stage, memory: &Memory, rng: &mut Rng) -> JoinSet<()> {
    let mut work = JoinSet::new();
    for person in &stage.people {
        let (person, addresses) = (person.clone(), stage.addresses.clone());
        let (memory, mut rng) = (memory.clone(), rng.fork());
        work.spawn(async move {
            loop {
                let address = rng.one_of(&addresses).clone();
                if reset(&person, &address, &memory, &mut rng).await.is_err() {
                    return;
                }
            }
        });
    }
    work
}

/// Resets an account as people do: sometimes with a double click, sometimes without looking at the result.
async fn reset(person: &Person, address: &str, memory: &Memory, rng: &mut Rng) -> Result<(), reqwest::Error> {
    // In flight, cooling down, or GleSYS is being left alone.
    let Ok(form) = person.opens(0, address).await? else { return Ok(()) };
    let answer = if rng.between(0, 4) == 0 {
        double_click(person, &form, memory).await?
    } else {
        person.confirms(0, &form).await?
    };
    // Somebody else was faster, or the panel is stopping.
    if answer.status != 303 {
        return Ok(());
    }
    memory.is_promised(person, &answer.location);
    if rng.between(0, 8) > 0 {
        // Who hears nothing for so long turns to the next caller.
        let reading = reads(person, &answer.location, memory);
        if let Ok(read) = tokio::time::timeout(Duration::from_secs(3), reading).await {
            read?;
        }
    }
    Ok(())
}

async fn double_click(person: &Person, form: &Form, memory: &Memory) -> Result<Answer, reqwest::Error> {
    let (first, second) = tokio::join!(person.confirms(0, form), person.confirms(0, form));
    for answer in [&first, &second].into_iter().flatten() {
        if answer.status == 303 {
            memory.is_promised(person, &answer.location);
        }
    }
    let (first, second) = (first?, second?);
    let is_stopping = first.status == 503 || second.status == 503;
    let agree = (first.status, &first.location) == (second.status, &second.location);
    assert!(agree || is_stopping, "{} {} {}{}", first.status, second.status, first.body, second.body);
    Ok(if second.status == 303 { second } else { first })
}

/// Reads a result to its end and remembers the password that it shows.
pub async fn reads(person: &Person, result: &str, memory: &Memory) -> Result<Answer, reqwest::Error> {
    let page = person.reads(0, result).await?;
    memory.has_read(result, &page);
    Ok(page)
}
