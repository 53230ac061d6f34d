//! A balancer in front of replicas, of the careless kind: it hands every request to any of them, some posts to two at
//! once, and repeats a post elsewhere whose answer it did not wait for.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::rng::Rng;

/// What it does with a post.
#[derive(Clone, Copy)]
enum Way {
    Once,
    ToTwo,
    Again(Duration),
}

/// Stands at this port until the storm is over.
pub async fn stands(port: u16, replicas: Vec<u16>, rng: Rng) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let (replicas, rng): (Arc<[u16]>, _) = (replicas.into(), Arc::new(Mutex::new(rng)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (replicas, rng) = (replicas.clone(), rng.clone());
            // A browser that leaves, or a replica that goes away, ends the connection and nothing else.
            tokio::spawn(async move { drop(connection(stream, &replicas, &rng).await) });
        }
    });
}

async fn connection(mut client: TcpStream, replicas: &[u16], rng: &Mutex<Rng>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut read = Vec::new();
    while let Some(request) = message(&mut client, &mut read, true).await? {
        let (first, second, way) = {
            let mut rng = rng.lock().unwrap();
            let first = usize::try_from(rng.next() % replicas.len() as u64).unwrap();
            let way = match rng.between(0, 4) {
                0 => Way::ToTwo,
                1 => Way::Again(rng.millis(0, 30)),
                _ => Way::Once,
            };
            (replicas[first], replicas[(first + 1) % replicas.len()], way)
        };
        let answer = match way {
            Way::ToTwo if request.starts_with(b"POST ") => {
                let (one, other) = tokio::join!(ask(first, &request), ask(second, &request));
                drop(one);
                other?
            }
            Way::Again(patience) if request.starts_with(b"POST ") => {
                drop(tokio::time::timeout(patience, ask(first, &request)).await);
                ask(second, &request).await?
            }
            _ => ask(first, &request).await?,
        };
        client.write_all(&answer).await?;
    }
    Ok(())
}

async fn ask(port: u16, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    stream.write_all(request).await?;
    let mut read = Vec::new();
    message(&mut stream, &mut read, !request.starts_with(b"HEAD "))
        .await?
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// The next whole request or answer, as its length is told; `None` when the other side has no more to say. The panel
/// tells the length of everything but of what has no body.
async fn message(stream: &mut TcpStream, read: &mut Vec<u8>, has_body: bool) -> io::Result<Option<Vec<u8>>> {
    loop {
        if let Some(length) = length(read, has_body) {
            let rest = read.split_off(length);
            return Ok(Some(std::mem::replace(read, rest)));
        }
        if stream.read_buf(read).await? == 0 {
            return Ok(None);
        }
    }
}

/// How long the message at the beginning is, if all of it is there. The answer to a HEAD tells a length and has no body.
fn length(read: &[u8], has_body: bool) -> Option<usize> {
    let head = read.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let lines = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let told = lines.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let whole = head + told.filter(|_| has_body).unwrap_or(0);
    (read.len() >= whole).then_some(whole)
}
