//! Reads a whole project: every page of `email/overview`.

use std::collections::HashSet;

use super::email::within;
use super::functions::OVERVIEW;
use super::translate;
use super::wire::{AskOverview, Meta, Overview, OverviewAnswer};
use super::{Error, Questions};
use crate::model::{DomainSummary, ProjectCounts};

/// What a project told of itself.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub counts: ProjectCounts,
    pub domains: Vec<DomainSummary>,
}

/// How many pages are read at most; GleSYS puts about 30 domains on one.
const MOST_PAGES: u64 = 500;

/// How many calls' time the whole overview may take.
const PATIENCE: u32 = 6;

impl Questions {
    /// The project's counts, limits and domains, from all pages. Reads on until as many domains as GleSYS says there are
    /// have come, and stops earlier at a page that brings none that is new, so that a wrong total can't make it loop.
    ///
    /// # Errors
    /// [`Error`] as for every call; also a time-out when all pages together take too long.
    pub(super) async fn overview(&self) -> Result<Told, Error> {
        within(self.total * PATIENCE, OVERVIEW, self.pages()).await
    }

    /// Whether the project can be read: one page of the overview.
    ///
    /// # Errors
    /// [`Error`] as for every call.
    pub(super) async fn probe(&self) -> Result<(), Error> {
        self.page(1).await.map(drop)
    }

    async fn page(&self, page: u64) -> Result<Overview, Error> {
        let answer: OverviewAnswer = self.ask(OVERVIEW, &AskOverview { page }).await?;
        Ok(answer.overview)
    }

    async fn pages(&self) -> Result<Told, Error> {
        let mut rows = Vec::new();
        let mut known = HashSet::new();
        let mut summary = None;
        for number in 1..=MOST_PAGES {
            let page = self.page(number).await?;
            let on_page = page.domains.0.len();
            let before = known.len();
            for row in page.domains.0.into_iter().map(|row| row.0.unwrap_or_default()) {
                if known.insert(row.domainname.clone().text()) {
                    rows.push(row);
                }
            }
            summary = summary.or(page.summary.0);
            if known.len() == before || is_last(number, on_page, known.len(), page.meta.0.as_ref()) {
                break;
            }
        }
        Ok(translate::overview(OVERVIEW, &summary.unwrap_or_default(), rows))
    }
}

/// Whether no page follows, as far as `meta` tells. Without a total, a page that is not full is the last one. A total that
/// is less than what has come is none, and without either only a page that brings nothing new is the last one.
fn is_last(page: u64, on_page: usize, so_far: usize, meta: Option<&Meta>) -> bool {
    let as_count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
    let (on_page, so_far) = (as_count(on_page), as_count(so_far));
    let perpage = meta.and_then(|meta| meta.perpage.count()).filter(|perpage| *perpage > 0);
    let total = meta.and_then(|meta| meta.total.count()).filter(|total| *total >= so_far);
    match (total, perpage) {
        (Some(total), Some(perpage)) => so_far == total || page >= total.div_ceil(perpage),
        (Some(total), None) => so_far == total,
        (None, Some(perpage)) => on_page < perpage,
        (None, None) => false,
    }
}
