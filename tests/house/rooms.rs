//! Which room may import which, and which crates stay out of a room.

use super::tokens::{Kind, Token, sign_at, tokens};
use super::tree::{File, Tree};
use crate::holds;

/// Each room and the rooms it may import (design, section 2). Every room may name itself.
const MAY_IMPORT: [(&str, &[&str]); 14] = [
    ("main", &["cli"]),
    ("cli", &["access", "config", "glesys", "model", "server", "services", "simulator", "smtp", "store", "texts"]),
    ("config", &["model"]),
    ("server", &["access", "config", "glesys", "model", "oidc", "pages", "services", "smtp", "store", "texts"]),
    ("pages", &["access", "model", "services", "texts"]),
    ("services", &["access", "glesys", "model", "oidc", "smtp", "store"]),
    ("access", &["model", "store"]),
    ("glesys", &["model"]),
    ("oidc", &["model"]),
    // What it sends, people read.
    ("smtp", &["model", "texts"]),
    ("store", &["model"]),
    ("model", &[]),
    ("texts", &["model"]),
    ("simulator", &["model"]),
];

/// Crates whose job is another room's.
const NEVER_USES: [(&str, &[&str]); 8] = [
    ("server", &["sqlx"]),
    ("pages", &["lettre", "oauth2", "reqwest", "sqlx"]),
    ("services", &["askama", "axum", "http", "lettre", "oauth2", "reqwest", "sqlx"]),
    ("access", &["askama", "axum", "oauth2", "reqwest"]),
    ("glesys", &["askama", "axum", "sqlx"]),
    ("oidc", &["askama", "axum", "sqlx"]),
    ("smtp", &["askama", "axum", "reqwest", "sqlx"]),
    ("model", &["askama", "axum", "reqwest", "sqlx"]),
];

/// Imports of a room to the left, of the whole crate, and files that belong to no room.
pub fn arrows(tree: &Tree) -> Vec<String> {
    tree.code().filter(|file| file.path != "src/lib.rs").flat_map(arrows_of).collect()
}

fn arrows_of(file: &File) -> Vec<String> {
    let room = room_of(file);
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
        return vec![file.breach(1, &format!("`{room}` is no room of the house; move the file into one"))];
    };
    let mut tokens = tokens(&file.text);
    tokens.retain(|token| token.kind != Kind::Text);
    let mut named = rooms_named(&tokens, &module_of(file));
    named.retain(|(name, _)| *name != room && !allowed.contains(name));
    named.into_iter().map(|(name, line)| file.breach(line, &complaint(room, name, allowed))).collect()
}

fn complaint(room: &str, name: &str, allowed: &[&str]) -> String {
    if !MAY_IMPORT.iter().any(|(room, _)| *room == name) {
        return format!("`{name}` is no room; write `crate::room::…`, so that the arrow can be seen");
    }
    let right = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
    format!("`{room}` imports `{name}`; it may import {right}: move the code right or pass the value in")
}

/// Uses of a crate in a room that must not know it.
fn foreign_crates(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.code() {
        let room = room_of(file);
        let Some((_, kept_out)) = NEVER_USES.iter().find(|(name, _)| *name == room) else { continue };
        let tokens = tokens(&file.text);
        for (at, token) in tokens.iter().enumerate() {
            let begins_a_path = sign_at(&tokens, at + 1, "::") && (at == 0 || !sign_at(&tokens, at - 1, "::"));
            if begins_a_path && kept_out.iter().any(|name| token.is_word(name)) {
                found.push(file.breach(token.line, &format!("`{room}` never uses `{}`; see the design", token.text)));
            }
        }
    }
    found
}

/// `src/store/staff.rs` lies in `store`, `src/main.rs` in `main`.
fn room_of(file: &File) -> &str {
    let below = file.below("src").unwrap_or_default();
    below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn module_of(file: &File) -> Vec<&str> {
    let below = file.below("src").unwrap_or_default().trim_end_matches(".rs");
    let mut module: Vec<_> = below.split('/').collect();
    if matches!(module.last(), Some(&("mod" | "main"))) {
        module.pop();
    }
    module
}

/// The names that stand directly under the crate's root wherever a path leads there, with their lines.
fn rooms_named<'a>(tokens: &[Token<'a>], module: &[&'a str]) -> Vec<(&'a str, usize)> {
    let (mut found, mut depth, mut blocks) = (Vec::new(), module.len(), Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => {
                let is_module = at >= 2 && tokens[at - 2].is_word("mod");
                blocks.push(is_module);
                depth += usize::from(is_module);
            }
            "}" => depth -= usize::from(blocks.pop().unwrap_or(false)),
            "crate" if tokens.get(at + 1).is_some_and(|next| next.is_word("as") || next.is_word("self")) => {
                found.push(("crate as", token.line));
            }
            _ if at > 0 && sign_at(tokens, at - 1, "::") => {}
            _ => found.extend(after_root(tokens, at, depth).into_iter().flat_map(|at| first_names(tokens, at))),
        }
    }
    found
}

