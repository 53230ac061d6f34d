//! What people remember of what they were promised and shown, and of what they wanted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::owners::LinkAndCode;
use super::people::{Answer, Person};

/// What people remember. Clones share it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Remembered>>);

#[derive(Default)]
struct Remembered {
    /// Passwords that people were shown, by the path of the result.
    shown: HashMap<String, Vec<String>>,
    /// Operations that were accepted and whose result nobody has read to its end, and who was promised it.
    promised: HashMap<String, Person>,
    /// What an operation was to make of its address, by its id.
    wishes: HashMap<String, Wish>,
    /// The pages of batches that were confirmed and that nobody has seen done, and who confirmed them.
    batches: Vec<(String, Person)>,
    /// What is for owners, by the path of the link.
    links: HashMap<String, Link>,
    /// What a second person is asked for and nobody has seen through.
    asked: Vec<Asked>,
    /// Cookies that somebody got in the middle of it.
    secrets: Vec<String>,
}

/// A link that staff were given, and what its owner read.
#[derive(Clone, Debug)]
pub struct Link {
    /// The address of the account, or the page of the operation.
    pub of: String,
    pub code: String,
    pub read: Vec<String>,
}

/// What somebody asked a second person for.
pub struct Asked {
    /// The approval's page.
    pub at: String,
    pub by: Person,
    /// `reset` or `delete`.
    pub page: String,
    pub address: String,
}

/// What is to stand at GleSYS once an operation is done.
#[derive(Clone, Debug)]
pub enum Wish {
    /// An account's storage in GiB, where it is told, and its spam level.
    Settings { quota: Option<u64>, spam: u64 },
    /// An alias's targets, with commas between them.
    LeadsTo(String),
}

/// The id at the end of a link to where an operation or a batch is told of.
pub fn id_in(link: &str) -> &str {
    &link[link.len().saturating_sub(36)..]
}

impl Memory {
    fn remembers(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap()
    }

    /// A link to the changed thing itself already says that all is done.
    pub fn is_promised(&self, person: &Person, result: &str) {
        if result.starts_with("/operations/") {
            self.remembers().promised.insert(result.to_owned(), person.clone());
        }
    }

    pub fn has_read(&self, result: &str, page: &Answer) {
        let mut remembered = self.remembers();
        remembered.promised.remove(result);
        if let Some(password) = page.password() {
            remembered.shown.entry(result.to_owned()).or_default().push(password);
        }
    }

    /// What was shown, by the path of the result.
    pub fn shown(&self) -> HashMap<String, Vec<String>> {
        self.remembers().shown.clone()
    }

    /// Takes what was promised and not read yet.
    pub fn takes_promised(&self) -> HashMap<String, Person> {
        std::mem::take(&mut self.remembers().promised)
    }

    pub fn wishes(&self, result: &str, wish: Wish) {
        self.remembers().wishes.insert(id_in(result).to_owned(), wish);
    }

    /// What was wanted, by the id of the operation.
    pub fn wished(&self) -> HashMap<String, Wish> {
        self.remembers().wishes.clone()
    }

    pub fn has_begun(&self, batch: &str, person: &Person) {
        self.remembers().batches.push((batch.to_owned(), person.clone()));
    }

    /// Staff were given link and code, which happens once.
    pub fn is_given(&self, of: &str, LinkAndCode { path, code }: &LinkAndCode) {
        let link = Link { of: of.to_owned(), code: code.clone(), read: Vec::new() };
        let earlier = self.remembers().links.insert(path.clone(), link);
        assert!(earlier.is_none(), "the link of {of} was given out again");
    }

    /// An owner has read this page at a link.
    pub fn is_read(&self, path: &str, page: &Answer) {
        if let Some(password) = page.password() {
            self.remembers().links.get_mut(path).unwrap().read.push(password);
        }
    }

    /// How often a link has given a password.
    pub fn read_by_link(&self, path: &str) -> usize {
        self.remembers().links[path].read.len()
    }

    pub fn links(&self) -> HashMap<String, Link> {
        self.remembers().links.clone()
    }

    pub fn has_asked(&self, asked: Asked) {
        self.remembers().asked.push(asked);
    }

    /// Takes what somebody has waited for the longest.
    pub fn takes_asked(&self) -> Option<Asked> {
        let mut remembered = self.remembers();
        (!remembered.asked.is_empty()).then(|| remembered.asked.remove(0))
    }

    pub fn has_secret(&self, secret: &str) {
        self.remembers().secrets.push(secret.to_owned());
    }

    /// What people hold and no file may: links and cookies.
    pub fn secrets(&self) -> Vec<String> {
        let remembered = self.remembers();
        let links = remembered.links.keys().map(|path| path.rsplit('/').next().unwrap().to_owned());
        links.chain(remembered.secrets.iter().cloned()).collect()
    }

    /// Takes the page of a batch that somebody should look after, and who confirmed it.
    pub fn takes_batch(&self) -> Option<(String, Person)> {
        let mut remembered = self.remembers();
        let oldest = (!remembered.batches.is_empty()).then_some(0)?;
        Some(remembered.batches.remove(oldest))
    }
}
