//! Who has let whom in, as the audit tells. It names people as they were called then: renames are followed back.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, on};
use crate::model::{AuditKind, Fact, Facts, LetIn, StaffId};

#[derive(FromRow)]
struct Told {
    at: i64,
    kind: String,
    staff_id: Option<String>,
    facts: Option<String>,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Who has let whom in since a moment: by an invitation, a role, a name, a password, a sign-in link, or by taking a second
    /// factor away. What the command line does is nobody's.
    pub async fn let_in(&mut self, since: Timestamp) -> Result<LetIn, Error> {
        let people: Vec<(String, String)> =
            on!(self, c => sqlx::query_as("SELECT name, id FROM staff").fetch_all(c).await)?;
        let staff: HashSet<String> = people.iter().map(|(_, id)| id.clone()).collect();
        let mut called: HashMap<String, StaffId> = people.into_iter().map(|(name, id)| (name, StaffId(id))).collect();
        let told: Vec<Told> = on!(self, c => sqlx::query_as(
            "SELECT at, kind, staff_id, facts FROM audit WHERE kind IN ('staff.added', 'staff.invited', \
             'staff.grants_changed', 'staff.renamed', 'staff.enabled', 'staff.password_set', 'staff.sign_in_link_made', \
             'staff.second_factor_removed') AND (at >= $1 OR kind = 'staff.renamed') ORDER BY seq DESC"
        ).bind(since.as_millisecond()).fetch_all(c).await)?;
        let mut pairs = Vec::new();
        for told in told {
            let facts = Facts::read(&told.facts.unwrap_or_default());
            let Some(name) = facts.text(Fact::Person) else { continue };
            let Some(person) = called.get(name).cloned() else { continue };
            if told.kind == AuditKind::StaffRenamed.name()
                && let Some(before) = facts.text(Fact::PersonBefore)
            {
                called.remove(name);
                called.insert(before.to_owned(), person.clone());
            }
            if let Some(by) =
                told.staff_id.filter(|by| told.at >= since.as_millisecond() && *by != person.0 && staff.contains(by))
            {
                pairs.push((StaffId(by), person));
            }
        }
        Ok(LetIn(pairs))
    }
}
