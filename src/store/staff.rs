//! Statements on staff members and their grants.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{DomainName, Domains, Grant, Language, Role, Staff, StaffId, StaffName, Theme};

/// What signing in is checked against.
#[derive(Debug)]
pub struct Credentials {
    pub id: StaffId,
    pub disabled: bool,
    /// The Argon2id hash, in PHC form; `None` when no password was set.
    pub password_hash: Option<String>,
}

/// A staff member and one of their grants: the shape in which both are read together.
#[derive(FromRow)]
pub(super) struct StaffGrantRow {
    id: String,
    name: String,
    language: Option<String>,
    theme: String,
    disabled_at: Option<i64>,
    role: Option<String>,
    domain: Option<String>,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// What a sign-in name is checked against, disabled or not.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn credentials(&mut self, name: &StaffName) -> Result<Option<Credentials>, Error> {
        let row: Option<(String, Option<i64>, Option<String>)> = on!(self, c => sqlx::query_as(
            "SELECT id, disabled_at, password_hash FROM staff WHERE name = $1"
        ).bind(name.as_str()).fetch_optional(c).await)?;
        Ok(row.map(|(id, disabled_at, password_hash)| Credentials {
            id: StaffId(id),
            disabled: disabled_at.is_some(),
            password_hash,
        }))
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn all_staff(&mut self) -> Result<Vec<Staff>, Error> {
        let rows: Vec<StaffGrantRow> = on!(self, c => sqlx::query_as(
            "SELECT s.id, s.name, s.language, s.theme, s.disabled_at, g.role, g.domain \
             FROM staff s LEFT JOIN staff_grant g ON g.staff_id = s.id ORDER BY s.name, g.role, g.domain"
        ).fetch_all(c).await)?;
        rows.chunk_by(|a, b| a.id == b.id).map(staff_of).collect()
    }

    /// How many staff members there are, disabled ones too.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn count_staff(&mut self) -> Result<i64, Error> {
        Ok(on!(self, c => sqlx::query_scalar("SELECT count(*) FROM staff").fetch_one(c).await)?)
    }
}

impl Writing {
    /// Adds a staff member; `false` when the name is taken.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn add_staff(
        &mut self,
        id: &StaffId,
        name: &StaffName,
        hash: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO staff (id, name, password_hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        ).bind(&id.0).bind(name.as_str()).bind(hash).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a staff member a grant; one they already hold is left as it is.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn add_grant(&mut self, staff: &StaffId, grant: &Grant) -> Result<(), Error> {
        let domain = match &grant.domains {
            Domains::All => "*",
            Domains::One(domain) => domain.as_str(),
        };
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO staff_grant (staff_id, role, domain) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        ).bind(&staff.0).bind(grant.role.name()).bind(domain).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Sets a staff member's password hash.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn set_password_hash(&mut self, staff: &StaffId, hash: &str) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET password_hash = $2 WHERE id = $1")
            .bind(&staff.0).bind(hash).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Disables a staff member; `false` when they already were.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn disable_staff(&mut self, staff: &StaffId, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL"
        ).bind(&staff.0).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}

/// Folds the rows of one staff member, a row a grant, into one value.
pub(super) fn staff_of(rows: &[StaffGrantRow]) -> Result<Staff, Error> {
    let first = rows.first().ok_or(Error::Unreadable("a staff member without a row"))?;
    Ok(Staff {
        id: StaffId(first.id.clone()),
        name: StaffName::parse(&first.name).map_err(|_| Error::Unreadable("a staff member's name"))?,
        language: first.language.as_deref().and_then(Language::tagged),
        theme: Theme::named(&first.theme).unwrap_or_default(),
        disabled_at: first.disabled_at.map(time),
        grants: rows.iter().filter_map(grant_of).collect::<Result<_, _>>()?,
    })
}

fn grant_of(row: &StaffGrantRow) -> Option<Result<Grant, Error>> {
    let (role, domain) = (row.role.as_deref()?, row.domain.as_deref()?);
    Some(read_grant(role, domain).ok_or(Error::Unreadable("a grant")))
}

fn read_grant(role: &str, domain: &str) -> Option<Grant> {
    let domains = if domain == "*" { Domains::All } else { Domains::One(DomainName::parse(domain).ok()?) };
    Some(Grant { role: Role::named(role)?, domains })
}
