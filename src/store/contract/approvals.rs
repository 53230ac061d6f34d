//! Approvals: asked once, given once, used once, by the key, the clock and the audit.

use jiff::SignedDuration;

use super::{Place, address, at, at_once, commit, on_both, operation_id};
use crate::model::{
    Approval, ApprovalId, ApprovalState, AuditEvent, AuditKind, Fact, HandOver, Joint, OperationKind, OperationState,
    StaffId,
};
use crate::store::{ApprovalStep, Error, NewApproval, Refusal};

fn id(number: u64) -> ApprovalId {
    ApprovalId::parse(&format!("019ab000-0000-7000-9000-{number:012}")).unwrap()
}

fn joint() -> Joint {
    Joint::On { kind: OperationKind::ResetPassword, address: address("vd@example.se"), way: Some(HandOver::Shown) }
}

fn eva() -> StaffId {
    StaffId("id of eva".to_owned())
}

async fn asks(place: &Place, number: u64) -> bool {
    let (id, joint, eva) = (id(number), joint(), eva());
    let new =
        NewApproval { id: &id, asked_by: &eva, joint: &joint, selection: None, ticket: "812", caller: None, at: at(0) };
    commit!(place.store, tx => tx.add_approval(&new))
}

async fn found(place: &Place, number: u64) -> Approval {
    place.store.read().await.unwrap().approval(&id(number)).await.unwrap().unwrap()
}

/// Asked by Eva at `at(0)`, given by Olle at `at(1)`.
async fn given(place: &Place) -> Approval {
    place.eva().await;
    let olle = place.staff("olle").await;
    assert!(asks(place, 1).await);
    let asked = found(place, 1).await;
    commit!(place.store, tx => tx.advance_approval(&asked, &ApprovalStep::GivenBy(&olle), at(1))).unwrap();
    found(place, 1).await
}

fn is_edited<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Refused(Refusal::RowEdited("an approval"))))
}

