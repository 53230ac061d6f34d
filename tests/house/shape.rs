//! Sizes, names and places of files.

use super::tokens::{sign_at, tokens};
use super::tree::{File, Tree};
use crate::holds;

/// The most lines of a file that people write.
const MOST_LINES: usize = 400;
/// The most lines of a module that runs in the browser.
const MOST_SCRIPT_LINES: usize = 60;

/// What may stand at the top of the project (design, section 2), beside dot files. Cargo wants `build.rs` there.
pub const TOP_LEVEL: [&str; 17] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "askama.toml",
    "benches",
    "build.rs",
    "compose.postgres.yaml",
    "compose.yaml",
    "docs",
    "migrations",
    "src",
    "static",
    "templates",
    "tests",
];

/// Names that say nothing about what a file is for.
const EMPTY_NAMES: [&str; 10] =
    ["common", "helper", "helpers", "manager", "managers", "misc", "shared", "util", "utilities", "utils"];

/// Rust files that don't begin by saying what they are for.
fn silent_files(tree: &Tree) -> Vec<String> {
    let silent = tree.rust().filter(|file| !file.text.trim_start().starts_with("//! "));
    silent
        .map(|file| file.breach(1, "begins without `//!`; say what it is for, who calls it, what it promises"))
        .collect()
}

/// Files that are too long to be read in one go.
fn long_files(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in &tree.0 {
        let is_ours = matches!(file.ending(), "rs" | "html" | "css" | "js" | "mjs" | "sql" | "");
        let is_for_browsers = file.below("static/js").is_some();
        let most = if is_for_browsers { MOST_SCRIPT_LINES } else { MOST_LINES };
        let lines = file.text.lines().count();
        if is_ours && lines > most && !file.path.starts_with("LICENSE") {
            found.push(file.breach(most + 1, &format!("goes on to line {lines}; split it, {most} lines are the most")));
        }
    }
    found
}

/// Files and folders named after nothing.
fn empty_names(tree: &Tree) -> Vec<String> {
    let has_empty_name = |file: &&File| {
        file.path.split('/').any(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default()))
    };
    tree.0
        .iter()
        .filter(has_empty_name)
        .map(|file| file.breach(1, "has an empty name; name it for what it does"))
        .collect()
}

/// Lints switched off without a check that they still speak.
fn allowed_lints(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust() {
        let tokens = tokens(&file.text);
        let mut attribute_depth = 0_usize;
        for (at, token) in tokens.iter().enumerate() {
            let opens = token.is_sign("[") && (attribute_depth > 0 || is_attribute(&tokens, at));
            attribute_depth += usize::from(opens);
            attribute_depth -= usize::from(attribute_depth > 0 && token.is_sign("]"));
            if attribute_depth > 0 && token.is_word("allow") && sign_at(&tokens, at + 1, "(") {
                found.push(file.breach(token.line, "uses `allow`; write `#[expect(…, reason = \"…\")]`"));
            }
        }
    }
    found
}

fn is_attribute(tokens: &[super::tokens::Token<'_>], at: usize) -> bool {
    let before = |steps: usize, sign: &str| at >= steps && tokens[at - steps].is_sign(sign);
    before(1, "#") || (before(1, "!") && before(2, "#"))
}

/// Migrations that only one of the two databases has.
fn lonely_migrations(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (own, other) in [("sqlite", "postgres"), ("postgres", "sqlite")] {
        for file in &tree.0 {
            let Some(name) = file.below(&format!("migrations/{own}")) else { continue };
            let twin = format!("migrations/{other}/{name}");
            if !tree.0.iter().any(|file| file.path == twin) {
                found.push(file.breach(1, &format!("has no twin; write {twin}, for every statement runs on both")));
            }
        }
    }
    found
}

/// Files and folders that the design does not put at the top.
fn strangers_at_the_top(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut last = "";
    for file in &tree.0 {
        let top = file.path.split('/').next().unwrap_or_default();
        if top != last && !TOP_LEVEL.contains(&top) {
            found.push(file.breach(1, &format!("`{top}` does not belong at the top; the design lists what does")));
        }
        last = top;
    }
    found
}

#[test]
fn every_file_says_what_it_is_for() {
    holds(
        silent_files,
        &[("src/model/mod.rs", "//! Values.\n"), ("tests/site/main.rs", "\n//! Stories.")],
        &[("src/model/mod.rs", "use std::fmt;"), ("tests/site/main.rs", "// Stories."), ("build.rs", "")],
    );
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let (fits, long, script) = ("\n".repeat(400), "\n".repeat(401), "\n".repeat(61));
    holds(
        long_files,
        &[("src/a.rs", &fits), ("Cargo.lock", &long), ("LICENSE", &long), ("tests/browser/a.mjs", &script)],
        &[("src/a.rs", &long), ("static/js/copy.js", &script), ("templates/a.html", &long), ("tests/all", &long)],
    );
}

#[test]
fn no_file_has_an_empty_name() {
    holds(
        empty_names,
        &[("src/access/password.rs", ""), ("static/js/copy.js", "")],
        &[("src/utils.rs", ""), ("src/helpers/mod.rs", ""), ("src/access/manager.rs", ""), ("static/js/util.js", "")],
    );
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    holds(
        allowed_lints,
        &[("src/a.rs", "#[expect(dead_code, reason = \"allow(this)\")] fn f() { allow(x[0]); }")],
        &[
            ("src/a.rs", "#[allow(dead_code)] fn f() {}"),
            ("tests/a.rs", "#![allow(dead_code)]"),
            ("src/a.rs", "#[cfg_attr(test, allow(dead_code))] fn f() {}"),
        ],
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    holds(
        lonely_migrations,
        &[("migrations/sqlite/0001_staff.sql", ""), ("migrations/postgres/0001_staff.sql", "")],
        &[("migrations/sqlite/0002_audit.sql", ""), ("migrations/postgres/0002_audit.sql", "")],
    );
}

#[test]
fn nothing_stands_at_the_top_that_the_design_does_not_put_there() {
    holds(
        strangers_at_the_top,
        &[("Cargo.toml", ""), ("src/lib.rs", ""), ("tests/all", "")],
        &[("scripts/release", ""), ("Makefile", ""), ("TODO.md", "")],
    );
}
