//! What is typed into the forms about aliases, and what can be wrong with it.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::address::targets_in;
use crate::model::{Address, Alias, pasted};
use crate::services::not_done::AddressProblem;

/// To how many addresses an alias may be led here. GleSYS states no limit of its own.
pub(super) const MOST_TARGETS: usize = 100;
/// How many characters are repeated of what is no address.
const LONGEST_TOLD: usize = 100;

/// What a posted page about an alias holds.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    pub token: String,
    /// The targets as typed, parted by line ends, commas or semicolons.
    pub targets: String,
    /// The targets that do not exist and that the person was shown.
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

/// A target as it is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    New(Address),
    /// GleSYS has it already, and it stays as it is written there. Nothing is found wrong with it: other hosts, names
    /// without a host, repetitions and loops never keep anybody from changing the others.
    Held(String),
}

impl Target {
    pub fn text(&self) -> &str {
        match self {
            Self::New(address) => address.as_str(),
            Self::Held(text) => text,
        }
    }

    pub const fn added(&self) -> Option<&Address> {
        if let Self::New(address) = self { Some(address) } else { None }
    }
}

/// What the targets of an alias are read by.
pub(super) struct TargetReader<'a> {
    pub alias: Option<&'a Address>,
    /// What it leads to already.
    pub held: &'a [String],
    /// How many there may be.
    pub most: usize,
}

impl TargetReader<'_> {
    /// The targets in the order typed, new ones each once, and what is wrong with the others.
    pub fn targets(&self, typed: &str) -> (Vec<Target>, Vec<TargetProblem>) {
        let (mut targets, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut left: Vec<(String, &String)> = self.held.iter().map(|held| (canonical_form(held), held)).collect();
        let mut keep = |text: &str| {
            let place = left.iter().position(|(held, _)| *held == canonical_form(text))?;
            Some(left.remove(place).1.clone())
        };
        for line in typed.split(['\n', '\r']).map(str::trim) {
            // GleSYS parts targets by commas alone, so what it has may hold a semicolon.
            let whole = keep(line).map(Target::Held);
            let parts = if whole.is_some() { "" } else { line };
            targets.extend(whole);
            for text in targets_in(parts, &[',', ';']) {
                if let Some(held) = keep(text) {
                    targets.push(Target::Held(held));
                    continue;
                }
                for read in self.read(text, &mut seen) {
                    match read {
                        Ok(target) => targets.push(Target::New(target)),
                        Err(problem) if problems.contains(&problem) => {}
                        Err(problem) => problems.push(problem),
                    }
                }
            }
        }
        if targets.len() > self.most {
            problems.push(TargetProblem::TooMany(self.most));
        }
        if targets.is_empty() && problems.is_empty() {
            problems.push(TargetProblem::None);
        }
        (targets, problems)
    }

    /// Reads a target that is new, or several that were pasted together.
    fn read(&self, text: &str, seen: &mut BTreeSet<Address>) -> Vec<Result<Address, TargetProblem>> {
        let read = pasted::proper(text);
        if read.is_empty() {
            return vec![Err(TargetProblem::NotAnAddress(text.chars().take(LONGEST_TOLD).collect()))];
        }
        read.into_iter().map(|target| self.judge(target, seen)).collect()
    }

    fn judge(&self, target: Address, seen: &mut BTreeSet<Address>) -> Result<Address, TargetProblem> {
        let is_held = || self.held.iter().any(|held| canonical_form(held) == target.as_str());
        if Some(&target) == self.alias {
            Err(TargetProblem::Itself(target))
        } else if is_held() || !seen.insert(target.clone()) {
            Err(TargetProblem::Repeated(target))
        } else {
            Ok(target)
        }
    }
}

/// Leaves nothing to ask about once the person was told of all of it.
pub(super) fn without_accepted(missing: &mut Vec<Address>, accepted: &str) {
    let accepted: Vec<_> = accepted.split(',').filter_map(|text| Address::parse(text).ok()).collect();
    if missing.iter().all(|target| accepted.contains(target)) {
        missing.clear();
    }
}

fn canonical_form(target: &str) -> String {
    Address::parse(target).map_or_else(|_| target.trim().to_owned(), |address| address.to_string())
}

/// The targets in one canonical form, however they are written and in whatever order.
pub(super) fn canonical<T: AsRef<str>>(targets: &[T]) -> Vec<String> {
    let mut canonical: Vec<_> = targets.iter().map(|target| canonical_form(target.as_ref())).collect();
    canonical.sort();
    canonical
}

/// The fingerprint of an alias of which GleSYS does not say where it leads.
pub const UNTOLD: &str = "not-known";

