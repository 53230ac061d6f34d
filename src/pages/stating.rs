//! What a confirmation page asks of the grounds: a check of who asks, and a reason or ticket. Of one account or of several.
//! What is typed there outlasts a refusal, and a proof of identity in between.

use super::faults::Place;
use super::field::Field;
use super::forms::{Fields, field};
use super::ticket::Ticket;
use crate::model::caller_checks::LONGEST_TEXT;
use crate::model::{Approval, CallerProblem, CallerWay, OfferedWays, Stated, Wording};
use crate::services::operations::rules::Rules;
use crate::texts::Texts;

/// The field of the way that is chosen, and what the names begin with of what each way asks for.
const CALLER: &str = "caller";
const CALLER_TEXT: &str = "caller-";

/// Whether what was typed is looked at, because it was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Judged {
    Yes,
    #[default]
    No,
}

/// The fields of the page.
pub struct Stating {
    pub callers: Callers,
    pub ticket: Ticket,
    /// Whether the mailbox is told what was done to it.
    pub tells_mailbox: bool,
}

/// What there is to choose from, if it is asked how somebody checked who asks.
pub struct Callers {
    pub is_asked: bool,
    pub choices: Vec<Choice>,
    /// What is wrong with the choice.
    pub choice: Field,
    /// What was typed for ways that are not offered any more: the field's name, the text, and how that is said.
    pub left: Vec<(String, String, String)>,
}

/// A way of checking.
pub struct Choice {
    pub id: String,
    pub label: String,
    pub instruction: String,
    /// Where it is enough for some of the accounts only: for how many.
    pub part: String,
    pub is_chosen: bool,
    /// Whether the person begins here.
    pub is_focused: bool,
    /// What else it asks for: what that is called, and the field.
    pub asks: Option<(String, Field)>,
    pub text_name: String,
    pub most: usize,
}

impl Stating {
    pub fn new(say: Texts, rules: &Rules, ways: &OfferedWays<'_>, typed: &Fields, judged: Judged) -> Self {
        let stated = stated(typed);
        let is_judged = judged == Judged::Yes;
        let callers = Callers::new(say, ways, typed, ways.read(&stated).err().filter(|_| is_judged));
        let problem = rules.reasons.read(&stated.ticket).err().filter(|_| is_judged);
        let mut ticket = Ticket::new(say, &rules.reasons, &stated.ticket, problem);
        ticket.field.is_focused = ticket.field.is_focused && !callers.is_wrong();
        let ticket = if rules.tells_mailboxes { ticket.read_by_owners(say) } else { ticket };
        Self { callers, ticket, tells_mailbox: rules.tells_mailboxes }
    }

    /// The same for what was approved: its reason it has already, and its check as long as that is enough.
    #[must_use]
    pub fn approved(self, ways: &OfferedWays<'_>, approval: &Approval) -> Self {
        let is_checked = approval.caller.as_ref().is_some_and(|check| ways.takes(check));
        let is_asked = self.callers.is_asked && !is_checked;
        let stating = self.without_ticket();
        Self { callers: Callers { is_asked, ..stating.callers }, ..stating }
    }

    /// The same for what has its reason or ticket already.
    #[must_use]
    pub fn without_ticket(self) -> Self {
        let ticket = Ticket { is_asked: false, field: Field::default(), ..self.ticket };
        Self { ticket, ..self }
    }

    /// Its fields, as they come on a page.
    pub fn places(&mut self, say: Texts) -> Vec<Place<'_>> {
        let ticket = Some(&mut self.ticket).filter(|ticket| ticket.is_asked);
        let ticket = ticket.map(|ticket| Place::new("ticket", ticket.label.as_str(), &mut ticket.field));
        self.callers.places(say).into_iter().chain(ticket).collect()
    }

    pub fn is_wrong(&self) -> bool {
        self.callers.is_wrong() || self.ticket.field.is_wrong()
    }
}

