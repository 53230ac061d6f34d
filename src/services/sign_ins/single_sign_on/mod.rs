//! Single sign-on: sending somebody to the company's provider, and letting in who comes back.
//!
//! Whoever comes back is known by issuer and subject alone, and is a staff member of their own. What they may do follows
//! the provider's groups at each sign-in.

mod refused;

use url::Url;

use super::{Origin, Proved};
use crate::access::flow::{FLOW_LASTS, FlowCookie};
use crate::access::throttle::Throttle;
use crate::access::{Asker, Gone, token as tokens};
use crate::model::clock::age;
use crate::model::one_form::composed;
use crate::model::{
    Act, AuditEvent, AuditKind, Clock, Entropy, Fact, Facts, Grant, GroupGrants, Means, NoticeKind, StaffId, StaffName,
    StaffRecord, look_alike,
};
use crate::oidc::{self, Answer, Binding, Groups, Person, Provider, TheirCode};
use crate::services::Audit;
use crate::services::sign_ins::permits;
use crate::services::staff::are_same;
use crate::store::{Flow, Store, Writing};

pub use refused::Refused;

/// The longest that is kept of where somebody was going: a form that comes back filled in.
const LONGEST_NEXT: usize = 16 * 1024;
/// How many people of one name there may be before another one is refused.
const NAMESAKES: usize = 99;
/// What the audit calls this way of signing in.
const HOW: Means = Means::SingleSignOn;

/// Single sign-on. Cloned freely.
#[derive(Clone)]
pub struct SingleSignOn {
    pub provider: Provider,
    /// What people call the provider.
    pub name: String,
    pub groups: GroupGrants,
    pub store: Store,
    pub throttle: Throttle,
    pub audit: Audit,
    pub clock: Clock,
    pub entropy: Entropy,
}

/// Somebody on their way to the provider.
pub struct WayThere {
    /// What their browser is to keep.
    pub cookie: FlowCookie,
    pub url: Url,
}

/// What the browser brought back.
#[derive(Clone, Copy)]
pub struct CameBack<'a> {
    pub state: &'a str,
    pub code: Option<&'a str>,
    /// The issuer that the answer says it is from.
    pub issuer: Option<&'a str>,
    /// The provider's code for why not.
    pub error: Option<&'a str>,
    pub from: &'a Origin,
}

/// What came of it.
#[derive(Debug)]
pub enum Finished {
    SignedIn {
        proved: Proved,
        next: Option<String>,
    },
    /// The asker proved anew who they are.
    ProvedAgain {
        next: Option<String>,
    },
}

impl SingleSignOn {
    /// Sends somebody to the provider: a stranger to sign in, or the asker to prove anew who they are, for an act or for a
    /// while. `cookie` is what
    /// their browser has kept of another way that may still be under way.
    pub async fn begin(
        &self,
        asker: Option<&Asker>,
        cookie: Option<FlowCookie>,
        act: Option<Act>,
        next: Option<String>,
        from: &Origin,
    ) -> Result<WayThere, Refused> {
        let begun = self.try_to_begin(asker, cookie, act, next, from).await;
        if let Err(refused) = &begun {
            self.record_refused(refused, asker, None, from).await;
        }
        begun
    }

    async fn try_to_begin(
        &self,
        asker: Option<&Asker>,
        cookie: Option<FlowCookie>,
        act: Option<Act>,
        next: Option<String>,
        from: &Origin,
    ) -> Result<WayThere, Refused> {
        let now = self.clock.now();
        if let Some(until) = self.throttle.count_sign_in(None, from.client, None, now).await? {
            return Err(Refused::TooMany { until });
        }
        let cookie = cookie.unwrap_or_else(|| FlowCookie::new(&self.entropy));
        let state = tokens::new::<24>(&self.entropy);
        let (nonce, verifier) = (cookie.nonce(&state), cookie.verifier(&state));
        let binding = Binding { state: &state, nonce: &nonce, verifier: &verifier, anew: asker.is_some() };
        let url = self.provider.way_there(&binding).await?;
        let flow = Flow {
            session: asker.and_then(Asker::session_id).cloned(),
            next: next.filter(|next| next.len() <= LONGEST_NEXT),
            act,
            begun_at: now,
        };
        let mut tx = self.store.write_for_stranger().await?;
        tx.put_flow(&tokens::hash(state.as_bytes()), &cookie.hash(), &flow).await?;
        tx.commit().await?;
        Ok(WayThere { cookie, url })
    }

