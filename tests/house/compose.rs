//! The Compose files can be read, name nothing that is not there, and give the panel the time that it takes to stop.

use super::tree::{File, Tree};
use crate::holds;

/// How long running operations may take when the panel stops, and the end of it.
const STOPS_WITHIN: u64 = 40;
/// Where the services name what stands at the top under the same name.
const DECLARED: [&str; 4] = ["configs", "networks", "secrets", "volumes"];

/// A line of YAML as these files write it: what leads to it, and its value.
struct Entry<'a> {
    line: usize,
    path: Vec<&'a str>,
    value: &'a str,
}

/// The part of YAML that these files keep to: mappings by two blanks, lists in brackets, texts that go on behind a `|`.
fn read(text: &str) -> Result<Vec<Entry<'_>>, (usize, &'static str)> {
    let (mut path, mut entries, mut text_from) = (Vec::new(), Vec::new(), None);
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        let said = line.trim_start_matches(' ');
        let depth = (line.len() - said.len()) / 2;
        if said.is_empty() || text_from.is_some_and(|from| depth > from) {
            continue;
        }
        text_from = None;
        if said.starts_with('#') {
            continue;
        }
        if (line.len() - said.len()) % 2 != 0 || depth > path.len() || line.contains('\t') {
            return Err((number, "is not indented by two blanks more than what it belongs to"));
        }
        let (key, value) = said.split_once(':').ok_or((number, "is no `key: value`"))?;
        let value = value.strip_prefix(' ').unwrap_or(value);
        let open = |sign: char| value.matches(sign).count();
        if open('[') != open(']') || open('{') != open('}') || !open('"').is_multiple_of(2) || value.contains(" #") {
            return Err((number, "does not end what it begins, or has a comment behind it"));
        }
        path.truncate(depth);
        path.push(key);
        if entries.iter().any(|entry: &Entry<'_>| entry.path == path) {
            return Err((number, "is there twice"));
        }
        text_from = (value == "|").then_some(depth);
        entries.push(Entry { line: number, path: path.clone(), value });
    }
    Ok(entries)
}

/// The names in a list such as `["data:/data", glesys, { source: caddy, target: … }]`, as far as they are no paths.
fn names(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.trim_matches(['[', ']']).split(',').map(str::trim);
    let parts = parts.filter(|part| !part.starts_with("target:")).map(|part| part.trim_matches(['{', '"', ' ', '}']));
    let parts = parts.map(|part| part.strip_prefix("source: ").unwrap_or(part));
    parts.map(|part| part.split(':').next().unwrap_or(part)).filter(|name| !name.starts_with(['.', '/']))
}

fn seconds(value: &str) -> u64 {
    value.trim_end_matches('s').parse().unwrap_or(0)
}

fn wrong_with(file: &File, readme: &str) -> Vec<String> {
    let entries = match read(&file.text) {
        Ok(entries) => entries,
        Err((line, what)) => return vec![file.breach(line, what)],
    };
    let mut found = Vec::new();
    let is_declared = |kind: &str, name: &str| entries.iter().any(|entry| entry.path == [kind, name]);
    for entry in &entries {
        let key = entry.path.last().copied().unwrap_or_default();
        if entry.path.len() > 1 && DECLARED.contains(&key) && entry.value.starts_with('[') {
            let missing = names(entry.value).filter(|name| !is_declared(key, name));
            found.extend(missing.map(|name| file.breach(entry.line, &format!("`{name}` is not among the {key}"))));
        }
        if key.starts_with("NYCKEL_") && !readme.contains(&format!("`{}`", key.trim_end_matches("_FILE"))) {
            found.push(file.breach(entry.line, &format!("README.md knows no {key}")));
        }
    }
    let of = |key: &'static str| {
        entries.iter().filter(move |entry| entry.path.last() == Some(&key)).map(|entry| entry.value)
    };
    let needed = STOPS_WITHIN + of("NYCKEL_DRAIN").map(seconds).max().unwrap_or(0);
    if of("stop_grace_period").map(seconds).min().unwrap_or(0) < needed {
        found.push(file.breach(1, &format!("gives the panel less than {needed} s to stop (stop_grace_period)")));
    }
    if of("NYCKEL_TRUSTED_PROXIES").ne(of("ipv4_address")) {
        found.push(file.breach(1, "trusts another address than the proxy's"));
    }
    found
}

/// Compose files that Compose, or the panel, would not take as they are meant.
fn unfit(tree: &Tree) -> Vec<String> {
    let readme = tree.0.iter().find(|file| file.path == "README.md").map_or("", |file| file.text.as_str());
    let files = tree.0.iter().filter(|file| file.path.starts_with("compose.") && file.ending() == "yaml");
    files.flat_map(|file| wrong_with(file, readme)).collect()
}

#[test]
fn compose_files_can_be_read_and_give_the_panel_time_to_stop() {
    let good = "services:\n  nyckel:\n    stop_grace_period: 50s\n    environment:\n      NYCKEL_DRAIN: 10s\n    \
                volumes: [\"data:/data\"]\nvolumes:\n  data:\n";
    let readme = ("README.md", "`NYCKEL_DRAIN`");
    let fits = |text: &str| unfit(&Tree::made_up(&[("compose.yaml", text), readme])).is_empty();
    assert!(fits(good));
    for (from, to) in [
        ("50s", "40s"),
        ("    stop_grace_period: 50s\n", ""),
        ("data:\n", "dataa:\n"),
        ("NYCKEL_DRAIN", "NYCKEL_DRIAN"),
        ("  nyckel:", " nyckel:"),
        ("data\"]", "data\""),
        ("  data:", "  data"),
        ("  data:", "\tdata:"),
        ("volumes:\n", "volumes:\nvolumes:\n"),
        ("NYCKEL_DRAIN: 10s", "NYCKEL_DRAIN: 10s\n      NYCKEL_DRAIN: 10s"),
    ] {
        assert!(!fits(&good.replacen(from, to, 1)), "{from} became {to}");
    }
    holds(unfit, &[("compose.yaml", good), readme], &[("compose.yaml", "services")]);
}
