//! The search for what must be nowhere: passwords that GleSYS made, passwords of the staff, cookies and the API key, in
//! every file of a folder and in each form that a program might give them.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use nyckel::simulator::{DEMO_KEY, PROJECT};

use super::stage::{PASSWORD, Stage};

/// Looks for every secret of the stage in its folder; returns how many secrets were looked for in how many bytes.
pub fn searches(stage: &Stage) -> (usize, usize) {
    let made = stage.glesys.calls().into_iter().filter_map(|call| call.password);
    let cookies = stage.people.iter().map(|person| person.cookie().to_owned());
    let fixed = [PASSWORD.to_owned(), DEMO_KEY.to_owned(), STANDARD_NO_PAD.encode(format!("{PROJECT}:{DEMO_KEY}"))];
    let secrets: Vec<String> = made.chain(cookies).chain(fixed).collect();
    let mut patterns: Vec<(String, Vec<u8>)> = Vec::new();
    for secret in &secrets {
        for form in forms(secret) {
            patterns.push((secret.clone(), form));
        }
    }
    let mut bytes = 0;
    each_file(stage.dir.path(), &mut |path, content| {
        bytes += content.len();
        let found = found(content, &patterns);
        assert!(found.is_empty(), "{found:?} in {}", path.display());
    });
    (secrets.len(), bytes)
}

/// Plain, base64, hex, URL-encoded, escaped for HTML and for JSON.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex = secret.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let html = secret.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
    let json = serde_json::to_string(secret).unwrap();
    let mut forms =
        vec![secret.to_owned(), STANDARD_NO_PAD.encode(secret), hex, url, html, json.trim_matches('"').to_owned()];
    forms.sort();
    forms.dedup();
    forms.into_iter().map(String::into_bytes).collect()
}

/// One pass over the content: what begins like a pattern is compared with those that begin so.
fn found(content: &[u8], patterns: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut by_start: std::collections::HashMap<[u8; 6], Vec<&(String, Vec<u8>)>> = std::collections::HashMap::new();
    for pattern in patterns {
        by_start.entry(pattern.1[..6].try_into().unwrap()).or_default().push(pattern);
    }
    let mut found = Vec::new();
    for (place, start) in content.windows(6).enumerate() {
        for (secret, form) in by_start.get(start).into_iter().flatten() {
            if content[place..].starts_with(form) {
                found.push(secret.clone());
            }
        }
    }
    found
}

fn each_file(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, look);
        } else {
            look(&path, &std::fs::read(&path).unwrap());
        }
    }
}
