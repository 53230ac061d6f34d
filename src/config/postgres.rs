//! The address of PostgreSQL, read before the driver reads it: the driver would log what it doesn't know, a part of the
//! password with it, and would send the password in clear to a server that says that it has no TLS.

use std::net::IpAddr;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url, form_urlencoded};

use super::closed::unreadable;
use super::reading::Environment;

const URL: &str = "NYCKEL_DATABASE_URL";
const UNVERIFIED: &str = "NYCKEL_DATABASE_UNVERIFIED";

/// What the driver knows, without its names for TLS.
const KNOWN: [&str; 9] = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "statement-cache-capacity",
];
/// Files of TLS, under each name that the driver has for them.
const FILES: [&str; 7] = ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];
/// What PostgreSQL's own programs know besides. Anything else may be a part of a password, which is not repeated.
const UNSUPPORTED: [&str; 12] = [
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "load_balance_hosts",
    "passfile",
    "require_auth",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
];
const MODES: [&str; 2] = ["sslmode", "ssl-mode"];

/// The address as the driver is to have it. Beyond this machine it holds `sslmode=verify-full`, unless that was switched
/// off, which is a warning. What can't be used is a problem that repeats nothing of the password.
pub(super) fn read(r: &mut Environment, given: &SecretString, unverified: bool) -> SecretString {
    match Address::parse(given.expose_secret()).and_then(|address| address.for_the_driver(unverified)) {
        Ok((address, is_open)) => {
            if is_open {
                r.warn(format!(
                    "{UNVERIFIED} is on: anyone between the panel and its database can read its password, and read and \
                     change everything that it keeps"
                ));
            }
            address
        }
        Err(sentence) => {
            r.problem(URL, sentence);
            SecretString::default()
        }
    }
}

/// Whether the database need not prove who it is.
pub(super) fn read_unverified(r: &mut Environment) -> bool {
    r.value(UNVERIFIED, false, |text| match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("must be yes or no"),
    })
}

struct Address(Url);

impl Address {
    fn parse(text: &str) -> Result<Self, String> {
        if names_several(text) {
            return Err(
                "names several hosts, and the panel speaks to one: name the primary, or an address that always leads to it"
                    .to_owned(),
            );
        }
        let url = Url::parse(text).map_err(|error| misread(text, &format!("is no address ({error})")))?;
        let database = url.path().trim_start_matches('/');
        if url.fragment().is_some() || database.contains(['/', '@']) {
            return Err(misread(text, "is no address"));
        }
        let is_known = |name: &str| {
            KNOWN.contains(&name) || FILES.contains(&name) || MODES.contains(&name) || name.starts_with("options[")
        };
        if let Some(name) = UNSUPPORTED.iter().find(|name| url.query_pairs().any(|(given, _)| given == **name)) {
            return Err(format!("has {name} after the ?, which the panel does not support; leave it out"));
        }
        if !url.query_pairs().all(|(name, _)| is_known(&name)) {
            return Err(misread(text, "has something after the ? that PostgreSQL does not know"));
        }
        Ok(Self(url))
    }

    /// With the mode of TLS written out, and whether anybody on the way can read along.
    fn for_the_driver(self, unverified: bool) -> Result<(SecretString, bool), String> {
        let is_local = self.is_local()?;
        let mode = self.last_of(&MODES).map(|mode| mode.to_ascii_lowercase());
        let mode = match mode.as_deref() {
            Some(mode @ ("disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full")) => Some(mode),
            Some(_) => return Err("has an sslmode that PostgreSQL does not know; write sslmode=verify-full".to_owned()),
            None => None,
        };
        for (_, file) in self.0.query_pairs().filter(|(name, _)| FILES.contains(&&**name)) {
            must_be_pem(Path::new(&*file))?;
        }
        let strict = !is_local && !unverified;
        if let Some(mode) = mode.filter(|mode| strict && *mode != "verify-full") {
            return Err(format!(
                "says sslmode={mode}, with which anyone on the way could pass for the database and be sent its password; \
                 leave it out or write sslmode=verify-full, with sslrootcert=FILE for an authority of your own. \
                 {UNVERIFIED}=yes takes that risk"
            ));
        }
        let mode = if strict { "verify-full" } else { mode.unwrap_or("prefer") };
        Ok((self.with_mode(mode), !is_local && mode != "verify-full"))
    }

