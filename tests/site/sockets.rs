//! What comes over the wire where no browser would send it: the program itself, asked byte by byte.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::{Panel, Stage};

/// What each answer carries, and the beginning of its value.
const HEADERS: [(&str, &str); 10] = [
    ("content-security-policy", "default-src 'none'; "),
    ("permissions-policy", "accelerometer=(), "),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cache-control", "no-store"),
    ("strict-transport-security", "max-age=63072000"),
];

/// A panel that listens, for as long as the test runs.
async fn listens() -> (Panel, SocketAddr) {
    listens_with("NYCKEL_PUBLIC_URL", "https://nyckel.example").await
}

async fn listens_with(setting: &str, value: &str) -> (Panel, SocketAddr) {
    let stage = Stage::usual().with("NYCKEL_PUBLIC_URL", "https://nyckel.example");
    let panel = stage.with(setting, value).opens().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(nyckel::server::run(panel.built.clone(), listener, std::future::pending::<()>));
    (panel, address)
}

/// Says it and hears until the panel ends the connection.
async fn says(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The panel may have heard enough before all is said.
    drop(stream.write_all(bytes).await);
    let mut answer = Vec::new();
    let heard = tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    // A panel that did not read everything resets the connection after its answer.
    drop(heard.unwrap_or_else(|_| panic!("kept: {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]))));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Whether an answer carries each header just once.
fn must_be_safe(answer: &str) {
    let (head, _) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {answer}"));
    let lines: Vec<_> = head.lines().skip(1).map(|line| line.split_once(": ").unwrap()).collect();
    for (name, begins) in HEADERS {
        let values: Vec<_> = lines.iter().filter(|line| line.0.eq_ignore_ascii_case(name)).collect();
        assert!(values.len() == 1 && values[0].1.starts_with(begins), "{name}: {values:?} in {head}");
    }
}

#[tokio::test]
async fn requests_that_can_not_be_read_are_refused_with_the_security_headers() {
    let (_panel, address) = listens().await;
    let long = "x".repeat(70_000);
    let many = "a: b\r\n".repeat(200);
    for (status, bytes) in [
        (400, "nonsense\r\n\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost nyckel.example\r\n\r\n".to_owned()),
        (400, "GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n".to_owned()),
        (400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned()),
        (431, format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {long}\r\n\r\n")),
        (431, format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n")),
        (431, format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n")),
    ] {
        let answer = says(address, bytes.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
        must_be_safe(&answer);
        assert!(answer.ends_with("\r\n\r\n") && answer.contains("content-length: 0\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn what_follows_an_answered_request_is_refused_with_them_too_and_the_answer_is_left_alone() {
    let (_panel, address) = listens().await;
    let asked = "GET /sign-in HTTP/1.1\r\nHost: nyckel.example\r\n\r\n";
    let whole = says(address, format!("{asked}nonsense\r\n\r\n").as_bytes()).await;
    let at = whole.find("HTTP/1.1 400 ").expect("it is refused");
    let (page, refusal) = whole.split_at(at);
    must_be_safe(page);
    must_be_safe(refusal);
    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
    assert!(body.starts_with("<!doctype html>") || body.starts_with("<!DOCTYPE html>"), "{body}");
}

#[tokio::test]
async fn no_more_than_a_few_requests_are_answered_in_a_row() {
    let (_panel, address) = listens().await;
    let asked = "GET /healthz HTTP/1.1\r\nHost: nyckel.example\r\n\r\n";
    let answer = says(address, asked.repeat(40).as_bytes()).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 16);
    assert_eq!(answer.matches("connection: close").count(), 1);
}

#[tokio::test]
async fn names_below_the_panels_are_bound_to_https_only_where_somebody_wants_it() {
    for (setting, told) in
        [("host", Some("max-age=63072000")), ("subdomains", Some("max-age=63072000; includeSubDomains")), ("off", None)]
    {
        let (_panel, address) = listens_with("NYCKEL_HSTS", setting).await;
        for asked in ["GET /sign-in HTTP/1.1\r\nHost: nyckel.example\r\nConnection: close\r\n\r\n", "nonsense\r\n\r\n"]
        {
            let answer = says(address, asked.as_bytes()).await;
            let said = answer.lines().find_map(|line| line.strip_prefix("strict-transport-security: "));
            assert_eq!(said, told, "{setting}: {answer}");
        }
    }
}
