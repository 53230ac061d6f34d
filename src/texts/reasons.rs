//! Why something was refused, failed or is unknown: the reasons that `model` has, as sentences.

use super::{Texts, sentences};
use crate::model::{Function, OperationKind, Outcome, WhyNot, WhyNotSent, WhyRefused, WhyUnknown};

sentences! {
    r_connect: "GleSYS could not be reached, so nothing was sent. Try again in a moment."
        / "GleSYS kunde inte nås, så inget skickades. Försök igen om en stund.";
    r_away: "GleSYS has stopped responding. The panel checks every ten seconds and continues by itself."
        / "GleSYS har slutat svara. Panelen kontrollerar var tionde sekund och fortsätter av sig själv.";
    r_busy: "As many changes as the panel makes at once are running already."
        / "Så många ändringar som panelen gör samtidigt pågår redan.";
    r_no_project: "None of the panel’s GleSYS projects has this domain." / "Inget av panelens GleSYS-projekt har den här domänen.";
    r_contested:
        "This domain is in several GleSYS projects, so the panel does not know whose it is and changes nothing there. An admin has to delete it in all but one."
        / "Domänen finns i flera GleSYS-projekt, så panelen vet inte vems den är och ändrar inget där. En administratör måste ta bort den i alla utom ett.";
    r_wrong_key: "GleSYS does not accept the panel’s API key. An admin has to check project and key, and what the key allows."
        / "GleSYS godtar inte panelens API-nyckel. En administratör måste kontrollera projekt och nyckel, och vad nyckeln tillåter.";
    r_no_permission(function: &Function):
        "The panel’s API key may not call {function}. An admin has to allow it for the key in GleSYS’s control panel."
        / "Panelens API-nyckel får inte anropa {function}. En administratör måste tillåta det för nyckeln i GleSYS kontrollpanel.";
    r_ip_not_allowed:
        "The panel’s API key may not be used from this server’s address. An admin has to allow the address for the key in GleSYS’s control panel."
        / "Panelens API-nyckel får inte användas från den här serverns adress. En administratör måste tillåta adressen för nyckeln i GleSYS kontrollpanel.";
    r_not_found: "GleSYS has no such account; it may have been deleted just now."
        / "GleSYS har inget sådant konto; det kan ha tagits bort nyss.";
    r_no_such_address: "GleSYS has no such address; it may have been deleted just now."
        / "GleSYS har ingen sådan adress; den kan ha tagits bort nyss.";
    r_exists: "GleSYS says that the address is taken already." / "GleSYS säger att adressen redan är upptagen.";
    r_limit: "GleSYS says that the project has as many as it may have."
        / "GleSYS säger att projektet har så många som det får ha.";
    r_quota: "GleSYS did not accept this much storage." / "GleSYS godtog inte så mycket utrymme.";
    r_invalid: "GleSYS did not accept the address." / "GleSYS godtog inte adressen.";
    r_invalid_account: "GleSYS did not accept the address or one of the settings."
        / "GleSYS godtog inte adressen eller någon av inställningarna.";
    r_invalid_settings: "GleSYS did not accept one of the settings." / "GleSYS godtog inte någon av inställningarna.";
    r_invalid_alias: "GleSYS did not accept the address or one that it is to lead to."
        / "GleSYS godtog inte adressen eller någon som den ska leda till.";
    r_invalid_targets: "GleSYS did not accept one of the addresses that it is to lead to."
        / "GleSYS godtog inte någon av adresserna som det ska leda till.";
    r_locked: "GleSYS has locked the account for the moment. Try again in a few minutes."
        / "GleSYS har låst kontot för tillfället. Försök igen om några minuter.";
    r_too_many_calls: "GleSYS takes no more calls for the moment. Try again in a few minutes."
        / "GleSYS tar inte emot fler anrop för tillfället. Försök igen om några minuter.";
    r_not_the_api: "Something between the panel and GleSYS answered in its place. An admin has to check the address and the network."
        / "Något mellan panelen och GleSYS svarade i dess ställe. En administratör måste kontrollera adressen och nätverket.";
    r_refused: "GleSYS said no without saying why." / "GleSYS sa nej utan att säga varför.";
    r_timeout: "GleSYS did not answer in time." / "GleSYS svarade inte i tid.";
    r_connection_lost: "The connection to GleSYS broke before the answer came." / "Förbindelsen till GleSYS bröts innan svaret kom.";
    r_redirect: "GleSYS’s address pointed elsewhere, which the panel does not follow." / "GleSYS adress pekade någon annanstans, vilket panelen inte följer.";
    r_server_error: "GleSYS had an internal error." / "Ett internt fel inträffade hos GleSYS.";
    r_unusable_answer: "GleSYS’s answer could not be understood." / "GleSYS svar gick inte att förstå.";
    r_answer_too_large: "GleSYS’s answer was far too large to be right." / "GleSYS svar var alldeles för stort för att stämma.";
    r_too_late:
        "The panel was too busy, so nothing was sent. Try again."
        / "Panelen var för upptagen, så inget skickades. Försök igen.";
    r_not_recorded: "The panel’s database failed before it was recorded for certain, so nothing was sent."
        / "Panelens databas felade innan det säkert var sparat, så inget skickades.";
    r_rolled_back: "The panel’s database was put back to an older state or repaired meanwhile."
        / "Panelens databas lades under tiden tillbaka till ett äldre läge eller reparerades.";
    r_foreign(reason: &str):
        "Another version of the panel recorded why, in a way that this version does not know: {reason}."
        / "En annan version av panelen registrerade varför, på ett sätt som den här versionen inte känner till: {reason}.";
    r_lease_ran_out: "The panel was stopped before it could record the answer." / "Panelen stoppades innan den hann spara svaret.";
}

