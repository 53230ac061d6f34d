//! Several projects at GleSYS: which one a domain belongs to, and one list of domains out of all of theirs.
//!
//! Which project has a domain is learnt from `email/overview` and never guessed: a domain that is in none of the lists is
//! looked for in all of them again, and one that is in two of them is in neither. A project that does not answer keeps
//! what was last known of it, and takes nothing from the others. With a single project there is nothing to choose.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::MutexGuard;

use super::overview::Told;
use super::spelling::Spellings;
use super::{Error, Questions, Reader};
use crate::model::costs::Costs;
use crate::model::{ContestedDomain, DomainName, Function, Overview, Project};

/// How long the lists of all projects count as complete when a domain is looked for.
const COMPLETE_FOR: Duration = Duration::from_secs(10);

/// The projects, in the order of the configuration, and what is known of them.
pub(super) struct Projects {
    pub lines: Vec<Questions>,
    /// How calls name what was listed.
    pub spellings: Spellings,
    known: Mutex<Known>,
    /// Anyone who holds it reads the lists, so that no older answer replaces a newer one. When all of them last came.
    reading: tokio::sync::Mutex<Option<Duration>>,
}

#[derive(Default)]
struct Known {
    /// What each project reported last, and when.
    overviews: Vec<Option<(Told, Timestamp)>>,
    /// The costs that each project reported last, and when.
    costs: Vec<Option<(Costs, Timestamp)>>,
    /// Which projects list a domain.
    claims: BTreeMap<DomainName, Vec<usize>>,
}

impl Known {
    /// Who lists a domain is gathered anew.
    fn gather(&mut self) {
        let contested_before = self.contested();
        self.claims.clear();
        for (project, overview) in self.overviews.iter().enumerate() {
            for domain in overview.iter().flat_map(|(told, _)| &told.domains) {
                let claims = self.claims.entry(domain.name.clone()).or_default();
                if !claims.contains(&project) {
                    claims.push(project);
                }
            }
        }
        let contested = self.contested();
        if contested != contested_before {
            if contested == 0 {
                tracing::info!("no mail domain is in two GleSYS projects any more");
            } else {
                tracing::error!(domains = contested, "mail domains are in two GleSYS projects; they are not served");
            }
        }
    }

    fn contested(&self) -> usize {
        self.claims.values().filter(|projects| projects.len() > 1).count()
    }
}

impl Projects {
    pub(super) fn new(lines: Vec<Questions>) -> Self {
        let (overviews, costs) = (lines.iter().map(|_| None).collect(), lines.iter().map(|_| None).collect());
        let known = Known { overviews, costs, ..Known::default() };
        Self {
            lines,
            spellings: Spellings::default(),
            known: Mutex::new(known),
            reading: tokio::sync::Mutex::default(),
        }
    }

    /// The project of a domain, for a call of that function.
    ///
    /// # Errors
    /// [`Error::NoProject`], [`Error::Contested`]; the error of a project that did not answer and may have it.
    pub(super) async fn of(&self, function: &'static Function, domain: &DomainName) -> Result<usize, Error> {
        if let Some(project) = self.home(function, domain) {
            return project;
        }
        let silent = self.learn().await;
        self.home(function, domain).unwrap_or(Err(silent.unwrap_or(Error::NoProject { function })))
    }

    /// The project of a domain as far as it is known.
    pub(super) fn home(&self, function: &'static Function, domain: &DomainName) -> Option<Result<usize, Error>> {
        if self.lines.len() == 1 {
            return Some(Ok(0));
        }
        match self.known().claims.get(domain)?.as_slice() {
            [] => None,
            [project] => Some(Ok(*project)),
            _ => Some(Err(Error::Contested { function })),
        }
    }

    /// Reads the lists of all projects, unless that was done just now. Gives what a project said that did not answer.
    async fn learn(&self) -> Option<Error> {
        let complete_at = self.reading.lock().await;
        let age = complete_at.and_then(|at| Some(self.lines.first()?.breaker.uptime().saturating_sub(at)));
        if age.is_some_and(|age| age < COMPLETE_FOR) {
            return None;
        }
        self.read(complete_at).await.into_iter().find_map(Result::err)
    }

