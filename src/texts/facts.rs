//! The facts of the audit's rows, in the reader's language. What people typed stays as it is, in quotation marks, so that
//! it passes for no fact.

use super::{Texts, sentences};
use crate::model::facts::Value;
use crate::model::{AuditKind, Fact, Facts, Grant, HandOver, Means, OperationKind};

sentences! {
    f_person: "person" / "person";
    f_asked_by: "requested by" / "begärt av";
    f_ticket: "reason or ticket" / "orsak eller ärende";
    f_display_name: "display name" / "visningsnamn";
    f_grants: "roles" / "roller";
    f_unknown_name: "unknown name" / "okänt namn";
    f_wrong_codes: "wrong codes" / "felaktiga koder";
    f_passkeys: "passkey" / "lösennyckel";
    f_app: "app for codes" / "appen för koder";
    f_provider_error: "error of the provider" / "fel från leverantören";
    f_late: "expired before, by" / "utgånget sedan";
    f_early: "from the future, by" / "från framtiden, med";
    f_quota: "storage" / "lagring";
    f_spam_level: "spam level" / "skräppostnivå";
    f_virus_check: "virus check" / "viruskontroll";
    f_spam_refused: "spam refused" / "skräppost avvisas";
    f_automatic_reply: "automatic reply" / "autosvar";
    f_answered_mail_kept: "answered mail kept" / "besvarad post behålls";
    f_reply_text: "text of the reply" / "svarstext";
    f_targets: "leads to" / "leder till";
    f_outside: "outside the company’s domains" / "utanför företagets domäner";
    f_batch: "several accounts" / "flera konton";
    f_lock_out: "lock-out" / "spärrning";
    f_all_accounts: "all accounts of the domain" / "domänens alla konton";
    f_accounts: "accounts" / "konton";
    f_aliases: "aliases" / "alias";
    f_format: "format" / "format";
    f_filter_person: "only who" / "bara vem";
    f_filter_account: "only account" / "bara konto";
    f_filter_domain: "only domain" / "bara domän";
    f_filter_kind: "only what" / "bara vad";
    f_filter_outcome: "only outcome" / "bara utfall";
    f_filter_from: "only from" / "bara från och med";
    f_filter_until: "only before" / "bara före";
    f_filter_text: "only with the text" / "bara med texten";
    f_filter_near_full: "only nearly full" / "bara nästan fulla";
    f_filter_answering: "only those that answer automatically" / "bara de som svarar automatiskt";
    f_filter_locked_out: "only those locked out, or maybe" / "bara spärrade, säkert eller kanske";
    f_era: "new era" / "ny period";
    f_noted_head: "noted head" / "noterat slut";
    f_copy_end: "copy ends at" / "kopian slutar vid";
    f_held_head: "audit holds to row" / "granskningsloggen stämmer till rad";
    f_people_kept: "people kept" / "behållna personer";
    f_people_disabled: "people disabled" / "avstängda personer";
    f_further: "further" / "ytterligare";
    f_since: "since" / "sedan";
    f_approval: "approval" / "godkännande";
    f_approved_by: "approved by" / "godkänt av";
    f_asked_for: "to be approved" / "att godkänna";
    f_word: "word" / "ord";
    f_caller: "caller check" / "kontroll av vem som frågade";
    f_caller_text: "caller check, stated" / "uppgift vid kontrollen";
    f_project: "project" / "projekt";
    f_contact: "contact address" / "kontaktadress";
    f_mailed_to: "by email to" / "via e-post till";
    f_on: "on" / "på";
    f_off: "off" / "av";
    f_nothing: "nothing" / "inget";
    f_characters(number: i64): "{number} characters" / "{number} tecken";
    m_code: "code" / "kod";
    m_recovery_code: "recovery code" / "reservkod";
    m_passkey: "passkey" / "lösennyckel";
    m_single_sign_on: "single sign-on" / "single sign-on";
    m_sign_in_link: "sign-in link" / "inloggningslänk";
}

impl Texts {
    /// All facts of a row, in a line.
    pub fn facts(self, facts: &Facts) -> String {
        self.each_fact(facts).map(|(_, said)| said).collect::<Vec<_>>().join("; ")
    }

