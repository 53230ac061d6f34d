//! A GleSYS that says exactly what a test tells it to, byte by byte, and counts who called.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::glesys::{Breaker, BuildError, Connection, Error, Reader, Timing, Writer};
use crate::model::{Address, Clock, OneTimePassword, OperationKind};

/// What the server does on a connection, one after the other; after the last it closes.
#[derive(Clone)]
pub enum Step {
    /// Reads a request to its end.
    Hear,
    Say(Vec<u8>),
    Wait(Duration),
    /// Says it again and again until the other side leaves.
    Babble(Vec<u8>),
    /// Says it byte by byte, so many milliseconds apart.
    Drip(Vec<u8>, u64),
    /// Does nothing more, and does not close.
    Hang,
    /// Ends the connection by a TCP reset.
    Reset,
}

/// The scripted server.
pub struct Scripted {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// One script a connection; the last one goes on for all that follow.
    scripts: Vec<Vec<Step>>,
    /// What was heard, a text a connection.
    calls: Vec<String>,
}

impl Scripted {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let script = take_call(&shared);
                tokio::spawn(play(stream, script.0, script.1, Arc::clone(&shared)));
            }
        });
        Self { port, state }
    }

    /// A server that answers each connection, in turn, with one of these, and closes.
    pub async fn saying(answers: Vec<Vec<u8>>) -> Self {
        let server = Self::start().await;
        server.follow(answers.into_iter().map(|answer| vec![Step::Hear, Step::Say(answer)]).collect());
        server
    }

    /// Forgets all calls and follows these scripts from now on.
    pub fn follow(&self, scripts: Vec<Vec<Step>>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State { scripts, calls: Vec::new() };
    }

    /// What was heard since, one text a connection.
    pub fn calls(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).calls.clone()
    }

    pub fn connection(&self) -> Connection {
        self.reached_by("http")
    }

    pub fn reached_by(&self, scheme: &str) -> Connection {
        Connection {
            label: "cl12345".to_owned(),
            base_url: Url::parse(&format!("{scheme}://127.0.0.1:{}", self.port)).unwrap(),
            project: "cl12345".to_owned(),
            api_key: "key-canary".into(),
            breaker: Breaker::new(Clock::system()),
        }
    }
}

/// Patience for tests in which nothing should run out of it, however busy the machine.
pub fn patient() -> Timing {
    Timing::default()
}

fn take_call(state: &Mutex<State>) -> (usize, Vec<Step>) {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let number = state.calls.len();
    state.calls.push(String::new());
    let script = if state.scripts.len() > 1 {
        state.scripts.remove(0)
    } else {
        state.scripts.first().cloned().unwrap_or_default()
    };
    (number, script)
}

async fn play(mut stream: TcpStream, number: usize, script: Vec<Step>, state: Arc<Mutex<State>>) {
    for step in script {
        let went_on = match step {
            Step::Hear => {
                let heard = hear(&mut stream).await;
                if let Some(call) = state.lock().unwrap_or_else(PoisonError::into_inner).calls.get_mut(number) {
                    call.push_str(&heard);
                }
                true
            }
            Step::Say(bytes) => stream.write_all(&bytes).await.is_ok(),
            Step::Wait(time) => {
                tokio::time::sleep(time).await;
                true
            }
            Step::Babble(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {}
                false
            }
            Step::Drip(bytes, ms) => drip(&mut stream, &bytes, ms).await,
            Step::Hang => std::future::pending().await,
            Step::Reset => {
                let _ = stream.set_zero_linger();
                false
            }
        };
        if !went_on {
            return;
        }
    }
    let _ = stream.shutdown().await;
}

async fn drip(stream: &mut TcpStream, bytes: &[u8], ms: u64) -> bool {
    for byte in bytes {
        if stream.write_all(&[*byte]).await.is_err() {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    true
}

/// Reads head and body of one request.
async fn hear(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut chunk).await {
        heard.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&heard);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let told = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= told.unwrap_or(0) {
                break;
            }
        }
    }
    String::from_utf8_lossy(&heard).into_owned()
}

/// A whole HTTP answer.
pub fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An HTTP answer with GleSYS's envelope around a payload, which begins with a comma or is empty.
pub fn envelope(status: &str, code: &str, text: &str, payload: &str) -> Vec<u8> {
    let json = "Content-Type: application/json\r\n";
    let debug = r#","debug":{"input":{"emailaccount":"anna@example.se"}}"#;
    let status_part = format!(r#""status":{{"code":{code},"timestamp":"2022-10-22T10:35:07+02:00","text":"{text}"}}"#);
    http(status, json, format!(r#"{{"response":{{{status_part}{payload}{debug}}}}}"#).as_bytes())
}

/// The answer to a call that went well.
pub fn ok(payload: &str) -> Vec<u8> {
    envelope("200 OK", "200", "OK", payload)
}

/// The writing half of a single project.
pub fn writer(connection: &Connection, timing: &Timing) -> Result<Writer, BuildError> {
    let connections = [connection.clone()];
    Writer::new(&connections, &Reader::new(&connections, timing)?, timing)
}

/// Resets Anna's password, as the ledger would.
pub async fn reset(writer: &Writer) -> Result<OneTimePassword, Error> {
    let anna = Address::parse("anna@example.se").unwrap();
    let turn = writer.turn(OperationKind::ResetPassword, &anna).await?;
    writer.reset_password(turn, &anna).await
}
