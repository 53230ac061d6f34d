//! Crowds and nonsense (promise 27): idle sockets, slow heads and bodies, requests that are none. Whoever means well is
//! served meanwhile.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::rng::Rng;
use super::run::Told;
use super::stage::{On, Plan, Stage};

/// The time in which a head must have come, and a little.
const HEAD_WITHIN: Duration = Duration::from_secs(13);

/// From so many sockets on it is the full size.
const LARGE: u64 = 1000;

pub async fn comes(sockets: u64, mut rng: Rng) -> Told {
    let plan = Plan { accounts: 60, people: 1, log: "info", on: On::File, data: None };
    let stage = Stage::sets(plan, &mut rng).await.unwrap();
    let (panel, eva) = (&stage.panels[0], &stage.people[0]);
    let (memory, descriptors) = panel.size();
    let mut idle = Vec::new();
    for _ in 0..sockets {
        idle.push(connects(panel.port).await);
    }
    let mut slow = JoinSet::new();
    for n in 0..20 {
        // A body may take half a minute, which the small size does not have.
        slow.spawn(dribbles(panel.port, n % 2 == 0 || sockets < LARGE));
    }
    let nonsense = nonsense();
    for bytes in &nonsense {
        let status = says(panel.port, bytes).await;
        assert!(
            matches!(status, None | Some(300..=599)),
            "{status:?} to {:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(80)])
        );
    }
    let mut slowest = Duration::ZERO;
    for address in stage.addresses.iter().take(20) {
        let begun = Instant::now();
        assert_eq!(eva.visits(0, &format!("/accounts/{address}")).await.unwrap().status, 200);
        slowest = slowest.max(begun.elapsed());
    }
    let (crowded, _) = panel.size();
    slow.join_all().await;
    // Idle ones are sent away by themselves: this end has not closed.
    tokio::time::sleep(HEAD_WITHIN).await;
    let (after, left) = panel.size();
    assert!(left < descriptors + 20, "{left} descriptors are open, {descriptors} before");
    assert!(after < memory + 64 * 1024, "{after} KiB are resident, {memory} before");
    drop(idle);
    Told {
        promise: "27",
        what: "idle sockets, 20 slow heads and bodies, malformed and oversized requests; a visitor meanwhile",
        count: format!("{sockets} sockets, {} kinds of nonsense", nonsense.len()),
        result: format!(
            "all refused or sent away; the visitor's slowest page of 20 took {} ms; resident {} MiB before, {} in the crowd, {} after",
            slowest.as_millis(),
            memory / 1024,
            crowded / 1024,
            after / 1024
        ),
    }
}

async fn connects(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).await.unwrap()
}

/// A head or a body that comes byte by byte, until the panel has had enough.
async fn dribbles(port: u16, in_the_head: bool) {
    let mut stream = connects(port).await;
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 5000\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    );
    if !in_the_head {
        stream.write_all(head.as_bytes()).await.unwrap();
    }
    let begun = Instant::now();
    while stream.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(45), "the panel listens to a dribble for ever");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Says it and reads the status of what comes back, if anything does.
async fn says(port: u16, bytes: &[u8]) -> Option<u16> {
    let mut stream = connects(port).await;
    // The panel may have heard enough before all is said.
    drop(stream.write_all(bytes).await);
    let mut answer = vec![0; 64];
    let read = tokio::time::timeout(HEAD_WITHIN, stream.read(&mut answer)).await;
    let read = read.expect("neither an answer nor an end").unwrap_or(0);
    std::str::from_utf8(&answer[..read]).ok()?.split(' ').nth(1)?.parse().ok()
}

/// Requests that are none, or far too large, or mean two things at once.
fn nonsense() -> Vec<Vec<u8>> {
    let long = "x".repeat(100_000);
    let texts = [
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        "get / http/1.1\r\nhost: x\r\n\r\n",
        "G\0T / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost x\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA:\0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x@y\r\n\r\n",
        "GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1e9\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03",
        "220 mail.example.se ESMTP\r\n\r\n",
        "*1\r\n$4\r\nPING\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%2e%2e%2f%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\u{ff}\u{fe} HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\n\r\n",
    ];
    let large = [
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nA: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(10_000)),
        format!("{long}{long}"),
        format!("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{long}{long}"),
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n".replace("/healthz", "/nowhere"),
    ];
    texts.map(str::to_owned).into_iter().chain(large).map(String::into_bytes).collect()
}
