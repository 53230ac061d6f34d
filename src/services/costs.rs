//! What the projects hold, may hold and cost, for those who see all of it.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::Directory;
use super::directory::{Age, PATIENCE};
use crate::access::{Can, ViewMail};
use crate::glesys::{self, Reader};
use crate::model::ProjectCounts;
use crate::model::costs::Costs;

pub use crate::glesys::COSTS as FUNCTION;

/// The projects as far as they are known.
#[derive(Debug)]
pub struct CostsView {
    /// Every project of the configuration, in its order.
    pub projects: Vec<ProjectView>,
    /// When that was read, but for projects that are out of date while others are not; `None` when none was ever read.
    pub read_at: Option<Timestamp>,
    /// Of the projects that are the least out of date.
    pub age: Age,
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

/// Counts, limits and costs. Cloned freely.
#[derive(Clone)]
pub struct CostBook {
    pub directory: Directory,
    pub reader: Reader,
    pub turn: Arc<Mutex<()>>,
}

impl CostBook {
    /// Counts, limits and costs; the last known ones where GleSYS doesn't answer.
    pub async fn look(&self, _can: &Can<ViewMail>) -> CostsView {
        let directory = &self.directory;
        directory.refresh_overview().await;
        if self.is_old() && !directory.is_slow() {
            let this = self.clone();
            directory.within(PATIENCE, async move { this.read().await }).await;
        }
        let projects: Vec<_> = self.reader.labels().map(|label| self.project_view(label)).collect();
        let oldest = |of: &dyn Fn(&&ProjectView) -> bool| projects.iter().filter(of).filter_map(|p| p.read_at).min();
        let fresh = oldest(&|project| !project.is_old);
        let age = match (fresh, directory.is_slow() && !self.reader.is_away()) {
            (Some(_), _) => Age::Fresh,
            (None, true) => Age::Late,
            (None, false) => Age::Old,
        };
        CostsView { read_at: fresh.or_else(|| oldest(&|_| true)), age, projects }
    }

    fn project_view(&self, label: &str) -> ProjectView {
        let counts = self.directory.project_named(label).and_then(|project| project.counts);
        let costs = self.reader.last_costs(label);
        let times = [counts.map(|(_, at)| at), costs.as_ref().map(|(_, at)| *at)];
        let read_at = times.into_iter().flatten().min();
        ProjectView {
            label: label.to_owned(),
            counts: counts.map(|(counts, _)| counts),
            costs: costs.map(|(costs, _)| costs),
            is_old: read_at.is_some() && self.directory.is_old(read_at),
            read_at,
        }
    }

    fn is_old(&self) -> bool {
        let told = self.reader.labels().filter_map(|label| self.reader.last_costs(label));
        self.directory.is_old(told.map(|(_, at)| at).max())
    }

    async fn read(&self) -> Result<(), glesys::Error> {
        let _turn = self.turn.lock().await;
        // Anyone who was waiting takes what the one before has read.
        if self.is_old() { self.reader.read_costs().await } else { Ok(()) }
    }
}
