//! Batches and their accounts.

use jiff::SignedDuration;

use super::*;
use crate::model::{
    BatchAction, BatchId, BatchState, ClosedEnvelope, DomainName, ItemState, Kept, LinkEnd, WhyLeftOut, WhyStopped,
};
use crate::store::{NewBatch, NewOwnerLink};

fn batch_id(number: u64) -> BatchId {
    BatchId::parse(&format!("019ab000-0000-7000-8000-{number:012}")).unwrap()
}

/// A batch of Eva's over three accounts, of which one has the setting already.
async fn proposed(place: &Place, number: u64, seconds: i64) -> BatchId {
    let id = batch_id(number);
    let (staff, session) = (StaffId("id of eva".to_owned()), SessionId("session of eva".to_owned()));
    let domain = DomainName::parse("example.se").unwrap();
    let (action, made_at) = (BatchAction::SpamLevel(4), at(seconds));
    let new = NewBatch { id: &id, staff: &staff, session: &session, domain: &domain, action, made_at };
    let items = [("carl", None), ("anna", None), ("bo", Some(WhyLeftOut::Unchanged))];
    let items = items.map(|(local, left_out)| (address(&format!("{local}@example.se")), left_out));
    commit!(place.store, tx => tx.add_batch(&new, &items));
    id
}

async fn states(place: &Place, id: &BatchId) -> Vec<(String, ItemState)> {
    let items = place.store.read().await.unwrap().batch_items(id).await.unwrap();
    items.into_iter().map(|item| (item.address.local().to_owned(), item.state())).collect()
}

