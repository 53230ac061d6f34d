//! Details that versions before the first release kept as prose, as facts. Their rows stay as they are, and so do their
//! MACs; only who reads them meets facts. What can't be told apart for certain is a note.

use crate::model::{AuditKind, Fact, Facts, Grant, LoggedHead, Means, Role};

/// What a row of this kind said with this text.
pub(super) fn facts(kind: &str, text: &str) -> Facts {
    let known = AuditKind::named(kind).and_then(|kind| read(kind, text));
    known.unwrap_or_else(|| Facts::new().with(Fact::Note, text))
}

fn read(kind: AuditKind, text: &str) -> Option<Facts> {
    if let Some((rest, sum)) = sum_of_noise(text) {
        let rest = if rest.is_empty() { Facts::new() } else { read(kind, rest)? };
        return Some(rest.and(sum));
    }
    match kind {
        AuditKind::ResetIntent | AuditKind::ResetOutcome => Some(Facts::new().with(Fact::Ticket, text)),
        AuditKind::AccountCreateIntent
        | AuditKind::AccountCreateOutcome
        | AuditKind::AccountEditIntent
        | AuditKind::AccountEditOutcome
        | AuditKind::BatchBegun
        | AuditKind::BatchStopped => each(text, setting),
        AuditKind::AliasCreateIntent
        | AuditKind::AliasCreateOutcome
        | AuditKind::AliasEditIntent
        | AuditKind::AliasEditOutcome
        | AuditKind::AliasDeleteIntent
        | AuditKind::AliasDeleteOutcome => targets(text),
        AuditKind::SignedIn | AuditKind::SignInFailed | AuditKind::SignInLimited | AuditKind::ProvedAgain => {
            proof(text)
        }
        AuditKind::CodesGuessed => number(text, "wrong codes: ", "", Fact::WrongCodes),
        AuditKind::StaffAdded | AuditKind::GrantsChanged => grants(text),
        AuditKind::StaffRenamed => renamed(text),
        AuditKind::DisplayNameSet => display_name(text),
        AuditKind::SecondFactorSet | AuditKind::SecondFactorRemoved => factors(text),
        AuditKind::StaffInvited
        | AuditKind::StaffDisabled
        | AuditKind::StaffEnabled
        | AuditKind::PasswordSet
        | AuditKind::SessionsEnded
        | AuditKind::SignInLinkMade
        | AuditKind::EditFound => Some(Facts::new().with(Fact::Person, text)),
        AuditKind::AuditExported => audit_export(text),
        AuditKind::DomainExported => domain_export(text),
        AuditKind::RollbackAccepted => each(text, rollback),
        _ => None,
    }
}

fn each(text: &str, read: fn(&str) -> Option<Facts>) -> Option<Facts> {
    text.split("; ").try_fold(Facts::new(), |facts, part| Some(facts.and(read(part)?)))
}

fn texts(list: &str) -> Vec<String> {
    list.split(", ").map(str::to_owned).collect()
}

fn number(text: &str, begin: &str, end: &str, fact: Fact) -> Option<Facts> {
    let number: i64 = text.strip_prefix(begin)?.strip_suffix(end)?.parse().ok()?;
    Some(Facts::new().with(fact, number))
}

fn sum_of_noise(text: &str) -> Option<(&str, Facts)> {
    let (rest, sum) = text.rsplit_once("further: ")?;
    let (further, since) = sum.split_once("; since: ")?;
    let rest = if rest.is_empty() { rest } else { rest.strip_suffix("; ")? };
    Some((rest, number(further, "", "", Fact::Further)?.with(Fact::Since, since)))
}

/// A setting, or what one became from what; or what else is said of a batch.
fn setting(part: &str) -> Option<Facts> {
    if let Some(batch) = part.strip_prefix("batch ") {
        return Some(Facts::new().with(Fact::Batch, batch));
    }
    if let Some(accounts) = number(part, "", " accounts", Fact::Accounts) {
        return Some(accounts);
    }
    for (words, fact) in [
        ("quota", Fact::QuotaGib),
        ("spam level", Fact::SpamLevel),
        ("virus check", Fact::VirusCheck),
        ("spam refused", Fact::SpamRefused),
        ("automatic reply", Fact::AutomaticReply),
        ("answered mail kept", Fact::AnsweredMailKept),
        ("reply text of", Fact::ReplyLength),
        ("reply text changed", Fact::ReplyLength),
    ] {
        let Some(rest) = part.strip_prefix(words) else { continue };
        return match rest.strip_prefix(": ") {
            Some(change) => {
                let (was, is) = change.split_once(" -> ")?;
                Some(value(is, fact)?.and(value(was, fact.before()?)?))
            }
            None => value(rest.strip_prefix(' ')?, fact),
        };
    }
    None
}

