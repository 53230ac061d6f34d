//! What a form with an account's settings was made from, in a form that the form can carry along.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::account_settings::{Setting, tidy_reply};
use crate::model::{AccountSettings, AutoReply};

/// What a form carries in the place of what was not known when it was made.
pub const NOT_KNOWN: &str = "not-known";

/// The settings that a form was made from. Of an automatic reply only the digest: GleSYS may have a longer one than a
/// form can carry twice.
#[derive(Clone, Debug)]
pub struct Base {
    /// Without the reply's text.
    settings: AccountSettings,
    reply: String,
}

impl Base {
    /// The base of a form that is made from these.
    pub fn of(settings: &AccountSettings) -> Self {
        Self::posted(settings, digest_of(settings))
    }

    /// The base that came back with a form.
    pub fn posted(settings: &AccountSettings, reply: String) -> Self {
        let auto_reply = AutoReply { message: None, ..settings.auto_reply };
        Self { settings: AccountSettings { auto_reply, ..*settings }, reply }
    }

    /// The settings, without the reply's text.
    pub const fn settings(&self) -> &AccountSettings {
        &self.settings
    }

    /// The digest of the reply's text, or [`NOT_KNOWN`].
    pub fn reply(&self) -> &str {
        &self.reply
    }

    /// Whether GleSYS said what a setting was.
    pub fn knows(&self, setting: Setting) -> bool {
        match setting {
            Setting::ReplyText => self.reply != NOT_KNOWN,
            other => other.is_known(&self.settings),
        }
    }

    /// Whether a setting is the same in these settings, as a person would say.
    pub fn has(&self, setting: Setting, settings: &AccountSettings) -> bool {
        match setting {
            Setting::ReplyText => self.reply == digest_of(settings),
            other => other.is_same(&self.settings, settings),
        }
    }
}

fn digest_of(settings: &AccountSettings) -> String {
    let digest = |text| URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, tidy_reply(text).as_bytes()));
    settings.auto_reply.message.as_deref().map_or_else(|| NOT_KNOWN.to_owned(), digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_known_again_however_its_lines_end() {
        let replying = |text: &str| {
            let auto_reply = AutoReply { message: Some(text.to_owned()), ..AutoReply::default() };
            AccountSettings { auto_reply, ..AccountSettings::default() }
        };
        let base = Base::of(&replying("Away\r\nBack"));
        assert!(base.has(Setting::ReplyText, &replying("Away\nBack")));
        assert!(!base.has(Setting::ReplyText, &replying("Away")));
        assert!(Base::of(&AccountSettings::default()).has(Setting::ReplyText, &replying("")));
        let untold = AccountSettings { auto_reply: AutoReply::default(), ..AccountSettings::default() };
        assert!(Base::of(&untold).has(Setting::ReplyText, &untold));
        assert!(!Base::of(&untold).has(Setting::ReplyText, &replying("")));
        assert!(!Base::of(&untold).knows(Setting::ReplyText) && base.knows(Setting::ReplyText));
        let other = AccountSettings { quota: crate::model::Quota::Gib(7), ..replying("") };
        assert!(!base.has(Setting::Quota, &other) && base.has(Setting::Antispam, &other));
        assert!(!format!("{base:?}").contains("Away"));
    }
}
