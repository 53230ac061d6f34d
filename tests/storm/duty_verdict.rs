//! The verdict on links, on checks of who asks, and on approvals: each link was read once by its owner at most, each reset that
//! needs a check or a second person has one, and no approval did for two.

use std::collections::{HashMap, HashSet};

use nyckel::model::OperationKind;
use nyckel::simulator::Call;
use serde_json::Value;

use super::database::{Approval, Operation};
use super::duties::{Duties, SEEN, TYPED};
use super::memory::Memory;

/// Each link that an owner read gave the one password that its reset made, once.
pub fn judge_links(operations: &[Operation], calls: &HashMap<String, Call>, memory: &Memory) {
    let made: HashMap<&str, &str> =
        calls.iter().filter_map(|(id, call)| Some((call.password.as_deref()?, id.as_str()))).collect();
    let by_id: HashMap<&str, &Operation> = operations.iter().map(|o| (o.id.as_str(), o)).collect();
    let mut read = HashSet::new();
    for (path, link) in memory.links() {
        let [password] = &link.read[..] else {
            assert_eq!(link.read.len(), 0, "{path} was read more than once");
            continue;
        };
        let id = made.get(password.as_str()).unwrap_or_else(|| panic!("nobody made what was read at {path}"));
        let operation = by_id[id];
        assert!(read.insert(id), "two links give the password of {operation:#?}");
        assert!(link.of == operation.address || link.of.ends_with(&operation.id), "{link:#?} of {operation:#?}");
        let told = (operation.hand_over.as_deref(), operation.link_ended.as_deref());
        assert_eq!(told, (Some("link"), Some("read")), "{operation:#?}");
    }
    for operation in operations.iter().filter(|operation| operation.link_ended.is_some()) {
        assert_eq!(
            (operation.kind(), operation.state.as_str()),
            (OperationKind::ResetPassword, "done"),
            "{operation:#?}"
        );
    }
}

/// Where it is to be checked who asks, that was; elsewhere nothing is kept of it.
pub fn judge_checks(operations: &[Operation], of_batches: &HashSet<&str>, duties: &Duties) {
    for operation in operations {
        let is_there = operation.address.ends_with(&format!("@{}", duties.checked));
        let is_asked = is_there
            && match operation.kind() {
                OperationKind::ResetPassword => true,
                OperationKind::LockOut => of_batches.contains(operation.id.as_str()),
                _ => false,
            };
        let kept = (operation.caller_way.as_deref(), operation.caller_text.as_deref());
        match kept {
            (Some(TYPED), Some(text)) if !text.is_empty() => {}
            (Some(SEEN), None) => {}
            // A lock-out whose batch was tried again belongs to it no more.
            (None, None) => assert!(!is_asked, "not checked: {operation:#?}"),
            _ => panic!("half a check: {operation:#?}"),
        }
        assert!(is_there || kept.0.is_none(), "checked where nothing asks for it: {operation:#?}");
        let facts: Value = operation.facts.as_deref().map_or(Value::Null, |facts| serde_json::from_str(facts).unwrap());
        let told = (facts["caller_check"].as_str(), facts["caller_text"].as_str());
        assert_eq!(told, kept, "the audit tells another check: {operation:#?}");
    }
}

/// Where two people are needed, another has approved it: each approval did for one operation that may have been sent.
pub fn judge_approvals(operations: &[Operation], approvals: &[Approval], duties: &Duties) {
    let by_id: HashMap<&str, &Approval> = approvals.iter().map(|a| (a.id.as_str(), a)).collect();
    let mut used = HashSet::new();
    for operation in operations {
        let grave = matches!(operation.kind(), OperationKind::ResetPassword | OperationKind::DeleteAccount);
        let needs = grave && operation.address.ends_with(&format!("@{}", duties.joint));
        let facts: Value = operation.facts.as_deref().map_or(Value::Null, |facts| serde_json::from_str(facts).unwrap());
        let approval = facts["approval"].as_str();
        assert_eq!(approval.is_some(), needs, "{operation:#?}");
        let Some(approval) = approval.map(|id| by_id[id]) else { continue };
        let told = || format!("{operation:#?} by {approval:#?}");
        assert_eq!((&approval.kind, &approval.about), (&operation.kind, &operation.address), "{}", told());
        assert_ne!(approval.decided_by.as_ref().expect("nobody approved it"), &approval.asked_by, "{}", told());
        assert_eq!(approval.asked_by, operation.staff_id, "{}", told());
        let is_of_way = operation.kind() != OperationKind::ResetPassword || approval.hand_over == operation.hand_over;
        assert!(is_of_way, "another way: {}", told());
        // What was never sent has not used it up.
        if operation.state != "not_sent" {
            assert!(used.insert(&approval.id), "used before: {}", told());
            assert_eq!(
                (approval.state.as_str(), approval.nonce.as_ref()),
                ("used", Some(&operation.nonce)),
                "{}",
                told()
            );
        }
    }
}
