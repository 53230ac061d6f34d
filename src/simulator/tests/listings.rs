//! Reading: overview, list, quota, costs and what stands around the email module.

use serde_json::json;

use super::*;

#[tokio::test]
async fn an_overview_comes_in_pages_of_thirty() {
    let state = (0..31).fold(State::empty(), |state, n| state.domain(&format!("d{n:02}.se"))).account("anna@d00.se");
    let simulator = simulator(state);
    let first = get(&simulator, "/email/overview").await.response()["overview"].clone();
    assert_eq!(first["domains"].as_array().unwrap().len(), 30);
    assert_eq!(first["meta"], json!({ "page": 1, "total": 31, "perpage": 30 }));
    assert_eq!(first["summary"], json!({ "accounts": 1, "maxaccounts": 2000, "aliases": 0, "maxaliases": 10000 }));
    assert_eq!(
        first["domains"][0],
        json!({ "domainname": "d00.se", "displayname": "d00.se", "accounts": 1, "aliases": 0 })
    );
    let second = get(&simulator, "/email/overview/page/2").await.response()["overview"].clone();
    assert_eq!(second["domains"][0]["domainname"], "d30.se");
    let filtered = get(&simulator, "/email/overview/filter/d07.se").await.response()["overview"].clone();
    assert_eq!(filtered["meta"]["total"], 1);
}

#[tokio::test]
async fn a_list_tells_everything_but_the_password() {
    let simulator =
        simulator(State::empty().account("bo@räksmörgås.se").alias("info@räksmörgås.se", "bo@räksmörgås.se"));
    let answer = post(&simulator, "email/list", json!({ "domainname": "xn--rksmrgs-5wao1o.se" })).await;
    let list = answer.response()["list"].clone();
    assert_eq!(
        list["emailaccounts"],
        json!([{
            "emailaccount": "bo@xn--rksmrgs-5wao1o.se", "displayname": "bo@räksmörgås.se", "quotaingib": 1,
            "antispamlevel": 3, "antivirus": "yes", "autorespond": "no", "autorespondmessage": null,
            "autorespondsaveemail": "yes", "rejectspam": "no", "created": "2024-01-15T12:00:00+01:00", "modified": null,
        }])
    );
    assert_eq!(list["emailaliases"][0]["displayname"], "info@räksmörgås.se");
}

#[tokio::test]
async fn a_list_can_be_narrowed_to_one_address() {
    let simulator = office();
    for (filter, accounts, aliases) in [("Anna@example.se", 1, 0), ("info@example.se", 0, 1), ("anna", 0, 0)] {
        let answer = post(&simulator, "email/list", json!({ "domainname": "example.se", "filter": filter })).await;
        let list = answer.response()["list"].clone();
        assert_eq!(list["emailaccounts"].as_array().unwrap().len(), accounts, "{filter}");
        assert_eq!(list["emailaliases"].as_array().unwrap().len(), aliases, "{filter}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_a_bad_request() {
    let simulator = office();
    for (function, arguments, text) in [
        ("email/list", json!({ "domainname": "example.com" }), "Could not find domain example.com\n"),
        ("email/quota", json!({ "emailaccount": "eva@example.se" }), "Could not find email account eva@example.se\n"),
        ("email/quota", json!({}), "Missing required argument emailaccount"),
    ] {
        let answer = post(&simulator, function, arguments).await;
        assert_eq!((answer.status, answer.code()), (400, 400));
        assert_eq!(answer.response()["status"]["text"], text);
    }
}

#[tokio::test]
async fn usage_is_in_mebibytes_and_the_quota_in_gibibytes() {
    let simulator = simulator(State::empty().account_with("anna@example.se", |a| {
        a.quotaingib = 5;
        a.usedquotainmib = 700;
    }));
    let quota = post(&simulator, "email/quota", json!({ "emailaccount": "anna@example.se" })).await;
    assert_eq!(
        quota.response()["quota"],
        json!({ "emailaccount": "anna@example.se", "usedquotainmib": 700, "quotaingib": 5 })
    );
}

#[tokio::test]
async fn what_stands_around_the_email_module_answers() {
    let simulator = office();
    simulator.deny_function("email/delete");
    assert_eq!(get(&simulator, "/email/costs").await.response()["pricelist"]["quota"]["amount"], "2.00");
    assert_eq!(get(&simulator, "/account/info").await.response()["accountinfo"]["accountname"], "cl12345");
    assert_eq!(get(&simulator, "/api/serviceinfo").await.code(), 200);
    assert_eq!(get(&simulator, "/api/maintenance").await.code(), 200);
    let functions = get(&simulator, "/api/listfunctions").await.text;
    assert!(functions.contains("email/resetpassword") && !functions.contains("email/delete"));
}
