//! The settings of an account that can be chosen when it is made and edited later.

use std::ops::RangeInclusive;

use super::{AutoReply, Fact, Facts, Quota};

/// How much an account may hold, in GiB, as far as the panel asks for it.
pub const QUOTA_GIB: RangeInclusive<u64> = 1..=1000;
/// The strictest spam level.
pub const MOST_ANTISPAM: u8 = 5;
/// The most characters of an automatic reply.
pub const LONGEST_REPLY: usize = 2000;

/// What can be chosen of an account, in the units of [`super::Account`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    pub quota: Quota,
    /// 0 (off) to 5 (strictest); `None` where GleSYS does not say.
    pub antispam_level: Option<u8>,
    pub antivirus: bool,
    /// Whether spam is refused at the door instead of being delivered to a folder.
    pub reject_spam: bool,
    pub auto_reply: AutoReply,
}

impl Default for AccountSettings {
    /// As GleSYS makes an account of which nothing else is said (from its terraform acceptance tests).
    fn default() -> Self {
        Self {
            quota: Quota::Gib(1),
            antispam_level: Some(3),
            antivirus: true,
            reject_spam: false,
            auto_reply: AutoReply { on: false, message: None, keeps_mail: true },
        }
    }
}

impl AccountSettings {
    /// The settings, for the audit. A reply's text is nobody's business, but for its length.
    pub fn facts(&self) -> Facts {
        let reply = &self.auto_reply;
        Facts::new()
            .with_some(Fact::QuotaGib, self.quota.gib())
            .with_some(Fact::SpamLevel, self.antispam_level)
            .with(Fact::VirusCheck, self.antivirus)
            .with(Fact::SpamRefused, self.reject_spam)
            .with(Fact::AutomaticReply, reply.on)
            .with(Fact::AnsweredMailKept, reply.keeps_mail)
            .with(Fact::ReplyLength, characters(reply.message.as_deref()))
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
                text(a).unwrap_or_default() == text(b).unwrap_or_default()
            }
            Self::KeepsMail => a.auto_reply.keeps_mail == b.auto_reply.keeps_mail,
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

fn characters(text: Option<&str>) -> usize {
    text.map_or(0, |text| text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_from_what_to_what_and_a_reply_only_by_its_length() {
        let from = AccountSettings::default();
        let message = Some("I am in hospital.".to_owned());
        let reply = AutoReply { on: true, message, keeps_mail: true };
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

    fn replying(text: &str) -> AccountSettings {
        let auto_reply = AutoReply { message: Some(text.to_owned()), ..AutoReply::default() };
        AccountSettings { auto_reply, ..AccountSettings::default() }
    }

    #[test]
    fn a_reply_that_went_through_a_form_is_the_same_reply() {
        let is_same = |a: &str, b: &str| Setting::ReplyText.is_same(&replying(a), &replying(b));
        assert!(is_same("a\nb\0", "a\r\nb") && is_same("a\rb", "a\nb"));
        assert!(!is_same("a\nb", "a b") && !is_same("a", "a\n"));
        assert!(Setting::ReplyText.is_same(&replying(""), &AccountSettings::default()));
    }

    #[test]
    fn every_setting_can_be_copied_alone() {
        let to = AutoReply { on: true, message: Some("Away".to_owned()), keeps_mail: false };
        let other = AccountSettings {
            quota: Quota::Gib(9),
            antispam_level: Some(0),
            antivirus: false,
            reject_spam: true,
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
