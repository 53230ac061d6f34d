//! A batch: the same change to several accounts of a domain, each as an operation of its own.

use jiff::Timestamp;

use super::account_settings::{MOST_ANTISPAM, QUOTA_GIB};
use super::coded::coded;
use super::{
    AccountSettings, Address, AutoReply, DomainName, Fact, Facts, Grounds, Kept, Limit, OperationKind, Quota,
    SessionId, StaffId, Tick, WhyNot,
};

/// How many accounts of a domain can be chosen at once.
pub const MOST: usize = 500;
/// How many can be reset by link at once: so many links and codes are ready before the first of them would be over.
pub const MOST_LINKS: usize = 100;
/// How many a domain may have that is done as a whole: more than one answer of GleSYS can list.
pub const MOST_OF_DOMAIN: usize = 20_000;

/// The id of a batch, a `UUIDv7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchId(String);

/// Why a text is no batch id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a batch id")]
pub struct NotABatchId;

impl BatchId {
    /// Reads an id from a link or from the database.
    ///
    /// # Errors
    /// [`NotABatchId`] when it is no UUID.
    pub fn parse(text: &str) -> Result<Self, NotABatchId> {
        uuid::Uuid::try_parse(text).map(|id| Self(id.to_string())).map_err(|_| NotABatchId)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names the one operation that a run of this batch may make of an account. No page's nonce holds a blank.
    pub fn nonce(&self, run: i64, address: &Address) -> String {
        format!("{}{address}", self.nonces(run))
    }

    /// What the nonces of a run begin with, before the address.
    pub fn nonces(&self, run: i64) -> String {
        format!("{} {run} ", self.0)
    }
}

/// What is done to each account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchAction {
    AutoReplyOff,
    /// 0 (off) to 5 (strictest).
    SpamLevel(u8),
    /// Whether spam is refused at the door.
    RefuseSpam(bool),
    VirusCheck(bool),
    /// In GiB.
    Quota(u64),
    /// Nobody gets the new passwords.
    LockOut,
    /// The same for all accounts that the domain has, which the person confirms by its name.
    LockOutAll,
    /// The owners get the new passwords by link and code.
    GiveLinks,
}

impl BatchAction {
    /// The code of a storage, without its number.
    pub const QUOTA: &str = "quota";

    /// The code that the database keeps, with the value where there is one.
    pub fn code(self) -> String {
        match self {
            Self::AutoReplyOff => "auto_reply_off".to_owned(),
            Self::SpamLevel(level) => format!("spam_level {level}"),
            Self::RefuseSpam(on) => format!("refuse_spam {}", on_or_off(on)),
            Self::VirusCheck(on) => format!("virus_check_{}", on_or_off(on)),
            Self::Quota(gib) => format!("{} {gib}", Self::QUOTA),
            Self::LockOut => "lock_out".to_owned(),
            Self::LockOutAll => "lock_out_all".to_owned(),
            Self::GiveLinks => "give_links".to_owned(),
        }
    }

    /// The action of that code.
    pub fn coded(code: &str) -> Option<Self> {
        match code {
            "auto_reply_off" => return Some(Self::AutoReplyOff),
            "virus_check_on" => return Some(Self::VirusCheck(true)),
            "virus_check_off" => return Some(Self::VirusCheck(false)),
            "lock_out" => return Some(Self::LockOut),
            "lock_out_all" => return Some(Self::LockOutAll),
            "give_links" => return Some(Self::GiveLinks),
            _ => {}
        }
        match code.split_once(' ')? {
            ("spam_level", level) => level.parse().ok().filter(|level| *level <= MOST_ANTISPAM).map(Self::SpamLevel),
            ("refuse_spam", "on") => Some(Self::RefuseSpam(true)),
            ("refuse_spam", "off") => Some(Self::RefuseSpam(false)),
            (Self::QUOTA, gib) => gib.parse().ok().filter(|gib| QUOTA_GIB.contains(gib)).map(Self::Quota),
            _ => None,
        }
    }

    /// What is made of each account.
    pub const fn kind(self) -> OperationKind {
        match self {
            Self::LockOut | Self::LockOutAll => OperationKind::LockOut,
            Self::GiveLinks => OperationKind::ResetPassword,
            _ => OperationKind::EditAccount,
        }
    }

    /// Whether it locks accounts out.
    pub const fn locks_out(self) -> bool {
        matches!(self, Self::LockOut | Self::LockOutAll)
    }

    /// Whether link and code are made for each owner.
    pub const fn gives_links(self) -> bool {
        matches!(self, Self::GiveLinks)
    }

    /// Whether it makes passwords anew, and so leaves the settings alone.
    pub const fn is_about_passwords(self) -> bool {
        self.locks_out() || self.gives_links()
    }

    /// How many accounts it may be for.
    pub const fn most(self) -> usize {
        match self {
            Self::LockOutAll => MOST_OF_DOMAIN,
            Self::GiveLinks => MOST_LINKS,
            _ => MOST,
        }
    }

