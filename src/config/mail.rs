//! The mail servers that pages show to owners of mailboxes: one set for all domains, and a file for those that differ.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use url::Url;

use super::closed::unreadable;
use super::reading::{Environment, without_mark};
use crate::model::DomainName;
use crate::model::client_settings::{ClientSettings, MailServer, MailSettings, Protocol};

const IMAP: &str = "NYCKEL_MAIL_IMAP";
const POP3: &str = "NYCKEL_MAIL_POP3";
const SMTP: &str = "NYCKEL_MAIL_SMTP";
const WEBMAIL: &str = "NYCKEL_MAIL_WEBMAIL";
const DOMAINS: &str = "NYCKEL_MAIL_DOMAINS_FILE";

/// Takes one of these away from a domain that would otherwise have the usual one.
const OFF: &str = "off";

/// A set while it is being put together.
#[derive(Clone, Default)]
struct Parts {
    imap: Option<MailServer>,
    pop3: Option<MailServer>,
    smtp: Option<MailServer>,
    webmail: Option<String>,
}

/// Reads the usual set and those of single domains.
pub(super) fn read(r: &mut Environment) -> MailSettings {
    let before = r.problems.0.len();
    let usual = Parts {
        imap: r.value(IMAP, None, server),
        pop3: r.value(POP3, None, server),
        smtp: r.value(SMTP, None, server),
        webmail: r.value(WEBMAIL, None, webmail),
    };
    let is_read = r.problems.0.len() == before;
    let settings = match usual.clone().whole() {
        Ok(settings) => settings,
        Err(what) => {
            // What is missing may be what could not be read.
            if is_read {
                r.problem(&format!("NYCKEL_MAIL_{what}"), MISSING);
            }
            None
        }
    };
    MailSettings { of_domains: read_domains(r, &usual), usual: settings }
}

const MISSING: &str = "must be set with the other mail settings: programs need a server to fetch mail from (IMAP or \
                       POP3) and one to send it through (SMTP)";

impl Parts {
    /// The whole set, or nothing where nothing was given.
    fn whole(self) -> Result<Option<ClientSettings>, &'static str> {
        let Self { imap, pop3, smtp, webmail } = self;
        let imap = imap.map(|server| (Protocol::Imap, server));
        let incoming: Vec<_> = imap.into_iter().chain(pop3.map(|server| (Protocol::Pop3, server))).collect();
        match smtp {
            None if incoming.is_empty() && webmail.is_none() => Ok(None),
            _ if incoming.is_empty() => Err("IMAP"),
            None => Err("SMTP"),
            Some(outgoing) => Ok(Some(ClientSettings { incoming, outgoing, webmail })),
        }
    }

    /// One entry of a domain in the file.
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let is_off = value == OFF;
        let told = |error: &dyn ToString| format!("{}, or {OFF}", error.to_string());
        let server = |text: &str| if is_off { Ok(None) } else { server(text).map_err(|error| told(&error)) };
        match key {
            "imap" => self.imap = server(value)?,
            "pop3" => self.pop3 = server(value)?,
            "smtp" => self.smtp = server(value)?,
            "webmail" if is_off => self.webmail = None,
            "webmail" => self.webmail = webmail(value).map_err(|error| told(&error))?,
            _ => return Err("is not known; there are imap, pop3, smtp and webmail".to_owned()),
        }
        Ok(())
    }
}

fn server(text: &str) -> Result<Option<MailServer>, String> {
    MailServer::parse(text).map(Some).map_err(|error| error.to_string())
}

fn webmail(text: &str) -> Result<Option<String>, &'static str> {
    let is_one = |url: &Url| {
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && url.port() != Some(0)
    };
    let url = Url::parse(text).ok().filter(is_one);
    url.map(|url| Some(url.into())).ok_or("must be a web address that begins with https://")
}

type Tables = BTreeMap<String, BTreeMap<String, String>>;

