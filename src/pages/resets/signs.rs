//! A password cut into signs and groups of four for the eye. The text itself stays what it is: joined again, the signs
//! are the password.

use crate::model::is_hidden;
use crate::texts::Texts;

/// One sign of a password, as the page writes it.
#[derive(Debug)]
pub(super) struct Sign {
    pub text: String,
    /// The style that tells zero from O and digits from letters, and makes the invisible visible.
    pub class: &'static str,
    /// What stands in place of a sign that can't be seen.
    pub name: Option<String>,
}

/// Signs in groups of four.
pub(super) fn groups(password: &str, say: Texts) -> Vec<Vec<Sign>> {
    let signs: Vec<_> = password.chars().map(|sign| sign_of(sign, say)).collect();
    let mut signs = signs.into_iter().peekable();
    let mut groups = Vec::new();
    while signs.peek().is_some() {
        groups.push(signs.by_ref().take(4).collect());
    }
    groups
}

/// Whether a sign of the password can't be seen, or is a space at one of its ends.
pub(super) fn has_odd_signs(password: &str) -> bool {
    password.chars().any(is_hidden) || password.trim() != password
}

fn sign_of(sign: char, say: Texts) -> Sign {
    let class = match sign {
        '0' => "zero",
        _ if sign.is_ascii_digit() => "digit",
        ' ' => "sign sign-space",
        _ => "",
    };
    let name = is_hidden(sign).then(|| say.name_of(sign));
    Sign { text: sign.to_string(), class, name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    #[test]
    fn the_signs_joined_are_the_password() {
        for password in ["S3cr3t}pw!", " a\u{202e}b\u{0}\rå ", ""] {
            let groups = groups(password, Texts(Language::Swedish));
            let joined: String = groups.iter().flatten().map(|sign| sign.text.as_str()).collect();
            assert_eq!(joined, password);
            assert!(groups.iter().all(|group| group.len() <= 4));
        }
    }
}
