//! The confirmation of a change of several accounts: what will be changed first, the rest folded below it.

use askama::Template;
use askama_web::WebTemplate;

use super::show::{ItemLine, line};
use crate::model::{ItemState, Kept};
use crate::pages::Layout;
use crate::services::batches::{BatchView, Outlook, Prospect};

#[derive(Template, WebTemplate)]
#[template(path = "batches/confirm.html")]
pub(super) struct ConfirmPage {
    layout: Layout,
    view: BatchView,
    /// Those that will be changed, as far as is known.
    changed: Vec<ItemLine>,
    others: Vec<ItemLine>,
    /// Whether any of the others is looked at again.
    may_look_again: bool,
    /// When what is known was read.
    read_at: String,
}

impl ConfirmPage {
    pub fn new(layout: Layout, view: BatchView, outlook: Outlook) -> Self {
        let (mut changed, mut others) = (Vec::new(), Vec::new());
        let may_look_again = outlook.prospects.iter().any(|prospect| matches!(prospect, Prospect::Nothing(_)));
        for (item, prospect) in view.items.iter().zip(outlook.prospects) {
            let line = line(&layout, item);
            match prospect {
                Prospect::Change(facts) => changed.push(ItemLine {
                    mark: layout.say.batch_to_change(),
                    reason: layout.say.facts(&facts),
                    ..line
                }),
                Prospect::Nothing(why) => {
                    let why = Kept::Known(why);
                    others.push(ItemLine {
                        mark: layout.say.item_state(ItemState::left_out(&why)),
                        reason: layout.say.left_out(&why),
                        ..line
                    });
                }
                Prospect::LeftOut => others.push(line),
            }
        }
        let read_at = outlook.read_at.map(|at| layout.times.clock(&at)).unwrap_or_default();
        Self { layout, view, changed, others, may_look_again, read_at }
    }
}