    /// The settings of an account after it.
    #[must_use]
    pub fn applied_to(self, settings: &AccountSettings) -> AccountSettings {
        let settings = settings.clone();
        match self {
            Self::AutoReplyOff => {
                AccountSettings { auto_reply: AutoReply { on: Some(false), ..settings.auto_reply }, ..settings }
            }
            Self::SpamLevel(level) => AccountSettings { antispam_level: Some(level), ..settings },
            Self::RefuseSpam(on) => AccountSettings { reject_spam: Some(on), ..settings },
            Self::VirusCheck(on) => AccountSettings { antivirus: Some(on), ..settings },
            Self::Quota(gib) => AccountSettings { quota: Quota::Gib(gib), ..settings },
            Self::LockOut | Self::LockOutAll | Self::GiveLinks => settings,
        }
    }

    /// What is done, for the audit.
    pub fn facts(self) -> Facts {
        match self {
            Self::AutoReplyOff => Facts::new().with(Fact::AutomaticReply, false),
            Self::SpamLevel(level) => Facts::new().with(Fact::SpamLevel, level),
            Self::RefuseSpam(on) => Facts::new().with(Fact::SpamRefused, on),
            Self::VirusCheck(on) => Facts::new().with(Fact::VirusCheck, on),
            Self::Quota(gib) => Facts::new().with(Fact::QuotaGib, gib),
            Self::LockOut => Facts::new().with(Fact::LockOut, true),
            Self::LockOutAll => Facts::new().with(Fact::LockOut, true).with(Fact::AllAccounts, true),
            Self::GiveLinks => Facts::new().with(Fact::GiveLinks, true),
        }
    }
}

const fn on_or_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

coded! {
    /// Where a batch stands.
    pub enum BatchState {
        /// Put together, and not confirmed yet.
        Proposed = "proposed",
        Running = "running",
        /// It ended before all accounts had their turn, and can go on.
        Stopped = "stopped",
        /// All accounts had their turn.
        Done = "done",
    }
}

coded! {
    /// Why a batch stopped.
    pub enum WhyStopped {
        ByPerson = "by_person",
        /// The panel was stopping.
        Stopping = "stopping",
        /// The panel was stopped in the middle of it, or could not record anything.
        LeaseRanOut = "lease_ran_out",
        /// An older copy of the database was put back.
        RolledBack = "rolled_back",
        /// The session that had it begin has ended.
        SignedOut = "signed_out",
        Disabled = "disabled",
        /// The person may not manage mail in the domain any more.
        MayNotManage = "manage_mail",
        /// The same of passwords.
        MayNotReset = "reset_passwords",
        /// The panel's database failed.
        Database = "database",
        /// Too many asked the panel's database at once.
        Crowded = "crowded",
        /// The first links and codes would be over before anybody could take them.
        LinksWait = "links_wait",
        /// The company does not offer the way any more.
        WayNotOffered = "way_not_offered",
        /// GleSYS did not say how several accounts in a row ended, and so won't of the next.
        Unknowns = "unknown_in_a_row",
        /// Something that should not happen; the log says what.
        Fault = "fault",
    } or {
        Limit(Limit),
        /// GleSYS won't do it, or can't be asked, for this account and so for any other.
        Glesys(WhyNot),
    }
}

coded! {
    /// Why no operation is made of an account of a batch.
    pub enum WhyLeftOut {
        /// It has the setting already.
        Unchanged = "unchanged",
        /// It holds more than it would be allowed.
        HoldsMore = "holds_more",
        /// Another operation on it is running.
        InFlight = "in_flight",
        /// The outcome of its last operation is unknown, and it rests.
        CoolingDown = "cooling_down",
        /// It was changed while it was read.
        Overtaken = "overtaken",
        /// It was given another password after the batch was put together.
        PasswordSince = "password_since",
        /// Somebody else has locked it out since, which is what was wanted.
        LockedOutSince = "locked_out_since",
        /// Somebody has locked it out since, which is a later word than that its owner gets a password.
        LockedOutInstead = "locked_out_instead",
        NoSuchAccount = "no_such_account",
        IsAlias = "is_alias",
        /// How it was checked who asks is not enough for it.
        CallerNotEnough = "caller_not_enough",
        /// It takes a second person by itself.
        SecondPerson = "second_person",
        /// Only an admin may change it.
        Protected = "reset_protected_passwords",
    }
}

impl WhyLeftOut {
    /// Whether somebody else has done something to its password since the batch was put together.
    pub const fn is_overtaken(self) -> bool {
        matches!(self, Self::PasswordSince | Self::LockedOutSince | Self::LockedOutInstead)
    }

    /// Why an account is left out of something about passwords after its own was made anew by something of this kind.
    pub const fn overtaken_by(kind: OperationKind, action: BatchAction) -> Self {
        match kind {
            OperationKind::LockOut if action.locks_out() => Self::LockedOutSince,
            OperationKind::LockOut => Self::LockedOutInstead,
            _ => Self::PasswordSince,
        }
    }

