//! `docs/audit.md` tells of every kind of row and of every fact, and of no other.

use nyckel::model::facts::{Fact, Form, VOCABULARY};
use nyckel::model::{AuditKind, Facts};

use super::tree::Tree;

const PAGE: &str = "docs/audit.md";

/// What the page lacks, has too much of, or says in another way than the program.
fn gaps(tree: &Tree) -> Vec<String> {
    let Some(file) = tree.0.iter().find(|file| file.path == PAGE) else {
        return vec![format!("{PAGE}:1: is missing")];
    };
    let [kinds, facts] = ["## Kinds", "## Facts"].map(|heading| table(&file.text, heading));
    let mut found = Vec::new();
    let mut differ = |what: &str, told: Vec<String>, known: Vec<String>| {
        found.extend(known.iter().filter(|key| !told.contains(key)).map(|key| format!("{PAGE}:1: lacks {what} {key}")));
        found.extend(told.iter().filter(|key| !known.contains(key)).map(|key| format!("{PAGE}:1: has {what} {key}")));
    };
    differ("the kind", column(&kinds, 0), AuditKind::ALL.iter().map(|kind| code(kind.name())).collect());
    let told = facts.iter().map(|row| row[..2].join(" as ")).collect();
    let known = Fact::ALL.iter().map(|fact| format!("{} as {}", code(fact.key()), form(fact.form()))).collect();
    differ("the fact", told, known);
    let keys = column(&facts, 0);
    for row in kinds.iter().filter(|row| row[2] != "none") {
        let unknown = row[2].split(", ").find(|key| !keys.contains(&(*key).to_owned()));
        found.extend(unknown.map(|key| format!("{PAGE}:1: {} has {key}, which is no fact", row[0])));
    }
    for example in kinds.iter().filter_map(|row| row[3].strip_prefix('`')?.split_once('`')).map(|(json, _)| json) {
        if Facts::read(example).kept().as_deref() != Some(example) || Facts::read(example).get(Fact::Note).is_some() {
            found.push(format!("{PAGE}:1: {example} is not how facts are kept"));
        }
    }
    if facts.iter().filter_map(|row| row[3].parse().ok()).max() != Some(VOCABULARY) {
        found.push(format!("{PAGE}:1: the newest fact is not of version {VOCABULARY}"));
    }
    found
}

/// The cells of the rows below a heading, as far as each begins with a key.
fn table<'a>(text: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with('#'));
    let rows = lines.filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

fn column(rows: &[Vec<&str>], place: usize) -> Vec<String> {
    rows.iter().map(|row| row[place].to_owned()).collect()
}

fn code(key: &str) -> String {
    format!("`{key}`")
}

const fn form(form: Form) -> &'static str {
    match form {
        Form::Flag => "flag",
        Form::Number => "number",
        Form::Text => "text",
        Form::List => "list",
    }
}

#[test]
fn the_page_of_the_audit_tells_of_every_kind_and_every_fact() {
    let here = Tree::here().unwrap();
    assert_eq!(gaps(&here), Vec::<String>::new());
    let page = &here.0.iter().find(|file| file.path == PAGE).unwrap().text;
    for (key, gap) in [("reset.shown", "lacks the kind `reset.shown`"), ("ticket", "lacks the fact `ticket` as text")] {
        let without: Vec<_> = page.lines().filter(|line| !line.starts_with(&format!("| `{key}` |"))).collect();
        let gaps = gaps(&Tree::made_up(&[(PAGE, &without.join("\n"))]));
        assert!(gaps.iter().any(|found| found.contains(gap)), "{gaps:?}");
    }
}
