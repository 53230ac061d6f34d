//! What people remember of what they were promised and shown, and of what they wanted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

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
    /// The pages of batches that were confirmed and that nobody has seen done.
    batches: Vec<String>,
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

    pub fn has_begun(&self, batch: &str) {
        self.remembers().batches.push(batch.to_owned());
    }

    /// Takes the page of a batch that somebody should look after.
    pub fn takes_batch(&self) -> Option<String> {
        let mut remembered = self.remembers();
        let oldest = (!remembered.batches.is_empty()).then_some(0)?;
        Some(remembered.batches.remove(oldest))
    }
}
