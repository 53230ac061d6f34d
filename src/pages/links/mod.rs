//! Every link of the panel, typed. They come from the configured public URL, never from a request.

mod mail;

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::model::{Act, OperationId, PasskeyId, StaffId};

/// The hashed names of the static files of this build.
mod files {
    include!(concat!(env!("OUT_DIR"), "/asset_names.rs"));
}

/// Makes links below the panel's public URL.
#[derive(Clone, Debug)]
pub struct Links {
    /// The path that the panel lives under, without a final slash: empty, or `/nyckel`.
    base: String,
    /// The panel's public name: `https://nyckel.example.se`.
    origin: Arc<str>,
    /// Where a ticket is found, with `{ticket}` in its place.
    ticket_url: Option<Arc<str>>,
    /// The links of the pages for owners of mailboxes, where these have an address of their own.
    owners: Option<Arc<Self>>,
}

impl Links {
    pub fn new(public_url: &Url, ticket_url: Option<&str>) -> Self {
        let base = public_url.path().trim_end_matches('/').to_owned();
        let origin = public_url.origin().ascii_serialization().into();
        Self { base, origin, ticket_url: ticket_url.map(Into::into), owners: None }
    }

    /// The same links, but those that owners of mailboxes are given lead there.
    #[must_use]
    pub fn with_owners_at(self, url: Option<&Url>) -> Self {
        Self { owners: url.map(|url| Self::new(url, None).into()), ..self }
    }

    /// The links of the pages for owners of mailboxes.
    pub(super) fn for_owners(&self) -> &Self {
        self.owners.as_deref().unwrap_or(self)
    }

    /// Where a ticket is found, outside the panel, if that is configured.
    pub fn ticket(&self, ticket: &str) -> Option<String> {
        Some(self.ticket_url.as_ref()?.replace("{ticket}", &encode(ticket)))
    }

    /// The path that the panel lives under, without a final slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn overview(&self) -> String {
        format!("{}/", self.base)
    }

    /// The overview with the panel's public name, for those who came under another.
    pub fn public_overview(&self) -> String {
        format!("{}{}", self.origin, self.overview())
    }

    /// The page at a path of the panel's, which is not below anything: with its public name, so that a path can't be read as
    /// another host.
    pub fn public_page(&self, path_and_query: &str) -> String {
        format!("{}{}{path_and_query}", self.origin, self.base)
    }

    /// The overview, with the news of what this operation made and was shown.
    pub fn overview_after(&self, operation: &OperationId) -> String {
        format!("{}?shown={}", self.overview(), operation.as_str())
    }

    pub fn keys(&self) -> String {
        format!("{}/keys", self.base)
    }

    pub fn search(&self, query: &str) -> String {
        format!("{}/?q={}", self.base, encode(query))
    }

    pub fn sign_in(&self) -> String {
        format!("{}/sign-in", self.base)
    }

    /// The sign-in page that leads on to `next`, a path with query of this panel.
    pub fn sign_in_then(&self, next: &str) -> String {
        format!("{}/sign-in?next={}", self.base, on(next))
    }

    /// The same after something was posted that was not done, because nobody was signed in any more; `is_kept` where they
    /// find again what they had typed.
    pub fn sign_in_undone(&self, next: &str, is_kept: bool) -> String {
        format!("{}/sign-in?undone={}&next={}", self.base, if is_kept { "kept" } else { "lost" }, on(next))
    }

    /// Proving anew who one is.
    pub fn sign_in_again_plain(&self) -> String {
        format!("{}/again", self.sign_in())
    }

    /// The same, on the way to `next`, a path with query of this panel.
    pub fn sign_in_again(&self, next: &str) -> String {
        format!("{}?next={}", self.sign_in_again_plain(), on(next))
    }

    /// Proving anew who one is for one act, on the way to `next`.
    pub fn prove(&self, act: Act, next: &str) -> String {
        format!("{}?for={}&next={}", self.sign_in_again_plain(), act.name(), on(next))
    }

    /// Where a sign-in at the company's provider begins.
    pub fn single_sign_on(&self) -> String {
        format!("{}/sso", self.sign_in())
    }

    /// The same for somebody who is signed in and proves anew who they are.
    pub fn single_sign_on_again(&self) -> String {
        format!("{}/again", self.single_sign_on())
    }

    /// Where the provider sends people back to.
    pub fn single_sign_on_callback(&self) -> String {
        format!("{}/callback", self.single_sign_on())
    }

    /// Lets an admin in, once.
    pub fn sign_in_link(&self, token: &str) -> String {
        format!("{}/link/{}", self.sign_in(), encode(token))
    }

    pub fn sign_out(&self) -> String {
        format!("{}/sign-out", self.base)
    }

    pub fn setup(&self) -> String {
        format!("{}/setup", self.base)
    }

    pub fn audit(&self) -> String {
        format!("{}/audit", self.base)
    }

    pub fn audit_export(&self) -> String {
        format!("{}/export", self.audit())
    }

    pub fn staff(&self) -> String {
        format!("{}/staff", self.base)
    }

    pub fn staff_new(&self) -> String {
        format!("{}/new", self.staff())
    }

    pub fn staff_member(&self, id: &StaffId) -> String {
        format!("{}/{}", self.staff(), encode(&id.0))
    }

    pub fn staff_edit(&self, id: &StaffId) -> String {
        format!("{}/edit", self.staff_member(id))
    }

    pub fn staff_names(&self, id: &StaffId) -> String {
        format!("{}/names", self.staff_member(id))
    }

    /// What is done to a staff member by a button.
    pub fn staff_do(&self, id: &StaffId, what: &str) -> String {
        format!("{}/{what}", self.staff_member(id))
    }

    pub fn invitation(&self, token: &str) -> String {
        format!("{}/invitations/{}", self.base, encode(token))
    }

    pub fn profile(&self) -> String {
        format!("{}/profile", self.base)
    }

    pub fn end_everything(&self) -> String {
        format!("{}/end-everything", self.profile())
    }

    pub fn profile_notices(&self) -> String {
        format!("{}/notices", self.profile())
    }

    pub fn profile_password(&self) -> String {
        format!("{}/password", self.profile())
    }

    pub fn profile_end_sessions(&self) -> String {
        format!("{}/end-sessions", self.profile())
    }

    pub fn sign_in_code(&self) -> String {
        format!("{}/code", self.sign_in())
    }

    pub fn second_factor(&self) -> String {
        format!("{}/second-factor", self.profile())
    }

    pub fn second_factor_remove(&self) -> String {
        format!("{}/remove", self.second_factor())
    }

    pub fn recovery_codes(&self) -> String {
        format!("{}/recovery-codes", self.second_factor())
    }

    /// Signing in with a passkey and nothing else.
    pub fn passkey_sign_in(&self) -> String {
        format!("{}/passkey", self.sign_in())
    }

    /// A passkey after the password.
    pub fn passkey_code(&self) -> String {
        format!("{}/passkey", self.sign_in_code())
    }

    /// Proving anew who one is with a passkey.
    pub fn passkey_again(&self) -> String {
        format!("{}/passkey", self.sign_in_again_plain())
    }

    pub fn passkey_new(&self) -> String {
        format!("{}/passkeys/new", self.profile())
    }

    /// The page that asks whether to remove this one.
    pub fn passkey_remove(&self, id: &PasskeyId) -> String {
        format!("{}?passkey={}", self.second_factor_remove(), encode(&id.0))
    }

    /// Where the script of a form that wants a passkey gets its challenge.
    pub fn passkey_options(&self, form: &str) -> String {
        format!("{form}/options")
    }

    /// Whether the panel is served over https.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// A link of ours as people pass it on: with the panel's public name.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn style(&self) -> String {
        format!("{}/static/{}", self.base, files::APP_CSS)
    }

    pub fn script(&self) -> String {
        format!("{}/static/{}", self.base, files::APP_JS)
    }

    pub fn passkey_script(&self) -> String {
        format!("{}/static/{}", self.base, files::PASSKEY_JS)
    }

    pub fn reveal_script(&self) -> String {
        format!("{}/static/{}", self.base, files::REVEAL_JS)
    }

    /// One icon of the sprite.
    pub fn icon(&self, name: &str) -> String {
        format!("{}/static/{}#{name}", self.base, files::ICONS_SVG)
    }

    /// The picture of the browser's tab.
    pub fn favicon(&self) -> String {
        format!("{}/static/{}", self.base, files::ICONS_SVG)
    }

    /// A path that a form or a query brought along, if it is one of this panel's; anything else could lead away. Too long a query
    /// is left off.
    pub fn own(&self, path: &str) -> Option<String> {
        let path = if path.len() <= LONGEST_WAY_ON { path } else { path.split('?').next()? };
        let is_below = |path: &str| path.strip_prefix(&self.base).is_some_and(|rest| rest.starts_with('/'));
        let is_plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && !path.starts_with("//");
        // As browsers read it, which climb at `/../` and `/%2e%2e/`.
        let read = Url::parse(&self.origin).and_then(|origin| origin.join(path)).ok()?;
        (is_plain && path.len() <= LONGEST_WAY_ON && is_below(path) && is_below(read.path())).then(|| path.to_owned())
    }
}

