//! The confirmation of a change of several accounts, or of their lock-out: what will be done first, the rest folded below
//! it. Of very many the first are shown.

use askama::Template;
use askama_web::WebTemplate;

use super::show::{ItemLine, last_password, left_out_because, line};
use crate::access::ViewMail;
use crate::model::batch::MOST;
use crate::model::{Approval, BatchAction, Guarded, ItemState, Joint, Kept};
use crate::pages::faults::{Filled, Place};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, field};
use crate::pages::guard::Guard;
use crate::pages::stating::{Judged, Stating};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::batches::{BatchView, Outlook, Prospect};

/// What was typed on the page, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub fields: Fields,
    pub judged: Judged,
    /// Whether the page that was posted was made of something else.
    pub is_out_of_date: bool,
}

#[derive(Template, WebTemplate)]
#[template(path = "batches/confirm.html")]
pub(super) struct ConfirmPage {
    layout: Layout,
    view: BatchView,
    /// Those that will be changed, as far as is known.
    changed: Lines,
    others: Lines,
    /// Whether any of the others is looked at again.
    may_look_again: bool,
    /// When what is known was read.
    read_at: String,
    stating: Stating,
    /// The domain, typed to confirm that all its accounts are meant.
    domain: Field,
    /// After how many lock-outs or resets the limits stop it in any case.
    stops_at: Option<i64>,
    /// What a colleague has approved, where it takes a second person.
    approved: Option<Approval>,
    /// Where a colleague is asked, where that is still to be done.
    ask: Option<String>,
    /// Whether nothing was begun because the page before showed something else.
    is_out_of_date: bool,
}

impl Filled for ConfirmPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        let asks_domain = self.view.batch.action == BatchAction::LockOutAll && self.ask.is_none();
        let domain = Some(&mut self.domain).filter(|_| asks_domain);
        let domain = domain.map(|domain| Place::new("domain", say.domain_typed(), domain));
        self.stating.places(say).into_iter().chain(domain).collect()
    }
}

/// The first of some accounts, and how many there are.
#[derive(Default)]
struct Lines {
    first: Vec<ItemLine>,
    count: usize,
}

impl Lines {
    fn push(&mut self, line: ItemLine) {
        self.count += 1;
        if self.first.len() < MOST {
            self.first.push(line);
        }
    }
}

/// The page of a batch that was not begun yet.
pub(super) async fn page(app: &App, guard: Guard, view: BatchView, typed: Typed) -> Result<ConfirmPage, Problem> {
    let see = guard.gate.can_in::<ViewMail>(&view.batch.domain)?;
    let outlook = app.batches.outlook(&see, &view).await;
    let say = guard.layout.say;
    let rules = &app.batches.rules;
    let ways = rules.ways_for_batch(view.batch.action, &view.to_do());
    let stating = Stating::new(say, rules, &ways, &typed.fields, typed.judged);
    let domain = Field::of(field(&typed.fields, "domain"));
    let is_confirmed = view.batch.is_confirmed_by(&domain.value);
    let domain =
        if typed.judged == Judged::Yes && !is_confirmed { domain.wrong(say.domain_typed_wrong()) } else { domain };
    let joint = Joint::of_batch(&view.batch, view.items.len());
    let (approved, ask) = match app.approvals.must_be_approved(guard.gate.asker(), joint).await {
        Err(Failure::SecondPerson(joint)) => (None, Some(app.links.approval_ask(&joint))),
        approved => (approved?, None),
    };
    let stating = match &approved {
        Some(approval) => stating.approved(&ways, approval),
        None if ask.is_some() => stating.without_ticket(),
        None => stating,
    };
    let guards = if view.batch.action.gives_links() { Guarded::BulkResets } else { Guarded::LockOuts };
    let page = ConfirmPage::new(guard.layout, view, outlook, stating, domain);
    let limits = rules.limits.of(guards);
    let most = [limits.per_staff, limits.total].into_iter().flatten().map(|rate| rate.times).min();
    let is_too_few = |most: &i64| usize::try_from(*most).is_ok_and(|most| most < page.changed.count);
    Ok(ConfirmPage { stops_at: most.filter(is_too_few), approved, ask, is_out_of_date: typed.is_out_of_date, ..page })
}

