//! The audit page.

use super::{Texts, sentences};
use crate::model::{Actor, AuditEvent, AuditKind, Fact, HandOver, Language};

sentences! {
    audit_lead: "Who did what, newest first." / "Vem som gjorde vad, nyast först.";
    the_command_line: "the command line" / "kommandoraden";
    when: "When" / "När";
    what: "Event" / "Händelse";
    who: "Person" / "Person";
    about: "About" / "Om";
    outcome: "Outcome" / "Utfall";
    detail: "Detail" / "Detalj";
    from_where: "IP address" / "IP-adress";
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
    audit_empty: "No matching events." / "Inga händelser matchar.";
    bad_filter_choice: "Choose one from the list." / "Välj ett alternativ ur listan.";
    bad_filter_address: "That is not an email address." / "Det är inte en e-postadress.";
    bad_filter_domain: "That is not a domain." / "Det är inte en domän.";
    bad_filter_time:
        "Write a day such as 2026-11-23, with a time if need be: 2026-11-23 14:02."
        / "Skriv en dag som 2026-11-23, vid behov med en tid: 2026-11-23 14:02.";
    shown_password: "Password sent to the browser" / "Lösenord skickat till webbläsaren";
    shown_link: "Link and code sent to the browser" / "Länk och kod skickade till webbläsaren";
    seen_password: "Password seen on the screen" / "Lösenord synligt på skärmen";
    seen_link: "Link and code seen on the screen" / "Länk och kod synliga på skärmen";
    bad_filter_order: "The end is before the beginning." / "Slutet ligger före början.";
}

impl Texts {
    /// Who did something, by the name that was kept.
    pub fn who_did(self, event: &AuditEvent) -> &str {
        match &event.actor {
            Some(Actor::CommandLine) => self.the_command_line(),
            _ => event.staff_name.as_deref().unwrap_or_default(),
        }
    }

    /// What happened, in words: what staff were shown is the password itself, or link and code in its place.
    pub fn what_happened(self, event: &AuditEvent) -> &'static str {
        let is_by_link = event.facts.text(Fact::HandOver) == Some(HandOver::Link.name());
        match (event.kind, is_by_link) {
            (AuditKind::ResetShown, false) => self.shown_password(),
            (AuditKind::ResetShown, true) => self.shown_link(),
            (AuditKind::ResetSeen, false) => self.seen_password(),
            (AuditKind::ResetSeen, true) => self.seen_link(),
            (kind, _) => self.audit_kind(kind),
        }
    }
}

/// Writes what the audit calls each kind of event: `Kind: "English" / "svenska";`.
macro_rules! kinds {
    ($($kind:ident: $en:literal / $sv:literal;)+) => {
        impl Texts {
            /// A kind of event, in words.
            pub const fn audit_kind(self, kind: AuditKind) -> &'static str {
                let (en, sv) = match kind { $(AuditKind::$kind => ($en, $sv),)+ };
                match self.0 {
                    Language::English => en,
                    Language::Swedish => sv,
                }
            }
        }
    };
}

