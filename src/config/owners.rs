//! The owners' door: an address of its own for the pages that owners of mailboxes open, so that the panel can stay inside.

use std::net::SocketAddr;

use url::Url;

use super::reading::Environment;
use super::{Config, web};

const LISTEN: &str = "NYCKEL_PUBLIC_LISTEN";
const ADDRESS: &str = "NYCKEL_OWNERS_URL";

/// Where owners of mailboxes are served, if not where the panel is.
#[derive(Clone, Debug)]
pub struct OwnersDoor {
    pub listen: SocketAddr,
    /// What their links begin with.
    pub url: Url,
}

/// Reads both settings, of which none is worth anything alone.
pub(super) fn read(r: &mut Environment) -> Option<OwnersDoor> {
    let listen = r.value(LISTEN, None, |text| web::read_listen(text).map(Some));
    let url = r.value(ADDRESS, None, |text| web::read_public(text).map(Some));
    match (r.is_given(LISTEN), r.is_given(ADDRESS)) {
        (true, false) => r.problem(LISTEN, format!("needs {ADDRESS} too: the address that owners' links lead to")),
        (false, true) => r.problem(ADDRESS, format!("needs {LISTEN} too: the address to serve owners' pages on")),
        _ => {}
    }
    Some(OwnersDoor { listen: listen?, url: url? })
}

/// Whether the owners' door and the panel can be told apart.
pub(super) fn must_be_apart(r: &mut Environment, config: &Config) {
    let Some(door) = &config.owners else { return };
    let (one, other) = (door.listen, config.listen);
    let meet = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    if one.port() == other.port() && one.port() != 0 && meet {
        r.problem(LISTEN, format!("{one} is taken by NYCKEL_LISTEN ({other}); give it another port"));
    }
    let place = |url: &Url| (url.origin(), url.path().trim_end_matches('/').to_owned());
    if place(&door.url) == place(&config.public_url) {
        r.problem(
            ADDRESS,
            "must be another address than NYCKEL_PUBLIC_URL: the panel does not serve owners' pages then",
        );
    }
}

impl Config {
    /// Where the links of owners lead.
    pub fn owners_url(&self) -> &Url {
        self.owners.as_ref().map_or(&self.public_url, |door| &door.url)
    }

    /// A sentence where browsers send the panel's cookies to the owners' door too, because both have one name.
    pub fn owners_share_a_name(&self) -> Option<String> {
        let name = self.owners.as_ref()?.url.host_str()?;
        let is_shared = self.public_url.host_str() == Some(name);
        is_shared.then(|| {
            format!(
                "the panel and the owners' pages share the name {name}; give {ADDRESS} a name of its own, so that browsers \
                 keep the two apart"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Needs;
    use crate::model::Entropy;

    /// The names of the settings that are wrong, or where owners are served.
    fn read_of(vars: &[(&str, &str)]) -> Result<Option<OwnersDoor>, Vec<String>> {
        config_of(vars).map(|config| config.owners)
    }

    fn config_of(vars: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let own = [
            ("NYCKEL_DATA_DIR", data.to_str().unwrap()),
            ("NYCKEL_GLESYS_PROJECT", "cl12345"),
            ("NYCKEL_GLESYS_API_KEY", "a"),
        ];
        let vars = own.iter().chain(vars).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let read = Config::read(vars, Needs::Everything, &Entropy::new(|bytes| bytes.fill(7)));
        read.map_err(|found| found.0.into_iter().map(|problem| problem.name).collect())
    }

    #[test]
    fn the_owners_door_is_an_address_and_a_url() {
        let door = read_of(&[(LISTEN, "0.0.0.0:8081"), (ADDRESS, "https://owners.example.se/mail/")]).unwrap().unwrap();
        assert_eq!((door.listen.port(), door.url.as_str()), (8081, "https://owners.example.se/mail/"));
        assert!(read_of(&[]).unwrap().is_none());
        assert!(read_of(&[(LISTEN, ""), (ADDRESS, "")]).unwrap().is_none());
        // Another path of the panel's own name, which a proxy can tell apart.
        let under = [("NYCKEL_PUBLIC_URL", "https://x.example.se/panel"), (ADDRESS, "https://x.example.se/mail")];
        assert!(read_of(&[under[0], under[1], (LISTEN, "127.0.0.1:8081")]).unwrap().is_some());
    }

    #[test]
    fn one_name_for_both_is_worth_a_word() {
        let door = |panel, owners| {
            let vars = [("NYCKEL_PUBLIC_URL", panel), (ADDRESS, owners), (LISTEN, "127.0.0.1:8081")];
            config_of(&vars).unwrap().owners_share_a_name()
        };
        // Cookies know no ports and no paths.
        let shared = ["https://x.example.se/mail", "https://x.example.se:8443"];
        assert!(shared.iter().all(|owners| door("https://x.example.se", owners).is_some()));
        assert_eq!(door("https://x.example.se", "https://owners.example.se"), None);
        assert_eq!(config_of(&[]).unwrap().owners_share_a_name(), None);
    }

    #[test]
    fn half_a_door_and_one_that_is_the_panels_are_refused() {
        let url = (ADDRESS, "https://owners.example.se");
        let panel = ("NYCKEL_PUBLIC_URL", "https://owners.example.se/");
        let at = |listen| ("NYCKEL_LISTEN", listen);
        for (vars, wrong) in [
            (vec![(LISTEN, "127.0.0.1:8081")], LISTEN),
            (vec![url], ADDRESS),
            (vec![(LISTEN, "8081"), url], LISTEN),
            (vec![(LISTEN, "127.0.0.1:8081"), (ADDRESS, "http://owners.example.se")], ADDRESS),
            (vec![(LISTEN, "127.0.0.1:8081"), (ADDRESS, "https://owners.example.se/?x")], ADDRESS),
            (vec![(LISTEN, "127.0.0.1:8080"), url], LISTEN),
            (vec![(LISTEN, "0.0.0.0:8080"), url], LISTEN),
            (vec![(LISTEN, "127.0.0.1:9000"), url, at("[::]:9000")], LISTEN),
            (vec![(LISTEN, "127.0.0.1:8081"), url, panel], ADDRESS),
        ] {
            assert_eq!(read_of(&vars).map(drop), Err(vec![wrong.to_owned()]), "{vars:?}");
        }
        assert!(read_of(&[(LISTEN, "127.0.0.2:8080"), url]).is_ok(), "the same port of another address is free");
    }
}
