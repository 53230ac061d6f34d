//! Around the email module: `account/info` and the `api` module, as far as clients ask for them.

#![expect(clippy::unnecessary_wraps, reason = "one signature for all functions")]

use axum::http::Method;
use serde_json::{Value, json};

use super::{Desk, FUNCTIONS, Function};
use crate::simulator::envelope::{Payload, Refusal};

/// Who owns the project. Shape and types are those of GleSYS's Go client.
pub fn info(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let unlimited = i64::MAX;
    let contact = json!({
        "companyname": "Nordvik AB", "contactperson": "", "invoicereference": "", "address": "Storgatan 1",
        "zipcode": "111 22", "city": "Stockholm", "country": "SWEDEN", "nationalidnumber": "556000-0000",
        "phonenumber": "", "email": "info@nordvik.example",
    });
    let invoice = json!({ "invoiceaddress": "", "invoicezipcode": "", "invoicecity": "", "invoicecountry": "" });
    let info = json!({
        "accountname": desk.project,
        "customernumber": 12345,
        "customer": {
            "customernumber": 12345,
            "contactinfo": { "contact": contact, "invoice": invoice, "settings": { "separateinvoiceaddress": "no" } },
        },
        "currency": "SEK",
        "unpaidinvoices": "no",
        "apienabled": "yes",
        "servicelimits": {
            "maxnumservers": unlimited, "maxnumipv4": unlimited, "maxnumipv6": unlimited,
            "maxarchivetotalsize": unlimited, "maxnumemailaccounts": desk.state.maxaccounts,
            "emailglobalquota": 3_072_000, "domainregistrationsallowed": unlimited, "domaintransfersallowed": unlimited,
        },
        "services": {
            "server": "no", "ip": "no", "domain": "yes", "archive": "no", "email": "yes", "invoice": "yes",
            "customer": "yes", "account": "yes", "api": "yes", "vpn": "no",
        },
    });
    Ok(vec![("accountinfo", info)])
}

/// Planned maintenance: none. The payload's shape isn't known.
pub fn maintenance(_: &mut Desk<'_>) -> Result<Payload, Refusal> {
    Ok(vec![("maintenance", json!([]))])
}

/// Known disturbances: none. The payload's shape isn't known.
pub fn service_info(_: &mut Desk<'_>) -> Result<Payload, Refusal> {
    Ok(vec![("serviceinfo", json!([]))])
}

/// The functions that this key may call. The payload's shape isn't known.
pub fn list_functions(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let allowed = FUNCTIONS.iter().filter(|function| !desk.denied.contains(function.name));
    let methods = |function: &Function| function.methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let functions: Vec<Value> =
        allowed.map(|function| json!({ "function": function.name, "methods": methods(function) })).collect();
    Ok(vec![("functions", json!(functions))])
}
