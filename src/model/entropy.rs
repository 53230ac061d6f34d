//! Randomness, passed in so that tests can repeat a run.

use std::fmt;
use std::sync::Arc;

use super::Clock;

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// A source of unguessable bytes. `main` passes the operating system's, tests may pass a seeded one.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

impl Entropy {
    /// Wraps a function that fills a buffer with random bytes.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    /// `N` of these characters in groups of four, as people read them out: `k3fd-9qxz`.
    pub fn groups<const N: usize>(&self, characters: &[u8; 32]) -> String {
        let characters: Vec<char> =
            self.bytes::<N>().iter().map(|byte| char::from(characters[usize::from(byte % 32)])).collect();
        let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// An id that sorts by the time it was made (`UUIDv7`).
    pub fn id(&self, clock: &Clock) -> String {
        let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().to_string()
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
