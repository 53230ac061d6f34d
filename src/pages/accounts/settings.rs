//! The part of a form with an account's settings: as typed, what is wrong with it, and in words.

use crate::model::account_settings::{LONGEST_REPLY, MOST_ANTISPAM, QUOTA_GIB, Setting, tidy_reply};
use crate::model::{AccountSettings, AutoReply, Quota};
use crate::pages::faults::Place;
use crate::pages::field::{Field, focus_wrong};
use crate::pages::forms::Fields;
use crate::pages::{Layout, Problem};
use crate::services::accounts::{Base, NOT_KNOWN};
use crate::texts::Texts;

/// What the fields are called that say what the form was made from: this, then the field.
const BASE: &str = "base-";

/// A yes or no: a box, or, where GleSYS does not say which it is now, a choice that may stay open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Switch {
    pub is_on: Option<bool>,
    pub is_open: bool,
}

impl Switch {
    const fn of(setting: Option<bool>) -> Self {
        Self { is_on: setting, is_open: setting.is_none() }
    }

    /// What was posted of it, and what it was when the form was made.
    fn read(value: &str, base: &str) -> Self {
        let is_open = base == NOT_KNOWN;
        let is_on = match value {
            "yes" => Some(true),
            "no" => Some(false),
            // A box that is not ticked is not sent.
            _ => (!is_open).then_some(false),
        };
        Self { is_on, is_open }
    }

    /// As the form carries it along.
    const fn code(self) -> &'static str {
        match self.is_on {
            Some(true) => "yes",
            Some(false) => "no",
            None => NOT_KNOWN,
        }
    }
}

/// The fields as they stand, with what is wrong with them.
#[derive(Clone, Debug, Default)]
pub(super) struct SettingsForm {
    pub quota: Field,
    /// What the storage is now, where that is no number: the field may then stay empty.
    pub quota_now: Option<Quota>,
    pub spam: Field,
    /// Whether the level is not known now: it may then stay so.
    pub is_spam_open: bool,
    pub refuse: Switch,
    pub virus: Switch,
    pub reply: Switch,
    pub text: Field,
    /// Whether the text is not known now: it may then stay so.
    pub is_text_open: bool,
    pub keep: Switch,
}

fn no_number(quota: Quota) -> Option<Quota> {
    quota.gib().is_none().then_some(quota)
}

impl From<&AccountSettings> for SettingsForm {
    fn from(settings: &AccountSettings) -> Self {
        Self {
            quota: Field::of(settings.quota.gib().map(|gib| gib.to_string()).unwrap_or_default()),
            quota_now: no_number(settings.quota),
            spam: Field::of(settings.antispam_level.map(|level| level.to_string()).unwrap_or_default()),
            is_spam_open: settings.antispam_level.is_none(),
            refuse: Switch::of(settings.reject_spam),
            virus: Switch::of(settings.antivirus),
            reply: Switch::of(settings.auto_reply.on),
            text: Field::of(settings.auto_reply.message.as_deref().map(tidy_reply).unwrap_or_default()),
            is_text_open: settings.auto_reply.message.is_none(),
            keep: Switch::of(settings.auto_reply.keeps_mail),
        }
    }
}

impl SettingsForm {
    pub const LONGEST_REPLY: usize = LONGEST_REPLY;

    /// The levels to choose from.
    pub fn levels() -> impl Iterator<Item = String> {
        (0..=MOST_ANTISPAM).map(|level| level.to_string())
    }

    pub fn read(fields: &Fields) -> Self {
        Self::named(fields, "")
    }

    /// Those that can be wrong, as they come on a page.
    pub fn places(&mut self, say: Texts) -> [Place<'_>; 3] {
        [
            Place::new("quota", say.quota_label(), &mut self.quota),
            Place::new("spam", say.spam_filter(), &mut self.spam),
            Place::new("text", say.reply_text(), &mut self.text),
        ]
    }

