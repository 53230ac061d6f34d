//! The accept loop with its deadlines, and stopping.

use std::io;
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
use tower::ServiceExt;

use super::client::Peer;
use super::{Built, Service, service};

/// How long a client may take to send a request's head.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// The largest head.
const LARGEST_HEAD: usize = 32 * 1024;
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
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => serve(stream, Peer(peer.ip()), &service, &connections),
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

fn serve(stream: TcpStream, peer: Peer, service: &Service, connections: &GracefulShutdown) {
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
    });
}