    /// Each fact of a row in words, but for those that are said together with another.
    pub fn each_fact(self, facts: &Facts) -> impl Iterator<Item = (Fact, String)> {
        facts.iter().filter_map(move |(fact, value)| Some((fact, self.fact(facts, fact, value)?)))
    }

    /// A fact, with what it was before; nothing where it is said together with what it became.
    fn fact(self, facts: &Facts, fact: Fact, value: &Value) -> Option<String> {
        use Fact::{AllAccounts, Apart, App, FilterAnswering, FilterLockedOut, FilterNearFull, GiveLinks, LockOut};
        let (label, value) = (self.fact_label(fact), self.fact_value(fact, value));
        // With an approval it is whose request that was.
        let is_asker = fact == Fact::Person && facts.get(Fact::Approval).is_some();
        let label = if is_asker { self.f_asked_by() } else { label };
        if matches!(
            fact,
            App | LockOut | GiveLinks | AllAccounts | FilterNearFull | FilterAnswering | FilterLockedOut | Apart
        ) {
            return Some(label.to_owned());
        }
        // A digest says nothing to people, nor the id of a check that has a name.
        if fact == Fact::Selection || (fact == Fact::CallerCheck && facts.get(Fact::CallerLabel).is_some()) {
            return None;
        }
        let before = fact.before().and_then(|before| Some(self.fact_value(before, facts.get(before)?)));
        let said = match (before, fact.after()) {
            (Some(before), _) => format!("{before} → {value}"),
            (None, Some(after)) if facts.get(after).is_some() => return None,
            (None, Some(_)) => format!("{value} → {}", self.f_nothing()),
            (None, None) => value,
        };
        Some(if label.is_empty() { said } else { format!("{label}: {said}") })
    }

