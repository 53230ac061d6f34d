//! The settings of an account that can be chosen when it is made and edited later.

use std::ops::RangeInclusive;

use super::{AutoReply, Fact, Facts, Quota};

/// How much an account may hold, in GiB, as far as the panel asks for it.
pub const QUOTA_GIB: RangeInclusive<u64> = 1..=1000;
/// The strictest spam level.
pub const MOST_ANTISPAM: u8 = 5;
/// The most characters of an automatic reply.
pub const LONGEST_REPLY: usize = 2000;

/// What can be chosen of an account, in the units of [`super::Account`]. `None` is what GleSYS does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    pub quota: Quota,
    /// 0 (off) to 5 (strictest).
    pub antispam_level: Option<u8>,
    pub antivirus: Option<bool>,
    /// Whether spam is refused at the door instead of being delivered to a folder.
    pub reject_spam: Option<bool>,
    pub auto_reply: AutoReply,
}

impl Default for AccountSettings {
    /// As GleSYS makes an account of which nothing else is said (from its terraform acceptance tests).
    fn default() -> Self {
        Self {
            quota: Quota::Gib(1),
            antispam_level: Some(3),
            antivirus: Some(true),
            reject_spam: Some(false),
            auto_reply: AutoReply { on: Some(false), message: Some(String::new()), keeps_mail: Some(true) },
        }
    }
}

impl AccountSettings {
    /// Whether GleSYS says all of it.
    pub fn is_known(&self) -> bool {
        Setting::ALL.into_iter().all(|setting| setting.is_known(self))
    }

    /// The settings, for the audit. A reply's text is nobody's business, but for its length.
    pub fn facts(&self) -> Facts {
        let reply = &self.auto_reply;
        Facts::new()
            .with_some(Fact::QuotaGib, self.quota.gib())
            .with_some(Fact::SpamLevel, self.antispam_level)
            .with_some(Fact::VirusCheck, self.antivirus)
            .with_some(Fact::SpamRefused, self.reject_spam)
            .with_some(Fact::AutomaticReply, reply.on)
            .with_some(Fact::AnsweredMailKept, reply.keeps_mail)
            .with_some(Fact::ReplyLength, reply.message.as_ref().map(|text| text.chars().count()))
    }

    /// What is different in `to`, from what to what; none where nothing is.
    pub fn facts_of_change(&self, to: &Self) -> Facts {
        let (was, is) = (self.facts(), to.facts());
        let is_other_text = self.auto_reply.message != to.auto_reply.message;
        let mut changed = Facts::new();
        for (fact, value) in is.iter() {
            let is_other = if fact == Fact::ReplyLength { is_other_text } else { was.get(fact) != Some(value) };
            if let (true, Some(before)) = (is_other, fact.before()) {
                changed = changed.with(fact, value.clone()).with_some(before, was.get(fact).cloned());
            }
        }
        changed
    }
}

/// One of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Quota,
    Antispam,
    RejectSpam,
    Antivirus,
    Reply,
    ReplyText,
    KeepsMail,
}

impl Setting {
    /// Every setting, in the order of the form.
    pub const ALL: [Self; 7] =
        [Self::Quota, Self::Antispam, Self::RejectSpam, Self::Antivirus, Self::Reply, Self::ReplyText, Self::KeepsMail];

    /// Whether it is the same in both, as a person would say: how a reply's lines end makes no difference.
    pub fn is_same(self, a: &AccountSettings, b: &AccountSettings) -> bool {
        match self {
            Self::Quota => a.quota == b.quota,
            Self::Antispam => a.antispam_level == b.antispam_level,
            Self::RejectSpam => a.reject_spam == b.reject_spam,
            Self::Antivirus => a.antivirus == b.antivirus,
            Self::Reply => a.auto_reply.on == b.auto_reply.on,
            Self::ReplyText => {
                let text = |settings: &AccountSettings| settings.auto_reply.message.as_deref().map(tidy_reply);
                text(a) == text(b)
            }
            Self::KeepsMail => a.auto_reply.keeps_mail == b.auto_reply.keeps_mail,
        }
    }

    /// Whether GleSYS says what it is.
    pub const fn is_known(self, settings: &AccountSettings) -> bool {
        match self {
            Self::Quota => !matches!(settings.quota, Quota::NotKnown),
            Self::Antispam => settings.antispam_level.is_some(),
            Self::RejectSpam => settings.reject_spam.is_some(),
            Self::Antivirus => settings.antivirus.is_some(),
            Self::Reply => settings.auto_reply.on.is_some(),
            Self::ReplyText => settings.auto_reply.message.is_some(),
            Self::KeepsMail => settings.auto_reply.keeps_mail.is_some(),
        }
    }

