//! The overview with its search, and the domain page.

use super::{Texts, sentences};
use crate::model::{ProjectCounts, WhyUnfit};

sentences! {
    find: "Find" / "Sök";
    find_title: "Find an email account or an alias" / "Sök ett e-postkonto eller ett alias";
    find_short: "Address or name" / "Adress eller namn";
    find_where(domains: usize):
        "Searches your domains: {domains}."
        / "Söker i dina domäner: {domains}.";
    find_ended:
        "You are no longer signed in, so the list below is an earlier one. Press Find to sign in and continue."
        / "Du är inte längre inloggad, så listan nedan är en tidigare. Tryck på Sök för att logga in och fortsätta.";
    find_unreached:
        "The panel can’t be reached, so the list below is an earlier one. The search goes on as soon as it can."
        / "Panelen går inte att nå, så listan nedan är en tidigare. Sökningen fortsätter så snart det går.";
    lately: "Your last accounts" / "Dina senaste konton";
    show_domains: "Show the domains" / "Visa domänerna";
    hits(count: usize, query: &str): "Results for “{query}”: {count}" / "Träffar för ”{query}”: {count}";
    first_hits(count: usize, query: &str): "Showing the first {count} results for “{query}”" / "De första {count} träffarna för ”{query}”";
    first_pasted(count: usize):
        "Only the first {count} addresses of those that you pasted were looked for."
        / "Bara de första {count} adresserna av dem som du klistrade in söktes.";
    more_letters: "Type more to narrow it down." / "Skriv mer för att begränsa.";
    hits_keys:
        "Enter goes to the first, and then opens it; ↑ ↓ to choose another."
        / "Enter går till den första och öppnar den sedan; ↑ ↓ för att välja en annan.";
    hit_keys: "Enter opens it." / "Enter öppnar den.";
    did_you_mean: "Did you mean:" / "Menade du:";
    accounts_short: "Accounts" / "Konton";
    filter_short: "Part of an address or a name" / "Del av en adress eller ett namn";
    found_of(found: usize, of: usize): "{found} of {of}" / "{found} av {of}";
    show_all: "Show all" / "Visa alla";
    no_hits(query: &str):
        "No results for “{query}”"
        / "Inga träffar på ”{query}”";
    rows_left_out(count: usize):
        "GleSYS lists {count} more here that the panel can’t handle:"
        / "GleSYS listar {count} till här som panelen inte kan hantera:";
    domains_left_out:
        "GleSYS lists domains that the panel can’t handle:" / "GleSYS listar domäner som panelen inte kan hantera:";
    more_left_out(count: usize): "and {count} more" / "och {count} till";
    unfit_not_readable: "can’t be read" / "går inte att läsa";
    unfit_too_long: "is too long to be read" / "är för lång för att läsas";
    unfit_no_address: "is no email address" / "är ingen e-postadress";
    unfit_no_domain: "is no domain name" / "är inget domännamn";
    unfit_other_domain:
        "is of another domain than the one that GleSYS lists it in" / "hör till en annan domän än den som GleSYS listar den i";
    unfit_twice:
        "is listed twice, or differs from another one only in capital letters"
        / "listas två gånger, eller skiljer sig från en annan bara i stora och små bokstäver";
    no_hits_hint:
        "Try fewer letters. A brand-new account is found by its full address."
        / "Prova färre bokstäver. Ett helt nytt konto hittas på hela adressen.";
    domains: "Domains" / "Domäner";
    domain: "Domain" / "Domän";
    accounts: "Email accounts" / "E-postkonton";
    aliases: "Aliases" / "Alias";
    address: "Address" / "Adress";
    display_name: "Display name" / "Visningsnamn";
    leads_to: "Leads to" / "Leder till";
    auto_reply_mark: "Auto-reply" / "Autosvar";
    auto_reply_not_known: "Auto-reply: not known" / "Autosvar: okänt";
    no_domains: "You have no domains yet." / "Du har inga domäner än.";
    no_domains_hint: "Ask an admin for access." / "Be en administratör om åtkomst.";
    never_read:
        "Waiting for GleSYS, which has not answered yet. The panel keeps trying."
        / "Väntar på GleSYS, som inte har svarat än. Panelen fortsätter försöka.";
    contested(domain: &str, projects: &str):
        "{domain} is in several GleSYS projects ({projects}). Until only one has it, it is not served here."
        / "{domain} finns i flera GleSYS-projekt ({projects}). Tills bara ett har den sköts den inte härifrån.";
    project_of: "Project" / "Projekt";
    reading(read: usize, of: usize):
        "Loading: {read} of {of} domains can be searched." / "Läser in: {read} av {of} domäner går att söka i.";
    read_from: "Updated" / "Uppdaterad";
    out_of_date(ago: &str):
        "GleSYS isn’t responding. You’re seeing data from {ago}." / "GleSYS svarar inte. Du ser uppgifter från {ago}.";
    late(ago: &str):
        "GleSYS is slow. You’re seeing data from {ago}." / "GleSYS är långsam. Du ser uppgifter från {ago}.";
    filter: "Filter" / "Filtrera";
    filter_label: "Show addresses and names that contain" / "Visa adresser och namn som innehåller";
    nothing_matches: "Nothing matches the filter." / "Inget matchar filtret.";
    only_near_full: "Nearly full (90 % or more)" / "Nästan fulla (90 % eller mer)";
    only_auto_reply: "Auto-reply on" / "Autosvar på";
    usage_unread(accounts: usize):
        "Loading storage use: {accounts} accounts left."
        / "Läser in använt utrymme: {accounts} konton kvar.";
    usage_untold(accounts: usize):
        "Storage use is missing for {accounts} accounts: GleSYS does not report it at the moment."
        / "Använt utrymme saknas för {accounts} konton: GleSYS anger det inte för tillfället.";
    replies_untold(accounts: usize):
        "Accounts of which GleSYS does not say whether they answer automatically: {accounts}."
        / "Konton där GleSYS inte säger om de svarar automatiskt: {accounts}.";
    short_unread_of(quota: &str): "– of {quota}" / "– av {quota}";
    so_far(count: &str): "{count} so far" / "{count} hittills";
    short_used_of(used: &str, quota: &str): "{used} of {quota}" / "{used} av {quota}";
    short_used(used: &str, quota: &str): "{used} ({quota})" / "{used} ({quota})";
    aliases_here(count: &str): "Show aliases ({count})" / "Visa alias ({count})";
    in_the_project: "Costs and limits" / "Kostnader och gränser";
    accounts_of(used: u64, most: u64): "{used} of {most} accounts" / "{used} av {most} konton";
    aliases_of(used: u64, most: u64): "{used} of {most} aliases" / "{used} av {most} alias";
    accounts_in_all(used: u64): "{used} accounts" / "{used} konton";
    aliases_in_all(used: u64): "{used} aliases" / "{used} alias";
    empty_domain: "No email accounts or aliases yet." / "Inga e-postkonton eller alias än.";
}