fn read_domains(r: &mut Environment, usual: &Parts) -> BTreeMap<DomainName, ClientSettings> {
    let tables = r.value(DOMAINS, Tables::new(), |path| {
        let text = fs::read_to_string(path).map_err(|error| unreadable(Path::new(path), &error))?;
        basic_toml::from_str(without_mark(&text))
            .map_err(|error| format!("{path}: {error}; each domain is a table of texts"))
    });
    let mut found = BTreeMap::new();
    for (name, table) in tables {
        let Ok(domain) = DomainName::parse(&name) else {
            r.problem(DOMAINS, format!("{name} is no domain; write [\"example.se\"]"));
            continue;
        };
        let (mut parts, before) = (usual.clone(), r.problems.0.len());
        for (key, value) in &table {
            if let Err(error) = parts.set(key, value.trim()) {
                r.problem(DOMAINS, format!("{name}: {key} {error}"));
            }
        }
        if r.problems.0.len() > before {
            continue;
        }
        match parts.whole() {
            Ok(Some(settings)) => {
                if found.insert(domain, settings).is_some() {
                    r.problem(DOMAINS, format!("{name} is there twice"));
                }
            }
            Ok(None) => {}
            Err(what) => r.problem(DOMAINS, format!("{name}: {} {MISSING}", what.to_lowercase())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_vars(vars: &[(&str, &str)]) -> (MailSettings, Vec<String>) {
        let mut reading = Environment::new(vars.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        let settings = read(&mut reading);
        (settings, reading.problems.0.iter().map(ToString::to_string).collect())
    }

    fn read_file(text: &str) -> (MailSettings, Vec<String>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        let path = file.path().to_str().unwrap();
        let usual = [(IMAP, "mail.example.se:993/tls"), (SMTP, "mail.example.se:465/tls")];
        let usual = [usual[0], usual[1], (WEBMAIL, "https://webmail.example.se"), (DOMAINS, path)];
        let (settings, problems) = read_vars(&usual);
        (settings, problems.into_iter().map(|problem| problem.replace(path, "FILE")).collect())
    }

    fn domain(name: &str) -> DomainName {
        DomainName::parse(name).unwrap()
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(read_vars(&[]), (MailSettings::default(), vec![]));
    }

    #[test]
    fn half_a_set_and_what_can_not_be_read_is_said_with_a_sentence_each() {
        let (_, problems) = read_vars(&[(SMTP, "mail.example.se:465/tls")]);
        assert_eq!(problems, [format!("NYCKEL_MAIL_IMAP: {MISSING}")]);
        let (_, problems) = read_vars(&[(IMAP, "mail.example.se:993/tls"), (WEBMAIL, "https://mail.example.se")]);
        assert_eq!(problems, [format!("NYCKEL_MAIL_SMTP: {MISSING}")]);
        let (_, problems) = read_vars(&[(IMAP, "mail.example.se"), (SMTP, "mail:25/plain"), (WEBMAIL, "http://x.se")]);
        let server = "must be host:port/tls or host:port/starttls, such as mail.example.se:993/tls";
        let expected = [
            format!("NYCKEL_MAIL_IMAP: {server}"),
            format!("NYCKEL_MAIL_SMTP: {server}"),
            "NYCKEL_MAIL_WEBMAIL: must be a web address that begins with https://".to_owned(),
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn a_domain_has_what_is_usual_but_for_what_its_table_says() {
        let file = "[\"Räksmörgås.se\"]\nimap = \"imap.other.example:993/tls\"\nwebmail = \"off\"\n";
        let (settings, problems) = read_file(file);
        assert!(problems.is_empty(), "{problems:?}");
        let own = settings.of(&domain("xn--rksmrgs-5wao1o.se")).unwrap();
        assert_eq!(own.incoming[0].1.to_string(), "imap.other.example:993 (SSL/TLS)");
        assert_eq!(own.outgoing.to_string(), "mail.example.se:465 (SSL/TLS)");
        assert_eq!(own.webmail, None);
        let usual = settings.of(&domain("example.com")).unwrap();
        assert_eq!(usual.webmail.as_deref(), Some("https://webmail.example.se/"));
    }

    #[test]
    fn every_problem_of_the_file_is_reported() {
        let file = "[\"a.se\"]\nimap = \"off\"\n[\"b.se\"]\nimap = \"x\"\npop = \"y\"\n[c]\n[\"d.se\"]\n[\"D.se\"]\n";
        let (_, problems) = read_file(file);
        let problems: Vec<_> = problems.iter().map(|p| p.strip_prefix("NYCKEL_MAIL_DOMAINS_FILE: ").unwrap()).collect();
        let expected = [
            format!("a.se: imap {MISSING}"),
            "b.se: imap must be host:port/tls or host:port/starttls, such as mail.example.se:993/tls, or off"
                .to_owned(),
            "b.se: pop is not known; there are imap, pop3, smtp and webmail".to_owned(),
            "c is no domain; write [\"example.se\"]".to_owned(),
            "d.se is there twice".to_owned(),
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn a_file_that_is_none_is_said_with_its_place() {
        let (_, problems) = read_file("[\"a.se\"\n");
        assert!(problems[0].starts_with("NYCKEL_MAIL_DOMAINS_FILE: FILE: "), "{problems:?}");
        let (_, problems) = read_vars(&[(DOMAINS, "/nowhere")]);
        assert!(problems[0].starts_with("NYCKEL_MAIL_DOMAINS_FILE: /nowhere can't be read: "), "{problems:?}");
    }
}
