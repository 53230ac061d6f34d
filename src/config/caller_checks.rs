//! How the company makes sure who asks for a new password: a file of ways of checking, and of rules that say for whom which of
//! them are enough. A mistake in it stops the start: a rule that was not understood would let everybody pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::closed::unreadable;
use super::reading::{Environment, without_mark};
use crate::model::address_pattern::AddressPattern;
use crate::model::{Address, CallerChecks, CallerRule, CallerWay, DomainName, Language, Wording, is_hidden};

const FILE: &str = "NYCKEL_CALLER_CHECKS_FILE";

/// How many characters the texts may have: a label stands in lists, an instruction beside what is chosen.
const LONGEST_ID: usize = 32;
const LONGEST_LABEL: usize = 60;
const LONGEST_INSTRUCTION: usize = 300;
/// More than anybody chooses from, or reads.
const MOST_WAYS: usize = 20;
const MOST_PATTERNS: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[serde(default)]
    way: BTreeMap<String, Way>,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    label: Option<String>,
    label_sv: Option<String>,
    instruction: Option<String>,
    instruction_sv: Option<String>,
    asks: Option<String>,
    asks_sv: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default, rename = "for")]
    of: Vec<String>,
    #[serde(default)]
    ways: Vec<String>,
}

/// The file's problems while it is being read.
struct Reading<'a> {
    r: &'a mut Environment,
    path: String,
}

/// Reads the file; without one nothing is checked.
pub(super) fn read(r: &mut Environment) -> CallerChecks {
    let Some(path) = r.text(FILE) else { return CallerChecks::default() };
    let tables: Result<Tables, String> = match fs::read_to_string(&path) {
        Err(error) => Err(unreadable(Path::new(&path), &error)),
        Ok(text) => basic_toml::from_str(without_mark(&text))
            .map_err(|error| format!("{path}: {error}; write a [way.ID] for each way and a [[rule]] for each rule")),
    };
    match tables {
        Ok(tables) => Reading { r, path }.checks(tables),
        Err(sentence) => {
            r.problem(FILE, sentence);
            CallerChecks::default()
        }
    }
}

