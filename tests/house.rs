//! The rules of the house that no compiler checks, read from the files of the project.
//!
//! Each rule is first shown to hold for files as they should be and to fail for files that break it; then the
//! project itself is read. A failure names the file, the line and what to do instead. The rules stand in `house/`.

mod house {
    pub mod asvs;
    pub mod audit;
    pub mod compose;
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
use house::{rooms, templates};

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