    fn last_of(&self, names: &[&str]) -> Option<String> {
        self.0.query_pairs().filter(|(name, _)| names.contains(&&**name)).last().map(|(_, value)| value.into_owned())
    }

    /// Whether nothing leaves this machine. To the driver a socket goes before a host, and what stands after the ? before
    /// what stands in front of it.
    fn is_local(&self) -> Result<bool, String> {
        let mut named: Vec<String> = self.0.host().map(|host| plain(&host)).into_iter().collect();
        let asked = self.0.query_pairs().filter(|(name, _)| matches!(&**name, "host" | "hostaddr"));
        named.extend(asked.map(|(_, host)| host.into_owned()));
        let Some(last) = named.last() else {
            let sentence = "names no host; write postgres://NAME@HOST/DATABASE, or for a socket \
                            postgres:///DATABASE?host=/var/run/postgresql";
            return Err(sentence.to_owned());
        };
        let is_loopback = last == "localhost" || last.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback());
        Ok(named.iter().any(|host| host.starts_with('/')) || is_loopback)
    }

    fn with_mode(mut self, mode: &str) -> SecretString {
        let mut pairs: Vec<(String, String)> = self.0.query_pairs().into_owned().collect();
        pairs.retain(|(name, _)| !MODES.contains(&name.as_str()));
        // The driver would look for a machine that is called `[::1]`.
        if let Some(Host::Ipv6(ip)) = self.0.host() {
            pairs.insert(0, ("host".to_owned(), ip.to_string()));
        }
        pairs.push(("sslmode".to_owned(), mode.to_owned()));
        self.0.query_pairs_mut().clear().extend_pairs(pairs);
        String::from(self.0).into()
    }
}

