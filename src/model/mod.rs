//! Values that cannot be wrong: addresses, domains, roles, operation states, one-time passwords.
//!
//! Every room uses these. A value of one of these types has been checked where it was made, so nobody
//! downstream checks again. This room knows no other room, no database and no HTTP.

pub mod account;
pub mod account_settings;
mod act;
pub mod address;
pub mod address_pattern;
pub mod audit_event;
pub mod audit_head;
pub mod batch;
pub mod change;
pub mod client_settings;
pub mod clock;
mod coded;
pub mod costs;
mod credentials;
pub mod display_name;
pub mod domain_name;
pub mod elapsed;
pub mod entropy;
pub mod facts;
mod function;
mod hand_over;
mod help_desk;
mod identity;
mod kept;
mod lease;
mod left_out;
mod limit;
mod link;
pub mod look_alike;
mod means;
pub mod mended;
pub mod moment;
pub mod network;
mod notice;
pub mod one_form;
pub mod operation;
mod outcome;
pub mod owner_link;
pub mod paging;
pub mod passkey;
pub mod password;
pub mod pasted;
pub mod project;
mod quota;
pub mod rate;
pub mod reason;
pub mod shown;
pub mod staff;
pub mod tick;
pub mod web;
pub mod weight;

pub use account::{Account, Alias, AutoReply, ContestedDomain, DomainSummary, Mailbox, Usage};
pub use account_settings::AccountSettings;
pub use act::Act;
pub use address::Address;
pub use audit_event::{Actor, AuditEvent, AuditKind, AuditRow};
pub use audit_head::{AuditHead, LoggedHead};
pub use batch::{Batch, BatchAction, BatchId, BatchItem, BatchState, ItemOperation, ItemState, WhyLeftOut, WhyStopped};
pub use change::Change;
pub use client_settings::MailSettings;
pub use clock::Clock;
pub use credentials::{HeldApp, HeldCodes, HeldCredentials, HeldIdentity, RemovedFactors};
pub use display_name::{DisplayName, is_hidden};
pub use domain_name::DomainName;
pub use elapsed::{Elapsed, Stopwatch};
pub use entropy::Entropy;
pub use facts::{Fact, Facts};
pub use function::Function;
pub use hand_over::{HandOver, HandOverPolicy};
pub use help_desk::HelpDesk;
pub use identity::{GroupGrants, Identity};
pub use kept::Kept;
pub use lease::Lease;
pub use left_out::{LeftOut, LeftOutDomain, WhyUnfit};
pub use limit::Limit;
pub use link::LinkKind;
pub use means::Means;
pub use notice::{Notice, NoticeKind, ToldNotice};
pub use operation::{Holder, Operation, OperationId, OperationKind, OperationState};
pub use outcome::{Outcome, WhyNot, WhyNotSent, WhyRefused, WhyUnknown};
pub use owner_link::{ClosedEnvelope, LinkAndCode, LinkEnd, OwnerLink};
pub use paging::Page;
pub use passkey::{OwnPasskey, PasskeyId, PasskeyLabel, Ways};
pub use password::OneTimePassword;
pub use project::{Overview, Project, ProjectCounts};
pub use quota::Quota;
pub use rate::Rate;
pub use staff::{
    CookieHash, Device, DeviceHash, Domains, FactorDuty, Grant, Language, NewStaff, OpenSession, Role, SessionId,
    Staff, StaffId, StaffName, StaffRecord, Theme,
};
pub use tick::{Hindsight, Tick};
pub use weight::{Allowance, Guarded, Limits, Weight};
