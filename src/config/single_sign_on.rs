//! The settings of single sign-on. All or none of them are needed.

use secrecy::SecretString;
use url::Url;

use super::Needs;
use super::reading::Environment;
use super::web::is_plain;
use crate::model::web::is_private;
use crate::model::{FactorDuty, GroupGrants};

/// The company's `OpenID` Connect provider, and what its groups give.
#[derive(Clone)]
pub struct SingleSignOn {
    /// As the provider writes it, to the last slash.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    /// What people call it.
    pub name: String,
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups.
    pub groups_claim: String,
    pub groups: GroupGrants,
    /// One of these must be the class of the sign-in there (`acr`); none asks for nothing.
    pub acr: Vec<String>,
    /// One of these must be among its means (`amr`); none asks for nothing.
    pub amr: Vec<String>,
}

/// Reads them: the provider, if there is one, and whether people may sign in with a password of ours.
pub(super) fn read(r: &mut Environment, needs: Needs) -> (Option<SingleSignOn>, bool) {
    let issuer = r.value("NYCKEL_OIDC_ISSUER", None, |text| read_issuer(text).map(Some));
    let client_id = r.text("NYCKEL_OIDC_CLIENT_ID");
    let client_secret = r.secret("NYCKEL_OIDC_CLIENT_SECRET");
    let name = r.text("NYCKEL_OIDC_NAME");
    let [acr, amr] = ["NYCKEL_OIDC_ACR", "NYCKEL_OIDC_AMR"].map(|name| words(&r.text(name).unwrap_or_default()));
    let scopes = r.value("NYCKEL_OIDC_SCOPES", words("openid email profile"), read_scopes);
    let groups_claim = r.text("NYCKEL_OIDC_GROUPS_CLAIM").unwrap_or_else(|| "groups".to_owned());
    let groups = r.value("NYCKEL_OIDC_GROUPS", GroupGrants::default(), GroupGrants::parse);
    let local = r.value("NYCKEL_LOCAL_SIGN_IN", true, |text| match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off"),
    });
    if !needs.everything() {
        return (None, local);
    }
    if !r.has_any_of("NYCKEL_OIDC_") {
        if !local {
            r.problem(
                "NYCKEL_LOCAL_SIGN_IN",
                "can't be off without single sign-on: set NYCKEL_OIDC_ISSUER and the others",
            );
        }
        return (None, local);
    }
    let missing = [
        ("NYCKEL_OIDC_ISSUER", "must be set too: the provider's issuer, such as https://id.example.se"),
        ("NYCKEL_OIDC_CLIENT_ID", "must be set too: the id under which the provider knows the panel"),
        ("NYCKEL_OIDC_CLIENT_SECRET", "must be set too (or NYCKEL_OIDC_CLIENT_SECRET_FILE): the provider gives it"),
        (
            "NYCKEL_OIDC_GROUPS",
            "must be set too: which group gives which role, such as helpdesk=operator:example.se; it=admin",
        ),
    ];
    for (name, sentence) in missing {
        if !r.is_given(name) {
            r.problem(name, sentence);
        }
    }
    let issuer = issuer.unwrap_or_default();
    let name = name.unwrap_or_else(|| host_of(&issuer));
    let (client_id, client_secret) = (client_id.unwrap_or_default(), client_secret.unwrap_or_default());
    (Some(SingleSignOn { issuer, client_id, client_secret, name, scopes, groups_claim, groups, acr, amr }), local)
}

/// A warning where a second factor is asked of people, but not of those who sign in at the provider.
pub(super) fn warn_of_weakness(r: &mut Environment, single_sign_on: Option<&SingleSignOn>, duty: FactorDuty) {
    if duty != FactorDuty::Nobody && single_sign_on.is_some_and(|sso| sso.acr.is_empty() && sso.amr.is_empty()) {
        r.warn(
            "NYCKEL_REQUIRE_SECOND_FACTOR does not reach those who sign in by single sign-on; name what the provider says of \
             a sign-in with a second factor in NYCKEL_OIDC_ACR or NYCKEL_OIDC_AMR, such as NYCKEL_OIDC_AMR=mfa",
        );
    }
}

