//! The staff pages, for admins, and invitations.

use super::{Texts, sentences};
use crate::model::{Domains, Grant, Role};

sentences! {
    staff: "Staff" / "Personal";
    staff_lead: "Who can sign in here, and what they can do." / "Vilka som kan logga in här och vad de får göra.";
    standing: "Status" / "Status";
    staff_name: "Name" / "Namn";
    staff_active: "Active" / "Aktiv";
    staff_disabled: "Disabled" / "Avstängd";
    staff_invited(time: &str): "Invited until {time}" / "Inbjuden till {time}";
    staff_not_in: "Can’t sign in yet" / "Kan inte logga in än";
    invite_opens: "Invite someone…" / "Bjud in någon…";
    invite: "Invite someone" / "Bjud in någon";
    invite_lead:
        "They choose their own password through a link you send them."
        / "Personen väljer sitt lösenord via en länk som du skickar.";
    invite_do: "Create invitation link" / "Skapa inbjudningslänk";
    name_taken(name: &str): "The user name {name} is taken." / "Användarnamnet {name} är upptaget.";
    display_name_hint:
        "What colleagues see, such as Eva Lind. If empty, the user name is shown."
        / "Det som kollegor ser, till exempel Eva Lind. Tomt = användarnamnet visas.";
    display_name_unfit:
        "A display name has at most 64 characters, all of them visible, and at least one letter or digit."
        / "Ett visningsnamn har högst 64 tecken, alla synliga, och minst en bokstav eller siffra.";
    display_name_taken(name: &str):
        "Someone else is called {name}. Choose a name that nobody confuses with it."
        / "Någon annan heter {name}. Välj ett namn som ingen förväxlar med det.";
    display_name_mixed:
        "A word of the name mixes letters of different alphabets, which look alike. Write each word in one."
        / "Ett ord i namnet blandar bokstäver ur olika alfabet, som ser likadana ut. Skriv varje ord i ett.";
    sign_in_name: "User name" / "Användarnamn";
    signs_in_as(name: &str): "Signs in as {name}." / "Loggar in som {name}.";
    names_of: "Names of" / "Namn på";
    names_hint:
        "If you change the user name, tell them. They stay signed in, with the same password. The audit log keeps the old name for old events."
        / "Meddela personen om du ändrar användarnamnet. Personen förblir inloggad, med samma lösenord. Granskningsloggen behåller det gamla namnet för äldre händelser.";
    edit_names_opens: "Edit names…" / "Ändra namn…";
    staff_named: "The names are saved." / "Namnen är sparade.";
    roles: "Roles" / "Roller";
    no_role: "no role" / "ingen roll";
    no_roles: "None. They can sign in and see nothing." / "Inga. Personen kan logga in men ser ingenting.";
    everywhere: "In all domains" / "I alla domäner";
    in_single_domains: "In specific domains" / "I vissa domäner";
    grants_missing: "Choose at least one role." / "Välj minst en roll.";
    roles_of: "Roles of" / "Roller för";
    roles_hint:
        "They’ll be signed out and must sign in again."
        / "Personen loggas ut och får logga in igen.";
    roles_overtaken(now: &str):
        "Someone else changed these roles to: {now}. Your choice is below; save again if it is right."
        / "Någon annan har ändrat rollerna under tiden, till: {now}. Nedan står det du valde; spara igen om det stämmer.";
    save: "Save" / "Spara";
    edit_roles_opens: "Edit roles…" / "Ändra roller…";
    access: "Access" / "Åtkomst";
    this_is_you:
        "This is you. Another admin must change your roles."
        / "Det här är du. En annan administratör måste ändra dina roller.";
    invite_again: "Create a new link" / "Skapa en ny länk";
    invite_again_hint:
        "If they forgot their password or lost the link. The old password works until they use it."
        / "Om personen har glömt lösenordet eller tappat länken. Det gamla lösenordet fungerar tills länken används.";
    invite_again_lost:
        "If they lost the link. The old link stops working."
        / "Om personen har tappat länken. Den gamla länken slutar fungera.";
    end_sessions: "Sign out everywhere" / "Logga ut överallt";
    end_sessions_hint: "For a lost phone or computer." / "För en borttappad telefon eller dator.";
    factor_reset: "Turn off two-step sign-in" / "Stäng av tvåstegsinloggningen";
    factor_reset_hint:
        "For a lost phone without recovery codes. They are signed out and sign in with the password alone."
        / "För en borttappad telefon utan reservkoder. Personen loggas ut och loggar in med bara lösenordet.";
    staff_factor_reset: "Two-step sign-in is off." / "Tvåstegsinloggningen är avstängd.";
    disable: "Disable account" / "Stäng av kontot";
    disable_hint:
        "They are signed out at once and can’t sign in. Roles and history stay; it can be undone."
        / "Personen loggas ut direkt och kan inte logga in. Roller och historik finns kvar; det går att ångra.";
    enable: "Enable account" / "Aktivera kontot";
    enable_hint: "With the roles above and the password from before." / "Med rollerna ovan och lösenordet från tidigare.";
    enable_without_password:
        "With the roles above. They have no password: create a new link for them."
        / "Med rollerna ovan. Personen har inget lösenord: skapa en ny länk efteråt.";
    staff_saved: "The roles are saved." / "Rollerna är sparade.";
    staff_ended: "Signed out everywhere." / "Utloggad överallt.";
    staff_disabled_now: "Disabled and signed out everywhere." / "Avstängd och utloggad överallt.";
    staff_enabled_now: "The account is enabled." / "Kontot är aktiverat.";
    invitation_of: "Invitation for" / "Inbjudan till";
    invitation_lead(time: &str):
        "Send this link to them privately. It works once, until {time}."
        / "Skicka länken privat. Den fungerar en gång, till {time}.";
    invitation_once: "It is shown only now. If it gets lost, make a new one." / "Den visas bara nu. Skapa en ny om den kommer bort.";
    welcome: "Welcome to Nyckel" / "Välkommen till Nyckel";
    welcome_lead(name: &str):
        "You sign in as {name}. Choose your password here; then the link is used up."
        / "Du loggar in som {name}. Välj ditt lösenord här; sedan är länken förbrukad.";
    set_password: "Set the password" / "Spara lösenordet";
    welcome_done: "Your password is set. Sign in with it." / "Lösenordet är sparat. Logga in med det.";
    r_viewer: "Viewer" / "Läsare";
    r_operator: "Operator" / "Operatör";
    r_manager: "Manager" / "Kontoansvarig";
    r_auditor: "Auditor" / "Granskare";
    r_admin: "Admin" / "Administratör";
    r_viewer_may: "Viewer: sees accounts" / "Läsare: ser konton";
    r_operator_may: "Operator: also resets passwords" / "Operatör: återställer också lösenord";
    r_manager_may: "Manager: also creates, edits and deletes accounts and aliases" / "Kontoansvarig: skapar, ändrar och tar också bort konton och alias";
    r_auditor_may: "Auditor: sees everything and the audit log, changes nothing" / "Granskare: ser allt och granskningsloggen, ändrar inget";
    r_admin_may: "Admin: everything, the staff too" / "Administratör: allt, även personalen";
    grant_everywhere(role: &str): "{role} in all domains" / "{role} i alla domäner";
    grant_in(role: &str, domain: &str): "{role} in {domain}" / "{role} i {domain}";
}

