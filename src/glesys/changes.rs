//! The calls that change accounts and aliases, but for the reset; the ledger alone makes them.
//!
//! Each sends one request, once. GleSYS's word that it did it is enough; what it tells of the result besides is taken
//! where it can be read. Only the password of a new account is asked for strictly: without one nobody has it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::email::noted;
use super::functions::function_of;
use super::spelling::Called;
use super::wire::{Account, AliasAnswer, CreatedAnswer, EditedAnswer, GiveAlias, GiveDelete, GiveSettings, NoAnswer};
use super::{Changes, Error, Turn, Writer, translate};
use crate::model::{AccountSettings, Address, Change, Function, Mailbox, OneTimePassword};

/// What GleSYS says of a change that it made.
pub struct Changed {
    /// The password that it generated, for a new account.
    pub password: Option<OneTimePassword>,
    /// The account or alias as it is now, where GleSYS told.
    pub mailbox: Option<Mailbox>,
}

impl Changed {
    const fn to(mailbox: Option<Mailbox>) -> Self {
        Self { password: None, mailbox }
    }
}

impl Writer {
    /// Makes a change at GleSYS. One call is one request: the caller must have recorded its intent, must not drop the
    /// future before it ends, and must not call again on an error of its own accord.
    ///
    /// # Errors
    /// [`Error::NotSent`]: nothing happened. [`Error::Refused`]: GleSYS did not do it. [`Error::Unknown`]: it may have
    /// been done; an account that was created then has a password that nobody knows.
    pub async fn change(&self, turn: Turn, address: &Address, change: &Change) -> Result<Changed, Error> {
        let function = function_of(change.kind());
        let line = self.line_for(function, &turn, address)?;
        let is_alias = change.kind().is_about_an_alias();
        let what = if is_alias { Called::Alias(address.clone()) } else { Called::Account(address.clone()) };
        let called = self.projects.spellings.text(&what);
        let changed = match change {
            Change::CreateAccount(settings, _) => {
                let answer = line.tell(function, &GiveSettings::all(address, settings)).await?;
                created(function, address, answer)?
            }
            Change::EditAccount { from, to } => {
                let answer: EditedAnswer = line.tell(function, &GiveSettings::what_differs(&called, from, to)).await?;
                Changed::to(answer.emailaccount.0.and_then(|row| whole(address, row)))
            }
            Change::CreateAlias(targets) => {
                let targets: Vec<&str> = targets.iter().map(Address::as_str).collect();
                line.lead(function, address, address.as_str(), targets.join(",")).await?
            }
            Change::EditAlias { to, .. } => line.lead(function, address, &called, to.join(",")).await?,
            Change::DeleteAccount | Change::DeleteAlias(_) => {
                let NoAnswer {} = line.tell(function, &GiveDelete { email: &called }).await?;
                Changed::to(None)
            }
        };
        drop(turn);
        if !matches!(change, Change::EditAccount { .. } | Change::EditAlias { .. }) {
            self.projects.spellings.forget(&what);
        }
        let is_it = |mailbox: &Mailbox| mailbox.address() == address;
        Ok(Changed { mailbox: changed.mailbox.filter(is_it), ..changed })
    }
}

impl Changes {
    async fn tell<P: DeserializeOwned>(
        &self,
        function: &'static Function,
        arguments: &impl Serialize,
    ) -> Result<P, Error> {
        let begun_at = self.breaker.uptime();
        noted(&self.breaker, begun_at, self.line.ask(function, arguments).await)
    }

    async fn lead(
        &self,
        function: &'static Function,
        alias: &Address,
        emailalias: &str,
        goto: String,
    ) -> Result<Changed, Error> {
        let answer: AliasAnswer = self.tell(function, &GiveAlias { emailalias, goto }).await?;
        Ok(Changed::to(answer.alias.0.and_then(|row| translate::alias(alias.domain(), row).ok())))
    }
}

fn created(function: &'static Function, address: &Address, answer: CreatedAnswer) -> Result<Changed, Error> {
    let mut row = answer.emailaccount;
    let password = row.password.take().and_then(|secret| OneTimePassword::new(secret.0));
    let password = Some(password.ok_or(Error::unusable(function))?);
    Ok(Changed { password, mailbox: whole(address, row) })
}

/// The account, if all of it is told; else the directory reads it anew.
fn whole<P>(address: &Address, row: Account<P>) -> Option<Mailbox> {
    let is_whole = |mailbox: &Mailbox| matches!(mailbox, Mailbox::Account(account) if account.settings().is_known());
    translate::account(address.domain(), row).ok().filter(is_whole)
}

impl<'a> GiveSettings<'a> {
    fn all(address: &'a Address, settings: &'a AccountSettings) -> Self {
        let AccountSettings { quota, antispam_level, antivirus, reject_spam, auto_reply } = settings;
        Self {
            emailaccount: address.as_str(),
            quotaingib: quota.gib(),
            antispamlevel: *antispam_level,
            antivirus: antivirus.map(yes),
            rejectspam: reject_spam.map(yes),
            autorespond: auto_reply.on.map(yes),
            autorespondmessage: auto_reply.message.as_deref().filter(|text| !text.is_empty()),
            autorespondsaveemail: auto_reply.keeps_mail.map(yes),
        }
    }

    fn what_differs(emailaccount: &'a str, from: &AccountSettings, to: &'a AccountSettings) -> Self {
        let (was, is) = (&from.auto_reply, &to.auto_reply);
        let flag = |was: Option<bool>, is: Option<bool>| is.filter(|_| was != is).map(yes);
        Self {
            emailaccount,
            quotaingib: to.quota.gib().filter(|_| from.quota != to.quota),
            antispamlevel: to.antispam_level.filter(|_| from.antispam_level != to.antispam_level),
            antivirus: flag(from.antivirus, to.antivirus),
            rejectspam: flag(from.reject_spam, to.reject_spam),
            autorespond: flag(was.on, is.on),
            // An empty text is how a text is taken away.
            autorespondmessage: is.message.as_deref().filter(|_| was.message != is.message),
            autorespondsaveemail: flag(was.keeps_mail, is.keeps_mail),
        }
    }
}

const fn yes(setting: bool) -> &'static str {
    if setting { "yes" } else { "no" }
}