/// The longest way on that a link carries.
const LONGEST_WAY_ON: usize = 1500;

/// A way on, as a link carries it: without its query where that is too long, because proxies take no long addresses.
fn on(next: &str) -> String {
    let whole = encode(next);
    if whole.len() <= LONGEST_WAY_ON { whole } else { encode(next.split('?').next().unwrap_or_default()) }
}

/// A path with a query, if there is one.
pub(super) fn with_query(path: String, query: &str) -> String {
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// All that is not unreserved in RFC 3986, but `@`, which reads better as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;

    fn links(url: &str) -> Links {
        Links::new(&Url::parse(url).unwrap(), None)
    }

    #[test]
    fn links_work_under_a_sub_path_and_for_any_address() {
        let links = links("https://intra.example.se/nyckel/");
        let address = Address::parse("a/b+c%d@example.se").unwrap();
        assert_eq!(links.reset(&address), "/nyckel/accounts/a%2Fb%2Bc%25d@example.se/reset");
    }

    #[test]
    fn a_way_on_after_signing_in_never_leads_away() {
        let at_root = links("https://nyckel.example.se");
        assert_eq!(at_root.own("/?q=ann").as_deref(), Some("/?q=ann"));
        for path in
            ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/ x", "/\r\nx", "javascript:x"]
        {
            assert_eq!(at_root.own(path), None, "{path}");
        }
        let below = links("https://x.example.se/nyckel");
        assert_eq!(below.own("/nyckel/a/../?q=..").as_deref(), Some("/nyckel/a/../?q=.."));
        for path in [
            "/other",
            "/nyckel",
            "/nyckelx/",
            "/nyckel/../other",
            "/nyckel/%2e%2e/other",
            "/nyckel/.%2E/other",
            "/nyckel/a/../../other",
            "/nyckel/..",
            "/nyckel/../nyckelx/",
        ] {
            assert_eq!(below.own(path), None, "{path}");
        }
    }
}
