//! What is typed into the forms about aliases, and what can be wrong with it.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::{Address, Alias};
use crate::services::new_address::UnfitAddress;

/// To how many addresses an alias may be led here. GleSYS tells no limit of its own.
pub(super) const MOST_TARGETS: usize = 100;
/// How many signs are repeated of what is no address.
const LONGEST_TOLD: usize = 100;

/// What a posted page about an alias holds.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    pub token: String,
    /// The targets as typed, parted by line ends, commas or semicolons.
    pub targets: String,
    /// The targets that do not exist and that the person was told of.
    pub accepted: String,
    /// What GleSYS had when the page was made, in short.
    pub base: String,
}

/// What is wrong with what was typed, and what to ask about.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Problems {
    pub address: Option<AddressProblem>,
    pub targets: Vec<TargetProblem>,
    /// Targets in our own domains where nothing stands. They may be made later, so it is only asked.
    pub missing: Vec<Address>,
}

impl Problems {
    pub const fn is_empty(&self) -> bool {
        self.address.is_none() && self.targets.is_empty() && self.missing.is_empty()
    }
}

/// What is wrong with the address of a new alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    Unfit(UnfitAddress),
    /// The project has as many aliases as it may have.
    Full(u64),
    /// The same page was used before, for this address.
    PageUsed(Address),
}

/// What is wrong with a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetProblem {
    None,
    NotAnAddress(String),
    Repeated(Address),
    /// The alias itself.
    Itself(Address),
    /// More than this.
    TooMany(usize),
    /// The way by which mail would come back to the alias, which it begins and ends with.
    Loop(Vec<Address>),
    /// GleSYS did not take them.
    NotTaken,
}

/// The targets, each once, in the order typed, and what is wrong with the others; `most` is how many there may be.
pub(super) fn targets(typed: &str, alias: Option<&Address>, most: usize) -> (Vec<Address>, Vec<TargetProblem>) {
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for text in typed.split(['\n', '\r', ',', ';']).map(str::trim).filter(|text| !text.is_empty()) {
        let problem = match Address::parse(text) {
            Err(_) => Some(TargetProblem::NotAnAddress(text.chars().take(LONGEST_TOLD).collect())),
            Ok(target) if Some(&target) == alias => Some(TargetProblem::Itself(target)),
            Ok(target) if !seen.insert(target.clone()) => Some(TargetProblem::Repeated(target)),
            Ok(target) => {
                targets.push(target);
                None
            }
        };
        problems.extend(problem.filter(|problem| !problems.contains(problem)));
    }
    if targets.len() > most {
        problems.push(TargetProblem::TooMany(most));
    }
    if targets.is_empty() && problems.is_empty() {
        problems.push(TargetProblem::None);
    }
    (targets, problems)
}

/// Leaves nothing to ask about once the person was told of all of it.
pub(super) fn without_accepted(missing: &mut Vec<Address>, accepted: &str) {
    let (accepted, _) = targets(accepted, None, usize::MAX);
    if missing.iter().all(|target| accepted.contains(target)) {
        missing.clear();
    }
}

/// The targets in one canonical form, however they are written and in whatever order.
pub(super) fn canonical<T: AsRef<str>>(targets: &[T]) -> BTreeSet<String> {
    let one = |text: &T| Address::parse(text.as_ref()).map_or_else(|_| text.as_ref().to_owned(), |a| a.to_string());
    targets.iter().map(one).collect()
}

/// Tells two states of an alias apart, whatever signs are in its targets.
pub fn fingerprint(alias: &Alias) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for target in canonical(&alias.targets) {
        context.update(target.as_bytes());
        // No target holds a comma: GleSYS parts them by it.
        context.update(b",");
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> (Vec<String>, Vec<TargetProblem>) {
        let alias = Address::parse("info@example.se").unwrap();
        let (targets, problems) = targets(typed, Some(&alias), MOST_TARGETS);
        (targets.iter().map(Address::to_string).collect(), problems)
    }

    #[test]
    fn targets_come_on_lines_or_between_commas() {
        let (targets, problems) = read(" a@x.se\r\nB@X.se, c@x.se;d@räka.se,,\n\n");
        assert_eq!(targets, ["a@x.se", "b@x.se", "c@x.se", "d@xn--rka-qla.se"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn each_bad_target_is_named() {
        let (targets, problems) = read("a@x.se\nA@x.se\nhej\nInfo@Example.se\nAnna <anna@x.se>\na@x.se");
        assert_eq!(targets, ["a@x.se"]);
        let address = |text| Address::parse(text).unwrap();
        let wanted = [
            TargetProblem::Repeated(address("a@x.se")),
            TargetProblem::NotAnAddress("hej".to_owned()),
            TargetProblem::Itself(address("info@example.se")),
            TargetProblem::NotAnAddress("Anna <anna@x.se>".to_owned()),
        ];
        assert_eq!(problems, wanted);
        assert_eq!(read(" \n,").1, [TargetProblem::None]);
        let many: Vec<_> = (0..=MOST_TARGETS).map(|n| format!("a{n}@x.se")).collect();
        assert_eq!(read(&many.join("\n")).1, [TargetProblem::TooMany(MOST_TARGETS)]);
    }

    #[test]
    fn neither_order_nor_case_makes_another_state() {
        let alias = |targets: &[&str]| Alias {
            address: Address::parse("info@example.se").unwrap(),
            display_name: String::new(),
            targets: targets.iter().map(|&target| target.to_owned()).collect(),
        };
        let one = fingerprint(&alias(&["a@x.se", "b@räka.se", "\n<b>"]));
        assert_eq!(one, fingerprint(&alias(&["\n<b>", "b@xn--rka-qla.se", "A@x.se"])));
        assert_ne!(one, fingerprint(&alias(&["a@x.se", "b@räka.se"])));
        assert_ne!(fingerprint(&alias(&[])), fingerprint(&alias(&[""])));
    }
}
