//! What takes two people: somebody asks, a colleague approves or refuses, and who asked does it, once.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::forms::Form;
use super::memory::{Asked, Memory};
use super::people::Person;
use super::rng::Rng;
use super::rounds::{clicks, sends};
use super::stage::PASSWORD;

type Done = Result<(), reqwest::Error>;

/// Whoever answers what others ask. Each answer may give them a new cookie; one that got lost on the way leaves them signed out.
pub type Boss = Arc<Mutex<Person>>;

/// Asks for a second person for what `page` does to an account, where it takes one.
pub async fn asks(person: &Person, (page, address): (&str, &str), memory: &Memory, rng: &mut Rng) -> Done {
    let kind = if page == "delete" { "delete_account" } else { "reset_password" };
    let told = person.visits(0, &format!("/approvals/new?kind={kind}&of={address}")).await?;
    let mut at = told.location;
    if told.status == 200 {
        let form = Form::found(&told.body, "form[action='/approvals/new']").unwrap();
        let form = form.with("ticket", "INC-812").chosen(rng);
        let form = if page == "reset" && rng.between(0, 3) == 0 { form.with("hand_over", "link") } else { form };
        for answer in clicks(person, &form, rng).await {
            at = answer?.location;
        }
    }
    // It may be there no more, or too many wait already, or the check of who asks was forgotten.
    if at.starts_with("/approvals/") {
        memory.has_asked(Asked { at, by: person.clone(), page: page.to_owned(), address: address.to_owned() });
    }
    Ok(())
}

/// Takes what somebody has asked for the longest, has a colleague answer it, and does it.
pub async fn answers(boss: &Boss, memory: &Memory, rng: &mut Rng) -> Done {
    let Some(asked) = memory.takes_asked() else { return Ok(()) };
    let done = goes_through(boss, &asked, memory, rng).await;
    if done.is_err() {
        memory.has_asked(asked);
    }
    done
}

async fn goes_through(boss: &Boss, asked: &Asked, memory: &Memory, rng: &mut Rng) -> Done {
    is_answered(&mut *boss.lock().await, asked, memory, rng).await?;
    if rng.between(0, 12) == 0 {
        asked.by.posts(0, &Form::to(format!("{}/withdraw", asked.at), Vec::new())).await?;
    }
    // Refused, or it rests.
    let Some(form) = opens(asked).await? else { return Ok(()) };
    if rng.between(0, 3) > 0 {
        return sends(&asked.by, &form, None, memory, rng).await;
    }
    // From two tabs at once.
    let Some(other) = opens(asked).await? else { return Ok(()) };
    let (first, second) = tokio::join!(asked.by.posts(0, &form), asked.by.posts(0, &other));
    let answers = [first?, second?];
    let began = answers.iter().filter(|answer| answer.status == 303 && answer.location.starts_with("/operations/"));
    let began: Vec<_> = began.map(|answer| answer.location.clone()).collect();
    for result in &began {
        memory.is_promised(&asked.by, result);
    }
    assert!(began.len() < 2 || began[0] == began[1], "an approval was used twice: {answers:#?}");
    Ok(())
}

/// The form with which it is done, where that can be.
async fn opens(asked: &Asked) -> Result<Option<Form>, reqwest::Error> {
    let form = asked.by.opens(0, &format!("/accounts/{}/{}", asked.address, asked.page)).await?;
    Ok(form.ok().map(|form| form.with("address", &asked.address)))
}

/// A colleague approves it, or refuses it now and then.
async fn is_answered(boss: &mut Person, asked: &Asked, memory: &Memory, rng: &mut Rng) -> Done {
    let mut told = boss.visits(0, &asked.at).await?;
    if told.location.contains("/sign-in") {
        // Too many of these in a while are refused.
        let Some(again) = boss.comes_back(PASSWORD).await? else { return Ok(()) };
        memory.has_secret(again.cookie());
        *boss = again;
        told = boss.visits(0, &asked.at).await?;
    }
    let answer = if rng.between(0, 12) == 0 { "refuse" } else { "give" };
    // It may have been answered before.
    let Some(form) = Form::found(&told.body, &format!("form[action='{}/{answer}']", asked.at)) else { return Ok(()) };
    let answer = boss.posts(0, &form.with("proof", PASSWORD)).await?;
    if let Some(cookie) = answer.cookie {
        memory.has_secret(&cookie);
        *boss = boss.with_cookie(&cookie);
    }
    Ok(())
}
