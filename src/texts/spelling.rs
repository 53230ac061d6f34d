//! Reading a password aloud: the Swedish spelling alphabet, the NATO one in English, and the names of signs.

use super::{Texts, sentences};
use crate::model::{Language, is_hidden};

/// One sign of a password and what to say for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelt {
    /// The sign itself, or an empty text where it can't be seen.
    pub sign: String,
    pub say: String,
}

const NATO: [&str; 26] = [
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima",
    "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray",
    "Yankee", "Zulu",
];
const SWEDISH: [&str; 26] = [
    "Adam", "Bertil", "Caesar", "David", "Erik", "Filip", "Gustav", "Helge", "Ivar", "Johan", "Kalle", "Ludvig",
    "Martin", "Niklas", "Olof", "Petter", "Qvintus", "Rudolf", "Sigurd", "Tore", "Urban", "Viktor", "Wilhelm",
    "Xerxes", "Yngve", "Zäta",
];
const DIGITS_EN: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const DIGITS_SV: [&str; 10] = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"];

/// The printable ASCII signs that are neither letters nor digits, in both languages.
const SIGNS: [(char, &str, &str); 33] = [
    (' ', "space", "mellanslag"),
    ('!', "exclamation mark", "utropstecken"),
    ('"', "double quotation mark", "dubbelt citattecken"),
    ('#', "hash", "nummertecken"),
    ('$', "dollar sign", "dollartecken"),
    ('%', "percent sign", "procenttecken"),
    ('&', "ampersand", "et-tecken"),
    ('\'', "apostrophe", "apostrof"),
    ('(', "opening parenthesis", "vänsterparentes"),
    (')', "closing parenthesis", "högerparentes"),
    ('*', "asterisk", "asterisk"),
    ('+', "plus", "plus"),
    (',', "comma", "komma"),
    ('-', "hyphen", "bindestreck"),
    ('.', "full stop", "punkt"),
    ('/', "slash", "snedstreck"),
    (':', "colon", "kolon"),
    (';', "semicolon", "semikolon"),
    ('<', "less-than sign", "mindre än-tecken"),
    ('=', "equals sign", "likhetstecken"),
    ('>', "greater-than sign", "större än-tecken"),
    ('?', "question mark", "frågetecken"),
    ('@', "at sign", "snabel-a"),
    ('[', "opening square bracket", "vänster hakparentes"),
    ('\\', "backslash", "omvänt snedstreck"),
    (']', "closing square bracket", "höger hakparentes"),
    ('^', "circumflex", "cirkumflex"),
    ('_', "underscore", "understreck"),
    ('`', "grave accent", "grav accent"),
    ('{', "opening curly bracket", "vänster klammer"),
    ('|', "vertical bar", "lodstreck"),
    ('}', "closing curly bracket", "höger klammer"),
    ('~', "tilde", "tilde"),
];

sentences! {
    capital(name: &str): "capital {name}" / "stort {name}";
    small(name: &str): "small {name}" / "litet {name}";
    digit(name: &str): "digit {name}" / "siffran {name}";
    other_sign(code: &str): "the sign U+{code}" / "tecknet U+{code}";
    capital_letter(sign: char): "capital {sign}" / "stort {sign}";
    small_letter(sign: char): "small {sign}" / "litet {sign}";
    hidden_sign(code: &str): "an invisible sign, U+{code}" / "ett osynligt tecken, U+{code}";
}

impl Texts {
    /// Spells a password, sign by sign.
    pub fn spell(self, password: &str) -> Vec<Spelt> {
        password.chars().map(|sign| Spelt { sign: visible(sign), say: self.name_of(sign) }).collect()
    }

    /// What to say for one sign.
    pub fn name_of(self, sign: char) -> String {
        if let Some(letter) = self.letter(sign) {
            return if sign.is_uppercase() { self.capital(letter) } else { self.small(letter) };
        }
        if let Some(digit) = sign.to_digit(10) {
            let digits = self.choose(DIGITS_EN, DIGITS_SV);
            return self.digit(digits.get(digit as usize).copied().unwrap_or_default());
        }
        if let Some((_, english, swedish)) = SIGNS.iter().find(|(known, ..)| *known == sign) {
            return self.choose(*english, *swedish).to_owned();
        }
        let code = format!("{:04X}", u32::from(sign));
        match sign {
            _ if is_hidden(sign) => self.hidden_sign(&code),
            _ if sign.is_uppercase() => self.capital_letter(sign),
            _ if sign.is_lowercase() => self.small_letter(sign),
            _ => self.other_sign(&code),
        }
    }

    fn letter(self, sign: char) -> Option<&'static str> {
        let lower = sign.to_lowercase().next()?;
        match (self.0, lower) {
            (Language::Swedish, 'å') => return Some("Åke"),
            (Language::Swedish, 'ä') => return Some("Ärlig"),
            (Language::Swedish, 'ö') => return Some("Östen"),
            _ => {}
        }
        let place = lower.is_ascii_lowercase().then(|| u32::from(lower) - u32::from('a'))?;
        self.choose(NATO, SWEDISH).get(place as usize).copied()
    }

    fn choose<T>(self, english: T, swedish: T) -> T {
        match self.0 {
            Language::English => english,
            Language::Swedish => swedish,
        }
    }
}

fn visible(sign: char) -> String {
    if is_hidden(sign) || sign == ' ' { String::new() } else { sign.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_spelt_as_people_read_it_aloud() {
        let say = |language, sign| Texts(language).name_of(sign);
        assert_eq!(say(Language::English, 'S'), "capital Sierra");
        assert_eq!(say(Language::Swedish, 's'), "litet Sigurd");
        assert_eq!(say(Language::Swedish, 'Å'), "stort Åke");
        assert_eq!(say(Language::English, '}'), "closing curly bracket");
        assert_eq!(say(Language::Swedish, '0'), "siffran noll");
        assert_eq!(say(Language::English, '\u{202e}'), "an invisible sign, U+202E");
    }

    #[test]
    fn every_printable_ascii_sign_has_a_name() {
        for sign in ' '..='~' {
            assert!(!Texts(Language::English).name_of(sign).contains("U+"), "{sign}");
        }
    }
}
