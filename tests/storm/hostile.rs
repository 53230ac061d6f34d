//! Clients that hold on to a connection without getting anywhere, or ask over and over for what they are refused, each in a
//! way of its own and from a network of strangers.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// How long the slow ones wait between two bytes.
const BETWEEN: Duration = Duration::from_secs(5);
/// From how many networks they come.
const NETWORKS: u64 = 200;

/// The ways.
pub const SHAPES: [Shape; 10] = [
    Shape::Silent,
    Shape::SlowHead,
    Shape::SlowBody,
    Shape::HalfClosed,
    Shape::HalfClosedUnread,
    Shape::UnreadPages,
    Shape::UnreadFiles,
    Shape::ByteByByte,
    Shape::Guesses,
    Shape::RefusedPosts,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Says nothing.
    Silent,
    /// A byte of a head now and then.
    SlowHead,
    /// A byte of a form now and then.
    SlowBody,
    /// Half a head, and no more to come.
    HalfClosed,
    /// Asks for much, will say no more, and reads nothing.
    HalfClosedUnread,
    /// Asks for page after page and reads nothing, behind a window that is closed at once.
    UnreadPages,
    /// The same with a style sheet.
    UnreadFiles,
    /// The same, but reads a byte now and then.
    ByteByByte,
    /// A wrong password, or a code on a link that nobody made, and again when it is answered.
    Guesses,
    /// A reset from a page of somebody else's, and again when it is answered.
    RefusedPosts,
}

/// Whom they are after.
#[derive(Clone)]
pub struct Target {
    /// The replicas' ports; each client stays with one.
    pub ports: Vec<u16>,
    /// The path of a style sheet.
    pub sheet: String,
    /// The path of a page whose form asks for a secret.
    pub form: &'static str,
}

impl Shape {
    /// Behaves so until the panel has had enough, or until then; the connection stays open on this side. Says whether the
    /// panel's end was seen.
    pub async fn behaves(self, target: &Target, number: u64, until: Instant) -> (Option<TcpStream>, bool) {
        let port = target.ports[usize::try_from(number).unwrap() / SHAPES.len() % target.ports.len()];
        let Ok(mut stream) = connects(port, number).await else { return (None, true) };
        let ended = match self {
            Self::Silent => ends(&mut stream, until).await,
            Self::SlowHead => dribbles(&mut stream, "GET / HTTP/1.1\r\nHost: ", until).await,
            Self::SlowBody => dribbles(&mut stream, &form(port, target.form), until).await,
            Self::HalfClosed => {
                drop(stream.write_all(b"GET / HTTP/1.1\r\n").await);
                drop(stream.shutdown().await);
                ends(&mut stream, until).await
            }
            Self::HalfClosedUnread => {
                drop(stream.write_all(asks(port, &target.sheet).as_bytes()).await);
                drop(stream.shutdown().await);
                rests(until).await
            }
            Self::UnreadPages => {
                drop(stream.write_all(asks(port, target.form).as_bytes()).await);
                rests(until).await
            }
            Self::UnreadFiles => {
                drop(stream.write_all(asks(port, &target.sheet).as_bytes()).await);
                rests(until).await
            }
            Self::ByteByByte => {
                drop(stream.write_all(asks(port, &target.sheet).as_bytes()).await);
                sips(&mut stream, until).await
            }
            Self::Guesses => {
                let body = format!("name=nobody{number}&password=not-the-password&code=12345678");
                drop(stream.write_all(post(port, target.form, "same-origin", &body).as_bytes()).await);
                ends(&mut stream, until).await
            }
            Self::RefusedPosts => {
                let request = post(port, "/accounts/anna@example.com/reset", "cross-site", "token=x");
                drop(stream.write_all(request.as_bytes()).await);
                ends(&mut stream, until).await
            }
        };
        (Some(stream), ended)
    }
}

/// From one of the networks, with as small a window as there is.
async fn connects(port: u16, number: u64) -> std::io::Result<TcpStream> {
    let [.., high, low] = (number / NETWORKS).to_be_bytes();
    let network = u8::try_from(number % NETWORKS).unwrap();
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(1024)?;
    socket.bind(SocketAddr::from(([127, 1 + high, network, 1 + low], 0)))?;
    socket.connect(SocketAddr::from(([127, 0, 0, 1], port))).await
}

/// A hundred requests at once.
fn asks(port: u16, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").repeat(100)
}

/// A form that is sent whole.
fn post(port: u16, path: &str, site: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: {site}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn form(port: u16, path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 5000\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
}

/// Waits for the panel's end.
async fn ends(stream: &mut TcpStream, until: Instant) -> bool {
    let mut heard = Vec::new();
    timeout_at(until, stream.read_to_end(&mut heard)).await.is_ok()
}

async fn rests(until: Instant) -> bool {
    sleep_until(until).await;
    false
}

/// Says it, then a byte now and then until that fails.
async fn dribbles(stream: &mut TcpStream, begins: &str, until: Instant) -> bool {
    drop(stream.write_all(begins.as_bytes()).await);
    while Instant::now() < until {
        if stream.write_all(b"x").await.is_err() {
            return true;
        }
        sleep(BETWEEN).await;
    }
    false
}

/// Reads a byte now and then until that fails.
async fn sips(stream: &mut TcpStream, until: Instant) -> bool {
    while Instant::now() < until {
        if !stream.read(&mut [0]).await.is_ok_and(|read| read > 0) {
            return true;
        }
        sleep(BETWEEN).await;
    }
    false
}