fn value(text: &str, fact: Fact) -> Option<Facts> {
    match text {
        "on" => Some(Facts::new().with(fact, true)),
        "off" => Some(Facts::new().with(fact, false)),
        _ => number(text.split(' ').next()?, "", "", fact),
    }
}

fn targets(text: &str) -> Option<Facts> {
    let (text, outside) = text.split_once("; outside: ").map_or((text, None), |(text, ends)| (text, Some(texts(ends))));
    let facts = if let Some(led) = text.strip_prefix("led to ") {
        Facts::new().with(Fact::TargetsBefore, texts(led))
    } else {
        let leads = text.strip_prefix("leads to ")?;
        let (leads, led) = leads.split_once(" instead of ").map_or((leads, None), |(to, from)| (to, Some(texts(from))));
        Facts::new().with(Fact::Targets, texts(leads)).with_some(Fact::TargetsBefore, led)
    };
    Some(facts.with_some(Fact::Outside, outside))
}

fn proof(text: &str) -> Option<Facts> {
    let (mut means, mut facts) = (Vec::new(), Facts::new());
    for part in text.split("; ") {
        let named = Means::ALL.into_iter().find(|means| match means {
            Means::SingleSignOn => part == "single sign-on",
            Means::SignInLink => part == "sign-in link",
            Means::Code | Means::RecoveryCode | Means::Passkey => part.replace(' ', "_") == means.code(),
        });
        let late = || number(part, "expired ", " s ago", Fact::LateSeconds);
        facts = match (named, part.strip_prefix("unknown name: "), part.strip_prefix("error ")) {
            (Some(one), ..) => {
                means.push(one);
                facts
            }
            (_, Some(digest), _) => facts.with(Fact::UnknownName, digest),
            (.., Some(code)) => facts.with(Fact::ProviderError, code),
            _ => facts.and(late().or_else(|| number(part, "", " s in the future", Fact::EarlySeconds))?),
        };
    }
    Some(if means.is_empty() { facts } else { facts.with(Fact::Means, means.as_slice()) })
}

/// `operator in example.se, viewer everywhere`, or `nothing`.
fn grant_codes(text: &str) -> Option<Vec<String>> {
    if text == "nothing" {
        return Some(Vec::new());
    }
    let grant = |text: &str| match text.split_once(" in ") {
        Some((role, domain)) => Grant::coded(&format!("{role}:{domain}")),
        None => text.strip_suffix(" everywhere").and_then(Role::named).and_then(|role| Grant::coded(role.name())),
    };
    Some(Grant::codes(&text.split(", ").map(grant).collect::<Option<Vec<_>>>()?))
}

fn grants(text: &str) -> Option<Facts> {
    let (person, rest) = text.split_once(": ")?;
    let (person, means) = (Facts::new().with(Fact::Person, person), Means::SingleSignOn);
    if rest == "by single sign-on" {
        return Some(person.with(Fact::Means, means));
    }
    let (rest, means) = rest.strip_suffix(", by single sign-on").map_or((rest, None), |rest| (rest, Some(means)));
    let (had, has) = match rest.strip_prefix("from ") {
        Some(change) => change.split_once("; to ").map(|(had, has)| (Some(had), has))?,
        None => (None, rest),
    };
    let before = had.map(grant_codes).map(|had| had.ok_or(())).transpose().ok()?;
    let facts = person.with(Fact::Grants, grant_codes(has)?).with_some(Fact::GrantsBefore, before);
    Some(facts.with_some(Fact::Means, means))
}

fn renamed(text: &str) -> Option<Facts> {
    let (old, new) = text.strip_prefix("from ")?.split_once(" to ")?;
    Some(Facts::new().with(Fact::Person, new).with(Fact::PersonBefore, old))
}