    /// Whether it passes, so that the account can have another turn.
    pub const fn passes(self) -> bool {
        matches!(self, Self::InFlight | Self::CoolingDown | Self::Overtaken)
    }
}

/// A batch as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: BatchId,
    /// Who put it together.
    pub staff: StaffId,
    /// The sign-in name of that person, as it is now.
    pub staff_name: String,
    /// What people are told that person is called.
    pub told_as: String,
    /// The session that had it begin, or go on, last.
    pub session: SessionId,
    pub domain: DomainName,
    pub action: BatchAction,
    pub state: BatchState,
    /// Why it is done, and how whoever had it begin had checked who asked.
    pub grounds: Grounds,
    /// Why it stopped.
    pub stopped: Option<Kept<WhyStopped>>,
    /// Counts how often it began or went on, so that what belongs to an earlier time knows.
    pub run: i64,
    /// When it was put together, and so what its confirmation page could know.
    pub proposed_tick: Tick,
    pub made_at: Timestamp,
    /// When it was put together, began, went on, or last was said to run.
    pub kept_tick: Tick,
    pub ended_at: Option<Timestamp>,
}

impl Batch {
    /// Whether this is what somebody types who means all of its accounts; only that asks for it.
    pub fn is_confirmed_by(&self, typed: &str) -> bool {
        self.action != BatchAction::LockOutAll
            || DomainName::parse(typed.trim()).is_ok_and(|typed| typed == self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::Value;
    use crate::model::{Guarded, ItemState};

    #[test]
    fn an_action_is_read_as_it_was_written_and_no_other_is() {
        let onward =
            [true, false].into_iter().flat_map(|on| [BatchAction::RefuseSpam(on), BatchAction::VirusCheck(on)]);
        let others = [BatchAction::AutoReplyOff, BatchAction::SpamLevel(0), BatchAction::Quota(1000)];
        let others = others.into_iter().chain([BatchAction::LockOut, BatchAction::LockOutAll, BatchAction::GiveLinks]);
        for action in onward.chain(others) {
            assert_eq!(BatchAction::coded(&action.code()), Some(action));
        }
        let levels = ["spam_level", "spam_level 6", "spam_level -1", "spam_level 256"];
        let sizes = ["quota", "quota ", "quota 0", "quota 1001", "quota 1.5", "quota 1 1"];
        for code in ["", "delete", "refuse_spam", "refuse_spam yes"].into_iter().chain(levels).chain(sizes) {
            assert_eq!(BatchAction::coded(code), None, "{code}");
        }
    }

    #[test]
    fn every_reason_to_stop_or_to_leave_out_is_read_as_it_was_written() {
        let on = Guarded::ALL.into_iter().flat_map(|on| [Limit::OfStaff(on), Limit::OfPanel(on)]);
        let limits = on.chain([Limit::OfAccount]).map(WhyStopped::Limit);
        for why in WhyNot::all().into_iter().map(WhyStopped::Glesys).chain(limits).chain([WhyStopped::ByPerson]) {
            // A batch that stopped hard or was rolled back is told so of itself.
            let own =
                [WhyStopped::LeaseRanOut, WhyStopped::RolledBack].into_iter().find(|own| own.name() == why.name());
            assert_eq!(WhyStopped::named(why.name()), Some(own.unwrap_or(why)));
        }
        for why in WhyLeftOut::ALL {
            assert_eq!(Kept::read(why.name().to_owned(), WhyLeftOut::named), Kept::Known(why));
        }
        let foreign = Kept::read("of a later version".to_owned(), WhyLeftOut::named);
        assert_eq!(foreign, Kept::Foreign("of a later version".to_owned()));
        assert_eq!(ItemState::left_out(&foreign), ItemState::Skipped);
    }

    #[test]
    fn an_action_changes_its_own_setting_only() {
        let message = Some("I am away.".to_owned());
        let reply = AutoReply { on: Some(true), message: message.clone(), keeps_mail: Some(false) };
        let from = AccountSettings { antivirus: Some(false), auto_reply: reply, ..AccountSettings::default() };
        let off = BatchAction::AutoReplyOff.applied_to(&from);
        assert_eq!(off.auto_reply, AutoReply { on: Some(false), message, keeps_mail: Some(false) });
        assert_eq!(AccountSettings { auto_reply: from.auto_reply.clone(), ..off }, from);
        let expected = |fact, was: Value, is: Value| {
            let before = Fact::before(fact).unwrap();
            Facts::new().with(fact, is).with(before, was)
        };
        for (action, changed) in [
            (BatchAction::SpamLevel(5), expected(Fact::SpamLevel, 3_u8.into(), 5_u8.into())),
            (BatchAction::VirusCheck(true), expected(Fact::VirusCheck, false.into(), true.into())),
            (BatchAction::RefuseSpam(true), expected(Fact::SpamRefused, false.into(), true.into())),
            (BatchAction::Quota(7), expected(Fact::QuotaGib, 1_u64.into(), 7_u64.into())),
        ] {
            assert_eq!(from.facts_of_change(&action.applied_to(&from)), changed);
        }
    }
}
