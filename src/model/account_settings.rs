//! The settings of an account that can be chosen when it is made and edited later.

use std::ops::RangeInclusive;

use super::AutoReply;

/// How much an account may hold, in GiB, as far as the panel asks for it.
pub const QUOTA_GIB: RangeInclusive<u64> = 1..=1000;
/// The strictest spam level.
pub const MOST_ANTISPAM: u8 = 5;
/// The most signs of an automatic reply.
pub const LONGEST_REPLY: usize = 2000;

/// What can be chosen of an account, in the units of [`super::Account`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// In GiB.
    pub quota_gib: u64,
    /// 0 (off) to 5 (strictest).
    pub antispam_level: u8,
    pub antivirus: bool,
    /// Whether spam is refused at the door instead of being delivered to a folder.
    pub reject_spam: bool,
    pub auto_reply: AutoReply,
}

impl Default for AccountSettings {
    /// As GleSYS makes an account of which nothing else is said (from its terraform acceptance tests).
    fn default() -> Self {
        Self {
            quota_gib: 1,
            antispam_level: 3,
            antivirus: true,
            reject_spam: false,
            auto_reply: AutoReply { on: false, message: None, keeps_mail: true },
        }
    }
}

impl AccountSettings {
    /// The settings in words and numbers, for the audit.
    pub fn told(&self) -> String {
        let reply = &self.auto_reply;
        [
            format!("quota {} GiB", self.quota_gib),
            format!("spam level {}", self.antispam_level),
            format!("virus check {}", on(self.antivirus)),
            format!("spam refused {}", on(self.reject_spam)),
            format!("automatic reply {}", on(reply.on)),
            format!("answered mail kept {}", on(reply.keeps_mail)),
            format!("reply text of {} signs", signs(reply.message.as_deref())),
        ]
        .join("; ")
    }

    /// What is different in `to`, from what to what; empty where nothing is. A reply's text is told by its length only.
    pub fn told_as_changed_to(&self, to: &Self) -> String {
        let (was, is) = (&self.auto_reply, &to.auto_reply);
        let length = |text: &Option<String>| format!("{} signs", signs(text.as_deref()));
        let changes = [
            changed("quota", &format!("{} GiB", self.quota_gib), &format!("{} GiB", to.quota_gib)),
            changed("spam level", &self.antispam_level.to_string(), &to.antispam_level.to_string()),
            changed("virus check", on(self.antivirus), on(to.antivirus)),
            changed("spam refused", on(self.reject_spam), on(to.reject_spam)),
            changed("automatic reply", on(was.on), on(is.on)),
            changed("answered mail kept", on(was.keeps_mail), on(is.keeps_mail)),
            (was.message != is.message)
                .then(|| format!("reply text changed: {} -> {}", length(&was.message), length(&is.message))),
        ];
        changes.into_iter().flatten().collect::<Vec<_>>().join("; ")
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
            Self::Quota => a.quota_gib == b.quota_gib,
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
            Self::Quota => to.quota_gib = from.quota_gib,
            Self::Antispam => to.antispam_level = from.antispam_level,
            Self::RejectSpam => to.reject_spam = from.reject_spam,
            Self::Antivirus => to.antivirus = from.antivirus,
            Self::Reply => to.auto_reply.on = from.auto_reply.on,
            Self::ReplyText => to.auto_reply.message.clone_from(&from.auto_reply.message),
            Self::KeepsMail => to.auto_reply.keeps_mail = from.auto_reply.keeps_mail,
        }
    }
}

/// A reply's text as a form gives it back: lines end in one way, and there are no control signs.
pub fn tidy_reply(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|sign| !sign.is_control() || matches!(sign, '\n' | '\t')).collect()
}

fn changed(name: &str, from: &str, to: &str) -> Option<String> {
    (from != to).then(|| format!("{name}: {from} -> {to}"))
}

const fn on(setting: bool) -> &'static str {
    if setting { "on" } else { "off" }
}

fn signs(text: Option<&str>) -> usize {
    text.map_or(0, |text| text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_from_what_to_what_and_a_reply_only_by_its_length() {
        let from = AccountSettings::default();
        let message = Some("I am in hospital.".to_owned());
        let reply = AutoReply { on: true, message, keeps_mail: true };
        let to = AccountSettings { quota_gib: 5, antispam_level: 0, auto_reply: reply, ..from.clone() };
        assert_eq!(
            from.told_as_changed_to(&to),
            "quota: 1 GiB -> 5 GiB; spam level: 3 -> 0; automatic reply: off -> on; \
             reply text changed: 0 signs -> 17 signs"
        );
        assert_eq!(from.told_as_changed_to(&from), "");
        assert!(!to.told().contains("hospital"));
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
        let other =
            AccountSettings { quota_gib: 9, antispam_level: 0, antivirus: false, reject_spam: true, auto_reply: to };
        for setting in Setting::ALL {
            let mut copied = AccountSettings::default();
            setting.copy(&other, &mut copied);
            let changed: Vec<_> =
                Setting::ALL.into_iter().filter(|s| !s.is_same(&copied, &AccountSettings::default())).collect();
            assert_eq!(changed, [setting]);
        }
    }
}
