//! Statements on approvals: what one person asks and another gives. One is given once and used once: every change of its state
//! compares before it sets. A row that lets somebody do something is tied to the key, and what the audit tells of it counts.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::grounds::{GroundsRow, kept_caller};
use super::{Db, Error, Link, Refusal, Values, Writing, on, time};
use crate::model::approval::{ASKED_FOR, GIVEN_FOR};
use crate::model::{
    Address, Approval, ApprovalId, ApprovalState, BatchAction, BatchId, CallerCheck, DomainName, Elapsed, Fact, Facts,
    Grounds, HandOver, Joint, OperationKind, OperationState, StaffId,
};

const EDITED: Refusal = Refusal::RowEdited("an approval");
/// How many of the last rows of the audit about an address or a domain are looked through: more than anybody can cause in the
/// time that an approval lasts.
const LOOKED_THROUGH: i64 = 200;

/// An approval that somebody asks for.
#[derive(Debug)]
pub struct NewApproval<'a> {
    pub id: &'a ApprovalId,
    pub asked_by: &'a StaffId,
    pub joint: &'a Joint,
    /// Of a batch: the digest of its accounts.
    pub selection: Option<&'a [u8]>,
    pub ticket: &'a str,
    /// How the asker checked who asks them.
    pub caller: Option<&'a CallerCheck>,
    pub at: Timestamp,
}

/// What becomes of an approval.
#[derive(Debug)]
pub enum ApprovalStep<'a> {
    GivenBy(&'a StaffId),
    /// With what was said.
    RefusedBy(&'a StaffId, Option<&'a str>),
    /// With the nonce of what it is used for.
    UsedFor(&'a str),
    Withdrawn,
}

#[derive(FromRow)]
struct ApprovalRow {
    id: String,
    asked_by: String,
    asked_name: String,
    asked_as: String,
    kind: String,
    about: String,
    domain: String,
    hand_over: Option<String>,
    accounts: Option<i64>,
    selection: Option<Vec<u8>>,
    #[sqlx(flatten)]
    grounds: GroundsRow,
    asked_at: i64,
    state: String,
    decided_by: Option<String>,
    decided_as: Option<String>,
    decided_at: Option<i64>,
    word: Option<String>,
    nonce: Option<String>,
    ends_at: i64,
    over_elapsed: i64,
    closed_at: Option<i64>,
    mac: Option<Vec<u8>>,
}

macro_rules! select_approval {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.asked_by, s.name AS asked_name, COALESCE(s.display_name, s.name) AS asked_as, a.kind, a.about, ",
            "a.domain, a.hand_over, a.accounts, a.selection, a.ticket, a.caller_way, a.caller_label, a.caller_text, a.asked_at, a.state, a.decided_by, ",
            "COALESCE(d.display_name, d.name) AS decided_as, a.decided_at, a.word, a.nonce, a.ends_at, a.over_elapsed, ",
            "a.closed_at, a.mac FROM approval a JOIN staff s ON s.id = a.asked_by ",
            "LEFT JOIN staff d ON d.id = a.decided_by ",
            $rest
        )
    };
}