    fn named(fields: &Fields, prefix: &str) -> Self {
        let of = |prefix: &str, name: &str| {
            let mut found = fields.iter().filter(|(field, _)| field.strip_prefix(prefix) == Some(name));
            found.next().map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (value, base) = (|name| of(prefix, name), |name| of(BASE, name));
        let switch = |name| Switch::read(&value(name), &base(name));
        Self {
            quota: Field::of(value("quota")),
            quota_now: Quota::coded(&base("quota")).and_then(no_number),
            spam: Field::of(value("spam")),
            is_spam_open: base("spam") == NOT_KNOWN,
            refuse: switch("refuse"),
            virus: switch("virus"),
            reply: switch("reply"),
            text: Field::of(tidy_reply(&value("text"))),
            is_text_open: base("text") == NOT_KNOWN,
            keep: switch("keep"),
        }
    }

    /// The fields that can be wrong, as they follow each other on the page.
    pub const fn fields(&mut self) -> [&mut Field; 3] {
        [&mut self.quota, &mut self.spam, &mut self.text]
    }

    pub const fn is_wrong(&self) -> bool {
        self.quota.is_wrong() || self.spam.is_wrong() || self.text.is_wrong()
    }

    /// The settings, if they can be had; else the fields say what is wrong. What GleSYS has already (`base`) never is.
    pub fn settings(&mut self, layout: &Layout, base: Option<&Base>) -> Option<AccountSettings> {
        let say = layout.say;
        let is_base =
            |setting: Setting, settings: &AccountSettings| base.is_some_and(|base| base.has(setting, settings));
        let (quota, level) = self.numbers();
        let settings = self.with(quota.unwrap_or(Quota::NotKnown), level);
        let is_unfit = |quota: Quota| quota.gib().is_some_and(|gib| !QUOTA_GIB.contains(&gib));
        if quota.is_none_or(|quota| is_unfit(quota) && !is_base(Setting::Quota, &settings)) {
            self.quota.problem = say.quota_unfit(*QUOTA_GIB.start(), *QUOTA_GIB.end());
        }
        if level.is_none() && !(self.is_spam_open && self.spam.value.is_empty()) {
            say.spam_unfit().clone_into(&mut self.spam.problem);
        }
        let is_text_new = !is_base(Setting::ReplyText, &settings);
        let length = self.text.value.chars().count();
        if length > LONGEST_REPLY && is_text_new {
            self.text.problem = say.reply_too_long(LONGEST_REPLY, length);
        }
        let AutoReply { on, message, .. } = &settings.auto_reply;
        let says_nothing = *on == Some(true) && message.as_deref().is_some_and(|text| text.trim().is_empty());
        if says_nothing && (is_text_new || !is_base(Setting::Reply, &settings)) {
            say.reply_missing().clone_into(&mut self.text.problem);
        }
        if focus_wrong(self.fields()) { None } else { Some(settings) }
    }

    /// Storage and spam level, where what is typed is such a number.
    fn numbers(&self) -> (Option<Quota>, Option<u8>) {
        let quota = match self.quota.value.trim() {
            "" => self.quota_now,
            typed => typed.parse().ok().map(Quota::Gib),
        };
        (quota, self.spam.value.parse().ok().filter(|level| *level <= MOST_ANTISPAM))
    }

    fn with(&self, quota: Quota, antispam_level: Option<u8>) -> AccountSettings {
        AccountSettings {
            quota,
            antispam_level,
            antivirus: self.virus.is_on,
            reject_spam: self.refuse.is_on,
            auto_reply: AutoReply {
                on: self.reply.is_on,
                message: Some(self.text.value.clone()).filter(|text| !self.is_text_open || !text.is_empty()),
                keeps_mail: self.keep.is_on,
            },
        }
    }
}

/// What a form was made from, as it came back with it.
pub(super) fn base(fields: &Fields) -> Result<Base, Problem> {
    let form = SettingsForm::named(fields, BASE);
    let quota = Quota::coded(&form.quota.value).ok_or(Problem::Unreadable)?;
    let level = match form.spam.value.as_str() {
        NOT_KNOWN => None,
        level => Some(level.parse().map_err(|_| Problem::Unreadable)?),
    };
    Ok(Base::posted(&form.with(quota, level), form.text.value))
}

/// The fields that carry along what a form was made from.
pub(super) fn as_fields(base: &Base) -> Vec<(String, String)> {
    let form = SettingsForm::from(base.settings());
    let quota = base.settings().quota.code();
    let fields = [
        ("quota", quota.as_str()),
        ("spam", if form.is_spam_open { NOT_KNOWN } else { &form.spam.value }),
        ("refuse", form.refuse.code()),
        ("virus", form.virus.code()),
        ("reply", form.reply.code()),
        ("text", base.reply()),
        ("keep", form.keep.code()),
    ];
    fields.map(|(name, value)| (format!("{BASE}{name}"), value.to_owned())).to_vec()
}

/// A setting in two states, in words.
pub(super) struct Differs {
    /// The id of its field.
    pub field: &'static str,
    pub name: &'static str,
    pub now: String,
    /// `None` where the person has not changed it.
    pub wanted: Option<String>,
}

impl Differs {
    pub fn of(layout: &Layout, setting: Setting, now: &AccountSettings, merged: &AccountSettings) -> Self {
        let (field, name) = (id_of(setting), named(layout, setting));
        let wanted = (!setting.is_same(now, merged)).then(|| told(layout, setting, merged));
        Self { field, name, now: told(layout, setting, now), wanted }
    }

