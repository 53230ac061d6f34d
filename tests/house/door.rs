//! The one door to the ledger: only admission can make what `begin` takes. The compiler keeps everybody else out as long as
//! the fields are private and `begin` asks for it; this keeps both so.

use super::tokens::{Token, sign_at, tokens};
use super::tree::{File, Tree};
use crate::holds;

const ADMISSION: &str = "src/services/operations/admission.rs";
const LEDGER: &str = "src/services/operations/ledger.rs";

/// Whatever would let an operation begin that was not admitted.
fn other_doors(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.code() {
        let tokens = tokens(&file.text);
        let opened = (0..tokens.len()).filter(|&at| tokens[at].is_word("Admitted") && sign_at(&tokens, at + 1, "{"));
        found.extend(opened.filter_map(|at| made_or_open(file, &tokens, at)));
        if file.path == LEDGER {
            found.extend(begun_otherwise(file, &tokens));
        }
    }
    found
}

/// `struct Admitted { … }` or `Admitted { … }`, where it must not stand or with a field that others could set.
fn made_or_open(file: &File, tokens: &[Token<'_>], at: usize) -> Option<String> {
    let follows = |word: &str| at > 0 && tokens[at - 1].is_word(word);
    let line = tokens[at].line;
    if file.path != ADMISSION {
        return (!follows("impl")).then(|| file.breach(line, "makes an `Admitted`; let admission admit the petition"));
    }
    let fields = tokens[at..].iter().take_while(|token| !token.is_sign("}"));
    let is_open = follows("struct") && fields.into_iter().any(|token| token.is_word("pub"));
    is_open.then(|| file.breach(line, "lets others set a field of `Admitted`; give it a method that reads it"))
}

fn begun_otherwise(file: &File, tokens: &[Token<'_>]) -> Option<String> {
    let at = (1..tokens.len()).find(|&at| tokens[at - 1].is_word("fn") && tokens[at].is_word("begin"))?;
    let signature = tokens[at..].iter().take_while(|token| !token.is_sign("{"));
    let takes_it = signature.into_iter().any(|token| token.is_word("Admitted"));
    (!takes_it).then(|| file.breach(tokens[at].line, "begins what was not admitted; take an `Admitted`"))
}

#[test]
fn only_admission_can_make_what_the_ledger_begins() {
    holds(
        other_doors,
        &[
            (
                "src/services/operations/admission.rs",
                "pub struct Admitted { nonce: String } impl Admitted { pub fn n() {} } fn f() -> Admitted { Admitted { nonce } }",
            ),
            (
                "src/services/operations/ledger.rs",
                "impl Ledger { fn begin(&self, tx: Writing, admitted: Admitted) {} }",
            ),
        ],
        &[
            ("src/services/operations/admission.rs", "pub struct Admitted { pub(super) nonce: String }"),
            ("src/services/batches/run.rs", "fn f() { Admitted { nonce } }"),
            ("src/services/operations/petition.rs", "pub struct Admitted { nonce: String }"),
            (
                "src/services/operations/ledger.rs",
                "impl Ledger { fn begin(&self, tx: Writing, petition: Petition) {} }",
            ),
        ],
    );
}
