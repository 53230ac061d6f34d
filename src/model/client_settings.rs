//! What is entered in a mail program: servers, ports, security and webmail, for all domains or for one.
//!
//! `config` reads them, `server` hands them to the pages. They say nothing about any account.

use std::collections::BTreeMap;
use std::fmt;

use super::DomainName;

/// How the way to a server is protected. There is no third one: without, the password could be read on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a command in the clear.
    StartTls,
}

impl Security {
    /// What mail programs call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tls => "SSL/TLS",
            Self::StartTls => "STARTTLS",
        }
    }
}

/// How mail is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Imap,
    Pop3,
}

impl Protocol {
    /// What mail programs call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
        }
    }
}

/// A mail server as a program reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    pub host: DomainName,
    pub port: u16,
    pub security: Security,
}

/// Why a text names no mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be host:port/tls or host:port/starttls, such as mail.example.se:993/tls")]
pub struct NotAMailServer;

impl MailServer {
    /// Reads `mail.example.se:993/tls` or `mail.example.se:587/starttls`.
    pub fn parse(text: &str) -> Result<Self, NotAMailServer> {
        let (place, security) = text.trim().rsplit_once('/').ok_or(NotAMailServer)?;
        let security = match security {
            "tls" => Security::Tls,
            "starttls" => Security::StartTls,
            _ => return Err(NotAMailServer),
        };
        let (host, port) = place.rsplit_once(':').ok_or(NotAMailServer)?;
        let port = port.parse().ok().filter(|port| *port > 0).ok_or(NotAMailServer)?;
        let host = DomainName::parse(host).map_err(|_| NotAMailServer)?;
        Ok(Self { host, port, security })
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({})", self.host, self.port, self.security.name())
    }
}

/// One whole set: enough to read and send mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSettings {
    /// Where mail is fetched, the better way first; never empty.
    pub incoming: Vec<(Protocol, MailServer)>,
    pub outgoing: MailServer,
    pub webmail: Option<String>,
}

/// The settings of every domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSettings {
    /// Of the domains that have none of their own.
    pub usual: Option<ClientSettings>,
    pub of_domains: BTreeMap<DomainName, ClientSettings>,
}

impl MailSettings {
    /// What is entered in a domain's mail programs; `None` when nobody has configured it.
    pub fn of(&self, domain: &DomainName) -> Option<&ClientSettings> {
        self.of_domains.get(domain).or(self.usual.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read_with_port_and_security() {
        let server = MailServer::parse(" Mail.Example.SE:587/starttls ").unwrap();
        assert_eq!(server.to_string(), "mail.example.se:587 (STARTTLS)");
    }

    #[test]
    fn what_would_be_guessed_or_sent_in_the_clear_is_refused() {
        for text in [
            "",
            "mail.example.se",
            "mail.example.se:993",
            "mail.example.se/tls",
            "mail.example.se:143/plain",
            "mail.example.se:0/tls",
            "mail.example.se:70000/tls",
            "localhost:993/tls",
            "<b>.example.se:993/tls",
            "https://mail.example.se:993/tls",
        ] {
            assert_eq!(MailServer::parse(text), Err(NotAMailServer), "{text}");
        }
    }
}
