//! The files of the project as the rules see them: read from the disk, or made up to show that a rule can fail.

use std::path::Path;
use std::{fs, io};

/// Folders whose content is not ours: made by tools and named in `.gitignore`.
const NOT_OURS: [&str; 3] = ["target", "data", "node_modules"];

/// One file: its path from the top of the project, with `/`, and its text (empty when it is no text).
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The path below a folder, where the file lies there.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.path.strip_prefix(folder)?.strip_prefix('/')
    }

    /// The part after the last dot, or nothing.
    pub fn ending(&self) -> &str {
        self.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending)
    }

    /// The sentence that a failing test prints.
    pub fn breach(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// Every file that a rule may look at.
pub struct Tree(pub Vec<File>);

impl Tree {
    /// The project itself.
    ///
    /// # Errors
    /// Any error of the file system.
    pub fn here() -> io::Result<Self> {
        let mut files = Vec::new();
        read_folder(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self(files))
    }

    /// A project of these paths and texts.
    pub fn made_up(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|&(path, text)| File { path: path.to_owned(), text: text.to_owned() }).collect())
    }

    /// The Rust files of `src`.
    pub fn code(&self) -> impl Iterator<Item = &File> {
        self.0.iter().filter(|file| file.ending() == "rs" && file.below("src").is_some())
    }

    /// Every Rust file: `src`, tests, benches, build script.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.0.iter().filter(|file| file.ending() == "rs")
    }

    /// The templates.
    pub fn templates(&self) -> impl Iterator<Item = &File> {
        self.0.iter().filter(|file| file.below("templates").is_some())
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else {
            let text = String::from_utf8(fs::read(entry.path())?).unwrap_or_default();
            files.push(File { path, text });
        }
    }
    Ok(())
}
