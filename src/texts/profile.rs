//! The profile page.

use super::{Texts, sentences};

sentences! {
    profile: "Profile" / "Profil";
    you_sign_in_as(name: &str): "You sign in as {name}." / "Du loggar in som {name}.";
    preferences: "Preferences" / "Inställningar";
    language: "Language" / "Språk";
    language_of_browser: "Same as the browser" / "Samma som webbläsaren";
    theme: "Theme" / "Utseende";
    theme_system: "Same as the device" / "Samma som enheten";
    theme_light: "Light" / "Ljust";
    theme_dark: "Dark" / "Mörkt";
    profile_saved: "Saved." / "Sparat.";
    own_password: "Your password" / "Ditt lösenord";
    old_password: "Current password" / "Nuvarande lösenord";
    change_password: "Change the password" / "Byt lösenord";
    password_change_hint: "You will be signed out everywhere else." / "Du loggas ut överallt utom här.";
    password_changed: "The password is changed. You are signed out everywhere else." / "Lösenordet är bytt. Du är utloggad överallt utom här.";
    own_sessions: "Where you are signed in" / "Var du är inloggad";
    this_session: "here" / "här";
    last_used: "last used" / "senast använd";
    end_session: "Sign out" / "Logga ut";
    end_other_sessions: "Sign out everywhere else" / "Logga ut överallt utom här";
    sessions_ended: "Signed out there." / "Utloggad där.";
    device_on(browser: &str, system: &str): "{browser} on {system}" / "{browser} på {system}";
    unknown_browser: "Unknown browser" / "Okänd webbläsare";
    unknown_system: "an unknown device" / "en okänd enhet";
}

/// What browsers call themselves, the more particular first: most of them also claim to be others.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

impl Texts {
    /// What somebody signed in from, as far as the browser says.
    pub fn device(self, agent: &str) -> String {
        let known =
            |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
        match (known(&BROWSERS), known(&SYSTEMS)) {
            (None, None) => self.unknown_browser().to_owned(),
            (browser, system) => {
                self.device_on(browser.unwrap_or(self.unknown_browser()), system.unwrap_or(self.unknown_system()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    #[test]
    fn a_browser_is_told_by_what_it_calls_itself() {
        let say = Texts(Language::English);
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(say.device(edge), "Edge on Windows");
        assert_eq!(
            say.device("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"),
            "Safari on iPhone"
        );
        assert_eq!(say.device("curl/8.0"), "Unknown browser");
    }
}
