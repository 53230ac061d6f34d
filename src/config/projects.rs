//! The projects at GleSYS: one from two variables, or several from a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::Needs;
use super::closed::unreadable;
use super::reading::{Environment, read_private, without_mark};

const PROJECT: &str = "NYCKEL_GLESYS_PROJECT";
const API_KEY: &str = "NYCKEL_GLESYS_API_KEY";
const FILE: &str = "NYCKEL_GLESYS_PROJECTS_FILE";

/// How many characters a label may have; it stands in lists.
const LONGEST_LABEL: usize = 60;

/// A project and its key.
#[derive(Clone, Debug)]
pub struct GlesysProject {
    /// What people call it.
    pub label: String,
    /// Such as `cl12345`.
    pub project: String,
    pub api_key: SecretString,
}

/// Reads the projects; where there is a problem, there may be none.
pub(super) fn read(r: &mut Environment, needs: Needs) -> Vec<GlesysProject> {
    let (project, api_key) = (r.text(PROJECT), r.secret(API_KEY));
    if let Some(path) = r.text(FILE) {
        let other =
            [(PROJECT, project.is_some()), (API_KEY, api_key.is_some())].into_iter().find(|(_, is_set)| *is_set);
        if let Some((other, _)) = other {
            r.problem(FILE, format!("is set, and so is {other}; keep the file or the pair"));
        }
        return read_file(r, Path::new(&path));
    }
    if needs.everything() {
        if project.is_none() {
            r.problem(PROJECT, format!("must be set: the GleSYS project, such as cl12345; or {FILE} for several"));
        }
        if api_key.is_none() && !r.is_given(API_KEY) {
            r.problem(
                API_KEY,
                format!(
                    "must be set (or {API_KEY}_FILE): make a key in GleSYS's control panel that allows the functions \
                     of the module email from this machine's address"
                ),
            );
        }
    }
    let project = project.unwrap_or_default();
    vec![GlesysProject { label: project.clone(), project, api_key: api_key.unwrap_or_default() }]
}

type Table = BTreeMap<String, String>;

fn read_file(r: &mut Environment, path: &Path) -> Vec<GlesysProject> {
    let told = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            r.problem(FILE, unreadable(path, &error));
            return Vec::new();
        }
    };
    let mut tables: BTreeMap<String, Vec<Table>> = match basic_toml::from_str(without_mark(&text)) {
        Ok(tables) => tables,
        Err(error) => {
            r.problem(FILE, format!("{told}: {error}; write a [[project]] with texts for each"));
            return Vec::new();
        }
    };
    let projects = tables.remove("project").unwrap_or_default();
    for name in tables.keys() {
        r.problem(FILE, format!("{told}: [[{name}]] is not known; write [[project]]"));
    }
    if projects.is_empty() {
        r.problem(FILE, format!("{told} names no project; write a [[project]] for each"));
    }
    let mut found: Vec<GlesysProject> = Vec::new();
    for (n, table) in projects.iter().enumerate() {
        let Some(project) = read_project(r, path, n + 1, table) else { continue };
        if let Some(twin) = found.iter().find(|other| other.project == project.project || other.label == project.label)
        {
            let GlesysProject { label, project: name, .. } = twin;
            r.problem(FILE, format!("{told}: project {} repeats {name} ({label}); each stands there once", n + 1));
        }
        found.push(project);
    }
    found
}

