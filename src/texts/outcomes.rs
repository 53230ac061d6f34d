//! The codes that the audit keeps of how something ended or why it was refused, as phrases.

use super::{Texts, sentences};
use crate::model::{Language, OperationState, WhyUntold};

sentences! {
    o_done: "done" / "klart";
    o_refused: "refused by GleSYS" / "GleSYS vägrade";
    o_not_sent: "not sent" / "inte skickat";
    o_unknown: "outcome unknown" / "utfallet okänt";
    o_foreign(code: &str):
        "a reason that this version does not know: {code}"
        / "ett skäl som den här versionen inte känner till: {code}";
}

/// Writes phrases: `"code": "English" / "svenska";`.
macro_rules! phrases {
    ($($code:literal: $en:literal / $sv:literal;)+) => {
        impl Texts {
            /// Several enums go by some of the codes, so a phrase is true of each of them.
            fn phrase(self, code: &str) -> Option<&'static str> {
                let (english, swedish) = match code {
                    $($code => ($en, $sv),)+
                    _ => return None,
                };
                Some(match self.0 {
                    Language::English => english,
                    Language::Swedish => swedish,
                })
            }
        }
    };
}

phrases! {
    // Rights.
    "view_mail": "no right to see the email accounts" / "ingen rätt att se e-postkontona";
    "reset_passwords": "no right to reset passwords" / "ingen rätt att återställa lösenord";
    "manage_mail": "no right to change accounts and aliases" / "ingen rätt att ändra konton och alias";
    "reset_protected_passwords": "no right to protected accounts" / "ingen rätt till skyddade konton";
    "read_audit": "no right to read the audit" / "ingen rätt att läsa granskningsloggen";
    "manage_staff": "no right to manage the staff" / "ingen rätt att hantera medarbetare";

    // What GleSYS refused.
    "wrong_key": "API key not accepted" / "API-nyckeln godtogs inte";
    "no_permission": "not allowed for the API key" / "inte tillåtet för API-nyckeln";
    "ip_not_allowed": "server’s address not allowed for the API key" / "serverns adress inte tillåten för API-nyckeln";
    "not_found": "address not known at GleSYS" / "adressen okänd hos GleSYS";
    "exists": "address taken already" / "adressen redan upptagen";
    "limit": "project has as many as it may have" / "projektet har så många som det får ha";
    "quota": "storage not accepted" / "lagringen godtogs inte";
    "invalid": "address or setting not accepted" / "adress eller inställning godtogs inte";
    "locked": "locked at GleSYS for the moment" / "låst hos GleSYS för tillfället";
    "too_many_calls": "too many calls" / "för många anrop";
    "not_the_api": "something else answered in place of GleSYS" / "något annat svarade i stället för GleSYS";
    "refused": "no clear reason" / "inget tydligt skäl";

    // What was not sent.
    "connect": "GleSYS could not be reached" / "GleSYS kunde inte nås";
    "away": "GleSYS has not answered several times in a row" / "GleSYS har inte svarat flera gånger i rad";
    "busy": "too many changes at once" / "för många ändringar samtidigt";
    "no_project": "domain in none of the projects" / "domänen finns inte i något av projekten";
    "contested": "domain in several projects" / "domänen finns i flera projekt";
    "too_late": "the panel was held up for too long" / "panelen hejdades för länge";
    "not_recorded": "the panel’s database failed first" / "panelens databas felade innan dess";

    // What nobody knows.
    "timeout": "no answer in time" / "inget svar i tid";
    "connection_lost": "connection broken before the answer" / "förbindelsen bröts före svaret";
    "redirect": "pointed elsewhere" / "hänvisade någon annanstans";
    "server_error": "error at GleSYS" / "fel hos GleSYS";
    "unusable_answer": "answer not understood" / "svaret gick inte att förstå";
    "answer_too_large": "answer too large" / "svaret för stort";
    "lease_ran_out": "the panel was stopped, or could not record it" / "panelen stoppades, eller kunde inte registrera det";
    "rolled_back": "database put back or repaired meanwhile" / "databasen återställd eller reparerad under tiden";

    // What the panel refused or stopped.
    "database": "the panel’s database failed" / "panelens databas felade";
    "crowded": "too many at once" / "för många samtidigt";
    "out_of_date": "what was known could be out of date" / "uppgifterna kunde vara inaktuella";
    "no_such_domain": "no such domain" / "domänen finns inte";
    "no_such_account": "no such account" / "kontot finns inte";
    "is_alias": "the address is an alias" / "adressen är ett alias";
    "account_too": "an account has the same address" / "ett konto har samma adress";
    "is_account": "the address is an account" / "adressen är ett konto";
    "no_such_operation": "no such reset or change" / "återställningen eller ändringen finns inte";
    "no_such_batch": "no such change of several accounts" / "ändringen av flera konton finns inte";
    "no_such_approval": "no such approval" / "godkännandet finns inte";
    "second_person": "not approved by a second person" / "inte godkänt av en andra person";
    "approval_too_late": "the approval was no longer open" / "godkännandet var inte längre öppet";
    "own_approval": "one’s own approval" / "eget godkännande";
    "confirmation_invalid": "the page was not valid" / "sidan gällde inte";
    "confirmation_expired": "the page was too old" / "sidan var för gammal";
    "overtaken": "something else was done first" / "något annat hann göras först";
    "in_flight": "another change was under way" / "en annan ändring pågick";
    "cooling_down": "waiting after an unknown outcome" / "väntetid efter ett okänt utfall";
    "proof_too_old": "identity not proved recently enough" / "identiteten inte bekräftad nyligen";
    "way_not_offered": "way of hand-over not offered" / "sättet att lämna ut lösenordet erbjuds inte";
    "reason": "reason or ticket not accepted" / "orsak eller ärende godtogs inte";
    "caller_missing": "not said how it was checked who asked" / "inte angivet hur det kontrollerades vem som frågade";
    "caller_not_enough": "caller check not enough for the account" / "kontrollen av vem som frågade räckte inte för kontot";
    "caller_text_missing": "caller check incomplete" / "kontrollen av vem som frågade ofullständig";
    "caller_text_too_long": "text of the caller check too long" / "texten om kontrollen av vem som frågade för lång";
    "signed_out": "no longer signed in" / "inte längre inloggad";
    "disabled": "disabled here" / "avstängd här";
    "stopping": "the panel was stopping" / "panelen höll på att stoppas";
    "by_person": "by a person" / "av en person";
    "fault": "an error of the panel’s own" / "ett eget fel i panelen";
    "unchanged": "had the setting already" / "hade redan inställningen";
    "password_since": "reset meanwhile" / "återställt under tiden";
    "locked_out_since": "locked out meanwhile" / "spärrat under tiden";
    "locked_out_instead": "locked out meanwhile" / "spärrat under tiden";
    "links_wait": "links and codes had to be taken first" / "länkar och koder måste hämtas först";
    "unknown_in_a_row": "several unknown outcomes in a row" / "flera okända utfall i rad";
    "holds_more": "holds more than it would be allowed" / "innehåller mer än det skulle få";

    // Limits.
    "limit_of_account": "limit on new passwords of an account" / "gräns för nya lösenord för ett konto";
    "limit_of_staff": "limit on new passwords by a person" / "gräns för nya lösenord av en person";
    "lock_outs_of_staff": "limit on lock-outs by a person" / "gräns för spärrningar av en person";
    "redirects_of_staff": "limit on addresses outside by a person" / "gräns för adresser utanför av en person";
    "replies_of_staff": "limit on automatic replies by a person" / "gräns för autosvar av en person";
    "deletions_of_staff": "limit on deletions by a person" / "gräns för borttagningar av en person";
    "batched_of_staff": "limit on accounts changed in groups by a person" / "gräns för konton ändrade i grupp av en person";
    "bulk_resets_of_staff": "limit on passwords reset in groups by a person" / "gräns för lösenord återställda i grupp av en person";
    "limit_of_panel": "limit on new passwords by all together" / "gräns för nya lösenord av alla tillsammans";
    "lock_outs_of_panel": "limit on lock-outs by all together" / "gräns för spärrningar av alla tillsammans";
    "redirects_of_panel": "limit on addresses outside by all together" / "gräns för adresser utanför av alla tillsammans";
    "replies_of_panel": "limit on automatic replies by all together" / "gräns för autosvar av alla tillsammans";
    "deletions_of_panel": "limit on deletions by all together" / "gräns för borttagningar av alla tillsammans";
    "batched_of_panel": "limit on accounts changed in groups by all together" / "gräns för konton ändrade i grupp av alla tillsammans";
    "bulk_resets_of_panel": "limit on passwords reset in groups by all together" / "gräns för lösenord återställda i grupp av alla tillsammans";

    // Signing in, here and at the provider.
    "local_off": "passwords are switched off here" / "lösenord är avstängda här";
    "too_many": "too many tries" / "för många försök";
    "no_such_sign_in": "begun in another browser, used or too old" / "påbörjad i en annan webbläsare, använd eller för gammal";
    "denied_there": "cancelled or not let in at the provider" / "avbruten eller inte insläppt hos leverantören";
    "error_there": "error at the provider" / "fel hos leverantören";
    "no_group": "in no group that is let in" / "inte med i någon grupp som släpps in";
    "groups_missing": "groups not given by the provider" / "grupper angavs inte av leverantören";
    "groups_too_many": "groups kept elsewhere by the provider, as when there are many" / "grupperna finns någon annanstans hos leverantören, som när de är många";
    "groups_unreadable": "groups not readable" / "grupperna gick inte att läsa";
    "email_not_verified": "email address not verified" / "e-postadressen inte verifierad";
    "no_name": "no name from the provider" / "inget namn från leverantören";
    "name_taken": "name taken" / "namnet upptaget";
    "not_anew": "not asked anew by the provider" / "inte tillfrågad på nytt av leverantören";
    "no_auth_time": "time of the sign-in not given by the provider" / "tiden för inloggningen angavs inte av leverantören";
    "somebody_else": "someone else came back" / "någon annan kom tillbaka";
    "provider_away": "the provider did not answer" / "leverantören svarade inte";
    "bad_client_secret": "the panel not accepted by the provider" / "panelen godtogs inte av leverantören";
    "provider_refused": "refused by the provider" / "leverantören vägrade";
    "no_answer_but_status": "the provider answered with an HTTP error alone" / "leverantören svarade bara med ett HTTP-fel";
    "bad_discovery": "the provider’s settings can’t be used" / "leverantörens inställningar går inte att använda";
    "wrong_issuer": "the provider goes by another name" / "leverantören uppger ett annat namn";
    "wrong_audience": "the answer was for another client" / "svaret gällde en annan klient";
    "wrong_nonce": "the answer was for another sign-in" / "svaret gällde en annan inloggning";
    "expired": "the answer had expired" / "svaret hade gått ut";
    "not_yet": "the answer was from the future" / "svaret var från framtiden";
    "wrong_signature": "the answer was not signed by the provider" / "svaret var inte signerat av leverantören";
    "unknown_key": "the answer was signed with an unknown key" / "svaret var signerat med en okänd nyckel";
    "bad_subject": "the answer named nobody who can be kept" / "svaret angav ingen som kan sparas";
    "too_weak": "not signed in there as asked for" / "inte inloggad där på det sätt som krävs";
    "unreadable": "the answer was not readable" / "svaret gick inte att läsa";

    // What is wrong with the database.
    "foreign_key": "secret key of another database" / "hemlig nyckel till en annan databas";
    "foreign_audit": "the audit’s end does not fit the secret key" / "granskningsloggens slut passar inte den hemliga nyckeln";
    "untied": "tie to the secret key removed" / "bandet till den hemliga nyckeln borttaget";
    "older_copy": "older copy, or rows of the audit removed" / "äldre kopia, eller rader i granskningsloggen borttagna";
    "other_database": "audit-head is of another database" / "audit-head hör till en annan databas";
    "database_gone": "database gone or empty" / "databasen borta eller tom";
    "database_absent": "no database there" / "ingen databas där";
    "database_astray": "the file of the database is a link that leads nowhere" / "databasens fil är en länk som inte leder någonstans";
    "database_older": "database of an earlier version" / "databas från en tidigare version";
    "database_newer": "database of a later version" / "databas från en senare version";
    "head_missing": "audit-head missing" / "audit-head saknas";
    "head_damaged": "audit-head damaged or of another key" / "audit-head skadad eller skriven med en annan nyckel";
    "file_replaced": "file removed or replaced while in use" / "filen borttagen eller utbytt under drift";
    "log_replaced": "log removed or replaced while in use" / "loggen borttagen eller utbytt under drift";
    "malformed": "damaged" / "skadad";
    "damaged": "damaged, or its log is of another database" / "skadad, eller så hör loggen till en annan databas";
    "staff_edited": "a staff member changed past the panel" / "en medarbetare ändrad vid sidan av panelen";
    "staff_not_as_recorded": "staff not as the audit recorded" / "medarbetarna inte som granskningsloggen registrerade";
    "row_edited": "a row changed or put there past the panel" / "en rad ändrad eller inlagd vid sidan av panelen";
    "no_tls": "no TLS" / "ingen TLS";
    "unproved": "PostgreSQL does not prove who it is" / "PostgreSQL bevisar inte sin identitet";
    "encoding": "database not in UTF8" / "databasen inte i UTF8";
    "standby": "PostgreSQL is a standby" / "PostgreSQL är en standby";
    "pooled": "connections lent out by the transaction" / "anslutningar lånas ut per transaktion";
}