impl Reading<'_> {
    fn problem(&mut self, sentence: &str) {
        self.r.problem(FILE, format!("{}: {sentence}", self.path));
    }

    fn checks(&mut self, tables: Tables) -> CallerChecks {
        let before = self.r.problems.0.len();
        let Tables { way, rule } = tables;
        if rule.is_empty() {
            self.problem("has no rule, so nothing would be checked; write a [[rule]] with for and ways");
        }
        if way.len() > MOST_WAYS {
            self.problem(&format!("has {} ways; {MOST_WAYS} are the most", way.len()));
        }
        let patterns: usize = rule.iter().map(|rule| rule.of.len()).sum();
        if patterns > MOST_PATTERNS {
            self.problem(&format!("names {patterns} domains and addresses; {MOST_PATTERNS} are the most"));
            return CallerChecks::default();
        }
        let ways: Vec<_> = way.into_iter().map(|(id, way)| self.way(id, way)).collect();
        self.same_labels(&ways);
        let mut checks = CallerChecks { ways, rules: Vec::new() };
        for (place, rule) in rule.iter().enumerate() {
            let rule = self.rule(place + 1, rule, &checks.ways);
            checks.rules.push(rule);
        }
        for way in &checks.ways {
            if !checks.rules.iter().any(|rule| rule.ways.contains(&way.id)) {
                self.r
                    .warn(format!("{FILE}: {}: no rule names the way {}, so nobody can choose it", self.path, way.id));
            }
        }
        // What is missing may be what was not understood.
        if self.r.problems.0.len() == before {
            self.contradictions(&checks);
        }
        checks
    }

    fn way(&mut self, id: String, way: Way) -> CallerWay {
        let is_unfit = |character: char| !matches!(character, 'a'..='z' | '0'..='9' | '-');
        if id.is_empty() || id.len() > LONGEST_ID || id.chars().any(is_unfit) {
            self.problem(&format!("way.{id}: an id is 1 to {LONGEST_ID} of a-z, 0-9 and -, such as call-back"));
        }
        let label = self.wording(&id, "label", LONGEST_LABEL, way.label, way.label_sv);
        if label.is_none() {
            self.problem(&format!("way.{id}: label must be set, such as \"Called back\""));
        }
        CallerWay {
            label: label.unwrap_or_else(|| Wording { plain: String::new(), swedish: None }),
            instruction: self.wording(&id, "instruction", LONGEST_INSTRUCTION, way.instruction, way.instruction_sv),
            asks: self.wording(&id, "asks", LONGEST_LABEL, way.asks, way.asks_sv),
            id,
        }
    }

    fn wording(
        &mut self,
        id: &str,
        key: &str,
        longest: usize,
        plain: Option<String>,
        swedish: Option<String>,
    ) -> Option<Wording> {
        let swedish_key = format!("{key}_sv");
        let [plain, swedish] = [(key, plain), (&swedish_key, swedish)].map(|(key, text)| {
            let text = text?.trim().to_owned();
            if text.is_empty() {
                self.problem(&format!("way.{id}: {key} is empty; write a text or leave it out"));
                return Some(text);
            }
            if text.chars().count() > longest || text.chars().any(is_hidden) {
                self.problem(&format!(
                    "way.{id}: {key} must be a line of at most {longest} characters, without any that can't be seen"
                ));
            }
            Some(text)
        });
        if plain.is_none() && swedish.is_some() {
            self.problem(&format!("way.{id}: {swedish_key} is there without {key}, which everybody else reads"));
        }
        plain.map(|plain| Wording { plain, swedish })
    }

    /// Ways that nobody can tell apart, in either language.
    fn same_labels(&mut self, ways: &[CallerWay]) {
        for (place, way) in ways.iter().enumerate().filter(|(_, way)| !way.label.plain.is_empty()) {
            let is_same = |other: &&CallerWay| {
                let [own, its] = [way, *other].map(|way| {
                    [Language::English, Language::Swedish].map(|of| way.label.in_language(of).to_lowercase())
                });
                own[0] == its[0] || own[1] == its[1]
            };
            if let Some(other) = ways[..place].iter().find(is_same) {
                let sentence = format!("has the label of way.{}; staff must see which is which", other.id);
                self.problem(&format!("way.{}: {sentence}", way.id));
            }
        }
    }

    fn rule(&mut self, number: usize, rule: &Rule, ways: &[CallerWay]) -> CallerRule {
        if rule.of.is_empty() {
            self.problem(&format!("rule {number}: for must be set, such as [\"example.se\"]; [\"*@*\"] is everybody"));
        }
        if rule.ways.is_empty() {
            self.problem(&format!("rule {number}: ways must be set, or no way would be enough"));
        }
        let mut named = BTreeSet::new();
        for id in &rule.ways {
            if !ways.iter().any(|way| way.id == *id) {
                let known = ways.iter().map(|way| way.id.as_str()).collect::<Vec<_>>().join(", ");
                self.problem(&format!("rule {number}: the way {id} is not known; there are: {known}"));
            }
            if !named.insert(id) {
                self.problem(&format!("rule {number}: the way {id} is there twice"));
            }
        }
        let of = rule.of.iter().filter_map(|text| match pattern(text) {
            Ok(pattern) => Some(pattern),
            Err(sentence) => {
                self.problem(&format!("rule {number}: {text}: {sentence}"));
                None
            }
        });
        CallerRule { of: of.collect(), ways: rule.ways.clone() }
    }

    /// For whom several rules leave no way that is enough, so that nobody could reset their passwords.
    fn contradictions(&mut self, checks: &CallerChecks) {
        let patterns = || checks.rules.iter().flat_map(|rule| &rule.of);
        let locals: BTreeSet<_> = patterns().map(AddressPattern::local).chain([None]).collect();
        let domains: BTreeSet<_> = patterns().map(AddressPattern::domain).chain([None]).collect();
        let mut found = Vec::new();
        for (local, domain) in locals.iter().flat_map(|local| domains.iter().map(|domain| (*local, *domain))) {
            let Some(address) = address_of(local, domain) else { continue };
            let is_said = [(None, None), (None, domain), (local, None)].iter().any(|of| found.contains(of));
            if !is_said && checks.enough_for(&address).is_some_and(|ways| ways.is_empty()) {
                found.push((local, domain));
            }
        }
        for (local, domain) in found {
            let whom = format!("{}@{}", local.unwrap_or("*"), domain.map_or("*", DomainName::as_str));
            self.problem(&format!(
                "the rules about {whom} have no way in common, so none would be enough; a way counts where every rule \
                 about an address names it"
            ));
        }
    }
}