fn read_project(r: &mut Environment, path: &Path, number: usize, table: &Table) -> Option<GlesysProject> {
    let before = r.problems.0.len();
    let place = format!("{}: project {number}", path.display());
    for key in table.keys().filter(|key| !["project", "key_file", "label"].contains(&key.as_str())) {
        r.problem(FILE, format!("{place}: {key} is not known; there are project, key_file and label"));
    }
    let text = |key: &str| table.get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let project = text("project");
    if project.is_none() {
        r.problem(FILE, format!("{place}: project must be set, such as \"cl12345\""));
    }
    let label = text("label").or_else(|| project.clone()).unwrap_or_default();
    if label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
        r.problem(FILE, format!("{place}: label must be a line of at most {LONGEST_LABEL} characters"));
    }
    let key = match text("key_file") {
        // Beside the file, unless it says otherwise.
        Some(file) => read_private(&path.parent().map_or_else(|| PathBuf::from(&file), |folder| folder.join(&file))),
        None => Err("key_file must be set: a file with the project's API key".to_owned()),
    };
    let api_key = key.map_err(|sentence| r.problem(FILE, format!("{place}: {sentence}"))).ok()?;
    (r.problems.0.len() == before).then(|| GlesysProject { label, project: project.unwrap_or_default(), api_key })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Reads a file beside which the keys `a` and `b` lie, and `open`, which everybody can read, and `none`, which is empty.
    fn read_text(text: &str, others: &[(&str, &str)]) -> (Vec<GlesysProject>, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        for (name, key, mode) in
            [("a", "key-a\n", 0o600), ("b", "key-b", 0o440), ("open", "x", 0o644), ("none", " ", 0o600)]
        {
            let file = dir.path().join(name);
            fs::write(&file, key).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        }
        let file = dir.path().join("projects.toml");
        fs::write(&file, text).unwrap();
        let own = [(FILE, file.to_str().unwrap())];
        let vars = own.iter().chain(others).map(|&(name, value)| (name.to_owned(), value.to_owned()));
        let mut reading = Environment::new(vars);
        let projects = read(&mut reading, Needs::Everything);
        let told = |problem: &super::super::Problem| {
            problem
                .to_string()
                .replace(dir.path().to_str().unwrap(), "DIR")
                .replace("NYCKEL_GLESYS_PROJECTS_FILE: ", "")
        };
        let problems = reading.problems.0.iter().map(told).collect();
        (projects, problems)
    }

    #[test]
    fn several_projects_are_read_with_their_keys() {
        let text = "[[project]]\nproject = \"cl1\"\nkey_file = \"a\"\nlabel = \"Kund Å\"\n\
                    [[project]]\nproject = \"cl2\"\nkey_file = \"b\"\n";
        let (projects, problems) = read_text(text, &[]);
        assert!(problems.is_empty(), "{problems:?}");
        let read: Vec<_> = projects.iter().map(|p| (&*p.label, &*p.project)).collect();
        assert_eq!(read, [("Kund Å", "cl1"), ("cl2", "cl2")]);
        assert!(!format!("{projects:?}").contains("key-a"));
    }

    #[test]
    fn the_file_and_the_pair_together_are_refused() {
        let text = "[[project]]\nproject = \"cl1\"\nkey_file = \"a\"\n";
        let (_, problems) = read_text(text, &[(PROJECT, "cl12345"), (API_KEY, "x")]);
        assert_eq!(problems, ["is set, and so is NYCKEL_GLESYS_PROJECT; keep the file or the pair"]);
        let (_, problems) = read_text(text, &[(API_KEY, "x")]);
        assert_eq!(problems, ["is set, and so is NYCKEL_GLESYS_API_KEY; keep the file or the pair"]);
    }

    #[test]
    fn every_problem_of_the_file_is_reported() {
        let text = "[[project]]\nproject = \"cl1\"\nkey_file = \"open\"\n[[project]]\nlabel = \"x\"\nkey_file = \"none\"\n\
                    [[project]]\nproject = \"cl3\"\nkey_file = \"away\"\nkey = \"secret\"\n[[project]]\nproject = \"cl4\"\n\
                    [[project]]\nproject = \"cl5\"\nkey_file = \"a\"\n[[project]]\nproject = \"cl5\"\nkey_file = \"b\"\nlabel = \"y\"\n\
                    [[projekt]]\n";
        let (_, problems) = read_text(text, &[]);
        let expected = [
            "DIR/projects.toml: [[projekt]] is not known; write [[project]]",
            "DIR/projects.toml: project 1: everybody can read DIR/open; run: chmod o= DIR/open",
            "DIR/projects.toml: project 2: project must be set, such as \"cl12345\"",
            "DIR/projects.toml: project 2: DIR/none is empty",
            "DIR/projects.toml: project 3: key is not known; there are project, key_file and label",
            "DIR/projects.toml: project 3: DIR/away can't be read: No such file or directory (os error 2)",
            "DIR/projects.toml: project 4: key_file must be set: a file with the project's API key",
            "DIR/projects.toml: project 6 repeats cl5 (cl5); each stands there once",
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn a_file_without_projects_is_none() {
        assert_eq!(read_text("", &[]).1, ["DIR/projects.toml names no project; write a [[project]] for each"]);
        let (_, problems) = read_text("project = \"cl1\"", &[]);
        assert!(problems[0].ends_with("write a [[project]] with texts for each"), "{problems:?}");
    }
}