/// Tells two states of an alias apart, whatever characters are in its targets.
pub fn fingerprint(alias: &Alias) -> String {
    let Some(targets) = &alias.targets else { return UNTOLD.to_owned() };
    let mut context = digest::Context::new(&digest::SHA256);
    for target in canonical(targets) {
        context.update(&target.len().to_le_bytes());
        context.update(target.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> (Vec<String>, Vec<TargetProblem>) {
        let alias = Address::parse("info@example.se").unwrap();
        let (targets, problems) = TargetReader { alias: Some(&alias), held: &[], most: MOST_TARGETS }.targets(typed);
        (targets.iter().map(|target| target.text().to_owned()).collect(), problems)
    }

    #[test]
    fn targets_come_on_lines_or_between_commas() {
        let (targets, problems) = read(" a@x.se\r\nB@X.se, c@x.se;d@räka.se,,\n\n");
        assert_eq!(targets, ["a@x.se", "b@x.se", "c@x.se", "d@xn--rka-qla.se"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn targets_are_read_as_they_are_pasted() {
        let (targets, problems) = read("\"Lind, Anna; IT\" <anna@x.se>, \"Ek, Bo\"<bo@x.se>;c@x.se");
        assert_eq!((targets, problems), (["anna@x.se", "bo@x.se", "c@x.se"].map(str::to_owned).to_vec(), Vec::new()));
        let (targets, problems) = read("Anna <anna@x.se>\nmailto:bo@x.se\nc@x.se d@x.se|e@x.se, SMTP:f@x.se");
        assert_eq!(targets, ["anna@x.se", "bo@x.se", "c@x.se", "d@x.se", "e@x.se", "f@x.se"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn each_bad_target_is_named() {
        let (targets, problems) = read("a@x.se\nA@x.se\nhej\nInfo@Example.se\nåsa@x.se\na@x.se");
        assert_eq!(targets, ["a@x.se"]);
        let address = |text| Address::parse(text).unwrap();
        let wanted = [
            TargetProblem::Repeated(address("a@x.se")),
            TargetProblem::NotAnAddress("hej".to_owned()),
            TargetProblem::Itself(address("info@example.se")),
            TargetProblem::NotAnAddress("åsa@x.se".to_owned()),
        ];
        assert_eq!(problems, wanted);
        assert_eq!(read(" \n,").1, [TargetProblem::None]);
        let many: Vec<_> = (0..=MOST_TARGETS).map(|n| format!("a{n}@x.se")).collect();
        assert_eq!(read(&many.join("\n")).1, [TargetProblem::TooMany(MOST_TARGETS)]);
    }

    #[test]
    fn what_glesys_has_already_stays_as_it_is_written_there() {
        let held = ["Anna <anna@x.se>", "root", "info@example.se", "B@X.se", "b@x.se", "a;b@x.se"].map(str::to_owned);
        let alias = Address::parse("info@example.se").unwrap();
        let read = |typed: &str| TargetReader { alias: Some(&alias), held: &held, most: 6 }.targets(typed);
        let (targets, problems) = read("root\na;b@x.se\nAnna <anna@x.se>\ninfo@example.se\nb@x.se, b@x.se");
        assert_eq!(
            targets.iter().map(Target::text).collect::<Vec<_>>(),
            ["root", "a;b@x.se", "Anna <anna@x.se>", "info@example.se", "B@X.se", "b@x.se"]
        );
        assert_eq!(problems, []);
        let (targets, problems) = read("root\nroot\nb@x.se\nb@x.se\nb@x.se\nc@x.se");
        assert_eq!(targets.iter().filter_map(Target::added).map(Address::as_str).collect::<Vec<_>>(), ["c@x.se"]);
        let repeated = TargetProblem::Repeated(Address::parse("b@x.se").unwrap());
        assert_eq!(problems, [TargetProblem::NotAnAddress("root".to_owned()), repeated]);
    }

    #[test]
    fn neither_order_nor_case_makes_another_state() {
        let alias = |targets: &[&str]| Alias {
            address: Address::parse("info@example.se").unwrap(),
            display_name: String::new(),
            targets: Some(targets.iter().map(|&target| target.to_owned()).collect()),
        };
        let one = fingerprint(&alias(&["a@x.se", "b@räka.se", "\n<b>"]));
        assert_eq!(one, fingerprint(&alias(&["\n<b>", "b@xn--rka-qla.se", "A@x.se"])));
        assert_ne!(one, fingerprint(&alias(&["a@x.se", "b@räka.se"])));
        assert_ne!(fingerprint(&alias(&[])), fingerprint(&alias(&[""])));
        let untold = fingerprint(&Alias { targets: None, ..alias(&[]) });
        assert!(untold == UNTOLD && [alias(&[]), alias(&[UNTOLD])].iter().all(|alias| fingerprint(alias) != untold));
    }
}