impl Texts {
    /// A role's name.
    pub const fn role(self, role: Role) -> &'static str {
        match role {
            Role::Viewer => self.r_viewer(),
            Role::Operator => self.r_operator(),
            Role::Manager => self.r_manager(),
            Role::Auditor => self.r_auditor(),
            Role::Admin => self.r_admin(),
        }
    }

    /// A role's name and what it may.
    pub const fn role_explained(self, role: Role) -> &'static str {
        match role {
            Role::Viewer => self.r_viewer_may(),
            Role::Operator => self.r_operator_may(),
            Role::Manager => self.r_manager_may(),
            Role::Auditor => self.r_auditor_may(),
            Role::Admin => self.r_admin_may(),
        }
    }

    /// A role and where it is held.
    pub fn grant(self, grant: &Grant) -> String {
        match &grant.domains {
            Domains::All => self.grant_everywhere(self.role(grant.role)),
            Domains::One(domain) => self.grant_in(self.role(grant.role), &domain.readable()),
        }
    }

    /// Several of them, in a line.
    pub fn grants(self, grants: &[Grant]) -> String {
        let all: Vec<String> = grants.iter().map(|grant| self.grant(grant)).collect();
        if all.is_empty() { self.no_role().to_owned() } else { all.join(", ") }
    }
}
