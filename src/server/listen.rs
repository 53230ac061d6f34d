//! The accept loops, and stopping.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use rustix::net::sockopt::{set_socket_recv_buffer_size, set_socket_send_buffer_size};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::client::Peer;
use super::connection::{Served, serve};
use super::door::Door;
use super::places::Places;
use super::strangers::Strangers;
use super::{Built, Service, headers, owners, panel};

/// How many connections may be open at once: enough for every idle socket that a crowd opens in the ten seconds that each
/// has, and few enough that descriptors stay for the database and for GleSYS.
const CONNECTIONS: usize = 8192;
/// How many of them at the owners' door, which has places of its own: at most a quarter of what there is.
const OF_OWNERS: usize = 2048;
/// Of the descriptors that the process may have, how many are not for connections.
const KEPT_BACK: usize = 128;
/// What the system may keep of a connection's bytes each way: it counts for the panel's container, and grows to megabytes
/// for a client that takes nothing.
const SYSTEM_BUFFER: usize = 64 * 1024;
/// How long answers under way may take when the panel stops.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How long running operations may take when the panel stops: a call's 30 s and recording it.
const OPERATIONS_WITHIN: Duration = Duration::from_secs(35);

/// What is listened on.
pub struct Listeners {
    pub panel: TcpListener,
    /// For the door of the owners of mailboxes, where they have one.
    pub owners: Option<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(panel: TcpListener) -> Self {
        Self { panel, owners: None }
    }
}

/// A door while it is open.
struct Open {
    listener: TcpListener,
    with: Served,
    places: Arc<Places>,
    strangers: Strangers,
}

impl Open {
    fn new(door: &Door, service: Service, listener: TcpListener, built: &Built, all: usize) -> Self {
        keep_buffers_small(&listener);
        let headers = headers::lines(door);
        let with = Served { service, headers, stopping: built.stopping.clone() };
        let places = Places::new(all, built.trusted_proxies.clone());
        Self { listener, with, places, strangers: door.strangers.clone() }
    }

    /// Lets people in until it closes, and then ends when their answers are finished.
    async fn until(self, closing: CancellationToken) {
        let connections = GracefulShutdown::new();
        tokio::select! {
            () = closing.cancelled() => {}
            () = self.lets_in(&connections) => {}
            () = self.places.watch() => {}
            () = self.strangers.keep_up() => {}
        }
        drop(self.listener);
        self.places.end_unused();
        connections.shutdown().await;
    }

    async fn lets_in(&self, connections: &GracefulShutdown) {
        loop {
            match self.listener.accept().await {
                Ok((tcp, peer)) => match self.places.take(peer.ip(), Instant::now()) {
                    Some(place) => {
                        tokio::spawn(serve(tcp, Peer(peer.ip()), self.with.clone(), connections.watcher(), place));
                    }
                    // It ends anyway, if less quickly.
                    None => drop(tcp.set_zero_linger()),
                },
                Err(error) => {
                    // Out of file descriptors, most likely; a moment's rest lets some be freed.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

/// The doors that are listened at, each with places of its own.
fn doors(built: &Built, listeners: Listeners) -> impl Iterator<Item = Open> {
    let owners = listeners.owners.and_then(|listener| Some((built.owners.as_ref()?, owners(built)?, listener)));
    let (all, of_owners) = places(owners.is_some());
    let owners = owners.map(|(door, service, listener)| Open::new(door, service, listener, built, of_owners));
    let panel = Open::new(&built.panel, panel(built), listeners.panel, built, all);
    [Some(panel), owners].into_iter().flatten()
}

/// Serves until `stop` is ready, then ends in order: not ready any more, but still served for as long as is configured or
/// until `stop` is ready once more; then no new work, answers and operations finished, database closed.
///
/// # Errors
/// None: a connection that can't be accepted is only logged.
pub async fn run(built: Built, listeners: impl Into<Listeners>, mut stop: impl AsyncFnMut()) -> io::Result<()> {
    if let Err(error) = built.ledger.look_back().await {
        tracing::warn!(%error, "the database does not tell how far it has come; the sweeper asks again");
    }
    let (mut open, closing) = (JoinSet::new(), CancellationToken::new());
    // A task each, so that a crowd at one door keeps nobody waiting at the other.
    for door in doors(&built, listeners.into()) {
        open.spawn(door.until(closing.clone()));
    }
    let directory = built.app.directory.clone();
    let (sweeper, outbox) = (built.sweeper.clone(), built.outbox.clone());
    let background = [
        tokio::spawn(async move { directory.keep_up().await }),
        tokio::spawn(async move { sweeper.run().await }),
        tokio::spawn(async move { outbox.keep_up().await }),
    ];
    stop().await;
    built.stopping.store(true, Ordering::SeqCst);
    serve_on(built.drain, stop).await;
    tracing::info!("stopping: running operations are finished first");
    closing.cancel();
    for task in background {
        task.abort();
    }
    let answers = tokio::time::timeout(ANSWERS_WITHIN, async { while open.join_next().await.is_some() {} });
    let operations = tokio::time::timeout(OPERATIONS_WITHIN, built.ledger.stop());
    let (_, operations) = tokio::join!(answers, operations);
    if operations.is_err() {
        tracing::error!("an operation did not finish in time; it will be recorded as unknown");
    }
    for door in [Some(&built.panel), built.owners.as_ref()].into_iter().flatten() {
        door.strangers.tell_all();
    }
    Box::pin(built.sweeper.end()).await;
    built.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Whoever leads people to the panel needs a while to notice that it is not ready any more. Nobody waits for it who asks twice.
async fn serve_on(drain: Duration, mut stop: impl AsyncFnMut()) {
    if drain.is_zero() {
        return;
    }
    tracing::info!(seconds = drain.as_secs(), "not ready any more, and still serving until proxies have noticed");
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        () = stop() => tracing::info!("asked to stop once more: not serving any longer"),
    }
}

/// How many connections fit the descriptors that the process may have: at the panel's door, and at that of owners.
fn places(owners_have_a_door: bool) -> (usize, usize) {
    let descriptors = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
    let all = descriptors.saturating_sub(KEPT_BACK).clamp(2, CONNECTIONS);
    let of_owners = if owners_have_a_door { (all / 4).clamp(1, OF_OWNERS) } else { 0 };
    (all - of_owners, of_owners)
}

/// Every connection's socket takes this over.
fn keep_buffers_small(listener: &TcpListener) {
    let result = set_socket_send_buffer_size(listener, SYSTEM_BUFFER)
        .and_then(|()| set_socket_recv_buffer_size(listener, SYSTEM_BUFFER));
    if let Err(error) = result {
        tracing::warn!(%error, "the size of the sockets' buffers could not be limited");
    }
}
