//! What every handler can reach: the services, built once by `server`.

use std::ops::Deref;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Links;
use crate::access::Sessions;
use crate::model::{Clock, HelpDesk, MailSettings};
use crate::services::{
    Accounts, Aliases, Approvals, Audit, Batches, Changes, Contacts, CostBook, Directory, Drafts, HandOvers, Passkeys,
    Resets, Reveals, SecondFactors, SignIns, SingleSignOn, StaffBook,
};

/// The panel's services and what pages need to be written.
#[derive(Clone)]
pub struct Panel {
    pub links: Links,
    /// What owners of mailboxes enter in their mail programs.
    pub mail: Arc<MailSettings>,
    /// Whom owners of mailboxes deal with.
    pub help_desk: HelpDesk,
    pub sessions: Sessions,
    pub directory: Directory,
    pub costs: CostBook,
    pub drafts: Drafts,
    pub contacts: Contacts,
    pub resets: Resets,
    pub changes: Changes,
    pub accounts: Accounts,
    pub aliases: Aliases,
    pub batches: Batches,
    pub approvals: Approvals,
    pub reveals: Reveals,
    pub hand_overs: HandOvers,
    pub sign_ins: SignIns,
    /// Where the company has a provider for it.
    pub single_sign_on: Option<SingleSignOn>,
    pub staff: StaffBook,
    pub factors: SecondFactors,
    pub passkeys: Passkeys,
    pub audit: Audit,
    pub clock: Clock,
    /// In which times of day are shown.
    pub zone: TimeZone,
}

/// The panel, shared by all requests.
#[derive(Clone)]
pub struct App(pub Arc<Panel>);

impl Deref for App {
    type Target = Panel;
    fn deref(&self) -> &Panel {
        &self.0
    }
}
