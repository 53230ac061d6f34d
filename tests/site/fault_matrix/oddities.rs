//! Good answers in odd clothes: the password was made, it is there, and the person gets it.

use std::time::Duration;

use nyckel::simulator::Fault;

use super::wire::{body, envelope, good, good_body, http, says, says_and_stays};
use super::{PASSWORD, Row, holds};

fn oddities() -> Vec<Row> {
    let done = |name, fault: Fault| Row::heard(name, fault, "done");
    let payload = format!(r#""password":"{PASSWORD}","#);
    let length = good_body().len();
    let (first, second) = (&good_body()[..40], &good_body()[40..]);
    let escaped = PASSWORD.replace('}', "\\u007d");
    vec![
        done("answers as it should", Fault::Slow(Duration::ZERO)),
        done("answers late, but in time", Fault::Slow(Duration::from_millis(60))),
        done("answers byte by byte, but in time", Fault::Drip(Duration::from_micros(50))),
        done("calls its JSON text/html", says(http("200 OK", "Content-Type: text/html\r\n", &good_body()))),
        done("names no content type", body(&good_body())),
        done("begins with a byte order mark", body(&format!("\u{feff}{}", good_body()))),
        done("begins with 60 000 blanks", body(&format!("{}{}", " ".repeat(60_000), good_body()))),
        done("puts the code in quotes", body(&envelope("\"200\"", "OK\\n", &payload))),
        done("adds fields that nobody knows", body(&envelope("200", "OK", &format!(r#"{payload}"news":[1,{{}}],"#)))),
        done("escapes characters of the password", body(&good_body().replace(PASSWORD, &escaped))),
        done("says 100 Continue first", says(format!("HTTP/1.1 100 Continue\r\n\r\n{}", good()))),
        done("says 103 Early Hints first", says(format!("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n{}", good()))),
        done(
            "answers in two chunks",
            says(format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n28\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
                length - 40
            )),
        ),
        done("speaks HTTP/1.0 and ends with the connection", says(format!("HTTP/1.0 200 OK\r\n\r\n{}", good_body()))),
        done(
            "writes its header names in capitals",
            says(http("200 OK", "CONTENT-TYPE: application/json\r\n", &good_body())),
        ),
        done("names another status text", says(good().replace("200 OK", "200 Fine"))),
        done("answers twice, the same", says([good(), good()].concat())),
        done("answers well, then 500", says([good(), http("500 Oops", "", "")].concat())),
        done("answers and leaves the connection open", says_and_stays(good())),
    ]
}

#[tokio::test]
async fn fault_matrix_good_answers_in_odd_clothes() {
    Box::pin(holds(oddities())).await;
}
