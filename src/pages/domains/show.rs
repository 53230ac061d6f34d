//! A domain: its accounts and aliases.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;

use crate::access::ViewMail;
use crate::model::{Account, Address, Alias, DomainName, Page};
use crate::pages::guard::In;
use crate::pages::overview::{told_name, told_targets};
use crate::pages::{App, Layout, Problem};
use crate::services::directory::Freshness;

/// How many accounts stand on a page: few enough for 25 KiB, enough to scroll through.
const PAGE: usize = 50;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}", get(show))
}

#[derive(Deserialize)]
struct Question {
    filter: Option<String>,
    page: Option<usize>,
}

#[derive(Template, WebTemplate)]
#[template(path = "domains/show.html")]
struct DomainPage {
    layout: Layout,
    domain: DomainName,
    filter: String,
    accounts: Vec<AccountLine>,
    /// How many there are; behind a filter, how many it leaves of how many.
    accounts_count: String,
    aliases: Vec<AliasLine>,
    aliases_count: String,
    page: Page,
    read_at: Timestamp,
    freshness: Freshness,
}

struct AccountLine {
    account: Account,
    /// The display name, where it says more than the address.
    name: String,
}

struct AliasLine {
    targets: String,
    address: Address,
}

impl DomainPage {
    /// The link to another page of the same filter.
    fn page_link(&self, number: usize) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("filter", &self.filter)
            .append_pair("page", &number.to_string())
            .finish();
        format!("{}?{query}", self.layout.links.domain(&self.domain))
    }
}

async fn show(
    State(app): State<App>,
    request: In<ViewMail>,
    Query(question): Query<Question>,
) -> Result<DomainPage, Problem> {
    let view = app.directory.domain(&request.can).await?;
    let filter: String = question.filter.unwrap_or_default().trim().chars().take(254).collect();
    let (accounts_in_all, aliases_in_all) = (view.accounts().len(), view.aliases().len());
    let holds = |text: &str| text.to_lowercase().contains(&filter.to_lowercase());
    let mut accounts = view.accounts().to_vec();
    accounts.retain(|account| holds(account.address.as_str()) || holds(&account.display_name));
    let mut aliases = view.aliases().to_vec();
    aliases.retain(|alias| holds(alias.address.as_str()) || alias.targets.iter().any(|target| holds(target)));
    let say = request.guard.layout.say;
    let count = |found: usize, of: usize| if filter.is_empty() { of.to_string() } else { say.found_of(found, of) };
    let (accounts_count, aliases_count) =
        (count(accounts.len(), accounts_in_all), count(aliases.len(), aliases_in_all));
    let page = Page::of(accounts.len().max(aliases.len()), question.page.unwrap_or(1), PAGE);
    Ok(DomainPage {
        layout: request.guard.layout,
        domain: request.can.domain().clone(),
        filter,
        accounts: page.cut(accounts).into_iter().map(line).collect(),
        accounts_count,
        aliases: page.cut(aliases).into_iter().map(alias_line).collect(),
        aliases_count,
        page,
        read_at: view.read_at,
        freshness: view.freshness,
    })
}

fn alias_line(alias: Alias) -> AliasLine {
    AliasLine { targets: told_targets(&alias), address: alias.address }
}

fn line(account: Account) -> AccountLine {
    AccountLine { name: told_name(&account.address, &account.display_name), account }
}
