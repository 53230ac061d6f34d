//! What a row of the audit says besides its columns, as facts: keys with values, by a vocabulary that `docs/audit.md`
//! describes. They are kept as JSON in one form, the vocabulary's order, so that the row's MAC covers what anyone reads.
//!
//! A key is never renamed, taken away or given another meaning; a new one raises [`VOCABULARY`].

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version of the vocabulary.
pub const VOCABULARY: u32 = 4;

/// What kind of value a fact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Flag,
    Number,
    Text,
    /// Texts, each by itself.
    List,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
}

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $fact:ident: $form:ident = $key:literal;)+) => {
        /// A key of the vocabulary. Their order is the one in which facts are kept and read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact {
            $($(#[$doc])* $fact,)+
        }

        impl Fact {
            /// The whole vocabulary.
            pub const ALL: &[Self] = &[$(Self::$fact),+];

            /// The key that the database and exports use.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$fact => $key,)+
                }
            }

            /// What kind of value it has.
            pub const fn form(self) -> Form {
                match self {
                    $(Self::$fact => Form::$form,)+
                }
            }
        }
    };
}

vocabulary! {
    /// What an earlier version kept as prose that is no known fact.
    Note: Text = "note";
    /// Reason or ticket of a reset, as it was typed.
    Ticket: Text = "ticket";
    /// The staff member whom it is about, by the name they sign in with.
    Person: Text = "person";
    PersonBefore: Text = "person_before";
    DisplayName: Text = "display_name";
    DisplayNameBefore: Text = "display_name_before";
    /// What somebody may do, each as [`super::Grant::code`] says it.
    Grants: List = "grants";
    GrantsBefore: List = "grants_before";
    /// What somebody signed in with or proved who they are by, or was asked for: codes of [`super::Means`].
    Means: List = "means";
    /// A digest of a name that nobody has, by which the same one is known again.
    UnknownName: Text = "unknown_name";
    WrongCodes: Number = "wrong_codes";
    /// Passkeys that were added or removed, by their labels.
    Passkeys: List = "passkeys";
    /// The app for codes was removed.
    App: Flag = "app";
    /// The code by which the provider of single sign-on refused.
    ProviderError: Text = "provider_error";
    /// How long ago the provider's answer had expired.
    LateSeconds: Number = "late_seconds";
    /// How far in the future the provider's answer was made.
    EarlySeconds: Number = "early_seconds";
    QuotaGib: Number = "quota_gib";
    QuotaGibBefore: Number = "quota_gib_before";
    SpamLevel: Number = "spam_level";
    SpamLevelBefore: Number = "spam_level_before";
    VirusCheck: Flag = "virus_check";
    VirusCheckBefore: Flag = "virus_check_before";
    SpamRefused: Flag = "spam_refused";
    SpamRefusedBefore: Flag = "spam_refused_before";
    AutomaticReply: Flag = "automatic_reply";
    AutomaticReplyBefore: Flag = "automatic_reply_before";
    AnsweredMailKept: Flag = "answered_mail_kept";
    AnsweredMailKeptBefore: Flag = "answered_mail_kept_before";
    /// How many characters an automatic reply has; its text is nobody's business.
    ReplyLength: Number = "reply_length";
    ReplyLengthBefore: Number = "reply_length_before";
    /// Where an alias leads.
    Targets: List = "targets";
    TargetsBefore: List = "targets_before";
    /// Where mail to an alias ends outside the company's domains.
    Outside: List = "outside";
    /// The id of a change of several accounts.
    Batch: Text = "batch";
    /// The accounts of a change of several are locked out.
    LockOut: Flag = "lock_out";
    /// The owners of the accounts get new passwords by link and code.
    GiveLinks: Flag = "give_links";
    /// It is done to all accounts that the domain has.
    AllAccounts: Flag = "all_accounts";
    Accounts: Number = "accounts";
    Aliases: Number = "aliases";
    /// How an export is written.
    Format: Text = "format";
    FilterPerson: Text = "filter_person";
    FilterAccount: Text = "filter_account";
    FilterDomain: Text = "filter_domain";
    FilterKind: Text = "filter_kind";
    FilterOutcome: Text = "filter_outcome";
    FilterFrom: Text = "filter_from";
    FilterUntil: Text = "filter_until";
    FilterText: Text = "filter_text";
    FilterNearFull: Flag = "filter_near_full";
    FilterAnswering: Flag = "filter_answering";
    FilterLockedOut: Flag = "filter_locked_out";
    /// How often an older copy of the database was accepted by then.
    Era: Number = "era";
    NotedHead: Text = "noted_head";
    /// The last row of a copy that verifies.
    CopyEnd: Text = "copy_end";
    /// The last row that holds in a copy that does not verify.
    HeldHead: Text = "held_head";
    /// Who could sign in again, each with their grants: `ada admin`.
    PeopleKept: List = "people_kept";
    PeopleDisabled: Number = "people_disabled";
    /// How many further ones a sum stands for.
    Further: Number = "further";
    /// Since when they were counted.
    Since: Text = "since";
    /// How the new password is handed over: the name of a [`super::HandOver`].
    HandOver: Text = "hand_over";
    /// The approval of a second person that it is about, or that it was done with.
    Approval: Text = "approval";
    /// Who approved it, by the name they sign in with.
    ApprovedBy: Text = "approved_by";
    /// What an approval is asked for: the name of an [`super::OperationKind`].
    AskedFor: Text = "asked_for";
    /// What was said with a refusal.
    Word: Text = "word";
    /// How staff checked who asked for a new password: the id of a [`super::CallerWay`].
    CallerCheck: Text = "caller_check";
    /// What the company called that way then.
    CallerLabel: Text = "caller_label";
    /// What that way asks for, as it was typed.
    CallerText: Text = "caller_text";
    /// Links and codes were given in two files, so that they can go apart.
    Apart: Flag = "apart";
    /// A digest, under the panel's key, of what a change of several accounts does to which.
    Selection: Text = "selection";
    /// What the company calls the project at GleSYS.
    Project: Text = "project";
    /// The contact address of an account.
    Contact: Text = "contact";
    ContactBefore: Text = "contact_before";
    /// To whom a message goes that does not go to the mailbox itself.
    MailedTo: Text = "mailed_to";
}

