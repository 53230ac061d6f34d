//! What the projects hold, may hold and cost, for those who see all of it.

use jiff::Timestamp;

use super::{Directory, Freshness, PATIENCE};
use crate::access::{Can, ViewMail};
use crate::glesys;
use crate::model::ProjectOverview;
use crate::model::costs::ProjectCosts;

/// The projects as far as they are known; counts and limits are those of all together.
#[derive(Debug)]
pub struct ProjectView {
    pub overview: Option<ProjectOverview>,
    /// A project each; `None` when they were never read.
    pub costs: Option<Vec<ProjectCosts>>,
    /// When the older of both was read; `None` when neither was.
    pub read_at: Option<Timestamp>,
    pub freshness: Freshness,
}

impl Directory {
    /// The project's counts and limits, as last read.
    pub fn project(&self, _can: &Can<ViewMail>) -> Option<ProjectOverview> {
        self.known().overview.as_ref().map(|(overview, _)| overview.clone())
    }

    /// Counts, limits and costs; the last known ones where GleSYS doesn't answer.
    pub async fn costs(&self, _can: &Can<ViewMail>) -> ProjectView {
        self.refresh_overview().await;
        if self.is_old(self.known().costs.as_ref().map(|(_, at)| *at)) && !self.is_slow() {
            let this = self.clone();
            self.within(PATIENCE, async move { this.read_costs().await }).await;
        }
        let known = self.known();
        let times = [known.overview.as_ref().map(|(_, at)| *at), known.costs.as_ref().map(|(_, at)| *at)];
        let view = ProjectView {
            overview: known.overview.as_ref().map(|(overview, _)| overview.clone()),
            costs: known.costs.as_ref().map(|(costs, _)| costs.clone()),
            read_at: times.into_iter().flatten().min(),
            freshness: Freshness::Fresh,
        };
        drop(known);
        let is_old = times.iter().flatten().any(|at| self.is_old(Some(*at)));
        let freshness = match (is_old, self.is_slow() && !self.0.reader.is_away()) {
            (false, _) => Freshness::Fresh,
            (true, true) => Freshness::Late,
            (true, false) => Freshness::Old,
        };
        ProjectView { freshness, ..view }
    }

    async fn read_costs(&self) -> Result<(), glesys::Error> {
        let asked_at = self.0.clock.now();
        let _turn = self.0.costs_turn.lock().await;
        // Whoever was waiting takes what the one before has read.
        if self.known().costs.as_ref().is_none_or(|(_, read_at)| *read_at <= asked_at) {
            let costs = self.0.reader.costs().await?;
            self.known().costs = Some((costs, self.0.clock.now()));
        }
        Ok(())
    }
}