/// An address of which a pattern has this to say, and of which nobody else has if it has nothing.
fn address_of(local: Option<&str>, domain: Option<&DomainName>) -> Option<Address> {
    let (local, domain) = (local.unwrap_or("nobody-s"), domain.map_or("nobody-s.invalid", DomainName::as_str));
    Address::parse(&format!("{local}@{domain}")).ok()
}

/// An address, a pattern, or a domain, which means all its addresses.
fn pattern(text: &str) -> Result<AddressPattern, String> {
    let text = text.trim();
    match DomainName::parse(text) {
        Ok(_) if !text.contains('@') => AddressPattern::parse(&format!("*@{text}")).map_err(|why| why.to_string()),
        _ => AddressPattern::parse(text).map_err(|why| format!("{why}; a domain such as example.se is all of it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (CallerChecks, Vec<String>, Vec<String>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        let path = file.path().to_str().unwrap();
        let mut reading = Environment::new([(FILE.to_owned(), path.to_owned())]);
        let checks = read(&mut reading);
        let told = |sentence: String| sentence.replace(path, "FILE").replace("NYCKEL_CALLER_CHECKS_FILE: ", "");
        let problems = reading.problems.0.iter().map(|problem| told(problem.to_string())).collect();
        (checks, problems, reading.warnings().into_iter().map(told).collect())
    }

    const WAYS: &str = "[way.call-back]\nlabel = \"Called back\"\nlabel_sv = \"Ringde upp\"\nasks = \"Number called\"\n\
                        [way.seen]\nlabel = \"Recognised\"\ninstruction = \"You know the person.\"\n";

    #[test]
    fn ways_and_rules_are_read_as_they_stand() {
        let rules = "[[rule]]\nfor = [\"Example.se\", \"vd@*\"]\nways = [\"seen\", \"call-back\"]\n";
        let (checks, problems, warnings) = read_text(&format!("\u{feff}{WAYS}{rules}"));
        assert_eq!((problems, warnings), (vec![], vec![]));
        let enough = |text: &str| checks.enough_for(&Address::parse(text).unwrap()).map(|ways| ways[0].id.clone());
        assert_eq!(enough("anna@example.se").as_deref(), Some("seen"));
        assert_eq!((enough("anna@a.example.se"), enough("vd@example.com").is_some()), (None, true));
        let call_back = checks.ways.iter().find(|way| way.id == "call-back").unwrap();
        assert_eq!(call_back.label.swedish.as_deref(), Some("Ringde upp"));
        assert!(read(&mut Environment::new([])).rules.is_empty());
    }

    #[test]
    fn every_problem_is_reported_with_what_to_do() {
        let ways = "[way.Seen]\nlabel = \" \"\nasks_sv = \"Vem\"\n[way.call]\ninstruction = \"a\\nb\"\n";
        let rules = "[[rule]]\nfor = [\"a@b@c\", \"exa mple.se\"]\nways = [\"call\", \"call\", \"mail\"]\n[[rule]]\n";
        let line = "must be a line of at most 300 characters, without any that can't be seen";
        let pattern = "write addresses such as vd@example.se; * stands for a whole side, as in *@board.example.se or admin@*; a \
                       domain such as example.se is all of it";
        let expected = [
            "FILE: way.Seen: an id is 1 to 32 of a-z, 0-9 and -, such as call-back".to_owned(),
            "FILE: way.Seen: label is empty; write a text or leave it out".to_owned(),
            "FILE: way.Seen: asks_sv is there without asks, which everybody else reads".to_owned(),
            "FILE: way.call: label must be set, such as \"Called back\"".to_owned(),
            format!("FILE: way.call: instruction {line}"),
            "FILE: rule 1: the way call is there twice".to_owned(),
            "FILE: rule 1: the way mail is not known; there are: Seen, call".to_owned(),
            format!("FILE: rule 1: a@b@c: {pattern}"),
            format!("FILE: rule 1: exa mple.se: {pattern}"),
            "FILE: rule 2: for must be set, such as [\"example.se\"]; [\"*@*\"] is everybody".to_owned(),
            "FILE: rule 2: ways must be set, or no way would be enough".to_owned(),
        ];
        assert_eq!(read_text(&format!("{ways}{rules}")).1, expected);
        let (_, problems, warnings) = read_text(WAYS);
        assert_eq!(problems, ["FILE: has no rule, so nothing would be checked; write a [[rule]] with for and ways"]);
        assert_eq!(warnings[0], "FILE: no rule names the way call-back, so nobody can choose it");
        let many = "[[rule]]\nfor = [\"example.se\"]\nways = [\"seen\"]\n".repeat(201);
        assert_eq!(read_text(&format!("{WAYS}{many}")).1, ["FILE: names 201 domains and addresses; 200 are the most"]);
    }

    #[test]
    fn ways_that_look_the_same_or_hold_what_nobody_sees_are_refused() {
        let rule = "[[rule]]\nfor = [\"example.se\"]\nways = [\"call-back\", \"seen\", \"other\"]\n";
        let problems = |way: &str| read_text(&format!("{WAYS}[way.other]\n{way}\n{rule}")).1;
        let same =
            |way: &str| vec![format!("FILE: way.{way}: has the label of way.call-back; staff must see which is which")];
        assert_eq!(problems("label = \"called back\""), same("other"));
        assert_eq!(problems("label = \"Phoned\"\nlabel_sv = \"Ringde upp\""), same("other"));
        assert!(problems("label = \"Phoned\"").is_empty());
        for unseen in ["Pho\u{200b}ned", "\u{202e}Phoned", "\u{200b}"] {
            let unseen = problems(&format!("label = \"{unseen}\""));
            assert_eq!(
                unseen,
                ["FILE: way.other: label must be a line of at most 60 characters, without any that can't be seen"]
            );
        }
    }

    #[test]
    fn rules_that_leave_no_way_for_somebody_are_refused() {
        let rule = |of: &str, way: &str| format!("[[rule]]\nfor = [\"{of}\"]\nways = [\"{way}\"]\n");
        let problems = |rules: &[String]| read_text(&format!("{WAYS}{}", rules.concat())).1;
        let said = |whom: &str| {
            format!(
                "FILE: the rules about {whom} have no way in common, so none would be enough; a way counts where every rule \
                 about an address names it"
            )
        };
        assert_eq!(problems(&[rule("example.se", "seen"), rule("vd@*", "call-back")]), [said("vd@example.se")]);
        assert_eq!(problems(&[rule("*@*", "seen"), rule("example.se", "call-back")]), [said("*@example.se")]);
        let twice = [rule("*@*", "seen"), rule("*@*", "call-back"), rule("vd@example.se", "seen")];
        assert_eq!(problems(&twice), [said("*@*")]);
        assert!(problems(&[rule("example.se", "seen"), rule("example.com", "call-back")]).is_empty());
    }

    #[test]
    fn a_file_that_is_none_is_said_with_its_place() {
        for (text, part) in [
            ("[way.a]\nlabel = 1\n", "line 2"),
            ("[way.a]\nlable = \"A\"\n", "lable"),
            ("[way.a]\nlabel = \"A\"\n[way.a]\nlabel = \"B\"\n", "line 3"),
            ("[ways.a]\nlabel = \"A\"\n", "ways"),
            ("[[rule]]\nfor = \"example.se\"\n", "line 2"),
            ("[[rule]\n", "line 1"),
        ] {
            let problems = read_text(text).1;
            assert!(problems[0].starts_with("FILE: ") && problems[0].contains(part), "{problems:?}");
            assert!(
                problems[0].ends_with("write a [way.ID] for each way and a [[rule]] for each rule"),
                "{problems:?}"
            );
            println!("{problems:?}");
        }
        let mut reading = Environment::new([(FILE.to_owned(), "/nowhere".to_owned())]);
        assert_eq!(read(&mut reading), CallerChecks::default());
        let problem = reading.problems.0[0].to_string();
        assert!(problem.starts_with("NYCKEL_CALLER_CHECKS_FILE: /nowhere can't be read: "), "{problem}");
    }
}
