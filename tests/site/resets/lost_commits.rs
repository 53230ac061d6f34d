//! The connection to PostgreSQL breaks in the one moment when nobody can know whether a transaction became durable:
//! after COMMIT was sent and before its answer came.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nyckel::model::{AuditKind, OperationState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::{Panel, Person, panel};

const RESET: &str = "email/resetpassword";

/// A way to PostgreSQL that, when it is told to, passes the next COMMIT on and swallows the answer.
struct Wire {
    address: SocketAddr,
    cuts: Arc<AtomicBool>,
}

impl Wire {
    async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, cuts) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let told = cuts.clone();
        tokio::spawn(async move {
            while let Ok((panel, _)) = listener.accept().await {
                tokio::spawn(pass(panel, server, told.clone()));
            }
        });
        Self { address, cuts }
    }

    fn cuts_after_the_next_commit(&self) {
        self.cuts.store(true, Ordering::SeqCst);
    }
}

async fn pass(panel: TcpStream, server: SocketAddr, cuts: Arc<AtomicBool>) {
    let server = TcpStream::connect(server).await.unwrap();
    let ((mut from_panel, to_panel), (from_server, mut to_server)) = (panel.into_split(), server.into_split());
    let swallows = Arc::new(AtomicBool::new(false));
    let back = tokio::spawn(pass_back(from_server, to_panel, swallows.clone()));
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_panel.read(&mut buffer).await {
        let is_commit = buffer[..read].windows(7).any(|seven| seven == b"COMMIT\0");
        let cut = is_commit && cuts.swap(false, Ordering::SeqCst);
        swallows.fetch_or(cut, Ordering::SeqCst);
        to_server.write_all(&buffer[..read]).await.unwrap();
        if cut {
            // Ends with the server's answer: it has committed.
            return back.await.unwrap();
        }
    }
    back.abort();
}

/// Passes answers on until one is to be swallowed.
async fn pass_back(mut from_server: OwnedReadHalf, mut to_panel: OwnedWriteHalf, swallows: Arc<AtomicBool>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
        if swallows.load(Ordering::SeqCst) || to_panel.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// A replica whose database is at the other end of such a wire, and an operator; `None` on SQLite, which has no wire.
async fn wired() -> Option<(Panel, Wire, Person)> {
    let panel = panel().await;
    let url = panel.database.server()?;
    let wire = Wire::to(url.socket_addrs(|| Some(5432)).unwrap().remove(0)).await;
    let panel = Box::pin(panel.replica_at(wire.address)).await;
    let eva = panel.operator("eva").await;
    Some((panel, wire, eva))
}

#[tokio::test]
async fn an_intent_whose_commit_got_no_answer_is_not_sent_and_is_recorded_so() {
    let Some((panel, wire, eva)) = Box::pin(wired()).await else { return };
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    wire.cuts_after_the_next_commit();
    let refused = eva.submits(&page).await;
    refused.must_say(503, &["The panel can’t save anything at the moment", "Nothing was changed at GleSYS."]);
    panel.until_at_rest().await;
    assert_eq!(panel.resets(), (0, 0));
    panel.one(AuditKind::ResetIntent).await;
    assert_eq!(panel.one(AuditKind::ResetOutcome).await.outcome.as_deref(), Some("not_sent: not_recorded"));

    let again = eva.presses(&page, "Reset password").await;
    again.must_say(200, &["The old password still works; nothing was changed.", "nothing was sent"]);
    let result = eva.resets("anna@example.se").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"), "nothing to wait for");
}

#[tokio::test]
async fn an_outcome_whose_commit_got_no_answer_is_recorded_once() {
    let Some((panel, wire, eva)) = Box::pin(wired()).await else { return };
    panel.glesys.fault(
        RESET,
        nyckel::simulator::Fault::Slow(Duration::from_millis(300)),
        nyckel::simulator::Times::Once,
    );
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let (answer, ()) = tokio::join!(eva.submits(&page), async {
        panel.until_called(1).await;
        wire.cuts_after_the_next_commit();
    });
    panel.until_at_rest().await;
    let result = eva.visits(answer.header("location")).await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.one(AuditKind::ResetOutcome).await.outcome.as_deref(), Some("done"));
}

#[tokio::test]
async fn a_password_whose_showing_got_no_answer_but_was_recorded_is_shown_and_only_then() {
    let Some((panel, wire, eva)) = Box::pin(wired()).await else { return };
    let result = eva.confirms("anna@example.se").await;
    wire.cuts_after_the_next_commit();
    let page = eva.visits(&result).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    panel.one(AuditKind::ResetShown).await;
    eva.visits(&result).await.must_say(200, &["The password has already been shown"]);
    let id = result.strip_prefix("/operations/").unwrap();
    assert_eq!(panel.operation(id).await.state(), OperationState::Done);
}

#[tokio::test]
async fn a_reading_by_link_whose_commit_got_no_answer_but_was_recorded_shows_the_password() {
    let Some((panel, wire, eva)) = Box::pin(wired()).await else { return };
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let page = eva.fills_in(&page, "Reset password", &[("hand_over", "link")]).await;
    let (link, code) = (page.text("#link"), page.text("#code"));
    let path = link[link.find("/hand-over/").unwrap()..].to_owned();
    let (owner, typed) = (Person::stranger(&panel), [("code", code.as_str())]);
    owner.visits(&path).await;
    // The try is counted in a transaction of its own, which is not done where nobody knows whether it was counted.
    wire.cuts_after_the_next_commit();
    owner.posts(&path, &typed).await.must_say(503, &["Not now", "the password was not shown"]);
    let claim = async {
        panel.until(|panel| async move { tries(&panel).await == ["2"] }).await;
        wire.cuts_after_the_next_commit();
    };
    let (page, ()) = tokio::join!(owner.posts(&path, &typed), claim);
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    panel.one(AuditKind::HandOverRead).await;
}

async fn tries(panel: &Panel) -> Vec<String> {
    panel.database.texts("SELECT CAST(tries AS TEXT) FROM owner_link").await
}
