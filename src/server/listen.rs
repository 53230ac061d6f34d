//! The accept loop, and stopping.

use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use rustix::net::sockopt::{set_socket_recv_buffer_size, set_socket_send_buffer_size};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::client::Peer;
use super::connection::{Served, serve};
use super::places::Places;
use super::{Built, headers, service};

/// How many connections may be open at once: enough for every idle socket that a crowd opens in the ten seconds that each
/// has, and few enough that descriptors stay for the database and for GleSYS.
const CONNECTIONS: usize = 8192;
/// Of the descriptors that the process may have, how many are not for connections.
const KEPT_BACK: usize = 128;
/// What the system may keep of a connection's bytes each way: it counts for the panel's container, and grows to megabytes
/// for a client that takes nothing.
const SYSTEM_BUFFER: usize = 64 * 1024;
/// How long answers under way may take when the panel stops.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How long running operations may take when the panel stops: a call's 30 s and recording it.
const OPERATIONS_WITHIN: Duration = Duration::from_secs(35);

/// Serves until `stop` is ready, then ends in order: not ready any more, no new work, answers and operations finished,
/// database closed.
///
/// # Errors
/// None: a connection that can't be accepted is only logged.
pub async fn run(built: Built, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
    keep_buffers_small(&listener);
    let with = Served { service: service(&built), headers: headers::lines(built.public_url.scheme() == "https") };
    let places = Places::new(places(), built.trusted_proxies.clone());
    if let Err(error) = built.ledger.look_back().await {
        tracing::warn!(%error, "the database does not tell how far it has come; the sweeper asks again");
    }
    let connections = GracefulShutdown::new();
    let directory = built.app.directory.clone();
    let sweeper = built.sweeper.clone();
    let strangers = built.strangers.clone();
    let watched = places.clone();
    let background = [
        tokio::spawn(async move { directory.keep_up().await }),
        tokio::spawn(async move { sweeper.run().await }),
        tokio::spawn(async move { watched.watch().await }),
        tokio::spawn(async move { strangers.keep_up().await }),
    ];
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((tcp, peer)) => match places.take(peer.ip(), Instant::now()) {
                    Some(place) => {
                        tokio::spawn(serve(tcp, Peer(peer.ip()), with.clone(), connections.watcher(), place));
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
    built.stopping.store(true, Ordering::SeqCst);
    drop(listener);
    tracing::info!("stopping: running operations are finished first");
    places.end_unused();
    for task in background {
        task.abort();
    }
    let answers = tokio::time::timeout(ANSWERS_WITHIN, connections.shutdown());
    let operations = tokio::time::timeout(OPERATIONS_WITHIN, built.ledger.stop());
    let (_, operations) = tokio::join!(answers, operations);
    if operations.is_err() {
        tracing::error!("an operation did not finish in time; it will be recorded as unknown");
    }
    built.strangers.tell_all();
    Box::pin(built.sweeper.end()).await;
    built.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// How many connections fit the descriptors that the process may have.
fn places() -> usize {
    let descriptors = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
    descriptors.saturating_sub(KEPT_BACK).clamp(1, CONNECTIONS)
}

/// Every connection's socket takes this over.
fn keep_buffers_small(listener: &TcpListener) {
    let result = set_socket_send_buffer_size(listener, SYSTEM_BUFFER)
        .and_then(|()| set_socket_recv_buffer_size(listener, SYSTEM_BUFFER));
    if let Err(error) = result {
        tracing::warn!(%error, "the size of the sockets' buffers could not be limited");
    }
}