/// A name may hold the words between the two.
fn display_name(text: &str) -> Option<Facts> {
    let (person, change) = text.split_once(": from ")?;
    let (old, new) = change.split_once(" to ").filter(|(_, new)| !new.contains(" to "))?;
    let [old, new] = [old, new].map(|name| Some(name).filter(|name| *name != "nothing"));
    let facts = Facts::new().with(Fact::Person, person);
    Some(facts.with_some(Fact::DisplayName, new).with_some(Fact::DisplayNameBefore, old))
}

/// One's own passkey, or what was taken from somebody; a label may hold a comma.
fn factors(text: &str) -> Option<Facts> {
    if let Some(label) = text.strip_prefix("passkey: ") {
        return Some(Facts::new().with(Fact::Passkeys, vec![label.to_owned()]));
    }
    let (person, rest) = text.split_once(": ")?;
    let facts = Facts::new().with(Fact::Person, person);
    let (rest, app) = match rest.strip_suffix("app") {
        Some("") => return Some(facts.with(Fact::App, true)),
        Some(passkeys) if passkeys.ends_with(", ") => (passkeys.strip_suffix(", ")?, Some(true)),
        _ => (rest, None),
    };
    let labels: Vec<String> = rest.strip_prefix("passkey ")?.split(", passkey ").map(str::to_owned).collect();
    Some(facts.with(Fact::Passkeys, labels).with_some(Fact::App, app))
}

fn audit_export(text: &str) -> Option<Facts> {
    let mut parts = text.split("; ");
    let format = Facts::new().with(Fact::Format, parts.next()?);
    parts.try_fold(format, |facts, part| {
        let (name, value) = part.split_once('=')?;
        Some(facts.with(Fact::keyed(&format!("filter_{name}"))?, value))
    })
}

fn domain_export(text: &str) -> Option<Facts> {
    let (text, filter) = text.split_once("; filter=").map_or((text, None), |(text, filter)| (text, Some(filter)));
    let mut parts = text.split("; ");
    let facts = Facts::new().with(Fact::Format, parts.next()?).with_some(Fact::FilterText, filter);
    parts.try_fold(facts, |facts, part| match part {
        "near full" => Some(facts.with(Fact::FilterNearFull, true)),
        "auto-reply on" => Some(facts.with(Fact::FilterAnswering, true)),
        _ => {
            let count = number(part, "", " accounts", Fact::Accounts);
            Some(facts.and(count.or_else(|| number(part, "", " aliases", Fact::Aliases))?))
        }
    })
}

fn rollback(part: &str) -> Option<Facts> {
    for (words, fact) in
        [("noted head ", Fact::NotedHead), ("copy ends at ", Fact::CopyEnd), ("audit holds to row ", Fact::HeldHead)]
    {
        if let Some(head) = part.strip_prefix(words) {
            let is_head = head == "0:" || head.parse::<LoggedHead>().is_ok();
            return is_head.then(|| Facts::new().with(fact, head));
        }
    }
    if let Some(kept) = part.strip_prefix("people kept: ") {
        return Some(Facts::new().with(Fact::PeopleKept, people(kept)?));
    }
    number(part, "new era ", "", Fact::Era).or_else(|| number(part, "people disabled: ", "", Fact::PeopleDisabled))
}

