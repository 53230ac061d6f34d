//! Load: people who reset account after account and change others beside, as fast as they can.

use std::time::Duration;

use nyckel::glesys::function_of;
use nyckel::model::OperationKind;
use nyckel::simulator::{Fault, Simulator, Times};
use tokio::task::JoinSet;

use super::approvals::{self, Boss};
use super::forms::Form;
use super::memory::{Memory, Wish, id_in};
use super::owners::{self, LinkAndCode};
use super::people::{Answer, Person};
use super::rng::Rng;
use super::stage::Stage;
use super::{batches, changes};

/// How long somebody looks at what does not end, before they turn to the next caller.
pub const LOOKS_FOR: Duration = Duration::from_secs(3);

/// GleSYS is a little slow, and sometimes fails in each of the three worlds. With `hangs`, it also keeps callers waiting
/// until they give up, and does it then.
pub fn misbehaves(glesys: &Simulator, hangs: bool) {
    let status = |http| Fault::Status { http, code: http, text: String::new(), envelope: true };
    let millis = Duration::from_millis;
    for function in functions() {
        for (fault, chance) in [
            (Fault::CloseBefore, 0.02),
            (Fault::CloseAfter, 0.02),
            (Fault::HalfAnswer, 0.02),
            (Fault::LateEffect(millis(400)), if hangs { 0.005 } else { 0.0 }),
            (status(400), 0.03),
            (status(500), 0.02),
            (Fault::Slow(millis(80)), 0.2),
            (Fault::Slow(millis(40)), 0.3),
            (Fault::Slow(millis(10)), 0.6),
        ] {
            glesys.fault(function, fault, Times::Chance(chance));
        }
    }
}

/// The functions that change something.
pub fn functions() -> impl Iterator<Item = &'static str> {
    // Accounts and aliases are deleted by the same, and a lock-out is a reset.
    let twice = [OperationKind::DeleteAlias, OperationKind::LockOut];
    let kinds = OperationKind::ALL.into_iter().filter(move |kind| !twice.contains(kind));
    kinds.map(|kind| function_of(kind).name)
}

/// Sets everybody to work; each ends when the panel does not answer any more.
pub fn work(stage: &Stage, memory: &Memory, rng: &mut Rng) -> JoinSet<()> {
    let mut work = JoinSet::new();
    for person in &stage.people {
        let (person, addresses, boss) = (person.clone(), stage.addresses.clone(), stage.boss.clone());
        let (memory, mut rng) = (memory.clone(), rng.fork());
        work.spawn(async move {
            loop {
                let done = match rng.between(0, 20) {
                    0..=7 => reset(&person, &addresses, &memory, &mut rng).await,
                    8..=10 => changes::account(&person, &addresses, &memory, &mut rng).await,
                    11..=13 => changes::alias(&person, &addresses, &memory, &mut rng).await,
                    14..=16 => see_through(boss.as_ref(), &memory, &mut rng).await,
                    _ => batches::batch(&person, &addresses, &memory, &mut rng).await,
                };
                if done.is_err() {
                    return;
                }
            }
        });
    }
    work
}

async fn see_through(boss: Option<&Boss>, memory: &Memory, rng: &mut Rng) -> Result<(), reqwest::Error> {
    let Some(boss) = boss else { return Ok(()) };
    approvals::answers(boss, memory, rng).await
}

async fn reset(person: &Person, addresses: &[String], memory: &Memory, rng: &mut Rng) -> Result<(), reqwest::Error> {
    let made_up = changes::made_up_account(addresses, rng);
    let address = if rng.between(0, 5) == 0 { &made_up } else { rng.one_of(addresses) };
    let form = match person.opens_reset(0, address).await? {
        Ok(form) => form,
        Err(page) if page.status == 403 => return approvals::asks(person, ("reset", address), memory, rng).await,
        // Not there, in flight, cooling down, or GleSYS is being left alone.
        Err(_) => return Ok(()),
    };
    // Each code that an owner tries takes as long as a password.
    let form = if rng.between(0, 10) == 0 { form.with("hand_over", "link") } else { form };
    sends(person, &form.chosen(rng), None, memory, rng).await
}

/// Has a form's change made as people do: sometimes with a double click, sometimes without looking at the result.
pub async fn sends(
    person: &Person,
    form: &Form,
    wish: Option<Wish>,
    memory: &Memory,
    rng: &mut Rng,
) -> Result<(), reqwest::Error> {
    let answers = clicks(person, form, rng).await;
    for answer in answers.iter().flatten().filter(|answer| answer.status == 303) {
        memory.is_promised(person, &answer.location);
        if let Some(wish) = &wish {
            memory.wishes(&answer.location, wish.clone());
        }
    }
    let answer = agreed(answers)?;
    // Somebody else was faster, GleSYS refused it, or the panel is stopping.
    if answer.status == 303 && rng.between(0, 8) > 0 {
        // Who hears nothing for so long turns to the next caller.
        let reading = reads(person, &answer.location, memory);
        if let Ok(read) = tokio::time::timeout(LOOKS_FOR, reading).await {
            read?;
        }
    }
    Ok(())
}

/// Posts a form, sometimes with a double click.
pub async fn posts(person: &Person, form: &Form, rng: &mut Rng) -> Result<Answer, reqwest::Error> {
    agreed(clicks(person, form, rng).await)
}

pub async fn clicks(person: &Person, form: &Form, rng: &mut Rng) -> Vec<Result<Answer, reqwest::Error>> {
    if rng.between(0, 4) > 0 {
        return vec![person.posts(0, form).await];
    }
    let (first, second) = tokio::join!(person.posts(0, form), person.posts(0, form));
    vec![first, second]
}

/// Both clicks of a double click come to the same operation or to none, unless the panel is stopping or GleSYS went away
/// between them.
fn agreed(answers: Vec<Result<Answer, reqwest::Error>>) -> Result<Answer, reqwest::Error> {
    let mut answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let is_away = answers.iter().any(|answer| answer.status >= 500);
    let (first, last) = (&answers[0], &answers[answers.len() - 1]);
    // Somebody else may have used the approval up, so that both have to ask for another.
    let is_begun = |answer: &Answer| answer.status == 303 && !answer.location.starts_with("/approvals/");
    let began = |answer: &Answer| is_begun(answer).then(|| id_in(&answer.location).to_owned());
    let agree = began(first) == began(last);
    assert!(agree || is_away, "{} {} {}{}", first.status, last.status, first.body, last.body);
    answers.sort_by_key(|answer| answer.status != 303);
    Ok(answers.swap_remove(0))
}

/// Reads a result to its end and remembers the password that it shows, or that its owner reads.
pub async fn reads(person: &Person, result: &str, memory: &Memory) -> Result<Answer, reqwest::Error> {
    let page = person.reads(0, result).await?;
    memory.has_read(result, &page);
    if let Some(both) = LinkAndCode::on(&page) {
        memory.is_given(result, &both);
        owners::reads_link(person, &both, memory).await?;
    }
    Ok(page)
}