fn in_braces(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0 && (sign_at(tokens, at - 1, "{") || sign_at(tokens, at - 1, ","))
}

/// Where the path that begins here goes on under the crate's root, if it gets there.
fn after_root(tokens: &[Token<'_>], at: usize, depth: usize) -> Option<usize> {
    let is_root = tokens[at].is_word("crate") || (tokens[at].is_word("nyckel") && depth == 0);
    if is_root {
        return sign_at(tokens, at + 1, "::").then_some(at + 2);
    }
    let (mut next, mut steps) = (at, 0);
    while next < tokens.len() && (tokens[next].is_word("super") || tokens[next].is_word("self")) {
        if !sign_at(tokens, next + 1, "::") {
            return None;
        }
        steps += usize::from(tokens[next].is_word("super"));
        next += 2;
    }
    (steps > 0 && steps >= depth).then_some(next)
}

/// The first name of each branch of a path: `a` of `a::b`, `a` and `b` of `{a::c, b}`.
fn first_names<'a>(tokens: &[Token<'a>], at: usize) -> Vec<(&'a str, usize)> {
    let Some(first) = tokens.get(at) else { return Vec::new() };
    if !first.is_sign("{") {
        return vec![(first.text, first.line)];
    }
    let (mut found, mut open) = (Vec::new(), 0_usize);
    for (at, token) in tokens.iter().enumerate().skip(at) {
        match token.text {
            "{" => open += 1,
            "}" => open -= 1,
            _ if open == 1 && in_braces(tokens, at) => found.push((token.text, token.line)),
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    found
}

#[test]
fn a_room_imports_only_rooms_to_its_right() {
    holds(
        arrows,
        &[
            ("src/main.rs", "use nyckel::cli;"),
            ("src/server/mod.rs", "use crate::{config::Config, pages, services::{self, ledger}};"),
            ("src/pages/accounts/reset.rs", "use super::super::guard; use crate::services::resets;"),
            (
                "src/store/staff.rs",
                "//! crate::glesys\nfn f() -> &'static str { /* crate::pages */ \"crate::pages::x\" }",
            ),
            ("src/store/on.rs", "macro_rules! on { () => { $crate::store::Error } }"),
            ("src/model/address.rs", "mod tests { use super::*; use super::super::DomainName; }"),
            ("src/texts.rs", "pub(crate) fn f(a: crate::model::Address) { crate::texts::g(b'\\'', '\"') }"),
        ],
        &[
            ("src/store/staff.rs", "use crate::glesys::Client;"),
            ("src/glesys/mod.rs", "use crate::store;"),
            ("src/services/resets.rs", "use crate::{access::Can, pages::layout};"),
            ("src/services/resets.rs", "fn f() { let x = crate::texts::English; }"),
            ("src/access/mod.rs", "use super::services;"),
            ("src/access/can.rs", "use super::super::{model, services::operations::ledger};"),
            ("src/access/can.rs", "fn f() { super::super::glesys::g() }"),
            ("src/model/mod.rs", "mod tests { use super::super::texts; }"),
            ("src/model/mod.rs", "use super::*;"),
            ("src/model/mod.rs", "use crate as whole;"),
            ("src/model/mod.rs", "macro_rules! m { () => { $crate::store::Error } }"),
            ("src/simulator/state.rs", "use crate::glesys::wire;"),
            ("src/texts/sv.rs", "use crate::services::Failure;"),
            ("src/cli/serve.rs", "use crate::pages::app;"),
            ("src/main.rs", "use nyckel::server;"),
            ("src/odds/mod.rs", "//! A new room"),
        ],
    );
}

#[test]
fn a_room_keeps_out_of_crates_that_are_the_job_of_another() {
    holds(
        foreign_crates,
        &[("src/pages/links.rs", "use axum::Router; use super::http::x;"), ("src/store/staff.rs", "use sqlx::query;")],
        &[
            ("src/services/resets.rs", "use axum::http::StatusCode;"),
            ("src/pages/app.rs", "fn f(pool: sqlx::SqlitePool) {}"),
            ("src/model/staff.rs", "use ::sqlx::FromRow;\nuse sqlx::Row;"),
        ],
    );
}