fn host_of(issuer: &str) -> String {
    Url::parse(issuer).ok().and_then(|url| url.host_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// The text stays as it is: the provider's own spelling of it is compared character by character.
fn read_issuer(text: &str) -> Result<String, &'static str> {
    let url = Url::parse(text).map_err(|_| "must be a web address, such as https://id.example.se")?;
    is_plain(&url, text)?;
    if text.ends_with("/.well-known/openid-configuration") {
        return Err("must be the issuer itself; leave /.well-known/openid-configuration out");
    }
    if is_private(&url) {
        Ok(text.to_owned())
    } else {
        Err("must begin with https:// (plain http only to this machine itself): it says who people are")
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn read_scopes(text: &str) -> Result<Vec<String>, &'static str> {
    let scopes = words(text);
    if scopes.iter().any(|scope| scope == "openid") {
        Ok(scopes)
    } else {
        Err("must hold openid, such as openid email profile")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(vars: &[(&str, &str)]) -> Vec<String> {
        let mut reading = Environment::new(vars.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        read(&mut reading, Needs::Everything);
        reading.problems.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_of_single_sign_on_is_told_at_once() {
        let told = problems(&[
            ("NYCKEL_OIDC_ISSUER", "http://id.example.se"),
            ("NYCKEL_OIDC_SCOPES", "email"),
            ("NYCKEL_OIDC_GROUPS", "helpdesk"),
            ("NYCKEL_LOCAL_SIGN_IN", "never"),
        ]);
        let names: Vec<&str> = told.iter().filter_map(|line| line.split(':').next()).collect();
        let expected = [
            "NYCKEL_OIDC_ISSUER",
            "NYCKEL_OIDC_SCOPES",
            "NYCKEL_OIDC_GROUPS",
            "NYCKEL_LOCAL_SIGN_IN",
            "NYCKEL_OIDC_CLIENT_ID",
            "NYCKEL_OIDC_CLIENT_SECRET",
        ];
        assert_eq!(names, expected, "{told:#?}");
    }

    #[test]
    fn a_second_factor_that_reaches_nobody_at_the_provider_is_a_warning() {
        let mut vars = vec![
            ("NYCKEL_OIDC_ISSUER", "https://id.example.se"),
            ("NYCKEL_OIDC_CLIENT_ID", "nyckel"),
            ("NYCKEL_OIDC_CLIENT_SECRET", "a secret"),
            ("NYCKEL_OIDC_GROUPS", "it=admin"),
        ];
        let warnings = |vars: &[(&str, &str)], duty| {
            let mut reading = Environment::new(vars.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
            let (read, _) = read(&mut reading, Needs::Everything);
            warn_of_weakness(&mut reading, read.as_ref(), duty);
            reading.warnings()
        };
        assert!(warnings(&vars, FactorDuty::Nobody).is_empty());
        assert!(warnings(&vars, FactorDuty::Admins)[0].contains("NYCKEL_OIDC_AMR"));
        vars.push(("NYCKEL_OIDC_AMR", "mfa"));
        assert!(warnings(&vars, FactorDuty::Everybody).is_empty());
    }

    #[test]
    fn without_a_provider_passwords_cant_be_switched_off() {
        let told = problems(&[("NYCKEL_LOCAL_SIGN_IN", "off")]);
        assert!(told.len() == 1 && told[0].starts_with("NYCKEL_LOCAL_SIGN_IN: can't be off"), "{told:?}");
        assert!(problems(&[]).is_empty());
    }

    #[test]
    fn an_issuer_keeps_its_spelling_and_gives_the_button_its_name() {
        let vars = [
            ("NYCKEL_OIDC_ISSUER", "https://id.example.se/realms/x/"),
            ("NYCKEL_OIDC_CLIENT_ID", "nyckel"),
            ("NYCKEL_OIDC_CLIENT_SECRET", "a secret"),
            ("NYCKEL_OIDC_GROUPS", "it=admin"),
        ];
        let mut reading = Environment::new(vars.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let (Some(read), true) = read(&mut reading, Needs::Everything) else { panic!("{:?}", reading.problems) };
        assert_eq!((read.issuer.as_str(), read.name.as_str()), ("https://id.example.se/realms/x/", "id.example.se"));
    }
}
