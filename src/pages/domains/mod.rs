//! Pages about domains.

pub(super) mod bulk;
pub(super) mod export;
mod list;
mod selection;
pub(super) mod show;

pub(super) use self::show::MOST_LEFT_OUT;
