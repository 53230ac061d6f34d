//! Addresses of the web: the panel's own and GleSYS's.

use url::Url;

use crate::model::web::is_loopback;

/// Where people reach the panel.
pub(super) fn read_public(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "must be a web address, such as https://nyckel.example.se")?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("must be a plain web address, without name, password, ? or #");
    }
    // Browsers and proxies don't agree about what it means.
    if url.path().contains("//") {
        return Err("must have single slashes in its path, such as https://intra.example.se/nyckel");
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
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err("must begin with https:// (plain http only to this machine itself): the API key goes with every call"),
    }
}

pub(super) fn fixed(text: &str) -> Url {
    match Url::parse(text) {
        Ok(url) => url,
        Err(_) => unreachable!("our own addresses are addresses"),
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
            ("https://nyckel.example.se//nyckel", "single slashes"),
            ("https://nyckel.example.se/nyckel//", "single slashes"),
        ] {
            assert!(read_public(text).is_err_and(|sentence| sentence.contains(said)), "{text}");
        }
    }
}
