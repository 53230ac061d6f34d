//! The way of one reset through the files, as `docs/architecture.md` lists it, stays short enough to be read in one go.

use super::tree::Tree;
use crate::holds;

const PAGE: &str = "docs/architecture.md";
/// How many files there may be, and how many lines of them besides the tests inside.
const MOST_FILES: usize = 17;
const MOST_LINES: usize = 2750;

/// Files of the list that are not there, and a list that has grown.
fn grown(tree: &Tree) -> Vec<String> {
    let Some(page) = tree.0.iter().find(|file| file.path == PAGE) else { return Vec::new() };
    let listed = |line: &str| {
        line.split_once(". `").and_then(|(_, rest)| rest.split_once("`:")).map(|(path, _)| path.to_owned())
    };
    let steps =
        page.text.lines().enumerate().filter(|(_, line)| line.starts_with(|first: char| first.is_ascii_digit()));
    let (mut found, mut files, mut lines) = (Vec::new(), 0, 0);
    for (at, path) in steps.filter_map(|(at, line)| Some((at + 1, listed(line)?))) {
        files += 1;
        match tree.code().find(|file| file.path == path) {
            Some(file) => lines += file.text.lines().take_while(|line| *line != "#[cfg(test)]").count(),
            None => found.push(page.breach(at, &format!("names {path}, which is not there"))),
        }
    }
    if files > MOST_FILES || lines > MOST_LINES {
        let most = format!("{MOST_FILES} files and {MOST_LINES} lines are the most");
        found.push(page.breach(1, &format!("leads through {files} files and {lines} lines; {most}")));
    }
    if files == 0 {
        found.push(page.breach(1, "lists no file of the way"));
    }
    found
}

#[test]
fn the_way_of_one_reset_is_short_and_its_files_are_there() {
    let long = "x\n".repeat(4000);
    let page = ("docs/architecture.md", "1. `src/a.rs`: it begins.\n");
    assert!(!grown(&Tree::made_up(&[page, ("src/a.rs", &long)])).is_empty());
    let tested = format!("x\n#[cfg(test)]\n{long}");
    holds(grown, &[page, ("src/a.rs", &tested)], &[page, ("docs/architecture.md", "# Nothing")]);
}