    /// Lets in who came back, or takes it as the asker's proof, whichever was begun. Where nobody is let in, it also says
    /// where they were going.
    pub async fn finish(
        &self,
        cookie: Option<&FlowCookie>,
        back: CameBack<'_>,
        asker: Option<&Asker>,
    ) -> Result<Finished, (Refused, Option<String>)> {
        let from = back.from;
        let flow = match self.take_flow(cookie, back.state).await {
            Ok(flow) => flow,
            Err(refused) => {
                self.record_refused(&refused, None, None, from).await;
                return Err((refused, None));
            }
        };
        let next = flow.next.clone();
        let asker = asker.filter(|asker| flow.session.as_ref() == asker.session_id());
        let mut tried = None;
        match self.try_to_finish(&flow, cookie, back, asker, &mut tried).await {
            Ok(Some(proved)) => Ok(Finished::SignedIn { proved, next }),
            Ok(None) => Ok(Finished::ProvedAgain { next }),
            Err(refused) => {
                self.record_refused(&refused, asker, tried, from).await;
                Err((refused, next))
            }
        }
    }

    async fn take_flow(&self, cookie: Option<&FlowCookie>, state: &str) -> Result<Flow, Refused> {
        let cookie = cookie.ok_or(Refused::NoSuchFlow)?;
        let now = self.clock.now();
        let mut tx = self.store.write_for_stranger().await?;
        let flow = tx.take_flow(&tokens::hash(state.as_bytes()), &cookie.hash(), now - FLOW_LASTS).await?;
        tx.commit().await?;
        flow.filter(|flow| age(flow.begun_at, now).is_some()).ok_or(Refused::NoSuchFlow)
    }

    async fn try_to_finish(
        &self,
        flow: &Flow,
        cookie: Option<&FlowCookie>,
        back: CameBack<'_>,
        asker: Option<&Asker>,
        tried: &mut Option<StaffName>,
    ) -> Result<Option<Proved>, Refused> {
        let (cookie, code) = match (cookie, back.code, back.error) {
            (_, _, Some("access_denied")) => return Err(Refused::Denied),
            (Some(cookie), Some(code), None) => (cookie, code),
            (_, _, error) => return Err(Refused::Error(TheirCode::read(error.unwrap_or("none")))),
        };
        if flow.session.is_some() && asker.is_none() {
            return Err(Refused::SignedOut);
        }
        let (nonce, verifier) = (cookie.nonce(back.state), cookie.verifier(back.state));
        let answer = Answer { code, issuer: back.issuer, nonce: &nonce, verifier: &verifier };
        let person = self.provider.identify(&answer).await?;
        *tried = name_of(&person);
        match asker {
            Some(asker) => self.prove_again(asker, &person, flow, back.from).await.map(|()| None),
            None => self.let_in(&person, back.from).await.map(Some),
        }
    }

    async fn let_in(&self, person: &Person, from: &Origin) -> Result<Proved, Refused> {
        let mut tx = self.store.write().await?;
        let Some(record) = self.settle(&mut tx, person, from).await? else {
            tx.commit().await?;
            return Err(Refused::NoGroup);
        };
        let id = record.staff.id;
        let generation = tx.generation(&id).await?.ok_or(Refused::Disabled)?;
        let event = from.event(AuditKind::SignedIn, self.clock.now()).by(id.clone(), &record.staff.name);
        tx.commit().await?;
        let signed_in = Box::new(event.with(Fact::Means, HOW));
        Ok(Proved { staff: id, generation, signed_in })
    }

    /// The same person must come back, and have been asked after they set out.
    async fn prove_again(&self, asker: &Asker, person: &Person, flow: &Flow, from: &Origin) -> Result<(), Refused> {
        let mut tx = self.store.write().await?;
        if tx.staff_of_identity(&person.identity).await?.as_ref() != Some(&asker.staff.id) {
            return Err(Refused::SomebodyElse);
        }
        if person.proved_at.ok_or(Refused::NoAuthTime)? < flow.begun_at - oidc::LEEWAY {
            return Err(Refused::NotAnew);
        }
        let before = tx.generation(&asker.staff.id).await?;
        let known = self.settle(&mut tx, person, from).await?;
        let generation = tx.generation(&asker.staff.id).await?;
        let stands = match asker.standing(&mut tx).await {
            Err(Gone::Store(error)) => return Err(error.into()),
            standing => standing.is_ok() && before == generation,
        };
        let proved = match (known, generation) {
            (None, _) => Err(Refused::NoGroup),
            (Some(_), Some(_)) if stands => {
                let now = self.clock.now();
                if let Some(act) = flow.act {
                    permits::put(&mut tx, asker, act, now).await?;
                }
                let event = asker.event(AuditKind::ProvedAgain, now);
                tx.record(&event.with(Fact::Means, HOW)).await?;
                Ok(())
            }
            _ => Err(Refused::SignedOut),
        };
        tx.commit().await?;
        proved
    }

