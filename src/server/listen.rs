//! The accept loop with its deadlines, and stopping.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use super::client::Peer;
use super::{Built, Service, service};

/// How long a client may take to send a request's head.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// The largest head.
const LARGEST_HEAD: usize = 32 * 1024;
/// How many connections may be open at once: enough for every idle socket that a crowd opens in [`HEAD_WITHIN`], and few
/// enough that descriptors stay for the database and for GleSYS. Others wait at the door.
const CONNECTIONS: usize = 8192;
/// Of the descriptors that the process may have, how many are not for connections.
const KEPT_BACK: usize = 128;
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
    let service = service(&built);
    let connections = GracefulShutdown::new();
    let directory = built.app.directory.clone();
    let sweeper = built.sweeper.clone();
    let background =
        [tokio::spawn(async move { directory.keep_up().await }), tokio::spawn(async move { sweeper.run().await })];
    let mut stop = std::pin::pin!(stop);
    let places = Arc::new(Semaphore::new(places()));
    let accept = async || {
        // The semaphore is never closed.
        let place = places.clone().acquire_owned().await.ok();
        (listener.accept().await, place)
    };
    loop {
        tokio::select! {
            () = &mut stop => break,
            (accepted, place) = accept() => match accepted {
                Ok((stream, peer)) => serve(stream, Peer(peer.ip()), &service, &connections, place),
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
    for task in background {
        task.abort();
    }
    let answers = tokio::time::timeout(ANSWERS_WITHIN, connections.shutdown());
    let operations = tokio::time::timeout(OPERATIONS_WITHIN, built.ledger.stop());
    let (_, operations) = tokio::join!(answers, operations);
    if operations.is_err() {
        tracing::error!("an operation did not finish in time; it will be recorded as unknown");
    }
    Box::pin(built.sweeper.head.note()).await;
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

fn serve(
    stream: TcpStream,
    peer: Peer,
    service: &Service,
    connections: &GracefulShutdown,
    place: Option<OwnedSemaphorePermit>,
) {
    let service = service.clone();
    // A small answer shall not wait for more to come.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        service.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answer);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}
