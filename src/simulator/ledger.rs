//! Every call that the simulated GleSYS received, and what became of it.
//!
//! `door` writes it in the same lock in which the state changes, so ledger and state never disagree. Tests compare
//! it with what the panel believes.

use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

/// Hears of a call, its function and its address, before anything is done about it.
pub type Watch = Arc<dyn Fn(String, Option<String>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Counted from 1, in the order of arrival.
    pub number: usize,
    /// `module/function` as it was called, known or not.
    pub function: String,
    /// The address or domain that the call was about.
    pub address: Option<String>,
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    /// Whether what was asked for has been done.
    pub applied: bool,
    /// The password that was generated, if any.
    pub password: Option<String>,
    /// The HTTP status of an honest refusal.
    pub refused: Option<u16>,
    /// The fault that struck.
    pub fault: Option<String>,
}

fn as_text<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// All calls in order.
#[derive(Debug, Default)]
pub struct Ledger(Vec<Call>);

impl Ledger {
    /// Notes a call that has just come in and returns its number.
    pub fn open(&mut self, function: &str, address: Option<String>, at: Timestamp) -> usize {
        let number = self.0.len() + 1;
        let function = function.to_owned();
        self.0.push(Call { number, function, address, at, applied: false, password: None, refused: None, fault: None });
        number
    }

    /// Completes what is known about a call.
    pub fn complete(&mut self, number: usize, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.0.get_mut(number.wrapping_sub(1)) {
            change(call);
        }
    }

    /// Everything so far.
    pub fn calls(&self) -> &[Call] {
        &self.0
    }
}
