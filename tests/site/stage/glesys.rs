//! The simulated GleSYS on a loopback port, which can go away and come back.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nyckel::model::{Clock, Entropy};
use nyckel::simulator::{Simulator, State};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// GleSYS; everything that [`Simulator`] tells and takes, it does too.
pub struct Glesys {
    simulator: Simulator,
    pub address: SocketAddr,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Deref for Glesys {
    type Target = Simulator;
    fn deref(&self) -> &Simulator {
        &self.simulator
    }
}

impl Glesys {
    pub async fn begins(state: State, clock: Clock, entropy: Entropy) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let this = Self { simulator: Simulator::new(state, clock, entropy), address, serving: Mutex::default() };
        this.serves(listener);
        this
    }

    /// Nothing listens any more: whoever calls is refused at the door of the machine.
    pub async fn goes_away(&self) {
        let serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(serving) = serving {
            serving.abort();
            assert!(serving.await.is_err_and(|ended| ended.is_cancelled()));
        }
    }

    /// Somebody listens, and ends every connection before a word was said.
    pub async fn shuts_the_door(&self) {
        self.goes_away().await;
        let listener = bind_again(self.address).await;
        let shutting = tokio::spawn(async move {
            loop {
                drop(listener.accept().await.unwrap());
            }
        });
        *self.serving.lock().unwrap_or_else(PoisonError::into_inner) = Some(shutting);
    }

    pub async fn comes_back(&self) {
        self.serves(bind_again(self.address).await);
    }

    fn serves(&self, listener: TcpListener) {
        let simulator = self.simulator.clone();
        let serving = tokio::spawn(async move { simulator.serve(listener, std::future::pending()).await.unwrap() });
        *self.serving.lock().unwrap_or_else(PoisonError::into_inner) = Some(serving);
    }
}

/// Listens where somebody listened before. Another connection of this machine's may have that port for a moment.
pub async fn bind_again(address: SocketAddr) -> TcpListener {
    for _ in 0..100 {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == ErrorKind::AddrInUse => tokio::time::sleep(Duration::from_millis(50)).await,
            bound => return bound.unwrap(),
        }
    }
    panic!("{address} is taken")
}
