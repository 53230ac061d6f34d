//! What takes two people: one who does it and another who approves it.

use super::reading::Environment;
use crate::model::SecondPerson;
use crate::model::address_pattern::AddressPattern;

const NAME: &str = "NYCKEL_SECOND_PERSON";
/// How it is written.
const WORDS: &str =
    "write protected, bulk, lock-out-of-domain, or addresses such as vd@example.se and *@board.example.se";

/// Reads what takes a second person.
pub(super) fn read(r: &mut Environment) -> SecondPerson {
    r.value(NAME, SecondPerson::default(), read_words)
}

fn read_words(text: &str) -> Result<SecondPerson, String> {
    let mut read = SecondPerson::default();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word {
            "protected" => read.protected = true,
            "bulk" => read.bulk = true,
            "lock-out-of-domain" => read.lock_out_of_domain = true,
            pattern if pattern.contains('@') => {
                read.accounts.push(AddressPattern::parse(pattern).map_err(|why| format!("{pattern}: {why}"))?);
            }
            _ => return Err(format!("{word}: {WORDS}")),
        }
    }
    if read.is_nothing() { Err(WORDS.to_owned()) } else { Ok(read) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_two_people_is_a_list_of_words_and_addresses() {
        let all = read_words("protected, bulk,lock-out-of-domain, vd@example.se,").unwrap();
        assert!(all.protected && all.bulk && all.lock_out_of_domain && all.accounts.len() == 1);
        assert!(!read_words("bulk").unwrap().protected);
        for text in [",", "all", "Protected", "protected bulk", "vd@", "@", "protected,"] {
            assert_eq!(read_words(text).is_ok(), text == "protected,", "{text}");
        }
    }
}
