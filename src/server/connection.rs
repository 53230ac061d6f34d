//! One connection: requests read by hyper, answered by the panel, and the place given back at the end.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tower::ServiceExt;

use super::Service;
use super::activity::Activity;
use super::client::Peer;
use super::places::Place;
use super::request_log::SignedIn;
use super::stream::Stream;

/// What hyper keeps of requests, beside what the last look brought (so a head has twice this at most), and as much of an
/// answer as waits for the client beside the part that is being made.
const LARGEST_BUFFER: usize = 32 * 1024;

/// What every connection is served with.
#[derive(Clone)]
pub struct Served {
    pub service: Service,
    /// The headers of what hyper answers by itself.
    pub headers: Arc<str>,
    /// Whether the panel is stopping: each answer is then the last of its connection.
    pub stopping: Arc<AtomicBool>,
}

/// Serves a connection to its end.
pub async fn serve(tcp: TcpStream, peer: Peer, with: Served, watcher: Watcher, place: Place) {
    // A small answer shall not wait for more to come.
    let _ = tcp.set_nodelay(true);
    let place = Arc::new(place);
    tokio::select! {
        () = place.activity.is_dismissed() => tracing::debug!("a connection was ended"),
        result = work(tcp, peer, with, watcher, place.clone()) => {
            if let Err(error) = result {
                tracing::debug!(%error, "a connection ended early");
            }
        }
    }
}

async fn work(
    tcp: TcpStream,
    peer: Peer,
    with: Served,
    watcher: Watcher,
    place: Arc<Place>,
) -> Result<(), hyper::Error> {
    // hyper takes two buffers at once and is large itself; who says nothing needs none of it. That something can be read
    // is not asked for: tokio may say so where nothing can.
    if !tcp.peek(&mut [0]).await.is_ok_and(|bytes| bytes > 0) {
        return Ok(());
    }
    place.speaks(Instant::now());
    connection(tcp, peer, with, watcher, place).await
}

/// hyper's side of a connection, in a place of its own: a part of [`work`] it would be there from the beginning.
fn connection(
    tcp: TcpStream,
    peer: Peer,
    Served { service, headers, stopping }: Served,
    watcher: Watcher,
    place: Arc<Place>,
) -> Pin<Box<dyn Future<Output = Result<(), hyper::Error>> + Send>> {
    let stream = TokioIo::new(Stream::new(tcp, place.activity.clone(), headers));
    let answers = service_fn(move |request| answer(service.clone(), peer, place.clone(), stopping.clone(), request));
    // `places` sees to it that heads come in time.
    let mut builder = http1::Builder::new();
    let connection = builder.header_read_timeout(None).max_buf_size(LARGEST_BUFFER).serve_connection(stream, answers);
    Box::pin(watcher.watch(connection))
}

async fn answer(
    service: Service,
    peer: Peer,
    place: Arc<Place>,
    stopping: Arc<AtomicBool>,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    let activity = place.activity.clone();
    let is_last = activity.begins(!request.body().is_end_stream(), Instant::now());
    let call = Call(activity.clone());
    let mut request = request.map(|body| Body::new(Sent { body, activity }));
    request.extensions_mut().insert(peer);
    let mut answer = service.oneshot(request).await?;
    if answer.extensions().get::<SignedIn>().is_some() {
        place.knows();
    }
    // Of a panel that stops, whoever is at the other end finds another one, or the next one here.
    if is_last || stopping.load(Ordering::SeqCst) {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(answer.map(|body| Answer { body, _call: call }))
}

/// A request that is answered; over when all of its answer is made.
struct Call(Arc<Activity>);

impl Drop for Call {
    fn drop(&mut self) {
        self.0.ends(Instant::now());
    }
}

/// The body of a request, which says when all of it has come or nobody wants the rest.
struct Sent {
    body: Incoming,
    activity: Arc<Activity>,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.activity.has_body();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.activity.has_body();
    }
}

/// The body of an answer, which holds its call until all of it is made.
pub struct Answer {
    body: Body,
    _call: Call,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
