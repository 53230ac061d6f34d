//! Transactions: all or nothing, and nothing is left behind by one that was given up.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::{
    Either, SECRET, address, ask_postgres, at, at_once, commit, new_operation, new_session, on_both, on_postgres,
    opening, operation_id,
};
use crate::model::{AuditEvent, AuditKind, CookieHash, Elapsed, Guarded, Holder, Outcome, SessionId};
use crate::store::{NewOperation, Store, Within};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[tokio::test]
async fn a_transaction_that_is_dropped_changes_nothing() {
    on_both(async |place| {
        place.eva().await;
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.add_operation(&new_operation()).await.unwrap().is_some());
        tx.record(&AuditEvent::new(AuditKind::ResetIntent, at(0))).await.unwrap();
        tx.count_attempt("eva", Elapsed(0)).await.unwrap();
        tx.put_setup_token("one").await.unwrap();
        assert!(tx.end_session(&SessionId("session of eva".to_owned()), at(1)).await.unwrap());
        drop(tx);
        assert_eq!(place.number("SELECT count(*) FROM operation").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await, 0);
        assert_eq!(place.number("SELECT seq FROM audit_head").await, 1, "Eva's");
        assert_eq!(place.number("SELECT count(*) FROM attempt").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM setup_token").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM session WHERE ended_at IS NULL").await, 1);
        assert!(commit!(place.store, tx => tx.add_operation(&new_operation())).is_some());
    })
    .await;
}

#[tokio::test]
async fn a_transaction_sees_its_own_changes_and_nobody_else_does() {
    on_both(async |place| {
        place.eva().await;
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.add_operation(&new_operation()).await.unwrap().is_some());
        assert!(tx.operation(new_operation().id).await.unwrap().is_some());
        assert!(place.store.read().await.unwrap().operation(new_operation().id).await.unwrap().is_none());
        tx.commit().await.unwrap();
        assert!(place.store.read().await.unwrap().operation(new_operation().id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_fails_takes_its_transaction_with_it_and_no_other() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let mut tx = place.store.write().await.unwrap();
        tx.count_attempt("eva", Elapsed(0)).await.unwrap();
        let cookie = CookieHash("another cookie".to_owned());
        assert!(tx.begin_session(&new_session(&session, &cookie, &eva, at(1))).await.is_err());
        drop(tx);
        assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", Elapsed(0))), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_waiting_leaves_the_database_as_good_as_it_was() {
    on_both(async |place| {
        at_once(place, 40, |n, store| async move {
            let patience = Duration::from_micros(u64::try_from(n).unwrap() * 150);
            let work = async {
                commit!(store, tx => tx.record(&AuditEvent::new(AuditKind::SignedOut, at(0))));
            };
            let _ = tokio::time::timeout(patience, work).await;
        })
        .await;
        commit!(place.store, tx => tx.record(&AuditEvent::new(AuditKind::SignedOut, at(0))));
        let (rows, head) = (
            place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await,
            place.number("SELECT seq FROM audit_head").await,
        );
        assert_eq!(rows, head);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_transaction_counted_is_still_so_when_it_commits() {
    on_both(async |place| {
        let (eva, _) = place.eva().await;
        let admitted = at_once(place, 20, move |n, store| {
            let eva = eva.clone();
            async move {
                let mut tx = store.write().await.unwrap();
                let anybody = address("anna@example.se");
                let of = Guarded::Passwords;
                let within = Within { by_staff: SECOND, of_account: SECOND, in_all: SECOND };
                let counts = tx.tried(of, &eva, &anybody, &within).await.unwrap();
                if counts.by_staff >= 3 {
                    return false;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                let (id, nonce) = (operation_id(n as u64), format!("nonce {n}"));
                let address = address(&format!("account{n}@example.se"));
                let new = NewOperation { id: &id, nonce: &nonce, address: &address, ..new_operation() };
                let added = tx.add_operation(&new).await.unwrap().is_some();
                tx.commit().await.unwrap();
                added
            }
        });
        assert_eq!(admitted.await.into_iter().filter(|admitted| *admitted).count(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_while_a_reset_ends_leaves_no_sealed_password() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        for n in 0..10 {
            place.session(&eva, &format!("session {n}")).await;
            place.operation(n, &format!("account{n}@example.se")).await;
        }
        at_once(place, 20, |n, store| async move {
            let session = SessionId(format!("session of session {}", n / 2));
            let mut tx = store.write().await.unwrap();
            if n % 2 == 0 {
                tx.end_session(&session, at(2)).await.unwrap();
            } else {
                let id = operation_id(n as u64 / 2);
                assert!(tx.end_operation(&id, &Outcome::Done, at(2)).await.unwrap().is_some());
                tx.put_sealed(&id, &Holder::Session(session), b"sealed", at(302)).await.unwrap();
            }
            tx.commit().await.unwrap();
        })
        .await;
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_writes_for_too_long_is_an_error_to_others_and_then_forgotten() {
    on_both(async |place| {
        let replica = place.replica().await;
        let held = replica.write().await.unwrap();
        let began = Instant::now();
        assert!(place.store.write().await.is_err());
        assert!((4..8).contains(&began.elapsed().as_secs()));
        place.store.read().await.unwrap().ping().await.unwrap();
        drop(held);
        assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", Elapsed(0))), 1);
    })
    .await;
}

/// The same database at the end of a slow line: everything takes ten milliseconds each way.
async fn far_away(url: &str) -> String {
    async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> std::io::Result<()> {
        let mut bytes = vec![0; 65_536];
        loop {
            let read = from.read(&mut bytes).await?;
            tokio::time::sleep(Duration::from_millis(10)).await;
            to.write_all(bytes.get(..read).filter(|read| !read.is_empty()).ok_or(ErrorKind::UnexpectedEof)?).await?;
        }
    }
    let mut url = url::Url::parse(url).unwrap();
    let server = (url.host_str().unwrap().to_owned(), url.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (near, far) = (near.into_split(), TcpStream::connect(server.clone()).await.unwrap().into_split());
            tokio::spawn(carry(near.0, far.1));
            tokio::spawn(carry(far.0, near.1));
        }
    });
    url.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_gave_up_is_left_inside_a_transaction() {
    on_postgres(async |place| {
        let Either::Postgres(url) = &place.home else { unreachable!("a place on PostgreSQL") };
        let far = Store::open_postgres(&far_away(url).await, &opening(SECRET)).await.unwrap();
        for millis in (0..150).step_by(7) {
            drop(tokio::time::timeout(Duration::from_millis(millis), far.write()).await);
            // What was dropped is cleaned up in the background.
            let left = "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
            let began = Instant::now();
            tokio::time::sleep(Duration::from_millis(100)).await;
            while place.number(left).await > 0 {
                assert!(began.elapsed() < Duration::from_secs(5), "given up after {millis} ms");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_commit_is_durable_whatever_the_server_does_by_default() {
    on_postgres(async |place| {
        for (default, expected) in [("off", "on"), ("local", "on"), ("on", "on"), ("remote_apply", "remote_apply")] {
            let Either::Postgres(url) = &place.home else { unreachable!("a place on PostgreSQL") };
            let (server, name) = url.rsplit_once('/').unwrap();
            ask_postgres(
                &format!("{server}/postgres"),
                format!("ALTER DATABASE {name} SET synchronous_commit = {default}"),
            )
            .await;
            let Either::Postgres(mut tx) = place.replica().await.write().await.unwrap().db.link else { unreachable!() };
            let set: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *tx).await.unwrap();
            assert_eq!(set, expected);
        }
    })
    .await;
}
