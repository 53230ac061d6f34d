//! Aliases: create and edit.

use serde_json::json;

use super::*;

#[tokio::test]
async fn an_alias_leads_to_several_targets_and_can_be_led_elsewhere() {
    let simulator = office();
    let arguments = json!({ "emailalias": "Order@example.se", "goto": "anna@example.se, Bo@example.se" });
    let made = post(&simulator, "email/createalias", arguments).await.response()["alias"].clone();
    let wanted = json!({
        "emailalias": "order@example.se", "displayname": "order@example.se", "goto": "anna@example.se,bo@example.se",
    });
    assert_eq!(made, wanted);
    let arguments = json!({ "emailalias": "order@example.se", "goto": "elsewhere@example.com" });
    let changed = post(&simulator, "email/editalias", arguments).await.response()["alias"].clone();
    assert_eq!(changed["goto"], "elsewhere@example.com");
}

#[tokio::test]
async fn an_alias_without_a_proper_target_is_refused() {
    let simulator = office();
    let before = simulator.state();
    for goto in ["", "nobody", "anna@example.se,,bo@example.se"] {
        for function in ["email/createalias", "email/editalias"] {
            let name = if function == "email/editalias" { "info@example.se" } else { "order@example.se" };
            let answer = post(&simulator, function, json!({ "emailalias": name, "goto": goto })).await;
            assert_eq!((answer.status, answer.code()), (400, 400), "{function} {goto}");
        }
    }
    assert_eq!(simulator.state(), before);
}
