//! The stream under a connection: it shows `activity` what comes and goes, and gives the answers that hyper makes by itself,
//! to requests that it can't read, the headers that every other answer has.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::activity::Activity;

pub struct Stream {
    tcp: TcpStream,
    activity: Arc<Activity>,
    /// Lines of a head, each with its end.
    headers: Arc<str>,
    /// What hyper said by itself and has not left yet.
    own: Vec<u8>,
}

impl Stream {
    pub fn new(tcp: TcpStream, activity: Arc<Activity>, headers: Arc<str>) -> Self {
        Self { tcp, activity, headers, own: Vec::new() }
    }

    /// Notes how a write went.
    fn noted(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &result {
            Poll::Ready(Ok(bytes)) => self.activity.writes(*bytes, Instant::now()),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.activity.is_blocked(Instant::now()),
        }
        result
    }

    /// Takes what hyper says by itself. Until a request is handed on, or once its answer has left, nothing is written but
    /// that, and all of it at once.
    fn takes_over(&mut self, said: &[u8]) -> usize {
        let status_line = said.windows(2).position(|end| end == b"\r\n").map_or(0, |end| end + 2);
        let (line, rest) = said.split_at(status_line);
        self.own.extend_from_slice(line);
        if !line.is_empty() {
            self.own.extend_from_slice(self.headers.as_bytes());
        }
        self.own.extend_from_slice(rest);
        said.len()
    }

    fn poll_write_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.own.is_empty() {
            let result = Pin::new(&mut self.tcp).poll_write(cx, &self.own);
            let written = ready!(self.noted(result))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.own.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let result = Pin::new(&mut this.tcp).poll_read(cx, buf);
        if buf.filled().len() > before {
            this.activity.hears(Instant::now());
        }
        result
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if !this.activity.is_asked() {
            let said: Vec<u8> = bufs.iter().flat_map(|buf| buf.iter().copied()).collect();
            return Poll::Ready(Ok(this.takes_over(&said)));
        }
        let result = Pin::new(&mut this.tcp).poll_write_vectored(cx, bufs);
        this.noted(result)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_write_own(cx))?;
        this.activity.is_flushed(Instant::now());
        Pin::new(&mut this.tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_write_own(cx))?;
        Pin::new(&mut this.tcp).poll_shutdown(cx)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // The system would hold on to what such a client does not take, for minutes.
        if self.activity.is_stalled() {
            // It ends anyway, if later.
            let _ = self.tcp.set_zero_linger();
        }
    }
}
