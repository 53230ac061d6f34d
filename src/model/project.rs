//! The projects at GleSYS: what each has and may have, and the domains of all of them.

use jiff::Timestamp;

use super::{ContestedDomain, DomainName, DomainSummary, LeftOutDomain};

/// How many accounts and aliases a project has and may have. `None` is what GleSYS does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProjectCounts {
    pub accounts: Option<u64>,
    pub max_accounts: Option<u64>,
    pub aliases: Option<u64>,
    pub max_aliases: Option<u64>,
}

impl ProjectCounts {
    /// How many accounts the project may have, if it has that many.
    pub fn reached_accounts(self) -> Option<u64> {
        self.max_accounts.filter(|most| self.accounts.is_some_and(|has| has >= *most))
    }

    /// How many aliases the project may have, if it has that many.
    pub fn reached_aliases(self) -> Option<u64> {
        self.max_aliases.filter(|most| self.aliases.is_some_and(|has| has >= *most))
    }
}

/// One of the projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// What people call it.
    pub label: String,
    /// What it reported last, and when; `None` when it has never answered.
    pub counts: Option<(ProjectCounts, Timestamp)>,
}

/// All projects together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// In the order of the configuration.
    pub projects: Vec<Project>,
    /// Every domain that one project has.
    pub domains: Vec<DomainSummary>,
    /// These are in none of the others.
    pub contested: Vec<ContestedDomain>,
    /// What stands among the domains and can't be handled.
    pub left_out: Vec<LeftOutDomain>,
}

impl Overview {
    /// What the project of a domain has and may have, as it reported last.
    pub fn counts_of(&self, domain: &DomainName) -> Option<ProjectCounts> {
        let (counts, _) = self.projects[self.place_of(domain)?].counts?;
        Some(counts)
    }

    /// The same, to be changed.
    pub fn counts_of_mut(&mut self, domain: &DomainName) -> Option<&mut ProjectCounts> {
        let place = self.place_of(domain)?;
        self.projects[place].counts.as_mut().map(|(counts, _)| counts)
    }

    fn place_of(&self, domain: &DomainName) -> Option<usize> {
        if self.projects.len() == 1 {
            return Some(0);
        }
        let label = self.domains.iter().find(|summary| summary.name == *domain)?.project.as_ref()?;
        self.projects.iter().position(|project| project.label == *label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_whose_limit_is_not_told_is_never_full() {
        let counts = |accounts, max_accounts| ProjectCounts { accounts, max_accounts, ..ProjectCounts::default() };
        assert_eq!(counts(Some(9), None).reached_accounts(), None);
        assert_eq!(counts(None, Some(2)).reached_accounts(), None);
        assert_eq!(counts(Some(1), Some(2)).reached_accounts(), None);
        assert_eq!(counts(Some(2), Some(2)).reached_accounts(), Some(2));
        let aliases = ProjectCounts { aliases: Some(3), max_aliases: Some(2), ..ProjectCounts::default() };
        assert_eq!(aliases.reached_aliases(), Some(2));
    }
}
