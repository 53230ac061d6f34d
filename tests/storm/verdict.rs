//! The verdict: what the panel recorded against what GleSYS knows and what people saw.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nyckel::glesys::function_of;
use nyckel::model::OperationKind;
use nyckel::simulator::Call;

use super::batch_verdict;
use super::database::{Approval, Batch, Operation};
use super::duty_verdict;
use super::memory::Memory;
use super::panel::Panel;
use super::rounds::functions;
use super::stage::Stage;
use super::wishes::judge_rest;

/// How long a panel lets an operation stand as running that nobody carries out: its lease of 45 s, until the sweeper came by.
const GIVEN_UP_WITHIN: Duration = Duration::from_mins(1);
/// How long after an operation of unknown outcome its call may still arrive or take effect: nobody changes it meanwhile.
const COOL_DOWN: SignedDuration = SignedDuration::from_secs(60);
/// Among so many operations some are a batch's, or the storm has forgotten how batches are begun.
const MANY: usize = 200;

/// What was found in order: the operations, and the call that each of them made.
pub struct Judged {
    pub operations: Vec<Operation>,
    pub batches: Vec<Batch>,
    approvals: Vec<Approval>,
    calls: HashMap<String, Call>,
}

/// Compares everything so far, also with what people wanted. Nobody may be changing anything meanwhile.
pub async fn judge(stage: &Stage, memory: &Memory, now: Timestamp) -> Judged {
    assert_eq!(*stage.unrecorded.lock().unwrap(), [""; 0], "calls arrived before their intent was durable");
    let operations = stage.database.operations().await;
    let changing = |call: &Call| functions().any(|function| function == call.function);
    let calls = stage.glesys.calls().into_iter().filter(changing);
    let mut by_address: HashMap<&str, Vec<&Operation>> = HashMap::new();
    for operation in &operations {
        by_address.entry(&operation.address).or_default().push(operation);
    }
    let mut of_operation: HashMap<String, Call> = HashMap::new();
    for call in calls {
        let own = by_address.get(call.address.as_deref().unwrap()).map_or(&[][..], Vec::as_slice);
        let operation = own.iter().find(|operation| covers(operation, &call));
        let operation = operation.unwrap_or_else(|| panic!("a call without an intent: {call:?}, of {own:#?}"));
        let earlier = of_operation.insert(operation.id.clone(), call.clone());
        assert!(earlier.is_none(), "more than one call: {operation:#?} made {earlier:#?} and {call:#?}");
    }
    let watched = stage.panels.iter().map(Panel::uptime).max().unwrap_or_default();
    for operation in &operations {
        let watched = watched.min(age(operation.begun_at, now));
        judge_one(operation, of_operation.get(&operation.id), watched);
    }
    let batches = batch_verdict::judge(&stage.database, &operations, watched).await;
    let (stands, wished) = (stage.glesys.state(), memory.wished().into_iter().chain(batches.wished()).collect());
    for own in by_address.values() {
        judge_rest(&stands, own, &of_operation, &wished);
    }
    duty_verdict::judge_links(&operations, &of_operation, memory);
    let approvals = stage.database.approvals().await;
    if let Some(duties) = &stage.duties {
        duty_verdict::judge_checks(&operations, &batches.operations(), duties);
        duty_verdict::judge_approvals(&operations, &approvals, duties);
    }
    let (rows, last) = stage.database.audit_rows().await;
    assert_eq!(rows, last, "the audit has gaps");
    Judged { operations, batches: batches.batches, approvals, calls: of_operation }
}

/// Whether the call is of the operation's kind and came while it ran, or while it could still take effect.
fn covers(operation: &Operation, call: &Call) -> bool {
    let late = if operation.state == "unknown" { COOL_DOWN } else { SignedDuration::ZERO };
    let until = operation.ended_at.map(|at| i128::from(at) + late.as_millis());
    let at = call.at.as_millisecond();
    function_of(operation.kind()).name == call.function
        && operation.begun_at <= at
        && until.is_none_or(|until| i128::from(at) <= until)
}

fn age(begun_at: i64, now: Timestamp) -> Duration {
    Duration::from_millis((now.as_millisecond() - begun_at).try_into().unwrap_or_default())
}