impl Texts {
    /// How an operation ended, or why something was refused. A code of another version is shown as it was kept.
    pub fn audit_outcome(self, kept: &str) -> String {
        let (state, reason) = kept.split_once(": ").map_or((kept, None), |(state, reason)| (state, Some(reason)));
        match (OperationState::named(state).and_then(|state| self.ended(state)), reason) {
            (Some(state), None) => state.to_owned(),
            (Some(state), Some(reason)) => format!("{state} ({})", self.code(reason)),
            (None, _) => self.code(kept),
        }
    }

    const fn ended(self, state: OperationState) -> Option<&'static str> {
        Some(match state {
            OperationState::InFlight => return None,
            OperationState::Done => self.o_done(),
            OperationState::Refused => self.o_refused(),
            OperationState::NotSent => self.o_not_sent(),
            OperationState::Unknown => self.o_unknown(),
        })
    }

    fn code(self, code: &str) -> String {
        let untold = || WhyUntold::named(code).map(|why| self.why_untold(why));
        self.phrase(code).or_else(untold).map_or_else(|| self.o_foreign(code), str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Outcome, WhyNot};

    /// Whatever holds a code that the audit keeps as an outcome.
    const SOURCES: [&str; 9] = [
        include_str!("../access/rights.rs"),
        include_str!("../model/batch.rs"),
        include_str!("../model/limit.rs"),
        include_str!("../model/outcome.rs"),
        include_str!("../oidc/error.rs"),
        include_str!("../services/failure.rs"),
        include_str!("../services/sign_ins/mod.rs"),
        include_str!("../services/sign_ins/single_sign_on/refused.rs"),
        include_str!("../store/error.rs"),
    ];

    const BOTH: [Texts; 2] = [Texts(Language::English), Texts(Language::Swedish)];

    /// The text behind each of these marks that is nothing but a code.
    fn codes(source: &str) -> Vec<&str> {
        let marks = [" => \"", " = \"", "outcome: Some(\""];
        let behind = |mark| source.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
        let is_code = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        marks.into_iter().flat_map(behind).filter(is_code).collect()
    }

    #[test]
    fn no_outcome_is_shown_as_it_is_kept() {
        // Names of what a batch does, and of where it stands, are no outcomes.
        const NO_OUTCOMES: [&str; 7] =
            ["auto_reply_off", "lock_out", "lock_out_all", "give_links", "proposed", "running", "stopped"];
        for source in SOURCES {
            let found = codes(source);
            assert!(!found.is_empty(), "{source}");
            for code in found.into_iter().filter(|code| !NO_OUTCOMES.contains(code)) {
                for say in BOTH {
                    let shown = say.audit_outcome(code);
                    assert!(!shown.contains('_') && shown != say.o_foreign(code), "{code}: {shown}");
                }
            }
        }
    }

    #[test]
    fn an_operation_says_how_it_ended_and_why() {
        for kept in WhyNot::all().into_iter().map(|why| Outcome::Not(why).code()) {
            for say in BOTH {
                let shown = say.audit_outcome(&kept);
                assert!(shown.ends_with(')') && !shown.contains([':', '_']), "{kept}: {shown}");
            }
        }
        let shown = BOTH.map(|say| say.audit_outcome("unknown: connection_lost"));
        let expected = ["connection broken before the answer", "förbindelsen bröts före svaret"];
        assert_eq!(shown, [format!("outcome unknown ({})", expected[0]), format!("utfallet okänt ({})", expected[1])]);
    }

    #[test]
    fn a_code_of_another_version_is_shown_as_it_was_kept_and_said_to_be_one() {
        let [english, swedish] = BOTH.map(|say| say.audit_outcome("frozen"));
        assert_eq!(english, "a reason that this version does not know: frozen");
        assert_eq!(swedish, "ett skäl som den här versionen inte känner till: frozen");
        let english = BOTH[0].audit_outcome("refused: frozen");
        assert_eq!(english, "refused by GleSYS (a reason that this version does not know: frozen)");
    }
}
