//! Resets of several accounts whose owners get links and codes, and the file in which staff take those.

use super::{Texts, sentences};
use crate::model::BatchAction;

sentences! {
    do_give_links: "Reset passwords by link and code" / "Återställ lösenord med länk och kod";
    bulk_at_most(action: &str, most: usize): "{action} (at most {most} accounts)" / "{action} (högst {most} konton)";
    to_reset: "Will be reset" / "Kommer att återställas";
    reset_one: "Reset 1 password" / "Återställ 1 lösenord";
    reset_some(accounts: usize): "Reset {accounts} passwords" / "Återställ {accounts} lösenord";
    item_reset: "Reset" / "Återställt";
    item_not_reset: "Not reset" / "Ej återställt";
    links_owners:
        "Each owner reads the new password once, with a link and a code that you pass on. You never see it."
        / "Varje ägare läser det nya lösenordet, en gång, med en länk och en kod som du lämnar vidare. Du ser det aldrig.";
    links_stay:
        "Stay until it is finished: then you download all links and codes, once. Those of an account wait five minutes; after that nobody has its password, and it has to be reset again."
        / "Stanna tills det är klart: då laddar du ner alla länkar och koder, en gång. Ett kontos länk och kod väntar fem minuter; efter det har ingen dess lösenord, och det måste återställas igen.";
    links_worth:
        "Until its links and codes go different ways, the file is worth as much as all the passwords."
        / "Tills länkarna och koderna går skilda vägar är filen värd lika mycket som alla lösenorden.";
    resets_nothing: "There is nothing to reset: see below why." / "Det finns inget att återställa: se nedan varför.";
    resets_stop_at(accounts: i64):
        "No more than {accounts} can be reset in the time of the limit. It stops there, and can go on later."
        / "Högst {accounts} kan återställas på den tid som gränsen gäller. Det stannar där, och kan fortsätta senare.";
    resets_unknown:
        "Where GleSYS does not say how it ended, nobody has the new password and the old one may not work. The page says so, and it can be tried again after a minute."
        / "Där GleSYS inte säger hur det gick har ingen det nya lösenordet, och det gamla gäller kanske inte. Sidan säger det, och efter en minut kan det göras om.";
    resets_unknown_do:
        "Where it is unknown, nobody has the new password and the old one may not work. Try again after a minute."
        / "Där det är okänt har ingen det nya lösenordet, och det gamla gäller kanske inte. Försök igen efter en minut.";
    links_ready_one: "Link and code of 1 account are ready." / "Länk och kod för 1 konto är klara.";
    links_ready_some(accounts: usize):
        "Links and codes of {accounts} accounts are ready." / "Länkar och koder för {accounts} konton är klara.";
    links_ready_until(time: &str):
        "They can be downloaded once, until {time}. After that nobody has the passwords."
        / "De kan laddas ner en gång, fram till kl. {time}. Efter det har ingen lösenorden.";
    links_format: "Made for" / "Anpassad för";
    links_for_excel: "Excel" / "Excel";
    links_for_others: "Other programs (CSV)" / "Andra program (CSV)";
    links_in_one: "Download one file" / "Ladda ner en fil";
    links_in_two: "Download links and codes apart (ZIP)" / "Ladda ner länkar och koder var för sig (ZIP)";
    links_then: "When you have it, look at this page again" / "När du har den, titta på sidan igen";
    links_elsewhere(name: &str, time: &str):
        "Links and codes wait until {time} for the session in which {name} had them made; nobody else can download them."
        / "Länkar och koder väntar till kl. {time} på sessionen där {name} lät göra dem; ingen annan kan ladda ner dem.";
    links_given_one(date: &str):
        "Link and code of 1 account were given out on {date}, and can’t be given out again."
        / "Länk och kod för 1 konto lämnades ut den {date} och kan inte lämnas ut igen.";
    links_given_some(accounts: usize, date: &str):
        "Links and codes of {accounts} accounts were given out, the last on {date}, and can’t be given out again."
        / "Länkar och koder för {accounts} konton lämnades ut, senast den {date}, och kan inte lämnas ut igen.";
    links_given_do:
        "If the file did not arrive or went astray, revoke the links, and try again."
        / "Om filen inte kom fram eller kom på avvägar: återkalla länkarna och försök igen.";
    links_revoke_one: "Revoke 1 link" / "Återkalla 1 länk";
    links_revoke_some(links: usize): "Revoke {links} links" / "Återkalla {links} länkar";
    links_out_of_reach_one:
        "Nobody has the password of 1 account: its link ended, unread. Reset it again."
        / "Ingen har lösenordet till 1 konto: länken tog slut, oläst. Återställ det igen.";
    links_out_of_reach_some(accounts: usize):
        "Nobody has the passwords of {accounts} accounts: their links ended, unread. Reset them again."
        / "Ingen har lösenorden till {accounts} konton: länkarna tog slut, olästa. Återställ dem igen.";
    links_nothing_given:
        "Nothing was given out: links and codes have been given out already, or no longer can be. This is how it stands now."
        / "Inget lämnades ut: länkar och koder har redan lämnats ut, eller kan inte lämnas ut längre. Så här ser det ut nu.";
    mark_both_ready: "Link and code ready" / "Länk och kod klara";
    stopped_links_wait:
        "The first links and codes would have been over before anyone could download them. Download them, then continue with the rest."
        / "De första länkarna och koderna hade hunnit ta slut innan någon kunnat ladda ner dem. Ladda ner dem och fortsätt sedan med resten.";
    stopped_way:
        "Links and codes for owners are no longer offered." / "Länkar och koder till ägare erbjuds inte längre.";
    f_give_links: "reset with links and codes" / "återställning med länkar och koder";
    f_apart: "links and codes apart" / "länkar och koder var för sig";
    limit_your_bulk_resets: "You have reset as many passwords in groups as a person may in this time."
        / "Du har återställt så många lösenord i grupp som en person får på den här tiden.";
    limit_panel_bulk_resets: "All staff together have reset as many passwords in groups as allowed in this time."
        / "Alla tillsammans har återställt så många lösenord i grupp som tillåts på den här tiden.";
}

