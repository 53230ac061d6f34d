//! Who asks, what shows that it is them, and whether they still may, which is asked in the transaction that relies on it: a
//! request may have been on its way for a while, and a batch runs for longer.

use jiff::Timestamp;

use super::can::{Denied, holds, holds_everywhere};
use super::cookie::SessionKey;
use super::fresh::FreshProof;
use super::rights::RightName;
use crate::model::{Actor, AuditEvent, AuditKind, DomainName, Holder, Notice, NoticeKind, SessionId, Staff, StaffId};
use crate::store::{self, Writing};

/// Who is asking: the staff member, what shows that it is them, and what the audit wants to know of the request.
#[derive(Debug)]
pub struct Asker {
    pub staff: Staff,
    pub proof: Proof,
    /// The network address that the request came from.
    pub client: Option<String>,
    /// The request's reference, which the page and the log carry too.
    pub reference: Option<String>,
}

/// What shows that somebody is who they say.
#[derive(Debug)]
pub enum Proof {
    /// A session, and when they last proved in it who they are.
    Session { key: SessionKey, proved_at: Timestamp },
    /// The command line: whoever runs it can read the data directory and its key.
    CommandLine,
}

/// How somebody stands who asks, as their session and their grants are now.
#[derive(Debug)]
pub struct Standing {
    pub staff: Staff,
    /// When they last proved who they are; `None` where nothing more can be asked of them.
    proved_at: Option<Timestamp>,
}

/// Why somebody may not ask any more.
#[derive(Debug, thiserror::Error)]
pub enum Gone {
    #[error("signed out")]
    SignedOut,
    /// They were disabled, which ended their sessions too.
    #[error("disabled")]
    Disabled,
    #[error("the store failed")]
    Store(#[from] store::Error),
}

impl Asker {
    /// An audit event of this asker's.
    pub fn event(&self, kind: AuditKind, at: Timestamp) -> AuditEvent {
        AuditEvent {
            actor: Some(self.actor()),
            staff_name: Some(self.staff.name.to_string()),
            client: self.client.clone(),
            reference: self.reference.clone(),
            ..AuditEvent::new(kind, at)
        }
    }

    fn actor(&self) -> Actor {
        match self.proof {
            Proof::Session { .. } => Actor::Staff(self.staff.id.clone()),
            Proof::CommandLine => Actor::CommandLine,
        }
    }

    /// What `owner` is told of something that this asker does.
    pub fn notice(&self, kind: NoticeKind, owner: &StaffId, at: Timestamp) -> Notice {
        let by = (self.staff.id != *owner).then(|| self.staff.name.to_string());
        Notice { kind, subject: None, by, at, client: self.client.clone() }
    }

    /// The session they ask from, if they do from one.
    pub const fn session(&self) -> Option<&SessionKey> {
        match &self.proof {
            Proof::Session { key, .. } => Some(key),
            Proof::CommandLine => None,
        }
    }

    /// The id of that session.
    pub fn session_id(&self) -> Option<&SessionId> {
        self.session().map(|key| &key.id)
    }

    /// Who alone can be shown what they have made, if there is a place where it can be shown.
    pub fn holder(&self) -> Option<Holder> {
        self.session_id().cloned().map(Holder::Session)
    }

    /// Tells where they ask from, in what is signed or counted for there alone.
    pub fn place(&self) -> &str {
        self.session_id().map_or("the command line", |id| &id.0)
    }

    /// Whether their last proof of who they are is fresh enough, as far as the request knows.
    pub fn is_fresh(&self, fresh: FreshProof, now: Timestamp) -> bool {
        match self.proof {
            Proof::Session { proved_at, .. } => fresh.holds(proved_at, now),
            Proof::CommandLine => true,
        }
    }

    /// Whether their session's last proof, as far as the request knows, is from before that moment.
    pub fn proved_before(&self, moment: Timestamp) -> bool {
        matches!(self.proof, Proof::Session { proved_at, .. } if proved_at < moment)
    }

    /// How they stand now.
    pub async fn standing(&self, tx: &mut Writing) -> Result<Standing, Gone> {
        let Some(session) = self.session_id() else {
            return Ok(Standing { staff: self.staff.clone(), proved_at: None });
        };
        if let Some(row) = tx.session(session).await? {
            return Ok(Standing { staff: row.staff, proved_at: Some(row.proved_at) });
        }
        let known = tx.staff_member(&self.staff.id).await?;
        let is_disabled = known.is_some_and(|known| known.staff.disabled_at.is_some());
        Err(if is_disabled { Gone::Disabled } else { Gone::SignedOut })
    }
}

impl Standing {
    /// Whether they hold a right in a domain.
    pub fn may(&self, right: RightName, domain: &DomainName) -> Result<(), Denied> {
        if holds(&self.staff, right, domain) { Ok(()) } else { Err(Denied { right, domain: Some(domain.clone()) }) }
    }

    /// Whether they hold a right over the whole panel.
    pub fn may_everywhere(&self, right: RightName) -> Result<(), Denied> {
        if holds_everywhere(&self.staff, right) { Ok(()) } else { Err(Denied { right, domain: None }) }
    }

    /// Whether their last proof of who they are is fresh enough.
    pub fn is_fresh(&self, fresh: FreshProof, now: Timestamp) -> bool {
        self.proved_at.is_none_or(|proved_at| fresh.holds(proved_at, now))
    }
}