/// What an approval's MAC is over: all that says who lets whom do what, and until when.
fn values(approval: &Approval) -> Values {
    let (joint, state) = (&approval.joint, approval.state);
    let accounts = if let Joint::Batch { accounts, .. } = joint { *accounts } else { -1 };
    let values = Values::of("approval").text(approval.id.as_str()).text(&approval.asked_by.0).text(&approval.ticket);
    let values = values.text(&joint.code()).text(joint.about()).text(joint.domain().as_str()).number(accounts);
    let values = values.bytes(joint.way().map(|way| way.name().as_bytes())).bytes(approval.selection.as_deref());
    let values = values.text(state.name()).number(approval.ends_at.as_millisecond()).number(approval.over.0);
    let decided_by = approval.decided_by.as_ref().map(|by| by.0.as_bytes());
    let values = values.bytes(decided_by).bytes(approval.nonce.as_ref().map(String::as_bytes));
    // One of a version that asked for none is over the same as before.
    match &approval.caller {
        Some(CallerCheck { way, label, text }) => {
            values.text(way).text(label).bytes(text.as_ref().map(String::as_bytes))
        }
        None => values,
    }
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The approval of that id.
    ///
    /// # Errors
    /// [`Error::Refused`] where it is open and the panel has not written it; [`Error::Database`].
    pub async fn approval(&mut self, id: &ApprovalId) -> Result<Option<Approval>, Error> {
        let row: Option<ApprovalRow> = on!(self, c => sqlx::query_as(select_approval!("WHERE a.id = $1"))
            .bind(id.as_str()).fetch_optional(c).await)?;
        row.map(|row| self.read_approval(row)).transpose()
    }

    /// Those that wait for a colleague or to be used, oldest first. One that the panel has not written is none.
    pub async fn open_approvals(&mut self) -> Result<Vec<Approval>, Error> {
        let rows: Vec<ApprovalRow> = on!(self, c => sqlx::query_as(
            select_approval!("WHERE a.closed_at IS NULL ORDER BY a.asked_at, a.id")
        ).fetch_all(c).await)?;
        let read = rows.into_iter().map(|row| self.read_approval(row));
        read.filter(|read| !matches!(read, Err(Error::Refused(_)))).collect()
    }

    /// Those of somebody that ended since then, used or not, the last first. One that the panel has not written is none.
    pub async fn approvals_ended(&mut self, asked_by: &StaffId, since: Timestamp) -> Result<Vec<Approval>, Error> {
        let rows: Vec<ApprovalRow> = on!(self, c => sqlx::query_as(select_approval!(
            "WHERE a.asked_by = $1 AND a.closed_at > $2 ORDER BY a.closed_at DESC, a.id DESC LIMIT 10"
        )).bind(&asked_by.0).bind(since.as_millisecond()).fetch_all(c).await)?;
        let read = rows.into_iter().map(|row| self.read_approval(row));
        read.filter(|read| !matches!(read, Err(Error::Refused(_)))).collect()
    }

    /// The last that somebody has asked for this and that were given, newest first, used or not.
    ///
    /// # Errors
    /// [`Error::Refused`] where the panel has not written one; [`Error::Database`].
    pub async fn approvals_given(&mut self, asked_by: &StaffId, joint: &Joint) -> Result<Vec<Approval>, Error> {
        let rows: Vec<ApprovalRow> = on!(self, c => sqlx::query_as(select_approval!(
            "WHERE a.about = $1 AND a.asked_by = $2 AND a.kind = $3 AND a.state IN ('given', 'used') \
             AND a.mac IS NOT NULL ORDER BY a.asked_at DESC LIMIT 5"
        )).bind(joint.about()).bind(&asked_by.0).bind(joint.code()).fetch_all(c).await)?;
        rows.into_iter().map(|row| self.read_approval(row)).collect()
    }

    /// The digest of what a batch does to which accounts, the same before it runs and after: an account that had its turn, and was
    /// left out then, was to have it.
    pub async fn selection(&mut self, id: &BatchId, action: BatchAction) -> Result<Vec<u8>, Error> {
        let mut items: Vec<(String, String, Option<String>)> = on!(self, c => sqlx::query_as(
            "SELECT address, nonce, left_out FROM batch_item WHERE batch_id = $1"
        ).bind(id.as_str()).fetch_all(c).await)?;
        items.sort();
        let (all, unbegun) = (Values::of("what a batch does").text(id.as_str()).text(&action.code()), id.nonces(0));
        let with = |values: Values, (address, nonce, left_out): &(String, String, Option<String>)| {
            let is_left_out = left_out.is_some() && nonce.starts_with(&unbegun);
            values.text(address).number(i64::from(is_left_out))
        };
        Ok(self.keys.mac(&items.iter().fold(all, with)))
    }

    /// Whether the audit tells that what a nonce names was never sent. What the operation's own row says, anybody can write who
    /// can write into the database.
    pub async fn is_told_unsent(&mut self, nonce: &str) -> Result<bool, Error> {
        let told: Vec<Option<String>> = on!(self, c => sqlx::query_scalar(
            "SELECT a.outcome FROM operation o JOIN audit a ON a.operation_id = o.id \
             AND a.kind IN ('reset.outcome', 'account.delete_outcome') WHERE o.nonce = $1"
        ).bind(nonce).fetch_all(c).await)?;
        Ok(!told.is_empty() && told.iter().all(|outcome| outcome.as_deref().is_some_and(is_unsent)))
    }

    /// Whether the audit tells that an approval has ended, or was used for what may have reached GleSYS. Anyone who writes an
    /// older row back can't take rows out of the audit unnoticed.
    async fn is_told_otherwise(&mut self, approval: &Approval) -> Result<bool, Error> {
        let told: Vec<(Option<String>, Option<String>)> = match &approval.joint {
            Joint::On { address, .. } => on!(self, c => sqlx::query_as(
                "SELECT a.facts, o.outcome FROM audit a LEFT JOIN audit o ON o.operation_id = a.operation_id \
                 AND o.kind IN ('reset.outcome', 'account.delete_outcome') WHERE a.address = $1 AND a.kind IN ('reset.intent', 'account.delete_intent', 'approval.refused', 'approval.withdrawn', \
                 'approval.ended', 'approval.forgotten') ORDER BY a.seq DESC LIMIT $2"
            ).bind(address.as_str()).bind(LOOKED_THROUGH).fetch_all(c).await)?,
            Joint::Batch { domain, .. } => on!(self, c => sqlx::query_as(
                "SELECT a.facts, NULL AS outcome FROM audit a WHERE a.domain = $1 \
                 AND a.kind IN ('batch.begun', 'approval.refused', 'approval.withdrawn', 'approval.ended', \
                 'approval.forgotten') ORDER BY a.seq DESC LIMIT $2"
            ).bind(domain.as_str()).bind(LOOKED_THROUGH).fetch_all(c).await)?,
        };
        let is_of_it = |facts: &str| Facts::read(facts).text(Fact::Approval) == Some(approval.id.as_str());
        let ends = |(facts, outcome): &(Option<String>, Option<String>)| {
            facts.as_deref().is_some_and(is_of_it) && !outcome.as_deref().is_some_and(is_unsent)
        };
        Ok(told.iter().any(ends))
    }

    fn read_approval(&self, row: ApprovalRow) -> Result<Approval, Error> {
        let mac = row.mac.clone();
        let approval = read(row)?;
        // What has ended lets nobody do anything.
        let counts = approval.state.is_open() || mac.is_some();
        if counts && !self.keys.holds(&values(&approval), mac.as_deref()) {
            return Err(EDITED.into());
        }
        Ok(approval)
    }
}