    /// Makes it in `to` what it is in `from`.
    pub fn copy(self, from: &AccountSettings, to: &mut AccountSettings) {
        match self {
            Self::Quota => to.quota = from.quota,
            Self::Antispam => to.antispam_level = from.antispam_level,
            Self::RejectSpam => to.reject_spam = from.reject_spam,
            Self::Antivirus => to.antivirus = from.antivirus,
            Self::Reply => to.auto_reply.on = from.auto_reply.on,
            Self::ReplyText => to.auto_reply.message.clone_from(&from.auto_reply.message),
            Self::KeepsMail => to.auto_reply.keeps_mail = from.auto_reply.keeps_mail,
        }
    }
}

/// A reply's text as a form gives it back: lines end in one way, and there are no control characters.
pub fn tidy_reply(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|sign| !sign.is_control() || matches!(sign, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_from_what_to_what_and_a_reply_only_by_its_length() {
        let from = AccountSettings::default();
        let message = Some("I am in hospital.".to_owned());
        let reply = AutoReply { on: Some(true), message, keeps_mail: Some(true) };
        let to = AccountSettings { quota: Quota::Gib(5), antispam_level: Some(0), auto_reply: reply, ..from.clone() };
        assert_eq!(
            from.facts_of_change(&to).kept().unwrap(),
            r#"{"quota_gib":5,"quota_gib_before":1,"spam_level":0,"spam_level_before":3,"automatic_reply":true,"automatic_reply_before":false,"reply_length":17,"reply_length_before":0}"#
        );
        assert!(from.facts_of_change(&from).is_empty());
        let same_length = AutoReply { message: Some("I am in Helsinki.".to_owned()), ..to.auto_reply.clone() };
        let other = to.facts_of_change(&AccountSettings { auto_reply: same_length, ..to.clone() });
        assert_eq!(other.kept().unwrap(), r#"{"reply_length":17,"reply_length_before":17}"#);
        assert!(!to.facts().kept().unwrap().contains("hospital"));
    }

    #[test]
    fn what_is_not_known_is_no_fact_and_the_same_as_nothing_that_is() {
        let (known, auto_reply) = (AccountSettings::default(), AutoReply::default());
        let (antivirus, reject_spam, antispam_level, quota) = (None, None, None, Quota::NotKnown);
        let unknown = AccountSettings { quota, antispam_level, antivirus, reject_spam, auto_reply };
        assert!(unknown.facts().is_empty() && known.facts_of_change(&unknown).is_empty());
        assert_eq!(unknown.facts_of_change(&known), known.facts());
        for setting in Setting::ALL {
            assert!(!setting.is_same(&unknown, &known) && setting.is_same(&unknown, &unknown), "{setting:?}");
            let mut all_but_this = known.clone();
            setting.copy(&unknown, &mut all_but_this);
            assert!(known.is_known() && !all_but_this.is_known(), "{setting:?}");
        }
    }

    fn replying(text: &str) -> AccountSettings {
        let auto_reply = AutoReply { message: Some(text.to_owned()), ..AutoReply::default() };
        AccountSettings { auto_reply, ..AccountSettings::default() }
    }

    #[test]
    fn a_reply_that_went_through_a_form_is_the_same_reply() {
        let is_same = |a: &str, b: &str| Setting::ReplyText.is_same(&replying(a), &replying(b));
        assert!(is_same("a\nb\0", "a\r\nb") && is_same("a\rb", "a\nb"));
        assert!(!is_same("a\nb", "a b") && !is_same("a", "a\n"));
        assert!(Setting::ReplyText.is_same(&replying("\0"), &AccountSettings::default()));
    }

    #[test]
    fn every_setting_can_be_copied_alone() {
        let to = AutoReply { on: Some(true), message: Some("Away".to_owned()), keeps_mail: Some(false) };
        let other = AccountSettings {
            quota: Quota::Gib(9),
            antispam_level: Some(0),
            antivirus: Some(false),
            reject_spam: Some(true),
            auto_reply: to,
        };
        for setting in Setting::ALL {
            let mut copied = AccountSettings::default();
            setting.copy(&other, &mut copied);
            let changed: Vec<_> =
                Setting::ALL.into_iter().filter(|s| !s.is_same(&copied, &AccountSettings::default())).collect();
            assert_eq!(changed, [setting]);
        }
    }
}