    /// What a fact is called; empty where its value says it all.
    const fn fact_label(self, fact: Fact) -> &'static str {
        match fact {
            Fact::Note | Fact::Means | Fact::Selection => "",
            Fact::Person | Fact::PersonBefore => self.f_person(),
            Fact::Ticket => self.f_ticket(),
            Fact::DisplayName | Fact::DisplayNameBefore => self.f_display_name(),
            Fact::Grants | Fact::GrantsBefore => self.f_grants(),
            Fact::UnknownName => self.f_unknown_name(),
            Fact::WrongCodes => self.f_wrong_codes(),
            Fact::Passkeys => self.f_passkeys(),
            Fact::App => self.f_app(),
            Fact::ProviderError => self.f_provider_error(),
            Fact::LateSeconds => self.f_late(),
            Fact::EarlySeconds => self.f_early(),
            Fact::QuotaGib | Fact::QuotaGibBefore => self.f_quota(),
            Fact::SpamLevel | Fact::SpamLevelBefore => self.f_spam_level(),
            Fact::VirusCheck | Fact::VirusCheckBefore => self.f_virus_check(),
            Fact::SpamRefused | Fact::SpamRefusedBefore => self.f_spam_refused(),
            Fact::AutomaticReply | Fact::AutomaticReplyBefore => self.f_automatic_reply(),
            Fact::AnsweredMailKept | Fact::AnsweredMailKeptBefore => self.f_answered_mail_kept(),
            Fact::ReplyLength | Fact::ReplyLengthBefore => self.f_reply_text(),
            Fact::Targets | Fact::TargetsBefore => self.f_targets(),
            Fact::Outside => self.f_outside(),
            Fact::Batch => self.f_batch(),
            Fact::LockOut => self.f_lock_out(),
            Fact::GiveLinks => self.f_give_links(),
            Fact::Apart => self.f_apart(),
            Fact::AllAccounts => self.f_all_accounts(),
            Fact::Accounts => self.f_accounts(),
            Fact::Aliases => self.f_aliases(),
            Fact::Format => self.f_format(),
            Fact::FilterPerson => self.f_filter_person(),
            Fact::FilterAccount => self.f_filter_account(),
            Fact::FilterDomain => self.f_filter_domain(),
            Fact::FilterKind => self.f_filter_kind(),
            Fact::FilterOutcome => self.f_filter_outcome(),
            Fact::FilterFrom => self.f_filter_from(),
            Fact::FilterUntil => self.f_filter_until(),
            Fact::FilterText => self.f_filter_text(),
            Fact::FilterNearFull => self.f_filter_near_full(),
            Fact::FilterAnswering => self.f_filter_answering(),
            Fact::FilterLockedOut => self.f_filter_locked_out(),
            Fact::Era => self.f_era(),
            Fact::NotedHead => self.f_noted_head(),
            Fact::CopyEnd => self.f_copy_end(),
            Fact::HeldHead => self.f_held_head(),
            Fact::PeopleKept => self.f_people_kept(),
            Fact::PeopleDisabled => self.f_people_disabled(),
            Fact::Further => self.f_further(),
            Fact::Since => self.f_since(),
            Fact::HandOver => self.hand_over(),
            Fact::Approval => self.f_approval(),
            Fact::ApprovedBy => self.f_approved_by(),
            Fact::AskedFor => self.f_asked_for(),
            Fact::Word => self.f_word(),
            Fact::CallerCheck | Fact::CallerLabel => self.f_caller(),
            Fact::CallerText => self.f_caller_text(),
            Fact::Project => self.f_project(),
            Fact::Contact | Fact::ContactBefore => self.f_contact(),
            Fact::MailedTo => self.f_mailed_to(),
        }
    }

    fn fact_value(self, fact: Fact, value: &Value) -> String {
        match (fact, value) {
            (_, Value::Flag(on)) => (if *on { self.f_on() } else { self.f_off() }).to_owned(),
            (Fact::QuotaGib | Fact::QuotaGibBefore, Value::Number(gib)) => format!("{gib} GiB"),
            (Fact::ReplyLength | Fact::ReplyLengthBefore, Value::Number(length)) => self.f_characters(*length),
            (Fact::LateSeconds | Fact::EarlySeconds, Value::Number(seconds)) => format!("{seconds} s"),
            (_, Value::Number(number)) => number.to_string(),
            (Fact::FilterKind, Value::Text(kind)) => {
                AuditKind::named(kind).map_or_else(|| kind.clone(), |kind| self.audit_kind(kind).to_owned())
            }
            (Fact::FilterOutcome, Value::Text(outcome)) => self.audit_outcome(outcome),
            (Fact::AskedFor, Value::Text(kind)) => {
                OperationKind::named(kind).map_or_else(|| kind.clone(), |kind| self.asked_for(kind).to_owned())
            }
            (Fact::HandOver, Value::Text(way)) => {
                HandOver::named(way).map_or_else(|| way.clone(), |way| self.way_told(way).to_owned())
            }
            (
                Fact::Note
                | Fact::Ticket
                | Fact::DisplayName
                | Fact::DisplayNameBefore
                | Fact::FilterText
                | Fact::Word
                | Fact::CallerLabel
                | Fact::CallerText
                | Fact::Project,
                Value::Text(typed),
            ) => self.typed(typed),
            (_, Value::Text(text)) => text.clone(),
            (Fact::Grants | Fact::GrantsBefore, Value::List(codes)) => {
                self.grants_coded(codes.iter().map(String::as_str))
            }
            (Fact::Means, Value::List(codes)) => {
                let named =
                    codes.iter().map(|code| Means::coded(code).map_or(code.as_str(), |means| self.means(means)));
                named.collect::<Vec<_>>().join("; ")
            }
            (Fact::PeopleKept, Value::List(people)) => {
                people.iter().map(|person| self.person_kept(person)).collect::<Vec<_>>().join(", ")
            }
            (Fact::Passkeys, Value::List(labels)) => {
                labels.iter().map(|label| self.typed(label)).collect::<Vec<_>>().join(", ")
            }
            (_, Value::List(texts)) => texts.join(", "),
        }
    }

    /// What somebody typed. It can't end the quotation: such marks in it become straight ones.
    pub(super) fn typed(self, typed: &str) -> String {
        self.quoted(&typed.replace(['“', '”'], "\""))
    }

    const fn means(self, means: Means) -> &'static str {
        match means {
            Means::Code => self.m_code(),
            Means::RecoveryCode => self.m_recovery_code(),
            Means::Passkey => self.m_passkey(),
            Means::SingleSignOn => self.m_single_sign_on(),
            Means::SignInLink => self.m_sign_in_link(),
        }
    }

    fn grants_coded<'a>(self, codes: impl Iterator<Item = &'a str>) -> String {
        self.grants(&codes.filter_map(Grant::coded).collect::<Vec<_>>())
    }

    fn person_kept(self, person: &str) -> String {
        let mut words = person.split(' ');
        let name = words.next().unwrap_or_default();
        format!("{name} ({})", self.grants_coded(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    fn in_both(kept: &str) -> [String; 2] {
        let facts = Facts::read(kept);
        [Language::English, Language::Swedish].map(|language| Texts(language).facts(&facts))
    }

    #[test]
    fn a_change_is_said_in_the_readers_language() {
        let kept = r#"{"quota_gib":5,"quota_gib_before":1,"automatic_reply":true,"automatic_reply_before":false,"reply_length":17,"reply_length_before":0}"#;
        let [english, swedish] = in_both(kept);
        assert_eq!(
            english,
            "storage: 1 GiB → 5 GiB; automatic reply: off → on; text of the reply: 0 characters → 17 characters"
        );
        assert_eq!(swedish, "lagring: 1 GiB → 5 GiB; autosvar: av → på; svarstext: 0 tecken → 17 tecken");
    }

    #[test]
    fn people_their_roles_and_how_they_signed_in_are_said_in_the_readers_language() {
        let kept = r#"{"person":"eva","grants":["operator:example.se","admin"],"grants_before":[],"means":["sign_in_link","recovery_code"]}"#;
        let [english, swedish] = in_both(kept);
        let roles = "Operator in example.se, Admin in all domains";
        assert_eq!(english, format!("person: eva; roles: no role → {roles}; sign-in link; recovery code"));
        let roles = "Operatör i example.se, Administratör i alla domäner";
        assert_eq!(swedish, format!("person: eva; roller: ingen roll → {roles}; inloggningslänk; reservkod"));
        let [english, _] = in_both(r#"{"people_kept":["ada admin","bo"],"people_disabled":2}"#);
        assert_eq!(english, "people kept: ada (Admin in all domains), bo (no role); people disabled: 2");
    }

    #[test]
    fn an_approval_says_whose_request_it_was() {
        let [english, swedish] = in_both(r#"{"person":"eva","approval":"019ab000"}"#);
        assert_eq!(english, "requested by: eva; approval: 019ab000");
        assert_eq!(swedish, "begärt av: eva; godkännande: 019ab000");
    }

    #[test]
    fn what_came_and_what_went_stands_beside_nothing() {
        let [english, swedish] =
            in_both(r#"{"display_name_before":"Eva","targets_before":["a@example.se","b@example.se"]}"#);
        assert_eq!(english, "display name: “Eva” → nothing; leads to: a@example.se, b@example.se → nothing");
        assert_eq!(swedish, "visningsnamn: ”Eva” → inget; leder till: a@example.se, b@example.se → inget");
    }

    #[test]
    fn what_people_typed_stays_as_it_is_in_both_and_passes_for_no_fact() {
        let kept = r#"{"ticket":"812; roles: no role → Admin","passkeys":["on the desk"]}"#;
        let [english, swedish] = in_both(kept);
        assert_eq!(english, "reason or ticket: “812; roles: no role → Admin”; passkey: “on the desk”");
        assert_eq!(swedish, "orsak eller ärende: ”812; roles: no role → Admin”; lösennyckel: ”on the desk”");
        let [english, swedish] = in_both(r#"{"ticket":"812”; roles: “Admin"}"#);
        assert_eq!(english, "reason or ticket: “812\"; roles: \"Admin”");
        assert_eq!(swedish, "orsak eller ärende: ”812\"; roles: \"Admin”");
        let later = r#"{"a_later_key":1}"#;
        assert_eq!(in_both(later), [format!("“{later}”"), format!("”{later}”")]);
    }
}
