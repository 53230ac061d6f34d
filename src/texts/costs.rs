//! The page of costs and limits.

use super::sentences;
use crate::model::Function;

sentences! {
    costs: "Costs and limits" / "Kostnader och gränser";
    costs_lead:
        "Of all domains, as reported by GleSYS. What it leaves out stays empty."
        / "För alla domäner, som GleSYS anger det. Det som inte anges lämnas tomt.";
    costs_unread(function: &Function):
        "Costs aren’t available. The API key may not be allowed to call {function}."
        / "Kostnaderna är inte tillgängliga. API-nyckeln får kanske inte anropa {function}.";
    costs_unread_of(project: &str, function: &Function):
        "{project}: costs aren’t available. The API key may not be allowed to call {function}."
        / "{project}: kostnaderna är inte tillgängliga. API-nyckeln får kanske inte anropa {function}.";
    project_never_read(project: &str):
        "Project {project} has not answered yet. Nothing is known of it."
        / "Projektet {project} har inte svarat än. Inget är känt om det.";
    project_out_of_date(project: &str, ago: &str):
        "Project {project} has not answered. This is what was known of it {ago}."
        / "Projektet {project} har inte svarat. Detta är vad som var känt om det {ago}.";
    all_projects: "all projects" / "alla projekt";
    cost_item: "Item" / "Post";
    used: "Used" / "Använt";
    most: "Limit" / "Gräns";
    included: "Included" / "Ingår";
    price: "Price" / "Pris";
    cost: "Cost" / "Kostnad";
    storage_paid: "Storage of all accounts" / "Alla kontons utrymme";
    one_account: "account" / "konto";
    price_per(price: &str, unit: &str): "{price} per {unit}" / "{price} per {unit}";
    to_costs: "Costs and limits of the project" / "Projektets kostnader och gränser";
}
