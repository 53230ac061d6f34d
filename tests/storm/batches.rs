//! Batches over a few accounts of a domain: put together, confirmed, stopped now and then, and gone on with where
//! something stopped them.

use std::time::{Duration, Instant};

use super::database::Batch;
use super::files;
use super::forms::Form;
use super::memory::Memory;
use super::people::{Answer, Person};
use super::rng::Rng;
use super::rounds::{LOOKS_FOR, posts};
use super::stage::Stage;

type Done = Result<(), reqwest::Error>;

/// How long a batch that was told to go on may take until it is done: for longer than an account rests after an unknown outcome.
const GOES_ON_WITHIN: Duration = Duration::from_mins(3);

/// Looks after a batch that somebody began, or begins one.
pub async fn batch(person: &Person, addresses: &[String], memory: &Memory, rng: &mut Rng) -> Done {
    if rng.between(0, 2) == 0
        && let Some((page, began)) = memory.takes_batch()
    {
        // A colleague goes on with it, or whoever began it, who alone can fetch what is for owners.
        let person = if rng.between(0, 2) == 0 { person } else { &began };
        return looks_after(person, &page, memory, rng).await;
    }
    let form = chosen(addresses, rng);
    let answer = person.posts(0, &form).await?;
    // The domain could not be read, or the panel is stopping.
    if answer.status != 303 {
        return Ok(());
    }
    let page = person.visits(0, &answer.location).await?;
    begin(person, (&answer.location, &page), memory, rng).await
}

/// A spam level for up to five accounts of a domain, their lock-out, or links for their owners.
fn chosen(addresses: &[String], rng: &mut Rng) -> Form {
    let domain = rng.one_of(addresses).split_once('@').unwrap().1;
    let own: Vec<&str> =
        addresses.iter().filter_map(|a| a.split_once('@')).filter(|a| a.1 == domain).map(|a| a.0).collect();
    let accounts = (0..rng.between(2, 6)).map(|_| ("account".to_owned(), (*rng.one_of(&own)).to_owned()));
    let mut fields: Vec<_> = accounts.collect();
    let action = match rng.between(0, 6) {
        0 => "lock_out".to_owned(),
        1..=3 => "give_links".to_owned(),
        _ => format!("spam_level {}", rng.between(0, 6)),
    };
    fields.push(("action".to_owned(), action));
    Form::to(format!("/domains/{domain}/bulk"), fields)
}

/// Confirms it, or has it go on, sometimes with a double click; now and then somebody stops it.
async fn begin(person: &Person, (page, shown): (&str, &Answer), memory: &Memory, rng: &mut Rng) -> Done {
    memory.has_begun(page, person);
    // There may be nothing to change.
    let Some(form) = shown.begins(page) else { return Ok(()) };
    let answer = posts(person, &form.chosen(rng), rng).await?;
    if answer.status != 303 {
        return Ok(());
    }
    if rng.between(0, 8) == 0 {
        person.posts(0, &Form::to(format!("{page}/stop"), Vec::new())).await?;
    }
    match tokio::time::timeout(LOOKS_FOR, person.reads(0, page)).await {
        Ok(told) => files::fetches(person, (page, &told?), memory, rng).await,
        Err(_) => Ok(()),
    }
}

async fn looks_after(person: &Person, page: &str, memory: &Memory, rng: &mut Rng) -> Done {
    let told = person.visits(0, page).await.inspect_err(|_| memory.has_begun(page, person))?;
    files::fetches(person, (page, &told), memory, rng).await?;
    if told.begins(page).is_some() {
        return begin(person, (page, &told), memory, rng).await;
    }
    if told.refreshes || told.status != 200 {
        memory.has_begun(page, person);
    }
    Ok(())
}

impl Answer {
    /// What begins a batch or goes on with it, where its page offers that.
    fn begins(&self, page: &str) -> Option<Form> {
        Form::found(&self.body, &format!("form[action='{page}/begin']:has(button)"))
    }
}

/// Somebody stops every batch that stands as running, whether anybody carries it on or not.
pub async fn all_stop(stage: &Stage) {
    for batch in stage.database.batches().await.into_iter().filter(|batch| batch.state == "running") {
        let stop = Form::to(format!("/batches/{}/stop", batch.id), Vec::new());
        assert_eq!(stage.people[0].posts(0, &stop).await.unwrap().status, 303, "{batch:#?}");
    }
}

/// Every batch that stopped goes on when somebody says so, to its end, all of them at the same time. Nobody may be changing anything
/// meanwhile.
pub async fn all_go_on(stage: &Stage) -> usize {
    let stopped = stage.database.batches().await.into_iter().filter(|batch| batch.state == "stopped");
    let mut left: Vec<_> = stopped.collect();
    let (person, count, asked_at) = (&stage.people[0], left.len(), Instant::now());
    while !left.is_empty() {
        let mut told_on = Vec::new();
        for batch in left {
            let page = format!("/batches/{}", batch.id);
            let told = person.reads(0, &page).await.unwrap();
            let Some(begin) = told.begins(&page) else { continue };
            assert!(asked_at.elapsed() < GOES_ON_WITHIN, "stuck: {batch:#?}: {}", told.body);
            let answer = person.posts(0, &begin).await.unwrap();
            assert_eq!((answer.status, &answer.location), (303, &page), "{batch:#?}: {}", answer.body);
            told_on.push(batch);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        // What nobody knows of or nobody got could be tried again, once the accounts have rested.
        let now = stage.database.batches().await;
        let is_done = |batch: &Batch| now.iter().any(|other| other.id == batch.id && other.state == "done");
        left = told_on.into_iter().filter(|batch| !is_done(batch)).collect();
    }
    count
}
