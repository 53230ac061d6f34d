//! All the ways in which an answer to a reset can go wrong: one call each, and the right one of the worlds.

use std::time::Duration;

use super::scripted::{Scripted, Step, envelope, http, ok, patient, reset, writer};
use crate::glesys::{Breaker, Connection, Error, Patience, Timing};
use crate::model::{Clock, OneTimePassword, OperationState};

use OperationState::{Done, NotSent, Refused, Unknown};
use Step::{Babble, Drip, Hang, Hear, Reset, Say, Wait};

/// What it is called, what the server does, where that leaves the operation and why.
type Row = (&'static str, Vec<Step>, OperationState, &'static str);

fn said(name: &'static str, answer: Vec<u8>, state: OperationState, named: &'static str) -> Row {
    (name, vec![Hear, Say(answer)], state, named)
}

const PASSWORD: &str = r#","password":"S3cr3t}pw!""#;

fn good() -> Vec<u8> {
    ok(PASSWORD)
}

/// A good answer without its last bytes.
fn cut(bytes: usize) -> Vec<u8> {
    let mut answer = good();
    answer.truncate(answer.len() - bytes);
    answer
}

fn body(bytes: &[u8]) -> Vec<u8> {
    http("200 OK", "", bytes)
}

fn good_answers() -> Vec<Row> {
    let with_bom = [b"\xEF\xBB\xBF".as_slice(), br#"{"response":{"status":{"code":200},"password":"S3cr3t}pw!"}}"#];
    let after_continue = [b"HTTP/1.1 100 Continue\r\n\r\n".as_slice(), &good()].concat();
    let after_hints = [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".as_slice(), &good()].concat();
    let whole = good();
    let (head, tail) = whole.split_at(100);
    let length = whole.len() - whole.windows(4).position(|w| w == b"\r\n\r\n").unwrap() - 4;
    let chunked = [
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n").as_bytes(),
        &whole[whole.len() - length..],
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let until_close = [b"HTTP/1.0 200 OK\r\n\r\n", &whole[whole.len() - length..]].concat();
    vec![
        said("good", good(), Done, "ok"),
        said("code as a string", envelope("200 OK", "\"200\"", "OK\\n", PASSWORD), Done, "ok"),
        said(
            "as HTML by its type",
            http("200 OK", "Content-Type: text/html\r\n", &whole[whole.len() - length..]),
            Done,
            "ok",
        ),
        said(
            "a text that is no UTF-8",
            body(
                b"{\"response\":{\"status\":{\"code\":200,\"text\":\"\xC5terst\xE4llt\"},\"password\":\"S3cr3t}pw!\"}}",
            ),
            Done,
            "ok",
        ),
        said("a text with an odd escape", envelope("200 OK", "200", r"It\'s done", PASSWORD), Done, "ok"),
        said("with a byte order mark", body(&with_bom.concat()), Done, "ok"),
        said("100 first", after_continue, Done, "ok"),
        said("103 first", after_hints, Done, "ok"),
        said("chunked", chunked, Done, "ok"),
        said("HTTP/1.0 until close", until_close, Done, "ok"),
        said("followed by another", [good(), good()].concat(), Done, "ok"),
        (
            "in two parts",
            vec![Hear, Say(head.to_vec()), Wait(Duration::from_millis(20)), Say(tail.to_vec())],
            Done,
            "ok",
        ),
        ("reset after all was said", vec![Hear, Say(good()), Wait(Duration::from_millis(50)), Reset], Done, "ok"),
        ("left open", vec![Hear, Say(good()), Hang], Done, "ok"),
    ]
}

fn statuses() -> Vec<Row> {
    let redirect = |status: &str| http(status, "Location: /email/resetpassword\r\n", b"");
    let html = b"<html><body>No</body></html>";
    vec![
        said("301", redirect("301 Moved Permanently"), Unknown, "redirect"),
        said("302", redirect("302 Found"), Unknown, "redirect"),
        said("303", redirect("303 See Other"), Unknown, "redirect"),
        said("304", http("304 Not Modified", "", b""), Unknown, "redirect"),
        said("307", redirect("307 Temporary Redirect"), Unknown, "redirect"),
        said("308", redirect("308 Permanent Redirect"), Unknown, "redirect"),
        said("101", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n".to_vec(), Unknown, "unusable_answer"),
        said("201", envelope("201 Created", "200", "OK", PASSWORD), Unknown, "unusable_answer"),
        said("204", b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), Unknown, "unusable_answer"),
        said("206", envelope("206 Partial Content", "200", "OK", PASSWORD), Unknown, "unusable_answer"),
        said("408", http("408 Request Timeout", "", html), Unknown, "timeout"),
        said("408 in the envelope", envelope("400 Bad Request", "408", "Late", ""), Unknown, "timeout"),
        said("500 with 606", envelope("500 Oops", "606", "Server Locked", ""), Unknown, "server_error"),
        said("500 with a good body", envelope("500 Oops", "200", "OK", PASSWORD), Unknown, "server_error"),
        said("500 with a refusal", envelope("500 Oops", "401", "Access Denied", ""), Unknown, "server_error"),
        said("502 as HTML", http("502 Bad Gateway", "", html), Unknown, "server_error"),
        said("503", http("503 Service Unavailable", "Retry-After: 0\r\n", b""), Unknown, "server_error"),
        said("504", http("504 Gateway Timeout", "", b""), Unknown, "server_error"),
        said("511", http("511 Network Authentication Required", "", html), Unknown, "server_error"),
        said("999", http("999 What", "", b""), Unknown, "unusable_answer"),
    ]
}

fn refusals() -> Vec<Row> {
    let html = |status: &str| http(status, "Content-Type: text/html\r\n", b"<html>No</html>");
    let xml = b"<response><status><code>401</code><text>Access Denied.</text></status></response>";
    let challenge = "WWW-Authenticate: Basic realm=\"x\"\r\n";
    vec![
        said("401", envelope("401 Unauthorized", "401", "Access Denied.", ""), Refused, "wrong_key"),
        said("401 challenge", http("401 Unauthorized", challenge, b""), Refused, "wrong_key"),
        said("401 as XML", http("401 Unauthorized", "", xml), Refused, "wrong_key"),
        said("401 permission", envelope("401 Unauthorized", "401", "No permission", ""), Refused, "no_permission"),
        said("401 locked", envelope("401 Unauthorized", "401", "User locked", ""), Refused, "locked"),
        said("400", envelope("400 Bad Request", "400", "Invalid input", ""), Refused, "invalid"),
        said("400 unknown", envelope("400 Bad Request", "400", "Could not find x\\n", ""), Refused, "not_found"),
        said("400 with null password", envelope("400 Bad", "400", "No", ",\"password\":null"), Refused, "invalid"),
        said("403", envelope("403 Forbidden", "403", "Forbidden", ""), Refused, "no_permission"),
        said("403 as HTML", html("403 Forbidden"), Refused, "no_permission"),
        said("404", envelope("404 Not Found", "404", "Not found", ""), Refused, "not_found"),
        said("404 as HTML", html("404 Not Found"), Refused, "not_the_api"),
        said("405", envelope("405 Method Not Allowed", "405", "No", ""), Refused, "refused"),
        said("407", html("407 Proxy Authentication Required"), Refused, "not_the_api"),
        said("413", html("413 Content Too Large"), Refused, "not_the_api"),
        said("429", html("429 Too Many Requests"), Refused, "too_many_calls"),
        said("451", html("451 Unavailable For Legal Reasons"), Refused, "not_the_api"),
        said("400 cut", b"HTTP/1.1 400 Bad\r\nContent-Length: 99\r\n\r\n{\"resp".to_vec(), Refused, "invalid"),
        said("403 endless", b"HTTP/1.1 403 No\r\nContent-Length: 99999999\r\n\r\n".to_vec(), Refused, "no_permission"),
        said("400 saying 200", envelope("400 Bad", "200", "OK", ""), Unknown, "unusable_answer"),
        said("400 saying 500", envelope("400 Bad", "500", "Oops", ""), Unknown, "server_error"),
        said("400 with a password", envelope("400 Bad", "400", "No", PASSWORD), Unknown, "unusable_answer"),
    ]
}

fn unusable() -> Vec<Row> {
    let bad = |name, answer| said(name, answer, Unknown, "unusable_answer");
    let xml = b"<?xml version=\"1.0\"?><response><status><code>200</code></status><password>x</password></response>";
    let twice = br#"{"response":{"status":{"code":200},"password":"a","password":"b"}}"#;
    vec![
        bad("empty", body(b"")),
        bad("XML", body(xml)),
        bad("HTML", body(b"<!doctype html><title>Login</title>")),
        bad("garbage", body(&[0, 159, 146, 150])),
        bad("gzip", http("200 OK", "Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03")),
        bad("no password", ok("")),
        bad("null password", ok(r#","password":null"#)),
        bad("empty password", ok(r#","password":"""#)),
        bad("number as password", ok(r#","password":12345678"#)),
        bad("list as password", ok(r#","password":["x"]"#)),
        bad("password elsewhere", ok(r#","emailaccount":{"password":"x"}"#)),
        bad("half a surrogate", ok(r#","password":"\ud800""#)),
        bad("odd escape in the password", ok(r#","password":"a\'b""#)),
        bad("control character in the password", ok(",\"password\":\"a\u{1}b\"")),
        bad("not UTF-8", body(b"{\"response\":{\"status\":{\"code\":200},\"password\":\"\xE5\"}}")),
        bad("two passwords", body(twice)),
        bad("no envelope", body(br#"{"password":"x"}"#)),
        bad("a list", body(b"[]")),
        bad("null", body(b"null")),
        bad("no status", body(br#"{"response":{"password":"x"}}"#)),
        bad("no code", body(br#"{"response":{"status":{},"password":"x"}}"#)),
        bad("200 saying 401", envelope("200 OK", "401", "Access Denied", "")),
        bad("200 saying 400", envelope("200 OK", "400", "Could not find", "")),
        bad("200 saying 606", envelope("200 OK", "606", "Server Locked", "")),
        bad("200 saying 0", envelope("200 OK", "0", "", PASSWORD)),
        said("200 saying 500", envelope("200 OK", "500", "Oops", ""), Unknown, "server_error"),
        bad("something after the JSON", body(br#"{"response":{"status":{"code":200},"password":"x"}}}"#)),
        bad("shorter than told", http("200 OK", "", br#"{"response":{"status":{"code":200},"pass"#)),
        bad("deeply nested", body("[".repeat(60_000).as_bytes())),
        bad("not HTTP", b"220 mail.example.se ESMTP\r\n".to_vec()),
        bad("HTTP/2", b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0d\0\x04\0\x10\0\0\0\x06\0\0@\0".to_vec()),
        bad("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}".to_vec()),
    ]
}

fn broken() -> Vec<Row> {
    let lost = |name, steps| (name, steps, Unknown, "connection_lost");
    let chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"res\r\n".to_vec();
    let told = b"HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n".to_vec();
    let endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let header = b"X-Filler: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n".repeat(50);
    let large = |name, steps| (name, steps, Unknown, "answer_too_large");
    vec![
        lost("closed at once", vec![]),
        lost("reset at once", vec![Reset]),
        lost("closed when heard", vec![Hear]),
        lost("reset when heard", vec![Hear, Reset]),
        lost("empty lines", vec![Hear, Say(b"\r\n".repeat(9))]),
        lost("cut in the status line", vec![Hear, Say(b"HTTP/1.1 20".to_vec())]),
        lost("cut in a refusal's status line", vec![Hear, Say(b"HTTP/1.1 403 Forb".to_vec())]),
        lost("cut in the head", vec![Hear, Say(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec())]),
        lost("cut before the body", vec![Hear, Say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".to_vec())]),
        lost("cut before the last byte", vec![Hear, Say(cut(1))]),
        lost("cut in the password", vec![Hear, Say(cut(70))]),
        lost("reset in the body", vec![Hear, Say(cut(70)), Wait(Duration::from_millis(20)), Reset]),
        lost("cut between chunks", vec![Hear, Say(chunk)]),
        large("longer than the cap by its head", vec![Hear, Say(told), Hang]),
        large("endless body", vec![Hear, Say(endless), Babble(vec![b' '; 8192])]),
        large("endless head", vec![Hear, Say(b"HTTP/1.1 200 OK\r\n".to_vec()), Babble(header)]),
    ]
}

fn slow() -> Vec<Row> {
    let late = |name, steps| (name, steps, Unknown, "timeout");
    vec![
        late("accepts and hangs", vec![Hang]),
        late("hears and hangs", vec![Hear, Hang]),
        late("hangs in the head", vec![Hear, Say(b"HTTP/1.1 200 OK\r\n".to_vec()), Hang]),
        late("hangs in the body", vec![Hear, Say(cut(40)), Hang]),
        late("drips", vec![Hear, Drip(good(), 10)]),
        late("hangs after 100", vec![Hear, Say(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()), Hang]),
        late("says 100 for ever", vec![Hear, Drip(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100), 1)]),
        (
            "refusal that hangs in the body",
            vec![Hear, Say(b"HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\n".to_vec()), Hang],
            Refused,
            "no_permission",
        ),
        (
            "redirect that hangs in the body",
            vec![Hear, Say(b"HTTP/1.1 302 No\r\nContent-Length: 9\r\n\r\n".to_vec()), Hang],
            Unknown,
            "redirect",
        ),
    ]
}

fn told(answer: &Result<OneTimePassword, Error>) -> (OperationState, &'static str) {
    answer.as_ref().map_or_else(|error| (error.why().state(), error.why().name()), |_| (Done, "ok"))
}

async fn hold(rows: Vec<Row>, timing: Timing) {
    let server = Scripted::start().await;
    let mut wrong = Vec::new();
    for (name, script, state, named) in rows {
        server.follow(vec![script]);
        // Each with a breaker of its own.
        let writer = writer(&server.connection(), &timing).unwrap();
        let answer = reset(&writer).await;
        let calls = server.calls().len();
        if told(&answer) != (state, named) || calls != 1 {
            wrong.push(format!("{name}: {:?} {:?}, {calls} calls", told(&answer), answer.as_ref().err()));
        }
        if let Ok(password) = answer {
            assert_eq!(*password.reveal(), "S3cr3t}pw!", "{name}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_good_answer_is_taken_however_it_is_wrapped() {
    hold(good_answers(), patient()).await;
}

#[tokio::test]
async fn every_http_status_leads_to_the_right_world_with_one_call() {
    hold(statuses(), patient()).await;
}

#[tokio::test]
async fn a_4xx_is_a_refusal_unless_it_contradicts_itself() {
    hold(refusals(), patient()).await;
}

#[tokio::test]
async fn an_unusable_answer_is_unknown() {
    hold(unusable(), patient()).await;
}

#[tokio::test]
async fn a_broken_or_endless_answer_is_unknown() {
    hold(broken(), patient()).await;
}

#[tokio::test]
async fn a_slow_answer_is_unknown() {
    let hasty = Patience { total: Duration::from_millis(300), ..patient().writer };
    hold(slow(), Timing { writer: hasty, ..patient() }).await;
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody: Connection = Connection {
        label: "x".to_owned(),
        base_url: format!("http://{closed}").parse().unwrap(),
        project: "cl12345".to_owned(),
        api_key: "key".into(),
        breaker: Breaker::new(Clock::system()),
    };
    let nowhere = Connection { base_url: "https://nowhere.invalid".parse().unwrap(), ..nobody.clone() };
    for connection in [nobody, nowhere] {
        let answer = reset(&writer(&connection, &patient()).unwrap()).await;
        assert_eq!(told(&answer), (NotSent, "connect"), "{:?}", answer.err());
    }
}

#[tokio::test]
async fn a_failed_tls_handshake_sent_nothing() {
    let server = Scripted::start().await;
    let alert = b"\x15\x03\x01\0\x02\x02\x28".to_vec();
    for (name, script) in [
        ("closes", vec![]),
        ("resets", vec![Reset]),
        ("hangs", vec![Hang]),
        ("alert", vec![Say(alert), Hang]),
        ("plain HTTP", vec![Say(good()), Hang]),
    ] {
        server.follow(vec![script]);
        let writer = writer(&server.reached_by("https"), &Timing::default().faster(20)).unwrap();
        let answer = reset(&writer).await;
        assert_eq!(told(&answer), (NotSent, "connect"), "{name}: {:?}", answer.err());
        assert_eq!(server.calls().len(), 1, "{name}");
    }
}