/// `ada (admin everywhere), bo (nothing)`.
fn people(text: &str) -> Option<Vec<String>> {
    let person = |person: &str| {
        let (name, grants) = person.split_once(" (")?;
        Some([vec![name.to_owned()], grant_codes(grants)?].concat().join(" "))
    };
    match text.strip_suffix(')') {
        Some(text) => text.split("), ").map(person).collect(),
        None => text.is_empty().then(Vec::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind, prose, facts.
    const READ: &[(&str, &str, &str)] = &[
        ("reset.intent", "812; quota: 1", r#"{"ticket":"812; quota: 1"}"#),
        (
            "account.edit_intent",
            "quota: 1 GiB -> 5 GiB; reply text changed: 0 signs -> 17 signs",
            r#"{"quota_gib":5,"quota_gib_before":1,"reply_length":17,"reply_length_before":0}"#,
        ),
        (
            "account.create_outcome",
            "spam level 0; virus check on; spam refused off; reply text of 5 signs",
            r#"{"spam_level":0,"virus_check":true,"spam_refused":false,"reply_length":5}"#,
        ),
        (
            "batch.begun",
            "automatic reply off; batch 0-1; 3 accounts",
            r#"{"automatic_reply":false,"batch":"0-1","accounts":3}"#,
        ),
        (
            "alias.edit_intent",
            "leads to a@b.se, c@d.se instead of e@f.se; outside: c@d.se",
            r#"{"targets":["a@b.se","c@d.se"],"targets_before":["e@f.se"],"outside":["c@d.se"]}"#,
        ),
        ("alias.delete_intent", "led to a@b.se", r#"{"targets_before":["a@b.se"]}"#),
        ("session.signed_in", "sign-in link; recovery code", r#"{"means":["sign_in_link","recovery_code"]}"#),
        ("session.failed", "single sign-on; expired 300 s ago", r#"{"means":["single_sign_on"],"late_seconds":300}"#),
        (
            "session.failed",
            "single sign-on; 600 s in the future",
            r#"{"means":["single_sign_on"],"early_seconds":600}"#,
        ),
        (
            "session.failed",
            "single sign-on; error server_error",
            r#"{"means":["single_sign_on"],"provider_error":"server_error"}"#,
        ),
        (
            "session.failed",
            "unknown name: x-_1; further: 9; since: 2026-11-23T12:15:00Z",
            r#"{"unknown_name":"x-_1","further":9,"since":"2026-11-23T12:15:00Z"}"#,
        ),
        ("access.denied", "further: 4; since: T", r#"{"further":4,"since":"T"}"#),
        ("session.codes_guessed", "wrong codes: 10", r#"{"wrong_codes":10}"#),
        ("staff.added", "eva: by single sign-on", r#"{"person":"eva","means":["single_sign_on"]}"#),
        (
            "staff.added",
            "eva: operator in example.se, admin everywhere",
            r#"{"person":"eva","grants":["operator:example.se","admin"]}"#,
        ),
        (
            "staff.grants_changed",
            "eva: from nothing; to viewer everywhere, by single sign-on",
            r#"{"person":"eva","grants":["viewer"],"grants_before":[],"means":["single_sign_on"]}"#,
        ),
        ("staff.renamed", "from olle to olle.ek", r#"{"person":"olle.ek","person_before":"olle"}"#),
        ("staff.display_name_set", "eva: from nothing to Eva Lind", r#"{"person":"eva","display_name":"Eva Lind"}"#),
        ("staff.display_name_set", "eva: from Eva to nothing", r#"{"person":"eva","display_name_before":"Eva"}"#),
        ("staff.display_name_set", "eva: from A to B to C", r#"{"note":"eva: from A to B to C"}"#),
        ("staff.second_factor_set", "passkey: a, app", r#"{"passkeys":["a, app"]}"#),
        (
            "staff.second_factor_removed",
            "eva: passkey a, b, passkey c, app",
            r#"{"person":"eva","passkeys":["a, b","c"],"app":true}"#,
        ),
        ("staff.second_factor_removed", "eva: app", r#"{"person":"eva","app":true}"#),
        ("staff.invited", "eva", r#"{"person":"eva"}"#),
        (
            "audit.exported",
            "jsonl; person=eva; from=T",
            r#"{"format":"jsonl","filter_person":"eva","filter_from":"T"}"#,
        ),
        (
            "domain.exported",
            "csv; 1 accounts; 0 aliases; near full; filter=a; b",
            r#"{"accounts":1,"aliases":0,"format":"csv","filter_text":"a; b","filter_near_full":true}"#,
        ),
        (
            "audit.rollback_accepted",
            "new era 1; noted head 6:2448e37b01fde894; audit holds to row 0:; people kept: ada (admin everywhere), bo (nothing); people disabled: 2",
            r#"{"era":1,"noted_head":"6:2448e37b01fde894","held_head":"0:","people_kept":["ada admin","bo"],"people_disabled":2}"#,
        ),
        ("staff.tied", "x", r#"{"note":"x"}"#),
        ("a.later.kind", "x", r#"{"note":"x"}"#),
    ];

    #[test]
    fn prose_of_every_kind_is_read_as_facts() {
        for (kind, text, kept) in READ {
            assert_eq!(facts(kind, text).kept().as_deref(), Some(*kept), "{kind}: {text}");
        }
    }
}