impl Writing {
    /// Records what somebody asks; `false` when they have asked for the same already and that is open.
    pub async fn add_approval(&mut self, new: &NewApproval<'_>) -> Result<bool, Error> {
        let over = self.elapsed_at_most().await?.plus(ASKED_FOR.unsigned_abs());
        let approval = Approval {
            id: new.id.clone(),
            joint: new.joint.clone(),
            asked_by: new.asked_by.clone(),
            asked_name: String::new(),
            asked_as: String::new(),
            ticket: new.ticket.to_owned(),
            caller: new.caller.cloned(),
            asked_at: new.at,
            state: ApprovalState::Asked,
            decided_by: None,
            decided_as: None,
            decided_at: None,
            word: None,
            nonce: None,
            selection: new.selection.map(<[u8]>::to_vec),
            ends_at: new.at + ASKED_FOR,
            over,
            closed_at: None,
        };
        let (mac, joint) = (self.db.keys.mac(&values(&approval)), &approval.joint);
        let accounts = if let Joint::Batch { accounts, .. } = joint { Some(*accounts) } else { None };
        let [way, label, text] = kept_caller(approval.caller.as_ref());
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO approval (id, asked_by, kind, about, domain, hand_over, accounts, selection, ticket, asked_at, \
             state, ends_at, over_elapsed, mac, caller_way, caller_label, caller_text) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
             ON CONFLICT DO NOTHING"
        )
        .bind(approval.id.as_str()).bind(&approval.asked_by.0).bind(joint.code()).bind(joint.about())
        .bind(joint.domain().as_str()).bind(joint.way().map(HandOver::name)).bind(accounts).bind(new.selection)
        .bind(&approval.ticket).bind(approval.asked_at.as_millisecond()).bind(approval.state.name())
        .bind(approval.ends_at.as_millisecond()).bind(approval.over.0).bind(&mac[..])
        .bind(way).bind(label).bind(text)
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes an approval that was read in this transaction one step on: as it stands now, or `None` when it stands elsewhere.
    ///
    /// # Errors
    /// [`Error::Refused`] where the audit tells otherwise than the row; [`Error::Database`].
    pub async fn advance_approval(
        &mut self,
        approval: &Approval,
        step: &ApprovalStep<'_>,
        at: Timestamp,
    ) -> Result<Option<Approval>, Error> {
        if self.is_told_otherwise(approval).await? {
            return Err(EDITED.into());
        }
        let next = match step {
            ApprovalStep::GivenBy(by) => Approval {
                state: ApprovalState::Given,
                decided_by: Some((*by).clone()),
                decided_at: Some(at),
                ends_at: at + GIVEN_FOR,
                over: self.elapsed_at_most().await?.plus(GIVEN_FOR.unsigned_abs()),
                ..approval.clone()
            },
            ApprovalStep::RefusedBy(by, word) => Approval {
                state: ApprovalState::Refused,
                decided_by: Some((*by).clone()),
                decided_at: Some(at),
                word: word.map(str::to_owned),
                closed_at: Some(at),
                ..approval.clone()
            },
            ApprovalStep::UsedFor(nonce) => Approval {
                state: ApprovalState::Used,
                nonce: Some((*nonce).to_owned()),
                closed_at: Some(at),
                ..approval.clone()
            },
            ApprovalStep::Withdrawn => {
                Approval { state: ApprovalState::Withdrawn, closed_at: Some(at), ..approval.clone() }
            }
        };
        Ok(self.put_approval(approval, &next).await?.then_some(next))
    }

