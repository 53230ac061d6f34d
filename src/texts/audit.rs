//! The audit page.

use super::{Texts, sentences};
use crate::model::{Actor, AuditEvent, AuditKind};

sentences! {
    audit_lead: "Who did what, newest first." / "Vem som gjorde vad, nyast först.";
    the_command_line: "the command line" / "kommandoraden";
    when: "When" / "När";
    what: "What" / "Vad";
    who: "Who" / "Vem";
    about: "About" / "Om";
    outcome: "Outcome" / "Utfall";
    detail: "Detail" / "Detalj";
    from_where: "From" / "Från";
    any: "any" / "alla";
    show_matching: "Show" / "Visa";
    more_filters: "More filters" / "Fler filter";
    time_from: "From" / "Från och med";
    time_to: "To" / "Till och med";
    time_hint:
        "For example 2026-11-23 or 2026-11-23 14:02. The end is included."
        / "Till exempel 2026-11-23 eller 2026-11-23 14:02. Slutet räknas med.";
    export_csv: "Download CSV" / "Ladda ner CSV";
    export_excel: "Download for Excel" / "Ladda ner för Excel";
    export_jsonl: "Download JSON Lines" / "Ladda ner JSON Lines";
    older: "Older" / "Äldre";
    newer: "Newer" / "Nyare";
    newest: "Newest" / "Nyaste";
    audit_empty: "Nothing is recorded that matches." / "Inget är registrerat som stämmer.";
    bad_filter_choice: "Choose one from the list." / "Välj ett alternativ ur listan.";
    bad_filter_address: "That is not an email address." / "Det är inte en e-postadress.";
    bad_filter_domain: "That is not a domain." / "Det är inte en domän.";
    bad_filter_time:
        "Write a day such as 2026-11-23, with a time if need be: 2026-11-23 14:02."
        / "Skriv en dag som 2026-11-23, vid behov med en tid: 2026-11-23 14:02.";
    bad_filter_order: "The end is before the beginning." / "Slutet ligger före början.";
    k_signed_in: "Signed in" / "Loggade in";
    k_sign_in_failed: "Sign-in failed" / "Inloggning misslyckades";
    k_sign_in_limited: "Sign-in limited" / "Inloggning begränsad";
    k_password_right: "Password right, second factor asked for" / "Rätt lösenord, andra faktor efterfrågad";
    k_codes_guessed: "Many wrong codes after a right password" / "Många felaktiga koder efter rätt lösenord";
    k_proved_again: "Proved again who they are" / "Bekräftade sin identitet";
    k_signed_out: "Signed out" / "Loggade ut";
    k_set_up: "First admin made" / "Första administratören skapad";
    k_staff_added: "Staff member added" / "Medarbetare tillagd";
    k_staff_invited: "Invitation made" / "Inbjudan skapad";
    k_invitation_used: "Invitation used" / "Inbjudan använd";
    k_grants_changed: "Roles changed" / "Roller ändrade";
    k_staff_renamed: "Sign-in name changed" / "Inloggningsnamn ändrat";
    k_display_name_set: "Display name changed" / "Visningsnamn ändrat";
    k_staff_enabled: "Staff member enabled" / "Medarbetare insläppt igen";
    k_sessions_ended: "Sessions ended" / "Sessioner avslutade";
    k_sign_in_link_made: "Sign-in link made" / "Inloggningslänk skapad";
    k_second_factor_set: "Second factor set up" / "Andra faktor inställd";
    k_second_factor_removed: "Second factor removed" / "Andra faktor borttagen";
    k_recovery_codes_made: "Recovery codes made" / "Reservkoder skapade";
    k_recovery_code_used: "Recovery code used" / "Reservkod använd";
    k_staff_tied: "Staff tied to the secret key" / "Medarbetarna knutna till den hemliga nyckeln";
    k_edit_found: "Change past the panel found" / "Ändring vid sidan av panelen upptäckt";
    k_rollback_accepted: "Database accepted as it was" / "Databasen godtagen som den var";
    k_staff_disabled: "Staff member disabled" / "Medarbetare avstängd";
    k_password_set: "Staff password set" / "Medarbetares lösenord satt";
    k_right_denied: "Not allowed" / "Ej tillåtet";
    k_origin_refused: "Foreign request refused" / "Främmande begäran avvisad";
    k_reset_refused: "Reset not begun" / "Återställning ej påbörjad";
    k_lock_out_refused: "Lock-out not begun" / "Spärrning ej påbörjad";
    k_lock_out_intent: "Lock-out begun" / "Spärrning påbörjad";
    k_lock_out_outcome: "Lock-out ended" / "Spärrning avslutad";
    k_reset_intent: "Reset begun" / "Återställning påbörjad";
    k_reset_outcome: "Reset ended" / "Återställning avslutad";
    k_reset_shown: "Password sent to the browser" / "Lösenord skickat till webbläsaren";
    k_reset_seen: "Password seen on the screen" / "Lösenord synligt på skärmen";
    k_reset_expired: "Password not opened in time" / "Lösenord ej öppnat i tid";
    k_reset_forgotten: "Password that waited forgotten" / "Väntande lösenord glömt";
    k_account_create_intent: "Account creation begun" / "Skapande av konto påbörjat";
    k_account_create_outcome: "Account creation ended" / "Skapande av konto avslutat";
    k_account_edit_intent: "Account edit begun" / "Ändring av konto påbörjad";
    k_account_edit_outcome: "Account edit ended" / "Ändring av konto avslutad";
    k_account_delete_intent: "Account deletion begun" / "Borttagning av konto påbörjad";
    k_account_delete_outcome: "Account deletion ended" / "Borttagning av konto avslutad";
    k_alias_create_intent: "Alias creation begun" / "Skapande av alias påbörjat";
    k_alias_create_outcome: "Alias creation ended" / "Skapande av alias avslutat";
    k_alias_edit_intent: "Alias edit begun" / "Ändring av alias påbörjad";
    k_alias_edit_outcome: "Alias edit ended" / "Ändring av alias avslutad";
    k_alias_delete_intent: "Alias deletion begun" / "Borttagning av alias påbörjad";
    k_alias_delete_outcome: "Alias deletion ended" / "Borttagning av alias avslutad";
    k_change_refused: "Change not begun" / "Ändring ej påbörjad";
    k_batch_begun: "Change of several accounts begun" / "Ändring av flera konton påbörjad";
    k_batch_stopped: "Change of several accounts stopped" / "Ändring av flera konton stoppad";
    k_audit_exported: "Audit exported" / "Granskningsloggen exporterad";
    k_domain_exported: "Domain exported" / "Domän exporterad";
}

