//! The two documents that set a mail program up: Apple's configuration profile and Thunderbird's autoconfiguration.
//! Neither ever holds a password.

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::model::client_settings::{ClientSettings, MailServer, Protocol, Security};
use crate::model::{Address, DomainName};
use crate::pages::{Layout, Problem};

/// A profile of Apple's devices (`com.apple.mail.managed`).
#[derive(Template)]
#[template(path = "client_settings/profile.xml")]
struct Profile<'a> {
    layout: &'a Layout,
    /// As people read it.
    domain: String,
    /// Without one the device asks for it.
    address: Option<&'a Address>,
    protocol: Protocol,
    incoming: &'a MailServer,
    outgoing: &'a MailServer,
    /// The profile's own id, and that of the account in it.
    ids: [String; 2],
}

/// The document of the `autoconfig` protocol, version 1.1.
#[derive(Template)]
#[template(path = "client_settings/autoconfig.xml")]
struct Autoconfig<'a> {
    domain: &'a DomainName,
    settings: &'a ClientSettings,
}

impl Autoconfig<'_> {
    const fn kind(protocol: Protocol) -> &'static str {
        match protocol {
            Protocol::Imap => "imap",
            Protocol::Pop3 => "pop3",
        }
    }

    const fn socket(security: Security) -> &'static str {
        match security {
            Security::Tls => "SSL",
            Security::StartTls => "STARTTLS",
        }
    }
}

/// The profile of a domain, or of one address in it.
pub(super) fn profile(
    layout: &Layout,
    domain: &DomainName,
    address: Option<&Address>,
    settings: &ClientSettings,
) -> Result<Response, Problem> {
    let (protocol, incoming) = settings.incoming.first().ok_or(Problem::NotFound)?;
    let name = address.map_or(domain.as_str(), Address::as_str);
    let profile = Profile {
        layout,
        domain: domain.readable(),
        address,
        protocol: *protocol,
        incoming,
        outgoing: &settings.outgoing,
        ids: ["profile", "account"].map(|what| stable_id(what, name)),
    };
    answer("application/x-apple-aspen-config", &profile)
}

/// The autoconfiguration of a domain.
pub(super) fn autoconfig(domain: &DomainName, settings: &ClientSettings) -> Result<Response, Problem> {
    answer("application/xml; charset=utf-8", &Autoconfig { domain, settings })
}

fn answer(content_type: &'static str, document: &impl Template) -> Result<Response, Problem> {
    let text = document.render().map_err(|error| {
        tracing::error!(%error, "a document for mail programs could not be rendered");
        Problem::Internal
    })?;
    Ok(([(CONTENT_TYPE, content_type)], text).into_response())
}

/// The same for the same name on every replica and after every start, so that a device replaces what it had.
fn stable_id(what: &str, name: &str) -> String {
    let hash = digest(&SHA256, format!("nyckel client settings {what} {name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string().to_uppercase()
}