impl Texts {
    /// How many there are.
    pub fn count(self, count: Option<u64>) -> String {
        count.map_or_else(|| self.not_known().to_owned(), |count| count.to_string())
    }

    /// How much a project has, and of how much it may have where GleSYS reports that; empty where it reports neither.
    pub fn in_project(self, counts: ProjectCounts) -> String {
        let ProjectCounts { accounts, max_accounts, aliases, max_aliases } = counts;
        let accounts = accounts.map(|accounts| match max_accounts {
            Some(most) => self.accounts_of(accounts, most),
            None => self.accounts_in_all(accounts),
        });
        let aliases = aliases.map(|aliases| match max_aliases {
            Some(most) => self.aliases_of(aliases, most),
            None => self.aliases_in_all(aliases),
        });
        [accounts, aliases].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Why something that GleSYS lists can't be handled.
    pub const fn why_unfit(self, why: WhyUnfit) -> &'static str {
        match why {
            WhyUnfit::NotReadable => self.unfit_not_readable(),
            WhyUnfit::TooLong => self.unfit_too_long(),
            WhyUnfit::NotAnAddress => self.unfit_no_address(),
            WhyUnfit::NotADomain => self.unfit_no_domain(),
            WhyUnfit::OtherDomain => self.unfit_other_domain(),
            WhyUnfit::Twice => self.unfit_twice(),
        }
    }
}
