//! Messages to mailboxes: once the mail server is back each leaves, as one and the same, and no secret is in any.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use nyckel::model::{Letter, OperationKind};

use super::canary::Wanted;
use super::database::Operation;
use super::mail::Taken;
use super::memory::{Memory, id_in};
use super::stage::Stage;
use super::verdict::Judged;

/// How many a panel sends before it looks again.
const AT_ONCE: usize = 20;
/// How long a panel may take for so many.
const SENT_WITHIN: Duration = Duration::from_secs(5);
/// After a long storm more may wait than anybody has time for.
const LONGEST: Duration = Duration::from_mins(5);

/// The mail server does as it should again, and the time passes that messages wait after a failure: so much that nobody sits
/// it out. The panel is killed and started for each sheaf of them. Whether all have left.
pub async fn leave(stage: &mut Stage) -> bool {
    let (mail, begun) = (stage.duties.as_ref().unwrap().mail.clone(), Instant::now());
    mail.behaves();
    loop {
        stage.panels[0].is_killed();
        stage.database.hastens_letters().await;
        let waiting = stage.database.letters_waiting().await;
        stage.panels[0].begins_again();
        let is_over = waiting == 0 || begun.elapsed() > LONGEST;
        let asked_at = Instant::now();
        while !is_over && stage.database.letters_waiting().await > waiting.saturating_sub(AT_ONCE) {
            assert!(asked_at.elapsed() < SENT_WITHIN + Duration::from_secs(25), "{waiting} messages do not leave");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if is_over {
            stage.panels[0].waits_until_ready();
            return waiting == 0;
        }
    }
}

/// Compares what the mail server took with what there is to tell. Nobody may be sending anything meanwhile. How many there are.
pub fn judge(stage: &Stage, judged: &Judged, memory: &Memory, have_all_left: bool) -> usize {
    let (operations, taken) = (&judged.operations, stage.duties.as_ref().unwrap().mail.taken());
    let by_id: HashMap<&str, &Operation> = operations.iter().map(|o| (o.id.as_str(), o)).collect();
    let mut codes = HashMap::<String, Vec<String>>::new();
    for link in memory.links().into_values() {
        let of = by_id.get(id_in(&link.of)).map_or(&link.of, |operation| &operation.address);
        codes.entry(of.clone()).or_default().push(link.code);
    }
    let made = stage.glesys.calls().into_iter().filter_map(|call| call.password);
    let secrets: Vec<String> = made.chain(memory.secrets()).collect();
    let wanted = Wanted::new(&secrets);
    let mut first: HashMap<&str, &Taken> = HashMap::new();
    for letter in &taken {
        let operation = by_id.get(letter.operation()).unwrap_or_else(|| panic!("about nothing: {letter:#?}"));
        assert_eq!(letter.to, operation.address, "to somebody else: {letter:#?}");
        let is_due = Letter::is_due_of(operation.kind()) && matches!(operation.state.as_str(), "done" | "unknown");
        assert!(is_due, "{letter:#?} about {operation:#?}");
        let same = first.entry(letter.operation()).or_insert(letter);
        assert_eq!(*same, letter, "another message about the same");
        let text = letter.text();
        assert_eq!(wanted.found(text.as_bytes()), None, "in {letter:#?}");
        let holds_code = codes.get(&letter.to).is_some_and(|codes| codes.iter().any(|code| text.contains(code)));
        assert!(!holds_code, "a code is in {letter:#?}");
    }
    let told: HashSet<&str> = first.into_keys().collect();
    for operation in operations {
        let is_due = matches!(operation.kind(), OperationKind::ResetPassword | OperationKind::LockOut)
            && matches!(operation.state.as_str(), "done" | "unknown");
        let letter = operation.letter.as_deref();
        // `waits`, `sent` or `given_up`; nothing where there is none.
        match (letter, told.contains(operation.id.as_str())) {
            (Some("sent"), true) if is_due => {}
            (Some("waits"), _) if is_due && !have_all_left => {}
            (None | Some("waits"), false) if !is_due => {}
            _ => panic!("its message is {letter:?}: {operation:#?}"),
        }
    }
    told.len()
}
