//! Requests and answers as sent; used by [`super::line`] and the calls.
//!
//! GleSYS repeats the caller's arguments in `debug.input`, so no struct here has such a field: unknown fields are
//! skipped without being copied. Nothing is flattened either, because serde would copy a password while buffering.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, Visitor};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::lenient::{List, Object, Scalar};
use crate::model::mended;

/// What stands around every answer.
#[derive(Deserialize)]
struct Envelope<P> {
    response: P,
}

/// The part of an answer that says how it went.
#[derive(Deserialize)]
pub(super) struct Verdict {
    status: Status,
    /// Only whether a password is there.
    password: Option<IgnoredAny>,
    /// The same of a new account.
    #[serde(default)]
    emailaccount: Object<NewAccount>,
}

/// The one field that counts of a new account; the others are skipped without being copied.
#[derive(Deserialize)]
struct NewAccount {
    password: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    code: Scalar,
    #[serde(default)]
    text: Scalar,
}

impl Verdict {
    /// Reads the envelope of an answer; `None` when it is not GleSYS's JSON.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        payload(body)
    }

    pub(super) fn code(&self) -> Option<i64> {
        self.status.code.whole()
    }

    pub(super) fn text(&self) -> String {
        self.status.text.clone().text().unwrap_or_default()
    }

    pub(super) fn holds_a_password(&self) -> bool {
        self.password.is_some() || self.emailaccount.0.as_ref().is_some_and(|account| account.password.is_some())
    }
}

/// Reads what stands in the envelope. A text that can't be read costs no more than itself; where it is the password, there is
/// none. The parser's error is dropped, as it may quote the answer.
pub(super) fn payload<P: DeserializeOwned>(body: &[u8]) -> Option<P> {
    mended::parse::<Envelope<P>>(body).map(|envelope| envelope.response)
}

/// Arguments of `email/overview`.
#[derive(Serialize)]
pub(super) struct AskOverview {
    pub page: u64,
}

/// Arguments of `email/list`.
#[derive(Serialize)]
pub(super) struct AskList<'a> {
    /// As punycode.
    pub domainname: &'a str,
    /// One full address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<&'a str>,
}

/// Arguments of `email/quota` and `email/resetpassword`.
#[derive(Serialize)]
pub(super) struct AskAccount<'a> {
    pub emailaccount: &'a str,
}

#[derive(Deserialize)]
pub(super) struct OverviewAnswer {
    pub overview: Overview,
}

#[derive(Deserialize)]
pub(super) struct Overview {
    #[serde(default)]
    pub summary: Object<Summary>,
    #[serde(default)]
    pub domains: List<Object<Domain>>,
    #[serde(default)]
    pub meta: Object<Meta>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    pub accounts: Scalar,
    pub maxaccounts: Scalar,
    pub aliases: Scalar,
    pub maxaliases: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Domain {
    pub domainname: Scalar,
    pub accounts: Scalar,
    pub aliases: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Meta {
    /// Domains in all pages together.
    pub total: Scalar,
    /// Domains on a page.
    pub perpage: Scalar,
}

#[derive(Deserialize)]
pub(super) struct ListAnswer {
    pub list: Object<Mailboxes>,
}

/// Without the rows, which are cut out and read by themselves: what is no object there is none.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Mailboxes {
    pub emailaccounts: List<Object<IgnoredAny>>,
    pub emailaliases: List<Object<IgnoredAny>>,
}

/// An account. Clients know of a `password` field here; it is skipped unless `P` takes it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Account<P = IgnoredAny> {
    pub password: P,
    pub emailaccount: Scalar,
    pub displayname: Scalar,
    pub quotaingib: Scalar,
    pub antispamlevel: Scalar,
    pub antivirus: Scalar,
    pub rejectspam: Scalar,
    pub autorespond: Scalar,
    pub autorespondmessage: Scalar,
    pub autorespondsaveemail: Scalar,
    pub created: Scalar,
    pub modified: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Alias {
    pub emailalias: Scalar,
    pub displayname: Scalar,
    pub goto: Scalar,
}

#[derive(Deserialize)]
pub(super) struct QuotaAnswer {
    pub quota: Quota,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Quota {
    pub usedquotainmib: Scalar,
    pub quotaingib: Scalar,
}

#[derive(Deserialize)]
pub(super) struct ResetAnswer {
    pub password: Secret,
}

/// Arguments of `email/createaccount` and `email/editaccount`; what is left out GleSYS leaves as it is.
#[derive(Serialize)]
pub(super) struct GiveSettings<'a> {
    pub emailaccount: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotaingib: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub antispamlevel: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub antivirus: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejectspam: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autorespond: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autorespondmessage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autorespondsaveemail: Option<&'static str>,
}

/// Arguments of `email/createalias` and `email/editalias`.
#[derive(Serialize)]
pub(super) struct GiveAlias<'a> {
    pub emailalias: &'a str,
    /// Separated by commas.
    pub goto: String,
}

/// Arguments of `email/delete`, which calls an account or alias `email`.
#[derive(Serialize)]
pub(super) struct GiveDelete<'a> {
    pub email: &'a str,
}

#[derive(Deserialize)]
pub(super) struct CreatedAnswer {
    pub emailaccount: Account<Option<Secret>>,
}

#[derive(Deserialize)]
pub(super) struct EditedAnswer {
    #[serde(default)]
    pub emailaccount: Object<Account>,
}

#[derive(Deserialize)]
pub(super) struct AliasAnswer {
    #[serde(default)]
    pub alias: Object<Alias>,
}

/// Of an answer only its envelope counts.
#[derive(Deserialize)]
pub(super) struct NoAnswer {}

/// A text that is wiped when dropped. Anything but a string is an error.
pub(super) struct Secret(pub Zeroizing<String>);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

impl Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret(Zeroizing::new(text.to_owned())))
    }

    // serde's own refusals of numbers would quote the value into an error text.
    fn visit_i64<E: Error>(self, _: i64) -> Result<Secret, E> {
        Err(E::custom("a number"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Secret, E> {
        Err(E::custom("a number"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Secret, E> {
        Err(E::custom("a number"))
    }
}
