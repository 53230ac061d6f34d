//! Serves style sheets, scripts and icons from the program itself, for the router's `GET /static/{*path}`.
//!
//! A path holds the hash of its content, so an answer may be kept for ever: a changed file has another path, and a
//! path of another build is a 404. `build.rs` makes the table, with the compressed forms.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// A file and the forms of it that were made ahead of time.
struct Asset {
    path: &'static str,
    hash: &'static str,
    content_type: &'static str,
    identity: &'static [u8],
    br: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/asset_files.rs"));

/// One form of a file: what stands in `Content-Encoding`, and the bytes.
type Form = (&'static str, &'static [u8]);

const IDENTITY: &str = "identity";

/// The file at that path in the smallest form that the browser takes; 304 if it has it, 404 if there is none.
pub async fn show(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (coding, bytes) = asset.form_for(&headers);
    // A strong tag names the very bytes, so each form has its own.
    let tag = format!("\"{}-{coding}\"", asset.hash);

    let mut response =
        if has(&headers, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(bytes).into_response() };
    let fields = response.headers_mut();
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    fields.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(ETAG, tag);
    }
    if response.status() == StatusCode::OK {
        let fields = response.headers_mut();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        if coding != IDENTITY {
            fields.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    response
}

impl Asset {
    /// The form that the browser likes best, the smaller one where it doesn't mind. The plain one is never refused:
    /// whoever rules it out and takes no other would get nothing at all.
    fn form_for(&self, headers: &HeaderMap) -> Form {
        let plain = ((IDENTITY, self.identity), weight(headers, IDENTITY).unwrap_or(0));
        let packed = [("gzip", self.gzip), ("br", self.br)].into_iter().filter_map(|(coding, bytes)| {
            let weight = weight(headers, coding).filter(|weight| *weight > 0)?;
            Some(((coding, bytes?), weight))
        });
        // Of equals the last one wins, which is the smallest.
        packed.fold(plain, |best, next| if next.1 >= best.1 { next } else { best }).0
    }
}

/// How much the browser likes a coding, in thousandths; `None` if it doesn't say.
fn weight(headers: &HeaderMap, coding: &str) -> Option<u16> {
    let weight_of = |name: &str| {
        list(headers, &ACCEPT_ENCODING).find_map(|item| {
            let (item, parameters) = item.split_once(';').unwrap_or((item, ""));
            item.trim().eq_ignore_ascii_case(name).then(|| thousandths(parameters))
        })
    };
    weight_of(coding).or_else(|| weight_of("*"))
}

/// The value of `q=0.5` in thousandths; what can't be read counts as not wanted.
fn thousandths(parameters: &str) -> u16 {
    let Some((_, value)) = parameters.split_once('=') else { return 1000 };
    let (whole, part) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    format!("{whole}{part:0<3}").parse().unwrap_or(0)
}

/// Whether the browser says that it has the form with this tag.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    list(headers, &IF_NONE_MATCH).any(|item| item == "*" || item.trim_start_matches("W/") == tag)
}

/// The items of a header that may be one line or several.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::{Method, Request};
    use axum::routing::get;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(method: Method, path: &str, fields: &[(HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(format!("/static/{path}"));
        for (name, value) in fields {
            request = request.header(name, *value);
        }
        let router = Router::new().route("/static/{*path}", get(show));
        let (parts, body) = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    fn sheet() -> &'static Asset {
        ASSETS.iter().find(|asset| asset.path.ends_with("/app.css")).unwrap()
    }

    async fn coding_for(accept: &str) -> String {
        let (status, headers, body) = ask(Method::GET, sheet().path, &[(ACCEPT_ENCODING, accept)]).await;
        assert_eq!(status, StatusCode::OK);
        let coding = headers.get(CONTENT_ENCODING).map_or(IDENTITY, |value| value.to_str().unwrap());
        let forms = [(IDENTITY, Some(sheet().identity)), ("br", sheet().br), ("gzip", sheet().gzip)];
        assert!(forms.contains(&(coding, Some(&body))), "{accept}: another form's bytes");
        coding.to_owned()
    }

    #[tokio::test]
    async fn the_browser_gets_the_form_that_it_likes_best() {
        for (accept, coding) in [
            ("", "identity"),
            ("gzip, deflate, br, zstd", "br"),
            ("GZIP", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("br;q=0.000, gzip;q=0.0", "identity"),
            ("br;q=0.5, gzip;q=0.8", "gzip"),
            ("gzip;q=0.5, identity", "identity"),
            ("*", "br"),
            ("*;q=0, gzip;q=0.1", "gzip"),
            ("*;q=0", "identity"),
            ("br;q=lots", "identity"),
            ("deflate", "identity"),
        ] {
            assert_eq!(coding_for(accept).await, coding, "{accept}");
        }
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_and_told_apart_by_form() {
        let (_, plain, _) = ask(Method::GET, sheet().path, &[]).await;
        let (_, packed, _) = ask(Method::GET, sheet().path, &[(ACCEPT_ENCODING, "br")]).await;
        for headers in [&plain, &packed] {
            assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(headers[VARY], "accept-encoding");
            assert_eq!(headers[CONTENT_TYPE], "text/css; charset=utf-8");
        }
        assert_ne!(plain[ETAG], packed[ETAG]);
    }

    #[tokio::test]
    async fn a_browser_that_has_the_file_gets_no_bytes() {
        let (_, headers, _) = ask(Method::GET, sheet().path, &[]).await;
        let tag = headers[ETAG].to_str().unwrap();
        for known in [tag, "*", &format!("\"other\", W/{tag}")] {
            let (status, headers, body) = ask(Method::GET, sheet().path, &[(IF_NONE_MATCH, known)]).await;
            assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
            assert_eq!(headers[ETAG], tag);
            assert!(!headers.contains_key(CONTENT_TYPE));
        }
        let (status, ..) = ask(Method::GET, sheet().path, &[(IF_NONE_MATCH, tag), (ACCEPT_ENCODING, "br")]).await;
        assert_eq!(status, StatusCode::OK, "it has another form");
    }

    #[tokio::test]
    async fn head_tells_the_length_without_the_bytes() {
        let (status, headers, body) = ask(Method::HEAD, sheet().path, &[]).await;
        assert_eq!((status, body.len()), (StatusCode::OK, 0));
        assert_eq!(headers["content-length"], sheet().identity.len().to_string());
    }

    #[tokio::test]
    async fn a_path_of_another_build_is_not_found() {
        for path in ["app.css", "0000000000000000/app.css", "../Cargo.toml", "%2e%2e/Cargo.toml"] {
            assert_eq!(ask(Method::GET, path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn every_file_says_how_its_text_is_to_be_read() {
        for asset in ASSETS {
            assert!(asset.content_type.ends_with("; charset=utf-8"), "{}: {}", asset.path, asset.content_type);
        }
    }

    #[test]
    fn compressed_forms_save_bytes() {
        for asset in ASSETS {
            for form in [asset.br, asset.gzip].into_iter().flatten() {
                assert!(form.len() < asset.identity.len(), "{}", asset.path);
            }
        }
    }
}