/// `watched` is for how long some panel has seen it.
fn judge_one(operation: &Operation, call: Option<&Call>, watched: Duration) {
    let told = || format!("{operation:#?} made {call:#?}");
    let (kind, ended) = (operation.kind(), operation.state != "in_flight");
    assert_eq!((operation.intents, operation.intent.as_deref()), (1, Some(kind.intent().name())), "{}", told());
    let outcome = ended.then(|| kind.outcome().name());
    assert_eq!((operation.outcomes, operation.outcome.as_deref()), (i64::from(ended), outcome), "{}", told());
    assert_eq!(operation.showings, i64::from(operation.shown_at.is_some()), "{}", told());
    assert!(ended || watched < GIVEN_UP_WITHIN, "not given up after {watched:?}: {}", told());
    match (operation.state.as_str(), call) {
        ("done", Some(call)) => assert!(call.applied, "{}", told()),
        ("refused", Some(call)) => assert!(!call.applied, "{}", told()),
        ("not_sent", None) | ("unknown" | "in_flight", _) => {}
        _ => panic!("the outcome contradicts GleSYS: {}", told()),
    }
}

impl Judged {
    /// How many operations and batches there were, in words, of a storm whose people begin batches, too. Where nobody got
    /// anything done it shows nothing.
    pub fn counted(&self, letters: usize) -> String {
        assert!(!self.operations.is_empty(), "nobody got anything done");
        let count = |of: &[OperationKind]| self.operations.iter().filter(|o| of.contains(&o.kind())).count();
        let [resets, lock_outs] = [OperationKind::ResetPassword, OperationKind::LockOut].map(|kind| count(&[kind]));
        let batches = self.batches.iter().filter(|batch| batch.run > 0).count();
        let of_links = self.batches.iter().filter(|batch| batch.run > 0 && batch.action == "give_links").count();
        let ended = |how: &str| self.operations.iter().filter(|o| o.link_ended.as_deref() == Some(how)).count();
        let (read, revoked) = (ended("read"), ended("revoked"));
        let checked = self.operations.iter().filter(|operation| operation.caller_way.is_some()).count();
        let approved = self.approvals.iter().filter(|approval| approval.state == "used").count();
        for (count, what) in [
            (batches, "a batch to begin"),
            (of_links, "a batch of links to begin"),
            (read, "a link read"),
            (revoked, "a link revoked"),
            (checked, "a caller checked"),
            (approved, "an approval used"),
            (letters, "a message sent"),
        ] {
            assert!(self.operations.len() <= MANY || count > 0, "nobody got {what}");
        }
        let accounts = [OperationKind::CreateAccount, OperationKind::EditAccount, OperationKind::DeleteAccount];
        let aliases = [OperationKind::CreateAlias, OperationKind::EditAlias, OperationKind::DeleteAlias];
        let told = |[a, b, c]: [OperationKind; 3]| format!("{}, {} and {}", count(&[a]), count(&[b]), count(&[c]));
        format!(
            "{} operations ({resets} resets, {lock_outs} lock-outs; accounts created, edited and deleted: {}; aliases: {}), {batches} batches, \
             {of_links} of them of links, {read} links read and {revoked} revoked, {checked} callers checked, {approved} of \
             {} approvals used, {letters} messages to mailboxes",
            self.operations.len(),
            told(accounts),
            told(aliases),
            self.approvals.len()
        )
    }

    /// Every password that people saw was shown once, with a record of it, and is the one that this reset made.
    pub fn judge_shown(&self, shown: &HashMap<String, Vec<String>>) {
        let by_id: HashMap<&str, &Operation> = self.operations.iter().map(|o| (o.id.as_str(), o)).collect();
        for (result, passwords) in shown {
            let id = result.rsplit('/').next().unwrap();
            let operation = by_id.get(id).unwrap_or_else(|| panic!("a password of {result}, which is not recorded"));
            assert_eq!(passwords.len(), 1, "shown again: {operation:#?}");
            assert!(operation.shown_at.is_some(), "shown without a record: {operation:#?}");
            let made = self.calls.get(id).and_then(|call| call.password.as_ref());
            assert_eq!(made, Some(&passwords[0]), "not what {operation:#?} made");
        }
    }
}
