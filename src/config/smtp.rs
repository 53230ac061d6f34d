//! The mail server through which mailboxes are told of resets and lock-outs. Without it, they are not.

use url::Url;

use super::Needs;
use super::reading::Environment;
use crate::model::Address;
use crate::model::letter::{Protection, Relay};
use crate::model::web::is_loopback;

const SMTP: &str = "NYCKEL_SMTP";
const USER: &str = "NYCKEL_SMTP_USER";
const PASSWORD: &str = "NYCKEL_SMTP_PASSWORD";
const FROM: &str = "NYCKEL_SMTP_FROM";

const FORM: &str =
    "must be host:port/tls or host:port/starttls, such as smtp.example.se:465/tls; or host:port/unencrypted";

/// Where the server is.
struct Place {
    host: String,
    port: u16,
    protection: Protection,
    is_here: bool,
}

/// Reads all of it, or that there is none.
pub(super) fn read(r: &mut Environment, needs: Needs) -> Option<Box<Relay>> {
    let place = r.value(SMTP, None, |text| place(text).map(Some).ok_or(FORM));
    let (user, password) = (r.text(USER), r.secret(PASSWORD));
    let from = r.value(FROM, None, |text| sender(text).map(Some));
    if !needs.everything() || !r.has_any_of(SMTP) {
        return None;
    }
    let missing = [
        (SMTP, "must be set too: the mail server, such as smtp.example.se:465/tls"),
        (FROM, "must be set too: the address that messages to owners of mailboxes come from"),
    ];
    for (name, sentence) in missing {
        if !r.is_given(name) {
            r.problem(name, sentence);
        }
    }
    if r.is_given(USER) != r.is_given(PASSWORD) {
        let missing = if r.is_given(USER) { PASSWORD } else { USER };
        r.problem(missing, "must be set too: a mail server asks for a name and a password, or for neither");
    }
    let login = user.zip(password);
    let place = place?;
    if place.protection == Protection::Unencrypted && !place.is_here {
        if login.is_some() {
            r.problem(
                SMTP,
                "is unencrypted beyond this machine, where the password could be read on its way: use tls or starttls",
            );
        }
        r.warn(format!(
            "{SMTP} is unencrypted: anyone between the panel and the mail server can read whose password was reset"
        ));
    }
    let Place { host, port, protection, .. } = place;
    Some(Relay { host, port, protection, login, from: from? }.into())
}

/// Where messages come from. A letter such as å is good in a domain, but few mail servers take it before the `@`.
fn sender(text: &str) -> Result<Address, &'static str> {
    Address::proper(text).map_err(|_| match Address::parse(text) {
        Ok(address) if !address.local().is_ascii() => "must have no letters such as å before the @",
        _ => "must be an email address, such as it@example.se",
    })
}

fn place(text: &str) -> Option<Place> {
    let (place, protection) = text.rsplit_once('/')?;
    let protection = match protection {
        "tls" => Protection::Tls,
        "starttls" => Protection::StartTls,
        "unencrypted" => Protection::Unencrypted,
        _ => return None,
    };
    let (host, port) = place.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    // Reads a host as the web does: a name in its one form, an address in brackets where it has colons.
    let url = Url::parse(&format!("https://{host}")).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.port().is_none();
    let is_one =
        is_bare && url.username().is_empty() && url.password().is_none() && !host.contains(['/', '?', '#', '@']);
    let host = url.host_str().filter(|_| is_one)?.trim_start_matches('[').trim_end_matches(']').to_owned();
    Some(Place { host, port, protection, is_here: is_loopback(&url) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_of(vars: &[(&str, &str)]) -> (Option<Box<Relay>>, Vec<String>, usize) {
        let mut r = Environment::new(vars.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        let relay = read(&mut r, Needs::Everything);
        let problems = r.problems.0.iter().map(|problem| problem.name.clone()).collect();
        (relay, problems, r.warnings().len())
    }

    #[test]
    fn a_mail_server_is_read_with_its_login_and_sender() {
        let (relay, problems, warnings) = read_of(&[
            (SMTP, "smtp.example.se:465/tls"),
            (USER, "nyckel"),
            (PASSWORD, "secret"),
            (FROM, "IT@example.se"),
        ]);
        let relay = relay.unwrap();
        assert_eq!((relay.host.as_str(), relay.port, relay.protection), ("smtp.example.se", 465, Protection::Tls));
        assert_eq!((relay.from.as_str(), relay.login.is_some()), ("it@example.se", true));
        assert_eq!((problems.len(), warnings), (0, 0));
        for (text, host) in [
            ("127.0.0.1:25", "127.0.0.1"),
            ("[::1]:25", "::1"),
            ("localhost:25", "localhost"),
            ("Räksmörgås.se:587", "xn--rksmrgs-5wao1o.se"),
        ] {
            assert_eq!(place(&format!("{text}/starttls")).map(|place| place.host).as_deref(), Some(host), "{text}");
        }
        assert!(read_of(&[]).0.is_none());
    }

    #[test]
    fn half_a_mail_server_is_none_and_a_password_goes_nowhere_in_clear() {
        assert_eq!(read_of(&[(SMTP, "smtp.example.se:465/tls")]).1, [FROM]);
        assert_eq!(read_of(&[(FROM, "it@example.se")]).1, [SMTP]);
        let usual = [(SMTP, "smtp.example.se:587/starttls"), (FROM, "it@example.se")];
        assert_eq!(read_of(&[usual[0], usual[1], (USER, "nyckel")]).1, [PASSWORD]);
        assert_eq!(read_of(&[usual[0], usual[1], (PASSWORD, "secret")]).1, [USER]);
        let clear = |host: &str, more: &[(&str, &str)]| {
            let place = format!("{host}:25/unencrypted");
            let (_, problems, warnings) = read_of(&[&[(SMTP, place.as_str()), usual[1]], more].concat());
            (problems, warnings)
        };
        let login = [(USER, "nyckel"), (PASSWORD, "secret")];
        assert_eq!(clear("127.0.0.1", &login), (vec![], 0));
        assert_eq!(clear("mail.example.se", &[]), (vec![], 1));
        assert_eq!(clear("mail.example.se", &login), (vec![SMTP.to_owned()], 1));
        for text in [
            "smtp.example.se",
            "smtp.example.se:465",
            "smtp.example.se:465/ssl",
            "smtp.example.se:0/tls",
            "a@smtp.example.se:465/tls",
            "smtp.example.se/x:465/tls",
            "smtp example.se:465/tls",
            ":465/tls",
        ] {
            assert_eq!(read_of(&[(SMTP, text), usual[1]]).1, [SMTP], "{text}");
        }
        assert_eq!(read_of(&[usual[0], (FROM, "Helpdesk <it@example.se>")]).1, [FROM]);
        assert!(sender("hjälp@example.se").unwrap_err().contains("å before the @"));
        assert!(sender("it@räksmörgås.se").is_ok());
    }
}
