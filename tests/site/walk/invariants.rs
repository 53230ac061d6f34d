//! What must hold in every state that can be reached.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use nyckel::simulator::Call;

use super::world::{RESET, World};

/// An operation, from the database.
struct Operation {
    id: String,
    address: String,
    state: String,
    is_shown: bool,
}

const OPERATIONS: &str = "\
    SELECT id || '|' || address || '|' || state || '|' || CASE WHEN shown_at IS NULL THEN '' ELSE 'shown' END \
    FROM operation ORDER BY begun_tick";
const STEPS: &str = "SELECT operation_id || '|' || kind FROM audit WHERE operation_id IS NOT NULL ORDER BY seq";

async fn operations(world: &World) -> Vec<Operation> {
    let rows = world.stage.database.texts(OPERATIONS).await;
    let read = |row: String| {
        let parts: Vec<&str> = row.split('|').collect();
        Operation {
            id: parts[0].to_owned(),
            address: parts[1].to_owned(),
            state: parts[2].to_owned(),
            is_shown: !parts[3].is_empty(),
        }
    };
    rows.into_iter().map(read).collect()
}

/// Checks everything but the search for passwords, which takes long. `Err` says what does not hold.
pub async fn hold(world: &mut World) -> Result<(), String> {
    let operations = operations(world).await;
    let calls: Vec<Call> = world.stage.glesys.calls().into_iter().filter(|call| call.function == RESET).collect();
    assign(world, &operations, &calls)?;
    let mut of: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for (id, call) in world.callers.iter().zip(&calls) {
        of.entry(id).or_default().push(call);
    }
    for operation in &operations {
        let calls = of.get(operation.id.as_str()).map_or(&[][..], Vec::as_slice);
        agrees(operation, calls)?;
    }
    rests(&operations, &of)?;
    showings(world, &operations, &of)?;
    steps(&world.stage.database.texts(STEPS).await, &operations)
}

/// Each call that came since the last look belongs to the operation that is the address's last: none of a world's steps
/// begins two on one.
fn assign(world: &mut World, operations: &[Operation], calls: &[Call]) -> Result<(), String> {
    for call in &calls[world.callers.len()..] {
        let own = operations.iter().rev().find(|operation| Some(&operation.address) == call.address.as_ref());
        let own = own.ok_or_else(|| format!("a call without an intent: {call:?}"))?;
        world.callers.push(own.id.clone());
    }
    Ok(())
}

/// At most one call; no outcome contradicts GleSYS.
fn agrees(operation: &Operation, calls: &[&Call]) -> Result<(), String> {
    let fits = match (operation.state.as_str(), calls) {
        ("done", [call]) => call.applied,
        ("refused", [call]) => !call.applied,
        ("not_sent", []) | ("unknown" | "in_flight", [] | [_]) => true,
        _ => false,
    };
    let Operation { id, state, .. } = operation;
    if fits { Ok(()) } else { Err(format!("{id} is {state}, and GleSYS knows of {calls:?}")) }
}

/// After a call whose outcome nobody knows none comes for a minute, whatever the clocks tell. GleSYS has a clock of its own.
fn rests(operations: &[Operation], of: &BTreeMap<&str, Vec<&Call>>) -> Result<(), String> {
    let made = |operation: &Operation| of.get(operation.id.as_str()).map(|calls| calls[0]);
    for (number, unknown) in operations.iter().enumerate().filter(|(_, operation)| operation.state == "unknown") {
        let next = operations[number + 1..].iter().filter(|other| other.address == unknown.address).find_map(made);
        if let (Some(call), Some(next)) = (made(unknown), next)
            && next.at.duration_since(call.at).as_secs() < 60
        {
            return Err(format!("{} is unknown, and {next:?} came within a minute of {call:?}", unknown.id));
        }
    }
    Ok(())
}

