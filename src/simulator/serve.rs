//! The simulator's own accept loop, which can do to a connection what a router can't: reset it, or send no HTTP.
//!
//! `cli` and the tests call [`Simulator::serve`].

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::Simulator;
use super::faults::Then;

/// How a connection ends without an answer.
pub enum Ending {
    /// With a TCP reset.
    Reset,
    /// With these bytes, whatever they are.
    Bytes(Vec<u8>, Then),
}

/// Lets a call end its own connection.
#[derive(Clone)]
pub struct Hangup(mpsc::Sender<Ending>);

impl Hangup {
    /// Ends it; a second ending is too late and ignored.
    pub fn end(&self, ending: Ending) {
        let _ = self.0.try_send(ending);
    }
}

impl Simulator {
    /// Serves the API until `shutdown` completes, then drops every connection at once.
    ///
    /// # Errors
    /// When the listener fails for good; running out of file descriptors only makes it wait.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let mut shutdown = pin!(shutdown);
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => continue,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => drop(connections.spawn(connection(self.clone(), stream, peer))),
                Err(error) if error.raw_os_error().is_some() => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => return Err(error),
            }
        }
        connections.shutdown().await;
        Ok(())
    }
}

async fn connection(simulator: Simulator, stream: TcpStream, peer: SocketAddr) {
    let router = simulator.router();
    let (sender, mut endings) = mpsc::channel(1);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(Hangup(sender.clone()));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ending = tokio::select! {
        _ = &mut serving => return,
        ending = endings.recv() => ending,
    };
    let mut stream = serving.into_parts().io.into_inner();
    match ending {
        Some(Ending::Bytes(bytes, then)) => {
            let said = stream.write_all(&bytes).await.is_ok();
            // Nothing more is asked on a connection like that; what comes next is its end.
            if said && then == Then::Stay {
                let _ = stream.read(&mut [0]).await;
            }
        }
        Some(Ending::Reset) | None => drop(stream.set_zero_linger()),
    }
}