impl ConfirmPage {
    fn new(layout: Layout, view: BatchView, outlook: Outlook, stating: Stating, domain: Field) -> Self {
        let (mut changed, mut others) = (Lines::default(), Lines::default());
        let (say, action) = (layout.say, view.batch.action);
        let may_look_again = !action.is_about_passwords()
            && outlook.prospects.iter().any(|prospect| matches!(prospect, Prospect::Nothing(_)));
        for (item, prospect) in view.items.iter().zip(outlook.prospects) {
            let line = line(&layout, &view, item);
            match prospect {
                Prospect::Change(facts) => {
                    let last = view.passwords.get(&item.address).map(|last| last_password(&layout, last));
                    let reason = last.unwrap_or_else(|| say.facts(&facts));
                    changed.push(ItemLine { mark: say.batch_will(action), reason, ..line });
                }
                Prospect::Nothing(why) => {
                    let why = Kept::Known(why);
                    let mark = say.item_state(action, ItemState::left_out(&why));
                    others.push(ItemLine {
                        mark,
                        reason: left_out_because(&layout, &view, &item.address, &why),
                        ..line
                    });
                }
                Prospect::LeftOut => others.push(line),
            }
        }
        let read_at = outlook.read_at.map(|at| layout.times.full(&at)).unwrap_or_default();
        Self {
            layout,
            view,
            changed,
            others,
            may_look_again,
            read_at,
            stating,
            domain,
            stops_at: None,
            approved: None,
            ask: None,
            is_out_of_date: false,
        }
    }

    /// What the last column says of what will be done.
    const fn column(&self) -> &'static str {
        let say = self.layout.say;
        if self.view.batch.action.is_about_passwords() { say.lock_outs_last() } else { say.batch_change() }
    }

    /// What comes of it, each with its icon.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let say = self.layout.say;
        let goes_on = ("next", say.batch_confirm_leave().to_owned());
        match self.view.batch.action {
            action if action.locks_out() => {}
            action if action.gives_links() => return self.facts_of_links(goes_on),
            _ => return vec![("check", say.batch_confirm_each().to_owned()), goes_on],
        }
        let facts = [
            ("devices", say.facts_lock()),
            ("hide", say.facts_nobody()),
            ("reply", say.lock_out_goes_on()),
            ("clock", say.lock_out_open()),
            ("key", say.lock_outs_later()),
            ("warn", say.lock_outs_unknown()),
        ];
        let facts = facts.map(|(icon, fact)| (icon, fact.to_owned()));
        let as_read = || ("info", say.lock_outs_as_read(self.view.items.len(), &self.read_at));
        let is_all = self.view.batch.action == BatchAction::LockOutAll;
        let stops = self.stops_at.map(|accounts| ("warn", say.lock_outs_stop_at(accounts)));
        is_all.then(as_read).into_iter().chain(facts).chain(self.told()).chain([goes_on]).chain(stops).collect()
    }

    fn facts_of_links(&self, goes_on: (&'static str, String)) -> Vec<(&'static str, String)> {
        let say = self.layout.say;
        let facts = [
            ("devices", say.facts_lock()),
            ("key", say.links_owners()),
            ("clock", say.links_stay()),
            ("warn", say.links_worth()),
            ("next", say.lock_outs_later()),
            ("warn", say.resets_unknown()),
        ];
        let facts = facts.map(|(icon, fact)| (icon, fact.to_owned()));
        let stops = self.stops_at.map(|accounts| ("warn", say.resets_stop_at(accounts)));
        facts.into_iter().chain(self.told()).chain([goes_on]).chain(stops).collect()
    }

    fn told(&self) -> Option<(&'static str, String)> {
        self.stating.tells_mailbox.then(|| ("to", self.layout.say.facts_told().to_owned()))
    }

    /// Whether nothing is wrong with what was typed, so that the person begins at the top.
    fn begins_at_the_top(&self) -> bool {
        !self.stating.is_wrong() && !self.domain.is_wrong()
    }
}
