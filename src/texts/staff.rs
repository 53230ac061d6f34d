//! The staff pages, for admins, and invitations.

use super::{Texts, sentences};
use crate::model::{Domains, Grant, Role};

sentences! {
    staff: "Staff" / "Personal";
    staff_lead: "Who can sign in here, and what they can do." / "Vilka som kan logga in här och vad de får göra.";
    standing: "Status" / "Status";
    staff_active: "Active" / "Aktiv";
    staff_disabled: "Disabled" / "Avstängd";
    staff_invited(time: &str): "Invited until {time}" / "Inbjuden till {time}";
    staff_not_in: "Can’t sign in yet" / "Kan inte logga in än";
    invite_opens: "Invite someone…" / "Bjud in någon…";
    invite: "Invite someone" / "Bjud in någon";
    invite_lead:
        "They choose their own password through a link that you send them. The name is what they sign in with."
        / "Personen väljer sitt lösenord via en länk som du skickar. Namnet är det som man loggar in med.";
    invite_do: "Create the invitation" / "Skapa inbjudan";
    name_taken(name: &str): "Somebody is called {name} already." / "Någon heter redan {name}.";
    display_name_hint:
        "What colleagues see, such as Eva Lind. Left empty, it is the sign-in name."
        / "Det som andra ser, till exempel Eva Lind. Lämnas det tomt är det inloggningsnamnet.";
    display_name_unfit:
        "A display name has at most 64 characters, all of them visible, and at least one letter or digit."
        / "Ett visningsnamn har högst 64 tecken, alla synliga, och minst en bokstav eller siffra.";
    display_name_taken(name: &str):
        "Somebody else is called {name}. Take a name that nobody takes for theirs."
        / "Någon annan heter {name}. Välj ett namn som ingen förväxlar med det.";
    display_name_mixed:
        "A word of the name mixes letters of different alphabets, which look alike. Write each word in one."
        / "Ett ord i namnet blandar bokstäver ur olika alfabet, som ser likadana ut. Skriv varje ord i ett.";
    sign_in_name: "Name to sign in with" / "Inloggningsnamn";
    signs_in_as(name: &str): "Signs in as {name}." / "Loggar in som {name}.";
    names_of: "Names of" / "Namn på";
    names_hint:
        "With another name to sign in with, tell them. They stay signed in, and the password stays. The audit keeps the name of the time."
        / "Meddela personen om inloggningsnamnet ändras. Personen förblir inloggad och lösenordet är detsamma. Granskningsloggen behåller det namn som gällde.";
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
        "They will be signed out everywhere and must sign in again."
        / "Personen loggas ut överallt och får logga in igen.";
    roles_overtaken(now: &str):
        "Somebody else changed these roles meanwhile, to: {now}. Below is what you chose; save again if it is right."
        / "Någon annan har ändrat rollerna under tiden, till: {now}. Nedan står det du valde; spara igen om det stämmer.";
    save: "Save" / "Spara";
    edit_roles_opens: "Edit roles…" / "Ändra roller…";
    access: "Access" / "Åtkomst";
    this_is_you:
        "This is you. Another admin must change what you may do."
        / "Det här är du. En annan administratör måste ändra vad du får göra.";
    invite_again: "Create a new link" / "Skapa en ny länk";
    invite_again_hint:
        "For a forgotten password or a lost link: they set a new password with it. The old one works until then."
        / "För ett glömt lösenord eller en borttappad länk: personen väljer ett nytt lösenord. Det gamla gäller tills dess.";
    invite_again_lost:
        "For a lost link: they set a password with the new one, and the old link stops working."
        / "För en borttappad länk: personen väljer ett lösenord med den nya, och den gamla länken slutar gälla.";
    end_sessions: "Sign out everywhere" / "Logga ut överallt";
    end_sessions_hint: "For a lost telephone or computer." / "För en borttappad telefon eller dator.";
    factor_reset: "Remove the second factor" / "Ta bort den andra faktorn";
    factor_reset_hint:
        "For a lost telephone without recovery codes. They are signed out and sign in with the password alone."
        / "För en borttappad telefon utan reservkoder. Personen loggas ut och loggar in med bara lösenordet.";
    staff_factor_reset: "The second factor is removed." / "Den andra faktorn är borttagen.";
    disable: "Disable" / "Stäng av";
    disable_hint:
        "They are signed out at once and can’t sign in. Roles and history stay; it can be undone."
        / "Personen loggas ut direkt och kan inte logga in. Roller och historik finns kvar; det går att ångra.";
    enable: "Let them in again" / "Släpp in igen";
    enable_hint: "With the roles above and the password from before." / "Med rollerna ovan och lösenordet från tidigare.";
    enable_without_password:
        "With the roles above. They have no password: make them a new link then."
        / "Med rollerna ovan. Personen har inget lösenord: skapa en ny länk sedan.";
    staff_saved: "The roles are saved." / "Rollerna är sparade.";
    staff_ended: "Signed out everywhere." / "Utloggad överallt.";
    staff_disabled_now: "Disabled and signed out everywhere." / "Avstängd och utloggad överallt.";
    staff_enabled_now: "Let in again." / "Insläppt igen.";
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
    r_manager: "Manager" / "Förvaltare";
    r_auditor: "Auditor" / "Granskare";
    r_admin: "Admin" / "Administratör";
    r_viewer_may: "Viewer: sees accounts" / "Läsare: ser konton";
    r_operator_may: "Operator: also resets passwords" / "Operatör: återställer också lösenord";
    r_manager_may: "Manager: also creates, edits and deletes accounts and aliases" / "Förvaltare: skapar, ändrar och tar också bort konton och alias";
    r_auditor_may: "Auditor: sees everything and the audit, changes nothing" / "Granskare: ser allt och granskningsloggen, ändrar inget";
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
