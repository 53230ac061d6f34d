//! How calls come in and answers go out: arguments, formats, methods, keys, and the control pages.

use serde_json::json;

use super::*;

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::AUTHORIZATION, LOGIN)
}

#[tokio::test]
async fn arguments_may_come_in_four_ways() {
    let simulator = office();
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    for (path, kind, body) in [
        ("/email/quota", json, r#"{"emailaccount": "anna@example.se"}"#),
        ("/email/quota", form, "emailaccount=anna%40example.se"),
        ("/email/quota/emailaccount/anna@example.se", form, ""),
        ("/email/quota?emailaccount=anna%40example.se", json, ""),
        ("/Email/Quota/", json, r#"{"emailaccount": "ANNA@EXAMPLE.SE"}"#),
    ] {
        let request = request("POST", path).header(header::CONTENT_TYPE, kind).header(header::ACCEPT, json);
        let heard = ask(&simulator, request.body(Body::from(body)).unwrap()).await;
        assert_eq!((heard.status, heard.code()), (200, 200), "{path} {body}");
    }
}

#[tokio::test]
async fn the_answer_is_xml_unless_json_is_asked_for() {
    let simulator = office();
    for (path, name, value, json) in [
        ("/email/overview", "x-nothing", "", false),
        ("/email/overview", "accept", "application/json", true),
        ("/email/overview", "content-type", "application/json", true),
        ("/email/overview/format/json", "x-nothing", "", true),
        ("/email/overview?format=xml", "accept", "application/json", false),
        ("/email/overview", "accept", "*/*", false),
    ] {
        let heard = ask(&simulator, request("GET", path).header(name, value).body(Body::empty()).unwrap()).await;
        let kind = heard.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(kind.starts_with("application/json"), json, "{path} {name}: {value}");
        assert_eq!(heard.text.starts_with("{\"response\":{\"status\":{"), json);
        assert_eq!(heard.text.starts_with("<?xml"), !json);
    }
}

#[tokio::test]
async fn the_echo_repeats_every_argument_in_clear() {
    let simulator = office();
    let arguments = json!({ "emailaccount": "eva@example.se", "password": "in clear" });
    let heard = post(&simulator, "email/createaccount", arguments).await;
    assert_eq!(
        heard.response()["debug"]["input"],
        json!({
            "emailaccount": "eva@example.se", "password": "in clear", "projectkey": "cl12345", "organizationnumber": "12345",
        })
    );
}

#[tokio::test]
async fn without_the_right_key_there_is_a_challenge_and_nothing_happens() {
    let simulator = office();
    for login in [None, Some("Basic Y2wxMjM0NTp3cm9uZw=="), Some("Bearer demo-key"), Some("Basic ???")] {
        let mut request = Request::post("/email/resetpassword/emailaccount/anna@example.se/format/json");
        if let Some(login) = login {
            request = request.header(header::AUTHORIZATION, login);
        }
        let heard = ask(&simulator, request.body(Body::empty()).unwrap()).await;
        assert_eq!((heard.status, heard.code()), (401, 401));
        assert_eq!(heard.headers[header::WWW_AUTHENTICATE], "Basic realm=\"GleSYS API\"");
    }
    assert_eq!((simulator.calls_to("email/resetpassword"), simulator.applied("email/resetpassword")), (4, 0));
    let heard =
        ask(&simulator, Request::get("/email/costs").header("accept", "text/json").body(Body::empty()).unwrap());
    assert_eq!(heard.await.response()["debug"]["input"], json!([]));
}

#[tokio::test]
async fn another_key_can_be_set() {
    let simulator = office();
    simulator.set_credentials("cl99", "other");
    assert_eq!(get(&simulator, "/email/costs").await.status, 401);
}

#[tokio::test]
async fn a_key_may_lack_one_function() {
    let simulator = office();
    simulator.deny_function("email/resetpassword");
    let arguments = json!({ "emailaccount": "anna@example.se" });
    let heard = post(&simulator, "email/resetpassword", arguments.clone()).await;
    assert_eq!((heard.status, heard.code()), (401, 401));
    assert!(!heard.headers.contains_key(header::WWW_AUTHENTICATE));
    simulator.allow_function("email/resetpassword");
    assert_eq!(post(&simulator, "email/resetpassword", arguments).await.status, 200);
}

#[tokio::test]
async fn get_is_for_what_is_documented_for_it() {
    let simulator = office();
    for (method, path, status) in [
        ("GET", "/email/resetpassword/emailaccount/anna@example.se", 405),
        ("GET", "/email/list/domainname/example.se", 405),
        ("PUT", "/email/overview", 405),
        ("POST", "/email/overview", 200),
        ("POST", "/email/costs", 405),
        ("GET", "/email/costs", 200),
        ("POST", "/email/globalquota", 404),
        ("GET", "/", 404),
    ] {
        let heard = ask(&simulator, request(method, path).body(Body::empty()).unwrap()).await;
        assert_eq!(heard.status, status, "{method} {path}");
    }
    assert_eq!(simulator.password_of("anna@example.se").as_deref(), Some("initial"));
}

#[tokio::test]
async fn a_broken_body_is_refused() {
    let simulator = office();
    let request = request("POST", "/email/list").header(header::CONTENT_TYPE, "application/json");
    assert_eq!(ask(&simulator, request.body(Body::from("{")).unwrap()).await.status, 400);
}

#[tokio::test]
async fn another_process_can_look_and_plan_from_the_same_machine_only() {
    let simulator = office();
    assert_eq!(get(&simulator, "/simulator/calls").await.status, 404);
    let server = served(&simulator).await;
    let control = |method: &'static str, path: &'static str, body: &'static str| async move {
        let mut stream = TcpStream::connect(server).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        String::from_utf8(rest_of(stream).await.unwrap()).unwrap()
    };
    let fault = r#"{"function": "email/resetpassword", "fault": {"status": {"http": 500, "code": 606, "text": "Server Locked", "envelope": true}}}"#;
    assert!(control("POST", "/simulator/faults", fault).await.starts_with("HTTP/1.1 200"));
    assert!(control("POST", "/simulator/passwords", r#"["N3xt}"]"#).await.starts_with("HTTP/1.1 200"));
    let locked = String::from_utf8(rest_of(reset_by_wire(server).await).await.unwrap()).unwrap();
    assert!(locked.starts_with("HTTP/1.1 500") && locked.contains(r#""code":606"#), "{locked}");
    rest_of(reset_by_wire(server).await).await.unwrap();
    let account = control("GET", "/simulator/accounts/Anna@example.se", "").await;
    assert!(account.ends_with(r#"{"address":"anna@example.se","password":"N3xt}"}"#), "{account}");
    let calls = control("GET", "/simulator/calls", "").await;
    assert!(calls.contains(r#""applied":false"#) && calls.contains(r#""password":"N3xt}""#), "{calls}");
    assert!(control("POST", "/simulator/faults", r#"{"fault": "no-such"}"#).await.starts_with("HTTP/1.1 422"));
}
