//! A password cut into characters and groups of four for the eye. The text itself stays what it is: joined again, the
//! characters are the password.

use crate::model::is_hidden;
use crate::texts::Texts;

/// One character of a password, as the page writes it.
#[derive(Debug)]
pub(in crate::pages) struct Character {
    pub text: String,
    /// The style that tells zero from O and digits from letters, and makes the invisible visible.
    pub class: &'static str,
    /// What stands in place of a character that can't be seen.
    pub name: Option<String>,
}

/// Characters in groups of four.
pub(in crate::pages) fn groups(password: &str, say: Texts) -> Vec<Vec<Character>> {
    let characters: Vec<_> = password.chars().map(|character| character_of(character, say)).collect();
    let mut characters = characters.into_iter().peekable();
    let mut groups = Vec::new();
    while characters.peek().is_some() {
        groups.push(characters.by_ref().take(4).collect());
    }
    groups
}

/// Whether a character of the password can't be seen, or is a space at one of its ends.
pub(in crate::pages) fn has_odd(password: &str) -> bool {
    password.chars().any(is_hidden) || password.trim() != password
}

fn character_of(character: char, say: Texts) -> Character {
    let class = match character {
        '0' => "zero",
        _ if character.is_ascii_digit() => "digit",
        ' ' => "sign sign-space",
        _ => "",
    };
    let name = is_hidden(character).then(|| say.name_of(character));
    Character { text: character.to_string(), class, name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    #[test]
    fn the_characters_joined_are_the_password() {
        for password in ["S3cr3t}pw!", " a\u{202e}b\u{0}\rå ", ""] {
            let groups = groups(password, Texts(Language::Swedish));
            let joined: String = groups.iter().flatten().map(|character| character.text.as_str()).collect();
            assert_eq!(joined, password);
            assert!(groups.iter().all(|group| group.len() <= 4));
        }
    }
}
