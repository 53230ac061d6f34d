//! What chains a row of the audit to the one before it, and following that chain.

use std::sync::Arc;

use aws_lc_rs::hmac;

use super::AuditRecord;
use crate::model::AuditHead;
use crate::store::StoreKeys;

/// The chain as far as it was followed. [`super::super::Store::chain`] begins one.
#[derive(Debug)]
pub struct Chain {
    keys: Arc<StoreKeys>,
    end: AuditHead,
    /// Kept for its room.
    message: Vec<u8>,
}

impl Chain {
    /// The chain as it goes on after a row that is taken for the right one.
    pub(in crate::store) const fn after(keys: Arc<StoreKeys>, end: AuditHead) -> Self {
        Self { keys, end, message: Vec::new() }
    }

    /// The last row that held.
    pub const fn end(&self) -> &AuditHead {
        &self.end
    }

    /// Goes on to a row. `false`: this is not the row that was recorded after the last one, or it was changed since.
    pub fn follow(&mut self, row: &AuditRecord) -> bool {
        write_message(&mut self.message, &self.end.mac, row);
        let holds = hmac::verify(&self.keys.audit, &self.message, &row.mac).is_ok();
        if holds {
            self.end.seq = row.seq;
            self.end.mac.clone_from(&row.mac);
        }
        holds
    }
}

/// The MAC of a row that comes after the one with MAC `previous`.
pub(super) fn mac(key: &hmac::Key, previous: &[u8], row: &AuditRecord) -> Vec<u8> {
    let mut message = Vec::new();
    write_message(&mut message, previous, row);
    hmac::sign(key, &message).as_ref().to_vec()
}

/// Each value goes in with its length before it, so that no two rows give the same bytes.
fn write_message(message: &mut Vec<u8>, previous: &[u8], row: &AuditRecord) {
    message.clear();
    message.extend_from_slice(previous);
    let numbers = [row.seq.to_string(), row.at.to_string()];
    let before = [
        Some(&numbers[0]),
        Some(&numbers[1]),
        Some(&row.kind),
        row.staff_id.as_ref(),
        row.staff_name.as_ref(),
        row.address.as_ref(),
        row.domain.as_ref(),
        row.operation_id.as_ref(),
        row.outcome.as_ref(),
    ];
    for text in before {
        write_text(message, text);
    }
    // No text is as long as that. Rows without facts, or a MAC of the staff, are chained as they were before there were any.
    if let Some(facts) = &row.facts {
        message.extend_from_slice(&u64::MAX.to_be_bytes());
        write_text(message, Some(facts));
    }
    for text in [&row.detail, &row.client, &row.reference] {
        write_text(message, text.as_ref());
    }
    if let Some(staff_mac) = &row.staff_mac {
        message.extend_from_slice(staff_mac);
    }
}

fn write_text(message: &mut Vec<u8>, text: Option<&String>) {
    match text {
        Some(text) => {
            message.extend_from_slice(&(text.len() as u64 + 1).to_be_bytes());
            message.extend_from_slice(text.as_bytes());
        }
        None => message.extend_from_slice(&0_u64.to_be_bytes()),
    }
}
