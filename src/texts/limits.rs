//! Limits that are reached: whose, on what, and what to do.

use super::problems::Said;
use super::{Texts, sentences};
use crate::model::{Guarded, Limit};

sentences! {
    limit_your_title: "Not done: your limit is reached" / "Inte gjort: din gräns är nådd";
    limit_panel_title: "Not done: the panel’s limit is reached" / "Inte gjort: panelens gräns är nådd";
    limit_your_passwords: "You have had as many new passwords made as a person may in this time, by resets and new accounts. Nothing was changed."
        / "Du har låtit skapa så många nya lösenord som en person får på den här tiden, genom återställningar och nya konton. Inget ändrades.";
    limit_panel_passwords: "All staff together have had as many new passwords made as allowed in this time, by resets and new accounts. Nothing was changed."
        / "Alla tillsammans har låtit skapa så många nya lösenord som tillåts på den här tiden, genom återställningar och nya konton. Inget ändrades.";
    limit_your_lock_outs: "You have locked out as many accounts as a person may in this time."
        / "Du har spärrat så många konton som en person får på den här tiden.";
    limit_panel_lock_outs: "All staff together have locked out as many accounts as allowed in this time."
        / "Alla tillsammans har spärrat så många konton som tillåts på den här tiden.";
    limit_your_redirects: "You have led mail to as many addresses outside the company’s domains as a person may in this time. Nothing was changed."
        / "Du har lett e-post till så många adresser utanför företagets domäner som en person får på den här tiden. Inget ändrades.";
    limit_panel_redirects: "All staff together have led mail to as many addresses outside the company’s domains as allowed in this time. Nothing was changed."
        / "Alla tillsammans har lett e-post till så många adresser utanför företagets domäner som tillåts på den här tiden. Inget ändrades.";
    limit_your_replies: "You have set as many automatic replies as a person may in this time. Nothing was changed."
        / "Du har ställt in så många automatiska svar som en person får på den här tiden. Inget ändrades.";
    limit_panel_replies: "All staff together have set as many automatic replies as allowed in this time. Nothing was changed."
        / "Alla tillsammans har ställt in så många automatiska svar som tillåts på den här tiden. Inget ändrades.";
    limit_your_deletions: "You have deleted as many accounts and aliases as a person may in this time. Nothing was changed."
        / "Du har tagit bort så många konton och alias som en person får på den här tiden. Inget ändrades.";
    limit_panel_deletions: "All staff together have deleted as many accounts and aliases as allowed in this time. Nothing was changed."
        / "Alla tillsammans har tagit bort så många konton och alias som tillåts på den här tiden. Inget ändrades.";
    limit_your_batched: "You have changed as many accounts in groups as a person may in this time."
        / "Du har ändrat så många konton i grupp som en person får på den här tiden.";
    limit_panel_batched: "All staff together have changed as many accounts in groups as allowed in this time."
        / "Alla tillsammans har ändrat så många konton i grupp som tillåts på den här tiden.";
    limit_your_to_do: "Try again later, or ask a colleague or an admin." / "Försök igen senare, eller fråga en kollega eller en administratör.";
    limit_panel_to_do: "Tell an admin; this is unusual." / "Säg till en administratör; detta är ovanligt.";
}

impl Texts {
    /// A limit is reached: what is said to who ran into it.
    pub fn limit_reached(self, limit: Limit) -> Said {
        match limit {
            Limit::OfStaff(on) => said(self.limit_your_title(), self.limit_of_staff(on), self.limit_your_to_do()),
            Limit::OfAccount => self.p_limit_account(),
            Limit::OfPanel(on) => said(self.limit_panel_title(), self.limit_of_panel(on), self.limit_panel_to_do()),
        }
    }

    /// The same in a sentence, of what stopped in the middle, to anyone who looks at it.
    pub fn limit_stopped(self, limit: Limit) -> String {
        match limit {
            Limit::OfStaff(_) => self.stopped_limit_of_person().to_owned(),
            Limit::OfAccount => self.p_limit_account().happened,
            Limit::OfPanel(on) => self.limit_of_panel(on).to_owned(),
        }
    }

    const fn limit_of_staff(self, on: Guarded) -> &'static str {
        match on {
            Guarded::Passwords => self.limit_your_passwords(),
            Guarded::LockOuts => self.limit_your_lock_outs(),
            Guarded::Redirects => self.limit_your_redirects(),
            Guarded::Replies => self.limit_your_replies(),
            Guarded::Deletions => self.limit_your_deletions(),
            Guarded::Batched => self.limit_your_batched(),
            Guarded::BulkResets => self.limit_your_bulk_resets(),
        }
    }

    const fn limit_of_panel(self, on: Guarded) -> &'static str {
        match on {
            Guarded::Passwords => self.limit_panel_passwords(),
            Guarded::LockOuts => self.limit_panel_lock_outs(),
            Guarded::Redirects => self.limit_panel_redirects(),
            Guarded::Replies => self.limit_panel_replies(),
            Guarded::Deletions => self.limit_panel_deletions(),
            Guarded::Batched => self.limit_panel_batched(),
            Guarded::BulkResets => self.limit_panel_bulk_resets(),
        }
    }
}

fn said(title: &str, happened: &str, to_do: &str) -> Said {
    Said { title: title.to_owned(), happened: happened.to_owned(), to_do: to_do.to_owned() }
}
