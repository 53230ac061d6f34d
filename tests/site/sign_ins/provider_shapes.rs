//! Providers of single sign-on as they are: what the panel does not ask for may have any shape, and what it asks for may be
//! written in every way that is in use.

use nyckel::model::AuditKind;
use serde_json::{Value, json};

use super::misbehaving_provider::{must_fail, must_work, stage};
use crate::stage::{Person, Provider, Signs, Stage, merge};

/// Claims that nobody here asks for, in shapes that providers send or might.
fn unused() -> Value {
    json!({
        "updated_at": "2026-11-28T10:00:00Z", "phone_number_verified": "yes", "address": "Storgatan 1", "picture": "",
        "birthdate": 1970, "gender": ["f"], "locale": {}, "zoneinfo": false, "profile": "not an address", "amr": "pwd",
        "acr": 0, "name": {"sv": "Eva"}, "website": null, "c_hash": 7, "at_hash": [], "jti": 1.5, "sid": true,
        "name#sv": 3, "_claim_names": "none", "upn": [],
    })
}

#[tokio::test]
async fn what_nobody_asks_for_keeps_nobody_out() {
    let (panel, provider) = stage().await;
    provider.twists(|claims| {
        merge(claims, &unused());
        claims["iat"] = json!(claims["iat"].as_f64().unwrap() + 0.25);
        claims["exp"] = json!(claims["exp"].to_string());
        claims["auth_time"] = json!(claims["auth_time"].to_string());
    });
    must_work(&panel, &provider).await;

    // What it says of itself, and what it gives for a code.
    provider.says_of_itself(|said| {
        let odd = json!({
            "claims_supported": "all", "display_values_supported": 1, "service_documentation": "see below",
            "response_types_supported": "code", "subject_types_supported": {}, "op_tos_uri": "",
            "id_token_signing_alg_values_supported": ["XX1"], "authorization_response_iss_parameter_supported": "true",
            "token_endpoint_auth_methods_supported": "client_secret_basic",
        });
        merge(said, &odd);
    });
    provider.gives(|given| {
        let odd = json!({ "expires_in": "300", "token_type": "bearer ", "scope": ["openid"], "refresh_token": null });
        merge(given, &odd);
    });
    panel.clock.turn(3600);
    must_work(&panel, &provider).await;

    // What it tells besides.
    provider.twists(|claims| drop(claims.as_object_mut().unwrap().remove("groups")));
    let mut besides = unused();
    merge(&mut besides, &json!({ "sub": "eva", "groups": "helpdesk", "email_verified": 1 }));
    provider.tells_besides(besides.clone());
    must_work(&panel, &provider).await;
    provider.tells_besides_under_its_name(besides);
    must_work(&panel, &provider).await;
    provider.tells_besides(json!({ "sub": "another", "groups": "helpdesk" }));
    must_fail(&panel, &provider, (502, "couldn’t be verified", "bad_subject")).await;
}

#[tokio::test]
async fn a_moment_in_words_is_not_told_and_only_a_new_proof_needs_one() {
    let (panel, provider) = stage().await;
    let now = panel.clock.now().as_second();
    let odd = [json!("2026-11-28T10:00:00Z"), json!(""), json!(false), json!(now * 1000), json!([now])];
    for value in odd {
        let twisted = value.clone();
        provider.twists(move |claims| {
            for name in ["iat", "nbf", "auth_time"] {
                claims[name] = twisted.clone();
            }
        });
        let (eva, _) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
        panel.clock.turn(15 * 60);
        let there = eva.posts("/sign-in/sso/again", &[("next", "/")]).await.link("Continue").unwrap();
        let page = eva.comes_from_elsewhere(&provider.lets(&there, "eva")).await;
        eva.presses(&page, "Continue").await;
        let failed = panel.audit(AuditKind::SignInFailed).await.pop().unwrap();
        assert_eq!(failed.outcome.as_deref(), Some("no_auth_time"), "{value}");
    }
    provider.twists(|claims| claims["nbf"] = json!(format!("{}.123", claims["iat"])));
    must_work(&panel, &provider).await;
}

#[tokio::test]
async fn an_address_is_verified_where_that_is_true_in_either_spelling() {
    let (panel, provider) = stage().await;
    for verified in [json!(1), json!("yes"), json!("True"), json!(["true"]), json!({})] {
        provider.knows_as("eva", json!({ "email": "eva@example.se", "email_verified": verified, "groups": ["it"] }));
        let wanted = (403, "has not verified your e-mail address", "email_not_verified");
        must_fail(&panel, &provider, wanted).await;
        panel.clock.turn(15 * 60);
    }
    provider.tells_besides(json!({ "sub": "eva" }));
    for name in [json!(""), json!("  "), json!(null), json!(7)] {
        provider.knows_as("eva", json!({ "preferred_username": name, "groups": ["it"] }));
        must_fail(&panel, &provider, (403, "does not say what you are called", "no_name")).await;
    }
    provider.knows_as(
        "eva",
        json!({ "preferred_username": "", "email": "eva@example.se", "email_verified": "true", "groups": ["it"] }),
    );
    let (_, page) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
    assert_eq!(page.text(".bar-name"), "eva@example.se");
}