    /// The same against what is typed into the form, right or wrong.
    pub fn typed(layout: &Layout, setting: Setting, now: &AccountSettings, form: &SettingsForm) -> Self {
        let (quota, level) = form.numbers();
        let differs = Self::of(layout, setting, now, &form.with(quota.unwrap_or(Quota::NotKnown), level));
        match (setting, quota, level) {
            (Setting::Quota, None, _) => differs.with(layout.say.quoted(&form.quota.value)),
            (Setting::Antispam, _, None) => differs.with(layout.say.quoted(&form.spam.value)),
            _ => differs,
        }
    }

    fn with(self, wanted: String) -> Self {
        Self { wanted: Some(wanted), ..self }
    }
}

/// The settings whose fields have these ids.
pub(super) fn of_fields(ids: &str) -> Vec<Setting> {
    let is_among = |setting: &Setting| ids.split(' ').any(|id| id == id_of(*setting));
    Setting::ALL.into_iter().filter(is_among).collect()
}

const fn id_of(setting: Setting) -> &'static str {
    match setting {
        Setting::Quota => "quota",
        Setting::Antispam => "spam",
        Setting::RejectSpam => "refuse",
        Setting::Antivirus => "virus",
        Setting::Reply => "reply",
        Setting::ReplyText => "text",
        Setting::KeepsMail => "keep",
    }
}

const fn named(layout: &Layout, setting: Setting) -> &'static str {
    let say = layout.say;
    match setting {
        Setting::Quota => say.storage(),
        Setting::Antispam => say.spam_filter(),
        Setting::RejectSpam => say.refuse_spam(),
        Setting::Antivirus => say.virus_check(),
        Setting::Reply => say.auto_reply(),
        Setting::ReplyText => say.reply_text(),
        Setting::KeepsMail => say.keep_mail(),
    }
}

fn told(layout: &Layout, setting: Setting, settings: &AccountSettings) -> String {
    let say = layout.say;
    if !setting.is_known(settings) {
        return say.not_known().to_owned();
    }
    let on = |is_on| say.on_or_off(is_on).to_owned();
    match setting {
        Setting::Quota => say.quota(settings.quota),
        Setting::Antispam => say.spam_strictness(settings.antispam_level),
        Setting::RejectSpam => on(settings.reject_spam),
        Setting::Antivirus => on(settings.antivirus),
        Setting::Reply => on(settings.auto_reply.on),
        Setting::ReplyText => match settings.auto_reply.message.as_deref() {
            Some("") => say.no_text().to_owned(),
            Some(text) => say.quoted(&tidy_reply(text)),
            None => say.glesys_does_not_say().to_owned(),
        },
        Setting::KeepsMail => on(settings.auto_reply.keeps_mail),
    }
}
