//! What people change beside resets: accounts and aliases of made-up names come and go, settings change, and accounts are
//! locked out.

use super::approvals;
use super::forms::Form;
use super::memory::{Memory, Wish};
use super::people::Person;
use super::rng::Rng;
use super::rounds::sends;

/// How many names come and go in each domain: enough that most are at rest while the leases of killed operations run.
const NAMES: u64 = 60;

type Done = Result<(), reqwest::Error>;

/// Edits an account that is there or locks it out, or deletes one that people made, or makes it where it is not.
pub async fn account(person: &Person, addresses: &[String], memory: &Memory, rng: &mut Rng) -> Done {
    let (way, made_up) = (rng.between(0, 4), made_up_account(addresses, rng));
    let address = if way == 0 || way == 3 { rng.one_of(addresses) } else { &made_up };
    let page = ["edit", "edit", "delete", "lock-out"][usize::try_from(way).unwrap()];
    match person.opens(0, &format!("/accounts/{address}/{page}")).await? {
        Ok(form) if page == "delete" => sends(person, &form.with("address", address), None, memory, rng).await,
        Ok(form) if page == "lock-out" => sends(person, &form, None, memory, rng).await,
        Ok(form) => {
            let (form, wish) = settings(form, rng);
            sends(person, &form, Some(wish), memory, rng).await
        }
        Err(page) if page.status == 404 => create_account(person, address, memory, rng).await,
        Err(told) if told.status == 403 => approvals::asks(person, (page, address), memory, rng).await,
        // In flight, cooling down, or GleSYS is being left alone.
        Err(_) => Ok(()),
    }
}

async fn create_account(person: &Person, address: &str, memory: &Memory, rng: &mut Rng) -> Done {
    let (local, domain) = address.split_once('@').unwrap();
    let Ok(form) = person.opens(0, &format!("/domains/{domain}/accounts/new")).await? else { return Ok(()) };
    let (form, wish) = settings(form.with("local", local), rng);
    sends(person, &form, Some(wish), memory, rng).await
}

fn settings(form: Form, rng: &mut Rng) -> (Form, Wish) {
    let (quota, spam) = (rng.between(1, 30), rng.between(0, 6));
    let form = form.with("quota", &quota.to_string()).with("spam", &spam.to_string());
    (form, Wish::Settings { quota: Some(quota), spam })
}

/// The same with aliases.
pub async fn alias(person: &Person, addresses: &[String], memory: &Memory, rng: &mut Rng) -> Done {
    let (address, deletes) = (made_up("till", addresses, rng), rng.between(0, 2) == 0);
    let page = if deletes { "delete" } else { "edit" };
    match person.opens(0, &format!("/aliases/{address}/{page}")).await? {
        Ok(form) if deletes => sends(person, &form, None, memory, rng).await,
        Ok(form) => {
            let (form, wish) = targets(form, addresses, rng);
            sends(person, &form, Some(wish), memory, rng).await
        }
        Err(page) if page.status == 404 => create_alias(person, &address, addresses, (memory, rng)).await,
        Err(_) => Ok(()),
    }
}

async fn create_alias(
    person: &Person,
    address: &str,
    addresses: &[String],
    (memory, rng): (&Memory, &mut Rng),
) -> Done {
    let (local, domain) = address.split_once('@').unwrap();
    let Ok(form) = person.opens(0, &format!("/domains/{domain}/aliases/new")).await? else { return Ok(()) };
    let (form, wish) = targets(form.with("local", local), addresses, rng);
    sends(person, &form, Some(wish), memory, rng).await
}

fn targets(form: Form, addresses: &[String], rng: &mut Rng) -> (Form, Wish) {
    let mut targets = vec![rng.one_of(addresses).clone(), rng.one_of(addresses).clone()];
    targets.dedup();
    (form.with("targets", &targets.join("\n")), Wish::LeadsTo(targets.join(",")))
}

/// An account that people may have made.
pub fn made_up_account(addresses: &[String], rng: &mut Rng) -> String {
    made_up("storm", addresses, rng)
}

/// A name that nobody has in earnest, in a domain that has accounts.
fn made_up(name: &str, addresses: &[String], rng: &mut Rng) -> String {
    let domain = rng.one_of(addresses).split_once('@').unwrap().1;
    // Low numbers come more often, so that many are there.
    let number = (0..4).map(|_| rng.between(0, NAMES)).min().unwrap();
    format!("{name}{number}@{domain}")
}