    /// Ends those whose time is over, each in its turn.
    pub async fn end_expired_approvals(&mut self, now: Timestamp) -> Result<Vec<Approval>, Error> {
        let elapsed = self.elapsed().await?;
        let mut ended = Vec::new();
        for approval in self.open_approvals().await? {
            let next = Approval { state: ApprovalState::Ended, closed_at: Some(now), ..approval.clone() };
            if !approval.is_in_time(now, elapsed) && self.put_approval(&approval, &next).await? {
                ended.push(next);
            }
        }
        Ok(ended)
    }

    /// Ends every one that waits, and lets none be used again.
    pub async fn forget_approvals(&mut self, at: Timestamp) -> Result<Vec<Approval>, Error> {
        let mut forgotten = Vec::new();
        for approval in self.open_approvals().await? {
            let next = Approval { state: ApprovalState::Forgotten, closed_at: Some(at), ..approval.clone() };
            if self.put_approval(&approval, &next).await? {
                forgotten.push(next);
            }
        }
        on!(&mut self.db, c => sqlx::query("UPDATE approval SET mac = NULL WHERE closed_at IS NOT NULL")
            .execute(c).await.map(drop))?;
        Ok(forgotten)
    }

    /// Removes those that were asked before a moment and have ended.
    pub async fn remove_approvals_before(&mut self, moment: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM approval WHERE closed_at IS NOT NULL AND asked_at < $1")
            .bind(moment.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Puts an approval down as it is to stand, where it stands as it was read.
    async fn put_approval(&mut self, was: &Approval, next: &Approval) -> Result<bool, Error> {
        let counts = next.state.is_open() || next.state == ApprovalState::Used;
        let mac = counts.then(|| self.db.keys.mac(&values(next)));
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE approval SET state = $4, decided_by = $5, decided_at = $6, word = $7, nonce = $8, ends_at = $9, \
             over_elapsed = $10, closed_at = $11, mac = $12 \
             WHERE id = $1 AND state = $2 AND COALESCE(nonce, '') = COALESCE($3, '')"
        )
        .bind(was.id.as_str()).bind(was.state.name()).bind(was.nonce.as_deref()).bind(next.state.name())
        .bind(next.decided_by.as_ref().map(|by| &by.0)).bind(next.decided_at.map(Timestamp::as_millisecond))
        .bind(next.word.as_deref()).bind(next.nonce.as_deref()).bind(next.ends_at.as_millisecond()).bind(next.over.0)
        .bind(next.closed_at.map(Timestamp::as_millisecond)).bind(mac.as_deref())
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}

/// Whether an outcome, as the audit keeps it, says that GleSYS was never reached.
fn is_unsent(outcome: &str) -> bool {
    outcome.split(':').next() == Some(OperationState::NotSent.name())
}

fn read(row: ApprovalRow) -> Result<Approval, Error> {
    let joint = match (OperationKind::named(&row.kind), BatchAction::coded(&row.kind)) {
        (Some(kind), _) if row.accounts.is_none() => Joint::On {
            kind,
            address: Address::parse(&row.about).map_err(|_| Error::Unreadable("an approval's address"))?,
            way: row.hand_over.as_deref().and_then(HandOver::named),
        },
        (_, Some(action)) => Joint::Batch {
            id: BatchId::parse(&row.about).map_err(|_| Error::Unreadable("an approval's batch"))?,
            domain: DomainName::parse(&row.domain).map_err(|_| Error::Unreadable("an approval's domain"))?,
            action,
            accounts: row.accounts.unwrap_or_default(),
        },
        _ => return Err(Error::Unreadable("what an approval is for")),
    };
    let Grounds { ticket, caller } = row.grounds.into();
    Ok(Approval {
        id: ApprovalId::parse(&row.id).map_err(|_| Error::Unreadable("an approval's id"))?,
        joint,
        asked_by: StaffId(row.asked_by),
        asked_name: row.asked_name,
        asked_as: row.asked_as,
        ticket: ticket.unwrap_or_default(),
        caller,
        asked_at: time(row.asked_at),
        state: ApprovalState::named(&row.state).ok_or(Error::Unreadable("an approval's state"))?,
        decided_by: row.decided_by.map(StaffId),
        decided_as: row.decided_as,
        decided_at: row.decided_at.map(time),
        word: row.word,
        nonce: row.nonce,
        selection: row.selection,
        ends_at: time(row.ends_at),
        over: Elapsed(row.over_elapsed),
        closed_at: row.closed_at.map(time),
    })
}
