//! Accounts: create, edit, reset, delete.

use serde_json::json;

use super::*;

#[tokio::test]
async fn each_reset_makes_another_password_and_the_mailbox_knows_it() {
    let simulator = office();
    simulator.next_password("S3cr3t}pw!");
    let first = post(&simulator, "email/resetpassword", json!({ "emailaccount": "Anna@example.se" })).await;
    assert_eq!(first.response()["password"], "S3cr3t}pw!");
    assert_eq!(simulator.password_of("anna@example.se").as_deref(), Some("S3cr3t}pw!"));
    let second = post(&simulator, "email/resetpassword", json!({ "emailaccount": "anna@example.se" })).await;
    let password = second.response()["password"].as_str().unwrap().to_owned();
    assert_ne!(password, "S3cr3t}pw!");
    assert!(password.len() >= 12 && password.contains(|c: char| c.is_ascii_punctuation()), "{password}");
    assert_eq!(simulator.password_of("anna@example.se"), Some(password.clone()));
    assert_eq!(simulator.password_of("bo@example.se").as_deref(), Some("initial"));

    assert_eq!((simulator.calls_to("email/resetpassword"), simulator.applied("email/resetpassword")), (2, 2));
    let last = simulator.calls().pop().unwrap();
    assert_eq!((last.number, last.address.as_deref()), (2, Some("anna@example.se")));
    assert_eq!((last.password, last.at.to_string()), (Some(password), "2026-11-23T12:00:00Z".to_owned()));
}

#[tokio::test]
async fn of_many_resets_at_once_the_last_one_in_the_ledger_opens_the_mailbox() {
    let simulator = office();
    let server = served(&simulator).await;
    let resets: Vec<_> =
        (0..50).map(|_| tokio::spawn(async move { rest_of(reset_by_wire(server).await).await.unwrap() })).collect();
    for reset in resets {
        assert!(reset.await.unwrap().starts_with(b"HTTP/1.1 200"));
    }
    let calls = simulator.calls();
    assert_eq!((calls.len(), simulator.applied("email/resetpassword")), (50, 50));
    assert_eq!(simulator.password_of("anna@example.se"), calls[49].password);
}

#[tokio::test]
async fn an_alias_has_no_password_to_reset() {
    let simulator = office();
    let answer = post(&simulator, "email/resetpassword", json!({ "emailaccount": "info@example.se" })).await;
    assert_eq!((answer.status, answer.code()), (400, 400));
    assert_eq!((simulator.calls_to("email/resetpassword"), simulator.applied("email/resetpassword")), (1, 0));
    assert_eq!(simulator.calls()[0].refused, Some(400));
}

#[tokio::test]
async fn a_new_account_gets_a_generated_password_whatever_the_caller_wishes() {
    let simulator = office();
    let arguments = json!({ "emailaccount": "eva@example.se", "password": "mine", "unknown": "ignored" });
    let account = post(&simulator, "email/createaccount", arguments).await.response()["emailaccount"].clone();
    assert_ne!(account["password"], "mine");
    assert_eq!(simulator.password_of("eva@example.se").as_deref(), account["password"].as_str());
    assert_eq!(account["created"], "2026-11-23T13:00:00+01:00");
    assert_eq!(
        (&account["antispamlevel"], &account["antivirus"], &account["quotaingib"]),
        (&json!(3), &json!("yes"), &json!(1))
    );
}

#[tokio::test]
async fn every_option_is_kept_on_create_and_edit() {
    let simulator = office();
    let options = json!({
        "antispamlevel": 5, "antivirus": "no", "autorespond": "yes", "autorespondmessage": "Borta",
        "autorespondsaveemail": "no", "quotaingib": "7", "rejectspam": "yes",
    });
    for (function, address) in [("email/createaccount", "eva@example.se"), ("email/editaccount", "bo@example.se")] {
        let mut arguments = options.clone();
        arguments["emailaccount"] = json!(address);
        let account = post(&simulator, function, arguments).await.response()["emailaccount"].clone();
        for (name, value) in options.as_object().unwrap() {
            let expected = if name == "quotaingib" { json!(7) } else { value.clone() };
            assert_eq!(account[name], expected, "{function} {name}");
        }
    }
    assert_eq!(simulator.password_of("bo@example.se").as_deref(), Some("initial"));
    let state = simulator.state();
    assert_eq!(state.mailbox("bo@example.se").unwrap().modified, Some(1_795_435_200));
}

#[tokio::test]
async fn a_wrong_option_changes_nothing() {
    let simulator = office();
    let before = simulator.state();
    for (name, value) in [
        ("antispamlevel", json!(6)),
        ("antispamlevel", json!("high")),
        ("quotaingib", json!(0)),
        ("quotaingib", json!(-1)),
        ("antivirus", json!(true)),
        ("rejectspam", json!("maybe")),
    ] {
        let mut arguments = json!({ "emailaccount": "anna@example.se", "autorespondmessage": "x" });
        arguments[name] = value.clone();
        let answer = post(&simulator, "email/editaccount", arguments).await;
        assert_eq!((answer.status, answer.code()), (400, 400), "{name} {value}");
    }
    assert_eq!(simulator.state(), before);
}

#[tokio::test]
async fn an_address_that_is_taken_foreign_or_malformed_is_not_created() {
    let simulator = office();
    for address in ["anna@example.se", "info@example.se", "eva@example.com", "eva", "e va@example.se", ""] {
        let answer = post(&simulator, "email/createaccount", json!({ "emailaccount": address })).await;
        assert_eq!((answer.status, answer.code()), (400, 400), "{address}");
    }
    assert_eq!(simulator.applied("email/createaccount"), 0);
}

#[tokio::test]
async fn the_projects_limits_hold() {
    let simulator = simulator(State::empty().account("anna@example.se").limits(1, 0));
    let account = post(&simulator, "email/createaccount", json!({ "emailaccount": "eva@example.se" })).await;
    let arguments = json!({ "emailalias": "info@example.se", "goto": "anna@example.se" });
    let alias = post(&simulator, "email/createalias", arguments).await;
    assert_eq!((account.status, alias.status), (400, 400));
}

#[tokio::test]
async fn delete_takes_email_and_removes_accounts_and_aliases_for_good() {
    let simulator = office();
    let wrong = post(&simulator, "email/delete", json!({ "emailaccount": "anna@example.se" })).await;
    assert_eq!(wrong.status, 400);
    for address in ["anna@example.se", "info@example.se"] {
        assert_eq!(post(&simulator, "email/delete", json!({ "email": address })).await.status, 200);
        assert_eq!(post(&simulator, "email/delete", json!({ "email": address })).await.status, 400);
    }
    assert_eq!((simulator.state().accounts(), simulator.state().aliases()), (1, 0));
}
