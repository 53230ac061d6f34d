//! What the company asks for beside the password: in one domain whoever resets has checked who asks, in another a colleague
//! has approved it; and owners are told by mail.

use std::collections::HashMap;
use std::path::Path;

use super::mail::MailServer;
use super::panel::Settings;
use super::rng::Rng;

/// The way of checking who asks that has something to be typed.
pub const TYPED: &str = "call-back";
/// That without.
pub const SEEN: &str = "seen";

/// The domains in which something is asked for, and the mail server.
pub struct Duties {
    pub checked: String,
    pub joint: String,
    pub mail: MailServer,
}

impl Duties {
    /// Of the larger domains; the largest is left alone.
    pub async fn of(addresses: &[String], rng: Rng) -> Self {
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        for (_, domain) in addresses.iter().filter_map(|address| address.split_once('@')) {
            *sizes.entry(domain).or_default() += 1;
        }
        let mut domains: Vec<_> = sizes.into_iter().map(|(domain, size)| (size, domain.to_owned())).collect();
        domains.sort_unstable();
        let [_, checked, joint] = [0, 1, 2].map(|_| domains.pop().unwrap().1);
        Self { checked, joint, mail: MailServer::begins(rng).await }
    }

    /// The settings with all of it.
    pub fn told(&self, settings: Settings, folder: &Path) -> Settings {
        let file = folder.join("checks.toml");
        let ways =
            format!("[way.{TYPED}]\nlabel = \"Called back\"\nasks = \"Number\"\n[way.{SEEN}]\nlabel = \"Seen\"\n");
        let rule = format!("[[rule]]\nfor = [\"*@{}\"]\nways = [\"{TYPED}\", \"{SEEN}\"]\n", self.checked);
        std::fs::write(&file, ways + &rule).unwrap();
        let settings = settings.with("NYCKEL_CALLER_CHECKS_FILE", &file.display().to_string());
        let settings = settings.with("NYCKEL_SECOND_PERSON", &format!("*@{}", self.joint));
        self.mail.settings().iter().fold(settings, |settings, (name, value)| settings.with(name, value))
    }
}
