//! Answers as they go over the wire, spelt out for the rows whose fault is in the spelling.

use nyckel::simulator::{Fault, Then};

use super::PASSWORD;

/// A whole answer, with its length.
pub fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The body that goes with a done reset.
pub fn good_body() -> String {
    envelope("200", "OK", &format!(r#""password":"{PASSWORD}","#))
}

/// GleSYS's envelope around `payload`, which ends with a comma or is empty.
pub fn envelope(code: &str, text: &str, payload: &str) -> String {
    format!(
        r#"{{"response":{{"status":{{"code":{code},"timestamp":"2026-11-23T12:00:00+01:00","text":"{text}"}},{payload}"debug":{{"input":[]}}}}}}"#
    )
}

/// A good answer.
pub fn good() -> String {
    http("200 OK", "Content-Type: application/json\r\n", &good_body())
}

/// A good answer without its last bytes.
pub fn cut(bytes: usize) -> String {
    let mut answer = good();
    answer.truncate(answer.len() - bytes);
    answer
}

/// GleSYS does it, says exactly this and ends the connection.
pub fn says(text: impl Into<String>) -> Fault {
    Fault::Raw { says: text.into(), then: Then::End }
}

/// GleSYS does it, says exactly this and stays, silent.
pub fn says_and_stays(text: impl Into<String>) -> Fault {
    Fault::Raw { says: text.into(), then: Then::Stay }
}

/// GleSYS does it and answers 200 with this body.
pub fn body(text: &str) -> Fault {
    says(http("200 OK", "", text))
}