    /// Makes what the person may do here what their groups give. Somebody who is known and changed loses their sessions;
    /// somebody who is new becomes a staff member. `None` where none of their groups gives anything here.
    async fn settle(&self, tx: &mut Writing, person: &Person, from: &Origin) -> Result<Option<StaffRecord>, Refused> {
        let groups = match &person.groups {
            Groups::Told(groups) => groups.as_slice(),
            Groups::Lone(group) if self.groups.knows(group) => std::slice::from_ref(group),
            Groups::Missing => return Err(Refused::GroupsMissing),
            Groups::Elsewhere => return Err(Refused::GroupsElsewhere),
            Groups::Lone(_) | Groups::Unreadable => return Err(Refused::GroupsUnreadable),
        };
        let (grants, now) = (self.groups.of(groups), self.clock.now());
        if let Some(group) = self.groups.given_as_path(groups) {
            tracing::warn!(
                group,
                "the provider gives a group of NYCKEL_OIDC_GROUPS with its full path (such as /{group}), which is another name: \
                 have it send the name alone, or write the path"
            );
        }
        let id = match tx.staff_of_identity(&person.identity).await? {
            Some(id) => id,
            None if grants.is_empty() => return Ok(None),
            None => self.add(tx, person, from).await?,
        };
        let record = tx.staff_member(&id).await?.ok_or(Refused::Disabled)?;
        if record.staff.disabled_at.is_some() {
            return Err(Refused::Disabled);
        }
        let had = &record.staff.grants;
        if !are_same(had, &grants) {
            tx.remove_grants(&id).await?;
            for grant in &grants {
                tx.add_grant(&id, grant).await?;
            }
            tx.end_sessions_of(&id, None, now).await?;
            let name = &record.staff.name;
            tx.tell(&id, &from.notice(NoticeKind::RolesChanged, now)).await?;
            let event = from.event(AuditKind::GrantsChanged, now).by(id, name);
            let facts = Facts::new()
                .with(Fact::Person, name.as_str())
                .with(Fact::GrantsBefore, Grant::codes(had))
                .with(Fact::Grants, Grant::codes(&grants))
                .with(Fact::Means, HOW);
            tx.record(&AuditEvent { facts, ..event }).await?;
        }
        Ok((!grants.is_empty()).then_some(record))
    }

    /// A staff member of their own, whoever else has the name that they would have.
    async fn add(&self, tx: &mut Writing, person: &Person, from: &Origin) -> Result<StaffId, Refused> {
        let nameless = if person.has_email { Refused::EmailNotVerified } else { Refused::NoName };
        let (wanted, now) = (name_of(person).ok_or(nameless)?, self.clock.now());
        let id = StaffId(self.entropy.id(&self.clock));
        for name in namesakes(&wanted) {
            if !tx.add_staff(&id, &name, None, now).await? {
                continue;
            }
            tx.add_identity(&person.identity, &id, now).await?;
            let event = from.event(AuditKind::StaffAdded, now).by(id.clone(), &name);
            tx.record(&event.with(Fact::Person, name.as_str()).with(Fact::Means, HOW)).await?;
            return Ok(id);
        }
        Err(Refused::NameTaken)
    }

    async fn record_refused(&self, refused: &Refused, asker: Option<&Asker>, tried: Option<StaffName>, from: &Origin) {
        let limited = matches!(refused, Refused::TooMany { .. });
        let kind = if limited { AuditKind::SignInLimited } else { AuditKind::SignInFailed };
        let now = self.clock.now();
        let event = asker.map_or_else(|| from.event(kind, now), |asker| asker.event(kind, now));
        let event = AuditEvent {
            staff_name: event.staff_name.or_else(|| tried.as_ref().map(ToString::to_string)),
            outcome: Some(refused.code().to_owned()),
            facts: refused.facts().with(Fact::Means, HOW),
            ..event
        };
        if !limited {
            tracing::warn!(reason = refused.code(), %refused, "nobody was let in by single sign-on");
        }
        self.audit.record_or_log(&event).await;
    }
}

/// What somebody would be called here: their name at the provider or their verified e-mail address, made to fit.
fn name_of(person: &Person) -> Option<StaffName> {
    let named = person.username.as_deref().or(person.email.as_deref())?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let mut name: String = composed(named.trim()).chars().map(|c| if fits(c) { c } else { '-' }).take(60).collect();
    // The command line's name is its own.
    if look_alike::is_the_command_lines(&name) {
        name.push_str("-2");
    }
    StaffName::parse(&name).ok()
}

/// The name, and what it becomes where it is taken: `eva`, `eva-2`, `eva-3`.
fn namesakes(name: &StaffName) -> impl Iterator<Item = StaffName> + '_ {
    let numbered = (2..=NAMESAKES).filter_map(move |number| StaffName::parse(&format!("{name}-{number}")).ok());
    std::iter::once(name.clone()).chain(numbered)
}