impl Texts {
    /// Who did something, by the name that was kept.
    pub fn who_did(self, event: &AuditEvent) -> &str {
        match &event.actor {
            Some(Actor::CommandLine) => self.the_command_line(),
            _ => event.staff_name.as_deref().unwrap_or_default(),
        }
    }

    /// What happened, in words.
    pub const fn audit_kind(self, kind: AuditKind) -> &'static str {
        match kind {
            AuditKind::SignedIn => self.k_signed_in(),
            AuditKind::SignInFailed => self.k_sign_in_failed(),
            AuditKind::SignInLimited => self.k_sign_in_limited(),
            AuditKind::PasswordRight => self.k_password_right(),
            AuditKind::CodesGuessed => self.k_codes_guessed(),
            AuditKind::ProvedAgain => self.k_proved_again(),
            AuditKind::SignedOut => self.k_signed_out(),
            AuditKind::SetUp => self.k_set_up(),
            AuditKind::StaffAdded => self.k_staff_added(),
            AuditKind::StaffInvited => self.k_staff_invited(),
            AuditKind::InvitationUsed => self.k_invitation_used(),
            AuditKind::GrantsChanged => self.k_grants_changed(),
            AuditKind::StaffRenamed => self.k_staff_renamed(),
            AuditKind::DisplayNameSet => self.k_display_name_set(),
            AuditKind::StaffEnabled => self.k_staff_enabled(),
            AuditKind::SessionsEnded => self.k_sessions_ended(),
            AuditKind::SignInLinkMade => self.k_sign_in_link_made(),
            AuditKind::SecondFactorSet => self.k_second_factor_set(),
            AuditKind::SecondFactorRemoved => self.k_second_factor_removed(),
            AuditKind::RecoveryCodesMade => self.k_recovery_codes_made(),
            AuditKind::RecoveryCodeUsed => self.k_recovery_code_used(),
            AuditKind::StaffTied => self.k_staff_tied(),
            AuditKind::EditFound => self.k_edit_found(),
            AuditKind::RollbackAccepted => self.k_rollback_accepted(),
            AuditKind::StaffDisabled => self.k_staff_disabled(),
            AuditKind::PasswordSet => self.k_password_set(),
            AuditKind::RightDenied => self.k_right_denied(),
            AuditKind::OriginRefused => self.k_origin_refused(),
            AuditKind::ResetRefused => self.k_reset_refused(),
            AuditKind::ResetIntent => self.k_reset_intent(),
            AuditKind::ResetOutcome => self.k_reset_outcome(),
            AuditKind::ResetShown => self.k_reset_shown(),
            AuditKind::ResetSeen => self.k_reset_seen(),
            AuditKind::ResetExpired => self.k_reset_expired(),
            AuditKind::ResetForgotten => self.k_reset_forgotten(),
            AuditKind::LockOutRefused => self.k_lock_out_refused(),
            AuditKind::LockOutIntent => self.k_lock_out_intent(),
            AuditKind::LockOutOutcome => self.k_lock_out_outcome(),
            AuditKind::AccountCreateIntent => self.k_account_create_intent(),
            AuditKind::AccountCreateOutcome => self.k_account_create_outcome(),
            AuditKind::AccountEditIntent => self.k_account_edit_intent(),
            AuditKind::AccountEditOutcome => self.k_account_edit_outcome(),
            AuditKind::AccountDeleteIntent => self.k_account_delete_intent(),
            AuditKind::AccountDeleteOutcome => self.k_account_delete_outcome(),
            AuditKind::AliasCreateIntent => self.k_alias_create_intent(),
            AuditKind::AliasCreateOutcome => self.k_alias_create_outcome(),
            AuditKind::AliasEditIntent => self.k_alias_edit_intent(),
            AuditKind::AliasEditOutcome => self.k_alias_edit_outcome(),
            AuditKind::AliasDeleteIntent => self.k_alias_delete_intent(),
            AuditKind::AliasDeleteOutcome => self.k_alias_delete_outcome(),
            AuditKind::ChangeRefused => self.k_change_refused(),
            AuditKind::BatchBegun => self.k_batch_begun(),
            AuditKind::BatchStopped => self.k_batch_stopped(),
            AuditKind::AuditExported => self.k_audit_exported(),
            AuditKind::DomainExported => self.k_domain_exported(),
        }
    }
}
