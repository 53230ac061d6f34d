//! `nyckel healthcheck`: asks the panel of the same configuration whether it is alive.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the panel may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let listen = std::env::var("NYCKEL_LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listen: SocketAddr = listen.parse().context("NYCKEL_LISTEN must be an address and a port")?;
    tokio::time::timeout(PATIENCE, ask(reachable(listen))).await.context("the panel did not answer in time")??;
    Ok(ExitCode::SUCCESS)
}

/// Anyone who listens on every address is asked on this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// One request in plain words: a client library would want CA certificates for it.
async fn ask(address: SocketAddr) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await.with_context(|| format!("nobody listens on {address}"))?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.context("the answer broke off")?;
    if &answer != b"HTTP/1.1 200" {
        bail!("the panel answered {}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}
