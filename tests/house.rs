//! The rules of the house that no compiler checks, read from the files of the project.
//!
//! Each rule is first shown to hold for files as they should be and to fail for files that break it; then the
//! project itself is read. A failure names the file, the line and what to do instead. The rules stand in `house/`.

mod house {
    pub mod asvs;
    pub mod audit;
    pub mod door;
    pub mod reasons;
    pub mod rooms;
    pub mod secrets;
    pub mod shape;
    pub mod templates;
    pub mod tokens;
    pub mod tree;
    pub mod way;
}

use house::tree::Tree;
use house::{asvs, door, reasons, rooms, secrets, shape, templates, way};

type Rule = fn(&Tree) -> Vec<String>;
type MadeUp<'a> = &'a [(&'a str, &'a str)];

/// Checks that the rule accepts the good files together, that each bad file alone breaks it, and that the project
/// keeps it.
fn holds(rule: Rule, good: MadeUp<'_>, bad: MadeUp<'_>) {
    assert_eq!(rule(&Tree::made_up(good)), Vec::<String>::new(), "the rule refuses what is good");
    for &(path, text) in bad {
        let breaches = rule(&Tree::made_up(&[(path, text)]));
        assert!(breaches.iter().any(|b| b.starts_with(&format!("{path}:"))), "the rule accepts {path}: {text}");
    }
    let breaches =
        Tree::here().map_or_else(|error| vec![format!("can't read the project: {error}")], |tree| rule(&tree));
    assert!(breaches.is_empty(), "{} to put right:\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn a_breach_names_the_line_and_what_to_do() {
    let code =
        "//! \"x\"\n/* \n */ use std::fmt;\nconst A: &str = r#\"\n\"#;\nuse crate::{\n    model,\n    store,\n};\n";
    let breaches = rooms::arrows(&Tree::made_up(&[("src/glesys/mod.rs", code)]));
    let expected =
        "src/glesys/mod.rs:8: `glesys` imports `store`; it may import model: move the code right or pass the value in";
    assert_eq!(breaches, [expected]);
    let page = "{# a\n #}{{ x }}\n<p\n style='{{ y }}'>";
    let breaches = templates::inline(&Tree::made_up(&[("templates/a.html", page)]));
    assert_eq!(breaches, ["templates/a.html:4: has `style=`; use a class, or a module in static/js"]);
}

#[test]
fn a_room_imports_only_rooms_to_its_right() {
    holds(
        rooms::arrows,
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
        rooms::foreign_crates,
        &[("src/pages/links.rs", "use axum::Router; use super::http::x;"), ("src/store/staff.rs", "use sqlx::query;")],
        &[
            ("src/services/resets.rs", "use axum::http::StatusCode;"),
            ("src/pages/app.rs", "fn f(pool: sqlx::SqlitePool) {}"),
            ("src/model/staff.rs", "use ::sqlx::FromRow;\nuse sqlx::Row;"),
        ],
    );
}

#[test]
fn why_something_was_not_done_is_no_text_between_the_rooms() {
    holds(
        reasons::told_as_text,
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
        reasons::functions,
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

#[test]
fn every_file_says_what_it_is_for() {
    holds(
        shape::silent_files,
        &[("src/model/mod.rs", "//! Values.\n"), ("tests/site/main.rs", "\n//! Stories.")],
        &[("src/model/mod.rs", "use std::fmt;"), ("tests/site/main.rs", "// Stories."), ("build.rs", "")],
    );
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let (fits, long, script) = ("\n".repeat(400), "\n".repeat(401), "\n".repeat(61));
    holds(
        shape::long_files,
        &[("src/a.rs", &fits), ("Cargo.lock", &long), ("LICENSE", &long), ("tests/browser/a.mjs", &script)],
        &[("src/a.rs", &long), ("static/js/copy.js", &script), ("templates/a.html", &long), ("tests/all", &long)],
    );
}

#[test]
fn no_file_has_an_empty_name() {
    holds(
        shape::empty_names,
        &[("src/access/password.rs", ""), ("static/js/copy.js", "")],
        &[("src/utils.rs", ""), ("src/helpers/mod.rs", ""), ("src/access/manager.rs", ""), ("static/js/util.js", "")],
    );
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    holds(
        shape::allowed_lints,
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
        shape::lonely_migrations,
        &[("migrations/sqlite/0001_staff.sql", ""), ("migrations/postgres/0001_staff.sql", "")],
        &[("migrations/sqlite/0002_audit.sql", ""), ("migrations/postgres/0002_audit.sql", "")],
    );
}

#[test]
fn nothing_stands_at_the_top_that_the_design_does_not_put_there() {
    holds(
        shape::strangers_at_the_top,
        &[("Cargo.toml", ""), ("src/lib.rs", ""), ("tests/all", "")],
        &[("scripts/release", ""), ("Makefile", ""), ("TODO.md", "")],
    );
}

#[test]
fn secrets_are_opened_only_where_they_leave_the_program() {
    holds(
        secrets::opened_secrets,
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
        secrets::writers,
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
fn only_admission_can_make_what_the_ledger_begins() {
    holds(
        door::other_doors,
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

#[test]
fn what_glesys_repeats_of_our_arguments_is_never_read() {
    holds(
        secrets::debug_fields,
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

#[test]
fn every_value_in_a_template_is_escaped() {
    holds(
        templates::unescaped,
        &[("templates/a.html", "{# |safe #} {{ safe }} {{ x|upper }} a|safe {% if safe %}{% endif %}")],
        &[
            ("templates/a.html", "<p>{{ x|safe }}</p>"),
            ("templates/a.html", "<p>{{- x.y() | upper | safe -}}</p>"),
            ("templates/a.html", "{{ x|escape(\"none\") }}"),
            ("templates/a.html", "{% filter safe %}x{% endfilter %}"),
        ],
    );
}

#[test]
fn hidden_characters_are_spelt_out_but_in_what_comes_back_with_a_form() {
    holds(
        templates::exact_values,
        &[
            (
                "templates/a.html",
                "<input name=\"in:{{ n|e(\"exact\") }}\" value=\"{{ x|e(\"exact\") }}\" title=\"{{ x }}\">{{ x }}",
            ),
            ("templates/b.html", "<textarea class=\"{{ x }}\">\n{{ x|e(\"exact\") }}</textarea><p>{{ x }}</p>"),
            ("templates/operations/password.html", "<code>{{ x|e(\"exact\") }}</code>"),
        ],
        &[
            ("templates/a.html", "<input value=\"{{ x }}\">"),
            ("templates/a.html", "<input value=\"{% if x %}{{ x }}{% endif %}\">"),
            ("templates/a.html", "<option\nvalue=\"{{ x }}\">"),
            ("templates/a.html", "<textarea name=\"x\">{{ x }}</textarea>"),
            ("templates/a.html", "<p>{{ x|e(\"exact\") }}</p>"),
            ("templates/a.html", "<p title=\"{{ x|e(\"exact\") }}\">"),
        ],
    );
}

#[test]
fn no_script_style_or_handler_stands_in_a_template() {
    holds(
        templates::inline,
        &[(
            "templates/a.html",
            "<script type=\"module\" src=\"{{ url }}\"></script><a data-on=\"x\" href=\"?on=1&style=2\">on=x</a> 1 < 2",
        )],
        &[
            ("templates/a.html", "<script>alert(1)</script>"),
            ("templates/a.html", "<script type=module>{{ x }}</script>"),
            ("templates/a.html", "<p {% if x %}style=\"color: red\"{% endif %}>"),
            ("templates/a.html", "<button class=\"{{ \"a\" }}\" OnClick='x()'>"),
            ("templates/a.html", "<a\nonclick = x>"),
            ("templates/a.html", "<style>p { color: red }</style>"),
        ],
    );
}

#[test]
fn every_template_belongs_to_a_page_of_the_same_name() {
    holds(
        templates::without_page,
        &[
            ("templates/accounts/reset.html", "{% extends \"layout.html\" %}"),
            ("templates/layout.html", ""),
            ("src/pages/accounts/reset.rs", "#[template(path = \"accounts/reset.html\")]"),
        ],
        &[("templates/account/reset.html", ""), ("templates/orphan.html", "")],
    );
}

/// A document in which everything is met by one story.
fn all_met() -> String {
    let row = |(id, level): (String, char)| {
        let chapter = id.split('.').next().unwrap_or_default();
        let heading = if id.ends_with(".1.1") { format!("## V{chapter} Chapter\n") } else { String::new() };
        format!("{heading}| {id} | {level} | x | met | it does: `tests/a.rs::it_does` |\n")
    };
    asvs::requirements().into_iter().map(row).collect()
}

#[test]
fn every_requirement_of_the_verification_standard_has_a_line() {
    assert_eq!(asvs::requirements().len(), 345);
    let whole = all_met();
    let instead = |line: &str| whole.replacen("met | it does: `tests/a.rs::it_does`", line, 1);
    let story = ("tests/a.rs", "fn it_does() {}");
    let good =
        ["partly | `tests/a.rs`. Instead: b", "not met | Instead: nothing, not `/a`", "not applicable | there is none"];
    for line in good {
        assert_eq!(
            asvs::lines(&Tree::made_up(&[("docs/asvs.md", &instead(line)), story])),
            Vec::<String>::new(),
            "{line}"
        );
    }
    for broken in [
        whole.replacen("| 1.1.1 | 2 | x | met | it does: `tests/a.rs::it_does` |\n", "", 1),
        whole.replacen("| 1.1.1 |", "| 1.1.2 |", 1),
        whole.replacen("| 1.1.1 |", "| 1.1.3 |", 1),
        whole.replacen("| 1.1.1 | 2 |", "| 1.1.1 | 1 |", 1),
        whole.replacen("## V2 ", "## V3 ", 1),
        whole.replacen("| x |", "| x | y |", 1),
        instead("met | somehow"),
        instead("met | `tests/b.rs`"),
        instead("met | `tests/a.rs::it_does_not`"),
        instead("mostly | `tests/a.rs`"),
        instead("partly | `tests/a.rs`"),
        instead("partly | Instead: b"),
        instead("not met | it is dear"),
        instead("not applicable | "),
    ] {
        let breaches = asvs::lines(&Tree::made_up(&[("docs/asvs.md", &broken), story]));
        assert!(!breaches.is_empty(), "the rule accepts what was broken");
    }
    holds(asvs::lines, &[("docs/asvs.md", &whole), story], &[("docs/asvs.md", "")]);
}

#[test]
fn the_summary_counts_what_the_lines_of_the_standard_say() {
    let rows = "| met | 70 | 183 | 92 | 345 |\n| partly | 0 | 0 | 0 | 0 |\n| not met | 0 | 0 | 0 | 0 |\n\
                | not applicable | 0 | 0 | 0 | 0 |\n";
    let whole = all_met();
    holds(asvs::counts, &[("docs/asvs.md", &whole), ("docs/security.md", rows)], &[("docs/security.md", rows)]);
}

#[test]
fn the_way_of_one_reset_is_short_and_its_files_are_there() {
    let long = "x\n".repeat(4000);
    let page = ("docs/architecture.md", "1. `src/a.rs`: it begins.\n");
    assert!(!way::grown(&Tree::made_up(&[page, ("src/a.rs", &long)])).is_empty());
    let tested = format!("x\n#[cfg(test)]\n{long}");
    holds(way::grown, &[page, ("src/a.rs", &tested)], &[page, ("docs/architecture.md", "# Nothing")]);
}