impl Callers {
    fn new(say: Texts, offered: &OfferedWays<'_>, typed: &Fields, problem: Option<CallerProblem>) -> Self {
        let is_about_choice = matches!(problem, Some(CallerProblem::Missing | CallerProblem::NotEnough));
        let chosen = field(typed, CALLER);
        let begins = offered.ways.iter().position(|(way, _)| way.id == chosen).unwrap_or_default();
        let choices = offered.ways.iter().enumerate().map(|(place, (way, enough_for))| {
            let is_chosen = way.id == chosen;
            let part =
                if *enough_for < offered.asked { say.caller_part(*enough_for, offered.asked) } else { String::new() };
            let is_focused = is_about_choice && place == begins;
            Choice { part, is_chosen, is_focused, ..Choice::of(say, way, typed, problem.filter(|_| is_chosen)) }
        });
        let problem = problem.filter(|_| is_about_choice).map(|problem| say.caller_problem(problem));
        let choices: Vec<_> = choices.collect();
        let is_left = |(name, text): &&(String, String)| {
            name.starts_with(CALLER_TEXT) && !text.is_empty() && !choices.iter().any(|choice| choice.text_name == *name)
        };
        let left = typed.iter().filter(is_left);
        let left = left.map(|(name, text)| (name.clone(), text.clone(), say.caller_left(text))).collect();
        let choice = Field { problem: problem.unwrap_or_default(), ..Field::default() };
        Self { is_asked: offered.asked > 0, choices, choice, left }
    }

    fn places(&mut self, say: Texts) -> Vec<Place<'_>> {
        if !self.is_asked {
            return Vec::new();
        }
        let asks = self.choices.iter_mut().filter_map(|Choice { text_name, asks, .. }| {
            asks.as_mut().map(|(label, text)| Place::new(text_name.as_str(), label.as_str(), text))
        });
        [Place::new(CALLER, say.caller_choose(), &mut self.choice)].into_iter().chain(asks).collect()
    }

    pub fn is_wrong(&self) -> bool {
        let is_wrong = |choice: &Choice| choice.asks.as_ref().is_some_and(|(_, text)| text.is_wrong());
        self.choice.is_wrong() || self.choices.iter().any(is_wrong)
    }
}

impl Choice {
    fn of(say: Texts, way: &CallerWay, typed: &Fields, problem: Option<CallerProblem>) -> Self {
        let told = |wording: &Wording| wording.in_language(say.0).to_owned();
        let text_name = format!("{CALLER_TEXT}{}", way.id);
        let text = Field::of(field(typed, &text_name));
        let text = match problem {
            Some(problem @ (CallerProblem::TextMissing | CallerProblem::TextTooLong)) => {
                text.wrong(say.caller_problem(problem))
            }
            _ => text,
        };
        Self {
            id: way.id.clone(),
            label: told(&way.label),
            instruction: way.instruction.as_ref().map(told).unwrap_or_default(),
            part: String::new(),
            is_chosen: false,
            is_focused: false,
            asks: way.asks.as_ref().map(|asks| (told(asks), text)),
            text_name,
            most: LONGEST_TEXT,
        }
    }
}

/// What a posted page says of the grounds.
pub fn stated(fields: &Fields) -> Stated {
    let way = field(fields, CALLER).to_owned();
    let text = field(fields, &format!("{CALLER_TEXT}{way}")).to_owned();
    Stated { ticket: field(fields, "ticket").to_owned(), way, text }
}

/// What of a posted page outlasts a proof of identity: what was typed and chosen, and no token.
pub fn lasting(fields: Fields) -> Fields {
    let lasts = |name: &str| {
        ["ticket", "hand_over", "mail", "mail_to", CALLER].contains(&name) || name.starts_with(CALLER_TEXT)
    };
    fields.into_iter().filter(|(name, _)| lasts(name)).collect()
}