impl Fact {
    /// The fact of that key.
    pub fn keyed(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fact| fact.key() == key)
    }

    /// The fact that says what this one was before.
    pub const fn before(self) -> Option<Self> {
        match self {
            Self::Person => Some(Self::PersonBefore),
            Self::DisplayName => Some(Self::DisplayNameBefore),
            Self::Grants => Some(Self::GrantsBefore),
            Self::QuotaGib => Some(Self::QuotaGibBefore),
            Self::SpamLevel => Some(Self::SpamLevelBefore),
            Self::VirusCheck => Some(Self::VirusCheckBefore),
            Self::SpamRefused => Some(Self::SpamRefusedBefore),
            Self::AutomaticReply => Some(Self::AutomaticReplyBefore),
            Self::AnsweredMailKept => Some(Self::AnsweredMailKeptBefore),
            Self::ReplyLength => Some(Self::ReplyLengthBefore),
            Self::Targets => Some(Self::TargetsBefore),
            Self::Contact => Some(Self::ContactBefore),
            _ => None,
        }
    }

    /// The fact that says what this one became.
    pub fn after(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|fact| fact.before() == Some(self))
    }
}

/// Facts, at most one of each key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts(BTreeMap<Fact, Value>);

impl Facts {
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// These and one more.
    #[must_use]
    pub fn with(mut self, fact: Fact, value: impl Into<Value>) -> Self {
        self.0.insert(fact, value.into());
        self
    }

    /// These, and one more where there is a value.
    #[must_use]
    pub fn with_some(self, fact: Fact, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(fact, value),
            None => self,
        }
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, fact: Fact) -> Option<&Value> {
        self.0.get(&fact)
    }

    pub fn text(&self, fact: Fact) -> Option<&str> {
        if let Some(Value::Text(text)) = self.get(fact) { Some(text) } else { None }
    }

    /// Each fact with its value, in the vocabulary's order.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &Value)> {
        self.0.iter().map(|(fact, value)| (*fact, value))
    }

    /// As the database keeps them; nothing where there are none.
    pub fn kept(&self) -> Option<String> {
        // Keys, numbers and texts can always be written.
        (!self.is_empty()).then(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads what the database keeps. What is not of this vocabulary stays as it is, as a note.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_else(|_| Self::new().with(Fact::Note, kept))
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(fact, value)| (fact.key(), value)))
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<String, Value>::deserialize(deserializer)?;
        let known = read.into_iter().map(|(key, value)| {
            let fact = Fact::keyed(&key).filter(|fact| fact.form() == value.form())?;
            Some((fact, value))
        });
        let known: Option<BTreeMap<_, _>> = known.collect();
        known.map(Self).ok_or_else(|| D::Error::custom("not of this vocabulary"))
    }
}

impl Value {
    pub const fn form(&self) -> Form {
        match self {
            Self::Flag(_) => Form::Flag,
            Self::Number(_) => Form::Number,
            Self::Text(_) => Form::Text,
            Self::List(_) => Form::List,
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::List(texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_in_one_form_however_they_were_put_together_and_read_back() {
        let facts = Facts::new().with(Fact::Targets, vec!["bo@example.se".to_owned()]).with(Fact::Person, "eva \"x\"");
        let facts = facts.with(Fact::Accounts, 3_usize).with(Fact::App, true).with_some(Fact::Note, None::<&str>);
        let kept = r#"{"person":"eva \"x\"","app":true,"targets":["bo@example.se"],"accounts":3}"#;
        assert_eq!(facts.kept().as_deref(), Some(kept));
        assert_eq!(Facts::read(kept), facts);
        assert_eq!(Facts::new().kept(), None);
        assert_eq!(facts.text(Fact::Person), Some("eva \"x\""));
    }

    #[test]
    fn what_a_later_version_or_anyone_else_wrote_is_shown_as_it_is() {
        for kept in [r#"{"later":1}"#, r#"{"person":1}"#, r#"{"accounts":1.5}"#, "[]", "x", "", r#"{"app":null}"#] {
            assert_eq!(Facts::read(kept).text(Fact::Note), Some(kept));
        }
    }

    #[test]
    fn no_two_facts_have_one_key_and_what_was_before_is_of_the_same_form() {
        for (place, fact) in Fact::ALL.iter().enumerate() {
            assert_eq!(Fact::keyed(fact.key()), Some(*fact), "{place}");
            if let Some(before) = fact.before() {
                assert_eq!(before.key(), format!("{}_before", fact.key()));
                assert_eq!(before.form(), fact.form());
            }
        }
    }
}
