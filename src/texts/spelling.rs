//! Reading a password aloud: the Swedish spelling alphabet, the NATO one in English, and the names of characters.

use super::{Texts, sentences};
use crate::model::{Language, is_hidden};

/// What is read aloud, in groups of four, as one of the languages spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub language: Language,
    pub groups: Vec<Vec<Spelt>>,
}

/// One character of a password and what to say for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelt {
    /// The character itself, or an empty text where it can't be seen.
    pub character: String,
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

/// The printable ASCII characters that are neither letters nor digits, in both languages.
const CHARACTERS: [(char, &str, &str); 33] = [
    (' ', "space", "mellanslag"),
    ('!', "exclamation mark", "utropstecken"),
    ('"', "double quotation mark", "dubbelt citattecken"),
    ('#', "hash (number sign)", "fyrkant (#)"),
    ('$', "dollar sign", "dollartecken"),
    ('%', "percent sign", "procenttecken"),
    ('&', "ampersand", "och-tecken (&)"),
    ('\'', "apostrophe", "apostrof"),
    ('(', "left parenthesis", "vänsterparentes"),
    (')', "right parenthesis", "högerparentes"),
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
    ('[', "left square bracket", "vänster hakparentes"),
    ('\\', "backslash", "omvänt snedstreck"),
    (']', "right square bracket", "höger hakparentes"),
    ('^', "circumflex", "cirkumflex"),
    ('_', "underscore", "understreck"),
    ('`', "grave accent", "grav accent"),
    ('{', "left curly bracket", "vänster måsvinge"),
    ('|', "vertical bar", "lodstreck"),
    ('}', "right curly bracket", "höger måsvinge"),
    ('~', "tilde", "tilde"),
];

sentences! {
    alphabet: "Spelling alphabet" / "Bokstaveringsalfabet";
    alphabet_swedish: "Swedish (Adam, Bertil)" / "Svenskt (Adam, Bertil)";
    alphabet_nato: "NATO (Alfa, Bravo)" / "NATO (Alfa, Bravo)";
    capital(letter: char, name: &str): "capital {letter} ({name})" / "stort {letter} som i {name}";
    small(letter: char, name: &str): "lowercase {letter} ({name})" / "litet {letter} som i {name}";
    digit(name: &str): "digit {name}" / "siffran {name}";
    other_character(code: &str): "the character U+{code}" / "tecknet U+{code}";
    capital_letter(character: char): "capital {character}" / "stort {character}";
    small_letter(character: char): "lowercase {character}" / "litet {character}";
    hidden_character(code: &str): "an invisible character (U+{code})" / "ett osynligt tecken (U+{code})";
}

impl Texts {
    /// What an alphabet is called.
    pub const fn alphabet_of(self, language: Language) -> &'static str {
        match language {
            Language::Swedish => self.alphabet_swedish(),
            Language::English => self.alphabet_nato(),
        }
    }

    /// A password as each language spells it: who reads it aloud chooses, whatever language the page is in.
    pub fn readings(password: &str) -> [Reading; 2] {
        [Language::Swedish, Language::English].map(|language| Reading {
            language,
            groups: Self(language).spell(password).chunks(4).map(<[Spelt]>::to_vec).collect(),
        })
    }

    /// Spells a password, character by character.
    fn spell(self, password: &str) -> Vec<Spelt> {
        let spelt = |character| Spelt { character: visible(character), say: self.name_of(character) };
        password.chars().map(spelt).collect()
    }

    /// What to say for one character.
    pub fn name_of(self, character: char) -> String {
        if let Some(name) = self.letter(character) {
            return if character.is_uppercase() { self.capital(character, name) } else { self.small(character, name) };
        }
        if let Some(digit) = character.to_digit(10) {
            let digits = self.choose(DIGITS_EN, DIGITS_SV);
            return self.digit(digits.get(digit as usize).copied().unwrap_or_default());
        }
        if let Some((_, english, swedish)) = CHARACTERS.iter().find(|(known, ..)| *known == character) {
            return self.choose(*english, *swedish).to_owned();
        }
        let code = format!("{:04X}", u32::from(character));
        match character {
            _ if is_hidden(character) => self.hidden_character(&code),
            _ if character.is_uppercase() => self.capital_letter(character),
            _ if character.is_lowercase() => self.small_letter(character),
            _ => self.other_character(&code),
        }
    }

    fn letter(self, character: char) -> Option<&'static str> {
        let lower = character.to_lowercase().next()?;
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

fn visible(character: char) -> String {
    if is_hidden(character) || character == ' ' { String::new() } else { character.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_spelt_as_people_read_it_aloud() {
        let say = |language, character| Texts(language).name_of(character);
        assert_eq!(say(Language::English, 'S'), "capital S (Sierra)");
        assert_eq!(say(Language::Swedish, 's'), "litet s som i Sigurd");
        assert_eq!(say(Language::Swedish, 'Å'), "stort Å som i Åke");
        assert_eq!(say(Language::English, '}'), "right curly bracket");
        assert_eq!(say(Language::Swedish, '0'), "siffran noll");
        assert_eq!(say(Language::English, '\u{202e}'), "an invisible character (U+202E)");
    }

    #[test]
    fn it_is_read_in_groups_of_four_in_either_alphabet() {
        let [swedish, nato] = Texts::readings("Hy7}q");
        assert_eq!((swedish.language, nato.language), (Language::Swedish, Language::English));
        assert_eq!(swedish.groups.iter().map(Vec::len).collect::<Vec<_>>(), [4, 1]);
        assert_eq!(
            (&*swedish.groups[0][0].say, &*nato.groups[0][1].say),
            ("stort H som i Helge", "lowercase y (Yankee)")
        );
    }

    #[test]
    fn every_printable_ascii_sign_has_a_name() {
        for character in ' '..='~' {
            assert!(!Texts(Language::English).name_of(character).contains("U+"), "{character}");
        }
    }
}