async fn batch(place: &Place, id: &BatchId) -> crate::model::Batch {
    place.store.read().await.unwrap().batch(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_batch_is_kept_as_it_was_put_together() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let id = proposed(place, 1, 7).await;
        let kept = batch(place, &id).await;
        assert_eq!(
            (kept.staff, kept.session, kept.staff_name.as_str(), kept.told_as.as_str()),
            (eva, session, "eva", "eva")
        );
        assert_eq!(
            (kept.domain.as_str(), kept.action, kept.state),
            ("example.se", BatchAction::SpamLevel(4), BatchState::Proposed)
        );
        assert_eq!((kept.run, kept.stopped, kept.made_at, kept.ended_at), (0, None, at(7), None));
        let expected = [("anna", ItemState::Waiting), ("bo", ItemState::Unchanged), ("carl", ItemState::Waiting)];
        assert_eq!(states(place, &id).await, expected.map(|(local, state)| (local.to_owned(), state)));
        assert_eq!(place.store.read().await.unwrap().batch(&batch_id(2)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn further_accounts_are_put_to_a_batch() {
    on_both(async |place| {
        place.eva().await;
        let id = proposed(place, 1, 0).await;
        commit!(place.store, tx => tx.add_batch_items(&id, &[(address("dag@example.se"), None)]));
        assert_eq!(states(place, &id).await.last().unwrap(), &("dag".to_owned(), ItemState::Waiting));
        assert_eq!(commit!(place.store, tx => tx.give_turns(&id, 1)).len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_account_of_a_batch_stands_where_its_operation_does() {
    on_both(async |place| {
        place.eva().await;
        let id = proposed(place, 1, 0).await;
        let anna = address("anna@example.se");
        let (operation, nonce) = (operation_id(9), id.nonce(0, &anna));
        let new = NewOperation { id: &operation, nonce: &nonce, address: &anna, ..new_operation() };
        assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
        assert_eq!(states(place, &id).await[0].1, ItemState::Working);
        assert!(commit!(place.store, tx => tx.add_operation(&NewOperation { id: &operation_id(10), ..new })).is_none());
        for (place_in_list, why) in [(0, WhyLeftOut::InFlight), (2, WhyLeftOut::IsAlias)] {
            let item = &place.store.read().await.unwrap().batch_items(&id).await.unwrap()[place_in_list];
            commit!(place.store, tx => tx.leave_out(&id, &item.address, why));
        }
        place.end(&operation, OperationState::Refused, 3).await;
        let found: Vec<_> = states(place, &id).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(found, [ItemState::NotDone, ItemState::Unchanged, ItemState::Skipped]);
        let bo = address("bo@example.se");
        commit!(place.store, tx => tx.leave_out(&id, &bo, WhyLeftOut::IsAlias));
        let items = place.store.read().await.unwrap().batch_items(&id).await.unwrap();
        assert_eq!(items[1].left_out, Some(Kept::Known(WhyLeftOut::Unchanged)), "what was kept first stays");
        assert_eq!(items[0].operation.as_ref().unwrap().id, operation);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_has_its_turn_again_stands_where_its_next_operation_does() {
    on_both(async |place| {
        place.eva().await;
        let id = proposed(place, 1, 0).await;
        let (anna, carl) = (address("anna@example.se"), address("carl@example.se"));
        for run in [1, 2] {
            let given = commit!(place.store, tx => tx.give_turns(&id, run));
            assert_eq!(given, [anna.clone(), carl.clone()], "in run {run}");
            assert_eq!(states(place, &id).await[0].1, ItemState::Waiting, "in run {run}");
            let (operation, nonce) = (operation_id(run.unsigned_abs()), id.nonce(run, &anna));
            let new = NewOperation { id: &operation, nonce: &nonce, address: &anna, ..new_operation() };
            assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
            assert_eq!(states(place, &id).await[0].1, ItemState::Working, "in run {run}");
            place.end(&operation, OperationState::NotSent, 3).await;
        }
        commit!(place.store, tx => tx.leave_out(&id, &carl, WhyLeftOut::InFlight));
        assert_eq!(commit!(place.store, tx => tx.give_turns(&id, 2)), [anna, carl]);
        let found: Vec<_> = states(place, &id).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(found, [ItemState::NotDone, ItemState::Unchanged, ItemState::Waiting]);
    })
    .await;
}

#[tokio::test]
async fn a_batch_runs_once_at_a_time_and_a_run_that_ended_changes_nothing_more() {
    on_both(async |place| {
        place.eva().await;
        let id = proposed(place, 1, 0).await;
        let session = SessionId("another".to_owned());
        let (put_together, grounds) = (batch(place, &id).await.kept_tick, checked(None));
        assert!(!commit!(place.store, tx => tx.keep_batch(&id, 0)));
        assert!(!commit!(place.store, tx => tx.end_batch(&id, 0, None, at(1))));
        assert!(commit!(place.store, tx => tx.run_batch(&id, 0, &session, &grounds)));
        assert!(!commit!(place.store, tx => tx.run_batch(&id, 0, &session, &NO_GROUNDS)));
        let running = batch(place, &id).await;
        assert!(running.proposed_tick == put_together && put_together < running.kept_tick);
        assert_eq!((running.state, running.run, &running.session), (BatchState::Running, 1, &session));
        assert_eq!(running.grounds, grounds);
        assert!(commit!(place.store, tx => tx.keep_batch(&id, 1)));
        assert!(!commit!(place.store, tx => tx.keep_batch(&id, 2)));
        assert!(commit!(place.store, tx => tx.end_batch(&id, 1, Some(WhyStopped::Stopping), at(5))));
        assert!(!commit!(place.store, tx => tx.end_batch(&id, 1, None, at(6))));
        let stopped = batch(place, &id).await;
        assert_eq!(
            (stopped.state, stopped.stopped, stopped.ended_at),
            (BatchState::Stopped, Some(Kept::Known(WhyStopped::Stopping)), Some(at(5)))
        );
        assert!(!commit!(place.store, tx => tx.run_batch(&id, 0, &session, &NO_GROUNDS)), "that was an earlier page");
        assert!(!commit!(place.store, tx => tx.run_batch(&id, 2, &session, &NO_GROUNDS)));
        assert!(commit!(place.store, tx => tx.run_batch(&id, 1, &session, &NO_GROUNDS)));
        assert!(!commit!(place.store, tx => tx.keep_batch(&id, 1)));
        let again = batch(place, &id).await;
        assert_eq!((again.run, again.stopped, again.ended_at), (2, None, None));
        assert_eq!((again.grounds, again.proposed_tick), (grounds, put_together));
        assert!(commit!(place.store, tx => tx.end_batch(&id, 2, None, at(7))));
        assert_eq!(batch(place, &id).await.state, BatchState::Done);
        assert!(
            !commit!(place.store, tx => tx.run_batch(&id, 1, &session, &NO_GROUNDS)),
            "what is done does not begin again"
        );
        assert!(commit!(place.store, tx => tx.run_batch(&id, 2, &session, &NO_GROUNDS)), "unless somebody says so");
        assert_eq!(batch(place, &id).await.run, 3);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_begin_a_batch_at_once_one_does() {
    on_both(async |place| {
        place.eva().await;
        let id = proposed(place, 1, 0).await;
        let begun = at_once(place, 8, |n, store| {
            let id = id.clone();
            async move {
                let session = SessionId(format!("session {n}"));
                commit!(store, tx => tx.run_batch(&id, 0, &session, &NO_GROUNDS))
            }
        });
        assert_eq!(begun.await.into_iter().filter(|begun| *begun).count(), 1);
        assert_eq!(batch(place, &id).await.run, 1);
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_runs_tells_when_it_was_last_said_to() {
    on_both(async |place| {
        place.eva().await;
        let session = SessionId("session of eva".to_owned());
        let (silent, ended) = (proposed(place, 1, 0).await, proposed(place, 2, 0).await);
        proposed(place, 3, 0).await;
        for id in [&silent, &ended] {
            assert!(commit!(place.store, tx => tx.run_batch(id, 0, &session, &NO_GROUNDS)));
        }
        assert!(commit!(place.store, tx => tx.end_batch(&ended, 1, None, at(5))));
        let mut reading = place.store.read().await.unwrap();
        let running = reading.running_batches().await.unwrap();
        assert_eq!(running.iter().map(|batch| &batch.id).collect::<Vec<_>>(), [&silent]);
        let later = reading.last_tick().await.unwrap();
        assert!(running[0].kept_tick < later);
        assert!(commit!(place.store, tx => tx.keep_batch(&silent, 1)));
        assert!(batch(place, &silent).await.kept_tick > later);
    })
    .await;
}

#[tokio::test]
async fn the_newest_batches_of_a_domain_come_first_and_what_was_never_begun_is_forgotten() {
    on_both(async |place| {
        place.eva().await;
        let session = SessionId("session of eva".to_owned());
        // A clock that is set back orders nothing.
        let ids = [proposed(place, 1, 20).await, proposed(place, 2, 10).await, proposed(place, 3, 5).await];
        proposed(place, 4, 5).await;
        let young = proposed(place, 5, 30).await;
        for id in &ids {
            assert!(commit!(place.store, tx => tx.run_batch(id, 0, &session, &NO_GROUNDS)));
        }
        commit!(place.store, tx => tx.remove_proposed_batches_before(at(30)));
        assert_eq!(place.number("SELECT count(*) FROM batch").await, 4);
        assert_eq!(place.number("SELECT count(*) FROM batch_item").await, 12);
        assert_eq!(batch(place, &young).await.state, BatchState::Proposed);
        let mut reading = place.store.read().await.unwrap();
        let [domain, other] = ["example.se", "example.com"].map(|name| DomainName::parse(name).unwrap());
        let listed = reading.batches_in(&domain, 2).await.unwrap();
        assert_eq!(listed.into_iter().map(|batch| batch.id).collect::<Vec<_>>(), [batch_id(3), batch_id(2)]);
        assert!(reading.batches_in(&other, 2).await.unwrap().is_empty());
    })
    .await;
}

/// The operation of an account in a run of a batch, done, with a link for its owner.
async fn by_link(place: &Place, id: &BatchId, run: i64, (number, local): (u64, &str)) -> OperationId {
    let (operation, address) = (operation_id(number), address(&format!("{local}@example.se")));
    let nonce = id.nonce(run, &address);
    let new = NewOperation { id: &operation, nonce: &nonce, address: &address, ..new_operation() };
    assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
    place.end(&operation, OperationState::Done, 1).await;
    let envelope = ClosedEnvelope { hash: format!("hash {number}"), salt: b"salt".into(), sealed: b"sealed".into() };
    let lasts = SignedDuration::from_hours(1);
    let link = NewOwnerLink { operation: &operation, envelope: &envelope, lasts, at: at(1) };
    commit!(place.store, tx => tx.put_owner_link(&link));
    operation
}

#[tokio::test]
async fn what_was_made_for_an_owner_has_another_turn_once_nobody_can_have_it() {
    on_both(async |place| {
        place.eva().await;
        let id = proposed(place, 1, 0).await;
        let listed = async || place.store.read().await.unwrap().operations_of_batch(&id).await.unwrap();
        assert_eq!(listed().await, []);
        assert_eq!(commit!(place.store, tx => tx.give_turns(&id, 1)).len(), 2);
        let carl = by_link(place, &id, 1, (2, "carl")).await;
        let anna = by_link(place, &id, 1, (1, "anna")).await;
        assert_eq!(listed().await.into_iter().map(|made| made.id).collect::<Vec<_>>(), [anna.clone(), carl.clone()]);
        assert!(commit!(place.store, tx => tx.give_turns(&id, 2)).is_empty(), "both links wait");
        assert!(commit!(place.store, tx => tx.end_owner_link(&carl, LinkEnd::Revoked, at(2))));
        assert!(commit!(place.store, tx => tx.end_owner_link(&anna, LinkEnd::Read, at(2))));
        let items = place.store.read().await.unwrap().batch_items(&id).await.unwrap();
        let ends: Vec<_> = items.iter().map(|item| item.operation.as_ref().and_then(|made| made.link_end)).collect();
        assert_eq!(ends, [Some(LinkEnd::Read), None, Some(LinkEnd::Revoked)]);
        for item in &items {
            assert_eq!(item.is_to_do(BatchAction::GiveLinks), item.address.local() == "carl");
        }
        assert_eq!(commit!(place.store, tx => tx.give_turns(&id, 2)), [address("carl@example.se")]);
        assert_eq!(listed().await.into_iter().map(|made| made.id).collect::<Vec<_>>(), [anna]);
    })
    .await;
}

#[tokio::test]
async fn a_later_word_about_a_password_is_one_that_the_batch_did_not_say() {
    on_both(async |place| {
        place.eva().await;
        place.operation(8, "carl@example.se").await;
        place.end(&operation_id(8), OperationState::Done, 0).await;
        let id = proposed(place, 1, 0).await;
        let since = async |local: &str| {
            let (batch, address) = (batch(place, &id).await, address(&format!("{local}@example.se")));
            place.store.read().await.unwrap().password_since(&batch, &address).await.unwrap()
        };
        by_link(place, &id, 1, (1, "anna")).await;
        assert_eq!((since("anna").await, since("carl").await), (None, None), "its own, and what came before");
        place.operation(9, "anna@example.se").await;
        assert_eq!(since("anna").await, None, "it has not ended");
        place.end(&operation_id(9), OperationState::Done, 2).await;
        assert_eq!(since("anna").await, Some(OperationKind::ResetPassword));
    })
    .await;
}
