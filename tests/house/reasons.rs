//! Why something was not done is a type of `model`, and the names of GleSYS's functions stay with GleSYS.

use super::tokens::{Kind, Token, sign_at, tokens};
use super::tree::{File, Tree};
use crate::holds;

/// The rooms that hand reasons to each other.
const ROOMS: [&str; 4] = ["src/glesys", "src/model", "src/services", "src/store"];

/// What a reason is called.
const REASONS: [&str; 5] = ["reason", "why", "why_not", "left_out", "stopped"];

/// Where a text may go by such a name.
const MAY_BE_TEXT: [(&str, &str, &str); 4] = [
    ("src/model/outcome.rs", "reason", "what another version has written is kept as it is"),
    ("src/services/operations", "reason", "the reason or ticket as typed, which a person may word as they like"),
    ("src/store/operation_rows.rs", "reason", "a row of the database"),
    ("src/store/batches.rs", "reason left_out", "a row of the database"),
];

/// Fields, arguments and functions that tell a reason as a text.
fn told_as_text(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.code().filter(|file| ROOMS.iter().any(|room| file.below(room).is_some())) {
        let tokens = tokens(&file.text);
        let told = (0..tokens.len()).filter(|&at| is_reason(&tokens[at]) && is_text(type_of(&tokens, at)));
        found.extend(told.filter(|&at| !may_be_text(file, tokens[at].text)).map(|at| {
            file.breach(
                tokens[at].line,
                "tells a reason as a text; give it a type in model, with its name for the store",
            )
        }));
    }
    found
}

fn is_reason(token: &Token<'_>) -> bool {
    token.kind == Kind::Word && REASONS.contains(&token.text)
}

fn may_be_text(file: &File, word: &str) -> bool {
    let is_here = |place: &str| file.path == place || file.below(place).is_some();
    MAY_BE_TEXT.iter().any(|(place, words, _)| is_here(place) && words.split(' ').any(|other| other == word))
}

/// The type of a field or an argument of that name, or what a function of that name gives back.
fn type_of<'a, 'b>(tokens: &'b [Token<'a>], at: usize) -> &'b [Token<'a>] {
    let from = if sign_at(tokens, at + 1, ":") {
        at + 2
    } else if at > 0 && tokens[at - 1].is_word("fn") {
        let arrow = (at..tokens.len()).find(|&next| sign_at(tokens, next, ">") && sign_at(tokens, next - 1, "-"));
        let body = (at..tokens.len()).find(|&next| sign_at(tokens, next, "{") || sign_at(tokens, next, ";"));
        arrow.filter(|arrow| body.is_some_and(|body| *arrow < body)).map_or(tokens.len(), |arrow| arrow + 1)
    } else {
        tokens.len()
    };
    let ends = |token: &Token<'_>| ["{", ";", ",", ")", "="].iter().any(|sign| token.is_sign(sign));
    let to = (from..tokens.len()).find(|&next| ends(&tokens[next])).unwrap_or(tokens.len());
    &tokens[from..to]
}

fn is_text(of: &[Token<'_>]) -> bool {
    of.iter().any(|token| token.is_word("str") || token.is_word("String"))
}

/// Names of GleSYS's functions anywhere but at GleSYS.
fn functions(tree: &Tree) -> Vec<String> {
    let at_glesys = |file: &File| ["src/glesys", "src/simulator"].iter().any(|room| file.below(room).is_some());
    let mut found = Vec::new();
    for file in tree.code().filter(|file| !at_glesys(file)) {
        let named =
            tokens(&file.text).into_iter().filter(|token| token.kind == Kind::Text && token.text.contains("email/"));
        found.extend(named.map(|token| {
            file.breach(token.line, "spells a function of GleSYS; take it from `glesys`, which alone knows their names")
        }));
    }
    found
}

#[test]
fn why_something_was_not_done_is_no_text_between_the_rooms() {
    holds(
        told_as_text,
        &[
            ("src/model/batch.rs", "struct Batch { stopped: Option<Kept<WhyStopped>>, name: String }"),
            ("src/store/batches.rs", "struct ItemRow { left_out: Option<String> }"),
            ("src/services/batches/run.rs", "fn end(&self, why: Option<WhyStopped>, name: &str) { let why = f(why); }"),
            ("src/texts/reasons.rs", "fn f(reason: &str) {}"),
        ],
        &[
            ("src/model/operation.rs", "pub struct Operation { pub reason: Option<String> }"),
            ("src/store/batches.rs", "fn leave_out(id: &BatchId, why: &str) {}"),
            ("src/services/batches/run.rs", "enum Halt { Refused { why: String } }"),
            ("src/glesys/error.rs", "pub const fn reason(self, a: A) -> &'static str { match self {} }"),
        ],
    );
}

#[test]
fn functions_of_glesys_are_named_at_glesys_alone() {
    holds(
        functions,
        &[
            ("src/glesys/functions.rs", r#"const LIST: &str = "email/list";"#),
            ("src/pages/problem.rs", r#"const A: &str = "email"; // "email/list""#),
        ],
        &[
            ("src/services/directory/reads.rs", r#"const LIST: &str = "email/list";"#),
            ("src/texts/reasons.rs", r#"fn f() { match function { "email/delete" => a, _ => b } }"#),
        ],
    );
}
