//! The page of costs and limits.

use super::sentences;

sentences! {
    costs: "Costs and limits" / "Kostnader och gränser";
    costs_lead:
        "Of the whole project, as GleSYS tells it. What it leaves out stays empty."
        / "För hela projektet, som GleSYS anger det. Det som inte anges lämnas tomt.";
    costs_unread:
        "GleSYS has not told the costs. The API key may not be allowed email/costs."
        / "GleSYS har inte angett kostnaderna. API-nyckeln får kanske inte använda email/costs.";
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