impl Texts {
    /// The button that has so many accounts changed, locked out or reset.
    pub fn batch_begin(self, action: BatchAction, accounts: usize) -> String {
        match (action.is_about_passwords(), action.locks_out(), accounts) {
            (_, true, 1) => self.lock_out_one().to_owned(),
            (_, true, _) => self.lock_out_some(accounts),
            (true, false, 1) => self.reset_one().to_owned(),
            (true, false, _) => self.reset_some(accounts),
            (false, false, 1) => self.batch_begin_one().to_owned(),
            (false, false, _) => self.batch_begin_some(accounts),
        }
    }

    /// What is to become of an account.
    pub const fn batch_will(self, action: BatchAction) -> &'static str {
        if action.locks_out() {
            self.to_lock_out()
        } else if action.gives_links() {
            self.to_reset()
        } else {
            self.batch_to_change()
        }
    }

    /// That nothing will be done.
    pub const fn batch_no_turn(self, action: BatchAction) -> &'static str {
        if action.locks_out() {
            self.lock_outs_nothing()
        } else if action.gives_links() {
            self.resets_nothing()
        } else {
            self.batch_nothing()
        }
    }

    /// Of how many accounts link and code are ready.
    pub fn links_ready(self, accounts: usize) -> String {
        if accounts == 1 { self.links_ready_one().to_owned() } else { self.links_ready_some(accounts) }
    }

    /// Of how many they were given out, and when last.
    pub fn links_given(self, accounts: usize, date: &str) -> String {
        if accounts == 1 { self.links_given_one(date) } else { self.links_given_some(accounts, date) }
    }

    /// The button that takes so many links back.
    pub fn links_revoke(self, links: usize) -> String {
        if links == 1 { self.links_revoke_one().to_owned() } else { self.links_revoke_some(links) }
    }

    /// Of how many accounts nobody has the password.
    pub fn links_out_of_reach(self, accounts: usize) -> String {
        if accounts == 1 { self.links_out_of_reach_one().to_owned() } else { self.links_out_of_reach_some(accounts) }
    }
}
