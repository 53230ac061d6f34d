//! Names that people take for one another: what is left of a name when case, spaces, punctuation and letters that look
//! alike do not count.

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_script::{Script, UnicodeScript};

/// What the audit calls the command line; nobody else is called so.
pub const COMMAND_LINE: &str = "command-line";

/// Letters of other scripts that look like Latin ones, and characters that look like letters.
const LOOKS: [(char, char); 40] = [
    ('а', 'a'),
    ('в', 'b'),
    ('е', 'e'),
    ('ё', 'ë'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('і', 'l'),
    ('ї', 'ï'),
    ('ј', 'j'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('η', 'n'),
    ('ι', 'l'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('ı', 'l'),
    ('i', 'l'),
    ('1', 'l'),
    ('0', 'o'),
    ('5', 's'),
];

/// What two names have in common that look alike.
pub fn skeleton(name: &str) -> String {
    let one_form = ComposingNormalizerBorrowed::new_nfkc().normalize(name);
    let letters = one_form.chars().flat_map(char::to_lowercase).filter(|character| character.is_alphanumeric());
    letters
        .map(|character| LOOKS.iter().find(|(from, _)| *from == character).map_or(character, |(_, to)| *to))
        .collect()
}

/// Whether a name is, or looks like, the command line's.
pub fn is_the_command_lines(name: &str) -> bool {
    skeleton(name) == skeleton(COMMAND_LINE)
}

/// Whether one word mixes letters of several scripts, Chinese and Japanese ones counting as one.
pub fn mixes_scripts(name: &str) -> bool {
    name.split_whitespace().any(|word| {
        let mut scripts = word.chars().map(|character| match character.script() {
            Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo => Script::Han,
            script => script,
        });
        let mut scripts = scripts.by_ref().filter(|script| !matches!(script, Script::Common | Script::Inherited));
        scripts.next().is_some_and(|first| scripts.any(|other| other != first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_skeleton_and_others_do_not() {
        for other in ["eva lind", "EVA-LIND", "Eva.Lind", "Еvа Lind", "Eva L1nd", "Ｅｖａ Lind", "Eva Llnd", "evalind"]
        {
            assert_eq!(skeleton("Eva Lind"), skeleton(other), "{other}");
        }
        for other in ["Åva Lind", "Eva Lund", "Eva Lindh", "Ewa Lind"] {
            assert_ne!(skeleton("Eva Lind"), skeleton(other), "{other}");
        }
        assert!(
            ["command-line", "Command Line", "c0mmand–line", "соmmand-line"]
                .map(is_the_command_lines)
                .iter()
                .all(|is| *is)
        );
        assert!(!is_the_command_lines("command") && !is_the_command_lines("command-line-2"));
    }

    #[test]
    fn a_word_of_two_scripts_is_noticed() {
        assert!(mixes_scripts("Eva Lіnd") && mixes_scripts("Αnna"));
        assert!(
            !mixes_scripts("Eva Иванова") && !mixes_scripts("Åsa O’Neill-Öberg (IT) 2") && !mixes_scripts("東京たろう")
        );
    }
}
