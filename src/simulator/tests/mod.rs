//! The simulator as a caller sees it: stories over the router and over real connections.

mod accounts;
mod aliases;
mod disturbances;
mod listings;
mod transport;

use std::future::pending;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use super::{Simulator, State};
use crate::model::{Clock, Entropy};

/// `cl12345:demo-key`
const LOGIN: &str = "Basic Y2wxMjM0NTpkZW1vLWtleQ==";

fn simulator(state: State) -> Simulator {
    let count = AtomicU8::new(0);
    let entropy = Entropy::new(move |bytes| {
        for byte in bytes {
            *byte = count.fetch_add(1, Ordering::Relaxed).wrapping_mul(37);
        }
    });
    Simulator::new(state, Clock::standing("2026-11-23T12:00:00Z".parse().unwrap()), entropy)
}

fn office() -> Simulator {
    simulator(
        State::empty().account("anna@example.se").account("bo@example.se").alias("info@example.se", "anna@example.se"),
    )
}

struct Heard {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Heard {
    fn response(&self) -> Value {
        serde_json::from_str::<Value>(&self.text).unwrap()["response"].clone()
    }

    fn code(&self) -> u64 {
        self.response()["status"]["code"].as_u64().unwrap()
    }
}

async fn ask(simulator: &Simulator, request: Request<Body>) -> Heard {
    let (parts, body) = simulator.router().oneshot(request).await.unwrap().into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Heard { status: parts.status.as_u16(), headers: parts.headers, text }
}

/// Calls a function as a good client does: POST, JSON both ways, with the key.
async fn post(simulator: &Simulator, function: &str, arguments: Value) -> Heard {
    let request = Request::post(format!("/{function}"))
        .header(header::AUTHORIZATION, LOGIN)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json");
    ask(simulator, request.body(Body::from(arguments.to_string())).unwrap()).await
}

async fn get(simulator: &Simulator, path: &str) -> Heard {
    let request = Request::get(path).header(header::AUTHORIZATION, LOGIN).header(header::ACCEPT, "application/json");
    ask(simulator, request.body(Body::empty()).unwrap()).await
}

/// Serves the simulator on a port of its own for the rest of the test.
async fn served(simulator: &Simulator) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(simulator.clone().serve(listener, pending()));
    address
}

/// Sends a reset for `anna@example.se` down a bare connection.
async fn reset_by_wire(server: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let request = format!(
        "POST /email/resetpassword HTTP/1.1\r\nhost: x\r\nauthorization: {LOGIN}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: 34\r\n\r\n{{\"emailaccount\":\"anna@example.se\"}}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn rest_of(mut stream: TcpStream) -> std::io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.map(|_| heard)
}
