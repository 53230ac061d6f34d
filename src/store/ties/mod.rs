//! What ties rows to the secret key, which is not in the database: a MAC over what must not be changed without the key.
//!
//! The database itself ([`database`]), what each person may do and signs in with ([`staff`]), and every row that lets
//! somebody in by itself have one: sessions, invitations, sign-in links, passkeys, the token of the first admin.

mod database;
mod staff;

use aws_lc_rs::hmac;

use super::StoreKeys;

pub(super) use database::Tie;
pub(super) use staff::{RightsRow, Unsealed};

/// Values on their way into a MAC. Each goes in with its length before it, and what it is of goes in first, so that no two
/// rows give the same bytes.
pub(super) struct Values(Vec<u8>);

impl Values {
    pub fn of(what: &str) -> Self {
        Self(Vec::with_capacity(256)).text(what)
    }

    pub fn text(self, value: &str) -> Self {
        self.bytes(Some(value.as_bytes()))
    }

    pub fn number(self, value: i64) -> Self {
        self.bytes(Some(&value.to_be_bytes()))
    }

    pub fn bytes(mut self, value: Option<&[u8]>) -> Self {
        // What is missing is told from what is empty.
        self.0.extend_from_slice(&value.map_or(0, |value| value.len() as u64 + 1).to_be_bytes());
        self.0.extend_from_slice(value.unwrap_or_default());
        self
    }
}

impl StoreKeys {
    pub(super) fn mac(&self, values: &Values) -> Vec<u8> {
        hmac::sign(&self.ties, &values.0).as_ref().to_vec()
    }

    pub(super) fn holds(&self, values: &Values, mac: Option<&[u8]>) -> bool {
        mac.is_some_and(|mac| hmac::verify(&self.ties, &values.0, mac).is_ok())
    }
}