#[tokio::test]
async fn the_same_is_asked_once_at_a_time_and_read_as_it_was_asked() {
    on_both(async |place| {
        place.eva().await;
        assert!(asks(place, 1).await && !asks(place, 2).await);
        let asked = found(place, 1).await;
        assert_eq!((asked.joint.clone(), asked.ticket.as_str(), asked.asked_as.as_str()), (joint(), "812", "eva"));
        assert_eq!((asked.state, asked.ends_at), (ApprovalState::Asked, at(4 * 3600)));
        assert_eq!(place.store.read().await.unwrap().open_approvals().await.unwrap(), std::slice::from_ref(&asked));
        let next = commit!(place.store, tx => tx.advance_approval(&asked, &ApprovalStep::Withdrawn, at(1))).unwrap();
        assert_eq!((next.state, next.closed_at), (ApprovalState::Withdrawn, Some(at(1))));
        assert!(asks(place, 2).await, "the first is over");
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_gives_it_and_one_uses_it() {
    on_both(async |place| {
        place.eva().await;
        let olle = place.staff("olle").await;
        assert!(asks(place, 1).await);
        let asked = found(place, 1).await;
        let gave = at_once(place, 20, |_, store| {
            let (asked, olle) = (asked.clone(), olle.clone());
            async move { commit!(store, tx => tx.advance_approval(&asked, &ApprovalStep::GivenBy(&olle), at(1))) }
        });
        assert_eq!(gave.await.into_iter().flatten().count(), 1);
        let given = found(place, 1).await;
        assert_eq!((given.state, given.decided_as.as_deref()), (ApprovalState::Given, Some("olle")));
        assert_eq!(given.ends_at, at(1) + SignedDuration::from_mins(30));
        let used = at_once(place, 20, |n, store| {
            let (given, nonce) = (given.clone(), format!("nonce {n}"));
            async move { commit!(store, tx => tx.advance_approval(&given, &ApprovalStep::UsedFor(&nonce), at(2))) }
        });
        assert_eq!(used.await.into_iter().flatten().count(), 1);
        let mut reading = place.store.read().await.unwrap();
        let [used] = &reading.approvals_given(&eva(), &joint()).await.unwrap()[..] else { panic!("one") };
        assert_eq!((used.state, used.closed_at), (ApprovalState::Used, Some(at(2))));
        assert_eq!(reading.approvals_given(&olle, &joint()).await.unwrap(), [], "it is who asked that may");
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_was_written_past_the_panel_lets_nobody_do_anything() {
    on_both(async |place| {
        place.eva().await;
        place.staff("olle").await;
        assert!(asks(place, 1).await);
        let edits = [
            (
                "UPDATE approval SET state = 'given', decided_by = 'id of olle'",
                "UPDATE approval SET state = 'asked', decided_by = NULL",
            ),
            ("UPDATE approval SET asked_by = 'id of olle'", "UPDATE approval SET asked_by = 'id of eva'"),
            ("UPDATE approval SET hand_over = 'link'", "UPDATE approval SET hand_over = 'shown'"),
            ("UPDATE approval SET about = 'bo@example.se'", "UPDATE approval SET about = 'vd@example.se'"),
            ("UPDATE approval SET ends_at = ends_at + 1", "UPDATE approval SET ends_at = ends_at - 1"),
            ("UPDATE approval SET mac = NULL", "SELECT 1"),
        ];
        for (edit, back) in edits {
            place.execute(edit).await.unwrap();
            let mut reading = place.store.read().await.unwrap();
            assert!(is_edited(&reading.approval(&id(1)).await), "{edit}");
            assert_eq!(reading.open_approvals().await.unwrap(), [], "{edit}");
            drop(reading);
            place.execute(back).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn an_older_row_that_is_put_back_counts_no_more_than_the_audit_tells() {
    on_both(async |place| {
        let given = given(place).await;
        place.execute("CREATE TABLE kept AS SELECT * FROM approval").await.unwrap();
        let operation = place.operation(1, "vd@example.se").await;
        let used = commit!(place.store, tx => tx.advance_approval(&given, &ApprovalStep::UsedFor("nonce 1"), at(2)));
        let event = AuditEvent {
            address: Some(address("vd@example.se")),
            operation: Some(operation_id(1)),
            ..AuditEvent::new(AuditKind::ResetIntent, at(2))
        };
        commit!(place.store, tx => tx.record(&event.clone().with(Fact::Approval, given.id.as_str())));
        place.execute("DELETE FROM approval").await.unwrap();
        place.execute("INSERT INTO approval SELECT * FROM kept").await.unwrap();
        let again = found(place, 1).await;
        assert_eq!((again.state, used.is_some()), (ApprovalState::Given, true));
        let mut tx = place.store.write().await.unwrap();
        assert!(is_edited(&tx.advance_approval(&again, &ApprovalStep::UsedFor("nonce 2"), at(3)).await));
        drop(tx);
        // What was never sent has done nothing.
        place.end(&operation, OperationState::NotSent, 3).await;
        let mut tx = place.store.write().await.unwrap();
        let advanced = tx.advance_approval(&again, &ApprovalStep::UsedFor("nonce 2"), at(3)).await;
        assert!(is_edited(&advanced), "the row says so, and the audit does not");
        assert!(!tx.is_told_unsent("nonce 1").await.unwrap());
        drop(tx);
        let event =
            AuditEvent { kind: AuditKind::ResetOutcome, outcome: Some("not_sent: connect".to_owned()), ..event };
        commit!(place.store, tx => tx.record(&event));
        assert!(place.store.read().await.unwrap().is_told_unsent("nonce 1").await.unwrap());
        assert!(
            commit!(place.store, tx => tx.advance_approval(&again, &ApprovalStep::UsedFor("nonce 2"), at(4))).is_some()
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_ends_by_the_clock_or_by_how_much_time_has_passed() {
    on_both(async |place| {
        given(place).await;
        assert_eq!(commit!(place.store, tx => tx.end_expired_approvals(at(1800))), []);
        assert_eq!(commit!(place.store, tx => tx.end_expired_approvals(at(1801))).len(), 1);
        assert_eq!(found(place, 1).await.state, ApprovalState::Ended);
        assert!(asks(place, 2).await);
        // The clock goes back, and time passes all the same.
        place.clock.turn(4 * 3600);
        assert_eq!(commit!(place.store, tx => tx.end_expired_approvals(at(1))).len(), 1);
        commit!(place.store, tx => tx.remove_approvals_before(at(1)));
        assert_eq!(place.number("SELECT count(*) FROM approval").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_older_database_that_is_accepted_leaves_no_approval_to_be_used() {
    on_both(async |place| {
        let given = given(place).await;
        commit!(place.store, tx => tx.advance_approval(&given, &ApprovalStep::UsedFor("nonce 1"), at(2)));
        assert!(asks(place, 2).await);
        assert_eq!(commit!(place.store, tx => tx.forget_approvals(at(3))).len(), 1);
        assert_eq!(
            (found(place, 1).await.state, found(place, 2).await.state),
            (ApprovalState::Used, ApprovalState::Forgotten)
        );
        assert_eq!(place.store.read().await.unwrap().approvals_given(&eva(), &joint()).await.unwrap(), []);
    })
    .await;
}