/// A host as the driver takes it: `%2Frun` is a folder.
fn plain<S: AsRef<str>>(host: &Host<S>) -> String {
    match host {
        Host::Domain(name) => name.as_ref().replace("%2F", "/").replace("%2f", "/").to_ascii_lowercase(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    }
}

/// Whether there is more than one host, as PostgreSQL's own programs take them.
fn names_several(text: &str) -> bool {
    let behind = text.split_once("://").map_or(text, |(_, behind)| behind);
    let (place, asked) = behind.split_once('?').unwrap_or((behind, ""));
    let place = place.split('/').next().unwrap_or_default();
    let hosts = place.rsplit_once('@').map_or(place, |(_, hosts)| hosts);
    let mut asked = form_urlencoded::parse(asked.as_bytes());
    hosts.contains(',')
        || asked.any(|(name, value)| matches!(&*name, "host" | "hostaddr" | "port") && value.contains(','))
}

/// What is wrong, and which character of the password may be the reason.
fn misread(text: &str, what: &str) -> String {
    let behind = text.split_once("://").map_or(text, |(_, behind)| behind);
    let before_host = behind.rsplit_once('@').map_or("", |(before, _)| before);
    match before_host.chars().find(|character| matches!(character, '/' | '?' | '#' | '[' | ']')) {
        Some(character) => {
            let code = u32::from(character);
            format!("{what}; a {character} in the name or the password must be written as %{code:02X}")
        }
        None => format!("{what}; write postgres://NAME:PASSWORD@HOST/DATABASE"),
    }
}

fn must_be_pem(file: &Path) -> Result<(), String> {
    let told = file.display();
    match std::fs::read(file) {
        Ok(bytes) if bytes.windows(11).any(|part| part == b"-----BEGIN ") => Ok(()),
        Ok(_) => Err(format!("names {told}, which holds no PEM (-----BEGIN CERTIFICATE-----)")),
        Err(error) => Err(format!("names a file of TLS: {}", unreadable(file, &error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the driver gets, what the problem is, and how many warnings there are.
    fn read_as(address: &str, unverified: Option<&str>) -> (String, Option<String>, usize) {
        let vars = unverified.map(|value| (UNVERIFIED.to_owned(), value.to_owned()));
        let mut reading = Environment::new(vars);
        let unverified = read_unverified(&mut reading);
        let read = read(&mut reading, &address.to_owned().into(), unverified);
        let problem = reading.problems.0.first().map(ToString::to_string);
        (read.expose_secret().to_owned(), problem, reading.warnings().len())
    }

    fn refused(address: &str) -> String {
        read_as(address, None).1.unwrap_or_else(|| panic!("{address} is taken"))
    }

    #[test]
    fn beyond_this_machine_the_database_must_prove_who_it_is() {
        for address in ["postgres://w:x@db.example.se/n", "postgresql://w@10.0.0.7/n?ssl-mode=VERIFY-FULL"] {
            let (read, problem, warnings) = read_as(address, None);
            assert!(read.ends_with("sslmode=verify-full") && !read.contains("ssl-mode"), "{read}");
            assert_eq!((problem, warnings), (None, 0));
        }
        for mode in ["disable", "allow", "prefer", "require", "verify-ca"] {
            let sentence = refused(&format!("postgres://w:Geheim@db.example.se/n?sslmode={mode}"));
            assert!(sentence.contains(mode) && sentence.contains(UNVERIFIED) && !sentence.contains("Geheim"));
        }
        // Whatever the name in front of the ? is, the one behind it counts.
        assert!(refused("postgres://w@localhost/n?host=db.example.se&sslmode=require").contains("verify-full"));
        assert!(refused("postgres://w@127.0.0.1/n?hostaddr=10.0.0.7&sslmode=disable").contains("verify-full"));
        assert!(refused("postgres://w@localhost.example.se/n?sslmode=require").contains("verify-full"));
    }

    #[test]
    fn on_this_machine_and_over_a_socket_nobody_reads_along() {
        for (address, read) in [
            ("postgres://w@localhost/n", "postgres://w@localhost/n?sslmode=prefer"),
            ("postgres://w@127.0.0.1:5433/n", "postgres://w@127.0.0.1:5433/n?sslmode=prefer"),
            ("postgres://w@[::1]:5433/n", "postgres://w@[::1]:5433/n?host=%3A%3A1&sslmode=prefer"),
            ("postgres:///n?host=/run/postgresql", "postgres:///n?host=%2Frun%2Fpostgresql&sslmode=prefer"),
            ("postgres://%2Frun%2Fpg/n", "postgres://%2Frun%2Fpg/n?sslmode=prefer"),
            ("postgres://w@127.0.0.1/n?sslmode=disable", "postgres://w@127.0.0.1/n?sslmode=disable"),
        ] {
            assert_eq!(read_as(address, None), (read.to_owned(), None, 0));
        }
    }

    #[test]
    fn whoever_switches_it_off_is_warned() {
        let address = "postgres://w@db.example.se/n?sslmode=disable";
        assert_eq!(read_as(address, Some("yes")), (address.to_owned(), None, 1));
        assert_eq!(read_as("postgres://w@db.example.se/n?sslmode=verify-full", Some("yes")).2, 0);
        assert!(read_as(address, Some("no")).1.is_some());
    }

    #[test]
    fn an_address_that_is_misread_names_the_character_and_nothing_of_the_password() {
        for (address, character) in [
            ("postgres://w:12?Geheim=1@db.example.se/n", "%3F"),
            ("postgres://w:12/Geheim@db.example.se/n", "%2F"),
            ("postgres://w:Ge/heim@db.example.se/n", "%2F"),
            ("postgres://w:12#Geheim@db.example.se/n", "%23"),
            ("postgres://w:Ge#heim@db.example.se/n", "%23"),
            ("postgres://w:12?user=x/Geheim@db.example.se/n&Geheim", "%3F"),
        ] {
            let sentence = refused(address);
            assert!(sentence.contains(character) && !sentence.contains("heim"), "{address}: {sentence}");
        }
        for address in ["postgres://w:x@db:nowhere/n", "postgres:///n", "postgres://w:x@db/n?tls=Geheim"] {
            let sentence = refused(address);
            assert!(sentence.contains("write postgres://") && !sentence.contains("Geheim"), "{address}: {sentence}");
        }
        let sentence = refused("postgres://w:Geheim@db/n?sslmode=verify-full&channel_binding=require");
        assert!(sentence.contains("has channel_binding after the ?") && !sentence.contains("Geheim"), "{sentence}");
        for hosts in ["a,b", "a:5432,b:5432", "[::1],[::2]:5433"] {
            assert!(refused(&format!("postgres://w:Geheim@{hosts}/n")).contains("names several hosts"), "{hosts}");
        }
        assert!(refused("postgres://w@localhost/n?host=a%2Cb").contains("names several hosts"));
        assert_eq!(read_as("postgres://w:a,b@localhost/n", None).1, None, "a comma in the password is none");
        assert!(refused("postgres://w@db.example.se/n?sslrootcert=/nowhere/ca.pem").contains("/nowhere/ca.pem"));
    }
}
