//! `nyckel check`: every problem of the configuration at once, then the database, a read at GleSYS, the provider of
//! single sign-on and the mail server, each by itself. It only looks: nothing is made or changed.

use std::process::ExitCode;

use anyhow::anyhow;

use super::{configured, refused_or_failed, say, system_entropy, told};
use crate::config::{Config, Needs};
use crate::glesys::{Error, Probed};
use crate::model::{Clock, ContestedDomain, HandOver, Language};
use crate::server;
use crate::services::approvals::people::too_few;
use crate::smtp;
use crate::store::{self, Purpose, Refusal, Store};
use crate::texts::Texts;

/// What is said where nothing is wrong.
const GOOD: &str = "good";

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = configured(Needs::Looking)?;
    for warning in &config.warnings {
        say(&format!("warning: {warning}"));
    }
    for notice in [config.links_to_nowhere(), config.owners_share_a_name()].into_iter().flatten() {
        say(&format!("notice: {notice}"));
    }
    if config.help_desk.line.is_none() && (config.hand_over.offered.contains(&HandOver::Link) || config.smtp.is_some())
    {
        say("notice: owners of mailboxes are not told whom to call; NYCKEL_HELP_LINE is not set");
    }
    say("configuration: good");
    for line in served(&config) {
        say(&line);
    }
    let mut found = vec![("database".to_owned(), database(&config).await)];
    found.extend(glesys(&config).await);
    if config.single_sign_on.is_some() {
        found.push(("single sign-on".to_owned(), single_sign_on(&config).await));
    }
    if config.smtp.is_some() {
        found.push(("mail server".to_owned(), mail_server(&config).await));
    }
    for (what, result) in &found {
        match result {
            Ok(said) => say(&format!("{what}: {said}")),
            Err(error) => say(&format!("{what}: {}", told(error))),
        }
    }
    let worst = found.iter().filter_map(|(_, result)| result.as_ref().err()).map(refused_or_failed);
    // What is refused comes first, and nothing is worse.
    Ok(worst.into_iter().next().unwrap_or(ExitCode::SUCCESS))
}

/// Where what is served, if there are two doors.
fn served(config: &Config) -> Vec<String> {
    let Some(owners) = &config.owners else { return Vec::new() };
    let line = |what, at, url| format!("{what}: on {at}, reached at {url}");
    vec![line("panel", config.listen, &config.public_url), line("owners' pages", owners.listen, &owners.url)]
}

async fn database(config: &Config) -> anyhow::Result<&'static str> {
    match server::open_store(config, Purpose::Look, Clock::system(), system_entropy()).await {
        Err(store::Error::Refused(Refusal::Absent)) => Ok("there is none yet; the start makes it"),
        opened => {
            let store = opened?;
            if let Some(warning) = too_few_people(config, &store).await? {
                say(&format!("warning: {warning}"));
            }
            store.close().await;
            Ok(GOOD)
        }
    }
}

/// A sentence where there are too few people for what takes two.
pub(super) async fn too_few_people(config: &Config, store: &Store) -> anyhow::Result<Option<&'static str>> {
    if config.second_person.is_nothing() {
        return Ok(None);
    }
    let staff = store.read().await?.all_staff().await?.into_iter().map(|record| record.staff);
    Ok(too_few(&config.second_person, &staff.collect::<Vec<_>>()))
}

async fn single_sign_on(config: &Config) -> anyhow::Result<&'static str> {
    if let Some(provider) = server::oidc_provider(config, Clock::system())? {
        provider.probe().await?;
    }
    Ok(GOOD)
}

/// Goes there and signs in, and sends nothing.
async fn mail_server(config: &Config) -> anyhow::Result<&'static str> {
    if let Some(mailer) = server::mailer(config)? {
        let say = |error: &smtp::Error| Texts(Language::English).why_untold(error.why());
        mailer.probe().await.map_err(|error| anyhow!("{} ({error})", say(&error)))?;
    }
    Ok(GOOD)
}

/// A read in each project, named by its label where there are several, and whether a domain is in two of them.
async fn glesys(config: &Config) -> Vec<(String, anyhow::Result<&'static str>)> {
    let reader = match server::glesys_reader(config) {
        Ok(reader) => reader,
        Err(error) => return vec![("GleSYS".to_owned(), Err(error.into()))],
    };
    let is_one = config.glesys_projects.len() == 1;
    let mut found: Vec<_> =
        reader.probe_each().await.into_iter().flat_map(|probed| of_project(is_one, probed)).collect();
    let Ok(overview) = reader.overview().await else { return found };
    // One that did not answer may have any domain.
    if overview.projects.iter().all(|project| project.counts.is_some()) {
        for sentence in config.domains_of_nobody(&overview) {
            say(&format!("warning: {sentence}"));
        }
    }
    found.extend(overview.contested.iter().map(|domain| ("GleSYS".to_owned(), Err(anyhow!(claimed_twice(domain))))));
    found
}

/// How a project's functions answered: one line where all are good, or a line for each that is not.
fn of_project(is_one: bool, probed: Probed) -> Vec<(String, anyhow::Result<&'static str>)> {
    let what = if is_one { "GleSYS".to_owned() } else { format!("GleSYS, {}", probed.label) };
    let told = |error: &Error| format!("{} ({error})", Texts(Language::English).why_not(error.why(), error.function()));
    if let Some(error) = &probed.costs {
        say(&format!("notice: {what}: costs can't be shown: {}", told(error)));
    }
    for function in probed.untried {
        say(&format!("notice: {what}: {function} was not tried, because there is no account yet"));
    }
    let bad = probed.tried.into_iter().filter_map(|(_, answer)| answer.err());
    let mut found: Vec<_> = bad.map(|error| (what.clone(), Err(anyhow!(told(&error))))).collect();
    if found.is_empty() {
        found.push((what, Ok(GOOD)));
    }
    found
}

/// What to do about a domain that is in two projects.
pub(super) fn claimed_twice(domain: &ContestedDomain) -> String {
    let projects = domain.projects.join(", ");
    format!("the mail domain {} is in several projects ({projects}); delete it at GleSYS in all but one", domain.name)
}
