//! Reads a whole project: every page of `email/overview`.

use std::collections::HashSet;

use super::email::within;
use super::functions::OVERVIEW;
use super::translate;
use super::wire::{AskOverview, Meta, Overview, OverviewAnswer};
use super::{Error, Questions};
use crate::model::{DomainSummary, LeftOutDomain, ProjectCounts, WhyRefused};

/// What a project told of itself.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub counts: ProjectCounts,
    pub domains: Vec<DomainSummary>,
    pub left_out: Vec<LeftOutDomain>,
}

/// How many pages are read at most; GleSYS puts about 30 domains on one.
const MOST_PAGES: u64 = 500;

/// How many domains a page has at least that others may follow.
const FULL: usize = 10;

/// How many calls' time the whole overview may take.
const PATIENCE: u32 = 6;

impl Questions {
    /// The project's counts, limits and domains, from all pages. Reads on until as many domains as GleSYS says there are
    /// have come, and stops earlier at a page that brings none that is new or that there is not, so that a wrong total can't
    /// make it loop.
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
            let page = match self.page(number).await {
                Err(error) if number > 1 && says_no_such_page(&error) => break,
                page => page?,
            };
            let on_page = page.domains.0.len();
            let before = known.len();
            for row in page.domains.0.into_iter().map(|row| row.0.unwrap_or_default()) {
                if known.insert(translate::domain_of(&row)) {
                    rows.push(row);
                }
            }
            summary = summary.or(page.summary.0);
            if known.len() == before || is_last(on_page, known.len(), page.meta.0.as_ref()) {
                break;
            }
        }
        Ok(translate::overview(OVERVIEW, &summary.unwrap_or_default(), rows))
    }
}

/// Whether this is how GleSYS says that no page follows. Whatever else keeps a page from being read is no end.
const fn says_no_such_page(error: &Error) -> bool {
    use WhyRefused::{Invalid, Other, UnknownAddress};
    matches!(error, Error::Refused { why: Invalid | UnknownAddress | Other, .. })
}

/// Whether no page follows, as far as `meta` tells: as many domains as there are in all have come. A total that one full page
/// alone reaches may be that page's own; then only a page that brings nothing new is the last one.
fn is_last(on_page: usize, so_far: usize, meta: Option<&Meta>) -> bool {
    let total = meta.and_then(|meta| meta.total.count());
    total == u64::try_from(so_far).ok() && (so_far > on_page || on_page < FULL)
}
