//! The signals of the operating system that a command waits for. From the moment in which one is listened for, it does not end the
//! program by itself any more.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT, which ask the program to stop.
pub(super) struct Stop(Option<[Signal; 2]>);

impl Stop {
    pub fn listens() -> Self {
        Self(
            [SignalKind::terminate(), SignalKind::interrupt()]
                .map(listens)
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .and_then(|both| both.try_into().ok()),
        )
    }

    /// Ready when the program is asked to stop: each time anew.
    pub async fn is_asked(&mut self) {
        let Some([terminate, interrupt]) = &mut self.0 else {
            tracing::error!("signals can't be received; the program stops only when it is killed");
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// SIGHUP: the terminal is gone, or somebody wants files to be read again.
pub(super) struct HangUp(Option<Signal>);

impl HangUp {
    pub fn listens() -> Self {
        Self(listens(SignalKind::hangup()))
    }

    /// Ready when it came: each time anew.
    pub async fn comes(&mut self) {
        let came = match &mut self.0 {
            Some(signal) => signal.recv().await,
            None => None,
        };
        if came.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

fn listens(kind: SignalKind) -> Option<Signal> {
    signal(kind).ok()
}
