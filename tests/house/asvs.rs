//! Every requirement of OWASP ASVS 5.0.0 has its line in `docs/asvs.md`, and what a line names is there.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{File, Tree};
use crate::holds;

const LINES: &str = "docs/asvs.md";
const SUMMARY: &str = "docs/security.md";
const STATES: [&str; 4] = ["met", "partly", "not met", "not applicable"];

/// The level of each requirement: a chapter a line, a section a word, a requirement a digit.
const LEVELS: [&str; 17] = [
    "22 1111122223 112222222223 222 123",
    "122 112 12223 23",
    "3 113 12223 11222233 11122333 3 22333",
    "12233 23333 22 1222",
    "2 112333 113 222",
    "122 111111112222 11223333 112233 22222333 2223 33 2222",
    "222 1111 22 11222 223 22",
    "1233 1123 133 23",
    "111 1222",
    "22 223 22223 1111122222233333 22222 22 222",
    "2233 22233 11233 1222 23 23 33",
    "12233 11 22223",
    "2333 222223 2233 1222233",
    "22 12223333 122",
    "12233 12233 1222222 3333",
    "2 22222 2222 222 2223",
    "23 22223333 22",
];

/// One line: where it stands, the chapter whose heading is above it, and what its cells say.
struct Line<'a> {
    at: usize,
    chapter: &'a str,
    id: &'a str,
    level: &'a str,
    state: &'a str,
    by: &'a str,
}

/// The id and the level of every requirement, in the order of the standard.
fn requirements() -> Vec<(String, char)> {
    let mut all = Vec::new();
    for (chapter, sections) in (1..).zip(LEVELS) {
        for (section, levels) in (1..).zip(sections.split(' ')) {
            all.extend((1..).zip(levels.chars()).map(|(n, level)| (format!("{chapter}.{section}.{n}"), level)));
        }
    }
    all
}

/// Requirements without a line or with two, and lines that say what can't be.
pub fn lines(tree: &Tree) -> Vec<String> {
    let Some(file) = tree.0.iter().find(|file| file.path == LINES) else {
        return vec![format!("{LINES}:1: is missing")];
    };
    let levels: BTreeMap<String, char> = requirements().into_iter().collect();
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for line in read(file, &mut found) {
        let level = levels.get(line.id).map(char::to_string);
        let wrong = match level {
            None => Some("is no requirement of ASVS 5.0.0".to_owned()),
            Some(_) if !seen.insert(line.id) => Some("has a line already".to_owned()),
            Some(level) if level != line.level => Some(format!("is of level {level}")),
            Some(_) if line.id.split('.').next() != Some(line.chapter) => Some("stands in another chapter".to_owned()),
            Some(_) => judgement(tree, &line),
        };
        found.extend(wrong.map(|wrong| file.breach(line.at, &format!("{} {wrong}", line.id))));
    }
    let missing = levels.keys().filter(|id| !seen.contains(id.as_str()));
    found.extend(missing.map(|id| file.breach(1, &format!("{id} has no line"))));
    found
}

/// A table of states in the summary that does not count what the lines say.
fn counts(tree: &Tree) -> Vec<String> {
    let file = |path: &str| tree.0.iter().find(|file| file.path == path);
    let Some(summary) = file(SUMMARY) else { return vec![format!("{SUMMARY}:1: is missing")] };
    let lines = file(LINES).map(|lines| read(lines, &mut Vec::new())).unwrap_or_default();
    let rows = STATES.map(|state| {
        let of = |level| lines.iter().filter(|line| line.state == state && line.level == level).count();
        let [low, middle, high] = ["1", "2", "3"].map(of);
        format!("| {state} | {low} | {middle} | {high} | {} |", low + middle + high)
    });
    let missing = rows.into_iter().filter(|row| !summary.text.lines().any(|line| line == row));
    missing.map(|row| summary.breach(1, &format!("its table of ASVS states should have the row {row}"))).collect()
}