kinds! {
    SignedIn: "Signed in" / "Loggade in";
    SignInFailed: "Sign-in failed" / "Inloggning misslyckades";
    SignInLimited: "Sign-in limited" / "Inloggning begränsad";
    PasswordRight: "Password right, second factor asked for" / "Rätt lösenord, andra faktor efterfrågad";
    CodesGuessed: "Many wrong codes after a right password" / "Många felaktiga koder efter rätt lösenord";
    ProvedAgain: "Proved again who they are" / "Bekräftade sin identitet";
    SignedOut: "Signed out" / "Loggade ut";
    SetUp: "First admin made" / "Första administratören skapad";
    StaffAdded: "Staff member added" / "Medarbetare tillagd";
    StaffInvited: "Invitation made" / "Inbjudan skapad";
    InvitationUsed: "Invitation used" / "Inbjudan använd";
    GrantsChanged: "Roles changed" / "Roller ändrade";
    StaffRenamed: "Sign-in name changed" / "Inloggningsnamn ändrat";
    DisplayNameSet: "Display name changed" / "Visningsnamn ändrat";
    StaffEnabled: "Staff member enabled" / "Medarbetare insläppt igen";
    SessionsEnded: "Sessions ended" / "Sessioner avslutade";
    SignInLinkMade: "Sign-in link made" / "Inloggningslänk skapad";
    SecondFactorSet: "Second factor set up" / "Andra faktor inställd";
    SecondFactorRemoved: "Second factor removed" / "Andra faktor borttagen";
    RecoveryCodesMade: "Recovery codes made" / "Reservkoder skapade";
    RecoveryCodeUsed: "Recovery code used" / "Reservkod använd";
    StaffTied: "Staff tied to the secret key" / "Medarbetarna knutna till den hemliga nyckeln";
    EditFound: "Change past the panel found" / "Ändring vid sidan av panelen upptäckt";
    RollbackAccepted: "Database accepted as it was" / "Databasen godtagen som den var";
    ApiKeyReplaced: "GleSYS API key replaced" / "API-nyckel för GleSYS utbytt";
    ClientSecretReplaced: "Secret of single sign-on replaced" / "Hemlighet för gemensam inloggning utbytt";
    StaffDisabled: "Staff member disabled" / "Medarbetare avstängd";
    PasswordSet: "Staff password set" / "Medarbetares lösenord satt";
    RightDenied: "Not allowed" / "Ej tillåtet";
    OriginRefused: "Foreign request refused" / "Främmande begäran avvisad";
    ResetRefused: "Reset not begun" / "Återställning ej påbörjad";
    ResetIntent: "Reset begun" / "Återställning påbörjad";
    ResetOutcome: "Reset ended" / "Återställning avslutad";
    ResetShown: "Password, or link and code, sent to the browser" / "Lösenord, eller länk och kod, skickat till webbläsaren";
    ResetSeen: "Password, or link and code, seen on the screen" / "Lösenord, eller länk och kod, synligt på skärmen";
    ResetExpired: "Password not opened in time" / "Lösenord ej öppnat i tid";
    ResetForgotten: "Password that waited forgotten" / "Väntande lösenord glömt";
    HandOverOpened: "Link opened" / "Länk öppnad";
    HandOverWrongCode: "Wrong code typed for a link" / "Fel kod angiven för en länk";
    HandOverRead: "Password read by link" / "Lösenord läst via länk";
    HandOverRevoked: "Link revoked" / "Länk återkallad";
    HandOverExpired: "Link expired unread" / "Länk utgången oläst";
    HandOverVoid: "Link void after wrong codes" / "Länk ogiltig efter felaktiga koder";
    HandOverOvertaken: "Link overtaken by a later change" / "Länk inaktuell efter en senare ändring";
    HandOverForgotten: "Link that waited forgotten" / "Väntande länk glömd";
    HandOverMailed: "Link sent by email" / "Länk skickad via e-post";
    HandOverNotMailed: "Link not sent by email" / "Länk ej skickad via e-post";
    HandOverMailUnknown: "Link sent by email, or maybe not" / "Länk skickad via e-post, eller kanske inte";
    MailboxTold: "Message to the mailbox sent" / "Meddelande till brevlådan skickat";
    MailboxToldLate: "Message to the mailbox delayed" / "Meddelande till brevlådan försenat";
    MailboxNotTold: "Message to the mailbox not sent" / "Meddelande till brevlådan ej skickat";
    LockOutRefused: "Lock-out not begun" / "Spärrning ej påbörjad";
    LockOutIntent: "Lock-out begun" / "Spärrning påbörjad";
    LockOutOutcome: "Lock-out ended" / "Spärrning avslutad";
    AccountCreateIntent: "Account creation begun" / "Skapande av konto påbörjat";
    AccountCreateOutcome: "Account creation ended" / "Skapande av konto avslutat";
    AccountEditIntent: "Account edit begun" / "Ändring av konto påbörjad";
    AccountEditOutcome: "Account edit ended" / "Ändring av konto avslutad";
    AccountDeleteIntent: "Account deletion begun" / "Borttagning av konto påbörjad";
    AccountDeleteOutcome: "Account deletion ended" / "Borttagning av konto avslutad";
    ContactSet: "Contact address set" / "Kontaktadress satt";
    ContactRemoved: "Contact address removed" / "Kontaktadress borttagen";
    AliasCreateIntent: "Alias creation begun" / "Skapande av alias påbörjat";
    AliasCreateOutcome: "Alias creation ended" / "Skapande av alias avslutat";
    AliasEditIntent: "Alias edit begun" / "Ändring av alias påbörjad";
    AliasEditOutcome: "Alias edit ended" / "Ändring av alias avslutad";
    AliasDeleteIntent: "Alias deletion begun" / "Borttagning av alias påbörjad";
    AliasDeleteOutcome: "Alias deletion ended" / "Borttagning av alias avslutad";
    ChangeRefused: "Change not begun" / "Ändring ej påbörjad";
    ApprovalAsked: "Approval asked for" / "Godkännande begärt";
    ApprovalGiven: "Approval given" / "Godkännande givet";
    ApprovalRefused: "Approval refused" / "Godkännande nekat";
    ApprovalWithdrawn: "Approval no longer asked for" / "Begäran om godkännande återtagen";
    ApprovalEnded: "Approval ended unused" / "Godkännande slut, oanvänt";
    ApprovalForgotten: "Approval that waited forgotten" / "Väntande godkännande glömt";
    BatchBegun: "Change of several accounts begun" / "Ändring av flera konton påbörjad";
    BatchStopped: "Change of several accounts stopped" / "Ändring av flera konton stoppad";
    BatchShown: "Links and codes of several accounts given out" / "Länkar och koder för flera konton utlämnade";
    AuditExported: "Audit exported" / "Granskningsloggen exporterad";
    DomainExported: "Domain exported" / "Domän exporterad";
}
