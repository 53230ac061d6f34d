//! Where a request came from.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::model::{AuditEvent, AuditKind, DeviceHash, Notice, NoticeKind};

/// Where a request came from, as far as the audit wants to know.
#[derive(Clone, Debug)]
pub struct Origin {
    pub client: IpAddr,
    pub reference: String,
    /// The device, if the browser says that it is one that somebody has signed in with before.
    pub device: Option<DeviceHash>,
}

impl Origin {
    /// An audit event of a request from there; who made it is not said.
    pub fn event(&self, kind: AuditKind, at: Timestamp) -> AuditEvent {
        AuditEvent {
            client: Some(self.client.to_string()),
            reference: Some(self.reference.clone()),
            ..AuditEvent::new(kind, at)
        }
    }

    /// What somebody is told of what they did from there themselves.
    pub fn notice(&self, kind: NoticeKind, at: Timestamp) -> Notice {
        Notice { kind, subject: None, by: None, at, client: Some(self.client.to_string()) }
    }
}
