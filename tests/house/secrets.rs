//! Where a secret may be opened and who may change things at GleSYS.

use super::tokens::{Kind, sign_at, tokens};
use super::tree::{File, Tree};
use crate::holds;

/// The files that may open a `SecretString`, and what for.
const OPENS_SECRETS: [(&str, &str); 16] = [
    ("src/access/password.rs", "a staff member's password is hashed or compared"),
    ("src/cli/serve.rs", "the token of the first admin is printed to the terminal"),
    ("src/config/postgres.rs", "the database's address is read before the driver does"),
    ("src/config/settings.rs", "a key is decoded, the kind of database is seen"),
    ("src/glesys/api_key.rs", "two API keys are compared"),
    ("src/glesys/client.rs", "the API key becomes the Authorization header"),
    ("src/glesys/line.rs", "the API key is blotted out of what GleSYS said"),
    ("src/glesys/listing.rs", "ditto"),
    ("src/oidc/discovery.rs", "the secret at the provider of single sign-on goes to the crate that sends it"),
    ("src/pages/proof.rs", "whether anything was typed is seen"),
    ("src/server/build.rs", "the database is opened under its address"),
    ("src/smtp/exchange.rs", "the password at the mail server goes to the crate that sends it"),
    ("src/services/staff/invitations.rs", "the token of an invitation is hashed"),
    ("src/services/sign_ins/links.rs", "the token of a sign-in link is hashed"),
    ("src/services/sign_ins/set_up.rs", "the token of the first admin is hashed"),
    ("src/services/sign_ins/step_up.rs", "a code is compared"),
];

/// Secrets opened anywhere else, and files that are listed without need.
fn opened_secrets(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.code() {
        let opened = words(file, "expose_secret");
        match OPENS_SECRETS.iter().find(|(path, _)| *path == file.path) {
            Some(_) if opened.is_empty() => {
                found.push(file.breach(1, "opens no secret any more; take it off the list in tests/house/secrets.rs"));
            }
            Some(_) => {}
            None => found.extend(opened.into_iter().map(|line| {
                file.breach(line, "opens a secret; let a file listed in tests/house/secrets.rs do it, or list this one")
            })),
        }
    }
    found
}

/// The writing half of the GleSYS client, named by anybody but the ledger and who builds it.
fn writers(tree: &Tree) -> Vec<String> {
    let may_name = |file: &File| {
        file.path == "src/services/operations/ledger.rs"
            || ["src/glesys", "src/server"].iter().any(|folder| file.below(folder).is_some())
            || matches!(file.path.as_str(), "src/glesys.rs" | "src/server.rs")
    };
    tree.code()
        .filter(|file| !may_name(file))
        .flat_map(|file| {
            let named = words(file, "Writer").into_iter().chain(globs(file, "glesys"));
            named.map(|line| {
                file.breach(line, "names `glesys::Writer`; changes at GleSYS go through services::operations::ledger")
            })
        })
        .collect()
}

/// Fields that would keep what GleSYS repeats of our arguments.
fn debug_fields(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.code().filter(|file| file.below("src/glesys").is_some() || file.path == "src/glesys.rs") {
        let tokens = tokens(&file.text);
        for (at, token) in tokens.iter().enumerate() {
            let is_field = token.is_word("debug") && sign_at(&tokens, at + 1, ":");
            let is_renamed = token.kind == Kind::Text
                && token.text == "debug"
                && sign_at(&tokens, at.wrapping_sub(1), "=")
                && matches!(tokens.get(at.wrapping_sub(2)), Some(t) if t.is_word("rename") || t.is_word("alias"));
            if is_field || is_renamed {
                let what = "reads `debug`, where GleSYS repeats passwords in clear; leave the field out";
                found.push(file.breach(token.line, what));
            }
        }
    }
    found
}

fn words(file: &File, word: &str) -> Vec<usize> {
    tokens(&file.text).iter().filter(|token| token.is_word(word)).map(|token| token.line).collect()
}

fn globs(file: &File, room: &str) -> Vec<usize> {
    let tokens = tokens(&file.text);
    let is_glob =
        |at: usize| tokens[at].is_word(room) && sign_at(&tokens, at + 1, "::") && sign_at(&tokens, at + 2, "*");
    (0..tokens.len()).filter(|&at| is_glob(at)).map(|at| tokens[at].line).collect()
}

#[test]
fn secrets_are_opened_only_where_they_leave_the_program() {
    holds(
        opened_secrets,
        &[("src/glesys/client.rs", "key.expose_secret()"), ("src/access/session.rs", "// expose_secret")],
        &[
            ("src/pages/profile.rs", "key.expose_secret()"),
            ("src/config/mod.rs", "ExposeSecret::expose_secret(&key)"),
            ("src/glesys/client.rs", "// key.expose_secret()"),
        ],
    );
}

#[test]
fn only_the_ledger_holds_the_writing_half_of_the_client() {
    holds(
        writers,
        &[
            ("src/services/operations/ledger.rs", "use crate::glesys::Writer;"),
            ("src/server/mod.rs", "glesys::Writer::new()"),
        ],
        &[
            ("src/services/resets.rs", "use crate::glesys::{Reader, Writer as Hand};"),
            ("src/services/resets.rs", "fn f(glesys: &glesys::Writer) {}"),
            ("src/services/aliases.rs", "use crate::glesys::*;"),
            ("src/cli/check.rs", "use crate::glesys::Writer;"),
        ],
    );
}

#[test]
fn what_glesys_repeats_of_our_arguments_is_never_read() {
    holds(
        debug_fields,
        &[
            ("src/glesys/wire.rs", "fn f() { tracing::debug!(code); g(\"debug\"); Level::debug::<u8>() }"),
            ("src/simulator/api.rs", "struct Answer { debug: Debug }"),
        ],
        &[
            ("src/glesys/wire.rs", "struct Response { debug: Value }"),
            ("src/glesys/wire.rs", "struct Response { #[serde(rename = \"debug\")] echo: Value }"),
            ("src/glesys/wire.rs", "struct Response { pub(super) debug : Option<Value> }"),
        ],
    );
}
