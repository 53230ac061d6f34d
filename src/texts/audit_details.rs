//! The details of the audit's rows. They are kept in English, so that a record reads the same for everybody and in every
//! export; the page tells them in the reader's language, as far as they are the panel's own words.

use super::Texts;
use crate::model::Language;

/// How the panel's words begin, and what they are in Swedish.
const WORDS: [(&str, &str); 23] = [
    ("wrong codes", "felaktiga koder"),
    ("unknown name", "okänt namn"),
    ("further", "ytterligare"),
    ("since", "sedan"),
    ("quota", "lagring"),
    ("spam level", "skräppostnivå"),
    ("virus check", "viruskontroll"),
    ("spam refused", "skräppost avvisas"),
    ("automatic reply", "autosvar"),
    ("answered mail kept", "besvarad post behålls"),
    ("reply text changed", "svarstext ändrad"),
    ("reply text of", "svarstext på"),
    ("storage", "lagring"),
    ("leads to", "leder till"),
    ("led to", "ledde till"),
    ("batch", "flera konton"),
    ("outside", "utanför företagets domäner"),
    ("new era", "ny period"),
    ("copy ends at", "kopian slutar vid"),
    ("noted head", "noterat slut"),
    ("audit holds to row", "granskningsloggen stämmer till rad"),
    ("people kept:", "behållna personer:"),
    ("people disabled:", "avstängda personer:"),
];

/// Single words behind them.
const VALUES: [(&str, &str); 5] =
    [("on", "på"), ("off", "av"), ("signs", "tecken"), ("accounts", "konton"), ("to", "till")];

impl Texts {
    /// A detail as the page tells it.
    pub fn audit_detail(self, detail: &str) -> String {
        let parts = detail.split("; ").map(|part| match self.0 {
            Language::English => part.to_owned(),
            Language::Swedish => in_swedish(part).unwrap_or_else(|| part.to_owned()),
        });
        parts.collect::<Vec<_>>().join("; ").replace(" -> ", " → ")
    }
}

/// What begins with words that are known; addresses and names behind them stay.
fn in_swedish(part: &str) -> Option<String> {
    let (words, swedish, rest) = WORDS.iter().find_map(|(words, swedish)| {
        let rest = part.strip_prefix(words)?;
        rest.starts_with([' ', ':']).then_some((words, swedish, rest))
    })?;
    if words.starts_with("le") || words.starts_with("people") || *words == "outside" {
        return Some(format!("{swedish}{}", rest.replace(" instead of ", " i stället för ")));
    }
    let word = |word: &str| {
        VALUES.iter().find(|(english, _)| *english == word).map_or(word.to_owned(), |(_, sv)| (*sv).to_owned())
    };
    Some(format!("{swedish}{}", rest.split(' ').map(word).collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_the_readers_language() {
        let kept = "quota: 1 GiB -> 5 GiB; spam level: 3 -> 0; automatic reply: off -> on; reply text changed: 0 signs -> 17 signs";
        assert_eq!(
            Texts(Language::Swedish).audit_detail(kept),
            "lagring: 1 GiB → 5 GiB; skräppostnivå: 3 → 0; autosvar: av → på; svarstext ändrad: 0 tecken → 17 tecken"
        );
        assert_eq!(Texts(Language::English).audit_detail("quota: 1 GiB -> 5 GiB"), "quota: 1 GiB → 5 GiB");
    }

    #[test]
    fn addresses_and_names_are_left_as_they_are() {
        let swedish = Texts(Language::Swedish);
        let kept = "leads to on@example.se, to@example.se instead of off@example.se";
        assert_eq!(swedish.audit_detail(kept), "leder till on@example.se, to@example.se i stället för off@example.se");
        assert_eq!(swedish.audit_detail("passkey: on the desk"), "passkey: on the desk");
        assert_eq!(swedish.audit_detail("people kept: ada, to"), "behållna personer: ada, to");
    }
}
