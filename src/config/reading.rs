//! Reading one setting at a time, from the environment or from the file that `…_FILE` names, and collecting what is wrong.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::Path;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::closed::unreadable;
use super::secret_key::must_be_private;
use super::zone::TZ;
use super::{Problem, Problems};

/// The environment while it is being read.
pub(super) struct Environment {
    vars: BTreeMap<String, String>,
    known: Vec<String>,
    warnings: Vec<String>,
    pub problems: Problems,
}

impl Environment {
    /// Takes the variables over; those that are not ours don't matter, but for the time zone.
    pub fn new(vars: impl IntoIterator<Item = (String, String)>) -> Self {
        let vars = vars.into_iter().filter(|(name, _)| name.starts_with("NYCKEL_") || name == TZ).collect();
        Self { vars, known: Vec::new(), warnings: Vec::new(), problems: Problems::default() }
    }

    /// A setting's text; empty counts as not set.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.known.push(name.to_owned());
        self.vars.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A setting that `read` understands, or its default. What can't be understood is a problem, and the default is used
    /// so that the reading can go on to the next problem.
    pub fn value<T, E: Display>(&mut self, name: &str, default: T, read: impl FnOnce(&str) -> Result<T, E>) -> T {
        let Some(text) = self.text(name) else { return default };
        match read(&text) {
            Ok(value) => value,
            Err(error) => {
                self.problem(name, error);
                default
            }
        }
    }

    /// A secret, from its variable or from the file that `…_FILE` names.
    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        let file_name = format!("{name}_FILE");
        let (value, file) = (self.text(name), self.text(&file_name));
        match (value, file) {
            (Some(_), Some(_)) => {
                self.problem(name, format!("is set, and so is {file_name}; keep one of them"));
                None
            }
            (Some(value), None) => Some(value.into()),
            (None, Some(path)) => match read_private(Path::new(&path)) {
                Ok(text) => Some(text),
                Err(sentence) => {
                    self.problem(&file_name, sentence);
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// Whether a setting, or the file that holds it, is given at all.
    pub fn is_given(&self, name: &str) -> bool {
        let is_set = |name: &str| self.vars.get(name).is_some_and(|value| !value.trim().is_empty());
        is_set(name) || is_set(&format!("{name}_FILE"))
    }

    /// Whether any setting is given whose name begins like this.
    pub fn has_any_of(&self, prefix: &str) -> bool {
        self.vars.iter().any(|(name, value)| name.starts_with(prefix) && !value.trim().is_empty())
    }

    pub fn problem(&mut self, name: &str, sentence: impl Display) {
        self.problems.0.push(Problem { name: name.to_owned(), sentence: sentence.to_string() });
    }

    pub fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }

    /// The warnings, and a sentence for each of our variables that nothing has asked for, with the name that was probably
    /// meant.
    pub fn warnings(&self) -> Vec<String> {
        let unknown = self.vars.keys().filter(|name| !self.known.contains(name));
        self.warnings.iter().cloned().chain(unknown.map(|name| self.say_unknown(name))).collect()
    }

    fn say_unknown(&self, name: &str) -> String {
        // What all names begin with makes none of them nearer, and a third of the rest is more than a slip of the pen.
        let own = |name: &str| name.trim_start_matches("NYCKEL_").to_owned();
        let typed = own(name);
        let distances = self.known.iter().map(|known| (strsim::osa_distance(&typed, &own(known)), known));
        match distances.min().filter(|(distance, _)| distance * 3 <= typed.len()) {
            Some((_, nearest)) => format!("{name} is not a setting of Nyckel; did you mean {nearest}?"),
            None => format!("{name} is not a setting of Nyckel"),
        }
    }
}

/// A file's text without the byte order mark that some editors put before it.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The secret that a file holds, if not everybody can read it.
pub(super) fn read_private(path: &Path) -> Result<SecretString, String> {
    must_be_private(path)?;
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| unreadable(path, &error))?);
    let text = without_mark(&text);
    if text.trim().is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(text.trim().into()) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_may_begin_with_the_mark_of_an_editor() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, "\u{feff} \n").unwrap();
        assert!(read_private(file.path()).unwrap_err().contains("is empty"));
        assert_eq!(["\u{feff}a", "a", ""].map(without_mark), ["a", "a", ""]);
    }
}
