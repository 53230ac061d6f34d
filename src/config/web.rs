//! Addresses: the panel's own, to be served on and to be reached at, and GleSYS's.

use std::net::SocketAddr;

use url::Url;

use crate::model::web::is_loopback;

/// What is served on.
pub(super) fn read_listen(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an address and a port, such as 127.0.0.1:8080")
}

/// Where people reach the panel.
pub(super) fn read_public(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "must be a web address, such as https://nyckel.example.se")?;
    is_plain(&url, text)?;
    // Browsers and proxies don't agree about what it means.
    if url.path().contains("//") || text.contains('\\') {
        return Err("must have single slashes in its path, such as https://intra.example.se/nyckel");
    }
    // Nor about what is the same as what is percent-encoded.
    if !url.path().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte)) {
        return Err(
            "must have no more in its path than letters without accents, digits, slashes and - . _ ~, such as \
                    https://intra.example.se/nyckel",
        );
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err("must begin with https:// unless it is this machine itself: over plain http anybody on the way \
                       reads the passwords"),
        _ => Err("must begin with https://"),
    }
}

/// Where GleSYS is reached.
pub(super) fn read_api(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "must be a web address, such as https://api.glesys.com")?;
    is_plain(&url, text)?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err("must begin with https:// (plain http only to this machine itself): the API key goes with every call"),
    }
}

/// Whether an address is no more than where something is: a server, at a port that there is, and a path.
pub(super) fn is_plain(url: &Url, text: &str) -> Result<(), &'static str> {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest).split(['/', '\\', '?', '#']).next();
    let has_name = url.password().is_some() || host.is_some_and(|host| host.contains('@'));
    if has_name || url.query().is_some() || url.fragment().is_some() {
        return Err("must be a plain web address, without name, password, ? or #");
    }
    if url.port() == Some(0) { Err("must have another port than 0, or none") } else { Ok(()) }
}

pub(super) fn fixed(text: &str) -> Url {
    match Url::parse(text) {
        Ok(url) => url,
        Err(_) => unreachable!("our own addresses are addresses"),
    }
}

/// Where a ticket is found.
pub(super) fn read_ticket_url(text: &str) -> Result<Option<String>, &'static str> {
    let is_one = text.contains("{ticket}")
        && Url::parse(&text.replace("{ticket}", "1")).is_ok_and(|url| {
            let is_web = matches!(url.scheme(), "https" | "http") && url.port() != Some(0);
            // What stands before the server would go with every link.
            is_web && url.username().is_empty() && url.password().is_none()
        });
    if is_one {
        Ok(Some(text.to_owned()))
    } else {
        Err("must be a web address with {ticket} in it, such as https://help.example.se/{ticket}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panels_own_address_is_plain_private_and_the_same_for_everybody() {
        for text in
            ["https://nyckel.example.se", "https://intra.example.se/nyckel/", "http://127.0.0.1:8080", "http://[::1]/"]
        {
            assert!(read_public(text).is_ok(), "{text}");
        }
        for (text, said) in [
            ("nyckel.example.se", "must be a web address"),
            ("http://nyckel.example.se", "must begin with https://"),
            ("ftp://nyckel.example.se", "must begin with https://"),
            ("https://a:b@nyckel.example.se", "plain web address"),
            ("https://nyckel.example.se/?x", "plain web address"),
            ("https://@nyckel.example.se", "plain web address"),
            ("https://:@nyckel.example.se/nyckel", "plain web address"),
            ("https://nyckel.example.se?", "plain web address"),
            ("https://nyckel.example.se/nyckel#", "plain web address"),
            ("https://nyckel.example.se:0", "another port than 0"),
            ("http://127.0.0.1:0/", "another port than 0"),
            ("https://nyckel.example.se//nyckel", "single slashes"),
            ("https://nyckel.example.se/nyckel//", "single slashes"),
            (r"https://nyckel.example.se/a\b", "single slashes"),
            ("https://nyckel.example.se/a%2Fb", "no more in its path"),
            ("https://nyckel.example.se/a%5cb", "no more in its path"),
            ("https://nyckel.example.se/nyckel%20", "no more in its path"),
            ("https://nyckel.example.se/l\u{f6}sen", "no more in its path"),
            ("https://nyckel.example.se/a;b", "no more in its path"),
        ] {
            assert!(read_public(text).is_err_and(|sentence| sentence.contains(said)), "{text}");
        }
    }

    #[test]
    fn where_glesys_is_reached_is_no_more_than_a_place() {
        for text in ["https://api.glesys.com", "https://proxy.example.se/glesys/", "http://127.0.0.1:8081"] {
            assert!(read_api(text).is_ok(), "{text}");
        }
        for (text, said) in [
            ("api.glesys.com", "must be a web address"),
            ("http://api.glesys.com", "must begin with https://"),
            ("https://cl12345:key@api.glesys.com", "plain web address"),
            ("https://api.glesys.com/?x", "plain web address"),
            ("https://api.glesys.com#x", "plain web address"),
            ("https://api.glesys.com:0", "another port than 0"),
        ] {
            assert!(read_api(text).is_err_and(|sentence| sentence.contains(said)), "{text}");
        }
    }
}
