//! The stream under a conversation. It ends once more has come than any conversation takes: the library reads a whole line
//! before it looks at its length, and anyone who answers in the mail server's place could fill the memory with one that
//! never ends.

#![expect(deprecated, reason = "the library has no other way to put TLS over a stream of ours from the first byte")]

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::io::{AsyncRead as _, AsyncWrite as _};
use lettre::transport::smtp;
use lettre::transport::smtp::client::{AsyncNetworkStream, AsyncTokioStream, TlsParameters};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The most that is read in one conversation, handshake and certificates included.
const MOST: usize = 64 * 1024;
/// What it fails with once there is more.
pub(super) const TOO_MUCH: io::ErrorKind = io::ErrorKind::FileTooLarge;

/// What a conversation goes over, with TLS from the first byte where that is wanted.
pub(super) async fn over(tcp: TcpStream, tls: Option<TlsParameters>) -> Result<Box<dyn AsyncTokioStream>, smtp::Error> {
    let bounded = Box::new(Bounded { tcp, left: MOST });
    let Some(tls) = tls else { return Ok(bounded) };
    let mut secured = AsyncNetworkStream::use_existing_tokio1(bounded);
    secured.upgrade_tls(tls).await?;
    Ok(Box::new(Secured(secured)))
}

#[derive(Debug)]
struct Bounded {
    tcp: TcpStream,
    left: usize,
}

impl AsyncTokioStream for Bounded {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}

impl AsyncRead for Bounded {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.tcp).poll_read(cx, buf))?;
        let left = this.left.checked_sub(buf.filled().len() - before);
        this.left = left.unwrap_or_default();
        let is_too_much = || io::Error::new(TOO_MUCH, "it says more than a mail server would");
        Poll::Ready(left.map(drop).ok_or_else(is_too_much))
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tcp).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }
}

/// The library's TLS over a stream of ours, in the shape in which it takes streams.
#[derive(Debug)]
struct Secured(AsyncNetworkStream);

impl AsyncTokioStream for Secured {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl AsyncRead for Secured {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = ready!(Pin::new(&mut self.get_mut().0).poll_read(cx, buf.initialize_unfilled()))?;
        buf.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Secured {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_close(cx)
    }
}
