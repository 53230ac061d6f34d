//! What strangers and GleSYS could send, made up byte by byte, as ordinary tests: everything in `corpus`, and changes of
//! it that are the same in every run. `tests/fuzz/run` looks for more, for as long as it is told.

#[cfg(test)]
mod changes;
#[cfg(test)]
mod targets;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::changes::Changes;
    use super::targets::{confirmation, cookie, csv, form, forwarding, glesys_answer, names};

    /// Feeds a target its corpus and this many changes of it. An input that breaks something is printed.
    fn feed(target: &str, changes: usize, check: fn(&[u8])) {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
        let files = corpus.read_dir().unwrap().map(|file| file.unwrap().path());
        let mut inputs: Vec<Vec<u8>> = files.map(|file| std::fs::read(file).unwrap()).collect();
        inputs.sort();
        for input in inputs.iter().cloned().chain(Changes::of(&inputs).take(changes)) {
            let shown = Shown(&input);
            check(&input);
            std::mem::forget(shown);
        }
    }

    /// Prints the input when a check leaves before its end.
    struct Shown<'a>(&'a [u8]);

    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            eprintln!("the input: b\"{}\"", self.0.escape_ascii());
        }
    }

    #[test]
    fn a_forged_confirmation_is_worth_nothing() {
        feed("confirmation", 5_000, confirmation::check);
    }

    #[test]
    fn a_made_up_cookie_signs_nobody_in() {
        feed("cookie", 2_000, cookie::check);
    }

    #[test]
    fn a_line_of_csv_reads_back_as_written() {
        feed("csv", 20_000, csv::check);
    }

    #[test]
    fn a_made_up_form_changes_nothing() {
        feed("form", 2_000, form::check);
    }

    #[test]
    fn a_made_up_chain_of_proxies_is_not_believed() {
        feed("forwarding", 20_000, forwarding::check);
    }

    #[test]
    fn an_odd_answer_is_no_reset_that_was_done() {
        feed("glesys_answer", 20_000, glesys_answer::check);
    }

    #[test]
    fn what_is_taken_as_a_name_reads_back_the_same() {
        feed("names", 20_000, names::check);
    }
}
