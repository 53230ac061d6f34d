//! What the project holds, may hold and costs.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::guard::Over;
use super::{App, Layout, Problem};
use crate::access::ViewMail;
use crate::model::costs::{Amount, Cost, Money};
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
    what: &'static str,
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
    let costs = view.costs.clone().unwrap_or_default();
    let limits = view.overview.as_ref();
    let accounts = limits.map(|limits| (limits.accounts, limits.max_accounts));
    let aliases = limits.map(|limits| (limits.aliases, limits.max_aliases));
    let gib = |amount: &Amount| format!("{} GiB", amount.as_str());
    let storage = Line {
        used: costs.storage.used.as_ref().map(gib).unwrap_or_default(),
        included: costs.storage.included.as_ref().map(gib).unwrap_or_default(),
        ..line(layout, say.storage_paid(), None, &costs.storage)
    };
    let lines = [
        line(layout, say.accounts(), accounts, &costs.accounts),
        line(layout, say.aliases(), aliases, &Cost::default()),
        storage,
    ];
    lines.into_iter().filter(Line::says_something).collect()
}

fn line(layout: &Layout, what: &'static str, counts: Option<(u64, u64)>, cost: &Cost) -> Line {
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
        price: if price.is_empty() || cost.unit.is_empty() { price } else { layout.say.price_per(&price, &cost.unit) },
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