#[tokio::test]
async fn the_user_info_is_asked_where_it_is_needed_and_keeps_nobody_out_where_it_is_not() {
    let (panel, provider) = stage().await;
    // A name that only the user info vouches for.
    provider.knows_as("eva", json!({ "email": "eva@example.se", "groups": ["it"] }));
    provider.tells_besides(json!({ "sub": "eva", "email": "eva@example.se", "email_verified": true }));
    let (_, page) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
    assert_eq!(page.text(".bar-name"), "eva@example.se");
    // Who is known needs no name.
    for unusable in [json!([]), json!({ "sub": "another" }), json!({})] {
        provider.tells_besides(unusable);
        let (_, page) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
        assert_eq!(page.text(".bar-name"), "eva@example.se");
    }
    // What can't be read is not the reason why the groups are missing.
    let wanted = (403, "did not say what groups you are in", "groups_missing");
    provider.twists(|claims| drop(claims.as_object_mut().unwrap().remove("groups")));
    provider.tells_besides(json!([]));
    must_fail(&panel, &provider, wanted).await;
    // A subject that is a number in one of the two.
    provider.twists(|claims| merge(claims, &json!({ "sub": "77", "groups": null })));
    provider.tells_besides(json!({ "sub": 77, "preferred_username": "eva", "groups": ["it"] }));
    must_work(&panel, &provider).await;
    provider.twists(|claims| claims["sub"] = json!(77));
    must_work(&panel, &provider).await;
    assert_eq!(panel.database.texts("SELECT name FROM staff ORDER BY name").await, ["eva", "eva@example.se"]);
    // An address that can't be asked is missed only by those who need it.
    provider.says_of_itself(|said| said["userinfo_endpoint"] = json!("/me"));
    panel.clock.turn(3600);
    must_work(&panel, &provider).await;
    provider.twists(|claims| claims["groups"] = json!(null));
    must_fail(&panel, &provider, wanted).await;
}

#[tokio::test]
async fn every_kind_of_signature_that_only_the_provider_can_make_is_taken() {
    let (panel, provider) = stage().await;
    for signs in [Signs::Rs256, Signs::Ps512, Signs::Es256, Signs::Es384, Signs::Es512, Signs::EdDsa] {
        provider.signs(signs);
        must_work(&panel, &provider).await;
    }
    assert_eq!(provider.times_asked(), 1);
}

#[tokio::test]
async fn a_key_that_took_the_place_of_another_is_asked_for_once() {
    for signs in [Signs::ReplacedKey, Signs::NamelessKey] {
        let (panel, provider) = stage().await;
        must_work(&panel, &provider).await;
        provider.signs(signs);
        panel.clock.turn(5);
        must_work(&panel, &provider).await;
        must_work(&panel, &provider).await;
        assert_eq!(provider.times_asked(), 2, "{signs:?}");
    }
    // However many come with a wrong one, it is asked once in five seconds.
    let (panel, provider) = stage().await;
    provider.signs(Signs::Forged);
    for _ in 0..4 {
        must_fail(&panel, &provider, (502, "couldn’t be verified", "wrong_signature")).await;
    }
    assert_eq!(provider.times_asked(), 2);
}

