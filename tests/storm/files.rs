//! Links and codes of several accounts: a file of them is fetched once, owners read, and what is left is taken back at times.

use super::forms::Form;
use super::memory::Memory;
use super::owners::{self, LinkAndCode};
use super::people::{Answer, Person};
use super::rng::Rng;

type Done = Result<(), reqwest::Error>;

/// Fetches the file where a batch's page offers it, with a double click at times, and passes it on.
pub async fn fetches(person: &Person, (page, told): (&str, &Answer), memory: &Memory, rng: &mut Rng) -> Done {
    let fetch = format!("{page}/links");
    if Form::found(&told.body, &format!("form[action='{fetch}']")).is_none() {
        return Ok(());
    }
    let form = Form::to(fetch, ["format", "files"].map(|n| (n.to_owned(), "one".to_owned())).into());
    let form = form.with("format", "csv");
    let answers = super::rounds::clicks(person, &form, rng).await;
    let files = answers.iter().flatten().filter(|answer| answer.status == 200);
    let given: Vec<_> = files.flat_map(|file| rows(&file.body)).collect();
    for (address, both) in &given {
        memory.is_given(address, both);
    }
    for answer in answers {
        answer?;
    }
    if given.is_empty() {
        return Ok(());
    }
    // The file went astray, or owners read until somebody notices.
    let (astray, is_noticed) = (rng.between(0, 3) == 0, rng.between(0, 2) == 0);
    for (_, both) in given.iter().filter(|_| !astray) {
        if rng.between(0, 2) == 0 {
            owners::reads_link(person, both, memory).await?;
        }
    }
    if astray || is_noticed { is_revoked(person, page, &given, memory).await } else { Ok(()) }
}

/// Takes all links of a batch back. Afterwards none of those opens anything.
async fn is_revoked(person: &Person, page: &str, given: &[(String, LinkAndCode)], memory: &Memory) -> Done {
    let answer = person.posts(0, &Form::to(format!("{page}/revoke"), Vec::new())).await?;
    if answer.status != 303 {
        return Ok(());
    }
    for (address, both) in given {
        let before = memory.read_by_link(&both.path);
        owners::reads_link(person, both, memory).await?;
        assert_eq!(memory.read_by_link(&both.path), before, "{address} was read after the link was revoked");
    }
    Ok(())
}

/// The addresses of a file, and what is for their owners.
fn rows(file: &str) -> Vec<(String, LinkAndCode)> {
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some("\"address\",\"link\",\"code\""), "{file}");
    let row = |line: &str| {
        let cells: Vec<_> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
        let [address, link, code] = cells[..] else { panic!("{line}") };
        (address.to_owned(), LinkAndCode::of(link, code))
    };
    lines.map(row).collect()
}
