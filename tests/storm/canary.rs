//! The search for what must be nowhere: passwords that GleSYS made, passwords of the staff, cookies and the API key, in
//! every file of a folder and in each form that a program might give them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use nyckel::simulator::{DEMO_KEY, PROJECT};

use super::mail::MAIL_PASSWORD;
use super::memory::Memory;
use super::stage::{PASSWORD, Stage};

/// How a form begins, in bytes.
const START: usize = 6;

/// Looks for every secret of the stage in its folder: data, copies of them, log, dumps of memory. Then empties the log
/// and forgets the copies, in which secrets made later can't be. Returns how many secrets were looked for in how many bytes.
pub fn searches(stage: &Stage, memory: &Memory) -> (usize, usize) {
    let made = stage.glesys.calls().into_iter().filter_map(|call| call.password);
    let cookies = stage.people.iter().map(|person| person.cookie().to_owned());
    let fixed = [PASSWORD.to_owned(), DEMO_KEY.to_owned(), STANDARD_NO_PAD.encode(format!("{PROJECT}:{DEMO_KEY}"))];
    let mail = [MAIL_PASSWORD.to_owned(), STANDARD_NO_PAD.encode(format!("\0nyckel\0{MAIL_PASSWORD}"))];
    let secrets: Vec<String> = made.chain(cookies).chain(fixed).chain(mail).chain(memory.secrets()).collect();
    let wanted = Wanted::new(&secrets);
    // Were the search blind, it would not see this either.
    assert!(wanted.found(format!("x{}y", URL_SAFE_NO_PAD.encode(&secrets[0])).as_bytes()).is_some());
    let mut bytes = 0;
    each_file(stage.dir.path(), &mut |path, content| {
        bytes += content.len();
        let found = wanted.found(content);
        assert!(found.is_none(), "{found:?} is in {}", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        assert!(!name.starts_with("core"), "the panel left its memory in {}", path.display());
    });
    std::fs::File::options().write(true).open(stage.dir.path().join("log")).unwrap().set_len(0).unwrap();
    for entry in std::fs::read_dir(stage.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("backup")) {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
    (secrets.len(), bytes)
}

/// Plain, hex, URL-encoded, escaped for HTML and for JSON, and base64 wherever in a longer text it may begin.
fn forms(secret: &str) -> HashSet<Vec<u8>> {
    let hex =
        |upper: bool| secret.bytes().map(|b| if upper { format!("{b:02X}") } else { format!("{b:02x}") }).collect();
    let url = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let html = secret.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
    let named = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let json = serde_json::to_string(secret).unwrap().trim_matches('"').to_owned();
    let bytes = format!("{:?}", secret.as_bytes()).trim_matches(['[', ']']).to_owned();
    let mut forms: HashSet<String> = [secret.to_owned(), hex(true), hex(false), url, html, named, json, bytes].into();
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        forms.insert(engine.encode(secret));
        for skipped in 1..3 {
            // The characters at both ends carry bits of the neighbours.
            let encoded = engine.encode("x".repeat(skipped) + secret);
            forms.insert(encoded[skipped + 1..encoded.len() - 1].to_owned());
        }
    }
    forms.into_iter().map(String::into_bytes).collect()
}

/// All forms of all secrets, by how they begin.
pub struct Wanted<'a> {
    starts: HashMap<[u8; START], Vec<(&'a str, Vec<u8>)>>,
    /// Whether any form begins with these two bytes: nearly everything is told apart by that alone.
    pairs: Vec<bool>,
}

impl<'a> Wanted<'a> {
    pub fn new(secrets: &'a [String]) -> Self {
        let mut this = Self { starts: HashMap::new(), pairs: vec![false; 1 << 16] };
        for secret in secrets {
            for form in forms(secret) {
                this.pairs[pair(&form)] = true;
                this.starts.entry(form[..START].try_into().unwrap()).or_default().push((secret, form));
            }
        }
        this
    }

    /// The first secret that the content holds.
    pub fn found(&self, content: &[u8]) -> Option<&'a str> {
        content.windows(START).enumerate().filter(|(_, start)| self.pairs[pair(start)]).find_map(|(place, start)| {
            let candidates = self.starts.get(start)?;
            candidates.iter().find(|(_, form)| content[place..].starts_with(form)).map(|(secret, _)| *secret)
        })
    }
}

fn pair(start: &[u8]) -> usize {
    usize::from(start[0]) << 8 | usize::from(start[1])
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
