//! How the two `reqwest` clients are built; used by [`super::line`].
//!
//! Neither follows a redirect (reqwest would repeat a POST on a 307, with its credentials), asks the environment for a
//! proxy, speaks HTTP/2, retries, or decodes compressed answers (those features are not compiled in).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use zeroize::Zeroizing;

use super::{BuildError, Connection, Patience};
use crate::model::web::is_private;

/// What one half does differently from the other.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    patience: Patience,
    /// How many bytes of an answer are read at most.
    pub cap: usize,
    /// Whether calls change something. Such a client never uses a connection twice.
    pub writes: bool,
}

impl Habits {
    pub(super) const fn reading(patience: Patience) -> Self {
        Self { patience, cap: 5 * 1024 * 1024, writes: false }
    }

    pub(super) const fn writing(patience: Patience) -> Self {
        Self { patience, cap: 64 * 1024, writes: true }
    }
}

/// Builds a client for one half.
pub(super) fn build(connection: &Connection, habits: Habits) -> Result<reqwest::Client, BuildError> {
    check(connection)?;
    let reuse = if habits.writes { 0 } else { 8 };
    reqwest::Client::builder()
        .user_agent(concat!("nyckel/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(habits.writes))
        .http1_only()
        .pool_max_idle_per_host(reuse)
        .pool_idle_timeout(Duration::from_secs(15))
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .https_only(connection.base_url.scheme() == "https")
        .connect_timeout(habits.patience.connect)
        .timeout(habits.patience.total)
        .build()
        .map_err(|error| BuildError::Client(chain(&error.without_url())))
}

/// The words of an error and of all that caused it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

fn check(connection: &Connection) -> Result<(), BuildError> {
    let url = &connection.base_url;
    if !is_private(url) {
        return Err(BuildError::NotHttps);
    }
    let has_login = !url.username().is_empty() || url.password().is_some();
    if has_login || url.query().is_some() || url.fragment().is_some() {
        return Err(BuildError::NotPlain);
    }
    let project = &connection.project;
    // HTTP Basic ends the user name at the first colon.
    if project.is_empty() || !project.chars().all(|c| c.is_ascii_graphic() && c != ':') {
        return Err(BuildError::Project);
    }
    let key = connection.api_key.now();
    let key = key.expose_secret();
    if key.is_empty() || key.chars().any(char::is_control) { Err(BuildError::ApiKey) } else { Ok(()) }
}

/// All but the key, which may be replaced.
fn headers(writes: bool) -> HeaderMap {
    // Both are sent because GleSYS answers in XML unless one of them asks for JSON.
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, json.clone());
    headers.insert(CONTENT_TYPE, json);
    if writes {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    headers
}

/// The key as a call shows it.
pub(super) fn basic(project: &str, key: &SecretString) -> Result<HeaderValue, BuildError> {
    let login = Zeroizing::new(format!("{project}:{}", key.expose_secret()));
    let value = Zeroizing::new(format!("Basic {}", *Zeroizing::new(STANDARD.encode(login.as_bytes()))));
    let mut header = HeaderValue::from_str(&value).map_err(|_| BuildError::ApiKey)?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::glesys::{Breaker, Reader, Timing, Writer};
    use crate::model::Clock;

    fn attempt(url: &str, project: &str, key: &str) -> Result<(), BuildError> {
        let connection = Connection {
            label: "x".to_owned(),
            base_url: Url::parse(url).unwrap(),
            project: project.to_owned(),
            api_key: key.into(),
            breaker: Breaker::new(Clock::system()),
        };
        check(&connection)
    }

    #[test]
    fn plain_http_is_refused_beyond_this_machine() {
        for url in [
            "http://api.glesys.com",
            "http://10.0.0.1",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
        ] {
            assert_eq!(attempt(url, "cl12345", "key"), Err(BuildError::NotHttps), "{url}");
        }
        for url in ["https://api.glesys.com", "http://127.0.0.1:8081", "http://[::1]:1/x/", "http://localhost"] {
            assert_eq!(attempt(url, "cl12345", "key"), Ok(()), "{url}");
        }
    }

    #[test]
    fn both_halves_refuse_to_be_built_over_plain_http() {
        let connection = Connection {
            label: "x".to_owned(),
            base_url: Url::parse("http://api.glesys.com").unwrap(),
            project: "cl12345".to_owned(),
            api_key: "key".into(),
            breaker: Breaker::new(Clock::system()),
        };
        let plain = [connection];
        assert_eq!(Reader::new(&plain, &Timing::default()).err(), Some(BuildError::NotHttps));
        let private = [Connection { base_url: Url::parse("https://api.glesys.com").unwrap(), ..plain[0].clone() }];
        let reader = Reader::new(&private, &Timing::default()).unwrap();
        assert_eq!(Writer::new(&plain, &reader, &Timing::default()).err(), Some(BuildError::NotHttps));
    }

    #[test]
    fn unfit_values_are_refused() {
        for url in ["https://a:b@api.glesys.com", "https://api.glesys.com?x", "https://api.glesys.com#x"] {
            assert_eq!(attempt(url, "cl12345", "key"), Err(BuildError::NotPlain), "{url}");
        }
        for project in ["", "cl:12345", "cl 1", "cl\n1"] {
            assert_eq!(attempt("https://api.glesys.com", project, "key"), Err(BuildError::Project), "{project}");
        }
        for key in ["", "a\nb"] {
            assert_eq!(attempt("https://api.glesys.com", "cl12345", key), Err(BuildError::ApiKey));
        }
    }

    #[test]
    fn a_connection_and_its_headers_do_not_print_the_key() {
        let connection = Connection {
            label: "x".to_owned(),
            base_url: Url::parse("https://api.glesys.com").unwrap(),
            project: "cl12345".to_owned(),
            api_key: "canary".into(),
            breaker: Breaker::new(Clock::system()),
        };
        let header = basic(&connection.project, &connection.api_key.now()).unwrap();
        assert_eq!(header.to_str().unwrap(), "Basic Y2wxMjM0NTpjYW5hcnk=");
        let printed = format!("{connection:?} {header:?}");
        assert!(!printed.contains("canary") && !printed.contains("Y2wx"), "{printed}");
    }
}
