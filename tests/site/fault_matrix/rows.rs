//! The rows in which GleSYS, or something on the way to it, misbehaves over HTTP.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::Duration;

use nyckel::simulator::{Fault, Wrong};

use super::wire::{body, cut, envelope, good, good_body, http, says, says_and_stays};
use super::{Does, PASSWORD, Row, holds};

const LOST: &str = "unknown: connection_lost";
const LATE: &str = "unknown: timeout";
const UNUSABLE: &str = "unknown: unusable_answer";
const SERVER_ERROR: &str = "unknown: server_error";
const REDIRECT: &str = "unknown: redirect";
const TOO_LARGE: &str = "unknown: answer_too_large";
const NOT_SENT: &str = "not_sent: connect";

fn connections() -> Vec<Row> {
    let broken_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    vec![
        Row::unheard("nobody listens", Does::IsAway, NOT_SENT),
        Row::unheard("its name leads nowhere", Does::HasNoAddress, NOT_SENT),
        Row::unheard("accepts and ends at once", Does::ShutsTheDoor, LOST),
        Row::heard("hears and resets, not having done it", Fault::CloseBefore, LOST),
        Row::heard("does it and resets", Fault::CloseAfter, LOST),
        Row::heard("hears and ends, not having done it", Fault::EndBefore, LOST),
        Row::heard("does it and ends", Fault::EndAfter, LOST),
        Row::heard("says only empty lines", says("\r\n".repeat(9)), LOST),
        Row::heard("is cut in the status line", says("HTTP/1.1 20"), LOST),
        Row::heard("is cut in a refusal's status line", says("HTTP/1.1 403 Forb").applying(false), LOST),
        Row::heard("is cut in the head", Fault::HalfHead, LOST),
        Row::heard("is cut between head and body", says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), LOST),
        Row::heard("is cut in the middle of the body", Fault::HalfAnswer, LOST),
        Row::heard("is cut in the password", says(cut(35)), LOST),
        Row::heard("is cut before the last byte", says(cut(1)), LOST),
        Row::heard("is cut between chunks", says(format!("{broken_chunk}5\r\n{{\"res\r\n")), LOST),
        Row::heard(
            "sends a chunk of no length",
            says(format!("{broken_chunk}zz\r\n{}\r\n0\r\n\r\n", good_body())),
            LOST,
        ),
    ]
}

fn slow() -> Vec<Row> {
    let s = Duration::from_secs;
    vec![
        Row::heard("hears and is silent, not having done it", Fault::HangBefore, LATE),
        Row::heard("does it and is silent", Fault::HangAfter, LATE),
        Row::heard("does it after the caller has gone", Fault::LateEffect(s(3600)), LATE),
        Row::heard("does it three quarters of a minute later", Fault::Deferred(s(45)), LATE),
        Row::heard("does it and answers too late", Fault::Slow(s(3600)), LATE),
        Row::heard("answers too late, not having done it", Fault::Slow(s(3600)).applying(false), LATE),
        Row::heard("answers byte by byte, too slowly", Fault::Drip(Duration::from_millis(20)), LATE),
        Row::heard("is silent in the head", says_and_stays("HTTP/1.1 200 OK\r\n"), LATE),
        Row::heard("is silent in the body", says_and_stays(cut(40)), LATE),
        Row::heard("is silent after 100 Continue", says_and_stays("HTTP/1.1 100 Continue\r\n\r\n"), LATE),
        Row::heard("says 408", status(408), LATE),
        Row::heard("says 400, and 408 inside", coded(400, 408), LATE),
    ]
}

fn status(http: u16) -> Fault {
    Fault::Status { http, code: http, text: "Something".to_owned(), envelope: true }
}

fn bare(http: u16) -> Fault {
    Fault::Status { http, code: http, text: "Something".to_owned(), envelope: false }
}

fn coded(http: u16, code: u16) -> Fault {
    Fault::Status { http, code, text: "Something".to_owned(), envelope: true }
}

fn worded(http: u16, text: &str) -> Fault {
    Fault::Status { http, code: http, text: text.to_owned(), envelope: true }
}

