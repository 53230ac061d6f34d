//! The settings of an account that can be chosen when it is made and edited later.

use super::AutoReply;

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
}
