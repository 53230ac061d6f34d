//! An answer's body that is played step by step: bytes, pauses, padding, a break in the middle.
//!
//! `sabotage` writes the steps; nothing is held in memory that isn't a step.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Sleep, sleep};

/// How many blanks are sent at a time.
const PIECE: u64 = 64 * 1024;

/// One step.
pub enum Step {
    Bytes(Vec<u8>),
    /// So many blanks.
    Blanks(u64),
    Pause(Duration),
    /// An error, which makes the server drop the connection.
    Break,
}

/// The body.
pub struct Played {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Played {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), pause: None }
    }
}

impl Body for Played {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Bytes(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes.into())))),
                Some(Step::Pause(length)) => self.pause = Some(Box::pin(sleep(length))),
                Some(Step::Break) => return Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
                Some(Step::Blanks(0)) => (),
                Some(Step::Blanks(left)) => {
                    let piece = left.min(PIECE);
                    self.steps.push_front(Step::Blanks(left - piece));
                    let blanks = vec![b' '; usize::try_from(piece).unwrap_or(0)];
                    return Poll::Ready(Some(Ok(Frame::data(blanks.into()))));
                }
            }
        }
    }
}