    /// Reads the lists of all projects at once and keeps what comes; how that went, a project each.
    async fn read(&self, mut complete_at: MutexGuard<'_, Option<Duration>>) -> Vec<Result<(), Error>> {
        let mut reads = tokio::task::JoinSet::new();
        for (project, line) in self.lines.iter().cloned().enumerate() {
            reads.spawn(async move { (project, line.overview().await) });
        }
        let mut answers = reads.join_all().await;
        answers.sort_by_key(|(project, _)| *project);
        let mut known = self.known();
        let answers = answers.into_iter().map(|(project, answer)| match answer {
            Ok(told) => {
                known.overviews[project] = Some((told, self.lines[project].breaker.now()));
                Ok(())
            }
            Err(error) => {
                tracing::warn!(project = self.lines[project].label, %error, "a project’s domains could not be read");
                Err(error)
            }
        });
        let answers: Vec<_> = answers.collect();
        known.gather();
        let is_complete = answers.iter().all(Result::is_ok);
        *complete_at = self.lines.first().filter(|_| is_complete).map(|line| line.breaker.uptime());
        answers
    }

    /// What all projects reported last, as one list, with the domains that one project has.
    fn merged(&self) -> Overview {
        let known = self.known();
        let mut merged = Overview::default();
        for (line, told) in self.lines.iter().zip(&known.overviews) {
            let counts = told.as_ref().map(|(told, at)| (told.counts, *at));
            merged.projects.push(Project { label: line.label.clone(), counts });
            merged.left_out.extend(told.iter().flat_map(|(told, _)| &told.left_out).cloned());
            let domains = told.iter().flat_map(|(told, _)| &told.domains);
            let own = domains.filter(|domain| known.claims.get(&domain.name).is_some_and(|projects| is_one(projects)));
            merged.domains.extend(own.cloned().map(|domain| domain.of_project(&line.label)));
        }
        let contested = known.claims.iter().filter(|(_, projects)| !is_one(projects));
        merged.contested = contested
            .map(|(name, projects)| ContestedDomain {
                name: name.clone(),
                projects: projects.iter().map(|project| self.lines[*project].label.clone()).collect(),
            })
            .collect();
        merged
    }

    /// A project reported its costs.
    pub(super) fn keep_costs(&self, project: usize, costs: Costs) {
        self.known().costs[project] = Some((costs, self.lines[project].breaker.now()));
    }

    /// The costs that a project reported last, and when.
    pub(super) fn last_costs(&self, label: &str) -> Option<(Costs, Timestamp)> {
        let project = self.lines.iter().position(|line| line.label == label)?;
        self.known().costs[project].clone()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn is_one(projects: &[usize]) -> bool {
    projects.len() == 1
}

impl Reader {
    /// Counts, limits and domains of all projects. One that does not answer is there with what it reported last.
    ///
    /// # Errors
    /// [`Error`] as for every call, when no project answers.
    pub async fn overview(&self) -> Result<Overview, Error> {
        if let [line] = self.0.lines.as_slice() {
            let Told { counts, domains, left_out } = line.overview().await?;
            let project = Project { label: line.label.clone(), counts: Some((counts, line.breaker.now())) };
            return Ok(Overview { projects: vec![project], domains, left_out, ..Overview::default() });
        }
        let answers = self.0.read(self.0.reading.lock().await).await;
        if answers.iter().all(Result::is_err)
            && let Some(Err(error)) = answers.into_iter().next()
        {
            return Err(error);
        }
        Ok(self.0.merged())
    }

    /// Whether each project can be read, by its label, for `nyckel check`.
    pub async fn probe(&self) -> Vec<(String, Result<(), Error>)> {
        let mut found = Vec::new();
        for line in &self.0.lines {
            found.push((line.label.clone(), line.probe().await));
        }
        found
    }

    /// The domains that are in two projects, as far as these answer now. A single project is not asked.
    pub async fn contested(&self) -> Vec<ContestedDomain> {
        if self.0.lines.len() == 1 {
            return Vec::new();
        }
        self.0.read(self.0.reading.lock().await).await;
        self.0.merged().contested
    }

    /// What people call the projects, in the order of the configuration.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.lines.iter().map(|line| line.label.as_str())
    }

    /// Whether every project is being left alone because it failed several times in a row.
    pub fn is_away(&self) -> bool {
        self.0.lines.iter().all(|line| line.breaker.is_open())
    }

    /// Whether one of several projects that was left alone, or has never answered, answers now; only these are asked.
    pub async fn finds_one_back(&self) -> bool {
        let mut is_back = false;
        if self.0.lines.len() > 1 {
            for (project, line) in self.0.lines.iter().enumerate() {
                let is_unknown = self.0.known().overviews.get(project).is_none_or(Option::is_none);
                is_back |= (is_unknown || line.breaker.is_open()) && line.probe().await.is_ok();
            }
        }
        is_back
    }
}
