//! The domains that settings name by their patterns: one that nobody has is most likely written wrong, and then what was meant
//! to be kept is not.

use super::Config;
use crate::model::address_pattern::AddressPattern;
use crate::model::{DomainName, Overview};

impl Config {
    /// A sentence for each domain that a setting names and no project has.
    pub fn domains_of_nobody(&self, overview: &Overview) -> Vec<String> {
        let has = |name: &DomainName| {
            let contested = overview.contested.iter().map(|domain| &domain.name);
            overview.domains.iter().map(|domain| &domain.name).chain(contested).any(|found| found == name)
        };
        let mut said = Vec::new();
        for (setting, pattern) in self.patterns() {
            let Some(domain) = pattern.domain().filter(|domain| !has(domain)) else { continue };
            let sentence = format!("{setting} names {domain}, which no project has at GleSYS; is it written right?");
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
        said
    }

    fn patterns(&self) -> impl Iterator<Item = (&'static str, &AddressPattern)> {
        let callers = self.caller_checks.rules.iter().flat_map(|rule| &rule.of);
        let callers = callers.map(|pattern| ("NYCKEL_CALLER_CHECKS_FILE", pattern));
        let lists = [
            ("NYCKEL_SECOND_PERSON", &self.second_person.accounts),
            ("NYCKEL_PROTECTED_ACCOUNTS", &self.protected_accounts),
            ("NYCKEL_NEVER_SHOWN", &self.hand_over.never_shown),
        ];
        let lists = lists.into_iter().flat_map(|(setting, list)| list.iter().map(move |pattern| (setting, pattern)));
        callers.chain(lists)
    }
}
