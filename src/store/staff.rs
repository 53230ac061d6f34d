//! Statements on staff members and their grants.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, RightsRow, Writing, on, time};
use crate::model::{
    DisplayName, DomainName, Domains, Grant, Language, Role, Staff, StaffId, StaffName, StaffRecord, Theme,
};

/// What signing in is checked against.
#[derive(Debug)]
pub struct Credentials {
    pub id: StaffId,
    pub disabled: bool,
    /// The Argon2id hash, in PHC form; `None` when no password was set.
    pub password_hash: Option<String>,
    /// Whether a code or a passkey is asked for besides the password.
    pub second_factor: bool,
    /// Grows whenever everything that was proved before stops counting.
    pub generation: i64,
}

/// A staff member and one of their grants: the shape in which both are read together.
#[derive(FromRow)]
pub(super) struct StaffGrantRow {
    id: String,
    name: String,
    display_name: Option<String>,
    language: Option<String>,
    theme: String,
    disabled_at: Option<i64>,
    second_factor: bool,
    single_sign_on: bool,
    role: Option<String>,
    domain: Option<String>,
}

impl StaffGrantRow {
    /// What the MAC of a person's rights is over, from all of their rows.
    pub(super) fn rights<'a>(rows: &[&'a Self], generation: i64, mac: Option<&'a [u8]>) -> RightsRow<'a> {
        let grant = |row: &&'a Self| Some((row.role.as_deref()?, row.domain.as_deref()?));
        let (id, name, disabled_at) =
            rows.first().map_or(("", "", None), |row| (&*row.id, &*row.name, row.disabled_at));
        RightsRow { id, name, generation, disabled_at, grants: rows.iter().filter_map(grant).collect(), mac }
    }
}

#[derive(FromRow)]
struct CredentialsRow {
    id: String,
    disabled_at: Option<i64>,
    password_hash: Option<String>,
    second_factor: bool,
    generation: i64,
}

#[derive(FromRow)]
struct RecordRow {
    #[sqlx(flatten)]
    staff: StaffGrantRow,
    has_password: bool,
    invited_until: Option<i64>,
}

/// Whether a staff member `s` has anything besides their password to sign in with.
macro_rules! has_second_factor {
    () => {
        "(s.totp_seed IS NOT NULL OR EXISTS (SELECT 1 FROM passkey p WHERE p.staff_id = s.id)) AS second_factor"
    };
}
pub(super) use has_second_factor;

macro_rules! select_records {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.name, s.display_name, s.language, s.theme, s.disabled_at, ",
            has_second_factor!(),
            ", EXISTS (SELECT 1 FROM identity d WHERE d.staff_id = s.id) AS single_sign_on, g.role, g.domain, ",
            "s.password_hash IS NOT NULL AS has_password, i.expires_at AS invited_until ",
            "FROM staff s LEFT JOIN staff_grant g ON g.staff_id = s.id LEFT JOIN link i ON i.staff_id = s.id AND i.kind = 'invitation' ",
            $rest
        )
    };
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// What a sign-in name is checked against, disabled or not.
    pub async fn credentials(&mut self, name: &StaffName) -> Result<Option<Credentials>, Error> {
        let row: Option<CredentialsRow> = on!(self, c => sqlx::query_as(concat!(
            "SELECT s.id, s.disabled_at, s.password_hash, ", has_second_factor!(), ", s.generation FROM staff s WHERE s.name = $1"
        )).bind(name.as_str()).fetch_optional(c).await)?;
        Ok(row.map(|row| Credentials {
            id: StaffId(row.id),
            disabled: row.disabled_at.is_some(),
            password_hash: row.password_hash,
            second_factor: row.second_factor,
            generation: row.generation,
        }))
    }

    /// Everybody, by name.
    pub async fn all_staff(&mut self) -> Result<Vec<StaffRecord>, Error> {
        let rows: Vec<RecordRow> = on!(self, c => sqlx::query_as(
            select_records!("ORDER BY s.name, g.role, g.domain")
        ).fetch_all(c).await)?;
        rows.chunk_by(|a, b| a.staff.id == b.staff.id).map(record_of).collect()
    }

    /// One staff member.
    pub async fn staff_member(&mut self, id: &StaffId) -> Result<Option<StaffRecord>, Error> {
        let rows: Vec<RecordRow> = on!(self, c => sqlx::query_as(
            select_records!("WHERE s.id = $1 ORDER BY g.role, g.domain")
        ).bind(&id.0).fetch_all(c).await)?;
        if rows.is_empty() { Ok(None) } else { record_of(&rows).map(Some) }
    }

    /// How many admins who can sign in there are besides this one.
    pub async fn other_admins(&mut self, id: &StaffId) -> Result<i64, Error> {
        Ok(on!(self, c => sqlx::query_scalar(
            "SELECT count(*) FROM staff s JOIN staff_grant g ON g.staff_id = s.id AND g.role = 'admin' \
             AND g.domain = '*' WHERE s.id <> $1 AND s.disabled_at IS NULL AND (s.password_hash IS NOT NULL \
             OR EXISTS (SELECT 1 FROM identity d WHERE d.staff_id = s.id))"
        ).bind(&id.0).fetch_one(c).await)?)
    }

    /// How many staff members there are, disabled ones too.
    pub async fn count_staff(&mut self) -> Result<i64, Error> {
        Ok(on!(self, c => sqlx::query_scalar("SELECT count(*) FROM staff").fetch_one(c).await)?)
    }
}