fn statuses() -> Vec<Row> {
    let mismatch = |http, code| Fault::CodeMismatch { http, code };
    vec![
        Row::heard(
            "switches protocols (101)",
            says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
            UNUSABLE,
        ),
        Row::heard("says 201", says(http("201 Created", "", &good_body())), UNUSABLE),
        Row::heard("says 204", says("HTTP/1.1 204 No Content\r\n\r\n"), UNUSABLE),
        Row::heard("says 206", says(http("206 Partial Content", "", &good_body())), UNUSABLE),
        Row::heard("says 304", says("HTTP/1.1 304 Not Modified\r\n\r\n"), REDIRECT),
        Row::heard("says 500", status(500), SERVER_ERROR),
        Row::heard("says 500, having done it", status(500).applying(true), SERVER_ERROR),
        Row::heard("says 500 around a good answer", mismatch(500, 200), SERVER_ERROR),
        Row::heard("says 502, as a proxy", bare(502), SERVER_ERROR),
        Row::heard("says 503, as a proxy", bare(503), SERVER_ERROR),
        Row::heard("says 504, as a proxy, having done it", bare(504).applying(true), SERVER_ERROR),
        Row::heard("says 999", says(http("999 What", "", "")), UNUSABLE),
        Row::heard("says 200, and 500 inside", mismatch(200, 500), SERVER_ERROR),
        Row::heard("says 200, and 400 inside", coded(200, 400), UNUSABLE),
        Row::heard("says 200, and 401 inside", coded(200, 401), UNUSABLE),
        Row::heard("says 400, and 200 inside", mismatch(400, 200), UNUSABLE),
        Row::heard("says 400, and 500 inside", coded(400, 500), SERVER_ERROR),
        Row::heard("says 400 beside a password", mismatch(400, 400), UNUSABLE),
    ]
}

fn refusals() -> Vec<Row> {
    vec![
        Row::heard("says 400", status(400), "refused: invalid"),
        Row::heard("says 400: could not find", worded(400, "Could not find email account\n"), "refused: not_found"),
        Row::heard("says 400: locked", worded(400, "Server Locked"), "refused: locked"),
        Row::heard("says 401", worded(401, "Access Denied."), "refused: wrong_key"),
        Row::heard("says 401: not from this IP", worded(401, "IP not allowed"), "refused: ip_not_allowed"),
        Row::heard("says 401 with a challenge only", bare(401), "refused: wrong_key"),
        Row::heard("says 403, as a firewall", bare(403), "refused: no_permission"),
        Row::heard("says 404", status(404), "refused: not_found"),
        Row::heard("says 404, as somebody else's web server", bare(404), "refused: not_the_api"),
        Row::heard("says 407, as a proxy", bare(407), "refused: not_the_api"),
        Row::heard("says 418", status(418), "refused: refused"),
        Row::heard("says 423", bare(423), "refused: locked"),
        Row::heard("says 429", status(429), "refused: too_many_calls"),
        Row::heard("says 403 and promises a body of 100 MB", refused_at_length(), "refused: no_permission"),
    ]
}

fn refused_at_length() -> nyckel::simulator::Planned {
    says("HTTP/1.1 403 No\r\nContent-Length: 99999999\r\n\r\n").applying(false)
}

fn redirects(elsewhere: &str) -> Vec<Row> {
    let to = |http, to: Option<&str>| Fault::Redirect { http, to: to.map(str::to_owned) };
    let other = Some(elsewhere);
    vec![
        Row::heard("redirects to itself (301)", to(301, None), REDIRECT),
        Row::heard("redirects to itself (302)", to(302, None), REDIRECT),
        Row::heard("redirects to itself (307)", to(307, None), REDIRECT),
        Row::heard("redirects to itself (308)", to(308, None), REDIRECT),
        Row::heard("redirects to another host (301)", to(301, other), REDIRECT),
        Row::heard("redirects to another host (302)", to(302, other), REDIRECT),
        Row::heard("redirects to another host (303)", to(303, other), REDIRECT),
        Row::heard("redirects to another host (307)", to(307, other), REDIRECT),
        Row::heard("redirects to another host (308)", to(308, other), REDIRECT),
        Row::heard("redirects having done it (303)", to(303, None).applying(true), REDIRECT),
    ]
}

