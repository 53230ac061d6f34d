//! What the projects hold, may hold and cost.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::guard::Over;
use super::{App, Layout, Problem};
use crate::access::ViewMail;
use crate::model::ProjectCounts;
use crate::model::costs::{Amount, Cost, Money};
use crate::services::costs::{CostsView, FUNCTION, ProjectView};
use crate::services::directory::Age;

pub fn routes() -> Router<App> {
    Router::new().route("/costs", get(show))
}

#[derive(Template, WebTemplate)]
#[template(path = "costs.html")]
struct CostsPage {
    layout: Layout,
    view: CostsView,
    /// What is missing, and what is older than the rest.
    notices: Vec<String>,
    lines: Vec<CostLine>,
}

/// How much there is and how much there may be.
#[derive(Clone, Copy, Default)]
struct Count {
    has: Option<u64>,
    most: Option<u64>,
}

/// A line of the table; what GleSYS left out is empty.
struct CostLine {
    what: String,
    used: String,
    most: String,
    /// How much of the limit is used, in percent.
    percent: Option<u64>,
    included: String,
    price: String,
    in_all: String,
}

async fn show(State(app): State<App>, request: Over<ViewMail>) -> Result<CostsPage, Problem> {
    let view = app.costs.look(&request.can).await;
    let layout = request.guard.layout;
    let (notices, lines) = match view.projects.as_slice() {
        [only] => (untold(&layout, only).into_iter().collect(), of_project(&layout, only, str::to_owned).into()),
        several => {
            (several.iter().filter_map(|project| notice(&layout, &view, project)).collect(), of_all(&layout, several))
        }
    };
    Ok(CostsPage { lines: lines.into_iter().filter(CostLine::says_something).collect(), layout, view, notices })
}

fn untold(layout: &Layout, only: &ProjectView) -> Option<String> {
    only.costs.is_none().then(|| layout.say.costs_unread(FUNCTION))
}

/// What is to be said of one of several projects.
fn notice(layout: &Layout, view: &CostsView, project: &ProjectView) -> Option<String> {
    let (say, label) = (layout.say, project.label.as_str());
    let Some(read_at) = project.read_at else { return Some(say.project_never_read(label)) };
    // Where all are out of date, that is said once.
    if project.is_old && view.age == Age::Fresh {
        return Some(say.project_out_of_date(label, &layout.times.ago(&read_at)));
    }
    project.costs.is_none().then(|| say.costs_unread_of(label, FUNCTION))
}

/// Each project by itself, then how many there are in all. What they may have and pay is each one's own.
fn of_all(layout: &Layout, projects: &[ProjectView]) -> Vec<CostLine> {
    let say = layout.say;
    let mut lines: Vec<CostLine> = projects
        .iter()
        .flat_map(|project| of_project(layout, project, |what| format!("{what}, {}", project.label)))
        .collect();
    // Without one that has never answered, or does not say, it would be a sum of something else.
    let sum = |count: fn(ProjectCounts) -> Option<u64>| projects.iter().map(|project| count(project.counts?)).sum();
    let sums: [(&str, Option<u64>); 2] =
        [(say.accounts(), sum(|of| of.accounts)), (say.aliases(), sum(|of| of.aliases))];
    for (what, has) in sums.into_iter().filter(|(_, has)| has.is_some()) {
        let what = format!("{what}, {}", say.all_projects());
        lines.push(line(layout, what, Count { has, most: None }, "", &Cost::default()));
    }
    lines
}

fn of_project(layout: &Layout, project: &ProjectView, called: impl Fn(&str) -> String) -> [CostLine; 3] {
    let say = layout.say;
    let costs = project.costs.clone().unwrap_or_default();
    let ProjectCounts { accounts, max_accounts, aliases, max_aliases } = project.counts.unwrap_or_default();
    let accounts = Count { has: accounts, most: max_accounts };
    let aliases = Count { has: aliases, most: max_aliases };
    [
        line(layout, called(say.accounts()), accounts, say.one_account(), &costs.accounts),
        line(layout, called(say.aliases()), aliases, "", &Cost::default()),
        storage(layout, called(say.storage_paid()), &costs.storage),
    ]
}

fn storage(layout: &Layout, what: String, cost: &Cost) -> CostLine {
    let gib = |amount: &Amount| format!("{} GiB", amount.as_str());
    CostLine {
        used: cost.used.as_ref().map(gib).unwrap_or_default(),
        included: cost.included.as_ref().map(gib).unwrap_or_default(),
        ..line(layout, what, Count::default(), &cost.unit, cost)
    }
}

fn line(layout: &Layout, what: String, count: Count, unit: &str, cost: &Cost) -> CostLine {
    let Count { has, most } = count;
    let told = |amount: &Option<Amount>| amount.as_ref().map(|amount| amount.as_str().to_owned()).unwrap_or_default();
    let price = cost.price.as_ref().map(money).unwrap_or_default();
    let percent = |has: u64, most: u64| Some(has.saturating_mul(100).checked_div(most)?.min(100));
    CostLine {
        what,
        used: has.map_or_else(|| told(&cost.used), |has| has.to_string()),
        most: most.map(|most| most.to_string()).unwrap_or_default(),
        percent: has.zip(most).and_then(|(has, most)| percent(has, most)),
        included: told(&cost.included),
        price: if price.is_empty() || unit.is_empty() { price } else { layout.say.price_per(&price, unit) },
        in_all: cost.in_all.as_ref().map(money).unwrap_or_default(),
    }
}

fn money(money: &Money) -> String {
    format!("{} {}", money.amount.as_str(), money.currency).trim_end().to_owned()
}

impl CostLine {
    fn says_something(&self) -> bool {
        [&self.used, &self.most, &self.included, &self.price, &self.in_all].iter().any(|text| !text.is_empty())
    }
}