impl Writing {
    /// Adds a staff member, with a password or without; `false` when the name is taken.
    pub async fn add_staff(
        &mut self,
        id: &StaffId,
        name: &StaffName,
        hash: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        self.unseal(id).await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO staff (id, name, password_hash, created_at, password_set_at) VALUES ($1, $2, $3, $4, $4) \
             ON CONFLICT DO NOTHING"
        ).bind(&id.0).bind(name.as_str()).bind(hash).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a staff member a grant; one they already hold is left as it is.
    pub async fn add_grant(&mut self, staff: &StaffId, grant: &Grant) -> Result<(), Error> {
        self.unseal(staff).await?;
        let domain = match &grant.domains {
            Domains::All => "*",
            Domains::One(domain) => domain.as_str(),
        };
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO staff_grant (staff_id, role, domain) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        ).bind(&staff.0).bind(grant.role.name()).bind(domain).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes all grants off a staff member.
    pub async fn remove_grants(&mut self, staff: &StaffId) -> Result<(), Error> {
        self.unseal(staff).await?;
        on!(&mut self.db, c => sqlx::query("DELETE FROM staff_grant WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Gives a staff member another sign-in name; `false` when it is taken, and then the transaction can't go on.
    pub async fn rename_staff(&mut self, staff: &StaffId, name: &StaffName) -> Result<bool, Error> {
        self.unseal(staff).await?;
        let done = on!(&mut self.db, c => sqlx::query("UPDATE staff SET name = $2 WHERE id = $1")
            .bind(&staff.0).bind(name.as_str()).execute(c).await.map(|d| d.rows_affected()));
        match done {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                self.unsealed.clear();
                Ok(false)
            }
            done => Ok(done? == 1),
        }
    }

    /// Sets what others are told a staff member is called; `None` is the sign-in name.
    pub async fn set_display_name(&mut self, staff: &StaffId, name: Option<&DisplayName>) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET display_name = $2 WHERE id = $1")
            .bind(&staff.0).bind(name.map(DisplayName::as_str)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Sets what a staff member likes to see; no language is what their browser says.
    pub async fn set_preferences(
        &mut self,
        staff: &StaffId,
        language: Option<Language>,
        theme: Theme,
    ) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET language = $2, theme = $3 WHERE id = $1")
            .bind(&staff.0).bind(language.map(Language::tag)).bind(theme.name()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Sets a staff member's password hash.
    pub async fn set_password_hash(&mut self, staff: &StaffId, hash: &str, at: Timestamp) -> Result<(), Error> {
        self.unseal(staff).await?;
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET password_hash = $2, password_set_at = $3 WHERE id = $1")
            .bind(&staff.0).bind(hash).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        // Anyone who guessed codes had the old one.
        self.forget_wrong_codes(staff, None).await
    }

    /// Disables a staff member; `false` when they already were.
    pub async fn disable_staff(&mut self, staff: &StaffId, at: Timestamp) -> Result<bool, Error> {
        self.unseal(staff).await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL"
        ).bind(&staff.0).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}

impl Writing {
    /// Lets a disabled staff member in again; `false` when they were not disabled.
    pub async fn enable_staff(&mut self, staff: &StaffId) -> Result<bool, Error> {
        self.unseal(staff).await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET disabled_at = NULL WHERE id = $1 AND disabled_at IS NOT NULL"
        ).bind(&staff.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}

fn record_of(rows: &[RecordRow]) -> Result<StaffRecord, Error> {
    let first = rows.first().ok_or(Error::Unreadable("a staff member without a row"))?;
    let (has_password, invited_until) = (first.has_password, first.invited_until.map(time));
    let staff = staff_of(&rows.iter().map(|row| &row.staff).collect::<Vec<_>>())?;
    Ok(StaffRecord { staff, has_password, invited_until })
}

/// Folds the rows of one staff member, a row a grant, into one value.
pub(super) fn staff_of(rows: &[&StaffGrantRow]) -> Result<Staff, Error> {
    let first = rows.first().ok_or(Error::Unreadable("a staff member without a row"))?;
    let unreadable = |what| Error::UnreadableOf { what, staff: first.id.clone() };
    let grant = |row: &&StaffGrantRow| {
        let (role, domain) = (row.role.as_deref()?, row.domain.as_deref()?);
        Some(read_grant(role, domain).ok_or_else(|| unreadable("a grant")))
    };
    Ok(Staff {
        id: StaffId(first.id.clone()),
        name: StaffName::parse(&first.name).map_err(|_| unreadable("the name"))?,
        // It gives no power, and what somebody wrote there past the panel must not keep anybody from working.
        display_name: first.display_name.as_deref().and_then(|name| DisplayName::parse(name).ok().flatten()),
        language: first.language.as_deref().and_then(Language::tagged),
        theme: Theme::named(&first.theme).unwrap_or_default(),
        disabled_at: first.disabled_at.map(time),
        second_factor: first.second_factor,
        single_sign_on: first.single_sign_on,
        grants: rows.iter().filter_map(grant).collect::<Result<_, _>>()?,
    })
}

fn read_grant(role: &str, domain: &str) -> Option<Grant> {
    let domains = if domain == "*" { Domains::All } else { Domains::One(DomainName::parse(domain).ok()?) };
    Some(Grant { role: Role::named(role)?, domains })
}