fn unusable() -> Vec<Row> {
    let payload = |payload: &str| body(&envelope("200", "OK", payload));
    let twice = format!(r#""password":"{PASSWORD}","password":"another","#);
    let shorter = format!("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n{}", good_body());
    let lengths = format!("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", good_body());
    let http2 = "\0\0\u{12}\u{4}\0\0\0\0\0\0\u{3}\0\0\0d\0\u{4}\0\u{10}\0\0\0\u{6}\0\0@\0";
    vec![
        Row::heard("says nothing in the body", Fault::EmptyBody, UNUSABLE),
        Row::heard("says garbage", Fault::Garbage, UNUSABLE),
        Row::heard("speaks SMTP", Fault::NotHttp, UNUSABLE),
        Row::heard("speaks HTTP/2", says(http2), UNUSABLE),
        Row::heard("answers in XML", Fault::Xml, UNUSABLE),
        Row::heard("answers with a page of HTML", Fault::Html, UNUSABLE),
        Row::heard("leaves the password out", Fault::WrongType(Wrong::Missing), UNUSABLE),
        Row::heard("sends a number for a password", Fault::WrongType(Wrong::Number), UNUSABLE),
        Row::heard("sends a truth for a password", Fault::WrongType(Wrong::Bool), UNUSABLE),
        Row::heard("sends null for a password", Fault::WrongType(Wrong::Null), UNUSABLE),
        Row::heard("sends an object for a password", Fault::WrongType(Wrong::Object), UNUSABLE),
        Row::heard("sends a list for a password", Fault::WrongType(Wrong::List), UNUSABLE),
        Row::heard("sends an empty password", Fault::WrongType(Wrong::Empty), UNUSABLE),
        Row::heard("sends two passwords", payload(&twice), UNUSABLE),
        Row::heard("sends half a sign in the password", payload(r#""password":"\ud800","#), UNUSABLE),
        Row::heard("sends no envelope", body(&format!(r#"{{"password":"{PASSWORD}"}}"#)), UNUSABLE),
        Row::heard("sends a list", body("[]"), UNUSABLE),
        Row::heard("sends an envelope without a code", body(r#"{"response":{"status":{},"password":"x"}}"#), UNUSABLE),
        Row::heard("sends brackets 60 000 deep", body(&"[".repeat(60_000)), UNUSABLE),
        Row::heard("sends more after the JSON", body(&format!("{}}}", good_body())), UNUSABLE),
        Row::heard("promises less than it sends", says(shorter), UNUSABLE),
        Row::heard("promises two lengths", says(lengths), UNUSABLE),
        Row::heard("sends a gzip bomb", Fault::GzipBomb(10_000_000), UNUSABLE),
        Row::heard("sends 10 MB of blanks", Fault::Huge(10_000_000), TOO_LARGE),
        Row::heard(
            "promises 64 KiB and a byte",
            says_and_stays("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n"),
            TOO_LARGE,
        ),
        Row::heard("sends a head of 2 MB", says(format!("HTTP/1.1 200 OK\r\n{}", filler())), TOO_LARGE),
        Row::heard(
            "answers 500 at first and well later",
            says([http("500 Oops", "", ""), good()].concat()),
            SERVER_ERROR,
        ),
    ]
}

fn filler() -> String {
    format!("X-Filler: {}\r\n", "0123456789".repeat(20)).repeat(10_000)
}

#[tokio::test]
async fn fault_matrix_connections() {
    Box::pin(holds(connections())).await;
}

#[tokio::test]
async fn fault_matrix_slowness() {
    Box::pin(holds(slow())).await;
}

#[tokio::test]
async fn fault_matrix_statuses() {
    Box::pin(holds(statuses())).await;
}

#[tokio::test]
async fn fault_matrix_refusals() {
    Box::pin(holds(refusals())).await;
}

#[tokio::test]
async fn fault_matrix_redirects() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/email/resetpassword", elsewhere.local_addr().unwrap());
    Box::pin(holds(redirects(&address))).await;
    let heard = elsewhere.accept().map(drop).map_err(|error| error.kind());
    assert_eq!(heard, Err(ErrorKind::WouldBlock), "somebody came to where the redirects lead");
}

#[tokio::test]
async fn fault_matrix_unusable_answers() {
    Box::pin(holds(unusable())).await;
}