#[tokio::test]
async fn a_clock_that_is_off_is_named_with_how_far() {
    let (panel, provider) = stage().await;
    for (by, code, told) in [(-600, "expired", r#""late_seconds":300"#), (600, "not_yet", r#""early_seconds":600"#)] {
        provider.twists(move |claims| {
            for name in ["iat", "exp", "auth_time"] {
                claims[name] = json!(claims[name].as_i64().unwrap() + by);
            }
            claims["auth_time"] = json!(claims["iat"]);
        });
        must_fail(&panel, &provider, (502, "couldn’t be verified", code)).await;
        let facts = panel.audit(AuditKind::SignInFailed).await.pop().unwrap().facts;
        assert_eq!(facts.kept().unwrap(), format!(r#"{{"means":["single_sign_on"],{told}}}"#));
    }
}

#[tokio::test]
async fn a_secret_that_expired_is_named_to_the_admin_and_found_by_check() {
    let (panel, provider) = stage().await;
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(0) && said.contains("single sign-on: good"), "{said}");
    provider.changes_the_secret("another");
    must_fail(&panel, &provider, (502, "Example AB refused the sign-in.", "bad_client_secret")).await;
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(1) && said.contains("the secret is wrong or has expired"), "{said}");
}

#[tokio::test]
async fn check_says_what_is_wrong_with_the_provider() {
    let (panel, provider) = stage().await;
    let issuer = provider.settings()[0].1.clone();
    // Something else is there in place of what should be.
    let elsewhere = |place: &str| json!(format!("{issuer}{place}"));
    for (name, value, wanted) in [
        ("issuer", elsewhere("/"), format!("calls itself {issuer}/, which is not")),
        ("issuer", json!(null), "calls itself nothing".to_owned()),
        ("jwks_uri", elsewhere("/nothing"), "the HTTP status 404".to_owned()),
        ("jwks_uri", elsewhere("/.well-known/openid-configuration"), "shows no key".to_owned()),
        ("token_endpoint", elsewhere("/keys"), "could not be tried: it answered with the error 405".to_owned()),
    ] {
        provider.says_of_itself(move |said| said[name] = value.clone());
        let (code, said) = panel.runs("check").await;
        assert!(code == Some(1) && said.contains(&wanted), "{name}: {said}");
    }
}

#[tokio::test]
async fn only_the_claim_that_is_called_groups_may_be_left_out_for_too_many_groups() {
    let (stage, provider): (Stage, Provider) = Stage::usual().with_provider().await;
    let panel = stage.with("NYCKEL_OIDC_GROUPS_CLAIM", "roles").opens().await;
    provider.tells_besides(json!({ "sub": "eva" }));
    provider.knows_as("eva", json!({ "preferred_username": "eva", "hasgroups": true }));
    must_fail(&panel, &provider, (403, "did not say what groups you are in", "groups_missing")).await;
}

#[tokio::test]
async fn roles_that_lie_inside_a_claim_are_found_by_their_path() {
    let (stage, provider): (Stage, Provider) = Stage::usual().with_provider().await;
    let panel = stage.with("NYCKEL_OIDC_GROUPS_CLAIM", "realm_access.roles").opens().await;
    provider.tells_besides(json!({ "sub": "eva" }));
    provider.knows_as("eva", json!({ "preferred_username": "eva", "realm_access": { "roles": ["helpdesk"] } }));
    must_work(&panel, &provider).await;
    for (claims, code) in [
        (json!({ "realm_access": {} }), "groups_missing"),
        (json!({ "realm_access": ["helpdesk"] }), "groups_missing"),
        (json!({ "realm_access": { "roles": { "helpdesk": true } } }), "groups_unreadable"),
        (json!({ "_claim_names": { "realm_access": "src1" } }), "groups_too_many"),
    ] {
        provider.twists(move |said| {
            said.as_object_mut().unwrap().remove("realm_access");
            merge(said, &claims);
        });
        must_fail(&panel, &provider, (403, "did not say what groups you are in", code)).await;
    }
}

#[tokio::test]
async fn groups_that_cant_be_read_take_no_roles_and_end_no_session() {
    const NOT_TOLD: &str = "did not say what groups you are in";
    let (panel, provider) = stage().await;
    provider.tells_besides(json!({ "sub": "eva" }));
    let (eva, _) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
    let grants = panel.database.texts("SELECT role FROM staff_grant").await;
    for (groups, code) in [
        (json!(""), "groups_missing"),
        (json!("  "), "groups_missing"),
        (json!("helpdesk,it"), "groups_unreadable"),
        (json!("helpdesk it"), "groups_unreadable"),
        (json!("[\"helpdesk\"]"), "groups_unreadable"),
        (json!("another"), "groups_unreadable"),
        (json!([""]), "groups_unreadable"),
        (json!(["it", " "]), "groups_unreadable"),
        (json!([["it"]]), "groups_unreadable"),
        (json!(false), "groups_unreadable"),
    ] {
        provider.twists(move |claims| claims["groups"] = groups.clone());
        must_fail(&panel, &provider, (403, NOT_TOLD, code)).await;
        assert_eq!(eva.visits("/domains/example.se").await.status, 200);
        panel.clock.turn(15 * 60);
    }
    assert_eq!(panel.database.texts("SELECT role FROM staff_grant").await, grants);
    // One group alone, by its name.
    provider.twists(|claims| claims["groups"] = json!("helpdesk"));
    must_work(&panel, &provider).await;
    assert_eq!(eva.visits("/domains/example.se").await.status, 200);
    // What the user info tells counts where the token says nothing of use.
    provider.twists(|claims| claims["groups"] = json!(["it", ""]));
    provider.tells_besides(json!({ "sub": "eva", "groups": ["helpdesk"] }));
    must_work(&panel, &provider).await;
    // A path is another name.
    provider.twists(|claims| claims["groups"] = json!(["/helpdesk"]));
    must_fail(&panel, &provider, (403, "you are in no group that may sign in here", "no_group")).await;
}

#[tokio::test]
async fn a_role_may_stand_in_any_claim() {
    let (stage, provider): (Stage, Provider) = Stage::usual().with_provider().await;
    let panel = stage.with("NYCKEL_OIDC_GROUPS_CLAIM", "https://example.se/roles").opens().await;
    provider.knows_as("eva", json!({ "preferred_username": "eva", "https://example.se/roles": ["helpdesk"] }));
    let (eva, page) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
    assert_eq!(page.text(".bar-name"), "eva");
    assert_eq!(Person::visits(&eva, "/domains/example.se").await.status, 200);
}
