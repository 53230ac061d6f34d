//! What stands on every page.

use super::{Texts, sentences};

sentences! {
    skip_to_page: "Skip to content" / "Hoppa till innehållet";
    main_navigation: "Main" / "Huvudmeny";
    where_you_are: "Where you are" / "Var du är";
    overview: "Overview" / "Översikt";
    audit: "Audit log" / "Granskningslogg";
    sign_out: "Sign out" / "Logga ut";
    signing_out: "Signing out…" / "Loggar ut…";
    find_label: "Find an address, a name or an alias" / "Sök en adress, ett namn eller ett alias";
    find_placeholder: "Find an address or a name" / "Sök en adress eller ett namn";
    working_button: "Working…" / "Arbetar…";
    page_of(number: usize, of: usize): "Page {number} of {of}" / "Sida {number} av {of}";
    pages: "Pages" / "Sidor";
    previous_page: "Previous" / "Föregående";
    next_page: "Next" / "Nästa";
    cancel: "Cancel" / "Avbryt";
    close: "Close" / "Stäng";
    yes: "Yes" / "Ja";
    no: "No" / "Nej";
    on: "On" / "På";
    off: "Off" / "Av";
    reference: "Reference" / "Referens";
    error: "Error" / "Fel";
    one_fault: "One thing needs correcting" / "En sak behöver rättas";
    some_faults(faults: usize): "{faults} things need correcting" / "{faults} saker behöver rättas";
}

impl Texts {
    /// The heading above what is wrong with a form.
    pub fn faults(self, faults: usize) -> String {
        if faults == 1 { self.one_fault().to_owned() } else { self.some_faults(faults) }
    }
}