/// The rows of the tables. What has other than five cells becomes a breach.
fn read<'a>(file: &'a File, breaches: &mut Vec<String>) -> Vec<Line<'a>> {
    let (mut found, mut chapter) = (Vec::new(), "");
    for (at, text) in (1..).zip(file.text.lines()) {
        if let Some(heading) = text.strip_prefix("## V") {
            chapter = heading.split(' ').next().unwrap_or_default();
        }
        if !text.starts_with('|') || text.starts_with("| id |") || text.starts_with("|---") {
            continue;
        }
        let cells: Vec<&str> = text.trim_matches('|').split('|').map(str::trim).collect();
        match cells[..] {
            [id, level, _, state, by] => found.push(Line { at, chapter, id, level, state, by }),
            _ => breaches.push(file.breach(at, "is no row of five cells: id, level, subject, state, by what")),
        }
    }
    found
}

/// What is wrong with a state or with what it rests on.
fn judgement(tree: &Tree, line: &Line<'_>) -> Option<String> {
    let (named, lost) = (paths(line.by), paths(line.by).into_iter().find(|path| !is_there(tree, path)));
    let (_, instead) = line.by.split_once("Instead: ").unwrap_or_default();
    match line.state {
        _ if lost.is_some() => lost.map(|path| format!("names `{path}`, which is not there")),
        "met" | "partly" if named.is_empty() => Some("names neither a test nor the file that does it".to_owned()),
        "partly" | "not met" if instead.is_empty() => {
            Some("must say what there is in its place: Instead: …".to_owned())
        }
        "not applicable" if line.by.is_empty() => Some("must say why it does not apply".to_owned()),
        state if STATES.contains(&state) => None,
        state => Some(format!("has the state `{state}`; the states are {}", STATES.join(", "))),
    }
}

/// The files of the project that a cell names between backquotes, some with a story: `file::story`.
fn paths(cell: &str) -> Vec<&str> {
    let is_path = |text: &&str| {
        let (top, rest) = text.split_once('/').unwrap_or((text, ""));
        super::shape::TOP_LEVEL.contains(&top) && (!rest.is_empty() || top.contains('.') || top == "Dockerfile")
    };
    cell.split('`').skip(1).step_by(2).filter(is_path).collect()
}

fn is_there(tree: &Tree, path: &str) -> bool {
    let (path, story) = path.split_once("::").map_or((path, None), |(path, story)| (path, Some(story)));
    let file = tree.0.iter().find(|file| file.path == path);
    file.is_some_and(|file| story.is_none_or(|story| file.text.contains(&format!("fn {story}("))))
}

/// A document in which everything is met by one story.
fn all_met() -> String {
    let row = |(id, level): (String, char)| {
        let chapter = id.split('.').next().unwrap_or_default();
        let heading = if id.ends_with(".1.1") { format!("## V{chapter} Chapter\n") } else { String::new() };
        format!("{heading}| {id} | {level} | x | met | it does: `tests/a.rs::it_does` |\n")
    };
    requirements().into_iter().map(row).collect()
}

#[test]
fn every_requirement_of_the_verification_standard_has_a_line() {
    assert_eq!(requirements().len(), 345);
    let whole = all_met();
    let instead = |line: &str| whole.replacen("met | it does: `tests/a.rs::it_does`", line, 1);
    let story = ("tests/a.rs", "fn it_does() {}");
    let good =
        ["partly | `tests/a.rs`. Instead: b", "not met | Instead: nothing, not `/a`", "not applicable | there is none"];
    for line in good {
        assert_eq!(lines(&Tree::made_up(&[("docs/asvs.md", &instead(line)), story])), Vec::<String>::new(), "{line}");
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
        let breaches = lines(&Tree::made_up(&[("docs/asvs.md", &broken), story]));
        assert!(!breaches.is_empty(), "the rule accepts what was broken");
    }
    holds(lines, &[("docs/asvs.md", &whole), story], &[("docs/asvs.md", "")]);
}

#[test]
fn the_summary_counts_what_the_lines_of_the_standard_say() {
    let rows = "| met | 70 | 183 | 92 | 345 |\n| partly | 0 | 0 | 0 | 0 |\n| not met | 0 | 0 | 0 | 0 |\n\
                | not applicable | 0 | 0 | 0 | 0 |\n";
    let whole = all_met();
    holds(counts, &[("docs/asvs.md", &whole), ("docs/security.md", rows)], &[("docs/security.md", rows)]);
}