/// Shown once, to one session or to who has the link, with a record; it is what GleSYS made, and works until somebody begins another reset.
fn showings(world: &World, operations: &[Operation], of: &BTreeMap<&str, Vec<&Call>>) -> Result<(), String> {
    for (result, _, password) in &world.shown {
        let times = world.shown.iter().filter(|(other, ..)| other == result).count();
        let id = result.rsplit('/').next().unwrap();
        let operation = operations.iter().find(|operation| operation.id == id).unwrap();
        let made = of.get(id).and_then(|calls| calls[0].password.as_ref());
        if times != 1 || !operation.is_shown || made != Some(password) {
            return Err(format!(
                "{id} was shown {times} times as {password}, recorded: {}, made: {made:?}",
                operation.is_shown
            ));
        }
    }
    for address in &world.accounts {
        let last = operations.iter().rev().find(|operation| operation.address == *address);
        let shown = last.and_then(|last| world.shown.iter().find(|(result, ..)| result.ends_with(&last.id)));
        let opens = world.stage.glesys.password_of(address);
        if let Some((_, _, password)) = shown
            && opens.as_ref() != Some(password)
        {
            return Err(format!("{password} was shown for {address}, but {opens:?} opens it"));
        }
    }
    Ok(())
}

/// The audit tells each operation in order, each step at most once.
fn steps(rows: &[String], operations: &[Operation]) -> Result<(), String> {
    const ORDERS: [&[&str]; 3] = [
        &["reset.intent", "reset.outcome", "reset.shown", "reset.seen"],
        &["reset.intent", "reset.outcome", "reset.expired"],
        &["lock_out.intent", "lock_out.outcome"],
    ];
    let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, kind) in rows.iter().filter_map(|row| row.split_once('|')) {
        of.entry(id).or_default().push(kind);
    }
    for operation in operations {
        let own = of.get(operation.id.as_str()).map_or(&[][..], Vec::as_slice);
        let (of_link, kinds): (Vec<&str>, Vec<&str>) = own.iter().partition(|kind| kind.starts_with("hand_over."));
        link_steps(&operation.id, &of_link)?;
        let ended = operation.state != "in_flight";
        let in_order = ORDERS.iter().any(|order| order.starts_with(&kinds));
        if kinds.is_empty() || !in_order || ended != kinds.iter().any(|kind| kind.ends_with(".outcome")) {
            return Err(format!("{} is {}, and the audit tells {kinds:?}", operation.id, operation.state));
        }
    }
    Ok(())
}

/// A link is opened once, has five wrong codes at most, and ends once, after which nothing is told of it.
fn link_steps(id: &str, kinds: &[&str]) -> Result<(), String> {
    let count = |kind: &str| kinds.iter().filter(|told| **told == kind).count();
    let is_end = |kind: &&str| !["hand_over.opened", "hand_over.wrong_code"].contains(kind);
    let ends = kinds.iter().filter(|kind| is_end(kind)).count();
    let fits = count("hand_over.opened") <= 1 && count("hand_over.wrong_code") <= 5 && ends <= 1;
    if fits && (ends == 0 || kinds.last().is_some_and(is_end)) {
        return Ok(());
    }
    Err(format!("the audit tells {kinds:?} of the link of {id}"))
}

/// No password stands in any table.
pub async fn no_password_rests(world: &World) -> Result<(), String> {
    let calls = world.stage.glesys.calls().into_iter();
    let passwords: Vec<String> = calls.filter_map(|call| call.password).collect();
    // All of them at once: one by one, the search is most of what a walk takes.
    let any = AhoCorasick::new(&passwords).map_err(|error| error.to_string())?;
    for (table, rows) in world.stage.database.dump().await {
        if let Some(found) = rows.iter().find_map(|row| any.find(row)) {
            return Err(format!("{} stands in the table {table}", passwords[found.pattern().as_usize()]));
        }
    }
    Ok(())
}

/// After a lease and a sweep nothing is in flight; five minutes later no sealed password is left.
pub async fn comes_to_rest(world: &mut World) -> Result<(), String> {
    world.sweeps(0).await;
    world.turns(46);
    world.sweeps(0).await;
    let overdue = operations(world).await.into_iter().find(|operation| operation.state == "in_flight");
    if let Some(operation) = overdue {
        return Err(format!("{} is in flight beyond its lease", operation.id));
    }
    world.turns(301);
    world.sweeps(0).await;
    let links = "SELECT operation_id FROM owner_link WHERE ended IS NULL OR sealed IS NOT NULL OR salt IS NOT NULL";
    let left = world.stage.database.texts(links).await;
    if !left.is_empty() {
        return Err(format!("links wait beyond their time: {left:?}"));
    }
    let sealed = world.stage.database.texts("SELECT operation_id FROM sealed").await;
    if !sealed.is_empty() {
        return Err(format!("sealed passwords are left: {sealed:?}"));
    }
    no_password_rests(world).await?;
    hold(world).await
}
