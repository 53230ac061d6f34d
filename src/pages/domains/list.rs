//! What the domain page, its export and the change of several accounts are asked for: the fields of the filter and the
//! order, as links carry them.

use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::model::DomainName;
use crate::pages::Links;
use crate::pages::links::with_query;
use crate::services::directory::choice::{Choice, Sort};
use crate::services::directory::cut;

/// The longest filter that counts, in bytes: it stands in links.
const LONGEST: usize = 254;

/// What stands in the address. What makes no sense asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    pub filter: String,
    /// Anything: the filter is only the start of what was asked for.
    pub cut: String,
    /// Anything: only what is near full.
    pub full: String,
    /// Anything: only what answers automatically.
    pub reply: String,
    /// Anything: only what is locked out, or may be.
    pub locked: String,
    pub sort: String,
    /// `desc` turns the order round.
    pub order: String,
}

impl Fields {
    pub fn read(&self) -> Choice {
        let (text, is_cut) = cut(self.filter.trim(), LONGEST);
        Choice {
            text: text.to_owned(),
            is_cut: is_cut || !self.cut.is_empty(),
            near_full: !self.full.is_empty(),
            auto_reply: !self.reply.is_empty(),
            locked_out: !self.locked.is_empty(),
            sort: Sort::named(&self.sort).unwrap_or_default(),
            descending: self.order == "desc",
        }
    }
}

/// The link to a page of the same filter in this order.
pub(super) fn link(links: &Links, domain: &DomainName, choice: &Choice, page: usize) -> String {
    let mut query = query(choice);
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    with_query(links.domain(domain), &query.finish())
}

/// The link to where several accounts of the same filter in this order are changed.
pub(super) fn bulk_link(links: &Links, domain: &DomainName, choice: &Choice) -> String {
    with_query(links.bulk(domain), &query(choice).finish())
}

/// A filter and its order, as links carry them.
pub(super) fn query(choice: &Choice) -> Serializer<'static, String> {
    let mut query = Serializer::new(String::new());
    for (name, value, is_said) in [
        ("filter", choice.text.as_str(), !choice.text.is_empty()),
        ("cut", "1", choice.is_cut),
        ("full", "1", choice.near_full),
        ("reply", "1", choice.auto_reply),
        ("locked", "1", choice.locked_out),
        ("sort", choice.sort.name(), choice.sort != Sort::default()),
        ("order", "desc", choice.descending),
    ] {
        if is_said {
            query.append_pair(name, value);
        }
    }
    query
}
