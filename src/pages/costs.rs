//! What the projects hold, may hold and cost.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::guard::Over;
use super::{App, Layout, Problem};
use crate::access::ViewMail;
use crate::model::costs::{Amount, Cost, Money, ProjectCosts};
use crate::services::directory::{Freshness, ProjectView};

pub fn routes() -> Router<App> {
    Router::new().route("/costs", get(show))
}

#[derive(Template, WebTemplate)]
#[template(path = "costs.html")]
struct CostsPage {
    layout: Layout,
    view: ProjectView,
    lines: Vec<Line>,
}

/// A line of the table; what GleSYS left out is empty.
struct Line {
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
    let view = app.directory.costs(&request.can).await;
    let layout = request.guard.layout;
    let lines = lines(&layout, &view);
    Ok(CostsPage { layout, view, lines })
}

fn lines(layout: &Layout, view: &ProjectView) -> Vec<Line> {
    let say = layout.say;
    let limits = view.overview.as_ref();
    let accounts = limits.map(|limits| (limits.accounts, limits.max_accounts));
    let aliases = limits.map(|limits| (limits.aliases, limits.max_aliases));
    let nothing = Cost::default();
    let (accounts, aliases) = (
        |cost: &Cost| line(layout, say.accounts().to_owned(), (accounts, say.one_account()), cost),
        line(layout, say.aliases().to_owned(), (aliases, ""), &nothing),
    );
    let lines = match view.costs.as_deref().unwrap_or_default() {
        [] => vec![accounts(&nothing), aliases],
        [one] => vec![accounts(&one.costs.accounts), aliases, storage(layout, say.storage_paid().to_owned(), one)],
        several => {
            let of = |what: &str, project: &ProjectCosts| format!("{what}, {}", project.project);
            let priced = several.iter().flat_map(|project| {
                let accounts =
                    line(layout, of(say.accounts(), project), (None, say.one_account()), &project.costs.accounts);
                [accounts, storage(layout, of(say.storage_paid(), project), project)]
            });
            [accounts(&nothing), aliases].into_iter().chain(priced).collect()
        }
    };
    lines.into_iter().filter(Line::says_something).collect()
}

fn storage(layout: &Layout, what: String, project: &ProjectCosts) -> Line {
    let cost = &project.costs.storage;
    let gib = |amount: &Amount| format!("{} GiB", amount.as_str());
    Line {
        used: cost.used.as_ref().map(gib).unwrap_or_default(),
        included: cost.included.as_ref().map(gib).unwrap_or_default(),
        ..line(layout, what, (None, &cost.unit), cost)
    }
}

fn line(layout: &Layout, what: String, (counts, unit): (Option<(u64, u64)>, &str), cost: &Cost) -> Line {
    let told = |amount: &Option<Amount>| amount.as_ref().map(|amount| amount.as_str().to_owned()).unwrap_or_default();
    let price = cost.price.as_ref().map(money).unwrap_or_default();
    // A limit of nothing is one that GleSYS left out.
    let limit = counts.filter(|(_, most)| *most > 0);
    Line {
        what,
        used: counts.map_or_else(|| told(&cost.used), |(used, _)| used.to_string()),
        most: limit.map(|(_, most)| most.to_string()).unwrap_or_default(),
        percent: limit.map(|(used, most)| (used.saturating_mul(100) / most).min(100)),
        included: told(&cost.included),
        price: if price.is_empty() || unit.is_empty() { price } else { layout.say.price_per(&price, unit) },
        in_all: cost.in_all.as_ref().map(money).unwrap_or_default(),
    }
}

fn money(money: &Money) -> String {
    format!("{} {}", money.amount.as_str(), money.currency).trim_end().to_owned()
}

impl Line {
    fn says_something(&self) -> bool {
        [&self.used, &self.most, &self.included, &self.price, &self.in_all].iter().any(|text| !text.is_empty())
    }
}
