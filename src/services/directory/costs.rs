//! What the projects hold, may hold and cost, for those who see all of it.

use jiff::Timestamp;

use super::{Directory, Freshness, PATIENCE};
use crate::access::{Can, ViewMail};
use crate::glesys;
use crate::model::costs::Costs;
use crate::model::{DomainName, ProjectCounts};

/// The projects as far as they are known.
#[derive(Debug)]
pub struct CostsView {
    /// Every project of the configuration, in its order.
    pub projects: Vec<ProjectView>,
    /// When that was read, but for projects that are out of date while others are not; `None` when none was ever read.
    pub read_at: Option<Timestamp>,
    /// Of the projects that are the least out of date.
    pub freshness: Freshness,
}

/// One project.
#[derive(Debug)]
pub struct ProjectView {
    /// What people call it.
    pub label: String,
    pub counts: Option<ProjectCounts>,
    pub costs: Option<Costs>,
    /// When the older of both was read; `None` when neither was.
    pub read_at: Option<Timestamp>,
    /// Whether GleSYS did not report it again when it should have.
    pub is_old: bool,
}

impl Directory {
    /// The counts and limits of a domain's project, as last read.
    pub fn project(&self, _can: &Can<ViewMail>, domain: &DomainName) -> Option<ProjectCounts> {
        self.counts_of(domain)
    }

    /// Counts, limits and costs; the last known ones where GleSYS doesn't answer.
    pub async fn costs(&self, _can: &Can<ViewMail>) -> CostsView {
        self.refresh_overview().await;
        if self.is_old(self.known().costs.as_ref().map(|(_, at)| *at)) && !self.is_slow() {
            let this = self.clone();
            self.within(PATIENCE, async move { this.read_costs().await }).await;
        }
        let projects: Vec<_> = self.0.reader.labels().map(|label| self.project_view(label)).collect();
        let oldest = |of: &dyn Fn(&&ProjectView) -> bool| projects.iter().filter(of).filter_map(|p| p.read_at).min();
        let fresh = oldest(&|project| !project.is_old);
        let freshness = match (fresh, self.is_slow() && !self.0.reader.is_away()) {
            (Some(_), _) => Freshness::Fresh,
            (None, true) => Freshness::Late,
            (None, false) => Freshness::Old,
        };
        CostsView { read_at: fresh.or_else(|| oldest(&|_| true)), freshness, projects }
    }

    fn project_view(&self, label: &str) -> ProjectView {
        let (counts, costs) = {
            let known = self.known();
            let projects = known.overview.iter().flat_map(|(overview, _)| &overview.projects);
            let counts = projects.filter(|project| project.label == label).find_map(|project| project.counts);
            let costs = known.costs.iter().flat_map(|(costs, _)| costs);
            (counts, costs.filter(|costs| costs.project == label).find_map(|costs| costs.told.clone()))
        };
        let times = [counts.map(|(_, at)| at), costs.as_ref().map(|(_, at)| *at)];
        let read_at = times.into_iter().flatten().min();
        ProjectView {
            label: label.to_owned(),
            counts: counts.map(|(counts, _)| counts),
            costs: costs.map(|(costs, _)| costs),
            is_old: read_at.is_some() && self.is_old(read_at),
            read_at,
        }
    }

    async fn read_costs(&self) -> Result<(), glesys::Error> {
        let _turn = self.0.costs_turn.lock().await;
        // Whoever was waiting takes what the one before has read.
        let read_at = self.known().costs.as_ref().map(|(_, at)| *at);
        if self.is_old(read_at) {
            let costs = self.0.reader.costs().await?;
            self.known().costs = Some((costs, self.0.clock.now()));
        }
        Ok(())
    }
}