impl Texts {
    /// Why something is not known to be done at GleSYS; `function` is the call that it is about.
    pub fn why_not(self, why: WhyNot, function: &Function) -> String {
        match why {
            WhyNot::Refused(why) => self.why_refused(why, function),
            WhyNot::NotSent(why) => self.why_not_sent(why).to_owned(),
            WhyNot::Unknown(why) => self.why_unknown(why).to_owned(),
        }
    }

    /// The same of an operation; nothing where it was done.
    pub fn why_not_done(self, outcome: &Outcome, function: &Function) -> Option<String> {
        match outcome {
            Outcome::Done => None,
            Outcome::Not(why) => Some(self.why_not(*why, function)),
            Outcome::Foreign { reason, .. } => Some(self.r_foreign(reason)),
        }
    }

    fn why_refused(self, why: WhyRefused, function: &Function) -> String {
        use OperationKind::{
            CreateAccount, CreateAlias, DeleteAccount, DeleteAlias, EditAccount, EditAlias, LockOut, ResetPassword,
        };
        let sentence = match why {
            WhyRefused::WrongKey => self.r_wrong_key(),
            WhyRefused::NoPermission => return self.r_no_permission(function),
            WhyRefused::IpNotAllowed => self.r_ip_not_allowed(),
            WhyRefused::UnknownAddress => match function.changes {
                Some(CreateAlias | EditAlias | DeleteAccount | DeleteAlias) => self.r_no_such_address(),
                Some(ResetPassword | LockOut | CreateAccount | EditAccount) | None => self.r_not_found(),
            },
            WhyRefused::Exists => self.r_exists(),
            WhyRefused::LimitReached => self.r_limit(),
            WhyRefused::Quota => self.r_quota(),
            WhyRefused::Invalid => match function.changes {
                Some(CreateAccount) => self.r_invalid_account(),
                Some(EditAccount) => self.r_invalid_settings(),
                Some(CreateAlias) => self.r_invalid_alias(),
                Some(EditAlias) => self.r_invalid_targets(),
                Some(ResetPassword | LockOut | DeleteAccount | DeleteAlias) | None => self.r_invalid(),
            },
            WhyRefused::Locked => self.r_locked(),
            WhyRefused::TooManyCalls => self.r_too_many_calls(),
            WhyRefused::NotTheApi => self.r_not_the_api(),
            WhyRefused::Other => self.r_refused(),
        };
        sentence.to_owned()
    }

    const fn why_not_sent(self, why: WhyNotSent) -> &'static str {
        match why {
            WhyNotSent::NoConnection => self.r_connect(),
            WhyNotSent::Away => self.r_away(),
            WhyNotSent::Busy => self.r_busy(),
            WhyNotSent::NoProject => self.r_no_project(),
            WhyNotSent::Contested => self.r_contested(),
            WhyNotSent::TooLate => self.r_too_late(),
            WhyNotSent::NotRecorded => self.r_not_recorded(),
        }
    }

    const fn why_unknown(self, why: WhyUnknown) -> &'static str {
        match why {
            WhyUnknown::Timeout => self.r_timeout(),
            WhyUnknown::ConnectionLost => self.r_connection_lost(),
            WhyUnknown::Redirect => self.r_redirect(),
            WhyUnknown::ServerError => self.r_server_error(),
            WhyUnknown::Unusable => self.r_unusable_answer(),
            WhyUnknown::TooLarge => self.r_answer_too_large(),
            WhyUnknown::LeaseRanOut => self.r_lease_ran_out(),
            WhyUnknown::RolledBack => self.r_rolled_back(),
        }
    }
}
